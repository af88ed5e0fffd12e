import assert from 'node:assert/strict'
import test from 'node:test'
import { lireDossier } from '#dossiers'
import { escaladerSansReponse, lireListe, listerAffectations } from '#repartition'
import {
  applicationLe,
  avecBase,
  creerDossiers,
  enSysteme,
  figer,
  menageAssigne,
  menageInconnu,
  type Navigateur,
  naviguer,
  trouverListe,
} from './fabrique-essai.ts'
import { routesTableaux } from './index.ts'

const LUNDI = '2026-11-16'
type Application = ReturnType<typeof applicationLe>

async function avecNavigateur(
  application: Application,
  nom: string,
  travail: (navigateur: Navigateur) => Promise<void>,
): Promise<void> {
  const navigateur = await naviguer(application, nom, routesTableaux)
  try {
    await travail(navigateur)
  } finally {
    await navigateur.fermer()
  }
}

const relire = (application: Application, id: string) =>
  enSysteme(application, 'liste.consulter', (session) => lireListe(session, id))

test('[REP-08] [REP-27] the secretariat reads what will be frozen by service before freezing, then freezes once', () =>
  avecBase(async (base) => {
    const application = applicationLe(base, LUNDI)
    await creerDossiers(application, [menageAssigne('Lacombe'), menageAssigne('Vernache'), menageInconnu('Quillet')])
    await avecNavigateur(application, 'secretariat', async (navigateur) => {
      const avant = await navigateur.lire('/tableaux')
      assert.match(avant.texte, /Répartir : 3 ménages à transmettre, 0 réponse attendue/)
      const relecture = await navigateur.lire('/tableaux/figer')
      assert.match(relecture.texte, /3 ménages partiront vers 2 services, en 2 tableaux/)
      assert.match(relecture.texte, /CAF de Saône-et-Loire Assignation 2 0 0 2/)
      assert.match(relecture.texte, /7 jours pour répondre, jusqu’au lundi 23 novembre 2026/)
      assert.match(relecture.texte, /à compléter par le département/, 'the delay is Amont’s, and says so')
      const figes = await navigateur.envoyer('/tableaux/figer', {})
      assert.deepEqual([figes.statut, figes.vers], [303, '/tableaux'])
      const apres = await navigateur.lire('/tableaux')
      assert.match(apres.texte, /Répartir : 0 ménage à transmettre, 3 réponses attendues/)
      assert.match(apres.texte, /CAF de Saône-et-Loire, n° 1 Assignation 16\/11\/2026 2 2 0 0 0 2 ménages/)
      assert.match(apres.texte, /CAF de Saône-et-Loire 0 2 0 0 0 0/, 'load: nothing to send, two without an answer')
      await navigateur.envoyer('/tableaux/figer', {})
      const listes = await navigateur.lire('/tableaux')
      assert.equal(listes.html.match(/href="\/tableaux\/[0-9a-f-]{36}"/g)?.length, 2, 'freezing again adds nothing')
      for (const faux of ['hier', '2026-99-99'])
        assert.equal((await navigateur.lire(`/tableaux?avant=${faux}`)).statut, 200, faux)
      assert.match(listes.texte, /Rien à transmettre Tous les ménages confiés à un service sont déjà/)
      await creerDossiers(application, [menageAssigne('Tardive')])
      assert.match(
        (await navigateur.lire('/tableaux')).texte,
        /Les tableaux du jour sont figés 1 ménage confié depuis attend le tableau suivant : un service n’en reçoit qu’un par étape et par jour\. À figer dès demain, ou lundi matin\./,
      )
    })
  }))

test('freezing belongs to the secretariat, and a form without its token does nothing', () =>
  avecBase(async (base) => {
    const application = applicationLe(base, LUNDI)
    await creerDossiers(application, [menageAssigne('Lacombe')])
    for (const nom of ['caf', 'prefecture', 'pilote']) {
      await avecNavigateur(application, nom, async (navigateur) => {
        assert.equal((await navigateur.lire('/tableaux/figer')).statut, 403, nom)
        assert.equal((await navigateur.envoyer('/tableaux/figer', {})).statut, 403, nom)
        assert.doesNotMatch((await navigateur.lire('/tableaux')).texte, /Figer les tableaux/)
      })
    }
    await avecNavigateur(application, 'secretariat', async (navigateur) => {
      assert.equal((await navigateur.envoyer('/tableaux/figer', { _jeton: 'faux' })).statut, 403)
      assert.match((await navigateur.lire('/tableaux')).texte, /Aucun tableau n’a encore été figé/)
    })
  }))

test('[REP-08] [REP-10] a service sees its list as sent, names each answer by its household, and knows why it is asked', () =>
  avecBase(async (base) => {
    const application = applicationLe(base, LUNDI)
    await creerDossiers(application, [
      menageAssigne('Lacombe'),
      menageAssigne('Vernache', { date_audience: '2027-01-14' }),
    ])
    await figer(application)
    const id = await trouverListe(application, 'CAF71', 'assignation', LUNDI)
    await avecNavigateur(application, 'caf', async (navigateur) => {
      const accueil = await navigateur.lire('/tableaux')
      assert.match(accueil.texte, /Répondre : 2 ménages attendent votre réponse/)
      const page = await navigateur.lire(`/tableaux/${id}`)
      assert.match(page.texte, /Tableau n° 1 : qui va vers ces 2 ménages/)
      assert.match(
        page.texte,
        /Figé le lundi 16 novembre 2026, il ne changera plus\. Sans réponse le lundi 23 novembre 2026/,
      )
      assert.match(page.texte, /Le ménage est déjà accompagné par le service social de la CAF/)
      assert.match(page.texte, /Rang 3 de la cascade/)
      assert.match(page.texte, /engagement 28 de la CAF/)
      assert.match(page.texte, /Audience le 14\/01\/2027/)
      assert.match(page.html, /<legend class="sr">Réponse pour LACOMBE Camille<\/legend>/)
      assert.equal(page.html.match(/type="radio"/g)?.length, 6)
      assert.match(page.html, /href="\/tableaux\/[0-9a-f-]+\/tableau\.pdf"/)
    })
    await avecNavigateur(application, 'secretariat', async (navigateur) => {
      const page = await navigateur.lire(`/tableaux/${id}`)
      assert.equal(page.statut, 200)
      assert.doesNotMatch(page.html, /type="radio"/, 'the secretariat reads, it does not answer for the service')
      assert.match(page.texte, /Ouvert par le service le 16\/11\/2026/)
    })
  }))

test('[REP-10] answers are reviewed before they leave; « pas pour nous » without a reason keeps everything typed', () =>
  avecBase(async (base) => {
    const application = applicationLe(base, LUNDI)
    const dossiers = await creerDossiers(application, [
      menageAssigne('Abdoulatif'),
      menageAssigne('Lacombe'),
      menageAssigne('Vernache'),
    ])
    await figer(application)
    const id = await trouverListe(application, 'CAF71', 'assignation', LUNDI)
    await avecNavigateur(application, 'caf', async (navigateur) => {
      const saisie = {
        'r-1': 'connu',
        'r-2': 'pas_pour_nous',
        'r-3': 'pas_pour_nous',
        'm-3': 'Ménage <parti> & "loin"',
      }
      const relue = await navigateur.envoyer(`/tableaux/${id}/reponses`, { ...saisie, suite: 'relire' })
      assert.equal(relue.statut, 200)
      assert.match(relue.texte, /Relire avant d’envoyer : 3 réponses/)
      assert.match(relue.texte, /Dans 63 j · 18\/01/, 'the date the diagnosis will be due')
      assert.ok(
        (await relire(application, id)).lignes.every(({ reponse }) => reponse === null),
        'nothing left yet',
      )
      const refusee = await navigateur.envoyer(`/tableaux/${id}/reponses`, { ...saisie, suite: 'envoyer' })
      assert.equal(refusee.statut, 422)
      assert.match(refusee.texte, /Ligne 2, LACOMBE Camille : dire pourquoi ce ménage n’est pas pour vous/)
      assert.match(refusee.html, /<title>Erreur\u00a0: /)
      assert.match(refusee.html, /name="m-3"[^>]*value="Ménage &lt;parti&gt; &amp; &quot;loin&quot;"/)
      assert.match(refusee.html, /name="r-1" value="connu"/)
      assert.ok((await relire(application, id)).lignes.every(({ reponse }) => reponse === null))
      const retour = await navigateur.envoyer(`/tableaux/${id}/reponses`, { ...saisie, suite: 'corriger' })
      assert.match(retour.html, /name="r-1" checked="" value="connu"|name="r-1" value="connu" checked=""/)
      const envoyee = await navigateur.envoyer(`/tableaux/${id}/reponses`, {
        ...saisie,
        'm-2': 'Hors de notre secteur',
        suite: 'envoyer',
      })
      assert.deepEqual([envoyee.statut, envoyee.vers], [303, `/tableaux/${id}`])
      const { lignes } = await relire(application, id)
      assert.deepEqual(
        lignes.map(({ reponse, motif }) => [reponse, motif]),
        [
          ['connu', null],
          ['pas_pour_nous', 'Hors de notre secteur'],
          ['pas_pour_nous', 'Ménage <parti> & "loin"'],
        ],
      )
      const page = await navigateur.lire(`/tableaux/${id}`)
      assert.match(
        page.texte,
        /Hors de notre secteur\. Le 16\/11\/2026 à 8 h 00, Camille CAF\. Le ménage est passé au rang suivant/,
      )
      assert.match(page.texte, /Diagnostic avant le 18\/01\/2027/)
    })
    // The next rank is asked at once, without waiting for the queue.
    const refuse = dossiers[1]?.id ?? ''
    const [nouvelle] = await enSysteme(application, 'dossier.consulter', (session) =>
      listerAffectations(session, refuse),
    )
    assert.deepEqual([nouvelle?.organisme_nom, nouvelle?.etat], ['Service social départemental', 'proposee'])
    await avecNavigateur(application, 'caf', async (navigateur) => {
      const page = await navigateur.lire(`/tableaux/${id}`)
      const reference = dossiers[1]?.reference ?? ''
      assert.ok(!page.html.includes(`/dossiers/${reference}`), 'no link to a dossier out of the perimeter')
    })
  }))

test('[REP-10] the empty lines are filled in one go, answered ones and those of other services untouched', () =>
  avecBase(async (base) => {
    const application = applicationLe(base, LUNDI)
    await creerDossiers(application, [menageAssigne('Abdoulatif'), menageAssigne('Lacombe'), menageAssigne('Vernache')])
    await figer(application)
    const id = await trouverListe(application, 'CAF71', 'assignation', LUNDI)
    await avecNavigateur(application, 'caf', async (navigateur) => {
      const chemin = `/tableaux/${id}/reponses`
      const remplie = await navigateur.envoyer(chemin, {
        'r-2': 'pas_pour_nous',
        'm-2': 'Parti',
        lot: 'a_son_tour',
        suite: 'remplir',
      })
      assert.match(remplie.texte, /2 lignes remplies avec « Pris à notre tour »\. Rien n’est encore parti/)
      const coches = [...remplie.html.matchAll(/name="(r-\d)"(?: checked=""| value="([a-z_]+)"){2}/g)].map(
        ([, nom, valeur]) => [nom, valeur],
      )
      assert.deepEqual(coches, [
        ['r-1', 'a_son_tour'],
        ['r-2', 'pas_pour_nous'],
        ['r-3', 'a_son_tour'],
      ])
      assert.match(remplie.html, /value="Parti"/)
      const sansChoix = await navigateur.envoyer(chemin, { lot: '', suite: 'remplir' })
      assert.equal(sansChoix.statut, 422)
      const vide = await navigateur.envoyer(chemin, { suite: 'relire' })
      assert.equal(vide.statut, 422)
      assert.match(vide.texte, /Aucune réponse nouvelle/)
    })
  }))

test('[ACC-06] another service neither reads nor answers nor exports a list that is not its own', () =>
  avecBase(async (base) => {
    const application = applicationLe(base, LUNDI)
    await creerDossiers(application, [menageAssigne('Lacombe')])
    await figer(application)
    const id = await trouverListe(application, 'CAF71', 'assignation', LUNDI)
    await avecNavigateur(application, 'adil', async (navigateur) => {
      assert.equal((await navigateur.lire(`/tableaux/${id}`)).statut, 404)
      for (const format of ['pdf', 'xlsx', 'ods', 'csv'])
        assert.equal((await navigateur.lire(`/tableaux/${id}/tableau.${format}`)).statut, 404)
      assert.equal(
        (await navigateur.envoyer(`/tableaux/${id}/reponses`, { 'r-1': 'connu', suite: 'envoyer' })).statut,
        404,
      )
      assert.doesNotMatch((await navigateur.lire('/tableaux')).texte, /CAF de Saône/)
      assert.equal((await navigateur.lire('/tableaux/11111111-1111-4111-8111-111111111111')).statut, 404)
      assert.equal((await navigateur.lire('/tableaux/pas-un-numero')).statut, 404)
    })
    await avecNavigateur(application, 'secretariat', async (navigateur) => {
      assert.equal(
        (await navigateur.envoyer(`/tableaux/${id}/reponses`, { 'r-1': 'connu', suite: 'envoyer' })).statut,
        403,
      )
    })
    assert.equal((await relire(application, id)).lignes[0]?.reponse, null)
  }))

test('[REP-10] a line whose household moved on says so, and answering it from an old page is refused with what was typed', () =>
  avecBase(async (base) => {
    const application = applicationLe(base, LUNDI)
    const [dossier] = await creerDossiers(application, [menageAssigne('Lacombe'), menageAssigne('Vernache')])
    assert.ok(dossier)
    await figer(application)
    const id = await trouverListe(application, 'CAF71', 'assignation', LUNDI)
    const mardi = applicationLe(base, '2026-11-24')
    await enSysteme(mardi, 'dossier.reaffecter', (session) => escaladerSansReponse(session))
    await avecNavigateur(mardi, 'caf', async (navigateur) => {
      const page = await navigateur.lire(`/tableaux/${id}`)
      assert.match(page.texte, /Sans réponse le 23\/11\/2026, le ménage est passé au rang suivant/)
      assert.doesNotMatch(page.html, /type="radio"/)
      const tardive = await navigateur.envoyer(`/tableaux/${id}/reponses`, { 'r-1': 'connu', suite: 'envoyer' })
      assert.equal(tardive.statut, 422)
    })
    const etat = await enSysteme(mardi, 'dossier.consulter', (session) => lireDossier(session, dossier.id))
    assert.equal(etat.organisme_nom, 'Service social départemental')
  }))

test('[REP-14] [REP-15] a household taken leads to its diagnosis: rendered, or why it could not be done', () =>
  avecBase(async (base) => {
    const application = applicationLe(base, LUNDI)
    const [dossier] = await creerDossiers(application, [menageInconnu('Quillet')])
    await figer(application)
    const id = await trouverListe(application, 'DEP71', 'assignation', LUNDI)
    await avecNavigateur(application, 'departement', async (navigateur) => {
      await navigateur.envoyer(`/tableaux/${id}/reponses`, { 'r-1': 'connu', suite: 'envoyer' })
      const page = await navigateur.lire(`/tableaux/${id}`)
      assert.ok(page.html.includes(`href="/dossiers/${dossier?.reference}/diagnostic"`))
      assert.match(page.texte, /Plus aucune réponse n’est attendue/)
    })
  }))

test('a list of several pages shows each once, and answering the first does not touch the others', () =>
  avecBase(async (base) => {
    const application = applicationLe(base, LUNDI)
    await creerDossiers(
      application,
      Array.from({ length: 160 }, (_, rang) => menageAssigne(`Menage${String(rang).padStart(3, '0')}`)),
    )
    await figer(application)
    const id = await trouverListe(application, 'CAF71', 'assignation', LUNDI)
    await avecNavigateur(application, 'caf', async (navigateur) => {
      const premiere = await navigateur.lire(`/tableaux/${id}`)
      const seconde = await navigateur.lire(`/tableaux/${id}?depuis=151`)
      const compter = (html: string) => html.match(/<fieldset/g)?.length
      assert.deepEqual([compter(premiere.html), compter(seconde.html)], [150, 10])
      assert.match(seconde.texte, /Lignes 151 à 160 sur 160/)
      const remplie = await navigateur.envoyer(`/tableaux/${id}/reponses`, {
        lot: 'connu',
        suite: 'remplir',
        depuis: '151',
      })
      assert.match(remplie.texte, /10 lignes remplies/)
      const envoyee = await navigateur.envoyer(`/tableaux/${id}/reponses`, {
        'r-151': 'connu',
        suite: 'envoyer',
        depuis: '151',
      })
      assert.equal(envoyee.vers, `/tableaux/${id}?depuis=151`)
      const { lignes } = await relire(application, id)
      assert.deepEqual(
        lignes.filter(({ reponse }) => reponse !== null).map(({ rang }) => rang),
        [151],
      )
    })
  }))
