import type { ReactElement, ReactNode } from 'react'
import { Kept } from '#socle/html'
import { ChampsCaches } from './bouton.tsx'
import { CadreDefilant } from './cadre.tsx'
import { Icone } from './icone.tsx'
import { classes } from './texte.ts'

export type SensTri = 'croissant' | 'decroissant'

export interface Colonne<Ligne> {
  readonly cle: string
  readonly titre: string
  /** Smaller, under the title. */
  readonly note?: ReactNode
  readonly rendre: (ligne: Ligne) => ReactNode
  /** Aligned on the right, figures of equal width. */
  readonly numerique?: boolean | undefined
  readonly triable?: boolean | undefined
  /** Names the row: one column of a table has it. */
  readonly principale?: boolean | undefined
  /** Long texts: keeps the column readable when the table is tight. */
  readonly large?: boolean | undefined
  /** Value in the last line of the table; in the first column, the name of that line. */
  readonly pied?: ReactNode
}

/** Which column orders the rows, and the address of another order. */
export interface Tri {
  readonly cle: string
  readonly sens: SensTri
  readonly lien: (cle: string, sens: SensTri) => string
}

/** A box in front of each row. Works without scripts; with them, everything at once and ranges with Shift. */
export interface SelectionLignes<Ligne> {
  /** Name sent with each ticked value. */
  readonly nom: string
  readonly valeur: (ligne: Ligne) => string
  /** Who or what is chosen: « Choisir ORSETTI Yanis ». */
  readonly libelle: (ligne: Ligne) => string
  readonly choisies?: ReadonlySet<string> | undefined
}

export interface ProprietesTableau<Ligne> {
  /** What the table lists, in one sentence: its caption, and the name of its scrolling frame. */
  readonly legende: string
  readonly legendeMontree?: boolean | undefined
  readonly colonnes: readonly Colonne<Ligne>[]
  readonly lignes: readonly Ligne[]
  readonly cle: (ligne: NoInfer<Ligne>) => string
  readonly tri?: Tri | undefined
  readonly selection?: SelectionLignes<NoInfer<Ligne>> | undefined
  /**
   * Name under which rows once written are kept: a row is written again when a value of it changes. Its columns and its box then read nothing but the row, which holds
   * civil days as text.
   */
  readonly retenu?: string | undefined
  /** Rows of 36 px, reference beside the name. */
  readonly dense?: boolean | undefined
  /** Least width on a small screen, where the frame scrolls: 62 rem, `moyen` 40 rem, `etroit` none. */
  readonly largeur?: 'etroit' | 'moyen' | undefined
  /** The frame scrolls whatever the width: for many columns. Échéances then open in the row. */
  readonly defilant?: boolean | undefined
  /** Says why there is no row; the headers stay. */
  readonly vide?: string | undefined
  /** Makes the frame a form: for selection, or answers row by row. */
  readonly formulaire?:
    | {
        readonly action: string
        readonly jeton: string
        readonly libelle: string
        readonly champs?: Readonly<Record<string, string>>
        /** What the Enter key does in a field: without it, the first button of the rows. */
        readonly defaut?: { readonly nom: string; readonly valeur: string } | undefined
      }
    | undefined
  /** Above the rows, in the frame: `BarreGroupee`. */
  readonly avant?: ReactNode
  /** Below the rows, in the frame: `Pagination`, buttons. */
  readonly apres?: ReactNode
}

function EnTete<Ligne>({ colonne, tri }: { colonne: Colonne<Ligne>; tri: Tri | undefined }): ReactElement {
  const actif = tri !== undefined && colonne.triable && tri.cle === colonne.cle
  const classe = classes(colonne.numerique && 'num', colonne.large && 'large') || undefined
  const note = colonne.note !== undefined && <small>{colonne.note}</small>
  if (tri === undefined || !colonne.triable) {
    return (
      <th scope="col" className={classe}>
        {colonne.titre}
        {note}
      </th>
    )
  }
  const suivant: SensTri = actif && tri.sens === 'croissant' ? 'decroissant' : 'croissant'
  return (
    <th
      scope="col"
      className={classe}
      aria-sort={actif ? (tri.sens === 'croissant' ? 'ascending' : 'descending') : undefined}
    >
      <a href={tri.lien(colonne.cle, suivant)}>
        {colonne.titre}
        <Icone nom={actif ? (tri.sens === 'croissant' ? 'haut' : 'bas') : 'tri'} />
        <span className="sr"> (trier)</span>
      </a>
      {note}
    </th>
  )
}

const choisie = <Ligne,>(selection: SelectionLignes<Ligne> | undefined, ligne: Ligne): boolean =>
  selection?.choisies?.has(selection.valeur(ligne)) ?? false

function LigneTableau<Ligne>({
  colonnes,
  ligne,
  selection,
}: Pick<ProprietesTableau<Ligne>, 'colonnes' | 'selection'> & { ligne: Ligne }): ReactElement {
  return (
    <tr>
      {selection && (
        <td className="coche">
          <label>
            <input
              type="checkbox"
              name={selection.nom}
              value={selection.valeur(ligne)}
              defaultChecked={choisie(selection, ligne)}
            />
            <span className="sr">Choisir {selection.libelle(ligne)}</span>
          </label>
        </td>
      )}
      {colonnes.map((colonne) =>
        colonne.principale ? (
          <th scope="row" className={classes('principal', colonne.numerique && 'num')} key={colonne.cle}>
            {colonne.rendre(ligne)}
          </th>
        ) : (
          <td className={classes(colonne.numerique && 'num', colonne.large && 'large') || undefined} key={colonne.cle}>
            {colonne.rendre(ligne)}
          </td>
        ),
      )}
    </tr>
  )
}

/** Rows and columns in a frame that scrolls on small screens, sorted by links, selected by boxes. */
export function Tableau<Ligne>(proprietes: ProprietesTableau<Ligne>): ReactElement {
  const { colonnes, lignes, selection, formulaire, retenu, cle } = proprietes
  const forme = `${retenu} ${colonnes.map((colonne) => colonne.cle).join()} ${selection?.nom ?? ''} `
  const largeurTotale = colonnes.length + (selection ? 1 : 0)
  const premierPied = colonnes.findIndex(({ pied }, rang) => rang > 0 && pied !== undefined)
  const tableau = (
    <CadreDefilant libelle={proprietes.legende} toujours={proprietes.defilant}>
      <table className={classes(proprietes.dense && 'dense', proprietes.largeur) || undefined}>
        <caption className={proprietes.legendeMontree ? undefined : 'sr'}>{proprietes.legende}</caption>
        <thead>
          <tr>
            {selection && (
              <td className="coche">
                <label className="avec-js">
                  <input type="checkbox" data-tout="" />
                  <span className="sr">Tout choisir dans cette page</span>
                </label>
              </td>
            )}
            {colonnes.map((colonne) => (
              <EnTete key={colonne.cle} colonne={colonne} tri={proprietes.tri} />
            ))}
          </tr>
        </thead>
        <tbody>
          {lignes.length === 0 && (
            <tr className="ligne-vide">
              <td colSpan={largeurTotale}>{proprietes.vide ?? 'Aucune ligne.'}</td>
            </tr>
          )}
          {retenu === undefined
            ? lignes.map((ligne) => (
                <LigneTableau key={cle(ligne)} colonnes={colonnes} ligne={ligne} selection={selection} />
              ))
            : lignes.map((ligne) => (
                <Kept key={cle(ligne)} by={`${forme}${choisie(selection, ligne)}${JSON.stringify(ligne)}`}>
                  {() => <LigneTableau colonnes={colonnes} ligne={ligne} selection={selection} />}
                </Kept>
              ))}
        </tbody>
        {premierPied > 0 && (
          <tfoot>
            <tr>
              {colonnes.map((colonne, rang) => {
                if (rang < premierPied) {
                  return rang === 0 ? (
                    <th scope="row" colSpan={premierPied + (selection ? 1 : 0)} key={colonne.cle}>
                      {colonnes[0]?.pied ?? 'Total'}
                    </th>
                  ) : null
                }
                return (
                  <td className={colonne.numerique ? 'num' : undefined} key={colonne.cle}>
                    {colonne.pied}
                  </td>
                )
              })}
            </tr>
          </tfoot>
        )}
      </table>
    </CadreDefilant>
  )
  const contenu = (
    <>
      {proprietes.avant}
      {tableau}
      {proprietes.apres}
    </>
  )
  if (!formulaire) return <div className="cadre">{contenu}</div>
  return (
    <form className="cadre" method="post" action={formulaire.action} aria-label={formulaire.libelle} noValidate>
      <ChampsCaches jeton={formulaire.jeton} champs={formulaire.champs} />
      {formulaire.defaut && (
        <button
          className="sr"
          type="submit"
          name={formulaire.defaut.nom}
          value={formulaire.defaut.valeur}
          tabIndex={-1}
          aria-hidden="true"
        />
      )}
      {contenu}
    </form>
  )
}

/** Above a table with boxes: how many are chosen, what to do with them, « Continuer ». Reviewing and undoing come on the next pages. */
export function BarreGroupee({
  choisies = 0,
  singulier,
  pluriel,
  aucune,
  nom = 'action',
  libelleAction,
  actions,
  bouton = 'Continuer',
  note,
  aside,
}: {
  /** Rows ticked by the server. */
  choisies?: number | undefined
  /** « dossier choisi », « dossiers choisis ». */
  singulier: string
  pluriel: string
  /** Shown while nothing is ticked: « Cocher des dossiers, puis choisir une action ». */
  aucune: string
  nom?: string | undefined
  libelleAction: string
  actions: readonly { readonly valeur: string; readonly libelle: string }[]
  bouton?: string | undefined
  note?: ReactNode
  aside?: ReactNode
}): ReactElement {
  return (
    <div className="barre barre--lot">
      <b data-choisis="" data-aucun={aucune} data-un={singulier} data-plusieurs={pluriel}>
        {choisies === 0 ? aucune : `${choisies} ${choisies < 2 ? singulier : pluriel}`}
      </b>
      <span className="champ">
        <label className="sr" htmlFor={`lot-${nom}`}>
          {libelleAction}
        </label>
        <select className="petit" id={`lot-${nom}`} name={nom}>
          {actions.map(({ valeur, libelle }) => (
            <option key={valeur} value={valeur}>
              {libelle}
            </option>
          ))}
        </select>
      </span>
      <button className="b b-1 b-s" type="submit">
        {bouton}
      </button>
      {note !== undefined && <span className="note">{note}</span>}
      {aside !== undefined && <span className="pousse note">{aside}</span>}
    </div>
  )
}

/** A bar at the top of a table, for something other than a selection. */
export function Barre({ children }: { children: ReactNode }): ReactElement {
  return <div className="barre barre--lot">{children}</div>
}
