import { createHash, randomUUID } from 'node:crypto'
import { join } from 'node:path'
import type { Session } from '#acces'
import type { Keyring } from '#socle/cipher'
import { projectRoot } from '#socle/config'
import { type Fragment, sql } from '#socle/db'
import { Conflit, Introuvable } from '#socle/errors'
import { renderPdf } from '#socle/pdf'
import { formatDateLongue, typo } from '#socle/typography'
import { scellementDuDossier } from './cles.ts'
import { auteurDe, verifierTexte } from './ecrits.ts'
import {
  type ChampCompose,
  chargerListeSynthese,
  composer,
  type Destinataire,
  type ExtraitDiagnostic,
  type SourceSynthese,
} from './liste-synthese.ts'

const MODELE = join(projectRoot, 'src/echanges/synthese.typ')

/** What a synthèse reads of dossiers, and nothing else: the allow-list chooses among these columns. */
export const colonnesSource = (dept: string): Fragment => sql`
  d.titulaire, d.adresse, d.commune, d.stade, d.stade_le, d.audience_le, d.dette, d.dette_le,
  (select o.nom from organisme o where o.dept = ${dept} and o.id = d.organisme) as service,
  exists (select 1 from tentative_contact c where c.dept = ${dept} and c.dossier = d.id and c.aboutie and c.retiree_a is null) as contacte,
  (select min(c.le) from tentative_contact c where c.dept = ${dept} and c.dossier = d.id and c.aboutie and c.retiree_a is null) as contacte_le,
  (select max(a.diagnostic_fait_le) from affectation a where a.dept = ${dept} and a.dossier = d.id and a.issue = 'diagnostic_transmis') as diagnostic_le`

/** A synthèse ready to leave: what, to whom, and the print that says nothing changed since it was re-read. */
export interface SynthesePrevue {
  readonly destinataire: Destinataire
  /** The social landlord with an account, who reads it in « Mes locataires »; null when the document is handed over. */
  readonly organisme: string | null
  readonly nom: string
  readonly champs: readonly ChampCompose[]
  readonly version: number
  readonly empreinte: string
}

const NOMS = { juge: 'Le juge', menage: 'Le ménage' } as const

/**
 * Composes what would leave, from the allow-list: the dossier, and `extrait`, what its validated diagnosis gives. Journalled: it shows the household.
 */
export async function prevoirSynthese(
  session: Session,
  dossier: string,
  destinataire: Destinataire,
  extrait: ExtraitDiagnostic | null = null,
): Promise<SynthesePrevue> {
  const { dept } = session
  const [source] = await session.sql<SourceSynthese & { bailleur: string }>`
    select ${colonnesSource(dept)}, d.bailleur from dossier d where d.dept = ${dept} and d.id = ${dossier}`
  if (!source) throw new Introuvable()
  const champs = composer(chargerListeSynthese(session.referentiel.racine), { ...source, extrait }, destinataire)
  const bailleurs =
    destinataire === 'bailleur'
      ? await session.sql<{ organisme: string; nom: string }>`
          select l.organisme, o.nom from locataire l join organisme o on o.dept = ${dept} and o.id = l.organisme
          where l.dept = ${dept} and l.dossier = ${dossier}`
      : []
  // Two landlords claim this tenant: nothing is sent by guessing, the document is handed over.
  const locataire = bailleurs.length === 1 ? bailleurs[0] : undefined
  const [derniere] = await session.sql<{ version: number }>`
    select coalesce(max(version), 0)::int as version from synthese where dept = ${dept} and dossier = ${dossier} and destinataire = ${destinataire}`
  session.consigner({
    action: 'synthese.prevoir',
    objet: 'dossier',
    objetId: dossier,
    dossiers: [dossier],
    details: { cercle: 4, destinataire },
  })
  const version = (derniere?.version ?? 0) + 1
  const organisme = locataire?.organisme ?? null
  return {
    destinataire,
    organisme,
    nom:
      destinataire === 'bailleur'
        ? (locataire?.nom ?? (source.bailleur === '' ? 'Le bailleur' : source.bailleur))
        : NOMS[destinataire],
    champs,
    version,
    empreinte: createHash('sha256')
      .update(JSON.stringify([destinataire, organisme, version, champs]))
      .digest('hex'),
  }
}

/** How it reaches its recipient, as written on the sheet (annex 3). */
const REMISES = {
  juge: 'À l’attention du juge compétent, sous couvert du préfet ou du sous-préfet.',
  bailleur: 'À l’attention du bailleur, seul destinataire. Ce document n’est ni reproduit ni transmis à un tiers.',
  menage: 'Remis au ménage. Il peut le montrer à qui il veut, et le compléter devant le juge.',
} as const satisfies Record<Destinataire, string>

function donneesPdf(prevue: SynthesePrevue, session: Session): Record<string, unknown> {
  const { nom, version, champs, empreinte } = prevue
  return {
    titre: typo('Synthèse de la situation'),
    confidentiel: 'CONFIDENTIEL',
    destinataire: typo(`Pour : ${nom}`),
    remise: typo(REMISES[prevue.destinataire]),
    date: typo(`Établie le ${formatDateLongue(session.jour)}, version ${version}.`),
    remplace: version === 1 ? '' : typo(`Remplace et retire la version ${version - 1}.`),
    mention: typo(
      'Ce document reprend une liste fermée d’informations. Il ne dit rien d’autre de la situation du ménage. Données personnelles : à garder pour l’usage auquel il est remis.',
    ),
    pied: typo(`Synthèse, version ${version}. Empreinte ${empreinte.slice(0, 16)}`),
    champs: champs.map(({ libelle, valeur }) => ({ libelle: typo(libelle), valeur: typo(valeur) })),
  }
}

/** A synthèse as it was sent. */
export interface Synthese {
  readonly id: string
  readonly destinataire: Destinataire
  readonly version: number
  /** Who it is for. */
  readonly organisme_nom: string
  readonly a: Temporal.Instant
  readonly auteur: string
  readonly produite_par: string
  /** Replaced, hence withdrawn, by a later one. */
  readonly remplacee: boolean
}

/**
 * Produces a synthèse: the bytes are kept as they leave, the one before is withdrawn by this one. `empreinte` is that of the page the person re-read: when
 * something changed since, nothing leaves.
 */
export async function produireSynthese(
  session: Session,
  cles: Keyring,
  {
    dossier,
    destinataire,
    empreinte,
    motif,
    extrait = null,
  }: {
    readonly dossier: string
    readonly destinataire: Destinataire
    readonly empreinte: string
    readonly motif: string
    readonly extrait?: ExtraitDiagnostic | null | undefined
  },
): Promise<string> {
  verifierTexte('-', motif, true)
  const { compte, organisme: sien } = auteurDe(session)
  const prevue = await prevoirSynthese(session, dossier, destinataire, extrait)
  if (prevue.empreinte !== empreinte)
    throw new Conflit(
      'synthese.changee',
      'Le dossier a changé depuis votre relecture : rien n’est parti. Relire ce qui partirait maintenant.',
    )
  const octets = await renderPdf(MODELE, donneesPdf(prevue, session))
  const id = randomUUID()
  const scellement = await scellementDuDossier(session, cles, dossier)
  const { organisme, nom, champs, version } = prevue
  await session.sql`
    insert into synthese (dept, id, dossier, destinataire, version, organisme, organisme_nom, champs, liste, octets, empreinte, motif, auteur, auteur_organisme, a)
    values (${session.dept}, ${id}, ${dossier}, ${destinataire}, ${version}, ${organisme}, ${nom}, ${JSON.stringify(champs)}::jsonb,
      ${champs.map(({ champ }) => champ).join(',')}, ${Buffer.from(octets)}, ${createHash('sha256').update(octets).digest('hex')},
      ${scellement.sceller(motif.trim(), { table: 'synthese', colonne: 'motif', id })}, ${compte}, ${sien}, ${session.maintenant})`
  session.consigner({
    action: 'synthese.produire',
    objet: 'synthese',
    objetId: id,
    dossiers: [dossier],
    details: { cercle: 4, destinataire, version, ...(organisme === null ? {} : { destinataires: [organisme] }) },
  })
  return id
}

/** Synthèses of a dossier, newest first: every version, with what replaced it. */
export function listerSyntheses(session: Session, dossier: string): Promise<Synthese[]> {
  return session.sql<Synthese>`
    select s.id, s.destinataire, s.version, s.organisme_nom, s.a, c.prenom || ' ' || c.nom as auteur, p.nom as produite_par,
      s.version < max(s.version) over (partition by s.destinataire) as remplacee
    from synthese s join compte c on c.dept = ${session.dept} and c.id = s.auteur join organisme p on p.dept = ${session.dept} and p.id = s.auteur_organisme
    where s.dept = ${session.dept} and s.dossier = ${dossier} order by s.a desc, s.destinataire, s.version desc`
}

/** The exact bytes of a synthèse. For whom it is not, and under another dossier than its own, it does not exist. */
export async function lireSynthese(
  session: Session,
  id: string,
  dossierAttendu?: string,
): Promise<{ readonly octets: Uint8Array; readonly destinataire: Destinataire; readonly version: number }> {
  const [lue] = await session.sql<{ octets: Buffer; destinataire: Destinataire; version: number; dossier: string }>`
    select octets, destinataire, version, dossier from synthese where dept = ${session.dept} and id = ${id}`
  if (!lue || (dossierAttendu !== undefined && lue.dossier !== dossierAttendu)) throw new Introuvable()
  session.consigner({
    action: 'synthese.lire',
    objet: 'synthese',
    objetId: id,
    dossiers: [lue.dossier],
    details: { cercle: 4, destinataire: lue.destinataire, version: lue.version },
  })
  return lue
}
