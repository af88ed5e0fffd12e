import { randomUUID } from 'node:crypto'
import type { Erreur } from '../accompagner/saisie.ts'
import { champ, type Requete } from '../route.ts'

/** What one of the forms of a page sent, when it was refused: the page shows it again with its errors, and the other forms as they are. */
export interface Saisie {
  readonly forme: string
  readonly champs: Readonly<Record<string, string>>
  readonly erreurs: readonly Erreur[]
}

/** Fields of a form as sent, by name. */
export const lireChamps = (requete: Requete, noms: readonly string[]): Record<string, string> =>
  Object.fromEntries(noms.map((nom) => [nom, champ(requete, nom)]))

/** Reads a form back: what was typed, or what it starts with. */
export function etatDeForme(saisie: Saisie | null, forme: string) {
  const sienne = saisie?.forme === forme ? saisie : null
  return {
    ouverte: sienne !== null,
    valeur: (nom: string, depart = ''): string => sienne?.champs[nom] ?? depart,
    erreur: (nom: string): string | undefined => sienne?.erreurs.find((une) => une.nom === nom)?.message,
    /** Drawn with the form: sent twice, it writes once. */
    envoi: sienne?.champs.envoi || randomUUID(),
  }
}

/** A mark received with a form; a new one when what came is none. */
export const lireEnvoi = (requete: Requete): string => {
  const recu = champ(requete, 'envoi')
  return /^[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}$/.test(recu) ? recu : randomUUID()
}

/** Narrows a text to a key of a closed table. */
export function cleDe<T extends object>(table: T, texte: string): Extract<keyof T, string> | null {
  return Object.hasOwn(table, texte) ? (texte as Extract<keyof T, string>) : null
}

export const options = (table: Readonly<Record<string, string>>) =>
  Object.entries(table).map(([valeur, libelle]) => ({ valeur, libelle }))

export const demiJournees = { matin: 'Matin', apres_midi: 'Après-midi' } as const
