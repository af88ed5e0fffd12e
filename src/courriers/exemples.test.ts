import assert from 'node:assert/strict'
import { readdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, test } from 'node:test'
import { accesDe } from '#acces'
import { motConnaissable } from '#dossiers'
import {
  chargerReferentiel,
  conditionDe,
  EXPEDITEURS_COURRIER,
  VARIABLES_COURRIER,
  type VariableCourrier,
} from '#referentiel'
import { projectRoot } from '#socle/config'
import { composerLettre, ecrireMessage, ecrireTexte, type FaitsCourrier, variantes } from './composer.ts'

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
const plat = (texte: string): string => texte.replaceAll(/\s/g, ' ').toLowerCase()
const modeles = [...referentiel.courriers.values()]

describe('Les courriers livrés', () => {
  for (const modele of modeles) {
    const numeros = [modele.numero, ...(modele.aussi ?? [])].map((numero) => `[${numero}]`).join(' ')
    for (const variante of variantes) {
      if (variante === 'facile' && modele.facile === null) continue
      test(`${numeros} ${modele.code}, ${variante}: the letter reads as it was reviewed, with its mandatory statements`, () => {
        const chemin = join(racine, 'courriers', modele.code, `exemple-${variante}.txt`)
        const lettre = composerLettre(modele, variante, tous, contacts, LIEU)
        const lisible = modele.forme === 'message' ? ecrireMessage(lettre) : ecrireTexte(lettre)
        const rendu = `${lisible.replaceAll(/[\u00a0\u202f]/g, ' ')}\n`
        // After a change of the text: `AMONT_ECRIRE_EXEMPLES=oui` writes the files, and the diff is reviewed.
        if (process.env.AMONT_ECRIRE_EXEMPLES === 'oui') writeFileSync(chemin, rendu)
        assert.equal(rendu, readFileSync(chemin, 'utf8'))
        for (const { texte } of modele.mentions) assert.ok(plat(rendu).includes(plat(texte)), texte)
      })
      test(`${numeros} ${modele.code}, ${variante}: what nobody said leaves no hole and no statement out`, () => {
        for (const sans of [contacts, []]) {
          const texte = ecrireTexte(composerLettre(modele, variante, rares, sans, { ...LIEU, tribunal: null }))
          assert.doesNotMatch(texte, /\{|\}|undefined|\bnull\b| ,|\( |\s\.|——|\*\*/)
          for (const { texte: mention } of modele.mentions) assert.ok(plat(texte).includes(plat(mention)), mention)
        }
      })
    }
  }

  test('[COU-03] every letter to a household says that help is free, and whom to turn to', () => {
    for (const modele of modeles.filter(({ destinataire }) => destinataire === 'menage')) {
      for (const variante of variantes) {
        const texte = ecrireTexte(composerLettre(modele, variante, rares, contacts, LIEU))
        assert.match(texte, /gratuit/i, modele.code)
        assert.match(texte, /ADIL|[Ss]ervice social|Appelez|Répondez à ce message/, modele.code)
      }
    }
  })

  test('[ACC-07] no trigger reads what its sender may not know', () => {
    for (const modele of modeles) {
      const { types, role } = EXPEDITEURS_COURRIER[modele.expediteur]
      for (const type of types) {
        const acces = accesDe(referentiel.matrice, type, role)
        for (const mot of conditionDe(modele)?.mots ?? [])
          assert.ok(motConnaissable(acces, mot), `${modele.code}: ${type} does not read ${mot}`)
      }
    }
  })

  test('[ACC-01] every sender of a letter holds the rights to re-read and send it, and nobody else does', () => {
    const envoient = new Set<string>(
      modeles.flatMap(({ expediteur }) =>
        EXPEDITEURS_COURRIER[expediteur].types.map((type) => `${type} ${expediteur}`),
      ),
    )
    for (const [expediteur, { types, role }] of Object.entries(EXPEDITEURS_COURRIER))
      for (const type of types)
        for (const droit of ['courrier.consulter', 'courrier.envoyer'] as const)
          assert.equal(
            accesDe(referentiel.matrice, type, role).droits.has(droit),
            envoient.has(`${type} ${expediteur}`),
            `${type} ${droit}`,
          )
    for (const type of ['ccas', 'fsl', 'siao', 'mandataire', 'mairie', 'commissaires_de_justice', 'union_bailleurs'])
      for (const role of ['service_social', 'partenaire', 'maire', 'emetteur', 'pilote'] as const)
        assert.ok(!accesDe(referentiel.matrice, type, role).droits.has('courrier.consulter'), `${type} ${role}`)
  })

  test('[COU-37] a message names nobody and says no word of the procedure: a telephone is read over a shoulder', () => {
    const message = referentiel.courriers.get('action-logement-message')
    assert.ok(message)
    for (const faits of [tous, rares]) {
      const texte = ecrireMessage(composerLettre(message, 'courant', faits, contacts, LIEU))
      assert.doesNotMatch(texte, /Morel|Tilleuls|dette|impay|expuls|tribunal|€/i)
      assert.ok(texte.length <= 306, `two text messages at most, not ${texte.length} characters`)
    }
  })

  test('every folder of a letter is one of the letters read', () => {
    const dossiers = readdirSync(join(racine, 'courriers'), { withFileTypes: true }).filter((un) => un.isDirectory())
    assert.deepEqual(dossiers.map(({ name }) => name).toSorted(), [...referentiel.courriers.keys()].toSorted())
  })

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
