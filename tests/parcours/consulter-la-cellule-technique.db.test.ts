import assert from 'node:assert/strict'
import { after, before, describe, test } from 'node:test'
import { echoirCellules } from '#jobs'
import { type Compte, type EssaiDesCercles, type Lue, ouvrirEssaiDesCercles } from '#tests/ecrits'

/**
 * Consulter la cellule technique. Le premier protocole d’un ménage se termine, le bailleur est prêt à en signer un second, la commission se réunit dans six
 * semaines. La travailleuse sociale demande l’accord de la cellule. La CAF et la préfecture répondent, le FSL se tait ; le secrétariat conclut, et la commission
 * suivante confirme.
 */
describe('Consulter la cellule technique : de la question urgente à la commission suivante', () => {
  let essai: EssaiDesCercles
  let cellule: string
  let consultation: string

  const cache = ({ html }: Lue, nom: string, formulaire?: string): string => {
    const part = formulaire ? (html.split('<form').find((un) => un.includes(`aria-label="${formulaire}"`)) ?? '') : html
    return new RegExp(`name="${nom}" value="([^"]*)"`).exec(part)?.[1] ?? ''
  }
  const repondre = async (compte: Compte, sens: string, motif: string): Promise<Lue> => {
    const lue = await essai.lire(compte, consultation)
    return essai.poster(compte, `${consultation}/position`, {
      sens,
      motif,
      envoi: cache(lue, 'envoi', 'Position'),
      vu: cache(lue, 'vu', 'Position'),
    })
  }

  before(async () => {
    essai = await ouvrirEssaiDesCercles()
    cellule = `/dossiers/${essai.dossier.reference}/cellule`
  })
  after(() => essai?.fermer())

  test('[CEL-04] [CEL-07] elle pose sa question, et lit avant l’envoi qui la lira', async () => {
    const champs = {
      objet: 'second-protocole',
      question: 'Le loyer est repris depuis cinq mois. Accord pour un second protocole ?',
      mode: 'dematerialise',
      urgence: 'urgent',
      envoi: crypto.randomUUID(),
    }
    const relue = await essai.poster('auteure', `${cellule}/nouvelle`, { ...champs, etape: 'relire' })
    assert.match(relue.texte, /CAF de Saône-et-Loire/)
    assert.match(relue.texte, /Préfecture de Saône-et-Loire/)
    const partie = await essai.poster('auteure', `${cellule}/nouvelle`, {
      ...champs,
      etape: 'confirmer',
      marque: cache(relue, 'marque'),
    })
    assert.equal(partie.statut, 303)
    consultation = partie.vers
  })

  test('[CEL-05] la CAF et la préfecture voient qu’on les attend, et répondent', async () => {
    assert.match((await essai.lire('caf', '/cellule')).texte, /Cellule technique : 1 position attendue/)
    await repondre('caf', 'favorable', 'Aide au logement rétablie si le protocole est signé.')
    await repondre('prefecture', 'favorable', 'Loyer repris, dette en baisse.')
    assert.doesNotMatch((await essai.lire('caf', '/cellule')).texte, /position attendue/)
    assert.match((await essai.lire('auteure', consultation)).texte, /2 réponses sur \d+ : 2 favorables/)
  })

  test('à l’échéance, le silence du FSL est noté et ne vaut ni accord ni refus', async () => {
    await essai.application.base.pool.query("update consultation set echeance_a = ouverte_a - interval '1 minute'")
    await echoirCellules(essai.application, '71')
    const { texte } = await essai.lire('secretariat', consultation)
    assert.match(texte, /Fonds de solidarité pour le logement, membre permanent Sans réponse à l’échéance/)
    assert.match(texte, /Le silence ne vaut ni accord ni refus/)
  })

  test('le secrétariat conclut d’après les positions ; la décision est provisoire', async () => {
    const vue = await essai.lire('secretariat', consultation)
    const conclue = await essai.poster('secretariat', `${consultation}/conclure`, {
      issue: 'accord',
      motif: 'Les pilotes sont d’accord.',
      vu: cache(vue, 'vu', 'Conclure la consultation'),
      envoi: crypto.randomUUID(),
      etape: 'confirmer',
    })
    assert.equal(conclue.statut, 303)
    assert.match((await essai.lire('auteure', consultation)).texte, /Accord, provisoire/)
  })

  test('[CEL-11] elle attend la commission en tête de la liste, jusqu’à ce que la commission confirme', async () => {
    assert.match((await essai.lire('secretariat', '/cellule')).texte, /À régulariser en commission : 1 décision/)
    const [jour] = (await essai.application.base.pool.query('select conclue_le::text as le from regularisation'))
      .rows as { le: string }[]
    await essai.poster('secretariat', `${consultation}/regulariser`, {
      vu: '1',
      etat: 'confirmee',
      seance: jour?.le ?? '',
      motif: '',
      etape: 'confirmer',
    })
    assert.match((await essai.lire('auteure', consultation)).texte, /Confirmée par la commission/)
    assert.doesNotMatch((await essai.lire('secretariat', '/cellule')).texte, /À régulariser/)
  })
})
