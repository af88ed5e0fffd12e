import { createHash } from 'node:crypto'
import type { ReactElement } from 'react'
import type { Dossier } from '#dossiers'
import {
  type ActeRequisition,
  type ContenuDiffuse,
  type Destinataire,
  type Diffusion,
  decrireGenre,
  diffuseEnTreve,
  diffuser,
  enVigueur,
  lireRequisition,
  listerActes,
  listerConviables,
  listerDestinataires,
  listerDiffusions,
  type Requisition,
} from '#requisitions'
import { Introuvable } from '#socle/errors'
import { parisDay } from '#socle/time'
import { formatDate, formatHeure, formatJourMois, formatNombre, pluriel } from '#socle/typography'
import { type Erreur, messageDe } from '../accompagner/saisie.ts'
import { Actions, Bouton, Carte, Champ, Formulaire, Message, Pile, ResumeErreurs } from '../composants/index.ts'
import { Cases } from '../echanges/commun.tsx'
import { CadreDossier, ouvrirDossier } from '../espaces.tsx'
import { champ, page, type Reponse, type Requete, redirection } from '../route.ts'
import { adresseDe, ESPACE, identifiant, marqueEnvoi } from './commun.tsx'

interface Prete {
  readonly dossier: Dossier
  readonly requisition: Requisition
  readonly possibles: readonly Destinataire[]
  readonly acte: string | null
  readonly heure: string
  /** The meeting people are asked to, or whose outcome they are told; null for the grant. */
  readonly reunion: ActeRequisition | null
  /** Those already told of this meeting, newest first. */
  readonly deja: readonly Diffusion[]
}

async function preparer(requete: Requete): Promise<Prete> {
  const { session } = requete
  const dossier = await ouvrirDossier(requete)
  const requisition = await lireRequisition(session, dossier.id, identifiant(requete, 'requisition'))
  const vivants = enVigueur(await listerActes(session, requisition.id))
  if (requete.recherche.quoi === CONCERTATION) {
    const reunion = vivants.findLast(({ genre }) => genre === 'concertation' || genre === 'concertation_tenue')
    if (!reunion) throw new Introuvable()
    return {
      dossier,
      requisition,
      possibles: await listerConviables(session, dossier, requisition),
      acte: reunion.id,
      heure: '',
      reunion,
      deja: (await listerDiffusions(session, requisition.id)).filter(({ acte }) => acte === reunion.id),
    }
  }
  return {
    dossier,
    requisition,
    possibles:
      requisition.etat === 'accordee' ? await listerDestinataires(session, dossier, requisition.decidee_le) : [],
    acte: vivants.findLast(({ genre }) => genre === 'decision')?.id ?? null,
    heure: vivants.findLast(({ genre }) => genre === 'date_prevue')?.donnees.heure ?? '',
    reunion: null,
    deja: [],
  }
}

const CONCERTATION = 'concertation'

const jourDe = (texte: string | undefined): Temporal.PlainDate | null => (texte ? Temporal.PlainDate.from(texte) : null)

const RELEVE = 'Relevé'
const RELEVE_MAX = 4000

/** What leaves of a meeting: when and where, or who was there and what is written for them. What was said and decided stays in the dossier. */
function contenuReunion(
  { dossier }: Pick<Prete, 'dossier'>,
  { genre, le, donnees }: ActeRequisition,
  releve: string,
): ContenuDiffuse {
  const prevue = jourDe(donnees.prevue_le)
  const lignes: (readonly [string, string | undefined])[] =
    genre === 'concertation'
      ? [
          ['Concertation', prevue ? formatDate(prevue) : 'jour à fixer'],
          ['Heure', donnees.heure && formatHeure(donnees.heure)],
          ['Lieu', donnees.lieu],
          ['À la demande de', donnees.demandeur],
          ['Conviés', donnees.participants?.split('\n').join(', ')],
        ]
      : [
          ['Concertation tenue le', formatDate(le)],
          ['Présents', donnees.participants?.split('\n').join(', ')],
          [RELEVE, releve],
        ]
  return {
    menage: dossier.titulaire,
    adresse: [dossier.adresse, dossier.commune].filter((part) => part !== '').join(', '),
    lignes: lignes.flatMap(([terme, valeur]) => (valeur ? [[terme, valeur] as const] : [])),
  }
}

/** What leaves: the grant, from when it may be executed, the day foreseen. Neither reasons nor opinions. */
function contenuOctroi({ dossier, requisition, heure }: Prete): ContenuDiffuse {
  const { decidee_le, executoire_le, prevue_le } = requisition
  return {
    menage: dossier.titulaire,
    adresse: [dossier.adresse, dossier.commune].filter((part) => part !== '').join(', '),
    lignes: [
      ...(decidee_le ? [['Concours accordé le', formatDate(decidee_le)] as const] : []),
      ...(executoire_le ? [['Exécutable à partir du', formatDate(executoire_le)] as const] : []),
      [
        'Mise en œuvre prévue',
        prevue_le ? `${formatDate(prevue_le)}${heure === '' ? '' : ` à ${formatHeure(heure)}`}` : 'pas encore fixée',
      ] as const,
    ],
  }
}

const contenuDe = (prete: Prete, releve: string): ContenuDiffuse =>
  prete.reunion ? contenuReunion(prete, prete.reunion, releve) : contenuOctroi(prete)

/** What its reader saw leave: sent back with the form, so that nothing else leaves. */
const marquerVu = (prete: Prete): string =>
  createHash('sha256')
    .update(JSON.stringify([prete.acte, contenuDe(prete, '')]))
    .digest('hex')

interface Saisie {
  readonly choisies: readonly string[]
  readonly releve: string
  readonly erreurs: readonly Erreur[]
}

function PageDiffuser({ requete, prete, saisie }: { requete: Requete; prete: Prete; saisie: Saisie }): ReactElement {
  const { choisies, releve, erreurs } = saisie
  const { dossier, requisition, possibles } = prete
  const { decidee_le } = requisition
  const treve = decidee_le && diffuseEnTreve(requete.session, decidee_le)
  const { reunion, deja } = prete
  const contenu = contenuDe(prete, '')
  const prevenu = (id: string): string => {
    const une = deja.find(({ organisme }) => organisme === id)
    return une ? ` Déjà prévenu le ${formatDate(parisDay(une.a))}.` : ''
  }
  const titre = !reunion
    ? 'Diffuser l’octroi et la date prévue'
    : reunion.genre === 'concertation'
      ? 'Convier à la concertation'
      : 'Dire que la concertation s’est tenue'
  return (
    <CadreDossier
      requete={requete}
      dossier={dossier}
      espace={ESPACE}
      titre={titre}
      acte={reunion ? decrireGenre(reunion.genre).libelle : 'Diffuser'}
    >
      <ResumeErreurs erreurs={erreurs} titre="Rien n’est parti" />
      {!reunion && requisition.etat !== 'accordee' ? (
        <Message ton="bientot">
          <p>Rien à diffuser : le concours n’est pas accordé.</p>
        </Message>
      ) : (
        <Pile>
          <Carte titre="Ce qui part">
            <p>
              <b>{contenu.menage}</b>, {contenu.adresse}
            </p>
            <ul>
              {contenu.lignes.map(([terme, valeur]) => (
                <li key={terme}>
                  {terme} : {valeur}
                </li>
              ))}
            </ul>
            <p className="note">
              {reunion?.genre === 'concertation_tenue' ? 'Avec le relevé écrit ci-dessous. ' : ''}
              {reunion ? 'Rien de ce qui est dit du ménage. ' : ''}Ni motifs, ni avis, ni rapport. Chacun est prévenu
              par ses notifications, sans contenu dans le courriel ; l’envoi est gardé comme preuve, avec le jour où il
              est ouvert.
            </p>
          </Carte>
          {reunion ? null : treve ? (
            <Message ton={treve.oui ? 'bientot' : 'info'}>
              <p>
                {treve.oui
                  ? `Concours accordé à partir du ${formatJourMois(`2000-${treve.du}`)} : les commissaires de justice et les bailleurs sociaux concernés sont prévenus aussi.`
                  : `Avant le ${formatJourMois(`2000-${treve.du}`)}, les commissaires de justice et les bailleurs sociaux ne sont pas prévenus par ce moyen.`}{' '}
                <span className="note">({[treve.source, treve.reserve].filter(Boolean).join(' ; ')})</span>
              </p>
            </Message>
          ) : (
            <Message>
              <p>
                La charte de ce département ne dit pas à partir de quelle date prévenir les commissaires de justice et
                les bailleurs sociaux.
              </p>
            </Message>
          )}
          <Carte titre="À qui">
            <Formulaire
              action={adresseDe(dossier, `/${requisition.id}/diffuser${reunion ? `?quoi=${CONCERTATION}` : ''}`)}
              jeton={requete.connecte.jetonFormulaire}
              champs={{ envoi: marqueEnvoi(champ(requete, 'envoi')), vu: marquerVu(prete) }}
            >
              {reunion?.genre === 'concertation_tenue' && (
                <Champ
                  nom="releve"
                  libelle="Ce qui est dit aux partenaires"
                  aide="Qui fait quoi, et pour quand. Lu par tous ceux qui sont cochés, bailleur compris : rien sur la santé, ni sur la vie du ménage."
                  lignes={6}
                  longueurMax={RELEVE_MAX}
                  valeur={releve}
                  erreur={messageDe(erreurs, 'releve')}
                />
              )}
              <Cases
                nom="destinataires"
                legende="Destinataires"
                erreurs={erreurs}
                choisies={choisies}
                options={possibles.map(({ id, nom, pourquoi, personnes }) => ({
                  valeur: id,
                  libelle: nom,
                  aide: `${pourquoi}. ${personnes === 0 ? 'Aucun compte ouvert : prévenir aussi hors d’Amont' : pluriel(personnes, 'personne', 'personnes')}.${prevenu(id)}`,
                }))}
              />
              <Actions>
                <Bouton genre="principal" icone="envoi">
                  {reunion ? 'Prévenir' : 'Diffuser'}
                </Bouton>
                <Bouton genre="tertiaire" href={adresseDe(dossier)}>
                  Revenir
                </Bouton>
              </Actions>
            </Formulaire>
          </Carte>
        </Pile>
      )}
    </CadreDossier>
  )
}

/** GET /dossiers/:reference/force-publique/:requisition/diffuser (RFP-20, RFP-21, COU-26). */
export async function proposerDiffusion(requete: Requete): Promise<Reponse> {
  const prete = await preparer(requete)
  const { possibles, deja } = prete
  const saisie = {
    choisies: possibles
      .filter(({ id, propose }) => propose && !deja.some(({ organisme }) => organisme === id))
      .map(({ id }) => id),
    // Those who are told later read the same words.
    releve: deja[0]?.contenu.lignes.find(([terme]) => terme === RELEVE)?.[1] ?? '',
    erreurs: [],
  }
  return page(<PageDiffuser requete={requete} prete={prete} saisie={saisie} />)
}

/** POST, same address. */
export async function diffuserLOctroi(requete: Requete): Promise<Reponse> {
  const { session } = requete
  const prete = await preparer(requete)
  const { dossier, requisition, possibles, acte, reunion } = prete
  const choisies = requete.champs.destinataires ?? []
  const releve = champ(requete, 'releve').replaceAll('\r\n', '\n').trim()
  const refuser = (erreurs: readonly Erreur[], statut: number) =>
    page(<PageDiffuser requete={requete} prete={prete} saisie={{ choisies, releve, erreurs }} />, statut)
  if (champ(requete, 'vu') !== marquerVu(prete)) {
    session.consigner({ action: 'requisition.diffuser', resultat: 'refuse', details: { code: 'requisition.change' } })
    return refuser(
      [
        {
          nom: 'destinataires',
          message: 'Ce qui part a changé depuis que cette page a été ouverte. Le relire avant de prévenir.',
        },
      ],
      409,
    )
  }
  const destinataires = possibles.filter(({ id }) => choisies.includes(id))
  const erreurs: Erreur[] = []
  if (reunion?.genre === 'concertation_tenue') {
    if (releve === '') erreurs.push({ nom: 'releve', message: 'Écrire ce qui est dit aux partenaires.' })
    if (releve.length > RELEVE_MAX)
      erreurs.push({ nom: 'releve', message: `${formatNombre(RELEVE_MAX)} signes au plus.` })
  }
  if (destinataires.length === 0) erreurs.push({ nom: 'destinataires', message: 'Cocher au moins un destinataire.' })
  if (erreurs.length > 0) return refuser(erreurs, 422)
  const nombre = await diffuser(session, requisition, {
    ...(reunion
      ? {
          genre: 'concertation' as const,
          avant: reunion.genre === 'concertation' ? jourDe(reunion.donnees.prevue_le) : null,
        }
      : { genre: requisition.prevue_le ? ('date' as const) : ('decision' as const) }),
    contenu: contenuDe(prete, releve),
    acte,
    destinataires,
    envoi: marqueEnvoi(champ(requete, 'envoi')),
  })
  return redirection(adresseDe(dossier), {
    texte: reunion
      ? `Concertation : ${pluriel(nombre, 'organisme prévenu', 'organismes prévenus')}.`
      : `Octroi diffusé à ${pluriel(nombre, 'organisme', 'organismes')}.`,
  })
}
