import { type CandidatCompare, type Champ, NIVEAUX } from '#rapprochement'
import type { Signalement } from '#signalements'
import { formatDate, formatNombre, pluriel } from '#socle/typography'
import type { Accord, ChampCompare } from '../composants/index.ts'

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

const LECTURES: Readonly<
  Record<Champ, { readonly libelle: string; readonly lire: (contenu: Contenu, croise: boolean) => string | null }>
> = {
  nom: {
    libelle: 'Nom',
    lire: (c, croise) =>
      avecConjoint(noms(texte(c, 'nom_usage'), texte(c, 'nom_naissance')), texte(c, 'conjoint_nom'), croise),
  },
  prenom: {
    libelle: 'Prénom',
    lire: (c, croise) => avecConjoint(texte(c, 'prenom'), texte(c, 'conjoint_prenom'), croise),
  },
  naissance: {
    libelle: 'Date de naissance',
    lire: (c, croise) =>
      avecConjoint(enJour(texte(c, 'date_naissance')), enJour(texte(c, 'conjoint_date_naissance')), croise),
  },
  adresse: { libelle: 'Adresse', lire: (c) => joindre([texte(c, 'adresse')]) },
  commune: { libelle: 'Commune', lire: (c) => joindre([texte(c, 'commune')]) },
  telephone: { libelle: 'Téléphone', lire: (c) => joindre([espacer(texte(c, 'telephone'))]) },
  courriel: { libelle: 'Courriel', lire: (c) => joindre([texte(c, 'courriel')]) },
  allocataire: { libelle: 'Numéro d’allocataire', lire: (c) => joindre([texte(c, 'numero_allocataire')]) },
  conjoint: {
    libelle: 'Conjoint',
    lire: (c) =>
      joindre(
        [
          joindre([texte(c, 'conjoint_prenom'), texte(c, 'conjoint_nom')]) ?? '',
          enJour(texte(c, 'conjoint_date_naissance')),
        ],
        ', ',
      ),
  },
  bailleur: {
    libelle: 'Bailleur',
    lire: (c) =>
      joindre(
        [texte(c, 'bailleur_nom'), texte(c, 'bailleur_siret') === '' ? '' : `SIRET ${texte(c, 'bailleur_siret')}`],
        ', ',
      ),
  },
}

function accorder(champ: Champ, niveau: number): Accord {
  if (niveau < 0) return 'absent'
  if (niveau === 0) return 'different'
  return niveau === NIVEAUX[champ].length - 1 ? 'identique' : 'proche'
}

const MOTS_DES_ETIQUETTES = ['identique', 'proche', 'different', 'différent', 'différente', 'absent']

/** Context without weight: shown because people look at it, said to count for nothing. */
function enContexte(libelle: string, gauche: string | null, droite: string | null): ChampCompare | null {
  if (gauche === null && droite === null) return null
  const accord: Accord =
    gauche === null || droite === null
      ? 'absent'
      : gauche.toLowerCase() === droite.toLowerCase()
        ? 'identique'
        : 'different'
  return { libelle, gauche, droite, accord, poids: 0, note: 'ne compte pas dans le score' }
}

function enfants(contenu: Contenu): string | null {
  const annees = contenu.annees_naissance_enfants
  if (Array.isArray(annees) && annees.length > 0) return `nés en ${annees.join(', ')}`
  const nombre = contenu.enfants_a_charge
  if (typeof nombre !== 'number') return null
  return nombre === 0 ? 'aucun' : pluriel(nombre, 'enfant', 'enfants')
}

/** Both records field by field, in the order of the score, with what each field weighs (log2 of m over u) and why. */
export function comparerChamps(signalement: Pick<Signalement, 'contenu'>, candidat: CandidatCompare): ChampCompare[] {
  const gauche = signalement.contenu as unknown as Contenu
  const droite = candidat.contenu
  const { croise } = candidat.comparaison
  const compares = candidat.evaluation.champs.map(({ champ, niveau, libelle, note, poids }): [Champ, ChampCompare] => {
    const { libelle: titre, lire } = LECTURES[champ]
    const [a, b] = [lire(gauche, croise), lire(droite, croise)]
    const precision = MOTS_DES_ETIQUETTES.includes(libelle) ? undefined : libelle
    const sansPoids = a !== null && b !== null ? 'pas comparables : ne compte pas' : 'ne compte pas'
    return [
      champ,
      {
        libelle: titre,
        gauche: a,
        droite: b,
        accord: accorder(champ, niveau),
        poids,
        note: niveau < 0 ? sansPoids : (note ?? precision),
      },
    ]
  })
  const complement = enContexte(
    'Complément d’adresse',
    joindre([texte(gauche, 'complement_adresse')]),
    joindre([texte(droite, 'complement_adresse')]),
  )
  const foyer = enContexte('Enfants', enfants(gauche), enfants(droite))
  return compares.flatMap(([champ, compare]) => [
    compare,
    ...(champ === 'adresse' && complement ? [complement] : []),
    ...(champ === 'commune' && foyer ? [foyer] : []),
  ])
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
