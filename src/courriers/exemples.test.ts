import assert from 'node:assert/strict'
import { readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, test } from 'node:test'
import { chargerReferentiel, VARIABLES_COURRIER, type VariableCourrier } from '#referentiel'
import { projectRoot } from '#socle/config'
import { composerLettre, ecrireTexte, type FaitsCourrier, variantes } from './composer.ts'

const racine = join(projectRoot, 'donnees')
const referentiel = chargerReferentiel(racine)
const contacts = referentiel.departements.get('71')?.contacts ?? []
const LIEU = { codeInsee: '71014', territoire: 'autun', tribunal: 'Tribunal judiciaire de Mâcon' }
const noms = Object.keys(VARIABLES_COURRIER) as VariableCourrier[]
const tous = Object.fromEntries(noms.map((nom) => [nom, VARIABLES_COURRIER[nom].exemple])) as FaitsCourrier
const rares = Object.fromEntries(
  noms.map((nom) => {
    const { facultative, exemple } = VARIABLES_COURRIER[nom]
    return [nom, facultative ? null : exemple.startsWith(', ') ? '' : exemple]
  }),
) as FaitsCourrier

describe('Les courriers livrés', () => {
  for (const modele of referentiel.courriers.values()) {
    for (const variante of variantes) {
      if (variante === 'facile' && modele.facile === null) continue
      test(`[${modele.numero}] ${modele.code}, ${variante}: the letter reads as it was reviewed`, () => {
        const chemin = join(racine, 'courriers', modele.code, `exemple-${variante}.txt`)
        const rendu = `${ecrireTexte(composerLettre(modele, variante, tous, contacts, LIEU)).replaceAll(/[\u00a0\u202f]/g, ' ')}\n`
        // After a change of the text: `AMONT_ECRIRE_EXEMPLES=oui` writes the files, and the diff is reviewed.
        if (process.env.AMONT_ECRIRE_EXEMPLES === 'oui') writeFileSync(chemin, rendu)
        assert.equal(rendu, readFileSync(chemin, 'utf8'))
      })
      test(`${modele.code}, ${variante}: what nobody said leaves no hole`, () => {
        for (const sans of [contacts, []]) {
          const texte = ecrireTexte(composerLettre(modele, variante, rares, sans, { ...LIEU, tribunal: null }))
          assert.doesNotMatch(texte, /\{|\}|undefined|null| ,|\( |\s\.|——|\*\*/)
          for (const { texte: mention } of modele.mentions)
            assert.ok(texte.replaceAll(/\s/g, ' ').toLowerCase().includes(mention.toLowerCase()), mention)
        }
      })
    }
  }

  test('a court chooses its own contact for access to law', () => {
    const assignation = referentiel.courriers.get('menage-assignation')
    assert.ok(assignation)
    const ecrire = (tribunal: string | null) =>
      ecrireTexte(composerLettre(assignation, 'courant', tous, contacts, { ...LIEU, tribunal }))
    assert.match(ecrire('Tribunal judiciaire de Mâcon'), /06\s40\s48\s40\s23/)
    assert.match(ecrire('TJ CHALON-SUR-SAONE'), /06\s40\s48\s52\s86/)
    assert.doesNotMatch(ecrire(null), /06\s40\s48/, 'without a court, no number is guessed')
  })
})
