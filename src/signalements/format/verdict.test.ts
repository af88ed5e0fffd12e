import assert from 'node:assert/strict'
import { test } from 'node:test'
import { NOMS_COLONNES } from './colonnes.ts'
import { lireFichier } from './fichier.ts'
import { libellesColonnes, libellesMotifs, libellesTypes } from './libelles.ts'
import type { Motif } from './motifs.ts'
import { decrireVerdict, ecrireVerdictCsv, type LigneDeVerdict, verdictJson } from './verdict.ts'

function motif(code: Motif['code'], colonne: string, valeur = '', message = 'Cette date n’existe pas.'): Motif {
  return { code, colonne, valeur, message }
}

const LIGNES: readonly LigneDeVerdict[] = [
  { ligne: 2, referenceSource: 'CAF71-202610-00232', verdict: 'acceptee', effet: 'cree', motifs: [] },
  {
    ligne: 3,
    referenceSource: 'CDJ-46-0007',
    verdict: 'avertissement',
    effet: 'cree',
    motifs: [motif('date_invalide', 'date_naissance', '31/02/1980'), motif('montant_invalide', 'montant_dette')],
  },
  {
    ligne: 4,
    referenceSource: 'CDJ-46-0008',
    verdict: 'rejetee',
    effet: 'aucun',
    motifs: [motif('commune_absente', 'commune')],
  },
]

test('[SIG-29] the verdict in CSV is, byte for byte, the example of the format', () => {
  assert.equal(
    Buffer.from(ecrireVerdictCsv(LIGNES)).toString(),
    '\ufeffligne;reference_source;verdict;effet;motifs\r\n' +
      '2;CAF71-202610-00232;acceptee;cree;\r\n' +
      '3;CDJ-46-0007;avertissement;cree;date_invalide@date_naissance|montant_invalide@montant_dette\r\n' +
      '4;CDJ-46-0008;rejetee;aucun;commune_absente@commune\r\n',
  )
  assert.equal(Buffer.from(ecrireVerdictCsv([])).toString(), '\ufeffligne;reference_source;verdict;effet;motifs\r\n')
})

test('[SIG-29] a reference is quoted when it must be, and never runs as a formula', () => {
  const references = ['a;b', 'a"b', '=1+1', '-12', '']
  const rendues = references.map((referenceSource) => {
    const [, ligne = ''] = Buffer.from(
      ecrireVerdictCsv([{ ligne: 2, referenceSource, verdict: 'acceptee', effet: 'deja_connu', motifs: [] }]),
    )
      .toString()
      .split('\r\n')
    return ligne
  })
  assert.deepEqual(rendues, [
    '2;"a;b";acceptee;deja_connu;',
    '2;"a""b";acceptee;deja_connu;',
    "2;'=1+1;acceptee;deja_connu;",
    "2;'-12;acceptee;deja_connu;",
    '2;;acceptee;deja_connu;',
  ])
})

const DESCRIPTION = {
  fichier: 'commandements-semaine-46.csv',
  empreinteSha256: 'ab',
  organisme: 'CDJ71',
  encodage: 'utf-8' as const,
  motifFichier: null,
  lignesVides: 1,
  colonnesInconnues: ['Remarque'],
  autresFeuilles: [],
}

test('[SIG-29] the verdict in JSON has the keys of the format, in their order, and counts that add up', () => {
  const texte = verdictJson(DESCRIPTION, LIGNES)
  const json = JSON.parse(texte)
  assert.deepEqual(Object.keys(json), [
    'fichier',
    'empreinte_sha256',
    'organisme',
    'encodage',
    'statut',
    'motif_fichier',
    'lignes',
    'acceptees',
    'avertissements',
    'rejetees',
    'lignes_vides',
    'colonnes_inconnues',
    'verdicts',
  ])
  assert.deepEqual(
    [
      json.statut,
      json.motif_fichier,
      json.lignes,
      json.acceptees,
      json.avertissements,
      json.rejetees,
      json.lignes_vides,
    ],
    ['traite', null, 3, 1, 1, 1, 1],
  )
  assert.deepEqual(json.verdicts[1], {
    ligne: 3,
    reference_source: 'CDJ-46-0007',
    verdict: 'avertissement',
    effet: 'cree',
    motifs: [
      { code: 'date_invalide', colonne: 'date_naissance', valeur: '31/02/1980', message: 'Cette date n’existe pas.' },
      { code: 'montant_invalide', colonne: 'montant_dette', valeur: '', message: 'Cette date n’existe pas.' },
    ],
  })
  assert.equal(texte.split('\n').filter((ligne) => ligne.startsWith('    {"ligne"')).length, 3)
})

test('[SIG-29] the verdict of a refused file says its reason and its column', async () => {
  const refuse = async (octets: string) =>
    JSON.parse(verdictJson(decrireVerdict(await lireFichier(Buffer.from(octets), 'f.csv'), 'CAF71'), []))
  const vide = await refuse('')
  assert.deepEqual(
    [vide.statut, vide.motif_fichier, vide.lignes, vide.encodage, vide.verdicts],
    ['refuse', 'fichier_vide', 0, null, []],
  )
  assert.ok(!('colonne_fichier' in vide))
  const incomplet = await refuse('type;reference_source;date_signalement;nom_usage\n')
  assert.deepEqual(
    [incomplet.statut, incomplet.motif_fichier, incomplet.colonne_fichier, incomplet.encodage],
    ['refuse', 'colonne_de_base_absente', 'commune', 'utf-8'],
  )
})

test('every column, type and reason has a French label', () => {
  assert.deepEqual(Object.keys(libellesColonnes), NOMS_COLONNES)
  for (const libelles of [libellesColonnes, libellesTypes, libellesMotifs]) {
    for (const libelle of Object.values(libelles)) assert.match(libelle, /^\p{Lu}[^_]*[^.]$/u)
  }
})
