import assert from 'node:assert/strict'
import { spawnSync } from 'node:child_process'
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { test } from 'node:test'
import { chargerDelais } from '#procedure'
import { chargerReferentiel } from '#referentiel'
import { projectRoot } from '#socle/config'
import { frozenClock } from '#socle/time'
import { essayerSituations } from './essayer.ts'
import { ErreurSituations } from './essayer-lecture.ts'
import type { Essai } from './essayer-sortie.ts'

const donnees = join(import.meta.dirname, '../../../donnees')
const referentiel = chargerReferentiel(donnees)
const droit = chargerDelais(donnees, '71')

type Json = Readonly<Record<string, unknown>>

function essayer(contenu: unknown, options: { readonly tout?: boolean; readonly jour?: string } = {}) {
  return essayerSituations({
    referentiel,
    genre: 'delais',
    texte: JSON.stringify(contenu),
    departement: '71',
    jour: options.jour === undefined ? null : Temporal.PlainDate.from(options.jour),
    regles: null,
    tout: options.tout ?? false,
    droit,
    horloge: frozenClock('2030-01-01T00:00:00Z'),
  })
}

/** One answer of one situation, by the name of its file. */
function trouver(contenu: Json, liste: 'delais' | 'valeurs' | 'seuils' | 'calendrier', nom: string): Json {
  const [essai] = essayer(contenu)
  const trouve = reponses(essai, liste).find((un) => String(un.id ?? un.version).endsWith(`/${nom}`))
  assert.ok(trouve, `${nom} is not answered`)
  return trouve
}

function reponses(essai: Essai | undefined, liste: 'delais' | 'valeurs' | 'seuils' | 'calendrier'): readonly Json[] {
  assert.ok(essai)
  return essai.json[liste] as readonly Json[]
}

const sourceDe = ({ source }: Json) => {
  const { titre, reference } = source as { titre: string; reference: string | null }
  return reference === null ? titre : `${titre}, ${reference}`
}
const espaces = (valeur: unknown) =>
  typeof valeur === 'string' ? valeur.replaceAll('\u00a0', ' ').replaceAll('\u202f', ' ') : valeur
const champs = (reponse: Json, noms: readonly string[]) => noms.map((nom) => espaces(reponse[nom]))

const L89 = 'Loi n° 89-462 du 6 juillet 1989'
const CCH = 'Code de la construction et de l’habitation'
const LOI23 = 'loi n° 2023-668 du 27 juillet 2023'

/** The cases that lawyers check the law with: what is given, what must come, and where it comes from. */
const CAS: readonly {
  readonly cas: string
  readonly faits: Json
  readonly liste: 'delais' | 'valeurs' | 'seuils' | 'calendrier'
  readonly nom: string
  readonly attendu: Json
  readonly source: string | null
  readonly reserve?: RegExp
}[] = [
  {
    cas: 'new lease: six weeks, moved from New Year’s Day',
    faits: { 'bail.conclu_le': '2023-09-01', 'commandement_de_payer.signifie': '2026-11-20' },
    liste: 'delais',
    nom: 'commandement-de-payer.paiement',
    attendu: {
      valeur: '6 semaines',
      date_brute: '2027-01-01',
      date: '2027-01-04',
      a_verifier: false,
      du: '2023-07-29',
    },
    source: `${L89}, art. 24 I, version du 29 juillet 2023 (${LOI23}, art. 10)`,
    reserve: /non vérifié par un juriste/,
  },
  {
    cas: 'old lease never renewed in writing: two months, and a doubt to lift',
    faits: { 'bail.conclu_le': '2017-03-01', 'commandement_de_payer.signifie': '2026-11-20' },
    liste: 'delais',
    nom: 'commandement-de-payer.paiement',
    attendu: { valeur: '2 mois', date: '2027-01-20', date_limite: '2027-01-20', a_verifier: true },
    source: `${L89}, art. 24 I (rédaction antérieure au 29 juillet 2023) ; Cass. 3e civ., avis du 13 juin 2024, n° 24-70.002`,
    reserve: /Tacite reconduction à vérifier/,
  },
  {
    cas: 'end of month: 31 December plus two months',
    faits: { 'bail.conclu_le': '2019-05-01', 'commandement_de_payer.signifie': '2026-12-31' },
    liste: 'delais',
    nom: 'commandement-de-payer.paiement',
    attendu: { date_brute: '2027-02-28', date: '2027-03-01' },
    source: `${L89}, art. 24 I (rédaction antérieure au 29 juillet 2023) ; Cass. 3e civ., avis du 13 juin 2024, n° 24-70.002`,
  },
  ...(
    [
      [999.99, 'non_atteint'],
      ['1 000,00', 'atteint'],
    ] as const
  ).map(([dette, resultat]) => ({
    cas: `national threshold of a commandement: ${dette} for a rent of 500`,
    faits: { 'commandement_de_payer.signifie': '2026-11-20', dette, loyer: 500, mois_d_impaye: 1 },
    liste: 'seuils' as const,
    nom: 'commandement-de-payer.signalement',
    attendu: { resultat, seuil_centimes: 100_000, du: '2023-07-29' },
    source: `${L89}, art. 24 I, version du 29 juillet 2023 (${LOI23})`,
  })),
  {
    cas: 'threshold replayed in Saône-et-Loire, under the order of 2020',
    faits: { 'commandement_de_payer.signifie': '2022-01-10', dette: 1400, loyer: 500, mois_d_impaye: 2 },
    liste: 'seuils',
    nom: '2020-02-14-seuil-cdp',
    attendu: { resultat: 'non_atteint', seuil_centimes: 150_000 },
    source: 'Arrêté préfectoral n° 71.2020.02.14-004 du 14 février 2020, art. 1er',
  },
  {
    cas: 'préfet: six weeks before the hearing, backwards',
    faits: { 'assignation.delivree': '2026-11-04', 'audience.prevue': '2027-01-14' },
    liste: 'delais',
    nom: 'assignation.notification-prefet',
    attendu: { valeur: '6 semaines', date: '2026-12-03', date_brute: '2026-12-03' },
    source: `${L89}, art. 24 III, version du 29 juillet 2023 (${LOI23}, art. 10)`,
    reserve: /TJ Dax/,
  },
  ...(
    [
      ['2026-12-03', true],
      ['2026-12-04', false],
    ] as const
  ).map(([notifiee, tenue]) => ({
    cas: `préfet notified on ${notifiee}, ${tenue ? 42 : 41} days before the hearing`,
    faits: {
      'assignation.delivree': '2026-11-04',
      'assignation.notifiee_au_prefet': notifiee,
      'audience.prevue': '2027-01-14',
    },
    liste: 'delais' as const,
    nom: 'assignation.notification-prefet',
    attendu: { nature: 'controle', tenue, fait_le: notifiee },
    source: `${L89}, art. 24 III, version du 29 juillet 2023 (${LOI23}, art. 10)`,
  })),
  {
    cas: 'CAF, old regime, aid paid to the landlord: 2 × (600 − 250)',
    faits: {
      'impaye.constitue': '2026-12-15',
      loyer: 500,
      charges: 100,
      aide: 250,
      tiers_payant: true,
      dette: 700,
    },
    liste: 'seuils',
    nom: 'aide-au-logement.impaye',
    attendu: { resultat: 'atteint', seuil_centimes: 70_000, du: '2016-09-01' },
    source: `${CCH}, art. R. 824-1 (décret n° 2016-748 du 6 juin 2016)`,
  },
  ...(
    [
      [45_000, '2027-01-05', 'non_atteint'],
      [45_001, '2027-01-05', 'atteint'],
      [6000, '2026-10-15', 'atteint'],
    ] as const
  ).map(([dette_centimes, premier_defaut, resultat]) => ({
    cas: `CAF, new regime: ${dette_centimes} cents since ${premier_defaut}`,
    faits: { 'impaye.constitue': '2027-01-15', dette_centimes, premier_defaut },
    liste: 'seuils' as const,
    nom: 'aide-au-logement.impaye',
    attendu: { resultat, du: '2027-01-01' },
    source: 'Décret n° 2026-84 du 12 février 2026',
    reserve: /^à vérifier/,
  })),
  ...(
    [
      ['2023-07-28', 'de 3 mois à 3 ans', 'CPCE, art. L. 412-4 (rédaction antérieure au 29 juillet 2023)'],
      ['2023-07-29', 'de 1 mois à 1 an', `CPCE, art. L. 412-3 et L. 412-4, version du 29 juillet 2023 (${LOI23})`],
    ] as const
  ).map(([le, valeur, source]) => ({
    cas: `enforcement judge on ${le}`,
    faits: { 'jex.decision': le },
    liste: 'valeurs' as const,
    nom: 'juge-execution.delais',
    attendu: { valeur, unite: 'ans', a_verifier: true },
    source,
    reserve: /Droit transitoire non confirmé/,
  })),
  {
    cas: 'winter truce, last day',
    faits: { 'expulsion.prevue': '2027-03-31' },
    liste: 'calendrier',
    nom: 'treve-hivernale',
    attendu: { valeur: 'interdite' },
    source: 'CPCE, art. L. 412-6 (rédaction de la loi n° 2014-366 du 24 mars 2014)',
  },
  {
    cas: 'winter truce, the day after',
    faits: { 'expulsion.prevue': '2027-04-01' },
    liste: 'calendrier',
    nom: 'treve-hivernale',
    attendu: { valeur: 'possible' },
    source: null,
  },
  {
    cas: 'silence of the préfet on a request received in December',
    faits: { 'requisition.recue': '2026-12-05' },
    liste: 'delais',
    nom: 'requisition.refus-implicite',
    attendu: { valeur: '2 mois', date: '2027-02-05' },
    source: 'CPCE, art. L. 153-1, R. 153-1 et R. 154-1 à R. 154-7 (décret n° 2025-1052 du 3 novembre 2025)',
  },
  {
    cas: 'plan: 2 000,00 € over 36 months, to the cent',
    faits: { 'impaye.constitue': '2026-03-02', 'impaye.solde': '2026-12-01', dette: '2 000,00' },
    liste: 'valeurs',
    nom: 'plan-apurement.defaut-mensualite',
    attendu: { valeur: '1/36', etalement: { nombre: 36, mensualite_centimes: 5556, derniere_centimes: 5540 } },
    source: `${CCH}, art. R. 824-12`,
  },
  {
    cas: 'over-indebtedness admitted with a plan under way: an alert',
    faits: { 'surendettement.recevable': '2026-10-05', 'plan_apurement.signe': '2026-06-01' },
    liste: 'valeurs',
    nom: 'surendettement.dettes-anterieures',
    attendu: { genre: 'regle', a_verifier: false },
    source: 'Code de la consommation, art. L. 722-5',
    reserve: /l’arriéré ne peut plus être payé, le loyer courant reste dû/,
  },
]

for (const { cas, faits, liste, nom, attendu, source, reserve } of CAS) {
  test(`[DOS-31] ${cas}`, () => {
    const reponse = trouver(faits, liste, nom)
    const cles = Object.keys(attendu)
    assert.deepEqual(champs(reponse, cles), Object.values(attendu))
    assert.equal(reponse.source === null ? null : sourceDe(reponse), source)
    if (reserve) assert.match(String(reponse.reserve), reserve)
  })
}

test('[RFP-19] the State answers from the end of the truce: the deferred effect comes with its own source and its doubt', () => {
  const { effet_differe: effet } = trouver(
    { 'requisition.recue': '2026-12-05' },
    'delais',
    'requisition.refus-implicite',
  )
  assert.deepEqual(effet, {
    libelle: 'Départ de la responsabilité de l’État, différé',
    date: '2027-04-01',
    causes: ['trêve hivernale jusqu’au 31/03/2027'],
    source: { titre: 'CPCE', reference: 'art. R. 154-5 (lecture à valider)', lien: null },
    fiabilite: 'NC',
  })
})

/** Every row of the master table: its file, the day each rule starts, what it gives, the date that selects it, how sure it is. */
const TABLEAU = [
  [
    'delais',
    'commandement-de-payer.paiement',
    'bail.conclu_le',
    { 'commandement_de_payer.signifie': '2026-11-20' },
    [
      ['2023-07-28', '2 mois', 'C'],
      ['2023-07-29', '6 semaines', 'C'],
    ],
  ],
  [
    'delais',
    'assignation.notification-prefet',
    'assignation.delivree',
    { 'audience.prevue': '2027-01-14' },
    [
      ['2023-07-28', '2 mois', 'C'],
      ['2023-07-29', '6 semaines', 'C'],
    ],
  ],
  [
    'delais',
    'bailleur-moral.saisine-ccapex',
    'assignation.delivree',
    { bailleur_personne_morale: true },
    [
      ['2014-12-31', null, null],
      ['2015-01-01', '2 mois', 'C'],
    ],
  ],
  [
    'delais',
    'dsf.proposition-entretien',
    'dsf.organisme_saisi',
    {},
    [
      ['2021-01-07', null, null],
      ['2021-01-08', '15 jours ouvrés', 'C'],
    ],
  ],
  [
    'delais',
    'dsf.remise',
    'audience.prevue',
    {},
    [
      ['2021-01-07', null, null],
      ['2021-01-08', '5 jours ouvrés', 'C'],
    ],
  ],
  [
    'valeurs',
    'dsf.cadre',
    'dsf.remis',
    {},
    [
      ['2022-09-07', 'cadre local', 'C'],
      ['2022-09-08', 'CERFA 16227*01', 'C'],
    ],
  ],
  [
    'valeurs',
    'jugement.delais-de-paiement',
    'jugement.rendu',
    {},
    [
      ['2014-03-26', 'au plus 24 mois', 'C'],
      ['2014-03-27', 'au plus 36 mois', 'C'],
    ],
  ],
  [
    'valeurs',
    'jugement.conditions-des-delais',
    'audience.prevue',
    {},
    [
      ['2023-07-28', null, null],
      ['2023-07-29', /loyer courant est intégralement repris avant l’audience/, 'C'],
    ],
  ],
  [
    'valeurs',
    'juge-execution.delais',
    'jex.decision',
    {},
    [
      ['2014-03-26', 'de 1 mois à 1 an', 'C2'],
      ['2023-07-28', 'de 3 mois à 3 ans', 'C'],
      ['2023-07-29', 'de 1 mois à 1 an', 'C'],
    ],
  ],
  [
    'valeurs',
    'surendettement.articulation',
    'surendettement.recevable',
    {},
    [
      ['2019-02-28', null, null],
      ['2019-03-01', /délais du juge jusqu’à la décision/, 'C'],
    ],
  ],
  [
    'valeurs',
    'protocole.sans-dette',
    'protocole.signe',
    { bail_resilie_sans_dette: true },
    [
      ['2018-11-24', null, null],
      ['2018-11-25', /pas de plan d’apurement/, 'C'],
    ],
  ],
  [
    'valeurs',
    'requisition.responsabilite',
    'requisition.recue',
    {},
    [
      ['2025-11-06', /jurisprudence/, 'C'],
      ['2025-11-07', /R\. 154-1 à R\. 154-7/, 'C'],
    ],
  ],
  [
    'seuils',
    'aide-au-logement.impaye',
    'impaye.constitue',
    { loyer: 400, charges: 0, tiers_payant: false, dette: 800, termes_impayes: 0 },
    [
      ['2016-08-31', 'atteint', 'C'],
      ['2016-09-01', 'atteint', 'C'],
      ['2026-12-31', 'atteint', 'C'],
      ['2027-01-01', 'atteint', 'C2'],
    ],
  ],
  [
    'valeurs',
    'ccapex.aide-au-logement',
    'ccapex.saisie',
    {},
    [
      ['2023-07-28', 'avis', 'C'],
      ['2023-07-29', 'décision', 'C2'],
      ['2027-01-01', 'décision', 'C2'],
    ],
  ],
  [
    'valeurs',
    'ccapex.organisation',
    'evenement.examine',
    {},
    [
      ['2026-02-13', 'commission départementale', 'C'],
      ['2026-02-14', 'commission centrale et commissions locales', 'C2'],
    ],
  ],
] as const

for (const [liste, nom, rattachement, autres, regles] of TABLEAU) {
  test(`[DOS-31] ${nom} follows the master table, by the date of ${rattachement}`, () => {
    for (const [le, valeur, fiabilite] of regles) {
      const reponse = trouver({ ...autres, [rattachement]: le }, liste, nom)
      if (valeur === null) {
        assert.deepEqual([reponse.etat, reponse.valeur], ['aucune', null], le)
        assert.match(String(reponse.motif), /^Aucune règle connue avant le \d\d\/\d\d\/\d{4}\./)
        continue
      }
      const obtenu = espaces(liste === 'seuils' ? reponse.resultat : reponse.valeur)
      if (typeof valeur === 'string') assert.equal(obtenu, valeur, le)
      else assert.match(String(obtenu), valeur, le)
      if (liste !== 'seuils') assert.equal(reponse.fiabilite, fiabilite, le)
      assert.match(String(reponse.reserve), fiabilite === 'C' ? /non vérifié par un juriste/ : /^à vérifier/, le)
      assert.ok(sourceDe(reponse).length > 5)
    }
  })
}

test('the winter truce of the master table: 15 March, then 31 March, and its three exceptions', () => {
  const selon = (le: string) => trouver({ 'expulsion.executee': le }, 'calendrier', 'treve-hivernale').valeur
  const attendus = {
    '2013-03-15': 'interdite',
    '2013-03-16': 'possible',
    '2014-03-31': 'interdite',
    '2015-03-31': 'interdite',
    '2015-04-01': 'possible',
    '2020-07-10': 'interdite',
    '2020-07-11': 'possible',
    '2021-05-31': 'interdite',
    '2021-06-01': 'possible',
    '2026-10-31': 'possible',
    '2026-11-01': 'interdite',
  }
  for (const [le, attendu] of Object.entries(attendus)) assert.equal(selon(le), attendu, le)
})

test('two readings are both given, each with its version, its source and its doubt', () => {
  const bail = trouver(
    { bail: { conclu_le: '2017-03-01', reconduit_le: '2026-03-01' }, 'commandement_de_payer.signifie': '20/11/2026' },
    'delais',
    'commandement-de-payer.paiement',
  )
  assert.deepEqual(champs(bail, ['date', 'date_limite', 'a_verifier']), ['2027-01-04', '2027-01-20', true])
  assert.deepEqual(
    (bail.lectures as readonly Json[]).map((lecture) => champs(lecture, ['valeur', 'date', 'date_brute', 'fiabilite'])),
    [
      ['2 mois', '2027-01-20', '2027-01-20', 'C'],
      ['6 semaines', '2027-01-04', '2027-01-01', 'NC'],
    ],
  )
  const ccapex = trouver({ 'ccapex.saisie': '2026-10-05' }, 'valeurs', 'ccapex.aide-au-logement')
  assert.deepEqual(
    (ccapex.lectures as readonly Json[]).map((lecture) => lecture.valeur),
    ['décision', 'avis'],
  )
  const ouvert = trouver(
    { 'impaye.constitue': '2026-12-15', 'impaye.solde': '2027-02-01' },
    'valeurs',
    'aide-au-logement.maintien',
  )
  assert.equal((ouvert.lectures as readonly Json[]).length, 2)
  assert.match(String(ouvert.reserve), /Régime à confirmer/)
})

test('what is missing is named, nothing falls back on today, and what has ended says when and what is known of the sequel', () => {
  const sansBail = trouver(
    { 'commandement_de_payer.signifie': '2026-11-20' },
    'delais',
    'commandement-de-payer.paiement',
  )
  assert.deepEqual(champs(sansBail, ['etat', 'valeur', 'motif']), [
    'indeterminee',
    null,
    'Indéterminé : il manque la date de conclusion du bail.',
  ])
  assert.deepEqual(sansBail.manquants, ['bail.conclu_le'])
  const faits = { 'protocole.non_respecte': '2027-01-01', bailleur_nature: 'bailleur_social' }
  const fini = trouver(faits, 'delais', 'protocole.renegociation')
  assert.equal(fini.etat, 'aucune')
  assert.match(String(fini.motif), /^Expirée le 31\/12\/2026\. Numérotation et contenu après le décret n° 2026-84/)
  const autre = trouver({ ...faits, bailleur_nature: 'personne_physique' }, 'delais', 'protocole.renegociation')
  assert.equal(autre.etat, 'sans_objet')
})

test('an end of time limit starts the next one: the préfet’s time to rehouse opens the way to court', () => {
  const reconnu = { 'dalo.reconnu': '2026-09-14' }
  const recours = (long: boolean) => trouver({ ...reconnu, territoire_delai_long: long }, 'delais', 'dalo.injonction')
  assert.deepEqual(champs(recours(false), ['date', 'valeur']), ['2027-04-14', '4 mois'])
  assert.deepEqual(champs(recours(true), ['date_brute']), ['2027-07-14'])
  const saisi = trouver({ ...reconnu, 'dalo.relogement_echu': '2026-12-20' }, 'delais', 'dalo.injonction')
  assert.equal(saisi.date, '2027-04-20')
})

test('a situation shows what it concerns, and everything on demand; a list gives as many answers, in order', () => {
  const [vide] = essayer({ id: 'vide' })
  assert.deepEqual(champs(vide?.json ?? {}, ['id']), ['vide'])
  assert.deepEqual([vide?.json.delais, vide?.json.valeurs, vide?.json.seuils, vide?.json.calendrier], [[], [], [], []])
  assert.match(vide?.lignes.join('\n') ?? '', /Aucun de ces faits/)
  const [tout] = essayer({ id: 'vide' }, { tout: true })
  const delais = reponses(tout, 'delais')
  assert.ok(delais.length > 30)
  assert.ok(delais.every(({ etat }) => etat === 'indeterminee'))
  assert.deepEqual(
    essayer({ situations: [{ id: 'a' }, { id: 'b' }] }).map(({ json }) => json.id),
    ['a', 'b'],
  )
  const [seance] = essayer({}, { jour: '2026-11-20' })
  assert.ok(reponses(seance, 'valeurs').some(({ id }) => id === 'droit/valeurs/ccapex.organisation'))
})

test('a wrong word, date or amount is told with its remedy, and nothing is evaluated', () => {
  const fautes = (contenu: unknown): string[] => {
    try {
      essayer(contenu)
    } catch (erreur) {
      assert.ok(erreur instanceof ErreurSituations)
      return erreur.message.split('\n')
    }
    return []
  }
  const [mot, date, montant, deux] = fautes([
    { id: 'a', commandement_de_payer: { signifier: '2026-11-20' } },
    { 'audience.prevue': '2027-02-30', dette: '12 euros' },
    { dette: 1, dette_centimes: 100 },
  ])
  assert.match(
    mot ?? '',
    /^Situation n° 1 \(a\) : Mot inconnu « commandement_de_payer\.signifier »\. Vouliez-vous écrire « commandement_de_payer\.signifie »/,
  )
  assert.match(mot ?? '', /referentiel vocabulaire/)
  assert.match(date ?? '', /Situation n° 2 : « audience\.prevue » attend une date existante/)
  assert.match(montant ?? '', /« dette » attend un montant en euros/)
  assert.match(deux ?? '', /« dette_centimes » redonne une valeur déjà donnée/)
})

test('the sample file of facts is answered in full', () => {
  const essais = essayer(JSON.parse(readFileSync(join(donnees, 'exemples/faits-de-droit.json'), 'utf8')))
  assert.equal(essais.length, 6)
  for (const essai of essais) {
    assert.ok(
      reponses(essai, 'delais').some(({ etat }) => etat === 'calculee'),
      String(essai.json.id),
    )
  }
})

test('the command prints JSON or text, names the dated facts it takes, and ends with 0, 1 or 2', (t) => {
  const dossier = mkdtempSync(join(tmpdir(), 'amont-essayer-'))
  t.after(() => rmSync(dossier, { recursive: true }))
  const faits = join(dossier, 'faits.json')
  writeFileSync(faits, JSON.stringify({ id: 'a', 'requisition.recue': '2026-12-05' }))
  const lancer = (...args: readonly string[]) =>
    spawnSync(process.execPath, [join(projectRoot, 'dist/src/amont.js'), ...args], { encoding: 'utf8' })
  const json = lancer('essayer', 'delais', faits, '--departement', '71', '--format', 'json')
  assert.equal(json.status, 0, json.stderr)
  assert.equal(JSON.parse(json.stdout)[0].delais[0].date, '2027-02-05')
  const texte = lancer('essayer', 'delais', faits)
  assert.match(texte.stdout, /^Situation a\n {2}Délais\n {4}Silence du préfet valant refus .* : le 5 février 2027\n/)
  writeFileSync(faits, JSON.stringify({ 'requisition.recu': '2026-12-05' }))
  const faux = lancer('essayer', 'delais', faits)
  assert.deepEqual([faux.status, faux.stdout], [1, ''])
  assert.match(faux.stderr, /Vouliez-vous écrire « requisition\.recue »/)
  assert.equal(lancer('essayer', 'delais').status, 2)
  assert.equal(lancer('essayer', 'seuils', faits, '--tout').status, 2)
  const mots = JSON.parse(lancer('referentiel', 'vocabulaire', '--format', 'json').stdout) as Json[]
  const audience = mots.find(({ nom }) => nom === 'audience.prevue')
  assert.deepEqual(
    [audience?.genre, audience?.type, audience?.sens, audience?.commande],
    ['date', 'date', 'date de l’audience', 'essayer delais'],
  )
  assert.ok(mots.some(({ nom, genre }) => nom === 'caution' && genre === 'situation'))
  assert.ok(mots.some(({ nom, genre }) => nom === 'rappel_aide' && genre === 'montant'))
  assert.ok(mots.some(({ nom, genre }) => nom === 'menage.rsa' && genre === 'fait'))
})
