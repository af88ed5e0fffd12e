import type { ContenuVersion, Presentation } from '#courriers'
import { BLOCS_COURRIER } from '#referentiel'

/** One thing that two versions say differently; null on the side that does not say it. */
export interface Ecart {
  readonly cle: string
  readonly libelle: string
  readonly avant: string | null
  readonly apres: string | null
}

const paragraphes = (texte: string): string[] =>
  texte
    .replaceAll('\r\n', '\n')
    .split(/\n{2,}/)
    .map((un) => un.trim())
    .filter((un) => un !== '')

/** For each paragraph of `a`, the rank of the same one in `b`, in order; -1 when it is gone. */
function apparier(a: readonly string[], b: readonly string[]): number[] {
  const longueurs = Array.from({ length: a.length + 1 }, () => new Array<number>(b.length + 1).fill(0))
  const lire = (i: number, j: number): number => longueurs[i]?.[j] ?? 0
  for (let i = a.length - 1; i >= 0; i--)
    for (let j = b.length - 1; j >= 0; j--) {
      const ligne = longueurs[i]
      if (ligne) ligne[j] = a[i] === b[j] ? lire(i + 1, j + 1) + 1 : Math.max(lire(i + 1, j), lire(i, j + 1))
    }
  const partenaires = new Array<number>(a.length).fill(-1)
  for (let i = 0, j = 0; i < a.length && j < b.length; ) {
    if (a[i] === b[j]) partenaires[i++] = j++
    else if (lire(i + 1, j) >= lire(i, j + 1)) i++
    else j++
  }
  return partenaires
}

/** Two texts, paragraph by paragraph: those that changed face each other, those added or removed stand alone. */
export function comparerParagraphes(avant: string, apres: string, prefixe = ''): Ecart[] {
  const [a, b] = [paragraphes(avant), paragraphes(apres)]
  const partenaires = [...apparier(a, b), b.length]
  const ecarts: Ecart[] = []
  let i = 0
  let j = 0
  for (let fin = 0; fin < partenaires.length; fin++) {
    const jusque = partenaires[fin] ?? -1
    if (jusque < 0) continue
    // Between two paragraphs that did not move, what was there faces what is there.
    while (i < fin || j < jusque) {
      const [un, autre] = [i < fin ? (a[i] ?? null) : null, j < jusque ? (b[j] ?? null) : null]
      const libelle =
        un === null
          ? `Paragraphe ${j + 1}, ajouté`
          : autre === null
            ? `Paragraphe ${i + 1}, retiré`
            : `Paragraphe ${i + 1}`
      ecarts.push({ cle: `${prefixe}${i}-${j}`, libelle: `${prefixe}${libelle}`, avant: un, apres: autre })
      if (i < fin) i += 1
      if (j < jusque) j += 1
    }
    i += 1
    j += 1
  }
  return ecarts
}

function decrire({ contacts, expediteurs, logo }: Presentation): Map<string, { libelle: string; texte: string }> {
  const dit = new Map<string, { libelle: string; texte: string }>()
  const rangs = new Map<string, number>()
  for (const { bloc, titre, lignes, communes, territoires, tribunaux } of contacts) {
    const rang = (rangs.get(bloc) ?? 0) + 1
    rangs.set(bloc, rang)
    const lieux = [
      ...(communes.length > 0 ? [`Communes : ${communes.join(', ')}`] : []),
      ...(territoires.length > 0 ? [`Territoires : ${territoires.join(', ')}`] : []),
      ...(tribunaux.length > 0 ? [`Tribunaux : ${tribunaux.join(', ')}`] : []),
    ]
    dit.set(`contact ${bloc} ${rang}`, {
      libelle: `Contact : ${BLOCS_COURRIER[bloc] ?? bloc}${rang > 1 ? ` (${rang})` : ''}`,
      texte: [titre, ...lignes, ...lieux].join('\n'),
    })
  }
  for (const { secretariat, nom, lignes, signataire } of expediteurs)
    dit.set(`expediteur ${secretariat}`, {
      libelle: `En-tête : ${nom}`,
      texte: [nom, ...lignes, ...(signataire === '' ? [] : [`Signé : ${signataire}`])].join('\n'),
    })
  if (logo) dit.set('logo', { libelle: 'Logo', texte: `${logo.texte} (fichier ${logo.id.slice(0, 8)})` })
  return dit
}

/** What two contents say differently. */
export function comparerContenus(avant: ContenuVersion, apres: ContenuVersion): Ecart[] {
  if ('texte' in avant && 'texte' in apres)
    return [
      ...comparerParagraphes(avant.texte.corps, apres.texte.corps),
      ...comparerParagraphes(avant.texte.facile ?? '', apres.texte.facile ?? '', 'Facile à lire, '),
    ]
  if (!('presentation' in avant) || !('presentation' in apres)) return []
  const [un, autre] = [decrire(avant.presentation), decrire(apres.presentation)]
  return [...new Set([...un.keys(), ...autre.keys()])].flatMap((cle) => {
    const [a, b] = [un.get(cle), autre.get(cle)]
    if (a?.texte === b?.texte) return []
    return [{ cle, libelle: b?.libelle ?? a?.libelle ?? cle, avant: a?.texte ?? null, apres: b?.texte ?? null }]
  })
}
