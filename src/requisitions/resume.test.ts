import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import { enVigueur, resumer } from './resume.ts'

const acte = (
  id: string,
  genre: Parameters<typeof resumer>[0][number]['genre'],
  le: string,
  donnees: Record<string, string> = {},
  suite: { remplace?: string; enquete?: string } = {},
) => ({
  id,
  rang: Number(id.replace(/\D/g, '')),
  genre,
  le: Temporal.PlainDate.from(le),
  donnees,
  remplace: suite.remplace ?? null,
  enquete: suite.enquete ?? null,
})
const enquetes = [{ id: 'e1', avant: Temporal.PlainDate.from('2026-08-15') }]

describe('where a force request stands', () => {
  test('[RFP-19] without a decision it stays in instruction, however long the silence', () => {
    assert.equal(resumer([], enquetes, 48).etat, 'instruction')
    assert.equal(resumer([], enquetes, 48).enquetes_ouvertes, 1)
  })

  test('[DOS-05] a corrected decision counts no more; a withdrawal taken back brings the fact back', () => {
    const accord = acte('1', 'decision', '2026-07-10', { sens: 'accord', executoire_le: '2026-08-17' })
    const refus = acte('2', 'decision', '2026-07-10', { sens: 'refus' }, { remplace: '1' })
    assert.equal(resumer([accord, refus], [], 48).etat, 'refusee')
    const retrait = acte('3', 'retrait', '2026-07-11', {}, { remplace: '1' })
    assert.equal(resumer([accord, retrait], [], 48).etat, 'instruction')
    const repris = acte('4', 'retrait', '2026-07-12', {}, { remplace: '3' })
    assert.equal(resumer([accord, retrait, repris], [], 48).etat, 'accordee')
    assert.deepEqual(
      enVigueur([accord, retrait, repris]).map(({ id }) => id),
      ['1'],
    )
  })

  test('[DOS-05] the day that was fixed stays when the grant is corrected, and goes when another decision is taken', () => {
    const accord = acte('1', 'decision', '2026-07-10', { sens: 'accord', prevue_le: '2026-09-15' })
    const fixee = acte('2', 'date_prevue', '2026-08-01', { prevue_le: '2026-09-22', heure: '09:30' })
    const corrige = acte('3', 'decision', '2026-07-11', { sens: 'accord', prevue_le: '2026-09-15' }, { remplace: '1' })
    const encore = acte('4', 'decision', '2026-07-12', { sens: 'accord', prevue_le: '2026-09-15' }, { remplace: '3' })
    for (const actes of [
      [accord, fixee],
      [accord, fixee, corrige],
      [accord, fixee, corrige, encore],
    ])
      assert.equal(resumer(actes, [], 48).prevue_le?.toString(), '2026-09-22')
    const autre = acte('5', 'decision', '2026-08-10', { sens: 'accord', prevue_le: '2026-10-01' })
    assert.equal(resumer([accord, fixee, autre], [], 48).prevue_le?.toString(), '2026-10-01')
  })

  test('[DOS-33] a place assured, or foreseen in concertation, is a solution; a demand is not', () => {
    const point = (etat: string) => acte('5', 'preparation', '2026-08-01', { point: 'hebergement', etat })
    assert.equal(resumer([point('demande')], [], 48).sans_solution, true)
    assert.equal(resumer([point('assure')], [], 48).sans_solution, false)
    assert.equal(
      resumer([acte('6', 'concertation_tenue', '2026-08-01', { place: 'prevue' })], [], 48).sans_solution,
      false,
    )
  })

  test('[RFP-29] the meeting is due 48 hours after the hour of the eviction, until it is noted; no time in the charter, no date', () => {
    const jour = acte('7', 'intervention', '2026-10-24', { resultat: 'expulsion', heure: '09:30' })
    // The clock goes back on 25 October: 48 hours later is 8:30.
    assert.equal(resumer([jour], [], 48).suivi_avant?.toString(), '2026-10-26T07:30:00Z')
    assert.equal(resumer([jour], [], null).suivi_avant, null)
    assert.equal(resumer([jour, acte('8', 'suivi', '2026-10-25')], [], 48).suivi_avant, null)
  })

  test('[RFP-27] a cancellation stops inquiries and grant, and undoing it brings both back', () => {
    const accord = acte('1', 'decision', '2026-07-10', { sens: 'accord', prevue_le: '2026-09-15' })
    const annulation = acte('2', 'annulation', '2026-08-20')
    assert.equal(resumer([accord, annulation], enquetes, 48).etat, 'annulee')
    const repris = resumer(
      [accord, annulation, acte('3', 'retrait', '2026-08-21', {}, { remplace: '2' })],
      enquetes,
      48,
    )
    assert.equal(repris.etat, 'accordee')
    assert.equal(repris.prevue_le?.toString(), '2026-09-15')
  })
})
