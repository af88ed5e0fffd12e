import type { ReactElement, ReactNode } from 'react'
import { formatNombre } from '#socle/typography'
import { Carte, Compteurs } from './carte.tsx'
import { EtiquetteVerdict, type Ton, type Verdict, verdicts } from './etiquette.tsx'

/** What the script replaces while the page refreshes itself (`rafraichir` of `Page`). The key is the same from one load to the next. */
export function ZoneVive({ cle, children }: { cle: string; children: ReactNode }): ReactElement {
  return <div data-vif={cle}>{children}</div>
}

export interface CompteVerdict {
  readonly verdict: Verdict
  readonly nombre: number
  /** Filters the lines below. */
  readonly href?: string | undefined
  readonly courant?: boolean | undefined
}

const LARGEUR = 1000
/** Least width of a part that is not empty: it must be seen. */
const MINIMUM = 4

/** Parts of a whole, as one bar. Its values stand beside it in words and figures: it is never alone. */
export function BarreParts({
  libelle,
  parts,
}: {
  libelle: string
  parts: readonly { readonly ton: Ton; readonly nombre: number }[]
}): ReactElement {
  const presentes = parts.filter(({ nombre }) => nombre > 0)
  const somme = presentes.reduce((total, { nombre }) => total + nombre, 0)
  const libre = LARGEUR - presentes.length * (MINIMUM + 2)
  let x = 0
  return (
    <svg className="barres" viewBox={`0 0 ${LARGEUR} 22`} preserveAspectRatio="none" role="img" aria-label={libelle}>
      {presentes.map(({ ton, nombre }) => {
        const largeur = MINIMUM + (nombre / somme) * libre
        const place = x
        x += largeur + 2
        return (
          <rect key={ton} className={`v-${ton}`} x={place.toFixed(1)} y="0" width={largeur.toFixed(1)} height="22" />
        )
      })}
    </svg>
  )
}

/**
 * A long reading under way, or done: how far, what remains, and a counter by verdict. While it runs, give `rafraichir={5}` to the `Page`;
 * `arret` is a link to the same page without it.
 */
export function Progression({
  titre,
  note,
  faites,
  total,
  texte,
  annonce,
  arret,
  comptes,
  libelleComptes = 'Verdicts',
}: {
  titre: string
  /** On the right of the title: the time left. */
  note?: ReactNode
  faites: number
  /** `null` while the number of lines is not known. */
  total: number | null
  texte?: ReactNode
  /** Read out at each tenth, and at the end: « 70 % lu, 24 lignes rejetées ». */
  annonce: string
  arret?: { readonly href: string; readonly libelle: string } | undefined
  comptes: readonly CompteVerdict[]
  libelleComptes?: string | undefined
}): ReactElement {
  const part = total === null || total === 0 ? null : Math.min(100, Math.floor((faites / total) * 100))
  return (
    <ZoneVive cle="progression">
      <Carte titre={titre} id="h-progression" aside={note}>
        <div className="prog" data-pour-cent={part ?? 0} data-annonce={annonce}>
          {part === null ? (
            <progress aria-label={titre} />
          ) : (
            <>
              <progress max={total ?? 0} value={faites} aria-label={titre} />
              <b className="num">{formatNombre(part)} %</b>
            </>
          )}
        </div>
        {(texte !== undefined || arret) && (
          <p className="note mt2">
            {texte}{' '}
            {arret && (
              <a className="arret" href={arret.href}>
                {arret.libelle}
              </a>
            )}
          </p>
        )}
        <div className="mt4">
          <Compteurs
            libelle={libelleComptes}
            compteurs={comptes.map(({ verdict, nombre, href, courant }) => ({
              cle: verdict,
              nombre: formatNombre(nombre),
              libelle: <EtiquetteVerdict verdict={verdict} groupe />,
              href,
              courant,
            }))}
          />
        </div>
        {comptes.some(({ nombre }) => nombre > 0) && (
          <div className="mt4">
            <BarreParts
              libelle="Répartition par verdict. Les valeurs sont dans les compteurs au-dessus."
              parts={comptes.map(({ verdict, nombre }) => ({ ton: verdicts[verdict].ton, nombre }))}
            />
          </div>
        )}
      </Carte>
    </ZoneVive>
  )
}
