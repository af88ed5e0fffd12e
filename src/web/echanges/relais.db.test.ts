import assert from 'node:assert/strict'
import { randomUUID } from 'node:crypto'
import { after, before, describe, test } from 'node:test'
import { hacherMotDePasse, installerCompte, installerOrganismes, type Role } from '#acces'
import type { TypeOrganisme } from '#referentiel'
import { openTestDatabase } from '#tests/base'
import type { Compte } from '../accompagner/fabrique-essai.ts'
import { routesPartage } from '../partage/index.ts'
import { type EssaiEchanges, ouvrirEssaiEchanges } from './fabrique-essai.ts'

const AL = 'al' as Compte
const PCB = 'pcb' as Compte

describe('a relay between organismes', () => {
  let essai: EssaiEchanges
  before(async () => {
    essai = await ouvrirEssaiEchanges(await openTestDatabase(), routesPartage)
    const { base } = essai.application
    await installerOrganismes(base, '71', [
      { code: 'PCB71', nom: 'Point conseil budget', type: 'point_conseil_budget' as TypeOrganisme },
    ])
    const { rows } = await base.pool.query("select id from organisme where code = 'PCB71'")
    ;(essai.organismes as Map<string, string>).set('PCB71', rows[0].id)
    for (const [nom, organisme, role] of [
      ['al', 'AL71', 'partenaire'],
      ['pcb', 'PCB71', 'service_social'],
    ] as const satisfies readonly (readonly [string, string, Role])[])
      await installerCompte(base, {
        dept: '71',
        courriel: `${nom}@essai.example`,
        prenom: 'Camille',
        nom: nom.toUpperCase(),
        motDePasse: await hacherMotDePasse('essai-amont-2026'),
        organisme,
        role,
        du: Temporal.PlainDate.from('2020-01-01'),
        motif: 'Essai',
        a: essai.application.horloge.now(),
      })
  })
  after(() => essai.fermer())

  const passer = (compte: Compte, changements: Record<string, string> = {}) =>
    essai.poster(compte, essai.adresse('/relais'), {
      relais: 'adil-services-sociaux',
      destinataire: essai.organismes.get('DEP71') ?? '',
      texte: 'Le ménage ne gère plus son courrier',
      avant: '2026-12-05',
      envoi: randomUUID(),
      ...changements,
    })
  const accorder = async (compte: Compte, objet: string) => {
    const note = await essai.poster(compte, `/dossiers/${essai.dossier.reference}/accords`, {
      objet,
      sens: 'accord',
      le: '2026-11-18',
      moyen: 'ecrit',
    })
    assert.equal(note.statut, 303, note.texte)
  }
  const agir = (compte: Compte, adresse: string, acte: string, champs: Record<string, string> = {}) =>
    essai.poster(compte, adresse, { acte, ...champs })

  test('[REP-21] the charter says who takes over from whom; without the accord of the household nothing leaves', async () => {
    await essai.habiliter('ADIL71')
    const propose = await essai.lire('adil', essai.adresse('/relais'))
    assert.match(propose.texte, /L’ADIL passe le relais aux services sociaux/)
    assert.match(propose.texte, /L’accord du ménage manque : « Transmission par l’ADIL aux services sociaux »/)
    assert.match(propose.texte, /engagements 19, 20, 34, 35, 39 et 40 de l’ADIL/)
    const refuse = await passer('adil')
    assert.equal(refuse.statut, 422)
    assert.match(refuse.texte, /L’accord du ménage manque/)
    assert.equal(await essai.compter('demande'), 0)
    assert.match(
      (await essai.lire('secretariat', essai.adresse('/relais'))).texte,
      /Faire appel au point conseil budget/,
    )
    assert.doesNotMatch((await essai.lire('adil', essai.adresse('/relais'))).texte, /point conseil budget/)
  })

  test('[REP-21] with it, ADIL → social service: the dossier opens to whoever takes over, who acknowledges, then says what it gave', async () => {
    await essai.habiliter('ADIL71')
    await accorder('adil', 'adil_services_sociaux')
    assert.equal((await essai.lire('departement', `/dossiers/${essai.dossier.reference}`)).statut, 404)
    const envoi = randomUUID()
    const passe = await passer('adil', { envoi })
    assert.equal(passe.statut, 303, passe.texte)
    assert.equal((await passer('adil', { envoi })).vers, passe.vers, 'sent twice, passed once')
    assert.equal(await essai.compter('demande'), 1)
    assert.equal(await essai.compter('participation', "origine = 'relais'"), 1)
    const boite = await essai.lire('departement', '/echanges')
    assert.match(boite.texte, /ORSETTI Yanis .* Prendre le relais Le ménage ne gère plus son courrier/)
    const recu = await essai.lire('departement', passe.vers)
    assert.match(recu.texte, /Relais L’ADIL passe le relais aux services sociaux/)
    assert.match(recu.texte, /Accuser réception/)

    assert.equal((await agir('adil', passe.vers, 'accuser')).statut, 404, 'not one’s own')
    assert.equal((await agir('departement', passe.vers, 'accuser')).statut, 303)
    assert.equal((await agir('departement', passe.vers, 'accuser')).statut, 303)
    assert.equal(await essai.compter('demande_acte', "genre = 'recue'"), 1)
    assert.match((await essai.lire('adil', passe.vers)).texte, /attendue.*Bien reçu Camille DEPARTEMENT/)
    const sans = await agir('departement', passe.vers, 'repondre', { suite: '', reponse: 'Vu' })
    assert.equal(sans.statut, 422)
    assert.match(sans.texte, /Dire ce que le relais a donné/)
    assert.equal((await agir('departement', passe.vers, 'repondre', { suite: 'pris', reponse: '' })).statut, 303)
    assert.match((await essai.lire('adil', passe.vers)).texte, /Suite donnée Ménage pris en charge/)
    assert.equal((await agir('departement', passe.vers, 'repondre', { suite: 'pris' })).statut, 409)
    for (const compte of ['caf', 'chalon', 'prefecture', 'siao'] as const)
      assert.notEqual((await essai.lire(compte, passe.vers)).statut, 200, compte)
  })

  test('[REP-21] social service → ADIL, and Action Logement → social service, each with its own accord and recipients', async () => {
    await essai.habiliter('DEP71', 'AL71')
    const demande = { relais: 'services-sociaux-adil', destinataire: essai.organismes.get('ADIL71') ?? '' }
    assert.match((await passer('departement', demande)).texte, /Transmission du dossier à l’ADIL/)
    await accorder('departement', 'transmission_adil')
    assert.equal((await passer('departement', demande)).statut, 303)
    assert.match((await essai.lire('adil', '/echanges')).texte, /Prendre le relais/)

    const al = { relais: 'action-logement-departement' }
    assert.match((await passer(AL, al)).texte, /L’accord du ménage manque : « Transmission par Action Logement/)
    await accorder(AL, 'action_logement_mds')
    const ailleurs = await passer(AL, { ...al, destinataire: essai.organismes.get('CAF71') ?? '' })
    assert.equal(ailleurs.statut, 422)
    assert.match(ailleurs.texte, /Choisir l’organisme qui prendra le relais/)
    assert.equal((await passer(AL, al)).statut, 303)
    assert.equal((await passer(AL, { relais: 'adil-services-sociaux' })).statut, 422, 'a relay of others')
    assert.equal(
      (
        await essai.poster('secretariat', essai.adresse('/demande'), {
          genre: 'relais',
          texte: 'x',
          avant: '2026-12-05',
          destinataire: essai.organismes.get('DEP71') ?? '',
          envoi: randomUUID(),
        })
      ).statut,
      422,
      'a free request is no relay',
    )
  })

  test('[REP-22] the secretariat calls the point conseil budget once the Département could not intervene, and follows what came of it', async () => {
    const appel = {
      relais: 'point-conseil-budget',
      destinataire: essai.organismes.get('PCB71') ?? '',
      texte: 'Budget à reprendre',
    }
    assert.match(
      (await essai.lire('secretariat', essai.adresse('/relais'))).texte,
      /n’a pas pu intervenir : rien ne le dit encore/,
    )
    assert.equal((await passer('secretariat', appel)).statut, 422)
    await essai.application.base.pool.query(
      `insert into affectation (dept, dossier, service, organisme, rang, stade, libelle, origine, etat, depuis, issue, a, terminee_a)
      values ('71', $1, 'departement', $2, 3, 'assignation', 'essai', 'regle', 'prise', '2026-10-10', 'non_realise', now(), now())`,
      [essai.dossier.id, essai.organismes.get('DEP71')],
    )
    const passe = await passer('secretariat', appel)
    assert.equal(passe.statut, 303, passe.texte)
    assert.match((await essai.lire(PCB, '/echanges')).texte, /Prendre le relais Budget à reprendre/)
    assert.equal((await essai.lire(PCB, `/dossiers/${essai.dossier.reference}`)).statut, 200)
    assert.equal((await agir(PCB, passe.vers, 'accuser')).statut, 303)
    assert.equal((await agir(PCB, passe.vers, 'repondre', { suite: 'rendez_vous' })).statut, 303)
    assert.match(
      (await essai.lire('secretariat', passe.vers)).texte,
      /Faire appel au point conseil budget.*Rendez-vous proposé au ménage/,
    )
  })
})
