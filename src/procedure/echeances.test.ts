import assert from 'node:assert/strict'
import { join } from 'node:path'
import { test } from 'node:test'
import type { Acte } from './actes.ts'
import { chargerDelais } from './delais.ts'
import {
  calculerEcheances,
  choisirProchaineEcheance,
  type DossierProcedure,
  deduireSituation,
  listerFaits,
} from './echeances.ts'

const delais = chargerDelais(join(import.meta.dirname, '../../../donnees'), '71')
const le = (texte: string) => Temporal.PlainDate.from(texte)

const DOSSIER: DossierProcedure = {
  actes: [
    { id: 'cdp', type: 'commandement_de_payer', le: le('2026-09-14') },
    {
      id: 'assignation',
      type: 'assignation',
      le: le('2026-11-04'),
      notifieAuPrefetLe: le('2026-11-06'),
      audienceLe: le('2027-01-14'),
    },
  ],
  bail: { concluLe: le('2024-03-01') },
  situation: deduireSituation('personne_physique'),
  faits: { 'tableau.transmis': le('2026-09-21'), 'dsf.organisme_saisi': le('2026-11-10') },
}

function situer(dossier: DossierProcedure, jour: string, nom: string) {
  const trouvee = calculerEcheances(dossier, delais, le(jour)).find(({ delai }) => delai.nom === nom)
  return trouvee && [trouvee.etat, trouvee.texte, trouvee.le?.toString() ?? null]
}

test('[DOS-31] the time limits of a dossier, most pressing first', () => {
  assert.deepEqual(
    calculerEcheances(DOSSIER, delais, le('2026-11-20')).map(({ delai, texte }) => `${delai.nom} : ${texte}`),
    [
      'diagnostic : Dans 3 j',
      'audience.reprise-loyer-j-45 : Dans 10 j',
      'dsf.proposition-entretien : Dans 12 j',
      'audience.reprise-loyer-j-30 : Dans 25 j',
      'audience.reprise-loyer-j-15 : Dans 40 j',
      'dsf.remise : Dans 48 j',
      'assignation.notification-prefet : Tenue',
      'commandement-de-payer.paiement : Sans objet',
      'bailleur-moral.saisine-ccapex : Le bailleur n’est pas une personne morale.',
    ],
  )
})

test('the end of a time limit starts the next one in a dossier too, when both are followed there', () => {
  const consultes = { ...delais, liste: delais.liste.map((delai) => ({ ...delai, suivi: 'consultation' as const })) }
  const reconnu: DossierProcedure = {
    actes: [],
    situation: { territoire_delai_long: false },
    faits: { 'dalo.reconnu': le('2026-09-14') },
  }
  const trouver = (droit: typeof delais) =>
    calculerEcheances(reconnu, droit, le('2026-11-20')).map((echeance) => [echeance.delai.nom, String(echeance.le)])
  assert.deepEqual(trouver(delais), [
    ['dalo.relogement', '2026-12-14'],
    ['dalo.injonction', '2027-04-14'],
  ])
  assert.deepEqual(trouver(consultes), [])
})

test('[REP-16] a duty is to come, due today, late, then kept or kept too late', () => {
  assert.deepEqual(situer(DOSSIER, '2026-11-22', 'diagnostic'), ['dans_n_jours', 'Dans 1 j', '2026-11-23'])
  assert.deepEqual(situer(DOSSIER, '2026-11-23', 'diagnostic'), ['aujourdhui', 'Aujourd’hui', '2026-11-23'])
  assert.deepEqual(situer(DOSSIER, '2026-11-25', 'diagnostic'), ['depassee', '2 j de retard', '2026-11-23'])
  const rendu = (date: string) => ({ ...DOSSIER, faits: { ...DOSSIER.faits, 'diagnostic.transmis': le(date) } })
  assert.deepEqual(situer(rendu('2026-11-23'), '2026-12-20', 'diagnostic')?.slice(0, 2), ['tenue', 'Tenue'])
  assert.deepEqual(situer(rendu('2026-11-26'), '2026-12-20', 'diagnostic')?.slice(0, 2), ['depassee', '3 j trop tard'])
  assert.deepEqual(situer(rendu('2026-12-19'), '2026-11-25', 'diagnostic')?.[0], 'depassee')
})

test('[REP-15] a diagnostic that could not be made, with its reason, closes the duty', () => {
  const impossible = { ...DOSSIER, faits: { ...DOSSIER.faits, 'diagnostic.impossible': le('2026-11-20') } }
  assert.equal(situer(impossible, '2026-11-20', 'diagnostic')?.[0], 'tenue')
})

test('[REP-09] a diagnostic sent before the table was sent answers an earlier request', () => {
  const ancien = { ...DOSSIER, faits: { ...DOSSIER.faits, 'diagnostic.transmis': le('2026-06-01') } }
  assert.equal(situer(ancien, '2026-11-20', 'diagnostic')?.[0], 'dans_n_jours')
})

test('[DOS-31] with two readings nobody is told it is too late on the shortest one', () => {
  const dossier: DossierProcedure = {
    actes: [{ id: 'cdp', type: 'commandement_de_payer', le: le('2026-09-14') }],
    bail: { concluLe: le('2020-03-01'), reconduitLe: le('2026-03-01') },
  }
  const nom = 'commandement-de-payer.paiement'
  assert.deepEqual(situer(dossier, '2026-10-25', nom)?.slice(0, 2), ['dans_n_jours', 'Dans 1 j'])
  assert.deepEqual(situer(dossier, '2026-10-27', nom)?.slice(0, 2), ['dans_n_jours', 'Dans 20 j'])
  assert.deepEqual(situer(dossier, '2026-11-17', nom)?.slice(0, 2), ['depassee', 'Passée depuis 1 j'])
})

test('[DOS-31] a limit that lacks the date of the lease is undetermined, one that has not started is left out', () => {
  const dossier: DossierProcedure = { actes: [{ id: 'cdp', type: 'commandement_de_payer', le: le('2026-11-16') }] }
  const echeances = calculerEcheances(dossier, delais, le('2026-11-20'))
  assert.deepEqual(
    echeances.map(({ delai, etat }) => [delai.nom, etat]),
    [['commandement-de-payer.paiement', 'indeterminee']],
  )
  assert.match(echeances[0]?.texte ?? '', /il manque la date de conclusion du bail/)
  assert.equal(choisirProchaineEcheance(echeances), null)
})

test('[DOS-31] the legal check of an assignation is never a delay of the partners', () => {
  const [cdp, assignation] = DOSSIER.actes
  assert.ok(cdp && assignation?.type === 'assignation')
  const muet = { ...DOSSIER, actes: [cdp, { ...assignation, notifieAuPrefetLe: null }] }
  assert.deepEqual(situer(muet, '2026-12-10', 'assignation.notification-prefet'), [
    'depassee',
    'Aucune preuve connue',
    '2026-12-03',
  ])
  const tardif = { ...DOSSIER, actes: [cdp, { ...assignation, notifieAuPrefetLe: le('2026-12-04') }] }
  assert.equal(situer(tardif, '2026-12-10', 'assignation.notification-prefet')?.[1], '1 j trop tard')
  const moral = { ...DOSSIER, situation: deduireSituation('bailleur_social') }
  assert.equal(situer(moral, '2026-11-20', 'bailleur-moral.saisine-ccapex')?.[1], 'Aucune preuve connue')
  assert.equal(
    situer({ ...DOSSIER, situation: deduireSituation('ais_aivs') }, '2026-11-20', 'bailleur-moral.saisine-ccapex')?.[0],
    'indeterminee',
  )
})

test('the next date of a list skips effects already past and limits kept', () => {
  const suivante = (dossier: DossierProcedure, jour: string) =>
    choisirProchaineEcheance(calculerEcheances(dossier, delais, le(jour)))?.delai.nom
  assert.equal(suivante(DOSSIER, '2026-11-20'), 'diagnostic')
  assert.equal(suivante(DOSSIER, '2026-11-30'), 'diagnostic')
  const rendu = { ...DOSSIER, faits: { ...DOSSIER.faits, 'diagnostic.transmis': le('2026-11-20') } }
  assert.equal(suivante(rendu, '2026-11-20'), 'audience.reprise-loyer-j-45')
  assert.equal(suivante(rendu, '2026-12-01'), 'dsf.proposition-entretien')
  const cdp: DossierProcedure = { ...DOSSIER, actes: DOSSIER.actes.slice(0, 1), faits: {} }
  assert.equal(suivante(cdp, '2026-10-20'), 'commandement-de-payer.paiement')
  assert.equal(suivante(cdp, '2026-10-27'), undefined)
})

test('[DOS-04] time limits of a procedure that came back are gone with it', () => {
  const rejet: Acte = { id: 'j', type: 'jugement', le: le('2026-12-15'), decision: 'rejet' }
  const actes: readonly Acte[] = [...DOSSIER.actes, { id: 'audience', type: 'audience', le: le('2027-01-14') }, rejet]
  const apres = calculerEcheances({ ...DOSSIER, actes, faits: {} }, delais, le('2026-12-16'))
  assert.deepEqual(
    apres.map(({ delai }) => delai.nom),
    [],
  )
})

test('[DOS-05] the hearing is the next one known, or the last one held, and a withdrawn one is forgotten', () => {
  const audiences: readonly Acte[] = [
    { id: 'a1', type: 'audience', le: le('2027-01-14') },
    { id: 'a2', type: 'audience', le: le('2027-02-11') },
  ]
  const audience = (actes: readonly Acte[], jour: string) =>
    listerFaits({ ...DOSSIER, actes: [...DOSSIER.actes, ...actes] }, le(jour))['audience.prevue']?.toString()
  assert.equal(audience([], '2026-11-20'), '2027-01-14')
  assert.equal(audience(audiences, '2026-11-20'), '2027-01-14')
  assert.equal(audience(audiences, '2027-01-15'), '2027-02-11')
  assert.equal(audience(audiences, '2027-03-01'), '2027-02-11')
  const retrait: Acte = { id: 'r', type: 'retrait', cible: 'a1', le: le('2026-12-20') }
  assert.equal(audience([...audiences, retrait], '2026-12-20'), '2027-02-11')
})

test('[DOS-05] facts come from the acts of the day and before, and a missing date on an act does not erase a known one', () => {
  const dossier: DossierProcedure = {
    actes: [
      { id: 'a', type: 'assignation', le: le('2026-11-04') },
      { id: 'r', type: 'requisition_force_publique', le: le('2026-12-03'), recuLe: le('2026-12-05') },
    ],
    faits: { 'assignation.notifiee_au_prefet': le('2026-11-06'), 'avis.notifie': le('2026-12-10') },
  }
  const faits = listerFaits(dossier, le('2026-12-04'))
  assert.equal(faits['assignation.notifiee_au_prefet']?.toString(), '2026-11-06')
  assert.equal(faits['requisition.recue']?.toString(), '2026-12-05')
  assert.equal(faits['avis.notifie'] ?? null, null)
})
