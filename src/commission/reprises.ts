import type { Session } from '#acces'
import { lireVoletsTermines, type VoletTermine } from '#diagnostics'
import type { Dossier } from '#dossiers'
import type { Ligne, Reprise, Reprises, Valeur } from '#formulaires'
import type { Keyring } from '#socle/cipher'
import { formatDate } from '#socle/typography'

const PARCS: Readonly<Record<string, string>> = { prive: 'prive', public: 'social', social: 'social' }
const CIVILITES: Readonly<Record<string, string>> = { M: 'monsieur', 'M.': 'monsieur', MME: 'madame' }
/** Acts of the dossier → rows of the form. */
const ACTES: Readonly<Record<string, string>> = {
  commandement_de_payer: 'commandement',
  assignation: 'assignation',
  audience: 'audience',
  jugement: 'jugement',
  commandement_de_quitter_les_lieux: 'cql',
  requisition_force_publique: 'rfp',
}

/** What the dossier already knows of the questions of a referral. */
function reprisesDuDossier(session: Session, dossier: Dossier): Reprises {
  const { menage, logement, bail } = dossier
  const reprises: Record<string, Reprise> = {}
  const poser = (champ: string, valeur: Valeur | null | undefined, provenance = 'dossier') => {
    if (valeur !== null && valeur !== undefined && valeur !== '') reprises[champ] = { valeur, provenance }
  }
  const ouiNon = (valeur: boolean | undefined) => (valeur === undefined ? undefined : valeur ? 'oui' : 'non')
  const { titulaire, conjoint } = menage
  poser('demandeur_nom', session.acteur.libelle, 'votre compte')
  poser('demandeur_qualite', session.acteur.organismeNom, 'votre compte')
  poser(
    'titulaire_civilite',
    titulaire.civilite === undefined ? undefined : CIVILITES[titulaire.civilite.toUpperCase()],
  )
  poser('titulaire_nom', titulaire.nomUsage)
  poser('titulaire_nom_naissance', titulaire.nomNaissance)
  poser('titulaire_prenom', titulaire.prenom)
  poser('titulaire_naissance', titulaire.dateNaissance)
  if (conjoint) {
    poser('second_titulaire', 'oui')
    poser('second_civilite', conjoint.civilite === undefined ? undefined : CIVILITES[conjoint.civilite.toUpperCase()])
    poser('second_nom', conjoint.nomUsage)
    poser('second_nom_naissance', conjoint.nomNaissance)
    poser('second_prenom', conjoint.prenom)
    poser('second_naissance', conjoint.dateNaissance)
  }
  poser('numero_allocataire', menage.numeroAllocataire)
  poser(
    'adresse',
    [logement.adresse, logement.complement, [logement.codePostal, logement.commune].filter(Boolean).join(' ')]
      .filter(Boolean)
      .join(', '),
  )
  poser('courriel', menage.courriels[0])
  poser('telephone', menage.telephones[0])
  poser('parc', PARCS[dossier.parc ?? ''])
  poser('bailleur_nom', bail.bailleurNom)
  poser('gerant', ouiNon(bail.bailleurGestionDirecte === undefined ? undefined : !bail.bailleurGestionDirecte))
  poser('situation_familiale', menage.situationFamiliale)
  poser('enfants', menage.enfantsACharge)
  poser('loyer', bail.loyer)
  poser('charges_locatives', bail.charges)
  poser('aide_droit', ouiNon(menage.aideLogement))
  poser('aide_montant', menage.montantAide)
  poser('aide_au_bailleur', ouiNon(menage.aideVerseeAuBailleur))
  if (dossier.dette !== null && dossier.dette > 0) {
    poser('dette_locative', 'oui')
    poser('dette_locative_montant', dossier.dette)
    poser('dette_locative_le', dossier.dette_le?.toString())
    poser('motifs', ['impaye'])
  }
  const stade: Record<string, Ligne> = {}
  for (const { type, le, audienceLe } of dossier.actes) {
    const rang = ACTES[type]
    if (rang !== undefined && (stade[rang]?.le === undefined || String(stade[rang]?.le) < le)) stade[rang] = { le }
    if (audienceLe !== undefined) stade.audience = { le: audienceLe }
  }
  if (dossier.audience_le !== null) stade.audience = { le: dossier.audience_le.toString() }
  // In the order of the form, as a person would send them.
  const ordonne = ['commandement', 'assignation', 'audience', 'jugement', 'cql', 'rfp'].flatMap((rang) =>
    stade[rang] === undefined ? [] : [[rang, stade[rang]] as const],
  )
  if (ordonne.length > 0) poser('stade', Object.fromEntries(ordonne))
  return reprises
}

const STADES_SURENDETTEMENT: Readonly<Record<string, string>> = { depot: 'en_depot' }
/** Charges of housing that are not paid to the landlord: line (5). */
const AUTRES_CHARGES = [
  'energie_sans_chauffage',
  'energie_avec_chauffage',
  'autre_chauffage',
  'eau',
  'charges_collectives',
  'taxes_logement',
  'assurance_logement',
  'autres_logement',
]
/** Charges other than housing: line (7). */
const HORS_LOGEMENT = [
  'assurances',
  'mutuelle',
  'cantine',
  'pension_versee',
  'impot',
  'telephone',
  'transport',
  'credits',
]

/** What is true of a moment: said before the present step of the procedure, it is asked again. */
const MOUVANTS: ReadonlySet<string> = new Set(['aide_suspendue', 'paie_loyer', 'surendettement_stade'])

const avant = (le: Temporal.PlainDate, repere: Temporal.PlainDate | null): boolean =>
  repere !== null && Temporal.PlainDate.compare(le, repere) < 0

/**
 * What the dossier knows, then what the finished parts of the last diagnosis answer to the questions of a referral, in its words: never over something the dossier
 * learned since. Resources are asked otherwise: they are not guessed.
 */
export function ajouterDiagnostic(duDossier: Reprises, volets: readonly VoletTermine[], dossier: Dossier): Reprises {
  const reprises: Record<string, Reprise> = { ...duDossier }
  for (const { le, valeurs } of volets) {
    const provenance = `diagnostic, volet du ${formatDate(le)}`
    const poser = (champ: string, valeur: Valeur | null | undefined) => {
      if (champ in duDossier && avant(le, dossier.dernier_signal_le)) return
      if (MOUVANTS.has(champ) && avant(le, dossier.stade_le)) return
      if (valeur !== null && valeur !== undefined && valeur !== '') reprises[champ] = { valeur, provenance }
    }
    const texte = (code: string): string => (typeof valeurs[code] === 'string' ? valeurs[code] : '')
    const montant = (code: string): number | null => (typeof valeurs[code] === 'number' ? valeurs[code] : null)
    const somme = (codes: readonly string[]): number | null => {
      const donnes = codes.flatMap((code) => montant(code) ?? [])
      return donnes.length === 0 ? null : donnes.reduce((total, un) => total + un, 0)
    }
    for (const code of ['situation_familiale', 'enfants', 'pieces', 'personnes', 'loyer', 'aide_montant', 'protection'])
      poser(code, valeurs[code])
    poser('protection_organisme', valeurs.protection_par)
    poser('demande_social', valeurs.relogement_demande)
    poser('demande_social_le', valeurs.relogement_le)
    poser('charges_locatives', valeurs.charges_bailleur)
    poser('autres_charges', somme(AUTRES_CHARGES))
    poser('charges_hors_logement', somme(HORS_LOGEMENT))
    const aide = texte('aide_genre')
    if (aide !== '') poser('aide_droit', aide === 'aucune' ? 'non' : 'oui')
    if (aide === 'al_tiers' || aide === 'al_directe') poser('aide_au_bailleur', aide === 'al_tiers' ? 'oui' : 'non')
    if (texte('aide_etat') !== '') poser('aide_suspendue', texte('aide_etat') === 'suspendue' ? 'oui' : 'non')
    const dettes = montant('dettes_hors_loyer')
    if (dettes !== null) {
      poser('dettes_hors_logement', dettes > 0 ? 'oui' : 'non')
      if (dettes > 0) poser('dettes_hors_logement_montant', dettes)
    }
    const [dette, au] = [montant('dette_locative'), texte('dette_au')]
    // The dossier may know a newer amount.
    if (dette !== null && (dossier.dette_le === null || au >= dossier.dette_le.toString())) {
      reprises.dette_locative = { valeur: dette > 0 ? 'oui' : 'non', provenance }
      if (au !== '') reprises.dette_locative_le = { valeur: au, provenance }
      if (dette > 0) reprises.dette_locative_montant = { valeur: dette, provenance }
      else {
        delete reprises.dette_locative_montant
        delete reprises.motifs
      }
    }
    poser('surendettement', valeurs.surendettement)
    const stade = texte('surendettement_stade')
    poser('surendettement_stade', STADES_SURENDETTEMENT[stade] ?? stade)
    poser('surendettement_le', valeurs.surendettement_le)
    const reprise = texte('reprise_loyer')
    if (reprise === 'entiere' || reprise === 'non') poser('paie_loyer', reprise === 'entiere' ? 'oui' : 'non')
    if (texte('fsl') === 'oui') {
      poser('aide_sollicitee', 'oui')
      poser('aide_type', 'fsl')
      if (montant('fsl_accorde') !== null) {
        poser('aide_decision', 'accordee')
        poser('aide_decision_montant', valeurs.fsl_accorde)
      }
    }
  }
  return reprises
}

/**
 * What a referral begins with (SAI-34, DSF-32): the dossier, then what the finished parts of its last diagnosis say to this reader, each under its source. Nothing is
 * asked twice, everything may be corrected.
 */
export async function reprisesDeSaisine(session: Session, cles: Keyring, dossier: Dossier): Promise<Reprises> {
  return ajouterDiagnostic(
    reprisesDuDossier(session, dossier),
    await lireVoletsTermines(session, cles, dossier),
    dossier,
  )
}
