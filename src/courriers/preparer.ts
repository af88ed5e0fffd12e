import type { Session } from '#acces'
import { evaluerDeclencheur, type Faits, type ModeleCourrier } from '#referentiel'
import { sql } from '#socle/db'
import { colonnesCourrier, ecrireAdresse, nommerDestinataire, type SourceCourrier } from './faits.ts'

type Candidat = SourceCourrier & {
  readonly dossier: string
  readonly organisme_sec: string
  readonly faits: Faits
  readonly bailleur: string
}

async function proposer(session: Session, modele: ModeleCourrier): Promise<number> {
  const { dept, jour } = session
  const departement = session.referentiel.departements.get(dept)
  if (!departement) return 0
  const { etape, dans_les_jours } = modele.declencheur
  const candidats = await session.sql<Candidat>`
    select d.id as dossier, s.id as organisme_sec, d.faits, d.bailleur, d.stade, d.stade_le, ${colonnesCourrier(dept)}
    from dossier d
    join lateral (
      select o.id from organisme o
      where o.dept = ${dept} and o.type = 'secretariat' and o.actif and d.territoire = any (o.territoires)
      order by o.code limit 1
    ) s on true
    where d.dept = ${dept} and d.clos_le is null and d.stade = ${etape} and d.stade_le >= ${jour.subtract({ days: dans_les_jours })} and d.stade_le <= ${jour}
      and not exists (
        select 1 from courrier c where c.dept = ${dept} and c.dossier = d.id and c.modele = ${modele.code} and c.stade_le = d.stade_le and c.renvoie is null
      )`
  const lignes = candidats.flatMap((candidat) => {
    const { verite, manquants } = evaluerDeclencheur(modele, departement, candidat.faits, jour)
    if (verite === 'fausse') return []
    const menage = modele.destinataire === 'menage'
    return [
      {
        dossier: candidat.dossier,
        organisme: candidat.organisme_sec,
        stade: candidat.stade,
        stade_le: candidat.stade_le.toString(),
        nom: menage ? nommerDestinataire(candidat) : candidat.bailleur,
        // The address of a landlord is in no signalement: a person writes it.
        adresse: menage ? ecrireAdresse(candidat) : [],
        a_verifier: manquants,
      },
    ]
  })
  if (lignes.length === 0) return 0
  const ecrites = await session.sql`
    insert into courrier (dept, dossier, organisme, modele, stade, stade_le, nom, adresse, a_verifier, propose_a)
    select ${dept}, x.dossier, x.organisme, ${modele.code}, x.stade, x.stade_le, x.nom,
      array(select json_array_elements_text(x.adresse)), array(select json_array_elements_text(x.a_verifier)), ${session.maintenant}
    from ${sql`json_to_recordset(${JSON.stringify(lignes)}::json)`}
      as x(dossier uuid, organisme uuid, stade text, stade_le date, nom text, adresse json, a_verifier json)
    on conflict do nothing returning id`
  return ecrites.length
}

/**
 * Proposes the letters whose trigger has occurred: one of a kind for one stage of a dossier, for the secretariat of its territory. Nothing leaves without a
 * person. Idempotent. Returns how many were added.
 */
export async function proposerCourriers(session: Session): Promise<number> {
  let total = 0
  for (const modele of session.referentiel.courriers.values()) total += await proposer(session, modele)
  if (total > 0) session.consigner({ action: 'courriers.proposer', details: { courriers: total } })
  return total
}
