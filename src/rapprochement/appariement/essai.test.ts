import assert from 'node:assert/strict'
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { test } from 'node:test'
import { projectRoot } from '#socle/config'
import { essayerFichiers } from './essai.ts'

const lire = (nom: string) => readFileSync(join(projectRoot, 'donnees/exemples/febrl', nom), 'utf8')

test('[RAP-01] FEBRL 4, one to one: F1 ≥ 0.998 without soc_sec_id and ≥ 0.999 with it, in a few seconds', async () => {
  const [a, b] = [lire('dataset4a.csv'), lire('dataset4b.csv')]
  const sans = await essayerFichiers(a, b, { sans: ['soc_sec_id'], unAUn: true })
  assert.ok(!sans.champs.includes('identifiant'))
  assert.ok((sans.mesure?.f1 ?? 0) >= 0.998, sans.texte)
  assert.ok(sans.dureeMs < 20_000, sans.texte)
  const avec = await essayerFichiers(a, b, { sans: [], unAUn: true })
  assert.ok((avec.mesure?.f1 ?? 0) >= 0.999, avec.texte)
  assert.match(avec.texte, /Précision : /)
})

test('[RAP-01] the truth is read to measure only: with the ids shuffled, the same lines are matched', async () => {
  const extraire = (nom: string) => lire(nom).split(/\r?\n/).slice(0, 1201)
  const [a, b] = [extraire('dataset4a.csv'), extraire('dataset4b.csv')]
  const renommer = (lignes: readonly string[]) =>
    lignes.map((ligne, rang) => (rang === 0 ? ligne : ligne.replace(/^[^,]*/, `L${rang}`))).join('\n')
  const connues = await essayerFichiers(a.join('\n'), b.join('\n'), { sans: [], unAUn: true })
  const anonymes = await essayerFichiers(renommer(a), renommer(b), { sans: [], unAUn: true })
  assert.equal(anonymes.mesure, null)
  assert.deepEqual(
    anonymes.paires.map(({ score }) => score),
    connues.paires.map(({ score }) => score),
  )
  assert.match(anonymes.texte, /vérité n’est pas connue/)
})

test('[RAP-01] files in our own format match on their French columns', async () => {
  const entete = 'type;reference_source;nom_usage;prenom;date_naissance;adresse;code_postal;commune'
  const noms = [
    'Moubadet',
    'Tarbain',
    'Rencat',
    'Jacvey',
    'Toutain',
    'Malline',
    'Lorland',
    'Pinfat',
    'Salvard',
    'Derbin',
    'Naurois',
    'Vallat',
  ]
  const ligne = (nom: string, i: number, prefixe: string) =>
    `impaye_caf;${prefixe}-${i};${nom};Prénom${String.fromCharCode(65 + i)};${10 + i}/03/19${60 + i};${i + 1} rue ${noms[(i * 5) % 12]};71${100 + i};Commune${i}`
  const a = [entete, ...noms.map((nom, i) => ligne(nom, i, 'A'))].join('\n')
  const b = [entete, ...noms.map((nom, i) => ligne(i % 3 === 0 ? nom.replace('a', 'e') : nom, i, 'B')).reverse()].join(
    '\n',
  )
  const resultat = await essayerFichiers(a, b, { sans: [], unAUn: true })
  assert.equal(resultat.paires.length, 12)
  for (const paire of resultat.paires) assert.equal(paire.a.slice(2), paire.b.slice(2))
})

test('[RAP-01] a file without any column of names is refused in French', async () => {
  await assert.rejects(essayerFichiers('x,y\n1,2', 'x,y\n1,2', { sans: [], unAUn: false }), /colonne de nom/)
})

test('[RAP-01] a trial gives way to the other work of the process', async () => {
  const [a, b] = [lire('dataset4a.csv'), lire('dataset4b.csv')].map((texte) =>
    texte.split('\n').slice(0, 1500).join('\n'),
  )
  let battements = 0
  const minuteur = setInterval(() => {
    battements += 1
  }, 5)
  await essayerFichiers(a ?? '', b ?? '', { sans: [], unAUn: true })
  clearInterval(minuteur)
  assert.ok(battements >= 3, `${battements} beats`)
})
