import assert from 'node:assert/strict'
import { randomUUID } from 'node:crypto'
import { after, before, describe, test } from 'node:test'
import { lireConnexion, ouvrirSession } from '#acces'
import { noterIndices } from '#apurements'
import { lireDossier } from '#dossiers'
import { lireControles, nombreLu } from '#tests/controles'
import { type CompteRequisitions, type EssaiRequisitions, ouvrirEssaiRequisitions } from '#tests/requisitions'

type Champs = Readonly<Record<string, string>>
const REMPLI: Readonly<Record<string, Champs>> = {
  emploi: {
    'emploi.chef.profession': 'cariste',
    'emploi.chef.employeur': 'Entrepôts du canal',
    'emploi.chef.recherche': '2026-02-01',
    'emploi.conjoint.chomage_indemnise': '2026-01-15',
    'emploi.conjoint.inactif': 'congé parental',
  },
  ressources: {
    'ressources.salaire.chef': '1100',
    'ressources.prestations.conjoint': '210',
    'ressources.autres.autres': '90',
  },
  depenses: {
    'depenses.loyer.montant': '510',
    'depenses.chauffage.montant': '80',
    'depenses.electricite.montant': '60',
    'depenses.eau.montant': '25',
    'depenses.assurance.montant': '15',
    'depenses.impots.montant': '10',
    'depenses.autres.montant': '30',
    'depenses.credits.montant': '120',
    'dettes.0.nature': 'énergie',
    'dettes.0.montant': '640',
  },
  dette_de_loyer: {
    dette_montant: '5230',
    dette_le: '2026-09-01',
    dette_periode: 'octobre 2025 à août 2026',
    proprietaire: 'OPAC de Saône-et-Loire',
    jugement_le: '2026-03-12',
  },
}

describe('annex 4 and what the social service and others bring to the inquiry', () => {
  let essai: EssaiRequisitions
  let requisition = ''
  let page: ReturnType<typeof lireControles>
  const noter = (compte: CompteRequisitions, fait: string, champs: Champs) =>
    essai.poster(compte, essai.adresse(`/${requisition}/noter/${fait}`), champs)

  before(async () => {
    essai = await ouvrirEssaiRequisitions('2026-09-28', [
      {
        type: 'commandement_de_quitter_les_lieux',
        reference_source: 'CQL-1',
        date_signalement: '2026-06-15',
        date_acte: '2026-06-10',
      },
    ])
    const recue = await essai.poster('prefecture', essai.adresse('/recevoir'), {
      acte: 'autre',
      acte_le: '2026-09-24',
      recue_le: '2026-09-28',
    })
    requisition = /force-publique\/([\w-]{36})\/enquetes/.exec(recue.vers)?.[1] ?? ''
    await essai.poster('prefecture', essai.adresse(`/${requisition}/enquetes`), {
      demander_sociale: 'oui',
      organisme_sociale: essai.organisme('DEP71'),
      moyen_sociale: 'amont',
    })
    const rapport = essai.adresse(`/${requisition}/rapport`)
    const marques = [
      ...(await essai.lire('assistante', rapport)).html.matchAll(/name="(?:rapport|page)" value="([\w-]{36})"/g),
    ].map(([, id]) => id ?? '')
    await essai.poster('assistante', rapport, { acte: 'commencer', rapport: marques[0] ?? '', page: marques[1] ?? '' })
    const { rows } = await essai.application.base.pool.query(
      `select id from formulaire where code = 'rapport-social-expulsion'`,
    )
    const adresse = essai.adresse(`/${rows[0].id}`)
    for (const [groupes, champs] of Object.entries(REMPLI)) {
      const vu = lireControles((await essai.lire('assistante', adresse)).html).valeurs.get('vu')?.[0] ?? ''
      assert.equal((await essai.poster('assistante', adresse, { vu, groupes, ...champs })).statut, 303, groupes)
    }
    page = lireControles((await essai.lire('assistante', `${adresse}?groupe=tout`)).html)
  })
  after(() => essai.fermer())

  for (const [titre, groupe, totaux] of [
    ['[RFP-05] employment of each of the two', 'emploi', {}],
    [
      '[RFP-06] resources of the last month by kind and person, with their total',
      'ressources',
      { ressources_total: '1 400,00 €' },
    ],
    [
      '[RFP-07] expenses one by one with credits and their total, and debts',
      'depenses',
      { depenses_total: '850,00 €' },
    ],
    ['[RFP-08] the rent owed, at a date, for a period, to whom, and the judgment', 'dette_de_loyer', {}],
  ] as const)
    test(titre, () => {
      for (const [champ, valeur] of Object.entries(REMPLI[groupe] ?? {}))
        assert.deepEqual(page.valeurs.get(champ)?.map(nombreLu), [nombreLu(valeur)], champ)
      for (const [code, attendu] of Object.entries(totaux)) assert.equal(page.totaux.get(code), attendu, code)
    })

  test('[RFP-03] the household is called, or written to when it could not be: each appointment is noted, and what came of it', async () => {
    assert.equal((await noter('bailleur', 'rendez_vous', {})).statut, 403)
    const appel = await noter('assistante', 'rendez_vous', {
      le: '2026-09-28',
      moyen: 'appel',
      suite: 'sans_reponse',
      envoi: randomUUID(),
    })
    assert.equal(appel.statut, 303, appel.texte)
    const vu =
      lireControles(
        (await essai.lire('assistante', essai.adresse(`/${requisition}/noter/rendez_vous`))).html,
      ).valeurs.get('vu')?.[0] ?? ''
    const courrier = await noter('assistante', 'rendez_vous', {
      le: '2026-09-28',
      moyen: 'courrier',
      pour_le: '2026-10-06',
      suite: 'attendue',
      envoi: randomUUID(),
      vu,
    })
    assert.equal(courrier.statut, 303, courrier.texte)
    const { texte } = await essai.lire('prefecture', essai.adresse())
    assert.match(texte, /Rendez-vous avec le ménage Par courrier, faute d’avoir pu l’appeler, 06\/10\/2026/)
  })

  test('[RFP-13] a guardian or an association brings its part only with an agreement; [RFP-17] the question of the protocol is asked', async () => {
    const element = await noter('assistante', 'element', {
      le: '2026-09-28',
      de: 'Service mandataire',
      accord: 'oui',
      texte: 'Le budget permet cinquante euros par mois.',
      envoi: randomUUID(),
    })
    assert.equal(element.statut, 303, element.texte)
    const sans = await noter('assistante', 'element', {
      le: '2026-09-28',
      de: 'Association',
      texte: 'Rien.',
      envoi: randomUUID(),
    })
    assert.equal(sans.statut, 422)
    const refus = await noter('assistante', 'element', {
      le: '2026-09-28',
      de: 'Association',
      accord: 'non',
      texte: 'Rien.',
      envoi: randomUUID(),
    })
    assert.equal(refus.statut, 422, 'without an agreement nothing is transmitted')
    assert.match(refus.texte, /Sans accord/)
    assert.match((await essai.lire('prefecture', essai.adresse())).texte, /Poser la question du protocole/)
    await noter('secretariat', 'protocole', { le: '2026-09-28', reponse: 'possible', envoi: randomUUID() })
    assert.match(
      (await essai.lire('prefecture', essai.adresse())).texte,
      /Protocole avec le bailleur Oui, il est proposé/,
    )
  })

  test('[RFP-15] the bundle of clues of good faith reaches the préfet only once a collegial agreement is recorded', async () => {
    const { departements } = essai.application.referentiel
    const livre = departements.get('71')
    const [version] = livre?.parametres.bonne_foi_accord?.versions ?? []
    assert.ok(livre && version)
    const parametres = { ...livre.parametres, bonne_foi_accord: { versions: [{ ...version, valeur: true }] } }
    const changer = (valeur: typeof livre) => (departements as Map<string, typeof livre>).set('71', valeur)
    changer({ ...livre, parametres })
    try {
      const connexion = await lireConnexion(essai.application, await essai.jeton('assistante'))
      assert.ok(connexion)
      await ouvrirSession(essai.application, connexion.acteur, 'argent.tenir', async (session) =>
        noterIndices(
          session,
          await lireDossier(session, essai.dossier.reference),
          { contact: 'present', pieces: 'absent' },
          randomUUID(),
        ),
      )
      const lue = await essai.lire('prefecture', essai.adresse())
      assert.match(lue.texte, /Indices de bonne foi/)
      assert.match(lue.texte, /Le ménage répond aux sollicitations[^.]*Présent/)
      assert.doesNotMatch(
        (await essai.lire('secretariat', essai.adresse())).texte,
        /Indices de bonne foi/,
        'it goes to the préfet',
      )
    } finally {
      changer(livre)
    }
    assert.doesNotMatch((await essai.lire('prefecture', essai.adresse())).texte, /bonne foi/i)
  })
})
