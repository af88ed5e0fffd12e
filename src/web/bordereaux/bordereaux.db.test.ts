import assert from 'node:assert/strict'
import { createHash, randomUUID } from 'node:crypto'
import { after, before, describe, test } from 'node:test'
import { setTimeout } from 'node:timers/promises'
import { acteurSysteme, ouvrirSession } from '#acces'
import { rappelerBordereaux } from '#bordereaux'
import { suivreEngagements } from '#jobs'
import { ouvrirEssaiDesCercles } from '#tests/ecrits'
import { lireTextePdf } from '#tests/pdf'
import { cache, type EssaiRequisitions, ouvrirEssaiRequisitions } from '#tests/requisitions'

const champ = (html: string, nom: string) => new RegExp(`name="${nom}" value="([^"]+)"`).exec(html)?.[1] ?? ''

describe('slips: what leaves is what was re-read, for whom the matrix says, with proof', () => {
  let essai: EssaiRequisitions
  let bordereau = ''

  before(async () => {
    essai = await ouvrirEssaiRequisitions('2026-06-15')
  })
  after(() => essai.fermer())

  const relire = async () => {
    const relue = await essai.lire('secretariat', '/transmettre/requisitions')
    return { relue, champs: { empreinte: champ(relue.html, 'empreinte'), envoi: champ(relue.html, 'envoi') } }
  }

  const tache = async (): Promise<string> => {
    await suivreEngagements(essai.application, '71')
    const { rows } = await essai.application.base.pool.query(
      "select etat from engagement_tache where engagement = 'secretariat/22' order by etat desc limit 1",
    )
    return rows[0]?.etat
  }

  const compter = async (): Promise<number> =>
    (await essai.application.base.pool.query('select count(*)::int as n from bordereau')).rows[0].n

  const dater = (stadeLe: string) => essai.application.base.pool.query('update dossier set stade_le = $1', [stadeLe])

  test('[COU-16] what changed since it was re-read does not leave, and says so', async () => {
    assert.match((await essai.lire('secretariat', '/transmettre/requisitions')).html, /name="empreinte"/)
    const autre = await essai.poster('secretariat', '/transmettre/requisitions', {
      empreinte: 'x',
      envoi: randomUUID(),
    })
    assert.equal(autre.statut, 409)
    assert.match(autre.texte, /rien n’est parti/)
    assert.equal(await compter(), 0)
  })

  test('[COU-16] the list of force requests is prepared for the social service, re-read, sent once whatever the number of clicks and of people', async () => {
    const accueil = await essai.lire('secretariat', '/transmettre')
    assert.equal(accueil.statut, 200)
    assert.match(accueil.texte, /À transmettre : 1 ligne/)
    const onglets = [await relire(), await relire()]
    assert.match(onglets[0]?.relue.texte ?? '', /Service social départemental/)
    assert.match(onglets[0]?.relue.texte ?? '', /Lacombe/i)
    const { pool } = essai.application.base
    const retient = await pool.connect()
    const cle = `bordereaux:71:${essai.organisme('SEC71-AUTUN')}`
    await retient.query('select pg_advisory_lock(hashtextextended($1, 0))', [cle])
    const envois = onglets.map(({ champs }) => essai.poster('secretariat', '/transmettre/requisitions', champs))
    for (let essais = 0; essais < 100; essais++) {
      const { rows } = await retient.query('select count(*)::int as n from pg_locks where not granted')
      if (rows[0].n >= 2) break
      await setTimeout(100)
    }
    await retient.query('select pg_advisory_unlock_all()')
    retient.release()
    const faites = await Promise.all(envois)
    assert.deepEqual(faites.map(({ statut }) => statut).sort(), [303, 409], 'two tabs, one sending')
    const rang = faites.findIndex(({ statut }) => statut === 303)
    assert.match(faites[rang]?.message ?? '', /1\sbordereau envoyé, 1\sligne/)
    bordereau = /registre\/([\w-]{36})/.exec(faites[rang]?.vers ?? '')?.[1] ?? ''
    const memes = onglets[rang]?.champs ?? {}
    assert.match((await essai.poster('secretariat', '/transmettre/requisitions', memes)).message, /déjà parti/)
    assert.equal(await compter(), 1)
    assert.match((await essai.lire('secretariat', '/transmettre/requisitions')).texte, /Rien à transmettre/)
  })

  test('[COU-16] a stage whose day is corrected afterwards does not leave again; entered anew, it does', async () => {
    await dater('2026-06-11')
    assert.match((await essai.lire('secretariat', '/transmettre/requisitions')).texte, /Rien à transmettre/)
    await dater('2026-06-16')
    assert.match((await essai.lire('secretariat', '/transmettre')).texte, /À transmettre : 1 ligne/)
    await dater('2026-06-10')
  })

  test('[COU-16] its recipient is told, opens it, and the register says who, when; nobody else has it', async () => {
    assert.match((await essai.lire('secretariat', '/transmettre/registre')).texte, /Pas encore ouvert/)
    const avant = (await essai.lire('assistante', '/notifications')).texte
    assert.match(avant, /Bordereau reçu/)
    assert.match(avant, /\b1 à ouvrir/, 'and the banner counts it')
    for (const compte of ['siao', 'bailleur', 'caf', 'maire'] as const) {
      const lue = await essai.lire(compte, `/recus/${bordereau}`)
      assert.ok([403, 404].includes(lue.statut), `${compte} ${lue.statut}`)
      assert.doesNotMatch(lue.texte, /Lacombe/i)
    }
    const lue = await essai.lire('assistante', `/recus/${bordereau}`)
    assert.equal(lue.statut, 200)
    assert.match(lue.texte, /Lacombe/i)
    assert.doesNotMatch((await essai.lire('assistante', '/notifications')).texte, /\d à ouvrir/)
    const registre = await essai.lire('secretariat', '/transmettre/registre')
    assert.match(registre.texte, /Ouvert le 15\/06\/2026/)
    assert.match((await essai.lire('secretariat', `/transmettre/registre/${bordereau}`)).texte, /Camille ASSISTANTE/)
    assert.equal((await essai.lire('prefecture', `/transmettre/registre/${bordereau}`)).statut, 404)
  })

  test('[COU-16] the bytes are those that left; the proof holds no word of the household; both are journalled', async () => {
    const pdf = await essai.lire('secretariat', `/transmettre/registre/${bordereau}/bordereau.pdf`)
    assert.equal(pdf.type, 'application/pdf')
    assert.match(lireTextePdf(pdf.octets), /Lacombe/i)
    const recu = await essai.lire('assistante', `/recus/${bordereau}/bordereau.pdf`)
    assert.deepEqual(recu.octets, pdf.octets)
    const { rows } = await essai.application.base.pool.query('select empreinte from bordereau where id = $1', [
      bordereau,
    ])
    assert.equal(createHash('sha256').update(pdf.octets).digest('hex'), rows[0].empreinte)
    const preuve = lireTextePdf(
      (await essai.lire('secretariat', `/transmettre/registre/${bordereau}/preuve.pdf`)).octets,
    )
    assert.match(preuve, /Camille ASSISTANTE/)
    assert.match(preuve, new RegExp(essai.dossier.reference))
    assert.doesNotMatch(preuve, /Lacombe|Forges/i)
  })

  test('[COU-16] nothing of the household is in clear in the tables of slips', async () => {
    for (const table of ['bordereau', 'bordereau_ligne', 'bordereau_contenu']) {
      const { rows } = await essai.application.base.pool.query(`select t::text as texte from ${table} t`)
      assert.ok(rows.length > 0, table)
      for (const { texte } of rows as { texte: string }[]) assert.doesNotMatch(texte, /lacombe|forges/i, table)
    }
  })

  test('[ENG-06] a slip sent proves the automatic engagement; withdrawn, it proves nothing any more', async () => {
    const { rows } = await essai.application.base.pool.query(
      "select donnees from fait where type = 'bordereau.envoye' order by rang",
    )
    assert.deepEqual(
      rows.map(({ donnees }) => [donnees.genre, donnees.destinataire]),
      [['requisitions', 'departement']],
    )
    assert.equal(await tache(), 'faite')
  })

  test('[COU-16] sent by mistake: withdrawn with a reason, closed to its recipient by the database, kept in the register, owed again', async () => {
    const sans = await essai.poster('secretariat', `/transmettre/registre/${bordereau}/retirer`, { motif: ' ' })
    assert.equal(sans.statut, 422)
    assert.match(sans.texte, /Dire pourquoi/)
    const retire = await essai.poster('secretariat', `/transmettre/registre/${bordereau}/retirer`, {
      motif: 'Mauvais destinataire, campanule.',
    })
    assert.equal(retire.statut, 303)
    const lue = await essai.lire('assistante', `/recus/${bordereau}`)
    assert.match(lue.texte, /l’a retiré/)
    assert.doesNotMatch(lue.texte, /Lacombe|campanule/i)
    assert.equal((await essai.lire('assistante', `/recus/${bordereau}/bordereau.pdf`)).statut, 404)
    assert.match((await essai.lire('secretariat', `/transmettre/registre/${bordereau}`)).texte, /campanule/)
    assert.match((await essai.lire('secretariat', '/transmettre/registre')).texte, /Retiré le/)
    assert.equal(await tache(), 'a_faire', 'the engagement is to keep again')
    assert.match((await essai.lire('secretariat', '/transmettre')).texte, /À transmettre : 1 ligne/)
  })

  test('[COU-16] a line is set aside with its reason, and put back', async () => {
    const relue = await essai.lire('secretariat', '/transmettre/requisitions')
    const lien =
      /href="(\/transmettre\/requisitions\/ecarter[^"]+)"/.exec(relue.html)?.[1]?.replaceAll('&amp;', '&') ?? ''
    const vise = new URL(lien, 'http://x').searchParams
    const champs = { dossier: vise.get('dossier') ?? '', cle: vise.get('cle') ?? '' }
    assert.equal((await essai.lire('secretariat', lien)).statut, 200)
    assert.equal((await essai.poster('secretariat', '/transmettre/requisitions/ecarter', champs)).statut, 422)
    const faite = await essai.poster('secretariat', '/transmettre/requisitions/ecarter', {
      ...champs,
      motif: 'Déjà vu au téléphone',
    })
    assert.equal(faite.statut, 303)
    await dater('2026-06-12')
    const apres = await essai.lire('secretariat', '/transmettre/requisitions')
    assert.match(apres.texte, /Rien à transmettre/)
    assert.match(apres.texte, /Déjà vu au téléphone/)
    await essai.poster('secretariat', '/transmettre/requisitions/remettre', { ecart: champ(apres.html, 'ecart') })
    assert.match((await essai.lire('secretariat', '/transmettre')).texte, /À transmettre : 1 ligne/)
  })

  test('[COU-16] what nobody opens is told once more after the days set, once', async () => {
    await essai.poster('secretariat', '/transmettre/requisitions', (await relire()).champs)
    const rappeler = (jour: string) => {
      essai.aller(jour)
      return ouvrirSession(
        essai.application,
        acteurSysteme('71', 'rappeler-bordereaux'),
        'bordereau.envoyer',
        rappelerBordereaux,
      )
    }
    assert.equal(await rappeler('2026-06-17'), 0)
    assert.equal(await rappeler('2026-06-18'), 1)
    assert.equal(await rappeler('2026-06-19'), 0)
    assert.match((await essai.lire('secretariat', '/transmettre/registre')).texte, /rappelé le 18\/06\/2026/)
  })

  test('[COU-15] a request of rehousing reaches the State with its word, sealed', async () => {
    const place = `/dossiers/${essai.dossier.reference}/transmettre`
    assert.match((await essai.lire('secretariat', place)).texte, /contingent du préfet/)
    assert.equal((await essai.lire('secretariat', `${place}/liaison`)).statut, 404, 'the ADIL alone sends it')
    const adresse = `${place}/contingent`
    const vide = await essai.poster('secretariat', adresse, { destinataires: essai.organisme('PREF71'), mot: '' })
    assert.equal(vide.statut, 422)
    const champs = {
      destinataires: essai.organisme('PREF71'),
      mot: 'Logement devenu trop petit, ancolie.',
      envoi: randomUUID(),
    }
    const relue = await essai.poster('secretariat', adresse, champs)
    assert.equal(relue.statut, 200, relue.texte.slice(0, 500))
    assert.match(relue.texte, /ancolie/)
    const faite = await essai.poster('secretariat', adresse, {
      ...champs,
      empreinte: champ(relue.html, 'empreinte'),
      etape: 'envoyer',
    })
    assert.equal(faite.statut, 303, faite.texte.slice(0, 500))
    const id = /registre\/([\w-]{36})/.exec(faite.vers)?.[1] ?? ''
    assert.match((await essai.lire('prefecture', `/recus/${id}`)).texte, /ancolie/)
    const { rows } = await essai.application.base.pool.query('select t::text as texte from bordereau_ligne t')
    for (const { texte } of rows as { texte: string }[]) assert.doesNotMatch(texte, /ancolie/)
  })

  test('[COU-33] what a caisse noted of the FSL is prepared for the secretariat of the territory', async () => {
    const { pool } = essai.application.base
    await pool.query('update dossier set organismes_habilites = organismes_habilites || $1::uuid', [
      essai.organisme('CAF71'),
    ])
    await pool.query(
      `insert into acte_saisi (dept, dossier, racine, nature, genre, le, contenu, envoi, a, organisme)
       select '71', $1, r, 'consigne', 'fsl_decision', '2026-06-10', '{"decision": "accord"}', gen_random_uuid(), now(), $2 from gen_random_uuid() r`,
      [essai.dossier.id, essai.organisme('CAF71')],
    )
    const page = await essai.lire('caf', '/transmettre/fsl')
    assert.equal(page.statut, 200)
    assert.match(page.texte, /Secrétariat CCAPEX Autun et Montceau/)
    assert.match(page.texte, /Décision du FSL, 10\/06\/2026\. Décision : Accord/)
  })

  test('[COU-25] a grant nobody was told of waits in what the State has to hand over', async () => {
    const formulaire = await essai.lire('prefecture', essai.adresse('/recevoir'))
    const recue = await essai.poster('prefecture', essai.adresse('/recevoir'), {
      acte: /name="acte"[^>]*value="([\w-]{36})"/.exec(formulaire.html)?.[1] ?? '',
      recue_le: '2026-06-15',
    })
    const requisition = /force-publique\/([\w-]{36})\/enquetes/.exec(recue.vers)?.[1] ?? ''
    essai.aller('2026-10-20')
    await essai.poster('prefecture', essai.adresse(`/${requisition}/noter/decision`), {
      le: '2026-10-20',
      sens: 'accord',
      executoire_le: '2026-10-25',
      texte: 'Motif du préfet.',
    })
    const page = await essai.lire('prefecture', '/transmettre')
    assert.match(page.texte, /Concours accordés, à communiquer/)
    assert.match(page.texte, /Commissaires de justice et bailleurs aussi/)
    await essai.poster('prefecture', essai.adresse(`/${requisition}/diffuser`), {
      vu: cache(await essai.lire('prefecture', essai.adresse(`/${requisition}/diffuser`)), 'vu'),
      destinataires: [essai.organisme('CDJ71'), essai.organisme('OPAC71')],
    })
    assert.doesNotMatch((await essai.lire('prefecture', '/transmettre')).texte, /à communiquer/)
    const lien = /\/sollicitations\/([\w-]{36})/.exec((await essai.lire('bailleur', '/sollicitations')).html)?.[0] ?? ''
    await essai.lire('bailleur', lien)
    const registre = await essai.lire('prefecture', '/transmettre/registre?quoi=diffusion')
    assert.match(registre.texte, /OPAC de Saône-et-Loire/)
    assert.match(registre.texte, /Ouvert le 20\/10\/2026/)
    assert.match(registre.texte, /Pas encore ouvert/)
  })
})

test('[COU-36] [ACC-09] a sheet of liaison of the ADIL does not leave without the accord of the household', async () => {
  const essai = await ouvrirEssaiDesCercles()
  try {
    const { pool } = essai.application.base
    await pool.query('update dossier set organismes_habilites = organismes_habilites || $1::uuid', [
      essai.organisme('ADIL71'),
    ])
    const adresse = `/dossiers/${essai.dossier.reference}/transmettre/liaison`
    const champs = { destinataires: essai.organisme('DEP71'), mot: 'Cherche un logement.', envoi: randomUUID() }
    const sans = await essai.poster('adil', adresse, { ...champs, etape: 'envoyer' })
    assert.equal(sans.statut, 422)
    assert.match(sans.texte, /L’accord du ménage n’est pas noté/)
    await pool.query(
      `insert into accord (dept, dossier, objet, sens, le, moyen, a) values ('71', $1, 'adil_services_sociaux', 'accord', '2026-11-18', 'ecrit', now())`,
      [essai.dossier.id],
    )
    const relue = await essai.poster('adil', adresse, champs)
    assert.equal(relue.statut, 200, relue.texte.slice(0, 400))
    assert.equal((await pool.query('select id from bordereau')).rowCount, 0)
    const faite = await essai.poster('adil', adresse, {
      ...champs,
      empreinte: champ(relue.html, 'empreinte'),
      etape: 'envoyer',
    })
    assert.equal(faite.statut, 303, faite.texte.slice(0, 400))
    assert.equal((await pool.query('select id from bordereau')).rowCount, 1)
  } finally {
    await essai.fermer()
  }
})
