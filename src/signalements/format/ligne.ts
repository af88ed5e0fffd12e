import { createHash } from 'node:crypto'
import {
  type ContenuSignalement,
  definirColonne,
  estColonne,
  type GenreColonne,
  NOMS_COLONNES,
  type NomColonne,
} from './colonnes.ts'
import { aCaractereInterdit, montrerControles } from './controles.ts'
import type { Enregistrement } from './fichier.ts'
import { type CodeMotif, type Motif, ordonnerMotifs } from './motifs.ts'
import { estNirMasque, masquerChamps, masquerOctets, trouverNir } from './nir.ts'
import { type Champs, TYPES, type TypeSignalement, type Verdict } from './types.ts'
import {
  type Lecture,
  lireAnnee,
  lireAnnees,
  lireBooleen,
  lireCodePostal,
  lireCourriel,
  lireDate,
  lireEntier,
  lireEnumeration,
  lireMontant,
  lireSiret,
  lireTelephone,
} from './valeurs.ts'

/** What a verdict needs to know besides the line. */
export interface ContexteVerification {
  /** Does the list of the territory have this commune, or did somebody say where it is (§4)? */
  communeConnue(commune: string, codePostal: string): boolean
  /** References met higher in the same file, with the print of their content. Filled by `verifierLigne`. */
  readonly vues: Map<string, string>
}

/** The verdict of one line, and what may be kept of it: everything here is already masked when a NIR was recognised. */
export interface VerdictLigne {
  readonly verdict: Verdict
  readonly motifs: readonly Motif[]
  /** Null when the line is rejected. */
  readonly contenu: ContenuSignalement | null
  /** Columns of the file that are not ours, empty ones left out. */
  readonly inconnues: Champs
  /** SHA-256 of the fields, edge spaces removed, unknown columns included: equal prints are equal contents. */
  readonly empreinte: string
  /** Empty when the line has none. */
  readonly referenceSource: string
  /** The fields as texts that can be shown, corrected and stored. */
  readonly champs: Champs
  /** The bytes of the line, to be kept. */
  readonly octets: Uint8Array
}

const REFERENCE_MAXIMALE = 100
const VALEUR_MONTREE = 500
const AGE_MAXIMAL = 120
const DATES_PASSEES = ['date_acte', 'date_bail', 'dette_depuis', 'date_naissance'] as const
/** What Excel and LibreOffice write in a cell they cannot compute, in English and in French. */
const ERREUR_DE_TABLEUR =
  /^(?:#(?:N\/A|REF!|NAME\?|NOM\?|VALUE!|VALEUR!|DIV\/0!|NUM!|NOMBRE!|NULL!|NUL!|SPILL!|PROPAGATION!|CALC!)|Err:5\d\d)$/
const COLONNES_DE_TEXTE = NOMS_COLONNES.filter((colonne) => definirColonne(colonne).genre === 'texte')
const COMMENCE_EN_FORMULE = /^[=+\-@]/

const REJETS: ReadonlySet<CodeMotif> = new Set([
  'nombre_de_champs',
  'type_absent',
  'type_inconnu',
  'reference_absente',
  'reference_trop_longue',
  'reference_en_double',
  'identite_absente',
  'commune_absente',
  'ligne_trop_longue',
  'caractere_interdit',
])

/**
 * Gives a line its verdict (formats/signalements.md §5): every reason found, in the order of the columns, and the content read when
 * none of them rejects it. Pure, but for `contexte.vues`, to which the reference of the line is added.
 */
export function verifierLigne(
  ligne: Pick<Enregistrement, 'champs'> & Partial<Pick<Enregistrement, 'octets' | 'anomalie'>>,
  contexte: ContexteVerification,
): VerdictLigne {
  const recue = masquer(ligne)
  if (ligne.anomalie) return rejeterEntiere(ligne.anomalie, recue)
  const verification = new Map<NomColonne, unknown>()
  const motifs: Motif[] = []
  const rejets = new Set<Motif>()

  function relever(code: CodeMotif, colonne: string, message: string, rejette = REJETS.has(code)): void {
    const motif = { code, colonne, valeur: montrer(recue.champs[colonne] ?? ''), message }
    motifs.push(motif)
    if (rejette) rejets.add(motif)
  }

  // A spreadsheet's own error says nothing of the household: its text is shown, and read as nothing.
  const erreurs = new Set(COLONNES_DE_TEXTE.filter((colonne) => ERREUR_DE_TABLEUR.test(recue.champs[colonne] ?? '')))
  const lire = (colonne: NomColonne): string => (erreurs.has(colonne) ? '' : (recue.champs[colonne] ?? ''))
  for (const colonne of erreurs) {
    relever(
      'valeur_inconnue',
      colonne,
      'Cette cellule contient une erreur du tableur. Corriger sa formule, ou effacer la cellule.',
    )
  }
  const illisibles = new Set(recue.interdites)
  for (const colonne of illisibles) {
    relever('caractere_interdit', colonne, 'Ce champ contient un caractère invisible interdit. Le saisir à nouveau.')
  }
  if (recue.nirEcarte) {
    relever(
      'nir_ecarte',
      'numero_allocataire',
      'C’est un numéro de sécurité sociale : il n’est pas gardé. Donner le numéro CAF, sept chiffres.',
    )
  }

  const type = illisibles.has('type') ? null : verifierType(lire('type'), relever)
  const exigee = type === null ? null : TYPES[type].dateExigee
  const jour = lireJour('date_signalement')
  const anneeSignalement = jour === null ? null : Number(jour.slice(0, 4))

  /** Reads a date; required, its absence or its illegibility rejects the line. */
  function lireJour(colonne: NomColonne): string | null {
    const requise = colonne === 'date_signalement' || colonne === exigee
    const texte = lire(colonne)
    if (illisibles.has(colonne)) return null
    if (texte === '') {
      if (requise) relever('date_absente', colonne, 'Cette date manque, et elle est obligatoire. L’ajouter.', true)
      return null
    }
    const lue = lireDate(texte, requise)
    if ('valeur' in lue) return lue.valeur
    relever(lue.code, colonne, lue.message, requise)
    return null
  }

  for (const colonne of NOMS_COLONNES) {
    const { genre } = definirColonne(colonne)
    if (colonne === 'type') verification.set(colonne, type)
    else if (colonne === 'date_signalement') verification.set(colonne, jour)
    else if (genre === 'date') verification.set(colonne, lireJour(colonne))
    else if (lire(colonne) === '' || illisibles.has(colonne)) verification.set(colonne, null)
    else {
      const lue = lireValeur(colonne, genre, lire(colonne), anneeSignalement)
      verification.set(colonne, 'valeur' in lue ? lue.valeur : null)
      if ('code' in lue) relever(lue.code, colonne, lue.message)
    }
  }
  if (recue.nirEcarte) verification.set('numero_allocataire', null)

  verifierReference()
  verifierPresences()
  verifierCoherence()
  verifierFormules()

  function verifierReference(): void {
    if (illisibles.has('reference_source')) return
    const reference = lire('reference_source')
    if (recue.referenceMasquee) {
      relever(
        'reference_absente',
        'reference_source',
        'Cette référence contient un numéro de sécurité sociale : elle n’est pas gardée. En donner une autre.',
      )
    } else if (reference === '') {
      relever(
        'reference_absente',
        'reference_source',
        'La référence manque. Donner la référence du signalement chez l’émetteur.',
      )
    } else if ([...reference].length > REFERENCE_MAXIMALE) {
      relever(
        'reference_trop_longue',
        'reference_source',
        `Cette référence dépasse ${REFERENCE_MAXIMALE} caractères. La raccourcir.`,
      )
    } else {
      const dejaVue = contexte.vues.get(reference)
      if (dejaVue === undefined) contexte.vues.set(reference, recue.empreinte)
      else if (dejaVue === recue.empreinte) {
        relever(
          'doublon_identique',
          'reference_source',
          'Cette ligne est déjà plus haut dans le fichier. Rien à faire : un seul signalement est gardé.',
        )
      } else {
        relever(
          'reference_en_double',
          'reference_source',
          'Cette référence est déjà plus haut dans le fichier, avec un autre contenu. Donner une référence à chaque signalement.',
        )
      }
    }
  }

  function verifierPresences(): void {
    const nommee = lire('nom_usage') !== '' || lire('nom_naissance') !== ''
    if (!nommee) {
      relever(
        'identite_absente',
        'nom_usage',
        'Il manque le nom. Sans lui, aucun ménage ne peut être reconnu. Donner le nom d’usage ou le nom de naissance.',
      )
    }
    if (lire('prenom') === '')
      relever('prenom_absent', 'prenom', 'Le prénom manque. L’ajouter aide à reconnaître le ménage.')
    const commune = lire('commune')
    if (commune === '') {
      relever(
        'commune_absente',
        'commune',
        'La commune manque : elle désigne le territoire. Ajouter la commune du logement.',
      )
    } else if (!illisibles.has('commune') && !contexte.communeConnue(commune, lire('code_postal'))) {
      relever(
        'commune_inconnue',
        'commune',
        'Cette commune n’est pas dans la liste du territoire. La ligne est gardée, territoire à déterminer. Corriger son nom, ou la faire situer par le secrétariat : Recevoir, « Communes à situer ».',
      )
    }
    if (type === 'assignation' && lire('date_audience') === '') {
      relever('date_absente', 'date_audience', 'La date d’audience manque. L’ajouter dès qu’elle est connue.', false)
    }
    if (type === 'jugement' && lire('decision') === '') {
      relever('decision_absente', 'decision', 'Le sens du jugement manque. L’ajouter dès qu’il est connu.')
    }
  }

  function verifierCoherence(): void {
    if (jour === null) return
    for (const colonne of DATES_PASSEES) {
      const date = verification.get(colonne)
      if (typeof date !== 'string') continue
      if (date > jour) {
        relever(
          'date_incoherente',
          colonne,
          'Cette date est postérieure à celle du signalement. Vérifier les deux dates.',
        )
      } else if (colonne === 'date_naissance' && ajouterAnnees(date, AGE_MAXIMAL) < jour) {
        relever(
          'date_incoherente',
          colonne,
          `Cette date donne plus de ${AGE_MAXIMAL} ans. Vérifier l’année de naissance.`,
        )
      }
    }
  }

  function verifierFormules(): void {
    for (const colonne of COLONNES_DE_TEXTE) {
      if (!COMMENCE_EN_FORMULE.test(lire(colonne))) continue
      relever(
        'formule_neutralisee',
        colonne,
        'Ce texte commence comme une formule. Il est gardé tel quel et ne sera jamais calculé. Vérifier qu’il est voulu.',
      )
    }
  }

  const rejetee = rejets.size > 0
  return {
    ...conserver(recue),
    verdict: rejetee ? 'rejetee' : motifs.length > 0 ? 'avertissement' : 'acceptee',
    motifs: ordonnerMotifs(motifs),
    contenu: rejetee ? null : (Object.fromEntries(verification) as ContenuSignalement),
  }
}

function verifierType(
  texte: string,
  relever: (code: CodeMotif, colonne: string, message: string) => void,
): TypeSignalement | null {
  const mot = texte.toLowerCase()
  if (Object.hasOwn(TYPES, mot)) return mot as TypeSignalement
  if (mot === '')
    relever('type_absent', 'type', 'La nature du signalement manque. Écrire par exemple impaye_caf ou assignation.')
  else
    relever(
      'type_inconnu',
      'type',
      'Cette nature de signalement n’existe pas. Écrire par exemple impaye_caf ou assignation.',
    )
  return null
}

function lireValeur(
  colonne: NomColonne,
  genre: Exclude<GenreColonne, 'date'>,
  texte: string,
  anneeSignalement: number | null,
): Lecture<unknown> {
  switch (genre) {
    case 'texte':
      return { valeur: texte }
    case 'montant':
      return lireMontant(texte)
    case 'booleen':
      return lireBooleen(texte)
    case 'enumeration':
      return lireEnumeration(colonne, texte)
    case 'entier':
      return lireEntier(texte)
    case 'annee':
      return lireAnnee(texte, anneeSignalement)
    case 'annees':
      // A child to be born next year is announced this year.
      return lireAnnees(texte, anneeSignalement === null ? null : anneeSignalement + 1)
    case 'telephone':
      return lireTelephone(texte)
    case 'courriel':
      return lireCourriel(texte)
    case 'code_postal':
      return lireCodePostal(texte)
    case 'siret':
      return lireSiret(texte)
  }
}

/** The line as it may be kept: fields trimmed and printable, NIR masked everywhere. */
interface LigneRecue {
  readonly champs: Champs
  readonly octets: Uint8Array
  readonly empreinte: string
  readonly interdites: readonly string[]
  readonly nirEcarte: boolean
  readonly referenceMasquee: boolean
}

function masquer(
  ligne: Pick<Enregistrement, 'champs'> & Partial<Pick<Enregistrement, 'octets' | 'anomalie'>>,
): LigneRecue {
  const nirs = trouverNirs(ligne.champs, ligne.anomalie ?? null)
  let octets = ligne.octets ?? new Uint8Array()
  let lus = ligne.champs
  for (const nir of nirs) {
    octets = masquerOctets(octets, nir)
    lus = masquerChamps(lus, nir)
  }
  const champs: Record<string, string> = Object.create(null)
  for (const [nom, valeur] of Object.entries(lus)) champs[nom] = montrerControles(valeur.trim())
  return {
    champs,
    octets,
    empreinte: calculerEmpreinte(champs),
    interdites: Object.keys(ligne.champs).filter((nom) => aCaractereInterdit(ligne.champs[nom] ?? '')),
    nirEcarte: estNirMasque(champs.numero_allocataire ?? ''),
    referenceMasquee: nirs.length > 0 && lus.reference_source !== ligne.champs.reference_source,
  }
}

/**
 * The NIR given as allocataire number. In a line whose fields are out of place, any field that is nothing but a NIR is taken for one:
 * the column it stands under means nothing.
 */
export function trouverNirs(champs: Champs, anomalie: Enregistrement['anomalie']): readonly string[] {
  const candidats = anomalie === null ? [champs.numero_allocataire ?? ''] : Object.values(champs)
  return candidats.map(trouverNir).filter((nir) => nir !== null)
}

function calculerEmpreinte(champs: Champs): string {
  const remplis = Object.entries(champs).filter(([, valeur]) => valeur !== '')
  const tries = remplis.sort(([a], [b]) => (a < b ? -1 : 1))
  return createHash('sha256').update(JSON.stringify(tries)).digest('hex')
}

function conserver(recue: LigneRecue): Omit<VerdictLigne, 'verdict' | 'motifs' | 'contenu'> {
  const inconnues: Record<string, string> = Object.create(null)
  for (const [nom, valeur] of Object.entries(recue.champs))
    if (!estColonne(nom) && valeur !== '') inconnues[nom] = valeur
  const reference = recue.referenceMasquee ? '' : (recue.champs.reference_source ?? '')
  const { champs, octets, empreinte } = recue
  return { inconnues, empreinte, referenceSource: montrer(reference, REFERENCE_MAXIMALE), champs, octets }
}

function rejeterEntiere(anomalie: NonNullable<Enregistrement['anomalie']>, recue: LigneRecue): VerdictLigne {
  const message =
    anomalie === 'nombre_de_champs'
      ? 'Cette ligne n’a pas autant de champs que l’en-tête. Chercher un séparateur en trop ou en moins.'
      : 'Cette ligne dépasse un mégaoctet. Vérifier qu’aucun guillemet ne manque.'
  const motifs: readonly Motif[] = [{ code: anomalie, colonne: '', valeur: '', message }]
  return { ...conserver(recue), verdict: 'rejetee', motifs, contenu: null }
}

/** A value as a reason quotes it: its beginning when it is long. */
export function montrer(valeur: string, maximum = VALEUR_MONTREE): string {
  const signes = valeur.length > maximum ? [...valeur] : []
  return signes.length > maximum ? `${signes.slice(0, maximum).join('')}…` : valeur
}

/** The same day `annees` years later, as AAAA-MM-JJ; a 29 February becomes the 28 when it must. */
function ajouterAnnees(date: string, annees: number): string {
  return Temporal.PlainDate.from(date).add({ years: annees }).toString()
}
