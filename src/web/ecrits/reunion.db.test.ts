import assert from 'node:assert/strict'
import { randomUUID } from 'node:crypto'
import { after, before, describe, test } from 'node:test'
import { type EssaiDeSeance, ouvrirSeanceDEssai } from '../seances/fabrique-essai.ts'

describe('what was written in a dossier joined to another', () => {
  let un: EssaiDeSeance
  const [absorbe, garde] = [() => un.dossiers[0], () => un.dossiers[1]]
  const adresse = (dossier: { reference: string } | undefined) => `/dossiers/${dossier?.reference}`
  const habiliter = (id: string | undefined, ...codes: readonly string[]) =>
    un.essai.application.base.pool.query('update dossier set organismes_habilites = $1 where id = $2', [
      codes.map((code) => un.essai.organisme(code)),
      id,
    ])

  before(async () => {
    un = await ouvrirSeanceDEssai(3)
    const { essai } = un
    const note = await essai.ecrire('auteure', `${adresse(absorbe())}/ecrits`, { cercle: 'note', texte: 'mot zqnote' })
    assert.equal(note.faite.statut, 303)
    const fil = await essai.poster('caf', `${adresse(absorbe())}/echanges/fil`, {
      etape: 'envoyer',
      cercle: '3',
      sujet: 'sujet zqfil',
      texte: 'message',
      destinataires: essai.organisme('SEC71-AUTUN'),
      envoi: randomUUID(),
    })
    assert.equal(fil.statut, 303)
    const contact = await essai.poster('auteure', `${adresse(absorbe())}/contact`, {
      canal: 'appel',
      le: '2026-11-18',
      resultat: 'rappel_demande',
      note: '',
    })
    assert.equal(contact.statut, 303)
    const reunir = await essai.poster('secretariat', `${adresse(garde())}/reunir`, {
      avec: absorbe()?.reference ?? '',
      garde: garde()?.id ?? '',
      absorbe: absorbe()?.id ?? '',
      motif: 'Même ménage, deux fiches',
    })
    assert.equal(reunir.statut, 303, reunir.texte.slice(0, 800))
  })
  after(() => un?.essai.fermer())

  test('[ESP-03] is found from the one kept, each writing by its own readers', async () => {
    const { essai } = un
    await habiliter(garde()?.id, 'DEP71', 'CAF71')
    const auteure = await essai.lire('auteure', adresse(garde()))
    const ecrit = new RegExp(`href="(${adresse(absorbe())}/ecrits/[0-9a-f-]{36})"`).exec(auteure.html)?.[1] ?? ''
    assert.match(auteure.texte, /réuni à celui-ci/)
    assert.match((await essai.lire('auteure', ecrit)).texte, /mot zqnote/)
    // The journal says that what is in the other was seen, and by whom.
    const { rows: vus } = await essai.application.base.pool.query(
      `select count(*)::int as n from journal where action = 'ecrits.lister' and compte = $1 and $2 = any (dossiers)`,
      [essai.ids.auteure, absorbe()?.id],
    )
    assert.equal(vus[0].n, 1)
    // A colleague, the CAF and the secretariat read the dossier, and not the note.
    for (const compte of ['collegue', 'caf', 'secretariat'] as const) {
      assert.doesNotMatch((await essai.lire(compte, adresse(garde()))).html, new RegExp(ecrit))
      assert.equal((await essai.lire(compte, ecrit)).statut, 404, compte)
    }
    // The contact counts there, and is withdrawn where it was noted.
    assert.match(auteure.texte, /Contacts \(1\).*Appel du 18\/11\/2026/)
    assert.doesNotMatch(auteure.html, /\/contacts\/[0-9a-f-]{36}\/retirer/)
    // The thread, from the exchanges of the one kept.
    const echanges = await essai.lire('caf', `${adresse(garde())}/echanges`)
    assert.match(echanges.html, new RegExp(`href="${adresse(absorbe())}/echanges"`))
    assert.match((await essai.lire('caf', `${adresse(absorbe())}/echanges`)).texte, /sujet zqfil/)
    assert.doesNotMatch((await essai.lire('auteure', `${adresse(absorbe())}/echanges`)).texte, /sujet zqfil/)
  })

  test('[ACC-06] follows the one kept: a guest reads both, a service that leaves it loses both at its next page', async () => {
    const { essai } = un
    await habiliter(garde()?.id, 'CAF71')
    for (const dossier of [garde(), absorbe()]) {
      assert.equal((await essai.lire('auteure', adresse(dossier))).statut, 404)
      assert.equal((await essai.lire('caf', adresse(dossier))).statut, 200)
    }
    const inviter = await essai.poster('secretariat', `${adresse(garde())}/partage`, {
      organisme: 'DEP71',
      motif: 'Évaluer la situation',
      jusqu_au: '2026-12-31',
    })
    assert.equal(inviter.statut, 303)
    for (const dossier of [garde(), absorbe()])
      assert.equal((await essai.lire('auteure', adresse(dossier))).statut, 200)
  })
  test('[ESP-03] [ACC-06] joined in turn to a third, everything is found from the third and follows it', async () => {
    const { essai } = un
    const [, , troisieme] = un.dossiers
    const reunir = await essai.poster('secretariat', `${adresse(troisieme)}/reunir`, {
      avec: garde()?.reference ?? '',
      garde: troisieme?.id ?? '',
      absorbe: garde()?.id ?? '',
      motif: 'Même ménage, trois fiches',
    })
    assert.equal(reunir.statut, 303, reunir.texte.slice(0, 800))
    // A guest of the third reads all three, two floors down.
    await habiliter(troisieme?.id)
    const inviter = await essai.poster('secretariat', `${adresse(troisieme)}/partage`, {
      organisme: 'DEP71',
      motif: 'Évaluer la situation',
      jusqu_au: '2026-12-31',
    })
    assert.equal(inviter.statut, 303)
    for (const dossier of un.dossiers) {
      assert.equal((await essai.lire('auteure', adresse(dossier))).statut, 200, dossier.reference)
      assert.equal((await essai.lire('caf', adresse(dossier))).statut, 404, dossier.reference)
    }
    const auteure = await essai.lire('auteure', adresse(troisieme))
    assert.match(auteure.html, new RegExp(`href="${adresse(absorbe())}/ecrits/`))
    // Entitled to the third, entitled to all; no longer, to none.
    await habiliter(troisieme?.id, 'CAF71')
    for (const dossier of un.dossiers) assert.equal((await essai.lire('caf', adresse(dossier))).statut, 200)
  })
})
