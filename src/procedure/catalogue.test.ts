import assert from 'node:assert/strict'
import { join } from 'node:path'
import { test } from 'node:test'
import { projectRoot } from '#socle/config'
import {
  type CodeGenre,
  champsDe,
  decrireGenre,
  estGenreActe,
  GENRES_ACTE,
  MENTIONS_COMMANDEMENT,
} from './catalogue.ts'
import { type ContenuActe, lireSaisie, verifierContenu } from './champs-acte.ts'
import { verifierCoherence } from './coherence.ts'
import { type ActeConsigne, enActes, etablirFaits, proposerIssue } from './consignes.ts'
import { chargerDelais } from './delais.ts'
import { CAS_SUSPENSION, decrireSuspension } from './effets.ts'
import { FAITS_DATES } from './faits.ts'
import { calculerStade } from './stade.ts'
import { calculerSuspensions, situerSurendettement, suspendreParTreve, suspensionsEnVigueur } from './suspensions.ts'

const le = (texte: string) => Temporal.PlainDate.from(texte)
const JOUR = le('2026-11-20')
const droit = chargerDelais(join(projectRoot, 'donnees'))
const { calendrier, suspensions: regles } = droit
const CODES = Object.keys(GENRES_ACTE).filter(estGenreActe)
const acte = (genre: CodeGenre, jour: string, contenu: ActeConsigne['contenu'] = {}): ActeConsigne => ({
  id: `${genre} ${jour}`,
  genre,
  le: le(jour),
  contenu,
})

test('[DOS-05] every fact of the catalogue is one the law knows, taken from the day or from a field of type day', () => {
  for (const code of CODES) {
    for (const [fait, champ] of decrireGenre(code).faits ?? []) {
      assert.ok(Object.hasOwn(FAITS_DATES, fait), `${code}: ${fait}`)
      if (champ !== undefined) assert.equal(champsDe(code)[champ]?.type, 'jour', `${code}.${champ}`)
    }
  }
})

test('[DOS-05] a form is read into typed values; what is wrong is said, what is empty is unknown', () => {
  const saisie: Readonly<Record<string, string>> = {
    decision: 'delais',
    mensualite: '1 080,5 €',
    duree_mois: '',
    present: 'non',
  }
  const { contenu, erreurs } = lireSaisie(champsDe('jugement'), (nom) => saisie[nom] ?? '')
  assert.deepEqual(erreurs, [])
  assert.deepEqual(contenu, { decision: 'delais', mensualite: 108_050, present: false })
  const fautes = verifierContenu(champsDe('jugement'), { decision: 'clement', mensualite: -3, inconnu: 'x' }, JOUR)
  assert.deepEqual(fautes.map(({ champ }) => champ).toSorted(), ['decision', 'inconnu', 'mensualite'])
})

test('[DOS-06] the parts of a debt make no more than the debt, which is not born after the day it is stated', () => {
  const { verifier } = decrireGenre('dette_relevee')
  const fautes = (contenu: ContenuActe) => verifier?.(contenu, JOUR).map(({ champ }) => champ)
  assert.deepEqual(fautes({ montant: 100_000, part_loyer: 80_000, part_charges: 20_000, depuis: '2026-11-20' }), [])
  assert.deepEqual(fautes({ montant: 100_000, part_loyer: 80_000, part_charges: 20_001 }), ['part_charges'])
  assert.deepEqual(fautes({ montant: 100_000, part_loyer: 100_001, frais: 5_000 }), ['part_loyer'])
  assert.deepEqual(fautes({ montant: 100_000, depuis: '2026-11-21' }), ['depuis'])
})

const SUSPENSIONS: readonly (readonly [
  string,
  readonly ActeConsigne[],
  readonly (readonly [string, string, string | null])[],
])[] = [
  [
    'delays of the judge hold until their last month, and stop when they are not kept',
    [
      acte('jugement', '2026-01-10', { decision: 'delais', duree_mois: 36 }),
      acte('delais_non_respectes', '2026-08-01'),
    ],
    [['delais', '2026-01-10', '2026-07-31']],
  ],
  [
    'delays to leave granted by the enforcement judge hold until their day; refused, they hold nothing',
    [
      acte('jex_decision', '2026-06-01', { accord: 'refuses' }),
      acte('jex_decision', '2026-09-01', { accord: 'accordes', jusqu_au: '2026-12-31' }),
    ],
    [['delai_de_grace', '2026-09-01', '2026-12-31']],
  ],
  [
    'the protocol denounced is the one that stops, not the other',
    [
      acte('protocole_signe', '2024-01-10', { numero: '1', jusqu_au: '2026-01-09' }),
      acte('protocole_denonce', '2025-03-01', { numero: '1' }),
      acte('protocole_signe', '2025-06-01', { numero: '2', jusqu_au: '2027-05-31' }),
      acte('protocole_denonce', '2026-10-01', { numero: '1' }),
    ],
    [
      ['protocole', '2024-01-10', '2025-02-28'],
      ['protocole', '2025-06-01', '2027-05-31'],
    ],
  ],
  [
    'a protocol negotiated again runs to its new day',
    [
      acte('protocole_signe', '2025-01-10', { numero: '1', jusqu_au: '2027-01-09' }),
      acte('protocole_defaillant', '2026-03-01', { numero: '1' }),
      acte('protocole_renegocie', '2026-05-01', { numero: '1', jusqu_au: '2028-01-09' }),
    ],
    [['protocole', '2025-01-10', '2028-01-09']],
  ],
  [
    'a « loi ELAN » protocol negotiated again runs to its new day, whatever number is given',
    [
      acte('protocole_elan', '2025-01-10', { jusqu_au: '2027-01-09', dette: 'soldee' }),
      acte('protocole_renegocie', '2026-05-01', { numero: '1', jusqu_au: '2028-01-09' }),
    ],
    [['protocole', '2025-01-10', '2028-01-09']],
  ],
  [
    'a return to a step before the judgment ends what the judgment opened, and what was suspended by hand',
    [
      acte('suspension', '2026-01-05', { motif: 'autre' }),
      acte('jugement', '2026-01-10', { decision: 'delais', duree_mois: 36 }),
      acte('retour', '2026-06-01', { vers: 'assignation', motif: 'caducite' }),
    ],
    [
      ['autre', '2026-01-05', '2026-05-31'],
      ['delais', '2026-01-10', '2026-05-31'],
    ],
  ],
  [
    'a return to the judgment because of a protocol leaves the protocol',
    [
      acte('jugement', '2026-01-10', { decision: 'resiliation_ferme' }),
      acte('protocole_signe', '2026-05-10', { numero: '1', jusqu_au: '2027-01-09' }),
      acte('retour', '2026-05-10', { vers: 'jugement', motif: 'protocole' }),
    ],
    [['protocole', '2026-05-10', '2027-01-09']],
  ],
  [
    'a procedure that starts again leaves no suspension behind',
    [
      acte('suspension', '2026-01-05', { motif: 'autre' }),
      acte('surendettement_suspension', '2026-02-05', { jusqu_au: '2027-02-04' }),
      acte('jugement', '2026-05-10', { decision: 'rejet' }),
    ],
    [
      ['autre', '2026-01-05', '2026-05-09'],
      ['surendettement', '2026-02-05', '2026-05-09'],
    ],
  ],
  [
    'the same day, acts follow the order of the procedure, whatever the order they were entered in',
    [
      acte('delais_non_respectes', '2026-08-01'),
      acte('jugement', '2026-08-01', { decision: 'delais', duree_mois: 36 }),
    ],
    [],
  ],
  [
    'a suspension without a known end is said to have none',
    [acte('suspension', '2026-10-01', { motif: 'autre' })],
    [['autre', '2026-10-01', null]],
  ],
]
for (const [titre, actes, attendues] of SUSPENSIONS)
  test(`[DOS-04] ${titre}`, () => {
    assert.deepEqual(
      calculerSuspensions(actes, JOUR, regles).map(({ motif, du, jusquAu }) => [motif, du, jusquAu]),
      attendues,
    )
  })

test('[DOS-31] what a suspension does, and the text it rests on, are data chosen by the date of the act: each side of each bound', () => {
  for (const { cas, le: jour, source, reserve, aucune } of regles.exemples) {
    const dit = decrireSuspension(regles, cas, jour)
    if (aucune) assert.match(dit.source, /^Texte non renseigné avant le/, cas)
    else assert.equal(dit.source, source, cas)
    if (reserve) assert.ok(dit.reserve?.includes(reserve), cas)
  }
  assert.deepEqual(
    CAS_SUSPENSION.filter((cas) => !regles.exemples.some((exemple) => exemple.cas === cas)),
    [],
  )
  const [suspension] = calculerSuspensions(
    [acte('jugement', '2022-05-10', { decision: 'delais', duree_mois: 36 })],
    le('2022-06-01'),
    regles,
  )
  assert.match(suspension?.pourquoi ?? '', /^Le jugement du 10\/05\/2022 accorde des délais de paiement/)
  assert.match(suspension?.reserve ?? '', /antérieure au 29 juillet 2023.*À vérifier : source de seconde main/)
})

test('[DOS-09] a « loi ELAN » protocol that is not kept is said so', () => {
  const [suspension] = calculerSuspensions(
    [
      acte('protocole_elan', '2026-01-10', { jusqu_au: '2027-01-09', dette: 'soldee' }),
      acte('protocole_defaillant', '2026-09-01', { numero: '1' }),
    ],
    JOUR,
    regles,
  )
  assert.match(suspension?.reserve ?? '', /Non respecté depuis le 01\/09\/2026/)
})

test('[DOS-04] whether a suspension holds depends on the day; the truce holds execution only, from the judgment on', () => {
  const suspensions = calculerSuspensions(
    [acte('jex_decision', '2026-09-01', { accord: 'accordes', jusqu_au: '2026-12-31' })],
    JOUR,
    regles,
  )
  assert.equal(suspensionsEnVigueur(suspensions, le('2026-12-31')).length, 1)
  assert.equal(suspensionsEnVigueur(suspensions, le('2027-01-01')).length, 0)
  assert.equal(suspendreParTreve('assignation', droit, JOUR), null)
  assert.equal(suspendreParTreve('commandement_de_quitter_les_lieux', droit, JOUR)?.jusquAu, '2027-03-31')
  assert.equal(suspendreParTreve('commandement_de_quitter_les_lieux', droit, le('2026-06-01')), null)
})

test('[DOS-09] a new lease brings the procedure back to its start, and leaves its facts behind', () => {
  const actes = [
    acte('jugement', '2024-05-01', { decision: 'resiliation_ferme' }),
    acte('protocole_signe', '2024-09-01', { numero: '1', jusqu_au: '2026-08-31' }),
    acte('nouveau_bail', '2026-10-01'),
  ]
  assert.equal(calculerStade(actes.flatMap(enActes), JOUR).stade, 'prevention')
  assert.deepEqual(etablirFaits(actes, JOUR), { 'protocole.nouveau_bail': le('2026-10-01') })
  assert.deepEqual(calculerSuspensions(actes, JOUR, regles), [])
})

test('[DOS-15] the latest stage of the over-indebtedness procedure holds, and paying older debts is forbidden once admissible', () => {
  const depose = acte('surendettement_depose', '2026-03-01', { toutes_dettes: false })
  const recevable = acte('surendettement_recevable', '2026-05-01')
  const plan = acte('surendettement_plan', '2026-09-01', { jusqu_au: '2030-09-01' })
  const situer = (...actes: ActeConsigne[]) => situerSurendettement(actes, JOUR)
  assert.equal(situer(), null)
  assert.deepEqual([situer(depose)?.etat, situer(depose)?.paiementInterdit], ['depose', false])
  assert.deepEqual(
    [
      situer(recevable, depose)?.etat,
      situer(recevable, depose)?.paiementInterdit,
      situer(recevable, depose)?.toutesDettes,
    ],
    ['recevable', true, false],
  )
  assert.deepEqual(
    [situer(depose, recevable, plan)?.etat, situer(depose, recevable, plan)?.paiementInterdit],
    ['plan', false],
  )
  // The commission orients what is admissible: that nobody entered the admissibility does not allow paying.
  const oriente = acte('surendettement_oriente', '2026-06-01')
  assert.equal(situer(depose, oriente)?.paiementInterdit, true)
})

const SEQUENCES: readonly (readonly [string, readonly ActeConsigne[], readonly string[]])[] = [
  [
    'a hearing before its summons',
    [acte('audience', '2026-03-01'), acte('assignation', '2026-04-01')],
    ['ordre', 'attendu'],
  ],
  ['a judgment nobody summoned for', [acte('jugement', '2026-03-01', { decision: 'rejet' })], ['attendu']],
  [
    'an order to leave while the judge’s delays run',
    [
      acte('assignation', '2026-01-01'),
      acte('commandement_de_payer', '2025-10-01'),
      acte('jugement', '2026-03-01', { decision: 'delais' }),
      acte('commandement_de_quitter_les_lieux', '2026-05-01'),
    ],
    ['delais'],
  ],
  [
    'a second protocol without a first',
    [
      acte('jugement', '2026-01-05', { decision: 'resiliation_ferme' }),
      acte('protocole_signe', '2026-03-01', { numero: '2' }),
    ],
    ['attendu', 'premier-protocole'],
  ],
  [
    'the same act twice within days',
    [acte('commandement_de_payer', '2026-03-01'), acte('commandement_de_payer', '2026-03-04')],
    ['doublon'],
  ],
  ['an act after a death', [acte('deces', '2026-03-01'), acte('commandement_de_payer', '2026-04-01')], ['apres-fin']],
  [
    'nothing to say of the judgment that ends a procedure, nor of delays kept to the end',
    [
      acte('commandement_de_payer', '2025-01-05'),
      acte('assignation', '2025-03-10'),
      acte('jugement', '2025-06-10', { decision: 'delais' }),
      acte('delais_respectes', '2026-01-10'),
      acte('commandement_de_payer', '2026-03-05'),
      acte('assignation', '2026-06-10'),
      acte('jugement', '2026-09-10', { decision: 'rejet' }),
    ],
    [],
  ],
  [
    'nothing to say of acts of the same day entered in any order',
    [
      acte('jugement', '2026-05-01', { decision: 'delais' }),
      acte('commandement_de_quitter_les_lieux', '2026-05-01'),
      acte('delais_non_respectes', '2026-05-01'),
      acte('assignation', '2026-05-01'),
      acte('commandement_de_payer', '2026-05-01'),
    ],
    [],
  ],
  [
    'a hearing that does not come after its summons, a notification before what it notifies',
    [
      acte('commandement_de_payer', '2026-01-05'),
      acte('notification_prefet', '2026-03-09', { acte: 'assignation' }),
      acte('assignation', '2026-03-10', { audience_le: '2026-03-10' }),
    ],
    ['notification', 'audience'],
  ],
  [
    'a judgment before the hearing announced, an eviction planned in the winter truce',
    [
      acte('commandement_de_payer', '2026-01-05'),
      acte('assignation', '2026-03-10', { audience_le: '2026-06-10' }),
      acte('jugement', '2026-06-09', { decision: 'resiliation_ferme' }),
      acte('commandement_de_quitter_les_lieux', '2026-07-01'),
      acte('requisition_force_publique', '2026-09-10'),
      acte('concours_force_publique', '2026-10-20', { prevue_le: '2026-11-15' }),
    ],
    ['audience', 'treve'],
  ],
  [
    'nothing to say of an ordinary sequence',
    [acte('commandement_de_payer', '2026-01-05'), acte('assignation', '2026-03-10')],
    [],
  ],
]
for (const [titre, actes, attendus] of SEQUENCES)
  test(`[DOS-05] warns: ${titre}`, () => {
    assert.deepEqual(
      verifierCoherence(actes, JOUR, calendrier).map(({ code }) => code),
      attendus,
    )
  })

test('[DOS-05] what tells of the household may be older than its lease; an act of procedure may not', () => {
  const actes = [
    acte('mesure_protection', '2019-03-01', { type: 'curatelle' }),
    acte('logement_social_demande', '2019-05-01'),
    acte('surendettement_depose', '2019-06-01'),
    acte('commandement_de_payer', '2019-07-01'),
  ]
  assert.deepEqual(
    verifierCoherence(actes, JOUR, calendrier, le('2020-01-01')).map(({ code, acte: id }) => [code, id]),
    [['bail', 'commandement_de_payer 2019-07-01']],
  )
})

test('[DOS-30] an act suggests the outcome to close with, and most suggest none', () => {
  assert.equal(proposerIssue({ genre: 'depart_volontaire', contenu: { cles: 'remises' } }), 'depart_avec_cles')
  assert.equal(proposerIssue({ genre: 'relogement', contenu: { type: 'mutation' } }), 'mutation')
  assert.equal(proposerIssue({ genre: 'assignation', contenu: {} }), null)
})

test('[SIG-24] the act asks for the mentions the law in force lists, in its order, and none is required', () => {
  const { valeurs } = chargerDelais(join(projectRoot, 'donnees'))
  const loi = valeurs.find(({ nom }) => nom === 'commandement-de-payer.mentions')?.versions.at(-1)?.contenu
  assert.ok(loi?.genre === 'liste')
  const mots = [/délai/, /loyer/, /décompte/, /avertissement/, /FSL/, /grâce/]
  const demandees = Object.values(MENTIONS_COMMANDEMENT)
  assert.equal(loi.elements.length, demandees.length)
  for (const [rang, mot] of mots.entries()) {
    assert.match(loi.elements[rang] ?? '', mot)
    assert.match(demandees[rang]?.libelle ?? '', mot)
  }
  assert.ok(demandees.every(({ obligatoire }) => obligatoire === undefined))
})
