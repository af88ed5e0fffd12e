import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { z } from 'zod'
import { type Condition, type Evaluation, preparerContexte, TOUJOURS } from './condition.ts'
import {
  BLOCS_COURRIER,
  type BlocCourrier,
  type CorpsCourrier,
  ErreurCorps,
  lireCorps,
  type Partie,
  type VariableCourrier,
} from './corps-courrier.ts'
import type { Role } from './droits.ts'
import { conditionEcrite } from './ecriture.ts'
import type { Lecteur } from './lecteur.ts'
import type { TypeOrganisme } from './organismes.ts'
import { type AvecParametres, valeursParametres } from './parametres-dates.ts'
import { ecrireReferencePartagee, provenance, provenancePartagee } from './source.ts'
import { type Faits, STADES_REGLES } from './vocabulaire.ts'
import { fichierDonnees, texteRempli } from './yaml.ts'

/** What a letter may answer besides a step: a referral put on a session to come, what an approved statement says of a household. */
export const EVENEMENTS_COURRIER = ['saisine_inscrite', 'orientation_retenue'] as const
export type EvenementCourrier = (typeof EVENEMENTS_COURRIER)[number]

const DESTINATAIRES_COURRIER = ['menage', 'bailleur'] as const

interface Expediteur {
  readonly libelle: string
  /** Kinds of organismes that send under this name. */
  readonly types: readonly TypeOrganisme[]
  /** Role of the people who re-read and send there. */
  readonly role: Role
}

/** Who writes to households and landlords: a kind of organisme, in the order catalogues show. */
export const EXPEDITEURS_COURRIER = {
  secretariat: { libelle: 'Secrétariat de la CCAPEX', types: ['secretariat'], role: 'secretariat' },
  etat: { libelle: 'Services de l’État', types: ['prefecture', 'sous_prefecture'], role: 'prefecture' },
  departement: { libelle: 'Service social du Département', types: ['departement'], role: 'service_social' },
  caisse: { libelle: 'CAF ou MSA', types: ['caf', 'msa'], role: 'service_social' },
  adil: { libelle: 'ADIL', types: ['adil'], role: 'service_social' },
  bailleur_social: { libelle: 'Bailleur social ou AIS', types: ['bailleur_social', 'ais_aivs'], role: 'emetteur' },
  action_logement: { libelle: 'Action Logement', types: ['action_logement'], role: 'partenaire' },
  association: { libelle: 'Association (AVDL, SAO)', types: ['association'], role: 'service_social' },
} as const satisfies Record<string, Expediteur>
export type ExpediteurCourrier = keyof typeof EXPEDITEURS_COURRIER

/** The sender an organisme is, by its kind; null for one that writes no letter. */
export function expediteurDuType(type: string | null): ExpediteurCourrier | null {
  for (const [nom, { types }] of Object.entries<Expediteur>(EXPEDITEURS_COURRIER))
    if (types.some((un) => un === type)) return nom as ExpediteurCourrier
  return null
}

const etapes = z.array(z.enum(STADES_REGLES)).min(1)

const numero = z.string().regex(/^COU-\d{2}$/, { error: 'Numéro attendu, par exemple COU-06.' })

/** Shape of the file `courrier.yaml` of a letter. */
export const schemaCourrier = fichierDonnees({
  /** Number of the requirement it answers. */
  numero,
  /** Other requirements the same letter answers: a household receives one. */
  aussi: z.array(numero).optional(),
  libelle: texteRempli,
  expediteur: z.enum(Object.keys(EXPEDITEURS_COURRIER) as [ExpediteurCourrier, ...ExpediteurCourrier[]]),
  destinataire: z.enum(DESTINATAIRES_COURRIER),
  /** It offers the household to meet a service: such letters are counted each year, by step and organisme. */
  mise_a_disposition: z.literal(true).optional(),
  /** `message`: a short text to copy into a text message or a mail of one's own. Amont sends nothing. */
  forme: z.enum(['lettre', 'message']).default('lettre'),
  declencheur: z.union([
    z.strictObject({
      etapes,
      si: conditionEcrite.optional(),
      /** Only the organisme in charge of the household writes. */
      en_charge: z.literal(true).optional(),
      /** A stage older than that brings no letter. */
      dans_les_jours: z.int().min(1).max(365),
    }),
    /** Proposed when something happens outside the steps of a procedure; chosen from a dossier as well. */
    z.strictObject({
      etapes,
      evenement: z.enum(EVENEMENTS_COURRIER),
      /** What happened longer ago brings no letter. */
      pendant_jours: z.int().min(1).max(365).optional(),
    }),
    /** Chosen from a dossier by a person: why no data proposes it. */
    z.strictObject({ etapes, a_la_demande: texteRempli }),
  ]),
  /** What the text must say, with the text that requires it, and the only département where that text holds. */
  mentions: z.array(
    z.strictObject({
      texte: texteRempli,
      reference: texteRempli,
      departement: texteRempli.optional(),
      fiabilite: provenance.fiabilite,
    }),
  ),
  ...provenancePartagee,
})

/** Shape of `blocs-courriers.yaml`: contacts of a département. The first that suits the place of the dwelling is printed. */
export const schemaBlocsCourriers = fichierDonnees({
  blocs: z.array(
    z.strictObject({
      bloc: z.enum(Object.keys(BLOCS_COURRIER) as [BlocCourrier, ...BlocCourrier[]]),
      titre: texteRempli,
      lignes: z.array(texteRempli).min(1),
      territoires: z.array(texteRempli).optional(),
      communes: z.array(texteRempli).optional(),
      /** Words of the name of the court, without accents. */
      tribunaux: z.array(texteRempli).optional(),
      ...provenance,
    }),
  ),
})
export type ContactLocal = z.output<typeof schemaBlocsCourriers>['blocs'][number]

/** Shape of `courriers/mentions.yaml`: what is printed on every letter, by recipient. */
export const schemaMentionsCourriers = fichierDonnees({
  mentions: z.array(
    z.strictObject({
      destinataire: z.enum(DESTINATAIRES_COURRIER),
      /** At the foot of each page. */
      pied: texteRempli,
      /** Under the text. */
      fin: texteRempli,
      ...provenance,
    }),
  ),
})

/** A letter the charter implies: when it is proposed, to whom, its text and its easy-to-read variant. */
export interface ModeleCourrier extends z.output<typeof schemaCourrier> {
  /** Name of its folder. */
  readonly code: string
  readonly corps: CorpsCourrier
  /** Written for people who read with difficulty; null when there is none. */
  readonly facile: CorpsCourrier | null
  /** Printed on every letter to this kind of recipient. */
  readonly mention: z.output<typeof schemaMentionsCourriers>['mentions'][number]
  /** The texts as written, for whoever reviews them. */
  readonly textes: { readonly corps: string; readonly facile: string | null }
}

/** The mandatory statements of a letter with what requires them, as a département reads them. */
export const ecrireMentions = ({ mentions }: Pick<ModeleCourrier, 'mentions'>, dept: string): string =>
  mentions.map((mention) => `« ${mention.texte} » (${ecrireReferencePartagee(mention, dept)})`).join(' ; ')

const simplifier = (texte: string): string => texte.toLowerCase().replaceAll('**', '').replaceAll(/\s+/g, ' ')

/** What a text says in one of its cases: which of its conditions hold. Variables are left as they are written. */
function dire(parties: readonly Partie[], connues: ReadonlySet<VariableCourrier>): string {
  return parties
    .map((partie) => {
      if (partie.genre === 'contact') return ''
      if (partie.genre === 'si') return dire(connues.has(partie.variable) ? partie.alors : partie.sinon, connues)
      const lignes = partie.genre === 'liste' ? partie.lignes : [partie.morceaux]
      return lignes
        .map((morceaux) => morceaux.map((un) => ('texte' in un ? un.texte : `{${un.variable}}`)).join(''))
        .join(' ')
    })
    .join(' ')
}

const listerConditions = (parties: readonly Partie[]): VariableCourrier[] =>
  parties.flatMap((partie) =>
    partie.genre === 'si'
      ? [partie.variable, ...listerConditions(partie.alors), ...listerConditions(partie.sinon)]
      : [],
  )

/**
 * Mandatory statements that a text lacks where the text shipped says them: whatever is known or not of the dossier. A statement moved under a condition is one
 * that some households would not read.
 */
export function mentionsPerdues(
  corps: CorpsCourrier,
  livre: CorpsCourrier,
  mentions: ModeleCourrier['mentions'],
): ModeleCourrier['mentions'] {
  const conditions = [...new Set([...listerConditions(corps.parties), ...listerConditions(livre.parties)])]
  const ecrire = ({ objet, parties }: CorpsCourrier, connues: ReadonlySet<VariableCourrier>) =>
    simplifier(dire([{ genre: 'paragraphe', morceaux: objet }, ...parties], connues))
  const perdues = new Set<ModeleCourrier['mentions'][number]>()
  for (let cas = 0; cas < 2 ** conditions.length; cas++) {
    const connues = new Set(conditions.filter((_, rang) => cas & (1 << rang)))
    const [dit, attendu] = [ecrire(corps, connues), ecrire(livre, connues)]
    for (const mention of mentions)
      if (attendu.includes(simplifier(mention.texte)) && !dit.includes(simplifier(mention.texte))) perdues.add(mention)
  }
  return mentions.filter((mention) => perdues.has(mention))
}

/** Reads the letters. A text that cites an unknown word, or lacks a mandatory statement, is a problem of its file. */
export function chargerCourriers(lecteur: Lecteur): ReadonlyMap<string, ModeleCourrier> {
  const courriers = new Map<string, ModeleCourrier>()
  const codes = lecteur.listerDossiers('courriers')
  if (codes.length === 0) return courriers
  const communes = lecteur.lire('courriers/mentions.yaml', schemaMentionsCourriers)
  for (const code of codes) {
    const dossier = `courriers/${code}`
    const lu = lecteur.lire(`${dossier}/courrier.yaml`, schemaCourrier)
    const lireTexte = (nom: string): { corps: CorpsCourrier; texte: string } | null => {
      const texte = readFileSync(join(lecteur.racine, dossier, nom), 'utf8')
      try {
        const corps = lireCorps(texte)
        for (const mention of lu?.valeur.mentions ?? []) {
          if (simplifier(texte).includes(simplifier(mention.texte))) continue
          lecteur.signaler(
            `${dossier}/${nom}`,
            `Mention obligatoire absente : « ${mention.texte} » (${mention.reference}).`,
          )
        }
        return { corps, texte }
      } catch (erreur) {
        if (!(erreur instanceof ErreurCorps)) throw erreur
        lecteur.signaler(`${dossier}/${nom}`, `Ligne ${erreur.ligne}, colonne ${erreur.colonne} : ${erreur.message}`)
        return null
      }
    }
    if (!existsSync(join(lecteur.racine, dossier, 'corps.md'))) {
      lecteur.signaler(`${dossier}/corps.md`, 'Ce fichier est absent ou illisible.')
      continue
    }
    const corps = lireTexte('corps.md')
    const facile = existsSync(join(lecteur.racine, dossier, 'corps-facile.md')) ? lireTexte('corps-facile.md') : null
    if (!lu || !corps || !communes) continue
    const mention = communes.valeur.mentions.find(({ destinataire }) => destinataire === lu.valeur.destinataire)
    if (!mention) {
      lecteur.signaler('courriers/mentions.yaml', `Aucune mention pour le destinataire « ${lu.valeur.destinataire} ».`)
      continue
    }
    courriers.set(code, {
      ...lu.valeur,
      code,
      mention,
      corps: corps.corps,
      facile: facile?.corps ?? null,
      textes: { corps: corps.texte, facile: facile?.texte ?? null },
    })
  }
  return courriers
}

/** Contacts of a département; none when it wrote none. */
export function chargerContacts(lecteur: Lecteur, dossier: string): readonly ContactLocal[] {
  const nom = `departements/${dossier}/blocs-courriers.yaml`
  if (!existsSync(join(lecteur.racine, nom))) return []
  return lecteur.lire(nom, schemaBlocsCourriers)?.valeur.blocs ?? []
}

/** Whether a person chooses the letter; otherwise its trigger proposes it. */
export const estALaDemande = ({ declencheur }: Pick<ModeleCourrier, 'declencheur'>): boolean =>
  'a_la_demande' in declencheur

/** Whether a step proposes it, once: the others may be chosen again at the same step. */
export const seProposeUneFois = ({ declencheur }: Pick<ModeleCourrier, 'declencheur'>): boolean =>
  'dans_les_jours' in declencheur

/** What must be true of the dossier; undefined when nothing is asked. */
export const conditionDe = ({ declencheur }: Pick<ModeleCourrier, 'declencheur'>): Condition | undefined =>
  'si' in declencheur ? declencheur.si : undefined

/** Whether a letter is due for these facts on a day. `indeterminee` lists what nobody said: the letter is proposed, and a person decides. */
export function evaluerDeclencheur(
  modele: Pick<ModeleCourrier, 'declencheur'>,
  departement: AvecParametres,
  faits: Faits,
  jour: Temporal.PlainDate,
): Evaluation {
  return conditionDe(modele)?.evaluer(preparerContexte(faits, valeursParametres(departement, jour))) ?? TOUJOURS
}
