import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import type { Dossier } from '#dossiers'
import { ajouterDiagnostic } from './reprises.ts'

const le = (texte: string) => Temporal.PlainDate.from(texte)

describe('[SAI-34] what a referral takes from the last diagnosis', () => {
  const duDossier = {
    loyer: { valeur: 61_000, provenance: 'dossier' },
    dette_locative: { valeur: 'oui', provenance: 'dossier' },
    dette_locative_montant: { valeur: 162_000, provenance: 'dossier' },
    dette_locative_le: { valeur: '2026-03-02', provenance: 'dossier' },
    motifs: { valeur: ['impaye'], provenance: 'dossier' },
  }
  const dossier = {
    dernier_signal_le: le('2026-03-02'),
    stade_le: le('2026-02-10'),
    dette_le: le('2026-03-02'),
  } as Dossier
  const reprendre = (jour: string, valeurs: Readonly<Record<string, string | number>>) =>
    Object.fromEntries(
      Object.entries(ajouterDiagnostic(duDossier, [{ volet: 'financier', le: le(jour), valeurs }], dossier)).map(
        ([champ, reprise]) => [champ, reprise?.valeur],
      ),
    )

  test('an older part never replaces what the dossier learned since; it still says what the dossier does not know', () => {
    assert.equal(reprendre('2026-03-01', { loyer: 45_000 }).loyer, 61_000)
    assert.equal(reprendre('2026-03-02', { loyer: 45_000 }).loyer, 45_000)
    assert.equal(reprendre('2026-03-01', { eau: 3_000 }).autres_charges, 3_000)
  })

  test('whether the rent is paid is asked again once the procedure went further', () => {
    assert.equal(reprendre('2026-02-09', { reprise_loyer: 'entiere' }).paie_loyer, undefined)
    assert.equal(reprendre('2026-02-10', { reprise_loyer: 'entiere' }).paie_loyer, 'oui')
  })

  test('a debt paid since leaves neither its amount nor the reason it was', () => {
    const payee = reprendre('2026-03-10', { dette_locative: 0, dette_au: '2026-03-09' })
    assert.deepEqual(
      [payee.dette_locative, payee.dette_locative_montant, payee.dette_locative_le, payee.motifs],
      ['non', undefined, '2026-03-09', undefined],
    )
    const avant = reprendre('2026-03-10', { dette_locative: 0, dette_au: '2026-03-01' })
    assert.deepEqual([avant.dette_locative, avant.dette_locative_montant], ['oui', 162_000])
  })
})
