import assert from 'node:assert/strict'
import { randomUUID } from 'node:crypto'
import { after, before, describe, test } from 'node:test'
import { type EssaiRequisitions, ouvrirEssaiRequisitions } from '#tests/requisitions'
import { cache, formulaire, nommerMembre } from './fabrique-essai.ts'

const LE = '2026-10-20'

describe('the departmental commission sits in plenary: the year, the working groups, an opinion on the charter', () => {
  let essai: EssaiRequisitions
  let seance = ''
  const page = async () => essai.lire('secretariat', seance)
  const poster = (suite: string, champs: Record<string, string>) =>
    essai.poster('secretariat', `${seance}${suite}`, champs)

  before(async () => {
    essai = await ouvrirEssaiRequisitions('2026-09-28')
    const { vers } = await essai.poster('secretariat', '/commissions', {
      nom: 'Commission départementale',
      niveau: 'departementale',
      territoires: 'autun',
      secretariat: essai.organisme('SEC71-AUTUN'),
    })
    const commission = vers.split('/').at(-1) ?? ''
    await nommerMembre(essai, commission, 'PREF71', 'copresident_etat', 'prefecture')
    await nommerMembre(essai, commission, 'DEP71', 'copresident_departement', 'assistante')
    const creee = await essai.poster('secretariat', `${vers}/seances`, {
      le: LE,
      debut: '09:00',
      fin: '12:00',
      lieu: '',
    })
    seance = creee.vers
  })
  after(() => essai?.fermer())

  test('[COM-23] points of the year are put on the session, once each; what is wrong is said beside its field, what was typed stays', async () => {
    assert.match((await page()).texte, /Aucun point hors dossiers/)
    const bilan = { genre: 'bilan', titre: 'Bilan de 2026', avis: '', conclusion: '', envoi: randomUUID() }
    for (let fois = 0; fois < 2; fois += 1) assert.equal((await poster('/points', bilan)).statut, 303)
    for (const [genre, titre] of [
      ['groupe', 'Groupe sur les impayés de charges'],
      ['pratiques', 'Prévenir dès le premier impayé'],
      ['actualite', 'Décret du 12 février 2026'],
    ] as const)
      assert.equal((await poster('/points', { ...bilan, genre, titre, envoi: randomUUID() })).statut, 303)
    assert.match((await page()).texte, /Points de la séance 4 points/)
    const refuse = await poster('/points', {
      ...bilan,
      titre: 'Bilan relu',
      avis: 'favorable',
      conclusion: 'Gardé',
      envoi: randomUUID(),
    })
    assert.equal(refuse.statut, 422)
    assert.match(refuse.html, /href="#points-avis"/)
    assert.match(refuse.html, />Gardé</)
    assert.equal((await essai.poster('caf', `${seance}/points`, bilan)).statut, 403)
  })

  test('[COM-24] the opinion on the charter is written in session; two hands on one point see both versions', async () => {
    const charte = { genre: 'charte', titre: 'Projet de charte 2027', avis: '', conclusion: '', envoi: randomUUID() }
    await poster('/points', charte)
    const champs = formulaire(await page(), 'Enregistrer ce point')
    const ouverte = (await page()).html
    const point = [...ouverte.matchAll(/action="[^"]*\/points\/([0-9a-f-]{36})"/g)].at(-1)?.[1] ?? ''
    const ecrire = (conclusion: string) =>
      poster(`/points/${point}`, {
        vu: champs.vu ?? '1',
        genre: 'charte',
        titre: charte.titre,
        avis: 'reserves',
        conclusion,
      })
    assert.equal((await ecrire('Ajouter un délai de réponse.')).statut, 303)
    const conflit = await ecrire('Tout va bien.')
    assert.equal(conflit.statut, 409)
    assert.match(conflit.texte, /Tout va bien[\s\S]*Ajouter un délai de réponse/)
    const { rows } = await essai.application.base.pool.query(
      "select conclusion from seance_point where genre = 'charte'",
    )
    assert.doesNotMatch((rows[0] as { conclusion: string }).conclusion, /délai/)
    assert.match(
      (await essai.lire('prefecture', seance)).texte,
      /Projet de charte 2027[\s\S]*Ajouter un délai de réponse[\s\S]*Avis favorable avec réserves/,
    )
  })

  test('[COM-23] [COM-24] closed, the statement says it to both co-chairs, as a document too, and nothing of it changes any more', async () => {
    essai.aller(LE)
    assert.equal((await poster('/clore', { restants: '0' })).statut, 303)
    const releve = await essai.lire('prefecture', `${seance}/releve`)
    assert.match(
      releve.texte,
      /Avis sur la charte ou un avenant : Projet de charte 2027[\s\S]*Avis de la commission : favorable avec réserves[\s\S]*Ajouter un délai/,
    )
    for (const compte of ['prefecture', 'assistante'] as const) {
      const lu = await essai.lire(compte, `${seance}/releve`)
      assert.equal((await essai.poster(compte, `${seance}/releve/approuver`, { vu: cache(lu, 'vu') })).statut, 303)
    }
    const pdf = await essai.lire('prefecture', `${seance}/releve.pdf`)
    assert.equal(pdf.octets.subarray(0, 5).toString(), '%PDF-')
    const tard = await poster('/points', {
      genre: 'autre',
      titre: 'Trop tard',
      avis: '',
      conclusion: 'Gardé ici',
      envoi: randomUUID(),
    })
    assert.equal(tard.statut, 409)
    assert.match(tard.texte, /Cette séance est close[\s\S]*Gardé ici/)
  })
})
