import type { ReactElement } from 'react'
import { ETATS, type EtatTache, lireEngagements, type Offre, type Tache, voitTousLesEngagements } from '#engagements'
import { accorder, formatDate, formatNombre, pluriel } from '#socle/typography'
import {
  EtatVide,
  Etiquette,
  Filtres,
  ListeSobre,
  Message,
  Pile,
  Plus,
  Section,
  Selection,
  Tableau,
} from '../composants/index.ts'
import { adresseDossier, CadreDossier, ouvrirDossier } from '../espaces.tsx'
import { page, type Reponse, type Requete } from '../route.ts'
import { direPortage, EcheanceEngagement, EtatEngagement, nommerEtape, nommerTache } from './commun.tsx'

const ORDRE: readonly EtatTache[] = [
  'retard',
  'semaine',
  'a_faire',
  'hors_amont',
  'proposee',
  'a_apprecier',
  'a_verifier',
  'faite',
  'empechee',
  'sans_objet',
]
const parEtat = (a: Tache, b: Tache): number => ORDRE.indexOf(a.etat_montre) - ORDRE.indexOf(b.etat_montre)

/** Rows of one step: what is due, who owes it, by when, kept or not. */
function TableauTaches({
  requete,
  taches,
  legende,
  adresse,
  nommer,
}: {
  requete: Requete
  taches: readonly Tache[]
  legende: string
  adresse: string
  nommer: (tache: Tache) => string
}): ReactElement {
  const { jour } = requete.session
  return (
    <Tableau
      legende={legende}
      largeur="moyen"
      lignes={taches}
      cle={({ id }) => id}
      vide="Aucun engagement ne répond à ces filtres."
      colonnes={[
        {
          cle: 'quoi',
          titre: 'Engagement',
          principale: true,
          large: true,
          rendre: (tache) => (
            <>
              <a href={`${adresse}/${tache.id}`}>{tache.libelle}</a>
              <small>
                {nommer(tache)}
                {tache.mode === 'automatique' && `. ${direPortage(tache)}`}
              </small>
            </>
          ),
        },
        {
          cle: 'qui',
          titre: 'Qui',
          rendre: (tache) => (
            <>
              {tache.organisme_nom}
              {tache.agent_nom !== null && <small>{tache.agent_nom}</small>}
            </>
          ),
        },
        { cle: 'avant', titre: 'Avant', rendre: (tache) => <EcheanceEngagement tache={tache} jour={jour} /> },
        {
          cle: 'etat',
          titre: 'État',
          rendre: (tache) => (
            <>
              <EtatEngagement etat={tache.etat_montre} />
              {tache.fait_le !== null && <small>le {formatDate(tache.fait_le)}</small>}
            </>
          ),
        },
      ]}
    />
  )
}

function Offres({ offres }: { offres: readonly Offre[] }): ReactElement {
  return (
    <ListeSobre
      lignes={offres.map(({ engagement, partenaire, etat }) => ({
        cle: engagement.id,
        titre: <a href={`/charte/engagements/${engagement.id}`}>{engagement.libelle}</a>,
        note: [partenaire, engagement.appreciation].filter((un) => un !== undefined).join('. '),
        droite: etat === 'a_verifier' ? <Etiquette ton="reserve">à vérifier</Etiquette> : undefined,
      }))}
    />
  )
}

/** GET /dossiers/:reference/engagements: who owes what at this step, done or not (ENG-10). */
export async function montrerEngagements(requete: Requete): Promise<Reponse> {
  const { session, recherche } = requete
  const dossier = await ouvrirDossier(requete)
  const lus = await lireEngagements(session, dossier)
  const adresse = `${adresseDossier(dossier)}/engagements`
  const nommer = (tache: Tache) => nommerTache(tache, lus.charte)
  const vivantes = lus.taches.filter(({ sortie_le }) => sortie_le === null)
  const organismes = [...new Map(vivantes.map((un) => [un.organisme, un.organisme_nom])).entries()].toSorted(
    ([, a], [, b]) => a.localeCompare(b, 'fr'),
  )
  const etats = ORDRE.filter((etat) => vivantes.some(({ etat_montre }) => etat_montre === etat))
  const organisme = organismes.some(([id]) => id === recherche.organisme) ? recherche.organisme : undefined
  const etat = etats.find((un) => un === recherche.etat)
  const montrees = vivantes
    .filter(
      (un) =>
        (organisme === undefined || un.organisme === organisme) && (etat === undefined || un.etat_montre === etat),
    )
    .toSorted(parEtat)
  const etapes = [...new Set(montrees.map(({ stade }) => stade))]
  const passees = lus.taches.filter(({ sortie_le }) => sortie_le !== null)
  const retards = vivantes.filter(({ etat_montre }) => etat_montre === 'retard').length
  const faites = vivantes.filter(({ etat_montre }) => etat_montre === 'faite').length
  const lien = (cles: Readonly<Record<string, string | undefined>>) => {
    const params = new URLSearchParams()
    for (const [cle, valeur] of Object.entries(cles)) if (valeur !== undefined) params.set(cle, valeur)
    return params.size === 0 ? adresse : `${adresse}?${params}`
  }
  const tous = voitTousLesEngagements(session)
  const titre = tous ? 'Qui doit quoi à cette étape' : 'Ce qu’on attend de nous à cette étape'
  return page(
    <CadreDossier
      requete={requete}
      dossier={dossier}
      espace="engagements"
      titre={
        vivantes.length === 0
          ? titre
          : `${titre} : ${pluriel(faites, 'fait', 'faits')} sur ${formatNombre(vivantes.length)}${retards > 0 ? `, ${formatNombre(retards)} en retard` : ''}`
      }
      chapo={`Ce que la charte attend de ${tous ? 'chacun' : 'votre organisme'}, d’après ce qu’Amont sait du ménage. Ce qui manque se vérifie ; un organisme non signataire n’est jamais compté en retard.`}
      large
    >
      <Pile>
        {lus.charte === null && (
          <Message ton="bientot">
            <p>Aucune charte n’est en vigueur ce jour dans ce département : aucun engagement n’est proposé.</p>
          </Message>
        )}
        {lus.charte !== null && lus.charte.engagements.length === 0 && (
          <Message>
            <p>Le document « {lus.charte.titre} » ne donne pas d’engagements par partenaire.</p>
          </Message>
        )}
        {vivantes.length > 0 && (
          <>
            <Filtres
              action={adresse}
              libelle="Filtrer les engagements"
              resultat={`${formatNombre(montrees.length)} ${accorder(montrees.length, 'engagement', 'engagements')}`}
              actifs={[
                ...(organisme
                  ? [
                      {
                        libelle: organismes.find(([id]) => id === organisme)?.[1] ?? 'Organisme',
                        retirer: lien({ etat }),
                      },
                    ]
                  : []),
                ...(etat ? [{ libelle: ETATS[etat], retirer: lien({ organisme }) }] : []),
              ]}
              toutRetirer={adresse}
            >
              {tous && (
                <Selection
                  nom="organisme"
                  libelle="Qui"
                  libre
                  vide="Tous les organismes"
                  valeur={organisme}
                  options={organismes.map(([valeur, libelle]) => ({ valeur, libelle }))}
                />
              )}
              <Selection
                nom="etat"
                libelle="État"
                libre
                vide="Tous les états"
                valeur={etat}
                options={etats.map((valeur) => ({ valeur, libelle: ETATS[valeur] }))}
              />
            </Filtres>
            {etapes.map((stade) => (
              <Section key={stade} titre={nommerEtape(stade)}>
                <TableauTaches
                  requete={requete}
                  adresse={adresse}
                  nommer={nommer}
                  legende={`Engagements de l’étape « ${nommerEtape(stade)} »`}
                  taches={montrees.filter((un) => un.stade === stade)}
                />
              </Section>
            ))}
          </>
        )}
        {vivantes.length === 0 && lus.charte !== null && lus.charte.engagements.length > 0 && (
          <EtatVide titre={dossier.clos_le === null ? 'Aucun engagement à suivre pour l’instant' : 'Dossier clos'}>
            {dossier.clos_le === null
              ? 'Les engagements d’une étape paraissent dans la minute qui suit son premier acte reçu.'
              : 'Un dossier clos n’attend plus rien de personne. Ce qui a été tenu reste ci-dessous.'}
          </EtatVide>
        )}
        {lus.informations.length > 0 && (
          <Section titre="À dire ou à remettre à cette étape" compte={formatNombre(lus.informations.length)}>
            <Offres offres={lus.informations} />
          </Section>
        )}
        {lus.autres.length > 0 && (
          <Plus
            libelle={`${pluriel(lus.autres.length, 'autre engagement', 'autres engagements')} : donnée à vérifier, ou aucun organisme désigné`}
          >
            <Offres offres={lus.autres} />
          </Plus>
        )}
        {passees.length > 0 && (
          <Plus libelle={`Étapes passées : ${pluriel(passees.length, 'engagement', 'engagements')}`}>
            <TableauTaches
              requete={requete}
              adresse={adresse}
              nommer={nommer}
              legende="Engagements des étapes passées"
              taches={passees}
            />
          </Plus>
        )}
      </Pile>
    </CadreDossier>,
  )
}
