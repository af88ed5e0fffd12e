import assert from 'node:assert/strict'
import { randomUUID } from 'node:crypto'
import { after, before, describe, test } from 'node:test'
import { installerOrganismes } from '#acces'
import { traiterImport } from '#jobs'
import { type ApplicationDEssai, ecrireCsv, importer, ouvrirApplicationDEssai } from '#tests/application'
import { openTestDatabase } from '#tests/base'
import { type Compte, DEPT, type Essai, ouvrirEssai, importer as recevoir } from '../accompagner/fabrique-essai.ts'
import { routesProcedure } from '../procedure/index.ts'
import { routesRecevoir } from './index.ts'

type Ligne = Readonly<Record<string, string>>

const PRENOMS = ['Odile', 'Bastien', 'Yvette', 'Karim', 'Solène', 'Marcel', 'Ingrid', 'Paul', 'Nadia', 'Hugo']
const VOIES = ['rue des Forges', 'quai du Canal', 'place du Marché', 'impasse Colbert', 'avenue Jaurès']

/** A household of its own for each name: none is taken for another. */
const identite = (rang: number): Ligne => ({
  prenom: PRENOMS[rang % PRENOMS.length] ?? '',
  date_naissance: Temporal.PlainDate.from('1944-01-09')
    .add({ days: 31 * rang })
    .toString(),
  adresse: `${7 * rang} ${VOIES[rang % VOIES.length]}`,
})

/** The signals that several kinds of organismes send, from each of them, at each step: by the form and by file. */
describe('signals from each of those who may send them', () => {
  let essai: Essai
  let rang = 0
  before(async () => {
    essai = await ouvrirEssai(await openTestDatabase(), [...routesRecevoir, ...routesProcedure])
    await installerOrganismes(essai.application.base, DEPT, [
      { code: 'UNI71', nom: 'Union des propriétaires', type: 'union_bailleurs' },
    ])
  })
  after(() => essai.fermer())

  const sql = async <T extends object>(requete: string, valeurs: readonly unknown[] = []) =>
    (await essai.application.base.pool.query<T>(requete, [...valeurs])).rows
  const dossiersDe = (nom: string) =>
    sql<{
      id: string
      reference: string
      stade: string
      le: string | null
      actes: readonly string[]
      n: number
      faits: Record<string, unknown>
      criteres: string[]
    }>(
      `select id, reference, stade, stade_le::text as le, signaux as n, faits, criteres, (select coalesce(array_agg(x->>'type'), '{}') from jsonb_array_elements(actes) x) as actes
       from dossier where titulaire like $1`,
      [`${nom.toUpperCase()}%`],
    )
  const dossierDe = async (nom: string) => {
    const [un, ...autres] = await dossiersDe(nom)
    assert.ok(un, nom)
    assert.deepEqual(autres, [], `one dossier for ${nom}`)
    return un
  }
  const menage = (nom: string, de: Ligne = {}): Ligne => {
    rang += 1
    return { nom_usage: nom, ...identite(rang), code_postal: '71400', commune: 'Autun', ...de }
  }
  const enSaisie = (ligne: Ligne): Record<string, string> =>
    Object.fromEntries(
      Object.entries(ligne).map(([cle, valeur]) => [
        cle,
        /^\d{4}-\d\d-\d\d$/.test(valeur) ? valeur.split('-').reverse().join('/') : valeur,
      ]),
    )
  /** By the form of the site, then what the background job does. */
  const signaler = async (compte: Compte, ligne: Ligne) => {
    const recu = await essai.poster(compte, '/recevoir/signaler', {
      envoi: randomUUID(),
      date_signalement: '20/11/2026',
      ...enSaisie(ligne),
    })
    assert.equal(recu.statut, 303, `${compte} ${recu.texte.slice(0, 700)}`)
    for (const { id } of await sql<{ id: string }>(`select id from lot where etat = 'recu'`))
      await traiterImport(essai.application, DEPT, id)
  }
  const parFichier = (code: string, ligne: Ligne) =>
    recevoir(essai, code, [
      { reference_source: `F-${randomUUID().slice(0, 8)}`, date_signalement: '2026-11-19', ...ligne },
    ])
  const voir = async (nom: string, compte: Compte = 'secretariat') =>
    (await essai.lire(compte, `/dossiers/${(await dossierDe(nom)).reference}`)).texte

  test('[SIG-10] a social landlord, an agency and a union warn of a tenant over seventy, on screen or by file; health stays sealed', async () => {
    const alerte = { type: 'alerte_plus_de_70_ans', perte_autonomie: 'oui', montant_dette: '640' }
    await signaler('bailleur', menage('Doyenne', alerte))
    await signaler('agenceSociale', menage('Aieule', alerte))
    await parFichier('OPAC71', menage('Venerable', alerte))
    await parFichier('AIVS71', menage('Ainee', alerte))
    await parFichier('UNI71', menage('Patriarche', { ...alerte, parc: 'prive', bailleur_nature: 'personne_physique' }))
    for (const [nom, emetteur] of [
      ['Doyenne', 'OPAC de Saône-et-Loire'],
      ['Aieule', 'Agence immobilière à vocation sociale'],
      ['Venerable', 'OPAC de Saône-et-Loire'],
      ['Ainee', 'Agence immobilière à vocation sociale'],
      ['Patriarche', 'Union des propriétaires'],
    ] as const) {
      const texte = await voir(nom)
      assert.match(texte, new RegExp(`Alerte : plus de 70 ans, en impayé, ${emetteur}`), nom)
      assert.doesNotMatch(texte, /Perte d’autonomie possible oui/, nom)
      const { stade, le } = await dossierDe(nom)
      assert.equal(stade, 'impaye', nom)
      assert.match(String(le), /^2026-11-(?:19|20)$/, `${nom}: the alert dates the arrears`)
    }
    assert.deepEqual(
      await sql(
        `select 1 from signalement where contenu::text ~ '"perte_autonomie": ?true' union all select 1 from dossier where menage ? 'perteAutonomie'`,
      ),
      [],
    )
  })

  test('[SIG-10] an alert says what it says: without a birth date or a loss of autonomy it is received all the same', async () => {
    await signaler('agenceSociale', menage('Sansage', { type: 'alerte_plus_de_70_ans', date_naissance: '' }))
    assert.match(await voir('Sansage'), /Alerte : plus de 70 ans, en impayé, Agence immobilière/)
  })

  test('[SIG-09] Action Logement reports Visale or another of its guarantees, on screen or by file, at the arrears and at the order to pay', async () => {
    const garantie = {
      type: 'garantie_action_logement',
      parc: 'prive',
      bailleur_nature: 'personne_morale',
      bailleur_gestion_directe: 'non',
    }
    await signaler('actionLogement', menage('Visaline', { ...garantie, garantie_visale: 'oui' }))
    await parFichier('AL71', menage('Visalet', { ...garantie, garantie_visale: 'oui' }))
    for (const nom of ['Visaline', 'Visalet']) {
      const { faits, stade, le } = await dossierDe(nom)
      assert.equal(stade, 'impaye')
      assert.match(String(le), /^2026-11-(?:19|20)$/, `${nom}: the guarantee dates the arrears`)
      assert.equal(faits['garantie.visale_activee'], true, nom)
      const texte = await voir(nom)
      assert.match(texte, /Garantie d’Action Logement activée, Action Logement/)
      assert.match(texte, /Garantie Visale oui/)
      assert.doesNotMatch(texte, /Autre garantie d’Action Logement/)
    }
    const autre = menage('Locapasse', garantie)
    await signaler('actionLogement', autre)
    await parFichier('AL71', menage('Locapaire', garantie))
    for (const nom of ['Locapasse', 'Locapaire']) {
      const { faits } = await dossierDe(nom)
      assert.equal(
        faits['garantie.visale_activee'],
        undefined,
        'another guarantee is not Visale: its letter is not proposed',
      )
      assert.equal(faits['garantie.action_logement_activee'], true, nom)
      assert.match(await voir(nom), /Autre garantie d’Action Logement activée/)
    }
    // At the order to pay, the charter calls the household vulnerable, whichever guarantee it is (§ 2.2).
    for (const [nom, de] of [
      ['Locapasse', autre],
      ['Commandee', null],
      ['Sansgarantie', null],
    ] as const) {
      const connu =
        de ??
        menage(
          nom,
          nom === 'Commandee'
            ? {
                type: 'saisine_partenaire',
                parc: 'prive',
                bailleur_nature: 'personne_morale',
                bailleur_gestion_directe: 'non',
                garantie_visale: 'oui',
              }
            : { type: 'saisine_partenaire', parc: 'prive', garantie_visale: 'non' },
        )
      if (de === null) await parFichier('AL71', connu)
      const { garantie_visale: _, ...lui } = connu
      await parFichier('CDJ71', { ...lui, type: 'commandement_de_payer', date_acte: '2026-11-18' })
      const { stade, criteres } = await dossierDe(nom)
      assert.equal(stade, 'commandement_de_payer')
      assert.equal(criteres.includes('garantie-activee'), nom !== 'Sansgarantie', `${nom} ${JSON.stringify(criteres)}`)
    }
  })

  test('[SIG-09] a guarantee of Action Logement other than Visale is entered by hand too', async () => {
    await parFichier('OPAC71', menage('Alamain', { type: 'impaye_bailleur_social', montant_dette: '900' }))
    const { reference } = await dossierDe('Alamain')
    const page = await essai.lire('secretariat', `/dossiers/${reference}/procedure/saisir?genre=garantie`)
    const faite = await essai.poster('secretariat', `/dossiers/${reference}/procedure/saisir`, {
      genre: 'garantie',
      le: '2026-11-10',
      confirme: 'oui',
      envoi: /name="envoi" value="([0-9a-f-]{36})"/.exec(page.html)?.[1] ?? '',
      'f-type': 'action_logement',
    })
    assert.equal(faite.statut, 303, faite.texte.slice(0, 400))
    assert.match(
      (await essai.lire('secretariat', `/dossiers/${reference}/procedure`)).texte,
      /Garantie : Autre garantie d’Action Logement/,
    )
    const { faits } = await dossierDe('Alamain')
    assert.equal(faits['garantie.action_logement_activee'], true)
    assert.equal(faits['garantie.visale_activee'], undefined)
  })

  test('[SIG-17] a change is reported at every step by each of those who learn it, attached to the dossier without moving it', async () => {
    const etapes = [
      ['impaye', 'OPAC71', { type: 'impaye_bailleur_social', montant_dette: '900' }],
      ['commandement_de_payer', 'CDJ71', { type: 'commandement_de_payer', date_acte: '2026-10-02' }],
      ['assignation', 'PREF71', { type: 'assignation', date_acte: '2026-10-02', date_audience: '2027-01-14' }],
      ['jugement', 'PREF71', { type: 'jugement', date_acte: '2026-10-02', decision: 'resiliation_ferme' }],
      [
        'commandement_de_quitter_les_lieux',
        'PREF71',
        { type: 'commandement_de_quitter_les_lieux', date_acte: '2026-10-02' },
      ],
      ['requisition_force_publique', 'PREF71', { type: 'requisition_force_publique', date_acte: '2026-10-02' }],
      ['concours_force_publique', 'PREF71', { type: 'concours_force_publique', date_acte: '2026-10-02' }],
    ] as const
    const dits = ['Plan signé le 17/11.', 'Protocole signé le 17/11.', 'Les revenus ont baissé.']
    const comptes = ['bailleur', 'caf', 'departement', 'adil', 'ccas', 'siao', 'actionLogement'] as const
    for (const [n, [stade, code, acte]] of etapes.entries()) {
      const nom = `Changeante${'abcdefg'[n]}`
      const lui = menage(nom)
      await parFichier(code, { ...lui, ...acte })
      assert.equal((await dossierDe(nom)).stade, stade)
      const compte = comptes[n % comptes.length] ?? 'caf'
      await signaler(compte, { ...lui, type: 'changement_de_situation', precision: dits[n % dits.length] ?? '' })
      const apres = await dossierDe(nom)
      assert.equal(apres.stade, stade, `${nom}: the step stays`)
      assert.equal(apres.n, 2, nom)
      assert.ok(!apres.actes.includes('changement_de_situation'), `${nom}: it is no act of the procedure`)
      assert.match(await voir(nom), new RegExp(`Changement de situation, .*« ${dits[n % dits.length]} »`), compte)
    }
    const [{ reste = -1 } = {}] = await sql<{ reste: number }>(`select count(*)::int as reste from changement`)
    assert.equal(reste, 0, 'no orientation was taken: nothing is called into question')
  })

  test('[SIG-21] each organisme of an antenne reports a household that came by itself; one already known keeps its dossier and its step', async () => {
    const antenne = { type: 'diagnostic_antenne', precision: 'Diagnostic fait à la permanence.' }
    for (const [n, compte] of (['departement', 'caf', 'adil', 'ccas'] as const).entries()) {
      const nom = `Spontanee${'abcd'[n]}`
      await signaler(compte, menage(nom, antenne))
      const { n: signaux } = await dossierDe(nom)
      assert.equal(signaux, 1)
      const texte = await voir(nom)
      assert.match(texte, /Ménage reçu en antenne, /)
      assert.match(texte, /« Diagnostic fait à la permanence. »/, 'the secretariat reads what it says')
      assert.match(texte, /A ouvert ce dossier/)
    }
    const connue = menage('Dejaconnue')
    await parFichier('PREF71', { ...connue, type: 'assignation', date_acte: '2026-10-02', date_audience: '2027-01-14' })
    await signaler('adil', { ...connue, ...antenne })
    const { n, stade, actes } = await dossierDe('Dejaconnue')
    assert.ok(!actes.includes('diagnostic_antenne'), 'it is no act of the procedure')
    assert.deepEqual([n, stade], [2, 'assignation'])
  })

  test('[SIG-21] pilots, administrators and the data protection officer report for no antenne', async () => {
    for (const compte of ['pilote', 'dpd', 'administrateur'] as const)
      assert.equal(
        (await essai.poster(compte, '/recevoir/signaler', { type: 'diagnostic_antenne', envoi: randomUUID() })).statut,
        403,
        compte,
      )
  })
})

describe('the same signals in the département of the model', () => {
  let application: ApplicationDEssai
  const MODELE = '99'
  before(async () => {
    application = await ouvrirApplicationDEssai()
    // The model ships no Action Logement: a département that has one declares it.
    await installerOrganismes(application.base, MODELE, [
      { code: 'AL99', nom: 'Action Logement', type: 'action_logement' },
    ])
  })
  after(() => application.fermer())

  test('[SIG-09] [SIG-10] [SIG-17] [SIG-21] are received, open one dossier per household and move no step that nobody acted', async () => {
    const territoires = application.referentiel.departements.get(MODELE)?.territoires.lignes ?? []
    const commune = territoires[0]?.nomListe ?? ''
    assert.notEqual(commune, '')
    const envois = [
      ['BAIL99', 'Modelalerte', { type: 'alerte_plus_de_70_ans', perte_autonomie: 'oui', montant_dette: '640' }],
      ['AL99', 'Modelgarantie', { type: 'garantie_action_logement' }],
      ['AL99', 'Modelvisale', { type: 'garantie_action_logement', garantie_visale: 'oui' }],
      ['ADIL99', 'Modelantenne', { type: 'diagnostic_antenne' }],
      ['DEP99', 'Modelsocial', { type: 'diagnostic_antenne' }],
      ['CAF99', 'Modelantenne', { type: 'changement_de_situation' }],
    ] as const
    const rangs = new Map([...new Set(envois.map(([, nom]) => nom))].map((nom, n) => [nom, n + 1]))
    for (const [n, [organisme, nom, ligne]] of envois.entries())
      await importer(
        application,
        organisme,
        `envoi-${n}.csv`,
        ecrireCsv([
          {
            reference_source: `M-${n}`,
            date_signalement: '2026-11-19',
            nom_usage: nom,
            ...identite(rangs.get(nom) ?? 0),
            commune,
            parc: 'prive',
            ...ligne,
          },
        ]),
        MODELE,
      )
    const { rows } = await application.base.pool.query(
      `select titulaire, signaux as n, stade, faits->'garantie.action_logement_activee' as garantie, faits->'garantie.visale_activee' as visale
       from dossier where dept = $1 order by titulaire`,
      [MODELE],
    )
    assert.deepEqual(
      rows.map(({ titulaire, n, stade, garantie, visale }) => [titulaire.split(' ')[0], n, stade, garantie, visale]),
      [
        ['MODELALERTE', 1, 'impaye', null, null],
        ['MODELANTENNE', 2, 'impaye', null, null],
        ['MODELGARANTIE', 1, 'impaye', true, null],
        ['MODELSOCIAL', 1, 'impaye', null, null],
        ['MODELVISALE', 1, 'impaye', true, true],
      ],
    )
  })
})
