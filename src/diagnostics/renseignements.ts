import { randomUUID } from 'node:crypto'
import { join } from 'node:path'
import { z } from 'zod'
import type { Session } from '#acces'
import { consignerFaits, type Dossier } from '#dossiers'
import { scellementDuDossier } from '#echanges'
import { listerDestinataires, noter } from '#notifications'
import {
  type Forme,
  fichierDonnees,
  identifiant,
  lireDocumentYaml,
  provenance,
  type Remarque,
  TYPES_ORGANISME,
  texteRempli,
} from '#referentiel'
import { exigencesBailleur } from '#repartition'
import type { Keyring } from '#socle/cipher'
import { type Fragment, sql as fragment } from '#socle/db'
import { Conflit, Introuvable, refus } from '#socle/errors'
import { isUuid } from '#socle/text'
import { accordBailleur } from './bailleur.ts'
import { exigerOrganisme } from './commun.ts'
import { listerVolets, marquerARelire } from './diagnostics.ts'
import type { Diagnostic } from './types.ts'

const NOM = 'diagnostics/renseignements.yaml'
const schema = fichierDonnees({
  questions: z
    .array(
      z.strictObject({
        code: identifiant,
        libelle: texteRempli,
        genre: z.enum(['texte', 'montant', 'date', 'oui_non']),
        a: z.array(z.enum(TYPES_ORGANISME)).min(1),
        protege: z.boolean().optional(),
      }),
    )
    .min(1),
  ...provenance,
})
type Liste = z.output<typeof schema>

/** A question of the closed list. */
export type QuestionRenseignement = Liste['questions'][number]

/** The kind of data file that says what may be asked, of whom. */
export const FORMES_DIAGNOSTICS: readonly Forme[] = [
  { nom: 'renseignements', titre: 'Renseignements demandés pour un diagnostic', chemins: [NOM], schema },
]

const lues = new Map<string, Liste>()
function charger(racine: string): Liste {
  const lue = lues.get(racine) ?? lireDocumentYaml(join(racine, NOM), schema, `donnees/${NOM}`).valeur
  lues.set(racine, lue)
  return lue
}

/** What nobody has reviewed yet in it. */
export function inventorierRenseignements(racine: string): Remarque[] {
  const { fiabilite, verifie_le } = charger(racine)
  const lieu = { chemin: `donnees/${NOM}`, libelle: 'Renseignements pour un diagnostic' }
  return [
    ...(fiabilite === 'defaut' ? [{ ...lieu, genre: 'a_completer', detail: 'liste proposée par Amont' } as const] : []),
    ...(verifie_le === null ? [{ ...lieu, genre: 'non_verifie', detail: 'jamais relu par les pilotes' } as const] : []),
  ]
}

/** What may be asked of a kind of organisme, in the order of the list. */
export const questionsPour = ({ referentiel }: Pick<Session, 'referentiel'>, type: string): QuestionRenseignement[] =>
  charger(referentiel.racine).questions.filter(({ a }) => (a as readonly string[]).includes(type))

const BAILLEURS = ['bailleur_social', 'ais_aivs', 'union_bailleurs']
const INVITES = ['mandataire', 'association']
export const LONGUEUR_RENSEIGNEMENT = 800

/** Said by a guardian before what the budget allows is told (MAN 10, 19, 25). */
export const accordsPersonne = {
  obtenu: 'Obtenu',
  recherche: 'Recherché, sans réponse possible',
  refuse: 'Refusé',
} as const
export type AccordPersonne = keyof typeof accordsPersonne

/** What was answered: each question by its text, and under which terms; or why nothing is. */
export interface Reponses {
  readonly valeurs: Readonly<Record<string, string>>
  readonly mesure?: boolean
  readonly accord?: AccordPersonne
  readonly motif?: string
}

/** A request, as its service reads it. */
export interface Renseignement {
  readonly id: string
  /** The service that asks. */
  readonly organisme: string
  readonly destinataire_nom: string
  readonly questions: readonly QuestionRenseignement[]
  readonly avant: Temporal.PlainDate
  readonly a: Temporal.Instant
  readonly auteur: string
  readonly etat: 'ouverte' | 'repondue' | 'refusee' | 'retiree'
  readonly reponses: Reponses | null
  readonly repondu_a: Temporal.Instant | null
  readonly repondu_nom: string | null
}

/** Whether the organisme `o` knows a household otherwise today: when it is asked, and each time it reads what it was asked. */
const connaitLeMenage = (
  { dept, jour }: Pick<Session, 'dept' | 'jour'>,
  dossier: Fragment,
  bailleur: Fragment,
): Fragment => fragment`(
  (o.type = any (${BAILLEURS}::text[]) and (lower(o.nom) = lower(${bailleur})
    or exists (select 1 from signalement s join rattachement l on l.dept = ${dept} and l.signalement = s.id and l.dossier = ${dossier} and l.defait_a is null
      where s.dept = ${dept} and s.organisme = o.id and s.retire_a is null)))
  or (o.type = any (${INVITES}::text[]) and (
    exists (select 1 from dossier h where h.dept = ${dept} and h.id = ${dossier} and o.id = any (h.organismes_habilites))
    or exists (select 1 from participation p where p.dept = ${dept} and p.dossier = ${dossier} and p.organisme = o.id and p.retiree_a is null
      and p.du <= ${jour} and (p.jusqu_au is null or p.jusqu_au >= ${jour})))))`

/** Organismes that know the household otherwise: its landlord, by its name or its signalements, and the guardians and associations engaged on the dossier. */
export function listerInterrogeables(
  session: Session,
  { id, bail }: Pick<Dossier, 'id' | 'bail'>,
): Promise<{ id: string; nom: string; type: string }[]> {
  const { dept, acteur } = session
  return session.sql`
    select o.id, o.nom, o.type from organisme o
    where o.dept = ${dept} and o.actif and o.id is distinct from ${acteur.organisme}::uuid
      and ${connaitLeMenage(session, fragment`${id}::uuid`, fragment`${bail.bailleurNom ?? ''}::text`)}
    order by o.nom collate "fr-x-icu"`
}

const nommer = (session: Pick<Session, 'referentiel'>, codes: readonly string[]): QuestionRenseignement[] =>
  charger(session.referentiel.racine).questions.filter(({ code }) => codes.includes(code))

/** States in which a diagnosis still takes what is answered. */
const OUVERTS = ['demande', 'en_cours', 'relu']

/** Where a request `r` stands today: nothing is expected any more once its dossier `d` is closed or its diagnosis `g` is settled. */
const ETAT_DU_JOUR = fragment`(case when r.etat = 'ouverte' and (d.clos_le is not null or g.etat <> all (${OUVERTS}::text[])) then 'retiree' else r.etat end)`

const place = (id: string) => ({ table: 'renseignement', colonne: 'texte', id }) as const

/** Requests of a diagnosis, newest first, with their answers; none for whoever does not read what a diagnosis says. */
export async function listerRenseignements(
  session: Session,
  cles: Keyring,
  { id, dossier }: Pick<Diagnostic, 'id' | 'dossier'>,
): Promise<Renseignement[]> {
  const { dept } = session
  const lus = await session.sql<
    Omit<Renseignement, 'questions' | 'reponses'> & { questions: string[]; reponses: string | null }
  >`
    select r.id, o.nom as destinataire_nom, r.questions, r.avant, r.a, c.prenom || ' ' || c.nom as auteur, r.organisme, ${ETAT_DU_JOUR} as etat, r.reponses, r.repondu_a,
      x.prenom || ' ' || x.nom as repondu_nom
    from renseignement r join organisme o on o.dept = ${dept} and o.id = r.destinataire join compte c on c.dept = ${dept} and c.id = r.par
    join dossier d on d.dept = ${dept} and d.id = r.dossier join diagnostic g on g.dept = ${dept} and g.id = r.diagnostic
    left join compte x on x.dept = ${dept} and x.id = r.repondu_par
    where r.dept = ${dept} and r.diagnostic = ${id} order by r.a desc, r.id`
  const scellement = lus.some(({ reponses }) => reponses !== null)
    ? await scellementDuDossier(session, cles, dossier)
    : null
  return lus.map(({ questions, reponses, ...un }) => ({
    ...un,
    questions: nommer(session, questions),
    reponses: reponses && scellement ? (JSON.parse(scellement.ouvrir(reponses, place(un.id))) as Reponses) : null,
  }))
}

/** Of whom something was asked about a household, by whom and when, never what: for its right of access (ACC-14). */
export interface RenseignementDemande {
  readonly organisme_nom: string
  readonly destinataire_nom: string
  readonly a: Temporal.Instant
  readonly etat: Renseignement['etat']
  readonly repondu_a: Temporal.Instant | null
}

export const listerRenseignementsDemandes = (
  { sql, dept }: Session,
  dossier: string,
): Promise<readonly RenseignementDemande[]> =>
  sql<RenseignementDemande>`
    select o.nom as organisme_nom, x.nom as destinataire_nom, r.a, r.etat, r.repondu_a
    from renseignement r join organisme o on o.dept = ${dept} and o.id = r.organisme join organisme x on x.dept = ${dept} and x.id = r.destinataire
    where r.dept = ${dept} and r.dossier = ${dossier} order by r.a, r.id`

/** Asks an organisme that knows the household for what only it can say, before a day. One request at a time to each. */
export async function demanderRenseignements(
  session: Session,
  dossier: Pick<Dossier, 'id' | 'bail' | 'clos_le'>,
  diagnostic: Diagnostic,
  demande: { destinataire: string; questions: readonly string[]; avant: Temporal.PlainDate; envoi: string },
): Promise<void> {
  const { dept } = session
  const { organisme, compte } = exigerOrganisme(session)
  if (!(await listerVolets(session, diagnostic.id)).some((volet) => volet.organisme === organisme))
    throw refus('renseignement.service', 'Les services qui remplissent ce diagnostic demandent les renseignements.')
  if (dossier.clos_le !== null)
    throw refus('renseignement.clos', 'Ce dossier est clos : le rouvrir pour demander des renseignements.')
  if (!OUVERTS.includes(diagnostic.etat))
    throw refus('renseignement.fige', 'Ce diagnostic ne change plus : demander sur son actualisation.')
  const interroge = (await listerInterrogeables(session, dossier)).find(({ id }) => id === demande.destinataire)
  if (!interroge) throw refus('renseignement.destinataire', 'Choisir un organisme qui connaît ce ménage.')
  const permises = questionsPour(session, interroge.type).map(({ code }) => code)
  const questions = permises.filter((code) => demande.questions.includes(code))
  if (questions.length === 0)
    throw refus('renseignement.questions', `Cocher ce qui est demandé à ${interroge.nom}, dans sa liste.`)
  if (Temporal.PlainDate.compare(demande.avant, session.jour) < 0)
    throw refus('renseignement.avant', 'La date attendue est déjà passée : en donner une à venir.')
  if (
    BAILLEURS.includes(interroge.type) &&
    exigencesBailleur(session)?.accord &&
    !(await accordBailleur(session, dossier.id))
  )
    throw refus(
      'renseignement.accord',
      'L’accord du ménage n’est pas noté : votre engagement le demande avant d’échanger avec le bailleur. Le noter d’abord dans « Accords du ménage ».',
    )
  const id = randomUUID()
  const ecrites = await session.sql<{ id: string }>`
    insert into renseignement (dept, id, diagnostic, dossier, organisme, destinataire, questions, avant, par, a, envoi)
    values (${dept}, ${id}, ${diagnostic.id}, ${diagnostic.dossier}, ${organisme}, ${interroge.id}, ${questions}::text[], ${demande.avant}, ${compte},
      ${session.maintenant}, ${demande.envoi})
    on conflict do nothing returning id`
  if (ecrites.length === 0) {
    const [deja] =
      await session.sql`select 1 from renseignement where dept = ${dept} and par = ${compte} and envoi = ${demande.envoi}`
    if (deja) return
    throw refus('renseignement.ouvert', `Une demande à ${interroge.nom} attend déjà sa réponse.`)
  }
  await noter(session, [
    {
      genre: 'renseignement',
      destinataires: await listerDestinataires(session, [interroge.id], 'renseignement.repondre'),
      dossier: null,
      objet: id,
      avant: demande.avant,
    },
  ])
  session.consigner({
    action: 'renseignement.demander',
    objet: 'renseignement',
    objetId: id,
    dossiers: [diagnostic.dossier],
    details: { destinataire: interroge.id, questions },
  })
}

/** Takes a request back: nothing is expected any more. */
export async function retirerRenseignement(session: Session, diagnostic: Diagnostic, id: string): Promise<void> {
  const { dept, acteur } = session
  const [retire] = isUuid(id)
    ? await session.sql`update renseignement set etat = 'retiree'
        where dept = ${dept} and diagnostic = ${diagnostic.id} and id = ${id}::uuid and organisme = ${acteur.organisme}::uuid and etat = 'ouverte' returning id`
    : []
  if (!retire) throw new Conflit('renseignement.close', 'Cette demande n’attend plus de réponse. Relire la page.')
  session.consigner({
    action: 'renseignement.retirer',
    objet: 'renseignement',
    objetId: id,
    dossiers: [diagnostic.dossier],
  })
}

/**
 * A request as the organisme asked has it: the household, the questions, the day. Nothing else of the dossier. Taken back, or overtaken by the end of its diagnosis or of
 * its dossier, it is `retiree` and names nobody any more.
 */
export interface RenseignementRecu
  extends Pick<Renseignement, 'id' | 'questions' | 'avant' | 'a' | 'etat' | 'reponses'> {
  readonly dossier: string
  readonly menage: string | null
  readonly adresse: string | null
  readonly demandeur: string
  readonly repondu_a: Temporal.Instant | null
}

/**
 * The functions below run with the whole département in the name of a person of the organisme asked, which may read no dossier: each keeps to what is addressed to
 * that organisme.
 */
type SessionLarge = Session

export const RENSEIGNEMENTS_MAX = 200

/** What is asked of the organisme of the person, as long as it knows the household: what waits first, then the newest. What is expected no more is not in it. */
export const listerRenseignementsRecus = (large: SessionLarge): Promise<RenseignementRecu[]> =>
  lireRecus(large, fragment`e.etat <> 'retiree'`)

async function lireRecus(large: SessionLarge, lesquels: Fragment): Promise<RenseignementRecu[]> {
  const { dept, acteur } = large
  const lus = await large.sql<Omit<RenseignementRecu, 'questions'> & { questions: string[] }>`
    select r.id, r.dossier, r.questions, r.avant, r.a, e.etat, null as reponses, r.repondu_a, y.nom as demandeur,
      case when e.etat <> 'retiree' then d.titulaire end as menage,
      case when e.etat <> 'retiree' then concat_ws(', ', nullif(d.adresse, ''), nullif(d.commune, '')) end as adresse
    from renseignement r join dossier d on d.dept = ${dept} and d.id = r.dossier and d.archive_le is null
    join diagnostic g on g.dept = ${dept} and g.id = r.diagnostic cross join lateral (select ${ETAT_DU_JOUR} as etat) e
    join organisme y on y.dept = ${dept} and y.id = r.organisme join organisme o on o.dept = ${dept} and o.id = r.destinataire
    where r.dept = ${dept} and r.destinataire = ${acteur.organisme}::uuid and ${lesquels}
      and ${connaitLeMenage(large, fragment`r.dossier`, fragment`d.bailleur`)}
    order by e.etat <> 'ouverte', case when e.etat = 'ouverte' then r.avant end, r.a desc, r.id limit ${RENSEIGNEMENTS_MAX}`
  large.consigner({
    action: 'renseignements.lister',
    dossiers: lus.map(({ dossier }) => dossier),
    details: { nombre: lus.length },
  })
  return lus.map((un) => ({ ...un, questions: nommer(large, un.questions) }))
}

/** One request addressed to the organisme of the person, with what it answered; for another, it does not exist. */
export async function lireRenseignementRecu(
  large: SessionLarge,
  cles: Keyring,
  id: string,
): Promise<RenseignementRecu> {
  const [lu] = isUuid(id) ? await lireRecus(large, fragment`r.id = ${id}::uuid`) : []
  if (!lu) throw new Introuvable()
  const [scelle] = await large.sql<{ reponses: string | null }>`select reponses from renseignement
    where dept = ${large.dept} and id = ${id}::uuid and destinataire = ${large.acteur.organisme}::uuid`
  if (!scelle?.reponses) return lu
  const scellement = await scellementDuDossier(large, cles, lu.dossier)
  return { ...lu, reponses: JSON.parse(scellement.ouvrir(scelle.reponses, place(id))) as Reponses }
}

const close = (): Conflit =>
  new Conflit(
    'renseignement.close',
    'Entre-temps, cette demande a reçu une réponse ou n’est plus attendue : rien n’est enregistré.',
  )

/** Answers once, question by question: what is left empty is not known. What a guardian may not tell does not leave. */
export async function repondreRenseignement(
  large: SessionLarge,
  cles: Keyring,
  recu: RenseignementRecu,
  { valeurs, mesure, accord }: Pick<Reponses, 'valeurs' | 'mesure' | 'accord'>,
): Promise<void> {
  if (recu.etat !== 'ouverte') throw close()
  const donnees = Object.fromEntries(
    recu.questions.flatMap(({ code }) => (valeurs[code] ? [[code, valeurs[code]] as const] : [])),
  )
  if (Object.keys(donnees).length === 0)
    throw refus('renseignement.vide', 'Répondre à une question au moins, ou dire pourquoi aucune réponse n’est donnée.')
  const protegees = recu.questions.filter(({ code, protege }) => protege && donnees[code] !== undefined)
  if (protegees.length > 0) {
    if (mesure === undefined) throw refus('renseignement.mesure', 'Dire si la mesure vous autorise à répondre.')
    if (!mesure)
      throw refus('renseignement.mesure', 'La mesure ne l’autorise pas : laisser vides les réponses sur le budget.')
    if (accord === undefined) throw refus('renseignement.accord', 'Dire ce qu’a donné la recherche de l’accord.')
    if (accord === 'refuse')
      throw refus('renseignement.accord', 'La personne refuse : laisser vides les réponses sur le budget.')
  }
  await clore(large, cles, recu, 'repondue', {
    valeurs: donnees,
    ...(mesure === undefined ? {} : { mesure }),
    ...(accord === undefined ? {} : { accord }),
  })
}

/** Says that nothing is answered, and why. */
export async function refuserRenseignement(
  large: SessionLarge,
  cles: Keyring,
  recu: RenseignementRecu,
  motif: string,
): Promise<void> {
  if (recu.etat !== 'ouverte') throw close()
  const ecrit = motif.replace(/\r\n/g, '\n').trim()
  if (ecrit === '') throw refus('renseignement.motif', 'Écrire pourquoi : le service qui demande le lira.')
  if (ecrit.length > LONGUEUR_RENSEIGNEMENT)
    throw refus('renseignement.motif', `Raccourcir à ${LONGUEUR_RENSEIGNEMENT} caractères.`)
  await clore(large, cles, recu, 'refusee', { valeurs: {}, motif: ecrit })
}

async function clore(
  large: SessionLarge,
  cles: Keyring,
  recu: RenseignementRecu,
  etat: 'repondue' | 'refusee',
  reponses: Reponses,
): Promise<void> {
  const { dept, maintenant } = large
  const { organisme, compte } = exigerOrganisme(large)
  // Read again: it may have been answered, taken back or settled since the page was opened.
  const [diagnostic] = await large.sql<
    Pick<Diagnostic, 'id' | 'etat'> & { attendue: boolean; demandeur: string; territoire: string | null }
  >`
    select g.id, g.etat, ${ETAT_DU_JOUR} = 'ouverte' as attendue, r.organisme as demandeur, d.territoire from renseignement r join dossier d on d.dept = ${dept} and d.id = r.dossier
    join diagnostic g on g.dept = ${dept} and g.id = r.diagnostic
    where r.dept = ${dept} and r.id = ${recu.id} and r.destinataire = ${organisme} for update of g, r`
  if (!diagnostic?.attendue) throw close()
  const scelle = (await scellementDuDossier(large, cles, recu.dossier)).sceller(
    JSON.stringify(reponses),
    place(recu.id),
  )
  await large.sql`update renseignement set etat = ${etat}, reponses = ${scelle}, repondu_par = ${compte}, repondu_a = ${maintenant}
    where dept = ${dept} and id = ${recu.id}`
  if (etat === 'repondue')
    await consignerFaits(large, [{ dossier: recu.dossier, type: 'renseignement.donne', donnees: { organisme } }])
  await marquerARelire(large, diagnostic)
  const { demandeur, territoire } = diagnostic
  await noter(large, [
    {
      genre: 'renseignement_recu',
      destinataires: (await listerDestinataires(large, [demandeur], 'diagnostic.lire')).filter(
        ({ territoires }) => territoires === null || (territoire !== null && territoires.includes(territoire)),
      ),
      dossier: recu.dossier,
      objet: recu.id,
    },
  ])
  large.consigner({
    action: 'renseignement.repondre',
    objet: 'renseignement',
    objetId: recu.id,
    dossiers: [recu.dossier],
    details: { etat },
  })
}
