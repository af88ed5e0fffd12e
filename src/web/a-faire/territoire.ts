import type { Acteur, Session } from '#acces'
import { libelleTerritoire } from '#referentiel'
import type { OptionChoix } from '../composants/index.ts'

/** Which territories the page looks at. */
export interface Lieux {
  /** Value of the filter in the address. */
  readonly cle: string
  /** Ids to keep; absent: the whole perimeter. */
  readonly territoires: readonly string[] | undefined
  readonly libelle: string
}

const TOUS = 'tous'
const MIENS = 'miens'

/** What may be chosen, and what is: a secretariat starts with its own territories, others with their whole perimeter. */
export function choisirLieux(
  session: Pick<Session, 'referentiel' | 'dept'>,
  acteur: Pick<Acteur, 'role' | 'territoires'>,
  demande: string | undefined,
): { lieux: Lieux; options: readonly OptionChoix[] } {
  const territoires = session.referentiel.departements.get(session.dept)?.territoires
  const nommer = (id: string) => (territoires ? libelleTerritoire(territoires, id) : id)
  const siens = acteur.role === 'secretariat' ? (acteur.territoires ?? []) : []
  const tous: Lieux = { cle: TOUS, territoires: undefined, libelle: 'Tout le département' }
  const choix: readonly Lieux[] = [
    ...(siens.length > 1
      ? [{ cle: MIENS, territoires: siens, libelle: `Mes territoires : ${siens.map(nommer).join(', ')}` }]
      : []),
    tous,
    ...(territoires?.territoires ?? []).map(({ id }) => ({ cle: id, territoires: [id], libelle: nommer(id) })),
  ]
  const [seul] = siens
  const defaut = siens.length > 1 ? MIENS : (seul ?? TOUS)
  const lieux = choix.find(({ cle }) => cle === demande) ?? choix.find(({ cle }) => cle === defaut) ?? tous
  return { lieux, options: choix.map(({ cle, libelle }) => ({ valeur: cle, libelle })) }
}
