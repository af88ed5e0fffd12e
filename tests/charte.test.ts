import assert from 'node:assert/strict'
import { join } from 'node:path'
import { test } from 'node:test'
import { chargerReferentiel, type Ventilation } from '#referentiel'

const referentiel = chargerReferentiel(join(import.meta.dirname, '../../donnees'))

function charte(code: string) {
  const trouvee = referentiel.departements.get(code)?.chartes[0]
  assert.ok(trouvee, code)
  return trouvee
}

const numeros = (debut: number, fin: number) => Array.from({ length: fin - debut + 1 }, (_, rang) => debut + rang)

test('the charter of Saône-et-Loire follows its 61 indicators, each defined and cut as it asks', () => {
  const { indicateurs } = charte('71')
  assert.deepEqual(
    indicateurs.map(({ numero }) => numero),
    numeros(1, 61),
  )
  const complet: Ventilation[] = ['parc', 'arrondissement', 'territoire', 'total']
  for (const { numero, ventilations, producteurs, indicateur } of indicateurs) {
    assert.deepEqual(ventilations, numero <= 25 ? complet : ['parc', 'total'], `IND-${numero}`)
    assert.ok(producteurs.length > 0 && indicateur.question.endsWith('?'), `IND-${numero}`)
  }
})

test('the action sheets follow their own indicators', () => {
  const { indicateurs, fiches } = charte('99')
  assert.deepEqual(
    indicateurs.map(({ numero }) => numero),
    numeros(62, 67),
  )
  const cites = fiches.flatMap((fiche) => fiche.indicateurs ?? [])
  assert.deepEqual(
    indicateurs.map(({ indicateur }) => indicateur.id).filter((id) => !cites.includes(id)),
    [],
  )
})

test('[IND-68] the history is the one printed: nine years, and NC is kept as NC', () => {
  const { historique } = charte('71')
  assert.deepEqual(historique?.annees, numeros(2011, 2019))
  const ligne = (id: string) => historique?.lignes.find(({ indicateur }) => indicateur === id)?.valeurs
  assert.deepEqual(ligne('reunions-ccapex'), ['NC', 36, 22, 32, 44, 39, 41, 42, 42])
  assert.deepEqual(ligne('assignations'), [931, 935, 1031, 1126, 804, 997, 946, 1097, 960])
  assert.deepEqual(ligne('interventions-effectives'), ['NC', 'NC', 'NC', 'NC', 'NC', 'NC', 69, 86, 78])
  assert.deepEqual(
    historique?.lignes.map(({ valeurs }) => valeurs.at(-1)),
    [42, 1266, 929, 960, 559, 349, 235, 78],
  )
})

test('both targets bear on summonses and orders to leave, and say from which year', () => {
  const { cibles } = charte('71')
  assert.deepEqual(
    cibles?.cibles.map(({ baisse_pour_cent, rythme, base, indicateurs }) => [
      baisse_pour_cent,
      rythme,
      base,
      indicateurs,
    ]),
    [
      [5, 'annuel', 2019, ['assignations', 'commandements-de-quitter-les-lieux']],
      [20, 'duree_de_la_charte', 2019, ['assignations', 'commandements-de-quitter-les-lieux']],
    ],
  )
})

test('the six commitment sheets say each planned action, its pilots and the requirement that carries it', () => {
  const { fiches } = charte('71')
  assert.deepEqual(
    fiches.map(({ numero, actions }) => [numero, actions?.length]),
    [
      ['1', 14],
      ['2', 15],
      ['3', 5],
      ['4', 7],
      ['5', 4],
      ['6', 5],
    ],
  )
  const exigences = fiches.flatMap(({ actions = [] }) => actions.flatMap(({ exigence }) => exigence ?? []))
  const attendues = numeros(20, 48).map((n) => `CHA-${n}`)
  assert.deepEqual(
    attendues.filter((exigence) => !exigences.includes(exigence)),
    [],
  )
})

test('[CHA-14] [CHA-15] [CHA-16] [CHA-17] [CHA-18] [CHA-19] the action sheets of the model give pilots, term, links and legal frame; the missing one waits for its pilots', () => {
  const { fiches } = charte('99')
  assert.deepEqual(
    fiches.map(({ numero, fournie, pilotes, delai, liens }) => [numero, fournie, pilotes, delai, liens]),
    [
      ['3', true, ['État', 'Département'], undefined, ['3-1', '3-2', '3-3', '3-4']],
      ['3-1', true, ['État', 'Département'], '2018', ['3-2', '3-3', '3-4']],
      ['3-2', false, [], undefined, undefined],
      ['3-3', true, ['État', 'Département'], '2018', ['3-4', '3-2']],
      ['3-4', true, ['Département'], '2018', ['3-1', '3-3']],
    ],
  )
  for (const { numero, fournie, vigilance, moyens, cadre_juridique } of fiches.filter(({ numero }) => numero !== '3')) {
    if (fournie) assert.ok(vigilance?.length && moyens?.length && cadre_juridique?.length, numero)
  }
})
