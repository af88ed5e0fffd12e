import { pluriel } from '#socle/typography'
import type { Alerte, EtatAlerte, RegleAcces } from '#vigilance'
import type { Ton } from '../composants/etiquette.tsx'

export const libellesRegle = {
  homonyme: 'Même nom que le ménage',
  voisin: 'Même rue que le ménage',
  volume: 'Volume inhabituel',
  sans_lien: 'Dossiers sans lien',
  refus: 'Refus répétés',
  connexions: 'Mots de passe refusés',
  exceptionnel: 'Accès exceptionnel',
  exceptionnel_repete: 'Accès exceptionnels répétés',
  integrite: 'Journal altéré',
  quota: 'Limite du jour atteinte',
  export: 'Export important',
} as const satisfies Record<RegleAcces, string>

export const libellesEtat = {
  nouvelle: { libelle: 'À examiner', ton: 'bientot' },
  vue: { libelle: 'Vue', ton: 'neutre' },
  justifiee: { libelle: 'Justifiée', ton: 'tenu' },
  retenue: { libelle: 'Suite donnée', ton: 'retard' },
} as const satisfies Record<EtatAlerte, { libelle: string; ton: Ton }>

const compteurs: Readonly<Record<string, (n: number) => string>> = {
  ouverts: (n) => `${pluriel(n, 'dossier ouvert', 'dossiers différents ouverts')} dans la journée`,
  vus: (n) => `${pluriel(n, 'dossier vu', 'dossiers différents vus')} dans la journée, listes comprises`,
  exportes: (n) => `${pluriel(n, 'dossier sorti', 'dossiers différents sortis')} dans un fichier dans la journée`,
}

/** What was seen, in one sentence that accuses nobody. */
export function decrireAlerte({ regle, mesure }: Pick<Alerte, 'regle' | 'mesure'>): string {
  const n = mesure.n ?? 0
  switch (regle) {
    case 'homonyme':
      return 'Un dossier ouvert dont un adulte porte le nom de l’agent'
    case 'voisin':
      return 'Un dossier ouvert dont le ménage habite la rue déclarée par l’agent'
    case 'volume':
      return compteurs[mesure.compteur ?? '']?.(n) ?? 'Volume inhabituel de consultations'
    case 'sans_lien':
      return `${pluriel(n, 'dossier ouvert', 'dossiers ouverts')} sans que l’organisme y soit affecté, destinataire, émetteur ou en contact`
    case 'refus':
      return `${pluriel(n, 'demande refusée', 'demandes refusées')} dans la journée : hors périmètre ou hors droits`
    case 'connexions':
      return `${pluriel(n, 'mot de passe refusé', 'mots de passe refusés')} sur ce compte dans la journée`
    case 'exceptionnel':
      return mesure.compteur === 'inconnu'
        ? 'Un accès exceptionnel demandé avec une référence qui n’existe pas'
        : 'Un dossier ouvert par accès exceptionnel, avec un motif écrit'
    case 'exceptionnel_repete':
      return `${pluriel(n, 'accès exceptionnel', 'accès exceptionnels')} de la même personne en quelques semaines`
    case 'quota':
      return `Arrêt à la limite : ${compteurs[mesure.compteur ?? '']?.(n) ?? 'consultations'}`
    case 'export':
      return `${pluriel(n, 'ligne sortie', 'lignes sorties')} dans un seul fichier${mesure.copie === undefined ? '' : `, copie n° ${mesure.copie}`}`
    case 'integrite':
      return `${pluriel(n, 'faute trouvée', 'fautes trouvées')} en vérifiant la chaîne du journal`
  }
}
