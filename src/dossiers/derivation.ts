import type { Session } from '#acces'
import {
  type ActeConsigne,
  type Acte as ActeDuCalcul,
  type Avertissement,
  type ContenuActe,
  calculerEcheances,
  calculerStade,
  calculerSuspensions,
  decrireGenre,
  deduireSituation,
  ETAPES,
  ecrireJour,
  enActes,
  estGenreActe,
  etablirFaits,
  etablirSituation,
  listerActesDuCycle,
  situerSurendettement,
  verifierCoherence,
} from '#procedure'
import {
  type ConstatCritere,
  type Departement,
  evaluerCriteres,
  evaluerSeuilCommandement,
  type Faits,
} from '#referentiel'
import {
  decrireBail,
  decrireLogement,
  decrireMenage,
  historiqueDette,
  listerActes,
  mesurerSerie,
  suivisRenseignes,
  trierSignaux,
} from './menage.ts'
import type {
  Acte,
  ActeSaisi,
  Bail,
  CritereAtteint,
  Echeance,
  Logement,
  Menage,
  ResultatSeuil,
  SignalDuDossier,
  SituationProcedure,
} from './types.ts'

/** What attached signalements alone say that something entered by hand may change. */
export interface Signale {
  readonly actes: readonly Acte[]
  readonly dette: number | null
  readonly detteLe: string | null
  /** Absent from dossiers derived before people could say who the landlord and the household are: nothing was said then. */
  readonly bail?: Bail
  readonly visale?: boolean | null
  /** The territory of the commune; a person may have given another since. */
  readonly territoire?: string | null
}

/** What attached signalements say, before anything entered by hand. */
export interface SelonSignalements extends Signale {
  readonly territoire: string | null
  readonly menage: Menage
  readonly logement: Logement
  readonly bail: Bail
  readonly detteEnHausse: boolean
  readonly sources: number
  readonly recurrence: boolean
  /** Words that no act changes. */
  readonly faits: Faits
  readonly codeInsee: string | null
  readonly commune: string
  readonly signaux: number
  readonly premierSignalLe: string | null
  readonly dernierSignalLe: string | null
}

/** What people said of the landlord and of the household is taken off: a dossier starts again from what its signalements say. */
export function rendreQualites(
  { bail, menage }: Pick<SelonSignalements, 'bail' | 'menage'>,
  signale: Signale | null,
): Pick<SelonSignalements, 'bail' | 'menage'> {
  const { allocataire: _, accompagne: __, typeFamille: ___, ...recu } = menage
  return {
    bail: signale?.bail ?? bail,
    menage: signale?.visale === undefined ? recu : { ...recu, garantieVisale: signale.visale ?? undefined },
  }
}

/** Who the landlord and the household are, as people said it (SIG-26, SIG-27): for each thing, the last that was said; the signalements for the rest. */
function qualifier(
  { bail, menage }: Pick<SelonSignalements, 'bail' | 'menage'>,
  consignes: readonly ActeConsigne[],
): Pick<SelonSignalements, 'bail' | 'menage'> {
  const dits = (genre: string): Readonly<Record<string, unknown>> =>
    Object.assign(
      {},
      ...consignes
        .filter((acte) => acte.genre === genre)
        .toSorted((a, b) => Temporal.PlainDate.compare(a.le, b.le))
        .map(({ contenu }) => contenu),
    )
  const bailleur = dits('bailleur_qualifie')
  const foyer = dits('menage_qualifie')
  const connus = (dit: Readonly<Record<string, unknown>>) =>
    Object.fromEntries(Object.entries(dit).filter(([, valeur]) => valeur !== undefined))
  return {
    bail: {
      ...bail,
      ...connus({
        bailleurNature: bailleur.nature,
        bailleurGestionDirecte: bailleur.gestion && bailleur.gestion === 'directe',
        bailleurAnneeNaissance: bailleur.annee_naissance,
        conventionneAnah: bailleur.conventionne_anah,
      }),
    },
    menage: {
      ...menage,
      ...connus({
        garantieVisale: foyer.visale,
        allocataire: foyer.allocataire,
        accompagne: foyer.accompagne,
        typeFamille: foyer.famille,
      }),
    },
  }
}

/** Words of the rules that the landlord and the guarantee decide, whoever said them. */
const decrireQualites = (
  { bail, menage }: Pick<SelonSignalements, 'bail' | 'menage'>,
  jour: Temporal.PlainDate,
): Faits =>
  ({
    'bailleur.nature': bail.bailleurNature,
    'bailleur.gestion_directe': bail.bailleurGestionDirecte,
    'bailleur.age_dans_l_annee':
      bail.bailleurAnneeNaissance === undefined ? undefined : jour.year - bail.bailleurAnneeNaissance,
    'logement.conventionne_anah': bail.conventionneAnah,
    'garantie.visale_activee': menage.garantieVisale,
    // Visale is one of them: without another, it says it alone.
    ...(menage.garantieActionLogement ? { 'garantie.action_logement_activee': true } : {}),
    ...(menage.allocataire === undefined || menage.allocataire === 'non'
      ? {}
      : { 'aide_logement.organisme': menage.allocataire }),
  }) as Faits

/** Everything a dossier says of itself, computed from its attached signalements and from what people entered. */
export interface DossierDerive {
  readonly dossier: string
  readonly reference: string
  readonly menage: Menage
  readonly logement: Logement
  readonly bail: Bail
  readonly actes: readonly Acte[]
  readonly situation: SituationProcedure | null
  /** Kept only when something entered by hand was added: what to start again from. */
  readonly signale: Signale | null
  readonly stade: string
  readonly stadeRang: number
  readonly stadeLe: string | null
  readonly phase: string
  readonly audienceLe: string | null
  readonly dette: number | null
  readonly detteLe: string | null
  readonly detteEnHausse: boolean
  readonly sources: number
  readonly enSerie: boolean
  readonly recurrence: boolean
  readonly criteres: readonly CritereAtteint[]
  readonly vulnerable: boolean | null
  readonly seuil: ResultatSeuil | null
  readonly echeances: readonly Echeance[]
  readonly faits: Faits
  readonly codeInsee: string | null
  readonly territoire: string | null
  readonly commune: string
  readonly signaux: number
  readonly premierSignalLe: string | null
  readonly dernierSignalLe: string | null
}

type Contexte = Pick<Session, 'referentiel' | 'delais' | 'dept' | 'jour'>

/** Signalements that date the arrears rather than an act of a bailiff or a court. */
const IMPAYES = new Set([
  'impaye',
  'impaye_caf',
  'impaye_msa',
  'impaye_bailleur_social',
  'demande_fsl',
  'saisine_partenaire',
  'alerte_plus_de_70_ans',
  'garantie_action_logement',
])

/** Within a day, the order of the procedure: an unpaid rent first, whoever reported it. */
const rangDe = ({ type }: Acte): number => (ETAPES as readonly string[]).indexOf(type)

/** Whether an act of a dossier is the arrears themselves, established that day. */
export const estImpaye = ({ type }: Pick<Acte, 'type'>): boolean => IMPAYES.has(type)

const idDe = (acte: Acte): string => acte.saisie ?? acte.signalement

/** An act a signalement reported, in the words of the catalogue. */
function enConsigne(acte: Acte): ActeConsigne[] {
  const genre = estImpaye(acte) ? 'impaye_constitue' : acte.type
  if (!estGenreActe(genre)) return []
  return [
    {
      id: idDe(acte),
      genre,
      le: Temporal.PlainDate.from(acte.le),
      contenu: {
        ...(acte.decision ? { decision: acte.decision } : {}),
        ...(acte.audienceLe ? { audience_le: acte.audienceLe } : {}),
      },
    },
  ]
}

/** The same, entered by hand. One of a kind that a later version removed counts for nothing, and stays in the chronology. */
function saisieEnConsigne({ racine, genre, le, contenu }: ActeSaisi): ActeConsigne[] {
  return estGenreActe(genre) ? [{ id: racine, genre, le: Temporal.PlainDate.from(le), contenu }] : []
}

const texteDe = (contenu: ContenuActe, champ: string): string | undefined => {
  const valeur = contenu[champ]
  return typeof valeur === 'string' ? valeur : undefined
}

/** An act entered by hand as the list of acts shows it; null when it dates no step. What says more than the procedure is not in it. */
function saisieEnActe({ racine, genre, le, contenu, organismeNom }: ActeSaisi): Acte | null {
  const type = estGenreActe(genre) ? decrireGenre(genre).etape : undefined
  if (type === undefined) return null
  const montant = contenu.montant
  return {
    type,
    le,
    signalement: '',
    saisie: racine,
    organisme: organismeNom,
    montant: genre !== 'jugement' && typeof montant === 'number' ? montant : undefined,
    audienceLe: texteDe(contenu, genre === 'audience' ? 'renvoi_le' : 'audience_le'),
    tribunal: texteDe(contenu, 'tribunal'),
    decision: texteDe(contenu, 'decision'),
  }
}

/** Two sources of the same act, the same day, make one: what a person entered prevails, the signalement fills the rest. */
function fondre(signale: Acte, saisi: Acte): Acte {
  return {
    ...saisi,
    type: signale.type,
    signalement: signale.signalement,
    montant: saisi.montant ?? signale.montant,
    audienceLe: saisi.audienceLe ?? signale.audienceLe,
    tribunal: saisi.tribunal ?? signale.tribunal,
    decision: saisi.decision ?? signale.decision,
  }
}

/** The acts that count, from both sources, and their form for the computations. */
export function reunirActes(
  signales: readonly Acte[],
  tousSaisis: readonly ActeSaisi[],
): { readonly actes: readonly Acte[]; readonly consignes: readonly ActeConsigne[] } {
  // What corrects a signalement counts with it: it leaves with it, and comes back with it.
  const presents = new Set(signales.map(({ signalement }) => signalement))
  const saisis = tousSaisis.filter(({ signalement }) => signalement === null || presents.has(signalement))
  if (saisis.length === 0) return { actes: signales, consignes: signales.flatMap(enConsigne) }
  const repris = new Map(saisis.flatMap((un) => (un.signalement ? [[un.signalement, un] as const] : [])))
  const vifs = saisis.filter(({ nature }) => nature !== 'annule')
  const famille = (type: string) => (IMPAYES.has(type) ? 'impaye' : type)
  const restants = signales.filter(({ signalement }) => !repris.has(signalement))
  const doubles = new Set<Acte>()
  const saisisEnActes = vifs.flatMap((saisi): Acte[] => {
    const acte = saisieEnActe(saisi)
    if (!acte) return []
    const source = saisi.signalement
      ? signales.find(({ signalement }) => signalement === saisi.signalement)
      : restants.find((un) => famille(un.type) === famille(acte.type) && un.le === acte.le && !doubles.has(un))
    if (!source) return [acte]
    doubles.add(source)
    // A corrected act keeps where it came from, and nothing of what it said.
    return [saisi.signalement ? { ...acte, signalement: source.signalement } : fondre(source, acte)]
  })
  const gardes = restants.filter((un) => !doubles.has(un))
  const fondus = new Map(saisisEnActes.map((acte) => [acte.saisie, acte]))
  return {
    actes: [...gardes, ...saisisEnActes].sort((a, b) => a.le.localeCompare(b.le) || rangDe(a) - rangDe(b)),
    consignes: [
      ...gardes.flatMap(enConsigne),
      ...vifs.flatMap(saisieEnConsigne).map((consigne) => completer(consigne, fondus.get(consigne.id))),
    ],
  }
}

/** What the signalement of the same act adds to it. */
function completer(consigne: ActeConsigne, acte: Acte | undefined): ActeConsigne {
  if (!acte?.signalement) return consigne
  return {
    ...consigne,
    contenu: {
      ...(acte.decision && consigne.genre === 'jugement' ? { decision: acte.decision } : {}),
      ...(acte.audienceLe && consigne.genre === 'assignation' ? { audience_le: acte.audienceLe } : {}),
      ...consigne.contenu,
    },
  }
}

/** The debt an act reported, as a person corrected that act: the amount is the one they read on it. */
function corrigerDette(
  selon: Pick<Signale, 'actes' | 'dette' | 'detteLe'>,
  saisis: readonly ActeSaisi[],
): Pick<Signale, 'dette' | 'detteLe'> {
  const source = selon.dette === null ? undefined : selon.actes.findLast(({ montant }) => montant === selon.dette)
  const correction = source && saisis.find(({ signalement }) => signalement === source.signalement)
  const montant = correction?.nature === 'annule' ? undefined : correction?.contenu.montant
  return typeof montant === 'number' ? { dette: montant, detteLe: selon.detteLe } : selon
}

/** The newest known amount of the debt: what people noted at a date, or what signalements say. */
function choisirDette(signale: Signale, saisis: readonly ActeSaisi[]): Pick<Signale, 'dette' | 'detteLe'> {
  const selon = corrigerDette(signale, saisis)
  const notees = saisis
    .filter(({ nature, genre }) => nature !== 'annule' && (genre === 'dette_relevee' || genre === 'dette_soldee'))
    .toSorted((a, b) => a.le.localeCompare(b.le))
  const derniere = notees.at(-1)
  if (!derniere || (selon.detteLe !== null && selon.detteLe > derniere.le)) return selon
  const montant = derniere.genre === 'dette_soldee' ? 0 : derniere.contenu.montant
  return typeof montant === 'number' ? { dette: montant, detteLe: derniere.le } : selon
}

function age(naissance: string | undefined, jour: Temporal.PlainDate): number | undefined {
  return naissance === undefined
    ? undefined
    : Temporal.PlainDate.from(naissance).until(jour, { largestUnit: 'years' }).years
}

/** Words rules may read that no act changes, as far as the signalements say them. What nobody said stays absent: unknown is not false. */
function decrireFaits(
  derive: { menage: Menage; bail: Bail; logement: Logement; sources: number; recurrence: boolean },
  signaux: readonly SignalDuDossier[],
  jour: Temporal.PlainDate,
): Faits {
  const { menage, logement } = derive
  const renseignes = suivisRenseignes(signaux)
  const connu = (service: string) =>
    menage.suivis.includes(service) ? true : renseignes.includes(service) ? false : undefined
  const payeurs = { impaye_caf: 'caf', impaye_msa: 'msa' } as const
  const payeur = signaux
    .map((signal) => payeurs[signal.type as keyof typeof payeurs])
    .find((organisme) => organisme !== undefined)
  return {
    'menage.enfants_a_charge': menage.enfantsACharge,
    'menage.situation_familiale': menage.situationFamiliale as 'seul' | 'couple' | undefined,
    'menage.age_titulaire': age(menage.titulaire.dateNaissance, jour),
    'menage.cotitulaire': menage.conjoint ? true : menage.situationFamiliale === 'seul' ? false : undefined,
    'menage.age_cotitulaire': age(menage.conjoint?.dateNaissance, jour),
    'menage.rsa': menage.rsa,
    'menage.handicap': menage.handicap,
    'aide_logement.percue': menage.aideLogement,
    'aide_logement.organisme': payeur ?? (menage.numeroAllocataire ? 'caf' : undefined),
    'logement.parc_prive': logement.parc === undefined ? undefined : logement.parc === 'prive',
    ...decrireQualites(derive, jour),
    'connu.departement': connu('departement'),
    'connu.ccas': connu('ccas'),
    'connu.caf': connu('caf'),
    'connu.adil': connu('adil'),
    'signaux.sources_distinctes_6_mois': derive.sources,
    'signaux.recurrence': derive.recurrence,
    'signaux.saisine_partenaire': signaux.some((signal) => signal.type === 'saisine_partenaire'),
  } as Faits
}

/** Words that acts and the debt decide. */
function decrireFaitsDesActes(
  { stade, dette, seuil }: { stade: string; dette: number | null; seuil: ResultatSeuil | null },
  actes: readonly Acte[],
): Faits {
  const decision = actes.findLast((acte) => acte.type === 'jugement')?.decision
  return {
    'dette.montant': dette ?? undefined,
    'dette.atteint_seuil_signalement':
      seuil?.etat === 'atteint' ? true : seuil?.etat === 'non_atteint' ? false : undefined,
    'jugement.delais_accordes': decision === undefined ? undefined : decision === 'delais',
    'procedure.stade': stade,
  } as Faits
}

const MESURES_EN_COURS: ReadonlySet<unknown> = new Set(['accordee', 'validee', 'adhesion'])

/** Words that only people say, by an act: the last one of its kind holds, and what nobody said stays unknown. */
function decrireFaitsDesSaisies(consignes: readonly ActeConsigne[], jour: Temporal.PlainDate): Faits {
  const connus = consignes
    .filter(({ le }) => Temporal.PlainDate.compare(le, jour) <= 0)
    .toSorted((a, b) => Temporal.PlainDate.compare(a.le, b.le))
  const dernier = (...genres: readonly string[]) => connus.findLast(({ genre }) => genres.includes(genre))
  const fini = ({ contenu }: ActeConsigne) => typeof contenu.fin_le === 'string' && contenu.fin_le <= jour.toString()
  const protection = dernier('mesure_protection')
  const mesure = dernier('asll', 'avdl')
  const psychiques = connus.filter(({ genre, contenu }) => genre === 'problematique' && contenu.type === 'psychique')
  const surendettement = situerSurendettement(consignes, jour)
  return {
    'menage.mesure_de_protection': protection && (fini(protection) ? 'aucune' : texteDe(protection.contenu, 'type')),
    'menage.souffrance_psychique_reperee': psychiques.length === 0 ? undefined : psychiques.some((acte) => !fini(acte)),
    'accompagnement.mesure': mesure && mesureEnCours(mesure),
    'accompagnement.avdl_prescrite': connus.some(
      ({ genre, contenu }) => genre === 'avdl' && contenu.etape === 'prescrite',
    )
      ? true
      : undefined,
    'surendettement.dossier': surendettement === null ? undefined : surendettement.etat !== 'irrecevable',
    'fsl.demande': connus.some(({ genre }) => genre === 'fsl_demande') ? true : undefined,
    // One noted by hand activates it; the signalements say it otherwise.
    ...(connus.some(({ genre, contenu }) => genre === 'garantie' && contenu.type === 'visale')
      ? { 'garantie.visale_activee': true }
      : {}),
    ...(connus.some(
      ({ genre, contenu }) => genre === 'garantie' && (contenu.type === 'visale' || contenu.type === 'action_logement'),
    )
      ? { 'garantie.action_logement_activee': true }
      : {}),
  } as Faits
}

/** The measure of social support an act leaves under way; unknown while it is only asked for. */
function mesureEnCours({ genre, contenu }: ActeConsigne): string | undefined {
  if (genre === 'avdl') return contenu.etape === 'terminee' || contenu.etape === 'refus' ? 'aucune' : 'avdl'
  if (MESURES_EN_COURS.has(contenu.etat)) return 'asll'
  return contenu.etat === 'refus' || contenu.etat === 'terminee' ? 'aucune' : undefined
}

/** Words that come near health: criteria that read one are shown only to those entitled. */
export const MOTS_DE_SANTE: readonly string[] = ['menage.handicap', 'menage.souffrance_psychique_reperee']

function enCritere(constat: ConstatCritere): CritereAtteint[] {
  if (constat.groupe !== 'auto_saisine' && constat.groupe !== 'vulnerabilite') return []
  if (constat.etat !== 'retenu') return []
  return [
    {
      id: constat.critere,
      libelle: constat.libelle,
      court: constat.libelle,
      genre: constat.groupe,
      etat: 'atteint',
      source: constat.source.titre,
      valeurs: constat.valeurs,
      sante: Object.keys(constat.valeurs).some((mot) => MOTS_DE_SANTE.includes(mot)),
    },
  ]
}

function evaluerSeuil(
  departement: Departement,
  session: Contexte,
  actes: readonly Acte[],
  bail: Bail,
): ResultatSeuil | null {
  const commandement = actes.findLast((acte) => acte.type === 'commandement_de_payer')
  if (!commandement) return null
  const decision = evaluerSeuilCommandement(session.referentiel, departement.code, {
    date_acte: Temporal.PlainDate.from(commandement.le),
    bailleur_nature: bail.bailleurNature,
    dette: commandement.montant,
    loyer: bail.loyer,
    dette_depuis: bail.detteDepuis === undefined ? undefined : Temporal.PlainDate.from(bail.detteDepuis),
  })
  return {
    etat: decision.resultat,
    motif: decision.motif,
    source: decision.source?.titre ?? '',
    ...(decision.reserve ? { reserve: decision.reserve } : {}),
  }
}

/** What attached signalements say of a dossier on a day. The order they came in does not matter. */
function lireSignalements(signauxRecus: readonly SignalDuDossier[], jour: Temporal.PlainDate): SelonSignalements {
  const signaux = trierSignaux(signauxRecus)
  const menage = decrireMenage(signaux)
  const logement = decrireLogement(signaux)
  const bail = decrireBail(signaux)
  const dette = historiqueDette(signaux).at(-1)
  const serie = mesurerSerie(signaux, jour)
  const lieu = signaux.find((signal) => signal.territoire !== null) ?? signaux[0]
  return {
    menage,
    logement,
    bail,
    actes: listerActes(signaux),
    dette: dette?.montant ?? null,
    detteLe: dette?.le ?? null,
    detteEnHausse: serie.detteEnHausse,
    sources: serie.sources,
    recurrence: serie.recurrence,
    faits: decrireFaits({ menage, bail, logement, ...serie }, signaux, jour),
    codeInsee: lieu?.codeInsee ?? null,
    territoire: lieu?.territoire ?? null,
    commune: lieu?.commune ?? '',
    signaux: signaux.length,
    premierSignalLe: signaux.at(-1)?.dateSignalement ?? null,
    dernierSignalLe: signaux[0]?.dateSignalement ?? null,
  }
}

/**
 * What the attached signalements and what people entered make of a dossier on a day: household, stage, debt, criteria, legal deadlines. Pure: the same
 * signalements in any order give the same dossier, so that undoing an attachment is deriving again.
 */
export function deriver(
  session: Contexte,
  dossier: { id: string; reference: string },
  signaux: readonly SignalDuDossier[],
  saisis: readonly ActeSaisi[] = [],
): DossierDerive {
  return conclure(session, dossier, lireSignalements(signaux, session.jour), saisis)
}

/** The dossier, from what its signalements say and from what people entered. */
export function conclure(
  session: Contexte,
  dossier: { id: string; reference: string },
  selon: SelonSignalements,
  saisis: readonly ActeSaisi[],
): DossierDerive {
  const { jour } = session
  const departement = session.referentiel.departements.get(session.dept)
  if (!departement) throw new Error(`département ${session.dept} absent from the référentiel`)
  const { logement } = selon
  const { actes, consignes } = reunirActes(selon.actes, saisis)
  const { bail, menage } = qualifier(selon, consignes)
  const deProcedure = consignes.flatMap(enActes)
  const stade = calculerStade(deProcedure, jour)
  const cycle = new Set(listerActesDuCycle(deProcedure, jour).map(({ id }) => id))
  const seuil = evaluerSeuil(departement, session, actes, bail)
  const etape = stade.stade === 'prevention' ? 'impaye' : stade.etape
  const { dette, detteLe } = choisirDette(selon, saisis)
  const faits = {
    ...selon.faits,
    ...decrireQualites({ bail, menage }, jour),
    ...decrireFaitsDesSaisies(consignes, jour),
    ...decrireFaitsDesActes({ stade: etape, dette, seuil }, actes),
  }
  const bilan = evaluerCriteres(departement, faits, jour)
  // A hearing to come counts whatever said it: a summons that gives its date, or the hearing itself entered ahead.
  const audience = actes
    .map((acte) => ({
      le: acte.type === 'audience' ? (acte.audienceLe ?? acte.le) : acte.audienceLe,
      duCycle: cycle.has(idDe(acte)),
    }))
    .filter(({ le, duCycle }) => le !== undefined && (duCycle || le >= jour.toString()))
    .at(-1)?.le
  const echeances = calculerEcheancesDuDossier(session, deProcedure, consignes, bail)
  return {
    dossier: dossier.id,
    reference: dossier.reference,
    menage,
    logement,
    bail,
    actes,
    situation: decrireSituation(session, consignes, bail, echeances, new Set(saisis.map(({ racine }) => racine))),
    signale:
      saisis.length === 0
        ? null
        : {
            actes: selon.actes,
            dette: selon.dette,
            detteLe: selon.detteLe,
            territoire: selon.territoire,
            bail: selon.bail,
            visale: selon.menage.garantieVisale ?? null,
          },
    stade: etape,
    stadeRang: Math.max(stade.rang, 1),
    stadeLe: stade.depuis?.toString() ?? null,
    phase: stade.phase ?? 'amiable',
    audienceLe: audience ?? null,
    dette,
    detteLe,
    detteEnHausse: selon.detteEnHausse,
    sources: selon.sources,
    enSerie: selon.sources > 1 || selon.detteEnHausse,
    recurrence: selon.recurrence,
    criteres: bilan.constats.flatMap(enCritere),
    vulnerable: bilan.vulnerable,
    seuil,
    echeances: echeances.filter(({ cle }) => !estDeDette(session, cle)),
    faits,
    codeInsee: selon.codeInsee,
    territoire: territoireSaisi(saisis, jour, departement.territoires.territoires) ?? selon.territoire,
    commune: selon.commune,
    signaux: selon.signaux,
    premierSignalLe: selon.premierSignalLe,
    dernierSignalLe: selon.dernierSignalLe,
  }
}

/** The territory a person gave the dossier, by the latest change in force (TER-10); null: the commune of its signalements decides. */
function territoireSaisi(
  saisis: readonly ActeSaisi[],
  jour: Temporal.PlainDate,
  connus: readonly { readonly id: string }[],
): string | null {
  const dernier = saisis
    .filter(
      ({ genre, nature, le }) => genre === 'changement_territoire' && nature !== 'annule' && le <= jour.toString(),
    )
    .toSorted((a, b) => a.le.localeCompare(b.le))
    .at(-1)
  const territoire = dernier && texteDe(dernier.contenu, 'territoire')
  return connus.some(({ id }) => id === territoire) ? (territoire ?? null) : null
}

/** Legal dates that would tell of an over-indebtedness procedure are read with the debt. */
function estDeDette({ delais }: Contexte, cle: string): boolean {
  return delais.liste.find(({ nom }) => nom === cle)?.etape === 'surendettement'
}

/** What looks impossible in the acts of a dossier, all groups together. */
export function avertirDe(session: Contexte, consignes: readonly ActeConsigne[], bail: Bail): readonly Avertissement[] {
  const concluLe = bail.dateBail ? Temporal.PlainDate.from(bail.dateBail) : null
  return verifierCoherence(consignes, session.jour, session.delais.calendrier, concluLe)
}

/** Warnings that only say what nobody reported: senders of files report some acts and not others, so these are for what a person enters. */
const MANQUES: ReadonlySet<string> = new Set(['attendu', 'sans-concours', 'premier-protocole', 'delais'])

/** What acts make of the dossier beyond its step; null for the many that have nothing to say. */
function decrireSituation(
  session: Contexte,
  consignes: readonly ActeConsigne[],
  bail: Bail,
  echeances: readonly Echeance[],
  saisis: ReadonlySet<string>,
): SituationProcedure | null {
  const suspensions = calculerSuspensions(consignes, session.jour, session.delais.suspensions)
  const surendettement = situerSurendettement(consignes, session.jour)
  const avertissements = avertirDe(session, consignes, bail).filter(
    ({ code, acte }) => saisis.has(acte) || !MANQUES.has(code),
  )
  if (suspensions.length === 0 && surendettement === null && avertissements.length === 0) return null
  return {
    suspensions: suspensions.filter(({ motif }) => motif !== 'surendettement'),
    suspensionsDette: suspensions.filter(({ motif }) => motif === 'surendettement'),
    surendettement,
    // Those of another group are said where its acts are read.
    avertissements: avertissements.filter(({ groupe }) => groupe === 'procedure'),
    echeancesDette: echeances.filter(({ cle }) => estDeDette(session, cle)),
  }
}

/** Day of the lease the order to pay is about: the one signalled, or a newer one signed before the order. */
function dernierBail(
  { jour }: Contexte,
  actes: readonly ActeDuCalcul[],
  consignes: readonly ActeConsigne[],
  bail: Bail,
): Temporal.PlainDate | null {
  const commandement = actes.findLast(({ type }) => type === 'commandement_de_payer')?.le ?? jour
  return (
    [
      ...(bail.dateBail ? [Temporal.PlainDate.from(bail.dateBail)] : []),
      ...consignes
        .filter(({ genre, le }) => genre === 'nouveau_bail' && Temporal.PlainDate.compare(le, commandement) <= 0)
        .map(({ le }) => le),
    ]
      .toSorted(Temporal.PlainDate.compare)
      .at(-1) ?? null
  )
}

/**
 * Legal time limits of the procedure, as dates to know. They are terms here, not tasks: who kept them is not always reported to Amont, so that none may be
 * called late on silence alone. Tasks come with the service in charge.
 */
function calculerEcheancesDuDossier(
  session: Contexte,
  actes: readonly ActeDuCalcul[],
  consignes: readonly ActeConsigne[],
  bail: Bail,
): Echeance[] {
  const dossier = {
    actes,
    bail: { concluLe: dernierBail(session, actes, consignes, bail) },
    situation: { ...deduireSituation(bail.bailleurNature), ...etablirSituation(consignes, session.jour) },
    faits: etablirFaits(consignes, session.jour),
  }
  return calculerEcheances(dossier, session.delais, session.jour).flatMap(
    ({ delai, nature, etat, le, jours, tenueLe, resultat }): Echeance[] => {
      if (le === null || resultat.issue !== 'calculee' || etat === 'sans_objet') return []
      const explication = resultat.explications[0]
      const deuxLectures = !resultat.limiteLe.equals(le)
      const differe = resultat.lectures[0]?.effetDiffere
      const reserves = [
        ...resultat.reserves,
        ...(differe ? [`${differe.libelle} au ${ecrireJour(differe.le)} : ${differe.causes.join(', puis ')}.`] : []),
      ]
      return [
        {
          cle: delai.nom,
          libelle: delai.libelleCourt,
          le: le.toString(),
          ...(deuxLectures ? { autreLe: resultat.limiteLe.toString() } : {}),
          genre: 'terme',
          ...(tenueLe ? { tenueLe: tenueLe.toString() } : {}),
          ...(tenueLe === null && (nature === 'obligation' || nature === 'controle')
            ? { sansPreuve: true as const }
            : {}),
          ...(tenueLe && etat === 'depassee' ? { retard: -(jours ?? 0) } : {}),
          depart: explication.depart,
          calcul: explication.calcul,
          source: explication.source,
          fiabilite: explication.fiabilite,
          aVerifier: resultat.aVerifier,
          ...(reserves.length > 0 ? { reserve: reserves.join(' ') } : {}),
        },
      ]
    },
  )
}
