import assert from 'node:assert/strict'
import { after, before, describe, test } from 'node:test'
import { parse } from 'csv-parse/sync'
import { lireOrganisme, ouvrirSession } from '#acces'
import { listerDossiers } from '#dossiers'
import { figerTableaux } from '#jobs'
import { listerRapprochements, retirerLot } from '#rapprochement'
import { escaladerSansReponse, lireListe, listerListes, repartirDossiers, repondreListe } from '#repartition'
import { lireVerdict, listerLots, simulerFichier } from '#signalements'
import {
  type ApplicationDEssai,
  ecrireCsv,
  importer,
  ligne,
  lireExemple,
  ouvrirApplicationDEssai,
  systeme,
} from '#tests/application'

const FICHIERS = [
  ['caf-2026-10.csv', 'CAF71'],
  ['bailleurs-sociaux.csv', 'OPAC71'],
  ['commandements-semaine-46.csv', 'CDJ71'],
  ['assignations-semaine-46.csv', 'PREF71'],
  ['cql-semaine-46.csv', 'PREF71'],
  ['rfp.csv', 'PREF71'],
] as const

describe('La semaine du secrétariat : des fichiers déposés aux tableaux des services', () => {
  let application: ApplicationDEssai
  before(async () => {
    application = await ouvrirApplicationDEssai()
  })
  after(() => application.fermer())

  const verite = parse(lireExemple('verite.csv').toString('utf8'), { columns: true, delimiter: ';' }) as {
    fichier: string
    ligne: string
    organisme: string
    reference_source: string
    menage: string
    verdict_attendu: string
    motifs: string
  }[]

  test('[SIG-29] [SIG-30] every line of the six sample files gets the expected verdict and none is lost', async () => {
    for (const [fichier, organisme] of FICHIERS) {
      const lot = await importer(application, organisme, fichier, lireExemple(fichier))
      const verdict = await ouvrirSession(application, systeme(), 'lot.consulter', (session) =>
        lireVerdict(session, lot),
      )
      const attendus = verite.filter((attendu) => attendu.fichier === fichier)
      assert.equal(verdict.lignes.length, attendus.length)
      for (const attendu of attendus) {
        const donne = verdict.lignes.find((une) => une.ligne === Number(attendu.ligne))
        const motifs = donne?.motifs.map(({ code, colonne }) => `${code}@${colonne}`).join('|')
        assert.deepEqual(
          [donne?.verdict, motifs],
          [attendu.verdict_attendu, attendu.motifs],
          `${fichier} ligne ${attendu.ligne}`,
        )
        assert.equal(donne?.effet, attendu.verdict_attendu === 'rejetee' ? 'aucun' : 'cree')
      }
    }
  })

  test('[RAP-01] [RAP-02] households are recognised across files without one wrong attachment on the samples', async () => {
    const lignes = await ouvrirSession(application, systeme(), 'doute.consulter', (session) =>
      listerRapprochements(session),
    )
    const menageDe = new Map(verite.map((une) => [`${une.organisme}|${une.reference_source}`, une.menage]))
    const rattachees = lignes.filter((une) => une.etat !== 'a_revoir')
    let paires = 0
    let justes = 0
    for (let i = 0; i < rattachees.length; i++) {
      for (let j = i + 1; j < rattachees.length; j++) {
        const [a, b] = [rattachees[i], rattachees[j]]
        if (!a || !b || a.dossier !== b.dossier) continue
        paires += 1
        if (
          menageDe.get(`${a.organisme}|${a.reference_source}`) === menageDe.get(`${b.organisme}|${b.reference_source}`)
        )
          justes += 1
      }
    }
    assert.ok(paires > 150, `${paires} pairs`)
    assert.ok(justes / paires >= 0.995, `${justes}/${paires}`)
    assert.ok(lignes.length - rattachees.length <= lignes.length * 0.05)
  })

  test('[SIG-29] importing a file again, whole, changes nothing', async () => {
    const compter = () =>
      ouvrirSession(
        application,
        systeme(),
        'dossier.consulter',
        (session) => session.sql<{
          d: number
          s: number
          r: number
          v: number
        }>`select (select count(*)::int from dossier where dept = '71') as d,
          (select count(*)::int from signalement where dept = '71') as s, (select count(*)::int from rattachement where dept = '71') as r,
          (select count(*)::int from signalement_version where dept = '71') as v`,
      )
    const avant = await compter()
    const lot = await importer(
      application,
      'CDJ71',
      'commandements-semaine-46.csv',
      lireExemple('commandements-semaine-46.csv'),
    )
    const verdict = await ouvrirSession(application, systeme(), 'lot.consulter', (session) => lireVerdict(session, lot))
    assert.deepEqual([...new Set(verdict.lignes.map(({ effet }) => effet))].sort(), ['aucun', 'deja_connu'])
    assert.deepEqual(await compter(), avant)
  })

  test('[REP-05] [REP-06] every open dossier has a service or a reason for having none', async () => {
    const restes = await ouvrirSession(
      application,
      systeme(),
      'dossier.consulter',
      (
        session,
      ) => session.sql`select d.reference from dossier d where d.dept = '71' and d.clos_le is null and d.organisme is null
        and not exists (select 1 from fait f where f.dept = '71' and f.dossier = d.id and f.type = 'dossier.non_reparti')`,
    )
    assert.deepEqual(restes, [])
  })

  test('[REP-08] [REP-09] lists are frozen once a day, numbered per service, and taking starts two months from the date of the list', async () => {
    const lundi = Temporal.PlainDate.from('2026-11-23')
    const figees = await figerTableaux(application.le('2026-11-23'), '71', lundi)
    assert.ok(figees.length >= 3)
    assert.deepEqual(await figerTableaux(application.le('2026-11-23'), '71', lundi), [])
    await ouvrirSession(application.le('2026-11-24'), systeme(), 'liste.repondre', async (session) => {
      const liste = (await listerListes(session)).find(({ stade, service }) => stade === 'impaye' && service === 'caf')
      assert.ok(liste)
      const { lignes } = await lireListe(session, liste.id)
      await repondreListe(session, liste.id, [{ rang: 1, reponse: 'connu' }])
      const apres = await lireListe(session, liste.id)
      assert.deepEqual(
        apres.lignes.map(({ instantane }) => instantane),
        lignes.map(({ instantane }) => instantane),
      )
      // Two months end on Saturday 23 January: put off to Monday.
      assert.equal(apres.lignes[0]?.diagnostic_avant?.toString(), '2027-01-25')
    })
  })

  test('[REP-10] a service that says « pas pour nous » or nothing hands over to the next rank, and the last rank is the Département', async () => {
    const dept = systeme()
    const refuse = await ouvrirSession(application.le('2026-11-24'), dept, 'liste.repondre', async (session) => {
      const liste = (await listerListes(session)).find(({ stade, service }) => stade === 'impaye' && service === 'caf')
      assert.ok(liste)
      const { lignes } = await lireListe(session, liste.id)
      await repondreListe(session, liste.id, [
        { rang: 2, reponse: 'pas_pour_nous', motif: 'Ménage inconnu du service' },
      ])
      await repartirDossiers(session, [lignes[1]?.dossier ?? ''])
      return lignes[1]?.dossier ?? ''
    })
    const service = async (id: string) =>
      (
        await ouvrirSession(
          application,
          dept,
          'dossier.consulter',
          (session) => session.sql<{ service: string; etat_service: string }>`
          select service, etat_service from dossier where dept = '71' and id = ${id}`,
        )
      )[0]
    assert.deepEqual(await service(refuse), { service: 'departement', etat_service: 'proposee' })
    const bilan = await ouvrirSession(application.le('2026-12-15'), dept, 'dossier.reaffecter', (session) =>
      escaladerSansReponse(session),
    )
    assert.ok(bilan.passes > 0, 'some households move on')
    assert.ok(bilan.restes > 0, 'those of the last rank stay')
    const caf = await ouvrirSession(
      application,
      dept,
      'dossier.consulter',
      (session) => session.sql<{ n: number }>`
      select count(*)::int as n from dossier d join affectation a on a.dept = '71' and a.dossier = d.id and a.terminee_a is null
      where d.dept = '71' and a.etat = 'transmise' and a.service = 'caf' and a.stade = 'impaye'`,
    )
    assert.equal(caf[0]?.n, 0)
  })

  test('[DOS-01] a tolerant search finds a household despite a typo and without accents', async () => {
    await importer(
      application,
      'CAF71',
      'un.csv',
      ecrireCsv([ligne({ reference_source: 'UN-1', nom_usage: 'Desbrosses-Étienne', prenom: 'Hélène' })]),
    )
    const trouves = await ouvrirSession(application, systeme(), 'dossier.consulter', (session) =>
      listerDossiers(session, { filtre: { texte: 'desbrose etiene helene' } }),
    )
    assert.equal(trouves.lignes[0]?.titulaire, 'DESBROSSES-ÉTIENNE Hélène')
  })

  test('[SIG-29] an import nobody built on can be withdrawn, and one already sent in a list says why it cannot', async () => {
    const lot = await importer(
      application,
      'CAF71',
      'erreur.csv',
      ecrireCsv([
        ligne({ reference_source: 'ERR-1', nom_usage: 'Voisinet', prenom: 'Lucien', date_naissance: '1950-02-02' }),
      ]),
    )
    await ouvrirSession(application, systeme(), 'lot.retirer', (session) => retirerLot(session, lot))
    const reste = await ouvrirSession(application, systeme(), 'dossier.consulter', (session) =>
      listerDossiers(session, { filtre: { texte: 'voisinet' } }),
    )
    assert.equal(reste.total, 0)
    const { lots } = await ouvrirSession(application, systeme(), 'lot.consulter', (session) => listerLots(session))
    const caf = lots.find(({ nom }) => nom === 'caf-2026-10.csv')
    await assert.rejects(
      ouvrirSession(application, systeme(), 'lot.retirer', (session) => retirerLot(session, caf?.id ?? '')),
      /déjà partis dans un tableau/,
    )
  })

  test('[SIG-29] simulating writes nothing and says what would happen', async () => {
    await ouvrirSession(application, systeme(), 'lot.deposer', async (session) => {
      const organisme = (await lireOrganisme(session, 'CAF71')).id
      const octets = ecrireCsv([
        ligne({ reference_source: 'UN-1', montant_dette: '9,00' }),
        ligne({ reference_source: 'NEUF' }),
      ])
      const verdict = await simulerFichier(session, { organisme, nom: 's.csv', octets })
      assert.deepEqual(
        verdict.lignes.map(({ effet }) => effet),
        ['mis_a_jour', 'cree'],
      )
      const [n] = await session.sql<{
        n: number
      }>`select count(*)::int as n from signalement where dept = '71' and reference_source = 'NEUF'`
      assert.equal(n?.n, 0)
    })
  })
})
