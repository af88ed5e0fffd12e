import { aLeDroit } from '#acces'
import {
  attendAccordAdil,
  type Diagnostic,
  type Entretien,
  type Envoi,
  estPilote,
  lireEcheances,
  lireEmpreinte,
  lireSuiviLoyer,
  listerDiagnostics,
  listerEntretiens,
  listerEnvois,
  listerObservations,
  listerReferents,
  listerRenseignements,
  listerServicesDuDiagnostic,
  listerVolets,
  type Observation,
  type PropositionReferent,
  proposerReferent,
  type Renseignement,
  type SuiviLoyer,
  type VoletDuDiagnostic,
} from '#diagnostics'
import type { Dossier, Echeance } from '#dossiers'
import { exigerCles, listerSyntheses, type Synthese } from '#echanges'
import { listerAffectations } from '#repartition'
import { ouvrirDossier } from '../espaces.tsx'
import type { Requete } from '../route.ts'

/** What one diagnosis shows to this reader. */
export interface DiagnosticLu {
  readonly diagnostic: Diagnostic
  readonly echeances: readonly Echeance[]
  readonly entretiens: readonly Entretien[]
  readonly volets: readonly VoletDuDiagnostic[]
  readonly envois: readonly Envoi[]
  /** Null: this reader follows the diagnosis without reading what it says. */
  readonly observations: readonly Observation[] | null
  readonly renseignements: readonly Renseignement[]
  readonly empreinte: string | null
  readonly attendAccord: boolean
  readonly referents: readonly { id: string; nom: string }[]
  /** Its author, offered as the referent of the household. */
  readonly propose: PropositionReferent | null
  /** One of its services, or the secretariat: reads what it says. */
  readonly participe: boolean
  /** This person leads it, and it is not frozen. */
  readonly mene: boolean
}

/** What the place shows: the dossier, its diagnoses, the one looked at. */
export interface PlaceLue {
  readonly dossier: Dossier
  readonly diagnostics: readonly Diagnostic[]
  readonly lu: DiagnosticLu | null
  readonly suivi: SuiviLoyer | null
  readonly services: readonly { id: string; nom: string; type: string }[]
  readonly syntheses: readonly Synthese[]
  /** The service the dispatch confided the household to, and since when: a diagnosis starts from there. */
  readonly prise: { readonly organisme: string; readonly le: Temporal.PlainDate } | null
  readonly ouvre: boolean
}

/** Frozen states: nothing is written in them any more. */
const FIGES: readonly string[] = ['valide', 'transmis', 'impossible']
const EN_COURS: readonly string[] = ['demande', 'en_cours', 'relu', 'valide']

async function lireUn(requete: Requete, dossier: Dossier, diagnostic: Diagnostic): Promise<DiagnosticLu> {
  const { session, application, acteur } = requete
  const mene =
    aLeDroit(acteur, 'diagnostic.remplir') && estPilote(session, diagnostic) && !FIGES.includes(diagnostic.etat)
  const [echeances, entretiens, volets, envois] = await Promise.all([
    lireEcheances(session, diagnostic, dossier.audience_le),
    listerEntretiens(session, diagnostic.id),
    listerVolets(session, diagnostic.id),
    listerEnvois(session, diagnostic.id),
  ])
  const participe =
    aLeDroit(acteur, 'diagnostic.lire') &&
    (acteur.acces.portee === 'departement' || volets.some(({ organisme }) => organisme === acteur.organisme))
  return {
    diagnostic,
    echeances,
    entretiens,
    volets,
    envois,
    observations: participe ? await listerObservations(session, exigerCles(application), diagnostic) : null,
    renseignements: participe ? await listerRenseignements(session, exigerCles(application), diagnostic) : [],
    empreinte: participe ? await lireEmpreinte(session, diagnostic.id) : null,
    attendAccord: await attendAccordAdil(session, diagnostic),
    referents: mene ? await listerReferents(session) : [],
    propose: await proposerReferent(session, dossier, diagnostic),
    participe,
    mene,
  }
}

/** Reads the place for this person. */
export async function lirePlace(requete: Requete): Promise<PlaceLue> {
  const { session, acteur, recherche } = requete
  const dossier = await ouvrirDossier(requete)
  const diagnostics = await listerDiagnostics(session, dossier.id)
  const montre = diagnostics.find(({ rang }) => String(rang) === recherche.rang) ?? diagnostics[0]
  const vivante = (await listerAffectations(session, dossier.id)).find(({ terminee_a: terminee }) => terminee === null)
  const services = aLeDroit(acteur, 'diagnostic.ouvrir') ? await listerServicesDuDiagnostic(session, dossier.id) : []
  // One that its service began and no longer follows does not hold the next back.
  const ouvre =
    aLeDroit(acteur, 'diagnostic.ouvrir') &&
    dossier.clos_le === null &&
    !diagnostics.some(
      ({ etat, organisme }) =>
        etat === 'valide' || (EN_COURS.includes(etat) && services.some(({ id }) => id === organisme)),
    )
  session.consigner({ action: 'diagnostic.lire', objet: 'dossier', objetId: dossier.id, dossiers: [dossier.id] })
  return {
    dossier,
    diagnostics,
    lu: montre ? await lireUn(requete, dossier, montre) : null,
    suivi: await lireSuiviLoyer(session, dossier),
    services,
    syntheses: await listerSyntheses(session, dossier.id),
    prise:
      vivante?.etat === 'prise' && vivante.organisme
        ? { organisme: vivante.organisme, le: vivante.transmise_le ?? vivante.prise_le ?? vivante.depuis }
        : null,
    ouvre,
  }
}
