import assert from 'node:assert/strict'
import { join } from 'node:path'
import { describe, test } from 'node:test'
import { chargerDelaisDe } from '#procedure'
import { chargerReferentiel } from '#referentiel'
import { projectRoot } from '#socle/config'
import {
  chargerOrientation,
  echeanceDuRetour,
  estAdapte,
  pouvoirSurLAide,
  proposerDiscours,
  reponsesPossibles,
} from './reponses.ts'

const racine = join(projectRoot, 'donnees')
const referentiel = chargerReferentiel(racine)
const le = (texte: string) => Temporal.PlainDate.from(texte)
const { parDept } = chargerDelaisDe(racine, [...referentiel.departements.values()])
const session = (dept: string) => {
  const delais = parDept.get(dept)
  assert.ok(delais)
  return { dept, referentiel, delais }
}

describe('what the commission may answer', () => {
  test('[COM-09] [COM-10] five opinions with their sense and addressees, an open list of recommendations; a charter that lists none shows none', () => {
    const liste = reponsesPossibles(session('71'), le('2026-12-10'))
    assert.deepEqual(
      liste?.avis.map(({ id, sens, destinataires }) => [id, sens.length, destinataires[0]]),
      [
        ['contingent-prefectoral', 2, 'prefecture'],
        ['maintien-ou-suspension-aide', 2, 'caf'],
        ['retablissement-aide', 2, 'caf'],
        ['aide-financiere-fsl', 2, 'fsl'],
        ['accompagnement-fsl', 2, 'fsl'],
      ],
    )
    assert.equal(liste.recommandations.length, 11)
    assert.equal(reponsesPossibles(session('71'), le('2027-02-01')), null, 'no charter in force: no list stands in')
  })

  test('[COM-26] opinion or decision on housing aid hangs on the day the commission was seized', () => {
    assert.equal(pouvoirSurLAide(session('71'), le('2022-05-02')).pouvoir, 'avis')
    assert.equal(pouvoirSurLAide(session('71'), le('2027-01-01')).pouvoir, 'decision')
    const deux = pouvoirSurLAide(session('71'), le('2026-11-20'))
    assert.equal(deux.pouvoir, null)
    assert.match(deux.texte, /Deux lectures du droit/)
    assert.equal(pouvoirSurLAide(session('71'), null).pouvoir, null, 'an unknown day is not today')
  })

  test('[COM-16] three months from the notification, the day chosen first, none when the charter sets none', () => {
    assert.equal(echeanceDuRetour(session('71'), le('2026-12-10'), null)?.le, '2027-03-10')
    assert.equal(echeanceDuRetour(session('71'), le('2026-12-10'), le('2026-12-18'))?.le, '2026-12-18')
    assert.equal(echeanceDuRetour(session('71'), le('2027-02-01'), null), null)
  })

  test('[COM-12] an unanswered question is not a no: no message is proposed', () => {
    const modele = chargerOrientation(racine)
    assert.equal(estAdapte({ adapte_ressources: 'oui', adapte_taille: null }), null)
    assert.equal(estAdapte({ adapte_ressources: 'non', adapte_taille: null }), 'non')
    assert.equal(proposerDiscours(modele, { adapte_ressources: 'oui', adapte_taille: 'oui', maintien: null }), null)
    assert.match(
      proposerDiscours(modele, { adapte_ressources: 'oui', adapte_taille: 'oui', maintien: 'oui' }) ?? '',
      /Le maintien dans le logement est possible/,
    )
  })
})
