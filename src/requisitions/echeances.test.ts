import assert from 'node:assert/strict'
import { join } from 'node:path'
import { describe, test } from 'node:test'
import { chargerDelais } from '#procedure'
import { chargerReferentiel } from '#referentiel'
import { projectRoot } from '#socle/config'
import {
  diffuseEnTreve,
  echeanceEnquete,
  heuresDuSuivi,
  prochaineTreve,
  refusImplicite,
  responsabilite,
} from './echeances.ts'

const racine = join(projectRoot, 'donnees')
const referentiel = chargerReferentiel(racine)
const regles = (dept: string, jour = '2026-09-28') => ({
  dept,
  jour: Temporal.PlainDate.from(jour),
  referentiel,
  delais: chargerDelais(racine, referentiel.departements.get(dept)?.dossier),
})
const autre = [...referentiel.departements.keys()].find((code) => code !== '71') ?? ''
const le = (texte: string) => Temporal.PlainDate.from(texte)

describe('dates of a force request', () => {
  test('[RFP-02] two months for the social inquiry in Saône-et-Loire; elsewhere the day silence is worth a refusal, and it says so', () => {
    const charte = echeanceEnquete(regles('71'), 'sociale', le('2026-09-17'), le('2026-09-17'))
    assert.equal(charte?.le, '2026-11-17')
    assert.match(charte?.source ?? '', /Département 38/)
    const modele = echeanceEnquete(regles(autre), 'sociale', le('2026-09-10'), le('2026-09-17'))
    assert.equal(modele?.le, '2026-11-10')
    assert.match(modele?.reserve ?? '', /La charte ne fixe pas de délai/)
    assert.equal(echeanceEnquete(regles('71'), 'siao', le('2026-09-10'), le('2026-09-17')), null)
  })

  test('[RFP-19] the State owes from the end of the silence, put off after the truce; from an express refusal when it comes first', () => {
    const base = { recue_le: le('2026-09-28'), refus: null, accord: null, execution: null, depart: null }
    assert.equal(refusImplicite(regles('71'), base.recue_le)?.le, '2026-11-28')
    const silence = responsabilite(regles('71'), base, {})
    assert.equal(silence?.depart?.le.toString(), '2027-04-01')
    assert.match(silence?.reserves.join(' ') ?? '', /à valider/)
    const refus = responsabilite(regles('71'), { ...base, refus: le('2026-10-10') }, {})
    assert.equal(refus?.depart?.le.toString(), '2026-10-10')
    const accorde = responsabilite(regles('71'), { ...base, accord: le('2026-10-10') }, {})
    assert.equal(accorde?.depart, null)
    const delais = { 'jex.decision': le('2026-07-01'), 'delai_de_grace.fin': le('2026-09-15') }
    const ete = responsabilite(regles('71'), { ...base, recue_le: le('2026-06-10') }, delais)
    assert.equal(ete?.depart?.le.toString(), '2026-09-16')
    const ancien = responsabilite(regles('71'), { ...base, recue_le: le('2025-11-06'), refus: le('2025-12-01') }, {})
    assert.match(ancien?.regime ?? '', /jurisprudence/)
    assert.equal(ancien?.depart, null)
  })

  test('[RFP-19] an express refusal is put off by time granted and by a protocol too; a grant ends it only when executed within fifteen days', () => {
    const base = { recue_le: le('2026-06-10'), refus: le('2026-07-10'), accord: null, execution: null, depart: null }
    const delais = { 'jex.decision': le('2026-07-01'), 'delai_de_grace.fin': le('2026-09-15') }
    assert.equal(responsabilite(regles('71'), base, delais)?.depart?.le.toString(), '2026-09-16')
    const protocole = { 'protocole.signe': le('2026-07-01'), 'protocole.fin': le('2026-12-15') }
    assert.equal(
      responsabilite(regles('71'), base, protocole)?.depart?.le.toString(),
      '2027-04-01',
      'the truce takes over',
    )

    const accorde = { ...base, accord: le('2026-09-01') }
    const periode = (dates: typeof accorde | { execution: Temporal.PlainDate }, jour: string, faits = {}) => {
      const lue = responsabilite(regles('71', jour), { ...accorde, ...dates }, faits)
      return [lue?.depart?.le.toString() ?? null, lue?.fin?.le.toString() ?? null]
    }
    assert.deepEqual(periode({ execution: le('2026-09-16') }, '2026-10-30'), ['2026-07-10', '2026-09-01'])
    assert.deepEqual(periode({ execution: le('2026-09-17') }, '2026-10-30'), ['2026-07-10', '2026-09-17'])
    assert.deepEqual(periode(accorde, '2026-09-10'), ['2026-07-10', '2026-09-01'])
    assert.deepEqual(periode(accorde, '2026-09-20'), ['2026-07-10', null])
    assert.deepEqual(
      periode({ execution: le('2026-09-10') }, '2026-10-30', delais),
      [null, null],
      'ended before it began',
    )
    const parti = { ...base, refus: null, depart: le('2026-08-01') }
    assert.equal(responsabilite(regles('71'), parti, {})?.depart, null, 'gone before silence was worth a refusal')
  })

  test('[RFP-21] the period of dissemination is the charter’s, across the new year; without it, nothing is invented', () => {
    assert.equal(diffuseEnTreve(regles('71'), le('2026-10-14'))?.oui, false)
    assert.equal(diffuseEnTreve(regles('71'), le('2026-10-15'))?.oui, true)
    assert.equal(diffuseEnTreve(regles('71'), le('2026-02-03'))?.oui, true)
    assert.equal(diffuseEnTreve(regles(autre), le('2026-10-20')), null)
    assert.equal(heuresDuSuivi(regles('71')), 48)
    assert.equal(heuresDuSuivi(regles(autre)), null)
  })

  test('[RFP-22] the truce to come, or the one under way', () => {
    assert.deepEqual(prochaineTreve(regles('71')), { du: le('2026-11-01'), jusquAu: le('2027-03-31'), enCours: false })
    assert.equal(prochaineTreve(regles('71', '2026-12-01'))?.enCours, true)
  })
})
