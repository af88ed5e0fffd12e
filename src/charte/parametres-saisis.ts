import { CLES_PARAMETRES, type CleParametre, definitionParametre, ecrireEuros, type VersionLue } from '#referentiel'
import { epurerMontant } from '#socle/typography'

/** What a form says of one setting that changes. An empty value is « not given », which is an answer. */
export interface ReglageSaisi {
  readonly cle: CleParametre
  readonly valeur: string | number | boolean | null
  readonly titre: string
  readonly reference: string
  readonly remarque: string
}

const texte = (valeur: string): string => JSON.stringify(valeur)

/** The settings that change, in the layout of `parametres.yaml`. A local value is a usage of the département, checked by no jurist. */
export function ecrireReglages(
  reglages: readonly ReglageSaisi[],
  du: Temporal.PlainDate,
  jusquAu: Temporal.PlainDate | null,
): string {
  const blocs = CLES_PARAMETRES.flatMap((cle) => reglages.filter((reglage) => reglage.cle === cle)).flatMap(
    ({ cle, valeur, titre, reference, remarque }) => [
      `  ${cle}:`,
      '    versions:',
      `      - du: ${du}`,
      ...(jusquAu ? [`        jusqu_au: ${jusquAu}`] : []),
      `        valeur: ${typeof valeur === 'string' ? texte(valeur) : valeur}`,
      ...(remarque === '' ? [] : [`        remarque: ${texte(remarque)}`]),
      `        source: { titre: ${texte(titre)}${reference === '' ? '' : `, reference: ${texte(reference)}`} }`,
      '        fiabilite: S',
      '        verifie_le: null',
    ],
  )
  return ['schema: 1', blocs.length === 0 ? 'parametres: {}' : 'parametres:', ...blocs, ''].join('\n')
}

/** The settings a version changes, as a form shows them. */
export function lireReglages(version: Extract<VersionLue, { genre: 'parametres' }>): ReglageSaisi[] {
  return CLES_PARAMETRES.flatMap((cle) => {
    const reglage = version.valeur.reglages[cle]
    if (!reglage) return []
    const { valeur, source, remarque } = reglage
    return [{ cle, valeur, titre: source.titre, reference: source.reference ?? '', remarque: remarque ?? '' }]
  })
}

/** A setting as a person types it: euros for an amount, « oui » or « non », the code of a closed choice. */
export function ecrireSaisie(cle: CleParametre, valeur: string | number | boolean | null): string {
  if (valeur === null) return ''
  if (typeof valeur === 'boolean') return valeur ? 'oui' : 'non'
  if (typeof valeur === 'number' && definitionParametre(cle).unite === 'centimes')
    return ecrireEuros(valeur).replace(/\u00a0€$/, '')
  if (typeof valeur === 'string' && definitionParametre(cle).unite === 'mois_jour')
    return valeur.split('-').toReversed().join('/')
  return String(valeur)
}

/** What a person typed, as a value; a French sentence when it is not one. */
export function lireSaisie(
  cle: CleParametre,
  saisie: string,
): { readonly valeur: string | number | boolean | null } | { readonly erreur: string } {
  const { type, unite, valeurs } = definitionParametre(cle)
  const ecrit = saisie.trim()
  if (ecrit === '') return { valeur: null }
  if (type === 'bool') {
    if (ecrit === 'oui' || ecrit === 'non') return { valeur: ecrit === 'oui' }
    return { erreur: 'Choisir oui, non, ou rien.' }
  }
  if (type === 'int') {
    const nombre = ecrit.replace(/[\s\u00a0\u202f€%]/g, '')
    if (unite === 'centimes') {
      const [, euros, cents = ''] = /^(\d{1,9})(?:\.(\d{1,2}))?$/.exec(epurerMontant(ecrit)) ?? []
      if (euros === undefined) return { erreur: 'Écrire un montant en euros, par exemple 2 000 ou 950,50.' }
      return { valeur: Number(euros) * 100 + Number(cents.padEnd(2, '0')) }
    }
    if (!/^\d{1,9}$/.test(nombre)) return { erreur: 'Écrire un nombre entier.' }
    if (unite === 'numero_de_mois' && (Number(nombre) < 1 || Number(nombre) > 12)) return { erreur: 'Choisir un mois.' }
    return { valeur: Number(nombre) }
  }
  if (valeurs && !valeurs.includes(ecrit)) return { erreur: 'Choisir une valeur de la liste.' }
  if (unite === 'mois_jour') {
    const [, jour, mois] = /^(\d{1,2})[/-](\d{1,2})$/.exec(ecrit) ?? []
    // A leap year, so that 29 February is a day of the year.
    const existe = jour && mois && Number(mois) >= 1 && Number(mois) <= 12 && Number(jour) >= 1
    if (!existe || Number(jour) > new Temporal.PlainYearMonth(2000, Number(mois)).daysInMonth)
      return { erreur: 'Écrire un jour et un mois, par exemple 15/10.' }
    return { valeur: `${mois.padStart(2, '0')}-${jour.padStart(2, '0')}` }
  }
  return { valeur: ecrit }
}
