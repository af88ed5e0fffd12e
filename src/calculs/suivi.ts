import { ecrireEuros, ecrireJour } from '#referentiel'
import { exigerCentimes } from './montants.ts'
import type { EcheancePlan } from './plan.ts'

/** What a person gave for a plan, a day. `rang`: the instalment it was for, when said. */
export interface PaiementPlan {
  readonly le: Temporal.PlainDate
  readonly centimes: number
  readonly rang?: number | null | undefined
}

export const ETATS_ECHEANCE_PLAN = {
  respectee: 'respectée',
  partielle: 'partielle',
  manquee: 'manquée',
  a_venir: 'à venir',
} as const
export type EtatEcheancePlan = keyof typeof ETATS_ECHEANCE_PLAN

export interface EcheanceSuivie extends EcheancePlan {
  readonly etat: EtatEcheancePlan
  readonly paye: number
  readonly reste: number
  /** Day it was paid in full. */
  readonly soldeeLe: Temporal.PlainDate | null
  /** Paid in full, after its day. */
  readonly tardive: boolean
  readonly explication: string
}

export interface SuiviPlan {
  readonly echeances: readonly EcheanceSuivie[]
  readonly nombre: Readonly<Record<EtatEcheancePlan, number>>
  /** Every instalment due is paid in full. */
  readonly respecte: boolean
  /** Every instalment of the schedule is paid in full. */
  readonly acheve: boolean
  readonly verse: number
  /** Due and not paid. */
  readonly retard: number
  readonly restant: number
  /** Paid beyond the schedule. */
  readonly enTrop: number
}

/**
 * Each due date kept, partial or missed on `jour`, from the payments received until then. A payment goes to the instalment it names, what is left and the others
 * to the oldest instalment not paid. An instalment is due the day after its date: paid on its date, it is kept. Paid late it is kept too, and said late.
 */
export function suivreEcheancier(
  echeances: readonly EcheancePlan[],
  paiements: readonly PaiementPlan[],
  jour: Temporal.PlainDate,
): SuiviPlan {
  const etats = echeances.map((echeance) => ({
    ...echeance,
    paye: 0,
    soldeeLe: null as Temporal.PlainDate | null,
  }))
  let enTrop = 0
  const recus = paiements
    .filter(({ le }) => Temporal.PlainDate.compare(le, jour) <= 0)
    .toSorted((a, b) => Temporal.PlainDate.compare(a.le, b.le))
  for (const { le, centimes, rang } of recus) {
    let reste = exigerCentimes('payment', centimes)
    const nommee = rang == null ? [] : etats.filter((etat) => etat.rang === rang)
    for (const etat of [...nommee, ...etats]) {
      const part = Math.min(reste, etat.centimes - etat.paye)
      if (part <= 0) continue
      etat.paye += part
      reste -= part
      if (etat.paye === etat.centimes) etat.soldeeLe = le
    }
    enTrop += reste
  }
  const suivies = etats.map((etat): EcheanceSuivie => {
    const { paye, centimes, soldeeLe, le } = etat
    const passee = Temporal.PlainDate.compare(le, jour) < 0
    const quoi = paye === centimes ? 'respectee' : !passee ? 'a_venir' : paye > 0 ? 'partielle' : 'manquee'
    const tardive = soldeeLe !== null && Temporal.PlainDate.compare(soldeeLe, le) > 0
    return {
      ...etat,
      etat: quoi,
      reste: centimes - paye,
      tardive,
      explication: expliquer(quoi, { paye, centimes, soldeeLe, tardive }),
    }
  })
  const compter = (voulu: EtatEcheancePlan) => suivies.filter(({ etat }) => etat === voulu).length
  const dues = suivies.filter(({ etat }) => etat === 'partielle' || etat === 'manquee')
  return {
    echeances: suivies,
    nombre: {
      respectee: compter('respectee'),
      partielle: compter('partielle'),
      manquee: compter('manquee'),
      a_venir: compter('a_venir'),
    },
    respecte: dues.length === 0,
    acheve: suivies.length > 0 && suivies.every(({ reste }) => reste === 0),
    verse: suivies.reduce((total, { paye }) => total + paye, 0),
    retard: dues.reduce((total, { reste }) => total + reste, 0),
    restant: suivies.reduce((total, { reste }) => total + reste, 0),
    enTrop,
  }
}

function expliquer(
  etat: EtatEcheancePlan,
  {
    paye,
    centimes,
    soldeeLe,
    tardive,
  }: {
    readonly paye: number
    readonly centimes: number
    readonly soldeeLe: Temporal.PlainDate | null
    readonly tardive: boolean
  },
): string {
  switch (etat) {
    case 'respectee':
      return `${ecrireEuros(centimes)} payés${soldeeLe ? `, le ${ecrireJour(soldeeLe)}` : ''}${tardive ? ', après la date' : ''}.`
    case 'partielle':
      return `${ecrireEuros(paye)} payés sur ${ecrireEuros(centimes)}.`
    case 'manquee':
      return `Rien de payé sur ${ecrireEuros(centimes)}.`
    case 'a_venir':
      return paye > 0
        ? `${ecrireEuros(paye)} déjà payés sur ${ecrireEuros(centimes)}.`
        : `${ecrireEuros(centimes)} à payer.`
  }
}
