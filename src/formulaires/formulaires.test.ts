import assert from 'node:assert/strict'
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { describe, test } from 'node:test'
import { ErreurDonnees } from '#referentiel'
import { projectRoot } from '#socle/config'
import { completude } from './completude.ts'
import { CONTENU_VIDE, type Contenu, fusionner, reprendre } from './contenu.ts'
import { composerDocument } from './document.ts'
import { type Champ, chargerFormulaires, lireModele, type Modele } from './modele.ts'
import {
  calculer,
  champsDe,
  direAVenir,
  direErreur,
  ecrireCalcul,
  lireSaisie,
  retenir,
  type Valeurs,
} from './valeurs.ts'

const racine = join(projectRoot, 'donnees')
const modeleLe = (jour: string, dept = '71'): Modele =>
  lireModele({ referentiel: { racine }, dept, jour: Temporal.PlainDate.from(jour) }, 'saisine-ccapex')
const jour = Temporal.PlainDate.from('2026-11-20')
const modele = modeleLe('2026-11-20')
const champs = champsDe(modele.groupes)
const champ = (code: string): Champ => {
  const trouve = champs.find((un) => un.code === code)
  assert.ok(trouve, code)
  return trouve
}

describe('what a form reads of what people type', () => {
  const lire = (code: string, ...textes: string[]) => lireSaisie([champ(code)], { [code]: textes }, jour)

  test('amounts and dates in the ways people write them', () => {
    for (const [texte, centimes] of [
      ['450', 45_000],
      ['1 234,5', 123_450],
      ['0', 0],
      ['12,30 €', 1_230],
      ['1.234,56', 123_456],
      ['1’234,50', 123_450],
    ] as const)
      assert.equal(lire('loyer', texte).valeurs.loyer, centimes, texte)
    for (const texte of ['13/09/2026', '2026-09-13', '13.9.2026'])
      assert.equal(lire('dette_locative_le', texte).valeurs.dette_locative_le, '2026-09-13', texte)
  })

  test('what cannot be read is kept as typed; what is empty is unknown, never false', () => {
    for (const texte of ['douze', '-5', '1,234', '1.234', '12 000 000 000'])
      assert.deepEqual(lire('loyer', texte), { valeurs: {}, invalides: { loyer: texte } }, texte)
    assert.deepEqual(lire('dette_locative_le', '31/02/2026').invalides, { dette_locative_le: '31/02/2026' })
    assert.deepEqual(lire('aide_droit', ''), { valeurs: {}, invalides: {} })
    assert.deepEqual(lire('motifs', 'impaye', 'inconnu').valeurs, { motifs: ['impaye'] })
  })

  test('an emptied line closes up, one that cannot be read keeps its place', () => {
    const envoyes = {
      'paiements_loyer.1.le': ['2026-10-05'],
      'paiements_loyer.1.montant': ['150'],
      'paiements_loyer.3.montant': ['cent'],
    }
    const { valeurs, invalides } = lireSaisie([champ('paiements_loyer')], envoyes, jour)
    assert.deepEqual(valeurs.paiements_loyer, [{ le: '2026-10-05', montant: 15_000 }, {}])
    assert.deepEqual(invalides, { 'paiements_loyer.1.montant': 'cent' })
  })

  test('a date of something that happened is not one to come, alone or in a line; an audience is', () => {
    for (const [code, nom, texte] of [
      ['dette_locative_le', 'dette_locative_le', '21/11/2026'],
      ['paiements_loyer', 'paiements_loyer.0.le', '2030-01-01'],
    ] as const) {
      const lu = lireSaisie([champ(code)], { [nom]: [texte] }, jour)
      assert.deepEqual(lu.invalides, { [nom]: texte })
      assert.match(direErreur([champ(code)], nom, texte), /^Cette date est à venir : écrire le jour où/)
    }
    assert.deepEqual(lire('dette_locative_le', '20/11/2026').valeurs, { dette_locative_le: '2026-11-20' })
    const audience = lireSaisie([champ('stade')], { 'stade.audience.le': ['2027-03-01'] }, jour)
    assert.deepEqual(audience.invalides, {})
  })

  test('nor one taken from elsewhere, when the form is signed', () => {
    assert.equal(direAVenir(modele, { titulaire_naissance: '2030-01-01' }, jour), 'Date de naissance')
    assert.equal(
      direAVenir(modele, { paiements_loyer: [{ le: '2026-11-21' }] }, jour),
      champ('paiements_loyer').libelle,
    )
    assert.equal(direAVenir(modele, { dette_locative: 'non', dette_locative_le: '2030-01-01' }, jour), undefined)
  })
})

describe('[SAI-13] to [SAI-24] what a form computes', () => {
  const dits = (valeurs: Valeurs) =>
    Object.fromEntries(
      [...calculer(modele, valeurs)].map(([code, calcul]) => [
        code,
        ecrireCalcul(champ(code), calcul).replace(/\s/g, ' '),
      ]),
    )

  test('lines (1) to (7), A, the rate and the income left, aid taken off even when suspended', () => {
    const lus = dits({
      ressources: { cdi: { occupant: 100_000 }, rsa: { conjoint: 20_000 } },
      loyer: 52_000,
      charges_locatives: 6_000,
      aide_montant: 18_000,
      aide_suspendue: 'oui',
      autres_charges: 8_000,
      charges_hors_logement: 12_000,
    })
    assert.equal(lus.total_ressources, '1 200,00 €')
    assert.equal(lus.charge_residuelle, '400,00 €')
    assert.equal(lus.charges_totales, '480,00 €')
    assert.equal(lus.taux_effort, '40 %')
    assert.equal(lus.disponible, '600,00 €')
  })

  test('no resources, or none known: the rate cannot be computed', () => {
    assert.equal(dits({ loyer: 50_000 }).taux_effort, 'non calculable')
    assert.equal(dits({ loyer: 50_000, ressources: { cdi: { occupant: 0 } } }).taux_effort, 'non calculable')
  })

  test('[SAI-19] to [SAI-24] an answer to a question that does not apply is neither counted nor missing', () => {
    const valeurs = { loyer: 60_000, charges_locatives: 5_000, aide_montant: 25_000 }
    const residuelle = (droit?: string) =>
      calculer(modele, droit === undefined ? valeurs : { ...valeurs, aide_droit: droit }).get('charge_residuelle')
    assert.deepEqual(residuelle('non'), { valeur: 65_000, manque: [] })
    assert.equal(residuelle('oui')?.valeur, 40_000)
    assert.equal(residuelle()?.valeur, 40_000, 'not answered, what is known counts')
    const lieu = { referentiel: { racine }, dept: '71', jour }
    for (const [code, aide, droits] of [
      ['dossier-fsl', 'aide_droit', 'non'],
      ['diagnostic-financier', 'aide_genre', 'aucune'],
    ] as const) {
      const calculs = calculer(lireModele(lieu, code), {
        ...{ loyer: 60_000, charges_bailleur: 5_000, charges_locatives: 5_000, aide_montant: 25_000 },
        [aide]: droits,
      })
      assert.equal(calculs.get('charge_residuelle')?.valeur, 65_000, code)
    }
  })

  test('what depends on an answer left out is left out, on paper too', () => {
    const valeurs = {
      ...{ aide_droit: 'non', aide_suspendue: 'oui', aide_suspendue_motif: 'autre' },
      ...{ aide_suspendue_autre: 'Départ annoncé' },
    }
    assert.deepEqual(retenir(modele, valeurs), { aide_droit: 'non' })
    const imprime = composerDocument(modele, { valeurs, calculs: calculer(modele, valeurs), entete: [] })
    assert.doesNotMatch(JSON.stringify(imprime), /Départ annoncé/)
  })

  test('what is missing of a result is said', () => {
    assert.deepEqual(calculer(modele, { loyer: 50_000 }).get('charge_residuelle'), {
      valeur: 50_000,
      manque: [champ('charges_locatives').libelle, champ('aide_montant').libelle],
    })
  })
})

describe('two hands on one form', () => {
  const deux = [champ('bailleur_nom'), champ('bailleur_adresse')]
  const ecrire = (contenu: Contenu, valeurs: Valeurs, vu: number, version: number, par: string) =>
    fusionner(contenu, deux, { valeurs, invalides: {} }, { vu, version, par })

  test('different answers do not meet; the same one does', () => {
    const a = ecrire(CONTENU_VIDE, { bailleur_nom: 'SCI A' }, 1, 2, 'a')
    const autre = ecrire(a.contenu, { bailleur_adresse: '1 rue Haute' }, 1, 3, 'b')
    assert.deepEqual(autre.conflits, [])
    assert.deepEqual(autre.contenu.valeurs, { bailleur_nom: 'SCI A', bailleur_adresse: '1 rue Haute' })
    const meme = ecrire(a.contenu, { bailleur_nom: 'SCI B' }, 1, 3, 'b')
    assert.deepEqual([meme.conflits, meme.modifies], [['bailleur_nom'], ['bailleur_nom']])
    assert.deepEqual(
      ecrire(a.contenu, { bailleur_nom: 'SCI A' }, 1, 3, 'b').conflits,
      [],
      'the same answer is no conflict',
    )
    assert.deepEqual(ecrire(a.contenu, { bailleur_nom: 'SCI B' }, 2, 3, 'b').conflits, [], 'seen, it may be changed')
  })

  test('somebody who saves again what they are typing does not meet themselves', () => {
    const un = ecrire(CONTENU_VIDE, { bailleur_nom: 'SCI' }, 1, 2, 'a')
    assert.deepEqual(ecrire(un.contenu, { bailleur_nom: 'SCI A' }, 1, 3, 'a').conflits, [])
  })

  test('a page that saved an answer leaves it to whoever changed it since', () => {
    const page = ecrire(CONTENU_VIDE, { bailleur_nom: 'SCI' }, 1, 2, 'a')
    const collegue = ecrire(page.contenu, { bailleur_nom: 'SCI des Forges' }, 2, 3, 'b')
    const encore = ecrire(collegue.contenu, { bailleur_nom: 'SCI', bailleur_adresse: '1 rue Haute' }, 1, 4, 'a')
    assert.deepEqual([encore.conflits, encore.modifies], [[], ['bailleur_adresse']])
    assert.equal(encore.contenu.valeurs.bailleur_nom, 'SCI des Forges')
    assert.deepEqual(ecrire(encore.contenu, { bailleur_nom: 'SCI B' }, 1, 5, 'a').conflits, ['bailleur_nom'])
  })

  test('a person’s correction wins over what is taken from elsewhere, an emptied answer too', () => {
    const dossier = { bailleur_nom: { valeur: 'OPAC', provenance: 'dossier' } }
    const repris = reprendre(CONTENU_VIDE, deux, dossier)
    assert.equal(repris.reprises.bailleur_nom, 'dossier')
    const vide = ecrire(repris, {}, 1, 2, 'a').contenu
    assert.deepEqual([vide.valeurs, vide.reprises], [{}, {}])
    assert.deepEqual(reprendre(vide, deux, dossier).valeurs, {})
  })
})

test('[SAI-35] completeness asks for the indispensable only, one of several expectations is enough, and what does not apply counts for nothing', () => {
  const etat = (valeurs: Valeurs) => completude(modele, { valeurs, invalides: {} }, 'saisine')
  const complet: Valeurs = {
    demandeur_nom: 'Camille',
    demandeur_qualite: 'Service social',
    titulaire_nom: 'Lacombe',
    adresse: '12 rue des Forges',
    motifs: ['impaye'],
    menage_informe: 'non',
  }
  assert.deepEqual(
    etat(complet).manque.map(({ champ: code }) => code),
    ['attente_avis'],
  )
  assert.deepEqual(etat({ ...complet, attente_libre: 'Une médiation.' }).manque, [])
  assert.ok(etat({ ...complet, surendettement: 'oui' }).total > etat({ ...complet, surendettement: 'non' }).total)
})

test('[DSF-33] a national form takes the place of the local one by a dated version: neither code nor what was filled before changes', () => {
  const essai = mkdtempSync(join(tmpdir(), 'amont-formulaire-national-'))
  mkdirSync(join(essai, 'formulaires'))
  const local = readFileSync(join(projectRoot, 'donnees/formulaires/diagnostic-social.yaml'), 'utf8')
  writeFileSync(
    join(essai, 'formulaires/diagnostic-social.yaml'),
    local.replace(/^du: .*$/m, '$&\njusqu_au: 2026-12-31'),
  )
  writeFileSync(
    join(essai, 'formulaires/diagnostic-social-national.yaml'),
    local
      .replace(/^version: 1$/m, 'version: 2')
      .replace(/^titre: .*$/m, 'titre: "Formulaire national"')
      .replace(/^du: .*$/m, 'du: 2027-01-01'),
  )
  const lire = (le: string) =>
    lireModele({ referentiel: { racine: essai }, dept: '71', jour: Temporal.PlainDate.from(le) }, 'diagnostic-social')
  assert.deepEqual([lire('2026-12-31').version, lire('2027-01-01').version], [1, 2])
  assert.equal(lire('2027-01-01').titre, 'Formulaire national')
  rmSync(essai, { recursive: true })
})

test('a form follows its date and its département', () => {
  assert.throws(() => modeleLe('2019-01-01'), /no form saisine-ccapex in force/)
  const organismes = (un: Modele) =>
    champsDe(un.groupes)
      .find(({ code }) => code === 'rencontres')
      ?.colonnes?.[0]?.options?.map(({ code }) => code)
  assert.ok(organismes(modele)?.includes('apar'))
  assert.ok(!organismes(modeleLe('2026-11-20', 'modele-pdalhpd'))?.includes('apar'))
})

test('a wrong file stops the start, with every fault in French', () => {
  const dossier = mkdtempSync(join(tmpdir(), 'amont-formulaires-'))
  mkdirSync(join(dossier, 'formulaires'))
  writeFileSync(
    join(dossier, 'formulaires', 'essai.yaml'),
    `schema: 1
code: essai
version: 1
titre: "Essai"
du: 2026-01-01
source: { titre: "Essai" }
fiabilite: S
verifie_le: null
groupes:
  - code: un
    titre: "Un"
    champs:
      - { code: a, libelle: "A", genre: oui_non }
      - { code: a, libelle: "A encore", genre: texte, si: { champ: inconnu, parmi: [oui] } }
      - { code: b, libelle: "B", genre: choix }
      - { code: f, libelle: "F", genre: oui_non }
      - { code: c, libelle: "C", genre: texte, si: { champ: f, parmi: [peut_etre] } }
      - { code: g, libelle: "G", genre: texte, passe: true, si: { champ: h, sauf: ["non"] } }
      - { code: h, libelle: "H", genre: oui_non, si: { champ: f, parmi: ["oui"], sauf: ["non"] } }
      - { code: d, libelle: "D", genre: calcul, fonction: somme, de: [e] }
`,
  )
  try {
    chargerFormulaires(dossier)
    assert.fail('the file is accepted')
  } catch (erreur) {
    assert.ok(erreur instanceof ErreurDonnees)
    const messages = erreur.problemes.map(({ message }) => message).join('\n')
    for (const attendu of [
      /écrit deux fois/,
      /Champ inconnu « inconnu »/,
      /« options »/,
      /Réponse inconnue « peut_etre »/,
      /Champ inconnu « e »/,
      /champ qui la précède/,
      /« parmi » ou « sauf »/,
      /peuvent être « passe »/,
    ])
      assert.match(messages, attendu)
  } finally {
    rmSync(dossier, { recursive: true })
  }
})
