import type { ReactElement } from 'react'
import { aLeDroit } from '#acces'
import type { Dossier } from '#dossiers'
import { exigerCles } from '#echanges'
import {
  type ActeRequisition,
  ajouterActe,
  decrireGenre,
  type Enquete,
  enVigueur,
  type GenreActe,
  genresEnquete,
  lireEnquete,
  lireJour,
  lireRequisition,
  lireTextes,
  listerActes,
  moyensEnquete,
  relancerEnquete,
  trouverIssue,
  verifierActe,
} from '#requisitions'
import { formatDate } from '#socle/typography'
import { type Erreur, messageDe, tenter } from '../accompagner/saisie.ts'
import {
  Actions,
  Bouton,
  BoutonPost,
  Carte,
  ChampDate,
  Formulaire,
  ListeDefinition,
  ListeSobre,
  Pile,
  ResumeErreurs,
} from '../composants/index.ts'
import { CadreDossier, ouvrirDossier } from '../espaces.tsx'
import { champ, page, type Reponse, type Requete, redirection } from '../route.ts'
import { ChampDuFait, lireValeurs } from './acte.tsx'
import { adresseDe, ESPACE, EtatEnquete, identifiant, lignesActe, marqueEnvoi, nommerEnquete } from './commun.tsx'

type Issue = 'reponse' | 'non_realisee'

/** The kind of fact that answers an inquiry. */
export const genreReponse = ({ genre }: Pick<Enquete, 'genre'>, issue: Issue): GenreActe =>
  issue === 'non_realisee' ? 'enquete_non_realisee' : genre === 'siao' ? 'siao_reponse' : 'enquete_reponse'

export interface SaisieIssue {
  readonly issue: string
  readonly le: string
  readonly valeurs: Readonly<Record<string, string>>
  readonly envoi: string
  readonly erreurs: readonly Erreur[]
}

/** Forms that end an inquiry: its answer, or why it could not be done. */
export function FormulairesIssue({
  requete,
  enquete,
  action,
  saisie,
  issues,
}: {
  requete: Requete
  enquete: Pick<Enquete, 'genre'>
  action: string
  saisie: SaisieIssue
  issues: readonly Issue[]
}): ReactElement {
  return (
    <>
      {issues.map((issue) => {
        const genre = genreReponse(enquete, issue)
        const { libelle, le, champs } = decrireGenre(genre)
        const sienne = saisie.issue === issue
        const erreurs = sienne ? saisie.erreurs : []
        const valeurs = sienne ? saisie.valeurs : {}
        return (
          <Carte key={issue} titre={issue === 'reponse' ? libelle : 'L’enquête n’a pas pu être faite'}>
            <Formulaire
              action={action}
              jeton={requete.connecte.jetonFormulaire}
              libelle={libelle}
              champs={{ acte: issue, envoi: saisie.envoi }}
            >
              <ChampDate
                nom="le"
                id={`c-le-${issue}`}
                libelle={le}
                valeur={(sienne ? saisie.le : requete.session.jour.toString()) || undefined}
                max={requete.session.jour}
                erreur={messageDe(erreurs, 'le')}
              />
              {champs.map((question) => (
                <ChampDuFait
                  key={question.nom}
                  question={question}
                  valeurs={valeurs}
                  erreurs={erreurs}
                  id={`c-${question.nom}-${issue}`}
                />
              ))}
              <Actions>
                <Bouton {...(issue === 'reponse' ? { genre: 'principal' as const, icone: 'envoi' as const } : {})}>
                  {issue === 'reponse' ? 'Enregistrer la réponse' : 'Dire que l’enquête n’a pas pu être faite'}
                </Bouton>
              </Actions>
            </Formulaire>
          </Carte>
        )
      })}
    </>
  )
}

/** What a form of the two above gave; null for another act. */
export function lireIssue(requete: Requete, enquete: Pick<Enquete, 'genre'>) {
  const acte = champ(requete, 'acte')
  if (acte !== 'reponse' && acte !== 'non_realisee') return null
  const genre = genreReponse(enquete, acte)
  const valeurs = lireValeurs(requete, genre)
  const texteLe = champ(requete, 'le')
  const le = lireJour(texteLe)
  const erreurs: readonly Erreur[] = verifierActe(genre, le, valeurs, requete.session.jour)
  const saisie: SaisieIssue = {
    issue: acte,
    le: texteLe,
    valeurs,
    envoi: marqueEnvoi(champ(requete, 'envoi')),
    erreurs,
  }
  return { genre, le, saisie }
}

interface Lue {
  readonly dossier: Dossier
  readonly enquete: Enquete
  readonly vivants: readonly ActeRequisition[]
}

async function ouvrir(requete: Requete): Promise<Lue> {
  const dossier = await ouvrirDossier(requete)
  const enquete = await lireEnquete(requete.session, dossier.id, identifiant(requete, 'enquete'))
  return { dossier, enquete, vivants: enVigueur(await listerActes(requete.session, enquete.requisition)) }
}

/** Whoever was asked answers for itself; the State writes down what came otherwise. */
function peutRepondre({ acteur }: Pick<Requete, 'acteur'>, enquete: Enquete): boolean {
  return aLeDroit(acteur, 'requisition.instruire') || enquete.organisme === acteur.organisme
}

async function montrer(requete: Requete, lue: Lue, saisie: SaisieIssue): Promise<Reponse> {
  const { dossier, enquete, vivants } = lue
  const { session, acteur } = requete
  const requisition = await lireRequisition(session, dossier.id, enquete.requisition)
  const textes = await lireTextes(session, exigerCles(requete.application), requisition)
  const issue = trouverIssue(vivants, enquete)
  const relances = vivants.filter((acte) => acte.enquete === enquete.id && acte.genre === 'enquete_relance')
  const adresse = adresseDe(dossier, `/enquetes/${enquete.id}`)
  const { erreurs } = saisie
  const reserve = issue?.genre === 'enquete_reponse' && !textes.has(issue.id)
  return page(
    <CadreDossier
      requete={requete}
      dossier={dossier}
      espace={ESPACE}
      titre={nommerEnquete(enquete)}
      acte={genresEnquete[enquete.genre].libelle}
      chapo={genresEnquete[enquete.genre].attendu}
    >
      <ResumeErreurs erreurs={erreurs.map((une) => ({ ...une, id: `c-${une.nom}-${saisie.issue}` }))} />
      <Pile>
        <Carte titre="La demande" aside={<EtatEnquete enquete={enquete} vivants={vivants} jour={session.jour} />}>
          <ListeDefinition
            lignes={[
              { terme: 'Demandée à', valeur: enquete.aupres },
              { terme: 'Demandée le', valeur: formatDate(enquete.demandee_le), note: moyensEnquete[enquete.moyen] },
              {
                terme: 'Attendue avant le',
                valeur: enquete.avant ? formatDate(enquete.avant) : null,
                note: enquete.echeance
                  ? `${enquete.echeance.source}. ${enquete.echeance.reserve ?? ''}`.trim()
                  : undefined,
              },
              {
                terme: 'Relances',
                valeur: relances.length === 0 ? null : relances.map(({ le }) => formatDate(le)).join(', '),
              },
            ]}
          />
          {!issue && aLeDroit(acteur, 'requisition.instruire') && (
            <Actions>
              <BoutonPost
                action={adresse}
                jeton={requete.connecte.jetonFormulaire}
                champs={{ acte: 'relancer', envoi: marqueEnvoi() }}
                icone="horloge"
              >
                {enquete.organisme ? `Relancer ${enquete.aupres}` : 'Noter une relance'}
              </BoutonPost>
            </Actions>
          )}
        </Carte>
        {issue && (
          <Carte titre={decrireGenre(issue.genre).libelle}>
            <ListeSobre
              lignes={[
                {
                  cle: issue.id,
                  titre: `${issue.auteur}, ${issue.organisme_nom}`,
                  note: `le ${formatDate(issue.le)}`,
                },
              ]}
            />
            <ListeDefinition lignes={lignesActe(issue, textes)} />
            {reserve && <p className="note">Le contenu de cette réponse est lu par les services de l’État seuls.</p>}
          </Carte>
        )}
        {!issue && enquete.genre === 'sociale' && aLeDroit(acteur, 'rapport_social.tenir') && (
          <Carte titre="Le rapport social">
            <p>
              Le rapport remis au préfet et la page réservée sont deux documents. La page réservée reste à votre
              service.
            </p>
            <Actions>
              <Bouton genre="principal" href={adresseDe(dossier, `/${enquete.requisition}/rapport`)}>
                Rédiger le rapport social
              </Bouton>
            </Actions>
          </Carte>
        )}
        {!issue && peutRepondre(requete, enquete) && (
          <FormulairesIssue
            requete={requete}
            enquete={enquete}
            action={adresse}
            saisie={saisie}
            issues={
              enquete.genre === 'sociale' && !aLeDroit(acteur, 'requisition.instruire')
                ? ['non_realisee']
                : ['reponse', 'non_realisee']
            }
          />
        )}
      </Pile>
    </CadreDossier>,
    erreurs.length > 0 ? 422 : undefined,
  )
}

/** GET /dossiers/:reference/force-publique/enquetes/:enquete. */
export async function montrerEnquete(requete: Requete): Promise<Reponse> {
  const lue = await ouvrir(requete)
  return montrer(requete, lue, { issue: '', le: '', valeurs: {}, envoi: marqueEnvoi(), erreurs: [] })
}

/** POST, same address: the answer, its impossibility, or a reminder (RFP-02, RFP-11, RFP-12). */
export async function agirSurEnquete(requete: Requete): Promise<Reponse> {
  const { session, application } = requete
  const lue = await ouvrir(requete)
  const { dossier, enquete, vivants } = lue
  const adresse = adresseDe(dossier, `/enquetes/${enquete.id}`)
  const cles = exigerCles(application)
  const lueIssue = lireIssue(requete, enquete)
  if (lueIssue === null) {
    const refusee = await tenter(
      session,
      'requisition.noter',
      () => 'acte',
      () => relancerEnquete(session, cles, dossier, enquete, marqueEnvoi(champ(requete, 'envoi'))),
    )
    return redirection(
      adresse,
      refusee ? { texte: refusee.message, ton: 'bientot' } : { texte: 'Relance faite, et notée.' },
    )
  }
  const { genre, le, saisie } = lueIssue
  if (saisie.erreurs.length > 0 || le === null) return montrer(requete, lue, saisie)
  if (!peutRepondre(requete, enquete))
    return redirection(adresse, {
      texte: 'Seuls l’organisme interrogé et l’État notent cette réponse.',
      ton: 'bientot',
    })
  if (trouverIssue(vivants, enquete)) return redirection(adresse, { texte: 'Cette enquête avait déjà sa réponse.' })
  await ajouterActe(
    session,
    cles,
    { id: enquete.requisition, dossier: dossier.id },
    {
      envoi: saisie.envoi,
      genre,
      le,
      valeurs: saisie.valeurs,
      enquete: enquete.id,
    },
  )
  return redirection(adresseDe(dossier), { texte: `${nommerEnquete(enquete)} : enregistré.` })
}
