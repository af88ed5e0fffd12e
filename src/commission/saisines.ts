import { randomUUID } from 'node:crypto'
import type { Session } from '#acces'
import { consignerFaits, type Dossier } from '#dossiers'
import {
  lireCandidats,
  listerServicesInstructeurs,
  preparerAvis,
  type Scellement,
  scellementDuDossier,
} from '#echanges'
import { type LecteursFormulaire, lireReponses, signerFormulaire, type Valeurs } from '#formulaires'
import type { Keyring } from '#socle/cipher'
import { Conflit, Introuvable, refus } from '#socle/errors'
import { isUuid } from '#socle/text'

/** The form of annex 6, and the frame members fill before the session. */
export const FORMULAIRE_SAISINE = 'saisine-ccapex'
export const FORMULAIRE_PREORIENTATION = 'preorientation-ccapex'
/** Level of completeness of a referral: what the secretariat cannot do without (SAI-35). */
export const NIVEAU_SAISINE = 'saisine'

/** Where a referral comes from: a partner, the criteria of the charter, or the secretariat's own judgment. */
export const originesSaisine = {
  partenaire: 'Saisine d’un partenaire',
  auto: 'Auto-saisine sur critère',
  libre: 'Auto-saisine libre',
} as const
export type OrigineSaisine = keyof typeof originesSaisine

/** Steps of a referral. Closed. */
export const etatsSaisine = {
  recue: 'Reçue',
  incomplete: 'Incomplète',
  complete: 'Complète',
  inscrite: 'Inscrite à une séance',
  classee: 'Classée',
} as const
export type EtatSaisine = keyof typeof etatsSaisine

/** A referral, without its answers. */
export interface Saisine {
  readonly id: string
  readonly dossier: string
  readonly formulaire: string
  readonly origine: OrigineSaisine
  readonly etat: EtatSaisine
  readonly seance_le: Temporal.PlainDate | null
  readonly organisme: string
  readonly organisme_nom: string
  readonly compte: string
  readonly compte_nom: string
  readonly deposee_a: Temporal.Instant
  readonly version: number
  readonly preorientation: string | null
}

/** One thing that happened to a referral. */
export interface ActeSaisine {
  readonly acte: string
  readonly seance_le: Temporal.PlainDate | null
  readonly motif: string | null
  readonly formulaire: string | null
  readonly a: Temporal.Instant
  readonly nom: string
  readonly organisme_nom: string
}

const LONGUEUR_MOTIF = 1000

function auteurDe({ acteur }: Session): { compte: string; organisme: string } {
  if (acteur.compte === null || acteur.organisme === null) throw new Introuvable()
  return { compte: acteur.compte, organisme: acteur.organisme }
}

async function lire(
  session: Session,
  ou: { readonly dossier?: string; readonly id?: string; readonly formulaire?: string },
): Promise<Saisine[]> {
  const { dept } = session
  return session.sql<Saisine>`
    select s.id, s.dossier, s.formulaire, s.origine, s.etat, s.seance_le, s.organisme, o.nom as organisme_nom, s.compte,
      c.prenom || ' ' || c.nom as compte_nom, s.deposee_a, s.version, s.preorientation
    from saisine s join organisme o on o.dept = ${dept} and o.id = s.organisme join compte c on c.dept = ${dept} and c.id = s.compte
    where s.dept = ${dept} and (${ou.dossier ?? null}::uuid is null or s.dossier = ${ou.dossier ?? null}::uuid)
      and (${ou.id ?? null}::uuid is null or s.id = ${ou.id ?? null}::uuid)
      and (${ou.formulaire ?? null}::uuid is null or s.formulaire = ${ou.formulaire ?? null}::uuid or exists (
        select 1 from saisine_acte a where a.dept = ${dept} and a.saisine = s.id and a.formulaire = ${ou.formulaire ?? null}::uuid))
    order by s.deposee_a desc, s.id`
}

/** Referrals of a dossier this session may read, newest first. */
export const listerSaisinesDuDossier = (session: Session, dossier: string): Promise<Saisine[]> =>
  lire(session, { dossier })

/** The referral a form was filed for; undefined when it is still a draft. */
export const trouverSaisineDe = async (session: Session, formulaire: string): Promise<Saisine | undefined> =>
  (await lire(session, { formulaire }))[0]

/** The same, locked: read once nobody else completes it. */
async function verrouillerSaisineDe(session: Session, formulaire: string): Promise<Saisine | undefined> {
  const trouvee = await trouverSaisineDe(session, formulaire)
  if (!trouvee) return undefined
  await session.sql`select 1 from saisine where dept = ${session.dept} and id = ${trouvee.id} for update`
  return trouverSaisineDe(session, formulaire)
}

async function exiger(session: Session, dossier: string, id: string): Promise<Saisine> {
  const [saisine] = isUuid(id) ? await lire(session, { dossier, id }) : []
  if (!saisine) throw new Introuvable()
  return saisine
}

/** What happened to the referrals of a dossier this session may read, by referral, oldest first. */
export async function listerActes(
  session: Session,
  cles: Keyring,
  dossier: string,
): Promise<ReadonlyMap<string, readonly ActeSaisine[]>> {
  const { dept } = session
  const lignes = await session.sql<ActeSaisine & { id: string; saisine: string }>`
    select a.id, a.saisine, a.acte, a.seance_le, a.motif, a.formulaire, a.a, c.prenom || ' ' || c.nom as nom, o.nom as organisme_nom
    from saisine_acte a join compte c on c.dept = ${dept} and c.id = a.par join organisme o on o.dept = ${dept} and o.id = a.organisme
    where a.dept = ${dept} and a.dossier = ${dossier} order by a.rang`
  if (lignes.length === 0) return new Map()
  const scellement = await scellementDuDossier(session, cles, dossier)
  const actes = lignes.map(({ id, motif, ...acte }) => ({
    ...acte,
    motif: motif === null ? null : scellement.ouvrir(motif, placeMotif(id)),
  }))
  return Map.groupBy(actes, ({ saisine }) => saisine)
}

const placeMotif = (id: string) => ({ table: 'saisine_acte', colonne: 'motif', id }) as const

async function noter(
  session: Session,
  scellement: Scellement,
  saisine: Pick<Saisine, 'id' | 'dossier'>,
  acte: {
    readonly acte: string
    readonly motif?: string
    readonly seanceLe?: Temporal.PlainDate | null
    readonly formulaire?: string
  },
): Promise<void> {
  const { dept, maintenant, sql } = session
  const { compte, organisme } = auteurDe(session)
  const id = randomUUID()
  const motif = acte.motif ? scellement.sceller(acte.motif, placeMotif(id)) : null
  await sql`insert into saisine_acte (dept, id, saisine, dossier, acte, seance_le, motif, formulaire, a, par, organisme)
    values (${dept}, ${id}, ${saisine.id}, ${saisine.dossier}, ${acte.acte}, ${acte.seanceLe ?? null}, ${motif}, ${acte.formulaire ?? null}, ${maintenant},
      ${compte}, ${organisme})`
}

/**
 * Who reads a referral once it is filed: the secretariat of the territory and the State's services, which instruct it, and every organisme that filed it or completed
 * it: what one adds never takes it from the others. Drafts are read by the organisme that fills them alone.
 */
async function lecteursDeSaisine(
  session: Session,
  dossier: Pick<Dossier, 'id' | 'territoire'>,
  precedente: Saisine | undefined,
): Promise<LecteursFormulaire> {
  const { dept, sql } = session
  const services = await listerServicesInstructeurs(session, dossier, await lireCandidats(session, dossier.id))
  const autres = await sql<{ id: string }>`
    select id from organisme where dept = ${dept} and actif and type = 'sous_prefecture' and ${dossier.territoire} = any (territoires)
    union select organisme from saisine_acte where dept = ${dept} and saisine = ${precedente?.id ?? null} and acte in ('deposee', 'completee')`
  return [...new Set([...services, ...autres].map(({ id }) => id))]
}

/** A filing. */
export interface Depot {
  readonly formulaire: string
  readonly vu: number
  readonly entete: readonly { readonly libelle: string; readonly valeur: string }[]
}

/**
 * Files a referral: the form is signed and frozen, and goes to the secretariat. What is unknown never stops it; what is asked and missing makes it incomplete
 * later, if the secretariat says so. A form that completes a referral already filed takes its place. Returns the id of the referral.
 */
export async function deposerSaisine(
  session: Session,
  cles: Keyring,
  dossier: Dossier,
  { formulaire, vu, entete }: Depot,
): Promise<string> {
  const { dept, maintenant, sql } = session
  const { compte, organisme } = auteurDe(session)
  const [avant] = await sql<{
    copie_de: string | null
  }>`select copie_de from formulaire where dept = ${dept} and id = ${formulaire}`
  const precedente = avant?.copie_de ? await verrouillerSaisineDe(session, avant.copie_de) : undefined
  const complete = precedente !== undefined && precedente.etat !== 'classee'
  if (complete && precedente.formulaire !== avant?.copie_de)
    throw refus(
      'saisine.depassee',
      'Cette saisine a été complétée depuis l’ouverture de cette copie : la déposer effacerait ce qui a été ajouté. Rouvrir la version la plus récente, y reporter vos réponses, puis abandonner ce brouillon.',
    )
  await signerFormulaire(session, cles, dossier, {
    id: formulaire,
    vu,
    lecteurs: await lecteursDeSaisine(session, dossier, complete ? precedente : undefined),
    entete,
  })
  const scellement = await scellementDuDossier(session, cles, dossier.id)
  if (complete) {
    // What was incomplete is received again; what is already on a session stays there, with its newer form.
    const etat = precedente.etat === 'incomplete' ? 'recue' : precedente.etat
    await sql`update saisine set formulaire = ${formulaire}, etat = ${etat}, version = version + 1 where dept = ${dept} and id = ${precedente.id}`
    await noter(session, scellement, precedente, { acte: 'completee', formulaire })
    consigner(session, 'saisine.completer', precedente)
    return precedente.id
  }
  const [proposition] = await sql<{ id: string; libre: boolean }>`
    select id, (criteres = '[]'::jsonb and not cql) as libre from proposition_saisine where dept = ${dept} and formulaire = ${formulaire}`
  const origine: OrigineSaisine = proposition ? (proposition.libre ? 'libre' : 'auto') : 'partenaire'
  const id = randomUUID()
  await sql`insert into saisine (dept, id, dossier, formulaire, origine, etat, organisme, compte, deposee_a, version)
    values (${dept}, ${id}, ${dossier.id}, ${formulaire}, ${origine}, 'recue', ${organisme}, ${compte}, ${maintenant}, 1)`
  await noter(session, scellement, { id, dossier: dossier.id }, { acte: 'deposee', formulaire })
  await consignerFaits(session, [{ dossier: dossier.id, type: 'saisine.deposee', donnees: { saisine: id, organisme } }])
  consigner(session, 'saisine.deposer', { id, dossier: dossier.id })
  return id
}

function consigner(session: Session, action: string, { id, dossier }: Pick<Saisine, 'id' | 'dossier'>): void {
  session.consigner({ action, objet: 'saisine', objetId: id, dossiers: [dossier] })
}

/** What the secretariat may do of a referral in each state. */
export const actesPossibles = {
  recue: ['incomplete', 'complete', 'inscrite', 'classee'],
  incomplete: ['complete', 'inscrite', 'classee'],
  complete: ['incomplete', 'inscrite', 'classee'],
  inscrite: ['desinscrite', 'inscrite', 'classee'],
  classee: ['rouverte'],
} as const satisfies Record<EtatSaisine, readonly string[]>
export type ActeInstruction = (typeof actesPossibles)[EtatSaisine][number]

/** An act of instruction. */
export interface Instruction {
  readonly saisine: string
  /** Version of the referral on the page. */
  readonly vu: number
  readonly acte: ActeInstruction
  readonly motif: string
  readonly seanceLe: Temporal.PlainDate | null
}

const ETATS: Readonly<Record<ActeInstruction, EtatSaisine>> = {
  incomplete: 'incomplete',
  complete: 'complete',
  inscrite: 'inscrite',
  desinscrite: 'complete',
  classee: 'classee',
  rouverte: 'recue',
}

/**
 * Instructs a referral (SAI-36, AUT-18): asks what is missing, says it complete, puts it on a session, takes it off, or closes it with a reason. A partner's referral
 * is never closed for being incomplete alone: it goes to a session (AUT-18).
 */
export async function instruireSaisine(
  session: Session,
  cles: Keyring,
  { id: dossier, territoire }: Pick<Dossier, 'id' | 'territoire'>,
  acte: Instruction,
): Promise<Saisine> {
  const { dept, sql } = session
  const motif = acte.motif.trim()
  await sql`select 1 from saisine where dept = ${dept} and id = ${acte.saisine} for update`
  const saisine = await exiger(session, dossier, acte.saisine)
  if (saisine.version !== acte.vu)
    throw new Conflit(
      'saisine.changee',
      'Cette saisine a changé depuis l’ouverture de la page : rien n’est fait. La relire, puis choisir.',
    )
  if (!(actesPossibles[saisine.etat] as readonly string[]).includes(acte.acte))
    throw refus('saisine.acte', 'Cet acte n’est plus possible : la saisine a changé d’état. Relire la page.')
  if (motif.length > LONGUEUR_MOTIF) throw refus('saisine.motif', `Raccourcir à ${LONGUEUR_MOTIF} caractères.`)
  if (acte.acte === 'incomplete' && motif === '')
    throw refus('saisine.motif', 'Dire ce qui manque : l’auteur de la saisine le lira.')
  if ((acte.acte === 'classee' || acte.acte === 'rouverte' || acte.acte === 'desinscrite') && motif === '')
    throw refus('saisine.motif', 'Écrire le motif : il est dit à l’auteur de la saisine.')
  const { seance_le: tenue } = saisine
  const passee = tenue !== null && Temporal.PlainDate.compare(tenue, session.jour) <= 0
  // Closed after its session, it keeps the date: the commission examined it.
  const seanceLe = acte.acte === 'inscrite' ? acte.seanceLe : acte.acte === 'classee' && passee ? tenue : null
  if (acte.acte === 'inscrite' && (seanceLe === null || Temporal.PlainDate.compare(seanceLe, session.jour) < 0))
    throw refus('saisine.seance', 'Indiquer la date de la séance, aujourd’hui ou plus tard.')
  await sql`update saisine set etat = ${ETATS[acte.acte]}, seance_le = ${seanceLe}, version = version + 1 where dept = ${dept} and id = ${saisine.id}`
  await noter(session, await scellementDuDossier(session, cles, dossier), saisine, {
    acte: acte.acte,
    motif,
    seanceLe: acte.acte === 'inscrite' ? seanceLe : null,
  })
  consigner(session, 'saisine.instruire', saisine)
  // The sender learns that something follows, by a mail that says nothing of it (SAI-36).
  await preparerAvis(session, { id: dossier, territoire }, [saisine.organisme], {
    genre: 'saisine',
    objet: saisine.id,
  })
  return exiger(session, dossier, saisine.id)
}

/**
 * Says of the open referrals of these dossiers that they are on the agenda of a session, or no longer (`seanceLe` null), whatever put their file there; their senders
 * learn that something follows (SAI-36).
 */
export async function suivreSeance(
  session: Session,
  dossiers: readonly string[],
  seanceLe: Temporal.PlainDate | null,
): Promise<void> {
  const { dept, maintenant, sql } = session
  if (dossiers.length === 0) return
  const { compte, organisme } = auteurDe(session)
  // One that its secretariat called incomplete, or has not read, waits for what it lacks.
  const avant = seanceLe === null ? ['inscrite'] : ['complete', 'inscrite']
  const suivies = await sql<{ id: string; dossier: string; organisme: string; territoire: string | null }>`
    update saisine s set etat = ${seanceLe === null ? 'complete' : 'inscrite'}, seance_le = ${seanceLe}, version = s.version + 1 from dossier d
    where s.dept = ${dept} and s.dossier = any (${dossiers}::uuid[]) and s.etat = any (${avant}::text[]) and s.seance_le is distinct from ${seanceLe}::date
      and d.dept = ${dept} and d.id = s.dossier returning s.id, s.dossier, s.organisme, d.territoire`
  await sql`insert into saisine_acte (dept, id, saisine, dossier, acte, seance_le, a, par, organisme)
    select ${dept}, gen_random_uuid(), x.id, x.dossier, ${seanceLe === null ? 'desinscrite' : 'inscrite'}, ${seanceLe}, ${maintenant}, ${compte}, ${organisme}
    from jsonb_to_recordset(${JSON.stringify(suivies)}::jsonb) as x(id uuid, dossier uuid)`
  for (const saisine of suivies)
    await preparerAvis(session, { id: saisine.dossier, territoire: saisine.territoire }, [saisine.organisme], {
      genre: 'saisine',
      objet: saisine.id,
    })
}

/** Ties to a referral the frame members fill before the session; the first one begun is the one. */
export async function attacherPreorientation(
  session: Session,
  dossier: string,
  id: string,
  formulaire: string,
): Promise<string> {
  const { dept, sql } = session
  const [pose] = await sql<{
    preorientation: string
  }>`update saisine set preorientation = coalesce(preorientation, ${formulaire})
    where dept = ${dept} and dossier = ${dossier} and id = ${id} returning preorientation`
  if (!pose) throw new Introuvable()
  return pose.preorientation
}

/** The referral an address names, with the answers the list of its act needs. */
export async function lireSaisine(
  session: Session,
  cles: Keyring,
  dossier: string,
  id: string,
): Promise<Saisine & { readonly reponses: Valeurs }> {
  const saisine = await exiger(session, dossier, id)
  const { valeurs } = await lireReponses(session, cles, dossier, saisine.formulaire)
  return { ...saisine, reponses: valeurs }
}
