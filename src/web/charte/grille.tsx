import type { ReactElement } from 'react'
import type { Charte, Engagement, Partenaire, StadeRegles } from '#referentiel'
import { formatNombre, pluriel } from '#socle/typography'
import { CadreDefilant } from '../composants/index.ts'
import { TOUTE_L_ASSIGNATION } from './filtre.ts'
import { etapeCourte, etapesDe, nommerEtape } from './libelles.ts'

/** One column of counts. `stades` are added up; the address filters by `cle`. */
interface ColonneGrille {
  readonly cle: string
  readonly titre: string
  /** Read with the number: « Assignation, audience et jugement ». */
  readonly lu: string
  readonly stades: readonly StadeRegles[]
  /** Sum of the three columns before it. */
  readonly somme?: true
}

const SUITES: readonly StadeRegles[] = ['assignation', 'audience', 'jugement']

/** Columns of a document: one per step, and a sum after the three of the summons when the document tells them apart. */
export function colonnesGrille(charte: Pick<Charte, 'stades'>): readonly ColonneGrille[] {
  const etapes = etapesDe(charte)
  const suites = SUITES.filter((stade) => etapes.includes(stade))
  return etapes.flatMap((stade): ColonneGrille[] => {
    const groupe = suites.includes(stade) && suites.length > 1
    const colonne = { cle: stade, titre: etapeCourte(stade), lu: nommerEtape(stade), stades: [stade] }
    const derniere = groupe && stade === suites.at(-1)
    return derniere
      ? [
          colonne,
          {
            cle: TOUTE_L_ASSIGNATION,
            titre: 'Ensemble',
            lu: 'Assignation, audience et jugement',
            stades: suites,
            somme: true,
          },
        ]
      : [colonne]
  })
}

/** Address of the list behind a count. */
type LienCompte = (champs: { readonly partenaire?: string; readonly stade?: string }) => string

function Compte({ nombre, quoi, href }: { nombre: number; quoi: string; href: string }): ReactElement {
  if (nombre === 0) return <span className="zero">0</span>
  return (
    <a href={href} aria-label={`${pluriel(nombre, 'engagement', 'engagements')} : ${quoi}`}>
      {formatNombre(nombre)}
    </a>
  )
}

/**
 * Partners in rows, steps in columns, and how many engagements at each crossing (ENG-11): every count opens the list of what it counts.
 * On a small screen each partner is a list of its steps.
 */
export function Grille({
  charte,
  engagements,
  lien,
}: {
  charte: Pick<Charte, 'partenaires' | 'stades'>
  /** Those that answer the filters of the page. */
  engagements: readonly Engagement[]
  lien: LienCompte
}): ReactElement {
  const colonnes = colonnesGrille(charte)
  const groupe = colonnes.findIndex(({ somme }) => somme)
  const largeur = colonnes[groupe]?.stades.length ?? 0
  const dansLeGroupe = (rang: number) => groupe >= 0 && rang >= groupe - largeur && rang <= groupe
  const compter = ({ stades }: ColonneGrille, parmi: readonly Engagement[]) =>
    parmi.filter(({ stade }) => stades.includes(stade)).length
  const titreLie = ({ titre, cle, lu, somme }: ColonneGrille) => (
    <a href={lien({ stade: cle })} aria-label={`${somme ? titre : 'Étape'} : ${lu}`}>
      {titre}
    </a>
  )
  const deux = groupe >= 0 ? 2 : undefined
  return (
    <div className="cadre">
      <CadreDefilant libelle="Grille des engagements par partenaire et par étape">
        <table className="grille etroit">
          <caption className="sr">Nombre d’engagements par partenaire et par étape</caption>
          <thead>
            <tr>
              <th scope="col" rowSpan={deux}>
                Partenaire
              </th>
              {colonnes.map((colonne, rang) => {
                if (!dansLeGroupe(rang)) {
                  return (
                    <th scope="col" className="num" rowSpan={deux} key={colonne.cle}>
                      {titreLie(colonne)}
                    </th>
                  )
                }
                return rang === groupe - largeur ? (
                  <th scope="colgroup" className="groupe" colSpan={largeur + 1} key={colonne.cle}>
                    <a href={lien({ stade: TOUTE_L_ASSIGNATION })} aria-label="Étape : de l’assignation au jugement">
                      De l’assignation au jugement
                    </a>
                  </th>
                ) : null
              })}
              <th scope="col" className="num" rowSpan={deux}>
                Total
              </th>
            </tr>
            {groupe >= 0 && (
              <tr>
                {colonnes.map((colonne, rang) =>
                  dansLeGroupe(rang) ? (
                    <th
                      scope="col"
                      className={`num${rang === groupe - largeur ? ' debut' : ''}${colonne.somme ? ' fin' : ''}`}
                      key={colonne.cle}
                    >
                      {titreLie(colonne)}
                    </th>
                  ) : null,
                )}
              </tr>
            )}
          </thead>
          <tbody>
            {charte.partenaires.map((partenaire) => (
              <LigneGrille
                key={partenaire.id}
                partenaire={partenaire}
                colonnes={colonnes}
                debut={groupe - largeur}
                siens={engagements.filter((engagement) => engagement.partenaire === partenaire.id)}
                compter={compter}
                lien={lien}
              />
            ))}
          </tbody>
          <tfoot>
            <tr>
              <th scope="row">Ensemble</th>
              {colonnes.map((colonne, rang) => {
                const nombre = compter(colonne, engagements)
                return (
                  <td
                    className={classeCellule(colonne, nombre, groupe - largeur === rang && groupe >= 0)}
                    data-t={colonne.titre}
                    key={colonne.cle}
                  >
                    <Compte nombre={nombre} quoi={colonne.lu} href={lien({ stade: colonne.cle })} />
                  </td>
                )
              })}
              <td className="num total" data-t="Total">
                <Compte nombre={engagements.length} quoi="tous les partenaires, toutes les étapes" href={lien({})} />
              </td>
            </tr>
          </tfoot>
        </table>
      </CadreDefilant>
    </div>
  )
}

const classeCellule = ({ somme }: ColonneGrille, nombre: number, debut: boolean): string =>
  ['num', somme && 'fin', debut && 'debut', nombre === 0 && 'nul'].filter(Boolean).join(' ')

function LigneGrille({
  partenaire,
  colonnes,
  debut,
  siens,
  compter,
  lien,
}: {
  partenaire: Partenaire
  colonnes: readonly ColonneGrille[]
  debut: number
  siens: readonly Engagement[]
  compter: (colonne: ColonneGrille, parmi: readonly Engagement[]) => number
  lien: LienCompte
}): ReactElement {
  return (
    <tr>
      <th scope="row" className="principal">
        <a href={lien({ partenaire: partenaire.id })}>{partenaire.nom}</a>
      </th>
      {colonnes.map((colonne, rang) => {
        const nombre = compter(colonne, siens)
        return (
          <td className={classeCellule(colonne, nombre, rang === debut)} data-t={colonne.titre} key={colonne.cle}>
            <Compte
              nombre={nombre}
              quoi={`${partenaire.court}, ${colonne.lu}`}
              href={lien({ partenaire: partenaire.id, stade: colonne.cle })}
            />
          </td>
        )
      })}
      <td className={siens.length === 0 ? 'num total nul' : 'num total'} data-t="Total">
        <Compte
          nombre={siens.length}
          quoi={`${partenaire.court}, toutes les étapes`}
          href={lien({ partenaire: partenaire.id })}
        />
      </td>
    </tr>
  )
}
