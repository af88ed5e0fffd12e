import { randomUUID } from 'node:crypto'
import { aLeDroit, type Organisme, type Session } from '#acces'
import { listerDestinataires, noter } from '#notifications'
import { libelleTerritoire } from '#referentiel'
import { type Fragment, sql } from '#socle/db'
import { Conflit, Introuvable, refus } from '#socle/errors'
import { isUuid, normalizeForSearch } from '#socle/text'
import { exigerAuteur, exigerEnvoi, exigerSansNumero, exigerTexte } from './lecteurs.ts'

/** Where the charter asks agencies for help first: the country, and small dwellings of town centres (004 §3.1). */
export const secteursLogement = {
  rural: 'Secteur rural',
  petites_surfaces: 'Petites surfaces en centre urbain',
  autres: 'Autres logements',
} as const
export type SecteurLogement = keyof typeof secteursLogement

export const etatsSollicitation = {
  attendue: 'Réponse attendue',
  offre: 'Offre',
  rien: 'Rien pour l’instant',
  question: 'Question posée',
} as const
type EtatSollicitation = keyof typeof etatsSollicitation

export const LONGUEURS_LOGEMENT = { texte: 1000, joindre: 200 } as const
/** Only organismes of these kinds answer requests for a dwelling. */
const TYPES_AGENCES = ['agence_immobiliere', 'ais_aivs', 'union_bailleurs']

/** An agency that accepts to be asked. */
export interface Agence {
  readonly organisme: string
  readonly nom: string
  readonly secteurs: readonly SecteurLogement[]
  /** Empty: the whole département. */
  readonly territoires: readonly string[]
  readonly joindre: string
  readonly accord_le: Temporal.PlainDate
  readonly retiree_a: Temporal.Instant | null
  readonly version: number
}

export interface Sollicitation {
  readonly demande: string
  readonly agence: string
  readonly agence_nom: string
  readonly etat: EtatSollicitation
  readonly relances: number
  readonly relancee_le: Temporal.PlainDate | null
  readonly version: number
}

export interface ActeLogement {
  readonly id: string
  readonly agence: string
  readonly genre: 'offre' | 'rien' | 'question' | 'precision' | 'visite'
  readonly texte: string
  readonly loyer: number | null
  readonly pieces: number | null
  readonly le: Temporal.PlainDate | null
  readonly organisme: string
  readonly auteur: string
  readonly a: Temporal.Instant
}

export interface DemandeLogement {
  readonly id: string
  readonly organisme: string
  readonly organisme_nom: string
  readonly auteur: string
  readonly a: Temporal.Instant
  readonly secteur: SecteurLogement
  readonly territoire: string
  readonly commune: string | null
  readonly pieces: number
  readonly loyer_max: number
  readonly accessible: boolean
  readonly voulu_le: Temporal.PlainDate
  readonly avant: Temporal.PlainDate
  readonly issue: 'bail' | 'aucune' | null
  readonly issue_agence: string | null
  readonly issue_le: Temporal.PlainDate | null
  readonly version: number
  /** Of those this reader sees: an agency sees its own. */
  readonly sollicitations: readonly Sollicitation[]
  /** On the side of whoever asks only. */
  readonly dossier: { readonly reference: string; readonly titulaire: string } | null
}

/** Agencies of the network, by name; those taken out too when asked. */
export async function listerAgences(
  session: Session,
  { retirees = false }: { readonly retirees?: boolean } = {},
): Promise<Agence[]> {
  const toutes = await session.sql<Agence>`
    select a.organisme, o.nom, a.secteurs, a.territoires, a.joindre, a.accord_le, a.retiree_a, a.version
    from agence_reseau a join organisme o on o.dept = ${session.dept} and o.id = a.organisme
    where a.dept = ${session.dept} order by o.nom collate "fr-x-icu"`
  return toutes.filter(({ retiree_a }) => retirees || retiree_a === null)
}

/** Organismes that may be part of the network: those whose kind answers. */
export const listerAgencesPossibles = ({ sql, dept }: Session): Promise<Pick<Organisme, 'id' | 'nom'>[]> =>
  sql<Pick<Organisme, 'id' | 'nom'>>`
    select id, nom from organisme where dept = ${dept} and actif and type = any (${TYPES_AGENCES}::text[]) order by nom collate "fr-x-icu"`

const territoiresDe = ({ referentiel, dept }: Session) => {
  const territoires = referentiel.departements.get(dept)?.territoires
  if (!territoires) throw new Error(`département ${dept} absent from the référentiel`)
  return territoires
}

/** Communes of today that a request may name, by territory: those the lists of the département place. */
export function listerCommunesLogement(session: Session): { code: string; nom: string; territoire: string }[] {
  const vues = new Map<string, { code: string; nom: string; territoire: string }>()
  for (const { codeInsee, nomActuel, nomListe, territoire } of territoiresDe(session).lignes)
    if (codeInsee !== null && !vues.has(codeInsee))
      vues.set(codeInsee, { code: codeInsee, nom: nomActuel ?? nomListe, territoire })
  return [...vues.values()].sort((a, b) => a.nom.localeCompare(b.nom, 'fr'))
}

/** « Chalon-sur-Saône », or the whole territory. */
export function nommerLieu(
  session: Session,
  { territoire, commune }: Pick<DemandeLogement, 'territoire' | 'commune'>,
): string {
  const lieu = libelleTerritoire(territoiresDe(session), territoire)
  const nom = listerCommunesLogement(session).find(({ code }) => code === commune)?.nom
  return nom === undefined ? lieu : `${nom} (${lieu})`
}

const CHANGE = 'Quelqu’un a changé ceci depuis que la page a été ouverte : relire, puis recommencer.'

/** Enters or changes an agency in the network; `retirer` takes it out. An agency keeps its own line, those who keep the network keep every line. */
export async function tenirAgence(
  session: Session,
  saisie: {
    readonly organisme: string
    readonly secteurs: readonly string[]
    readonly territoires: readonly string[]
    readonly joindre: string
    readonly accordLe: Temporal.PlainDate | null
    readonly version: number
    readonly retirer: boolean
  },
): Promise<void> {
  const { sql, dept, jour, maintenant, acteur } = session
  const { compte } = exigerAuteur(session)
  const possibles = await listerAgencesPossibles(session)
  const permis = aLeDroit(acteur, 'logement.tenir') || saisie.organisme === acteur.organisme
  if (!permis || !possibles.some(({ id }) => id === saisie.organisme))
    throw refus('agence.organisme', 'Choisir une agence ou un gestionnaire de biens.')
  if (saisie.retirer) {
    const [faite] =
      await sql`update agence_reseau set retiree_a = ${maintenant}, version = version + 1, modifiee_a = ${maintenant}, modifiee_par = ${compte}
      where dept = ${dept} and organisme = ${saisie.organisme} and version = ${saisie.version} and retiree_a is null returning organisme`
    if (!faite) throw new Conflit('agence.change', CHANGE, [saisie.organisme])
  } else {
    const secteurs = Object.keys(secteursLogement).filter((secteur) => saisie.secteurs.includes(secteur))
    if (secteurs.length === 0) throw refus('agence.secteurs', 'Cocher au moins une sorte de logement.')
    const territoires = territoiresDe(session)
      .territoires.map(({ id }) => id)
      .filter((id) => saisie.territoires.includes(id))
    const joindre = exigerSansNumero(
      exigerTexte(saisie.joindre, LONGUEURS_LOGEMENT.joindre, 'agence.joindre', 'Dire qui joindre, et comment.'),
      'agence.joindre',
    )
    if (saisie.accordLe === null || Temporal.PlainDate.compare(saisie.accordLe, jour) > 0)
      throw refus('agence.accord', 'Donner le jour où l’agence a accepté, aujourd’hui au plus tard.')
    const [faite] = await sql`
      insert into agence_reseau (dept, organisme, secteurs, territoires, joindre, accord_le, modifiee_a, modifiee_par)
      values (${dept}, ${saisie.organisme}, ${secteurs}::text[], ${territoires}::text[], ${joindre}, ${saisie.accordLe}, ${maintenant}, ${compte})
      on conflict (dept, organisme) do update set secteurs = excluded.secteurs, territoires = excluded.territoires, joindre = excluded.joindre,
        accord_le = excluded.accord_le, retiree_a = null, version = agence_reseau.version + 1, modifiee_a = excluded.modifiee_a, modifiee_par = excluded.modifiee_par
        where agence_reseau.version = ${saisie.version} returning organisme`
    if (!faite) throw new Conflit('agence.change', CHANGE, [saisie.organisme])
  }
  session.consigner({
    action: 'agence.tenir',
    objet: 'organisme',
    objetId: saisie.organisme,
    details: { acte: saisie.retirer ? 'retirer' : 'inscrire' },
  })
}

/** Requests this reader may see, those still open first, the nearest answer day first. */
export async function listerDemandesLogement(session: Session, id: string | null = null): Promise<DemandeLogement[]> {
  const { sql, dept } = session
  const demandes = await sql<Omit<DemandeLogement, 'sollicitations' | 'dossier'>>`
    select d.id, d.organisme, o.nom as organisme_nom, c.prenom || ' ' || c.nom as auteur, d.a, d.secteur, d.territoire, d.commune, d.pieces, d.loyer_max,
      d.accessible, d.voulu_le, d.avant, d.issue, d.issue_agence, d.issue_le, d.version
    from logement_demande d join organisme o on o.dept = ${dept} and o.id = d.organisme join compte c on c.dept = ${dept} and c.id = d.par
    where d.dept = ${dept} and (${id}::uuid is null or d.id = ${id}::uuid)
    order by d.issue is not null, case when d.issue is null then d.avant end, d.issue_le desc, d.a desc, d.id limit 500`
  const ids = demandes.map((une) => une.id)
  const sollicitations = Map.groupBy(
    await sql<Sollicitation>`
      select s.demande, s.agence, o.nom as agence_nom, s.etat, s.relances, s.relancee_le, s.version
      from logement_sollicitation s join organisme o on o.dept = ${dept} and o.id = s.agence
      where s.dept = ${dept} and s.demande = any (${ids}::uuid[]) order by o.nom collate "fr-x-icu"`,
    ({ demande }) => demande,
  )
  const dossiers = new Map(
    (
      await sql<{ demande: string; reference: string; titulaire: string }>`
        select l.demande, d.reference, d.titulaire from logement_demande_dossier l join dossier d on d.dept = ${dept} and d.id = l.dossier
        where l.dept = ${dept} and l.demande = any (${ids}::uuid[])`
    ).map(({ demande, reference, titulaire }) => [demande, { reference, titulaire }] as const),
  )
  return demandes.map((une) => ({
    ...une,
    sollicitations: sollicitations.get(une.id) ?? [],
    dossier: dossiers.get(une.id) ?? null,
  }))
}

/** One request and what was said, oldest first. */
export async function lireDemandeLogement(
  session: Session,
  id: string,
): Promise<DemandeLogement & { readonly actes: readonly ActeLogement[] }> {
  const [demande] = isUuid(id) ? await listerDemandesLogement(session, id) : []
  if (!demande) throw new Introuvable()
  const { sql, dept } = session
  const actes = await sql<ActeLogement>`
    select a.id, a.agence, a.genre, a.texte, a.loyer, a.pieces, a.le, a.organisme, c.prenom || ' ' || c.nom as auteur, a.a
    from logement_acte a join compte c on c.dept = ${dept} and c.id = a.par where a.dept = ${dept} and a.demande = ${demande.id} order by a.a, a.id`
  return { ...demande, actes }
}

async function prevenirAgences(
  session: Session,
  demande: string,
  agences: readonly string[],
  avant: Temporal.PlainDate,
) {
  await noter(session, [
    {
      genre: 'logement',
      destinataires: await listerDestinataires(session, agences, 'logement.repondre'),
      dossier: null,
      objet: demande,
      avant,
    },
  ])
}

/** What is asked, without the household: closed fields only. */
export interface BesoinLogement {
  readonly secteur: string
  readonly territoire: string
  readonly commune: string
  readonly pieces: number
  readonly loyerMax: number | null
  readonly accessible: boolean
  readonly vouluLe: Temporal.PlainDate | null
  readonly avant: Temporal.PlainDate | null
  readonly agences: readonly string[]
  /** Reference of a dossier this person reads; empty for none. */
  readonly reference: string
  readonly envoi: string
}

/** Asks agencies of the network for a dwelling. The same form sent twice asks once. */
export async function demanderLogement(session: Session, besoin: BesoinLogement): Promise<string> {
  const { sql, dept, jour, maintenant } = session
  const { compte, organisme } = exigerAuteur(session)
  const envoi = exigerEnvoi(besoin.envoi)
  if (!Object.hasOwn(secteursLogement, besoin.secteur))
    throw refus('logement.secteur', 'Choisir la sorte de logement cherchée.')
  const commune = listerCommunesLogement(session).find(({ code }) => code === besoin.commune)
  if (besoin.commune !== '' && !commune) throw refus('logement.commune', 'Choisir une commune de la liste, ou aucune.')
  const territoire = commune?.territoire ?? besoin.territoire
  if (!territoiresDe(session).territoires.some(({ id }) => id === territoire))
    throw refus('logement.territoire', 'Choisir où chercher : un territoire, ou une commune.')
  if (besoin.pieces < 1 || besoin.pieces > 6) throw refus('logement.pieces', 'Choisir la taille du logement.')
  if (besoin.loyerMax === null || besoin.loyerMax <= 0 || besoin.loyerMax > 500_000)
    throw refus('logement.loyer', 'Donner le loyer maximum, charges comprises, par exemple 480,00.')
  if (besoin.vouluLe === null || Temporal.PlainDate.compare(besoin.vouluLe, jour) < 0)
    throw refus('logement.voulu', 'Donner le jour voulu, aujourd’hui ou plus tard.')
  if (besoin.avant === null || Temporal.PlainDate.compare(besoin.avant, jour) <= 0)
    throw refus('logement.avant', 'Donner un jour à venir pour répondre.')
  const [dossier] =
    besoin.reference === ''
      ? []
      : await sql<{ id: string }>`select id from dossier where dept = ${dept} and reference = ${besoin.reference}`
  if (besoin.reference !== '' && !dossier)
    throw refus(
      'logement.reference',
      'Aucun dossier que vous suivez ne porte cette référence. La corriger, ou laisser vide.',
    )
  const agences = (await listerAgences(session)).filter((une) => besoin.agences.includes(une.organisme))
  if (agences.length === 0) throw refus('logement.agences', 'Cocher au moins une agence du réseau.')
  const [deja] = await sql<{
    id: string
  }>`select id from logement_demande where dept = ${dept} and par = ${compte} and envoi = ${envoi}`
  if (deja) return deja.id
  const id = randomUUID()
  await sql`insert into logement_demande (dept, id, organisme, par, a, secteur, territoire, commune, pieces, loyer_max, accessible, voulu_le, avant, envoi)
    values (${dept}, ${id}, ${organisme}, ${compte}, ${maintenant}, ${besoin.secteur}, ${territoire}, ${commune?.code ?? null}, ${besoin.pieces}, ${besoin.loyerMax},
      ${besoin.accessible}, ${besoin.vouluLe}, ${besoin.avant}, ${envoi})`
  await sql`insert into logement_sollicitation (dept, demande, agence, demandeur, avant)
    select ${dept}, ${id}, x, ${organisme}, ${besoin.avant} from unnest(${agences.map((une) => une.organisme)}::uuid[]) x`
  if (dossier)
    await sql`insert into logement_demande_dossier (dept, demande, dossier, organisme, par, a)
      values (${dept}, ${id}, ${dossier.id}, ${organisme}, ${compte}, ${maintenant})`
  await prevenirAgences(
    session,
    id,
    agences.map((une) => une.organisme),
    besoin.avant,
  )
  session.consigner({
    action: 'logement.demander',
    objet: 'logement_demande',
    objetId: id,
    dossiers: dossier ? [dossier.id] : [],
    details: { agences: agences.length },
  })
  return id
}

/** Names and references that must not reach an agency, of the household the request is for: words of the holder's name, and its reference. */
function exigerSansMenage(texte: string, demande: Pick<DemandeLogement, 'dossier'>): string {
  const dits = new Set(normalizeForSearch(texte).split(/[^a-z0-9]+/))
  const nom = normalizeForSearch(demande.dossier?.titulaire ?? '')
    .split(/[^a-z0-9]+/)
    .filter((mot) => mot.length > 2)
  if (demande.dossier && (nom.some((mot) => dits.has(mot)) || texte.includes(demande.dossier.reference)))
    throw refus(
      'logement.texte',
      'Ce texte nomme le ménage ou son dossier : l’agence ne doit pas le connaître. Retirer le nom et la référence.',
    )
  return texte
}

interface SaisieActe {
  readonly agence: string
  readonly genre: string
  readonly texte: string
  readonly loyer: number | null
  readonly pieces: number | null
  readonly le: Temporal.PlainDate | null
  readonly version: number
  readonly envoi: string
}

const AGENCE_DIT = ['offre', 'rien', 'question'] as const

/**
 * What an agency answers, or what whoever asked writes: the answer heard by another means, a precision after a question, a visit. Each is added to what was said before.
 */
export async function noterActeLogement(session: Session, id: string, saisie: SaisieActe): Promise<void> {
  const { sql, dept, maintenant, acteur } = session
  const { compte, organisme } = exigerAuteur(session)
  const demande = await lireDemandeLogement(session, id)
  const sollicitation = demande.sollicitations.find(({ agence }) => agence === saisie.agence)
  const demandeur = demande.organisme === organisme && aLeDroit(acteur, 'logement.demander')
  const agence = saisie.agence === organisme && aLeDroit(acteur, 'logement.repondre')
  if (!sollicitation || !(demandeur || agence)) throw new Introuvable()
  const reponse = AGENCE_DIT.find((un) => un === saisie.genre)
  const genre =
    reponse ?? (demandeur ? (['precision', 'visite'] as const).find((un) => un === saisie.genre) : undefined)
  if (!genre) throw refus('logement.genre', 'Choisir ce qui est répondu.')
  if (demande.issue) throw refus('logement.close', 'Cette recherche est close : rien n’est plus attendu.')
  const envoi = exigerEnvoi(saisie.envoi)
  const [deja] = await sql`select 1 from logement_acte where dept = ${dept} and par = ${compte} and envoi = ${envoi}`
  if (deja) return
  const brut = saisie.texte.replace(/\r\n/g, '\n').trim()
  if (brut === '' && (genre === 'question' || genre === 'precision'))
    throw refus('logement.texte', genre === 'question' ? 'Écrire la question.' : 'Écrire la réponse à la question.')
  if (brut.length > LONGUEURS_LOGEMENT.texte)
    throw refus('logement.texte', `Raccourcir à ${LONGUEURS_LOGEMENT.texte} caractères : il y en a ${brut.length}.`)
  const texte = exigerSansNumero(demandeur ? exigerSansMenage(brut, demande) : brut, 'logement.texte')
  if (genre === 'offre' && (saisie.loyer === null || saisie.loyer <= 0))
    throw refus('logement.loyer', 'Donner le loyer proposé, charges comprises, par exemple 480,00.')
  if (genre === 'offre' && (saisie.pieces === null || saisie.pieces < 1 || saisie.pieces > 6))
    throw refus('logement.pieces', 'Choisir la taille du logement proposé.')
  if ((genre === 'offre' || genre === 'visite') && saisie.le === null)
    throw refus('logement.le', genre === 'offre' ? 'Donner le jour où il est libre.' : 'Donner le jour de la visite.')
  const avance =
    await sql`update logement_sollicitation set etat = ${reponse ?? (genre === 'precision' && sollicitation.etat === 'question' ? 'attendue' : sollicitation.etat)},
      version = version + 1
    where dept = ${dept} and demande = ${id} and agence = ${saisie.agence} and version = ${saisie.version} returning agence`
  if (avance.length === 0) throw new Conflit('logement.change', CHANGE, [id])
  await sql`insert into logement_acte (dept, id, demande, agence, genre, texte, loyer, pieces, le, par, organisme, a, envoi)
    values (${dept}, ${randomUUID()}, ${id}, ${saisie.agence}, ${genre}, ${texte}, ${genre === 'offre' ? saisie.loyer : null}, ${genre === 'offre' ? saisie.pieces : null},
      ${genre === 'offre' || genre === 'visite' ? saisie.le : null}, ${compte}, ${organisme}, ${maintenant}, ${envoi})`
  if (agence)
    await noter(session, [
      {
        genre: 'logement_recu',
        destinataires: await listerDestinataires(session, [demande.organisme], 'logement.demander'),
        dossier: null,
        objet: id,
      },
    ])
  else if (genre === 'precision') await prevenirAgences(session, id, [saisie.agence], demande.avant)
  session.consigner({
    action: agence ? 'logement.repondre' : 'logement.noter',
    objet: 'logement_demande',
    objetId: id,
    details: { genre, agence: saisie.agence },
  })
}

async function exigerSienne(session: Session, id: string) {
  const demande = await lireDemandeLogement(session, id)
  if (demande.organisme !== session.acteur.organisme || !aLeDroit(session.acteur, 'logement.demander'))
    throw new Introuvable()
  return demande
}

/** Enters what came of a request: a lease signed with an agency of it, or nothing. Nobody is expected to answer any more. */
export async function cloreDemandeLogement(
  session: Session,
  id: string,
  saisie: {
    readonly issue: string
    readonly agence: string
    readonly le: Temporal.PlainDate | null
    readonly version: number
  },
): Promise<void> {
  const { sql, dept, jour, maintenant, acteur } = session
  const demande = await exigerSienne(session, id)
  const { issue } = saisie
  if (issue !== 'bail' && issue !== 'aucune') throw refus('logement.issue', 'Choisir l’issue : bail signé, ou aucune.')
  if (issue === 'bail' && !demande.sollicitations.some(({ agence }) => agence === saisie.agence))
    throw refus('logement.issue-agence', 'Choisir l’agence avec qui le bail est signé.')
  if (saisie.le === null || Temporal.PlainDate.compare(saisie.le, jour) > 0)
    throw refus('logement.issue-le', 'Donner le jour de l’issue, aujourd’hui au plus tard.')
  const [faite] =
    await sql`update logement_demande set issue = ${issue}, issue_agence = ${issue === 'bail' ? saisie.agence : null}::uuid, issue_le = ${saisie.le},
      close_a = ${maintenant}, close_par = ${acteur.compte}, version = version + 1
    where dept = ${dept} and id = ${id} and version = ${saisie.version} and issue is null returning id`
  if (!faite) throw new Conflit('logement.change', CHANGE, [id])
  await sql`update logement_sollicitation set close = true where dept = ${dept} and demande = ${id}`
  session.consigner({ action: 'logement.clore', objet: 'logement_demande', objetId: id, details: { issue } })
}

async function relancer(session: Session, id: string, avant: Temporal.PlainDate, premiere: boolean): Promise<number> {
  const { sql, dept, jour } = session
  const relancees = await sql<{ agence: string }>`
    update logement_sollicitation set relances = relances + 1, relancee_le = ${jour}
    where dept = ${dept} and demande = ${id} and etat = 'attendue' and not close and (relancee_le is null or (not ${premiere} and relancee_le < ${jour})) returning agence`
  if (relancees.length === 0) return 0
  await prevenirAgences(
    session,
    id,
    relancees.map(({ agence }) => agence),
    avant,
  )
  session.consigner({
    action: 'logement.relancer',
    objet: 'logement_demande',
    objetId: id,
    details: { agences: relancees.length },
  })
  return relancees.length
}

/** Reminds agencies that have not answered, once a day at most. Returns how many. */
export async function relancerAgences(session: Session, id: string): Promise<number> {
  const demande = await exigerSienne(session, id)
  if (demande.issue) throw refus('logement.close', 'Cette recherche est close : rien n’est plus attendu.')
  return relancer(session, id, demande.avant, false)
}

/** Job: the day after the one that was set, agencies that said nothing are reminded, once. Returns how many. */
export async function rappelerLogements(session: Session): Promise<number> {
  const { sql, dept, jour } = session
  const enRetard = await sql<{ demande: string; avant: Temporal.PlainDate }>`
    select distinct demande, avant from logement_sollicitation
    where dept = ${dept} and etat = 'attendue' and not close and avant < ${jour} and relancee_le is null order by demande`
  let total = 0
  for (const { demande, avant } of enRetard) total += await relancer(session, demande, avant, true)
  return total
}

/** What waits for this person's organisme: requests to answer for an agency, offers and questions for whoever asked; as an expression, the figure of the banner. */
export const chiffreLogements = (): Fragment => sql`public.logements_attendus()`
