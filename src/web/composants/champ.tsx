import type { HTMLInputAutoCompleteAttribute, ReactElement, ReactNode } from 'react'
import { enDate, type JourCivil } from '#socle/typography'
import { Icone } from './icone.tsx'
import { classes } from './texte.ts'

/** What every field has. `nom` is the name sent; the identifier follows from it unless the page has two fields of that name. */
export interface ProprietesChamp {
  readonly nom: string
  readonly libelle: string
  readonly id?: string | undefined
  readonly aide?: ReactNode
  readonly erreur?: string | undefined
  /** Says « facultatif » after the label. Fields are required otherwise. */
  readonly facultatif?: boolean | undefined
  /** In filters: neither required nor « facultatif ». */
  readonly libre?: boolean | undefined
  /** The label is read, not shown. */
  readonly libelleMuet?: boolean | undefined
  readonly court?: boolean | undefined
}

export const idChamp = (champ: Pick<ProprietesChamp, 'nom' | 'id'>): string =>
  champ.id ?? `c-${champ.nom.replace(/[^\w-]+/g, '-')}`

function decritPar(champ: ProprietesChamp): string | undefined {
  const id = idChamp(champ)
  return classes(champ.aide !== undefined && `${id}-aide`, champ.erreur !== undefined && `${id}-erreur`) || undefined
}

/** Attributes that tie a control to its label, its help and its error. */
function attributs(champ: ProprietesChamp) {
  return {
    id: idChamp(champ),
    name: champ.nom,
    required: !champ.facultatif && !champ.libre ? true : undefined,
    'aria-invalid': champ.erreur !== undefined ? (true as const) : undefined,
    'aria-describedby': decritPar(champ),
  }
}

function Complements({ champ }: { champ: ProprietesChamp }): ReactElement {
  const id = idChamp(champ)
  return (
    <>
      {champ.aide !== undefined && (
        <p className="aide" id={`${id}-aide`}>
          {champ.aide}
        </p>
      )}
      {champ.erreur !== undefined && (
        <p className="erreur" id={`${id}-erreur`}>
          <Icone nom="retard" />
          <span>{champ.erreur}</span>
        </p>
      )}
    </>
  )
}

const Facultatif = ({ champ }: { champ: ProprietesChamp }): ReactElement | null =>
  champ.facultatif ? <span className="facultatif"> (facultatif)</span> : null

function Encadrement({ champ, children }: { champ: ProprietesChamp; children: ReactNode }): ReactElement {
  return (
    <div className={classes('champ', champ.court && 'champ--court')}>
      <label className={champ.libelleMuet ? 'sr' : undefined} htmlFor={idChamp(champ)}>
        {champ.libelle}
        <Facultatif champ={champ} />
      </label>
      {children}
      <Complements champ={champ} />
    </div>
  )
}

/** A field of text, on one line or several. */
export function Champ(
  champ: ProprietesChamp & {
    readonly valeur?: string | undefined
    readonly genre?: 'text' | 'search' | 'email' | 'tel' | 'password' | 'number' | undefined
    /** More than one: a `textarea`. */
    readonly lignes?: number | undefined
    readonly longueurMax?: number | undefined
    /** Keyboard of a phone, for codes of digits. */
    readonly chiffres?: boolean | undefined
    readonly completion?: HTMLInputAutoCompleteAttribute | undefined
  },
): ReactElement {
  const communs = { ...attributs(champ), maxLength: champ.longueurMax, autoComplete: champ.completion }
  return (
    <Encadrement champ={champ}>
      {(champ.lignes ?? 1) > 1 ? (
        <textarea {...communs} rows={champ.lignes} defaultValue={champ.valeur} />
      ) : (
        <input
          {...communs}
          type={champ.genre ?? 'text'}
          inputMode={champ.chiffres ? 'numeric' : undefined}
          defaultValue={champ.valeur}
        />
      )}
    </Encadrement>
  )
}

/** A civil date, in the native control: it sends `AAAA-MM-JJ`. `valeur` may be what was typed, when it was wrong. */
export function ChampDate(
  champ: ProprietesChamp & {
    readonly valeur?: JourCivil | undefined
    readonly min?: JourCivil | undefined
    readonly max?: JourCivil | undefined
  },
): ReactElement {
  const borne = (jour: JourCivil | undefined) => (jour === undefined ? undefined : enDate(jour).toString())
  return (
    <Encadrement champ={{ court: true, ...champ }}>
      <input
        {...attributs(champ)}
        type="date"
        defaultValue={champ.valeur?.toString()}
        min={borne(champ.min)}
        max={borne(champ.max)}
      />
    </Encadrement>
  )
}

/** An amount in euros, typed with a comma. `valeur` in cents, or what was typed when it was wrong. */
export function ChampMontant(champ: ProprietesChamp & { readonly valeur?: number | string | undefined }): ReactElement {
  const { valeur } = champ
  const ecrit = typeof valeur === 'number' ? (valeur / 100).toFixed(2).replace('.', ',') : valeur
  return (
    <Encadrement champ={{ court: true, ...champ }}>
      <span className="avec-unite">
        <input {...attributs(champ)} type="text" inputMode="decimal" autoComplete="off" defaultValue={ecrit} />
        <span aria-hidden="true">€</span>
      </span>
    </Encadrement>
  )
}

/** A file. The form around must carry files (`Formulaire fichiers`). */
export function ChampFichier(
  champ: ProprietesChamp & {
    /** Extensions admitted, as `.csv,.xlsx`. */
    readonly formats?: string | undefined
    readonly plusieurs?: boolean | undefined
  },
): ReactElement {
  return (
    <Encadrement champ={champ}>
      <input {...attributs(champ)} type="file" accept={champ.formats} multiple={champ.plusieurs} />
    </Encadrement>
  )
}

/** One answer that may be given, among those of a list. */
export interface OptionChoix {
  readonly valeur: string
  readonly libelle: string
  readonly aide?: string | undefined
}

/** A list to choose one from. `vide` adds a first line with no value: « Tous », « Choisir ». */
export function Selection(
  champ: ProprietesChamp & {
    readonly options: readonly OptionChoix[]
    readonly valeur?: string | undefined
    readonly vide?: string | undefined
  },
): ReactElement {
  return (
    <Encadrement champ={champ}>
      <select {...attributs(champ)} defaultValue={champ.valeur ?? (champ.vide === undefined ? undefined : '')}>
        {champ.vide !== undefined && <option value="">{champ.vide}</option>}
        {champ.options.map((option) => (
          <option key={option.valeur} value={option.valeur}>
            {option.libelle}
          </option>
        ))}
      </select>
    </Encadrement>
  )
}

/** One box to tick. */
export function CaseACocher(
  champ: Omit<ProprietesChamp, 'facultatif' | 'libelleMuet' | 'court' | 'aide'> & {
    readonly aide?: string | undefined
    readonly valeur?: string | undefined
    readonly cochee?: boolean | undefined
    /** Must be ticked to go on. */
    readonly exigee?: boolean | undefined
  },
): ReactElement {
  const complet: ProprietesChamp = { ...champ, libre: !champ.exigee, aide: undefined }
  return (
    <div className="champ">
      <label className="choix">
        <input {...attributs(complet)} type="checkbox" value={champ.valeur ?? 'oui'} defaultChecked={champ.cochee} />
        <span>
          {champ.libelle}
          {champ.aide !== undefined && <small>{champ.aide}</small>}
        </span>
      </label>
      <Complements champ={complet} />
    </div>
  )
}

/** A few answers, one to give. */
export function BoutonsRadio(
  champ: Omit<ProprietesChamp, 'libelleMuet' | 'court'> & {
    readonly options: readonly OptionChoix[]
    readonly valeur?: string | undefined
  },
): ReactElement {
  const id = idChamp(champ)
  return (
    <fieldset
      className="champ"
      // biome-ignore lint/a11y/noNoninteractiveElementToInteractiveRole: ARIA in HTML allows it, and a plain group cannot be invalid
      role="radiogroup"
      aria-describedby={decritPar(champ)}
      aria-invalid={champ.erreur !== undefined ? true : undefined}
    >
      <legend>
        {champ.libelle}
        <Facultatif champ={champ} />
      </legend>
      <div className="choix-liste">
        {champ.options.map((option, rang) => (
          <label className="choix" key={option.valeur}>
            <input
              id={rang === 0 ? id : `${id}-${rang}`}
              type="radio"
              name={champ.nom}
              value={option.valeur}
              defaultChecked={option.valeur === champ.valeur}
              required={!champ.facultatif && !champ.libre}
            />
            <span>
              {option.libelle}
              {option.aide !== undefined && <small>{option.aide}</small>}
            </span>
          </label>
        ))}
      </div>
      <Complements champ={champ} />
    </fieldset>
  )
}

/** What is wrong, at the top of the page: takes the focus, and each line leads to its field. Put `erreur` on the `Page` too. */
export function ResumeErreurs({
  erreurs,
  titre = 'Le formulaire n’a pas été enregistré',
}: {
  /** `nom` (or `id`) of the field; without it the line is a sentence. */
  erreurs: readonly { readonly nom?: string | undefined; readonly id?: string | undefined; readonly message: string }[]
  titre?: string | undefined
}): ReactElement | null {
  if (erreurs.length === 0) return null
  return (
    // biome-ignore lint/a11y/noAutofocus: the person must land on what stopped the form, without scripts too
    <div className="resume" role="alert" tabIndex={-1} autoFocus>
      <h2>
        <Icone nom="retard" />
        {titre}
      </h2>
      <ul>
        {erreurs.map(({ nom, id, message }) => (
          <li key={`${nom ?? id ?? ''}${message}`}>
            {nom === undefined && id === undefined ? (
              message
            ) : (
              <a href={`#${idChamp({ nom: nom ?? '', id })}`}>{message}</a>
            )}
          </li>
        ))}
      </ul>
    </div>
  )
}
