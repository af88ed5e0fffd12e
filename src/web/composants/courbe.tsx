import type { ReactElement } from 'react'
import { formatNombre } from '#socle/typography'
import { CadreDefilant } from './cadre.tsx'
import { identifiant } from './texte.ts'

/** One line of a chart. A point without value is a gap, never a zero. */
export interface SerieCourbe {
  readonly cle: string
  /** Written at the end of the line, rather than in a legend. */
  readonly libelle: string
  /** What happened is a plain line with its values; what is aimed at is dashed, each reading in its own way. */
  readonly trait: 'plein' | 'tirets' | 'points' | 'mixte'
  readonly points: readonly { readonly x: number; readonly y: number | null }[]
}

const LARGEUR = 860
const HAUTEUR = 320
const MARGES = { haut: 22, droite: 200, bas: 34, gauche: 52 } as const
/** Between the axis and the first year, so that its value does not cover the axis. */
const RETRAIT = 26
const ECART = 15

/** Round steps of the axis: about four, from zero. */
export function graduer(maximum: number): readonly number[] {
  if (maximum <= 0) return [0, 1]
  const brut = maximum / 4
  const ordre = 10 ** Math.floor(Math.log10(brut))
  const pas = ([1, 2, 2.5, 5, 10].find((facteur) => facteur * ordre >= brut) ?? 10) * ordre
  return Array.from({ length: Math.ceil(maximum / pas) + 1 }, (_, rang) => rang * pas)
}

/** Heights of labels moved apart so that none covers another, in the order given. */
export function ecarter(hauteurs: readonly number[], ecart: number = ECART): readonly number[] {
  const ordre = hauteurs.map((_, rang) => rang).toSorted((a, b) => (hauteurs[a] ?? 0) - (hauteurs[b] ?? 0))
  const places: number[] = [...hauteurs]
  let derniere = Number.NEGATIVE_INFINITY
  for (const rang of ordre) {
    derniere = Math.max(hauteurs[rang] ?? 0, derniere + ecart)
    places[rang] = derniere
  }
  return places
}

/** Parts of a line between its gaps, as points of the drawing. */
function troncons(points: readonly { readonly x: number; readonly y: number | null }[]) {
  const parts: { x: number; y: number }[][] = [[]]
  for (const { x, y } of points) {
    if (y === null) parts.push([])
    else parts.at(-1)?.push({ x, y })
  }
  return parts.filter((part) => part.length > 0)
}

/** Lower than both its neighbours: its value is written below, where the line does not pass. */
function estCreux(points: SerieCourbe['points'], rang: number): boolean {
  const y = points[rang]?.y ?? 0
  const [avant, apres] = [points[rang - 1]?.y, points[rang + 1]?.y]
  return typeof avant === 'number' && typeof apres === 'number' && y < avant && y < apres
}

/**
 * Lines over years, drawn by the server: the title says the conclusion, values are written on the line of what happened, and a year
 * without a value says so in words. The same figures stand in a table beside it, which is the caller's.
 */
export function Courbe({
  titre,
  description,
  abscisses,
  series,
  absent = 'NC',
}: {
  titre: string
  description: string
  abscisses: readonly number[]
  series: readonly SerieCourbe[]
  /** Written where a year of the plain line has no value. */
  absent?: string | undefined
}): ReactElement {
  const valeurs = series.flatMap(({ points }) => points.flatMap(({ y }) => (y === null ? [] : [y])))
  const graduations = graduer(Math.max(0, ...valeurs))
  const plafond = graduations.at(-1) ?? 1
  const largeur = LARGEUR - MARGES.gauche - MARGES.droite
  const hauteur = HAUTEUR - MARGES.haut - MARGES.bas
  const enX = (x: number) =>
    MARGES.gauche + RETRAIT + ((largeur - RETRAIT) * abscisses.indexOf(x)) / Math.max(1, abscisses.length - 1)
  const enY = (y: number) => MARGES.haut + hauteur * (1 - y / plafond)
  const ecrire = (nombre: number) => nombre.toFixed(1)
  const fins = series.map(({ points }) => points.findLast(({ y }) => y !== null))
  const hauteurs = ecarter(fins.map((fin) => enY(fin?.y ?? 0)))
  const id = identifiant('courbe', titre)
  return (
    <CadreDefilant libelle={`Graphique : ${titre}`}>
      <svg
        className="courbe"
        viewBox={`0 0 ${LARGEUR} ${HAUTEUR}`}
        role="img"
        aria-labelledby={`${id}-t`}
        aria-describedby={`${id}-d`}
      >
        <title id={`${id}-t`}>{titre}</title>
        <desc id={`${id}-d`}>{description}</desc>
        {graduations.map((graduation) => (
          <g key={graduation}>
            <line
              className={graduation === 0 ? 'base' : 'repere'}
              x1={MARGES.gauche}
              x2={LARGEUR - MARGES.droite}
              y1={ecrire(enY(graduation))}
              y2={ecrire(enY(graduation))}
            />
            <text className="axe fin" x={MARGES.gauche - 8} y={ecrire(enY(graduation) + 4)}>
              {formatNombre(graduation)}
            </text>
          </g>
        ))}
        {abscisses.map((x) => (
          <text className="axe milieu" key={x} x={ecrire(enX(x))} y={HAUTEUR - 12}>
            {x}
          </text>
        ))}
        {series.map(({ cle, libelle, trait, points }, rang) => {
          const fin = fins[rang]
          return (
            <g key={cle} className={`serie ${trait}`}>
              {troncons(points).map((part) => (
                <polyline
                  key={part[0]?.x}
                  points={part.map(({ x, y }) => `${ecrire(enX(x))},${ecrire(enY(y))}`).join(' ')}
                />
              ))}
              {trait === 'plein' &&
                points.map(({ x, y }, place) =>
                  y === null ? (
                    <text className="absent milieu" key={x} x={ecrire(enX(x))} y={ecrire(enY(0) - 8)}>
                      {absent}
                    </text>
                  ) : (
                    <g key={x}>
                      <circle cx={ecrire(enX(x))} cy={ecrire(enY(y))} r="4" />
                      <text
                        className="valeur milieu"
                        x={ecrire(enX(x))}
                        y={ecrire(enY(y) + (estCreux(points, place) ? 20 : -10))}
                      >
                        {formatNombre(y)}
                      </text>
                    </g>
                  ),
                )}
              {fin && series.length > 1 && trait !== 'plein' && (
                <>
                  <line
                    className="renvoi"
                    x1={ecrire(enX(fin.x) + 3)}
                    y1={ecrire(enY(fin.y ?? 0))}
                    x2={ecrire(enX(fin.x) + 14)}
                    y2={ecrire(hauteurs[rang] ?? 0)}
                  />
                  <text className="nom" x={ecrire(enX(fin.x) + 18)} y={ecrire((hauteurs[rang] ?? 0) + 4)}>
                    {libelle}
                  </text>
                </>
              )}
            </g>
          )
        })}
      </svg>
    </CadreDefilant>
  )
}
