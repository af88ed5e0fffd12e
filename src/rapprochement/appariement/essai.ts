import {
  type ChampEssai,
  COLONNES_ESSAI,
  type FichierEssai,
  type LigneEssai,
  lireFichierEssai,
} from './essai-lecture.ts'
import { type ChampCompare, composerMotif, estimerModele, lireMotif, type ModeleEssai } from './essai-modele.ts'
import { tirages } from './hasard.ts'

export interface PaireEssai {
  readonly a: string
  readonly b: string
  /** Posterior probability that the two lines are one person. */
  readonly score: number
  /** log2 of the likelihood ratio. */
  readonly poids: number
}

export interface MesureEssai {
  readonly vraies: number
  readonly justes: number
  readonly precision: number
  readonly rappel: number
  readonly f1: number
  /** Share of the true pairs that share at least one key. */
  readonly atteignables: number
}

export interface ResultatEssai {
  /** The report, in French. */
  readonly texte: string
  readonly lignesA: number
  readonly lignesB: number
  readonly champs: readonly string[]
  readonly candidates: number
  readonly dureeMs: number
  readonly paires: readonly PaireEssai[]
  /** Null when the files do not tell the truth. */
  readonly mesure: MesureEssai | null
}

export interface OptionsEssai {
  /** Columns left out, by their name in the file. */
  readonly sans: readonly string[]
  /** Each line of one file has at most one match in the other. */
  readonly unAUn: boolean
}

/** A key met by more pairs than this says nothing; the other keys remain. */
const PLAFOND_PAIRES_PAR_CLE = 4000
const PAIRES_AU_HASARD = 100_000
const TRANCHE_MS = 12

/** Gives way to the other work of the process between slices of computing. */
function rythme(): () => Promise<void> | undefined {
  let depuis = performance.now()
  return () => {
    if (performance.now() - depuis < TRANCHE_MS) return undefined
    return new Promise((resolve) => {
      setImmediate(() => {
        depuis = performance.now()
        resolve()
      })
    })
  }
}

/** Keys of a line: each joins two facts, none is needed by all, so that a line keeps some whatever was spoilt in it. */
function clesDe({ valeurs: v, phonNom, phonPrenom }: LigneEssai): string[] {
  const cles: string[] = []
  const ajouter = (code: string, ...parties: readonly string[]) => {
    if (parties.every((partie) => partie !== '')) cles.push(`${code}${parties.join('|')}`)
  }
  const [prefixeVoie, finVoie] = [v.voie.slice(0, 5), v.voie.length > 8 ? v.voie.slice(4, 9) : '']
  ajouter('i', v.identifiant)
  ajouter('t', v.telephone)
  ajouter('m', v.courriel)
  ajouter('d', v.naissance)
  ajouter('n', ...[phonNom, phonPrenom].sort())
  for (const [code, mot] of [
    ['1', phonNom],
    ['2', phonPrenom],
  ] as const) {
    ajouter(`${code}p`, mot, v.code_postal)
    ajouter(`${code}c`, mot, v.commune)
    ajouter(`${code}o`, mot, v.numero)
    ajouter(`${code}v`, mot, prefixeVoie)
    ajouter(`${code}x`, mot, v.complement.slice(0, 6))
    ajouter(`${code}a`, mot, v.naissance.slice(0, 4))
    ajouter(`${code}j`, mot, v.naissance.slice(4))
  }
  ajouter('vn', v.numero, prefixeVoie)
  ajouter('vp', v.code_postal, prefixeVoie)
  ajouter('vf', v.code_postal, finVoie)
  ajouter('vc', v.commune.slice(0, 6), prefixeVoie)
  ajouter('vx', v.complement.slice(0, 6), prefixeVoie)
  ajouter('np', v.numero, v.code_postal)
  ajouter('nc', v.numero, v.commune)
  ajouter('pc', v.code_postal, v.commune)
  ajouter('px', v.code_postal, v.complement)
  ajouter('xn', v.complement, v.numero)
  ajouter('xc', v.complement, v.commune)
  ajouter('ap', v.naissance.slice(0, 4), v.code_postal)
  ajouter('jp', v.naissance.slice(4), v.code_postal)
  ajouter('an', v.naissance.slice(0, 6), v.numero)
  ajouter('ac', v.naissance.slice(0, 4), v.commune)
  return cles
}

/** Pairs of lines that share a key, as `rankA * n + rankB`. */
async function listerCandidates(
  a: readonly LigneEssai[],
  b: readonly LigneEssai[],
  ceder: ReturnType<typeof rythme>,
): Promise<Set<number>> {
  const index = new Map<string, { a: number[]; b: number[] }>()
  for (const [cote, lignes] of [
    ['a', a],
    ['b', b],
  ] as const) {
    for (const [rang, ligne] of lignes.entries()) {
      for (const cle of clesDe(ligne)) {
        const entree = index.get(cle)
        if (entree) entree[cote].push(rang)
        else if (cote === 'a') index.set(cle, { a: [rang], b: [] })
      }
      await ceder()
    }
  }
  const paires = new Set<number>()
  for (const { a: rangsA, b: rangsB } of index.values()) {
    if (rangsA.length * rangsB.length > PLAFOND_PAIRES_PAR_CLE) continue
    for (const x of rangsA) for (const y of rangsB) paires.add(x * b.length + y)
    await ceder()
  }
  return paires
}

interface Notee {
  readonly x: number
  readonly y: number
  readonly poids: number
}

/** Adds to each exact agreement what its value is worth: a common name agrees by chance more often than a rare one. */
function frequences(
  fichiers: readonly FichierEssai[],
  champs: readonly ChampEssai[],
): Map<ChampEssai, Map<string, number>> {
  return new Map(
    champs.map((champ) => {
      const comptes = new Map<string, number>()
      let total = 0
      for (const { lignes } of fichiers) {
        for (const { valeurs } of lignes) {
          if (valeurs[champ] === '') continue
          total += 1
          comptes.set(valeurs[champ], (comptes.get(valeurs[champ]) ?? 0) + 1)
        }
      }
      return [champ, new Map([...comptes].map(([valeur, n]) => [valeur, n / total]))]
    }),
  )
}

const PONDERES = ['nom', 'prenom', 'commune'] as const satisfies readonly ChampEssai[]

function peser(
  motif: number,
  a: LigneEssai,
  champs: readonly ChampCompare[],
  modele: ModeleEssai,
  parts: ReadonlyMap<ChampEssai, ReadonlyMap<string, number>>,
): number {
  const niveaux = lireMotif(motif, champs.length)
  let poids = 0
  for (let i = 0; i < champs.length; i++) {
    const champ = champs[i]
    const n = niveaux[i] ?? -1
    const [m, u] = [modele.m[i]?.[n], modele.u[i]?.[n]]
    if (champ === undefined || n < 0 || m === undefined || u === undefined) continue
    const part = champ !== 'inversion' && n === 4 ? parts.get(champ)?.get(a.valeurs[champ]) : undefined
    poids += Math.log2(m / (part === undefined ? u : Math.sqrt(u * part)))
  }
  return poids
}

/**
 * Posterior of each pair. One to one, the lines of A compete for those of B: the probability of a pair weighs it against the others of both its lines, and
 * against having no match at all.
 */
function choisir(
  notees: readonly Notee[],
  lambda: number,
  tailles: readonly [number, number],
  unAUn: boolean,
): (Notee & { readonly score: number })[] {
  if (!unAUn) {
    const prior = Math.log2(lambda / (1 - lambda))
    return notees
      .map((paire) => ({ ...paire, score: 1 / (1 + 2 ** -(paire.poids + prior)) }))
      .filter(({ score }) => score >= 0.5)
  }
  const part = Math.min(0.99, lambda * Math.max(...tailles))
  const cote = (poids: number) => (2 ** Math.min(poids, 900) * part) / ((1 - part) * Math.max(...tailles))
  const [sommeX, sommeY] = [new Map<number, number>(), new Map<number, number>()]
  for (const { x, y, poids } of notees) {
    sommeX.set(x, (sommeX.get(x) ?? 0) + cote(poids))
    sommeY.set(y, (sommeY.get(y) ?? 0) + cote(poids))
  }
  const [prisX, prisY] = [new Set<number>(), new Set<number>()]
  const retenues: (Notee & { readonly score: number })[] = []
  for (const paire of [...notees].sort((p, q) => q.poids - p.poids || p.x - q.x || p.y - q.y)) {
    if (prisX.has(paire.x) || prisY.has(paire.y)) continue
    const odds = cote(paire.poids)
    const score = Math.min(odds / (1 + (sommeX.get(paire.x) ?? odds)), odds / (1 + (sommeY.get(paire.y) ?? odds)))
    if (score < 0.5) continue
    prisX.add(paire.x)
    prisY.add(paire.y)
    retenues.push({ ...paire, score })
  }
  return retenues
}

/** Truth and found pairs compared; null when the ids do not tell. */
function mesurerEssai(
  a: readonly LigneEssai[],
  b: readonly LigneEssai[],
  retenues: readonly Notee[],
  candidates: ReadonlySet<number>,
): MesureEssai | null {
  const parVerite = Map.groupBy(
    b.map((ligne, rang) => ({ rang, verite: ligne.verite })).filter(({ verite }) => verite !== null),
    ({ verite }) => verite,
  )
  let [vraies, atteignables] = [0, 0]
  for (const [x, { verite }] of a.entries()) {
    if (verite === null) continue
    for (const { rang } of parVerite.get(verite) ?? []) {
      vraies += 1
      if (candidates.has(x * b.length + rang)) atteignables += 1
    }
  }
  if (vraies === 0) return null
  const justes = retenues.filter(({ x, y }) => a[x]?.verite != null && a[x]?.verite === b[y]?.verite).length
  const precision = retenues.length === 0 ? 1 : justes / retenues.length
  const rappel = justes / vraies
  return {
    vraies,
    justes,
    precision,
    rappel,
    f1: precision + rappel === 0 ? 0 : (2 * precision * rappel) / (precision + rappel),
    atteignables: atteignables / vraies,
  }
}

const decimal = (n: number, chiffres: number): string => n.toFixed(chiffres).replace('.', ',')

/**
 * Matches two files without touching the base: Fellegi–Sunter over the columns they share, learnt from the files themselves, without any label. The truth, when
 * the ids tell it, is read only to measure.
 */
export async function essayerFichiers(texteA: string, texteB: string, options: OptionsEssai): Promise<ResultatEssai> {
  const debut = performance.now()
  const ceder = rythme()
  const sans = new Set(options.sans.map((nom) => nom.trim().toLowerCase()).filter((nom) => nom !== ''))
  const [fichierA, fichierB] = [lireFichierEssai(texteA, sans), lireFichierEssai(texteB, sans)]
  await ceder()
  const [a, b] = [fichierA.lignes, fichierB.lignes]
  const communs = (Object.keys(COLONNES_ESSAI) as ChampEssai[]).filter(
    (champ) => fichierA.champs.includes(champ) && fichierB.champs.includes(champ),
  )
  const champs: ChampCompare[] =
    communs.includes('nom') && communs.includes('prenom') ? [...communs, 'inversion'] : communs
  const candidates = await listerCandidates(a, b, ceder)
  const hasard = tirages(1)
  const auHasard = new Map<number, number>()
  for (let i = 0; i < Math.min(PAIRES_AU_HASARD, 20 * a.length * b.length); i++) {
    const [x, y] = [a[Math.floor(hasard() * a.length)], b[Math.floor(hasard() * b.length)]]
    if (!x || !y) break
    const motif = composerMotif(x, y, champs)
    auHasard.set(motif, (auHasard.get(motif) ?? 0) + 1)
    await ceder()
  }
  const motifs = new Map<number, number>()
  const comparees: { x: number; y: number; motif: number }[] = []
  for (const paire of candidates) {
    const [x, y] = [Math.floor(paire / b.length), paire % b.length]
    const [ligneA, ligneB] = [a[x], b[y]]
    if (!ligneA || !ligneB) continue
    const motif = composerMotif(ligneA, ligneB, champs)
    motifs.set(motif, (motifs.get(motif) ?? 0) + 1)
    comparees.push({ x, y, motif })
    await ceder()
  }
  const modele = estimerModele(motifs, auHasard, champs, Math.max(1, a.length * b.length))
  await ceder()
  const parts = frequences(
    [fichierA, fichierB],
    PONDERES.filter((champ) => communs.includes(champ)),
  )
  const notees: Notee[] = []
  for (const { x, y, motif } of comparees) {
    const ligneA = a[x]
    if (!ligneA) continue
    const poids = peser(motif, ligneA, champs, modele, parts)
    if (poids > 0) notees.push({ x, y, poids })
    await ceder()
  }
  const retenues = choisir(notees, modele.lambda, [a.length, b.length], options.unAUn)
  const mesure = mesurerEssai(a, b, retenues, candidates)
  const dureeMs = Math.round(performance.now() - debut)
  const texte = [
    `Fichier A : ${a.length} lignes ; fichier B : ${b.length} lignes.`,
    `Champs comparés : ${communs.join(', ')}${sans.size > 0 ? ` (sans ${[...sans].join(', ')})` : ''}.`,
    `Paires comparées : ${comparees.length} sur ${a.length * b.length} possibles ; paires retenues : ${retenues.length}${options.unAUn ? ' (une à une)' : ''}.`,
    mesure
      ? `Précision : ${decimal(mesure.precision, 4)} ; rappel : ${decimal(mesure.rappel, 4)} ; F1 : ${decimal(mesure.f1, 4)} (${mesure.justes} paires justes sur ${mesure.vraies}).`
      : 'La vérité n’est pas connue pour ces fichiers : ni précision ni rappel.',
    `Durée : ${decimal(dureeMs / 1000, 1)} s.`,
    '',
  ].join('\n')
  return {
    texte,
    lignesA: a.length,
    lignesB: b.length,
    champs: communs,
    candidates: comparees.length,
    dureeMs,
    paires: retenues.map(({ x, y, score, poids }) => ({ a: a[x]?.id ?? '', b: b[y]?.id ?? '', score, poids })),
    mesure,
  }
}
