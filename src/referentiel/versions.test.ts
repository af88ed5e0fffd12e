import assert from 'node:assert/strict'
import { join } from 'node:path'
import { describe, test } from 'node:test'
import { projectRoot } from '#socle/config'
import { chargerReferentiel } from './chargement.ts'
import { parametre } from './parametres-dates.ts'
import { evaluerRepartition } from './repartition.ts'
import { dernierChangement, lireVersion, superposerVersions } from './versions.ts'

const livre = chargerReferentiel(join(projectRoot, 'donnees'))
const jour = (texte: string) => Temporal.PlainDate.from(texte)
const FAITS = { 'procedure.stade': 'assignation', 'connu.caf': true } as const

function regles(id: string, du: string, jusquAu?: string) {
  return lireVersion(
    'repartition',
    `schema: 1
libelle: Essai
du: ${du}
${jusquAu ? `jusqu_au: ${jusquAu}\n` : ''}source: { titre: Essai }
fiabilite: S
verifie_le: null
volets:
  - id: tous
    libelle: Tous
    mission: diagnostic
    regles: [{ id: defaut, ordre: a_defaut, libelle: Tous, service: adil, reference: Essai }]
exemples: []
`,
    id,
  )
}

const versionAu = (referentiel: typeof livre, le: string): string | null => {
  const departement = referentiel.departements.get('71')
  if (!departement) throw new Error('no département 71')
  return evaluerRepartition(departement, FAITS, jour(le)).version
}

describe('versions approved by a département, resolved by date like the files', () => {
  const LIVREE = 'departements/71-saone-et-loire/charte-2020/repartition'

  test('one succeeds the shipped version from its date: the day before is the last of the other', () => {
    const compose = superposerVersions(livre, '71', [regles('local/71/repartition/1', '2026-12-01')])
    assert.equal(versionAu(compose, '2026-11-30'), LIVREE)
    assert.equal(versionAu(compose, '2026-12-01'), 'local/71/repartition/1')
    assert.equal(versionAu(compose, '2030-01-01'), 'local/71/repartition/1')
    assert.equal(compose.departements.get('71')?.repartitions[0]?.jusqu_au?.toString(), '2026-11-30')
    // Nothing shipped was touched, and the other départements are the same objects.
    assert.equal(livre.departements.get('71')?.repartitions[0]?.jusqu_au?.toString(), '2027-01-25')
    assert.equal(compose.livre, livre)
    for (const [code, departement] of livre.departements)
      if (code !== '71') assert.equal(compose.departements.get(code), departement)
  })

  test('each lasts until the next, whoever wrote it; on the same day the département’s own replaces the shipped one', () => {
    const compose = superposerVersions(livre, '71', [
      regles('local/71/repartition/2', '2026-12-15'),
      regles('local/71/repartition/1', '2026-12-01', '2027-12-31'),
    ])
    assert.equal(versionAu(compose, '2026-12-14'), 'local/71/repartition/1')
    assert.equal(versionAu(compose, '2026-12-15'), 'local/71/repartition/2')
    const meme = superposerVersions(livre, '71', [regles('local/71/repartition/1', '2021-01-25')])
    assert.equal(versionAu(meme, '2026-11-20'), 'local/71/repartition/1')
    assert.equal(meme.departements.get('71')?.repartitions.length, 1)
    const anterieure = superposerVersions(livre, '71', [regles('local/71/repartition/1', '2020-06-01')])
    assert.equal(versionAu(anterieure, '2020-12-01'), 'local/71/repartition/1')
    assert.equal(versionAu(anterieure, '2026-11-20'), LIVREE)
  })

  test('after the end of a version without successor, none applies: the shipped one does not come back', () => {
    const compose = superposerVersions(livre, '71', [regles('local/71/repartition/1', '2026-12-01', '2026-12-31')])
    assert.equal(versionAu(compose, '2026-12-31'), 'local/71/repartition/1')
    assert.equal(versionAu(compose, '2027-01-01'), null)
  })

  test('settings follow one another one by one; those left out keep theirs', () => {
    const version = lireVersion(
      'parametres',
      `schema: 1
parametres:
  plafond_fsl:
    versions:
      - { du: 2026-12-01, valeur: 250000, source: { titre: Bilan }, fiabilite: S, verifie_le: null }
`,
      'local/71/parametres/1',
    )
    const departement = superposerVersions(livre, '71', [version]).departements.get('71')
    assert.ok(departement)
    assert.equal(parametre(departement, 'plafond_fsl', jour('2026-11-30')).valeur, 200_000)
    assert.equal(parametre(departement, 'plafond_fsl', jour('2026-12-01')).valeur, 250_000)
    assert.equal(parametre(departement, 'plafond_fsl', jour('2028-01-01')).valeur, 250_000)
    assert.equal(parametre(departement, 'age_jeune', jour('2026-12-01')).valeur, 20)
  })

  test('the last change is the last day anything began or ended, settings included', () => {
    const departement = livre.departements.get('71')
    assert.ok(departement)
    assert.equal(dernierChangement(departement, jour('2026-11-20'))?.toString(), '2021-01-25')
    assert.equal(dernierChangement(departement, jour('2027-01-26'))?.toString(), '2027-01-26')
    assert.equal(dernierChangement(departement, jour('2020-01-01')), null)
  })
})
