import assert from 'node:assert/strict'
import { after, before, describe, test } from 'node:test'
import { DEPT, type Lue } from '#tests/ecrits'
import { type EssaiDePilotage, ouvrirEssaiDePilotage } from './fabrique-essai.ts'

/** Cells of the line of a table that a text begins. */
function ligneDe({ html }: Lue, debut: string): string[] {
  for (const [ligne] of html.matchAll(/<tr[\s\S]*?<\/tr>/g)) {
    const cellules = [...ligne.matchAll(/<t[hd][^>]*>([\s\S]*?)<\/t[hd]>/g)].map(([, contenu = '']) =>
      contenu
        .replace(/<details[\s\S]*?<\/details>/g, '')
        .replace(/<[^>]+>/g, '')
        .replace(/\s+/g, ' ')
        .trim(),
    )
    // The last cell of the activity says how the figure is counted.
    if (cellules[0]?.startsWith(debut)) return cellules.at(-1) === '' ? cellules.slice(0, -1) : cellules
  }
  return []
}

describe('pilotage of the commissions', () => {
  let un: EssaiDePilotage
  before(async () => {
    un = await ouvrirEssaiDePilotage()
  })
  after(() => un.essai.fermer())

  test('[COM-25] [IND-14] [IND-15] [IND-17] a year of commissions beside the year before, each number with its method and its list', async () => {
    const page = await un.essai.lire('pilote', '/pilotage')
    assert.equal(page.statut, 200)
    // Figure, together, the year before, what changed, Autun, Chalon.
    assert.deepEqual(ligneDe(page, 'Séances tenues'), ['Séances tenues', '3', '1', '+2', '2', '1'])
    assert.deepEqual(ligneDe(page, 'Séances annulées'), ['Séances annulées', '1', '0', '+1', '0', '1'])
    assert.deepEqual(ligneDe(page, 'Dossiers examinés'), ['Dossiers examinés', '28', '1', '+27', '14', '14'])
    assert.deepEqual(ligneDe(page, 'dont dossiers différents'), [
      'dont dossiers différents',
      '27',
      '1',
      '+26',
      '13',
      '14',
    ])
    assert.deepEqual(ligneDe(page, 'Assignation'), ['Assignation', '28', '1', '+27', '14', '14'])
    assert.deepEqual(ligneDe(page, 'Non connue'), ['Non connue', '28', '1', '+27', '14', '14'])
    assert.deepEqual(ligneDe(page, 'Suivi'), ['Suivi', '13', '1', '+12', '7', '6'])
    assert.match(page.texte, /Comment c’est compté Séances dont le jour tombe dans l’année/)
    assert.match(page.texte, /Méthode d’Amont, du 27\/11\/2026/)
    const href = /<a href="(\/pilotage\/dossiers\?[^"]*chiffre=examen[^"]*)">28/.exec(page.html)?.[1] ?? ''
    const liste = await un.essai.lire('pilote', href.replaceAll('&amp;', '&'))
    assert.match(liste.texte, /Dossiers examinés : 28/)
    assert.match(liste.texte, new RegExp(un.dossiers[0]?.reference ?? 'none'))
    const { rows } = await un.essai.application.base.pool.query(
      `select cardinality(dossiers) as n from journal where dept = $1 and action = 'pilotage.lister' order by a desc, id desc limit 1`,
      [DEPT],
    )
    assert.equal(rows[0].n, 27, 'each household shown is in the journal')
  })

  test('[COM-25] who is not given the pilotage by the matrix has no figure: members and landlords neither', async () => {
    for (const compte of ['caf', 'auteure', 'bailleur', 'dpd'] as const)
      assert.equal((await un.essai.lire(compte, '/pilotage')).statut, 403, compte)
    for (const compte of ['secretariat', 'prefecture', 'copilote'] as const)
      assert.equal((await un.essai.lire(compte, '/pilotage')).statut, 200, compte)
  })

  test('[IND-76] the version to publish masks small numbers, with what would give them back, and opens nothing', async () => {
    const page = await un.essai.lire('pilote', '/pilotage?version=diffusion')
    assert.deepEqual(ligneDe(page, 'Dossiers examinés').slice(0, 3), ['Dossiers examinés', '28', 'non montré'])
    const retour = (nom: string) => ligneDe(page, nom).slice(1)
    assert.deepEqual(retour('Suivi en partie'), ['non montré', '0', '', 'non montré', 'non montré'])
    // What is beside it goes with it: the total minus the others would give it.
    const retours = ['Suivi', 'Suivi en partie', 'Non suivi', 'Sans réponse', 'En attente'].map(retour)
    for (const colonne of [0, 3, 4])
      assert.ok(retours.filter((une) => une[colonne] === 'non montré').length >= 2, `column ${colonne}`)
    assert.doesNotMatch(page.html, /\/pilotage\/dossiers/)
    // How many cases a delay rests on is one of the numbers masked above: nine returns less seven followed would be two followed in part.
    assert.match(page.texte, /De la notification au retour 8 j la moitié entre \d+ et \d+ j/)
    assert.doesNotMatch(page.texte, /\d j, sur \d/)
    assert.match((await un.essai.lire('pilote', '/pilotage')).texte, /\d j, sur 28/)
  })

  test('[COM-02] [ACC-16] the same situations answered otherwise are put first, as questions, in the order of names', async () => {
    const page = await un.essai.lire('secretariat', '/pilotage/harmonisation')
    assert.match(page.texte, /2 écarts à regarder d’abord/)
    assert.match(
      page.texte,
      /aide au logement : maintien », assignation, parc public, loyer repris : Commission d’Autun 64 ?% \(sur 14\) ; Commission de Chalon 36 ?% \(sur 14\)/,
    )
    assert.match(page.texte, /Les situations sont-elles les mêmes \?/)
    assert.doesNotMatch(page.texte, /meilleur|pire|classement|rang /i)
  })

  test('[COM-17] files that came back say how often and why', async () => {
    const page = await un.essai.lire('secretariat', '/pilotage/revus')
    assert.match(page.texte, /Dossiers revus en 2026 : 1/)
    assert.match(page.texte, /Saisine d’un partenaire, puis orientation remise en cause par un fait nouveau/)
  })

  test('[COM-27] attendance is of organismes: titulaire, suppléant, and what nobody noted, which is not an absence', async () => {
    const page = await un.essai.lire('copilote', `/pilotage/assiduite?commission=${un.commissions.autun}`)
    assert.deepEqual(ligneDe(page, 'CAF').slice(2, 8), ['2', '0', '2', '0', '0', '0'])
    assert.deepEqual(ligneDe(page, 'Service social').slice(2, 8), ['2', '0', '0', '0', '0', '2'])
    assert.doesNotMatch(page.texte, /COPILOTE Camille/)
  })

  test('[IND-75] the file holds what the screen shows, masked alike', async () => {
    const fichier = await un.essai.lire('pilote', '/pilotage/activite.csv?version=diffusion')
    const lignes = fichier.octets.toString('utf8').split(/\r?\n/)
    assert.match(
      lignes.find((une) => une.startsWith('"Dossiers examinés";"Dossiers examinés"')) ?? '',
      /;"28";"non montré";"14";"14";/,
    )
    assert.equal((await un.essai.lire('pilote', '/pilotage/dossiers.xlsx?chiffre=avis')).statut, 200)
    assert.equal((await un.essai.lire('pilote', '/pilotage/dossiers?chiffre=inconnu')).statut, 404)
  })

  test('[COM-02] [COM-25] a decision corrected since counts once, with the opinion its correction left as it was', async () => {
    const lire = async () => [
      (await un.essai.lire('secretariat', '/pilotage/harmonisation')).texte,
      (await un.essai.lire('pilote', '/pilotage')).texte,
      (await un.essai.lire('pilote', '/pilotage/dossiers?chiffre=avis')).texte,
    ]
    const avant = await lire()
    const { pool } = un.essai.application.base
    const { rows } = await pool.query(
      `update deliberation set remplacee_a = '2026-06-20T08:00:00Z' where dept = $1 and id = (select deliberation from prononce where dept = $1 and sens = 'maintien'
         and seance in (select id from seance where dept = $1 and le = '2026-05-05') order by id limit 1) returning id`,
      [DEPT],
    )
    await pool.query(
      `with n as (insert into deliberation (dept, id, inscription, seance, dossier, etat, maintien, contenu, stade, ouverte_a, modifiee_a, modifiee_par, adoptee_a, publiee_a, numero, remplace, motif)
         select dept, gen_random_uuid(), inscription, seance, dossier, etat, maintien, contenu, stade, ouverte_a, modifiee_a, modifiee_par, adoptee_a, publiee_a, 2, id, '00000000.x'
         from deliberation where dept = $1 and id = $2 returning id)
       insert into prononce (dept, id, deliberation, seance, dossier, genre, code, sens, contenu, organisme, etat, numero)
       select dept, gen_random_uuid(), n.id, seance, dossier, genre, code, sens, contenu, organisme, 'projet', 2 from prononce, n where dept = $1 and deliberation = $2`,
      [DEPT, rows[0].id],
    )
    assert.deepEqual(await lire(), avant)
  })

  test('[REP-20] letters that offer to meet are counted by organisme and step, those of Amont and those noted, to the year', async () => {
    const { pool } = un.essai.application.base
    const [a, b, c] = un.dossiers
    const ecrire = (
      dossier: string,
      organisme: string,
      modele: string,
      le: string,
      plus: Record<string, string> = {},
    ) =>
      pool.query(
        `insert into courrier (dept, dossier, organisme, modele, stade, stade_le, nom, adresse, propose_a, etat, envoye_le, renvoie)
         values ($1, $2, $3, $4, $5, '2026-01-02', 'Essai', '{}', now(), $6, $7, $8) returning id`,
        [
          DEPT,
          dossier,
          un.essai.organisme(organisme),
          modele,
          plus.stade ?? 'commandement_de_payer',
          plus.etat ?? 'envoye',
          le,
          plus.renvoie ?? null,
        ],
      )
    const noter = (dossier: string, canal: string, resultat: string, le: string) =>
      pool.query(
        `insert into tentative_contact (dept, dossier, organisme, canal, le, aboutie, resultat, issue, a) values ($1, $2, $3, $4, $5, false, $6, '', now())`,
        [DEPT, dossier, un.essai.organisme('CAF71'), canal, le, resultat],
      )
    const { rows } = await ecrire(a?.id ?? '', 'DEP71', 'departement-menage-commandement', '2026-03-02', {
      etat: 'revenu',
    })
    await ecrire(a?.id ?? '', 'DEP71', 'departement-menage-commandement', '2026-03-20', { renvoie: rows[0].id })
    await ecrire(b?.id ?? '', 'DEP71', 'departement-menage-assignation', '2026-04-02', { stade: 'assignation' })
    await ecrire(b?.id ?? '', 'DEP71', 'departement-menage-enquete', '2026-04-03', { stade: 'assignation' })
    await ecrire(c?.id ?? '', 'DEP71', 'departement-menage-commandement', '2025-12-30')
    await noter(a?.id ?? '', 'courrier', 'rendez_vous_propose', '2026-05-04')
    await noter(b?.id ?? '', 'sms', 'rendez_vous_propose', '2026-05-04')
    await noter(c?.id ?? '', 'courrier', 'courrier_revenu', '2026-05-04')
    const page = await un.essai.lire('pilote', '/pilotage/mises-a-disposition')
    assert.equal(page.statut, 200)
    // Order to pay, summons, order to leave, others.
    assert.deepEqual(ligneDe(page, 'Service social'), ['Service social départemental', '1', '1', '0', '0'])
    assert.deepEqual(ligneDe(page, 'CAF'), ['CAF de Saône-et-Loire', '0', '1dont 1 hors d’Amont', '0', '0'])
    assert.match(
      (await un.essai.lire('pilote', '/pilotage/mises-a-disposition?annee=2025')).texte,
      /Service social départemental 1/,
    )
    const publiee = await un.essai.lire('pilote', '/pilotage/mises-a-disposition?version=diffusion')
    assert.deepEqual(ligneDe(publiee, 'Service social').slice(1, 3), ['non montré', 'non montré'])
    const csv = await un.essai.lire('pilote', '/pilotage/mises-a-disposition.csv')
    assert.match(csv.texte, /"Service social départemental";"1";"0";"1";"0"/)
    assert.equal((await un.essai.lire('caf', '/pilotage/mises-a-disposition')).statut, 403)
  })
})
