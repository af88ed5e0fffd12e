import { randomUUID } from 'node:crypto'
import type { Session } from '#acces'
import { scellementDuDossier } from '#echanges'
import type { Keyring } from '#socle/cipher'
import { refus } from '#socle/errors'
import { exigerOrganisme } from './commun.ts'
import { listerVolets, marquerARelire } from './diagnostics.ts'
import type { Diagnostic } from './types.ts'

export const LONGUEUR_OBSERVATION = 2000

/** What the household or the landlord says of a diagnosis (decree of 2021: both may). */
export interface Observation {
  readonly id: string
  readonly de: 'menage' | 'bailleur'
  readonly le: Temporal.PlainDate
  readonly texte: string
  readonly organisme_nom: string
}

/** Keeps what the household or the landlord says, in their words. Added, never edited; nothing is added to what was validated. */
export async function ajouterObservation(
  session: Session,
  cles: Keyring,
  diagnostic: Diagnostic,
  demande: { de: 'menage' | 'bailleur'; le: Temporal.PlainDate; texte: string; envoi: string },
): Promise<void> {
  const { organisme, compte } = exigerOrganisme(session)
  if (!(await listerVolets(session, diagnostic.id)).some((volet) => volet.organisme === organisme))
    throw refus(
      'observation.service',
      'Les observations se recueillent par les services qui remplissent ce diagnostic : leur transmettre celles-ci.',
    )
  if (!['demande', 'en_cours', 'relu'].includes(diagnostic.etat))
    throw refus('observation.fige', 'Ce diagnostic est validé : les observations se portent sur son actualisation.')
  const texte = demande.texte.trim()
  if (texte === '') throw refus('observation.texte', 'Écrire ce que la personne a dit.')
  if (texte.length > LONGUEUR_OBSERVATION)
    throw refus('observation.texte', `Raccourcir à ${LONGUEUR_OBSERVATION} caractères : il y en a ${texte.length}.`)
  if (Temporal.PlainDate.compare(demande.le, session.jour) > 0) throw refus('observation.le', 'Cette date est à venir.')
  const id = randomUUID()
  const scellement = await scellementDuDossier(session, cles, diagnostic.dossier)
  const ajoutees = await session.sql<{
    id: string
  }>`insert into diagnostic_observation (dept, id, diagnostic, dossier, de, le, texte, organisme, envoi, a, par)
    values (${session.dept}, ${id}, ${diagnostic.id}, ${diagnostic.dossier}, ${demande.de}, ${demande.le},
      ${scellement.sceller(texte, { table: 'diagnostic_observation', colonne: 'texte', id })}, ${organisme}, ${demande.envoi}, ${session.maintenant}, ${compte})
    on conflict (dept, par, envoi) do nothing returning id`
  if (ajoutees.length === 0) return
  await marquerARelire(session, diagnostic)
  session.consigner({
    action: 'diagnostic.observer',
    objet: 'diagnostic',
    objetId: diagnostic.id,
    dossiers: [diagnostic.dossier],
    details: { de: demande.de },
  })
}

/** Observations of a diagnosis, oldest first, opened. For whoever does not read what a diagnosis says, there are none. */
export async function listerObservations(
  session: Session,
  cles: Keyring,
  { id, dossier }: Pick<Diagnostic, 'id' | 'dossier'>,
): Promise<Observation[]> {
  const lues = await session.sql<Observation>`
    select b.id, b.de, b.le, b.texte, o.nom as organisme_nom from diagnostic_observation b join organisme o on o.dept = ${session.dept} and o.id = b.organisme
    where b.dept = ${session.dept} and b.diagnostic = ${id} order by b.a, b.id`
  if (lues.length === 0) return []
  const scellement = await scellementDuDossier(session, cles, dossier)
  return lues.map((une) => ({
    ...une,
    texte: scellement.ouvrir(une.texte, { table: 'diagnostic_observation', colonne: 'texte', id: une.id }),
  }))
}
