import type { Session } from '#acces'
import type { Acte, Logement, Menage } from '#dossiers'
import { libelleTerritoire, listerSecretariats } from '#referentiel'
import { type Fragment, sql } from '#socle/db'
import { formatDateLongue } from '#socle/typography'
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

/** It begins a sentence in bold. */
const enTete = (texte: string): string => texte.charAt(0).toUpperCase() + texte.slice(1)

/** What a letter may cite of a dossier at one stage. */
export function lireFaits(session: Session, source: SourceCourrier): { faits: FaitsCourrier; lieu: LieuCourrier } {
  const departement = session.referentiel.departements.get(session.dept)
  const acte = source.actes.findLast(({ type }) => type === source.stade)
  const tribunal = source.actes.findLast(({ tribunal: nom }) => nom !== undefined)?.tribunal ?? null
  const audience =
    source.audience_le && Temporal.PlainDate.compare(source.audience_le, session.jour) >= 0 ? source.audience_le : null
  const civilite = CIVILITES[source.menage.titulaire.civilite ?? '']
  const secretariat =
    departement && source.territoire ? listerSecretariats(departement.territoires, source.territoire)[0] : undefined
  return {
    faits: {
      'menage.appel': source.menage.conjoint || !civilite ? 'Madame, Monsieur,' : `${civilite},`,
      'logement.adresse': source.logement.adresse
        ? `, ${[source.logement.adresse, source.commune].filter(Boolean).join(' à ')}`
        : '',
      'acte.date': acte ? formatDateLongue(Temporal.PlainDate.from(acte.le)) : null,
      'audience.date': audience ? enTete(formatDateLongue(audience)) : null,
      'audience.lieu': tribunal === null ? '' : `, ${tribunal}`,
      'service.nom': source.service_nom,
      'secretariat.nom':
        departement && secretariat
          ? `secrétariat de la CCAPEX (${secretariat.organisme}, ${libelleTerritoire(departement.territoires, source.territoire)})`
          : null,
    },
    lieu: { codeInsee: source.code_insee, territoire: source.territoire, tribunal },
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
