import { join } from 'node:path'
import { z } from 'zod'
import type { Session } from '#acces'
import {
  ErreurDonnees,
  type Forme,
  fichierDonnees,
  lireDocumentYaml,
  provenance,
  type Remarque,
  TYPES_ORGANISME,
  texteRempli,
} from '#referentiel'

/** Means of reaching somebody. Closed: what each means to the law and to the indicators is known. */
export const canaux = {
  courrier: 'Courrier',
  appel: 'Appel',
  sms: 'SMS',
  courriel: 'Courriel',
  rendez_vous: 'Rendez-vous',
  visite: 'Visite à domicile',
} as const
export type Canal = keyof typeof canaux

/** With whom a contact is noted: two journals, never mixed. */
export type Interlocuteur = 'menage' | 'bailleur'

export const demiJournees = ['matin', 'apres_midi'] as const
export type DemiJournee = (typeof demiJournees)[number]

const canal = z.enum(Object.keys(canaux) as [Canal, ...Canal[]])

const schema = fichierDonnees({
  issues: z
    .array(
      z.strictObject({
        code: z.string().regex(/^[a-z][a-z0-9_]*$/, { error: 'Code en minuscules, chiffres et traits bas.' }),
        libelle: texteRempli,
        aupres: z.array(z.enum(['menage', 'bailleur'])).min(1),
        joint: z.boolean(),
        canaux: z.array(canal).min(1).optional(),
        propose_entretien: z.boolean().optional(),
        coupe: z.boolean().optional(),
      }),
    )
    .min(1),
  ordre: z.array(z.strictObject({ canal, demi_journee: z.enum(demiJournees).optional() })).min(1),
  bailleur: z.array(
    z.strictObject({
      departements: z.array(texteRempli).min(1),
      types: z.array(z.enum(TYPES_ORGANISME)).min(1),
      accord: z.boolean(),
      presence: z.boolean(),
      ...provenance,
    }),
  ),
  ...provenance,
})

/** The published list of outcomes, and what goes with it. */
export type ListeIssues = z.output<typeof schema>
/** What a contact gave, as the published list says it. */
export type IssueContact = ListeIssues['issues'][number]

const NOM = 'contacts/issues.yaml'

/** The kind of data file this module reads. */
export const FORMES_REPARTITION: readonly Forme[] = [
  { nom: 'issues-contact', titre: 'Ce qu’un contact a donné, et les moyens conseillés', chemins: [NOM], schema },
]

/** Reads `donnees/contacts/issues.yaml`, or refuses with every problem of the file. */
export function chargerIssues(racine: string): ListeIssues {
  const document = lireDocumentYaml(join(racine, NOM), schema, `donnees/${NOM}`)
  const { issues } = document.valeur
  const problemes = issues.flatMap(({ code }, rang) =>
    issues.findIndex((une) => une.code === code) < rang
      ? [document.probleme(['issues', rang, 'code'], `L’issue « ${code} » est écrite deux fois.`)]
      : [],
  )
  if (problemes.length > 0) throw new ErreurDonnees(problemes)
  return document.valeur
}

const lues = new Map<string, ListeIssues>()

/** The list this session works under, read once per process. */
export function listeIssues({ referentiel }: Pick<Session, 'referentiel'>): ListeIssues {
  const connue = lues.get(referentiel.racine) ?? chargerIssues(referentiel.racine)
  lues.set(referentiel.racine, connue)
  return connue
}

/** Outcomes that may be noted with somebody. */
export const issuesAupres = (session: Pick<Session, 'referentiel'>, qui: Interlocuteur): readonly IssueContact[] =>
  listeIssues(session).issues.filter(({ aupres }) => aupres.includes(qui))

/** Outcomes by which a service offers the household to meet. */
export const issuesDeProposition = (session: Pick<Session, 'referentiel'>): readonly string[] =>
  listeIssues(session).issues.flatMap(({ code, propose_entretien }) => (propose_entretien ? [code] : []))

/** An outcome in words; one that the list no longer has keeps its code. */
export const nommerIssue = (session: Pick<Session, 'referentiel'>, code: string): string =>
  listeIssues(session).issues.find((une) => une.code === code)?.libelle ?? code.replaceAll('_', ' ')

/** What the engagement of an organisme asks before it talks with a landlord; null when it asks nothing. */
export function exigencesBailleur({ referentiel, dept, acteur }: Pick<Session, 'referentiel' | 'dept' | 'acteur'>) {
  const type = acteur.organismeType
  return (
    listeIssues({ referentiel }).bailleur.find(
      ({ departements, types }) => departements.includes(dept) && types.some((un) => un === type),
    ) ?? null
  )
}

/** What nobody has reviewed yet in this list. */
export function inventorierIssues({ fiabilite, verifie_le }: ListeIssues): Remarque[] {
  const lieu = { chemin: `donnees/${NOM}`, libelle: 'Issues des contacts' }
  return [
    ...(fiabilite === 'defaut'
      ? [{ ...lieu, genre: 'a_completer', detail: 'valeur par défaut d’Amont' } as const]
      : []),
    ...(verifie_le === null ? [{ ...lieu, genre: 'non_verifie', detail: 'jamais relu par les pilotes' } as const] : []),
  ]
}
