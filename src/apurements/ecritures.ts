import type { Session } from '#acces'
import {
  type DetteDue,
  ecrireTerme,
  imputerVersements,
  lireReglesImputation,
  NATURES_DETTE,
  ORIGINES_VERSEMENT,
  type ResultatImputation,
  termeDe,
  type Versement,
} from '#calculs'
import { consignerFaits, type Dossier } from '#dossiers'
import type { Delais } from '#procedure'
import { ecrireEuros } from '#referentiel'
import { Conflit, Introuvable, refus } from '#socle/errors'
import { exigerAuteur, exigerMotif, reunisAvec, verrouiller } from './commun.ts'

/** What a row of the ledger is: something due, something received. */
export const GENRES_ECRITURE = { ...NATURES_DETTE, ...ORIGINES_VERSEMENT } as const
export type GenreEcriture = keyof typeof GENRES_ECRITURE
export const estDu = (genre: string): genre is keyof typeof NATURES_DETTE => Object.hasOwn(NATURES_DETTE, genre)
const estAide = (genre: string): boolean => genre === 'aide' || genre === 'rls'

export type Choix = 'aucun' | 'terme' | 'plan'

export interface EcritureSaisie {
  readonly genre: GenreEcriture
  readonly le: Temporal.PlainDate
  readonly terme: string | null
  readonly centimes: number
  readonly precision: string
  readonly choix: Choix
  readonly choixTerme: string | null
  readonly plan: string | null
}

export interface Ecriture extends EcritureSaisie {
  readonly id: string
  /** Where it was written: this dossier, or one made one with it. */
  readonly dossier: string
  readonly rang: number
  /** Row it replaces. */
  readonly corrige: string | null
  readonly motif: string
  readonly auteur: string
  readonly organisme: string
  readonly organisme_nom: string
  readonly a: Temporal.Instant
  /** Row that replaces it, or cancels it: then it no longer counts. */
  readonly remplacee: string | null
  readonly annulation: boolean
}

/** Rows of a dossier in order of date, those corrected and cancelled included. */
export async function listerEcritures(session: Session, dossier: string): Promise<readonly Ecriture[]> {
  const { sql, dept } = session
  return sql<Ecriture>`
    select e.id, e.dossier, e.rang, case when e.genre = 'annulation' then v.genre else e.genre end as genre, e.le, e.terme, e.centimes,
      e.precision_saisie as precision, e.choix, e.choix_terme as "choixTerme", e.plan, e.corrige, e.motif, c.prenom || ' ' || c.nom as auteur,
      e.organisme, o.nom as organisme_nom, e.a, r.id as remplacee, e.genre = 'annulation' as annulation
    from dette_ecriture e
    left join dette_ecriture v on v.dept = ${dept} and v.id = e.corrige
    left join dette_ecriture r on r.dept = ${dept} and r.corrige = e.id
    join organisme o on o.dept = ${dept} and o.id = e.organisme
    join compte c on c.dept = ${dept} and c.id = e.par
    where e.dept = ${dept} and e.dossier in ${reunisAvec(dossier)}
    order by e.le, e.rang`
}

/** Rows that count: neither replaced nor cancelled. */
export const enVigueur = (ecritures: readonly Ecriture[]): readonly Ecriture[] =>
  ecritures.filter(({ remplacee, annulation }) => remplacee === null && !annulation)

/** What is due less what is received, on a day. */
export function calculerSolde(ecritures: readonly Ecriture[], jour: Temporal.PlainDate): number {
  return enVigueur(ecritures)
    .filter(({ le }) => Temporal.PlainDate.compare(le, jour) <= 0)
    .reduce((solde, { genre, centimes }) => solde + (estDu(genre) ? centimes : -centimes), 0)
}

/** « Loyer de novembre 2026 ». */
export function nommerEcriture({ genre, terme }: Pick<Ecriture, 'genre' | 'terme'>): string {
  const nom = GENRES_ECRITURE[genre]
  return terme === null ? nom : `${nom}, ${ecrireTerme(terme)}`
}

/** A plan, as far as allocation needs it: what was due when it was made is what it pays. */
interface PlanConnu {
  readonly id: string
  readonly conclu_le: Temporal.PlainDate
}

/**
 * Where payments go until `jour`, in the two readings (civil code, art. 1342-10). A household that named a month pays its rent, then its charges; one that
 * paid for a plan pays what was due the day the plan was made, oldest first.
 */
export function affecter(
  droit: Delais,
  ecritures: readonly Ecriture[],
  plans: readonly PlanConnu[],
  jour: Temporal.PlainDate,
): ResultatImputation {
  const connues = enVigueur(ecritures)
  const dettes = connues.flatMap((ecriture): readonly DetteDue[] => {
    const { genre } = ecriture
    return estDu(genre)
      ? [
          {
            id: ecriture.id,
            libelle: nommerEcriture(ecriture),
            nature: genre,
            terme: termeDe({ nature: genre, terme: ecriture.terme, echeance: ecriture.le }),
            echeance: ecriture.le,
            centimes: ecriture.centimes,
          },
        ]
      : []
  })
  const versements = connues.flatMap((ecriture): readonly Versement[] => {
    const { genre } = ecriture
    if (estDu(genre) || Temporal.PlainDate.compare(ecriture.le, jour) > 0) return []
    return [
      {
        id: ecriture.id,
        le: ecriture.le,
        centimes: ecriture.centimes,
        origine: genre,
        terme: ecriture.terme,
        indique: listerIndiquees(ecriture, dettes, plans),
      },
    ]
  })
  return imputerVersements(dettes, versements, jour, lireReglesImputation(droit, versements, jour))
}

const ORDRE = Object.keys(NATURES_DETTE)

function listerIndiquees(
  { choix, choixTerme, plan }: Ecriture,
  dettes: readonly DetteDue[],
  plans: readonly PlanConnu[],
): readonly string[] {
  if (choix === 'terme')
    return dettes
      .filter(({ terme, nature }) => terme === choixTerme && nature !== 'frais')
      .toSorted((a, b) => ORDRE.indexOf(a.nature) - ORDRE.indexOf(b.nature))
      .map(({ id }) => id)
  const vise = choix === 'plan' ? plans.find(({ id }) => id === plan) : undefined
  if (!vise) return []
  return dettes
    .filter(({ echeance }) => Temporal.PlainDate.compare(echeance, vise.conclu_le) <= 0)
    .toSorted((a, b) => Temporal.PlainDate.compare(a.echeance, b.echeance))
    .map(({ id }) => id)
}

/** Writes several rows at once. The same form sent twice writes once. */
export async function saisirEcritures(
  session: Session,
  dossier: Dossier,
  saisies: readonly EcritureSaisie[],
  envoi: string,
): Promise<number> {
  exigerAuteur(session, dossier, envoi)
  if (saisies.length === 0) throw refus('ecriture.vide', 'Remplir au moins une ligne.')
  const plans = await listerPlansVises(session, dossier)
  for (const [rang, saisie] of saisies.entries()) verifier(session, saisie, plans, `Ligne ${rang + 1} : `)
  const ecrites = await inserer(
    session,
    dossier,
    saisies.map((saisie) => ({ ...saisie, corrige: null, motif: '' })),
    envoi,
  )
  if (ecrites > 0) {
    await consignerFaits(session, [{ dossier: dossier.id, type: 'dette.saisie', donnees: { lignes: ecrites } }])
    session.consigner({ action: 'dette.saisir', dossiers: [dossier.id], details: { lignes: ecrites } })
  }
  return ecrites
}

/** Plans that a payment of this dossier may name. */
async function listerPlansVises({ sql, dept }: Session, { id }: Dossier): Promise<ReadonlySet<string>> {
  const plans = await sql<{
    id: string
  }>`select id from plan_apurement where dept = ${dept} and dossier in ${reunisAvec(id)}`
  return new Set(plans.map((plan) => plan.id))
}

/** Whether a row says received what is dated after a day: nothing is received before its day, whereas a rent may be due later. */
export const recuAVenir = ({ genre, le }: Pick<EcritureSaisie, 'genre' | 'le'>, jour: Temporal.PlainDate): boolean =>
  !estDu(genre) && Temporal.PlainDate.compare(le, jour) > 0
export const DIT_RECU_A_VENIR = 'ce versement est daté d’un jour à venir : le noter quand il est reçu, à sa date.'

function verifier(
  { jour }: Pick<Session, 'jour'>,
  { genre, le, centimes, terme, choix, choixTerme, plan }: EcritureSaisie,
  plans: ReadonlySet<string>,
  ou = '',
): void {
  if (!Object.hasOwn(GENRES_ECRITURE, genre)) throw refus('ecriture.genre', `${ou}choisir ce que c’est.`)
  if (recuAVenir({ genre, le }, jour)) throw refus('ecriture.a-venir', `${ou}${DIT_RECU_A_VENIR}`)
  if (!Number.isSafeInteger(centimes) || centimes <= 0 || centimes > 99_999_999)
    throw refus('ecriture.montant', `${ou}donner un montant supérieur à 0,00 €, par exemple 520,00.`)
  if (estAide(genre) && terme === null)
    throw refus('ecriture.terme', `${ou}dire le mois que paie cette aide : elle n’éteint que son propre terme.`)
  if (choix === 'terme' && choixTerme === null)
    throw refus('ecriture.choix', `${ou}dire le mois que le ménage a indiqué.`)
  if (choix === 'plan' && (plan === null || !plans.has(plan)))
    throw refus('ecriture.choix', `${ou}dire le plan que le ménage a indiqué, parmi ceux de ce dossier.`)
  if (choix !== 'plan' && plan !== null) throw refus('ecriture.choix', `${ou}dire ce que le ménage a indiqué.`)
}

type LigneAEcrire = Omit<EcritureSaisie, 'genre'> & {
  readonly genre: GenreEcriture | 'annulation'
  readonly corrige: string | null
  readonly motif: string
}

async function inserer(
  session: Session,
  dossier: Pick<Dossier, 'id' | 'clos_le'>,
  lignes: readonly LigneAEcrire[],
  envoi: string,
): Promise<number> {
  const { sql, dept, maintenant } = session
  const { compte, organisme } = exigerAuteur(session, dossier, envoi)
  const donnees = lignes.map(({ le, ...ligne }, numero) => ({ ...ligne, le: le.toString(), numero }))
  const ecrites = await sql`
    insert into dette_ecriture (dept, dossier, genre, le, terme, centimes, precision_saisie, choix, choix_terme, plan, corrige, motif, organisme, par, a, envoi, numero)
    select ${dept}, ${dossier.id}, x.genre, x.le, x.terme, x.centimes, x.precision, x.choix, x."choixTerme", x.plan, x.corrige, x.motif, ${organisme}, ${compte},
      ${maintenant}, ${envoi}, x.numero
    from json_to_recordset(${JSON.stringify(donnees)}::json) as x(genre text, le date, terme text, centimes integer, "precision" text, choix text,
      "choixTerme" text, plan uuid, corrige uuid, motif text, numero smallint)
    on conflict (dept, par, envoi, numero) do nothing returning id`
  return ecrites.length
}

/** A row of the dossier, whoever wrote it. */
export async function lireEcriture(session: Session, dossier: Dossier, id: string): Promise<Ecriture> {
  const trouvee = (await listerEcritures(session, dossier.id)).find((ecriture) => ecriture.id === id)
  if (!trouvee || trouvee.annulation) throw new Introuvable()
  return trouvee
}

/** A row is corrected by the organisme that wrote it, or by the secretariat. */
export const peutCorriger = (
  { acteur }: Pick<Session, 'acteur'>,
  { organisme }: Pick<Ecriture, 'organisme'>,
): boolean => acteur.role === 'secretariat' || acteur.organisme === organisme

/**
 * Replaces a row by another, or cancels it (`nouvelle` null), with the reason; the first one stays, struck out. Only its own organisme or the secretariat does.
 * Throws `Conflit` when somebody has corrected it meanwhile.
 */
export async function corrigerEcriture(
  session: Session,
  dossier: Dossier,
  id: string,
  correction: { readonly nouvelle: EcritureSaisie | null; readonly motif: string; readonly envoi: string },
): Promise<void> {
  exigerAuteur(session, dossier, correction.envoi)
  await verrouiller(session, dossier)
  const ancienne = await lireEcriture(session, dossier, id)
  if (!peutCorriger(session, ancienne))
    throw refus(
      'ecriture.organisme',
      `Cette ligne a été saisie par ${ancienne.organisme_nom} : c’est à ce service, ou au secrétariat, de la corriger.`,
    )
  const motif = exigerMotif(correction.motif, 'ecriture.motif', 'Dire pourquoi la ligne est corrigée.')
  if (correction.nouvelle) verifier(session, correction.nouvelle, await listerPlansVises(session, dossier))
  const deja =
    await session.sql`select id from dette_ecriture where dept = ${session.dept} and envoi = ${correction.envoi} and corrige = ${id}`
  if (deja.length > 0) return
  if (ancienne.remplacee !== null)
    throw new Conflit('ecriture.corrigee', 'Entre-temps, cette ligne a été corrigée par quelqu’un d’autre.', [id])
  const ligne: LigneAEcrire = correction.nouvelle
    ? { ...correction.nouvelle, corrige: id, motif }
    : {
        genre: 'annulation',
        le: ancienne.le,
        terme: null,
        centimes: 0,
        precision: '',
        choix: 'aucun',
        choixTerme: null,
        plan: null,
        corrige: id,
        motif,
      }
  // With the row it corrects: a reunion undone keeps them together.
  const la = { id: ancienne.dossier, clos_le: dossier.clos_le }
  if ((await inserer(session, la, [ligne], correction.envoi)) === 0)
    throw refus('apurement.envoi', 'Ce formulaire a déjà servi. Revenir au dossier et recommencer.')
  await consignerFaits(session, [
    { dossier: dossier.id, type: 'dette.corrigee', donnees: { annulee: correction.nouvelle === null } },
  ])
  session.consigner({ action: 'dette.corriger', objet: 'ecriture', objetId: id, dossiers: [dossier.id] })
}

/** « 520,00 € dus le 5 novembre 2026 », for messages. */
export const direMontant = ({ genre, centimes }: Pick<Ecriture, 'genre' | 'centimes'>): string =>
  `${estDu(genre) ? '' : '−'}${ecrireEuros(centimes)}`
