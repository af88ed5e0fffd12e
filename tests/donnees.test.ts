import assert from 'node:assert/strict'
import { join } from 'node:path'
import { test } from 'node:test'
import { chargerBordereaux } from '#bordereaux'
import {
  chargerReferentiel,
  ecrireMentions,
  ecrireProbleme,
  ecrireSourcePartagee,
  verifierExemples,
} from '#referentiel'

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

test('what every département shares cites the charter of one of them there alone', () => {
  const partages = [
    ...[...referentiel.courriers.values()].map((modele) => ({
      source: modele.source,
      dit: (dept: string) => `${ecrireSourcePartagee(modele.source, dept)} ${ecrireMentions(modele, dept)}`,
      locaux: modele.mentions.map(({ departement }) => departement),
    })),
    ...chargerBordereaux(donnees).map(({ source }) => ({
      source,
      dit: (dept: string) => ecrireSourcePartagee(source, dept),
      locaux: [],
    })),
  ]
  assert.ok(partages.length >= 30)
  for (const { source, dit, locaux } of partages) {
    assert.doesNotMatch(dit('99'), /charte|engagement|annexe|saône/i)
    assert.match(dit('99'), /modèle d’Amont, à valider par le département/)
    assert.match(dit('71'), /charte.*(?:engagement|annexe|71)/i)
    assert.doesNotMatch(dit('71'), /à valider par le département/)
    for (const code of [source.departement, ...locaux])
      assert.ok(!code || referentiel.departements.has(code), `no département ${code}`)
  }
})

test('the settings of a département without a charter cite none', () => {
  const modele = referentiel.departements.get('99')
  const dits = Object.values(modele?.parametres ?? {}).flatMap(({ versions }) =>
    versions.map(({ source, remarque }) => [source.titre, source.reference, remarque].join(' ')),
  )
  assert.ok(dits.length > 0)
  for (const dit of dits) assert.doesNotMatch(dit, /charte|engagement/i)
})
