import assert from 'node:assert/strict'
import { after, before, describe, test } from 'node:test'
import { acteurSysteme, fermerComptesInactifs, lireOrganisme, ouvrirSession } from '#acces'
import { preparerLeJour } from '#jobs'
import { figerListes, listerListes, repondreListe } from '#repartition'
import { deposerFichier } from '#signalements'
import { dansContexte, type Execute } from '#socle/db'
import { ecrireCsv, ligne } from '#tests/application'
import { routesAFaire } from '../a-faire/index.ts'
import { routesAccompagner } from '../accompagner/index.ts'
import { type EssaiConnexion, ouvrirEssaiConnexion, type Visiteur } from '../compte/fabrique-essai.ts'
import { routesCompte } from '../compte/index.ts'
import { routesRecevoir } from '../recevoir/index.ts'
import { routesReconnaitre } from '../reconnaitre/index.ts'
import { routesTableaux } from '../tableaux/index.ts'
import { routesComptes } from './index.ts'

const ROUTES = [
  ...routesAFaire,
  ...routesRecevoir,
  ...routesReconnaitre,
  ...routesTableaux,
  ...routesAccompagner,
  ...routesCompte,
  ...routesComptes,
]

const DEPT = '71'
const ADMIN = 'claude.arnoux@essai.example'

describe('administering accounts', () => {
  let essai: EssaiConnexion
  let admin: Visiteur
  const enBase = <T>(travail: (sql: Execute) => Promise<T>) =>
    dansContexte(essai.application.base, { dept: DEPT, portee: 'connexion' }, ({ sql }) => travail(sql))
  const idDe = async (courriel: string): Promise<string> =>
    (
      await enBase((sql) => sql<{ id: string }>`select id from compte where dept = ${DEPT} and courriel = ${courriel}`)
    )[0]?.id ?? ''
  const DEMANDE = {
    prenom: 'Inès',
    nom: 'Valadier',
    courriel: 'ines.valadier@essai.example',
    organisme: 'DEP71',
    role: 'service_social',
    du: '2026-11-20',
    jusqu_au: '',
    motif: 'Prise de poste',
  }
  before(async () => {
    essai = await ouvrirEssaiConnexion(ROUTES)
    await essai.compte(ADMIN, 'administrateur', 'PREF71')
    admin = essai.visiteur()
    await essai.enroler(admin, ADMIN)
    await admin.lire('/comptes')
  })
  after(() => essai?.fermer())

  test('[ACC-01] an administrator sees accounts, and no page with what dossiers hold', async () => {
    const accueil = await admin.suivre(await admin.lire('/'))
    assert.equal(accueil.adresse, '/comptes')
    assert.match(accueil.texte, /ARNOUX Camille/)
    for (const chemin of ['/dossiers', '/a-faire', '/recevoir', '/reconnaitre', '/tableaux'])
      assert.equal((await admin.lire(chemin)).statut, 403, chemin)
  })

  test('[ACC-01] nobody else administers', async () => {
    await essai.compte('sans.droit@essai.example', 'secretariat', 'SEC71-AUTUN')
    const qui = essai.visiteur()
    await essai.enroler(qui, 'sans.droit@essai.example')
    await qui.lire('/compte')
    for (const chemin of ['/comptes', '/comptes/nouveau', '/comptes/revue', `/comptes/${await idDe(ADMIN)}`])
      assert.equal((await qui.lire(chemin)).statut, 403, chemin)
    await qui.lire('/compte')
    assert.equal((await qui.poster('/comptes/nouveau', DEMANDE)).statut, 403)
    assert.equal(await idDe(DEMANDE.courriel), '')
  })

  test('[ACC-01] an invitation makes a named account: a shared mailbox, a missing reason or an unknown role leaves nothing behind', async () => {
    for (const [champ, valeur, phrase] of [
      ['courriel', 'secretariat@essai.example', /celle d’un service/],
      ['courriel', 'contact.ccapex71@essai.example', /celle d’un service/],
      ['courriel', 'pas une adresse', /adresse complète/],
      ['nom', ' ', /prénom et le nom/],
      ['motif', '', /Dire pourquoi/],
      ['role', 'systeme', /Choisir un rôle/],
      ['organisme', '', /Choisir un organisme/],
      ['jusqu_au', '2026-11-01', /avant le début/],
      ['du', '2026-02-30', /date n’existe pas/],
      ['courriel', ADMIN, /déjà cette adresse/],
    ] as const) {
      await admin.lire('/comptes/nouveau')
      const refusee = await admin.poster('/comptes/nouveau', { ...DEMANDE, [champ]: valeur })
      assert.equal(refusee.statut, 422, `${champ} ${valeur}`)
      assert.match(refusee.texte, phrase)
    }
    const [n] = await enBase(
      (sql) => sql<{ n: number }>`select count(*)::int as n from compte where dept = ${DEPT} and nom = 'Valadier'`,
    )
    assert.equal(n?.n, 0)
  })

  test('[ACC-01] an invited person chooses a password, enrols, and loses the access the second it is withdrawn', async () => {
    await admin.lire('/comptes/nouveau')
    const cree = await admin.poster('/comptes/nouveau', DEMANDE)
    assert.equal(cree.statut, 303)
    assert.match((await admin.lire(cree.vers)).texte, /invité/)
    const lien = await essai.lien(DEMANDE.courriel)
    const ines = essai.visiteur('192.0.2.40')
    await ines.lire(lien)
    const choix = {
      lien: lien.split('lien=')[1] ?? '',
      nouveau: 'cinq hérons au bord',
      confirmation: 'cinq hérons au bord',
    }
    assert.equal((await ines.poster('/mot-de-passe', choix)).statut, 200)
    await essai.enroler(ines, DEMANDE.courriel, 'cinq hérons au bord')
    assert.equal((await ines.lire('/a-faire')).statut, 200)

    const fiche = await admin.lire(cree.vers)
    const fin = /action="(\/comptes\/[^"]+\/fin)"/.exec(fiche.html)?.[1] ?? ''
    await admin.poster(fin, { motif: '' })
    assert.equal((await ines.lire('/a-faire')).statut, 200, 'without a reason nothing ends')
    await admin.lire(cree.vers)
    await admin.poster(fin, { motif: 'Fin de mission' })
    assert.equal((await ines.suivre(await ines.lire('/a-faire'))).adresse, '/connexion?vers=%2Fa-faire')
    assert.match((await essai.entrer(ines, DEMANDE.courriel, 'cinq hérons au bord')).texte, /pas d’accès en cours/)
    assert.match((await admin.lire(cree.vers)).texte, /retirée le 20\/11\/2026 : Fin de mission/)
    const journal = await enBase(
      (sql) => sql<{ action: string }>`
      select action from journal where dept = ${DEPT} and objet_id = ${cree.vers.split('/')[2]} and action not in ('page.lire', 'formulaire.envoyer') order by id`,
    )
    assert.deepEqual(
      journal.map(({ action }) => action),
      ['habilitation.accorder', 'compte.inviter', 'habilitation.retirer'],
    )
  })

  test('[ACC-01] nobody changes their own rights', async () => {
    const soi = await idDe(ADMIN)
    await admin.lire(`/comptes/${soi}`)
    const demande = { organisme: 'SEC71-AUTUN', role: 'secretariat', motif: 'essai', du: '2026-11-20', jusqu_au: '' }
    assert.equal((await admin.poster(`/comptes/${soi}/habilitations`, demande)).statut, 422)
    await admin.lire(`/comptes/${soi}`)
    assert.equal((await admin.poster(`/comptes/${soi}/depart`, { motif: 'essai' })).statut, 422)
    const roles = await enBase(
      (sql) => sql<{ role: string }>`select role from habilitation where dept = ${DEPT} and compte = ${soi}`,
    )
    assert.deepEqual(roles, [{ role: 'administrateur' }])
  })

  test('a second factor that is lost is enrolled again, password still required, and old codes no longer enter', async () => {
    await essai.compte('perdu@essai.example')
    const qui = essai.visiteur('192.0.2.41')
    const { secours } = await essai.enroler(qui, 'perdu@essai.example')
    const id = await idDe('perdu@essai.example')
    await admin.lire(`/comptes/${id}`)
    assert.equal((await admin.poster(`/comptes/${id}/second-facteur`)).statut, 303)
    assert.equal((await qui.suivre(await qui.lire('/compte'))).adresse, '/connexion?vers=%2Fcompte')
    assert.match((await essai.entrer(qui, 'perdu@essai.example')).adresse, /enrolement/)
    assert.equal(
      (await qui.poster('/connexion/code', { code: secours[0] ?? '' })).statut,
      303,
      'no code is asked at this step',
    )
    assert.match((await qui.suivre(await qui.lire('/compte'))).adresse, /enrolement/)
  })

  test('[ACC-17] leaving closes everything at once and lists what must be taken over, by reference', async () => {
    const { application } = essai
    // The worker of this installation carries the file: two at once would be another test.
    await ouvrirSession(application, acteurSysteme(DEPT, 'essai'), 'lot.deposer', async (session) =>
      deposerFichier(session, {
        organisme: (await lireOrganisme(session, 'CDJ71')).id,
        nom: 'cdp.csv',
        octets: ecrireCsv([ligne({ type: 'commandement_de_payer', date_acte: '2026-11-01' })]),
        recuLe: session.jour,
      }),
    )
    for (let essais = 0; essais < 600; essais++) {
      const { rows } = await application.base.pool.query("select 1 from lot where etat = 'traite'")
      if (rows.length > 0) break
      await new Promise((resolve) => setTimeout(resolve, 100))
    }
    await essai.compte('agent.parti@essai.example')
    const qui = essai.visiteur('192.0.2.42')
    await essai.enroler(qui, 'agent.parti@essai.example')
    const id = await idDe('agent.parti@essai.example')
    const acteur = acteurSysteme(DEPT, 'essai')
    await ouvrirSession(application, acteur, 'liste.figer', (session) =>
      figerListes(session, { date: session.jour, delaiReponse: null }),
    )
    const [liste] = await ouvrirSession(application, acteur, 'liste.consulter', (session) =>
      listerListes(session, { limite: 5 }),
    )
    assert.ok(liste)
    const organisme = await ouvrirSession(application, acteur, 'liste.consulter', (session) =>
      lireOrganisme(session, liste.service === 'departement' ? 'DEP71' : 'CAF71'),
    )
    await ouvrirSession(
      application,
      { ...acteur, compte: id, organisme: organisme.id, role: 'service_social' },
      'liste.repondre',
      (session) => repondreListe(session, liste.id, [{ rang: 1, reponse: 'connu' }]),
    )
    const page = await admin.lire(`/comptes/${id}/depart`)
    assert.match(page.texte, /71-2026-\d+/)
    assert.doesNotMatch(page.texte, /Lacombe/i)
    assert.equal((await admin.poster(`/comptes/${id}/depart`, { motif: '' })).statut, 422)
    const fermee = await admin.suivre(await admin.poster(`/comptes/${id}/depart`, { motif: 'Mutation' }))
    assert.match(fermee.texte, /Le compte est fermé/)
    assert.match(fermee.texte, /71-2026-\d+/)
    assert.equal((await qui.suivre(await qui.lire('/compte'))).adresse, '/connexion?vers=%2Fcompte')
    assert.match((await essai.entrer(qui, 'agent.parti@essai.example')).texte, /inconnu/)
    await admin.lire(`/comptes/${id}`)
    await admin.poster(`/comptes/${id}/rouvrir`)
    assert.match((await essai.entrer(qui, 'agent.parti@essai.example')).texte, /pas d’accès en cours/)
  })

  test('[ACC-01] each year habilitations are confirmed by somebody else, or stay on the list', async () => {
    await essai.compte('ancienne@essai.example')
    const id = await idDe('ancienne@essai.example')
    const soi = await idDe(ADMIN)
    await enBase(
      (sql) => sql`update habilitation set du = '2025-11-20' where dept = ${DEPT} and compte in (${id}, ${soi})`,
    )
    const revue = await admin.lire('/comptes/revue')
    assert.match(revue.texte, /2 habilitations à revoir/)
    const ids = [...revue.html.matchAll(/name="habilitation" value="([^"]+)"/g)].map(([, un = '']) => un)
    await admin.poster('/comptes/revue', { habilitation: ids })
    const apres = await admin.lire('/comptes/revue')
    assert.match(apres.texte, /1 habilitation à revoir/)
    assert.match(apres.texte, /ARNOUX|CLAUDE/)
  })

  test('[ACC-01] accounts nobody used for six months close by the morning job, once; the others stay', async () => {
    await essai.compte('absente@essai.example')
    await essai.compte('presente@essai.example')
    const absente = await idDe('absente@essai.example')
    const presente = await idDe('presente@essai.example')
    await enBase(async (sql) => {
      await sql`update compte set cree_a = '2026-01-10T08:00:00Z' where dept = ${DEPT} and id in (${absente}, ${presente})`
    })
    const qui = essai.visiteur('192.0.2.43')
    await essai.entrer(qui, 'presente@essai.example')
    await preparerLeJour(essai.application, DEPT)
    const etat = async (id: string) =>
      (
        await enBase(
          (sql) =>
            sql<{ motif: string | null }>`select ferme_motif as motif from compte where dept = ${DEPT} and id = ${id}`,
        )
      )[0]?.motif
    assert.equal(await etat(absente), 'Sans connexion depuis 6 mois')
    assert.equal(await etat(presente), null)
    assert.equal(await etat(await idDe(ADMIN)), null)
    const encore = await ouvrirSession(essai.application, acteurSysteme(DEPT, 'essai'), 'compte.gerer', (session) =>
      fermerComptesInactifs(session),
    )
    assert.deepEqual(encore, [])
    const [journal] = await enBase(
      (sql) => sql<{ n: number }>`
      select count(*)::int as n from journal where dept = ${DEPT} and action = 'compte.fermer' and objet_id = ${absente}`,
    )
    assert.equal(journal?.n, 1)
  })
})
