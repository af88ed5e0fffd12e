import assert from 'node:assert/strict'
import test from 'node:test'
import type { Application } from '#acces'
import { lireDossier, listerFaits } from '#dossiers'
import {
  cloreDiagnostic,
  compterCharge,
  compterVeille,
  escaladerSansReponse,
  lireListe,
  listerAffectations,
  listerVeille,
  noterContact,
  type ReponseDonnee,
  reaffecterDossiers,
  repartirDossiers,
  repondreListe,
} from '#repartition'
import { Introuvable, Refus } from '#socle/errors'
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

type Contact = Parameters<typeof noterContact>[1]
const LUNDI = '2026-11-16'

const repondreEn = async (application: Application, code: string, liste: string, donnees: readonly ReponseDonnee[]) => {
  const { envoi: _, ...bilan } = await enTantQue(application, code, 'service_social', 'liste.repondre', (session) =>
    repondreListe(session, liste, donnees),
  )
  return bilan
}

const repartir = (application: Application, ids: readonly string[]) =>
  enSysteme(application, 'dossier.reaffecter', (session) => repartirDossiers(session, ids))

const suivre = (application: Application, dossier: string) =>
  enSysteme(application, 'dossier.consulter', (session) => listerAffectations(session, dossier))

const lire = (application: Application, dossier: string) =>
  enSysteme(application, 'dossier.consulter', (session) => lireDossier(session, dossier))

/** One household in the list of the CAF of the Monday. */
async function transmettre(application: Application, contenu: Readonly<Record<string, unknown>> = {}, jours = 7) {
  const [dossier] = await creerDossiers(application, [menageAssigne('Lacombe', contenu)])
  await figer(application, jours)
  const liste = await trouverListe(
    application,
    'CAF71',
    'assignation',
    application.horloge.now().toString().slice(0, 10),
  )
  if (!dossier) throw new Error('no dossier')
  return { dossier, liste }
}

test('[REP-09] taking a household starts the two months of the diagnosis on the day of the list, whenever the answer comes', () =>
  avecBase(async (base) => {
    const { dossier, liste } = await transmettre(applicationLe(base, LUNDI))
    const vendredi = applicationLe(base, '2026-11-20')
    assert.deepEqual(await repondreEn(vendredi, 'CAF71', liste, [{ rang: 1, reponse: 'connu' }]), {
      prises: 1,
      refusees: 0,
      confirmees: 0,
      dossiersRefuses: [],
    })
    const [prise] = await suivre(vendredi, dossier.id)
    assert.equal(prise?.etat, 'prise')
    assert.equal(prise?.prise_le?.toString(), '2026-11-20')
    // Two months from 16/11/2026 is Saturday 16/01/2027, put off to Monday.
    assert.equal(prise?.diagnostic_avant?.toString(), '2027-01-18')
    const lu = await lire(vendredi, dossier.id)
    const echeance = lu.echeances_service.find(({ cle }) => cle === 'diagnostic')
    assert.equal(echeance?.le, '2027-01-18')
    assert.match(echeance?.depart ?? '', /16\/11\/2026/)
    assert.match(echeance?.source ?? '', /Charte/)
    assert.equal(
      lu.echeances_service.some(({ cle }) => cle === 'tableau.reponse'),
      false,
      'the answer is no longer due',
    )
    assert.equal(lu.connu_service, true)
  }))

test('[REP-09] a household carried by two lists has its two months from the first one', () =>
  avecBase(async (base) => {
    const { dossier } = await transmettre(applicationLe(base, LUNDI), {}, 30)
    const suivant = applicationLe(base, '2026-11-23')
    await figer(suivant, 30)
    const seconde = await trouverListe(suivant, 'CAF71', 'assignation', '2026-11-23')
    await repondreEn(suivant, 'CAF71', seconde, [{ rang: 1, reponse: 'a_son_tour' }])
    const [prise] = await suivre(suivant, dossier.id)
    assert.equal(prise?.diagnostic_avant?.toString(), '2027-01-18')
  }))

test('[REP-17] a hearing that comes sooner brings the diagnosis forward, when the household is taken or later', () =>
  avecBase(async (base) => {
    const application = applicationLe(base, LUNDI)
    const avecAudience = menageAssigne('Lacombe', { date_audience: '2027-01-14' })
    const [fixee, sans] = await creerDossiers(application, [avecAudience, menageAssigne('Vernache')])
    assert.ok(fixee && sans)
    await figer(application)
    const liste = await trouverListe(application, 'CAF71', 'assignation', LUNDI)
    await repondreEn(application, 'CAF71', liste, [
      { rang: 1, reponse: 'connu' },
      { rang: 2, reponse: 'connu' },
    ])
    // Five worked days before the hearing of 14/01/2027.
    assert.equal((await suivre(application, fixee.id))[0]?.diagnostic_avant?.toString(), '2027-01-07')
    assert.equal((await suivre(application, sans.id))[0]?.diagnostic_avant?.toString(), '2027-01-18')
    const plusTard = applicationLe(base, '2026-12-01')
    await recevoir(plusTard, sans, menageAssigne('Vernache', { date_audience: '2027-01-14' }))
    assert.equal((await suivre(plusTard, sans.id))[0]?.diagnostic_avant?.toString(), '2027-01-07')
    const [echeance] = (await lire(plusTard, sans.id)).echeances_service
    assert.equal(echeance?.le, '2027-01-07')
    assert.match(echeance?.calcul ?? '', /Avancée.*audience/i)
  }))

test('[REP-10] « pas pour nous » without a reason is refused and nothing of the answers is kept', () =>
  avecBase(async (base) => {
    const application = applicationLe(base, LUNDI)
    await creerDossiers(application, [menageAssigne('Lacombe'), menageAssigne('Vernache')])
    await figer(application)
    const liste = await trouverListe(application, 'CAF71', 'assignation', LUNDI)
    await assert.rejects(
      repondreEn(application, 'CAF71', liste, [
        { rang: 1, reponse: 'connu' },
        { rang: 2, reponse: 'pas_pour_nous', motif: '   ' },
      ]),
      (erreur) => erreur instanceof Refus && erreur.code === 'tableau.motif' && /VERNACHE/.test(erreur.message),
    )
    const { lignes } = await enSysteme(application, 'liste.consulter', (session) => lireListe(session, liste))
    assert.deepEqual(
      lignes.map(({ reponse }) => reponse),
      [null, null],
    )
  }))

test('[REP-10] [ESP-04] a refusal moves the household to the next rank of the cascade, and its reason stays', () =>
  avecBase(async (base) => {
    const application = applicationLe(base, LUNDI)
    const { dossier, liste } = await transmettre(application)
    const bilan = await repondreEn(application, 'CAF71', liste, [
      { rang: 1, reponse: 'pas_pour_nous', motif: 'Hors de notre public' },
    ])
    assert.deepEqual(bilan.dossiersRefuses, [dossier.id])
    await repartir(application, bilan.dossiersRefuses)
    const [nouvelle, refusee] = await suivre(application, dossier.id)
    assert.deepEqual(
      [nouvelle?.organisme_nom, nouvelle?.etat, nouvelle?.origine, nouvelle?.regle],
      ['Service social départemental', 'proposee', 'cascade', 'assignation-autres-menages'],
    )
    assert.deepEqual(
      [refusee?.organisme_nom, refusee?.issue, refusee?.motif],
      ['CAF de Saône-et-Loire', 'refusee', 'Hors de notre public'],
    )
    const faits = await enSysteme(application, 'dossier.consulter', (session) => listerFaits(session, dossier.id))
    assert.ok(faits.some(({ type, donnees }) => type === 'tableau.refuse' && donnees.motif === 'Hors de notre public'))
  }))

test('[REP-10] no answer within the delay moves the household on, not before, and it is said in its chronology', () =>
  avecBase(async (base) => {
    const { dossier } = await transmettre(applicationLe(base, LUNDI), {}, 7)
    const escalader = (jour: string) =>
      enSysteme(applicationLe(base, jour), 'dossier.reaffecter', (session) => escaladerSansReponse(session))
    assert.deepEqual(await escalader('2026-11-23'), { passes: 0, restes: 0 }, 'the last day is still the service’s')
    assert.deepEqual(await escalader('2026-11-24'), { passes: 1, restes: 0 })
    const mardi = applicationLe(base, '2026-11-24')
    const [nouvelle, muette] = await suivre(mardi, dossier.id)
    assert.deepEqual([nouvelle?.organisme_nom, nouvelle?.etat], ['Service social départemental', 'proposee'])
    assert.deepEqual([muette?.organisme_nom, muette?.issue], ['CAF de Saône-et-Loire', 'sans_reponse'])
    const faits = await enSysteme(mardi, 'dossier.consulter', (session) => listerFaits(session, dossier.id))
    assert.ok(faits.some(({ type }) => type === 'tableau.sans_reponse'))
  }))

test('[REP-10] [REP-16] at the last rank the household stays with its service, overdue and shown as such, day after day', () =>
  avecBase(async (base) => {
    const application = applicationLe(base, LUNDI)
    const [dossier] = await creerDossiers(application, [menageInconnu('Quillet')])
    assert.ok(dossier)
    await figer(application, 7)
    for (const jour of ['2026-11-24', '2026-11-25']) {
      const matin = applicationLe(base, jour)
      assert.deepEqual(await enSysteme(matin, 'dossier.reaffecter', (session) => escaladerSansReponse(session)), {
        passes: 0,
        restes: 1,
      })
    }
    const mercredi = applicationLe(base, '2026-11-25')
    const [seule, ...autres] = await suivre(mercredi, dossier.id)
    assert.deepEqual(
      [seule?.organisme_nom, seule?.etat, seule?.issue, autres.length],
      ['Service social départemental', 'transmise', null, 0],
    )
    const [retard] = await enSysteme(mercredi, 'veille.consulter', (session) => listerVeille(session, 'retard'))
    assert.deepEqual(
      [retard?.reference, retard?.echeance?.cle, retard?.echeance?.le],
      [dossier.reference, 'tableau.reponse', '2026-11-23'],
    )
    const [charge] = await enSysteme(mercredi, 'liste.consulter', (session) => compterCharge(session))
    assert.deepEqual([charge?.organisme_nom, charge?.reponse_en_retard], ['Service social départemental', 1])
  }))

test('a household refused by the last rank is taken by nobody, and watched as such', () =>
  avecBase(async (base) => {
    const application = applicationLe(base, LUNDI)
    const [dossier] = await creerDossiers(application, [menageInconnu('Quillet')])
    assert.ok(dossier)
    await figer(application, 7)
    const liste = await trouverListe(application, 'DEP71', 'assignation', LUNDI)
    await repondreEn(application, 'DEP71', liste, [{ rang: 1, reponse: 'pas_pour_nous', motif: 'Ménage parti' }])
    await repartir(application, [dossier.id])
    assert.equal((await lire(application, dossier.id)).etat_service, 'sans_preneur')
    assert.equal(
      (await enSysteme(application, 'veille.consulter', (session) => compterVeille(session))).sans_preneur,
      1,
    )
  }))

test('[REP-10] answering the same twice changes nothing; a household that moved on can no longer be answered, nor by another service', () =>
  avecBase(async (base) => {
    const application = applicationLe(base, LUNDI)
    const { dossier, liste } = await transmettre(application)
    await repondreEn(application, 'CAF71', liste, [{ rang: 1, reponse: 'connu' }])
    const [avant] = await suivre(application, dossier.id)
    const lendemain = applicationLe(base, '2026-11-17')
    assert.deepEqual(await repondreEn(lendemain, 'CAF71', liste, [{ rang: 1, reponse: 'connu' }]), {
      prises: 0,
      refusees: 0,
      confirmees: 0,
      dossiersRefuses: [],
    })
    const [apres] = await suivre(lendemain, dossier.id)
    assert.equal(apres?.prise_le?.toString(), avant?.prise_le?.toString())
    await assert.rejects(repondreEn(lendemain, 'DEP71', liste, [{ rang: 1, reponse: 'connu' }]), Introuvable)
    await repondreEn(lendemain, 'CAF71', liste, [{ rang: 1, reponse: 'pas_pour_nous', motif: 'Erreur de notre part' }])
    await repartir(lendemain, [dossier.id])
    await assert.rejects(
      repondreEn(lendemain, 'CAF71', liste, [{ rang: 1, reponse: 'connu' }]),
      (erreur) => erreur instanceof Refus && erreur.code === 'tableau.passe',
    )
  }))

test('[ACC-06] a service reads its own lists only, and keeps the line of a household that moved on without knowing where', () =>
  avecBase(async (base) => {
    const application = applicationLe(base, LUNDI)
    const { dossier, liste } = await transmettre(application)
    await assert.rejects(
      enTantQue(application, 'DEP71', 'service_social', 'liste.consulter', (session) => lireListe(session, liste)),
      Introuvable,
    )
    await repondreEn(application, 'CAF71', liste, [{ rang: 1, reponse: 'pas_pour_nous', motif: 'Hors secteur' }])
    await repartir(application, [dossier.id])
    const { lignes } = await enTantQue(application, 'CAF71', 'service_social', 'liste.consulter', (session) =>
      lireListe(session, liste),
    )
    assert.equal(lignes.length, 1, 'the list is still exactly as sent')
    assert.deepEqual(
      [lignes[0]?.instantane.titulaire, lignes[0]?.etat, lignes[0]?.vivante, lignes[0]?.reponse],
      ['LACOMBE Camille', null, false, 'pas_pour_nous'],
    )
    await assert.rejects(
      enTantQue(application, 'CAF71', 'service_social', 'dossier.consulter', (session) =>
        lireDossier(session, dossier.id),
      ),
      Introuvable,
    )
  }))

test('a service that confirms a household already taken keeps the date of its diagnosis', () =>
  avecBase(async (base) => {
    const { dossier, liste } = await transmettre(applicationLe(base, LUNDI))
    await repondreEn(applicationLe(base, LUNDI), 'CAF71', liste, [{ rang: 1, reponse: 'connu' }])
    const change = applicationLe(base, '2026-12-10')
    await recevoir(change, dossier, menageAssigne('Lacombe', { montant_dette: 250000 }))
    const lundi = applicationLe(base, '2026-12-14')
    await figer(lundi)
    const seconde = await trouverListe(lundi, 'CAF71', 'assignation', '2026-12-14')
    assert.deepEqual(await repondreEn(lundi, 'CAF71', seconde, [{ rang: 1, reponse: 'connu' }]), {
      prises: 0,
      refusees: 0,
      confirmees: 1,
      dossiersRefuses: [],
    })
    const [prise] = await suivre(lundi, dossier.id)
    assert.deepEqual([prise?.prise_le?.toString(), prise?.diagnostic_avant?.toString()], [LUNDI, '2027-01-18'])
  }))

test('[REP-11] a step left by mistake comes back with the service that had taken the household, and its dates; a new procedure starts afresh', () =>
  avecBase(async (base) => {
    const { dossier, liste } = await transmettre(applicationLe(base, LUNDI))
    await repondreEn(applicationLe(base, LUNDI), 'CAF71', liste, [{ rang: 1, reponse: 'connu' }])
    const application = applicationLe(base, '2026-12-10')
    const [prise] = await suivre(application, dossier.id)
    const avant = await lire(application, dossier.id)
    const menage = menageAssigne('Lacombe')
    const quitter = { type: 'commandement_de_quitter_les_lieux', le: '2026-12-09', acteLe: '2026-12-08' }
    await recevoir(application, dossier, { ...menage, signaux: [...menage.signaux, quitter] })
    const [ailleurs] = await suivre(application, dossier.id)
    assert.deepEqual([ailleurs?.stade, ailleurs?.etat], ['commandement_de_quitter_les_lieux', 'proposee'])
    await recevoir(application, dossier, menage)
    assert.deepEqual((await suivre(application, dossier.id))[0], prise)
    const apres = await lire(application, dossier.id)
    assert.deepEqual(
      [apres.organisme, apres.etat_service, apres.service_depuis, apres.echeances_service],
      [avant.organisme, avant.etat_service, avant.service_depuis, avant.echeances_service],
    )
    const [fait] = await enSysteme(application, 'dossier.consulter', (session) => listerFaits(session, dossier.id))
    assert.equal(fait?.type, 'dossier.service_retrouve')
    // Another summons, after the household had left that step.
    const plusTard = applicationLe(base, '2027-01-11')
    await recevoir(plusTard, dossier, { ...menage, signaux: [{ type: 'impaye_caf', le: '2026-12-20' }] })
    const nouvelle = { type: 'assignation', le: '2027-01-09', acteLe: '2027-01-08', contenu: { suivi_caf: true } }
    await recevoir(plusTard, dossier, { ...menage, signaux: [nouvelle] })
    assert.deepEqual((await suivre(plusTard, dossier.id))[0]?.etat, 'proposee')
  }))

test('[REP-15] a diagnosis that could not be done needs a coded reason and a dated contact, unless the household left', () =>
  avecBase(async (base) => {
    const application = applicationLe(base, LUNDI)
    const { dossier, liste } = await transmettre(application)
    const clore = (motif?: 'injoignable' | 'parti') =>
      enTantQue(application, 'CAF71', 'service_social', 'contact.noter', (session) =>
        cloreDiagnostic(session, { dossier: dossier.id, issue: 'non_realise', motif }),
      )
    await assert.rejects(
      clore('injoignable'),
      (erreur) => erreur instanceof Refus && erreur.code === 'diagnostic.sans-prise',
    )
    await repondreEn(application, 'CAF71', liste, [{ rang: 1, reponse: 'connu' }])
    await assert.rejects(clore(), (erreur) => erreur instanceof Refus && erreur.code === 'diagnostic.motif')
    await assert.rejects(
      clore('injoignable'),
      (erreur) => erreur instanceof Refus && erreur.code === 'diagnostic.contacts',
    )
    const noter = (de: string, role: 'service_social' | 'secretariat', contact: Partial<Contact>) =>
      enTantQue(application, de, role, 'contact.noter', (session) =>
        noterContact(session, {
          ...{ dossier: dossier.id, canal: 'visite', le: Temporal.PlainDate.from(LUNDI), demiJournee: 'matin' },
          ...{ resultat: 'avis_de_passage', note: '', ...contact },
        }),
      )
    // Somebody else's contact, or one that reached the household, does not show that the service could not.
    await noter('SEC71-AUTUN', 'secretariat', {})
    await assert.rejects(
      clore('injoignable'),
      (erreur) => erreur instanceof Refus && erreur.code === 'diagnostic.contacts',
    )
    await noter('CAF71', 'service_social', { canal: 'rendez_vous', resultat: 'rendez_vous_honore' })
    await assert.rejects(
      clore('injoignable'),
      (erreur) => erreur instanceof Refus && erreur.code === 'diagnostic.joint',
    )
    await assert.rejects(
      noter('CAF71', 'service_social', { le: Temporal.PlainDate.from('1990-01-01') }),
      (erreur) => erreur instanceof Refus && erreur.code === 'contact.ancien',
    )
    await noter('CAF71', 'service_social', {})
    await clore('injoignable')
    const { lignes } = await enSysteme(application, 'liste.consulter', (session) => lireListe(session, liste))
    assert.deepEqual([lignes[0]?.diagnostic_fait_le?.toString(), lignes[0]?.issue], [LUNDI, 'non_realise'])
    const [echeance] = (await lire(application, dossier.id)).echeances_service
    assert.equal(echeance?.tenueLe, LUNDI)
  }))

test('[REP-16] [ESP-04] a diagnosis is announced before its term and counted late after it, with its service', () =>
  avecBase(async (base) => {
    const application = applicationLe(base, LUNDI)
    const { dossier, liste } = await transmettre(application)
    await repondreEn(application, 'CAF71', liste, [{ rang: 1, reponse: 'connu' }])
    const file = async (jour: string) => {
      const comptes = await enSysteme(applicationLe(base, jour), 'veille.consulter', (session) =>
        compterVeille(session),
      )
      return Object.entries(comptes).flatMap(([cle, n]) =>
        n > 0 && ['retard', 'aujourdhui', '7_jours', '15_jours'].includes(cle) ? [cle] : [],
      )
    }
    assert.deepEqual(await file('2027-01-04'), ['15_jours'])
    assert.deepEqual(await file('2027-01-11'), ['7_jours'])
    assert.deepEqual(await file('2027-01-18'), ['aujourdhui'])
    assert.deepEqual(await file('2027-01-19'), ['retard'])
    const [ligne] = await enSysteme(applicationLe(base, '2027-01-19'), 'veille.consulter', (session) =>
      listerVeille(session, 'retard', 'autun'),
    )
    assert.deepEqual(
      [ligne?.reference, ligne?.organisme_nom, ligne?.echeance?.cle],
      [dossier.reference, 'CAF de Saône-et-Loire', 'diagnostic'],
    )
    assert.deepEqual(
      await enSysteme(applicationLe(base, '2027-01-19'), 'veille.consulter', (session) =>
        listerVeille(session, 'retard', 'macon'),
      ),
      [],
    )
  }))

test('[RAP-07] a household in judicial procedure stops being unknown once a service takes it, and stays known when a person gives it to another', () =>
  avecBase(async (base) => {
    const application = applicationLe(base, LUNDI)
    const [dossier] = await creerDossiers(application, [menageInconnu('Quillet')])
    assert.ok(dossier)
    const inconnus = async (jour: string) =>
      (await enSysteme(applicationLe(base, jour), 'veille.consulter', (session) => compterVeille(session))).inconnus
    assert.equal(await inconnus(LUNDI), 1)
    await figer(application)
    assert.equal(await inconnus(LUNDI), 1, 'being in a list is not being known')
    const liste = await trouverListe(application, 'DEP71', 'assignation', LUNDI)
    await repondreEn(application, 'DEP71', liste, [{ rang: 1, reponse: 'a_son_tour' }])
    assert.equal(await inconnus(LUNDI), 0)
    await enSysteme(application, 'dossier.reaffecter', async (session) => {
      const [caf] = await session.sql<{ id: string }>`select id from organisme where dept = '71' and code = 'CAF71'`
      await reaffecterDossiers(session, {
        dossiers: [dossier.id],
        organisme: caf?.id ?? '',
        motif: 'À la demande du ménage',
      })
    })
    assert.equal(await inconnus(LUNDI), 0)
  }))

test('[REP-09] a list sent when no delay is in force gives no date to render the diagnosis: none is made up', () =>
  avecBase(async (base) => {
    // The charter of 71 ends on 25/01/2027: the household was entrusted on its last day, and its list is sent the day after.
    const [dossier] = await creerDossiers(applicationLe(base, '2027-01-25'), [menageAssigne('Lacombe')])
    const lendemain = applicationLe(base, '2027-01-26')
    await figer(lendemain)
    const liste = await trouverListe(lendemain, 'CAF71', 'assignation', '2027-01-26')
    await repondreEn(lendemain, 'CAF71', liste, [{ rang: 1, reponse: 'connu' }])
    const [prise] = await suivre(lendemain, dossier?.id ?? '')
    assert.deepEqual([prise?.etat, prise?.diagnostic_avant], ['prise', null])
    assert.deepEqual((await lire(lendemain, dossier?.id ?? '')).echeances_service, [])
  }))
