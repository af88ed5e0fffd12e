import assert from 'node:assert/strict'
import { after, before, beforeEach, describe, test } from 'node:test'
import { lireDossier } from '#dossiers'
import {
  cloreDiagnostic,
  compterVeille,
  figerListes,
  lireListe,
  listerAffectations,
  listerContacts,
  repondreListe,
  retirerContact,
} from '#repartition'
import { openTestDatabase } from '#tests/base'
import { creerDossiers, DEPT, type DossierCree, type Essai, ouvrirEssai } from './fabrique-essai.ts'

/** Known of the CAF, then the Département: a household whose acts a person takes back. */
const SUIVI = { suivi_caf: true, montant_dette: 162000 }

describe('what a person did is taken back', () => {
  let essai: Essai
  let dossier: DossierCree
  let rang = 0
  const adresse = (suite = '') => `/dossiers/${dossier.reference}${suite}`
  const affectations = () => essai.enSysteme('dossier.consulter', (session) => listerAffectations(session, dossier.id))
  const lu = () => essai.enSysteme('dossier.consulter', (session) => lireDossier(session, dossier.id))

  before(async () => {
    essai = await ouvrirEssai(await openTestDatabase())
  })
  after(() => essai.fermer())
  beforeEach(async () => {
    rang += 1
    const [cree] = await creerDossiers(essai, [
      { nom: `Lacombe${rang}`, type: 'commandement_de_quitter_les_lieux', contenu: SUIVI },
    ])
    assert.ok(cree)
    dossier = cree
  })

  /** The service takes the household, as its list lets it. */
  async function prendre(): Promise<void> {
    await essai.enSysteme('liste.figer', async (session) => {
      const delaiReponse = Temporal.Duration.from({ days: 7 })
      // One list per service and day: each test takes its own day.
      await figerListes(session, { date: session.jour.subtract({ days: rang }), delaiReponse })
      const [ligne] = await session.sql<{ liste: string; rang: number }>`select liste, rang from ligne_liste
        where dept = ${DEPT} and dossier = ${dossier.id} order by liste limit 1`
      assert.ok(ligne)
      await lireListe(session, ligne.liste)
      await repondreListe(session, ligne.liste, [{ rang: ligne.rang, reponse: 'connu' }])
    })
  }

  const noter = (aboutie: 'oui' | 'non', compte: 'departement' | 'secretariat' = 'departement') =>
    essai.poster(compte, adresse('/contact'), {
      canal: 'appel',
      le: '2026-11-18',
      resultat: aboutie === 'oui' ? 'rappel_demande' : 'message_laisse',
      note: 'Message laissé à la voisine',
    })
  const contactDe = (html: string): string => /\/contacts\/([0-9a-f-]{36})\/retirer/.exec(html)?.[1] ?? ''

  test('[RAP-08] [DOS-20] a contact noted by mistake is withdrawn: struck through with who and why, and counted by nothing', async () => {
    const compter = () =>
      essai.enSysteme('veille.consulter', async (session) => (await compterVeille(session)).sans_contact)
    const jamais = await compter()
    const note = await noter('oui')
    assert.equal(note.message?.texte, 'Contact noté.')
    assert.equal(await compter(), jamais - 1, 'met at last')
    const page = await essai.lire('departement', adresse())
    const contact = contactDe(page.html)
    assert.match(
      (await essai.lire('departement', adresse(`/contacts/${contact}/retirer`))).texte,
      /Retirer le contact du 18\/11\/2026/,
    )
    const sans = await essai.poster('departement', adresse(`/contacts/${contact}/retirer`), { motif: '' })
    assert.equal(sans.statut, 422)
    assert.match(sans.texte, /Écrire pourquoi ce contact est retiré/)
    const retire = await essai.poster('departement', adresse(`/contacts/${contact}/retirer`), {
      motif: 'C’était un autre ménage',
    })
    assert.equal(retire.statut, 303)
    assert.equal(await compter(), jamais, 'never met again')
    const apres = await essai.lire('departement', adresse())
    assert.match(apres.html, /<s>Appel du 18\/11\/2026<\/s>/)
    assert.match(apres.html, /<s>Contact abouti : appel<\/s>/, 'in the chronology too')
    assert.match(
      apres.texte,
      /Retiré le 20\/11\/2026 à 9 h 00, Camille DEPARTEMENT\. Motif : C’était un autre ménage\. Il ne compte plus/,
    )
    assert.match(apres.texte, /Contacts \(0\)/)
    const lecteur = await essai.lire('prefecture', adresse())
    assert.doesNotMatch(
      lecteur.texte,
      /C’était un autre ménage/,
      'the reason is read by its organisme and the secretariat',
    )
    await essai.poster('departement', retire.message?.defaire?.action ?? '', {})
    assert.equal(await compter(), jamais - 1)
    assert.match((await essai.lire('departement', adresse())).texte, /Contact rétabli : appel du 18\/11\/2026/)
  })

  test('a form sent several times, at once or by the Back button, is done once and answered the same; changed, it is another', async () => {
    const compter = async () =>
      (await essai.enSysteme('dossier.consulter', (session) => listerContacts(session, dossier.id))).length
    const avant = await compter()
    const formulaire = await essai.lire('departement', adresse('/contact'))
    const _envoi = /name="_envoi" value="([0-9a-f-]{36})"/.exec(formulaire.html)?.[1] ?? ''
    const champs = { canal: 'appel', le: '2026-11-19', resultat: 'message_laisse', note: 'Essai', _envoi }
    const envoyer = (plus = {}) => essai.poster('departement', adresse('/contact'), { ...champs, ...plus })
    // Not done, it may be sent again.
    assert.deepEqual([(await envoyer({ le: '' })).statut, (await envoyer({ le: '' })).statut], [422, 422])
    const reponses = await Promise.all([envoyer(), envoyer(), envoyer()])
    reponses.push(await envoyer())
    assert.equal(await compter(), avant + 1)
    for (const { statut, vers, message } of reponses)
      assert.deepEqual([statut, vers, message], [303, reponses[0]?.vers, reponses[0]?.message])
    await envoyer({ le: '2026-11-17' })
    assert.equal(await compter(), avant + 2)
  })

  test('[DOS-20] only the organisme that noted a contact withdraws it, and « Défaire » right after noting does', async () => {
    const note = await noter('non', 'secretariat')
    const contact = contactDe((await essai.lire('secretariat', adresse())).html)
    assert.doesNotMatch((await essai.lire('departement', adresse())).html, /\/retirer"/)
    const autre = await essai.poster('departement', adresse(`/contacts/${contact}/retirer`), { motif: 'Faux' })
    assert.equal(autre.statut, 404)
    assert.equal(
      (await essai.poster('prefecture', adresse(`/contacts/${contact}/retirer`), { motif: 'Faux' })).statut,
      403,
    )
    const { action = '', champs = {} } = note.message?.defaire ?? {}
    assert.equal((await essai.poster('secretariat', action, champs)).statut, 303)
    assert.match((await essai.lire('secretariat', adresse())).texte, /Motif : Noté par erreur/)
  })

  test('[REP-15] a withdrawn contact no longer holds « not done », and the one that holds it is not withdrawn before the diagnosis is open again', async () => {
    await prendre()
    await noter('non')
    const contact = contactDe((await essai.lire('departement', adresse())).html)
    await essai.poster('departement', adresse(`/contacts/${contact}/retirer`), { motif: 'Noté deux fois' })
    const sans = await essai.poster('departement', adresse('/diagnostic'), {
      issue: 'non_realise',
      motif: 'injoignable',
    })
    assert.equal(sans.statut, 422)
    assert.match(sans.texte, /0 contact noté dans ce dossier/)
    await essai.poster('departement', adresse(`/contacts/${contact}/retablir`), {})
    const clos = await essai.poster('departement', adresse('/diagnostic'), {
      issue: 'non_realise',
      motif: 'injoignable',
    })
    assert.equal(clos.statut, 303)
    const appui = await essai.poster('departement', adresse(`/contacts/${contact}/retirer`), {
      motif: 'Noté deux fois',
    })
    assert.equal(appui.statut, 422)
    assert.match(appui.texte, /Rouvrir d’abord le diagnostic/)
    await assert.rejects(
      essai.enSysteme('contact.noter', (session) =>
        retirerContact(session, { dossier: dossier.id, contact, motif: 'Sans organisme' }),
      ),
      'the system notes no contact and withdraws none',
    )
  })

  test('[REP-15] the end of a diagnosis is taken back: its date runs again as it did', async () => {
    await prendre()
    await essai.enSysteme(
      'contact.noter',
      ({ sql }) => sql`update affectation set depuis = '2026-11-02' where dept = ${DEPT} and terminee_a is null`,
    )
    const avant = await lu()
    const clos = await essai.poster('departement', adresse('/diagnostic'), { issue: 'transmis' })
    assert.notDeepEqual((await lu()).echeances_service, avant.echeances_service)
    assert.deepEqual((await lu()).service_depuis, avant.service_depuis, '[REP-11] the day it was taken, not proposed')
    const rouvert = await essai.poster('departement', clos.message?.defaire?.action ?? '', {})
    assert.equal(rouvert.message?.texte, 'Diagnostic rouvert : son échéance court de nouveau.')
    const apres = await lu()
    assert.deepEqual([apres.echeances_service, apres.echeance_le], [avant.echeances_service, avant.echeance_le])
    assert.deepEqual(apres.service_depuis, avant.service_depuis)
    const [vivante] = await affectations()
    assert.deepEqual([vivante?.diagnostic_fait_le, vivante?.issue], [null, null])
    assert.match((await essai.lire('departement', adresse())).texte, /Diagnostic rouvert/)
    const encore = await essai.poster('departement', adresse('/diagnostic/rouvrir'), {})
    assert.match(encore.message?.texte ?? '', /Il n’y a pas de diagnostic clos à rouvrir/)
    assert.equal((await essai.poster('caf', adresse('/diagnostic/rouvrir'), {})).statut, 404)
    await essai.enSysteme('contact.noter', (session) =>
      cloreDiagnostic(session, { dossier: dossier.id, issue: 'transmis' }),
    )
    assert.match((await essai.lire('departement', adresse())).texte, /Rouvrir le diagnostic/)
  })

  const confier = (code: string, champs: Record<string, string> = {}) =>
    essai.poster('secretariat', '/dossiers/confier', {
      dossiers: dossier.id,
      organisme: code,
      motif: 'Demande du ménage',
      retour: adresse(),
      ...champs,
    })
  const defaire = () =>
    essai.poster('secretariat', '/dossiers/confier/defaire', { dossiers: dossier.id, retour: adresse() })

  test('[REP-11] undoing a choice gives back exactly the decision before it, taken household and dates included, choice after choice', async () => {
    await prendre()
    const [avant] = await affectations()
    const etat = await lu()
    assert.equal(avant?.etat, 'prise')
    await confier('ADIL71')
    const [adil] = await affectations()
    await confier('CAF71')
    assert.equal((await lu()).organisme_nom, 'CAF de Saône-et-Loire')
    const premiere = await defaire()
    assert.equal(premiere.message?.texte, 'Décision défaite : la décision d’avant est revenue.')
    assert.deepEqual((await affectations())[0], adil)
    await defaire()
    assert.deepEqual((await affectations())[0], avant)
    const revenu = await lu()
    assert.deepEqual(
      [
        revenu.organisme,
        revenu.etat_service,
        revenu.service_depuis,
        revenu.echeances_service,
        revenu.echeance_le,
        revenu.connu_service,
      ],
      [
        etat.organisme,
        etat.etat_service,
        etat.service_depuis,
        etat.echeances_service,
        etat.echeance_le,
        etat.connu_service,
      ],
    )
    const rien = await defaire()
    assert.equal(rien.statut, 422)
    assert.match(rien.texte, /Cette décision ne se défait plus/)
  })

  test('[REP-11] two people who confide the same household see both choices; mine replaces theirs only if I say so', async () => {
    const page = await essai.lire('secretariat', `/dossiers/confier?dossiers=${dossier.id}`)
    const vu = new RegExp(`name="(vu-${dossier.id})" value="([^"]+)"`).exec(page.html)
    assert.ok(vu)
    const vus = { [vu[1] ?? '']: vu[2] ?? '' }
    assert.equal(
      (
        await essai.poster('chalon', '/dossiers/confier', {
          dossiers: dossier.id,
          organisme: 'ADIL71',
          motif: 'Question de droit',
          retour: adresse(),
          ...vus,
        })
      ).statut,
      303,
    )
    const [theirs] = await affectations()
    const conflit = await confier('CAF71', vus)
    assert.equal(conflit.statut, 409)
    assert.match(
      conflit.texte,
      /CAF de Saône-et-Loire\. Motif : Demande du ménage ADIL de Saône-et-Loire, à transmettre dans le prochain tableau/,
    )
    assert.match(conflit.texte, /Question de droit Camille CHALON, le 20\/11\/2026/)
    assert.deepEqual((await affectations())[0], theirs, 'nothing was written over')
    const formulaire = conflit.html.split('<form').find((un) => un.includes('Confier quand même à')) ?? ''
    const champs = Object.fromEntries(
      [...formulaire.matchAll(/name="([^"]+)" value="([^"]*)"/g)].map(([, nom = '', valeur = '']) => [nom, valeur]),
    )
    assert.equal(champs.motif, 'Demande du ménage', 'what was typed is kept')
    assert.equal((await essai.poster('secretariat', '/dossiers/confier', champs)).statut, 303)
    assert.equal((await lu()).organisme_nom, 'CAF de Saône-et-Loire')
    assert.equal(
      (await affectations()).find(({ id }) => id === theirs?.id)?.issue,
      'reaffectee',
      'theirs stays in the history',
    )
  })

  test('[DOS-31] [ACC-13] a dossier is printed with the source of each date, its circle and its day; each printing is journalled', async () => {
    const page = await essai.lire('departement', adresse())
    assert.match(page.html, new RegExp(`href="${adresse('/imprimer')}"`))
    assert.match(page.html, /<main[^>]*data-papier="ailleurs"/, 'the screen itself does not print')
    const compter = async () =>
      (
        await essai.enSysteme(
          'dossier.consulter',
          (session) => session.sql<{
            compte: string | null
          }>`select c.courriel as compte from journal j left join compte c on c.dept = ${DEPT} and c.id = j.compte
            where j.dept = ${DEPT} and j.action = 'dossier.imprimer' and j.objet_id = ${dossier.id} order by j.id`,
        )
      ).map(({ compte }) => compte)
    assert.deepEqual(await compter(), [], 'reading is not printing')
    const papier = await essai.lire('departement', adresse('/imprimer'))
    assert.equal(papier.statut, 200)
    assert.match(
      papier.texte,
      new RegExp(
        `dossier ${dossier.reference} Arrêté au vendredi 20 novembre 2026\\. Imprimé le 20/11/2026 à 9 h 00 par Camille DEPARTEMENT`,
      ),
    )
    assert.match(papier.texte, /2\. Transmission Réservé aux services sociaux/)
    assert.match(papier.texte, /Échéance Date Départ et calcul Source et fiabilité/)
    assert.match(
      papier.texte,
      /Fin du délai pour quitter les lieux à venir 07\/12\/2026 Commandement de quitter les lieux du 05\/10\/2026 2 mois.* CPCE, art\. L\. 412-1/,
    )
    assert.match(papier.html, /data-papier="portrait"/)
    assert.doesNotMatch(papier.html, /method="post" action="\/dossiers/, 'nothing is pressed on paper')
    assert.match(
      (await essai.lire('secretariat', adresse('/imprimer'))).texte,
      /3\. Suivi partagé Réservé aux services qui suivent ce ménage/,
    )
    assert.deepEqual(await compter(), ['departement@essai.example', 'secretariat@essai.example'])
    assert.equal((await essai.lire('adil', adresse('/imprimer'))).statut, 404)
    assert.equal((await compter()).length, 2)
  })
})
