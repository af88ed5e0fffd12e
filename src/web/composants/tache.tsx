import type { ReactElement, ReactNode } from 'react'
import { Icone, type NomIcone } from './icone.tsx'
import { classes } from './texte.ts'

export interface Tache {
  readonly cle: string
  readonly icone: NomIcone
  /** What to do, for whom: begins with a verb. */
  readonly titre: ReactNode
  readonly texte?: ReactNode
  /** A `PuceEcheance`. */
  readonly echeance?: ReactNode
  /** A `Bouton petit` or `BoutonPost petit`. */
  readonly geste?: ReactNode
}

/** Things to do, the most urgent first. `retard` frames those whose date is past. */
export function FileTaches({
  taches,
  retard,
}: {
  taches: readonly Tache[]
  retard?: boolean | undefined
}): ReactElement {
  return (
    <ul className={classes('file', retard && 'file--retard')}>
      {taches.map(({ cle, icone, titre, texte, echeance, geste }) => (
        <li key={cle}>
          <Icone nom={icone} classe="ico-f" />
          <div>
            <h3 className="quoi">{titre}</h3>
            {texte !== undefined && <p>{texte}</p>}
          </div>
          {echeance ?? <span />}
          {geste === undefined ? <span /> : <div className="geste">{geste}</div>}
        </li>
      ))}
    </ul>
  )
}

/** Answers to give on one row: a few radio buttons side by side, and a reason when one of them asks for it. */
export function Reponses({
  nom,
  legende,
  options,
  choisie,
  motif,
}: {
  nom: string
  /** « Réponse pour LACOMBE Séverine », read and not shown. */
  legende: string
  options: readonly { readonly valeur: string; readonly libelle: string }[]
  choisie?: string | undefined
  motif?:
    | {
        readonly nom: string
        readonly libelle: string
        readonly options: readonly { readonly valeur: string; readonly libelle: string }[]
        readonly choisi?: string | undefined
        readonly vide?: string | undefined
      }
    | undefined
}): ReactElement {
  return (
    <fieldset>
      <legend className="sr">{legende}</legend>
      <div className="rep">
        {options.map(({ valeur, libelle }) => (
          <label key={valeur}>
            <input type="radio" name={nom} value={valeur} defaultChecked={valeur === choisie} />
            {libelle}
          </label>
        ))}
        {motif && (
          <select name={motif.nom} aria-label={motif.libelle} defaultValue={motif.choisi ?? ''}>
            <option value="">{motif.vide ?? 'Motif'}</option>
            {motif.options.map(({ valeur, libelle }) => (
              <option key={valeur} value={valeur}>
                {libelle}
              </option>
            ))}
          </select>
        )}
      </div>
    </fieldset>
  )
}
