/** Identifier made from a text, for headings and fields: ASCII letters, digits and hyphens, always starting with the prefix. */
export function identifiant(prefixe: string, texte: string): string {
  const suite = texte
    .normalize('NFD')
    .replace(/\p{Mn}/gu, '')
    .toLowerCase()
    .replace(/[^a-z0-9]+/g, '-')
    .replace(/^-+|-+$/g, '')
  return `${prefixe}-${suite}`
}

/** Class names that are present, in one attribute. */
export function classes(...noms: readonly (string | false | null | undefined)[]): string {
  return noms.filter(Boolean).join(' ')
}
