import assert from 'node:assert/strict'
import { after, before, describe, test } from 'node:test'
import { reprendreDuDossier } from '#diagnostics'
import { lireDossier, listerActesSaisis } from '#dossiers'
import { openTestDatabase } from '#tests/base'
import { type DossierCree, type Essai, importer, ouvrirEssai } from '../accompagner/fabrique-essai.ts'
import { routesProcedure } from './index.ts'

/** A commandement de payer as a bailiff's office sends it, with what it says of the landlord and of the household. */
const LIGNE = {
  type: 'commandement_de_payer',
  reference_source: 'Q-1',
  date_signalement: '2026-11-05',
  date_acte: '2026-11-03',
  nom_usage: 'Grandvaux',
  prenom: 'Solange',
  date_naissance: '1968-05-04',
  adresse: '3 rue des Tanneries',
  code_postal: '71400',
  commune: 'Autun',
  parc: 'prive',
  bailleur_nom: 'Perrot Emile',
  bailleur_nature: 'personne_physique',
  bailleur_gestion_directe: 'oui',
  bailleur_annee_naissance: '1970',
  situation_familiale: 'seul',
  enfants_a_charge: '2',
  numero_allocataire: '0712345',
  garantie_visale: 'non',
  suivi_ccas: 'oui',
}

describe('who the landlord and the household are', () => {
  let essai: Essai
  let dossier: DossierCree

  before(async () => {
    essai = await ouvrirEssai(await openTestDatabase(), routesProcedure)
    await importer(essai, 'CDJ71', [LIGNE])
    const [ouvert] = await essai.enSysteme(
      'dossier.consulter',
      ({ sql }) => sql<DossierCree>`select id, reference from dossier where titulaire like 'GRANDVAUX%'`,
    )
    assert.ok(ouvert)
    dossier = ouvert
  })
  after(() => essai.fermer())

  const adresse = (suite = '') => `/dossiers/${dossier.reference}${suite}`
  const voir = async () => (await essai.lire('secretariat', adresse())).texte
  const lu = () => essai.enSysteme('dossier.consulter', (session) => lireDossier(session, dossier.id))
  const mots = async (): Promise<Readonly<Record<string, unknown>>> => {
    const [ligne] = await essai.enSysteme(
      'dossier.consulter',
      ({ sql }) => sql<{ faits: Record<string, unknown> }>`select faits from dossier where id = ${dossier.id}`,
    )
    return ligne?.faits ?? {}
  }
  const saisir = async (genre: string, champs: Readonly<Record<string, string>>, le = '2026-11-10') => {
    const page = await essai.lire('secretariat', adresse(`/procedure/saisir?genre=${genre}`))
    const faite = await essai.poster('secretariat', adresse('/procedure/saisir'), {
      genre,
      le,
      confirme: 'oui',
      envoi: /name="envoi" value="([0-9a-f-]{36})"/.exec(page.html)?.[1] ?? '',
      ...Object.fromEntries(Object.entries(champs).map(([nom, valeur]) => [`f-${nom}`, valeur])),
    })
    return faite
  }

  test('[SIG-26] [SIG-27] what the line of a file says qualifies the landlord and the household', async () => {
    const texte = await voir()
    assert.match(texte, /Perrot Emile personne physique, gère lui-même/)
    assert.match(texte, /Âge du bailleur dans l’année 56 ans/)
    assert.match(texte, /Type de famille famille monoparentale/)
    assert.match(texte, /Allocataire 0712345/)
    assert.match(texte, /Garantie Visale non/)
    assert.match(texte, /Connu de.*CCAS/)
  })

  test('[SIG-26] the secretariat says who the landlord is: the page, the rules and the criteria follow; undone, the file is believed again', async () => {
    const faite = await saisir('bailleur_qualifie', {
      nature: 'sci_familiale',
      gestion: 'gerant',
      annee_naissance: '1949',
      conventionne_anah: 'oui',
    })
    assert.equal(faite.statut, 303, faite.texte.slice(0, 400))
    const texte = await voir()
    assert.match(texte, /Perrot Emile SCI familiale, ne gère pas lui-même/)
    assert.match(texte, /Âge du bailleur dans l’année 77 ans/)
    assert.match(texte, /Conventionné avec l’ANAH oui/)
    assert.match(
      (await essai.lire('secretariat', adresse('/procedure'))).texte,
      /Qui est le bailleur Bailleur SCI familiale Gestion par un gérant ou un mandataire Année de naissance 1949/,
    )
    const dits = await mots()
    assert.equal(dits['bailleur.nature'], 'sci_familiale')
    assert.equal(dits['bailleur.gestion_directe'], false)
    assert.equal(dits['bailleur.age_dans_l_annee'], 77)
    assert.equal(dits['logement.conventionne_anah'], true)
    // What is left empty keeps what was said before.
    await saisir('bailleur_qualifie', { gestion: 'directe' }, '2026-11-12')
    assert.equal((await lu()).bail.bailleurNature, 'sci_familiale')
    assert.equal((await lu()).bail.bailleurGestionDirecte, true)
    for (const { racine } of await essai.enSysteme('dossier.consulter', (session) =>
      listerActesSaisis(session, dossier.id),
    ))
      await essai.poster('secretariat', adresse(`/procedure/actes/${racine}/retirer`), {
        motif: 'erreur_de_saisie',
        envoi: crypto.randomUUID(),
      })
    assert.match(await voir(), /Perrot Emile personne physique, gère lui-même/)
    const rendus = await mots()
    assert.equal(rendus['bailleur.nature'], 'personne_physique')
    assert.equal(rendus['bailleur.age_dans_l_annee'], 56)
    assert.equal(rendus['logement.conventionne_anah'], undefined)
  })

  test('[SIG-26] a year of birth that cannot be is refused beside its field', async () => {
    for (const [annee_naissance, motif] of [
      ['2027', /écrire une année de 1900 à 2026/],
      ['51', /écrire l’année sur quatre chiffres/],
    ] as const) {
      const refusee = await saisir('bailleur_qualifie', { annee_naissance })
      assert.equal(refusee.statut, 422)
      assert.match(refusee.texte, motif)
    }
  })

  test('[SIG-27] allocataire or not, followed or not, Visale or not, type of family: said by a person, it prevails', async () => {
    await saisir('menage_qualifie', { allocataire: 'msa', accompagne: 'oui', visale: 'oui', famille: 'couple_enfants' })
    const texte = await voir()
    assert.match(texte, /Type de famille couple avec enfants à charge/)
    assert.match(texte, /Allocataire oui, MSA n° 0712345/)
    assert.match(texte, /Garantie Visale oui/)
    assert.match(texte, /Accompagné oui/)
    const dits = await mots()
    assert.equal(dits['garantie.visale_activee'], true)
    assert.equal(dits['aide_logement.organisme'], 'msa')
    // The préfecture reads neither the resources nor, here, what tells of them.
    const ailleurs = (await essai.lire('prefecture', adresse())).texte
    assert.doesNotMatch(ailleurs, /oui, MSA/)
    assert.doesNotMatch(ailleurs, /Garantie Visale oui/)
  })

  test('[SIG-24] what the check of the mentions found opens the legal part of the diagnosis', async () => {
    const volet = () =>
      essai.enSysteme('diagnostic.consulter', async (session) =>
        reprendreDuDossier(session, await lireDossier(session, dossier.id), 'juridique'),
      )
    assert.equal('acte_mentions' in (await volet()), false, 'not checked is not said')
    await saisir(
      'commandement_de_payer',
      { mention_delai: 'oui', mention_decompte: 'non', mention_fsl: 'non' },
      '2026-11-03',
    )
    const repris = await volet()
    assert.equal(repris.acte_mentions?.valeur, 'non')
    assert.equal(repris.acte_mentions_texte?.valeur, 'Manque : le décompte de la dette ; l’adresse du FSL.')
    assert.equal((await lu()).stade, 'commandement_de_payer', 'the act counts all the same')
  })
})
