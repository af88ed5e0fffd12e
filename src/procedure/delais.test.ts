import assert from 'node:assert/strict'
import { cpSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { test } from 'node:test'
import { ErreurDonnees } from '#referentiel'
import { chargerDelais, trouverDelai } from './delais.ts'
import { verifierExemples, verifierExemplesValeur } from './exemples.ts'

const donnees = join(import.meta.dirname, '../../../donnees')
const delais = chargerDelais(donnees, '71')
const CDP = 'droit/delais/commandement-de-payer.paiement.yaml'
const DIAGNOSTIC = 'departements/71-saone-et-loire/charte-2020/delais/diagnostic.yaml'

for (const delai of delais.liste) {
  test(`[DOS-31] the examples of ${delai.id} give the value, the version and the source written`, () => {
    assert.deepEqual(verifierExemples(delai, delais.calendrier), [])
    const essayees = delai.exemples.flatMap(({ version }) => (version ? [version.toString()] : []))
    for (const { du } of delai.versions) assert.ok(essayees.includes(du.toString()), `version ${du} has no example`)
  })
}

for (const valeur of delais.valeurs) {
  test(`[DOS-31] the examples of ${valeur.id} give the value, the version and the source written`, () => {
    assert.deepEqual(verifierExemplesValeur(valeur), [])
  })
}

test('every version of the national law is shown by an example that names its source, and every rule by one without an answer', () => {
  const cas = [
    ...delais.liste.map(({ id, versions, exemples }) => ({ id, versions, exemples })),
    ...delais.valeurs.map(({ id, versions, exemples }) => ({
      id,
      versions,
      exemples: exemples.map(({ attendu }) => attendu),
    })),
  ].filter(({ id }) => id.startsWith('droit/'))
  for (const { id, versions, exemples } of cas) {
    for (const version of versions) {
      const nomme = exemples.some(({ version: du, source }) => du?.equals(version.du) && source !== undefined)
      assert.ok(nomme, `${id}: version ${version.du} has no example with its source`)
    }
    assert.ok(
      exemples.some(({ indetermine, aucune }) => indetermine !== undefined || aucune !== undefined),
      `${id}: no example without a value`,
    )
  }
})

test('a wrong example is told with its place, what was expected and what was found', () => {
  const delai = trouverDelai(delais, 'dsf.remise')
  assert.ok(delai)
  const faux = { ...delai, exemples: delai.exemples.map((e) => ({ ...e, a_verifier: true })) }
  const lignes = readFileSync(join(donnees, 'droit/delais/dsf.remise.yaml'), 'utf8').split('\n')
  assert.deepEqual(verifierExemples(faux, delais.calendrier)[0], {
    id: 'droit/delais/dsf.remise',
    rang: 1,
    lieu: { ligne: lignes.indexOf('exemples:') + 2, colonne: 5 },
    ecarts: ['À vérifier : true attendu, false obtenu.'],
  })
})

test('[DOS-31] no value is said to be verified as long as no jurist signed it', () => {
  const versions = [...delais.liste, ...delais.valeurs].flatMap((regle) => [...regle.versions])
  assert.ok(versions.every(({ verifieLe }) => verifieLe === null))
  assert.ok(versions.every(({ source }) => `${source.titre}${source.reference ?? ''}`.length > 10))
})

test('[ENG-05] local time limits are added to the national ones and found by the names other files use', () => {
  const national = chargerDelais(donnees)
  assert.ok(national.liste.every(({ id }) => id.startsWith('droit/')))
  // The model adds the one its services must have, as a value to confirm.
  const modele = chargerDelais(donnees, 'modele-pdalhpd').liste.filter(({ id }) => !id.startsWith('droit/'))
  assert.deepEqual(
    modele.map(({ nom, versions }) => [nom, versions.map(({ fiabilite }) => fiabilite)]),
    [['diagnostic', ['NC']]],
  )
  const duree = (reference: string) => trouverDelai(delais, reference)?.versions[0]?.duree
  assert.deepEqual(duree('charte/diagnostic'), { valeur: 2, unite: 'mois' })
  assert.deepEqual(duree('charte/enquete-sociale'), { valeur: 2, unite: 'mois' })
  assert.deepEqual(duree('charte/retour-avis'), { valeur: 3, unite: 'mois' })
  assert.deepEqual(duree('charte/plan-apurement'), { valeur: 6, unite: 'mois' })
  assert.deepEqual(duree('droit/delais/dsf.remise'), { valeur: 5, unite: 'jours_ouvres' })
  assert.equal(trouverDelai(delais, 'droit/diagnostic'), undefined)
  assert.equal(trouverDelai(delais, 'inconnu'), undefined)
})

test('a faulty file is refused with its place and the way out', () => {
  const cas = [
    [CDP, 'duree: { mois: 2 }', 'duree: { mois: 2, jours: 3 }', /:\d+:\d+\n {2}Une durée s’écrit avec une seule unité/],
    [CDP, 'duree: { mois: 2 }', 'duree: { semaines: 2 }', /« quantieme » compte en mois ou ans, pas en semaines/],
    [CDP, 'du: 1989-07-08', 'du: 2024-07-08', /versions se suivent/],
    [CDP, 'depart: commandement_de_payer.signifie', 'depart: commandement_de_payer.signifier', /Vouliez-vous écrire/],
    [CDP, 'fiabilite: C', 'fiabilitee: C', /Clé inconnue « fiabilitee »/],
    [CDP, 'exemples:', 'exemple:', /Clé obligatoire absente/],
    [DIAGNOSTIC, 'au_plus_tard: dsf.remise', 'au_plus_tard: dsf.remis', /Vouliez-vous écrire « dsf\.remise »/],
    [DIAGNOSTIC, 'jusqu_au: 2027-01-25', 'jusqu_au: 2020-01-25', /La fin de cette version précède son début/],
  ] as const
  for (const [fichier, avant, apres, message] of cas) {
    const copie = copier()
    const chemin = join(copie, fichier)
    const texte = readFileSync(chemin, 'utf8')
    assert.ok(texte.includes(avant))
    writeFileSync(chemin, texte.replace(avant, apres))
    assert.throws(
      () => chargerDelais(copie, '71'),
      (erreur) => erreur instanceof ErreurDonnees && message.test(erreur.message) && erreur.message.includes(fichier),
      apres,
    )
    rmSync(copie, { recursive: true })
  }
})

test('every fault of every file is told at once, each at its place, with what to do', () => {
  const copie = copier()
  const fautes = [
    [
      'valeurs/juge-execution.delais.yaml',
      '    intervalle: { de: { mois: 3 }, a: { ans: 3 } }\n',
      '',
      /^ligne:21 Une version donne une seule valeur, sous l’une de ces clés : duree, intervalle/,
    ],
    [
      'valeurs/protocole.duree.yaml',
      'intervalle: { a: { ans: 2 } }',
      'intervalle: { a: { annees: 2 } }',
      /Clé inconnue « annees »/,
    ],
    [
      'valeurs/dsf.cadre.yaml',
      'mot: cerfa-16227',
      'mot: cerfa-1622',
      /Le mot « cerfa-1622 » n’est pas déclaré sous « mots »\. Vouliez-vous écrire « cerfa-16227 »/,
    ],
    ['valeurs/ccapex.existence.yaml', 'du: 2009-03-28', 'du: 2006-01-01', /sans se recouvrir\. Corriger « du »/],
    [
      'valeurs/bail.clause-resolutoire.yaml',
      '    source: { titre: Loi n° 2023-668 du 27 juillet 2023, reference: art. 10 }\n',
      '',
      /Clé obligatoire absente : « source »/,
    ],
    [
      'valeurs/dsf.rubriques.yaml',
      'voir: [dsf.cadre]',
      'voir: [dsf.cadres]',
      /Aucun délai, aucune valeur et aucun seuil ne s’appelle « dsf\.cadres »\. Vouliez-vous écrire « dsf\.cadre »/,
    ],
    [
      'valeurs/plan-apurement.defaut-mensualite.yaml',
      'fraction: "1/36"',
      'fraction: "36"',
      /Fraction attendue entre guillemets/,
    ],
    [
      'valeurs/protocole.rappel-aide.yaml',
      'mesures: [rappel_aide, dette]\n',
      '',
      /Dire sous « mesures » quel montant du dossier est comparé/,
    ],
    [
      'valeurs/ccapex.canal.yaml',
      'rattachement: ccapex.saisie',
      'rattachement: ccapex.saisi',
      /Valeur inconnue « ccapex\.saisi ».*Vouliez-vous écrire « ccapex\.saisie »/,
    ],
    [
      'delais/impaye.signalement-bailleur.yaml',
      'le: 2027-01-01',
      'le: 2027-01-02',
      /Aucune version ne change ce jour-là/,
    ],
    [
      'delais/jugement.appel.yaml',
      'critere: { decision_en_refere: false }',
      'critere: { decision_en_refere: true }',
      /sans se recouvrir/,
    ],
    [
      'delais/dalo.injonction.yaml',
      'fiabilite: C',
      'fiabilite: C3',
      /Valeur inconnue « C3 »|aucune des formes admises/,
    ],
    [
      'delais/requisition.refus-implicite.yaml',
      'par: [treve_hivernale, delai_de_grace, protocole]',
      'par: [treve_hivernale, delai_de_grace, protocoles]',
      /protocoles/,
    ],
  ] as const
  for (const [fichier, avant, apres] of fautes) {
    const chemin = join(copie, 'droit', fichier)
    const texte = readFileSync(chemin, 'utf8')
    assert.ok(texte.includes(avant), `${fichier}: ${avant}`)
    writeFileSync(chemin, texte.replace(avant, apres))
  }
  assert.throws(
    () => chargerDelais(copie, '71'),
    (erreur) => {
      assert.ok(erreur instanceof ErreurDonnees)
      for (const [fichier, , , message] of fautes) {
        const siens: readonly string[] = erreur.problemes
          .filter(({ chemin }) => chemin.endsWith(fichier))
          .map(({ ligne, colonne, message: phrase }) => {
            assert.ok(ligne > 1 && colonne >= 1, `${fichier}:${ligne}:${colonne}`)
            return `ligne:${ligne} ${phrase}`
          })
        assert.ok(
          siens.some((phrase) => message.test(phrase)),
          `${fichier}: ${siens.join(' | ') || 'no problem told'}`,
        )
      }
      return true
    },
  )
  rmSync(copie, { recursive: true })
})

test('a département adds and does not restate', () => {
  const copie = copier()
  const source = readFileSync(join(copie, CDP))
  writeFileSync(
    join(copie, 'departements/71-saone-et-loire/charte-2020/delais/commandement-de-payer.paiement.yaml'),
    source,
  )
  assert.throws(() => chargerDelais(copie, '71'), /un département ajoute, il ne redéfinit pas/)
  rmSync(copie, { recursive: true })
})

function copier(): string {
  const dossier = mkdtempSync(join(tmpdir(), 'amont-delais-'))
  for (const partie of ['droit', 'departements/71-saone-et-loire']) {
    cpSync(join(donnees, partie), join(dossier, partie), { recursive: true })
  }
  return dossier
}
