import type { Forme } from '#referentiel'
import { schemaFeries, schemaTreve } from './calendrier.ts'
import { schemaDelai } from './delais.ts'
import { schemaSuspensions } from './effets.ts'
import { schemaValeur } from './valeurs.ts'

/** The kinds of data files this module reads, for the export of their JSON Schemas. */
export const FORMES_PROCEDURE: readonly Forme[] = [
  {
    nom: 'delai',
    titre: 'Délai de la loi ou d’une charte',
    chemins: ['droit/delais/*.yaml', 'departements/*/delais/*.yaml', 'departements/*/*/delais/*.yaml'],
    schema: schemaDelai,
  },
  {
    nom: 'valeur',
    titre: 'Valeur de la loi ou d’une charte',
    chemins: ['droit/valeurs/*.yaml', 'departements/*/valeurs/*.yaml', 'departements/*/*/valeurs/*.yaml'],
    schema: schemaValeur,
  },
  { nom: 'jours-feries', titre: 'Jours fériés', chemins: ['droit/calendrier/jours-feries.yaml'], schema: schemaFeries },
  {
    nom: 'treve-hivernale',
    titre: 'Périodes de trêve hivernale',
    chemins: ['droit/calendrier/treve-hivernale.yaml'],
    schema: schemaTreve,
  },
  {
    nom: 'suspensions',
    titre: 'Effets des suspensions de la procédure',
    chemins: ['droit/suspensions/*.yaml'],
    schema: schemaSuspensions,
  },
]
