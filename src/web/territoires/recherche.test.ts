import assert from 'node:assert/strict'
import { join } from 'node:path'
import { describe, test } from 'node:test'
import { chargerTerritoires } from '#referentiel'
import { projectRoot } from '#socle/config'
import { aConfirmer, chercherCommune, lireRemarque, listerAnomalies } from './recherche.ts'

const territoires = chargerTerritoires(join(projectRoot, 'donnees'), '71')
const jour = Temporal.PlainDate.from('2026-11-20')
const chercher = (texte: string) => chercherCommune(territoires, texte, jour)
const seule = (texte: string) => {
  const { trouvees } = chercher(texte)
  assert.equal(trouvees.length, 1, texte)
  return trouvees[0]
}

describe('[TER-02] where does this commune belong?', () => {
  test('accents, capitals, hyphens and « St » do not count', () => {
    for (const texte of ['Saint-Pantaléon', 'ST PANTALEON', 'st-pantaleon', 'saint pantaleon cedex 2']) {
      const commune = seule(texte)
      assert.deepEqual(
        [commune?.territoire, commune?.statut, commune?.commune?.nom],
        ['autun', 'fusionnee', 'Autun'],
        texte,
      )
    }
  })

  test('a former name that no list prints leads to the commune of today', () => {
    const ancien = territoires.anciensNoms.find(
      ({ nom, codeInsee }) =>
        chercherCommune(territoires, nom, jour).trouvees[0]?.ancienNom === true &&
        territoires.index.lignesParCode.has(codeInsee),
    )
    assert.ok(ancien, 'the sample has one')
    const commune = seule(ancien.nom)
    assert.equal(commune?.commune?.codeInsee, ancien.codeInsee)
    assert.ok(commune?.territoire)
  })

  test('a hamlet keeps the territory of its list, and says that it is not a commune', () => {
    const commune = seule('Les Gautherets')
    assert.deepEqual([commune?.territoire, commune?.statut, commune?.commune], ['chalon-sur-saone', 'hameau', null])
  })

  test('[TER-04] a commune of no list, or of two, is « to be determined », never rejected', () => {
    assert.deepEqual([seule('Frontenaud')?.territoire, seule('Frontenaud')?.possibles], [null, []])
    assert.deepEqual(
      [seule('Charette-Varennes')?.territoire, seule('Charette-Varennes')?.possibles.toSorted()],
      [null, ['chalon-sur-saone', 'louhans']],
    )
  })

  test('a postcode gives its communes, an official code gives one', () => {
    assert.ok(chercher('71400').trouvees.some(({ nom }) => nom === 'Autun'))
    assert.equal(seule('71014')?.nom, 'Autun')
  })

  test('a name without its article, cut or misspelt is proposed, never applied', () => {
    for (const [texte, attendu] of [
      ['creusot', 'Le Creusot'],
      ['gautheret', 'Les Gautherets'],
      ['Montceau les Mynes', 'Montceau-les-Mines'],
    ] as const) {
      const { trouvees, proposees } = chercher(texte)
      assert.deepEqual(trouvees, [], texte)
      assert.equal(proposees[0]?.nom, attendu, texte)
    }
    assert.deepEqual(chercher('zzzzzz'), { trouvees: [], proposees: [] })
  })
})

test('[TER-03] what the lists leave to confirm is listed kind by kind, with why', () => {
  const anomalies = listerAnomalies(territoires)
  const noms = (genre: string) => anomalies.filter((une) => une.genre === genre).map(({ nom }) => nom)
  assert.ok(noms('non_identifie').includes('Les Gautherets'))
  assert.deepEqual(noms('absent'), ['Frontenaud'])
  assert.deepEqual(noms('partage'), ['Charette-Varennes', 'Pierre-de-Bresse', 'Varenne-Saint-Germain'])
  assert.ok(noms('corrige').includes('Tramayas'))
  assert.ok(noms('ancien').includes('Saint Pantaleon'))
  assert.deepEqual(noms('arrondissement').toSorted(), [
    'Germolles sur Grosne',
    'Saint Germain des Rives',
    'Terrans',
    'Varenne sur le Doubs',
  ])
  assert.ok(anomalies.filter(aConfirmer).every(({ genre }) => genre !== 'ancien'))
})

test('remarks are read in French: dates and names of territories', () => {
  assert.equal(
    lireRemarque(territoires, 'Commune jusqu’au 1996-12-31. Aussi dans la liste de : chalon-sur-saone, louhans.'),
    'Commune jusqu’au 31/12/1996. Aussi dans la liste de : Chalon-sur-Saône, Louhans.',
  )
})
