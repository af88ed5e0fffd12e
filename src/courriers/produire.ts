import { createHash } from 'node:crypto'
import { join } from 'node:path'
import type { Session } from '#acces'
import { consignerFaits } from '#dossiers'
import { projectRoot } from '#socle/config'
import { sql } from '#socle/db'
import { refus } from '#socle/errors'
import { type RenderingFiles, type RenderingPace, renderPdf, renderPdfs } from '#socle/pdf'
import { formatDateLongue, typo } from '#socle/typography'
import {
  COLONNES_COURRIER,
  type ContenuCourrier,
  type Courrier,
  changer,
  composerLettres,
  DE_COURRIER,
  type LettrePrete,
  lireContenu,
  lireCourrier,
  lireModele,
  nommerModele,
} from './courriers.ts'
import { fichierLogo, lireLogos } from './logo.ts'

const GABARIT = join(projectRoot, 'src/courriers/lettre.typ')
/** Letters rendered in one transaction: a stop loses no more than that. */
const TRANCHE = 100

/** What the template prints: one letter, or those of a batch, which are of one kind. */
export function enDonnees(libelle: string, jour: Temporal.PlainDate, lettre: LettrePrete): ContenuCourrier {
  const { expediteur, adresse, objet, parties, signature, logo, fin, pied } = lettre
  return {
    titre: typo(libelle),
    pied,
    lettres: [
      {
        expediteur: { nom: typo(expediteur.nom), lignes: expediteur.lignes.map(typo) },
        adresse: adresse.map(typo),
        date: typo(`Le ${formatDateLongue(jour)}`),
        objet,
        parties,
        ...(signature ? { signature: typo(signature) } : {}),
        ...(logo ? { logo } : {}),
        fin,
        pied,
      },
    ],
  }
}

/** What the template reads of a letter: the image by its file, and nothing where there is none. */
function enGabarit(contenu: ContenuCourrier): Record<string, unknown> {
  return {
    ...contenu,
    lettres: contenu.lettres.map((lettre) => ({
      ...lettre,
      signature: lettre.signature ?? null,
      logo: lettre.logo ? { fichier: fichierLogo(lettre.logo), texte: typo(lettre.logo.texte) } : null,
    })),
  }
}

/** The PDF of one letter, or of several in one document. */
export const rendreContenu = (
  contenu: ContenuCourrier,
  logos: RenderingFiles,
  allure: RenderingPace = 'asked',
): Promise<Uint8Array> => renderPdf(GABARIT, enGabarit(contenu), logos, allure)

const empreinteDe = (octets: Uint8Array): string => createHash('sha256').update(octets).digest('hex')

/** The letter as it left, or as it would leave today when it was not produced yet. Null when nobody with an address sends it. */
export async function apercevoirCourrier(
  session: Session,
  courrier: Courrier,
): Promise<{
  readonly lettre: LettrePrete
  readonly contenu: ContenuCourrier
  readonly pdf: () => Promise<Uint8Array>
} | null> {
  const garde = (await lireContenu(session, courrier.id))?.lettres[0]
  const lettre = garde ?? (await composerLettres(session, [courrier])).get(courrier.id)
  if (!lettre) return null
  const contenu = enDonnees(nommerModele(session, courrier.modele), session.jour, lettre)
  const logos = await lireLogos(session, [lettre])
  return { lettre, contenu, pdf: () => rendreContenu(contenu, logos) }
}

/**
 * Says that a person sent a message from their own telephone or mail: Amont sends none. What it said is kept, and enters the chronology of the dossier.
 */
export async function direMessageEnvoye(
  session: Session,
  vise: { readonly id: string; readonly version: number },
  le: Temporal.PlainDate,
): Promise<void> {
  const courrier = await lireCourrier(session, vise.id)
  if (lireModele(session, courrier.modele).forme !== 'message')
    throw refus('courrier.message', 'Ce courrier part sur papier : le produire avec son lot.')
  if (courrier.a_verifier.length > 0)
    throw refus('courrier.message', 'Vérifier d’abord que la condition de ce message est remplie.')
  if (Temporal.PlainDate.compare(le, session.jour) > 0)
    throw refus('courrier.date', 'La date d’envoi ne peut pas être à venir.')
  const lettre = (await composerLettres(session, [courrier])).get(courrier.id)
  if (!lettre) throw refus('courrier.entete', 'Écrire d’abord l’en-tête des courriers de votre organisme.')
  const contenu = enDonnees(nommerModele(session, courrier.modele), session.jour, lettre)
  await changer(
    session,
    vise,
    ['propose'],
    sql`etat = 'envoye', envoye_le = ${le}, envoye_par = ${session.acteur.compte}, contenu = ${JSON.stringify(contenu)}::jsonb`,
    'courrier.message',
  )
  const { id, dossier, modele, organisme } = courrier
  await consignerFaits(session, [
    { dossier, type: 'courrier.envoye', le, donnees: { courrier: id, modele, canal: 'message', organisme } },
  ])
}

/** Takes back that a message left, when it was said by mistake. */
export async function defaireMessage(
  session: Session,
  vise: { readonly id: string; readonly version: number },
): Promise<void> {
  const { id, dossier, modele, organisme, canal } = await lireCourrier(session, vise.id)
  if (canal !== 'message') throw refus('courrier.message', 'Ce courrier est parti sur papier avec son lot.')
  await changer(
    session,
    vise,
    ['envoye'],
    sql`etat = 'propose', envoye_le = null, envoye_par = null, contenu = null`,
    'courriers.reprendre',
  )
  await consignerFaits(session, [
    { dossier, type: 'courrier.envoi_annule', donnees: { courrier: id, modele, organisme } },
  ])
}

async function lireCourriersDuLot(session: Session, lot: string, sauf: readonly string[]): Promise<Courrier[]> {
  return session.sql<Courrier>`select ${COLONNES_COURRIER} ${DE_COURRIER}
    where c.dept = ${session.dept} and c.lot = ${lot} and c.etat = 'a_produire' and not (c.id = any (${sauf}::uuid[]))
    order by c.adresse[cardinality(c.adresse)], c.nom, c.id limit ${TRANCHE}`
}

/** One letter to render: all that its document is made of. */
export interface ARendre {
  readonly id: string
  readonly contenu: ContenuCourrier
  /** Images of the letters rendered with it. */
  readonly logos: RenderingFiles
}

/**
 * The next letters of a batch, composed, besides those that already are (`sauf`). A dossier closed or moved to another stage since the letter was re-read sends nothing: its letter is left out, with the
 * reason. Empty once nothing is left.
 */
export async function composerTranche(
  session: Session,
  lot: string,
  sauf: readonly string[] = [],
): Promise<readonly ARendre[]> {
  const { dept } = session
  await session.sql`
    update courrier c set etat = 'ecarte', version = c.version + 1,
      motif = case when d.clos_le is not null then 'Dossier clos avant l’envoi.' else 'L’étape du dossier a changé avant l’envoi.' end
    from dossier d where c.dept = ${dept} and c.lot = ${lot} and c.etat = 'a_produire' and d.dept = ${dept} and d.id = c.dossier
      and (d.clos_le is not null or (c.renvoie is null and c.demande is null and d.stade <> c.stade))`
  const courriers = await lireCourriersDuLot(session, lot, sauf)
  const lettres = await composerLettres(session, courriers)
  const sans = courriers.filter(({ id }) => !lettres.has(id)).map(({ id }) => id)
  if (sans.length > 0)
    await session.sql`update courrier set etat = 'ecarte', version = version + 1, motif = 'L’organisme qui envoie n’a pas d’en-tête.'
      where dept = ${dept} and id = any (${sans}::uuid[])`
  session.consigner({
    action: 'courriers.produire',
    objet: 'lot_courrier',
    objetId: lot,
    dossiers: courriers.map(({ dossier }) => dossier),
    details: { composes: lettres.size },
  })
  const logos = await lireLogos(session, [...lettres.values()])
  return courriers.flatMap(({ id, modele }) => {
    const lettre = lettres.get(id)
    return lettre ? [{ id, logos, contenu: enDonnees(lireModele(session, modele).libelle, session.jour, lettre) }] : []
  })
}

/** A letter and its exact bytes. */
type Rendue = ARendre & { readonly pdf: Buffer }

/** A PDF for each letter, a hundred at a time, while the next ones may still be in the making. Outside any session: nothing of the database is held meanwhile. */
export async function* rendreLettres(lettres: AsyncIterable<ARendre>): AsyncGenerator<readonly Rendue[]> {
  const attendues: ARendre[] = []
  const documents = async function* () {
    for await (const lettre of lettres) {
      attendues.push(lettre)
      yield { data: enGabarit(lettre.contenu), files: lettre.logos }
    }
  }
  let rendues: Rendue[] = []
  for await (const pdf of renderPdfs(GABARIT, documents(), 'background')) {
    const lettre = attendues.shift()
    if (!lettre) throw new Error('a letter was rendered that nobody composed')
    rendues.push({ ...lettre, pdf: Buffer.from(pdf) })
    if (rendues.length < TRANCHE) continue
    yield rendues
    rendues = []
  }
  if (rendues.length > 0) yield rendues
}

/** Keeps the exact bytes of letters rendered, and what they were made of. */
export async function garderTranche(session: Session, lot: string, rendus: readonly Rendue[]): Promise<void> {
  const { dept } = session
  await session.sql`
    with gardes as (
      update courrier c set etat = 'produit', produit_a = ${session.maintenant}, pdf = x.pdf, empreinte = x.empreinte, contenu = x.contenu, version = c.version + 1
      from unnest(${rendus.map(({ id }) => id)}::uuid[], ${rendus.map(({ pdf }) => pdf)}::bytea[], ${rendus.map(({ pdf }) => empreinteDe(pdf))}::text[],
        ${rendus.map(({ contenu }) => JSON.stringify(contenu))}::jsonb[]) as x(id, pdf, empreinte, contenu)
      where c.dept = ${dept} and c.id = x.id and c.lot = ${lot} and c.etat = 'a_produire' returning c.id
    )
    update lot_courrier set faits = faits + (select count(*) from gardes) where dept = ${dept} and id = ${lot}`
}

/** Letters that the document of a batch prints: neither those that leave by mail, nor those changed in a word processor. */
const IMPRIME = sql`c.courriel is null and not exists (select 1 from courrier_modifie m where m.dept = c.dept and m.courrier = c.id)`
const ORDRE = sql`c.adresse[cardinality(c.adresse)], c.nom, c.id`

/** The one document to print, and the letters it holds. */
interface DocumentDuLot {
  readonly ids: readonly string[]
  readonly contenu: ContenuCourrier
  readonly logos: RenderingFiles
}

/** What the document of a batch is made of, by postcode then name: letters produced, and those just composed. Null when nothing is left to print. */
export async function reunirLot(
  session: Session,
  lot: string,
  composes: readonly ARendre[] = [],
): Promise<DocumentDuLot | null> {
  const frais = new Map(composes.map(({ id, contenu }) => [id, contenu]))
  const lus = await session.sql<{ id: string; contenu: ContenuCourrier | null }>`
    select c.id, c.contenu from courrier c where c.dept = ${session.dept} and c.lot = ${lot} and ${IMPRIME}
      and (c.etat = 'produit' or (c.etat = 'a_produire' and c.id = any (${[...frais.keys()]}::uuid[])))
    order by ${ORDRE}`
  const retenus = lus.flatMap(({ id, contenu }) => {
    const sien = frais.get(id) ?? contenu
    return sien ? [{ id, contenu: sien }] : []
  })
  const premier = retenus[0]?.contenu
  if (!premier) return null
  const lettres = retenus.flatMap(({ contenu }) => contenu.lettres)
  return {
    ids: retenus.map(({ id }) => id),
    contenu: { ...premier, lettres },
    logos: await lireLogos(session, lettres),
  }
}

export async function rendreLot({ contenu, logos }: Pick<DocumentDuLot, 'contenu' | 'logos'>): Promise<Buffer> {
  return Buffer.from(await rendreContenu(contenu, logos, 'background'))
}

/** The batch is ready, unless its letters changed while the document was rendered: false, and it is to be made again. */
export async function cloreLot(
  session: Session,
  lot: string,
  rendu: { readonly ids: readonly string[]; readonly pdf: Buffer } | null,
): Promise<boolean> {
  const { dept } = session
  await session.sql`select id from lot_courrier where dept = ${dept} and id = ${lot} for update`
  const presents = await session.sql<{ id: string }>`
    select c.id from courrier c where c.dept = ${dept} and c.lot = ${lot} and c.etat = 'produit' and ${IMPRIME} order by ${ORDRE}`
  if (presents.map(({ id }) => id).join() !== (rendu?.ids ?? []).join()) return false
  await session.sql`
    update lot_courrier set etat = 'pret', pdf = ${rendu?.pdf ?? null}, empreinte = ${rendu && empreinteDe(rendu.pdf)}
    where dept = ${dept} and id = ${lot} and etat = 'en_cours'`
  return true
}
