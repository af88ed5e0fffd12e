import { randomUUID } from 'node:crypto'
import { accesDe, aLeDroit, listerOrganismes, type Organisme, type Session } from '#acces'
import { listerDestinataires, noter } from '#notifications'
import { listerUtilisateurs } from '#referentiel'
import { type Fragment, sql } from '#socle/db'
import { Conflit, Introuvable, refus } from '#socle/errors'
import { isUuid } from '#socle/text'
import { exigerAuteur, exigerEnvoi, exigerSansNumero, exigerTexte } from './lecteurs.ts'

export const LONGUEURS_RESEAU = { nom: 100, objet: 500, sujet: 120, texte: 4000, motif: 300 } as const

/** A network of professionals: who is in it, what waits there. */
export interface Reseau {
  readonly id: string
  readonly nom: string
  readonly objet: string
  readonly ferme_a: Temporal.Instant | null
  readonly version: number
  readonly membre: boolean
  readonly membres: readonly { readonly id: string; readonly nom: string }[]
  /** Threads this reader sees, and those with something they have not read. */
  readonly fils: number
  readonly non_lus: number
}

export interface FilReseau {
  readonly id: string
  readonly reseau: string
  readonly sujet: string
  readonly organisme_nom: string
  readonly auteur: string
  readonly a: Temporal.Instant
  readonly clos_a: Temporal.Instant | null
  readonly messages: number
  readonly dernier_a: Temporal.Instant
  readonly non_lus: number
}

export interface MessageReseau {
  readonly id: string
  readonly texte: string
  readonly par: string
  readonly auteur: string
  readonly organisme_nom: string
  readonly a: Temporal.Instant
  readonly retire_a: Temporal.Instant | null
  readonly retire_motif: string | null
  readonly retire_par_nom: string | null
}

const CHANGE = 'Quelqu’un a changé ce réseau depuis que la page a été ouverte : relire, puis recommencer.'

/** Networks, those of one's own organisme first. */
export async function listerReseaux({ sql, dept, acteur }: Session): Promise<Reseau[]> {
  return sql<Reseau>`
    select r.id, r.nom, r.objet, r.ferme_a, r.version,
      exists (select 1 from reseau_membre m where m.dept = ${dept} and m.reseau = r.id and m.organisme = ${acteur.organisme} and m.retire_a is null) as membre,
      coalesce((select json_agg(json_build_object('id', o.id, 'nom', o.nom) order by o.nom collate "fr-x-icu") from reseau_membre m
        join organisme o on o.dept = ${dept} and o.id = m.organisme where m.dept = ${dept} and m.reseau = r.id and m.retire_a is null), '[]') as membres,
      (select count(*)::int from reseau_fil f where f.dept = ${dept} and f.reseau = r.id) as fils,
      (select count(distinct f.id)::int from reseau_fil f join reseau_message x on x.dept = ${dept} and x.fil = f.id and x.par <> ${acteur.compte} and x.retire_a is null
        left join reseau_lu l on l.dept = ${dept} and l.fil = f.id and l.compte = ${acteur.compte}
        where f.dept = ${dept} and f.reseau = r.id and (l.jusqu_a is null or l.jusqu_a < x.a)) as non_lus
    from reseau r where r.dept = ${dept} order by r.ferme_a is not null, membre desc, r.nom collate "fr-x-icu"`
}

/** One network. */
export async function lireReseau(session: Session, id: string): Promise<Reseau> {
  const reseau = (await listerReseaux(session)).find((un) => un.id === id)
  if (!reseau) throw new Introuvable()
  return reseau
}

/** Threads of a network that this reader sees: newest word first. */
export const listerFilsReseau = (
  { sql, dept, acteur }: Session,
  reseau: string,
  fil: string | null = null,
): Promise<FilReseau[]> =>
  sql<FilReseau>`
    select f.id, f.reseau, f.sujet, o.nom as organisme_nom, c.prenom || ' ' || c.nom as auteur, f.a, f.clos_a, x.messages, coalesce(x.dernier_a, f.a) as dernier_a, x.non_lus
    from reseau_fil f join organisme o on o.dept = ${dept} and o.id = f.organisme join compte c on c.dept = ${dept} and c.id = f.par
    left join reseau_lu l on l.dept = ${dept} and l.fil = f.id and l.compte = ${acteur.compte}
    cross join lateral (select count(*)::int as messages, max(m.a) as dernier_a,
      count(*) filter (where m.par <> ${acteur.compte} and m.retire_a is null and (l.jusqu_a is null or l.jusqu_a < m.a))::int as non_lus
      from reseau_message m where m.dept = ${dept} and m.fil = f.id) x
    where f.dept = ${dept} and f.reseau = ${reseau}::uuid and (${fil}::uuid is null or f.id = ${fil}::uuid)
    order by coalesce(x.dernier_a, f.a) desc, f.id limit 200`

/** A thread, its network and its messages, oldest first; marks it read. */
export async function lireFilReseau(
  session: Session,
  id: string,
): Promise<{ readonly reseau: Reseau; readonly fil: FilReseau; readonly messages: readonly MessageReseau[] }> {
  const { sql, dept, acteur, maintenant } = session
  const [lu] = isUuid(id)
    ? await sql<{ reseau: string }>`select reseau from reseau_fil where dept = ${dept} and id = ${id}`
    : []
  if (!lu) throw new Introuvable()
  const reseau = await lireReseau(session, lu.reseau)
  const [fil] = await listerFilsReseau(session, reseau.id, id)
  if (!fil) throw new Introuvable()
  const messages = await sql<MessageReseau>`
    select m.id, m.texte, m.par, c.prenom || ' ' || c.nom as auteur, o.nom as organisme_nom, m.a, m.retire_a, m.retire_motif, r.prenom || ' ' || r.nom as retire_par_nom
    from reseau_message m join compte c on c.dept = ${dept} and c.id = m.par join organisme o on o.dept = ${dept} and o.id = m.organisme
    left join compte r on r.dept = ${dept} and r.id = m.retire_par where m.dept = ${dept} and m.fil = ${id} order by m.a, m.id`
  if (acteur.compte)
    await sql`insert into reseau_lu (dept, fil, compte, jusqu_a) values (${dept}, ${id}, ${acteur.compte}, ${maintenant})
      on conflict (dept, fil, compte) do update set jusqu_a = excluded.jusqu_a`
  session.consigner({ action: 'reseau.lire', objet: 'reseau_fil', objetId: id })
  return { reseau, fil, messages }
}

async function prevenir(session: Session, reseau: Reseau, fil: string) {
  await noter(session, [
    {
      genre: 'reseau',
      destinataires: await listerDestinataires(
        session,
        reseau.membres.map(({ id }) => id),
        'reseau.lire',
      ),
      dossier: null,
      objet: fil,
    },
  ])
}

async function ecrireMessage(session: Session, fil: string, texte: string, envoi: string): Promise<void> {
  const { sql, dept, maintenant } = session
  const { compte, organisme } = exigerAuteur(session)
  await sql`insert into reseau_message (dept, id, fil, texte, organisme, par, a, envoi)
    values (${dept}, ${randomUUID()}, ${fil}, ${texte}, ${organisme}, ${compte}, ${maintenant}, ${envoi})`
  session.consigner({ action: 'reseau.ecrire', objet: 'reseau_fil', objetId: fil })
}

const exigerMessage = (texte: string): string =>
  exigerSansNumero(exigerTexte(texte, LONGUEURS_RESEAU.texte, 'reseau.texte', 'Écrire le message.'), 'reseau.texte')

/** Members write; pilots too, who moderate. */
export const peutEcrireReseau = ({ acteur }: Pick<Session, 'acteur'>, { membre, ferme_a }: Reseau): boolean =>
  ferme_a === null && aLeDroit(acteur, 'reseau.ecrire') && (membre || aLeDroit(acteur, 'reseau.moderer'))

/** Opens a thread with its first message. The same form sent twice opens one. */
export async function ouvrirFilReseau(
  session: Session,
  id: string,
  saisie: { readonly sujet: string; readonly texte: string; readonly envoi: string },
): Promise<string> {
  const { sql, dept, maintenant } = session
  const { compte, organisme } = exigerAuteur(session)
  const reseau = await lireReseau(session, id)
  if (!peutEcrireReseau(session, reseau)) throw new Introuvable()
  const envoi = exigerEnvoi(saisie.envoi)
  const sujet = exigerSansNumero(
    exigerTexte(saisie.sujet, LONGUEURS_RESEAU.sujet, 'reseau.sujet', 'Donner le sujet, sans nommer personne.'),
    'reseau.sujet',
  )
  const texte = exigerMessage(saisie.texte)
  const [deja] = await sql<{
    id: string
  }>`select id from reseau_fil where dept = ${dept} and par = ${compte} and envoi = ${envoi}`
  if (deja) return deja.id
  const fil = randomUUID()
  await sql`insert into reseau_fil (dept, id, reseau, sujet, organisme, par, a, envoi)
    values (${dept}, ${fil}, ${reseau.id}, ${sujet}, ${organisme}, ${compte}, ${maintenant}, ${envoi})`
  await ecrireMessage(session, fil, texte, envoi)
  await prevenir(session, reseau, fil)
  return fil
}

/** Answers in a thread that is not closed. */
export async function repondreFilReseau(
  session: Session,
  id: string,
  saisie: { readonly texte: string; readonly envoi: string },
): Promise<void> {
  const { sql, dept, acteur } = session
  const { reseau, fil } = await lireFilReseau(session, id)
  if (!peutEcrireReseau(session, reseau)) throw new Introuvable()
  if (fil.clos_a) throw refus('reseau.clos', 'Cet échange est clos. En ouvrir un autre.')
  const texte = exigerMessage(saisie.texte)
  const envoi = exigerEnvoi(saisie.envoi)
  const [deja] =
    await sql`select 1 from reseau_message where dept = ${dept} and par = ${acteur.compte} and envoi = ${envoi}`
  if (deja) return
  await ecrireMessage(session, id, texte, envoi)
  await prevenir(session, reseau, id)
}

/** Takes a message out: its author, or a pilot who moderates. Its words are destroyed, its line stays with the reason. */
export async function retirerMessageReseau(
  session: Session,
  fil: string,
  message: string,
  motif: string,
): Promise<void> {
  const { sql, dept, maintenant, acteur } = session
  const { messages } = await lireFilReseau(session, fil)
  const vise = messages.find(({ id }) => id === message)
  const modere = aLeDroit(acteur, 'reseau.moderer')
  if (!vise || !(modere || vise.par === acteur.compte)) throw new Introuvable()
  const pourquoi = exigerSansNumero(
    exigerTexte(
      motif,
      LONGUEURS_RESEAU.motif,
      'reseau.motif',
      'Écrire pourquoi ce message est retiré, sans nommer personne.',
    ),
    'reseau.motif',
  )
  const [retire] =
    await sql`update reseau_message set texte = '', retire_a = ${maintenant}, retire_par = ${acteur.compte}, retire_motif = ${pourquoi}
    where dept = ${dept} and id = ${message} and retire_a is null returning id`
  if (!retire) throw refus('reseau.motif', 'Ce message est déjà retiré.')
  session.consigner({
    action: 'reseau.moderer',
    objet: 'reseau_message',
    objetId: message,
    details: { acte: 'retirer' },
  })
}

/** Closes a thread, or opens it again: a pilot's act. */
export async function cloreFilReseau(session: Session, id: string, clos: boolean): Promise<void> {
  const { sql, dept, maintenant, acteur } = session
  await lireFilReseau(session, id)
  await sql`update reseau_fil set clos_a = ${clos ? maintenant : null}::timestamptz, clos_par = ${clos ? acteur.compte : null}::uuid
    where dept = ${dept} and id = ${id} and (clos_a is null) = ${clos}`
  session.consigner({
    action: 'reseau.moderer',
    objet: 'reseau_fil',
    objetId: id,
    details: { acte: clos ? 'clore' : 'rouvrir' },
  })
}

/** Organismes that may be members: those where the matrix lets somebody read networks. */
export async function listerMembresPossibles(session: Session): Promise<Organisme[]> {
  const { matrice } = session.referentiel
  const types = new Set<string>(
    listerUtilisateurs(matrice)
      .filter(({ type, role }) => aLeDroit({ acces: accesDe(matrice, type, role) }, 'reseau.lire'))
      .map(({ type }) => type),
  )
  return (await listerOrganismes(session)).filter(({ type }) => types.has(type))
}

/** Creates a network, or changes its name, its purpose and its members; a pilot's act. Who left keeps nothing; what they wrote stays. */
export async function tenirReseau(
  session: Session,
  saisie: {
    readonly id: string | null
    readonly nom: string
    readonly objet: string
    readonly membres: readonly string[]
    readonly ferme: boolean
    readonly version: number
  },
): Promise<string> {
  const { sql, dept, maintenant } = session
  const { compte } = exigerAuteur(session)
  const nom = exigerSansNumero(
    exigerTexte(saisie.nom, LONGUEURS_RESEAU.nom, 'reseau.nom', 'Donner un nom au réseau.'),
    'reseau.nom',
  )
  const objet = exigerSansNumero(
    exigerTexte(saisie.objet, LONGUEURS_RESEAU.objet, 'reseau.objet', 'Dire à quoi sert ce réseau.'),
    'reseau.objet',
  )
  const membres = (await listerMembresPossibles(session))
    .map(({ id }) => id)
    .filter((id) => saisie.membres.includes(id))
  if (membres.length < 2) throw refus('reseau.membres', 'Cocher au moins deux organismes.')
  const [homonyme] =
    await sql`select 1 from reseau where dept = ${dept} and nom = ${nom} and (${saisie.id}::uuid is null or id <> ${saisie.id}::uuid)`
  if (homonyme) throw refus('reseau.nom', 'Un réseau porte déjà ce nom : en choisir un autre.')
  const id = saisie.id ?? randomUUID()
  if (saisie.id === null)
    await sql`insert into reseau (dept, id, nom, objet, cree_a, cree_par) values (${dept}, ${id}, ${nom}, ${objet}, ${maintenant}, ${compte})`
  else {
    await lireReseau(session, id)
    const [fait] =
      await sql`update reseau set nom = ${nom}, objet = ${objet}, ferme_a = case when ${saisie.ferme} then coalesce(ferme_a, ${maintenant}) end, version = version + 1
      where dept = ${dept} and id = ${id} and version = ${saisie.version} returning id`
    if (!fait) throw new Conflit('reseau.change', CHANGE, [id])
  }
  await sql`update reseau_membre set retire_a = ${maintenant}, par = ${compte}
    where dept = ${dept} and reseau = ${id} and retire_a is null and not organisme = any (${membres}::uuid[])`
  await sql`insert into reseau_membre (dept, reseau, organisme, depuis, par) select ${dept}, ${id}, x, ${maintenant}, ${compte} from unnest(${membres}::uuid[]) x
    on conflict (dept, reseau, organisme) do update set depuis = excluded.depuis, par = excluded.par, retire_a = null where reseau_membre.retire_a is not null`
  session.consigner({
    action: 'reseau.tenir',
    objet: 'reseau',
    objetId: id,
    details: { membres: membres.length, ferme: saisie.ferme },
  })
  return id
}

/** Threads with something to read in the open networks of one's own organisme, as an expression: the figure of the banner. */
export const chiffreReseaux = (): Fragment => sql`public.reseaux_a_lire()`
