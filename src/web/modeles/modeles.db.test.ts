import assert from 'node:assert/strict'
import { test } from 'node:test'
import { crc32, deflateSync } from 'node:zlib'
import type { Application } from '#acces'
import { preparerCourriers } from '#jobs'
import { lireTextePdf } from '#tests/pdf'
import { routesCourriers } from '../courriers/index.ts'
import {
  applicationLe,
  avecBase,
  creerDossiers,
  type MenageEssai,
  type Navigateur,
  naviguer,
} from '../tableaux/fabrique-essai.ts'
import { routesModeles } from './index.ts'

const JOUR = '2026-11-16'
const ROUTES = [...routesModeles, ...routesCourriers]

const commande = (nom: string): MenageEssai => ({
  nom,
  signaux: [
    {
      type: 'commandement_de_payer',
      le: '2026-11-05',
      acteLe: '2026-11-03',
      contenu: { code_postal: '71400', commune: 'Autun', civilite: 'Mme' },
    },
  ],
})

async function avec<T>(application: Application, compte: string, travail: (n: Navigateur) => Promise<T>): Promise<T> {
  const n = await naviguer(application, compte, ROUTES)
  try {
    return await travail(n)
  } finally {
    await n.fermer()
  }
}

const champCache = (html: string, nom: string): string =>
  new RegExp(`name="${nom}" value="([^"]*)"`).exec(html)?.[1] ?? ''
const zone = (html: string, nom: string): string =>
  (new RegExp(`<textarea[^>]*name="${nom}"[^>]*>([^<]*)</textarea>`).exec(html)?.[1] ?? '')
    .replaceAll('&amp;', '&')
    .replaceAll('&#x27;', "'")
    .replaceAll('&quot;', '"')
    .replace(/^\n/, '')

/** Opens a draft of a letter; its address and what the form holds. */
async function ouvrir(n: Navigateur, modele: string, champs: Readonly<Record<string, string>> = {}) {
  const { vers } = await n.envoyer('/modeles/ouvrir', { genre: 'texte', modele, ...champs })
  const { html } = await n.lire(vers)
  const adresse = vers.replace(/\/modifier$/, '')
  return { adresse, revision: champCache(html, 'revision'), corps: zone(html, 'corps'), facile: zone(html, 'facile') }
}

const revisionDe = async (n: Navigateur, adresse: string): Promise<string> =>
  champCache((await n.lire(adresse)).html, 'revision')

/** Submits as the secretariat and approves as the pilot. */
async function approuver(application: Application, adresse: string): Promise<void> {
  await avec(application, 'secretariat', async (n) => {
    const soumise = await n.envoyer(`${adresse}/soumettre`, { revision: await revisionDe(n, adresse) })
    assert.match(soumise.message?.texte ?? soumise.texte, /Version soumise/)
  })
  await avec(application, 'pilote', async (n) => {
    const decidee = await n.envoyer(`${adresse}/decider`, {
      revision: await revisionDe(n, adresse),
      accord: 'oui',
      motif: '',
    })
    assert.match(decidee.message?.texte ?? decidee.texte, /Version approuvée/)
  })
}

const PHRASE = 'Notre accueil est ouvert sans rendez-vous le jeudi.'

test('[COU-06] [CHA-06] the words of a letter change on the day approved by somebody else; letters already prepared keep theirs', () =>
  avecBase(async (base) => {
    const lundi = applicationLe(base, JOUR)
    await creerDossiers(lundi, [commande('Morel')])
    await preparerCourriers(lundi, '71')
    const adresse = await avec(lundi, 'secretariat', async (n) => {
      const brouillon = await ouvrir(n, 'menage-commandement')
      assert.match(brouillon.corps, /^# Vous avez reçu un commandement de payer/)
      const enregistre = await n.envoyer(`${brouillon.adresse}/modifier`, {
        revision: brouillon.revision,
        du: '2026-11-18',
        motif: 'Nouvel accueil du jeudi.',
        corps: `${brouillon.corps}\n\n${PHRASE}`,
        facile: brouillon.facile,
      })
      assert.equal(enregistre.statut, 303)
      const page = await n.lire(brouillon.adresse)
      assert.match(page.texte, /Comparée à ce qui est livré 1 différence/)
      assert.match(page.texte, new RegExp(`ajouté rien ${PHRASE}`))
      assert.match((await n.lire(`${brouillon.adresse}/essai`)).texte, new RegExp(PHRASE))
      const seul = await n.envoyer(`${brouillon.adresse}/decider`, { revision: '2', accord: 'oui' })
      assert.equal(seul.statut, 403, 'whoever writes does not approve')
      return brouillon.adresse
    })
    await approuver(lundi, adresse)

    const jeudi = applicationLe(base, '2026-11-19')
    await creerDossiers(jeudi, [commande('Arnoux')])
    await preparerCourriers(jeudi, '71')
    await avec(jeudi, 'secretariat', async (n) => {
      const liste = await n.lire('/courriers/modeles/menage-commandement')
      const lettre = async (nom: string) =>
        (await n.lire(new RegExp(`href="(/courriers/[0-9a-f-]{36})">[^<]*${nom}`).exec(liste.html)?.[1] ?? '')).texte
      assert.match(await lettre('ARNOUX'), new RegExp(PHRASE))
      assert.doesNotMatch(await lettre('MOREL'), new RegExp(PHRASE), 'prepared on Monday, before the date of effect')
      assert.match(
        (await n.lire('/modeles')).texte,
        /commandement de payer a été reçu Version 1 depuis le 18\/11\/2026/,
      )
    })

    const retour = await avec(jeudi, 'secretariat', async (n) => {
      const { vers } = await n.envoyer('/modeles/ouvrir', {
        genre: 'texte',
        modele: 'menage-commandement',
        retour: 'oui',
      })
      const chemin = vers.replace(/\/modifier$/, '')
      await n.envoyer(vers, { revision: await revisionDe(n, vers), du: '2026-11-20', motif: 'L’accueil ferme.' })
      return chemin
    })
    await approuver(jeudi, retour)
    const vendredi = applicationLe(base, '2026-11-20')
    await creerDossiers(vendredi, [commande('Zelter')])
    await preparerCourriers(vendredi, '71')
    await avec(vendredi, 'secretariat', async (n) => {
      const liste = await n.lire('/courriers/modeles/menage-commandement')
      const zelter = /href="(\/courriers\/[0-9a-f-]{36})">[^<]*ZELTER/.exec(liste.html)?.[1] ?? ''
      assert.doesNotMatch((await n.lire(zelter)).texte, new RegExp(PHRASE), 'the shipped text is back')
    })
    await assert.rejects(
      base.pool.query("update version_courrier set decide_par = cree_par where etat = 'approuvee'"),
      /check constraint/,
      'the database refuses too that one person writes and approves',
    )
  }))

test('[COU-06] a text that would print a hole, cite an unknown word or lose a mandatory statement is not saved', () =>
  avecBase(async (base) => {
    const application = applicationLe(base, JOUR)
    await creerDossiers(application, [])
    await avec(application, 'secretariat', async (n) => {
      const { adresse, revision, corps, facile } = await ouvrir(n, 'menage-commandement')
      const essayer = (texte: string, suite: Readonly<Record<string, string>> = {}) =>
        n.envoyer(`${adresse}/modifier`, { revision, du: '2026-11-20', motif: 'Essai', corps: texte, facile, ...suite })
      const cas: readonly (readonly [string, RegExp])[] = [
        [
          corps.replace('{menage.appel}', 'Bonjour {menage.apel}'),
          /Ligne 3, colonne 9 : « \{menage\.apel\} » n’est pas une information qu’un courrier peut citer\. Peut-être « menage\.appel » \?/,
        ],
        [
          `${corps}\n\nAppeler {service.nom}.`,
          /« \{service\.nom\} » n’est pas toujours connue : écrire cette phrase entre/,
        ],
        [`${corps}\n\nAppeler {service.nom`, /Une accolade « \{ » est seule/],
        [
          corps.replaceAll('tribunal', 'juge'),
          /Mention obligatoire : « tribunal » doit rester.* Source : loi n° 89-462 du 6 juillet 1989, art\. 24/,
        ],
        [
          `${corps.replaceAll('tribunal', 'juge')}\n\n{si service.nom}\nLe tribunal attend {service.nom}.\n{fin}`,
          /Mention obligatoire : « tribunal » doit rester, dans tous les cas/,
        ],
      ]
      for (const [texte, message] of cas) {
        const refuse = await essayer(texte)
        assert.equal(refuse.statut, 422)
        assert.match(refuse.texte, message)
        assert.equal(zone(refuse.html, 'corps'), texte, 'what was typed is kept')
        assert.equal((await essayer(texte, { acte: 'voir' })).statut, 422, 'nor shown as a letter')
      }
      assert.equal(
        (await essayer(`${corps}\n\nBonne journée.`, { du: '2026-11-15' })).statut,
        422,
        'a date that is past',
      )
      const [compte] = (await base.pool.query('select revision from version_courrier')).rows
      assert.equal(compte.revision, 1, 'nothing was written')
      const vu = await essayer(`${corps}\n\nBonne journée.`, { acte: 'voir' })
      assert.match(vu.texte, /Ce que cela donne .* Madame Morel, .* Bonne journée\./)
      assert.equal(
        (await base.pool.query('select revision from version_courrier')).rows[0].revision,
        1,
        'seen, not saved',
      )
      assert.equal((await essayer(`${corps}\n\nBonne journée.`)).statut, 303)
      const second = await essayer(`${corps}\n\nBonne soirée.`)
      assert.equal(second.statut, 409, 'somebody saved meanwhile')
      assert.match(second.html, /Bonne soirée/, 'what was typed is kept')
      assert.match(second.html, /Bonne journée/, 'and what is recorded is shown')
    })
  }))

test('[COU-06] a draft is tried on a dossier the reader may see, and the reading is journalled', () =>
  avecBase(async (base) => {
    const application = applicationLe(base, JOUR)
    const [morel] = await creerDossiers(application, [commande('Morel')])
    const reference = morel?.reference ?? ''
    const adresse = await avec(application, 'secretariat', async (n) => {
      const { adresse } = await ouvrir(n, 'menage-commandement')
      const essai = await n.lire(`${adresse}/essai?dossier=${reference}`)
      assert.match(essai.texte, /Madame Camille MOREL 12 rue des Forges 71400 AUTUN/)
      const pdf = await n.lire(`${adresse}/essai.pdf?dossier=${reference}`)
      assert.match(lireTextePdf(pdf.octets).replace(/\s/g, ''), /MadameCamilleMOREL/)
      assert.match((await n.lire(`${adresse}/essai?dossier=AB-0000-000000`)).texte, /pas dans votre périmètre/)
      const vide = await n.lire(`${adresse}/essai?cas=rien`)
      assert.doesNotMatch(vide.texte, /service suivant|undefined|null/)
      return adresse
    })
    const { rows } = await base.pool.query(
      "select count(*)::int as n from journal where action = 'modele.apercevoir' and $1 = any (dossiers)",
      [morel?.id],
    )
    assert.equal(rows[0].n, 2)
    await avec(application, 'pilote', async (n) => {
      const essai = await n.lire(`${adresse}/essai?dossier=${reference}`)
      assert.doesNotMatch(essai.texte, /rue des Forges/, 'a pilot approves words, and reads no address')
    })
  }))

/** A plain image of one colour. */
function png(cote: number): Buffer {
  const morceau = (type: string, donnees: Buffer) => {
    const corps = Buffer.concat([Buffer.from(type, 'latin1'), donnees])
    const fin = Buffer.alloc(4)
    fin.writeUInt32BE(crc32(corps))
    const taille = Buffer.alloc(4)
    taille.writeUInt32BE(donnees.length)
    return Buffer.concat([taille, corps, fin])
  }
  const tete = Buffer.alloc(13)
  tete.writeUInt32BE(cote, 0)
  tete.writeUInt32BE(cote, 4)
  tete.set([8, 2, 0, 0, 0], 8)
  const pixels = Buffer.alloc(cote * (1 + 3 * cote), 0x40)
  for (let y = 0; y < cote; y++) pixels[y * (1 + 3 * cote)] = 0
  return Buffer.concat([
    Buffer.from([0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a]),
    morceau('IHDR', tete),
    morceau('IDAT', deflateSync(pixels)),
    morceau('IEND', Buffer.alloc(0)),
  ])
}

test('[COU-01] contacts, sender, signature and logo of a département are printed once approved', () =>
  avecBase(async (base) => {
    const application = applicationLe(base, JOUR)
    await creerDossiers(application, [])
    const adresse = await avec(application, 'secretariat', async (n) => {
      const { vers } = await n.envoyer('/modeles/ouvrir', { genre: 'presentation', modele: '' })
      const { html } = await n.lire(vers)
      const champs: Record<string, string> = {}
      for (const [, nom, valeur] of html.matchAll(/<input[^>]*name="([^"]+)"[^>]*value="([^"]*)"/g))
        if (nom && !nom.startsWith('_') && !/retirer/.test(nom)) champs[nom] = valeur ?? ''
      for (const [, nom, valeur] of html.matchAll(/<textarea[^>]*name="([^"]+)"[^>]*>([^<]*)</g))
        if (nom) champs[nom] = (valeur ?? '').replace(/^\n/, '')
      for (const [, nom, options] of html.matchAll(/<select[^>]*name="([^"]+)"[^>]*>(.*?)<\/select>/gs))
        if (nom) champs[nom] = /value="([^"]*)"[^>]* selected/.exec(options ?? '')?.[1] ?? ''
      const nouveau = Number(champs.contacts) - 1
      Object.assign(champs, {
        du: JOUR,
        motif: 'Nouveau point conseil.',
        'logo-texte': 'Préfecture de Saône-et-Loire',
        'expediteur-0-signataire': 'Le secrétariat de la CCAPEX',
        [`contact-${nouveau}-bloc`]: 'adil',
        [`contact-${nouveau}-titre`]: 'ADIL à Autun',
        [`contact-${nouveau}-lignes`]: 'Permanence le mardi',
        [`contact-${nouveau}-territoires`]: 'autun',
      })
      const deposer = (suite: Readonly<Record<string, string>>, fichier?: { nom: string; octets: Buffer }) =>
        n.televerser(vers, { ...champs, ...suite }, fichier && { champ: 'logo', ...fichier })
      const svg = await deposer(
        {},
        { nom: 'logo.png', octets: Buffer.from('<svg xmlns="http://www.w3.org/2000/svg"/>') },
      )
      assert.equal(svg.statut, 422, 'judged by its content, not by its name')
      assert.match(svg.texte, /ni une image PNG ni une image JPEG/)
      const lourd = await deposer({}, { nom: 'logo.png', octets: Buffer.concat([png(20), Buffer.alloc(300_000)]) })
      assert.match(lourd.texte, /Ce logo est trop lourd/)
      const ailleurs = await deposer({ [`contact-${nouveau}-territoires`]: 'lyon' })
      assert.match(ailleurs.texte, /« lyon » n’est pas un territoire/)
      const bon = await deposer({}, { nom: 'peu-importe.bin', octets: png(40) })
      assert.equal(bon.statut, 303, bon.texte.slice(0, 400))
      const chemin = vers.replace(/\/modifier$/, '')
      const pdf = (await n.lire(`${chemin}/essai.pdf`)).octets
      assert.match(pdf.toString('latin1'), /\/Subtype \/Image/)
      assert.match(pdf.toString('latin1'), /pdfuaid:part>1</, 'still a tagged PDF')
      const texte = (await n.lire(`${chemin}/essai?modele=menage-commandement`)).texte
      assert.match(texte, /ADIL à Autun Permanence le mardi/)
      assert.match(texte, /Le secrétariat de la CCAPEX/)
      assert.match((await n.lire(chemin)).texte, /Contact : ADIL \(2\)/)
      return chemin
    })
    await approuver(application, adresse)
    const demain = applicationLe(base, '2026-11-17')
    await creerDossiers(demain, [commande('Morel')])
    await preparerCourriers(demain, '71')
    await avec(demain, 'secretariat', async (n) => {
      const liste = await n.lire('/courriers/modeles/menage-commandement')
      const chemin = /href="(\/courriers\/[0-9a-f-]{36})">/.exec(liste.html)?.[1] ?? ''
      const pdf = (await n.lire(`${chemin}/apercu.pdf`)).octets
      assert.match(pdf.toString('latin1'), /\/Subtype \/Image/, 'the real letter shows the logo')
      assert.match((await n.lire(chemin)).texte, /ADIL à Autun .* Le secrétariat de la CCAPEX/)
    })
  }))

test('[COU-06] a release that changes the shipped text is said; one that makes the local text unlawful is not printed', () =>
  avecBase(async (base) => {
    const application = applicationLe(base, JOUR)
    await creerDossiers(application, [commande('Morel')])
    const adresse = await avec(application, 'secretariat', async (n) => {
      const { adresse, revision, corps, facile } = await ouvrir(n, 'menage-commandement')
      await n.envoyer(`${adresse}/modifier`, {
        revision,
        du: JOUR,
        motif: 'Essai',
        corps: `${corps}\n\n${PHRASE}`,
        facile,
      })
      return adresse
    })
    await approuver(application, adresse)
    // An earlier version, still printable: it never comes back.
    const ANCIENNE = 'Une aide existe, disait l’ancien texte.'
    await base.pool.query(
      `insert into version_courrier (dept, genre, modele, numero, etat, contenu, livre, du, motif, cree_par, cree_a, modifie_par, modifie_a, soumis_par, soumis_a,
        decide_par, decide_a)
       select dept, genre, modele, 99, etat, jsonb_set(contenu, '{texte,corps}', to_jsonb((contenu -> 'texte' ->> 'corps') || $1::text)), livre, du - 30, motif, cree_par,
         cree_a, modifie_par, modifie_a, soumis_par, soumis_a, decide_par, decide_a from version_courrier`,
      [`\n\n${ANCIENNE}`],
    )
    const livre = application.referentiel.courriers.get('menage-commandement')
    assert.ok(livre)
    const suivante = (mentions: typeof livre.mentions): Application => {
      const change = {
        ...livre,
        mentions,
        corps: {
          ...livre.corps,
          parties: [
            ...livre.corps.parties,
            { genre: 'paragraphe' as const, morceaux: [{ gras: false, texte: 'Une aide existe.' }] },
          ],
        },
        textes: { ...livre.textes, corps: `${livre.textes.corps}\n\nUne aide existe.` },
      }
      const courriers = new Map(application.referentiel.courriers).set('menage-commandement', change)
      return { ...applicationLe(base, '2026-11-17'), referentiel: { ...application.referentiel, courriers } }
    }
    const douce = suivante(livre.mentions)
    await avec(douce, 'secretariat', async (n) => {
      assert.match((await n.lire('/modeles')).texte, /Le texte livré a changé/)
      const page = await n.lire(adresse)
      assert.match(page.texte, /Ce qui a changé dans le texte livré 1 différence .* Une aide existe\./)
      assert.match((await n.lire(`${adresse}/essai`)).texte, new RegExp(PHRASE), 'it still applies')
    })
    const dure = suivante([...livre.mentions, { texte: 'Une aide existe', reference: 'Nouvelle loi', fiabilite: 'C' }])
    await preparerCourriers(dure, '71')
    await avec(dure, 'secretariat', async (n) => {
      assert.match((await n.lire('/modeles')).texte, /Ne s’applique plus/)
      assert.match(
        (await n.lire(adresse)).texte,
        /le texte livré part à sa place\. .*« Une aide existe ».*Nouvelle loi/,
      )
      const liste = await n.lire('/courriers/modeles/menage-commandement')
      const chemin = /href="(\/courriers\/[0-9a-f-]{36})">/.exec(liste.html)?.[1] ?? ''
      const lettre = await n.lire(chemin)
      assert.match(lettre.texte, /Une aide existe\./)
      assert.doesNotMatch(lettre.texte, new RegExp(PHRASE))
      assert.doesNotMatch(lettre.texte, new RegExp(ANCIENNE))
    })
  }))

test('[CHA-06] an approval is undone before its day, also when another version is being written', () =>
  avecBase(async (base) => {
    const application = applicationLe(base, JOUR)
    const ecrire = (du: string) =>
      avec(application, 'secretariat', async (n) => {
        const { adresse, revision, corps, facile } = await ouvrir(n, 'menage-commandement')
        await n.envoyer(`${adresse}/modifier`, { revision, du, motif: 'Essai', corps: `${corps}\n\n${PHRASE}`, facile })
        return adresse
      })
    const fausse = await ecrire('2026-11-30')
    await approuver(application, fausse)
    await ecrire('2026-12-10')
    await avec(application, 'pilote', async (n) => {
      const defaite = await n.envoyer(`${fausse}/defaire`, { revision: await revisionDe(n, fausse) })
      assert.equal(defaite.statut, 303)
      assert.match(defaite.message?.texte ?? '', /ne s’appliquera pas/)
    })
    const { rows } = await base.pool.query('select etat from version_courrier order by numero')
    assert.deepEqual(
      rows.map(({ etat }) => etat),
      ['retiree', 'brouillon'],
    )
  }))
