import { listerOrganismes, type Organisme } from '#acces'
import {
  type Deliberation,
  estFigee,
  expertiseDemandee,
  type LignePoste,
  lireDeliberation,
  lirePosition,
  listerApports,
  listerChangements,
  listerSaisinesDuDossier,
  type PositionCommune,
  type Poste,
  pouvoirPour,
  QUESTIONS,
  type Question,
} from '#commission'
import { type Dossier, lireDossier } from '#dossiers'
import { exigerCles } from '#echanges'
import { champsDe, ecrireValeur, lireFormulaire, lireReponses } from '#formulaires'
import { Introuvable } from '#socle/errors'
import type { Requete } from '../route.ts'

/** Everything the sheet of one dossier shows in session. */
export interface FichePoste {
  readonly dossier: Dossier
  readonly deliberation: Deliberation
  readonly organismes: readonly Organisme[]
  /** The State asked for an expertise on the use of force. */
  readonly expertise: boolean
  readonly pouvoir: Awaited<ReturnType<typeof pouvoirPour>>
  /** Who seized the commission, when, and what they expect. */
  readonly demande: { readonly qui: string; readonly le: Temporal.Instant; readonly attentes: readonly string[] } | null
  readonly preorientation: Partial<Record<Question, string>>
  readonly apports: Awaited<ReturnType<typeof listerApports>>
  readonly changements: Awaited<ReturnType<typeof listerChangements>>
  readonly position: PositionCommune | null
  /** A co-chair approved the statement that says it: only a correction changes it. */
  readonly fige: boolean
  /** Whether the form may be kept: the file is in hand, or its correction is open. */
  readonly ecrivable: boolean
}

// The closed choices only: what is written in free words is read in the form, never projected.
const ATTENTES = ['attente_avis', 'attente_recommandations']
const PREORIENTATION: Readonly<Record<Question, string>> = {
  adapte_ressources: 'adapte_ressources',
  adapte_taille: 'adapte_taille',
  maintien: 'maintien_possible',
}

async function lireDemande(requete: Requete, dossier: Dossier) {
  const { session, application } = requete
  const [saisine] = await listerSaisinesDuDossier(session, dossier.id)
  if (!saisine) return { demande: null, preorientation: {} }
  const cles = exigerCles(application)
  const formulaire = await lireFormulaire(session, cles, dossier, saisine.formulaire)
  const attentes = champsDe(formulaire.modele.groupes)
    .filter(({ code }) => ATTENTES.includes(code))
    .map((un) => ecrireValeur(un, formulaire.valeurs[un.code]))
    .filter((texte) => texte !== '')
  const reponses = saisine.preorientation
    ? (await lireReponses(session, cles, dossier.id, saisine.preorientation)).valeurs
    : {}
  const preorientation = Object.fromEntries(
    QUESTIONS.flatMap((une) => {
      const dite = reponses[PREORIENTATION[une]]
      return dite === 'oui' || dite === 'non' ? [[une, dite]] : []
    }),
  ) as Partial<Record<Question, string>>
  return { demande: { qui: saisine.organisme_nom, le: saisine.deposee_a, attentes }, preorientation }
}

/** Reads the sheet of one dossier of the agenda; journalled as a reading of it. */
export async function lireFichePoste(requete: Requete, poste: Poste, ligne: LignePoste): Promise<FichePoste> {
  const { session } = requete
  if (ligne.reference === null) throw new Introuvable()
  const dossier = await lireDossier(session, ligne.reference)
  const [deliberation, organismes, expertise, pouvoir, demande, apports, changements, position] = [
    await lireDeliberation(session, ligne.inscription),
    await listerOrganismes(session),
    await expertiseDemandee(session, ligne),
    await pouvoirPour(session, { dossier: dossier.id, le: poste.le }),
    await lireDemande(requete, dossier),
    await listerApports(session, poste.id, { inscription: ligne.inscription }),
    await listerChangements(session, dossier.id),
    await lirePosition(session, dossier.id),
  ]
  const fige = poste.close_a !== null && (await estFigee(session, poste.id, deliberation))
  session.consigner({
    action: 'deliberation.lire',
    objet: 'seance',
    objetId: poste.id,
    dossiers: [dossier.id],
  })
  return {
    dossier,
    deliberation,
    organismes,
    expertise,
    pouvoir,
    ...demande,
    apports,
    changements,
    position,
    fige,
    ecrivable: poste.close_a === null ? deliberation.etat === 'ouverte' : deliberation.correction !== null && !fige,
  }
}
