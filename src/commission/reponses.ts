import { join } from 'node:path'
import { z } from 'zod'
import type { Session } from '#acces'
import { calculerEcheance, ecrireSource, resoudreValeur, trouverDelai, trouverValeur } from '#procedure'
import {
  type AvisCommission,
  type Forme,
  fichierDonnees,
  lireDocumentYaml,
  provenance,
  type Remarque,
  schemaUnAvis,
  texteRempli,
  versionAu,
} from '#referentiel'

/** An answer to one of the three questions before the orientation (annex 6). Absent: nobody answered, which is not « non ». */
export const reponsesQuestion = { oui: 'Oui', non: 'Non', a_voir: 'À voir' } as const
export type ReponseQuestion = keyof typeof reponsesQuestion
export const QUESTIONS = ['adapte_ressources', 'adapte_taille', 'maintien'] as const
export type Question = (typeof QUESTIONS)[number]
export type Reponses = Readonly<Record<Question, ReponseQuestion | null>>

const NOM = 'commission/orientation.yaml'
const reponse = z.enum(['oui', 'non'])
const schema = fichierDonnees({
  questions: z.array(z.strictObject({ id: z.enum(QUESTIONS), libelle: texteRempli })).length(QUESTIONS.length),
  discours: z.array(z.strictObject({ si: z.strictObject({ maintien: reponse, adapte: reponse }), texte: texteRempli })),
  /** What the law itself has the commission say, whatever the charter lists. */
  aide: z.array(schemaUnAvis).min(1),
  relance: z.strictObject({ apres_jours: z.int().min(0), ensuite_jours: z.int().min(1) }),
  ...provenance,
})
export type ModeleOrientation = z.output<typeof schema>

/** The kind of data file this part of the module reads. */
export const FORMES_COMMISSION: readonly Forme[] = [
  { nom: 'orientation', titre: 'Questions et discours de l’orientation en commission', chemins: [NOM], schema },
]

const lus = new Map<string, ModeleOrientation>()
/** Reads the questions of an orientation and the messages proposed, or refuses with every problem of the file. */
export function chargerOrientation(racine: string): ModeleOrientation {
  const lu = lus.get(racine) ?? lireDocumentYaml(join(racine, NOM), schema, `donnees/${NOM}`).valeur
  lus.set(racine, lu)
  return lu
}

/** What nobody has reviewed yet in it. */
export function inventorierOrientation({ fiabilite, verifie_le }: ModeleOrientation): Remarque[] {
  const lieu = { chemin: `donnees/${NOM}`, libelle: 'Orientation en commission' }
  return [
    ...(fiabilite === 'defaut'
      ? [{ ...lieu, genre: 'a_completer', detail: 'discours proposés par Amont' } as const]
      : []),
    ...(verifie_le === null ? [{ ...lieu, genre: 'non_verifie', detail: 'jamais relu par un juriste' } as const] : []),
  ]
}

/**
 * Whether the dwelling is adapted, from its two questions: one « non » is enough to say it is not, two « oui » that it is. Otherwise it remains to be seen, or nobody
 * answered.
 */
export function estAdapte({ adapte_ressources, adapte_taille }: Omit<Reponses, 'maintien'>): ReponseQuestion | null {
  const deux = [adapte_ressources, adapte_taille]
  if (deux.includes('non')) return 'non'
  if (deux.every((une) => une === 'oui')) return 'oui'
  return deux.includes('a_voir') ? 'a_voir' : null
}

/** The message proposed for these answers; none as long as one is missing or remains to be seen. */
export function proposerDiscours({ discours }: Pick<ModeleOrientation, 'discours'>, reponses: Reponses): string | null {
  const adapte = estAdapte(reponses)
  return discours.find(({ si }) => si.maintien === reponses.maintien && si.adapte === adapte)?.texte ?? null
}

export type AvisPossible = AvisCommission['avis'][number]
export type RecommandationPossible = AvisCommission['recommandations'][number]

/** What the commission of this département may answer on a day: null when the charter in force lists nothing, or when none is. */
export function reponsesPossibles(
  { referentiel, dept }: Pick<Session, 'referentiel' | 'dept'>,
  jour: Temporal.PlainDate,
): AvisCommission | null {
  const departement = referentiel.departements.get(dept)
  const charte = departement && versionAu(departement.chartes, jour)
  return charte && !('aucune' in charte) ? charte.avis : null
}

/** Opinions the commission may give on a day: those of the charter in force; where it lists none, what the law gives it on housing aid, and nothing else. */
export const avisPossibles = (
  session: Pick<Session, 'referentiel' | 'dept'>,
  jour: Temporal.PlainDate,
): readonly AvisPossible[] =>
  reponsesPossibles(session, jour)?.avis ?? chargerOrientation(session.referentiel.racine).aide

/** What the law makes of what the commission says on housing aid. */
export interface PouvoirSurLAide {
  /** Null: the law leaves two readings, or the day that selects it is unknown. The commission chooses, and it is said. */
  readonly pouvoir: 'avis' | 'decision' | null
  /** Said beside: the rule, its source, and why it is not certain. */
  readonly texte: string
}

/**
 * Opinion or decision on housing aid, by the day the commission was seized (COM-26): never by the day of the session. Without that day, or when the law can be read two
 * ways, nothing is presumed.
 */
export function pouvoirSurLAide(
  { delais }: Pick<Session, 'delais'>,
  saisieLe: Temporal.PlainDate | null,
): PouvoirSurLAide {
  const valeur = trouverValeur(delais, 'droit/valeurs/ccapex.aide-au-logement')
  if (!valeur) return { pouvoir: null, texte: 'Le droit fourni ne dit pas ce pouvoir.' }
  const resultat = resoudreValeur(valeur, { 'ccapex.saisie': saisieLe })
  if (resultat.issue === 'aucune') return { pouvoir: null, texte: `Pas de règle connue : ${resultat.aucune}.` }
  if (resultat.issue !== 'valeur')
    return { pouvoir: null, texte: 'La date de saisine n’est pas connue : avis ou décision, la commission le précise.' }
  const lectures = resultat.lectures.map(
    (une) => `${une.texte} (${ecrireSource(une.source)}${resultat.aVerifier ? ', à vérifier' : ''})`,
  )
  const [seule] = resultat.lectures
  return {
    pouvoir: resultat.lectures.length > 1 ? null : seule.texte === 'décision' ? 'decision' : 'avis',
    texte:
      lectures.length > 1
        ? `Deux lectures du droit : ${lectures.join(' ; ')}. La commission précise laquelle elle suit.`
        : `${lectures[0]}.`,
  }
}

/** A date to answer by, with where it comes from. Kept as JSON. */
export interface EcheanceDuRetour {
  readonly libelle: string
  readonly le: string
  readonly depart: string
  readonly calcul: string
  readonly source: string
  readonly fiabilite: string
  readonly aVerifier: boolean
  readonly reserve?: string | undefined
}

const LIBELLE_RETOUR = 'Retour au secrétariat'

/**
 * When the addressee answers (COM-16): the day chosen in session, or, without one or once it is past, the time limit of the charter counted from the
 * notification. Null when the charter sets none that
 * day: no date is made up.
 */
export function echeanceDuRetour(
  session: Pick<Session, 'delais' | 'referentiel' | 'dept'>,
  notifieLe: Temporal.PlainDate,
  choisi: Temporal.PlainDate | null,
): EcheanceDuRetour | null {
  if (choisi && Temporal.PlainDate.compare(choisi, notifieLe) >= 0)
    return {
      libelle: LIBELLE_RETOUR,
      le: choisi.toString(),
      depart: 'date choisie par la commission',
      calcul: 'fixée en séance',
      source: 'relevé de décisions',
      fiabilite: 'S',
      aVerifier: false,
    }
  const retour = reponsesPossibles(session, notifieLe)?.retour
  const delai = retour && trouverDelai(session.delais, retour.delai)
  const calculee = delai && calculerEcheance(delai, { 'avis.notifie': notifieLe }, session.delais.calendrier)
  if (calculee?.issue !== 'calculee') return null
  const [explication] = calculee.explications
  return {
    libelle: LIBELLE_RETOUR,
    le: calculee.le.toString(),
    depart: explication.depart,
    calcul: explication.calcul,
    source: explication.source,
    fiabilite: explication.fiabilite,
    aVerifier: calculee.aVerifier,
    ...(calculee.reserves.length > 0 ? { reserve: calculee.reserves.join(' ') } : {}),
  }
}
