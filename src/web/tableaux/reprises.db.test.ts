import assert from 'node:assert/strict'
import test from 'node:test'
import { lireOrganisme } from '#acces'
import { lireDossier, listerFaits } from '#dossiers'
import {
  cloreDiagnostic,
  lireListe,
  listerAffectations,
  noterContact,
  reaffecterDossiers,
  repartirDossiers,
} from '#repartition'
import {
  applicationLe,
  avecBase,
  creerDossiers,
  enSysteme,
  enTantQue,
  figer,
  menageAssigne,
  type Navigateur,
  naviguer,
  recevoir,
  trouverListe,
} from './fabrique-essai.ts'
import { routesTableaux } from './index.ts'

const LUNDI = '2026-11-16'
const LUNDI_SUIVANT = '2026-11-23'
type Application = ReturnType<typeof applicationLe>

async function enTant(
  application: Application,
  nom: string,
  travail: (qui: Navigateur) => Promise<void>,
): Promise<void> {
  const navigateur = await naviguer(application, nom, routesTableaux)
  try {
    await travail(navigateur)
  } finally {
    await navigateur.fermer()
  }
}

const suivre = (application: Application, dossier: string) =>
  enSysteme(application, 'dossier.consulter', (session) => listerAffectations(session, dossier))
const lire = (application: Application, dossier: string) =>
  enSysteme(application, 'dossier.consulter', (session) => lireDossier(session, dossier))
const relire = (application: Application, liste: string) =>
  enSysteme(application, 'liste.consulter', (session) => lireListe(session, liste))

/** Households in the list of the CAF of the Monday; the Département comes next in their cascade. */
async function transmettre(application: Application, ...noms: string[]) {
  const dossiers = await creerDossiers(
    application,
    noms.map((nom) => menageAssigne(nom)),
  )
  await figer(application)
  return { dossiers, liste: await trouverListe(application, 'CAF71', 'assignation', LUNDI) }
}

const refuser = (qui: Navigateur, liste: string) =>
  qui.envoyer(`/tableaux/${liste}/reponses`, {
    'r-1': 'pas_pour_nous',
    'm-1': 'Hors de notre secteur',
    suite: 'envoyer',
  })

test('[REP-10] « pas pour nous » is taken back while the next rank has not answered: the same decision, the same dates', () =>
  avecBase(async (base) => {
    const application = applicationLe(base, LUNDI)
    const { dossiers, liste } = await transmettre(application, 'Lacombe')
    const dossier = dossiers[0]?.id ?? ''
    const [avant] = await suivre(application, dossier)
    const etatAvant = await lire(application, dossier)
    await enTant(application, 'caf', async (caf) => {
      const envoyee = await refuser(caf, liste)
      assert.match(envoyee.message?.texte ?? '', /1 ménage passé au rang suivant/)
      assert.equal((await lire(application, dossier)).organisme_nom, 'Service social départemental')
      const page = await caf.lire(`/tableaux/${liste}`)
      assert.match(page.texte, /Reprendre/)
      const reprise = await caf.envoyer(`/tableaux/${liste}/reprendre`, { rang: '1' })
      assert.deepEqual([reprise.statut, reprise.vers], [303, `/tableaux/${liste}`])
      assert.match(reprise.message?.texte ?? '', /1 réponse reprise : le ménage attend de nouveau la vôtre/)
      assert.match((await caf.lire(`/tableaux/${liste}`)).texte, /1 ménage attend une réponse/)
    })
    const [revenue, ...autres] = await suivre(application, dossier)
    assert.deepEqual(revenue, avant, 'the very decision that was answered')
    assert.deepEqual(
      autres.map(({ organisme_nom, issue }) => [organisme_nom, issue]),
      [['Service social départemental', 'reprise']],
    )
    const etatApres = await lire(application, dossier)
    assert.deepEqual(
      [etatApres.organisme, etatApres.etat_service, etatApres.echeances_service, etatApres.connu_service],
      [etatAvant.organisme, etatAvant.etat_service, etatAvant.echeances_service, etatAvant.connu_service],
    )
    const { lignes } = await relire(application, liste)
    assert.deepEqual([lignes[0]?.reponse, lignes[0]?.motif, lignes[0]?.repondu_a], [null, null, null])
    const faits = await enSysteme(application, 'dossier.consulter', (session) => listerFaits(session, dossier))
    const types = faits.map(({ type }) => type)
    assert.ok(types.includes('tableau.refuse') && types[0] === 'tableau.reponse_reprise', 'both facts stay')
  }))

test('an answer that is none of the list is refused, whatever its name', () =>
  avecBase(async (base) => {
    const application = applicationLe(base, LUNDI)
    const { liste } = await transmettre(application, 'Lacombe')
    await enTant(application, 'caf', async (caf) => {
      for (const reponse of ['constructor', 'toString', 'zzz']) {
        const envoyee = await caf.envoyer(`/tableaux/${liste}/reponses`, { 'r-1': reponse, suite: 'envoyer' })
        assert.equal(envoyee.statut, 422, reponse)
      }
    })
    assert.equal((await relire(application, liste)).lignes[0]?.reponse, null)
  }))

test('[REP-10] refused at the last rank, a household is told to be left to the secretariat, and its dossier no longer opens from the list', () =>
  avecBase(async (base) => {
    const application = applicationLe(base, LUNDI)
    const { dossiers, liste } = await transmettre(application, 'Lacombe')
    const [dossier] = dossiers
    assert.ok(dossier)
    const lien = new RegExp(`href="/dossiers/${dossier.reference}"`)
    await enTant(application, 'caf', async (caf) => {
      await refuser(caf, liste)
    })
    const suite = applicationLe(base, LUNDI_SUIVANT)
    await figer(suite)
    const derniere = await trouverListe(suite, 'DEP71', 'assignation', LUNDI_SUIVANT)
    await enTant(suite, 'departement', async (departement) => {
      assert.match((await departement.lire(`/tableaux/${derniere}`)).html, lien)
      const envoyee = await refuser(departement, derniere)
      assert.match(envoyee.message?.texte ?? '', /1 ménage sans autre service à solliciter, que le secrétariat voit/)
      assert.doesNotMatch(envoyee.message?.texte ?? '', /passé au rang suivant/)
      const page = await departement.lire(`/tableaux/${derniere}`)
      assert.match(page.texte, /s’il n’en reste pas, revenu au secrétariat/)
      assert.doesNotMatch(page.html, lien)
    })
    assert.equal((await lire(suite, dossier.id)).etat_service, 'sans_preneur')
  }))

test('[REP-10] asked but silent, the next rank gives the household back; once it answered, it is too late and the page says who has it', () =>
  avecBase(async (base) => {
    const application = applicationLe(base, LUNDI)
    const { dossiers, liste } = await transmettre(application, 'Lacombe', 'Vernache')
    const [premier = '', second = ''] = dossiers.map(({ id }) => id)
    await enTant(application, 'caf', async (caf) => {
      await caf.envoyer(`/tableaux/${liste}/reponses`, {
        'r-1': 'pas_pour_nous',
        'm-1': 'Hors secteur',
        'r-2': 'pas_pour_nous',
        'm-2': 'Hors secteur',
        suite: 'envoyer',
      })
    })
    const suite = applicationLe(base, LUNDI_SUIVANT)
    await figer(suite)
    const suivante = await trouverListe(suite, 'DEP71', 'assignation', LUNDI_SUIVANT)
    await enTant(suite, 'departement', async (departement) => {
      await departement.envoyer(`/tableaux/${suivante}/reponses`, { 'r-2': 'connu', suite: 'envoyer' })
    })
    const prise = await lire(suite, second)
    assert.equal(prise.etat_service, 'prise')
    await enTant(suite, 'caf', async (caf) => {
      const reprise = await caf.envoyer(`/tableaux/${liste}/reprendre`, { rang: '1' })
      assert.match(reprise.message?.texte ?? '', /1 réponse reprise/)
      const tardive = await caf.envoyer(`/tableaux/${liste}/reprendre`, { rang: '2' })
      assert.equal(
        tardive.message?.texte,
        'Trop tard pour la ligne 2, VERNACHE Camille. Le service suivant a répondu. Il est pris en charge par Service social départemental depuis le 23/11/2026.',
      )
    })
    assert.equal((await lire(suite, premier)).organisme_nom, 'CAF de Saône-et-Loire')
    assert.deepEqual(await lire(suite, second), prise, 'nothing moved')
    await enTant(suite, 'departement', async (departement) => {
      const page = await departement.lire(`/tableaux/${suivante}`)
      assert.match(page.texte, /Ce ménage n’est plus confié à ce service/)
    })
  }))

test('[REP-10] a taking is taken back: the answer is awaited again, with its delay, and nobody knows the household', () =>
  avecBase(async (base) => {
    const application = applicationLe(base, LUNDI)
    const { dossiers, liste } = await transmettre(application, 'Lacombe')
    const dossier = dossiers[0]?.id ?? ''
    const [avant] = await suivre(application, dossier)
    const inconnu = (await lire(application, dossier)).connu_service
    await enTant(application, 'caf', async (caf) => {
      await caf.envoyer(`/tableaux/${liste}/reponses`, { 'r-1': 'a_son_tour', suite: 'envoyer' })
      const [prise] = await suivre(application, dossier)
      assert.equal(prise?.etat, 'prise')
      // Changed, then taken back: the answer before comes back, not none.
      await caf.envoyer(`/tableaux/${liste}/reponses`, { 'r-1': 'connu', suite: 'envoyer' })
      await caf.envoyer(`/tableaux/${liste}/reprendre`, { rang: '1' })
      assert.equal((await relire(application, liste)).lignes[0]?.reponse, 'a_son_tour')
      assert.deepEqual((await suivre(application, dossier))[0], prise)
      await caf.envoyer(`/tableaux/${liste}/reprendre`, { rang: '1' })
    })
    assert.deepEqual((await suivre(application, dossier))[0], avant)
    const etat = await lire(application, dossier)
    assert.deepEqual([etat.etat_service, etat.connu_service], ['transmise', inconnu])
    assert.equal((await relire(application, liste)).lignes[0]?.reponse, null)
  }))

test('[REP-10] everything sent together is taken back together; what is ticked and not sent stays on the page', () =>
  avecBase(async (base) => {
    const application = applicationLe(base, LUNDI)
    const { liste } = await transmettre(application, 'Lacombe', 'Quillet', 'Vernache')
    await enTant(application, 'caf', async (caf) => {
      const envoyee = await caf.envoyer(`/tableaux/${liste}/reponses`, {
        'r-1': 'connu',
        'r-2': 'pas_pour_nous',
        'm-2': 'Parti',
        suite: 'envoyer',
      })
      const reprise = await caf.envoyer(`/tableaux/${liste}/reprendre`, envoyee.message?.defaire?.champs ?? {})
      assert.match(reprise.message?.texte ?? '', /2 réponses reprises/)
      const { lignes } = await relire(application, liste)
      assert.ok(lignes.every(({ reponse, vivante, etat }) => reponse === null && vivante && etat === 'transmise'))
      const encore = await caf.envoyer(`/tableaux/${liste}/reprendre`, envoyee.message?.defaire?.champs ?? {})
      assert.match(encore.message?.texte ?? '', /déjà reprise/)
      await caf.envoyer(`/tableaux/${liste}/reponses`, { 'r-1': 'connu', suite: 'envoyer' })
      const page = await caf.envoyer(`/tableaux/${liste}/reprendre`, { rang: '1', 'r-1': 'connu', 'r-3': 'a_son_tour' })
      assert.equal(page.statut, 200)
      assert.match(page.texte, /1 réponse reprise/)
      assert.match(
        page.html,
        /name="r-3"[^>]*checked=""[^>]*value="a_son_tour"|name="r-3"[^>]*value="a_son_tour"[^>]*checked=""/,
      )
      assert.doesNotMatch(page.html, /name="r-1"[^>]*checked=""/)
    })
  }))

test('[REP-11] too late is said with its reason: a closed diagnosis, a person’s choice, a new step; and nobody takes back for another', () =>
  avecBase(async (base) => {
    const application = applicationLe(base, LUNDI)
    const { dossiers, liste } = await transmettre(application, 'Abdoulatif', 'Lacombe', 'Vernache')
    const [clos, confie, avance] = dossiers
    assert.ok(clos && confie && avance)
    await enTant(application, 'caf', async (caf) => {
      await caf.envoyer(`/tableaux/${liste}/reponses`, {
        'r-1': 'connu',
        'r-2': 'pas_pour_nous',
        'm-2': 'Hors secteur',
        'r-3': 'pas_pour_nous',
        'm-3': 'Hors secteur',
        suite: 'envoyer',
      })
    })
    await enTantQue(application, 'CAF71', 'service_social', 'contact.noter', async (session) => {
      await noterContact(session, {
        dossier: clos.id,
        canal: 'appel',
        le: session.jour,
        demiJournee: null,
        resultat: 'information_donnee',
        note: '',
      })
      await cloreDiagnostic(session, { dossier: clos.id, issue: 'transmis' })
    })
    await enSysteme(application, 'dossier.reaffecter', async (session) => {
      const { id } = await lireOrganisme(session, 'ADIL71')
      await reaffecterDossiers(session, { dossiers: [confie.id], organisme: id, motif: 'Question de droit' })
    })
    await recevoir(application, avance, {
      nom: 'Vernache',
      signaux: [{ type: 'commandement_de_quitter_les_lieux', le: '2026-11-15', acteLe: '2026-11-14' }],
    })
    await enSysteme(application, 'dossier.reaffecter', (session) => repartirDossiers(session, [avance.id]))
    await enTant(application, 'caf', async (caf) => {
      const dire = async (rang: string) =>
        (await caf.envoyer(`/tableaux/${liste}/reprendre`, { rang })).message?.texte ?? ''
      assert.match(await dire('1'), /Son diagnostic est clos : le rouvrir d’abord/)
      assert.match(
        await dire('2'),
        /Une personne a choisi un autre service depuis\. Il est confié à ADIL de Saône-et-Loire/,
      )
      assert.match(
        await dire('3'),
        /La décision a changé depuis votre réponse\. Il est confié à Service social départemental/,
      )
    })
    for (const autre of ['adil', 'departement']) {
      await enTant(application, autre, async (qui) => {
        assert.equal((await qui.envoyer(`/tableaux/${liste}/reprendre`, { rang: '2' })).statut, 404)
      })
    }
    await enTant(application, 'secretariat', async (qui) => {
      assert.equal((await qui.envoyer(`/tableaux/${liste}/reprendre`, { rang: '2' })).statut, 403)
    })
  }))

test('[REP-10] two people of a service who answer the same line see both answers; what was typed is kept, and they choose', () =>
  avecBase(async (base) => {
    const application = applicationLe(base, LUNDI)
    const { liste } = await transmettre(application, 'Lacombe', 'Quillet', 'Vernache')
    await enTant(application, 'caf', async (caf) => {
      const page = await caf.lire(`/tableaux/${liste}`)
      const vus = Object.fromEntries(
        [...page.html.matchAll(/name="(vu-\d+)" value="([^"]+)"/g)].map(([, nom = '', valeur = '']) => [nom, valeur]),
      )
      assert.equal(Object.keys(vus).length, 3, 'each line carries the mark of what was seen')
      // A colleague answers two of them first.
      await caf.envoyer(`/tableaux/${liste}/reponses`, {
        'r-1': 'connu',
        'r-3': 'pas_pour_nous',
        'm-3': 'Parti',
        suite: 'envoyer',
      })
      const mienne = { ...vus, 'r-1': 'a_son_tour', 'r-2': 'connu', 'r-3': 'connu' }
      for (const suite of ['relire', 'envoyer']) {
        const conflit = await caf.envoyer(`/tableaux/${liste}/reponses`, { ...mienne, suite })
        assert.equal(conflit.statut, 409)
        assert.match(conflit.html, /<title>Erreur\u00a0: /)
        assert.match(
          conflit.texte,
          /Ligne 1, LACOMBE Camille Pris à notre tour Connu, pris Camille CAF, le 16\/11\/2026/,
        )
        assert.match(conflit.texte, /Ligne 3, VERNACHE Camille Connu, pris Pas pour nous : Parti/)
        assert.doesNotMatch(conflit.texte, /Ligne 2, QUILLET/, 'only what differs')
        assert.match(conflit.texte, /Garder ce qui est enregistré, et relire l’autre réponse/)
        assert.match(conflit.texte, /reprendre d’abord la réponse « Pas pour nous »/)
      }
      const { lignes } = await relire(application, liste)
      assert.deepEqual(
        lignes.map(({ reponse }) => reponse),
        ['connu', null, 'pas_pour_nous'],
        'nothing was written over',
      )
      // « Mettre ma réponse à la place » carries fresh marks, and the other line with it.
      const conflit = await caf.envoyer(`/tableaux/${liste}/reponses`, { ...mienne, suite: 'envoyer' })
      const remplacer = conflit.html.split('<form').find((form) => form.includes('à la place')) ?? ''
      const champs = Object.fromEntries(
        [...remplacer.matchAll(/name="([^"]+)" value="([^"]*)"/g)].map(([, nom = '', valeur = '']) => [nom, valeur]),
      )
      assert.deepEqual([champs['r-1'], champs['r-2'], champs['r-3']], ['a_son_tour', 'connu', undefined])
      assert.match(
        (await caf.envoyer(`/tableaux/${liste}/reponses`, champs)).texte,
        /Relire avant d’envoyer : 2 réponses/,
      )
      await caf.envoyer(`/tableaux/${liste}/reponses`, { ...champs, suite: 'envoyer' })
      const apres = await relire(application, liste)
      assert.deepEqual(
        apres.lignes.map(({ reponse }) => reponse),
        ['a_son_tour', 'connu', 'pas_pour_nous'],
      )
      // The same answer twice is no conflict.
      const pareille = await caf.envoyer(`/tableaux/${liste}/reponses`, { ...vus, 'r-2': 'connu', suite: 'envoyer' })
      assert.deepEqual([pareille.statut, pareille.vers], [303, `/tableaux/${liste}`])
      assert.match(pareille.message?.texte ?? '', /déjà enregistrées/)
    })
  }))
