import type { ReactElement, ReactNode } from 'react'
import { BOITES, Icone, IconeCercle, IconeJauge, type NomIcone, type RangCercle } from './icone.tsx'
import { classes } from './texte.ts'

/** `reserve` is for confidentiality and doubt, nothing else. */
export type Ton = 'retard' | 'bientot' | 'tenu' | 'info' | 'reserve' | 'neutre'

const ICONES_TON = {
  retard: 'non',
  bientot: 'retard',
  tenu: 'ok',
  info: 'maj',
  reserve: 'doute',
  neutre: null,
} as const satisfies Record<Ton, NomIcone | null>

/** An icon and a word. The tone gives the icon unless another says more; `neutre` has none by itself. */
export function Etiquette({
  ton = 'neutre',
  icone,
  children,
}: {
  ton?: Ton | undefined
  icone?: NomIcone | undefined
  children: ReactNode
}): ReactElement {
  const nom = icone ?? ICONES_TON[ton]
  return (
    <span className={classes('et', ton !== 'neutre' && `et--${ton}`)}>
      {nom && <Icone nom={nom} />}
      {children}
    </span>
  )
}

/** Several labels on one line, that wrap. */
export function Etiquettes({ children }: { children: ReactNode }): ReactElement {
  return <span className="ets">{children}</span>
}

/** What became of a line received, or of a comparison. */
export type Verdict = 'acceptee' | 'inchangee' | 'mise_a_jour' | 'avertissement' | 'a_verifier' | 'rejetee'

/** Tone, icon and words of each verdict: the only place where they are chosen. */
export const verdicts = {
  acceptee: { ton: 'tenu', icone: 'ok', singulier: 'acceptée', pluriel: 'Acceptées' },
  inchangee: { ton: 'neutre', icone: 'egal', singulier: 'inchangée', pluriel: 'Inchangées' },
  mise_a_jour: { ton: 'info', icone: 'maj', singulier: 'mise à jour', pluriel: 'Mises à jour' },
  avertissement: { ton: 'bientot', icone: 'retard', singulier: 'avertissement', pluriel: 'Avertissements' },
  a_verifier: { ton: 'reserve', icone: 'doute', singulier: 'à vérifier', pluriel: 'À vérifier' },
  rejetee: { ton: 'retard', icone: 'non', singulier: 'rejetée', pluriel: 'Rejetées' },
} as const satisfies Record<Verdict, { ton: Ton; icone: NomIcone; singulier: string; pluriel: string }>

/** The label of a verdict, of one line or as the name of a group of lines. */
export function EtiquetteVerdict({
  verdict,
  groupe,
}: {
  verdict: Verdict
  groupe?: boolean | undefined
}): ReactElement {
  const { ton, icone, singulier, pluriel } = verdicts[verdict]
  return (
    <Etiquette ton={ton} icone={icone}>
      {groupe ? pluriel : singulier}
    </Etiquette>
  )
}

/** Where the procedure stands: filled boxes up to this stage, and its name. */
export function EtapeJauge({ rang, libelle }: { rang: number; libelle: string }): ReactElement {
  return (
    <span className="etape">
      <IconeJauge faites={rang} />
      {libelle}
      <span className="sr">
        , étape {rang} sur {BOITES}
      </span>
    </span>
  )
}

/** Who may read: the rank of the circle, drawn and written. */
export function PuceCercle({ rang, libelle }: { rang: RangCercle; libelle: string }): ReactElement {
  return (
    <span className="cercle">
      <IconeCercle rang={rang} />
      <span>
        <span className="sr">Cercle </span>
        {rang}. {libelle}
      </span>
    </span>
  )
}

/** « Qui lira ceci ? »: one circle to choose, each with its readers in numbers. */
export function ChoixCercle({
  nom,
  choisi,
  options,
  legende = 'Qui lira ceci ?',
}: {
  nom: string
  choisi: RangCercle
  options: readonly { readonly rang: RangCercle; readonly libelle: string; readonly lecteurs: string }[]
  legende?: string | undefined
}): ReactElement {
  return (
    <fieldset>
      <legend className="fort">{legende}</legend>
      <div className="cercles mt2">
        {options.map(({ rang, libelle, lecteurs }) => (
          <label key={rang}>
            <input type="radio" name={nom} value={rang} defaultChecked={rang === choisi} />
            <span>
              <b>
                <IconeCercle rang={rang} />
                {rang}. {libelle}
              </b>
              <small>{lecteurs}</small>
            </span>
          </label>
        ))}
      </div>
    </fieldset>
  )
}
