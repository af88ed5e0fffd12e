import assert from 'node:assert/strict'
import { cpSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { type TestContext, test } from 'node:test'
import { chargerReferentiel, trouverDepartement } from './chargement.ts'
import { verifierExemples } from './exemples.ts'
import { inventorier } from './inventaire.ts'
import { listerParametresACompleter, parametre } from './parametres-dates.ts'
import { ErreurDonnees } from './yaml.ts'

const donnees = join(import.meta.dirname, '../../../donnees')
const jour = (texte: string) => Temporal.PlainDate.from(texte)

/** A copy of the data that a test may spoil. */
function copier(t: TestContext): {
  racine: string
  modifier: (nom: string, avant: string | RegExp, apres: string) => void
} {
  const dossier = mkdtempSync(join(tmpdir(), 'amont-donnees-'))
  t.after(() => rmSync(dossier, { recursive: true }))
  const racine = join(dossier, 'donnees')
  cpSync(donnees, racine, { recursive: true })
  return {
    racine,
    modifier: (nom, avant, apres) => {
      const chemin = join(racine, nom)
      const texte = readFileSync(chemin, 'utf8')
      assert.ok(texte.search(avant) >= 0, `${avant} is not in ${nom}`)
      writeFileSync(chemin, texte.replace(avant, apres))
    },
  }
}

function problemes(racine: string): string[] {
  try {
    chargerReferentiel(racine)
  } catch (erreur) {
    assert.ok(erreur instanceof ErreurDonnees)
    return erreur.problemes.map((p) => `${p.chemin}:${p.ligne}:${p.colonne} ${p.message}`)
  }
  return []
}

const REGLES_71 = 'departements/71-saone-et-loire/charte-2020/repartition.yaml'

test('[REP-01] both départements are loaded from their folders, frozen, found by code or by folder', () => {
  const referentiel = chargerReferentiel(donnees)
  assert.deepEqual([...referentiel.departements.keys()].sort(), ['71', '99'])
  assert.equal(trouverDepartement(referentiel, '71')?.nom, 'Saône-et-Loire')
  assert.equal(trouverDepartement(referentiel, 'modele')?.code, '99')
  assert.equal(trouverDepartement(referentiel, 'modele-pdalhpd')?.code, '99')
  assert.equal(trouverDepartement(referentiel, '75'), undefined)
  assert.ok(Object.isFrozen(referentiel.departements.get('71')))
})

test('[REP-01] every fault of every file is told at once, with line, column and the way out', (t) => {
  const { racine, modifier } = copier(t)
  modifier(REGLES_71, 'service: ccas', 'servise: ccas')
  modifier(REGLES_71, 'si: connu.caf\n', 'si: conu.caf\n')
  modifier('droit/seuils/aide-au-logement.impaye.yaml', 'du: 2027-01-01', 'du: 2026-12-01')
  modifier('departements/modele-pdalhpd/parametres.yaml', 'plafond_fsl:', 'plafond_fls:')
  const trouves = problemes(racine)
  assert.equal(trouves.length, 5)
  assert.match(
    trouves[0] ?? '',
    /^donnees\/droit\/seuils\/aide-au-logement\.impaye\.yaml:\d+:\d+ Les versions se suivent/,
  )
  assert.match(trouves[1] ?? '', /repartition\.yaml:\d+:9 Clé obligatoire absente : « service »/)
  assert.match(
    trouves[2] ?? '',
    /repartition\.yaml:\d+:9 Clé inconnue « servise »\. .*Vouliez-vous écrire « service » \?$/,
  )
  assert.match(
    trouves[3] ?? '',
    /repartition\.yaml:\d+:13 Mot inconnu « conu\.caf »\. Vouliez-vous écrire « connu\.caf » \?$/,
  )
  assert.match(
    trouves[4] ?? '',
    /modele-pdalhpd\/parametres\.yaml:\d+:3 Paramètre inconnu « plafond_fls »\. .*plafond_fsl/,
  )
})

test('a condition error points inside the condition', (t) => {
  const { racine, modifier } = copier(t)
  modifier(REGLES_71, 'si: procedure.stade == "jugement"', 'si: procedure.stade == "jugment"')
  assert.match(problemes(racine)[0] ?? '', /:\d+:28 Valeur inconnue « jugment » .*Vouliez-vous écrire « jugement »/)
})

test('nobody is forgotten: a cascade without a last rank, or rules without a last volet, are refused', (t) => {
  const { racine, modifier } = copier(t)
  modifier(
    REGLES_71,
    'ordre: a_defaut\n        libelle: Aucun autre',
    'ordre: a_defaut\n        si: connu.caf\n        libelle: Aucun autre',
  )
  modifier(REGLES_71, '- id: hors-procedure\n', '- id: hors-procedure\n    si: connu.caf\n')
  const trouves = problemes(racine)
  assert.equal(trouves.length, 2)
  assert.match(trouves[0] ?? '', /La dernière règle d’un volet n’a pas de condition.*personne n’est oublié/)
  assert.match(trouves[1] ?? '', /Le dernier volet n’a pas de condition/)
})

test('links, doubles and overlapping versions are refused', (t) => {
  const { racine, modifier } = copier(t)
  modifier(REGLES_71, 'memes_regles_que: assignation', 'memes_regles_que: asignation')
  modifier(REGLES_71, 'id: cdp-connu-du-ccas', 'id: cdp-connu-du-departement')
  modifier('departements/71-saone-et-loire/arretes/2016-07-06-seuil-cdp.yaml', '2020-02-13', '2020-02-14')
  const trouves = problemes(racine)
  assert.match(trouves[0] ?? '', /est déjà employé plus haut/)
  assert.match(trouves[1] ?? '', /Vouliez-vous écrire « assignation »/)
  assert.match(trouves[2] ?? '', /2020-02-14-seuil-cdp\.yaml:\d+:5 Cette version commence avant/)
})

test('a missing file is a fault with its name', (t) => {
  const { racine } = copier(t)
  rmSync(join(racine, REGLES_71))
  rmSync(join(racine, 'droit/seuils/aide-au-logement.impaye.yaml'))
  assert.deepEqual(problemes(racine), [
    'donnees/droit/seuils/aide-au-logement.impaye.yaml:1:1 Ce fichier est absent ou illisible.',
    `donnees/${REGLES_71}:1:1 Ce fichier est absent ou illisible.`,
  ])
})

test('[REP-01] [SIG-23] a rule or a value that changes makes its examples fail, with their place', (t) => {
  const cas: [string, string, string, RegExp][] = [
    [
      REGLES_71,
      'si: connu.departement\n        libelle: Le ménage est déjà dans une file',
      'si: connu.caf\n        libelle: Le ménage est déjà dans une file',
      /regle vaut/,
    ],
    [
      REGLES_71,
      'reference: § 3.2, engagement 9 du Département\n',
      'reference: § 3.2, engagement 10 du Département\n',
      /reference vaut/,
    ],
    ['departements/71-saone-et-loire/parametres.yaml', 'valeur: 200000', 'valeur: 250000', /etat vaut/],
    ['departements/71-saone-et-loire/arretes/2020-02-14-seuil-cdp.yaml', 'loyers: 3', 'loyers: 2', /resultat vaut/],
    ['droit/seuils/aide-au-logement.impaye.yaml', 'montant_centimes: 45000', 'montant_centimes: 45001', /seuil vaut/],
    [
      'droit/seuils/commandement-de-payer.signalement.yaml',
      '"Loi n° 89-462 du 6 juillet 1989, art. 24 I, version',
      '"Loi n° 89-462 du 6 juillet 1989, art. 24 II, version',
      /source vaut/,
    ],
  ]
  for (const [nom, avant, apres, attendu] of cas) {
    const { racine, modifier } = copier(t)
    modifier(nom, avant, apres)
    const [premier] = verifierExemples(racine).problemes
    assert.match(premier?.message ?? '', attendu, nom)
    assert.ok(premier && premier.ligne > 1, nom)
  }
})

test('[AMB-19] a setting answers with its source and reserve, or says why it has no value', () => {
  const dept = chargerReferentiel(donnees).departements.get('71')
  assert.ok(dept)
  const fsl = parametre(dept, 'plafond_fsl', jour('2026-11-20'))
  assert.equal(fsl.etat, 'valeur')
  assert.equal(fsl.valeur, 200_000)
  assert.ok(fsl.etat === 'valeur' && fsl.source.reference === '§ 3.1, montant de la dette')
  assert.ok(fsl.etat === 'valeur' && fsl.reserve === 'usage local ; non vérifié par un juriste')
  const tableaux = parametre(dept, 'tableaux_jour_envoi', jour('2026-11-20'))
  assert.ok(tableaux.etat === 'valeur' && tableaux.reserve?.startsWith('à compléter par le département'))
  assert.equal(parametre(dept, 'seuil_dette_elevee', jour('2026-11-20')).etat, 'a_completer')
  const apres = parametre(dept, 'plafond_fsl', jour('2027-01-26'))
  assert.ok(apres.etat === 'aucune_version' && /a pris fin le 25 janvier 2027/.test(apres.motif))
  assert.equal(parametre(dept, 'plafond_fsl', jour('2020-01-01')).etat, 'aucune_version')
  assert.deepEqual(listerParametresACompleter(dept, jour('2026-11-20')).slice(0, 3), [
    'plafond_fsl_annuel',
    'seuil_dette_elevee',
    'plafond_faibles_ressources',
  ])
})

test('the inventory tells what is empty, unverified, ending and about to change, on a given day', () => {
  const referentiel = chargerReferentiel(donnees)
  const genres = (le: string, nom: RegExp) =>
    inventorier(referentiel, jour(le))
      .filter(({ chemin }) => nom.test(chemin))
      .map(({ genre }) => genre)
  assert.deepEqual(genres('2026-01-10', /charte-2020\/repartition/), ['non_verifie'])
  assert.deepEqual(genres('2026-11-20', /charte-2020\/repartition/), ['expire_bientot', 'non_verifie'])
  assert.deepEqual(genres('2027-02-01', /charte-2020\/repartition/), ['expire', 'non_verifie'])
  assert.ok(genres('2026-11-20', /aide-au-logement/).includes('change_bientot'))
  assert.ok(!genres('2027-01-01', /aide-au-logement/).includes('change_bientot'))
  assert.ok(genres('2026-11-20', /71.*parametres/).includes('a_completer'))
})
