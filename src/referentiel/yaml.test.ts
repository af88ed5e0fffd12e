import assert from 'node:assert/strict'
import { test } from 'node:test'
import { z } from 'zod'
import { ErreurDonnees, fichierDonnees, identifiant, jourCivil, lireTexteYaml, texteRempli } from './yaml.ts'

const schema = fichierDonnees({
  du: jourCivil,
  regles: z.array(
    z.strictObject({
      id: identifiant,
      si: z.string().optional(),
      libelle: texteRempli,
      service: z.enum(['departement', 'caf', 'ccas']),
    }),
  ),
})

function problemes(texte: string): readonly string[] {
  try {
    lireTexteYaml(texte, 'x.yaml', schema)
  } catch (erreur) {
    assert.ok(erreur instanceof ErreurDonnees)
    return erreur.problemes.map((p) => `${p.ligne}:${p.colonne} ${p.message}`)
  }
  return []
}

const BON = `schema: 1
du: 2020-02-14
regles:
  - id: famille-aidee
    libelle: Famille aidée
    service: caf
`

test('a right file gives its values, dates as civil dates', () => {
  const { valeur } = lireTexteYaml(BON, 'x.yaml', schema)
  assert.equal(valeur.du.toString(), '2020-02-14')
  assert.equal(valeur.regles[0]?.service, 'caf')
})

test('an unknown key is refused with its line, its column, the admitted keys and a suggestion', () => {
  assert.deepEqual(problemes(BON.replace('service:', 'servise:')), [
    '4:5 Clé obligatoire absente : « service ».',
    '6:5 Clé inconnue « servise ». Clés admises : id, si, libelle, service. Vouliez-vous écrire « service » ?',
  ])
})

test('every problem of a file is listed, in the order of the file', () => {
  const texte = BON.replace('2020-02-14', '2020-02-30').replace('caf', 'cafe').replace('Famille aidée', '" "')
  assert.deepEqual(problemes(texte), [
    '2:5 « 2020-02-30 » n’est pas une date AAAA-MM-JJ existante.',
    '5:14 Ce texte ne peut pas être vide.',
    '6:14 Valeur inconnue « cafe ». Valeurs admises : departement, caf, ccas. Vouliez-vous écrire « caf » ?',
  ])
})

test('a file that is not YAML, a key written twice and an anchor are refused with their place', () => {
  assert.match(problemes('schema: 1\n\tdu: 2020-01-01\n')[0] ?? '', /^2:1 .*tabulation/)
  assert.match(problemes(`${BON}du: 2021-01-01\n`)[0] ?? '', /^7:1 Cette clé est écrite deux fois\./)
  assert.match(problemes(BON.replace('caf', '&a caf'))[0] ?? '', /^6:\d+ Les ancres/)
  assert.match(problemes('')[0] ?? '', /^1:1 /)
})

test('a place can be asked inside a text, for errors of conditions', () => {
  const texte = BON.replace('    libelle', '    si: "menage.age > 3"\n    libelle')
  const document = lireTexteYaml(texte, 'x.yaml', schema)
  const { ligne, colonne } = document.probleme(['regles', 0, 'si'], 'faux', { decalage: 7 })
  assert.deepEqual([ligne, colonne], [5, 17])
  const nu = lireTexteYaml(BON.replace('    libelle', '    si: menage.age > 3\n    libelle'), 'x.yaml', schema)
  assert.equal(nu.probleme(['regles', 0, 'si'], 'faux', { decalage: 7 }).colonne, 16)
})

test('a missing file is a problem with its path, not a crash', () => {
  assert.throws(
    () => lireTexteYaml('schema: 2', 'y.yaml', schema),
    /y\.yaml:1:9\n {2}La clé « schema » doit valoir 1\./,
  )
})
