import { randomUUID } from 'node:crypto'
import type { Session } from '#acces'
import { type Fragment, sql as fragment } from '#socle/db'
import { Conflit, Introuvable, refus } from '#socle/errors'
import { isUuid } from '#socle/text'

/** The levels of the decree of 12/02/2026: one commission for the département (« centrale »), local ones. */
export const niveauxCommission = {
  departementale: 'Départementale (centrale)',
  territoriale: 'Territoriale (locale)',
} as const
export type NiveauCommission = keyof typeof niveauxCommission

/** In what quality an organisme sits. Closed. */
export const qualitesMembre = {
  copresident_etat: 'Coprésidence, État',
  copresident_departement: 'Coprésidence, Département',
  droit: 'Membre de droit',
  invite: 'Invité',
  maire: 'Maire, pour ses seuls administrés',
} as const
export type QualiteMembre = keyof typeof qualitesMembre

export const voixMembre = { deliberative: 'Délibérative', consultative: 'Consultative' } as const
export type VoixMembre = keyof typeof voixMembre

/** Why a commission comes to an end. A closed list: no text that could name a household. */
export const motifsFermeture = {
  regroupement: 'Regroupée avec une autre commission',
  territoires: 'Ses territoires changent',
  arrete: 'L’arrêté ou le règlement ne la prévoit plus',
  erreur: 'Créée par erreur',
  autre: 'Autre raison d’organisation',
} as const
export type MotifFermeture = keyof typeof motifsFermeture

export interface Commission {
  readonly id: string
  readonly nom: string
  readonly niveau: NiveauCommission
  readonly territoires: readonly string[]
  readonly secretariat: string
  readonly secretariat_nom: string
  /** Usual place of its sessions. */
  readonly lieu: string
  readonly fermee_le: Temporal.PlainDate | null
  readonly fermee_motif: MotifFermeture | null
  readonly version: number
}

/** Who represents an organisme: an account, or a name and an address. */
export interface Representant {
  readonly compte: string | null
  readonly nom: string
  readonly courriel: string
}

export interface Membre {
  readonly id: string
  readonly commission: string
  readonly organisme: string
  readonly organisme_nom: string
  readonly organisme_type: string
  readonly communes: readonly string[] | null
  readonly qualite: QualiteMembre
  readonly voix: VoixMembre | null
  readonly titulaire: Representant
  readonly suppleant: Representant
  readonly du: Temporal.PlainDate
  readonly jusqu_au: Temporal.PlainDate | null
  readonly version: number
}

/** Rules of procedure, in a version. Null: the text says nothing of it. */
export interface Reglement {
  readonly id: string
  /** Null: of every commission of the département. */
  readonly commission: string | null
  readonly du: Temporal.PlainDate
  readonly jusqu_au: Temporal.PlainDate | null
  readonly reference: string
  readonly capacite: number | null
  readonly minutes_par_dossier: number | null
  readonly quorum: number | null
  readonly jours_envoi: number | null
  readonly jours_apports: number | null
  readonly jours_relance: number | null
  readonly a: Temporal.Instant
}

const CHANGEE = 'Cette fiche a changé depuis l’ouverture de la page : rien n’est enregistré. La relire, puis choisir.'

async function lire(session: Session, id: string | null): Promise<Commission[]> {
  const { dept, sql } = session
  return sql<Commission>`select c.id, c.nom, c.niveau, c.territoires, c.secretariat, o.nom as secretariat_nom, c.lieu, c.fermee_le, c.fermee_motif, c.version
    from commission c join organisme o on o.dept = ${dept} and o.id = c.secretariat
    where c.dept = ${dept} and (${id}::uuid is null or c.id = ${id}::uuid)
    order by c.fermee_le is not null, c.niveau, c.nom collate "fr-x-icu"`
}

/** Commissions of the département, the departmental one first, those that came to an end last. */
export const listerCommissions = (session: Session): Promise<Commission[]> => lire(session, null)

export async function lireCommission(session: Session, id: string): Promise<Commission> {
  const [commission] = isUuid(id) ? await lire(session, id) : []
  if (!commission) throw new Introuvable()
  return commission
}

/** What a person says of a commission. */
export interface SaisieCommission {
  readonly nom: string
  readonly niveau: NiveauCommission
  readonly territoires: readonly string[]
  readonly secretariat: string
  readonly lieu: string
}

function verifierCommission(session: Session, { nom, territoires, secretariat, lieu }: SaisieCommission): void {
  if (nom.trim().length < 3 || nom.length > 120)
    throw refus('commission.nom', 'Nommer la commission, en 3 à 120 caractères.')
  const connus = new Set(
    session.referentiel.departements.get(session.dept)?.territoires.lignes.map(({ territoire }) => territoire),
  )
  if (territoires.length === 0 || territoires.some((un) => !connus.has(un)))
    throw refus('commission.territoires', 'Cocher au moins un territoire de la liste.')
  if (!isUuid(secretariat)) throw refus('commission.secretariat', 'Choisir qui tient le secrétariat.')
  if (lieu.length > 200) throw refus('commission.lieu', 'Raccourcir le lieu à 200 caractères.')
}

async function exigerLibre(session: Session, saisie: SaisieCommission, sauf: string | null): Promise<void> {
  const { dept, sql } = session
  // Two people may name one at the same moment: the second waits, then reads the first.
  await sql`select pg_advisory_xact_lock(hashtextextended(${`commission:${dept}`}, 0))`
  const [meme] = await sql`select 1 from commission where dept = ${dept} and lower(nom) = lower(${saisie.nom.trim()})
    and (${sauf}::uuid is null or id <> ${sauf}::uuid)`
  if (meme) throw refus('commission.nom', 'Une commission porte déjà ce nom.')
  const [tenu] = await sql`select 1 from organisme where dept = ${dept} and id = ${saisie.secretariat} and actif
      and type in ('secretariat', 'prefecture', 'sous_prefecture')`
  if (!tenu) throw refus('commission.secretariat', 'Choisir un secrétariat ou un service de l’État de la liste.')
}

/** The mark drawn with a form is the id of what it makes: sent twice, made once. */
function exigerMarque(envoi: string): void {
  if (!isUuid(envoi)) throw refus('commission.envoi', 'Ce formulaire est incomplet. Revenir à la page et recommencer.')
}

/** Creates a commission (COM-01). `id` is the mark of the form: sent twice, one commission. Returns its id. */
export async function creerCommission(session: Session, saisie: SaisieCommission, id: string): Promise<string> {
  const { dept, maintenant, acteur, sql } = session
  exigerMarque(id)
  verifierCommission(session, saisie)
  await exigerLibre(session, saisie, id)
  const [deja] = await lire(session, id)
  if (deja) return deja.id
  await sql`insert into commission (dept, id, nom, niveau, territoires, secretariat, lieu, cree_a, cree_par)
    values (${dept}, ${id}, ${saisie.nom.trim()}, ${saisie.niveau}, ${saisie.territoires}::text[], ${saisie.secretariat}, ${saisie.lieu.trim()}, ${maintenant},
      ${acteur.compte})`
  session.consigner({ action: 'commission.tenir', objet: 'commission', objetId: id, details: { acte: 'creer' } })
  return id
}

/** Corrects a commission, against the version its page showed. */
export async function modifierCommission(
  session: Session,
  id: string,
  vu: number,
  saisie: SaisieCommission,
): Promise<void> {
  const { dept, sql } = session
  const avant = await lireCommission(session, id)
  verifierCommission(session, saisie)
  await exigerLibre(session, saisie, id)
  const [faite] =
    await sql`update commission set nom = ${saisie.nom.trim()}, niveau = ${saisie.niveau}, territoires = ${saisie.territoires}::text[],
      secretariat = ${saisie.secretariat}, lieu = ${saisie.lieu.trim()}, version = version + 1
    where dept = ${dept} and id = ${avant.id} and version = ${vu} returning id`
  if (!faite) throw new Conflit('commission.changee', CHANGEE)
  session.consigner({ action: 'commission.tenir', objet: 'commission', objetId: id, details: { acte: 'modifier' } })
}

/**
 * Puts an end to a commission, for a reason of the list, against the version its page showed: it holds no session any more, and what it decided stays. Refused while a
 * session of it is to come or open: its members would wait for it.
 */
export async function fermerCommission(session: Session, id: string, vu: number, motif: MotifFermeture): Promise<void> {
  const { dept, jour, sql } = session
  // Whoever puts a session in its calendar waits (`creerSeance`).
  await sql`select 1 from commission where dept = ${dept} and id = ${id}::uuid for update`
  const avant = await lireCommission(session, id)
  if (avant.version !== vu || avant.fermee_le !== null) throw new Conflit('commission.changee', CHANGEE)
  const [{ n = 0 } = {}] = await sql<{ n: number }>`select count(*)::int as n from seance
    where dept = ${dept} and commission = ${id} and etat in ('prevue', 'ouverte') and close_a is null`
  if (n > 0)
    throw refus(
      'commission.seances',
      n === 1
        ? 'Une séance de cette commission n’est ni close ni annulée : la clore ou l’annuler d’abord.'
        : `${n} séances de cette commission ne sont ni closes ni annulées : les clore ou les annuler d’abord.`,
    )
  await sql`update commission set fermee_le = ${jour}, fermee_motif = ${motif}, version = version + 1 where dept = ${dept} and id = ${id}`
  session.consigner({
    action: 'commission.tenir',
    objet: 'commission',
    objetId: id,
    details: { acte: 'fermer', motif },
  })
}

/** Takes back the end of a commission: it sits again, with its members and its rules. */
export async function rouvrirCommission(session: Session, id: string, vu: number): Promise<void> {
  const { dept, sql } = session
  const avant = await lireCommission(session, id)
  const [faite] = await sql`update commission set fermee_le = null, fermee_motif = null, version = version + 1
    where dept = ${dept} and id = ${avant.id} and version = ${vu} and fermee_le is not null returning id`
  if (!faite) throw new Conflit('commission.changee', CHANGEE)
  session.consigner({ action: 'commission.tenir', objet: 'commission', objetId: id, details: { acte: 'rouvrir' } })
}

interface LigneMembre extends Omit<Membre, 'titulaire' | 'suppleant'> {
  readonly titulaire: string | null
  readonly titulaire_nom: string
  readonly titulaire_courriel: string
  readonly suppleant: string | null
  readonly suppleant_nom: string
  readonly suppleant_courriel: string
}

/** Members of a commission; those of one day when it is given. Co-chairs first. */
export async function listerMembres(
  session: Session,
  commission: string,
  le: Temporal.PlainDate | null = null,
): Promise<Membre[]> {
  const { dept, sql } = session
  const lignes = await sql<LigneMembre>`
    select m.id, m.commission, m.organisme, o.nom as organisme_nom, o.type as organisme_type, o.communes, m.qualite, m.voix, m.du, m.jusqu_au, m.version,
      m.titulaire, coalesce(t.prenom || ' ' || t.nom, m.titulaire_nom) as titulaire_nom, coalesce(t.courriel, m.titulaire_courriel) as titulaire_courriel,
      m.suppleant, coalesce(s.prenom || ' ' || s.nom, m.suppleant_nom) as suppleant_nom, coalesce(s.courriel, m.suppleant_courriel) as suppleant_courriel
    from commission_membre m join organisme o on o.dept = ${dept} and o.id = m.organisme
    left join compte t on t.dept = ${dept} and t.id = m.titulaire and t.ferme_a is null
    left join compte s on s.dept = ${dept} and s.id = m.suppleant and s.ferme_a is null
    where m.dept = ${dept} and m.commission = ${commission}
      and (${le}::date is null or (m.du <= ${le}::date and (m.jusqu_au is null or m.jusqu_au >= ${le}::date)))
    order by array_position(${Object.keys(qualitesMembre)}::text[], m.qualite), o.nom collate "fr-x-icu", m.du`
  return lignes.map(
    ({ titulaire, titulaire_nom, titulaire_courriel, suppleant, suppleant_nom, suppleant_courriel, ...ligne }) => ({
      ...ligne,
      titulaire: { compte: titulaire, nom: titulaire_nom, courriel: titulaire_courriel },
      suppleant: { compte: suppleant, nom: suppleant_nom, courriel: suppleant_courriel },
    }),
  )
}

/** Somebody an organisme habilitates today. */
export interface PersonneHabilitee {
  readonly id: string
  readonly nom: string
}

/** People an organisme may be represented by. */
export function listerRepresentants({ dept, jour, sql }: Session, organisme: string): Promise<PersonneHabilitee[]> {
  return sql<PersonneHabilitee>`select distinct c.id, c.prenom || ' ' || c.nom as nom from compte c
    join habilitation h on h.dept = ${dept} and h.compte = c.id and h.retiree_a is null and h.du <= ${jour} and (h.jusqu_au is null or h.jusqu_au >= ${jour})
    where c.dept = ${dept} and c.ferme_a is null and h.organisme = ${organisme} order by nom`
}

/** A mayor who said they would sit for their residents: their commune, in which commission, since when (annexe 8). */
export interface MaireVolontaire {
  readonly id: string
  readonly commission: string
  readonly commission_nom: string
  readonly mairie: string
  readonly communes: readonly string[]
  readonly titulaire: string
  readonly suppleant: string
  readonly du: Temporal.PlainDate
  readonly jusqu_au: Temporal.PlainDate | null
}

/** Mayors who sit today or will, by town hall (TER-11). Those whose time ended are left out. */
export function listerMairesVolontaires({ dept, jour, sql }: Session): Promise<MaireVolontaire[]> {
  return sql<MaireVolontaire>`
    select m.id, m.commission, c.nom as commission_nom, o.nom as mairie, coalesce(o.communes, '{}') as communes, m.du, m.jusqu_au,
      coalesce(t.prenom || ' ' || t.nom, m.titulaire_nom) as titulaire, coalesce(s.prenom || ' ' || s.nom, m.suppleant_nom) as suppleant
    from commission_membre m join commission c on c.dept = ${dept} and c.id = m.commission join organisme o on o.dept = ${dept} and o.id = m.organisme
    left join compte t on t.dept = ${dept} and t.id = m.titulaire left join compte s on s.dept = ${dept} and s.id = m.suppleant
    where m.dept = ${dept} and m.qualite = 'maire' and c.fermee_le is null and o.actif and (m.jusqu_au is null or m.jusqu_au >= ${jour})
    order by o.nom collate "fr-x-icu", c.nom collate "fr-x-icu", m.du`
}

/** What a person says of a member. */
export interface SaisieMembre {
  readonly organisme: string
  readonly qualite: QualiteMembre
  readonly voix: VoixMembre | null
  readonly titulaire: Representant
  readonly suppleant: Representant
  readonly du: Temporal.PlainDate | null
  readonly jusquAu: Temporal.PlainDate | null
}

const COURRIEL = /^[^\s@<>",;:]+@[^\s@<>",;:]+\.[a-z]{2,}$/i

async function verifierMembre(session: Session, commission: string, saisie: SaisieMembre, sauf: string | null) {
  const { dept, sql } = session
  const { organisme, qualite, titulaire, suppleant, du, jusquAu } = saisie
  const [siege] = isUuid(organisme)
    ? await sql<{
        type: string
        communes: string[] | null
      }>`select type, communes from organisme where dept = ${dept} and id = ${organisme} and actif`
    : []
  if (!siege) throw refus('membre.organisme', 'Choisir l’organisme dans la liste.')
  if ((qualite === 'maire') !== (siege.type === 'mairie'))
    throw refus(
      'membre.qualite',
      'Une mairie est invitée comme maire, pour ses seuls administrés ; cette qualité est pour elle seule.',
    )
  if (qualite === 'maire' && (siege.communes ?? []).length === 0)
    throw refus('membre.organisme', 'Cette mairie n’a aucune commune : la lui donner avant de l’inviter.')
  if (du === null) throw refus('membre.du', 'Indiquer depuis quand cet organisme siège.')
  if (jusquAu !== null && Temporal.PlainDate.compare(jusquAu, du) < 0)
    throw refus('membre.jusquAu', 'La fin précède le début.')
  for (const [champ, { courriel, nom }] of [
    ['titulaire', titulaire],
    ['suppleant', suppleant],
  ] as const) {
    if (courriel !== '' && !COURRIEL.test(courriel))
      throw refus(`membre.${champ}_courriel`, 'Écrire une adresse comme prenom.nom@organisme.fr.')
    if (nom.length > 120) throw refus(`membre.${champ}_nom`, 'Raccourcir le nom à 120 caractères.')
  }
  const comptes = [titulaire.compte, suppleant.compte].filter((un) => un !== null)
  const siens = await sql<{
    compte: string
  }>`select distinct compte from habilitation where dept = ${dept} and organisme = ${organisme}
    and compte = any (${comptes}::uuid[]) and retiree_a is null`
  if (comptes.some((compte) => !siens.some((un) => un.compte === compte)))
    throw refus('membre.titulaire', 'Choisir une personne habilitée par cet organisme.')
  await sql`select pg_advisory_xact_lock(hashtextextended(${`membre:${dept}:${commission}`}, 0))`
  const [double] =
    await sql`select 1 from commission_membre where dept = ${dept} and commission = ${commission} and organisme = ${organisme}
    and (${sauf}::uuid is null or id <> ${sauf}::uuid) and daterange(du, jusqu_au, '[]') && daterange(${du}::date, ${jusquAu}::date, '[]')`
  if (double) throw refus('membre.double', 'Cet organisme siège déjà dans cette commission à ces dates.')
  return du
}

/** Adds a member, from a day. Returns its id. */
export async function ajouterMembre(session: Session, commission: string, saisie: SaisieMembre): Promise<string> {
  const { dept, sql } = session
  await lireCommission(session, commission)
  const du = await verifierMembre(session, commission, saisie, null)
  const id = randomUUID()
  const { titulaire, suppleant } = saisie
  await sql`insert into commission_membre (dept, id, commission, organisme, qualite, voix, titulaire, titulaire_nom, titulaire_courriel, suppleant, suppleant_nom,
      suppleant_courriel, du, jusqu_au)
    values (${dept}, ${id}, ${commission}, ${saisie.organisme}, ${saisie.qualite}, ${saisie.voix}, ${titulaire.compte}, ${titulaire.nom}, ${titulaire.courriel},
      ${suppleant.compte}, ${suppleant.nom}, ${suppleant.courriel}, ${du}, ${saisie.jusquAu})`
  session.consigner({
    action: 'commission.tenir',
    objet: 'commission',
    objetId: commission,
    details: { acte: 'membre', membre: id },
  })
  return id
}

/** Changes a member, or ends it (`jusquAu`), against the version its page showed. The organisme stays: another one is another member. */
export async function modifierMembre(
  session: Session,
  commission: string,
  id: string,
  vu: number,
  saisie: Omit<SaisieMembre, 'organisme'>,
): Promise<void> {
  const { dept, sql } = session
  const avant = (await listerMembres(session, commission)).find((membre) => membre.id === id)
  if (!avant) throw new Introuvable()
  const du = await verifierMembre(session, commission, { ...saisie, organisme: avant.organisme }, id)
  const { titulaire, suppleant } = saisie
  const [fait] =
    await sql`update commission_membre set qualite = ${saisie.qualite}, voix = ${saisie.voix}, titulaire = ${titulaire.compte},
      titulaire_nom = ${titulaire.nom}, titulaire_courriel = ${titulaire.courriel}, suppleant = ${suppleant.compte}, suppleant_nom = ${suppleant.nom},
      suppleant_courriel = ${suppleant.courriel}, du = ${du}, jusqu_au = ${saisie.jusquAu}, version = version + 1
    where dept = ${dept} and id = ${id} and version = ${vu} returning id`
  if (!fait) throw new Conflit('membre.change', CHANGEE)
  session.consigner({
    action: 'commission.tenir',
    objet: 'commission',
    objetId: commission,
    details: { acte: 'membre', membre: id },
  })
}

/** Versions of the rules of procedure of a commission and of all commissions, newest first. */
export function listerReglements(session: Session, commission: string): Promise<Reglement[]> {
  const { dept, sql } = session
  return sql<Reglement>`select id, commission, du, jusqu_au, reference, capacite, minutes_par_dossier, quorum, jours_envoi, jours_apports, jours_relance, a
    from commission_reglement where dept = ${dept} and (commission is null or commission = ${commission}) order by du desc, a desc`
}

/**
 * The rules in force a day, as one row or none: of the commission's own versions and of those of all commissions, the newest that had begun. Once that one has ended, the
 * older one does not come back: it had been replaced. The commission's own go first.
 */
export const reglementEnVigueur = (dept: string, commission: Fragment, le: Fragment): Fragment => fragment`(
  select r.* from (select distinct on (x.commission) x.* from commission_reglement x
    where x.dept = ${dept} and (x.commission is null or x.commission = ${commission}) and x.du <= ${le}
    order by x.commission, x.du desc, x.a desc) r
  where r.jusqu_au is null or r.jusqu_au >= ${le} order by r.commission is null limit 1)`

/** The rules of procedure in force on a day. Null: none says anything of that day, and nothing stands in for it. */
export async function reglementAu(
  session: Session,
  commission: string,
  le: Temporal.PlainDate,
): Promise<Reglement | null> {
  const [reglement] = await session.sql<Reglement>`
    select r.id, r.commission, r.du, r.jusqu_au, r.reference, r.capacite, r.minutes_par_dossier, r.quorum, r.jours_envoi, r.jours_apports, r.jours_relance, r.a
    from ${reglementEnVigueur(session.dept, fragment`${commission}::uuid`, fragment`${le}::date`)} r`
  return reglement ?? null
}

/** What a person says of a version of the rules. */
export type SaisieReglement = Omit<Reglement, 'id' | 'a' | 'commission' | 'du'> & {
  readonly pourToutes: boolean
  readonly du: Temporal.PlainDate | null
}

const NOMBRES = {
  capacite: [1, 200],
  minutes_par_dossier: [1, 120],
  quorum: [1, 50],
  jours_envoi: [0, 60],
  jours_apports: [0, 60],
  jours_relance: [0, 60],
} as const

/**
 * Writes a version of the rules (COM-22). The versions before stay readable, and hold for the days before. `id` is the mark of the form: sent twice, one version.
 */
export async function ecrireReglement(
  session: Session,
  commission: string,
  saisie: SaisieReglement,
  id: string,
): Promise<void> {
  const { dept, maintenant, acteur, sql } = session
  await lireCommission(session, commission)
  exigerMarque(id)
  if (saisie.du === null) throw refus('reglement.du', 'Indiquer depuis quand ce règlement s’applique.')
  if (saisie.jusqu_au !== null && Temporal.PlainDate.compare(saisie.jusqu_au, saisie.du) < 0)
    throw refus('reglement.jusqu_au', 'La fin précède le début.')
  const reference = saisie.reference.trim()
  if (reference.length < 5 || reference.length > 300)
    throw refus('reglement.reference', 'Citer le texte : délibération, date, article, en 5 à 300 caractères.')
  for (const [nom, [min, max]] of Object.entries(NOMBRES)) {
    const valeur = saisie[nom as keyof typeof NOMBRES]
    if (valeur !== null && !(Number.isInteger(valeur) && valeur >= min && valeur <= max))
      throw refus(
        `reglement.${nom}`,
        `Écrire un nombre entier entre ${min} et ${max}, ou rien si le texte n’en dit rien.`,
      )
  }
  const [ecrit] =
    await sql`insert into commission_reglement (dept, id, commission, du, jusqu_au, reference, capacite, minutes_par_dossier, quorum, jours_envoi, jours_apports,
      jours_relance, a, par)
    values (${dept}, ${id}, ${saisie.pourToutes ? null : commission}, ${saisie.du}, ${saisie.jusqu_au}, ${reference}, ${saisie.capacite},
      ${saisie.minutes_par_dossier}, ${saisie.quorum}, ${saisie.jours_envoi}, ${saisie.jours_apports}, ${saisie.jours_relance}, ${maintenant}, ${acteur.compte})
    on conflict (dept, id) do nothing returning id`
  if (!ecrit) return
  session.consigner({
    action: 'commission.tenir',
    objet: 'commission',
    objetId: commission,
    details: { acte: 'reglement', reglement: id },
  })
}
