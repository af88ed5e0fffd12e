import assert from 'node:assert/strict'
import { after, before, describe, test } from 'node:test'
import { acteurSysteme, ouvrirSession } from '#acces'
import { tenirLocataires } from '#echanges'
import { type EssaiDesCercles, type Lue, ouvrirEssaiDesCercles } from '#tests/ecrits'

const cache = ({ html }: Lue, nom: string): string => new RegExp(`name="${nom}" value="([^"]*)"`).exec(html)?.[1] ?? ''

describe('a social landlord refers its own tenant to the CCAPEX, without reading the dossier', () => {
  let essai: EssaiDesCercles
  let adresse: string
  before(async () => {
    essai = await ouvrirEssaiDesCercles()
    await ouvrirSession(essai.application, acteurSysteme('71', 'essai'), 'dossier.consulter', tenirLocataires)
    adresse =
      /href="(\/locataires\/[^"]+\/saisine)"/.exec((await essai.lire('bailleur', '/locataires')).html)?.[1] ?? ''
  })
  after(() => essai?.fermer())
  const sql = async (requete: string, valeurs: unknown[] = []) =>
    (await essai.application.base.pool.query(requete, valeurs)).rows
  const commencer = async (envoi: string = crypto.randomUUID()): Promise<string> =>
    (await essai.poster('bailleur', adresse, { envoi })).vers

  test('[SAI-01] it is asked what it knows, and nothing that others hold is asked or shown', async () => {
    assert.match(adresse, /^\/locataires\//)
    const envoi = crypto.randomUUID()
    const brouillon = await commencer(envoi)
    assert.equal(await commencer(envoi), brouillon, 'sent twice, begun once')
    const lue = await essai.lire('bailleur', brouillon)
    assert.equal(lue.statut, 200)
    assert.match(lue.html, /name="motifs"/)
    assert.match(lue.html, /name="dette_locative_montant"/)
    assert.doesNotMatch(
      lue.html,
      /name="(?:ressources|protection|enfants|numero_allocataire|telephone|expertise_force)/,
    )
    // Sent all the same, what is not its own to fill is not written.
    const vu = cache(lue, 'vu')
    const faite = await essai.poster('bailleur', brouillon, {
      vu,
      motifs: 'impaye',
      numero_allocataire: '1234567',
      geste: 'enregistrer',
    })
    assert.equal(faite.statut, 303)
    assert.equal((await essai.lire('bailleur', brouillon)).statut, 200)
    const autre = await essai.lire('caf', `/dossiers/${essai.dossier.reference}/saisine/${brouillon.split('/').at(-1)}`)
    assert.equal(autre.statut, 404, 'a draft is read by those who fill it')
    assert.equal((await essai.lire('bailleur', `/dossiers/${essai.dossier.reference}/saisine`)).statut, 403)
  })

  test('[SAI-08] [SAI-09] [SAI-22] [SAI-36] filed, it is a referral like the others: the secretariat instructs it, and its landlord follows it', async () => {
    const brouillon = await commencer()
    const champs = {
      motifs: ['impaye', 'assurance'],
      attente_avis: 'fsl_aides',
      attente_recommandations: 'plan_apurement',
      dette_locative: 'oui',
      dette_locative_montant: '1 850,40',
      dette_locative_le: '2026-11-01',
      plan: 'oui',
      plan_nature: 'bailleur',
      plan_etat: 'defaillant',
      menage_informe: 'oui',
      numero_allocataire: '7654321',
    }
    const lue = await essai.lire('bailleur', brouillon)
    const illisible = await essai.poster('bailleur', brouillon, {
      ...champs,
      dette_locative_montant: 'beaucoup',
      vu: cache(lue, 'vu'),
      geste: 'deposer',
    })
    assert.equal(illisible.statut, 422)
    assert.match(illisible.html, /value="beaucoup"/)
    const faite = await essai.poster('bailleur', brouillon, {
      ...champs,
      vu: cache(await essai.lire('bailleur', brouillon), 'vu'),
      geste: 'deposer',
    })
    assert.equal(faite.statut, 303, faite.texte)
    assert.equal(faite.vers, adresse)
    assert.match((await essai.lire('bailleur', adresse)).texte, /Reçue/)
    assert.equal((await essai.lire('bailleur', brouillon)).statut, 404, 'a form filed is no draft any more')
    // The secretariat reads it, with what the landlord wrote and nothing else.
    const saisines = await essai.lire('secretariat', `/dossiers/${essai.dossier.reference}/saisine`)
    assert.match(saisines.texte, /OPAC de Saône-et-Loire/)
    const [{ id, formulaire }] = (await sql(`select id, formulaire from saisine order by deposee_a desc limit 1`)) as [
      { id: string; formulaire: string },
    ]
    const formulaireLu = await essai.lire('secretariat', `/dossiers/${essai.dossier.reference}/saisine/${formulaire}`)
    assert.match(formulaireLu.texte, /1 850,40/)
    assert.match(formulaireLu.texte, /Plan d’apurement, protocole n° 1 ou n° 2/)
    assert.match(formulaireLu.texte, /Défaut d’assurance habitation/)
    assert.doesNotMatch(formulaireLu.html, /7654321/, 'not its own to fill')
    const suite = await essai.poster('secretariat', `/dossiers/${essai.dossier.reference}/saisine/instruire`, {
      saisine: id,
      vu: '1',
      acte: 'incomplete',
      motif: 'Joindre le décompte.',
    })
    assert.equal(suite.statut, 303)
    const suivie = await essai.lire('bailleur', adresse)
    assert.match(suivie.texte, /Incomplète/)
    assert.match(suivie.texte, /Joindre le décompte/)
  })

  test('nobody refers the tenant of another landlord, and a tenant lost is no longer followed', async () => {
    const brouillon = await commencer()
    assert.equal((await essai.lire('caf', adresse)).statut, 403)
    assert.equal((await essai.lire('bailleur', `/locataires/${crypto.randomUUID()}/saisine`)).statut, 404)
    await sql('delete from locataire')
    assert.equal((await essai.lire('bailleur', brouillon)).statut, 404)
    assert.equal((await essai.lire('bailleur', adresse)).statut, 404)
  })
})
