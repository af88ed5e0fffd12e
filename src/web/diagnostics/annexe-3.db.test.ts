import assert from 'node:assert/strict'
import { randomUUID } from 'node:crypto'
import { after, before, describe, test } from 'node:test'
import { lireControles, nombreLu } from '#tests/controles'
import { DEPT, type EssaiDesCercles, ouvrirEssaiDesCercles } from '#tests/ecrits'

type Champs = Readonly<Record<string, string | string[]>>

/** The financial part, as a social worker fills it. Synthetic. */
const REMPLI: Readonly<Record<string, Champs>> = {
  revenus: { salaires: '1200', chomage: '150', chomage_jusqu_au: '2027-03-31', maladie: '50' },
  prestations: {
    rsa: '20',
    af: '141',
    cf: '184',
    asf: '187',
    aah: '300',
    prime_activite: '90',
    autres_prestations: '10',
    autres_prestations_texte: 'aide locale',
  },
  logement: {
    loyer: '450',
    terme: 'echu',
    charges_bailleur: '50',
    energie_sans_chauffage: '40',
    energie_avec_chauffage: '0',
    autre_chauffage: '35',
    eau: '30',
    charges_collectives: '12',
    taxes_logement: '8',
    assurance_logement: '15',
    autres_logement: '5',
  },
  aide: {
    aide_genre: 'al_tiers',
    aide_montant: '200',
    aide_etat: 'suspendue',
    aide_dossier: 'pièces demandées le 3 novembre',
  },
  hors_loyer: {
    assurances: '41',
    mutuelle: '42',
    cantine: '43',
    pension_versee: '44',
    impot: '45',
    telephone: '46',
    transport: '47',
    credits: '48',
  },
  adaptation: {
    personnes: '4',
    pieces: '3',
    adapte_ressources: 'non',
    adapte_taille: 'a_voir',
    adaptation_pourquoi: 'charges trop fortes',
  },
  dettes: {
    dettes_hors_loyer: '987',
    protection: 'oui',
    protection_par: 'Service tutélaire de la plaine',
    surendettement: 'oui',
    surendettement_stade: 'recevable',
    surendettement_le: '2026-05-06',
  },
  reprise: { dette_locative: '1620', dette_au: '2026-11-01', reprise_loyer: 'entiere', reprise_depuis: '2026-10-01' },
  plan: {
    plan_bailleur: 'oui',
    plan_mensualite: '45',
    plan_duree: '36',
    plan_surendettement_mensualite: '20',
    plan_surendettement_duree: '84',
    fsl: 'oui',
    fsl_demande: '800',
    fsl_examen_le: '2026-12-09',
    fsl_accorde: '600',
    remarques: 'revoir après la décision du fonds',
  },
  pieces: {
    pieces_famille: ['livret'],
    pieces_ressources: [
      'salaire',
      'benefices',
      'chomage',
      'rsa',
      'stage',
      'maladie',
      'retraite',
      'invalidite',
      'aah',
      'pension_recue',
      'caf',
    ],
    pieces_charges: [
      'quittances',
      'charges',
      'energie',
      'chauffage',
      'eau',
      'assurance',
      'mutuelle',
      'taxe_habitation',
      'impot',
      'redevance',
      'telephone',
      'pension_versee',
      'transport',
    ],
    pieces_plans: ['apurement', 'surendettement'],
  },
}

/** Fields each requirement names, read back from their controls, and the totals the server answers. */
const ATTENDUS: readonly (readonly [titre: string, groupe: string, champs: readonly string[], totaux: Champs])[] = [
  [
    '[DSF-11] benefits one by one, with their total',
    'prestations',
    ['rsa', 'af', 'cf', 'asf', 'aah', 'prime_activite', 'autres_prestations', 'autres_prestations_texte'],
    { prestations_total: '932,00 €' },
  ],
  [
    '[DSF-12] housing charges one by one, with their total',
    'logement',
    Object.keys(REMPLI.logement ?? {}),
    { logement_total: '645,00 €' },
  ],
  [
    '[DSF-13] the kind of housing aid, and that it is suspended',
    'aide',
    ['aide_genre', 'aide_montant', 'aide_etat'],
    {},
  ],
  ['[DSF-14] formula 1: rent left, less aid', 'aide', [], { loyer_residuel: '300,00 €' }],
  ['[DSF-15] formula 2: what housing costs, less aid', 'aide', [], { charge_residuelle: '445,00 €' }],
  [
    '[DSF-16] charges other than the rent, with their total',
    'hors_loyer',
    Object.keys(REMPLI.hors_loyer ?? {}),
    { hors_loyer_total: '356,00 €' },
  ],
  [
    '[DSF-17] debts other than the rent, and protection',
    'dettes',
    ['dettes_hors_loyer', 'protection', 'protection_par'],
    {},
  ],
  [
    '[DSF-18] the step of over-indebtedness and its date',
    'dettes',
    ['surendettement', 'surendettement_stade', 'surendettement_le'],
    {},
  ],
  [
    '[DSF-19] the debt, with costs, and each way to absorb it',
    'plan',
    [
      'plan_bailleur',
      'plan_mensualite',
      'plan_duree',
      'plan_surendettement_mensualite',
      'plan_surendettement_duree',
      'fsl',
      'fsl_demande',
      'fsl_examen_le',
      'fsl_accorde',
    ],
    {},
  ],
  ['[DSF-20] free remarks', 'plan', ['remarques'], {}],
  ['[DSF-20] where the aid file stands', 'aide', ['aide_dossier'], {}],
  ['[DSF-21] the documents joined for the judge, ticked', 'pieces', Object.keys(REMPLI.pieces ?? {}), {}],
  [
    '[DSF-22] whether the dwelling suits, with the common indicators',
    'adaptation',
    Object.keys(REMPLI.adaptation ?? {}),
    { effort_avant_aide: '27,7 %', effort_net: '19,1 %', reste_par_personne: '382,75 €', pieces_par_personne: '0,8' },
  ],
]

describe('annex 3, filled by a service and read back whole', () => {
  let essai: EssaiDesCercles
  let place: string
  let diagnostic = ''
  let page: ReturnType<typeof lireControles>
  const formulaires: Record<string, string> = {}
  const poster = (adresse: string, champs: Record<string, string | readonly string[]> = {}) =>
    essai.poster('auteure', adresse, { envoi: randomUUID(), ...champs })

  before(async () => {
    essai = await ouvrirEssaiDesCercles()
    place = `/dossiers/${essai.dossier.reference}/diagnostics`
    const { pool } = essai.application.base
    await pool.query('update dossier set organismes_habilites = $2 where dept = $1', [
      DEPT,
      ['DEP71', 'ADIL71'].map(essai.organisme),
    ])
    await poster(place, { organisme: essai.organisme('DEP71'), saisi_le: '2026-11-16', origine: 'demande' })
    diagnostic = (await pool.query('select id from diagnostic order by rang desc limit 1')).rows[0].id
    for (const volet of ['social', 'financier'] as const) {
      const { vers } = await poster(`${place}/${diagnostic}/volets/${volet}`)
      formulaires[volet] = vers.split('/').at(-1) ?? ''
    }
    for (const [code, champs] of Object.entries(REMPLI)) {
      const adresse = `${place}/${formulaires.financier}`
      const vu = /name="vu" value="(\d+)"/.exec((await essai.lire('auteure', adresse)).html)?.[1] ?? ''
      const faite = await poster(adresse, { vu, groupes: code, ...champs })
      assert.equal(faite.statut, 303, code)
    }
    page = lireControles((await essai.lire('auteure', `${place}/${formulaires.financier}?groupe=tout`)).html)
  })
  after(() => essai.fermer())

  test('[DSF-01] its parts are forms of their own, and the synthèse is another document', async () => {
    assert.notEqual(formulaires.social, formulaires.financier)
    const lu = await essai.lire('auteure', place)
    for (const volet of ['Volet social', 'Volet financier', 'Volet juridique'])
      assert.match(lu.texte, new RegExp(volet))
    const { vers } = await essai.poster('auteure', `${place}/${diagnostic}/volets/juridique`, { envoi: randomUUID() })
    assert.ok(vers !== undefined)
    assert.equal(
      (await essai.lire('bailleur', `${place}/${formulaires.financier}`)).statut,
      403,
      'its landlord only has a synthèse',
    )
  })

  for (const [titre, groupe, champs, totaux] of ATTENDUS)
    test(titre, () => {
      for (const champ of champs)
        assert.deepEqual(
          (page.valeurs.get(champ) ?? []).map(nombreLu),
          [REMPLI[groupe]?.[champ] ?? []].flat().map(nombreLu),
          champ,
        )
      for (const [code, attendu] of Object.entries(totaux)) assert.equal(page.totaux.get(code), attendu, code)
    })
})
