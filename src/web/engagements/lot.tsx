import type { ReactElement } from 'react'
import {
  attribuerTaches,
  type Cloture,
  type Collegue,
  chargerPreuves,
  cloreTaches,
  confirmerTaches,
  declarerAbsence,
  defaireActes,
  LONGUEUR_PREUVE,
  listerAbsences,
  listerCollegues,
  retirerAbsence,
  verifierAbsence,
  verifierCloture,
} from '#engagements'
import { Introuvable, refus } from '#socle/errors'
import { formatDate, pluriel } from '#socle/typography'
import { type Erreur, lireJourSaisi, messageDe, tenter } from '../accompagner/saisie.ts'
import { Cadre } from '../cadre.tsx'
import {
  Actions,
  Bouton,
  BoutonPost,
  Carte,
  Champ,
  ChampDate,
  Formulaire,
  ListeSobre,
  ResumeErreurs,
  Selection,
} from '../composants/index.ts'
import { champ, page, type Reponse, type Requete, redirection } from '../route.ts'
import { direFait, estId, lireEnvoi, lireRetour } from './commun.tsx'

const ACTIONS = {
  faite: 'Dire que c’est fait',
  empechee: 'Dire ce qui a empêché',
  sans_objet: 'Dire que cela ne s’applique pas',
  attribuer: 'Passer à un collègue',
  prendre: 'Prendre pour moi',
  confirmer: 'Dire que cela s’applique',
} as const
type Action = keyof typeof ACTIONS
const estAction = (texte: string): texte is Action => Object.hasOwn(ACTIONS, texte)
const estCloture = (action: Action): action is Cloture['genre'] =>
  action === 'faite' || action === 'empechee' || action === 'sans_objet'

interface Saisie {
  readonly action: Action
  readonly taches: readonly string[]
  readonly retour: string
  readonly le: string
  readonly motif: string
  readonly texte: string
  readonly agent: string
  readonly envoi: string
}

function lireSaisie(requete: Requete): Saisie {
  const action = champ(requete, 'action')
  const taches = (requete.champs.tache ?? []).filter(estId)
  if (!estAction(action)) throw new Introuvable()
  return {
    action,
    taches,
    retour: lireRetour(champ(requete, 'retour')),
    le: champ(requete, 'le') || requete.session.jour.toString(),
    motif: champ(requete, 'motif'),
    texte: champ(requete, 'texte'),
    agent: champ(requete, 'agent'),
    envoi: lireEnvoi(requete),
  }
}

const FIL = [{ libelle: 'Ce qu’on attend de nous', href: '/engagements' }]

function PageLot({
  requete,
  saisie,
  collegues,
  erreurs,
}: {
  requete: Requete
  saisie: Saisie
  collegues: readonly Collegue[]
  erreurs: readonly Erreur[]
}): ReactElement {
  const { empechements } = chargerPreuves(requete.session.referentiel.racine)
  const { action, taches } = saisie
  return (
    <Cadre
      requete={requete}
      titre={`${ACTIONS[action]} : ${pluriel(taches.length, 'engagement', 'engagements')}`}
      courante="engagements"
      fil={[...FIL, { libelle: ACTIONS[action] }]}
      chapo="La même chose sera écrite pour chacun. Elle se défait d’un clic, juste après."
      erreur={erreurs.length > 0}
    >
      <ResumeErreurs titre="Rien n’a été enregistré" erreurs={erreurs} />
      <Formulaire
        action="/engagements/lot/faire"
        jeton={requete.connecte.jetonFormulaire}
        champs={{ action, tache: taches, retour: saisie.retour, envoi: saisie.envoi }}
        libelle={ACTIONS[action]}
      >
        {action === 'attribuer' ? (
          <Selection
            nom="agent"
            libelle="Collègue"
            vide="Choisir"
            valeur={saisie.agent}
            options={[
              ...collegues.map(({ id, nom }) => ({ valeur: id, libelle: nom })),
              { valeur: 'personne', libelle: 'Personne : rendre à l’organisme' },
            ]}
            erreur={messageDe(erreurs, 'agent')}
          />
        ) : (
          <>
            <ChampDate
              nom="le"
              libelle="Le"
              valeur={lireJourSaisi(saisie.le) ?? requete.session.jour}
              max={requete.session.jour}
              erreur={messageDe(erreurs, 'le')}
            />
            {action === 'empechee' && (
              <Selection
                nom="motif"
                libelle="Ce qui l’a empêché"
                vide="Choisir"
                valeur={saisie.motif}
                options={empechements.map(({ id, libelle }) => ({ valeur: id, libelle }))}
                erreur={messageDe(erreurs, 'motif')}
              />
            )}
            <Champ
              nom="texte"
              libelle="En quelques mots"
              lignes={3}
              longueurMax={LONGUEUR_PREUVE}
              facultatif={action === 'empechee'}
              valeur={saisie.texte}
              aide="Le même texte pour chacun : rien de propre à un ménage. Lu par votre organisme et le secrétariat."
              erreur={messageDe(erreurs, 'texte')}
            />
          </>
        )}
        <Actions>
          <Bouton genre="principal">{ACTIONS[action]}</Bouton>
          <a href={saisie.retour}>Revenir sans rien changer</a>
        </Actions>
      </Formulaire>
    </Cadre>
  )
}

async function montrer(requete: Requete, saisie: Saisie, erreurs: readonly Erreur[] = []): Promise<Reponse> {
  const collegues = saisie.action === 'attribuer' ? await listerCollegues(requete.session) : []
  return page(
    <PageLot requete={requete} saisie={saisie} collegues={collegues} erreurs={erreurs} />,
    erreurs.length > 0 ? 422 : undefined,
  )
}

/** POST /engagements/lot: what was chosen, re-read before it is written; taking for oneself and confirming are done at once. */
export async function preparerLot(requete: Requete): Promise<Reponse> {
  const { session } = requete
  const saisie = lireSaisie(requete)
  const { action, taches, retour, envoi } = saisie
  if (taches.length === 0)
    return redirection(retour, { texte: 'Cocher d’abord au moins un engagement.', ton: 'bientot' })
  if (action === 'prendre') {
    const fait = await attribuerTaches(session, { taches, agent: session.acteur.compte, envoi })
    return redirection(retour, direFait(fait, ['pris pour vous', 'pris pour vous'], retour))
  }
  if (action === 'confirmer') {
    const fait = await confirmerTaches(session, taches, envoi)
    return redirection(retour, direFait(fait, ['dit applicable', 'dits applicables'], retour))
  }
  return montrer(requete, { ...saisie, texte: '', motif: '' })
}

/** POST /engagements/lot/faire: the same proof, the same impediment or the same colleague for each. */
export async function faireLot(requete: Requete): Promise<Reponse> {
  const { session, application } = requete
  const saisie = lireSaisie(requete)
  const { action, taches, retour, envoi } = saisie
  if (taches.length === 0) throw refus('engagement.choix', 'Cocher d’abord au moins un engagement.')
  if (estCloture(action)) {
    const le = lireJourSaisi(saisie.le)
    const fautes = verifierCloture(session, { genre: action, le, motif: saisie.motif, texte: saisie.texte })
    const erreurs = Object.entries(fautes).map(([nom, message]) => ({ nom, message }))
    if (erreurs.length > 0 || le === null) return montrer(requete, saisie, erreurs)
    const fait = await cloreTaches(session, application.acces?.cles ?? null, {
      taches,
      genre: action,
      le,
      motif: action === 'empechee' ? saisie.motif : undefined,
      texte: saisie.texte,
      envoi,
    })
    return redirection(retour, direFait(fait, ['clos', 'clos'], retour))
  }
  if (saisie.agent !== 'personne' && !estId(saisie.agent))
    return montrer(requete, saisie, [{ nom: 'agent', message: 'Choisir une personne de votre organisme.' }])
  const agent = saisie.agent === 'personne' ? null : saisie.agent
  const fait = await attribuerTaches(session, { taches, agent, envoi })
  return redirection(retour, direFait(fait, ['passé', 'passés'], retour))
}

/** POST /engagements/defaire: everything one form did. */
export async function defaire(requete: Requete): Promise<Reponse> {
  const envoi = champ(requete, 'envoi')
  if (!estId(envoi)) throw new Introuvable()
  const { taches } = await defaireActes(requete.session, envoi)
  return redirection(lireRetour(champ(requete, 'retour')), {
    texte: `${pluriel(taches, 'engagement remis', 'engagements remis')} comme avant.`,
    ton: 'tenu',
  })
}

async function pageAbsence(
  requete: Requete,
  saisie: { du: string; jusqu_au: string; remplacant: string },
  erreurs: readonly Erreur[],
): Promise<Reponse> {
  const { session, acteur, connecte } = requete
  const [collegues, absences] = [await listerCollegues(session), await listerAbsences(session)]
  return page(
    <Cadre
      requete={requete}
      titre="Absence"
      courante="engagements"
      fil={[...FIL, { libelle: 'Absence' }]}
      chapo="Pendant une absence, vos engagements paraissent aussi chez la personne qui vous remplace. Ils restent à votre nom, et reviennent seuls à votre retour."
      erreur={erreurs.length > 0}
    >
      <ResumeErreurs titre="L’absence n’a pas été enregistrée" erreurs={erreurs} />
      <Carte titre="Déclarer mon absence">
        {collegues.length === 0 ? (
          <p>Aucun collègue n’a de compte dans votre organisme : l’administrateur peut en inviter un.</p>
        ) : (
          <Formulaire action="/engagements/absence" jeton={connecte.jetonFormulaire} libelle="Déclarer mon absence">
            <ChampDate
              nom="du"
              libelle="Premier jour"
              valeur={lireJourSaisi(saisie.du) ?? undefined}
              erreur={messageDe(erreurs, 'du')}
            />
            <ChampDate
              nom="jusqu_au"
              libelle="Dernier jour"
              valeur={lireJourSaisi(saisie.jusqu_au) ?? undefined}
              erreur={messageDe(erreurs, 'jusqu_au')}
            />
            <Selection
              nom="remplacant"
              libelle="Qui remplace"
              vide="Choisir"
              valeur={saisie.remplacant}
              options={collegues.map(({ id, nom }) => ({ valeur: id, libelle: nom }))}
              erreur={messageDe(erreurs, 'remplacant')}
            />
            <Actions>
              <Bouton genre="principal">Déclarer l’absence</Bouton>
            </Actions>
          </Formulaire>
        )}
      </Carte>
      {absences.length > 0 && (
        <Carte titre="Absences dans votre organisme">
          <ListeSobre
            lignes={absences.map((absence) => ({
              cle: absence.id,
              titre: `${absence.nom}, remplacé par ${absence.remplacant_nom}`,
              note: `Du ${formatDate(absence.du)} au ${formatDate(absence.jusqu_au)}`,
              droite:
                absence.compte === acteur.compte ? (
                  <BoutonPost
                    petit
                    action={`/engagements/absence/${absence.id}/retirer`}
                    jeton={connecte.jetonFormulaire}
                    libelleLu={`Retirer l’absence du ${formatDate(absence.du)}`}
                  >
                    Retirer
                  </BoutonPost>
                ) : undefined,
            }))}
          />
        </Carte>
      )}
    </Cadre>,
    erreurs.length > 0 ? 422 : undefined,
  )
}

/** GET /engagements/absence. */
export const montrerAbsence = (requete: Requete): Promise<Reponse> =>
  pageAbsence(requete, { du: requete.session.jour.toString(), jusqu_au: '', remplacant: '' }, [])

/** POST /engagements/absence. */
export async function declarerUneAbsence(requete: Requete): Promise<Reponse> {
  const { session } = requete
  const saisie = {
    du: champ(requete, 'du'),
    jusqu_au: champ(requete, 'jusqu_au'),
    remplacant: champ(requete, 'remplacant'),
  }
  const du = lireJourSaisi(saisie.du)
  const jusquAu = lireJourSaisi(saisie.jusqu_au)
  const remplacant = estId(saisie.remplacant) ? saisie.remplacant : ''
  const erreurs: Erreur[] = Object.entries(verifierAbsence(session, { du, jusquAu, remplacant })).map(
    ([nom, message]) => ({
      nom,
      message,
    }),
  )
  if (erreurs.length > 0 || !du || !jusquAu) return pageAbsence(requete, saisie, erreurs)
  const erreur = await tenter(
    session,
    'absence.declarer',
    (code) => (code === 'absence.croisee' ? 'du' : 'remplacant'),
    () => declarerAbsence(session, { du, jusquAu, remplacant }),
  )
  if (erreur) return pageAbsence(requete, saisie, [erreur])
  return redirection('/engagements/absence', { texte: 'Absence déclarée.', ton: 'tenu' })
}

/** POST /engagements/absence/:absence/retirer. */
export async function retirerUneAbsence(requete: Requete): Promise<Reponse> {
  const { absence } = requete.parametres
  if (!estId(absence)) throw new Introuvable()
  await retirerAbsence(requete.session, absence)
  return redirection('/engagements/absence', { texte: 'Absence retirée.', ton: 'tenu' })
}
