import assert from 'node:assert/strict'
import { join } from 'node:path'
import { test } from 'node:test'
import { chargerReferentiel } from '#referentiel'
import { frozenClock } from '#socle/time'
import { essayer as commandeEssayer, essayerSituations } from './essayer.ts'
import { ErreurSituations, lireMontant } from './essayer-lecture.ts'
import { referentiel as commandeReferentiel } from './referentiel.ts'

const referentiel = chargerReferentiel(join(import.meta.dirname, '../../../donnees'))

function essayer(genre: 'repartition' | 'criteres' | 'seuils', contenu: unknown, departement = '71') {
  return essayerSituations({
    referentiel,
    genre,
    texte: typeof contenu === 'string' ? contenu : JSON.stringify(contenu),
    departement,
    jour: null,
    regles: null,
    horloge: frozenClock('2026-11-20T23:30:00Z'),
  })
}

const fautes = (travail: () => unknown): string[] => {
  try {
    travail()
  } catch (erreur) {
    assert.ok(erreur instanceof ErreurSituations)
    return erreur.message.split('\n')
  }
  return []
}

test('[REP-05] one situation, a list or « situations » give as many answers, in order, with result, reason, values and source', () => {
  const situation = {
    id: 'a',
    jour: '2026-11-20',
    procedure: { stade: 'commandement_de_payer' },
    'logement.parc_prive': true,
    'bailleur.gestion_directe': true,
    'connu.departement': true,
  }
  for (const contenu of [situation, [situation], { situations: [situation] }]) {
    const [essai, autre] = essayer('repartition', contenu)
    assert.equal(autre, undefined)
    assert.equal(essai?.json.id, 'a')
    assert.equal(essai?.json.resultat, 'service')
    assert.equal(essai?.json.service, 'departement')
    assert.equal(essai?.json.regle, 'cdp-connu-du-departement')
    assert.match(String(essai?.json.motif), /^Rempli : /)
    assert.match(JSON.stringify(essai?.json.valeurs), /"connu.departement":true/)
    assert.match(JSON.stringify(essai?.json.source), /engagement 8 du Département/)
    assert.match(
      essai?.lignes.join('\n') ?? '',
      /^Situation a, au 20 novembre 2026\n {2}Service : service social du Département\./,
    )
  }
  assert.deepEqual(
    essayer('repartition', [{ id: 1 }, { id: 2 }], 'modele').map(({ json }) => json.id),
    ['1', '2'],
  )
})

test('a situation without a day takes today’s in Paris and says so', () => {
  const [essai] = essayer('criteres', { 'dette.montant': 200_001 })
  assert.equal(essai?.json.jour, '2026-11-21')
  assert.equal(essai?.json.jour_suppose, true)
  assert.equal(essai?.json.resultat, 'auto_saisine_proposee')
  assert.deepEqual(essai?.json.retenus, ['dette-au-dela-du-fsl'])
})

test('[REP-10] services already asked bring the next rank', () => {
  const base = { jour: '2026-11-20', 'procedure.stade': 'assignation', 'connu.departement': true, 'connu.ccas': true }
  const service = (deja: unknown) => essayer('repartition', { ...base, deja_sollicites: deja })[0]?.json.service
  assert.equal(service([]), 'departement')
  assert.equal(service(['departement']), 'ccas')
  assert.equal(service([{ service: 'departement', regle: 'assignation-connu-du-departement' }]), 'ccas')
  assert.match(fautes(() => service(['ccass']))[0] ?? '', /Service inconnu "ccass".*Vouliez-vous écrire « ccas »/)
})

test('[SIG-23] thresholds take euros as partners write them, or cents, and give the amount compared', () => {
  const essais = essayer('seuils', [
    {
      id: 'a',
      type: 'commandement_de_payer',
      date_acte: '10/01/2022',
      montant_dette: '1 400,00',
      loyer: 500,
      mois_d_impaye: 2,
    },
    {
      id: 'b',
      type: 'commandement_de_payer',
      date_acte: '2022-01-10',
      dette_centimes: 150_000,
      loyer_centimes: 50_000,
    },
    { id: 'c', type: 'impaye_caf', date_constitution: '2027-01-15', dette: '450,01 €', premier_defaut: '2027-01-05' },
  ])
  assert.deepEqual(
    essais.map(({ json }) => [json.id, json.resultat, json.seuil_centimes, json.etiquette]),
    [
      ['a', 'non_atteint', 150_000, 'sous le seuil, gardé'],
      ['b', 'atteint', 150_000, null],
      ['c', 'atteint', 45_000, null],
    ],
  )
  assert.match(JSON.stringify(essais[0]?.json.source), /14 février 2020/)
  assert.match(String(essais[2]?.json.reserve), /^à vérifier/)
})

test('every fault of every situation is told and nothing is evaluated', () => {
  assert.deepEqual(
    fautes(() =>
      essayer('criteres', [
        { id: 'a', 'menage.ras': true },
        { 'dette.montant': 1.5, jour: '2026-02-30' },
      ]),
    ),
    [
      'Situation n° 1 (a) : Fait inconnu « menage.ras ». Vouliez-vous écrire « menage.rsa » ?',
      'Situation n° 2 : « dette.montant » attend un entier de centimes ; reçu : 1.5.',
      'Situation n° 2 : « jour » attend une date existante, AAAA-MM-JJ ; reçu : "2026-02-30".',
    ],
  )
  const seuils = fautes(() =>
    essayer('seuils', [{ type: 'commandement' }, { type: 'impaye_caf', loyers: 3, dette: '1e3', montant_dette: 4 }]),
  )
  assert.match(seuils[0] ?? '', /« type » doit valoir/)
  assert.match(seuils[1] ?? '', /Clé inconnue « loyers ».*Vouliez-vous écrire « loyer »/)
  assert.match(seuils[2] ?? '', /« dette » attend un montant en euros/)
  assert.match(seuils[3] ?? '', /« montant_dette » redonne une valeur déjà donnée/)
  assert.match(fautes(() => essayer('criteres', '{'))[0] ?? '', /JSON lisible/)
  assert.deepEqual(
    fautes(() => essayer('criteres', { situations: 3 })),
    ['« situations » : une liste est attendue, entre crochets.'],
  )
  assert.match(fautes(() => essayer('criteres', [3]))[0] ?? '', /un objet est attendu/)
  assert.match(
    fautes(() => essayer('criteres', {}, '75'))[0] ?? '',
    /n’est pas dans les données.*71 \(Saône-et-Loire\)/,
  )
})

test('amounts are cents without rounding: at most two decimals, no exponent, below one million', () => {
  const cas: [unknown, number | undefined][] = [
    ['1 400,00', 140_000],
    ['1\u202f400,5\u00a0€', 140_050],
    ['1400.05', 140_005],
    [999.99, 99_999],
    [450, 45_000],
    ['0', 0],
    [1.005, undefined],
    ['-3', undefined],
    [-3, undefined],
    ['1e3', undefined],
    [1e21, undefined],
    ['1000000', undefined],
    ['12 euros', undefined],
    ['', undefined],
    [true, undefined],
  ]
  for (const [ecrit, attendu] of cas) assert.equal(lireMontant(ecrit), attendu, String(ecrit))
})

test('a command badly written is told what is wrong, before how to write it', async (t) => {
  const ecrits: string[] = []
  t.mock.method(process.stderr, 'write', (texte: string) => ecrits.push(texte) > 0)
  assert.equal(await commandeEssayer.executer(['zut', 'f.json']), 2)
  assert.match(ecrits.pop() ?? '', /^« zut » ne s’essaie pas : repartition, criteres/)
  assert.equal(await commandeEssayer.executer(['criteres']), 2)
  assert.match(ecrits.pop() ?? '', /^Il faut dire quoi essayer, et sur un seul fichier\./)
  for (const quoi of ['vocabulaire', 'versions']) {
    assert.equal(await commandeReferentiel.executer([quoi, '--format', 'xml']), 2)
    assert.equal(ecrits.pop(), 'Format inconnu « xml » : json ou texte.\n')
  }
})
