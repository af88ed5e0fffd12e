import assert from 'node:assert/strict'
import { join } from 'node:path'
import { describe, test } from 'node:test'
import { chargerReferentiel } from '#referentiel'
import { projectRoot } from '#socle/config'
import {
  ecrirePosition,
  ecrireRequete,
  lireChoix,
  lireIgnores,
  lireOrdre,
  lirePosition,
  type Offre,
  SENS_NATUREL,
  versFiltre,
} from './filtre.ts'
import { lireRetour } from './saisie.ts'

const referentiel = chargerReferentiel(join(projectRoot, 'donnees'))
const departement = referentiel.departements.get('71')
if (!departement) throw new Error('no département 71')
const CAF = '11111111-1111-4111-8111-111111111111'
const offre: Offre = {
  territoires: departement.territoires,
  organismes: [{ id: CAF, code: 'CAF71', nom: 'CAF', type: 'caf', territoires: null, communes: null }],
  criteres: new Map([['recurrence', { id: 'recurrence', libelle: 'Récurrence' }]]),
}
const enRecherche = (requete: string) => Object.fromEntries(new URLSearchParams(requete))

describe('address of a list', () => {
  test('says the same filters and order when it is read back', () => {
    const choix = {
      q: 'Granvaux & Cie',
      territoire: 'autun',
      etape: 'assignation',
      parc: 'prive',
      service: 'CAF71',
      echeance: '7',
      dette: '1000',
      critere: 'recurrence',
      sans_preneur: 'oui',
      audience: 'oui',
      serie: 'oui',
      complexe: 'oui',
      inconnus: 'oui',
      clos: 'oui',
    }
    const ordre = { tri: 'dette', sens: 'croissant' } as const
    const lue = enRecherche(ecrireRequete(choix, ordre))
    assert.deepEqual(lireChoix(lue, offre), choix)
    assert.deepEqual(lireOrdre(lue), ordre)
    assert.deepEqual(versFiltre(choix, offre), {
      texte: 'Granvaux & Cie',
      territoire: 'autun',
      stade: 'assignation',
      parc: 'prive',
      organisme: CAF,
      echeance: '7',
      detteMin: 100_000,
      critere: 'recurrence',
      etatService: 'sans_preneur',
      audience: '45',
      enSerie: true,
      complexe: true,
      phase: 'judiciaire',
      inconnu: true,
      clos: true,
    })
  })

  test('is never empty, because the bare address opens the territory of its reader', () => {
    assert.equal(ecrireRequete({}), 'territoire=tous')
    assert.deepEqual(lireChoix({ territoire: 'tous' }, offre), {})
  })

  test('[ACC-01] forgets what is outside the closed sets, and criteria the reader is not offered', () => {
    const lue = {
      territoire: 'paris',
      etape: 'toString',
      parc: 'constructor',
      service: 'CAF99',
      echeance: '8',
      dette: '1',
      critere: 'souffrance-psychique',
      clos: '1',
    }
    assert.deepEqual(lireChoix(lue, offre), {})
    assert.deepEqual(
      lireIgnores(lue, offre),
      Object.entries(lue).map(([cle, valeur]) => `${cle}=${valeur}`),
    )
    assert.deepEqual(lireIgnores({ territoire: 'tous', parc: 'prive', clos: '', tri: 'x' }, offre), [])
    assert.deepEqual(lireIgnores({ q: 'a'.repeat(121) }, offre), [`q=${'a'.repeat(40)}…`])
  })

  test('keeps a place as opaque text, and starts again when it is damaged or of another order', () => {
    const id = '0b3f7d1e-7b0e-4b52-9f6e-0b4f6a2f9d10'
    const position = { sens: 'apres', valeur: 'granvaux odile', id } as const
    const ecrite = ecrirePosition(position)
    assert.ok(!ecrite.includes('granvaux'))
    assert.deepEqual(lirePosition({ apres: ecrite }, 'menage'), position)
    assert.deepEqual(lirePosition({ avant: ecrite }, 'menage'), { ...position, sens: 'avant' })
    for (const tri of ['echeance', 'signal', 'dette', 'stade'] as const) {
      assert.equal(lirePosition({ apres: ecrite }, tri), null, tri)
    }
    const impossible = ecrirePosition({ ...position, valeur: '2026-02-31' })
    for (const abimee of ['', 'x', ecrite.slice(4), impossible]) {
      assert.equal(lirePosition({ apres: abimee }, 'echeance'), null)
    }
    assert.deepEqual(lireOrdre({ tri: 'mot_de_passe', sens: 'x' }), { tri: 'echeance', sens: SENS_NATUREL.echeance })
  })

  test('an act comes back to a page of dossiers only', () => {
    assert.equal(lireRetour('/dossiers?territoire=autun&tri=dette'), '/dossiers?territoire=autun&tri=dette')
    assert.equal(lireRetour('/dossiers/71-2026-00001'), '/dossiers/71-2026-00001')
    const autres = ['https://exemple.example/', '//exemple.example', '/connexion', '/dossiers/../compte', undefined]
    for (const ailleurs of autres) {
      assert.equal(lireRetour(ailleurs), '/dossiers')
    }
  })
})
