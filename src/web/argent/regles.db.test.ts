import assert from 'node:assert/strict'
import { randomUUID } from 'node:crypto'
import { after, before, describe, test } from 'node:test'
import { type Droit, lireConnexion, ouvrirSession, type Session } from '#acces'
import { reunirDossiers, separerDossiers } from '#rapprochement'
import { openTestDatabase } from '#tests/base'
import { creerDossiers, importer } from '../accompagner/fabrique-essai.ts'
import { type EssaiArgent, ouvrirEssaiArgent } from './fabrique-essai.ts'

type Compte = Parameters<EssaiArgent['lire']>[0]

const PLAN = {
  acte: 'conclure',
  origine: 'bailleur',
  conclu_le: '2026-09-20',
  dette: '600,00',
  nombre: '6',
  premiere: '2026-10-05',
  arrondi: 'derniere',
  disponible: '',
}
const BUDGET = {
  a: '1 000',
  loyer: '520',
  aide: '0',
  suspendue: 'non',
  autres: '0',
  hors: '600',
  personnes: '2',
  le: '2026-11-10',
}

describe('who writes and reads the money of a dossier', () => {
  let essai: EssaiArgent
  before(async () => {
    essai = await ouvrirEssaiArgent(await openTestDatabase())
  })
  after(() => essai.fermer())

  const conclure = (compte: Compte, champs: Record<string, string> = {}) =>
    essai.poster(compte, essai.adresse('/plan'), { ...PLAN, envoi: randomUUID(), ...champs })
  const noter = (compte: Compte, champs: Record<string, string> = {}) =>
    essai.poster(compte, essai.adresse('/budget'), { ...BUDGET, envoi: randomUUID(), ...champs })
  const enCompte = async <T>(compte: Compte, droit: Droit, travail: (session: Session) => Promise<T>): Promise<T> => {
    const connecte = await lireConnexion(essai.application, await essai.jeton(compte))
    assert.ok(connecte)
    return ouvrirSession(essai.application, connecte.acteur, droit, travail)
  }
  const compterVus = (compte: Compte, table: 'budget_menage' | 'plan_echeance') =>
    enCompte(compte, 'argent.consulter', async ({ sql }) => {
      const lignes =
        table === 'budget_menage' ? await sql`select id from budget_menage` : await sql`select rang from plan_echeance`
      return lignes.length
    })
  /** The CAF reads resources of the households it signalled itself. */
  const signalerParLaCaf = async () => {
    await importer(essai, 'CAF71', [
      {
        type: 'impaye_caf',
        reference_source: 'CAF-1',
        date_signalement: '2026-08-12',
        nom_usage: 'Orsetti',
        prenom: 'Yanis',
        commune: 'Autun',
        code_postal: '71400',
        adresse: '3 rue du Port',
      },
    ])
    await essai.application.base.pool.query(
      "update rattachement r set dossier = $1 from signalement s where s.id = r.signalement and s.reference_source = 'CAF-1'",
      [essai.dossier.id],
    )
    await essai.confier(essai.dossier.id)
  }

  /** Holds the ledger until two acts wait for it: both have read it before either writes. */
  const enMemeTemps = async <T>(actes: () => Promise<T>): Promise<T> => {
    const retenue = await essai.application.base.pool.connect()
    try {
      await retenue.query('begin')
      await retenue.query('lock table dette_ecriture in share row exclusive mode')
      const suite = actes()
      for (let attente = 0; attente < 2; ) {
        await new Promise((resolve) => setTimeout(resolve, 20))
        const { rows } = await retenue.query(
          'select count(*)::int as n from pg_locks l join pg_database d on d.oid = l.database where not l.granted and d.datname = current_database()',
        )
        attente = rows[0].n
      }
      await retenue.query('commit')
      return await suite
    } finally {
      retenue.release()
    }
  }

  test('[ACC-04] what a plan says of resources is read by those who read them, and by the organisme that made it', async () => {
    const lourd = { nombre: '2', disponible: '150,00', motif: 'Prime attendue en octobre' }
    const { vers } = await conclure('departement', lourd)
    assert.match(vers, /\/plans\//)
    assert.match((await essai.lire('departement', vers)).texte, /Disponible ce jour-là 150,00 € Prime attendue/)
    const caf = await essai.lire('caf', vers)
    assert.equal(caf.statut, 200)
    assert.doesNotMatch(caf.texte, /150,00|Prime attendue/)
    assert.match(caf.texte, /Disponible ce jour-là Réservé à qui lit les ressources/)
    const sien = (await conclure('caf', lourd)).vers
    assert.match((await essai.lire('caf', sien)).texte, /150,00 € Prime attendue/)
  })

  test('[ACC-04] budgets noted by others do not exist, in the database either, for whoever reads only what their organisme wrote', async () => {
    assert.equal((await noter('departement')).statut, 303)
    assert.equal(await compterVus('departement', 'budget_menage'), 1)
    assert.equal(await compterVus('caf', 'budget_menage'), 0)
  })

  test('[ACC-07] the CAF that signalled the household notes its budget and reads its own, never the one of another service', async () => {
    await signalerParLaCaf()
    const avant = await essai.lire('caf', essai.adresse())
    assert.match(avant.texte, /Ni ressources ni charges ne sont notées/)
    assert.doesNotMatch((await essai.lire('caf', essai.adresse('/budget'))).html, /1000,00/)
    assert.equal((await noter('caf', { a: '1 234', hors: '100', le: '2026-11-01' })).statut, 303)
    const { texte } = await essai.lire('caf', essai.adresse())
    assert.match(texte, /Budget du 01\/11\/2026, noté par Camille CAF/)
    assert.match(texte, /disponible par mois, pour 2 personnes 614,00 €/)
    assert.match((await essai.lire('departement', essai.adresse())).texte, /Budget du 10\/11\/2026/)
    assert.equal(await compterVus('caf', 'budget_menage'), 1)
  })

  test('[OUT-02] charges above resources leave less than nothing: the plan is not tenable, even when the field is left empty', async () => {
    const lue = await essai.lire('departement', essai.adresse('/plan'))
    assert.match(lue.html, /name="disponible"[^>]*value="-120,00"/)
    for (const disponible of ['', '-120,00', '−120']) {
      const refusee = await conclure('departement', { disponible })
      assert.equal(refusee.statut, 422, disponible)
      assert.match(refusee.texte, /Plan non tenable.*dépasse le disponible, (?:-|−)120,00/)
      assert.match(refusee.texte, /Rien ne peut être remboursé chaque mois/)
    }
  })

  test('[DOS-08] nobody adds an instalment to the plan of another organisme', async () => {
    const plans = await essai.application.base.pool.query(
      `select p.id from plan_apurement p join organisme o on o.dept = p.dept and o.id = p.organisme where o.code = 'DEP71'`,
    )
    await assert.rejects(
      enCompte(
        'caf',
        'argent.tenir',
        ({ sql, dept }) =>
          sql`insert into plan_echeance (dept, plan, rang, le, centimes) values (${dept}, ${plans.rows[0].id}, 99, '2027-12-05', 100)`,
      ),
      /row-level security/,
    )
    assert.ok((await compterVus('caf', 'plan_echeance')) > 0, 'schedules are still read')
  })

  test('[DOS-06] a row is corrected by the organisme that wrote it or by the secretariat, nobody else', async () => {
    await essai.saisir('caf', [['frais', '2026-11-12', '98,00']])
    const ligne = (await essai.application.base.pool.query("select id from dette_ecriture where genre = 'frais'"))
      .rows[0].id
    const adresse = essai.adresse(`/lignes/${ligne}`)
    const correction = {
      genre: 'frais',
      le: '2026-11-12',
      montant: '89,00',
      motif: 'Chiffres inversés',
      acte: 'remplacer',
    }
    assert.doesNotMatch((await essai.lire('departement', essai.adresse())).html, /aria-label="Corriger : Frais/)
    const refusee = await essai.poster('departement', adresse, { ...correction, envoi: randomUUID() })
    assert.equal(refusee.statut, 422)
    assert.match(refusee.texte, /saisie par .* : c’est à ce service, ou au secrétariat, de la corriger/)
    assert.match((await essai.lire('caf', essai.adresse())).html, /aria-label="Corriger : Frais/)
    assert.equal((await essai.poster('secretariat', adresse, { ...correction, envoi: randomUUID() })).statut, 303)
  })

  test('[DOS-06] two people who correct the same row at the same time: one does, the other sees both versions', async () => {
    await essai.saisir('caf', [['autre', '2026-11-13', '40,00']])
    const ligne = (await essai.application.base.pool.query("select id from dette_ecriture where genre = 'autre'"))
      .rows[0].id
    const corriger = (compte: Compte, montant: string) =>
      essai.poster(compte, essai.adresse(`/lignes/${ligne}`), {
        genre: 'autre',
        le: '2026-11-13',
        montant,
        motif: `Plutôt ${montant}`,
        acte: 'remplacer',
        envoi: randomUUID(),
      })
    const [une, autre] = await enMemeTemps(() => Promise.all([corriger('caf', '41,00'), corriger('collegue', '42,00')]))
    assert.deepEqual([une.statut, autre.statut].sort(), [303, 409])
  })

  test('[DOS-08] a double click makes one plan, and one end of it', async () => {
    const envoi = randomUUID()
    const avant = await essai.compter('plan_apurement')
    const [un, deux] = await Promise.all([1, 2].map(() => conclure('caf', { disponible: '900', envoi })))
    assert.deepEqual([un?.statut, deux?.statut], [303, 303])
    assert.equal(un?.vers, deux?.vers)
    assert.equal(await essai.compter('plan_apurement'), avant + 1)
    const clore = () =>
      essai.poster('caf', un?.vers ?? '', { issue: 'denonce', le: '2026-11-18', motif: 'Le bailleur revient dessus' })
    assert.deepEqual(
      (await Promise.all([clore(), clore()])).map(({ statut }) => statut),
      [303, 303],
    )
  })

  test('[DOS-08] a plan ends after it was made, and is said kept when the ledger says so', async () => {
    const { vers } = await conclure('caf', {
      disponible: '900',
      conclu_le: '2026-11-02',
      premiere: '2026-11-05',
      nombre: '1',
    })
    const clore = (champs: Record<string, string>) =>
      essai.poster('caf', vers, { issue: 'tenu', le: '2026-11-18', motif: 'Tout est payé', ...champs })
    assert.match(
      (await clore({ le: '2026-11-01' })).texte,
      /Le plan est du 2 novembre 2026 : il ne se termine pas avant/,
    )
    const reste = await clore({})
    assert.equal(reste.statut, 422)
    assert.match(reste.texte, /il reste 600,00 € à payer selon les versements saisis/)
    await essai.saisir('caf', [['menage', '2026-11-05', '600', '', `plan:${vers.split('/').at(-1)}`]])
    assert.equal((await clore({})).statut, 303)
  })

  test('[DOS-08] the plan to replace ended meanwhile: nothing is written, and what was typed comes back', async () => {
    const ancien = (await conclure('caf', { disponible: '900' })).vers
    const remplace = ancien.split('/').at(-1) ?? ''
    const tropVieux = await conclure('caf', { disponible: '900', conclu_le: '2026-09-19', remplace })
    assert.match(tropVieux.texte, /Le plan remplacé est du 20 septembre 2026/)
    await essai.poster('collegue', ancien, { issue: 'defaillant', le: '2026-11-18', motif: 'Plus aucun versement' })
    const nouveau = { disponible: '900', dette: '777,00', conclu_le: '2026-11-19', premiere: '2026-12-05', remplace }
    const avant = await essai.compter('plan_apurement')
    const conflit = await conclure('caf', nouveau)
    assert.equal(conflit.statut, 409)
    assert.match(conflit.texte, /777,00 €.*Défaillant.*Plus aucun versement/)
    assert.match(conflit.texte, /Reprendre ma saisie/)
    assert.match(conflit.html, /name="dette" value="777,00"/)
    assert.equal(await essai.compter('plan_apurement'), avant)
  })

  test('[DOS-06] a payment names a plan of its own dossier', async () => {
    const [autre] = await creerDossiers(essai, [{ nom: 'Quissac', type: 'commandement_de_payer', le: '2026-09-07' }])
    assert.ok(autre)
    await essai.confier(autre.id)
    const plan = (await conclure('caf', { disponible: '900' })).vers.split('/').at(-1)
    const refusee = await essai.poster('caf', `/dossiers/${autre.reference}/argent/lignes`, {
      envoi: randomUUID(),
      'genre-0': 'menage',
      'le-0': '2026-11-10',
      'montant-0': '100',
      'choix-0': `plan:${plan}`,
    })
    assert.equal(refusee.statut, 422)
    assert.match(refusee.texte, /parmi ceux de ce dossier/)
    assert.equal(await essai.compter('dette_ecriture', `dossier = '${autre.id}'`), 0)
  })

  test('[OUT-01] an absurd number of instalments is refused on the screen of the dossier and on the tool', async () => {
    for (const champs of [
      { dette: '600 000', nombre: '9999' },
      { dette: '600 000', nombre: '', mensualite: '0,01' },
    ]) {
      const refusee = await conclure('caf', { origine: 'volontaire', ...champs })
      assert.equal(refusee.statut, 422)
      assert.match(refusee.texte, /Au plus 600, soit cinquante ans/)
    }
  })

  test('[RAP-12] the money of a dossier put with another is read there, for who follows it, and goes back when they are separated', async () => {
    const ligne = (reference: string, nom: string, adresse: string) => ({
      type: 'assignation',
      reference_source: reference,
      date_signalement: '2026-04-02',
      date_acte: '2026-04-01',
      nom_usage: nom,
      prenom: 'Odile',
      adresse,
      code_postal: '71400',
      commune: 'Autun',
      parc: 'prive',
    })
    await importer(essai, 'PREF71', [
      ligne('R-1', 'Quissac', '3 rue du Port'),
      ligne('R-2', 'Belvezet', '9 rue des Bans'),
      ligne('R-3', 'Vaunage', '4 quai Neuf'),
    ])
    const { rows } = await essai.application.base.pool.query<{ id: string; reference: string }>(
      "select id, reference from dossier where titulaire ~ '^(QUISSAC|BELVEZET|VAUNAGE)' and actes::text like '%assignation%' order by titulaire",
    )
    const [absorbe, milieu, garde] = rows
    assert.ok(absorbe && milieu && garde)
    const page = (dossier: { reference: string }, suite = '') => `/dossiers/${dossier.reference}/argent${suite}`
    await essai.confier(absorbe.id)
    const saisir = (dossier: { reference: string }, montant: string) =>
      essai.poster('caf', page(dossier, '/lignes'), {
        envoi: randomUUID(),
        'genre-0': 'loyer',
        'le-0': '2026-11-05',
        'montant-0': montant,
      })
    assert.equal((await saisir(absorbe, '321,00')).statut, 303)
    const { vers } = await essai.poster('caf', page(absorbe, '/plan'), {
      ...PLAN,
      origine: 'volontaire',
      dette: '321,00',
      nombre: '3',
      disponible: '500',
      envoi: randomUUID(),
    })
    const plan = vers.split('/').at(-1)
    const reunir = (dans: string, de: string) =>
      essai.enSysteme('doute.trancher', (session) =>
        reunirDossiers(session, { garde: dans, absorbe: de, motif: 'Même ménage, deux adresses' }),
      )
    await reunir(milieu.id, absorbe.id)
    const { operation } = await reunir(garde.id, milieu.id)
    // Whoever follows none of them reads none; whoever follows the one that keeps reads what was put with it.
    await essai.application.base.pool.query(
      "update dossier set organismes_habilites = '{}', organisme = null where id = any ($1)",
      [[absorbe.id, milieu.id, garde.id]],
    )
    for (const dossier of [absorbe, milieu, garde])
      assert.equal((await essai.lire('caf', page(dossier))).statut, 404, dossier.reference)
    await essai.confier(garde.id)
    assert.match((await essai.lire('caf', page(garde))).texte, /reste dû, selon les lignes saisies 321,00 €/)
    assert.match((await essai.lire('caf', page(garde, `/plans/${plan}`))).texte, /3 de 107,00 €/)
    const { rows: lignes } = await essai.application.base.pool.query(
      'select id from dette_ecriture where dossier = $1',
      [absorbe.id],
    )
    const correction = {
      genre: 'loyer',
      le: '2026-11-05',
      montant: '300,00',
      motif: 'Erreur',
      acte: 'remplacer',
      envoi: randomUUID(),
    }
    assert.equal((await essai.poster('caf', page(garde, `/lignes/${lignes[0].id}`), correction)).statut, 303)
    await saisir(garde, '50,00')
    assert.match((await essai.lire('caf', page(garde))).texte, /reste dû, selon les lignes saisies 350,00 €/)
    await essai.enSysteme('doute.trancher', (session) => separerDossiers(session, operation))
    for (const dossier of [absorbe, milieu, garde]) await essai.confier(dossier.id)
    assert.match((await essai.lire('caf', page(garde))).texte, /reste dû, selon les lignes saisies 50,00 €/)
    assert.match((await essai.lire('caf', page(milieu))).texte, /reste dû, selon les lignes saisies 300,00 €/)
    assert.equal((await essai.lire('caf', page(garde, `/plans/${plan}`))).statut, 404)
  })

  test('[DOS-25] the money of a closed dossier is read and no longer written, whatever the address', async () => {
    await essai.confier(essai.dossier.id)
    const { vers } = await conclure('caf', { disponible: '900' })
    const tables = ['dette_ecriture', 'plan_apurement', 'plan_fin', 'budget_menage']
    const compter = () => Promise.all(tables.map((table) => essai.compter(table)))
    const ligne = (await essai.application.base.pool.query("select id from dette_ecriture where genre = 'menage'"))
      .rows[0].id
    const avant = await compter()
    await essai.application.base.pool.query(
      "update dossier set clos_le = '2026-11-19', motif_cloture = 'desistement' where id = $1",
      [essai.dossier.id],
    )
    const { html, texte } = await essai.lire('caf', essai.adresse())
    assert.match(texte, /Dette et versements/)
    assert.doesNotMatch(html, /argent\/lignes|argent\/plan"/)
    const fin = { issue: 'denonce', le: '2026-11-18', motif: 'Fini' }
    const ecrits = [
      await essai.saisir('caf', [['frais', '2026-11-12', '1']]),
      await essai.poster('caf', essai.adresse(`/lignes/${ligne}`), {
        acte: 'annuler',
        motif: 'Fini',
        envoi: randomUUID(),
      }),
      await conclure('caf', { disponible: '900' }),
      await essai.poster('caf', vers, fin),
      await noter('departement'),
    ]
    for (const { statut, texte: dit } of ecrits) {
      assert.equal(statut, 422)
      assert.match(dit, /Ce dossier est clos : le rouvrir avant/)
    }
    assert.deepEqual(await compter(), avant)
    for (const suite of ['/lignes', '/plan', '/budget'])
      assert.match((await essai.lire('departement', essai.adresse(suite))).texte, /Ce dossier est clos/, suite)
  })
})
