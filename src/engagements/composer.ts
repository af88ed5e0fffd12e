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
import { estSignataire, type Liens, type OrganismesParType, type Porteur, trouverPorteurs } from './porteurs.ts'

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

export interface TacheVoulue {
  readonly engagement: Engagement
  readonly porteur: Porteur
  readonly signataire: boolean
  readonly certitude: Certitude
  readonly manquants: readonly string[]
}

/** Steps whose engagements are alive: those of the summons stay due until the judge has decided. */
export const etapesVivantes = (stade: string): readonly string[] =>
  stade === 'audience' ? ['assignation', 'audience'] : [stade]

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
  { services, diagnostic, ccas }: { services: readonly string[]; diagnostic: boolean; ccas: boolean | null },
): Faits {
  return {
    ...dossier.faits,
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
