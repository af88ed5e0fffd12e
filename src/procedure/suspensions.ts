import { type Etape, MOTIFS_SUSPENSION, type MotifSuspension, ordreEtape } from './actes.ts'
import { type Calendrier, trouverTreve } from './calendrier.ts'
import { lireJourIso } from './champs-acte.ts'
import { type ActeConsigne, garderCycle, recommence } from './consignes.ts'
import { ecrireJour } from './ecriture.ts'

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

const SANS_FIN = 'La date de fin n’est pas renseignée : à vérifier sur l’acte.'

type Ouverture = Omit<Suspension, 'jusquAu' | 'reserve'> & {
  readonly jusquAu: string | null
  readonly numero?: unknown
  /** Noted by hand, on its own. */
  readonly saisie?: true
}

function ouvrir(acte: ActeConsigne): Ouverture | null {
  const { id, genre, le, contenu } = acte
  const base = { acte: id, du: le.toString() }
  const fin = (champ: string) => (typeof contenu[champ] === 'string' ? (contenu[champ] as string) : null)
  const dit = `du ${ecrireJour(le)}`
  switch (genre) {
    case 'jugement': {
      if (contenu.decision === 'delais') {
        const mois = typeof contenu.duree_mois === 'number' ? contenu.duree_mois : null
        return {
          ...base,
          motif: 'delais',
          jusquAu: fin('delais_jusqu_au') ?? (mois === null ? null : le.add({ months: mois }).toString()),
          pourquoi: `Le jugement ${dit} accorde des délais de paiement : la clause résolutoire est suspendue tant qu’ils sont tenus.`,
          source: 'Loi du 6 juillet 1989, art. 24 V et VII',
        }
      }
      if (fin('partir_avant') === null) return null
      return {
        ...base,
        motif: 'delai_de_grace',
        jusquAu: fin('partir_avant'),
        pourquoi: `Le jugement ${dit} accorde des délais pour quitter les lieux.`,
        source: 'CPCE, art. L. 412-3 et L. 412-4',
      }
    }
    case 'jex_decision':
      if (contenu.accord !== 'accordes') return null
      return {
        ...base,
        motif: 'delai_de_grace',
        jusquAu: fin('jusqu_au'),
        pourquoi: `Le juge de l’exécution accorde des délais pour quitter les lieux (décision ${dit}).`,
        source: 'CPCE, art. L. 412-3 et L. 412-4',
      }
    case 'protocole_signe':
    case 'protocole_elan':
      return {
        ...base,
        motif: 'protocole',
        numero: contenu.numero,
        jusquAu: fin('jusqu_au'),
        pourquoi:
          genre === 'protocole_elan'
            ? `Un protocole « loi ELAN » est signé (${dit}) : le bailleur renonce à l’expulsion.`
            : `${contenu.numero === '2' ? 'Le second' : 'Un'} protocole de cohésion sociale est signé (${dit}) : le bailleur renonce à l’expulsion tant qu’il est respecté.`,
        source: genre === 'protocole_elan' ? 'Loi ELAN, art. 124' : 'CCH, art. L. 353-15-2 et L. 442-6-5',
      }
    case 'surendettement_suspension':
      return {
        ...base,
        motif: 'surendettement',
        jusquAu: fin('jusqu_au'),
        pourquoi: `Le juge suspend l’expulsion à la demande de la commission de surendettement (décision ${dit}).`,
        source: 'Code de la consommation, art. L. 722-6 à L. 722-9',
      }
    case 'suspension':
      return {
        ...base,
        motif: contenu.motif as MotifSuspension,
        saisie: true,
        jusquAu: fin('jusqu_au'),
        pourquoi: `Suspension saisie à la main, ${dit.replace('du', 'à compter du')} : ${MOTIFS_SUSPENSION[contenu.motif as MotifSuspension].toLowerCase()}.`,
        source: 'Saisie d’un partenaire',
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
export function calculerSuspensions(actes: readonly ActeConsigne[], jour: Temporal.PlainDate): readonly Suspension[] {
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
    const { numero: _, saisie: __, ...suspension } = ouverte
    const defaut =
      fin === undefined
        ? suite.findLast((autre) => autre.genre === 'protocole_defaillant' && estDuProtocole(autre, ouverte))
        : undefined
    const reserve = defaut
      ? `Non respecté depuis le ${ecrireJour(defaut.le)} : à renégocier, ou à dénoncer.`
      : jusquAu === null
        ? SANS_FIN
        : undefined
    return [{ ...suspension, jusquAu, ...(reserve ? { reserve } : {}) }]
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
export function suspendreParTreve(etape: Etape, calendrier: Calendrier, jour: Temporal.PlainDate): Suspension | null {
  if (ordreEtape(etape) < ordreEtape('jugement') || etape === 'expulsion') return null
  const treve = trouverTreve(calendrier, jour)
  if (!treve) return null
  return {
    motif: 'treve',
    du: treve.du.toString(),
    jusquAu: treve.jusquAu.toString(),
    acte: '',
    pourquoi: 'La trêve hivernale suspend l’exécution de l’expulsion, pas la procédure : les actes continuent.',
    source: 'CPCE, art. L. 412-6',
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
