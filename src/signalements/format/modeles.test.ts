import assert from 'node:assert/strict'
import { join } from 'node:path'
import { test } from 'node:test'
import { ErreurDonnees } from '#referentiel'
import { NOMS_COLONNES } from './colonnes.ts'
import { chargerModelesImport, lireModeleImport } from './modeles.ts'

const MODELES = chargerModelesImport(join(import.meta.dirname, '../../../../donnees'))

test('[SIG-29] every mapping file of donnees/imports is valid', () => {
  assert.deepEqual(
    MODELES.map(({ id }) => id),
    [
      'bailleur-social',
      'caf-impayes',
      'commissaires-de-justice',
      'exploc',
      'fsl-demandes',
      'msa-impayes',
      'signalements',
    ],
  )
  for (const { colonnes, constantes } of MODELES) {
    const donnees = new Set<string>([...Object.values(colonnes), ...Object.keys(constantes)])
    for (const base of ['type', 'reference_source', 'date_signalement', 'commune', 'nom_usage'])
      assert.ok(donnees.has(base))
  }
})

test('[SIG-29] the format itself is a model that renames nothing', () => {
  const modele = MODELES.find(({ id }) => id === 'signalements')
  assert.deepEqual(Object.keys(modele?.colonnes ?? {}), NOMS_COLONNES)
  for (const [leur, notre] of Object.entries(modele?.colonnes ?? {})) assert.equal(leur, notre)
})

const BON = 'schema: 1\nlibelle: Essai\norganismes: [caf]\n'

const FAUTES: readonly (readonly [string, string, string])[] = [
  [
    'unknown key',
    `${BON}colonne: {}\ncolonnes: {}\n`,
    'x.yaml:4:1\n  Clé inconnue « colonne ». Clés admises : schema, libelle, organismes, constantes, colonnes, valeurs. Vouliez-vous écrire « colonnes » ?',
  ],
  ['missing key', `${BON}`, 'x.yaml:1:1\n  Clé obligatoire absente'],
  ['unknown column', `${BON}colonnes:\n  Nom: nom_usagé\n`, 'x.yaml:5:8\n  Valeur inconnue « nom_usagé ».'],
  [
    'unknown organisme',
    'schema: 1\nlibelle: Essai\norganismes: [caff]\ncolonnes: {}\n',
    'x.yaml:3:14\n  Valeur inconnue « caff ».',
  ],
  [
    'same name twice',
    `${BON}colonnes:\n  Nom: nom_usage\n  " nom ": prenom\n`,
    'x.yaml:6:3\n  «  nom  » et « Nom » sont le même nom',
  ],
  [
    'constant of a wrong value',
    `${BON}constantes: { type: impaye }\ncolonnes: {}\n`,
    'x.yaml:4:21\n  « impaye » n’est pas une valeur de « type ».',
  ],
  [
    'constant of a wrong date',
    `${BON}constantes: { date_acte: hier }\ncolonnes: {}\n`,
    'x.yaml:4:26\n  « hier » n’est pas une date.',
  ],
  [
    'constant given by a column too',
    `${BON}constantes: { parc: public }\ncolonnes:\n  P: parc\n`,
    'x.yaml:4:15\n  « parc » est déjà donnée',
  ],
  [
    'translation to a wrong value',
    `${BON}colonnes: {}\nvaleurs:\n  rsa: { O: vrai }\n`,
    'x.yaml:6:13\n  « vrai » n’est pas une valeur de « rsa ». Valeurs admises : oui, non.',
  ],
  [
    'wrong schema',
    'schema: 2\nlibelle: Essai\norganismes: [caf]\ncolonnes: {}\n',
    'x.yaml:1:9\n  La clé « schema » doit valoir 1.',
  ],
  ['broken YAML', `${BON}colonnes: {`, 'x.yaml:4:'],
]

for (const [cas, texte, attendu] of FAUTES) {
  test(`a faulty mapping file says where and what: ${cas}`, () => {
    assert.throws(
      () => lireModeleImport(texte, 'x.yaml'),
      (erreur) => {
        assert.ok(erreur instanceof ErreurDonnees)
        assert.ok(erreur.message.includes(attendu), erreur.message)
        return true
      },
    )
  })
}

test('a mapping file may leave a value empty on purpose', () => {
  const modele = lireModeleImport(`${BON}colonnes: { P: parc }\nvaleurs:\n  parc: { Inconnu: "" }\n`, 'a/b/essai.yaml')
  assert.deepEqual([modele.id, modele.valeurs], ['essai', { parc: { inconnu: '' } }])
})
