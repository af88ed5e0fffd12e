// Regenerates the lists of communes and territories. Run by developers after a build, never at start-up:
//   node scripts/nomenclatures.mjs             writes the files and the report
//   node scripts/nomenclatures.mjs --verifier  writes nothing, fails if a file is not what the sources give
import { readFileSync, writeFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { parse } from 'csv-parse/sync'
import { normaliserCommune } from '../dist/src/referentiel/territoires.js'

const root = fileURLToPath(new URL('..', import.meta.url))
const require = createRequire(import.meta.url)
const cog = require('@etalab/decoupage-administratif/data/communes.json')
const arrondissements = require('@etalab/decoupage-administratif/data/arrondissements.json')
const packageVersion = require('@etalab/decoupage-administratif/package.json').version

const DEPT = '71'
const IN_FORCE_FROM = '2020-02-14'
const FOLDER = 'donnees/departements/71-saone-et-loire'
const MODEL = 'donnees/departements/modele-pdalhpd'
const readCsv = (path) => parse(readFileSync(join(root, path), 'utf8'), { columns: true, delimiter: ';' })
const writeCsv = (rows) =>
  `${rows.map((row) => row.map((cell) => (/[;"\n]/.test(cell) ? `"${cell.replaceAll('"', '""')}"` : cell)).join(';')).join('\n')}\n`
const squeeze = (text) => normaliserCommune(text).replaceAll(' ', '')

const printed = readCsv('donnees/nomenclatures/annexe-7-71.csv')
const corrections = readCsv('donnees/nomenclatures/corrections-annexe-7-71.csv')
const unidentified = readCsv('donnees/nomenclatures/non-identifies-71.csv')
const formerNames = readCsv('donnees/nomenclatures/communes-anciens-noms-71.csv')

const local = cog.filter((commune) => commune.departement === DEPT)
const current = local.filter((commune) => commune.type === 'commune-actuelle')
const byCode = new Map(current.map((commune) => [commune.code, commune]))
const currentByName = new Map(current.map((commune) => [normaliserCommune(commune.nom), commune]))
const partsByName = new Map(
  local.filter((commune) => commune.type !== 'commune-actuelle').map((part) => [normaliserCommune(part.nom), part]),
)
const currentBySqueezed = new Map(current.map((commune) => [squeeze(commune.nom), commune]))
const formerByName = new Map(formerNames.map((former) => [normaliserCommune(former.ancien_nom), former]))
const find = (rows, territory, name) => rows.find((row) => row.territoire === territory && row.nom_imprime === name)

const anomalies = {
  cut: [],
  repeated: [],
  glued: [],
  misprinted: [],
  gone: [],
  renamed: [],
  parts: [],
  unidentified: [],
}

/** Names cut on two lines end with a linking word: the next cell is their end. */
function joinCutNames(cells) {
  const names = []
  for (const { territoire, nom_imprime: name } of cells) {
    const last = names.at(-1)
    if (last && last.territoire === territoire && /\s(sous|sur|l[eè]s|les|la|le|en|de|du|des|et)$/i.test(last.name)) {
      anomalies.cut.push(`${territoire}: « ${last.name} » + « ${name} »`)
      last.name = `${last.name} ${name}`
    } else names.push({ territoire, name })
  }
  return names
}

function dropRepeated(names) {
  const kept = new Map()
  for (const entry of names) {
    const key = `${entry.territoire} ${normaliserCommune(entry.name)}`
    const first = kept.get(key)
    if (first) {
      anomalies.repeated.push(`${entry.territoire}: « ${entry.name} »`)
      first.repeated = true
    } else kept.set(key, entry)
  }
  return [...kept.values()]
}

/** Never guesses: official name, part of a commune, former name, printed correction, missing space, or not identified. */
function resolve({ territoire, name, repeated }) {
  const remarks = repeated ? ['Nom imprimé deux fois dans la liste.'] : []
  const known = find(unidentified, territoire, name)
  if (known) {
    anomalies.unidentified.push(`${territoire}: « ${name} » (${known.statut})`)
    return { code: '', status: known.statut, remarks: [...remarks, known.remarque] }
  }
  const correction = find(corrections, territoire, name)
  if (correction) {
    anomalies.misprinted.push(`${territoire}: « ${name} » → ${correction.nom_corrige}`)
    remarks.push(correction.motif)
  }
  const read = correction?.nom_corrige ?? name
  const key = normaliserCommune(read)
  const exact = currentByName.get(key)
  if (exact) return { code: exact.code, status: correction ? 'variante' : 'actuelle', remarks }

  const part = partsByName.get(key)
  if (part) {
    const status = part.type === 'commune-deleguee' ? 'deleguee' : 'associee'
    const parent = byCode.get(part.chefLieu)
    anomalies.parts.push(`${territoire}: « ${name} » (${part.code}) → ${parent.nom} (${parent.code})`)
    return { code: parent.code, status, remarks: [...remarks, `Code propre ${part.code}.`] }
  }
  const former = formerByName.get(key)
  if (former) {
    const now = byCode.get(former.code_insee_actuel)
    const renamed = former.nature === 'changement_de_nom'
    const line = `${territoire}: « ${name} » (${former.code_insee_ancien}) → ${now.nom} (${now.code}), until ${former.jusqu_au}`
    ;(renamed ? anomalies.renamed : anomalies.gone).push(line)
    remarks.push(
      renamed
        ? `Nom officiel jusqu’au ${former.jusqu_au}.`
        : `Commune jusqu’au ${former.jusqu_au}, code ${former.code_insee_ancien}.`,
    )
    return { code: now.code, status: renamed ? 'variante' : 'fusionnee', remarks }
  }
  const glued = currentBySqueezed.get(squeeze(read))
  if (glued) {
    anomalies.glued.push(`${territoire}: « ${name} » → ${glued.nom}`)
    return { code: glued.code, status: 'variante', remarks: [...remarks, 'Espace perdue à la copie.'] }
  }
  anomalies.unidentified.push(`${territoire}: « ${name} » (inconnue, new)`)
  return { code: '', status: 'inconnue', remarks: [...remarks, 'Nom non identifié.'] }
}

const rows = dropRepeated(joinCutNames(printed)).map((entry) => ({ ...entry, ...resolve(entry) }))

const territoriesOf = new Map(current.map((commune) => [commune.code, new Set()]))
for (const { code, territoire } of rows) territoriesOf.get(code)?.add(territoire)
const absent = current.filter((commune) => territoriesOf.get(commune.code).size === 0)
const disputed = current.filter((commune) => territoriesOf.get(commune.code).size > 1)
for (const row of rows) {
  const others = [...(territoriesOf.get(row.code) ?? [])].filter((territory) => territory !== row.territoire)
  if (others.length > 0) row.remarks.push(`La même commune actuelle est aussi dans la liste de : ${others.join(', ')}.`)
}
const homonyms = Object.entries(Object.groupBy(rows, ({ name }) => normaliserCommune(name))).filter(
  ([, same]) => same.length > 1,
)
const districts = new Map(arrondissements.map(({ code, nom }) => [code, nom]))
const seats = { 'montceau-les-mines': 'Autun' }
const label = (commune) => districts.get(commune.arrondissement) ?? ''
const slug = (text) => normaliserCommune(text).toLowerCase().replaceAll(' ', '-')
const outside = rows.filter(({ code, territoire }) => {
  const commune = byCode.get(code)
  return commune && (seats[territoire] ? label(commune) !== seats[territoire] : slug(label(commune)) !== territoire)
})

const communesCsv = writeCsv([
  ['code_insee', 'nom', 'codes_postaux', 'code_arrondissement', 'arrondissement'],
  ...current.map((c) => [c.code, c.nom, (c.codesPostaux ?? []).join(' '), c.arrondissement ?? '', label(c)]),
])
const territoriesCsv = writeCsv([
  ['territoire', 'nom_liste', 'nom_actuel', 'code_insee', 'statut', 'du', 'jusqu_au', 'remarque'],
  ...rows.map((row) => [
    row.territoire,
    row.name,
    byCode.get(row.code)?.nom ?? '',
    row.code,
    row.status,
    IN_FORCE_FROM,
    '',
    row.remarks.join(' '),
  ]),
])

const bullets = (lines) => (lines.length > 0 ? lines.map((line) => `- ${line}`).join('\n') : '- none')
const count = (list, key) =>
  Object.entries(Object.groupBy(list, (item) => item[key])).map(([k, v]) => `${k} ${v.length}`)
const report = `# Territories of Saône-et-Loire: anomalies of the printed lists

Generated by \`scripts/nomenclatures.mjs\` from \`donnees/nomenclatures/annexe-7-71.csv\` (the cells as printed in annexe 7 of the
charter, order of 14/02/2020) and from @etalab/decoupage-administratif ${packageVersion}. Do not edit by hand.

- Cells printed: ${printed.length}. Names once cut names are joined: ${printed.length - anomalies.cut.length}. Rows kept once repetitions are dropped: ${rows.length}.
- Per territory: ${count(rows, 'territoire').join(', ')}.
- Per status: ${count(rows, 'status').join(', ')}.
- Communes of today: ${current.length}, of which absent from the lists: ${absent.length}.

The order was made for six years and ended on 14/02/2026. Its lists are the only ones known, so the rows stay open
(\`jusqu_au\` empty) until a new list is recorded; a person of the préfecture has to confirm them.

## Cut on two lines (joined)
${bullets(anomalies.cut)}

## Printed twice (kept once)
${bullets(anomalies.repeated)}

## Space lost in print (resolved: same letters as one commune)
${bullets(anomalies.glued)}

## Misprints (resolved by \`corrections-annexe-7-71.csv\`, each with its reason; to be confirmed)
${bullets(anomalies.misprinted)}

## Official name changed without merging
${bullets(anomalies.renamed)}

## Communes that no longer exist under this name
${bullets(anomalies.gone)}

## Communes déléguées and associées
${bullets(anomalies.parts)}

## Not identified (they keep the territory of their list, without a code)
${bullets(anomalies.unidentified)}

## Communes of today absent from the lists (« territoire à déterminer »)
${bullets(absent.map((c) => `${c.nom} (${c.code}), arrondissement of ${label(c)}`))}

Frontenard is printed twice where Frontenaud is missing: a misprint is likely, it is not corrected here.

## Communes of today that two lists claim through their former names
The name printed in a list keeps the territory of that list; the new name, when no list prints it, is « à déterminer ».
${bullets(
  disputed.map(
    (c) =>
      `${c.nom} (${c.code}): ${rows
        .filter((r) => r.code === c.code)
        .map((r) => `« ${r.name} » in ${r.territoire}`)
        .join(', ')}`,
  ),
)}

## Same name in two territories
${bullets(homonyms.map(([name, same]) => `${name}: ${same.map((row) => row.territoire).join(', ')}`))}

## Territory different from the official arrondissement (${outside.length})
Territories are not arrondissements: this is for information. Montceau-les-Mines lies in the arrondissement of Autun.
${bullets(outside.map((r) => `« ${r.name} »: territory ${r.territoire}, arrondissement ${label(byCode.get(r.code))}`))}
`

const names = new Set(cog.map((commune) => normaliserCommune(commune.nom)))
const real = readCsv(`${MODEL}/territoires.csv`).filter((row) => names.has(normaliserCommune(row.nom_liste)))
if (real.length > 0) {
  console.error(`${MODEL}: these invented names exist: ${real.map((row) => row.nom_liste).join(', ')}`)
  process.exit(1)
}

const outputs = {
  'donnees/nomenclatures/communes-71.csv': communesCsv,
  [`${FOLDER}/territoires.csv`]: territoriesCsv,
  'docs/territoires-71.md': report,
}
if (process.argv.includes('--verifier')) {
  const stale = Object.entries(outputs).filter(([path, text]) => readFileSync(join(root, path), 'utf8') !== text)
  for (const [path] of stale) console.error(`${path} is not what the sources give: run node scripts/nomenclatures.mjs`)
  process.exit(stale.length > 0 ? 1 : 0)
}
for (const [path, text] of Object.entries(outputs)) writeFileSync(join(root, path), text)
console.log(report)
