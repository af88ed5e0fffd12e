import type { ReactElement } from 'react'
import { enDate, formatDate, type JourCivil } from '#socle/typography'
import { couperTexte } from './frise-placement.ts'
import { classes } from './texte.ts'

/** A bar: from a day to another, or open. */
export interface PeriodeAxe {
  readonly du: JourCivil
  readonly au?: JourCivil | null | undefined
  readonly libelle: string
  /** Not confirmed: dashed, and said in words. */
  readonly incertaine?: boolean | undefined
}

interface ProprietesAxe {
  /** Makes the identifiers of the drawing unique in the page. */
  readonly id: string
  readonly titre: string
  readonly periodes: readonly PeriodeAxe[]
  readonly aujourdhui: JourCivil
  /** Left edge: an earlier bar is cut, with an open end. */
  readonly debut: JourCivil
  readonly fin: JourCivil
}

interface Echelle {
  readonly debut: Temporal.PlainDate
  readonly fin: Temporal.PlainDate
  readonly x: (jour: Temporal.PlainDate) => number
}

function creerEchelle(debut: JourCivil, fin: JourCivil, gauche: number, droite: number): Echelle {
  const [premier, dernier] = [enDate(debut), enDate(fin)]
  const jours = Math.max(1, premier.until(dernier).days)
  return {
    debut: premier,
    fin: dernier,
    x: (jour) => gauche + (Math.min(jours, Math.max(0, premier.until(jour).days)) / jours) * (droite - gauche),
  }
}

/** « du 08/07/1989 au 28/07/2023, à vérifier » */
function ecrireDates({ du, au, incertaine }: PeriodeAxe, jour: Temporal.PlainDate): string {
  const avenir = Temporal.PlainDate.compare(enDate(du), jour) > 0
  const dates = au
    ? `du ${formatDate(du)} au ${formatDate(au)}`
    : `${avenir ? 'à partir du' : 'depuis le'} ${formatDate(du)}`
  return `${dates}${incertaine ? ', à vérifier' : ''}`
}

function decrire(periodes: readonly PeriodeAxe[], jour: Temporal.PlainDate): string {
  const phrases = periodes.map((periode) => `${periode.libelle}, ${ecrireDates(periode, jour)}`)
  return phrases.length === 0 ? 'Aucune période.' : `${phrases.join(' ; ')}.`
}

interface Barre {
  readonly cle: string
  readonly x: number
  readonly largeur: number
  readonly classe: string
  readonly coupee: boolean
  readonly ouverte: boolean
}

/** Where a bar stands; null when it is out of the drawing. */
function placer({ du, au, incertaine }: PeriodeAxe, echelle: Echelle, aujourdhui: Temporal.PlainDate): Barre | null {
  const [debut, fin] = [enDate(du), au ? enDate(au).add({ days: 1 }) : null]
  if (fin && Temporal.PlainDate.compare(fin, echelle.debut) <= 0) return null
  if (Temporal.PlainDate.compare(debut, echelle.fin) > 0) return null
  const x = echelle.x(debut)
  const jour = aujourdhui.toString()
  const avenir = debut.toString() > jour
  const passee = fin !== null && fin.toString() <= jour
  return {
    cle: `${debut}`,
    x,
    largeur: Math.max(3, echelle.x(fin ?? echelle.fin) - x),
    classe: classes('per', incertaine && 'per--doute', avenir && 'per--avenir', passee && 'per--passee'),
    coupee: Temporal.PlainDate.compare(debut, echelle.debut) < 0,
    ouverte: fin === null,
  }
}

/** Lane of each period: two that share days never share a lane. */
function ranger(periodes: readonly PeriodeAxe[]): readonly number[] {
  const fins: (string | null)[] = []
  return periodes.map(({ du, au }) => {
    const debut = enDate(du).toString()
    const libre = fins.findIndex((fin) => fin !== null && fin < debut)
    const voie = libre === -1 ? fins.length : libre
    fins[voie] = au ? enDate(au).toString() : null
    return voie
  })
}

/** A bar; where it goes on out of the drawing, its end is a point. */
function DessinBarre({ barre, y, hauteur }: { barre: Barre; y: number; hauteur: number }): ReactElement {
  const { x, largeur, coupee, ouverte, classe } = barre
  const pointe = Math.min(hauteur / 2, largeur / 3)
  const [gauche, droite, milieu, bas] = [x, x + largeur, y + hauteur / 2, y + hauteur]
  const n = (valeur: number) => valeur.toFixed(1)
  const trace = [
    `M${n(gauche + (coupee ? pointe : 0))} ${n(y)}`,
    `H${n(droite - (ouverte ? pointe : 0))}`,
    ...(ouverte ? [`L${n(droite)} ${n(milieu)}`, `L${n(droite - pointe)} ${n(bas)}`] : [`V${n(bas)}`]),
    `H${n(gauche + (coupee ? pointe : 0))}`,
    ...(coupee ? [`L${n(gauche)} ${n(milieu)}`] : []),
    'Z',
  ].join(' ')
  return <path className={classe} d={trace} />
}

const LARGEUR_COURTE = 240
const HAUTEUR_COURTE = 22

/** Successive versions on one line, for a row of a table: the words are beside it. */
export function AxePeriodesCourt({ id, titre, periodes, aujourdhui, debut, fin }: ProprietesAxe): ReactElement {
  const echelle = creerEchelle(debut, fin, 1, LARGEUR_COURTE - 1)
  const jour = enDate(aujourdhui)
  const x = echelle.x(jour).toFixed(1)
  const voies = ranger(periodes)
  const pas = (HAUTEUR_COURTE - 10) / Math.max(1, ...voies.map((voie) => voie + 1))
  return (
    <svg
      className="axe axe--court"
      viewBox={`0 0 ${LARGEUR_COURTE} ${HAUTEUR_COURTE}`}
      role="img"
      aria-labelledby={`${id}-t ${id}-d`}
      focusable="false"
    >
      <title id={`${id}-t`}>{titre}</title>
      <desc id={`${id}-d`}>{decrire(periodes, jour)}</desc>
      <path className="sol" d={`M0 ${HAUTEUR_COURTE - 2}H${LARGEUR_COURTE}`} />
      {periodes.map((periode, rang) => {
        const barre = placer(periode, echelle, jour)
        const y = 4 + (voies[rang] ?? 0) * pas
        return barre && <DessinBarre key={`${barre.cle} ${periode.libelle}`} barre={barre} y={y} hauteur={pas} />
      })}
      <path className="auj" d={`M${x} 0V${HAUTEUR_COURTE}`} />
    </svg>
  )
}

const LARGEUR = 1120
const GAUCHE = 400
const DROITE = 1106
const HAUT = 46
const HAUTEUR_LIGNE = 46

/** First of January of some years: no more than a dozen marks. */
function listerAnnees({ debut, fin }: Echelle): readonly number[] {
  const annees = fin.year - debut.year
  const pas = annees <= 10 ? 1 : annees <= 22 ? 2 : 5
  return Array.from({ length: annees + 1 }, (_, rang) => debut.year + rang).filter((annee) => annee % pas === 0)
}

/** One bar a line, with its name and its dates, years above and today across. The same belongs in a table beside it. */
export function AxePeriodes({ id, titre, periodes, aujourdhui, debut, fin }: ProprietesAxe): ReactElement {
  const echelle = creerEchelle(debut, fin, GAUCHE, DROITE)
  const jour = enDate(aujourdhui)
  const hauteur = HAUT + periodes.length * HAUTEUR_LIGNE + 8
  const x = echelle.x(jour)
  const annees = listerAnnees(echelle).flatMap((annee) => {
    const premier = Temporal.PlainDate.from({ year: annee, month: 1, day: 1 })
    return Temporal.PlainDate.compare(premier, echelle.debut) < 0 ? [] : [{ annee, x: echelle.x(premier) }]
  })
  return (
    <svg
      className="axe axe--long"
      viewBox={`0 0 ${LARGEUR} ${hauteur}`}
      role="img"
      aria-labelledby={`${id}-t ${id}-d`}
      focusable="false"
    >
      <title id={`${id}-t`}>{titre}</title>
      <desc id={`${id}-d`}>{`${decrire(periodes, jour)} Aujourd’hui : ${formatDate(jour)}.`}</desc>
      {annees.map(({ annee, x: place }) => (
        <g key={annee}>
          <path className="an" d={`M${place.toFixed(1)} ${HAUT - 8}V${hauteur - 4}`} />
          <text className="t2" x={(place + 4).toFixed(1)} y={HAUT - 12}>
            {annee}
          </text>
        </g>
      ))}
      {periodes.map((periode, rang) => {
        const y = HAUT + rang * HAUTEUR_LIGNE
        const barre = placer(periode, echelle, jour)
        const dates = ecrireDates(periode, jour)
        return (
          <g key={`${periode.du} ${periode.libelle}`}>
            <text className="tb" x="0" y={y + 18}>
              {couperTexte(periode.libelle, 14, GAUCHE - 24, true)}
            </text>
            <text className="t2" x="0" y={y + 36}>
              {dates.charAt(0).toUpperCase() + dates.slice(1)}
            </text>
            {barre && <DessinBarre barre={barre} y={y + 8} hauteur={24} />}
          </g>
        )
      })}
      <path className="auj" d={`M${x.toFixed(1)} 20V${hauteur}`} />
      <text className="tb" x={x.toFixed(1)} y="14" textAnchor={x > DROITE - 60 ? 'end' : 'middle'}>
        Aujourd’hui
      </text>
    </svg>
  )
}
