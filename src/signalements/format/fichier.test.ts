import assert from 'node:assert/strict'
import { createHash } from 'node:crypto'
import { test } from 'node:test'
import { gzipSync } from 'node:zlib'
import { type Cell, cents, date, text, writeOds, writeXlsx } from '#socle/tableur'
import type { Correspondance } from './entete.ts'
import { type Enregistrement, type FichierLu, type FichierRefuse, lireFichier, type OptionsLecture } from './fichier.ts'
import { verifierLigne } from './ligne.ts'

const ENTETE = 'type;reference_source;date_signalement;nom_usage;prenom;commune'
const LIGNE = 'impaye_caf;R-1;13/11/2026;Dupont;Élise;Mâcon'

async function lu(octets: Uint8Array | string, options: OptionsLecture = {}): Promise<FichierLu> {
  const lecture = await lireFichier(Buffer.from(octets), 'f.csv', options)
  assert.ok(lecture.refus === null, JSON.stringify(lecture))
  return lecture
}

async function refuse(octets: Uint8Array | string, options: OptionsLecture = {}): Promise<FichierRefuse> {
  const lecture = await lireFichier(Buffer.from(octets), 'f.csv', options)
  assert.ok(lecture.refus !== null)
  assert.match(lecture.message, /^\p{Lu}.*\.$/u)
  return lecture
}

async function lignes(lecture: FichierLu): Promise<Enregistrement[]> {
  return Array.fromAsync(lecture.enregistrements())
}

test('[SIG-29] the encoding: UTF-8 with its mark, else UTF-8 if the whole file is, else windows-1252', async () => {
  const texte = `${ENTETE}\r\n${LIGNE}\r\n`
  const octets1252 = Buffer.from(texte.replace('Dupont', 'L\x9cillet'), 'latin1')
  const cas = [
    [Buffer.from(texte), 'utf-8', false, 'Dupont'],
    [Buffer.from(`\ufeff${texte}`), 'utf-8', true, 'Dupont'],
    [octets1252, 'windows-1252', false, 'Lœillet'],
  ] as const
  for (const [octets, encodage, bom, nom] of cas) {
    const lecture = await lu(octets)
    assert.equal(lecture.encodage, encodage)
    assert.equal(lecture.presentation.bom, bom)
    const [premiere] = await lignes(lecture)
    assert.deepEqual(
      [premiere?.champs.nom_usage, premiere?.champs.prenom, premiere?.champs.commune],
      [nom, 'Élise', 'Mâcon'],
    )
    assert.equal(lecture.empreinteSha256, createHash('sha256').update(octets).digest('hex'))
  }
})

test('[SIG-29] one byte that is not UTF-8 makes the whole file windows-1252', async () => {
  const octets = Buffer.concat([Buffer.from(`${ENTETE}\n${LIGNE}\n`), Buffer.from([0xe9, 0x0a])])
  const lecture = await lu(octets)
  assert.equal(lecture.encodage, 'windows-1252')
  assert.equal((await lignes(lecture))[0]?.champs.prenom, 'Ã‰lise')
})

const utf16 = (texte: string) => Buffer.from(texte, 'utf16le')

const REFUS: readonly (readonly [string, Uint8Array | string, string, string | null])[] = [
  ['nothing', '', 'fichier_vide', null],
  ['a mark alone', '\ufeff', 'fichier_vide', null],
  ['blank lines alone', ' \r\n\n\t\r\n', 'fichier_vide', null],
  ['UTF-16 with its mark', utf16(`\ufeff${ENTETE}\n`), 'encodage_refuse', null],
  ['big-endian UTF-16', utf16(`\ufeff${ENTETE}\n`).swap16(), 'encodage_refuse', null],
  ['UTF-16 without its mark', utf16(`${ENTETE}\n`), 'encodage_refuse', null],
  ['UTF-32', Buffer.from([0xff, 0xfe, 0, 0, 0x74, 0, 0, 0]), 'encodage_refuse', null],
  [
    'a UTF-8 mark on something else',
    Buffer.concat([Buffer.from(`\ufeff${ENTETE}\n`), Buffer.from([0xe9])]),
    'encodage_refuse',
    null,
  ],
  ['an old workbook', Buffer.from('\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1', 'latin1'), 'format_refuse', null],
  ['HTML called CSV', '<html><table><tr><td>type</td></tr></table></html>', 'format_refuse', null],
  ['a PDF', '%PDF-1.7\n', 'format_refuse', null],
  ['an image', Buffer.from('\x89PNG\r\n\x1a\n', 'latin1'), 'format_refuse', null],
  ['an archive', gzipSync(`${ENTETE}\n${LIGNE}`), 'format_refuse', null],
  ['a zip that is no workbook', Buffer.from('PK\x03\x04\x14\0\0\0', 'latin1'), 'format_refuse', null],
  ['a binary', Buffer.from('type\0;nom\0\0\n', 'latin1'), 'format_refuse', null],
  ['a blank first line', `\n${ENTETE}\n${LIGNE}`, 'entete_absente', null],
  ['empty names', `;;;\n${LIGNE}`, 'entete_absente', null],
  ['data without header', `${LIGNE}\n${LIGNE}`, 'entete_absente', null],
  ['data that looks like a column', `${LIGNE};commune`, 'entete_absente', null],
  ['names of another world', 'a;b;c\n1;2;3', 'entete_absente', null],
  ['no type', ENTETE.replace('type;', ''), 'colonne_de_base_absente', 'type'],
  ['no reference', ENTETE.replace('reference_source;', ''), 'colonne_de_base_absente', 'reference_source'],
  ['no date', ENTETE.replace('date_signalement;', ''), 'colonne_de_base_absente', 'date_signalement'],
  ['no commune', ENTETE.replace(';commune', ''), 'colonne_de_base_absente', 'commune'],
  ['no name', ENTETE.replace('nom_usage;', ''), 'colonne_de_base_absente', 'nom_usage'],
  ['the same column twice', `${ENTETE}; TYPE \n`, 'colonne_en_double', 'type'],
  ['the same unknown column twice', `${ENTETE};Remarque;remarque\n`, 'colonne_en_double', 'remarque'],
  ['a quote left open in the header', '"type;reference_source\nimpaye_caf;R-1\n', 'guillemets_non_fermes', null],
  [
    'a quote left open further down',
    `${ENTETE}\n${LIGNE}\nimpaye_caf;R-2;13/11/2026;"Dupont;É;M\n${LIGNE}\n`,
    'guillemets_non_fermes',
    null,
  ],
]

for (const [cas, octets, motif, colonne] of REFUS) {
  test(`[SIG-29] the whole file is refused: ${cas}`, async () => {
    const lecture = await refuse(octets)
    assert.deepEqual([lecture.refus, lecture.colonne], [motif, colonne])
  })
}

test('[SIG-29] the quote left open is given its line', async () => {
  const { message } = await refuse(`${ENTETE}\n${LIGNE}\n\nimpaye_caf;R-2;"x\n\n`)
  assert.match(message, /ligne 4 /)
})

test('[SIG-29] a refused header is still shown, with the first lines, so that a correspondance may be given', async () => {
  const lecture = await refuse('Nature;Réf;commune\nA;1;Mâcon\nB; 2 ;"Autun"\n')
  assert.deepEqual(lecture.entete, ['Nature', 'Réf', 'commune'])
  assert.deepEqual(lecture.apercu, [
    ['A', '1', 'Mâcon'],
    ['B', '2', 'Autun'],
  ])
})

test('[SIG-29] a header alone is a file of no line', async () => {
  const lecture = await lu(ENTETE)
  assert.deepEqual([lecture.lignes, lecture.lignesVides, await lignes(lecture)], [0, 0, []])
})

test('[SIG-29] names of columns: any order, case and edge spaces indifferent, unknown ones told once', async () => {
  const lecture = await lu(
    ' COMMUNE ;Nom_Naissance;Remarque;TYPE;"reference_source";\u00a0date_signalement;;Étude\nMâcon;Durand;r;impaye_caf;R-1;13/11/2026;x;y',
  )
  assert.deepEqual(lecture.colonnesInconnues, ['Remarque', 'colonne 7 (sans nom)', 'Étude'])
  const [ligne] = await lignes(lecture)
  assert.deepEqual(
    { ...ligne?.champs },
    {
      commune: 'Mâcon',
      nom_naissance: 'Durand',
      Remarque: 'r',
      type: 'impaye_caf',
      reference_source: 'R-1',
      date_signalement: '13/11/2026',
      'colonne 7 (sans nom)': 'x',
      Étude: 'y',
    },
  )
  assert.ok(lecture.colonnesAbsentes.includes('prenom') && !lecture.colonnesAbsentes.includes('commune'))
})

test('[SIG-29] an empty line counts a rank and no verdict', async () => {
  const octets = `${ENTETE}\r\n${LIGNE}\r\n\r\n;;;;;\r\n \t\r\n;;\r\n"";"";\r\n\u00a0;;;;;\u202f\r\n${LIGNE}\r\n"""";;;;;\r\n\r\n`
  const lecture = await lu(octets)
  assert.deepEqual([lecture.lignes, lecture.lignesVides], [3, 7])
  assert.deepEqual(
    (await lignes(lecture)).map(({ ligne }) => ligne),
    [2, 9, 10],
  )
})

test('[SIG-29] each line keeps its exact bytes, and the bytes of all lines are those of the file', async () => {
  const texte = `\ufeff${ENTETE};note\r\n${LIGNE};"a\r\nb ""c"""\r\n${LIGNE};  x\r\n`
  const lecture = await lu(texte)
  const recues = await lignes(lecture)
  assert.equal(recues[0]?.champs.note, 'a\r\nb "c"')
  assert.equal(recues[1]?.ligne, 3)
  const refait = [lecture.presentation.octetsEntete, ...recues.map(({ octets }) => octets)]
  assert.equal(`\ufeff${refait.map((octets) => `${Buffer.from(octets)}\r\n`).join('')}`, texte)
})

test('[SIG-29] more or fewer fields than the header', async () => {
  const lecture = await lu(`${ENTETE}\n${LIGNE};\n${LIGNE.slice(0, -6)}\nimpaye_caf;R-3\n${LIGNE}`)
  const recues = await lignes(lecture)
  assert.deepEqual(
    recues.map(({ anomalie }) => anomalie),
    ['nombre_de_champs', 'nombre_de_champs', 'nombre_de_champs', null],
  )
  assert.equal(recues[2]?.champs.reference_source, 'R-3')
  assert.equal(recues[0]?.champs['champ 7 (en trop)'], '')
})

test('[SIG-29] a line over a megabyte is rejected alone, a line of one megabyte is read', async () => {
  const debut = LIGNE.slice(0, LIGNE.indexOf('Dupont'))
  const fin = ';Élise;Mâcon'
  const nom = (taille: number) => debut + 'x'.repeat(taille - Buffer.byteLength(debut + fin)) + fin
  const lecture = await lu(`${ENTETE}\n${nom(1_000_000)}\n${nom(1_000_001)}\n${LIGNE}`)
  assert.deepEqual(
    (await lignes(lecture)).map(({ anomalie }) => anomalie),
    [null, 'ligne_trop_longue', null],
  )
})

test('[SIG-29] a NUL in a line rejects that line alone', async () => {
  const lecture = await lu(`${ENTETE}\n${LIGNE.replace('Dupont', 'Du\0pont')}\n${LIGNE}`)
  const contexte = { communeConnue: () => true, vues: new Map<string, string>() }
  const verdicts = (await lignes(lecture)).map((ligne) =>
    verifierLigne(ligne, contexte)
      .motifs.map(({ code }) => code)
      .join(),
  )
  assert.deepEqual(verdicts, ['caractere_interdit', 'reference_en_double'])
})

test('[SIG-29] other separators are read when the header has no semicolon, unless only the format is wanted', async () => {
  for (const separateur of [',', '\t']) {
    const octets = `${ENTETE}\n${LIGNE}`.replaceAll(';', separateur)
    const lecture = await lu(octets)
    assert.equal(lecture.presentation.separateur, separateur)
    assert.equal((await lignes(lecture))[0]?.champs.commune, 'Mâcon')
    assert.equal((await refuse(octets, { autresSeparateurs: false })).refus, 'entete_absente')
  }
})

test('[SIG-29] a correspondance renames columns, translates values and adds constants; the bytes stay', async () => {
  const correspondance: Correspondance = {
    modele: 'essai',
    colonnes: {
      'n° dossier': 'reference_source',
      envoi: 'date_signalement',
      nom: 'nom_usage',
      ville: 'commune',
      type: null,
    },
    constantes: { type: 'impaye_caf', parc: 'public' },
    valeurs: { rsa: { o: 'oui', n: 'non' } },
  }
  const octets =
    'N° Dossier;Envoi;NOM;Ville;Type;rsa\nR-1;13/11/2026;Dupont;Mâcon;A; O \nR-2;13/11/2026;Durand;Autun;B;peut-être'
  const lecture = await lu(octets, { correspondance })
  const [premiere, seconde] = await lignes(lecture)
  assert.deepEqual(
    { ...premiere?.champs },
    {
      reference_source: 'R-1',
      date_signalement: '13/11/2026',
      nom_usage: 'Dupont',
      commune: 'Mâcon',
      'Type (non reprise)': 'A',
      rsa: 'oui',
      type: 'impaye_caf',
      parc: 'public',
    },
  )
  assert.equal(seconde?.champs.rsa, 'peut-être')
  assert.equal(Buffer.from(premiere?.octets ?? []).toString(), 'R-1;13/11/2026;Dupont;Mâcon;A; O ')
  assert.deepEqual(lecture.colonnesInconnues, ['Type (non reprise)'])
})

for (const [genre, ecrire] of [
  ['xlsx', writeXlsx],
  ['ods', writeOds],
] as const) {
  test(`[SIG-29] a workbook ${genre} is read as its rows: ranks, days, amounts, empty cells`, async () => {
    const jour = date(Temporal.PlainDate.from('2026-11-13'))
    const rows: Cell[][] = [
      [text('impaye_caf'), text('0012'), jour, text('Dupont'), text('Élise'), text('Mâcon'), cents(123456)],
      [],
      [text('impaye_caf'), text('R;2'), jour, text('Durand'), null, text('Autun')],
      [text('impaye_caf'), text('R-3'), jour, text('Durand'), null, text('Autun'), null, null, text('trop')],
    ]
    const octets = await ecrire({ header: [...ENTETE.split(';'), 'montant_dette'], rows })
    const lecture = await lu(octets)
    assert.deepEqual([lecture.genre, lecture.encodage, lecture.lignes, lecture.lignesVides], [genre, 'utf-8', 3, 1])
    const recues = await lignes(lecture)
    assert.deepEqual(
      recues.map(({ ligne, anomalie }) => [ligne, anomalie]),
      [
        [2, null],
        [4, null],
        [5, 'nombre_de_champs'],
      ],
    )
    assert.equal(Buffer.from(recues[1]?.octets ?? []).toString(), 'impaye_caf;"R;2";2026-11-13;Durand;;Autun;')
    const contexte = { communeConnue: () => true, vues: new Map<string, string>() }
    const { contenu } = verifierLigne(recues[0] ?? assert.fail(), contexte)
    assert.deepEqual(
      [contenu?.reference_source, contenu?.date_signalement, contenu?.montant_dette],
      ['0012', '2026-11-13', 123456],
    )
    assert.equal((await refuse(octets, { classeurs: false })).refus, 'format_refuse')
  })
}

test('[SIG-29] a workbook that is hostile, blank or without header is refused like any file', async () => {
  const macro = Buffer.from(await writeXlsx({ header: ENTETE.split(';'), rows: [] }))
  const abime = Buffer.from(macro)
  abime.fill(0, 200, 400)
  assert.equal((await refuse(abime)).refus, 'format_refuse')
  assert.equal((await refuse(await writeXlsx({ header: ['a', 'b'], rows: [] }))).refus, 'entete_absente')
  assert.equal((await refuse(await writeXlsx({ header: [''], rows: [] }))).refus, 'fichier_vide')
  assert.equal(
    (await refuse(await writeXlsx({ header: [...ENTETE.split(';'), 'type'], rows: [] }))).refus,
    'colonne_en_double',
  )
})

/**
 * Reads a file to its end, and gives the longest turn of the event loop (ms of processor of its thread: another program on the machine does not count), the memory
 * taken (MB) and the lines.
 */
async function mesurer(
  octets: Buffer,
): Promise<{ arret: number; memoire: number; rendues: number; lecture: FichierLu | FichierRefuse }> {
  const avant = process.memoryUsage().rss
  let pic = avant
  const releve = setInterval(() => {
    pic = Math.max(pic, process.memoryUsage().rss)
  }, 5).unref()
  let arret = 0
  let repere = process.threadCpuUsage()
  const battre = () => {
    const { user, system } = process.threadCpuUsage(repere)
    arret = Math.max(arret, (user + system) / 1000)
    repere = process.threadCpuUsage()
    tour = setImmediate(battre)
  }
  let tour = setImmediate(battre)
  const lecture = await lireFichier(octets, 'f.csv')
  let rendues = 0
  const contexte = { communeConnue: () => true, vues: new Map<string, string>() }
  if (lecture.refus === null)
    for await (const ligne of lecture.enregistrements())
      rendues += Number(verifierLigne(ligne, contexte).verdict !== null)
  clearImmediate(tour)
  clearInterval(releve)
  return { arret, memoire: (pic - avant) / 1e6, rendues, lecture }
}

// The bounds leave room for a slow machine; the figures measured are far below.
const ARRET = 250
const MEMOIRE = 300

test('[SIG-29] 20 000 lines are read and judged without stopping the event loop', async () => {
  const entete = `${ENTETE};adresse;loyer;montant_dette;date_naissance;telephone;bailleur_nom\n`
  const ligne = (rang: number) =>
    `impaye_caf;R-${rang};13/11/2026;Dupont;"Élise; ""${rang}""";Mâcon;${rang} rue du Bac;512,30;1 204,50;12/05/1981;0353011529;OPAC\n`
  const octets = Buffer.from(entete + Array.from({ length: 20_000 }, (_, rang) => ligne(rang)).join(''))
  const { arret, memoire, rendues } = await mesurer(octets)
  assert.equal(rendues, 20_000)
  assert.ok(arret < ARRET && memoire < MEMOIRE, `${arret} ms, ${memoire} MB`)
})

const HOSTILES: readonly (readonly [string, () => Buffer, number, string | null])[] = [
  ['one line of 60 MB', () => Buffer.from(`${ENTETE}\n${LIGNE}${'x'.repeat(60_000_000)}\n${LIGNE}\n`), 2, null],
  ['one quoted field of 60 MB', () => Buffer.from(`${ENTETE}\n"${'x'.repeat(60_000_000)}"\n${LIGNE}\n`), 2, null],
  ['4 million doubled quotes', () => Buffer.from(`${ENTETE}\n"${'""'.repeat(4_000_000)}"\n${LIGNE}\n`), 2, null],
  ['3 million quoted empty fields', () => Buffer.from(`${ENTETE}\n${'"";'.repeat(3_000_000)}\n${LIGNE}\n`), 2, null],
  ['5 million empty lines', () => Buffer.from(`${ENTETE}\n${'\n'.repeat(5_000_000)}${LIGNE}\n`), 1, null],
  ['a header of 60 MB', () => Buffer.from(`${'type;'.repeat(12_000_000)}\n`), 0, 'entete_absente'],
  ['a million columns', () => Buffer.from(`${ENTETE}${';'.repeat(900_000)}\n`), 0, 'entete_absente'],
  [
    'a file of 50 MB left open',
    () => Buffer.from(`${ENTETE}\n"${`${LIGNE}\n`.repeat(1_000_000)}`),
    0,
    'guillemets_non_fermes',
  ],
  ['a megabyte of separators', () => Buffer.from(`${ENTETE}\n${`${';'.repeat(999_990)}x\n`.repeat(5)}`), 5, null],
  ['a megabyte of quotes', () => Buffer.from(`${ENTETE}\n${`"${'""'.repeat(499_990)}"\n`.repeat(5)}`), 5, null],
  [
    'a megabyte of spaces inside a field',
    () => Buffer.from(`${ENTETE};loyer\n${`${LIGNE};1${' '.repeat(990_000)}x\n`.repeat(3)}`),
    3,
    null,
  ],
  [
    'a megabyte of a NIR',
    () => Buffer.from(`${ENTETE};numero_allocataire;note\n${LIGNE};1111111111111;${'1 '.repeat(480_000)}\n`),
    1,
    null,
  ],
  ['60 MB of spaces', () => Buffer.alloc(60_000_000, 0x20), 0, 'fichier_vide'],
]

for (const [cas, construire, attendues, refus] of HOSTILES) {
  test(`[SIG-29] a hostile file takes bounded time and memory: ${cas}`, { timeout: 30_000 }, async () => {
    const { arret, memoire, rendues, lecture } = await mesurer(construire())
    assert.deepEqual([rendues, lecture.refus], [attendues, refus])
    assert.ok(arret < ARRET && memoire < MEMOIRE, `${Math.round(arret)} ms, ${Math.round(memoire)} MB`)
  })
}
