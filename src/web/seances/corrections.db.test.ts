import assert from 'node:assert/strict'
import { after, before, describe, test } from 'node:test'
import { acteurSysteme, ouvrirSession } from '#acces'
import { relancerLesRetards } from '#commission'
import { DEPT } from '#tests/ecrits'
import { cache, corriger, type EssaiDeSeance, ouvrirSeanceDEssai, remplirPoste } from './fabrique-essai.ts'

describe('what a session decides reaches each its part, is answered, and is corrected without losing anything', () => {
  let un: EssaiDeSeance
  const poste = (rang: number): string => `/seances/${un.seance}/poste/${un.inscriptions[rang]}`
  const poster = async (rang: number, champs: Readonly<Record<string, string>>) =>
    un.essai.poster('secretariat', poste(rang), remplirPoste(await un.essai.lire('secretariat', poste(rang)), champs))
  const sql = async <T>(texte: string, valeurs: unknown[] = []): Promise<T[]> =>
    (await un.essai.application.base.pool.query(texte, valeurs)).rows as T[]
  const releve = (suite = '') => `/seances/${un.seance}/releve${suite}`
  const approuver = async () => {
    for (const compte of ['prefecture', 'copilote'] as const) {
      const page = await un.essai.lire(compte, releve())
      const approuve = await un.essai.poster(compte, releve('/approuver'), { vu: cache(page, 'vu') })
      assert.equal(approuve.statut, 303, compte)
    }
  }
  const dossier = () => `/dossiers/${un.dossiers[0]?.reference}`
  const suite = async (compte: 'bailleur' | 'prefecture' | 'auteure', quoi: RegExp): Promise<string> => {
    const lignes = (await un.essai.lire(compte, '/suites')).html.split('<tr')
    return /href="(\/suites\/[0-9a-f-]{36})"/.exec(lignes.find((une) => quoi.test(une)) ?? '')?.[1] ?? ''
  }

  before(async () => {
    un = await ouvrirSeanceDEssai(2)
  })
  after(() => un?.essai.fermer())

  test('[COM-10] [COM-20] the landlord of the dossier receives what is for landlords; who pays its aid is not guessed', async () => {
    const page = await un.essai.lire('secretariat', poste(0))
    assert.match(page.texte, /De ce dossier|OPAC de Saône-et-Loire, bailleur/)
    for (const code of ['plan-ou-protocole', 'mutation'])
      assert.equal((await poster(0, { 'rec-code': code, geste: 'recommander' })).statut, 303, code)
    const lue = await un.essai.lire('secretariat', poste(0))
    assert.match(lue.texte, /Conclure un plan d’apurement[^.]*OPAC de Saône-et-Loire, retour/)
    assert.match(lue.texte, /Chercher une mutation[^.]*OPAC de Saône-et-Loire, retour/)
    const payeur = await poster(0, { 'avis-maintien-ou-suspension-aide': 'maintien', geste: 'enregistrer' })
    assert.equal(payeur.statut, 422)
    assert.match(payeur.texte, /Choisir le destinataire/)
    await sql(
      `update dossier set actes = actes || '[{"type": "impaye_caf", "le": "2026-07-01", "signalement": "", "organisme": ""}]'`,
    )
    assert.equal(
      (
        await poster(0, {
          'avis-maintien-ou-suspension-aide': 'maintien',
          'pouvoir-maintien-ou-suspension-aide': 'avis',
          geste: 'enregistrer',
        })
      ).statut,
      303,
    )
    const [avis] = await sql<{ organisme: string }>("select organisme from prononce where genre = 'avis'")
    assert.equal(avis?.organisme, un.essai.organisme('CAF71'))
  })

  test('the sheet in session says acts in words, the household once, and agrees its numbers', async () => {
    const { texte } = await un.essai.lire('secretariat', poste(0))
    assert.match(texte, /Impayé signalé par un bailleur social, /)
    assert.doesNotMatch(texte, /impaye bailleur social/i)
    assert.match(texte, /0 décidé sur 2/)
    const fiche = texte.slice(texte.indexOf('Dossier 71-'), texte.indexOf('Étape'))
    assert.doesNotMatch(fiche, /Lacombe/i)
  })

  test('[COM-13] [COM-14] [COM-18] [COM-19] a quota, a measure of contact, the fund’s commission, the adapted dwelling: each reads its part once both approved', async () => {
    const { essai } = un
    assert.equal(
      (
        await poster(0, {
          'q-adapte_ressources': 'oui',
          'q-adapte_taille': 'non',
          'q-maintien': 'non',
          discours: 'Chercher plus petit',
          'avis-contingent-prefectoral': 'favorable',
          'pour-contingent-prefectoral': essai.organisme('PREF71'),
          'rec-code': 'avdl-de-contact',
          'rec-organisme': essai.organisme('PREF71'),
          geste: 'recommander',
        })
      ).statut,
      303,
    )
    await poster(0, { 'rec-code': 'aide-en-cud', 'rec-organisme': essai.organisme('DEP71'), geste: 'adopter' })
    assert.equal((await essai.poster('secretariat', `/seances/${un.seance}/clore`, { restants: '1' })).statut, 303)
    assert.equal(await suite('prefecture', /AVDL/), '', 'nobody is told before both approved')
    await approuver()
    assert.match((await essai.lire('prefecture', '/suites')).texte, /contingent préfectoral : Favorable/)
    const avdl = await suite('prefecture', /AVDL/)
    const page = await essai.lire('prefecture', avdl)
    const repondre = {
      vu: cache(page, 'vu'),
      reponse: 'partiel',
      financement: 'accorde',
      operateur: 'Association d’essai',
    }
    assert.equal((await essai.poster('prefecture', `${avdl}/repondre`, { ...repondre, texte: '' })).statut, 303)
    assert.match(
      (await essai.lire('secretariat', avdl)).texte,
      /Suivi en partie[\s\S]*Financement : accordé ; Opérateur : Association d’essai/i,
    )
    const cud = await suite('auteure', /CUD/)
    const refuse = await essai.poster('auteure', `${cud}/repondre`, {
      vu: '2',
      reponse: 'non_suivi',
      cud_le: '',
      texte: '',
    })
    assert.equal(refuse.statut, 422)
    const rendu = {
      vu: cache(await essai.lire('auteure', cud), 'vu'),
      reponse: 'suivi',
      cud_le: '2026-12-04',
      cud_decision: 'accord',
      texte: '',
    }
    assert.equal((await essai.poster('auteure', `${cud}/repondre`, rendu)).statut, 303)
    assert.match(
      (await essai.lire('secretariat', cud)).texte,
      /Date de la CUD : 04\/12\/2026 ; Décision de la CUD : accord/,
    )
    assert.match(
      (await essai.lire('caf', dossier())).texte,
      /Position commune Chercher plus petit Maintien Non Logement adapté Non/,
    )
    const annee = (await essai.lire('secretariat', '/pilotage?annee=2026')).texte
    assert.match(annee, /AVDL/)
  })

  test('[COM-15] whoever reads the opinions of a dossier finds them there, and its addressee answers from there', async () => {
    const { essai } = un
    const adresse = `${dossier()}/commission`
    const caf = await essai.lire('caf', adresse)
    assert.equal(caf.statut, 200)
    assert.match(caf.texte, /contingent préfectoral : Favorable/)
    assert.match(caf.texte, /Chercher une mutation/)
    assert.match(caf.html, /href="\/suites\/[0-9a-f-]{36}"[^>]*>Donner le retour/)
    assert.equal((await caf.html.match(/>Donner le retour</g))?.length, 1, 'its own, and no other')
    for (const compte of ['bailleur', 'commissaire'] as const)
      assert.notEqual((await essai.lire(compte, adresse)).statut, 200, compte)
    const [lue] = await sql<{ dossiers: string[] }>(
      "select dossiers from journal where action = 'suites.lire' order by a desc, id desc limit 1",
    )
    assert.deepEqual(lue?.dossiers, [un.dossiers[0]?.id])
  })

  test('[COM-15] after both approvals a correction is a new decision, with its reason; what was told stays until both approve again', async () => {
    const { essai } = un
    const plan = await suite('bailleur', /plan d’apurement/)
    const rendu = { vu: cache(await essai.lire('bailleur', plan), 'vu'), reponse: 'suivi', texte: 'Plan signé' }
    assert.equal((await essai.poster('bailleur', `${plan}/repondre`, rendu)).statut, 303)
    const sans = await corriger(un, 0, '')
    assert.equal(sans.statut, 422)
    assert.match(sans.texte, /Dire pourquoi/)
    assert.equal(
      (await essai.poster('prefecture', releve(`/corriger/${un.inscriptions[0]}`), { vu: '1', motif: 'Non' })).statut,
      403,
    )
    assert.equal((await corriger(un, 1, 'Reporté, pas décidé')).statut, 422)
    assert.equal((await corriger(un, 0, 'La mutation avait été refusée en séance')).vers, poste(0))
    const ouvert = await essai.lire('secretariat', poste(0))
    assert.match(ouvert.texte, /Correction ouverte : La mutation avait été refusée en séance/)
    const mutation =
      /value="(retirer:[0-9a-f-]{36})"/.exec(ouvert.html.slice(ouvert.html.indexOf('Chercher une mutation')))?.[1] ?? ''
    await poster(0, { geste: mutation })
    await poster(0, { discours: 'Rester, payer le loyer', 'q-maintien': 'oui', geste: 'enregistrer' })
    // Told, approved: nothing of it changed.
    assert.match((await essai.lire('caf', dossier())).texte, /Chercher plus petit/)
    assert.notEqual(await suite('bailleur', /mutation/), '')
    assert.match((await essai.lire('prefecture', releve())).texte, /En cours de correction/)
    assert.equal((await essai.poster('secretariat', releve('/refaire'), {})).statut, 303)
    const rectifie = await essai.lire('copilote', releve())
    assert.match(
      rectifie.texte,
      /rectifié, version 2[\s\S]*Décision corrigée : La mutation avait été refusée en séance[\s\S]*Rester, payer le loyer/,
    )
    assert.doesNotMatch(rectifie.texte, /Chercher une mutation/)
    assert.match(
      (await essai.lire('copilote', releve('?version=1'))).texte,
      /Chercher une mutation[\s\S]*Chercher plus petit|Chercher plus petit[\s\S]*Chercher une mutation/,
    )
    await approuver()
    const bailleur = (await essai.lire('bailleur', '/suites')).texte
    assert.match(bailleur, /mutation[\s\S]*Remplacé par un relevé rectifié/)
    assert.match((await essai.lire('bailleur', plan)).texte, /Plan signé/)
    const plans = await sql<{ etat: string }>(
      "select etat from prononce where code = 'plan-ou-protocole' and notifie_a is not null",
    )
    assert.deepEqual(plans, [{ etat: 'suivi' }], 'what did not change is not told twice, its answer counts')
    assert.match((await essai.lire('caf', dossier())).texte, /Position commune Rester, payer le loyer Maintien Oui/)
    const decisions = await sql<{ n: number; anciennes: number }>(
      'select count(*)::int as n, count(remplacee_a)::int as anciennes from deliberation where inscription = $1',
      [un.inscriptions[0]],
    )
    assert.deepEqual(decisions, [{ n: 2, anciennes: 1 }])
    for (const version of [1, 2]) {
      const pdf = await essai.lire('prefecture', releve(`.pdf?version=${version}`))
      assert.equal(pdf.octets.subarray(0, 5).toString(), '%PDF-', `version ${version}`)
    }
  })

  test('[COM-15] the statement is also for word processors, to whoever reads it and to nobody else', async () => {
    const { essai } = un
    const docx = await essai.lire('prefecture', releve('.docx'))
    assert.deepEqual([docx.statut, docx.octets.subarray(0, 2).toString()], [200, 'PK'])
    assert.equal((await essai.lire('auteure', releve('.docx'))).statut, 404)
    assert.equal((await essai.lire('bailleur', releve('.docx'))).statut, 403)
  })

  test('[COM-16] [COU-44] the reminders of the morning say whom they reached, and when nobody could be', async () => {
    const { essai } = un
    await sql('alter table prononce disable trigger garder')
    await sql("update prononce set retour_avant = '2026-10-01' where etat = 'attendu'")
    await sql('alter table prononce enable trigger garder')
    await sql("update compte set ferme_a = now() where courriel like 'caf@%'")
    const relances = await ouvrirSession(
      essai.application,
      acteurSysteme(DEPT, 'essai'),
      'suite.suivre',
      relancerLesRetards,
    )
    assert.ok(relances >= 2)
    await sql('update compte set ferme_a = null')
    const liste = await essai.lire('secretariat', '/suites?etat=injoignable')
    assert.match(liste.texte, /Maintien ou suspension[\s\S]*Relancé sans joindre personne : à transmettre à la main/)
    assert.doesNotMatch(liste.texte, /contingent préfectoral/)
    assert.match((await essai.lire('secretariat', '/suites')).texte, /n’a joint personne dans Amont/)
    assert.doesNotMatch((await essai.lire('caf', '/suites')).texte, /à transmettre à la main/)
  })

  test('what was told is told: neither a reminder nor a note of the secretariat changes it, even in the database', async () => {
    const client = await un.essai.application.base.pool.connect()
    try {
      await client.query('begin; set local role amont_app')
      for (const [cle, valeur] of Object.entries({
        dept: DEPT,
        portee: 'departement',
        compte: un.essai.ids.secretariat,
        organisme: un.essai.organisme('SEC71-AUTUN'),
        cercles: 'deliberation,seance,commission_lue',
        jour: '2026-11-20',
      }))
        await client.query('select set_config($1, $2, true)', [`app.${cle}`, valeur])
      for (const colonne of [
        "contenu = 'abcdef01.x'",
        `organisme = '${un.essai.organisme('MH71')}'`,
        'retour_avant = null',
        "etat = 'suivi'",
      ]) {
        await client.query('savepoint avant')
        await assert.rejects(
          client.query(`update prononce set ${colonne}, version = version + 1 where etat = 'attendu'`),
          { code: '42501' },
          colonne,
        )
        await client.query('rollback to savepoint avant')
      }
    } finally {
      await client.query('rollback')
      client.release()
    }
  })
})
