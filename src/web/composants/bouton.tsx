import { randomUUID } from 'node:crypto'
import type { ReactElement, ReactNode } from 'react'
import { Icone, type NomIcone } from './icone.tsx'
import { classes } from './texte.ts'

/** One `principal` per zone. `destructeur` for what takes something away. */
export type GenreBouton = 'principal' | 'secondaire' | 'tertiaire' | 'destructeur'

const CLASSES = { principal: 'b-1', secondaire: null, tertiaire: 'b-3', destructeur: 'b-d' } as const satisfies Record<
  GenreBouton,
  string | null
>

export interface ProprietesBouton {
  readonly children: ReactNode
  readonly genre?: GenreBouton | undefined
  readonly icone?: NomIcone | undefined
  /** Icon after the words: « Suivants ». */
  readonly iconeApres?: NomIcone | undefined
  readonly petit?: boolean | undefined
  /** A link that looks like a button. Without it, a `button` of the form around. */
  readonly href?: string | undefined
  /** The link gives a file. */
  readonly fichier?: boolean | undefined
  /** The link opens beside this page, which keeps what it holds. */
  readonly nouvelOnglet?: boolean | undefined
  /** `type="button"` for scripts; submits otherwise. */
  readonly inerte?: boolean | undefined
  readonly nom?: string | undefined
  readonly valeur?: string | undefined
  /** Where the form around is posted by this button, instead of its own address. */
  readonly action?: string | undefined
  /** Letter that presses the button on the keyboard; shown in front of the words by `Decision`. */
  readonly touche?: string | undefined
  /** Words read instead of those shown, when these are not enough out of context. */
  readonly libelleLu?: string | undefined
  readonly classe?: string | undefined
}

/** A button, or a link that acts like one. The words name the act. */
export function Bouton(proprietes: ProprietesBouton): ReactElement {
  const { genre = 'secondaire', icone, iconeApres, petit, href, touche } = proprietes
  const classe = classes('b', CLASSES[genre], petit && 'b-s', proprietes.classe)
  const contenu = (
    <>
      {icone && <Icone nom={icone} />}
      {proprietes.children}
      {iconeApres && <Icone nom={iconeApres} />}
    </>
  )
  const lettre = touche?.toLowerCase()
  if (href !== undefined) {
    return (
      <a
        className={classe}
        href={href}
        download={proprietes.fichier ? '' : undefined}
        target={proprietes.nouvelOnglet ? '_blank' : undefined}
        rel={proprietes.nouvelOnglet ? 'noopener' : undefined}
        aria-label={proprietes.libelleLu}
        data-touche={lettre}
      >
        {contenu}
      </a>
    )
  }
  return (
    <button
      className={classe}
      type={proprietes.inerte ? 'button' : 'submit'}
      name={proprietes.nom}
      value={proprietes.valeur}
      formAction={proprietes.action}
      aria-label={proprietes.libelleLu}
      aria-keyshortcuts={touche?.toUpperCase()}
      data-touche={lettre}
    >
      {contenu}
    </button>
  )
}

/** Opens the browser's print dialog. Appears only where scripts run: its menu does the same elsewhere. */
export function BoutonImprimer(): ReactElement {
  return (
    <button className="b b-1 avec-js" type="button" data-imprimer="">
      <Icone nom="impr" />
      Imprimer
    </button>
  )
}

/** Hidden fields of a form: the token of the session, then what the caller adds. */
export function ChampsCaches({
  jeton,
  champs = {},
}: {
  jeton?: string | undefined
  champs?: Readonly<Record<string, string | readonly string[]>> | undefined
}): ReactElement {
  return (
    <>
      {jeton !== undefined && <input type="hidden" name="_jeton" value={jeton} />}
      {Object.entries(champs).flatMap(([nom, valeurs]) =>
        (typeof valeurs === 'string' ? [valeurs] : valeurs).map((valeur) => (
          <input key={`${nom}=${valeur}`} type="hidden" name={nom} value={valeur} />
        )),
      )}
    </>
  )
}

/** An act of one button: a form of its own, so that nothing is changed by a link. */
export function BoutonPost({
  action,
  jeton,
  champs,
  ...bouton
}: Omit<ProprietesBouton, 'href' | 'inerte' | 'action'> & {
  readonly action: string
  readonly jeton: string
  readonly champs?: Readonly<Record<string, string | readonly string[]>> | undefined
}): ReactElement {
  return (
    <form className="en-ligne" method="post" action={action}>
      <ChampsCaches jeton={jeton} champs={champs} />
      <Bouton {...bouton} />
    </form>
  )
}

/** Marks a form of a page: sent twice, it is done once. */
export const CHAMP_ENVOI = '_envoi'

/**
 * A form that writes: POST, token and mark included. `fichiers` when it carries files. The browser does not validate: the server answers with
 * every error at once, in plain French (`ResumeErreurs`).
 */
export function Formulaire({
  action,
  jeton,
  champs,
  fichiers,
  libelle,
  classe = 'formulaire',
  children,
}: {
  action: string
  jeton: string
  champs?: Readonly<Record<string, string | readonly string[]>> | undefined
  fichiers?: boolean | undefined
  /** Names the form among others of the page. */
  libelle?: string | undefined
  classe?: string | undefined
  children: ReactNode
}): ReactElement {
  return (
    <form
      className={classe}
      method="post"
      action={action}
      encType={fichiers ? 'multipart/form-data' : undefined}
      aria-label={libelle}
      noValidate
    >
      <ChampsCaches jeton={jeton} champs={champs} />
      <input type="hidden" name={CHAMP_ENVOI} value={randomUUID()} />
      {children}
    </form>
  )
}

/** Buttons side by side, full width on a phone. */
export function Actions({ children }: { children: ReactNode }): ReactElement {
  return <div className="actions">{children}</div>
}
