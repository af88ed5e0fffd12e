import assert from 'node:assert/strict'
import { spawnSync } from 'node:child_process'
import { cpSync, globSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { type TestContext, test } from 'node:test'
import { parse } from 'yaml'
import { z } from 'zod'
import { projectRoot } from '#socle/config'
import { ecrireSchemas, exporterReferentiel, FORMES } from './referentiel-export.ts'

const donnees = join(projectRoot, 'donnees')

/** A copy of the data with one file changed. */
function abimer(t: TestContext, nom: string, avant: string, apres: string): string {
  const dossier = mkdtempSync(join(tmpdir(), 'amont-donnees-'))
  t.after(() => rmSync(dossier, { recursive: true }))
  const racine = join(dossier, 'donnees')
  cpSync(donnees, racine, { recursive: true })
  const texte = readFileSync(join(racine, nom), 'utf8')
  assert.ok(texte.includes(avant), `${avant} is not in ${nom}`)
  writeFileSync(join(racine, nom), texte.replace(avant, apres))
  return racine
}

function amont(racine: string, ...args: string[]) {
  return spawnSync(process.execPath, [join(projectRoot, 'dist/src/amont.js'), ...args], {
    encoding: 'utf8',
    env: { ...process.env, AMONT_REFERENTIEL: racine },
  })
}

interface Exporte {
  readonly engagements: readonly {
    partenaire: string
    numero: number
    stade: string
    libelle: string
    portage: string
  }[]
  readonly indicateurs: readonly { numero: number; libelle: string }[]
  readonly criteres: readonly { reserve: string | null; groupes: readonly { criteres: readonly { si?: string }[] }[] }[]
  readonly repartition: readonly unknown[]
  readonly communes: readonly { nom: string; nom_liste: string; territoire: string; code_insee: string | null }[]
  readonly communes_hors_listes: readonly { nom: string }[]
  readonly delais: readonly { id: string; versions: readonly unknown[] }[]
  readonly seuils: readonly { id: string }[]
  readonly parametres: readonly { cle: string }[]
}

test('[ENG-01] [TER-02] the export of a département holds its charter, its communes and its law, in plain JSON', () => {
  const { status, stdout } = amont(donnees, 'referentiel', 'exporter', '--departement', '71', '--format', 'json')
  assert.equal(status, 0)
  const exporte = JSON.parse(stdout) as Exporte
  assert.equal(exporte.engagements.length, 355)
  assert.equal(exporte.indicateurs.filter(({ numero }) => numero <= 61).length, 61)
  assert.equal(exporte.communes.length, 589)
  assert.deepEqual(
    exporte.communes.filter(({ nom_liste }) => nom_liste === 'Ciel').map(({ nom, territoire }) => [nom, territoire]),
    [['Verdun-Ciel', 'chalon-sur-saone']],
  )
  assert.equal(exporte.communes_hors_listes.length, 1)
  assert.ok(exporte.delais.some(({ id }) => id === 'droit/delais/commandement-de-payer.paiement'))
  assert.ok(exporte.delais.some(({ id }) => id.endsWith('charte-2020/delais/diagnostic')))
  assert.ok(exporte.seuils.some(({ id }) => id.endsWith('arretes/2020-02-14-seuil-cdp')))
  assert.equal(exporte.criteres[0]?.groupes[0]?.criteres[1]?.si, 'dette.montant > parametre.plafond_fsl')
  assert.match(exporte.criteres[0]?.reserve ?? '', /non vérifié par un juriste/)
  for (const { partenaire, numero, stade, libelle, portage } of exporte.engagements)
    assert.ok(partenaire && numero && stade && libelle && portage)
})

test('the export of the model département says what it has, and nothing of the other one', () => {
  const exporte = exporterReferentiel(donnees, 'modele-pdalhpd') as unknown as Exporte
  assert.deepEqual(
    exporte.indicateurs.map(({ numero }) => numero),
    [62, 63, 64, 65, 66, 67],
  )
  assert.deepEqual(exporte.engagements, [])
  assert.ok(!JSON.stringify(exporte).includes('71-saone-et-loire'))
})

test('an unknown département is refused with the known ones', () => {
  const { status, stderr } = amont(donnees, 'referentiel', 'exporter', '--departement', '75')
  assert.equal(status, 1)
  assert.match(stderr, /« 75 ».*Connus : .*71/)
})

test('the JSON Schemas of the repository are those of the code, and editors know which file follows which', () => {
  const ecrits = ecrireSchemas()
  assert.deepEqual(readdirSync(join(donnees, 'schemas')).sort(), [...ecrits.keys()].sort())
  for (const [nom, texte] of ecrits) assert.equal(readFileSync(join(donnees, 'schemas', nom), 'utf8'), texte, nom)
  const { 'yaml.schemas': reglages } = JSON.parse(readFileSync(join(projectRoot, '.vscode/settings.json'), 'utf8'))
  assert.deepEqual(
    reglages,
    Object.fromEntries(
      FORMES.map(({ nom, chemins }) => [
        `./donnees/schemas/${nom}.schema.json`,
        chemins.map((motif) => `donnees/${motif}`),
      ]),
    ),
  )
})

test('every file of law and charter follows the JSON Schema of its kind, which refuses an unknown key', () => {
  for (const { nom, chemins } of FORMES) {
    const schema = z.fromJSONSchema(JSON.parse(readFileSync(join(donnees, `schemas/${nom}.schema.json`), 'utf8')))
    const fichiers = globSync(chemins, { cwd: donnees })
    for (const fichier of fichiers) {
      const contenu = parse(readFileSync(join(donnees, fichier), 'utf8')) as Record<string, unknown>
      const lecture = schema.safeParse(contenu)
      assert.ok(lecture.success, `${fichier} : ${lecture.error?.message}`)
      assert.ok(!schema.safeParse({ ...contenu, inconnue: 1 }).success, fichier)
    }
  }
})

test('a broken file stops the start with its place and the way out', (t) => {
  const charte = 'departements/71-saone-et-loire/charte-2020'
  const cas: readonly [string, string, string, RegExp][] = [
    [
      `${charte}/fiches/1-culture-commune.yaml`,
      'pilotes: [État]',
      'pilote: [État]',
      /1-culture-commune\.yaml:\d+:\d+\n.*Clé/,
    ],
    [
      `${charte}/cibles.yaml`,
      'indicateurs: [assignations,',
      'indicateurs: [asignations,',
      /cibles\.yaml:\d+:\d+\n.*Vouliez-vous écrire « assignations » \?/,
    ],
    [
      `${charte}/historique.yaml`,
      '[NC, 36, 22,',
      '[36, 22,',
      /historique\.yaml:\d+:\d+\n.*9 valeurs attendues, une par année, 8 lue/,
    ],
    [
      'droit/delais/requisition.refus-implicite.yaml',
      'depart: requisition.recue',
      'depart: requisition.recu',
      /requisition\.refus-implicite\.yaml:\d+:\d+\n.*requisition\.recue/,
    ],
  ]
  for (const [nom, avant, apres, attendu] of cas) {
    const { status, stderr } = amont(abimer(t, nom, avant, apres), 'demarrer', '--sans-travaux')
    assert.equal(status, 1, nom)
    assert.match(stderr, attendu)
  }
})

test('a file that nothing reads is told by the check', (t) => {
  const racine = abimer(t, 'departements/71-saone-et-loire/departement.yaml', 'code:', 'code:')
  cpSync(
    join(racine, 'departements/71-saone-et-loire/charte-2020/cibles.yaml'),
    join(racine, 'departements/71-saone-et-loire/charte-2020/cible.yaml'),
  )
  const { status, stdout } = amont(racine, 'referentiel', 'verifier')
  assert.equal(status, 1)
  assert.match(stdout, /charte-2020\/cible\.yaml:1:1\n.*n’est lu par rien/)
})
