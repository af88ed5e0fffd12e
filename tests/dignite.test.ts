import assert from 'node:assert/strict'
import { globSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, test } from 'node:test'
import { tris } from '#dossiers'
import { projectRoot } from '#socle/config'

/** A word that judges people, what to write instead, and where it is admitted. */
interface MotAEviter {
  readonly motif: RegExp
  readonly mot: string
  readonly ecrire: string
  readonly admis: readonly string[]
  readonly source: string
}

const NOM = 'donnees/acces/mots-a-eviter.csv'
const lire = (chemin: string) => readFileSync(join(projectRoot, chemin), 'utf8')

function lireMots(): MotAEviter[] {
  const [entete, ...lignes] = lire(NOM).trimEnd().split('\n')
  assert.equal(entete, 'mot;ecrire;admis;source')
  return lignes.map((ligne) => {
    const [mot = '', ecrire = '', admis = '', source = ''] = ligne.split(';')
    assert.ok(mot && source, `« ${ligne} » has no word or no source`)
    const motif = new RegExp(`(?<![\\p{L}])(?:${mot})(?![\\p{L}])`, 'iu')
    return { motif, mot, ecrire, admis: admis.split(' ').filter((un) => un !== ''), source }
  })
}

/** Texts of a source file, as people may read them: strings and texts of screens, never comments, names nor queries. */
function textesDuCode(source: string): string[] {
  const sansCommentaires = source.replace(/\/\*[\s\S]*?\*\//g, '').replace(/^\s*\/\/.*$/gm, '')
  const chaines = [...sansCommentaires.matchAll(/'((?:[^'\\\n]|\\.)*)'|"([^"\n]*)"|`((?:[^`\\]|\\.)*)`/g)].map(
    ([, simple, double, gabarit]) => simple ?? double ?? gabarit?.replace(/\$\{[^}]*\}/g, ' ') ?? '',
  )
  const ecrans = [
    ...[...sansCommentaires.matchAll(/>([^<>{}=;]+)</g)].map(([, texte = '']) => texte),
    ...sansCommentaires.split('\n').filter((ligne) => /^\s+[\p{L}«][^;={}()<>]*$/u.test(ligne)),
  ]
  return (
    [...chaines, ...ecrans]
      .map((texte) => texte.trim())
      .filter((texte) => !/\b(?:select|update|insert|delete)\b[\s\S]*\b(?:from|set|into)\b/.test(texte))
      // What is read is a sentence or a label, not a code: a lone word without capital nor space is the latter.
      .filter((texte) => !/^[\w./:#,?-]*$/.test(texte) || /^\p{Lu}/u.test(texte))
  )
}

/** Where a text judges: file, and the word. */
function trouver(fichiers: ReadonlyMap<string, readonly string[]>, mots: readonly MotAEviter[]): string[] {
  return [...fichiers].flatMap(([chemin, textes]) =>
    mots
      .filter(({ admis }) => !admis.some((un) => chemin.startsWith(un)))
      .flatMap(({ motif, mot, ecrire }) =>
        textes.some((texte) => motif.test(texte))
          ? [`${chemin} : « ${mot} »${ecrire && `, écrire « ${ecrire} »`}`]
          : [],
      ),
  )
}

/** Queries that order households by something else than a date, a name, a step or an amount. */
const ORDRE_JUGEANT = /order by[^`;)]*\b(?:score|meilleur_score|vulnerable|criteres|probabilite)\b/i

describe('[ACC-16] words that do not judge, no score and no ranking of people', () => {
  const mots = lireMots()
  const code = globSync('src/**/*.{ts,tsx}', { cwd: projectRoot }).filter(
    (chemin) => !/\.test\.tsx?$|-essai\.tsx?$/.test(chemin),
  )

  test('[ACC-16] no screen, letter, form, label of the data nor page of the guide has a word that judges', () => {
    const fichiers = new Map<string, readonly string[]>()
    for (const chemin of code) fichiers.set(chemin, textesDuCode(lire(chemin)))
    for (const chemin of globSync(['donnees/**/*.{yaml,md,csv}', 'docs/guide/*.md', 'src/**/*.typ'], {
      cwd: projectRoot,
    }))
      if (chemin !== NOM && !chemin.startsWith('donnees/nomenclatures') && !chemin.includes('/febrl/'))
        // A comment is not shown.
        fichiers.set(
          chemin,
          lire(chemin)
            .split('\n')
            .filter((ligne) => !/^\s*(?:#|\/\/)/.test(ligne)),
        )
    assert.ok(fichiers.size > 500, `only ${fichiers.size} files were read`)
    assert.deepEqual(trouver(fichiers, mots), [])
    // The proof has teeth.
    const plantes = new Map([
      ['src/web/plante.tsx', textesDuCode('const a = <p>Ce mauvais payeur a un score de 4</p>')],
    ])
    assert.equal(trouver(plantes, mots).length, 2)
  })

  test('[ACC-16] households are ordered by a name, a date, a step or an amount, never by what weighs them', () => {
    assert.deepEqual([...tris].sort(), ['dette', 'echeance', 'menage', 'ressemblance', 'signal', 'stade'])
    const fautes = code
      // Two records are compared there, not people: the most alike first, for whoever decides.
      .filter((chemin) => !chemin.startsWith('src/rapprochement/'))
      .filter((chemin) => ORDRE_JUGEANT.test(lire(chemin)))
    assert.deepEqual(fautes, [])
    assert.match('select id from dossier order by cardinality(d.criteres) desc', ORDRE_JUGEANT)
  })

  test('[ACC-16] no table keeps a mark of a person', () => {
    const colonnes = globSync('migrations/*.sql', { cwd: projectRoot }).flatMap((chemin) =>
      [
        ...lire(chemin).matchAll(
          /^\s+(score\w*|note_\w*|cote\w*|risque\w*|solvabilite\w*|classement\w*)\s+(?:double|int|numeric|small|real)/gim,
        ),
      ].map(([, nom]) => `${chemin} ${nom}`),
    )
    // How alike two records are.
    assert.deepEqual(colonnes, ['migrations/0005_rapprochement.sql score'])
  })
})
