import assert from 'node:assert/strict'
import { randomUUID } from 'node:crypto'
import { after, before, describe, test } from 'node:test'
import type { FastifyInstance } from 'fastify'
import {
  accesDe,
  aLeDroit,
  hacherMotDePasse,
  installerCompte,
  lireConnexion,
  ouvrirConnexion,
  ouvrirSession,
  type Role,
  roles,
} from '#acces'
import { cleDestinataire, envoyerBordereaux, genreDe, prevoirPourDossier, proposerPourDossier } from '#bordereaux'
import { envoyerOrdre, lireRappel } from '#commission'
import { figerTableaux, preparerCourriers, suivreEngagements } from '#jobs'
import { listerLignes } from '#signalements'
import { noMailer } from '#socle/mail'
import { readWorkbook } from '#socle/tableur'
import { normalizeForSearch } from '#socle/text'
import {
  type ApplicationDEssai,
  importer,
  lireExemple,
  ouvrirApplicationDEssai,
  referentielLivre as referentiel,
  systeme,
} from '#tests/application'
import { clesDEssai, MAJEURE_ANCIENNE } from '#tests/base'
import { creerServeur, routes } from '#web'

/**
 * Figure S7 of docs/securite.md: every route of the server's own table, by every role. Whatever household a page or a file shows must be in the entries its
 * reading left; whatever is refused must have left a refusal; whatever is sent must have left an entry.
 */
const DEPT = '71'
const MOT_DE_PASSE = 'preuve-du-journal'
type Route = (typeof routes)[number]

const ORGANISMES = {
  secretariat: 'SEC71-AUTUN',
  prefecture: 'PREF71',
  service_social: 'DEP71',
  emetteur: 'OPAC71',
  pilote: 'PREF71',
  administrateur: 'DEP71',
  dpd: 'DEP71',
  partenaire: 'FSL71',
  maire: 'MAIRIE71-CREUSOT',
} as const satisfies Record<Exclude<Role, 'systeme'>, string>
type RoleDePersonne = keyof typeof ORGANISMES

/** What the access matrix gives to a role in the organisme it acts for here. */
function accesDuRole(role: RoleDePersonne) {
  const code = ORGANISMES[role]
  const organisme = referentiel.departements.get(DEPT)?.organismes.find((un) => un.code === code)
  assert.ok(organisme, code)
  return { acces: accesDe(referentiel.matrice, organisme.type, role) }
}
const personnes = roles.filter((role): role is RoleDePersonne => role !== 'systeme')
/** Those who read everything there is; on the oldest PostgreSQL, a few of them. */
const lecteurs: readonly RoleDePersonne[] = MAJEURE_ANCIENNE
  ? ['secretariat', 'service_social', 'partenaire']
  : personnes

/** Parameters of pages that show no household; the identifier is nobody's, and its refusal must be journalled. */
const GENERALES: Readonly<Record<string, string>> = {
  id: '0198a000-0000-7000-8000-000000000001',
  contact: '0198a000-0000-7000-8000-000000000002',
  habilitation: '0198a000-0000-7000-8000-000000000003',
  participation: '0198a000-0000-7000-8000-000000000004',
  fil: '0198a000-0000-7000-8000-000000000004',
  message: '0198a000-0000-7000-8000-000000000005',
  demande: '0198a000-0000-7000-8000-000000000006',
  piece: '0198a000-0000-7000-8000-000000000007',
  copie: '0198a000-0000-7000-8000-000000000075',
  point: '0198a000-0000-7000-8000-000000000007',
  interlocuteur: '0198a000-0000-7000-8000-000000000008',
  diagnostic: '0198a000-0000-7000-8000-000000000010',
  entretien: '0198a000-0000-7000-8000-000000000011',
  volet: 'social',
  document: '0198a000-0000-7000-8000-000000000070',
  reseau: '0198a000-0000-7000-8000-000000000071',
  fusion: '0198a000-0000-7000-8000-000000000072',
  dispositif: '0198a000-0000-7000-8000-000000000073',
  mesure: '0198a000-0000-7000-8000-000000000074',
  echange: '0198a000-0000-7000-8000-000000000012',
  envoi: '0198a000-0000-7000-8000-000000000013',
  acte: '0198a000-0000-7000-8000-000000000009',
  partenaire: 'departement',
  ecrit: '0198a000-0000-7000-8000-000000000004',
  synthese: '0198a000-0000-7000-8000-000000000005',
  locataire: '0198a000-0000-7000-8000-000000000006',
  formulaire: '0198a000-0000-7000-8000-000000000039',
  membre: '0198a000-0000-7000-8000-000000000040',
  apport: '0198a000-0000-7000-8000-000000000041',
  enquete: '0198a000-0000-7000-8000-000000000010',
  sollicitation: '0198a000-0000-7000-8000-000000000011',
  renseignement: '0198a000-0000-7000-8000-000000000060',
  fait: 'decision',
  tache: '0198a000-0000-7000-8000-000000000009',
  absence: '0198a000-0000-7000-8000-000000000010',
  action: '0198a000-0000-7000-8000-000000000010',
  notification: '0198a000-0000-7000-8000-000000000052',
  refuse: '0198a000-0000-7000-8000-000000000053',
  secret: '71.adresse-que-personne-n-a-tiree.ics',
  modele: 'menage-assignation',
  numero: '1',
  groupe: 'signataires',
  cle: '1',
  consultation: '0198a000-0000-7000-8000-000000000051',
  genre: 'delais',
  nom: 'dsf.remise',
  plan: '0198a000-0000-7000-8000-000000000009',
  suite: '0198a000-0000-7000-8000-000000000050',
  gel: '0198a000-0000-7000-8000-000000000059',
}

/** One thing a page may show of a household: any of these marks in the journal accounts for it. */
type Marques = ReadonlySet<string>

interface Lecture {
  readonly role: string
  readonly adresse: string
  /** What was shown and is not in the journal. */
  readonly manque: readonly string[]
  readonly montre: number
}

describe('S7: what is read is journalled', () => {
  let application: ApplicationDEssai
  let serveur: FastifyInstance
  /** `NOM Prénom` in search form → marks. */
  const noms = new Map<string, Set<string>>()
  /** Reference → id. */
  const references = new Map<string, string>()
  /** Values for the parameters of the addresses. */
  const valeurs: Record<string, string> = {}
  const comptes = new Map<RoleDePersonne, { id: string; jeton: string; formulaire: string }>()

  /** Senders write a name and a first name in either order: both meet the same marks. */
  const noter = (nom: unknown, prenom: unknown, ...marques: (string | null)[]) => {
    if (typeof nom !== 'string' || typeof prenom !== 'string') return
    const [droit, inverse] = [normalizeForSearch(`${nom} ${prenom}`), normalizeForSearch(`${prenom} ${nom}`)]
    if (droit.length < 6) return
    const connues = noms.get(droit) ?? noms.get(inverse) ?? new Set<string>()
    for (const marque of marques) if (marque !== null) connues.add(marque)
    noms.set(droit, connues).set(inverse, connues)
  }

  /** The session of a role, opened again when what was sent has closed it. */
  const connecte = async (role: RoleDePersonne) => {
    const connu = comptes.get(role)
    if (connu && (await lireConnexion(application, connu.jeton))) return connu
    const adresse = `192.0.2.${personnes.indexOf(role) + 1}`
    const demande = { dept: DEPT, courriel: `${role}@preuve.example`, motDePasse: MOT_DE_PASSE, adresse }
    const { jeton } = await ouvrirConnexion(application, demande)
    const lue = await lireConnexion(application, jeton)
    const ouvert = { id: lue?.acteur.compte ?? '', jeton, formulaire: lue?.jetonFormulaire ?? '' }
    comptes.set(role, ouvert)
    return ouvert
  }

  before(async () => {
    application = {
      ...(await ouvrirApplicationDEssai()),
      acces: {
        cles: clesDEssai,
        courrier: noMailer,
        adresse: 'http://localhost',
        demonstration: true,
      },
    }
    for (const [nom, organisme] of [
      ['caf-2026-10.csv', 'CAF71'],
      ['bailleurs-sociaux.csv', 'OPAC71'],
      ['assignations-semaine-46.csv', 'PREF71'],
    ] as const)
      await importer(application, organisme, nom, lireExemple(nom))
    await figerTableaux(application, DEPT, Temporal.PlainDate.from('2026-11-16'))
    await suivreEngagements(application, DEPT)
    await preparerCourriers(application, DEPT)
    const motDePasse = await hacherMotDePasse(MOT_DE_PASSE)
    for (const role of personnes)
      await installerCompte(application.base, {
        dept: DEPT,
        courriel: `${role}@preuve.example`,
        prenom: 'Maxence',
        nom: 'Quidemont',
        motDePasse,
        organisme: ORGANISMES[role],
        role,
        du: Temporal.PlainDate.from('2026-01-01'),
        motif: 'preuve',
        a: application.horloge.now(),
      })
    for (const role of personnes) await connecte(role)
    serveur = await creer(routes)
    await ouvrirSession(application, systeme(), 'dossier.consulter', async (session) => {
      const { sql } = session
      const lots = await sql<{ id: string }>`select id from lot where dept = ${DEPT}`
      for (const { id: lot } of lots)
        for (const { ligne, champs, signalement, dossier } of await listerLignes(session, lot, { limite: 10_000 }))
          noter(champs.nom_usage, champs.prenom, `${lot}/${ligne}`, `${lot}/*`, signalement, dossier)
      for (const ligne of await sql<Record<string, string | null>>`
        select l.lot, l.ligne::text, l.champs->>'nom_usage' as nom, l.champs->>'prenom' as prenom, l.signalement, r.dossier, u.id as doute
        from ligne_lot l left join rattachement r on r.dept = l.dept and r.signalement = l.signalement and r.defait_a is null
        left join doute u on u.dept = l.dept and u.signalement = l.signalement where l.dept = ${DEPT}`) {
        const { lot, ligne: rang, nom, prenom, signalement = null, dossier = null, doute = null } = ligne
        noter(nom, prenom, `${lot}/${rang}`, `${lot}/*`, signalement, dossier, doute)
      }
      const dossiers = await sql<{ id: string; reference: string; nom: string; prenom: string }>`
        select id, reference, menage->'titulaire'->>'nomUsage' as nom, menage->'titulaire'->>'prenom' as prenom from dossier where dept = ${DEPT}`
      for (const { id, reference, nom, prenom } of dossiers) {
        references.set(reference, id)
        noter(nom, prenom, id)
      }
      const [choix] = await sql<Record<string, string>>`
        select d.reference, d.id as dossier, r.signalement, (select id::text from doute where dept = ${DEPT} and reponse is null limit 1) as doute,
          (select x.reference from dossier x where x.dept = ${DEPT} and x.id <> d.id and x.signaux > 0 limit 1) as autre,
          (select s.id::text from liste s join organisme o on o.dept = ${DEPT} and o.id = s.organisme
            where s.dept = ${DEPT} and o.code = 'DEP71' limit 1) as liste
        from dossier d join rattachement r on r.dept = ${DEPT} and r.dossier = d.id and r.defait_a is null
        where d.dept = ${DEPT} and d.signaux > 1 limit 1`
      const [rejet] = await sql<Record<string, string>>`
        select l.lot, l.ligne::text from ligne_lot l join lot t on t.dept = ${DEPT} and t.id = l.lot join organisme o on o.dept = ${DEPT} and o.id = t.organisme
        where l.dept = ${DEPT} and l.verdict = 'rejetee' and l.corrigee_a is null and o.code = 'OPAC71' limit 1`
      const [alerte] = await sql<{ id: string }>`insert into alerte_acces (dept, cle, regle, dossier, jour, cree_a)
        values (${DEPT}, 'preuve', 'homonyme', ${choix?.dossier}, ${'2026-11-20'}, ${application.horloge.now()}) returning id`
      Object.assign(valeurs, choix, rejet, { alerte: alerte?.id })
    })
    // A force request on the same dossier: its pages and the list then show a household.
    const { rows: requisitions } = await application.base.pool.query(
      `insert into requisition (dept, id, dossier, acte, recue_le, organisme, par, a)
       select c.dept, gen_random_uuid(), $1, gen_random_uuid(), '2026-11-02', h.organisme, c.id, now() from compte c
       join habilitation h on h.dept = c.dept and h.compte = c.id where c.courriel = 'prefecture@preuve.example' returning id`,
      [valeurs.dossier],
    )
    valeurs.requisition = requisitions[0].id
    // A session of the commission with this dossier, its agenda sent to the social service.
    const { rows: seances } = await application.base.pool.query(
      `with c as (
        insert into commission (dept, nom, niveau, territoires, secretariat, cree_a)
        select o.dept, 'Commission de la preuve', 'territoriale', '{autun}', o.id, now() from organisme o where o.dept = $1 and o.code = 'SEC71-AUTUN' returning *
      ), m as (
        insert into commission_membre (dept, commission, organisme, qualite, titulaire, du)
        select c.dept, c.id, h.organisme, 'droit', h.compte, '2026-01-01' from c join habilitation h on h.dept = c.dept and h.role = 'service_social'
        returning id
      ), s as (
        insert into seance (dept, commission, le, debut, fin, etat, cree_a) select dept, id, '2026-12-10', '09:00', '12:00', 'prevue', now() from c returning *
      ), i as (
        insert into inscription (dept, seance_id, dossier_id, origine, rang, duree_minutes, etat, inscrite_a)
        select dept, id, $2, 'saisine', 1, 6, 'inscrit', now() from s returning *
      ) select i.id as inscription, s.id as seance, s.commission from i join s on s.id = i.seance_id`,
      [DEPT, valeurs.dossier],
    )
    Object.assign(valeurs, seances[0])
    const acteur = async (role: RoleDePersonne) => {
      const lue = await lireConnexion(application, (await connecte(role)).jeton)
      if (!lue) throw new Error(`${role} is not signed in`)
      return lue.acteur
    }
    await ouvrirSession(application, await acteur('secretariat'), 'seance.preparer', (session) =>
      envoyerOrdre(session, valeurs.seance ?? '', 1),
    )
    await ouvrirSession(application, await acteur('service_social'), 'seance.participer', (session) =>
      lireRappel(session, valeurs.seance ?? ''),
    )
    // A letter that left, and its batch.
    const { rows: lots } = await application.base.pool.query(
      `insert into lot_courrier (dept, organisme, modele, par, a, total, faits, etat, pdf, empreinte, envoi)
       select c.dept, h.organisme, 'menage-assignation', c.id, now(), 1, 1, 'pret', '\\x255044462d', 'preuve', gen_random_uuid() from compte c
       join habilitation h on h.dept = c.dept and h.compte = c.id where c.courriel = 'secretariat@preuve.example' returning id`,
    )
    const { rows: courriers } = await application.base.pool.query(
      `update courrier set etat = 'produit', pdf = '\\x255044462d', empreinte = 'preuve', lot = $1
       where id = (select id from courrier where modele = 'menage-assignation' order by nom, id limit 1) returning id`,
      [lots[0].id],
    )
    Object.assign(valeurs, { lotCourrier: lots[0].id, courrier: courriers[0].id })
    // A slip of the secretariat to the State about this dossier.
    await ouvrirSession(application, await acteur('secretariat'), 'bordereau.envoyer', async (session) => {
      const genre = genreDe(session, 'contingent')
      const { possibles } = await proposerPourDossier(session, genre, valeurs.dossier ?? '')
      const envoi = randomUUID()
      const demande = { destinataires: possibles.map(cleDestinataire), mot: 'Preuve.', envoi }
      const preparation = await prevoirPourDossier(session, genre, valeurs.dossier ?? '', demande)
      const parti = await envoyerBordereaux(session, preparation, { empreinte: preparation.empreinte, envoi })
      valeurs.bordereau = parti.bordereaux[0] ?? ''
    })
    Object.assign(valeurs, { genreDu: 'requisitions', genreDemande: 'contingent' })
    // What it became in a word processor; a version of its text, and a logo.
    const { rows: versions } = await application.base.pool.query(
      `with c as (select dept, id from compte where courriel = 'secretariat@preuve.example'), m as (
        insert into courrier_modifie (dept, courrier, octets, empreinte, par, a) select c.dept, $1, '\\x504b', 'preuve', c.id, now() from c
      ), l as (
        insert into logo_courrier (dept, genre, largeur, hauteur, octets, empreinte, par, a) select c.dept, 'png', 1, 1, '\\x89', 'preuve', c.id, now() from c returning id
      ), v as (
        insert into version_courrier (dept, genre, modele, numero, contenu, livre, du, motif, cree_par, cree_a, modifie_par, modifie_a)
        select c.dept, 'texte', 'menage-assignation', 1, '{"livre":true}', '{"livre":true}', '2026-12-10', 'Preuve', c.id, now(), c.id, now() from c returning id
      ) select v.id as "versionCourrier", l.id as logo from v, l`,
      [courriers[0].id],
    )
    Object.assign(valeurs, versions[0])
    // The sheet of a landlord, with the dwelling of this dossier.
    const { rows: bailleurs } = await application.base.pool.query(
      `with b as (
        insert into bailleur (dept, id, nom, cle, recherche, cree_a, modifie_a) values ($1, gen_random_uuid(), 'Bailleur de la preuve', 'bailleur de la preuve',
          'bailleur de la preuve', now(), now()) returning *
      ), l as (
        insert into bailleur_logement (dept, id, bailleur, adresse, cle) select dept, gen_random_uuid(), id, '1 rue de la Preuve', '1 rue de la preuve' from b returning *
      ), d as (
        insert into bailleur_dossier (dept, id, dossier, logement, a) select dept, gen_random_uuid(), $2, id, now() from l
      ) select id as bailleur from b`,
      [DEPT, valeurs.dossier],
    )
    Object.assign(valeurs, bailleurs[0])
  })
  after(async () => {
    await serveur.close()
    await application.fermer()
  })

  const creer = (table: readonly Route[]) =>
    creerServeur(application, table, {
      securise: false,
      departement: DEPT,
      journalErreurs: (_reference, erreur) => {
        throw erreur
      },
    })

  /** A pattern with its parameters filled in. A parameter nobody knows here is a route nobody proves: add its value above. */
  const remplir = (chemin: string): string =>
    chemin.replace(/:(\w+)/g, (_tout, nom: string) => {
      const cle =
        nom === 'id' && chemin.startsWith('/reconnaitre')
          ? 'doute'
          : nom === 'genre' && chemin.includes('/transmettre')
            ? chemin.startsWith('/transmettre')
              ? 'genreDu'
              : 'genreDemande'
            : chemin.startsWith('/modeles') && nom === 'id'
              ? 'versionCourrier'
              : chemin.startsWith('/courriers')
                ? ({ id: 'courrier', lot: 'lotCourrier' }[nom] ?? nom)
                : nom
      const valeur = chemin.startsWith('/tableaux') && nom === 'id' ? valeurs.liste : (valeurs[cle] ?? GENERALES[cle])
      assert.ok(valeur, `the proof has no value for the parameter ${nom} of ${chemin}`)
      return valeur
    })

  /** Addresses of a route: itself, and with what makes it show more. */
  const adresses = (chemin: string): string[] => {
    const adresse = remplir(chemin)
    const nom = encodeURIComponent([...noms.keys()][3]?.split(' ')[0] ?? '')
    const avec: Readonly<Record<string, readonly string[]>> = {
      '/modeles/:id/essai.pdf': [`?dossier=${valeurs.reference}`],
      '/dossiers': ['', `?q=${nom}`, '?etape=assignation&tri=dette'],
      '/dossiers/export.csv': ['', `?q=${nom}`],
      '/a-faire': ['?territoire=tous', '?territoire=tous&file=sans_preneur', '?territoire=tous&file=inconnus'],
      '/dossiers/confier': [`?dossiers=${valeurs.dossier}&retour=/dossiers`],
      '/dossiers/:reference/reunir': ['', `?avec=${valeurs.autre}`],
      '/dossiers/:reference/syntheses/nouvelle': ['', '?pour=bailleur', '?pour=juge'],
      '/recevoir/:lot': ['', '?verdict=rejetee', '?verdict=acceptee'],
      '/journal': ['', `?dossier=${valeurs.reference}`],
    }
    return (avec[chemin] ?? ['']).map((suite) => adresse + suite)
  }

  const dernier = async (): Promise<number> => {
    const { rows } = await application.base.pool.query('select coalesce(max(id), 0)::int as n from journal')
    return rows[0].n
  }

  interface Ecrite {
    resultat: string
    action: string
    objet: string | null
    objet_id: string | null
    dossiers: string[]
    details: Record<string, unknown>
  }
  const ecritesDepuis = async (id: number, compte: string): Promise<Ecrite[]> => {
    const { rows } = await application.base.pool.query(
      'select resultat, action, objet, objet_id, dossiers::text[] as dossiers, details from journal where id > $1 and compte = $2',
      [id, compte],
    )
    return rows as Ecrite[]
  }

  /** Everything the entries of one request account for. */
  const marquesDe = (entrees: readonly Ecrite[]): Set<string> => {
    const marques = new Set<string>()
    for (const { resultat, action, objet, objet_id, dossiers, details } of entrees) {
      if (resultat !== 'fait') continue
      for (const id of dossiers) marques.add(id)
      if (objet_id !== null && objet !== 'lot') marques.add(objet_id)
      for (const id of [details.signalement, details.dossier, ...((details.doutes as string[]) ?? [])])
        if (typeof id === 'string') marques.add(id)
      const filtre = details.filtre as { dossier?: string } | undefined
      if (filtre?.dossier) marques.add(filtre.dossier)
      for (const rang of Array.isArray(details.lignes) ? details.lignes : [])
        marques.add(typeof rang === 'string' ? rang : `${objet_id}/${rang}`)
      if (objet === 'lot' && (details.apercu !== undefined || action.startsWith('lot.exporter')))
        marques.add(`${objet_id}/*`)
    }
    return marques
  }

  /** Names by their first word, the longest first: « Jean-Luc » is not « Jean ». */
  const parPremierMot = new Map<string, { mots: readonly string[]; nom: string; marques: Marques }[]>()
  const rangerLesNoms = () => {
    for (const [nom, marques] of [...noms].sort(([a], [b]) => b.length - a.length)) {
      const mots = nom.split(' ')
      const siens = parPremierMot.get(mots[0] ?? '')
      if (siens) siens.push({ mots, nom, marques })
      else parPremierMot.set(mots[0] ?? '', [{ mots, nom, marques }])
    }
  }

  /** What a text shows of households: each with the marks that account for it. */
  const montres = (texte: string): [string, Marques][] => {
    if (parPremierMot.size === 0) rangerLesNoms()
    const mots = normalizeForSearch(texte).split(/\s+/)
    const vus = new Map<string, Marques>()
    for (let rang = 0; rang < mots.length; rang++) {
      const trouve = parPremierMot
        .get(mots[rang] ?? '')
        ?.find(({ mots: siens }) => siens.every((mot, suite) => mots[rang + suite] === mot))
      if (!trouve) continue
      vus.set(trouve.nom, trouve.marques)
      rang += trouve.mots.length - 1
    }
    const trouves = [...vus]
    for (const [reference] of texte.matchAll(/\b\d{2}-\d{4}-\d{5}\b/g)) {
      const id = references.get(reference)
      if (id) trouves.push([reference, new Set([id])])
    }
    return trouves
  }

  async function lireTexte(type: string, octets: Buffer): Promise<string> {
    if (type.includes('spreadsheetml')) return (await readWorkbook(octets, 'xlsx')).flat().join('\n')
    if (type.includes('opendocument')) return (await readWorkbook(octets, 'ods')).flat().join('\n')
    return octets
      .toString('utf8')
      .replace(/<[^>]+>/g, ' ')
      .replace(/&#x27;/g, '’')
      .replace(/&amp;/g, '&')
  }

  /** Whoever watches the journal reads references in it, never what dossiers hold: those do not count as reading a household. */
  const veille = (chemin: string): boolean => chemin.startsWith('/journal') || chemin.startsWith('/alertes')

  const lire = async (
    cible: FastifyInstance,
    role: RoleDePersonne,
    route: Route,
    adresse: string,
  ): Promise<Lecture> => {
    const compte = comptes.get(role)
    assert.ok(compte)
    const avant = await dernier()
    const reponse = await cible.inject({ url: adresse, cookies: { amont_session: compte.jeton } })
    const entrees = await ecritesDepuis(avant, compte.id)
    const lecture = { role, adresse, manque: [] as string[], montre: 0 }
    if (!aLeDroit(accesDuRole(role), route.droit)) {
      assert.equal(reponse.statusCode, 403, `${role} ${adresse}`)
      return { ...lecture, montre: 1, manque: entrees.some(({ resultat }) => resultat === 'refuse') ? [] : ['refus'] }
    }
    assert.ok(reponse.statusCode < 500, `${role} ${adresse} : ${reponse.statusCode}`)
    if (reponse.statusCode === 404 || reponse.statusCode === 409 || reponse.statusCode === 403)
      return { ...lecture, montre: 1, manque: entrees.some(({ resultat }) => resultat === 'refuse') ? [] : ['refus'] }
    if (!route.neutre && reponse.statusCode === 200 && entrees.length === 0) lecture.manque.push('aucune entrée')
    if (adresse.endsWith('.pdf')) {
      const listes = entrees.filter(
        ({ action, dossiers }) =>
          [
            'liste.exporter',
            'notice.imprimer',
            'requisition.fiche',
            'argent.imprimer',
            'bordereau.imprimer',
            'courrier.telecharger',
            'courriers.imprimer',
            'seance.imprimer',
            'releve.imprimer',
            'modele.apercevoir',
          ].includes(action) && dossiers.length > 0,
      )
      return { ...lecture, montre: 1, manque: listes.length > 0 ? lecture.manque : ['pdf'] }
    }
    const marques = marquesDe(entrees)
    const vus = montres(await lireTexte(String(reponse.headers['content-type']), reponse.rawPayload))
    const manque = vus.filter(
      ([, acceptees]) => !veille(route.chemin) && ![...acceptees].some((une) => marques.has(une)),
    )
    return { ...lecture, montre: vus.length, manque: [...lecture.manque, ...manque.map(([nom]) => nom)] }
  }

  const lireTout = async (cible: FastifyInstance, table: readonly Route[], qui: readonly RoleDePersonne[]) => {
    const lectures: Lecture[] = []
    for (const route of table.filter(({ methode }) => methode === 'GET'))
      for (const role of qui)
        for (const adresse of adresses(route.chemin)) lectures.push(await lire(cible, role, route, adresse))
    return lectures
  }

  test('[ACC-13] every household a page or a file shows is in the journal of its reading, for every role and every route', async (t) => {
    const lectures = await lireTout(serveur, routes, lecteurs)
    const montre = lectures.reduce((somme, lecture) => somme + lecture.montre, 0)
    const fautes = lectures.filter(({ manque }) => manque.length > 0)
    const manquees = fautes.reduce((somme, { manque }) => somme + manque.length, 0)
    t.diagnostic(
      `S7 : ${lectures.length} pages et fichiers lus par ${lecteurs.length} rôles, ${montre} données de ménages ou refus, ${montre - manquees} journalisés`,
    )
    assert.ok(montre > 500, `${montre} shown: the proof reads too little to mean anything`)
    assert.deepEqual(
      fautes.map(({ role, adresse, manque }) => `${role} ${adresse} : ${manque.slice(0, 5).join(', ')}`),
      [],
    )
  })

  test('the proof has teeth: a search that skips the journal turns it red', async (t) => {
    const muette = routes.map((route) =>
      route.chemin === '/dossiers' && route.methode === 'GET'
        ? {
            ...route,
            traiter: (requete: Parameters<typeof route.traiter>[0]) =>
              route.traiter({ ...requete, session: { ...requete.session, consigner: () => {} } }),
          }
        : route,
    )
    const percee = await creer(muette)
    const lectures = await lireTout(
      percee,
      muette.filter(({ chemin }) => chemin === '/dossiers'),
      ['secretariat'],
    )
    await percee.close()
    const manquees = lectures.flatMap(({ manque }) => manque)
    t.diagnostic(
      `S7, journal ôté de la liste : ${lectures.length} pages lues, ${manquees.length} données manquantes au journal`,
    )
    assert.ok(lectures.every(({ manque }) => manque.length > 0))
  })

  test('[ACC-13] every form sent, accepted or not, leaves an entry', async (t) => {
    let essais = 0
    const muets: string[] = []
    for (const route of routes.filter(({ methode }) => methode === 'POST'))
      for (const role of lecteurs)
        for (const juste of [true, false]) {
          const compte = await connecte(role)
          const jeton = juste ? compte.formulaire : 'faux'
          const avant = await dernier()
          const { statusCode }: { statusCode: number } = await serveur.inject({
            method: 'POST',
            url: remplir(route.chemin),
            cookies: { amont_session: compte.jeton },
            headers: { 'content-type': 'application/x-www-form-urlencoded' },
            payload: new URLSearchParams({ _jeton: jeton }).toString(),
          })
          assert.ok(statusCode < 500, `${role} ${route.chemin} : ${statusCode}`)
          essais += 1
          const entrees = await ecritesDepuis(avant, compte.id)
          const refuse = !juste || !aLeDroit(accesDuRole(role), route.droit)
          if (entrees.length === 0 || (refuse && entrees.every(({ resultat }) => resultat === 'fait')))
            muets.push(`${role} ${route.chemin}`)
        }
    t.diagnostic(`S7 : ${essais} formulaires envoyés, ${essais - muets.length} journalisés`)
    assert.deepEqual(muets, [])
  })

  test('[ACC-15] the journal holds no name of a household, no address, no text that was searched', async (t) => {
    const { rows } = await application.base.pool.query('select j::text as texte from journal j')
    const textes = (rows as { texte: string }[]).map(({ texte }) => ` ${normalizeForSearch(texte)} `)
    const trouves = [...noms.keys()].filter((nom) => textes.some((texte) => texte.includes(` ${nom} `)))
    t.diagnostic(
      `S7 : ${rows.length} entrées relues, ${noms.size} noms cherchés (dans les deux ordres), ${trouves.length} trouvé`,
    )
    assert.deepEqual(trouves, [])
  })
})
