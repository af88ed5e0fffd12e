import { type Refus, refus } from '#socle/errors'

/** Why a workbook is not read. The sentence is shown to the person who sent it, with what to do instead. */
const SENTENCES = {
  'tableur.genre-refuse': 'Ce fichier n’est pas un classeur lisible. Envoyer un fichier CSV, XLSX ou ODS.',
  'tableur.trop-lourd': 'Ce classeur dépasse 10 Mo. L’enregistrer en CSV, ou l’envoyer en plusieurs fois.',
  'tableur.illisible': 'Ce classeur est abîmé. L’ouvrir dans le tableur, l’enregistrer à nouveau, puis le renvoyer.',
  'tableur.chiffre': 'Ce classeur est protégé par un mot de passe. Retirer le mot de passe, puis le renvoyer.',
  'tableur.archive-suspecte':
    'Ce classeur se décompresse en un volume anormal ou porte des noms interdits. L’enregistrer à nouveau depuis le tableur, ou en CSV.',
  'tableur.xml-interdit':
    'Ce classeur contient des déclarations interdites. L’enregistrer à nouveau depuis le tableur, ou en CSV.',
  'tableur.macros': 'Ce classeur contient des macros. L’enregistrer sans macro, en XLSX, ODS ou CSV, puis le renvoyer.',
  'tableur.liens-externes':
    'Ce classeur est lié à d’autres fichiers ou à une source extérieure. Coller les valeurs seules dans un nouveau classeur, puis le renvoyer.',
  'tableur.objets-integres':
    'Ce classeur contient des objets intégrés (graphique, document). Garder le tableau seul dans un nouveau classeur, puis le renvoyer.',
  'tableur.trop-etendu':
    'Ce classeur est trop étendu : une cellule est placée trop loin, ou les cellules sont trop nombreuses. Garder les lignes utiles, 200 colonnes au plus, ou l’enregistrer en CSV.',
  'tableur.trop-long':
    'La lecture de ce classeur a été arrêtée après 30 secondes. L’enregistrer en CSV, puis le renvoyer.',
  'tableur.memoire': 'Ce classeur demande trop de mémoire. L’enregistrer en CSV, ou l’envoyer en plusieurs fois.',
  'tableur.vide': 'Ce classeur n’a aucune feuille visible. Afficher la feuille à lire, puis le renvoyer.',
} as const satisfies Record<string, string>

export type WorkbookRefusal = keyof typeof SENTENCES

/** Builds the refusal of a workbook. Throw what it returns. */
export function refuseWorkbook(code: WorkbookRefusal): Refus {
  return refus(code, SENTENCES[code])
}

/** The same, from a code that crossed a worker's channel. */
export function refuseWorkbookFrom(code: string): Refus {
  return refuseWorkbook(Object.hasOwn(SENTENCES, code) ? (code as WorkbookRefusal) : 'tableur.illisible')
}
