import { randomUUID } from 'node:crypto'
import type { Session } from '#acces'
import {
  type Cadre,
  calculerPlan,
  type EcheancePlan,
  lireCadre,
  ORIGINES_PLAN,
  type OriginePlan,
  type ResultatPlan,
  type SuiviPlan,
  suivreEcheancier,
} from '#calculs'
import { consignerFaits, type Dossier } from '#dossiers'
import { type Delais, type FaitDate, resoudreValeur, trouverValeur } from '#procedure'
import { ecrireEuros, ecrireJour, lireJour } from '#referentiel'
import { Conflit, Introuvable, refus } from '#socle/errors'
import { exigerAuteur, exigerMotif } from './commun.ts'
import { type Ecriture, enVigueur } from './ecritures.ts'

export const ISSUES_PLAN = {
  tenu: 'Tenu jusqu’au bout',
  defaillant: 'Défaillant',
  denonce: 'Dénoncé',
  remplace: 'Remplacé par un autre plan',
} as const
export type IssuePlan = keyof typeof ISSUES_PLAN

export interface PlanApurement {
  readonly id: string
  readonly origine: OriginePlan
  readonly conclu_le: Temporal.PlainDate
  readonly dette: number
  readonly mensualite: number
  readonly nombre: number
  readonly disponible: number | null
  /** Why it was made above what the household has left. */
  readonly motif: string
  /** The bound, as the law gave it the day the plan was made. */
  readonly cadre: { readonly texte: string; readonly reserves: readonly string[] }
  readonly organisme_nom: string
  readonly auteur: string
  readonly a: Temporal.Instant
  readonly fin: {
    readonly issue: IssuePlan
    readonly le: Temporal.PlainDate
    readonly motif: string
    readonly auteur: string
  } | null
  readonly echeances: readonly EcheancePlan[]
}

/** Plans of a dossier, the newest first, each with its schedule and its end. */
export async function listerPlans(session: Session, dossier: string): Promise<readonly PlanApurement[]> {
  const { sql, dept } = session
  const plans = await sql<
    Omit<PlanApurement, 'fin' | 'echeances'> & {
      fin_issue: IssuePlan | null
      fin_le: Temporal.PlainDate | null
      fin_motif: string | null
      fin_auteur: string | null
    }
  >`
    select p.id, p.origine, p.conclu_le, p.dette, p.mensualite, p.nombre, p.disponible, p.motif, p.cadre, o.nom as organisme_nom,
      c.prenom || ' ' || c.nom as auteur, p.a, f.issue as fin_issue, f.le as fin_le, f.motif as fin_motif, x.prenom || ' ' || x.nom as fin_auteur
    from plan_apurement p
    join organisme o on o.dept = ${dept} and o.id = p.organisme join compte c on c.dept = ${dept} and c.id = p.par
    left join plan_fin f on f.dept = ${dept} and f.plan = p.id left join compte x on x.dept = ${dept} and x.id = f.par
    where p.dept = ${dept} and p.dossier = ${dossier} order by p.conclu_le desc, p.a desc, p.id`
  const echeances = await sql<EcheancePlan & { plan: string }>`
    select e.plan, e.rang, e.le, e.centimes from plan_echeance e join plan_apurement p on p.dept = ${dept} and p.id = e.plan
    where e.dept = ${dept} and p.dossier = ${dossier} order by e.plan, e.rang`
  return plans.map(({ fin_issue, fin_le, fin_motif, fin_auteur, ...plan }) => ({
    ...plan,
    fin:
      fin_issue && fin_le ? { issue: fin_issue, le: fin_le, motif: fin_motif ?? '', auteur: fin_auteur ?? '' } : null,
    echeances: echeances.filter((echeance) => echeance.plan === plan.id).map(({ plan: _plan, ...reste }) => reste),
  }))
}

/** Each due date of a plan on a day, from the payments of the ledger that name it. A plan that has ended is followed until its end. */
export function suivrePlan(plan: PlanApurement, ecritures: readonly Ecriture[], jour: Temporal.PlainDate): SuiviPlan {
  const jusquA = plan.fin && Temporal.PlainDate.compare(plan.fin.le, jour) < 0 ? plan.fin.le : jour
  // The rank of a row in the ledger is not the one of an instalment.
  const paiements = enVigueur(ecritures)
    .filter((ecriture) => ecriture.plan === plan.id && ecriture.choix === 'plan')
    .map(({ le, centimes }) => ({ le, centimes }))
  return suivreEcheancier(plan.echeances, paiements, jusquA)
}

export interface DemandePlan {
  readonly origine: OriginePlan
  readonly concluLe: Temporal.PlainDate
  readonly dette: number
  readonly nombre: number | null
  readonly mensualite: number | null
  readonly premiere: Temporal.PlainDate
  readonly jourDuMois: number | null
  readonly arrondi: 'premiere' | 'derniere'
  readonly disponible: number | null
}

/** Dates of the dossier that select the law of a plan. */
function lireFaits(dossier: Dossier, origine: OriginePlan, concluLe: Temporal.PlainDate) {
  const acte = (type: string) => lireJour(dossier.actes.findLast((un) => un.type === type)?.le ?? '')
  const depuis = dossier.bail.detteDepuis ? lireJour(dossier.bail.detteDepuis) : undefined
  const faits: { [F in FaitDate]?: Temporal.PlainDate } = {}
  if (depuis) faits['impaye.constitue'] = depuis
  const jugement = acte('jugement')
  if (jugement) faits['jugement.rendu'] = jugement
  if (origine === 'protocole_1' || origine === 'protocole_2') faits['protocole.signe'] = concluLe
  return faits
}

/** When the debt of the dossier may no longer be paid, for over-indebtedness (DOS-15, OUT-22); null when nothing says so. */
export function interdictionDePayer(
  droit: Delais,
  dossier: Dossier,
): { readonly depuis: Temporal.PlainDate; readonly regle: ReturnType<typeof resoudreValeur> | null } | null {
  const surendettement = dossier.situation?.surendettement
  const depuis = surendettement?.paiementInterdit ? lireJour(surendettement.le) : undefined
  if (!depuis) return null
  const valeur = trouverValeur(droit, 'surendettement.dettes-anterieures')
  return { depuis, regle: valeur ? resoudreValeur(valeur, { 'surendettement.recevable': depuis }) : null }
}

/** What a plan would be: its schedule, or why it may not be made. Nothing is written. */
export function preparerPlan(droit: Delais, dossier: Dossier, demande: DemandePlan): ResultatPlan {
  const cadre: Cadre = lireCadre(
    droit,
    demande.origine,
    demande.concluLe,
    lireFaits(dossier, demande.origine, demande.concluLe),
  )
  const interdit = interdictionDePayer(droit, dossier)
  const source = interdit?.regle?.issue === 'valeur' ? interdit.regle.lectures[0].source : null
  return calculerPlan({
    dette: demande.dette,
    ...(demande.nombre === null ? {} : { nombre: demande.nombre }),
    ...(demande.mensualite === null ? {} : { mensualite: demande.mensualite }),
    premiere: demande.premiere,
    ...(demande.jourDuMois === null ? {} : { jourDuMois: demande.jourDuMois }),
    arrondi: demande.arrondi,
    cadre,
    disponible: demande.disponible,
    surendettementDepuis: interdit?.depuis ?? null,
    sourceSurendettement: source,
  })
}

/**
 * Makes a plan. Refused when its frame or over-indebtedness forbids it; above what the household has left it needs a reason, and keeps it (OUT-02). The plan
 * it replaces ends on the same day. The same form sent twice makes one.
 */
export async function conclurePlan(
  session: Session,
  droit: Delais,
  dossier: Dossier,
  demande: DemandePlan & { readonly motif: string; readonly remplace: string | null; readonly envoi: string },
): Promise<string> {
  const { sql, dept, maintenant } = session
  const { compte, organisme } = exigerAuteur(session, demande.envoi)
  if (!Object.hasOwn(ORIGINES_PLAN, demande.origine)) throw refus('plan.origine', 'Choisir d’où vient le plan.')
  const plan = preparerPlan(droit, dossier, demande)
  const [raison = 'Ce plan ne peut pas être conclu.'] = plan.motifs
  if (plan.etat === 'bloque') throw refus('plan.bloque', raison)
  if (plan.etat === 'refuse') throw refus('plan.refuse', raison)
  const motif =
    plan.etat === 'non_tenable'
      ? exigerMotif(demande.motif, 'plan.motif', `${raison} Dire pourquoi il est conclu quand même, ou le revoir.`)
      : demande.motif.trim().slice(0, 500)
  const [deja] = await sql<{
    id: string
  }>`select id from plan_apurement where dept = ${dept} and par = ${compte} and envoi = ${demande.envoi}`
  if (deja) return deja.id
  const remplace = demande.remplace === null ? null : await exigerPlanEnCours(session, dossier, demande.remplace)
  const id = randomUUID()
  const cadre = JSON.stringify({ texte: plan.cadre.texte, reserves: plan.cadre.reserves })
  await sql`insert into plan_apurement (dept, id, dossier, origine, conclu_le, dette, premiere, jour_du_mois, arrondi, mensualite, nombre, disponible, motif, cadre,
      organisme, par, a, envoi)
    values (${dept}, ${id}, ${dossier.id}, ${demande.origine}, ${demande.concluLe}, ${demande.dette}, ${demande.premiere},
      ${demande.jourDuMois ?? demande.premiere.day}, ${demande.arrondi}, ${plan.mensualite}, ${plan.nombre}, ${demande.disponible}, ${motif}, ${cadre}::jsonb,
      ${organisme}, ${compte}, ${maintenant}, ${demande.envoi})`
  const lignes = plan.echeances.map(({ rang, le, centimes }) => ({ rang, le: le.toString(), centimes }))
  await sql`insert into plan_echeance (dept, plan, rang, le, centimes)
    select ${dept}, ${id}, x.rang, x.le, x.centimes from json_to_recordset(${JSON.stringify(lignes)}::json) as x(rang smallint, le date, centimes integer)`
  if (remplace)
    await ecrireFin(session, dossier, remplace, {
      issue: 'remplace',
      le: demande.concluLe,
      motif: `Remplacé par un plan du ${ecrireJour(demande.concluLe)}.`,
      par: id,
    })
  await consignerFaits(session, [
    {
      dossier: dossier.id,
      type: 'plan.conclu',
      le: demande.concluLe,
      donnees: { origine: demande.origine, dette: demande.dette, nombre: plan.nombre, mensualite: plan.mensualite },
    },
  ])
  session.consigner({ action: 'plan.conclure', objet: 'plan', objetId: id, dossiers: [dossier.id] })
  return id
}

/** A plan of the dossier that has not ended. Throws `Conflit` when it has: somebody ended it meanwhile. */
async function exigerPlanEnCours(session: Session, dossier: Dossier, id: string): Promise<PlanApurement> {
  const plan = (await listerPlans(session, dossier.id)).find((un) => un.id === id)
  if (!plan) throw new Introuvable()
  if (plan.fin)
    throw new Conflit('plan.clos', `Entre-temps, ce plan a été clos : ${ISSUES_PLAN[plan.fin.issue].toLowerCase()}.`, [
      id,
    ])
  return plan
}

/** Ends a plan, once, with its reason. */
export async function clorePlan(
  session: Session,
  dossier: Dossier,
  id: string,
  fin: { readonly issue: IssuePlan; readonly le: Temporal.PlainDate; readonly motif: string },
): Promise<void> {
  if (!session.acteur.compte || !session.acteur.organisme) throw new Introuvable()
  if (!Object.hasOwn(ISSUES_PLAN, fin.issue) || fin.issue === 'remplace')
    throw refus('fin.issue', 'Dire comment le plan se termine.')
  if (Temporal.PlainDate.compare(fin.le, session.jour) > 0)
    throw refus('fin.le', 'La fin du plan est déjà arrivée ou d’aujourd’hui.')
  const plan = await exigerPlanEnCours(session, dossier, id)
  const motif = exigerMotif(fin.motif, 'fin.motif', 'Dire en une phrase pourquoi le plan se termine.')
  await ecrireFin(session, dossier, plan, { ...fin, motif, par: null })
}

async function ecrireFin(
  session: Session,
  dossier: Dossier,
  plan: PlanApurement,
  fin: {
    readonly issue: IssuePlan
    readonly le: Temporal.PlainDate
    readonly motif: string
    readonly par: string | null
  },
): Promise<void> {
  const { sql, dept, maintenant, acteur } = session
  const ecrites = await sql`insert into plan_fin (dept, plan, issue, le, motif, remplace_par, organisme, par, a)
    values (${dept}, ${plan.id}, ${fin.issue}, ${fin.le}, ${fin.motif}, ${fin.par}, ${acteur.organisme}, ${acteur.compte}, ${maintenant})
    on conflict (dept, plan) do nothing returning plan`
  if (ecrites.length === 0) throw new Conflit('plan.clos', 'Entre-temps, ce plan a été clos.', [plan.id])
  await consignerFaits(session, [
    {
      dossier: dossier.id,
      type: 'plan.clos',
      le: fin.le,
      donnees: { issue: fin.issue, origine: plan.origine },
    },
  ])
  session.consigner({
    action: 'plan.clore',
    objet: 'plan',
    objetId: plan.id,
    dossiers: [dossier.id],
    details: { issue: fin.issue },
  })
}

/** Something to say beside the money of a dossier. Never blocks an honest record. */
export interface Alerte {
  readonly exigence: 'OUT-02' | 'OUT-21' | 'OUT-22'
  readonly texte: string
}

/** Where the law goes from here: the summons and what follows it. */
const APRES_ASSIGNATION = ['assignation', 'audience', 'jugement']

/**
 * What must be said: an instalment above what is left (OUT-02), a plan kept before a summons or in spite of it (OUT-21), a plan on a debt whose payment
 * over-indebtedness forbids (OUT-22).
 */
export function listerAlertes(
  droit: Delais,
  dossier: Dossier,
  plans: readonly PlanApurement[],
  ecritures: readonly Ecriture[],
  disponible: number | null,
  jour: Temporal.PlainDate,
): readonly Alerte[] {
  const interdit = interdictionDePayer(droit, dossier)
  return plans
    .filter(({ fin }) => fin === null)
    .flatMap((plan): readonly Alerte[] => {
      const nom = `Plan du ${ecrireJour(plan.conclu_le)}`
      const suivi = suivrePlan(plan, ecritures, jour)
      const echues = suivi.nombre.respectee
      const assignation = dossier.actes.findLast(
        ({ type, le }) => type === 'assignation' && le >= plan.conclu_le.toString(),
      )
      const plusForte = Math.max(...plan.echeances.map(({ centimes }) => centimes))
      return [
        ...(disponible !== null && plusForte > disponible
          ? [
              {
                exigence: 'OUT-02' as const,
                texte: `${nom} non tenable : ${ecrireEuros(plusForte)} par mois, pour un disponible de ${ecrireEuros(disponible)}. ${plan.origine === 'caf' ? 'Plan irréalisable : la caisse peut saisir la CCAPEX.' : 'Voir un plan plus long, le FSL ou une autre aide.'}`,
              },
            ]
          : []),
        ...(suivi.respecte && echues > 0 && !suivi.acheve
          ? assignation
            ? [
                {
                  exigence: 'OUT-21' as const,
                  texte: `${nom} respecté, et pourtant une assignation a été délivrée le ${ecrireJour(Temporal.PlainDate.from(assignation.le))} : à signaler au bailleur et au juge.`,
                },
              ]
            : APRES_ASSIGNATION.includes(dossier.stade)
              ? []
              : [
                  {
                    exigence: 'OUT-21' as const,
                    texte: `${nom} respecté : le dire au bailleur avant toute assignation.`,
                  },
                ]
          : []),
        ...(interdit && plan.origine !== 'surendettement'
          ? [
              {
                exigence: 'OUT-22' as const,
                texte: `${nom} : dossier de surendettement recevable le ${ecrireJour(interdit.depuis)}. L’arriéré ne peut plus être payé, le loyer courant reste dû.`,
              },
            ]
          : []),
      ]
    })
}
