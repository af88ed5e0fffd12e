import assert from 'node:assert/strict'
import { after, before, describe, test } from 'node:test'
import { figerListes, lireListe, listerContacts, repondreListe } from '#repartition'
import { openTestDatabase } from '#tests/base'
import { DEPT, type DossierCree, type Essai, importer, ouvrirEssai } from './fabrique-essai.ts'

const LACOMBE = {
  civilite: 'Mme',
  nom_usage: 'LACOMBE',
  prenom: 'Séverine',
  date_naissance: '03/04/1984',
  adresse: '12 rue des Forges',
  code_postal: '71200',
  commune: 'Le Creusot',
  telephone: '0639984107',
  parc: 'prive',
  bailleur_nom: 'VASSAL Henri',
  bailleur_nature: 'personne_physique',
  loyer: '540,00',
  charges: '65,00',
  date_bail: '01/03/2024',
  enfants_a_charge: '2',
  handicap: 'oui',
  suivi_caf: 'oui',
}
const VERNAY = {
  civilite: 'M',
  nom_usage: 'VERNAY',
  prenom: 'Hugo',
  date_naissance: '11/11/1961',
  adresse: '3 place du Marché',
  code_postal: '71400',
  commune: 'Autun',
  parc: 'public',
}

/** Known of nobody, and the Département's because of a handicap alone. */
const BRUNEL = {
  nom_usage: 'BRUNEL',
  prenom: 'Odette',
  date_naissance: '02/02/1970',
  adresse: '8 rue Haute',
  code_postal: '71400',
  commune: 'Autun',
  parc: 'prive',
  situation_familiale: 'seul',
  enfants_a_charge: '0',
  handicap: 'oui',
  rsa: 'non',
  suivi_caf: 'non',
  suivi_ccas: 'non',
  suivi_departement: 'non',
  suivi_adil: 'non',
}

async function trouver(essai: Essai, titulaire: string): Promise<DossierCree & { signaux: number }> {
  const [dossier] = await essai.enSysteme(
    'dossier.consulter',
    (session) => session.sql<DossierCree & { signaux: number }>`select id, reference, signaux from dossier
      where dept = ${DEPT} and titulaire = ${titulaire} and clos_le is null order by signaux desc limit 1`,
  )
  assert.ok(dossier, titulaire)
  return dossier
}

/** What a dossier derives to: everything that undoing must bring back. */
async function etat(essai: Essai, id: string) {
  const [ligne] = await essai.enSysteme(
    'dossier.consulter',
    (session) =>
      session.sql`select titulaire, stade, dette, signaux, adresse, clos_le, menage, bail, actes, criteres from dossier where dept = ${DEPT} and id = ${id}`,
  )
  return ligne
}

describe('one dossier', () => {
  let essai: Essai
  let lacombe: DossierCree
  let vernay: DossierCree
  const adresse = (suite = '') => `/dossiers/${lacombe.reference}${suite}`

  before(async () => {
    essai = await ouvrirEssai(await openTestDatabase())
    await importer(essai, 'CAF71', [
      {
        ...LACOMBE,
        type: 'impaye_caf',
        reference_source: 'CAF-1',
        date_signalement: '12/08/2026',
        montant_dette: '1022,00',
        dette_depuis: '05/05/2026',
      },
    ])
    await importer(essai, 'CDJ71', [
      {
        ...LACOMBE,
        type: 'commandement_de_payer',
        reference_source: 'CDP-1',
        date_signalement: '16/09/2026',
        date_acte: '14/09/2026',
        montant_dette: '1620,00',
      },
      {
        ...VERNAY,
        type: 'commandement_de_payer',
        reference_source: 'CDP-2',
        date_signalement: '16/09/2026',
        date_acte: '15/09/2026',
        montant_dette: '800,00',
      },
    ])
    await importer(essai, 'PREF71', [
      {
        ...LACOMBE,
        type: 'assignation',
        reference_source: 'ASG-1',
        date_signalement: '06/11/2026',
        date_acte: '04/11/2026',
        date_audience: '14/01/2027',
        tribunal: 'Tribunal de Chalon',
        montant_dette: '1994,00',
      },
    ])
    await importer(essai, 'PREF71', [
      {
        ...BRUNEL,
        type: 'assignation',
        reference_source: 'ASG-2',
        date_signalement: '06/11/2026',
        date_acte: '05/11/2026',
        montant_dette: '900,00',
      },
    ])
    lacombe = await trouver(essai, 'LACOMBE Séverine')
    vernay = await trouver(essai, 'VERNAY Hugo')
  })
  after(() => essai.fermer())

  test('[DOS-01] the acts received give the step, drawn with those before it', async () => {
    const page = await essai.lire('secretariat', adresse())
    assert.equal(page.statut, 200)
    assert.ok(page.texte.includes('Mme Séverine Lacombe et ses deux enfants'))
    assert.match(page.html, /<dt>Étape<\/dt><dd>Assignation<small>phase judiciaire, audience le 14\/01\/2027/)
    const etapes = [...page.html.matchAll(/Étape : <b>([^<]+)<\/b>/g)].map(([, libelle]) => libelle)
    assert.deepEqual([...new Set(etapes)], ['Impayé', 'Commandement', 'Assignation'])
    assert.ok(page.html.includes('<svg class="frise"'))
    assert.match(page.texte, /14\/01 Audience/)
    assert.match(page.texte, /Trêve hivernale jusqu’au 31\/03\/2027/)
  })

  test('[DOS-06] the debt is shown with its whole history, one line per sender and day', async () => {
    const page = await essai.lire('secretariat', adresse())
    const argent = /id="argent"[\s\S]*?<\/table>/.exec(page.html)?.[0] ?? ''
    const montants = [...argent.matchAll(/<td class="num">([^<]+)</g)].map(([, montant]) => montant)
    assert.deepEqual(montants, ['1 994,00 €', '1 620,00 €', '1 022,00 €'])
  })

  test('[DOS-31] the threshold and every deadline say their rule and their source', async () => {
    const page = await essai.lire('secretariat', adresse())
    assert.match(page.texte, /Seuil de signalement du commandement de payer Atteint/)
    assert.match(page.texte, /Source : Loi n° 89-462 du 6 juillet 1989, art\. 24/)
    const puces = [...page.html.matchAll(/<details class="ech[^"]*">[\s\S]*?<\/details>/g)].map(([puce]) => puce)
    assert.ok(puces.length > 2)
    for (const puce of puces)
      assert.match(puce, /<dt>Départ<\/dt>[\s\S]*<dt>Calcul<\/dt>[\s\S]*<dt>Source<\/dt>[\s\S]*<dt>Fiabilité<\/dt>/)
  })

  test('[REP-26] « Pourquoi ce service » gives the rule, its values in French, its reference and what is missing', async () => {
    const { texte } = await essai.lire('secretariat', adresse())
    const pourquoi = texte.slice(texte.lastIndexOf('Pourquoi ce service'))
    assert.match(
      pourquoi,
      /CAF de Saône-et-Loire, rang \d+ de la cascade : Le ménage est déjà accompagné par le service social de la CAF/,
    )
    assert.match(pourquoi, /Le service social de la CAF accompagne le ménage oui/)
    assert.match(pourquoi, /engagement 28 de la CAF/)
    assert.match(pourquoi, /À vérifier Il manque : /)
  })

  test('[SIG-29] each signal says who sent it, when, its line in the file, and how it came here', async () => {
    const { texte, html } = await essai.lire('secretariat', adresse())
    assert.match(
      texte,
      /Assignation, Préfecture de Saône-et-Loire Signalé le 06\/11\/2026, reçu le 20\/11\/2026, ligne 2 du fichier, référence ASG-1/,
    )
    assert.match(
      texte,
      /LACOMBE Séverine ; 12 rue des Forges, Le Creusot ; acte du 04\/11\/2026 ; audience le 14\/01\/2027 ; dette de 1 994,00 €/,
    )
    assert.match(
      texte,
      /Rattaché par Amont : ressemblance certaine \(probabilité 9\d,\d %\), le 20\/11\/2026 à \d+ h \d\d\. Raisons : [^.]+\./,
    )
    assert.match(texte, /A ouvert ce dossier/)
    assert.equal(html.match(/Ce n’est pas le même ménage : séparer/g)?.length, 3)
    assert.ok(!(await essai.lire('prefecture', adresse())).html.includes('/separer'))
  })

  test('[ACC-01] what comes near health is read by social services only', async () => {
    for (const compte of ['secretariat', 'prefecture', 'caf'] as const) {
      const page = await essai.lire(compte, adresse())
      assert.ok(!/handicap/i.test(page.texte), compte)
    }
  })

  test('[ACC-07] an organisme that reads resources as their author no longer does once another reports the same household', async () => {
    const perrot = {
      ...BRUNEL,
      nom_usage: 'PERROT',
      prenom: 'Louison',
      date_naissance: '03/03/1981',
      adresse: '21 chemin des Lilas',
      handicap: 'non',
      rsa: 'oui',
      suivi_caf: 'oui',
    }
    await importer(essai, 'PREF71', [
      {
        ...perrot,
        type: 'assignation',
        reference_source: 'ASG-3',
        date_signalement: '06/11/2026',
        date_acte: '05/11/2026',
        montant_dette: '1200,00',
      },
    ])
    const { reference } = await trouver(essai, 'PERROT Louison')
    const compterRsa = async (compte: 'prefecture' | 'secretariat') =>
      (await essai.lire(compte, `/dossiers/${reference}`)).texte.match(/RSA oui/g)?.length ?? 0
    assert.deepEqual([await compterRsa('prefecture'), await compterRsa('secretariat')], [1, 1])
    await importer(essai, 'CDJ71', [
      {
        ...perrot,
        type: 'commandement_de_payer',
        reference_source: 'CDP-3',
        date_signalement: '16/09/2026',
        date_acte: '14/09/2026',
        montant_dette: '1200,00',
      },
    ])
    assert.equal((await trouver(essai, 'PERROT Louison')).signaux, 2)
    assert.deepEqual([await compterRsa('prefecture'), await compterRsa('secretariat')], [0, 1])
  })

  test('[ACC-01] a rule that reads health hides that value, and says so whatever it is', async () => {
    const brunel = await trouver(essai, 'BRUNEL Odette')
    const sensible = /Une personne du ménage est en situation de handicap/
    const secretariat = (await essai.lire('secretariat', `/dossiers/${brunel.reference}`)).texte
    assert.match(secretariat, /Le ménage perçoit le RSA non/)
    assert.doesNotMatch(secretariat, sensible)
    assert.match(secretariat, /une donnée réservée/)
    const service = (await essai.lire('departement', `/dossiers/${brunel.reference}`)).texte
    assert.match(service, /Une personne du ménage est en situation de handicap oui/)
    assert.match(service, /Situation de handicap oui/)
  })

  test('[ACC-13] the id leads to the reference, and each reading is journalled', async () => {
    const page = await essai.lire('secretariat', `/dossiers/${lacombe.id}`)
    assert.deepEqual([page.statut, page.vers], [303, adresse()])
    const [ligne] = await essai.enSysteme(
      'journal.consulter',
      (session) => session.sql<{ n: number }>`select count(*)::int as n from journal
        where dept = ${DEPT} and action = 'dossier.lire' and objet_id = ${lacombe.id} and compte is not null`,
    )
    assert.ok((ligne?.n ?? 0) > 0)
  })

  test('[DOS-20] a contact is noted with its half-day; what is wrong is said field by field and nothing typed is lost', async () => {
    const faux = await essai.poster('caf', adresse('/contact'), {
      canal: 'appel',
      le: '2026-11-21',
      demi_journee: 'matin',
      note: 'Message laissé à sa sœur',
    })
    assert.equal(faux.statut, 422)
    assert.match(faux.html, /<title>Erreur : /)
    assert.match(faux.html, /href="#c-le">Un contact ne peut pas être noté à une date à venir/)
    assert.match(faux.html, /href="#c-resultat">Choisir dans la liste ce que ce contact a donné/)
    assert.match(faux.html, /value="2026-11-21"/)
    assert.match(faux.html, /<option value="matin" selected/)
    assert.match(faux.html, />Message laissé à sa sœur<\/textarea>/)

    const champs = {
      canal: 'appel',
      le: '2026-11-19',
      demi_journee: 'matin',
      resultat: 'message_laisse',
      note: 'Message laissé à sa sœur',
    }
    assert.equal((await essai.poster('caf', adresse('/contact'), champs)).statut, 303)
    const page = await essai.lire('caf', adresse())
    assert.match(
      page.texte,
      /Appel du 19\/11\/2026, matin Camille CAF, CAF de Saône-et-Loire\. Message laissé\. Message laissé à sa sœur Sans suite/,
    )
    assert.match(page.texte, /1 tentative, aucune aboutie\. Noter un contact/)
    assert.match(
      page.texte,
      /Prochaine tentative conseillée : Appel, l’après-midi\. Appel : tenté 1 fois, jamais l’après-midi/,
    )
  })

  test('[DOS-20] an outcome is one of the published list, possible by the means chosen: anything else is refused', async () => {
    const [avant] = await essai.enSysteme('dossier.consulter', (session) => listerContacts(session, lacombe.id))
    for (const resultat of ['il_ne_veut_pas', 'avis_de_passage']) {
      const refusee = await essai.poster('caf', adresse('/contact'), { canal: 'appel', le: '2026-11-19', resultat })
      assert.equal(refusee.statut, 422, resultat)
      assert.match(refusee.html, /href="#c-resultat"/)
    }
    const [apres] = await essai.enSysteme('dossier.consulter', (session) => listerContacts(session, lacombe.id))
    assert.deepEqual(apres, avant)
  })

  test('[ACC-06] what a service wrote of a contact is read by it and the secretariat; others see that it took place', async () => {
    assert.ok((await essai.lire('secretariat', adresse())).texte.includes('Message laissé à sa sœur'))
    const ailleurs = (await essai.lire('prefecture', adresse())).texte
    assert.match(ailleurs, /Appel du 19\/11\/2026, matin/)
    assert.ok(!ailleurs.includes('Message laissé à sa sœur'))
  })

  test('[RAP-12] a signal that is not of this household opens its own dossier, with a reason, and comes back when undone', async () => {
    const avant = await etat(essai, lacombe.id)
    const page = await essai.lire('secretariat', adresse())
    const separer = [...page.html.matchAll(/href="(\/dossiers\/[^"]+\/separer)"/g)].at(-1)?.[1] ?? ''
    const sansMotif = await essai.poster('secretariat', separer, { motif: 'x' })
    assert.equal(sansMotif.statut, 422)
    assert.deepEqual(await etat(essai, lacombe.id), avant)

    const faite = await essai.poster('secretariat', separer, { motif: 'Homonyme, autre étage' })
    assert.equal(faite.statut, 303)
    const reference = /dossier, (\S+)\./.exec(faite.message?.texte ?? '')?.[1] ?? ''
    const nouveau = await essai.lire('secretariat', `/dossiers/${reference}`)
    assert.match(nouveau.texte, /1 signal reçu/)
    assert.match(
      nouveau.texte,
      /Séparé d’un autre dossier par une personne[^.]*Camille SECRETARIAT. Motif : Homonyme, autre étage/,
    )
    assert.match(nouveau.texte, /Qui accompagne/)
    assert.equal((await etat(essai, lacombe.id))?.signaux, 2)
    const separe = (await essai.lire('secretariat', adresse())).texte
    assert.match(separe, /Signal séparé : ce n’était pas le même ménage/)
    assert.ok(
      !(await essai.lire('prefecture', adresse())).texte.includes('Homonyme'),
      'the reason is for the secretariat',
    )

    const { defaire } = faite.message ?? {}
    assert.ok(defaire)
    assert.equal((await essai.poster('secretariat', defaire.action, defaire.champs)).statut, 303)
    assert.deepEqual(await etat(essai, lacombe.id), avant)
    assert.match((await essai.lire('secretariat', `/dossiers/${reference}`)).texte, /Dossier clos le 20\/11\/2026/)
  })

  test('[RAP-12] the only signal of a dossier cannot be separated, and nothing is written', async () => {
    const avant = await etat(essai, vernay.id)
    const [signal] = await essai.enSysteme(
      'doute.consulter',
      (session) =>
        session.sql<{
          signalement: string
        }>`select signalement from rattachement where dept = ${DEPT} and dossier = ${vernay.id} and defait_a is null`,
    )
    const url = `/dossiers/${vernay.reference}/signaux/${signal?.signalement}/separer`
    const refusee = await essai.poster('secretariat', url, { motif: 'Essai de séparation' })
    assert.equal(refusee.statut, 422)
    assert.match(refusee.texte, /il n’y a rien à séparer/)
    assert.match(refusee.html, />Essai de séparation<\/textarea>/)
    assert.deepEqual(await etat(essai, vernay.id), avant)
    assert.equal((await essai.poster('caf', url, { motif: 'Essai de séparation' })).statut, 403)
  })

  test('[RAP-12] two dossiers are compared, reunited with a reason, and separated again exactly as they were', async () => {
    const avant = [await etat(essai, lacombe.id), await etat(essai, vernay.id)]
    const comparaison = await essai.lire(
      'secretariat',
      adresse(`/reunir?avec=${vernay.reference.replace(`${DEPT}-20`, '')}`),
    )
    assert.match(comparaison.texte, /Est-ce le même ménage \? /)
    assert.match(comparaison.texte, /11\/11\/1961/)
    assert.doesNotMatch(comparaison.texte, /\b1 signal du dossier \S+ rejoindront/)
    const inconnue = await essai.lire('secretariat', adresse(`/reunir?avec=${DEPT}-2026-99999`))
    assert.equal(inconnue.statut, 422)
    const elle = await essai.poster('secretariat', adresse('/reunir'), { avec: lacombe.reference, motif: 'Le même' })
    assert.equal(elle.statut, 422)
    const sansMotif = await essai.poster('secretariat', adresse('/reunir'), { avec: vernay.reference, motif: '' })
    assert.equal(sansMotif.statut, 422)
    assert.match(sansMotif.html, /href="#c-motif"/)

    const faite = await essai.poster('secretariat', adresse('/reunir'), {
      avec: vernay.reference,
      motif: 'Couple, même logement',
    })
    assert.equal(faite.statut, 303)
    assert.equal((await etat(essai, lacombe.id))?.signaux, 4)
    const reuni = await essai.lire('secretariat', adresse())
    assert.match(reuni.texte, /Un autre dossier a été réuni à celui-ci[\s\S]*Motif : Couple, même logement/)
    const defaisables = (html: string) => html.split('Défaire cette réunion').length - 1
    const offertes = defaisables(reuni.html)
    assert.ok(offertes > 0)
    const absorbe = await essai.lire('secretariat', `/dossiers/${vernay.reference}`)
    assert.match(absorbe.texte, /Dossier clos le 20\/11\/2026[\s\S]*Voir le dossier qui les a reçus/)

    const { defaire } = faite.message ?? {}
    assert.ok(defaire)
    assert.equal((await essai.poster('secretariat', defaire.action, defaire.champs)).statut, 303)
    assert.deepEqual([await etat(essai, lacombe.id), await etat(essai, vernay.id)], avant)
    const apres = await essai.lire('secretariat', adresse())
    assert.match(apres.texte, /Réunion défaite/)
    assert.equal(defaisables(apres.html), offertes - 1)
    assert.equal((await essai.poster('secretariat', defaire.action, defaire.champs)).statut, 422)
  })

  test('[REP-15] a diagnostic not done needs its reason and a dated contact; closing it keeps the deadline as held', async () => {
    const [liste] = await essai.enSysteme('liste.figer', (session) =>
      figerListes(session, { date: session.jour, delaiReponse: Temporal.Duration.from({ days: 7 }) }),
    )
    assert.ok(liste)
    await essai.enSysteme('liste.repondre', async (session) => {
      const listes = await session.sql<{
        id: string
      }>`select l.liste as id from ligne_liste l where l.dept = ${DEPT} and l.dossier = ${lacombe.id}`
      const { lignes } = await lireListe(session, listes[0]?.id ?? '')
      const rang = lignes.find(({ dossier }) => dossier === lacombe.id)?.rang ?? 0
      await repondreListe(session, listes[0]?.id ?? '', [{ rang, reponse: 'connu' }])
    })
    const page = await essai.lire('caf', adresse())
    assert.ok(page.texte.includes('Clore le diagnostic'))
    assert.match(page.texte, /Pris en charge : CAF de Saône-et-Loire/)
    assert.ok(!(await essai.lire('prefecture', adresse())).texte.includes('Clore le diagnostic'))

    const sansMotif = await essai.poster('caf', adresse('/diagnostic'), { issue: 'non_realise', motif: '' })
    assert.equal(sansMotif.statut, 422)
    assert.match(sansMotif.html, /href="#c-motif"/)
    assert.match(sansMotif.html, /value="non_realise"[^>]*checked|checked=""[^>]*value="non_realise"/)
    const contraire = await essai.poster('caf', adresse('/diagnostic'), { issue: 'transmis', motif: 'injoignable' })
    assert.equal(contraire.statut, 422)
    assert.match(contraire.texte, /Un diagnostic transmis n’a pas de motif/)
    assert.match(contraire.texte, /Nécessaire quand il n’est pas réalisé/)
    assert.equal(
      (await essai.poster('caf', adresse('/diagnostic'), { issue: 'non_realise', motif: 'absent' })).statut,
      303,
    )
    const clos = (await essai.lire('caf', adresse())).texte
    assert.match(
      clos,
      /Diagnostic non réalisé 20\/11\/2026, Camille CAF, CAF de Saône-et-Loire\. CAF de Saône-et-Loire, Absent au rendez-vous/,
    )
    assert.ok(!clos.includes('Clore le diagnostic'))
    assert.match(clos, /Échéance tenue : Tenue · 20\/11/)
  })

  test('[REP-15] without any contact noted, a diagnostic cannot be said not done', async () => {
    const refusee = await essai.poster('secretariat', `/dossiers/${vernay.reference}/diagnostic`, {
      issue: 'non_realise',
      motif: 'absent',
    })
    assert.equal(refusee.statut, 422)
    assert.match(refusee.html, /<title>Erreur/)
  })

  test('[REP-11] one service is in charge, and the history says who before and until when', async () => {
    const confie = await essai.poster('secretariat', '/dossiers/confier', {
      dossiers: lacombe.id,
      retour: adresse(),
      organisme: 'DEP71',
      motif: 'La CAF n’a plus de place',
    })
    assert.deepEqual([confie.statut, confie.vers], [303, adresse()])
    assert.equal((await essai.lire('caf', adresse())).statut, 404, 'the service that no longer follows no longer reads')
    const lui = (await essai.lire('departement', adresse())).texte
    assert.match(lui, /La CAF n’a plus de place/)
    assert.match(lui, /CAF de Saône-et-Loire, Assignation Du 20\/11\/2026 au 20\/11\/2026/)
    assert.ok(!(await essai.lire('prefecture', adresse())).texte.includes('plus de place'))
    const page = await essai.lire('secretariat', adresse())
    assert.ok(page.texte.includes('Défaire ce choix'))
  })
})
