import type { ReactElement } from 'react'
import { ecrireJour, type GroupeGeneral, MODES_ENGAGEMENT, PUBLICS_ENGAGEMENT } from '#referentiel'
import { formatNombre, pluriel } from '#socle/typography'
import {
  Bouton,
  Carte,
  Colonnes,
  Compteurs,
  EtatVide,
  Filtres,
  ListeDefinition,
  Message,
  Pile,
  Section,
  Selection,
} from '../composants/index.ts'
import { majuscule, periode } from '../regles/regles.tsx'
import { page, type Reponse, type Requete } from '../route.ts'
import { CadreCharte } from './cadre-charte.tsx'
import { listerIndicateurs } from './catalogue-indicateurs.ts'
import { type Choix, chercherEngagements, decrireChoix, lireChoix, sans } from './filtre.ts'
import { Grille } from './grille.tsx'
import { alerteTerme, cleCharte, ecrireReste, type LectureCharte, lireCharte } from './lecture.ts'
import { cheminEngagement, MODES_LONGS } from './libelles.ts'
import { BilanPreuves, CarteProvenance } from './preuve.tsx'

/** GET /charte. */
export async function montrerCharte(requete: Requete): Promise<Reponse> {
  return page(<PageEnsemble requete={requete} lecture={lireCharte(requete)} />)
}

/** CHA-08: eighteen months before its term the revision is to be prepared, twelve months before it is late. */
function AlerteTerme({ lecture }: { lecture: LectureCharte }): ReactElement | null {
  const alerte = alerteTerme(lecture)
  if (!alerte) return null
  const { suivante, jour } = lecture
  return (
    <Message ton={alerte.mois === 12 ? 'retard' : 'bientot'} icone="horloge">
      <p>
        <b>
          Cette charte prend fin le {ecrireJour(alerte.terme)}, {ecrireReste(jour, alerte.terme)}.
        </b>{' '}
        {suivante
          ? `La suite est écrite : elle commence le ${ecrireJour(suivante.du)}.`
          : alerte.mois === 12
            ? 'Moins d’un an avant son terme, aucune charte suivante n’est écrite : passé ce jour, plus aucun engagement, critère ni règle de répartition ne s’applique.'
            : 'Sa révision se prépare à partir de dix-huit mois avant son terme : aucune charte suivante n’est encore écrite.'}
      </p>
    </Message>
  )
}

function SectionGrille({
  requete,
  lecture,
  choix,
}: {
  requete: Requete
  lecture: LectureCharte
  choix: Choix
}): ReactElement {
  const { charte, lien } = lecture
  const engagements = chercherEngagements(charte, choix)
  const total = charte.engagements.length
  return (
    <Section titre="Qui s’engage à quoi, et quand" id="grille">
      <Filtres
        action="/charte"
        libelle="Filtrer la grille"
        resultat={pluriel(engagements.length, 'engagement', 'engagements')}
        champs={requete.recherche.charte ? { charte: requete.recherche.charte } : undefined}
        actifs={decrireChoix(choix, charte).map(({ cle, libelle }) => ({
          libelle,
          retirer: lien('/charte#resultats', sans(choix, cle)),
        }))}
        toutRetirer={lien('/charte#resultats')}
      >
        <Selection
          nom="public"
          libelle="Pour qui"
          libre
          vide="Tous"
          valeur={choix.public}
          options={Object.entries(PUBLICS_ENGAGEMENT).map(([valeur, libelle]) => ({
            valeur,
            libelle: majuscule(libelle),
          }))}
        />
        <Selection
          nom="mode"
          libelle="Portage prévu dans Amont"
          libre
          vide="Tous"
          valeur={choix.mode}
          options={Object.keys(MODES_ENGAGEMENT).map((valeur) => ({
            valeur,
            libelle: MODES_LONGS[valeur as keyof typeof MODES_LONGS],
          }))}
        />
      </Filtres>
      <Grille
        charte={charte}
        engagements={engagements}
        lien={(champs) => lien('/charte/engagements', { ...choix, ...champs })}
      />
      {engagements.length < total && (
        <p className="note mt2">{formatNombre(total)} engagements au total, sans filtre.</p>
      )}
      <BilanPreuves preuves={engagements} singulier="engagement" auPluriel="engagements" />
    </Section>
  )
}

function CarteGroupe({ groupe, lecture }: { groupe: GroupeGeneral; lecture: LectureCharte }): ReactElement {
  return (
    <Carte
      titre={groupe.libelle}
      niveau={3}
      aside={pluriel(groupe.engagements.length, 'engagement', 'engagements')}
      id={`generaux-${groupe.id}`}
    >
      <ol className="numeros">
        {groupe.engagements.map((engagement) => (
          <li key={engagement.id} value={engagement.numero}>
            <a href={lecture.lien(cheminEngagement(engagement))}>{engagement.libelle}</a>
          </li>
        ))}
      </ol>
    </Carte>
  )
}

function SectionGeneraux({ lecture }: { lecture: LectureCharte }): ReactElement | null {
  const [premier, ...autres] = lecture.charte.generaux
  if (!premier) return null
  const nombre = lecture.charte.generaux.reduce((somme, { engagements }) => somme + engagements.length, 0)
  return (
    <Section
      titre="Engagements généraux"
      compte={`${formatNombre(nombre)}, à toute étape de la procédure`}
      id="generaux"
    >
      <Colonnes genre="moities">
        <CarteGroupe groupe={premier} lecture={lecture} />
        <Pile>
          {autres.map((groupe) => (
            <CarteGroupe key={groupe.id} groupe={groupe} lecture={lecture} />
          ))}
        </Pile>
      </Colonnes>
    </Section>
  )
}

const ANNEES = (nombre: number): string => pluriel(nombre, 'an', 'ans')

function SectionIdentite({ lecture }: { lecture: LectureCharte }): ReactElement {
  const { charte, departement } = lecture
  const autres = departement.chartes.filter((une) => une !== charte)
  return (
    <Section titre="Le document" id="identite">
      <Colonnes genre="moities">
        <Carte titre="Dates" niveau={3}>
          <ListeDefinition
            lignes={[
              { terme: 'En vigueur', valeur: periode(charte) },
              { terme: 'Durée', valeur: charte.duree ? ANNEES(charte.duree.annees) : null },
              ...charte.dates.map(({ le, libelle }) => ({ terme: majuscule(ecrireJour(le)), valeur: libelle })),
            ]}
          />
          {autres.length > 0 && (
            <p className="mt2">
              Autres documents du département :{' '}
              {autres.map((une, rang) => (
                <span key={une.id}>
                  {rang > 0 && ', '}
                  <a href={`/charte?charte=${cleCharte(une)}`}>{une.titre}</a> ({periode(une).toLowerCase()})
                </span>
              ))}
              .
            </p>
          )}
        </Carte>
        <CarteProvenance provenance={charte} niveau={3} />
      </Colonnes>
    </Section>
  )
}

function PageEnsemble({ requete, lecture }: { requete: Requete; lecture: LectureCharte }): ReactElement {
  const { charte, departement, lien } = lecture
  const { public: pour, mode } = lireChoix(requete.recherche, charte)
  const choix: Choix = { ...(pour ? { public: pour } : {}), ...(mode ? { mode } : {}) }
  const signataires = charte.signataires?.signataires.filter(({ qualite }) => qualite === 'signataire').length ?? 0
  return (
    <CadreCharte
      requete={requete}
      lecture={lecture}
      partie="ensemble"
      titre={charte.titre}
      chapo={
        <>
          {periode(charte)}
          {charte.duree && `, soit ${ANNEES(charte.duree.annees)}`}.{' '}
          {charte.nature === 'charte'
            ? 'Ce que chaque partenaire promet, à chaque étape, pour qui et comment.'
            : 'Qui pilote quoi, avec qui et avant quand.'}
          {departement.remarque !== null && ` ${departement.remarque}`}
        </>
      }
      actions={
        <>
          <Bouton petit href="/regles">
            Règles et critères
          </Bouton>
          {charte.engagements.length > 0 && (
            <Bouton petit genre="principal" href={lien('/charte/situation')}>
              Quels engagements pour une situation ?
            </Bouton>
          )}
        </>
      }
    >
      <AlerteTerme lecture={lecture} />
      <Compteurs
        libelle="Ce que contient le document"
        compteurs={[
          {
            cle: 'partenaires',
            nombre: formatNombre(charte.partenaires.length),
            libelle: 'Groupes de partenaires',
            href: charte.partenaires.length > 0 ? '#grille' : undefined,
          },
          {
            cle: 'engagements',
            nombre: formatNombre(charte.engagements.length),
            libelle: 'Engagements numérotés',
            href: lien('/charte/engagements'),
          },
          {
            cle: 'fiches',
            nombre: formatNombre(charte.fiches.length),
            libelle: charte.nature === 'charte' ? 'Fiches engagement' : 'Fiches-actions',
            href: lien('/charte/fiches'),
          },
          {
            cle: 'indicateurs',
            nombre: formatNombre(listerIndicateurs(lecture).length),
            libelle: 'Indicateurs',
            href: lien('/charte/indicateurs'),
          },
          {
            cle: 'signataires',
            nombre: formatNombre(signataires),
            libelle: 'Signataires',
            href: lien('/charte/document#signataires'),
          },
          {
            cle: 'territoires',
            nombre: formatNombre(departement.territoires.territoires.length),
            libelle: 'Territoires',
            href: '/territoires',
          },
        ]}
      />
      {charte.engagements.length === 0 ? (
        <Section titre="Qui s’engage à quoi, et quand" id="grille">
          <EtatVide
            titre="Pas d’engagement numéroté"
            niveau={3}
            geste={charte.fiches.length > 0 ? { href: lien('/charte/fiches'), libelle: 'Lire les fiches' } : undefined}
          >
            {charte.nature === 'charte'
              ? 'Les engagements de cette charte ne sont pas encore écrits dans les données du département. Ses règles, elles, le sont.'
              : 'Ce document est fait de fiches-actions : il dit qui pilote quoi, sans liste d’engagements par partenaire. La charte du département les apportera.'}
          </EtatVide>
        </Section>
      ) : (
        <SectionGrille requete={requete} lecture={lecture} choix={choix} />
      )}
      <SectionGeneraux lecture={lecture} />
      <SectionIdentite lecture={lecture} />
    </CadreCharte>
  )
}
