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

function lirePage(page: Objet, objets: ReadonlyMap<number, Objet>): string {
  const ressources = objets.get(reference(page.texte, 'Resources'))?.texte ?? page.texte
  const polices = new Map<string, Map<string, string>>()
  const liste =
    /\/Font\s*<<([\s\S]*?)>>/.exec(ressources)?.[1] ?? objets.get(reference(ressources, 'Font'))?.texte ?? ''
  for (const [, nom = '', numero] of liste.matchAll(/\/(\S+)\s+(\d+) 0 R/g)) {
    const police = objets.get(Number(numero))
    polices.set(nom, lireTable(objets.get(reference(police?.texte ?? '', 'ToUnicode'))))
  }
  const contenu = objets.get(reference(page.texte, 'Contents'))?.flux?.toString('latin1') ?? ''
  let table = new Map<string, string>()
  const morceaux: string[] = []
  for (const [, police, suite, seul] of contenu.matchAll(
    /\/(\S+)\s+[\d.]+\s+Tf|\[([^\]]*)\]\s*TJ|(<[0-9A-Fa-f]*>|\((?:\\.|[^\\)])*\))\s*Tj/g,
  )) {
    if (police !== undefined) table = polices.get(police) ?? new Map()
    else morceaux.push(lireGlyphes(suite ?? seul ?? '', table))
  }
  return morceaux.join(' ')
}

function lireGlyphes(suite: string, table: ReadonlyMap<string, string>): string {
  return [...suite.matchAll(/<([0-9A-Fa-f]*)>|\(((?:\\.|[^\\)])*)\)/gs)]
    .map(([, hexa, chaine]) => {
      const code = hexa ?? Buffer.from(lireChaine(chaine ?? ''), 'latin1').toString('hex')
      return (code.toUpperCase().match(/.{4}/g) ?? []).map((glyphe) => table.get(glyphe) ?? '�').join('')
    })
    .join('')
}

const ECHAPPES: Readonly<Record<string, string>> = { n: '\n', r: '\r', t: '\t', b: '\b', f: '\f' }
const lireChaine = (chaine: string): string =>
  chaine.replace(/\\([0-7]{1,3}|.)/gs, (_tout, code: string) =>
    /^[0-7]/.test(code) ? String.fromCharCode(Number.parseInt(code, 8)) : (ECHAPPES[code] ?? code),
  )
