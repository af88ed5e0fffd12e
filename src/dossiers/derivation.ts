import { randomUUID } from 'node:crypto'
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
import { sql } from '#socle/db'
import {
  decrireBail,
  decrireLogement,
  decrireMenage,
  historiqueDette,
  listerActes,
  mesurerSerie,
  motsDeRecherche,
  suivisRenseignes,
  trierSignaux,
} from './menage.ts'
import { prochaineEcheance } from './services.ts'
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

/** Opens dossiers in one statement, with references that follow one another within the year. */
export async function ouvrirDossiers(session: Session, nombre: number): Promise<{ id: string; reference: string }[]> {
  if (nombre === 0) return []
  const annee = session.jour.year
  const [compteur] = await session.sql<{ valeur: number }>`
    insert into compteur (dept, cle, valeur) values (${session.dept}, ${`dossier:${annee}`}, ${nombre})
    on conflict (dept, cle) do update set valeur = compteur.valeur + excluded.valeur returning valeur`
  const dernier = compteur?.valeur ?? nombre
  const ouverts = Array.from({ length: nombre }, (_, rang) => {
    const numero = dernier - nombre + 1 + rang
    return { id: randomUUID(), numero, reference: `${session.dept}-${annee}-${String(numero).padStart(5, '0')}` }
  })
  await session.sql`insert into dossier (dept, id, reference, numero, annee, ouvert_le)
    select ${session.dept}, o.id, o.reference, o.numero, ${annee}, ${session.jour}
    from jsonb_to_recordset(${JSON.stringify(ouverts)}::jsonb) as o(id uuid, reference text, numero int)`
  return ouverts
}

/**
 * Writes what many dossiers derive to, in one statement. Dossiers left without any signalement are closed; those that get one back are opened
 * again. `change_le` moves only when something a service must know changed.
 */
export async function ecrireDerives(session: Session, derives: readonly DossierDerive[]): Promise<void> {
  if (derives.length === 0) return
  const lignes = derives.map((derive) => {
    const mots = motsDeRecherche(derive.menage, derive.logement, derive.bail, derive.reference)
    return {
      id: derive.dossier,
      titulaire: mots.titulaire,
      nom_tri: mots.nomTri,
      recherche: mots.recherche,
      noms: mots.noms,
      adresse: derive.logement.adresse ?? '',
      commune: derive.commune,
      code_insee: derive.codeInsee,
      territoire: derive.territoire,
      parc: derive.logement.parc ?? null,
      bailleur: derive.bail.bailleurNom ?? '',
      stade: derive.stade,
      stade_rang: derive.stadeRang,
      stade_le: derive.stadeLe,
      phase: derive.phase,
      audience_le: derive.audienceLe,
      dette: derive.dette,
      dette_le: derive.detteLe,
      dette_en_hausse: derive.detteEnHausse,
      premier_signal_le: derive.premierSignalLe,
      dernier_signal_le: derive.dernierSignalLe,
      signaux: derive.signaux,
      sources_6_mois: derive.sources,
      en_serie: derive.enSerie,
      recurrence: derive.recurrence,
      criteres: derive.criteres.map((critere) => critere.id),
      criteres_detail: derive.criteres,
      vulnerable: derive.vulnerable,
      seuil: derive.seuil,
      menage: derive.menage,
      logement: derive.logement,
      bail: derive.bail,
      actes: derive.actes,
      echeances: derive.echeances,
      faits: derive.faits,
    }
  })
  await session.sql`
    update dossier d set
      titulaire = x.titulaire, nom_tri = x.nom_tri, recherche = x.recherche, noms = x.noms, adresse = x.adresse, commune = x.commune, code_insee = x.code_insee,
      territoire = x.territoire, parc = x.parc, bailleur = x.bailleur, stade = x.stade, stade_rang = x.stade_rang, stade_le = x.stade_le,
      phase = x.phase, audience_le = x.audience_le, dette = x.dette, dette_le = x.dette_le, dette_en_hausse = x.dette_en_hausse,
      premier_signal_le = x.premier_signal_le, dernier_signal_le = x.dernier_signal_le, signaux = x.signaux, sources_6_mois = x.sources_6_mois,
      en_serie = x.en_serie, recurrence = x.recurrence, criteres = array(select jsonb_array_elements_text(x.criteres)),
      criteres_detail = x.criteres_detail, vulnerable = x.vulnerable, seuil = x.seuil, menage = x.menage, logement = x.logement, bail = x.bail,
      actes = x.actes, echeances = x.echeances, faits = x.faits, version = d.version + 1, derive_a = ${session.maintenant},
      change_le = case when (d.stade, d.dette, d.adresse, d.titulaire, d.audience_le, d.signaux)
          is distinct from (x.stade, x.dette, x.adresse, x.titulaire, x.audience_le, x.signaux) then ${session.jour} else d.change_le end,
      clos_le = case when x.signaux = 0 then coalesce(d.clos_le, ${session.jour}) when d.motif_cloture = 'sans_signalement' then null else d.clos_le end,
      motif_cloture = case when x.signaux = 0 then 'sans_signalement' when d.motif_cloture = 'sans_signalement' then null else d.motif_cloture end,
      echeance_le = (p.e->>'le')::date, echeance_cle = p.e->>'cle', echeance_libelle = p.e->>'libelle'
    from jsonb_to_recordset(${JSON.stringify(lignes)}::jsonb) as x(
        id uuid, titulaire text, nom_tri text, recherche text, noms text, adresse text, commune text, code_insee text, territoire text, parc text, bailleur text,
        stade text, stade_rang smallint, stade_le date, phase text, audience_le date, dette bigint, dette_le date, dette_en_hausse boolean,
        premier_signal_le date, dernier_signal_le date, signaux int, sources_6_mois int, en_serie boolean, recurrence boolean, criteres jsonb,
        criteres_detail jsonb, vulnerable boolean, seuil jsonb, menage jsonb, logement jsonb, bail jsonb, actes jsonb, echeances jsonb, faits jsonb),
      dossier d2 cross join lateral (select ${prochaineEcheance(sql`x.echeances || d2.echeances_service`, session.jour)} as e) p
    where d.dept = ${session.dept} and d.id = x.id and d2.dept = ${session.dept} and d2.id = x.id`
}
