import assert from 'node:assert/strict'
import { randomUUID } from 'node:crypto'
import { after, before, describe, test } from 'node:test'
import { DEPT } from '#tests/ecrits'
import { type EssaiDeSeance, ouvrirSeanceDEssai, remplirPoste } from './fabrique-essai.ts'

describe('a session refuses before it writes, and shows each its part', () => {
  let un: EssaiDeSeance
  const poste = (rang: number): string => `/seances/${un.seance}/poste/${un.inscriptions[rang]}`
  const poster = async (rang: number, champs: Readonly<Record<string, string>>) =>
    un.essai.poster('secretariat', poste(rang), remplirPoste(await un.essai.lire('secretariat', poste(rang)), champs))
  const ecrites = async (rang: number): Promise<number> =>
    (
      await un.essai.application.base.pool.query(
        'select 1 from deliberation x left join prononce p on p.dept = x.dept and p.deliberation = x.id where x.dept = $1 and x.inscription = $2',
        [DEPT, un.inscriptions[rang]],
      )
    ).rows.length
  /** What the database itself gives to a connection with these rights. */
  const demander = async (
    contexte: Readonly<Record<string, string>>,
    requetes: readonly (readonly [string, readonly unknown[]])[],
  ): Promise<(number | string)[]> => {
    const client = await un.essai.application.base.pool.connect()
    try {
      await client.query('begin; set local role amont_app')
      for (const [cle, valeur] of Object.entries({
        dept: DEPT,
        portee: 'departement',
        jour: '2026-11-20',
        ...contexte,
      }))
        await client.query('select set_config($1, $2, true)', [`app.${cle}`, valeur])
      const faits: (number | string)[] = []
      for (const [texte, valeurs] of requetes) {
        await client.query('savepoint s')
        try {
          faits.push((await client.query(texte, [...valeurs])).rowCount ?? 0)
        } catch (erreur) {
          await client.query('rollback to savepoint s')
          faits.push((erreur as { code: string }).code)
        }
      }
      return faits
    } finally {
      await client.query('rollback')
      client.release()
    }
  }

  before(async () => {
    un = await ouvrirSeanceDEssai(2)
  })
  after(() => un?.essai.fermer())

  test('an empty dossier adopted writes nothing', async () => {
    const refuse = await poster(0, { geste: 'adopter' })
    assert.equal(refuse.statut, 422)
    assert.match(refuse.texte, /Rien n’est décidé/)
    assert.equal(await ecrites(0), 0)
  })

  test('a dossier put off without its reason is refused, and the block where the reason is chosen is open', async () => {
    assert.doesNotMatch(
      (await un.essai.lire('secretariat', poste(0))).html,
      /<details class="plus" open="">\s*<summary>Reporter/,
    )
    const refuse = await poster(0, { geste: 'reporter' })
    assert.equal(refuse.statut, 422)
    assert.match(refuse.html, /<details class="plus" open=""><summary>Reporter ce dossier/)
  })

  test('a recommendation nobody receives, or with a mark that is none, writes nothing', async () => {
    for (const champs of [
      { 'rec-texte': 'Pour personne', geste: 'adopter' },
      { 'rec-texte': 'Sans marque', 'rec-destinataire': 'Le ménage', 'rec-envoi': 'marque', geste: 'recommander' },
    ]) {
      assert.equal((await poster(0, { discours: 'Écrit', 'q-maintien': 'oui', ...champs })).statut, 422)
      assert.equal(await ecrites(0), 0)
    }
  })

  test('an addressee is never picked among several', async () => {
    const { rows } = await un.essai.application.base.pool.query(
      `select 1 from organisme where dept = $1 and actif and type in ('departement', 'ccas', 'caf', 'msa', 'association')`,
      [DEPT],
    )
    assert.ok(rows.length > 1, 'several may receive it, and the dossier names none of them')
    const refuse = await poster(0, { 'rec-code': 'travailleur-social', geste: 'recommander' })
    assert.equal(refuse.statut, 422)
    assert.match(refuse.texte, /choisir le destinataire/i)
    assert.equal(await ecrites(0), 0)
    const aide = {
      'avis-maintien-ou-suspension-aide': 'maintien',
      'pour-maintien-ou-suspension-aide': un.essai.organisme('CAF71'),
    }
    const muette = await poster(0, { ...aide, geste: 'adopter' })
    assert.equal(muette.statut, 422, '[COM-26] an opinion or a decision: the commission says which')
    assert.match(muette.texte, /Choisir « Avis » ou « Décision » pour l’aide au logement/)
    assert.equal(await ecrites(0), 0)
    const page = await poster(0, {
      'rec-code': 'plan-ou-protocole',
      'rec-organisme': un.essai.organisme('OPAC71'),
      ...aide,
      'pouvoir-maintien-ou-suspension-aide': 'avis',
      'q-maintien': 'oui',
      'note-texte': 'Pour les membres',
      'note-cercle': 'membres',
      geste: 'adopter',
    })
    assert.equal(page.statut, 303)
  })

  test('who follows a session without the right to what it says reads none of it, even of the database', async () => {
    const organisme = un.essai.organisme('CAF71')
    const { pool } = un.essai.application.base
    await pool.query('update seance set odj_envoye_a = cree_a, odj_numero = 1 where dept = $1 and id = $2', [
      DEPT,
      un.seance,
    ])
    await pool.query(
      `insert into fiche_seance (dept, inscription, organisme, seance, dossier, lecteurs, conditions, contenu, rang, tardive, a)
       select dept, id, $3, seance_id, dossier_id, array[$4::uuid], '{}', 'abcdef01.x', 1, false, inscrite_a from inscription where dept = $1 and id = $2`,
      [DEPT, un.inscriptions[0], organisme, un.essai.ids.caf],
    )
    const lire = ['deliberation', 'prononce', 'note_debat'].map((table) => [`select 1 from ${table}`, []] as const)
    const membre = { compte: un.essai.ids.caf, organisme, cercles: 'membre,commission_lue' }
    assert.deepEqual(await demander(membre, lire), [0, 0, 0])
    const entitled = { ...membre, cercles: 'membre,commission_lue,avis_lu,orientation' }
    assert.deepEqual(await demander(entitled, lire), [1, 2, 1])
  })

  test('the statement never tells the sense of an expertise nor its reason', async () => {
    await un.essai.application.base.pool.query(
      "update inscription set origine = 'expertise' where dept = $1 and id = $2",
      [DEPT, un.inscriptions[1]],
    )
    const motif = 'Motif réservé au préfet'
    const rendue = await poster(1, { expertise: 'defavorable', 'expertise-motif': motif, geste: 'adopter' })
    assert.equal(rendue.statut, 303)
    const releve = await un.essai.lire('secretariat', `/seances/${un.seance}/releve`)
    assert.match(releve.texte, /Expertise rendue/i)
    assert.doesNotMatch(releve.texte, /Motif réservé|Défavorable/)
  })

  test('a side approves for itself alone; a right to draw up is no right to approve', async () => {
    const { essai, seance } = un
    assert.equal((await essai.poster('secretariat', `/seances/${seance}/clore`, { restants: '0' })).statut, 303)
    const prefecture = {
      compte: essai.ids.prefecture,
      organisme: essai.organisme('PREF71'),
      cercles: 'releve,commission_lue,deliberation',
    }
    const approuver = (cote: string, suite = '') =>
      [`update releve set ${cote}_a = now(), ${cote}_par = $1${suite}`, [essai.ids.prefecture]] as const
    assert.deepEqual(await demander(prefecture, [approuver('departement')]), ['42501'])
    assert.deepEqual(
      await demander(prefecture, [
        approuver('etat', `, departement_a = now(), departement_par = $1, etat = 'approuve'`),
      ]),
      ['42501'],
    )
    assert.deepEqual(await demander(prefecture, [approuver('etat')]), [1])
    // A colleague of the secretariat says it out of date without signing for whoever drew it up.
    const secretariat = {
      compte: randomUUID(),
      organisme: essai.organisme('SEC71-AUTUN'),
      cercles: 'deliberation,seance,commission_lue',
    }
    assert.deepEqual(
      await demander(secretariat, [
        ['update releve set perime = true', []],
        ['update prononce set notifie_a = now(), etat = $1', ['attendu']],
        ['update deliberation set publiee_a = now()', []],
      ]),
      [1, '42501', '42501'],
    )
  })
})
