import type { Session } from '#acces'
import { faitsConnaissables } from '#dossiers'
import {
  type EvenementCourrier,
  EXPEDITEURS_COURRIER,
  evaluerDeclencheur,
  type Faits,
  type ModeleCourrier,
  seProposeUneFois,
} from '#referentiel'
import { type Fragment, sql } from '#socle/db'
import { Introuvable, refus } from '#socle/errors'
import { relancerLot } from './courriers.ts'
import { accesDuType, expediteurDe, modelesDe } from './expediteurs.ts'
import {
  colonnesCourrier,
  ecrireAdresse,
  garderPrecisions,
  lireFaits,
  nommerDestinataire,
  type Precisions,
  type SourceCourrier,
} from './faits.ts'

type Candidat = SourceCourrier & {
  readonly dossier: string
  readonly envoyeur: string
  readonly envoyeur_nom: string
  readonly envoyeur_type: string
  readonly faits: Faits
  readonly bailleur: string
}

/** The organisme that would send a letter of this kind for the dossier `d`, as `o`: of its place, its landlord, or engaged on it today. */
function envoyeurDuDossier({ dept, jour }: Session, { expediteur, declencheur }: ModeleCourrier): Fragment {
  const { types } = EXPEDITEURS_COURRIER[expediteur]
  const sien = {
    secretariat: sql`(o.territoires is null or d.territoire = any (o.territoires))`,
    etat: sql`(o.territoires is null or d.territoire = any (o.territoires))`,
    // A social landlord by the list of its tenants; an agency, which has none, by the name on the lease.
    bailleur_social: sql`(exists (select 1 from locataire l where l.dept = ${dept} and l.dossier = d.id and l.organisme = o.id)
      or (o.type = 'ais_aivs' and lower(d.bailleur) = lower(o.nom)))`,
  }
  const engage =
    'en_charge' in declencheur && declencheur.en_charge
      ? sql`(o.id = d.organisme and d.etat_service = 'prise')`
      : sql`(o.id = any (d.organismes_habilites) or exists (select 1 from participation p where p.dept = ${dept} and p.dossier = d.id
          and p.organisme = o.id and p.retiree_a is null and p.du <= ${jour} and (p.jusqu_au is null or p.jusqu_au >= ${jour})
          and (p.accord is null or coalesce((select a.sens = 'accord' and (a.jusqu_au is null or a.jusqu_au >= ${jour}) from accord a
            where a.dept = ${dept} and a.dossier = d.id and a.objet = p.accord and (a.organisme is null or a.organisme = p.organisme)
            order by a.rang desc limit 1), false))))`
  return sql`
    select o.id, o.nom, o.type from organisme o
    where o.dept = ${dept} and o.actif and o.type = any (${[...types]}::text[]) and ${Object.hasOwn(sien, expediteur) ? sien[expediteur as keyof typeof sien] : engage}
    order by o.id is not distinct from d.organisme desc, o.territoires is null, o.code limit 1`
}

/** Name and address of the recipient. The address of a landlord is in no signalement: a person writes it; a message has none. */
function destinataireDe(
  { destinataire, forme }: ModeleCourrier,
  source: SourceCourrier & { readonly bailleur: string },
): { readonly nom: string; readonly adresse: readonly string[] } {
  if (destinataire === 'bailleur') return { nom: source.bailleur, adresse: [] }
  return { nom: nommerDestinataire(source), adresse: forme === 'message' ? [] : ecrireAdresse(source) }
}

async function proposer(session: Session, modele: ModeleCourrier): Promise<number> {
  const { dept, jour } = session
  const departement = session.referentiel.departements.get(dept)
  const { declencheur } = modele
  if (!departement || !('dans_les_jours' in declencheur)) return 0
  const { etapes, dans_les_jours } = declencheur
  const candidats = await session.sql<Candidat>`
    select d.id as dossier, s.id as envoyeur, s.nom as envoyeur_nom, s.type as envoyeur_type, d.faits, d.bailleur, d.stade, d.stade_le, ${colonnesCourrier(dept)}
    from dossier d
    join lateral (${envoyeurDuDossier(session, modele)}) s on true
    where d.dept = ${dept} and d.clos_le is null and d.stade = any (${etapes}::text[]) and d.stade_le >= ${jour.subtract({ days: dans_les_jours })} and d.stade_le <= ${jour}
      and not exists (
        select 1 from courrier c where c.dept = ${dept} and c.dossier = d.id and c.modele = ${modele.code} and c.stade = d.stade and c.renvoie is null
          and (c.stade_le = d.stade_le or c.propose_a >= ${session.maintenant.subtract({ hours: 24 * dans_les_jours })})
      )`
  const lignes = candidats.flatMap((candidat) => {
    const acces = accesDuType(session, candidat.envoyeur_type)
    if (!acces) return []
    // What the sender may not know is unknown to the trigger: it never tells that it is so.
    const { verite, manquants } = evaluerDeclencheur(
      modele,
      departement,
      faitsConnaissables(acces, candidat.faits),
      jour,
    )
    if (verite === 'fausse') return []
    const envoyeur = { nom: candidat.envoyeur_nom, telephone: null, acces }
    return [
      {
        dossier: candidat.dossier,
        organisme: candidat.envoyeur,
        stade: candidat.stade,
        stade_le: candidat.stade_le.toString(),
        ...destinataireDe(modele, candidat),
        a_verifier: manquants,
        cite: acces.portee === 'depot' ? lireFaits(session, candidat, envoyeur, {}) : null,
      },
    ]
  })
  if (lignes.length === 0) return 0
  const ecrites = await session.sql`
    insert into courrier (dept, dossier, organisme, modele, stade, stade_le, nom, adresse, a_verifier, cite, propose_a)
    select ${dept}, x.dossier, x.organisme, ${modele.code}, x.stade, x.stade_le, x.nom,
      array(select json_array_elements_text(x.adresse)), array(select json_array_elements_text(x.a_verifier)), x.cite, ${session.maintenant}
    from ${sql`json_to_recordset(${JSON.stringify(lignes)}::json)`}
      as x(dossier uuid, organisme uuid, stade text, stade_le date, nom text, adresse json, a_verifier json, cite jsonb)
    on conflict do nothing returning id`
  return ecrites.length
}

/**
 * Proposals that no longer stand: the dossier closed, moved on, or its step is older than the letter admits. A date corrected follows the dossier. What a person asked
 * for waits for that person.
 */
async function ecarterPerimes(session: Session, { code, declencheur }: ModeleCourrier): Promise<number> {
  const { dept, jour } = session
  if (!('dans_les_jours' in declencheur)) return 0
  const perimes = await session.sql`
    update courrier c set etat = 'ecarte', version = c.version + 1, motif = case
        when d.clos_le is not null then 'Dossier clos.'
        when d.stade <> c.stade then 'Le dossier a changé d’étape.'
        else 'L’étape est trop ancienne pour ce courrier.' end
    from dossier d where c.dept = ${dept} and c.modele = ${code} and c.etat = 'propose' and c.renvoie is null and c.demande is null and d.dept = ${dept} and d.id = c.dossier
      and (d.clos_le is not null or d.stade <> c.stade or d.stade_le < ${jour.subtract({ days: declencheur.dans_les_jours })}) returning c.id`
  await session.sql`
    update courrier c set stade_le = d.stade_le, version = c.version + 1
    from dossier d where c.dept = ${dept} and c.modele = ${code} and c.etat = 'propose' and c.renvoie is null and c.demande is null and d.dept = ${dept} and d.id = c.dossier
      and d.stade_le <> c.stade_le
      and not exists (select 1 from courrier x where x.dept = ${dept} and x.dossier = c.dossier and x.modele = c.modele and x.stade_le = d.stade_le and x.renvoie is null and x.demande is null)`
  return perimes.length
}

/**
 * Proposes the letters whose trigger has occurred: one of a kind for one stage of a dossier, for the organisme that sends it. Nothing leaves without a
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

/** Something that happened to a dossier, that a letter tells its household. */
export interface Occurrence {
  readonly dossier: string
  /** What happened: a referral, a session. */
  readonly evenement: string
  /** What the letter would say of it: told otherwise, the letter not produced yet gives its place to another. */
  readonly precisions: Precisions
  readonly le: Temporal.PlainDate
  /** A letter of the kind prepared since then already tells it. */
  readonly depuis?: Temporal.Instant
  /** Told otherwise since, it is told again, even when the letter already left; not when a person left it out, or wrote it. */
  readonly redit?: true
}

const DEPASSE = 'Ce que ce courrier annonçait a changé, ou est passé.'

/**
 * Proposes the letters that tell what happened, to the organisme that sends them, and leaves out those that tell what is no longer so. `occurrences`: all that stands
 * today. Twice is once; what a person left out stays out. Returns how many were proposed.
 */
export async function proposerSurEvenement(
  session: Session,
  evenement: EvenementCourrier,
  occurrences: readonly Occurrence[],
): Promise<number> {
  const { dept, jour, maintenant, referentiel } = session
  let total = 0
  for (const modele of referentiel.courriers.values()) {
    const { declencheur, code } = modele
    if (!('evenement' in declencheur) || declencheur.evenement !== evenement) continue
    const { etapes, pendant_jours } = declencheur
    const recentes = occurrences.flatMap(({ precisions, le, depuis, redit, ...une }) =>
      pendant_jours !== undefined && Temporal.PlainDate.compare(le, jour.subtract({ days: pendant_jours })) < 0
        ? []
        : [
            {
              ...une,
              precisions: garderPrecisions(modele, precisions),
              depuis: depuis?.toString() ?? null,
              redit: redit === true,
            },
          ],
    )
    const lues = sql`(select x.*, md5(${code} || x.dossier || x.evenement || x.precisions)::uuid as marque
      from json_to_recordset(${JSON.stringify(recentes)}::json) as x(dossier uuid, evenement uuid, precisions jsonb, depuis timestamptz, redit boolean)
      where exists (select 1 from dossier d where d.dept = ${dept} and d.id = x.dossier and d.clos_le is null))`
    // Produced, it may already be in the post: it is left out only when its household is to be told something else.
    const perimes = await session.sql<{ dossier: string; lot: string | null }>`
      update courrier c set etat = 'ecarte', version = c.version + 1, motif = ${DEPASSE}
      where c.dept = ${dept} and c.modele = ${code} and c.renvoie is null and c.evenement is not null
        and (c.etat = 'propose' or (c.etat = 'produit' and exists (select 1 from ${lues} x where x.dossier = c.dossier)))
        and not exists (select 1 from ${lues} x where x.dossier = c.dossier and (x.marque = c.demande or x.precisions = c.precisions))
      returning c.dossier, c.lot`
    for (const lot of new Set(perimes.flatMap((un) => un.lot ?? []))) await relancerLot(session, lot)
    const candidats = await session.sql<
      SourceCourrier & {
        readonly dossier: string
        readonly bailleur: string
        readonly envoyeur: string
        readonly marque: string
        readonly evenement: string
        readonly precisions: Precisions
      }
    >`
      select d.id as dossier, s.id as envoyeur, d.bailleur, d.stade, coalesce(d.stade_le, ${jour}) as stade_le, ${colonnesCourrier(dept)}, x.marque, x.evenement, x.precisions
      from ${lues} x join dossier d on d.dept = ${dept} and d.id = x.dossier join lateral (${envoyeurDuDossier(session, modele)}) s on true
      where d.stade = any (${etapes}::text[])
        and not exists (select 1 from (
          select c.* from courrier c where c.dept = ${dept} and c.dossier = d.id and c.modele = ${code} and c.renvoie is null
            and (c.demande = x.marque or c.propose_a >= x.depuis) and not (c.etat = 'ecarte' and c.evenement is not null and c.motif = ${DEPASSE})
          order by c.propose_a desc, (c.demande = x.marque) desc limit 1) c
          where not x.redit or c.demande = x.marque or c.precisions = x.precisions or c.etat = 'ecarte' or c.evenement is null)`
    const lignes = candidats.map((candidat) => {
      const { dossier, envoyeur, marque, stade, stade_le, precisions } = candidat
      return {
        ...{ dossier, envoyeur, marque, stade, precisions, evenement: candidat.evenement },
        stade_le: stade_le.toString(),
        ...destinataireDe(modele, candidat),
      }
    })
    // Told, told otherwise, then as it first was: the letter that left first gives its mark to the new one.
    await session.sql`update courrier set demande = gen_random_uuid()
      where dept = ${dept} and modele = ${code} and demande = any (${lignes.map(({ marque }) => marque)}::uuid[]) and etat in ('envoye', 'revenu')`
    const proposes = await session.sql<{ id: string }>`
      insert into courrier as c (dept, dossier, organisme, modele, stade, stade_le, nom, adresse, propose_a, demande, evenement, precisions)
      select ${dept}, x.dossier, x.envoyeur, ${code}, x.stade, x.stade_le, x.nom, array(select json_array_elements_text(x.adresse)), ${maintenant}, x.marque, x.evenement,
        x.precisions
      from json_to_recordset(${JSON.stringify(lignes)}::json)
        as x(dossier uuid, envoyeur uuid, marque uuid, stade text, stade_le date, nom text, adresse json, evenement uuid, precisions jsonb)
      on conflict (dept, organisme, demande) where demande is not null
        do update set etat = 'propose', motif = null, lot = null, pdf = null, empreinte = null, contenu = null, propose_a = excluded.propose_a, version = c.version + 1
        where c.etat = 'ecarte' and c.motif = ${DEPASSE} returning id`
    await session.sql`delete from courrier_modifie where dept = ${dept} and courrier = any (${proposes.map(({ id }) => id)}::uuid[])`
    total += proposes.length
    if (proposes.length + perimes.length > 0)
      session.consigner({
        action: 'courriers.proposer',
        dossiers: [...new Set([...lignes, ...perimes].map(({ dossier }) => dossier))],
        details: { courriers: proposes.length, perimes: perimes.length, evenement },
      })
  }
  return total
}

/** Letters the organisme of this session may choose for a dossier: those nothing proposes, and those whose proposal did not come at this stage. */
export async function listerCourriersAChoisir(
  session: Session,
  dossier: { readonly id: string; readonly stade: string; readonly clos_le: Temporal.PlainDate | null },
): Promise<readonly ModeleCourrier[]> {
  // A landlord reads no dossier: it chooses from none.
  if (dossier.clos_le || expediteurDe(session) === null) return []
  const presents = await session.sql<{ modele: string }>`
    select distinct modele from courrier where dept = ${session.dept} and dossier = ${dossier.id} and stade = ${dossier.stade} and organisme = ${session.acteur.organisme}::uuid`
  const deja = new Set(presents.map(({ modele }) => modele))
  return modelesDe(session).filter(
    (modele) =>
      modele.declencheur.etapes.some((etape) => etape === dossier.stade) &&
      (!seProposeUneFois(modele) || !deja.has(modele.code)),
  )
}

/** Adds the letter a person chose to those to re-read. The same form sent twice adds one. Returns it. */
export async function demanderCourrier(
  session: Session,
  dossier: { readonly id: string; readonly stade: string; readonly clos_le: Temporal.PlainDate | null },
  code: string,
  { demande, precisions }: { readonly demande: string; readonly precisions: Precisions },
): Promise<string> {
  const { dept, acteur } = session
  const modele = (await listerCourriersAChoisir(session, dossier)).find((un) => un.code === code)
  const [deja] = await session.sql<{ id: string }>`
    select id from courrier where dept = ${dept} and organisme = ${acteur.organisme}::uuid and demande = ${demande}::uuid`
  if (deja) return deja.id
  if (!modele) throw refus('courrier.modele', 'Choisir un courrier de la liste.')
  const [source] = await session.sql<SourceCourrier & { bailleur: string }>`
    select d.bailleur, d.stade, coalesce(d.stade_le, ${session.jour}) as stade_le, ${colonnesCourrier(dept)} from dossier d where d.dept = ${dept} and d.id = ${dossier.id}`
  if (!source) throw new Introuvable()
  const { nom, adresse } = destinataireDe(modele, source)
  const [ecrit] = await session.sql<{ id: string }>`
    insert into courrier (dept, dossier, organisme, modele, stade, stade_le, nom, adresse, propose_a, demande, precisions)
    values (${dept}, ${dossier.id}, ${acteur.organisme}::uuid, ${code}, ${source.stade}, ${source.stade_le}, ${nom}, ${[...adresse]}, ${session.maintenant}, ${demande}::uuid,
      ${JSON.stringify(garderPrecisions(modele, precisions))}::jsonb)
    returning id`
  if (!ecrit) throw new Error('a letter was not written')
  session.consigner({ action: 'courrier.demander', objet: 'courrier', objetId: ecrit.id, dossiers: [dossier.id] })
  return ecrit.id
}
