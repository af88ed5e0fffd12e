import { randomUUID } from 'node:crypto'
import type { Organisme, Session } from '#acces'
import { type Dossier, lireDossier } from '#dossiers'
import { inviterOrganisme, listerInvitables, peutTenirParticipations } from '#participations'
import { Conflit, Introuvable, refus } from '#socle/errors'
import { preparerAvis } from './avis.ts'
import { ouvrirScellements, scellementDuDossier } from './cles.ts'
import { exigerAuteur, exigerEnvoi, exigerTexte, listerLecteursPossibles } from './lecteurs.ts'
import { ouvrirLignes, ouvrirTexte } from './scellement.ts'

/** What one may ask a partner. */
export const genresDemande = {
  versements: 'Confirmer des versements',
  droits: 'Faire le point sur des droits ou une aide',
  situation: 'Dire ce qui a été fait',
  contact: 'Contacter le ménage',
  piece: 'Transmettre une pièce',
  avis: 'Donner un avis',
  presence: 'Participer à une rencontre',
  relais: 'Prendre le relais',
  autre: 'Autre demande',
} as const
export type GenreDemande = keyof typeof genresDemande
/** What one asks freely: a relay follows a rule of the charter, and has its own page. */
export const genresLibres = Object.fromEntries(
  Object.entries(genresDemande).filter(([genre]) => genre !== 'relais'),
) as Readonly<Partial<Record<GenreDemande, string>>>
export type EtatDemande = 'ouverte' | 'repondue' | 'refusee' | 'retiree'

const TEXTE_MAX = 2000
const MOTIF_MAX = 500

export interface Demande {
  readonly id: string
  readonly dossier: string
  readonly reference: string
  readonly titulaire: string
  readonly territoire: string | null
  readonly genre: GenreDemande
  readonly texte: string
  readonly organisme: string
  readonly organisme_nom: string
  readonly destinataire: string
  readonly destinataire_nom: string
  readonly par: string
  readonly auteur: string
  readonly a: Temporal.Instant
  readonly avant: Temporal.PlainDate
  readonly etat: EtatDemande
  readonly relances: number
  readonly close_a: Temporal.Instant | null
  /** The rule of the charter a relay follows, and what it gave: codes of `donnees/echanges/relais.yaml`. */
  readonly relais: string | null
  readonly suite: string | null
}

export interface ActeDemande {
  readonly genre: 'repondue' | 'refusee' | 'retiree' | 'relancee' | 'lue' | 'recue'
  readonly texte: string
  readonly organisme_nom: string
  readonly auteur: string
  readonly a: Temporal.Instant
}

/** Requests the reader's organisme made or received: of a dossier, or everywhere. The most pressing first. */
export async function listerDemandes(
  session: Session,
  filtre: { readonly dossier?: string; readonly demande?: string; readonly ouvertes?: boolean } = {},
): Promise<Demande[]> {
  const { sql, dept } = session
  const lues = await sql<Demande>`
    select q.id, q.dossier, d.reference, d.titulaire, d.territoire, q.genre, q.texte, q.organisme, o.nom as organisme_nom, q.destinataire,
      x.nom as destinataire_nom, q.par, c.prenom || ' ' || c.nom as auteur, q.a, q.avant, q.etat, q.relances, q.close_a, q.relais, q.suite
    from demande q join dossier d on d.dept = ${dept} and d.id = q.dossier
    join organisme o on o.dept = ${dept} and o.id = q.organisme join organisme x on x.dept = ${dept} and x.id = q.destinataire
    join compte c on c.dept = ${dept} and c.id = q.par
    where q.dept = ${dept} and (${filtre.dossier ?? null}::uuid is null or q.dossier = ${filtre.dossier ?? null}::uuid)
      and (${filtre.demande ?? null}::uuid is null or q.id = ${filtre.demande ?? null}::uuid)
      and (not ${filtre.ouvertes ?? false} or q.etat = 'ouverte')
    order by (q.etat = 'ouverte') desc, q.avant, q.a, q.id`
  return ouvrirLignes(session, lues, (demande, scellement) => ({
    ...demande,
    texte: ouvrirTexte(scellement, demande.texte, { table: 'demande', colonne: 'texte', id: demande.id }),
  }))
}

/** True when an open request is past its date. */
export const estEnRetard = (demande: Pick<Demande, 'etat' | 'avant'>, jour: Temporal.PlainDate): boolean =>
  demande.etat === 'ouverte' && Temporal.PlainDate.compare(demande.avant, jour) < 0

/** Who may be asked about a dossier: the organismes engaged on it, and the secretariat. */
export const listerSollicitables = (session: Session, dossier: Dossier): Promise<Organisme[]> =>
  listerLecteursPossibles(session, dossier, 3)

/** Organismes that are not engaged on a dossier and that this session may ask all the same, since it may invite them. */
export const listerInvitablesParDemande = async (session: Session, dossier: Dossier): Promise<Organisme[]> => {
  if (dossier.clos_le !== null || !peutTenirParticipations(session, dossier)) return []
  const engages = new Set((await listerSollicitables(session, dossier)).map(({ id }) => id))
  return (await listerInvitables(session, dossier)).filter(
    ({ id }) => !engages.has(id) && id !== session.acteur.organisme,
  )
}

/** What inviting an organisme by a request asks for besides. */
export interface InvitationParDemande {
  readonly motif: string
  readonly jusquAu: Temporal.PlainDate
}

/**
 * The organisme a request goes to. One that is not engaged on the dossier would not see it: the request engages it, by a participation of origin `demande`, once its
 * author has read what that opens and given the reason and the end.
 */
async function exigerDestinataire(
  session: Session,
  dossier: Dossier,
  choisi: string,
  invitation: InvitationParDemande | undefined,
): Promise<Organisme> {
  const trouve = (await listerSollicitables(session, dossier)).find(({ id }) => id === choisi)
  if (trouve) return trouve
  const invitable = (await listerInvitablesParDemande(session, dossier)).find(({ id }) => id === choisi)
  if (invitable && invitation) {
    await inviterOrganisme(session, dossier, { ...invitation, organisme: invitable.id, origine: 'demande' })
    return invitable
  }
  if (invitable)
    throw refus(
      'demande.invitation',
      `${invitable.nom} n’est pas engagé sur ce dossier : lire ce que la demande lui ouvrira, puis l’envoyer.`,
    )
  throw refus(
    'demande.destinataire',
    choisi === ''
      ? 'Choisir l’organisme à qui demander.'
      : 'Cet organisme n’est pas engagé sur ce dossier : demander au secrétariat ou au service en charge de l’y inviter.',
  )
}

/** Sends a request to one organisme. The same form sent twice sends one. */
export async function envoyerDemande(
  session: Session,
  demande: {
    readonly dossier: string
    readonly genre: GenreDemande
    readonly texte: string
    readonly destinataire: string
    readonly avant: Temporal.PlainDate
    readonly envoi: string
    /** For an organisme not engaged yet. */
    readonly invitation?: InvitationParDemande | undefined
    /** For a relay, checked against its rule: who takes over, and how it is let in. */
    readonly relais?: { readonly code: string; readonly organisme: Organisme; readonly engager: () => Promise<void> }
  },
): Promise<{ demande: string; nouveau: boolean }> {
  const { sql, dept, maintenant } = session
  const { compte, organisme } = exigerAuteur(session)
  const envoi = exigerEnvoi(demande.envoi)
  const dossier = await lireDossier(session, demande.dossier)
  if (!Object.hasOwn(genresDemande, demande.genre) || (demande.genre === 'relais') !== (demande.relais !== undefined))
    throw refus('demande.genre', 'Choisir ce qui est demandé.')
  const texte = exigerTexte(demande.texte, TEXTE_MAX, 'demande.texte', 'Écrire la demande, en une ou deux phrases.')
  if (Temporal.PlainDate.compare(demande.avant, session.jour) < 0)
    throw refus('demande.avant', 'La date attendue est déjà passée : en donner une à venir.')
  // Sent twice, the second one must not find its organisme already invited by the first.
  const [deja] = await sql<{ id: string }>`select id from demande
    where dept = ${dept} and par = ${compte} and envoi = ${envoi} and dossier = ${dossier.id}`
  if (deja) return { demande: deja.id, nouveau: false }
  const id = randomUUID()
  // Every refusal comes before the first writing: an invitation written for a request refused afterwards would stay.
  const scellement = await scellementDuDossier(session, session.cles(), dossier.id)
  await demande.relais?.engager()
  const destinataire =
    demande.relais?.organisme ?? (await exigerDestinataire(session, dossier, demande.destinataire, demande.invitation))
  const scelle = scellement.sceller(texte, { table: 'demande', colonne: 'texte', id })
  const [ecrite] =
    await sql`insert into demande (dept, id, dossier, genre, texte, organisme, destinataire, par, a, avant, envoi, relais)
    values (${dept}, ${id}, ${dossier.id}, ${demande.genre}, ${scelle}, ${organisme}, ${destinataire.id}, ${compte}, ${maintenant}, ${demande.avant}, ${envoi}, ${demande.relais?.code ?? null})
    on conflict (dept, par, envoi) do nothing returning id`
  if (!ecrite) {
    const [autre] = await sql<{ id: string }>`select id from demande
      where dept = ${dept} and par = ${compte} and envoi = ${envoi} and dossier = ${dossier.id}`
    if (!autre) throw new Introuvable()
    return { demande: autre.id, nouveau: false }
  }
  await preparerAvis(session, dossier, [destinataire.id], { genre: 'demande', objet: id, avant: demande.avant })
  session.consigner({
    action: 'demande.envoyer',
    objet: 'demande',
    objetId: id,
    dossiers: [dossier.id],
    details: {
      genre: demande.genre,
      destinataire: destinataire.id,
      ...(demande.relais ? { relais: demande.relais.code } : {}),
    },
  })
  return { demande: id, nouveau: true }
}

/** Opens a request with what was said of it since. Its first reading by a person of the organisme asked is kept: its author sees it. */
export async function lireDemande(
  session: Session,
  dossier: string,
  id: string,
): Promise<{ demande: Demande; actes: readonly ActeDemande[] }> {
  const { sql, dept, maintenant, acteur } = session
  const [demande] = await listerDemandes(session, { dossier, demande: id })
  if (!demande) throw new Introuvable()
  if (acteur.organisme === demande.destinataire && acteur.compte)
    await sql`insert into demande_acte (dept, demande, genre, organisme, par, a)
      select ${dept}, ${demande.id}, 'lue', ${acteur.organisme}, ${acteur.compte}, ${maintenant}
      where not exists (select 1 from demande_acte where dept = ${dept} and demande = ${demande.id} and genre = 'lue' and par = ${acteur.compte})`
  const lus = await sql<
    ActeDemande & { readonly id: string }
  >`select a.id, a.genre, a.texte, o.nom as organisme_nom, c.prenom || ' ' || c.nom as auteur, a.a
    from demande_acte a join organisme o on o.dept = ${dept} and o.id = a.organisme join compte c on c.dept = ${dept} and c.id = a.par
    where a.dept = ${dept} and a.demande = ${demande.id} order by a.rang`
  const scellement = (await ouvrirScellements(session, [demande.dossier])).get(demande.dossier)
  const actes = lus.map(({ id: acte, ...autres }) => ({
    ...autres,
    texte: ouvrirTexte(scellement, autres.texte, { table: 'demande_acte', colonne: 'texte', id: acte }),
  }))
  session.consigner({ action: 'demande.lire', objet: 'demande', objetId: demande.id, dossiers: [dossier] })
  return { demande, actes }
}

const CLOSES = { repondue: 'a reçu une réponse', refusee: 'a été refusée', retiree: 'a été retirée' } as const

/** The request, locked and still open, of the side that may act on it. For the other side it cannot be acted upon: it does not exist here. */
async function verrouiller(
  session: Session,
  cle: { dossier: string; demande: string },
  cote: 'organisme' | 'destinataire',
): Promise<{ demande: Demande; dossier: Dossier }> {
  const dossier = await lireDossier(session, cle.dossier)
  const [verrou] = await session.sql<{ etat: EtatDemande }>`select etat from demande
    where dept = ${session.dept} and dossier = ${dossier.id} and id = ${cle.demande}::uuid for update`
  const [demande] = verrou ? await listerDemandes(session, { dossier: dossier.id, demande: cle.demande }) : []
  if (!demande || demande[cote] !== session.acteur.organisme) throw new Introuvable()
  if (demande.etat !== 'ouverte')
    throw new Conflit('demande.close', `Entre-temps, cette demande ${CLOSES[demande.etat]}.`, [demande.id])
  return { demande, dossier }
}

async function noter(
  session: Session,
  demande: Demande,
  genre: Exclude<ActeDemande['genre'], 'lue'>,
  texte: string,
  suite: string | null = null,
): Promise<void> {
  const { sql, dept, maintenant } = session
  const { compte, organisme } = exigerAuteur(session)
  const id = randomUUID()
  const scellement = await scellementDuDossier(session, session.cles(), demande.dossier)
  const scelle = texte === '' ? '' : scellement.sceller(texte, { table: 'demande_acte', colonne: 'texte', id })
  await sql`insert into demande_acte (dept, id, demande, genre, texte, organisme, par, a)
    values (${dept}, ${id}, ${demande.id}, ${genre}, ${scelle}, ${organisme}, ${compte}, ${maintenant})`
  if (genre === 'relancee')
    await sql`update demande set relances = relances + 1 where dept = ${dept} and id = ${demande.id}`
  else if (genre !== 'recue')
    await sql`update demande set etat = ${genre}, close_a = ${maintenant}, suite = ${suite} where dept = ${dept} and id = ${demande.id}`
}

interface ActeSurDemande {
  readonly dossier: string
  readonly demande: string
}

const tracer = (session: Session, action: string, { demande, dossier }: { demande: Demande; dossier: Dossier }) =>
  session.consigner({ action, objet: 'demande', objetId: demande.id, dossiers: [dossier.id] })

/** Answers a request, once: two people of the organisme do not answer over each other. */
export async function repondreDemande(
  session: Session,
  acte: ActeSurDemande & {
    readonly texte: string
    /** What a relay gave: one of these codes, which the caller reads from the data. */
    readonly suite?: string
    readonly suites?: readonly string[]
  },
): Promise<void> {
  const lue = await verrouiller(session, acte, 'destinataire')
  const relais = lue.demande.relais !== null
  // What a relay gave is coded; words beside it are optional.
  const texte =
    relais && acte.texte.trim() === ''
      ? ''
      : exigerTexte(acte.texte, TEXTE_MAX, 'demande.reponse', 'Écrire la réponse.')
  if (relais && !(acte.suites ?? []).includes(acte.suite ?? ''))
    throw refus('demande.suite', 'Dire ce que le relais a donné.')
  await noter(session, lue.demande, 'repondue', texte, relais ? (acte.suite ?? null) : null)
  await preparerAvis(session, lue.dossier, [lue.demande.organisme], { genre: 'demande', objet: lue.demande.id })
  tracer(session, 'demande.repondre', lue)
}

/** Says that a relay is received, once, before anything else is known of it. Whoever passed it is told. */
export async function accuserReception(session: Session, acte: ActeSurDemande): Promise<void> {
  const lue = await verrouiller(session, acte, 'destinataire')
  if (lue.demande.relais === null) throw new Introuvable()
  const [deja] =
    await session.sql`select 1 from demande_acte where dept = ${session.dept} and demande = ${lue.demande.id} and genre = 'recue'`
  if (deja) return
  await noter(session, lue.demande, 'recue', '')
  await preparerAvis(session, lue.dossier, [lue.demande.organisme], { genre: 'demande', objet: lue.demande.id })
  tracer(session, 'demande.accuser', lue)
}

/** Says that a request will not be answered, and why. */
export async function refuserDemande(
  session: Session,
  acte: ActeSurDemande & { readonly motif: string },
): Promise<void> {
  const motif = exigerTexte(acte.motif, MOTIF_MAX, 'demande.refus', 'Écrire pourquoi la demande est refusée.')
  const lue = await verrouiller(session, acte, 'destinataire')
  await noter(session, lue.demande, 'refusee', motif)
  await preparerAvis(session, lue.dossier, [lue.demande.organisme], { genre: 'demande', objet: lue.demande.id })
  tracer(session, 'demande.refuser', lue)
}

/** Takes back a request of one's own organisme: nothing is expected any more. */
export async function retirerDemande(
  session: Session,
  acte: ActeSurDemande & { readonly motif: string },
): Promise<void> {
  const motif = exigerTexte(acte.motif, MOTIF_MAX, 'demande.retrait', 'Écrire pourquoi la demande est retirée.')
  const lue = await verrouiller(session, acte, 'organisme')
  await noter(session, lue.demande, 'retiree', motif)
  tracer(session, 'demande.retirer', lue)
}

/** Reminds of a request, once a day at most. */
export async function relancerDemande(session: Session, acte: ActeSurDemande): Promise<void> {
  const { sql, dept, maintenant } = session
  const lue = await verrouiller(session, acte, 'organisme')
  const [recente] =
    await sql`select 1 from demande_acte where dept = ${dept} and demande = ${lue.demande.id} and genre = 'relancee'
    and a > ${maintenant.subtract({ hours: 24 })}`
  if (recente) throw refus('demande.relance', 'Cette demande a déjà été relancée depuis moins d’un jour.')
  await noter(session, lue.demande, 'relancee', '')
  await preparerAvis(session, lue.dossier, [lue.demande.destinataire], {
    genre: 'demande',
    objet: lue.demande.id,
    avant: lue.demande.avant,
  })
  tracer(session, 'demande.relancer', lue)
}
