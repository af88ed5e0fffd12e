import type { Session } from '#acces'
import {
  type ActeDeProcedure,
  calculerEcheances,
  calculerStade,
  type Decision,
  deduireSituation,
  listerActesDuCycle,
  TYPES_ACTE,
  type TypeActe,
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
import type { Acte, Bail, CritereAtteint, Echeance, Logement, Menage, ResultatSeuil, SignalDuDossier } from './types.ts'

/** Everything a dossier says of itself, computed from its attached signalements. */
export interface DossierDerive {
  readonly dossier: string
  readonly reference: string
  readonly menage: Menage
  readonly logement: Logement
  readonly bail: Bail
  readonly actes: readonly Acte[]
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

function estTypeActe(type: string): type is TypeActe {
  return type in TYPES_ACTE
}

/** Signalements that date the arrears rather than an act of a bailiff or a court. */
const IMPAYES = new Set(['impaye_caf', 'impaye_msa', 'impaye_bailleur_social', 'demande_fsl', 'saisine_partenaire'])

function enActesDeProcedure(actes: readonly Acte[]): ActeDeProcedure[] {
  return actes.flatMap((acte): ActeDeProcedure[] => {
    const type = IMPAYES.has(acte.type) ? 'impaye' : acte.type
    if (!estTypeActe(type)) return []
    return [
      {
        id: acte.signalement,
        type,
        le: Temporal.PlainDate.from(acte.le),
        ...(acte.decision ? { decision: acte.decision as Decision } : {}),
        ...(acte.audienceLe ? { audienceLe: Temporal.PlainDate.from(acte.audienceLe) } : {}),
      },
    ]
  })
}

function age(naissance: string | undefined, jour: Temporal.PlainDate): number | undefined {
  return naissance === undefined
    ? undefined
    : Temporal.PlainDate.from(naissance).until(jour, { largestUnit: 'years' }).years
}

/** Words rules may read, as far as the signalements say them. What nobody said stays absent: unknown is not false. */
function decrireFaits(
  derive: {
    menage: Menage
    bail: Bail
    logement: Logement
    stade: string
    dette: number | null
    sources: number
    recurrence: boolean
    seuil: ResultatSeuil | null
  },
  signaux: readonly SignalDuDossier[],
  actes: readonly Acte[],
  jour: Temporal.PlainDate,
): Faits {
  const { menage, bail, logement } = derive
  const renseignes = suivisRenseignes(signaux)
  const connu = (service: string) =>
    menage.suivis.includes(service) ? true : renseignes.includes(service) ? false : undefined
  const decision = actes.findLast((acte) => acte.type === 'jugement')?.decision
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
    'bailleur.nature': bail.bailleurNature,
    'bailleur.gestion_directe': bail.bailleurGestionDirecte,
    'bailleur.age_dans_l_annee':
      bail.bailleurAnneeNaissance === undefined ? undefined : jour.year - bail.bailleurAnneeNaissance,
    'dette.montant': derive.dette ?? undefined,
    'dette.atteint_seuil_signalement':
      derive.seuil?.etat === 'atteint' ? true : derive.seuil?.etat === 'non_atteint' ? false : undefined,
    'garantie.visale_activee': menage.garantieVisale,
    'connu.departement': connu('departement'),
    'connu.ccas': connu('ccas'),
    'connu.caf': connu('caf'),
    'connu.adil': connu('adil'),
    'signaux.sources_distinctes_6_mois': derive.sources,
    'signaux.recurrence': derive.recurrence,
    'signaux.saisine_partenaire': signaux.some((signal) => signal.type === 'saisine_partenaire'),
    'jugement.delais_accordes': decision === undefined ? undefined : decision === 'delais',
    'procedure.stade': derive.stade,
  } as Faits
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

/**
 * What the attached signalements make of a dossier on a day: household, stage, debt, criteria, legal deadlines. Pure: the same signalements in any
 * order give the same dossier, so that undoing an attachment is deriving again.
 */
export function deriver(
  session: Contexte,
  dossier: { id: string; reference: string },
  signauxRecus: readonly SignalDuDossier[],
): DossierDerive {
  const { jour } = session
  const departement = session.referentiel.departements.get(session.dept)
  if (!departement) throw new Error(`département ${session.dept} absent from the référentiel`)
  const signaux = trierSignaux(signauxRecus)
  const menage = decrireMenage(signaux)
  const logement = decrireLogement(signaux)
  const bail = decrireBail(signaux)
  const actes = listerActes(signaux)
  const deProcedure = enActesDeProcedure(actes)
  const stade = calculerStade(deProcedure, jour)
  const cycle = listerActesDuCycle(deProcedure, jour)
  const dettes = historiqueDette(signaux)
  const dette = dettes.at(-1)
  const serie = mesurerSerie(signaux, jour)
  const seuil = evaluerSeuil(departement, session, actes, bail)
  const etape = stade.stade === 'prevention' ? 'impaye' : stade.etape
  const base = {
    menage,
    bail,
    logement,
    stade: etape,
    dette: dette?.montant ?? null,
    sources: serie.sources,
    recurrence: serie.recurrence,
    seuil,
  }
  const faits = decrireFaits(base, signaux, actes, jour)
  const bilan = evaluerCriteres(departement, faits, jour)
  const audience = [...actes]
    .filter(
      (acte) =>
        cycle.some((du) => du.id === acte.signalement) ||
        (acte.audienceLe !== undefined && acte.audienceLe >= jour.toString()),
    )
    .map((acte) => (acte.type === 'audience' ? acte.le : acte.audienceLe))
    .findLast((le) => le !== undefined)
  const lieu = signaux.find((signal) => signal.territoire !== null) ?? signaux[0]
  return {
    dossier: dossier.id,
    reference: dossier.reference,
    menage,
    logement,
    bail,
    actes,
    stade: etape,
    stadeRang: Math.max(stade.rang, 1),
    stadeLe: stade.depuis?.toString() ?? null,
    phase: stade.phase ?? 'amiable',
    audienceLe: audience ?? null,
    dette: base.dette,
    detteLe: dette?.le ?? null,
    detteEnHausse: serie.detteEnHausse,
    sources: serie.sources,
    enSerie: serie.sources > 1 || serie.detteEnHausse,
    recurrence: serie.recurrence,
    criteres: bilan.constats.flatMap(enCritere),
    vulnerable: bilan.vulnerable,
    seuil,
    echeances: calculerEcheancesDuDossier(session, deProcedure, bail),
    faits,
    codeInsee: lieu?.codeInsee ?? null,
    territoire: lieu?.territoire ?? null,
    commune: lieu?.commune ?? '',
    signaux: signaux.length,
    premierSignalLe: signaux.at(-1)?.dateSignalement ?? null,
    dernierSignalLe: signaux[0]?.dateSignalement ?? null,
  }
}

/**
 * Legal time limits of the procedure, as dates to know. They are terms here, not tasks: who kept them is not reported to Amont by a
 * signalement, so that none may be called late on silence alone. Tasks come with the service in charge.
 */
function calculerEcheancesDuDossier(session: Contexte, actes: readonly ActeDeProcedure[], bail: Bail): Echeance[] {
  const dossier = {
    actes,
    bail: { concluLe: bail.dateBail ? Temporal.PlainDate.from(bail.dateBail) : null },
    situation: deduireSituation(bail.bailleurNature),
  }
  return calculerEcheances(dossier, session.delais, session.jour).flatMap(
    ({ delai, etat, le, tenueLe, resultat }): Echeance[] => {
      if (le === null || resultat.issue !== 'calculee' || etat === 'sans_objet') return []
      const explication = resultat.explications[0]
      const deuxLectures = !resultat.limiteLe.equals(le)
      return [
        {
          cle: delai.nom,
          libelle: delai.libelleCourt,
          le: le.toString(),
          ...(deuxLectures ? { autreLe: resultat.limiteLe.toString() } : {}),
          genre: 'terme',
          ...(tenueLe ? { tenueLe: tenueLe.toString() } : {}),
          depart: explication.depart,
          calcul: explication.calcul,
          source: explication.source,
          fiabilite: explication.fiabilite,
          aVerifier: resultat.aVerifier,
          ...(resultat.reserves.length > 0 ? { reserve: resultat.reserves.join(' ') } : {}),
        },
      ]
    },
  )
}
