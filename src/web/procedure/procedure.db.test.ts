import assert from 'node:assert/strict'
import { randomUUID } from 'node:crypto'
import { after, before, beforeEach, describe, test } from 'node:test'
import { compterVeille, listerVeille } from '#repartition'
import { openTestDatabase } from '#tests/base'
import {
  type Compte,
  creerDossiers,
  DEPT,
  type DossierCree,
  type Essai,
  importer,
  ouvrirEssai,
  type PageLue,
} from '../accompagner/fabrique-essai.ts'
import { routesProcedure } from './index.ts'

type ActeEssai = readonly [
  genre: string,
  le: string,
  champs: Readonly<Record<string, string>>,
  attendus: readonly RegExp[],
]

/** What a social worker notes of a household besides its procedure, and what the page then says. */
const ACTES_DU_DOSSIER: readonly (readonly [titre: string, actes: readonly ActeEssai[]])[] = [
  [
    '[DOS-11] the enforcement judge: seized, and the delays granted',
    [
      [
        'jex_saisi',
        '2026-10-05',
        { objet: 'delais', audience_le: '2026-11-03' },
        [/Juge de l’exécution saisi/, /Délais pour quitter les lieux/, /03\/11\/2026/],
      ],
      [
        'jex_decision',
        '2026-11-03',
        { accord: 'accordes', jusqu_au: '2027-06-30' },
        [/Décision du juge de l’exécution/, /30\/06\/2027/],
      ],
    ],
  ],
  [
    '[DOS-12] housing aid: its kind, its amount, to whom, why it is suspended, then restored with its arrears in one payment',
    [
      [
        'aide_logement',
        '2026-07-01',
        { etat: 'suspendue', nature: 'al_tiers_payant', montant: '255', au_bailleur: 'oui', motif: 'incomplet' },
        [/Suspendue/, /AL en tiers payant/, /255,00 €/, /Dossier incomplet/],
      ],
      [
        'aide_logement',
        '2026-10-01',
        { etat: 'retablie', rappel: '765', rappel_en_une_fois: 'oui' },
        [/Rétablie/, /765,00 €/, /Rappel versé en une fois : oui/i],
      ],
    ],
  ],
  [
    '[DOS-16] rehousing: the application, its number and landlords, a proposal refused, the DALO, where the household went',
    [
      [
        'logement_social_demande',
        '2026-05-11',
        { numero: '071-2026-0450', bailleurs: 'deux bailleurs du Creusot', contingent: 'oui', mutation: 'non' },
        [/071-2026-0450/, /deux bailleurs du Creusot/],
      ],
      [
        'logement_propose',
        '2026-09-02',
        { type: 'parc_social', reponse: 'refusee', motif: 'secteur' },
        [/Proposition de logement/, /Refusée/, /Secteur/],
      ],
      ['dalo_saisi', '2026-10-01', {}, [/Recours DALO déposé/]],
      ['relogement', '2026-11-12', { type: 'intermediation' }, [/Ménage relogé ou hébergé/, /Glissement de bail/]],
    ],
  ],
  [
    '[DOS-17] an AVDL « de contact », from its prescription to what followed, one act per step',
    [
      ['avdl', '2026-09-01', { nature: 'contact', etape: 'prescrite' }, [/Prescrite par la commission/]],
      ['avdl', '2026-09-08', { nature: 'contact', etape: 'financee' }, [/Financée/]],
      [
        'avdl',
        '2026-09-10',
        { nature: 'contact', etape: 'operateur', operateur: 'Association du bocage' },
        [/Association du bocage/],
      ],
      ['avdl', '2026-09-15', { nature: 'contact', etape: 'courrier' }, [/Courrier ou appel au ménage/]],
      ['avdl', '2026-09-22', { nature: 'contact', etape: 'rencontre' }, [/Rencontre au domicile/]],
      ['avdl', '2026-09-24', { nature: 'contact', etape: 'bailleur' }, [/Contact avec le bailleur/]],
      [
        'avdl',
        '2026-10-02',
        { nature: 'contact', etape: 'suite', suite: 'orientation' },
        [/Orientation vers un autre service/],
      ],
    ],
  ],
  [
    '[RFP-16] an exceptional AVDL: rehousing, move, file to the mediation commission',
    [
      [
        'avdl',
        '2026-10-06',
        { nature: 'exceptionnelle', etape: 'relogement' },
        [/Exceptionnelle, à la réquisition/, /Recherche de relogement/],
      ],
      ['avdl', '2026-10-20', { nature: 'exceptionnelle', etape: 'demenagement' }, [/Déménagement organisé/]],
      [
        'avdl',
        '2026-10-21',
        { nature: 'exceptionnelle', etape: 'mediation' },
        [/Dossier déposé à la commission de médiation/],
      ],
    ],
  ],
  [
    '[DOS-19] a guarantee that was called: sums paid, reimbursement, rent resumed',
    [
      [
        'garantie',
        '2026-08-04',
        { type: 'visale', verse: '1410', remboursement: 'en_cours', reprise: 'oui' },
        [/Garantie activée/, /Visale/, /1 410,00 €/, /En cours/],
      ],
    ],
  ],
  [
    '[DOS-22] a body that was met, since when, and whether the household adheres',
    [
      [
        'organisme_rencontre',
        '2026-06-03',
        { organisme: 'Point conseil budget', adhesion: 'oui' },
        [/Organisme rencontré/, /Point conseil budget/, /03\/06\/2026/],
      ],
    ],
  ],
  [
    '[DOS-28] associated difficulties, ticked and nothing more',
    [
      ['problematique', '2026-06-04', { type: 'voisinage' }, [/Difficulté associée repérée/, /Voisinage/]],
      ['problematique', '2026-06-05', { type: 'autonomie' }, [/Perte d’autonomie/]],
    ],
  ],
  [
    '[SIG-24] the six mandatory mentions of a commandement de payer are checked on the act, and one that is missing stops nothing',
    [
      [
        'commandement_de_payer',
        '2026-02-02',
        {
          mention_delai: 'oui',
          mention_loyer: 'oui',
          mention_decompte: 'non',
          mention_avertissement: 'oui',
          mention_fsl: 'non',
          mention_grace: 'oui',
        },
        [
          /Mention : le délai pour payer : oui/,
          /Mention : le décompte de la dette : non/,
          /Mention : l’adresse du FSL : non/,
          /Mention : le délai de grâce à demander au juge : oui/,
        ],
      ],
    ],
  ],
  [
    '[SIG-26] who the landlord is: its kind, who manages, its year of birth, whether it signed with the ANAH',
    [
      [
        'bailleur_qualifie',
        '2026-06-08',
        { nature: 'personne_physique', gestion: 'gerant', annee_naissance: '1950', conventionne_anah: 'oui' },
        [/Bailleur : Personne physique/, /Par un gérant/, /Année de naissance du bailleur : 1950/, /ANAH : oui/],
      ],
    ],
  ],
  [
    '[SIG-27] who the household is: allocataire or not, followed or not, Visale or not, type of family',
    [
      [
        'menage_qualifie',
        '2026-06-08',
        { allocataire: 'non', accompagne: 'oui', visale: 'non', famille: 'monoparentale' },
        [/Allocataire : Non/, /travailleur social : oui/, /Garantie Visale : non/, /Famille monoparentale/],
      ],
    ],
  ],
  [
    '[DOS-29] what the arrears cost a private landlord',
    [
      [
        'difficulte_bailleur',
        '2026-06-08',
        { type: 'credit' },
        [/Difficulté du bailleur privé/, /Crédit immobilier à rembourser/],
      ],
    ],
  ],
]

describe('the procedure of a dossier, on screen', () => {
  let essai: Essai
  let dossier: DossierCree
  let rang = 0
  const adresse = (suite = '') => `/dossiers/${dossier.reference}/procedure${suite}`

  before(async () => {
    essai = await ouvrirEssai(await openTestDatabase(), routesProcedure)
  })
  after(() => essai.fermer())
  beforeEach(async () => {
    rang += 1
    const [cree] = await creerDossiers(essai, [
      { nom: `Ferrandis${rang}`, type: 'assignation', le: '2026-03-02', contenu: { montant_dette: 200_000 } },
    ])
    assert.ok(cree)
    dossier = cree
    await essai.enSysteme(
      'dossier.reaffecter',
      ({ sql }) => sql`
      update dossier d set organisme = o.id, etat_service = 'prise', organismes_habilites = array[o.id]
      from organisme o where o.dept = ${DEPT} and o.code = 'DEP71' and d.dept = ${DEPT} and d.id = ${dossier.id}`,
    )
  })

  /** Fills the form of a kind as a person does, confirming what it warns of when asked to. */
  async function saisir(
    genre: string,
    le: string,
    champs: Readonly<Record<string, string>> = {},
    { compte = 'secretariat' as Compte, confirme = false } = {},
  ): Promise<PageLue> {
    const page = await essai.lire(compte, adresse(`/saisir?genre=${genre}`))
    const envoi = /name="envoi" value="([0-9a-f-]{36})"/.exec(page.html)?.[1] ?? ''
    return essai.poster(compte, adresse('/saisir'), {
      genre,
      le,
      envoi,
      ...(confirme ? { confirme: 'oui' } : {}),
      ...Object.fromEntries(Object.entries(champs).map(([nom, valeur]) => [`f-${nom}`, valeur])),
    })
  }
  const acteDe = (html: string): string => /\/actes\/([0-9a-f-]{36})"/.exec(html)?.[1] ?? ''

  for (const [titre, actes] of ACTES_DU_DOSSIER)
    test(titre, async () => {
      for (const [genre, le, champs] of actes) {
        const recu = await saisir(genre, le, champs, { compte: 'departement', confirme: true })
        assert.equal(recu.statut, 303, `${genre} ${recu.texte.slice(0, 400)}`)
      }
      const { texte } = await essai.lire('departement', adresse())
      for (const [genre, , , attendus] of actes) for (const motif of attendus) assert.match(texte, motif, genre)
    })

  test('[DOS-31] a corrected amount of a reported act corrects the debt of the dossier', async () => {
    await importer(essai, 'PREF71', [
      {
        type: 'assignation',
        reference_source: 'ASG-D',
        date_signalement: '2026-03-04',
        date_acte: '2026-03-02',
        montant_dette: '2000',
        nom_usage: 'Vaucresson',
        prenom: 'Lise',
        adresse: '5 rue du Pont',
        code_postal: '71400',
        commune: 'Autun',
        parc: 'prive',
      },
    ])
    await essai.enSysteme('dossier.consulter', async ({ sql }) => {
      const [ouvert] = await sql<DossierCree>`select id, reference from dossier where titulaire like 'VAUCRESSON%'`
      assert.ok(ouvert)
      dossier = ouvert
    })
    const dette = async () => (await essai.lire('secretariat', `/dossiers/${dossier.reference}`)).texte
    assert.match(await dette(), /Dette 2 000,00 €/)
    const liste = await essai.lire('secretariat', adresse())
    const acte = adresse(`/actes/${acteDe(liste.html)}`)
    const corriger = await essai.lire('secretariat', acte)
    const version = /name="version" value="(\d*)"/.exec(corriger.html)?.[1] ?? ''
    const faite = await essai.poster('secretariat', acte, {
      le: '2026-03-02',
      version,
      motif: 'piece_lue',
      confirme: 'oui',
      'f-montant': '3150',
    })
    assert.equal(faite.statut, 303, faite.texte.slice(0, 600))
    assert.match(await dette(), /Dette 3 150,00 €/)
  })

  test('[DOS-05] [DOS-10] a judgment is entered with its fields, shown with who entered it, and undone in one click', async () => {
    const choix = await essai.lire('secretariat', adresse('/saisir'))
    assert.match(choix.texte, /Jugement et recours/)
    const recu = await saisir('jugement', '2026-05-04', {
      decision: 'delais',
      duree_mois: '24',
      mensualite: '80,50',
      present: 'oui',
    })
    assert.equal(recu.statut, 303)
    assert.match(recu.message?.texte ?? '', /Jugement : enregistré\. Étape : Jugement\./)
    const page = await essai.lire('secretariat', adresse())
    assert.match(page.texte, /Délais accordés par le juge jusqu’au 04\/05\/2028/)
    assert.match(page.texte, /Mensualité fixée par le juge : 80,50 €/)
    assert.match(page.texte, /Saisi par Camille SECRETARIAT/)
    assert.match(page.texte, /Signal reçu : Préfecture de Saône-et-Loire/)
    const { action = '', champs = {} } = recu.message?.defaire ?? {}
    assert.equal((await essai.poster('secretariat', action, champs)).statut, 303)
    const apres = await essai.lire('secretariat', adresse())
    assert.match(apres.texte, /Étape : Assignation\./)
    assert.match(apres.texte, /Actes retirés \(1\)/)
  })

  test('[DOS-05] what is wrong is said beside its field, and what was typed is kept', async () => {
    const refuse = await saisir('jugement', '2026-13-40', { tribunal: 'Mâcon', mensualite: 'beaucoup' })
    assert.equal(refuse.statut, 422)
    assert.match(refuse.texte, /Donner la date/)
    assert.match(refuse.texte, /Décision : à renseigner/)
    assert.match(refuse.texte, /Mensualité fixée par le juge : écrire un montant en euros/)
    assert.match(refuse.html, /value="Mâcon"/)
    assert.match(refuse.html, /value="beaucoup"/)
  })

  test('[DOS-05] an order to pay served under a newer lease has the delay of that lease', async () => {
    await saisir('nouveau_bail', '2026-10-01', {}, { confirme: true })
    await saisir('commandement_de_payer', '2026-11-10', {}, { confirme: true })
    // Six weeks, not two months: the lease is later than 29/07/2023.
    assert.match(
      (await essai.lire('secretariat', adresse())).texte,
      /6 semaines .*bail conclu le 01\/10\/2026.*22\/12\/2026/,
    )
  })

  test('[DOS-05] what keeps a legal date too late is shown as such, not as kept', async () => {
    await saisir('assignation', '2026-11-10', { audience_le: '2026-12-29' }, { confirme: true })
    assert.match((await essai.lire('secretariat', adresse())).texte, /Sans preuve connue · 17\/11/)
    assert.equal((await saisir('notification_prefet', '2026-11-18', { acte: 'assignation' })).statut, 303)
    const { texte } = await essai.lire('secretariat', adresse())
    assert.match(texte, /Échéance tenue trop tard : 1 j trop tard · 18\/11/)
    assert.doesNotMatch(texte, /Tenue · 18\/11/)
  })

  test('[DOS-05] an impossible sequence warns before it is saved, is saved when confirmed, and stays said on the dossier', async () => {
    const averti = await saisir('expulsion', '2026-11-10')
    assert.equal(averti.statut, 422)
    assert.match(averti.texte, /en pleine trêve hivernale \(jusqu’au 31\/03\/2027\)/)
    assert.match(averti.texte, /Enregistrer malgré tout/)
    assert.match((await essai.lire('secretariat', adresse())).texte, /Étape : Assignation/)
    assert.equal((await saisir('expulsion', '2026-11-10', {}, { confirme: true })).statut, 303)
    const page = await essai.lire('secretariat', adresse())
    assert.match(page.texte, /À vérifier dans les actes/)
    assert.match(page.texte, /Un acte le permet : « Expulsion effective »/)
  })

  test('[DOS-05] a double click writes once and says so, instead of warning of what it has just written', async () => {
    const page = await essai.lire('secretariat', adresse('/saisir?genre=jugement'))
    const envoi = /name="envoi" value="([0-9a-f-]{36})"/.exec(page.html)?.[1] ?? ''
    const envoyer = () =>
      essai.poster('secretariat', adresse('/saisir'), {
        genre: 'jugement',
        le: '2026-05-04',
        envoi,
        'f-decision': 'delais',
      })
    assert.equal((await envoyer()).statut, 303)
    const second = await envoyer()
    assert.equal(second.statut, 303)
    assert.match(second.message?.texte ?? '', /Jugement : enregistré/)
    assert.equal((await essai.lire('secretariat', adresse())).texte.match(/Jugement, 04\/05\/2026/g)?.length, 1)
  })

  test('[DOS-14] who does not read the debt is not told that nothing suspends the procedure', async () => {
    await saisir('jugement', '2026-05-04', { decision: 'resiliation_ferme' })
    await saisir('surendettement_suspension', '2026-07-15', {}, { confirme: true })
    await essai.enSysteme(
      'dossier.reaffecter',
      ({
        sql,
      }) => sql`update dossier set organismes_habilites = array(select id from organisme where code in ('DEP71', 'SIAO71')), stade = 'assignation'
        where id = ${dossier.id}`,
    )
    assert.match((await essai.lire('secretariat', adresse())).texte, /En vigueur : procédure de surendettement/)
    const siao = await essai.lire('siao', adresse())
    assert.equal(siao.statut, 200)
    assert.doesNotMatch(siao.texte, /[Ss]urendettement|Rien ne suspend/)
    assert.match(siao.texte, /Aucune suspension dans ce que vous pouvez lire/)
  })

  test('[DOS-04] a dossier opened again is derived again', async () => {
    await importer(essai, 'PREF71', [
      {
        type: 'assignation',
        reference_source: 'ASG-R',
        date_signalement: '2026-04-02',
        date_acte: '2026-04-01',
        nom_usage: 'Larmessin',
        prenom: 'Odile',
        adresse: '3 rue du Port',
        code_postal: '71400',
        commune: 'Autun',
        parc: 'prive',
      },
    ])
    await essai.enSysteme('dossier.consulter', async ({ sql }) => {
      const [ouvert] = await sql<DossierCree>`select id, reference from dossier where titulaire like 'LARMESSIN%'`
      assert.ok(ouvert)
      dossier = ouvert
    })
    await essai.poster('secretariat', adresse('/clore'), { issue: 'dette_soldee', le: '2026-11-18' })
    // As left by the rules of the day it was closed.
    await essai.enSysteme(
      'dossier.reaffecter',
      ({ sql }) => sql`update dossier set stade = 'impaye', stade_rang = 1 where id = ${dossier.id}`,
    )
    await essai.poster('secretariat', adresse('/rouvrir'), { motif: 'nouvel_impaye' })
    assert.match((await essai.lire('secretariat', adresse())).texte, /Étape : Assignation\. Rien/)
  })

  test('[DOS-04] [DOS-30] a closed dossier that is signalled again stays closed, and waits to be opened again or left so', async () => {
    const signaler = (reference: string, le: string) =>
      importer(essai, 'PREF71', [
        {
          type: 'assignation',
          reference_source: reference,
          date_signalement: le,
          date_acte: le,
          nom_usage: 'Chambarand',
          prenom: 'Yvette',
          date_naissance: '1971-07-14',
          adresse: '8 place du Carreau',
          code_postal: '71400',
          commune: 'Autun',
          parc: 'prive',
        },
      ])
    const attendent = () =>
      essai.enSysteme('veille.consulter', async (session) => {
        const lignes = await listerVeille(session, 'clos_signales')
        assert.equal((await compterVeille(session)).clos_signales, lignes.length)
        assert.equal((await compterVeille(session, [])).clos_signales, 0, 'nowhere, nothing')
        return lignes.map(({ reference }) => reference)
      })
    await signaler('C-1', '2026-04-02')
    await essai.enSysteme('dossier.consulter', async ({ sql }) => {
      const [ouvert] = await sql<DossierCree>`select id, reference from dossier where titulaire like 'CHAMBARAND%'`
      assert.ok(ouvert)
      dossier = ouvert
    })
    const clore = () => essai.poster('secretariat', adresse('/clore'), { issue: 'relogement', le: '2026-11-18' })
    await clore()
    assert.deepEqual(await attendent(), [])
    await signaler('C-2', '2026-11-19')
    assert.deepEqual(await attendent(), [dossier.reference])
    assert.match(
      (await essai.lire('secretariat', `/dossiers/${dossier.reference}`)).texte,
      /Un signal est arrivé depuis, le 20\/11\/2026/,
    )
    const page = await essai.lire('secretariat', adresse())
    assert.match(page.texte, /Issue : relogement/)
    assert.match(page.texte, /Le laisser clos/)
    await clore()
    assert.deepEqual(await attendent(), [])
    await signaler('C-3', '2026-11-20')
    await essai.poster('secretariat', adresse('/rouvrir'), { motif: 'nouvel_impaye' })
    assert.deepEqual(await attendent(), [])
  })

  test('[DOS-04] two people who correct the same act see both versions, and nothing is lost', async () => {
    await saisir('commandement_de_quitter_les_lieux', '2026-09-01', {}, { confirme: true })
    const acte = acteDe((await essai.lire('secretariat', adresse())).html)
    const page = await essai.lire('secretariat', adresse(`/actes/${acte}`))
    const version = /name="version" value="([0-9a-f-]{36})"/.exec(page.html)?.[1] ?? ''
    const corriger = (compte: Compte, le: string, vu: string) =>
      essai.poster(compte, adresse(`/actes/${acte}`), { le, motif: 'piece_lue', version: vu, confirme: 'oui' })
    assert.equal((await corriger('departement', '2026-09-03', version)).statut, 303)
    const conflit = await corriger('secretariat', '2026-09-05', version)
    assert.equal(conflit.statut, 409)
    const nu = conflit.html.replace(/<[^>]+>/g, '')
    assert.match(nu, /05\/09\/2026/)
    assert.match(nu, /03\/09\/2026/)
    const fraiche = /name="version" value="([0-9a-f-]{36})"/.exec(conflit.html)?.[1] ?? ''
    assert.notEqual(fraiche, version)
    assert.equal((await corriger('secretariat', '2026-09-05', fraiche)).statut, 303)
    const histoire = await essai.lire('secretariat', adresse(`/actes/${acte}`))
    assert.match(histoire.texte, /Corrigé le .* Camille SECRETARIAT.*Corrigé le .* Camille DEPARTEMENT.*Saisi le/)
    assert.match(histoire.texte, /Motif : la pièce dit autre chose/)
  })

  test('[DOS-04] two people who correct what a signalement reports see both versions too', async () => {
    const acte = acteDe((await essai.lire('secretariat', adresse())).html)
    const corriger = (compte: Compte, le: string) =>
      essai.poster(compte, adresse(`/actes/${acte}`), { le, motif: 'piece_lue', version: '', confirme: 'oui' })
    assert.equal((await corriger('departement', '2026-03-10')).statut, 303)
    const conflit = await corriger('secretariat', '2026-03-20')
    assert.equal(conflit.statut, 409)
    assert.match(conflit.html.replace(/<[^>]+>/g, ''), /20\/03\/2026[\s\S]*10\/03\/2026/)
    const retrait = await essai.poster('secretariat', adresse(`/actes/${acte}/retirer`), {
      motif: 'doublon',
      version: '',
    })
    assert.match(retrait.message?.texte ?? '', /corrigé par une autre personne/)
    const page = await essai.lire('secretariat', adresse())
    assert.match(page.texte, /Assignation, 10\/03\/2026/)
    assert.match(page.texte, /Actes 1 acte /, 'one chain, not two')
  })

  test('[DOS-04] a form that comes back with an error keeps what its reader had seen', async () => {
    await saisir('commandement_de_quitter_les_lieux', '2026-09-01', {}, { confirme: true })
    const acte = acteDe((await essai.lire('secretariat', adresse())).html)
    const versionDe = ({ html }: PageLue) => /name="version" value="([0-9a-f-]{36})"/.exec(html)?.[1] ?? ''
    const vue = versionDe(await essai.lire('secretariat', adresse(`/actes/${acte}`)))
    const corriger = (compte: Compte, champs: Readonly<Record<string, string>>) =>
      essai.poster(compte, adresse(`/actes/${acte}`), { motif: 'piece_lue', confirme: 'oui', ...champs })
    await corriger('departement', { le: '2026-09-03', version: vue })
    const refuse = await corriger('secretariat', { le: '', version: vue })
    assert.equal(refuse.statut, 422)
    assert.equal((await corriger('secretariat', { le: '2026-09-05', version: versionDe(refuse) })).statut, 409)
    const sansMotif = await essai.poster('secretariat', adresse(`/actes/${acte}/retirer`), { motif: '', version: vue })
    assert.equal(versionDe(sansMotif), vue)
  })

  test('[DOS-13] [DOS-15] [DOS-18] each block is read by those the matrix opens it to, in the page, the chronology and the forms', async () => {
    await saisir('fsl_demande', '2026-06-01', { nature: 'maintien', stade: 'assignation', montant: '900' })
    await saisir('surendettement_recevable', '2026-07-15', {}, { confirme: true })
    await saisir('mesure_protection', '2026-07-01', { type: 'curatelle' }, { compte: 'departement' })
    const social = await essai.lire('departement', adresse())
    assert.match(social.texte, /Curatelle/)
    assert.match(social.texte, /Payer les dettes antérieures est interdit/)
    const prefecture = await essai.lire('prefecture', adresse())
    assert.match(prefecture.texte, /Surendettement/)
    assert.doesNotMatch(prefecture.texte, /FSL|Curatelle/)
    assert.doesNotMatch((await essai.lire('prefecture', `/dossiers/${dossier.reference}`)).texte, /FSL|Curatelle/)
    assert.equal((await essai.lire('prefecture', adresse('/saisir?genre=mesure_protection'))).statut, 404)
    assert.equal(
      (await saisir('mesure_protection', '2026-07-01', { type: 'tutelle' }, { compte: 'prefecture' })).statut,
      404,
    )
    const acte = /\/actes\/([0-9a-f-]{36})"[^>]*>Mesure de protection/.exec(social.html)?.[1] ?? ''
    assert.ok(acte)
    assert.equal((await essai.lire('prefecture', adresse(`/actes/${acte}`))).statut, 404)
    assert.equal((await essai.lire('bailleur', adresse())).statut, 403)
    assert.equal((await essai.lire('adil', adresse())).statut, 404, 'not engaged: it does not exist')
  })

  test('[DOS-23] one referent at a time: the new one ends the former, which stays in the history', async () => {
    await saisir('referent_designe', '2026-06-01', { organisme: 'CCAS d’Autun' })
    await saisir('referent_designe', '2026-09-01', { organisme: 'Département', nom: 'Mme Perrin' })
    const page = await essai.lire('secretariat', adresse())
    assert.match(page.texte, /Référent actif Mme Perrin, Département depuis le 01\/09\/2026/)
    assert.match(page.texte, /CCAS d’Autun/)
    await saisir('referent_termine', '2026-10-01')
    assert.match((await essai.lire('secretariat', adresse())).texte, /Référent actif aucun/)
  })

  test('[DOS-25] [DOS-26] at the order to leave the dossier asks whether a protocol is opportune, until it is answered', async () => {
    await saisir('commandement_de_quitter_les_lieux', '2026-09-01', {}, { confirme: true })
    const avant = await essai.lire('secretariat', adresse())
    assert.match(avant.texte, /Un protocole est-il opportun \?/)
    assert.match(
      avant.texte,
      /Travailler une solution hors maintien\. La charte le demande à cette étape \(§ 2\.2, commandement de quitter les lieux\)/,
    )
    await saisir('opportunite_protocole', '2026-09-10', {
      stade: 'commandement_de_quitter_les_lieux',
      reponse: 'non',
      motif: 'loyer_non_repris',
    })
    const apres = await essai.lire('secretariat', adresse())
    assert.doesNotMatch(apres.texte, /Un protocole est-il opportun \?/)
    assert.match(apres.texte, /Si non, pourquoi : Le loyer courant n’est pas repris/)
  })

  test('[DOS-03] the objectives of the step come from the charter, each with its state', async () => {
    const page = await essai.lire('secretariat', adresse())
    const objectif = /name="objectif" value="([^"]+)"/.exec(page.html)?.[1] ?? ''
    assert.ok(objectif)
    const note = await essai.poster('secretariat', adresse('/objectifs'), {
      objectif: objectif.replaceAll('&#x27;', '’'),
      etat: 'atteint',
    })
    assert.equal(note.message?.texte, 'Objectif mis à jour.')
    assert.match((await essai.lire('secretariat', adresse())).texte, /Atteint/)
  })

  test('[DOS-06] a debt smaller than its parts, or born after the day it is stated, is refused beside the field', async () => {
    const refuser = (champs: Record<string, string>) =>
      essai.poster('secretariat', adresse('/saisir'), {
        ...{ genre: 'dette_relevee', le: '2026-11-18', 'f-montant': '1000', envoi: randomUUID() },
        ...{ suite: 'enregistrer', etape: 'enregistrer' },
        ...champs,
      })
    const parts = await refuser({ 'f-part_loyer': '800', 'f-part_charges': '250' })
    assert.equal(parts.statut, 422)
    assert.match(parts.html, /href="#c-f-part_charges"/)
    assert.match(parts.texte, /Les loyers et les charges font plus que la dette/)
    const nee = await refuser({ 'f-depuis': '2026-11-19' })
    assert.match(nee.html, /href="#c-f-depuis"/)
    assert.match(nee.texte, /après le jour où elle est arrêtée \(18\/11\/2026\)/)
  })

  test('[DOS-04] [DOS-30] a dossier is closed with a coded outcome and opened again with a reason, both in the chronology', async () => {
    const sans = await essai.poster('secretariat', adresse('/clore'), { issue: '', le: '' })
    assert.equal(sans.statut, 422)
    assert.match(sans.texte, /Choisir l’issue dans la liste/)
    const ancien = await essai.poster('secretariat', adresse('/clore'), { issue: 'dette_soldee', le: '2010-01-01' })
    assert.equal(ancien.statut, 422)
    assert.match(ancien.texte, /précède de plus d’un an le premier signal du ménage. Vérifier l’année/)
    const clos = await essai.poster('secretariat', adresse('/clore'), { issue: 'dette_soldee', le: '2026-11-18' })
    assert.equal(clos.message?.texte, 'Dossier clos : dette soldée.')
    const page = await essai.lire('secretariat', adresse())
    assert.match(page.texte, /Issue : dette soldée/)
    assert.doesNotMatch(page.texte, /Ajouter un acte ou une situation/)
    assert.equal((await essai.poster('departement', adresse('/rouvrir'), { motif: 'erreur' })).statut, 403)
    await essai.poster('secretariat', adresse('/rouvrir'), { motif: 'nouvel_impaye' })
    const dossierLu = await essai.lire('secretariat', `/dossiers/${dossier.reference}`)
    assert.match(dossierLu.texte, /Dossier rouvert .*Nouvel impayé.*Dossier clos : dette soldée/)
  })
})
