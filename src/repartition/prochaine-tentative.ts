import { formatDate } from '#socle/typography'
import { type Canal, canaux, type DemiJournee, type ListeIssues } from './issues.ts'

/** A contact, as far as choosing the next one needs it. */
export interface ContactPasse {
  readonly canal: Canal
  readonly le: Temporal.PlainDate
  readonly demi_journee: string | null
  readonly aboutie: boolean
  /** Code of the published list; null when it is not read, or was noted before there was one. */
  readonly resultat: string | null
}

/** What is known to reach the household. `null`: not known to this reader, which is not « none ». */
export interface Coordonnees {
  readonly telephone: boolean | null
  readonly courriel: boolean | null
}

export interface TentativeConseillee {
  readonly canal: Canal
  readonly demiJournee: DemiJournee | null
  /** « Appel, l’après-midi ». */
  readonly libelle: string
  /** Why this one, in words. */
  readonly raison: string
}

const DEMI = { matin: 'le matin', apres_midi: 'l’après-midi' } as const satisfies Record<DemiJournee, string>

const ecrire = (canal: Canal, demi: DemiJournee | null): string =>
  demi === null ? canaux[canal] : `${canaux[canal]}, ${DEMI[demi]}`

const parDate = (a: ContactPasse, b: ContactPasse): number => Temporal.PlainDate.compare(a.le, b.le)

/**
 * The next best attempt at a household: the means that last worked, else the first of the published order that nobody tried, else the oldest one. A means that no longer
 * leads to the household is not proposed; one whose coordinates are missing neither. A person decides; this only says what was not tried.
 */
export function conseillerTentative(
  contacts: readonly ContactPasse[],
  { issues, ordre }: Pick<ListeIssues, 'issues' | 'ordre'>,
  { telephone, courriel }: Coordonnees,
): TentativeConseillee | null {
  const passes = contacts.toSorted(parDate)
  const coupes = new Set(issues.filter(({ coupe }) => coupe).map(({ code }) => code))
  const perdu = (canal: Canal): boolean => {
    // A number or an address given since works again: only the newest word on a means counts.
    const dernier = passes.findLast((un) => un.canal === canal)
    return dernier?.resultat !== null && dernier?.resultat !== undefined && coupes.has(dernier.resultat)
  }
  const joint = passes.findLast(({ aboutie, canal }) => aboutie && !perdu(canal))
  if (joint) {
    const demi = joint.demi_journee === 'matin' || joint.demi_journee === 'apres_midi' ? joint.demi_journee : null
    return {
      canal: joint.canal,
      demiJournee: demi,
      libelle: ecrire(joint.canal, demi),
      raison: `Ce moyen a permis de joindre le ménage le ${formatDate(joint.le)}.`,
    }
  }
  const sansCoordonnees = (canal: Canal): boolean =>
    ((canal === 'appel' || canal === 'sms') && telephone === false) || (canal === 'courriel' && courriel === false)
  const possibles = ordre.filter(({ canal }) => !perdu(canal) && !sansCoordonnees(canal))
  const essais = (canal: Canal, demi: DemiJournee | undefined): readonly ContactPasse[] =>
    passes.filter((un) => un.canal === canal && (demi === undefined || un.demi_journee === demi))
  const enTete = possibles.find(({ canal, demi_journee }) => essais(canal, demi_journee).length === 0)
  if (enTete) {
    const { canal, demi_journee: demi } = enTete
    const memeCanal = essais(canal, undefined)
    const nom = canaux[canal]
    const raison =
      memeCanal.length === 0
        ? passes.length === 0
          ? 'Rien n’a encore été tenté.'
          : `Jamais tenté. ${dire(passes)}`
        : `${nom} : tenté ${memeCanal.length} fois, jamais ${demi === undefined ? 'ainsi' : DEMI[demi]}.`
    return { canal, demiJournee: demi ?? null, libelle: ecrire(canal, demi ?? null), raison }
  }
  const ancien = possibles
    .map(({ canal, demi_journee }) => ({
      canal,
      demi: demi_journee ?? null,
      le: essais(canal, demi_journee).at(-1)?.le,
    }))
    .flatMap((un) => (un.le === undefined ? [] : [{ ...un, le: un.le }]))
    .toSorted((a, b) => Temporal.PlainDate.compare(a.le, b.le))[0]
  if (!ancien) return null
  return {
    canal: ancien.canal,
    demiJournee: ancien.demi,
    libelle: ecrire(ancien.canal, ancien.demi),
    raison: `Tout a été tenté au moins une fois ; ce moyen est celui qui l’a été il y a le plus longtemps, le ${formatDate(ancien.le)}.`,
  }
}

/** « Déjà tentés : appel, SMS. » */
function dire(passes: readonly ContactPasse[]): string {
  const vus = [...new Set(passes.map(({ canal }) => canal))].map((canal) =>
    canal === 'sms' ? canaux[canal] : canaux[canal].toLowerCase(),
  )
  return `Déjà ${vus.length > 1 ? 'tentés' : 'tenté'} : ${vus.join(', ')}.`
}
