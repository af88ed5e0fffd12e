import type { Dossier } from '#dossiers'
import { type Accord, sensAccord } from '#participations'
import { formatDate } from '#socle/typography'
import { nommerDossier } from '../accompagner/menage.ts'
import type { Ton } from '../composants/index.ts'
import type { EtatAccord } from './lecture.ts'

export const adresseDe = ({ reference }: Pick<Dossier, 'reference'>): string => `/dossiers/${reference}`

export const fil = (dossier: Dossier, acte: string) => [
  { libelle: 'Dossiers', href: '/dossiers' },
  { libelle: nommerDossier(dossier), href: adresseDe(dossier) },
  { libelle: acte },
]

/** What an objet stands at, in a word and a tone. Nothing noted is not a refusal. */
export function etatEnMots({ objet, derniere, vaut }: EtatAccord): { mot: string; ton: Ton } {
  if (derniere === null) return { mot: objet.genre === 'information' ? 'À remettre' : 'Pas demandé', ton: 'neutre' }
  if (derniere.sens === 'information') return { mot: `Remise le ${formatDate(derniere.le)}`, ton: 'tenu' }
  if (vaut) return { mot: 'Accord', ton: 'tenu' }
  if (derniere.sens === 'accord') return { mot: 'À redemander', ton: 'bientot' }
  return { mot: sensAccord[derniere.sens], ton: 'reserve' }
}

/** One line of the history: when, how, by whom, for whom. */
export function raconterAccord(
  { sens, le, organisme_nom, portees, precision, auteur, jusqu_au }: Accord,
  moyen: string,
  nomsPortees: ReadonlyMap<string, string>,
): string {
  return [
    `${sensAccord[sens]} le ${formatDate(le)}, ${moyen.toLowerCase()}`,
    organisme_nom === null ? '' : `pour ${organisme_nom}`,
    portees.length === 0 ? '' : `peut dire : ${portees.map((code) => nomsPortees.get(code) ?? code).join(', ')}`,
    jusqu_au === null ? '' : `vaut jusqu’au ${formatDate(jusqu_au)}`,
    precision ?? '',
    auteur === null ? '' : `noté par ${auteur}`,
  ]
    .filter((part) => part !== '')
    .join(' ; ')
}
