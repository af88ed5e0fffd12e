import assert from 'node:assert/strict'
import { after, before, describe, test } from 'node:test'
import { ouvrirSession } from '#acces'
import { consignerFaits } from '#dossiers'
import { suivreEngagements } from '#jobs'
import {
  type ApplicationDEssai,
  ecrireCsv,
  importer,
  ligne,
  ouvrirApplicationDEssai,
  systeme,
} from '#tests/application'
import { tenirEngagements } from './tenue.ts'

interface Lue {
  readonly engagement: string
  readonly organisme: string
  readonly etat: string
  readonly cause: string | null
  readonly certitude: string
  readonly signataire: boolean
  readonly acces: boolean
  readonly echeance_le: string | null
  readonly fait_le: string | null
}

describe('engagements at work', () => {
  let essai: ApplicationDEssai
  let dossier: string
  before(async () => {
    essai = await ouvrirApplicationDEssai('2026-11-20')
    await importer(
      essai,
      'CDJ71',
      'cdp.csv',
      ecrireCsv([
        ligne({
          type: 'commandement_de_payer',
          date_acte: '2026-11-02',
          rsa: 'oui',
          suivi_departement: 'oui',
          montant_dette: '3000,00',
          loyer: '500,00',
          aide_logement: 'oui',
        }),
      ]),
    )
    const { rows } = await essai.base.pool.query('select id from dossier')
    dossier = rows[0].id
    await suivre()
  })
  after(() => essai.fermer())

  const suivre = () => suivreEngagements(essai, '71')
  const tenir = () =>
    ouvrirSession(essai, systeme(), 'engagement.tenir', (session) => tenirEngagements(session, [dossier]))
  const lire = async (): Promise<Lue[]> => {
    const { rows } = await essai.base.pool.query(
      `select t.engagement, o.code as organisme, t.etat, t.cause, t.certitude, t.signataire, t.acces, t.echeance_le::text, t.fait_le::text
       from engagement_tache t join organisme o on o.dept = t.dept and o.id = t.organisme where t.dossier = $1 order by t.engagement`,
      [dossier],
    )
    return rows
  }
  const une = async (engagement: string) => (await lire()).find((tache) => tache.engagement === engagement)
  const consigner = (type: string, donnees: Record<string, unknown>, le?: string) =>
    ouvrirSession(essai, systeme(), 'dossier.reaffecter', (session) =>
      consignerFaits(session, [{ dossier, type, donnees, ...(le ? { le: Temporal.PlainDate.from(le) } : {}) }]),
    )
  const organisme = async (code: string): Promise<string> =>
    (await essai.base.pool.query('select id from organisme where code = $1', [code])).rows[0].id

  test('[ENG-03] a dossier that enters a step gets its tasks, for the organismes of its place, under the charter of the day', async () => {
    const taches = await lire()
    console.log(taches.length, JSON.stringify(taches, null, 0))
    assert.equal((await une('secretariat/8'))?.organisme, 'SEC71-AUTUN')
    assert.equal((await une('departement/8'))?.organisme, 'DEP71')
  })
  test('replaying changes nothing', async () => {
    assert.deepEqual(await tenir(), { dossiers: 1, creees: 0, changees: 0 })
  })
  test('contact', async () => {
    await consigner('contact.tente', { contact: 'c1', canal: 'courrier', organisme: await organisme('DEP71') })
    await suivre()
    console.log(JSON.stringify((await lire()).filter((t) => t.cause === 'fait')))
  })
})
