import { z } from 'zod'
import { type Evaluation, preparerContexte, TOUJOURS, type ValeurMot } from './condition.ts'
import { type AvecCriteres, avecDeduits, vulnerabilite } from './criteres.ts'
import { conditionEcrite, situationEcrite } from './ecriture.ts'
import { ecrireMotif } from './motif.ts'
import { TYPES_ORGANISME } from './organismes.ts'
import { valeursParametres } from './parametres-dates.ts'
import { type Provenance, provenance, versionAu } from './source.ts'
import { type Faits, type Mot, STADES_REGLES, type StadeRegles } from './vocabulaire.ts'
import {
  type DocumentYaml,
  fichierDonnees,
  identifiant,
  jourCivil,
  type Probleme,
  suggerer,
  texteRempli,
} from './yaml.ts'

/** How Amont carries an engagement: by itself, as a dated and proven task, as information at the right place, or outside the dossiers. */
export const MODES_ENGAGEMENT = {
  automatique: 'fait par Amont',
  tache: 'tâche datée, avec preuve',
  information: 'information mise à disposition',
  organisation: 'action hors dossier, suivie avec la charte',
} as const
export type ModeEngagement = keyof typeof MODES_ENGAGEMENT

/** Whom an engagement serves. */
export const PUBLICS_ENGAGEMENT = {
  menage: 'ménage',
  bailleur_prive: 'bailleur privé',
  bailleur_social: 'bailleur social',
} as const
export type PublicEngagement = keyof typeof PUBLICS_ENGAGEMENT

/** What an automatic engagement produces. */
export const AUTOMATISMES = {
  courrier: 'courrier préparé',
  liste: 'liste ou tableau transmis',
  transmission: 'document transmis',
  alerte: 'alerte affichée',
  calcul: 'calcul fait à la réception',
} as const

/** What Amont does of an automatic engagement today; without it, the partner does it elsewhere and says so. */
export const PORTAGES_AMONT = {
  criteres: 'Amont relit les critères de la charte à chaque signalement reçu',
  echeances: 'Amont surveille l’échéance et la montre dans « À faire »',
  tableaux: 'Amont fige et transmet le tableau hebdomadaire',
  synthese: 'Amont compose la synthèse ; il reste à la relire et à l’envoyer',
  courrier: 'Amont prépare le courrier ; il reste à le relire et à l’envoyer (« Écrire »)',
} as const
export type PortageAmont = keyof typeof PORTAGES_AMONT

/** What closes a task (ENG-06); the reason why it could not be done closes it too. */
export const PREUVES = {
  courrier: 'courrier envoyé',
  contact: 'contact avec le ménage, abouti ou tenté',
  contact_bailleur: 'contact avec le bailleur',
  rendez_vous: 'rendez-vous proposé ou tenu',
  visite: 'visite à domicile proposée ou faite',
  diagnostic: 'diagnostic transmis, ou déclaré non réalisé',
  synthese: 'synthèse remise',
  transmission: 'document ou information transmis',
  saisine: 'commission saisie',
  demande: 'demande déposée',
  plan: 'plan ou protocole signé',
  decision: 'décision enregistrée',
  reponse: 'réponse à la sollicitation',
  information: 'information portée au dossier',
  designation: 'personne ou opérateur désigné',
  orientation: 'orientation vers un partenaire',
  accompagnement: 'démarche accompagnée, notée au dossier',
  piece: 'pièce jointe',
  participation: 'participation notée',
} as const

const codes = <C extends Record<string, string>>(table: C) =>
  Object.keys(table) as [keyof C & string, ...(keyof C & string)[]]

const echeance = z.union([
  /** Before the household reaches the next step. */
  z.literal('etape'),
  /** As soon as it is known. */
  z.literal('sans_attendre'),
  /** A time limit of the law or of the charter, by the name of its file. */
  z.strictObject({ delai: identifiant }),
])

const corps = {
  numero: z.int().min(1),
  /** Short and imperative, in our own words. */
  libelle: texteRempli.refine((texte) => texte.length <= 160, {
    error: 'Un libellé tient en 160 caractères : dire l’acte, pas la phrase de la charte.',
  }),
  publics: z.array(z.enum(codes(PUBLICS_ENGAGEMENT))).min(1),
  mode: z.enum(codes(MODES_ENGAGEMENT)),
  automatisme: z.enum(codes(AUTOMATISMES)).optional(),
  echeance: echeance.optional(),
  preuve: z.enum(codes(PREUVES)).optional(),
  /** What Amont does of it today, for an automatic engagement. */
  amont: z.enum(codes(PORTAGES_AMONT)).optional(),
  /** Only for the service in charge of the dossier. */
  en_charge: z.literal(true).optional(),
  /** When it applies, in the words of the vocabulary; without it, always at this step. */
  si: conditionEcrite.optional(),
  /** A condition only a person can appreciate: agreement of the household, good faith, extent of a measure. */
  appreciation: texteRempli.optional(),
  /** A bound the charter writes: available funds or places, yearly ceiling (ENG-16). */
  limite: texteRempli.optional(),
  /** « As far as possible »: never counted as missed. */
  facultatif: z.literal(true).optional(),
}

const engagement = z.strictObject({ ...corps, stade: z.enum(STADES_REGLES) })

/** Shape of a file of `engagements/`: what one group of partners promises, step by step. */
export const schemaEngagements = fichierDonnees({
  partenaire: identifiant,
  /** Part of the document that holds them. */
  reference: texteRempli,
  ...provenance,
  engagements: z.array(engagement).min(1),
})
export type FichierEngagements = z.output<typeof schemaEngagements>

/** Shape of `engagements-generaux.yaml`: what groups of partners promise whatever the step. */
export const schemaEngagementsGeneraux = fichierDonnees({
  ...provenance,
  groupes: z
    .array(
      z.strictObject({
        id: identifiant,
        libelle: texteRempli,
        /** After a number: « engagement 3 de tous les signataires ». */
        complement: texteRempli,
        reference: texteRempli,
        engagements: z.array(z.strictObject(corps)).min(1),
      }),
    )
    .min(1),
})
export type FichierEngagementsGeneraux = z.output<typeof schemaEngagementsGeneraux>

/** Shape of `partenaires.yaml`: the groups of partners of the charter. */
export const schemaPartenaires = fichierDonnees({
  ...provenance,
  partenaires: z
    .array(
      z.strictObject({
        id: identifiant,
        nom: texteRempli,
        /** For narrow tables. */
        court: texteRempli,
        /** After a number: « engagement 8 du Département ». */
        complement: texteRempli,
        composition: texteRempli.optional(),
        /** Kinds of organismes that hold these engagements. */
        types: z.array(z.enum(TYPES_ORGANISME)),
        /** How many engagements the charter prints for this group: the file must hold as many. */
        engagements: z.int().min(0),
        remarque: texteRempli.optional(),
      }),
    )
    .min(1),
})
export type FichierPartenaires = z.output<typeof schemaPartenaires>
export type Partenaire = FichierPartenaires['partenaires'][number]

/**
 * One numbered promise of a partner. `id` is `<partenaire>/<numero>`: the charter's own way of naming it. It carries where it comes from
 * and how far it may be relied upon.
 */
export interface Engagement extends z.output<typeof engagement>, Provenance {
  readonly id: string
  readonly partenaire: string
}

/** A promise that holds whatever the step. */
export interface EngagementGeneral extends Omit<Engagement, 'stade' | 'partenaire'> {
  readonly groupe: string
}

const reference = z.string().regex(/^[a-z0-9-]+\/\d+$/, { error: 'Engagement attendu, par exemple departement/8.' })

/** Shape of `exemples.yaml` of a charter: a situation, and the engagements that must or must not follow from it. */
export const schemaExemples = fichierDonnees({
  exemples: z
    .array(
      z.strictObject({
        cas: texteRempli,
        jour: jourCivil,
        situation: situationEcrite,
        attendu: z.strictObject({
          applicable: z.array(reference).optional(),
          a_verifier: z.array(reference).optional(),
          hors_champ: z.array(reference).optional(),
          autre_etape: z.array(reference).optional(),
        }),
      }),
    )
    .min(1),
})
export type ExemplesEngagements = z.output<typeof schemaExemples>

/** Examples name engagements that exist. */
export function verifierExemplesEcrits(
  document: DocumentYaml<ExemplesEngagements>,
  connus: readonly string[],
): Probleme[] {
  return document.valeur.exemples.flatMap(({ attendu }, rang) =>
    Object.entries(attendu).flatMap(([etat, ids = []]) =>
      ids.flatMap((id, i) =>
        connus.includes(id)
          ? []
          : [
              document.probleme(
                ['exemples', rang, 'attendu', etat, i],
                `Aucun engagement « ${id} » dans cette charte.${suggerer(id, connus)}`,
              ),
            ],
      ),
    ),
  )
}

/** What a mode asks for: a task has a term and a proof, an automatic engagement says what Amont produces, the others have neither. */
function verifierModes(
  document: DocumentYaml<unknown>,
  engagements: readonly (Omit<z.output<typeof engagement>, 'stade'> & { ou: (string | number)[] })[],
): Probleme[] {
  return engagements.flatMap(({ ou, mode, automatisme, echeance: terme, preuve, amont }) => {
    const signaler = (cle: string, message: string) => [document.probleme([...ou, cle], message)]
    if (amont !== undefined && mode !== 'automatique')
      return signaler('amont', 'Seul un engagement automatique dit ce qu’Amont en fait (clé « amont »).')
    switch (mode) {
      case 'automatique':
        return automatisme === undefined
          ? signaler('mode', 'Un engagement automatique dit ce qu’Amont produit (clé « automatisme »).')
          : []
      case 'tache':
        return [
          ...(terme === undefined ? signaler('mode', 'Une tâche dit son terme (clé « echeance »).') : []),
          ...(preuve === undefined ? signaler('mode', 'Une tâche dit ce qui la prouve (clé « preuve »).') : []),
          ...(automatisme === undefined ? [] : signaler('automatisme', 'Une tâche n’a pas d’automatisme.')),
        ]
      default:
        return [
          ...(terme === undefined ? [] : signaler('echeance', `Le mode « ${mode} » n’a pas d’échéance.`)),
          ...(preuve === undefined ? [] : signaler('preuve', `Le mode « ${mode} » n’a pas de preuve par dossier.`)),
          ...(automatisme === undefined ? [] : signaler('automatisme', `Le mode « ${mode} » n’a pas d’automatisme.`)),
        ]
    }
  })
}

/** Numbers run from 1 without a gap, as the charter prints them. */
function verifierNumeros(
  document: DocumentYaml<unknown>,
  engagements: readonly { numero: number; ou: (string | number)[] }[],
): Probleme[] {
  return engagements.flatMap(({ numero, ou }, rang) =>
    numero === rang + 1
      ? []
      : [
          document.probleme(
            [...ou, 'numero'],
            `Numéro ${rang + 1} attendu ici, ${numero} lu : les engagements se suivent sans trou ni doublon.`,
          ),
        ],
  )
}

/** What the schema of a partner's file cannot see. */
export function verifierEngagements(document: DocumentYaml<FichierEngagements>): Probleme[] {
  const lignes = document.valeur.engagements.map((ligne, rang) => ({ ...ligne, ou: ['engagements', rang] }))
  const ordre = lignes.flatMap(({ stade, ou }, rang) => {
    const precedent = lignes[rang - 1]
    if (!precedent || STADES_REGLES.indexOf(precedent.stade) <= STADES_REGLES.indexOf(stade)) return []
    return [document.probleme([...ou, 'stade'], 'Les engagements suivent l’ordre des étapes de la procédure.')]
  })
  return [...verifierNumeros(document, lignes), ...ordre, ...verifierModes(document, lignes)]
}

/** As `verifierEngagements`, for the promises that hold at every step. */
export function verifierGeneraux(document: DocumentYaml<FichierEngagementsGeneraux>): Probleme[] {
  return document.valeur.groupes.flatMap((groupe, g) => {
    const lignes = groupe.engagements.map((ligne, rang) => ({ ...ligne, ou: ['groupes', g, 'engagements', rang] }))
    return [...verifierNumeros(document, lignes), ...verifierModes(document, lignes)]
  })
}

/** Links between the files of one charter: partners, counts, time limits. `delais` are the names of files of time limits. */
export function verifierLiensEngagements(
  partenaires: DocumentYaml<FichierPartenaires>,
  fichiers: readonly DocumentYaml<FichierEngagements>[],
  generaux: DocumentYaml<FichierEngagementsGeneraux> | null,
  delais: readonly string[],
): Probleme[] {
  const ids = partenaires.valeur.partenaires.map(({ id }) => id)
  const liens = fichiers.flatMap((document) => {
    const { partenaire } = document.valeur
    if (!ids.includes(partenaire)) {
      return [document.probleme(['partenaire'], `Partenaire inconnu « ${partenaire} ».${suggerer(partenaire, ids)}`)]
    }
    return []
  })
  const comptes = partenaires.valeur.partenaires.flatMap(({ id, engagements: attendus }, rang) => {
    const lus = fichiers
      .filter(({ valeur }) => valeur.partenaire === id)
      .reduce((somme, { valeur }) => somme + valeur.engagements.length, 0)
    if (lus === attendus) return []
    const message = `${attendus} engagement(s) annoncé(s) pour « ${id} », ${lus} lu(s) dans « engagements/ ».`
    return [partenaires.probleme(['partenaires', rang, 'engagements'], message)]
  })
  const termes = [
    ...fichiers.flatMap((document) =>
      document.valeur.engagements.map((ligne, rang) => ({ document, ligne, ou: ['engagements', rang] })),
    ),
    ...(generaux?.valeur.groupes ?? []).flatMap((groupe, g) =>
      groupe.engagements.map((ligne, rang) => ({
        document: generaux as DocumentYaml<unknown>,
        ligne,
        ou: ['groupes', g, 'engagements', rang],
      })),
    ),
  ].flatMap(({ document, ligne, ou }) => {
    if (typeof ligne.echeance !== 'object' || delais.includes(ligne.echeance.delai)) return []
    const { delai } = ligne.echeance
    return [document.probleme([...ou, 'echeance'], `Aucun délai ne s’appelle « ${delai} ».${suggerer(delai, delais)}`)]
  })
  return [...liens, ...comptes, ...termes]
}

/**
 * Where an engagement stands for one situation. `a_verifier`: facts are missing, it may apply; `hors_champ`: its condition is false;
 * `autre_etape`: the household is not at this step.
 */
export type EtatEngagement = 'applicable' | 'a_verifier' | 'hors_champ' | 'autre_etape'

/** One engagement on one situation, with its reason. */
export interface ConstatEngagement {
  readonly engagement: Engagement
  readonly etat: EtatEngagement
  /** French sentence. */
  readonly motif: string
  readonly valeurs: Readonly<Record<Mot, ValeurMot | null>>
  readonly manquants: readonly Mot[]
}

/** What a département must carry for its engagements to be evaluated. */
export interface AvecEngagements extends AvecCriteres {
  readonly chartes: readonly {
    readonly du: Temporal.PlainDate
    readonly jusqu_au?: Temporal.PlainDate | null | undefined
    readonly engagements: readonly Engagement[]
  }[]
}

/**
 * Every engagement of the charter in force on `jour`, with its state for this situation (ENG-03, ENG-04, ENG-07). Unknown facts never
 * close an engagement: it is « à vérifier ». Empty when no charter applies on that day.
 */
export function evaluerEngagements(
  dept: AvecEngagements,
  faits: Faits,
  jour: Temporal.PlainDate,
): readonly ConstatEngagement[] {
  const charte = versionAu(dept.chartes, jour)
  if ('aucune' in charte) return []
  const parametres = valeursParametres(dept, jour)
  const complets = avecDeduits(faits)
  const criteres = versionAu(dept.criteres, jour)
  const vulnerable =
    complets['menage.vulnerable'] ??
    ('aucune' in criteres
      ? undefined
      : (vulnerabilite(criteres, preparerContexte(complets, parametres)).valeur ?? undefined))
  const contexte = preparerContexte({ ...complets, 'menage.vulnerable': vulnerable }, parametres)
  const stade = complets['procedure.stade']
  return charte.engagements.map((engagement): ConstatEngagement => {
    const rien = { engagement, valeurs: {}, manquants: [] }
    if (stade === undefined) {
      return {
        ...rien,
        etat: 'a_verifier',
        motif: 'L’étape de la procédure n’est pas connue.',
        manquants: ['procedure.stade'],
      }
    }
    if (!estDeLEtape(engagement.stade, stade)) {
      return { ...rien, etat: 'autre_etape', motif: 'Engagement d’une autre étape de la procédure.' }
    }
    const reponse = engagement.si?.evaluer(contexte) ?? TOUJOURS
    return { engagement, etat: ETATS[reponse.verite], ...expliquer(engagement, reponse) }
  })
}

const ETATS = { vraie: 'applicable', fausse: 'hors_champ', indeterminee: 'a_verifier' } as const

/** What is due at the summons stays due until the judge has decided. */
function estDeLEtape(engagement: StadeRegles, present: StadeRegles): boolean {
  return engagement === present || (engagement === 'assignation' && present === 'audience')
}

function expliquer(
  engagement: Engagement,
  reponse: Evaluation,
): Pick<ConstatEngagement, 'motif' | 'valeurs' | 'manquants'> {
  const { valeurs, manquants } = reponse
  return { motif: engagement.si ? ecrireMotif(reponse) : 'Vaut pour tout ménage à cette étape.', valeurs, manquants }
}
