import assert from 'node:assert/strict'
import { join } from 'node:path'
import { test } from 'node:test'
import { chargerDelais, trouverDelai } from './delais.ts'
import { calculerEcheance, type EcheanceCalculee } from './echeance.ts'
import type { Faits } from './faits.ts'
import type { Situation } from './situations.ts'

const delais = chargerDelais(join(import.meta.dirname, '../../../donnees'), '71')
const le = (texte: string) => Temporal.PlainDate.from(texte)

function calculer(nom: string, dates: { readonly [fait: string]: string }, situation: Situation = {}) {
  const delai = trouverDelai(delais, nom)
  assert.ok(delai)
  const faits: Faits = Object.fromEntries(Object.entries(dates).map(([fait, date]) => [fait, le(date)]))
  return calculerEcheance(delai, faits, delais.calendrier, situation)
}

function calculee(nom: string, dates: { readonly [fait: string]: string }): EcheanceCalculee {
  const resultat = calculer(nom, dates)
  assert.ok(resultat.issue === 'calculee')
  return resultat
}

test('[DOS-31] a date comes with its start, its count, its source and how sure it is', () => {
  assert.deepEqual(calculee('charte/diagnostic', { 'tableau.transmis': '2026-09-21' }).explications, [
    {
      depart: 'Tableau hebdomadaire du 21/09/2026',
      calcul: '2 mois, soit le 21/11/2026 (samedi), reporté au lundi 23/11/2026',
      source: 'Charte de Saône-et-Loire 2021, engagements Département 8 et 20, ADIL 17 et 32, CCAS 5 et 12',
      lien: null,
      fiabilite: 'Usage local',
      verification: 'Non vérifié par un juriste',
    },
  ])
  const calcul = (nom: string, dates: { readonly [fait: string]: string }) =>
    calculee(nom, dates).explications[0]?.calcul
  assert.equal(
    calcul('commandement-de-payer.paiement', {
      'commandement_de_payer.signifie': '2026-11-20',
      'bail.conclu_le': '2023-09-01',
    }),
    '6 semaines (bail conclu le 01/09/2023), soit le 01/01/2027 (férié), reporté au lundi 04/01/2027',
  )
  assert.equal(
    calcul('dsf.proposition-entretien', { 'dsf.organisme_saisi': '2026-11-10' }),
    '15 jours ouvrés (fériés exclus : 11/11/2026), soit le 02/12/2026',
  )
  assert.equal(
    calcul('assignation.notification-prefet', {
      'assignation.delivree': '2026-11-04',
      'audience.prevue': '2027-02-05',
    }),
    '6 semaines avant, à rebours (assignation du 04/11/2026), soit le 25/12/2026 (férié), avancé au jeudi 24/12/2026',
  )
})

test('[DOS-31] an old lease renewed since the law changed has two readings, both shown and to be checked', () => {
  const {
    lectures,
    le: premier,
    limiteLe,
    aVerifier,
    explications,
    reserves,
  } = calculee('commandement-de-payer.paiement', {
    'bail.conclu_le': '2020-03-01',
    'bail.reconduit_le': '2026-03-01',
    'commandement_de_payer.signifie': '2026-09-14',
  })
  assert.deepEqual(
    lectures.map(({ termeBrut, fiabilite }) => [termeBrut.toString(), fiabilite]),
    [
      ['2026-11-14', 'C'],
      ['2026-10-26', 'NC'],
    ],
  )
  assert.deepEqual([premier.toString(), limiteLe.toString(), aVerifier], ['2026-10-26', '2026-11-16', true])
  assert.match(explications[1]?.fiabilite ?? '', /^À vérifier/)
  assert.match(explications[1]?.source ?? '', /ANIL/)
  assert.match(reserves[0] ?? '', /^Deux lectures/)
})

test('[DOS-31] the date printed on the act prevails, even when the lease is unknown', () => {
  const imprime = {
    'commandement_de_payer.signifie': '2026-09-14',
    'commandement_de_payer.terme_imprime': '2026-11-14',
  }
  const seul = calculee('commandement-de-payer.paiement', imprime)
  assert.deepEqual([seul.le.toString(), seul.lectures.length, seul.explications.length], ['2026-11-14', 0, 1])
  const contredit = calculee('commandement-de-payer.paiement', { ...imprime, 'bail.conclu_le': '2024-01-15' })
  assert.deepEqual([contredit.le.toString(), contredit.limiteLe.toString()], ['2026-11-14', '2026-11-14'])
  assert.equal(contredit.aVerifier, true)
  assert.match(contredit.reserves.join(' '), /diffère du délai calculé/)
  assert.equal(contredit.explications[0]?.fiabilite, 'Date imprimée sur l’acte')
})

test('[DOS-31] a missing date gives an undetermined answer that says what to look for', () => {
  assert.deepEqual(calculer('commandement-de-payer.paiement', { 'commandement_de_payer.signifie': '2026-11-20' }), {
    issue: 'indeterminee',
    indetermine: ['bail.conclu_le'],
    texte: 'Indéterminé : il manque la date de conclusion du bail.',
  })
  assert.deepEqual(calculer('bailleur-moral.saisine-ccapex', {}), {
    issue: 'indeterminee',
    indetermine: ['bailleur_personne_morale', 'assignation.delivree'],
    texte: 'Indéterminé : il manque la nature du bailleur (personne morale ou non) et la date de l’assignation.',
  })
})

test('[DOS-31] after the charter ends there is no local time limit left, never its last value', () => {
  assert.deepEqual(calculer('charte/diagnostic', { 'tableau.transmis': '2027-02-01' }), {
    issue: 'aucune',
    aucune: 'expirée le 25/01/2027',
    ensuite: null,
  })
})

test('[REP-09] either date of the weekly table starts the diagnostic, the earliest prevails', () => {
  const jour = (dates: { readonly [fait: string]: string }) => calculee('charte/diagnostic', dates).le.toString()
  assert.equal(jour({ 'tableau.recu': '2026-09-23' }), '2026-11-23')
  assert.equal(jour({ 'tableau.transmis': '2026-09-14', 'tableau.recu': '2026-09-23' }), '2026-11-16')
})

test('[REP-17] a hearing before the end of the two months brings the diagnostic forward, and says why', () => {
  const avancee = calculee('charte/diagnostic', { 'tableau.transmis': '2026-11-23', 'audience.prevue': '2027-01-14' })
  assert.equal(avancee.le.toString(), '2027-01-07')
  assert.equal(
    avancee.avanceePar?.texte,
    'Avancée du 25/01/2027 au 07/01/2027 : audience du 14/01/2027, 5 jours ouvrés avant, à rebours, soit le 07/01/2027.',
  )
  const loin = calculee('charte/diagnostic', { 'tableau.transmis': '2026-11-23', 'audience.prevue': '2027-03-18' })
  assert.deepEqual([loin.le.toString(), loin.avanceePar], ['2027-01-25', null])
  const tropTard = calculee('charte/diagnostic', { 'tableau.transmis': '2027-01-12', 'audience.prevue': '2027-01-14' })
  assert.equal(tropTard.le.toString(), '2027-01-12')
  const passee = calculee('charte/diagnostic', { 'tableau.transmis': '2026-11-23', 'audience.prevue': '2026-10-01' })
  assert.equal(passee.le.toString(), '2027-01-25')
})

test('[RFP-19] the silence of the préfet ends in winter: the refusal stands, the State answers for it after the truce', () => {
  const hiver = calculee('requisition.refus-implicite', { 'requisition.recue': '2026-12-05' })
  assert.equal(hiver.le.toString(), '2027-02-05')
  assert.deepEqual(
    [hiver.lectures[0]?.effetDiffere?.le.toString(), hiver.lectures[0]?.effetDiffere?.fiabilite],
    ['2027-04-01', 'NC'],
  )
  const ete = calculee('requisition.refus-implicite', { 'requisition.recue': '2026-06-10' })
  assert.equal(ete.lectures[0]?.effetDiffere, null)
})

test('[DOS-31] a commandement de quitter les lieux not notified to the préfet carries its alert', () => {
  const dates = { 'commandement_de_quitter_les_lieux.signifie': '2026-11-20' }
  const muet = calculee('commandement-de-quitter-les-lieux.delai', dates)
  assert.match(muet.reserves.join(' '), /suspendu tant que/)
  const notifie = calculee('commandement-de-quitter-les-lieux.delai', {
    ...dates,
    'commandement_de_quitter_les_lieux.notifie_au_prefet': '2026-11-23',
  })
  assert.doesNotMatch(notifie.reserves.join(' '), /suspendu tant que/)
})
