import type { Session } from '#acces'
import { type EtatVersionCourrier, nommerModele, type VersionCourrier } from '#courriers'
import type { Ton } from '../composants/index.ts'

export const TONS_VERSION: Readonly<Record<EtatVersionCourrier, Ton>> = {
  brouillon: 'neutre',
  soumise: 'bientot',
  approuvee: 'tenu',
  refusee: 'retard',
  retiree: 'neutre',
}

export const PRESENTATION = 'En-tête, contacts et signatures'

export const adresseVersion = ({ id }: Pick<VersionCourrier, 'id'>, suite = ''): string => `/modeles/${id}${suite}`

/** What a version is about: the name of its letter, or what all print. */
export const sujetDe = (
  session: Pick<Session, 'referentiel'>,
  { genre, modele }: Pick<VersionCourrier, 'genre' | 'modele'>,
): string => (genre === 'presentation' ? PRESENTATION : nommerModele(session, modele))

export const nomDe = (session: Pick<Session, 'referentiel'>, version: VersionCourrier): string =>
  `${sujetDe(session, version)}, version ${version.numero}`
