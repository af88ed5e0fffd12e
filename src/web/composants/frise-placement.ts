/** A mark on the line and the width of its label. */
export interface Repere {
  readonly x: number
  readonly largeur: number
}

/** On which side of its link a label is written, and how far from the line. `null`: no room, the list says it. */
export interface Place {
  readonly ancre: 'debut' | 'fin'
  readonly niveau: number | null
}

export interface Bornes {
  readonly gauche: number
  readonly droite: number
  /** Vertical lines that no label may cross: today. */
  readonly interdits?: readonly number[] | undefined
  readonly niveauxMax: number
}

/** Least distance between two labels, and between a label and the link of another. */
const ECART = 10
const ECART_LIEN = 3

/** What a fault weighs against height: a label nowhere, a label across a forbidden line, a link that passes behind a label. */
const COUT_ABSENT = 1000
const COUT_TRAVERSEE = 200
const COUT_CROISEMENT = 40

type Ancre = Place['ancre']

const etendue = ({ x, largeur }: Repere, ancre: Ancre): readonly [number, number] =>
  ancre === 'debut' ? [x, x + largeur] : [x - largeur, x]

interface Essai {
  readonly places: readonly Place[]
  readonly cout: number
}

/**
 * Levels for one choice of sides. A link comes down from its label to the line: whoever stands under a label had better be closer to the
 * line than it. Labels never cover each other; a link may pass behind one, at a cost; a label left without a level costs most.
 */
function essayer(reperes: readonly Repere[], ancres: readonly Ancre[], bornes: Bornes): Essai {
  const zones = reperes.map((repere, rang) => etendue(repere, ancres[rang] ?? 'debut'))
  // Under a label: on its side of its own link, as far as it goes.
  const dessous = zones.map(([debut, fin], rang) => {
    const propre = reperes[rang]?.x ?? 0
    const sous = (x: number): boolean =>
      ancres[rang] === 'fin' ? x < propre && x > debut - ECART_LIEN : x > propre && x < fin + ECART_LIEN
    return reperes.flatMap(({ x }, autre) => (sous(x) ? [autre] : []))
  })
  const niveaux = new Array<number | null | undefined>(reperes.length).fill(undefined)
  const enCours = new Set<number>()
  let cout = 0
  const libre = (rang: number, niveau: number): boolean =>
    zones.every(([debut, fin], autre) => {
      if (autre === rang || niveaux[autre] !== niveau) return true
      const [d, f] = zones[rang] ?? [0, 0]
      return f + ECART <= debut || fin + ECART <= d
    })
  const placer = (rang: number): void => {
    if (niveaux[rang] !== undefined) return
    enCours.add(rang)
    let niveau = 0
    for (const autre of dessous[rang] ?? []) {
      // Each stands under the other: one of the two links passes behind a label.
      if (enCours.has(autre)) cout += COUT_CROISEMENT
      else {
        placer(autre)
        niveau = Math.max(niveau, (niveaux[autre] ?? -1) + 1)
      }
    }
    enCours.delete(rang)
    while (niveau < bornes.niveauxMax && !libre(rang, niveau)) niveau++
    niveaux[rang] = niveau >= bornes.niveauxMax ? null : niveau
  }
  for (const rang of reperes.keys()) placer(rang)
  let plusHaut = 0
  niveaux.forEach((niveau, rang) => {
    if (niveau === null || niveau === undefined) {
      cout += COUT_ABSENT
      return
    }
    plusHaut = Math.max(plusHaut, niveau)
    // To the right of its link is where one looks first.
    cout += niveau + (ancres[rang] === 'fin' ? 0.4 : 0)
    const [debut, fin] = zones[rang] ?? [0, 0]
    if (bornes.interdits?.some((x) => x > debut - 4 && x < fin + 4 && x !== reperes[rang]?.x)) cout += COUT_TRAVERSEE
  })
  return {
    cout: cout + plusHaut * 6,
    places: niveaux.map((niveau, rang) => ({ ancre: ancres[rang] ?? 'debut', niveau: niveau ?? null })),
  }
}

/**
 * Places labels along a line so that none covers another, and links pass behind labels as little as can be. Marks come in order of `x`, all different.
 * Tries every cut « labels turned left before, right after », then turns them one by one while that helps.
 */
export function placerReperes(reperes: readonly Repere[], bornes: Bornes): Place[] {
  if (reperes.length === 0) return []
  const tient = (repere: Repere, ancre: Ancre): boolean => {
    const [debut, fin] = etendue(repere, ancre)
    return debut >= bornes.gauche && fin <= bornes.droite
  }
  const possible = (repere: Repere, voulue: Ancre): Ancre => {
    const autre: Ancre = voulue === 'debut' ? 'fin' : 'debut'
    return tient(repere, voulue) || !tient(repere, autre) ? voulue : autre
  }
  let meilleures: Ancre[] = []
  let meilleur: Essai = { places: [], cout: Number.POSITIVE_INFINITY }
  const proposer = (ancres: Ancre[]): boolean => {
    const essai = essayer(reperes, ancres, bornes)
    if (essai.cout >= meilleur.cout) return false
    meilleur = essai
    meilleures = ancres
    return true
  }
  for (let coupe = 0; coupe <= reperes.length; coupe++) {
    proposer(reperes.map((repere, rang) => possible(repere, rang < coupe ? 'fin' : 'debut')))
  }
  for (let tour = 0; tour < 4; tour++) {
    let mieux = false
    reperes.forEach((repere, rang) => {
      const autre: Ancre = meilleures[rang] === 'debut' ? 'fin' : 'debut'
      if (tient(repere, autre) && proposer(meilleures.map((ancre, i) => (i === rang ? autre : ancre)))) mieux = true
    })
    if (!mieux) break
  }
  return [...meilleur.places]
}

/**
 * Spreads marks that fall on the same spot, `pas` apart when there is room, moving each as little as possible and keeping their order
 * and the bounds. Takes sorted positions.
 */
export function espacer(positions: readonly number[], pas: number, min: number, max: number): number[] {
  const ecart = Math.min(pas, (max - min) / Math.max(1, positions.length - 1))
  // Once the spacing is taken off, the positions only have to grow: neighbours out of order share their mean.
  const blocs: { somme: number; nombre: number }[] = []
  positions.forEach((x, rang) => {
    let bloc = { somme: x - rang * ecart, nombre: 1 }
    for (
      let avant = blocs.at(-1);
      avant && avant.somme / avant.nombre > bloc.somme / bloc.nombre;
      avant = blocs.at(-1)
    ) {
      bloc = { somme: bloc.somme + avant.somme, nombre: bloc.nombre + avant.nombre }
      blocs.pop()
    }
    blocs.push(bloc)
  })
  const plafond = max - (positions.length - 1) * ecart
  return blocs
    .flatMap(({ somme, nombre }) => new Array<number>(nombre).fill(Math.min(plafond, Math.max(min, somme / nombre))))
    .map((place, rang) => place + rang * ecart)
}

/** Advance widths of the bold font, in thousandths of its size, by families of letters: labels are measured without a browser. */
const LARGEURS: readonly (readonly [RegExp, number])[] = [
  [/[ijl.,:;'’|!·]/, 315],
  [/[frt()\s\u00a0\u202f-]/, 375],
  [/[I1/]/, 440],
  [/[mMW%@œ]/, 900],
  [/[A-ZÀ-Þw]/, 715],
  [/[0-9]/, 630],
]
const LARGEUR_COURANTE = 580
/** Letters of normal weight are narrower than bold ones. */
const NORMAL = 0.96

/** Width of a text in pixels, rather too wide than too narrow: `catalogue.test.ts` compares it with what is drawn. */
export function mesurerTexte(texte: string, taille: number, gras = false): number {
  let milliemes = 0
  for (const lettre of texte) milliemes += LARGEURS.find(([famille]) => famille.test(lettre))?.[1] ?? LARGEUR_COURANTE
  return (milliemes / 1000) * taille * (gras ? 1 : NORMAL)
}

/** Cuts a text that is wider than allowed, with an ellipsis; empty when not even four letters hold. */
export function couperTexte(texte: string, taille: number, largeurMax: number, gras = false): string {
  if (mesurerTexte(texte, taille, gras) <= largeurMax) return texte
  let coupe = texte
  while (coupe.length > 4 && mesurerTexte(`${coupe}…`, taille, gras) > largeurMax) coupe = coupe.slice(0, -1)
  return coupe.length > 4 ? `${coupe.trimEnd()}…` : ''
}
