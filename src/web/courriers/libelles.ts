import type { Courrier, EtatCourrier } from '#courriers'
import type { ModeleCourrier } from '#referentiel'
import type { Ton } from '../composants/index.ts'

export const TONS_COURRIER: Readonly<Record<EtatCourrier, Ton>> = {
  propose: 'bientot',
  ecarte: 'neutre',
  a_produire: 'info',
  produit: 'info',
  envoye: 'tenu',
  revenu: 'retard',
}

export const adresseCourrier = ({ id }: Pick<Courrier, 'id'>): string => `/courriers/${id}`
export const adresseModele = (code: string, etat?: EtatCourrier): string =>
  `/courriers/modeles/${code}${etat ? `?etat=${etat}` : ''}`
export const adresseLot = (id: string): string => `/courriers/lots/${id}`

export const DESTINATAIRES: Readonly<Record<ModeleCourrier['destinataire'], string>> = {
  menage: 'Ménage',
  bailleur: 'Bailleur privé',
}

export const VARIANTES = { courant: 'Version courante', facile: 'Version facile à lire' } as const
