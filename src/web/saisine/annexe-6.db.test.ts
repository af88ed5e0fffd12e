import assert from 'node:assert/strict'
import { after, before, describe, test } from 'node:test'
import { type EssaiDesCercles, type Lue, ouvrirEssaiDesCercles } from '#tests/ecrits'
import { lireTextePdf } from '#tests/pdf'

const cache = ({ html }: Lue, nom: string): string => new RegExp(`name="${nom}" value="([^"]*)"`).exec(html)?.[1] ?? ''
type Champs = Readonly<Record<string, string | string[]>>

/** Every group of annex 6, as a social worker fills it. Synthetic. */
const REMPLI: Readonly<Record<string, Champs>> = {
  demandeur: { demandeur_nom: 'Odile Vasseur', demandeur_qualite: 'Assistante sociale, Département' },
  menage: {
    titulaire_civilite: 'madame',
    titulaire_nom: 'Lacombe',
    titulaire_nom_naissance: 'Vernier',
    titulaire_prenom: 'Aline',
    titulaire_naissance: '1984-03-12',
    second_titulaire: 'oui',
    second_civilite: 'monsieur',
    second_nom: 'Tessard',
    second_prenom: 'Hugo',
    second_naissance: '1981-07-30',
    numero_allocataire: '7100458',
    adresse: '4 rue des Tanneurs, 71400 Autun',
    courriel: 'menage@essai.example',
    telephone: '03 85 00 00 00',
  },
  bailleur: {
    parc: 'prive',
    bailleur_nom: 'SCI du Moulin neuf',
    bailleur_adresse: '2 place du Marché, Autun',
    gerant: 'oui',
    gerant_nom: 'Agence des Remparts',
    gerant_adresse: '9 cours Jaurès, Autun',
  },
  famille: {
    situation_familiale: 'couple',
    enfants: '3',
    'filles.0.annee': '2012',
    'garcons.0.annee': '2015',
    'garcons.1.annee': '2018',
    'autres_personnes.0.lien': 'mère de la titulaire',
    'autres_personnes.0.annee': '1951',
    protection: 'oui',
    protection_organisme: 'Service tutélaire de la plaine',
  },
  motif: {
    motifs: ['impaye', 'entretien', 'autre'],
    motif_autre: 'animaux en nombre',
    'stade.commandement.le': '2026-08-03',
    'stade.audience.le': '2026-12-15',
  },
  suspension: {
    delais_juge: 'oui',
    delais_respectes: 'non',
    protocole_1: 'oui',
    protocole_1_etat: 'defaillant',
    protocole_1_le: '2026-05-04',
    protocole_2: 'oui',
    protocole_2_etat: 'denonce',
    protocole_2_le: '2026-09-14',
  },
  attente: {
    attente_avis: ['contingent', 'fsl_aides'],
    attente_recommandations: ['relogement', 'travailleur_social'],
    'attente_autres.0.quoi': 'Point mensuel avec le bailleur',
    attente_libre: 'Un avis sur le maintien dans les lieux',
  },
  ressources: {
    'ressources.cdi.conjoint': '700',
    'ressources.aah.occupant': '900',
    'ressources.autre.occupant': '100',
    'autres_ressources.prestations.occupant': '210',
    'autres_ressources.autres.conjoint': '40',
    autres_ressources_precision: 'pension alimentaire',
  },
  aide: {
    aide_droit: 'oui',
    aide_montant: '255',
    aide_au_bailleur: 'oui',
    aide_suspendue: 'oui',
    aide_suspendue_le: '2026-06-01',
    aide_suspendue_motif: 'autre',
    aide_suspendue_autre: 'logement non décent',
  },
  logement: { logement_type: 'collectif', pieces: '4', loyer: '620', charges_locatives: '80', autres_charges: '110' },
  dettes: {
    dette_locative: 'oui',
    dette_locative_montant: '4321',
    dette_locative_le: '2026-11-01',
    dette_charges: 'oui',
    dette_charges_montant: '333',
    dette_charges_le: '2026-10-20',
  },
  finances: {
    charges_hors_logement: '187',
    dettes_hors_logement: 'oui',
    dettes_hors_logement_montant: '2650',
    dettes_hors_logement_le: '2026-10-31',
    personnes: '6',
  },
  surendettement: {
    surendettement: 'oui',
    surendettement_stade: 'recevable',
    surendettement_le: '2026-04-09',
    surendettement_toutes: 'non',
  },
  paiements: {
    paie_loyer: 'non',
    paie_residuel: 'oui',
    ...Object.fromEntries(
      [5, 6, 7, 8, 9, 10].flatMap((mois, rang) => [
        [`paiements_loyer.${rang}.le`, `2026-${String(mois).padStart(2, '0')}-05`],
        [`paiements_loyer.${rang}.montant`, `${401 + rang}`],
        [`paiements_plan.${rang}.le`, `2026-${String(mois).padStart(2, '0')}-20`],
        [`paiements_plan.${rang}.montant`, `${61 + rang}`],
      ]),
    ),
    plan: 'oui',
    plan_nature: 'protocole_2',
    plan_etat: 'defaillant',
    plan_protocole: 'denonce',
    plan_denonce_le: '2026-09-14',
    plan_mensualite: '75',
    aide_sollicitee: 'oui',
    aide_sollicitee_le: '2026-07-02',
    aide_type: 'autre',
    aide_type_autre: 'caisse de retraite',
    aide_decision: 'accordee',
    aide_decision_le: '2026-08-11',
    aide_decision_montant: '350',
  },
  relogement: {
    demande_social: 'oui',
    demande_social_le: '2026-02-10',
    numero_unique: 'oui',
    numero_unique_valeur: '071-2026-0450',
    'bailleurs_demandes.0.nom': 'Bailleur du Nord',
    'bailleurs_demandes.1.nom': 'Bailleur du Sud',
    'bailleurs_demandes.2.nom': 'Bailleur de l’Est',
    proposition: 'oui',
    proposition_le: '2026-09-22',
    proposition_refus: 'trop loin de l’école',
    demande_prive: 'oui',
    demande_prive_lesquelles: 'deux annonces à Autun',
    hebergement: 'oui',
    hebergement_lesquelles: 'résidence sociale',
  },
  organismes: {
    'rencontres.0.organisme': 'autre',
    'rencontres.0.autre': 'Point conseil budget',
    'rencontres.0.personne': 'conseillère du mardi',
    'rencontres.0.depuis': '2026-03-01',
    'rencontres.0.adhesion': 'oui',
  },
  complement: { complement: 'Concertation tenue en mairie le 2 novembre.' },
  information: {
    menage_informe: 'oui',
    menage_informe_donnees: 'oui',
    menage_a_signe: 'non',
  },
}

/** What each requirement asks to find again once the form is filed, by whoever instructs it. */
const ATTENDUS: readonly (readonly [titre: string, motifs: readonly RegExp[]])[] = [
  ['[SAI-01] the sender', [/Odile Vasseur/, /Assistante sociale, Département/]],
  [
    '[SAI-02] the two tenants, their allocataire number, address, mail and telephone',
    [/Vernier/, /Aline/, /12\/03\/1984/, /Tessard/, /Hugo/, /7100458/, /rue des Tanneurs/, /menage@essai/, /03 85 00/],
  ],
  [
    '[SAI-03] the landlord and its manager',
    [/Parc privé/, /SCI du Moulin neuf/, /place du Marché/, /Agence des Remparts/, /cours Jaurès/],
  ],
  ['[SAI-04] the family, by years of birth', [/Couple/, /2012/, /2015/, /2018/, /mère de la titulaire/, /1951/]],
  ['[SAI-05] several reasons', [/Impayé/, /Défaut d’entretien du logement/, /animaux en nombre/]],
  ['[SAI-06] the dated steps', [/Commandement de payer/, /03\/08\/2026/, /15\/12\/2026/]],
  [
    '[SAI-07] delays of the judge and both protocols',
    [/Délais de paiement accordés par le juge/, /04\/05\/2026/, /Défaillant/, /14\/09\/2026/, /Dénoncé/],
  ],
  ['[SAI-08] opinions of the closed list', [/Mobilisation du contingent préfectoral/, /Aides financières du FSL/]],
  [
    '[SAI-09] recommendations, others than those listed included',
    [/Relogement/, /Intervention d’un travailleur social/, /Point mensuel avec le bailleur/],
  ],
  ['[SAI-10] an expectation in free text', [/Un avis sur le maintien dans les lieux/]],
  [
    '[SAI-14] other resources, d to f',
    [/Prestations familiales/, /210,00/, /pension alimentaire/, /e : sous-total du conjoint/, /40,00/],
  ],
  [
    '[SAI-16] housing aid, to whom it is paid and why it is suspended',
    [/255,00/, /01\/06\/2026/, /logement non décent/],
  ],
  ['[SAI-17] the dwelling', [/Collectif/, /Nombre de pièces\s*4/]],
  [
    '[SAI-22] debts to the landlord and of other charges, dated',
    [/4 321,00/, /01\/11\/2026/, /333,00/, /20\/10\/2026/],
  ],
  ['[SAI-23] charges (7) and debts outside housing', [/187,00/, /2 650,00/, /31\/10\/2026/]],
  ['[SAI-25] over-indebtedness, its step and whether every debt was declared', [/Dossier recevable/, /09\/04\/2026/]],
  ['[SAI-26] the payments of six months', [/401,00/, /402,00/, /403,00/, /404,00/, /405,00/, /406,00/]],
  [
    '[SAI-27] the plan, its nature, its state and six payments',
    [/Plan lié à un protocole n° 2/, /75,00/, /61,00/, /66,00/],
  ],
  ['[SAI-28] the aid that was asked for', [/02\/07\/2026/, /caisse de retraite/, /Accordée/, /11\/08\/2026/, /350,00/]],
  [
    '[SAI-29] rehousing: number, three landlords, proposal and refusal, private housing, shelter',
    [
      /071-2026-0450/,
      /Bailleur du Nord/,
      /Bailleur du Sud/,
      /Bailleur de l’Est/,
      /22\/09\/2026/,
      /trop loin de l’école/,
      /deux annonces à Autun/,
      /résidence sociale/,
    ],
  ],
  ['[SAI-30] the bodies that were met', [/Point conseil budget/, /conseillère du mardi/, /01\/03\/2026/]],
  ['[SAI-31] further information, and the concertation', [/Concertation tenue en mairie/]],
  [
    '[SAI-32] what the household was told, its signature being optional',
    [/Le ménage est-il informé de la saisine \?\s*Oui/, /Le ménage a-t-il signé le formulaire \?\s*Non/],
  ],
]

describe('annex 6, filled, filed, then read by the secretariat and printed', () => {
  let essai: EssaiDesCercles
  let adresse: string
  /** The last form filed. */
  let derniere: string
  let ecran: Lue
  let papier: string
  before(async () => {
    essai = await ouvrirEssaiDesCercles()
    const dossier = `/dossiers/${essai.dossier.reference}/saisine`
    adresse = (await essai.poster('auteure', dossier, { envoi: crypto.randomUUID() })).vers
    for (const [code, champs] of Object.entries(REMPLI)) {
      const lue = await essai.lire('auteure', `${adresse}?groupe=${code}`)
      const recue = await essai.poster('auteure', adresse, { vu: cache(lue, 'vu'), groupes: code, ...champs })
      assert.equal(recue.statut, 303, code)
    }
    const deposee = await essai.poster('auteure', `${adresse}/deposer`, {
      vu: cache(await essai.lire('auteure', adresse), 'vu'),
    })
    assert.equal(deposee.statut, 303)
    ecran = await essai.lire('secretariat', adresse)
    papier = lireTextePdf((await essai.lire('auteure', `${adresse}/pdf`)).octets).replace(/\s+/g, ' ')
  })
  after(() => essai?.fermer())

  for (const [titre, motifs] of ATTENDUS)
    test(titre, () => {
      for (const motif of motifs) {
        assert.match(ecran.texte.replace(/[\u00a0\u202f]/g, ' '), motif)
        assert.match(papier.replace(/[\u00a0\u202f]/g, ' '), motif)
      }
    })

  test('[SAI-12] [ACC-06] amounts near health are read with the others by who reads no health: the totals hold, and nothing is had by subtraction', async () => {
    const pour = async (qui: 'secretariat' | 'collegue') =>
      (await essai.lire(qui, adresse)).texte.replace(/[\u00a0\u202f]/g, ' ')
    const [secretariat, service] = [await pour('secretariat'), await pour('collegue')]
    assert.match(service, /Bénéficiaire de l’AAH/)
    assert.doesNotMatch(secretariat, /AAH\s+900|Bénéficiaire de l’AAH/)
    assert.match(secretariat, /1 000,00/)
    for (const lu of [secretariat, service]) assert.match(lu, /A : total des ressources mensuelles\s*1 950,00/)
    assert.doesNotMatch(secretariat, /Service tutélaire de la plaine/)
    const imprime = lireTextePdf((await essai.lire('secretariat', `${adresse}/pdf`)).octets)
    assert.doesNotMatch(imprime, /Bénéficiaire de l’AAH/)
    // Completed by the secretariat, what it does not read stays as it was.
    const { vers: copie } = await essai.poster('secretariat', `${adresse}/rouvrir`, {})
    const lue = await essai.lire('secretariat', `${copie}?groupe=ressources`)
    assert.doesNotMatch(lue.html, /name="ressources\.aah/)
    const valeur =
      /name="ressources\.autre\.occupant"[^>]*value="([^"]*)"|value="([^"]*)"[^>]*name="ressources\.autre\.occupant"/.exec(
        lue.html,
      )
    await essai.poster('secretariat', copie, {
      vu: cache(lue, 'vu'),
      groupes: 'ressources',
      'ressources.cdi.conjoint': '750',
      'ressources.autre.occupant': valeur?.[1] ?? valeur?.[2] ?? '',
      'autres_ressources.prestations.occupant': '210',
      'autres_ressources.autres.conjoint': '40',
      autres_ressources_precision: 'pension alimentaire',
    })
    await essai.poster('secretariat', `${copie}/deposer`, { vu: cache(await essai.lire('secretariat', copie), 'vu') })
    derniere = copie
    const relue = (await essai.lire('collegue', copie)).texte.replace(/[\u00a0\u202f]/g, ' ')
    assert.match(relue, /Bénéficiaire de l’AAH/)
    assert.match(relue, /A : total des ressources mensuelles\s*2 000,00/)
  })

  test('[SAI-12] [ACC-06] whatever who reads no health writes in the row that holds hidden amounts is what it then holds, and what is left of them stays', async () => {
    const rouvrir = async () => (await essai.poster('secretariat', `${derniere}/rouvrir`, {})).vers
    const ecrire = async (copie: string, montant: string, suite = '') => {
      const page = `${copie}?groupe=ressources`
      const { statut, texte } = await essai.poster('secretariat', `${copie}${suite}`, {
        vu: cache(await essai.lire('secretariat', page), 'vu'),
        groupes: 'ressources',
        'ressources.autre.occupant': montant,
      })
      assert.ok(statut < 400, texte.slice(0, 400))
      const { html } = await essai.lire('secretariat', page)
      const champ = /<input[^>]*name="ressources\.autre\.occupant"[^>]*>/.exec(html)?.[0] ?? ''
      return /value="([^"]*)"/.exec(champ)?.[1] ?? ''
    }
    /** As the social service reads it once filed. */
    const deposer = async (copie: string) => {
      await essai.poster('secretariat', `${copie}/deposer`, { vu: cache(await essai.lire('secretariat', copie), 'vu') })
      derniere = copie
      return (await essai.lire('collegue', copie)).texte.replace(/[\u00a0\u202f]/g, ' ')
    }
    const premiere = await rouvrir()
    assert.equal(await ecrire(premiere, '1050'), '1050,00')
    // Typed letter by letter, and emptied on the way: nothing is lost.
    assert.equal(await ecrire(premiere, '', '/auto'), '0,00')
    assert.equal(await ecrire(premiere, '10', '/auto'), '10,00')
    assert.equal(await ecrire(premiere, '1200'), '1200,00')
    const entiere = await deposer(premiere)
    assert.match(entiere, /Bénéficiaire de l’AAH\s+900,00/)
    assert.match(entiere, /Autre situation\s+300,00/)
    // Saved, it is the answer: less than what was hidden replaces it.
    const seconde = await rouvrir()
    assert.equal(await ecrire(seconde, ''), '')
    assert.equal(await ecrire(seconde, '850'), '850,00')
    const remplacee = await deposer(seconde)
    assert.doesNotMatch(remplacee, /Bénéficiaire de l’AAH\s+900/)
    assert.match(remplacee, /Autre situation\s+850,00/)
    // Signed just after it was saved while typing: what the signer reads is what is signed, and no row is below zero.
    const { vers: dEux } = await essai.poster('auteure', `${derniere}/rouvrir`, {})
    await essai.poster('auteure', dEux, {
      vu: cache(await essai.lire('auteure', dEux), 'vu'),
      groupes: 'ressources',
      'ressources.cdi.conjoint': '750',
      'ressources.aah.occupant': '900',
      'ressources.autre.occupant': '100',
    })
    await essai.poster('auteure', `${dEux}/deposer`, { vu: cache(await essai.lire('auteure', dEux), 'vu') })
    derniere = dEux
    const troisieme = await rouvrir()
    assert.equal(await ecrire(troisieme, '700', '/auto'), '700,00')
    const signee = await deposer(troisieme)
    assert.doesNotMatch(signee, /Autre situation\s+[−-]/, 'nothing below zero')
    assert.doesNotMatch(signee, /Bénéficiaire de l’AAH\s+900/)
    assert.match(signee, /Autre situation\s+700,00/)
  })

  test('[SAI-01] [SAI-32] the paper has room for both signatures, and only the secretariat puts a session on it', async () => {
    const vierge = lireTextePdf((await essai.lire('auteure', `${adresse}/vierge`)).octets).replace(/\s+/g, ' ')
    assert.match(vierge, /signature de la personne qui saisit la CCAPEX/)
    assert.match(vierge, /signature du ménage \(facultatif\)/)
    assert.match(vierge, /organismes de sécurité sociale/)
    assert.doesNotMatch((await essai.lire('auteure', `${adresse}?groupe=demandeur`)).html, /name="seance/)
    const refusee = await essai.poster('auteure', `/dossiers/${essai.dossier.reference}/saisine/instruire`, {
      acte: 'inscrite',
    })
    assert.equal(refusee.statut, 403)
  })
})
