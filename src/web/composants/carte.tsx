import { Fragment, type ReactElement, type ReactNode } from 'react'
import { Bouton } from './bouton.tsx'
import type { Ton } from './etiquette.tsx'
import { Icone, type NomIcone } from './icone.tsx'
import { classes, identifiant } from './texte.ts'

type Niveau = 2 | 3

/** Shifts headings when a card is inside another part. */
function Titre({ niveau, id, children }: { niveau: Niveau; id: string; children: ReactNode }): ReactElement {
  return niveau === 2 ? <h2 id={id}>{children}</h2> : <h3 id={id}>{children}</h3>
}

/** A framed part of the page, with its heading. `aside` stands on the right of the heading: a note, a link. */
export function Carte({
  titre,
  id,
  niveau = 2,
  aside,
  children,
}: {
  titre: string
  id?: string | undefined
  niveau?: Niveau | undefined
  aside?: ReactNode
  children: ReactNode
}): ReactElement {
  const repere = id ?? identifiant('h', titre)
  return (
    <section className="carte" aria-labelledby={repere}>
      <div className="carte-t">
        <Titre niveau={niveau} id={repere}>
          {titre}
        </Titre>
        {aside !== undefined && <div className="note">{aside}</div>}
      </div>
      {children}
    </section>
  )
}

/** A part without a frame: heading, what it counts, content. */
export function Section({
  titre,
  compte,
  id,
  children,
}: {
  titre: string
  compte?: ReactNode
  id?: string | undefined
  children: ReactNode
}): ReactElement {
  const repere = id ?? identifiant('s', titre)
  return (
    <section aria-labelledby={repere}>
      <div className="section-t">
        <h2 id={repere}>{titre}</h2>
        {compte !== undefined && <span className="n">{compte}</span>}
      </div>
      {children}
    </section>
  )
}

/** Columns of a page: `veille` (wide and 21.5 rem), `dossier` (1.62 and 1), `moities`. One column on small screens. */
export function Colonnes({
  genre,
  children,
}: {
  genre: 'veille' | 'dossier' | 'moities'
  children: ReactNode
}): ReactElement {
  return <div className={`colonnes-${genre}`}>{children}</div>
}

/** Parts one under the other, evenly spaced. */
export function Pile({ children }: { children: ReactNode }): ReactElement {
  return <div className="pile">{children}</div>
}

export interface LigneDefinition {
  readonly terme: string
  readonly valeur: ReactNode
  /** Smaller, under the value. */
  readonly note?: ReactNode
  readonly numerique?: boolean | undefined
}

/** Terms and their values. A line whose value is `null` or `undefined` is left out. */
export function ListeDefinition({ lignes }: { lignes: readonly LigneDefinition[] }): ReactElement {
  return (
    <dl className="fiche">
      {lignes
        .filter(({ valeur }) => valeur !== null && valeur !== undefined)
        .map(({ terme, valeur, note, numerique }) => (
          <Fragment key={terme}>
            <dt>{terme}</dt>
            <dd className={numerique ? 'num' : undefined}>
              {valeur}
              {note !== undefined && <small>{note}</small>}
            </dd>
          </Fragment>
        ))}
    </dl>
  )
}

/** Lines of two halves: what it is, and on the right its label or its échéance. */
export function ListeSobre({
  lignes,
}: {
  lignes: readonly {
    readonly cle: string
    readonly titre: ReactNode
    readonly note?: ReactNode
    readonly droite?: ReactNode
  }[]
}): ReactElement {
  return (
    <ul className="liste-sobre">
      {lignes.map(({ cle, titre, note, droite }) => (
        <li key={cle}>
          <p>
            <b>{titre}</b>
            {note !== undefined && <small>{note}</small>}
          </p>
          {droite}
        </li>
      ))}
    </ul>
  )
}

/** Nothing here: what that means, and the next gesture. */
export function EtatVide({
  titre,
  niveau = 2,
  children,
  geste,
}: {
  titre: string
  niveau?: Niveau | undefined
  children?: ReactNode
  geste?: { readonly href: string; readonly libelle: string } | undefined
}): ReactElement {
  return (
    <div className="vide">
      <Titre niveau={niveau} id={identifiant('vide', titre)}>
        {titre}
      </Titre>
      {children !== undefined && <p>{children}</p>}
      {geste && <Bouton href={geste.href}>{geste.libelle}</Bouton>}
    </div>
  )
}

const ICONES_MESSAGE = {
  info: 'info',
  bientot: 'doute',
  tenu: 'ok',
  retard: 'retard',
  reserve: 'cle',
  neutre: 'info',
} as const satisfies Record<Ton, NomIcone>

/** A remark in the flow of the page. `action` stands on its right. */
export function Message({
  ton = 'info',
  icone,
  action,
  children,
}: {
  ton?: Ton | undefined
  icone?: NomIcone | undefined
  action?: ReactNode
  children: ReactNode
}): ReactElement {
  return (
    <div className={classes('message', ton !== 'info' && ton !== 'neutre' && `message--${ton}`)}>
      <Icone nom={icone ?? ICONES_MESSAGE[ton]} />
      <div>{children}</div>
      {action}
    </div>
  )
}

/** A figure that opens a list. */
export interface ProprietesCompteur {
  readonly nombre: string
  readonly libelle: ReactNode
  readonly note?: ReactNode
  readonly href?: string | undefined
}

/** Figures to watch, one under the other, in a `Carte`. */
export function Veille({
  compteurs,
}: {
  compteurs: readonly (ProprietesCompteur & { readonly cle: string })[]
}): ReactElement {
  return (
    <ul className="veille">
      {compteurs.map(({ cle, nombre, libelle, note, href }) => {
        const contenu = (
          <>
            <b className="g">{nombre}</b>
            <span>
              {libelle}
              {note !== undefined && <small>{note}</small>}
            </span>
          </>
        )
        return (
          <li key={cle}>
            {href === undefined ? <div className="sans-lien">{contenu}</div> : <a href={href}>{contenu}</a>}
          </li>
        )
      })}
    </ul>
  )
}

/** A figure in a box; the current one filters the list below. Several stand in `Compteurs`. */
export function Compteur({
  nombre,
  libelle,
  note,
  href,
  courant,
}: ProprietesCompteur & { readonly courant?: boolean | undefined }): ReactElement {
  const contenu = (
    <>
      {typeof libelle === 'string' ? <span className="lib">{libelle}</span> : libelle}
      <span className="g">{nombre}</span>
      {note !== undefined && <small>{note}</small>}
    </>
  )
  if (href === undefined) return <div className="sans-lien">{contenu}</div>
  return (
    <a href={href} aria-current={courant ? 'true' : undefined}>
      {contenu}
    </a>
  )
}

/** Boxes of figures side by side. */
export function Compteurs({
  libelle,
  compteurs,
}: {
  libelle: string
  compteurs: readonly (ProprietesCompteur & { readonly cle: string; readonly courant?: boolean | undefined })[]
}): ReactElement {
  return (
    <ul className="comptes" aria-label={libelle}>
      {compteurs.map(({ cle, ...compteur }) => (
        <li key={cle}>
          <Compteur {...compteur} />
        </li>
      ))}
    </ul>
  )
}

/** Detail on request. */
export function Plus({
  libelle,
  ouvert,
  children,
}: {
  libelle: string
  ouvert?: boolean | undefined
  children: ReactNode
}): ReactElement {
  return (
    <details className="plus" open={ouvert}>
      <summary>{libelle}</summary>
      {children}
    </details>
  )
}
