import assert from 'node:assert/strict'
import { randomUUID } from 'node:crypto'
import { after, before, describe, test } from 'node:test'
import { openTestDatabase } from '#tests/base'
import { DEPT } from '../accompagner/fabrique-essai.ts'
import { type EssaiArgent, ouvrirEssaiArgent } from './fabrique-essai.ts'

const PLAN = {
  origine: 'bailleur',
  conclu_le: '2026-09-20',
  dette: '600,00',
  nombre: '6',
  mensualite: '',
  premiere: '2026-10-05',
  jour_du_mois: '',
  arrondi: 'derniere',
  disponible: '150,00',
  motif: '',
  remplace: '',
}

describe('the money of a dossier', () => {
  let essai: EssaiArgent
  before(async () => {
    essai = await ouvrirEssaiArgent(await openTestDatabase())
  })
  after(() => essai.fermer())

  const preparer = (changements: Record<string, string> = {}, acte = 'calculer') =>
    essai.poster('caf', essai.adresse('/plan'), { ...PLAN, acte, envoi: randomUUID(), ...changements })

  test('[DOS-06] several rows at once, all or none; the same form sent twice writes once', async () => {
    const fautive = await essai.saisir('caf', [
      ['loyer', '2026-09-05', '500', '09/2026'],
      ['loyer', '2026-10-05', 'beaucoup', '10/2026'],
    ])
    assert.equal(fautive.statut, 422)
    assert.match(fautive.texte, /Ligne 2 : donner un montant/)
    assert.match(fautive.html, /value="beaucoup"/, 'what was typed is kept')
    assert.equal(await essai.compter('dette_ecriture'), 0)
    const envoi = randomUUID()
    const lignes = [
      ['loyer', '2026-09-05', '500,00', '09/2026'],
      ['loyer', '2026-10-05', '500', '10/2026'],
      ['loyer', '2026-11-05', '500', '11/2026'],
      ['aide', '2026-11-05', '200', '11/2026'],
    ]
    for (const _fois of [1, 2]) assert.equal((await essai.saisir('caf', lignes, envoi)).statut, 303)
    assert.equal(await essai.compter('dette_ecriture'), 4)
    assert.match((await essai.lire('caf', essai.adresse())).texte, /reste dû, selon les lignes saisies 1 300,00 €/)
  })

  test('[OUT-03] an aid without its month is refused beside the field', async () => {
    const refusee = await essai.saisir('caf', [['aide', '2026-11-05', '200']])
    assert.equal(refusee.statut, 422)
    assert.match(refusee.texte, /elle n’éteint que son propre terme/)
  })

  test('[DOS-06] nothing is received on a day to come; a rent may be due then', async () => {
    const avant = await essai.compter('dette_ecriture')
    const refusee = await essai.saisir('caf', [['menage', '2027-09-05', '50']])
    assert.equal(refusee.statut, 422)
    assert.match(refusee.html, /href="#c-le-0"/)
    assert.match(refusee.texte, /Ligne 1 : ce versement est daté d’un jour à venir/)
    assert.equal(await essai.compter('dette_ecriture'), avant)
  })

  test('[DOS-07][OUT-03] the household named its current rent: both readings are shown', async () => {
    await essai.saisir('caf', [['menage', '2026-11-10', '300', '11/2026', 'terme']])
    const { texte } = await essai.lire('departement', essai.adresse())
    assert.match(texte, /Deux lectures possibles/)
    assert.match(texte, /Selon ce que le ménage a indiqué.*payé intégralement depuis le terme de novembre 2026/)
    assert.match(texte, /Selon la loi, à défaut d’indication.*novembre 2026 n’est pas soldé/)
    assert.match(texte, /l’aide éteint son propre terme/)
    assert.match(texte, /Code civil, art. 1342-10/)
  })

  test('[DOS-06] nothing typed is dropped in silence: a month without the choice, a choice on what is due', async () => {
    const avant = await essai.compter('dette_ecriture')
    const mois = await essai.saisir('caf', [['menage', '2026-11-10', '10', '11/2026']])
    assert.equal(mois.statut, 422)
    assert.match(mois.texte, /le mois se donne quand le ménage a dit payer ce loyer/)
    const choix = await essai.saisir('caf', [['frais', '2026-11-10', '10', '11/2026', 'terme']])
    assert.equal(choix.statut, 422)
    assert.match(choix.texte, /seul un versement du ménage, ou d’un autre payeur, dit ce qu’il paie/)
    assert.equal(await essai.compter('dette_ecriture'), avant)
    const { html } = await essai.lire('caf', essai.adresse())
    const ligne = /href="([^"]+\/lignes\/[^"]+)" aria-label="Corriger : Ménage/.exec(html)?.[1] ?? ''
    assert.match(
      (await essai.lire('caf', ligne)).html,
      /name="terme"[^>]*value="11\/2026"/,
      'its correction starts from it',
    )
  })

  test('[DOS-06] a row is corrected by another: the first stays, struck out; two people do not correct the same one', async () => {
    await essai.saisir('caf', [['frais', '2026-11-12', '98,00']])
    const lue = await essai.lire('caf', essai.adresse())
    const adresse =
      [...lue.html.matchAll(/href="([^"]+\/lignes\/[^"]+)" aria-label="Corriger : Frais/g)].at(-1)?.[1] ?? ''
    const correction = { genre: 'frais', le: '2026-11-12', montant: '89,00', terme: '', choix: '', precision: '' }
    const poster = (compte: 'caf' | 'collegue', champs: Record<string, string>) =>
      essai.poster(compte, adresse, { ...correction, envoi: randomUUID(), acte: 'remplacer', ...champs })
    assert.match((await poster('caf', { motif: '' })).texte, /Dire pourquoi la ligne est corrigée/)
    assert.equal((await poster('caf', { motif: 'Chiffres inversés' })).statut, 303)
    const apres = await essai.lire('caf', essai.adresse())
    assert.match(apres.html, /<s>98,00 €<\/s>/)
    assert.match(apres.texte, /corrigée par Camille CAF : Chiffres inversés/)
    const second = await poster('collegue', { montant: '99,00', motif: 'Autre montant' })
    assert.equal(second.statut, 409)
    assert.match(second.texte, /Autre montant/)
    assert.match(second.texte, /Chiffres inversés/)
    assert.match(second.texte, /Remplacer par ma saisie/)
  })

  test('[OUT-01][OUT-02] a plan is computed before it is made; above what is left it asks why, and says the most there is', async () => {
    const calcul = await preparer()
    assert.match(calcul.texte, /Plan possible/)
    assert.match(calcul.texte, /6 05\/03\/2027 100,00 €/)
    assert.equal(await essai.compter('plan_apurement'), 0, 'computing writes nothing')
    const lourd = await preparer({ nombre: '3' }, 'conclure')
    assert.equal(lourd.statut, 422)
    assert.match(lourd.texte, /Plan non tenable.*200,00 €.*150,00 €/)
    assert.match(lourd.texte, /Au plus, tout le disponible y passant : 4 mensualités de 150,00 €/)
    assert.match((await preparer({ nombre: '37' }, 'conclure')).texte, /c’est plus que le cadre/)
    assert.equal(await essai.compter('plan_apurement'), 0)
  })

  test('[DOS-08][OUT-21] each due date of a plan is followed; a plan kept is said before any summons, then it ends once', async () => {
    const { vers } = await preparer({}, 'conclure')
    assert.match((await essai.lire('caf', vers)).texte, /05\/10\/2026 100,00 € manquée/)
    const plan = vers.split('/').at(-1) ?? ''
    await essai.saisir('caf', [
      ['menage', '2026-10-05', '100', '', `plan:${plan}`],
      ['menage', '2026-11-04', '60', '', `plan:${plan}`],
    ])
    assert.match(
      (await essai.lire('caf', vers)).texte,
      /05\/10\/2026 100,00 € respectée .*05\/11\/2026 100,00 € partielle 60,00 € payés sur 100,00 €/,
    )
    await essai.saisir('caf', [['menage', '2026-11-06', '40', '', `plan:${plan}`]])
    assert.match(
      (await essai.lire('caf', essai.adresse())).texte,
      /Plan du 20 septembre 2026 respecté : le dire au bailleur avant toute assignation/,
    )
    await essai.enSysteme(
      'dossier.consulter',
      ({
        sql,
      }) => sql`update dossier set actes = actes || '[{"type": "assignation", "le": "2026-11-16", "signalement": "", "organisme": ""}]'
        where id = ${essai.dossier.id}`,
    )
    assert.match(
      (await essai.lire('caf', essai.adresse())).texte,
      /Plan du 20 septembre 2026 respecté, et pourtant une assignation a été délivrée le 16 novembre 2026/,
    )
    const clore = (motif: string) => essai.poster('departement', vers, { issue: 'denonce', le: '2026-11-20', motif })
    assert.equal((await clore('')).statut, 422)
    assert.equal((await clore('Le bailleur revient dessus')).statut, 303)
    const encore = await clore('Une autre raison')
    assert.equal(encore.statut, 409)
    assert.match(
      encore.texte,
      /Une autre raison.*Le bailleur revient dessus|Le bailleur revient dessus.*Une autre raison/,
    )
  })

  test('[SAI-24][OUT-05][OUT-06] a budget noted gives the two rates and what is left; who does not read resources sees none of it', async () => {
    const note = await essai.poster('departement', essai.adresse('/budget'), {
      envoi: randomUUID(),
      a: '1 332,50',
      loyer: '520',
      charges: '60',
      aide: '310',
      suspendue: 'oui',
      autres: '145',
      hors: '230',
      personnes: '3',
      jeunes: '1',
      pieces: '3',
      le: '2026-11-20',
    })
    assert.equal(note.statut, 303, note.texte)
    const { texte } = await essai.lire('departement', essai.adresse())
    assert.match(texte, /Taux d’effort du formulaire.*31,14 %/)
    assert.match(texte, /Taux d’effort réel.*54,41 %/)
    assert.match(texte, /disponible par mois, pour 3 personnes 377,50 €/)
    assert.match(texte, /seuil non donné/)
    const caf = await essai.lire('caf', essai.adresse())
    assert.doesNotMatch(caf.texte, /31,14|377,50|Le logement est-il adapté/)
    assert.equal((await essai.lire('caf', essai.adresse('/budget'))).statut, 404)
  })

  test('[OUT-22] an over-indebtedness file admitted blocks a plan on the debt, and warns of those under way', async () => {
    await essai.enSysteme(
      'dossier.consulter',
      ({ sql }) => sql`
      update dossier set situation = jsonb_set(coalesce(situation, '{}'), '{surendettement}',
        '{"etat": "recevable", "le": "2026-11-02", "acte": "x", "paiementInterdit": true}') where id = ${essai.dossier.id}`,
    )
    const apres = { conclu_le: '2026-11-10', premiere: '2026-12-05' }
    const bloque = await preparer(apres, 'conclure')
    assert.equal(bloque.statut, 422)
    assert.match(bloque.texte, /l’arriéré ne peut plus être payé, le loyer courant reste dû/)
    assert.equal((await preparer(apres)).texte.includes('Conclure le plan'), false)
    const ancien = await preparer({ conclu_le: '2026-11-01', premiere: '2026-12-05' }, 'conclure')
    assert.equal(ancien.statut, 303, 'a plan made before the file was admissible is a fact')
    assert.match(
      (await essai.lire('caf', essai.adresse())).texte,
      /Plan du 1er novembre 2026 : dossier de surendettement recevable le 2 novembre 2026 : l’arriéré ne peut plus être payé/,
    )
    assert.equal((await preparer({ origine: 'surendettement' }, 'conclure')).statut, 303)
  })

  test('[OUT-22] the day of the prohibition is the one the file was declared admissible, whatever stage came after; a plan of the commission is said too', async () => {
    const etape = (etat: string, reste = {}) =>
      essai.enSysteme(
        'dossier.consulter',
        ({ sql }) => sql`
        update dossier set situation = jsonb_set(coalesce(situation, '{}'), '{surendettement}',
          ${JSON.stringify({ etat, le: '2026-11-16', acte: 'x', paiementInterdit: false, recevableLe: '2026-10-05', ...reste })}::jsonb)
        where id = ${essai.dossier.id}`,
      )
    await etape('oriente', { paiementInterdit: true })
    const apres = { conclu_le: '2026-10-20', premiere: '2026-12-05' }
    assert.match((await preparer(apres, 'conclure')).texte, /dossier recevable le 5 octobre 2026/)
    await etape('plan')
    const regle = await preparer(apres)
    assert.match(regle.texte, /Plan ou mesures en cours depuis le 16 novembre 2026/i)
    assert.match(regle.texte, /Plan possible/)
    await etape('irrecevable')
    assert.doesNotMatch((await preparer(apres)).texte, /urendettement :/)
  })

  test('[OUT-11] signs of good faith do not exist as long as no collegial agreement is recorded', async () => {
    assert.doesNotMatch((await essai.lire('caf', essai.adresse())).texte, /bonne foi/i)
    const refusee = await essai.poster('caf', essai.adresse('/bonne-foi'), {
      envoi: randomUUID(),
      'indice-contact': 'present',
    })
    assert.match(refusee.message?.texte ?? '', /accord collégial/)
    assert.equal(await essai.compter('indice_bonne_foi'), 0)
  })

  test('[OUT-11] once the agreement is recorded, the presence of each sign is noted, and nothing counts them', async () => {
    const { departements } = essai.application.referentiel
    const livre = departements.get(DEPT)
    const [version] = livre?.parametres.bonne_foi_accord?.versions ?? []
    assert.ok(livre && version)
    const parametres = { ...livre.parametres, bonne_foi_accord: { versions: [{ ...version, valeur: true }] } }
    ;(departements as Map<string, typeof livre>).set(DEPT, { ...livre, parametres })
    try {
      const envoi = randomUUID()
      await essai.poster('caf', essai.adresse('/bonne-foi'), {
        envoi,
        'indice-contact': 'present',
        'indice-pieces': 'absent',
      })
      const { texte } = await essai.lire('departement', essai.adresse())
      assert.match(texte, /Le ménage répond aux sollicitations.*Présent, noté par Camille CAF/)
      assert.match(texte, /Les pièces demandées sont remises.*Absent, noté par Camille CAF/)
      assert.doesNotMatch(texte, /score|note globale|\d+ signes? sur/i)
      assert.equal(await essai.compter('indice_bonne_foi'), 2)
    } finally {
      ;(departements as Map<string, typeof livre>).set(DEPT, livre)
    }
  })

  test('[OUT-07][OUT-08] a due notice by item and a schedule are printed, the ledger is exported', async () => {
    const avis = await essai.lire('caf', essai.adresse('/avis?mois=2026-11'))
    assert.match(avis.texte, /Loyer 500,00 € 300,00 € 0,00 €/)
    assert.match(avis.texte, /Aide au logement versée au bailleur −200,00 €/)
    for (const [suite, debut] of [
      ['/avis.pdf?mois=2026-11', '%PDF'],
      ['/releve.csv', '\ufeff"Date";"Ligne"'],
      ['/releve.ods', 'PK'],
    ] as const) {
      const fichier = await essai.lire('caf', essai.adresse(suite))
      assert.equal(fichier.statut, 200, suite)
      assert.ok(fichier.octets.toString(debut === 'PK' ? 'latin1' : 'utf8').startsWith(debut), suite)
    }
    assert.match((await essai.lire('caf', essai.adresse('/releve.csv'))).octets.toString(), /"Frais";"";"89,00"/)
  })

  test('[ACC-03][ACC-18] a landlord, the prefecture and a service that is not on the dossier see no money', async () => {
    for (const compte of ['bailleur', 'prefecture', 'pilote'] as const)
      assert.equal((await essai.lire(compte, essai.adresse())).statut, 403, compte)
    for (const suite of ['', '/lignes', '/plan', '/releve.csv', '/avis.pdf'])
      assert.equal((await essai.lire('adil', essai.adresse(suite))).statut, 404, suite)
    assert.equal((await essai.saisir('adil', [['frais', '2026-11-12', '1']])).statut, 404)
  })

  test('[COU-41][OUT-07] a landlord or an agency composes the notice of a month, item by item; nobody is named, nothing is kept', async () => {
    const lignes = await essai.compter('dette_ecriture')
    const saisie = {
      mois: '11/2026',
      'demande-loyer': '500',
      'demande-charges': '60',
      'demande-delai_juge': '40',
      aide: '200',
      dette: '1 200',
      'paye-sans_precision': '380',
    }
    assert.match((await essai.lire('bailleur', '/outils/avis')).texte, /Composer un avis d’échéance/)
    const { texte } = await essai.poster('bailleur', '/outils/avis', saisie)
    assert.match(texte, /avis d’échéance de novembre 2026/)
    assert.match(texte, /Loyer 500,00 € 300,00 € 0,00 € Charges 60,00 € 60,00 € 0,00 €/)
    assert.match(texte, /Échéance des délais accordés par le juge 40,00 € 20,00 € 20,00 €/)
    assert.match(texte, /Dette antérieure au mois : 1 200,00 €/)
    const resilie = await essai.poster('bailleur', '/outils/avis', { ...saisie, resilie: 'oui' })
    assert.match(resilie.texte, /Indemnité d’occupation 500,00 €/)
    assert.equal((await essai.poster('bailleur', '/outils/avis', { ...saisie, aide: 'x' })).statut, 422)
    assert.equal((await essai.poster('bailleur', '/outils/avis', { mois: '11/2026' })).statut, 422)
    assert.equal(await essai.compter('dette_ecriture'), lignes)
  })

  test('[OUT-01][OUT-03][OUT-04] the tools compute without naming anybody and keep nothing', async () => {
    const lignes = await essai.compter('dette_ecriture')
    const apurement = await essai.poster('bailleur', '/outils/apurement', {
      dette: '3 600',
      premiere: '2027-01-31',
      origine: 'juge',
      a: '1 000',
      loyer: '500',
      hors: '370',
      suspendue: 'non',
      personnes: '1',
      a_garder: '',
    })
    assert.match(apurement.texte, /Mensualité maximale : 130,00 €, pendant 28 mois/)
    const affectation = {
      'du-le-0': '2026-10-05',
      'du-montant-0': '500',
      'du-le-1': '2026-11-05',
      'du-montant-1': '500',
      'recu-le-0': '2026-11-10',
      'recu-montant-0': '500',
      'recu-choix-0': 'terme',
      'recu-mois-0': '11/2026',
    }
    const lue = await essai.poster('bailleur', '/outils/affectation', affectation)
    assert.match(lue.texte, /Selon ce que le ménage a indiqué.*Selon la loi, à défaut d’indication/)
    const visale = await essai.poster('bailleur', '/outils/affectation', { ...affectation, visale: 'oui' })
    assert.match(visale.texte, /ne pas conseiller au locataire/)
    assert.doesNotMatch(visale.texte, /Selon la loi/)
    assert.equal((await essai.poster('bailleur', '/outils/apurement', { dette: 'x' })).statut, 422)
    assert.equal(await essai.compter('dette_ecriture'), lignes)
  })
})
