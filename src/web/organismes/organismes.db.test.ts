import assert from 'node:assert/strict'
import { after, before, describe, test } from 'node:test'
import { acteurSysteme, installerOrganismes, lireOrganisme, listerOrganismes, ouvrirSession } from '#acces'
import { dansContexte, type Execute } from '#socle/db'
import { ecrireCsv, importer, ligne } from '#tests/application'
import { type EssaiConnexion, type Lue, ouvrirEssaiConnexion, type Visiteur } from '../compte/fabrique-essai.ts'
import { routesCompte } from '../compte/index.ts'
import { routesComptes } from '../comptes/index.ts'
import { routesOrganismes } from './index.ts'

const DEPT = '71'
const ADMIN = 'claude.arnoux@essai.example'

describe('organismes of a département, on screen', () => {
  let essai: EssaiConnexion
  let admin: Visiteur
  const enBase = <T>(travail: (sql: Execute) => Promise<T>) =>
    dansContexte(essai.application.base, { dept: DEPT, portee: 'connexion' }, ({ sql }) => travail(sql))
  const DEMANDE = { nom: 'CCAS de Gueugnon', type: 'ccas', code: '', communes: 'gueugnon', envoi: '' }
  const envoyer = async (
    qui: Visiteur,
    demande: Readonly<Record<string, string | readonly string[]>>,
  ): Promise<Lue> => {
    const { html } = await qui.lire('/organismes/nouveau')
    return qui.poster('/organismes/nouveau', {
      ...DEMANDE,
      envoi: /name="envoi" value="([^"]+)"/.exec(html)?.[1] ?? '',
      ...demande,
    })
  }
  const modifier = async (
    adresse: string,
    demande: Readonly<Record<string, string | readonly string[]>>,
  ): Promise<Lue> => {
    const { html } = await admin.lire(adresse)
    return admin.poster(adresse, {
      communes: '',
      version: /name="version" value="(\d+)"/.exec(html)?.[1] ?? '',
      ...demande,
    })
  }
  const ficheDe = async (code: string): Promise<string> => {
    const [trouve] = await enBase(
      (sql) => sql<{ id: string }>`select id from organisme where dept = ${DEPT} and code = ${code}`,
    )
    return `/organismes/${trouve?.id}`
  }
  before(async () => {
    essai = await ouvrirEssaiConnexion([...routesCompte, ...routesComptes, ...routesOrganismes], {}, { travaux: false })
    await essai.compte(ADMIN, 'administrateur', 'PREF71')
    admin = essai.visiteur()
    await essai.enroler(admin, ADMIN)
    await admin.lire('/comptes')
  })
  after(() => essai?.fermer())

  test('[ACC-01] an administrator adds an organisme, and may invite somebody into it at once', async () => {
    const cree = await envoyer(admin, {})
    assert.equal(cree.statut, 303)
    const fiche = await admin.lire(cree.vers)
    assert.match(fiche.texte, /Sorte CCAS ou CIAS Code CCAS-DE-GUEUGNON Agit pour Gueugnon Comptes Personne/)
    const liste = await admin.lire('/organismes?q=gueugnon')
    assert.match(liste.texte, /1 organisme /)
    assert.match(
      (await admin.lire('/comptes/nouveau?organisme=CCAS-DE-GUEUGNON')).html,
      /<option value="CCAS-DE-GUEUGNON" selected="">CCAS de Gueugnon<\/option>/,
    )
    const invite = await admin.poster('/comptes/nouveau', {
      prenom: 'Inès',
      nom: 'Valadier',
      courriel: 'ines.valadier@essai.example',
      organisme: 'CCAS-DE-GUEUGNON',
      role: 'service_social',
      du: '2026-11-20',
      jusqu_au: '',
      motif: 'Ouverture du service',
    })
    assert.equal(invite.statut, 303)
    assert.match((await admin.lire(cree.vers)).texte, /Comptes 1 personne/)
  })

  test('a CCAS added on screen is one of those the dispatch may ask, for its communes', async () => {
    const organismes = await ouvrirSession(
      essai.application,
      acteurSysteme(DEPT, 'essai'),
      'dossier.consulter',
      listerOrganismes,
    )
    assert.deepEqual(organismes.find(({ code }) => code === 'CCAS-DE-GUEUGNON')?.communes, ['71230'])
  })

  test('[ACC-01] nobody else adds, changes nor reads them', async () => {
    await essai.compte('sans.droit@essai.example', 'secretariat', 'SEC71-AUTUN')
    const qui = essai.visiteur('192.0.2.40')
    await essai.enroler(qui, 'sans.droit@essai.example')
    await qui.lire('/compte')
    const fiche = await ficheDe('CAF71')
    for (const chemin of ['/organismes', '/organismes.csv', '/organismes/nouveau', fiche])
      assert.equal((await qui.lire(chemin)).statut, 403, chemin)
    await qui.lire('/compte')
    for (const chemin of ['/organismes/nouveau', fiche, `${fiche}/fermer`, `${fiche}/rouvrir`]) {
      assert.equal((await qui.poster(chemin, { ...DEMANDE, nom: 'Intrus', motif: 'x' })).statut, 403, chemin)
    }
    assert.match((await admin.lire(fiche)).texte, /CAF de Saône-et-Loire .*ouvert/)
  })

  test('what cannot be is refused beside its field, and what was typed stays', async () => {
    for (const [demande, phrase] of [
      [{ nom: '' }, /Écrire le nom/],
      [{ nom: 'CCAS d’autun', communes: 'Autun' }, /« CCAS d’Autun » \(CCAS71-AUTUN\) existe déjà/],
      [{ nom: 'Nouveau', type: '' }, /Choisir ce qu’est/],
      [{ nom: 'Nouveau', type: 'systeme' }, /Choisir ce qu’est/],
      [{ nom: 'Nouveau', communes: '' }, /en écrire une au moins/],
      [
        { nom: 'Nouveau', communes: 'Autun, Guegnon' },
        /« Guegnon » n’est pas une commune du département\. Peut-être Gueugnon/,
      ],
      [{ nom: 'Nouveau', code: 'pas un code' }, /capitales, chiffres et tirets/],
      [{ nom: 'Nouveau', code: 'CAF71' }, /Le code « CAF71 » est celui/],
      [{ nom: 'Nouveau', territoire: ['paris'] }, /Choisir les territoires/],
    ] as const) {
      const refusee = await envoyer(admin, demande)
      assert.equal(refusee.statut, 422, JSON.stringify(demande))
      assert.match(refusee.texte, phrase)
      if ('communes' in demande) assert.ok(refusee.html.includes(demande.communes), 'what was typed stays')
    }
    const [n] = await enBase(
      (sql) =>
        sql<{
          n: number
        }>`select count(*)::int as n from organisme where dept = ${DEPT} and nom in ('Nouveau', 'Intrus')`,
    )
    assert.equal(n?.n, 0)
  })

  test('a form sent twice adds one organisme', async () => {
    const envoi = crypto.randomUUID()
    const demande = {
      nom: 'Agence des Halles',
      type: 'agence_immobiliere',
      communes: '',
      envoi,
      territoire: ['chalon-sur-saone', 'macon'],
    }
    assert.equal((await envoyer(admin, demande)).statut, 303)
    assert.equal((await envoyer(admin, demande)).vers, `/organismes/${envoi}`)
    assert.match((await admin.lire('/organismes?q=halles')).texte, /1 organisme /)
    assert.match((await admin.lire(`/organismes/${envoi}`)).texte, /Agit pour Chalon-sur-Saône, Mâcon/)
  })

  test('what the département wrote stays when the data shipped are installed again; what nobody touched follows them', async () => {
    const fiche = await ficheDe('CCAS71-AUTUN')
    const rendu = await modifier(fiche, { nom: 'CIAS du Grand Autunois', communes: '71014, Étang-sur-Arroux' })
    assert.equal(rendu.statut, 303)
    await installerOrganismes(essai.application.base, DEPT, [
      { code: 'CCAS71-AUTUN', nom: 'CCAS d’Autun', type: 'ccas', communes: ['71014'] },
      { code: 'CAF71', nom: 'CAF renommée', type: 'caf' },
    ])
    assert.match((await admin.lire(fiche)).texte, /CIAS du Grand Autunois .* Agit pour Autun, Étang-sur-Arroux/)
    assert.match((await admin.lire(await ficheDe('CAF71'))).texte, /CAF renommée/)
  })

  test('[ACC-01] the places of an organisme are those of its accounts: nobody changes those of their own, and the journal says what changed', async () => {
    const sien = await ficheDe('PREF71')
    const refusee = await modifier(sien, { nom: 'Préfecture de Saône-et-Loire', territoire: ['macon'] })
    assert.equal(refusee.statut, 422)
    assert.match(refusee.texte, /C’est votre organisme : l’administrateur d’un autre en change les lieux/)
    assert.equal((await modifier(sien, { nom: 'Préfecture, Saône-et-Loire' })).statut, 303, 'its name may be')
    assert.equal((await modifier(sien, { nom: 'Préfecture de Saône-et-Loire' })).statut, 303)
    await modifier(await ficheDe('AGI71-MACON'), { nom: 'Régie des Quais, Mâcon', territoire: ['macon', 'louhans'] })
    const [trace] = await enBase(
      (sql) =>
        sql<{
          details: { champs: string[] }
        }>`select details from journal where dept = ${DEPT} and action = 'organisme.modifier' and resultat = 'fait'
          order by id desc limit 1`,
    )
    assert.deepEqual(trace?.details.champs, ['territoires'])
  })

  test('two administrators who change one organisme never overwrite each other unseen', async () => {
    const fiche = await ficheDe('MH71')
    const { html } = await admin.lire(fiche)
    const version = /name="version" value="(\d+)"/.exec(html)?.[1] ?? ''
    assert.equal((await modifier(fiche, { nom: 'Mâcon Habitat Sud' })).statut, 303)
    await admin.lire(fiche)
    const conflit = await admin.poster(fiche, { nom: 'Mâcon Habitat Nord', communes: '', version })
    assert.equal(conflit.statut, 409)
    assert.match(conflit.texte, /Mâcon Habitat Nord.*Mâcon Habitat Sud/)
    const fraiche = /name="version" value="(\d+)"/.exec(conflit.html)?.[1] ?? ''
    assert.equal((await admin.poster(fiche, { nom: 'Mâcon Habitat Nord', communes: '', version: fraiche })).statut, 303)
    assert.match((await admin.lire(fiche)).texte, /Mâcon Habitat Nord/)
  })

  test('[ACC-17] closing ends every access at once and is undone; nothing that holds a household closes', async () => {
    const fiche = await ficheDe('CCAS-DE-GUEUGNON')
    await admin.lire(fiche)
    assert.match((await admin.poster(`${fiche}/fermer`, { motif: ' ' })).texte, /Dire pourquoi/)
    await essai.compte('agent@essai.example', 'service_social', 'CCAS-DE-GUEUGNON')
    const agent = essai.visiteur('192.0.2.41')
    await essai.enroler(agent, 'agent@essai.example')
    assert.equal((await agent.lire('/compte')).statut, 200)
    await admin.lire(fiche)
    assert.equal((await admin.poster(`${fiche}/fermer`, { motif: 'Fusion' })).statut, 303)
    assert.equal((await agent.suivre(await agent.lire('/compte'))).adresse, '/connexion?vers=%2Fcompte')
    assert.match((await admin.lire(fiche)).texte, /fermé .*le 20\/11\/2026 : Fusion/)
    const compte = await enBase(
      (sql) => sql<{ id: string }>`select id from compte where dept = ${DEPT} and courriel = 'agent@essai.example'`,
    )
    assert.match((await admin.lire(`/comptes/${compte[0]?.id}`)).texte, /sans effet : l’organisme est fermé/)
    assert.match((await admin.lire('/organismes?etat=fermes')).texte, /CCAS de Gueugnon/)
    assert.doesNotMatch((await admin.lire('/comptes/nouveau')).html, /CCAS-DE-GUEUGNON/)
    assert.match((await envoyer(admin, {})).texte, /existe et est fermé\. Le rouvrir/)
    await admin.lire(fiche)
    assert.equal((await admin.poster(`${fiche}/rouvrir`)).statut, 303)
    assert.equal((await essai.entrer(agent, 'agent@essai.example')).adresse.includes('code'), true)
    const actions = await enBase(
      (sql) => sql<{
        action: string
      }>`select action from journal where dept = ${DEPT} and objet_id = ${fiche.split('/')[2]} and resultat = 'fait'
        and action like 'organisme.%' and action <> 'organisme.gerer' order by id`,
    )
    assert.deepEqual(
      actions.map(({ action }) => action),
      ['organisme.creer', 'organisme.fermer', 'organisme.rouvrir'],
    )
  })

  test('an organisme on which households rest, the last Département and one’s own are not closed', async () => {
    await importer(
      essai.application,
      'CDJ71',
      'cdp.csv',
      ecrireCsv([ligne({ type: 'commandement_de_payer', date_acte: '2026-11-01' })]),
    )
    const tous = await ouvrirSession(
      essai.application,
      acteurSysteme(DEPT, 'essai'),
      'dossier.consulter',
      async ({ sql }) =>
        sql<{
          code: string
        }>`select o.code from affectation a join organisme o on o.dept = a.dept and o.id = a.organisme where a.dept = ${DEPT} and a.terminee_a is null`,
    )
    const [{ code } = { code: '' }] = tous
    const charge = await ficheDe(code)
    await admin.lire(charge)
    assert.match(
      (await admin.poster(`${charge}/fermer`, { motif: 'essai' })).texte,
      /Un ménage repose sur cet organisme/,
    )
    const sien = await ficheDe('PREF71')
    assert.doesNotMatch((await admin.lire(sien)).texte, /Fermer cet organisme/)
    assert.match((await admin.poster(`${sien}/fermer`, { motif: 'essai' })).texte, /votre organisme/)
    const departement = await ficheDe('DEP71')
    await admin.lire(departement)
    assert.match(
      (await admin.poster(`${departement}/fermer`, { motif: 'essai' })).texte,
      /repose sur cet organisme|dernier de sa sorte/,
    )
    assert.equal(
      (
        await ouvrirSession(essai.application, acteurSysteme(DEPT, 'essai'), 'dossier.consulter', (session) =>
          lireOrganisme(session, 'DEP71'),
        )
      ).code,
      'DEP71',
    )
  })

  test('the file holds what the list shows', async () => {
    const { texte } = await admin.lire('/organismes.csv?type=agence_immobiliere&q=halles')
    assert.match(texte, /Agence des Halles.*AGENCE-DES-HALLES.*Agence immobilière.*Chalon-sur-Saône, Mâcon.*ouvert/)
    assert.equal(texte.includes('CAF'), false)
  })
})
