import assert from 'node:assert/strict'
import { randomUUID } from 'node:crypto'
import { after, before, describe, test } from 'node:test'
import { DEPT } from '#tests/ecrits'
import { type EssaiDeSeance, ouvrirSeanceDEssai, remplirPoste } from './fabrique-essai.ts'

describe('[DSF-32] the statement of decisions and the diagnosis', () => {
  let un: EssaiDeSeance
  let place = ''
  const envoyer = async (adresse: string, champs: Record<string, string | readonly string[]> = {}) => {
    const faite = await un.essai.poster('auteure', adresse, { envoi: randomUUID(), ...champs })
    assert.equal(faite.statut, 303, `${adresse} ${faite.texte.slice(0, 900)}`)
    return faite
  }
  const lire = (adresse: string) => un.essai.lire('auteure', adresse)

  before(async () => {
    un = await ouvrirSeanceDEssai(1)
    const { essai } = un
    place = `/dossiers/${essai.dossier.reference}/diagnostics`
    await essai.application.base.pool.query('update dossier set organismes_habilites = $2 where dept = $1', [
      DEPT,
      [essai.organisme('DEP71'), essai.organisme('CAF71')],
    ])
    await envoyer(place, { organisme: essai.organisme('DEP71'), saisi_le: '2026-11-16', origine: 'demande' })
    const { rows } = await essai.application.base.pool.query('select id from diagnostic where dept = $1', [DEPT])
    const id = (rows[0] as { id: string }).id
    const vue = async () => /name="vue" value="(\d+)"/.exec((await lire(place)).html)?.[1] ?? ''
    for (const [volet, groupes, champs] of [
      [
        'social',
        ['rencontre', 'famille', 'besoins'],
        {
          ...{ presence: 'oui', information_transmission: 'oui', situation_familiale: 'seul', enfants: '2' },
          ...{ orientation: 'maintien', preconisations: 'Suivi du budget' },
        },
      ],
      [
        'financier',
        ['revenus', 'logement', 'dettes', 'reprise', 'plan'],
        {
          ...{ salaires: '1200', loyer: '450', dette_locative: '1620', reprise_loyer: 'entiere' },
          ...{ reprise_depuis: '2026-10-01', plan_mensualite: '45', plan_duree: '36', surendettement: 'non' },
        },
      ],
    ] as const) {
      const { vers } = await envoyer(`${place}/${id}/volets/${volet}`)
      const vu = /name="vu" value="(\d+)"/.exec((await lire(vers)).html)?.[1] ?? ''
      await envoyer(vers, { vu, groupes, page: 'tout', ...champs })
      const fin = /terminer[\s\S]*?name="vu" value="(\d+)"/.exec((await lire(vers)).html)?.[1] ?? ''
      await envoyer(`${place}/${id}/volets/${volet}/terminer`, { vu: fin })
    }
    await envoyer(`${place}/${id}/relire`, { vue: await vue() })
    await envoyer(`${place}/${id}/valider`, { vue: await vue(), forme: 'complet' })
    const poste = `/seances/${un.seance}/poste/${un.inscriptions[0]}`
    const ecran = await essai.lire('secretariat', poste)
    const faite = await essai.poster(
      'secretariat',
      poste,
      remplirPoste(ecran, { 'q-maintien': 'oui', geste: 'adopter' }),
    )
    assert.equal(faite.statut, 303, faite.texte.slice(0, 600))
  })
  after(() => un?.essai.fermer())

  const releve = async () => (await un.essai.lire('secretariat', `/seances/${un.seance}/releve`)).texte
  const regler = (valeur: boolean) => {
    const { departements } = un.essai.application.referentiel
    const livre = departements.get(DEPT)
    const [version] = livre?.parametres.releve_diagnostic?.versions ?? []
    assert.ok(livre && version)
    const parametres = { ...livre.parametres, releve_diagnostic: { versions: [{ ...version, valeur }] } }
    ;(departements as Map<string, typeof livre>).set(DEPT, { ...livre, parametres })
  }

  test('as delivered, the statement says nothing of the diagnosis: the commission has not chosen it', async () => {
    assert.match(await releve(), /Maintien possible/)
    assert.doesNotMatch(await releve(), /Diagnostic du/)
  })

  test('chosen, what the validated diagnosis says is poured in it, from the allow-list and nothing else', async () => {
    regler(true)
    try {
      const texte = await releve()
      assert.match(
        texte,
        /Diagnostic du 20\/11\/2026 loyer courant : entièrement repris depuis le 01\/10\/2026 ; plan proposé : 45,00\s€ par mois, pendant 36\smois ; surendettement : aucun dossier connu/,
      )
      assert.doesNotMatch(texte, /Suivi du budget|1 ?200,00/, 'neither free text nor resources')
    } finally {
      regler(false)
    }
  })
})
