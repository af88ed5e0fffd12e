import type { Session } from '#acces'
import { consignerFaits, lireDossier, lireDossiersARepartir, noterServices } from '#dossiers'
import { Introuvable, refus } from '#socle/errors'
import { formatDate } from '#socle/typography'
import { comptentDepuis, compterTentatives } from './contacts.ts'
import { echeancesDuService } from './echeances.ts'

/** Why a diagnosis could not be done (REP-15). */
export const motifsNonRealise = {
  sans_reponse: 'Sans réponse du ménage',
  refus: 'Refus du ménage',
  absent: 'Absent au rendez-vous',
  parti: 'Parti du logement',
  injoignable: 'Injoignable',
  hors_delai: 'Hors délai',
} as const
export type MotifNonRealise = keyof typeof motifsNonRealise

/** Reasons that say nobody was reached: an attempt that failed shows it. */
const PERSONNE_JOINT: readonly MotifNonRealise[] = ['sans_reponse', 'injoignable']

/**
 * Ends a household's diagnosis: transmitted, or not done with a coded reason. « Not done » asks for at least one dated contact attempt of the service since the present
 * step, one that failed when the reason is that nobody answered, unless the household left (REP-15).
 */
export async function cloreDiagnostic(
  session: Session,
  demande: { dossier: string; issue: 'transmis' | 'non_realise'; motif?: MotifNonRealise | undefined },
): Promise<void> {
  const { sql, dept } = session
  const dossier = await lireDossier(session, demande.dossier)
  const [affectation] = await sql<{ id: string; organisme: string; depuis: Temporal.PlainDate }>`
    select id, organisme, depuis from affectation
    where dept = ${dept} and dossier = ${dossier.id} and terminee_a is null and etat = 'prise' for update`
  if (!affectation)
    throw refus(
      'diagnostic.sans-prise',
      'Ce ménage n’est pris en charge par aucun service : il n’y a pas de diagnostic à clore.',
    )
  if (
    session.acteur.organisme !== null &&
    session.acteur.role === 'service_social' &&
    session.acteur.organisme !== affectation.organisme
  )
    throw new Introuvable()
  if (demande.issue === 'non_realise') {
    if (!demande.motif || !(demande.motif in motifsNonRealise))
      throw refus('diagnostic.motif', 'Choisir pourquoi le diagnostic n’a pas pu se faire.')
    if (demande.motif !== 'parti') {
      const depuis = comptentDepuis(dossier, affectation.depuis)
      const tentatives = { dossier: dossier.id, organisme: affectation.organisme, depuis }
      const { toutes, sansEffet } = await compterTentatives(session, tentatives)
      if (toutes === 0)
        throw refus(
          'diagnostic.contacts',
          `Noter d’abord au moins une tentative de contact de ce service depuis le ${formatDate(depuis)} : moyen, date et résultat.`,
        )
      if (sansEffet === 0 && PERSONNE_JOINT.includes(demande.motif))
        throw refus(
          'diagnostic.joint',
          'Les contacts notés ont abouti. Choisir un autre motif, ou noter la tentative restée sans réponse.',
        )
    }
  }
  await marquerDiagnostics(session, [affectation.id], demande.issue, demande.motif ?? null)
}

/** Diagnoses transmitted for many households at once, by the service in charge or on its behalf. Those nobody has in charge are left as they are. */
export async function transmettreDiagnostics(session: Session, dossiers: readonly string[]): Promise<number> {
  const affectations = await session.sql<{
    id: string
  }>`select id from affectation where dept = ${session.dept} and dossier = any (${dossiers}::uuid[])
    and terminee_a is null and etat = 'prise' and diagnostic_fait_le is null
    and (${session.acteur.role !== 'service_social'} or organisme = ${session.acteur.organisme}) for update`
  await marquerDiagnostics(
    session,
    affectations.map((affectation) => affectation.id),
    'transmis',
    null,
  )
  return affectations.length
}

async function marquerDiagnostics(
  session: Session,
  affectations: readonly string[],
  issue: 'transmis' | 'non_realise',
  motif: string | null,
): Promise<void> {
  if (affectations.length === 0) return
  const { sql, dept } = session
  const closes = await sql<{
    dossier: string
    service: string
    organisme: string
    depuis: Temporal.PlainDate
    prise_le: Temporal.PlainDate | null
    transmise_le: Temporal.PlainDate | null
    diagnostic_avant: Temporal.PlainDate | null
  }>`
    update affectation set diagnostic_fait_le = ${session.jour}, issue = ${issue === 'transmis' ? 'diagnostic_transmis' : 'non_realise'}, motif = coalesce(${motif}::text, motif)
    where dept = ${dept} and id = any (${affectations}::uuid[]) returning dossier, service, organisme, depuis, prise_le, transmise_le, diagnostic_avant`
  const audiences = new Map(
    (
      await lireDossiersARepartir(
        session,
        closes.map((close) => close.dossier),
      )
    ).map((dossier) => [dossier.id, dossier.audience_le]),
  )
  await noterServices(
    session,
    closes.map((close) => ({
      dossier: close.dossier,
      service: close.service,
      organisme: close.organisme,
      etat: 'prise',
      depuis: (close.prise_le ?? close.depuis).toString(),
      connu: true,
      habilites: [close.organisme],
      echeances: echeancesDuService(
        session,
        { ...close, etat: 'prise', repondre_avant: null, diagnostic_fait_le: session.jour },
        audiences.get(close.dossier) ?? null,
      ),
    })),
  )
  await consignerFaits(
    session,
    closes.map((close) => ({
      dossier: close.dossier,
      type: issue === 'transmis' ? 'diagnostic.transmis' : 'diagnostic.non_realise',
      donnees: { organisme: close.organisme, ...(motif ? { motif } : {}) },
    })),
  )
}

/** Takes back the end of a diagnosis, while the household is still with the service: its date runs again as it did. */
export async function rouvrirDiagnostic(session: Session, demande: { dossier: string }): Promise<void> {
  const { sql, dept } = session
  const dossier = await lireDossier(session, demande.dossier)
  const [affectation] = await sql<{
    id: string
    service: string
    organisme: string
    depuis: Temporal.PlainDate
    prise_le: Temporal.PlainDate | null
    transmise_le: Temporal.PlainDate | null
    diagnostic_avant: Temporal.PlainDate | null
  }>`select id, service, organisme, depuis, prise_le, transmise_le, diagnostic_avant from affectation
    where dept = ${dept} and dossier = ${dossier.id} and terminee_a is null and etat = 'prise' and diagnostic_fait_le is not null for update`
  if (!affectation)
    throw refus(
      'diagnostic.pas-clos',
      'Il n’y a pas de diagnostic clos à rouvrir : ce ménage n’est plus chez ce service, ou son diagnostic court encore.',
    )
  if (session.acteur.role === 'service_social' && session.acteur.organisme !== affectation.organisme)
    throw new Introuvable()
  await sql`update affectation set diagnostic_fait_le = null, issue = null,
    motif = case when issue = 'non_realise' and origine <> 'personne' then null else motif end where dept = ${dept} and id = ${affectation.id}`
  // Not from the dossier as read by this session: what is hidden to it counts all the same.
  const [faits] = await lireDossiersARepartir(session, [dossier.id])
  await noterServices(session, [
    {
      dossier: dossier.id,
      service: affectation.service,
      organisme: affectation.organisme,
      etat: 'prise',
      depuis: (affectation.prise_le ?? affectation.depuis).toString(),
      connu: true,
      habilites: [affectation.organisme],
      echeances: echeancesDuService(
        session,
        { ...affectation, etat: 'prise', repondre_avant: null, diagnostic_fait_le: null },
        faits?.audience_le ?? null,
      ),
    },
  ])
  await consignerFaits(session, [
    { dossier: dossier.id, type: 'diagnostic.rouvert', donnees: { organisme: affectation.organisme } },
  ])
}
