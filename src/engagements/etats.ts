import type { Certitude } from './composer.ts'

/** What a task shows of itself on a day. `a_venir` has a date that has not come, or waits for the next step. */
export const ETATS = {
  retard: 'En retard',
  semaine: 'À faire cette semaine',
  a_faire: 'À faire',
  a_apprecier: 'À apprécier',
  a_verifier: 'À vérifier',
  proposee: 'Proposé',
  hors_amont: 'À faire hors d’Amont',
  faite: 'Fait',
  empechee: 'Empêché',
  sans_objet: 'Sans objet',
} as const
export type EtatTache = keyof typeof ETATS

/** What decides of the state shown. */
export interface SelonEtat {
  readonly etat: 'a_faire' | 'faite' | 'empechee' | 'sans_objet'
  readonly certitude: Certitude
  readonly signataire: boolean
  readonly facultatif: boolean
  readonly acces: boolean
  readonly echeance_le: Temporal.PlainDate | null
}

/** Sunday of the week of a day. */
export const finDeSemaine = (jour: Temporal.PlainDate): Temporal.PlainDate => jour.add({ days: 7 - jour.dayOfWeek })

/**
 * The state of a task on a day. Late is said only of what certainly applies, to an organisme that signed, sees the dossier, and is not merely invited to do its best
 * (ENG-13): everything else is shown, and never counted as missed.
 */
export function etatDe(tache: SelonEtat, jour: Temporal.PlainDate): EtatTache {
  if (tache.etat !== 'a_faire') return tache.etat
  if (tache.certitude !== 'applicable') return tache.certitude
  if (!tache.signataire) return 'proposee'
  if (!tache.acces) return 'hors_amont'
  const { echeance_le: le } = tache
  if (le && !tache.facultatif && Temporal.PlainDate.compare(le, jour) < 0) return 'retard'
  if (le && Temporal.PlainDate.compare(le, finDeSemaine(jour)) <= 0) return 'semaine'
  return 'a_faire'
}
