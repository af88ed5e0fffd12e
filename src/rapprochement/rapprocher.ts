import { randomUUID } from 'node:crypto'
import { type Application, acteurSysteme, ouvrirSession, type Session } from '#acces'
import {
  consignerFaits,
  creerDossiers,
  type DossierARepartir,
  type DossierDerive,
  type DossierOuvert,
  deriver,
  ecrireDerives,
  lireActesSaisis,
  numeroterDossiers,
  type ServiceDuDossier,
  tenirDossiers,
} from '#dossiers'
import { parametre } from '#referentiel'
import { listerARapprocher, marquerRapproches, ontChange, type Signalement } from '#signalements'
import { createPacer } from '#socle/pace'
import {
  choisirDoute,
  ecrireJonctions,
  inscrireAuDoute,
  type Jonction,
  type LigneEnAttente,
  libererLesLignes,
  lireDoutesOuverts,
  quitterLesDoutes,
  unALaFois,
} from './attente.ts'
import { ecrireFiches, lireDossiersDe, lireFiches, trouverCandidats } from './candidats.ts'
import { enSignal, lireSignauxDesDossiers } from './deriver.ts'
import { Memoire, unirFiches } from './memoire.ts'
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
import { type ParametresLus, relireParametres } from './parametres.ts'

const TAILLE = 400

interface Entrante {
  readonly signalement: Signalement
  readonly fiche: Fiche
  readonly cles: readonly string[]
  /** Live dossier of a signalement already attached, whose content changed. */
  readonly dossier: string | null
}

const enAttente = ({ signalement, fiche, cles }: Entrante): LigneEnAttente => ({
  signalement: signalement.id,
  fiche,
  cles,
})

interface Verdict {
  readonly entrante: Entrante
  readonly decision: Decision
  readonly dossier: string | null
  /** True for the line that opens its dossier. */
  readonly ouvre: boolean
  /** The doubt raised for this line, when no dossier is certain and it does not wait with another line. */
  readonly doute: string | null
  /** The doubt of another line it waits with. */
  readonly jonction: Jonction | null
}

/**
 * Decides for each incoming signalement, one after the other in the order of the file, so that two lines of one file about one household meet. Fiches of the
 * batch itself are candidates as soon as they are decided, and so are those of the batch before (`precedent`), which may not be written yet. A line about a household
 * that already waits in doubt waits with it.
 */
async function deciderLot(
  session: Session,
  entrantes: readonly Entrante[],
  parametres: Parametres,
  confirmerTout: boolean,
  precedent: Memoire | null,
): Promise<{ readonly verdicts: Verdict[]; readonly memoire: Memoire }> {
  const nouvelles = entrantes.filter((entrante) => entrante.dossier === null)
  const ids = nouvelles.map(({ signalement }) => signalement.id)
  const { candidats, sansDossier } = await trouverCandidats(
    session,
    nouvelles.map(({ signalement, cles }) => ({ signalement: signalement.id, cles })),
  )
  const duPrecedent = precedent ? nouvelles.flatMap(({ cles }) => precedent.trouver(cles)) : []
  const fiches = await lireFiches(session, [
    ...new Set([...duPrecedent, ...[...candidats.values()].flatMap((ensemble) => [...ensemble])]),
  ])
  const ecartes = new Map(
    (
      await session.sql<{
        signalement: string
        dossiers: string[]
      }>`select signalement, array_agg(dossier) as dossiers from non_correspondance
        where dept = ${session.dept} and signalement = any (${ids}::uuid[]) group by signalement`
    ).map((ligne) => [ligne.signalement, new Set(ligne.dossiers)]),
  )
  const memoire = new Memoire()
  for (const { signalement } of entrantes) memoire.signalements.add(signalement.id)
  // What the batch before decided again is in its memory alone: the doubts of these lines may be answered by now.
  const doutes = await lireDoutesOuverts(session, sansDossier, [...ids, ...(precedent?.signalements ?? [])])
  for (const doute of precedent?.doutes ?? [])
    for (const ligne of precedent?.ouverts.fiches.get(doute) ?? []) inscrireAuDoute(doutes, doute, ligne)
  memoire.ouverts = doutes
  const anciens = new Map(
    (
      await session.sql<{ signalement: string; id: string }>`select signalement, id from doute
        where dept = ${session.dept} and reponse is null and signalement = any (${ids}::uuid[])`
    ).map((ligne) => [ligne.signalement, ligne.id]),
  )
  const verdicts: Verdict[] = []
  const souffler = createPacer()
  for (const entrante of entrantes) {
    const id = entrante.signalement.id
    if (entrante.dossier !== null) {
      verdicts.push({
        entrante,
        dossier: entrante.dossier,
        ouvre: false,
        decision: { issue: 'certain', candidats: [], motif: '' },
        doute: null,
        jonction: null,
      })
      memoire.inscrire(entrante.dossier, enAttente(entrante))
      continue
    }
    const proches = new Set([
      ...(candidats.get(id) ?? []),
      ...(precedent?.trouver(entrante.cles) ?? []),
      ...memoire.trouver(entrante.cles),
    ])
    for (const dossier of ecartes.get(id) ?? []) proches.delete(dossier)
    const evaluer = (fiche: Fiche) => evaluerPaire(comparer(entrante.fiche, fiche), parametres)
    const evaluations = [...proches].map((dossier) => ({
      dossier,
      // The newest reading first: what is written of a line corrected in this file is its former version.
      evaluations: unirFiches(memoire.fiches.get(dossier), precedent?.fiches.get(dossier), fiches.get(dossier)).map(
        ({ signalement, fiche }) => ({ signalement, ...evaluer(fiche) }),
      ),
    }))
    let decision = decider(evaluations, parametres.seuils)
    if (confirmerTout && decision.issue === 'certain') decision = { ...decision, issue: 'a_revoir' }
    const jonction = anciens.has(id) ? null : choisirDoute(doutes, entrante, decision.issue, evaluer, parametres)
    const ouvre = jonction === null && decision.issue === 'nouveau'
    const dossier = ouvre
      ? randomUUID()
      : jonction === null && decision.issue === 'certain'
        ? (decision.candidats[0]?.dossier ?? null)
        : null
    const doute = dossier === null && jonction === null ? (anciens.get(id) ?? randomUUID()) : null
    verdicts.push({ entrante, decision, dossier, ouvre, doute, jonction })
    if (dossier) memoire.inscrire(dossier, enAttente(entrante))
    const attendu = doute ?? jonction?.doute
    if (attendu !== undefined && attendu !== null) {
      inscrireAuDoute(doutes, attendu, enAttente(entrante))
      memoire.doutes.add(attendu)
    }
    const tour = souffler()
    if (tour) await tour
  }
  return { verdicts, memoire }
}

/** Decides what follows for the dossiers of a batch, before they are written: dispatch. */
export type Suivre = (
  session: Session,
  dossiers: readonly DossierARepartir[],
) => Promise<{ readonly services: readonly ServiceDuDossier[]; ecrire(): Promise<void> }>

/** A dossier nobody dispatched yet. */
const sansSuite = (dossier: string): ServiceDuDossier => ({
  dossier,
  service: null,
  organisme: null,
  etat: 'sans_preneur',
  depuis: null,
  connu: false,
  habilites: [],
  echeances: [],
})

interface Touches {
  readonly ouverts: ReadonlyMap<string, DossierOuvert>
  readonly derives: readonly DossierDerive[]
  readonly aRepartir: readonly DossierARepartir[]
}

/** What a batch touches, read under lock: the signalements of its dossiers and what people entered on them. */
async function lireTouches(
  session: Session,
  verdicts: readonly Verdict[],
  ouverts: ReadonlyMap<string, DossierOuvert>,
) {
  const parDossier = Map.groupBy(
    verdicts.filter((verdict) => verdict.dossier !== null),
    (verdict) => verdict.dossier ?? '',
  )
  const anciens = [...parDossier.keys()].filter((dossier) => !ouverts.has(dossier))
  await tenirDossiers(session, anciens)
  return {
    parDossier,
    ouverts,
    connus: await lireSignauxDesDossiers(session, anciens),
    saisis: await lireActesSaisis(session, anciens),
  }
}

const enJour = (le: string | null | undefined): Temporal.PlainDate | null => (le ? Temporal.PlainDate.from(le) : null)

/**
 * Derives the dossiers a batch touches from what they already hold and from the batch itself, before anything is written: a dossier is then written once, whole.
 */
async function deriverTouches(
  session: Session,
  { parDossier, ouverts, connus, saisis }: Awaited<ReturnType<typeof lireTouches>>,
): Promise<Touches> {
  const derives: DossierDerive[] = []
  const aRepartir: DossierARepartir[] = []
  const souffler = createPacer()
  for (const [id, siens] of parDossier) {
    const connu = connus.get(id)
    const arrives = siens.filter(({ entrante }) => entrante.dossier === null)
    const signaux = [...(connu?.signaux ?? []), ...arrives.map(({ entrante }) => enSignal(entrante.signalement))]
    const reference = connu?.reference ?? ouverts.get(id)?.reference ?? ''
    const derive = deriver(session, { id, reference }, signaux, saisis.get(id))
    derives.push(derive)
    aRepartir.push({
      id,
      stade: derive.stade,
      faits: derive.faits,
      code_insee: derive.codeInsee,
      territoire: derive.territoire,
      audience_le: enJour(derive.audienceLe),
      stade_le: enJour(derive.stadeLe),
      assignation_le: enJour(derive.actes.findLast(({ type }) => type === 'assignation')?.le),
      clos: connu?.closAutrement ?? false,
    })
    const tour = souffler()
    if (tour) await tour
  }
  return { ouverts, derives, aRepartir }
}

async function ecrireDossiers(
  session: Session,
  { ouverts, derives }: Touches,
  services: ReadonlyMap<string, ServiceDuDossier>,
): Promise<void> {
  const [nouveaux, connus]: [DossierDerive[], DossierDerive[]] = [[], []]
  for (const derive of derives) (ouverts.has(derive.dossier) ? nouveaux : connus).push(derive)
  await creerDossiers(
    session,
    nouveaux.flatMap((derive) => {
      const ouvert = ouverts.get(derive.dossier)
      return ouvert ? [{ ouvert, derive, service: services.get(derive.dossier) ?? sansSuite(derive.dossier) }] : []
    }),
  )
  await ecrireDerives(session, connus, services)
}

async function ecrireVerdicts(
  session: Session,
  verdicts: readonly Verdict[],
  parametres: Parametres,
  suivre: Suivre | null,
): Promise<void> {
  const { sql, dept } = session
  const numerotes = await numeroterDossiers(
    session,
    verdicts.flatMap(({ ouvre, dossier }) => (ouvre && dossier !== null ? [dossier] : [])),
  )
  const lus = await lireTouches(session, verdicts, new Map(numerotes.map((ouvert) => [ouvert.id, ouvert])))
  // Written by PostgreSQL while dossiers are derived here: they depend on nothing of what follows.
  const fiches = ecrireFiches(
    session,
    verdicts.map(({ entrante }) => ({
      signalement: entrante.signalement.id,
      fiche: entrante.fiche,
      cles: entrante.cles,
    })),
  )
  fiches.catch(() => {})
  const touches = await deriverTouches(session, lus)
  const plan = await suivre?.(session, touches.aRepartir)
  await fiches
  await ecrireDossiers(session, touches, new Map(plan?.services.map((service) => [service.dossier, service])))
  const rattachements = verdicts
    .filter((verdict) => verdict.dossier !== null && verdict.entrante.dossier === null)
    .map(({ entrante, decision, dossier }) => {
      const meilleur = decision.candidats[0]
      return {
        id: randomUUID(),
        signalement: entrante.signalement.id,
        dossier,
        mode: decision.issue === 'nouveau' ? 'nouveau' : 'certain',
        score: decision.issue === 'nouveau' ? null : (meilleur?.probabilite ?? null),
        details: decision.issue === 'nouveau' ? {} : { raisons: meilleur?.raisons ?? [] },
      }
    })
  await sql`insert into rattachement (dept, id, signalement, dossier, mode, score, details, parametres, a, par)
    select ${dept}, x.id, x.signalement, x.dossier, x.mode, x.score, x.details, ${parametres.version}, ${session.maintenant}, null
    from json_to_recordset(${JSON.stringify(rattachements)}::json) as x(id uuid, signalement uuid, dossier uuid, mode text, score double precision, details jsonb)`
  // Decided anew, a line no longer waits where it did. A new version may settle by itself what was in doubt: those who waited with it are decided again.
  await quitterLesDoutes(
    session,
    verdicts.filter(({ entrante }) => entrante.dossier === null).map(({ entrante }) => entrante.signalement.id),
  )
  const regles = await sql<{ id: string }>`update doute set reponse = 'sans_objet', repondu_a = ${session.maintenant}
    where dept = ${dept} and signalement = any (${rattachements.map((rattachement) => rattachement.signalement)}::uuid[]) and reponse is null returning id`
  await libererLesLignes(
    session,
    regles.map(({ id }) => id),
  )
  const doutes = verdicts
    .filter((verdict) => verdict.doute !== null)
    .map(({ entrante, decision, doute }) => ({
      id: doute,
      signalement: entrante.signalement.id,
      candidats: decision.candidats.slice(0, 6),
      score: decision.candidats[0]?.probabilite ?? 0,
    }))
  if (doutes.length > 0) {
    await sql`insert into doute (dept, id, signalement, candidats, meilleur_score, cree_a)
      select ${dept}, x.id, x.signalement, x.candidats, x.score, ${session.maintenant}
      from json_to_recordset(${JSON.stringify(doutes)}::json) as x(id uuid, signalement uuid, candidats jsonb, score double precision)
      on conflict (dept, signalement) where reponse is null do update set candidats = excluded.candidats, meilleur_score = excluded.meilleur_score`
  }
  const jointes = verdicts.flatMap(({ entrante, jonction, decision }) =>
    jonction === null ? [] : [{ ...jonction, signalement: entrante.signalement.id, candidats: decision.candidats }],
  )
  if (jointes.length > 0) {
    await ecrireJonctions(session, jointes)
    // What resembles any of the lines of a doubt is shown with it.
    const ajouts = jointes.flatMap(({ doute, candidats }) => candidats.map((candidat) => ({ doute, candidat })))
    await sql`update doute u set candidats = u.candidats || x.ajoutes
      from (
        select a.doute, jsonb_agg(a.candidat order by (a.candidat->>'probabilite')::double precision desc) as ajoutes
        from (
          select distinct on (y.doute, y.candidat->>'dossier') y.doute, y.candidat
          from jsonb_to_recordset(${JSON.stringify(ajouts)}::jsonb) as y(doute uuid, candidat jsonb)
          order by y.doute, y.candidat->>'dossier', (y.candidat->>'probabilite')::double precision desc
        ) a join doute o on o.dept = ${dept} and o.id = a.doute
        where not exists (select 1 from jsonb_array_elements(o.candidats) c where c->>'dossier' = a.candidat->>'dossier')
        group by a.doute
      ) x where u.dept = ${dept} and u.id = x.doute`
  }
  await consignerFaits(
    session,
    verdicts.flatMap(({ entrante, dossier, decision }) =>
      dossier === null
        ? []
        : [
            {
              dossier,
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
  await plan?.ecrire()
}

/** Comparable form and keys of signalements, and the dossier of those already attached. */
async function preparerEntrantes(session: Session, signalements: readonly Signalement[]): Promise<Entrante[]> {
  const vivants = await lireDossiersDe(
    session,
    signalements.map(({ id }) => id),
  )
  const entrantes: Entrante[] = []
  const souffler = createPacer()
  for (const signalement of signalements) {
    const fiche = ficheDepuisContenu(signalement.contenu as unknown as Record<string, unknown>)
    entrantes.push({
      signalement,
      fiche,
      cles: clesDeBlocage(fiche),
      dossier: vivants.get(signalement.id) ?? null,
    })
    const tour = souffler()
    if (tour) await tour
  }
  return entrantes
}

/** Lines of a lot with what was decided of them, nothing of which is written. */
interface Preparation {
  readonly signalements: readonly Signalement[]
  readonly verdicts: readonly Verdict[]
  readonly memoire: Memoire
  readonly parametres: ParametresLus
}

const finDe = ({ signalements }: Preparation): number => signalements.at(-1)?.ligne ?? 0

/** Reads the next lines of a lot from a line on and decides of them, or null when there is none. Writes nothing. */
async function preparer(
  session: Session,
  lot: string,
  depuis: number,
  connus: ParametresLus | null,
  precedent: Memoire | null,
): Promise<Preparation | null> {
  const departement = session.referentiel.departements.get(session.dept)
  const reglage = departement ? parametre(departement, 'rapprochement_confirmation', session.jour) : null
  const confirmerTout = reglage?.etat === 'valeur' && reglage.valeur
  const signalements = await listerARapprocher(session, lot, depuis, TAILLE)
  if (signalements.length === 0) return null
  const parametres = await relireParametres(session, connus)
  const entrantes = await preparerEntrantes(session, signalements)
  const decide = await deciderLot(session, entrantes, parametres.parametres, confirmerTout === true, precedent)
  return { signalements, parametres, ...decide }
}

/**
 * Recognises the household of every signalement of a lot: attached, waiting for a person, or opening a dossier; the dossiers touched are derived, given to `suivre`
 * and written with what it decides. One transaction per batch with its progress, so that a stop loses and repeats nothing; under a lock of the département, so that
 * two imports cannot open two dossiers for one household. The next batch is decided while this one is written; that counts only if nobody else decided anything
 * meanwhile and its lines are as they were. `apres` is told after each batch; `suite` says whether lines were written meanwhile, and waits for them.
 */
export async function rapprocherLot(
  application: Application,
  dept: string,
  lot: string,
  suivre: Suivre | null = null,
  apres: () => Promise<void> = async () => {},
  suite: () => Promise<boolean> = async () => false,
): Promise<void> {
  const acteur = acteurSysteme(dept, 'rapprocher')
  const ouvrir = <T>(travail: (session: Session) => Promise<T>): Promise<T> =>
    ouvrirSession(application, acteur, 'doute.trancher', travail)
  const enAvance: { tour: number; preparation: Promise<Preparation | null> } = {
    tour: 0,
    preparation: Promise.resolve(null),
  }
  let parametres: ParametresLus | null = null
  // What is done leaves behind entries that a search from the start would read through each time. A line corrected meanwhile lies before: a last turn takes it.
  let depuis = 0
  try {
    for (;;) {
      const prete = await enAvance.preparation
      enAvance.preparation = Promise.resolve(null)
      const preparation: Preparation | null = await ouvrir(async (session) => {
        const tour = await unALaFois(session)
        const vaut = prete && enAvance.tour + 1 === tour && !(await ontChange(session, prete.signalements))
        const choisie = vaut ? prete : await preparer(session, lot, depuis, parametres, null)
        if (!choisie) return null
        enAvance.tour = tour
        enAvance.preparation = ouvrir((lecture) =>
          preparer(lecture, lot, finDe(choisie), choisie.parametres, choisie.memoire),
        )
        // Its failure is met at the next turn, not as a rejection nobody waits for.
        enAvance.preparation.catch(() => {})
        await ecrireVerdicts(session, choisie.verdicts, choisie.parametres.parametres, suivre)
        await marquerRapproches(
          session,
          lot,
          choisie.signalements.map(({ id }) => id),
        )
        return choisie
      })
      if (preparation) {
        parametres = preparation.parametres
        depuis = finDe(preparation)
        await apres()
      } else if (!(await suite())) {
        if (depuis === 0) return
        depuis = 0
      }
    }
  } finally {
    await enAvance.preparation.catch(() => null)
  }
}
