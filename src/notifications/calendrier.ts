import { createHash } from 'node:crypto'
import {
  type Acteur,
  type Application,
  acteurDuCompte,
  aLeDroit,
  aviser,
  empreinte,
  enConnexion,
  lireJeton,
  masqueDe,
  type Session,
} from '#acces'
import { CHAMPS_VEILLE, conditionsRemplies, dansLePerimetre } from '#dossiers'
import { Conflit, Introuvable } from '#socle/errors'
import type { CalendarEvent } from '#socle/ical'

/** What one source puts in a calendar: a title with a reference at most, never what a dossier says; `chemin` is where it is read in Amont. */
export interface EvenementPropose {
  /** The same for the same thing, whatever becomes of it. */
  readonly uid: string
  readonly titre: string
  readonly debut: Temporal.PlainDate | Temporal.ZonedDateTime
  readonly minutes?: number
  readonly chemin: string
  readonly dossier: string | null
}

/** Days a calendar looks back and ahead, and how many events it holds. */
const AVANT = { days: 30 }
const APRES = { days: 366 }
/** Two sendings of one form so close are one gesture. */
const DOUBLE = { minutes: 1 }
export const EVENEMENTS_MAX = 500

/** The days a calendar covers today. */
export const periodeCalendrier = ({ jour }: Pick<Session, 'jour'>) => ({
  du: jour.subtract(AVANT),
  au: jour.add(APRES),
})

/** One's secret address, as the account page tells it: never the address itself. */
export interface AdresseCalendrier {
  readonly id: string
  readonly cree_a: Temporal.Instant
  readonly lue_a: Temporal.Instant | null
}

/** The address in force of the person of the session. */
export async function lireAdresseCalendrier({ sql, dept, acteur }: Session): Promise<AdresseCalendrier | null> {
  const [adresse] = await sql<AdresseCalendrier>`select id, cree_a, lue_a from calendrier_adresse
    where dept = ${dept} and compte = ${acteur.compte}::uuid and revoquee_a is null`
  return adresse ?? null
}

/**
 * Ends the address in force, if any, and draws another: its secret is answered once, and only its hash is kept. `vue`: the address the person saw, so that two windows do
 * not each throw away the other's. `secret`: the same when the same form is sent twice, which shows the same address again instead of losing the only answer that had it.
 */
export async function renouvelerAdresseCalendrier(
  session: Session,
  vue: string | null,
  secret: string,
): Promise<string> {
  const { sql, dept, acteur, maintenant } = session
  if (!acteur.compte) throw new Introuvable()
  await sql`select pg_advisory_xact_lock(hashtextextended(${`calendrier:${dept}:${acteur.compte}`}, 0))`
  const courante = await lireAdresseCalendrier(session)
  const [deja] = await sql`select 1 from calendrier_adresse where dept = ${dept} and compte = ${acteur.compte}::uuid
    and empreinte = ${empreinte(secret)} and revoquee_a is null and cree_a > ${maintenant.subtract(DOUBLE)}`
  if (deja) return `${dept}.${secret}`
  if ((courante?.id ?? null) !== vue)
    throw new Conflit(
      'calendrier.change',
      'Cette adresse a changé depuis l’ouverture de la page : rien n’est fait. Relire la page, puis recommencer si besoin.',
    )
  if (courante)
    await sql`update calendrier_adresse set revoquee_a = ${maintenant} where dept = ${dept} and id = ${courante.id}`
  const [creee] = await sql`insert into calendrier_adresse (dept, compte, empreinte, cree_a)
    values (${dept}, ${acteur.compte}::uuid, ${empreinte(secret)}, ${maintenant}) on conflict (dept, empreinte) do nothing returning id`
  // An old form: its address was ended since, and does not come back.
  if (!creee) throw new Conflit('calendrier.change', 'Ce formulaire a déjà servi : relire la page, puis recommencer.')
  await aviser(session, dept, acteur.compte, 'calendrier')
  session.consigner({ action: 'calendrier.adresser', details: { acte: courante ? 'renouvelee' : 'creee' } })
  return `${dept}.${secret}`
}

/** Ends one's address: whoever holds it reads nothing from then on. */
export async function retirerAdresseCalendrier(session: Session, id: string): Promise<void> {
  const { sql, dept, acteur, maintenant } = session
  const [retiree] = await sql`update calendrier_adresse set revoquee_a = ${maintenant}
    where dept = ${dept} and compte = ${acteur.compte}::uuid and id = ${id}::uuid and revoquee_a is null returning id`
  if (!retiree) throw new Introuvable()
  session.consigner({ action: 'calendrier.adresser', details: { acte: 'retiree' } })
}

/** Who a secret address belongs to, as they would act now; null for one that is unknown, ended, or of somebody who no longer has access. */
export async function trouverAbonne(
  application: Application,
  secret: string,
): Promise<{ readonly acteur: Acteur; readonly adresse: string } | null> {
  const lu = lireJeton(secret)
  if (!lu || !application.delais.has(lu.dept)) return null
  const trouvee = await enConnexion(application.base, lu.dept, async ({ sql }) => {
    const [ligne] = await sql<{ id: string; compte: string }>`select id, compte from calendrier_adresse
      where dept = ${lu.dept} and empreinte = ${lu.cle} and revoquee_a is null`
    return ligne ?? null
  })
  if (!trouvee) return null
  const acteur = await acteurDuCompte(application, lu.dept, trouvee.compte)
  return acteur && { acteur, adresse: trouvee.id }
}

/** Remembers that an address was read. True when the journal is to tell it: once a day, and whenever it says something else. */
export async function noterLectureCalendrier(
  { sql, dept, jour, acteur, maintenant }: Session,
  adresse: string,
  marque: string,
): Promise<boolean> {
  const [lue] = await sql<{ neuve: boolean }>`
    with avant as (select id, dite_le, dite_empreinte from calendrier_adresse
      where dept = ${dept} and compte = ${acteur.compte}::uuid and id = ${adresse}::uuid for update)
    update calendrier_adresse a set lue_a = ${maintenant}, dite_le = ${jour}, dite_empreinte = ${marque} from avant
    where a.dept = ${dept} and a.id = avant.id
    returning avant.dite_le is distinct from ${jour}::date or avant.dite_empreinte is distinct from ${marque} as neuve`
  return lue?.neuve ?? false
}

/**
 * Numbers events: one that says something else than the last time has the next sequence, and the day it changed. An event that left and comes back goes on from where it
 * was.
 */
export async function numeroter(
  session: Session,
  proposes: readonly EvenementPropose[],
  adresse: string,
): Promise<CalendarEvent[]> {
  const { sql, dept, acteur, maintenant } = session
  const parUid = new Map(proposes.map((propose) => [propose.uid, propose]))
  const lignes = [...parUid.values()].map(({ uid, titre, debut, minutes, chemin }) => ({
    uid,
    empreinte: createHash('sha256')
      .update(JSON.stringify([titre, debut, minutes, chemin]))
      .digest('base64url'),
  }))
  await sql`
    insert into calendrier_evenement as e (dept, compte, uid, empreinte, sequence, a)
    select ${dept}, ${acteur.compte}::uuid, x.uid, x.empreinte, 0, ${maintenant}
    from json_to_recordset(${JSON.stringify(lignes)}::json) as x(uid text, empreinte text) order by x.uid
    on conflict (dept, compte, uid) do update set empreinte = excluded.empreinte, sequence = e.sequence + 1, a = excluded.a
      where e.empreinte <> excluded.empreinte`
  const connus = await sql<{ uid: string; sequence: number; a: Temporal.Instant }>`
    select uid, sequence, a from calendrier_evenement
    where dept = ${dept} and compte = ${acteur.compte}::uuid and uid = any (${lignes.map(({ uid }) => uid)}::text[])`
  const numeros = new Map(connus.map((connu) => [connu.uid, connu]))
  return [...parUid.values()].map(({ uid, titre, debut, minutes, chemin }) => ({
    uid: `${uid}@amont`,
    sequence: numeros.get(uid)?.sequence ?? 0,
    stamp: numeros.get(uid)?.a ?? maintenant,
    start: debut,
    minutes,
    summary: titre,
    url: `${adresse}${chemin}`,
  }))
}

/**
 * Source: hearings and next legal dates of the dossiers of the person's organisme: those it has in charge or takes part in, on the territories of the habilitation. Through
 * the mask: whoever does not read the procedure of a dossier has none of its dates.
 */
export async function datesDesDossiers(session: Session): Promise<EvenementPropose[]> {
  const { sql, dept, jour, acteur } = session
  if (!aLeDroit(acteur, 'dossier.consulter') || !acteur.organisme) return []
  const { du, au } = periodeCalendrier(session)
  const lues = await sql<{
    id: string
    reference: string
    audience_le: Temporal.PlainDate | null
    echeance_le: Temporal.PlainDate | null
    echeance_cle: string | null
    remplies: readonly string[]
  }>`
    select d.id, d.reference, case when d.audience_le between ${du} and ${au} then d.audience_le end as audience_le,
      case when d.echeance_le between ${du} and ${au} then d.echeance_le end as echeance_le, d.echeance_cle,
      ${conditionsRemplies(session, CHAMPS_VEILLE)} as remplies
    from dossier d
    where d.dept = ${dept} and d.clos_le is null and (d.organisme = ${acteur.organisme}::uuid or d.id in (select public.dossiers_participes()))
      and (${acteur.territoires}::text[] is null or d.territoire = any (${acteur.territoires}::text[]))
      and (d.audience_le between ${du} and ${au} or d.echeance_le between ${du} and ${au}) and ${dansLePerimetre(session)}
    order by least(case when d.audience_le between ${jour} and ${au} then d.audience_le end, case when d.echeance_le between ${jour} and ${au} then d.echeance_le end) nulls last,
      greatest(d.audience_le, d.echeance_le) desc, d.id limit ${EVENEMENTS_MAX}`
  const { voit } = masqueDe(acteur)
  return lues
    .filter(({ remplies }) => voit('procedure', remplies))
    .flatMap(({ id, reference, audience_le, echeance_le, echeance_cle }): EvenementPropose[] => [
      ...(audience_le
        ? [
            {
              uid: `audience-${id}`,
              titre: `Audience, dossier ${reference}`,
              debut: audience_le,
              chemin: `/dossiers/${reference}/procedure`,
              dossier: id,
            },
          ]
        : []),
      ...(echeance_le
        ? [
            {
              uid: `echeance-${id}-${echeance_cle ?? ''}`,
              titre: `Échéance, dossier ${reference}`,
              debut: echeance_le,
              chemin: `/dossiers/${reference}`,
              dossier: id,
            },
          ]
        : []),
    ])
}
