import assert from 'node:assert/strict'
import { randomUUID } from 'node:crypto'
import { after, before, describe, test } from 'node:test'
import { rapprocherLot } from '#rapprochement'
import { repartirDossiers } from '#repartition'
import { terminerLot, traiterLignes } from '#signalements'
import { openTestDatabase } from '#tests/base'
import { type Compte, DEPT, type Essai, importer, ouvrirEssai } from '../accompagner/fabrique-essai.ts'
import { routesRecevoir } from './index.ts'

const FORME = '/recevoir/signaler'

describe('one household reported on screen, without a file', () => {
  let essai: Essai
  before(async () => {
    essai = await ouvrirEssai(await openTestDatabase(), routesRecevoir)
  })
  after(() => essai.fermer())

  // Each household has its own door and its own first name: none is taken for another.
  const PRENOMS = ['Odile', 'Bastien', 'Yvette', 'Karim', 'Solène', 'Marcel', 'Ingrid', 'Paul']
  let rang = 0
  const menage = (nom: string, de: Readonly<Record<string, string>> = {}) => ({
    envoi: randomUUID(),
    type: 'saisine_partenaire',
    date_signalement: '20/11/2026',
    nom_usage: nom,
    prenom: PRENOMS[rang++ % PRENOMS.length] ?? '',
    adresse: `${11 * rang} ${['rue Haute', 'quai du Canal', 'place du Marché', 'impasse Colbert'][rang % 4]}`,
    code_postal: '71400',
    commune: 'Autun',
    ...de,
  })
  /** What the background job does of everything that waits. */
  const traiter = async () => {
    const { rows } = await essai.application.base.pool.query<{ id: string }>(`select id from lot where etat = 'recu'`)
    for (const { id } of rows) {
      await traiterLignes(essai.application, DEPT, id)
      await rapprocherLot(essai.application, DEPT, id)
      await terminerLot(essai.application, DEPT, id)
    }
    await essai.enSysteme('dossier.reaffecter', async (session) => {
      const dossiers = await session.sql<{ id: string }>`select id from dossier where dept = ${DEPT}`
      await repartirDossiers(
        session,
        dossiers.map(({ id }) => id),
      )
    })
  }
  const envoyer = async (compte: Compte, champs: Readonly<Record<string, string>>) => {
    const recu = await essai.poster(compte, FORME, champs)
    assert.equal(recu.statut, 303, recu.texte.slice(0, 600))
    await traiter()
    return recu
  }
  const dossierDe = async (nom: string) => {
    const { rows } = await essai.application.base.pool.query<{
      id: string
      reference: string
      stade: string
      n: number
    }>(`select id, reference, stade, signaux as n from dossier where titulaire like $1`, [`${nom.toUpperCase()}%`])
    return rows
  }
  const voir = async (nom: string, compte: Compte = 'secretariat') => {
    const [dossier] = await dossierDe(nom)
    assert.ok(dossier, nom)
    return (await essai.lire(compte, `/dossiers/${dossier.reference}`)).texte
  }

  test('[SIG-18] a partner refers a household that no procedure concerns, for something else than a debt; the secretariat reads why', async () => {
    await envoyer('adil', menage('Voisinot', { precision: 'Troubles de voisinage, assurance non souscrite.' }))
    const texte = await voir('Voisinot')
    assert.match(texte, /Saisine par un partenaire, .*ADIL/)
    assert.match(texte, /« Troubles de voisinage, assurance non souscrite. »/)
    assert.doesNotMatch(await voir('Voisinot', 'pilote'), /Troubles de voisinage/)
  })

  test('[SIG-18] sent twice it is one deposit; what is wrong is said beside its field and what was typed stays', async () => {
    const champs = menage('Deuxfois')
    await envoyer('secretariat', { ...champs, organisme: await organisme('CCAS71-AUTUN', 'ADIL71') })
    await envoyer('secretariat', { ...champs, organisme: await organisme('CCAS71-AUTUN', 'ADIL71') })
    const { rows } = await essai.application.base.pool.query(`select count(*)::int as n from lot where nom = $1`, [
      `saisie-${champs.envoi}.csv`,
    ])
    assert.deepEqual(rows, [{ n: 1 }])
    const refusee = await essai.poster(
      'bailleur',
      FORME,
      menage('', { type: 'depart_volontaire', montant_dette: 'beaucoup' }),
    )
    assert.equal(refusee.statut, 422)
    assert.match(refusee.texte, /Le signalement n’est pas envoyé/)
    assert.match(refusee.texte, /Il manque le nom/)
    assert.match(refusee.texte, /Cette date manque, et elle est obligatoire/)
    assert.match(refusee.html, /value="beaucoup"/)
    const inconnue = menage('Ailleurs', { commune: 'Autunn' })
    const relire = await essai.poster('bailleur', FORME, inconnue)
    assert.equal(relire.statut, 422)
    assert.match(relire.texte, /À relire avant d’envoyer.*Envoyer malgré tout/)
    assert.equal((await essai.poster('bailleur', FORME, { ...inconnue, confirme: 'oui' })).statut, 303)
    const demain = await essai.poster('bailleur', FORME, menage('Demain', { date_signalement: '21/11/2026' }))
    assert.match(demain.texte, /Cette date n’est pas encore passée/)
  })

  test('[SIG-10] a landlord warns of a tenant over seventy in arrears; a possible loss of autonomy is read by social services alone', async () => {
    await envoyer(
      'bailleur',
      menage('Ancienne', {
        type: 'alerte_plus_de_70_ans',
        date_naissance: '04/05/1948',
        perte_autonomie: 'oui',
        montant_dette: '640',
      }),
    )
    const texte = await voir('Ancienne')
    assert.match(texte, /Alerte : plus de 70 ans, en impayé, .*OPAC/)
    assert.match(texte, /plus de 70 ans|70 ans/i)
    assert.doesNotMatch(texte, /Perte d’autonomie possible oui/)
    const [dossier] = await dossierDe('Ancienne')
    await essai.application.base.pool.query(
      `update dossier d set organisme = o.id, etat_service = 'prise', organismes_habilites = array[o.id] from organisme o where o.code = 'DEP71' and d.id = $1`,
      [dossier?.id],
    )
    assert.match(await voir('Ancienne', 'departement'), /Perte d’autonomie possible oui/)
    const { rows } = await essai.application.base.pool.query(
      `select 1 from signalement where contenu::text ~ '"perte_autonomie": ?true' union all select 1 from dossier where menage ? 'perteAutonomie'`,
    )
    assert.deepEqual(rows, [], 'sealed in the base')
  })

  test('[SIG-16] [SIG-17] a departure or a change learnt by anyone is a signal of the dossier: it moves no step by itself', async () => {
    await importer(essai, 'CDJ71', [
      {
        type: 'commandement_de_quitter_les_lieux',
        reference_source: 'CQL-P',
        date_signalement: '2026-10-05',
        date_acte: '2026-10-02',
        nom_usage: 'Partant',
        prenom: 'Camille',
        date_naissance: '1970-03-03',
        adresse: '18 rue du Faubourg',
        code_postal: '71400',
        commune: 'Autun',
      },
    ])
    const lui = { prenom: 'Camille', date_naissance: '03/03/1970', adresse: '18 rue du Faubourg' }
    await envoyer(
      'bailleur',
      menage('Partant', { ...lui, type: 'depart_volontaire', date_acte: '18/11/2026', cles_remises: 'non' }),
    )
    await envoyer(
      'caf',
      menage('Partant', {
        ...lui,
        type: 'changement_de_situation',
        precision: 'Plan signé avec le bailleur le 17/11.',
      }),
    )
    const [dossier, ...autres] = await dossierDe('Partant')
    assert.deepEqual(autres, [])
    assert.equal(dossier?.n, 3)
    assert.equal(dossier?.stade, 'commandement_de_quitter_les_lieux')
    const texte = await voir('Partant')
    assert.match(texte, /Départ du ménage, .*acte du 18\/11\/2026 ; clés non remises/)
    assert.match(texte, /Changement de situation, .*« Plan signé avec le bailleur le 17\/11. »/)
  })

  test('[SIG-21] a household met in an antenne, that nobody had reported, opens its dossier under the name of the antenne', async () => {
    await envoyer(
      'adil',
      menage('Venudelui', { type: 'diagnostic_antenne', precision: 'Reçu à la permanence d’Autun.' }),
    )
    const texte = await voir('Venudelui')
    assert.match(texte, /Ménage reçu en antenne, .*ADIL/)
    assert.match(texte, /Rattaché|A ouvert ce dossier/)
  })

  test('[SIG-07] the CAF tells of an aid it suspends for a household nobody follows yet', async () => {
    await envoyer(
      'caf',
      menage('Suspendu', {
        type: 'suspension_aide_logement',
        date_acte: '01/11/2026',
        precision: 'Plan non respecté.',
      }),
    )
    assert.match(await voir('Suspendu'), /Aide au logement suspendue, .*acte du 01\/11\/2026 ; « Plan non respecté. »/)
  })

  test('[SIG-18] a maire, a pilot or a data protection officer reports nobody', async () => {
    for (const compte of ['pilote', 'dpd', 'administrateur'] as const)
      assert.equal((await essai.lire(compte, FORME)).statut, 403, compte)
    assert.equal((await essai.lire('siao', FORME)).statut, 200)
    const page = await essai.lire('bailleur', FORME)
    assert.match(page.texte, /Émetteur : /)
    assert.doesNotMatch(page.html, /name="organisme"/)
  })

  async function organisme(...codes: readonly string[]): Promise<string> {
    const { rows } = await essai.application.base.pool.query<{ id: string }>(
      `select id from organisme where code = any ($1) order by code desc limit 1`,
      [codes],
    )
    return rows[0]?.id ?? ''
  }
})
