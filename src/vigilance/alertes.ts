import type { Session } from '#acces'
import { type Fragment, sql as fragment } from '#socle/db'
import { Introuvable, refus } from '#socle/errors'
import type { AlerteCalculee } from './evaluer.ts'
import type { RegleAcces } from './seuils.ts'

/** Not looked at yet; looked at; explained; or taken further. */
export const etatsAlerte = ['nouvelle', 'vue', 'justifiee', 'retenue'] as const
export type EtatAlerte = (typeof etatsAlerte)[number]

export interface Alerte {
  readonly id: string
  readonly regle: RegleAcces
  readonly compte: string | null
  readonly dossier: string | null
  readonly jour: Temporal.PlainDate
  readonly mesure: {
    readonly compteur?: string
    readonly n?: number
    readonly seuil?: number
    readonly seuil_du?: string
    readonly dossiers?: readonly string[]
    readonly fautes?: readonly string[]
    /** Number of the copy taken out. */
    readonly copie?: number
  }
  readonly cree_a: Temporal.Instant
  readonly etat: EtatAlerte
  readonly examinee_par: string | null
  readonly examinee_a: Temporal.Instant | null
  readonly motif: string | null
}

/** Adds the alerts not raised yet, and moves the figures of those nobody has looked at. Returns how many are new. */
export async function leverAlertes(session: Session, alertes: readonly AlerteCalculee[]): Promise<number> {
  if (alertes.length === 0) return 0
  const lignes = alertes.map((alerte) => ({ ...alerte, jour: alerte.jour.toString() }))
  const ecrites = await session.sql<{ nouvelle: boolean }>`
    insert into alerte_acces (dept, cle, regle, compte, dossier, jour, mesure, cree_a)
    select ${session.dept}, x.cle, x.regle, x.compte, x.dossier, x.jour, x.mesure, ${session.maintenant}
    from jsonb_to_recordset(${JSON.stringify(lignes)}::jsonb) as x(cle text, regle text, compte uuid, dossier uuid, jour date, mesure jsonb)
    on conflict (dept, cle) do update set mesure = excluded.mesure
      where alerte_acces.etat = 'nouvelle' and alerte_acces.mesure is distinct from excluded.mesure
    returning (xmax = 0) as nouvelle`
  return ecrites.filter(({ nouvelle }) => nouvelle).length
}

/** Raises that the journal itself no longer holds: seen at once by the data protection officer. */
export function signalerIntegrite(session: Session, fautes: readonly string[]): Promise<number> {
  const mesure = { n: fautes.length, fautes: fautes.slice(0, 10) }
  return leverAlertes(session, [
    { regle: 'integrite', cle: `integrite|${session.jour}`, compte: null, dossier: null, jour: session.jour, mesure },
  ])
}

export interface FiltreAlertes {
  readonly etat?: EtatAlerte | undefined
  readonly regle?: string | undefined
  readonly compte?: string | undefined
}

function conditions(dept: string, { etat, regle, compte }: FiltreAlertes): Fragment {
  const parts: Fragment[] = [fragment`dept = ${dept}`]
  if (etat) parts.push(fragment`etat = ${etat}`)
  if (regle) parts.push(fragment`regle = ${regle}`)
  if (compte) parts.push(fragment`compte = ${compte}::uuid`)
  return fragment.join(parts, fragment` and `)
}

/** One page of alerts, newest first. `apres` is the last of the page before. */
export async function listerAlertes(
  session: Session,
  filtre: FiltreAlertes,
  { apres = null, taille = 50 }: { apres?: { jour: string; id: string } | null; taille?: number } = {},
): Promise<{ alertes: Alerte[]; total: number; suite: { jour: string; id: string } | null }> {
  const { sql, dept } = session
  const borne = apres ? fragment`and (jour, id) < (${apres.jour}::date, ${apres.id}::uuid)` : fragment``
  const lues =
    await sql<Alerte>`select id, regle, compte, dossier, jour, mesure, cree_a, etat, examinee_par, examinee_a, motif
    from alerte_acces where ${conditions(dept, filtre)} ${borne} order by jour desc, id desc limit ${taille + 1}`
  const [compte] = await sql<{
    n: number
  }>`select count(*)::int as n from alerte_acces where ${conditions(dept, filtre)}`
  const alertes = lues.slice(0, taille)
  const derniere = alertes.at(-1)
  return {
    alertes,
    total: compte?.n ?? 0,
    suite: lues.length > taille && derniere ? { jour: derniere.jour.toString(), id: derniere.id } : null,
  }
}

/** How many alerts nobody has looked at, as an expression: the figure of the banner. */
export const chiffreAlertes = ({ dept }: Session): Fragment =>
  fragment`(select count(*)::int from alerte_acces where dept = ${dept} and etat = 'nouvelle')`

export async function lireAlerte(session: Session, id: string): Promise<Alerte> {
  const [alerte] =
    await session.sql<Alerte>`select id, regle, compte, dossier, jour, mesure, cree_a, etat, examinee_par, examinee_a, motif
    from alerte_acces where dept = ${session.dept} and id = ${id}`
  if (!alerte) throw new Introuvable()
  return alerte
}

const MOTIF_COURT = 5

/** What the data protection officer makes of an alert. Explaining it or taking it further asks for a reason; back to « nouvelle » undoes. */
export async function traiterAlerte(session: Session, id: string, etat: EtatAlerte, motif: string): Promise<Alerte> {
  const alerte = await lireAlerte(session, id)
  const ecrit = motif.trim().slice(0, 500)
  if ((etat === 'justifiee' || etat === 'retenue') && ecrit.length < MOTIF_COURT)
    throw refus(
      'alerte.motif',
      'Écrire en une phrase ce qui explique cette consultation, ou la suite donnée : elle est gardée avec l’alerte.',
    )
  if (alerte.compte !== null && alerte.compte === session.acteur.compte)
    throw refus('alerte.soi', 'Cette alerte concerne votre compte : elle se traite par une autre personne.')
  const nouvelle = etat === 'nouvelle'
  await session.sql`update alerte_acces set etat = ${etat}, motif = ${nouvelle || ecrit === '' ? null : ecrit},
      examinee_par = ${nouvelle ? null : session.acteur.compte}, examinee_a = ${nouvelle ? null : session.maintenant}
    where dept = ${session.dept} and id = ${id}`
  session.consigner({
    action: 'alerte.traiter',
    objet: 'alerte',
    objetId: id,
    details: { de: alerte.etat, vers: etat },
  })
  return alerte
}
