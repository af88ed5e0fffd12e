import type { Evaluation } from './condition.ts'
import { ecrireValeur, type Mot, trouverMot } from './vocabulaire.ts'

/** Why a condition answers as it does: a French sentence made of the meaning and the value of the words that decide. */
export function ecrireMotif(evaluation: Evaluation): string {
  if (evaluation.verite === 'indeterminee') return `À vérifier, il manque : ${ecrireMots(evaluation.manquants)}.`
  const valeurs = ecrireDecisifs(evaluation)
  if (valeurs === '') return 'Sans condition.'
  return evaluation.verite === 'vraie' ? `Rempli : ${valeurs}.` : `Non rempli : ${valeurs}.`
}

/** The words that decided, with their values: `dette locative… : 2 500,00 € ; plafond… : 2 000,00 €`. */
export function ecrireDecisifs({ decisifs, valeurs }: Pick<Evaluation, 'decisifs' | 'valeurs'>): string {
  return decisifs
    .flatMap((mot) => {
      const entree = trouverMot(mot)
      const valeur = valeurs[mot] ?? null
      if (entree?.genre !== 'compagnon') return [`${nommer(mot)} : ${ecrireValeur(mot, valeur)}`]
      return valeur === true ? [] : [`${nommer(entree.compagnon ?? mot)} : non connu`]
    })
    .join(' ; ')
}

/** Meanings of words, for a person who has to find the missing facts. */
export function ecrireMots(mots: readonly Mot[]): string {
  return mots.map(nommer).join(' ; ')
}

function nommer(mot: Mot): string {
  return trouverMot(mot)?.sens ?? mot
}
