import assert from 'node:assert/strict'
import { randomUUID } from 'node:crypto'
import { after, before, describe, test } from 'node:test'
import { acteurSysteme, lireConnexion, ouvrirSession } from '#acces'
import { rappelerLogements } from '#echanges'
import { frozenClock } from '#socle/time'
import { type Compte, DEPT, type EssaiDesCercles, ouvrirEssaiDesCercles } from '#tests/ecrits'
import { pdf } from '#tests/fichiers'

/**
 * Ce que les partenaires partagent hors de tout dossier : des documents versionnés, des réseaux où aucun ménage n’est nommé, des logements demandés aux agences sans
 * que jamais elles n’apprennent pour qui.
 */
describe('story: partners share documents, talk in networks, ask agencies for a dwelling', () => {
  let essai: EssaiDesCercles
  before(async () => {
    essai = await ouvrirEssaiDesCercles()
  })
  after(() => essai.fermer())

  const sql = async (requete: string, parametres: readonly unknown[] = []) =>
    (await essai.application.base.pool.query(requete, [...parametres])).rows
  const cache = (html: string, nom: string) => new RegExp(`name="${nom}" value="([^"]*)"`).exec(html)?.[1] ?? ''
  const suivre = async (compte: Compte, genre: string): Promise<string> => {
    const { html } = await essai.lire(compte, `/notifications?genre=${genre}`)
    const lien = new RegExp(`href="(/notifications/[0-9a-f-]{36}\\?quoi=${genre})"`).exec(html)?.[1] ?? ''
    return lien === '' ? '' : (await essai.lire(compte, lien)).vers
  }
  /** Sends a form with a file. */
  const deposer = async (
    compte: Compte,
    adresse: string,
    champs: Record<string, string>,
    fichier: { nom: string; octets: Buffer },
  ) => {
    const jeton = await essai.jeton(compte)
    const formulaire = cache((await essai.lire(compte, '/documents')).html, '_jeton')
    const borne = 'borne-partager'
    const part = (entete: string, octets: Buffer) =>
      Buffer.concat([
        Buffer.from(`--${borne}\r\nContent-Disposition: form-data; ${entete}\r\n\r\n`),
        octets,
        Buffer.from('\r\n'),
      ])
    const reponse = await essai.serveur.inject({
      method: 'POST',
      url: adresse,
      cookies: { amont_session: jeton },
      headers: { 'content-type': `multipart/form-data; boundary=${borne}` },
      payload: Buffer.concat([
        ...Object.entries({ _jeton: formulaire, ...champs }).map(([nom, valeur]) =>
          part(`name="${nom}"`, Buffer.from(valeur)),
        ),
        part(`name="fichier"; filename="${fichier.nom}"`, fichier.octets),
        Buffer.from(`--${borne}--\r\n`),
      ]),
    })
    return { statut: reponse.statusCode, html: reponse.body, vers: String(reponse.headers.location ?? '') }
  }

  describe('[ESP-13] documents common to all', () => {
    const fiche = {
      titre: 'Frise de la procédure',
      resume: 'Les enjeux à chaque étape.',
      genre: 'support',
      theme: 'procedure',
      stades: 'assignation',
      types: 'departement',
    }
    let adresse = ''

    test('is published by pilots and secretariats only, through the gate of every file, once', async () => {
      assert.equal((await essai.poster('auteure', '/documents/publier', fiche)).statut, 403)
      assert.equal((await essai.poster('prefecture', '/documents/publier', fiche)).statut, 403)
      const vide = await essai.poster('pilote', '/documents/publier', { ...fiche, envoi: randomUUID() })
      assert.equal(vide.statut, 422)
      assert.match(vide.texte, /Choisir un fichier, ou écrire le texte/)
      assert.match(vide.html, /Frise de la procédure/, 'what was typed stays')
      const sansLecteur = await essai.poster('pilote', '/documents/publier', { ...fiche, types: '', texte: 'Texte' })
      assert.match(sansLecteur.texte, /Choisir au moins un type d’organisme/)
      const faux = await deposer(
        'pilote',
        '/documents/publier',
        { ...fiche, envoi: randomUUID() },
        { nom: 'frise.pdf', octets: Buffer.from('MZ programme') },
      )
      assert.equal(faux.statut, 422)
      assert.match(faux.html, /Ce genre de fichier n’est pas accepté/)
      const envoi = randomUUID()
      const publiee = await deposer(
        'pilote',
        '/documents/publier',
        { ...fiche, envoi },
        { nom: 'frise.pdf', octets: pdf('/Frise true') },
      )
      assert.equal(publiee.statut, 303, publiee.html.replace(/<[^>]+>/g, ' ').slice(-1500))
      adresse = publiee.vers
      const encore = await deposer(
        'pilote',
        '/documents/publier',
        { ...fiche, envoi },
        { nom: 'frise.pdf', octets: pdf('/Frise true') },
      )
      assert.equal(encore.vers, adresse)
      assert.equal((await sql('select 1 from document')).length, 1)
    })

    test('[ESP-13] no text of it nor name of its file bears the number of a dossier, and each form says names are not recognised', async () => {
      const numero = essai.dossier.reference
      const refuse = async (chemin: string, champs: Record<string, string>, quoi: string) => {
        const rendu = await essai.poster('pilote', chemin, { envoi: randomUUID(), ...champs })
        assert.equal(rendu.statut, 422, quoi)
        assert.match(rendu.texte, /numéro de dossier/, quoi)
      }
      for (const champ of ['titre', 'resume', 'texte'])
        await refuse('/documents/publier', { ...fiche, texte: 'Un texte.', [champ]: `Vu dans ${numero}` }, champ)
      const { html } = await essai.lire('pilote', `${adresse}/remplacer`)
      const version = cache(html, 'version')
      await refuse(`${adresse}/remplacer`, { version, quoi: `Après ${numero}`, texte: 'Un texte.' }, 'quoi')
      await refuse(`${adresse}/classer`, { ...fiche, version, titre: numero.slice(5) }, 'classer')
      await refuse(`${adresse}/retirer`, { version, motif: `Nommait ${numero.slice(5)}` }, 'retirer')
      const fichier = await deposer(
        'pilote',
        '/documents/publier',
        { ...fiche, envoi: randomUUID() },
        { nom: `bilan_${numero}.pdf`, octets: pdf('/Frise true') },
      )
      assert.equal(fichier.statut, 422)
      assert.match(fichier.html, /Le nom de ce fichier porte un numéro de dossier/)
      for (const chemin of ['/documents/publier', `${adresse}/remplacer`, `${adresse}/classer`])
        assert.match((await essai.lire('pilote', chemin)).texte, /il ne reconnaît pas les noms/, chemin)
      assert.equal((await sql('select 1 from document')).length, 1)
    })

    test('is read by the kinds it is for, served as an attachment, journalled; to others it does not exist', async () => {
      const lue = await essai.lire('auteure', adresse)
      assert.equal(lue.statut, 200)
      assert.match(lue.texte, /Version 1, en vigueur/)
      const octets = await essai.serveur.inject({
        url: `${adresse}/versions/1`,
        cookies: { amont_session: await essai.jeton('auteure') },
      })
      assert.equal(octets.statusCode, 200)
      assert.match(String(octets.headers['content-disposition']), /^attachment; filename\*=UTF-8''frise\.pdf$/)
      assert.match(String(octets.headers['content-security-policy']), /sandbox/)
      const [trace] = await sql(
        "select objet_id from journal where action = 'document.telecharger' order by id desc limit 1",
      )
      assert.equal(trace.objet_id, adresse.split('/').at(-1))
      for (const compte of ['caf', 'bailleur', 'agence', 'commissaire', 'prefecture', 'administrateur'] as const) {
        assert.equal((await essai.lire(compte, adresse)).statut, 404, compte)
        assert.equal((await essai.lire(compte, `${adresse}/versions/1`)).statut, 404, compte)
        assert.doesNotMatch((await essai.lire(compte, '/documents')).texte, /Frise de la procédure/)
      }
      assert.match(
        (await essai.lire('auteure', '/documents?texte=frise&stade=assignation')).texte,
        /Frise de la procédure/,
      )
      assert.doesNotMatch((await essai.lire('auteure', '/documents?stade=audience')).texte, /Frise de la procédure/)
      assert.match((await essai.lire('auteure', '/documents/export.csv')).octets.toString(), /Frise de la procédure/)
    })

    test('is replaced by a version that says what changes; each version stays; two people never overwrite each other', async () => {
      const { html } = await essai.lire('secretariat', `${adresse}/remplacer`)
      const champs = { version: cache(html, 'version'), envoi: randomUUID(), quoi: '', texte: 'Texte nouveau' }
      assert.match((await essai.poster('secretariat', `${adresse}/remplacer`, champs)).texte, /Dire ce qui change/)
      const faite = await essai.poster('secretariat', `${adresse}/remplacer`, { ...champs, quoi: 'Délais de 2026.' })
      assert.equal(faite.statut, 303, faite.texte.slice(0, 800))
      const perdue = await essai.poster('copilote', `${adresse}/remplacer`, {
        ...champs,
        envoi: randomUUID(),
        quoi: 'Autre',
      })
      assert.equal(perdue.statut, 409)
      assert.match(perdue.html, /Autre/)
      const lue = await essai.lire('auteure', adresse)
      assert.match(lue.texte, /Version 2, en vigueur/)
      assert.match(lue.texte, /Remplacée par la version 2, le 20\/11\/2026/)
      assert.match(lue.texte, /Publiée par Camille PILOTE, Préfecture/)
      assert.equal((await essai.lire('auteure', `${adresse}/versions/1`)).statut, 200)
    })

    test('is opened to everybody signed in, then withdrawn, then put back', async () => {
      const version = async () => cache((await essai.lire('pilote', `${adresse}/classer`)).html, 'version')
      const ouverte = await essai.poster('pilote', `${adresse}/classer`, {
        ...fiche,
        ouvert: 'oui',
        version: await version(),
      })
      assert.equal(ouverte.statut, 303, ouverte.texte.slice(0, 800))
      for (const compte of ['caf', 'bailleur', 'agence', 'dpd'] as const)
        assert.equal((await essai.lire(compte, adresse)).statut, 200, compte)
      assert.match(
        (await essai.poster('pilote', `${adresse}/retirer`, { motif: '', version: await version() })).texte,
        /Écrire pourquoi/,
      )
      await essai.poster('pilote', `${adresse}/retirer`, { motif: 'Périmée', version: await version() })
      assert.equal((await essai.lire('auteure', adresse)).statut, 404)
      assert.equal((await essai.lire('auteure', `${adresse}/versions/1`)).statut, 404)
      assert.doesNotMatch((await essai.lire('pilote', '/documents')).texte, /Frise/)
      assert.match((await essai.lire('pilote', '/documents?etat=retires')).texte, /Frise/)
      assert.equal((await essai.poster('pilote', `${adresse}/remettre`, { version: await version() })).statut, 303)
      assert.equal((await essai.lire('auteure', adresse)).statut, 200)
    })
  })

  describe('[ESP-12] a private dwelling is asked for, without the household', () => {
    let adresse = ''
    const besoin = () => ({
      secteur: 'petites_surfaces',
      territoire: 'chalon-sur-saone',
      pieces: '1',
      loyer: '420,00',
      accessible: 'oui',
      voulu: '2026-12-15',
      avant: '2026-11-30',
      agences: essai.organisme('AGI71-CHALON'),
      reference: essai.dossier.reference,
      envoi: randomUUID(),
    })
    const repondre = async (compte: Compte, champs: Record<string, string>) => {
      const { html } = await essai.lire(compte, adresse)
      const bloc = html.slice(html.indexOf(`${adresse}/acte`))
      return essai.poster(compte, `${adresse}/acte`, {
        agence: cache(bloc, 'agence'),
        version: cache(bloc, 'version'),
        envoi: cache(bloc, 'envoi'),
        ...champs,
      })
    }

    test('the network is kept by those who pilot; an agency says what it proposes for itself alone', async () => {
      const agence = (code: string) => ({
        organisme: essai.organisme(code),
        secteurs: 'petites_surfaces',
        joindre: 'Accueil, 03 85 00 00 00',
        accord: '2026-11-01',
        version: '0',
      })
      assert.equal((await essai.poster('auteure', '/logements/agences', agence('AGI71-CHALON'))).statut, 404)
      assert.equal((await essai.poster('pilote', '/logements/agences', agence('AGI71-CHALON'))).statut, 303)
      assert.equal((await essai.poster('autreAgence', '/logements/agences', agence('AGI71-CHAROLAIS'))).statut, 404)
      assert.equal((await essai.poster('autreAgence', '/logements/agences', agence('AGI71-MACON'))).statut, 303)
      assert.match((await essai.poster('pilote', '/logements/agences', agence('CAF71'))).texte, /Choisir une agence/)
      assert.equal((await essai.poster('secretariat', '/logements/agences', agence('AGI71-CHALON'))).statut, 409)
      assert.match((await essai.lire('auteure', '/logements/agences')).texte, /Agence du Pont/)
      assert.doesNotMatch((await essai.lire('autreAgence', '/logements/agences')).texte, /Agence du Pont/)
      for (const compte of ['bailleur', 'prefecture', 'dpd'] as const)
        assert.equal((await essai.lire(compte, '/logements')).statut, 403, compte)
    })

    test('any social worker asks, in closed fields; what is missing is said beside its field', async () => {
      assert.equal((await essai.poster('agence', '/logements/demander', besoin())).statut, 403)
      assert.match(
        (await essai.poster('auteure', '/logements/demander', { ...besoin(), loyer: '' })).texte,
        /Donner le loyer maximum/,
      )
      assert.match(
        (await essai.poster('adil', '/logements/demander', besoin())).texte,
        /Aucun dossier que vous suivez/,
        'not their dossier',
      )
      const demande = besoin()
      const faite = await essai.poster('auteure', '/logements/demander', demande)
      assert.equal(faite.statut, 303, faite.texte.slice(0, 800))
      adresse = faite.vers
      assert.equal((await essai.poster('auteure', '/logements/demander', demande)).vers, adresse)
      assert.match((await essai.lire('collegue', adresse)).texte, /LACOMBE/)
      const personnel = await essai.poster('socialDuPersonnel', '/logements/demander', { ...besoin(), reference: '' })
      assert.equal(personnel.statut, 303)
      assert.equal((await essai.lire('auteure', personnel.vers)).statut, 404, 'each organisme its own')
    })

    test('the agency is told, reads the need, never whose it is; another agency finds nothing', async () => {
      const lien = await suivre('agence', 'logement')
      assert.match(lien, /^\/logements\//)
      for (const url of [adresse, '/logements', '/logements?etat=toutes', '/logements/export.csv']) {
        const lue = await essai.lire('agence', url)
        assert.equal(lue.statut, 200, url)
        const tout = lue.html + lue.octets.toString()
        assert.doesNotMatch(tout, /Lacombe/i, url)
        assert.ok(!tout.includes(essai.dossier.reference) && !tout.includes(essai.dossier.id), url)
      }
      assert.match((await essai.lire('agence', adresse)).texte, /T1, studio/)
      assert.equal((await essai.lire('autreAgence', adresse)).statut, 404)
      assert.equal((await essai.lire('agence', `/dossiers/${essai.dossier.reference}`)).statut, 403)
      // Those who keep the network follow what is asked: no dossier there either.
      assert.doesNotMatch((await essai.lire('pilote', adresse)).texte, /Lacombe/i)
      assert.match((await essai.lire('agence', '/logements')).texte, /Partager \d à traiter/)
    })

    test('at the database, no agency reads which dossier it is for', async () => {
      const connecte = await lireConnexion(essai.application, await essai.jeton('agence'))
      assert.ok(connecte?.acteur)
      const lues = await ouvrirSession(
        essai.application,
        connecte.acteur,
        'logement.consulter',
        async ({ sql: executer }) => ({
          liens: await executer`select 1 from logement_demande_dossier`,
          demandes: await executer`select 1 from logement_demande`,
        }),
      )
      assert.equal(lues.liens.length, 0)
      assert.ok(lues.demandes.length > 0)
    })

    test('a question, its answer without the household, an offer, a visit; whoever asked is told', async () => {
      assert.match((await repondre('agence', { genre: 'offre', texte: '' })).texte, /Donner le loyer proposé/)
      assert.equal((await repondre('agence', { genre: 'question', texte: 'Avec un animal ?' })).statut, 303)
      assert.equal(await suivre('auteure', 'logement_recu'), adresse)
      assert.match((await essai.lire('auteure', '/a-faire')).texte, /Donner suite à 1 réponse d’agence/)
      assert.match((await essai.lire('auteure', '/echanges')).texte, /1 réponse d’agence attend/)
      const nomme = await repondre('auteure', { genre: 'precision', texte: 'Madame LACOMBE n’en a pas.' })
      assert.equal(nomme.statut, 422)
      assert.match(nomme.texte, /Ce texte nomme le ménage/)
      const question = await repondre('agence', { genre: 'question', texte: 'Est-ce le 26-00099 ?' })
      assert.match(question.texte, /numéro de dossier/, 'an agency neither')
      assert.equal((await repondre('auteure', { genre: 'precision', texte: 'Non, aucun.' })).statut, 303)
      const { html } = await essai.lire('agence', adresse)
      const offre = { genre: 'offre', pieces: '1', loyer: '410,00', le: '2026-12-10', texte: '' }
      assert.equal((await repondre('agence', offre)).statut, 303)
      const bloc = html.slice(html.indexOf(`${adresse}/acte`))
      const perdue = await essai.poster('agence', `${adresse}/acte`, {
        ...offre,
        agence: cache(bloc, 'agence'),
        version: cache(bloc, 'version'),
        envoi: randomUUID(),
      })
      assert.equal(perdue.statut, 409)
      assert.equal(
        (await repondre('agence', { genre: 'visite', le: '2026-12-12' })).statut,
        422,
        'a visit is noted by whoever asked',
      )
      assert.equal((await repondre('auteure', { genre: 'visite', le: '2026-12-12' })).statut, 303)
      const lue = await essai.lire('auteure', adresse)
      assert.match(lue.texte, /T1, studio, 410,00 € charges comprises, libre le 10\/12\/2026/)
      assert.match(lue.texte, /Visite/)
    })

    test('silence is reminded once by the morning work, by hand once a day; the outcome closes it', async () => {
      const autre = await essai.poster('auteure', '/logements/demander', { ...besoin(), reference: '' })
      const rappeler = (instant: string) =>
        ouvrirSession(
          { ...essai.application, horloge: frozenClock(instant) },
          acteurSysteme(DEPT, 'essai'),
          'logement.tenir',
          rappelerLogements,
        )
      assert.equal(await rappeler('2026-11-30T05:00:00Z'), 0, 'not before the day is over')
      assert.equal(await rappeler('2026-12-01T05:00:00Z'), 2)
      assert.equal(await rappeler('2026-12-02T05:00:00Z'), 0)
      assert.match((await essai.lire('auteure', autre.vers)).texte, /1 relance/)
      const champs = { version: '1', issue: 'bail', issue_agence: '', issue_le: '2026-11-20' }
      assert.match((await essai.poster('auteure', `${adresse}/issue`, champs)).texte, /Choisir l’agence avec qui/)
      assert.equal((await essai.poster('pilote', `${adresse}/issue`, champs)).statut, 403)
      const close = await essai.poster('auteure', `${adresse}/issue`, {
        ...champs,
        issue_agence: essai.organisme('AGI71-CHALON'),
      })
      assert.equal(close.statut, 303, close.texte.slice(0, 600))
      assert.match((await essai.lire('agence', adresse)).texte, /Bail signé le 20\/11\/2026/)
      assert.equal(
        (
          await repondre('agence', {
            agence: essai.organisme('AGI71-CHALON'),
            genre: 'rien',
            envoi: randomUUID(),
            version: '9',
          })
        ).statut,
        422,
      )
    })
  })

  describe('[ESP-14] networks of professionals', () => {
    let reseau = ''
    let fil = ''

    test('a pilot creates one with its members; nobody else may', async () => {
      const champs = {
        nom: 'Travailleurs sociaux et bailleurs',
        objet: 'Échanger sur les pratiques.',
        membres: [essai.organisme('DEP71'), essai.organisme('OPAC71')],
        version: '0',
      }
      for (const compte of ['auteure', 'secretariat', 'bailleur', 'prefecture'] as const)
        assert.equal((await essai.poster(compte, '/reseaux/nouveau', champs)).statut, 403, compte)
      assert.match(
        (
          await essai.poster('pilote', '/reseaux/nouveau', {
            ...champs,
            membres: [essai.organisme('CDJ71'), essai.organisme('DEP71')],
          })
        ).texte,
        /au moins deux organismes/,
      )
      for (const champ of ['nom', 'objet']) {
        const nomme = await essai.poster('pilote', '/reseaux/nouveau', { ...champs, [champ]: essai.dossier.reference })
        assert.equal(nomme.statut, 422, champ)
        assert.match(nomme.texte, /numéro de dossier/, champ)
      }
      const cree = await essai.poster('pilote', '/reseaux/nouveau', champs)
      assert.equal(cree.statut, 303, cree.texte.slice(0, 600))
      reseau = cree.vers
      assert.match((await essai.lire('auteure', reseau)).texte, /Aucun ménage n’est nommé ici/)
    })

    test('members write and are told; others find nothing; a dossier number is refused', async () => {
      const nomme = await essai.poster('bailleur', `${reseau}/echange`, {
        sujet: 'Plan',
        texte: `Au sujet de ${essai.dossier.reference}`,
        envoi: randomUUID(),
      })
      assert.equal(nomme.statut, 422, essai.dossier.reference)
      assert.match(nomme.texte, /numéro de dossier/)
      const envoi = randomUUID()
      const saisie = { sujet: 'Plans d’apurement', texte: 'Comment faites-vous ?', envoi }
      const ouvert = await essai.poster('bailleur', `${reseau}/echange`, saisie)
      assert.equal(ouvert.statut, 303, ouvert.texte.slice(0, 600))
      fil = ouvert.vers
      assert.equal((await essai.poster('bailleur', `${reseau}/echange`, saisie)).vers, fil)
      assert.equal(await suivre('auteure', 'reseau'), fil)
      assert.match((await essai.lire('auteure', '/reseaux')).texte, /1 échange à lire/)
      assert.match((await essai.lire('auteure', fil)).texte, /Comment faites-vous/)
      assert.match((await essai.lire('auteure', '/reseaux')).texte, /Tout est lu/)
      assert.equal((await essai.poster('auteure', fil, { texte: 'Par avenant.', envoi: randomUUID() })).statut, 303)
      for (const compte of ['caf', 'autreBailleur', 'socialDuPersonnel', 'secretariat'] as const) {
        assert.equal((await essai.lire(compte, fil)).statut, 404, compte)
        assert.equal((await essai.lire(compte, reseau)).statut, 404, compte)
        assert.equal((await essai.poster(compte, fil, { texte: 'Intrus', envoi: randomUUID() })).statut, 404, compte)
      }
      for (const compte of ['agence', 'commissaire', 'dpd', 'prefecture'] as const)
        assert.equal((await essai.lire(compte, fil)).statut, 403, compte)
    })

    test('a pilot takes a message out: its words are destroyed, its reason stays; a thread is closed', async () => {
      const [message] = await sql("select id from reseau_message where texte = 'Comment faites-vous ?'")
      const retrait = `${fil}/messages/${message.id}/retirer`
      assert.equal((await essai.poster('auteure', retrait, { motif: 'Intrus' })).statut, 404, 'not hers')
      const repete = await essai.poster('pilote', retrait, { motif: `Citait ${essai.dossier.reference}` })
      assert.match(repete.texte, /numéro de dossier/)
      assert.equal((await essai.poster('pilote', retrait, { motif: 'Une personne était reconnaissable' })).statut, 303)
      const lue = await essai.lire('auteure', fil)
      assert.doesNotMatch(lue.texte, /Comment faites-vous/)
      assert.match(lue.texte, /Message retiré le .* par Camille PILOTE : Une personne était reconnaissable/)
      assert.equal((await sql("select 1 from reseau_message where texte like 'Comment%'")).length, 0)
      assert.equal((await essai.poster('auteure', `${fil}/clore`, { clos: 'oui' })).statut, 403)
      assert.equal((await essai.poster('copilote', `${fil}/clore`, { clos: 'oui' })).statut, 303)
      assert.match(
        (await essai.poster('auteure', fil, { texte: 'Encore', envoi: randomUUID() })).texte,
        /Cet échange est clos/,
      )
    })

    test('an organisme that leaves reads nothing more', async () => {
      const { html } = await essai.lire('pilote', `${reseau}/modifier`)
      const champs = {
        nom: 'Travailleurs sociaux et bailleurs',
        objet: 'Échanger.',
        membres: [essai.organisme('OPAC71'), essai.organisme('CAF71')],
        version: cache(html, 'version'),
      }
      assert.equal((await essai.poster('pilote', `${reseau}/modifier`, champs)).statut, 303)
      assert.equal((await essai.poster('copilote', `${reseau}/modifier`, champs)).statut, 409)
      assert.equal((await essai.lire('auteure', fil)).statut, 404)
      assert.equal((await essai.lire('caf', fil)).statut, 200)
    })
  })
})
