import type { Session } from '#acces'
import {
  type CommissionPilotee,
  type CompteDActivite,
  compterActiviteDesCommissions,
  type DelaiMesure,
  listerCommissionsPilotees,
  mesurerDelais,
  type Periode,
  petitEffectifAu,
} from '#commission'
import { ETAPES } from '#procedure'
import { maskCounts, type Sum } from '#socle/disclosure'

/** Parts of the activity, in the order of a session's life. */
export const groupesActivite = {
  seances: 'Séances',
  dossiers: 'Dossiers examinés',
  etapes: 'Étape de la procédure à l’examen',
  saisines: 'Étape de la procédure à la saisine',
  avis: 'Avis, selon ce qu’ils disent',
  recommandations: 'Recommandations',
  retours: 'Ce que les avis et recommandations deviennent',
} as const
export type GroupeActivite = keyof typeof groupesActivite

/** One figure: of each commission, of all together (`''`), and of all or of the one chosen the year before. Null: not shown. */
export interface LigneActivite {
  readonly groupe: GroupeActivite
  readonly cle: string
  /** What splits it; empty when nothing does or when what splits it is not known, as `inconnu` says. */
  readonly detail: string
  /** A part of the line above it, which is its total. */
  readonly part: boolean
  /** Id of the way it is counted. */
  readonly methode: string
  readonly valeurs: ReadonlyMap<string, number | null>
  readonly avant: ReadonlyMap<string, number | null>
}

/** One delay: its median and quartiles in days, with how many cases; null when too few may be published. */
export interface DelaiActivite {
  readonly cle: 'seance' | 'notification' | 'retour'
  readonly methode: string
  readonly valeurs: ReadonlyMap<string, DelaiMesure | null>
  readonly avant: ReadonlyMap<string, DelaiMesure | null>
}

export interface Activite {
  readonly annee: number
  readonly commissions: readonly CommissionPilotee[]
  readonly lignes: readonly LigneActivite[]
  readonly delais: readonly DelaiActivite[]
  /** Some figure is not shown. */
  readonly masque: boolean
}

const anneeDe = (annee: number): Periode => ({
  du: Temporal.PlainDate.from({ year: annee, month: 1, day: 1 }),
  au: Temporal.PlainDate.from({ year: annee, month: 12, day: 31 }),
})

const TOTAL = '*'
const cellule = (cle: string, detail: string, commission: string): string => `${cle}|${detail}|${commission}`

/** Counts of a year, by figure and commission; a total is the sum of its parts. */
function ranger(comptes: readonly CompteDActivite[]): Map<string, number> {
  const cellules = new Map<string, number>()
  const ajouter = (cle: string, n: number) => cellules.set(cle, (cellules.get(cle) ?? 0) + n)
  for (const { commission, cle, detail, n } of comptes) {
    ajouter(cellule(cle, detail, commission ?? ''), n)
    if (['examen', 'avis', 'annulee'].includes(cle)) ajouter(cellule(cle, TOTAL, commission ?? ''), n)
    if (cle === 'avis' || cle === 'recommandation') ajouter(cellule('prononce', TOTAL, commission ?? ''), n)
  }
  return cellules
}

/** Figures that name a number of households: those that are masked when published. Sessions name none. */
const SEANCES = ['tenue', 'annulee', 'prevue']

/** What links the figures of a year: parts of one total, commissions of the whole. A dossier two commissions took up is one for both: that figure does not add up. */
function sommes(cellules: ReadonlyMap<string, number>, commissions: readonly string[]): Sum[] {
  const cles = [...cellules.keys()].map((cle) => cle.split('|') as [string, string, string])
  const details = (cle: string) => [
    ...new Set(cles.filter(([une, detail]) => une === cle && detail !== TOTAL).map(([, detail]) => detail)),
  ]
  const colonnes = [...commissions, '']
  const paires = [...new Set(cles.map(([cle, detail]) => `${cle}|${detail}`))]
  return [
    ...paires
      .filter((paire) => !['dossier|', 'cud|'].includes(paire))
      .map((paire) => ({ total: `${paire}|`, parts: commissions.map((une) => `${paire}|${une}`) })),
    ...colonnes.flatMap((une) => {
      const parts = (cle: string) => details(cle).map((detail) => cellule(cle, detail, une))
      const total = (cle: string) => cellule(cle, TOTAL, une)
      return [
        { total: total('examen'), parts: parts('examen') },
        { total: total('examen'), parts: parts('saisine') },
        { total: total('avis'), parts: parts('avis') },
        { total: total('prononce'), parts: parts('retour') },
        { total: total('prononce'), parts: [total('avis'), cellule('recommandation', '', une)] },
      ]
    }),
  ]
}

const CHIFFRES = [
  { groupe: 'seances', cle: 'tenue', detail: '', methode: 'seances-tenues' },
  { groupe: 'seances', cle: 'prevue', detail: '', methode: 'seances-prevues' },
  { groupe: 'seances', cle: 'annulee', detail: TOTAL, methode: 'seances-annulees' },
  { groupe: 'dossiers', cle: 'examen', detail: TOTAL, methode: 'examens' },
  { groupe: 'dossiers', cle: 'dossier', detail: '', methode: 'dossiers-distincts' },
  { groupe: 'dossiers', cle: 'report', detail: '', methode: 'reports' },
  { groupe: 'avis', cle: 'avis', detail: TOTAL, methode: 'avis' },
  { groupe: 'recommandations', cle: 'recommandation', detail: '', methode: 'recommandations' },
  { groupe: 'recommandations', cle: 'avdl', detail: '', methode: 'avdl' },
  { groupe: 'recommandations', cle: 'avdl-suivie', detail: '', methode: 'avdl-suivies' },
  { groupe: 'recommandations', cle: 'cud', detail: '', methode: 'cud' },
  { groupe: 'retours', cle: 'prononce', detail: TOTAL, methode: 'retours' },
] as const satisfies readonly { groupe: GroupeActivite; cle: string; detail: string; methode: string }[]

/** Figures that split into parts nobody lists beforehand, and where they stand. */
const PARTS = [
  { groupe: 'seances', cle: 'annulee', methode: 'seances-annulees', toujours: [] },
  { groupe: 'etapes', cle: 'examen', methode: 'etape-examen', toujours: [] },
  { groupe: 'saisines', cle: 'saisine', methode: 'etape-saisine', toujours: [] },
  { groupe: 'avis', cle: 'avis', methode: 'avis', toujours: [] },
  {
    groupe: 'retours',
    cle: 'retour',
    methode: 'retours',
    toujours: ['suivi', 'partiel', 'non_suivi', 'sans_reponse', 'attendu'],
  },
] as const satisfies readonly {
  groupe: GroupeActivite
  cle: string
  methode: string
  toujours: readonly string[]
}[]

const DELAIS = [
  { cle: 'seance', methode: 'delai-seance' },
  { cle: 'notification', methode: 'delai-notification' },
  { cle: 'retour', methode: 'delai-retour' },
] as const

interface Annee {
  readonly cellules: ReadonlyMap<string, number>
  readonly masquees: ReadonlySet<string>
  readonly delais: readonly DelaiMesure[]
}

async function lireAnnee(
  session: Session,
  annee: number,
  commissions: readonly string[],
  seuil: number | null,
): Promise<Annee> {
  const periode = anneeDe(annee)
  const cellules = ranger(await compterActiviteDesCommissions(session, periode))
  const delais = await mesurerDelais(session, periode)
  if (seuil === null) return { cellules, masquees: new Set(), delais }
  const menages = new Map([...cellules].filter(([cle]) => !SEANCES.includes(cle.split('|')[0] ?? '')))
  return { cellules, masquees: maskCounts(menages, sommes(menages, commissions), seuil), delais }
}

/**
 * A year of the commissions the session pilots, beside the year before. `diffusion`: as it may be published, small numbers masked with what would give them back;
 * otherwise as it is, for those who may open each figure.
 */
export async function mesurerActivite(session: Session, annee: number, diffusion: boolean): Promise<Activite> {
  const commissions = await listerCommissionsPilotees(session)
  const ids = commissions.map(({ id }) => id)
  const { seuil } = petitEffectifAu(session.referentiel.racine, session.jour)
  const masquer = diffusion ? seuil : null
  const courante = await lireAnnee(session, annee, ids, masquer)
  const passee = await lireAnnee(session, annee - 1, ids, masquer)
  const colonnes = ['', ...ids]
  const valeurs = ({ cellules, masquees }: Annee, cle: string, detail: string) =>
    new Map(
      colonnes.map((une) => {
        const place = cellule(cle, detail, une)
        return [une, masquees.has(place) ? null : (cellules.get(place) ?? 0)]
      }),
    )
  const ligne = (
    groupe: GroupeActivite,
    cle: string,
    detail: string,
    methode: string,
    part: boolean,
  ): LigneActivite => ({
    groupe,
    cle,
    detail,
    part,
    methode,
    valeurs: valeurs(courante, cle, detail),
    avant: valeurs(passee, cle, detail),
  })
  // Steps in the order of the procedure, what is not known last; the rest in the order of its code.
  const rang = (detail: string): number => {
    const etape = (ETAPES as readonly string[]).indexOf(detail)
    return detail === '' ? ETAPES.length + 1 : etape < 0 ? ETAPES.length : etape
  }
  const connus = (cle: string, toujours: readonly string[]) => [
    ...new Set([
      ...toujours,
      ...[...courante.cellules.keys(), ...passee.cellules.keys()]
        .flatMap((place) => {
          const [une, detail] = place.split('|')
          return une === cle && detail !== undefined && detail !== TOTAL ? [detail] : []
        })
        .toSorted((a, b) => rang(a) - rang(b) || a.localeCompare(b)),
    ]),
  ]
  const lignes = (Object.keys(groupesActivite) as GroupeActivite[]).flatMap((groupe) => [
    ...CHIFFRES.filter((un) => un.groupe === groupe).map(({ cle, detail, methode }) =>
      ligne(groupe, cle, detail, methode, false),
    ),
    ...PARTS.filter((une) => une.groupe === groupe).flatMap(({ cle, methode, toujours }) =>
      connus(cle, toujours).map((detail) => ligne(groupe, cle, detail, methode, true)),
    ),
  ])
  const delai = ({ delais }: Annee, cle: string) =>
    new Map(
      colonnes.flatMap((une): [string, DelaiMesure | null][] => {
        const mesure = delais.find((un) => un.cle === cle && (un.commission ?? '') === une)
        return mesure ? [[une, masquer !== null && mesure.n < masquer ? null : mesure]] : []
      }),
    )
  return {
    annee,
    commissions,
    lignes,
    delais: DELAIS.map(({ cle, methode }) => ({
      cle,
      methode,
      valeurs: delai(courante, cle),
      avant: delai(passee, cle),
    })),
    masque: courante.masquees.size > 0,
  }
}
