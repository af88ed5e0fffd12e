import assert from 'node:assert/strict'
import { after, before, describe, test } from 'node:test'
import { openTestDatabase } from '#tests/base'
import { type Compte, type Essai, importer, ouvrirEssai } from '../accompagner/fabrique-essai.ts'
import { routesRecevoir } from '../recevoir/index.ts'
import { routesAFaire } from './index.ts'

/** A line of the monthly list, public or private park. */
const impaye = (reference: string, parc: string, de: Readonly<Record<string, string>> = {}) => ({
  type: 'impaye_caf',
  reference_source: reference,
  date_signalement: '2026-11-02',
  nom_usage: `Menage${reference.replace(/\W/g, '')}`,
  prenom: 'Camille',
  adresse: `${reference.length} rue des Forges`,
  commune: 'Autun',
  parc,
  ...de,
})

describe('the list the CAF sends every month', () => {
  let essai: Essai
  before(async () => {
    essai = await ouvrirEssai(await openTestDatabase(), [...routesAFaire, ...routesRecevoir])
  })
  after(() => essai.fermer())

  const aFaire = async (compte: Compte = 'secretariat') => (await essai.lire(compte, '/a-faire')).texte
  const recevoir = async (compte: Compte = 'secretariat') => (await essai.lire(compte, '/recevoir')).texte
  const recuLe = (le: string) => essai.application.base.pool.query('update lot set recu_le = $1', [le])

  test('[SIG-01] a list that never came is said to the secretariat, with what the charter asks', async () => {
    assert.match(
      await aFaire(),
      /Liste des impayés de la CAF : aucune n’est arrivée Attendue chaque mois, émetteur : .*engagement 12 de la CAF/,
    )
    assert.match(
      await recevoir(),
      /Listes attendues chaque mois Liste des impayés de la CAF Émetteur : .*, aucune reçue .* Manque/,
    )
  })

  test('[SIG-01] the list of the month, both parks, opens the dossiers and ends the alert; a month later it comes back', async () => {
    await importer(essai, 'CAF71', [
      impaye('L-1', 'prive', { prenom: 'Odile', date_naissance: '1961-03-02' }),
      impaye('L-22', 'public', { prenom: 'Bastien', date_naissance: '1988-11-30', adresse: '7 quai du Canal' }),
    ])
    const [ouverts] = await essai.enSysteme(
      'dossier.consulter',
      ({ sql }) =>
        sql<{ n: number; parcs: number }>`select count(*)::int as n, count(distinct parc)::int as parcs from dossier`,
    )
    assert.deepEqual(ouverts, { n: 2, parcs: 2 })
    assert.doesNotMatch(await aFaire(), /Liste des impayés de la CAF/)
    assert.match(
      await recevoir(),
      /dernière reçue le 20\/11\/2026 .* la suivante au plus tard le 20\/12\/2026 .* À jour/,
    )
    await recuLe('2026-10-20')
    assert.doesNotMatch(await aFaire(), /Liste des impayés de la CAF/, 'the day it is due is not late')
    await recuLe('2026-10-19')
    assert.match(
      await aFaire(),
      /celle du mois manque, la dernière est du 19\/10\/2026 .* au plus tard le 19\/11\/2026/,
    )
  })

  test('[SIG-01] another file of the CAF, or a list taken back, is not the list of the month', async () => {
    await recuLe('2026-09-01')
    await importer(essai, 'CAF71', [impaye('F-333', 'prive', { type: 'demande_fsl' })])
    assert.match(await aFaire(), /la dernière est du 01\/09\/2026/)
    await essai.application.base.pool.query(`update lot set etat = 'retire'`)
    assert.match(await aFaire(), /aucune n’est arrivée/)
  })

  test('[SIG-01] only a secretariat is told; a département whose charter asks for no list has no alert', async () => {
    for (const compte of ['departement', 'caf', 'prefecture'] as const)
      assert.doesNotMatch(await aFaire(compte), /Liste des impayés de la CAF/, compte)
    assert.doesNotMatch(await recevoir('bailleur'), /Listes attendues/)
    const modele = [...essai.application.referentiel.departements.values()].find(({ code }) => code !== '71')
    assert.ok(modele)
    assert.equal('liste_caf_periodicite' in modele.parametres, false)
  })
})
