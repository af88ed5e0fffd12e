import { randomUUID } from 'node:crypto'
import { aLeDroit, type Session } from '#acces'
import type { Dossier } from '#dossiers'
import {
  enregistrerBrouillon,
  type LigneFormulaire,
  lireFormulaire,
  lireReponses,
  listerFormulaires,
  ouvrirFormulaire,
  type Reprise,
  type Reprises,
  rouvrirFormulaire,
  signerFormulaire,
  type Valeur,
} from '#formulaires'
import type { Keyring } from '#socle/cipher'
import { Introuvable, refus } from '#socle/errors'
import { ajouterActe } from './actes.ts'
import { diffuser, listerInstructeurs } from './diffusion.ts'
import { lireRequisition, listerActes, listerEnquetes } from './lecture.ts'
import { enVigueur, trouverIssue } from './resume.ts'

/** The two documents of annex 4: what is handed to the préfet, and the page its service alone reads (ACC-04). */
export const FORMULAIRE_RAPPORT = 'rapport-social-expulsion'
export const FORMULAIRE_PAGE = 'page-reservee-expulsion'
export const NIVEAU_REMISE = 'remise'

/** What may pass from the reserved page to the report, when its author says so (RFP-10): field of the page → field of the report. */
export const PASSAGES = {
  avis: { libelle: 'L’avis motivé', vers: 'avis_motive' },
  expose: { libelle: 'L’exposé de la situation', vers: 'expose_transmis' },
  propositions: { libelle: 'Les propositions du ménage', vers: 'propositions_transmises' },
  actions: { libelle: 'Les actions du service social et les aides', vers: 'actions_transmises' },
} as const
export type Passage = keyof typeof PASSAGES

/** The two documents of a dossier as this session reads them: newest first of each, and drafts before those signed. */
export interface Rapports {
  readonly rapport: LigneFormulaire | undefined
  readonly page: LigneFormulaire | undefined
  readonly remis: readonly LigneFormulaire[]
}

/** Reports of a dossier. To whoever is not of the service that writes them, drafts and reserved pages do not exist. */
export async function listerRapports(session: Session, dossier: string): Promise<Rapports> {
  const tous = await listerFormulaires(session, dossier, [FORMULAIRE_RAPPORT, FORMULAIRE_PAGE])
  const de = (code: string) => tous.filter((un) => un.code === code)
  const courant = (code: string) => de(code).find(({ etat }) => etat === 'brouillon') ?? de(code)[0]
  return {
    rapport: courant(FORMULAIRE_RAPPORT),
    page: aLeDroit(session.acteur, 'rapport_social.tenir') ? courant(FORMULAIRE_PAGE) : undefined,
    remis: de(FORMULAIRE_RAPPORT).filter(({ etat }) => etat === 'signe'),
  }
}

/** What the dossier already knows of the report: nothing is asked twice. */
function reprises(dossier: Dossier): Reprises {
  const { menage, logement, bail } = dossier
  const repris: Record<string, Reprise> = {}
  const poser = (champ: string, valeur: Valeur | null | undefined) => {
    if (valeur !== null && valeur !== undefined && valeur !== '') repris[champ] = { valeur, provenance: 'dossier' }
  }
  poser('chef_nom', menage.titulaire.nomUsage ?? menage.titulaire.nomNaissance)
  poser('chef_prenom', menage.titulaire.prenom)
  poser('chef_naissance', menage.titulaire.dateNaissance)
  poser(
    'chef_adresse',
    [logement.adresse, logement.complement, [logement.codePostal, logement.commune].filter(Boolean).join(' ')]
      .filter(Boolean)
      .join(', '),
  )
  if (menage.conjoint) {
    poser('conjoint', 'oui')
    poser('conjoint_nom', menage.conjoint.nomUsage)
    poser('conjoint_prenom', menage.conjoint.prenom)
    poser('conjoint_naissance', menage.conjoint.dateNaissance)
  }
  if (dossier.dette !== null && dossier.dette > 0) {
    poser('dette_montant', dossier.dette)
    poser('dette_le', dossier.dette_le?.toString())
  }
  poser('proprietaire', bail.bailleurNom)
  poser('jugement_le', dossier.actes.findLast(({ type }) => type === 'jugement')?.le)
  if (bail.loyer !== undefined) poser('depenses', { loyer: { montant: bail.loyer } })
  return repris
}

/** Begins both documents, in drafts read by the service alone. */
export async function commencerRapport(
  session: Session,
  cles: Keyring,
  dossier: Dossier,
  envois: { readonly rapport: string; readonly page: string },
): Promise<void> {
  const { rapport, page } = await listerRapports(session, dossier.id)
  if (rapport?.etat !== 'brouillon')
    await ouvrirFormulaire(session, cles, dossier, {
      code: FORMULAIRE_RAPPORT,
      lecteurs: [],
      reprises: reprises(dossier),
      envoi: envois.rapport,
    })
  if (page?.etat !== 'brouillon')
    await ouvrirFormulaire(session, cles, dossier, { code: FORMULAIRE_PAGE, lecteurs: [], envoi: envois.page })
}

/**
 * Copies into the report what its author chose of the reserved page (RFP-10). A copy, to re-read and to shorten: the page stays as it is. What the report already
 * says in that place is replaced.
 */
export async function faireFranchir(
  session: Session,
  cles: Keyring,
  dossier: Dossier,
  choisis: readonly Passage[],
): Promise<string> {
  const { rapport, page } = await listerRapports(session, dossier.id)
  if (rapport?.etat !== 'brouillon' || !page) throw new Introuvable()
  if (choisis.length === 0) throw refus('rapport.passage', 'Cocher ce qui passe de la page réservée au rapport.')
  const { valeurs } = await lireReponses(session, cles, dossier.id, page.id)
  const vides = choisis.filter((passage) => typeof valeurs[passage] !== 'string' || valeurs[passage] === '')
  if (vides.length === choisis.length)
    throw refus('rapport.passage', 'Rien n’est écrit là dans la page réservée : il n’y a rien à faire passer.')
  const champs = Object.fromEntries(
    choisis.flatMap((passage) => {
      const valeur = valeurs[passage]
      return typeof valeur === 'string' && valeur !== '' ? [[PASSAGES[passage].vers, [valeur]] as const] : []
    }),
  )
  await enregistrerBrouillon(session, cles, dossier, {
    id: rapport.id,
    vu: rapport.version,
    groupes: ['transmis'],
    seuls: Object.keys(champs),
    champs,
  })
  return rapport.id
}

/** Lines of the heading of both documents. */
export const enteteRapport = (dossier: Pick<Dossier, 'reference' | 'titulaire'>) => [
  { libelle: 'Dossier', valeur: dossier.reference },
  { libelle: 'Ménage', valeur: dossier.titulaire },
]

/**
 * Hands the report to the préfet (RFP-08, DEP 38): both documents are frozen, each with its own bytes; the report is read by the State that instructs, the reserved
 * page by its service only, as before. The social inquiry has its answer.
 */
export async function remettreRapport(
  session: Session,
  cles: Keyring,
  dossier: Dossier,
  requisition: string,
  { vu, envoi }: { readonly vu: number; readonly envoi: string },
): Promise<void> {
  const { rapport, page } = await listerRapports(session, dossier.id)
  const lue = await lireRequisition(session, dossier.id, requisition, { verrou: true })
  const actes = await listerActes(session, lue.id)
  if (actes.some(({ id }) => id === envoi)) return
  if (rapport?.etat !== 'brouillon') throw new Introuvable()
  const { valeurs } = await lireFormulaire(session, cles, dossier, rapport.id)
  if (typeof valeurs.avis_motive !== 'string' || valeurs.avis_motive.trim() === '')
    throw refus('rapport.avis', 'Écrire l’avis motivé : c’est lui qui éclaire le préfet.')
  const etat = await listerInstructeurs(session, dossier)
  await signerFormulaire(session, cles, dossier, {
    id: rapport.id,
    vu,
    lecteurs: etat.map(({ id }) => id),
    entete: enteteRapport(dossier),
  })
  if (page?.etat === 'brouillon')
    await signerFormulaire(session, cles, dossier, {
      id: page.id,
      vu: page.version,
      lecteurs: [],
      entete: enteteRapport(dossier),
    })
  const vivants = enVigueur(actes)
  const sociale = (await listerEnquetes(session, lue.id)).findLast(({ genre }) => genre === 'sociale')
  await ajouterActe(session, cles, lue, {
    envoi,
    genre: 'rapport_remis',
    le: session.jour,
    valeurs: {},
    enquete: sociale && !trouverIssue(vivants, sociale) ? sociale.id : null,
  })
  await diffuser(session, lue, {
    genre: 'rapport',
    acte: envoi,
    contenu: {
      menage: dossier.titulaire,
      adresse: [dossier.adresse, dossier.commune].filter((part) => part !== '').join(', '),
      lignes: [['Rapport social', 'remis, à lire dans le dossier']],
    },
    destinataires: etat,
  })
  session.consigner({
    action: 'rapport_social.remettre',
    objet: 'formulaire',
    objetId: rapport.id,
    dossiers: [dossier.id],
    details: { requisition: lue.id },
  })
}

/** Opens copies of both documents to complete or correct them: what was handed over stays as it left. */
export async function rouvrirRapport(session: Session, cles: Keyring, dossier: Dossier): Promise<void> {
  const { rapport, page } = await listerRapports(session, dossier.id)
  if (rapport?.etat === 'signe') await rouvrirFormulaire(session, cles, dossier, rapport.id, { lecteurs: [] })
  if (page?.etat === 'signe') await rouvrirFormulaire(session, cles, dossier, page.id, { lecteurs: [] })
}

/** Marks drawn for the two drafts. */
export const marquesRapport = () => ({ rapport: randomUUID(), page: randomUUID() })
