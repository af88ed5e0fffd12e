import assert from 'node:assert/strict'
import { join } from 'node:path'
import test from 'node:test'
import { chargerReferentiel } from '#referentiel'
import { projectRoot } from '#socle/config'
import { ecrireCondition, ecrirePhrase } from './phrase.ts'

const lire = (cle: string) => (cle === 'plafond_fsl' ? '2 000,00 €' : null)
const ecrire = (texte: string) => ecrirePhrase(ecrireCondition(texte, lire))

const cas: readonly [string, string][] = [
  ['menage.rsa', 'le ménage perçoit le RSA'],
  ['!menage.rsa', 'sauf si : le ménage perçoit le RSA'],
  ['menage.enfants_a_charge > 0', 'nombre d’enfants à charge au foyer : au moins 1 enfant'],
  [
    'dette.montant > parametre.plafond_fsl',
    'dette locative, à sa dernière date connue : plus de 2 000,00 € (plafond de mobilisation du FSL)',
  ],
  [
    'dette.montant >= parametre.seuil_dette_elevee',
    'dette locative, à sa dernière date connue : au moins une valeur à compléter (dette à partir de laquelle elle est dite élevée)',
  ],
  [
    'menage.age_titulaire > parametre.age_avance',
    'âge du titulaire du bail : au-dessus d’une valeur à compléter (âge au-delà duquel un titulaire du bail est dit âgé)',
  ],
  [
    'procedure.stade in ["assignation", "audience"]',
    'stade le plus avancé de la procédure en cours : assignation ou audience',
  ],
  ['bailleur.nature != "commune"', 'nature du bailleur : autre que commune'],
  ['bailleur.nature_connue && bailleur.nature == "commune"', 'nature du bailleur : commune'],
  [
    '!bailleur.nature_connue || bailleur.nature == "commune"',
    'non connu : nature du bailleur ou nature du bailleur : commune',
  ],
  [
    'menage.rsa && (menage.handicap || logement.parc_prive)',
    'le ménage perçoit le RSA et (une personne du ménage est en situation de handicap ou le logement est du parc privé)',
  ],
  [
    '!(menage.rsa && menage.handicap)',
    'sauf si : le ménage perçoit le RSA ou sauf si : une personne du ménage est en situation de handicap',
  ],
]

for (const [condition, phrase] of cas) {
  test(`[REP-26] « ${condition} » reads in French`, () => assert.equal(ecrire(condition), phrase))
}

test('[REP-26] every condition of every département is written in French, none left as it is typed', () => {
  const referentiel = chargerReferentiel(join(projectRoot, 'donnees'))
  const conditions = [...referentiel.departements.values()].flatMap(({ repartitions, criteres }) => [
    ...repartitions.flatMap(({ volets, offres = [] }) => [
      ...volets.flatMap((volet) => [volet.si, ...(volet.regles ?? []).map(({ si }) => si)]),
      ...offres.map(({ si }) => si),
    ]),
    ...criteres.flatMap(({ groupes }) =>
      groupes.flatMap((groupe) => [groupe.champ, ...groupe.criteres.map(({ si }) => si)]),
    ),
  ])
  const textes = conditions.flatMap((condition) => (condition ? [condition.texte] : []))
  assert.ok(textes.length > 30)
  for (const texte of textes) {
    const phrase = ecrire(texte)
    assert.notEqual(phrase, texte)
    assert.doesNotMatch(phrase, /&&|\|\||==|[a-z]+\.[a-z_]+/, texte)
  }
})

test('a condition this reader does not know is shown as it is written, never hidden', () => {
  for (const texte of ['mot.inconnu', 'menage.rsa &&', 'menage.rsa ? true : false', 'size(x) > 1'])
    assert.equal(ecrire(texte), texte)
})
