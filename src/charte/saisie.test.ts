import assert from 'node:assert/strict'
import test from 'node:test'
import { CLES_PARAMETRES, lireVersion } from '#referentiel'
import { ecrireReglages, ecrireSaisie, lireReglages, lireSaisie } from './parametres-saisis.ts'
import { ecrireDates } from './texte.ts'

const jour = (texte: string) => Temporal.PlainDate.from(texte)

test('what a person types of a setting becomes its value, or a sentence', () => {
  assert.deepEqual(lireSaisie('plafond_fsl', ' 2 500,5 € '), { valeur: 250_050 })
  assert.deepEqual(lireSaisie('plafond_fsl', '2\u202f000,00'), { valeur: 200_000 })
  assert.deepEqual(lireSaisie('plafond_fsl', ''), { valeur: null })
  assert.ok('erreur' in lireSaisie('plafond_fsl', '2,5,0'))
  assert.ok('erreur' in lireSaisie('plafond_fsl', '-3'))
  assert.deepEqual(lireSaisie('age_jeune', '26'), { valeur: 26 })
  assert.ok('erreur' in lireSaisie('age_jeune', '26,5'))
  assert.deepEqual(lireSaisie('rapprochement_confirmation', 'non'), { valeur: false })
  assert.deepEqual(lireSaisie('diagnostic_cdp', 'tous'), { valeur: 'tous' })
  assert.ok('erreur' in lireSaisie('diagnostic_cdp', 'personne'))
  assert.deepEqual(lireSaisie('concours_signale_du', '1/3'), { valeur: '03-01' })
  assert.deepEqual(lireSaisie('concours_signale_du', '29/02'), { valeur: '02-29' })
  for (const faux of ['31/04', '00/03', '15/13', '15-'])
    assert.ok('erreur' in lireSaisie('concours_signale_du', faux), faux)
  assert.ok('erreur' in lireSaisie('courrier_caf_mois', '13'))
})

test('every setting is shown as it is typed: what is shown reads back as the same value', () => {
  const valeurs = {
    plafond_fsl: 123_456_789,
    rapprochement_confirmation: true,
    concours_signale_du: '10-15',
    diagnostic_cdp: 'vulnerables',
    tableaux_jour_envoi: 'mardi',
    courrier_caf_mois: 7,
    age_jeune: 20,
  } as const
  for (const cle of CLES_PARAMETRES) {
    const valeur = valeurs[cle as keyof typeof valeurs] ?? null
    assert.deepEqual(lireSaisie(cle, ecrireSaisie(cle, valeur)), { valeur }, cle)
  }
})

test('the settings of a form are a text of the data, whatever is typed', () => {
  const reglages = [
    {
      cle: 'plafond_fsl' as const,
      valeur: 250_000,
      titre: 'Bilan : « 2026 » # "oui"',
      reference: 'p. 2',
      remarque: 'à revoir\nen 2027',
    },
    { cle: 'age_jeune' as const, valeur: null, titre: 'Bilan', reference: '', remarque: '' },
    { cle: 'concours_signale_du' as const, valeur: '10-15', titre: 'Bilan', reference: '', remarque: '' },
  ]
  const texte = ecrireReglages(reglages, jour('2027-01-01'), jour('2028-12-31'))
  const lue = lireVersion('parametres', texte, 'essai')
  assert.ok(lue.genre === 'parametres')
  assert.deepEqual(
    lireReglages(lue).sort((a, b) => a.cle.localeCompare(b.cle)),
    reglages.toSorted((a, b) => a.cle.localeCompare(b.cle)),
  )
  assert.equal(lue.valeur.du.toString(), '2027-01-01')
  assert.equal(lue.valeur.jusqu_au?.toString(), '2028-12-31')
  assert.throws(
    () => lireVersion('parametres', ecrireReglages([], jour('2027-01-01'), null), 'essai'),
    /Aucune valeur n’est changée/,
  )
  assert.throws(
    () => lireVersion('parametres', texte.replace('du: 2027-01-01', 'du: 2027-02-01'), 'essai'),
    /changent aux mêmes dates/,
  )
})

test('dates are written in the text where files have them, and nothing else moves', () => {
  const texte =
    'schema: 1\nlibelle: Essai\ndu: 2021-01-25\njusqu_au: 2027-01-25\n# du: rien\nvolets:\n  - id: v\n    du: 2020-01-01\n'
  assert.equal(
    ecrireDates(texte, jour('2026-12-01'), null),
    'schema: 1\nlibelle: Essai\ndu: 2026-12-01\n# du: rien\nvolets:\n  - id: v\n    du: 2020-01-01\n',
  )
  assert.equal(
    ecrireDates('schema: 1\nlibelle: Essai\nvolets: []\n', jour('2026-12-01'), jour('2027-12-31')),
    'schema: 1\nlibelle: Essai\ndu: 2026-12-01\njusqu_au: 2027-12-31\nvolets: []\n',
  )
})
