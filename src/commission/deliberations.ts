import { randomUUID } from 'node:crypto'
import { masqueDe, type Session } from '#acces'
import { conditionsRemplies, lireSousMasque, propresA } from '#dossiers'
import { Conflit, Introuvable, refus } from '#socle/errors'
import { isUuid } from '#socle/text'
import { parisDay } from '#socle/time'
import {
  avisPossibles,
  type EcheanceDuRetour,
  type PouvoirSurLAide,
  pouvoirSurLAide,
  QUESTIONS,
  type Question,
  type ReponseQuestion,
  type Reponses,
  reponsesPossibles,
} from './reponses.ts'

const DISCOURS_MAX = 1000
const TEXTE_MAX = 600
const NOTE_MAX = 2000
const MOTIF_MIN = 5

/** Why a dossier is put off to another session. Closed; `membre_absent` is also told in the agenda. */
export const motifsReport = {
  temps: 'Faute de temps',
  piece: 'Un élément manque',
  membre_absent: 'Un membre dont l’avis compte est absent',
  menage: 'Le ménage fait une démarche dont le résultat est attendu',
  autre: 'Autre motif',
} as const
export type MotifReport = keyof typeof motifsReport

/** Circles of the notes of a debate, each said in words beside the note. Closed. */
export const cerclesNote = {
  secretariat: 'Secrétariat de la commission',
  membres: 'Secrétariat et membres qui suivent cette séance, jusqu’à l’approbation du relevé',
} as const
export type CercleNote = keyof typeof cerclesNote

export const sensExpertise = { favorable: 'Favorable', defavorable: 'Défavorable' } as const
export type SensExpertise = keyof typeof sensExpertise

/** Where what was pronounced stands. `projet`: not told yet. */
export const etatsPrononce = {
  projet: 'Pas encore notifié',
  notifie: 'Notifié',
  attendu: 'Retour attendu',
  suivi: 'Suivi',
  partiel: 'Suivi en partie',
  non_suivi: 'Non suivi',
  remplace: 'Remplacé par un relevé rectifié',
} as const
export type EtatPrononce = keyof typeof etatsPrononce

/** A dossier of the agenda, in the order of the session. The household is null for whoever does not see the dossier. */
export interface LignePoste {
  readonly inscription: string
  readonly rang: number
  readonly heure: string | null
  readonly duree_minutes: number | null
  readonly etat: 'inscrit' | 'examine' | 'reporte' | 'absent'
  readonly dossier: string
  readonly reference: string | null
  readonly titulaire: string | null
  readonly origine: string
  readonly adoptee_a: Temporal.Instant | null
  readonly modifiee_a: Temporal.Instant | null
}

/** A session as it is held. */
export interface Poste {
  readonly id: string
  readonly commission: string
  readonly nom: string
  readonly le: Temporal.PlainDate
  readonly debut: string
  readonly lieu: string
  readonly etat: 'prevue' | 'ouverte' | 'close' | 'annulee'
  readonly close_a: Temporal.Instant | null
  readonly lignes: readonly LignePoste[]
}

/** A session and its agenda, as far as this session may see them. */
export async function lirePoste(session: Session, id: string): Promise<Poste> {
  const { sql, dept } = session
  if (!isUuid(id)) throw new Introuvable()
  const [seance] = await sql<Omit<Poste, 'lignes'>>`
    select s.id, s.commission, c.nom, s.le, s.debut, s.lieu, s.etat, s.close_a
    from seance s join commission c on c.dept = ${dept} and c.id = s.commission where s.dept = ${dept} and s.id = ${id}`
  if (!seance) throw new Introuvable()
  const lignes = await sql<LignePoste>`
    select i.id as inscription, i.rang, i.heure, i.duree_minutes, i.etat, i.dossier_id as dossier, i.origine,
      d.reference, d.titulaire, x.adoptee_a, x.modifiee_a
    from inscription i left join dossier d on d.dept = ${dept} and d.id = i.dossier_id
    left join deliberation x on x.dept = ${dept} and x.inscription = i.id and x.remplacee_a is null
    where i.dept = ${dept} and i.seance_id = ${id} and i.etat <> 'retire' order by i.rang, i.inscrite_a, i.id`
  return { ...seance, lignes }
}

/** An opinion, a recommendation or an expertise, opened. */
export interface Prononce {
  readonly id: string
  readonly genre: 'avis' | 'recommandation' | 'expertise'
  readonly code: string | null
  readonly sens: string | null
  readonly pouvoir: 'avis' | 'decision' | null
  readonly texte: string
  readonly organisme: string | null
  readonly organisme_nom: string | null
  readonly destinataire: string
  readonly avant_choisi: Temporal.PlainDate | null
  readonly retour_avant: Temporal.PlainDate | null
  readonly echeance: EcheanceDuRetour | null
  readonly etat: EtatPrononce
}

export interface NoteDeDebat {
  readonly id: string
  readonly cercle: CercleNote
  readonly texte: string
  readonly auteur: string
  readonly a: Temporal.Instant
  readonly sienne: boolean
}

/** What was decided, or is being decided, of one dossier. `version` 0: nobody wrote anything yet. */
export interface Deliberation {
  readonly id: string | null
  readonly etat: 'ouverte' | 'adoptee' | 'reportee'
  readonly reponses: Reponses
  /** Questions whose answer this reader may not know: null in `reponses`, whatever was answered. */
  readonly masquees: readonly Question[]
  readonly discours: string
  readonly report: { readonly motif: MotifReport; readonly precision: string } | null
  readonly prononces: readonly Prononce[]
  readonly notes: readonly NoteDeDebat[]
  readonly version: number
  readonly adoptee_a: Temporal.Instant | null
  readonly modifiee_a: Temporal.Instant | null
  readonly modifiee_nom: string | null
  /** Number of the statement it goes into: the first, or a rectified one. */
  readonly numero: number
  /** Why it takes the place of what had been decided; null for what the session itself decided. */
  readonly correction: string | null
}

interface Contenu {
  readonly discours: string
  readonly report: Deliberation['report']
}

export const placeCorrection = (id: string) => `deliberation|motif|${id}`
export const placeDeliberation = (id: string) => `deliberation|contenu|${id}`
export const placePrononce = (id: string) => `prononce|contenu|${id}`
const placeNote = (id: string) => `note_debat|texte|${id}`

const VIDE: Deliberation = {
  id: null,
  etat: 'ouverte',
  reponses: { adapte_ressources: null, adapte_taille: null, maintien: null },
  masquees: [],
  discours: '',
  report: null,
  prononces: [],
  notes: [],
  version: 0,
  adoptee_a: null,
  modifiee_a: null,
  modifiee_nom: null,
  numero: 1,
  correction: null,
}

/** The answer that tells something of the resources of the household: for whoever reads that group of fields. */
const CHAMPS = { adapte_ressources: ['ressources', null] } as const

function ouvrirPrononce(contenu: unknown): Pick<Prononce, 'texte' | 'destinataire'> {
  const { texte, destinataire } = contenu as Pick<Prononce, 'texte' | 'destinataire'>
  return { texte, destinataire }
}

/** What was pronounced of these deliberations, opened, in the order it was written. */
export async function listerPrononces(
  session: Session,
  deliberations: readonly string[],
): Promise<(Prononce & { readonly deliberation: string })[]> {
  if (deliberations.length === 0) return []
  const { sql, dept } = session
  const lignes = await sql<Omit<Prononce, 'texte' | 'destinataire'> & { deliberation: string; contenu: string }>`
    select p.id, p.deliberation, p.genre, p.code, p.sens, p.pouvoir, p.contenu, p.organisme, o.nom as organisme_nom, p.avant_choisi,
      p.retour_avant, p.echeance, p.etat
    from prononce p left join organisme o on o.dept = ${dept} and o.id = p.organisme
    where p.dept = ${dept} and p.deliberation = any (${deliberations}::uuid[]) order by p.rang`
  const coffre = await session.coffre()
  return lignes.map(({ contenu, ...ligne }) => ({
    ...ligne,
    ...ouvrirPrononce(coffre.ouvrir(contenu, placePrononce(ligne.id))),
  }))
}

/** What is decided of a dossier of the agenda, as far as this session reads it: the answer on resources follows its group of the access matrix. */
export async function lireDeliberation(session: Session, inscription: string): Promise<Deliberation> {
  const { sql, dept } = session
  const [ligne] = await sql<{
    id: string
    etat: Deliberation['etat']
    adapte_ressources: ReponseQuestion | null
    adapte_taille: ReponseQuestion | null
    maintien: ReponseQuestion | null
    contenu: string
    version: number
    adoptee_a: Temporal.Instant | null
    modifiee_a: Temporal.Instant
    modifiee_nom: string | null
    numero: number
    motif: string | null
    remplies: readonly string[]
  }>`select x.id, x.etat, x.adapte_ressources, x.adapte_taille, x.maintien, x.contenu, x.version, x.adoptee_a, x.modifiee_a, c.prenom || ' ' || c.nom as modifiee_nom,
      x.numero, x.motif, ${conditionsRemplies(session, CHAMPS)} as remplies
    from deliberation x left join dossier d on d.dept = ${dept} and d.id = x.dossier left join compte c on c.dept = ${dept} and c.id = x.modifiee_par
    where x.dept = ${dept} and x.inscription = ${inscription} and x.remplacee_a is null`
  if (!ligne) return VIDE
  const coffre = await session.coffre()
  const prononces = await listerPrononces(session, [ligne.id])
  // What was noted in session stays beside a decision that is corrected.
  const notes = await sql<Omit<NoteDeDebat, 'sienne'> & { par: string }>`
    select n.id, n.cercle, n.texte, n.par, c.prenom || ' ' || c.nom as auteur, n.a from note_debat n
    join deliberation x on x.dept = ${dept} and x.id = n.deliberation join compte c on c.dept = ${dept} and c.id = n.par
    where n.dept = ${dept} and x.inscription = ${inscription} order by n.rang`
  const { adapte_ressources: dite, adapte_taille, maintien, contenu, motif, remplies, ...reste } = ligne
  const { discours, report } = coffre.ouvrir(contenu, placeDeliberation(ligne.id)) as Contenu
  const siennes = propresA(session, remplies, null)
  const { adapte_ressources } = lireSousMasque(session, { adapte_ressources: dite }, CHAMPS, siennes)
  return {
    ...reste,
    reponses: { adapte_ressources, adapte_taille, maintien },
    masquees: voitLesRessources(session, siennes) ? [] : ['adapte_ressources'],
    discours,
    report,
    prononces,
    notes: notes.map(({ par, ...note }) => ({
      ...note,
      texte: String(coffre.ouvrir(note.texte, placeNote(note.id))),
      sienne: par === session.acteur.compte,
    })),
    correction: motif === null ? null : String(coffre.ouvrir(motif, placeCorrection(ligne.id))),
  }
}

const voitLesRessources = ({ acteur }: Session, remplies: readonly string[]): boolean =>
  masqueDe(acteur).voit('ressources', remplies)

/** What of the form is read whole each time. */
export interface SaisieDeliberation {
  readonly reponses: Reponses
  readonly discours: string
  readonly avis: readonly {
    readonly code: string
    readonly sens: string
    readonly organisme: string | null
    readonly pouvoir: 'avis' | 'decision' | null
  }[]
  /** Undefined: the form does not ask for it. */
  readonly expertise?: { readonly sens: SensExpertise | null; readonly motif: string } | undefined
}

/** A recommendation about to be written: of the list, or in other words; for a body of the directory, or somebody named. */
export interface NouvelleRecommandation {
  readonly code: string | null
  readonly texte: string
  readonly organisme: string | null
  readonly destinataire: string
  readonly avant: Temporal.PlainDate | null
}

export type Geste =
  | { readonly genre: 'enregistrer' }
  | { readonly genre: 'retirer'; readonly prononce: string }
  | { readonly genre: 'effacer'; readonly note: string }
  | { readonly genre: 'adopter' }
  | { readonly genre: 'reporter'; readonly motif: MotifReport; readonly precision: string }
  | { readonly genre: 'reprendre' }

/** What the form adds besides: each has the mark drawn with the form, so that sending it twice adds it once. */
export interface Ajouts {
  readonly recommandation?: NouvelleRecommandation & { readonly envoi: string }
  readonly note?: { readonly cercle: CercleNote; readonly texte: string; readonly envoi: string }
}

/** The dossier of an agenda an act is about, locked for it, with what its form is judged by. */
interface Inscrit {
  readonly id: string
  readonly seance: string
  readonly dossier: string
  readonly stade: string
  readonly etat: LignePoste['etat'] | 'retire'
  readonly origine: string
  readonly le: Temporal.PlainDate
  readonly close_a: Temporal.Instant | null
  readonly etat_seance: Poste['etat']
}

/** The same, with the number of the statement what is written goes into. */
type Ecrit = Inscrit & Pick<Deliberation, 'numero'>

/** Whoever decides, closes, approves or draws up the statement of one session waits for the others. */
export async function attendreSeance(session: Session, seance: string): Promise<void> {
  await session.sql`select pg_advisory_xact_lock(hashtextextended(${`seance:${session.dept}:${seance}`}, 0))`
}

async function prendreInscription(session: Session, seance: string, inscription: string): Promise<Inscrit> {
  const { sql, dept, jour } = session
  if (![seance, inscription].every((id) => isUuid(id))) throw new Introuvable()
  await attendreSeance(session, seance)
  const [ligne] = await sql<Inscrit>`
    select i.id, s.id as seance, i.dossier_id as dossier, d.stade, i.etat, i.origine, s.le, s.close_a, s.etat as etat_seance
    from inscription i join seance s on s.dept = ${dept} and s.id = i.seance_id join dossier d on d.dept = ${dept} and d.id = i.dossier_id
    where i.dept = ${dept} and i.id = ${inscription} and s.id = ${seance}`
  if (!ligne) throw new Introuvable()
  if (ligne.etat === 'retire')
    throw new Conflit('deliberation.retire', 'Ce dossier a été retiré de l’ordre du jour : rien n’a été enregistré.')
  if (ligne.etat_seance === 'annulee') throw refus('seance.annulee', 'Cette séance est annulée.')
  if (Temporal.PlainDate.compare(jour, ligne.le) < 0)
    throw refus('seance.a_venir', 'Cette séance n’a pas encore eu lieu : on y décide le jour venu.')
  return ligne
}

/** Whether a co-chair approved the statement a decision went into: it is frozen, and only a new correction changes what it says. */
export async function estFigee(
  session: Session,
  seance: string,
  { numero }: Pick<Deliberation, 'numero'>,
): Promise<boolean> {
  const [approuve] =
    await session.sql`select 1 from releve where dept = ${session.dept} and seance = ${seance} and numero >= ${numero}
    and (etat_a is not null or departement_a is not null) limit 1`
  return approuve !== undefined
}

/** Said by the module before the database refuses. */
async function exigerModifiable(session: Session, seance: string, avant: Deliberation): Promise<void> {
  if (await estFigee(session, seance, avant))
    throw new Conflit(
      'releve.approuve',
      'Un coprésident a approuvé le relevé de cette séance : ses décisions ne changent plus que par une correction. Rien n’a été enregistré.',
    )
}

/** Whether the State asked for an expertise on this dossier: by its agenda, or by a fact of its force request that was not withdrawn (COM-11). */
export async function expertiseDemandee(
  session: Session,
  { dossier, origine }: { readonly dossier: string; readonly origine: string },
): Promise<boolean> {
  if (origine === 'expertise') return true
  const [demandee] =
    await session.sql`select 1 from requisition_acte a where a.dept = ${session.dept} and a.dossier = ${dossier}
    and a.genre = 'expertise_demandee' and not exists (select 1 from requisition_acte r where r.dept = a.dept and r.remplace = a.id and r.genre = 'retrait')`
  return demandee !== undefined
}

/** The day the commission was seized of a dossier: that of its newest referral before the session. */
async function saisieLe(session: Session, dossier: string, le: Temporal.PlainDate): Promise<Temporal.PlainDate | null> {
  const [saisine] = await session.sql<{ a: Temporal.Instant }>`
    select deposee_a as a from saisine where dept = ${session.dept} and dossier = ${dossier}
      and (deposee_a at time zone 'Europe/Paris')::date <= ${le} order by deposee_a desc limit 1`
  return saisine ? parisDay(saisine.a) : null
}

/** What the law makes of what the commission says on housing aid in this dossier. */
export const pouvoirPour = async (
  session: Session,
  { dossier, le }: { readonly dossier: string; readonly le: Temporal.PlainDate },
): Promise<PouvoirSurLAide> => pouvoirSurLAide(session, await saisieLe(session, dossier, le))

function verifierLongueur(texte: string, max: number, quoi: string): string {
  if (texte.length > max)
    throw refus('deliberation.longueur', `${quoi} : ${max} caractères au plus, il y en a ${texte.length}.`)
  return texte
}

/** Bodies somebody may be addressed, by kind. Read once for a form. */
async function exigerOrganismes(session: Session, ids: readonly string[]): Promise<ReadonlyMap<string, string>> {
  const voulus = [...new Set(ids)]
  if (!voulus.every((id) => isUuid(id))) throw refus('deliberation.destinataire', 'Choisir un destinataire connu.')
  const lus = await session.sql<{ id: string; type: string }>`
    select id, type from organisme where dept = ${session.dept} and actif and id = any (${voulus}::uuid[])`
  if (lus.length !== voulus.length) throw refus('deliberation.destinataire', 'Choisir un destinataire connu.')
  return new Map(lus.map(({ id, type }) => [id, type]))
}

interface AvisVerifie {
  readonly code: string
  readonly sens: string
  readonly organisme: string | null
  readonly pouvoir: 'avis' | 'decision' | null
}

async function verifierAvis(
  session: Session,
  inscrit: Inscrit,
  avis: SaisieDeliberation['avis'],
): Promise<AvisVerifie[]> {
  if (avis.length === 0) return []
  const possibles = avisPossibles(session, inscrit.le)
  const types = await exigerOrganismes(
    session,
    avis.flatMap(({ organisme }) => organisme ?? []),
  )
  const aide = avis.some(({ code }) => possibles.find(({ id }) => id === code)?.aide)
    ? await pouvoirPour(session, inscrit)
    : null
  return avis.map(({ code, sens, organisme, pouvoir }) => {
    const possible = possibles.find(({ id }) => id === code)
    if (!possible?.sens.some(({ id }) => id === sens))
      throw refus('deliberation.avis', 'Cet avis n’est pas de la liste de la charte : la liste des avis est fermée.')
    const type = organisme === null ? undefined : types.get(organisme)
    if (type !== undefined && !(possible.destinataires as readonly string[]).includes(type))
      throw refus('deliberation.destinataire', `« ${possible.libelle} » n’est pas rendu à cet organisme.`)
    return { code, sens, organisme, pouvoir: possible.aide ? (aide?.pouvoir ?? pouvoir) : null }
  })
}

const memesAvis = (avis: readonly AvisVerifie[]): string =>
  JSON.stringify(avis.map(({ code, sens, organisme, pouvoir }) => [code, sens, organisme, pouvoir]).toSorted())

const avisDe = (prononces: readonly Prononce[]): AvisVerifie[] =>
  prononces
    .filter(({ genre }) => genre === 'avis')
    .map(({ code, sens, organisme, pouvoir }) => ({ code: code ?? '', sens: sens ?? '', organisme, pouvoir }))

const expertiseDe = (prononces: readonly Prononce[]) => prononces.find(({ genre }) => genre === 'expertise')

/** Says whether a form would write anything else than what is there. */
function change(avant: Deliberation, saisie: SaisieDeliberation, avis: readonly AvisVerifie[]): boolean {
  const expertise = expertiseDe(avant.prononces)
  return (
    QUESTIONS.some((une) => !avant.masquees.includes(une) && avant.reponses[une] !== saisie.reponses[une]) ||
    avant.discours !== saisie.discours ||
    memesAvis(avisDe(avant.prononces)) !== memesAvis(avis) ||
    (saisie.expertise !== undefined && (expertise?.sens ?? null) !== saisie.expertise.sens) ||
    (saisie.expertise?.sens != null && (expertise?.texte ?? '') !== saisie.expertise.motif)
  )
}

async function ecrirePrononce(
  session: Session,
  deliberation: string,
  inscrit: Ecrit,
  quoi: {
    readonly id?: string
    readonly genre: Prononce['genre']
    readonly code: string | null
    readonly sens?: string | null
    readonly pouvoir?: 'avis' | 'decision' | null
    readonly texte: string
    readonly organisme: string | null
    readonly destinataire?: string
    readonly avant?: Temporal.PlainDate | null
    readonly cud?: boolean
    readonly avdl?: boolean
  },
): Promise<void> {
  const { sql, dept } = session
  const id = quoi.id ?? randomUUID()
  const contenu = (await session.coffre()).sceller(
    { texte: quoi.texte, destinataire: quoi.destinataire ?? '' },
    placePrononce(id),
  )
  await sql`insert into prononce (dept, id, deliberation, seance, dossier, genre, code, sens, pouvoir, cud, avdl, contenu, organisme, avant_choisi, etat, numero)
    values (${dept}, ${id}, ${deliberation}, ${inscrit.seance}, ${inscrit.dossier}, ${quoi.genre}, ${quoi.code}, ${quoi.sens ?? null}, ${quoi.pouvoir ?? null},
      ${quoi.cud ?? false}, ${quoi.avdl ?? false}, ${contenu}, ${quoi.organisme}, ${quoi.avant ?? null}, 'projet', ${inscrit.numero})
    on conflict (dept, id) do nothing`
}

async function ecrireAvis(
  session: Session,
  deliberation: string,
  inscrit: Ecrit,
  avant: readonly Prononce[],
  avis: readonly AvisVerifie[],
): Promise<void> {
  if (memesAvis(avisDe(avant)) === memesAvis(avis)) return
  await session.sql`delete from prononce where dept = ${session.dept} and deliberation = ${deliberation} and genre = 'avis'`
  for (const un of avis) await ecrirePrononce(session, deliberation, inscrit, { genre: 'avis', texte: '', ...un })
}

/** Says whether the expertise of a form may be rendered; throws before anything is written. */
async function exigerExpertise(
  session: Session,
  inscrit: Inscrit,
  avant: readonly Prononce[],
  expertise: SaisieDeliberation['expertise'],
): Promise<void> {
  if (expertise?.sens == null) return
  verifierLongueur(expertise.motif, TEXTE_MAX, 'Le motif de l’expertise')
  const deja = expertiseDe(avant)
  if (deja?.sens === expertise.sens && deja.texte === expertise.motif) return
  if (!(await expertiseDemandee(session, inscrit)))
    throw refus('deliberation.expertise', 'L’État n’a pas demandé d’expertise : elle ne se rend qu’à sa demande.')
}

async function ecrireExpertise(
  session: Session,
  deliberation: string,
  inscrit: Ecrit,
  avant: readonly Prononce[],
  expertise: SaisieDeliberation['expertise'],
): Promise<void> {
  if (expertise === undefined) return
  const deja = expertiseDe(avant)
  if ((deja?.sens ?? null) === expertise.sens && (deja?.texte ?? '') === expertise.motif) return
  await session.sql`delete from prononce where dept = ${session.dept} and deliberation = ${deliberation} and genre = 'expertise'`
  if (expertise.sens === null) return
  const [etat] = await session.sql<{ id: string }>`
    select o.id from organisme o join dossier d on d.dept = ${session.dept} and d.id = ${inscrit.dossier}
    where o.dept = ${session.dept} and o.actif and (o.type = 'prefecture' or (o.type = 'sous_prefecture' and d.territoire = any (o.territoires)))
    order by (o.type = 'sous_prefecture') desc, o.code limit 1`
  await ecrirePrononce(session, deliberation, inscrit, {
    genre: 'expertise',
    code: 'concours',
    sens: expertise.sens,
    texte: expertise.motif,
    organisme: etat?.id ?? null,
    destinataire: etat ? '' : 'Préfecture',
  })
}

/** Says whether a recommendation may be added; throws before anything is written. */
async function exigerRecommandation(
  session: Session,
  inscrit: Inscrit,
  { code, texte, organisme, destinataire, avant, envoi }: NonNullable<Ajouts['recommandation']>,
): Promise<void> {
  exigerMarque(envoi)
  if (recommandationDe(session, inscrit, code) === undefined || (code === null && texte === ''))
    throw refus('recommandation.code', 'Choisir une recommandation de la liste, ou l’écrire.')
  if (organisme === null && destinataire === '')
    throw refus('recommandation.destinataire', 'Dire à qui s’adresse la recommandation : choisir le destinataire.')
  if (organisme !== null) await exigerOrganismes(session, [organisme])
  else verifierLongueur(destinataire, 200, 'Le destinataire')
  if (avant && Temporal.PlainDate.compare(avant, session.jour) < 0)
    throw refus('recommandation.avant', 'La date de retour est passée : en choisir une à venir.')
  verifierLongueur(texte, TEXTE_MAX, 'La recommandation')
}

/** Null: in other words than those of the list. Undefined: not of the list. */
const recommandationDe = (session: Session, inscrit: Inscrit, code: string | null) =>
  code === null ? null : reponsesPossibles(session, inscrit.le)?.recommandations.find(({ id }) => id === code)

/** The mark drawn with a form is an id: anything else is not a form of ours. */
function exigerMarque(envoi: string): void {
  if (!isUuid(envoi)) throw refus('deliberation.envoi', 'Ce formulaire est incomplet : recharger la page.')
}

async function recommander(
  session: Session,
  deliberation: string,
  inscrit: Ecrit,
  { code, texte, organisme, destinataire, avant, envoi }: NonNullable<Ajouts['recommandation']>,
): Promise<void> {
  const possible = recommandationDe(session, inscrit, code)
  await ecrirePrononce(session, deliberation, inscrit, {
    id: envoi,
    genre: 'recommandation',
    code,
    texte,
    organisme,
    destinataire: organisme === null ? destinataire : '',
    avant,
    cud: possible?.cud ?? false,
    avdl: possible?.avdl ?? false,
  })
}

async function noter(
  session: Session,
  deliberation: string,
  inscrit: Inscrit,
  { cercle, texte, envoi: id }: NonNullable<Ajouts['note']>,
): Promise<void> {
  const { sql, dept, acteur, maintenant } = session
  const scelle = (await session.coffre()).sceller(texte, placeNote(id))
  await sql`insert into note_debat (dept, id, deliberation, dossier, cercle, texte, organisme, par, a)
    values (${dept}, ${id}, ${deliberation}, ${inscrit.dossier}, ${cercle}, ${scelle}, ${acteur.organisme}, ${acteur.compte}, ${maintenant})
    on conflict (dept, id) do nothing`
}

const VIDE_REFUS =
  'Rien n’est décidé : répondre à une question, rendre un avis ou recommander. Sinon, reporter le dossier avec son motif.'

/** Whether something is decided once this form is kept: judged on the form, before anything is written. */
function exigerDecision(avant: Deliberation, saisie: SaisieDeliberation, { recommandation }: Ajouts): void {
  const { expertise } = saisie
  const decide =
    QUESTIONS.some((question) => saisie.reponses[question] !== null) ||
    saisie.avis.length > 0 ||
    recommandation !== undefined ||
    avant.prononces.some(
      ({ genre }) => genre === 'recommandation' || (genre === 'expertise' && expertise === undefined),
    ) ||
    (expertise?.sens ?? null) !== null
  if (!decide) throw refus('deliberation.vide', VIDE_REFUS)
}

/** The commission says which of the two it gave when the law does not (COM-26): adopted without a word, it would be told as neither. */
function exigerPouvoir(session: Session, { le }: Inscrit, avis: readonly AvisVerifie[]): void {
  const possibles = avisPossibles(session, le)
  const muet = avis.find(
    ({ code, pouvoir }) => pouvoir === null && possibles.find(({ id }) => id === code)?.aide === true,
  )
  if (muet)
    throw refus(
      'deliberation.pouvoir',
      'Choisir « Avis » ou « Décision » pour l’aide au logement : la date de saisine ne suffit pas à le dire.',
    )
}

const ETATS_INSCRIPTION = { adopter: 'examine', reprendre: 'inscrit' } as const

/** What a gesture changes around the deliberation: the agenda, the session that begins, a statement drawn up before it. */
async function ranger(session: Session, inscrit: Inscrit, geste: Geste): Promise<void> {
  const { sql, dept, maintenant } = session
  const etat =
    geste.genre === 'adopter' || geste.genre === 'reprendre'
      ? ETATS_INSCRIPTION[geste.genre]
      : geste.genre === 'reporter'
        ? geste.motif === 'membre_absent'
          ? 'absent'
          : 'reporte'
        : null
  if (etat)
    await sql`update inscription set etat = ${etat}, version = version + 1 where dept = ${dept} and id = ${inscrit.id}`
  if (inscrit.etat_seance === 'prevue')
    await sql`update seance set etat = 'ouverte', ouverte_a = coalesce(ouverte_a, ${maintenant}), version = version + 1
      where dept = ${dept} and id = ${inscrit.seance} and etat = 'prevue'`
  if (inscrit.close_a !== null)
    await sql`update releve set perime = true, version = version + 1 where dept = ${dept} and seance = ${inscrit.seance} and not perime`
}

const ETAT_APRES = { adopter: 'adoptee', reporter: 'reportee', reprendre: 'ouverte' } as const
const etatApres = (genre: Geste['genre'], avant: Deliberation['etat']): Deliberation['etat'] =>
  genre in ETAT_APRES ? ETAT_APRES[genre as keyof typeof ETAT_APRES] : avant

/** Says why a gesture does not go on what is there; throws `Conflit` before anything is written. */
function exigerSuite(avant: Deliberation, inscrit: Inscrit, vu: number, { genre }: Geste, ecrit: boolean): void {
  if (avant.version !== vu && (ecrit || genre === 'adopter' || genre === 'reporter'))
    throw new Conflit(
      'deliberation.modifiee',
      `${avant.modifiee_nom ?? 'Quelqu’un'} a enregistré autre chose sur ce dossier pendant que cette page était ouverte. Rien de votre saisie n’est perdu.`,
    )
  if (inscrit.close_a !== null && genre in ETAT_APRES)
    throw new Conflit('seance.close', 'Cette séance est close : un dossier ne s’y adopte ni ne s’y reporte plus.')
  if (inscrit.close_a !== null && avant.correction === null)
    throw new Conflit('seance.close', 'Cette séance est close : ouvrir une correction de ce dossier, avec sa raison.')
  if (avant.etat !== 'ouverte' && genre !== 'reprendre' && inscrit.close_a === null)
    throw new Conflit('deliberation.adoptee', 'Ce dossier est déjà décidé : le reprendre pour y changer quelque chose.')
}

/**
 * One gesture of the session: keeps all the form says of the dossier and what it adds, then does what the gesture asks, in one transaction. `vu` is the version its
 * reader had: when somebody wrote something else since, throws `Conflit` before writing. Returns the version written. What is already there is not written again.
 */
export async function delibererSurUnDossier(
  session: Session,
  {
    seance,
    inscription,
    vu,
    saisie,
    ajouts = {},
    geste,
  }: {
    readonly seance: string
    readonly inscription: string
    readonly vu: number
    readonly saisie: SaisieDeliberation
    readonly ajouts?: Ajouts
    readonly geste: Geste
  },
): Promise<{ readonly version: number; readonly enregistre_a: Temporal.Instant }> {
  const { sql, dept, acteur, maintenant } = session
  const pris = await prendreInscription(session, seance, inscription)
  const avant = await lireDeliberation(session, inscription)
  await exigerModifiable(session, seance, avant)
  const inscrit: Ecrit = { ...pris, numero: avant.numero }
  const discours = verifierLongueur(saisie.discours, DISCOURS_MAX, 'Le discours à tenir')
  const avis = await verifierAvis(session, inscrit, saisie.avis)
  const modifie = change(avant, { ...saisie, discours }, avis)
  const deja = new Set([...avant.prononces, ...avant.notes].map(({ id }) => id))
  const { recommandation, note } = ajouts
  const neuf = [recommandation, note].some((un) => un !== undefined && !deja.has(un.envoi))
  const etat = etatApres(geste.genre, avant.etat)
  // Sent twice, or nothing new: done already.
  if (!modifie && !neuf && etat === avant.etat && !['retirer', 'effacer'].includes(geste.genre))
    return { version: avant.version, enregistre_a: avant.modifiee_a ?? maintenant }
  exigerSuite(avant, inscrit, vu, geste, modifie)
  // A refusal is shown and the transaction goes on: every check comes before the first write.
  await exigerExpertise(session, inscrit, avant.prononces, saisie.expertise)
  if (recommandation) await exigerRecommandation(session, inscrit, recommandation)
  if (note) {
    exigerMarque(note.envoi)
    verifierLongueur(note.texte, NOTE_MAX, 'La note')
  }
  if (geste.genre === 'reporter') verifierLongueur(geste.precision, TEXTE_MAX, 'Le motif du report')
  if (geste.genre === 'adopter') {
    exigerDecision(avant, saisie, ajouts)
    exigerPouvoir(session, inscrit, avis)
  }

  const id = avant.id ?? randomUUID()
  const report =
    geste.genre === 'reporter'
      ? { motif: geste.motif, precision: geste.precision }
      : geste.genre === 'reprendre'
        ? null
        : avant.report
  const contenu = (await session.coffre()).sceller({ discours, report } satisfies Contenu, placeDeliberation(id))
  const { adapte_ressources, adapte_taille, maintien } = saisie.reponses
  if (avant.id === null)
    await sql`insert into deliberation (dept, id, inscription, seance, dossier, etat, contenu, stade, ouverte_a, modifiee_a, modifiee_par)
      values (${dept}, ${id}, ${inscription}, ${seance}, ${inscrit.dossier}, 'ouverte', ${contenu}, ${inscrit.stade}, ${maintenant}, ${maintenant}, ${acteur.compte})`
  await ecrireAvis(session, id, inscrit, avant.prononces, avis)
  await ecrireExpertise(session, id, inscrit, avant.prononces, saisie.expertise)
  if (recommandation) await recommander(session, id, inscrit, recommandation)
  if (note) await noter(session, id, inscrit, note)
  if (geste.genre === 'retirer' && isUuid(geste.prononce))
    await sql`delete from prononce where dept = ${dept} and deliberation = ${id} and id = ${geste.prononce} and genre = 'recommandation'`
  if (geste.genre === 'effacer' && isUuid(geste.note))
    await sql`delete from note_debat where dept = ${dept} and deliberation = ${id} and id = ${geste.note} and par = ${acteur.compte}`
  const [ecrite] = await sql<{ version: number }>`
    update deliberation set adapte_ressources = case when ${avant.masquees.includes('adapte_ressources')} then adapte_ressources else ${adapte_ressources} end,
      adapte_taille = ${adapte_taille}, maintien = ${maintien}, contenu = ${contenu}, etat = ${etat},
      adoptee_a = ${etat === 'ouverte' ? null : etat === avant.etat ? avant.adoptee_a : maintenant},
      version = version + ${avant.id === null ? 0 : 1}, modifiee_a = ${maintenant}, modifiee_par = ${acteur.compte}
    where dept = ${dept} and id = ${id} returning version`
  if (!ecrite) throw new Introuvable()
  await ranger(session, inscrit, geste)
  session.consigner({
    action: 'deliberation.enregistrer',
    objet: 'deliberation',
    objetId: id,
    dossiers: [inscrit.dossier],
    details: { geste: geste.genre, seance },
  })
  return { version: ecrite.version, enregistre_a: maintenant }
}

/**
 * Opens the correction of a decision of a session that is closed, for a reason: a new decision, written from the one before, takes its place; what had been decided stays as
 * it was, and so does the statement that said it. The statement drawn up next asks both co-chairs again. `vu`: the version of the decision its reader had. Opened twice,
 * it is opened once.
 */
export async function ouvrirCorrection(
  session: Session,
  {
    seance,
    inscription,
    vu,
    motif,
  }: { readonly seance: string; readonly inscription: string; readonly vu: number; readonly motif: string },
): Promise<void> {
  const { sql, dept, acteur, maintenant } = session
  const inscrit = await prendreInscription(session, seance, inscription)
  if (inscrit.close_a === null)
    throw new Conflit('correction.ouverte', 'Cette séance n’est pas close : reprendre la décision au poste de séance.')
  const avant = await lireDeliberation(session, inscription)
  if (avant.id === null || avant.etat !== 'adoptee')
    throw refus(
      'correction.etat',
      'Seule une décision se corrige : un dossier reporté revient de lui-même à une prochaine séance.',
    )
  const figee = await estFigee(session, seance, avant)
  if (avant.correction !== null && !figee) return
  if (avant.version !== vu)
    throw new Conflit(
      'deliberation.modifiee',
      'Cette décision a changé pendant que cette page était ouverte : la relire.',
    )
  const raison = motif.trim()
  if (raison.length < MOTIF_MIN) throw refus('correction.motif', 'Dire pourquoi cette décision se corrige.')
  verifierLongueur(raison, TEXTE_MAX, 'La raison')
  const [{ numero: dernier = 1 } = {}] = await sql<{ numero: number }>`
    select max(numero) as numero from releve where dept = ${dept} and seance = ${seance}`
  const numero = figee ? dernier + 1 : avant.numero
  const id = randomUUID()
  const coffre = await session.coffre()
  const contenu = coffre.sceller({ discours: avant.discours, report: null } satisfies Contenu, placeDeliberation(id))
  await sql`update deliberation set remplacee_a = ${maintenant} where dept = ${dept} and id = ${avant.id}`
  await sql`insert into deliberation (dept, id, inscription, seance, dossier, etat, adapte_ressources, adapte_taille, maintien, contenu, stade, ouverte_a, modifiee_a,
      modifiee_par, adoptee_a, numero, remplace, motif)
    select dept, ${id}, inscription, seance, dossier, etat, adapte_ressources, adapte_taille, maintien, ${contenu}, stade, ${maintenant}, ${maintenant}, ${acteur.compte},
      adoptee_a, ${numero}, id, ${coffre.sceller(raison, placeCorrection(id), 64)}
    from deliberation where dept = ${dept} and id = ${avant.id}`
  const copies = avant.prononces.map(({ id: de, texte, destinataire }) => {
    const copie = randomUUID()
    return { de, id: copie, contenu: coffre.sceller({ texte, destinataire }, placePrononce(copie)) }
  })
  await sql`insert into prononce (dept, id, deliberation, seance, dossier, genre, code, sens, pouvoir, cud, avdl, contenu, organisme, avant_choisi, etat, numero)
    select p.dept, x.id, ${id}, p.seance, p.dossier, p.genre, p.code, p.sens, p.pouvoir, p.cud, p.avdl, x.contenu, p.organisme, p.avant_choisi, 'projet', ${numero}
    from jsonb_to_recordset(${JSON.stringify(copies)}::jsonb) as x(de uuid, id uuid, contenu text) join prononce p on p.dept = ${dept} and p.id = x.de order by p.rang`
  await sql`update releve set perime = true, version = version + 1 where dept = ${dept} and seance = ${seance} and not perime`
  session.consigner({
    action: 'deliberation.corriger',
    objet: 'deliberation',
    objetId: id,
    dossiers: [inscrit.dossier],
    details: { seance, remplace: avant.id, releve: numero },
  })
}
