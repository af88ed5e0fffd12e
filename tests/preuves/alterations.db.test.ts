import assert from 'node:assert/strict'
import { spawnSync } from 'node:child_process'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, before, describe, test } from 'node:test'
import { setTimeout } from 'node:timers/promises'
import { ouvrirSession } from '#acces'
import { ancrerLeJournal, scellerLeJournal } from '#jobs'
import { type BilanJournal, lireAncres, purgerJournal, verifierJournal } from '#journal'
import { projectRoot } from '#socle/config'
import { dansContexte, type Execute, sql as fragment } from '#socle/db'
import { type ApplicationDEssai, ouvrirApplicationDEssai, systeme } from '#tests/application'

/**
 * Figure S7b of docs/securite.md: the journal is altered by somebody who holds the database, in every way known; the verification must say so and say where.
 * Each alteration is made in a transaction that is then rolled back.
 */
const DEPT = '71'
const ENTREES = 240
const CIBLE = 100

interface Alteration {
  readonly nom: string
  readonly faire: (sql: Execute) => Promise<unknown>
  /** Kind of fault and place, in the chain or by id of the entry. */
  readonly attendu: { readonly genre: string; readonly numero?: number }
}

/** What an attacker who knows the chain does to hide a change: every hash from a place on, and the head, are computed again. */
const rechainer = (sql: Execute, depuis: number) => sql`
  do $$
  declare
    avant bytea;
    maillon record;
  begin
    select empreinte into avant from journal_sceau where dept = '71' and numero = (select max(numero) from journal_sceau where dept = '71' and numero < ${fragment.lit(depuis)});
    for maillon in select c.numero, public.journal_contenu(j) as contenu from journal_sceau c join journal j on j.dept = c.dept and j.id = c.entree
      where c.dept = '71' and c.numero >= ${fragment.lit(depuis)} order by c.numero
    loop
      avant := sha256(avant || convert_to(maillon.contenu, 'UTF8'));
      update journal_sceau set empreinte = avant where dept = '71' and numero = maillon.numero;
    end loop;
    update journal_tete set empreinte = avant where dept = '71';
  end $$`

const ALTERATIONS: readonly Alteration[] = [
  {
    nom: 'changer l’auteur d’une entrée',
    faire: (sql) =>
      sql`update journal set acteur = 'quelqu’un d’autre' where dept = ${DEPT} and id = ${entreeNumero(CIBLE)}`,
    attendu: { genre: 'modifiee', numero: CIBLE },
  },
  {
    nom: 'décaler l’heure d’une entrée',
    faire: (sql) =>
      sql`update journal set a = a + interval '3 hours' where dept = ${DEPT} and id = ${entreeNumero(CIBLE)}`,
    attendu: { genre: 'modifiee', numero: CIBLE },
  },
  {
    nom: 'retirer les dossiers d’une entrée',
    faire: (sql) => sql`update journal set dossiers = '{}' where dept = ${DEPT} and id = ${entreeNumero(CIBLE)}`,
    attendu: { genre: 'modifiee', numero: CIBLE },
  },
  {
    nom: 'supprimer une entrée',
    faire: (sql) => sql`delete from journal where dept = ${DEPT} and id = ${entreeNumero(CIBLE)}`,
    attendu: { genre: 'supprimee', numero: CIBLE },
  },
  {
    nom: 'supprimer une entrée et son maillon',
    faire: async (sql) => {
      await sql`delete from journal where dept = ${DEPT} and id = ${entreeNumero(CIBLE)}`
      await sql`delete from journal_sceau where dept = ${DEPT} and numero = ${CIBLE}`
    },
    attendu: { genre: 'supprimee', numero: CIBLE },
  },
  {
    nom: 'intervertir deux entrées',
    faire: (
      sql,
    ) => sql`update journal j set (a, compte, organisme, acteur, action, objet, objet_id, resultat, route, dossiers, details) =
        (select x.a, x.compte, x.organisme, x.acteur, x.action, x.objet, x.objet_id, x.resultat, x.route, x.dossiers, x.details from journal x
          where x.dept = ${DEPT} and x.id = case when j.id = ${entreeNumero(CIBLE)} then ${entreeNumero(CIBLE + 40)} else ${entreeNumero(CIBLE)} end)
      where j.dept = ${DEPT} and j.id in (${entreeNumero(CIBLE)}, ${entreeNumero(CIBLE + 40)})`,
    attendu: { genre: 'deplacee', numero: CIBLE },
  },
  {
    nom: 'ajouter une entrée hors de la chaîne',
    faire: async (sql) => {
      await sql`alter table journal disable trigger attendre_scellement`
      await sql`insert into journal (dept, a, acteur, action) values (${DEPT}, '2026-11-20T07:00:00Z', 'intrus', 'dossier.lire')`
      await sql`alter table journal enable trigger attendre_scellement`
    },
    attendu: { genre: 'inseree' },
  },
  {
    nom: 'ajouter une entrée antidatée, scellée comme les autres',
    faire: async (sql) => {
      await sql`insert into journal (dept, a, acteur, action) values (${DEPT}, '2026-11-01T07:00:00Z', 'intrus', 'dossier.lire')`
      await sql`update journal_attente set xid = '3'`
      await sql`select public.sceller_journal(${DEPT}, '2026-11-20T09:00:00Z', 10)`
    },
    attendu: { genre: 'antidatee', numero: ENTREES + 1 },
  },
  {
    nom: 'supprimer une entrée avant son scellement',
    faire: async (sql) => {
      await sql`insert into journal (dept, a, acteur, action) values (${DEPT}, '2026-11-20T09:00:00Z', 'agent', 'dossier.lire')`
      await sql`delete from journal where dept = ${DEPT} and acteur = 'agent'`
    },
    attendu: { genre: 'supprimee' },
  },
  {
    nom: 'couper la fin',
    faire: (sql) => couper(sql, 190),
    attendu: { genre: 'fin_coupee', numero: 191 },
  },
  {
    nom: 'couper la fin et corriger la tête',
    faire: async (sql) => {
      await couper(sql, 190)
      await sql`update journal_tete t set numero = 190, empreinte = c.empreinte from journal_sceau c where t.dept = ${DEPT} and c.dept = ${DEPT} and c.numero = 190`
    },
    attendu: { genre: 'ancre', numero: ENTREES },
  },
  {
    nom: 'changer une entrée et récrire toute la suite',
    faire: async (sql) => {
      await sql`update journal set acteur = 'quelqu’un d’autre' where dept = ${DEPT} and id = ${entreeNumero(CIBLE)}`
      await rechainer(sql, CIBLE)
    },
    attendu: { genre: 'ancre', numero: 160 },
  },
  {
    nom: 'supprimer une entrée, renuméroter et récrire toute la suite',
    faire: async (sql) => {
      await sql`delete from journal where dept = ${DEPT} and id = ${entreeNumero(CIBLE)}`
      await sql`delete from journal_sceau where dept = ${DEPT} and numero = ${CIBLE}`
      await sql`update journal_sceau set numero = -numero where dept = ${DEPT} and numero > ${CIBLE}`
      await sql`update journal_sceau set numero = -numero - 1 where dept = ${DEPT} and numero < 0`
      await sql`update journal_tete set numero = numero - 1 where dept = ${DEPT}`
      await rechainer(sql, CIBLE)
    },
    attendu: { genre: 'ancre', numero: 160 },
  },
]

const entreeNumero = (numero: number) =>
  fragment`(select entree from journal_sceau where dept = ${DEPT} and numero = ${numero})`

async function couper(sql: Execute, apres: number): Promise<void> {
  await sql`delete from journal j using journal_sceau c where j.dept = ${DEPT} and c.dept = ${DEPT} and c.entree = j.id and c.numero > ${apres}`
  await sql`delete from journal_sceau where dept = ${DEPT} and numero > ${apres}`
}

/** Carries the verdict out of a transaction that must not be kept. */
class Annulation extends Error {
  readonly bilan: BilanJournal
  constructor(bilan: BilanJournal) {
    super('rolled back on purpose')
    this.bilan = bilan
  }
}

describe('S7b: an altered journal says so', () => {
  let application: ApplicationDEssai
  let ancres: string
  before(async () => {
    application = await ouvrirApplicationDEssai()
    ancres = await mkdtemp(join(tmpdir(), 'amont-preuve-'))
    // Three waves, an anchor after each: 80, 160, 240.
    for (let vague = 0; vague < 3; vague++) {
      await ouvrirSession(application, systeme(), 'dossier.consulter', async (session) => {
        for (let rang = 0; rang < ENTREES / 3; rang++)
          session.consigner({
            action: 'dossier.lire',
            objet: 'essai',
            objetId: `${vague}-${rang}`,
            dossiers: ['00000000-0000-4000-8000-000000000001'],
          })
      })
      // Another test of the same server may hold the sealing back for a moment.
      for (let scelles = 0; scelles < ENTREES / 3; await setTimeout(20))
        scelles += await scellerLeJournal(application, DEPT, ancres)
      await ancrerLeJournal(application, DEPT, ancres)
    }
  })
  after(async () => {
    await application.fermer()
    await rm(ancres, { recursive: true })
  })

  /** Alters as the owner of the server would, verifies as Amont does, and takes everything back. */
  const essayer = async (alteration: Alteration, avecAncres: boolean): Promise<BilanJournal> => {
    const lues = avecAncres ? lireAncres(ancres, DEPT).ancres : []
    try {
      await dansContexte(application.base, { dept: DEPT, portee: 'departement' }, async (trx) => {
        await trx.sql`select set_config('role', 'none', true)`
        await alteration.faire(trx.sql)
        await trx.sql`select set_config('role', 'amont_app', true)`
        throw new Annulation(await verifierJournal({ ...trx, dept: DEPT }, lues, 12))
      })
    } catch (erreur) {
      if (erreur instanceof Annulation) return erreur.bilan
      throw erreur
    }
    throw new Error('never reached')
  }
  const bienTrouvee = ({ fautes }: BilanJournal, { attendu }: Alteration): boolean =>
    fautes.some(
      ({ genre, numero }) => genre === attendu.genre && (attendu.numero === undefined || numero === attendu.numero),
    )

  test('[ACC-13] every alteration is detected, at its place', async (t) => {
    const intact = await essayer({ nom: 'rien', faire: async () => {}, attendu: { genre: '' } }, true)
    assert.deepEqual([intact.scellees.essayees, intact.ancres.essayees, intact.fautes], [ENTREES, 3, []])
    const manquees: string[] = []
    for (const alteration of ALTERATIONS) {
      const bilan = await essayer(alteration, true)
      if (!bienTrouvee(bilan, alteration)) manquees.push(`${alteration.nom} : ${JSON.stringify(bilan.fautes)}`)
    }
    t.diagnostic(
      `S7b : ${ALTERATIONS.length} altérations essayées, ${ALTERATIONS.length - manquees.length} détectées à leur place`,
    )
    assert.deepEqual(manquees, [])
  })

  test('the proof has teeth: without anchors, what they alone see is no longer detected', async (t) => {
    const aveugles: string[] = []
    for (const alteration of ALTERATIONS) {
      if ((await essayer(alteration, false)).fautes.length === 0) aveugles.push(alteration.nom)
    }
    t.diagnostic(`S7b sans ancres : ${ALTERATIONS.length} essayées, ${ALTERATIONS.length - aveugles.length} détectées`)
    assert.deepEqual(aveugles, [
      'ajouter une entrée antidatée, scellée comme les autres',
      'couper la fin et corriger la tête',
      'changer une entrée et récrire toute la suite',
      'supprimer une entrée, renuméroter et récrire toute la suite',
    ])
  })

  test('[ACC-13] ./amont journal verifier prints what it tried, and its exit code says whether the chain holds', async () => {
    const { settings } = application.base as unknown as { settings: Record<string, string | number> }
    const url = `postgres://${settings.user}:${encodeURIComponent(String(settings.password ?? ''))}@localhost:${settings.port}/${settings.database}?host=${encodeURIComponent(String(settings.host))}`
    const amont = (...args: string[]) =>
      spawnSync(process.execPath, [join(projectRoot, 'dist/src/amont.js'), 'journal', ...args], {
        encoding: 'utf8',
        env: { ...process.env, DATABASE_URL: url, AMONT_ANCRES: ancres },
      })
    const sain = amont('verifier', '--departement', DEPT)
    assert.equal(sain.status, 0, sain.stderr)
    assert.match(sain.stdout, /Entrées scellées\s+240 essayées, 0 en faute/)
    assert.match(sain.stdout, /Ancres\s+3 essayées, 0 en faute/)
    assert.match(sain.stdout, /La chaîne tient/)
    await application.base.pool.query(
      `update journal set acteur = 'x' where id = (select entree from journal_sceau where numero = $1)`,
      [CIBLE],
    )
    const altere = amont('verifier', '--departement', DEPT, '--format', 'json')
    assert.equal(altere.status, 1)
    const [bilan] = JSON.parse(altere.stdout) as BilanJournal[]
    assert.deepEqual(
      bilan?.fautes.map(({ genre, numero }) => [genre, numero]),
      [['modifiee', CIBLE]],
    )
    const tot = amont('purger', '--avant', '2026-12', '--departement', DEPT)
    assert.equal(tot.status, 1)
    assert.match(tot.stderr, /Les entrées se gardent 12 mois/)
  })

  test('[ACC-14] erasure at the end of the conservation leaves a chain that verifies, and nothing of what was erased', async (t) => {
    await application.base.pool.query(`update journal set acteur = 'amont:essai' where acteur = 'x'`)
    const suite = application.le('2026-12-01')
    await ouvrirSession(suite, systeme(), 'dossier.consulter', async (session) =>
      session.consigner({ action: 'dossier.lire' }),
    )
    for (let scelles = 0; scelles < 1; await setTimeout(20)) scelles += await scellerLeJournal(suite, DEPT, ancres)
    const detruits = await purgerJournal(
      application.base,
      DEPT,
      '2026-12',
      Temporal.Instant.from('2028-01-02T00:00:00Z'),
    )
    const bilan = await essayer({ nom: 'rien', faire: async () => {}, attendu: { genre: '' } }, true)
    const { rows } = await application.base.pool.query(`select count(*)::int as n from journal where objet = 'essai'`)
    t.diagnostic(
      `S7b effacement : ${detruits[0]?.entrees} entrées détruites, ${rows[0].n} restantes, ${bilan.fautes.length} faute`,
    )
    assert.deepEqual(
      [rows[0].n, bilan.fautes, bilan.scellees.detruites, bilan.ancres.enFaute],
      [0, [], detruits[0]?.entrees, 0],
    )
  })
})
