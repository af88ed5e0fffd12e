import assert from 'node:assert/strict'
import { randomUUID } from 'node:crypto'
import { after, before, describe, test } from 'node:test'
import { type Compte, type EssaiDesCercles, ouvrirEssaiDesCercles } from '#tests/ecrits'
import { lireTextePdf } from '#tests/pdf'

describe('slips that somebody decides to send, from a dossier', () => {
  let essai: EssaiDesCercles
  before(async () => {
    essai = await ouvrirEssaiDesCercles()
  })
  after(() => essai.fermer())

  const champ = (html: string, nom: string) => new RegExp(`name="${nom}" value="([^"]+)"`).exec(html)?.[1] ?? ''
  /** Re-reads, then sends to the only recipient proposed. Returns what was re-read, and the slip. */
  const envoyer = async (compte: Compte, genre: string, mot: string) => {
    const adresse = `/dossiers/${essai.dossier.reference}/transmettre/${genre}`
    const page = await essai.lire(compte, adresse)
    assert.equal(page.statut, 200, page.texte.slice(0, 400))
    const destinataires = /name="destinataires"[^>]*value="([^"]+)"/.exec(page.html)?.[1] ?? ''
    const champs = { destinataires, mot, envoi: randomUUID() }
    const relue = await essai.poster(compte, adresse, champs)
    assert.equal(relue.statut, 200, relue.texte.slice(0, 600))
    const faite = await essai.poster(compte, adresse, {
      ...champs,
      empreinte: champ(relue.html, 'empreinte'),
      etape: 'envoyer',
    })
    assert.equal(faite.statut, 303, faite.texte.slice(0, 600))
    return { relue, id: /registre\/([\w-]{36})/.exec(faite.vers)?.[1] ?? '' }
  }

  test('[COU-43] [SIG-20] the social service says that it could not meet a household; the secretariat of the territory alone reads it', async () => {
    const { id } = await envoyer('auteure', 'non-cooperation', 'Trois visites, deux lettres : personne, ancolie.')
    const lue = await essai.lire('secretariat', `/recus/${id}`)
    assert.match(lue.texte, /LACOMBE/i)
    assert.match(lue.texte, /ancolie/)
    for (const compte of ['autreSecretariat', 'caf', 'prefecture', 'bailleur'] as const)
      assert.ok([403, 404].includes((await essai.lire(compte, `/recus/${id}`)).statut), compte)
  })

  test('[COU-42] the plan signed goes to the commission on over-indebtedness, on paper, with what the list says and nothing else', async () => {
    const { relue, id } = await envoyer('secretariat', 'plan-surendettement', '')
    assert.match(relue.texte, /Commission de surendettement/)
    const pdf = await essai.lire('secretariat', `/transmettre/registre/${id}/bordereau.pdf`)
    const texte = lireTextePdf(pdf.octets)
    for (const dit of [/Lacombe/i, /OPAC de Saône-et-Loire/, /Plan/]) assert.match(texte, dit)
    for (const tu of [/handicap/i, /Étape/, /Téléphone/, new RegExp(essai.dossier.reference)])
      assert.doesNotMatch(texte, tu)
    assert.match((await essai.lire('secretariat', '/transmettre/registre')).texte, /Commission de surendettement/)
  })

  test('[COU-47] an association hands the file of the commission of mediation, with the words written with the household', async () => {
    // No association of this département sends anything: another service becomes one.
    await essai.application.base.pool.query("update organisme set type = 'association' where code = 'CAF71'")
    const vide = await essai.poster('caf', `/dossiers/${essai.dossier.reference}/transmettre/mediation`, {
      destinataires: '',
      mot: '',
    })
    assert.equal(vide.statut, 422)
    const { id } = await envoyer('caf', 'mediation', 'Un logement de deux chambres près de l’école, glycine.')
    const pdf = await essai.lire('caf', `/transmettre/registre/${id}/bordereau.pdf`)
    const texte = lireTextePdf(pdf.octets)
    for (const dit of [/Commission de médiation/, /Lacombe/i, /glycine/]) assert.match(texte, dit)
    assert.doesNotMatch(texte, /1\s620|OPAC/, 'neither the debt nor the landlord')
    assert.equal((await essai.lire('secretariat', `/transmettre/registre/${id}`)).statut, 404)
  })
})
