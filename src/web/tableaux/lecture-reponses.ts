import type { LigneListe, ReponseLigne } from '#repartition'
import { refus } from '#socle/errors'
import { normalizeForSearch } from '#socle/text'
import { lireRangees } from '../rangees.ts'
import { estRepondable, type ReponseSaisie, type Saisie, saisieEnregistree } from './lecture.ts'

/** Ways a person writes an answer in a cell, once accents, case and punctuation are gone. */
const ECRITURES: Readonly<Record<string, ReponseLigne>> = {
  connu: 'connu',
  'connu pris': 'connu',
  'connu de nous pris en charge': 'connu',
  'nous continuons': 'connu',
  'a notre tour': 'a_son_tour',
  'pris a notre tour': 'a_son_tour',
  'pris en charge a son tour': 'a_son_tour',
  'a son tour': 'a_son_tour',
  'pas pour nous': 'pas_pour_nous',
}

/**
 * Reads the answers typed in the exported file of a list. A line is known by its number and its reference together, so that the file of another list, or a sorted
 * or shortened one, cannot answer for the wrong household. What cannot be taken is said line by line; the rest is kept.
 */
export async function lireReponses(
  octets: Buffer,
  lignes: readonly LigneListe[],
): Promise<{ saisie: Saisie; ignorees: string[] }> {
  const [entete, ...rangees] = await lireRangees(octets, 'reponses.format')
  const colonne = (nom: string) => (entete ?? []).findIndex((titre) => normalizeForSearch(titre) === nom)
  const places = {
    numero: colonne('n'),
    reference: colonne('reference'),
    reponse: colonne('reponse'),
    motif: colonne('motif'),
  }
  if (places.numero < 0 || places.reference < 0 || places.reponse < 0) {
    throw refus(
      'reponses.colonnes',
      'Ce fichier n’a pas les colonnes « N° », « Référence » et « Réponse » : repartir du tableur téléchargé ici.',
    )
  }
  const parRang = new Map(lignes.map((ligne) => [ligne.rang, ligne]))
  const saisie = new Map<number, ReponseSaisie>(saisieEnregistree(lignes))
  const ignorees: string[] = []
  for (const rangee of rangees) {
    const ecrite = rangee[places.reponse]?.trim() ?? ''
    if (ecrite === '') continue
    const rang = Number(rangee[places.numero])
    const ligne = parRang.get(rang)
    const reference = rangee[places.reference]?.trim() ?? ''
    const reponse = ECRITURES[normalizeForSearch(ecrite)]
    const dire = (raison: string) =>
      ignorees.push(`Ligne ${rangee[places.numero] ?? '?'}, ${reference || 'sans référence'} : ${raison}`)
    if (!ligne || ligne.instantane.reference !== reference)
      dire('ce numéro et cette référence ne sont pas ceux de ce tableau.')
    else if (!reponse)
      dire(`« ${ecrite} » n’est pas une réponse. Écrire Connu, pris, ou Pris à notre tour, ou Pas pour nous.`)
    else if (!estRepondable(ligne)) dire('ce ménage n’est plus confié à votre service.')
    else saisie.set(rang, { reponse, motif: rangee[places.motif]?.trim() ?? '' })
  }
  return { saisie, ignorees }
}
