import assert from 'node:assert/strict'
import { after, before, describe, test } from 'node:test'
import { echoirCellules } from '#jobs'
import type { Compte, EssaiDesCercles } from '#tests/ecrits'
import { cache, type EssaiDeCellule, idDe, ouvrirEssaiDeCellule } from './fabrique-essai.ts'

describe('[CEL-03] [CEL-07] what a consultation opens, and until when', () => {
  let essai: EssaiDesCercles
  let dossier: string
  let demande: EssaiDeCellule['demande']
  let consulter: EssaiDeCellule['consulter']
  let adresseDuLocataire: EssaiDeCellule['adresseDuLocataire']
  let sql: EssaiDeCellule['sql']

  before(async () => {
    ;({ essai, dossier, demande, consulter, adresseDuLocataire, sql } = await ouvrirEssaiDeCellule())
  })
  after(() => essai?.fermer())

  const reunir = async (adresse: string, le: string) => {
    const lue = await essai.lire('secretariat', adresse)
    return essai.poster('secretariat', `${adresse}/reunion`, {
      le,
      heure: '14:30',
      minutes: '45',
      lieu: 'Salle 2',
      envoi: crypto.randomUUID(),
      vu: cache(lue, 'vu', 'Fixer la réunion'),
    })
  }
  const retirer = (compte: Compte, adresse: string) =>
    essai.poster(compte, `${adresse}/retirer`, {
      motif: 'Réglé autrement.',
      envoi: crypto.randomUUID(),
      etape: 'confirmer',
    })
  const participationsAdil = () =>
    sql(
      `select p.jusqu_au::text as jusqu_au from participation p join organisme o on o.id = p.organisme
       where o.code = 'ADIL71' and p.origine = 'cellule' and p.retiree_a is null`,
    )

  test('a meeting prolongs the guests still there, and lets nobody back in', async () => {
    const adresse = await consulter('secretariat', { invites: essai.organisme('ADIL71') })
    assert.equal((await reunir(adresse, '2027-01-15')).statut, 303)
    assert.deepEqual(await participationsAdil(), [{ jusqu_au: '2027-01-15' }])
    await sql("update participation set retiree_a = now() where origine = 'cellule' and organisme = $1", [
      essai.organisme('ADIL71'),
    ])
    assert.equal((await reunir(adresse, '2027-02-15')).statut, 303)
    assert.deepEqual(await participationsAdil(), [])
    await retirer('secretariat', adresse)
  })

  test('a consultation and its meeting stay within what a participation may last', async () => {
    const loin = { urgence: '', echeance_le: '2099-01-15', echeance_heure: '17:00', etape: 'relire' }
    const refusee = await essai.poster('secretariat', `${dossier}/nouvelle`, demande(loin))
    assert.equal(refusee.statut, 422)
    assert.match(refusee.texte, /dans un an au plus/)
    const adresse = await consulter('secretariat', { invites: essai.organisme('ADIL71') })
    const tard = await reunir(adresse, '2099-01-15')
    assert.equal(tard.statut, 422)
    assert.match(tard.texte, /dans un an au plus/)
    await retirer('secretariat', adresse)
  })

  test('a landlord is told who will read, never who already follows its tenant', async () => {
    const relue = await essai.poster('bailleur', await adresseDuLocataire(), demande({ etape: 'relire' }))
    assert.equal(relue.statut, 200)
    assert.match(relue.texte, /Qui lira ceci \?/)
    assert.match(relue.texte, /Fonds de solidarité pour le logement/)
    assert.doesNotMatch(relue.texte, /déjà le dossier|lira le dossier|d’accès|\d personnes?\b/)
  })

  test('a landlord reads what it asked as long as the household is its tenant, and of it only what its list shows', async () => {
    const recue = await consulter('bailleur', {}, await adresseDuLocataire())
    await sql(
      `update locataire set champs = '[{"champ":"menage.nom","libelle":"Nom du ménage","valeur":"Nom de la liste"}]'`,
    )
    const lue = await essai.lire('bailleur', recue)
    assert.equal(lue.statut, 200)
    assert.match(lue.texte, /Nom de la liste/)
    assert.doesNotMatch(lue.texte, /Lacombe/)
    await sql('delete from locataire')
    assert.equal((await essai.lire('bailleur', recue)).statut, 404)
    assert.ok(!(await essai.lire('bailleur', '/cellule/recues')).html.includes(idDe(recue)))
  })

  test('ending a consultation leaves the readers another one still needs', async () => {
    const invites = essai.organisme('ADIL71')
    const une = await consulter('secretariat', { invites })
    await sql("update participation set accord = null where origine = 'cellule'")
    const deux = await consulter('secretariat', { invites, urgence: 'tres-urgent' })
    const [, fsl] = await Promise.all([
      participationsAdil(),
      sql("select 1 from participation where origine = 'cellule' and retiree_a is null"),
    ])
    assert.ok(fsl.length > 1)
    assert.equal((await retirer('secretariat', une)).statut, 303)
    assert.equal((await participationsAdil()).length, 1)
    assert.equal((await essai.lire('adil', deux)).statut, 200)
    assert.equal(
      (await sql("select 1 from participation where origine = 'cellule' and retiree_a is null")).length,
      fsl.length,
    )
    assert.equal((await retirer('secretariat', deux)).statut, 303)
    assert.equal((await participationsAdil()).length, 0)
    assert.equal((await essai.lire('adil', deux)).statut, 404)
  })

  test('[CEL-05] who reads no position is not told of one, and a position is expected from those who may give it', async () => {
    const recue = await consulter('bailleur', {}, await adresseDuLocataire())
    const adresse = `${dossier}/consultations/${idDe(recue)}`
    for (const sens of ['favorable', 'reunion']) {
      const lue = await essai.lire('caf', adresse)
      const { statut } = await essai.poster('caf', `${adresse}/position`, {
        sens,
        motif: 'Dette réduite.',
        envoi: cache(lue, 'envoi', 'Position'),
        vu: cache(lue, 'vu', 'Position'),
      })
      assert.equal(statut, 303)
    }
    const dits = await sql('select compte, quoi from consultation_avis where consultation = $1', [idDe(recue)])
    assert.ok(dits.some(({ compte, quoi }) => compte === essai.ids.secretariat && String(quoi).startsWith('position-')))
    assert.ok(dits.some(({ compte, quoi }) => compte === essai.ids.prefecture && quoi === 'reunion-demandee'))
    assert.ok(!dits.some(({ compte }) => compte === essai.ids.bailleur))
    assert.match((await essai.lire('prefecture', '/cellule')).texte, /Votre position est attendue/)
    assert.doesNotMatch((await essai.lire('pilote', '/cellule')).texte, /position est attendue|positions? attendue/)
  })

  test('[CEL-11] a decision is « forgotten » by a session only when its dossier was not on its agenda, whatever put it there; showing it is in the journal', async () => {
    const adresse = await consulter('auteure')
    const id = idDe(adresse)
    await sql("update consultation set etat = 'conclue', issue = 'accord', close_a = ouverte_a where id = $1", [id])
    await sql(
      "insert into regularisation (dept, consultation, dossier, conclue_le) values ('71', $1, $2, '2026-11-01')",
      [id, essai.dossier.id],
    )
    const [seance] = await sql(
      `with k as (insert into commission (dept, nom, niveau, territoires, secretariat, cree_a)
         select '71', 'Autun', 'territoriale', array[territoire], $1::uuid, now() from dossier returning id)
       insert into seance (dept, commission, le, debut, fin, etat, cree_a) select '71', id, '2026-11-10', '09:00', '12:00', 'prevue', now() from k returning id`,
      [essai.organisme('SEC71-AUTUN')],
    )
    const [{ id: avant } = { id: 0 }] = await sql('select coalesce(max(id), 0) as id from journal')
    // A page of the list where nothing is: what waits for the commission alone is shown.
    assert.match((await essai.lire('secretariat', '/cellule?page=9')).texte, /Oubliée à la séance du/)
    const notees = await sql(
      "select 1 from journal where id > $1 and action = 'consultations.lister' and $2::uuid = any (dossiers)",
      [avant, essai.dossier.id],
    )
    assert.equal(notees.length, 1)
    await sql(
      `insert into inscription (dept, seance_id, dossier_id, origine, origine_id, rang, etat, inscrite_a)
       values ('71', $1, $2, 'saisine', null, 1, 'examine', now())`,
      [seance?.id, essai.dossier.id],
    )
    for (const compte of ['secretariat', 'pilote'] as const) {
      const { texte } = await essai.lire(compte, '/cellule')
      assert.match(texte, /À régulariser en commission/)
      assert.doesNotMatch(texte, /Oubliée/)
    }
  })

  test('a closed dossier ends its consultations: outsiders at once, the others by hand or by the job', async () => {
    const une = await consulter('auteure')
    const deux = await consulter('secretariat', { invites: essai.organisme('ADIL71') })
    await sql('update consultation set invites = array_append(invites, $1::uuid) where id = $2', [
      essai.organisme('CDJ71'),
      idDe(deux),
    ])
    const recue = `/cellule/recues/${idDe(deux)}`
    assert.equal((await essai.lire('commissaire', recue)).statut, 200)
    await sql("update dossier set clos_le = '2026-11-01', motif_cloture = 'autre'")
    assert.equal((await essai.lire('commissaire', recue)).statut, 404)
    assert.equal((await retirer('caf', une)).statut, 404)
    // Whoever concludes ends the consultation of another.
    assert.equal((await retirer('secretariat', une)).statut, 303)
    assert.equal((await participationsAdil()).length, 1)
    // The landlord's two of above end with it; the first of the three, which fails, stops no other and ends the next time.
    await sql(
      `create function echouer() returns trigger language plpgsql as $$ begin raise exception 'failed on purpose'; end $$`,
    )
    const ouvertes = await sql("select id from consultation where etat in ('ouverte', 'a_conclure') order by id")
    await sql(
      `create trigger echouer before insert on consultation_acte for each row when (new.consultation = '${ouvertes[0]?.id}') execute function echouer()`,
    )
    await assert.rejects(echoirCellules(essai.application, '71'), AggregateError)
    assert.deepEqual(await sql("select id from consultation where etat in ('ouverte', 'a_conclure')"), [ouvertes[0]])
    await sql('drop trigger echouer on consultation_acte')
    assert.equal(ouvertes.length, 3)
    assert.equal(await echoirCellules(essai.application, '71'), 1)
    assert.deepEqual(await sql('select etat from consultation where id = $1', [idDe(deux)]), [{ etat: 'retiree' }])
    assert.deepEqual(await participationsAdil(), [])
    assert.match((await essai.lire('secretariat', deux)).texte, /Consultation retirée : le dossier est clos/)
    assert.equal(await echoirCellules(essai.application, '71'), 0)
  })
})
