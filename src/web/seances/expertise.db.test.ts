import assert from 'node:assert/strict'
import { after, before, describe, test } from 'node:test'
import { publierReleve } from '#commission'
import { noterExpertisesRendues } from '#requisitions'
import { type CompteRequisitions, type EssaiRequisitions, ouvrirEssaiRequisitions } from '#tests/requisitions'
import { cache, nommerMembre } from '../commissions/fabrique-essai.ts'
import { remplirPoste } from './fabrique-essai.ts'

const LE = '2026-06-22'

describe('an expertise the State asked for, from the agenda to the force request', () => {
  let essai: EssaiRequisitions
  let requisition = ''
  let seance = ''
  let poste = ''
  const sql = async <T>(texte: string, valeurs: unknown[] = []): Promise<T[]> =>
    (await essai.application.base.pool.query(texte, valeurs)).rows as T[]
  const vu = async () => cache(await essai.lire('secretariat', `/seances/${seance}`), 'vu')

  before(async () => {
    essai = await ouvrirEssaiRequisitions('2026-06-15')
    await sql("update dossier set territoire = 'autun', code_insee = '71153', organismes_habilites = $1", [
      [essai.organisme('DEP71'), essai.organisme('CAF71')],
    ])
    const recevoir = await essai.lire('prefecture', essai.adresse('/recevoir'))
    const acte = /name="acte"[^>]*value="([\w-]{36})"/.exec(recevoir.html)?.[1] ?? ''
    const { vers } = await essai.poster('prefecture', essai.adresse('/recevoir'), { acte, recue_le: '2026-06-15' })
    requisition = /force-publique\/([\w-]{36})\//.exec(vers)?.[1] ?? ''
    const { vers: creee } = await essai.poster('secretariat', '/commissions', {
      nom: 'Commission d’Autun',
      niveau: 'territoriale',
      territoires: 'autun',
      secretariat: essai.organisme('SEC71-AUTUN'),
    })
    const commission = creee.split('/').at(-1) ?? ''
    await nommerMembre(essai, commission, 'PREF71', 'copresident_etat', 'prefecture')
    await nommerMembre(essai, commission, 'DEP71', 'copresident_departement', 'assistante')
    await nommerMembre(essai, commission, 'CAF71', 'droit', 'caf')
    const ajoutee = await essai.poster('secretariat', `/commissions/${commission}/seances`, {
      le: LE,
      debut: '09:00',
      fin: '12:00',
      lieu: '',
    })
    seance = ajoutee.vers.split('/').at(-1) ?? ''
  })
  after(() => essai?.fermer())

  test('[COM-11] asked by the State alone, it is proposed to the session, its reason kept', async () => {
    const noter = (compte: CompteRequisitions) =>
      essai.poster(compte, essai.adresse(`/${requisition}/noter/expertise_demandee`), {
        le: '2026-06-15',
        texte: 'Motif gardé par l’État',
      })
    assert.equal((await noter('secretariat')).statut, 404)
    assert.equal((await noter('prefecture')).statut, 303)
    const page = await essai.lire('secretariat', `/seances/${seance}`)
    assert.match(page.texte, /Lacombe[\s\S]*Expertise demandée par l’État sur le concours/i)
    assert.doesNotMatch(page.texte, /Motif gardé/)
    await essai.poster('secretariat', `/seances/${seance}/inscrire`, { dossiers: essai.dossier.id })
    assert.equal((await essai.poster('secretariat', `/seances/${seance}/envoyer`, { vu: await vu() })).statut, 303)
  })

  test('[COM-17] a change reported waits for the session', async () => {
    const signaler = `/dossiers/${essai.dossier.reference}/position/signaler`
    assert.equal((await essai.poster('caf', signaler, { genre: 'ressources', precision: '' })).statut, 303)
    assert.match((await essai.lire('caf', `/dossiers/${essai.dossier.reference}`)).texte, /Fait nouveau signalé le/)
  })

  test('who follows the session is journalled once for what it shows, again when that changes, never for each refresh', async () => {
    essai.aller(LE, '09:10')
    await essai.poster('caf', `/seances/${seance}/rappel`, {})
    const suivre = () => essai.lire('caf', `/seances/${seance}/suivre`)
    const lectures = async () =>
      (
        await sql<{ action: string; dossiers: string[] }>(
          "select action, dossiers from journal where action in ('seance.suivre', 'seance.lire') and compte = (select id from compte where courriel = 'caf@essai.example')",
        )
      ).map(({ dossiers }) => dossiers)
    for (let fois = 0; fois < 3; fois += 1) assert.equal((await suivre()).statut, 200)
    assert.deepEqual(await lectures(), [[essai.dossier.id]])
    const { vers } = await essai.lire('secretariat', `/seances/${seance}/poste`)
    poste = vers
    const page = await essai.lire('secretariat', poste)
    const note = { 'note-texte': 'Lue par ceux qui suivent', 'note-cercle': 'membres', geste: 'noter' }
    assert.equal((await essai.poster('secretariat', poste, remplirPoste(page, note))).statut, 303)
    assert.match((await suivre()).texte, /Lue par ceux qui suivent/)
    await suivre()
    assert.equal((await lectures()).length, 2)
  })

  test('[ACC-04] an answer on resources is not in what a member without that group reads, in the data already', async () => {
    const page = await essai.lire('secretariat', poste)
    const champs = remplirPoste(page, { 'q-adapte_ressources': 'non', geste: 'enregistrer' })
    assert.equal((await essai.poster('secretariat', poste, champs)).statut, 303)
    const [{ reponses = '' } = {}] = await sql<{ reponses: string }>(
      'select adapte_ressources as reponses from deliberation',
    )
    assert.equal(reponses, 'non')
    const suivi = await essai.lire('caf', `/seances/${seance}/suivre`)
    assert.doesNotMatch(suivi.texte, /ressources du ménage|aux ressources/i)
    assert.match(suivi.texte, /Maintien possible/)
    assert.equal(
      (
        await essai.poster(
          'secretariat',
          poste,
          remplirPoste(await essai.lire('secretariat', poste), { 'q-adapte_ressources': '', geste: 'enregistrer' }),
        )
      ).statut,
      303,
    )
  })

  test('[COM-11] told once both approved, it is noted once in the force request; its reason is for the State', async () => {
    const champs = { expertise: 'defavorable', 'expertise-motif': 'Un enfant malade au foyer', geste: 'adopter' }
    const adopte = await essai.poster(
      'secretariat',
      poste,
      remplirPoste(await essai.lire('secretariat', poste), champs),
    )
    assert.equal(adopte.statut, 303)
    const page = async () => (await essai.lire('prefecture', essai.adresse())).texte
    assert.doesNotMatch(await page(), /Défavorable à l’octroi/)
    assert.equal((await essai.poster('secretariat', `/seances/${seance}/clore`, { restants: '0' })).statut, 303)
    for (const compte of ['prefecture', 'assistante'] as const) {
      const releve = await essai.lire(compte, `/seances/${seance}/releve`)
      const approuve = await essai.poster(compte, `/seances/${seance}/releve/approuver`, { vu: cache(releve, 'vu') })
      assert.equal(approuve.statut, 303, compte)
    }
    await publierReleve(essai.application, '71', seance)
    await noterExpertisesRendues(essai.application, '71')
    assert.equal(await noterExpertisesRendues(essai.application, '71'), 0)
    const actes = await sql<{ n: number }>(
      "select count(*)::int as n from requisition_acte where genre = 'expertise_rendue'",
    )
    assert.deepEqual(actes, [{ n: 1 }])
    assert.match(
      await page(),
      /Défavorable à l’octroi[\s\S]*La décision reste au préfet|Défavorable à l’octroi[\s\S]*la décision reste au préfet/,
    )
    assert.match(
      (await essai.lire('prefecture', `/dossiers/${essai.dossier.reference}/commission`)).texte,
      /Un enfant malade/,
    )
    assert.doesNotMatch(
      (await essai.lire('assistante', `/dossiers/${essai.dossier.reference}/commission`)).texte,
      /Un enfant malade/,
    )
    assert.doesNotMatch((await essai.lire('assistante', essai.adresse())).texte, /Un enfant malade/)
    const suivante = await essai.poster('secretariat', '/commissions', {
      nom: 'Commission suivante',
      niveau: 'territoriale',
      territoires: 'autun',
      secretariat: essai.organisme('SEC71-AUTUN'),
    })
    const { vers } = await essai.poster('secretariat', `${suivante.vers}/seances`, {
      le: '2026-07-20',
      debut: '09:00',
      fin: '12:00',
      lieu: '',
    })
    assert.doesNotMatch((await essai.lire('secretariat', vers)).texte, /Expertise demandée par l’État sur le concours/)
  })

  test('[COM-12] [COM-17] examined without an orientation, the dossier no longer waits for what was reported before', async () => {
    const caf = (await essai.lire('caf', `/dossiers/${essai.dossier.reference}`)).texte
    assert.doesNotMatch(caf, /Fait nouveau signalé le/)
    const signaler = `/dossiers/${essai.dossier.reference}/position/signaler`
    essai.aller(LE, '18:00')
    assert.equal((await essai.poster('caf', signaler, { genre: 'dette', precision: '' })).statut, 303)
    assert.match((await essai.lire('caf', `/dossiers/${essai.dossier.reference}`)).texte, /Fait nouveau signalé le/)
  })
})
