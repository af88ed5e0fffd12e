import assert from 'node:assert/strict'
import { join } from 'node:path'
import { describe, test } from 'node:test'
import { chargerDelais } from '#procedure'
import { type Dispositif, lireJugement } from './jugement.ts'

const droit = chargerDelais(join(import.meta.dirname, '../../../donnees'))
const le = (texte: string) => Temporal.PlainDate.from(texte)
const CAS: Dispositif = {
  decision: 'delais',
  rendu: le('2026-11-12'),
  signifie: le('2026-11-20'),
  refere: false,
  somme: 162_050,
  mensualite: 4500,
  dureeMois: 36,
  premiere: le('2026-12-31'),
  partirAvant: null,
}
const lire = (changements: Partial<Dispositif> = {}) => lireJugement({ ...CAS, ...changements }, droit)
const dire = (lu: ReturnType<typeof lire>, id: string) => lu.points.find((un) => un.id === id)

describe('a judgment read together', () => {
  test('[OUT-12] its schedule sums to the cent, on the last day of shorter months, and the same words go to both', () => {
    const lu = lire()
    assert.equal(lu.resultat, 'lu')
    assert.equal(
      lu.echeances.reduce((total, { centimes }) => total + centimes, 0),
      162_050,
    )
    assert.deepEqual(
      [lu.echeances[2]?.le.toString(), lu.echeances.at(-1)?.le.toString(), lu.echeances.at(-1)?.centimes],
      ['2027-02-28', '2029-11-30', 4550],
    )
    assert.match(
      dire(lu, 'plan')?.texte ?? '',
      /^35 mensualités de 45,00.€, la première le 31 décembre 2026, puis une dernière de 45,50.€ le 30 novembre 2029\.$/,
    )
  })

  test('[OUT-12] what happens when a payment is missed comes from the law of its day, with its source; before it is known, nothing is said for it', () => {
    const suite = dire(lire(), 'consequence')
    assert.match(suite?.texte ?? '', /cesse au premier impayé/)
    assert.match(suite?.source ?? '', /art\. 24 VII, version du 29 juillet 2023/)
    const ancien = dire(lire({ rendu: le('2023-07-28') }), 'consequence')
    assert.equal(ancien?.source, null)
    assert.doesNotMatch(ancien?.texte ?? '', /impayé/)
    assert.match(ancien?.reserve ?? '', /à vérifier/)
  })

  test('[OUT-12] the last day to appeal, with its doubt; without knowing if it is a « référé », no day is chosen', () => {
    assert.match(dire(lire(), 'appel')?.texte ?? '', /au plus tard le 21 décembre 2026/)
    assert.match(dire(lire({ refere: true }), 'appel')?.texte ?? '', /au plus tard le 7 décembre 2026/)
    assert.match(dire(lire(), 'appel')?.reserve ?? '', /relecture/)
    assert.match(dire(lire({ refere: null }), 'appel')?.texte ?? '', /regarder le titre de la décision/)
    assert.equal(dire(lire({ signifie: null }), 'appel'), undefined)
  })

  test('[OUT-12] what is missing is asked for, what does not add up is said and never mended', () => {
    const incomplet = lire({ premiere: null })
    assert.deepEqual([incomplet.resultat, incomplet.echeances.length], ['incomplet', 0])
    assert.ok(incomplet.manquants.includes('date de la première mensualité'))
    const faux = lire({ mensualite: 10_000 })
    assert.equal(faux.resultat, 'incoherent')
    assert.match(faux.ecarts.join(), /dépassent la somme due/)
  })

  test('[OUT-12] without delays, no schedule: what was decided, and the day to leave when the judge gave one', () => {
    const lu = lire({ decision: 'resiliation_ferme', partirAvant: le('2027-02-01') })
    assert.equal(lu.resultat, 'lu')
    assert.deepEqual(lu.echeances, [])
    assert.match(dire(lu, 'partir')?.texte ?? '', /jusqu’au 1er février 2027/)
  })
})
