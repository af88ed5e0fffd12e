import assert from 'node:assert/strict'
import { randomUUID } from 'node:crypto'
import { after, before, describe, test } from 'node:test'
import { accesDe, hacherMotDePasse, installerCompte, installerOrganismes, lireConnexion, ouvrirConnexion } from '#acces'
import { referentielLivre } from '#tests/application'
import { DEPT, type EssaiDesCercles, ouvrirEssaiDesCercles } from '#tests/ecrits'
import { routes } from '#web'

describe('[ACC-12] a professional of mental health, invited on one dossier', () => {
  let essai: EssaiDesCercles
  let jeton = ''
  const lire = async (url: string) => {
    const { statusCode, body } = await essai.serveur.inject({ url, cookies: { amont_session: jeton } })
    return { statut: statusCode, texte: body.replace(/<[^>]+>/g, ' ').replace(/\s+/g, ' ') }
  }
  const poster = async (url: string, champs: Record<string, string> = {}) =>
    (
      await essai.serveur.inject({
        method: 'POST',
        url,
        cookies: { amont_session: jeton },
        headers: { 'content-type': 'application/x-www-form-urlencoded' },
        payload: new URLSearchParams({
          _jeton: (await lireConnexion(essai.application, jeton))?.jetonFormulaire ?? '',
          ...champs,
        }).toString(),
      })
    ).statusCode

  before(async () => {
    essai = await ouvrirEssaiDesCercles()
    const { base, horloge } = essai.application
    await installerOrganismes(base, DEPT, [
      { code: 'PSY-71', nom: 'Équipe mobile psychiatrie précarité', type: 'sante_mentale' },
    ])
    await installerCompte(base, {
      dept: DEPT,
      courriel: 'soin@essai.example',
      prenom: 'Camille',
      nom: 'SOIN',
      motDePasse: await hacherMotDePasse('essai-sante-mentale'),
      organisme: 'PSY-71',
      role: 'partenaire',
      du: Temporal.PlainDate.from('2020-01-01'),
      motif: 'Essai',
      a: horloge.now(),
    })
    const demande = { dept: DEPT, courriel: 'soin@essai.example', motDePasse: 'essai-sante-mentale' }
    ;({ jeton } = await ouvrirConnexion(essai.application, { ...demande, adresse: '192.0.2.77' }))
  })
  after(() => essai.fermer())

  test('[ACC-12] reads no dossier before its invitation, that one only after, and none once it is over', async () => {
    const adresse = `/dossiers/${essai.dossier.reference}`
    assert.equal((await lire(adresse)).statut, 404)
    const inviter = await essai.poster('secretariat', `${adresse}/partage`, {
      organisme: 'PSY-71',
      motif: 'Préparer ensemble une rencontre avec le ménage',
      jusqu_au: '2026-12-31',
    })
    assert.equal(inviter.statut, 303, inviter.texte.slice(0, 600))
    const { statut, texte } = await lire(adresse)
    assert.equal(statut, 200)
    // Whom to meet, where the procedure stands, who follows; neither the debt nor anything near health.
    assert.match(texte, /Lacombe/)
    assert.doesNotMatch(texte, /1 620|Allocataire|RSA : |Handicap :/i)
    const { rows } = await essai.application.base.pool.query(
      `select id from participation where dossier = $1 and retiree_a is null`,
      [essai.dossier.id],
    )
    await essai.poster('secretariat', `${adresse}/partage/${rows[0].id}/retirer`, { motif: 'Rencontre faite' })
    assert.equal((await lire(adresse)).statut, 404)
  })

  test('[ACC-12] holds what the matrix says and no form where care data could be written', async () => {
    const { droits, groupes } = accesDe(referentielLivre.matrice, 'sante_mentale', 'partenaire')
    assert.deepEqual([...droits.keys()].sort(), [
      // Of engagements outside dossiers: no household is named there.
      'action_charte.noter',
      'aide.consulter',
      'cellule.consulter',
      'cellule.repondre',
      'collecte.repondre',
      'compte.tenir',
      // What partners share, without any household.
      'dispositif.consulter',
      'dispositif.tenir',
      'document.lire',
      'dossier.consulter',
      'echange.ecrire',
      'echange.lire',
      'outil.employer',
      'regle.consulter',
    ])
    for (const groupe of ['sante', 'ressources', 'dette', 'ecrits', 'contacts'] as const)
      assert.equal(groupes.has(groupe), false, groupe)
    // Acts, diagnoses, notes, forms of referral: each address of the server refuses them.
    let refuses = 0
    for (const { methode, chemin, droit } of routes) {
      if (methode !== 'POST' || droits.has(droit)) continue
      const url = chemin.replace(':reference', essai.dossier.reference).replace(/:\w+/g, () => randomUUID())
      assert.ok((await poster(url)) >= 403, `${chemin} is open`)
      refuses += 1
    }
    assert.ok(refuses > 100)
  })
})
