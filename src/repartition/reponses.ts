import { randomUUID } from 'node:crypto'
import type { Session } from '#acces'
import { consignerFaits, lireDossiersARepartir, noterServices } from '#dossiers'
import { Conflit, Introuvable, refus } from '#socle/errors'
import { versionToken } from '#socle/version'
import { demanderRepartition } from './affectations.ts'
import { calculerDiagnostic, echeancesDuService } from './echeances.ts'

export const reponses = ['connu', 'a_son_tour', 'pas_pour_nous'] as const
export type ReponseLigne = (typeof reponses)[number]

export const libellesReponse = {
  connu: 'Connu de nous, pris en charge',
  a_son_tour: 'Pris en charge à son tour',
  pas_pour_nous: 'Pas pour nous',
} as const satisfies Record<ReponseLigne, string>

export interface ReponseDonnee {
  readonly rang: number
  readonly reponse: ReponseLigne
  readonly motif?: string | undefined
  /** Mark of the line as the person saw it. Without one, nobody looked and nothing is compared. */
  readonly vu?: string | undefined
}

interface LigneARepondre {
  readonly rang: number
  readonly dossier: string
  readonly affectation: string
  readonly titulaire: string
  readonly reponse: string | null
  readonly motif: string | null
  readonly repondu_a: Temporal.Instant | null
  readonly repondu_par: string | null
}

interface AffectationVivante {
  readonly id: string
  readonly etat: string
  readonly transmise_le: Temporal.PlainDate | null
  readonly repondre_avant: Temporal.PlainDate | null
  readonly prise_le: Temporal.PlainDate | null
  readonly diagnostic_avant: Temporal.PlainDate | null
}

/** What a line and its affectation were before an answer: what taking that answer back restores. */
export interface AvantReponse {
  readonly reponse: string | null
  readonly motif: string | null
  readonly repondu_a: string | null
  readonly repondu_par: string | null
  readonly etat: string
  readonly transmise_le: string | null
  readonly repondre_avant: string | null
  readonly prise_le: string | null
  readonly diagnostic_avant: string | null
}

/** Mark of what a service sees of a line: its answer, and whether the household is still with it. */
export function versionLigne(ligne: {
  readonly reponse: string | null
  readonly motif: string | null
  readonly repondu_a: Temporal.Instant | null
  readonly vivante: boolean
}): string {
  return versionToken(ligne.reponse, ligne.motif, ligne.repondu_a, ligne.vivante)
}

/**
 * Records what a service answers, line by line. Taking starts the two-month diagnosis from the date of the list that first carried the household to the service;
 * « pas pour nous » needs a reason and moves the household to the next rank. Answering the same again changes nothing, a household already taken keeps its dates,
 * and a line that moved on since is refused with its reason.
 * A line that somebody else answered otherwise since the person saw it stops everything, before anything is written (`Conflit`, its ranks).
 */
export async function repondreListe(
  session: Session,
  liste: string,
  donnees: readonly ReponseDonnee[],
): Promise<{ envoi: string; prises: number; refusees: number; confirmees: number; dossiersRefuses: string[] }> {
  const { sql, dept, jour } = session
  const [entete] = await sql<{
    organisme: string
    date_liste: Temporal.PlainDate
  }>`select organisme, date_liste from liste where dept = ${dept} and id = ${liste}`
  if (!entete || (session.acteur.organisme !== null && session.acteur.organisme !== entete.organisme))
    throw new Introuvable()
  const lignes = new Map(
    (
      await sql<LigneARepondre>`
        select rang, dossier, affectation, instantane->>'titulaire' as titulaire, reponse, motif, repondu_a, repondu_par
        from ligne_liste where dept = ${dept} and liste = ${liste} and rang = any (${donnees.map((donnee) => donnee.rang)}::int[]) order by rang for update`
    ).map((ligne) => [ligne.rang, ligne]),
  )
  // Outside the perimeter and terminated are alike for the service: the household moved on.
  const vivantes = new Map(
    (
      await sql<AffectationVivante>`select id, etat, transmise_le, repondre_avant, prise_le, diagnostic_avant from affectation
        where dept = ${dept} and id = any (${[...lignes.values()].map((ligne) => ligne.affectation)}::uuid[]) and terminee_a is null order by id for update`
    ).map((affectation) => [affectation.id, affectation]),
  )
  const utiles = donnees.flatMap((donnee) => {
    const ligne = lignes.get(donnee.rang)
    if (!ligne) throw new Introuvable()
    return ligne.reponse === donnee.reponse
      ? []
      : [
          {
            ...donnee,
            ligne,
            motif: donnee.reponse === 'pas_pour_nous' ? donnee.motif?.trim() || null : null,
            affectation: vivantes.get(ligne.affectation),
          },
        ]
  })
  const depassees = utiles.filter(
    ({ vu, ligne, affectation }) =>
      vu !== undefined && vu !== versionLigne({ ...ligne, vivante: affectation !== undefined }),
  )
  if (depassees.length > 0) {
    throw new Conflit(
      'tableau.conflit',
      'Quelqu’un de votre service a répondu entre-temps, ou le ménage est parti ailleurs : comparer avant d’envoyer.',
      depassees.map(({ rang }) => String(rang)),
    )
  }
  for (const { rang, ligne, reponse, motif, affectation } of utiles) {
    if (reponse === 'pas_pour_nous' && motif === null) {
      throw refus('tableau.motif', `Ligne ${rang}, ${ligne.titulaire} : dire pourquoi ce ménage n’est pas pour vous.`)
    }
    if (!affectation) {
      throw refus(
        'tableau.passe',
        `Ligne ${rang}, ${ligne.titulaire} : ce ménage n’est plus confié à votre service. Voir avec le secrétariat.`,
      )
    }
  }
  const refusees = utiles.filter(({ reponse }) => reponse === 'pas_pour_nous')
  const prises = utiles.filter(
    ({ reponse, affectation }) => reponse !== 'pas_pour_nous' && affectation?.etat !== 'prise',
  )
  const envoi = randomUUID()
  const gardees = utiles.flatMap(({ rang, ligne, reponse, motif, affectation }) => {
    if (!affectation) return []
    const avant: AvantReponse = {
      reponse: ligne.reponse,
      motif: ligne.motif,
      repondu_a: ligne.repondu_a?.toString() ?? null,
      repondu_par: ligne.repondu_par,
      etat: affectation.etat,
      transmise_le: affectation.transmise_le?.toString() ?? null,
      repondre_avant: affectation.repondre_avant?.toString() ?? null,
      prise_le: affectation.prise_le?.toString() ?? null,
      diagnostic_avant: affectation.diagnostic_avant?.toString() ?? null,
    }
    return [{ rang, affectation: affectation.id, reponse, motif, avant }]
  })
  await sql`insert into reponse_liste (dept, envoi, liste, rang, affectation, reponse, motif, a, par, avant)
    select ${dept}, ${envoi}, ${liste}, x.rang, x.affectation, x.reponse, x.motif, ${session.maintenant}, ${session.acteur.compte}, x.avant
    from jsonb_to_recordset(${JSON.stringify(gardees)}::jsonb) as x(rang int, affectation uuid, reponse text, motif text, avant jsonb)`
  await sql`update ligne_liste l set reponse = x.reponse, motif = x.motif, repondu_a = ${session.maintenant}, repondu_par = ${session.acteur.compte}
    from jsonb_to_recordset(${JSON.stringify(utiles.map(({ rang, reponse, motif }) => ({ rang, reponse, motif })))}::jsonb) as x(rang int, reponse text, motif text)
    where l.dept = ${dept} and l.liste = ${liste} and l.rang = x.rang`
  if (prises.length > 0) {
    const dossiers = new Map(
      (
        await lireDossiersARepartir(
          session,
          prises.map(({ ligne }) => ligne.dossier),
        )
      ).map((dossier) => [dossier.id, dossier]),
    )
    const dates = prises.map(({ ligne, affectation }) => {
      const depart = affectation?.transmise_le ?? entete.date_liste
      const diagnostic = calculerDiagnostic(session, depart, dossiers.get(ligne.dossier)?.audience_le ?? null)
      return { affectation: ligne.affectation, diagnostic: diagnostic?.le.toString() ?? null }
    })
    const ecrites = await sql<{
      dossier: string
      service: string
      organisme: string
      depuis: Temporal.PlainDate
      transmise_le: Temporal.PlainDate | null
      diagnostic_avant: Temporal.PlainDate | null
    }>`
      update affectation a set etat = 'prise', prise_le = ${jour}, diagnostic_avant = x.diagnostic, transmise_le = coalesce(a.transmise_le, ${entete.date_liste}),
        repondre_avant = null
      from jsonb_to_recordset(${JSON.stringify(dates)}::jsonb) as x(affectation uuid, diagnostic date)
      where a.dept = ${dept} and a.id = x.affectation returning a.dossier, a.service, a.organisme, a.depuis, a.transmise_le, a.diagnostic_avant`
    await noterServices(
      session,
      ecrites.map((ecrite) => ({
        dossier: ecrite.dossier,
        service: ecrite.service,
        organisme: ecrite.organisme,
        etat: 'prise',
        depuis: jour.toString(),
        connu: true,
        habilites: [ecrite.organisme],
        echeances: echeancesDuService(
          session,
          {
            etat: 'prise',
            transmise_le: ecrite.transmise_le,
            repondre_avant: null,
            diagnostic_avant: ecrite.diagnostic_avant,
            diagnostic_fait_le: null,
          },
          dossiers.get(ecrite.dossier)?.audience_le ?? null,
        ),
      })),
    )
  }
  if (refusees.length > 0) {
    await sql`update affectation a set etat = 'refusee', issue = 'refusee', terminee_a = ${session.maintenant}, motif = x.motif
      from jsonb_to_recordset(${JSON.stringify(refusees.map(({ ligne, motif }) => ({ id: ligne.affectation, motif })))}::jsonb) as x(id uuid, motif text)
      where a.dept = ${dept} and a.id = x.id`
    await demanderRepartition(
      session,
      refusees.map(({ ligne }) => ligne.dossier),
    )
  }
  await consignerFaits(
    session,
    [...prises, ...refusees].map(({ ligne, rang, reponse, motif }) => ({
      dossier: ligne.dossier,
      type: reponse === 'pas_pour_nous' ? 'tableau.refuse' : 'menage.pris_en_charge',
      donnees: { liste, rang, reponse, organisme: entete.organisme, ...(motif ? { motif } : {}) },
    })),
  )
  session.consigner({
    action: 'liste.repondre',
    objet: 'liste',
    objetId: liste,
    details: { rangs: utiles.map(({ rang }) => rang) },
  })
  return {
    envoi,
    prises: prises.length,
    refusees: refusees.length,
    confirmees: utiles.length - prises.length - refusees.length,
    dossiersRefuses: refusees.map(({ ligne }) => ligne.dossier),
  }
}
