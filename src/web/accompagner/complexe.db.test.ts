import assert from 'node:assert/strict'
import { randomUUID } from 'node:crypto'
import { after, before, describe, test } from 'node:test'
import { type CompteRequisitions, cache, type EssaiRequisitions, ouvrirEssaiRequisitions } from '#tests/requisitions'

describe('[DOS-27] a complex situation, for the commission or its cell', () => {
  let essai: EssaiRequisitions
  let seance = ''
  const adresse = (suite = '') => `/dossiers/${essai.dossier.reference}/complexe${suite}`
  const marquer = (compte: CompteRequisitions, changements: Record<string, string | string[]> = {}) =>
    essai.poster(compte, adresse(), {
      criteres: ['voisinage'],
      motif: 'Trois services, aucun accord sur la suite',
      examen: 'commission',
      envoi: randomUUID(),
      ...changements,
    })
  const lever = async (compte: CompteRequisitions, motif = 'Accord trouvé entre les services') =>
    essai.poster(compte, adresse('/lever'), {
      marque: cache(await essai.lire(compte, adresse()), 'marque'),
      levee: motif,
    })
  const sql = async <T>(texte: string, valeurs: unknown[] = []): Promise<T[]> =>
    (await essai.application.base.pool.query(texte, valeurs)).rows as T[]

  before(async () => {
    essai = await ouvrirEssaiRequisitions('2026-09-28', [
      { type: 'assignation', reference_source: 'ASG-1', date_signalement: '2026-09-15', date_acte: '2026-09-10' },
    ])
    await sql("update dossier set territoire = 'autun', organismes_habilites = array[$1::uuid], organisme = $1::uuid", [
      essai.organisme('DEP71'),
    ])
    const commission = await essai.poster('secretariat', '/commissions', {
      nom: 'Commission d’Autun',
      niveau: 'territoriale',
      territoires: 'autun',
      secretariat: essai.organisme('SEC71-AUTUN'),
      lieu: 'Sous-préfecture, salle 2',
    })
    const creee = await essai.poster('secretariat', `${commission.vers}/seances`, {
      le: '2026-10-20',
      debut: '14:00',
      fin: '17:00',
      lieu: 'Salle 2',
      envoi: randomUUID(),
    })
    seance = creee.vers.split('/').at(-1) ?? ''
  })
  after(() => essai?.fermer())

  test('criteria come from the dated list of the département, with its source; those near health only to who reads health', async () => {
    const social = await essai.lire('assistante', adresse())
    assert.equal(social.statut, 200)
    assert.match(social.texte, /Troubles de voisinage/)
    assert.match(social.texte, /Souffrance psychique repérée/)
    assert.match(social.texte, /Critères depuis le 25\/01\/2021 : Charte de prévention.*fiche-engagement 5/)
    const secretariat = await essai.lire('secretariat', adresse())
    assert.match(secretariat.texte, /Troubles de voisinage/)
    assert.doesNotMatch(secretariat.texte, /Souffrance psychique/)
  })

  test('what is missing is said beside its field and what was typed stays; who may not mark finds no page', async () => {
    const refuse = await marquer('assistante', { criteres: [], motif: 'Récit gardé' })
    assert.equal(refuse.statut, 422)
    assert.match(refuse.texte, /Cocher ce qui rend la situation complexe/)
    assert.match(refuse.html, /Récit gardé/)
    assert.match((await marquer('assistante', { motif: '' })).texte, /Écrire pourquoi/)
    assert.match((await marquer('assistante', { examen: 'ailleurs' })).texte, /Choisir où l’examiner/)
    assert.equal((await marquer('siao')).statut, 403)
    assert.equal((await marquer('bailleur')).statut, 403)
    assert.equal((await marquer('caf')).statut, 404, 'not engaged: the dossier does not exist')
    // A box one is not shown is as if it were not ticked.
    assert.equal((await marquer('secretariat', { criteres: ['souffrance-psychique'] })).statut, 422)
    assert.equal((await sql('select 1 from situation_complexe')).length, 0)
  })

  test('marked, it is on the dossier, in the filter of the list and offered to the agenda; nothing of it is in clear', async () => {
    const envoi = randomUUID()
    const demande = { criteres: ['voisinage', 'souffrance-psychique'], envoi }
    const marque = await marquer('assistante', demande)
    assert.equal(marque.statut, 303, marque.texte)
    assert.match(marque.message, /proposée à l’ordre du jour/)
    assert.equal((await marquer('assistante', demande)).statut, 303, 'sent twice')
    const rangees = await sql<{ contenu: string }>('select contenu from situation_complexe')
    assert.equal(rangees.length, 1)
    assert.doesNotMatch(rangees[0]?.contenu ?? '', /voisinage|services/)

    const dossier = `/dossiers/${essai.dossier.reference}`
    assert.match(
      (await essai.lire('assistante', dossier)).texte,
      /Situation complexe Marquée le 28\/09\/2026.*Souffrance psychique repérée ; Troubles de voisinage/,
    )
    const secretariat = await essai.lire('secretariat', dossier)
    assert.match(secretariat.texte, /Marquée le 28\/09\/2026.*Troubles de voisinage.*Trois services/)
    assert.doesNotMatch(secretariat.texte, /Souffrance psychique/)
    assert.match(secretariat.texte, /Situation marquée complexe, à examiner à la commission/)

    assert.match((await essai.lire('secretariat', '/dossiers?complexe=oui')).texte, /1 dossier à accompagner/)
    assert.match((await essai.lire('secretariat', '/dossiers?complexe=oui')).texte, /Situations complexes/)
    const prepare = await essai.lire('secretariat', `/seances/${seance}`)
    assert.match(prepare.texte, /LACOMBE[^.]* Situation complexe 28\/09\/2026/)
    const inscrit = await essai.poster('secretariat', `/seances/${seance}/inscrire`, {
      vu: cache(prepare, 'vu'),
      dossiers: essai.dossier.id,
    })
    assert.equal(inscrit.statut, 303, inscrit.texte)
    assert.equal((await sql("select 1 from inscription where origine = 'complexe'")).length, 1)
  })

  test('a second mark finds the first: 409 with both texts', async () => {
    const seconde = await marquer('secretariat', { motif: 'Mon propre motif' })
    assert.equal(seconde.statut, 409)
    assert.match(seconde.texte, /marquée complexe par une autre personne/)
    assert.match(seconde.texte, /Mon propre motif/)
    assert.match(seconde.texte, /Trois services, aucun accord/)
  })

  test('examined since, it asks for no other session; lifted with its reason, it leaves filter and agenda and stays in history', async () => {
    await sql("update inscription set etat = 'examine' where origine = 'complexe'")
    await sql("update seance set le = '2026-09-29' where id = $1", [seance])
    const suivante = await essai.poster(
      'secretariat',
      `/commissions/${(await sql<{ id: string }>('select id from commission'))[0]?.id}/seances`,
      { le: '2026-11-17', debut: '14:00', fin: '17:00', lieu: 'Salle 2', envoi: randomUUID() },
    )
    assert.doesNotMatch((await essai.lire('secretariat', suivante.vers)).texte, /LACOMBE[^.]* Situation complexe/)
    assert.equal((await lever('assistante', '')).statut, 422)
    const marque = cache(await essai.lire('assistante', adresse()), 'marque')
    assert.equal((await lever('secretariat')).statut, 303)
    assert.doesNotMatch((await essai.lire('secretariat', '/dossiers?complexe=oui')).texte, /LACOMBE/)
    const histoire = await essai.lire('assistante', adresse())
    assert.match(histoire.texte, /levée depuis.*Accord trouvé entre les services/)
    const trop = await essai.poster('assistante', adresse('/lever'), { marque, levee: 'Trop tard' })
    assert.equal(trop.statut, 409)
    assert.equal((await marquer('assistante', { examen: 'cellule' })).statut, 303, 'and it may be marked again')
    assert.match(
      (await essai.lire('assistante', `/dossiers/${essai.dossier.reference}`)).html,
      /cellule\/nouvelle\?objet=situation-complexe/,
    )
  })

  test('what the journal keeps says who marked, and no word of why', async () => {
    const lignes = await sql<{ details: object }>("select details from journal where action = 'complexe.marquer'")
    assert.ok(lignes.length >= 3)
    assert.doesNotMatch(JSON.stringify(lignes), /voisinage|services/)
  })
})
