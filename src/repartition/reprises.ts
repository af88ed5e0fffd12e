import type { Session } from '#acces'
import { consignerFaits } from '#dossiers'
import { Introuvable } from '#socle/errors'
import { noterVivantes, stadeDeCascade, terminer, type Vivante } from './affectations.ts'
import { jourFrancais } from './echeances.ts'
import type { AvantReponse } from './reponses.ts'

/** A line whose answer may no longer be taken back, and who has the household now. */
export interface RepriseTardive {
  readonly rang: number
  readonly titulaire: string
  readonly raison: string
}

interface Ligne {
  readonly rang: number
  readonly dossier: string
  readonly affectation: string
  readonly titulaire: string
  readonly reponse: string
  readonly stade: string
  readonly clos: boolean
}

interface ReponseGardee {
  readonly id: string
  readonly rang: number
  readonly affectation: string
  readonly avant: AvantReponse
  /** Number of the list of a later answer about the same household, which must be taken back first. */
  readonly suivie: number | null
}

interface Decision extends Vivante {
  readonly organisme_nom: string | null
  readonly issue: string | null
  readonly a: Temporal.Instant
  readonly terminee_a: Temporal.Instant | null
}

/** Who has a household now, in words: said to the service that arrives too late (REP-11). */
function dire(vivante: Decision | undefined): string {
  if (!vivante) return 'Il n’est confié à personne pour l’instant.'
  const nom = vivante.organisme_nom ?? 'un autre service'
  return vivante.etat === 'prise' && vivante.prise_le
    ? `Il est pris en charge par ${nom} depuis le ${jourFrancais(vivante.prise_le)}.`
    : `Il est confié à ${nom} depuis le ${jourFrancais(vivante.depuis)}.`
}

/** Why an answer may no longer be taken back; null when it may. `toutes` are the decisions of the household, `sienne` the one answered. */
function trouverObstacle(
  ligne: Ligne,
  gardee: ReponseGardee | undefined,
  sienne: Decision,
  toutes: readonly Decision[],
): string | null {
  const vivante = toutes.find(({ terminee_a }) => terminee_a === null)
  if (ligne.clos) return 'Son dossier est clos.'
  if (gardee?.suivie != null)
    return `Votre service a répondu de nouveau dans le tableau n° ${gardee.suivie} : reprendre d’abord cette réponse-là.`
  if (sienne === vivante) {
    return sienne.diagnostic_fait_le === null
      ? null
      : 'Son diagnostic est clos : le rouvrir d’abord, depuis le dossier.'
  }
  if (sienne.issue !== 'refusee' || sienne.stade !== stadeDeCascade(ligne.stade))
    return `La décision a changé depuis votre réponse. ${dire(vivante)}`
  if (!vivante) return null
  if (vivante.origine === 'personne') return `Une personne a choisi un autre service depuis. ${dire(vivante)}`
  const finDeLaSienne = sienne.terminee_a
  const repondus = toutes.filter(
    (autre) =>
      autre !== sienne &&
      finDeLaSienne !== null &&
      Temporal.Instant.compare(autre.a, finDeLaSienne) >= 0 &&
      (autre.etat === 'prise' || autre.issue === 'refusee' || autre.issue === 'sans_reponse'),
  )
  return repondus.length > 0 ? `Le service suivant a répondu. ${dire(vivante)}` : null
}

/**
 * Takes back answers a service gave to lines of one of its lists: the lines and the households are again what they were just before, as long as the next rank has not
 * answered. What the next rank was asked meanwhile ends. Lines that are too late are returned with who has the household, and left as they are.
 *
 * The session must see the whole département: the household may be with another service. `organisme` is the service that acts.
 */
export async function reprendreReponses(
  session: Session,
  demande: { liste: string; organisme: string } & ({ rangs: readonly number[] } | { envoi: string }),
): Promise<{ reprises: number[]; tardives: RepriseTardive[] }> {
  const { sql, dept } = session
  const [liste] = await sql<{
    repondre_avant: Temporal.PlainDate | null
  }>`select repondre_avant from liste where dept = ${dept} and id = ${demande.liste} and organisme = ${demande.organisme}`
  if (!liste) throw new Introuvable()
  const rangs =
    'rangs' in demande
      ? demande.rangs
      : (
          await sql<{ rang: number }>`select rang from reponse_liste
            where dept = ${dept} and liste = ${demande.liste} and envoi = ${demande.envoi} and reprise_a is null`
        ).map(({ rang }) => rang)
  const lignes = await sql<Ligne>`
    select l.rang, l.dossier, l.affectation, l.instantane->>'titulaire' as titulaire, l.reponse, d.stade, d.clos_le is not null as clos
    from ligne_liste l join dossier d on d.dept = ${dept} and d.id = l.dossier
    where l.dept = ${dept} and l.liste = ${demande.liste} and l.rang = any (${rangs}::int[]) and l.reponse is not null
    order by l.rang for update of l`
  const gardees = new Map(
    (
      await sql<ReponseGardee>`
        select distinct on (r.rang) r.id, r.rang, r.affectation, r.avant,
          (select s.numero from reponse_liste p join liste s on s.dept = ${dept} and s.id = p.liste
            where p.dept = ${dept} and p.affectation = r.affectation and p.reprise_a is null and p.ordre > r.ordre order by p.ordre desc limit 1) as suivie
        from reponse_liste r where r.dept = ${dept} and r.liste = ${demande.liste} and r.rang = any (${rangs}::int[]) and r.reprise_a is null
        order by r.rang, r.ordre desc`
    ).map((gardee) => [gardee.rang, gardee]),
  )
  const decisions = Map.groupBy(
    await sql<Decision>`
      select a.id, a.dossier, a.service, a.organisme, o.nom as organisme_nom, a.stade, a.rang, a.regle, a.origine, a.etat, a.depuis, a.transmise_le, a.repondre_avant,
        a.prise_le, a.diagnostic_avant, a.diagnostic_fait_le, a.issue, a.a, a.terminee_a
      from affectation a left join organisme o on o.dept = ${dept} and o.id = a.organisme
      where a.dept = ${dept} and a.dossier = any (${lignes.map(({ dossier }) => dossier)}::uuid[]) order by a.id for update of a`,
    ({ dossier }) => dossier,
  )
  const tardives: RepriseTardive[] = []
  const aReprendre = lignes.flatMap((ligne) => {
    const toutes = decisions.get(ligne.dossier) ?? []
    const gardee = gardees.get(ligne.rang)
    const sienne = toutes.find(({ id }) => id === ligne.affectation)
    if (!sienne) throw new Introuvable()
    const raison = trouverObstacle(ligne, gardee, sienne, toutes)
    if (raison !== null) {
      tardives.push({ rang: ligne.rang, titulaire: ligne.titulaire, raison })
      return []
    }
    // Answers given before they were kept one by one: the household was waiting.
    const avant: AvantReponse = gardee?.avant ?? {
      reponse: null,
      motif: null,
      repondu_a: null,
      repondu_par: null,
      etat: 'transmise',
      transmise_le: sienne.transmise_le?.toString() ?? null,
      repondre_avant: liste.repondre_avant?.toString() ?? null,
      prise_le: null,
      diagnostic_avant: null,
    }
    const suivante = toutes.find(({ id, terminee_a }) => terminee_a === null && id !== sienne.id)
    // A household already taken keeps the date of its diagnosis, which a hearing may have moved since.
    const tenue =
      avant.etat === 'prise' ? { ...avant, diagnostic_avant: sienne.diagnostic_avant?.toString() ?? null } : avant
    return [{ ligne, gardee, sienne, avant: tenue, suivante: suivante?.id ?? null }]
  })
  await terminer(
    session,
    aReprendre.flatMap(({ suivante }) => suivante ?? []),
    'reprise',
  )
  const revenues = await sql<Vivante>`
    update affectation a set etat = x.etat, issue = null, motif = case when a.origine = 'personne' then a.motif end, terminee_a = null, transmise_le = x.transmise_le,
      repondre_avant = x.repondre_avant, prise_le = x.prise_le, diagnostic_avant = x.diagnostic_avant
    from jsonb_to_recordset(${JSON.stringify(aReprendre.map(({ sienne, avant }) => ({ ...avant, id: sienne.id })))}::jsonb)
      as x(id uuid, etat text, transmise_le date, repondre_avant date, prise_le date, diagnostic_avant date)
    where a.dept = ${dept} and a.id = x.id
    returning a.id, a.dossier, a.service, a.organisme, a.stade, a.rang, a.regle, a.origine, a.etat, a.depuis, a.transmise_le, a.repondre_avant, a.prise_le, a.diagnostic_avant,
      a.diagnostic_fait_le`
  await sql`update ligne_liste l set reponse = x.reponse, motif = x.motif, repondu_a = x.repondu_a, repondu_par = x.repondu_par
    from jsonb_to_recordset(${JSON.stringify(aReprendre.map(({ ligne, avant }) => ({ ...avant, rang: ligne.rang })))}::jsonb)
      as x(rang int, reponse text, motif text, repondu_a timestamptz, repondu_par uuid)
    where l.dept = ${dept} and l.liste = ${demande.liste} and l.rang = x.rang`
  await sql`update reponse_liste set reprise_a = ${session.maintenant}, reprise_par = ${session.acteur.compte}
    where dept = ${dept} and id = any (${aReprendre.flatMap(({ gardee }) => gardee?.id ?? [])}::uuid[])`
  await noterVivantes(session, revenues)
  await consignerFaits(
    session,
    aReprendre.map(({ ligne }) => ({
      dossier: ligne.dossier,
      type: 'tableau.reponse_reprise',
      donnees: { liste: demande.liste, rang: ligne.rang, reponse: ligne.reponse, organisme: demande.organisme },
    })),
  )
  session.consigner({
    action: 'liste.reprendre',
    objet: 'liste',
    objetId: demande.liste,
    details: { rangs: aReprendre.map(({ ligne }) => ligne.rang), tardives: tardives.map(({ rang }) => rang) },
  })
  return { reprises: aReprendre.map(({ ligne }) => ligne.rang), tardives }
}
