import assert from 'node:assert/strict'
import { randomUUID } from 'node:crypto'
import { after, before, beforeEach, describe, test } from 'node:test'
import { type Application, hacherMotDePasse, installerCompte, type Role } from '#acces'
import { consignerFaits } from '#dossiers'
import { accordEnVigueur, filtrerParAccord } from '#participations'
import { frozenClock } from '#socle/time'
import { openTestDatabase } from '#tests/base'
import { lireTextePdf } from '#tests/pdf'
import { chargerSeuilsAcces, signalerAccesExceptionnel } from '#vigilance'
import { creerDossiers, DEPT, type DossierCree, type Essai, ouvrirEssai } from '../accompagner/fabrique-essai.ts'
import { routesAccompagner } from '../accompagner/index.ts'
import { routesArgent } from '../argent/index.ts'
import { routesEchanges } from '../echanges/index.ts'
import { routesEcrits } from '../ecrits/index.ts'
import { routesJournal } from '../journal/index.ts'
import { routesProcedure } from '../procedure/index.ts'
import { routesPartage } from './index.ts'

const MATIN = '2026-11-20T08:00:00Z'
const MOTIF = 'Appel de la permanence : rendez-vous ce matin avec le ménage'

describe('who may read a dossier', () => {
  let essai: Essai
  let dossier: DossierCree
  let autre: DossierCree

  /** Moves the clock of the installation, sessions kept open: what ends must end inside a session. */
  async function a(instant: string): Promise<void> {
    Object.assign(essai.application, { horloge: frozenClock(instant) } satisfies Partial<Application>)
    await essai.enSysteme(
      'compte.gerer',
      ({ sql, maintenant }) =>
        sql`update session_web set vue_a = ${maintenant}, expire_a = ${maintenant.add({ hours: 12 })} where dept = ${DEPT}`,
    )
  }
  const adresse = () => `/dossiers/${dossier.reference}`
  const statut = async (compte: Parameters<Essai['lire']>[0]) => (await essai.lire(compte, adresse())).statut
  const inviter = (organisme: string, jusquAu = '2026-12-31', compte: Parameters<Essai['lire']>[0] = 'secretariat') =>
    essai.poster(compte, `${adresse()}/partage`, {
      organisme,
      motif: 'Étudier le budget avec le ménage',
      jusqu_au: jusquAu,
    })
  const noter = (champs: Record<string, string | readonly string[]>) =>
    essai.poster('secretariat', `${adresse()}/accords`, { le: '2026-11-20', moyen: 'ecrit', ...champs })
  const entrees = (action: string) =>
    essai.enSysteme(
      'journal.consulter',
      ({ sql }) =>
        sql<{ resultat: string; dossiers: string[]; details: Record<string, unknown> }>`
        select resultat, dossiers, details from journal where dept = ${DEPT} and action = ${action} order by id`,
    )
  const travaux = (tache: string) =>
    essai.application.base.pool
      .query(
        `select payload from graphile_worker._private_jobs j join graphile_worker._private_tasks t on t.id = j.task_id
        where t.identifier = $1 order by j.id`,
        [tache],
      )
      .then(({ rows }) => rows.map(({ payload }) => payload as Record<string, string>))

  before(async () => {
    essai = await ouvrirEssai(await openTestDatabase(), [
      ...routesPartage,
      ...routesJournal,
      ...routesEchanges,
      ...routesEcrits,
      ...routesProcedure,
      ...routesArgent,
    ])
    const motDePasse = await hacherMotDePasse('essai-amont-2026')
    for (const role of ['dpd', 'administrateur'] as const satisfies readonly Role[])
      await installerCompte(essai.application.base, {
        dept: DEPT,
        courriel: `${role}@essai.example`,
        prenom: 'Camille',
        nom: role.toUpperCase(),
        motDePasse,
        organisme: 'DEP71',
        role,
        du: Temporal.PlainDate.from('2020-01-01'),
        motif: 'Essai',
        a: essai.application.horloge.now(),
      })
  })
  after(() => essai?.fermer())
  beforeEach(async () => {
    await a(MATIN)
    await essai.enSysteme('compte.gerer', ({ sql }) => sql`delete from tentative_connexion where dept = ${DEPT}`)
    const crees = await creerDossiers(essai, [{ nom: 'Montagnier' }, { nom: 'Peyraldi' }])
    const [un, deux] = crees
    assert.ok(un && deux)
    dossier = un
    autre = deux
    // Nobody but the département's social service is engaged: what is read next is read by participation only.
    await essai.enSysteme(
      'dossier.reaffecter',
      ({ sql }) => sql`
      update dossier d set organisme = o.id, etat_service = 'prise', organismes_habilites = array[o.id]
      from organisme o where o.dept = ${DEPT} and o.code = 'DEP71' and d.dept = ${DEPT} and d.id = any (${[un.id, deux.id]}::uuid[])`,
    )
  })

  test('[ACC-06] an organisme reads a dossier from its invitation to its last day, and no other dossier', async () => {
    assert.equal(await statut('caf'), 404)
    const fait = await inviter('CAF71', '2026-12-01')
    assert.equal(fait.statut, 303, fait.texte)
    assert.equal(await statut('caf'), 200)
    assert.equal((await essai.lire('caf', `/dossiers/${autre.reference}`)).statut, 404)
    const liste = await essai.lire('caf', '/dossiers?territoire=tous')
    assert.match(liste.texte, /MONTAGNIER/)
    assert.doesNotMatch(liste.texte, /PEYRALDI/)
    assert.match((await essai.lire('caf', '/dossiers?q=montagnier')).texte, /MONTAGNIER/)
    await a('2026-12-01T20:00:00Z')
    assert.equal(await statut('caf'), 200)
    await a('2026-12-02T08:00:00Z')
    assert.equal(await statut('caf'), 404)
    assert.doesNotMatch((await essai.lire('caf', '/dossiers?q=montagnier')).texte, /MONTAGNIER/)
    assert.equal((await entrees('participation.inviter')).at(-1)?.dossiers[0], dossier.id)
  })

  test('[ACC-06] a withdrawn organisme no longer finds the dossier at its next page, session open', async () => {
    await inviter('CAF71')
    assert.equal(await statut('caf'), 200)
    const page = await essai.lire('secretariat', adresse())
    const retrait = /href="(\/dossiers\/[^"]+\/partage\/[^"]+\/retirer)"/.exec(page.html)?.[1] ?? ''
    assert.equal((await essai.lire('secretariat', retrait)).statut, 200)
    assert.equal((await essai.poster('secretariat', retrait, { motif: '' })).statut, 422)
    assert.equal(await statut('caf'), 200)
    assert.equal((await essai.poster('secretariat', retrait, { motif: 'Le ménage est suivi ailleurs' })).statut, 303)
    assert.equal(await statut('caf'), 404)
    assert.equal((await essai.poster('secretariat', retrait, { motif: 'Deux fois' })).statut, 404)
  })

  test('[ACC-06] the secretariat and the service in charge invite; a guest and an unrelated service do not', async () => {
    assert.equal((await inviter('CAF71', '2026-12-31', 'departement')).statut, 303)
    assert.equal((await inviter('MSA71', '2026-12-31', 'caf')).statut, 404)
    assert.equal((await inviter('MSA71', '2026-12-31', 'prefecture')).statut, 403)
    assert.equal((await inviter('MSA71', '2026-12-31', 'bailleur')).statut, 403)
  })

  test('[ACC-06] landlords and bailiffs cannot be invited; no invitation without reason, nor beyond a year', async () => {
    for (const code of ['OPAC71', 'CDJ71', 'PREF71', 'DEP71']) assert.equal((await inviter(code)).statut, 422, code)
    assert.equal((await inviter('CAF71', '2028-01-01')).statut, 422)
    assert.equal((await inviter('CAF71', '2026-11-19')).statut, 422)
    const sans = await essai.poster('secretariat', `${adresse()}/partage`, {
      organisme: 'CAF71',
      motif: '',
      jusqu_au: '2026-12-31',
    })
    assert.equal(sans.statut, 422)
    assert.match(sans.html, /<option value="CAF71" selected/)
    assert.equal(await statut('caf'), 404)
  })

  test('[ACC-06] an account of a guest organisme whose role reads no dossier reads none', async () => {
    await inviter('CAF71')
    const vus = await essai.enSysteme('dossier.consulter', async ({ sql }) => {
      const [caf] = await sql<{ id: string }>`select id from organisme where dept = ${DEPT} and code = 'CAF71'`
      const compter = async (portee: string) => {
        await sql`select set_config('app.portee', ${portee}, true), set_config('app.organisme', ${caf?.id ?? ''}, true)`
        const [n] = await sql<{
          n: number
        }>`select count(*)::int as n from dossier where dept = ${DEPT} and id = ${dossier.id}`
        return n?.n
      }
      return [await compter('organisme'), await compter('depot'), await compter('aucune'), await compter('vigilance')]
    })
    assert.deepEqual(vus, [1, 0, 0, 0])
  })

  test('[ACC-09] the ADIL, only invited, reads with the accord of the household and no longer after its withdrawal', async () => {
    await inviter('ADIL71')
    assert.equal(await statut('adil'), 404)
    assert.match((await essai.lire('secretariat', adresse())).texte, /Ne lit pas : accord du ménage/)
    assert.equal((await noter({ objet: 'transmission_adil', sens: 'retrait' })).statut, 422)
    assert.equal((await noter({ objet: 'transmission_adil', sens: 'accord' })).statut, 303)
    assert.equal(await statut('adil'), 200)
    assert.doesNotMatch((await essai.lire('secretariat', adresse())).texte, /Ne lit pas : accord du ménage/)
    assert.equal((await noter({ objet: 'transmission_adil', sens: 'refus', organisme: 'CAF71' })).statut, 303)
    assert.equal(await statut('adil'), 200, 'a refusal for another organisme changes nothing here')
    assert.equal((await noter({ objet: 'transmission_adil', sens: 'retrait' })).statut, 303)
    assert.equal(await statut('adil'), 404)
    const historique = await essai.lire('secretariat', `${adresse()}/accords`)
    assert.match(historique.texte, /Accord retiré le 20\/11\/2026/)
    assert.match(historique.texte, /Accord le 20\/11\/2026, par écrit, signé/)
  })

  test('[ACC-09] the ADIL in charge of the household needs no accord', async () => {
    await essai.enSysteme(
      'dossier.reaffecter',
      ({ sql }) => sql`
      update dossier d set organismes_habilites = array[o.id] from organisme o
      where o.dept = ${DEPT} and o.code = 'ADIL71' and d.dept = ${DEPT} and d.id = ${dossier.id}`,
    )
    assert.equal(await statut('adil'), 200)
  })

  test('[ACC-09] the accord in force is asked for one dossier or many, for all or for one organisme', async () => {
    await noter({ objet: 'visite_domicile', sens: 'accord' })
    await noter({ objet: 'accompagnement', sens: 'accord', organisme: 'CAF71' })
    const lire = () =>
      essai.enSysteme('dossier.consulter', async (session) => {
        const [caf] = await session.sql<{
          id: string
        }>`select id from organisme where dept = ${DEPT} and code = 'CAF71'`
        return {
          visite: [...(await filtrerParAccord(session, [dossier.id, autre.id], 'visite_domicile'))],
          pourTous: await accordEnVigueur(session, dossier.id, 'accompagnement'),
          pourCaf: await accordEnVigueur(session, dossier.id, 'accompagnement', caf?.id ?? null),
        }
      })
    assert.deepEqual(await lire(), { visite: [dossier.id], pourTous: false, pourCaf: true })
    await a('2027-11-21T08:00:00Z')
    assert.equal((await lire()).pourCaf, false, 'twelve months later it is to be asked again')
  })

  test('[ACC-10] information is not an accord, and an older answer does not replace a newer one', async () => {
    assert.equal((await noter({ objet: 'information_saisine', sens: 'accord' })).statut, 422)
    assert.equal((await noter({ objet: 'visite_domicile', sens: 'information' })).statut, 422)
    assert.equal(
      (await noter({ objet: 'information_saisine', sens: 'information', precision: 'Zoé était présente' })).statut,
      303,
    )
    // Its words are for those who read what services write.
    assert.match((await essai.lire('secretariat', `${adresse()}/accords`)).texte, /Zoé était présente/)
    const pilote = await essai.lire('pilote', `${adresse()}/accords`)
    assert.match(pilote.texte, /Remise le 20\/11\/2026|Information donnée/)
    assert.doesNotMatch(pilote.texte, /Zoé était présente/)
    assert.match((await essai.lire('secretariat', adresse())).texte, /Remise le 20\/11\/2026/)
    await noter({ objet: 'visite_domicile', sens: 'refus' })
    const vieux = await noter({
      objet: 'visite_domicile',
      sens: 'accord',
      le: '2026-11-02',
      precision: 'Dit au guichet',
    })
    assert.equal(vieux.statut, 422)
    assert.match(vieux.texte, /Une réponse plus récente est déjà notée/)
    assert.match(vieux.texte, /Dit au guichet/)
    assert.equal((await noter({ objet: 'visite_domicile', sens: 'accord', le: '2026-11-21' })).statut, 422)
  })

  test('[ACC-11] what a mandataire may say is chosen and stands on the dossier', async () => {
    assert.equal((await noter({ objet: 'mandataire', sens: 'accord' })).statut, 422)
    assert.equal((await noter({ objet: 'mandataire', sens: 'accord', portees: ['budget', 'existence'] })).statut, 303)
    const page = await essai.lire('departement', adresse())
    assert.match(
      page.texte,
      /Sa mesure lui permet de dire : l’existence de la mesure et le nom du service, le budget du logement\./,
    )
    await noter({ objet: 'mandataire', sens: 'retrait' })
    assert.doesNotMatch((await essai.lire('departement', adresse())).texte, /Sa mesure lui permet/)
  })

  describe('the notice', () => {
    const pages = (pdf: Buffer) => pdf.toString('latin1').match(/\/Type\s*\/Page\b(?!s)/g)?.length

    test('[ACC-10] is one page of plain French: who receives what, what depends on an accord, rights, whom to ask', async () => {
      await inviter('CAF71')
      await inviter('ADIL71')
      const page = await essai.lire('secretariat', `${adresse()}/notice`)
      for (const attendu of [
        /il ne vous demande pas votre accord/,
        /Service social départemental lit votre dossier/,
        /CAF de Saône-et-Loire lit votre dossier jusqu’au 31\/12\/2026/,
        /Transmission du dossier à l’ADIL : pas demandé/,
        /Sous-préfecture d’Autun, Secrétariat CCAPEX/,
        /Commission nationale de l’informatique et des libertés/,
      ])
        assert.match(page.texte, attendu)
      assert.doesNotMatch(page.texte, /ADIL de Saône-et-Loire lit/, 'it does not read without the accord')
      const pdf = await essai.lire('departement', `${adresse()}/notice.pdf`)
      assert.equal(pdf.entetes['content-type'], 'application/pdf')
      assert.equal(pages(pdf.octets), 1)
      assert.match(lireTextePdf(pdf.octets), /Vos informations et vos droits/)
      const traces = await entrees('notice.imprimer')
      assert.deepEqual(traces.map(({ details }) => details.forme).slice(-2), ['page', 'pdf'])
    })

    test('[ACC-10] its hand-over leaves a dated trace; printing alone does not', async () => {
      assert.match((await essai.lire('secretariat', `${adresse()}/notice`)).texte, /Aucune remise n’est notée/)
      assert.equal((await essai.poster('departement', `${adresse()}/notice/remise`, { le: '', moyen: '' })).statut, 422)
      const fait = await essai.poster('departement', `${adresse()}/notice/remise`, {
        le: '2026-11-18',
        moyen: 'courrier',
      })
      assert.equal(fait.statut, 303)
      assert.match(
        (await essai.lire('secretariat', `${adresse()}/notice`)).texte,
        /Dernière remise notée : par courrier, le 18\/11\/2026/,
      )
      assert.equal((await essai.lire('caf', `${adresse()}/notice`)).statut, 404)
      assert.equal((await essai.lire('prefecture', `${adresse()}/notice`)).statut, 403)
    })
  })

  describe('the right of access of the household', () => {
    const remettre = (
      format: string,
      champs: Record<string, string> = {},
      compte: Parameters<Essai['lire']>[0] = 'secretariat',
    ) =>
      essai.poster(compte, `${adresse()}/droit-acces`, { demande: 'ecrite', recue_le: '2026-11-18', format, ...champs })

    beforeEach(async () => {
      const crees = await creerDossiers(essai, [
        {
          nom: 'Montagnier',
          contenu: {
            bailleur_nom: 'Régie des Tilleuls',
            bailleur_annee_naissance: 1951,
            bailleur_siret: '12345678900011',
            situation_handicap: true,
            montant_dette: 162_000,
          },
          retoucher: (derive) => ({
            ...derive,
            bail: {
              ...derive.bail,
              bailleurNom: 'Régie des Tilleuls',
              bailleurAnneeNaissance: 1951,
              bailleurSiret: '12345678900011',
            },
          }),
        },
      ])
      dossier = crees[0] ?? dossier
      await essai.enSysteme(
        'dossier.reaffecter',
        ({ sql }) => sql`
        update dossier d set organisme = o.id, etat_service = 'prise', organismes_habilites = array[o.id]
        from organisme o where o.dept = ${DEPT} and o.code = 'DEP71' and d.dept = ${DEPT} and d.id = ${dossier.id}`,
      )
    })

    test('[ACC-14] is one document that names the organismes that read, and no agent', async () => {
      await essai.poster('departement', `${adresse()}/contact`, {
        canal: 'appel',
        le: '2026-11-19',
        resultat: 'rappel_demande',
        note: 'Sa voisine Mme Delorme garde le courrier',
      })
      await essai.enSysteme('dossier.reaffecter', (session) =>
        consignerFaits(session, [
          { dossier: dossier.id, type: 'mesure.suivie', le: Temporal.PlainDate.from('2026-11-17') },
        ]),
      )
      await essai.poster('caf', '/dossiers/exceptionnel', { reference: dossier.reference, motif: MOTIF })
      await essai.lire('caf', adresse())
      await essai.lire('secretariat', adresse())
      const json = await remettre('json')
      assert.equal(json.statut, 200, json.texte)
      const contenu = JSON.parse(json.octets.toString('utf8')) as {
        parties: { titre: string; lignes: { quoi: string; valeur: string }[] }[]
      }
      const partie = (titre: RegExp) => contenu.parties.find((une) => titre.test(une.titre))?.lignes ?? []
      assert.equal(partie(/^Mesures d’accompagnement/)[0]?.quoi, '17/11/2026, mesure suivie')
      assert.ok(partie(/n’est pas donné ici/).some(({ quoi }) => quoi === 'Budget'))
      assert.ok(partie(/foyer/).some(({ valeur }) => /Montagnier/.test(valeur)))
      assert.ok(partie(/bail/).some(({ valeur }) => valeur === 'Régie des Tilleuls'))
      const lecteurs = partie(/reçu ou lu/)
      assert.match(
        lecteurs.find(({ quoi }) => quoi === 'CAF de Saône-et-Loire')?.valeur ?? '',
        /a lu ou traité le dossier entre le 20\/11\/2026/,
      )
      assert.ok(lecteurs.some(({ quoi }) => quoi === 'Secrétariat CCAPEX Autun et Montceau'))
      assert.ok(
        partie(/n’est pas donné/).some(
          ({ quoi, valeur }) => quoi === 'Textes libres des services' && /^1 texte/.test(valeur),
        ),
      )
      const tout = json.octets.toString('utf8')
      for (const tiers of [
        'Delorme',
        '1951',
        '12345678900011',
        'DEPARTEMENT',
        'SECRETARIAT',
        'Peyraldi',
        'PEYRALDI',
        'handicap',
      ])
        assert.ok(!tout.includes(tiers), tiers)
      const pdf = lireTextePdf((await remettre('pdf')).octets)
      for (const attendu of [/Montagnier/, /CAF de Saône-et-Loire/]) assert.match(pdf, attendu)
      assert.doesNotMatch(pdf, /Delorme|1951|PEYRALDI/)
      const trace = (await entrees('droit_acces.exporter')).at(-1)
      assert.deepEqual(trace?.details, { demande: 'ecrite', recue_le: '2026-11-18', format: 'pdf' })
      assert.deepEqual(trace?.dossiers, [dossier.id])
    })

    test('[ACC-14] holds what services noted since: acts, rows of the debt, with who noted them and no word they typed', async () => {
      await essai.poster('secretariat', `${adresse()}/procedure/saisir`, {
        genre: 'jugement',
        le: '2026-05-04',
        envoi: randomUUID(),
        confirme: 'oui',
        'f-decision': 'delais',
        'f-duree_mois': '24',
      })
      await essai.poster('departement', `${adresse()}/argent/lignes`, {
        envoi: randomUUID(),
        'genre-0': 'frais',
        'le-0': '2026-11-05',
        'montant-0': '98,00',
        'precision-0': 'Garants : les époux Delorme',
      })
      const pdf = lireTextePdf((await remettre('pdf')).octets)
      assert.match(pdf, /04\/05\/2026, jugement\s+noté par Secrétariat CCAPEX Autun et Montceau/)
      assert.match(pdf, /05\/11\/2026, frais.*\s+98,00.€, noté par Service social/)
      assert.doesNotMatch(pdf, /Delorme|SECRETARIAT/)
    })

    test('[ACC-14] is prepared by the secretariat, on a dated demand', async () => {
      assert.equal((await remettre('json', { demande: '' })).statut, 422)
      assert.equal((await remettre('json', { recue_le: '2026-11-21' })).statut, 422)
      assert.equal((await remettre('xml')).statut, 422)
      for (const compte of ['departement', 'prefecture', 'bailleur'] as const)
        assert.equal((await remettre('json', {}, compte)).statut, 403, compte)
    })
  })

  describe('break-glass', () => {
    const demander = (reference: string, motif = MOTIF, compte: Parameters<Essai['lire']>[0] = 'caf') =>
      essai.poster(compte, '/dossiers/exceptionnel', { reference, motif })

    test('[ACC-06] opens one dossier for a day, says until when, and marks every reading', async () => {
      const fait = await demander(dossier.reference)
      assert.equal(fait.vers, adresse(), fait.texte)
      const page = await essai.lire('caf', adresse())
      assert.equal(page.statut, 200)
      assert.match(page.texte, /Accès exceptionnel jusqu’au 21\/11\/2026 à 9 h 00/)
      assert.equal((await essai.lire('caf', `/dossiers/${autre.reference}`)).statut, 404)
      const lectures = await entrees('dossier.lire')
      assert.deepEqual(lectures.at(-1)?.details.exceptionnels, [dossier.id])
      await a('2026-11-21T07:59:00Z')
      assert.equal(await statut('caf'), 200)
      await a('2026-11-21T08:00:00Z')
      assert.equal(await statut('caf'), 404)
      assert.match(
        (await essai.lire('departement', adresse())).texte,
        /arrivé à son terme\. Motif : Appel de la permanence/,
      )
    })

    test('[ACC-06] is for reading: no act of the dossier is received, whichever, and the reason is said', async () => {
      await demander(dossier.reference)
      const page = await essai.lire('caf', adresse())
      assert.match(page.texte, /Ce dossier se lit, rien ne s’y écrit/)
      assert.doesNotMatch(page.html, /href="[^"]*\/contact"/)
      const actes = [...routesAccompagner, ...routesEchanges, ...routesEcrits, ...routesPartage].filter(
        ({ methode, chemin, parException }) =>
          methode === 'POST' && chemin.startsWith('/dossiers/:reference/') && parException !== true,
      )
      let refuses = 0
      for (const { chemin } of actes) {
        const url = chemin.replace(':reference', dossier.reference).replaceAll(/:\w+/g, dossier.id)
        const lue = await essai.poster('caf', url, { canal: 'telephone', le: '2026-11-19', texte: 'x', motif: 'x' })
        // Refused by its role (403), or because of the exception (422): never an act, nor a form that could become one.
        if (lue.statut === 422) assert.match(lue.texte, /ouvert par exception.*rien ne s’y écrit/, url)
        else assert.equal(lue.statut, 403, url)
        if (lue.statut === 422) refuses += 1
      }
      assert.ok(refuses >= 10, `${refuses} acts its role could do elsewhere`)
      assert.equal((await essai.poster('caf', `${adresse()}/exceptionnel/clore`, {})).vers, '/dossiers')
    })

    test('[ACC-06] is for the person, not for their organisme, and ends by hand', async () => {
      await demander(dossier.reference)
      assert.equal(await statut('adil'), 404)
      assert.equal((await essai.poster('caf', `${adresse()}/exceptionnel/clore`, {})).vers, '/dossiers')
      assert.equal(await statut('caf'), 404)
      assert.equal((await essai.poster('caf', `${adresse()}/exceptionnel/clore`, {})).statut, 404)
    })

    test('[ACC-06] an unknown and a forbidden reference answer alike until a reason is written, and cost the same after', async () => {
      const inconnue = '71-2026-99999'
      const neutre = (html: string, reference: string) =>
        html.replaceAll(reference, 'REF').replace(/name="_(?:jeton|envoi)" value="[^"]*"/g, '')
      for (const motif of ['', 'trop court']) {
        const [un, deux] = [await demander(dossier.reference, motif), await demander(inconnue, motif)]
        assert.equal(un.statut, 422)
        assert.equal(neutre(un.html, dossier.reference), neutre(deux.html, inconnue))
      }
      const [un, deux] = [
        await essai.lire('caf', `/dossiers/exceptionnel?reference=${dossier.reference}`),
        await essai.lire('caf', `/dossiers/exceptionnel?reference=${inconnue}`),
      ]
      assert.equal(neutre(un.html, dossier.reference), neutre(deux.html, inconnue))
      const avant = (await travaux('signaler-acces-exceptionnel')).length
      assert.equal((await demander(inconnue)).statut, 422)
      assert.equal((await travaux('signaler-acces-exceptionnel')).length, avant + 1, 'the attempt is reported')
      const derniere = (await entrees('acces_exceptionnel.ouvrir')).at(-1)
      assert.deepEqual([derniere?.resultat, derniere?.details.code], ['refuse', 'inconnu'])
      for (let essais = 0; essais < 4; essais += 1) await demander(inconnue)
      const trop = await demander(dossier.reference)
      assert.equal(trop.statut, 422)
      assert.match(trop.texte, /Cinq demandes sont déjà faites/)
      assert.equal(await statut('caf'), 404)
    })

    test('[ACC-13] the data protection officer reads the reason beside the alert, and nothing of the household', async () => {
      await demander(dossier.reference)
      const charge = (await travaux('signaler-acces-exceptionnel')).at(-1)
      const seuils = chargerSeuilsAcces(essai.application.referentiel.racine)
      await signalerAccesExceptionnel(essai.application, DEPT, { acces: charge?.acces ?? '' }, seuils)
      const [alerte] = await essai.enSysteme(
        'alerte.traiter',
        ({ sql }) => sql<{ id: string }>`select id from alerte_acces where dept = ${DEPT} and dossier = ${dossier.id}`,
      )
      const page = await essai.lire('dpd' as never, `/alertes/${alerte?.id}`)
      assert.equal(page.statut, 200)
      assert.match(page.texte, /Écrit par la personne 20\/11\/2026 à 9 h 00 : Appel de la permanence/)
      assert.doesNotMatch(page.texte, /MONTAGNIER|Montagnier/)
      assert.equal((await essai.lire('dpd' as never, adresse())).statut, 403)
    })

    test('[ACC-09] who reads by exception does not note the accord their organisme lacks', async () => {
      await inviter('ADIL71')
      assert.equal((await demander(dossier.reference, MOTIF, 'adil')).vers, adresse())
      assert.doesNotMatch((await essai.lire('adil', adresse())).texte, /Noter une réponse du ménage/)
      const note = await essai.poster('adil', `${adresse()}/accords`, {
        objet: 'transmission_adil',
        sens: 'accord',
        le: '2026-11-20',
        moyen: 'oral',
      })
      assert.equal(note.statut, 422)
      await essai.poster('adil', `${adresse()}/exceptionnel/clore`, {})
      assert.equal(await statut('adil'), 404)
    })

    test('[ACC-06] opens nothing for who already reads the dossier, nor for roles that read none', async () => {
      for (const compte of ['secretariat', 'departement'] as const) {
        const fait = await demander(dossier.reference, MOTIF, compte)
        assert.equal(fait.vers, adresse())
        assert.match(fait.message?.texte ?? '', /déjà dans votre périmètre/)
      }
      assert.equal((await demander(dossier.reference, MOTIF, 'bailleur')).statut, 403)
      for (const compte of ['dpd', 'administrateur'] as const)
        assert.equal((await demander(dossier.reference, MOTIF, compte as never)).statut, 403, compte)
      const [n] = await essai.enSysteme(
        'dossier.consulter',
        ({ sql }) =>
          sql<{
            n: number
          }>`select count(*)::int as n from acces_exceptionnel where dept = ${DEPT} and dossier = ${dossier.id}`,
      )
      assert.equal(n?.n, 0)
    })

    test('[ACC-06] the database refuses an access written for somebody else, or longer than a day', async () => {
      const ecrire = (compte: string | null, duree: string) =>
        essai.enSysteme('dossier.consulter', async ({ sql, maintenant }) => {
          const [caf] = await sql<{ compte: string; organisme: string }>`
            select h.compte, h.organisme from habilitation h join organisme o on o.dept = ${DEPT} and o.id = h.organisme where h.dept = ${DEPT} and o.code = 'CAF71'`
          await sql`select set_config('app.compte', ${compte ?? caf?.compte ?? ''}, true), set_config('app.organisme', ${caf?.organisme ?? ''}, true)`
          await sql`insert into acces_exceptionnel (dept, dossier, compte, organisme, motif, ouvert_a, expire_a)
            values (${DEPT}, ${dossier.id}, ${caf?.compte}, ${caf?.organisme}, 'essai', ${maintenant}, ${maintenant}::timestamptz + ${duree}::interval)`
        })
      await assert.rejects(ecrire('0198a000-0000-7000-8000-000000000001', '1 hour'), { code: '42501' })
      await assert.rejects(ecrire(null, '25 hours'), { code: '23514' })
    })
  })
})
