import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import { lireVersion } from '#referentiel'
import { type Changement, comparerCriteres, comparerReglages, comparerRepartitions } from './difference.ts'

const TETE = `schema: 1
libelle: Qui est sollicité
du: 2026-01-01
source: { titre: Charte d’essai }
fiabilite: S
verifie_le: null
`

interface RegleEssai {
  readonly id: string
  readonly service: string
  readonly si?: string
  readonly reference?: string
}

function repartition(volets: Readonly<Record<string, readonly RegleEssai[]>>) {
  const noms = Object.keys(volets)
  const texte = noms.flatMap((nom, rang) => [
    `  - id: ${nom}`,
    ...(rang < noms.length - 1 ? ['    si: menage.rsa'] : []),
    `    libelle: Situation ${nom}`,
    '    mission: diagnostic',
    '    regles:',
    ...(volets[nom] ?? []).flatMap(({ id, service, si, reference = '§ 1' }) => [
      `      - { id: ${id}, ordre: ${si ? 'deja_connu' : 'a_defaut'}, ${si ? `si: ${si}, ` : ''}libelle: Règle ${id}, service: ${service}, reference: "${reference}" }`,
    ]),
  ])
  const lue = lireVersion('repartition', `${TETE}volets:\n${texte.join('\n')}\nexemples: []\n`, 'essai')
  if (lue.genre !== 'repartition') throw new Error('not dispatch rules')
  return lue.valeur
}

const dire = (changements: readonly Changement[]) =>
  changements.map(
    ({ sens, objet, id, nuances }) =>
      `${sens} ${objet} ${id} : ${nuances.map(({ aspect, avant, apres }) => `${aspect} ${avant} → ${apres}`).join(' ; ')}`,
  )

const A = { id: 'a', service: 'caf', si: 'connu.caf' }
const B = { id: 'b', service: 'adil', si: 'connu.adil' }
const C = { id: 'c', service: 'ccas', si: 'connu.ccas' }
const FIN = { id: 'fin', service: 'departement' }

describe('the difference between two versions of dispatch rules', () => {
  test('[REP-01] says nothing when nothing changes, whatever the dates', () => {
    const avant = repartition({ v: [A, B, FIN] })
    assert.deepEqual(comparerRepartitions(avant, { ...avant, du: Temporal.PlainDate.from('2027-01-01') }), [])
  })

  test('names the condition, the service and the reference of a rule that changes, and only those', () => {
    const avant = repartition({ v: [A, FIN] })
    const apres = repartition({ v: [{ ...A, service: 'adil', si: 'connu.caf && menage.rsa', reference: '§ 2' }, FIN] })
    assert.deepEqual(dire(comparerRepartitions(avant, apres)), [
      'change regle a : service service social de la CAF → ADIL ; condition connu.caf → connu.caf && menage.rsa ; reference § 1 → § 2',
    ])
  })

  test('a rule inserted first is one addition: the ranks it pushes are not changes', () => {
    const changements = comparerRepartitions(repartition({ v: [A, B, FIN] }), repartition({ v: [C, A, B, FIN] }))
    assert.equal(changements.length, 1)
    assert.match(dire(changements)[0] ?? '', /^ajoute regle c : rang null → 1 ; service null → CCAS ou CIAS/)
  })

  test('two rules exchanged are one move', () => {
    const changements = comparerRepartitions(repartition({ v: [A, B, C, FIN] }), repartition({ v: [B, C, A, FIN] }))
    assert.deepEqual(dire(changements), ['change regle a : rang 1 → 3'])
  })

  test('a rule taken away says what it did; one moved to another situation says from where', () => {
    const avant = repartition({ v: [A, B, FIN], w: [{ ...FIN, id: 'fin-w' }] })
    const apres = repartition({ v: [FIN], w: [B, { ...FIN, id: 'fin-w' }] })
    const dits = dire(comparerRepartitions(avant, apres))
    assert.equal(dits.length, 2)
    assert.equal(dits[0], 'change regle b : lieu Situation v → Situation w')
    assert.match(dits[1] ?? '', /^retire regle a : service service social de la CAF → null/)
  })
})

test('criteria are compared one by one, the field of their group included; a first version is all additions', () => {
  const criteres = (corps: string) => {
    const lue = lireVersion(
      'criteres',
      `${TETE}groupes:\n  - id: auto_saisine\n    libelle: Auto-saisine\n${corps}exemples: []\n`,
      'essai',
    )
    if (lue.genre !== 'criteres') throw new Error('not criteria')
    return lue.valeur
  }
  const dette = (montant: number) =>
    `      - { id: dette, libelle: Dette, si: dette.montant > ${montant}, reference: § 3 }\n`
  const avant = criteres(`    criteres:\n${dette(200_000)}`)
  const apres = criteres(`    champ: logement.parc_prive\n    criteres:\n${dette(300_000)}`)
  assert.deepEqual(dire(comparerCriteres(avant, apres)), [
    'change groupe auto_saisine : champ null → logement.parc_prive',
    'change critere dette : condition dette.montant > 200000 → dette.montant > 300000',
  ])
  assert.deepEqual(
    comparerCriteres(null, apres).map(({ sens, objet }) => `${sens} ${objet}`),
    ['ajoute version', 'ajoute groupe', 'ajoute critere'],
  )
})

test('settings are compared in French, with their unit; emptied is said, unchanged is not', () => {
  const source = { titre: 'Charte', reference: null, lien: null }
  const bilan = { titre: 'Bilan', reference: 'p. 2', lien: null }
  const changements = comparerReglages(
    {
      plafond_fsl: { valeur: 200_000, source },
      age_jeune: { valeur: 20, source },
      courrier_caf_mois: { valeur: 7, source },
    },
    {
      plafond_fsl: { valeur: 250_000, source: bilan },
      age_jeune: { valeur: null, source },
      courrier_caf_mois: { valeur: 7, source },
      concours_signale_du: { valeur: '10-15', source },
    },
  )
  assert.deepEqual(
    dire(changements).map((une) => une.replace(/[\u00a0\u202f]/g, ' ')),
    [
      'change parametre plafond_fsl : valeur 2 000,00 € → 2 500,00 € ; source Charte → Bilan, p. 2',
      'change parametre age_jeune : valeur 20 ans → null',
      'ajoute parametre concours_signale_du : valeur null → 15 octobre ; source null → Charte',
    ],
  )
})
