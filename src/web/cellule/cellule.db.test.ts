import assert from 'node:assert/strict'
import { after, before, describe, test } from 'node:test'
import { acteurSysteme, ouvrirSession } from '#acces'
import { aRegulariser } from '#commission'
import { tenirLocataires } from '#echanges'
import { echoirCellules } from '#jobs'
import type { EssaiDesCercles } from '#tests/ecrits'
import { cache, type EssaiDeCellule, ouvrirEssaiDeCellule } from './fabrique-essai.ts'

const QUESTION = 'Le bailleur peut-il signer un second protocole avant la fin novembre ?'

describe('[CEL-04] the technical cell, between two commissions', () => {
  let essai: EssaiDesCercles
  let dossier: string
  let demande: EssaiDeCellule['demande']
  let consulter: EssaiDeCellule['consulter']
  let repondre: EssaiDeCellule['repondre']

  before(async () => {
    ;({ essai, dossier, demande, consulter, repondre } = await ouvrirEssaiDeCellule(QUESTION))
  })
  after(() => essai?.fermer())

  const compter = async (requete: string): Promise<number> =>
    (await essai.application.base.pool.query(requete)).rows[0].n as number

  test('[CEL-01] [CEL-02] [CEL-13] the page says what the charter says, with what is to be verified', async () => {
    const lue = await essai.lire('auteure', dossier)
    assert.equal(lue.statut, 200)
    assert.match(lue.texte, /Pilotes Préfet, Président du conseil départemental/)
    assert.match(lue.texte, /Département, fonds de solidarité pour le logement/)
    assert.match(lue.texte, /fiche-engagement 5/)
    assert.match(lue.texte, /Valeur par défaut d’Amont, à compléter par le département/)
    assert.match(lue.texte, /non vérifié par un juriste/)
  })

  test('before anything leaves, who will read it is said, and what was typed is kept', async () => {
    const vide = await essai.poster('auteure', `${dossier}/nouvelle`, demande({ question: '', etape: 'relire' }))
    assert.equal(vide.statut, 422)
    assert.match(vide.texte, /Écrire la question posée à la cellule/)
    const avant = await compter('select count(*)::int as n from consultation')
    const relue = await essai.poster('auteure', `${dossier}/nouvelle`, demande({ etape: 'relire' }))
    assert.match(relue.texte, /Qui lira ceci \?/)
    assert.match(
      relue.texte,
      /Fonds de solidarité pour le logement membre permanent ; personne n’y a encore d’accès ; lira le dossier, selon ses droits, jusqu’à la régularisation/,
    )
    assert.match(relue.texte, /Secrétariat CCAPEX Autun et Montceau enregistre, sans donner de position/)
    assert.doesNotMatch(relue.texte, /Sous-préfecture de Chalon/)
    assert.match(relue.texte, /Le silence ne vaut ni accord ni refus|Ni accord ni refus/)
    assert.equal(await compter('select count(*)::int as n from consultation'), avant)
    const sansRelire = await essai.poster(
      'auteure',
      `${dossier}/nouvelle`,
      demande({ etape: 'confirmer', marque: 'x' }),
    )
    assert.equal(sansRelire.statut, 409)
    assert.match(sansRelire.texte, /Qui lira cette consultation a changé/)
  })

  test('the same form sent twice opens one; the question is sealed at rest', async () => {
    const champs = demande()
    const relue = await essai.poster('auteure', `${dossier}/nouvelle`, { ...champs, etape: 'relire' })
    const confirmer = { ...champs, etape: 'confirmer', marque: cache(relue, 'marque') }
    const [une, deux] = await Promise.all([
      essai.poster('auteure', `${dossier}/nouvelle`, confirmer),
      essai.poster('auteure', `${dossier}/nouvelle`, confirmer),
    ])
    assert.equal(une.statut, 303)
    assert.equal(une.vers, deux.vers)
    const { rows } = await essai.application.base.pool.query('select c::text as texte from consultation c')
    assert.ok(rows.length >= 1)
    assert.ok(rows.every(({ texte }: { texte: string }) => !texte.includes('avant la fin novembre')))
    assert.match(
      (await essai.lire('auteure', `/dossiers/${essai.dossier.reference}`)).texte,
      /Cellule technique consultée/,
    )
  })

  test('[CEL-03] who reads it: those named, nobody else; landlords, bailiffs, administrators and other territories never', async () => {
    const adresse = await consulter('auteure')
    for (const compte of ['auteure', 'caf', 'secretariat', 'prefecture', 'pilote', 'copilote'] as const) {
      const lue = await essai.lire(compte, adresse)
      assert.equal(lue.statut, 200, compte)
      assert.match(lue.texte, /avant la fin novembre/, compte)
    }
    // Another secretariat reads the dossier, and neither the consultation nor that it exists.
    for (const compte of ['autreSecretariat', 'adil'] as const)
      assert.equal((await essai.lire(compte, adresse)).statut, 404, compte)
    assert.match((await essai.lire('autreSecretariat', dossier)).texte, /Aucune consultation/)
    assert.doesNotMatch((await essai.lire('autreSecretariat', '/cellule')).texte, /Lacombe/i)
    for (const compte of ['bailleur', 'commissaire', 'administrateur', 'dpd'] as const)
      assert.equal((await essai.lire(compte, adresse)).statut, 403, compte)
    const id = adresse.split('/').at(-1) ?? ''
    assert.equal((await essai.lire('bailleur', `/cellule/recues/${id}`)).statut, 404)
    // A pilot steers; neither the pilot nor the secretariat gives the position of a member.
    assert.equal((await essai.poster('pilote', `${adresse}/position`, { sens: 'favorable', motif: 'x' })).statut, 403)
    assert.equal(
      (await essai.poster('secretariat', `${adresse}/position`, { sens: 'favorable', motif: 'x' })).statut,
      403,
    )
    assert.equal((await essai.poster('auteure', `${adresse}/conclure`, { issue: 'accord', motif: 'x' })).statut, 403)
  })

  test('[CEL-05] positions with their reasons, counted live; corrected by a new version; two colleagues never overwrite each other', async () => {
    const adresse = await consulter('auteure')
    const sansMotif = await repondre('caf', adresse, 'favorable', ' ')
    assert.equal(sansMotif.statut, 422)
    assert.match(sansMotif.texte, /Écrire pourquoi/)
    assert.equal((await repondre('caf', adresse, 'defavorable', 'Plan trop long.')).statut, 303)
    assert.equal((await repondre('caf', adresse, 'favorable', 'Plan raccourci.')).statut, 303)
    const lue = await essai.lire('prefecture', adresse)
    assert.match(lue.texte, /1 réponse sur \d+ : 1 favorable/)
    assert.match(lue.texte, /Plan raccourci\..*version 2/)
    // The former stays in the history.
    assert.match(lue.texte, /Plan trop long\./)
    // Drawn before a colleague answered: 409, both versions, nothing lost.
    const vu = await essai.lire('auteure', adresse)
    assert.equal((await repondre('collegue', adresse, 'favorable', 'Vu avec le ménage.')).statut, 303)
    const tard = await essai.poster('auteure', `${adresse}/position`, {
      sens: 'abstention',
      motif: 'Pas assez d’éléments.',
      envoi: cache(vu, 'envoi', 'Position'),
      vu: cache(vu, 'vu', 'Position'),
    })
    assert.equal(tard.statut, 409)
    assert.match(tard.texte, /Vu avec le ménage/)
    assert.match(tard.texte, /Pas assez d’éléments/)
    const { rows } = await essai.application.base.pool.query(
      'select texte from consultation_acte where texte is not null',
    )
    assert.ok(rows.every(({ texte }: { texte: string }) => !texte.includes('Plan')))
  })

  test('[CEL-05] [CEL-11] silence is written at the end, once; the decision waits for the commission until it is regularised', async () => {
    const adresse = await consulter('auteure', { urgence: 'tres-urgent' })
    const id = adresse.split('/').at(-1) ?? ''
    await repondre('caf', adresse, 'favorable')
    const tot = await essai.lire('secretariat', adresse)
    assert.match(tot.texte, /La conclusion s’écrit quand tous ont répondu, ou à l’échéance/)
    const force = await essai.poster('secretariat', `${adresse}/conclure`, {
      issue: 'accord',
      motif: 'Vite.',
      vu: /"vu" value="(\d+)"/.exec(tot.html)?.[1] ?? '2',
      envoi: crypto.randomUUID(),
      etape: 'confirmer',
    })
    assert.equal(force.statut, 422)
    assert.match(force.texte, /encore du temps pour répondre/)
    await essai.application.base.pool.query(
      "update consultation set echeance_a = ouverte_a - interval '1 minute' where id = $1",
      [id],
    )
    assert.equal(await echoirCellules(essai.application, '71'), 1)
    const silences = `select count(*)::int as n from consultation_acte where genre = 'silence' and consultation = '${id}'`
    const muets = await compter(silences)
    assert.ok(muets >= 3)
    assert.equal(await echoirCellules(essai.application, '71'), 0)
    assert.equal(await compter(silences), muets)
    const echue = await essai.lire('secretariat', adresse)
    assert.match(echue.texte, /À conclure/)
    assert.match(echue.texte, /Fonds de solidarité pour le logement, membre permanent Sans réponse à l’échéance/)
    // A late position still counts, and says so.
    await repondre('prefecture', adresse, 'favorable', 'Accord du préfet.')
    const conclure = (vu: string) =>
      essai.poster('secretariat', `${adresse}/conclure`, {
        issue: 'accord',
        motif: 'Les deux pilotes sont d’accord.',
        vu,
        envoi: crypto.randomUUID(),
        etape: 'confirmer',
      })
    const perime = await conclure(cache(echue, 'vu', 'Conclure la consultation'))
    assert.equal(perime.statut, 409)
    assert.match(perime.texte, /est arrivée depuis l’ouverture de la page/)
    const relue = await essai.lire('secretariat', adresse)
    assert.match(relue.texte, /après l’échéance/)
    assert.equal((await conclure(cache(relue, 'vu', 'Conclure la consultation'))).statut, 303)
    assert.match((await essai.lire('caf', adresse)).texte, /Accord\. Les deux pilotes sont d’accord\./)
    // Nothing changes any more, by the page or below it.
    const apres = await repondre('caf', adresse, 'defavorable').catch(() => null)
    assert.notEqual(apres?.statut, 303)
    const attendues = await ouvrirSession(
      essai.application,
      acteurSysteme('71', 'essai'),
      'cellule.consulter',
      (session) => aRegulariser(session, { territoires: ['autun'] }),
    )
    assert.ok(attendues.some(({ consultation, issue }) => consultation === id && issue === 'accord'))
    assert.match((await essai.lire('secretariat', '/cellule')).texte, /À régulariser en commission : 1 décision/)
    const regulariser = (seance: string, etat = 'confirmee', motif = '') =>
      essai.poster('secretariat', `${adresse}/regulariser`, { vu: '1', etat, seance, motif, etape: 'confirmer' })
    assert.match((await regulariser('2020-01-01')).texte, /a précédé la décision de la cellule/)
    const jour = new Intl.DateTimeFormat('en-CA', { timeZone: 'Europe/Paris' }).format(
      Number(essai.application.horloge.now().epochMilliseconds),
    )
    assert.match((await regulariser(jour, 'infirmee')).texte, /Écrire pourquoi la commission n’a pas confirmé/)
    assert.equal((await regulariser(jour)).statut, 303)
    assert.equal((await regulariser(jour)).statut, 409)
    assert.doesNotMatch((await essai.lire('secretariat', '/cellule')).texte, /À régulariser en commission/)
    const chronologie = (await essai.lire('auteure', `/dossiers/${essai.dossier.reference}`)).texte
    assert.match(chronologie, /La commission s’est prononcée sur la décision de la cellule technique/)
  })

  test('[CEL-03] a guest reads the dossier for the time of the consultation, and no longer', async () => {
    const page = `/dossiers/${essai.dossier.reference}`
    assert.equal((await essai.lire('adil', page)).statut, 404)
    // Whoever neither keeps the dossier nor steers the cell brings nobody in.
    const refusee = await essai.poster(
      'caf',
      `${dossier}/nouvelle`,
      demande({ invites: essai.organisme('SIAO71'), etape: 'relire' }),
    )
    assert.equal(refusee.statut, 422)
    assert.match(refusee.texte, /ne peut plus être invité/)
    const adresse = await consulter('secretariat', { invites: essai.organisme('MH71') }).catch(
      (erreur: Error) => erreur.message,
    )
    // Another landlord's tenant: it is not in the list either.
    assert.match(String(adresse), /ne peut plus être invité/)
    const ouverte = await consulter('secretariat', { invites: essai.organisme('ADIL71') })
    const { rows } = await essai.application.base.pool.query(
      "select jusqu_au::text as jusqu_au, origine, retiree_a from participation p join organisme o on o.id = p.organisme where o.code = 'ADIL71'",
    )
    assert.equal(rows[0]?.origine, 'cellule')
    assert.equal(rows[0]?.retiree_a, null)
    // The ADIL reads a dossier once the household agrees: the consultation does not go around it.
    assert.equal((await essai.lire('adil', ouverte)).statut, 404)
    await essai.application.base.pool.query("update participation set accord = null where origine = 'cellule'")
    assert.equal((await essai.lire('adil', ouverte)).statut, 200)
    const lue = await essai.lire('secretariat', ouverte)
    const retrait = { motif: 'Réglé autrement.', envoi: crypto.randomUUID(), etape: 'confirmer' }
    assert.ok(cache(lue, 'envoi', 'Retirer la consultation'))
    assert.equal((await essai.poster('caf', `${ouverte}/retirer`, retrait)).statut, 404)
    assert.equal((await essai.poster('secretariat', `${ouverte}/retirer`, retrait)).statut, 303)
    assert.equal((await essai.lire('adil', ouverte)).statut, 404)
    assert.equal((await essai.lire('adil', page)).statut, 404)
  })

  test('[CEL-09] what is near health is read by those entitled only', async () => {
    const adresse = await consulter('auteure', {
      objet: 'situation-complexe',
      situations: ['souffrance-psychique', 'voisinage'],
      mode: 'reunion',
    })
    assert.match((await essai.lire('auteure', adresse)).texte, /Souffrance psychique repérée, Troubles de voisinage/)
    // The pilot of the Département is of the organisme that wrote it, and reads nothing near health all the same.
    for (const compte of ['secretariat', 'prefecture', 'pilote', 'copilote', 'caf'] as const) {
      const { texte } = await essai.lire(compte, adresse)
      assert.match(texte, /Troubles de voisinage/, compte)
      assert.doesNotMatch(texte, /psychique/, compte)
    }
    assert.doesNotMatch((await essai.lire('secretariat', '/cellule')).texte, /psychique/)
    const { rows } = await essai.application.base.pool.query('select c::text as texte from consultation c')
    assert.ok(rows.every(({ texte }: { texte: string }) => !texte.includes('psychique')))
    // The sheet of the meeting: its health page is not there for the secretariat.
    const fiche = await essai.poster('auteure', `${adresse}/fiche`, { envoi: crypto.randomUUID() })
    assert.equal(fiche.statut, 303)
    assert.match(
      (await essai.lire('auteure', `${fiche.vers}?groupe=tout`)).texte,
      /souffrance psychique est-elle repérée/,
    )
    const vue = await essai.lire('secretariat', `${fiche.vers}?groupe=tout`)
    assert.equal(vue.statut, 200)
    assert.doesNotMatch(vue.texte, /psychique/)
    assert.equal(
      (await essai.poster('secretariat', `${adresse}/fiche`, { envoi: crypto.randomUUID() })).vers,
      fiche.vers,
    )
    assert.equal((await essai.lire('autreSecretariat', fiche.vers)).statut, 404)
  })

  test('[CEL-06] a meeting has a date, a place and a calendar file that names nobody', async () => {
    const adresse = await consulter('auteure')
    const id = adresse.split('/').at(-1) ?? ''
    const reunir = async (champs: Record<string, string>) => {
      const lue = await essai.lire('auteure', adresse)
      return essai.poster('auteure', `${adresse}/reunion`, {
        le: '2027-01-15',
        heure: '14:30',
        minutes: '45',
        lieu: 'Salle 2, sous-préfecture d’Autun',
        envoi: crypto.randomUUID(),
        vu: cache(lue, 'vu', 'Fixer la réunion'),
        ...champs,
      })
    }
    const mauvaise = await reunir({ heure: '25h' })
    assert.equal(mauvaise.statut, 422)
    assert.match(mauvaise.html, /value="25h"/)
    assert.equal((await reunir({})).statut, 303)
    const ics = `/cellule/consultations/${id}/reunion.ics`
    const fichier = (await essai.lire('caf', ics)).octets.toString('utf8').replace(/\r\n /g, '')
    assert.match(fichier, /DTSTART:20270115T133000Z/)
    assert.match(fichier, /LOCATION:Salle 2\\, sous-préfecture d’Autun/)
    assert.doesNotMatch(fichier, /Lacombe|protocole/i)
    assert.doesNotMatch(fichier, new RegExp(essai.dossier.reference))
    assert.equal((await essai.lire('autreSecretariat', ics)).statut, 404)
    // A meeting after the end puts it off: no silence before it.
    assert.match(
      (await essai.lire('caf', adresse)).texte,
      /Répondre avant 15\/01\/2027 à 15 h 15|Répondre avant 15\/01\/2027 à 15/,
    )
    assert.equal((await reunir({ annuler: 'oui' })).statut, 303)
    assert.match((await essai.lire('caf', ics)).octets.toString('utf8'), /SEQUENCE:1\r\n[\s\S]*STATUS:CANCELLED/)
  })

  test('[CEL-07] [CEL-08] a landlord consults for its own tenant without reading the dossier, and reads the answer', async () => {
    await ouvrirSession(essai.application, acteurSysteme('71', 'essai'), 'dossier.consulter', tenirLocataires)
    const locataires = await essai.lire('bailleur', '/locataires')
    const adresse = /href="(\/locataires\/[^"]+\/cellule)"/.exec(locataires.html)?.[1] ?? ''
    assert.notEqual(adresse, '')
    const formulaire = await essai.lire('bailleur', adresse)
    assert.match(formulaire.texte, /Second protocole de cohésion sociale/)
    assert.doesNotMatch(formulaire.texte, /Situation complexe/)
    assert.equal((await essai.lire('autreBailleur', adresse)).statut, 404)
    assert.equal((await essai.lire('commissaire', adresse)).statut, 403)
    const interdite = await essai.poster('bailleur', adresse, demande({ objet: 'situation-complexe', etape: 'relire' }))
    assert.equal(interdite.statut, 422)
    const recue = await consulter('bailleur', {}, adresse)
    const lue = await essai.lire('bailleur', recue)
    assert.equal(lue.statut, 200)
    assert.match(lue.texte, /avant la fin novembre/)
    const dedans = `${dossier}/consultations/${recue.split('/').at(-1)}`
    await repondre('caf', dedans, 'favorable', 'Reste confidentiel entre membres.')
    // The landlord never reads what each one thinks, nor the dossier.
    assert.doesNotMatch((await essai.lire('bailleur', recue)).texte, /Reste confidentiel/)
    assert.equal((await essai.lire('bailleur', dossier)).statut, 403)
    assert.equal((await essai.lire('autreBailleur', recue)).statut, 404)
    assert.equal((await essai.lire('commissaire', recue)).statut, 404)
    await essai.application.base.pool.query(
      "update consultation set echeance_a = ouverte_a - interval '1 minute' where id = $1",
      [recue.split('/').at(-1)],
    )
    await echoirCellules(essai.application, '71')
    const vue = await essai.lire('prefecture', dedans)
    assert.equal(
      (
        await essai.poster('prefecture', `${dedans}/conclure`, {
          issue: 'refus',
          motif: 'Le premier protocole court encore.',
          vu: cache(vue, 'vu', 'Conclure la consultation'),
          envoi: crypto.randomUUID(),
          etape: 'confirmer',
        })
      ).statut,
      303,
    )
    assert.match((await essai.lire('bailleur', recue)).texte, /Refus, provisoire\. Le premier protocole court encore\./)
  })

  test('[CEL-12] the yearly balance counts the département, small numbers masked, and exports', async () => {
    const annee = essai.application.horloge.now().toZonedDateTimeISO('Europe/Paris').year
    const { pool } = essai.application.base
    const { rows } = await pool.query('select count(*)::int as n from consultation')
    await pool.query(
      `insert into consultation select n.* from (select * from consultation limit 1) c, generate_series(1, 40) s,
         jsonb_populate_record(null::consultation, to_jsonb(c) || jsonb_build_object('id', gen_random_uuid(), 'envoi', gen_random_uuid(), 'etat', 'retiree',
           'issue', null, 'close_a', c.ouverte_a, 'fiche', null, 's', s)) n`,
    )
    const bilan = await essai.lire('pilote', `/cellule/bilan?annee=${annee}`)
    assert.equal(bilan.statut, 200)
    assert.match(bilan.texte, /Rappel|Second protocole de cohésion sociale/)
    // What is small is hidden, with what would give it back; a large year is told all the same.
    assert.match(bilan.texte, new RegExp(`Consultations ${rows[0].n + 40} `))
    assert.match(bilan.texte, /Retirée 4\d/)
    assert.match(bilan.texte, /(Accord|Refus), provisoire non montré|(Accord|Refus) non montré/)
    const { octets } = await essai.lire('secretariat', `/cellule/bilan.csv?annee=${annee}`)
    assert.match(octets.toString('utf8'), /Positions des organismes consultés/)
    assert.doesNotMatch(octets.toString('utf8'), /Lacombe/i)
    for (const compte of ['auteure', 'bailleur', 'dpd'] as const)
      assert.equal((await essai.lire(compte, '/cellule/bilan')).statut, 403, compte)
  })
})
