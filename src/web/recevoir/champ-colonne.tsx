import type { ReactElement } from 'react'
import { COLONNES_DE_BASE, type NomColonne } from '#signalements'
import { Champ, Selection } from '../composants/index.ts'
import { definirColonne, nommerValeur } from './libelles.ts'

const AIDES: Readonly<Record<string, string>> = {
  date: 'Jour, mois, année : 13/09/2026.',
  montant: 'En euros : 1234,50.',
  annees: 'Années seules, séparées par des virgules : 2015,2018.',
  annee: 'Quatre chiffres.',
  siret: 'Quatorze chiffres.',
}

const BOOLEENS = [
  { valeur: 'oui', libelle: 'Oui' },
  { valeur: 'non', libelle: 'Non' },
]

/**
 * One field of a received line. What was received or typed is shown as it is, right or wrong: a date stays a text, and a value outside its list is kept in
 * the list until another is chosen.
 */
export function ChampColonne({
  nom,
  valeur,
  erreur,
}: {
  nom: NomColonne
  valeur: string
  erreur?: string | undefined
}): ReactElement {
  const { genre, libelle, valeurs } = definirColonne(nom)
  const libre = !COLONNES_DE_BASE.some((base) => base === nom)
  const communs = { nom, libelle, erreur, libre }
  const options = genre === 'booleen' ? BOOLEENS : valeurs?.map((une) => ({ valeur: une, libelle: nommerValeur(une) }))
  if (options) {
    const normale = valeur.toLowerCase()
    const connue = valeur === '' || options.some((option) => option.valeur === normale)
    return (
      <Selection
        {...communs}
        vide="Non renseigné"
        valeur={connue ? normale : valeur}
        options={connue ? options : [{ valeur, libelle: `${valeur} (reçu, non admis)` }, ...options]}
      />
    )
  }
  return (
    <Champ
      {...communs}
      aide={AIDES[genre]}
      valeur={valeur}
      genre={genre === 'telephone' ? 'tel' : 'text'}
      chiffres={genre === 'entier' || genre === 'annee' || genre === 'code_postal' || genre === 'siret'}
      completion="off"
    />
  )
}
