import type { Session } from '#acces'
import { lireSignalements, type Signalement } from '#signalements'
import { Introuvable } from '#socle/errors'
import { lireFiches } from './candidats.ts'
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

export async function compterDoutes(session: Session): Promise<number> {
  const [ligne] = await session.sql<{
    n: number
  }>`select count(*)::int as n from doute where dept = ${session.dept} and reponse is null`
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
}

export interface DouteCompare {
  readonly id: string
  readonly signalement: Signalement
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
  const [signalement] = await lireSignalements(session, [doute.signalement])
  if (!signalement) throw new Introuvable()
  const parametres = await lireParametres(session)
  const fiche = ficheDepuisContenu(signalement.contenu as unknown as Record<string, unknown>)
  const ids = doute.candidats.map((candidat) => candidat.dossier).filter((dossier) => !doute.ecartes.includes(dossier))
  const fiches = await lireFiches(session, ids)
  const signaux = await lireSignauxDesDossiers(session, ids)
  const candidats = ids.flatMap((dossier): CandidatCompare[] => {
    const compares = (fiches.get(dossier) ?? []).map((ligne) => {
      const comparaison = comparer(fiche, ligne.fiche)
      return { ligne, comparaison, evaluation: detaillerPaire(comparaison, parametres) }
    })
    const meilleur = compares.sort((a, b) => b.evaluation.total - a.evaluation.total)[0]
    const entree = signaux.get(dossier)
    const contenu = entree?.signaux.find((signal) => signal.id === meilleur?.ligne.signalement)?.contenu
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
    candidats,
    seuils: parametres.seuils,
    precedent: file[rang - 1]?.id ?? null,
    suivant: rang < 0 ? null : (file[rang + 1]?.id ?? null),
    rang: rang + 1,
    total: file.length < FILE ? file.length : await compterDoutes(session),
    question: doute.question,
  }
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
    left join doute u on u.dept = ${session.dept} and u.signalement = s.id and u.reponse is null
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
