import type { CandidatCompare, Champ } from '#rapprochement'
import type { Signalement } from '#signalements'
import { formatDate, formatMontant, formatNombre, pluriel } from '#socle/typography'
import type { ChampCompare } from '../composants/index.ts'

type Contenu = Readonly<Record<string, unknown>>

const texte = (contenu: Contenu, cle: string): string => {
  const valeur = contenu[cle]
  return typeof valeur === 'string' ? valeur.trim() : ''
}

const joindre = (morceaux: readonly string[], separateur = ' '): string | null =>
  morceaux.filter((morceau) => morceau !== '').join(separateur) || null

const enJour = (jour: string): string => (jour === '' ? '' : formatDate(jour))

/** `0385000000` as people read it: two digits at a time. */
const espacer = (numero: string): string => (/^0\d{9}$/.test(numero) ? numero.replace(/(\d{2})(?=\d)/g, '$1 ') : numero)

const noms = (usage: string, naissance: string): string =>
  usage === '' || naissance === '' || usage.toLowerCase() === naissance.toLowerCase()
    ? usage || naissance
    : `${usage} (naissance : ${naissance})`

/** When the person of one side is the spouse of the other, both are shown: the comparison crossed them. */
const avecConjoint = (titulaire: string, conjoint: string, croise: boolean): string | null =>
  joindre([titulaire, croise && conjoint !== '' ? `(conjoint : ${conjoint})` : ''])

const montant = (contenu: Contenu, cle: string): string | null => {
  const valeur = contenu[cle]
  return typeof valeur === 'number' ? formatMontant(valeur) : null
}

/** How the value of each compared field is written, from a signalement. */
const LECTURES: Readonly<Record<Champ, (contenu: Contenu, croise: boolean) => string | null>> = {
  nom: (c, croise) =>
    avecConjoint(noms(texte(c, 'nom_usage'), texte(c, 'nom_naissance')), texte(c, 'conjoint_nom'), croise),
  prenom: (c, croise) => avecConjoint(texte(c, 'prenom'), texte(c, 'conjoint_prenom'), croise),
  naissance: (c, croise) =>
    avecConjoint(enJour(texte(c, 'date_naissance')), enJour(texte(c, 'conjoint_date_naissance')), croise),
  adresse: (c) => joindre([texte(c, 'adresse')]),
  commune: (c) => joindre([texte(c, 'commune')]),
  telephone: (c) => joindre([espacer(texte(c, 'telephone'))]),
  courriel: (c) => joindre([texte(c, 'courriel')]),
  allocataire: (c) => joindre([texte(c, 'numero_allocataire')]),
  conjoint: (c) =>
    joindre(
      [
        joindre([texte(c, 'conjoint_prenom'), texte(c, 'conjoint_nom')]) ?? '',
        enJour(texte(c, 'conjoint_date_naissance')),
      ],
      ', ',
    ),
  bailleur: (c) =>
    joindre(
      [texte(c, 'bailleur_nom'), texte(c, 'bailleur_siret') === '' ? '' : `SIRET ${texte(c, 'bailleur_siret')}`],
      ', ',
    ),
  civilite: (c) => joindre([texte(c, 'civilite')]),
  complement: (c) => joindre([texte(c, 'complement_adresse')]),
  loyer: (c) => montant(c, 'loyer'),
  date_bail: (c) => enJour(texte(c, 'date_bail')) || null,
  dette_depuis: (c) => enJour(texte(c, 'dette_depuis')) || null,
  enfants,
}

function enfants(contenu: Contenu): string | null {
  const annees = contenu.annees_naissance_enfants
  if (Array.isArray(annees) && annees.length > 0) return `nés en ${annees.join(', ')}`
  const nombre = contenu.enfants_a_charge
  if (typeof nombre !== 'number') return null
  return nombre === 0 ? 'aucun' : pluriel(nombre, 'enfant', 'enfants')
}

/** Both records field by field, with what each field weighs (log2 of m over u) and why. Fields neither record gives are left out. */
export function comparerChamps(
  signalement: Pick<Signalement, 'contenu'>,
  candidat: Omit<CandidatCompare, 'signalement'>,
): ChampCompare[] {
  const gauche = signalement.contenu as unknown as Contenu
  const droite = candidat.contenu
  const { croise } = candidat.comparaison
  return candidat.evaluation.champs.flatMap(({ champ, libelle, accord, note, poids }) => {
    const lire = LECTURES[champ]
    const [a, b] = [lire(gauche, croise), lire(droite, croise)]
    if (a === null && b === null) return []
    const sansPoids = a !== null && b !== null ? 'pas comparables : ne compte pas' : 'ne compte pas'
    return [{ libelle, gauche: a, droite: b, accord, poids, note: accord === 'absent' ? sansPoids : note || undefined }]
  })
}

const unChiffre = (nombre: number): string => formatNombre(Math.round(nombre * 10) / 10, 1)

/** The odds behind a total in bits: « 13 chances contre 1 ». */
export function ecrireChances(total: number): string {
  const cote = 2 ** Math.abs(total)
  const ecrite = cote >= 1_000_000 ? 'plus d’un million' : formatNombre(Math.max(1, Math.round(cote)))
  if (ecrite === '1') return '1 chance contre 1'
  if (total < 0) return `1 chance contre ${ecrite}`
  return `${ecrite}${cote >= 1_000_000 ? ' de' : ''} chances contre 1`
}

/** How the total is made: what the fields say, less where two households taken at random start from. */
export function expliquerTotal({ evaluation }: Pick<CandidatCompare, 'evaluation'>): {
  formule: string
  resultat: string
} {
  const ressemblance = evaluation.champs.reduce((somme, { poids }) => somme + poids, 0)
  const depart = evaluation.total - ressemblance
  const signe = evaluation.total > 0 ? '+' : ''
  return {
    formule: `Total : ${unChiffre(ressemblance)} pour la ressemblance, ${depart < 0 ? 'moins' : 'plus'} ${unChiffre(Math.abs(depart))} de départ (deux ménages pris au hasard)`,
    resultat: `${signe}${unChiffre(evaluation.total)}, soit ${ecrireChances(evaluation.total)}`,
  }
}

/** A probability is cut, never rounded up: 0,996 is not certain. */
export const tronquer = (probabilite: number): number => Math.floor(probabilite * 100) / 100
