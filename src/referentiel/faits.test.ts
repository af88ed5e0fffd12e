import assert from 'node:assert/strict'
import { test } from 'node:test'
import { ErreurFaits, lireFaits } from './faits.ts'

function refus(brut: unknown): string[] {
  try {
    lireFaits(brut)
  } catch (erreur) {
    assert.ok(erreur instanceof ErreurFaits)
    return erreur.problemes.map(({ message }) => message)
  }
  return []
}

test('facts are read dotted or nested, null means unknown', () => {
  assert.deepEqual(
    lireFaits({ 'menage.rsa': true, menage: { handicap: false }, dette: { montant: 1200 }, connu: { caf: null } }),
    {
      'menage.rsa': true,
      'menage.handicap': false,
      'dette.montant': 1200,
    },
  )
  assert.deepEqual(lireFaits({ 'menage.age_titulaire_connu': false }), {})
})

test('unknown names, wrong types and contradictions are all told, with the way out', () => {
  assert.deepEqual(
    refus({ 'menage.ras': true, 'menage.age_titulaire': '19', 'dette.montant': 12.5, 'procedure.stade': 'cdp' }),
    [
      'Fait inconnu « menage.ras ». Vouliez-vous écrire « menage.rsa » ?',
      '« menage.age_titulaire » attend un nombre entier ; reçu : « 19 ».',
      '« dette.montant » attend un entier de centimes ; reçu : 12.5.',
      'Valeur inconnue « cdp » pour « procedure.stade ». Valeurs admises : prevention, impaye, commandement_de_payer, assignation, audience, jugement, commandement_de_quitter_les_lieux, requisition_force_publique, concours_force_publique, expulsion.',
    ],
  )
  assert.match(refus({ 'dette.montant': -1 })[0] ?? '', /négatif/)
  assert.match(refus({ 'menage.rsa': 'oui' })[0] ?? '', /true ou false/)
  assert.match(refus({ 'menage.rsa': true, menage: { rsa: false } })[0] ?? '', /donné deux fois/)
  assert.match(refus({ 'menage.rsa_connu': true })[0] ?? '', /sa valeur n’est pas donnée/)
  assert.match(refus({ 'menage.rsa_connu': false, 'menage.rsa': true })[0] ?? '', /une valeur est donnée/)
  assert.match(refus({ 'parametre.plafond_fsl': 3 })[0] ?? '', /paramètre du département/)
  assert.match(refus([])[0] ?? '', /objet/)
})
