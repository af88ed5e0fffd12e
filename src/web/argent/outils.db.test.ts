import assert from 'node:assert/strict'
import { after, before, describe, test } from 'node:test'
import { openTestDatabase } from '#tests/base'
import { type EssaiArgent, ouvrirEssaiArgent } from './fabrique-essai.ts'

describe('tools that name nobody', () => {
  let essai: EssaiArgent
  before(async () => {
    essai = await ouvrirEssaiArgent(await openTestDatabase())
  })
  after(() => essai.fermer())

  const IMPAYE = {
    constitue: '2026-11-15',
    premier_defaut: '2026-09-05',
    dette: '700',
    loyer: '500',
    charges: '100',
    aide: '250',
    tiers_payant: 'oui',
  }
  const tester = (changements: Record<string, string>) =>
    essai.poster('bailleur', '/outils/impaye', { ...IMPAYE, ...changements })

  test('[OUT-09] before 2027, an unpaid rent is « constitué » from two rents, aid deducted when the landlord receives it; the landlord reads by when to say so', async () => {
    assert.match((await essai.lire('bailleur', '/outils')).texte, /Savoir si l’impayé est constitué pour la caisse/)
    const atteint = await tester({})
    assert.equal(atteint.statut, 200)
    assert.match(atteint.texte, /L’impayé est constitué au sens de la caisse/)
    assert.match(atteint.texte, /art\. R\. 824-1/)
    assert.match(
      atteint.texte,
      /signale cet impayé à la CAF ou à la MSA au plus tard le 15\/01\/2027 \( ?2 mois, .*R\. 824-4/,
    )
    const sous = await tester({ dette: '699,99' })
    assert.match(sous.texte, /L’impayé n’est pas constitué/)
    assert.doesNotMatch(sous.texte, /au plus tard le/)
    assert.match(
      (await tester({ tiers_payant: 'non' })).texte,
      /n’est pas constitué/,
      'paid to the tenant: gross rents',
    )
    assert.match((await tester({ tiers_payant: 'inconnu', dette: '900' })).texte, /il manque une donnée/)
  })

  test('[OUT-09] from 2027 on, by three months or by an amount; what is not verified is said', async () => {
    const montant = await tester({ constitue: '2027-01-15', dette: '450,01', premier_defaut: '2027-01-05' })
    assert.match(montant.texte, /est constitué au sens de la caisse/)
    assert.match(montant.texte, /Décret n° 2026-84/)
    assert.match(montant.texte, /à vérifier/)
    assert.match(
      (await tester({ constitue: '2027-01-15', dette: '450', premier_defaut: '2027-01-05' })).texte,
      /n’est pas constitué/,
    )
    const passe = await tester({ constitue: '2026-03-02', premier_defaut: '' })
    assert.match(passe.texte, /Cette date est passée : signaler aujourd’hui/)
  })

  test('[OUT-09] errors come back beside what was typed, and nothing is kept', async () => {
    const lignes = await essai.compter('dette_ecriture')
    const refuse = await tester({ constitue: '', dette: 'x', premier_defaut: '2026-12-01' })
    assert.equal(refuse.statut, 422)
    assert.match(refuse.texte, /Donner la date à examiner/)
    assert.match(refuse.texte, /donner un montant, par exemple 520,00/)
    assert.match(refuse.html, /value="x"/)
    assert.match(
      (await tester({ premier_defaut: '2026-12-01' })).texte,
      /Le premier loyer impayé ne peut pas être après/,
    )
    assert.equal(await essai.compter('dette_ecriture'), lignes)
  })

  const PLAN = {
    audience: '2027-01-14',
    constitue: '2026-06-01',
    dette: '1 200',
    premiere: '2026-12-05',
    repris: 'oui',
    bailleur: 'oui',
    a: '1 000',
    loyer: '500',
    hors: '300',
    suspendue: 'non',
    personnes: '1',
  }
  const evaluer = (changements: Record<string, string>) =>
    essai.poster('adil', '/outils/desistement', { ...PLAN, ...changements })

  test('[OUT-23] a plan before the hearing is said opportune, to prepare or not, with what is had and what is missing', async () => {
    const oui = await evaluer({})
    assert.equal(oui.statut, 200)
    assert.match(oui.texte, /Un plan est opportun/)
    assert.match(oui.texte, /Mensualité maximale : 200,00 €, pendant 6 mois/)
    assert.match(oui.texte, /le ménage va à l’audience/)
    assert.match((await evaluer({ repris: 'non' })).texte, /peut devenir opportun.*le reprendre d’abord/)
    assert.match((await evaluer({ bailleur: 'non' })).texte, /ne paraît pas opportun.*préparer l’audience/)
    assert.match((await evaluer({ surendettement: 'oui' })).texte, /surendettement est recevable/)
    assert.match((await evaluer({ hors: '600' })).texte, /Aucun plan ne tient avec ces ressources/)
    assert.match((await evaluer({ repris: 'inconnu' })).texte, /À demander/)
    const refuse = await evaluer({ audience: '', personnes: '' })
    assert.equal(refuse.statut, 422)
    assert.match(refuse.texte, /Donner la date de l’audience.*Dire combien de personnes/)
  })

  test('[OUT-12] a judgment is read in plain words for both, with its dates and its source; what is wrong stays beside its field', async () => {
    const JUGEMENT = {
      ...{ decision: 'delais', rendu: '2026-11-12', signifie: '2026-11-20', nature: 'fond', premiere: '2026-12-10' },
      ...{ somme: '1 620,50', mensualite: '45', duree_mois: '36', partir_avant: '' },
    }
    const lue = await essai.poster('adil', '/outils/jugement', JUGEMENT)
    assert.equal(lue.statut, 200)
    assert.match(
      lue.texte,
      /35 mensualités de 45,00 €, la première le 10 décembre 2026, puis une dernière de 45,50 € le 10 novembre 2029/,
    )
    assert.match(lue.texte, /cesse au premier impayé.*art\. 24 VII/)
    assert.match(lue.texte, /au plus tard le 21 décembre 2026/)
    const refuse = await essai.poster('adil', '/outils/jugement', {
      ...JUGEMENT,
      decision: '',
      rendu: '2026-02-31',
      signifie: '',
    })
    assert.equal(refuse.statut, 422)
    assert.match(refuse.texte, /Choisir ce que le juge décide.*Donner une date existante/)
    assert.match(refuse.html, /value="1 620,50"/, 'what was typed is kept')
    assert.match(
      (await essai.poster('adil', '/outils/jugement', { ...JUGEMENT, mensualite: '100' })).texte,
      /dépassent la somme due/,
    )
  })
})
