import assert from 'node:assert/strict'
import { cpSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, before, describe, test } from 'node:test'
import { type Application, acteurSysteme, installerOrganismes, ouvrirSession } from '#acces'
import { listerDossiers } from '#dossiers'
import { figerTableaux } from '#jobs'
import { chargerDelais } from '#procedure'
import { chargerReferentiel, evaluerEngagements, trouverCommune, verifierExemples } from '#referentiel'
import { lireListe } from '#repartition'
import { lireVerdict } from '#signalements'
import { projectRoot } from '#socle/config'
import { ecrireCsv, horlogeDu, importer, ligne } from '#tests/application'
import { openTestDatabase } from '#tests/base'

/** Everything a département needs, and nothing more: one folder, by the recipe `docs/recipes/departement.md`. */
const FICHIERS: Readonly<Record<string, string>> = {
  'departement.yaml': `schema: 1
code: pays-des-sources
nom: Pays des Sources
remarque: Département fictif, écrit par un test.
`,
  'organismes.yaml': `schema: 1
organismes:
  - { code: SECPS, nom: "Secrétariat de la CCAPEX", type: secretariat }
  - { code: CAFPS, nom: "CAF des Sources", type: caf }
  - { code: DEPPS, nom: "Service social du Département", type: departement }
  - { code: CCASPS, nom: "CCAS de Sourceville", type: ccas, communes: ["99901"] }
`,
  'secretariats.yaml': `schema: 1
territoires:
  - { id: sources, libelle: Sources }
secretariats:
  - id: unique
    territoires: [sources]
    organisme: Préfecture fictive
    service: Secrétariat de la CCAPEX
    adresse: [1 rue du Test, 99901 Sourceville]
    telephone: null
    courriel: null
    source: { titre: Jeu de test }
    verifie_le: null
`,
  'territoires.csv': `territoire;nom_liste;nom_actuel;code_insee;statut;du;jusqu_au;remarque
sources;Sourceville;Sourceville;99901;fictive;;;
sources;Fontenoy;Fontenoy;99902;fictive;;;
`,
  'parametres.yaml': `schema: 1
parametres:
  plafond_fsl:
    versions:
      - { du: 2025-01-01, valeur: 150000, source: { titre: Règlement intérieur du FSL }, fiabilite: S, verifie_le: null }
  reponse_par_rang_delai:
    versions:
      - { du: 2025-01-01, valeur: 5, source: { titre: Règlement intérieur de la CCAPEX }, fiabilite: S, verifie_le: null }
`,
  'charte-2025/charte.yaml': `schema: 1
titre: Charte du Pays des Sources
nature: charte
du: 2025-01-01
dates:
  - { le: 2025-01-01, libelle: Signature }
stades: [impaye, commandement_de_payer, assignation]
source: { titre: Charte du Pays des Sources }
fiabilite: S
verifie_le: null
`,
  'charte-2025/repartition.yaml': `schema: 1
libelle: Le CCAS d’abord, puis le Département
du: 2025-01-01
source: { titre: Charte du Pays des Sources }
fiabilite: S
verifie_le: null
volets:
  - id: tous
    libelle: Tout ménage
    mission: accompagnement
    regles:
      - id: petite-dette
        ordre: profil
        si: dette.montant <= parametre.plafond_fsl
        libelle: Dette dans le plafond du FSL
        service: ccas
        reference: art. 1
      - id: autres
        ordre: a_defaut
        libelle: Tous les autres ménages
        service: departement
        reference: art. 2
exemples:
  - cas: Petite dette
    jour: 2026-11-20
    situation: { dette.montant: 150000 }
    attendu: { resultat: service, regle: petite-dette, service: ccas, reference: art. 1 }
  - cas: Grosse dette
    jour: 2026-11-20
    situation: { dette.montant: 150001 }
    attendu: { resultat: service, regle: autres, service: departement, reference: art. 2 }
`,
  'charte-2025/criteres.yaml': `schema: 1
libelle: Critères
du: 2025-01-01
source: { titre: Charte du Pays des Sources }
fiabilite: S
verifie_le: null
groupes:
  - id: auto_saisine
    libelle: Auto-saisine
    criteres:
      - { id: dette, libelle: Dette au-delà du FSL, si: dette.montant > parametre.plafond_fsl, reference: art. 3 }
exemples:
  - cas: Au-delà
    jour: 2026-11-20
    situation: { dette.montant: 150001 }
    attendu: [{ critere: dette, etat: retenu, reference: art. 3 }]
`,
  'charte-2025/partenaires.yaml': `schema: 1
source: { titre: Charte du Pays des Sources }
fiabilite: S
verifie_le: null
partenaires:
  - { id: ccas, nom: CCAS de Sourceville, court: CCAS, complement: du CCAS, types: [ccas], engagements: 1 }
`,
  'charte-2025/engagements/ccas.yaml': `schema: 1
partenaire: ccas
reference: art. 4
source: { titre: Charte du Pays des Sources }
fiabilite: S
verifie_le: null
engagements:
  - { numero: 1, stade: impaye, libelle: Appeler le ménage, publics: [menage], mode: tache, si: "dette.montant <= parametre.plafond_fsl", echeance: { delai: appel }, preuve: contact }
`,
  'charte-2025/delais/appel.yaml': `schema: 1
libelle: Appel du ménage par le CCAS
libelle_court: Appel
nature: obligation
depart: tableau.transmis
rattachement: tableau.transmis
computation: jours_calendaires
versions:
  - { du: 2025-01-01, duree: { jours: 10 }, source: { titre: Charte du Pays des Sources }, fiabilite: S, verifie_le: null }
exemples:
  - { tableau.transmis: 2026-11-23, echeance: 2026-12-03, version: 2025-01-01 }
`,
}

describe('Un troisième département tient dans un dossier', () => {
  const dossier = mkdtempSync(join(tmpdir(), 'amont-troisieme-'))
  const racine = join(dossier, 'donnees')
  let application: Application
  let base: Awaited<ReturnType<typeof openTestDatabase>>

  before(async () => {
    cpSync(join(projectRoot, 'donnees'), racine, { recursive: true })
    for (const [nom, texte] of Object.entries(FICHIERS)) {
      const chemin = join(racine, 'departements/pays-des-sources', nom)
      mkdirSync(join(chemin, '..'), { recursive: true })
      writeFileSync(chemin, texte)
    }
    base = await openTestDatabase()
    const referentiel = chargerReferentiel(racine)
    for (const [dept, { organismes }] of referentiel.departements) await installerOrganismes(base, dept, organismes)
    const delais = new Map(
      [...referentiel.departements.values()].map(({ code, dossier: nom }) => [code, chargerDelais(racine, nom)]),
    )
    application = { base, horloge: horlogeDu('2026-11-20'), referentiel, delais }
  })
  after(async () => {
    await base.close()
    rmSync(dossier, { recursive: true })
  })

  const DEPT = 'pays-des-sources'
  const enSession = <T>(droit: Parameters<typeof ouvrirSession>[2], travail: Parameters<typeof ouvrirSession<T>>[3]) =>
    ouvrirSession(application, acteurSysteme(DEPT, 'essai'), droit, travail)

  test('[TER-12] its files are read with the others, and their examples hold', () => {
    assert.deepEqual(verifierExemples(racine).problemes, [])
    const departement = application.referentiel.departements.get(DEPT)
    assert.ok(departement)
    assert.equal(trouverCommune(departement.territoires, 'SOURCEVILLE')?.territoire, 'sources')
    const jour = Temporal.PlainDate.from('2026-11-20')
    const [constat] = evaluerEngagements(departement, { 'procedure.stade': 'impaye', 'dette.montant': 90000 }, jour)
    assert.deepEqual([constat?.engagement.id, constat?.etat], ['ccas/1', 'applicable'])
    assert.equal(constat?.engagement.source.reference, 'art. 4, engagement 1 du CCAS')
  })

  test('[TER-12] [REP-01] a file is imported, dispatched by its rules, and each service has its frozen list', async () => {
    const commun = { commune: 'Sourceville', code_postal: '99901' }
    const lot = await importer(
      application,
      'CAFPS',
      'semaine.csv',
      ecrireCsv([
        ligne({ ...commun, reference_source: 'A', nom_usage: 'Perrodin', montant_dette: '900,00' }),
        ligne({
          ...commun,
          reference_source: 'B',
          nom_usage: 'Vauclin',
          date_naissance: '1971-02-09',
          montant_dette: '4200,00',
        }),
      ]),
      DEPT,
    )
    const { lignes } = await enSession('lot.consulter', (session) => lireVerdict(session, lot))
    assert.deepEqual(
      lignes.map(({ verdict }) => verdict),
      ['acceptee', 'acceptee'],
    )
    const { lignes: dossiers } = await enSession('dossier.consulter', (session) =>
      listerDossiers(session, { filtre: {} }),
    )
    assert.equal(dossiers.length, 2)
    const figees = await figerTableaux(application, DEPT, Temporal.PlainDate.from('2026-11-23'))
    const listes = await Promise.all(
      figees.map(({ id }) => enSession('liste.consulter', (session) => lireListe(session, id))),
    )
    assert.deepEqual(listes.map(({ liste, lignes: siennes }) => [liste.organisme_nom, siennes.length]).sort(), [
      ['CCAS de Sourceville', 1],
      ['Service social du Département', 1],
    ])
  })

  test('[TER-12] the other départements see nothing of it', async () => {
    const ailleurs = await ouvrirSession(application, acteurSysteme('71', 'essai'), 'dossier.consulter', (session) =>
      listerDossiers(session, { filtre: {} }),
    )
    assert.equal(ailleurs.lignes.length, 0)
  })
})
