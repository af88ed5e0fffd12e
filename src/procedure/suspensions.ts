import { type Etape, MOTIFS_SUSPENSION, type MotifSuspension, ordreEtape } from './actes.ts'
import { type Calendrier, trouverTreve } from './calendrier.ts'
import { lireJourIso } from './champs-acte.ts'
import { type ActeConsigne, garderCycle, recommence } from './consignes.ts'
import { ecrireJour } from './ecriture.ts'
import { type CasSuspension, decrireSuspension, type ReglesSuspension } from './effets.ts'

/** What holds the procedure, or only its execution, between two days. Days are ISO text: a suspension is kept in a JSON column. */
export interface Suspension {
  readonly motif: MotifDeSuspension
  readonly du: string
  /** Last day; null when nobody said until when. */
  readonly jusquAu: string | null
  /** The act that opened it. */
  readonly acte: string
  /** French sentence: which act, and what it holds. */
  readonly pourquoi: string
  readonly source: string
  readonly reserve?: string | undefined
}

export const MOTIFS_DE_SUSPENSION = {
  ...MOTIFS_SUSPENSION,
  delai_de_grace: 'Délais accordés pour quitter les lieux',
  treve: 'Trêve hivernale',
} as const
export type MotifDeSuspension = MotifSuspension | 'delai_de_grace' | 'treve'

type Ouverture = Omit<Suspension, 'pourquoi' | 'source' | 'reserve'> & {
  readonly cas: CasSuspension
  readonly numero?: unknown
  /** Noted by hand, on its own. */
  readonly saisie?: true
}

function ouvrir(acte: ActeConsigne): Ouverture | null {
  const { id, genre, le, contenu } = acte
  const base = { acte: id, du: le.toString() }
  const fin = (champ: string) => (typeof contenu[champ] === 'string' ? (contenu[champ] as string) : null)
  switch (genre) {
    case 'jugement': {
      if (contenu.decision === 'delais') {
        const mois = typeof contenu.duree_mois === 'number' ? contenu.duree_mois : null
        return {
          ...base,
          motif: 'delais',
          cas: 'delais_de_paiement',
          jusquAu: fin('delais_jusqu_au') ?? (mois === null ? null : le.add({ months: mois }).toString()),
        }
      }
      if (fin('partir_avant') === null) return null
      return { ...base, motif: 'delai_de_grace', cas: 'delai_de_grace_du_jugement', jusquAu: fin('partir_avant') }
    }
    case 'jex_decision':
      if (contenu.accord !== 'accordes') return null
      return {
        ...base,
        motif: 'delai_de_grace',
        cas: 'delai_de_grace_du_juge_de_l_execution',
        jusquAu: fin('jusqu_au'),
      }
    case 'protocole_signe':
    case 'protocole_elan':
      return {
        ...base,
        motif: 'protocole',
        cas: genre === 'protocole_elan' ? genre : contenu.numero === '2' ? 'second_protocole' : 'protocole',
        numero: contenu.numero,
        jusquAu: fin('jusqu_au'),
      }
    case 'surendettement_suspension':
      return { ...base, motif: 'surendettement', cas: 'surendettement', jusquAu: fin('jusqu_au') }
    case 'suspension':
      return {
        ...base,
        motif: contenu.motif as MotifSuspension,
        cas: 'saisie',
        saisie: true,
        jusquAu: fin('jusqu_au'),
      }
    default:
      return null
  }
}

/** Whether an act is about the protocol that suspends: a « loi ELAN » one has no number. */
const estDuProtocole = ({ contenu }: ActeConsigne, { motif, numero }: Ouverture): boolean =>
  motif === 'protocole' && (numero === undefined || numero === contenu.numero)

/** Whether an act ends a suspension before its term. */
function termine(acte: ActeConsigne, ouverte: Ouverture): boolean {
  if (recommence(acte)) return true
  switch (acte.genre) {
    case 'retour':
      // What suspends comes from the judgment or later: back before it, nothing is left to suspend. One noted by hand goes with the step it was noted at.
      return ouverte.saisie
        ? ouverte.motif !== acte.contenu.motif
        : ordreEtape(acte.contenu.vers as Etape) < ordreEtape('jugement')
    case 'delais_non_respectes':
      return ouverte.motif === 'delais'
    case 'protocole_denonce':
      return estDuProtocole(acte, ouverte)
    case 'protocole_signe':
    case 'protocole_elan':
      return ouverte.motif === 'protocole'
    case 'reprise':
      return ouverte.motif !== 'delai_de_grace'
    case 'expulsion':
    case 'depart_volontaire':
      return true
    default:
      return false
  }
}

/** Every suspension of the procedure under way, past ones included, oldest first. Whether one holds depends on the day: `suspensionsEnVigueur`. */
export function calculerSuspensions(
  actes: readonly ActeConsigne[],
  jour: Temporal.PlainDate,
  regles: ReglesSuspension,
): readonly Suspension[] {
  const cycle = garderCycle(actes, jour)
  return cycle.flatMap((acte, rang): Suspension[] => {
    const ouverte = ouvrir(acte)
    if (!ouverte) return []
    const suite = cycle.slice(rang + 1)
    const renegocie = suite.findLast((autre) => autre.genre === 'protocole_renegocie' && estDuProtocole(autre, ouverte))
    const prolonge = renegocie && typeof renegocie.contenu.jusqu_au === 'string' ? renegocie.contenu.jusqu_au : null
    const terme = prolonge ?? ouverte.jusquAu
    const fin = suite.find((autre) => termine(autre, ouverte))
    const veille = fin?.le.subtract({ days: 1 }).toString() ?? null
    const jusquAu = veille !== null && (terme === null || veille < terme) ? veille : terme
    // Ended the day it opened, it never held.
    if (jusquAu !== null && jusquAu < ouverte.du) return []
    const { numero: _, saisie, cas, ...suspension } = ouverte
    const defaut =
      fin === undefined
        ? suite.findLast((autre) => autre.genre === 'protocole_defaillant' && estDuProtocole(autre, ouverte))
        : undefined
    const motif = saisie ? MOTIFS_SUSPENSION[acte.contenu.motif as MotifSuspension].toLowerCase() : ''
    const { pourquoi, source, reserve: duTexte } = decrireSuspension(regles, cas, acte.le, motif)
    const reserves = [
      defaut ? regles.non_respecte.replace('{jour}', ecrireJour(defaut.le)) : jusquAu === null ? regles.sans_fin : null,
      duTexte,
    ].filter((une) => une !== null)
    return [
      { ...suspension, jusquAu, pourquoi, source, ...(reserves.length > 0 ? { reserve: reserves.join(' ') } : {}) },
    ]
  })
}

/** Suspensions that hold on a day. */
export function suspensionsEnVigueur(
  suspensions: readonly Suspension[],
  jour: Temporal.PlainDate,
): readonly Suspension[] {
  const le = jour.toString()
  return suspensions.filter(({ du, jusquAu }) => du <= le && (jusquAu === null || le <= jusquAu))
}

/** The winter truce on a day, once an eviction may be asked for; it holds the execution, never the procedure. */
export function suspendreParTreve(
  etape: Etape,
  { calendrier, suspensions }: { readonly calendrier: Calendrier; readonly suspensions: ReglesSuspension },
  jour: Temporal.PlainDate,
): Suspension | null {
  if (ordreEtape(etape) < ordreEtape('jugement') || etape === 'expulsion') return null
  const treve = trouverTreve(calendrier, jour)
  if (!treve) return null
  const { pourquoi, source, reserve } = decrireSuspension(suspensions, 'treve', treve.du)
  return {
    motif: 'treve',
    du: treve.du.toString(),
    jusquAu: treve.jusquAu.toString(),
    acte: '',
    pourquoi,
    source,
    ...(reserve === null ? {} : { reserve }),
  }
}

/** Where an over-indebtedness procedure stands. */
export interface Surendettement {
  readonly etat: keyof typeof ETATS_SURENDETTEMENT
  readonly le: string
  readonly acte: string
  /** Day the file was declared admissible, whatever came after; absent when no act says it. */
  readonly recevableLe?: string | undefined
  /** Paying debts older than the decision is forbidden: a plan on the arrears waits (C. conso. L. 722-5). */
  readonly paiementInterdit: boolean
  readonly jusquAu?: string | undefined
  readonly toutesDettes?: boolean | undefined
}

export const ETATS_SURENDETTEMENT = {
  en_depot: 'En cours de dépôt',
  depose: 'Déposé',
  recevable: 'Recevable',
  irrecevable: 'Irrecevable ou clos',
  oriente: 'Orienté par la commission',
  plan: 'Plan ou mesures en cours',
  moratoire: 'Moratoire en cours',
  retablissement: 'Rétablissement personnel',
} as const

/** The latest stage of the over-indebtedness procedure, or null when none is known (DOS-15). */
export function situerSurendettement(actes: readonly ActeConsigne[], jour: Temporal.PlainDate): Surendettement | null {
  const siens = garderCycle(actes, jour).filter(({ genre }) => genre.startsWith('surendettement_'))
  const etapes = siens.filter(({ genre }) => genre !== 'surendettement_suspension')
  const dernier = etapes.at(-1)
  if (!dernier) return null
  const etat = dernier.genre.slice('surendettement_'.length) as Surendettement['etat']
  const toutes = siens.findLast(({ contenu }) => typeof contenu.toutes_dettes === 'boolean')?.contenu.toutes_dettes
  const jusquAu = dernier.contenu.jusqu_au
  const recevable = siens.findLast(({ genre }) => genre === 'surendettement_recevable')
  return {
    etat,
    le: dernier.le.toString(),
    acte: dernier.id,
    // The commission orients what is admissible, whether or not somebody noted the day it said so.
    paiementInterdit: etat === 'recevable' || etat === 'oriente',
    ...(recevable ? { recevableLe: recevable.le.toString() } : {}),
    ...(typeof jusquAu === 'string' && lireJourIso(jusquAu) ? { jusquAu } : {}),
    ...(typeof toutes === 'boolean' ? { toutesDettes: toutes } : {}),
  }
}
