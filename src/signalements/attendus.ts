import { listerOrganismes, type Session } from '#acces'
import { parametre, type SourceReglementaire } from '#referentiel'
import { sql } from '#socle/db'
import type { TypeSignalement } from './format/index.ts'

/** Lists a charter may ask for on a rhythm: the setting that says so, the kind of organisme that sends them, and what their lines report. */
const LISTES = [
  {
    cle: 'caf',
    parametre: 'liste_caf_periodicite',
    emetteur: 'caf',
    type: 'impaye_caf',
    nom: 'Liste des impayés de la CAF',
  },
] as const satisfies readonly {
  readonly cle: string
  readonly parametre: 'liste_caf_periodicite'
  readonly emetteur: string
  readonly type: TypeSignalement
  readonly nom: string
}[]

/** A list that the charter asks for every month. */
export interface ListeAttendue {
  readonly cle: string
  readonly nom: string
  readonly emetteur: string
  /** Day the last one was received; null when none ever was. */
  readonly derniereLe: Temporal.PlainDate | null
  /** Day by which the next one is due; null when none was received. */
  readonly avantLe: Temporal.PlainDate | null
  readonly manque: boolean
  readonly source: SourceReglementaire
}

/**
 * Lists the charter of the département asks for every month, and whether one is missing (SIG-01): a month after the last one, another is due. A département whose
 * charter asks for none has none. A list that holds no line counts: nobody is in arrears.
 */
export async function listerListesAttendues(session: Session): Promise<readonly ListeAttendue[]> {
  const departement = session.referentiel.departements.get(session.dept)
  if (!departement) return []
  const organismes = await listerOrganismes(session)
  const attendues: ListeAttendue[] = []
  for (const liste of LISTES) {
    const rythme = parametre(departement, liste.parametre, session.jour)
    const emetteurs = organismes.filter(({ type }) => type === liste.emetteur)
    if (rythme.etat !== 'valeur' || emetteurs.length === 0) continue
    // One sender, most often: without a list whose length could change the plan, PostgreSQL keeps it, which weighs far more than the reading.
    const [seul, ...autres] = emetteurs.map(({ id }) => id)
    const parEux =
      autres.length === 0 ? sql`l.organisme = ${seul}::uuid` : sql`l.organisme = any (${[seul, ...autres]}::uuid[])`
    const [lue] = await session.sql<{ le: Temporal.PlainDate | null }>`
      select max(l.recu_le) as le from lot l
      where l.dept = ${session.dept} and ${parEux} and l.etat in ('lecture', 'rapprochement', 'traite')
        and ((l.etat = 'traite' and l.lignes_total = 0) or exists (select 1 from signalement_version v where v.dept = ${session.dept} and v.lot = l.id and v.contenu->>'type' = ${liste.type})
          or exists (select 1 from ligne_lot x where x.dept = ${session.dept} and x.lot = l.id and x.champs->>'type' = ${liste.type}))`
    const derniereLe = lue?.le ?? null
    const avantLe = derniereLe?.add({ months: 1 }) ?? null
    attendues.push({
      cle: liste.cle,
      nom: liste.nom,
      emetteur: emetteurs.map(({ nom }) => nom).join(', '),
      derniereLe,
      avantLe,
      manque: avantLe === null || Temporal.PlainDate.compare(avantLe, session.jour) < 0,
      source: rythme.source,
    })
  }
  return attendues
}
