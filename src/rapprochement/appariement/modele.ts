import { CHAMPS, type Champ, type Comparaison, NIVEAUX } from './comparer.ts'

/** m and u of each level of each field, and the prior odds: everything the score rests on, versioned and shown. */
export interface Parametres {
  readonly version: string
  readonly lambda: number
  readonly m: Readonly<Record<Champ, readonly number[]>>
  readonly u: Readonly<Record<Champ, readonly number[]>>
  /** Share of the fiches that bear each common surname: agreeing on a rare one says more. */
  readonly frequences: Readonly<Record<string, number>>
  readonly seuils: { readonly suggerer: number; readonly certain: number }
}

export interface PoidsChamp {
  readonly champ: Champ
  readonly niveau: number
  readonly libelle: string
  readonly note: string | undefined
  /** log2(m/u): positive speaks for the same household, negative against. */
  readonly poids: number
}

export interface Evaluation {
  readonly total: number
  readonly probabilite: number
  readonly champs: readonly PoidsChamp[]
  /** French sentences, strongest first. */
  readonly raisons: readonly string[]
  /** What forbids attaching without a person. */
  readonly contraires: readonly string[]
  /** What the person is recognised by: 0 a name and a place only, 1 a birth date, 2 a number of the CAF. */
  readonly appui: number
  /** How flatly two fiches that look alike contradict each other on the person: 0 not at all, 1 parent and child or twins, 2 another dwelling with another number of the CAF, or with a couple on one side only. */
  readonly opposition: number
}

const NOMS_CHAMPS = {
  nom: 'nom',
  prenom: 'prénom',
  naissance: 'date de naissance',
  adresse: 'adresse',
  commune: 'commune',
  telephone: 'téléphone',
  courriel: 'courriel',
  allocataire: 'numéro d’allocataire',
  conjoint: 'conjoint',
  bailleur: 'bailleur',
} as const satisfies Record<Champ, string>

/** A difference of ages that separates two generations. */
const GENERATION = 14

/**
 * What contradicts a match, whatever the score: parent and child, twins, neighbours, a couple that parted. Each rule states a situation in which two households
 * look alike; none is learnt from data.
 */
export function listerContraires(comparaison: Comparaison): string[] {
  const { niveaux: n, ecartAges } = comparaison
  const contraires: string[] = []
  const memeLieu = n.adresse >= 2 && n.commune !== 0
  const identifiant = n.telephone === 1 || n.courriel === 1 || n.allocataire === 2
  if (n.prenom === 0) {
    contraires.push(
      n.naissance === 3 && n.nom >= 2
        ? 'même nom et même date de naissance, prénom différent : jumeaux ?'
        : memeLieu && n.nom >= 2
          ? 'même nom et même adresse, prénom différent : une autre personne du foyer ?'
          : 'prénom différent',
    )
  }
  // Without the first name, nothing tells twins of one dwelling apart but an identifier.
  if (n.prenom === -1 && !(n.naissance === 3 && identifiant)) contraires.push('prénom absent d’un côté')
  if (comparaison.initiale && !identifiant) contraires.push('prénom réduit à une initiale')
  if (comparaison.prenomAmbigu && !identifiant && n.conjoint < 1)
    contraires.push('prénom mal écrit, proche de plusieurs prénoms courants')
  // Pascal and Pascale. Under one and the same first name, a wrong civility is a slip.
  if (comparaison.sexesOpposes && n.prenom === 1) contraires.push('civilités différentes et prénoms seulement proches')
  // A married or maiden name: same first name, same day of birth, same door. Twins differ by the first name.
  const nomChange = n.prenom === 2 && n.naissance === 3 && (memeLieu || identifiant)
  if (n.nom <= 0 && !nomChange) contraires.push('nom différent')
  if (n.nom === 1 && n.naissance < 3) contraires.push('noms seulement ressemblants')
  if (n.naissance === 0) {
    contraires.push(
      ecartAges !== null && ecartAges >= GENERATION && n.nom >= 2 && n.prenom >= 1
        ? `même nom et même prénom, ${ecartAges} ans d’écart : parent et enfant ?`
        : 'dates de naissance différentes',
    )
  }
  if (n.naissance === 1) contraires.push('même année de naissance seulement')
  if (n.allocataire === 0) contraires.push('numéros d’allocataire différents')
  if (n.conjoint === 0 && !(n.naissance === 3 && memeLieu)) contraires.push('conjoints différents')
  if (separationPossible(comparaison))
    contraires.push('couple d’un côté, autre logement : déménagement ou séparation ?')
  if (n.naissance >= 2 && n.adresse !== -1 && !memeLieu && !identifiant && n.bailleur === 0)
    contraires.push('autre logement et autre bailleur : déménagement ou séparation ?')
  if (n.naissance === -1) {
    // A parent and a child of one name are told apart by their leases and their telephones, when their birth dates are not given.
    if (!identifiant && (n.bailleur === 0 || n.telephone === 0 || n.courriel === 0))
      contraires.push('date de naissance absente, bailleur ou coordonnées différents')
    if (!memeLieu && !identifiant)
      contraires.push('date de naissance absente et adresse différente : homonyme possible')
    if (!memeLieu && identifiant && n.prenom < 2)
      contraires.push('date de naissance absente, adresse différente et prénom seulement proche')
    if (memeLieu && comparaison.complementDifferent && !identifiant)
      contraires.push('date de naissance absente, même immeuble mais autre appartement')
    if (memeLieu && n.adresse < 3 && n.prenom === 1 && n.nom < 3 && !identifiant)
      contraires.push('nom et prénom seulement proches, date de naissance absente')
    // A number missing or close leaves a whole building or a whole way of possible namesakes.
    if (n.adresse === 2 && !comparaison.complementDifferent && !identifiant && n.nom + n.prenom < 5)
      contraires.push('date de naissance absente, adresse seulement proche')
  }
  if (n.naissance === 2 && !memeLieu && !identifiant)
    contraires.push('date de naissance proche et adresse différente : homonyme possible')
  if (n.naissance === 2 && n.prenom < 2 && n.nom < 3)
    contraires.push('nom, prénom et date de naissance seulement proches')
  if (n.naissance === 3 && !memeLieu && n.nom + n.prenom < 5 && !identifiant)
    contraires.push('autre adresse, orthographe différente')
  return contraires
}

/**
 * Another dwelling, when a couple is known on one side only, or when the main person of one is the spouse of the other: they may have parted, and then each
 * has a household of their own.
 */
const separationPossible = ({ niveaux: n, croise, conjointTu }: Comparaison): boolean =>
  n.conjoint < 1 &&
  !(n.adresse === 3 && n.commune !== 0) &&
  (croise || (conjointTu && n.adresse !== -1 && !(n.adresse === 2 && n.commune !== 0)))

interface Poids {
  readonly prior: number
  /** What each level of each field weighs, without note: shared by all evaluations. */
  readonly table: Readonly<Record<Champ, readonly PoidsChamp[]>>
}
const poidsConnus = new WeakMap<Parametres, Poids>()

/** log2(m/u) of every level, computed once for each version of the parameters. */
function lirePoids(parametres: Parametres): Poids {
  const connus = poidsConnus.get(parametres)
  if (connus) return connus
  const table = Object.fromEntries(
    CHAMPS.map((champ) => [
      champ,
      parametres.m[champ].map(
        (m, niveau): PoidsChamp => ({
          champ,
          niveau,
          libelle: NIVEAUX[champ][niveau] ?? '',
          note: undefined,
          poids: Math.log2(m / (parametres.u[champ][niveau] ?? 0.5)),
        }),
      ),
    ]),
  ) as Record<Champ, PoidsChamp[]>
  const poids = { prior: Math.log2(parametres.lambda / (1 - parametres.lambda)), table }
  poidsConnus.set(parametres, poids)
  return poids
}

const FREQUENCE_COURANTE = 0.006
const FREQUENCE_RARE = 0.0012

/** The u of an exact surname is an average: a common name agrees by chance more often, a rare one less. */
function peserNom(nom: string, parametres: Parametres): { poids: number; note: string | undefined } {
  const frequence = parametres.frequences[nom]
  const uNom = Math.min(0.2, Math.max(0.0001, frequence ?? 0.0003))
  return {
    poids: Math.log2((parametres.m.nom[3] ?? 0.9) / Math.sqrt((parametres.u.nom[3] ?? 0.008) * uNom)),
    note:
      frequence !== undefined && frequence > FREQUENCE_COURANTE
        ? 'nom courant dans le département'
        : frequence === undefined || frequence < FREQUENCE_RARE
          ? 'nom peu courant dans le département'
          : undefined,
  }
}

/** Weighs a comparison: log-odds by field, total, probability, reasons and contraindications. Pure. */
export function evaluerPaire(comparaison: Comparaison, parametres: Parametres): Evaluation {
  const { prior, table } = lirePoids(parametres)
  const { niveaux, notes } = comparaison
  const champs: PoidsChamp[] = []
  let favorables: PoidsChamp[] | null = null
  let total = prior
  for (const champ of CHAMPS) {
    const niveau = niveaux[champ]
    if (niveau < 0) {
      champs.push(ABSENTS[champ])
      continue
    }
    let pese = table[champ][niveau] ?? ABSENTS[champ]
    const note = notes[champ]
    if (champ === 'nom' && niveau === 3 && comparaison.nomPartage !== null) {
      const nom = peserNom(comparaison.nomPartage, parametres)
      pese = { ...pese, poids: nom.poids, note: note ?? nom.note }
    } else if (note !== undefined) pese = { ...pese, note }
    total += pese.poids
    champs.push(pese)
    if (niveau > 0 && pese.poids > 0.5) {
      if (favorables) favorables.push(pese)
      else favorables = [pese]
    }
  }
  return {
    total,
    probabilite: 1 / (1 + 2 ** -total),
    champs,
    raisons:
      favorables === null
        ? []
        : favorables
            .sort((a, b) => b.poids - a.poids)
            .map(({ champ, libelle, note }) => `${NOMS_CHAMPS[champ]} ${libelle}${note ? ` (${note})` : ''}`),
    contraires: listerContraires(comparaison),
    appui: niveaux.allocataire === 2 ? 2 : niveaux.naissance >= 2 ? 1 : 0,
    opposition: mesurerOpposition(comparaison),
  }
}

function mesurerOpposition(comparaison: Comparaison): number {
  const n = comparaison.niveaux
  if (n.nom < 2) return 0
  const ailleurs = n.adresse === 0 || n.commune === 0
  if (ailleurs && n.prenom >= 1 && (n.allocataire === 0 || separationPossible(comparaison))) return 2
  return (n.prenom >= 1 && (n.naissance === 0 || (n.allocataire === 0 && n.naissance < 3))) ||
    (n.prenom === 0 && n.naissance === 3)
    ? 1
    : 0
}

const ABSENTS = Object.fromEntries(
  CHAMPS.map((champ) => [champ, { champ, niveau: -1, libelle: 'absent', note: undefined, poids: 0 }]),
) as Record<Champ, PoidsChamp>

/** A candidate dossier for an incoming fiche, with the evaluation against each of its fiches. */
export interface EvaluationDossier {
  readonly dossier: string
  readonly evaluations: readonly (Evaluation & { readonly signalement: string })[]
}

export interface Candidat {
  readonly dossier: string
  readonly probabilite: number
  readonly raisons: readonly string[]
  readonly contraires: readonly string[]
}

export interface Decision {
  readonly issue: 'certain' | 'a_revoir' | 'nouveau'
  /** Best first. */
  readonly candidats: readonly Candidat[]
}

/** A second dossier this many bits behind the first is not a rival. */
const RIVAL = 10

/**
 * Decides for one incoming fiche. A dossier is judged by its closest fiche, tempered by the others: a fiche that contradicts speaks too. Certain only above
 * the high threshold, without any contrary evidence, and when no other dossier is plausible; two plausible dossiers always go to a person.
 */
export function decider(dossiers: readonly EvaluationDossier[], seuils: Parametres['seuils']): Decision {
  const candidats = dossiers
    .flatMap(({ dossier, evaluations }) => {
      let meilleure: Evaluation | undefined
      let opposee: Evaluation | undefined
      let net: Evaluation | undefined
      for (const evaluation of evaluations) {
        if (!meilleure || evaluation.total > meilleure.total) meilleure = evaluation
        if (evaluation.opposition > (opposee?.opposition ?? 0)) opposee = evaluation
        if (
          evaluation.probabilite >= seuils.certain &&
          evaluation.contraires.length === 0 &&
          evaluation.appui >= (net?.appui ?? 0)
        )
          net = evaluation
      }
      if (!meilleure || meilleure.probabilite < seuils.suggerer) return []
      // A fiche without a birth date may have entered the dossier of a parent or a twin: it cannot vouch alone against one that contradicts.
      const conteste = opposee !== undefined && opposee.opposition > (net?.appui ?? 0)
      return [
        {
          dossier,
          total: meilleure.total,
          probabilite: meilleure.probabilite,
          raisons: meilleure.raisons,
          contraires: conteste
            ? [...new Set([...meilleure.contraires, ...(opposee?.contraires.slice(0, 1) ?? [])])]
            : meilleure.contraires,
          net: net !== undefined && !conteste,
        },
      ]
    })
    .sort((a, b) => b.total - a.total)
  const publies = candidats.map(({ dossier, probabilite, raisons, contraires }) => ({
    dossier,
    probabilite,
    raisons,
    contraires,
  }))
  const [premier, second] = candidats
  if (!premier) return { issue: 'nouveau', candidats: [] }
  const seul = !second || (second.total < premier.total - RIVAL && !second.net)
  if (premier.net && seul) return { issue: 'certain', candidats: publies }
  return { issue: 'a_revoir', candidats: publies }
}

const PSEUDO = 0.5
/** Weight of the starting values against what the base says, in pairs: keeps families and neighbours from being learnt as matches. */
const POIDS_DEPART = 400

/** An estimate never makes a disagreement among matches this many times as likely, or as unlikely, as the starting values say. */
const DERIVE = 2

/**
 * Keeps what was learnt near the starting values on disagreement: a family taken for a household must not teach that first names do not matter, nor the moves
 * that were missed, that nobody moves.
 */
function borner(m: Record<Champ, number[]>, depart: Parametres): Record<Champ, number[]> {
  return Object.fromEntries(
    CHAMPS.map((champ) => {
      const dernier = m[champ].length - 1
      const bornes = m[champ].map((valeur, niveau) => {
        const origine = depart.m[champ][niveau] ?? 0.01
        return niveau === dernier ? valeur : Math.max(origine / DERIVE, Math.min(valeur, DERIVE * origine))
      })
      const reste = bornes.reduce((somme, valeur, niveau) => (niveau === dernier ? somme : somme + valeur), 0)
      bornes[dernier] = 1 - reste
      return [champ, bornes]
    }),
  ) as Record<Champ, number[]>
}

/**
 * Estimates m by expectation-maximisation on patterns of agreement of the pairs that share a key. Inside keys, pairs that do not match are not random: they are
 * neighbours and relatives, with a distribution of their own, learnt along. The u given back is that of random pairs. Levels keep a floor, so that a level never
 * seen is unlikely, not impossible.
 */
export function estimer(
  comparaisons: readonly Comparaison[],
  auHasard: readonly Comparaison[],
  depart: Parametres,
  version: string,
  frequences: Readonly<Record<string, number>>,
): Parametres {
  const compter = (liste: readonly Comparaison[], poids: (rang: number) => number): Record<Champ, number[]> => {
    const comptes = Object.fromEntries(CHAMPS.map((champ) => [champ, NIVEAUX[champ].map(() => 0)])) as Record<
      Champ,
      number[]
    >
    liste.forEach((comparaison, rang) => {
      const p = poids(rang)
      for (const champ of CHAMPS) {
        const niveau = comparaison.niveaux[champ]
        const ligne = comptes[champ]
        if (niveau >= 0) ligne[niveau] = (ligne[niveau] ?? 0) + p
      }
    })
    return comptes
  }
  const normaliser = (comptes: Record<Champ, number[]>): Record<Champ, number[]> =>
    Object.fromEntries(
      CHAMPS.map((champ) => {
        const somme = comptes[champ].reduce((total, n) => total + n + PSEUDO, 0)
        return [champ, comptes[champ].map((n) => (n + PSEUDO) / somme)]
      }),
    ) as Record<Champ, number[]>
  const u = normaliser(compter(auHasard, () => 1))
  let proches = normaliser(compter(comparaisons, () => 1))
  let m = Object.fromEntries(CHAMPS.map((champ) => [champ, [...depart.m[champ]]])) as Record<Champ, number[]>
  let lambda = 0.2
  // Patterns, not pairs: the same agreement met a thousand times is computed once.
  const motifs = new Map<string, { comparaison: Comparaison; n: number }>()
  for (const comparaison of comparaisons) {
    const cle = CHAMPS.map((champ) => comparaison.niveaux[champ]).join(',')
    const motif = motifs.get(cle)
    if (motif) motif.n += 1
    else motifs.set(cle, { comparaison, n: 1 })
  }
  const liste = [...motifs.values()]
  for (let tour = 0; tour < 40; tour++) {
    const responsabilites = liste.map(({ comparaison }) => {
      let logM = Math.log(lambda)
      let logU = Math.log(1 - lambda)
      for (const champ of CHAMPS) {
        const niveau = comparaison.niveaux[champ]
        if (niveau < 0) continue
        logM += Math.log(m[champ][niveau] ?? 0.001)
        logU += Math.log(proches[champ][niveau] ?? 0.001)
      }
      return 1 / (1 + Math.exp(logU - logM))
    })
    const total = liste.reduce((somme, motif) => somme + motif.n, 0)
    const comptes = compter(
      liste.map(({ comparaison }) => comparaison),
      (rang) => (responsabilites[rang] ?? 0) * (liste[rang]?.n ?? 0),
    )
    for (const champ of CHAMPS)
      comptes[champ] = comptes[champ].map((n, niveau) => n + POIDS_DEPART * (depart.m[champ][niveau] ?? 0))
    const suivant = borner(normaliser(comptes), depart)
    proches = normaliser(
      compter(
        liste.map(({ comparaison }) => comparaison),
        (rang) => (1 - (responsabilites[rang] ?? 0)) * (liste[rang]?.n ?? 0),
      ),
    )
    const nouveauLambda = Math.min(
      0.9,
      Math.max(
        0.0001,
        liste.reduce((somme, motif, rang) => somme + (responsabilites[rang] ?? 0) * motif.n, 0) / Math.max(total, 1),
      ),
    )
    const ecart = Math.abs(nouveauLambda - lambda)
    m = suivant
    lambda = nouveauLambda
    if (ecart < 1e-6) break
  }
  return { ...depart, version, m, u, frequences }
}

/** Surnames common enough to matter, with their share. */
export function mesurerFrequences(noms: readonly string[]): Record<string, number> {
  const comptes = new Map<string, number>()
  for (const nom of noms) comptes.set(nom, (comptes.get(nom) ?? 0) + 1)
  return Object.fromEntries(
    [...comptes]
      .filter(([, n]) => n >= 3 && n / noms.length >= 0.0005)
      .sort((a, b) => b[1] - a[1])
      .slice(0, 2000)
      .map(([nom, n]) => [nom, Number((n / noms.length).toFixed(5))]),
  )
}
