import { randomUUID } from 'node:crypto'
import type { Session } from '#acces'
import { consignerFaits, type Dossier } from '#dossiers'
import { engagerSurDemande } from '#participations'
import type { Keyring } from '#socle/cipher'
import { Introuvable, refus } from '#socle/errors'
import { formatDate } from '#socle/typography'
import { ajouterActe, rafraichir } from './actes.ts'
import { type ContenuDiffuse, diffuser, listerInterroges } from './diffusion.ts'
import { echeanceEnquete, refusImplicite } from './echeances.ts'
import { lireRequisition, listerActes, listerDuDossier, listerEnquetes } from './lecture.ts'
import { enVigueur, trouverIssue } from './resume.ts'
import { type Enquete, type GenreEnquete, genresEnquete, type MoyenEnquete, type Requisition } from './types.ts'

/** Opens the instruction of a force request known as an act of procedure (RFP-01). `acte` is that act; once per act. */
export async function recevoirRequisition(
  session: Session,
  dossier: Pick<Dossier, 'id' | 'actes'>,
  demande: { readonly acte: string; readonly recueLe: Temporal.PlainDate; readonly envoi: string },
): Promise<string> {
  const { sql, dept, acteur, maintenant } = session
  if (!acteur.compte || !acteur.organisme) throw new Introuvable()
  const connu = dossier.actes.find(
    ({ signalement, type }) => signalement === demande.acte && type === 'requisition_force_publique',
  )
  if (!connu) throw refus('requisition.acte', 'Choisir la réquisition reçue.')
  if (Temporal.PlainDate.compare(demande.recueLe, session.jour) > 0)
    throw refus('requisition.recue_le', 'La date de réception est à venir : écrire le jour où la demande est arrivée.')
  if (demande.recueLe.toString() < connu.le)
    throw refus(
      'requisition.recue_le',
      `La demande est du ${formatDate(connu.le)} : elle n’a pas pu être reçue avant. Écrire le jour de son arrivée.`,
    )
  const refusLe = refusImplicite(session, demande.recueLe)?.le ?? null
  const [ecrite] = await sql<{ id: string }>`
    insert into requisition (dept, id, dossier, acte, recue_le, refus_le, organisme, par, a)
    values (${dept}, ${demande.envoi}, ${dossier.id}, ${demande.acte}, ${demande.recueLe}, ${refusLe}, ${acteur.organisme}, ${acteur.compte}, ${maintenant})
    on conflict do nothing returning id`
  if (!ecrite) {
    const deja = (await listerDuDossier(session, dossier.id)).find(({ acte }) => acte === demande.acte)
    if (!deja) throw new Introuvable()
    return deja.id
  }
  await consignerFaits(session, [
    { dossier: dossier.id, type: 'requisition.recue', le: demande.recueLe, donnees: { requisition: ecrite.id } },
  ])
  session.consigner({
    action: 'requisition.recevoir',
    objet: 'requisition',
    objetId: ecrite.id,
    dossiers: [dossier.id],
    details: { acte: demande.acte },
  })
  return ecrite.id
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
