import { type Application, acteurSysteme, ouvrirSession, type Session } from '#acces'
import { type DossierDerive, deriver, ecrireDerives, type SignalDuDossier } from '#dossiers'
import { dernierChangement } from '#referentiel'
import { createPacer } from '#socle/pace'
import { startOfParisDay } from '#socle/time'

interface Ligne {
  readonly dossier: string
  readonly reference: string
  readonly id: string | null
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
  readonly contenu: Record<string, unknown>
}

/** Signalements attached to dossiers now; a dossier without any appears with none. */
export async function lireSignauxDesDossiers(
  session: Session,
  dossiers: readonly string[],
): Promise<Map<string, { reference: string; signaux: SignalDuDossier[] }>> {
  const lignes = await session.sql<Ligne>`
    select d.id as dossier, d.reference, s.id, s.organisme, o.nom as organisme_nom, o.type as organisme_type, s.type, s.date_signalement, s.date_acte, s.recu_le,
      s.code_insee, s.commune, s.territoire, s.contenu
    from dossier d
    left join rattachement r on r.dept = ${session.dept} and r.dossier = d.id and r.defait_a is null
    left join signalement s on s.dept = ${session.dept} and s.id = r.signalement and s.retire_a is null
    left join organisme o on o.dept = ${session.dept} and o.id = s.organisme
    where d.dept = ${session.dept} and d.id = any (${dossiers}::uuid[])`
  const parDossier = new Map<string, { reference: string; signaux: SignalDuDossier[] }>()
  for (const ligne of lignes) {
    const entree = parDossier.get(ligne.dossier) ?? { reference: ligne.reference, signaux: [] }
    parDossier.set(ligne.dossier, entree)
    if (ligne.id === null) continue
    entree.signaux.push({
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
    })
  }
  return parDossier
}

/** Computes again what dossiers say of themselves from the signalements attached now. */
export async function deriverDossiers(session: Session, dossiers: readonly string[]): Promise<void> {
  if (dossiers.length === 0) return
  const parDossier = await lireSignauxDesDossiers(session, [...new Set(dossiers)])
  const souffler = createPacer()
  const derives: DossierDerive[] = []
  for (const [id, { reference, signaux }] of parDossier) {
    derives.push(deriver(session, { id, reference }, signaux))
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
