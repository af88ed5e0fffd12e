import type { Role } from './droits.ts'
import { type Acces, accesDe, cerclesDe, territoiresOuverts } from './matrice.ts'
import type { Session } from './session.ts'

/** Somebody who would read, today, with the habilitation a sign-in would give. */
export interface Lecteur {
  readonly compte: string
  readonly nom: string
  readonly organisme: string
  readonly organismeNom: string
  readonly organismeType: string
  readonly role: Role
  readonly acces: Acces
  readonly territoires: readonly string[] | null
}

const perimetreDe = ({ acces, organisme, territoires }: Lecteur) =>
  JSON.stringify({
    portee: acces.portee,
    organisme,
    territoires: (territoiresOuverts(acces, territoires) ?? []).join(','),
  })

/**
 * Everybody who may open a circle of writings and sees this dossier today, by organisme and name. The policy of `dossier` itself is asked, under the perimeter of
 * each: who is announced is who reads. An exceptional access of one person (`acces_exceptionnel`) is not announced: nobody knows it beforehand.
 */
export async function listerLecteurs(session: Session, dossier: string): Promise<Lecteur[]> {
  const { dept, jour } = session
  const habilites = await session.sql<Omit<Lecteur, 'acces'>>`
    select c.id as compte, c.prenom || ' ' || c.nom as nom, h.organisme, o.nom as "organismeNom", o.type as "organismeType", h.role,
      coalesce(h.territoires, o.territoires) as territoires
    from compte c
    cross join lateral (select h.organisme, h.role, h.territoires from habilitation h join organisme a on a.dept = ${dept} and a.id = h.organisme and a.actif
      where h.dept = ${dept} and h.compte = c.id and h.retiree_a is null and h.du <= ${jour} and (h.jusqu_au is null or h.jusqu_au >= ${jour})
      order by h.du desc, h.id limit 1) h
    join organisme o on o.dept = ${dept} and o.id = h.organisme
    where c.dept = ${dept} and c.ferme_a is null
    order by o.nom collate "fr-x-icu", c.nom collate "fr-x-icu", c.prenom collate "fr-x-icu", c.id`
  const candidats = habilites
    .map((un): Lecteur => ({ ...un, acces: accesDe(session.referentiel.matrice, un.organismeType, un.role) }))
    .filter(({ acces }) => cerclesDe(acces).length > 0)
  const perimetres = [...new Set(candidats.map(perimetreDe))]
  if (perimetres.length === 0) return []
  const [reponse] = await session.sql<{ vus: boolean[] }>`
    select public.voient_dossier(${dossier}::uuid, ${`[${perimetres.join(',')}]`}::jsonb) as vus`
  const voient = new Set(perimetres.filter((_, rang) => reponse?.vus[rang]))
  return candidats.filter((lecteur) => voient.has(perimetreDe(lecteur)))
}
