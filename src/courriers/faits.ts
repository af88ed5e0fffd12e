import type { Acces, Session } from '#acces'
import type { Acte, Logement, Menage } from '#dossiers'
import {
  type GroupeChamps,
  libelleTerritoire,
  listerSecretariats,
  type ModeleCourrier,
  saisieDe,
  VARIABLES_COURRIER,
  VARIABLES_SAISIES,
  type VariableCourrier,
  variablesCitees,
} from '#referentiel'
import { type Fragment, sql } from '#socle/db'
import { refus } from '#socle/errors'
import { contracter, formatDateLongue, formatNombre } from '#socle/typography'
import type { FaitsCourrier, LieuCourrier } from './composer.ts'
import { lignesSecretariat } from './presentation.ts'

/** What letters read of a dossier, and nothing else. */
export interface SourceCourrier {
  readonly titulaire: string
  readonly menage: Menage
  readonly logement: Logement
  readonly commune: string
  readonly code_insee: string | null
  readonly territoire: string | null
  readonly stade: string
  readonly stade_le: Temporal.PlainDate
  readonly audience_le: Temporal.PlainDate | null
  readonly actes: readonly Acte[]
  readonly service_nom: string | null
}

export const colonnesCourrier = (dept: string): Fragment => sql`
  d.titulaire, d.menage, d.logement, d.commune, d.code_insee, d.territoire, d.audience_le, d.actes,
  (select o.nom from organisme o where o.dept = ${dept} and o.id = d.organisme) as service_nom`

const CIVILITES: Readonly<Record<string, string>> = { M: 'Monsieur', MME: 'Madame', Mme: 'Madame' }

/** How the household is written to on an envelope: both holders when there are two. */
export function nommerDestinataire({ menage, titulaire }: Pick<SourceCourrier, 'menage' | 'titulaire'>): string {
  const noms = [menage.titulaire, menage.conjoint]
    .filter((personne) => personne !== undefined)
    .map((personne) =>
      [
        CIVILITES[personne.civilite ?? ''] ?? '',
        personne.prenom ?? '',
        (personne.nomUsage ?? personne.nomNaissance ?? '').toUpperCase(),
      ]
        .filter((mot) => mot !== '')
        .join(' '),
    )
    .filter((nom) => nom !== '')
  return noms.length > 0 ? noms.join(' et ') : titulaire
}

/** Lines under the name; empty when the street or the town is unknown: such a letter waits for a person. */
export function ecrireAdresse({ logement }: Pick<SourceCourrier, 'logement'>): string[] {
  const { adresse, complement, codePostal, commune } = logement
  if (!adresse || !codePostal || !commune) return []
  return [...(complement ? [complement] : []), adresse, `${codePostal} ${commune.toUpperCase()}`]
}

/** Who writes, as far as its letters say it, and what it may know of the dossier. */
export interface EnvoyeurLu {
  readonly nom: string
  readonly telephone: string | null
  readonly acces: Acces | null
}

/** Words a person typed on a letter. */
export type Precisions = Readonly<Partial<Record<VariableCourrier, string>>>

/** Words a person may type on a letter of this kind: those its texts cite. */
export function saisiesDe({ corps, facile }: Pick<ModeleCourrier, 'corps' | 'facile'>): readonly VariableCourrier[] {
  const citees = new Set([...variablesCitees(corps), ...(facile ? variablesCitees(facile) : [])])
  return VARIABLES_SAISIES.filter((nom) => citees.has(nom))
}

/** The most a person may type for a word. What Amont writes itself is never cut. */
export const longueurSaisie = (nom: VariableCourrier): number => ((saisieDe(nom)?.lignes ?? 1) > 1 ? 2000 : 300)

/** Refuses what somebody typed that is too long: never cut without a word. */
export function exigerPrecisions(precisions: Precisions): void {
  for (const nom of VARIABLES_SAISIES)
    if ((precisions[nom] ?? '').length > longueurSaisie(nom))
      throw refus(
        `courrier.${nom}`,
        `« ${VARIABLES_COURRIER[nom].libelle} » : ${formatNombre(longueurSaisie(nom))} signes au plus.`,
      )
}

/** What is said for the words this kind of letter cites: one line each. */
export function garderPrecisions(modele: Pick<ModeleCourrier, 'corps' | 'facile'>, precisions: Precisions): Precisions {
  return Object.fromEntries(
    saisiesDe(modele).flatMap((nom) => {
      const texte = (precisions[nom] ?? '').replaceAll(/\s+/g, ' ').trim()
      return texte === '' ? [] : [[nom, texte]]
    }),
  )
}

/** What must be read of a dossier to cite a word. Those absent here say nothing of it. */
const GROUPES: Readonly<Partial<Record<VariableCourrier, GroupeChamps>>> = {
  'acte.date': 'procedure',
  'audience.date': 'procedure',
  'audience.lieu': 'procedure',
  'service.nom': 'service',
}

/** A landlord writes to its tenants from what it knows of them, their name and address, whatever it once reported. */
const peutCiter = (acces: Acces | null, groupe: GroupeChamps): boolean =>
  acces !== null && acces.portee !== 'depot' && acces.groupes.has(groupe)

/** It begins a sentence in bold. */
const enTete = (texte: string): string => texte.charAt(0).toUpperCase() + texte.slice(1)

/** What a letter cites, and where its contacts are looked for. */
export interface CiteCourrier {
  readonly faits: FaitsCourrier
  readonly lieu: LieuCourrier
}

/** What a letter may cite of a dossier at one stage: nothing its sender may not read there. Without a sender, the secretariat of the territory. */
export function lireFaits(
  session: Session,
  source: SourceCourrier,
  envoyeur?: EnvoyeurLu,
  precisions: Precisions = {},
): CiteCourrier {
  const departement = session.referentiel.departements.get(session.dept)
  const acte = source.actes.findLast(({ type }) => type === source.stade)
  const tribunal = source.actes.findLast(({ tribunal: nom }) => nom !== undefined)?.tribunal ?? null
  const audience =
    source.audience_le && Temporal.PlainDate.compare(source.audience_le, session.jour) >= 0 ? source.audience_le : null
  const civilite = CIVILITES[source.menage.titulaire.civilite ?? '']
  const secretariat =
    departement && source.territoire ? listerSecretariats(departement.territoires, source.territoire)[0] : undefined
  const saisis = Object.fromEntries(
    VARIABLES_SAISIES.map((nom) => [nom, precisions[nom] ? precisions[nom] : null]),
  ) as Record<(typeof VARIABLES_SAISIES)[number], string | null>
  const lus: FaitsCourrier = {
    ...saisis,
    'expediteur.nom': envoyeur?.nom ?? secretariat?.organisme ?? 'Secrétariat de la CCAPEX',
    'expediteur.telephone': envoyeur ? envoyeur.telephone : (secretariat?.telephone ?? null),
    'menage.appel': source.menage.conjoint || !civilite ? 'Madame, Monsieur,' : `${civilite},`,
    'logement.adresse': source.logement.adresse
      ? `, ${source.logement.adresse}${source.commune ? ` ${contracter('à', source.commune)}` : ''}`
      : '',
    'acte.date': acte ? formatDateLongue(Temporal.PlainDate.from(acte.le)) : null,
    'audience.date': audience ? enTete(formatDateLongue(audience)) : null,
    'audience.lieu': tribunal === null ? '' : `, ${tribunal}`,
    'service.nom': source.service_nom,
    'secretariat.nom':
      departement && secretariat
        ? `secrétariat de la CCAPEX (${secretariat.organisme}, ${libelleTerritoire(departement.territoires, source.territoire)})`
        : null,
  }
  const tus = Object.entries(GROUPES).filter(([, groupe]) => envoyeur && !peutCiter(envoyeur.acces, groupe))
  return {
    // A word that always prints something prints nothing; the others are unknown.
    faits: { ...lus, ...Object.fromEntries(tus.map(([nom]) => [nom, nom === 'audience.lieu' ? '' : null])) },
    lieu: {
      codeInsee: source.code_insee,
      territoire: source.territoire,
      tribunal: envoyeur && !peutCiter(envoyeur.acces, 'procedure') ? null : tribunal,
    },
  }
}

/** Who writes, as printed at the head of the letter: the secretariat of the territory, or the only one. Null when no address can be printed. */
export function trouverExpediteur(
  session: Pick<Session, 'referentiel' | 'dept'>,
  territoire: string | null,
): { readonly nom: string; readonly lignes: readonly string[]; readonly secretariat?: string } | null {
  const territoires = session.referentiel.departements.get(session.dept)?.territoires
  if (!territoires) return null
  const secretariat = territoire === null ? undefined : listerSecretariats(territoires, territoire)[0]
  const seul = territoires.secretariats.length === 1 ? territoires.secretariats[0] : undefined
  const choisi = secretariat ?? seul
  if (!choisi) return null
  return { nom: choisi.organisme, lignes: lignesSecretariat(choisi), secretariat: choisi.id }
}
