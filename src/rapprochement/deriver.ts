import { type Application, acteurSysteme, masqueDe, ouvrirSession, type Session } from '#acces'
import {
  CHAMPS_SIGNAL,
  conditionsRemplies,
  type DossierDerive,
  deriver,
  ecrireDerives,
  lireActesSaisis,
  lireSousMasque,
  propresA,
  type SignalDuDossier,
  tenirDossiers,
} from '#dossiers'
import { dernierChangement } from '#referentiel'
import { ouvrirContenu, type Signalement } from '#signalements'
import { sql as fragment } from '#socle/db'
import { createPacer } from '#socle/pace'
import { startOfParisDay } from '#socle/time'

/** A signalement as read beside its sender: what a dossier is derived from. */
interface LigneSignal {
  readonly id: string
  readonly organisme: string
  readonly organisme_nom: string
  readonly organisme_type: string
  readonly type: string
  readonly date_signalement: Temporal.PlainDate
  readonly date_acte: Temporal.PlainDate | null
  readonly recu_le: Temporal.PlainDate
  readonly code_insee: string | null
  readonly commune: string
  readonly territoire: string | null
  readonly contenu: Signalement['contenu']
}

/** One line of a dossier and its signalements; a dossier without any has one line, without id. */
interface Ligne extends Omit<LigneSignal, 'id'> {
  readonly id: string | null
  readonly dossier: string
  readonly reference: string
  readonly clos_autrement: boolean
}

/** The same, in the words of the dossier. */
export function enSignal(ligne: LigneSignal): SignalDuDossier {
  return {
    id: ligne.id,
    organisme: ligne.organisme,
    organismeNom: ligne.organisme_nom,
    organismeType: ligne.organisme_type,
    type: ligne.type,
    dateSignalement: ligne.date_signalement.toString(),
    dateActe: ligne.date_acte?.toString() ?? null,
    recuLe: ligne.recu_le.toString(),
    codeInsee: ligne.code_insee,
    commune: ligne.commune,
    territoire: ligne.territoire,
    contenu: ligne.contenu,
  }
}

/** A dossier with the signalements attached to it now. */
export interface DossierEtSignaux {
  readonly reference: string
  /** Closed for another reason than having no signalement left: a new one does not open it again. */
  readonly closAutrement: boolean
  readonly signaux: SignalDuDossier[]
}

/** Signalements of a dossier as the session may read them: each field through its mask, none when signals are hidden. What a sender wrote, it reads. */
export async function lireSignauxVisibles(session: Session, dossier: string): Promise<SignalDuDossier[]> {
  const signaux = (await lireSignauxDesDossiers(session, [dossier])).get(dossier)?.signaux ?? []
  const [lu] = await session.sql<{ remplies: readonly string[] }>`
    select ${conditionsRemplies(session, CHAMPS_SIGNAL)} as remplies from dossier d where d.dept = ${session.dept} and d.id = ${dossier}`
  const { voit } = masqueDe(session.acteur)
  return signaux.flatMap((signal) => {
    const remplies = propresA(session, lu?.remplies ?? [], signal.organisme)
    return voit('signaux', remplies) ? [lireSousMasque(session, signal, CHAMPS_SIGNAL, remplies)] : []
  })
}

/** Signalements attached to dossiers now, whole: what dossiers are derived from, shown to nobody. A dossier without any appears with none. Ids are given once each. */
export async function lireSignauxDesDossiers(
  session: Session,
  dossiers: readonly string[],
): Promise<Map<string, DossierEtSignaux>> {
  // A page asks for one: without a list whose length could change the plan, PostgreSQL keeps it.
  const visees = dossiers.length === 1 ? fragment`(select ${dossiers[0]}::uuid)` : fragment`unnest(${dossiers}::uuid[])`
  const lignes = await session.sql<Ligne>`
    select d.id as dossier, d.reference, d.clos_le is not null and d.motif_cloture is distinct from 'sans_signalement' as clos_autrement, s.id, s.organisme, o.nom as organisme_nom, o.type as organisme_type, s.type, s.date_signalement, s.date_acte, s.recu_le,
      s.code_insee, s.commune, s.territoire, s.contenu
    from ${visees} i(id)
    join dossier d on d.dept = ${session.dept} and d.id = i.id
    left join lateral (
      select signalement from rattachement where dept = ${session.dept} and dossier = i.id and defait_a is null offset 0
    ) r on true
    left join lateral (
      select * from signalement where dept = ${session.dept} and id = r.signalement and retire_a is null offset 0
    ) s on true
    left join organisme o on o.dept = ${session.dept} and o.id = s.organisme`
  const parDossier = new Map<string, DossierEtSignaux>()
  const coffre = await session.coffre()
  const souffler = createPacer()
  for (const { dossier, reference, clos_autrement, id, ...ligne } of lignes) {
    const entree = parDossier.get(dossier) ?? { reference, closAutrement: clos_autrement, signaux: [] }
    parDossier.set(dossier, entree)
    if (id !== null) entree.signaux.push(enSignal({ id, ...ligne, contenu: ouvrirContenu(coffre, id, ligne.contenu) }))
    const tour = souffler()
    if (tour) await tour
  }
  return parDossier
}

/** Computes again what dossiers say of themselves from the signalements attached now and from what people entered. */
export async function deriverDossiers(session: Session, dossiers: readonly string[]): Promise<void> {
  if (dossiers.length === 0) return
  const uniques = [...new Set(dossiers)]
  await tenirDossiers(session, uniques)
  const [parDossier, saisis] = [await lireSignauxDesDossiers(session, uniques), await lireActesSaisis(session, uniques)]
  const souffler = createPacer()
  const derives: DossierDerive[] = []
  for (const [id, { reference, signaux }] of parDossier) {
    derives.push(deriver(session, { id, reference }, signaux, saisis.get(id)))
    const tour = souffler()
    if (tour) await tour
  }
  await ecrireDerives(session, derives)
}

/**
 * Open dossiers whose derived values depend on the day and may have changed: signs of the last months leaving the six-month window, a birthday that crosses an
 * age of the charter, an act or a hearing that happens today; and every dossier derived before the rules last changed.
 */
export async function listerDossiersPerimes(session: Session): Promise<string[]> {
  const { jour } = session
  const departement = session.referentiel.departements.get(session.dept)
  const change = departement ? dernierChangement(departement, jour) : null
  const depuis = change ? startOfParisDay(change) : null
  const lignes = await session.sql<{
    id: string
  }>`select id from dossier where dept = ${session.dept} and clos_le is null and (
      derive_a < ${depuis}::timestamptz or
      dernier_signal_le = ${jour.subtract({ months: 6, days: 1 })} or (en_serie and dernier_signal_le >= ${jour.subtract({ months: 13 })})
      or audience_le between ${jour.subtract({ days: 1 })} and ${jour}
      or substr(menage->'titulaire'->>'dateNaissance', 6) = ${jour.toString().slice(5)})`
  return lignes.map((ligne) => ligne.id)
}

/** Derives again many dossiers, by batches. */
export async function redeciderDossiers(
  application: Application,
  dept: string,
  dossiers: readonly string[],
): Promise<void> {
  for (let i = 0; i < dossiers.length; i += 500) {
    const lot = dossiers.slice(i, i + 500)
    await ouvrirSession(application, acteurSysteme(dept, 'deriver'), 'dossier.reaffecter', (session) =>
      deriverDossiers(session, lot),
    )
  }
}
