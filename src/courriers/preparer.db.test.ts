import assert from 'node:assert/strict'
import { randomUUID } from 'node:crypto'
import { test } from 'node:test'
import { ouvrirSession } from '#acces'
import { deriver, ecrireDerives, ouvrirDossiers } from '#dossiers'
import { ouvrirApplicationDEssai, systeme } from '#tests/application'
import { proposerCourriers } from './preparer.ts'

test('[COU-06] [COU-17] a département whose secretariat serves everywhere has its letters too, and so do its other senders', async () => {
  const application = await ouvrirApplicationDEssai()
  const acteur = systeme('99')
  try {
    await ouvrirSession(application, acteur, 'dossier.reaffecter', async (session) => {
      const [dossier] = await ouvrirDossiers(session, 1)
      assert.ok(dossier)
      await ecrireDerives(session, [
        deriver(session, dossier, [
          {
            id: randomUUID(),
            organisme: 'CAF',
            organismeNom: 'CAF',
            organismeType: 'caf',
            type: 'commandement_de_payer',
            dateSignalement: '2026-11-05',
            dateActe: '2026-11-03',
            recuLe: '2026-11-05',
            codeInsee: null,
            commune: 'Valmont',
            territoire: null,
            contenu: {
              nom_usage: 'Morel',
              prenom: 'Camille',
              adresse: '12 rue des Forges',
              code_postal: '99100',
              commune: 'Valmont',
              parc: 'prive',
            },
          },
        ]),
      ])
    })
    await application.base.pool.query(
      `update dossier d set organisme = o.id, etat_service = 'prise', organismes_habilites = array[o.id] from organisme o where o.dept = '99' and o.code = 'DEP99'`,
    )
    const proposer = () => ouvrirSession(application, acteur, 'courrier.envoyer', proposerCourriers)
    assert.ok((await proposer()) >= 1)
    assert.equal(await proposer(), 0, 'once')
    const { rows } = await application.base.pool.query(
      "select nom, adresse, a_verifier from courrier where modele = 'menage-commandement'",
    )
    assert.deepEqual(rows, [{ nom: 'Camille MOREL', adresse: ['12 rue des Forges', '99100 VALMONT'], a_verifier: [] }])
    const autres = await application.base.pool.query(
      "select c.modele from courrier c join organisme o on o.dept = c.dept and o.id = c.organisme where o.code = 'DEP99'",
    )
    assert.deepEqual(autres.rows, [{ modele: 'departement-menage-commandement' }])
  } finally {
    await application.fermer()
  }
})
