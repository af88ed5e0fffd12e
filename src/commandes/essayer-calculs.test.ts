import assert from 'node:assert/strict'
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { test } from 'node:test'
import { chargerReferentiel } from '#referentiel'
import { frozenClock } from '#socle/time'
import { essayerSituations } from './essayer.ts'

const donnees = join(import.meta.dirname, '../../../donnees')
const referentiel = chargerReferentiel(donnees)

const essayer = (texte: string, departement = '71') =>
  essayerSituations({
    referentiel,
    genre: 'calculs',
    texte,
    fichier: 'cas.json',
    departement,
    jour: null,
    regles: null,
    horloge: frozenClock('2030-01-01T00:00:00Z'),
  })

test('[OUT-01][OUT-03][OUT-07] the published examples are computed in both départements, each with its reasons', () => {
  const texte = readFileSync(join(donnees, 'exemples/calculs.json'), 'utf8')
  for (const departement of ['71', '99']) {
    const reponses = essayer(texte, departement).map(({ json }) => json)
    assert.deepEqual(
      reponses.map(({ calcul, resultat }) => [calcul, resultat]),
      [
        ['budget', 'calcule'],
        ['adaptation', 'calcule'],
        ['imputation', 'deux_lectures'],
        ['plan', 'possible'],
        ['apurement_supportable', 'trop_long'],
        ['suivi', 'defaillant'],
        ['avis_echeance', 'calcule'],
        ['jugement', 'lu'],
      ],
    )
    const plan = reponses[3]
    assert.deepEqual([plan?.mensualite_centimes, plan?.derniere_centimes, plan?.total_centimes], [5556, 5540, 200_000])
  }
})

test('euros and cents say the same; a single case needs no list', () => {
  const [euros] = essayer('{"calcul":"plan","dette":"1 000,50","nombre":3,"premiere":"05/12/2026"}')
  const [centimes] = essayer('{"cas":[{"calcul":"plan","dette_centimes":100050,"nombre":3,"premiere":"2026-12-05"}]}')
  assert.deepEqual(euros?.json, centimes?.json)
  assert.equal(euros?.json.total_centimes, 100_050)
})

test('a faulty case says its line, its field and the remedy; nothing is computed', () => {
  const fautes = (texte: string) => {
    try {
      essayer(texte)
    } catch (erreur) {
      return (erreur as Error).message
    }
    return ''
  }
  assert.match(fautes('[{"calcul": "plann"}]'), /^cas\.json:1:13\n.*« calcul » doit valoir budget/)
  assert.match(fautes('[\n{"calcul": "budget",\n"loyeer": 1}]'), /^cas\.json:3:1\n.*Vouliez-vous écrire « loyer »/)
  assert.match(
    fautes('[{"calcul": "plan", "dette": "douze",\n "premiere": "2026-02-30", "nombre": 2}]'),
    /cas\.json:1:30\n.*Montant en euros attendu.*\ncas\.json:2:14\n.*« 2026-02-30 » n’est pas une date existante/,
  )
  assert.match(fautes('{"calcul": "plan", "dette": 12, "premiere": "2026-02-03"}'), /Donner « nombre »/)
  assert.match(
    fautes(
      '{"calcul":"imputation","jour":"2026-11-26","dettes":[],"versements":[{"le":"2026-11-05","montant":2,"origine":"aide"}]}',
    ),
    /une aide éteint son propre terme|Une aide éteint son propre terme/,
  )
})
