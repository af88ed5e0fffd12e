import assert from 'node:assert/strict'
import { join } from 'node:path'
import { test } from 'node:test'
import { chargerReferentiel, compterEngagements, type ModeEngagement, type Ventilation } from '#referentiel'

const referentiel = chargerReferentiel(join(import.meta.dirname, '../../donnees'))

function charte(code: string) {
  const trouvee = referentiel.departements.get(code)?.chartes[0]
  assert.ok(trouvee, code)
  return trouvee
}

const numeros = (debut: number, fin: number) => Array.from({ length: fin - debut + 1 }, (_, rang) => debut + rang)

test('the charter of Saône-et-Loire follows its 61 indicators, each defined and cut as it asks', () => {
  const { indicateurs } = charte('71')
  assert.deepEqual(
    indicateurs.map(({ numero }) => numero),
    numeros(1, 61),
  )
  const complet: Ventilation[] = ['parc', 'arrondissement', 'territoire', 'total']
  for (const { numero, ventilations, producteurs, indicateur } of indicateurs) {
    assert.deepEqual(ventilations, numero <= 25 ? complet : ['parc', 'total'], `IND-${numero}`)
    assert.ok(producteurs.length > 0 && indicateur.question.endsWith('?'), `IND-${numero}`)
  }
})

test('the action sheets follow their own indicators', () => {
  const { indicateurs, fiches } = charte('99')
  assert.deepEqual(
    indicateurs.map(({ numero }) => numero),
    numeros(62, 67),
  )
  const cites = fiches.flatMap((fiche) => fiche.indicateurs ?? [])
  assert.deepEqual(
    indicateurs.map(({ indicateur }) => indicateur.id).filter((id) => !cites.includes(id)),
    [],
  )
})

test('[IND-68] the history is the one printed: nine years, and NC is kept as NC', () => {
  const { historique } = charte('71')
  assert.deepEqual(historique?.annees, numeros(2011, 2019))
  const ligne = (id: string) => historique?.lignes.find(({ indicateur }) => indicateur === id)?.valeurs
  assert.deepEqual(ligne('reunions-ccapex'), ['NC', 36, 22, 32, 44, 39, 41, 42, 42])
  assert.deepEqual(ligne('assignations'), [931, 935, 1031, 1126, 804, 997, 946, 1097, 960])
  assert.deepEqual(ligne('interventions-effectives'), ['NC', 'NC', 'NC', 'NC', 'NC', 'NC', 69, 86, 78])
  assert.deepEqual(
    historique?.lignes.map(({ valeurs }) => valeurs.at(-1)),
    [42, 1266, 929, 960, 559, 349, 235, 78],
  )
})

test('both targets bear on summonses and orders to leave, and say from which year', () => {
  const { cibles } = charte('71')
  assert.deepEqual(
    cibles?.cibles.map(({ baisse_pour_cent, rythme, base, indicateurs }) => [
      baisse_pour_cent,
      rythme,
      base,
      indicateurs,
    ]),
    [
      [5, 'annuel', 2019, ['assignations', 'commandements-de-quitter-les-lieux']],
      [20, 'duree_de_la_charte', 2019, ['assignations', 'commandements-de-quitter-les-lieux']],
    ],
  )
})

test('the six commitment sheets say each planned action, its pilots and the requirement that carries it', () => {
  const { fiches } = charte('71')
  assert.deepEqual(
    fiches.map(({ numero, actions }) => [numero, actions?.length]),
    [
      ['1', 14],
      ['2', 15],
      ['3', 5],
      ['4', 7],
      ['5', 4],
      ['6', 5],
    ],
  )
  const exigences = fiches.flatMap(({ actions = [] }) => actions.flatMap(({ exigence }) => exigence ?? []))
  const attendues = numeros(20, 48).map((n) => `CHA-${n}`)
  assert.deepEqual(
    attendues.filter((exigence) => !exigences.includes(exigence)),
    [],
  )
})

test('[CHA-14] [CHA-15] [CHA-16] [CHA-17] [CHA-18] [CHA-19] the action sheets of the model give pilots, term, links and legal frame; the missing one waits for its pilots', () => {
  const { fiches } = charte('99')
  assert.deepEqual(
    fiches.map(({ numero, fournie, pilotes, delai, liens }) => [numero, fournie, pilotes, delai, liens]),
    [
      ['3', true, ['État', 'Département'], undefined, ['3-1', '3-2', '3-3', '3-4']],
      ['3-1', true, ['État', 'Département'], '2018', ['3-2', '3-3', '3-4']],
      ['3-2', false, [], undefined, undefined],
      ['3-3', true, ['État', 'Département'], '2018', ['3-4', '3-2']],
      ['3-4', true, ['Département'], '2018', ['3-1', '3-3']],
    ],
  )
  for (const { numero, fournie, vigilance, moyens, cadre_juridique } of fiches.filter(({ numero }) => numero !== '3')) {
    if (fournie) assert.ok(vigilance?.length && moyens?.length && cadre_juridique?.length, numero)
  }
})

/** Counts by step and by mode, from the list of requirements (§ 23): the summons includes the hearing and the judgment. */
const GRILLE: Readonly<Record<string, { readonly stades: readonly number[]; readonly modes: readonly number[] }>> = {
  etat: { stades: [1, 0, 1, 3, 1, 2, 4, 0], modes: [6, 5, 0, 1] },
  secretariat: { stades: [1, 4, 7, 6, 3, 1, 1, 0], modes: [19, 4, 0, 0] },
  departement: { stades: [3, 4, 12, 13, 4, 2, 2, 1], modes: [2, 35, 4, 0] },
  ccas: { stades: [2, 2, 7, 7, 0, 0, 1, 0], modes: [2, 13, 4, 0] },
  caf: { stades: [4, 8, 15, 8, 1, 0, 0, 0], modes: [5, 27, 1, 3] },
  adil: { stades: [5, 8, 11, 13, 4, 1, 0, 0], modes: [4, 20, 18, 0] },
  'bailleurs-sociaux': { stades: [4, 3, 2, 2, 3, 1, 2, 0], modes: [0, 14, 3, 0] },
  'ais-aivs': { stades: [6, 6, 4, 3, 1, 3, 2, 0], modes: [2, 15, 8, 0] },
  unions: { stades: [3, 3, 3, 3, 1, 1, 1, 0], modes: [0, 3, 7, 5] },
  'action-logement': { stades: [3, 5, 1, 4, 1, 0, 0, 0], modes: [0, 10, 4, 0] },
  mandataires: { stades: [5, 9, 9, 8, 5, 1, 1, 0], modes: [0, 29, 8, 1] },
  surendettement: { stades: [1, 1, 1, 1, 1, 1, 0, 0], modes: [0, 0, 5, 1] },
  siao: { stades: [0, 1, 1, 3, 3, 4, 3, 2], modes: [0, 16, 0, 1] },
  associations: { stades: [0, 5, 8, 19, 9, 4, 5, 0], modes: [0, 46, 4, 0] },
}
const MODES: readonly ModeEngagement[] = ['automatique', 'tache', 'information', 'organisation']

test('[ENG-01] the 355 engagements of the 14 partners stand at the step and in the mode of the list of requirements', () => {
  const lue = charte('71')
  assert.equal(lue.engagements.length, 355)
  const grille = compterEngagements(lue).map(({ partenaire, parStade }) => {
    const au = (...stades: string[]) => stades.reduce((somme, stade) => somme + (parStade[stade] ?? 0), 0)
    const siens = lue.engagements.filter((engagement) => engagement.partenaire === partenaire.id)
    return [
      partenaire.id,
      {
        stades: [
          au('prevention'),
          au('impaye'),
          au('commandement_de_payer'),
          au('assignation', 'audience', 'jugement'),
          au('commandement_de_quitter_les_lieux'),
          au('requisition_force_publique'),
          au('concours_force_publique'),
          au('expulsion'),
        ],
        modes: MODES.map((mode) => siens.filter((engagement) => engagement.mode === mode).length),
      },
    ]
  })
  assert.deepEqual(Object.fromEntries(grille), GRILLE)
})

test('[ENG-01] [ENG-05] [ENG-06] every task has a term and a proof, every automatic engagement says what is produced', () => {
  for (const { id, mode, echeance, preuve, automatisme } of charte('71').engagements) {
    if (mode === 'tache') assert.ok(echeance && preuve, id)
    if (mode === 'automatique') assert.ok(automatisme, id)
  }
  const termes = charte('71').engagements.flatMap(({ id, echeance }) =>
    typeof echeance === 'object' ? [[id, echeance.delai] as const] : [],
  )
  for (const attendu of [
    ['departement/8', 'diagnostic'],
    ['departement/38', 'enquete-sociale'],
    ['caf/7', 'plan-apurement'],
  ] as const)
    assert.ok(
      termes.some(([id, delai]) => id === attendu[0] && delai === attendu[1]),
      attendu[0],
    )
})

test('[ENG-02] the general engagements bind all signatories, the members of the commissions and the secretariat', () => {
  assert.deepEqual(
    charte('71').generaux.map(({ engagements }) => engagements.length),
    [14, 5, 2],
  )
})

test('no two engagements of a partner say the same thing, at the same or another step', () => {
  const { engagements } = charte('71')
  const libelles = engagements.map(({ partenaire, libelle }) => `${partenaire} ${libelle}`)
  assert.deepEqual(
    libelles.filter((libelle, rang) => libelles.indexOf(libelle) !== rang),
    [],
  )
})

test('[CHA-07] signatories are organisations; those engaged without a signature are told apart', () => {
  const signataires = charte('71').signataires?.signataires ?? []
  assert.ok(signataires.length > 10)
  assert.deepEqual(
    signataires.filter(({ qualite }) => qualite === 'engage').map(({ partenaire }) => partenaire),
    ['siao'],
  )
})
