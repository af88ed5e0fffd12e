import assert from 'node:assert/strict'
import { after, before, describe, test } from 'node:test'
import type { FastifyInstance, InjectOptions } from 'fastify'
import {
  aLeDroit,
  type Droit,
  hacherMotDePasse,
  installerCompte,
  lireConnexion,
  ouvrirConnexion,
  type Role,
} from '#acces'
import { figerTableaux } from '#jobs'
import { noMailer } from '#socle/mail'
import { type ApplicationDEssai, accesLivre, importer, lireExemple, ouvrirApplicationDEssai } from '#tests/application'
import { clesDEssai } from '#tests/base'
import { creerServeur, listerAdresses, routes } from '#web'

/** Figure S15 of docs/securite.md: headers, cookies, forged forms, injected fields and undeclared methods, on every address of the server's own table. */
const DEPT = '71'
const MOT_DE_PASSE = 'preuve-des-entetes'
const HOTE = 'amont.essai.example'
const REGLAGES = { securise: true, departement: DEPT } as const
const COOKIE = '__Host-amont'
const PERSONNES = {
  secretariat: 'SEC71-AUTUN',
  prefecture: 'PREF71',
  service_social: 'DEP71',
  pilote: 'PREF71',
  administrateur: 'DEP71',
  dpd: 'DEP71',
} as const satisfies Partial<Record<Role, string>>
type Personne = keyof typeof PERSONNES
const personnes = Object.keys(PERSONNES) as Personne[]

/** An identifier nobody has. */
const PERSONNE = '0198a000-0000-7000-8000-000000000001'

/** Forms of people who have no session yet: no token can be theirs. The origin decides, and nothing they do acts for somebody signed in. */
const SANS_SESSION = new Set(['/connexion', '/mot-de-passe/oublie', '/mot-de-passe'])

interface Reponse {
  readonly statusCode: number
  readonly headers: Readonly<Record<string, unknown>>
  readonly body: string
}

/** Rules an answer breaks. */
function reglesRompues(chemin: string, { headers, body }: Reponse): string[] {
  const entete = (nom: string): string => String(headers[nom] ?? '')
  const politique = new Map(
    entete('content-security-policy')
      .split(';')
      .map((une) => une.trim().split(/\s+/))
      .map(([nom = '', ...valeurs]) => [nom, valeurs.join(' ')] as const),
  )
  const html = entete('content-type').startsWith('text/html')
  const fichier = headers['content-disposition'] !== undefined
  const statique = chemin.startsWith('/statique/')
  const cookies = [headers['set-cookie'] ?? []].flat().map(String)
  const sources = [...politique].filter(([nom]) => nom.endsWith('-src')).map(([, valeurs]) => valeurs)
  const regles: Record<string, boolean> = {
    'csp par défaut à rien': politique.get('default-src') === "'none'",
    'csp sans unsafe, joker ni données': sources.every((valeurs) => !/unsafe|\*|data:|https?:/.test(valeurs)),
    'csp non encadrable': fichier || politique.get('frame-ancestors') === "'none'",
    'csp sans base': fichier || politique.get('base-uri') === "'none'",
    'csp formulaires chez soi': fichier || politique.get('form-action') === "'self'",
    'fichier isolé': !fichier || politique.has('sandbox'),
    nosniff: entete('x-content-type-options') === 'nosniff',
    'x-frame-options': entete('x-frame-options') === 'DENY',
    'referrer-policy': ['same-origin', 'no-referrer'].includes(entete('referrer-policy')),
    'permissions-policy': /camera=\(\).*geolocation=\(\)/.test(entete('permissions-policy')),
    coop: entete('cross-origin-opener-policy') === 'same-origin',
    corp: entete('cross-origin-resource-policy') === 'same-origin',
    hsts: Number(/^max-age=(\d+)/.exec(entete('strict-transport-security'))?.[1] ?? 0) >= 31_536_000,
    'rien en cache': statique || entete('cache-control').includes('no-store'),
    'serveur anonyme': headers.server === undefined && headers['x-powered-by'] === undefined,
    'cookie __Host-': cookies.every((un) => un.startsWith('__Host-')),
    'cookie Secure': cookies.every((un) => /; Secure/i.test(un)),
    'cookie HttpOnly': cookies.every((un) => /; HttpOnly/i.test(un) || /Expires=Thu, 01 Jan 1970|Max-Age=0/i.test(un)),
    'cookie SameSite': cookies.every(
      (un) => /; SameSite=(Lax|Strict)/i.test(un) || /Expires=Thu, 01 Jan 1970|Max-Age=0/i.test(un),
    ),
    'ni script ni style dans la page':
      !html || !/<script(?![^>]*\bsrc=)[^>]*>|<style|\sstyle="|\son[a-z]+="/i.test(body),
  }
  return Object.entries(regles).flatMap(([regle, tenue]) => (tenue ? [] : [regle]))
}

describe('S15: headers, cookies, forged forms', () => {
  let application: ApplicationDEssai
  let serveur: FastifyInstance
  const sessions = new Map<Personne, { compte: string; jeton: string; formulaire: string }>()
  const valeurs: Record<string, string> = {}

  const connecte = async (qui: Personne) => {
    const connue = sessions.get(qui)
    if (connue && (await lireConnexion(application, connue.jeton))) return connue
    const adresse = `192.0.2.${personnes.indexOf(qui) + 1}`
    const { jeton } = await ouvrirConnexion(application, {
      dept: DEPT,
      courriel: `${qui}@preuve.example`,
      motDePasse: MOT_DE_PASSE,
      adresse,
    })
    const lue = await lireConnexion(application, jeton)
    const ouverte = { compte: lue?.acteur.compte ?? '', jeton, formulaire: lue?.jetonFormulaire ?? '' }
    sessions.set(qui, ouverte)
    return ouverte
  }

  before(async () => {
    application = {
      ...(await ouvrirApplicationDEssai()),
      acces: {
        cles: clesDEssai,
        courrier: noMailer,
        adresse: `https://${HOTE}`,
        demonstration: true,
      },
    }
    await importer(application, 'OPAC71', 'bailleurs-sociaux.csv', lireExemple('bailleurs-sociaux.csv'))
    await importer(application, 'PREF71', 'assignations-semaine-46.csv', lireExemple('assignations-semaine-46.csv'))
    await figerTableaux(application, DEPT, Temporal.PlainDate.from('2026-11-16'))
    const motDePasse = await hacherMotDePasse(MOT_DE_PASSE)
    for (const qui of personnes)
      await installerCompte(application.base, {
        dept: DEPT,
        courriel: `${qui}@preuve.example`,
        prenom: 'Maxence',
        nom: 'Quidemont',
        motDePasse,
        organisme: PERSONNES[qui],
        role: qui,
        du: Temporal.PlainDate.from('2026-01-01'),
        motif: 'preuve',
        a: application.horloge.now(),
      })
    serveur = await creerServeur(application, routes, REGLAGES)
    const { rows } =
      await application.base.pool.query(`select (select id from liste limit 1) as liste, (select reference from dossier limit 1) as reference,
      (select id from doute limit 1) as doute, (select lot from ligne_lot where verdict = 'rejetee' limit 1) as lot, (select id from signalement limit 1) as signalement`)
    Object.assign(valeurs, rows[0])
  })
  after(async () => {
    await serveur.close()
    await application.fermer()
  })

  const remplir = (chemin: string): string =>
    chemin.replace(/:(\w+)/g, (_tout, nom: string) => {
      if (nom === 'id' && chemin.startsWith('/tableaux')) return valeurs.liste || PERSONNE
      if (nom === 'id' && chemin.startsWith('/reconnaitre')) return valeurs.doute || PERSONNE
      return valeurs[nom] ?? { partenaire: 'departement', numero: '1', ligne: '2' }[nom] ?? PERSONNE
    })
  const droits = new Map<string, Droit>(routes.map(({ methode, chemin, droit }) => [`${methode} ${chemin}`, droit]))
  /** Somebody who has the right of an address; whoever for the others. */
  const quiPeut = (methode: string, chemin: string): Personne => {
    const droit = droits.get(`${methode} ${chemin}`)
    return (
      personnes.find((qui) => droit === undefined || aLeDroit(accesLivre(PERSONNES[qui], qui), droit)) ?? 'secretariat'
    )
  }

  const envoyer = async (
    cible: FastifyInstance,
    qui: Personne | null,
    chemin: string,
    champs: Readonly<Record<string, string>>,
    entetes: Readonly<Record<string, string>> = {},
  ): Promise<Reponse> => {
    const session = qui && (await connecte(qui))
    return cible.inject({
      method: 'POST',
      url: remplir(chemin),
      cookies: session ? { [COOKIE]: session.jeton } : {},
      headers: { host: HOTE, 'content-type': 'application/x-www-form-urlencoded', ...entetes },
      payload: new URLSearchParams(champs).toString(),
    })
  }

  /** The whole database but what every visit writes: journal, sessions, failures, queue. */
  const tablesSuivies = async (): Promise<string[]> => {
    const { rows } =
      await application.base.pool.query(`select relname::text as t from pg_class c join pg_namespace n on n.oid = c.relnamespace
      where n.nspname = 'public' and c.relkind = 'r' and relname !~ '^(journal|session_web|tentative_connexion|alerte_acces)' order by 1`)
    return (rows as { t: string }[]).map(({ t }) => t)
  }
  const photographier = async (tables: readonly string[]): Promise<Map<string, string>> => {
    const etats = new Map<string, string>()
    for (const table of tables) {
      const { rows } = await application.base.pool.query(
        `select coalesce(md5(string_agg(x::text, '|' order by x::text)), '') as e from ${table} x`,
      )
      etats.set(table, rows[0].e)
    }
    return etats
  }
  const changees = (avant: ReadonlyMap<string, string>, apres: ReadonlyMap<string, string>): string[] =>
    [...avant].flatMap(([table, etat]) => (apres.get(table) === etat ? [] : [table]))

  const verifierEntetes = async (cible: FastifyInstance) => {
    let essais = 0
    const fautes: string[] = []
    const verifier = (quoi: string, chemin: string, reponse: Reponse) => {
      essais += 20
      for (const regle of reglesRompues(chemin, reponse)) fautes.push(`${quoi} : ${regle}`)
    }
    for (const { methode, chemin } of listerAdresses(cible)) {
      if (methode === 'HEAD') continue
      const options: InjectOptions = { method: methode as 'GET', url: remplir(chemin), headers: { host: HOTE } }
      verifier(`sans session ${methode} ${chemin}`, chemin, await cible.inject(options))
      if (chemin.startsWith('/statique/')) continue
      const { jeton } = await connecte(quiPeut(methode, chemin))
      verifier(`${methode} ${chemin}`, chemin, await cible.inject({ ...options, cookies: { [COOKIE]: jeton } }))
    }
    for (const url of ['/nulle-part', '/dossiers/%E0%A4%A', '/dossiers/rien', '/statique/rien.css'])
      verifier(url, url.replace('/statique/', '/autre/'), await cible.inject({ url, headers: { host: HOTE } }))
    return { essais, fautes }
  }

  test('every answer of every address keeps the twenty rules', async (t) => {
    const { essais, fautes } = await verifierEntetes(serveur)
    t.diagnostic(`S15 : ${listerAdresses(serveur).length} adresses, ${essais} règles essayées, ${fautes.length} rompue`)
    assert.ok(essais > 5000, `${essais} tried: the proof reads too little to mean anything`)
    assert.deepEqual(fautes, [])
  })

  test('the proof has teeth: without the policy, each answer is found', async (t) => {
    const percee = await creerServeur(application, routes.slice(0, 10), REGLAGES)
    percee.addHook('onSend', async (_request, reply) => {
      reply.removeHeader('content-security-policy')
    })
    const { essais, fautes } = await verifierEntetes(percee)
    await percee.close()
    t.diagnostic(`S15, politique de contenu ôtée : ${essais} règles essayées, ${fautes.length} rompues`)
    assert.ok(fautes.length >= 40 && fautes.every((faute) => faute.includes('csp') || faute.includes('fichier isolé')))
  })

  /** Forged forms: whose answer is not a refusal. */
  const forger = async (cible: FastifyInstance) => {
    let essais = 0
    const fautes: string[] = []
    for (const { methode, chemin } of listerAdresses(cible)) {
      if (methode !== 'POST') continue
      const qui = quiPeut(methode, chemin)
      const { formulaire } = await connecte(qui)
      const juste = { _jeton: formulaire }
      const forges: [string, Record<string, string>, Record<string, string>][] = [
        ['origine étrangère', juste, { origin: 'https://ailleurs.example' }],
        ['origine voisine', juste, { origin: `https://x.${HOTE}` }],
        ['origine cachée', juste, { origin: 'null' }],
        ['origine illisible', juste, { origin: 'pas une adresse' }],
        ['navigation d’un autre site', juste, { 'sec-fetch-site': 'cross-site' }],
      ]
      if (!SANS_SESSION.has(chemin))
        forges.push(['sans jeton', {}, {}], ['jeton faux', { _jeton: 'faux' }, { origin: `https://${HOTE}` }])
      for (const [nom, champs, entetes] of forges) {
        essais++
        const { statusCode } = await envoyer(cible, qui, chemin, champs, entetes)
        if (statusCode !== 403) fautes.push(`${chemin}, ${nom} : ${statusCode}`)
        else if (!(await lireConnexion(application, sessions.get(qui)?.jeton ?? '')))
          fautes.push(`${chemin}, ${nom} : session fermée`)
      }
    }
    return { essais, fautes }
  }

  test('[ACC-01] a form without the token, or from another site, is refused by every address, and changes nothing', async (t) => {
    const suivies = await tablesSuivies()
    const avant = await photographier(suivies)
    const { essais, fautes } = await forger(serveur)
    const touchees = changees(avant, await photographier(suivies))
    t.diagnostic(
      `S15 : ${essais} formulaires forgés, ${fautes.length} accepté, ${touchees.length} table changée sur ${suivies.length}`,
    )
    assert.ok(essais > 300)
    assert.deepEqual(fautes, [])
    assert.deepEqual(touchees, [])
  })

  test('the proof has teeth: a form that asks for no token is found', async (t) => {
    const percee = await creerServeur(application, [], REGLAGES)
    percee.post('/essai', (_request, reply) => reply.send('fait'))
    const { essais, fautes } = await forger(percee)
    await percee.close()
    t.diagnostic(`S15, une adresse sans jeton : ${essais} formulaires forgés, ${fautes.length} acceptés`)
    assert.ok(fautes.length === 7 && fautes.every((faute) => faute.startsWith('/essai')), fautes.join(', '))
  })

  test('a method nobody declared is answered 404 or 405', async (t) => {
    const declarees = new Map<string, Set<string>>()
    for (const { methode, chemin } of listerAdresses(serveur))
      declarees.set(chemin, (declarees.get(chemin) ?? new Set()).add(methode))
    const motifs = listerAdresses(serveur).map(({ methode, chemin }) => ({
      methode,
      motif: new RegExp(`^${chemin.replace(/[.]/g, '\\.').replace(/:\w+/g, '[^/]+')}/?$`),
    }))
    const repondue = (methode: string, adresse: string) =>
      motifs.some((une) => une.methode === methode && une.motif.test(adresse))
    const fautes: string[] = []
    let essais = 0
    const { jeton } = await connecte('secretariat')
    for (const [chemin, methodes] of declarees)
      for (const methode of ['GET', 'POST', 'PUT', 'PATCH', 'DELETE', 'OPTIONS'] as const) {
        if (methodes.has(methode)) continue
        // Another pattern may answer the same address: `/dossiers/:reference` reads what `/dossiers/choisis` only receives.
        if (repondue(methode, remplir(chemin))) continue
        essais++
        const { statusCode } = await serveur.inject({
          method: methode,
          url: remplir(chemin),
          cookies: { [COOKIE]: jeton },
          headers: { host: HOTE },
        })
        if (statusCode !== 404 && statusCode !== 405) fautes.push(`${methode} ${chemin} : ${statusCode}`)
      }
    t.diagnostic(`S15 : ${essais} méthodes non déclarées, ${fautes.length} servie`)
    assert.ok(essais > 500)
    assert.deepEqual(fautes, [])
  })

  /** Fields a form never has: an attacker adds them and hopes. */
  const injecter = async (cible: FastifyInstance, table: readonly { methode: string; chemin: string }[]) => {
    const tables = await tablesSuivies()
    const autre = (await connecte('dpd')).compte
    const { rows } = await application.base.pool.query(`select id from organisme where code = 'ADIL71'`)
    const marque = 'canari-injecte'
    const series = [
      {
        org: marque,
        organisme: marque,
        role: marque,
        auteur: marque,
        author: marque,
        compte: marque,
        dept: marque,
        version: marque,
        statut: marque,
        status: marque,
        isAdmin: marque,
      },
      {
        org: rows[0].id,
        organisme: rows[0].id,
        role: 'administrateur',
        auteur: autre,
        author: autre,
        compte: autre,
        cree_par: autre,
        dept: 'modele-pdalhpd',
        version: '999983',
        etat: 'clos',
        statut: 'clos',
        status: 'closed',
        retiree_a: '2026-01-01',
        __proto__x: '1',
      },
    ]
    const compter = async (texte: string) => {
      let n = 0
      for (const une of tables) {
        const lu = await application.base.pool.query(
          `select count(*)::int as n from ${une} x where x::text like '%' || $1 || '%'`,
          [texte],
        )
        n += lu.rows[0].n
      }
      return n
    }
    const droitsDe = () => photographier(['habilitation', 'organisme', 'participation', 'acces_exceptionnel', 'accord'])
    const avant = {
      droits: await droitsDe(),
      autre: await compter(autre),
      version: await compter('999983'),
      marque: await compter(marque),
    }
    let essais = 0
    const casses: string[] = []
    for (const { methode, chemin } of table) {
      if (methode !== 'POST') continue
      const droit = droits.get(`POST ${chemin}`)
      // Those who manage accounts may name a role: figure S1 tries them with whole forms.
      for (const qui of personnes
        .filter((un) => droit === undefined || aLeDroit(accesLivre(PERSONNES[un], un), droit))
        .slice(0, 2))
        for (const champs of series) {
          const { formulaire } = await connecte(qui)
          essais += Object.keys(champs).length
          const { statusCode } = await envoyer(
            cible,
            qui,
            chemin,
            { _jeton: formulaire, ...champs },
            { origin: `https://${HOTE}` },
          )
          if (statusCode >= 500) casses.push(`${chemin} : ${statusCode}`)
        }
    }
    const apres = {
      droits: await droitsDe(),
      autre: await compter(autre),
      version: await compter('999983'),
      marque: await compter(marque),
    }
    const fautes = [
      ...casses,
      ...changees(avant.droits, apres.droits),
      ...(['autre', 'version', 'marque'] as const).flatMap((cle) =>
        apres[cle] > avant[cle] ? [`${cle} : ${apres[cle] - avant[cle]}`] : [],
      ),
    ]
    return { essais, fautes }
  }

  test('[ACC-01] fields added to a form (organisation, role, author, version, status) change nothing anywhere', async (t) => {
    const { essais, fautes } = await injecter(serveur, listerAdresses(serveur))
    t.diagnostic(`S15 : ${essais} champs injectés, ${fautes.length} retenu`)
    assert.ok(essais > 1000)
    assert.deepEqual(fautes, [])
  })

  test('the proof has teeth: a form that writes the role it is given is found', async (t) => {
    const percee = await creerServeur(
      application,
      [
        {
          methode: 'POST',
          chemin: '/essai/role',
          droit: 'compte.tenir',
          async traiter({ session, champs, acteur }) {
            await session.sql`update habilitation set role = ${champs.role?.[0] ?? ''} where dept = ${DEPT} and compte = ${acteur.compte}`
            return { genre: 'redirection', vers: '/' }
          },
        },
      ],
      REGLAGES,
    )
    const { essais, fautes } = await injecter(percee, [{ methode: 'POST', chemin: '/essai/role' }])
    await percee.close()
    t.diagnostic(
      `S15, un formulaire qui prend le rôle donné : ${essais} champs injectés, ${fautes.length} table changée`,
    )
    assert.ok(fautes.includes('habilitation'))
  })
})
