import type { ReactElement, ReactNode } from 'react'
import { Bouton, ChampsCaches } from './bouton.tsx'
import { Icone } from './icone.tsx'

/** A filter in force, and the address of the list without it. */
export interface FiltreActif {
  readonly libelle: string
  readonly retirer: string
}

/**
 * Filters of a list, in GET: the address can be shared. Below, the exact number of results, which takes the focus after filtering,
 * and a pill per filter in force.
 */
export function Filtres({
  action,
  libelle,
  resultat,
  id = 'resultats',
  actifs = [],
  toutRetirer,
  champs,
  bouton = 'Filtrer',
  plus,
  children,
}: {
  action: string
  libelle: string
  /** « 186 dossiers ». */
  resultat: string
  id?: string | undefined
  actifs?: readonly FiltreActif[] | undefined
  toutRetirer?: string | undefined
  /** What the address keeps besides the fields: saved view, order. */
  champs?: Readonly<Record<string, string>> | undefined
  bouton?: string | undefined
  /** Fields seldom used, behind « Plus de filtres ». */
  plus?: ReactNode
  children: ReactNode
}): ReactElement {
  return (
    <>
      <form className="filtres compact" method="get" action={`${action}#${id}`} aria-label={libelle}>
        <ChampsCaches champs={champs} />
        {children}
        <Bouton genre="principal" petit icone="filtre">
          {bouton}
        </Bouton>
        {plus !== undefined && (
          <details className="plus">
            <summary>Plus de filtres</summary>
            <div>{plus}</div>
          </details>
        )}
      </form>
      <div className="actifs">
        <p id={id} tabIndex={-1}>
          <b>{resultat}</b>
          {actifs.length > 0 && ' pour :'}
        </p>
        {actifs.map((filtre) => (
          <a href={filtre.retirer} key={filtre.libelle}>
            {filtre.libelle}
            <Icone nom="non" />
            <span className="sr"> (retirer ce filtre)</span>
          </a>
        ))}
        {actifs.length > 1 && toutRetirer !== undefined && (
          <a className="tout-retirer" href={toutRetirer}>
            Tout retirer
          </a>
        )}
      </div>
    </>
  )
}

export interface Onglet {
  readonly href: string
  readonly libelle: string
  /** Number of rows behind it. */
  readonly compte?: string | undefined
  readonly courant?: boolean | undefined
}

/** Saved views, or the kinds of a list: links, the current one marked. */
export function Onglets({ libelle, onglets }: { libelle: string; onglets: readonly Onglet[] }): ReactElement {
  return (
    <nav className="vues" aria-label={libelle}>
      {onglets.map(({ href, libelle: texte, compte, courant }) => (
        <a href={href} key={`${href} ${texte}`} aria-current={courant ? 'page' : undefined}>
          {texte}
          {compte !== undefined && <span>{compte}</span>}
        </a>
      ))}
    </nav>
  )
}

/** Previous and next pages by key. `position` says where one stands: « 1 à 25 sur 186 ». */
export function Pagination({
  libelle,
  position,
  precedents,
  suivants,
}: {
  libelle: string
  position: string
  precedents?: string | undefined
  suivants?: string | undefined
}): ReactElement {
  return (
    <nav className="pages" aria-label={libelle}>
      <span className="note">{position}</span>
      <span className="ets">
        {precedents !== undefined && (
          <Bouton href={precedents} petit icone="fg">
            Précédents
          </Bouton>
        )}
        {suivants !== undefined && (
          <Bouton href={suivants} petit iconeApres="fd">
            Suivants
          </Bouton>
        )}
      </span>
    </nav>
  )
}

/** Bottom of a frame: a note on the left, buttons on the right. */
export function PiedCadre({ note, children }: { note?: ReactNode; children?: ReactNode }): ReactElement {
  return (
    <div className="pages">
      <span className="note">{note}</span>
      <span className="ets">{children}</span>
    </div>
  )
}
