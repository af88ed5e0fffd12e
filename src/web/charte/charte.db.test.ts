import assert from 'node:assert/strict'
import { rmSync } from 'node:fs'
import { dirname } from 'node:path'
import { after, before, describe, test } from 'node:test'
import { parse } from 'csv-parse/sync'
import type { Database } from '#socle/db'
import { readWorkbook } from '#socle/tableur'
import { openTestDatabase } from '#tests/base'
import { COMPTES, type EssaiCharte, ecrireDonneesEssai, ouvrirEssaiCharte } from './fabrique-essai.ts'

/** Links of a page, entities read. */
const liens = (html: string): string[] =>
  [...html.matchAll(/href="([^"]+)"/g)].map(([, href = '']) => href.replaceAll('&amp;', '&'))

describe('the charter, on screen', () => {
  let base: Database
  let racine: string
  let essai: EssaiCharte

  before(async () => {
    base = await openTestDatabase()
    racine = ecrireDonneesEssai()
    essai = await ouvrirEssaiCharte(base, { racine })
  })
  after(async () => {
    await essai?.fermer()
    await base?.close()
    if (racine) rmSync(dirname(racine), { recursive: true, force: true })
  })

  /** The same charter on another day. */
  async function le(jour: string, adresse = '/charte') {
    const ailleurs = await ouvrirEssaiCharte(base, { racine, jour })
    try {
      return await ailleurs.lire(adresse)
    } finally {
      await ailleurs.fermer()
    }
  }

  test('every role reads the charter, from the banner; nobody reads it without being signed in', async () => {
    for (const compte of COMPTES) {
      const { statut, html } = await essai.lire('/charte', compte)
      assert.equal(statut, 200, compte)
      assert.match(html, /<a href="\/charte" aria-current="page"><b>Mesurer<\/b> <span>la charte<\/span>/, compte)
    }
    const dehors = await essai.serveur.inject({ url: '/charte' })
    assert.deepEqual([dehors.statusCode, dehors.headers.location], [303, '/connexion?vers=%2Fcharte'])
  })

  describe('[ENG-11] the grid of partners and steps', () => {
    test('counts each crossing, with totals, and each count opens the list of what it counts', async () => {
      const { html } = await essai.lire('/charte')
      const comptes = [...html.matchAll(/<a href="([^"]*)" aria-label="(\d+) engagements? : ([^"]+)">(\d+)<\/a>/g)]
      const lus = comptes.map(([, , nombre, quoi]) => `${quoi} : ${nombre}`)
      assert.deepEqual(lus, [
        'Département, Prévention : 1',
        'Département, Commandement de payer : 1',
        'Département, Audience : 1',
        'Département, Assignation, audience et jugement : 1',
        'Département, toutes les étapes : 3',
        'ADIL, Commandement de payer : 2',
        'ADIL, Jugement : 1',
        'ADIL, Assignation, audience et jugement : 1',
        'ADIL, toutes les étapes : 3',
        'Prévention : 1',
        'Commandement de payer : 3',
        'Audience : 1',
        'Jugement : 1',
        'Assignation, audience et jugement : 2',
        'tous les partenaires, toutes les étapes : 6',
      ])
      for (const [, href = '', , quoi = '', nombre = ''] of comptes) {
        const liste = await essai.lire(href.replaceAll('&amp;', '&'))
        assert.equal(liste.statut, 200, quoi)
        assert.match(liste.texte, new RegExp(`<?${nombre} engagements?`), quoi)
        assert.equal(liste.html.match(/<th scope="row"/g)?.length, Number(nombre), quoi)
      }
    })

    test('is filtered by whom it serves and by how it is carried; the filter follows into the lists', async () => {
      const { html, texte } = await essai.lire('/charte?public=bailleur_prive&mode=tache')
      assert.match(texte, /1 engagement pour : Pour : bailleur privé/)
      const [, href = ''] = /href="([^"]*)" aria-label="1 engagement : ADIL, Commandement de payer"/.exec(html) ?? []
      const liste = await essai.lire(href.replaceAll('&amp;', '&'))
      assert.match(liste.texte, /Proposer un rendez-vous au ménage/)
      assert.doesNotMatch(liste.texte, /Rappeler ses droits/)
    })

    test('shows the general engagements, at every step', async () => {
      const { html, texte } = await essai.lire('/charte')
      assert.match(texte, /Tous les signataires 2 engagements Rechercher le contact avec le ménage Rendre compte/)
      assert.ok(liens(html).includes('/charte/engagements/generaux/tous/2'))
    })
  })

  test('[CHA-08] eighteen then twelve months before its term the charter says so; past it, it stays readable', async () => {
    assert.doesNotMatch((await le('2025-07-24')).texte, /prend fin le 25 janvier 2027/)
    assert.match(
      (await le('2025-07-25')).texte,
      /Cette charte prend fin le 25 janvier 2027, dans 18 mois\. Sa révision se prépare/,
    )
    assert.match(
      (await le('2026-01-25')).texte,
      /prend fin le 25 janvier 2027, dans 12 mois\. Moins d’un an avant son terme/,
    )
    assert.match((await le('2027-01-25')).texte, /prend fin le 25 janvier 2027, aujourd’hui/)
    for (const adresse of ['/charte', '/charte/engagements', '/charte/engagements/adil/1', '/charte/document']) {
      const { statut, texte } = await le('2027-01-26', adresse)
      assert.equal(statut, 200, adresse)
      assert.match(texte, /Aucune charte n’est en vigueur depuis le 26 janvier 2027/, adresse)
      assert.match(texte, /Ce document reste lisible/, adresse)
    }
    assert.match(
      (await le('2020-06-01')).texte,
      /Ce document n’est pas encore en vigueur\. Il commence le 25 janvier 2021/,
    )
  })

  test('[CHA-06] the dates of the document are shown with their source, flagged as not checked', async () => {
    const { texte } = await essai.lire('/charte')
    assert.match(texte, /En vigueur Du 25 janvier 2021 au 25 janvier 2027 Durée 6 ans/)
    assert.match(texte, /25 janvier 2021 Signature/)
    assert.match(texte, /à vérifier Source Charte de prévention des expulsions locatives/)
    assert.match(texte, /à vérifier Ces 6 engagements n’ont pas encore été relus par un juriste/)
  })

  describe('the list of engagements', () => {
    test('filters by partner, step, public, carrying, condition and free text; accents and plurals do not count', async () => {
      const cas: readonly (readonly [string, readonly string[]])[] = [
        ['partenaire=adil', ['ADIL 1', 'ADIL 2', 'ADIL 3']],
        ['stade=commandement_de_payer', ['Département 2', 'ADIL 1', 'ADIL 2']],
        ['stade=assignation_et_suites', ['Département 3', 'ADIL 3']],
        ['public=bailleur_prive', ['ADIL 1', 'ADIL 2']],
        ['mode=automatique', ['ADIL 3']],
        ['condition=oui', ['Département 2', 'ADIL 1', 'ADIL 2']],
        ['facultatif=oui', ['Département 3']],
        ['delai=oui', ['Département 2']],
        ['limite=oui', ['Département 2']],
        ['q=MENAGES+vulnerables', ['Département 2']],
        ['q=depliant', ['Département 1']],
        ['q=adil+2', ['ADIL 2']],
        ['q=moyens+du+service', ['Département 2']],
        ['q=rien', []],
        [
          'stade=jamais&partenaire=personne',
          ['Département 1', 'Département 2', 'Département 3', 'ADIL 1', 'ADIL 2', 'ADIL 3'],
        ],
      ]
      for (const [requete, attendus] of cas) {
        const { html } = await essai.lire(`/charte/engagements?${requete}`)
        const lus = [...html.matchAll(/<span class="nb">([^<]+)<\/span>/g)].map(([, nom = '']) => nom)
        assert.deepEqual(lus, attendus, requete)
        assert.match(html, new RegExp(`<h1>${attendus.length} engagement`), requete)
      }
    })

    test('keeps each filter removable, and orders by column', async () => {
      const { html } = await essai.lire('/charte/engagements?partenaire=adil&mode=tache&tri=libelle')
      assert.ok(liens(html).includes('/charte/engagements?mode=tache&tri=libelle'))
      assert.ok(liens(html).includes('/charte/engagements?partenaire=adil&tri=libelle'))
      const tries = await essai.lire('/charte/engagements?tri=libelle&sens=decroissant')
      const libelles = [...tries.html.matchAll(/<th scope="row"[^>]*><a[^>]*>([^<]+)/g)].map(([, un = '']) => un)
      assert.deepEqual(
        libelles,
        libelles.toSorted((a, b) => b.localeCompare(a, 'fr')),
      )
      assert.match(tries.html, /aria-sort="descending"/)
    })

    test('says when general engagements answer the same words, since they belong to no step', async () => {
      const { texte } = await essai.lire('/charte/engagements?q=rendre+compte')
      assert.match(texte, /0 engagement pour « rendre compte »/)
      assert.match(texte, /1 engagement général répond aussi à ces mots/)
    })

    test('gives exactly what it shows, in the same order, as CSV, XLSX and ODS', async () => {
      for (const format of ['csv', 'xlsx', 'ods'] as const) {
        const { octets, statut } = await essai.lire(
          `/charte/engagements/export.${format}?condition=oui&tri=libelle&sens=decroissant`,
        )
        assert.equal(statut, 200, format)
        const lignes: readonly (readonly string[])[] =
          format === 'csv'
            ? parse(octets, { bom: true, delimiter: ';' })
            : (await readWorkbook(octets, format)).map((ligne) => ligne.map(String))
        assert.deepEqual(
          lignes.slice(1).map(([partenaire, numero]) => `${partenaire} ${numero}`),
          ['Agence d’information sur le logement 1', 'Département 2', 'Agence d’information sur le logement 2'],
          format,
        )
        const [entete = [], , vulnerable = []] = lignes
        const lire = (titre: string) => vulnerable[entete.indexOf(titre)]
        assert.equal(lire('Terme'), '2 mois : diagnostic de la situation de logement', format)
        assert.match(lire('Condition') ?? '', /critère de vulnérabilité/, format)
        assert.equal(lire('Réserve'), 'usage local ; non vérifié par un juriste', format)
      }
    })
  })

  describe('[ENG-08] the sheet of an engagement', () => {
    test('says who, when, for whom, in plain French and exactly, with its term, its proof and its source', async () => {
      const { texte, html } = await essai.lire('/charte/engagements/departement/2')
      assert.match(html, /<h1>Proposer un rendez-vous au ménage vulnérable<\/h1>/)
      assert.match(texte, /Engagement 2 du Département/)
      assert.match(texte, /À l’étape « Commandement de payer », seulement quand : à la fois :/)
      assert.match(texte, /le ménage remplit au moins un critère de vulnérabilité du département/)
      assert.ok(html.includes('<code>menage.vulnerable &amp;&amp; connu.departement</code>'))
      assert.match(texte, /2 mois, compté depuis la date d’envoi du tableau hebdomadaire/)
      assert.match(texte, /Source : Charte de Saône-et-Loire 2021, engagements Département 8/)
      assert.match(texte, /Preuve Diagnostic transmis, ou déclaré non réalisé/)
      assert.match(
        texte,
        /à vérifier Source Charte d’essai, signée le 25 janvier 2021, § 3\.2, engagement 2 du Département/,
      )
      assert.ok(liens(html).includes('/charte/engagements/departement/1'))
      assert.ok(liens(html).includes('/charte/engagements/departement/3'))
    })

    test('shows what other partners promise in nearly the same words at the same step', async () => {
      const { html, texte } = await essai.lire('/charte/engagements/adil/2')
      assert.ok(liens(html).includes('/charte/engagements/departement/2'))
      assert.ok(!liens(html).includes('/charte/engagements/departement/3'))
      assert.match(texte, /À apprécier Ménage d’accord Une personne le dit : Amont ne le déduit pas/)
    })

    test('[ENG-16] recalls the limit the charter writes, and that an optional one is never missed', async () => {
      assert.match(
        (await essai.lire('/charte/engagements/departement/2')).texte,
        /Limite Dans la limite des moyens du service/,
      )
      assert.match((await essai.lire('/charte/engagements/departement/3')).texte, /jamais compté comme un manquement/)
    })

    test('shows the checked examples it appears in, each leading to the same situation', async () => {
      const { html, texte } = await essai.lire('/charte/engagements/departement/2')
      assert.match(texte, /Commandement dans le parc privé, vulnérabilité inconnue .* à vérifier/)
      const lien = liens(html).find((href) => href.startsWith('/charte/situation?')) ?? ''
      const situation = await essai.lire(lien)
      assert.match(situation.texte, /2 engagements s’appliquent, 1 à vérifier/)
    })

    test('a general engagement has its sheet, at every step; what does not exist is not found', async () => {
      const { texte } = await essai.lire('/charte/engagements/generaux/tous/2')
      assert.match(texte, /Engagement 2 de tous les signataires/)
      assert.match(texte, /À toute étape de la procédure/)
      assert.match(texte, /3 mois, compté depuis la date de notification de l’avis/)
      for (const absent of ['departement/4', 'personne/1', 'generaux/personne/1', 'generaux/tous/9'])
        assert.equal((await essai.lire(`/charte/engagements/${absent}`)).statut, 404, absent)
      assert.equal((await essai.lire('/charte?charte=charte-1999')).statut, 404)
    })
  })

  describe('[ENG-04] which engagements for this situation?', () => {
    test('answers by partner: what applies, what is to be checked and what is missing, what is out', async () => {
      const { texte, html } = await essai.lire(
        '/charte/situation?procedure.stade=commandement_de_payer&logement.parc_prive=non&connu.departement=oui',
      )
      assert.match(texte, /1 engagement s’applique, 1 à vérifier/)
      assert.match(texte, /Département 1 à vérifier Proposer un rendez-vous au ménage vulnérable N° 2\. Il manque : /)
      assert.match(texte, /Agence d’information sur le logement 1 s’applique Proposer un rendez-vous au ménage/)
      assert.match(texte, /1 engagement hors champ Rappeler ses droits au bailleur/)
      assert.match(texte, /S’y ajoutent, à toute étape, 2 engagements généraux/)
      // What is missing leads to the field that gives it.
      const manquant = liens(html).find((href) => href.startsWith('#fait-')) ?? ''
      assert.ok(html.includes(`id="${manquant.slice(1)}"`), manquant)
    })

    test('an unknown fact is never a « no »: without any, nothing is out', async () => {
      const { texte } = await essai.lire('/charte/situation?procedure.stade=commandement_de_payer')
      assert.match(texte, /1 engagement s’applique, 2 à vérifier/)
      assert.doesNotMatch(texte, /hors champ/)
    })

    test('the vulnerability of the département is worked out from its own criteria', async () => {
      const { texte } = await essai.lire(
        '/charte/situation?procedure.stade=commandement_de_payer&connu.departement=oui&garantie.action_logement_activee=oui',
      )
      assert.match(texte, /Proposer un rendez-vous au ménage vulnérable N° 2\. Rempli/)
    })

    test('the address holds what is known and nothing else, and can be sent', async () => {
      const { statut, vers } = await essai.lire(
        '/charte/situation?procedure.stade=audience&logement.parc_prive=&menage.rsa=&connu.caf=',
      )
      assert.deepEqual([statut, vers], [303, '/charte/situation?procedure.stade=audience'])
      const { texte } = await essai.lire(vers, 'bailleur')
      assert.match(texte, /Préparer l’audience avec le ménage/)
    })

    test('what cannot be read is said beside its field, and stays unknown', async () => {
      const { texte, html } = await essai.lire('/charte/situation?procedure.stade=hier&connu.departement=peut-etre')
      assert.match(texte, /« peut-etre » n’est pas une réponse de la liste/)
      assert.match(texte, /Choisir d’abord une étape/)
      assert.equal(html.match(/aria-invalid="true"/g)?.length, 2)
    })

    test('a charter that has ended answers for its last day, and says so', async () => {
      const { texte } = await le('2027-06-01', '/charte/situation?procedure.stade=audience')
      assert.match(texte, /Réponse au 25\/01\/2027, dernier jour de ce document/)
      assert.match(texte, /1 engagement s’applique/)
    })
  })

  test('[CHA-07] [DOS-03] the document: aims by step, closed opinions and open recommendations, signatories, acronyms', async () => {
    const { texte } = await essai.lire('/charte/document')
    assert.match(texte, /Assignation § 2\.2 Éviter le jugement \(parc privé\)/)
    assert.match(texte, /Avis 1, liste fermée Avis sur une aide du fonds/)
    assert.match(texte, /Recommandations 1, liste ouverte Déposer un recours DALO/)
    assert.match(texte, /Département de l’Essai Signataire Département, 3/)
    assert.match(texte, /ADIL de l’Essai Engagé, sans signature ADIL, 3 Aucune ligne de signature/)
    assert.match(texte, /FSL Fonds de solidarité pour le logement/)
  })

  test('[CHA-18] a sheet says who pilots what, with whom, by when, how it is judged, and what it is tied to', async () => {
    const { texte, html } = await essai.lire('/charte/fiches/f1')
    assert.match(texte, /Fiche F1 : Informer et sensibiliser/)
    assert.match(texte, /Pilotes État, Département Délai Durée de la charte Actions 1 Liée aux fiches F2/)
    assert.match(texte, /Réunir les propriétaires privés Département ADIL une fois par an/)
    assert.match(texte, /Points de vigilance Tenir le rythme/)
    assert.ok(liens(html).includes('/charte/fiches/F2'))
    assert.ok(liens(html).includes('/charte/indicateurs/2'))
    const citee = await essai.lire('/charte/fiches/F2')
    assert.match(citee.texte, /Fiche citée, non fournie\. Les fiches F1 y renvoient/)
    assert.equal((await essai.lire('/charte/fiches/F9')).statut, 404)
    assert.match((await essai.lire('/charte/fiches')).texte, /2 fiches engagement/)
  })

  describe('indicators', () => {
    test('are found by words, theme, producer and production; those only cited are told apart', async () => {
      const titre = async (requete: string) =>
        /<h1>([^<]+)/.exec((await essai.lire(`/charte/indicateurs?${requete}`)).html)?.[1]
      assert.equal(await titre(''), '3 indicateurs')
      assert.equal(await titre('theme=audience'), '1 indicateur')
      assert.equal(await titre('producteur=juge'), '1 indicateur')
      assert.equal(await titre('production=dossiers'), '1 indicateur')
      assert.equal(await titre('q=assignees'), '0 indicateur')
      assert.equal(await titre('q=assigne'), '1 indicateur')
      assert.match((await essai.lire('/charte/indicateurs')).texte, /1 indicateur sans numéro est cité/)
    })

    test('say what is counted, of what, by whom, and what the document leaves open', async () => {
      const { texte } = await essai.lire('/charte/indicateurs/47')
      assert.match(texte, /Compté Locataires présents Rapporté à Audiences tenues/)
      assert.match(texte, /Producteurs Tribunal, ADIL/)
      assert.match(texte, /À savoir Présent ou représenté, le document ne le dit pas/)
      assert.match(texte, /à vérifier Source/)
      assert.equal((await essai.lire('/charte/indicateurs/99')).statut, 404)
    })

    test('[IND-68] past figures are shown and exported as printed: NC is not zero, and zero is not NC', async () => {
      const { texte, html } = await essai.lire('/charte/indicateurs')
      assert.match(texte, /Réunions de la commission NC 0 42/)
      assert.match(html, /<abbr class="note" title="non connu">NC<\/abbr>/)
      const lignes: string[][] = parse((await essai.lire('/charte/indicateurs/historique.csv')).octets, {
        bom: true,
        delimiter: ';',
      })
      assert.deepEqual(lignes, [
        ['Indicateur', '2017', '2018', '2019'],
        ['Assignations', '946', '1097', '960'],
        ['Réunions de la commission', 'NC', '0', '42'],
      ])
      const cite = await essai.lire('/charte/indicateurs/reunions-ccapex')
      assert.match(cite.html, /<svg class="courbe"[^>]*role="img"/)
      assert.match(cite.texte, /Réunions de la commission : 42 en 2019/)
    })

    test('[IND-69] [IND-70] targets are drawn from a year that is said, in their two readings, and from another on request', async () => {
      const { texte, html } = await essai.lire('/charte/indicateurs/2')
      assert.match(texte, /Où mènent les cibles en 2025, à partir de 2019/)
      assert.match(texte, /−5 % par an, chaque année sur la précédente −26,5 % 706/)
      assert.match(texte, /−5 % par an, chaque année sur la première −30,0 % 672/)
      assert.match(texte, /−20 %, sur toute la durée −20,0 % 768/)
      assert.match(texte, /Année de base non dite/)
      assert.equal(html.match(/class="serie (?:tirets|points|mixte)"/g)?.length, 3)
      const autre = await essai.lire('/charte/indicateurs/2?base=2018')
      assert.match(autre.texte, /Où mènent les cibles en 2024, à partir de 2018/)
      assert.match(autre.texte, /−20 %, sur toute la durée −20,0 % 878/)
    })

    test('definitions are exported as shown', async () => {
      const { octets } = await essai.lire('/charte/indicateurs/export.csv?theme=audience')
      const [, ...lignes]: string[][] = parse(octets, { bom: true, delimiter: ';' })
      assert.deepEqual(
        lignes.map(([numero, libelle]) => [numero, libelle]),
        [['47', 'Présence à l’audience']],
      )
    })
  })
})
