import { randomUUID } from 'node:crypto'
import { isDeepStrictEqual } from 'node:util'
import { listerOrganismes, type Organisme, type Session } from '#acces'
import { type DossierSuivi, type FaitSuivi, lireDossiersSuivis, lireFaits } from '#dossiers'
import { ecrireJour, trouverDelai } from '#procedure'
import { type Charte, type DepartementCharge, versionAu } from '#referentiel'
import { createPacer } from '#socle/pace'
import { type Attaches, lireAttaches, RIEN } from './attaches.ts'
import {
  type Cadre,
  type Certitude,
  cadreDe,
  calculerTerme,
  ccasDuLieu,
  completerFaits,
  composerGeneraux,
  composerTaches,
  constater,
  constaterGeneraux,
  type EngagementTenu,
  etapesVivantes,
  type SourceEcheance,
  type TacheVoulue,
  TOUTE_ETAPE,
} from './composer.ts'
import type { OrganismesParType } from './porteurs.ts'
import { chargerPreuves, faitsQuiTiennent, faitsSuivis, type Preuves, trouverFaitProbant, voieDe } from './preuves.ts'
import { type Appel, appelsDe, lireSollicitations, type Sollicitation } from './sollicitations.ts'

interface Passage {
  readonly id: string
  readonly dossier: string
  readonly stade: string
  readonly charte: string
  readonly entree_le: Temporal.PlainDate
  readonly cree_le: Temporal.PlainDate
  readonly sortie_le: Temporal.PlainDate | null
  readonly sortie_motif: 'etape' | 'cloture' | null
}

type Etat = 'a_faire' | 'faite' | 'empechee' | 'sans_objet'
type Cause = 'fait' | 'amont' | 'personne' | 'etape' | 'cloture' | 'condition'

/** What a task may become; the rest of its row never changes. */
interface Variable {
  readonly signataire: boolean
  readonly facultatif: boolean
  readonly acces: boolean
  readonly certitude: Certitude
  readonly manquants: readonly string[]
  readonly echeance_le: string | null
  readonly echeance: SourceEcheance | null
  readonly etat: Etat
  readonly cause: Cause | null
  readonly fait: string | null
  readonly fait_le: string | null
  readonly ouverte_le: string
}

interface Tache extends Variable {
  readonly id: string
  readonly passage: string
  readonly dossier: string
  readonly organisme: string
  readonly engagement: string
  readonly confirmee: boolean
}

/** What is read once for a batch. */
interface Outils {
  readonly session: Session
  readonly departement: DepartementCharge
  readonly preuves: Preuves
  readonly tous: readonly Organisme[]
  readonly organismes: OrganismesParType
  readonly ccas: readonly Organisme[]
  readonly cadres: ReadonlyMap<string, Cadre>
  readonly courante: Charte | null
}

function preparerOutils(session: Session, organismes: readonly Organisme[]): Outils {
  const departement = session.referentiel.departements.get(session.dept)
  if (!departement) throw new Error(`département ${session.dept} absent from the référentiel`)
  const courante = versionAu(departement.chartes, session.jour)
  return {
    session,
    departement,
    preuves: chargerPreuves(session.referentiel.racine),
    tous: organismes,
    organismes: Map.groupBy(organismes, ({ type }) => type),
    ccas: organismes.filter(({ type }) => type === 'ccas'),
    cadres: new Map(departement.chartes.map((charte) => [charte.id, cadreDe(departement, charte, session.jour)])),
    courante: 'aucune' in courante ? null : courante,
  }
}

/** Facts of the chronology the engagements of a département rest on: proofs, and where their terms start. */
function faitsUtiles({ session, preuves, departement }: Outils): readonly string[] {
  const delais = new Set(
    departement.chartes.flatMap(({ engagements, generaux }) =>
      [...engagements, ...generaux.flatMap((groupe) => groupe.engagements)].flatMap(({ echeance }) =>
        typeof echeance === 'object' ? [echeance.delai] : [],
      ),
    ),
  )
  return [
    ...new Set([
      ...faitsSuivis(preuves),
      ...[...delais].flatMap((nom) => trouverDelai(session.delais, nom)?.depart ?? []),
    ]),
  ]
}

const cle = (passage: string, engagement: string, organisme: string): string => `${passage} ${engagement} ${organisme}`
const apres = (a: Temporal.PlainDate, b: Temporal.PlainDate): boolean => Temporal.PlainDate.compare(a, b) > 0

interface Ecritures {
  readonly ouverts: Passage[]
  readonly sortis: { id: string; sortie_le: string | null; sortie_motif: string | null }[]
  readonly nouvelles: (Tache & Pick<EngagementTenu, 'partenaire' | 'stade' | 'mode'>)[]
  readonly changees: Tache[]
}

function memes(a: Variable, b: Variable): boolean {
  return (
    a.signataire === b.signataire &&
    a.facultatif === b.facultatif &&
    a.acces === b.acces &&
    a.certitude === b.certitude &&
    a.manquants.join() === b.manquants.join() &&
    a.echeance_le === b.echeance_le &&
    isDeepStrictEqual(a.echeance, b.echeance) &&
    a.etat === b.etat &&
    a.cause === b.cause &&
    a.fait === b.fait &&
    a.fait_le === b.fait_le &&
    a.ouverte_le === b.ouverte_le
  )
}

type Sort = Pick<Tache, 'etat' | 'cause' | 'fait' | 'fait_le'>

/** Whether something was asked again after a person closed a task: what was said of the previous request does not answer the next one. */
const sollicitePlusTard = (appel: Appel | undefined, fermeeLe: string | null): boolean =>
  appel !== undefined && appel.attendDepuis !== null && fermeeLe !== null && appel.derniereLe.toString() > fermeeLe

/** Whether a task is closed, and by what: somebody's word first, then Amont itself, then the chronology. */
function sortDe(
  { session, preuves }: Outils,
  { engagement, appel }: Pick<TacheVoulue, 'engagement' | 'appel'>,
  organisme: string,
  { entree_le: depuis }: Passage,
  faits: readonly FaitSuivi[],
  avant: Tache | null,
): Sort {
  if (avant?.cause === 'personne' && !sollicitePlusTard(appel, avant.fait_le)) {
    const { etat, cause, fait, fait_le } = avant
    return { etat, cause, fait, fait_le }
  }
  if (appel) {
    if (appel.tenueLe === null) return { etat: 'a_faire', cause: null, fait: null, fait_le: null }
    const le = appel.tenueLe.toString()
    return { etat: 'faite', cause: 'amont', fait: null, fait_le: le }
  }
  if (engagement.amont === 'criteres' || engagement.amont === 'echeances') {
    const le = avant?.cause === 'amont' ? avant.fait_le : session.jour.toString()
    return { etat: 'faite', cause: 'amont', fait: null, fait_le: le }
  }
  const voie = voieDe(preuves, engagement)
  const preuve = voie && trouverFaitProbant(voie, faits, { organisme, depuis })
  if (preuve) return { etat: 'faite', cause: 'fait', fait: preuve.id, fait_le: preuve.le.toString() }
  return { etat: 'a_faire', cause: null, fait: null, fait_le: null }
}

/**
 * The day a task is open from: the day it was made, or opened again. One that was late when it closed stays late: closing it does not put its term off.
 */
function ouvertureDe(avant: Tache | null, apres: Pick<Tache, 'etat'>, jour: Temporal.PlainDate): string {
  if (avant === null) return jour.toString()
  const rouverte = avant.etat !== 'a_faire' && apres.etat === 'a_faire'
  const aTemps = avant.echeance_le === null || avant.fait_le === null || avant.fait_le <= avant.echeance_le
  return rouverte && aTemps ? jour.toString() : avant.ouverte_le
}

/** The term of what somebody asked: the day they said, kept once it is answered, so that a late answer stays late. */
function termeDe(
  { avant, attendDepuis }: Appel,
  tache: Tache | null,
): { readonly le: Temporal.PlainDate; readonly source: SourceEcheance | null } | null {
  if (attendDepuis === null)
    return tache?.echeance_le ? { le: Temporal.PlainDate.from(tache.echeance_le), source: tache.echeance } : null
  if (avant === null) return null
  return {
    le: avant,
    source: {
      libelle: 'Réponse attendue',
      depart: `Sollicitation du ${ecrireJour(attendDepuis)}`,
      calcul: `Date donnée par qui sollicite : ${ecrireJour(avant)}`,
      source: 'Demande, suite ou séance enregistrée dans Amont',
      fiabilite: 'Saisie d’un partenaire',
      aVerifier: false,
    },
  }
}

/** A task at its step, from what is wanted and what it was: a person's word stays, the rest is computed again. */
function situer(
  outils: Outils,
  voulue: TacheVoulue,
  passage: Passage,
  dossier: DossierSuivi,
  faits: readonly FaitSuivi[],
  avant: Tache | null,
): Tache {
  const { session } = outils
  const { engagement, porteur } = voulue
  const organisme = porteur.organisme.id
  const sort = sortDe(outils, voulue, organisme, passage, faits, avant)
  // Asked before Amont followed it, a request was open the day it was made: its answer is not late for having been read afterwards.
  const ouverte_le =
    voulue.appel && avant === null
      ? (voulue.appel.attendDepuis ?? voulue.appel.derniereLe).toString()
      : ouvertureDe(avant, sort, session.jour)
  const ouverteLe = Temporal.PlainDate.from(ouverte_le)
  const terme = voulue.appel
    ? termeDe(voulue.appel, avant)
    : calculerTerme(session, engagement, { dossier, organisme, faits, ouverteLe })
  return {
    id: avant?.id ?? randomUUID(),
    passage: passage.id,
    dossier: dossier.id,
    organisme,
    engagement: engagement.id,
    confirmee: avant?.confirmee ?? false,
    signataire: voulue.signataire,
    facultatif: engagement.facultatif === true,
    acces: porteur.acces,
    certitude: avant?.confirmee ? 'applicable' : voulue.certitude,
    manquants: avant?.confirmee ? [] : voulue.manquants,
    echeance_le: terme?.le.toString() ?? null,
    echeance: terme?.source ?? null,
    ouverte_le,
    ...sort,
  }
}

function fermer(tache: Tache, cause: 'etape' | 'cloture' | 'condition', jour: Temporal.PlainDate): Tache {
  return { ...tache, etat: 'sans_objet', cause, fait: null, fait_le: jour.toString() }
}

function suivreDossier(
  outils: Outils,
  ecritures: Ecritures,
  dossier: DossierSuivi,
  contexte: {
    passages: readonly Passage[]
    taches: readonly Tache[]
    faits: readonly FaitSuivi[]
    attaches: Attaches
    sollicitations: readonly Sollicitation[]
  },
): void {
  const { session } = outils
  const { attaches } = contexte
  const etapes = dossier.clos ? [] : etapesVivantes(dossier.stade)
  const entree = dossier.stade_le ?? session.jour
  const faits = faitsQuiTiennent(outils.preuves, contexte.faits)
  const deDossier = Map.groupBy(contexte.taches, ({ passage }) => passage)

  const tiennent = new Set(faits.map(({ id }) => id))
  const retires = new Set(contexte.faits.filter(({ id }) => !tiennent.has(id)).map(({ id }) => id))

  for (const passage of contexte.passages) {
    if (etapes.includes(passage.stade)) continue
    const motif = passage.sortie_motif ?? (dossier.clos ? 'cloture' : 'etape')
    // What was done stays done, unless what proved it was taken back.
    for (const tache of deDossier.get(passage.id) ?? [])
      if (tache.cause === 'fait' && tache.fait !== null && retires.has(tache.fait))
        ecritures.changees.push(fermer(tache, motif, passage.sortie_le ?? session.jour))
    if (passage.sortie_le !== null) continue
    const le = dossier.clos ? (dossier.clos_le ?? session.jour) : entree
    const sortie = apres(passage.entree_le, le) ? passage.entree_le : le
    ecritures.sortis.push({ id: passage.id, sortie_le: sortie.toString(), sortie_motif: motif })
    for (const tache of deDossier.get(passage.id) ?? [])
      if (tache.etat === 'a_faire') ecritures.changees.push(fermer(tache, motif, sortie))
  }

  for (const etape of etapes) {
    const passage = trouverPassage(outils, ecritures, dossier, etape, entree, contexte.passages)
    if (!passage) continue
    const cadre = outils.cadres.get(passage.charte)
    if (!cadre) continue
    const completes = completerFaits(dossier, {
      services: attaches.services,
      diagnostic: attaches.diagnostic,
      faits: attaches.faits,
      ccas: ccasDuLieu(dossier, outils.ccas),
    })
    const voulues =
      etape === TOUTE_ETAPE
        ? composerGeneraux(cadre, constaterGeneraux(cadre, completes), dossier, {
            regles: outils.preuves.sollicitations,
            organismes: outils.tous,
            liens: attaches,
            appels: (regle) => appelsDe(regle, contexte.sollicitations, faits),
          })
        : composerTaches(
            cadre,
            constater(cadre, completes).filter(({ engagement }) => engagement.stade === etape),
            dossier,
            outils.organismes,
            attaches,
          )
    const presentes = new Map(
      (deDossier.get(passage.id) ?? []).map((tache) => [cle(passage.id, tache.engagement, tache.organisme), tache]),
    )
    for (const voulue of voulues) {
      const laSienne = cle(passage.id, voulue.engagement.id, voulue.porteur.organisme.id)
      const avant = presentes.get(laSienne) ?? null
      presentes.delete(laSienne)
      const apresLui = situer(outils, voulue, passage, dossier, faits, avant)
      const { partenaire, stade, mode } = voulue.engagement
      if (!avant) ecritures.nouvelles.push({ ...apresLui, partenaire, stade, mode })
      else if (!memes(avant, apresLui)) ecritures.changees.push(apresLui)
    }
    // What is no longer wanted: its condition is false now, or its holder changed. What somebody did or said stays.
    for (const tache of presentes.values())
      if (!tache.confirmee && (tache.etat === 'a_faire' || tache.cause === 'etape' || tache.cause === 'cloture'))
        ecritures.changees.push(fermer(tache, 'condition', session.jour))
  }
}

/** The dossier at a step: already open, open again when what took it away was corrected, or new under the charter of the day. */
function trouverPassage(
  { session, courante }: Outils,
  ecritures: Ecritures,
  dossier: DossierSuivi,
  etape: string,
  entree: Temporal.PlainDate,
  passages: readonly Passage[],
): Passage | null {
  const siens = passages.filter(({ stade }) => stade === etape)
  const vivant = siens.find(({ sortie_le }) => sortie_le === null)
  if (vivant) return vivant
  const dernier = siens.toSorted((a, b) => Temporal.PlainDate.compare(a.cree_le, b.cree_le)).at(-1)
  if (dernier?.sortie_le && !apres(entree, dernier.sortie_le)) {
    ecritures.sortis.push({ id: dernier.id, sortie_le: null, sortie_motif: null })
    return dernier
  }
  if (!courante) return null
  const nouveau: Passage = {
    id: randomUUID(),
    dossier: dossier.id,
    stade: etape,
    charte: courante.id,
    entree_le: entree,
    cree_le: session.jour,
    sortie_le: null,
    sortie_motif: null,
  }
  ecritures.ouverts.push(nouveau)
  return nouveau
}

async function ecrire(session: Session, { ouverts, sortis, nouvelles, changees }: Ecritures) {
  const { sql, dept, jour } = session
  if (sortis.length > 0)
    await sql`update engagement_passage p set sortie_le = x.sortie_le, sortie_motif = x.sortie_motif
      from json_to_recordset(${JSON.stringify(sortis)}::json) as x(id uuid, sortie_le date, sortie_motif text) where p.dept = ${dept} and p.id = x.id`
  if (ouverts.length > 0)
    await sql`insert into engagement_passage (dept, id, dossier, stade, charte, entree_le, cree_le)
      select ${dept}, x.id, x.dossier, x.stade, x.charte, x.entree_le, ${jour}
      from json_to_recordset(${JSON.stringify(ouverts)}::json) as x(id uuid, dossier uuid, stade text, charte text, entree_le date)`
  for (let i = 0; i < nouvelles.length; i += LOT)
    await sql`insert into engagement_tache (dept, id, passage, dossier, organisme, engagement, partenaire, stade, mode, signataire, facultatif, acces,
        certitude, manquants, echeance_le, echeance, etat, cause, fait, fait_le, ouverte_le, cree_le)
      select ${dept}, x.id, x.passage, x.dossier, x.organisme, x.engagement, x.partenaire, x.stade, x.mode, x.signataire, x.facultatif, x.acces,
        x.certitude, array(select json_array_elements_text(x.manquants)), x.echeance_le, x.echeance, x.etat, x.cause, x.fait, x.fait_le, x.ouverte_le, ${jour}
      from json_to_recordset(${JSON.stringify(nouvelles.slice(i, i + LOT))}::json) as x(id uuid, passage uuid, dossier uuid, organisme uuid, engagement text, partenaire text, stade text, mode text, signataire boolean,
        facultatif boolean, acces boolean, certitude text, manquants json, echeance_le date, echeance jsonb, etat text, cause text, fait uuid, fait_le date, ouverte_le date)`
  for (let i = 0; i < changees.length; i += LOT)
    await sql`update engagement_tache t set signataire = x.signataire, facultatif = x.facultatif, acces = x.acces, certitude = x.certitude,
        manquants = array(select json_array_elements_text(x.manquants)), echeance_le = x.echeance_le, echeance = x.echeance,
        etat = x.etat, cause = x.cause, fait = x.fait, fait_le = x.fait_le, ouverte_le = x.ouverte_le, version = t.version + 1
      from json_to_recordset(${JSON.stringify(changees.slice(i, i + LOT))}::json) as x(id uuid, signataire boolean, facultatif boolean, acces boolean,
        certitude text, manquants json, echeance_le date, echeance jsonb, etat text, cause text, fait uuid, fait_le date, ouverte_le date)
      where t.dept = ${dept} and t.id = x.id`
}

const LOT = 5000

/** What following dossiers wrote. */
export interface BilanTenue {
  readonly dossiers: number
  readonly creees: number
  readonly changees: number
}

/**
 * Brings the engagements of dossiers to the day: enters and leaves steps, makes the tasks whose condition holds, closes those a fait proves, opens again those
 * whose proof was withdrawn (ENG-03 to ENG-07). Computed from the state of things, never from what woke it up: the same fait twice changes nothing. Written in a few
 * statements whatever the number of dossiers.
 */
export async function tenirEngagements(session: Session, ids: readonly string[]): Promise<BilanTenue> {
  const { sql, dept } = session
  if (ids.length === 0) return { dossiers: 0, creees: 0, changees: 0 }
  // One at a time for a dossier: two jobs would enter the same step twice.
  const verrous = await sql<{
    id: string
  }>`select id from dossier where dept = ${dept} and id = any (${ids}::uuid[]) order by id for no key update`
  const lus = verrous.map(({ id }) => id)
  const outils = preparerOutils(session, await listerOrganismes(session))
  const dossiers = await lireDossiersSuivis(session, lus)
  const attaches = await lireAttaches(session, lus)
  const sollicitations = await lireSollicitations(session, lus)
  const passages = Map.groupBy(
    await sql<Passage>`select id, dossier, stade, charte, entree_le, cree_le, sortie_le, sortie_motif from engagement_passage
      where dept = ${dept} and dossier = any (${lus}::uuid[])`,
    ({ dossier }) => dossier,
  )
  const taches = Map.groupBy(
    await sql<Tache>`select t.id, t.passage, t.dossier, t.organisme, t.engagement, t.confirmee, t.signataire, t.facultatif, t.acces, t.certitude, t.manquants,
        t.echeance_le::text, t.echeance, t.etat, t.cause, t.fait, t.fait_le::text, t.ouverte_le::text
      from engagement_tache t where t.dept = ${dept} and t.dossier = any (${lus}::uuid[])`,
    ({ dossier }) => dossier,
  )
  const faits = Map.groupBy(await lireFaits(session, lus, faitsUtiles(outils)), ({ dossier }) => dossier)
  const ecritures: Ecritures = { ouverts: [], sortis: [], nouvelles: [], changees: [] }
  const souffler = createPacer()
  for (const dossier of dossiers) {
    const tour = souffler()
    if (tour) await tour
    suivreDossier(outils, ecritures, dossier, {
      passages: passages.get(dossier.id) ?? [],
      taches: taches.get(dossier.id) ?? [],
      faits: faits.get(dossier.id) ?? [],
      attaches: attaches.get(dossier.id) ?? RIEN,
      sollicitations: sollicitations.get(dossier.id) ?? [],
    })
  }
  await ecrire(session, ecritures)
  return { dossiers: dossiers.length, creees: ecritures.nouvelles.length, changees: ecritures.changees.length }
}
