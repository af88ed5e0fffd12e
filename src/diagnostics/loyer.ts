import { randomUUID } from 'node:crypto'
import type { Session } from '#acces'
import {
  annulerActe,
  CHAMPS_DOSSIER,
  consignerActe,
  consignerFaits,
  type Dossier,
  dansLePerimetre,
  type Echeance,
  masquer,
  voitToujours,
} from '#dossiers'
import { sql as fragment } from '#socle/db'
import { Introuvable, Refus, refus } from '#socle/errors'
import { decouper, exigerOrganisme, type PageTravail } from './commun.ts'
import { alerteEnAttente, alertesLoyer } from './echeances.ts'

export const reponsesReprise = {
  entiere: 'Oui, entièrement',
  partielle: 'En partie',
  non: 'Non',
  inconnue: 'On ne sait pas',
} as const
export type ReponseReprise = keyof typeof reponsesReprise

export const sourcesReprise = {
  menage: 'Le ménage',
  bailleur: 'Le bailleur',
  caisse: 'La caisse',
  piece: 'Une pièce : quittance, relevé',
} as const
export type SourceReprise = keyof typeof sourcesReprise

/** One answer to « le loyer courant est-il entièrement repris, depuis quand ? ». */
export interface Reprise {
  readonly id: string
  readonly reponse: ReponseReprise
  readonly depuis: Temporal.PlainDate | null
  readonly le: Temporal.PlainDate
  readonly dit_par: SourceReprise
  readonly organisme_nom: string
  readonly auteur: string
  readonly a: Temporal.Instant
  readonly audience_le: Temporal.PlainDate | null
}

/** The day an answer was given makes it the newest, not the day it was noted: one heard earlier and noted late changes nothing of what is known. */
const PLUS_RECENTE = fragment`order by r.le desc, r.rang desc`

/** What one dossier shows of it: answers newest first, and the alert that waits for the next. Null for whoever reads no debt. */
export interface SuiviLoyer {
  readonly reprises: readonly Reprise[]
  readonly alertes: readonly Echeance[]
  readonly attente: Echeance | null
}

const aVenir = (audience: Temporal.PlainDate | null, jour: Temporal.PlainDate): audience is Temporal.PlainDate =>
  audience !== null && Temporal.PlainDate.compare(audience, jour) >= 0

/** An act « loyer repris » entered from the procedure answers the question as well. */
const estDite = (alertes: readonly Echeance[], derivees: readonly Echeance[]): boolean =>
  derivees.some(({ cle, tenueLe }) => tenueLe !== undefined && alertes.some((une) => une.cle === cle))

/** Reads the question and its answers for one dossier. */
export async function lireSuiviLoyer(
  session: Session,
  dossier: Pick<Dossier, 'id' | 'audience_le' | 'masques' | 'echeances'>,
): Promise<SuiviLoyer | null> {
  if (dossier.masques.includes('dette') || dossier.masques.includes('procedure')) return null
  const reprises = await session.sql<Reprise>`
    select r.id, r.reponse, r.depuis, r.le, r.dit_par, o.nom as organisme_nom, c.prenom || ' ' || c.nom as auteur, r.a, r.audience_le
    from reprise_loyer r join organisme o on o.dept = ${session.dept} and o.id = r.organisme join compte c on c.dept = ${session.dept} and c.id = r.par
    where r.dept = ${session.dept} and r.dossier = ${dossier.id} ${PLUS_RECENTE}`
  const { audience_le: audience } = dossier
  if (!aVenir(audience, session.jour)) return { reprises, alertes: [], attente: null }
  const alertes = alertesLoyer(session, audience)
  const dite = reprises.length === 0 && estDite(alertes, dossier.echeances)
  return {
    reprises,
    alertes,
    attente: dite ? null : alerteEnAttente(alertes, reprises[0] ?? null, audience, session.jour),
  }
}

/** Records an answer with its date. A change is another answer: none is overwritten. */
export async function noterReprise(
  session: Session,
  dossier: Pick<Dossier, 'id' | 'audience_le'>,
  demande: {
    reponse: ReponseReprise
    depuis: Temporal.PlainDate | null
    le: Temporal.PlainDate
    ditPar: SourceReprise
    envoi: string
  },
): Promise<void> {
  const { organisme, compte } = exigerOrganisme(session)
  if (Temporal.PlainDate.compare(demande.le, session.jour) > 0)
    throw refus('loyer.le', 'Cette date est à venir : noter le jour où la réponse a été donnée.')
  if (demande.reponse === 'entiere' && !demande.depuis)
    throw refus('loyer.depuis', 'Dire depuis quand le loyer est entièrement repris : c’est ce que le juge regarde.')
  if (demande.depuis && demande.reponse !== 'entiere')
    throw refus(
      'loyer.depuis',
      'Cette date se donne quand le loyer est repris en entier : la vider, ou répondre « Oui, entièrement ».',
    )
  if (demande.depuis && Temporal.PlainDate.compare(demande.depuis, demande.le) > 0)
    throw refus('loyer.depuis', 'La reprise ne peut pas être après le jour de la réponse.')
  const [deja] =
    await session.sql`select 1 from reprise_loyer where dept = ${session.dept} and par = ${compte} and envoi = ${demande.envoi}`
  if (deja) return
  const { depuis } = demande
  const acte = await consignerReprise(session, dossier.id, depuis, demande)
  const ecrites = await session.sql<{ id: string }>`
    insert into reprise_loyer (dept, id, dossier, reponse, depuis, le, dit_par, audience_le, acte, organisme, par, a, envoi)
    values (${session.dept}, ${randomUUID()}, ${dossier.id}, ${demande.reponse}, ${depuis}, ${demande.le}, ${demande.ditPar}, ${dossier.audience_le},
      ${acte}, ${organisme}, ${compte}, ${session.maintenant}, ${demande.envoi})
    on conflict (dept, par, envoi) do nothing returning id`
  if (ecrites.length === 0) return
  await consignerFaits(session, [
    {
      dossier: dossier.id,
      type: 'loyer.verifie',
      le: demande.le,
      donnees: { reponse: demande.reponse, ...(depuis ? { depuis: depuis.toString() } : {}) },
    },
  ])
  session.consigner({ action: 'loyer.verifier', objet: 'dossier', objetId: dossier.id, dossiers: [dossier.id] })
}

const SOURCES_ACTE = { menage: 'menage', bailleur: 'bailleur', caisse: 'caisse', piece: 'autre' } as const

/**
 * Says it to the dossier too, whose legal dates are derived from its acts: « entirely » records the act, an answer that no longer says so withdraws the one recorded
 * here before; one given before the newest changes nothing. Returns the act recorded.
 */
async function consignerReprise(
  session: Session,
  dossier: string,
  depuis: Temporal.PlainDate | null,
  { le, ditPar, envoi }: { readonly le: Temporal.PlainDate; readonly ditPar: SourceReprise; readonly envoi: string },
): Promise<string | null> {
  const [derniere] = await session.sql<{
    acte: string | null
    le: Temporal.PlainDate
  }>`select r.acte, r.le from reprise_loyer r
    where r.dept = ${session.dept} and r.dossier = ${dossier} ${PLUS_RECENTE} limit 1`
  if (derniere && Temporal.PlainDate.compare(le, derniere.le) < 0) return null
  if (derniere?.acte) {
    try {
      await annulerActe(session, { dossier, acte: derniere.acte, motif: 'acte_annule', envoi: randomUUID() })
    } catch (erreur) {
      // Withdrawn by hand meanwhile, from the procedure: there is nothing left to withdraw.
      if (!(erreur instanceof Refus) && !(erreur instanceof Introuvable)) throw erreur
    }
  }
  if (depuis === null) return null
  const { acte } = await consignerActe(session, {
    dossier,
    genre: 'loyer_repris',
    le: depuis,
    contenu: { source: SOURCES_ACTE[ditPar] },
    envoi,
  })
  return acte
}

/** A household whose hearing comes, and the question that waits. */
export interface LoyerAVerifier {
  readonly id: string
  readonly reference: string
  readonly titulaire: string
  readonly commune: string
  readonly organisme_nom: string | null
  readonly audience_le: Temporal.PlainDate
  readonly alerte: Echeance
  readonly derniere: { readonly reponse: ReponseReprise; readonly le: Temporal.PlainDate } | null
}

/** No alert is that early: beyond, hearings are not read at all. */
const HORIZON_MOIS = 6

async function chercherLoyers(session: Session, territoires: readonly string[] | null): Promise<LoyerAVerifier[]> {
  if (!voitToujours(session, 'procedure') || !voitToujours(session, 'dette')) return []
  const { dept, jour } = session
  const lus = await session.sql<
    Omit<LoyerAVerifier, 'alerte' | 'derniere'> & {
      reponse: ReponseReprise | null
      le: Temporal.PlainDate | null
      pour: Temporal.PlainDate | null
      tenues: readonly Echeance[]
    }
  >`
    select d.id, d.reference, d.titulaire, d.commune, o.nom as organisme_nom, d.audience_le, r.reponse, r.le, r.audience_le as pour,
      jsonb_path_query_array(d.echeances, '$[*] ? (exists(@.tenueLe))') as tenues
    from dossier d left join organisme o on o.dept = ${dept} and o.id = d.organisme
    left join lateral (select r.reponse, r.le, r.audience_le from reprise_loyer r
      where r.dept = ${dept} and r.dossier = d.id ${PLUS_RECENTE} limit 1) r on true
    where d.dept = ${dept} and d.clos_le is null and d.audience_le >= ${jour} and d.audience_le <= ${jour.add({ months: HORIZON_MOIS })}
      and (${territoires}::text[] is null or d.territoire = any (${territoires}::text[])) and ${dansLePerimetre(session)}
    order by d.audience_le, d.id`
  // Hearings are held on few days: what each day asks is computed once.
  const parJour = new Map<string, readonly Echeance[]>()
  const alertesDu = (audience: Temporal.PlainDate): readonly Echeance[] => {
    const connues = parJour.get(audience.toString()) ?? alertesLoyer(session, audience)
    parJour.set(audience.toString(), connues)
    return connues
  }
  return lus.flatMap(({ reponse, le, pour, tenues, ...dossier }): LoyerAVerifier[] => {
    const derniere = reponse !== null && le !== null ? { reponse, le, audience_le: pour } : null
    const { audience_le: audience } = dossier
    const alertes = alertesDu(audience)
    const dite = derniere === null && estDite(alertes, tenues)
    const alerte = dite ? null : alerteEnAttente(alertes, derniere, audience, jour)
    return alerte ? [{ ...masquerNom(session, dossier), alerte, derniere }] : []
  })
}

/**
 * Households whose answer is awaited, the nearest hearing first, in the reader's perimeter, a page at a time; beyond the last page, the last one. Nothing for whoever
 * does not read hearings and debts everywhere.
 */
export async function listerLoyersAVerifier(
  session: Session,
  demandee = 1,
  territoires: readonly string[] | null = null,
): Promise<PageTravail<LoyerAVerifier>> {
  const page = decouper(await chercherLoyers(session, territoires), demandee)
  session.consigner({
    action: 'diagnostics.lister',
    dossiers: page.lignes.map(({ id }) => id),
    details: { quoi: 'loyers' },
  })
  return page
}

/** How many they are: shows no household, hence journals none. */
export const compterLoyersAVerifier = async (
  session: Session,
  territoires: readonly string[] | null = null,
): Promise<number> => (await chercherLoyers(session, territoires)).length

/** The row as its reader may see it. */
function masquerNom<T extends object>(session: Session, ligne: T): T {
  return masquer(ligne, CHAMPS_DOSSIER, (groupe) => voitToujours(session, groupe))
}
