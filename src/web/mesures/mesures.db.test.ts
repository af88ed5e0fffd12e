import assert from 'node:assert/strict'
import { randomUUID } from 'node:crypto'
import { after, before, describe, test } from 'node:test'
import {
  acteurDuCompte,
  acteurSysteme,
  hacherMotDePasse,
  installerCompte,
  installerOrganismes,
  ouvrirSession,
} from '#acces'
import { annoncerPoints, pointsAVenir } from '#echanges'
import type { TypeOrganisme } from '#referentiel'
import { type CompteRequisitions, cache, type EssaiRequisitions, ouvrirEssaiRequisitions } from '#tests/requisitions'

const ASSO = 'asso' as CompteRequisitions

describe('[DOS-35] the follow-up of a support measure after the judgment', () => {
  let essai: EssaiRequisitions
  let asso = ''
  const adresse = (suite = '') => `/dossiers/${essai.dossier.reference}/mesures${suite}`
  const sql = async <T>(texte: string, valeurs: unknown[] = []): Promise<T[]> =>
    (await essai.application.base.pool.query(texte, valeurs)).rows as T[]
  const suivre = (compte: CompteRequisitions, changements: Record<string, string> = {}) =>
    essai.poster(compte, adresse(), {
      nature: 'asll',
      organisme: asso,
      jugement: '2026-06-10',
      debut: '2026-07-01',
      periodicite: '90',
      envoi: randomUUID(),
      ...changements,
    })
  const une = async () =>
    (
      await sql<{ id: string; version: number; prochain: string }>(
        "select id, version, to_char(prochain_le, 'YYYY-MM-DD') as prochain from mesure_suivie order by a limit 1",
      )
    )[0] as { id: string; version: number; prochain: string }
  const noter = async (compte: CompteRequisitions, changements: Record<string, string> = {}) => {
    const { id, version } = await une()
    return essai.poster(compte, adresse(`/${id}/points`), {
      vu: String(version),
      le: '2026-09-25',
      etat: 'fragile',
      loyer: 'partiel',
      texte: 'Un loyer sur deux depuis août',
      envoi: randomUUID(),
      ...changements,
    })
  }

  before(async () => {
    essai = await ouvrirEssaiRequisitions('2026-09-28', [
      { type: 'assignation', reference_source: 'ASG-1', date_signalement: '2026-05-15', date_acte: '2026-05-10' },
    ])
    const { base } = essai.application
    await installerOrganismes(base, '71', [
      { code: 'ASSO71', nom: 'Association Le Pont', type: 'association' as TypeOrganisme },
    ])
    asso = (await sql<{ id: string }>("select id from organisme where code = 'ASSO71'"))[0]?.id ?? ''
    await installerCompte(base, {
      dept: '71',
      courriel: 'asso@essai.example',
      prenom: 'Camille',
      nom: 'ASSO',
      motDePasse: await hacherMotDePasse('essai-des-requisitions'),
      organisme: 'ASSO71',
      role: 'service_social',
      du: Temporal.PlainDate.from('2020-01-01'),
      motif: 'Essai',
      a: essai.application.horloge.now(),
    })
    await sql("update dossier set territoire = 'autun', organismes_habilites = array[$1::uuid, $2::uuid]", [
      asso,
      essai.organisme('CAF71'),
    ])
  })
  after(() => essai?.fermer())

  test('the interval is proposed by the setting of the département and may be changed; what is wrong stays beside its field', async () => {
    const propose = await essai.lire(ASSO, adresse('/nouvelle'))
    assert.match(propose.texte, /Proposé : 90 jours \(Valeur posée par Amont/)
    assert.match(propose.html, /value="90"/)
    for (const [champs, phrase] of [
      [{ jugement: '' }, /Donner la date du jugement/],
      [{ jugement: '2026-10-10', debut: '2026-10-11' }, /après le jugement : sa date est passée/],
      [{ debut: '2026-06-01' }, /commence le jour du jugement ou après/],
      [{ periodicite: '3' }, /entre 7 et 366/],
      [{ periodicite: 'souvent' }, /entre 7 et 366/],
      [{ organisme: essai.organisme('CAF71') }, /Choisir qui suit cette mesure/],
    ] as const) {
      const refuse = await suivre(ASSO, champs)
      assert.equal(refuse.statut, 422, JSON.stringify(champs))
      assert.match(refuse.texte, phrase)
    }
    assert.equal((await sql('select 1 from mesure_suivie')).length, 0)
  })

  test('an association follows a measure, once: its first point is due one interval after the beginning', async () => {
    const envoi = randomUUID()
    assert.equal((await suivre(ASSO, { envoi, periodicite: '60' })).statut, 303)
    assert.equal((await suivre(ASSO, { envoi, periodicite: '60' })).statut, 303)
    assert.equal((await une()).prochain, '2026-08-30')
    assert.equal((await sql('select 1 from mesure_suivie')).length, 1)
    const deux = await suivre(ASSO)
    assert.equal(deux.statut, 422)
    assert.match(deux.texte, /déjà suivie par cet organisme/)
  })

  test('late, it is in « À faire » of the association and of the secretariat, and in the list; for other organismes it does not exist', async () => {
    for (const compte of [ASSO, 'secretariat'] as const) {
      const jour = await essai.lire(compte, '/a-faire')
      assert.match(jour.texte, /1.point de suivi de mesures après jugement, dont 1 en retard/, compte)
      assert.match(
        (await essai.lire(compte, '/mesures?etat=retard')).texte,
        /1.mesure, 1 en retard.*Lacombe.*ASLL.*Association Le Pont/i,
      )
    }
    assert.doesNotMatch((await essai.lire('caf', '/a-faire')).texte, /point de suivi/)
    assert.match((await essai.lire('caf', '/mesures')).texte, /Aucune mesure/)
    assert.match((await essai.lire('caf', adresse())).texte, /Aucune mesure suivie/)
    const { id } = await une()
    assert.equal(
      (await essai.poster('caf', adresse(`/${id}/terminer`), { vu: '1', fin: '2026-09-25', issue: 'reussie' })).statut,
      404,
    )
    for (const compte of ['prefecture', 'siao', 'bailleur'] as const)
      assert.equal((await essai.lire(compte, '/mesures')).statut, 403, compte)
    assert.match(
      (await essai.lire('secretariat', '/mesures/export.csv?etat=retard')).octets.toString(),
      /Association Le Pont/,
    )
    assert.equal((await essai.lire('prefecture', '/mesures/export.csv')).statut, 404)
  })

  test('a point tells the secretariat how it goes, in sealed words; the next one is due one interval later', async () => {
    assert.match((await noter(ASSO, { texte: '' })).texte, /Écrire où en est le ménage/)
    assert.match((await noter(ASSO, { le: '2026-09-29' })).texte, /ne peut pas être à venir/)
    assert.match((await noter(ASSO, { etat: '' })).texte, /Dire comment va la mesure/)
    const envoi = randomUUID()
    assert.equal((await noter(ASSO, { envoi })).statut, 303)
    assert.equal((await noter(ASSO, { envoi })).statut, 303, 'sent twice, noted once')
    assert.equal((await une()).prochain, '2026-11-24')
    const points = await sql<{ texte: string }>('select texte from point_suivi')
    assert.equal(points.length, 1)
    assert.doesNotMatch(points[0]?.texte ?? '', /loyer/)
    const lu = await essai.lire('secretariat', adresse())
    assert.match(
      lu.texte,
      /25\/09\/2026 : La mesure est fragile Un loyer sur deux depuis août Loyer courant payé en partie.*Attendu le 30\/08\/2026/,
    )
    assert.doesNotMatch((await essai.lire('secretariat', '/a-faire')).texte, /point de suivi/)
    assert.equal(
      (await sql("select 1 from fait where type = 'mesure.point'")).length,
      1,
      'and it proves the engagement',
    )
  })

  test('told within the days of the département to who holds it, once, then to the secretariat when late; in their calendar; without a word of the household', async () => {
    const passer = (jour: string) => {
      essai.aller(jour)
      return ouvrirSession(essai.application, acteurSysteme('71', 'annoncer-points'), 'mesure.tenir', annoncerPoints)
    }
    const recues = (jour: string) =>
      sql<{ a: string; dossier: boolean; avant: string | null }>(
        `select c.courriel as a, n.dossier is not null as dossier, to_char(n.avant, 'YYYY-MM-DD') as avant from notification n join compte c on c.id = n.compte
         where n.jour = $1 and 'point_suivi' = any (n.genres) order by 1`,
        [jour],
      )
    const { id } = await une()
    // The département tells seven days ahead: the point is due on 24 November.
    await passer('2026-11-01')
    assert.deepEqual(await recues('2026-11-01'), [], 'nothing so early')
    await passer('2026-11-20')
    assert.deepEqual(await recues('2026-11-20'), [{ a: 'asso@essai.example', dossier: true, avant: '2026-11-24' }])
    await passer('2026-11-20')
    await passer('2026-11-21')
    assert.deepEqual(await recues('2026-11-21'), [], 'once')
    const boite = await essai.lire(ASSO, '/notifications')
    assert.match(boite.texte, /Point de suivi d’une mesure.*Vous suivez cette mesure après le jugement/)
    assert.doesNotMatch(JSON.stringify(await sql('select motifs from notification')), /lacombe|loyer/i)
    await passer('2026-11-25')
    const retards = await recues('2026-11-25')
    assert.ok(retards.length > 0 && retards.every(({ a, dossier }) => /^secretariat/.test(a) && !dossier))
    assert.match((await essai.lire('secretariat', '/notifications')).texte, /Point de suivi/)
    await sql('update mesure_suivie set prochain_le = $1 where id = $2', ['2026-12-10', id])
    const agenda = async (compte: CompteRequisitions) => {
      const [lu] = await sql<{ id: string; organisme: string }>(
        `select c.id, h.organisme from compte c join habilitation h on h.compte = c.id where c.courriel = $1`,
        [`${compte}@essai.example`],
      )
      assert.ok(lu)
      const acteur = await acteurDuCompte(essai.application, '71', lu.id)
      assert.ok(acteur)
      return ouvrirSession(essai.application, acteur, 'compte.tenir', pointsAVenir)
    }
    assert.deepEqual(
      (await agenda(ASSO)).map(({ uid, titre, debut, chemin }) => [uid, titre, debut.toString(), chemin]),
      [[`point-${id}`, `Point de suivi, dossier ${essai.dossier.reference}`, '2026-12-10', adresse()]],
    )
    for (const compte of ['caf', 'secretariat', 'prefecture'] as const)
      assert.deepEqual(await agenda(compte), [], compte)
    await sql('update mesure_suivie set prochain_le = $1 where id = $2', ['2026-11-24', id])
    essai.aller('2026-09-28')
  })

  test('two people at once: the second sees that it changed, with both texts', async () => {
    const { id, version } = await une()
    assert.equal((await noter('secretariat', { le: '2026-09-26', texte: 'Dit au téléphone' })).statut, 303)
    const tard = await essai.poster(ASSO, adresse(`/${id}/points`), {
      vu: String(version),
      le: '2026-09-27',
      etat: 'tenue',
      texte: 'Écrit entre-temps',
      envoi: randomUUID(),
    })
    assert.equal(tard.statut, 409)
    assert.match(tard.texte, /Écrit entre-temps/)
    assert.match(tard.texte, /Dit au téléphone/)
  })

  test('the interval moves the next point; ended, nothing is due any more', async () => {
    const { id, version } = await une()
    const regle = await essai.poster(ASSO, adresse(`/${id}/periodicite`), { vu: String(version), periodicite: '30' })
    assert.equal(regle.statut, 303, regle.texte)
    assert.equal((await une()).prochain, '2026-10-26')
    const page = await essai.lire(ASSO, adresse())
    const vu = cache(page, 'vu')
    assert.equal(
      (await essai.poster(ASSO, adresse(`/${id}/terminer`), { vu, fin: '2026-09-28', issue: '' })).statut,
      422,
    )
    assert.equal(
      (await essai.poster(ASSO, adresse(`/${id}/terminer`), { vu, fin: '2026-09-28', issue: 'reussie' })).statut,
      303,
    )
    assert.match((await essai.lire(ASSO, adresse())).texte, /Terminée.*Menée à son terme/)
    assert.equal((await noter(ASSO)).statut, 409)
    essai.aller('2027-03-01')
    assert.doesNotMatch((await essai.lire(ASSO, '/a-faire')).texte, /point de suivi/)
    assert.match(
      (await essai.lire('secretariat', '/mesures?etat=terminees')).texte,
      /Menée à son terme, le 28\/09\/2026/,
    )
  })
})
