import type { ReactElement } from 'react'
import {
  accorderHabilitation,
  acteurSysteme,
  type CompteAdministre,
  fermerCompte,
  type Habilitation,
  libererSecondFacteur,
  lireCompte,
  ouvrirSession,
  reinviter,
  retirerHabilitation,
  rouvrirCompte,
} from '#acces'
import { listerReprises, type Reprise } from '#repartition'
import { parisDay } from '#socle/time'
import { formatDate, pluriel } from '#socle/typography'
import { adresseAcces } from '../acces/adresse.ts'
import { Cadre } from '../cadre.tsx'
import {
  Actions,
  Bouton,
  BoutonPost,
  Carte,
  Champ,
  EtatVide,
  Etiquette,
  Formulaire,
  ListeDefinition,
  Message,
  Pile,
  ResumeErreurs,
  Tableau,
} from '../composants/index.ts'
import { champ, page, type Reponse, type Requete, redirection } from '../route.ts'
import { ChampsHabilitation, type Faute, lireHabilitation, lireOffre, type Offre, tenter } from './formulaire.tsx'
import { etats, nomRole } from './libelles.ts'
import { derniereVisite } from './liste.tsx'

interface Vue {
  readonly compte: CompteAdministre
  readonly habilitations: readonly Habilitation[]
  readonly offre: Offre
}

async function lireVue(requete: Requete): Promise<Vue> {
  return { ...(await lireCompte(requete.session, requete.parametres.id ?? '')), offre: await lireOffre(requete) }
}

const enVigueur = (habilitation: Habilitation, jour: Temporal.PlainDate): boolean =>
  habilitation.retiree_a === null &&
  (habilitation.jusqu_au === null || Temporal.PlainDate.compare(habilitation.jusqu_au, jour) >= 0)

function ecrireEtat(habilitation: Habilitation, jour: Temporal.PlainDate): string {
  if (habilitation.retiree_a)
    return `retirée le ${formatDate(parisDay(habilitation.retiree_a))} : ${habilitation.retiree_motif ?? ''}`
  if (!enVigueur(habilitation, jour)) return 'arrivée à son terme'
  if (!habilitation.organisme_actif) return 'sans effet : l’organisme est fermé'
  if (Temporal.PlainDate.compare(habilitation.du, jour) > 0) return 'à venir'
  return habilitation.revue_le ? `en vigueur, confirmée le ${formatDate(habilitation.revue_le)}` : 'en vigueur'
}

function Entree({ compte }: { compte: CompteAdministre }): string {
  const moyens = [
    compte.mot_de_passe && (compte.second_facteur ? 'mot de passe et code' : 'mot de passe, code à enrôler'),
    compte.proconnect && 'ProConnect',
  ].filter((moyen) => moyen !== false)
  return moyens.join(' ; ') || 'pas encore de mot de passe'
}

function PageCompte({ requete, vue, faute }: { requete: Requete; vue: Vue; faute?: Faute | undefined }): ReactElement {
  const { compte, habilitations, offre } = vue
  const jeton = requete.connecte.jetonFormulaire
  const { jour } = requete.session
  const base = `/comptes/${compte.id}`
  const nom = `${compte.prenom} ${compte.nom}`
  const soi = compte.id === requete.acteur.compte
  return (
    <Cadre
      requete={requete}
      titre={nom}
      courante="comptes"
      erreur={faute !== undefined}
      fil={[{ libelle: 'Comptes', href: '/comptes' }, { libelle: nom }]}
    >
      <Pile>
        {faute && <ResumeErreurs erreurs={[faute]} titre="Rien n’a été changé" />}
        <Carte titre="Compte" aside={<Etiquette ton={etats[compte.etat].ton}>{etats[compte.etat].libelle}</Etiquette>}>
          <ListeDefinition
            lignes={[
              { terme: 'Adresse', valeur: compte.courriel },
              { terme: 'Entrée', valeur: <Entree compte={compte} /> },
              { terme: 'Dernière visite', valeur: derniereVisite(compte) },
              {
                terme: 'Fermé',
                valeur: compte.ferme_a
                  ? `le ${formatDate(parisDay(compte.ferme_a))} : ${compte.ferme_motif ?? ''}`
                  : null,
              },
            ]}
          />
          {soi ? (
            <p className="note">C’est votre compte : un autre administrateur en change les droits.</p>
          ) : compte.ferme_a ? (
            <BoutonPost action={`${base}/rouvrir`} jeton={jeton}>
              Rouvrir sans habilitation
            </BoutonPost>
          ) : (
            <Actions>
              <BoutonPost action={`${base}/inviter`} jeton={jeton}>
                {compte.mot_de_passe ? 'Envoyer un lien de mot de passe' : 'Renvoyer l’invitation'}
              </BoutonPost>
              {compte.second_facteur && (
                <BoutonPost action={`${base}/second-facteur`} jeton={jeton}>
                  Permettre un nouvel enrôlement du code
                </BoutonPost>
              )}
              <Bouton genre="destructeur" href={`${base}/depart`}>
                Départ de cette personne
              </Bouton>
            </Actions>
          )}
        </Carte>
        <Carte titre="Habilitations">
          {habilitations.length === 0 ? (
            <EtatVide titre="Aucune habilitation" niveau={3}>
              Sans habilitation, ce compte n’ouvre aucune page.
            </EtatVide>
          ) : (
            <Tableau
              legende={`Habilitations de ${nom}`}
              largeur="moyen"
              colonnes={[
                {
                  cle: 'organisme',
                  titre: 'Organisme et rôle',
                  principale: true,
                  rendre: (une) => (
                    <>
                      {une.organisme_nom}
                      <small>
                        <a
                          href={adresseAcces(
                            offre.organismes.find(({ code }) => code === une.organisme_code)?.type ?? '',
                            une.role,
                          )}
                        >
                          {nomRole(une.role)}
                          <span className="sr"> : ce que voit ce rôle</span>
                        </a>
                        {une.territoires ? `, ${une.territoires.map(offre.nommer).join(', ')}` : ''}
                      </small>
                    </>
                  ),
                },
                {
                  cle: 'dates',
                  titre: 'Dates',
                  rendre: ({ du, jusqu_au }) =>
                    `du ${formatDate(du)}${jusqu_au ? ` au ${formatDate(jusqu_au)}` : ', sans fin prévue'}`,
                },
                { cle: 'motif', titre: 'Motif', large: true, rendre: ({ motif }) => motif },
                { cle: 'etat', titre: 'État', rendre: (une) => ecrireEtat(une, jour) },
                {
                  cle: 'fin',
                  titre: 'Retirer',
                  note: 'avec un motif',
                  rendre: (une) =>
                    soi || !enVigueur(une, jour) ? (
                      '–'
                    ) : (
                      <form className="en-ligne" method="post" action={`${base}/habilitations/${une.id}/fin`}>
                        <input type="hidden" name="_jeton" value={jeton} />
                        <Champ nom="motif" id={`c-fin-${une.id}`} libelle="Motif du retrait" libelleMuet court />
                        <Bouton petit genre="destructeur" libelleLu={`Retirer l’habilitation ${une.organisme_nom}`}>
                          Retirer
                        </Bouton>
                      </form>
                    ),
                },
              ]}
              lignes={habilitations}
              cle={({ id }) => id}
            />
          )}
        </Carte>
        {!soi && !compte.ferme_a && (
          <Carte titre="Ajouter une habilitation">
            <Formulaire action={`${base}/habilitations`} jeton={jeton}>
              <ChampsHabilitation requete={requete} offre={offre} faute={faute} />
              <Actions>
                <Bouton genre="principal">Ajouter</Bouton>
              </Actions>
            </Formulaire>
          </Carte>
        )}
      </Pile>
    </Cadre>
  )
}

/** GET /comptes/:id. */
export async function montrerCompte(requete: Requete): Promise<Reponse> {
  return page(<PageCompte requete={requete} vue={await lireVue(requete)} />)
}

const essayer = (requete: Requete, acte: () => Promise<Reponse>): Promise<Reponse> =>
  tenter(acte, async (faute) => page(<PageCompte requete={requete} vue={await lireVue(requete)} faute={faute} />, 422))

const retour = (requete: Requete): string => `/comptes/${requete.parametres.id ?? ''}`

/** POST /comptes/:id/habilitations. */
export function ajouterHabilitation(requete: Requete): Promise<Reponse> {
  return essayer(requete, async () => {
    await accorderHabilitation(requete.session, requete.parametres.id ?? '', lireHabilitation(requete))
    return redirection(retour(requete), { texte: 'Habilitation ajoutée.' })
  })
}

/** POST /comptes/:id/habilitations/:habilitation/fin. « Défaire » gives a new one, the same until its end. */
export async function finirHabilitation(requete: Requete): Promise<Reponse> {
  const motif = champ(requete, 'motif')
  const id = requete.parametres.habilitation ?? ''
  return tenter(
    async () => {
      const retiree = await retirerHabilitation(requete.session, id, motif)
      return redirection(retour(requete), {
        texte: 'Habilitation retirée. La personne n’entre plus avec elle dès sa prochaine page.',
        // A message carries one value by name: with several territories the way back would give more than was taken.
        ...((retiree.territoires?.length ?? 0) > 1
          ? {}
          : {
              defaire: {
                action: `${retour(requete)}/habilitations`,
                libelle: 'Rendre cette habilitation',
                champs: {
                  organisme: retiree.organisme_code,
                  role: retiree.role,
                  du: requete.session.jour.toString(),
                  jusqu_au: retiree.jusqu_au?.toString() ?? '',
                  motif: retiree.motif,
                  ...(retiree.territoires ? { territoire: retiree.territoires[0] ?? '' } : {}),
                },
              },
            }),
      })
    },
    async () =>
      redirection(retour(requete), { texte: 'Écrire le motif du retrait, puis recommencer.', ton: 'bientot' }),
  )
}

/** POST /comptes/:id/inviter. */
export function renvoyerInvitation(requete: Requete): Promise<Reponse> {
  return essayer(requete, async () => {
    await reinviter(requete.session, requete.application.acces, requete.parametres.id ?? '')
    return redirection(retour(requete), { texte: 'Un lien est en route. Le précédent ne vaut plus rien.' })
  })
}

/** POST /comptes/:id/second-facteur. */
export function permettreEnrolement(requete: Requete): Promise<Reponse> {
  return essayer(requete, async () => {
    await libererSecondFacteur(requete.session, requete.parametres.id ?? '')
    return redirection(retour(requete), {
      texte: 'Le code sera enrôlé de nouveau à la prochaine connexion. Les sessions ouvertes sont fermées.',
    })
  })
}

/** POST /comptes/:id/rouvrir. */
export function rouvrirUnCompte(requete: Requete): Promise<Reponse> {
  return essayer(requete, async () => {
    await rouvrirCompte(requete.session, requete.parametres.id ?? '')
    return redirection(retour(requete), { texte: 'Compte rouvert. Lui donner une habilitation.' })
  })
}

/** What the person was busy with, read for the service that goes on: references, dates, no household. */
function lireReprises(requete: Requete): Promise<Reprise[]> {
  return ouvrirSession(
    requete.application,
    acteurSysteme(requete.session.dept, 'depart'),
    'dossier.consulter',
    (session) => listerReprises(session, requete.parametres.id ?? ''),
  )
}

function Reprises({ reprises }: { reprises: readonly Reprise[] }): ReactElement {
  return (
    <Carte titre="À reprendre par ses services" aside={pluriel(reprises.length, 'dossier', 'dossiers')}>
      <Tableau
        legende="Dossiers suivis par cette personne"
        largeur="moyen"
        vide="Aucun dossier en cours ne repose sur cette personne."
        colonnes={[
          { cle: 'reference', titre: 'Dossier', principale: true, rendre: ({ reference }) => reference },
          { cle: 'organisme', titre: 'Service', rendre: ({ organisme_nom }) => organisme_nom },
          {
            cle: 'prise',
            titre: 'Pris en charge le',
            rendre: ({ prise_le }) => (prise_le ? formatDate(prise_le) : '–'),
          },
          {
            cle: 'diagnostic',
            titre: 'Diagnostic avant le',
            rendre: ({ diagnostic_avant }) => (diagnostic_avant ? formatDate(diagnostic_avant) : '–'),
          },
        ]}
        lignes={reprises}
        cle={({ reference }) => reference}
      />
    </Carte>
  )
}

function PageDepart({
  requete,
  compte,
  reprises,
  faute,
}: {
  requete: Requete
  compte: CompteAdministre
  reprises: readonly Reprise[]
  faute?: Faute | undefined
}): ReactElement {
  const nom = `${compte.prenom} ${compte.nom}`
  const titre = compte.ferme_a ? `${nom} : dossiers à reprendre` : `Départ de ${nom}`
  return (
    <Cadre
      requete={requete}
      titre={titre}
      courante="comptes"
      erreur={faute !== undefined}
      fil={[
        { libelle: 'Comptes', href: '/comptes' },
        { libelle: nom, href: `/comptes/${compte.id}` },
        { libelle: 'Départ' },
      ]}
    >
      <Pile>
        {faute && <ResumeErreurs erreurs={[faute]} titre="Le compte n’est pas fermé" />}
        {compte.ferme_a ? (
          <Message ton="tenu">
            Le compte est fermé : sessions, liens et habilitations ont pris fin. Ses lignes du journal restent.
            Transmettre la liste ci-dessous aux services : ils gardent ces ménages et nomment qui continue.
          </Message>
        ) : (
          <Carte titre="Fermer ce compte">
            <p>
              Effet immédiat : la prochaine page demandée par cette personne sera refusée. Le compte peut être rouvert.
            </p>
            <Formulaire action={`/comptes/${compte.id}/depart`} jeton={requete.connecte.jetonFormulaire}>
              <Champ
                nom="motif"
                libelle="Motif"
                aide="Départ, changement de poste, fin de convention."
                valeur={champ(requete, 'motif')}
                longueurMax={300}
                erreur={faute?.message}
              />
              <Actions>
                <Bouton genre="destructeur">Fermer le compte</Bouton>
                <Bouton href={`/comptes/${compte.id}`}>Annuler</Bouton>
              </Actions>
            </Formulaire>
          </Carte>
        )}
        <Reprises reprises={reprises} />
      </Pile>
    </Cadre>
  )
}

/** GET /comptes/:id/depart. */
export async function preparerDepart(requete: Requete): Promise<Reponse> {
  const { compte } = await lireCompte(requete.session, requete.parametres.id ?? '')
  return page(<PageDepart requete={requete} compte={compte} reprises={await lireReprises(requete)} />)
}

/** POST /comptes/:id/depart. */
export function acterDepart(requete: Requete): Promise<Reponse> {
  const id = requete.parametres.id ?? ''
  return tenter(
    async () => {
      await fermerCompte(requete.session, id, champ(requete, 'motif'))
      return redirection(`/comptes/${id}/depart`)
    },
    async (faute) => {
      const { compte } = await lireCompte(requete.session, id)
      const reprises = await lireReprises(requete)
      return page(<PageDepart requete={requete} compte={compte} reprises={reprises} faute={faute} />, 422)
    },
  )
}
