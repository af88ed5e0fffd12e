import { randomUUID } from 'node:crypto'
import { type Application, acteurSysteme, ouvrirSession, type Session } from '#acces'
import { consignerFaits, ouvrirDossiers } from '#dossiers'
import { parametre } from '#referentiel'
import { listerARapprocher, marquerRapproches, type Signalement } from '#signalements'
import { createPacer } from '#socle/pace'
import { ecrireFiches, lireFiches, trouverCandidats } from './candidats.ts'
import { deriverDossiers } from './deriver.ts'
import {
  clesDeBlocage,
  comparer,
  type Decision,
  decider,
  evaluerPaire,
  type Fiche,
  ficheDepuisContenu,
  type Parametres,
} from './moteur/index.ts'
import { lireParametres } from './parametres.ts'

const TAILLE = 400

interface Entrante {
  readonly signalement: Signalement
  readonly fiche: Fiche
  readonly cles: readonly string[]
  /** Live dossier of a signalement already attached, whose content changed. */
  readonly dossier: string | null
}

interface Verdict {
  readonly entrante: Entrante
  readonly decision: Decision
  readonly dossier: string | null
}

/**
 * Decides for each incoming signalement, one after the other in the order of the file, so that two lines of one file about one household meet. Fiches of the
 * batch itself are candidates as soon as they are decided.
 */
async function deciderLot(
  session: Session,
  entrantes: readonly Entrante[],
  parametres: Parametres,
  confirmerTout: boolean,
): Promise<Verdict[]> {
  const nouvelles = entrantes.filter((entrante) => entrante.dossier === null)
  const candidats = await trouverCandidats(
    session,
    nouvelles.map(({ signalement, cles }) => ({ signalement: signalement.id, cles })),
  )
  const fiches = await lireFiches(session, [...new Set([...candidats.values()].flatMap((ensemble) => [...ensemble]))])
  const ecartes = new Map(
    (
      await session.sql<{
        signalement: string
        dossiers: string[]
      }>`select signalement, array_agg(dossier) as dossiers from non_correspondance
        where dept = ${session.dept} and signalement = any (${nouvelles.map(({ signalement }) => signalement.id)}::uuid[]) group by signalement`
    ).map((ligne) => [ligne.signalement, new Set(ligne.dossiers)]),
  )
  // Fiches decided in this batch, by key and by dossier: provisional dossiers carry a temporary id.
  const parCle = new Map<string, Set<string>>()
  const duLot = new Map<string, { signalement: string; fiche: Fiche }[]>()
  const inscrire = (dossier: string, entrante: Entrante) => {
    const liste = duLot.get(dossier)
    const ligne = { signalement: entrante.signalement.id, fiche: entrante.fiche }
    if (liste) liste.push(ligne)
    else duLot.set(dossier, [ligne])
    for (const cle of entrante.cles) {
      const ensemble = parCle.get(cle)
      if (ensemble) ensemble.add(dossier)
      else parCle.set(cle, new Set([dossier]))
    }
  }
  const verdicts: Verdict[] = []
  const souffler = createPacer()
  for (const entrante of entrantes) {
    if (entrante.dossier !== null) {
      verdicts.push({ entrante, dossier: entrante.dossier, decision: { issue: 'certain', candidats: [], motif: '' } })
      inscrire(entrante.dossier, entrante)
      continue
    }
    const proches = new Set(candidats.get(entrante.signalement.id) ?? [])
    for (const cle of entrante.cles) {
      const ensemble = parCle.get(cle)
      if (ensemble && ensemble.size <= 40) for (const dossier of ensemble) proches.add(dossier)
    }
    for (const dossier of ecartes.get(entrante.signalement.id) ?? []) proches.delete(dossier)
    const evaluations = [...proches].map((dossier) => ({
      dossier,
      evaluations: [...(fiches.get(dossier) ?? []), ...(duLot.get(dossier) ?? [])].map(({ signalement, fiche }) => ({
        signalement,
        ...evaluerPaire(comparer(entrante.fiche, fiche), parametres),
      })),
    }))
    let decision = decider(evaluations, parametres.seuils)
    if (confirmerTout && decision.issue === 'certain') decision = { ...decision, issue: 'a_revoir' }
    const dossier =
      decision.issue === 'nouveau'
        ? `nouveau:${randomUUID()}`
        : decision.issue === 'certain'
          ? (decision.candidats[0]?.dossier ?? null)
          : null
    verdicts.push({ entrante, decision, dossier })
    if (dossier) inscrire(dossier, entrante)
    const tour = souffler()
    if (tour) await tour
  }
  return verdicts
}

async function ecrireVerdicts(
  session: Session,
  verdicts: readonly Verdict[],
  parametres: Parametres,
): Promise<string[]> {
  const { sql, dept } = session
  const provisoires = [
    ...new Set(verdicts.flatMap(({ dossier }) => (dossier?.startsWith('nouveau:') ? [dossier] : []))),
  ]
  const ouverts = await ouvrirDossiers(session, provisoires.length)
  const definitif = new Map(provisoires.map((provisoire, rang) => [provisoire, ouverts[rang]?.id ?? '']))
  const resoudre = (dossier: string) => definitif.get(dossier) ?? dossier
  await ecrireFiches(
    session,
    verdicts.map(({ entrante }) => ({
      signalement: entrante.signalement.id,
      fiche: entrante.fiche,
      cles: entrante.cles,
    })),
  )
  const rattachements = verdicts
    .filter((verdict) => verdict.dossier !== null && verdict.entrante.dossier === null)
    .map(({ entrante, decision, dossier }) => {
      const meilleur = decision.candidats[0]
      return {
        id: randomUUID(),
        signalement: entrante.signalement.id,
        dossier: resoudre(dossier ?? ''),
        mode: decision.issue === 'nouveau' ? 'nouveau' : 'certain',
        score: decision.issue === 'nouveau' ? null : (meilleur?.probabilite ?? null),
        details: decision.issue === 'nouveau' ? {} : { raisons: meilleur?.raisons ?? [] },
      }
    })
  await sql`insert into rattachement (dept, id, signalement, dossier, mode, score, details, parametres, a, par)
    select ${dept}, x.id, x.signalement, x.dossier, x.mode, x.score, x.details, ${parametres.version}, ${session.maintenant}, null
    from jsonb_to_recordset(${JSON.stringify(rattachements)}::jsonb) as x(id uuid, signalement uuid, dossier uuid, mode text, score double precision, details jsonb)`
  // A new version may settle by itself what was in doubt.
  await sql`update doute set reponse = 'sans_objet', repondu_a = ${session.maintenant}
    where dept = ${dept} and signalement = any (${rattachements.map((rattachement) => rattachement.signalement)}::uuid[]) and reponse is null`
  const doutes = verdicts
    .filter((verdict) => verdict.dossier === null)
    .map(({ entrante, decision }) => ({
      signalement: entrante.signalement.id,
      candidats: decision.candidats
        .slice(0, 6)
        .map((candidat) => ({ ...candidat, dossier: resoudre(candidat.dossier) })),
      score: decision.candidats[0]?.probabilite ?? 0,
    }))
  await sql`insert into doute (dept, signalement, candidats, meilleur_score, cree_a)
    select ${dept}, x.signalement, x.candidats, x.score, ${session.maintenant}
    from jsonb_to_recordset(${JSON.stringify(doutes)}::jsonb) as x(signalement uuid, candidats jsonb, score double precision)
    on conflict (dept, signalement) where reponse is null do update set candidats = excluded.candidats, meilleur_score = excluded.meilleur_score`
  await consignerFaits(
    session,
    verdicts.flatMap(({ entrante, dossier, decision }) =>
      dossier === null
        ? []
        : [
            {
              dossier: resoudre(dossier),
              type: entrante.dossier
                ? 'signalement.mis_a_jour'
                : decision.issue === 'nouveau'
                  ? 'dossier.ouvert'
                  : 'signalement.rattache',
              donnees: {
                signalement: entrante.signalement.id,
                type: entrante.signalement.type,
                organisme: entrante.signalement.organisme,
              },
            },
          ],
    ),
  )
  return [...new Set(verdicts.flatMap(({ dossier }) => (dossier === null ? [] : [resoudre(dossier)])))]
}

/**
 * Recognises the household of every signalement of a lot: attached, waiting for a person, or opening a dossier; then derives the dossiers touched. One
 * transaction per batch, under a lock of the département, so that two imports cannot open two dossiers for one household.
 */
export async function rapprocherLot(application: Application, dept: string, lot: string): Promise<void> {
  const acteur = acteurSysteme(dept, 'rapprocher')
  for (;;) {
    const traites = await ouvrirSession(application, acteur, 'doute.trancher', async (session) => {
      const departement = session.referentiel.departements.get(dept)
      const reglage = departement ? parametre(departement, 'rapprochement_confirmation', session.jour) : null
      const confirmerTout = reglage?.etat === 'valeur' && reglage.valeur
      await session.sql`select pg_advisory_xact_lock(hashtextextended(${`rapprochement:${dept}`}, 0))`
      const signalements = await listerARapprocher(session, lot, TAILLE)
      if (signalements.length === 0) return 0
      const parametres = await lireParametres(session)
      const vivants = new Map(
        (
          await session.sql<{ signalement: string; dossier: string }>`select signalement, dossier from rattachement
            where dept = ${dept} and signalement = any (${signalements.map((signalement) => signalement.id)}::uuid[]) and defait_a is null`
        ).map((ligne) => [ligne.signalement, ligne.dossier]),
      )
      const entrantes: Entrante[] = signalements.map((signalement) => {
        const fiche = ficheDepuisContenu(signalement.contenu as unknown as Record<string, unknown>)
        return { signalement, fiche, cles: clesDeBlocage(fiche), dossier: vivants.get(signalement.id) ?? null }
      })
      const verdicts = await deciderLot(session, entrantes, parametres, confirmerTout)
      const dossiers = await ecrireVerdicts(session, verdicts, parametres)
      await deriverDossiers(session, dossiers)
      await marquerRapproches(
        session,
        lot,
        signalements.map((signalement) => signalement.id),
      )
      return signalements.length
    })
    if (traites === 0) return
  }
}
