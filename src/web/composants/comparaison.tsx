import { Fragment, type ReactElement, type ReactNode } from 'react'
import { formatNombre } from '#socle/typography'
import { Bouton } from './bouton.tsx'
import { CadreDefilant } from './cadre.tsx'
import { comparerTextes, type Morceau } from './differences.ts'
import { Etiquette, type Ton } from './etiquette.tsx'
import type { NomIcone } from './icone.tsx'

export type Accord = 'identique' | 'proche' | 'different' | 'absent'

const ACCORDS = {
  identique: { ton: 'tenu', icone: 'egal', mot: 'Identique' },
  proche: { ton: 'bientot', icone: 'doute', mot: 'Proche' },
  different: { ton: 'retard', icone: 'non', mot: 'Différent' },
  absent: { ton: 'neutre', icone: 'info', mot: 'Absent' },
} as const satisfies Record<Accord, { ton: Ton; icone: NomIcone; mot: string }>

/** One field of the two records, how they agree and what it weighs: positive for the same household, negative against. */
export interface ChampCompare {
  readonly libelle: string
  /** `null` when the record does not say. */
  readonly gauche: string | null
  readonly droite: string | null
  readonly accord: Accord
  readonly poids: number
  readonly note?: string | undefined
}

interface CoteCompare {
  readonly titre: string
  readonly note?: ReactNode
  readonly href?: string | undefined
}

const MOITIE = 44

const signer = (poids: number): string => (poids === 0 ? '0' : `${poids > 0 ? '+' : ''}${formatNombre(poids, 1)}`)

function Poids({ poids, echelle }: { poids: number; echelle: number }): ReactElement {
  const largeur = Math.min(MOITIE, (Math.abs(poids) / echelle) * MOITIE)
  return (
    <svg className="poids" viewBox="0 0 88 10" aria-hidden="true">
      <rect
        className={poids < 0 ? 'm' : 'p'}
        x={(poids < 0 ? MOITIE - largeur : MOITIE).toFixed(1)}
        y="1"
        width={largeur.toFixed(1)}
        height="8"
        rx="1"
      />
      <path className="a" d="M44 0v10" />
    </svg>
  )
}

function Valeur({ morceaux }: { morceaux: readonly Morceau[] }): ReactElement {
  return (
    <span translate="no">
      {morceaux.map(({ texte, differe }, rang) =>
        // Pieces have no identity but their place.
        // biome-ignore lint/suspicious/noArrayIndexKey: rendered once, on the server
        differe ? <mark key={rang}>{texte}</mark> : <Fragment key={rang}>{texte}</Fragment>,
      )}
    </span>
  )
}

function lireMorceaux(champ: ChampCompare): [readonly Morceau[] | null, readonly Morceau[] | null] {
  const { gauche, droite } = champ
  const seul = (texte: string | null): Morceau[] | null => (texte === null ? null : [{ texte, differe: false }])
  if (gauche === null || droite === null || champ.accord === 'identique') return [seul(gauche), seul(droite)]
  return comparerTextes(gauche, droite)
}

/** Two records field by field: what is the same, what differs (underlined), what each field weighs, and the total with its formula. */
export function Comparaison({
  legende,
  gauche,
  droite,
  champs,
  total,
  absence = 'non fourni',
}: {
  legende: string
  gauche: CoteCompare
  droite: CoteCompare
  champs: readonly ChampCompare[]
  total: { readonly formule: string; readonly resultat: string }
  absence?: string | undefined
}): ReactElement {
  const echelle = Math.max(1, ...champs.map(({ poids }) => Math.abs(poids)))
  const cote = ({ titre, note, href }: CoteCompare) => (
    <th scope="col">
      {href === undefined ? titre : <a href={href}>{titre}</a>}
      {note !== undefined && <small>{note}</small>}
    </th>
  )
  const valeur = (morceaux: readonly Morceau[] | null) =>
    morceaux === null ? <span className="absent">{absence}</span> : <Valeur morceaux={morceaux} />
  return (
    <div className="cadre">
      <CadreDefilant libelle={legende}>
        <table className="rapp">
          <caption className="sr">{legende}</caption>
          <thead>
            <tr>
              <th scope="col">Champ</th>
              {cote(gauche)}
              {cote(droite)}
              <th scope="col">
                Ce que cela pèse
                <small>vers la gauche : contre. Vers la droite : pour.</small>
              </th>
            </tr>
          </thead>
          <tbody>
            {champs.map((champ) => {
              const [a, b] = lireMorceaux(champ)
              const { ton, icone, mot } = ACCORDS[champ.accord]
              return (
                <tr key={champ.libelle}>
                  <th scope="row">{champ.libelle}</th>
                  <td data-t={gauche.titre}>{valeur(a)}</td>
                  <td data-t={droite.titre}>{valeur(b)}</td>
                  <td className="accord">
                    <div className="pesee">
                      <Etiquette ton={ton} icone={icone}>
                        {mot}
                      </Etiquette>
                      <Poids poids={champ.poids} echelle={echelle} />
                      <span className="num">{signer(champ.poids)}</span>
                      <span className="note">{champ.note}</span>
                    </div>
                  </td>
                </tr>
              )
            })}
          </tbody>
          <tfoot>
            <tr>
              <th scope="row" colSpan={3}>
                {total.formule}
              </th>
              <td className="accord">{total.resultat}</td>
            </tr>
          </tfoot>
        </table>
      </CadreDefilant>
    </div>
  )
}

/**
 * Two versions of one thing, row by row: what the person typed and what is recorded now. What differs is underlined. `null` when a version says nothing.
 */
export function DeuxVersions({
  legende,
  gauche,
  droite,
  champs,
}: {
  legende: string
  gauche: CoteCompare
  droite: CoteCompare
  champs: readonly {
    readonly cle: string
    readonly libelle: string
    readonly gauche: string | null
    readonly droite: string | null
    /** Under the value on the right: who, when. */
    readonly note?: ReactNode
  }[]
}): ReactElement {
  const cote = ({ titre, note }: CoteCompare) => (
    <th scope="col">
      {titre}
      {note !== undefined && <small>{note}</small>}
    </th>
  )
  const valeur = (morceaux: readonly Morceau[] | null) =>
    morceaux === null ? <span className="absent">rien</span> : <Valeur morceaux={morceaux} />
  return (
    <div className="cadre">
      <CadreDefilant libelle={legende}>
        <table className="rapp rapp--deux">
          <caption className="sr">{legende}</caption>
          <thead>
            <tr>
              <td />
              {cote(gauche)}
              {cote(droite)}
            </tr>
          </thead>
          <tbody>
            {champs.map(({ cle, libelle, note, ...versions }) => {
              const [a, b] = lireMorceaux({ ...versions, libelle, accord: 'different', poids: 0 })
              return (
                <tr key={cle}>
                  <th scope="row">{libelle}</th>
                  <td data-t={gauche.titre}>{valeur(a)}</td>
                  <td data-t={droite.titre}>
                    {valeur(b)}
                    {note !== undefined && <small>{note}</small>}
                  </td>
                </tr>
              )
            })}
          </tbody>
        </table>
      </CadreDefilant>
    </div>
  )
}

/** A score between 0 and 1 on its scale, with the two thresholds that decide. Words below the bar; the sentence says the rule. */
export function JaugeScore({
  titre,
  score,
  bas,
  haut,
  regle,
  niveau = 2,
  mots = { bas: 'autre', milieu: 'à vous de dire', haut: 'certain' },
}: {
  /** Written before the figure: « Ressemblance ». */
  titre: string
  score: number
  bas: number
  haut: number
  regle: string
  niveau?: 2 | 3 | undefined
  mots?: { readonly bas: string; readonly milieu: string; readonly haut: string } | undefined
}): ReactElement {
  const x = (part: number) => Math.round(part * 260 * 10) / 10
  const ecrit = formatNombre(score, 2)
  const enTete = `${titre} : ${ecrit}`
  return (
    <div className="score">
      {niveau === 2 ? <h2>{enTete}</h2> : <h3>{enTete}</h3>}
      <svg
        viewBox="0 0 260 34"
        role="img"
        aria-label={`${ecrit} sur une échelle de 0 à 1. Sous ${formatNombre(bas, 2)} : ${mots.bas}. À partir de ${formatNombre(haut, 2)} : ${mots.haut}.`}
      >
        <rect className="bas" x="0" y="4" width={x(bas)} height="8" />
        <rect className="milieu" x={x(bas) + 1} y="4" width={Math.max(0, x(haut) - x(bas) - 1)} height="8" />
        <rect className="haut" x={x(haut)} y="4" width={Math.max(0, 260 - x(haut))} height="8" />
        <path className="ici" d={`M${Math.min(258, Math.max(2, x(score)))} 0v16`} />
        <text x="0" y="29">
          {mots.bas}
        </text>
        <text x={Math.min(150, x(bas) + 8)} y="29">
          {mots.milieu}
        </text>
        <text x="260" y="29" textAnchor="end">
          {mots.haut}
        </text>
      </svg>
      <p className="note">{regle}</p>
    </div>
  )
}

/** A few answers as large buttons of the form around, each with what it will do and the key that gives it. */
export function Decision({
  legende,
  nom,
  reponses,
}: {
  /** Heading read before the buttons. */
  legende: string
  nom: string
  reponses: readonly {
    readonly valeur: string
    readonly libelle: string
    readonly effet: string
    readonly touche?: string | undefined
    readonly principal?: boolean | undefined
  }[]
}): ReactElement {
  return (
    <>
      <h2 className="sr">{legende}</h2>
      <div className="decision">
        {reponses.map(({ valeur, libelle, effet, touche, principal }) => (
          <Bouton key={valeur} nom={nom} valeur={valeur} genre={principal ? 'principal' : 'secondaire'} touche={touche}>
            {touche ? <kbd className="touche">{touche.toUpperCase()}</kbd> : <span />}
            <span>{libelle}</span>
            <small>{effet}</small>
          </Bouton>
        ))}
      </div>
    </>
  )
}

/** Turns the one-letter keys off and on again (WCAG 2.1.4). Appears only where scripts run. */
export function BasculeRaccourcis(): ReactElement {
  return (
    <button
      className="b b-3 b-s avec-js"
      type="button"
      data-raccourcis=""
      data-desactiver="Désactiver les raccourcis clavier"
      data-activer="Activer les raccourcis clavier"
    >
      Désactiver les raccourcis clavier
    </button>
  )
}
