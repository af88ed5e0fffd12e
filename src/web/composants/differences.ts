/** A piece of a value; `differe` when the other value does not have it. */
export interface Morceau {
  readonly texte: string
  readonly differe: boolean
}

const JETONS = /[\p{L}\p{N}]+|[^\p{L}\p{N}]+/gu
const comparable = (texte: string): string =>
  texte
    .normalize('NFD')
    .replace(/\p{Mn}/gu, '')
    .toLowerCase()

/** Longest common subsequence: for each token of `a`, the index of its partner in `b`, or -1. */
function apparier(a: readonly string[], b: readonly string[]): number[] {
  const longueurs = Array.from({ length: a.length + 1 }, () => new Array<number>(b.length + 1).fill(0))
  const lire = (i: number, j: number): number => longueurs[i]?.[j] ?? 0
  for (let i = a.length - 1; i >= 0; i--) {
    for (let j = b.length - 1; j >= 0; j--) {
      const ligne = longueurs[i]
      if (ligne) ligne[j] = a[i] === b[j] ? lire(i + 1, j + 1) + 1 : Math.max(lire(i + 1, j), lire(i, j + 1))
    }
  }
  const partenaires = new Array<number>(a.length).fill(-1)
  for (let i = 0, j = 0; i < a.length && j < b.length; ) {
    if (a[i] === b[j]) partenaires[i++] = j++
    else if (lire(i + 1, j) >= lire(i, j + 1)) i++
    else j++
  }
  return partenaires
}

const separe = (texte: string): boolean => !/[\p{L}\p{N}]/u.test(texte)

/** Neighbours of the same kind become one piece; what only separates two differences belongs to them; marks have no outer space. */
function fusionner(morceaux: readonly Morceau[]): Morceau[] {
  const utiles = morceaux.filter(({ texte }) => texte !== '')
  const fusionnes: Morceau[] = []
  utiles.forEach((morceau, rang) => {
    const differe =
      morceau.differe ||
      (separe(morceau.texte) && fusionnes.at(-1)?.differe === true && utiles[rang + 1]?.differe === true)
    const dernier = fusionnes.at(-1)
    if (dernier?.differe === differe)
      fusionnes[fusionnes.length - 1] = { differe, texte: dernier.texte + morceau.texte }
    else fusionnes.push({ differe, texte: morceau.texte })
  })
  return fusionnes.flatMap(({ texte, differe }) => {
    const [, avant = '', coeur = '', apres = ''] = differe ? (/^(\s*)(.*?)(\s*)$/su.exec(texte) ?? []) : []
    if (!differe || coeur === '') return [{ texte, differe: false }]
    return [
      { texte: avant, differe: false },
      { texte: coeur, differe: true },
      { texte: apres, differe: false },
    ].filter((morceau) => morceau.texte !== '')
  })
}

/** Two words alike but for a few letters: what differs inside them. Words with too little in common differ as a whole. */
function comparerMots(a: string, b: string): [Morceau[], Morceau[]] {
  const [pa, pb] = [[...a], [...b]]
  const [ca, cb] = [pa.map(comparable), pb.map(comparable)]
  let debut = 0
  while (debut < Math.min(ca.length, cb.length) && ca[debut] === cb[debut]) debut++
  let fin = 0
  while (fin < Math.min(ca.length, cb.length) - debut && ca[ca.length - 1 - fin] === cb[cb.length - 1 - fin]) fin++
  const long = Math.max(pa.length, pb.length)
  if (long < 4 || (debut + fin) / long < 0.5) return [[{ texte: a, differe: true }], [{ texte: b, differe: true }]]
  const decouper = (lettres: readonly string[]): Morceau[] => [
    { texte: lettres.slice(0, debut).join(''), differe: false },
    { texte: lettres.slice(debut, lettres.length - fin).join(''), differe: true },
    { texte: lettres.slice(lettres.length - fin).join(''), differe: false },
  ]
  return [decouper(pa), decouper(pb)]
}

/** Same number of words, same separators: each word faces the one at its place. A date, a phone number, a name and first name. */
const memeForme = (a: readonly string[], b: readonly string[]): boolean =>
  a.length === b.length &&
  a.every((jeton, rang) => separe(jeton) === separe(b[rang] ?? '') && (!separe(jeton) || jeton === b[rang]))

/** Cuts two values into what they share and what differs, accents and capitals aside: for `Comparaison`. */
export function comparerTextes(a: string, b: string): [Morceau[], Morceau[]] {
  const [ja, jb] = [a.match(JETONS) ?? [], b.match(JETONS) ?? []]
  const [ca, cb] = [ja.map(comparable), jb.map(comparable)]
  const partenaires = memeForme(ja, jb) ? ca.map((jeton, rang) => (jeton === cb[rang] ? rang : -1)) : apparier(ca, cb)
  const [ma, mb]: [Morceau[], Morceau[]] = [[], []]
  let [i, j] = [0, 0]
  const vider = (finA: number, finB: number): void => {
    const [resteA, resteB] = [ja.slice(i, finA), jb.slice(j, finB)]
    if (resteA.length === 1 && resteB.length === 1) {
      const [mota, motb] = comparerMots(resteA[0] ?? '', resteB[0] ?? '')
      ma.push(...mota)
      mb.push(...motb)
    } else {
      ma.push({ texte: resteA.join(''), differe: true })
      mb.push({ texte: resteB.join(''), differe: true })
    }
  }
  partenaires.forEach((partenaire, rang) => {
    if (partenaire < 0) return
    vider(rang, partenaire)
    ma.push({ texte: ja[rang] ?? '', differe: false })
    mb.push({ texte: jb[partenaire] ?? '', differe: false })
    i = rang + 1
    j = partenaire + 1
  })
  vider(ja.length, jb.length)
  return [fusionner(ma), fusionner(mb)]
}
