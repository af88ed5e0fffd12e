import { masqueDe, type Session } from '#acces'
import type { Faits } from '#referentiel'
import { Introuvable } from '#socle/errors'
import { conditionsRemplies, criteresLisibles, dansLePerimetre, lireSousMasque } from './acces.ts'
import { CHAMPS_DOSSIER } from './champs.ts'
import { ouvrirFaits, rejoindreSante } from './scellement.ts'
import type { Dossier, Echeance } from './types.ts'

/**
 * Reads a dossier by its reference or its id, and journals the reading. Outside the perimeter it does not exist; inside it, what the access matrix does not give
 * is not there: hidden values are replaced by empty ones, and `masques` names their groups.
 */
export async function lireDossier(session: Session, cle: string): Promise<Dossier> {
  const parId = /^[0-9a-f]{8}-[0-9a-f]{4}-/.test(cle)
  const [ligne] = await session.sql<Dossier & { readonly remplies: readonly string[]; readonly scelle: string | null }>`
    select d.id, d.reference, d.version, d.ouvert_le, d.clos_le, d.motif_cloture, d.signal_depuis_cloture, d.titulaire, d.adresse, d.commune, d.code_insee, d.territoire, d.parc,
      d.stade, d.stade_rang, d.stade_le, d.phase, d.audience_le, d.dette, d.dette_le, d.dette_en_hausse, d.premier_signal_le, d.dernier_signal_le,
      d.signaux, d.sources_6_mois, d.en_serie, d.criteres, d.criteres_detail, d.vulnerable, d.scelle, d.seuil, d.menage, d.logement, d.bail, d.actes, d.situation,
      d.service, d.organisme, o.nom as organisme_nom, d.etat_service, d.service_depuis, d.connu_service, d.echeance_le, d.echeances, d.echeances_service,
      ${conditionsRemplies(session, CHAMPS_DOSSIER)} as remplies
    from dossier d left join organisme o on o.dept = ${session.dept} and o.id = d.organisme
    where d.dept = ${session.dept} and (${parId ? cle : null}::uuid is null or d.id = ${parId ? cle : null}::uuid)
      and (${parId ? null : cle}::text is null or d.reference = ${parId ? null : cle})
      and ${dansLePerimetre(session)}`
  if (!ligne) {
    // Said here too: a caller that goes on without the dossier leaves the trace of having asked.
    session.consigner({ action: 'dossier.lire', resultat: 'refuse', details: { code: 'introuvable' } })
    throw new Introuvable()
  }
  const { scelle, ...clair } = ligne
  // Sealed values are opened for whoever reads them, and for nobody else.
  const lu = masqueDe(session.acteur).voit('sante', clair.remplies)
    ? rejoindreSante(await session.coffre(), scelle, clair)
    : clair
  session.consigner({ action: 'dossier.lire', objet: 'dossier', objetId: lu.id, dossiers: [lu.id] })
  const dossier = lireSousMasque(session, lu, CHAMPS_DOSSIER, lu.remplies)
  const criteres = criteresLisibles(session, lu.remplies)
  return {
    ...dossier,
    criteres: dossier.criteres.filter((id) => criteres.has(id)),
    criteres_detail: dossier.criteres_detail.filter(({ id }) => criteres.has(id)),
    masques: masqueDe(session.acteur).caches(lu.remplies),
  }
}

/** What the dispatch rules need of many dossiers. */
export interface DossierARepartir {
  readonly id: string
  readonly stade: string
  readonly faits: Faits
  readonly code_insee: string | null
  readonly territoire: string | null
  readonly audience_le: Temporal.PlainDate | null
  /** Since when it is at its step; null when no act says it. */
  readonly stade_le: Temporal.PlainDate | null
  /** Day of its last summons. */
  readonly assignation_le: Temporal.PlainDate | null
  readonly clos: boolean
}

/** What following a dossier from step to step reads of it, whatever the reader sees: nothing of it is shown as such. */
export interface DossierSuivi extends Omit<DossierARepartir, 'assignation_le'> {
  readonly reference: string
  readonly clos_le: Temporal.PlainDate | null
  readonly organisme: string | null
  readonly etat_service: string
  readonly echeances: readonly Echeance[]
  readonly echeances_service: readonly Echeance[]
  readonly fsl_demande: boolean
}

/** The same as last derived, with the step, the service in charge and the computed terms. Words near health are opened: conditions read them, nobody is shown them. */
export async function lireDossiersSuivis(session: Session, ids: readonly string[]): Promise<DossierSuivi[]> {
  const lus = await session.sql<
    DossierSuivi & { readonly scelle: string | null }
  >`select id, reference, stade, stade_le, clos_le, faits, scelle, code_insee, territoire, audience_le, organisme, etat_service,
      echeances, echeances_service, clos_le is not null as clos, actes @> '[{"type": "demande_fsl"}]' as fsl_demande
    from dossier where dept = ${session.dept} and id = any (${ids}::uuid[])`
  return ouvrirFaits(session, lus)
}

/** Dossiers derived since an instant: what the day alone changed leaves no fait. */
export async function listerDerivesDepuis(session: Session, depuis: Temporal.Instant): Promise<string[]> {
  const lignes = await session.sql<{
    id: string
  }>`select id from dossier where dept = ${session.dept} and derive_a >= ${depuis} order by id`
  return lignes.map(({ id }) => id)
}

/** What a simulation of criteria reads of a dossier. */
export interface FaitsDeDossier {
  readonly id: string
  readonly reference: string
  readonly faits: Faits
  readonly territoire: string | null
  /** Month of the first signalement, `AAAA-MM`. */
  readonly mois: string
}

/** Facts of the open dossiers and of those first signalled since a day, closed or not, by batches. */
export async function* parcourirFaits(
  session: Session,
  depuis: Temporal.PlainDate,
): AsyncGenerator<readonly FaitsDeDossier[]> {
  let dernier = '00000000-0000-0000-0000-000000000000'
  for (;;) {
    const lignes = await session.sql<FaitsDeDossier & { readonly scelle: string | null }>`
      select id, reference, faits, scelle, territoire, to_char(coalesce(premier_signal_le, ouvert_le), 'YYYY-MM') as mois
      from dossier where dept = ${session.dept} and id > ${dernier}::uuid
        and (clos_le is null or (premier_signal_le >= ${depuis} and motif_cloture is distinct from 'sans_signalement'))
      order by id limit 2000`
    if (lignes.length > 0) yield await ouvrirFaits(session, lignes)
    const fin = lignes.at(-1)
    if (!fin || lignes.length < 2000) return
    dernier = fin.id
  }
}

/** Facts of many dossiers, as last derived. */
export async function lireDossiersARepartir(session: Session, ids: readonly string[]): Promise<DossierARepartir[]> {
  const lus = await session.sql<
    DossierARepartir & { readonly scelle: string | null }
  >`select id, stade, faits, scelle, code_insee, territoire, audience_le, clos_le is not null as clos, stade_le,
      (select max(acte->>'le')::date from jsonb_array_elements(actes) acte where acte->>'type' = 'assignation') as assignation_le
    from dossier where dept = ${session.dept} and id = any (${ids}::uuid[])`
  return ouvrirFaits(session, lus)
}

/** Dossiers joined to this one, near or far, that the session reads: nothing more is written there, what was stays there. */
export const listerReunis = ({ sql, dept }: Session, dossier: string): Promise<{ id: string; reference: string }[]> =>
  sql<{ id: string; reference: string }>`select id, reference from dossier
    where dept = ${dept} and id <> ${dossier} and id in (select public.dossiers_reunis(${dossier}::uuid)) order by reference`
