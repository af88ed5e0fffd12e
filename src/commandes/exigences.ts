import { globSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { parseArgs } from 'node:util'
import { projectRoot } from '#socle/config'
import type { Commande } from './types.ts'

interface Exigence {
  readonly numero: string
  readonly tests: { fichier: string; titre: string }[]
}

// A title, or a row of a table of tests, which begins with its numbers: « for (const [titre, …] of TABLE) test(titre, …) ».
const TITRE = /\b(?:test|it|describe)\(\s*(?:'|"|`)((?:[^'"`\\]|\\.)*\[[A-Z]{3}-\d{2}\](?:[^'"`\\]|\\.)*)/g
const RANGEE = /\[\s*'(\[[A-Z]{3}-\d{2}\](?:[^'\\]|\\.)*)',/g

/** Numbers of docs/exigences.md, by chapter in the order of the document, with the tests whose title carries them. */
export function lireCouverture(racine = projectRoot): Map<string, Exigence[]> {
  const document = readFileSync(join(racine, 'docs/exigences.md'), 'utf8')
  const numeros = [...new Set([...document.matchAll(/^\| ([A-Z]{3}-\d{2}) \|/gm)].map((match) => match[1] ?? ''))]
  const parNumero = new Map(numeros.map((numero) => [numero, { numero, tests: [] as Exigence['tests'] }]))
  for (const fichier of globSync('{src,tests}/**/*.test.ts*', { cwd: racine })) {
    const texte = readFileSync(join(racine, fichier), 'utf8')
    for (const [, titre = ''] of [...texte.matchAll(TITRE), ...texte.matchAll(RANGEE)]) {
      for (const [, numero = ''] of titre.matchAll(/\[([A-Z]{3}-\d{2})\]/g))
        parNumero.get(numero)?.tests.push({ fichier, titre })
    }
  }
  const chapitres = new Map<string, Exigence[]>()
  for (const exigence of parNumero.values()) {
    const chapitre = exigence.numero.slice(0, 3)
    chapitres.set(chapitre, [...(chapitres.get(chapitre) ?? []), exigence])
  }
  return chapitres
}

export const exigences: Commande = {
  nom: 'exigences',
  resume: 'dit quelles exigences sont montrées par quels tests',
  aide: `Usage : ./amont exigences [--chapitre SIG] [--details] [--format json]

Par chapitre de docs/exigences.md : les numéros montrés par au moins un test (le titre du test porte le numéro) et ceux qui ne le sont pas encore.`,
  async executer(args) {
    const { values } = parseArgs({
      args: [...args],
      options: {
        chapitre: { type: 'string' },
        details: { type: 'boolean' },
        format: { type: 'string', default: 'texte' },
      },
    })
    const couverture = [...lireCouverture()].filter(
      ([chapitre]) => !values.chapitre || chapitre === values.chapitre.toUpperCase(),
    )
    if (values.format === 'json') {
      process.stdout.write(`${JSON.stringify(Object.fromEntries(couverture), null, 2)}\n`)
      return 0
    }
    for (const [chapitre, liste] of couverture) {
      const montrees = liste.filter((exigence) => exigence.tests.length > 0)
      process.stdout.write(`${chapitre}  ${montrees.length}/${liste.length}\n`)
      if (montrees.length > 0)
        process.stdout.write(`  montrées      : ${montrees.map((exigence) => exigence.numero).join(' ')}\n`)
      const restantes = liste.filter((exigence) => exigence.tests.length === 0)
      if (restantes.length > 0)
        process.stdout.write(`  pas encore    : ${restantes.map((exigence) => exigence.numero).join(' ')}\n`)
      if (values.details) {
        for (const exigence of montrees)
          for (const test of exigence.tests)
            process.stdout.write(`    ${exigence.numero}  ${test.fichier} — ${test.titre}\n`)
      }
    }
    return 0
  },
}
