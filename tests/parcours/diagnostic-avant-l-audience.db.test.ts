import assert from 'node:assert/strict'
import { randomUUID } from 'node:crypto'
import { after, before, describe, test } from 'node:test'
import { hacherMotDePasse, installerCompte, installerOrganismes } from '#acces'
import { ecrireCsv, importer, ligne } from '#tests/application'
import { type Compte, DEPT, type EssaiDesCercles, ouvrirEssaiDesCercles } from '#tests/ecrits'
import { lireTextePdf } from '#tests/pdf'

/**
 * Un ménage est assigné. Le préfet saisit le Département, qui propose un entretien, remplit les volets social et financier ; l'ADIL remplit le volet
 * juridique. Le diagnostic est relu, validé, figé. Il va au secrétariat ; la seule synthèse va au préfet, puis au juge, avant l'audience.
 */
describe('De l’assignation à la synthèse remise au juge', () => {
  let essai: EssaiDesCercles
  let dossier: string
  let place: string
  const visio = { auteure: 'auteure', adil: 'adil' } as const

  before(async () => {
    essai = await ouvrirEssaiDesCercles()
    dossier = `/dossiers/${essai.dossier.reference}`
    place = `${dossier}/diagnostics`
    const { pool } = essai.application.base
    const trois = [essai.organisme('DEP71'), essai.organisme('CAF71'), essai.organisme('ADIL71')]
    // The hearing is brought forward: forty days away. The Département took the household in charge, the ADIL follows it too.
    await importer(
      essai.application,
      'PREF71',
      'assignations.csv',
      ecrireCsv([
        ligne({
          nom_usage: 'Lacombe',
          parc: 'public',
          bailleur_nom: 'OPAC de Saône-et-Loire',
          type: 'assignation',
          reference_source: 'ASG-1',
          date_signalement: '2026-11-09',
          date_acte: '2026-11-04',
          date_audience: '2026-12-30',
        }),
      ]),
    )
    await pool.query('update dossier set organismes_habilites = $2 where dept = $1', [DEPT, trois])
    await pool.query(
      `update affectation set organisme = $2, service = 'departement', etat = 'prise', transmise_le = '2026-11-16', prise_le = '2026-11-18',
         diagnostic_avant = '2026-12-22' where dept = $1 and terminee_a is null`,
      [DEPT, essai.organisme('DEP71')],
    )
  })
  after(() => essai.fermer())

  const envoyer = async (compte: Compte, adresse: string, champs: Record<string, string | readonly string[]> = {}) => {
    const faite = await essai.poster(compte, adresse, { envoi: randomUUID(), ...champs })
    assert.equal(faite.statut, 303, `${adresse} ${faite.texte.slice(0, 900)}`)
    return faite
  }
  const refuse = async (
    compte: Compte,
    adresse: string,
    champs: Record<string, string>,
    motif: RegExp,
    statut = 422,
  ) => {
    const faite = await essai.poster(compte, adresse, { envoi: randomUUID(), ...champs })
    assert.equal(faite.statut, statut, `${adresse} ${faite.texte.slice(0, 600)}`)
    assert.ok(
      motif.test(faite.texte),
      `${motif} not in ${/Rien n’a été enregistré .{200}/.exec(faite.texte)?.[0] ?? faite.texte.slice(0, 900)}`,
    )
  }
  const voir = async (compte: Compte) => (await essai.lire(compte, place)).texte
  const version = async () => /name="vue" value="(\d+)"/.exec((await essai.lire('auteure', place)).html)?.[1] ?? ''
  let diagnostic = ''
  const un = (suite: string) => `${place}/${diagnostic}/${suite}`
  const formulaires: Record<string, string> = {}

  const remplir = async (
    compte: Compte,
    volet: string,
    groupes: readonly string[],
    champs: Record<string, string | readonly string[]>,
  ) => {
    const adresse = `${place}/${formulaires[volet]}`
    const page = await essai.lire(compte, `${adresse}?groupe=tout`)
    assert.equal(page.statut, 200, page.texte.slice(0, 300))
    const vu = /name="vu" value="(\d+)"/.exec(page.html)?.[1] ?? ''
    await envoyer(compte, adresse, { vu, groupes, page: 'tout', ...champs })
  }
  const terminer = async (compte: Compte, volet: string) => {
    const page = await essai.lire(compte, `${place}/${formulaires[volet]}`)
    const vu = /volets\/\w+\/terminer[\s\S]*?name="vu" value="(\d+)"/.exec(page.html)?.[1] ?? ''
    await envoyer(compte, un(`volets/${volet}/terminer`), { vu })
  }

  test('[DSF-25] the préfet asks the Département for the diagnosis: the fifteen worked days of the interview run', async () => {
    await envoyer('prefecture', place, {
      organisme: essai.organisme('DEP71'),
      saisi_le: '2026-11-10',
      origine: 'assignation',
    })
    const { rows } = await essai.application.base.pool.query('select id from diagnostic where dept = $1', [DEPT])
    diagnostic = (rows[0] as { id: string }).id
    const page = await voir('auteure')
    assert.match(page, /Mené par Service social.*départemental|Mené par/)
    assert.match(page, /Entretien à proposer/)
    assert.match(page, /Remise du diagnostic au juge/)
    assert.match(page, /02\/12/, 'fifteen worked days after 10 November 2026')
    assert.match(page, /21\/12|22\/12/, 'five worked days before the hearing')
    await refuse(
      'auteure',
      place,
      { organisme: essai.organisme('DEP71'), saisi_le: '2026-11-10', origine: 'cascade' },
      /déjà en cours/,
    )
  })

  test('[DSF-03] an interview proposed keeps the date of the law; what came of it is said once', async () => {
    await refuse(
      'caf',
      un('entretiens'),
      { propose_le: '2026-11-12', canal: 'courrier', pour_le: '2026-11-19', lieu: 'service' },
      /mené par/,
    )
    await envoyer('auteure', un('entretiens'), {
      propose_le: '2026-11-12',
      canal: 'courrier',
      pour_le: '2026-11-19',
      demi_journee: 'matin',
      lieu: 'service',
    })
    assert.match(await voir('auteure'), /Entretien à proposer Échéance tenue/)
    const entretien = /entretiens\/([0-9a-f-]{36})/.exec((await essai.lire('auteure', place)).html)?.[1] ?? ''
    await envoyer('auteure', un(`entretiens/${entretien}`), { issue: 'honore' })
    assert.match(await voir('auteure'), /Honoré/)
  })

  test('« le loyer courant est-il repris ? » is asked forty-five days before the hearing, and answered with its date', async () => {
    assert.match((await essai.lire('auteure', '/a-faire')).texte, /Demander si le loyer courant est repris : 1\sménage/)
    assert.match(await voir('auteure'), /Réponse attendue avant l’audience/)
    const adresse = `${place}/loyer`
    await refuse(
      'auteure',
      adresse,
      { reponse: 'entiere', depuis: '', dit_par: 'menage', le: '2026-11-20' },
      /depuis quand/,
    )
    await envoyer('auteure', adresse, { reponse: 'entiere', depuis: '2026-10-01', dit_par: 'piece', le: '2026-11-19' })
    const page = await voir('auteure')
    assert.match(page, /Oui, entièrement, depuis le 01\/10\/2026 Réponse du 19\/11\/2026/)
    assert.ok(!page.includes('Réponse attendue'))
    assert.ok(!(await essai.lire('auteure', '/a-faire')).texte.includes('Demander si le loyer'))
    const { rows } = await essai.application.base.pool.query('select echeances from dossier where dept = $1', [DEPT])
    const derivees = (rows[0] as { echeances: { cle: string; tenueLe?: string }[] }).echeances
    assert.equal(
      derivees.find(({ cle }) => cle === 'audience.reprise-loyer-j-15')?.tenueLe,
      '2026-10-01',
      'the dossier says so too',
    )
  })

  test('[DSF-08] [DSF-32] each part is begun by its service, already filled with what the dossier knows', async () => {
    for (const [compte, volet] of [
      [visio.auteure, 'social'],
      [visio.auteure, 'financier'],
      [visio.adil, 'juridique'],
    ] as const) {
      const { vers } = await envoyer(compte, un(`volets/${volet}`))
      formulaires[volet] = /diagnostics\/([0-9a-f-]{36})$/.exec(vers)?.[1] ?? ''
    }
    const page = await essai.lire('auteure', `${place}/${formulaires.financier}?groupe=tout`)
    assert.match(page.texte, /Repris : dossier/)
    assert.match(page.texte, /Repris : réponse du 19\/11\/2026/)
    assert.match(page.html, /name="dette_locative"[^>]*value="1620,00"/)
    await refuse('caf', un('volets/social'), {}, /chaque service remplit le sien/)
    assert.equal(
      (await essai.poster('auteure', `${place}/${formulaires.juridique}`, { vu: '1', groupes: 'bail' })).statut,
      404,
    )
  })

  test('[DSF-10] [DSF-15] a part is filled over several appointments; the formulas of annex 3 follow', async () => {
    const vu =
      /terminer[\s\S]*?name="vu" value="(\d+)"/.exec(
        (await essai.lire('auteure', `${place}/${formulaires.social}`)).html,
      )?.[1] ?? ''
    await refuse('auteure', un('volets/social/terminer'), { vu }, /Il manque encore : le ménage est-il venu/)
    await remplir('auteure', 'social', ['rencontre', 'famille'], {
      presence: 'oui',
      information_transmission: 'oui',
      situation_familiale: 'seul',
      enfants: '2',
    })
    await remplir('auteure', 'social', ['besoins'], {
      orientation: 'maintien_conditions',
      preconisations: 'Suivi du budget',
    })
    await remplir('auteure', 'financier', ['revenus', 'logement', 'aide', 'reprise', 'plan'], {
      salaires: '1200',
      loyer: '450',
      charges_bailleur: '50',
      eau: '30',
      aide_montant: '200',
      dette_locative: '1620',
      reprise_loyer: 'entiere',
      reprise_depuis: '2026-10-01',
      plan_mensualite: '45',
      plan_duree: '36',
    })
    const page = (await essai.lire('auteure', `${place}/${formulaires.financier}?groupe=tout`)).texte
    assert.match(page, /Loyer résiduel\s300,00\s€/)
    assert.match(page, /Charge résiduelle de logement\s330,00\s€/)
    assert.match(page, /Taux d’effort\s27,5\s%/)
  })

  test('[DSF-09] each service finishes its part, which then never changes', async () => {
    await remplir('adil', 'juridique', ['bail', 'obligations', 'acte'], {
      bail_nature: 'social',
      obligation_paiement: 'en_partie',
      acte: 'assignation',
      acte_le: '2026-11-04',
    })
    await terminer('adil', 'juridique')
    await terminer('auteure', 'social')
    await terminer('auteure', 'financier')
    assert.match(await voir('auteure'), /Volet juridique ADIL[^:]*: terminé le 20 novembre 2026|terminé le/)
  })

  test('the diagnosis is re-read, then validated: the exact bytes are kept, addressed and « confidentiel » [DSF-30] [DSF-34]', async () => {
    await refuse('auteure', un('valider'), { vue: await version(), forme: 'complet' }, /se relit avant d’être validé/)
    await envoyer('auteure', un('relire'), { vue: await version() })
    await refuse('auteure', un('valider'), { vue: '1', forme: 'complet' }, /a changé depuis votre relecture/, 409)
    await envoyer('auteure', un('valider'), { vue: await version(), forme: 'complet' })
    const [premier, second] = [await essai.lire('auteure', un('document')), await essai.lire('auteure', un('document'))]
    assert.equal(premier.statut, 200)
    assert.deepEqual(premier.octets, second.octets)
    const texte = lireTextePdf(premier.octets)
    assert.match(texte, /CONFIDENTIEL/)
    assert.match(texte, /Secrétariat CCAPEX Autun-Montceau/)
    assert.match(texte, /Charge résiduelle de logement/)
    assert.match(texte, /Volet juridique/)
    assert.match(texte, /Premier titulaire\s*:\s*\S+ Lacombe/i)
    assert.match(texte, /Bailleur\s*:\s*OPAC de Saône-et-Loire, parc social/)
    assert.match(texte, /Étape\s*:\s*Assignation, depuis le 04\/11\/2026/)
    const { rows } = await essai.application.base.pool.query('select octets, resume from diagnostic_document')
    assert.ok(!JSON.stringify(rows).includes('Suivi du budget'), 'sealed at rest')
    await refuse(
      'auteure',
      un('entretiens'),
      { propose_le: '2026-11-20', canal: 'appel', pour_le: '2026-11-24', lieu: 'service' },
      /ne change plus/,
    )
  })

  test('[DSF-31] what the ADIL wrote leaves only with the household’s accord; the secretariat then has it, and the task of the service ends', async () => {
    const remise = { destinataire: 'secretariat', mode: 'amont', remis_le: '2026-11-20' }
    await refuse('auteure', un('remises'), remise, /L’autorisation du ménage n’est pas notée/)
    await envoyer('auteure', `${dossier}/accords`, {
      objet: 'adil_prefet',
      sens: 'accord',
      le: '2026-11-19',
      moyen: 'ecrit',
    })
    await envoyer('auteure', un('remises'), remise)
    assert.match(await voir('secretariat'), /Diagnostic : secrétariat de la CCAPEX, le 20\/11\/2026/)
    assert.equal((await essai.lire('secretariat', un('document'))).statut, 200)
    const { rows } = await essai.application.base.pool.query('select issue from affectation where terminee_a is null')
    assert.deepEqual(rows, [{ issue: 'diagnostic_transmis' }])
  })

  test('[SAI-34] [DSF-32] what the finished parts say is already in the referral, for whoever reads them, under its source', async () => {
    const { vers } = await envoyer('auteure', `${dossier}/saisine`)
    const saisine = await essai.lire('auteure', `${vers}?groupe=tout`)
    const valeur = (nom: string) => new RegExp(`name="${nom}"[^>]*value="([^"]*)"`).exec(saisine.html)?.[1]
    assert.match(saisine.texte, /Repris : diagnostic, volet du 20\/11\/2026/)
    assert.deepEqual(['enfants', 'loyer', 'charges_locatives', 'autres_charges', 'aide_montant'].map(valeur), [
      '2',
      '450,00',
      '50,00',
      '30,00',
      '200,00',
    ])
    const { pool } = essai.application.base
    const suivi = (faire: string) =>
      pool.query(`update dossier set organismes_habilites = ${faire}(organismes_habilites, $1::uuid)`, [
        essai.organisme('CAF71'),
      ])
    await suivi('array_append')
    const { vers: ailleurs } = await envoyer('caf', `${dossier}/saisine`)
    const autre = await essai.lire('caf', `${ailleurs}?groupe=tout`)
    assert.doesNotMatch(autre.texte, /Repris : diagnostic/, 'a service that has no part in the diagnosis')
    await suivi('array_remove')
  })

  test('[DSF-32] [OUT-19] [DOS-13] [DOS-14] and in the file for the housing solidarity fund, which reads it once handed over', async () => {
    const { base } = essai.application
    await installerOrganismes(base, DEPT, [{ code: 'FSL71-ESSAI', nom: 'Fonds de solidarité', type: 'fsl' }])
    await installerCompte(base, {
      dept: DEPT,
      courriel: 'fonds@essai.example',
      prenom: 'Camille',
      nom: 'FONDS',
      motDePasse: await hacherMotDePasse('essai-des-cercles'),
      organisme: 'FSL71-ESSAI',
      role: 'partenaire',
      du: Temporal.PlainDate.from('2020-01-01'),
      motif: 'Essai',
      a: essai.application.horloge.now(),
    })
    const fonds = 'fonds' as Compte
    const envoi = randomUUID()
    const { vers } = await envoyer('auteure', `${dossier}/fsl`, { envoi })
    assert.equal((await envoyer('auteure', `${dossier}/fsl`, { envoi })).vers, vers, 'sent twice, begun once')
    const brouillon = await essai.lire('auteure', `${vers}?groupe=tout`)
    assert.match(brouillon.texte, /Repris : diagnostic, volet du 20\/11\/2026/)
    assert.match(brouillon.texte, /Plafond annuel d’aide du fonds : non renseigné ici/)
    const valeur = (nom: string) => new RegExp(`name="${nom}"[^>]*value="([^"]*)"`).exec(brouillon.html)?.[1]
    assert.deepEqual(
      [
        'titulaire_nom',
        'salaires',
        'loyer',
        'charges_locatives',
        'autres_charges',
        'aide_montant',
        'plan_mensualite',
      ].map(valeur),
      ['Lacombe', '1200,00', '450,00', '50,00', '30,00', '200,00', '45,00'],
    )
    assert.match(brouillon.html, /value="assignation" selected/, 'the step is that of the dossier')
    assert.match(brouillon.texte, /Taux d’effort lié au logement 27,5 %/)
    for (const compte of [fonds, 'caf', 'secretariat', 'adil'] as const)
      assert.ok([403, 404].includes((await essai.lire(compte, vers)).statut), `${compte} does not read a draft`)
    const vuDe = async () => /name="vu" value="(\d+)"/.exec((await essai.lire('auteure', vers)).html)?.[1] ?? ''
    await refuse('auteure', `${vers}/remettre`, { vu: await vuDe() }, /Il manque encore : Nature de l’aide/)
    const page = await vuDe()
    await envoyer('auteure', vers, {
      ...{ vu: page, groupes: 'demande', nature: 'maintien', etape: 'assignation', montant_demande: '800' },
      ...{ demandeur_nom: 'Odile Vasseur', demandeur_qualite: 'Assistante sociale' },
    })
    const conflit = await essai.poster('collegue', vers, {
      ...{
        envoi: randomUUID(),
        vu: page,
        groupes: 'demande',
        nature: 'maintien',
        etape: 'assignation',
        montant_demande: '650',
      },
      ...{ demandeur_nom: 'Odile Vasseur', demandeur_qualite: 'Assistante sociale' },
    })
    assert.equal(conflit.statut, 409, 'two people on the same answer')
    assert.match(conflit.texte, /800[\s\S]*650|650[\s\S]*800/)
    await refuse('auteure', `${vers}/remettre`, { vu: page }, /a changé ce formulaire depuis votre relecture/, 409)
    assert.equal((await essai.lire(fonds, dossier)).statut, 404, 'the fund does not know this dossier')
    await envoyer('auteure', `${vers}/remettre`, { vu: await vuDe() })
    assert.equal((await essai.lire(fonds, dossier)).statut, 200, 'being asked is its reason to read')
    const boite = await essai.lire(fonds, '/notifications')
    assert.match(boite.texte, /Demande au fonds/)
    const lien = /href="(\/notifications\/[^"]+\?quoi=fsl)"/.exec(boite.html)?.[1] ?? ''
    assert.equal((await essai.lire(fonds, lien)).vers, vers, 'the notification leads to the request')
    assert.match(
      (await essai.lire('secretariat', dossier)).texte,
      /Fonds de solidarité Invité du 20\/11\/2026 au 20\/11\/2027\. Motif : Demande d’aide remise au fonds/,
    )
    const lue = await essai.lire(fonds, vers)
    assert.equal(lue.statut, 200)
    assert.match(lue.texte, /Montant demandé 800,00 €/)
    const pdf = await essai.lire(fonds, `${vers}/pdf`)
    assert.match(lireTextePdf(pdf.octets), /Demande au fonds de solidarité/)
    assert.match((await essai.lire('auteure', vers)).texte, /Noter la demande dans le dossier/)
    for (const compte of ['caf', 'secretariat', 'adil'] as const)
      assert.ok([403, 404].includes((await essai.lire(compte, vers)).statut), compte)
    const { vers: copie } = await envoyer('auteure', `${vers}/rouvrir`)
    assert.notEqual(copie, vers)
    await envoyer('auteure', `${copie}/abandonner`)
  })

  const produire = async (pour: string) => {
    const relue = await essai.lire('secretariat', `${dossier}/syntheses/nouvelle?pour=${pour}`)
    const empreinte = /name="empreinte" value="(\w+)"/.exec(relue.html)?.[1] ?? ''
    await envoyer('secretariat', `${dossier}/syntheses`, { pour, empreinte, motif: 'Avant l’audience.' })
    return relue.texte
  }

  test('[DSF-23] [DSF-26] the synthèse draws from the validated diagnosis, and gives the landlord less than the judge', async () => {
    await refuse(
      'secretariat',
      un('remises'),
      { destinataire: 'prefet', mode: 'courriel', remis_le: '2026-11-20' },
      /n’est pas encore faite/,
    )
    const juge = await produire('juge')
    assert.match(juge, /Personne seule, 2\senfants au foyer/)
    assert.match(juge, /Entièrement repris depuis le 01\/10\/2026/)
    assert.match(juge, /45,00\s€ par mois, pendant 36\smois/)
    assert.match(juge, /Maintien, sous conditions/)
    assert.ok(!juge.includes('Suivi du budget'), 'no free text')
    await refuse(
      'prefecture',
      un('remises'),
      { destinataire: 'juge', mode: 'courrier', remis_le: '2026-11-20', aussi_bailleur: 'oui' },
      /n’est pas encore faite/,
    )
    assert.doesNotMatch(await voir('prefecture'), /Synthèse : juge/, 'neither of the two')
    const bailleur = await produire('bailleur')
    assert.match(bailleur, /Entièrement repris/)
    for (const tu of ['Personne seule', 'sous conditions', 'Le ménage est venu']) assert.ok(!bailleur.includes(tu), tu)
  })

  test('[DSF-27] [DSF-28] [DSF-29] the secretariat sends the synthèse to the préfet, who hands it to the judge and to the social landlord at the same time: delivered, with its receipt', async () => {
    await envoyer('secretariat', un('remises'), { destinataire: 'prefet', mode: 'amont', remis_le: '2026-11-20' })
    const lue = await essai.lire('prefecture', place)
    const synthese = /(diagnostics\/syntheses\/[0-9a-f-]{36})">pour le juge/.exec(lue.html)?.[1] ?? ''
    const pdf = await essai.lire('prefecture', `${dossier}/${synthese}`)
    assert.match(lireTextePdf(pdf.octets), /CONFIDENTIEL[\s\S]*sous couvert du préfet/)
    assert.equal((await essai.lire('prefecture', un('document'))).statut, 403, 'never the diagnosis itself')
    assert.equal((await essai.lire('prefecture', `${place}/${formulaires.social}`)).statut, 403)
    assert.match(lue.texte, /Remis en même temps au bailleur social/)
    await envoyer('prefecture', un('remises'), {
      ...{ destinataire: 'juge', mode: 'courrier', remis_le: '2026-11-20', aussi_bailleur: 'oui' },
    })
    const remise = await voir('prefecture')
    for (const qui of ['juge, sous couvert du préfet', 'bailleur'])
      assert.match(remise, new RegExp(`Synthèse : ${qui}, le 20/11/2026 Par courrier`))
    assert.doesNotMatch(remise, /Remis en même temps au bailleur social/, 'served once')
    const envoi = /remises\/([0-9a-f-]{36})\/recu/.exec((await essai.lire('prefecture', place)).html)?.[1] ?? ''
    await envoyer('prefecture', un(`remises/${envoi}/recu`), { recu_le: '2026-11-20' })
    const page = await voir('prefecture')
    assert.match(page, /Remis au juge et à la commission le 20\/11\/2026/)
    assert.match(page, /Remise du diagnostic au juge Échéance tenue/)
    assert.match(page, /Reçu le 20\/11\/2026/)
  })

  test('[DSF-24] the synthèse handed to the household is recorded; [DSF-02] a new diagnosis is a copy that shows what changes', async () => {
    await refuse(
      'auteure',
      un('remises'),
      { destinataire: 'juge', mode: 'greffe', remis_le: '2026-11-20' },
      /Choisir à qui/,
    )
    await produire('menage')
    await envoyer('auteure', un('remises'), { destinataire: 'menage', mode: 'main_propre', remis_le: '2026-11-20' })
    assert.match(await voir('auteure'), /Synthèse : ménage, le 20\/11\/2026/i)
    await envoyer('auteure', place, {
      organisme: essai.organisme('DEP71'),
      saisi_le: '2026-11-20',
      origine: 'assignation',
    })
    const { rows } = await essai.application.base.pool.query(
      'select id from diagnostic where dept = $1 order by rang desc limit 1',
      [DEPT],
    )
    diagnostic = (rows[0] as { id: string }).id
    const { vers } = await envoyer('auteure', un('volets/social'))
    formulaires.social = /diagnostics\/([0-9a-f-]{36})$/.exec(vers)?.[1] ?? ''
    await remplir('auteure', 'social', ['famille'], { situation_familiale: 'couple', enfants: '2' })
    const page = (await essai.lire('auteure', `${place}/${formulaires.social}`)).texte
    assert.match(page, /Ce qui change depuis le diagnostic d’avant Situation Couple Avant : Personne seule/)
  })
})
