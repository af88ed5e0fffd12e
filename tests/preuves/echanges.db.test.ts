import assert from 'node:assert/strict'
import { randomUUID } from 'node:crypto'
import { after, before, describe, test } from 'node:test'
import { acteurDuCompte, ouvrirSession } from '#acces'
import { chiffreEchanges } from '#echanges'
import { readWorkbook } from '#socle/tableur'
import { type CompteEchanges, type EssaiDeCanaris, ouvrirEssaiDeCanaris } from '#tests/echanges'

/**
 * What is written in the exchanges of a dossier holds a word found nowhere else. Every other account opens every page and file of the server's own route table, and
 * tries every act; the words are looked for in all they receive. A fault is planted first: with the policies of the tables off, the words must be found.
 */
describe('what is exchanged reaches its readers only', () => {
  let essai: EssaiDeCanaris
  before(async () => {
    essai = await ouvrirEssaiDeCanaris()
  })
  after(() => essai.fermer())

  const lire = async (compte: CompteEchanges, adresse: string): Promise<string> => {
    const { type, octets, vers } = await essai.lire(compte, adresse)
    if (type.includes('spreadsheetml')) return (await readWorkbook(octets, 'xlsx')).flat().join('\n')
    if (type.includes('opendocument')) return (await readWorkbook(octets, 'ods')).flat().join('\n')
    return `${octets.toString('utf8')} ${vers}`
  }

  /** Each canary looked for in each answer; those found where they must not be. */
  const chercher = async (comptes: readonly CompteEchanges[]) => {
    const fuites: string[] = []
    let essayes = 0
    for (const compte of comptes)
      for (const adresse of essai.adresses()) {
        const recu = (await lire(compte, adresse)).toLowerCase()
        for (const [canari, lecteurs] of essai.canaris) {
          if (lecteurs.includes(compte)) continue
          essayes += 1
          if (recu.includes(canari)) fuites.push(`${compte} ${adresse} ${canari}`)
        }
      }
    return { essayes, fuites }
  }

  test('[ESP-03] the banner counts what the rules of rows open to each account, and nothing of the others', async (t) => {
    const parCompte: Record<string, number> = {}
    for (const nom of essai.comptes) {
      const { rows } = await essai.base.pool.query('select id from compte where courriel = $1', [
        `${nom}@canari.example`,
      ])
      const acteur = await acteurDuCompte(essai.application, '71', rows[0].id)
      assert.ok(acteur)
      const [compte, lisible] = await ouvrirSession(essai.application, acteur, 'compte.tenir', async (session) => [
        (await session.sql<{ n: number }>`select ${chiffreEchanges(session)} as n`)[0]?.n ?? -1,
        await session.sql<{ n: number }>`select
          (select count(*)::int from demande q where q.destinataire = ${acteur.organisme} and q.etat = 'ouverte')
          + (select count(distinct m.fil)::int from message m where m.retire_a is null and m.par <> ${acteur.compte}
            and not exists (select 1 from message_lu l where l.message = m.id and l.compte = ${acteur.compte}))
          + (select count(*)::int from piece p where p.fil is null and p.demande is null and p.retiree_a is null and p.par <> ${acteur.compte}
            and ${acteur.organisme}::uuid = any (p.destinataires)
            and not exists (select 1 from piece_lue l where l.piece = p.id and l.compte = ${acteur.compte})) as n`,
      ])
      assert.equal(compte, lisible[0]?.n, nom)
      parCompte[nom] = compte
    }
    t.diagnostic(JSON.stringify(parCompte))
    assert.ok(
      Object.values(parCompte).some((n) => n > 1),
      'something waits for somebody',
    )
    for (const nom of essai.etrangers) assert.equal(parCompte[nom], 0, nom)
  })

  test('[ESP-03] planted fault: without the policies of the tables, the search finds what leaks', async () => {
    for (const table of ['fil', 'message', 'demande', 'piece', 'piece_contenu', 'demande_acte'])
      await essai.base.pool.query(`alter table ${table} disable row level security`)
    const { fuites } = await chercher(['departement', 'chalon'])
    for (const table of ['fil', 'message', 'demande', 'piece', 'piece_contenu', 'demande_acte'])
      await essai.base.pool.query(`alter table ${table} enable row level security`)
    const vus = new Set(fuites.map((fuite) => fuite.split(' ').at(-1)))
    assert.deepEqual(
      [...essai.canaris.keys()].filter((canari) => !vus.has(canari)),
      [],
      'every canary can be seen by a fault',
    )
  })

  test('[ESP-03] no page, list, file, name or error of another account holds a word of it', async (t) => {
    const { essayes, fuites } = await chercher(essai.etrangers)
    t.diagnostic(
      `Échanges : ${essayes} recherches de ${essai.canaris.size} canaris par ${essai.etrangers.length} comptes, ${fuites.length} fuite`,
    )
    assert.ok(essayes > 1000)
    assert.deepEqual(fuites, [])
  })

  test('[ESP-03] and those it was written to are not refused', async (t) => {
    const refuses: string[] = []
    let legitimes = 0
    for (const compte of essai.comptes.filter((un) => !essai.etrangers.includes(un))) {
      const recus: string[] = []
      for (const adresse of essai.adresses()) recus.push((await lire(compte, adresse)).toLowerCase())
      for (const [canari, lecteurs] of essai.canaris) {
        if (!lecteurs.includes(compte)) continue
        legitimes += 1
        if (!recus.some((recu) => recu.includes(canari))) refuses.push(`${compte} ${canari}`)
      }
    }
    t.diagnostic(`Échanges : ${legitimes} lectures légitimes, ${refuses.length} refusée`)
    assert.deepEqual(refuses, [])
  })

  test('[ESP-03] no act of another account changes anything', async (t) => {
    const avant = await essai.empreinte()
    let essayes = 0
    for (const compte of essai.etrangers)
      for (const adresse of essai.actes()) {
        const statut = await essai.poster(compte, adresse, {
          texte: 'intrus',
          motif: 'intrus',
          acte: 'repondre',
          reponse: 'intrus',
          organisme: essai.organisme('ADIL71'),
          envoi: randomUUID(),
        })
        assert.ok(statut === 403 || statut === 404, `${compte} ${adresse} ${statut}`)
        essayes += 1
      }
    assert.equal(await essai.empreinte(), avant)
    t.diagnostic(`Échanges : ${essayes} actes essayés par d’autres, 0 abouti`)
  })

  test('[ESP-03] [ACC-13] the journal, the faits of the dossier and the queue hold no word of it', async () => {
    for (const table of ['journal', 'fait', 'graphile_worker._private_jobs', 'notification']) {
      const { rows } = await essai.base.pool.query(`select t::text as ligne from ${table} t`)
      for (const { ligne } of rows)
        for (const canari of essai.canaris.keys())
          assert.ok(!ligne.toLowerCase().includes(canari), `${table} ${canari}`)
    }
  })
})
