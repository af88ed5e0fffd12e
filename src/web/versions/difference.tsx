import type { ReactElement } from 'react'
import type { Aspect, Changement, Nuance } from '#charte'
import { CLES_PARAMETRES, type CleParametre, type DepartementCharge, parametre } from '#referentiel'
import { pluriel } from '#socle/typography'
import { EtatVide, Etiquette } from '../composants/index.ts'
import { ecrireCondition, type LireParametre } from '../regles/phrase.ts'
import { EnPhrases, ecrireReglage } from '../regles/regles.tsx'
import { absences, aspects, objets, sensDe } from './libelles.ts'

/** Values of settings on a day, in French, for the conditions that read them. */
export function lireurAu(departement: DepartementCharge, jour: Temporal.PlainDate): LireParametre {
  return (cle) => {
    if (!(CLES_PARAMETRES as readonly string[]).includes(cle)) return null
    const reponse = parametre(departement, cle as CleParametre, jour)
    return reponse.etat === 'valeur' ? ecrireReglage(cle as CleParametre, reponse.valeur) : null
  }
}

function Valeur({ aspect, texte, lire }: { aspect: Aspect; texte: string | null; lire: LireParametre }): ReactElement {
  if (texte === null) return <i>{absences[aspect] ?? 'rien'}</i>
  if (aspect !== 'condition' && aspect !== 'champ') return <>{texte}</>
  return (
    <>
      <EnPhrases phrase={ecrireCondition(texte, lire)} />
      <code className="condition">{texte}</code>
    </>
  )
}

function LigneEcart({ nuance, lire, un }: { nuance: Nuance; lire: LireParametre; un: boolean }): ReactElement {
  const { aspect, avant, apres } = nuance
  return (
    <tr>
      <th scope="row">{aspects[aspect]}</th>
      {un ? (
        <td colSpan={2}>
          <div>
            <Valeur aspect={aspect} texte={apres ?? avant} lire={lire} />
          </div>
        </td>
      ) : (
        <>
          <td>
            <span className="cote">Avant</span>
            <div>
              <Valeur aspect={aspect} texte={avant} lire={lire} />
            </div>
          </td>
          <td className="apres">
            <span className="cote">Après</span>
            <div>
              <Valeur aspect={aspect} texte={apres} lire={lire} />
            </div>
          </td>
        </>
      )}
    </tr>
  )
}

function Ecart({ changement, lire }: { changement: Changement; lire: LireParametre }): ReactElement {
  const { sens, objet, libelle, lieu, nuances, id } = changement
  const { ton, icone, mot } = sensDe[sens]
  const un = sens !== 'change'
  return (
    <li className="ecart">
      <div className="ecart-t">
        <Etiquette ton={ton} icone={icone}>
          {mot}
        </Etiquette>
        <p>
          <span className="note">
            {objets[objet]}
            {lieu !== null && `, ${lieu}`}
          </span>
          <b>{objet === 'parametre' ? `${libelle.charAt(0).toUpperCase()}${libelle.slice(1)}` : libelle}</b>
        </p>
      </div>
      <table>
        <caption className="sr">
          {objets[objet]} {mot} : {libelle} ({id})
        </caption>
        <thead className="sr">
          <tr>
            <th scope="col">Ce qui diffère</th>
            {un ? (
              <th scope="col" colSpan={2}>
                Contenu
              </th>
            ) : (
              <>
                <th scope="col">Avant</th>
                <th scope="col">Après</th>
              </>
            )}
          </tr>
        </thead>
        <tbody>
          {nuances.map((nuance) => (
            <LigneEcart key={nuance.aspect} nuance={nuance} lire={lire} un={un} />
          ))}
        </tbody>
      </table>
    </li>
  )
}

const MOTS = {
  ajoute: ['ajout', 'ajouts'],
  retire: ['retrait', 'retraits'],
  change: ['changement', 'changements'],
} as const

/** How many of each, in a few words. */
export function compterEcarts(changements: readonly Changement[]): string {
  if (changements.length === 0) return 'aucune différence'
  return (['change', 'ajoute', 'retire'] as const)
    .flatMap((sens) => {
      const nombre = changements.filter((un) => un.sens === sens).length
      return nombre === 0 ? [] : [pluriel(nombre, MOTS[sens][0], MOTS[sens][1])]
    })
    .join(', ')
}

/** The difference in words, rule by rule. */
export function Difference({
  changements,
  lire,
}: {
  changements: readonly Changement[]
  lire: LireParametre
}): ReactElement {
  if (changements.length === 0) {
    return (
      <EtatVide titre="Aucune différence" niveau={3}>
        Ce texte dit la même chose que la version qui le précède.
      </EtatVide>
    )
  }
  return (
    <ul className="ecarts">
      {changements.map((changement) => (
        <Ecart key={`${changement.objet} ${changement.id}`} changement={changement} lire={lire} />
      ))}
    </ul>
  )
}
