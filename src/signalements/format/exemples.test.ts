import assert from 'node:assert/strict'
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { test } from 'node:test'
import { chargerTerritoires, trouverCommune } from '#referentiel'
import { decoder, decouper } from './csv.ts'
import { type FichierLu, lireFichier } from './fichier.ts'
import { verifierLigne } from './ligne.ts'
import { decrireVerdict, ecrireVerdictCsv, type LigneDeVerdict, verdictJson } from './verdict.ts'

const DONNEES = join(import.meta.dirname, '../../../../donnees')
const EXEMPLES = join(DONNEES, 'exemples')
const territoires = chargerTerritoires(DONNEES, '71')
const communeConnue = (commune: string) => trouverCommune(territoires, commune) !== null

const ENCODAGES = {
  'caf-2026-10.csv': 'windows-1252',
  'bailleurs-sociaux.csv': 'windows-1252',
  'commandements-semaine-46.csv': 'utf-8',
  'assignations-semaine-46.csv': 'utf-8',
  'cql-semaine-46.csv': 'utf-8',
  'rfp.csv': 'utf-8',
} as const

type Fichier = keyof typeof ENCODAGES

function lireVerite(): Map<Fichier, string[]> {
  const attendus = new Map<Fichier, string[]>()
  const lignes = decoder(readFileSync(join(EXEMPLES, 'verite.csv')), 'utf-8')
    .trim()
    .split(/\r?\n/)
    .slice(1)
  for (const ligne of lignes) {
    const [fichier, rang, , reference, , verdict, motifs] = decouper(ligne, ';')
    const liste = attendus.get(fichier as Fichier) ?? []
    attendus.set(fichier as Fichier, [...liste, [rang, reference, verdict, motifs].join(';')])
  }
  return attendus
}

async function lireExemple(fichier: Fichier): Promise<{ lecture: FichierLu; verdicts: LigneDeVerdict[] }> {
  const lecture = await lireFichier(readFileSync(join(EXEMPLES, fichier)), fichier)
  assert.ok(lecture.refus === null)
  const contexte = { communeConnue, vues: new Map<string, string>() }
  const verdicts: LigneDeVerdict[] = []
  for await (const enregistrement of lecture.enregistrements()) {
    const verdict = verifierLigne(enregistrement, contexte)
    verdicts.push({ ...verdict, ligne: enregistrement.ligne, effet: verdict.contenu ? 'cree' : 'aucun' })
  }
  return { lecture, verdicts }
}

const verite = lireVerite()

for (const fichier of Object.keys(ENCODAGES) as Fichier[]) {
  test(`[SIG-29] every line of ${fichier} gets the expected verdict and reasons`, async () => {
    const { lecture, verdicts } = await lireExemple(fichier)
    assert.equal(lecture.encodage, ENCODAGES[fichier])
    const rendus = verdicts.map(({ ligne, referenceSource, verdict, motifs }) =>
      [ligne, referenceSource, verdict, motifs.map(({ code, colonne }) => `${code}@${colonne}`).join('|')].join(';'),
    )
    assert.deepEqual(rendus, verite.get(fichier))
    assert.equal(lecture.lignes, verdicts.length)
    assert.equal(lecture.lignesVides, 0)
    assert.deepEqual(lecture.colonnesInconnues, [])
    for (const { motifs } of verdicts) for (const { message } of motifs) assert.match(message, /^\p{Lu}.*\.$/su)
  })
}

test('[SIG-29] the verdict files of an example say the same counts', async () => {
  const { lecture, verdicts } = await lireExemple('commandements-semaine-46.csv')
  const json = JSON.parse(verdictJson(decrireVerdict(lecture, 'CDJ71'), verdicts))
  assert.deepEqual(
    [json.statut, json.encodage, json.lignes, json.acceptees, json.avertissements, json.rejetees, json.verdicts.length],
    ['traite', 'utf-8', 60, 57, 1, 2, 60],
  )
  const csv = Buffer.from(ecrireVerdictCsv(verdicts)).toString()
  assert.equal(csv.split('\r\n').length, 62)
  assert.ok(csv.includes('\r\n33;CDJ-46-0032;rejetee;aucun;nombre_de_champs@\r\n'))
})
