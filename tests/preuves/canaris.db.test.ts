import assert from 'node:assert/strict'
import { randomBytes } from 'node:crypto'
import { readdirSync, readFileSync, statSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { after, before, describe, test } from 'node:test'
import { envoyerLien, inviterCompte, ouvrirSession } from '#acces'
import { readWorkbook } from '#socle/tableur'
import { systeme } from '#tests/application'
import { type Compte, comptes, DEPT, type EssaiDesCercles, ouvrirEssaiDesCercles } from '#tests/ecrits'

/**
 * Figure S3 of docs/securite.md: one canary in each text of the circles, then looked for in clear in everything Amont shows, sends, stores or logs. A second
 * canary, planted in clear in each of these places, must be found there: where it is not, the place was not really read and the figure is INVALID.
 */
const graine = randomBytes(4).toString('hex')
const canari = (nom: string): string => `zqcanari${nom}${graine}`
const PLANTE = canari('plante')

interface Lieu {
  readonly nom: string
  /** What was read there: texts and bytes, in clear. */
  readonly contenus: readonly (string | Buffer)[]
}

const contient = ({ contenus }: Lieu, mot: string): boolean =>
  contenus.some((contenu) => (typeof contenu === 'string' ? contenu.includes(mot) : contenu.includes(Buffer.from(mot))))

/** Places read, canaries found in clear, and whether the planted one was seen everywhere. */
function compter(lieux: readonly Lieu[], canaris: readonly string[]) {
  const aveugles = lieux.filter((lieu) => !contient(lieu, PLANTE)).map(({ nom }) => nom)
  const trouves = lieux.flatMap((lieu) =>
    canaris.filter((mot) => contient(lieu, mot)).map((mot) => `${mot} : ${lieu.nom}`),
  )
  return { lieux: lieux.length, aveugles, trouves, valide: aveugles.length === 0 }
}

describe('S3: what is written in the circles is in clear nowhere', () => {
  let essai: EssaiDesCercles
  const journalDApplication: string[] = []
  const courriels: string[] = []
  const canaris: string[] = []
  /** Who may open each writing, by its id. */
  const lecteurs = new Map<string, readonly Compte[]>()

  const ecrire = async (
    compte: Compte,
    nom: string,
    lus: readonly Compte[],
    champs: Record<string, string | readonly string[]>,
  ): Promise<string> => {
    const adresse = `/dossiers/${essai.dossier.reference}`
    const [texte, motif] = [canari(nom), canari(`${nom}motif`)]
    canaris.push(texte, motif)
    const connus = new Set(lecteurs.keys())
    const { faite } = await essai.ecrire(compte, `${adresse}/ecrits`, {
      texte: `Vu le 18. ${texte}.`,
      motif,
      ...champs,
    })
    assert.equal(faite.statut, 303, faite.texte.slice(0, 600))
    const page = await essai.lire(compte, adresse)
    const id = [...page.html.matchAll(/\/ecrits\/([0-9a-f-]{36})"/g)]
      .map(([, un = '']) => un)
      .find((un) => !connus.has(un))
    assert.ok(id)
    lecteurs.set(id, lus)
    assert.ok((await essai.lire(compte, `${adresse}/ecrits/${id}`)).html.includes(texte), 'its author reads it')
    return id
  }

  before(async () => {
    essai = await ouvrirEssaiDesCercles(
      (reference, erreur) => {
        // More than the command that starts the site writes: everything the error carries.
        const details = erreur as Error
        journalDApplication.push(
          `${reference} ${details.stack} ${JSON.stringify(details, Object.getOwnPropertyNames(details))}`,
        )
      },
      {
        ready: true,
        send: async ({ to, subject, text }) => {
          courriels.push(`${to}\n${subject}\n${text}`)
        },
        close: () => {},
      },
    )
    const dep: Compte[] = ['auteure', 'collegue', 'autreCollegue']
    const tous: Compte[] = [...dep, 'caf', 'secretariat', 'autreSecretariat', 'prefecture']
    const note = await ecrire('auteure', 'note', ['auteure'], { cercle: '1' })
    await ecrire('auteure', 'equipe', ['auteure', 'collegue'], { cercle: '1', equipe: [essai.ids.collegue] })
    await ecrire('auteure', 'reservee', dep, { cercle: '1', au_service: 'oui' })
    const transmission = { cercle: '2', organismes: [essai.organisme('SEC71-AUTUN')], note }
    const copie = await ecrire('auteure', 'transmission', ['auteure', 'secretariat'], transmission)
    await ecrire('secretariat', 'reponse', ['auteure', 'secretariat'], { cercle: '2', repond: copie })
    await ecrire('caf', 'suivi', tous, { cercle: '3' })
  })
  after(() => essai.fermer())

  const ecrans = async (): Promise<Lieu[]> => {
    const adresse = `/dossiers/${essai.dossier.reference}`
    const generales = [
      '/dossiers',
      '/dossiers?q=lacombe',
      adresse,
      `${adresse}/imprimer`,
      `${adresse}/ecrits/nouveau`,
      `${adresse}/contact`,
      `${adresse}/diagnostic`,
      '/a-faire',
      '/a-faire?territoire=tous',
      '/tableaux',
      '/recevoir',
      '/reconnaitre',
      '/journal',
      `/journal?dossier=${essai.dossier.reference}`,
      '/alertes',
      '/comptes',
      '/locataires',
      '/documents',
      '/reseaux',
      '/logements',
      ...['bailleur', 'juge', 'menage'].map((pour) => `${adresse}/syntheses/nouvelle?pour=${pour}`),
    ]
    const lieux: Lieu[] = []
    for (const compte of comptes) {
      const pages: string[] = []
      for (const page of generales) pages.push((await essai.lire(compte, page)).html)
      for (const [id, lus] of lecteurs) {
        if (lus.includes(compte)) continue
        for (const suite of [
          `ecrits/${id}`,
          `ecrits/${id}/elargir`,
          `ecrits/nouveau?note=${id}`,
          `ecrits/nouveau?repond=${id}`,
        ])
          pages.push((await essai.lire(compte, `${adresse}/${suite}`)).html)
      }
      // Searching for what a note says finds no dossier, for its own author too.
      for (const mot of canaris) {
        const trouves = (await essai.lire(compte, `/dossiers?q=${mot}`)).html
        assert.ok(!trouves.includes(`href="${adresse}"`), `${compte} finds the dossier by ${mot}`)
      }
      // Whoever may open no page at all sees the planted canary in none: their own sign-in page stands for them.
      lieux.push({ nom: `écrans de ${compte}`, contenus: pages })
    }
    return lieux
  }

  const exports = async (): Promise<Lieu[]> => {
    const contenus: string[] = []
    for (const compte of ['auteure', 'secretariat', 'prefecture', 'caf'] as const) {
      contenus.push((await essai.lire(compte, '/dossiers/export.csv')).octets.toString('utf8'))
      for (const format of ['xlsx', 'ods'] as const) {
        const { octets, statut } = await essai.lire(compte, `/dossiers/export.${format}`)
        assert.equal(statut, 200)
        contenus.push(JSON.stringify(await readWorkbook(octets, format)))
      }
    }
    return [{ nom: 'exports XLSX, ODS, CSV', contenus }]
  }

  /** Every table of every schema, as COPY would write it in a dump. */
  const base = async (): Promise<Lieu[]> => {
    const { pool } = essai.application.base
    const { rows } = await pool.query(`select format('%I.%I', schemaname, tablename) as nom from pg_tables
      where schemaname not in ('pg_catalog', 'information_schema') order by 1`)
    const lire = async (nom: string) => {
      const { rows: lignes } = await pool.query(`select t::text as ligne from ${nom} t`)
      return (lignes as { ligne: string }[]).map(({ ligne }) => ligne).join('\n')
    }
    const journal = await lire('public.journal')
    const reste: string[] = []
    for (const { nom } of rows as { nom: string }[]) if (nom !== 'public.journal') reste.push(await lire(nom))
    assert.ok(reste.length > 40, `${reste.length} tables dumped`)
    return [
      { nom: 'journal des consultations', contenus: [journal] },
      { nom: `vidage des ${reste.length} autres tables`, contenus: reste },
    ]
  }

  const lireDossier = (dossier: string): Buffer[] =>
    readdirSync(dossier)
      .map((nom) => join(dossier, nom))
      .filter((chemin) => statSync(chemin).isFile())
      .map((chemin) => readFileSync(chemin))

  const trouverDossier = async (): Promise<{ dossier: string; oid: string }> => {
    const { rows } = await essai.application.base.pool.query<{ dossier: string; oid: string }>(
      `select current_setting('data_directory') as dossier, oid::text from pg_database where datname = current_database()`,
    )
    assert.ok(rows[0])
    return rows[0]
  }

  /**
   * Read as soon as they are written: other tests make checkpoints in the same server, which recycle the older ones. Commits do not wait for the disk in tests; one that
   * does takes with it all that came before.
   */
  const transactions = async (): Promise<Lieu> => {
    await essai.application.base.pool.query(
      `begin; set local synchronous_commit = on; select pg_logical_emit_message(true, 'essai', 'x'); commit`,
    )
    return {
      nom: 'journaux de transactions (WAL)',
      contenus: lireDossier(join((await trouverDossier()).dossier, 'pg_wal')),
    }
  }

  const fichiers = async (): Promise<Lieu[]> => {
    const { pool } = essai.application.base
    await pool.query('checkpoint')
    const reglages = await trouverDossier()
    return [
      { nom: 'fichiers de la base', contenus: lireDossier(join(reglages.dossier, 'base', reglages.oid)) },
      {
        nom: 'journal de PostgreSQL',
        contenus: [readFileSync(join(dirname(dirname(reglages.dossier)), 'postgres.log'))],
      },
    ]
  }

  /** Puts the planted canary in clear where each place is read. */
  const planter = async (): Promise<void> => {
    const { pool } = essai.application.base
    await pool.query('alter table note_professionnelle drop constraint note_professionnelle_texte_check')
    const { rows } = await pool.query('select * from note_professionnelle limit 1')
    await pool.query(
      `insert into note_professionnelle (dept, id, dossier, auteur, organisme, nature, texte, a) values ($1, gen_random_uuid(), $2, $3, $4, 'note', $5, now())`,
      [DEPT, rows[0].dossier, rows[0].auteur, rows[0].organisme, `Une note en clair : ${PLANTE}.`],
    )
    await pool.query(`update dossier set titulaire = $1 where id = $2`, [`Lacombe ${PLANTE}`, essai.dossier.id])
    await pool.query(`update organisme set nom = nom || ' ' || $1`, [PLANTE])
    await ouvrirSession(essai.application, systeme(), 'dossier.consulter', async (session) =>
      session.consigner({ action: 'page.lire', details: { plante: PLANTE } }),
    )
    const client = await pool.connect()
    try {
      await client.query(`set log_error_verbosity = 'default'`)
      await assert
        .rejects(client.query(`update synthese set motif = 'x' where motif = '${PLANTE}' and 1 / 0 = 1`))
        .catch(() => {})
      await client.query(`set log_min_messages = 'notice'`)
      await client.query(`do $$ begin raise notice '%', '${PLANTE}'; end $$`)
      await client.query('reset all')
    } finally {
      client.release()
    }
    courriels.push(`un courriel ${PLANTE}`)
    journalDApplication.push(`une erreur ${PLANTE}`)
  }

  test('[ESP-03] one canary in each text of the circles, found in clear nowhere', async (t) => {
    const { application } = essai
    const { pool } = application.base
    // What goes wrong: a failed write that holds each canary, at the server and through the site.
    for (const mot of canaris)
      await assert.rejects(pool.query('update note_professionnelle set texte = $1', [mot]), { code: '23514' })
    const [litteral] = canaris
    await assert.rejects(pool.query(`update note_professionnelle set texte = '${litteral}'`), { code: '23514' })
    await pool.query('alter table suivi_partage rename to suivi_ailleurs')
    const panne = await essai.ecrire('caf', `/dossiers/${essai.dossier.reference}/ecrits`, {
      cercle: '3',
      texte: canari('suivi'),
      motif: canari('suivimotif'),
    })
    await pool.query('alter table suivi_ailleurs rename to suivi_partage')
    assert.deepEqual([panne.relue.statut, panne.faite.statut], [200, 500])
    await pool.query('alter table note_professionnelle rename to note_ailleurs')
    const cassee = await essai.lire('auteure', `/dossiers/${essai.dossier.reference}`)
    await pool.query('alter table note_ailleurs rename to note_professionnelle')
    assert.equal(cassee.statut, 500)
    assert.ok(journalDApplication.length > 0)
    // Mails that leave while all this is there.
    await ouvrirSession(application, systeme(), 'compte.gerer', (session) =>
      inviterCompte(session, application.acces, {
        courriel: 'nouvelle.personne@essai.fr',
        prenom: 'Nouvelle',
        nom: 'PERSONNE',
        habilitation: {
          organisme: 'DEP71',
          role: 'service_social',
          motif: 'Arrivée',
          du: session.jour,
        },
      }),
    )
    const { rows: liens } = await pool.query('select id from lien_compte')
    for (const { id } of liens as { id: string }[]) await envoyerLien(application, DEPT, id)
    assert.ok(courriels.length > 0)

    await planter()
    const lieux = [
      await transactions(),
      ...(await ecrans()),
      ...(await exports()),
      ...(await base()),
      ...(await fichiers()),
      { nom: 'courriels', contenus: courriels },
      { nom: 'journal de l’application', contenus: journalDApplication },
    ]
    const { lieux: lus, trouves, aveugles, valide } = compter(lieux, canaris)
    t.diagnostic(
      valide
        ? `S3 : ${canaris.length} canaris (graine ${graine}), ${lus} lieux lus, ${trouves.length} trouvé en clair ; canari planté vu dans ${lus} lieux sur ${lus}`
        : `S3 : INVALID, canari planté non vu dans : ${aveugles.join(', ')}`,
    )
    assert.ok(valide, `INVALID: the planted canary is not seen in ${aveugles.join(', ')}`)
    assert.deepEqual(trouves, [])
    assert.ok(lus >= 8)
  })

  test('the proof has teeth: a place that is not really read makes it invalid, a text in clear turns it red', () => {
    const [mot = ''] = canaris
    assert.equal(compter([{ nom: 'vide', contenus: [] }], canaris).valide, false)
    assert.deepEqual(compter([{ nom: 'fuite', contenus: [`${PLANTE} ${mot}`] }], canaris).trouves, [`${mot} : fuite`])
  })
})
