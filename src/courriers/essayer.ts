import type { Session } from '#acces'
import { lireDossier } from '#dossiers'
import { EXPEDITEURS_COURRIER, type ModeleCourrier, VARIABLES_COURRIER, type VariableCourrier } from '#referentiel'
import type { RenderingFiles } from '#socle/pdf'
import { composerLettre, type FaitsCourrier, type LieuCourrier, type Variante } from './composer.ts'
import type { ContenuCourrier, LettrePrete } from './courriers.ts'
import { accesDuType } from './expediteurs.ts'
import {
  colonnesCourrier,
  ecrireAdresse,
  lireFaits,
  nommerDestinataire,
  type SourceCourrier,
  trouverExpediteur,
} from './faits.ts'
import { lireLogos } from './logo.ts'
import { avecTexte, type ContenuVersion, lireDepartementCourriers, lireModelesAppliques } from './modeles.ts'
import { presenterExpediteur } from './presentation.ts'
import { enDonnees } from './produire.ts'

/** A letter as a text being written would give it: on screen, and as the PDF that would leave. */
export interface Essai {
  readonly lettre: LettrePrete
  readonly contenu: ContenuCourrier
  readonly logos: RenderingFiles
}

interface Sujet {
  readonly faits: FaitsCourrier
  readonly lieu: LieuCourrier
  readonly territoire: string | null
  readonly adresse: readonly string[]
}

/** The worked example: a household that does not exist, at the first secretariat of the département. */
function exemple(session: Session, complet: boolean): Sujet {
  const { territoires } = lireDepartementCourriers(session)
  const territoire = territoires.secretariats[0]?.territoires[0] ?? null
  const noms = Object.keys(VARIABLES_COURRIER) as VariableCourrier[]
  const faits = Object.fromEntries(
    noms.map((nom) => {
      const { exemple: dit, facultative } = VARIABLES_COURRIER[nom]
      return [nom, complet || !facultative ? dit : null]
    }),
  ) as FaitsCourrier
  return {
    faits,
    territoire,
    lieu: { codeInsee: null, territoire, tribunal: VARIABLES_COURRIER['audience.lieu'].exemple },
    adresse: ['Madame Camille MOREL', '12 rue des Tilleuls', '71400 AUTUN'],
  }
}

/** A real dossier, which the reader may see: reading it is journalled like any other reading. */
async function lireSujet(session: Session, modele: ModeleCourrier, reference: string): Promise<Sujet> {
  const { dept, jour } = session
  const { id } = await lireDossier(session, reference)
  const [source] = await session.sql<SourceCourrier & { bailleur: string }>`
    select d.stade, d.stade_le, d.bailleur, ${colonnesCourrier(dept)} from dossier d where d.dept = ${dept} and d.id = ${id}`
  if (!source) throw new Error('a dossier just read is gone')
  session.consigner({ action: 'modele.apercevoir', objet: 'dossier', objetId: id, dossiers: [id] })
  const menage = modele.destinataire === 'menage'
  const { etapes } = modele.declencheur
  const stade = etapes.find((une) => une === source.stade) ?? etapes[0] ?? source.stade
  const { libelle, types } = EXPEDITEURS_COURRIER[modele.expediteur]
  // What its sender may not read of the dossier, its letter does not cite.
  const envoyeur =
    modele.expediteur === 'secretariat'
      ? undefined
      : { nom: libelle, telephone: null, acces: accesDuType(session, types[0]) }
  return {
    ...lireFaits(session, { ...source, stade, stade_le: jour }, envoyeur),
    territoire: source.territoire,
    adresse: menage ? [nommerDestinataire(source), ...ecrireAdresse(source)] : [source.bailleur],
  }
}

/**
 * Tries a content that does not apply yet, on the worked example or on a dossier. `complet` false: the example of which nobody said anything that may be missing.
 * What the content does not say (the text, or the presentation) is what applies today. Null when the dossier's secretariat has no address.
 */
export async function essayerModele(
  session: Session,
  modele: ModeleCourrier,
  contenu: ContenuVersion,
  choix: { readonly variante: Variante; readonly dossier?: string | undefined; readonly complet?: boolean },
): Promise<Essai | null> {
  const appliques = await lireModelesAppliques(session)
  const ecrit = 'texte' in contenu ? avecTexte(modele, contenu.texte) : appliques.modele(modele, session.maintenant)
  const livre = 'livre' in contenu
  const presentation = 'presentation' in contenu ? contenu.presentation : appliques.presentation(session.maintenant)
  const sujet = choix.dossier
    ? await lireSujet(session, modele, choix.dossier)
    : exemple(session, choix.complet ?? true)
  const expediteur =
    modele.expediteur === 'secretariat'
      ? trouverExpediteur(session, sujet.territoire)
      : {
          nom: EXPEDITEURS_COURRIER[modele.expediteur].libelle,
          lignes: ['En-tête de l’organisme qui envoie, tel qu’il l’écrit'],
        }
  if (!expediteur) return null
  const lettre: LettrePrete = {
    ...composerLettre(livre ? modele : ecrit, choix.variante, sujet.faits, presentation.contacts, sujet.lieu),
    ...presenterExpediteur(presentation, expediteur),
    adresse: sujet.adresse,
  }
  return {
    lettre,
    contenu: enDonnees(modele.libelle, session.jour, lettre),
    logos: await lireLogos(session, [lettre]),
  }
}
