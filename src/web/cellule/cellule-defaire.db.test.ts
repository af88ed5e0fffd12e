import assert from 'node:assert/strict'
import { after, before, describe, test } from 'node:test'
import { lireConnexion } from '#acces'
import { echoirCellules } from '#jobs'
import type { Compte, EssaiDesCercles } from '#tests/ecrits'
import { cache, type EssaiDeCellule, idDe, ouvrirEssaiDeCellule } from './fabrique-essai.ts'

describe('[CEL-05] what a consultation lets one take back, and what it does not', () => {
  let essai: EssaiDesCercles
  let dossier: string
  let consulter: EssaiDeCellule['consulter']
  let repondre: EssaiDeCellule['repondre']
  let adresseDuLocataire: EssaiDeCellule['adresseDuLocataire']
  let sql: EssaiDeCellule['sql']

  before(async () => {
    ;({ essai, dossier, consulter, repondre, adresseDuLocataire, sql } = await ouvrirEssaiDeCellule())
  })
  after(() => essai?.fermer())

  const echoir = (adresse: string) =>
    sql("update consultation set echeance_a = ouverte_a - interval '1 minute' where id = $1", [idDe(adresse)])
  const actes = async (adresse: string, genre: string): Promise<number> =>
    (await sql('select 1 from consultation_acte where consultation = $1 and genre = $2', [idDe(adresse), genre])).length
  const retirer = (compte: Compte, adresse: string) =>
    essai.poster(compte, `${adresse}/retirer`, {
      motif: 'Réglé autrement.',
      envoi: crypto.randomUUID(),
      etape: 'confirmer',
    })
  const reunir = async (adresse: string, champs: Record<string, string> = {}) => {
    const lue = await essai.lire('secretariat', adresse)
    return essai.poster('secretariat', `${adresse}/reunion`, {
      le: '2027-01-15',
      heure: '14:30',
      minutes: '45',
      lieu: 'Salle 2',
      envoi: crypto.randomUUID(),
      vu: cache(lue, 'vu', 'Fixer la réunion'),
      ...champs,
    })
  }

  test('[CEL-11] a conclusion is read again before it is final; past the end, the silences are written with it', async () => {
    const adresse = await consulter('auteure')
    await repondre('caf', adresse, 'favorable')
    await echoir(adresse)
    // Background work has not come yet.
    const lue = await essai.lire('secretariat', adresse)
    const champs = {
      issue: 'accord',
      motif: 'Accord des pilotes.',
      vu: cache(lue, 'vu', 'Conclure la consultation'),
      envoi: crypto.randomUUID(),
    }
    const relue = await essai.poster('secretariat', `${adresse}/conclure`, champs)
    assert.equal(relue.statut, 200)
    assert.match(relue.texte, /Relire avant de conclure.*Une conclusion ne se défait pas.*Accord des pilotes\./)
    assert.equal(await actes(adresse, 'conclusion'), 0)
    const corrigee = await essai.poster('secretariat', `${adresse}/conclure`, { ...champs, etape: 'corriger' })
    assert.match(corrigee.html, />Accord des pilotes\.</)
    assert.equal(await actes(adresse, 'conclusion'), 0)
    const faite = await essai.poster('secretariat', `${adresse}/conclure`, { ...champs, etape: 'confirmer' })
    assert.equal(faite.statut, 303)
    const muets = await sql(
      `select o.code from consultation_acte a join organisme o on o.id = a.organisme where a.consultation = $1 and a.genre = 'silence' order by 1`,
      [idDe(adresse)],
    )
    assert.deepEqual(
      muets.map(({ code }) => code),
      ['DEP71', 'FSL71', 'PREF71', 'SP71-AUTUN'],
    )
    assert.match((await essai.lire('auteure', adresse)).texte, /Fonds de solidarité[^.]*Sans réponse à l’échéance/)
  })

  test('a position taken back is expected again; the former stays in the history', async () => {
    const adresse = await consulter('auteure')
    await repondre('caf', adresse, 'favorable', 'Trop vite dit.')
    const lue = await essai.lire('caf', adresse)
    const vu = cache(lue, 'vu', 'Position')
    const retrait = { envoi: crypto.randomUUID(), vu }
    assert.equal((await essai.poster('caf', `${adresse}/position/retirer`, retrait)).statut, 303)
    assert.equal((await essai.poster('caf', `${adresse}/position/retirer`, retrait)).statut, 303, 'sent twice, once')
    const apres = await essai.lire('caf', adresse)
    assert.match(apres.texte, /0 réponses? sur/)
    assert.match(apres.texte, /Position retirée/)
    assert.match(apres.texte, /Trop vite dit\./)
    assert.match((await essai.lire('caf', '/cellule')).texte, /Votre position est attendue/)
    await echoir(adresse)
    await echoirCellules(essai.application, '71')
    assert.match(
      (await essai.lire('secretariat', adresse)).texte,
      /CAF[^,]*, membre permanent Sans réponse à l’échéance/,
    )
    assert.equal((await retirer('auteure', adresse)).statut, 303)
  })

  test('[CEL-06] a meeting held later puts the end off: who was silent is waited for again; called off, the end comes back', async () => {
    const adresse = await consulter('auteure')
    await echoir(adresse)
    await echoirCellules(essai.application, '71')
    assert.match((await essai.lire('secretariat', adresse)).texte, /À conclure/)
    assert.equal((await reunir(adresse)).statut, 303)
    const repoussee = await essai.lire('secretariat', adresse)
    assert.match(repoussee.texte, /CAF[^,]*, membre permanent Pas encore de réponse/)
    assert.match(repoussee.texte, /Répondre avant 15\/01\/2027 à 15/)
    assert.equal((await reunir(adresse, { le: '2027-01-10' })).statut, 303)
    assert.match((await essai.lire('secretariat', adresse)).texte, /Répondre avant 10\/01\/2027/)
    assert.equal((await reunir(adresse, { annuler: 'oui' })).statut, 303)
    // The end of the opening, long past: silent again, and ready to conclude.
    await echoirCellules(essai.application, '71')
    const revenue = await essai.lire('secretariat', adresse)
    assert.match(revenue.texte, /CAF[^,]*, membre permanent Sans réponse à l’échéance/)
    assert.match(revenue.texte, /À conclure/)
    assert.equal((await retirer('auteure', adresse)).statut, 303)
  })

  test('[CEL-07] a landlord joins a document to what it asked, then takes its question back; whoever is only asked does not', async () => {
    const recue = await consulter('bailleur', {}, await adresseDuLocataire())
    const dedans = `${dossier}/consultations/${idDe(recue)}`
    const jeton = await essai.jeton('bailleur')
    const connecte = await lireConnexion(essai.application, jeton)
    const borne = 'borne-cellule'
    const texte = Object.entries({
      _jeton: connecte?.jetonFormulaire ?? '',
      genre: 'plan',
      envoi: crypto.randomUUID(),
    })
      .map(([nom, valeur]) => `--${borne}\r\nContent-Disposition: form-data; name="${nom}"\r\n\r\n${valeur}\r\n`)
      .join('')
    const pdf = '%PDF-1.4\n1 0 obj<</Type/Catalog>>endobj\ntrailer<</Root 1 0 R>>\n%%EOF\n'
    const reponse = await essai.serveur.inject({
      method: 'POST',
      url: `${recue}/piece`,
      cookies: { amont_session: jeton },
      headers: { 'content-type': `multipart/form-data; boundary=${borne}` },
      payload: `${texte}--${borne}\r\nContent-Disposition: form-data; name="fichier"; filename="protocole.pdf"\r\nContent-Type: application/pdf\r\n\r\n${pdf}\r\n--${borne}--\r\n`,
    })
    assert.equal(reponse.statusCode, 303, reponse.body.replace(/<[^>]+>/g, ' ').slice(0, 3000))
    assert.match((await essai.lire('bailleur', recue)).texte, /protocole\.pdf/)
    const vue = await essai.lire('caf', dedans)
    const piece = /href="([^"]*\/echanges\/pieces\/[^"]+)"/.exec(vue.html)?.[1] ?? ''
    assert.equal((await essai.lire('caf', piece)).statut, 200)
    assert.equal((await essai.lire('autreBailleur', recue)).statut, 404)
    // Somebody asked without the dossier.
    await sql('update consultation set invites = array_append(invites, $1::uuid) where id = $2', [
      essai.organisme('CDJ71'),
      idDe(recue),
    ])
    assert.equal((await essai.lire('commissaire', recue)).statut, 200)
    assert.equal((await retirer('commissaire', recue)).statut, 403)
    assert.doesNotMatch((await essai.lire('commissaire', recue)).texte, /protocole\.pdf/)
    const relue = await essai.poster('bailleur', `${recue}/retirer`, {
      motif: 'Le ménage a réglé.',
      envoi: crypto.randomUUID(),
    })
    assert.match(relue.texte, /Un retrait ne se défait pas/)
    assert.equal(await actes(recue, 'retrait'), 0)
    assert.equal((await retirer('bailleur', recue)).statut, 303)
    assert.match((await essai.lire('bailleur', recue)).texte, /Retirée/)
    assert.match((await essai.lire('caf', dedans)).texte, /Consultation retirée par/)
  })

  test('one consultation that cannot be ended stops no other', async () => {
    const [une, deux] = [await consulter('auteure'), await consulter('auteure', { urgence: 'tres-urgent' })]
    await echoir(une)
    await echoir(deux)
    await sql(`create function bloquer() returns trigger language plpgsql as $$ begin
      if new.id = '${idDe(une)}' and new.etat = 'a_conclure' then raise exception 'blocked'; end if; return new; end $$`)
    await sql('create trigger bloquer before update on consultation for each row execute function bloquer()')
    await assert.rejects(echoirCellules(essai.application, '71'), /could not be ended/)
    await sql('drop trigger bloquer on consultation')
    const etats = await sql('select id, etat from consultation where id = any ($1::uuid[])', [[idDe(une), idDe(deux)]])
    assert.deepEqual(
      new Map(etats.map(({ id, etat }) => [id, etat])),
      new Map([
        [idDe(une), 'ouverte'],
        [idDe(deux), 'a_conclure'],
      ]),
    )
    assert.equal(await echoirCellules(essai.application, '71'), 1)
  })

  test('nothing changes who is in a consultation once it is open, below the screens either', async () => {
    const [droit] = await sql(
      "select has_any_column_privilege('amont_app', 'consultation_membre', 'update') as update, has_table_privilege('amont_app', 'consultation_membre', 'insert') as insert",
    )
    assert.deepEqual(droit, { update: false, insert: true })
  })

  test('[CEL-09] [CEL-10] the sheet of a meeting on a complex situation is filled by those who meet, then signed once read again; other reasons stay open', async () => {
    const adresse = await consulter('auteure', { objet: 'autre', mode: 'reunion', situations: [] })
    assert.match((await essai.lire('auteure', adresse)).texte, /Autre point/)
    const { vers: fiche } = await essai.poster('auteure', `${adresse}/fiche`, { envoi: crypto.randomUUID() })
    const lue = await essai.lire('auteure', `${fiche}?groupe=tout`)
    for (const titre of [
      /Ce qui se passe, et depuis quand/,
      /souffrance psychique est-elle repérée/,
      /troubles liés au vieillissement/,
      /Le ménage peut-il comprendre l’expulsion/,
      /troubles de voisinage sont-ils signalés/,
      /Qui fait quoi, pour quand/,
    ])
      assert.match(lue.texte, titre)
    const vu = /name="vu" value="(\d+)"/.exec(lue.html)?.[1] ?? ''
    const relue = await essai.poster('auteure', `${fiche}/signer`, { vu })
    assert.equal(relue.statut, 200)
    assert.match(relue.texte, /Une fiche signée ne change plus/)
    const [avant] = await sql('select etat from formulaire where id = $1', [idDe(fiche)])
    assert.equal(avant?.etat, 'brouillon')
    assert.equal((await essai.poster('auteure', `${fiche}/signer`, { vu, etape: 'confirmer' })).statut, 303)
    const [apres] = await sql('select etat from formulaire where id = $1', [idDe(fiche)])
    assert.equal(apres?.etat, 'signe')
    assert.match((await essai.lire('pilote', '/cellule/bilan')).texte, /Pourquoi la cellule est consultée/)
  })
})
