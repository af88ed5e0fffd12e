import assert from 'node:assert/strict'
import test from 'node:test'
import { noterContact, repartirDossiers, repondreListe } from '#repartition'
import {
  applicationLe,
  avecBase,
  creerDossiers,
  enSysteme,
  enTantQue,
  figer,
  type MenageEssai,
  menageAssigne,
  menageInconnu,
  type Navigateur,
  naviguer,
  trouverListe,
} from '../tableaux/fabrique-essai.ts'
import { routesAFaire } from './index.ts'

const LUNDI = '2026-11-16'
type Application = ReturnType<typeof applicationLe>

async function avecNavigateur(
  application: Application,
  nom: string,
  travail: (navigateur: Navigateur) => Promise<void>,
): Promise<void> {
  const navigateur = await naviguer(application, nom, routesAFaire)
  try {
    await travail(navigateur)
  } finally {
    await navigateur.fermer()
  }
}

const a = (menage: MenageEssai, commune: string, codeInsee: string, territoire: string): MenageEssai => ({
  ...menage,
  commune,
  codeInsee,
  territoire,
})

/** Names of the households of a page, in order. */
const noms = (html: string): string[] =>
  [
    ...html.matchAll(/href="\/dossiers\/71-2026-\d{5}"(?: aria-label="Ouvrir le dossier de ([A-ZÉ]+)| *>([A-ZÉ]+))/g),
  ].map(([, lu, ecrit]) => lu ?? ecrit ?? '')

test('[RAP-07] households in judicial procedure unknown to every social service are counted and listed, known ones are not', () =>
  avecBase(async (base) => {
    const application = applicationLe(base, LUNDI)
    await creerDossiers(application, [
      menageInconnu('Quillet'),
      menageAssigne('Lacombe'),
      { nom: 'Amiable', signaux: [{ type: 'impaye_caf', le: '2026-11-02', contenu: {} }] },
    ])
    await avecNavigateur(application, 'secretariat', async (navigateur) => {
      const page = await navigateur.lire('/a-faire')
      assert.match(
        page.texte,
        /1 ménage en procédure judiciaire, inconnu de tout service social Indicateur de la fiche-action 3-4/,
      )
      const file = await navigateur.lire('/a-faire?file=inconnus&territoire=tous')
      assert.match(file.texte, /En procédure, inconnus de tout service social : 1 ménage/)
      assert.deepEqual(
        noms(file.html),
        ['QUILLET'],
        'neither the one the CAF follows, nor the one before any procedure',
      )
      assert.match(file.html, /href="\/dossiers\?inconnus=oui"/, 'and the same households in the list of dossiers')
    })
  }))

test('[RAP-08] a household at the end of the procedure that nobody could meet is watched until a contact succeeds', () =>
  avecBase(async (base) => {
    const application = applicationLe(base, LUNDI)
    const fin = (nom: string, type: string): MenageEssai => ({
      nom,
      signaux: [{ type, le: '2026-11-10', acteLe: '2026-11-09', contenu: { suivi_departement: true } }],
    })
    const [quitter] = await creerDossiers(application, [
      fin('Quitter', 'commandement_de_quitter_les_lieux'),
      fin('Requis', 'requisition_force_publique'),
      menageInconnu('Assigne'),
    ])
    const noter = (aboutie: boolean) =>
      enTantQue(application, 'DEP71', 'service_social', 'contact.noter', (session) =>
        noterContact(session, {
          dossier: quitter?.id ?? '',
          canal: 'visite',
          le: Temporal.PlainDate.from(LUNDI),
          demiJournee: null,
          resultat: aboutie ? 'information_donnee' : 'avis_de_passage',
          note: '',
        }),
      )
    await noter(false)
    await avecNavigateur(application, 'secretariat', async (navigateur) => {
      const voir = async () => noms((await navigateur.lire('/a-faire?file=sans_contact&territoire=tous')).html)
      assert.deepEqual(await voir(), ['REQUIS', 'QUITTER'])
      assert.match((await navigateur.lire('/a-faire')).texte, /2 ménages jamais rencontrés, à la fin de la procédure/)
      await noter(true)
      assert.deepEqual(await voir(), ['REQUIS'])
    })
  }))

test('serial signals come first in every queue, then the furthest step', () =>
  avecBase(async (base) => {
    const application = applicationLe(base, LUNDI)
    const serie = menageInconnu('Serie')
    await creerDossiers(application, [
      menageInconnu('Ancien'),
      {
        ...serie,
        signaux: [...serie.signaux, { type: 'impaye_caf', le: '2026-10-01', contenu: { montant_dette: 50000 } }],
      },
      {
        nom: 'Avance',
        signaux: [{ type: 'commandement_de_quitter_les_lieux', le: '2026-11-10', acteLe: '2026-11-09', contenu: {} }],
      },
    ])
    await avecNavigateur(application, 'secretariat', async (navigateur) => {
      const { html } = await navigateur.lire('/a-faire?file=inconnus&territoire=tous')
      assert.deepEqual(noms(html), ['SERIE', 'AVANCE', 'ANCIEN'])
      const page = await navigateur.lire('/a-faire?territoire=tous')
      assert.match(
        page.texte,
        /1 ménage aux signaux en série, pas encore pris en charge Plusieurs sources en six mois, ou une dette qui croît/,
      )
      assert.match(page.texte, /Signaux en série, 2 sources en six mois/)
    })
  }))

test('[REP-10] [REP-16] the day is read by deadline, late first; every date has its source within a click', () =>
  avecBase(async (base) => {
    const application = applicationLe(base, LUNDI)
    await creerDossiers(application, [menageInconnu('Quillet')])
    await figer(application, 7)
    const lire = async (jour: string, nom = 'secretariat') => {
      let texte = ''
      await avecNavigateur(applicationLe(base, jour), nom, async (navigateur) => {
        texte = (await navigateur.lire('/a-faire?territoire=tous')).texte
      })
      return texte
    }
    assert.match(
      await lire('2026-11-16'),
      /Dans les 7 jours 1 ménage\. Tout voir QUILLET Camille : répondre au tableau/,
    )
    const jourMeme = await lire('2026-11-23')
    assert.match(jourMeme, /Lundi 23 novembre : 1 échéance d’ici sept jours/)
    assert.match(jourMeme, /Aujourd’hui 1 ménage/)
    const retard = await lire('2026-11-25')
    assert.match(retard, /dont 1 en retard/)
    assert.match(retard, /En retard 1 ménage.*2 j de retard · 23\/11/)
    assert.match(
      retard,
      /Départ Tableau du 16\/11\/2026 Calcul 7 jours pour répondre Source Valeur posée par Amont en attendant celle du département Fiabilité À vérifier/,
    )
    const service = await lire('2026-11-25', 'departement')
    assert.match(service, /Répondre au tableau n° 1, Assignation : 1 ménage attend/)
  }))

test('[REP-16] each queue of deadlines holds the days it says and no other, counted and listed alike, for a secretariat as for a service', () =>
  avecBase(async (base) => {
    const application = applicationLe(base, LUNDI)
    const jours: Readonly<Record<string, string | null>> = {
      Hier: '2026-11-15',
      Jour: LUNDI,
      Demain: '2026-11-17',
      Septieme: '2026-11-23',
      Huitieme: '2026-11-24',
      Quinzieme: '2026-12-01',
      Seizieme: '2026-12-02',
      Jamais: null,
    }
    await creerDossiers(
      application,
      Object.keys(jours).map((nom) => menageInconnu(nom)),
    )
    for (const [nom, le] of Object.entries(jours))
      await base.pool.query(
        `update dossier set echeance_le = $1, organismes_habilites = array(select id from organisme where code = 'CAF71') where titulaire like $2`,
        [le, `${nom.toUpperCase()}%`],
      )
    for (const compte of ['secretariat', 'caf'] as const)
      await avecNavigateur(application, compte, async (navigateur) => {
        for (const [file, attendus] of [
          ['retard', ['HIER']],
          ['aujourdhui', ['JOUR']],
          ['7_jours', ['DEMAIN', 'SEPTIEME']],
          ['15_jours', ['HUITIEME', 'QUINZIEME']],
        ] as const) {
          const lue = await navigateur.lire(`/a-faire?file=${file}&territoire=tous`)
          assert.deepEqual(noms(lue.html), attendus, `${compte} ${file}`)
          assert.match(lue.texte, new RegExp(`: ${attendus.length} ménages?`), `${compte} ${file}`)
          assert.match(lue.texte, /La date la plus ancienne d’abord/, 'the page says the order of its rows')
        }
      })
  }))

test('[REP-16] a service finds the diagnoses it owes; another service finds none of them', () =>
  avecBase(async (base) => {
    const application = applicationLe(base, LUNDI)
    await creerDossiers(application, [menageAssigne('Lacombe')])
    await figer(application)
    const liste = await trouverListe(application, 'CAF71', 'assignation', LUNDI)
    await enTantQue(application, 'CAF71', 'service_social', 'liste.repondre', (session) =>
      repondreListe(session, liste, [{ rang: 1, reponse: 'connu' }]),
    )
    const janvier = applicationLe(base, '2027-01-14')
    await avecNavigateur(janvier, 'caf', async (navigateur) => {
      const { texte } = await navigateur.lire('/a-faire')
      assert.match(texte, /LACOMBE Camille : rendre le diagnostic/)
      assert.match(texte, /Dans 4 j · 18\/01/)
      assert.doesNotMatch(texte, /pris par personne/, 'a service only has households confided to it')
    })
    await avecNavigateur(janvier, 'adil', async (navigateur) => {
      const { texte } = await navigateur.lire('/a-faire')
      assert.doesNotMatch(texte, /LACOMBE/)
      assert.match(texte, /Aucune échéance dans les quinze jours/)
    })
  }))

test('a secretariat starts with its own territories and may look at one, or at the whole département', () =>
  avecBase(async (base) => {
    const application = applicationLe(base, LUNDI)
    await creerDossiers(application, [
      menageInconnu('Dautun'),
      a(menageInconnu('Demontceau'), 'Montceau-les-Mines', '71306', 'montceau-les-mines'),
      a(menageInconnu('Demacon'), 'Mâcon', '71270', 'macon'),
    ])
    await avecNavigateur(application, 'secretariat', async (navigateur) => {
      const voir = async (requete: string) =>
        noms((await navigateur.lire(`/a-faire?file=inconnus${requete}`)).html).sort()
      assert.deepEqual(await voir(''), ['DAUTUN', 'DEMONTCEAU'])
      assert.deepEqual(await voir('&territoire=macon'), ['DEMACON'])
      assert.deepEqual(await voir('&territoire=tous'), ['DAUTUN', 'DEMACON', 'DEMONTCEAU'])
      assert.deepEqual(
        await voir('&territoire=inventé'),
        ['DAUTUN', 'DEMONTCEAU'],
        'an unknown value is as if it were not there',
      )
      const { html } = await navigateur.lire('/a-faire?file=inconnus&territoire=macon')
      assert.match(html, /href="\/dossiers\?territoire=macon&amp;inconnus=oui"/)
    })
  }))

test('[REP-27] a household that every service refused is shown as taken by nobody, with the day it was first reported', () =>
  avecBase(async (base) => {
    const application = applicationLe(base, LUNDI)
    const [dossier] = await creerDossiers(application, [menageInconnu('Quillet')])
    await figer(application)
    const liste = await trouverListe(application, 'DEP71', 'assignation', LUNDI)
    await enTantQue(application, 'DEP71', 'service_social', 'liste.repondre', (session) =>
      repondreListe(session, liste, [{ rang: 1, reponse: 'pas_pour_nous', motif: 'Ménage parti' }]),
    )
    await enSysteme(application, 'dossier.reaffecter', (session) => repartirDossiers(session, [dossier?.id ?? '']))
    await avecNavigateur(application, 'secretariat', async (navigateur) => {
      const { texte } = await navigateur.lire('/a-faire')
      assert.match(texte, /1 ménage pris par personne Le plus ancien il y a 11 jours/)
      assert.match(
        texte,
        /Ménages pris par personne 1 ménage.*QUILLET Camille Autun · Assignation · 980,10 € · aucun service · depuis le 05\/11\/2026/,
      )
    })
  }))

test('on an empty base the page says what the emptiness means', () =>
  avecBase(async (base) => {
    await avecNavigateur(applicationLe(base, LUNDI), 'secretariat', async (navigateur) => {
      const { texte } = await navigateur.lire('/a-faire')
      assert.match(texte, /Lundi 16 novembre : aucune échéance d’ici sept jours/)
      assert.match(texte, /Chaque ménage que la règle confie à un service en a un/)
      const file = await navigateur.lire('/a-faire?file=retard')
      assert.match(file.texte, /Aucune tâche n’est en retard/)
    })
  }))
