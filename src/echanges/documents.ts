import { createHash, randomUUID } from 'node:crypto'
import type { Session } from '#acces'
import { STADES_REGLES, TYPES_ORGANISME } from '#referentiel'
import { sql } from '#socle/db'
import { Conflit, Introuvable, refus } from '#socle/errors'
import { bearsHouseholdNumber, isUuid, normalizeForSearch } from '#socle/text'
import { examinerFichier, type Format, formats, nommerFichier } from './formats.ts'
import { exigerAuteur, exigerEnvoi, exigerSansNumero, exigerTexte } from './lecteurs.ts'

/** What partners share to work the same way (004 F2, F4). */
export const genresDocument = {
  fiche: 'Fiche technique',
  support: 'Support d’information',
  langage: 'Éléments de langage',
  formulaire: 'Formulaire',
  pratique: 'Bonne pratique',
} as const
export type GenreDocument = keyof typeof genresDocument

export const themesDocument = {
  procedure: 'Procédure d’expulsion',
  droits: 'Droits et devoirs du ménage',
  bailleurs: 'Droits et devoirs du bailleur',
  aides: 'Aides au logement, FSL',
  budget: 'Budget et surendettement',
  logement_adapte: 'Logement adapté, relogement',
  ccapex: 'CCAPEX : rôle et outils',
  accompagnement: 'Accompagnement social',
  force_publique: 'Jour de l’expulsion',
} as const
export type ThemeDocument = keyof typeof themesDocument

export const LONGUEURS_DOCUMENT = { titre: 150, resume: 500, texte: 20_000, quoi: 300, motif: 300 } as const

export interface DocumentCommun {
  readonly id: string
  readonly genre: GenreDocument
  readonly theme: ThemeDocument
  readonly stades: readonly string[]
  readonly titre: string
  readonly resume: string
  readonly ouvert: boolean
  readonly types: readonly string[]
  readonly version: number
  readonly retire_a: Temporal.Instant | null
  readonly retire_motif: string | null
  readonly retire_par_nom: string | null
  /** Of the version in force. */
  readonly numero: number
  readonly publiee_a: Temporal.Instant
  readonly organisme_nom: string
  readonly format: Format | null
  readonly taille: number | null
  readonly nom: string | null
}

export interface VersionDocument {
  readonly numero: number
  readonly texte: string
  readonly quoi: string
  readonly nom: string | null
  readonly format: Format | null
  readonly taille: number | null
  readonly organisme_nom: string
  readonly publiee_par_nom: string
  readonly publiee_a: Temporal.Instant
  /** The next one, and its day; none when it is in force. */
  readonly remplacee_par: number | null
  readonly remplacee_a: Temporal.Instant | null
}

export interface FiltreDocuments {
  readonly texte?: string | undefined
  readonly genre?: string | undefined
  readonly theme?: string | undefined
  readonly stade?: string | undefined
  readonly retires?: boolean
}

/** Documents this person may read, the last published first; those withdrawn only when asked, by who publishes (row-level security). */
export async function listerDocuments(session: Session, filtre: FiltreDocuments = {}): Promise<DocumentCommun[]> {
  const mots = normalizeForSearch(filtre.texte ?? '')
    .split(' ')
    .filter((mot) => mot !== '')
  const tous = await lire(session, null, mots.length > 0)
  return tous
    .filter(
      (un) =>
        (un.retire_a !== null) === (filtre.retires ?? false) &&
        (filtre.genre === undefined || un.genre === filtre.genre) &&
        (filtre.theme === undefined || un.theme === filtre.theme) &&
        (filtre.stade === undefined || un.stades.length === 0 || un.stades.includes(filtre.stade)) &&
        mots.every((mot) => normalizeForSearch(`${un.titre} ${un.resume} ${un.nom ?? ''} ${un.texte}`).includes(mot)),
    )
    .map(({ texte: _texte, ...document }) => document)
}

/** With its text only when it is looked into: a list does not carry pages. */
function lire(
  session: Session,
  id: string | null,
  avecTexte: boolean,
): Promise<(DocumentCommun & { texte: string })[]> {
  const { dept } = session
  return session.sql<DocumentCommun & { texte: string }>`
    select d.id, d.genre, d.theme, d.stades, d.titre, d.resume, d.ouvert, d.types, d.version, d.retire_a, d.retire_motif,
      r.prenom || ' ' || r.nom as retire_par_nom, v.numero, v.publiee_a, o.nom as organisme_nom, v.format, v.taille, v.nom,
      ${avecTexte ? sql`v.texte` : sql`''`} as texte
    from document d
    join lateral (select * from document_version v where v.dept = ${dept} and v.document = d.id order by v.numero desc limit 1) v on true
    join organisme o on o.dept = ${dept} and o.id = v.organisme
    left join compte r on r.dept = ${dept} and r.id = d.retire_par
    where d.dept = ${dept} and (${id}::uuid is null or d.id = ${id}::uuid) order by v.publiee_a desc, d.titre collate "fr-x-icu", d.id`
}

/** One document and all its versions, the last first. */
export async function lireDocument(
  session: Session,
  id: string,
): Promise<DocumentCommun & { readonly versions: readonly VersionDocument[] }> {
  const [document] = isUuid(id) ? await lire(session, id, false) : []
  if (!document) throw new Introuvable()
  const { dept } = session
  const versions = await session.sql<VersionDocument>`
    select v.numero, v.texte, v.quoi, v.nom, v.format, v.taille, o.nom as organisme_nom, c.prenom || ' ' || c.nom as publiee_par_nom, v.publiee_a,
      lead(v.numero) over (order by v.numero) as remplacee_par, lead(v.publiee_a) over (order by v.numero) as remplacee_a
    from document_version v join organisme o on o.dept = ${dept} and o.id = v.organisme join compte c on c.dept = ${dept} and c.id = v.publiee_par
    where v.dept = ${dept} and v.document = ${document.id} order by v.numero desc`
  return { ...document, versions }
}

/** How a document is filed and who reads it. */
export interface Classement {
  readonly genre: string
  readonly theme: string
  readonly stades: readonly string[]
  readonly titre: string
  readonly resume: string
  readonly ouvert: boolean
  readonly types: readonly string[]
}

/** What a version holds. */
export interface Contenu {
  readonly texte: string
  readonly quoi: string
  readonly fichier: { readonly nom: string; readonly octets: Uint8Array } | null
  readonly envoi: string
}

const propre = (texte: string): string => texte.replace(/\r\n/g, '\n').trim()

function borner(texte: string, champ: 'resume' | 'texte' | 'quoi'): string {
  const net = propre(texte)
  const max = LONGUEURS_DOCUMENT[champ]
  if (net.length > max) throw refus(`document.${champ}`, `Raccourcir à ${max} caractères : il y en a ${net.length}.`)
  return exigerSansNumero(net, `document.${champ}`)
}

function verifierClassement(saisie: Classement): Classement {
  if (!Object.hasOwn(genresDocument, saisie.genre)) throw refus('document.genre', 'Choisir ce qu’est ce document.')
  if (!Object.hasOwn(themesDocument, saisie.theme)) throw refus('document.theme', 'Choisir un thème.')
  const titre = exigerSansNumero(
    exigerTexte(saisie.titre, LONGUEURS_DOCUMENT.titre, 'document.titre', 'Donner un titre.'),
    'document.titre',
  )
  const types = saisie.ouvert ? [] : TYPES_ORGANISME.filter((type) => saisie.types.includes(type))
  if (!saisie.ouvert && types.length === 0)
    throw refus('document.types', 'Choisir au moins un type d’organisme, ou ouvrir le document à tous.')
  return {
    ...saisie,
    titre,
    resume: borner(saisie.resume, 'resume'),
    stades: STADES_REGLES.filter((stade) => saisie.stades.includes(stade)),
    types,
  }
}

async function preparer(contenu: Contenu) {
  const texte = borner(contenu.texte, 'texte')
  const quoi = borner(contenu.quoi, 'quoi')
  if (texte === '' && !contenu.fichier)
    throw refus('document.fichier', 'Choisir un fichier, ou écrire le texte du document.')
  if (contenu.fichier && bearsHouseholdNumber(contenu.fichier.nom))
    throw refus(
      'document.fichier',
      'Le nom de ce fichier porte un numéro de dossier ou de sécurité sociale. Ce document est lu par d’autres organismes : vérifier qu’il ne parle d’aucun ménage, puis changer son nom.',
    )
  const examine = contenu.fichier ? await examinerFichier(contenu.fichier.nom, contenu.fichier.octets) : null
  return { texte, quoi, envoi: exigerEnvoi(contenu.envoi), fichier: contenu.fichier, examine }
}

async function ecrireVersion(
  session: Session,
  document: string,
  numero: number,
  { texte, quoi, envoi, fichier, examine }: Awaited<ReturnType<typeof preparer>>,
): Promise<void> {
  const { sql: executer, dept, maintenant } = session
  const { compte, organisme } = exigerAuteur(session)
  await executer`insert into document_version (dept, document, numero, texte, quoi, nom, format, taille, empreinte, organisme, publiee_par, publiee_a, envoi)
    values (${dept}, ${document}, ${numero}, ${texte}, ${quoi}, ${examine && fichier ? nommerFichier(fichier.nom, examine.format) : null}, ${examine?.format ?? null},
      ${examine?.octets.length ?? null}, ${examine ? createHash('sha256').update(examine.octets).digest() : null}, ${organisme}, ${compte}, ${maintenant}, ${envoi})`
  if (examine)
    await executer`insert into document_contenu (dept, document, numero, octets) values (${dept}, ${document}, ${numero}, ${examine.octets})`
  session.consigner({
    action: 'document.publier',
    objet: 'document',
    objetId: document,
    details: { numero, format: examine?.format ?? 'texte', taille: examine?.octets.length ?? texte.length },
  })
}

/** Where the same form already led: sent twice, published once. */
async function dejaPublie({ sql: executer, dept, acteur }: Session, envoi: string): Promise<string | undefined> {
  const [deja] = await executer<{ document: string }>`
    select document from document_version where dept = ${dept} and publiee_par = ${acteur.compte} and envoi = ${envoi}`
  return deja?.document
}

/** Publishes a new document. Its file passes the gate of every file. */
export async function publierDocument(session: Session, classement: Classement, contenu: Contenu): Promise<string> {
  const { sql: executer, dept, maintenant } = session
  const { compte } = exigerAuteur(session)
  const net = verifierClassement(classement)
  const prepare = await preparer(contenu)
  const deja = await dejaPublie(session, prepare.envoi)
  if (deja) return deja
  const id = randomUUID()
  await executer`insert into document (dept, id, genre, theme, stades, titre, resume, ouvert, types, cree_a, cree_par, envoi)
    values (${dept}, ${id}, ${net.genre}, ${net.theme}, ${net.stades}::text[], ${net.titre}, ${net.resume}, ${net.ouvert}, ${net.types}::text[], ${maintenant},
      ${compte}, ${prepare.envoi})`
  await ecrireVersion(session, id, 1, prepare)
  return id
}

const CHANGE = 'Quelqu’un a changé ce document depuis que la page a été ouverte : relire, puis recommencer.'

async function avancer(session: Session, id: string, version: number): Promise<void> {
  const { sql: executer, dept } = session
  const [fait] =
    await executer`update document set version = version + 1 where dept = ${dept} and id = ${id} and version = ${version} returning id`
  if (!fait) throw new Conflit('document.change', CHANGE, [id])
}

/** Replaces what a document says by a new version; the one before stays, « remplacée ». */
export async function remplacerDocument(
  session: Session,
  id: string,
  version: number,
  contenu: Contenu,
): Promise<void> {
  const document = await lireDocument(session, id)
  if (document.retire_a) throw refus('document.retire', 'Ce document est retiré : le remettre, puis le remplacer.')
  const prepare = await preparer(contenu)
  if (prepare.quoi === '') throw refus('document.quoi', 'Dire ce qui change dans cette version.')
  if ((await dejaPublie(session, prepare.envoi)) === id) return
  await avancer(session, id, version)
  await ecrireVersion(session, id, document.numero + 1, prepare)
}

/** Files a document otherwise, or gives it to other readers. */
export async function reclasserDocument(
  session: Session,
  id: string,
  version: number,
  classement: Classement,
): Promise<void> {
  const { sql: executer, dept } = session
  await lireDocument(session, id)
  const net = verifierClassement(classement)
  await avancer(session, id, version)
  await executer`update document set genre = ${net.genre}, theme = ${net.theme}, stades = ${net.stades}::text[], titre = ${net.titre}, resume = ${net.resume},
    ouvert = ${net.ouvert}, types = ${net.types}::text[] where dept = ${dept} and id = ${id}`
  session.consigner({
    action: 'document.modifier',
    objet: 'document',
    objetId: id,
    details: { ouvert: net.ouvert, types: net.types },
  })
}

/** Withdraws a document: nobody but those who publish finds it any more. `motif` null puts it back. */
export async function retirerDocument(
  session: Session,
  id: string,
  version: number,
  motif: string | null,
): Promise<void> {
  const { sql: executer, dept, maintenant } = session
  const { compte } = exigerAuteur(session)
  await lireDocument(session, id)
  const ecrit =
    motif === null
      ? null
      : exigerSansNumero(
          exigerTexte(motif, LONGUEURS_DOCUMENT.motif, 'document.motif', 'Écrire pourquoi ce document est retiré.'),
          'document.motif',
        )
  await avancer(session, id, version)
  await executer`update document set retire_a = ${ecrit === null ? null : maintenant}::timestamptz, retire_par = ${ecrit === null ? null : compte}::uuid,
    retire_motif = ${ecrit} where dept = ${dept} and id = ${id}`
  session.consigner({ action: 'document.retirer', objet: 'document', objetId: id, details: { retire: ecrit !== null } })
}

/** The file of a version, for whoever reads the document. */
export async function telechargerDocument(
  session: Session,
  id: string,
  numero: number,
): Promise<{ nom: string; type: string; octets: Buffer }> {
  const { versions } = await lireDocument(session, id)
  const version = versions.find((une) => une.numero === numero)
  if (!version?.format || version.nom === null) throw new Introuvable()
  const [contenu] = await session.sql<{ octets: Buffer }>`
    select octets from document_contenu where dept = ${session.dept} and document = ${id} and numero = ${numero}`
  if (!contenu) throw new Introuvable()
  session.consigner({ action: 'document.telecharger', objet: 'document', objetId: id, details: { numero } })
  return { nom: version.nom, type: formats[version.format].type, octets: contenu.octets }
}
