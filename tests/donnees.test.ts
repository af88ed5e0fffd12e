import assert from 'node:assert/strict'
import { join } from 'node:path'
import { test } from 'node:test'
import { chargerReferentiel, ecrireProbleme, verifierExemples } from '#referentiel'

const donnees = join(import.meta.dirname, '../../donnees')
const bilan = verifierExemples(donnees)
const referentiel = chargerReferentiel(donnees)

/** The faults of the files whose path matches: each example is checked on its result and on its source. */
function fautes(chemin: RegExp): string[] {
  return bilan.problemes.filter((probleme) => chemin.test(probleme.chemin)).map(ecrireProbleme)
}

test('every example is run, and every file of rules has some', () => {
  assert.deepEqual(fautes(/./), [])
  const attendus = [
    ...[...referentiel.seuils.values()].map(({ exemples }) => exemples.length),
    ...[...referentiel.departements.values()].flatMap(({ repartitions, criteres, chartes }) => [
      ...[...repartitions, ...criteres].map(({ exemples }) => exemples.length),
      ...chartes.flatMap(({ exemples }) => exemples?.exemples.length ?? []),
    ]),
  ]
  assert.ok(attendus.every((nombre) => nombre > 0))
  assert.equal(
    bilan.executes,
    attendus.reduce((somme, nombre) => somme + nombre, 0),
  )
  assert.ok(bilan.executes >= 80, `only ${bilan.executes} examples`)
})

test('[REP-05] [REP-06] [REP-07] [REP-12] [REP-13] [REP-14] [REP-18] [REP-23] [REP-24] [REP-28] the cascade of Saône-et-Loire gives the service and the engagement written in its examples', () => {
  assert.deepEqual(fautes(/71-saone-et-loire\/.*repartition/), [])
})

test('[REP-02] [REP-03] [REP-04] the rules of the model département give the service and the source written in their examples', () => {
  assert.deepEqual(fautes(/modele-pdalhpd\/.*repartition/), [])
})

test('[AUT-01] [AUT-02] [AUT-03] [AUT-04] [AUT-05] [AUT-06] [AUT-07] [AUT-08] [AUT-09] [AUT-10] [AUT-13] [AUT-14] [AUT-15] [AUT-16] [AUT-17] [AUT-18] each criterion gives the state and the source written in its examples', () => {
  assert.deepEqual(fautes(/criteres/), [])
  const ids = referentiel.departements
    .get('71')
    ?.criteres[0]?.groupes.flatMap(({ criteres }) => criteres.map(({ id }) => id))
  const essayes = referentiel.departements
    .get('71')
    ?.criteres[0]?.exemples.flatMap(({ attendu }) => attendu.map(({ critere }) => critere))
  assert.deepEqual(
    ids?.filter((id) => !essayes?.includes(id)),
    [],
  )
})

test('[REP-05] every rule of every département is shown by an example', () => {
  for (const { repartitions } of referentiel.departements.values()) {
    for (const { volets, offres, exemples } of repartitions) {
      const montrees = exemples.flatMap(({ attendu }) => [attendu.regle, attendu.a_defaut, ...(attendu.offres ?? [])])
      const attendues = [
        ...volets.flatMap((volet) =>
          volet.sans_prise_en_charge ? [volet.id] : (volet.regles ?? []).map(({ id }) => id),
        ),
        ...(offres ?? []).map(({ id }) => id),
      ]
      assert.deepEqual(
        attendues.filter((id) => !montrees.includes(id)),
        [],
      )
    }
  }
})

test('[SIG-23] thresholds give the result, the version and the source written in their examples', () => {
  assert.deepEqual(fautes(/droit\/seuils/), [])
})
