import assert from 'node:assert/strict'
import { randomUUID } from 'node:crypto'
import { test } from 'node:test'
import { ouvrirSession } from '#acces'
import { deriver, ecrireDerives, ouvrirDossiers } from '#dossiers'
import { ouvrirApplicationDEssai, systeme } from '#tests/application'
import { proposerCourriers } from './preparer.ts'

test('[COU-06] a département whose secretariat serves everywhere has its letters too', async () => {
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
    const proposer = () => ouvrirSession(application, acteur, 'courrier.envoyer', proposerCourriers)
    assert.ok((await proposer()) >= 1)
    assert.equal(await proposer(), 0, 'once')
    const { rows } = await application.base.pool.query(
      "select nom, adresse, a_verifier from courrier where modele = 'menage-commandement'",
    )
    assert.deepEqual(rows, [{ nom: 'Camille MOREL', adresse: ['12 rue des Forges', '99100 VALMONT'], a_verifier: [] }])
  } finally {
    await application.fermer()
  }
})
