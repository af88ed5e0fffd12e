/** What the controls of a page hold, by name, and its outputs. */
export function lireControles(html: string): {
  valeurs: ReadonlyMap<string, readonly string[]>
  totaux: ReadonlyMap<string, string>
} {
  const attribut = (balise: string, nom: string) => new RegExp(`\\s${nom}="([^"]*)"`).exec(balise)?.[1] ?? ''
  const valeurs = new Map<string, string[]>()
  const poser = (nom: string, valeur: string) => valeurs.set(nom, [...(valeurs.get(nom) ?? []), valeur])
  for (const [balise] of html.matchAll(/<input[^>]*>/g)) {
    const choix = /type="(?:radio|checkbox)"/.test(balise)
    if (!choix || /\schecked\b/.test(balise)) poser(attribut(balise, 'name'), attribut(balise, 'value'))
  }
  for (const [bloc, nom = ''] of html.matchAll(/<select[^>]*\sname="([^"]*)"[\s\S]*?<\/select>/g)) {
    const choisie = [...bloc.matchAll(/<option[^>]*>/g)].find(([option]) => /\sselected\b/.test(option))
    if (choisie) poser(nom, attribut(choisie[0], 'value'))
  }
  for (const [, nom = '', texte = ''] of html.matchAll(/<textarea[^>]*\sname="([^"]*)"[^>]*>([^<]*)</g))
    poser(nom, texte)
  return {
    valeurs,
    totaux: new Map(
      [...html.matchAll(/<output[^>]*\sname="([^"]*)"[^>]*>([^<]*)</g)].map(([, nom = '', texte = '']) => [
        nom,
        texte.replace(/[\u00a0\u202f]/g, ' '),
      ]),
    ),
  }
}
/** A number in one writing, whatever its spaces and its zeros; anything else as it is. */
export const nombreLu = (texte: string): string =>
  /^\d[\d\s\u00a0\u202f]*(?:[,.]\d+)?$/.test(texte)
    ? String(Number(texte.replace(/[\s\u00a0\u202f]/g, '').replace(',', '.')))
    : texte
