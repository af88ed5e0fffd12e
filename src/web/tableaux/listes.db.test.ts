import assert from 'node:assert/strict'
import test from 'node:test'
import { lireDossier } from '#dossiers'
import { compterCharge, type Instantane, lireListe, listerListes, prevoirListes, repondreListe } from '#repartition'
import {
  applicationLe,
  avecBase,
  creerDossiers,
  enSysteme,
  enTantQue,
  figer,
  menageAssigne,
  menageInconnu,
  recevoir,
  trouverListe,
} from './fabrique-essai.ts'

const LUNDI = '2026-11-16'
const LUNDI_SUIVANT = '2026-11-23'

/** Reads a list without the marks of the reading itself. */
const relire = (application: ReturnType<typeof applicationLe>, id: string) =>
  enSysteme(application, 'liste.consulter', (session) => lireListe(session, id))

test('[REP-08] [COU-16] [ESP-09] each service receives one numbered list per step, and freezing twice the same day adds nothing', () =>
  avecBase(async (base) => {
    const application = applicationLe(base, LUNDI)
    await creerDossiers(application, [
      menageAssigne('Lacombe'),
      menageAssigne('Vernache'),
      menageInconnu('Quillet'),
      { nom: 'Orsetti', signaux: [{ type: 'impaye_caf', le: '2026-11-02', contenu: { suivi_caf: true } }] },
    ])
    const prevues = await enSysteme(application, 'liste.figer', (session) =>
      prevoirListes(session, { date: session.jour }),
    )
    const figees = await figer(application)
    assert.equal((await figer(application)).length, 0)
    const listes = await enSysteme(application, 'liste.consulter', (session) => listerListes(session))
    assert.deepEqual(
      listes.map(({ organisme_nom, stade, numero, lignes, nouveaux }) => [
        organisme_nom,
        stade,
        numero,
        lignes,
        nouveaux,
      ]),
      [
        ['CAF de Saône-et-Loire', 'impaye', 1, 1, 1],
        ['CAF de Saône-et-Loire', 'assignation', 2, 2, 2],
        ['Service social départemental', 'assignation', 1, 1, 1],
      ],
    )
    assert.equal(figees.length, listes.length)
    assert.deepEqual(
      prevues.map(({ organisme_nom, stade, nouveaux }) => [organisme_nom, stade, nouveaux]),
      listes.map(({ organisme_nom, stade, nouveaux }) => [organisme_nom, stade, nouveaux]),
      'what is announced is what is frozen',
    )
    assert.ok(listes.every(({ empreinte }) => /^[0-9a-f]{64}$/.test(empreinte)))
  }))

test('[REP-08] numbers follow one another from week to week without a gap, and start again with the year', () =>
  avecBase(async (base) => {
    const semaines = ['2026-12-21', '2026-12-28', '2027-01-04']
    for (const [rang, jour] of semaines.entries()) {
      const application = applicationLe(base, jour)
      await creerDossiers(application, [menageInconnu(`Quillet${rang}`)])
      await figer(application, 30)
    }
    const listes = await enSysteme(applicationLe(base, '2027-01-04'), 'liste.consulter', (session) =>
      listerListes(session),
    )
    assert.deepEqual(
      listes.map(({ annee, numero }) => [annee, numero]),
      [
        [2027, 1],
        [2026, 2],
        [2026, 1],
      ],
    )
  }))

test('[REP-08] a list read later is exactly what was sent, although the dossier changed since', () =>
  avecBase(async (base) => {
    const application = applicationLe(base, LUNDI)
    const [dossier] = await creerDossiers(application, [menageAssigne('Lacombe')])
    assert.ok(dossier)
    await figer(application)
    const id = await trouverListe(application, 'CAF71', 'assignation', LUNDI)
    const envoyee = await relire(application, id)
    const plusTard = applicationLe(base, '2026-11-20')
    const depuis = menageAssigne('Lacombe', { montant_dette: 999900, adresse: '1 rue Neuve' })
    await recevoir(plusTard, dossier, depuis)
    const change = await enSysteme(plusTard, 'dossier.consulter', (session) => lireDossier(session, dossier.id))
    assert.equal(change.dette, 999900, 'the dossier did change')
    const relue = await relire(plusTard, id)
    assert.deepEqual(
      relue.lignes.map((ligne) => ligne.instantane),
      envoyee.lignes.map((ligne) => ligne.instantane),
    )
    assert.equal(relue.liste.empreinte, envoyee.liste.empreinte)
    assert.equal(relue.lignes[0]?.instantane.dette, 162000)
  }))

test('[REP-08] the next list says what is new, what changed and from what, and who still waits', () =>
  avecBase(async (base) => {
    const application = applicationLe(base, LUNDI)
    const [prise, muette] = await creerDossiers(application, [menageAssigne('Lacombe'), menageAssigne('Vernache')])
    assert.ok(prise && muette)
    await figer(application, 30)
    const premiere = await trouverListe(application, 'CAF71', 'assignation', LUNDI)
    await enTantQue(application, 'CAF71', 'service_social', 'liste.repondre', (session) =>
      repondreListe(session, premiere, [{ rang: 1, reponse: 'connu' }]),
    )
    const suite = applicationLe(base, '2026-11-19')
    await recevoir(suite, prise, menageAssigne('Lacombe', { montant_dette: 192000 }))
    await creerDossiers(suite, [menageAssigne('Abdoulatif')])
    const lundi = applicationLe(base, LUNDI_SUIVANT)
    await figer(lundi, 30)
    const { lignes } = await relire(lundi, await trouverListe(lundi, 'CAF71', 'assignation', LUNDI_SUIVANT))
    assert.deepEqual(
      lignes.map(({ rang, categorie, instantane }) => [rang, categorie, instantane.titulaire]),
      [
        [1, 'nouveau', 'ABDOULATIF Camille'],
        [2, 'change', 'LACOMBE Camille'],
        [3, 'sans_reponse', 'VERNACHE Camille'],
      ],
    )
    const [, change] = lignes
    assert.deepEqual(
      [change?.instantane.precedente?.dette, change?.instantane.precedente?.numero, change?.instantane.dette],
      [162000, 1, 192000],
    )
    const encore = applicationLe(base, '2026-11-30')
    await figer(encore, 30)
    const troisieme = await relire(encore, await trouverListe(encore, 'CAF71', 'assignation', '2026-11-30'))
    assert.deepEqual(
      troisieme.lignes.map(({ categorie, instantane }) => [categorie, instantane.titulaire]),
      [
        ['sans_reponse', 'ABDOULATIF Camille'],
        ['sans_reponse', 'VERNACHE Camille'],
      ],
      'a change already sent is not sent again',
    )
  }))

test('[REP-08] what changes on the very day of a list, after it, is in the next one', () =>
  avecBase(async (base) => {
    const application = applicationLe(base, LUNDI)
    const [dossier] = await creerDossiers(application, [menageAssigne('Lacombe')])
    assert.ok(dossier)
    await figer(application, 30)
    const id = await trouverListe(application, 'CAF71', 'assignation', LUNDI)
    await enTantQue(application, 'CAF71', 'service_social', 'liste.repondre', (session) =>
      repondreListe(session, id, [{ rang: 1, reponse: 'connu' }]),
    )
    await recevoir(application, dossier, menageAssigne('Lacombe', { montant_dette: 200000 }))
    const lundi = applicationLe(base, LUNDI_SUIVANT)
    await figer(lundi, 30)
    const { lignes } = await relire(lundi, await trouverListe(lundi, 'CAF71', 'assignation', LUNDI_SUIVANT))
    assert.deepEqual(
      lignes.map(({ categorie, instantane }) => [categorie, instantane.dette]),
      [['change', 200000]],
    )
  }))

const situer = (type: string, le: string) => ({
  nom: `Ménage ${type.slice(0, 3)}`,
  signaux: [{ type, le, acteLe: le, contenu: { suivi_caf: true } }],
})

test('[REP-12] [REP-14] every commandement de quitter les lieux is listed to the Département, whoever followed the household', () =>
  avecBase(async (base) => {
    const application = applicationLe(base, LUNDI)
    await creerDossiers(application, [situer('commandement_de_quitter_les_lieux', '2026-11-10')])
    await figer(application)
    const [liste] = await enSysteme(application, 'liste.consulter', (session) => listerListes(session))
    assert.deepEqual(
      [liste?.organisme_nom, liste?.stade, liste?.lignes],
      ['Service social départemental', 'commandement_de_quitter_les_lieux', 1],
    )
  }))

test('[REP-13] every réquisition of the public force is listed to the Département', () =>
  avecBase(async (base) => {
    const application = applicationLe(base, LUNDI)
    await creerDossiers(application, [situer('requisition_force_publique', '2026-11-10')])
    await figer(application)
    const [liste] = await enSysteme(application, 'liste.consulter', (session) => listerListes(session))
    assert.deepEqual(
      [liste?.organisme_nom, liste?.stade, liste?.lignes],
      ['Service social départemental', 'requisition_force_publique', 1],
    )
  }))

test('[REP-09] the transmission is the date of the list; the first opening by the service dates its reception', () =>
  avecBase(async (base) => {
    const application = applicationLe(base, LUNDI)
    await creerDossiers(application, [menageAssigne('Lacombe')])
    await figer(application)
    const id = await trouverListe(application, 'CAF71', 'assignation', LUNDI)
    const avant = await relire(applicationLe(base, '2026-11-17'), id)
    assert.equal(avant.liste.recue_le, null, 'the secretariat opening it is not a reception')
    assert.equal(avant.lignes[0]?.transmise_le?.toString(), LUNDI)
    const lireALaCaf = (jour: string) =>
      enTantQue(applicationLe(base, jour), 'CAF71', 'service_social', 'liste.consulter', (session) =>
        lireListe(session, id),
      )
    assert.equal((await lireALaCaf('2026-11-18')).liste.recue_le?.toString(), '2026-11-18')
    assert.equal((await lireALaCaf('2026-11-20')).liste.recue_le?.toString(), '2026-11-18')
  }))

test('a service reads in its list why it is asked, with the source and what is missing to be sure', () =>
  avecBase(async (base) => {
    const application = applicationLe(base, LUNDI)
    await creerDossiers(application, [
      menageAssigne('Lacombe', { telephone: '06 00 00 00 01', bailleur_nom: 'Office de l’habitat' }),
    ])
    await figer(application)
    const { lignes } = await relire(application, await trouverListe(application, 'CAF71', 'assignation', LUNDI))
    const instantane = lignes[0]?.instantane as Instantane
    assert.match(instantane.pourquoi, /déjà accompagné par le service social de la CAF/)
    assert.match(instantane.source, /Charte de prévention.*engagement 28 de la CAF/)
    assert.match(instantane.reserve ?? '', /juriste/)
    assert.ok(
      instantane.a_verifier.includes('connu.departement'),
      'nobody said whether the Département follows the household',
    )
    assert.deepEqual(instantane.telephones, ['06 00 00 00 01'])
    assert.equal(instantane.bailleur, 'Office de l’habitat')
  }))

test('[REP-27] the load of each service counts what waits, what is taken and what is late, each household once', () =>
  avecBase(async (base) => {
    const application = applicationLe(base, LUNDI)
    await creerDossiers(application, [menageAssigne('Lacombe'), menageAssigne('Vernache'), menageAssigne('Delorme')])
    await figer(application, 7)
    const id = await trouverListe(application, 'CAF71', 'assignation', LUNDI)
    await enTantQue(application, 'CAF71', 'service_social', 'liste.repondre', (session) =>
      repondreListe(session, id, [{ rang: 1, reponse: 'connu' }]),
    )
    await creerDossiers(application, [menageAssigne('Ferreira')])
    const charger = async (jour: string) => {
      const [caf] = await enSysteme(applicationLe(base, jour), 'liste.consulter', (session) => compterCharge(session))
      return [
        caf?.a_transmettre,
        caf?.sans_reponse,
        caf?.reponse_en_retard,
        caf?.en_cours,
        caf?.diagnostic_en_retard,
        caf?.rendus,
      ]
    }
    assert.deepEqual(await charger('2026-11-23'), [1, 2, 0, 1, 0, 0])
    assert.deepEqual(await charger('2026-11-24'), [1, 2, 2, 1, 0, 0], 'the day after the term, the two others are late')
    assert.deepEqual(await charger('2027-01-19'), [1, 2, 2, 1, 1, 0], 'the diagnosis was due on 18/01/2027')
    const ailleurs = await enSysteme(application, 'liste.consulter', (session) =>
      compterCharge(session, { territoires: ['macon'] }),
    )
    assert.deepEqual(ailleurs, [], 'no household of the other territory')
    await base.pool.query(
      "update dossier set clos_le = '2026-11-24', motif_cloture = 'sans_signalement' where titulaire ilike '%ferreira%'",
    )
    assert.deepEqual(await charger('2026-11-24'), [0, 2, 2, 1, 0, 0], 'a closed dossier weighs on nobody')
  }))
