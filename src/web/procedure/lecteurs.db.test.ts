import assert from 'node:assert/strict'
import { after, before, beforeEach, describe, test } from 'node:test'
import { openTestDatabase } from '#tests/base'
import {
  type Compte,
  DEPT,
  type DossierCree,
  type Essai,
  importer,
  ouvrirEssai,
  type PageLue,
} from '../accompagner/fabrique-essai.ts'
import { routesProcedure } from './index.ts'

describe('who reads what of the acts entered by hand', () => {
  let essai: Essai
  let dossier: DossierCree
  let rang = 0
  const adresse = (suite = '') => `/dossiers/${dossier.reference}/procedure${suite}`

  before(async () => {
    essai = await ouvrirEssai(await openTestDatabase(), routesProcedure)
  })
  after(() => essai.fermer())
  // A real import: the préfecture is the sender of what is attached.
  beforeEach(async () => {
    rang += 1
    const nom = `Montredon${'abcdefghij'[rang]}`
    await importer(essai, 'PREF71', [
      {
        type: 'assignation',
        reference_source: `ASG-${rang}`,
        date_signalement: '2026-04-02',
        date_acte: '2026-04-01',
        nom_usage: nom,
        prenom: 'Odile',
        adresse: `${rang} rue des Tanneries`,
        code_postal: '71400',
        commune: 'Autun',
        parc: 'prive',
        montant_dette: '1800',
      },
    ])
    await essai.enSysteme('dossier.reaffecter', async ({ sql }) => {
      const [ouvert] = await sql<DossierCree>`select id, reference from dossier where titulaire ilike ${`${nom}%`}`
      assert.ok(ouvert)
      dossier = ouvert
      await sql`update dossier d set organisme = o.id, etat_service = 'prise', organismes_habilites = (
          select array_agg(h.id) from organisme h where h.dept = ${DEPT} and h.code in ('DEP71', 'SIAO71'))
        from organisme o where o.dept = ${DEPT} and o.code = 'DEP71' and d.dept = ${DEPT} and d.id = ${dossier.id}`
    })
  })

  async function saisir(
    compte: Compte,
    genre: string,
    le: string,
    champs: Readonly<Record<string, string>> = {},
  ): Promise<PageLue> {
    const page = await essai.lire(compte, adresse(`/saisir?genre=${genre}`))
    return essai.poster(compte, adresse('/saisir'), {
      genre,
      le,
      envoi: /name="envoi" value="([0-9a-f-]{36})"/.exec(page.html)?.[1] ?? '',
      confirme: 'oui',
      ...Object.fromEntries(Object.entries(champs).map(([nom, valeur]) => [`f-${nom}`, valeur])),
    })
  }
  /** The act whose link, or its label, names it. */
  const acteDe = (html: string, titre: string): string =>
    [...html.matchAll(/<a [^>]*\/actes\/([0-9a-f-]{36})"[^>]*>.*?<\/a>/gs)].find(([lien]) =>
      lien.includes(titre),
    )?.[1] ?? ''
  const corriger = async (compte: Compte, acte: string, champs: Readonly<Record<string, string>>) => {
    const page = await essai.lire(compte, adresse(`/actes/${acte}`))
    const cache = (nom: string) => new RegExp(`name="${nom}" value="([0-9a-f-]*)"`).exec(page.html)?.[1] ?? ''
    return essai.poster(compte, adresse(`/actes/${acte}`), {
      envoi: cache('envoi'),
      version: cache('version'),
      confirme: 'oui',
      ...champs,
    })
  }

  test('[ACC-02] the amounts of an act are read with the debt: who does not read it sees none, and keeps them when correcting', async () => {
    await saisir('secretariat', 'jugement', '2026-05-04', {
      decision: 'delais',
      duree_mois: '24',
      mensualite: '80,50',
      montant: '3456',
      tribunal: 'Mâcon',
    })
    const secretariat = await essai.lire('secretariat', adresse())
    assert.match(secretariat.texte, /Mensualité fixée par le juge : 80,50 €/)
    const siao = await essai.lire('siao', adresse())
    assert.equal(siao.statut, 200)
    // Who signalled an act is read with the signals.
    assert.match(secretariat.texte, /Signal reçu : /)
    assert.doesNotMatch(siao.texte, /Signal reçu/)
    assert.match(siao.texte, /Tribunal : Mâcon/)
    assert.doesNotMatch(siao.texte, /80,50|3 456/)
    const acte = acteDe(siao.html, 'Jugement')
    assert.ok(acte)
    const page = await essai.lire('siao', adresse(`/actes/${acte}`))
    assert.equal(page.statut, 200)
    assert.doesNotMatch(page.html, /80,50|3456|3 456|f-mensualite/)
    const corrige = await corriger('siao', acte, {
      le: '2026-05-05',
      'f-decision': 'delais',
      'f-duree_mois': '24',
      'f-tribunal': 'Chalon',
      'f-mensualite': '1',
      motif: 'piece_lue',
    })
    assert.equal(corrige.statut, 303)
    const apres = await essai.lire('secretariat', adresse())
    assert.match(apres.texte, /Tribunal : Chalon/)
    assert.match(apres.texte, /Mensualité fixée par le juge : 80,50 €/)
    // What a signalement says keeps its amount too: corrected or withdrawn, then put back, by somebody who does not read it.
    const signale = acteDe(siao.html, 'Assignation')
    await corriger('siao', signale, { le: '2026-04-03', 'f-tribunal': 'Mâcon', motif: 'piece_lue' })
    assert.match(
      (await essai.lire('secretariat', adresse())).texte,
      /Assignation, 03\/04\/2026 Tribunal : Mâcon\. Montant réclamé : 1 800,00 €/,
    )
  })

  test('[ACC-07] one signalement of one’s own does not open what others entered of the resources', async () => {
    await saisir('secretariat', 'fsl_demande', '2026-06-01', {
      nature: 'maintien',
      stade: 'assignation',
      montant: '900',
    })
    assert.match((await essai.lire('secretariat', adresse())).texte, /Demande au FSL, 01\/06\/2026/)
    const prefecture = await essai.lire('prefecture', adresse())
    assert.doesNotMatch(prefecture.texte, /Demande au FSL, 01\/06\/2026|900/)
    const chronologie = await essai.lire('prefecture', `/dossiers/${dossier.reference}`)
    assert.doesNotMatch(chronologie.texte, /FSL/)
    assert.match((await essai.lire('secretariat', `/dossiers/${dossier.reference}`)).texte, /FSL/)
  })

  test('[REP-10] the free text of a correction is read by its author’s organisme and by those who read texts', async () => {
    await saisir('departement', 'commandement_de_quitter_les_lieux', '2026-09-01')
    const acte = acteDe((await essai.lire('departement', adresse())).html, 'Commandement de quitter')
    assert.ok(acte)
    await corriger('departement', acte, { le: '2026-09-02', motif: 'piece_lue', precision: 'Lu chez la voisine' })
    const lire = async (compte: Compte) => (await essai.lire(compte, adresse(`/actes/${acte}`))).texte
    assert.match(await lire('departement'), /Motif : la pièce dit autre chose \(Lu chez la voisine\)/)
    assert.match(await lire('secretariat'), /Lu chez la voisine/)
    assert.match(await lire('prefecture'), /Motif : la pièce dit autre chose/)
    assert.doesNotMatch(await lire('prefecture'), /voisine/)
  })

  test('[DOS-30] on a closed dossier nothing is noted, whatever the way; it is read', async () => {
    await saisir('secretariat', 'commandement_de_quitter_les_lieux', '2026-09-01')
    const page = await essai.lire('secretariat', adresse())
    const acte = acteDe(page.html, 'Commandement de quitter')
    const objectif = (/name="objectif" value="([^"]+)"/.exec(page.html)?.[1] ?? '').replaceAll('&#x27;', '’')
    assert.ok(acte && objectif)
    await essai.poster('secretariat', adresse('/clore'), { issue: 'relogement', le: '2026-11-18' })
    const lignes = async () =>
      (
        await essai.enSysteme(
          'dossier.consulter',
          ({ sql }) => sql<{ n: number }>`select count(*)::int as n from acte_saisi where dossier = ${dossier.id}`,
        )
      )[0]?.n
    const avant = await lignes()
    const refuse = await saisir('secretariat', 'jugement', '2026-05-04', { decision: 'delais' })
    assert.match(refuse.texte, /Ce dossier est clos : rien ne s’y ajoute/)
    await essai.poster('secretariat', adresse(`/actes/${acte}`), {
      le: '2026-09-02',
      motif: 'piece_lue',
      confirme: 'oui',
    })
    await essai.poster('secretariat', adresse(`/actes/${acte}/retirer`), { motif: 'doublon' })
    await essai.poster('secretariat', adresse('/objectifs'), { objectif, etat: 'atteint' })
    assert.equal(await lignes(), avant)
    assert.equal((await essai.lire('secretariat', adresse())).statut, 200)
  })
})
