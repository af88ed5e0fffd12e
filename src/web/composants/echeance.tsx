import { Fragment, type ReactElement, type ReactNode } from 'react'
import { Kept } from '#socle/html'
import { enDate, formatDate, formatDateCourte, type JourCivil, pluriel } from '#socle/typography'
import { Icone, type NomIcone } from './icone.tsx'
import { classes } from './texte.ts'

/** A date to keep, and where it comes from. The shape in which dossiers hold their échéances; days are `PlainDate` or ISO text. */
export interface EcheanceAffichee {
  readonly libelle: string
  readonly le: JourCivil
  /** Second reading, when the law leaves two. */
  readonly autreLe?: JourCivil | undefined
  /** A task stays due once its date is past; a `terme` is only passed. */
  readonly genre?: 'tache' | 'terme' | undefined
  readonly tenueLe?: JourCivil | undefined
  /** Somebody must keep it, and nothing known says so. */
  readonly sansPreuve?: true | undefined
  /** Days by which what keeps it came too late. */
  readonly retard?: number | undefined
  readonly depart?: string | undefined
  readonly calcul?: string | undefined
  readonly source?: ReactNode
  readonly fiabilite?: string | undefined
  readonly aVerifier?: boolean | undefined
  readonly reserve?: string | undefined
}

export type EtatEcheance =
  | 'depassee'
  | 'aujourdhui'
  | 'bientot'
  | 'plus_tard'
  | 'tenue'
  | 'tardive'
  | 'passee'
  | 'sans_preuve'
  | 'deux_lectures'

interface Aspect {
  readonly ton: 'retard' | 'bientot' | 'tenu' | 'reserve' | null
  readonly icone: NomIcone
  /** Read before the date by whoever does not see the colour. */
  readonly lu: string
}

const ASPECTS = {
  depassee: { ton: 'retard', icone: 'retard', lu: 'Échéance dépassée : ' },
  aujourdhui: { ton: 'bientot', icone: 'horloge', lu: 'Échéance proche : ' },
  bientot: { ton: 'bientot', icone: 'horloge', lu: 'Échéance proche : ' },
  plus_tard: { ton: null, icone: 'horloge', lu: 'Échéance : ' },
  tenue: { ton: 'tenu', icone: 'ok', lu: 'Échéance tenue : ' },
  tardive: { ton: 'retard', icone: 'retard', lu: 'Échéance tenue trop tard : ' },
  passee: { ton: null, icone: 'horloge', lu: 'Terme passé : ' },
  sans_preuve: { ton: null, icone: 'doute', lu: 'Terme passé : ' },
  deux_lectures: { ton: 'reserve', icone: 'doute', lu: 'Échéance incertaine : ' },
} as const satisfies Record<EtatEcheance, Aspect>

/** Nothing is to be done any more at that date: it was kept, in time or not, or its day is past. */
export const estRevolue = (etat: EtatEcheance): boolean =>
  etat === 'tenue' || etat === 'tardive' || etat === 'passee' || etat === 'sans_preuve'

/** How far ahead an échéance is near, in days. */
const PROCHE = 7

const joursJusque = (le: JourCivil, aujourdhui: JourCivil): number => enDate(aujourdhui).until(enDate(le)).days

/** State of an échéance on a given day. With two readings, nothing is late while one of them is still to come. */
export function etatEcheance(
  echeance: Pick<EcheanceAffichee, 'le' | 'autreLe' | 'genre' | 'tenueLe' | 'retard' | 'sansPreuve'>,
  aujourdhui: JourCivil,
): EtatEcheance {
  if (echeance.tenueLe !== undefined) return echeance.retard === undefined ? 'tenue' : 'tardive'
  const reste = joursJusque(echeance.le, aujourdhui)
  const derniere = echeance.autreLe === undefined ? reste : Math.max(reste, joursJusque(echeance.autreLe, aujourdhui))
  if (derniere < 0) return echeance.genre !== 'terme' ? 'depassee' : echeance.sansPreuve ? 'sans_preuve' : 'passee'
  if (echeance.autreLe !== undefined) return 'deux_lectures'
  if (reste === 0) return 'aujourdhui'
  return reste <= PROCHE ? 'bientot' : 'plus_tard'
}

function ecrireEcheance(
  echeance: Pick<EcheanceAffichee, 'le' | 'autreLe' | 'tenueLe' | 'retard'>,
  etat: EtatEcheance,
  aujourdhui: JourCivil,
): ReactNode {
  const { le, autreLe, tenueLe, retard } = echeance
  const jour = (quand: JourCivil) =>
    Math.abs(joursJusque(quand, aujourdhui)) > 300 ? formatDate(quand) : formatDateCourte(quand)
  const dates = autreLe === undefined ? jour(le) : `${jour(le)} ou ${jour(autreLe)}`
  switch (etat) {
    case 'tenue':
      return (
        <>
          <b>Tenue</b> · {jour(tenueLe ?? le)}
        </>
      )
    case 'tardive':
      return (
        <>
          <b>{retard} j trop tard</b> · {jour(tenueLe ?? le)}
        </>
      )
    case 'deux_lectures':
      return (
        <>
          <b>Deux lectures</b> · {dates}
        </>
      )
    case 'sans_preuve':
      return (
        <>
          <b>Sans preuve connue</b> · {dates}
        </>
      )
    case 'passee':
      return (
        <>
          <b>Passé</b> · {dates}
        </>
      )
    case 'aujourdhui':
      return (
        <>
          <b>Aujourd’hui</b> · {dates}
        </>
      )
    case 'depassee': {
      const derniere = autreLe !== undefined && joursJusque(autreLe, le) > 0 ? autreLe : le
      return (
        <>
          <b>{-joursJusque(derniere, aujourdhui)} j de retard</b> · {dates}
        </>
      )
    }
    case 'bientot':
    case 'plus_tard':
      return (
        <>
          <b>Dans {joursJusque(le, aujourdhui)} j</b> · {dates}
        </>
      )
  }
}

/** Where a date comes from, line by line. `reserve` and doubt come last, in words. */
export function SourceEcheance({ echeance }: { echeance: EcheanceAffichee }): ReactElement {
  const lignes = [
    ['Départ', echeance.depart],
    ['Calcul', echeance.calcul],
    ['Source', echeance.source],
    ['Fiabilité', echeance.fiabilite],
  ] as const
  return (
    <>
      <p>
        <b>{echeance.libelle}</b>
      </p>
      <dl className="fiche">
        {lignes
          .filter(([, valeur]) => valeur !== undefined && valeur !== '')
          .map(([terme, valeur]) => (
            <Fragment key={terme}>
              <dt>{terme}</dt>
              <dd>{valeur}</dd>
            </Fragment>
          ))}
      </dl>
      {(echeance.aVerifier || echeance.reserve) && (
        <p className="doute">
          <Icone nom="doute" />
          <span>{echeance.reserve ?? 'Cette date est à vérifier.'}</span>
        </p>
      )}
    </>
  )
}

interface ProprietesPuce {
  readonly echeance: EcheanceAffichee
  readonly aujourdhui: JourCivil
  readonly ouverte?: boolean | undefined
  readonly enPlace?: boolean | undefined
}

/**
 * A date as a pill; opened, it says its start, its computation, its source and how far to trust it. Floats over the page in tables,
 * stays in place in `ListeSobre` or with `enPlace`.
 */
export function PuceEcheance(proprietes: ProprietesPuce): ReactElement {
  // A day of lists or of hearings gives the same pill to hundreds of households.
  return typeof proprietes.echeance.source === 'object' ? (
    <Puce {...proprietes} />
  ) : (
    <Kept by={`échéance ${JSON.stringify(proprietes)}`}>{() => <Puce {...proprietes} />}</Kept>
  )
}

function Puce({ echeance, aujourdhui, ouverte, enPlace }: ProprietesPuce): ReactElement {
  // Days are read once: lists hold them as text, and each mention below looks at them.
  const { le, autreLe, tenueLe, genre, retard, sansPreuve } = echeance
  const jours = {
    genre,
    sansPreuve,
    retard,
    le: enDate(le),
    autreLe: autreLe === undefined ? undefined : enDate(autreLe),
    tenueLe: tenueLe === undefined ? undefined : enDate(tenueLe),
  }
  const jour = enDate(aujourdhui)
  const etat = etatEcheance(jours, jour)
  const { ton, icone, lu } = ASPECTS[etat]
  return (
    <details className={classes('ech', ton && `ech--${ton}`, enPlace && 'ech--en-place')} open={ouverte}>
      <summary>
        <Icone nom={icone} />
        <span>
          <span className="sr">{lu}</span>
          {ecrireEcheance(jours, etat, jour)}
          <span className="sr"> (voir la source)</span>
        </span>
        {echeance.aVerifier && (
          <span className="doute">
            <Icone nom="doute" />à vérifier
          </span>
        )}
      </summary>
      <div className="ech-src">
        <SourceEcheance echeance={echeance} />
      </div>
    </details>
  )
}

/** How late, or how far, in words for a sentence: `dans 3 jours`, `il y a 2 jours`, `aujourd’hui`. */
export function ecrireDistance(le: JourCivil, aujourdhui: JourCivil): string {
  const reste = joursJusque(le, aujourdhui)
  if (reste === 0) return 'aujourd’hui'
  if (reste === 1) return 'demain'
  if (reste === -1) return 'hier'
  return reste > 0 ? `dans ${pluriel(reste, 'jour', 'jours')}` : `il y a ${pluriel(-reste, 'jour', 'jours')}`
}
