import type { Session } from '#acces'
import { evaluerDeclencheur, type Faits, type ModeleCourrier } from '#referentiel'
import { sql } from '#socle/db'
import { colonnesCourrier, ecrireAdresse, nommerDestinataire, type SourceCourrier, trouverExpediteur } from './faits.ts'

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
      where o.dept = ${dept} and o.type = 'secretariat' and o.actif and (o.territoires is null or d.territoire = any (o.territoires))
      order by o.territoires is null, o.code limit 1
    ) s on true
    where d.dept = ${dept} and d.clos_le is null and d.stade = ${etape} and d.stade_le >= ${jour.subtract({ days: dans_les_jours })} and d.stade_le <= ${jour}
      and not exists (
        select 1 from courrier c where c.dept = ${dept} and c.dossier = d.id and c.modele = ${modele.code} and c.stade = d.stade and c.renvoie is null
          and (c.stade_le = d.stade_le or c.propose_a >= ${session.maintenant.subtract({ hours: 24 * dans_les_jours })})
      )`
  const lignes = candidats.flatMap((candidat) => {
    const { verite, manquants } = evaluerDeclencheur(modele, departement, candidat.faits, jour)
    if (verite === 'fausse' || trouverExpediteur(session, candidat.territoire) === null) return []
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

/** Proposals that no longer stand: the dossier closed, moved on, or its step is older than the letter admits. A date corrected follows the dossier. */
async function ecarterPerimes(session: Session, { code, declencheur }: ModeleCourrier): Promise<number> {
  const { dept, jour } = session
  const perimes = await session.sql`
    update courrier c set etat = 'ecarte', version = c.version + 1, motif = case
        when d.clos_le is not null then 'Dossier clos.'
        when d.stade <> c.stade then 'Le dossier a changé d’étape.'
        else 'L’étape est trop ancienne pour ce courrier.' end
    from dossier d where c.dept = ${dept} and c.modele = ${code} and c.etat = 'propose' and c.renvoie is null and d.dept = ${dept} and d.id = c.dossier
      and (d.clos_le is not null or d.stade <> c.stade or d.stade_le < ${jour.subtract({ days: declencheur.dans_les_jours })}) returning c.id`
  await session.sql`
    update courrier c set stade_le = d.stade_le, version = c.version + 1
    from dossier d where c.dept = ${dept} and c.modele = ${code} and c.etat = 'propose' and c.renvoie is null and d.dept = ${dept} and d.id = c.dossier
      and d.stade_le <> c.stade_le
      and not exists (select 1 from courrier x where x.dept = ${dept} and x.dossier = c.dossier and x.modele = c.modele and x.stade_le = d.stade_le and x.renvoie is null)`
  return perimes.length
}

/**
 * Proposes the letters whose trigger has occurred: one of a kind for one stage of a dossier, for the secretariat of its territory. Nothing leaves without a
 * person; a proposal that no longer stands is left out, with its reason. Idempotent. Returns how many were added.
 */
export async function proposerCourriers(session: Session): Promise<number> {
  let total = 0
  let perimes = 0
  for (const modele of session.referentiel.courriers.values()) {
    perimes += await ecarterPerimes(session, modele)
    total += await proposer(session, modele)
  }
  if (total + perimes > 0) session.consigner({ action: 'courriers.proposer', details: { courriers: total, perimes } })
  return total
}
