import type { Session } from '#acces'
import { lireSignalements, type Signalement } from '#signalements'
import { type Fragment, sql as fragment } from '#socle/db'
import { Introuvable } from '#socle/errors'
import { type LigneJointe, listerLignesJointes } from './attente.ts'
import { lireFiches } from './candidats.ts'
import { versionDoute } from './decisions.ts'
import { lireSignauxDesDossiers } from './deriver.ts'
import {
  type Comparaison,
  comparer,
  decider,
  detaillerPaire,
  type Evaluation,
  ficheDepuisContenu,
} from './moteur/index.ts'
import { lireParametres } from './parametres.ts'

/** A doubt in the queue. */
export interface LigneDoute {
  readonly id: string
  readonly rang: number
  readonly signalement: string
  readonly score: number
  readonly candidats: number
  /** Lines that wait with the first. */
  readonly jointes: number
  readonly nom: string
  readonly commune: string
  readonly type: string
  readonly organisme_nom: string
  readonly cree_a: Temporal.Instant
  readonly mis_de_cote_a: Temporal.Instant | null
  readonly question: string | null
}

/** Doubts to settle: those put aside come last. */
export function listerDoutes(session: Session, limite = 100): Promise<LigneDoute[]> {
  return session.sql<LigneDoute>`
    select u.id, u.rang, u.signalement, u.meilleur_score as score,
      (select count(*)::int from jsonb_array_elements(u.candidats) x where not exists (select 1 from non_correspondance n
        where n.dept = ${session.dept} and n.signalement = u.signalement and n.dossier = (x.value->>'dossier')::uuid)) as candidats,
      (select count(*)::int from doute_signal g where g.dept = ${session.dept} and g.doute = u.id and g.sorti_a is null) as jointes,
      trim(coalesce(s.contenu->>'nom_usage', s.contenu->>'nom_naissance', '') || ' ' || coalesce(s.contenu->>'prenom', '')) as nom,
      s.commune, s.type, o.nom as organisme_nom, u.cree_a, u.mis_de_cote_a, u.question
    from doute u join signalement s on s.dept = ${session.dept} and s.id = u.signalement
    join organisme o on o.dept = ${session.dept} and o.id = s.organisme
    where u.dept = ${session.dept} and u.reponse is null
    order by u.mis_de_cote_a nulls first, u.rang limit ${limite}`
}

/** Answers of the last days, so that each may be taken back. */
export function listerDoutesTranches(session: Session, limite = 30) {
  return session.sql<{ id: string; reponse: string; repondu_a: Temporal.Instant; nom: string; auteur: string | null }>`
    select u.id, u.reponse, u.repondu_a, trim(coalesce(s.contenu->>'nom_usage', '') || ' ' || coalesce(s.contenu->>'prenom', '')) as nom, c.prenom || ' ' || c.nom as auteur
    from doute u join signalement s on s.dept = ${session.dept} and s.id = u.signalement
    left join compte c on c.dept = ${session.dept} and c.id = u.repondu_par
    where u.dept = ${session.dept} and u.reponse in ('meme', 'autre', 'nouveau') order by u.repondu_a desc limit ${limite}`
}

/** How many doubts wait for an answer, as an expression: the figure of the banner. */
export const chiffreDoutes = ({ dept }: Session): Fragment =>
  fragment`(select count(*)::int from doute where dept = ${dept} and reponse is null)`

export async function compterDoutes(session: Session): Promise<number> {
  const [ligne] = await session.sql<{ n: number }>`select ${chiffreDoutes(session)} as n`
  return ligne?.n ?? 0
}

/** One candidate beside the signalement: the closest fiche of the dossier, field by field. */
export interface CandidatCompare {
  readonly dossier: string
  readonly reference: string
  readonly signaux: number
  readonly comparaison: Comparaison
  readonly evaluation: Evaluation
  readonly contenu: Readonly<Record<string, unknown>>
  /** The line compared: the first, unless only a later one of the doubt resembles this dossier. */
  readonly signalement: Signalement
}

/** A line that waits with the first. */
export interface LigneDuDoute extends LigneJointe {
  readonly signal: Signalement
}

export interface DouteCompare {
  readonly id: string
  readonly signalement: Signalement
  readonly lignes: readonly LigneDuDoute[]
  /** Mark of the doubt, for the form to carry back. */
  readonly version: string
  readonly candidats: readonly CandidatCompare[]
  readonly seuils: { readonly suggerer: number; readonly certain: number }
  readonly precedent: string | null
  readonly suivant: string | null
  readonly rang: number
  readonly total: number
  readonly question: string | null
}

/** How far the queue is read to tell where a doubt stands in it. */
const FILE = 1000

/** A doubt with both records side by side, compared now with the parameters in force. */
export async function lireDoute(session: Session, id: string): Promise<DouteCompare> {
  const [doute] = await session.sql<{
    id: string
    signalement: string
    candidats: { dossier: string }[]
    ecartes: string[]
    question: string | null
  }>`
    select id, signalement, candidats, question,
      array(select n.dossier::text from non_correspondance n where n.dept = ${session.dept} and n.signalement = doute.signalement) as ecartes
    from doute where dept = ${session.dept} and id = ${id} and reponse is null`
  if (!doute) throw new Introuvable('Ce doute a déjà reçu une réponse, ou n’existe pas.')
  const jointes = await listerLignesJointes(session, id)
  const signalements = new Map(
    (await lireSignalements(session, [doute.signalement, ...jointes.map((ligne) => ligne.signalement)])).map((lu) => [
      lu.id,
      lu,
    ]),
  )
  const signalement = signalements.get(doute.signalement)
  if (!signalement) throw new Introuvable()
  const lignes = jointes.flatMap((ligne) => {
    const signal = signalements.get(ligne.signalement)
    return signal ? [{ ...ligne, signal }] : []
  })
  const parametres = await lireParametres(session)
  const enAttente = [signalement, ...lignes.map(({ signal }) => signal)].map((signal) => ({
    signal,
    fiche: ficheDepuisContenu(signal.contenu as unknown as Record<string, unknown>),
  }))
  const ids = doute.candidats.map((candidat) => candidat.dossier).filter((dossier) => !doute.ecartes.includes(dossier))
  const fiches = await lireFiches(session, ids)
  const signaux = await lireSignauxDesDossiers(session, ids)
  const candidats = ids.flatMap((dossier): CandidatCompare[] => {
    const entree = signaux.get(dossier)
    const parLigne = enAttente.map(({ signal, fiche }) => ({
      signal,
      compares: (fiches.get(dossier) ?? [])
        .map((ligne) => {
          const comparaison = comparer(fiche, ligne.fiche)
          return { ligne, comparaison, evaluation: detaillerPaire(comparaison, parametres) }
        })
        .sort((a, b) => b.evaluation.total - a.evaluation.total),
    }))
    const ressemble = parLigne.find(
      ({ compares }) => (compares[0]?.evaluation.probabilite ?? 0) >= parametres.seuils.suggerer,
    )
    const { signal, compares } = ressemble ?? parLigne[0] ?? { signal: signalement, compares: [] }
    const meilleur = compares[0]
    const contenu = entree?.signaux.find((un) => un.id === meilleur?.ligne.signalement)?.contenu
    if (!meilleur || !entree || !contenu) return []
    // The closest fiche is shown; what another fiche of the dossier contradicts is said all the same, as it was when the doubt was raised.
    const evaluations = compares.map(({ ligne, evaluation }) => ({ signalement: ligne.signalement, ...evaluation }))
    const [juge] = decider([{ dossier, evaluations }], parametres.seuils).candidats
    return [
      {
        dossier,
        reference: entree.reference,
        signaux: entree.signaux.length,
        comparaison: meilleur.comparaison,
        evaluation: { ...meilleur.evaluation, contraires: juge?.contraires ?? meilleur.evaluation.contraires },
        contenu,
        signalement: signal,
      },
    ]
  })
  const file = await listerDoutes(session, FILE)
  const rang = file.findIndex((ligne) => ligne.id === id)
  session.consigner({
    action: 'doute.lire',
    objet: 'doute',
    objetId: id,
    dossiers: ids,
    details: { signalement: signalement.id },
  })
  return {
    id,
    signalement,
    lignes,
    version: versionDoute({
      reponse: null,
      repondu_a: null,
      candidats: doute.candidats,
      ecartes: doute.ecartes,
      lignes,
    }),
    candidats,
    seuils: parametres.seuils,
    precedent: file[rang - 1]?.id ?? null,
    suivant: rang < 0 ? null : (file[rang + 1]?.id ?? null),
    rang: rang + 1,
    total: file.length < FILE ? file.length : await compterDoutes(session),
    question: doute.question,
  }
}

/** What was answered to a doubt, and by whom; null while it waits. */
export interface ReponseDonneeAuDoute {
  readonly reponse: 'meme' | 'autre' | 'nouveau'
  readonly repondu_a: Temporal.Instant
  readonly auteur: string | null
  /** Where the signalement is now. */
  readonly dossier: string | null
  readonly reference: string | null
}

/** The answer a person gave to a doubt, whether or not it still stands as it was given. */
export async function trouverReponse(session: Session, id: string): Promise<ReponseDonneeAuDoute | null> {
  const [ligne] = await session.sql<ReponseDonneeAuDoute>`
    select u.reponse, u.repondu_a, c.prenom || ' ' || c.nom as auteur, r.dossier, d.reference
    from doute u left join compte c on c.dept = ${session.dept} and c.id = u.repondu_par
    left join rattachement r on r.dept = ${session.dept} and r.signalement = u.signalement and r.defait_a is null
    left join dossier d on d.dept = ${session.dept} and d.id = r.dossier
    where u.dept = ${session.dept} and u.id = ${id} and u.reponse in ('meme', 'autre', 'nouveau')`
  return ligne ?? null
}

/** How each signalement stands, for checking: attached (how, with what score), in doubt, or alone. */
export function listerRapprochements(session: Session) {
  session.consigner({ action: 'rapprochements.lister' })
  return session.sql<{
    organisme: string
    reference_source: string
    dossier: string
    etat: string
    score: number | null
  }>`
    select o.code as organisme, s.reference_source, coalesce(d.reference, c.reference, '') as dossier,
      case when r.id is not null then r.mode when u.id is not null then 'a_revoir' else 'en_attente' end as etat,
      coalesce(r.score, u.meilleur_score) as score
    from signalement s
    join organisme o on o.dept = ${session.dept} and o.id = s.organisme
    left join rattachement r on r.dept = ${session.dept} and r.signalement = s.id and r.defait_a is null
    left join dossier d on d.dept = ${session.dept} and d.id = r.dossier
    left join doute_signal g on g.dept = ${session.dept} and g.signalement = s.id and g.sorti_a is null
    left join doute u on u.dept = ${session.dept} and (u.signalement = s.id or u.id = g.doute) and u.reponse is null
    left join dossier c on c.dept = ${session.dept} and c.id = (u.candidats->0->>'dossier')::uuid
    where s.dept = ${session.dept} and s.retire_a is null order by o.code, s.reference_source`
}

/** Dossiers that hold at least one signalement of a lot. */
export async function listerDossiersDuLot(session: Session, lot: string): Promise<string[]> {
  const lignes = await session.sql<{ dossier: string }>`select distinct r.dossier from signalement s
    join rattachement r on r.dept = ${session.dept} and r.signalement = s.id and r.defait_a is null
    where s.dept = ${session.dept} and s.lot = ${lot} order by 1`
  return lignes.map((ligne) => ligne.dossier)
}
