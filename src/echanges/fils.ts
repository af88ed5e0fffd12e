import { randomUUID } from 'node:crypto'
import type { Session } from '#acces'
import { lireDossier } from '#dossiers'
import { Introuvable, refus } from '#socle/errors'
import { preparerAvis } from './avis.ts'
import { ouvrirScellements, scellementDuDossier } from './cles.ts'
import {
  type CercleEchange,
  exigerAuteur,
  exigerEnvoi,
  exigerLecteurs,
  exigerTexte,
  listerPersonnes,
} from './lecteurs.ts'
import { ouvrirLignes, ouvrirTexte } from './scellement.ts'

const MESSAGE_MAX = 4000
const SUJET_MAX = 120
const MOTIF_MAX = 200

/** A thread in a list. */
export interface Fil {
  readonly id: string
  readonly dossier: string
  readonly cercle: CercleEchange
  readonly sujet: string
  readonly organisme: string
  readonly organisme_nom: string
  readonly destinataires: readonly string[]
  /** Names of the organismes that read besides the author's, in alphabetical order. */
  readonly lecteurs: readonly string[]
  readonly a: Temporal.Instant
  readonly messages: number
  readonly dernier_a: Temporal.Instant
  /** Messages the reader has not read, of others. */
  readonly non_lus: number
  /** Among them, those that ask for the reader's attention. */
  readonly pour_moi: number
}

export interface Message {
  readonly id: string
  readonly rang: number
  readonly organisme: string
  readonly organisme_nom: string
  readonly par: string
  readonly auteur: string
  readonly a: Temporal.Instant
  /** Empty once withdrawn. */
  readonly texte: string
  readonly attention: readonly string[]
  /** Rank in the thread of the message this one corrects. */
  readonly corrige: string | null
  readonly retire_a: Temporal.Instant | null
  readonly retire_motif: string | null
}

/** Who read a message first in each organisme, and when. */
export interface LectureDeMessage {
  readonly message: string
  readonly organisme_nom: string
  readonly personne: string
  readonly a: Temporal.Instant
}

export interface AjoutDeLecteur {
  readonly organisme_nom: string
  readonly motif: string
  readonly auteur: string
  readonly a: Temporal.Instant
}

export interface FilLu extends Fil {
  readonly suite: readonly Message[]
  readonly lectures: readonly LectureDeMessage[]
  readonly ajouts: readonly AjoutDeLecteur[]
}

/** Threads the reader may see: of a dossier, or everywhere. Newest word first. */
export async function listerFils(
  session: Session,
  filtre: { readonly dossier?: string; readonly fil?: string; readonly nonLus?: boolean } = {},
): Promise<Fil[]> {
  const { sql, dept, acteur } = session
  const lus = await sql<Fil>`
    select f.id, f.dossier, f.cercle, f.sujet, f.organisme, o.nom as organisme_nom, f.destinataires, f.a,
      array(select x.nom from organisme x where x.dept = ${dept} and x.id = any (f.destinataires) order by x.nom collate "fr-x-icu") as lecteurs,
      m.messages, coalesce(m.dernier_a, f.a) as dernier_a, m.non_lus, m.pour_moi
    from fil f join organisme o on o.dept = ${dept} and o.id = f.organisme
    cross join lateral (
      select count(*)::int as messages, max(m.a) as dernier_a,
        count(*) filter (where m.neuf)::int as non_lus,
        count(*) filter (where m.neuf and ${acteur.compte}::uuid = any (m.attention))::int as pour_moi
      from (select m.a, m.attention, m.par <> ${acteur.compte}::uuid and m.retire_a is null and not exists (select 1 from message_lu l
          where l.dept = ${dept} and l.message = m.id and l.compte = ${acteur.compte}::uuid) as neuf
        from message m where m.dept = ${dept} and m.fil = f.id) m
    ) m
    where f.dept = ${dept} and (${filtre.dossier ?? null}::uuid is null or f.dossier = ${filtre.dossier ?? null}::uuid)
      and (${filtre.fil ?? null}::uuid is null or f.id = ${filtre.fil ?? null}::uuid)
      and (not ${filtre.nonLus ?? false} or m.non_lus > 0)
    order by coalesce(m.dernier_a, f.a) desc, f.id`
  return ouvrirLignes(session, lus, (fil, scellement) => ({
    ...fil,
    sujet: ouvrirTexte(scellement, fil.sujet, { table: 'fil', colonne: 'sujet', id: fil.id }),
  }))
}

/** A thread of this dossier, or one that does not exist. */
async function trouver(session: Session, dossier: string, fil: string): Promise<Fil> {
  const [trouve] = await listerFils(session, { dossier, fil })
  if (!trouve) throw new Introuvable()
  return trouve
}

/** Opens a thread: its messages, who read them. What is read is marked read by this person, and journalled. */
export async function lireFil(session: Session, dossier: string, id: string): Promise<FilLu> {
  const { sql, dept, acteur, maintenant } = session
  const fil = await trouver(session, dossier, id)
  if (acteur.compte && acteur.organisme && fil.non_lus > 0)
    await sql`insert into message_lu (dept, message, compte, fil, organisme, a)
      select ${dept}, m.id, ${acteur.compte}, m.fil, ${acteur.organisme}, ${maintenant} from message m
      where m.dept = ${dept} and m.fil = ${fil.id} and m.par <> ${acteur.compte} and m.retire_a is null on conflict do nothing`
  const scellement = (await ouvrirScellements(session, [dossier])).get(dossier)
  const messages = await sql<Message>`
    select m.id, m.rang, m.organisme, o.nom as organisme_nom, m.par, c.prenom || ' ' || c.nom as auteur, m.a,
      case when m.retire_a is null then m.texte else '' end as texte,
      array(select x.prenom || ' ' || x.nom from compte x where x.dept = ${dept} and x.id = any (m.attention) order by x.nom, x.prenom) as attention,
      m.corrige, m.retire_a, m.retire_motif
    from message m join organisme o on o.dept = ${dept} and o.id = m.organisme join compte c on c.dept = ${dept} and c.id = m.par
    where m.dept = ${dept} and m.fil = ${fil.id} order by m.rang`
  const suite = messages.map((message): Message => {
    const ouvrir = (texte: string, colonne: 'texte' | 'retire_motif') =>
      ouvrirTexte(scellement, texte, { table: 'message', colonne, id: message.id })
    const { texte, retire_motif } = message
    return {
      ...message,
      texte: ouvrir(texte, 'texte'),
      retire_motif: retire_motif === null ? null : ouvrir(retire_motif, 'retire_motif'),
    }
  })
  const lectures = await sql<LectureDeMessage>`
    select l.message, o.nom as organisme_nom, c.prenom || ' ' || c.nom as personne, l.a
    from message_lu l join organisme o on o.dept = ${dept} and o.id = l.organisme join compte c on c.dept = ${dept} and c.id = l.compte
    where l.dept = ${dept} and l.fil = ${fil.id} order by l.a, o.nom, c.nom`
  const ajoutes = await sql<AjoutDeLecteur & { readonly id: string }>`
    select j.id, o.nom as organisme_nom, j.motif, c.prenom || ' ' || c.nom as auteur, j.a
    from fil_ajout j join organisme o on o.dept = ${dept} and o.id = j.organisme join compte c on c.dept = ${dept} and c.id = j.par
    where j.dept = ${dept} and j.fil = ${fil.id} order by j.a, o.nom`
  const ajouts = ajoutes.map(({ id: ajout, ...autres }) => ({
    ...autres,
    motif: ouvrirTexte(scellement, autres.motif, { table: 'fil_ajout', colonne: 'motif', id: ajout }),
  }))
  session.consigner({
    action: 'fil.lire',
    objet: 'fil',
    objetId: fil.id,
    dossiers: [dossier],
    details: { messages: suite.length },
  })
  return { ...fil, suite, lectures, ajouts }
}

/** Only people who will read the message may be named in it. */
async function exigerAttention(
  session: Session,
  dossier: { id: string; territoire: string | null },
  organismes: readonly string[],
  attention: readonly string[],
): Promise<readonly string[]> {
  if (attention.length === 0) return []
  const personnes = new Set((await listerPersonnes(session, dossier, organismes)).map(({ id }) => id))
  if (attention.some((id) => !personnes.has(id)))
    throw refus('message.attention', 'Une personne choisie ne lira pas ce message. Relire la liste.')
  return [...new Set(attention)]
}

async function ecrireMessage(
  session: Session,
  { id: fil, dossier }: { readonly id: string; readonly dossier: string },
  demande: { texte: string; attention: readonly string[]; corrige?: string | null; envoi: string },
): Promise<{ message: string; nouveau: boolean }> {
  const { sql, dept, maintenant } = session
  const { compte, organisme } = exigerAuteur(session)
  const id = randomUUID()
  const scellement = await scellementDuDossier(session, session.cles(), dossier)
  const texte = scellement.sceller(demande.texte, { table: 'message', colonne: 'texte', id })
  const [ecrit] = await sql`insert into message (dept, id, fil, organisme, par, a, texte, attention, corrige, envoi)
    values (${dept}, ${id}, ${fil}, ${organisme}, ${compte}, ${maintenant}, ${texte}, ${demande.attention}::uuid[], ${demande.corrige ?? null},
      ${demande.envoi}) on conflict (dept, par, envoi) do nothing returning id`
  if (ecrit) return { message: id, nouveau: true }
  const [deja] = await sql<{
    id: string
  }>`select id from message where dept = ${dept} and par = ${compte} and envoi = ${demande.envoi} and fil = ${fil}`
  if (!deja) throw new Introuvable()
  return { message: deja.id, nouveau: false }
}

const MESSAGE_VIDE = 'Écrire le message.'

/** What opening a thread asks for. */
export interface NouveauFil {
  readonly dossier: string
  readonly cercle: CercleEchange
  readonly sujet: string
  readonly destinataires: readonly string[]
  readonly texte: string
  readonly attention?: readonly string[]
  readonly envoi: string
}

/** Checks what opening a thread would write, and says who would read it, without writing: the page shows it before sending. */
export async function preparerFil(session: Session, demande: NouveauFil) {
  exigerAuteur(session)
  exigerEnvoi(demande.envoi)
  const dossier = await lireDossier(session, demande.dossier)
  const sujet = exigerTexte(demande.sujet, SUJET_MAX, 'fil.sujet', 'Donner un sujet, en quelques mots.')
  const texte = exigerTexte(demande.texte, MESSAGE_MAX, 'message.texte', MESSAGE_VIDE)
  const lecteurs = await exigerLecteurs(session, dossier, demande.cercle, demande.destinataires)
  return { dossier, sujet, texte, lecteurs }
}

/** Opens a thread with its first message. The same form sent twice opens one. */
export async function ouvrirFil(session: Session, demande: NouveauFil): Promise<{ fil: string; nouveau: boolean }> {
  const { sql, dept, maintenant } = session
  const { dossier, sujet, texte, lecteurs } = await preparerFil(session, demande)
  const { compte, organisme } = exigerAuteur(session)
  const destinataires = lecteurs.map(({ id }) => id)
  const attention = await exigerAttention(session, dossier, destinataires, demande.attention ?? [])
  const id = randomUUID()
  const scellement = await scellementDuDossier(session, session.cles(), dossier.id)
  const scelle = scellement.sceller(sujet, { table: 'fil', colonne: 'sujet', id })
  const [ouvert] = await sql`insert into fil (dept, id, dossier, cercle, sujet, organisme, destinataires, par, a, envoi)
    values (${dept}, ${id}, ${dossier.id}, ${demande.cercle}, ${scelle}, ${organisme}, ${destinataires}::uuid[], ${compte}, ${maintenant}, ${demande.envoi})
    on conflict (dept, par, envoi) do nothing returning id`
  if (!ouvert) {
    const [deja] = await sql<{ id: string }>`select id from fil
      where dept = ${dept} and par = ${compte} and envoi = ${demande.envoi} and dossier = ${dossier.id}`
    if (!deja) throw new Introuvable()
    return { fil: deja.id, nouveau: false }
  }
  await ecrireMessage(session, { id, dossier: dossier.id }, { texte, attention, envoi: demande.envoi })
  await preparerAvis(session, dossier, [organisme, ...destinataires], { genre: 'message', objet: id })
  session.consigner({
    action: 'fil.ouvrir',
    objet: 'fil',
    objetId: id,
    dossiers: [dossier.id],
    details: { cercle: demande.cercle, destinataires },
  })
  return { fil: id, nouveau: true }
}

/** Adds a message to a thread. `corrige` names one of the same person that it corrects. */
export async function repondreFil(
  session: Session,
  demande: {
    readonly dossier: string
    readonly fil: string
    readonly texte: string
    readonly attention?: readonly string[]
    readonly corrige?: string | null
    readonly envoi: string
  },
): Promise<{ message: string; nouveau: boolean }> {
  const { compte } = exigerAuteur(session)
  const envoi = exigerEnvoi(demande.envoi)
  const dossier = await lireDossier(session, demande.dossier)
  const fil = await trouver(session, dossier.id, demande.fil)
  const texte = exigerTexte(demande.texte, MESSAGE_MAX, 'message.texte', MESSAGE_VIDE)
  const lecteurs = [fil.organisme, ...fil.destinataires]
  const attention = await exigerAttention(session, dossier, lecteurs, demande.attention ?? [])
  if (demande.corrige) {
    const [sien] =
      await session.sql`select 1 from message where dept = ${session.dept} and fil = ${fil.id} and id = ${demande.corrige}::uuid and par = ${compte}`
    if (!sien) throw new Introuvable()
  }
  const ecrit = await ecrireMessage(session, fil, { texte, attention, corrige: demande.corrige ?? null, envoi })
  if (ecrit.nouveau) {
    await preparerAvis(session, dossier, lecteurs, { genre: 'message', objet: fil.id })
    session.consigner({
      action: 'fil.repondre',
      objet: 'fil',
      objetId: fil.id,
      dossiers: [dossier.id],
      details: { message: ecrit.message },
    })
  }
  return ecrit
}

/** Takes back one's own message: its words are no longer shown to anybody, a line says that it was there. */
export async function retirerMessage(
  session: Session,
  demande: { readonly dossier: string; readonly fil: string; readonly message: string; readonly motif: string },
): Promise<void> {
  const { sql, dept, maintenant } = session
  const { compte, organisme } = exigerAuteur(session)
  const dossier = await lireDossier(session, demande.dossier)
  const fil = await trouver(session, dossier.id, demande.fil)
  const [sien] = await sql<{ id: string; retire_a: Temporal.Instant | null }>`select id, retire_a from message
    where dept = ${dept} and fil = ${fil.id} and id = ${demande.message}::uuid and par = ${compte} and organisme = ${organisme} for update`
  if (!sien) throw new Introuvable()
  if (sien.retire_a) throw refus('message.retire', 'Ce message est déjà retiré.')
  const motif = exigerTexte(demande.motif, MOTIF_MAX, 'message.motif', 'Écrire pourquoi ce message est retiré.')
  const scellement = await scellementDuDossier(session, session.cles(), dossier.id)
  const scelle = scellement.sceller(motif, { table: 'message', colonne: 'retire_motif', id: sien.id })
  await sql`update message set retire_a = ${maintenant}, retire_motif = ${scelle} where dept = ${dept} and id = ${sien.id}`
  session.consigner({
    action: 'message.retirer',
    objet: 'fil',
    objetId: fil.id,
    dossiers: [dossier.id],
    details: { message: sien.id },
  })
}

/** Lets one more organisme into a thread, with a reason. It reads everything already written there. */
export async function ajouterLecteur(
  session: Session,
  demande: { readonly dossier: string; readonly fil: string; readonly organisme: string; readonly motif: string },
): Promise<void> {
  const { sql, dept, maintenant } = session
  const { compte } = exigerAuteur(session)
  const dossier = await lireDossier(session, demande.dossier)
  const fil = await trouver(session, dossier.id, demande.fil)
  const motif = exigerTexte(demande.motif, MOTIF_MAX, 'fil.motif', 'Écrire pourquoi cet organisme doit lire ce fil.')
  const [lecteur] = await exigerLecteurs(
    session,
    dossier,
    fil.cercle,
    demande.organisme === '' ? [] : [demande.organisme],
  )
  if (!lecteur) throw new Introuvable()
  // The array decides between two people who add at the same time.
  const [ajoute] = await sql`update fil set destinataires = destinataires || ${lecteur.id}::uuid
    where dept = ${dept} and id = ${fil.id} and organisme <> ${lecteur.id} and not ${lecteur.id}::uuid = any (destinataires) returning id`
  if (!ajoute) throw refus('fil.deja-lecteur', 'Cet organisme lit déjà ce fil.')
  const ajout = randomUUID()
  const scellement = await scellementDuDossier(session, session.cles(), dossier.id)
  await sql`insert into fil_ajout (dept, id, fil, organisme, motif, par, a)
    values (${dept}, ${ajout}, ${fil.id}, ${lecteur.id}, ${scellement.sceller(motif, { table: 'fil_ajout', colonne: 'motif', id: ajout })}, ${compte}, ${maintenant})`
  await preparerAvis(session, dossier, [lecteur.id], { genre: 'message', objet: fil.id })
  session.consigner({
    action: 'fil.ajouter_lecteur',
    objet: 'fil',
    objetId: fil.id,
    dossiers: [dossier.id],
    details: { organisme: lecteur.id },
  })
}
