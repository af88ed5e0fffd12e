import { randomUUID } from 'node:crypto'
import type { Session } from '#acces'
import {
  calculerPlan,
  dateDuCadre,
  type EcheancePlan,
  lireCadre,
  ORIGINES_PLAN,
  type OriginePlan,
  type ResultatPlan,
  type SuiviPlan,
  suivreEcheancier,
} from '#calculs'
import { consignerFaits, type Dossier, estImpaye } from '#dossiers'
import {
  deduireSituation,
  ETAPES,
  ETATS_SURENDETTEMENT,
  type Faits,
  ordreEtape,
  resoudreValeur,
  type SourceDelai,
  trouverValeur,
} from '#procedure'
import { ecrireEuros, ecrireJour, lireJour } from '#referentiel'
import { sql as fragment } from '#socle/db'
import { Conflit, Introuvable, refus } from '#socle/errors'
import { lireDisponible, porteeBudget } from './budgets.ts'
import { exigerAuteur, exigerMotif, exigerTenue, reunisAvec, verrouiller } from './commun.ts'
import { type Ecriture, enVigueur, listerEcritures } from './ecritures.ts'

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
  /** What the household had left, and why the plan was made above it. Null and empty when `reserve`. */
  readonly disponible: number | null
  readonly motif: string
  /** This reader does not read the budget the plan was made on. */
  readonly reserve: boolean
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

/**
 * Plans of a dossier, the newest first, each with its schedule and its end. What a plan says of resources is read by those who read every budget of the dossier, and
 * by the organisme that made it.
 */
export async function listerPlans(session: Session, dossier: Dossier): Promise<readonly PlanApurement[]> {
  const { sql, dept, acteur } = session
  const lu =
    porteeBudget(session, dossier) === 'tous'
      ? fragment`true`
      : fragment`coalesce(p.organisme = ${acteur.organisme}::uuid, false)`
  const plans = await sql<
    Omit<PlanApurement, 'fin' | 'echeances'> & {
      fin_issue: IssuePlan | null
      fin_le: Temporal.PlainDate | null
      fin_motif: string | null
      fin_auteur: string | null
    }
  >`
    select p.id, p.origine, p.conclu_le, p.dette, p.mensualite, p.nombre, case when ${lu} then p.disponible end as disponible,
      case when ${lu} then p.motif else '' end as motif, not ${lu} as reserve, p.cadre, o.nom as organisme_nom,
      c.prenom || ' ' || c.nom as auteur, p.a, f.issue as fin_issue, f.le as fin_le, f.motif as fin_motif, x.prenom || ' ' || x.nom as fin_auteur
    from plan_apurement p
    join organisme o on o.dept = ${dept} and o.id = p.organisme join compte c on c.dept = ${dept} and c.id = p.par
    left join plan_fin f on f.dept = ${dept} and f.plan = p.id left join compte x on x.dept = ${dept} and x.id = f.par
    where p.dept = ${dept} and p.dossier in ${reunisAvec(dossier.id)} order by p.conclu_le desc, p.a desc, p.id`
  const echeances = await sql<EcheancePlan & { plan: string }>`
    select e.plan, e.rang, e.le, e.centimes from plan_echeance e join plan_apurement p on p.dept = ${dept} and p.id = e.plan
    where e.dept = ${dept} and p.dossier in ${reunisAvec(dossier.id)} order by e.plan, e.rang`
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

/** The dated facts of the dossier that select the law of a plan, as known the day it is made. */
function lireFaits(dossier: Dossier, { origine, concluLe }: DemandePlan): Faits {
  const dernier = (choisir: (acte: Dossier['actes'][number]) => boolean) =>
    dossier.actes
      .filter(choisir)
      .flatMap(({ le }) => lireJour(le) ?? [])
      .filter((le) => Temporal.PlainDate.compare(le, concluLe) <= 0)
      .toSorted(Temporal.PlainDate.compare)
      .at(-1)
  switch (dateDuCadre(origine)) {
    case 'impaye.constitue':
      return { 'impaye.constitue': dernier(estImpaye) }
    case 'jugement.rendu':
      return { 'jugement.rendu': dernier(({ type }) => type === 'jugement') }
    case 'protocole.signe':
      return { 'protocole.signe': concluLe }
    default:
      return {}
  }
}

/** What an over-indebtedness procedure makes of plans on the debt. */
export interface EffetSurendettement {
  /** Day the file was declared admissible: older debts may no longer be paid. Null once the commission has decided what is paid. */
  readonly interditDepuis: Temporal.PlainDate | null
  readonly texte: string
  readonly source: SourceDelai | null
}

/** Stages at which the commission, or the judge after it, has settled what is paid of the debt. */
const REGLE_PAR_LA_COMMISSION = ['plan', 'moratoire', 'retablissement'] as const

/** What must be said of plans on this debt, for over-indebtedness (DOS-15, OUT-22); null when nothing. */
export function direSurendettement(
  { delais }: Pick<Session, 'delais'>,
  { situation }: Pick<Dossier, 'situation'>,
): EffetSurendettement | null {
  const procedure = situation?.surendettement
  if (!procedure) return null
  const { etat } = procedure
  if (REGLE_PAR_LA_COMMISSION.some((un) => un === etat)) {
    const le = lireJour(procedure.le)
    return {
      interditDepuis: null,
      texte: `Surendettement : ${ETATS_SURENDETTEMENT[etat].toLowerCase()}${le ? ` depuis le ${ecrireJour(le)}` : ''}. La dette qui y est comprise se règle comme il y est dit, le loyer courant reste dû.`,
      source: null,
    }
  }
  if (!procedure.paiementInterdit) return null
  const depuis = lireJour(procedure.recevableLe ?? procedure.le)
  if (!depuis) return null
  const valeur = trouverValeur(delais, 'surendettement.dettes-anterieures')
  const regle = valeur ? resoudreValeur(valeur, { 'surendettement.recevable': depuis }) : null
  return {
    interditDepuis: depuis,
    texte: `Dossier de surendettement recevable le ${ecrireJour(depuis)} : l’arriéré ne peut plus être payé, le loyer courant reste dû.`,
    source: regle?.issue === 'valeur' ? regle.lectures[0].source : null,
  }
}

/**
 * What a plan would be: its schedule, or why it may not be made. Nothing is written. Without an available income given, the one of the latest budget is
 * compared.
 */
export async function preparerPlan(
  session: Session,
  dossier: Dossier,
  demande: DemandePlan,
): Promise<ResultatPlan & { readonly disponible: number | null }> {
  const { nombre, mensualite, jourDuMois, premiere, concluLe } = demande
  const cadre = lireCadre(
    session.delais,
    demande.origine,
    lireFaits(dossier, demande),
    deduireSituation(dossier.bail.bailleurNature),
  )
  const disponible = demande.disponible ?? (await lireDisponible(session, dossier))?.centimes ?? null
  const effet = direSurendettement(session, dossier)
  const plan = calculerPlan({
    dette: demande.dette,
    ...(nombre === null ? {} : { nombre }),
    ...(mensualite === null ? {} : { mensualite }),
    premiere,
    ...(jourDuMois === null ? {} : { jourDuMois }),
    arrondi: demande.arrondi,
    cadre,
    disponible,
    concluLe,
    surendettementDepuis: effet?.interditDepuis ?? null,
    sourceSurendettement: effet?.source ?? null,
  })
  const reserves = effet && effet.interditDepuis === null && demande.origine !== 'surendettement' ? [effet.texte] : []
  return { ...plan, reserves: [...reserves, ...plan.reserves], disponible }
}

/**
 * Makes a plan. Refused when its frame or over-indebtedness forbids it; above what the household has left it needs a reason, and keeps it (OUT-02). The plan
 * it replaces ends on the same day. The same form sent twice makes one.
 */
export async function conclurePlan(
  session: Session,
  dossier: Dossier,
  demande: DemandePlan & { readonly motif: string; readonly remplace: string | null; readonly envoi: string },
): Promise<string> {
  const { sql, dept, maintenant } = session
  const { compte, organisme } = exigerAuteur(session, dossier, demande.envoi)
  if (!Object.hasOwn(ORIGINES_PLAN, demande.origine)) throw refus('plan.origine', 'Choisir d’où vient le plan.')
  if (Temporal.PlainDate.compare(demande.concluLe, session.jour) > 0)
    throw refus('plan.conclu_le', 'La date du plan est passée ou d’aujourd’hui.')
  if (Temporal.PlainDate.compare(demande.premiere, demande.concluLe) < 0)
    throw refus('plan.premiere', 'La première mensualité ne vient pas avant le plan.')
  const plan = await preparerPlan(session, dossier, demande)
  const [raison = 'Ce plan ne peut pas être conclu.'] = plan.motifs
  if (plan.etat === 'bloque') throw refus('plan.bloque', raison)
  if (plan.etat === 'refuse') throw refus('plan.refuse', raison)
  const motif =
    plan.etat === 'non_tenable'
      ? exigerMotif(demande.motif, 'plan.motif', `${raison} Dire pourquoi il est conclu quand même, ou le revoir.`)
      : demande.motif.trim().slice(0, 500)
  await verrouiller(session, dossier)
  const [deja] = await sql<{
    id: string
  }>`select id from plan_apurement where dept = ${dept} and par = ${compte} and envoi = ${demande.envoi}`
  if (deja) return deja.id
  const remplace = demande.remplace === null ? null : await exigerPlanEnCours(session, dossier, demande.remplace)
  if (remplace && Temporal.PlainDate.compare(demande.concluLe, remplace.conclu_le) < 0)
    throw refus(
      'plan.remplace',
      `Le plan remplacé est du ${ecrireJour(remplace.conclu_le)} : celui qui le remplace ne peut pas être plus ancien.`,
    )
  const id = randomUUID()
  const cadre = JSON.stringify({ texte: plan.cadre.texte, reserves: plan.cadre.reserves })
  await sql`insert into plan_apurement (dept, id, dossier, origine, conclu_le, dette, premiere, jour_du_mois, arrondi, mensualite, nombre, disponible, motif, cadre,
      organisme, par, a, envoi)
    values (${dept}, ${id}, ${dossier.id}, ${demande.origine}, ${demande.concluLe}, ${demande.dette}, ${demande.premiere},
      ${demande.jourDuMois ?? demande.premiere.day}, ${demande.arrondi}, ${plan.mensualite}, ${plan.nombre}, ${plan.disponible}, ${motif}, ${cadre}::jsonb,
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
  const plan = (await listerPlans(session, dossier)).find((un) => un.id === id)
  if (!plan) throw new Introuvable()
  if (plan.fin)
    throw new Conflit('plan.clos', `Entre-temps, ce plan a été clos : ${ISSUES_PLAN[plan.fin.issue].toLowerCase()}.`, [
      id,
    ])
  return plan
}

/**
 * Ends a plan, once, with its reason; the same end sent twice is one. « Tenu » is said of a plan whose instalments are paid in the ledger. Throws `Conflit` when
 * somebody else ended it meanwhile.
 */
export async function clorePlan(
  session: Session,
  dossier: Dossier,
  id: string,
  fin: { readonly issue: IssuePlan; readonly le: Temporal.PlainDate; readonly motif: string },
): Promise<void> {
  const { compte } = exigerTenue(session, dossier)
  if (!Object.hasOwn(ISSUES_PLAN, fin.issue) || fin.issue === 'remplace')
    throw refus('fin.issue', 'Dire comment le plan se termine.')
  if (Temporal.PlainDate.compare(fin.le, session.jour) > 0)
    throw refus('fin.le', 'La fin du plan est déjà arrivée ou d’aujourd’hui.')
  const motif = exigerMotif(fin.motif, 'fin.motif', 'Dire en une phrase pourquoi le plan se termine.')
  await verrouiller(session, dossier)
  const [deja] =
    await session.sql`select plan from plan_fin where dept = ${session.dept} and plan = ${id} and par = ${compte}
    and issue = ${fin.issue} and le = ${fin.le} and motif = ${motif}`
  if (deja) return
  const plan = await exigerPlanEnCours(session, dossier, id)
  if (Temporal.PlainDate.compare(fin.le, plan.conclu_le) < 0)
    throw refus('fin.le', `Le plan est du ${ecrireJour(plan.conclu_le)} : il ne se termine pas avant.`)
  if (fin.issue === 'tenu') {
    const { restant } = suivrePlan(plan, await listerEcritures(session, dossier.id), fin.le)
    if (restant > 0)
      throw refus(
        'fin.issue',
        `À cette date, il reste ${ecrireEuros(restant)} à payer selon les versements saisis : les compléter, ou dire autrement comment le plan se termine.`,
      )
  }
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

/** Whether a summons has been served, or what follows it has come. */
const estAssigne = (stade: string): boolean => {
  const etape = ETAPES.find((une) => une === stade)
  return etape !== undefined && ordreEtape(etape) >= ordreEtape('assignation')
}

/**
 * What must be said: an instalment above what is left (OUT-02), a plan kept before a summons or in spite of it (OUT-21), a plan on a debt whose payment
 * over-indebtedness forbids or settles (OUT-22).
 */
export function listerAlertes(
  { delais, jour }: Pick<Session, 'delais' | 'jour'>,
  dossier: Dossier,
  plans: readonly PlanApurement[],
  ecritures: readonly Ecriture[],
  disponible: number | null,
): readonly Alerte[] {
  const effet = direSurendettement({ delais }, dossier)
  return plans
    .filter(({ fin }) => fin === null)
    .flatMap((plan): readonly Alerte[] => {
      const nom = `Plan du ${ecrireJour(plan.conclu_le)}`
      const suivi = suivrePlan(plan, ecritures, jour)
      const assignation = dossier.actes.findLast(
        ({ type, le }) => type === 'assignation' && le >= plan.conclu_le.toString(),
      )
      const plusForte = Math.max(0, ...suivi.echeances.filter(({ reste }) => reste > 0).map(({ centimes }) => centimes))
      return [
        ...(disponible !== null && plusForte > Math.max(0, disponible)
          ? [
              {
                exigence: 'OUT-02' as const,
                texte: `${nom} non tenable : ${ecrireEuros(plusForte)} par mois, pour un disponible de ${ecrireEuros(disponible)}. ${plan.origine === 'caf' ? 'Plan irréalisable : la caisse peut saisir la CCAPEX.' : 'Voir un plan plus long, le FSL ou une autre aide.'}`,
              },
            ]
          : []),
        ...(suivi.respecte && suivi.nombre.respectee > 0 && !suivi.acheve
          ? assignation
            ? [
                {
                  exigence: 'OUT-21' as const,
                  texte: `${nom} respecté, et pourtant une assignation a été délivrée le ${ecrireJour(Temporal.PlainDate.from(assignation.le))} : à signaler au bailleur et au juge.`,
                },
              ]
            : estAssigne(dossier.stade)
              ? []
              : [
                  {
                    exigence: 'OUT-21' as const,
                    texte: `${nom} respecté : le dire au bailleur avant toute assignation.`,
                  },
                ]
          : []),
        ...(effet && plan.origine !== 'surendettement'
          ? [
              {
                exigence: 'OUT-22' as const,
                texte: `${nom} : ${effet.texte.replace(/^./, (initiale) => initiale.toLowerCase())}`,
              },
            ]
          : []),
      ]
    })
}
