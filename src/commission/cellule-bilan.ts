import type { Session } from '#acces'
import { LIBELLES_TYPES_ORGANISME, type TypeOrganisme } from '#referentiel'
import { maskCounts, type Sum } from '#socle/disclosure'
import { startOfParisDay } from '#socle/time'
import {
  type IssueConsultation,
  issuesConsultation,
  type ModeConsultation,
  modesConsultation,
} from './cellule-regles.ts'
import { petitEffectifAu } from './comptages.ts'

/** One line of a count; `nombre` is null when it is masked. */
export interface LigneBilan {
  readonly libelle: string
  readonly nombre: number | null
}

/** One year of the cell, in numbers (CEL-12, IND-64). Nothing of a household is in it. */
export interface BilanCellule {
  readonly annee: number
  readonly total: number | null
  readonly groupes: readonly { readonly titre: string; readonly lignes: readonly LigneBilan[] }[]
  /** Median hours between the question and its conclusion; null when too few ended. */
  readonly heuresMedianes: number | null
  /** Below this number of consultations a figure is masked. */
  readonly seuil: number
}

interface GroupeCompte {
  readonly titre: string
  readonly lignes: readonly { readonly libelle: string; readonly nombre: number }[]
  /** What its lines add up to: all the consultations, those that were concluded, or nothing that is shown elsewhere. */
  readonly somme: 'total' | 'conclues' | null
  /** Lines that add up to the concluded ones. */
  readonly conclues?: readonly string[]
}

/**
 * Masks what is small in all the groups at once: each adds up to the same consultations, so that what one shows is what another would give back by subtraction. How many
 * were concluded is shown nowhere, and yet two groups add up to it. Nothing, « 0 », points to nobody.
 */
export function masquerBilan(
  total: number,
  groupes: readonly GroupeCompte[],
  seuil: number,
): Pick<BilanCellule, 'total' | 'groupes'> {
  const cle = (rang: number, libelle: string) => `${rang}|${libelle}`
  const cellules = new Map<string, number>([['total', total]])
  const sommes: Sum[] = []
  groupes.forEach(({ lignes, somme, conclues }, rang) => {
    for (const { libelle, nombre } of lignes) cellules.set(cle(rang, libelle), nombre)
    if (somme !== null) sommes.push({ total: somme, parts: lignes.map(({ libelle }) => cle(rang, libelle)) })
    if (conclues) {
      const siennes = lignes.filter(({ libelle }) => conclues.includes(libelle))
      sommes.push({ total: 'conclues', parts: siennes.map(({ libelle }) => cle(rang, libelle)) })
      cellules.set(
        'conclues',
        siennes.reduce((n, { nombre }) => n + nombre, 0),
      )
    }
  })
  const masquees = maskCounts(cellules, sommes, seuil, ['conclues'])
  return {
    total: masquees.has('total') ? null : total,
    groupes: groupes.map(({ titre, lignes }, rang) => ({
      titre,
      lignes: lignes.map(({ libelle, nombre }) => ({
        libelle,
        nombre: masquees.has(cle(rang, libelle)) ? null : nombre,
      })),
    })),
  }
}

interface Compte {
  readonly objet: string
  readonly mode: ModeConsultation
  readonly issue: IssueConsultation | null
  readonly etat: string
  readonly regularisation: string | null
  readonly type: TypeOrganisme
  readonly territoire: string | null
  readonly n: number
}

interface Voix {
  readonly favorable: number
  readonly defavorable: number
  readonly abstention: number
  readonly reunion: number
  readonly silence: number
}
const AUCUNE_VOIX: Voix = { favorable: 0, defavorable: 0, abstention: 0, reunion: 0, silence: 0 }

/** The counts of a year as the balance shows them, with what their lines add up to. Pure. */
export function grouperBilan(
  comptes: readonly Compte[],
  voix: Voix,
  nommerTerritoire: (territoire: string | null) => string,
): readonly GroupeCompte[] {
  const somme = (lignes: readonly Compte[]) => lignes.reduce((total, { n }) => total + n, 0)
  const parCle = (cle: (compte: Compte) => string | null) =>
    [
      ...Map.groupBy(
        comptes.filter((compte) => cle(compte) !== null),
        (compte) => cle(compte) ?? '',
      ),
    ]
      .map(([libelle, lignes]) => ({ libelle, nombre: somme(lignes) }))
      .toSorted((a, b) => b.nombre - a.nombre || a.libelle.localeCompare(b.libelle, 'fr'))
  const groupe = (
    titre: string,
    lignes: GroupeCompte['lignes'],
    plus: Partial<Omit<GroupeCompte, 'titre' | 'lignes'>> = {},
  ): GroupeCompte => ({ titre, lignes, somme: 'total', ...plus })
  return [
    groupe(
      'Pourquoi la cellule est consultée',
      parCle(({ objet }) => objet),
    ),
    groupe(
      'Comment',
      parCle(({ mode }) => modesConsultation[mode]),
    ),
    groupe(
      'Par qui',
      parCle(({ type }) => LIBELLES_TYPES_ORGANISME[type]),
    ),
    groupe(
      'Où',
      parCle(({ territoire }) => nommerTerritoire(territoire)),
    ),
    groupe(
      'Comment elles finissent',
      parCle(({ issue, etat }) =>
        issue === null ? (etat === 'retiree' ? 'Retirée' : 'En cours') : issuesConsultation[issue],
      ),
      { conclues: Object.values(issuesConsultation) },
    ),
    groupe(
      'Régularisation par la commission',
      parCle(({ regularisation }) =>
        regularisation === null
          ? null
          : ({ attendue: 'À régulariser', confirmee: 'Confirmée', infirmee: 'Non confirmée' }[regularisation] ?? null),
      ),
      { somme: 'conclues' },
    ),
    groupe(
      'Positions des organismes consultés',
      [
        { libelle: 'Favorables', nombre: voix.favorable },
        { libelle: 'Défavorables', nombre: voix.defavorable },
        { libelle: 'Sans avis', nombre: voix.abstention },
        { libelle: 'Demandes de réunion', nombre: voix.reunion },
        { libelle: 'Silences à l’échéance', nombre: voix.silence },
      ],
      { somme: null },
    ),
  ]
}

/**
 * Balance of the consultations opened in a year, of the whole département. To run as background work: no person reads all the consultations, and only numbers leave.
 */
export async function mesurerCellule(
  session: Session,
  annee: number,
  nommerTerritoire: (territoire: string | null) => string,
): Promise<BilanCellule> {
  const { sql, dept } = session
  const du = startOfParisDay(Temporal.PlainDate.from({ year: annee, month: 1, day: 1 }))
  const avant = startOfParisDay(Temporal.PlainDate.from({ year: annee + 1, month: 1, day: 1 }))
  const comptes = await sql<Compte>`
    select c.regles -> 'objet' ->> 'libelle' as objet, c.mode, c.issue, c.etat, r.etat as regularisation, o.type, d.territoire, count(*)::int as n
    from consultation c join organisme o on o.dept = ${dept} and o.id = c.organisme join dossier d on d.dept = ${dept} and d.id = c.dossier
    left join regularisation r on r.dept = ${dept} and r.consultation = c.id
    where c.dept = ${dept} and c.ouverte_a >= ${du} and c.ouverte_a < ${avant} group by 1, 2, 3, 4, 5, 6, 7`
  const [delais] = await sql<{ n: number; heures: number | null }>`
    select count(*)::int as n, round((percentile_cont(0.5) within group (order by extract(epoch from close_a - ouverte_a) / 3600))::numeric)::int as heures
    from consultation where dept = ${dept} and etat = 'conclue' and ouverte_a >= ${du} and ouverte_a < ${avant}`
  const [voix] = await sql<Voix>`
    select count(*) filter (where x.sens = 'favorable')::int as favorable, count(*) filter (where x.sens = 'defavorable')::int as defavorable,
      count(*) filter (where x.sens = 'abstention')::int as abstention, count(*) filter (where x.sens = 'reunion')::int as reunion,
      count(*) filter (where x.genre = 'silence')::int as silence
    from (select distinct on (a.consultation, a.organisme) a.genre, a.sens from consultation_acte a
      join consultation c on c.dept = ${dept} and c.id = a.consultation and c.ouverte_a >= ${du} and c.ouverte_a < ${avant}
      -- The last word of each: a position, taken back or not; a silence at the end that holds.
      where a.dept = ${dept} and (a.genre in ('position', 'position_retiree')
        or (a.genre = 'silence' and (a.donnees ->> 'echeance' is null or (a.donnees ->> 'echeance')::timestamptz = c.echeance_a)))
      order by a.consultation, a.organisme, a.rang desc) x`
  const { seuil } = petitEffectifAu(session.referentiel.racine, session.jour)
  return {
    annee,
    seuil,
    ...masquerBilan(
      comptes.reduce((n, compte) => n + compte.n, 0),
      grouperBilan(comptes, voix ?? AUCUNE_VOIX, nommerTerritoire),
      seuil,
    ),
    heuresMedianes: (delais?.n ?? 0) < seuil ? null : (delais?.heures ?? null),
  }
}
