import type { Session } from '#acces'
import type { Dossier } from '#dossiers'
import type { Ligne, Reprise, Reprises, Valeur } from '#formulaires'

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

/** What the dossier already knows of the questions of a referral (SAI-34): nothing is asked twice, everything may be corrected. */
export function reprisesDuDossier(session: Session, dossier: Dossier): Reprises {
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
