import type { Session } from '#acces'
import {
  anneeDe,
  type CommissionPilotee,
  type DelaiMesure,
  listerCommissionsPilotees,
  mesurerDelais,
  petitEffectifAu,
} from '#commission'
import { ETAPES } from '#procedure'
import { type AnneeComptee, cellule, compterAnnee, TOTAL } from './annee.ts'

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

/** The median of a delay and its quartiles, in days. How many cases: null when published, since it is a figure that is masked elsewhere. */
export type DelaiMontre = Pick<DelaiMesure, 'q1' | 'mediane' | 'q3'> & { readonly n: number | null }

/** One delay; null when too few cases may be published. */
export interface DelaiActivite {
  readonly cle: 'seance' | 'notification' | 'retour'
  readonly methode: string
  readonly valeurs: ReadonlyMap<string, DelaiMontre | null>
  readonly avant: ReadonlyMap<string, DelaiMontre | null>
}

export interface Activite {
  readonly annee: number
  readonly commissions: readonly CommissionPilotee[]
  readonly lignes: readonly LigneActivite[]
  readonly delais: readonly DelaiActivite[]
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

interface Annee extends AnneeComptee {
  readonly delais: readonly DelaiMesure[]
}

const lireAnnee = async (session: Session, annee: number, seuil: number | null): Promise<Annee> => ({
  ...(await compterAnnee(session, annee, seuil)),
  delais: await mesurerDelais(session, anneeDe(annee)),
})

/**
 * A year of the commissions the session pilots, beside the year before. `diffusion`: as it may be published, small numbers masked with what would give them back;
 * otherwise as it is, for those who may open each figure.
 */
export async function mesurerActivite(session: Session, annee: number, diffusion: boolean): Promise<Activite> {
  const commissions = await listerCommissionsPilotees(session)
  const ids = commissions.map(({ id }) => id)
  const { seuil } = petitEffectifAu(session.referentiel.racine, session.jour)
  const masquer = diffusion ? seuil : null
  const courante = await lireAnnee(session, annee, masquer)
  const passee = await lireAnnee(session, annee - 1, masquer)
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
      colonnes.flatMap((une): [string, DelaiMontre | null][] => {
        const mesure = delais.find((un) => un.cle === cle && (un.commission ?? '') === une)
        if (!mesure) return []
        if (masquer === null) return [[une, mesure]]
        return [[une, mesure.n < masquer ? null : { ...mesure, n: null }]]
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
  }
}
