import { randomUUID } from 'node:crypto'
import { listerOrganismes, type Session } from '#acces'
import { listerDestinataires, noter as notifier } from '#notifications'
import { ecrireJour, type GenreVersion, lireVersion } from '#referentiel'
import { Interdit, Refus, refus } from '#socle/errors'
import { enqueue } from '#socle/queue'
import { controlerVersion } from './controles.ts'
import { lireTexteVersion, lireVersionLocale, trouverVersionParCle } from './lecture.ts'
import { ecrireReglages } from './parametres-saisis.ts'
import { simuler } from './simulation.ts'
import { calculerEmpreinte, cleLocale, ecrireDates, lireDepartement } from './texte.ts'
import type { Cote, EtatVersion, VersionLocale } from './types.ts'

const LONGUEUR_MAX = 200_000

/** Two people acting on the versions of one département wait for each other, so that numbers and dates of effect cannot cross. */
async function verrouiller(session: Session): Promise<void> {
  await session.sql`select pg_advisory_xact_lock(hashtextextended(${`versions:${session.dept}`}, 0))`
}

const TYPES_COTE: Readonly<Record<string, Cote>> = { prefecture: 'etat', departement: 'departement' }

/** The side a person pilots for, by the organisme they act for; null for any other. */
export async function lireCote(session: Session): Promise<Cote | null> {
  const sien = (await listerOrganismes(session)).find(({ id }) => id === session.acteur.organisme)
  return TYPES_COTE[sien?.type ?? ''] ?? null
}

async function exigerCote(session: Session): Promise<Cote> {
  const cote = session.acteur.compte === null ? null : await lireCote(session)
  if (cote === null)
    throw new Interdit('Seuls les pilotes de l’État et du Département soumettent et approuvent une version.')
  return cote
}

const conflit = (code: string, message: string): Refus => new Refus(code, message, { statut: 409 })

const MODIFIEE =
  'Cette version a changé pendant que la page était ouverte : la relire telle qu’elle est maintenant, puis recommencer.'

async function noter(
  session: Session,
  version: Pick<VersionLocale, 'id' | 'genre' | 'numero'>,
  type: string,
  suite: { details?: Record<string, unknown>; regles?: boolean } = {},
): Promise<void> {
  await ecrireEvenement(session, cleLocale(session.dept, version.genre, version.numero), type, suite)
  session.consigner({
    action: `version.${type}`,
    objet: 'version',
    objetId: version.id,
    details: { genre: version.genre, numero: version.numero },
  })
}

/** Tells the pilots of a side that a version waits for them, or was decided. */
async function prevenir(session: Session, version: VersionLocale, cote: Cote): Promise<void> {
  const organismes = (await listerOrganismes(session)).filter(({ type }) => TYPES_COTE[type] === cote)
  const destinataires = await listerDestinataires(
    session,
    organismes.map(({ id }) => id),
    'version.approuver',
  )
  await notifier(session, [{ genre: 'regle', destinataires, dossier: null, objet: version.id }])
}

const autreCote = (cote: Cote): Cote => (cote === 'etat' ? 'departement' : 'etat')

async function ecrireEvenement(
  session: Session,
  cle: string,
  type: string,
  { details = {}, regles = false }: { details?: Record<string, unknown>; regles?: boolean },
): Promise<void> {
  await session.sql`insert into evenement_version (dept, version, type, regles, a, compte, organisme, details)
    values (${session.dept}, ${cle}, ${type}, ${regles}, ${session.maintenant}, ${session.acteur.compte}, ${session.acteur.organisme},
      ${JSON.stringify(details)}::jsonb)`
}

/** Reads under the lock a version that must be in one of these states. */
async function prendre(session: Session, id: string, ...etats: readonly EtatVersion[]): Promise<VersionLocale> {
  await verrouiller(session)
  const version = await lireVersionLocale(session, id)
  if (!etats.includes(version.etat)) throw conflit('version.etat', MODIFIEE)
  return version
}

async function changerEtat(session: Session, version: VersionLocale, etat: EtatVersion): Promise<void> {
  await session.sql`update version_locale set etat = ${etat}, modifie_a = ${session.maintenant}, modifie_par = ${session.acteur.compte}
    where dept = ${session.dept} and id = ${version.id}`
}

/**
 * Opens a draft from a version: by default the one in force, its text unchanged but for its date of effect, which is the first day of the next month until the
 * pilot says otherwise. A draft of settings starts empty: only what changes is written.
 */
export async function creerVersion(
  session: Session,
  demande: { readonly genre: GenreVersion; readonly depart?: string | undefined },
): Promise<string> {
  const { genre } = demande
  await verrouiller(session)
  const du = session.jour.with({ day: 1 }).add({ months: 1 })
  const depart = demande.depart ?? trouverEnVigueur(session, genre)
  let texte = ecrireReglages([], du, null)
  let jusquAu: Temporal.PlainDate | null = null
  if (depart !== null) {
    if (demande.depart !== undefined && !(await estDuGenre(session, depart, genre)))
      throw refus('version.depart', 'Choisir une version de départ de la même sorte.')
    const lu = await lireTexteVersion(session, depart)
    if (genre !== 'parametres' || depart.startsWith('local/')) {
      const fin = lireFin(genre, lu)
      jusquAu = fin && Temporal.PlainDate.compare(fin, du) > 0 ? fin : null
      texte = genre === 'parametres' ? lu : ecrireDates(lu, du, jusquAu)
    }
  }
  const id = randomUUID()
  const [ligne] = await session.sql<{ numero: number }>`
    insert into version_locale (dept, id, genre, numero, depart, texte, empreinte, du, jusqu_au, cree_a, cree_par, modifie_a, modifie_par)
    select ${session.dept}, ${id}, ${genre}, coalesce(max(numero), 0) + 1, ${depart}, ${texte}, ${calculerEmpreinte(texte)}, ${du}::date,
      ${jusquAu}::date, ${session.maintenant}::timestamptz, ${session.acteur.compte}::uuid, ${session.maintenant}::timestamptz, ${session.acteur.compte}::uuid
    from version_locale where dept = ${session.dept} and genre = ${genre} returning numero`
  await noter(session, { id, genre, numero: ligne?.numero ?? 0 }, 'creer', { details: { depart } })
  return id
}

/** Name of the version a draft starts from when nobody chooses: in force today, otherwise the last begun. Null for settings. */
function trouverEnVigueur(session: Session, genre: GenreVersion): string | null {
  if (genre === 'parametres') return null
  const departement = lireDepartement(session)
  const suite = genre === 'repartition' ? departement.repartitions : departement.criteres
  const commencee = suite.findLast(({ du }) => Temporal.PlainDate.compare(du, session.jour) <= 0)
  return (commencee ?? suite[0])?.id ?? null
}

async function estDuGenre(session: Session, cle: string, genre: GenreVersion): Promise<boolean> {
  const locale = await trouverVersionParCle(session, cle)
  if (locale) return locale.genre === genre
  const departement = lireDepartement(session)
  const livre = (session.referentiel.livre ?? session.referentiel).departements.get(departement.code) ?? departement
  if (genre === 'repartition') return livre.repartitions.some(({ id }) => id === cle)
  return genre === 'criteres' && livre.criteres.some(({ id }) => id === cle)
}

function lireFin(genre: GenreVersion, texte: string): Temporal.PlainDate | null {
  try {
    return lireVersion(genre, texte, 'depart').valeur.jusqu_au ?? null
  } catch {
    return null
  }
}

/** What a pilot writes of a draft. */
export interface Saisie {
  readonly revision: number
  readonly texte: string
  readonly du: Temporal.PlainDate
  readonly jusqu_au: Temporal.PlainDate | null
  readonly motif: string
  readonly reference: string
  readonly reference_le: Temporal.PlainDate | null
}

/** Saves a draft, even one that cannot be read yet: only submitting asks for a sound text. Refused (409) when somebody saved it meanwhile. */
export async function enregistrerVersion(session: Session, id: string, saisie: Saisie): Promise<void> {
  const version = await prendre(session, id, 'brouillon')
  if (version.revision !== saisie.revision) throw conflit('version.modifiee', MODIFIEE)
  const brut = saisie.texte.replaceAll('\r\n', '\n')
  if (brut.length > LONGUEUR_MAX) throw refus('version.longueur', 'Ce texte est trop long pour une version de règles.')
  const texte = version.genre === 'parametres' ? brut : ecrireDates(brut, saisie.du, saisie.jusqu_au)
  await session.sql`update version_locale set revision = revision + 1, texte = ${texte}, empreinte = ${calculerEmpreinte(texte)}, du = ${saisie.du},
      jusqu_au = ${saisie.jusqu_au}, motif = ${saisie.motif.trim()}, reference = ${saisie.reference.trim()}, reference_le = ${saisie.reference_le},
      modifie_a = ${session.maintenant}, modifie_par = ${session.acteur.compte}
    where dept = ${session.dept} and id = ${id}`
  await noter(session, version, 'enregistrer')
}

/** Replays the dossiers under this version, and keeps the result with the text it is about (REP-01, AUT-12). */
export async function simulerVersion(session: Session, id: string): Promise<void> {
  const version = await lireVersionLocale(session, id)
  if (version.etat !== 'brouillon' && version.etat !== 'soumise') throw conflit('version.etat', MODIFIEE)
  const lue = lireVersion(version.genre, version.texte, cleLocale(session.dept, version.genre, version.numero))
  const simulation = { empreinte: version.empreinte, ...(await simuler(session, lue)) }
  await session.sql`update version_locale set simulation = ${JSON.stringify(simulation)}::jsonb
    where dept = ${session.dept} and id = ${id} and empreinte = ${version.empreinte}`
  await noter(session, version, 'simuler')
}

async function exigerSaine(session: Session, version: VersionLocale): Promise<void> {
  const [premier] = (await controlerVersion(session, version)).blocages
  if (premier) throw refus(premier.code, premier.message)
}

async function poserApprobation(session: Session, version: VersionLocale, cote: Cote): Promise<void> {
  await session.sql`insert into approbation_version (dept, version, cote, compte, organisme, empreinte, a)
    values (${session.dept}, ${version.id}, ${cote}, ${session.acteur.compte}, ${session.acteur.organisme}, ${version.empreinte}, ${session.maintenant})`
}

/** A pilot of one side proposes a sound, simulated version to the other side. Submitting is that side's approval. */
export async function soumettreVersion(session: Session, id: string, revision: number): Promise<void> {
  const cote = await exigerCote(session)
  const version = await prendre(session, id, 'brouillon')
  if (version.revision !== revision) throw conflit('version.modifiee', MODIFIEE)
  await exigerSaine(session, version)
  await changerEtat(session, version, 'soumise')
  await poserApprobation(session, version, cote)
  await noter(session, version, 'soumettre', {
    details: { cote, empreinte: version.empreinte, du: version.du.toString(), texte: version.texte },
  })
  await prevenir(session, version, autreCote(cote))
}

/** Takes a submitted version back to draft, for the side that submitted it; or a draft that was given up. */
export async function reprendreVersion(session: Session, id: string): Promise<void> {
  const version = await prendre(session, id, 'soumise', 'retiree')
  if (version.etat === 'soumise') {
    const cote = await exigerCote(session)
    if (!version.approbations.some((une) => une.cote === cote))
      throw new Interdit('Seul le côté qui a soumis cette version la reprend ; l’autre l’approuve ou la refuse.')
    await session.sql`delete from approbation_version where dept = ${session.dept} and version = ${id}`
  }
  await changerEtat(session, version, 'brouillon')
  await noter(session, version, 'reprendre')
}

/** Gives up a draft. It stays in the list and can be taken back. */
export async function retirerVersion(session: Session, id: string): Promise<void> {
  const version = await prendre(session, id, 'brouillon')
  await changerEtat(session, version, 'retiree')
  await noter(session, version, 'retirer')
}

/** What the person who decides has read: another text, or another simulation, is refused (409). */
export interface Relue {
  readonly revision: number
  readonly empreinte: string
}

async function prendreAutreCote(session: Session, id: string, relue: Relue): Promise<[VersionLocale, Cote]> {
  const cote = await exigerCote(session)
  const version = await prendre(session, id, 'soumise')
  if (version.revision !== relue.revision || version.empreinte !== relue.empreinte)
    throw conflit('version.modifiee', MODIFIEE)
  if (version.approbations.some((une) => une.cote === cote)) {
    throw refus(
      'version.meme-cote',
      'Votre côté a déjà donné son accord en soumettant cette version : c’est à l’autre de l’approuver ou de la refuser.',
    )
  }
  if (version.approbations.some(({ compte }) => compte === session.acteur.compte))
    throw refus('version.meme-personne', 'Une même personne ne décide pas pour les deux côtés.')
  return [version, cote]
}

/**
 * The co-pilot of the other side approves: the version applies from its date of effect, everywhere, without restart. Decisions already made keep the version they
 * were made under. With effect the same day, open dossiers are brought under it in the background.
 */
export async function approuverVersion(session: Session, id: string, relue: Relue): Promise<void> {
  const [version, cote] = await prendreAutreCote(session, id, relue)
  await exigerSaine(session, version)
  await poserApprobation(session, version, cote)
  await changerEtat(session, version, 'approuvee')
  await noter(session, version, 'approuver', {
    regles: true,
    details: { cote, empreinte: version.empreinte, du: version.du.toString() },
  })
  await prevenir(session, version, autreCote(cote))
  if (version.du.equals(session.jour))
    await enqueue(session, 'appliquer-regles', { dept: session.dept }, `appliquer-regles:${session.dept}`)
}

/** The co-pilot of the other side says no, and why. The text stays, to start another from. */
export async function refuserVersion(session: Session, id: string, relue: Relue, motif: string): Promise<void> {
  if (motif.trim().length < 3)
    throw refus('version.motif-refus', 'Écrire pourquoi la version est refusée : la personne qui l’a préparée le lira.')
  const [version, cote] = await prendreAutreCote(session, id, relue)
  await changerEtat(session, version, 'refusee')
  await noter(session, version, 'refuser', { details: { cote, motif: motif.trim() } })
  await prevenir(session, version, autreCote(cote))
}

/** Takes back an approval as long as the version has not taken effect: it waits for a decision again. */
export async function defaireApprobation(session: Session, id: string): Promise<void> {
  const cote = await exigerCote(session)
  const version = await prendre(session, id, 'approuvee')
  if (Temporal.PlainDate.compare(version.du, session.jour) <= 0) {
    throw refus(
      'version.en-vigueur',
      `Cette version s’applique depuis le ${ecrireJour(version.du)} : des décisions ont pu être prises avec elle. Préparer plutôt une nouvelle version.`,
    )
  }
  const derniere = version.approbations.at(-1)
  await session.sql`delete from approbation_version where dept = ${session.dept} and version = ${id} and cote = ${derniere?.cote ?? ''}`
  await changerEtat(session, version, 'soumise')
  await noter(session, version, 'defaire', { regles: true })
  await prevenir(session, version, autreCote(cote))
}

/** Keeps the day a version was sent to the partners, and how (REP-26). */
export async function noterEnvoi(
  session: Session,
  cle: string,
  envoi: { readonly le: Temporal.PlainDate; readonly moyen: string },
): Promise<void> {
  if (envoi.moyen.trim().length < 3) throw refus('version.envoi', 'Écrire à qui et comment la version a été envoyée.')
  if (Temporal.PlainDate.compare(envoi.le, session.jour) > 0)
    throw refus('version.envoi-date', 'La date d’envoi ne peut pas être à venir.')
  await lireTexteVersion(session, cle)
  await ecrireEvenement(session, cle, 'envoyer', { details: { le: envoi.le.toString(), moyen: envoi.moyen.trim() } })
  session.consigner({ action: 'version.envoyer', objet: 'version', objetId: cle })
}
