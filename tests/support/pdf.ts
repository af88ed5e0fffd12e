import { inflateSync } from 'node:zlib'

/**
 * Reads the text of a PDF for tests: pages in order, glyphs turned back to characters by the ToUnicode tables of their fonts. Made for the plain objects
 * our renderer writes (no object stream, no encryption).
 */
export function lireTextePdf(octets: Uint8Array): string {
  const objets = lireObjets(Buffer.from(octets))
  return [...objets.values()]
    .filter(({ texte }) => /\/Type\s*\/Page\b(?!s)/.test(texte))
    .map((page) => lirePage(page, objets))
    .join('\n')
}

interface Objet {
  readonly texte: string
  readonly flux: Buffer | null
}

function lireObjets(octets: Buffer): Map<number, Objet> {
  const brut = octets.toString('latin1')
  const objets = new Map<number, Objet>()
  for (const trouve of brut.matchAll(/(?:^|\n)(\d+) 0 obj\n/g)) {
    const debut = (trouve.index ?? 0) + trouve[0].length
    const flux = brut.indexOf('stream\n', debut)
    const fin = brut.indexOf('\nendobj', debut)
    const texte = brut.slice(debut, flux >= 0 && flux < fin ? flux : fin)
    if (flux < 0 || flux > fin) objets.set(Number(trouve[1]), { texte, flux: null })
    else {
      const longueur = Number(/\/Length (\d+)/.exec(texte)?.[1] ?? 0)
      const depart = flux + 'stream\n'.length
      const donnees = octets.subarray(depart, depart + longueur)
      objets.set(Number(trouve[1]), { texte, flux: texte.includes('/FlateDecode') ? inflateSync(donnees) : donnees })
    }
  }
  return objets
}

const reference = (texte: string, cle: string): number =>
  Number(new RegExp(`/${cle}\\s+(\\d+) 0 R`).exec(texte)?.[1] ?? -1)
const enCaracteres = (hexa: string): string =>
  (hexa.match(/.{4}/g) ?? []).map((code) => String.fromCharCode(Number.parseInt(code, 16))).join('')

function lireTable(objet: Objet | undefined): Map<string, string> {
  const table = new Map<string, string>()
  const texte = objet?.flux?.toString('latin1') ?? ''
  for (const [, bloc = ''] of texte.matchAll(/beginbfchar([\s\S]*?)endbfchar/g)) {
    for (const [, glyphe = '', lettres = ''] of bloc.matchAll(/<([0-9A-F]+)>\s*<([0-9A-F]+)>/gi))
      table.set(glyphe.toUpperCase(), enCaracteres(lettres))
  }
  return table
}

function lirePolices(page: Objet, objets: ReadonlyMap<number, Objet>): Map<string, Map<string, string>> {
  const ressources = objets.get(reference(page.texte, 'Resources'))?.texte ?? page.texte
  const polices = new Map<string, Map<string, string>>()
  const liste =
    /\/Font\s*<<([\s\S]*?)>>/.exec(ressources)?.[1] ?? objets.get(reference(ressources, 'Font'))?.texte ?? ''
  for (const [, nom = '', numero] of liste.matchAll(/\/(\S+)\s+(\d+) 0 R/g)) {
    const police = objets.get(Number(numero))
    polices.set(nom, lireTable(objets.get(reference(police?.texte ?? '', 'ToUnicode'))))
  }
  return polices
}

const contenuDe = (page: Objet, objets: ReadonlyMap<number, Objet>): string =>
  objets.get(reference(page.texte, 'Contents'))?.flux?.toString('latin1') ?? ''

/** A string of a PDF: its parentheses are escaped or go by pairs. */
const CHAINE = String.raw`\((?:\\.|[^\\()]|\((?:\\.|[^\\()])*\))*\)`
/** A font chosen (its name), or text shown (a list of pieces, or a single one). */
const MONTRER = String.raw`\/(\S+)\s+[\d.]+\s+Tf|\[((?:${CHAINE}|[^\](])*)\]\s*TJ|(<[0-9A-Fa-f]*>|${CHAINE})\s*Tj`

function lirePage(page: Objet, objets: ReadonlyMap<number, Objet>): string {
  const polices = lirePolices(page, objets)
  let table = new Map<string, string>()
  const morceaux: string[] = []
  for (const [, police, suite, seul] of contenuDe(page, objets).matchAll(new RegExp(MONTRER, 'gs'))) {
    if (police !== undefined) table = polices.get(police) ?? new Map()
    else morceaux.push(lireGlyphes(suite ?? seul ?? '', table))
  }
  return morceaux.join(' ')
}

type Matrice = readonly [number, number, number, number, number, number]
const fois = (m: Matrice, n: Matrice): Matrice => [
  m[0] * n[0] + m[1] * n[2],
  m[0] * n[1] + m[1] * n[3],
  m[2] * n[0] + m[3] * n[2],
  m[2] * n[1] + m[3] * n[3],
  m[4] * n[0] + m[5] * n[2] + n[4],
  m[4] * n[1] + m[5] * n[3] + n[5],
]
const MM = 25.4 / 72
const HAUTEUR_A4 = 841.89

/** Pieces of text of the first page and where each begins, in millimetres from the top left corner of an A4 sheet. */
export function lirePositionsPdf(octets: Uint8Array): { texte: string; x: number; y: number }[] {
  const objets = lireObjets(Buffer.from(octets))
  const page = [...objets.values()].find(({ texte }) => /\/Type\s*\/Page\b(?!s)/.test(texte))
  if (!page) return []
  const polices = lirePolices(page, objets)
  const trouves: { texte: string; x: number; y: number }[] = []
  const pile: Matrice[] = []
  let repere: Matrice = [1, 0, 0, 1, 0, 0]
  let ligne: Matrice = repere
  let table = new Map<string, string>()
  const nombre = '(-?[\\d.]+)\\s+'
  const operateurs = new RegExp(`\\b(q|Q|BT)\\b|${nombre.repeat(6)}(cm|Tm)|${nombre.repeat(2)}Td|${MONTRER}`, 'gs')
  for (const op of contenuDe(page, objets).matchAll(operateurs)) {
    if (op[1] === 'q') pile.push(repere)
    else if (op[1] === 'Q') repere = pile.pop() ?? repere
    else if (op[1] === 'BT') ligne = [1, 0, 0, 1, 0, 0]
    else if (op[8] !== undefined) {
      const matrice = op.slice(2, 8).map(Number) as unknown as Matrice
      if (op[8] === 'cm') repere = fois(matrice, repere)
      else ligne = matrice
    } else if (op[9] !== undefined) ligne = fois([1, 0, 0, 1, Number(op[9]), Number(op[10])], ligne)
    else if (op[11] !== undefined) table = polices.get(op[11]) ?? new Map()
    else {
      const place = fois(ligne, repere)
      trouves.push({
        texte: lireGlyphes(op[12] ?? op[13] ?? '', table),
        x: place[4] * MM,
        y: (HAUTEUR_A4 - place[5]) * MM,
      })
    }
  }
  return trouves
}

function lireGlyphes(suite: string, table: ReadonlyMap<string, string>): string {
  return [...suite.matchAll(new RegExp(`<([0-9A-Fa-f]*)>|${CHAINE}`, 'gs'))]
    .map(([tout, hexa]) => {
      const code = hexa ?? Buffer.from(lireChaine(tout.slice(1, -1)), 'latin1').toString('hex')
      return (code.toUpperCase().match(/.{4}/g) ?? []).map((glyphe) => table.get(glyphe) ?? '�').join('')
    })
    .join('')
}

const ECHAPPES: Readonly<Record<string, string>> = { n: '\n', r: '\r', t: '\t', b: '\b', f: '\f' }
const lireChaine = (chaine: string): string =>
  chaine.replace(/\\([0-7]{1,3}|.)/gs, (_tout, code: string) =>
    /^[0-7]/.test(code) ? String.fromCharCode(Number.parseInt(code, 8)) : (ECHAPPES[code] ?? code),
  )
