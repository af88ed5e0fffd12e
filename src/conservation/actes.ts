import { randomUUID } from 'node:crypto'
import type { Session } from '#acces'
import { Conflit, Introuvable, refus } from '#socle/errors'
import { RETENU } from './conditions.ts'
import { dureeAu, dureesDe } from './durees.ts'

/** Why a dossier is not erased at its term. */
export const RAISONS_GEL = {
  contentieux_etat: 'Contentieux ou indemnisation de l’État en cours',
  contentieux_autre: 'Autre contentieux en cours',
  reclamation: 'Réclamation ou contrôle de la CNIL',
  archives: 'À verser aux Archives départementales',
  autre: 'Autre raison',
} as const
export type RaisonGel = keyof typeof RAISONS_GEL

export const LONGUEUR_MOTIF = 500

/** Puts proposed dossiers in the intermediate archive: out of lists, read by those entitled alone. Returns how many moved. */
export async function archiverDossiers(session: Session, dossiers: readonly string[]): Promise<number> {
  const { sql, dept, jour, acteur } = session
  const archive = dureeAu(dureesDe(session.referentiel.racine), 'dossier_archive', jour)
  if (archive === null)
    throw refus(
      'conservation.duree',
      'Aucune durée d’archivage ne vaut aujourd’hui : la donner dans donnees/conservation/durees.yaml.',
    )
  const faits = await sql<{ dossier: string }>`
    update conservation_dossier set etat = 'archive', archive_le = ${jour}, archive_par = ${acteur.compte},
      eliminable_le = (archivable_le + ${archive.toString()}::interval)::date
    where dept = ${dept} and dossier = any (${[...dossiers]}::uuid[]) and etat = 'a_archiver' returning dossier`
  const ids = faits.map(({ dossier }) => dossier)
  await sql`update dossier set archive_le = ${jour} where dept = ${dept} and id = any (${ids}::uuid[]) and clos_le is not null`
  if (ids.length > 0)
    session.consigner({ action: 'conservation.archiver', dossiers: ids, details: { nombre: ids.length } })
  return ids.length
}

/** Takes dossiers out of the archive: they are lists again, and proposed again at the next pass. */
export async function desarchiverDossiers(session: Session, dossiers: readonly string[]): Promise<number> {
  const { sql, dept } = session
  const rendus = await sql<{ dossier: string }>`
    update conservation_dossier set etat = 'a_archiver', archive_le = null, archive_par = null, eliminable_le = null
    where dept = ${dept} and dossier = any (${[...dossiers]}::uuid[]) and etat in ('archive', 'a_eliminer') returning dossier`
  const ids = rendus.map(({ dossier }) => dossier)
  await sql`update dossier set archive_le = null where dept = ${dept} and id = any (${ids}::uuid[])`
  if (ids.length > 0)
    session.consigner({ action: 'conservation.desarchiver', dossiers: ids, details: { nombre: ids.length } })
  return ids.length
}

/** A visa as somebody asks for it. */
export interface DemandeVisa {
  readonly dossiers: readonly string[]
  readonly motif: string
  /** What the Archives départementales answered: reference of their visa. */
  readonly visaArchives: string
  readonly visaArchivesLe: Temporal.PlainDate | null
}

/**
 * Signs a list of eliminations. It is carried out some days later, and undone until then. Refuses a dossier that is held, or whose household waits for an answer:
 * the whole list, so that what was read is what is signed.
 */
export async function viserElimination(session: Session, demande: DemandeVisa): Promise<{ numero: number }> {
  const { sql, dept, jour, maintenant, acteur } = session
  const motif = demande.motif.trim()
  const visa = demande.visaArchives.trim()
  if (motif.length < 10 || motif.length > LONGUEUR_MOTIF)
    throw refus('visa.motif', 'Dire pourquoi ces dossiers peuvent être détruits, en une phrase au moins.')
  if (visa === '' || visa.length > 200)
    throw refus(
      'visa.archives',
      'Donner la référence du visa des Archives départementales : sans lui, rien ne se détruit.',
    )
  const le = demande.visaArchivesLe
  if (le === null || Temporal.PlainDate.compare(le, jour) > 0)
    throw refus('visa.archives-le', 'Donner la date du visa des Archives départementales, aujourd’hui au plus tard.')
  if (demande.dossiers.length === 0) throw refus('visa.aucun', 'Choisir au moins un dossier.')
  const attente = dureeAu(dureesDe(session.referentiel.racine), 'visa_effacement', jour)
  if (attente === null)
    throw refus('conservation.duree', 'Aucun délai entre le visa et l’effacement ne vaut aujourd’hui.')
  const lignes = await sql<{ dossier: string; retenu: boolean }>`
    select c.dossier, ${RETENU} as retenu
    from conservation_dossier c where c.dept = ${dept} and c.dossier = any (${[...demande.dossiers]}::uuid[]) and c.etat = 'a_eliminer'
    order by c.dossier for update of c`
  if (lignes.length !== new Set(demande.dossiers).size)
    throw new Conflit('visa.change', 'La liste a changé pendant que la page était ouverte : relire, puis viser.')
  if (lignes.some(({ retenu }) => retenu))
    throw refus(
      'visa.retenu',
      'Un dossier de cette liste est suspendu, ou son ménage attend une réponse : le retirer du choix.',
    )
  const [numerote] = await sql<{
    n: number
  }>`select coalesce(max(numero), 0) + 1 as n from bordereau_elimination where dept = ${dept}`
  const numero = numerote?.n ?? 1
  const id = randomUUID()
  await sql`insert into bordereau_elimination (dept, id, numero, motif, visa_archives, visa_archives_le, vise_a, vise_par, organisme, executable_le)
    values (${dept}, ${id}, ${numero}, ${motif}, ${visa}, ${le}, ${maintenant}, ${acteur.compte}, ${acteur.organisme}, ${jour.add(attente)})`
  const ids = lignes.map(({ dossier }) => dossier)
  await sql`update conservation_dossier set etat = 'vise', bordereau = ${id} where dept = ${dept} and dossier = any (${ids}::uuid[])`
  session.consigner({
    action: 'elimination.viser',
    objet: 'bordereau',
    objetId: id,
    dossiers: ids,
    details: { numero, nombre: ids.length },
  })
  return { numero }
}

/** Takes a visa back, as long as nothing of its list was erased. */
export async function retirerVisa(session: Session, numero: number): Promise<void> {
  const { sql, dept, maintenant, acteur } = session
  // Held before they are looked at: an erasure under way ends first, and is seen.
  await sql`select 1 from conservation_dossier where dept = ${dept}
    and bordereau = (select b.id from bordereau_elimination b where b.dept = ${dept} and b.numero = ${numero}) order by dossier for update`
  const [retire] = await sql<{ id: string }>`
    update bordereau_elimination b set retire_a = ${maintenant}, retire_par = ${acteur.compte}
    where b.dept = ${dept} and b.numero = ${numero} and b.retire_a is null and b.execute_a is null
      and not exists (select 1 from conservation_dossier c where c.dept = ${dept} and c.bordereau = b.id and c.etat = 'efface')
    returning b.id`
  if (!retire) {
    const [connu] = await sql`select 1 from bordereau_elimination where dept = ${dept} and numero = ${numero}`
    if (!connu) throw new Introuvable()
    throw new Conflit('visa.commence', 'L’effacement de cette liste a commencé, ou son visa est déjà retiré.')
  }
  const rendus = await sql<{ dossier: string }>`
    update conservation_dossier set etat = 'a_eliminer', bordereau = null where dept = ${dept} and bordereau = ${retire.id} returning dossier`
  session.consigner({
    action: 'elimination.retirer',
    objet: 'bordereau',
    objetId: retire.id,
    dossiers: rendus.map(({ dossier }) => dossier),
    details: { numero },
  })
}

const placeGel = (id: string) => `conservation_gel|precision|${id}`

/** A reason not to erase, in force or lifted. */
export interface Gel {
  readonly id: string
  readonly raison: RaisonGel
  readonly precision: string
  readonly jusqu_au: Temporal.PlainDate | null
  readonly a: Temporal.Instant
  readonly par: string
  readonly leve_a: Temporal.Instant | null
}

/** Reasons given for one dossier, newest first. */
export async function listerGels(session: Session, dossier: string): Promise<Gel[]> {
  const { sql, dept } = session
  const lignes = await sql<Omit<Gel, 'precision'> & { precision: string | null }>`
    select g.id, g.raison, g.precision, g.jusqu_au, g.a, p.prenom || ' ' || p.nom as par, g.leve_a
    from conservation_gel g join compte p on p.dept = ${dept} and p.id = g.par
    where g.dept = ${dept} and g.dossier = ${dossier} order by g.a desc, g.id`
  const coffre = await session.coffre()
  return lignes.map((ligne) => ({
    ...ligne,
    precision: ligne.precision === null ? '' : (coffre.ouvrir(ligne.precision, placeGel(ligne.id)) as string),
  }))
}

/** Holds a dossier: it is not erased until the reason is lifted, or its day has passed. One already signed leaves its list. */
export async function gelerDossier(
  session: Session,
  demande: {
    readonly dossier: string
    readonly raison: string
    readonly precision: string
    readonly jusquAu: Temporal.PlainDate | null
  },
): Promise<void> {
  const { sql, dept, jour, maintenant, acteur } = session
  if (!Object.hasOwn(RAISONS_GEL, demande.raison)) throw refus('gel.raison', 'Choisir la raison dans la liste.')
  const precision = demande.precision.trim()
  if (precision.length > LONGUEUR_MOTIF) throw refus('gel.precision', `Raccourcir à ${LONGUEUR_MOTIF} caractères.`)
  if (demande.raison === 'autre' && precision.length < 3) throw refus('gel.precision', 'Dire quelle raison.')
  if (demande.jusquAu !== null && Temporal.PlainDate.compare(demande.jusquAu, jour) < 0)
    throw refus('gel.jusqu-au', 'Cette date est passée.')
  const [connu] = await sql<{ etat: string }>`
    select etat from conservation_dossier where dept = ${dept} and dossier = ${demande.dossier} for update`
  if (!connu) throw new Introuvable()
  if (connu.etat === 'efface') throw new Conflit('gel.efface', 'Ce dossier est effacé : il ne se suspend plus.')
  const id = randomUUID()
  const scelle = precision === '' ? null : (await session.coffre()).sceller(precision, placeGel(id))
  await sql`insert into conservation_gel (dept, id, dossier, raison, precision, jusqu_au, a, par, organisme)
    values (${dept}, ${id}, ${demande.dossier}, ${demande.raison}, ${scelle}, ${demande.jusquAu}, ${maintenant}, ${acteur.compte}, ${acteur.organisme})`
  await sql`update conservation_dossier set etat = 'a_eliminer', bordereau = null where dept = ${dept} and dossier = ${demande.dossier} and etat = 'vise'`
  session.consigner({
    action: 'conservation.geler',
    objet: 'dossier',
    objetId: demande.dossier,
    dossiers: [demande.dossier],
    details: { raison: demande.raison },
  })
}

/** Lifts a reason: the dossier follows its term again. */
export async function leverGel(session: Session, dossier: string, gel: string): Promise<void> {
  const { sql, dept, maintenant, acteur } = session
  const [leve] = await sql`update conservation_gel set leve_a = ${maintenant}, leve_par = ${acteur.compte}
    where dept = ${dept} and dossier = ${dossier} and id = ${gel} and leve_a is null returning id`
  if (!leve) throw new Introuvable()
  session.consigner({
    action: 'conservation.lever',
    objet: 'dossier',
    objetId: dossier,
    dossiers: [dossier],
    details: { gel },
  })
}
