import assert from 'node:assert/strict'
import { join } from 'node:path'
import { after, before, describe, test } from 'node:test'
import { parse } from 'csv-parse/sync'
import { HtmlValidate } from 'html-validate'
import { ouvrirSession } from '#acces'
import { controlerLeJournal, scellerLeJournal } from '#jobs'
import { projectRoot } from '#socle/config'
import { systeme } from '#tests/application'
import { chargerSeuilsAcces } from '#vigilance'
import { routesAccompagner } from '../accompagner/index.ts'
import { routesAide } from '../aide/index.ts'
import { routesRegles } from '../regles/index.ts'
import { type Essai, ouvrirEssai } from './fabrique-essai.ts'
import { routesJournal } from './index.ts'

describe('« Journal » and « Alertes »', () => {
  let essai: Essai
  before(async () => {
    essai = await ouvrirEssai([...routesJournal, ...routesAccompagner, ...routesAide, ...routesRegles])
    for (let n = 0; n < 3; n++) await essai.lire('secretariat', `/dossiers/${essai.dossier.reference}`)
    await essai.lire('secretariat', '/dossiers?q=lacombe')
    await essai.lire('secretariat', '/dossiers/71-2026-99999')
  })
  after(() => essai.fermer())

  const alerter = async (regle: string, compte: string | null, mesure: object = {}) => {
    const { rows } = await essai.application.base.pool.query(
      `insert into alerte_acces (dept, cle, regle, compte, dossier, jour, mesure, cree_a)
       values ('71', gen_random_uuid()::text, $1, $2, $3, '2026-11-20', $4, now()) returning id`,
      [regle, compte, essai.dossier.id, JSON.stringify(mesure)],
    )
    return rows[0].id as string
  }

  test('[ACC-13] the administrator and the data protection officer read the journal; the others do not', async () => {
    for (const compte of ['dpd', 'administrateur'] as const) {
      const page = await essai.lire(compte, '/journal')
      assert.equal(page.statut, 200, compte)
      assert.match(page.texte, /Dossier ouvert/)
      assert.match(page.texte, /Camille Marchenoir/)
    }
    assert.equal((await essai.lire('secretariat', '/journal')).statut, 403)
    assert.equal((await essai.lire('administrateur', '/alertes')).statut, 403)
    assert.equal((await essai.lire('dpd', '/alertes')).statut, 200)
  })

  test('[ACC-13] whoever watches over the journal opens no dossier, and the journal shows none of what dossiers hold', async () => {
    for (const compte of ['dpd', 'administrateur'] as const) {
      assert.equal((await essai.lire(compte, `/dossiers/${essai.dossier.reference}`)).statut, 403)
      assert.equal((await essai.lire(compte, '/dossiers')).statut, 403)
      for (const adresse of ['/journal', `/journal/dossiers/${essai.dossier.reference}`, '/journal/export.csv']) {
        const { html } = await essai.lire(compte, adresse)
        assert.match(html, new RegExp(essai.dossier.reference), adresse)
        assert.doesNotMatch(html, /lacombe|séverine|forges/i, adresse)
      }
    }
  })

  test('[ACC-13] the journal is searched by person, dossier, action, period and refusal; what cannot be read is said', async () => {
    const compter = async (recherche: string) => {
      const page = await essai.lire('dpd', `/journal?${recherche}`)
      assert.equal(page.statut, 200, recherche)
      return Number(/(\d+) entrées?/.exec(page.texte)?.[1] ?? 'NaN')
    }
    const secretariat = essai.comptes.get('secretariat')?.id
    assert.equal(await compter(`compte=${secretariat}&action=dossier.lire`), 3)
    assert.equal(await compter(`dossier=${essai.dossier.reference}&action=genre.recherche`), 1)
    assert.equal(await compter(`dossier=${essai.dossier.reference.replace('71-20', '')}&action=genre.recherche`), 1)
    assert.equal(await compter('refus=oui&action=dossier.consulter&du=2026-11-20&au=2026-11-20'), 5)
    assert.equal(await compter('du=2026-11-21'), 0)
    assert.equal(await compter('au=2026-11-19'), 0)
    const faux = await essai.lire('dpd', '/journal?dossier=71-2026-99998&du=2026-02-31')
    assert.equal(faux.statut, 422)
    assert.match(faux.texte, /Aucun dossier ne porte la référence « 71-2026-99998 »/)
    assert.match(faux.texte, /Écrire une date qui existe/)
  })

  test('[ACC-13] « Qui a consulté ce dossier » gives one line a person, and answers that an unknown dossier does not exist', async () => {
    const { texte } = await essai.lire('dpd', `/journal/dossiers/${essai.dossier.reference}`)
    assert.match(texte, /1 personne/)
    // Three openings, one search.
    assert.match(texte, /Camille Marchenoir Secrétariat[^0-9]* 3 1 0 0 20\/11\/2026 à/)
    assert.equal((await essai.lire('dpd', '/journal/dossiers/71-2026-99999')).statut, 404)
  })

  test('[ACC-13] reading and exporting the journal are journalled, with what was searched', async () => {
    const { html } = await essai.lire('dpd', `/journal/export.csv?dossier=${essai.dossier.reference}`)
    const lignes = parse(html, { bom: true, delimiter: ';', columns: true }) as Record<string, string>[]
    assert.ok(lignes.length >= 4)
    assert.ok(lignes.every((une) => une['Premiers dossiers']?.includes(essai.dossier.reference)))
    const { rows } = await essai.application.base.pool.query(
      `select action, details from journal where compte = $1 and action like 'journal.%' order by id desc limit 1`,
      [essai.comptes.get('dpd')?.id],
    )
    assert.deepEqual(
      [rows[0].action, rows[0].details.nombre, rows[0].details.filtre.dossier],
      ['journal.exporter', lignes.length, essai.dossier.id],
    )
  })

  test('pages follow one another without a hole, in both directions', async () => {
    await ouvrirSession(
      essai.application,
      { ...systeme(), compte: essai.comptes.get('secretariat')?.id ?? null },
      'dossier.consulter',
      async (session) => {
        for (let n = 0; n < 130; n++) session.consigner({ action: 'liste.lire', objet: 'essai', objetId: String(n) })
      },
    )
    const lire = async (adresse: string) => (await essai.lire('dpd', adresse)).html
    const suite = (html: string, mot: string) =>
      new RegExp(`href="([^"]+)"[^>]*>(?:<svg(?:(?!</svg>)[\\s\\S])*</svg>)?${mot}`)
        .exec(html)?.[1]
        ?.replaceAll('&amp;', '&') ?? ''
    const compter = (html: string) => [...html.matchAll(/<th scope="row"/g)].length
    const premiere = await lire('/journal?action=liste.lire')
    const deuxieme = await lire(suite(premiere, 'Suivants'))
    const derniere = await lire(suite(deuxieme, 'Suivants'))
    assert.deepEqual([premiere, deuxieme, derniere].map(compter), [50, 50, 30])
    assert.equal(suite(derniere, 'Suivants'), '')
    const corps = (html: string) => /<tbody>[\s\S]*<\/tbody>/.exec(html)?.[0]
    assert.ok(
      corps(await lire(suite(derniere, 'Précédents'))) === corps(deuxieme),
      'the page before is the page before',
    )
  })

  test('[ACC-13] an alert is seen, justified with a reason, and taken back', async () => {
    const id = await alerter('homonyme', essai.comptes.get('secretariat')?.id ?? null)
    const liste = await essai.lire('dpd', '/alertes')
    assert.match(liste.texte, /1 alerte à examiner/)
    assert.match(liste.texte, /Même nom que le ménage/)
    const sans = await essai.poster('dpd', `/alertes/${id}`, { etat: 'justifiee', motif: '' })
    assert.equal(sans.statut, 422)
    assert.match(sans.texte, /Écrire en une phrase ce qui explique cette consultation/)
    const fait = await essai.poster('dpd', `/alertes/${id}`, {
      etat: 'justifiee',
      motif: 'Homonyme sans lien de famille.',
    })
    assert.deepEqual([fait.statut, fait.vers], [303, '/alertes'])
    assert.match((await essai.lire('dpd', '/alertes')).texte, /Aucune alerte à examiner/)
    const page = await essai.lire('dpd', `/alertes/${id}`)
    assert.match(
      page.texte,
      /Homonyme sans lien de famille\..*Par Camille Castagnol|Par Camille Castagnol.*Homonyme sans lien de famille\./,
    )
    await essai.poster('dpd', `/alertes/${id}`, { etat: 'nouvelle', motif: '' })
    assert.match((await essai.lire('dpd', '/alertes')).texte, /1 alerte à examiner/)
    await essai.poster('dpd', `/alertes/${id}`, { etat: 'vue', motif: '' })
    const soi = await alerter('refus', essai.comptes.get('dpd')?.id ?? null, { compteur: 'refus', n: 12, seuil: 10 })
    const refusee = await essai.poster('dpd', `/alertes/${soi}`, {
      etat: 'justifiee',
      motif: 'Je me justifie moi-même.',
    })
    assert.match(refusee.texte, /Cette alerte concerne votre compte/)
    assert.equal((await essai.poster('administrateur', `/alertes/${soi}`, { etat: 'vue' })).statut, 403)
  })

  test('[ACC-13] a journal altered in the database becomes an alert by itself', async () => {
    const { application } = essai
    const rien = join(projectRoot, 'docs')
    for (let scelles = 0; scelles === 0; ) scelles = await scellerLeJournal(application, '71', rien)
    await application.base.pool.query(
      `update journal set acteur = 'x' where id = (select min(entree) from journal_sceau)`,
    )
    await controlerLeJournal(application, '71', rien, chargerSeuilsAcces(join(projectRoot, 'donnees')))
    const { texte } = await essai.lire('dpd', '/alertes?regle=integrite')
    assert.match(texte, /Journal altéré/)
  })

  test('every page is valid HTML, without inline style nor script', async () => {
    const id = await alerter('volume', essai.comptes.get('secretariat')?.id ?? null, {
      compteur: 'ouverts',
      n: 180,
      seuil: 150,
      seuil_du: '2026-01-01',
    })
    const validateur = new HtmlValidate({
      extends: ['html-validate:standard', 'html-validate:a11y', 'html-validate:document'],
      rules: { 'long-title': 'off', 'require-sri': 'off' },
    })
    for (const adresse of [
      '/journal',
      '/journal?dossier=x',
      `/journal/dossiers/${essai.dossier.reference}`,
      '/alertes',
      '/alertes?etat=toutes',
      `/alertes/${id}`,
    ]) {
      const { html } = await essai.lire('dpd', adresse)
      const { results } = await validateur.validateString(html)
      const fautes = results.flatMap(({ messages }) => messages.map(({ ruleId, message }) => `${ruleId}: ${message}`))
      assert.deepEqual(fautes, [], adresse)
      assert.doesNotMatch(html, / style=|<script(?! type="module" src=)|<style| on[a-z]+=/, adresse)
    }
  })
})
