/** NUL and control characters, tab and line ends aside: they have no place in a text and PostgreSQL refuses the first. */
const INTERDITS = /[\u0000-\u0008\u000b\u000c\u000e-\u001f\u007f-\u009f]/

export function aCaractereInterdit(texte: string): boolean {
  return INTERDITS.test(texte)
}

/** The same text with its control characters made visible (`␀`, `␡`, `�`), so that it can be shown and stored. */
export function montrerControles(texte: string): string {
  if (!INTERDITS.test(texte)) return texte
  return texte.replace(new RegExp(INTERDITS, 'g'), (caractere) => {
    const code = caractere.charCodeAt(0)
    if (code < 0x20) return String.fromCharCode(0x2400 + code)
    return code === 0x7f ? '␡' : '\ufffd'
  })
}
