import { createHash } from 'node:crypto'
import type { Session } from '#acces'
import { ecrireReferencePartagee } from '#referentiel'
import { type DocxBlock, type DocxRun, readDocx, writeDocx } from '#socle/docx'
import { Conflit, Refus, refus } from '#socle/errors'
import type { RenderingFiles } from '#socle/pdf'
import { judgeOfficeDocument } from '#socle/tableur'
import type { MorceauEcrit } from './composer.ts'
import {
  type ContenuCourrier,
  type Courrier,
  lireContenu,
  lireCourrier,
  lireModele,
  peutAgirSur,
  relancerLot,
} from './courriers.ts'
import { fichierLogo, lireLogos } from './logo.ts'
import { apercevoirCourrier } from './produire.ts'

/** Bytes of a letter changed in a word processor. */
const OCTETS_MODIFIE = 2_000_000
/** As high as the PDF prints a logo, at most. */
const LOGO_MM = { largeur: 60, hauteur: 24 }

const enMorceaux = (morceaux: readonly MorceauEcrit[]): DocxRun[] =>
  morceaux.map(({ texte, gras }) => ({ text: texte, bold: gras }))
const enLigne = (texte: string): DocxRun[] => [{ text: texte }]

interface Image {
  readonly octets: Uint8Array
  readonly largeur: number
  readonly hauteur: number
}

/** A letter as a document to edit: the same words, the address where the window of the envelope is. */
function enDocument(contenu: ContenuCourrier, image: Image | null): Promise<Buffer> {
  const [lettre] = contenu.lettres
  if (!lettre) throw new Error('a letter without a page')
  const echelle = image ? Math.min(LOGO_MM.largeur / image.largeur, LOGO_MM.hauteur / image.hauteur) : 0
  const blocks: DocxBlock[] = [
    ...(image && lettre.logo
      ? [
          {
            kind: 'image' as const,
            type: lettre.logo.genre,
            bytes: image.octets,
            width: image.largeur * echelle,
            height: image.hauteur * echelle,
            alt: lettre.logo.texte,
            at: { x: 188 - image.largeur * echelle, y: 18 },
          },
        ]
      : []),
    {
      kind: 'placed',
      x: 22,
      y: 18,
      width: 80,
      height: 30,
      lines: [
        [{ text: lettre.expediteur.nom, bold: true }],
        ...lettre.expediteur.lignes.map((ligne) => enLigne(ligne)),
      ],
    },
    { kind: 'placed', x: 110, y: 50, width: 82, height: 32, lines: lettre.adresse.map((ligne) => enLigne(ligne)) },
    { kind: 'paragraph', align: 'right', runs: enLigne(lettre.date) },
    { kind: 'heading', level: 1, runs: enMorceaux(lettre.objet) },
    ...lettre.parties.map((partie): DocxBlock => {
      if (partie.genre === 'liste')
        return { kind: 'list', ordered: partie.ordonnee, items: partie.lignes.map(enMorceaux) }
      if (partie.genre === 'contact')
        return { kind: 'aside', lines: [[{ text: partie.titre, bold: true }], ...partie.lignes.map(enLigne)] }
      return partie.genre === 'titre'
        ? { kind: 'heading', level: 2, runs: enMorceaux(partie.morceaux) }
        : { kind: 'paragraph', runs: enMorceaux(partie.morceaux) }
    }),
    ...(lettre.signature
      ? [{ kind: 'paragraph' as const, align: 'right' as const, runs: enLigne(lettre.signature) }]
      : []),
    { kind: 'paragraph', small: true, runs: enLigne(lettre.fin) },
  ]
  return writeDocx({ title: contenu.titre, footer: lettre.pied, margins: { x: 22, top: 92, bottom: 20 }, blocks })
}

async function lireImage(session: Session, contenu: ContenuCourrier): Promise<Image | null> {
  const logo = contenu.lettres[0]?.logo
  if (!logo) return null
  const octets: RenderingFiles = await lireLogos(session, contenu.lettres)
  const image = octets[fichierLogo(logo)]
  const [taille] = await session.sql<{ largeur: number; hauteur: number }>`
    select largeur, hauteur from logo_courrier where dept = ${session.dept} and id = ${logo.id}`
  return image && taille ? { octets: image, ...taille } : null
}

/** The DOCX of a letter: of what was produced, or of what would leave today. Null when nobody with an address sends it. Journalled as a download. */
export async function ecrireDocxCourrier(session: Session, courrier: Courrier): Promise<Buffer | null> {
  const apercu = await apercevoirCourrier(session, courrier)
  const contenu = (await lireContenu(session, courrier.id)) ?? apercu?.contenu
  if (!contenu) return null
  session.consigner({
    action: 'courrier.telecharger',
    objet: 'courrier',
    objetId: courrier.id,
    dossiers: [courrier.dossier],
    details: { format: 'docx' },
  })
  return enDocument(contenu, await lireImage(session, contenu))
}

/** What is known of the file that leaves instead of a composed letter. */
export interface CourrierModifie {
  readonly empreinte: string
  readonly par_nom: string
  readonly a: Temporal.Instant
}

/** Whether a letter was changed in a word processor, by whom; null otherwise. */
export async function lireModifie(session: Session, courrier: string): Promise<CourrierModifie | null> {
  const [lu] = await session.sql<CourrierModifie>`
    select m.empreinte, m.a, c.prenom || ' ' || c.nom as par_nom from courrier_modifie m join compte c on c.dept = m.dept and c.id = m.par
    where m.dept = ${session.dept} and m.courrier = ${courrier}`
  return lu ?? null
}

/** Letters of a batch that will leave on paper as changed in a word processor: its document does not print them. Journalled with their dossiers. */
export async function listerModifies(
  session: Session,
  lot: string,
): Promise<readonly { readonly id: string; readonly nom: string }[]> {
  const lus = await session.sql<{ id: string; nom: string; dossier: string }>`
    select c.id, c.nom, c.dossier from courrier c join courrier_modifie m on m.dept = c.dept and m.courrier = c.id
    where c.dept = ${session.dept} and c.lot = ${lot} and c.courriel is null and c.etat = 'produit' order by c.nom, c.id`
  if (lus.length > 0)
    session.consigner({
      action: 'courriers.lister',
      dossiers: lus.map(({ dossier }) => dossier),
      details: { lot, modifies: lus.length },
    })
  return lus
}

/** The exact bytes that leave instead of a composed letter. */
export async function lireOctetsModifies(session: Session, courrier: Courrier): Promise<Buffer> {
  const [lu] = await session.sql<{ octets: Buffer }>`
    select octets from courrier_modifie where dept = ${session.dept} and courrier = ${courrier.id}`
  if (!lu) throw refus('courrier.pas_modifie', 'Ce courrier n’a pas été modifié.')
  session.consigner({
    action: 'courrier.telecharger',
    objet: 'courrier',
    objetId: courrier.id,
    dossiers: [courrier.dossier],
    details: { format: 'docx' },
  })
  return lu.octets
}

async function prendre(session: Session, id: string, version: number): Promise<Courrier> {
  const [sous] = await session.sql`select id from courrier where dept = ${session.dept} and id = ${id} for update`
  const courrier = await lireCourrier(session, id)
  if (!sous || !peutAgirSur(session, courrier) || courrier.version !== version || courrier.etat !== 'produit')
    throw new Conflit(
      'courrier.change',
      'Ce courrier a changé depuis que la page a été ouverte : le relire avant de recommencer.',
      [id],
    )
  return courrier
}

const simplifier = (texte: string): string =>
  texte
    .toLowerCase()
    .replaceAll(/[\s\u00a0\u202f]+/g, ' ')
    .trim()

/**
 * Keeps a letter changed in a word processor: it leaves instead of what was composed, byte for byte, and out of the document of its batch. Refused when it is no
 * DOCX, when it keeps comments or tracked changes, or when a mandatory statement that the letter had is no longer in it.
 */
export async function deposerModifie(
  session: Session,
  { id, version }: { readonly id: string; readonly version: number },
  octets: Buffer,
): Promise<Courrier> {
  const courrier = await prendre(session, id, version)
  if (octets.length > OCTETS_MODIFIE) throw refus('courrier.docx', 'Ce fichier est trop lourd : 2 Mo au plus.')
  if ((await jugerGenre(octets)) !== 'docx')
    throw refus(
      'courrier.docx',
      'Ce fichier n’est pas un document Word (DOCX) : enregistrer le courrier modifié dans ce format.',
    )
  const { text, revised } = await readDocx(octets)
  if (revised)
    throw refus(
      'courrier.docx',
      'Ce document garde des commentaires ou des modifications suivies, que le ménage lirait : accepter les modifications, retirer les commentaires, puis déposer de nouveau.',
    )
  const texte = simplifier(text)
  const contenu = await lireContenu(session, id)
  const fin = contenu?.lettres[0]?.fin ?? ''
  if (!texte.includes(simplifier(fin)))
    throw refus('courrier.docx', `L’information sur les données personnelles manque : « ${fin} ».`)
  const perdue = lireModele(session, courrier.modele).mentions.find(
    (mention) => !texte.includes(simplifier(mention.texte)),
  )
  if (perdue)
    throw refus(
      'courrier.docx',
      `Mention obligatoire absente : « ${perdue.texte} ». Source : ${ecrireReferencePartagee(perdue, session.dept)}.`,
    )
  const { dept, acteur, maintenant } = session
  await session.sql`delete from courrier_modifie where dept = ${dept} and courrier = ${id}`
  await session.sql`insert into courrier_modifie (dept, courrier, octets, empreinte, par, a)
    values (${dept}, ${id}, ${octets}, ${createHash('sha256').update(octets).digest('hex')}, ${acteur.compte}, ${maintenant})`
  await session.sql`update courrier set version = version + 1 where dept = ${dept} and id = ${id}`
  if (courrier.lot !== null) await relancerLot(session, courrier.lot)
  session.consigner({ action: 'courrier.modifier', objet: 'courrier', objetId: id, dossiers: [courrier.dossier] })
  return courrier
}

async function jugerGenre(octets: Buffer): Promise<string | null> {
  try {
    return await judgeOfficeDocument(octets)
  } catch (erreur) {
    if (erreur instanceof Refus) return null
    throw erreur
  }
}

/** Goes back to the letter as it was composed, before it leaves. */
export async function retirerModifie(
  session: Session,
  { id, version }: { readonly id: string; readonly version: number },
): Promise<Courrier> {
  const courrier = await prendre(session, id, version)
  const retires =
    await session.sql`delete from courrier_modifie where dept = ${session.dept} and courrier = ${id} returning courrier`
  if (retires.length === 0) return courrier
  await session.sql`update courrier set version = version + 1 where dept = ${session.dept} and id = ${id}`
  if (courrier.lot !== null) await relancerLot(session, courrier.lot)
  session.consigner({ action: 'courrier.recomposer', objet: 'courrier', objetId: id, dossiers: [courrier.dossier] })
  return courrier
}
