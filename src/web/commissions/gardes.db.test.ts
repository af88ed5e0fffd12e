import assert from 'node:assert/strict'
import { randomUUID } from 'node:crypto'
import { after, before, describe, test } from 'node:test'
import { acteurSysteme, ouvrirSession } from '#acces'
import { listerInjoignables, reglementAu, relancerApports } from '#commission'
import { type CompteRequisitions, type EssaiRequisitions, ouvrirEssaiRequisitions } from '#tests/requisitions'
import { cache, formulaire, nommerMembre } from './fabrique-essai.ts'

const LE = '2026-10-20'

describe('a session keeps what is typed, what is brought, and closes what must be', () => {
  let essai: EssaiRequisitions
  let commission = ''
  let seance = ''
  before(async () => {
    essai = await ouvrirEssaiRequisitions('2026-09-28')
    await sql("update dossier set territoire = 'autun', code_insee = '71153'")
  })
  after(() => essai?.fermer())

  const sql = async <T>(texte: string, valeurs: unknown[] = []): Promise<T[]> =>
    (await essai.application.base.pool.query(texte, valeurs)).rows as T[]
  const poster = (
    adresse: string,
    champs: Record<string, string | string[]>,
    compte: CompteRequisitions = 'secretariat',
  ) => essai.poster(compte, adresse, champs)
  const vu = async (): Promise<string> => cache(await essai.lire('secretariat', `/seances/${seance}`), 'vu')
  const inscription = async (): Promise<string> =>
    cache(await essai.lire('secretariat', `/seances/${seance}`), 'inscription') ||
    (/\/dossiers\/([0-9a-f-]{36})"/.exec((await essai.lire('secretariat', `/seances/${seance}`)).html)?.[1] ?? '')
  const envoyer = async () => {
    assert.equal((await poster(`/seances/${seance}/envoyer`, { vu: await vu() })).statut, 303)
  }
  const inscrire = async () => {
    assert.equal((await poster(`/seances/${seance}/inscrire`, { dossiers: essai.dossier.id })).statut, 303)
  }

  test('[COM-01] sent twice, a commission is created once; two people who give the same name: one is told in French', async () => {
    const champs = {
      nom: 'Commission d’Autun',
      niveau: 'territoriale',
      territoires: 'autun',
      secretariat: essai.organisme('SEC71-AUTUN'),
      envoi: randomUUID(),
    }
    const [une, encore] = await Promise.all([poster('/commissions', champs), poster('/commissions', champs)])
    assert.deepEqual([une.statut, encore.statut, encore.vers], [303, 303, une.vers])
    const autre = await poster('/commissions', { ...champs, envoi: randomUUID() })
    assert.equal(autre.statut, 422)
    assert.match(autre.texte, /Une commission porte déjà ce nom/)
    const ensemble = await Promise.all(
      [randomUUID(), randomUUID()].map((envoi) =>
        poster('/commissions', { ...champs, nom: 'Commission du Sud', envoi }),
      ),
    )
    assert.deepEqual(ensemble.map(({ statut }) => statut).toSorted(), [303, 422])
    commission = une.vers.split('/').at(-1) ?? ''
    await nommerMembre(essai, commission, 'PREF71', 'copresident_etat', 'prefecture')
    await nommerMembre(essai, commission, 'CAF71', 'droit', 'caf')
    await nommerMembre(essai, commission, 'MAIRIE71-CREUSOT', 'maire', 'maire')
    const cree = await poster(`/commissions/${commission}/seances`, {
      le: LE,
      debut: '09:00',
      fin: '12:00',
      lieu: 'Salle 2',
    })
    seance = cree.vers.split('/').at(-1) ?? ''
  })

  test('[COM-02] [COM-22] rules for all hold in each commission; its own go first; ended, the version before does not come back; sent twice, written once', async () => {
    const ecrire = (champs: Record<string, string>) => poster(`/commissions/${commission}/reglement`, champs)
    const commun = {
      reference: 'Règlement commun de 2026, art. 1',
      reglement_du: '2026-01-01',
      capacite: '20',
      jours_apports: '5',
      jours_relance: '2',
      pourToutes: 'oui',
      envoi: randomUUID(),
    }
    assert.deepEqual([(await ecrire(commun)).statut, (await ecrire(commun)).statut], [303, 303])
    assert.equal((await sql('select 1 from commission_reglement')).length, 1)
    const sien = {
      reference: 'Règlement propre, version 1',
      reglement_du: '2026-02-01',
      capacite: '10',
      envoi: randomUUID(),
    }
    await ecrire(sien)
    await ecrire({
      ...sien,
      reference: 'Règlement propre, version 2',
      reglement_du: '2026-06-01',
      jusqu_au: '2026-08-31',
      capacite: '12',
      envoi: randomUUID(),
    })
    const [sud = ''] = (await sql<{ id: string }>("select id from commission where nom = 'Commission du Sud'")).map(
      ({ id }) => id,
    )
    const capacites = await ouvrirSession(
      essai.application,
      acteurSysteme('71', 'essai'),
      'commission.consulter',
      async (session) =>
        Promise.all(
          ['2026-01-15', '2026-03-01', '2026-07-01', '2026-10-20'].map(async (jour) => {
            const le = Temporal.PlainDate.from(jour)
            return [await reglementAu(session, commission, le), await reglementAu(session, sud, le)].map(
              (un) => un?.capacite,
            )
          }),
        ),
    )
    // From September on, its own rules have ended: those of all apply, never its first version.
    assert.deepEqual(capacites, [
      [20, 20],
      [10, 20],
      [12, 20],
      [20, 20],
    ])
  })

  test('a refusal brings the page back with what was typed; what another person changed meets it in both versions', async () => {
    const ajouter = await poster(`/seances/${seance}/ajouter`, {
      reference: '71-1999-00001',
      motif: 'Signalé par la mairie',
    })
    assert.equal(ajouter.statut, 422)
    assert.match(ajouter.html, /value="71-1999-00001"[\s\S]*>Signalé par la mairie</)
    const annuler = await poster(`/seances/${seance}/annuler`, { vu: await vu(), motif: '' })
    assert.equal(annuler.statut, 422)
    assert.match(annuler.texte, /Choisir pourquoi la séance est annulée/)
    const ancien = await vu()
    await inscrire()
    const conflit = await poster(`/seances/${seance}/deplacer`, {
      vu: ancien,
      le: LE,
      debut: '10:00',
      fin: '13:00',
      lieu: 'Salle 9',
    })
    assert.equal(conflit.statut, 409)
    assert.match(conflit.texte, /Début 10 :00 09 :00 Fin 13 :00 12 :00 Lieu Salle 9 Salle 2/)
    const apres = await poster(`/seances/${seance}/deplacer`, formulaire(conflit, 'Remplacer par ma saisie'))
    assert.equal(apres.statut, 303)
    assert.match((await essai.lire('secretariat', `/seances/${seance}`)).texte, /10 h 00 à 13 h 00/)
    const place = { inscription: await inscription(), depuis: 'fiche' }
    const duree = await poster(`/seances/${seance}/allouer`, { ...place, vu: await vu(), minutes: '500' })
    assert.equal(duree.statut, 422)
    assert.match(duree.html, /value="500"/)
    const retirer = await poster(`/seances/${seance}/retirer`, { ...place, vu: ancien, motif: 'Plan signé' })
    assert.equal(retirer.statut, 409)
    assert.match(retirer.texte, /Retiré de l’ordre du jour : Plan signé Inscrit, rang 1/)
  })

  test('two people at the door: a line left alone keeps what the other noted; the same line shows both versions', async () => {
    const adresse = `/seances/${seance}/presence`
    const ouverte = await essai.lire('secretariat', adresse)
    const champs = formulaire(ouverte, 'Enregistrer la présence')
    const membres = Object.keys(champs).flatMap((nom) => (nom.startsWith('vu-') ? [nom.slice(3)] : []))
    assert.equal(membres.length, 3)
    const noter = (etats: readonly string[]) =>
      poster(adresse, {
        ...champs,
        ...Object.fromEntries(membres.map((id, rang) => [`presence-${id}`, etats[rang] ?? 'attendu'])),
      })
    assert.equal((await noter(['titulaire', 'attendu', 'attendu'])).statut, 303)
    assert.equal((await noter(['attendu', 'excuse', 'attendu'])).statut, 303)
    const etats = await sql<{ etat: string }>('select etat from seance_presence order by etat')
    assert.deepEqual(
      etats.map(({ etat }) => etat),
      ['excuse', 'titulaire'],
    )
    const conflit = await noter(['absent', 'attendu', 'attendu'])
    assert.equal(conflit.statut, 409)
    assert.match(conflit.texte, /Absent Titulaire présent/)
    assert.equal((await poster(adresse, formulaire(conflit, 'Remplacer par ma saisie'))).statut, 303)
  })

  test('[COM-05] [COM-06] a file withdrawn then put back has what members brought, and its reasons; its sheets are to be sent again', async () => {
    await envoyer()
    await poster(`/seances/${seance}/rappel`, {}, 'caf')
    const fiche = `/seances/${seance}/dossiers/${await inscription()}`
    const page = await essai.lire('caf', fiche)
    const action = /action="(\/seances\/[\w-]+\/apports\/[\w-]+)"/.exec(page.html)?.[1] ?? ''
    const apporte = await poster(action, { vu: '1', etat: 'apporte', texte: 'Droit rétabli en août.' }, 'caf')
    assert.equal(apporte.statut, 303)
    essai.aller('2026-09-29')
    const avant = await inscription()
    await poster(`/seances/${seance}/retirer`, { vu: await vu(), inscription: avant, motif: 'Plan signé' })
    assert.equal((await essai.lire('caf', fiche)).statut, 404)
    await poster(`/seances/${seance}/ajouter`, { reference: essai.dossier.reference, motif: 'Plan rompu' })
    assert.equal(await inscription(), avant)
    const lue = await essai.lire('secretariat', fiche)
    assert.match(lue.texte, /Droit rétabli en août/)
    assert.match(lue.texte, /Retiré : Plan signé Plan rompu/)
    assert.match((await essai.lire('secretariat', `/seances/${seance}`)).texte, /1 dossier ajouté, 1 retiré/)
    assert.equal((await essai.lire('caf', fiche)).statut, 404, 'until it is sent again')
    await envoyer()
    assert.match((await essai.lire('caf', fiche)).html, />Droit rétabli en août\.</)
  })

  test('[COM-06] a reminder names in the journal the dossiers it is about, and who cannot be reached is said', async () => {
    const agir = <T>(acte: Parameters<typeof ouvrirSession<T>>[3]) =>
      ouvrirSession(essai.application, acteurSysteme('71', 'essai'), 'seance.preparer', acte)
    // The préfecture has not answered.
    const [{ dossiers = [] } = {}] = await (async () => {
      essai.aller('2026-10-14')
      assert.ok((await agir((session) => relancerApports(session, null))) >= 1)
      return sql<{ dossiers: string[] }>(
        "select dossiers from journal where action = 'seance.relancer' order by a desc limit 1",
      )
    })()
    assert.deepEqual(dossiers, [essai.dossier.id])
    await sql("update apport set relance_le = null where etat = 'demande'")
    await sql("update compte set ferme_a = now() where courriel = 'prefecture@essai.example'")
    assert.equal(await agir((session) => relancerApports(session, seance)), 0)
    const injoignables = await agir((session) =>
      listerInjoignables(session, { id: seance, commission, le: Temporal.PlainDate.from(LE) }),
    )
    assert.deepEqual(injoignables, ['Préfecture de Saône-et-Loire'])
    assert.match(
      (await essai.lire('secretariat', `/seances/${seance}`)).texte,
      /Aucune relance n’atteint cet organisme : Préfecture de Saône-et-Loire/,
    )
    const [{ n = -1 } = {}] = await sql<{ n: number }>(
      'select count(*)::int as n from apport where relance_le is not null',
    )
    assert.equal(n, 0, 'nobody is said to be reminded who was not')
    await sql('update compte set ferme_a = null')
    essai.aller('2026-09-30')
  })

  test('[COM-05] [COM-21] a commune taken from an organisme, a participation given an earlier end: the sheets that rested on them close', async () => {
    const lire = async (compte: CompteRequisitions) => (await essai.lire(compte, `/seances/${seance}`)).texte
    await poster(`/seances/${seance}/rappel`, {}, 'maire')
    assert.match(await lire('maire'), /Lacombe/i)
    const communes = await sql<{ communes: string[] }>('select communes from organisme where id = $1', [
      essai.organisme('MAIRIE71-CREUSOT'),
    ])
    await sql("update organisme set communes = array['71014'] where id = $1", [essai.organisme('MAIRIE71-CREUSOT')])
    assert.doesNotMatch(await lire('maire'), /Lacombe/i)
    await sql('update organisme set communes = $2 where id = $1', [
      essai.organisme('MAIRIE71-CREUSOT'),
      communes[0]?.communes,
    ])
    const caf = essai.organisme('CAF71')
    await sql("update dossier set organismes_habilites = '{}'")
    const [{ id = '' } = {}] = await sql<{ id: string }>(
      `insert into participation (dept, dossier, organisme, origine, motif, du, jusqu_au, cree_a)
       values ('71', $1, $2, 'invitation', 'Essai', '2026-09-01', '2026-12-31', now()) returning id`,
      [essai.dossier.id, caf],
    )
    await envoyer()
    const borne = () => sql<{ jusqu_au: string }>('select jusqu_au::text from fiche_seance where organisme = $1', [caf])
    assert.deepEqual(await borne(), [{ jusqu_au: '2026-12-31' }])
    await ouvrirSession(
      essai.application,
      acteurSysteme('71', 'essai'),
      'dossier.reaffecter',
      ({ sql: ecrire, dept }) =>
        ecrire`update participation set jusqu_au = '2026-10-02' where dept = ${dept} and id = ${id}`,
    )
    assert.deepEqual(await borne(), [{ jusqu_au: '2026-10-02' }])
    assert.match(await lire('caf'), /Lacombe/i)
    essai.aller('2026-10-03')
    assert.doesNotMatch(await lire('caf'), /Lacombe/i)
  })

  test('what is over does not change in the database, whoever asks with the rights of the secretariat', async () => {
    const client = await essai.application.base.pool.connect()
    const refuse = async (texte: string, valeurs: unknown[]) => {
      await client.query('savepoint avant')
      try {
        return (await client.query(texte, valeurs)).rowCount
      } catch (erreur) {
        await client.query('rollback to savepoint avant')
        return (erreur as { code: string }).code
      }
    }
    try {
      await client.query('begin')
      const { rows } = await client.query("select id from compte where courriel = 'secretariat@essai.example'")
      const { id: compte } = rows[0] as { id: string }
      await client.query("update seance set etat = 'close', close_a = now() where id = $1", [seance])
      await client.query('set local role amont_app')
      for (const [cle, valeur] of Object.entries({
        dept: '71',
        portee: 'departement',
        compte,
        organisme: essai.organisme('SEC71-AUTUN'),
        cercles: 'deliberation,seance,commission_lue',
        jour: '2026-10-03',
      }))
        await client.query('select set_config($1, $2, true)', [`app.${cle}`, valeur])
      const lues = await client.query('select 1 from fiche_seance')
      assert.ok((lues.rowCount ?? 0) > 0)
      assert.deepEqual(
        [
          await refuse('delete from fiche_seance', []),
          await refuse(
            "insert into seance_acte (dept, seance, acte, a, par) values ('71', $1, 'convoquee', now(), $2)",
            [seance, compte],
          ),
          await refuse(
            "insert into ordre_envoye (dept, seance, numero, lignes, a, par) values ('71', $1, 99, '[]', now(), $2)",
            [seance, compte],
          ),
          await refuse("update apport set attendu_le = '2026-12-01' where etat = 'demande'", []),
          await refuse('update inscription set rang = 9', []),
        ],
        [0, '42501', '42501', 0, 0],
      )
    } finally {
      await client.query('rollback')
      client.release()
    }
  })

  test('[COM-01] a commission comes to an end with its reason, once no session waits; it holds no more, and is opened again', async () => {
    const adresse = `/commissions/${commission}`
    const page = await essai.lire('secretariat', `${adresse}/fermer`)
    const fermer = (champs: Record<string, string>) => poster(`${adresse}/fermer`, { vu: cache(page, 'vu'), ...champs })
    assert.equal((await fermer({ motif: '' })).statut, 422)
    const refusee = await fermer({ motif: 'regroupement' })
    assert.equal(refusee.statut, 422)
    assert.match(refusee.texte, /Une séance de cette commission n’est ni close ni annulée/)
    assert.equal((await poster(`/seances/${seance}/annuler`, { vu: await vu(), motif: 'regroupee' })).statut, 303)
    assert.equal((await fermer({ motif: 'regroupement' })).statut, 303)
    assert.equal((await fermer({ motif: 'autre' })).statut, 409)
    const fermee = await essai.lire('secretariat', adresse)
    assert.match(fermee.texte, /a pris fin le 03\/10\/2026 : regroupée avec une autre commission/)
    const seanceDeTrop = await poster(`${adresse}/seances`, {
      le: '2026-11-20',
      debut: '09:00',
      fin: '12:00',
      lieu: '',
    })
    assert.equal(seanceDeTrop.statut, 422)
    assert.equal((await poster(`/seances/${seance}/retablir`, { vu: await vu() })).statut, 422)
    assert.equal((await essai.poster('caf', `${adresse}/rouvrir`, { vu: '1' })).statut, 403)
    assert.equal((await poster(`${adresse}/rouvrir`, formulaire(fermee, 'Rouvrir la commission'))).statut, 303)
    assert.doesNotMatch((await essai.lire('secretariat', adresse)).texte, /a pris fin/)
  })
})
