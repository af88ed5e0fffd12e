import assert from 'node:assert/strict'
import { test } from 'node:test'
import { NOMS_COLONNES, type NomColonne } from './colonnes.ts'
import { type ContexteVerification, type VerdictLigne, verifierLigne } from './ligne.ts'
import { MOTIFS } from './motifs.ts'
import { type Champs, TYPES } from './types.ts'

const COMPLETE: Champs = {
  type: 'impaye_caf',
  reference_source: 'R-1',
  date_signalement: '13/11/2026',
  nom_usage: 'Dupont',
  prenom: 'Élise',
  commune: 'Mâcon',
}

function contexte(): ContexteVerification {
  return { communeConnue: (commune) => commune === 'Mâcon', vues: new Map() }
}

function juger(changements: Champs, dans = contexte()): VerdictLigne {
  return verifierLigne({ champs: { ...COMPLETE, ...changements } }, dans)
}

function codes({ motifs }: VerdictLigne): string {
  return motifs.map(({ code, colonne }) => `${code}@${colonne}`).join('|')
}

test('[SIG-29] a complete line is accepted, and its content is typed', () => {
  const { verdict, motifs, contenu, referenceSource } = juger({
    type: ' Assignation ',
    date_acte: '2026-11-01',
    date_audience: '09/01/2027',
    decision: 'DELAIS',
    civilite: 'Mx',
    enfants_a_charge: '2',
    annees_naissance_enfants: '2017, 2027',
    numero_allocataire: '0070641',
    telephone: '+33 3 53 01 15 29',
    courriel: 'a@example.org',
    code_postal: '01000',
    parc: 'Prive',
    bailleur_siret: '00041401596550',
    bailleur_annee_naissance: '1983',
    loyer: '1 234,50 €',
    montant_dette: '0',
    rsa: 'OUI',
    handicap: 'non',
    nom_usage: '\u00a0Dupont \u202f',
  })
  assert.equal(verdict, 'acceptee')
  assert.deepEqual(motifs, [])
  assert.equal(referenceSource, 'R-1')
  assert.deepEqual(Object.keys(contenu ?? {}), NOMS_COLONNES)
  const remplis = Object.fromEntries(Object.entries(contenu ?? {}).filter(([, valeur]) => valeur !== null))
  assert.deepEqual(remplis, {
    type: 'assignation',
    reference_source: 'R-1',
    date_signalement: '2026-11-13',
    date_acte: '2026-11-01',
    date_audience: '2027-01-09',
    decision: 'delais',
    civilite: 'Mx',
    nom_usage: 'Dupont',
    prenom: 'Élise',
    enfants_a_charge: 2,
    annees_naissance_enfants: [2017, 2027],
    numero_allocataire: '0070641',
    telephone: '0353011529',
    courriel: 'a@example.org',
    code_postal: '01000',
    commune: 'Mâcon',
    parc: 'prive',
    bailleur_siret: '00041401596550',
    bailleur_annee_naissance: 1983,
    loyer: 123450,
    montant_dette: 0,
    rsa: true,
    handicap: false,
  })
  assert.deepEqual(JSON.parse(JSON.stringify(contenu)), contenu)
})

const REJETS: readonly (readonly [string, Champs, string])[] = [
  ['type empty', { type: ' ' }, 'type_absent@type'],
  ['type unknown', { type: 'impaye' }, 'type_inconnu@type'],
  ['reference empty', { reference_source: '\u00a0' }, 'reference_absente@reference_source'],
  ['reference of 101 characters', { reference_source: 'é'.repeat(101) }, 'reference_trop_longue@reference_source'],
  ['date of signalement empty', { date_signalement: '' }, 'date_absente@date_signalement'],
  ['date of signalement unreadable', { date_signalement: 'hier' }, 'date_invalide@date_signalement'],
  ['no name', { nom_usage: '' }, 'identite_absente@nom_usage'],
  ['commune empty', { commune: '' }, 'commune_absente@commune'],
  ['NUL in a name', { nom_usage: 'Du\0pont' }, 'caractere_interdit@nom_usage'],
  ['escape in a column of the file', { remarque: 'a\u001bb' }, 'caractere_interdit@remarque'],
  ['control character at the edge', { prenom: 'Élise\u000b' }, 'caractere_interdit@prenom'],
  ['undefined byte of windows-1252', { prenom: 'l\u0081se' }, 'caractere_interdit@prenom'],
  ['DEL', { adresse: '1 rue\u007f' }, 'caractere_interdit@adresse'],
  ['act without its date', { type: 'assignation', date_audience: '09/01/2027' }, 'date_absente@date_acte'],
  ['act with an unreadable date', { type: 'expulsion', date_acte: '31/02/2026' }, 'date_invalide@date_acte'],
  ['audience without its date', { type: 'audience' }, 'date_absente@date_audience'],
  ['audience with an unreadable date', { type: 'audience', date_audience: 'lundi' }, 'date_invalide@date_audience'],
]

for (const [cas, changements, attendu] of REJETS) {
  test(`[SIG-29] rejected: ${cas}`, () => {
    const jugee = juger(changements)
    assert.equal(codes(jugee), attendu)
    assert.equal(jugee.verdict, 'rejetee')
    assert.equal(jugee.contenu, null)
  })
}

/** What is set aside is null in the content; what is kept is given. */
const AVERTISSEMENTS: readonly (readonly [string, Champs, string, Record<string, unknown>])[] = [
  [
    'optional date unreadable',
    { date_naissance: '12/05/81' },
    'date_invalide@date_naissance',
    { date_naissance: null },
  ],
  ['date of act unreadable where none is required', { date_acte: '?' }, 'date_invalide@date_acte', { date_acte: null }],
  [
    'assignation without its audience',
    { type: 'assignation', date_acte: '01/11/2026' },
    'date_absente@date_audience',
    { date_audience: null },
  ],
  [
    'assignation with an unreadable audience',
    { type: 'assignation', date_acte: '01/11/2026', date_audience: '?' },
    'date_invalide@date_audience',
    { date_audience: null },
  ],
  [
    'act after the signalement',
    { type: 'expulsion', date_acte: '14/11/2026' },
    'date_incoherente@date_acte',
    { date_acte: '2026-11-14' },
  ],
  [
    'bail after the signalement',
    { date_bail: '14/11/2026' },
    'date_incoherente@date_bail',
    { date_bail: '2026-11-14' },
  ],
  [
    'debt after the signalement',
    { dette_depuis: '14/11/2026' },
    'date_incoherente@dette_depuis',
    { dette_depuis: '2026-11-14' },
  ],
  [
    'birth after the signalement',
    { date_naissance: '14/07/2031' },
    'date_incoherente@date_naissance',
    { date_naissance: '2031-07-14' },
  ],
  [
    'birth more than 120 years before',
    { date_naissance: '12/11/1906' },
    'date_incoherente@date_naissance',
    { date_naissance: '1906-11-12' },
  ],
  ['first name missing', { prenom: '' }, 'prenom_absent@prenom', { prenom: null }],
  ['commune unknown', { commune: 'Clux' }, 'commune_inconnue@commune', { commune: 'Clux' }],
  ['postcode', { code_postal: '7140' }, 'code_postal_invalide@code_postal', { code_postal: null }],
  ['amount unreadable', { montant_dette: '1 2O0,00' }, 'montant_invalide@montant_dette', { montant_dette: null }],
  ['amount negative', { loyer: '-1' }, 'montant_negatif@loyer', { loyer: null }],
  ['amount too high', { charges: '1000000' }, 'montant_hors_bornes@charges', { charges: null }],
  ['telephone', { telephone: '06' }, 'telephone_invalide@telephone', { telephone: null }],
  ['courriel', { courriel: 'a(at)b' }, 'courriel_invalide@courriel', { courriel: null }],
  ['siret', { bailleur_siret: '12345678901234' }, 'siret_invalide@bailleur_siret', { bailleur_siret: null }],
  ['enumeration', { parc: 'HLM' }, 'valeur_inconnue@parc', { parc: null }],
  ['boolean', { garantie_visale: '1' }, 'valeur_inconnue@garantie_visale', { garantie_visale: null }],
  [
    'judgment without its sense',
    { type: 'jugement', date_acte: '01/11/2026' },
    'decision_absente@decision',
    { decision: null },
  ],
  [
    'judgment of an unknown sense',
    { type: 'jugement', date_acte: '01/11/2026', decision: 'oui' },
    'valeur_inconnue@decision',
    { decision: null },
  ],
  ['integer', { enfants_a_charge: '31' }, 'entier_invalide@enfants_a_charge', { enfants_a_charge: null }],
  [
    'year',
    { bailleur_annee_naissance: '2027' },
    'annee_invalide@bailleur_annee_naissance',
    { bailleur_annee_naissance: null },
  ],
  [
    'years',
    { annees_naissance_enfants: '2028' },
    'annee_invalide@annees_naissance_enfants',
    { annees_naissance_enfants: null },
  ],
  [
    'formula',
    { bailleur_nom: '=HYPERLINK("x")' },
    'formule_neutralisee@bailleur_nom',
    { bailleur_nom: '=HYPERLINK("x")' },
  ],
  [
    'formula in the reference',
    { reference_source: '-12' },
    'formule_neutralisee@reference_source',
    { reference_source: '-12' },
  ],
  ['formula after spaces', { adresse: ' @SUM' }, 'formule_neutralisee@adresse', { adresse: '@SUM' }],
  [
    'formula as a commune',
    { commune: '+X' },
    'commune_inconnue@commune|formule_neutralisee@commune',
    { commune: '+X' },
  ],
  ['NIR', { numero_allocataire: '2 85 05 71 270 084' }, 'nir_ecarte@numero_allocataire', { numero_allocataire: null }],
]

for (const [cas, changements, attendu, contenu] of AVERTISSEMENTS) {
  test(`[SIG-29] accepted with a reserve: ${cas}`, () => {
    const jugee = juger(changements)
    assert.equal(codes(jugee), attendu)
    assert.equal(jugee.verdict, 'avertissement')
    for (const [colonne, valeur] of Object.entries(contenu)) {
      assert.equal(jugee.contenu?.[colonne as NomColonne], valeur)
    }
  })
}

test('[SIG-29] what is at the limit of a rule is accepted', () => {
  const limites: Champs[] = [
    { reference_source: 'é'.repeat(100) },
    { type: 'expulsion', date_acte: '13/11/2026' },
    { date_naissance: '13/11/1906' },
    { date_naissance: '13/11/2026' },
    { conjoint_date_naissance: '14/07/2031' },
    { nom_usage: '', nom_naissance: 'Durand' },
    { nom_usage: 'Du\tpont\r\nDurand' },
    { telephone: '+33353011529' },
    { numero_allocataire: '123456789012' },
    { remarque: '=1+1' },
  ]
  for (const limite of limites) assert.equal(codes(juger(limite)), '', JSON.stringify(limite))
})

test('[SIG-29] every type requires the date of the format, and no other', () => {
  const exigees = Object.entries(TYPES).map(([type]) => {
    const refus = juger({ type }).motifs.find(({ code }) => code === 'date_absente')
    return `${type} ${juger({ type }).verdict === 'rejetee' ? refus?.colonne : ''}`.trim()
  })
  assert.deepEqual(exigees, [
    'impaye_caf',
    'impaye_msa',
    'impaye_bailleur_social',
    'demande_fsl',
    'commandement_de_payer date_acte',
    'assignation date_acte',
    'audience date_audience',
    'jugement date_acte',
    'commandement_de_quitter_les_lieux date_acte',
    'requisition_force_publique date_acte',
    'concours_force_publique date_acte',
    'expulsion date_acte',
    'saisine_partenaire',
    'alerte_plus_de_70_ans',
    'garantie_action_logement',
    'suspension_aide_logement',
    'diagnostic_antenne',
    'depart_volontaire date_acte',
    'changement_de_situation',
  ])
})

test('[SIG-29] all reasons of a rejected line are listed, in the order of the columns', () => {
  const jugee = juger({ remarque: '\0', garantie_visale: 'x', commune: '', prenom: '', type: '', montant_dette: '-1' })
  assert.equal(
    codes(jugee),
    'type_absent@type|prenom_absent@prenom|commune_absente@commune|montant_negatif@montant_dette|valeur_inconnue@garantie_visale|caractere_interdit@remarque',
  )
})

test('[SIG-29] each reason has been met by a test of this file, save those of whole lines', () => {
  const rencontres = new Set(
    [...REJETS, ...AVERTISSEMENTS].flatMap(([, , attendu]) => attendu.split('|').map((motif) => motif.split('@')[0])),
  )
  const restants = Object.keys(MOTIFS).filter((code) => !rencontres.has(code))
  assert.deepEqual(restants, ['nombre_de_champs', 'reference_en_double', 'ligne_trop_longue', 'doublon_identique'])
})

test('[SIG-29] the reasons of a whole line are alone', () => {
  for (const anomalie of ['nombre_de_champs', 'ligne_trop_longue'] as const) {
    const jugee = verifierLigne({ champs: { ...COMPLETE, type: '', commune: '\0' }, anomalie }, contexte())
    assert.equal(codes(jugee), `${anomalie}@`)
    assert.equal(jugee.referenceSource, 'R-1')
  }
})

test('[SIG-29] a reference seen higher in the file: same content is a duplicate, another content is rejected', () => {
  const dans = contexte()
  assert.equal(codes(juger({}, dans)), '')
  assert.equal(
    codes(juger({ nom_usage: ' Dupont ', prenom: 'Élise\u00a0' }, dans)),
    'doublon_identique@reference_source',
  )
  assert.equal(codes(juger({ prenom: 'Elise' }, dans)), 'reference_en_double@reference_source')
  assert.equal(codes(juger({ remarque: 'x' }, dans)), 'reference_en_double@reference_source')
  assert.equal(codes(juger({ remarque: ' ' }, dans)), 'doublon_identique@reference_source')
  assert.equal(codes(juger({ reference_source: 'r-1' }, dans)), '')
  const doublon = juger({}, dans)
  assert.equal(doublon.verdict, 'avertissement')
  assert.equal(juger({ prenom: 'Elise' }, dans).verdict, 'rejetee')
})

test('[SIG-29] a line rejected higher in the file still holds its reference', () => {
  const dans = contexte()
  assert.equal(juger({ commune: '' }, dans).verdict, 'rejetee')
  assert.equal(codes(juger({}, dans)), 'reference_en_double@reference_source')
})

test('[SIG-29] the print of a content depends neither on the order of columns nor on edge spaces, and sees every column', () => {
  const { empreinte } = juger({ remarque: 'a' })
  const inverse = Object.fromEntries(Object.entries({ ...COMPLETE, remarque: ' a ' }).reverse())
  assert.equal(verifierLigne({ champs: inverse }, contexte()).empreinte, empreinte)
  assert.notEqual(juger({ remarque: 'b' }).empreinte, empreinte)
  assert.notEqual(juger({}).empreinte, empreinte)
  assert.equal(juger({ adresse: '' }).empreinte, juger({}).empreinte)
  assert.match(empreinte, /^[0-9a-f]{64}$/)
})

test('[SIG-29] unknown columns are kept with the line, whatever their name', () => {
  const champs = JSON.parse('{"__proto__": "a", "constructor": "b", "Remarque": " c ", "vide": ""}') as Champs
  const { inconnues, verdict } = verifierLigne({ champs: { ...COMPLETE, ...champs } }, contexte())
  assert.equal(verdict, 'acceptee')
  assert.deepEqual(Object.entries(inconnues), [
    ['__proto__', 'a'],
    ['constructor', 'b'],
    ['Remarque', 'c'],
  ])
})

test('[SIG-29] control characters are made visible in what is shown and stored, never in the bytes', () => {
  const octets = Buffer.from('a\0b')
  const jugee = verifierLigne({ champs: { ...COMPLETE, nom_usage: 'a\0b' }, octets }, contexte())
  assert.equal(jugee.motifs[0]?.valeur, 'a␀b')
  assert.equal(jugee.champs.nom_usage, 'a␀b')
  assert.equal(jugee.octets, octets)
})

test('[SIG-29] a very long value is shown cut, and kept whole', () => {
  const jugee = juger({ bailleur_nom: `=${'x'.repeat(9000)}` })
  assert.equal(jugee.motifs[0]?.valeur.length, 501)
  assert.equal(jugee.contenu?.bailleur_nom?.length, 9001)
})

test('[SIG-29] the error of a spreadsheet is nobody’s name: it is shown with its remedy, and read as nothing', () => {
  const juger = (champs: Readonly<Record<string, string>>) =>
    verifierLigne(
      {
        champs: {
          type: 'impaye_caf',
          reference_source: 'R-1',
          date_signalement: '13/11/2026',
          nom_usage: 'Dupont',
          prenom: 'Élise',
          commune: 'Mâcon',
          ...champs,
        },
      },
      { communeConnue: () => true, vues: new Map() },
    )
  const { verdict, motifs, contenu } = juger({ prenom: '#REF!', adresse: 'Err:508', bailleur_nom: '#NOM?' })
  assert.equal(verdict, 'avertissement')
  assert.deepEqual(
    motifs.map(({ code, colonne, valeur }) => `${code}@${colonne} ${valeur}`),
    [
      'prenom_absent@prenom #REF!',
      'valeur_inconnue@prenom #REF!',
      'valeur_inconnue@adresse Err:508',
      'valeur_inconnue@bailleur_nom #NOM?',
    ],
  )
  assert.deepEqual([contenu?.prenom, contenu?.adresse, contenu?.bailleur_nom], [null, null, null])
  assert.deepEqual(
    juger({ nom_usage: '#N/A' }).motifs.map(({ code }) => code),
    ['identite_absente', 'valeur_inconnue'],
  )
  assert.equal(juger({ nom_usage: '#N/A', nom_naissance: 'Durand' }).verdict, 'avertissement')
  assert.deepEqual(juger({ adresse: '#12 rue Neuve' }).motifs, [])
})
