import assert from 'node:assert/strict'
import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { join } from 'node:path'
import { after, before, describe, test } from 'node:test'
import { setTimeout as attendre } from 'node:timers/promises'
import { lireOrganisme, ouvrirSession } from '#acces'
import { traiterImport } from '#jobs'
import { rapprocherLot } from '#rapprochement'
import { deposerFichier, lireVerdict, traiterLignes } from '#signalements'
import { projectRoot } from '#socle/config'
import { type ApplicationDEssai, ecrireCsv, ligne, ouvrirApplicationDEssai, systeme } from '#tests/application'

const LIGNES = 2400

describe('Un import tué en plein milieu reprend sans perte ni doublon', () => {
  let application: ApplicationDEssai
  before(async () => {
    application = await ouvrirApplicationDEssai()
  })
  after(() => application.fermer())

  const noms = [
    'Abadie',
    'Bouvet',
    'Cordier',
    'Delmas',
    'Estève',
    'Fabre',
    'Gomez',
    'Hamon',
    'Imbert',
    'Jourdan',
    'Klein',
    'Lebeau',
  ]
  const fichier = ecrireCsv(
    Array.from({ length: LIGNES }, (_, i) =>
      ligne({
        reference_source: `KILL-${i}`,
        nom_usage: `${noms[i % noms.length]}${String.fromCharCode(97 + (i % 26))}${String.fromCharCode(97 + (Math.floor(i / 26) % 26))}`,
        prenom: ['Anna', 'Bruno', 'Chloé', 'David', 'Emma', 'Fanny', 'Gilles'][i % 7] ?? '',
        date_naissance: `19${50 + (i % 50)}-0${1 + (i % 9)}-1${i % 10}`,
        adresse: `${1 + (i % 97)} rue du Port`,
        commune: ['Autun', 'Mâcon', 'Louhans', 'Charolles'][i % 4] ?? '',
      }),
    ),
  )

  const lancer = (lot: string): ChildProcess =>
    spawn(
      process.execPath,
      [
        join(projectRoot, 'dist/tests/support/importeur.js'),
        JSON.stringify((application.base as unknown as { settings: unknown }).settings),
        lot,
      ],
      { stdio: ['ignore', 'pipe', 'inherit'] },
    )

  test('[SIG-29] killed again and again, of the application or of its database connections, the import ends with each line once', async () => {
    const lot = await ouvrirSession(application, systeme(), 'lot.deposer', async (session) =>
      deposerFichier(session, {
        organisme: (await lireOrganisme(session, 'CAF71')).id,
        nom: 'gros.csv',
        octets: fichier,
        recuLe: session.jour,
      }),
    )
    let tues = 0
    for (const delai of [150, 400, 650, 900, 300, 700]) {
      const enfant = lancer(lot.id)
      assert.ok(enfant.stdout)
      await once(enfant.stdout, 'data')
      await attendre(delai)
      if (enfant.exitCode !== null) break
      if (tues % 2 === 0) enfant.kill('SIGKILL')
      else {
        // The database goes away under the worker: it fails, and the queue would run it again.
        await application.base.pool.query(
          "select pg_terminate_backend(pid) from pg_stat_activity where datname = current_database() and pid <> pg_backend_pid() and application_name = 'amont' and state <> 'idle'",
        )
        enfant.kill('SIGKILL')
      }
      await once(enfant, 'exit')
      tues += 1
    }
    assert.ok(tues >= 3, `${tues} interruptions`)
    await traiterImport(application, '71', lot.id)
    const verdict = await ouvrirSession(application, systeme(), 'lot.consulter', (session) =>
      lireVerdict(session, lot.id),
    )
    assert.deepEqual(
      verdict.lignes.map((une) => une.ligne),
      Array.from({ length: LIGNES }, (_, i) => i + 2),
    )
    const [compte] = await ouvrirSession(
      application,
      systeme(),
      'lot.consulter',
      (session) =>
        session.sql<{
          signalements: number
          versions: number
          liens: number
          doutes: number
          lues: number
          etat: string
          sans_service: number
        }>`
        select (select count(*)::int from signalement where dept = '71') as signalements, (select count(*)::int from signalement_version where dept = '71') as versions,
          (select count(*)::int from rattachement where dept = '71' and defait_a is null) as liens,
          (select count(*)::int from doute where dept = '71' and reponse is null) as doutes, l.lignes_lues as lues, l.etat,
          (select count(*)::int from dossier where dept = '71' and clos_le is null and etat_service = 'sans_preneur') as sans_service
        from lot l where l.dept = '71' and l.id = ${lot.id}`,
    )
    assert.equal(compte?.signalements, LIGNES)
    assert.equal(compte?.versions, LIGNES)
    assert.equal((compte?.liens ?? 0) + (compte?.doutes ?? 0), LIGNES)
    assert.equal(compte?.lues, LIGNES)
    assert.equal(compte?.etat, 'traite')
    assert.equal(compte?.sans_service, 0)
  })

  test('[SIG-29] stopped while it was still being read, its first lines already recognised, the file is read to its end', async () => {
    const lot = await ouvrirSession(application, systeme(), 'lot.deposer', async (session) =>
      deposerFichier(session, {
        organisme: (await lireOrganisme(session, 'CAF71')).id,
        nom: 'coupe.csv',
        octets: Buffer.from(fichier.toString().replaceAll('KILL-', 'COUPE-')),
        recuLe: session.jour,
      }),
    )
    const arret = new Error('stopped after the first lines')
    await assert.rejects(
      traiterLignes(application, '71', lot.id, () => {
        throw arret
      }),
      arret,
    )
    await rapprocherLot(application, '71', lot.id)
    await traiterImport(application, '71', lot.id)
    const { lignes } = await ouvrirSession(application, systeme(), 'lot.consulter', (session) =>
      lireVerdict(session, lot.id),
    )
    assert.equal(lignes.length, LIGNES)
  })
})
