import assert from 'node:assert/strict'
import { randomBytes } from 'node:crypto'
import { after, before, describe, test } from 'node:test'
import { cerclesDe, ouvrirSession } from '#acces'
import { lireEcrit, tenirLocataires, tournerCles } from '#echanges'
import { parseKeyring, seal } from '#socle/cipher'
import { dansContexte } from '#socle/db'
import { Refus } from '#socle/errors'
import { systeme } from '#tests/application'
import { accesDuCompte, type Compte, comptes, DEPT, type EssaiDesCercles, ouvrirEssaiDesCercles } from '#tests/ecrits'

const trie = (liste: readonly string[]) => [...liste].sort()

describe('the four circles, at the door of each kind of organisation', () => {
  let essai: EssaiDesCercles
  let adresse: string

  /** Writes through the screens and returns the id of what was written. */
  const ecrire = async (compte: Compte, champs: Record<string, string | readonly string[]>) => {
    const ecrits = async () =>
      [...(await essai.lire(compte, adresse)).html.matchAll(/\/ecrits\/([0-9a-f-]{36})"/g)].map(([, id = '']) => id)
    const avant = await ecrits()
    const { relue, faite } = await essai.ecrire(compte, `${adresse}/ecrits`, champs)
    assert.equal(faite.statut, 303, faite.texte.slice(0, 900))
    const [id = ''] = (await ecrits()).filter((un) => !avant.includes(un))
    return { id, relue }
  }
  /** Accounts the row-level policies alone let read it, whatever the code says. */
  const selonLaBase = async (table: string, id: string): Promise<Compte[]> => {
    const lus: Compte[] = []
    for (const compte of comptes) {
      const acces = accesDuCompte(compte)
      const { rows } = await essai.application.base.pool.query(
        'select h.organisme, o.territoires from habilitation h join organisme o on o.id = h.organisme where h.compte = $1',
        [essai.ids[compte]],
      )
      const contexte = {
        dept: DEPT,
        portee: acces.portee,
        compte: essai.ids[compte],
        organisme: rows[0].organisme as string,
        territoires: rows[0].territoires as string[] | null,
        cercles: cerclesDe(acces),
      }
      const vus = await dansContexte(essai.application.base, contexte, ({ sql }) =>
        table === 'note_professionnelle'
          ? sql`select id from note_professionnelle where id = ${id}`
          : table === 'transmission'
            ? sql`select id from transmission where id = ${id}`
            : sql`select id from suivi_partage where id = ${id}`,
      )
      if (vus.length > 0) lus.push(compte)
    }
    return lus
  }
  const selonLaPorte = async (id: string): Promise<Compte[]> => {
    const lus: Compte[] = []
    for (const compte of comptes) {
      const { statut } = await essai.lire(compte, `${adresse}/ecrits/${id}`)
      assert.ok([200, 403, 404].includes(statut), `${compte} : ${statut}`)
      if (statut === 200) lus.push(compte)
    }
    return lus
  }
  const selonLaCarte = async (id: string): Promise<Compte[]> => {
    const lus: Compte[] = []
    for (const compte of comptes) if ((await essai.lire(compte, adresse)).html.includes(id)) lus.push(compte)
    return lus
  }
  /** Accounts whose name the re-reading page gives. */
  const annonces = (texte: string, auteur: Compte): Compte[] =>
    comptes.filter((compte) =>
      compte === auteur ? /\bvous\b/.test(texte) : new RegExp(`Camille ${compte.toUpperCase()}\\b`).test(texte),
    )
  /** The four answers to « who reads it » are one. */
  const verifierLecteurs = async (
    table: string,
    { id, relue }: Awaited<ReturnType<typeof ecrire>>,
    auteur: Compte,
    attendus: readonly Compte[],
  ) => {
    assert.deepEqual(trie(await selonLaPorte(id)), trie(attendus), 'at the door')
    assert.deepEqual(trie(await selonLaBase(table, id)), trie(attendus), 'in the database')
    assert.deepEqual(trie(await selonLaCarte(id)), trie(attendus), 'on the card')
    assert.deepEqual(trie(annonces(relue.texte, auteur)), trie(attendus), 'announced before saving')
  }

  before(async () => {
    essai = await ouvrirEssaiDesCercles()
    adresse = `/dossiers/${essai.dossier.reference}`
  })
  after(() => essai.fermer())

  const entrees = async (action: string) => {
    const { rows } = await essai.application.base.pool.query(
      `select compte, objet_id, dossiers::text[] as dossiers, details, resultat from journal where action = $1 order by id`,
      [action],
    )
    return rows as { compte: string; objet_id: string; dossiers: string[]; details: Record<string, unknown> }[]
  }

  test('[ESP-03] circle 1: a note is its author’s alone, unless colleagues are named', async () => {
    const seule = await ecrire('auteure', { cercle: '1', texte: 'Rien que pour moi.' })
    assert.match(seule.relue.texte, /Seront lecteurs : vous, et personne d’autre/)
    await verifierLecteurs('note_professionnelle', seule, 'auteure', ['auteure'])
    assert.match((await essai.lire('auteure', `${adresse}/ecrits/${seule.id}`)).texte, /Rien que pour moi/)

    const equipe = await ecrire('auteure', {
      cercle: '1',
      texte: 'Pour nous deux.',
      equipe: [essai.ids.collegue],
      motif: 'Elle reprend la visite.',
    })
    assert.match(equipe.relue.texte, /vous et 1 personne/)
    await verifierLecteurs('note_professionnelle', equipe, 'auteure', ['auteure', 'collegue'])
    const [ecriture] = (await entrees('note.ecrire')).slice(-1)
    assert.deepEqual(ecriture?.dossiers, [essai.dossier.id])
    assert.deepEqual(trie(ecriture?.details.lecteurs as string[]), trie([essai.ids.auteure, essai.ids.collegue]))
    assert.ok(
      (await entrees('note.lire')).some(
        ({ compte, objet_id }) => compte === essai.ids.collegue && objet_id === equipe.id,
      ),
    )
  })

  test('[ESP-03] what was re-read and is sent twice is kept once', async () => {
    const motif = 'Le service en charge reprend le contact.'
    for (const [cercle, table, plus] of [
      ['1', 'note_professionnelle', {}],
      ['3', 'suivi_partage', { motif }],
    ] as const) {
      const compter = async () =>
        Number((await essai.application.base.pool.query(`select count(*) as n from ${table}`)).rows[0].n)
      const avant = await compter()
      const { relus, faite } = await essai.ecrire('auteure', `${adresse}/ecrits`, {
        cercle,
        texte: 'Envoyé deux fois.',
        ...plus,
      })
      assert.equal(faite.statut, 303)
      assert.equal((await essai.poster('auteure', `${adresse}/ecrits`, relus)).statut, 303)
      assert.equal(await compter(), avant + 1, table)
    }
  })

  test('[ESP-03] circle 1 goes no further than the author’s organisme, and a wider team needs its reason', async () => {
    const chez = (champs: Record<string, string | readonly string[]>) =>
      essai.poster('auteure', `${adresse}/ecrits`, { cercle: '1', texte: 'Un texte.', ...champs })
    const ailleurs = await chez({ equipe: [essai.ids.caf], motif: 'Elle suit aussi.' })
    assert.equal(ailleurs.statut, 422)
    assert.match(ailleurs.texte, /collègues de votre service/)
    const sansMotif = await chez({ equipe: [essai.ids.collegue] })
    assert.equal(sansMotif.statut, 422)
    assert.match(sansMotif.texte, /Dire pourquoi d’autres que vous/)
    assert.match(sansMotif.html, /Un texte\./)
    const secretariat = await essai.poster('secretariat', `${adresse}/ecrits`, { cercle: '1', texte: 'x', motif: 'x' })
    assert.equal(secretariat.statut, 422)
  })

  test('[ESP-03] widening a note is an act of its author, with a reason and a page to re-read', async () => {
    const { id } = await ecrire('auteure', { cercle: '1', texte: 'Visite du 18.' })
    const champs = { comptes: [essai.ids.autreCollegue], motif: '' }
    const refusee = await essai.poster('auteure', `${adresse}/ecrits/${id}/elargir`, champs)
    assert.equal(refusee.statut, 422)
    const { relue, faite } = await essai.ecrire('auteure', `${adresse}/ecrits/${id}/elargir`, {
      ...champs,
      motif: 'Relais.',
    })
    assert.match(relue.texte, /Seront lecteurs : vous et 1 personne/)
    assert.match(relue.texte, /Camille AUTRECOLLEGUE/)
    assert.equal(faite.statut, 303)
    assert.deepEqual(trie(await selonLaPorte(id)), trie(['auteure', 'autreCollegue']))
    assert.equal(
      (await essai.ecrire('autreCollegue', `${adresse}/ecrits/${id}/elargir`, { ...champs, motif: 'x' })).relue.statut,
      404,
    )
    assert.deepEqual((await entrees('note.elargir')).at(-1)?.details.lecteurs, [essai.ids.autreCollegue])
  })

  test('[ACC-04] the reserved page of the report is read by its author and the social service of the Département', async () => {
    const page = await ecrire('auteure', { cercle: '1', texte: 'Page réservée.', au_service: 'oui', motif: 'Rapport.' })
    await verifierLecteurs('note_professionnelle', page, 'auteure', ['auteure', 'collegue', 'autreCollegue'])
    const caf = await essai.poster('caf', `${adresse}/ecrits`, {
      cercle: '1',
      texte: 'x',
      au_service: 'oui',
      motif: 'x',
    })
    assert.equal(caf.statut, 422)
  })

  test('[ESP-03] circle 2: a transmission is a copy, dated and reasoned; the note stays where it was', async () => {
    const note = await ecrire('auteure', { cercle: '1', texte: 'Tout ce que je sais.' })
    const copie = await ecrire('auteure', {
      cercle: '2',
      texte: 'Le strict nécessaire.',
      motif: 'Évaluer le délai.',
      organismes: [essai.organisme('SEC71-AUTUN')],
      note: note.id,
    })
    await verifierLecteurs('transmission', copie, 'auteure', ['auteure', 'secretariat'])
    assert.deepEqual(await selonLaPorte(note.id), ['auteure'])
    const lue = await essai.lire('secretariat', `${adresse}/ecrits/${copie.id}`)
    assert.match(lue.texte, /Le strict nécessaire/)
    assert.ok(!lue.html.includes(note.id), 'the recipient is not told which note it comes from')
    const [acte] = (await entrees('transmission.faire')).slice(-1)
    assert.deepEqual(acte?.details.destinataires, [essai.organisme('SEC71-AUTUN')])
    assert.deepEqual(trie(acte?.details.lecteurs as string[]), trie([essai.ids.auteure, essai.ids.secretariat]))

    const etat = await ecrire('auteure', {
      cercle: '2',
      texte: 'Pour l’État.',
      motif: 'Concours.',
      organismes: [essai.organisme('PREF71')],
    })
    // The pilot of the same préfecture sees every dossier of the département, and not this.
    await verifierLecteurs('transmission', etat, 'auteure', ['auteure', 'prefecture'])

    const reponse = await ecrire('secretariat', {
      cercle: '2',
      texte: 'Bien reçu.',
      motif: 'Suite donnée.',
      repond: copie.id,
    })
    await verifierLecteurs('transmission', reponse, 'secretariat', ['auteure', 'secretariat'])
  })

  test('circle 2 goes to instructing services only, one way, with a reason', async () => {
    const chez = (compte: Compte, champs: Record<string, string | readonly string[]>) =>
      essai.poster(compte, `${adresse}/ecrits`, { cercle: '2', texte: 'Un texte.', motif: 'Un motif.', ...champs })
    for (const code of ['CAF71', 'OPAC71', 'ADIL71', 'SEC71-CHALON'])
      assert.equal((await chez('auteure', { organismes: [essai.organisme(code)] })).statut, 422, code)
    assert.equal((await chez('auteure', { organismes: [essai.organisme('PREF71')], motif: '' })).statut, 422)
    assert.equal((await chez('auteure', {})).statut, 422)
    assert.equal((await chez('secretariat', { organismes: [essai.organisme('PREF71')] })).statut, 422)
  })

  test('[ESP-03] circle 3 is read by the organismes engaged on this dossier, and nobody else', async () => {
    const suivi = await ecrire('caf', { cercle: '3', texte: 'Rendez-vous le 2.', motif: 'Coordonner.' })
    await verifierLecteurs('suivi_partage', suivi, 'caf', [
      'auteure',
      'collegue',
      'autreCollegue',
      'caf',
      'secretariat',
      'autreSecretariat',
      'prefecture',
    ])
    assert.equal((await essai.poster('caf', `${adresse}/ecrits`, { cercle: '3', texte: 'x', motif: '' })).statut, 422)
  })

  test('who is announced is who reads: a withdrawn right closes the door at the next page, and the announcement with it', async () => {
    const { id } = await ecrire('auteure', {
      cercle: '1',
      texte: 'Encore nous deux.',
      equipe: [essai.ids.collegue],
      motif: 'Suite.',
    })
    const { pool } = essai.application.base
    const champs = { cercle: '1', texte: 'Demain.', equipe: [essai.ids.collegue], motif: 'Suite.' }
    const avant = await essai.poster('auteure', `${adresse}/ecrits`, champs)
    const lecteurs = /name="lecteurs" value="(\w+)"/.exec(avant.html)?.[1] ?? ''
    await pool.query(
      `update habilitation set retiree_a = '2026-11-20T07:00:00Z', retiree_motif = 'essai' where compte = $1`,
      [essai.ids.collegue],
    )
    try {
      assert.notEqual((await essai.lire('collegue', `${adresse}/ecrits/${id}`)).statut, 200)
      const lue = await essai.lire('auteure', `${adresse}/ecrits/${id}`)
      assert.match(lue.texte, /Lecteurs : vous, et personne d’autre/)
      const apres = await essai.poster('auteure', `${adresse}/ecrits`, { ...champs, lecteurs, etape: 'enregistrer' })
      assert.equal(apres.statut, 422)
    } finally {
      await pool.query('update habilitation set retiree_a = null, retiree_motif = null where compte = $1', [
        essai.ids.collegue,
      ])
    }
  })

  test('nothing is saved when the readers changed since they were shown', async () => {
    const champs = { cercle: '3', texte: 'Un mot.', motif: 'Coordonner.' }
    const avant = await essai.poster('auteure', `${adresse}/ecrits`, champs)
    const lecteurs = /name="lecteurs" value="(\w+)"/.exec(avant.html)?.[1] ?? ''
    const { pool } = essai.application.base
    const habilites = [essai.organisme('DEP71'), essai.organisme('CAF71')]
    await pool.query('update dossier set organismes_habilites = $1', [[...habilites, essai.organisme('ADIL71')]])
    try {
      const apres = await essai.poster('auteure', `${adresse}/ecrits`, { ...champs, lecteurs, etape: 'enregistrer' })
      assert.equal(apres.statut, 409)
      assert.match(apres.texte, /Les lecteurs ont changé/)
      assert.match(apres.texte, /Camille ADIL\b/)
    } finally {
      await pool.query('update dossier set organismes_habilites = $1', [habilites])
    }
  })

  describe('keys', () => {
    const auteur = () => ({
      dept: DEPT,
      compte: essai.ids.auteure,
      organisme: essai.organisme('DEP71'),
      organismeNom: 'DEP71',
      role: 'service_social' as const,
      organismeType: 'departement',
      acces: accesDuCompte('auteure'),
      territoires: null,
      libelle: 'essai',
    })
    const ouvrir = (cles: ReturnType<typeof parseKeyring>, id: string) =>
      ouvrirSession(essai.application, auteur(), 'suivi.partager', (session) =>
        lireEcrit(session, cles, essai.dossier.id, id),
      )
    const neuve = () => randomBytes(32).toString('base64')
    const cles = () => {
      const { acces } = essai.application
      assert.ok(acces)
      return acces.cles
    }

    test('what is in the database is sealed: no column of circles 1 to 3 takes a text in clear', async () => {
      const { pool } = essai.application.base
      for (const table of ['note_professionnelle', 'transmission', 'suivi_partage'])
        await assert.rejects(pool.query(`update ${table} set texte = 'en clair'`), { code: '23514' }, table)
    })

    test('a text moved to another row does not open, and says so', async () => {
      const a = await ecrire('auteure', { cercle: '1', texte: 'Le texte de la première.' })
      const b = await ecrire('auteure', { cercle: '1', texte: 'Le texte de la seconde.' })
      await essai.application.base.pool.query(
        'update note_professionnelle b set texte = a.texte from note_professionnelle a where a.id = $1 and b.id = $2',
        [a.id, b.id],
      )
      const lue = await essai.lire('auteure', `${adresse}/ecrits/${b.id}`)
      assert.equal(lue.statut, 422)
      assert.match(lue.texte, /modifié ou déplacé dans la base/)
      assert.doesNotMatch(lue.texte, /Le texte de/)
      assert.equal((await essai.lire('auteure', `${adresse}/ecrits/${a.id}`)).statut, 200)
    })

    test('a rotation wraps every key again, is taken up where it stopped, and leaves no text behind', async () => {
      const { id } = await ecrire('auteure', { cercle: '1', texte: 'Avant la rotation.' })
      const { pool } = essai.application.base
      const ancienne = cles().keys[0]
      assert.ok(ancienne)
      // Other dossiers, with a key each: enough for several steps.
      await pool.query(`insert into dossier (dept, reference, numero, annee, ouvert_le)
        select '71', '71-2025-9000' || n, 90000 + n, 2025, date '2025-01-01' from generate_series(1, 7) n`)
      const { rows } = await pool.query(`select id from dossier where annee = 2025`)
      for (const { id: dossier } of rows as { id: string }[])
        await pool.query('insert into cle_dossier (dept, dossier, scellee, cree_a) values ($1, $2, $3, now())', [
          DEPT,
          dossier,
          seal(cles(), neuve(), `cle_dossier|scellee|${DEPT}|${dossier}`),
        ])
      const textesAvant = (await pool.query('select texte from note_professionnelle order by id')).rows
      const deux = parseKeyring(`${neuve()}\n${ancienne.key.toString('base64')}`)
      const pas = (suite?: string) =>
        ouvrirSession(essai.application, systeme(), 'cle.tourner', (session) => tournerCles(session, deux, suite, 3))
      const un = await pas()
      assert.equal(un.tournees, 3)
      // Stopped here: everything still opens, under one key or the other.
      assert.equal((await ouvrir(deux, id)).texte, 'Avant la rotation.')
      let total = un.tournees
      for (let suite: string | null | undefined; suite !== null; ) {
        const suivant = await pas(suite ?? undefined)
        total += suivant.tournees
        assert.deepEqual(suivant.fermees, [])
        suite = suivant.suite
      }
      assert.equal(total, 8)
      const seule = parseKeyring((deux.keys[0]?.key ?? Buffer.alloc(0)).toString('base64'))
      assert.equal((await ouvrir(seule, id)).texte, 'Avant la rotation.', 'the old key can go')
      assert.deepEqual((await pool.query('select texte from note_professionnelle order by id')).rows, textesAvant)
      assert.equal((await pas()).tournees, 0)

      // The key that wraps is lost: said in words, with its print and what to do.
      await assert.rejects(
        ouvrir(parseKeyring(neuve()), id),
        (erreur: Error) =>
          erreur instanceof Refus && /la clé [0-9a-f]{8} manque au fichier de clés/.test(erreur.message),
      )
      const perdue = await ouvrirSession(essai.application, systeme(), 'cle.tourner', (session) =>
        tournerCles(session, parseKeyring(neuve())),
      )
      assert.equal(perdue.tournees, 0)
      assert.equal(perdue.fermees.length, 8)
    })
  })

  test('what landlords see is refreshed without a person: the same twice changes nothing', async () => {
    const tenir = () => ouvrirSession(essai.application, systeme(), 'dossier.consulter', tenirLocataires)
    await tenir()
    const lire = async () =>
      (await essai.application.base.pool.query('select * from locataire order by organisme, dossier')).rows
    const avant = await lire()
    await tenir()
    assert.deepEqual(await lire(), avant)
  })
})
