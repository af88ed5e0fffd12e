import { randomUUID } from 'node:crypto'
import { masqueDe, type Session } from '#acces'
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
import { Conflit, Introuvable, refus } from '#socle/errors'
import { enqueue } from '#socle/queue'
import { conditionsRemplies } from './acces.ts'
import { avertirDe, conclure, reunirActes, type SelonSignalements } from './derivation.ts'
import { ecrireDerives } from './ecriture.ts'
import { consignerFaits } from './faits.ts'
import { lireDossier } from './lecture.ts'
import { rejoindreSante } from './scellement.ts'
import type { ActeSaisi, Dossier, VersionActe } from './types.ts'

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
}

const UUID = /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/i

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
    ...(ancien ? [{ champ: 'le', message: 'Écrire l’année sur quatre chiffres.' }] : []),
    ...verifierContenu(champsDe(genre), contenu, session.jour),
  ]
}

function exigerActe(session: Session, saisie: SaisieActe): void {
  if (!UUID.test(saisie.envoi))
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
  const { racine, signalement } = await trouverCible(session, dossier, saisie)
  const id = randomUUID()
  return ecrire(session, dossier, { ...saisie, id, racine: racine ?? id, nature: 'corrige', signalement })
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

/** The dossier, read through the mask of the session, and its row held until the end: two people write one after the other. */
async function verrouiller(session: Session, cle: string): Promise<Dossier> {
  const dossier = await lireDossier(session, cle)
  await session.sql`select 1 from dossier where dept = ${session.dept} and id = ${dossier.id} for update`
  return dossier
}

async function trouverEnvoi(session: Session, dossier: string, envoi: string): Promise<string | null> {
  const [ecrit] = await session.sql<{ racine: string }>`select racine from acte_saisi
    where dept = ${session.dept} and dossier = ${dossier} and envoi = ${envoi}`
  return ecrit?.racine ?? null
}

interface Derniere extends ActeSaisi {
  readonly id: string
}

async function lireDerniere(session: Session, dossier: string, racine: string): Promise<Derniere | null> {
  const [ligne] = await session.sql<Derniere>`
    select a.id, a.racine, a.nature, a.genre, a.le::text as le, a.contenu, a.signalement, '' as "organismeNom" from acte_saisi a
    where a.dept = ${session.dept} and a.dossier = ${dossier} and a.racine = ${racine} order by a.rang desc limit 1`
  return ligne ?? null
}

/** What a correction or a withdrawal is about: a chain in force, or the act of a signalement that nobody touched yet. */
async function trouverCible(session: Session, dossier: Dossier, { acte, version }: Cible) {
  const derniere = await lireDerniere(session, dossier.id, acte)
  if (derniere) {
    if (derniere.nature === 'annule')
      throw new Conflit('acte.retire', 'Cet acte a été retiré depuis. Le rétablir d’abord, depuis l’historique.', [
        acte,
      ])
    if (version !== undefined && version !== derniere.id)
      throw new Conflit('acte.change', 'Cet acte a été corrigé par une autre personne depuis l’ouverture de la page.', [
        acte,
      ])
    return { ...derniere, genre: derniere.genre as CodeGenre, le: Temporal.PlainDate.from(derniere.le) }
  }
  const signale = dossier.actes.find(({ signalement, saisie }) => signalement === acte && saisie === undefined)
  if (!signale) throw new Introuvable()
  const genre: CodeGenre = estGenreActe(signale.type) ? signale.type : 'impaye_constitue'
  return {
    racine: null,
    signalement: signale.signalement,
    genre,
    le: Temporal.PlainDate.from(signale.le),
    contenu: contenuSignale(genre, signale),
  }
}

/** What the signalement says of its act, in the fields of the catalogue. */
export function contenuSignale(genre: CodeGenre, acte: Dossier['actes'][number]): ContenuActe {
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
  dossier: Dossier,
  ligne: Ligne,
): Promise<{ acte: string; avertissements: readonly Avertissement[] }> {
  const { dept, acteur } = session
  const [ecrite] = await session.sql<{ id: string }>`
    insert into acte_saisi (dept, id, dossier, racine, nature, genre, le, contenu, signalement, motif, precision, envoi, a, compte, organisme)
    values (${dept}, ${ligne.id}, ${dossier.id}, ${ligne.racine}, ${ligne.nature}, ${ligne.genre}, ${ligne.le},
      ${JSON.stringify(ligne.contenu ?? {})}::jsonb, ${ligne.signalement}, ${ligne.motif ?? null}, ${ligne.precision?.trim().slice(0, 200) || null},
      ${ligne.envoi}, ${session.maintenant}, ${acteur.compte}, ${acteur.organisme})
    on conflict (dept, dossier, envoi) do nothing returning id`
  if (!ecrite) {
    const acte = await trouverEnvoi(session, dossier.id, ligne.envoi)
    if (!acte) throw new Introuvable()
    return { acte, avertissements: [] }
  }
  const { groupe } = decrireGenre(ligne.genre)
  await consignerFaits(session, [
    {
      dossier: dossier.id,
      type: `${FAMILLE_DE_FAIT[groupe]}.${ligne.nature}`,
      le: Temporal.PlainDate.compare(ligne.le, session.jour) > 0 ? session.jour : ligne.le,
      donnees: { acte: ligne.racine, genre: ligne.genre, du: ligne.le.toString() },
    },
  ])
  session.consigner({
    action: `acte.${VERBES[ligne.nature]}`,
    objet: 'acte',
    objetId: ligne.racine,
    dossiers: [dossier.id],
    details: { genre: ligne.genre },
  })
  const avertissements = await deriverAvecLesSaisies(session, dossier.id)
  return { acte: ligne.racine, avertissements: avertissements.filter(({ acte }) => acte === ligne.racine) }
}

const VERBES = { consigne: 'consigner', corrige: 'corriger', annule: 'annuler', retabli: 'retablir' } as const

/** Newest version of each chain entered in these dossiers: what they are derived from besides their signalements. One query for all. */
export async function lireActesSaisis(
  session: Session,
  dossiers: readonly string[],
): Promise<ReadonlyMap<string, readonly ActeSaisi[]>> {
  if (dossiers.length === 0) return new Map()
  const lignes = await session.sql<ActeSaisi & { readonly dossier: string }>`
    select distinct on (a.dossier, a.racine) a.dossier, a.racine, a.nature, a.genre, a.le::text as le, a.contenu, a.signalement,
      coalesce(o.nom, '') as "organismeNom"
    from acte_saisi a left join organisme o on o.dept = ${session.dept} and o.id = a.organisme
    where a.dept = ${session.dept} and a.dossier = any (${dossiers}::uuid[])
    order by a.dossier, a.racine, a.rang desc`
  return Map.groupBy(lignes, ({ dossier }) => dossier)
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
  readonly signale: Pick<SelonSignalements, 'actes' | 'dette' | 'detteLe'> | null
  readonly dette_le: string | null
  readonly dette_en_hausse: boolean
  readonly code_insee: string | null
  readonly premier_signal_le: string | null
  readonly dernier_signal_le: string | null
  readonly stade: string
}

/**
 * Two dossiers become one: what people entered in `de` is taken up in `vers`, under the name of who entered it. The chains of `de` stay where they are. The caller
 * derives both.
 */
export async function reprendreActes(
  session: Session,
  { de, vers, reunion }: { readonly de: string; readonly vers: string; readonly reunion: string },
): Promise<void> {
  await session.sql`
    insert into acte_saisi (dept, id, dossier, racine, nature, genre, le, contenu, signalement, envoi, reunion, a, compte, organisme)
    select ${session.dept}, n.id, ${vers}, n.id, 'consigne', n.genre, n.le, n.contenu, n.signalement, n.envoi, ${reunion}, n.a, n.compte, n.organisme
    from (
      select distinct on (racine) gen_random_uuid() as id, gen_random_uuid() as envoi, nature, genre, le, contenu, signalement, a, compte, organisme
      from acte_saisi where dept = ${session.dept} and dossier = ${de} order by racine, rang desc
    ) n
    -- A withdrawn act of a signalement stays withdrawn where the signalement goes.
    where n.nature <> 'annule'`
  await session.sql`
    insert into acte_saisi (dept, dossier, racine, nature, genre, le, contenu, signalement, motif, precision, envoi, reunion, a, compte, organisme)
    select ${session.dept}, ${vers}, gen_random_uuid(), 'annule', n.genre, n.le, n.contenu, n.signalement, n.motif, n.precision, gen_random_uuid(), ${reunion},
      n.a, n.compte, n.organisme
    from (
      select distinct on (racine) * from acte_saisi where dept = ${session.dept} and dossier = ${de} order by racine, rang desc
    ) n where n.nature = 'annule' and n.signalement is not null`
}

/** The reunion is undone: what it brought counts no more there. What was corrected since in `vers` goes too: the dossier it came from has its own. */
export async function rendreActes(session: Session, reunion: string): Promise<void> {
  await session.sql`
    insert into acte_saisi (dept, dossier, racine, nature, genre, le, contenu, motif, precision, envoi, a, compte, organisme)
    select ${session.dept}, n.dossier, n.racine, 'annule', n.genre, n.le, n.contenu, 'autre_dossier', 'Réunion défaite', gen_random_uuid(),
      ${session.maintenant}, ${session.acteur.compte}, ${session.acteur.organisme}
    from (
      select distinct on (a.racine) a.* from acte_saisi a
      where a.dept = ${session.dept}
        and (a.dossier, a.racine) in (select r.dossier, r.racine from acte_saisi r where r.dept = ${session.dept} and r.reunion = ${reunion})
      order by a.racine, a.rang desc
    ) n where n.nature <> 'annule'`
}

/** What the signalements of a dossier were last read to say: they did not change since. */
async function lireSelon(
  session: Session,
  id: string,
): Promise<{ readonly reference: string; readonly stade: string; readonly selon: SelonSignalements }> {
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
    selon: {
      ...reste,
      actes: signale?.actes ?? ligne.actes,
      dette: signale ? signale.dette : ligne.dette,
      detteLe: signale ? signale.detteLe : ligne.dette_le,
      detteEnHausse: ligne.dette_en_hausse,
      codeInsee: ligne.code_insee,
      premierSignalLe: ligne.premier_signal_le,
      dernierSignalLe: ligne.dernier_signal_le,
    },
  }
}

/** Derives a dossier again after something was entered by hand. Its service is decided again in the background when its step changed. */
async function deriverAvecLesSaisies(session: Session, id: string): Promise<readonly Avertissement[]> {
  const { reference, stade, selon } = await lireSelon(session, id)
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
  readonly retire: boolean
  readonly signalement: string | null
  readonly versions: readonly [VersionActe, ...VersionActe[]]
}

/** Acts and situations entered in a dossier, as far as the session may read each, newest day first. */
export async function listerActesSaisis(session: Session, dossier: string): Promise<readonly HistoriqueActe[]> {
  const groupes = Object.fromEntries(
    Object.keys(FAMILLE_DE_FAIT).map((groupe) => [groupe, [groupe as GroupeActe] as const]),
  )
  const lignes = await session.sql<
    VersionActe & { readonly racine: string; readonly signalement: string | null; readonly remplies: readonly string[] }
  >`
    select a.id, a.racine, a.nature, a.genre, a.le, a.contenu, a.signalement, a.motif, a.precision, a.a, a.organisme,
      c.prenom || ' ' || c.nom as auteur, o.nom as "organismeNom", ${conditionsRemplies(session, groupes)} as remplies
    from acte_saisi a join dossier d on d.dept = ${session.dept} and d.id = a.dossier
    left join compte c on c.dept = ${session.dept} and c.id = a.compte
    left join organisme o on o.dept = ${session.dept} and o.id = a.organisme
    where a.dept = ${session.dept} and a.dossier = ${dossier} order by a.rang desc`
  const { voit } = masqueDe(session.acteur)
  const chaines = Map.groupBy(lignes, ({ racine }) => racine)
  return [...chaines]
    .flatMap(([racine, versions]): HistoriqueActe[] => {
      const [derniere, ...anciennes] = versions
      // Every version must be readable: a kind corrected into another group would tell of the first.
      if (!derniere || !estGenreActe(derniere.genre)) return []
      if (!versions.every(({ genre, remplies }) => estGenreActe(genre) && voit(decrireGenre(genre).groupe, remplies)))
        return []
      const nue = ({ remplies: _, racine: __, signalement: ___, ...version }: (typeof lignes)[number]): VersionActe =>
        version
      return [
        {
          racine,
          genre: derniere.genre,
          le: derniere.le,
          contenu: derniere.contenu,
          retire: derniere.nature === 'annule',
          signalement: versions.find(({ signalement }) => signalement !== null)?.signalement ?? null,
          versions: [nue(derniere), ...anciennes.map(nue)],
        },
      ]
    })
    .sort((a, b) => Temporal.PlainDate.compare(b.le, a.le))
}

/** Kinds a person may enter on a dossier: those whose group they read there. */
export async function genresOuverts(session: Session, dossier: string): Promise<(genre: CodeGenre) => boolean> {
  const groupes = Object.fromEntries(
    Object.keys(FAMILLE_DE_FAIT).map((groupe) => [groupe, [groupe as GroupeActe] as const]),
  )
  const [ligne] = await session.sql<{ remplies: readonly string[] }>`
    select ${conditionsRemplies(session, groupes)} as remplies from dossier d where d.dept = ${session.dept} and d.id = ${dossier}`
  const { voit } = masqueDe(session.acteur)
  return (genre) => voit(decrireGenre(genre).groupe, ligne?.remplies ?? [])
}
