import {
  type Charte,
  type Criteres,
  type EntreeVocabulaire,
  ErreurFaits,
  ecrireValeur,
  type Fait,
  type Faits,
  lireFaits,
  VOCABULAIRE,
} from '#referentiel'

const FAITS = new Map(VOCABULAIRE.filter(({ genre }) => genre === 'fait').map((entree) => [entree.nom, entree]))
const SUJETS = new Map(
  VOCABULAIRE.flatMap(({ nom, genre, compagnon }) => (genre === 'compagnon' && compagnon ? [[nom, compagnon]] : [])),
)

/** Short names of the facts most often asked; others are named by their meaning. */
const NOMS: Readonly<Record<string, string>> = {
  'procedure.stade': 'Étape de la procédure',
  'logement.parc_prive': 'Parc',
  'menage.vulnerable': 'Ménage vulnérable',
  'menage.enfants_a_charge': 'Enfants à charge',
  'menage.rsa': 'RSA',
  'menage.age_titulaire': 'Âge du titulaire',
  'aide_logement.percue': 'Droit à une aide au logement',
  'aide_logement.organisme': 'Caisse',
  'garantie.visale_activee': 'Garantie Visale activée',
  'garantie.action_logement_activee': 'Garantie d’Action Logement activée',
  'bailleur.nature': 'Bailleur',
  'bailleur.gestion_directe': 'Bailleur en gestion directe',
  'menage.mesure_de_protection': 'Mesure de protection',
  'accompagnement.mesure': 'Mesure d’accompagnement',
  'accompagnement.avdl_prescrite': 'AVDL prescrite par la commission',
  'plan_apurement.signe': 'Plan d’apurement signé',
  'plan_apurement.respecte': 'Plan d’apurement respecté',
  'jugement.delais_accordes': 'Délais accordés par le juge',
  'fsl.demande': 'Demande au FSL déposée',
  'surendettement.dossier': 'Dossier de surendettement',
  'logement.conventionne_anah': 'Logement conventionné ANAH',
  'ccas.travailleurs_sociaux': 'CCAS avec travailleurs sociaux',
  'connu.departement': 'Connu du Département',
  'connu.ccas': 'Connu du CCAS',
  'connu.caf': 'Connu de la CAF',
  'connu.adil': 'Connu de l’ADIL',
  'diagnostic.existant': 'Diagnostic déjà transmis',
  'commission.situation_examinee': 'Déjà examiné en commission',
  'dette.montant': 'Dette',
  'ressources.mensuelles': 'Ressources mensuelles',
  'ressources.professionnelles': 'Revenus professionnels',
  'bailleur.age_dans_l_annee': 'Âge du bailleur',
  'bailleur.demande_diagnostic': 'Diagnostic demandé par le bailleur',
  'menage.contact_avec_bailleur': 'Contact avec le bailleur',
}

/** Facts shown first, whatever the conditions are written in. */
const PREMIERS: readonly string[] = [
  'procedure.stade',
  'logement.parc_prive',
  'menage.vulnerable',
  'menage.enfants_a_charge',
  'menage.rsa',
  'garantie.visale_activee',
  'bailleur.nature',
  'menage.mesure_de_protection',
  'accompagnement.mesure',
]

/** One fact the form asks for. */
export interface ChampFait {
  readonly nom: Fait
  readonly libelle: string
  readonly sens: string
  readonly type: EntreeVocabulaire['type']
  /** An amount in euros; stored in cents. */
  readonly montant: boolean
  /** Answers to choose from; null for a number. */
  readonly options: readonly { readonly valeur: string; readonly libelle: string }[] | null
  readonly premier: boolean
}

const majuscule = (texte: string): string => `${texte.charAt(0).toUpperCase()}${texte.slice(1)}`

/** Name of a fact on the form. */
export const nommerFait = (mot: string): string => NOMS[mot] ?? majuscule(FAITS.get(mot)?.sens ?? mot)

/** A value as an address writes it: amounts in euros, as people type them. */
export function ecrireFait(mot: string, valeur: boolean | number | string): string {
  if (typeof valeur === 'boolean') return valeur ? 'oui' : 'non'
  return FAITS.get(mot)?.unite === 'centimes' ? String(Number(valeur) / 100).replace('.', ',') : String(valeur)
}

/** A value as a person reads it: « privé » for a dwelling that is of the private stock. */
export function lireValeurFait(mot: string, valeur: boolean | number | string): string {
  if (mot === 'logement.parc_prive') return valeur === true ? 'privé' : 'social'
  return ecrireValeur(mot, valeur)
}

function optionsDe({ nom, type, valeurs }: EntreeVocabulaire): ChampFait['options'] {
  const enOption = (valeur: boolean | string) => ({
    valeur: ecrireFait(nom, valeur),
    libelle: majuscule(lireValeurFait(nom, valeur)),
  })
  if (type === 'bool') return [true, false].map(enOption)
  return valeurs ? valeurs.map(enOption) : null
}

/** The facts that conditions of a document read, those asked most often first. Settings and computed words are not asked. */
export function champsSituation(
  charte: Pick<Charte, 'engagements' | 'stades'>,
  criteres: Criteres | null,
): readonly ChampFait[] {
  const conditions = charte.engagements.flatMap(({ si }) => (si ? [si] : []))
  const directs = conditions.flatMap(({ mots }) => mots)
  // Vulnerability follows from its own criteria when nobody says it.
  const vulnerabilite = directs.includes('menage.vulnerable')
    ? (criteres?.groupes.find(({ id }) => id === 'vulnerabilite')?.criteres ?? []).flatMap(({ si }) => si?.mots ?? [])
    : []
  const noms = new Set(['procedure.stade', ...directs, ...vulnerabilite].map((mot) => SUJETS.get(mot) ?? mot))
  const demandes = [...noms].flatMap((nom) => {
    const entree = FAITS.get(nom)
    return entree && nom !== 'procedure.phase_judiciaire' ? [entree] : []
  })
  const rang = (nom: string) => (PREMIERS.includes(nom) ? PREMIERS.indexOf(nom) : PREMIERS.length)
  return demandes
    .toSorted((a, b) => rang(a.nom) - rang(b.nom))
    .map((entree) => ({
      nom: entree.nom as Fait,
      libelle: nommerFait(entree.nom),
      sens: entree.sens,
      type: entree.type,
      montant: entree.unite === 'centimes',
      options:
        entree.nom === 'procedure.stade'
          ? (optionsDe(entree)?.filter(({ valeur }) => (charte.stades as readonly string[]).includes(valeur)) ?? null)
          : optionsDe(entree),
      premier: PREMIERS.includes(entree.nom),
    }))
}

/** What an address says of a situation, and which values could not be read. */
export interface SituationLue {
  readonly faits: Faits
  readonly erreurs: ReadonlyMap<string, string>
}

function enValeur({ type, montant }: ChampFait, texte: string): boolean | number | string {
  if (type === 'bool') return texte === 'oui' ? true : texte === 'non' ? false : texte
  if (montant) {
    const [, euros = '', centimes = ''] = /^(\d{1,7})(?:[.,](\d{1,2}))?$/.exec(texte.replace(/\s/g, '')) ?? []
    return euros === '' ? texte : Number(euros) * 100 + Number(centimes.padEnd(2, '0'))
  }
  return type === 'int' && /^\d{1,9}$/.test(texte) ? Number(texte) : texte
}

/** Reads the facts of an address. One that cannot be read is left unknown and says why; it is never « non ». */
export function lireSituation(recherche: Readonly<Record<string, string>>, champs: readonly ChampFait[]): SituationLue {
  const erreurs = new Map<string, string>()
  const faits = champs.flatMap((champ) => {
    const texte = recherche[champ.nom]?.trim() ?? ''
    if (texte === '') return []
    const valeur = enValeur(champ, texte)
    try {
      lireFaits({ [champ.nom]: valeur })
      return [[champ.nom, valeur] as const]
    } catch (erreur) {
      if (!(erreur instanceof ErreurFaits)) throw erreur
      erreurs.set(
        champ.nom,
        champ.options
          ? `« ${texte} » n’est pas une réponse de la liste.`
          : champ.montant
            ? 'Écrire un montant en euros, par exemple 950,00.'
            : 'Écrire un nombre entier, en chiffres.',
      )
      return []
    }
  })
  return { faits: lireFaits(Object.fromEntries(faits)), erreurs }
}

/** A situation as an address keeps it. */
export const situationEnChamps = (faits: Faits): Readonly<Record<string, string>> =>
  Object.fromEntries(
    Object.entries(faits).flatMap(([nom, valeur]) => (valeur === undefined ? [] : [[nom, ecrireFait(nom, valeur)]])),
  )

/** A situation in words: « Parc : privé ; RSA : oui ». */
export const decrireSituation = (faits: Faits): readonly { readonly mot: string; readonly texte: string }[] =>
  Object.entries(faits).flatMap(([mot, valeur]) =>
    valeur === undefined ? [] : [{ mot, texte: `${nommerFait(mot)} : ${lireValeurFait(mot, valeur)}` }],
  )
