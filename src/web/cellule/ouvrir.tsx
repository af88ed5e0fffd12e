import { randomUUID } from 'node:crypto'
import type { ReactElement } from 'react'
import {
  AUTRE_OBJET,
  type ConsultationPrevue,
  cadreDeLaCellule,
  type DemandeConsultation,
  ecrireDelai,
  type Interlocuteurs,
  LIBELLE_AUTRE_OBJET,
  LONGUEUR_QUESTION,
  listerInterlocuteurs,
  listerPiecesAMontrer,
  modesConsultation,
  ouvrirConsultation,
  prevoirConsultation,
} from '#commission'
import type { Dossier } from '#dossiers'
import type { Piece } from '#echanges'
import { Conflit } from '#socle/errors'
import { formatDate, formatInstant, formatNombre, pluriel } from '#socle/typography'
import { type Erreur, lireJourSaisi, messageDe, tenter } from '../accompagner/saisie.ts'
import {
  Actions,
  Bouton,
  BoutonsRadio,
  Carte,
  Champ,
  ChampDate,
  Colonnes,
  Formulaire,
  ListeDefinition,
  ListeSobre,
  Message,
  ResumeErreurs,
} from '../composants/index.ts'
import { ouConflit } from '../conflit.tsx'
import { Cases } from '../echanges/commun.tsx'
import { CadreDossier, ouvrirDossier } from '../espaces.tsx'
import { champ, page, type Reponse, type Requete, redirection } from '../route.ts'
import { adresseConsultation, adresseDe, CarteCharte, ESPACE, lignesDesRegles, NON_FIXE } from './commun.tsx'
import { RelireConsultation } from './relire.tsx'

/** Urgency chosen by hand: a day and an hour. */
const AUTRE_DELAI = 'autre'
const RAPPEL =
  'Ni diagnostic ni soin : ce qui sert à décider, en mots neutres. Chaque organisme consulté lira cette question telle quelle.'

/** What was typed, kept whatever happens. */
export interface SaisieConsultation {
  readonly objet: string
  readonly situations: readonly string[]
  readonly question: string
  readonly mode: string
  readonly urgence: string
  readonly echeanceLe: string
  readonly echeanceHeure: string
  readonly invites: readonly string[]
  readonly pieces: readonly string[]
  readonly envoi: string
}

export function lireSaisie(requete: Requete): SaisieConsultation {
  const plusieurs = (nom: string) => requete.champs[nom]?.filter((valeur) => valeur !== '') ?? []
  return {
    objet: champ(requete, 'objet'),
    situations: plusieurs('situations'),
    question: champ(requete, 'question'),
    mode: champ(requete, 'mode'),
    urgence: champ(requete, 'urgence'),
    echeanceLe: champ(requete, 'echeance_le'),
    echeanceHeure: champ(requete, 'echeance_heure'),
    invites: plusieurs('invites'),
    pieces: plusieurs('pieces'),
    envoi: champ(requete, 'envoi') || randomUUID(),
  }
}

const VIDE: Omit<SaisieConsultation, 'envoi'> = {
  objet: '',
  situations: [],
  question: '',
  mode: '',
  urgence: '',
  echeanceLe: '',
  echeanceHeure: '',
  invites: [],
  pieces: [],
}

/** The fields of a form, to carry them to the next page. */
export const champsDe = (saisie: SaisieConsultation): Record<string, string | readonly string[]> => ({
  objet: saisie.objet,
  situations: saisie.situations,
  question: saisie.question,
  mode: saisie.mode,
  urgence: saisie.urgence,
  echeance_le: saisie.echeanceLe,
  echeance_heure: saisie.echeanceHeure,
  invites: saisie.invites,
  pieces: saisie.pieces,
  envoi: saisie.envoi,
})

function lireEcheance({ echeanceLe, echeanceHeure }: SaisieConsultation): Temporal.Instant | null {
  const jour = lireJourSaisi(echeanceLe)
  if (jour === null || !/^([01]\d|2[0-3]):[0-5]\d$/.test(echeanceHeure)) return null
  return jour
    .toZonedDateTime({ timeZone: 'Europe/Paris', plainTime: Temporal.PlainTime.from(echeanceHeure) })
    .toInstant()
}

export const enDemande = (saisie: SaisieConsultation): DemandeConsultation => ({
  objet: saisie.objet,
  situations: saisie.situations,
  question: saisie.question,
  mode: saisie.mode,
  urgence: saisie.urgence === AUTRE_DELAI ? '' : saisie.urgence,
  echeance: saisie.urgence === AUTRE_DELAI || saisie.urgence === '' ? lireEcheance(saisie) : null,
  invites: saisie.invites,
  pieces: saisie.pieces,
})

export const CHAMPS_CONSULTATION: Readonly<Record<string, string>> = {
  'consultation.objet': 'objet',
  'consultation.question': 'question',
  'consultation.urgence': 'urgence',
  'consultation.echeance': 'echeance_le',
  'consultation.invites': 'invites',
}

/** Why, the question and the delay: the same for a partner and for a landlord. `bailleur`: only what the charter lets it ask. */
export function ChampsConsultation({
  requete,
  saisie,
  erreurs,
  bailleur = null,
}: {
  requete: Requete
  saisie: SaisieConsultation
  erreurs: readonly Erreur[]
  bailleur?: string | null
}): ReactElement {
  const { cellule } = cadreDeLaCellule(requete.session)
  const objets = (cellule?.objets ?? []).filter(
    ({ bailleurs }) => bailleur === null || (bailleurs as readonly string[] | undefined)?.includes(bailleur),
  )
  const situations = bailleur === null ? objets.flatMap((objet) => objet.situations ?? []) : []
  const urgences = cellule?.urgences ?? []
  return (
    <>
      <BoutonsRadio
        nom="objet"
        libelle="Pourquoi consulter la cellule"
        valeur={saisie.objet}
        erreur={messageDe(erreurs, 'objet')}
        options={[
          ...objets.map(({ id, libelle, precision }) => ({ valeur: id, libelle, aide: precision })),
          ...(bailleur === null
            ? [
                {
                  valeur: AUTRE_OBJET,
                  libelle: LIBELLE_AUTRE_OBJET,
                  aide: cellule
                    ? 'La liste de la charte n’est pas fermée.'
                    : `Liste des motifs : ${NON_FIXE.toLowerCase()}.`,
                },
              ]
            : []),
        ]}
      />
      {situations.length > 0 && (
        <Cases
          nom="situations"
          legende="Si la situation est complexe, pourquoi"
          facultatif
          choisies={saisie.situations}
          options={situations.map(({ id, libelle, sante }) => ({
            valeur: id,
            libelle,
            aide: sante
              ? 'Lu par votre organisme et par les services sociaux qui y ont droit, pas par les autres.'
              : undefined,
          }))}
        />
      )}
      <Champ
        nom="question"
        libelle="La question"
        lignes={5}
        longueurMax={LONGUEUR_QUESTION}
        aide={RAPPEL}
        valeur={saisie.question}
        erreur={messageDe(erreurs, 'question')}
      />
      {bailleur === null && (
        <BoutonsRadio
          nom="mode"
          libelle="Comment"
          valeur={saisie.mode || 'dematerialise'}
          options={[
            {
              valeur: 'dematerialise',
              libelle: modesConsultation.dematerialise,
              aide: 'Pour un point technique et urgent : chacun donne sa position ici.',
            },
            {
              valeur: 'reunion',
              libelle: modesConsultation.reunion,
              aide: 'Pour échanger sur le fond. La date se fixe une fois la consultation ouverte.',
            },
          ]}
        />
      )}
      {urgences.length > 0 && (
        <BoutonsRadio
          nom="urgence"
          libelle="Délai de réponse"
          valeur={saisie.urgence}
          erreur={messageDe(erreurs, 'urgence')}
          options={[
            ...urgences.map(({ id, libelle, delai, fiabilite }) => ({
              valeur: id,
              libelle: `${libelle} : ${ecrireDelai(delai)}`,
              aide: fiabilite === 'defaut' ? 'Valeur par défaut d’Amont, à compléter par le département' : undefined,
            })),
            { valeur: AUTRE_DELAI, libelle: 'Une autre échéance, ci-dessous' },
          ]}
        />
      )}
      {urgences.length === 0 && (
        <p className="note">Délais de réponse : {NON_FIXE.toLowerCase()}. Choisir l’échéance.</p>
      )}
      <div className="champs">
        <ChampDate
          nom="echeance_le"
          libelle="Échéance, jour"
          libre={urgences.length > 0}
          valeur={saisie.echeanceLe || undefined}
          min={requete.session.jour}
          erreur={messageDe(erreurs, 'echeance_le')}
        />
        <Champ
          nom="echeance_heure"
          libelle="Échéance, heure"
          court
          libre={urgences.length > 0}
          aide="Par exemple 17:00"
          valeur={saisie.echeanceHeure}
        />
      </div>
    </>
  )
}

function PageSaisie({
  requete,
  dossier,
  interlocuteurs: { permanents, invites },
  pieces,
  saisie,
  erreurs,
}: {
  requete: Requete
  dossier: Dossier
  interlocuteurs: Interlocuteurs
  pieces: readonly Piece[]
  saisie: SaisieConsultation
  erreurs: readonly Erreur[]
}): ReactElement {
  return (
    <CadreDossier
      requete={requete}
      dossier={dossier}
      espace={ESPACE}
      titre="Consulter la cellule technique"
      acte="Consulter"
      chapo="Entre deux commissions, pour un point urgent ou une situation complexe. Sa décision est provisoire : la commission suivante la régularise."
      large
    >
      <ResumeErreurs titre="La consultation n’est pas partie" erreurs={erreurs} />
      <Colonnes genre="dossier">
        <Carte titre="La consultation">
          <Formulaire
            action={adresseDe(dossier, '/nouvelle')}
            jeton={requete.connecte.jetonFormulaire}
            champs={{ envoi: saisie.envoi, etape: 'relire' }}
          >
            <ChampsConsultation requete={requete} saisie={saisie} erreurs={erreurs} />
            <p>
              <b>Toujours consultés :</b>{' '}
              {permanents.length === 0 ? NON_FIXE.toLowerCase() : permanents.map(({ nom }) => nom).join(', ')}.
            </p>
            {invites.length > 0 && (
              <Cases
                nom="invites"
                legende={permanents.length === 0 ? 'Qui consulter' : 'Inviter aussi'}
                facultatif={permanents.length > 0}
                choisies={saisie.invites}
                erreurs={erreurs}
                options={invites.map(({ id, nom, engage, litLeDossier }) => ({
                  valeur: id,
                  libelle: nom,
                  aide: engage
                    ? 'Suit déjà ce dossier'
                    : litLeDossier
                      ? 'Lira le dossier, selon ses droits, jusqu’à la fin de la consultation'
                      : 'Lira la consultation et le nom du ménage, jamais le dossier',
                }))}
              />
            )}
            {pieces.length > 0 && (
              <Cases
                nom="pieces"
                legende="Pièces du dossier à montrer"
                facultatif
                choisies={saisie.pieces}
                options={pieces.map(({ id, nom, a }) => ({
                  valeur: id,
                  libelle: nom,
                  aide: `Déposée par votre organisme, ${formatInstant(a)}`,
                }))}
              />
            )}
            <Actions>
              <Bouton genre="principal">Relire avant d’envoyer</Bouton>
              <Bouton genre="tertiaire" href={adresseDe(dossier)}>
                Revenir
              </Bouton>
            </Actions>
          </Formulaire>
        </Carte>
        <CarteCharte requete={requete} />
      </Colonnes>
    </CadreDossier>
  )
}

/** The same for a landlord, which does not read the dossier: names alone, since how far each one reads would say who already follows its tenant. */
export function NomsDesLecteurs({ prevue }: { prevue: ConsultationPrevue }): ReactElement {
  return (
    <>
      <Message ton="reserve">
        <p>
          <b>Qui lira ceci ?</b> Les organismes ci-dessous, et personne d’autre.
        </p>
      </Message>
      <ListeSobre
        lignes={prevue.membres
          .toSorted((a, b) => a.nom.localeCompare(b.nom, 'fr'))
          .map(({ organisme, nom }) => ({ cle: organisme, titre: nom }))}
      />
    </>
  )
}

/** Who will read, before anything leaves: one line for each organisme, with how far it reads. */
function QuiLiraLaConsultation({ prevue }: { prevue: ConsultationPrevue }): ReactElement {
  const nombre = prevue.membres.reduce((total, { personnes }) => total + personnes, 0)
  return (
    <>
      <Message ton="reserve">
        <p>
          <b>Qui lira ceci ?</b> {pluriel(nombre, 'personne', 'personnes')} des{' '}
          {pluriel(prevue.membres.length, 'organisme', 'organismes')} ci-dessous, et personne d’autre. L’accès ouvert
          pour cette consultation finit avec elle, sauf si une autre en a encore besoin. Qui lit déjà le dossier
          continue de le lire, et cette consultation avec.
        </p>
      </Message>
      <ListeSobre
        lignes={prevue.membres.map((membre) => ({
          cle: membre.organisme,
          titre: membre.nom,
          note: [
            {
              auteur: 'consulte la cellule',
              secretariat: 'enregistre, sans donner de position',
              permanent: 'membre permanent',
              invite: 'invité',
            }[membre.qualite],
            membre.personnes === 0
              ? 'personne n’y a encore d’accès'
              : pluriel(membre.personnes, 'personne', 'personnes'),
            membre.litLeDossier
              ? membre.ouvre
                ? membre.qualite === 'invite'
                  ? 'lira le dossier, selon ses droits, jusqu’à la fin de la consultation'
                  : 'lira le dossier, selon ses droits, jusqu’à la régularisation'
                : 'lit déjà le dossier, selon ses droits'
              : 'lit la consultation, jamais le dossier',
          ].join(' ; '),
        }))}
      />
    </>
  )
}

/** What leaves, in words. */
export function RecapConsultation({
  requete,
  saisie,
  prevue,
}: {
  requete: Requete
  saisie: SaisieConsultation
  prevue: ConsultationPrevue
}): ReactElement {
  const { cellule } = cadreDeLaCellule(requete.session)
  const situations = (cellule?.objets.find(({ id }) => id === saisie.objet)?.situations ?? []).filter(({ id }) =>
    saisie.situations.includes(id),
  )
  return (
    <ListeDefinition
      lignes={[
        { terme: 'Pourquoi', valeur: prevue.regles.objet.libelle },
        {
          terme: 'Situation',
          valeur: situations.length === 0 ? null : situations.map(({ libelle }) => libelle).join(', '),
        },
        { terme: 'Question', valeur: saisie.question },
        { terme: 'Comment', valeur: modesConsultation[prevue.mode] },
        { terme: 'Répondre avant', valeur: formatInstant(prevue.echeance) },
        ...lignesDesRegles(prevue.regles),
        ...(saisie.pieces.length > 0 ? [{ terme: 'Pièces montrées', valeur: formatNombre(saisie.pieces.length) }] : []),
      ]}
    />
  )
}

function PageRelire({
  requete,
  dossier,
  saisie,
  prevue,
  erreurs,
}: {
  requete: Requete
  dossier: Dossier
  saisie: SaisieConsultation
  prevue: ConsultationPrevue
  erreurs: readonly Erreur[]
}): ReactElement {
  return (
    <CadreDossier requete={requete} dossier={dossier} espace={ESPACE} titre="Relire avant de consulter" acte="Relire">
      <ResumeErreurs titre="La consultation n’est pas partie" erreurs={erreurs.map(({ message }) => ({ message }))} />
      <RelireConsultation
        recap={<RecapConsultation requete={requete} saisie={saisie} prevue={prevue} />}
        lecteurs={<QuiLiraLaConsultation prevue={prevue} />}
        action={adresseDe(dossier, '/nouvelle')}
        jeton={requete.connecte.jetonFormulaire}
        champs={{ ...champsDe(saisie), marque: prevue.marque }}
      />
    </CadreDossier>
  )
}

async function montrerSaisie(
  requete: Requete,
  dossier: Dossier,
  saisie: SaisieConsultation,
  erreurs: readonly Erreur[] = [],
): Promise<Reponse> {
  const interlocuteurs = await listerInterlocuteurs(requete.session, dossier)
  const pieces = await listerPiecesAMontrer(requete.session, dossier.id)
  return page(
    <PageSaisie
      requete={requete}
      dossier={dossier}
      interlocuteurs={interlocuteurs}
      pieces={pieces}
      saisie={saisie}
      erreurs={erreurs}
    />,
    erreurs.length > 0 ? 422 : undefined,
  )
}

/** GET /dossiers/:reference/cellule/nouvelle (CEL-04). */
export async function proposerConsultation(requete: Requete): Promise<Reponse> {
  const dossier = await ouvrirDossier(requete)
  if (dossier.clos_le !== null)
    return redirection(adresseDe(dossier), {
      texte: `Ce dossier est clos depuis le ${formatDate(dossier.clos_le)} : la cellule n’y est plus consultée.`,
      ton: 'bientot',
    })
  return montrerSaisie(requete, dossier, { ...VIDE, objet: requete.recherche.objet ?? '', envoi: randomUUID() })
}

/** POST, same address: reads again who will read, then sends. */
export async function envoyerConsultation(requete: Requete): Promise<Reponse> {
  const { session } = requete
  const dossier = await ouvrirDossier(requete)
  const saisie = lireSaisie(requete)
  const etape = champ(requete, 'etape')
  if (etape === 'corriger') return montrerSaisie(requete, dossier, saisie)
  const demande = enDemande(saisie)
  const relire = async (message?: string, statut?: number): Promise<Reponse> => {
    let prevue: ConsultationPrevue | undefined
    const refusee = await tenter(
      session,
      'consultation.ouvrir',
      (code) => CHAMPS_CONSULTATION[code] ?? 'objet',
      async () => {
        prevue = await prevoirConsultation(session, dossier, demande)
      },
    )
    if (refusee || !prevue) return montrerSaisie(requete, dossier, saisie, refusee ? [refusee] : [])
    return page(
      <PageRelire
        requete={requete}
        dossier={dossier}
        saisie={saisie}
        prevue={prevue}
        erreurs={message === undefined ? [] : [{ nom: 'objet', message }]}
      />,
      statut,
    )
  }
  if (etape !== 'confirmer') return relire()
  let ouverte = ''
  const conflit = await ouConflit(requete, 'consultation.ouvrir', () =>
    tenter(
      session,
      'consultation.ouvrir',
      (code) => CHAMPS_CONSULTATION[code] ?? 'objet',
      async () => {
        ouverte = await ouvrirConsultation(session, dossier, {
          ...demande,
          envoi: saisie.envoi,
          marque: champ(requete, 'marque'),
        })
      },
    ),
  )
  if (conflit instanceof Conflit) return relire(conflit.message, 409)
  if (conflit) return montrerSaisie(requete, dossier, saisie, [conflit])
  return redirection(adresseConsultation(dossier, ouverte), {
    texte: 'La cellule est consultée. Les positions s’affichent ici dès qu’elles arrivent.',
  })
}
