import { createHash } from 'node:crypto'
import { join } from 'node:path'
import type { Session } from '#acces'
import { projectRoot } from '#socle/config'
import { sql } from '#socle/db'
import { renderPdf, renderPdfs } from '#socle/pdf'
import { formatDateLongue, typo } from '#socle/typography'
import { type Courrier, composerLettres, type LettrePrete, lireLot, lireModele } from './courriers.ts'

const GABARIT = join(projectRoot, 'src/courriers/lettre.typ')
/** Letters rendered in one transaction: a stop loses no more than that. */
const TRANCHE = 100

function enDonnees(session: Session, libelle: string, jour: Temporal.PlainDate, lettres: readonly LettrePrete[]) {
  return {
    titre: typo(libelle),
    pied: typo(
      'Prévention des expulsions. Courrier gratuit, sans démarche obligatoire. Il ne remplace aucun acte de procédure.',
    ),
    lettres: lettres.map(({ expediteur, adresse, objet, parties }) => ({
      expediteur: { nom: typo(expediteur.nom), lignes: expediteur.lignes.map(typo) },
      adresse: adresse.map(typo),
      date: typo(`Le ${formatDateLongue(jour)}`),
      objet,
      parties,
      mention: typo(
        `Vos données servent à prévenir l’expulsion. Pour les connaître ou les corriger, écrire à l’adresse en tête de cette lettre (${session.referentiel.departements.get(session.dept)?.nom ?? session.dept}).`,
      ),
    })),
  }
}

const empreinteDe = (octets: Uint8Array): string => createHash('sha256').update(octets).digest('hex')

/** The letter as it would leave, before anything is decided. */
export async function apercevoirCourrier(
  session: Session,
  courrier: Courrier,
): Promise<{ readonly lettre: LettrePrete; readonly pdf: () => Promise<Uint8Array> }> {
  const lettre = (await composerLettres(session, [courrier])).get(courrier.id)
  if (!lettre) throw new Error(`letter ${courrier.id} has a dossier its reader cannot see`)
  const { libelle } = lireModele(session, courrier.modele)
  return { lettre, pdf: () => renderPdf(GABARIT, enDonnees(session, libelle, session.jour, [lettre])) }
}

async function lireCourriersDuLot(session: Session, lot: string, etat: string, limite: number): Promise<Courrier[]> {
  return session.sql<Courrier>`
    select c.id, c.dossier, d.reference, d.titulaire, c.modele, c.variante, c.stade, c.stade_le, c.nom, c.adresse, c.adresse_corrigee, c.a_verifier, c.etat,
      c.motif, c.version, c.propose_a, c.lot, c.envoye_le, c.canal, c.revenu_le, c.renvoie
    from courrier c join dossier d on d.dept = ${session.dept} and d.id = c.dossier
    where c.dept = ${session.dept} and c.lot = ${lot} and c.etat = ${etat}
    order by c.adresse[cardinality(c.adresse)], c.nom, c.id limit ${limite}`
}

/**
 * Renders the next letters of a batch and keeps their exact bytes. A dossier closed or moved to another stage since the letter was re-read sends nothing: its
 * letter is left out, with the reason. False once nothing is left.
 */
export async function produireTranche(session: Session, lot: string): Promise<boolean> {
  const { dept } = session
  await session.sql`
    update courrier c set etat = 'ecarte', version = c.version + 1,
      motif = case when d.clos_le is not null then 'Dossier clos avant l’envoi.' else 'L’étape du dossier a changé avant l’envoi.' end
    from dossier d where c.dept = ${dept} and c.lot = ${lot} and c.etat = 'a_produire' and d.dept = ${dept} and d.id = c.dossier
      and c.renvoie is null and (d.clos_le is not null or d.stade <> c.stade)`
  const courriers = await lireCourriersDuLot(session, lot, 'a_produire', TRANCHE)
  if (courriers.length === 0) return false
  const { libelle } = lireModele(session, courriers[0]?.modele ?? '')
  const lettres = await composerLettres(session, courriers)
  const prets = courriers.flatMap((courrier) => {
    const lettre = lettres.get(courrier.id)
    return lettre ? [{ courrier, lettre }] : []
  })
  const octets: Uint8Array[] = []
  for await (const un of renderPdfs(
    GABARIT,
    prets.map(({ lettre }) => enDonnees(session, libelle, session.jour, [lettre])),
  ))
    octets.push(un)
  await session.sql`
    update courrier c set etat = 'produit', produit_a = ${session.maintenant}, pdf = x.pdf, empreinte = x.empreinte, version = c.version + 1
    from unnest(${prets.map(({ courrier }) => courrier.id)}::uuid[], ${octets.map((un) => Buffer.from(un))}::bytea[], ${octets.map(empreinteDe)}::text[])
      as x(id, pdf, empreinte)
    where c.dept = ${dept} and c.id = x.id`
  await session.sql`update lot_courrier set faits = faits + ${prets.length} where dept = ${dept} and id = ${lot}`
  return true
}

/** Once every letter is rendered: the one document to print, by postcode then name. */
export async function assemblerLot(session: Session, id: string): Promise<void> {
  const { dept } = session
  const lot = await lireLot(session, id)
  const courriers = await lireCourriersDuLot(session, id, 'produit', 1_000_000)
  const lettres = await composerLettres(session, courriers)
  const { libelle } = lireModele(session, lot.modele)
  const ordonnees = courriers.flatMap((courrier) => lettres.get(courrier.id) ?? [])
  const pdf =
    ordonnees.length === 0
      ? null
      : Buffer.from(await renderPdf(GABARIT, enDonnees(session, libelle, session.jour, ordonnees)))
  await session.sql`
    update lot_courrier set etat = 'pret', ${pdf ? sql`pdf = ${pdf}, empreinte = ${empreinteDe(pdf)}` : sql`pdf = null`}
    where dept = ${dept} and id = ${id}`
}
