import { exigerCentimes } from './montants.ts'

/** Items of a detailed due notice, in the order they are printed (OUT-07). */
export const POSTES_AVIS = {
  loyer: 'Loyer',
  indemnite: 'Indemnité d’occupation',
  charges: 'Charges',
  aide: 'Aide au logement versée au bailleur',
  delai_juge: 'Échéance des délais accordés par le juge',
  surendettement: 'Échéance du plan de surendettement',
  delai_negocie: 'Échéance du délai négocié avec le bailleur',
  frais: 'Frais de commissaire de justice',
  autre: 'Autre somme due',
} as const
export type PosteAvis = keyof typeof POSTES_AVIS

export interface LigneAvis {
  readonly poste: PosteAvis
  readonly libelle: string
  /** Cents asked; the aid paid to the landlord is taken off, below zero. */
  readonly demande: number
  readonly paye: number
  readonly reste: number
}

export interface AvisEcheance {
  readonly lignes: readonly LigneAvis[]
  readonly totalDemande: number
  readonly totalPaye: number
  readonly resteAPayer: number
  /** Paid beyond what was asked. */
  readonly enTrop: number
  /** Arrears known besides, for information: they are not asked at once while a plan spreads them. */
  readonly dette: number | null
  readonly reserves: readonly string[]
}

export interface DemandeAvis {
  /** The lease is terminated: what is due is an occupation indemnity. */
  readonly bailResilie: boolean
  readonly loyer: number
  readonly charges: number
  readonly aideVersee: number
  readonly delaiJuge: number
  readonly surendettement: number
  readonly delaiNegocie: number
  readonly frais: number
  readonly autre: number
  /** Arrears besides; null when not known. */
  readonly dette: number | null
  /** What was paid, item by item; `sans_precision` is spread in the order of the notice. Rent and indemnity are one item: what the dwelling costs that month. */
  readonly paiements: Readonly<Partial<Record<Exclude<PosteAvis, 'aide'> | 'sans_precision', number>>>
}

/**
 * A due notice by item, with the total asked, the total paid and how it is spread (OUT-07). The items depend on the stage: once the lease is terminated,
 * rent becomes an occupation indemnity. Current rent comes first, then charges, then instalments, then costs and the rest; aid reduces rent and charges only.
 */
export function composerAvisEcheance(avis: DemandeAvis): AvisEcheance {
  const logement: Exclude<PosteAvis, 'aide'> = avis.bailResilie ? 'indemnite' : 'loyer'
  const demandes: readonly (readonly [Exclude<PosteAvis, 'aide'>, number])[] = [
    [logement, avis.loyer],
    ['charges', avis.charges],
    ['delai_juge', avis.delaiJuge],
    ['surendettement', avis.surendettement],
    ['delai_negocie', avis.delaiNegocie],
    ['frais', avis.frais],
    ['autre', avis.autre],
  ]
  // Paid for the rent of a month whose lease is over, or the other way: the same item, whatever it was called.
  const { loyer = 0, indemnite = 0, ...paiements } = avis.paiements
  const payes: typeof avis.paiements = { ...paiements, [logement]: loyer + indemnite }
  let aide = Math.min(exigerCentimes('aid', avis.aideVersee), avis.loyer + avis.charges)
  const aideDeduite = aide
  let libre = payes.sans_precision ?? 0
  let enTrop = 0
  const soldes = demandes
    .filter(([poste, montant]) => exigerCentimes(poste, montant) > 0 || (payes[poste] ?? 0) > 0)
    .map(([poste, montant]) => {
      const parAide = poste === logement || poste === 'charges' ? Math.min(aide, montant) : 0
      aide -= parAide
      const dit = payes[poste] ?? 0
      const net = montant - parAide
      const precise = Math.min(dit, net)
      enTrop += dit - precise
      return { poste, montant, net, paye: precise }
    })
  for (const solde of soldes) {
    const part = Math.min(libre, solde.net - solde.paye)
    solde.paye += part
    libre -= part
  }
  const lignes: readonly LigneAvis[] = [
    ...soldes.flatMap(({ poste, montant, net, paye }) => [
      { poste, libelle: POSTES_AVIS[poste], demande: montant, paye, reste: net - paye },
    ]),
  ]
  const rang = lignes.findLastIndex(({ poste }) => poste === logement || poste === 'charges') + 1
  const avecAide =
    aideDeduite > 0
      ? lignes.toSpliced(rang, 0, {
          poste: 'aide',
          libelle: POSTES_AVIS.aide,
          demande: -aideDeduite,
          paye: 0,
          reste: 0,
        })
      : lignes
  const totalDemande = avecAide.reduce((total, { demande }) => total + demande, 0)
  const totalPaye = avecAide.reduce((total, { paye }) => total + paye, 0)
  return {
    lignes: avecAide,
    totalDemande,
    totalPaye,
    resteAPayer: totalDemande - totalPaye,
    enTrop: enTrop + libre,
    dette: avis.dette,
    reserves: [
      ...(avis.aideVersee > aideDeduite
        ? ['L’aide dépasse le loyer et les charges : elle n’est pas comptée sur autre chose.']
        : []),
      ...(avis.bailResilie ? ['Bail résilié : la somme due pour l’occupation est une indemnité, pas un loyer.'] : []),
    ],
  }
}
