import assert from 'node:assert/strict'
import { createHash, randomUUID } from 'node:crypto'
import { cpSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, before, describe, test } from 'node:test'
import type { FastifyInstance } from 'fastify'
import {
  type Application,
  aLeDroit,
  hacherMotDePasse,
  installerCompte,
  lireConnexion,
  ouvrirConnexion,
  ouvrirSession,
  type Role,
} from '#acces'
import { scellementDuDossier } from '#echanges'
import { figerTableaux } from '#jobs'
import { projectRoot } from '#socle/config'
import { readWorkbook } from '#socle/tableur'
import { normalizeForSearch } from '#socle/text'
import {
  type ApplicationDEssai,
  accesLivre,
  ecrireCsv,
  importer,
  ligne,
  lireExemple,
  ouvrirApplicationDEssai,
  systeme,
} from '#tests/application'
import { clesDEssai } from '#tests/base'
import { lireTextePdf } from '#tests/pdf'
import { creerServeur, routes } from '#web'

/**
 * Limits of docs/securite.md: how many dossiers one person may read in a day, what large exports ask, and the proof that every file with data of households goes
 * through one gate.
 */
const DEPT = '71'
const MOT_DE_PASSE = 'preuve-des-limites'
const REGLAGES = { securise: false, departement: DEPT } as const

/** One organisme for each role that reads something. */
const ORGANISMES = {
  secretariat: 'SEC71-AUTUN',
  prefecture: 'PREF71',
  service_social: 'DEP71',
  pilote: 'PREF71',
  administrateur: 'DEP71',
  dpd: 'DEP71',
} as const satisfies Partial<Record<Role, string>>

interface Personne {
  readonly compte: string
  readonly cookies: Record<string, string>
  readonly jeton: string
}

async function entrer(application: Application, role: Role, organisme: string): Promise<Personne> {
  const courriel = `${role}@preuve.example`
  await installerCompte(application.base, {
    dept: DEPT,
    courriel,
    prenom: 'Maxence',
    nom: 'Quidemont',
    motDePasse: await hacherMotDePasse(MOT_DE_PASSE),
    organisme,
    role,
    du: Temporal.PlainDate.from('2026-01-01'),
    motif: 'preuve',
    a: application.horloge.now(),
  })
  const demande = { dept: DEPT, courriel, motDePasse: MOT_DE_PASSE, adresse: '192.0.2.1' }
  const { jeton } = await ouvrirConnexion(application, demande)
  const lue = await lireConnexion(application, jeton)
  return { compte: lue?.acteur.compte ?? '', cookies: { amont_session: jeton }, jeton: lue?.jetonFormulaire ?? '' }
}

const poster = (serveur: FastifyInstance, qui: Personne, url: string, champs: Record<string, string>) =>
  serveur.inject({
    method: 'POST',
    url,
    cookies: qui.cookies,
    headers: { 'content-type': 'application/x-www-form-urlencoded' },
    payload: new URLSearchParams({ _jeton: qui.jeton, ...champs }).toString(),
  })

/** Names that no two households have nearly alike: recognising them is not what is tried here. */
const nomDe = (rang: number): string => {
  const tire = createHash('sha256').update(`menage ${rang}`).digest()
  const lettre = (place: number, parmi: string): string => parmi[(tire[place] ?? 0) % parmi.length] ?? ''
  return `Q${[0, 1, 2, 3, 4].map((n) => lettre(2 * n, 'aeiou') + lettre(2 * n + 1, 'bcdfglmnprstvz')).join('')}`
}

/** The data shipped, with other limits. */
function avecLimites(
  application: Application,
  changer: (texte: string) => string,
): { application: Application; fermer: () => void } {
  const racine = mkdtempSync(join(tmpdir(), 'amont-limites-'))
  cpSync(join(projectRoot, 'donnees'), racine, { recursive: true })
  const fichier = join(racine, 'acces/limites.yaml')
  const avant = readFileSync(fichier, 'utf8')
  const apres = changer(avant)
  assert.notEqual(apres, avant, 'the limits have changed shape: this test changes nothing')
  writeFileSync(fichier, apres)
  return {
    application: { ...application, referentiel: { ...application.referentiel, racine } },
    fermer: () => rmSync(racine, { recursive: true, force: true }),
  }
}

describe('a person who reads everything', () => {
  const MENAGES = 520
  let application: ApplicationDEssai
  let serveur: FastifyInstance
  let agent: Personne
  let dpd: Personne
  let references: string[]
  before(async () => {
    application = await ouvrirApplicationDEssai()
    const lignes = Array.from({ length: MENAGES }, (_, rang) =>
      ligne({
        reference_source: `Q-${rang}`,
        nom_usage: nomDe(rang),
        prenom: ['Ines', 'Malo', 'Rosa', 'Elio', 'Jade'][rang % 5] ?? '',
        date_naissance: `${1950 + (rang % 50)}-${String(1 + Math.floor(rang / 50)).padStart(2, '0')}-15`,
        adresse: `${1 + rang} rue des Essais`,
      }),
    )
    await importer(application, 'CAF71', 'quota.csv', ecrireCsv(lignes))
    agent = await entrer(application, 'secretariat', 'SEC71-AUTUN')
    dpd = await entrer(application, 'dpd', 'DEP71')
    serveur = await creerServeur(application, routes, REGLAGES)
    const { rows } = await application.base.pool.query('select reference from dossier order by reference')
    references = (rows as { reference: string }[]).map(({ reference }) => reference)
    assert.ok(references.length >= 500, `${references.length} dossiers`)
  })
  after(async () => {
    await serveur.close()
    await application.fermer()
  })

  const ouvrir = (qui: Personne, reference: string) =>
    serveur.inject({ url: `/dossiers/${reference}`, cookies: qui.cookies })
  const alertes = async (regle: string) => {
    const { rows } = await application.base.pool.query('select id, etat, mesure from alerte_acces where regle = $1', [
      regle,
    ])
    return rows as { id: string; etat: string; mesure: { compteur: string; n: number } }[]
  }
  const lireTout = async (qui: Personne, depuis = 0) => {
    for (const [rang, reference] of references.slice(depuis).entries()) {
      const { statusCode, body } = await ouvrir(qui, reference)
      if (statusCode !== 200) return { lus: depuis + rang, statut: statusCode, page: body }
    }
    return { lus: references.length, statut: 200, page: '' }
  }

  test('[ACC-13] is stopped at the limit of the day, told whom to ask, and seen by the data protection officer, who can lift it', async (t) => {
    const premiere = await lireTout(agent)
    t.diagnostic(
      `limite du jour : ${MENAGES} dossiers demandés par un programme, ${premiere.lus} lus, arrêt ${premiere.statut}`,
    )
    assert.equal(premiere.lus, 400)
    assert.equal(premiere.statut, 429)
    assert.match(premiere.page, /400 dossiers différents/)
    assert.match(premiere.page, /délégué à la protection des données/)
    assert.doesNotMatch(premiere.page, new RegExp(nomDe(400)), 'nothing of the dossier refused is on the page')
    assert.equal(
      (await ouvrir(agent, references[3] ?? '')).statusCode,
      200,
      'a dossier already opened today stays open',
    )
    const [alerte, autre] = await alertes('quota')
    assert.equal(autre, undefined)
    assert.deepEqual([alerte?.etat, alerte?.mesure.compteur, alerte?.mesure.n], ['nouvelle', 'ouverts', 400])
    const { rows } = await application.base.pool.query(
      `select count(*)::int as n from journal where resultat = 'refuse' and details->>'code' = 'quota.ouverts'`,
    )
    assert.equal(rows[0].n, 1, 'the refusal is in the journal')

    const vue = await serveur.inject({ url: `/alertes/${alerte?.id}`, cookies: dpd.cookies })
    assert.match(vue.body, /Justifier l’alerte lève la limite/)
    const justifiee = await poster(serveur, dpd, `/alertes/${alerte?.id}`, {
      etat: 'justifiee',
      motif: 'Revue annuelle des dossiers',
    })
    assert.equal(justifiee.statusCode, 303)
    assert.equal((await ouvrir(agent, references[450] ?? '')).statusCode, 200, 'lifted at once, for the day')
    assert.equal((await ouvrir(agent, references[451] ?? '')).statusCode, 200)
  })

  test('[ACC-13] the limit starts again the next day', async () => {
    const demain = application.le('2026-11-21', '09:00')
    const serveurDemain = await creerServeur(demain, routes, REGLAGES)
    const { jeton } = await ouvrirConnexion(demain, {
      dept: DEPT,
      courriel: 'secretariat@preuve.example',
      motDePasse: MOT_DE_PASSE,
      adresse: '192.0.2.1',
    })
    const lu = await serveurDemain.inject({ url: `/dossiers/${references[500]}`, cookies: { amont_session: jeton } })
    await serveurDemain.close()
    assert.equal(lu.statusCode, 200)
  })

  test('counting costs a page almost nothing, even at the end of a heavy day', async (t) => {
    const client = await application.base.pool.connect()
    const durees: number[] = []
    try {
      await client.query('begin')
      await client.query(`select set_config('app.dept', $1, true), set_config('app.compte', $2, true)`, [
        DEPT,
        agent.compte,
      ])
      for (let essai = 0; essai < 60; essai++) {
        const debut = performance.now()
        await client.query(
          `select verifier_quota($1, $2, '2026-11-20', '2026-11-19T23:00:00Z', '{0,50,0}', '{100000,100000,100000}', '{dossier.lire,dossier.imprimer}', '{dossier.lire,dossiers.lister}', '{dossiers.exporter}')`,
          [DEPT, agent.compte],
        )
        durees.push(performance.now() - debut)
      }
    } finally {
      await client.query('rollback')
      client.release()
    }
    const { rows } = await application.base.pool.query('select count(*)::int as n from journal where compte = $1', [
      agent.compte,
    ])
    const mediane = durees.sort((a, b) => a - b)[30] ?? 0
    t.diagnostic(
      `limite du jour : compter prend ${mediane.toFixed(2)} ms (médiane de 60) après ${rows[0].n} entrées du même jour`,
    )
    assert.ok(rows[0].n > 400)
  })

  test('the proof has teeth: without the count, everything is read', async (t) => {
    await application.base.pool.query('alter function verifier_quota rename to verifier_quota_essai')
    await application.base.pool.query(`create function verifier_quota(text, uuid, date, timestamptz, integer[], integer[], text[], text[], text[])
      returns void language sql as '' `)
    await application.base.pool.query(`update alerte_acces set etat = 'nouvelle' where regle = 'quota'`)
    const percee = await lireTout(agent)
    t.diagnostic(`limite du jour, compte ôté : ${percee.lus} dossiers lus sur ${MENAGES}`)
    assert.equal(percee.lus, references.length)
    await application.base.pool.query(
      'drop function verifier_quota(text, uuid, date, timestamptz, integer[], integer[], text[], text[], text[])',
    )
    await application.base.pool.query('alter function verifier_quota_essai rename to verifier_quota')
    assert.equal((await ouvrir(agent, references[452] ?? '')).statusCode, 429, 'the count is back')
  })

  test('[ACC-13] a large export asks again who is there, goes on to the address asked, is numbered, marked and journalled with its ids', async () => {
    await application.base.pool.query(
      `update alerte_acces set etat = 'justifiee', motif = 'essai' where regle = 'quota'`,
    )
    const adresse = '/dossiers/export.csv?territoire=tous&tri=dette'
    const plusTard = application.le('2026-11-20', '08:30')
    const tard = await creerServeur(plusTard, routes, REGLAGES)
    const lire = (url: string) => tard.inject({ url, cookies: agent.cookies })
    const compter = async (action: string) => {
      const { rows } = await application.base.pool.query(
        'select details, dossiers from journal where action = $1 order by id',
        [action],
      )
      return rows as { details: { copie?: number; nombre: number }; dossiers: string[] }[]
    }
    const avant = (await compter('dossiers.exporter')).length
    const refusee = await lire(adresse)
    assert.equal(refusee.statusCode, 303)
    assert.equal(refusee.headers.location, `/compte/confirmer?vers=${encodeURIComponent(adresse)}`)
    assert.equal((await compter('dossiers.exporter')).length, avant, 'nothing left, so nothing is said to have left')
    const page = await lire(String(refusee.headers.location))
    assert.match(page.body, /Confirmer qui vous êtes/)
    assert.ok(page.body.includes('name="vers" value="/dossiers/export.csv?territoire=tous&amp;tri=dette"'))
    assert.equal(
      (await poster(tard, agent, '/compte/confirmer', { vers: adresse, saisie: 'autre chose' })).statusCode,
      422,
    )
    assert.equal((await lire(adresse)).statusCode, 303, 'a wrong password opens nothing')
    const ailleurs = await poster(tard, agent, '/compte/confirmer', {
      vers: 'https://ailleurs.example/',
      saisie: MOT_DE_PASSE,
    })
    assert.equal(ailleurs.headers.location, '/', 'only an address of this site follows')
    const suite = await poster(tard, agent, '/compte/confirmer', { vers: adresse, saisie: MOT_DE_PASSE })
    assert.deepEqual([suite.statusCode, suite.headers.location], [303, adresse])

    const csv = await lire(adresse)
    assert.equal(csv.statusCode, 200)
    assert.match(String(csv.headers['content-disposition']), /dossiers-2026-11-20-copie-(\d+)\.csv/)
    const [entree] = await compter('export.numeroter')
    assert.equal(entree?.details.nombre, references.length)
    assert.match(
      csv.body.replace(/[\u00a0\u202f]/g, ' '),
      new RegExp(
        `Copie n° ${entree?.details.copie}, ${references.length} lignes, sortie d’Amont le .* par Maxence Quidemont`,
      ),
    )
    assert.match(csv.body, /tri = dette/)
    const sorties = await compter('dossiers.exporter')
    assert.equal(sorties.length, avant + 1)
    assert.equal(new Set(sorties.at(-1)?.dossiers).size, references.length, 'every id that left is in the journal')
    const xlsx = await lire(adresse.replace('.csv', '.xlsx'))
    const ods = await lire(adresse.replace('.csv', '.ods'))
    for (const fichier of [xlsx, ods]) {
      assert.equal(fichier.statusCode, 200)
      assert.match(String(fichier.headers['content-disposition']), /-copie-\d+\./)
    }
    assert.equal(
      (await readWorkbook(xlsx.rawPayload, 'xlsx')).length,
      references.length + 1,
      'the mark is beside the data, not in it',
    )
    assert.deepEqual(
      (await compter('export.numeroter')).map(({ details }) => details.copie),
      [1, 2, 3],
    )
    await tard.close()

    const petit = await creerServeur(application.le('2026-11-20', '09:30'), routes, REGLAGES)
    const liste = await petit.inject({
      url: `/dossiers/export.csv?territoire=tous&q=${nomDe(3)}`,
      cookies: agent.cookies,
    })
    assert.equal(liste.statusCode, 200, 'a small export asks for nothing')
    assert.doesNotMatch(liste.body, /Copie n°/)
    await petit.close()
  })

  test('[ACC-13] beyond the second number of lines, the data protection officer is told', async () => {
    const { application: stricte, fermer } = avecLimites(application, (texte) =>
      texte.replace('alerte: 1000', 'alerte: 500'),
    )
    const autre = await creerServeur(stricte, routes, REGLAGES)
    const { statusCode } = await autre.inject({ url: '/dossiers/export.csv?territoire=tous', cookies: agent.cookies })
    await autre.close()
    fermer()
    assert.equal(statusCode, 200)
    const [alerte] = await alertes('export')
    assert.equal(alerte?.mesure.n, references.length)
    assert.match((await serveur.inject({ url: '/alertes?etat=toutes', cookies: dpd.cookies })).body, /Export important/)
  })
})

describe('every file with data of households', () => {
  let application: Application
  let serveur: FastifyInstance
  let fermerLimites: () => void
  let essai: ApplicationDEssai
  const personnes = new Map<keyof typeof ORGANISMES, Personne>()
  const valeurs: Record<string, string> = {}
  let noms: string[] = []
  before(async () => {
    essai = await ouvrirApplicationDEssai()
    for (const [nom, organisme] of [
      ['caf-2026-10.csv', 'CAF71'],
      ['bailleurs-sociaux.csv', 'OPAC71'],
      ['assignations-semaine-46.csv', 'PREF71'],
    ] as const)
      await importer(essai, organisme, nom, lireExemple(nom))
    await figerTableaux(essai, DEPT, Temporal.PlainDate.from('2026-11-16'))
    // One line is already too many, and nobody has confirmed anything for an hour.
    const limites = avecLimites(essai.le('2026-11-20', '09:30'), (texte) =>
      texte.replace('confirmation: 200', 'confirmation: 1'),
    )
    application = limites.application
    fermerLimites = limites.fermer
    for (const role of Object.keys(ORGANISMES) as (keyof typeof ORGANISMES)[])
      personnes.set(role, await entrer(essai, role, ORGANISMES[role]))
    serveur = await creerServeur(application, routes, REGLAGES)
    const { rows } =
      await essai.base.pool.query(`select s.id as liste, (select reference from dossier limit 1) as reference,
      (select id from doute where reponse is null limit 1) as doute,
      (select l.lot from ligne_lot l where l.verdict = 'rejetee' group by l.lot order by count(*) desc limit 1) as lot
      from liste s order by s.lignes desc limit 1`)
    Object.assign(valeurs, rows[0])
    // Two requests wait for each organisme, on a dossier where the social service is engaged.
    const { rows: demandes } = await essai.base.pool.query<{ dossier: string; a: string; b: string; par: string }>(
      `select d.id as dossier, a.id as a, b.id as b, h.compte as par
      from organisme b
      join organisme a on a.dept = b.dept and a.code in ('SEC71-AUTUN', 'PREF71', 'DEP71') and a.id <> b.id
      join lateral (select compte from habilitation where dept = a.dept and organisme = a.id limit 1) h on true
      join lateral (select d.id from dossier d join organisme o on o.dept = d.dept and o.id = any (d.organismes_habilites)
        where o.code = 'DEP71' limit 1) d on true
      where b.dept = $1 and b.code in ('SEC71-AUTUN', 'PREF71', 'DEP71')`,
      [DEPT],
    )
    for (const { dossier, a, b, par } of demandes) {
      const id = randomUUID()
      const texte = await ouvrirSession(essai, systeme(), 'dossier.consulter', async (session) =>
        (await scellementDuDossier(session, clesDEssai, dossier)).sceller('Où en est le plan ?', {
          table: 'demande',
          colonne: 'texte',
          id,
        }),
      )
      await essai.base.pool.query(
        `insert into demande (dept, id, dossier, genre, texte, organisme, destinataire, par, a, avant, envoi)
        values ($1, $2, $3, 'situation', $4, $5, $6, $7, now(), '2026-12-01', gen_random_uuid())`,
        [DEPT, id, dossier, texte, a, b, par],
      )
    }
    // Two of each thing that the other exports carry.
    const dossiers = `(select x.dept, x.id from dossier x join organisme o on o.dept = x.dept and o.id = any (x.organismes_habilites)
      where x.dept = $1 and o.code = 'DEP71' order by x.id limit 2) d`
    const deQui = "join habilitation h on h.dept = d.dept and h.role = 'secretariat'"
    await essai.base.pool.query(
      `insert into requisition (dept, id, dossier, acte, recue_le, organisme, par, a)
      select d.dept, gen_random_uuid(), d.id, gen_random_uuid(), '2026-11-02', h.organisme, h.compte, now() from ${dossiers} ${deQui}`,
      [DEPT],
    )
    await essai.base.pool.query(
      `with f as (
        insert into formulaire (dept, id, dossier, code, modele, etat, version, contenu, auteur, organisme, cree_a, modifie_a, modifie_par)
        select d.dept, gen_random_uuid(), d.id, 'saisine-ccapex', 1, 'brouillon', 1, 'aaaaaaaa.essai', h.compte, h.organisme, now(), now(), h.compte
        from ${dossiers} ${deQui} returning *
      )
      insert into saisine (dept, id, dossier, formulaire, origine, etat, organisme, compte, deposee_a, version)
      select dept, gen_random_uuid(), dossier, id, 'libre', 'recue', organisme, auteur, now(), 1 from f`,
      [DEPT],
    )
    await essai.base.pool.query(
      `with p as (
        insert into engagement_passage (dept, dossier, stade, charte, entree_le, cree_le)
        select d.dept, d.id, 'assignation', 'departements/71-saone-et-loire/charte-2020', '2026-11-02', '2026-11-02' from ${dossiers} returning *
      )
      insert into engagement_tache (dept, passage, dossier, organisme, engagement, partenaire, stade, mode, signataire, facultatif, acces, certitude, echeance_le, cree_le, ouverte_le)
      select p.dept, p.id, p.dossier, o.id, 'secretariat/13', 'secretariat', p.stade, 'automatique', true, false, true, 'applicable', '2026-12-20', '2026-11-02', '2026-11-02'
      from p join organisme o on o.dept = p.dept and o.code = 'SEC71-AUTUN'`,
      [DEPT],
    )
    await essai.base.pool.query(
      `insert into mesure_suivie (dept, id, dossier, nature, organisme, jugement_le, debut_le, periodicite_jours, prochain_le, par, a, envoi)
      select d.dept, gen_random_uuid(), d.id, 'asll', h.organisme, '2026-10-01', '2026-10-15', 90, '2027-01-13', h.compte, now(), gen_random_uuid() from dossier d ${deQui} where d.dept = $1`,
      [DEPT],
    )
    await essai.base.pool.query(
      `insert into bailleur (dept, id, nom, cle, recherche, cree_a, modifie_a)
      select $1, gen_random_uuid(), nom, lower(nom), lower(nom), now(), now() from unnest(array['Lou Premier', 'Lou Second']) nom`,
      [DEPT],
    )
    const { rows: seances } = await essai.base.pool.query(
      `with c as (
        insert into commission (dept, nom, niveau, territoires, secretariat, cree_a)
        select o.dept, 'Commission', 'territoriale', '{autun}', o.id, now() from organisme o where o.dept = $1 and o.code = 'SEC71-AUTUN' returning *
      ), s as (
        insert into seance (dept, commission, le, debut, fin, etat, cree_a) select dept, id, '2026-12-10', '09:00', '12:00', 'prevue', now() from c returning *
      ), i as (
        insert into inscription (dept, seance_id, dossier_id, origine, rang, etat, inscrite_a)
        select s.dept, s.id, d.id, 'cql', row_number() over (order by d.id), 'inscrit', now() from s cross join ${dossiers}
      ) select id from s`,
      [DEPT],
    )
    valeurs.seance = seances[0].id
    const sceller = (quoi: unknown, place: string) =>
      ouvrirSession(essai, systeme(), 'dossier.consulter', async (session) =>
        (await session.coffre()).sceller(quoi, place),
      )
    const { rows: inscrits } = await essai.base.pool.query(
      `select i.id as inscription, i.seance_id as seance, i.dossier_id as dossier, h.compte from inscription i
      join habilitation h on h.dept = i.dept and h.role = 'secretariat' where i.dept = $1`,
      [DEPT],
    )
    for (const { inscription, seance, dossier, compte } of inscrits) {
      const deliberation = randomUUID()
      const dite = await sceller({ discours: '', report: null }, `deliberation|contenu|${deliberation}`)
      await essai.base.pool.query(
        `insert into deliberation (dept, id, inscription, seance, dossier, etat, contenu, stade, ouverte_a, modifiee_a, modifiee_par, adoptee_a)
        values ($1, $2, $3, $4, $5, 'adoptee', $6, 'assignation', now(), now(), $7, now())`,
        [DEPT, deliberation, inscription, seance, dossier, dite, compte],
      )
      const id = randomUUID()
      const dit = {
        texte: 'Signer un plan',
        menage: '',
        adresse: '',
        commission: 'Commission',
        destinataire: '',
        seance_le: '2026-12-10',
      }
      const contenu = await sceller(dit, `prononce|contenu|${id}`)
      await essai.base.pool.query(
        `insert into prononce (dept, id, deliberation, seance, dossier, genre, contenu, organisme, etat, notifie_a)
        select $1, $2, $3, $4, $5, 'recommandation', $6, o.id, 'attendu', now() from organisme o where o.dept = $1 and o.code = 'SEC71-AUTUN'`,
        [DEPT, id, deliberation, seance, dossier, contenu],
      )
    }
    // What the pilotage opens: every dossier examined twice, in sessions that are over.
    await essai.base.pool.query(
      `with s as (
        insert into seance (dept, commission, le, debut, fin, etat, ouverte_a, close_a, cree_a)
        select k.dept, k.id, j::date, '09:00', '12:00', 'close', now(), now(), now()
        from (select dept, id from commission where dept = $1 limit 1) k cross join unnest(array['2026-03-05', '2026-05-05']) j returning *
      ), i as (
        insert into inscription (dept, seance_id, dossier_id, origine, rang, etat, inscrite_a)
        select s.dept, s.id, d.id, 'saisine', row_number() over (partition by s.id order by d.id), 'examine', now()
        from s join dossier d on d.dept = s.dept returning *
      ) insert into deliberation (dept, id, inscription, seance, dossier, etat, contenu, stade, ouverte_a, modifiee_a, modifiee_par, adoptee_a)
      select i.dept, gen_random_uuid(), i.id, i.seance_id, i.dossier_id, 'adoptee', '00000000.x', 'assignation', now(), now(), h.compte, now()
      from i join lateral (select compte from habilitation h where h.dept = i.dept and h.role = 'secretariat' limit 1) h on true`,
      [DEPT],
    )
    const { rows: lots } = await essai.base.pool.query(
      `insert into lot_courrier (dept, organisme, modele, par, a, total, faits, etat, pdf, empreinte, envoi)
      select dept, organisme, 'menage-assignation', compte, now(), 2, 2, 'pret', '\\x255044462d', 'essai', gen_random_uuid() from habilitation
      where dept = $1 and role = 'secretariat' returning id`,
      [DEPT],
    )
    valeurs.lotCourrier = lots[0].id
    await essai.base.pool.query(
      `insert into courrier (dept, dossier, organisme, modele, stade, stade_le, nom, etat, propose_a, lot)
      select d.dept, d.id, l.organisme, l.modele, 'assignation', '2026-11-02', 'Essai', 'produit', now(), l.id
      from ${dossiers} join lot_courrier l on l.dept = d.dept`,
      [DEPT],
    )
    // A slip of two lines, from the secretariat to the social service.
    valeurs.bordereau = randomUUID()
    const octets = Buffer.from('%PDF-')
    await essai.base.pool.query(
      `insert into bordereau (dept, id, annee, numero, genre, expediteur, destinataire, destinataire_nom, pourquoi, canal, lignes, empreinte, envoi, par, a)
      select h.dept, $2, 2026, 1, 'requisitions', h.organisme, s.organisme, 'Essai', 'essai', 'amont', 2, $3, gen_random_uuid(), h.compte, now()
      from habilitation h join habilitation s on s.dept = h.dept and s.role = 'service_social' where h.dept = $1 and h.role = 'secretariat' limit 1`,
      [DEPT, valeurs.bordereau, createHash('sha256').update(octets).digest('hex')],
    )
    await essai.base.pool.query('insert into bordereau_contenu (dept, bordereau, octets) values ($1, $2, $3)', [
      DEPT,
      valeurs.bordereau,
      octets,
    ])
    const { rows: deux } = await essai.base.pool.query(`select d.id from ${dossiers}`, [DEPT])
    for (const [rang, { id }] of (deux as { id: string }[]).entries()) {
      const contenu = await ouvrirSession(essai, systeme(), 'dossier.consulter', async (session) =>
        (await session.coffre()).sceller(
          { champs: [], synthese: null, mot: null },
          `bordereau_ligne|contenu|${valeurs.bordereau}|${rang}`,
        ),
      )
      await essai.base.pool.query(
        `insert into bordereau_ligne (dept, bordereau, rang, dossier, cle, contenu) values ($1, $2, $3, $4, 'essai', $5)`,
        [DEPT, valeurs.bordereau, rang, id, contenu],
      )
    }
    // Letters that offer to meet, noted by many organismes: the pilotage counts them.
    await essai.base.pool.query(
      `insert into tentative_contact (dept, dossier, organisme, canal, le, aboutie, resultat, issue, a)
       select o.dept, d.id, o.id, 'courrier', '2026-11-12', false, 'rendez_vous_propose', '', now()
       from organisme o, (select id from dossier where dept = $1 order by id limit 1) d where o.dept = $1 order by o.id limit 12`,
      [DEPT],
    )
    const menages = await essai.base.pool.query(
      `select (menage->'titulaire'->>'nomUsage') || ' ' || (menage->'titulaire'->>'prenom') as nom from dossier`,
    )
    noms = (menages.rows as { nom: string }[])
      .map(({ nom }) => normalizeForSearch(nom ?? ''))
      .filter((nom) => nom.length > 8)
  })
  after(async () => {
    await serveur.close()
    fermerLimites()
    await essai.fermer()
  })

  /** Addresses of a route, with values that exist; an identifier nobody has where the page holds no household. */
  const remplir = (chemin: string): string =>
    chemin.replace(/:(\w+)/g, (_tout, nom: string) => {
      if (nom === 'id' && chemin.startsWith('/tableaux')) return valeurs.liste ?? ''
      if (nom === 'id' && chemin.startsWith('/reconnaitre')) return valeurs.doute ?? ''
      if (nom === 'lot' && chemin.startsWith('/courriers')) return valeurs.lotCourrier ?? ''
      return (
        valeurs[nom] ??
        { partenaire: 'departement', numero: '1', genre: 'delais', cle: '1' }[nom] ??
        '0198a000-0000-7000-8000-000000000001'
      )
    })

  const lireFichier = async (type: string, octets: Buffer): Promise<string> => {
    if (type.includes('spreadsheetml')) return (await readWorkbook(octets, 'xlsx')).flat().join(' ')
    if (type.includes('opendocument')) return (await readWorkbook(octets, 'ods')).flat().join(' ')
    return type.includes('pdf') ? lireTextePdf(octets) : octets.toString('utf8')
  }

  const parcourir = async (cible: FastifyInstance, table: typeof routes) => {
    const constats = { fichiers: 0, arretes: 0, fautes: [] as string[], essayees: new Set<string>() }
    for (const route of table.filter(({ methode }) => methode === 'GET'))
      for (const [role, qui] of personnes) {
        // What a role may not do is refused before any file: figure S1 tries it.
        if (!aLeDroit(accesLivre(ORGANISMES[role], role), route.droit)) continue
        // What is late is little here: what is due later is enough to be stopped.
        const suite = route.chemin.startsWith('/engagements/export') ? '?file=a_faire' : ''
        const reponse = await cible.inject({ url: remplir(route.chemin) + suite, cookies: qui.cookies })
        const arrete = String(reponse.headers.location ?? '').startsWith('/compte/confirmer')
        if (arrete) {
          constats.arretes++
          constats.essayees.add(route.chemin)
        }
        if (reponse.headers['content-disposition'] === undefined) continue
        constats.fichiers++
        const texte = ` ${normalizeForSearch(await lireFichier(String(reponse.headers['content-type']), reponse.rawPayload))} `
        const menage = noms.find((nom) => texte.includes(` ${nom} `))
        // One document of one dossier is not an export: it has no lines to count.
        // An export of nothing passes: it names nobody.
        if (route.sortie !== 'piece' && menage)
          constats.fautes.push(`${role} ${route.chemin}${menage ? ` (${menage})` : ''}`)
      }
    return constats
  }

  test('[ACC-13] goes through the gate that asks who is there: no route of the table sends one without', async (t) => {
    const { fichiers, arretes, fautes, essayees } = await parcourir(serveur, routes)
    const declarees = routes.filter(({ sortie }) => sortie === 'menages').map(({ chemin }) => chemin)
    t.diagnostic(
      `exports : ${routes.length} routes, ${declarees.length} qui sortent des ménages ; ${arretes} demandes arrêtées à la porte, ${fichiers} fichiers sans ménage sortis, ${fautes.length} faute`,
    )
    assert.deepEqual(fautes, [])
    assert.deepEqual(
      declarees.filter((chemin) => !essayees.has(chemin)),
      [],
      'a route that was never seen stopped proves nothing',
    )
    assert.ok(fichiers > 20)
  })

  test('the proof has teeth: a route that goes around the gate sends nothing, and one that lies is found', async (t) => {
    const fuite = async () =>
      ({ genre: 'fichier', nom: 'x.csv', type: 'text/csv', octets: Buffer.from(`\n${noms[0]};1\n`) }) as const
    const percees: typeof routes = [
      { methode: 'GET', chemin: '/essai/sans-rien', droit: 'dossier.consulter', traiter: fuite },
      { methode: 'GET', chemin: '/essai/a-cote', droit: 'dossier.consulter', sortie: 'menages', traiter: fuite },
      { methode: 'GET', chemin: '/essai/mensonge', droit: 'dossier.consulter', sortie: 'neutre', traiter: fuite },
    ]
    const percee = await creerServeur(application, percees, REGLAGES)
    for (const chemin of ['/essai/sans-rien', '/essai/a-cote']) {
      const reponse = await percee.inject({ url: chemin, cookies: personnes.get('secretariat')?.cookies ?? {} })
      assert.equal(reponse.statusCode, 500, chemin)
      assert.ok(!reponse.body.includes(noms[0] ?? '?'))
    }
    const { fautes } = await parcourir(percee, percees)
    await percee.close()
    t.diagnostic(`exports, trois routes percées : ${fautes.length} fuite trouvée, 2 arrêtées par le serveur`)
    assert.ok(fautes.length > 0 && fautes.every((faute) => faute.includes('/essai/mensonge')))
  })
})

describe('demands a minute', () => {
  test('are counted by person and by address: 429, when to come back, and the others go on', async (t) => {
    const application = await ouvrirApplicationDEssai()
    const agent = await entrer(application, 'secretariat', 'SEC71-AUTUN')
    const collegue = await entrer(application, 'prefecture', 'PREF71')
    let instant = 0
    const rythme = { parPersonne: 60, parAdresse: 200, maintenant: () => instant }
    const serveur = await creerServeur(application, routes, { ...REGLAGES, rythme })
    const demander = (qui: Personne | null, remoteAddress = '192.0.2.5', url = '/aide') =>
      serveur.inject({ url, remoteAddress, cookies: qui?.cookies ?? {} })
    let servies = 0
    let refusees = 0
    for (let essai = 0; essai < 100; essai++) {
      const { statusCode, headers, body } = await demander(agent)
      if (statusCode === 200) servies++
      else {
        refusees++
        assert.equal(statusCode, 429)
        assert.equal(headers['retry-after'], '1')
        assert.match(body, /Attendre quelques secondes/)
      }
    }
    assert.deepEqual([servies, refusees], [60, 40])
    assert.equal((await demander(collegue)).statusCode, 200, 'a colleague in the same office goes on')
    instant += 2000
    assert.equal((await demander(agent)).statusCode, 200, 'two seconds later, two demands')
    const parAdresse = { passees: 0, arretees: 0 }
    for (let essai = 0; essai < 300; essai++)
      if ((await demander(null, '192.0.2.9', '/connexion')).statusCode === 429) parAdresse.arretees++
      else parAdresse.passees++
    assert.deepEqual(parAdresse, { passees: 200, arretees: 100 })
    assert.equal((await demander(null, '192.0.2.10', '/connexion')).statusCode, 200, 'another address is another place')
    t.diagnostic(
      `rythme : 100 demandes d’une personne, 60 servies ; 300 d’une adresse, 200 servies ; les voisins passent`,
    )
    await serveur.close()
    await application.fermer()
  })
})
