import type { Dossier, Menage, Personne } from '#dossiers'

const CIVILITES: Readonly<Record<string, string>> = { M: 'M.', MME: 'Mme', 'M.': 'M.' }
const NOMBRES = ['aucun', 'un', 'deux', 'trois', 'quatre', 'cinq', 'six', 'sept', 'huit', 'neuf', 'dix'] as const

/** Files often shout: a name all in capitals is written as a name. One that has small letters is left as its bearer writes it. */
const poser = (nom: string): string =>
  nom === nom.toLocaleUpperCase('fr')
    ? nom
        .toLocaleLowerCase('fr')
        .replace(/(^|[\s'’-])(\p{L})/gu, (_tout, avant, lettre) => avant + lettre.toLocaleUpperCase('fr'))
    : nom

/** « Mme Séverine Lacombe ». Capitals for family names are for lists only. */
export function nommer(personne: Personne): string {
  const civilite = personne.civilite?.trim()
  return [
    civilite === undefined ? '' : (CIVILITES[civilite.toUpperCase()] ?? civilite),
    poser(personne.prenom ?? ''),
    poser(personne.nomUsage ?? personne.nomNaissance ?? ''),
  ]
    .filter((mot) => mot !== '')
    .join(' ')
}

/** Who lives there, in one line: « Mme Séverine Lacombe et ses deux enfants ». */
export function decrireFoyer({ titulaire, conjoint, enfantsACharge = 0 }: Menage): string {
  const noms = [nommer(titulaire), ...(conjoint ? [nommer(conjoint)] : [])].filter((nom) => nom !== '')
  const qui = noms.join(' et ') || 'Ménage sans nom connu'
  if (enfantsACharge === 0) return qui
  const nombre = NOMBRES[enfantsACharge] ?? String(enfantsACharge)
  const possessif =
    noms.length > 1 ? ['leur enfant', `leurs ${nombre} enfants`] : ['son enfant', `ses ${nombre} enfants`]
  return `${qui} et ${enfantsACharge === 1 ? possessif[0] : possessif[1]}`
}

/** How a page names a dossier: its holder, otherwise what the list shows, otherwise its reference. */
export const nommerDossier = ({ menage, titulaire, reference }: Dossier): string =>
  nommer(menage.titulaire) || titulaire || reference
