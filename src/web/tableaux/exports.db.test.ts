import assert from 'node:assert/strict'
import { createHash } from 'node:crypto'
import test from 'node:test'
import { parse } from 'csv-parse/sync'
import { fromBuffer } from 'yauzl'
import { lireListe, repondreListe } from '#repartition'
import { date, text, writeOds, writeXlsx } from '#socle/tableur'
import { lireTextePdf } from '#tests/pdf'
import {
  applicationLe,
  avecBase,
  creerDossiers,
  enSysteme,
  enTantQue,
  figer,
  type MenageEssai,
  menageAssigne,
  naviguer,
  recevoir,
  trouverListe,
} from './fabrique-essai.ts'
import { routesTableaux } from './index.ts'

const LUNDI = '2026-11-16'
const NOMS = ['Kovačević', 'L’Hostis', '=Somme', 'Da Silva Neves']

/** One part of a zip, read by another library than the one that wrote it. */
function lirePart(octets: Buffer, nom: string): Promise<string> {
  return new Promise((resolve, reject) => {
    fromBuffer(octets, { lazyEntries: true }, (erreur, zip) => {
      if (erreur) return reject(erreur)
      zip.on('entry', (entree) => {
        if (entree.fileName !== nom) return zip.readEntry()
        zip.openReadStream(entree, (echec, flux) => {
          if (echec) return reject(echec)
          const morceaux: Buffer[] = []
          flux.on('data', (morceau: Buffer) => morceaux.push(morceau))
          flux.on('end', () => resolve(Buffer.concat(morceaux).toString('utf8')))
        })
      })
      zip.on('end', () => reject(new Error(`no part ${nom}`)))
      zip.readEntry()
    })
  })
}

const sansBalises = (xml: string): string =>
  xml
    .replace(/<[^>]*>/g, '')
    .replaceAll('&apos;', "'")
    .replaceAll('&amp;', '&')

/** Cells of the first sheet of an XLSX, by column letter, row by row. */
async function lireXlsx(octets: Buffer): Promise<Record<string, string>[]> {
  const xml = await lirePart(octets, 'xl/worksheets/sheet1.xml')
  return [...xml.matchAll(/<row [^>]*>(.*?)<\/row>/gs)].map(([, rangee = '']) =>
    Object.fromEntries(
      [...rangee.matchAll(/<c r="([A-Z]+)\d+"[^>]*?(?:\/>|>(.*?)<\/c>)/gs)].map(([, colonne = '', valeur = '']) => [
        colonne,
        sansBalises(valeur),
      ]),
    ),
  )
}

async function lireOds(octets: Buffer): Promise<string[][]> {
  const xml = await lirePart(octets, 'content.xml')
  return [...xml.matchAll(/<table:table-row[^>]*>(.*?)<\/table:table-row>/gs)].map(([, rangee = '']) =>
    [...rangee.matchAll(/<table:table-cell[^>]*?(?:\/>|>(.*?)<\/table:table-cell>)/gs)].map(([, valeur = '']) =>
      sansBalises(valeur),
    ),
  )
}

const enMenages = (): MenageEssai[] =>
  NOMS.map((nom, rang) =>
    menageAssigne(nom, {
      montant_dette: 100050 + rang,
      date_naissance: '1980-03-12',
      adresse: rang === 0 ? '12 rue 東 😀' : '12 rue des Forges',
      telephone: `06 00 00 00 0${rang}`,
    }),
  )

test('[REP-08] [INT-12] XLSX, ODS, CSV and PDF hold exactly the frozen rows, answers and later changes left out', () =>
  avecBase(async (base) => {
    const application = applicationLe(base, LUNDI)
    const dossiers = await creerDossiers(application, enMenages())
    await figer(application)
    const id = await trouverListe(application, 'CAF71', 'assignation', LUNDI)
    const { lignes } = await enSysteme(application, 'liste.consulter', (session) => lireListe(session, id))
    const attendus = lignes.map(({ rang, instantane }) => [String(rang), instantane.reference, instantane.titulaire])
    const depuis = applicationLe(base, '2026-11-18')
    const [premier] = dossiers
    const [menage] = enMenages()
    assert.ok(premier && menage)
    await recevoir(depuis, premier, { ...menage, nom: 'Autrement' })
    await enTantQue(depuis, 'CAF71', 'service_social', 'liste.repondre', (session) =>
      repondreListe(session, id, [{ rang: 1, reponse: 'connu' }]),
    )
    const caf = await naviguer(depuis, 'caf', routesTableaux)
    try {
      const exporter = async (format: string) => {
        const reponse = await caf.lire(`/tableaux/${id}/tableau.${format}`)
        assert.equal(reponse.statut, 200, format)
        return reponse.octets
      }
      const [, ...xlsx] = await lireXlsx(await exporter('xlsx'))
      assert.deepEqual(
        xlsx.map(({ A, C, D }) => [A, C, D]),
        attendus,
      )
      const [, ...ods] = await lireOds(await exporter('ods'))
      assert.deepEqual(
        ods.map((rangee) => [rangee[0], rangee[2], rangee[3]]),
        attendus,
      )
      const csv = parse(await exporter('csv'), { bom: true, delimiter: ';', columns: true }) as Record<string, string>[]
      assert.deepEqual(
        csv.map((rangee) => [rangee['N°'], rangee.Référence, rangee.Ménage?.replace(/^'/, '')]),
        attendus,
      )
      const vides = csv.map((rangee) => `${rangee.Réponse}${rangee.Motif}`)
      assert.deepEqual(vides, ['', '', '', ''], 'the columns to answer in are empty')
      assert.deepEqual(new Set(csv.map(({ Dette }) => Dette)), new Set(['1000,50', '1000,51', '1000,52', '1000,53']))
      const pdf = lireTextePdf(await exporter('pdf')).replace(/[\s\u00a0\u202f]+/g, ' ')
      const rangs = attendus.map(([rang, reference, nom]) => pdf.indexOf(`${rang} ${nom} ${reference}`))
      assert.ok(
        rangs.every((place, i) => place > (rangs[i - 1] ?? -1)),
        `every row, in order: ${rangs}`,
      )
      assert.equal(pdf.match(/71-2026-\d{5}/g)?.length, attendus.length, 'and no other')
      assert.ok(!pdf.includes('AUTREMENT'))
    } finally {
      await caf.fermer()
    }
  }))

test('[REP-08] the PDF of a list is the same to the byte whenever it is asked, tagged, titled and in French', () =>
  avecBase(async (base) => {
    const application = applicationLe(base, LUNDI)
    await creerDossiers(application, enMenages())
    await figer(application)
    const id = await trouverListe(application, 'CAF71', 'assignation', LUNDI)
    const imprimer = async (jour: string, nom: string) => {
      const navigateur = await naviguer(applicationLe(base, jour), nom, routesTableaux)
      const { octets } = await navigateur.lire(`/tableaux/${id}/tableau.pdf`)
      await navigateur.fermer()
      return octets
    }
    const premier = await imprimer('2026-11-17', 'caf')
    const second = await imprimer('2026-12-24', 'secretariat')
    const empreinte = (octets: Buffer) => createHash('sha256').update(octets).digest('hex')
    assert.equal(empreinte(second), empreinte(premier))
    const brut = premier.toString('latin1')
    assert.match(brut, /\/MarkInfo/)
    assert.match(brut, /\/Lang \(fr-FR\)/)
    assert.match(brut, /pdfuaid:part>1</)
    assert.match(brut, /\/S \/TH\b/, 'table headers are tagged')
    assert.doesNotMatch(brut, /CreationDate|ModDate/)
  }))

/** A spreadsheet as a service sends it back: the exported columns it needs, with its answers. */
const remplir = (rangees: readonly (readonly [number, string, string, string])[]) => ({
  header: ['N°', 'Référence', 'Vu le', 'Réponse', 'Motif'],
  rows: rangees.map(([rang, reference, reponse, motif]) => [
    { kind: 'number' as const, value: rang },
    text(reference),
    date(Temporal.PlainDate.from(LUNDI)),
    text(reponse),
    text(motif),
  ]),
})

test('[INT-12] a service answers in the spreadsheet: the answers read are reviewed, then sent', () =>
  avecBase(async (base) => {
    const application = applicationLe(base, LUNDI)
    await creerDossiers(application, enMenages())
    await figer(application)
    const id = await trouverListe(application, 'CAF71', 'assignation', LUNDI)
    const { lignes } = await enSysteme(application, 'liste.consulter', (session) => lireListe(session, id))
    const reference = (rang: number) => lignes[rang - 1]?.instantane.reference ?? ''
    const caf = await naviguer(application, 'caf', routesTableaux)
    try {
      const feuille = remplir([
        [1, reference(1), 'Connu, pris', ''],
        [2, reference(2), 'PAS POUR NOUS', 'Hors de notre secteur'],
        [3, reference(4), 'Connu, pris', ''],
        [4, reference(4), 'peut-être', ''],
      ])
      for (const [nom, octets] of [
        ['reponses.xlsx', await writeXlsx(feuille)],
        ['reponses.ods', await writeOds(feuille)],
      ] as const) {
        const relue = await caf.deposer(`/tableaux/${id}/fichier`, nom, octets)
        assert.equal(relue.statut, 200, nom)
        assert.match(relue.texte, /Relire avant d’envoyer : 2 réponses/)
        assert.match(relue.texte, /2 lignes du fichier ne sont pas reprises/)
        assert.match(relue.texte, /Ligne 3, .* : ce numéro et cette référence ne sont pas ceux de ce tableau/)
        assert.match(relue.texte, /« peut-être » n’est pas une réponse/)
        assert.match(relue.html, /name="m-2"[^>]*value="Hors de notre secteur"/)
      }
      const apres = await enSysteme(application, 'liste.consulter', (session) => lireListe(session, id))
      assert.ok(
        apres.lignes.every(({ reponse }) => reponse === null),
        'reading a file answers nothing yet',
      )
      const csv = `N°;Référence;Réponse;Motif\r\n1;${reference(1)};à notre tour;\r\n`
      const latin1 = await caf.deposer(`/tableaux/${id}/fichier`, 'reponses.csv', Buffer.from(csv, 'latin1'))
      assert.match(latin1.html, /name="r-1" value="a_son_tour"/)
      const etranger = await caf.deposer(`/tableaux/${id}/fichier`, 'autre.csv', Buffer.from('Nom;Prénom\r\nX;Y\r\n'))
      assert.equal(etranger.statut, 422)
      assert.match(etranger.texte, /n’a pas les colonnes « N° », « Référence » et « Réponse »/)
      const rien = await caf.deposer(
        `/tableaux/${id}/fichier`,
        'vide.csv',
        Buffer.from(`N°;Référence;Réponse\r\n1;${reference(1)};\r\n`),
      )
      assert.equal(rien.statut, 422)
    } finally {
      await caf.fermer()
    }
  }))
