import type { ReactElement } from 'react'
import { aLeDroit } from '#acces'
import {
  etatsPoint,
  type FiltreMesures,
  filtresMesures,
  issuesMesure,
  listerMesures,
  MESURES_MAX,
  type MesureSuivie,
  naturesMesure,
} from '#echanges'
import { libelleTerritoire } from '#referentiel'
import { Introuvable } from '#socle/errors'
import { date, number, text } from '#socle/tableur'
import { formatDate, formatNombre, pluriel } from '#socle/typography'
import { choisirLieux } from '../a-faire/territoire.ts'
import { Cadre } from '../cadre.tsx'
import { EtatVide, Filtres, PiedCadre, PuceEcheance, Selection, Tableau } from '../composants/index.ts'
import { BoutonsExport, direDemande, ecrireFichier, type FormatExport, marquer, sortir } from '../export.tsx'
import { page, type Reponse, type Requete } from '../route.ts'

const VIDES: Readonly<Record<FiltreMesures, string>> = {
  retard: 'Chaque point de suivi attendu a été donné.',
  bientot: 'Aucun point de suivi n’est en retard, ni dû dans les quinze jours.',
  cours: 'Aucune mesure n’est suivie. Un suivi se commence depuis un dossier, après le jugement.',
  terminees: 'Aucune mesure n’est terminée.',
}

const lireEtat = (texte: string | undefined): FiltreMesures =>
  texte !== undefined && Object.hasOwn(filtresMesures, texte) ? (texte as FiltreMesures) : 'cours'

/** When the next point is due, as every date of the application. */
export function EcheanceDuPoint({
  mesure,
  jour,
}: {
  mesure: MesureSuivie
  jour: Temporal.PlainDate
}): ReactElement | null {
  if (mesure.prochain_le === null) return null
  return (
    <PuceEcheance
      aujourdhui={jour}
      echeance={{
        libelle: `Point de suivi de ${mesure.organisme_nom}`,
        le: mesure.prochain_le,
        genre: 'tache',
        depart: mesure.dernier_le
          ? `Dernier point du ${formatDate(mesure.dernier_le)}`
          : `Mesure commencée le ${formatDate(mesure.debut_le)}`,
        calcul: `Tous les ${mesure.periodicite_jours} jours, réglable sur la mesure`,
      }}
    />
  )
}

/** GET /mesures: every measure this person follows, the most pressing first. */
export async function montrerListe(requete: Requete): Promise<Reponse> {
  const { session, acteur, recherche } = requete
  const { lieux, options } = choisirLieux(session, acteur, recherche.territoire)
  const etat = lireEtat(recherche.etat)
  const mesures = await listerMesures(session, { etat, territoires: lieux.territoires })
  const { jour } = session
  const retard = mesures.filter(
    ({ prochain_le }) => prochain_le !== null && Temporal.PlainDate.compare(prochain_le, jour) < 0,
  ).length
  return page(
    <Cadre
      requete={requete}
      titre={`Suivi après jugement : ${pluriel(mesures.length, 'mesure', 'mesures')}${retard > 0 ? `, ${formatNombre(retard)} en retard` : ''}`}
      courante="accompagner"
      chapo="Les mesures d’accompagnement qui continuent après le jugement. L’association dit à intervalles réguliers comment elles vont ; le secrétariat le lit."
      fil={[{ libelle: 'Suivi après jugement' }]}
      papier="portrait"
    >
      <Filtres
        action="/mesures"
        libelle="Filtrer les mesures"
        resultat={`${filtresMesures[etat]}, ${lieux.libelle}${mesures.length === MESURES_MAX ? `, les ${formatNombre(MESURES_MAX)} plus pressantes` : ''}`}
      >
        <Selection
          nom="etat"
          libelle="Lesquelles"
          libre
          valeur={etat}
          options={Object.entries(filtresMesures).map(([valeur, libelle]) => ({ valeur, libelle }))}
        />
        <Selection nom="territoire" libelle="Territoire" libre valeur={lieux.cle} options={options} />
      </Filtres>
      {mesures.length === 0 ? (
        <EtatVide titre="Aucune mesure">{VIDES[etat]}</EtatVide>
      ) : (
        <>
          <Tableau
            legende={filtresMesures[etat]}
            largeur="moyen"
            lignes={mesures}
            cle={({ id }) => id}
            colonnes={[
              {
                cle: 'menage',
                titre: 'Ménage',
                principale: true,
                rendre: ({ reference, titulaire, commune }) => (
                  <>
                    <a href={`/dossiers/${reference}/mesures`}>{titulaire}</a>
                    <small>{commune}</small>
                  </>
                ),
              },
              { cle: 'nature', titre: 'Mesure', rendre: ({ nature }) => naturesMesure[nature] },
              { cle: 'organisme', titre: 'Suivie par', rendre: ({ organisme_nom }) => organisme_nom },
              {
                cle: 'dernier',
                titre: 'Dernier point',
                rendre: ({ dernier_le, dernier_etat }) =>
                  dernier_le && dernier_etat ? `${formatDate(dernier_le)} : ${etatsPoint[dernier_etat]}` : 'Aucun',
              },
              {
                cle: 'prochain',
                titre: 'Prochain point',
                rendre: (mesure) =>
                  mesure.terminee_le && mesure.issue ? (
                    `${issuesMesure[mesure.issue]}, le ${formatDate(mesure.terminee_le)}`
                  ) : (
                    <EcheanceDuPoint mesure={mesure} jour={jour} />
                  ),
              },
            ]}
          />
          {aLeDroit(acteur, 'dossier.exporter') && (
            <PiedCadre>
              <BoutonsExport
                quoi={mesures.length === 1 ? 'cette mesure' : `ces ${formatNombre(mesures.length)} mesures`}
                lien={(format) => `/mesures/export.${format}?${new URLSearchParams({ etat, territoire: lieux.cle })}`}
              />
            </PiedCadre>
          )}
        </>
      )}
    </Cadre>,
  )
}

/** GET /mesures/export.xlsx, .ods, .csv: what is on screen. */
export const exporterMesures =
  (format: FormatExport) =>
  async (requete: Requete): Promise<Reponse> => {
    const { session, acteur, recherche } = requete
    const { lieux } = choisirLieux(session, acteur, recherche.territoire)
    const etat = lireEtat(recherche.etat)
    if (!aLeDroit(acteur, 'mesure.consulter')) throw new Introuvable()
    const mesures = await listerMesures(session, { etat, territoires: lieux.territoires, action: 'mesures.exporter' })
    const territoires = session.referentiel.departements.get(session.dept)?.territoires
    const jourOuVide = (jour: Temporal.PlainDate | null) => (jour ? date(jour) : text(''))
    return sortir(requete, {
      nombre: mesures.length,
      filtre: direDemande(recherche),
      construire: (marque) =>
        ecrireFichier(
          `mesures-${session.jour}`,
          {
            name: filtresMesures[etat],
            header: [
              'Référence',
              'Ménage',
              'Territoire',
              'Mesure',
              'Suivie par',
              'Jugement',
              'Début',
              'Intervalle (jours)',
              'Points notés',
              'Dernier point',
              'Comment va la mesure',
              'Prochain point',
              'Terminée le',
              'Issue',
            ],
            rows: mesures.map((mesure) => [
              text(mesure.reference),
              text(mesure.titulaire),
              text(territoires ? libelleTerritoire(territoires, mesure.territoire) : (mesure.territoire ?? '')),
              text(naturesMesure[mesure.nature]),
              text(mesure.organisme_nom),
              date(mesure.jugement_le),
              date(mesure.debut_le),
              number(mesure.periodicite_jours),
              number(mesure.points),
              jourOuVide(mesure.dernier_le),
              text(mesure.dernier_etat ? etatsPoint[mesure.dernier_etat] : ''),
              jourOuVide(mesure.prochain_le),
              jourOuVide(mesure.terminee_le),
              text(mesure.issue ? issuesMesure[mesure.issue] : ''),
            ]),
            mark: marquer(marque),
          },
          format,
        ),
    })
  }
