import assert from 'node:assert/strict'
import { randomUUID } from 'node:crypto'
import { after, before, describe, test } from 'node:test'
import { openTestDatabase } from '#tests/base'
import { lireTextePdf } from '#tests/pdf'
import { type EssaiArgent, ouvrirEssaiArgent } from './fabrique-essai.ts'

/*
 * The household Orsetti owes September and October, pays November as it says, and 80 € that it says are for nothing in particular. A plan spreads the arrears.
 */
describe('the due notice says what the ledger says', () => {
  let essai: EssaiArgent
  let plan = ''
  before(async () => {
    essai = await ouvrirEssaiArgent(await openTestDatabase())
  })
  after(() => essai.fermer())

  const avis = async (mois = '2026-11') => (await essai.lire('caf', essai.adresse(`/avis?mois=${mois}`))).texte
  const ensemble = async () => (await essai.lire('caf', essai.adresse())).texte
  const retoucher = (ensembleDe: string, ...valeurs: unknown[]) =>
    essai.application.base.pool.query(`update dossier set ${ensembleDe} where id = $1`, [essai.dossier.id, ...valeurs])

  test('[DOS-07] before any row is entered, nothing is said of rent nor of what is owed', async () => {
    const texte = await ensemble()
    assert.match(texte, /Aucune ligne n’est saisie : on ne sait pas si le loyer courant est repris/)
    assert.doesNotMatch(texte, /Reste dû : 0,00 €|pas encore dû/)
  })

  test('[OUT-07] a payment that names nothing pays the oldest rent: the notice does not show it on this month', async () => {
    await essai.saisir('caf', [
      ['loyer', '2026-09-05', '500', ''],
      ['loyer', '2026-10-05', '500', '10/2026'],
      ['loyer', '2026-11-05', '500', ''],
      ['charges', '2026-11-05', '60', '11/2026'],
      ['autre', '2026-11-12', '15', ''],
      ['menage', '2026-11-10', '80'],
    ])
    const texte = await avis()
    assert.match(texte, /Loyer 500,00 € 0,00 € 500,00 €/)
    assert.match(texte, /Charges 60,00 € 0,00 € 60,00 €/)
    assert.match(texte, /Autre somme due 15,00 € 0,00 € 15,00 €/)
    assert.match(texte, /Total 575,00 € 0,00 € 575,00 €|575,00 € 0,00 € 575,00 €/)
    assert.match(texte, /Dette antérieure au mois : 920,00 €/)
    assert.match(await ensemble(), /reste dû, selon les lignes saisies 1 495,00 €/)
  })

  test('[OUT-07] what the household said it was for the rent of a month, received in another, is paid on that month', async () => {
    await essai.saisir('caf', [
      ['menage', '2026-11-14', '120', '10/2026', 'terme'],
      ['aide', '2026-11-16', '200', '11/2026'],
    ])
    assert.match(await avis('2026-10'), /Loyer 500,00 € 120,00 € 380,00 €/)
    const texte = await avis()
    assert.match(texte, /Loyer 500,00 € 0,00 € 300,00 €/)
    assert.match(texte, /Aide au logement versée au bailleur −200,00 €/)
    assert.match(texte, /Dette antérieure au mois : 800,00 €/)
  })

  test('[OUT-07] the instalment of a plan is paid as the follow-up of the plan says', async () => {
    const { vers } = await essai.poster('caf', essai.adresse('/plan'), {
      acte: 'conclure',
      envoi: randomUUID(),
      origine: 'bailleur',
      conclu_le: '2026-10-20',
      dette: '800',
      nombre: '8',
      premiere: '2026-11-18',
      arrondi: 'derniere',
      disponible: '500',
    })
    plan = vers.split('/').at(-1) ?? ''
    await essai.saisir('caf', [['menage', '2026-11-18', '70', '', `plan:${plan}`]])
    assert.match((await essai.lire('caf', vers)).texte, /18\/11\/2026 100,00 € partielle 70,00 € payés sur 100,00 €/)
    assert.match(await avis(), /Échéance du délai négocié avec le bailleur 100,00 € 70,00 € 30,00 €/)
    assert.match(await avis(), /Dette antérieure au mois : 730,00 €/)
  })

  test('[OUT-04] a household under Visale is never told to say what its payments pay, on a screen or on paper', async () => {
    const papiers = async () => {
      const lus = await Promise.all(
        ['/avis.pdf?mois=2026-11', `/plans/${plan}/echeancier.pdf`].map((suite) =>
          essai.lire('departement', essai.adresse(suite)),
        ),
      )
      return lus.map(({ octets }) => lireTextePdf(octets).replace(/[\s\u00a0\u202f]+/g, ' '))
    }
    for (const texte of await papiers())
      assert.match(
        texte,
        /Sauf garantie Visale, dire à chaque versement ce qu’il paie/,
        'nobody said whether there is one',
      )
    await retoucher(`menage = menage || '{"garantieVisale": true}'`)
    for (const texte of await papiers()) assert.doesNotMatch(texte, /ce qu’il paie/)
    for (const suite of ['', '/lignes', '/plan'])
      assert.match(
        (await essai.lire('departement', essai.adresse(suite))).texte,
        /Garantie Visale : ne pas conseiller au locataire d’affecter ses versements/,
        suite,
      )
  })

  test('[OUT-21] once the procedure has gone past the summons, nobody is told to speak before it', async () => {
    await essai.saisir('caf', [['menage', '2026-11-18', '30', '', `plan:${plan}`]])
    const avantToute = /respecté : le dire au bailleur avant toute assignation/
    assert.match(await ensemble(), avantToute)
    for (const stade of [
      'assignation',
      'jugement',
      'commandement_de_quitter_les_lieux',
      'requisition_force_publique',
      'expulsion',
    ]) {
      await retoucher('stade = $2', stade)
      assert.doesNotMatch(await ensemble(), avantToute, stade)
    }
  })
})
