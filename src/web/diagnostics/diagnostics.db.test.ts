import assert from 'node:assert/strict'
import { randomUUID } from 'node:crypto'
import { after, before, describe, test } from 'node:test'
import { copierDossier } from '#tests/application'
import { type Compte, DEPT, type EssaiDesCercles, ouvrirEssaiDesCercles } from '#tests/ecrits'
import { lireTextePdf } from '#tests/pdf'

const SANTE = 'Ne tient plus ses papiers depuis son hospitalisation'

describe('the diagnosis: who reads what, and who may change it', () => {
  let essai: EssaiDesCercles
  let dossier: string
  let place: string
  let diagnostic = ''
  const formulaires: Record<string, string> = {}

  before(async () => {
    essai = await ouvrirEssaiDesCercles()
    dossier = `/dossiers/${essai.dossier.reference}`
    place = `${dossier}/diagnostics`
    await essai.application.base.pool.query('update dossier set organismes_habilites = $2 where dept = $1', [
      DEPT,
      ['DEP71', 'CAF71', 'ADIL71'].map(essai.organisme),
    ])
  })
  after(() => essai.fermer())

  const poster = (compte: Compte, adresse: string, champs: Record<string, string | readonly string[]> = {}) =>
    essai.poster(compte, adresse, { envoi: randomUUID(), ...champs })
  const envoyer = async (compte: Compte, adresse: string, champs: Record<string, string | readonly string[]> = {}) => {
    const faite = await poster(compte, adresse, champs)
    assert.equal(faite.statut, 303, `${adresse} ${/Rien n’a été enregistré.{300}/.exec(faite.texte)?.[0]}`)
    return faite
  }
  const un = (suite: string) => `${place}/${diagnostic}/${suite}`
  const vue = async (compte: Compte = 'auteure') =>
    /name="vue" value="(\d+)"/.exec((await essai.lire(compte, place)).html)?.[1] ?? ''
  const ouvrir = async (compte: Compte, organisme: string) => {
    await envoyer(compte, place, { organisme: essai.organisme(organisme), saisi_le: '2026-11-16', origine: 'demande' })
    const { rows } = await essai.application.base.pool.query(
      'select id from diagnostic where dept = $1 order by rang desc limit 1',
      [DEPT],
    )
    diagnostic = (rows[0] as { id: string }).id
  }
  const commencer = async (compte: Compte, volet: string) => {
    const { vers } = await envoyer(compte, un(`volets/${volet}`))
    formulaires[volet] = /diagnostics\/([0-9a-f-]{36})$/.exec(vers)?.[1] ?? ''
  }
  const adresseDe = (volet: string) => `${place}/${formulaires[volet]}`
  const remplir = async (
    compte: Compte,
    volet: string,
    groupes: readonly string[],
    champs: Record<string, string | readonly string[]>,
  ) => {
    const vu = /name="vu" value="(\d+)"/.exec((await essai.lire(compte, adresseDe(volet))).html)?.[1] ?? ''
    await envoyer(compte, adresseDe(volet), { vu, groupes, page: 'tout', ...champs })
  }
  const terminer = async (compte: Compte, volet: string) => {
    const vu =
      /terminer[\s\S]*?name="vu" value="(\d+)"/.exec((await essai.lire(compte, adresseDe(volet))).html)?.[1] ?? ''
    await envoyer(compte, un(`volets/${volet}/terminer`), { vu })
  }
  const etat = async () => {
    const { rows } = await essai.application.base.pool.query('select etat from diagnostic where id = $1', [diagnostic])
    return (rows[0] as { etat: string }).etat
  }
  const entretien = async (pourLe: string, champs: Record<string, string> = {}) => {
    await envoyer('auteure', un('entretiens'), {
      ...{ propose_le: '2026-11-12', canal: 'courrier', pour_le: pourLe, demi_journee: 'matin', lieu: 'service' },
      ...champs,
    })
    const { rows } = await essai.application.base.pool.query(
      'select id from diagnostic_entretien where diagnostic = $1 and pour_le = $2',
      [diagnostic, pourLe],
    )
    return rows as { id: string }[]
  }

  test('what is re-read and then changes is to be re-read: an interview, what came of it, an observation', async () => {
    await ouvrir('auteure', 'DEP71')
    for (const volet of ['social', 'financier']) await commencer('auteure', volet)
    const relire = async () => {
      await envoyer('auteure', un('relire'), { vue: await vue() })
      assert.equal(await etat(), 'relu')
    }
    await relire()
    const envoi = randomUUID()
    const [propose] = await entretien('2026-11-19', { envoi })
    assert.equal(await etat(), 'en_cours')
    assert.equal((await entretien('2026-11-19', { envoi })).length, 1, 'sent twice, proposed once')
    await relire()
    await envoyer('auteure', un(`entretiens/${propose?.id}`), { issue: 'honore' })
    assert.equal(await etat(), 'en_cours')
    await relire()
    const observation = { de: 'menage', observe_le: '2026-11-19', texte: 'Dit vouloir rester.' }
    const ailleurs = await poster('caf', un('observations'), observation)
    assert.equal(ailleurs.statut, 422, 'who has no part in it adds nothing to it')
    assert.match(ailleurs.texte, /par les services qui remplissent ce diagnostic/)
    assert.equal(await etat(), 'relu')
    await envoyer('auteure', un('observations'), observation)
    assert.equal(await etat(), 'en_cours')
  })

  test('[DSF-25] a household that came is not said absent, nor one that was reached; an outcome noted by mistake is corrected', async () => {
    const absent = async () => poster('auteure', un('valider'), { vue: await vue(), forme: 'menage_absent' })
    const venu = await absent()
    assert.equal(venu.statut, 422)
    assert.match(venu.texte, /Le ménage est venu à l’entretien du 19\/11\/2026/)
    const { rows } = await essai.application.base.pool.query('select id from diagnostic_entretien')
    const [note] = rows as { id: string }[]
    await envoyer('auteure', un(`entretiens/${note?.id}`), { issue: 'annule' })
    await envoyer('auteure', `${dossier}/contact`, {
      ...{ canal: 'appel', le: '2026-11-19', resultat: 'information_donnee', demi_journee: 'matin' },
    })
    const joint = await absent()
    assert.equal(joint.statut, 422)
    assert.match(joint.texte, /Noter d’abord un entretien manqué ou une tentative de contact sans réponse/)
    await envoyer('auteure', un(`entretiens/${note?.id}`), { issue: 'honore' })
  })

  test('[ACC-06] what is near health is nowhere in what the secretariat has: screens, documents, totals', async () => {
    await remplir('auteure', 'social', ['rencontre', 'famille', 'autonomie', 'besoins'], {
      ...{ presence: 'oui', information_transmission: 'oui', situation_familiale: 'couple', enfants: '1' },
      ...{ orientation: 'maintien', autonomie: 'non', autonomie_texte: SANTE },
    })
    await remplir('auteure', 'financier', ['revenus', 'prestations', 'logement', 'dettes', 'reprise', 'pieces'], {
      ...{ salaires: '1200', aah: '861,37', loyer: '450', dette_locative: '1620', reprise_loyer: 'partielle' },
      ...{
        protection: 'oui',
        protection_par: 'Udaf de la vallée',
        pieces_ressources: ['salaire', 'aah', 'invalidite'],
      },
    })
    for (const volet of ['social', 'financier']) await terminer('auteure', volet)
    await envoyer('auteure', un('relire'), { vue: await vue() })
    // Two people of the service validate the same diagnosis at the same moment: one does, the other is told, and one document is kept.
    const lue = await vue()
    const ensemble = await Promise.all(
      (['auteure', 'collegue', 'auteure'] as const).map((compte) =>
        poster(compte, un('valider'), { vue: lue, forme: 'complet' }),
      ),
    )
    assert.deepEqual(ensemble.map(({ statut }) => statut).toSorted(), [303, 409, 409])
    assert.match(ensemble.find(({ statut }) => statut === 409)?.texte ?? '', /a changé depuis votre relecture/)
    const gardes = await essai.application.base.pool.query('select 1 from diagnostic_document where diagnostic = $1', [
      diagnostic,
    ])
    assert.equal(gardes.rowCount, 1)
    const remise = { destinataire: 'secretariat', mode: 'amont', remis_le: '1990-01-01' }
    const avantValidation = await poster('auteure', un('remises'), remise)
    assert.equal(avantValidation.statut, 422, '[DSF-25] nothing is handed over before it is validated')
    assert.match(avantValidation.texte, /a été validé le 20\/11\/2026 : il se remet à partir de ce jour/)
    await envoyer('auteure', un('remises'), { ...remise, remis_le: '2026-11-20' })

    const lus = async (compte: Compte) =>
      [
        lireTextePdf((await essai.lire(compte, un('document'))).octets),
        ...(await Promise.all(
          ['social', 'financier'].flatMap((volet) => [
            essai.lire(compte, adresseDe(volet)).then(({ texte }) => texte),
            essai.lire(compte, `${adresseDe(volet)}/pdf`).then(({ octets }) => lireTextePdf(octets)),
          ]),
        )),
      ]
        .join('\n')
        .replace(/\s+/g, ' ')
    const tus = [SANTE, '861,37', '2 061,37', 'Udaf de la vallée', 'adultes handicapés', 'invalidité', 'Tutelle']
    const service = await lus('auteure')
    for (const tu of tus) assert.ok(service.includes(tu), `the service reads ${tu}`)
    const secretariat = await lus('secretariat')
    assert.ok(secretariat.includes('1 200,00'), 'what the matrix opens is there')
    for (const tu of tus.filter((un) => un !== 'invalidité')) assert.ok(!secretariat.includes(tu), tu)
    assert.ok(!secretariat.includes('Pension d’invalidité'))
  })

  test('[DSF-02] an actualisation by another service starts from what it may read of the one before, or from the dossier', async () => {
    await ouvrir('adil', 'ADIL71')
    await commencer('adil', 'social')
    const { statut, html } = await essai.lire('adil', `${adresseDe('social')}?groupe=tout`)
    assert.equal(statut, 200)
    assert.ok(/value="maintien" selected/.test(html), 'the answers before')
    for (const tu of [SANTE, 'autonomie_texte']) assert.ok(!html.includes(tu), 'a copy lifts no mask')
    // Had no part in the diagnosis before.
    await essai.application.base.pool.query(
      `update diagnostic_volet set organisme = $1 where diagnostic = $2 and volet = 'financier'`,
      [essai.organisme('CAF71'), diagnostic],
    )
    await commencer('caf', 'financier')
    const neuf = await essai.lire('caf', `${adresseDe('financier')}?groupe=tout`)
    assert.equal(neuf.statut, 200)
    assert.match(neuf.texte, /Repris : dossier/)
    assert.ok(!neuf.html.includes('1200,00'))
  })

  test('a part is finished with what its page has just saved, never over what a colleague changed', async () => {
    await essai.application.base.pool.query(`update diagnostic set etat = 'impossible' where id = $1`, [diagnostic])
    await ouvrir('auteure', 'DEP71')
    await commencer('auteure', 'financier')
    const lire = async () => {
      const { html } = await essai.lire('auteure', adresseDe('financier'))
      return Object.fromEntries(
        ['vu', 'marque'].map((nom) => [nom, new RegExp(`name="${nom}" value="([^"]*)"`).exec(html)?.[1] ?? '']),
      )
    }
    const garder = async (
      compte: Compte,
      page: Record<string, string>,
      groupes: string,
      champs: Record<string, string>,
    ) =>
      assert.equal(
        (await poster(compte, `${adresseDe('financier')}/auto`, { ...page, groupes, ...champs })).statut,
        200,
      )
    const page = await lire()
    await garder('auteure', page, 'logement', { loyer: '450' })
    await garder('auteure', page, 'reprise', { dette_locative: '1620', reprise_loyer: 'partielle' })
    await garder('collegue', await lire(), 'plan', { plan_duree: '36' })
    const change = await poster('auteure', un('volets/financier/terminer'), page)
    assert.equal(change.statut, 409)
    assert.match(change.texte, /Camille COLLEGUE a changé ce formulaire depuis votre relecture/)
    const relue = await lire()
    await garder('auteure', relue, 'dettes', { surendettement: 'non' })
    await garder('auteure', relue, 'dettes', { surendettement: 'oui' })
    await envoyer('auteure', un('volets/financier/terminer'), relue)
    assert.match((await essai.lire('auteure', adresseDe('financier'))).texte, /Dossier de surendettement Oui/)
  })

  test('the rent is asked again before each hearing; an answer heard earlier and noted late changes nothing', async () => {
    const { pool } = essai.application.base
    const audience = (le: string) => pool.query('update dossier set audience_le = $2 where dept = $1', [DEPT, le])
    const repondre = (champs: Record<string, string>) =>
      envoyer('auteure', `${place}/loyer`, { dit_par: 'menage', depuis: '', ...champs })
    const voir = async () => (await essai.lire('auteure', place)).texte
    const actes = async () => {
      const { rows } = await pool.query('select acte is not null as dit from reprise_loyer order by le')
      return (rows as { dit: boolean }[]).map(({ dit }) => dit)
    }
    await audience('2026-12-30')
    const dite = { dit_par: 'menage', reponse: 'non', depuis: '2026-10-01', le: '2026-11-19' }
    const contraire = await poster('auteure', `${place}/loyer`, dite)
    assert.match(contraire.texte, /Cette date se donne quand le loyer est repris en entier/)
    await repondre({ reponse: 'entiere', depuis: '2026-10-01', le: '2026-11-19' })
    assert.doesNotMatch(await voir(), /Réponse attendue avant l’audience/)
    await repondre({ reponse: 'non', le: '2026-11-10' })
    assert.match(await voir(), /Le loyer courant est-il repris \? Oui, entièrement, depuis le 01\/10\/2026/)
    assert.deepEqual(await actes(), [false, true])
    const { rows } = await pool.query(`select count(*)::int as n from acte_saisi where nature = 'annule'`)
    assert.deepEqual(rows, [{ n: 0 }], 'what the dossier says stays')
    // Put back: forty-five days before the new hearing, the question comes back.
    await audience('2027-01-04')
    assert.match(await voir(), /Réponse attendue avant l’audience/)
    assert.match((await essai.lire('secretariat', '/diagnostics')).texte, /Oui, entièrement, le 19\/11\/2026/)
  })

  test('a hundred rents are asked on a page, the nearest hearing first; the others are on the next', async () => {
    await copierDossier(
      essai.application,
      essai.dossier.id,
      Array.from({ length: 100 }, (_, n) => ({
        numero: n + 1,
        titulaire: `COPIE ${n + 1}`,
        audience_le: `2026-11-${23 + (n % 7)}`,
        echeances: [],
      })),
    )
    const premiere = await essai.lire('secretariat', '/diagnostics')
    assert.match(premiere.texte, /101 ménages/)
    assert.match(premiere.texte, /1 à 100 sur 101/)
    assert.equal(premiere.html.match(/>COPIE \d+</g)?.length, 100)
    const suite = /href="([^"]+)"[^>]*>(?:(?!<\/a>).)*Suivants/.exec(premiere.html)?.[1]?.replace(/#.*/, '') ?? ''
    const seconde = await essai.lire('secretariat', suite)
    assert.match(seconde.texte, /101 à 101 sur 101/)
    assert.doesNotMatch(seconde.html, />COPIE \d+</)
    assert.match(seconde.texte, /04\/01\/2027/)
    assert.match(seconde.html, /href="\/diagnostics#loyers"[^>]*>(?:(?!<\/a>).)*Précédents/)
    // An address that asks for more than there is shows the last page.
    assert.match((await essai.lire('secretariat', '/diagnostics?page=900')).texte, /101 à 101 sur 101/)
    // What the home page counts is what its link opens: the same territory, kept from page to page.
    await essai.application.base.pool.query("update dossier set territoire = 'macon' where titulaire = 'COPIE 1'")
    const macon = await essai.lire('secretariat', '/diagnostics?territoire=macon')
    assert.match(macon.texte, /repris \? 1 ménage/)
    const tous = await essai.lire('secretariat', '/diagnostics?territoire=tous')
    assert.match(tous.html, /href="\/diagnostics\?territoire=tous&amp;page=2#loyers"/)
    for (const [territoire, nombre] of [
      ['macon', '1 ménage'],
      ['tous', '101 ménages'],
    ] as const) {
      const accueil = await essai.lire('secretariat', `/a-faire?territoire=${territoire}`)
      assert.match(accueil.texte, new RegExp(`loyer courant est repris : ${nombre}`))
      assert.match(accueil.html, new RegExp(`href="/diagnostics\\?territoire=${territoire}#loyers"`))
    }
    await essai.application.base.pool.query("delete from dossier where titulaire like 'COPIE %'")
  })

  test('all the diagnoses under way are counted and shown a hundred at a time, the nearest date first', async () => {
    const { pool } = essai.application.base
    await copierDossier(
      essai.application,
      essai.dossier.id,
      Array.from({ length: 600 }, (_, n) => ({ numero: n + 1, titulaire: `COPIE ${n + 1}`, echeances: [] })),
    )
    await pool.query(
      `insert into diagnostic (dept, id, dossier, rang, etape, origine, etat, organisme, saisi_le, cree_a, cree_par)
        select d.dept, gen_random_uuid(), d.id, 1, 'assignation', 'demande', 'demande', $2, date '2026-11-19' - substr(d.titulaire, 7)::int % 300, now(), c.id
        from dossier d, (select id from compte where dept = $1 limit 1) c where d.dept = $1 and d.titulaire like 'COPIE %'`,
      [DEPT, essai.organisme('DEP71')],
    )
    const premiere = await essai.lire('secretariat', '/diagnostics')
    const total = Number(/(60\d) diagnostics/.exec(premiere.texte)?.[1])
    assert.ok(total >= 600, 'none is left out of the count')
    assert.match(premiere.texte, new RegExp(`1 à 100 sur ${total}`))
    const liste = (html: string) => html.slice(html.indexOf('id="diagnostics"'))
    const montres = (html: string) => [...liste(html).matchAll(/>(COPIE \d+)</g)].map(([, nom]) => nom)
    const suite = (html: string) =>
      /href="([^"#]+)[^>]*>(?:(?!<\/a>).)*Suivants/.exec(liste(html))?.[1]?.replaceAll('&amp;', '&') ?? ''
    assert.deepEqual(
      montres(premiere.html).slice(0, 2).toSorted(),
      ['COPIE 299', 'COPIE 599'],
      'asked first, due first',
    )
    const vus = new Set(montres(premiere.html))
    let page = premiere
    for (let tour = 0; tour < 9 && suite(page.html) !== ''; tour++) {
      page = await essai.lire('secretariat', suite(page.html))
      for (const nom of montres(page.html)) vus.add(nom)
    }
    assert.equal(vus.size, 600, 'every household is on a page')
    await pool.query(`delete from diagnostic where dossier in (select id from dossier where titulaire like 'COPIE %')`)
    await pool.query("delete from dossier where titulaire like 'COPIE %'")
  })

  test('[DSF-04] a visit at home is proposed with its reason, accepted, done; nobody overwrites what they have not seen', async () => {
    await essai.application.base.pool.query(
      `update diagnostic set etat = 'impossible' where etat not in ('transmis', 'impossible')`,
    )
    await ouvrir('auteure', 'DEP71')
    const regler = async (champs: Record<string, string>, vu?: string) =>
      poster('auteure', un('reglages'), {
        juridique: essai.organisme('ADIL71'),
        vue: vu ?? (await vue()),
        visite_motif: 'rapports_locatifs',
        ...champs,
      })
    const avant = await vue()
    assert.equal((await regler({ visite: 'proposee' })).statut, 303)
    assert.match(
      (await essai.lire('auteure', place)).texte,
      /Visite à domicile : Proposée, rapports locatifs complexes/,
    )
    assert.equal((await regler({ visite: 'refusee' }, avant)).statut, 409)
    assert.equal((await regler({ visite: 'acceptee' })).statut, 303)
    const sansDate = await regler({ visite: 'faite', visite_motif: 'obligations' })
    assert.equal(sansDate.statut, 422)
    assert.match(sansDate.texte, /Donner la date de la visite/)
    assert.equal((await regler({ visite: 'faite', visite_le: '2026-11-19', visite_motif: 'obligations' })).statut, 303)
    assert.match(
      (await essai.lire('caf', place)).texte,
      /Visite à domicile : Faite, le 19\/11\/2026, plusieurs obligations non tenues/,
    )
  })

  test('[DSF-05] the concertation with the landlord waits for the household, and what the landlord says stands apart', async () => {
    const noter = (champs: Record<string, string>) =>
      poster('auteure', `${place}/bailleur`, {
        ...{
          canal: 'appel',
          le: '2026-11-18',
          resultat: 'accord_de_principe',
          contenu: 'Un plan sur trois ans est étudié.',
        },
        version: 'Se dit prêt à retirer l’assignation.',
        ...champs,
      })
    await envoyer('auteure', `${dossier}/accords`, {
      ...{ objet: 'echange_bailleur', sens: 'refus', le: '2026-11-16', moyen: 'oral' },
    })
    const sansAccord = await noter({ present: 'oui' })
    assert.equal(sansAccord.statut, 422)
    assert.match(sansAccord.texte, /L’accord du ménage n’est pas noté/)
    await envoyer('auteure', `${dossier}/accords`, {
      ...{ objet: 'echange_bailleur', sens: 'accord', le: '2026-11-17', moyen: 'oral' },
    })
    const absent = await noter({})
    assert.equal(absent.statut, 422)
    assert.match(absent.texte, /que le ménage soit présent/)
    assert.equal((await noter({ present: 'oui' })).statut, 303)
    const { texte } = await essai.lire('auteure', `${place}/bailleur`)
    assert.match(texte, /18\/11\/2026/)
    assert.match(texte, /Un plan sur trois ans est étudié\..*Ce que dit le bailleur : Se dit prêt/)
    assert.doesNotMatch(
      (await essai.lire('caf', `${place}/bailleur`)).texte,
      /plan sur trois ans|retirer l’assignation/,
    )
  })

  test('[DOS-32] the service ticks the three aids it will give: they are in its part, and in the document', async () => {
    await commencer('auteure', 'social')
    await remplir('auteure', 'social', ['besoins'], { aides_a_cocher: ['apurement', 'budget', 'relogement'] })
    const { html } = await essai.lire('auteure', `${adresseDe('social')}?groupe=besoins`)
    for (const aide of ['apurement', 'budget', 'relogement'])
      assert.match(html, new RegExp(`<input[^>]*value="${aide}"[^>]*checked|checked[^>]*value="${aide}"`), aide)
    for (const libelle of [
      /Démarches d’apurement de la dette/,
      /Aide à la gestion du budget/,
      /Recherche d’un logement à charges adaptées/,
    ])
      assert.match(html, libelle)
  })

  test('[DOS-21] a colleague withdraws an exchange with the landlord, and says why; another service does not', async () => {
    await envoyer('auteure', `${dossier}/accords`, {
      ...{ objet: 'echange_bailleur', sens: 'accord', le: '2026-11-18', moyen: 'oral' },
    })
    await envoyer('auteure', `${place}/bailleur`, {
      ...{ canal: 'appel', le: '2026-11-19', resultat: 'information_donnee', present: 'oui' },
      contenu: 'Montant confirmé.',
    })
    const { html } = await essai.lire('collegue', `${place}/bailleur`)
    const retirer = `${place}/bailleur/${/bailleur\/([0-9a-f-]{36})\/retirer/.exec(html)?.[1]}/retirer`
    const sans = await poster('collegue', retirer, { motif: ' ' })
    assert.equal(sans.statut, 422)
    assert.match(sans.texte, /Écrire pourquoi cet échange est retiré/)
    assert.equal((await poster('caf', retirer, { motif: 'Autre ménage.' })).statut, 404)
    await envoyer('collegue', retirer, { motif: 'Il s’agissait d’un autre ménage.' })
    assert.match(
      (await essai.lire('auteure', `${place}/bailleur`)).texte,
      /Retiré, noté par erreur : Il s’agissait d’un autre ménage/,
    )
    const { rows } = await essai.application.base.pool.query('select retire_motif from echange_bailleur')
    assert.ok(!JSON.stringify(rows).includes('autre ménage'), 'sealed at rest')
  })
})
