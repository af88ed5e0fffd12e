import assert from 'node:assert/strict'
import { after, before, describe, test } from 'node:test'
import { envoyerAvisConsultation } from '#commission'
import type { Mail } from '#socle/mail'
import { type EssaiDesCercles, ouvrirEssaiDesCercles } from '#tests/ecrits'

describe('[CEL-05] mails of the cell say nothing; a charter that says nothing is shown so', () => {
  let essai: EssaiDesCercles
  let dossier: string
  const partis: Mail[] = []

  before(async () => {
    essai = await ouvrirEssaiDesCercles(undefined, {
      ready: true,
      send: async (mail) => {
        partis.push(mail)
      },
      close: () => {},
    })
    dossier = `/dossiers/${essai.dossier.reference}/cellule`
  })
  after(() => essai?.fermer())

  const marque = (html: string) => /name="marque" value="([^"]*)"/.exec(html)?.[1] ?? ''
  const consulter = async (champs: Record<string, string | string[]>): Promise<string> => {
    const complets = { question: 'Question de Madame Lacombe', envoi: crypto.randomUUID(), ...champs }
    const relue = await essai.poster('auteure', `${dossier}/nouvelle`, { ...complets, etape: 'relire' })
    assert.equal(relue.statut, 200, relue.texte)
    const { vers, statut } = await essai.poster('auteure', `${dossier}/nouvelle`, {
      ...complets,
      etape: 'confirmer',
      marque: marque(relue.html),
    })
    assert.equal(statut, 303)
    return vers
  }

  test('one mail for each person who reads it, sent once, without a name nor a reason; never to its author', async () => {
    await consulter({ objet: 'second-protocole', mode: 'dematerialise', urgence: 'urgent' })
    const { pool } = essai.application.base
    const { rows } = await pool.query('select consultation, compte, quoi from consultation_avis order by compte')
    const comptes = new Set(rows.map(({ compte }) => compte))
    for (const attendu of ['caf', 'prefecture', 'secretariat', 'collegue'] as const)
      assert.ok(comptes.has(essai.ids[attendu]), attendu)
    for (const exclu of [
      'auteure',
      'bailleur',
      'commissaire',
      'autreSecretariat',
      'administrateur',
      'dpd',
      'adil',
    ] as const)
      assert.ok(!comptes.has(essai.ids[exclu]), exclu)
    for (const avis of [...rows, ...rows]) await envoyerAvisConsultation(essai.application, '71', avis)
    assert.equal(partis.length, rows.length)
    for (const { subject, text } of partis) {
      assert.doesNotMatch(`${subject} ${text}`, /Lacombe|protocole|Saône/i)
      assert.ok(!text.includes(essai.dossier.reference))
      assert.match(text, /http:\/\/localhost\/cellule/)
    }
  })

  test('[CEL-13] without a text on the cell, nothing stands in for it: « non fixé », the end and the organismes chosen by hand', async () => {
    const chartes = essai.application.referentiel.departements.get('71')?.chartes as unknown as { cellule: unknown }[]
    const gardees = chartes.map(({ cellule }) => cellule)
    for (const charte of chartes) charte.cellule = null
    try {
      const lue = await essai.lire('auteure', dossier)
      assert.match(lue.texte, /ne décrit pas la cellule technique/)
      assert.match(lue.texte, /non fixé par la charte en vigueur/)
      const sans = await essai.poster('auteure', `${dossier}/nouvelle`, {
        objet: 'autre',
        question: 'Que faire ?',
        envoi: crypto.randomUUID(),
        invites: essai.organisme('CAF71'),
        etape: 'relire',
      })
      assert.equal(sans.statut, 422)
      assert.match(sans.texte, /Indiquer jusqu’à quel jour et quelle heure répondre/)
      const adresse = await consulter({
        objet: 'autre',
        mode: 'dematerialise',
        echeance_le: '2027-01-15',
        echeance_heure: '17:00',
        invites: essai.organisme('CAF71'),
      })
      const ouverte = await essai.lire('caf', adresse)
      assert.match(ouverte.texte, /Règle de décision Non fixé par la charte en vigueur/)
      assert.match(ouverte.texte, /Sans réponse à l’échéance Non fixé par la charte en vigueur/)
      assert.match(ouverte.texte, /Répondre avant 15\/01\/2027 à 17/)
      // The rules are those of the day it was opened: a charter that speaks later does not change them.
      chartes.forEach((charte, rang) => {
        charte.cellule = gardees[rang]
      })
      assert.match((await essai.lire('caf', adresse)).texte, /Règle de décision Non fixé par la charte en vigueur/)
    } finally {
      chartes.forEach((charte, rang) => {
        charte.cellule = gardees[rang]
      })
    }
  })
})
