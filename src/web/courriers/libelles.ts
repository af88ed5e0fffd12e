import type { Courrier, EtatCourrier } from '#courriers'
import { EXPEDITEURS_COURRIER, estALaDemande, type ModeleCourrier } from '#referentiel'
import { etapeCourte } from '../accompagner/libelles.ts'
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

/** Steps at which a letter is proposed or chosen, in a few words. */
export const direEtapes = ({ declencheur: { etapes } }: Pick<ModeleCourrier, 'declencheur'>): string =>
  etapes.length > 4
    ? `de ${etapeCourte(etapes[0] ?? '')} à ${etapeCourte(etapes.at(-1) ?? '')}`
    : etapes.map(etapeCourte).join(', ')

/** To whom, when, and whether somebody has to choose it. */
export const situerModele = (modele: ModeleCourrier): string =>
  [
    DESTINATAIRES[modele.destinataire],
    `${modele.declencheur.etapes.length > 1 ? 'étapes' : 'étape'} : ${direEtapes(modele)}`,
    ...(estALaDemande(modele) ? ['à la demande'] : []),
    ...(modele.forme === 'message' ? ['message à copier'] : []),
  ].join(', ')

const ORDRE = Object.keys(EXPEDITEURS_COURRIER)

/** By sender, then by the first step, then by number. */
export function trierModeles(modeles: Iterable<ModeleCourrier>, etapes: readonly string[]): ModeleCourrier[] {
  const rang = ({ expediteur, declencheur }: ModeleCourrier) =>
    ORDRE.indexOf(expediteur) * 100 + Math.min(...declencheur.etapes.map((etape) => etapes.indexOf(etape)))
  return [...modeles].toSorted((un, autre) => rang(un) - rang(autre) || un.numero.localeCompare(autre.numero, 'fr'))
}
