import type { ReactElement } from 'react'
import { aLeDroit } from '#acces'
import {
  type ActionMenee,
  engagementsHorsDossier,
  LONGUEURS_ACTION,
  listerActionsMenees,
  noterAction,
  retirerAction,
  type SaisieAction,
  verifierAction,
} from '#engagements'
import type { Engagement, EngagementGeneral } from '#referentiel'
import { Introuvable } from '#socle/errors'
import { isUuid } from '#socle/text'
import { formatDate, formatNombre, pluriel } from '#socle/typography'
import { type Erreur, lireJourSaisi, messageDe } from '../accompagner/saisie.ts'
import {
  Actions,
  Bouton,
  BoutonPost,
  Carte,
  Champ,
  ChampDate,
  EtatVide,
  Formulaire,
  ListeSobre,
  Message,
  Pile,
  ResumeErreurs,
  Selection,
} from '../composants/index.ts'
import { champ, page, type Reponse, type Requete, redirection } from '../route.ts'
import { CadreCharte } from './cadre-charte.tsx'
import { type LectureCharte, lireCharte } from './lecture.ts'

const decrire = ({ le, preuve, public_touche, nombre, organisme_nom }: ActionMenee): string =>
  [
    `${formatDate(le)}, ${organisme_nom}`,
    `Preuve : ${preuve}`,
    ...(public_touche === '' && nombre === null
      ? []
      : [
          `Public touché : ${[public_touche, nombre === null ? '' : pluriel(nombre, 'personne', 'personnes')].filter(Boolean).join(', ')}`,
        ]),
  ].join('. ')

/** The card of an engagement that no dossier carries: what was done of it, by whom, with its proof (ENG-14). */
export async function lireCarteActions(
  requete: Requete,
  { charte, lien }: LectureCharte,
  engagement: Pick<Engagement | EngagementGeneral, 'id' | 'mode'>,
): Promise<ReactElement | null> {
  if (engagement.mode !== 'organisation') return null
  const actions = await listerActionsMenees(requete.session, { charte: charte.id, engagement: engagement.id })
  const sien =
    aLeDroit(requete.acteur, 'action_charte.noter') &&
    engagementsHorsDossier(charte, requete.acteur.organismeType).some(({ id }) => id === engagement.id)
  return (
    <Carte
      titre="Ce qui a été fait"
      {...(actions.length > 0 ? { aside: pluriel(actions.length, 'action', 'actions') } : {})}
    >
      <p className="note">
        Aucun dossier ne porte cet engagement : il se suit par les actions menées, avec leur date, leur preuve et le
        public touché.
      </p>
      {actions.length === 0 ? (
        <p>Aucune action notée{requete.acteur.acces.portee === 'departement' ? '' : ' par votre organisme'}.</p>
      ) : (
        <ListeSobre lignes={actions.map((action) => ({ cle: action.id, titre: action.quoi, note: decrire(action) }))} />
      )}
      {sien && (
        <Actions>
          <Bouton href={lien('/charte/actions', { engagement: engagement.id })}>Noter une action</Bouton>
        </Actions>
      )}
    </Carte>
  )
}

interface Typee extends Omit<SaisieAction, 'le'> {
  readonly le: string
  readonly envoi: string
}

async function pageActions(requete: Requete, typee: Typee, erreurs: readonly Erreur[]): Promise<Reponse> {
  const { session, acteur, connecte } = requete
  const lecture = lireCharte(requete)
  const { charte, lien } = lecture
  const siens = engagementsHorsDossier(charte, acteur.organismeType)
  const actions = await listerActionsMenees(session, {
    charte: charte.id,
    ...(acteur.acces.portee === 'departement' ? {} : { organisme: acteur.organisme ?? '' }),
  })
  const anneeDe = ({ le }: ActionMenee) => le.year
  const libelles = new Map(
    [...charte.engagements, ...charte.generaux.flatMap(({ engagements }) => engagements)].map((un) => [
      un.id,
      un.libelle,
    ]),
  )
  return page(
    <CadreCharte
      requete={requete}
      lecture={lecture}
      partie="engagements"
      titre="Engagements hors dossier"
      fil={[{ libelle: 'Engagements', href: lien('/charte/engagements') }, { libelle: 'Hors dossier' }]}
      chapo="Ce que la charte attend d’un organisme sans qu’un dossier le porte : réunions, dépliants, listes, bonnes pratiques. Chaque action se note avec sa date et sa preuve."
    >
      <ResumeErreurs titre="L’action n’a pas été notée" erreurs={erreurs} />
      <Pile>
        {siens.length === 0 ? (
          <Message>
            <p>Ce document ne donne à votre organisme aucun engagement hors dossier.</p>
          </Message>
        ) : (
          <Carte titre="Noter une action" id="noter">
            <Formulaire
              action="/charte/actions"
              jeton={connecte.jetonFormulaire}
              libelle="Noter une action"
              champs={{ envoi: typee.envoi }}
            >
              <Selection
                nom="engagement"
                libelle="Engagement"
                vide="Choisir"
                valeur={typee.engagement}
                options={siens.map(({ id, libelle }) => ({ valeur: id, libelle }))}
                erreur={messageDe(erreurs, 'engagement')}
              />
              <ChampDate
                nom="le"
                libelle="Le"
                valeur={lireJourSaisi(typee.le) ?? undefined}
                max={session.jour}
                erreur={messageDe(erreurs, 'le')}
              />
              <Champ
                nom="quoi"
                libelle="Ce qui a été fait"
                lignes={3}
                longueurMax={LONGUEURS_ACTION.quoi}
                valeur={typee.quoi}
                aide="Ne nommer aucun ménage : ceux qui suivent la charte lisent ce texte."
                erreur={messageDe(erreurs, 'quoi')}
              />
              <Champ
                nom="preuve"
                libelle="Ce qui le montre"
                longueurMax={LONGUEURS_ACTION.preuve}
                valeur={typee.preuve}
                aide="Compte rendu et sa date, dépliant, adresse d’une page, liste envoyée."
                erreur={messageDe(erreurs, 'preuve')}
              />
              <Champ
                nom="public"
                libelle="Public touché"
                facultatif
                longueurMax={LONGUEURS_ACTION.public}
                valeur={typee.publicTouche}
                erreur={messageDe(erreurs, 'public')}
              />
              <Champ
                nom="nombre"
                libelle="Combien de personnes"
                facultatif
                court
                chiffres
                valeur={typee.nombre}
                erreur={messageDe(erreurs, 'nombre')}
              />
              <Actions>
                <Bouton genre="principal">Noter l’action</Bouton>
              </Actions>
            </Formulaire>
          </Carte>
        )}
        {actions.length === 0 ? (
          <EtatVide titre="Aucune action notée">
            Les actions notées paraissent ici, et sur la fiche de leur engagement.
          </EtatVide>
        ) : (
          [...Map.groupBy(actions, anneeDe)].map(([annee, siennes]) => (
            <Carte key={annee} titre={`Actions de ${annee}`} aside={formatNombre(siennes.length)}>
              <ListeSobre
                lignes={siennes.map((action) => ({
                  cle: action.id,
                  titre: action.quoi,
                  note: `${libelles.get(action.engagement) ?? action.engagement}. ${decrire(action)}`,
                  droite:
                    action.organisme === acteur.organisme ? (
                      <BoutonPost
                        petit
                        action={`/charte/actions/${action.id}/retirer`}
                        jeton={connecte.jetonFormulaire}
                        libelleLu={`Retirer l’action du ${formatDate(action.le)}`}
                      >
                        Retirer
                      </BoutonPost>
                    ) : undefined,
                }))}
              />
            </Carte>
          ))
        )}
      </Pile>
    </CadreCharte>,
    erreurs.length > 0 ? 422 : undefined,
  )
}

/** GET /charte/actions: what is done of the engagements that no dossier carries. */
export const montrerActions = (requete: Requete): Promise<Reponse> =>
  pageActions(
    requete,
    {
      engagement: requete.recherche.engagement ?? '',
      le: requete.session.jour.toString(),
      quoi: '',
      preuve: '',
      publicTouche: '',
      nombre: '',
      envoi: crypto.randomUUID(),
    },
    [],
  )

/** POST /charte/actions. */
export async function noterUneAction(requete: Requete): Promise<Reponse> {
  const { session } = requete
  const envoi = champ(requete, 'envoi')
  const typee: Typee = {
    engagement: champ(requete, 'engagement'),
    le: champ(requete, 'le'),
    quoi: champ(requete, 'quoi').replaceAll('\r\n', '\n').trim(),
    preuve: champ(requete, 'preuve').trim(),
    publicTouche: champ(requete, 'public').trim(),
    nombre: champ(requete, 'nombre').trim(),
    envoi: isUuid(envoi) ? envoi : crypto.randomUUID(),
  }
  const { charte } = lireCharte(requete)
  const saisie: SaisieAction = { ...typee, le: lireJourSaisi(typee.le) }
  const erreurs = Object.entries(verifierAction(session, charte, saisie)).map(([nom, message]) => ({ nom, message }))
  if (erreurs.length > 0) return pageActions(requete, typee, erreurs)
  await noterAction(session, charte, saisie, typee.envoi)
  return redirection('/charte/actions', { texte: 'Action notée.', ton: 'tenu' })
}

/** POST /charte/actions/:action/retirer. */
export async function retirerUneAction(requete: Requete): Promise<Reponse> {
  const { action = '' } = requete.parametres
  if (!isUuid(action)) throw new Introuvable()
  await retirerAction(requete.session, action)
  return redirection('/charte/actions', { texte: 'Action retirée.', ton: 'tenu' })
}
