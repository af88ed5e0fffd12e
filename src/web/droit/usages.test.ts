import assert from 'node:assert/strict'
import { join } from 'node:path'
import test from 'node:test'
import { chargerDelais } from '#procedure'
import { chargerReferentiel, type DepartementCharge } from '#referentiel'
import { projectRoot } from '#socle/config'
import { listerRegles, trouverRegle } from './lecture.ts'
import { listerUsages } from './usages.ts'

const racine = join(projectRoot, 'donnees')
const referentiel = chargerReferentiel(racine)
const jour = Temporal.PlainDate.from('2026-11-20')
const regles = listerRegles({ delais: chargerDelais(racine, '71'), referentiel, jour })

function usages(nom: string, departements = referentiel.departements, peut = () => true) {
  const regle = trouverRegle(regles, nom)
  assert.ok(regle)
  return listerUsages(regle, regles, { referentiel: { ...referentiel, departements }, dept: '71' }, peut)
}

test('a rule says where it serves: screens, rules it starts or brings forward, rules that name it', () => {
  const textes = (nom: string) => usages(nom).map(({ libelle }) => libelle)
  assert.ok(textes('dsf.remise').includes('Échéances et frise des dossiers'))
  assert.ok(textes('dsf.remise').some((texte) => /^Avance ce délai : Transmission du diagnostic/.test(texte)))
  assert.ok(textes('dalo.relogement').some((texte) => /^Fait partir ce délai : Recours devant le tribunal/.test(texte)))
  assert.ok(textes('dalo.relogement').includes('Échéances et frise des dossiers'))
  assert.ok(!textes('tiers-payant.reponse-bailleur').includes('Échéances et frise des dossiers'))
  assert.ok(textes('commandement-de-payer.paiement').includes('Citée par : Mentions du commandement'))
})

test('a screen the person has no right to is named without a link', () => {
  const [ecran] = usages('dsf.remise', referentiel.departements, () => false)
  assert.deepEqual(ecran, { libelle: 'Échéances et frise des dossiers', href: null })
})

test('a criterion or a rule of the département that reads the threshold is found by its condition', () => {
  const departement = referentiel.departements.get('71')
  const [liste] = departement?.criteres ?? []
  const [groupe] = liste?.groupes ?? []
  const [critere] = groupe?.criteres ?? []
  assert.ok(departement && liste && groupe && critere?.si)
  const si = { ...critere.si, texte: 'dette.atteint_seuil_signalement' }
  const modifie: DepartementCharge = {
    ...departement,
    criteres: [{ ...liste, groupes: [{ ...groupe, criteres: [{ ...critere, si }] }] }],
  }
  const trouves = usages('commandement-de-payer.signalement', new Map([['71', modifie]]))
  assert.deepEqual(
    trouves.filter(({ libelle }) => libelle.startsWith('Critère')),
    [{ libelle: `Critère : ${critere.libelle}`, href: '/regles#criteres' }],
  )
})
