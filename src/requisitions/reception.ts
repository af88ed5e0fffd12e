import { randomUUID } from 'node:crypto'
import type { Session } from '#acces'
import { consignerFaits, type Dossier } from '#dossiers'
import { engagerSurDemande } from '#participations'
import type { Keyring } from '#socle/cipher'
import { Introuvable, refus } from '#socle/errors'
import { formatDate } from '#socle/typography'
import { ajouterActe, type RequisitionConnue, rafraichir } from './actes.ts'
import { type ContenuDiffuse, diffuser, listerInterroges } from './diffusion.ts'
import { echeanceEnquete, refusImplicite } from './echeances.ts'
import { lireRequisition, listerActes, listerEnquetes } from './lecture.ts'
import { consignerRequisition, daterReception } from './procedure.ts'
import { enVigueur, trouverIssue } from './resume.ts'
import { type Enquete, type GenreEnquete, genresEnquete, type MoyenEnquete, type Requisition } from './types.ts'

/** A force request arrived: one the procedure of the dossier already knows, or another, with the date it bears. */
export interface Reception {
  readonly connue: RequisitionConnue | null
  readonly le: Temporal.PlainDate
  readonly recueLe: Temporal.PlainDate
  readonly envoi: string
}

/**
 * Opens the instruction of a force request (RFP-01). Its reception is written in the procedure of the dossier: the law counts from it. Once per request.
 */
export async function recevoirRequisition(
  session: Session,
  dossier: Pick<Dossier, 'id'>,
  { connue, le, recueLe, envoi }: Reception,
): Promise<string> {
  const { sql, dept, acteur, maintenant } = session
  if (!acteur.compte || !acteur.organisme) throw new Introuvable()
  if (Temporal.PlainDate.compare(le, session.jour) > 0)
    throw refus('requisition.acte_le', 'La date de la demande est à venir : écrire celle que porte le papier.')
  if (Temporal.PlainDate.compare(recueLe, session.jour) > 0)
    throw refus('requisition.recue_le', 'La date de réception est à venir : écrire le jour où la demande est arrivée.')
  if (Temporal.PlainDate.compare(recueLe, le) < 0)
    throw refus(
      'requisition.recue_le',
      `La demande est du ${formatDate(le)} : elle n’a pas pu être reçue avant. Écrire le jour de son arrivée.`,
    )
  const [deja] = await sql<{
    id: string
  }>`select id from requisition where dept = ${dept} and dossier = ${dossier.id} and id = ${envoi}`
  if (deja) return deja.id
  const acte = connue
    ? await daterReception(session, dossier.id, { acte: connue.acte, le, recueLe, envoi })
    : await consignerRequisition(session, dossier.id, { le, recueLe, envoi })
  const refusLe = refusImplicite(session, recueLe)?.le ?? null
  await sql`insert into requisition (dept, id, dossier, acte, recue_le, refus_le, organisme, par, a)
    values (${dept}, ${envoi}, ${dossier.id}, ${acte}, ${recueLe}, ${refusLe}, ${acteur.organisme}, ${acteur.compte}, ${maintenant})`
  await consignerFaits(session, [
    { dossier: dossier.id, type: 'requisition.recue', le: recueLe, donnees: { requisition: envoi } },
  ])
  session.consigner({
    action: 'requisition.recevoir',
    objet: 'requisition',
    objetId: envoi,
    dossiers: [dossier.id],
    details: { acte },
  })
  return envoi
}

/** What the people asked read of the household: its name and address, and what is expected. Nothing else of the dossier leaves. */
const contenuEnquete = (
  dossier: Dossier,
  requisition: Pick<Requisition, 'recue_le'>,
  genre: GenreEnquete,
  avant: string | null,
): ContenuDiffuse => ({
  menage: dossier.titulaire,
  adresse: [dossier.adresse, dossier.commune].filter((part) => part !== '').join(', '),
  lignes: [
    ['Réquisition reçue le', formatDate(requisition.recue_le)],
    ['Ce qui est attendu', genresEnquete[genre].attendu],
    ...(avant === null ? [] : [['Avant le', formatDate(avant)] as const]),
  ],
})

/** Kinds whose organisme reads the dossier to answer. */
const ENGAGENT: readonly GenreEnquete[] = ['sociale', 'siao']

/** One inquiry to send. Without an organisme, or by another means than Amont, `aupres` says to whom it is handed. */
export interface EnqueteDemandee {
  readonly genre: GenreEnquete
  readonly organisme: string | null
  readonly aupres: string
  readonly moyen: MoyenEnquete
}

/** Sends inquiries, each with its date (RFP-01, RFP-14). A kind already waiting for an answer is not asked twice. */
export async function demanderEnquetes(
  session: Session,
  dossier: Dossier,
  requisition: string,
  demandees: readonly EnqueteDemandee[],
): Promise<number> {
  const { sql, dept, acteur, jour, maintenant } = session
  if (!acteur.compte) throw new Introuvable()
  if (demandees.length === 0) throw refus('requisition.enquetes', 'Choisir au moins une enquête à demander.')
  const lue = await lireRequisition(session, dossier.id, requisition, { verrou: true })
  const deja = await listerEnquetes(session, lue.id)
  const vivants = enVigueur(await listerActes(session, lue.id))
  const attendues = new Set(deja.filter((enquete) => !trouverIssue(vivants, enquete)).map(({ genre }) => genre))
  const prepares = []
  for (const demandee of demandees) {
    const possibles = await listerInterroges(session, dossier, genresEnquete[demandee.genre].types)
    const organisme = possibles.find(({ id }) => id === demandee.organisme)
    if (demandee.organisme !== null && !organisme)
      throw refus(
        `requisition.${demandee.genre}`,
        'Cet organisme ne peut pas être interrogé ici : choisir dans la liste.',
      )
    const aupres = organisme?.nom ?? demandee.aupres.trim()
    if (aupres === '') throw refus(`requisition.${demandee.genre}`, 'Dire à qui l’enquête est demandée.')
    if (demandee.moyen === 'amont' && !organisme)
      throw refus(
        `requisition.${demandee.genre}`,
        'Une demande dans Amont va à un organisme de la liste ; sinon, dire comment elle est partie.',
      )
    prepares.push({ ...demandee, aupres, organisme })
  }
  let nombre = 0
  for (const { genre, organisme, aupres, moyen } of prepares) {
    if (attendues.has(genre)) continue
    const id = randomUUID()
    const echeance = echeanceEnquete(session, genre, lue.recue_le, jour)
    await sql`insert into enquete (dept, id, requisition, dossier, genre, organisme, aupres, moyen, demandee_le, avant, echeance, par, a)
      values (${dept}, ${id}, ${lue.id}, ${lue.dossier}, ${genre}, ${organisme?.id ?? null}, ${aupres}, ${moyen}, ${jour}, ${echeance?.le ?? null},
        ${echeance === null ? null : JSON.stringify(echeance)}::jsonb, ${acteur.compte}, ${maintenant})`
    nombre += 1
    // Whoever writes the social report, or looks for a place, works on the dossier; the others answer without reading it.
    if (organisme && ENGAGENT.includes(genre))
      await engagerSurDemande(session, lue.dossier, {
        organisme: organisme.id,
        motif: `${genresEnquete[genre].libelle} : réquisition reçue le ${formatDate(lue.recue_le)}`,
      })
    if (organisme)
      await diffuser(session, lue, {
        genre: 'enquete',
        enquete: id,
        contenu: contenuEnquete(dossier, lue, genre, echeance?.le ?? null),
        avant: echeance ? Temporal.PlainDate.from(echeance.le) : null,
        destinataires: [{ id: organisme.id, pourquoi: genresEnquete[genre].libelle }],
      })
  }
  if (nombre === 0) return 0
  await rafraichir(session, lue)
  await consignerFaits(session, [
    {
      dossier: dossier.id,
      type: 'enquete.demandee',
      donnees: { genres: prepares.map(({ genre }) => genre).filter((genre) => !attendues.has(genre)) },
    },
  ])
  session.consigner({
    action: 'requisition.enqueter',
    objet: 'requisition',
    objetId: lue.id,
    dossiers: [dossier.id],
    details: { nombre },
  })
  return nombre
}

/** Reminds somebody of an inquiry, once a day at most. */
export async function relancerEnquete(
  session: Session,
  cles: Keyring,
  dossier: Dossier,
  enquete: Enquete,
  envoi: string,
): Promise<void> {
  const lue = await lireRequisition(session, dossier.id, enquete.requisition)
  const vivants = enVigueur(await listerActes(session, lue.id))
  if (trouverIssue(vivants, enquete)) throw refus('requisition.relance', 'Cette enquête a déjà sa réponse.')
  const deja = vivants.some(
    (acte) =>
      acte.enquete === enquete.id &&
      acte.genre === 'enquete_relance' &&
      acte.le.equals(session.jour) &&
      acte.id !== envoi,
  )
  if (deja) throw refus('requisition.relance', 'Cette enquête a déjà été relancée aujourd’hui.')
  const { nouvelle } = await ajouterActe(session, cles, lue, {
    envoi,
    genre: 'enquete_relance',
    le: session.jour,
    valeurs: {},
    enquete: enquete.id,
  })
  if (nouvelle && enquete.organisme)
    await diffuser(session, lue, {
      genre: 'relance',
      enquete: enquete.id,
      acte: envoi,
      contenu: contenuEnquete(dossier, lue, enquete.genre, enquete.avant?.toString() ?? null),
      avant: enquete.avant,
      destinataires: [{ id: enquete.organisme, pourquoi: genresEnquete[enquete.genre].libelle }],
    })
}

/** One inquiry of a dossier. */
export async function lireEnquete(session: Session, dossier: string, id: string): Promise<Enquete> {
  const [lue] = await session.sql<Enquete>`
    select id, requisition, dossier, genre, organisme, aupres, moyen, demandee_le, avant, echeance
    from enquete where dept = ${session.dept} and dossier = ${dossier} and id = ${id}`
  if (!lue) throw new Introuvable()
  return lue
}
