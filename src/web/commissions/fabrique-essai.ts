import assert from 'node:assert/strict'
import type { CompteRequisitions, EssaiRequisitions, LueRequisitions } from '#tests/requisitions'

/** Hidden field of a page. */
export const cache = ({ html }: Pick<LueRequisitions, 'html'>, nom: string): string =>
  new RegExp(`name="${nom}" value="([^"]*)"`).exec(html)?.[1] ?? ''

/** Hidden fields of the form whose button says this, as a browser sends them. */
export function formulaire({ html }: Pick<LueRequisitions, 'html'>, bouton: string): Record<string, string> {
  const corps = new RegExp(`<form[^>]*>(?:(?!</form>)[\\s\\S])*?${bouton}`).exec(html)?.[0].split('<form').at(-1) ?? ''
  const { _jeton, ...champs } = Object.fromEntries(
    [...corps.matchAll(/name="([^"]+)" value="([^"]*)"/g)].map(([, nom = '', valeur = '']) => [nom, valeur]),
  )
  return champs
}

/** Gives an organisme its seat in a commission, with the account that represents it. */
export async function nommerMembre(
  essai: EssaiRequisitions,
  commission: string,
  code: string,
  qualite: string,
  compte: CompteRequisitions,
): Promise<void> {
  const siege = { qualite, voix: qualite === 'maire' ? '' : 'deliberative', du: '2026-01-01' }
  const { vers } = await essai.poster('secretariat', `/commissions/${commission}/membres`, {
    ...siege,
    organisme: essai.organisme(code),
  })
  const fiche = await essai.lire('secretariat', vers)
  const titulaire =
    new RegExp(`<option value="([\\w-]+)"[^>]*>Camille ${compte.toUpperCase()}`).exec(fiche.html)?.[1] ?? ''
  const nomme = await essai.poster('secretariat', vers, { ...siege, vu: cache(fiche, 'vu'), titulaire })
  assert.equal(nomme.statut, 303, code)
}
