import type { Session } from '#acces'
import { anneeDe, petitEffectifAu } from '#commission'
import { issuesDeProposition } from '#repartition'

/** Offers to meet of an organisme in a year, by step of the procedure. A number that is not shown is null. */
export interface MisesADisposition {
  readonly organisme: string
  readonly organisme_nom: string
  readonly stade: string
  /** Letters produced by Amont. */
  readonly courriers: number | null
  /** Letters the service sent itself, noted among its contacts. */
  readonly contacts: number | null
}

/**
 * Offers to meet sent to households in a year, by organisme and step (charter of 71, § 4.1; REP-20). A letter sent again after it came back counts once. `diffusion`: as
 * it may be published, nothing below the small number of the data. No total is given, so that none gives back what is not shown.
 */
export async function compterMisesADisposition(
  session: Session,
  annee: number,
  diffusion: boolean,
): Promise<readonly MisesADisposition[]> {
  const { sql, dept, referentiel, jour } = session
  const modeles = [...referentiel.courriers.values()].flatMap(({ code, mise_a_disposition }) =>
    mise_a_disposition ? [code] : [],
  )
  const { du, au } = anneeDe(annee)
  const lignes = await sql<MisesADisposition>`
    select x.organisme, o.nom as organisme_nom, x.stade, x.courriers, x.contacts
    from public.mises_a_disposition(${du}, ${au}, ${modeles}::text[], ${issuesDeProposition(session)}::text[]) x join organisme o on o.dept = ${dept} and o.id = x.organisme
    order by o.nom collate "fr-x-icu", x.stade`
  if (!diffusion) return lignes
  const { seuil } = petitEffectifAu(referentiel.racine, jour)
  const montrer = (n: number | null) => (n !== null && n > 0 && n < seuil ? null : n)
  return lignes.map((ligne) => ({
    ...ligne,
    courriers: montrer(ligne.courriers),
    contacts: montrer(ligne.contacts),
  }))
}
