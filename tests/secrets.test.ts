import assert from 'node:assert/strict'
import { spawnSync } from 'node:child_process'
import { mkdirSync, mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { test } from 'node:test'
import { projectRoot } from '#socle/config'

/** Figure S14 of docs/securite.md, its part on secrets: none is written in a file that git follows. */

/** What a secret looks like. The password of a database is told from an example by what it is made of. */
const MOTIFS: readonly (readonly [string, RegExp])[] = [
  ['clé privée', /-----BEGIN (?:[A-Z]+ )?PRIVATE KEY-----/],
  [
    'adresse d’une base avec mot de passe',
    /\bpostgres(?:ql)?:\/\/[^\s:/@'"`]+:(?!…|\$\{|<|motdepasse@|\.\.\.)[^\s@'"`]{3,}@/,
  ],
  ['serveur de courriel avec mot de passe', /\bsmtps?:\/\/[^\s:/@'"`]+:(?!…|\$\{|<|motdepasse@|\.\.\.)[^\s@'"`]{3,}@/],
  [
    'jeton d’une forge',
    /\b(?:gh[pousr]_[A-Za-z0-9]{30,}|github_pat_[A-Za-z0-9_]{40,}|glpat-[\w-]{20,}|npm_[A-Za-z0-9]{36})\b/,
  ],
  ['clé d’un hébergeur', /\bAKIA[0-9A-Z]{16}\b/],
  ['jeton signé', /\beyJ[\w-]{10,}\.eyJ[\w-]{10,}\.[\w-]{10,}/],
  ['secret donné à un réglage', /^\s*(?:export\s+)?AMONT_(?:PROCONNECT_SECRET|CLE)=(?!\/|$|\s|…|<)['"]?[\w+/=-]{16,}/m],
]
const TROP_GROS = 5_000_000

interface Trouve {
  readonly fichier: string
  readonly quoi: string
}

/** Reads files of a folder as text, binary ones too: a key may be in any. */
function chercherSecrets(dossier: string, fichiers: readonly string[]): Trouve[] {
  return fichiers.flatMap((fichier) => {
    const chemin = join(dossier, fichier)
    const etat = statSync(chemin, { throwIfNoEntry: false })
    if (!etat?.isFile() || etat.size > TROP_GROS) return []
    const texte = readFileSync(chemin, 'utf8')
    return MOTIFS.filter(([, motif]) => motif.test(texte)).map(([quoi]) => ({ fichier, quoi }))
  })
}

function fichiersSuivis(dossier: string): string[] {
  const { status, stdout } = spawnSync('git', ['ls-files', '-z'], { cwd: dossier, encoding: 'utf8', maxBuffer: 1e8 })
  return status === 0 ? stdout.split('\0').filter((nom) => nom !== '') : []
}

test('no secret is in a file that git follows', (t) => {
  const fichiers = fichiersSuivis(projectRoot)
  // A copy without its history (an archive) has nothing to follow: the figure is then unknown, not zero.
  if (fichiers.length === 0) return t.skip('no git here')
  const trouves = chercherSecrets(projectRoot, fichiers)
  t.diagnostic(`S14 : ${fichiers.length} fichiers lus, ${MOTIFS.length} sortes de secrets, ${trouves.length} trouvé`)
  assert.deepEqual(trouves, [])
})

test('the search has teeth: each kind of secret is found when it is planted', (t) => {
  const dossier = mkdtempSync(join(tmpdir(), 'amont-secrets-'))
  t.after(() => rmSync(dossier, { recursive: true, force: true }))
  // Written in pieces: this file is read by the search too.
  const coller = (...morceaux: string[]) => morceaux.join('')
  const plantes: readonly (readonly [string, string])[] = [
    ['cle.pem', coller('-----BEGIN ', 'PRIVATE KEY-----\nMIIEvQ')],
    ['tronquee.txt', coller('texte\n-----BEGIN RSA ', 'PRIVATE KEY-----\nMII')],
    ['base.env', coller('DATABASE_URL=postgres', '://amont:S3cret-reel', '@db.interne/amont')],
    ['courriel.env', coller('AMONT_SMTP_URL=smtps', '://amont:S3cret-reel', '@mail.interne:465')],
    ['forge.txt', coller('gh', 'p_', 'a1B2'.repeat(9))],
    ['hebergeur.ini', coller('AK', 'IA', 'ABCDEFGHIJKLMNOP')],
    ['jeton.json', coller('"ey', 'JhbGciOiJIUzI1NiJ9', '.ey', 'JzdWIiOiIxMjM0NTY3', '.abcdefghijklmnop"')],
    ['proconnect.env', coller('AMONT_PROCONNECT_', 'SECRET=', 'b7c1d4e9f2a84b3dbb51')],
  ]
  mkdirSync(join(dossier, 'sous'))
  for (const [nom, contenu] of plantes) writeFileSync(join(dossier, 'sous', nom), contenu)
  writeFileSync(join(dossier, 'sous', 'exemple.md'), 'DATABASE_URL=postgres://amont_site:…@localhost/amont')
  const noms = [...plantes.map(([nom]) => `sous/${nom}`), 'sous/exemple.md']
  const trouves = chercherSecrets(dossier, noms)
  t.diagnostic(
    `S14, secrets plantés : ${plantes.length} plantés, ${new Set(trouves.map(({ fichier }) => fichier)).size} trouvés`,
  )
  assert.deepEqual(
    [...new Set(trouves.map(({ fichier }) => fichier))].sort(),
    plantes.map(([nom]) => `sous/${nom}`).sort(),
  )
})
