import assert from 'node:assert/strict'
import { after, before, describe, test } from 'node:test'
import { type Charte, compterEngagements } from '#referentiel'
import type { Database } from '#socle/db'
import { openTestDatabase } from '#tests/base'
import { type EssaiCharte, ouvrirEssaiCharte } from './fabrique-essai.ts'

/** What shows that a value was put in a page without being read. */
const MAL_ECRIT = /undefined|\[object|\bNaN\b|Invalid/

/** The first of each shape: enough to see each way a page may be written, without reading hundreds of them. */
const unParForme = <T>(tous: readonly T[], forme: (un: T) => readonly unknown[]): readonly T[] => [
  ...new Map(tous.toReversed().map((un) => [JSON.stringify(forme(un)), un])).values(),
]

/** The data that is shipped, whatever it holds: every thing has its page, and every count is the number of rows behind it. */
for (const [dept, nom] of [
  ['71', 'Saône-et-Loire'],
  ['99', 'the model département'],
] as const) {
  describe(`the charter of ${nom}, as shipped`, () => {
    let base: Database
    let essai: EssaiCharte
    let charte: Charte

    before(async () => {
      base = await openTestDatabase()
      essai = await ouvrirEssaiCharte(base, { dept })
      const trouvee = essai.application.referentiel.departements.get(dept)?.chartes.at(-1)
      assert.ok(trouvee)
      charte = trouvee
    })
    after(async () => {
      await essai?.fermer()
      await base?.close()
    })

    const lire = async (adresse: string) => {
      const page = await essai.lire(adresse)
      assert.equal(page.statut, 200, adresse)
      assert.doesNotMatch(page.texte, MAL_ECRIT, adresse)
      return page
    }

    if (dept === '71')
      test('[ENG-04] an amount is given in euros, and what is no amount is said beside its field', async () => {
        const situation = '/charte/situation?procedure.stade=impaye&dette.montant='
        const champ = (html: string) => /<input[^>]*name="dette\.montant"[^>]*>/.exec(html)?.[0] ?? ''
        const page = await lire(`${situation}1950,5`)
        assert.match(champ(page.html), /value="1\s950,50"|value="1950,5"/)
        assert.doesNotMatch(champ(page.html), /aria-invalid/)
        const fausse = await lire(`${situation}beaucoup`)
        assert.match(champ(fausse.html), /aria-invalid="true"/)
        assert.match(champ(fausse.html), /value="beaucoup"/)
        assert.match(fausse.texte, /Écrire un montant en euros, par exemple 950,00/)
      })

    test('[CHA-14] [CHA-16] [CHA-17] each part has a page, full or saying why it is empty', async () => {
      const { texte } = await lire('/charte')
      assert.ok(texte.replaceAll('’', "'").includes(charte.titre.replaceAll('’', "'")))
      for (const [adresse, nombre, vide] of [
        ['/charte/engagements', charte.engagements.length, /Ce document n’en contient pas/],
        ['/charte/situation', charte.engagements.length, /il n’y a rien à chercher ici/],
        ['/charte/fiches', charte.fiches.length, /Ce document n’en contient pas/],
        ['/charte/indicateurs', essai.application.referentiel.indicateurs.size, /Ce document n’en suit pas/],
      ] as const) {
        const page = await lire(adresse)
        if (nombre === 0) assert.match(page.texte, vide, adresse)
      }
      await lire('/charte/document')
      for (const { numero, titre } of charte.fiches) {
        const fiche = await lire(`/charte/fiches/${encodeURIComponent(numero)}`)
        assert.match(fiche.html, /<h1>Fiche /, titre)
      }
      const suivis = unParForme(charte.indicateurs, ({ indicateur }) => [
        indicateur.theme,
        indicateur.unite,
        charte.historique?.lignes.some((ligne) => ligne.indicateur === indicateur.id),
        charte.cibles?.cibles.some(({ indicateurs }) => indicateurs.includes(indicateur.id)),
      ])
      for (const { numero } of suivis) await lire(`/charte/indicateurs/${numero}`)
    })

    test('[ENG-11] the grid counts every engagement once, and its totals open lists of as many', async () => {
      const { html } = await lire('/charte')
      const comptes = [...html.matchAll(/<a href="([^"]*)" aria-label="([\d ]+) engagements? : ([^"]+)"/g)].map(
        ([, href = '', nombre = '', quoi = '']) => ({
          href: href.replaceAll('&amp;', '&'),
          nombre: Number(nombre.replaceAll(' ', '')),
          requete: new URLSearchParams(href.replaceAll('&amp;', '&').split('?')[1]),
          quoi,
        }),
      )
      const lus = new Map(
        comptes.map(({ requete, nombre }) => [
          `${requete.get('partenaire') ?? ''} ${requete.get('stade') ?? ''}`,
          nombre,
        ]),
      )
      for (const { partenaire, parStade, total } of compterEngagements(charte)) {
        for (const [stade, nombre] of Object.entries(parStade))
          assert.equal(lus.get(`${partenaire.id} ${stade}`) ?? 0, nombre, `${partenaire.id} ${stade}`)
        assert.equal(lus.get(`${partenaire.id} `) ?? 0, total, partenaire.id)
      }
      assert.equal(lus.get(' ') ?? 0, charte.engagements.length)
      const totaux = comptes.filter(({ requete }) => !requete.has('partenaire') || !requete.has('stade'))
      for (const { href, nombre } of totaux) {
        const liste = await lire(href)
        assert.equal(liste.html.match(/<th scope="row"/g)?.length, nombre, href)
      }
    })

    test('[ENG-08] engagements of every shape have their sheet, with their source', async () => {
      const tous = [...charte.engagements, ...charte.generaux.flatMap((groupe) => groupe.engagements)]
      const lus = unParForme(tous, (un) => [
        'partenaire' in un ? un.partenaire : un.groupe,
        un.mode,
        un.si !== undefined,
        JSON.stringify(un.echeance),
        un.facultatif,
        un.limite !== undefined,
      ])
      for (const { id, numero } of lus) {
        const { texte } = await lire(`/charte/engagements/${id}`)
        assert.match(texte, new RegExp(`, engagement ${numero} `), id)
      }
    })

    test('[TER-01] every territory has its page, and its names are counted as the data has them', async () => {
      const { territoires } = essai.application.referentiel.departements.get(dept) ?? {}
      assert.ok(territoires)
      await lire('/territoires')
      for (const { id } of territoires.territoires) {
        const attendus: number = territoires.lignes.filter((ligne) => ligne.territoire === id).length
        const { html } = await lire(`/territoires/${id}`)
        assert.equal(html.match(/<th scope="row"/g)?.length, attendus, id)
      }
      await lire('/territoires/communes')
      await lire('/territoires/anomalies')
    })
  })
}
