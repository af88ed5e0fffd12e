import assert from 'node:assert/strict'
import { after, before, describe, test } from 'node:test'
import { cache, type EssaiRequisitions, ouvrirEssaiRequisitions } from '#tests/requisitions'

/**
 * Une demande de concours arrive en préfecture. Le service social, le maire, le bailleur, le commissariat et le SIAO sont interrogés. Le préfet accorde le
 * concours, l’octroi est diffusé. Le ménage part avant le jour prévu : le bailleur le signale, un geste arrête tout, et il se défait.
 */
describe('from the force request to a departure before the eviction', () => {
  let essai: EssaiRequisitions
  let requisition = ''

  before(async () => {
    essai = await ouvrirEssaiRequisitions('2026-06-15')
  })
  after(() => essai.fermer())

  test('[RFP-01] the prefecture records the request that a bailiff already sent', async () => {
    const avant = await essai.lire('prefecture', essai.adresse())
    assert.match(avant.texte, /Une réquisition du 10\/06\/2026 est connue/)
    const formulaire = await essai.lire('prefecture', essai.adresse('/recevoir'))
    const acte = /name="acte"[^>]*value="([\w-]{36})"/.exec(formulaire.html)?.[1] ?? ''
    const refusee = await essai.poster('prefecture', essai.adresse('/recevoir'), {
      acte,
      recue_le: '2026-06-01',
    })
    assert.equal(refusee.statut, 422)
    assert.match(refusee.texte, /elle n’a pas pu être reçue avant/)
    const recue = await essai.poster('prefecture', essai.adresse('/recevoir'), {
      acte,
      recue_le: '2026-06-15',
    })
    assert.equal(recue.statut, 303, recue.texte)
    requisition = /force-publique\/([\w-]{36})\/enquetes/.exec(recue.vers)?.[1] ?? ''
    assert.notEqual(requisition, '')
  })

  test('[RFP-01] [RFP-14] [RFP-19] [COU-22] [COU-23] inquiries leave to the social service, the mayor, the landlord, the police and the SIAO with their dates; silence is a date that passes', async () => {
    const formulaire = await essai.lire('prefecture', essai.adresse(`/${requisition}/enquetes`))
    assert.match(formulaire.texte, /OPAC de Saône-et-Loire/)
    assert.match(formulaire.texte, /Mairie du Creusot/)
    const envoyees = await essai.poster('prefecture', essai.adresse(`/${requisition}/enquetes`), {
      demander_sociale: 'oui',
      organisme_sociale: essai.organisme('DEP71'),
      moyen_sociale: 'amont',
      demander_maire: 'oui',
      organisme_maire: essai.organisme('MAIRIE71-CREUSOT'),
      moyen_maire: 'amont',
      demander_bailleur: 'oui',
      organisme_bailleur: essai.organisme('OPAC71'),
      moyen_bailleur: 'amont',
      demander_police: 'oui',
      aupres_police: 'Commissariat du Creusot',
      moyen_police: 'courriel',
      demander_siao: 'oui',
      organisme_siao: essai.organisme('SIAO71'),
      moyen_siao: 'amont',
    })
    assert.match(envoyees.message, /5\senquêtes demandées/)
    const page = await essai.lire('prefecture', essai.adresse())
    assert.match(page.texte, /Silence valant refus/)
    assert.match(page.texte, /15\/08/)
    assert.match(page.texte, /engagement Département 38/)
    await essai.envoyerCourriels()
    const vers = essai.courriels.map(({ to }) => to).toSorted()
    assert.deepEqual(vers, [
      'assistante@essai.example',
      'bailleur@essai.example',
      'collegue@essai.example',
      'maire@essai.example',
      'siao@essai.example',
    ])
    for (const { text } of essai.courriels) assert.doesNotMatch(text, /Lacombe|Creusot|Forges/i)
  })

  test('[RFP-11] [RFP-12] the mayor and the landlord answer without reading the dossier; the State alone reads their opinion', async () => {
    const recus = await essai.lire('maire', '/sollicitations')
    assert.match(recus.texte, /LACOMBE|Lacombe/)
    const lien = /\/sollicitations\/([\w-]{36})/.exec(recus.html)?.[0] ?? ''
    const vide = await essai.poster('maire', lien, { acte: 'reponse', le: '2026-06-30' })
    assert.equal(vide.statut, 422)
    const repondue = await essai.poster('maire', lien, {
      acte: 'reponse',
      le: '2026-06-15',
      avis: 'defavorable',
      texte: 'La famille cherche une location dans la commune, libellule grise.',
    })
    assert.equal(repondue.statut, 303, repondue.texte)
    assert.equal((await essai.lire('maire', essai.adresse())).statut, 403)
    assert.match((await essai.lire('prefecture', essai.adresse())).texte, /libellule grise/)
    for (const compte of ['secretariat', 'assistante', 'siao'] as const) {
      const page = await essai.lire(compte, essai.adresse())
      assert.equal(page.statut, 200, compte)
      assert.match(page.texte, /Avis du maire/)
      assert.doesNotMatch(page.texte, /libellule|Défavorable/)
    }
  })

  test('[RFP-14] the SIAO says whether a request for accommodation exists, and everyone who prepares reads it', async () => {
    const lien = /\/sollicitations\/([\w-]{36})/.exec((await essai.lire('siao', '/sollicitations')).html)?.[0] ?? ''
    await essai.poster('siao', lien, { acte: 'reponse', le: '2026-06-15', demande: 'aucune' })
    assert.match((await essai.lire('secretariat', essai.adresse())).texte, /Non, aucune demande/)
  })

  test('[COU-21] [RFP-18] expertise only at the State’s request; [RFP-02] an inquiry not done says why', async () => {
    const noter = (compte: 'prefecture' | 'secretariat', fait: string, champs: Record<string, string>) =>
      essai.poster(compte, essai.adresse(`/${requisition}/noter/${fait}`), { le: '2026-06-15', ...champs })
    assert.match((await noter('secretariat', 'expertise_rendue', { sens: 'favorable' })).texte, /qu’à sa demande/)
    assert.equal((await noter('secretariat', 'expertise_demandee', {})).statut, 404)
    assert.equal((await noter('prefecture', 'expertise_demandee', { texte: 'Motif gardé par l’État' })).statut, 303)
    assert.equal((await noter('secretariat', 'expertise_rendue', { sens: 'favorable' })).statut, 303)
    assert.match((await essai.lire('prefecture', essai.adresse())).texte, /Favorable à l’octroi/)
    assert.doesNotMatch((await essai.lire('secretariat', essai.adresse())).texte, /Motif gardé/)
    const { rows } = await essai.application.base.pool.query("select id from enquete where genre = 'sociale'")
    const adresse = essai.adresse(`/enquetes/${rows[0].id}`)
    const faite = await essai.poster('assistante', adresse, {
      acte: 'non_realisee',
      le: '2026-06-15',
      motif: 'injoignable',
    })
    assert.equal(faite.statut, 303, faite.texte)
    assert.match((await essai.lire('prefecture', essai.adresse())).texte, /Non réalisée/)
  })

  test('[RFP-18] [RFP-20] [COU-24] the grant is told to the SIAO, the social service and supporters, never its reasons', async () => {
    essai.aller('2026-07-10')
    const accord = {
      le: '2026-07-10',
      sens: 'accord',
      executoire_le: '2026-08-17',
      prevue_le: '2026-09-15',
      texte: 'Motif du préfet : renoncule.',
    }
    assert.equal(
      (await essai.poster('prefecture', essai.adresse(`/${requisition}/noter/decision`), accord)).statut,
      303,
    )
    const page = await essai.lire('prefecture', essai.adresse())
    assert.match(page.texte, /Risque de rue/)
    const risque = await essai.lire('prefecture', '/requisitions?vue=rue')
    assert.match(risque.texte, /Lacombe/i)
    assert.match(risque.texte, /La trêve commence le 01\/11\/2026/)
    const choix = await essai.lire('prefecture', essai.adresse(`/${requisition}/diffuser`))
    assert.doesNotMatch(choix.texte, /Commissaires de justice \(/)
    const coches = [...choix.html.matchAll(/name="destinataires"[^>]*value="([\w-]+)"/g)].map(([, id]) => id ?? '')
    assert.deepEqual(new Set(coches), new Set([essai.organisme('SIAO71'), essai.organisme('DEP71')]))
    await essai.poster('prefecture', essai.adresse(`/${requisition}/diffuser`), {
      vu: cache(choix, 'vu'),
      destinataires: coches,
    })
    const lu = await essai.lire('siao', '/sollicitations')
    assert.match(lu.texte, /Concours accordé, date prévue/)
    assert.doesNotMatch(lu.texte, /renoncule/)
    for (const compte of ['siao', 'secretariat', 'assistante'] as const)
      assert.doesNotMatch((await essai.lire(compte, essai.adresse())).texte, /renoncule/)
  })

  test('[RFP-27] [COU-27] a departure reported by the landlord, cancelled in one gesture, everybody told, and undone', async () => {
    essai.aller('2026-08-20')
    const lien = /\/sollicitations\/([\w-]{36})/.exec((await essai.lire('bailleur', '/sollicitations')).html)?.[0] ?? ''
    const signale = await essai.poster('bailleur', lien, {
      acte: 'depart',
      le: '2026-08-18',
      cles: 'remises',
      source: 'Gardien de la résidence',
    })
    assert.equal(signale.statut, 303, signale.texte)
    assert.match((await essai.lire('prefecture', essai.adresse())).texte, /Départ signalé le 18\/08\/2026 par OPAC/)
    const annule = await essai.poster('prefecture', essai.adresse(`/${requisition}/annuler`), {})
    assert.match(annule.message, /5\sorganismes prévenus/)
    assert.match((await essai.lire('maire', '/sollicitations')).texte, /Le ménage est parti/)
    assert.match((await essai.lire('prefecture', '/requisitions?vue=closes')).texte, /Lacombe/i)
    const repris = await essai.poster('prefecture', essai.adresse(`/${requisition}/defaire`), {})
    assert.equal(repris.statut, 303)
    assert.match((await essai.lire('prefecture', '/requisitions?vue=accordees')).texte, /Lacombe/i)
    assert.match((await essai.lire('maire', '/sollicitations')).texte, /L’annulation est défaite/)
  })
})
