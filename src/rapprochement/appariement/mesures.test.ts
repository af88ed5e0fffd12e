import assert from 'node:assert/strict'
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { test } from 'node:test'
import { parse } from 'csv-parse/sync'
import { projectRoot } from '#socle/config'
import { comparer } from './comparer.ts'
import { ficheDepuisContenu } from './fiche.ts'
import { PARAMETRES_INITIAUX } from './initiaux.ts'
import { genererJeuDifficile } from './jeu-difficile.ts'
import { evaluerPaire, type Parametres } from './modele.ts'
import { estimerParametres, type FicheRangee, type Mesure, mesurer, regrouper } from './regrouper.ts'

const EXEMPLES = join(projectRoot, 'donnees/exemples')
const FICHIERS = [
  'caf-2026-10',
  'bailleurs-sociaux',
  'commandements-semaine-46',
  'assignations-semaine-46',
  'cql-semaine-46',
  'rfp',
]

interface LigneVerite {
  readonly fichier: string
  readonly ligne: string
  readonly menage: string
  readonly verdict_attendu: string
}

function lireTexte(nom: string): string {
  const octets = readFileSync(join(EXEMPLES, nom))
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(octets)
  } catch {
    return new TextDecoder('windows-1252').decode(octets)
  }
}

/** A date as an import keeps it: ISO, or nothing when it does not exist. */
function lireDate(texte: string): string {
  const iso = texte.replace(/^(\d\d)\/(\d\d)\/(\d{4})$/, '$3-$2-$1')
  if (!/^\d{4}-\d\d-\d\d$/.test(iso)) return ''
  try {
    return Temporal.PlainDate.from(iso, { overflow: 'reject' }).toString()
  } catch {
    return ''
  }
}

/** The six samples, lines to be rejected left out: they are not attached before they are corrected. */
function lireEchantillons(): { fiches: FicheRangee[]; verite: Map<string, string> } {
  const attendus = parse(lireTexte('verite.csv'), {
    columns: true,
    delimiter: ';',
    bom: true,
  }) as unknown as LigneVerite[]
  const parLigne = new Map(attendus.map((attendu) => [`${attendu.fichier}:${attendu.ligne}`, attendu]))
  const fiches: FicheRangee[] = []
  const verite = new Map<string, string>()
  for (const fichier of FICHIERS) {
    const rangees = parse(lireTexte(`${fichier}.csv`), { delimiter: ';', bom: true, relax_column_count: true })
    const entete = rangees[0] ?? []
    for (const [rang, rangee] of rangees.entries()) {
      const id = `${fichier}.csv:${rang + 1}`
      const attendu = parLigne.get(id)
      if (!attendu || attendu.verdict_attendu === 'rejetee') continue
      const contenu = Object.fromEntries(entete.map((colonne, i) => [colonne, (rangee[i] ?? '').trim()]))
      for (const colonne of ['date_naissance', 'conjoint_date_naissance'])
        contenu[colonne] = lireDate(contenu[colonne] ?? '')
      if (!/^\d{7}$/.test(contenu.numero_allocataire ?? '')) contenu.numero_allocataire = ''
      fiches.push({ id, fiche: ficheDepuisContenu(contenu) })
      verite.set(id, attendu.menage)
    }
  }
  return { fiches, verite }
}

const estimer = (fiches: readonly FicheRangee[]) =>
  estimerParametres(
    fiches.map(({ fiche }) => fiche),
    PARAMETRES_INITIAUX,
    { graine: 1, version: 'essai' },
  )

const dire = ({ precision, rappel, f1, retrouves, partARevoir }: Mesure) =>
  `précision ${precision.toFixed(4)}, rappel ${rappel.toFixed(4)}, F1 ${f1.toFixed(4)}, retrouvés ${retrouves.toFixed(4)}, à revoir ${partARevoir.toFixed(4)}`

test('[RAP-01] [RAP-02] the six samples: precision ≥ 0.995, F1 ≥ 0.97 without review, ≥ 0.99 found, ≤ 5 % to review', (t) => {
  const { fiches, verite } = lireEchantillons()
  assert.ok(fiches.length > 450)
  for (const parametres of [PARAMETRES_INITIAUX, estimer(fiches)]) {
    const mesure = mesurer(fiches, regrouper(fiches, parametres), verite)
    t.diagnostic(dire(mesure))
    assert.ok(mesure.precision >= 0.995, dire(mesure))
    assert.ok(mesure.f1 >= 0.97, dire(mesure))
    assert.ok(mesure.retrouves >= 0.99, dire(mesure))
    assert.ok(mesure.partARevoir <= 0.05, dire(mesure))
  }
})

/** Twenty draws taken together: one alone holds too few pairs for a rate of five in a thousand. */
function mesurerDifficile(
  graines: readonly number[],
  choisir: (fiches: readonly FicheRangee[]) => Parametres,
  partParents?: number,
) {
  let [fausses, rattachees, vraies, trouvees, revoir, lignesLues] = [0, 0, 0, 0, 0, 0]
  for (const graine of graines) {
    const lignes = genererJeuDifficile(partParents === undefined ? { graine } : { graine, partParents })
    const fiches = lignes.map(({ id, contenu }) => ({ id, fiche: ficheDepuisContenu(contenu) }))
    const verite = new Map(lignes.map(({ id, menage }) => [id, menage]))
    const mesure = mesurer(fiches, regrouper(fiches, choisir(fiches)), verite)
    const membres = [...Map.groupBy(lignes, ({ menage }) => menage).values()]
    const possibles = membres.reduce((somme, { length: n }) => somme + (n * (n - 1)) / 2, 0)
    vraies += possibles
    trouvees += mesure.retrouves * possibles
    fausses += mesure.fauxPositifs.length
    rattachees += mesure.fauxPositifs.length + mesure.rappel * possibles
    revoir += mesure.partARevoir * lignes.length
    lignesLues += lignes.length
  }
  return {
    precision: 1 - fausses / rattachees,
    rappel: (rattachees - fausses) / vraies,
    retrouves: trouvees / vraies,
    partARevoir: revoir / lignesLues,
    lignes: lignesLues,
  }
}

// Not the seeds whose errors were read while the rules were written (1 to 8, 101 to 108).
const GRAINES = Array.from({ length: 20 }, (_, i) => 201 + i)

test('[RAP-01] [RAP-11] the hard set: what is attached without a person is right in 995 cases of 1,000 or more', (t) => {
  for (const choisir of [() => PARAMETRES_INITIAUX, estimer]) {
    const mesure = mesurerDifficile(GRAINES, choisir)
    t.diagnostic(JSON.stringify(mesure))
    assert.ok(mesure.precision >= 0.995, JSON.stringify(mesure))
    assert.ok(mesure.rappel >= 0.7, JSON.stringify(mesure))
    assert.ok(mesure.retrouves >= 0.95, JSON.stringify(mesure))
    assert.ok(mesure.partARevoir <= 0.2, JSON.stringify(mesure))
  }
})

test('[RAP-11] six times more parents and children of one name cost precision, within bounds', (t) => {
  const mesure = mesurerDifficile(GRAINES, () => PARAMETRES_INITIAUX, 0.03)
  t.diagnostic(JSON.stringify(mesure))
  assert.ok(mesure.precision >= 0.975, JSON.stringify(mesure))
})

test('[RAP-01] the hard set is the same from the same seed, and holds the situations it claims', () => {
  const lignes = genererJeuDifficile({ graine: 71 })
  assert.deepEqual(lignes, genererJeuDifficile({ graine: 71 }))
  assert.notDeepEqual(lignes, genererJeuDifficile({ graine: 72 }))
  assert.ok(lignes.length > 2700 && lignes.length < 3300)
  const pieges = new Set(lignes.flatMap((ligne) => ligne.pieges))
  for (const piege of [
    'parent et enfant de même nom',
    'jumeaux',
    'fratrie',
    'homonymes',
    'même immeuble',
    'couple séparé',
    'déménagement',
    'mariage',
  ])
    assert.ok(pieges.has(piege), piege)
})

test('[RAP-01] comparing and weighing a pair takes microseconds', (t) => {
  const fiches = genererJeuDifficile({ graine: 1 }).map(({ contenu }) => ficheDepuisContenu(contenu))
  let meilleure = 0
  for (let tour = 0; tour < 3; tour++) {
    const debut = performance.now()
    let vues = 0
    for (let i = 0; i < 200_000; i++) {
      const [a, b] = [fiches[(i * 7919) % fiches.length], fiches[(i * 104_729 + 1) % fiches.length]]
      if (a && b) vues += evaluerPaire(comparer(a, b), PARAMETRES_INITIAUX).total > -1000 ? 1 : 0
    }
    meilleure = Math.max(meilleure, (vues / (performance.now() - debut)) * 1000)
  }
  t.diagnostic(`${Math.round(meilleure)} paires/s`)
  // The goal is 300,000; the bound leaves room for a machine busy with other tests.
  assert.ok(meilleure >= 100_000, `${meilleure} pairs/s`)
})
