import assert from 'node:assert/strict'
import { join } from 'node:path'
import { describe, test } from 'node:test'
import { chargerReferentiel, VARIABLES_COURRIER, type VariableCourrier } from '#referentiel'
import { projectRoot } from '#socle/config'
import { lirePositionsPdf } from '#tests/pdf'
import { choisirContact, composerLettre, type FaitsCourrier, variantes } from './composer.ts'
import { rendreContenu } from './produire.ts'

const referentiel = chargerReferentiel(join(projectRoot, 'donnees'))
const exemples = Object.fromEntries(
  (Object.keys(VARIABLES_COURRIER) as VariableCourrier[]).map((nom) => [nom, VARIABLES_COURRIER[nom].exemple]),
) as FaitsCourrier
const LIEU = { codeInsee: '71014', territoire: 'autun', tribunal: 'Tribunal judiciaire de Mâcon' }
/** The longest that the window holds: two holders, a complement, a hamlet. */
const ADRESSE = [
  'Monsieur Anselme BERTRANDET-VAUQUELIN',
  'et Madame Philippine BERTRANDET-VAUQUELIN',
  'Résidence des Glycines, escalier B, 4e étage',
  '128 bis avenue du Maréchal-de-Lattre-de-Tassigny',
  '71400 AUTUN',
]
const FENETRE = { gauche: 105, droite: 195, haut: 45, bas: 85 }

describe('Les lettres, telles qu’elles partent', () => {
  for (const code of ['menage-impaye', 'menage-commandement', 'menage-assignation', 'menage-quitter-les-lieux'])
    for (const variante of variantes)
      test(`[COU-06] ${code}, ${variante}: a tagged document in French, its fonts inside, the address alone in the window`, async () => {
        const modele = referentiel.courriers.get(code)
        assert.ok(modele?.facile, 'the four letters to households are also easy to read')
        const lettre = composerLettre(
          modele,
          variante,
          exemples,
          referentiel.departements.get('71')?.contacts ?? [],
          LIEU,
        )
        const octets = await rendreContenu(
          {
            titre: modele.libelle,
            pied: lettre.pied,
            lettres: [
              {
                ...lettre,
                expediteur: {
                  nom: 'Secrétariat de la CCAPEX',
                  lignes: ['Sous-préfecture', '8 place de l’Exemple', '71400 AUTUN', '03 00 00 00 00'],
                },
                adresse: ADRESSE,
                date: '16 novembre 2026',
              },
            ],
          },
          {},
        )
        const pdf = Buffer.from(octets).toString('latin1')
        assert.match(pdf, /pdfuaid:part>1</)
        assert.match(pdf, /\/Lang \(fr-FR\)/)
        assert.match(pdf, /\/StructTreeRoot/)
        for (const balise of ['H1', 'H2', 'P', 'LI']) assert.match(pdf, new RegExp(`/S /${balise}\\b`), balise)
        const polices = [...pdf.matchAll(/\/Type \/FontDescriptor[\s\S]*?endobj/g)].map(([une]) => une)
        assert.ok(polices.length > 0)
        for (const police of polices) assert.match(police, /\/FontFile[23]? /, 'a font is in the document')
        // What the first page writes first: its head and its address.
        const dedans = lirePositionsPdf(octets)
          .slice(0, 40)
          .filter(({ x, y }) => x >= FENETRE.gauche && x <= FENETRE.droite && y >= FENETRE.haut && y <= FENETRE.bas)
          .map(({ texte }) => texte.trim())
          .filter((texte) => texte !== '')
        assert.ok(dedans.length >= ADRESSE.length)
        const mots = ADRESSE.join(' ').replaceAll(/\s/g, '')
        for (const texte of dedans) assert.ok(mots.includes(texte.replaceAll(/\s/g, '')), `in the window: ${texte}`)
      })

  test('[COU-06] contacts are those of the commune: its CCAS where there is one, in both départements without a hole', () => {
    for (const [code, { contacts }] of referentiel.departements) {
      const nommees = contacts.find(({ bloc, communes }) => bloc === 'ccas' && communes?.length)
      const ccas = (codeInsee: string) =>
        choisirContact(contacts, 'ccas', { codeInsee, territoire: null, tribunal: null })
      if (code === '71') assert.ok(nommees)
      if (nommees) assert.equal(ccas(nommees.communes?.[0] ?? ''), nommees)
      assert.equal(ccas('71999'), null, `${code}: no CCAS is guessed`)
      assert.ok(choisirContact(contacts, 'adil', { codeInsee: null, territoire: null, tribunal: null }), code)
    }
  })
})
