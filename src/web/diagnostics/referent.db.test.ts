import assert from 'node:assert/strict'
import { randomUUID } from 'node:crypto'
import { after, before, describe, test } from 'node:test'
import { DEPT, type EssaiDesCercles, ouvrirEssaiDesCercles } from '#tests/ecrits'

describe('[REP-19] the author of a diagnosis as the referent of the household', () => {
  let essai: EssaiDesCercles
  let place = ''
  let un = ''
  const sql = async <T>(texte: string, valeurs: unknown[] = []): Promise<T[]> =>
    (await essai.application.base.pool.query(texte, valeurs)).rows as T[]
  const designer = (compte: Parameters<EssaiDesCercles['poster']>[0], accord: string, envoi: string = randomUUID()) =>
    essai.poster(compte, un, { accord, envoi })
  const designations = () => sql("select 1 from acte_saisi where genre = 'referent_designe'")

  before(async () => {
    essai = await ouvrirEssaiDesCercles()
    place = `/dossiers/${essai.dossier.reference}/diagnostics`
    await sql('update dossier set organismes_habilites = $2 where dept = $1', [
      DEPT,
      ['DEP71', 'CAF71'].map(essai.organisme),
    ])
    await essai.poster('auteure', place, {
      organisme: essai.organisme('DEP71'),
      saisi_le: '2026-11-16',
      origine: 'demande',
      envoi: randomUUID(),
    })
    const [diagnostic] = await sql<{ id: string }>('select id from diagnostic')
    un = `${place}/${diagnostic?.id}/referent`
  })
  after(() => essai.fermer())

  test('nobody is named before the diagnosis is validated', async () => {
    assert.doesNotMatch((await essai.lire('auteure', place)).texte, /Référent pour la procédure/)
    const tot = await designer('auteure', 'oui')
    assert.equal(tot.statut, 422)
    assert.match(tot.texte, /n’est plus à désigner/)
  })

  test('once validated, its author is offered with the source of the charter; only the service that led it names, with the accord of the household', async () => {
    await sql(
      "update diagnostic set etat = 'valide', valide_a = now(), valide_par = (select id from compte where courriel like 'auteure%'), relu_a = coalesce(relu_a, now()), relu_par = (select id from compte where courriel like 'auteure%')",
    )
    const propose = await essai.lire('auteure', place)
    assert.match(propose.texte, /Proposer au ménage que l’auteur du diagnostic, [^,]+, devienne son référent/)
    assert.match(propose.texte, /engagement 28 du Département/)
    assert.doesNotMatch((await essai.lire('caf', place)).texte, /Référent pour la procédure/)
    assert.equal((await designer('caf', 'oui')).statut, 422)
    assert.match((await designer('auteure', '')).texte, /Dire si le ménage est d’accord/)
    const refus = await designer('auteure', 'non')
    assert.equal(refus.statut, 422)
    assert.match(refus.texte, /personne n’est désigné/)
    assert.equal((await designations()).length, 0)
  })

  test('for a CCAS it is the rule when the household receives the RSA, and says what to ask when that is not known', async () => {
    await sql("update organisme set type = 'ccas' where code = 'DEP71'")
    const rsa = (valeur: boolean | null) =>
      sql(
        "update dossier set menage = case when $1::boolean is null then menage - 'rsa' else jsonb_set(menage, '{rsa}', to_jsonb($1::boolean)) end",
        [valeur],
      )
    await rsa(null)
    assert.match((await essai.lire('auteure', place)).texte, /demander si le ménage le perçoit/)
    await rsa(false)
    assert.match((await essai.lire('auteure', place)).texte, /Proposer au ménage que l’auteur/)
    await rsa(true)
    const regle = await essai.lire('auteure', place)
    assert.match(regle.texte, /La charte fait de l’auteur du diagnostic/)
    assert.match(regle.texte, /engagements 11 et 18 des CCAS/)
    await sql("update organisme set type = 'departement' where code = 'DEP71'")
  })

  test('named, once, it is an act of the situation of the household, and nothing is offered any more', async () => {
    const envoi = randomUUID()
    const fait = await designer('auteure', 'oui', envoi)
    assert.equal(fait.statut, 303, fait.texte)
    assert.equal((await designations()).length, 1)
    assert.doesNotMatch((await essai.lire('auteure', place)).texte, /Référent pour la procédure/)
    assert.match(
      (await essai.lire('auteure', `/dossiers/${essai.dossier.reference}/procedure`)).texte,
      /Référent actif/,
    )
  })
})
