import { join } from 'node:path'
import { z } from 'zod'
import { listerOrganismes, type Organisme, type Session } from '#acces'
import type { Dossier } from '#dossiers'
import { accordEnVigueur, engagerPourRelais, objetsAccord } from '#participations'
import {
  type Forme,
  fichierDonnees,
  identifiant,
  lireDocumentYaml,
  periode,
  provenance,
  type Remarque,
  TYPES_ORGANISME,
  texteRempli,
  versionAu,
} from '#referentiel'
import { aSansIntervention } from '#repartition'
import { refus } from '#socle/errors'
import { envoyerDemande } from './demandes.ts'
import { listerLecteursPossibles } from './lecteurs.ts'

const NOM = 'echanges/relais.yaml'
const type = z.enum(TYPES_ORGANISME)
const schema = fichierDonnees({
  relais: z
    .array(
      z.strictObject({
        code: identifiant,
        libelle: texteRempli,
        quand: texteRempli,
        de: z.array(type).min(1),
        vers: z.array(type).min(1),
        accord: texteRempli.optional(),
        condition: z.literal('sans_intervention').optional(),
        dont: type.optional(),
        jours: z.int().min(1).max(180),
        departements: z.array(texteRempli).min(1).optional(),
        ...periode,
        ...provenance,
      }),
    )
    .min(1),
  suites: z
    .array(
      z.strictObject({
        code: z.string().regex(/^[a-z][a-z0-9_]*$/, { error: 'Code en minuscules, chiffres et traits bas.' }),
        libelle: texteRempli,
      }),
    )
    .min(1),
})
type Fichier = z.output<typeof schema>

/** A way one organisme hands a household over to another, as the charter of the département has it. */
export type Relais = Fichier['relais'][number]

/** The kind of data file that says who takes over from whom. */
export const FORMES_RELAIS: readonly Forme[] = [
  { nom: 'relais', titre: 'Relais entre organismes', chemins: [NOM], schema },
]

const lus = new Map<string, Fichier>()
function charger(racine: string): Fichier {
  const lu = lus.get(racine) ?? lireDocumentYaml(join(racine, NOM), schema, `donnees/${NOM}`).valeur
  lus.set(racine, lu)
  return lu
}

/** What nobody has reviewed yet in it. */
export const inventorierRelais = (racine: string): Remarque[] =>
  charger(racine).relais.flatMap(({ libelle, departements, fiabilite, verifie_le }) => {
    const lieu = { chemin: `donnees/${NOM}`, libelle: `${libelle}, ${departements?.join(', ') ?? 'par défaut'}` }
    return [
      ...(fiabilite === 'defaut'
        ? [{ ...lieu, genre: 'a_completer', detail: 'relais proposé par Amont' } as const]
        : []),
      ...(verifie_le === null
        ? [{ ...lieu, genre: 'non_verifie', detail: 'jamais relu par les pilotes' } as const]
        : []),
    ]
  })

type Regles = Pick<Session, 'referentiel' | 'dept' | 'jour'>

/** Relays in force: those of the département, and the defaults of codes it never wrote. */
function relaisEnVigueur({ referentiel, dept, jour }: Regles): Relais[] {
  const parCode = Map.groupBy(charger(referentiel.racine).relais, ({ code }) => code)
  return [...parCode.values()].flatMap((versions) => {
    const siennes = versions.filter(({ departements }) => departements?.includes(dept))
    const choisie = versionAu(
      siennes.length > 0 ? siennes : versions.filter(({ departements }) => departements === undefined),
      jour,
    )
    return 'aucune' in choisie ? [] : [choisie]
  })
}

/** What a relay may have given, in words. */
export const suitesRelais = ({ referentiel }: Pick<Session, 'referentiel'>): Fichier['suites'] =>
  charger(referentiel.racine).suites

/** A relay by its code, whenever it was passed; one the data no longer has keeps its code. */
export const nommerRelais = (session: Pick<Session, 'referentiel' | 'dept'>, code: string): string => {
  const tous = charger(session.referentiel.racine).relais.filter((un) => un.code === code)
  return (tous.find(({ departements }) => departements?.includes(session.dept)) ?? tous[0])?.libelle ?? code
}
export const nommerSuite = (session: Pick<Session, 'referentiel'>, code: string): string =>
  suitesRelais(session).find((une) => une.code === code)?.libelle ?? code.replaceAll('_', ' ')

/** A relay this session may pass on a dossier: to whom, or what is missing first. */
export interface RelaisPossible {
  readonly relais: Relais
  readonly vers: readonly (Organisme & { readonly engage: boolean })[]
  /** In words, what stands in the way; null when it may be passed. */
  readonly manque: string | null
  /** The accord of the household it needs. */
  readonly accord: string | null
}

/** Says whether the kind of organisme of this person passes relays at all: the page has a button only then. */
export const passeDesRelais = (session: Session): boolean =>
  relaisEnVigueur(session).some(({ de }) => (de as readonly string[]).includes(session.acteur.organismeType ?? ''))

/** The relays the charter gives to the organisme of this person about a dossier, with what is missing. */
export async function listerRelaisPossibles(session: Session, dossier: Dossier): Promise<RelaisPossible[]> {
  const miens = relaisEnVigueur(session).filter(({ de }) =>
    (de as readonly string[]).includes(session.acteur.organismeType ?? ''),
  )
  if (miens.length === 0 || dossier.clos_le !== null) return []
  const engages = new Set((await listerLecteursPossibles(session, dossier, 3)).map(({ id }) => id))
  const organismes = (await listerOrganismes(session)).filter(({ id }) => id !== session.acteur.organisme)
  const possibles: RelaisPossible[] = []
  for (const relais of miens) {
    const vers = organismes
      .filter(({ type: sorte }) => (relais.vers as readonly string[]).includes(sorte))
      .map((organisme) => ({ ...organisme, engage: engages.has(organisme.id) }))
    const accord = relais.accord ? (objetsAccord(session).find(({ code }) => code === relais.accord) ?? null) : null
    const manque =
      vers.length === 0
        ? 'Aucun organisme de cette sorte n’a de place dans Amont.'
        : relais.accord && !(await accordEnVigueur(session, dossier.id, relais.accord))
          ? `L’accord du ménage manque : « ${accord?.libelle ?? relais.accord} ». Le recueillir et le noter d’abord.`
          : relais.condition && relais.dont && !(await aSansIntervention(session, dossier.id, relais.dont))
            ? `Ce relais vaut quand ${relais.dont === 'departement' ? 'le Département' : 'ce service'} n’a pas pu intervenir : rien ne le dit encore sur ce dossier.`
            : null
    possibles.push({ relais, vers, manque, accord: accord?.libelle ?? null })
  }
  return possibles
}

/** How long whoever takes over reads the dossier, when it was not engaged on it: the time to answer, and three months of work. */
const LECTURE = { months: 3 }

/** Hands a household over to another organisme (REP-21, REP-22): by a rule in force, with the accord it asks for. What was already sent is sent once. */
export async function passerRelais(
  session: Session,
  dossier: Dossier,
  demande: { code: string; destinataire: string; texte: string; avant: Temporal.PlainDate; envoi: string },
): Promise<{ demande: string; nouveau: boolean }> {
  const possible = (await listerRelaisPossibles(session, dossier)).find(({ relais }) => relais.code === demande.code)
  if (!possible) throw refus('relais.code', 'Choisir un relais que la charte donne à votre organisme.')
  if (possible.manque) throw refus('relais.manque', possible.manque)
  const choisi = possible.vers.find(({ id }) => id === demande.destinataire)
  if (!choisi) throw refus('demande.destinataire', 'Choisir l’organisme qui prendra le relais.')
  const { relais } = possible
  const engager = (): Promise<void> =>
    engagerPourRelais(session, dossier.id, {
      organisme: choisi.id,
      motif: `Relais : ${relais.quand}`,
      jusquAu: demande.avant.add(LECTURE),
    })
  return envoyerDemande(session, {
    dossier: dossier.id,
    genre: 'relais',
    texte: demande.texte,
    destinataire: choisi.id,
    avant: demande.avant,
    envoi: demande.envoi,
    relais: { code: relais.code, organisme: choisi, engager },
  })
}
