import assert from 'node:assert/strict'
import { randomUUID } from 'node:crypto'
import { after, before, describe, test } from 'node:test'
import { type EssaiRequisitions, ouvrirEssaiRequisitions } from '#tests/requisitions'

/*
 * La première séance. Après des années de silence, la CCAPEX reprend. Le secrétariat crée la commission, nomme ses membres, fixe la séance et compose l’ordre du jour
 * avec ce qui attend. La CAF dit ce qu’elle sait, le maire lit la fiche de son administrée, et le lendemain plus rien ne se lit.
 */
describe('La première séance, de la commission créée à la présence notée', () => {
  let essai: EssaiRequisitions
  let commission = ''
  let seance = ''
  before(async () => {
    essai = await ouvrirEssaiRequisitions('2026-09-28')
    await essai.application.base.pool.query("update dossier set territoire = 'autun', code_insee = '71153'")
  })
  after(() => essai.fermer())
  const cache = (html: string, nom: string) => new RegExp(`name="${nom}" value="([^"]*)"`).exec(html)?.[1] ?? ''
  const vu = async () => cache((await essai.lire('secretariat', seance)).html, 'vu')

  test('1. le secrétariat crée la commission : elle n’a ni membre, ni règlement, et la page le dit', async () => {
    commission = (
      await essai.poster('secretariat', '/commissions', {
        nom: 'Commission de l’Autunois',
        niveau: 'territoriale',
        territoires: 'autun',
        secretariat: essai.organisme('SEC71-AUTUN'),
      })
    ).vers
    assert.match((await essai.lire('secretariat', commission)).texte, /Nommer d’abord la coprésidence de l’État/)
  })

  test('2. l’État copréside, la CAF est membre de droit, le maire du Creusot est invité : chacun a son titulaire', async () => {
    for (const [code, qualite, nom] of [
      ['PREF71', 'copresident_etat', 'PREFECTURE'],
      ['CAF71', 'droit', 'CAF'],
      ['MAIRIE71-CREUSOT', 'maire', 'MAIRE'],
    ] as const) {
      const { vers } = await essai.poster('secretariat', `${commission}/membres`, {
        organisme: essai.organisme(code),
        qualite,
        du: '2026-09-01',
      })
      const { html } = await essai.lire('secretariat', vers)
      await essai.poster('secretariat', vers, {
        vu: cache(html, 'vu'),
        qualite,
        voix: qualite === 'maire' ? '' : 'deliberative',
        du: '2026-09-01',
        titulaire: new RegExp(`<option value="([\\w-]+)"[^>]*>Camille ${nom}`).exec(html)?.[1] ?? '',
      })
    }
    assert.match((await essai.lire('secretariat', commission)).texte, /Membres 3 siègent/)
  })

  test('3. il fixe la séance et la compose : la réquisition de Mme Lacombe, jamais examinée, est proposée', async () => {
    seance = (
      await essai.poster('secretariat', `${commission}/seances`, {
        le: '2026-10-20',
        debut: '09:00',
        fin: '11:00',
        envoi: randomUUID(),
      })
    ).vers
    assert.match((await essai.lire('secretariat', seance)).texte, /LACOMBE.*jamais examiné/)
    await essai.poster('secretariat', `${seance}/inscrire`, { dossiers: essai.dossier.id })
    const envoi = await essai.poster('secretariat', `${seance}/envoyer`, { vu: await vu() })
    assert.match(envoi.message, /Version 1 envoyée\s: 3\sfiches remises/)
  })

  test('4. la CAF lit le rappel, puis la fiche, et dit qu’elle n’a rien à apporter', async () => {
    await essai.poster('caf', `${seance}/rappel`, {})
    const { html } = await essai.lire('caf', seance)
    const inscription = [...html.matchAll(/name="inscription" value="([\w-]+)"/g)].map(([, id]) => id ?? '')
    await essai.poster('caf', `${seance}/rien`, { inscription })
    assert.match((await essai.lire('caf', seance)).texte, /LACOMBE.*Rien à apporter/)
  })

  test('5. le maire lit où en est son administrée, jamais ce qu’elle doit', async () => {
    await essai.poster('maire', `${seance}/rappel`, {})
    const page = await essai.lire('maire', seance)
    const fiche = await essai.lire('maire', /href="(\/seances\/[\w-]+\/dossiers\/[\w-]+)"/.exec(page.html)?.[1] ?? '')
    assert.match(fiche.texte, /LACOMBE.*Étape/)
    assert.doesNotMatch(fiche.texte, /Dette|1 620/)
  })

  test('6. le jour venu, la présence est notée ; le règlement ne fixant pas de quorum, aucun n’est exigé ; le lendemain, rien ne se lit', async () => {
    essai.aller('2026-10-20', '09:00')
    const { html, texte } = await essai.lire('secretariat', `${seance}/presence`)
    assert.match(texte, /ne fixe pas de quorum/)
    const vus = Object.fromEntries(
      [...html.matchAll(/name="(vu-[\w-]+)" value="(\d+)"/g)].map(([, a = '', b = '']) => [a, b]),
    )
    const presents = Object.fromEntries(Object.keys(vus).map((nom) => [nom.replace('vu-', 'presence-'), 'titulaire']))
    const notee = await essai.poster('secretariat', `${seance}/presence`, { ...vus, ...presents })
    assert.match(notee.message, /3\sprésences notées/)
    essai.aller('2026-10-21')
    assert.doesNotMatch((await essai.lire('maire', seance)).texte, /LACOMBE/)
  })
})
