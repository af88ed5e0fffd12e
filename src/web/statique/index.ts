import { createHash } from 'node:crypto'
import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { projectRoot } from '#socle/config'

/** One file sent to browsers, held in memory. Its address carries the hash of its content, so it may be cached for ever. */
export interface Actif {
  readonly nom: string
  readonly chemin: string
  readonly type: string
  readonly empreinte: string
  readonly octets: Buffer
}

// The compiled code runs from dist/, where the compiler copies no static file: they are read from the sources.
const DOSSIER = join(projectRoot, 'src/web/statique')
const TYPES: Readonly<Record<string, string>> = {
  css: 'text/css; charset=utf-8',
  js: 'text/javascript; charset=utf-8',
  svg: 'image/svg+xml',
  txt: 'text/plain; charset=utf-8',
  woff2: 'font/woff2',
}

function creerActif(nom: string, octets: Buffer): Actif {
  const empreinte = createHash('sha256').update(octets).digest('hex').slice(0, 10)
  const extension = nom.slice(nom.lastIndexOf('.') + 1)
  return {
    nom,
    chemin: `/statique/${nom.slice(0, -extension.length - 1)}.${empreinte}.${extension}`,
    type: TYPES[extension] ?? 'application/octet-stream',
    empreinte,
    octets,
  }
}

const lireDossier = (dossier: string): { nom: string; octets: Buffer }[] =>
  readdirSync(join(DOSSIER, dossier))
    .filter((nom) => !nom.startsWith('.'))
    .sort()
    .map((nom) => ({ nom, octets: readFileSync(join(DOSSIER, dossier, nom)) }))

/** Layers, so that print and preferences win over components without fighting their specificity. The number of the file says which. */
const couche = (nom: string): string => (nom < '10' ? 'socle' : nom < '90' ? 'composants' : 'sorties')

function assemblerCss(polices: ReadonlyMap<string, string>): string {
  const feuilles = lireDossier('css').map(({ nom, octets }) => `@layer ${couche(nom)} {\n${octets.toString('utf8')}}\n`)
  return `@layer socle, composants, sorties;\n${feuilles.join('')}`.replace(
    /url\("polices\/([^"]+)"\)/g,
    (_tout, nom: string) => {
      const chemin = polices.get(nom)
      if (chemin === undefined) throw new Error(`Police absente : ${nom}`)
      return `url("${chemin}")`
    },
  )
}

/** Each script keeps its names to itself: a block of its own in one module. */
const assemblerJs = (): string =>
  lireDossier('js')
    .map(({ octets }) => `{\n${octets.toString('utf8')}}\n`)
    .join('')

function charger(): ReadonlyMap<string, Actif> {
  const polices = lireDossier('polices').map(({ nom, octets }) => creerActif(`polices/${nom}`, octets))
  const chemins = new Map(polices.map((actif) => [actif.nom.slice('polices/'.length), actif.chemin]))
  const liste = [
    ...polices,
    creerActif('amont.css', Buffer.from(assemblerCss(chemins))),
    creerActif('amont.js', Buffer.from(assemblerJs())),
    creerActif('icone.svg', readFileSync(join(DOSSIER, 'icone.svg'))),
  ]
  return new Map(liste.map((actif) => [actif.nom, actif]))
}

let charges: ReadonlyMap<string, Actif> | undefined

/** Everything the pages refer to: the style sheet, the script, the fonts and their licence, the icon of the tab. Read once. */
export function actifs(): readonly Actif[] {
  charges ??= charger()
  return [...charges.values()]
}

/** Address of a static file by its name, hash included. Throws when there is none. */
export function cheminActif(nom: string): string {
  charges ??= charger()
  const actif = charges.get(nom)
  if (actif === undefined) throw new Error(`Fichier statique inconnu : ${nom}`)
  return actif.chemin
}
