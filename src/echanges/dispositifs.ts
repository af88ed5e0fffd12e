import type { Session } from '#acces'
import { ETAPES } from '#procedure'
import { Conflit, Introuvable, refus } from '#socle/errors'
import { isUuid, normalizeForSearch } from '#socle/text'
import { exigerAuteur, exigerSansNumero, exigerTexte } from './lecteurs.ts'

/** A support scheme of the directory (REP-25). */
export interface Dispositif {
  readonly id: string
  readonly organisme: string
  readonly organisme_nom: string
  readonly nom: string
  readonly public_vise: string
  readonly etapes: readonly string[]
  readonly territoires: readonly string[]
  readonly places: number | null
  readonly contact: string
  readonly precisions: string
  readonly constate_le: Temporal.PlainDate
  readonly modifie_a: Temporal.Instant
  readonly modifie_nom: string
  readonly version: number
}

/** The inventory is yearly: beyond, a line is to be checked again. */
const VALIDITE = { years: 1 }

/** True when nobody checked this line for a year. */
export const estAActualiser = ({ constate_le }: Pick<Dispositif, 'constate_le'>, jour: Temporal.PlainDate): boolean =>
  Temporal.PlainDate.compare(constate_le.add(VALIDITE), jour) < 0

/** Each organisme keeps its own lines; the Département and the secretariat keep the directory. */
export const peutTenirDispositif = (
  { acteur }: Pick<Session, 'acteur'>,
  organisme: string | null = acteur.organisme,
): boolean =>
  acteur.organisme !== null &&
  (acteur.organisme === organisme || acteur.organismeType === 'departement' || acteur.organismeType === 'secretariat')

/** The schemes in force, by organisme, then name. A line without steps or territories answers for all of them. */
export async function listerDispositifs(
  { sql, dept, jour }: Session,
  filtre: {
    readonly texte?: string
    readonly etape?: string | undefined
    readonly territoire?: string | undefined
    readonly organisme?: string | undefined
    readonly aActualiser?: boolean
  } = {},
): Promise<Dispositif[]> {
  const tous = await sql<Dispositif>`
    select p.id, p.organisme, o.nom as organisme_nom, p.nom, p.public_vise, p.etapes, p.territoires, p.places, p.contact, p.precisions, p.constate_le,
      p.modifie_a, c.prenom || ' ' || c.nom as modifie_nom, p.version
    from dispositif p join organisme o on o.dept = ${dept} and o.id = p.organisme join compte c on c.dept = ${dept} and c.id = p.modifie_par
    where p.dept = ${dept} and p.retire_a is null order by o.nom collate "fr-x-icu", p.nom collate "fr-x-icu", p.id`
  const mots = normalizeForSearch(filtre.texte ?? '')
    .split(' ')
    .filter((mot) => mot !== '')
  const sert = (siens: readonly string[], cherche: string | undefined) =>
    cherche === undefined || siens.length === 0 || siens.includes(cherche)
  return tous.filter(
    (un) =>
      sert(un.etapes, filtre.etape) &&
      sert(un.territoires, filtre.territoire) &&
      (filtre.organisme === undefined || un.organisme === filtre.organisme) &&
      (!filtre.aActualiser || estAActualiser(un, jour)) &&
      mots.every((mot) =>
        normalizeForSearch(`${un.nom} ${un.public_vise} ${un.organisme_nom} ${un.precisions}`).includes(mot),
      ),
  )
}

/** One line; withdrawn, it does not exist any more. */
export async function lireDispositif(session: Session, id: string): Promise<Dispositif> {
  const trouve = isUuid(id) ? (await listerDispositifs(session)).find((un) => un.id === id) : undefined
  if (!trouve) throw new Introuvable()
  return trouve
}

/** What a form of the directory gives. */
export interface SaisieDispositif {
  readonly organisme: string
  readonly nom: string
  readonly public_vise: string
  readonly etapes: readonly string[]
  readonly territoires: readonly string[]
  /** null: nobody counts them. NaN: what was typed is no number. */
  readonly places: number | null
  readonly contact: string
  readonly precisions: string
  readonly constate_le: Temporal.PlainDate
}

async function verifier(session: Session, saisie: SaisieDispositif) {
  const { sql, dept, jour, referentiel } = session
  const [organisme] = isUuid(saisie.organisme)
    ? await sql`select 1 from organisme where dept = ${dept} and id = ${saisie.organisme}::uuid and actif`
    : []
  if (!organisme || !peutTenirDispositif(session, saisie.organisme))
    throw refus(
      'dispositif.organisme',
      'Choisir votre organisme. Le Département et le secrétariat tiennent les autres.',
    )
  if (saisie.places !== null && (!Number.isSafeInteger(saisie.places) || saisie.places > 100_000))
    throw refus('dispositif.places', 'Donner un nombre de places, ou laisser vide.')
  if (Temporal.PlainDate.compare(saisie.constate_le, jour) > 0)
    throw refus('dispositif.constate', 'Un constat ne peut pas être à venir.')
  const lieux = referentiel.departements.get(dept)?.territoires.territoires.map(({ id }) => id) ?? []
  const exiger = (texte: string, max: number, code: string, vide: string) =>
    exigerSansNumero(exigerTexte(texte, max, code, vide), code)
  return {
    nom: exiger(saisie.nom, 120, 'dispositif.nom', 'Donner le nom du dispositif.'),
    public_vise: exiger(saisie.public_vise, 300, 'dispositif.public', 'Dire pour qui il est.'),
    contact: exiger(saisie.contact, 200, 'dispositif.contact', 'Dire qui joindre, et comment.'),
    precisions: saisie.precisions.trim() === '' ? '' : exiger(saisie.precisions, 600, 'dispositif.precisions', ''),
    etapes: saisie.etapes.filter((une) => (ETAPES as readonly string[]).includes(une)),
    territoires: saisie.territoires.filter((un) => lieux.includes(un)),
  }
}

/** Adds a scheme. Sent twice, it writes once. */
export async function ajouterDispositif(session: Session, saisie: SaisieDispositif, envoi: string): Promise<void> {
  const { sql, dept, maintenant } = session
  const { compte } = exigerAuteur(session)
  const lu = await verifier(session, saisie)
  const [cree] = await sql<{ id: string }>`
    insert into dispositif (dept, organisme, nom, public_vise, etapes, territoires, places, contact, precisions, constate_le, modifie_a, modifie_par, envoi)
    values (${dept}, ${saisie.organisme}::uuid, ${lu.nom}, ${lu.public_vise}, ${lu.etapes}::text[], ${lu.territoires}::text[], ${saisie.places}, ${lu.contact},
      ${lu.precisions}, ${saisie.constate_le}, ${maintenant}, ${compte}, ${envoi}::uuid) on conflict (dept, envoi) do nothing returning id`
  if (cree)
    session.consigner({
      action: 'dispositif.tenir',
      objet: 'dispositif',
      objetId: cree.id,
      details: { acte: 'ajoute' },
    })
}

/** Brings a line up to date, or withdraws it, from what the person read: changed since, nothing is written. */
export async function modifierDispositif(
  session: Session,
  dispositif: Dispositif,
  vue: number,
  saisie: SaisieDispositif | null,
): Promise<void> {
  const { sql, dept, maintenant } = session
  const { compte } = exigerAuteur(session)
  if (!peutTenirDispositif(session, dispositif.organisme)) throw new Introuvable()
  const lu = saisie && (await verifier(session, saisie))
  const [fait] =
    saisie && lu
      ? await sql`update dispositif set organisme = ${saisie.organisme}::uuid, nom = ${lu.nom}, public_vise = ${lu.public_vise}, etapes = ${lu.etapes}::text[],
          territoires = ${lu.territoires}::text[], places = ${saisie.places}, contact = ${lu.contact}, precisions = ${lu.precisions},
          constate_le = ${saisie.constate_le}, modifie_a = ${maintenant}, modifie_par = ${compte}, version = version + 1
        where dept = ${dept} and id = ${dispositif.id} and version = ${vue} and retire_a is null returning id`
      : await sql`update dispositif set retire_a = ${maintenant}, modifie_a = ${maintenant}, modifie_par = ${compte}, version = version + 1
        where dept = ${dept} and id = ${dispositif.id} and version = ${vue} and retire_a is null returning id`
  if (!fait)
    throw new Conflit(
      'dispositif.change',
      'Entre-temps, cette ligne a changé : rien n’est enregistré. La relire, puis recommencer.',
      [dispositif.id],
    )
  session.consigner({
    action: 'dispositif.tenir',
    objet: 'dispositif',
    objetId: dispositif.id,
    details: { acte: saisie ? 'actualise' : 'retire' },
  })
}
