import { aLeDroit, type Session } from '#acces'
import { consignerFaits } from '#dossiers'
import { type Scellement, scellementDuDossier } from '#echanges'
import { ouvrirFormulaire } from '#formulaires'
import { DUREE_MAX_PARTICIPATION, prolongerPourLaCellule, terminerPourLaCellule } from '#participations'
import { Conflit, Introuvable, refus } from '#socle/errors'
import { isUuid } from '#socle/text'
import { parisDay } from '#socle/time'
import { prevenirDeLaConsultation } from './cellule-avis.ts'
import {
  type ConsultationLue,
  echeanceInitiale,
  estEchue,
  lireConsultation,
  positionsEnVigueur,
  reunionEnVigueur,
  trouverConsultation,
  voixDe,
} from './cellule-lecture.ts'
import {
  etatsConsultation,
  type IssueConsultation,
  issueDesPositions,
  issuesConsultation,
  type SensPosition,
  sensPosition,
} from './cellule-regles.ts'

export const LONGUEUR_MOTIF_CELLULE = 2000
const LIEU_MAX = 200

/** The sheet a meeting on a complex situation is prepared with. */
export const FORMULAIRE_REUNION = 'reunion-situation-complexe'

interface Acte {
  readonly dossier: string
  readonly consultation: string
  /** Drawn with the form: sending it twice writes once. */
  readonly envoi: string
}

function exigerMotif(texte: string, code: string, vide: string): string {
  const net = texte.replace(/\r\n/g, '\n').trim()
  if (net === '') throw refus(code, vide)
  if (net.length > LONGUEUR_MOTIF_CELLULE)
    throw refus(code, `Raccourcir à ${LONGUEUR_MOTIF_CELLULE} caractères : il y en a ${net.length}.`)
  return net
}

interface Ouverte extends ConsultationLue {
  readonly deja: boolean
}

async function estClos({ sql, dept }: Session, dossier: string): Promise<boolean> {
  const [ouvert] = await sql`select 1 from dossier where dept = ${dept} and id = ${dossier} and clos_le is null`
  return !ouvert
}

/**
 * The consultation an act bears on, locked, still open and, unless the act ends it, in a dossier still open. What ended since is a conflict; a form already received is
 * said so.
 */
async function verrouiller(
  session: Session,
  { dossier, consultation, envoi }: Acte,
  { closAussi = false }: { readonly closAussi?: boolean } = {},
): Promise<Ouverte> {
  if (!isUuid(envoi)) throw refus('consultation.envoi', 'Ce formulaire est incomplet. Revenir et recommencer.')
  const { sql, dept } = session
  const trouvee = await trouverConsultation(session, consultation)
  await sql`select 1 from consultation where dept = ${dept} and id = ${trouvee.id} for update`
  const lue = await lireConsultation(session, dossier, trouvee.id)
  if (lue.actes.some(({ id }) => id === envoi)) return { ...lue, deja: true }
  const { etat } = lue.consultation
  if (etat === 'conclue' || etat === 'retiree')
    throw new Conflit(
      'consultation.close',
      `Entre-temps, cette consultation a été ${etatsConsultation[etat].toLowerCase()} : rien n’est enregistré.`,
    )
  if (!closAussi && (await estClos(session, dossier)))
    throw refus('consultation.clos', 'Ce dossier est clos : la consultation ne se poursuit plus.')
  return { ...lue, deja: false }
}

const exigerVersion = ({ consultation }: ConsultationLue, vu: number): void => {
  if (consultation.version !== vu)
    throw new Conflit(
      'consultation.changee',
      'Une position ou une suite est arrivée depuis l’ouverture de la page : rien n’est fait. Relire, puis recommencer.',
    )
}

async function ecrire(
  session: Session,
  lue: ConsultationLue,
  acte: {
    readonly id: string
    readonly genre: 'position' | 'position_retiree' | 'reunion' | 'conclusion' | 'retrait'
    readonly sens?: string
    readonly texte: string | null
    readonly donnees?: Readonly<Record<string, unknown>>
  },
): Promise<Scellement> {
  const { sql, dept, acteur, maintenant } = session
  const { consultation } = lue
  const scellement = await scellementDuDossier(session, session.cles(), consultation.dossier)
  const texte =
    acte.texte === null
      ? null
      : scellement.sceller(acte.texte, { table: 'consultation_acte', colonne: 'texte', id: acte.id })
  await sql`insert into consultation_acte (dept, id, consultation, genre, organisme, sens, texte, donnees, par, a)
    values (${dept}, ${acte.id}, ${consultation.id}, ${acte.genre}, ${acteur.organisme}, ${acte.sens ?? null}, ${texte}, ${JSON.stringify(acte.donnees ?? {})}::jsonb,
      ${acteur.compte}, ${maintenant})`
  return scellement
}

const tracer = (session: Session, action: string, { consultation }: ConsultationLue, details = {}) =>
  session.consigner({
    action,
    objet: 'consultation',
    objetId: consultation.id,
    dossiers: [consultation.dossier],
    details,
  })

/**
 * Gives, or corrects, the position of the reader's organisme: one counts, the newest; the former stay in the history. `vu` is the one its author saw when the form was
 * drawn, empty when there was none: two colleagues do not answer over each other.
 */
export async function repondreConsultation(
  session: Session,
  acte: Acte & { readonly sens: string; readonly motif: string; readonly vu: string },
): Promise<void> {
  const { sql, dept, acteur, maintenant } = session
  if (!acteur.compte || !acteur.organisme || !aLeDroit(acteur, 'cellule.repondre')) throw new Introuvable()
  const lue = await verrouiller(session, acte)
  if (lue.deja) return
  const { consultation, membres, actes } = lue
  const membre = membres.find(({ organisme }) => organisme === acteur.organisme)
  if (membre?.qualite !== 'permanent' && membre?.qualite !== 'invite') throw new Introuvable()
  if (!Object.hasOwn(sensPosition, acte.sens)) throw refus('consultation.sens', 'Choisir une position.')
  const motif = exigerMotif(acte.motif, 'consultation.motif', 'Écrire pourquoi, en une ou deux phrases.')
  const avant = positionsEnVigueur(actes).get(acteur.organisme)
  if ((avant?.id ?? '') !== acte.vu)
    throw new Conflit(
      'consultation.position',
      'Quelqu’un de votre organisme a répondu depuis l’ouverture de cette page.',
      avant ? [avant.id] : [],
    )
  await ecrire(session, lue, {
    id: acte.envoi,
    genre: 'position',
    sens: acte.sens,
    texte: motif,
    donnees: estEchue(consultation, maintenant) ? { tardive: true } : {},
  })
  await sql`update consultation set version = version + 1 where dept = ${dept} and id = ${consultation.id}`
  tracer(session, 'consultation.repondre', lue, { corrige: avant !== undefined })
  // Whoever asked, and the secretariat, learn that an answer came; everyone when a meeting is asked for; never those who read no position.
  const tous = (acte.sens as SensPosition) === 'reunion'
  await prevenirDeLaConsultation(
    session,
    consultation,
    membres
      .filter(({ organisme, qualite }) => tous || qualite === 'secretariat' || organisme === consultation.organisme)
      .map(({ organisme }) => organisme)
      .filter((organisme) => !consultation.invites.includes(organisme)),
    tous ? 'reunion-demandee' : `position-${acteur.organisme}`,
  )
}

/** Takes back the position of the reader's organisme while the consultation is open: it is expected again. The former one stays in the history. */
export async function retirerPosition(session: Session, acte: Acte & { readonly vu: string }): Promise<void> {
  const { sql, dept, acteur } = session
  if (!acteur.compte || !acteur.organisme || !aLeDroit(acteur, 'cellule.repondre')) throw new Introuvable()
  const lue = await verrouiller(session, acte)
  if (lue.deja) return
  const { consultation, membres, actes } = lue
  const avant = positionsEnVigueur(actes).get(acteur.organisme)
  if (!avant) throw refus('consultation.position', 'Votre organisme n’a pas de position à retirer.')
  if (avant.id !== acte.vu)
    throw new Conflit(
      'consultation.position',
      'Quelqu’un de votre organisme a répondu depuis l’ouverture de cette page.',
      [avant.id],
    )
  await ecrire(session, lue, { id: acte.envoi, genre: 'position_retiree', texte: null })
  await sql`update consultation set version = version + 1 where dept = ${dept} and id = ${consultation.id}`
  tracer(session, 'consultation.repondre', lue, { retire: true })
  await prevenirDeLaConsultation(
    session,
    consultation,
    membres
      .filter(({ organisme, qualite }) => qualite === 'secretariat' || organisme === consultation.organisme)
      .map(({ organisme }) => organisme)
      .filter((organisme) => !consultation.invites.includes(organisme)),
    `position-retiree-${acte.envoi}`,
  )
}

const HEURE = /^([01]\d|2[0-3]):[0-5]\d$/

/**
 * Sets, moves or calls off the meeting (CEL-06). A meeting later than the end of the consultation puts that end off until the meeting is over, and the guests read
 * until then; moved earlier or called off, the end comes back to what the opening set.
 */
export async function reunirCellule(
  session: Session,
  acte: Acte & {
    readonly vu: number
    readonly le: Temporal.PlainDate | null
    readonly heure: string
    readonly minutes: number
    readonly lieu: string
    readonly annuler: boolean
  },
): Promise<void> {
  const { sql, dept, acteur, maintenant, jour } = session
  const lue = await verrouiller(session, acte)
  const { consultation, membres, actes } = lue
  if (!aLeDroit(acteur, 'cellule.conclure') && consultation.organisme !== acteur.organisme) throw new Introuvable()
  if (!acteur.compte || !aLeDroit(acteur, 'cellule.consulter')) throw new Introuvable()
  if (lue.deja) return
  exigerVersion(lue, acte.vu)
  const derniere = actes.findLast(({ genre }) => genre === 'reunion')
  const sequence = derniere ? (derniere.donnees.sequence ?? 0) + 1 : 0
  let echeance: Temporal.Instant | null = null
  const initiale = echeanceInitiale(lue)
  const repere = { echeance_initiale: initiale.toString() }
  if (acte.annuler) {
    const courante = reunionEnVigueur(actes)
    if (!courante) throw refus('consultation.reunion', 'Aucune réunion n’est prévue.')
    const { le, heure, minutes } = courante.donnees
    await ecrire(session, lue, {
      id: acte.envoi,
      genre: 'reunion',
      texte: courante.texte,
      donnees: { le, heure, minutes, sequence, annulee: true, ...repere },
    })
  } else {
    if (acte.le === null || Temporal.PlainDate.compare(acte.le, jour) < 0)
      throw refus('consultation.le', 'Indiquer le jour de la réunion, aujourd’hui ou plus tard.')
    if (Temporal.PlainDate.compare(acte.le, jour.add(DUREE_MAX_PARTICIPATION)) > 0)
      throw refus('consultation.le', 'La cellule se réunit dans un an au plus : donner un jour plus proche.')
    if (!HEURE.test(acte.heure)) throw refus('consultation.heure', 'Écrire l’heure, par exemple 14:30.')
    if (!Number.isInteger(acte.minutes) || acte.minutes < 5 || acte.minutes > 480)
      throw refus('consultation.minutes', 'Écrire la durée en minutes, par exemple 45.')
    const lieu = acte.lieu.trim()
    if (lieu === '' || lieu.length > LIEU_MAX)
      throw refus(
        'consultation.lieu',
        `Écrire le lieu, ou l’adresse de la visioconférence, en ${LIEU_MAX} caractères au plus.`,
      )
    const debut = debutDeReunion({ le: acte.le.toString(), heure: acte.heure }).toInstant()
    echeance = debut.add({ minutes: acte.minutes })
    if (Temporal.Instant.compare(debut, maintenant) <= 0)
      throw refus('consultation.heure', 'Cette heure est déjà passée : en donner une à venir.')
    await ecrire(session, lue, {
      id: acte.envoi,
      genre: 'reunion',
      texte: lieu,
      donnees: { le: acte.le.toString(), heure: acte.heure, minutes: acte.minutes, sequence, ...repere },
    })
  }
  const retenue = echeance !== null && Temporal.Instant.compare(echeance, initiale) > 0 ? echeance : initiale
  const aVenir = Temporal.Instant.compare(retenue, maintenant) > 0
  await sql`update consultation set version = version + 1, echeance_a = ${retenue},
      etat = ${aVenir ? 'ouverte' : consultation.etat} where dept = ${dept} and id = ${consultation.id}`
  if (Temporal.Instant.compare(retenue, consultation.echeance_a) > 0)
    await prolongerPourLaCellule(session, consultation.dossier, participationsDe(lue, ['invite']), parisDay(retenue))
  tracer(session, 'consultation.reunir', lue, { sequence, annulee: acte.annuler })
  await prevenirDeLaConsultation(
    session,
    consultation,
    membres.map(({ organisme }) => organisme),
    `reunion-${sequence}`,
  )
}

/** When a meeting begins, in the hour of Paris. */
export const debutDeReunion = ({
  le,
  heure,
}: {
  readonly le: string
  readonly heure: string
}): Temporal.ZonedDateTime =>
  Temporal.PlainDate.from(le).toZonedDateTime({ timeZone: 'Europe/Paris', plainTime: Temporal.PlainTime.from(heure) })

const participationsDe = (lue: ConsultationLue, qualites: readonly string[]): string[] =>
  lue.membres.flatMap(({ qualite, participation }) =>
    qualites.includes(qualite) && participation !== null ? [participation] : [],
  )

/**
 * Concludes, from the positions, with a reason (CEL-05, CEL-11). Before the end, only when everyone asked has answered. Where the charter sets a rule of decision, what
 * it gives is what is concluded. The decision is provisional: it is registered at once for the next commission. `simuler`: refuses like the act, writes nothing.
 */
export async function conclureConsultation(
  session: Session,
  acte: Acte & { readonly vu: number; readonly issue: string; readonly motif: string; readonly simuler?: boolean },
): Promise<void> {
  const { sql, dept, acteur, maintenant, jour } = session
  if (!acteur.compte || !acteur.organisme || !aLeDroit(acteur, 'cellule.conclure')) throw new Introuvable()
  const lue = await verrouiller(session, acte)
  if (lue.deja) return
  const { consultation, membres } = lue
  exigerVersion(lue, acte.vu)
  if (!Object.hasOwn(issuesConsultation, acte.issue)) throw refus('consultation.issue', 'Choisir la conclusion.')
  const issue = acte.issue as IssueConsultation
  const motif = exigerMotif(
    acte.motif,
    'consultation.motif',
    'Écrire le motif : chacun de ceux qui lisent la consultation le lira.',
  )
  const voix = voixDe(lue)
  const echue = estEchue(consultation, maintenant)
  if (!echue && voix.some(({ sens }) => sens === null))
    throw refus(
      'consultation.avant-terme',
      'Des membres ont encore du temps pour répondre : conclure quand tous l’ont fait, ou à l’échéance.',
    )
  const calculee = issueDesPositions(consultation.regles, voix, echue)
  if (calculee !== null && calculee !== issue && issue !== 'renvoi')
    throw refus(
      'consultation.issue',
      `La règle de décision donne « ${issuesConsultation[calculee]} » d’après les positions : conclure ainsi, ou renvoyer à la commission.`,
    )
  if (acte.simuler) return
  // The end may have passed before background work noted it: who said nothing is written all the same.
  if (echue) await ecrireSilences(session, [consultation.id])
  await ecrire(session, lue, { id: acte.envoi, genre: 'conclusion', sens: issue, texte: motif })
  await sql`update consultation set etat = 'conclue', issue = ${issue}, close_a = ${maintenant}, version = version + 1 where dept = ${dept} and id = ${consultation.id}`
  await sql`insert into regularisation (dept, consultation, dossier, conclue_le) values (${dept}, ${consultation.id}, ${consultation.dossier}, ${jour})`
  await consignerFaits(session, [
    { dossier: consultation.dossier, type: 'consultation.conclue', donnees: { consultation: consultation.id } },
  ])
  tracer(session, 'consultation.conclure', lue, { issue })
  // Those who may still read it once the guests have left, and the landlord that asked.
  await prevenirDeLaConsultation(
    session,
    consultation,
    membres.filter(({ qualite }) => qualite !== 'invite').map(({ organisme }) => organisme),
    'conclue',
  )
  await terminerPourLaCellule(session, consultation, participationsDe(lue, ['invite']), 'Consultation conclue')
}

/**
 * Takes back a consultation of one's own organisme, or, once its dossier is closed, of any when one may conclude it: nothing is expected any more, and nobody reads the
 * dossier for it. `simuler`: refuses like the act, writes nothing.
 */
export async function retirerConsultation(
  session: Session,
  acte: Acte & { readonly motif: string; readonly simuler?: boolean },
): Promise<void> {
  const { sql, dept, acteur, maintenant } = session
  if (!acteur.compte || !acteur.organisme) throw new Introuvable()
  const lue = await verrouiller(session, acte, { closAussi: true })
  const sienne =
    lue.consultation.organisme === acteur.organisme &&
    (aLeDroit(acteur, 'cellule.ouvrir') || aLeDroit(acteur, 'cellule.solliciter'))
  if (!sienne && !(aLeDroit(acteur, 'cellule.conclure') && (await estClos(session, acte.dossier))))
    throw new Introuvable()
  if (lue.deja) return
  const { consultation, membres } = lue
  const motif = exigerMotif(acte.motif, 'consultation.motif', 'Écrire pourquoi la consultation est retirée.')
  if (acte.simuler) return
  await ecrire(session, lue, { id: acte.envoi, genre: 'retrait', texte: motif })
  await sql`update consultation set etat = 'retiree', close_a = ${maintenant}, version = version + 1 where dept = ${dept} and id = ${consultation.id}`
  await consignerFaits(session, [
    { dossier: consultation.dossier, type: 'consultation.retiree', donnees: { consultation: consultation.id } },
  ])
  tracer(session, 'consultation.retirer', lue)
  await prevenirDeLaConsultation(
    session,
    consultation,
    membres.map(({ organisme }) => organisme),
    'retiree',
  )
  await terminerPourLaCellule(
    session,
    consultation,
    membres.flatMap(({ participation }) => participation ?? []),
    'Consultation retirée',
  )
}

/**
 * Begins the sheet of the meeting on a complex situation (CEL-09), read by those who read the consultation with the dossier; the first one begun is the one.
 */
export async function ouvrirFicheDeReunion(
  session: Session,
  dossier: Parameters<typeof ouvrirFormulaire>[2],
  consultation: string,
  envoi: string,
): Promise<string> {
  const { sql, dept } = session
  const { fiche, lecteurs, etat } = await trouverConsultation(session, consultation)
  if (fiche !== null) return fiche
  if (etat === 'conclue' || etat === 'retiree')
    throw refus('consultation.close', 'Cette consultation est terminée : sa fiche ne s’ouvre plus.')
  await sql`select 1 from consultation where dept = ${dept} and id = ${consultation}::uuid for update`
  const [courante] = await sql<{
    fiche: string | null
  }>`select fiche from consultation where dept = ${dept} and id = ${consultation}::uuid`
  if (courante?.fiche) return courante.fiche
  const id = await ouvrirFormulaire(session, session.cles(), dossier, { code: FORMULAIRE_REUNION, lecteurs, envoi })
  await sql`update consultation set fiche = ${id} where dept = ${dept} and id = ${consultation}::uuid`
  session.consigner({
    action: 'consultation.reunir',
    objet: 'consultation',
    objetId: consultation,
    dossiers: [dossier.id],
  })
  return id
}

/** Consultations still open whose dossier is closed. */
export async function listerConsultationsDesClos({ sql, dept }: Session): Promise<string[]> {
  const lignes = await sql<{ id: string }>`
    select c.id from consultation c join dossier d on d.dept = ${dept} and d.id = c.dossier and d.clos_le is not null
    where c.dept = ${dept} and c.etat in ('ouverte', 'a_conclure') order by c.id limit 200`
  return lignes.map(({ id }) => id)
}

/** Job: takes back a consultation of a closed dossier, and ends what it let others read. Doing it again changes nothing. Returns whether it was taken back. */
export async function retirerConsultationDuClos(session: Session, consultation: string): Promise<boolean> {
  const { sql, dept, maintenant } = session
  const [restee] = await sql<{ dossier: string; organisme: string; participations: string[] }>`
    select c.dossier, c.organisme, array(select m.participation from consultation_membre m
      where m.dept = ${dept} and m.consultation = c.id and m.participation is not null) as participations
    from consultation c join dossier d on d.dept = ${dept} and d.id = c.dossier and d.clos_le is not null
    where c.dept = ${dept} and c.id = ${consultation}::uuid and c.etat in ('ouverte', 'a_conclure') for update of c skip locked`
  if (!restee) return false
  const { dossier, organisme, participations } = restee
  await sql`insert into consultation_acte (dept, id, consultation, genre, organisme, donnees, a)
    values (${dept}, gen_random_uuid(), ${consultation}::uuid, 'retrait', ${organisme}, '{"clos": true}'::jsonb, ${maintenant})`
  await sql`update consultation set etat = 'retiree', close_a = ${maintenant}, version = version + 1 where dept = ${dept} and id = ${consultation}::uuid`
  await consignerFaits(session, [{ dossier, type: 'consultation.retiree', donnees: { consultation } }])
  session.consigner({
    action: 'consultation.retirer',
    objet: 'consultation',
    objetId: consultation,
    dossiers: [dossier],
    details: { clos: true },
  })
  await terminerPourLaCellule(session, { id: consultation, dossier }, participations, 'Dossier clos')
  return true
}

/** Writes the silence of each member asked that has no position when the time to answer has passed, once for each end. Returns how many. */
async function ecrireSilences({ sql, dept, maintenant }: Session, consultations: readonly string[]): Promise<number> {
  const ecrits = await sql`insert into consultation_acte (dept, id, consultation, genre, organisme, donnees, a)
    select ${dept}, gen_random_uuid(), c.id, 'silence', m.organisme, jsonb_build_object('echeance', c.echeance_a), ${maintenant}::timestamptz
    from consultation c join consultation_membre m on m.dept = ${dept} and m.consultation = c.id and m.qualite in ('permanent', 'invite')
    where c.dept = ${dept} and c.id = any (${consultations}::uuid[]) and c.echeance_a <= ${maintenant}
      and coalesce((select a.genre from consultation_acte a where a.dept = ${dept} and a.consultation = c.id and a.organisme = m.organisme
        and a.genre in ('position', 'position_retiree') order by a.rang desc limit 1), '') <> 'position'
    on conflict do nothing returning id`
  return ecrits.length
}

/** Consultations whose time to answer has passed, the oldest first. */
export async function listerConsultationsEchues({ sql, dept, maintenant }: Session): Promise<string[]> {
  const lignes = await sql<{ id: string }>`
    select id from consultation where dept = ${dept} and etat = 'ouverte' and echeance_a <= ${maintenant} order by echeance_a, id limit 200`
  return lignes.map(({ id }) => id)
}

/**
 * Job: ends the time to answer of one consultation. Each member that said nothing has a silence written, worth what the rules of the consultation say; the secretariat
 * and the pilots learn that it waits for its conclusion. Doing it again changes nothing. Returns whether it ended.
 */
export async function echoirConsultation(session: Session, id: string): Promise<boolean> {
  const { sql, dept, maintenant } = session
  const [echue] = await sql<{ id: string; dossier: string; invites: string[]; echeance_a: Temporal.Instant }>`
    select id, dossier, invites, echeance_a from consultation where dept = ${dept} and id = ${id}::uuid and etat = 'ouverte' and echeance_a <= ${maintenant}
    for update skip locked`
  if (!echue) return false
  const silences = await ecrireSilences(session, [id])
  await sql`update consultation set etat = 'a_conclure', version = version + 1 where dept = ${dept} and id = ${id}::uuid`
  session.consigner({
    action: 'consultations.echoir',
    objet: 'consultation',
    objetId: id,
    dossiers: [echue.dossier],
    details: { nombre: 1, silences },
  })
  const membres = await sql<{ organisme: string }>`
    select m.organisme from consultation_membre m join organisme o on o.dept = ${dept} and o.id = m.organisme
    where m.dept = ${dept} and m.consultation = ${id}::uuid
      and (m.qualite = 'secretariat' or o.type in ('prefecture', 'sous_prefecture', 'departement'))`
  await prevenirDeLaConsultation(
    session,
    echue,
    membres.map(({ organisme }) => organisme),
    `echeance-${echue.echeance_a}`,
  )
  return true
}
