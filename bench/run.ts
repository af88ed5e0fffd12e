import { type ChildProcess, spawn } from 'node:child_process'
import { randomUUID } from 'node:crypto'
import { once } from 'node:events'
import { cpSync, readFileSync, writeFileSync } from 'node:fs'
import { chmod, mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { pathToFileURL } from 'node:url'
import { parseArgs } from 'node:util'
import {
  type Application,
  acteurDuCompte,
  acteurSysteme,
  hacherMotDePasse,
  installerCompte,
  installerOrganismes,
  lireOrganisme,
  ouvrirSession,
} from '#acces'
import { type CommuneDemonstration, ecrireFichier, genererAnnee, type LigneDemonstration } from '#commandes'
import { lancerProduction } from '#courriers'
import { figerTableaux, produireLotCourriers, traiterImport } from '#jobs'
import { chargerDelais } from '#procedure'
import { reestimerParametres } from '#rapprochement'
import { chargerReferentiel } from '#referentiel'
import { deposerFichier } from '#signalements'
import { openKeyring } from '#socle/cipher'
import { projectRoot } from '#socle/config'
import { connect, type DatabaseSettings, migrate } from '#socle/db'
import { startEmbeddedPostgres } from '#socle/postgres'
import { installQueue } from '#socle/queue'
import { frozenClock } from '#socle/time'
import { cpuPostgres, cpuProcessus, ecrireTableau, type Ligne, memoire, mesurer } from './mesure.ts'

/**
 * Measures the goals of the main job on a generated département. Figures are CPU per request and ratios: wall times depend on the machine.
 * `npm run bench -- --menages 100000`; with `--garder FOLDER` the département is kept for the next run, and `--seulement pages` or `courriers` then leaves the rest out.
 */
const { values } = parseArgs({
  options: {
    menages: { type: 'string', default: '100000' },
    garder: { type: 'string' },
    seulement: { type: 'string' },
  },
})
if (values.seulement !== undefined && !['pages', 'courriers'].includes(values.seulement))
  throw new Error('--seulement pages|courriers')
const MENAGES = Number(values.menages)
/** Requests before those that count. */
const CHAUFFE = 300
const JOUR = '2026-11-20'
const horloge = frozenClock('2026-11-20T08:00:00Z')
const dire = (texte: string) => process.stderr.write(`${texte}\n`)

const racine = join(projectRoot, 'donnees')
const referentiel = chargerReferentiel(racine)
const delais = new Map(
  [...referentiel.departements.values()].map((departement) => [
    departement.code,
    chargerDelais(racine, departement.dossier),
  ]),
)

const communes: CommuneDemonstration[] = readFileSync(join(racine, 'nomenclatures/communes-71.csv'), 'utf8')
  .split(/\r?\n/)
  .slice(1)
  .filter((ligne) => ligne !== '')
  .map((ligne, rang) => ({
    nom: ligne.split(';')[1] ?? '',
    codePostal: ligne.split(';')[2] ?? '',
    poids: rang % 40 === 0 ? 20 : 1,
  }))

/** Surnames of a real département are far more numerous than a list: a syllable is added so that namesakes stay as rare as they are. */
function diversifier(lignes: readonly LigneDemonstration[]): LigneDemonstration[] {
  const fins = ['', '', 'ot', 'in', 'eau', 'et', 'ard', 'ier', 'aud', 'on', 'ette', 'ou', 'ac', 'ez', 'aux', 'is']
  return lignes.map((ligne) => {
    const fin = fins[(ligne.menage * 7919) % fins.length] ?? ''
    const nom = (texte: string | undefined) =>
      texte ? `${texte}${texte === texte.toUpperCase() ? fin.toUpperCase() : fin}` : ''
    return { ...ligne, colonnes: { ...ligne.colonnes, nom_usage: nom(ligne.colonnes.nom_usage) } }
  })
}

function generer(graine: number, menages: number): LigneDemonstration[] {
  const part = menages / 100_000
  const comptes = {
    impaye_caf: Math.round(62_000 * part),
    impaye_bailleur_social: Math.round(22_000 * part),
    commandement_de_payer: Math.round(16_000 * part),
    assignation: Math.round(13_000 * part),
    commandement_de_quitter_les_lieux: Math.round(6_000 * part),
    requisition_force_publique: Math.round(4_000 * part),
  }
  const lignes = genererAnnee({
    graine,
    jour: Temporal.PlainDate.from(JOUR),
    comptes,
    communes,
    bailleurs: ['OPAC de Saône-et-Loire', 'HABELLIS', 'Mâcon Habitat', 'SEMCODA'],
  })
  return diversifier(lignes).map((ligne) => ({
    ...ligne,
    colonnes: { ...ligne.colonnes, reference_source: `B${graine}-${ligne.colonnes.reference_source ?? ''}` },
  }))
}

async function importer(
  application: Application,
  code: string,
  nom: string,
  lignes: readonly LigneDemonstration[],
): Promise<void> {
  const lot = await ouvrirSession(application, acteurSysteme('71', 'bench'), 'lot.deposer', async (session) =>
    deposerFichier(session, {
      organisme: (await lireOrganisme(session, code)).id,
      nom,
      octets: ecrireFichier(lignes),
      recuLe: session.jour,
    }),
  )
  await traiterImport(application, '71', lot.id)
}

const EMETTEURS = {
  caf: 'CAF71',
  bailleur_social: 'OPAC71',
  commissaires_de_justice: 'CDJ71',
  prefecture: 'PREF71',
} as const

/** The data shipped, with as many requests a minute as the measure makes: what a person is allowed is not what is measured. */
function ecrireDonneesSansLimite(dossier: string): string {
  cpSync(racine, dossier, { recursive: true })
  const limites = join(dossier, 'acces/limites.yaml')
  writeFileSync(limites, readFileSync(limites, 'utf8').replace(/(par_(?:personne|adresse): )\d+/g, '$11000000'))
  return dossier
}

async function lancerServeur(reglages: DatabaseSettings): Promise<{ enfant: ChildProcess; url: string; pid: number }> {
  const url = `postgres://${reglages.user}@localhost/${reglages.database}?host=${encodeURIComponent(reglages.host ?? '')}&port=${reglages.port}`
  const { serveur: drapeaux, arenes } = JSON.parse(readFileSync(join(projectRoot, 'package.json'), 'utf8')).config
  const programme = join(projectRoot, 'dist/src/amont.js')
  const guetteur = ['--import', pathToFileURL(join(projectRoot, 'dist/bench/boucle.js')).href]
  const enfant = spawn(
    process.execPath,
    [...drapeaux.split(' '), ...guetteur, programme, 'demarrer', '--sans-travaux'],
    {
      stdio: ['ignore', 'pipe', 'inherit', 'ipc'],
      env: {
        MALLOC_ARENA_MAX: arenes,
        ...process.env,
        DATABASE_URL: url,
        PORT: '0',
        AMONT_HORLOGE: '2026-11-20T08:00:00Z',
        AMONT_REFERENTIEL: ecrireDonneesSansLimite(join(travail, 'donnees')),
        AMONT_CLE: fichierCle,
        NODE_ENV: 'production',
      },
    },
  )
  let sortie = ''
  for await (const morceau of enfant.stdout ?? []) {
    sortie += String(morceau)
    const match = /http:\/\/localhost:\d+/.exec(sortie)
    if (match) return { enfant, url: match[0], pid: enfant.pid ?? 0 }
  }
  throw new Error('le serveur n’a pas démarré')
}

/** Who reads the pages measured: the secretariat reads the département, a partner its own dossiers, many or few. */
const LECTEURS = {
  secretariat: { courriel: 'bench@essai.example', organisme: 'SEC71-AUTUN', role: 'secretariat' },
  grand: { courriel: 'caf@essai.example', organisme: 'CAF71', role: 'service_social' },
  petit: { courriel: 'ccas@essai.example', organisme: 'CCAS71-AUTUN', role: 'service_social' },
} as const

async function connecter(
  url: string,
  { courriel }: { readonly courriel: string } = LECTEURS.secretariat,
): Promise<string> {
  const reponse = await fetch(`${url}/connexion`, {
    method: 'POST',
    redirect: 'manual',
    headers: { 'content-type': 'application/x-www-form-urlencoded' },
    body: new URLSearchParams({
      courriel,
      mot_de_passe: 'un mot de passe long',
      dept: '71',
      vers: '/',
    }),
  })
  const cookie = reponse.headers.getSetCookie()[0]?.split(';')[0]
  if (!cookie) throw new Error('connexion refusée')
  return cookie
}

const travail = await mkdtemp(join(tmpdir(), 'amont-bench-'))
await chmod(travail, 0o711)
/** The key of the département generated: the server measured opens what the bench sealed. */
const fichierCle = join(values.garder ?? travail, 'cle-bench')
const keyring = openKeyring(fichierCle, { create: true })
const serveur = await startEmbeddedPostgres({ dataDir: values.garder ?? join(travail, 'pg') })
const lignes: Ligne[] = []
const noter = (ligne: Ligne) => {
  lignes.push(ligne)
  dire(`${ligne.mesure} : ${ligne.valeur} (${ligne.but}) ; ${ligne.detail}`)
}
try {
  const reglages: DatabaseSettings = {
    host: serveur.host,
    port: serveur.port,
    user: serveur.user,
    database: serveur.database,
  }
  const base = { ...connect(reglages), keyring }
  await installQueue(base)
  await migrate(base)
  const postmaster = Number(
    (
      await base.pool.query('select pg_postmaster_start_time(), (regexp_match(pg_read_file($1), $2))[1] as pid', [
        'postmaster.pid',
        '^(\\d+)',
      ])
    ).rows[0].pid,
  )
  for (const [dept, departement] of referentiel.departements)
    await installerOrganismes(base, dept, departement.organismes)
  const application: Application = { base, horloge, referentiel, delais }
  for (const lecteur of Object.values(LECTEURS))
    await installerCompte(base, {
      dept: '71',
      ...lecteur,
      prenom: 'Essai',
      nom: 'Bench',
      motDePasse: await hacherMotDePasse('un mot de passe long'),
      du: Temporal.PlainDate.from('2026-01-01'),
      motif: 'bench',
      a: horloge.now(),
    })
  const compter = async () => Number((await base.pool.query('select count(*) from dossier')).rows[0].count)
  if ((await compter()) < MENAGES * 0.8) {
    dire(`Génération de ${MENAGES} ménages…`)
    const toutes = generer(1, MENAGES)
    for (const [emetteur, siennes] of Map.groupBy(toutes, (ligne) => ligne.emetteur)) {
      for (let i = 0; i < siennes.length; i += 20_000) {
        await importer(application, EMETTEURS[emetteur], `${emetteur}-${i}.csv`, siennes.slice(i, i + 20_000))
        dire(`  ${emetteur} ${Math.min(i + 20_000, siennes.length)}/${siennes.length}`)
      }
    }
    await ouvrirSession(application, acteurSysteme('71', 'bench'), 'doute.trancher', (session) =>
      reestimerParametres(session),
    )
    await base.pool.query('vacuum analyze')
  }
  const menages = await compter()
  dire(`${menages} dossiers. Mesures…`)

  // Half of the lines are about households of the base, half are new.
  const connues = generer(1, MENAGES).slice(0, 2500)
  const nouvelles = generer(Math.floor(performance.now()) + 2, Math.ceil(5000 / 1.2)).slice(0, 2500)
  const reprises = connues.map((ligne, i) => ({
    ...ligne,
    colonnes: { ...ligne.colonnes, reference_source: `R${process.pid}-${i}`, date_signalement: '2026-11-19' },
  }))
  if (values.seulement === undefined) {
    const { cout } = await mesurer(postmaster, () =>
      importer(application, 'CAF71', 'cinq-mille.csv', [...reprises, ...nouvelles]),
    )
    noter({
      mesure: 'Import de 5 000 lignes, rapprochement et répartition compris',
      valeur: `${(cout.murMs / 1000).toFixed(1)} s`,
      but: '≤ 5 s',
      detail: `processeur : application ${(cout.cpuMs / 1000).toFixed(1)} s, PostgreSQL ${(cout.cpuPostgresMs / 1000).toFixed(1)} s ; boucle du processus des travaux tenue au plus ${cout.boucleMs} ms`,
    })

    // The past is sent and taken: a week's lists hold what the week brought.
    await figerTableaux(application, '71', Temporal.PlainDate.from('2026-11-16'))
    await base.pool.query(
      "update affectation set etat = 'prise', prise_le = '2026-11-17', diagnostic_avant = '2027-01-18' where terminee_a is null and etat = 'transmise'",
    )
    await base.pool.query(
      "update dossier set etat_service = 'prise', connu_service = true, change_le = '2026-11-01' where etat_service = 'transmise'",
    )
    await base.pool.query('vacuum analyze')
    const semaine = generer(3 + process.pid, Math.ceil(3000 / 1.2)).slice(0, 3000)
    await importer(application, 'CAF71', 'semaine.csv', semaine)
    const lundi = frozenClock('2026-11-23T08:00:00Z')
    const figeage = await mesurer(postmaster, () =>
      figerTableaux({ ...application, horloge: lundi }, '71', Temporal.PlainDate.from('2026-11-23')),
    )
    noter({
      mesure: 'Tableaux hebdomadaires de tout le département',
      valeur: `${(figeage.cout.murMs / 1000).toFixed(1)} s`,
      but: '≤ 2 s',
      detail: `${figeage.resultat.length} tableaux, ${figeage.resultat.reduce((somme, liste) => somme + liste.lignes, 0)} lignes ; processeur : application ${(figeage.cout.cpuMs / 1000).toFixed(1)} s, PostgreSQL ${(figeage.cout.cpuPostgresMs / 1000).toFixed(1)} s`,
    })
  }
  if (values.seulement !== 'pages') {
    const lot = await preparerLot(application)
    const { cout } = await mesurer(postmaster, () => produireLotCourriers(application, '71', lot))
    const { rows } = await base.pool.query(
      'select faits, octet_length(pdf) as octets from lot_courrier where id = $1',
      [lot],
    )
    noter({
      mesure: `Production de ${rows[0].faits} courriers, un PDF chacun et le document à imprimer`,
      valeur: `${(cout.murMs / 1000).toFixed(1)} s`,
      but: '≤ 15 s pour 2 000 sur deux processeurs libres',
      detail: `processeur : application ${(cout.cpuMs / 1000).toFixed(1)} s, soit ${(cout.cpuMs / Math.max(1, rows[0].faits)).toFixed(1)} ms par courrier ; PostgreSQL ${(cout.cpuPostgresMs / 1000).toFixed(1)} s ; boucle du processus des travaux tenue au plus ${cout.boucleMs.toFixed(0)} ms ; document de ${Math.round(rows[0].octets / 1e6)} Mo`,
    })
  }
  if (values.seulement === 'courriers') process.stdout.write(`\n${ecrireTableau(lignes)}\n`)
  else await mesurerPages(application, reglages, postmaster, menages, connues, nouvelles)
  await base.close()
} finally {
  await serveur.stop()
  if (!values.garder) await rm(travail, { recursive: true, force: true })
}

/** Two thousand letters of one kind, as if they had been re-read. */
async function preparerLot(application: Application): Promise<string> {
  const { rows } = await application.base.pool.query(
    "select id from compte where dept = '71' and courriel = 'bench@essai.example'",
  )
  await application.base.pool.query(
    `insert into courrier (dept, dossier, organisme, modele, stade, stade_le, nom, adresse, propose_a)
    select d.dept, d.id, o.id, 'menage-commandement', d.stade, d.stade_le, d.titulaire, array['1 rue de l’Essai', '71400 AUTUN'], $1
    from dossier d join organisme o on o.dept = d.dept and o.code = 'SEC71-AUTUN' where d.dept = '71' and d.clos_le is null order by d.id limit 2000
    on conflict do nothing`,
    [horloge.now().toString()],
  )
  const acteur = await acteurDuCompte(application, '71', rows[0].id)
  if (!acteur) throw new Error('no account')
  return ouvrirSession(application, acteur, 'courrier.envoyer', (session) =>
    lancerProduction(session, 'menage-commandement', { envoi: randomUUID(), avant: session.maintenant }),
  )
}

/** Wall times of a page, one request after the other, until `fini` says so; sorted. */
async function chronometrerPage(url: string, cookie: string, fini: (faites: number) => boolean): Promise<number[]> {
  const durees: number[] = []
  while (!fini(durees.length)) {
    const depart = performance.now()
    await (await fetch(url, { headers: { cookie } })).text()
    durees.push(performance.now() - depart)
  }
  return durees.sort((a, b) => a - b)
}

function mediane(durees: readonly number[]): number {
  return durees[durees.length >> 1] ?? 0
}

/** The longest time the loop of the server was held since it was last asked, in ms. */
async function lireBoucle(serveur: ChildProcess): Promise<number> {
  const reponse = once(serveur, 'message')
  serveur.send('boucle')
  return Number((await reponse)[0])
}

/** Somebody who opens pages while background work goes on in its own process: how much slower, on the median, and how long the loop that serves them is held. */
async function mesurerPendant(
  quoi: string,
  { enfant, url, cookie }: { enfant: ChildProcess; url: string; cookie: string },
  travail: () => Promise<unknown>,
): Promise<void> {
  await lireBoucle(enfant)
  const calme = await chronometrerPage(url, cookie, (faites) => faites === 200)
  const boucleAuCalme = await lireBoucle(enfant)
  let fini = false
  const travaux = travail().finally(() => {
    fini = true
  })
  const occupe = await chronometrerPage(url, cookie, () => fini)
  await travaux
  const boucle = await lireBoucle(enfant)
  noter({
    mesure: `Liste de 50 dossiers pendant ${quoi}, contre au calme`,
    valeur: `${(mediane(occupe) / mediane(calme)).toFixed(2)} fois plus longue`,
    but: '≤ 2 fois ; boucle ≤ 50 ms',
    detail: `médiane ${mediane(calme).toFixed(1)} ms au calme (${calme.length} pages), ${mediane(occupe).toFixed(1)} ms pendant (${occupe.length} pages) ; boucle du serveur tenue au plus ${boucle} ms (${boucleAuCalme} au calme)`,
  })
}

async function mesurerPages(
  application: Application,
  reglages: DatabaseSettings,
  postmaster: number,
  menages: number,
  connues: readonly LigneDemonstration[],
  nouvelles: readonly LigneDemonstration[],
): Promise<void> {
  const { enfant, url, pid } = await lancerServeur(reglages)
  try {
    const secretariat = await connecter(url)
    // Those of the lines just imported, or of the base when nothing was.
    const noms = (values.seulement === 'pages' ? connues : nouvelles).map(
      (ligne) => `${ligne.colonnes.nom_usage ?? ''} ${ligne.colonnes.prenom ?? ''}`,
    )
    const fausser = (nom: string) => `${nom.slice(0, 2)}${nom.slice(3)}`
    const chronometrer = async (
      nom: string,
      but: string,
      chemin: (i: number) => string,
      n: number,
      cookie = secretariat,
    ) => {
      // Long enough for V8 to compile what the page runs: a server spends its days warm.
      for (let i = 0; i < Math.min(CHAUFFE, n); i++)
        await (await fetch(url + chemin(i), { headers: { cookie } })).text()
      const avant = [cpuProcessus(pid), cpuPostgres(postmaster)] as const
      let taille = 0
      const durees: number[] = []
      for (let i = 0; i < n; i++) {
        const depart = performance.now()
        const reponse = await fetch(url + chemin(i + CHAUFFE), { headers: { cookie } })
        if (reponse.status !== 200) throw new Error(`${chemin(i)} : ${reponse.status}`)
        taille += (await reponse.text()).length
        durees.push(performance.now() - depart)
      }
      const [app, pg] = [(cpuProcessus(pid) - avant[0]) / n, (cpuPostgres(postmaster) - avant[1]) / n]
      durees.sort((a, b) => a - b)
      noter({
        mesure: nom,
        valeur: `${(app + pg).toFixed(1)} ms de processeur`,
        but,
        detail: `application ${app.toFixed(1)}, PostgreSQL ${pg.toFixed(1)} ; médiane ${(durees[n >> 1] ?? 0).toFixed(1)} ms ; page de ${Math.round(taille / n / 1000)} ko`,
      })
    }
    await chronometrer('Liste de 50 dossiers, droits appliqués', '≤ 2 ms', () => '/dossiers', 400)
    await chronometrer(
      'Liste filtrée par territoire et étape',
      '≤ 2 ms',
      (i) => `/dossiers?territoire=${['autun', 'macon', 'louhans'][i % 3]}&etape=assignation`,
      400,
    )
    // Rows once written are kept: what a page costs whose rows nobody has asked for yet.
    const { rows: places } = await application.base.pool.query(
      `select id || nom_tri as place from (select id, nom_tri, row_number() over (order by nom_tri collate "C", id) as rang from dossier
        where dept = '71' and clos_le is null) d where rang % 50 = 0`,
    )
    await chronometrer(
      'Liste de 50 dossiers jamais montrés, par nom',
      '≤ 2 ms',
      (i) => `/dossiers?tri=menage&apres=${Buffer.from(places[i % places.length]?.place ?? '').toString('base64url')}`,
      40,
    )
    await chronometrer(
      'Recherche tolérante d’un nom',
      '≤ 5 ms',
      (i) => `/dossiers?q=${encodeURIComponent(fausser(noms[(i * 13) % noms.length] ?? 'martin'))}`,
      200,
    )
    for (const [nom, chemin] of [
      ['Page d’accueil du secrétariat', '/a-faire'],
      ['Tableaux du secrétariat', '/tableaux'],
      ['À transmettre, vu du secrétariat', '/transmettre'],
    ] as const)
      await chronometrer(nom, 'aucun', () => chemin, 40)
    const { rows } = await application.base.pool.query(
      "select reference from dossier where dept = '71' and clos_le is null order by signaux desc, id limit 40",
    )
    const reference = (i: number) => `/dossiers/${rows[i % rows.length]?.reference}`
    await chronometrer('Un dossier, vu du secrétariat', 'aucun', reference, 80)
    await chronometrer('Procédure d’un dossier', 'aucun', (i) => `${reference(i)}/procedure`, 80)
    for (const [lecteur, libelle] of [
      [LECTEURS.grand, 'du service qui en suit le plus'],
      [LECTEURS.petit, 'd’un CCAS'],
    ] as const) {
      const cookie = await connecter(url, lecteur)
      await chronometrer(`Liste de 50 dossiers ${libelle}`, 'aucun', () => '/dossiers', 40, cookie)
      await chronometrer(`Page d’accueil ${libelle}`, 'aucun', () => '/a-faire', 40, cookie)
    }
    if (values.seulement === undefined) {
      const liste = { enfant, url: `${url}/dossiers`, cookie: secretariat }
      await application.base.pool.query('delete from courrier')
      const lot = await preparerLot(application)
      await mesurerPendant('la production des courriers', liste, () => produireLotCourriers(application, '71', lot))
      const lignes = generer(4 + process.pid, Math.ceil(5000 / 1.2)).slice(0, 5000)
      await mesurerPendant('un import de 5 000 lignes', liste, () =>
        importer(application, 'CAF71', 'pendant.csv', lignes),
      )
    }
    noter({
      mesure: 'Mémoire résidente du serveur',
      valeur: `${memoire(pid)} Mo`,
      but: '≤ 200 Mo',
      detail: 'après ces requêtes',
    })
  } finally {
    enfant.kill('SIGTERM')
    await once(enfant, 'exit')
  }
  process.stdout.write(
    `\n${menages} ménages, ${process.version}, PostgreSQL embarqué 18, ${process.platform}\n\n${ecrireTableau(lignes)}\n`,
  )
}
