import { aLeDroit, type Session } from '#acces'
import { consignerFaits } from '#dossiers'
import { scellementDuDossier } from '#echanges'
import { terminerPourLaCellule } from '#participations'
import { Conflit, Introuvable, refus } from '#socle/errors'
import { prevenirDeLaConsultation } from './cellule-avis.ts'
import { listerMembres, trouverConsultation } from './cellule-lecture.ts'
import {
  type EtatRegularisation,
  etatsRegularisation,
  type IssueConsultation,
  type ReglesFigees,
} from './cellule-regles.ts'

/** Decisions shown at once: the oldest, those the commission owes first. */
const A_REGULARISER_MAX = 200

/** A decision of the cell that waits for the next commission of its territory. */
export interface ARegulariser {
  readonly consultation: string
  readonly dossier: string
  readonly reference: string
  readonly titulaire: string
  readonly commune: string
  readonly territoire: string | null
  readonly objet: string
  readonly issue: IssueConsultation
  readonly conclue_le: Temporal.PlainDate
  /** Civil days since it was concluded. */
  readonly jours: number
  /** A session of its territory has been held since, and it was not on its agenda. */
  readonly seance_passee: Temporal.PlainDate | null
}

/**
 * Decisions of the cell the next commission must regularise (CEL-11), the oldest first: of these territories, or of all; concluded on that day at the latest. Only those
 * the reader's organisme is named in. For the agenda, which puts them on by right: `consultation` is their origin.
 */
export async function aRegulariser(
  session: Session,
  filtre: {
    readonly territoires?: readonly string[] | undefined
    readonly concluesAvant?: Temporal.PlainDate | undefined
    readonly dossier?: string | undefined
  } = {},
): Promise<ARegulariser[]> {
  const { sql, dept, jour } = session
  const lignes = await sql<Omit<ARegulariser, 'objet'> & { readonly regles: ReglesFigees }>`
    select r.consultation, r.dossier, d.reference, d.titulaire, d.commune, d.territoire, c.regles, c.issue, r.conclue_le, (${jour}::date - r.conclue_le)::int as jours,
      (select min(s.le) from seance s join commission k on k.dept = ${dept} and k.id = s.commission and d.territoire = any (k.territoires)
        where s.dept = ${dept} and s.le > r.conclue_le and s.le < ${jour} and s.etat <> 'annulee'
          and not public.decision_inscrite(r.consultation, s.id)) as seance_passee
    from regularisation r join consultation c on c.dept = ${dept} and c.id = r.consultation join dossier d on d.dept = ${dept} and d.id = r.dossier
    where r.dept = ${dept} and r.etat = 'attendue'
      and (${filtre.territoires ?? null}::text[] is null or d.territoire = any (${filtre.territoires ?? null}::text[]))
      and (${filtre.concluesAvant ?? null}::date is null or r.conclue_le <= ${filtre.concluesAvant ?? null}::date)
      and (${filtre.dossier ?? null}::uuid is null or r.dossier = ${filtre.dossier ?? null}::uuid)
    order by r.conclue_le, r.consultation limit ${A_REGULARISER_MAX}`
  if (lignes.length > 0)
    session.consigner({
      action: 'consultations.lister',
      dossiers: [...new Set(lignes.map(({ dossier }) => dossier))],
      details: { nombre: lignes.length, a_regulariser: true },
    })
  return lignes.map(({ regles, ...ligne }) => ({ ...ligne, objet: regles.objet.libelle }))
}

/** Where a decision stands before the commission; null when the consultation did not conclude. */
export interface Regularisation {
  readonly etat: EtatRegularisation
  readonly seance_le: Temporal.PlainDate | null
  readonly motif: string | null
  readonly conclue_le: Temporal.PlainDate
  readonly version: number
}

export async function trouverRegularisation(
  session: Session,
  { id, dossier }: { readonly id: string; readonly dossier: string },
): Promise<Regularisation | null> {
  const [ligne] = await session.sql<Regularisation>`
    select etat, seance_le, motif, conclue_le, version from regularisation where dept = ${session.dept} and consultation = ${id}`
  if (!ligne) return null
  if (ligne.motif === null) return ligne
  const scellement = await scellementDuDossier(session, session.cles(), dossier)
  return { ...ligne, motif: scellement.ouvrir(ligne.motif, { table: 'regularisation', colonne: 'motif', id }) }
}

/**
 * Says what the commission did of a decision of the cell: confirmed, or not, at which session. Those the cell had let read the dossier leave it. Twice says it once: the
 * second finds another version.
 */
export async function regulariser(
  session: Session,
  acte: {
    readonly dossier: string
    readonly consultation: string
    readonly vu: number
    readonly etat: string
    readonly seanceLe: Temporal.PlainDate | null
    readonly motif: string
    /** Refuses like the act, writes nothing. */
    readonly simuler?: boolean
  },
): Promise<void> {
  const { sql, dept, acteur, jour, maintenant } = session
  if (!acteur.compte || !aLeDroit(acteur, 'cellule.conclure')) throw new Introuvable()
  const consultation = await trouverConsultation(session, acte.consultation)
  if (consultation.dossier !== acte.dossier) throw new Introuvable()
  const courante = await trouverRegularisation(session, consultation)
  if (!courante) throw new Introuvable()
  if (acte.etat !== 'confirmee' && acte.etat !== 'infirmee')
    throw refus('regularisation.etat', 'Dire si la commission a confirmé la décision.')
  const { seanceLe } = acte
  if (seanceLe === null || Temporal.PlainDate.compare(seanceLe, jour) > 0)
    throw refus('regularisation.seance', 'Indiquer le jour de la séance, aujourd’hui ou avant.')
  if (Temporal.PlainDate.compare(seanceLe, courante.conclue_le) < 0)
    throw refus(
      'regularisation.seance',
      'Cette séance a précédé la décision de la cellule : elle n’a pas pu la régulariser.',
    )
  const motif = acte.motif.replace(/\r\n/g, '\n').trim()
  if (motif.length > 1000)
    throw refus('regularisation.motif', `Raccourcir à 1000 caractères : il y en a ${motif.length}.`)
  if (acte.etat === 'infirmee' && motif === '')
    throw refus('regularisation.motif', 'Écrire pourquoi la commission n’a pas confirmé.')
  if (acte.simuler) {
    if (courante.etat !== 'attendue' || courante.version !== acte.vu)
      throw new Conflit(
        'regularisation.faite',
        `Entre-temps, quelqu’un a enregistré : ${etatsRegularisation[courante.etat].toLowerCase()}. Rien n’est changé.`,
      )
    return
  }
  const scellement = await scellementDuDossier(session, session.cles(), acte.dossier)
  const scelle =
    motif === '' ? null : scellement.sceller(motif, { table: 'regularisation', colonne: 'motif', id: consultation.id })
  const [faite] =
    await sql`update regularisation set etat = ${acte.etat}, seance_le = ${seanceLe}, motif = ${scelle}, decidee_a = ${maintenant},
      decidee_par = ${acteur.compte}, version = version + 1
    where dept = ${dept} and consultation = ${consultation.id} and etat = 'attendue' and version = ${acte.vu} returning consultation`
  if (!faite)
    throw new Conflit(
      'regularisation.faite',
      `Entre-temps, quelqu’un a enregistré : ${etatsRegularisation[courante.etat].toLowerCase()}. Rien n’est changé.`,
    )
  await consignerFaits(session, [
    {
      dossier: acte.dossier,
      type: 'consultation.regularisee',
      le: seanceLe,
      donnees: { consultation: consultation.id },
    },
  ])
  session.consigner({
    action: 'consultation.regulariser',
    objet: 'consultation',
    objetId: consultation.id,
    dossiers: [acte.dossier],
    details: { etat: acte.etat },
  })
  const membres = await listerMembres(session, consultation.id)
  await prevenirDeLaConsultation(
    session,
    consultation,
    membres.filter(({ qualite }) => qualite !== 'invite').map(({ organisme }) => organisme),
    'regularisee',
  )
  await terminerPourLaCellule(
    session,
    consultation,
    membres.flatMap(({ participation }) => participation ?? []),
    'Décision de la cellule régularisée',
  )
}
