import assert from 'node:assert/strict'
import { test } from 'node:test'
import { nettoyerNom } from './depot.tsx'
import { nommerColonne, nommerLigne, nommerValeur, separerRemede } from './libelles.ts'

test('the last sentence of a reason is its remedy', () => {
  assert.deepEqual(separerRemede('Le mois 13 n’existe pas. Écrire 13/09/2026.'), {
    raison: 'Le mois 13 n’existe pas.',
    remede: 'Écrire 13/09/2026.',
  })
  assert.deepEqual(separerRemede('Il manque le nom. Sans lui, rien. Donner le nom.'), {
    raison: 'Il manque le nom. Sans lui, rien.',
    remede: 'Donner le nom.',
  })
  assert.deepEqual(separerRemede('Ce montant vaut 1.250,5.'), { raison: 'Ce montant vaut 1.250,5.', remede: null })
})

test('a file keeps its last name only, without what cannot be seen nor sent', () => {
  assert.equal(nettoyerNom('C:\\Users\\essai\\caf 2026.csv'), 'caf 2026.csv')
  assert.equal(nettoyerNom('../../etc/\u202ecsv.exe'), 'csv.exe')
  assert.equal(nettoyerNom('\u0000\n'), 'fichier sans nom')
  assert.doesNotThrow(() => encodeURIComponent(nettoyerNom('coupé \ud83d')))
})

test('columns, values and households have their words', () => {
  assert.equal(nommerColonne('date_naissance'), 'Date de naissance')
  assert.equal(nommerColonne('Solde dû'), 'Solde dû')
  assert.equal(nommerColonne(''), 'Toute la ligne')
  assert.equal(nommerValeur('impaye_caf'), 'Impayé signalé par la CAF')
  assert.equal(nommerLigne({ nom_naissance: 'Vassal', prenom: 'Henri' }), 'Vassal Henri')
})
