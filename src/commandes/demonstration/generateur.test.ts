import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import { ANNEE_2019, ecrireFichier, genererAnnee } from './generateur.ts'

const communes = [
  { nom: 'Autun', codePostal: '71400', poids: 3 },
  { nom: 'Mâcon', codePostal: '71000', poids: 5 },
]
const generer = (graine: number) =>
  genererAnnee({
    graine,
    jour: Temporal.PlainDate.from('2026-11-20'),
    comptes: ANNEE_2019,
    communes,
    bailleurs: ['OPAC'],
  })

describe('the demonstration year', () => {
  const annee = generer(71)

  test('[IND-68] holds as many acts of each step as the charter publishes for 2019', () => {
    const comptes = new Map<string, number>()
    for (const { colonnes } of annee) comptes.set(colonnes.type ?? '', (comptes.get(colonnes.type ?? '') ?? 0) + 1)
    const attendus = {
      commandement_de_payer: 929,
      assignation: 960,
      commandement_de_quitter_les_lieux: 559,
      requisition_force_publique: 349,
      concours_force_publique: 235,
      expulsion: 78,
    }
    for (const [type, nombre] of Object.entries(attendus)) assert.equal(comptes.get(type), nombre, type)
  })

  test('is the same for the same seed, and another for another', () => {
    assert.deepEqual(ecrireFichier(generer(71)), ecrireFichier(annee))
    assert.notDeepEqual(ecrireFichier(generer(72)), ecrireFichier(annee))
  })

  test('gives each reference once, and takes households from one step to the next in order', () => {
    const references = annee.map(({ colonnes }) => colonnes.reference_source)
    assert.equal(new Set(references).size, references.length)
    const etapes = [
      'commandement_de_payer',
      'assignation',
      'commandement_de_quitter_les_lieux',
      'requisition_force_publique',
      'concours_force_publique',
      'expulsion',
    ]
    const parMenage = Map.groupBy(
      annee.filter(({ colonnes }) => etapes.includes(colonnes.type ?? '')),
      ({ menage }) => menage,
    )
    let suivis = 0
    for (const lignes of parMenage.values()) {
      const ordonnees = lignes.toSorted((a, b) =>
        (a.colonnes.date_acte ?? '').localeCompare(b.colonnes.date_acte ?? ''),
      )
      const rangs = ordonnees.map(({ colonnes }) => etapes.indexOf(colonnes.type ?? ''))
      assert.deepEqual(
        rangs,
        rangs.toSorted((a, b) => a - b),
      )
      if (rangs.length > 1) suivis += 1
    }
    assert.ok(suivis > 500, `${suivis} households go through several steps`)
  })

  test('writes phone numbers of the range kept for fiction only', () => {
    for (const { colonnes } of annee) if (colonnes.telephone) assert.match(colonnes.telephone, /^063998\d{4}$/)
  })
})
