import { randomUUID } from 'node:crypto'
import type { Session } from '#acces'
import {
  type Avertissement,
  type CodeGenre,
  type ContenuActe,
  champsDe,
  decrireGenre,
  type ErreurChamp,
  estGenreActe,
  type GroupeActe,
  verifierContenu,
} from '#procedure'
import { type Fragment, sql } from '#socle/db'
import { Conflit, Introuvable, refus } from '#socle/errors'
import { enqueue } from '#socle/queue'
import { isUuid } from '#socle/text'
import { conditionsRemplies } from './acces.ts'
import { exigerOuvert } from './cloture.ts'
import { avertirDe, conclure, rendreQualites, reunirActes, type SelonSignalements, type Signale } from './derivation.ts'
import { ecrireDerives } from './ecriture.ts'
import { consignerFaits } from './faits.ts'
import { lireDossier } from './lecture.ts'
import { estReserve, rejoindreSante, scellerGenreDuFait } from './scellement.ts'
import type { Acte, ActeSaisi, VersionActe } from './types.ts'
import {
  champsCaches,
  ecrireVersions,
  type LectureDesActes,
  lectureDesActes,
  lireVersion,
  ouvrirVersions,
  sansLesCaches,
  type VersionAEcrire,
} from './versions.ts'

/** What a person enters. `contenu` holds typed values: ISO days, cents, codes of the catalogue. */
export interface SaisieActe {
  /** Reference or id. */
  readonly dossier: string
  readonly genre: CodeGenre
  readonly le: Temporal.PlainDate
  readonly contenu?: ContenuActe
  /** Drawn with the form: sent twice, it writes once. */
  readonly envoi: string
}

/** Why an act is corrected or withdrawn. */
export const MOTIFS_CORRECTION = {
  erreur_de_saisie: 'Erreur de saisie',
  piece_lue: 'La pièce dit autre chose',
  autre_dossier: 'Acte d’un autre dossier',
  doublon: 'Acte écrit deux fois',
  acte_annule: 'Acte annulé ou caduc',
  autre: 'Autre raison',
} as const
export type MotifCorrection = keyof typeof MOTIFS_CORRECTION

/** Families of faits, by group: `acte.consigne`, `acte_dette.corrige`… */
const FAMILLE_DE_FAIT: Readonly<Record<GroupeActe, string>> = {
  procedure: 'acte',
  dette: 'acte_dette',
  ressources: 'acte_ressources',
  service: 'acte_suivi',
  sante: 'acte_menage',
  bailleur: 'acte_bailleur',
  composition: 'acte_composition',
}

/** What stops a record: unknown values, a missing one, a day to come. Impossible sequences only warn. */
export function verifierActe(
  session: Pick<Session, 'jour'>,
  { genre, le, contenu = {} }: Pick<SaisieActe, 'genre' | 'le' | 'contenu'>,
): readonly ErreurChamp[] {
  if (!estGenreActe(genre)) return [{ champ: 'genre', message: 'Choisir l’acte dans la liste.' }]
  const futur = decrireGenre(genre).futur !== true && Temporal.PlainDate.compare(le, session.jour) > 0
  const ancien = le.year < 1900
  return [
    ...(futur ? [{ champ: 'le', message: 'La date de l’acte ne peut pas être à venir.' }] : []),
    ...(ancien
      ? [
          {
            champ: 'le',
            message:
              le.year < 1000
                ? 'Écrire l’année sur quatre chiffres.'
                : 'Vérifier l’année : un acte ne peut pas dater d’avant 1900.',
          },
        ]
      : []),
    ...verifierContenu(champsDe(genre), contenu, session.jour),
    ...(decrireGenre(genre).verifier?.(contenu, le) ?? []),
  ]
}

function exigerActe(session: Session, saisie: SaisieActe): void {
  if (!isUuid(saisie.envoi))
    throw refus('acte.envoi', 'Ce formulaire est incomplet. Revenir au dossier et recommencer.')
  const [erreur] = verifierActe(session, saisie)
  if (erreur) throw refus(`acte.${erreur.champ}`, erreur.message)
}

/**
 * Records an act or a situation: its row, its fait, and the dossier derived again, in one transaction. Sent twice with the same mark, it writes once.
 * Returns the chain it opened and what looks impossible in the sequence, which never stops it.
 */
export async function consignerActe(
  session: Session,
  saisie: SaisieActe,
): Promise<{ acte: string; avertissements: readonly Avertissement[] }> {
  exigerActe(session, saisie)
  const dossier = await verrouiller(session, saisie.dossier)
  const id = randomUUID()
  return ecrire(session, dossier, { ...saisie, id, racine: id, nature: 'consigne', signalement: null })
}

interface Cible {
  /** The chain, or the signalement whose act is meant. */
  readonly acte: string
  /** The version the person read: another one since is a conflict. */
  readonly version?: string | undefined
  readonly motif: MotifCorrection
  readonly precision?: string | undefined
}

/** Corrects an act, entered by hand or reported by a signalement: a new version holds, the former stays in the history. */
export async function corrigerActe(
  session: Session,
  saisie: SaisieActe & Cible,
): Promise<{ acte: string; avertissements: readonly Avertissement[] }> {
  exigerActe(session, saisie)
  exigerMotif(saisie)
  const dossier = await verrouiller(session, saisie.dossier)
  const deja = await trouverEnvoi(session, dossier.id, saisie.envoi)
  if (deja) return { acte: deja, avertissements: [] }
  const { racine, signalement, genre, contenu, organisme } = await trouverCible(session, dossier, saisie)
  // What the person does not read stays as it is.
  const caches = champsCaches(genre, (await lireLecture(session, dossier.id))(organisme))
  const gardes = Object.entries(contenu).filter(([champ]) => genre === saisie.genre && caches.includes(champ))
  const id = randomUUID()
  return ecrire(session, dossier, {
    ...saisie,
    contenu: { ...sansLesCaches(saisie.contenu ?? {}, caches), ...Object.fromEntries(gardes) },
    id,
    racine: racine ?? id,
    nature: 'corrige',
    signalement,
  })
}

/** Withdraws an act that should not count, with a reason. It stays in sight in the history. */
export async function annulerActe(
  session: Session,
  demande: Cible & Pick<SaisieActe, 'dossier' | 'envoi'>,
): Promise<{ acte: string }> {
  exigerMotif(demande)
  const dossier = await verrouiller(session, demande.dossier)
  const deja = await trouverEnvoi(session, dossier.id, demande.envoi)
  if (deja) return { acte: deja }
  const { racine, signalement, genre, le, contenu } = await trouverCible(session, dossier, demande)
  const id = randomUUID()
  return ecrire(session, dossier, {
    ...demande,
    genre,
    le,
    contenu,
    id,
    racine: racine ?? id,
    nature: 'annule',
    signalement,
  })
}

/** Puts back a withdrawn act as it was. Already in force, nothing changes. */
export async function retablirActe(
  session: Session,
  demande: { readonly dossier: string; readonly acte: string; readonly envoi: string },
): Promise<void> {
  const dossier = await verrouiller(session, demande.dossier)
  const derniere = await lireDerniere(session, dossier.id, demande.acte)
  if (!derniere) throw new Introuvable()
  if (derniere.nature !== 'annule') return
  // A signalement's own act, withdrawn and never corrected, is what the signalement says: its words are in the withdrawn version.
  await ecrire(session, dossier, {
    genre: derniere.genre as CodeGenre,
    le: Temporal.PlainDate.from(derniere.le),
    contenu: derniere.contenu,
    envoi: demande.envoi,
    id: randomUUID(),
    racine: demande.acte,
    nature: 'retabli',
    signalement: derniere.signalement,
  })
}

function exigerMotif({ motif }: { readonly motif: string }): void {
  if (!Object.hasOwn(MOTIFS_CORRECTION, motif))
    throw refus('acte.motif', 'Dire pourquoi : le motif reste dans l’historique.')
}

/**
 * The dossier as its signalements say it, whole, its row held until the end: two people write one after the other. One that the session does not see does not exist; a
 * closed one receives no decision any more.
 */
async function verrouiller(session: Session, cle: string): Promise<DossierTenu> {
  const { id } = await lireDossier(session, cle)
  await exigerOuvert(session, id)
  return { id, ...(await lireSelon(session, id)) }
}

/** The act that a form already wrote, when it is sent again. */
export async function trouverEnvoi(session: Session, dossier: string, envoi: string): Promise<string | null> {
  if (!isUuid(envoi)) return null
  const [ecrit] = await session.sql<{ racine: string }>`select racine from acte_saisi
    where dept = ${session.dept} and dossier = ${dossier} and envoi = ${envoi}`
  return ecrit?.racine ?? null
}

interface Derniere extends ActeSaisi {
  readonly id: string
  readonly organisme: string | null
}

/** The newest version of a chain, or of the one that corrects this signalement, whole. */
async function lireDerniere(session: Session, dossier: string, acte: string): Promise<Derniere | null> {
  const lignes = await session.sql<Derniere>`
    select a.id, a.racine, a.nature, a.genre, a.le::text as le, a.contenu, a.signalement, a.organisme, '' as "organismeNom" from acte_saisi a
    where a.dept = ${session.dept} and a.dossier = ${dossier} and (a.racine = ${acte} or a.signalement = ${acte}) order by a.rang desc limit 1`
  return (await ouvrirVersions(session, lignes))[0] ?? null
}

/** What a correction or a withdrawal is about: a chain in force, or the act of a signalement that nobody touched yet. Whole: what is hidden is kept. */
async function trouverCible(session: Session, dossier: DossierTenu, { acte, version }: Cible) {
  const chaine = dossier.actes.find(({ signalement }) => signalement === acte)?.saisie
  const derniere = await lireDerniere(session, dossier.id, chaine ?? acte)
  if (derniere) {
    if (derniere.nature === 'annule')
      throw new Conflit('acte.retire', 'Cet acte a été retiré depuis. Le rétablir d’abord, depuis l’historique.', [
        acte,
      ])
    // Who names the signalement has not seen that somebody corrected it.
    if (version === undefined ? derniere.racine !== acte : version !== derniere.id)
      throw new Conflit('acte.change', 'Cet acte a été corrigé par une autre personne depuis l’ouverture de la page.', [
        acte,
      ])
    return { ...derniere, genre: derniere.genre as CodeGenre, le: Temporal.PlainDate.from(derniere.le) }
  }
  const signale = dossier.selon.actes.find(({ signalement }) => signalement === acte)
  if (!signale) throw new Introuvable()
  const genre = genreSignale(signale)
  return {
    racine: null,
    signalement: signale.signalement,
    genre,
    le: Temporal.PlainDate.from(signale.le),
    contenu: contenuSignale(genre, signale),
    organisme: undefined,
  }
}

/** The kind of the catalogue for an act a signalement reports. */
export const genreSignale = ({ type }: Pick<Acte, 'type'>): CodeGenre =>
  estGenreActe(type) ? type : 'impaye_constitue'

/** What the signalement says of its act, in the fields of the catalogue. */
export function contenuSignale(genre: CodeGenre, acte: Acte): ContenuActe {
  const dit = {
    montant: acte.montant,
    tribunal: acte.tribunal,
    decision: acte.decision,
    audience_le: acte.audienceLe,
  }
  const champs = champsDe(genre)
  return Object.fromEntries(
    Object.entries(dit).flatMap(([champ, valeur]) =>
      valeur !== undefined && valeur !== null && Object.hasOwn(champs, champ) ? [[champ, valeur]] : [],
    ),
  )
}

interface Ligne extends Omit<SaisieActe, 'dossier'> {
  readonly id: string
  readonly racine: string
  readonly nature: VersionActe['nature']
  readonly signalement: string | null
  readonly motif?: string | undefined
  readonly precision?: string | undefined
}

async function ecrire(
  session: Session,
  dossier: DossierTenu,
  ligne: Ligne,
): Promise<{ acte: string; avertissements: readonly Avertissement[] }> {
  const { acteur } = session
  const ecrites = await ecrireVersions(session, [
    {
      id: ligne.id,
      dossier: dossier.id,
      racine: ligne.racine,
      nature: ligne.nature,
      genre: ligne.genre,
      le: ligne.le,
      contenu: ligne.contenu ?? {},
      signalement: ligne.signalement,
      motif: ligne.motif ?? null,
      precision: ligne.precision?.trim().slice(0, 200) || null,
      envoi: ligne.envoi,
      reunion: null,
      a: session.maintenant,
      compte: acteur.compte,
      organisme: acteur.organisme,
    },
  ])
  if (ecrites.size === 0) {
    const acte = await trouverEnvoi(session, dossier.id, ligne.envoi)
    if (!acte) throw new Introuvable()
    return { acte, avertissements: [] }
  }
  const reserve = estReserve(ligne.genre)
  await consignerFaits(session, [
    {
      dossier: dossier.id,
      type: `${FAMILLE_DE_FAIT[decrireGenre(ligne.genre).groupe]}.${ligne.nature}`,
      le: Temporal.PlainDate.compare(ligne.le, session.jour) > 0 ? session.jour : ligne.le,
      donnees: {
        acte: ligne.racine,
        genre: reserve ? scellerGenreDuFait(await session.coffre(), ligne.racine, ligne.genre) : ligne.genre,
        du: ligne.le.toString(),
      },
    },
  ])
  session.consigner({
    action: `acte.${VERBES[ligne.nature]}`,
    objet: 'acte',
    objetId: ligne.racine,
    dossiers: [dossier.id],
    ...(reserve ? {} : { details: { genre: ligne.genre } }),
  })
  const avertissements = await deriverAvecLesSaisies(session, dossier)
  return { acte: ligne.racine, avertissements: avertissements.filter(({ acte }) => acte === ligne.racine) }
}

const VERBES = { consigne: 'consigner', corrige: 'corriger', annule: 'annuler', retabli: 'retablir' } as const

/** Newest version of each chain entered in these dossiers: what they are derived from besides their signalements. One query for all. */
export async function lireActesSaisis(
  session: Session,
  dossiers: readonly string[],
): Promise<ReadonlyMap<string, readonly ActeSaisi[]>> {
  if (dossiers.length === 0) return new Map()
  const lignes = await session.sql<ActeSaisi & { readonly id: string; readonly dossier: string }>`
    select distinct on (a.dossier, a.racine) a.id, a.dossier, a.racine, a.nature, a.genre, a.le::text as le, a.contenu, a.signalement,
      coalesce(o.nom, '') as "organismeNom"
    from acte_saisi a left join organisme o on o.dept = ${session.dept} and o.id = a.organisme
    where a.dept = ${session.dept} and a.dossier = any (${dossiers}::uuid[])
    order by a.dossier, a.racine, a.rang desc`
  return Map.groupBy(await ouvrirVersions(session, lignes), ({ dossier }) => dossier)
}

type LigneDossier = Pick<
  SelonSignalements,
  | 'menage'
  | 'logement'
  | 'bail'
  | 'actes'
  | 'dette'
  | 'sources'
  | 'recurrence'
  | 'faits'
  | 'territoire'
  | 'commune'
  | 'signaux'
> & {
  readonly reference: string
  readonly signale: Signale | null
  readonly dette_le: string | null
  readonly dette_en_hausse: boolean
  readonly code_insee: string | null
  readonly premier_signal_le: string | null
  readonly dernier_signal_le: string | null
  readonly stade: string
}

type LigneReprise = Omit<VersionAEcrire, 'envoi' | 'reunion'>

/** The newest version of each chain of a dossier, whole, as it is written again elsewhere. */
async function lireAReprendre(session: Session, choix: Fragment): Promise<readonly LigneReprise[]> {
  const lignes = await session.sql<LigneReprise>`
    select distinct on (a.dossier, a.racine) a.id, a.dossier, a.racine, a.nature, a.genre, a.le, a.contenu, a.signalement, a.motif, a.precision, a.a, a.compte,
      a.organisme
    from acte_saisi a where a.dept = ${session.dept} and ${choix} order by a.dossier, a.racine, a.rang desc`
  return ouvrirVersions(session, lignes)
}

/**
 * Two dossiers become one: what people entered in `de` is taken up in `vers`, under the name of who entered it. The chains of `de` stay where they are. The caller
 * derives both.
 */
export async function reprendreActes(
  session: Session,
  { de, vers, reunion }: { readonly de: string; readonly vers: string; readonly reunion: string },
): Promise<void> {
  const lues = await lireAReprendre(session, sql`a.dossier = ${de}`)
  await ecrireVersions(
    session,
    lues.flatMap((ligne): VersionAEcrire[] => {
      // A withdrawn act counts nowhere, unless a signalement still says it: it stays withdrawn where the signalement goes.
      const retire = ligne.nature === 'annule'
      if (retire && ligne.signalement === null) return []
      const id = randomUUID()
      return [
        {
          ...ligne,
          id,
          dossier: vers,
          racine: id,
          nature: retire ? 'annule' : 'consigne',
          motif: retire ? ligne.motif : null,
          precision: null,
          envoi: randomUUID(),
          reunion,
        },
      ]
    }),
  )
}

/** The reunion is undone: what it brought counts no more there. What was corrected since in `vers` goes too: the dossier it came from has its own. */
export async function rendreActes(session: Session, reunion: string): Promise<void> {
  const lues = await lireAReprendre(
    session,
    sql`(a.dossier, a.racine) in (select r.dossier, r.racine from acte_saisi r where r.dept = ${session.dept} and r.reunion = ${reunion})`,
  )
  await ecrireVersions(
    session,
    lues
      .filter(({ nature }) => nature !== 'annule')
      .map((ligne) => ({
        ...ligne,
        id: randomUUID(),
        nature: 'annule',
        motif: 'autre_dossier',
        precision: 'Réunion défaite',
        envoi: randomUUID(),
        reunion: null,
        a: session.maintenant,
        compte: session.acteur.compte,
        organisme: session.acteur.organisme,
      })),
  )
}

/** A dossier whose row is held, as its signalements say it. */
interface DossierTenu {
  readonly id: string
  readonly reference: string
  readonly stade: string
  /** The acts that count, from both sources. */
  readonly actes: readonly Acte[]
  readonly selon: SelonSignalements
}

/** What the signalements of a dossier were last read to say: they did not change since. */
async function lireSelon(session: Session, id: string): Promise<Omit<DossierTenu, 'id'>> {
  const [lue] = await session.sql<LigneDossier & { readonly id: string; readonly scelle: string | null }>`
    select id, scelle, reference, menage, logement, bail, actes, dette, sources_6_mois as sources, recurrence, faits, territoire, commune, signaux, signale,
      dette_le::text as dette_le, dette_en_hausse, code_insee, premier_signal_le::text as premier_signal_le,
      dernier_signal_le::text as dernier_signal_le, stade
    from dossier where dept = ${session.dept} and id = ${id}`
  if (!lue) throw new Introuvable()
  // What is near health goes from one derivation to the next.
  const { scelle, id: _, ...ligne } = rejoindreSante(await session.coffre(), lue.scelle, lue)
  const { reference, signale, stade, ...reste } = ligne
  return {
    reference,
    stade,
    actes: ligne.actes,
    selon: {
      ...reste,
      ...rendreQualites(reste, signale),
      actes: signale?.actes ?? ligne.actes,
      dette: signale ? signale.dette : ligne.dette,
      detteLe: signale ? signale.detteLe : ligne.dette_le,
      // Dossiers derived before a territory could be given keep the one of their commune.
      territoire: signale && 'territoire' in signale ? (signale.territoire ?? null) : ligne.territoire,
      detteEnHausse: ligne.dette_en_hausse,
      codeInsee: ligne.code_insee,
      premierSignalLe: ligne.premier_signal_le,
      dernierSignalLe: ligne.dernier_signal_le,
    },
  }
}

/** Derives a dossier again after something was entered by hand. Its service is decided again in the background when its step changed. */
async function deriverAvecLesSaisies(
  session: Session,
  { id, reference, stade, selon }: DossierTenu,
): Promise<readonly Avertissement[]> {
  const saisis = (await lireActesSaisis(session, [id])).get(id) ?? []
  const derive = conclure(session, { id, reference }, selon, saisis)
  await ecrireDerives(session, [derive])
  if (derive.stade !== stade) await enqueue(session, 'repartir-dossiers', { dept: session.dept, dossiers: id })
  return avertirDe(session, reunirActes(selon.actes, saisis).consignes, selon.bail)
}

/** What an act would change, before it is written: the step, and what looks impossible. `remplace`: the act it corrects. */
export async function prevoirActe(
  session: Session,
  saisie: Pick<SaisieActe, 'dossier' | 'genre' | 'le' | 'contenu'>,
  remplace: string | null = null,
): Promise<{ readonly avant: string; readonly apres: string; readonly avertissements: readonly Avertissement[] }> {
  const { id, actes } = await lireDossier(session, saisie.dossier)
  const { reference, stade, selon } = await lireSelon(session, id)
  const connus = (await lireActesSaisis(session, [id])).get(id) ?? []
  const prevu: ActeSaisi = {
    racine: remplace ?? 'prevu',
    nature: 'consigne',
    genre: saisie.genre,
    le: saisie.le.toString(),
    contenu: saisie.contenu ?? {},
    signalement:
      actes.find(({ signalement, saisie: chaine }) => signalement === remplace && chaine === undefined)?.signalement ??
      null,
    organismeNom: '',
  }
  const saisis = [...connus.filter(({ racine }) => racine !== prevu.racine), prevu]
  const { stade: apres } = conclure(session, { id, reference }, selon, saisis)
  const avertissements = avertirDe(session, reunirActes(selon.actes, saisis).consignes, selon.bail)
  return { avant: stade, apres, avertissements: avertissements.filter(({ acte }) => acte === prevu.racine) }
}

/** One chain entered by hand, with its versions, newest first. */
export interface HistoriqueActe {
  readonly racine: string
  readonly genre: CodeGenre
  readonly le: Temporal.PlainDate
  readonly contenu: ContenuActe
  /** Fields hidden to the reader: a correction keeps what they hold. */
  readonly caches: readonly string[]
  readonly retire: boolean
  readonly signalement: string | null
  readonly versions: readonly [VersionActe, ...VersionActe[]]
}

/** Groups an act or one of its fields may belong to. */
const GROUPES_ACTES = Object.fromEntries(
  Object.keys(FAMILLE_DE_FAIT).map((groupe) => [groupe, [groupe as GroupeActe] as const]),
)

/** What the session reads of the acts of a dossier. */
async function lireLecture(session: Session, dossier: string): Promise<LectureDesActes> {
  const [ligne] = await session.sql<{ remplies: readonly string[] }>`
    select ${conditionsRemplies(session, GROUPES_ACTES)} as remplies from dossier d where d.dept = ${session.dept} and d.id = ${dossier}`
  return lectureDesActes(session, ligne?.remplies ?? [])
}

/** Acts and situations entered in a dossier, as far as the session may read each, newest day first. */
export async function listerActesSaisis(session: Session, dossier: string): Promise<readonly HistoriqueActe[]> {
  const lignes = await session.sql<VersionActe & { readonly racine: string; readonly signalement: string | null }>`
    select a.id, a.racine, a.nature, a.genre, a.le, a.contenu, a.signalement, a.motif, a.precision, a.a, a.organisme,
      c.prenom || ' ' || c.nom as auteur, o.nom as "organismeNom"
    from acte_saisi a
    left join compte c on c.dept = ${session.dept} and c.id = a.compte
    left join organisme o on o.dept = ${session.dept} and o.id = a.organisme
    where a.dept = ${session.dept} and a.dossier = ${dossier} order by a.rang desc`
  if (lignes.length === 0) return []
  const lit = await lireLecture(session, dossier)
  const [{ signales } = { signales: null }] = await session.sql<{ signales: readonly string[] | null }>`
    select jsonb_path_query_array(signale, '$.actes[*].signalement') as signales from dossier where dept = ${session.dept} and id = ${dossier}`
  const chaines: HistoriqueActe[] = []
  for (const [racine, ecrites] of Map.groupBy(lignes, ({ racine }) => racine)) {
    const lues = await Promise.all(
      ecrites.map(({ racine: _, signalement: __, ...version }) => lireVersion(session, lit, version)),
    )
    const [derniere, ...anciennes] = lues.filter((version) => version !== null)
    const signalement = ecrites.find((version) => version.signalement !== null)?.signalement ?? null
    // What corrects a signalement goes where it goes: it may be about somebody else.
    if (signalement !== null && !signales?.includes(signalement)) continue
    // Every version must be readable: a kind corrected into another group would tell of the first.
    if (!derniere || anciennes.length + 1 < ecrites.length || !estGenreActe(derniere.genre)) continue
    chaines.push({
      racine,
      genre: derniere.genre,
      le: derniere.le,
      contenu: derniere.contenu,
      caches: champsCaches(derniere.genre, lit(derniere.organisme)),
      retire: derniere.nature === 'annule',
      signalement,
      versions: [derniere, ...anciennes],
    })
  }
  return chaines.sort((a, b) => Temporal.PlainDate.compare(b.le, a.le))
}

/** Kinds a person may enter on a dossier, and their fields: those whose group they read there, or would read as their author. */
export async function genresOuverts(
  session: Session,
  dossier: string,
): Promise<(genre: CodeGenre, champ?: string) => boolean> {
  return (await lireLecture(session, dossier))()
}
