import assert from 'node:assert/strict'
import { test } from 'node:test'
import { STADES_REGLES } from '#referentiel'
import { type Acte, type ActeDeProcedure, decrireEtape, ETAPES, listerActesEnVigueur, PHASES } from './actes.ts'
import { calculerStade, listerActesDuCycle } from './stade.ts'

const le = (texte: string) => Temporal.PlainDate.from(texte)
const acte = (id: string, type: ActeDeProcedure['type'], jour: string, plus: Partial<ActeDeProcedure> = {}): Acte => ({
  id,
  type,
  le: le(jour),
  ...plus,
})
const DOSSIER: readonly Acte[] = [
  acte('impaye', 'impaye', '2026-07-31'),
  acte('cdp', 'commandement_de_payer', '2026-09-14'),
  acte('assignation', 'assignation', '2026-11-04'),
  acte('audience', 'audience', '2027-01-14'),
]
const etape = (actes: readonly Acte[], jour: string) => {
  const { stade, sousStade, depuis, phase, rang } = calculerStade(actes, le(jour))
  return [sousStade ? `${stade}/${sousStade}` : stade, depuis?.toString() ?? null, phase, rang]
}

test('[DOS-01] [DOS-02] each act dates its stage, names its phase and fills the meter', () => {
  assert.deepEqual(etape([], '2026-11-20'), ['prevention', null, null, 0])
  assert.deepEqual(etape(DOSSIER, '2026-07-30'), ['prevention', null, null, 0])
  assert.deepEqual(etape(DOSSIER, '2026-07-31'), ['impaye', '2026-07-31', 'amiable', 1])
  assert.deepEqual(etape(DOSSIER, '2026-09-14'), ['commandement_de_payer', '2026-09-14', 'contentieuse', 2])
  assert.deepEqual(etape(DOSSIER, '2026-11-20'), ['assignation', '2026-11-04', 'judiciaire', 3])
  assert.deepEqual(etape(DOSSIER, '2027-01-14'), ['assignation/audience', '2027-01-14', 'judiciaire', 3])
  const juge = [...DOSSIER, acte('j', 'jugement', '2027-02-10', { decision: 'resiliation_ferme' })]
  assert.deepEqual(etape(juge, '2027-02-10'), ['assignation/jugement', '2027-02-10', 'judiciaire', 4])
  const suite = [
    ...juge,
    acte('cql', 'commandement_de_quitter_les_lieux', '2027-03-01'),
    acte('rfp', 'requisition_force_publique', '2027-06-01'),
    acte('cfp', 'concours_force_publique', '2027-08-01'),
    acte('jj', 'expulsion', '2027-09-01'),
  ]
  assert.deepEqual(
    ['2027-03-01', '2027-06-01', '2027-08-01', '2027-09-01'].map((jour) => etape(suite, jour)[3]),
    [5, 6, 6, 7],
  )
})

test('[DOS-01] the words of the screens are the ones of the interface guide', () => {
  assert.deepEqual(
    ETAPES.map((e) => decrireEtape(e).court),
    [
      'Prévention',
      'Impayé',
      'Commandement',
      'Assignation',
      'Audience',
      'Jugement',
      'Quitter les lieux',
      'Réquisition',
      'Concours',
      'Expulsion',
    ],
  )
  assert.deepEqual(Object.keys(PHASES), ['amiable', 'contentieuse', 'judiciaire'])
})

test('[DOS-01] rules of data files name the same steps', () => {
  assert.deepEqual(STADES_REGLES, ETAPES)
})

test('[DOS-01] a lighter act that comes later does not bring the dossier back', () => {
  const actes = [
    ...DOSSIER,
    acte('impaye-2', 'impaye', '2026-11-10'),
    acte('cdp-2', 'commandement_de_payer', '2026-11-12'),
  ]
  assert.deepEqual(etape(actes, '2026-11-20'), ['assignation', '2026-11-04', 'judiciaire', 3])
})

test('[DOS-01] the date of a stage is the one of its first act', () => {
  const actes = [acte('b', 'commandement_de_payer', '2026-10-01'), acte('a', 'commandement_de_payer', '2026-09-14')]
  assert.deepEqual(etape(actes, '2026-11-20'), ['commandement_de_payer', '2026-09-14', 'contentieuse', 2])
})

test('[DOS-04] an act withdrawn or corrected counts no more, and a withdrawal can be withdrawn', () => {
  const retrait: Acte = { id: 'r1', type: 'retrait', cible: 'assignation', le: le('2026-11-15') }
  assert.equal(etape([...DOSSIER, retrait], '2026-11-20')[0], 'commandement_de_payer')
  const repentir: Acte = { id: 'r2', type: 'retrait', cible: 'r1', le: le('2026-11-16') }
  assert.equal(etape([...DOSSIER, retrait, repentir], '2026-11-20')[0], 'assignation')
  const corrige = acte('cdp-bis', 'commandement_de_payer', '2026-09-21', { remplace: 'cdp' })
  assert.deepEqual(etape([...DOSSIER.slice(0, 2), corrige], '2026-11-20')[1], '2026-09-21')
  assert.deepEqual(
    listerActesEnVigueur([...DOSSIER, corrige, retrait]).map(({ id }) => id),
    ['impaye', 'cdp-bis', 'audience'],
  )
})

test('[DOS-04] two acts that withdraw each other do not loop', () => {
  const a: Acte = { id: 'a', type: 'retrait', cible: 'b', le: le('2026-01-01') }
  const b: Acte = { id: 'b', type: 'retrait', cible: 'a', le: le('2026-01-01') }
  assert.equal(listerActesEnVigueur([a, b]).length, 0)
})

test('[DOS-04] a rejet or a désistement brings the dossier back to the unpaid rent, and says so', () => {
  for (const decision of ['rejet', 'desistement'] as const) {
    const actes = [...DOSSIER, acte('j', 'jugement', '2027-02-10', { decision })]
    assert.deepEqual(etape(actes, '2027-02-10'), ['impaye', '2027-02-10', 'amiable', 1])
    assert.deepEqual(
      listerActesDuCycle(actes, le('2027-02-10')).map(({ id }) => id),
      ['impaye'],
    )
    const repart = [...actes, acte('cdp-2', 'commandement_de_payer', '2027-05-03')]
    assert.equal(etape(repart, '2027-05-03')[0], 'commandement_de_payer')
  }
  const rejet = calculerStade(
    [...DOSSIER, acte('j', 'jugement', '2027-02-10', { decision: 'rejet' })],
    le('2027-02-10'),
  )
  assert.equal(rejet.explication, 'Retour à l’étape « Impayé » le 10/02/2027 : rejet de la demande du bailleur.')
})

test('[DOS-04] a return goes to the step it names and keeps the acts before it', () => {
  const caducite: Acte = {
    id: 'caducite',
    type: 'retour',
    vers: 'commandement_de_payer',
    motif: 'caducite',
    le: le('2026-12-01'),
  }
  assert.deepEqual(etape([...DOSSIER, caducite], '2026-12-01').slice(0, 2), ['commandement_de_payer', '2026-12-01'])
  assert.deepEqual(
    listerActesDuCycle([...DOSSIER, caducite], le('2026-12-01')).map(({ id }) => id),
    ['impaye', 'cdp'],
  )
  const avant: Acte = { ...caducite, vers: 'expulsion' }
  assert.equal(etape([...DOSSIER, avant], '2026-12-01')[0], 'assignation')
})

test('[DOS-04] time given by the judge suspends without bringing back; a later act ends it', () => {
  const juge = [...DOSSIER, acte('j', 'jugement', '2027-02-10', { decision: 'delais' })]
  const suspendu = calculerStade(juge, le('2027-02-10'))
  assert.deepEqual([suspendu.etape, suspendu.suspension?.motif], ['jugement', 'delais'])
  const reprise: Acte = { id: 'rep', type: 'reprise', le: le('2027-06-01') }
  assert.equal(calculerStade([...juge, reprise], le('2027-06-01')).suspension, null)
  const cql = [...juge, acte('cql', 'commandement_de_quitter_les_lieux', '2027-07-01')]
  assert.equal(calculerStade(cql, le('2027-07-01')).suspension, null)
  const suspension: Acte = { id: 's', type: 'suspension', motif: 'surendettement', le: le('2026-11-10') }
  assert.equal(calculerStade([...DOSSIER, suspension], le('2026-11-20')).suspension?.motif, 'surendettement')
})

test('[DOS-01] acts received in any order give the same stage', () => {
  const attendu = etape(DOSSIER, '2027-01-14')
  assert.deepEqual(etape(DOSSIER.toReversed(), '2027-01-14'), attendu)
  const memeJour = [acte('cql', 'commandement_de_quitter_les_lieux', '2027-02-10'), acte('j', 'jugement', '2027-02-10')]
  assert.equal(etape(memeJour, '2027-02-10')[0], 'commandement_de_quitter_les_lieux')
})
