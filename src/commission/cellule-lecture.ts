import { aLeDroit, masqueDe, type Session } from '#acces'
import { litLesEcritsDe } from '#dossiers'
import { scellementDuDossier } from '#echanges'
import { type Fragment, sql as fragment } from '#socle/db'
import { Introuvable } from '#socle/errors'
import { isUuid } from '#socle/text'
import type {
  EtatConsultation,
  EtatRegularisation,
  IssueConsultation,
  ModeConsultation,
  ReglesFigees,
  SensPosition,
  Voix,
} from './cellule-regles.ts'

export type QualiteMembre = 'auteur' | 'secretariat' | 'permanent' | 'invite'

/** A consultation as lists show it: nothing of what was asked. */
export interface Consultation {
  readonly id: string
  readonly dossier: string
  readonly objet: string
  readonly mode: ModeConsultation
  readonly urgence: string | null
  readonly echeance_a: Temporal.Instant
  readonly regles: ReglesFigees
  readonly etat: EtatConsultation
  readonly issue: IssueConsultation | null
  /** What the commission did of the conclusion; null before there is one. */
  readonly regularisation: EtatRegularisation | null
  readonly organisme: string
  readonly organisme_nom: string
  readonly auteur: string
  readonly ouverte_a: Temporal.Instant
  readonly close_a: Temporal.Instant | null
  readonly lecteurs: readonly string[]
  readonly invites: readonly string[]
  readonly fiche: string | null
  readonly version: number
  readonly attendus: number
  readonly repondus: number
  /** The reader's organisme is asked and has not answered, and the reader may. */
  readonly a_repondre: boolean
}

/** With its household: the reader sees the dossier. */
export interface LigneConsultation extends Consultation {
  readonly reference: string
  readonly titulaire: string
  readonly territoire: string | null
}

export interface MembreConsultation {
  readonly organisme: string
  readonly nom: string
  readonly qualite: QualiteMembre
  readonly participation: string | null
}

interface Donnees {
  readonly le?: string
  readonly heure?: string
  readonly minutes?: number
  readonly sequence?: number
  readonly annulee?: boolean
  /** End the opening set, kept by the acts that move it. */
  readonly echeance_initiale?: string
  /** End a silence was written for. */
  readonly echeance?: string
  readonly tardive?: boolean
  /** Taken back by the server, since the dossier is closed. */
  readonly clos?: boolean
}

export interface ActeConsultation {
  readonly id: string
  readonly genre: 'position' | 'position_retiree' | 'silence' | 'reunion' | 'conclusion' | 'retrait'
  readonly organisme: string
  readonly organisme_nom: string
  readonly sens: SensPosition | IssueConsultation | null
  readonly texte: string | null
  readonly donnees: Donnees
  readonly auteur: string | null
  readonly a: Temporal.Instant
}

/** What was asked. */
export interface ContenuConsultation {
  readonly question: string
  readonly situations: readonly { readonly libelle: string; readonly sante: boolean }[]
}

export interface ConsultationLue {
  readonly consultation: Consultation
  readonly contenu: ContenuConsultation
  readonly membres: readonly MembreConsultation[]
  readonly actes: readonly ActeConsultation[]
}

/** Whether an organisme has, or has not, a position that holds in the consultation `c`: the last it gave, unless it took it back. */
const aPosition = (dept: string, organisme: Fragment, oui: boolean): Fragment => fragment`
  (coalesce((select a.genre from consultation_acte a where a.dept = ${dept} and a.consultation = c.id and a.organisme = ${organisme}
    and a.genre in ('position', 'position_retiree') order by a.rang desc limit 1), '') = 'position') = ${oui}::boolean`
const colonnes = ({ dept, acteur }: Session): Fragment => fragment`
  c.id, c.dossier, c.objet, c.mode, c.urgence, c.echeance_a, c.regles, c.etat, c.issue,
  (select r.etat from regularisation r where r.dept = ${dept} and r.consultation = c.id) as regularisation, c.organisme, o.nom as organisme_nom, x.prenom || ' ' || x.nom as auteur,
  c.ouverte_a, c.close_a, c.lecteurs, c.invites, c.fiche, c.version, n.attendus, n.repondus,
  ${aLeDroit(acteur, 'cellule.repondre')}::boolean and c.etat in ('ouverte', 'a_conclure') and exists (select 1 from consultation_membre m where m.dept = ${dept} and m.consultation = c.id
    and m.organisme = ${acteur.organisme}::uuid and m.qualite in ('permanent', 'invite'))
    and ${aPosition(dept, fragment`${acteur.organisme}::uuid`, false)} as a_repondre`
const jointures = ({ dept }: Session): Fragment => fragment`
  join organisme o on o.dept = ${dept} and o.id = c.organisme join compte x on x.dept = ${dept} and x.id = c.compte
  cross join lateral (select count(*)::int as attendus,
      count(*) filter (where ${aPosition(dept, fragment`m.organisme`, true)})::int as repondus
    from consultation_membre m where m.dept = ${dept} and m.consultation = c.id and m.qualite in ('permanent', 'invite')) n`

/** Consultations on one page of the list. */
export const CONSULTATIONS_PAR_PAGE = 50

/** Consultations the reader is named in and whose dossier they read: those that wait for them first, then the most pressing. */
export async function listerConsultations(
  session: Session,
  filtre: {
    readonly dossier?: string
    readonly etat?: EtatConsultation | undefined
    readonly page?: number
  } = {},
): Promise<{ readonly consultations: readonly LigneConsultation[]; readonly total: number }> {
  const { sql, dept } = session
  const page = Math.max(1, filtre.page ?? 1)
  const lues = await sql<LigneConsultation & { readonly total: number }>`
    select *, count(*) over ()::int as total from (
      select ${colonnes(session)}, d.reference, d.titulaire, d.territoire
      from consultation c join dossier d on d.dept = ${dept} and d.id = c.dossier ${jointures(session)}
      where c.dept = ${dept} and (${filtre.dossier ?? null}::uuid is null or c.dossier = ${filtre.dossier ?? null}::uuid)
        and (${filtre.etat ?? null}::text is null or c.etat = ${filtre.etat ?? null})
    ) y order by a_repondre desc, etat in ('ouverte', 'a_conclure') desc, case when etat in ('ouverte', 'a_conclure') then echeance_a end, ouverte_a desc, id
    limit ${CONSULTATIONS_PAR_PAGE} offset ${(page - 1) * CONSULTATIONS_PAR_PAGE}`
  session.consigner({
    action: 'consultations.lister',
    dossiers: [...new Set(lues.map(({ dossier }) => dossier))],
    details: { nombre: lues.length },
  })
  return { consultations: lues.map(({ total: _, ...ligne }) => ligne), total: lues[0]?.total ?? 0 }
}

/** Consultations addressed to the organisme of the session without their dossier. */
export function listerConsultationsRecues(session: Session): Promise<Consultation[]> {
  const { sql, dept, acteur } = session
  return sql<Consultation>`
    select ${colonnes(session)} from consultation c ${jointures(session)}
    where c.dept = ${dept} and ${acteur.organisme}::uuid = any (c.invites)
    order by c.etat in ('ouverte', 'a_conclure') desc, c.echeance_a, c.id limit ${CONSULTATIONS_PAR_PAGE}`
}

/** A consultation this session reads; for another, it does not exist. */
export async function trouverConsultation(session: Session, id: string): Promise<Consultation> {
  const { sql, dept } = session
  const [consultation] = isUuid(id)
    ? await sql<Consultation>`select ${colonnes(session)} from consultation c ${jointures(session)} where c.dept = ${dept} and c.id = ${id}::uuid`
    : []
  if (!consultation) throw new Introuvable()
  return consultation
}

/** The members of a consultation, permanent ones first. */
export const listerMembres = ({ sql, dept }: Session, consultation: string): Promise<MembreConsultation[]> =>
  sql<MembreConsultation>`
    select m.organisme, o.nom, m.qualite, m.participation from consultation_membre m join organisme o on o.dept = ${dept} and o.id = m.organisme
    where m.dept = ${dept} and m.consultation = ${consultation}
    order by array_position(array['permanent', 'invite', 'auteur', 'secretariat'], m.qualite), o.nom collate "fr-x-icu"`

/**
 * Opens a consultation of a dossier: what is asked, who is asked, what was said. Texts are opened with the key of the dossier: a guest without the dossier reads them
 * through its landlord's or mayor's page, which asks under the whole département after it has found the consultation under their own rights. What makes the situation
 * complex, near health, is there for those the matrix opens it to, and for the organisme that wrote it.
 */
export async function lireConsultation(session: Session, dossier: string, id: string): Promise<ConsultationLue> {
  const { sql, dept, acteur } = session
  const consultation = await trouverConsultation(session, id)
  if (consultation.dossier !== dossier) throw new Introuvable()
  const [scelle] = await sql<{
    contenu: string
  }>`select contenu from consultation where dept = ${dept} and id = ${consultation.id}`
  const membres = await listerMembres(session, consultation.id)
  const lus = await sql<ActeConsultation>`
    select a.id, a.genre, a.organisme, o.nom as organisme_nom, a.sens, a.texte, a.donnees, c.prenom || ' ' || c.nom as auteur, a.a
    from consultation_acte a join organisme o on o.dept = ${dept} and o.id = a.organisme left join compte c on c.dept = ${dept} and c.id = a.par
    where a.dept = ${dept} and a.consultation = ${consultation.id} order by a.rang`
  const scellement = await scellementDuDossier(session, session.cles(), dossier)
  const contenu = JSON.parse(
    scellement.ouvrir(scelle?.contenu ?? '', { table: 'consultation', colonne: 'contenu', id: consultation.id }),
  ) as ContenuConsultation
  const sante =
    masqueDe(acteur).voit('sante') ||
    (acteur.organisme === consultation.organisme && litLesEcritsDe(session, consultation.organisme))
  session.consigner({
    action: 'consultation.lire',
    objet: 'consultation',
    objetId: consultation.id,
    dossiers: [dossier],
  })
  return {
    consultation,
    contenu: { ...contenu, situations: contenu.situations.filter((une) => sante || !une.sante) },
    membres,
    actes: lus.map((acte) => ({
      ...acte,
      texte:
        acte.texte === null
          ? null
          : scellement.ouvrir(acte.texte, { table: 'consultation_acte', colonne: 'texte', id: acte.id }),
    })),
  }
}

/** The newest position of each organisme, unless it took it back. */
export function positionsEnVigueur(actes: readonly ActeConsultation[]): ReadonlyMap<string, ActeConsultation> {
  const positions = new Map<string, ActeConsultation>()
  for (const acte of actes)
    if (acte.genre === 'position') positions.set(acte.organisme, acte)
    else if (acte.genre === 'position_retiree') positions.delete(acte.organisme)
  return positions
}

/** Organismes silent at the end that holds: a silence of an end put off since says nothing any more. */
export const silencesEnVigueur = (
  { echeance_a: echeance }: Pick<Consultation, 'echeance_a'>,
  actes: readonly ActeConsultation[],
): ReadonlySet<string> =>
  new Set(
    actes
      .filter(
        ({ genre, donnees }) =>
          genre === 'silence' &&
          (donnees.echeance === undefined || Temporal.Instant.from(donnees.echeance).equals(echeance)),
      )
      .map(({ organisme }) => organisme),
  )

/** The end the opening set, before any meeting moved it. */
export const echeanceInitiale = ({
  consultation,
  actes,
}: Pick<ConsultationLue, 'consultation' | 'actes'>): Temporal.Instant => {
  const gardee = actes.find(({ donnees }) => donnees.echeance_initiale !== undefined)?.donnees.echeance_initiale
  return gardee === undefined ? consultation.echeance_a : Temporal.Instant.from(gardee)
}

/** What each member asked said. */
export function voixDe({ membres, actes }: Pick<ConsultationLue, 'membres' | 'actes'>): Voix[] {
  const positions = positionsEnVigueur(actes)
  return membres
    .filter(({ qualite }) => qualite === 'permanent' || qualite === 'invite')
    .map(({ organisme, qualite }) => ({
      organisme,
      permanent: qualite === 'permanent',
      sens: (positions.get(organisme)?.sens as SensPosition | undefined) ?? null,
    }))
}

/** The meeting as it stands; null when none is set, or when it was called off. */
export function reunionEnVigueur(actes: readonly ActeConsultation[]): ActeConsultation | null {
  const derniere = actes.findLast(({ genre }) => genre === 'reunion')
  return derniere && derniere.donnees.annulee !== true ? derniere : null
}

/** True once the time to answer has passed. */
export const estEchue = (
  { etat, echeance_a: echeance }: Pick<Consultation, 'etat' | 'echeance_a'>,
  maintenant: Temporal.Instant,
): boolean => etat === 'a_conclure' || (etat === 'ouverte' && Temporal.Instant.compare(echeance, maintenant) <= 0)
