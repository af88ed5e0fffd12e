import type { Organisme, Session } from '#acces'
import type { DossierSuivi, FaitSuivi } from '#dossiers'
import { calculerEcheance, FAITS_DATES, type FaitDate, trouverDelai } from '#procedure'
import {
  type Charte,
  type ConstatEngagement,
  type DepartementCharge,
  type Engagement,
  evaluerEngagements,
  type Faits,
  type Partenaire,
} from '#referentiel'
import {
  estSignataire,
  estSignataireDuGroupe,
  type Liens,
  litLeDossier,
  type OrganismesParType,
  type Porteur,
  trouverPorteurs,
} from './porteurs.ts'
import type { RegleSollicitation } from './preuves.ts'
import type { Appel } from './sollicitations.ts'

/** How sure it is that an engagement applies: certain, for a person to appreciate, or with facts missing. */
export const CERTITUDES = {
  applicable: 'S’applique',
  a_apprecier: 'À apprécier',
  a_verifier: 'À vérifier',
} as const
export type Certitude = keyof typeof CERTITUDES

/** Where a computed term comes from. */
export interface SourceEcheance {
  readonly libelle: string
  readonly depart: string
  readonly calcul: string
  readonly source: string
  readonly fiabilite: string
  readonly aVerifier: boolean
}

/** Step of the engagements that hold whatever the step, as long as the dossier is open. */
export const TOUTE_ETAPE = 'toute_etape'

/** An engagement at work: one of a step, or one that holds at every step. */
export type EngagementTenu = Omit<Engagement, 'stade'> & { readonly stade: string }

/** The general engagements of a charter (ENG-02), held by the group that promised them. */
export const engagementsGeneraux = (charte: Charte): readonly EngagementTenu[] =>
  charte.generaux.flatMap(({ id, engagements }) =>
    engagements.map(({ groupe: _, ...engagement }) => ({
      ...engagement,
      partenaire: `generaux/${id}`,
      stade: TOUTE_ETAPE,
    })),
  )

export interface TacheVoulue {
  readonly engagement: EngagementTenu
  readonly porteur: Porteur
  readonly signataire: boolean
  readonly certitude: Certitude
  readonly manquants: readonly string[]
  /** What solicits the organisme, for a general engagement that waits for it. */
  readonly appel?: Appel | undefined
}

/** Steps whose engagements are alive: those of the summons stay due until the judge has decided, the general ones as long as the dossier is open. */
export const etapesVivantes = (stade: string): readonly string[] => [
  ...(stade === 'audience' ? ['assignation', 'audience'] : [stade]),
  TOUTE_ETAPE,
]

/** Rules of a département that engagements are evaluated with, under one version of its charter. */
export interface Cadre {
  readonly departement: DepartementCharge
  readonly charte: Charte
  readonly partenaires: ReadonlyMap<string, Partenaire>
  /** Last day the charter holds, or the day of the session. */
  readonly jour: Temporal.PlainDate
}

/** The rules of a dossier that keeps a charter after its term: read as they stood on its last day. */
export function cadreDe(departement: DepartementCharge, charte: Charte, jour: Temporal.PlainDate): Cadre {
  const fin = charte.jusqu_au
  return {
    departement,
    charte,
    partenaires: new Map(charte.partenaires.map((un) => [un.id, un])),
    jour: fin && Temporal.PlainDate.compare(jour, fin) > 0 ? fin : jour,
  }
}

/** Whether a CCAS that employs social workers is there for a dossier; null where its commune is unknown. */
export const ccasDuLieu = (
  { code_insee }: Pick<DossierSuivi, 'code_insee'>,
  ccas: readonly Pick<Organisme, 'communes'>[],
): boolean | null => (code_insee === null ? null : ccas.some(({ communes }) => communes?.includes(code_insee)))

/** What Amont knows beyond what the signalements said. Nothing unknown becomes false. */
export function completerFaits(
  dossier: Pick<DossierSuivi, 'faits' | 'fsl_demande'>,
  {
    services,
    diagnostic,
    ccas,
    faits,
  }: { services: readonly string[]; diagnostic: boolean; ccas: boolean | null; faits: Faits },
): Faits {
  return {
    ...dossier.faits,
    ...faits,
    ...Object.fromEntries(services.map((service) => [`connu.${service}`, true])),
    ...(ccas === null ? {} : { 'ccas.travailleurs_sociaux': ccas }),
    // Where no CCAS employs social workers, none follows the household.
    ...(ccas === false ? { 'connu.ccas': false } : {}),
    // One made elsewhere is not known here: that Amont holds none does not say that there is none.
    ...(diagnostic ? { 'diagnostic.existant': true } : {}),
    ...(dossier.fsl_demande ? { 'fsl.demande': true } : {}),
  }
}

/** Every engagement of the present step, with its state for this dossier. */
export function constater(cadre: Cadre, faits: Faits): readonly ConstatEngagement[] {
  return evaluerEngagements({ ...cadre.departement, chartes: [cadre.charte] }, faits, cadre.jour).filter(
    ({ etat }) => etat === 'applicable' || etat === 'a_verifier',
  )
}

/** General engagements with their state for this dossier: those that have a condition are evaluated as those of its step. */
export function constaterGeneraux(cadre: Cadre, faits: Faits): readonly ConstatEngagement[] {
  const stade = faits['procedure.stade']
  if (stade === undefined) return []
  const engagements = engagementsGeneraux(cadre.charte).map((un) => ({ ...un, stade }))
  return constater({ ...cadre, charte: { ...cadre.charte, engagements } }, faits)
}

/** Whether a constat is certain, or for whom to say. */
function certitudeDe({ etat, engagement }: Pick<ConstatEngagement, 'etat' | 'engagement'>): Certitude {
  if (etat !== 'applicable') return 'a_verifier'
  return engagement.appreciation === undefined ? 'applicable' : 'a_apprecier'
}

/**
 * The tasks a dossier should have at its step: only where somebody is there to hold them. What is still to verify, for an organisme that does not see the
 * dossier, is nobody's task: the page of the dossier shows it.
 */
export function composerTaches(
  cadre: Cadre,
  constats: readonly ConstatEngagement[],
  dossier: DossierSuivi,
  organismes: OrganismesParType,
  liens: Liens,
): readonly TacheVoulue[] {
  return constats.flatMap((constat): TacheVoulue[] => {
    const { engagement, manquants } = constat
    if (engagement.mode !== 'tache' && engagement.mode !== 'automatique') return []
    const partenaire = cadre.partenaires.get(engagement.partenaire)
    if (!partenaire) return []
    const certitude = certitudeDe(constat)
    return trouverPorteurs(partenaire, engagement, dossier, organismes, liens)
      .filter(({ acces }) => acces || certitude !== 'a_verifier')
      .map((porteur) => ({
        engagement,
        porteur,
        signataire: estSignataire(cadre.charte, engagement.partenaire, porteur.organisme),
        certitude,
        manquants,
      }))
  })
}

/**
 * The general tasks of a dossier: for the service in charge when the charter says so, else for whoever is solicited. One that waits for a person to solicit
 * is nobody's task before: nothing is late for not having been asked.
 */
export function composerGeneraux(
  cadre: Cadre,
  constats: readonly ConstatEngagement[],
  dossier: DossierSuivi,
  {
    regles,
    organismes,
    liens,
    appels,
  }: {
    readonly regles: readonly RegleSollicitation[]
    readonly organismes: readonly Organisme[]
    readonly liens: Liens
    readonly appels: (regle: RegleSollicitation) => readonly Appel[]
  },
): readonly TacheVoulue[] {
  const parId = new Map(organismes.map((un) => [un.id, un]))
  return constats.flatMap((constat): TacheVoulue[] => {
    const engagement = { ...constat.engagement, stade: TOUTE_ETAPE }
    if (engagement.mode !== 'tache' && engagement.mode !== 'automatique') return []
    const voulue = (organisme: Organisme, appel?: Appel): TacheVoulue => ({
      engagement,
      porteur: { organisme, acces: litLeDossier(organisme, liens) || organisme.id === dossier.organisme },
      signataire: estSignataireDuGroupe(cadre.charte, organisme),
      certitude: 'applicable',
      manquants: [],
      appel,
    })
    if (engagement.en_charge) {
      const charge = dossier.etat_service === 'prise' ? parId.get(dossier.organisme ?? '') : undefined
      return charge && constat.etat === 'applicable' ? [voulue(charge)] : []
    }
    const regle = regles.find(({ engagements }) => engagements.includes(engagement.id))
    if (!regle) return []
    return appels(regle).flatMap((appel) => {
      const organisme = parId.get(appel.organisme)
      // The secretariat is the one who is told: what it writes itself tells nobody.
      const aSoi = regle.source === 'changement' && organisme?.type === 'secretariat'
      return organisme && !aSoi ? [voulue(organisme, appel)] : []
    })
  })
}

const estFaitDate = (type: string): type is FaitDate => Object.hasOwn(FAITS_DATES, type)

interface Terme {
  readonly le: Temporal.PlainDate
  readonly source: SourceEcheance | null
}

/**
 * When a task is due (ENG-05): at once, from the day it is open; by a time limit of the law or of the charter, from the dossier's own terms or from its
 * chronology; before the next step, which has no date. A limit that was over before the task was open leaves it due at once: nobody is late for what they could
 * not know.
 */
export function calculerTerme(
  session: Pick<Session, 'delais'>,
  { echeance }: Pick<Engagement, 'echeance'>,
  contexte: {
    readonly dossier: DossierSuivi
    readonly organisme: string
    readonly faits: readonly FaitSuivi[]
    readonly ouverteLe: Temporal.PlainDate
  },
): Terme | null {
  const { ouverteLe } = contexte
  if (echeance === undefined || echeance === 'etape') return null
  if (echeance === 'sans_attendre') return { le: ouverteLe, source: null }
  const terme = calculerLimite(session, echeance, contexte)
  if (!terme || Temporal.PlainDate.compare(ouverteLe, terme.le) <= 0) return terme
  return {
    le: ouverteLe,
    source: terme.source && {
      ...terme.source,
      calcul: `${terme.source.calcul}. Passé quand l’engagement s’est ouvert : à tenir sans attendre`,
    },
  }
}

function calculerLimite(
  session: Pick<Session, 'delais'>,
  echeance: { readonly delai: string },
  { dossier, organisme, faits }: { dossier: DossierSuivi; organisme: string; faits: readonly FaitSuivi[] },
): Terme | null {
  const { delai: nom } = echeance
  const delai = trouverDelai(session.delais, nom)
  if (!delai) return null
  const propre = [...(dossier.organisme === organisme ? dossier.echeances_service : []), ...dossier.echeances].find(
    ({ cle }) => cle === nom,
  )
  if (propre)
    return {
      // With two readings, only the later one lets say that it is over.
      le: Temporal.PlainDate.from(propre.autreLe ?? propre.le),
      source: {
        libelle: delai.libelleCourt,
        depart: propre.depart,
        calcul: propre.calcul,
        source: propre.source,
        fiabilite: propre.fiabilite,
        aVerifier: propre.aVerifier === true,
      },
    }
  const dates: Partial<Record<FaitDate, Temporal.PlainDate>> = dossier.audience_le
    ? { 'audience.prevue': dossier.audience_le }
    : {}
  for (const { type, le, donnees } of faits)
    if (estFaitDate(type) && (donnees.organisme === undefined || donnees.organisme === organisme)) dates[type] = le
  const resultat = calculerEcheance(delai, dates, session.delais.calendrier, {})
  if (resultat.issue !== 'calculee') return null
  const [explication] = resultat.explications
  return {
    le: resultat.limiteLe,
    source: {
      libelle: delai.libelleCourt,
      depart: explication.depart,
      calcul: resultat.avanceePar?.texte ?? explication.calcul,
      source: explication.source,
      fiabilite: explication.fiabilite,
      aVerifier: resultat.aVerifier,
    },
  }
}
