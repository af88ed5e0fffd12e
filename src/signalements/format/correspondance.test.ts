import assert from 'node:assert/strict'
import { join } from 'node:path'
import { test } from 'node:test'
import { proposerCorrespondance } from './correspondance.ts'
import { lireFichier } from './fichier.ts'
import { verifierLigne } from './ligne.ts'
import { chargerModelesImport } from './modeles.ts'

const MODELES = chargerModelesImport(join(import.meta.dirname, '../../../../donnees'))

async function importer(octets: string, typeOrganisme: string) {
  const refusee = await lireFichier(Buffer.from(octets), 'f.csv')
  const proposee = proposerCorrespondance(refusee.entete ?? [], MODELES, typeOrganisme)
  const lecture = await lireFichier(Buffer.from(octets), 'f.csv', { correspondance: proposee.correspondance })
  assert.ok(lecture.refus === null, JSON.stringify(lecture))
  const contexte = { communeConnue: () => true, vues: new Map<string, string>() }
  const [premiere] = await Array.fromAsync(lecture.enregistrements())
  return { proposee, lecture, verdict: verifierLigne(premiere ?? assert.fail(), contexte) }
}

test('[SIG-29] the names of the format need no model', () => {
  const { correspondance, propositions, absentes } = proposerCorrespondance(
    [' TYPE ', 'reference_source', 'date_signalement', 'Nom_Usage', 'commune'],
    MODELES,
    'caf',
  )
  assert.equal(correspondance.modele, null)
  assert.deepEqual(correspondance.constantes, {})
  assert.ok(propositions.every(({ origine, suggestion }) => origine === 'exacte' && suggestion === null))
  assert.ok(absentes.includes('prenom'))
})

test('[SIG-29] [INT-05] an extraction of the CAF is read through its model', async () => {
  const { proposee, verdict } = await importer(
    'N° dossier impayé;Date signalement;MATRICULE;Nom allocataire;PRÉNOM ALLOCATAIRE;Ville;Parc locatif;Droit AL;Montant impayé;Couleur\n' +
      'A12;01/10/2026;0070641;Dupont;Élise;Mâcon;HLM;O;1 204,50;bleu',
    'caf',
  )
  assert.equal(proposee.correspondance.modele, 'caf-impayes')
  assert.deepEqual(verdict.motifs, [])
  assert.deepEqual(
    [
      verdict.contenu?.type,
      verdict.contenu?.numero_allocataire,
      verdict.contenu?.parc,
      verdict.contenu?.aide_logement,
      verdict.contenu?.montant_dette,
    ],
    ['impaye_caf', '0070641', 'public', true, 120450],
  )
  assert.deepEqual({ ...verdict.inconnues }, { Couleur: 'bleu' })
})

test('[SIG-29] [INT-09] an extraction of a landlord is read through its model', async () => {
  const { proposee, verdict } = await importer(
    'N° contrat,Date arrêté,Nom locataire,Prénom,Né(e) le,Adresse logement,CP,Ville,Loyer principal,APL,Solde débiteur,Date entrée\n' +
      'C-9,2026-10-31,Durand,Paul,1980-02-03,"1, rue du Bac",71000,Mâcon,412.30,1,980.10,2019-05-01',
    'bailleur_social',
  )
  assert.equal(proposee.correspondance.modele, 'bailleur-social')
  assert.deepEqual(verdict.motifs, [])
  assert.deepEqual(
    [
      verdict.contenu?.type,
      verdict.contenu?.bailleur_nature,
      verdict.contenu?.montant_dette,
      verdict.contenu?.date_bail,
      verdict.contenu?.aide_logement,
    ],
    ['impaye_bailleur_social', 'bailleur_social', 98010, '2019-05-01', true],
  )
})

test('[SIG-29] [INT-02] an export of acts is read through its model, natures translated line by line', async () => {
  const { proposee, verdict } = await importer(
    'Nature de l’acte;Référence EXPLOC;Date de réception;Date de signification;Nom du locataire;Prénom du locataire;Commune du logement;Type de bailleur;Montant de la dette\n' +
      'Réquisition de la force publique;E-77;16/11/2026;10/11/2026;Michel;Anne;Autun;Organisme HLM;479,66',
    'prefecture',
  )
  assert.equal(proposee.correspondance.modele, 'exploc')
  assert.deepEqual(verdict.motifs, [])
  assert.deepEqual(
    [verdict.contenu?.type, verdict.contenu?.date_acte, verdict.contenu?.bailleur_nature],
    ['requisition_force_publique', '2026-11-10', 'bailleur_social'],
  )
})

test('[SIG-29] [INT-01] a list of commandements is read through its model', async () => {
  const { proposee, verdict } = await importer(
    'Réf. acte;Date envoi;Date commandement;Nom débiteur;Prénom débiteur;Ville;Créancier;Qualité du bailleur;Principal\n' +
      'E-1;13/11/2026;09/11/2026;Michel;Anne;Autun;SCI Hubert;SCI;2551,98',
    'commissaires_de_justice',
  )
  assert.equal(proposee.correspondance.modele, 'commissaires-de-justice')
  assert.deepEqual(
    [verdict.motifs, verdict.contenu?.type, verdict.contenu?.bailleur_nature],
    [[], 'commandement_de_payer', 'sci_familiale'],
  )
})

test('[SIG-29] the type of the organisme decides between models that explain a header as well', () => {
  const entete = ['Date de signalement', 'Nom', 'Prénom', 'Adresse', 'Commune', 'Charges']
  assert.equal(proposerCorrespondance(entete, MODELES, 'caf').correspondance.modele, 'caf-impayes')
  assert.equal(proposerCorrespondance(entete, MODELES, 'msa').correspondance.modele, 'msa-impayes')
  assert.equal(proposerCorrespondance(entete, MODELES, 'bailleur_social').correspondance.modele, 'bailleur-social')
})

test('[SIG-29] a resemblance is shown and never applied alone', () => {
  const { correspondance, propositions } = proposerCorrespondance(
    ['type', 'reference_sourc', 'Numero alocataire', 'xyz'],
    MODELES,
  )
  assert.deepEqual(
    propositions.map(({ colonne, origine, suggestion }) => [colonne, origine, suggestion]),
    [
      ['type', 'exacte', null],
      [null, 'ressemblance', 'reference_source'],
      [null, 'ressemblance', 'numero_allocataire'],
      [null, 'aucune', null],
    ],
  )
  assert.deepEqual(correspondance.colonnes, { type: 'type' })
})

test('[SIG-29] two headers never receive the same column', () => {
  const { correspondance, propositions } = proposerCorrespondance(
    ['Nom', 'Nom allocataire', 'nom_usage', '__proto__'],
    MODELES,
    'caf',
  )
  assert.deepEqual(
    propositions.map(({ colonne }) => colonne),
    [null, null, 'nom_usage', null],
  )
  assert.deepEqual(Object.values(correspondance.colonnes), ['nom_usage'])
})

test('[SIG-29] a column of the file wins over a constant of the model', async () => {
  const { proposee, verdict } = await importer(
    'type;N° allocataire;reference_source;Date signalement;Nom;prenom;Ville\nimpaye_msa;0070641;R;01/10/2026;D;P;M',
    'caf',
  )
  assert.equal(proposee.correspondance.constantes.type, undefined)
  assert.equal(verdict.contenu?.type, 'impaye_msa')
})
