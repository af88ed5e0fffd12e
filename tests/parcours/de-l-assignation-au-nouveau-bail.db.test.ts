import assert from 'node:assert/strict'
import { randomUUID } from 'node:crypto'
import { after, before, describe, test } from 'node:test'
import { ouvrirSession, type Session } from '#acces'
import {
  cloreDossier,
  consignerActe,
  corrigerActe,
  type Dossier,
  lireDossier,
  listerActesSaisis,
  listerFaits,
  rouvrirDossier,
  type SaisieActe,
} from '#dossiers'
import { suspensionsEnVigueur } from '#procedure'
import {
  type ApplicationDEssai,
  ecrireCsv,
  importer,
  ligne,
  ouvrirApplicationDEssai,
  systeme,
} from '#tests/application'

/**
 * Une assignation arrive dans un fichier. Le jugement accorde des délais ; ils ne sont pas tenus ; le commandement de quitter les lieux suit. Le bailleur social
 * signe un protocole, qui est respecté : un nouveau bail est signé et le dossier est clos. Une date mal recopiée est corrigée en route.
 */
describe('De l’assignation au nouveau bail : la procédure d’un ménage, acte par acte', () => {
  let application: ApplicationDEssai
  let dossier: string
  const jour = (texte: string) => Temporal.PlainDate.from(texte)
  const enSession = <T>(travail: (session: Session) => Promise<T>) =>
    ouvrirSession(application, systeme(), 'dossier.consulter', travail)
  const lire = (): Promise<Dossier> => enSession((session) => lireDossier(session, dossier))
  const consigner = (genre: SaisieActe['genre'], le: string, contenu: SaisieActe['contenu'] = {}) =>
    enSession((session) => consignerActe(session, { dossier, genre, le: jour(le), contenu, envoi: randomUUID() }))
  const enVigueur = async (le: string): Promise<string[]> =>
    suspensionsEnVigueur((await lire()).situation?.suspensions ?? [], jour(le)).map(({ motif }) => motif)

  before(async () => {
    application = await ouvrirApplicationDEssai()
    await importer(
      application,
      'PREF71',
      'assignations.csv',
      ecrireCsv([
        ligne({
          type: 'assignation',
          reference_source: 'ASG-9001',
          nom_usage: 'Rocheblave',
          prenom: 'Maud',
          date_naissance: '1984-02-11',
          adresse: '14 rue des Forges',
          commune: 'Autun',
          date_signalement: '2025-02-10',
          date_acte: '2025-02-03',
        }),
      ]),
    )
    const [ouvert] = await enSession(
      (session) => session.sql<{ id: string }>`select id from dossier where titulaire like 'ROCHEBLAVE%'`,
    )
    assert.ok(ouvert)
    dossier = ouvert.id
  })
  after(() => application.fermer())

  test('[DOS-01] [DOS-02] the file opens the dossier at the summons, in the judicial phase', async () => {
    const { stade, phase, actes } = await lire()
    assert.deepEqual([stade, phase, actes.length], ['assignation', 'judiciaire', 1])
  })

  test('[DOS-10] the judgment grants delays: they suspend the procedure, until they are not kept', async () => {
    await consigner('jugement', '2025-05-06', { decision: 'delais', duree_mois: 24, mensualite: 9000 })
    assert.deepEqual(await enVigueur('2025-06-01'), ['delais'])
    await consigner('delais_non_respectes', '2025-09-01')
    assert.deepEqual(await enVigueur('2025-10-01'), [])
  })

  test('[DOS-05] [DOS-31] the order to leave is dated from the act, corrected once the act is read, and its time limit follows', async () => {
    const { acte } = await consigner('commandement_de_quitter_les_lieux', '2025-10-02')
    const terme = async () =>
      (await lire()).echeances.find(({ cle }) => cle === 'commandement-de-quitter-les-lieux.delai')
    assert.equal((await terme())?.le, '2025-12-02')
    await enSession((session) =>
      corrigerActe(session, {
        dossier,
        acte,
        genre: 'commandement_de_quitter_les_lieux',
        le: jour('2025-10-12'),
        motif: 'piece_lue',
        envoi: randomUUID(),
      }),
    )
    const recalcule = await terme()
    assert.equal(recalcule?.le, '2025-12-12')
    assert.match(recalcule?.source ?? '', /L\. 412-1/)
    const [histoire] = (await enSession((session) => listerActesSaisis(session, dossier))).filter(
      ({ racine }) => racine === acte,
    )
    assert.deepEqual(
      histoire?.versions.map(({ nature, le }) => [nature, le.toString()]),
      [
        ['corrige', '2025-10-12'],
        ['consigne', '2025-10-02'],
      ],
    )
  })

  test('[DOS-09] [DOS-25] the opportunity of a protocol is answered, the protocol is signed and holds the procedure', async () => {
    await consigner('opportunite_protocole', '2025-11-03', {
      stade: 'commandement_de_quitter_les_lieux',
      reponse: 'propose',
    })
    await consigner('protocole_signe', '2025-12-01', { numero: '1', jusqu_au: '2027-11-30', mensualite: 7500 })
    assert.deepEqual(await enVigueur('2026-06-01'), ['protocole'])
  })

  test('[DOS-04] [DOS-30] the new lease ends the procedure; the dossier is closed with its outcome, and opens again with a reason', async () => {
    await consigner('protocole_respecte', '2026-09-01', { numero: '1', execute: true })
    await consigner('nouveau_bail', '2026-09-20')
    const { stade, echeances } = await lire()
    assert.equal(stade, 'impaye')
    assert.deepEqual(
      echeances.filter(({ cle }) => cle.startsWith('commandement')),
      [],
    )
    await enSession((session) => cloreDossier(session, { dossier, issue: 'nouveau_bail', le: jour('2026-09-20') }))
    assert.equal((await lire()).motif_cloture, 'nouveau_bail')
    await enSession((session) => rouvrirDossier(session, { dossier, motif: 'nouvel_impaye' }))
    assert.equal((await lire()).clos_le, null)
    const faits = (await enSession((session) => listerFaits(session, dossier))).map(({ type }) => type)
    assert.deepEqual(faits.slice(0, 2), ['dossier.rouvert', 'dossier.clos'])
    assert.equal(faits.filter((type) => type === 'acte.consigne').length, 7)
  })
})
