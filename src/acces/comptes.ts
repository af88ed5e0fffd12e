import { listerUtilisateurs } from '#referentiel'
import { Introuvable, refus } from '#socle/errors'
import { finirConnexions } from './connexion.ts'
import { type Role, roles } from './droits.ts'
import { preparerInvitation } from './liens.ts'
import { lireOrganisme } from './organismes.ts'
import { exigerReglages, type ReglagesAcces } from './reglages.ts'
import type { Session } from './session.ts'

/** Months without a visit after which an account closes by itself. */
const INACTIVITE_MOIS = 6
/** A habilitation is confirmed or ended each year. */
const REVUE = { years: 1 }

/** Role of a person; background work has another that nobody is given. */
export const rolesPersonnes = roles.filter((role) => role !== 'systeme')

/** A habilitation as administration sees it. */
export interface Habilitation {
  readonly id: string
  readonly organisme: string
  readonly organisme_code: string
  readonly organisme_nom: string
  /** Closed, it lets nobody in, whatever its habilitations. */
  readonly organisme_actif: boolean
  readonly role: Role
  readonly territoires: string[] | null
  readonly du: Temporal.PlainDate
  readonly jusqu_au: Temporal.PlainDate | null
  readonly motif: string
  readonly retiree_a: Temporal.Instant | null
  readonly retiree_motif: string | null
  readonly revue_le: Temporal.PlainDate | null
}

export type EtatCompte = 'ouvert' | 'invite' | 'sans_habilitation' | 'ferme'

/** An account as administration sees it: who, for whom, since when. Nothing of what they do in dossiers. */
export interface CompteAdministre {
  readonly id: string
  readonly courriel: string
  readonly nom: string
  readonly prenom: string
  readonly cree_a: Temporal.Instant
  readonly ferme_a: Temporal.Instant | null
  readonly ferme_motif: string | null
  readonly vu_a: Temporal.Instant | null
  readonly mot_de_passe: boolean
  readonly second_facteur: boolean
  readonly proconnect: boolean
  readonly etat: EtatCompte
  /** Names of the organismes of the habilitations in force. */
  readonly organismes: string[]
  readonly roles: Role[]
}

/** Accounts of the département, by name, optionally those whose name, address or organisme holds a text. */
export async function listerComptes(
  session: Session,
  filtre: { texte?: string | undefined; etat?: EtatCompte | undefined; compte?: string | undefined } = {},
): Promise<CompteAdministre[]> {
  const { dept, jour } = session
  const texte = filtre.texte?.trim() ? `%${filtre.texte.trim().replace(/[\\%_]/g, '\\$&')}%` : null
  return session.sql<CompteAdministre>`
    select * from (
      select c.id, c.courriel, c.nom, c.prenom, c.cree_a, c.ferme_a, c.ferme_motif,
        (select max(s.vue_a) from session_web s where s.dept = ${dept} and s.compte = c.id) as vu_a,
        c.mot_de_passe is not null as mot_de_passe, c.totp_actif_a is not null as second_facteur, c.sujet_externe is not null as proconnect,
        case when c.ferme_a is not null then 'ferme'
          when count(h.id) = 0 then 'sans_habilitation'
          when c.mot_de_passe is null and c.sujet_externe is null then 'invite'
          else 'ouvert' end as etat,
        coalesce(array_agg(distinct o.nom) filter (where o.id is not null), '{}') as organismes,
        coalesce(array_agg(distinct h.role) filter (where h.id is not null), '{}') as roles
      from compte c
      left join habilitation h on h.dept = ${dept} and h.compte = c.id and h.retiree_a is null and (h.jusqu_au is null or h.jusqu_au >= ${jour})
      left join organisme o on o.dept = ${dept} and o.id = h.organisme
      where c.dept = ${dept} and (${filtre.compte ?? null}::uuid is null or c.id = ${filtre.compte ?? null}::uuid)
      group by c.dept, c.id
    ) t
    where (${texte}::text is null or nom || ' ' || prenom || ' ' || courriel || ' ' || array_to_string(organismes, ' ') ilike ${texte})
      and (${filtre.etat ?? null}::text is null or etat = ${filtre.etat ?? null})
    order by nom collate "fr-x-icu", prenom collate "fr-x-icu", id`
}

/** One account with all its habilitations, ended ones included. */
export async function lireCompte(
  session: Session,
  id: string,
): Promise<{ compte: CompteAdministre; habilitations: Habilitation[] }> {
  const [compte] = await listerComptes(session, { compte: id })
  if (!compte) throw new Introuvable()
  const habilitations = await session.sql<Habilitation>`
    select h.id, h.organisme, o.code as organisme_code, o.nom as organisme_nom, o.actif as organisme_actif, h.role, h.territoires, h.du, h.jusqu_au, h.motif, h.retiree_a,
      h.retiree_motif, h.revue_le
    from habilitation h join organisme o on o.dept = ${session.dept} and o.id = h.organisme
    where h.dept = ${session.dept} and h.compte = ${id}::uuid order by h.retiree_a is not null, h.du desc, h.id`
  return { compte, habilitations }
}

/** What a habilitation says: for which organisme, as what, where, why and until when. */
export interface DemandeHabilitation {
  readonly organisme: string
  readonly role: string
  readonly territoires?: readonly string[] | undefined
  readonly motif: string
  readonly du: Temporal.PlainDate
  readonly jusquAu?: Temporal.PlainDate | undefined
}

function pasSoiMeme(session: Session, compte: string): void {
  if (session.acteur.compte === compte)
    throw refus('compte.soi-meme', 'Un autre administrateur doit le faire : personne ne change ses propres droits.')
}

async function verifierDemande(session: Session, demande: DemandeHabilitation) {
  if (demande.organisme === '') throw refus('organisme.inconnu', 'Choisir un organisme de la liste.')
  const organisme = await lireOrganisme(session, demande.organisme)
  const role = rolesPersonnes.find((connu) => connu === demande.role)
  if (!role) throw refus('compte.role', 'Choisir un rôle de la liste.')
  if (!listerUtilisateurs(session.referentiel.matrice).some((un) => un.type === organisme.type && un.role === role))
    throw refus(
      'compte.role',
      'Ce rôle n’existe pas dans ce type d’organisme : la matrice d’accès ne lui donne rien. Choisir un autre rôle.',
    )
  if (demande.motif.trim() === '') throw refus('habilitation.motif', 'Dire pourquoi cet accès est ouvert.')
  if (demande.jusquAu && Temporal.PlainDate.compare(demande.jusquAu, demande.du) < 0)
    throw refus('habilitation.dates', 'La fin ne peut pas être avant le début.')
  return { role, organisme }
}

/** Gives a habilitation. It starts on its day; the following request already has it. */
export async function accorderHabilitation(
  session: Session,
  compte: string,
  demande: DemandeHabilitation,
): Promise<string> {
  pasSoiMeme(session, compte)
  const { sql, dept } = session
  const { role, organisme } = await verifierDemande(session, demande)
  const [ouvert] = await sql`select id from compte where dept = ${dept} and id = ${compte}::uuid and ferme_a is null`
  if (!ouvert) throw new Introuvable()
  const territoires = demande.territoires && demande.territoires.length > 0 ? demande.territoires : null
  const [ligne] = await sql<{ id: string }>`
    insert into habilitation (dept, compte, organisme, role, territoires, du, jusqu_au, motif)
    values (${dept}, ${compte}::uuid, ${organisme.id}, ${role}, ${territoires}, ${demande.du}, ${demande.jusquAu ?? null}, ${demande.motif.trim()})
    returning id`
  const id = ligne?.id ?? ''
  session.consigner({
    action: 'habilitation.accorder',
    objet: 'compte',
    objetId: compte,
    details: { habilitation: id, organisme: organisme.code, role, territoires },
  })
  return id
}

/** Words of mailboxes that several people read. */
const BOITES_COMMUNES = new Set(
  `accueil adil admin administrateur administration agence antenne bonjour bureau caf ccapex ccas centre contact contentieux courrier direction
   expulsion expulsions guichet impayes info infos information informations logement mairie mail msa noreply pole prefecture prevention recouvrement
   secretariat service social standard support urgence`.split(/\s+/),
)

/** Accounts are those of a person: a mailbox shared by a service is refused. */
export function verifierAdresseNominative(courriel: string): void {
  if (!/^[^\s@<>"',;]+@[^\s@<>"',;]+\.[a-z]{2,}$/i.test(courriel))
    throw refus('compte.courriel', 'Écrire une adresse complète, par exemple prenom.nom@exemple.fr.')
  const mots = (courriel.split('@')[0] ?? '')
    .toLowerCase()
    .split(/[._+-]|\d+/)
    .filter((mot) => mot !== '')
  if (mots.length > 0 && mots.every((mot) => BOITES_COMMUNES.has(mot)))
    throw refus(
      'compte.nominatif',
      'Cette adresse est celle d’un service. Un compte est à une personne : donner son adresse à elle.',
    )
}

/** Creates somebody's account with its habilitation, and sends the invitation. The address of an existing account is refused. */
export async function inviterCompte(
  session: Session,
  reglages: ReglagesAcces | undefined,
  demande: { courriel: string; prenom: string; nom: string; habilitation: DemandeHabilitation },
): Promise<string> {
  const { sql, dept, maintenant } = session
  exigerCourrier(reglages)
  const courriel = demande.courriel.trim().toLowerCase()
  verifierAdresseNominative(courriel)
  if (demande.prenom.trim() === '' || demande.nom.trim() === '')
    throw refus('compte.nom', 'Donner le prénom et le nom de la personne.')
  // Before anything is written: a screen that shows the refusal commits what was done.
  await verifierDemande(session, demande.habilitation)
  const [compte] = await sql<{ id: string }>`
    insert into compte (dept, courriel, nom, prenom, cree_a)
    values (${dept}, ${courriel}, ${demande.nom.trim()}, ${demande.prenom.trim()}, ${maintenant})
    on conflict (dept, courriel) do nothing returning id`
  if (!compte)
    throw refus(
      'compte.existe',
      'Un compte a déjà cette adresse. Le chercher dans la liste, et lui ajouter une habilitation.',
    )
  await accorderHabilitation(session, compte.id, demande.habilitation)
  await preparerInvitation(session, dept, compte.id, maintenant)
  session.consigner({ action: 'compte.inviter', objet: 'compte', objetId: compte.id })
  return compte.id
}

function exigerCourrier(reglages: ReglagesAcces | undefined): void {
  if (!exigerReglages(reglages).courrier.ready)
    throw refus(
      'compte.courriel-non-regle',
      'Aucun serveur de courriel n’est réglé : l’invitation ne partirait pas. Demander à l’exploitant de régler AMONT_SMTP_URL.',
    )
}

/** Sends another invitation: the link before no longer works. */
export async function reinviter(session: Session, reglages: ReglagesAcces | undefined, id: string): Promise<void> {
  exigerCourrier(reglages)
  const { compte } = await lireCompte(session, id)
  if (compte.etat === 'ferme') throw refus('compte.ferme', 'Ce compte est fermé. Le rouvrir d’abord.')
  await preparerInvitation(session, session.dept, id, session.maintenant)
  session.consigner({ action: 'compte.inviter', objet: 'compte', objetId: id })
}

/** Ends a habilitation at once: the next request of its holder is refused. */
export async function retirerHabilitation(
  session: Session,
  id: string,
  motif: string,
): Promise<Habilitation & { compte: string }> {
  const { sql, dept, maintenant } = session
  const [ligne] = await sql<Habilitation & { compte: string }>`
    select h.*, o.code as organisme_code, o.nom as organisme_nom, o.actif as organisme_actif from habilitation h join organisme o on o.dept = ${dept} and o.id = h.organisme
    where h.dept = ${dept} and h.id = ${id}::uuid and h.retiree_a is null for update of h`
  if (!ligne) throw new Introuvable()
  pasSoiMeme(session, ligne.compte)
  if (motif.trim() === '') throw refus('habilitation.motif', 'Dire pourquoi cet accès prend fin.')
  await sql`update habilitation set retiree_a = ${maintenant}, retiree_motif = ${motif.trim()} where dept = ${dept} and id = ${id}::uuid`
  session.consigner({
    action: 'habilitation.retirer',
    objet: 'compte',
    objetId: ligne.compte,
    details: { habilitation: id },
  })
  return ligne
}

/** A habilitation to confirm, with whose it is. */
export interface LigneRevue extends Habilitation {
  readonly compte: string
  readonly nom: string
  readonly prenom: string
  readonly courriel: string
  readonly vu_a: Temporal.Instant | null
}

/** Habilitations in force that nobody has confirmed for a year, the oldest first. */
export function listerRevue(session: Session): Promise<LigneRevue[]> {
  const { dept, jour } = session
  return session.sql<LigneRevue>`
    select h.*, o.code as organisme_code, o.nom as organisme_nom, o.actif as organisme_actif, c.nom, c.prenom, c.courriel,
      (select max(s.vue_a) from session_web s where s.dept = ${dept} and s.compte = c.id) as vu_a
    from habilitation h
    join compte c on c.dept = ${dept} and c.id = h.compte and c.ferme_a is null
    join organisme o on o.dept = ${dept} and o.id = h.organisme
    where h.dept = ${dept} and h.retiree_a is null and (h.jusqu_au is null or h.jusqu_au >= ${jour})
      and coalesce(h.revue_le, h.du) <= ${jour.subtract(REVUE)}
    order by coalesce(h.revue_le, h.du), c.nom collate "fr-x-icu", h.id`
}

/** Says that habilitations are still needed, for a year. One's own are left to somebody else. */
export async function confirmerHabilitations(session: Session, ids: readonly string[]): Promise<number> {
  const { sql, dept, jour } = session
  const confirmees = await sql<{ id: string; compte: string }>`
    update habilitation set revue_le = ${jour}
    where dept = ${dept} and id = any (${ids}::uuid[]) and retiree_a is null and compte is distinct from ${session.acteur.compte}::uuid
    returning id, compte`
  for (const { id, compte } of confirmees)
    session.consigner({
      action: 'habilitation.confirmer',
      objet: 'compte',
      objetId: compte,
      details: { habilitation: id },
    })
  return confirmees.length
}

/** Closes an account at once: sessions, links and habilitations end with it. Its lines of the journal stay. */
export async function fermerCompte(session: Session, id: string, motif: string): Promise<void> {
  pasSoiMeme(session, id)
  if (motif.trim() === '') throw refus('compte.motif', 'Dire pourquoi ce compte est fermé.')
  const { sql, dept, maintenant } = session
  const [ferme] = await sql`update compte set ferme_a = ${maintenant}, ferme_motif = ${motif.trim()}
    where dept = ${dept} and id = ${id}::uuid and ferme_a is null returning id`
  if (!ferme) throw new Introuvable()
  await finirConnexions(session, dept, id, maintenant)
  await sql`update lien_compte set expire_a = ${maintenant}
    where dept = ${dept} and compte = ${id}::uuid and utilise_a is null and expire_a > ${maintenant}`
  await sql`update habilitation set retiree_a = ${maintenant}, retiree_motif = ${motif.trim()}
    where dept = ${dept} and compte = ${id}::uuid and retiree_a is null`
  session.consigner({ action: 'compte.fermer', objet: 'compte', objetId: id })
}

/** Opens a closed account again, without any habilitation: each is given anew, with its reason. */
export async function rouvrirCompte(session: Session, id: string): Promise<void> {
  pasSoiMeme(session, id)
  const { sql, dept } = session
  // Opening again counts as being there: the account does not close the next morning for its old absence.
  const [ouvert] = await sql`update compte set ferme_a = null, ferme_motif = null, cree_a = ${session.maintenant}
    where dept = ${dept} and id = ${id}::uuid and ferme_a is not null returning id`
  if (!ouvert) throw new Introuvable()
  session.consigner({ action: 'compte.rouvrir', objet: 'compte', objetId: id })
}

/** Forgets somebody's second factor, after checking who asks: they enrol again at their next sign-in, password still required. */
export async function libererSecondFacteur(session: Session, id: string): Promise<void> {
  pasSoiMeme(session, id)
  const { sql, dept, maintenant } = session
  const [libere] =
    await sql`update compte set totp_secret = null, totp_attente = null, totp_attente_a = null, totp_actif_a = null, totp_pas = null
    where dept = ${dept} and id = ${id}::uuid and ferme_a is null returning id`
  if (!libere) throw new Introuvable()
  await sql`update code_secours set annule_a = ${maintenant} where dept = ${dept} and compte = ${id}::uuid and annule_a is null`
  await finirConnexions(session, dept, id, maintenant)
  session.consigner({ action: 'second-facteur.liberer', objet: 'compte', objetId: id })
}

/** Closes the accounts nobody has used for six months. Returns their ids; run again the same day it closes none. */
export async function fermerComptesInactifs(session: Session): Promise<string[]> {
  const { sql, dept, jour } = session
  const limite = jour.subtract({ months: INACTIVITE_MOIS }).toZonedDateTime('Europe/Paris').toInstant()
  const inactifs = await sql<{ id: string }>`
    select c.id from compte c where c.dept = ${dept} and c.ferme_a is null and c.cree_a < ${limite}
      and not exists (select 1 from session_web s where s.dept = ${dept} and s.compte = c.id and s.vue_a >= ${limite})
    order by c.id`
  for (const { id } of inactifs) await fermerCompte(session, id, `Sans connexion depuis ${INACTIVITE_MOIS} mois`)
  return inactifs.map(({ id }) => id)
}
