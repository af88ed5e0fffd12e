import assert from 'node:assert/strict'
import test from 'node:test'
import { applicationLe, avecBase, type Navigateur, naviguer } from '../tableaux/fabrique-essai.ts'
import { routesDroit } from './index.ts'

const JOUR = '2026-11-20'

async function avecNavigateur(
  nom: string,
  travail: (navigateur: Navigateur) => Promise<void>,
  jour = JOUR,
): Promise<void> {
  await avecBase(async (base) => {
    const navigateur = await naviguer(applicationLe(base, jour), nom, routesDroit)
    try {
      await travail(navigateur)
    } finally {
      await navigateur.fermer()
    }
  })
}

test('[DOS-31] every partner reads the law by step, with versions in time, the date that chooses, the source and what is to be checked', () =>
  avecNavigateur('caf', async (navigateur) => {
    const { statut, texte, html } = await navigateur.lire('/droit')
    assert.equal(statut, 200)
    assert.match(texte, /Aucune valeur n’a encore été relue par un juriste/)
    const etapes = [...html.matchAll(/id="etape-([a-z_]+)"/g)].map(([, etape]) => etape)
    assert.deepEqual(etapes, [
      'impaye',
      'plan_apurement',
      'commandement_de_payer',
      'assignation',
      'jugement',
      'surendettement',
      'commandement_de_quitter_les_lieux',
      'requisition',
      'expulsion',
      'protocole',
      'dalo',
      'ccapex',
      'partenaires',
    ])
    assert.match(
      texte,
      /Fin du délai du commandement Délai laissé au locataire pour régler sa dette après un commandement de payer à vérifier 6 semaines depuis le 29\/07\/2023/,
    )
    assert.match(
      texte,
      /Date de conclusion du bail Loi n° 89-462 du 6 juillet 1989, art\. 24 I, version du 29 juillet 2023/,
    )
    assert.match(
      texte,
      /CCAPEX et aide au logement .{0,120}à vérifier change le 01\/01\/2027 Décision .{0,60}ou : Avis/,
    )
    assert.match(texte, /Protocole à renégocier .{0,120}prend fin le 31\/12\/2026/)
    assert.match(texte, /Pénalité du bailleur .{0,120}expirée le 31\/12\/2022/)
    assert.match(texte, /Diagnostic de la situation de logement .{0,120}charte du département/)
    assert.match(
      html,
      /<svg class="axe axe--court"[^>]*role="img" aria-labelledby="axe-delais-commandement-de-payer-paiement-t axe-delais-commandement-de-payer-paiement-d"/,
    )
    assert.match(texte, /2 mois, du 08\/07\/1989 au 28\/07\/2023 ; 6 semaines, depuis le 29\/07\/2023\./)
    assert.doesNotMatch(html, / style=/)
  }))

test('[DOS-31] the law is searched by word, article or value, and filtered by what is to be looked at', () =>
  avecNavigateur('prefecture', async (navigateur) => {
    const regles = async (requete: string) => {
      const { html, texte } = await navigateur.lire(`/droit?${requete}`)
      const noms = [...html.matchAll(/href="\/droit\/(?:delais|valeurs|seuils|calendrier)\/([\w.-]+)"/g)].map(
        ([, nom]) => nom,
      )
      return { noms: [...new Set(noms)], texte }
    }
    assert.deepEqual((await regles('q=R.+824-19')).noms, ['plan-apurement.controle'])
    const sansAccent = await regles('q=trêve HIVERNALE'.replace('ê', 'e'))
    assert.ok(sansAccent.noms.includes('treve-hivernale'))
    assert.deepEqual((await regles('etat=expire')).noms, ['bailleur.penalite'])
    const bientot = await regles('etat=bientot&genre=delais')
    assert.ok(bientot.noms.includes('impaye.signalement-bailleur') && bientot.noms.includes('diagnostic'))
    assert.ok(!bientot.noms.includes('dsf.remise'))
    const aVerifier = await regles('etat=a_verifier&etape=jugement')
    assert.deepEqual(aVerifier.noms, ['jugement.appel'])
    assert.match(aVerifier.texte, /1 règle pour : Jugement \(retirer ce filtre\) À vérifier/)
    const rien = await regles('q=zzzz')
    assert.deepEqual(rien.noms, [])
    assert.match(rien.texte, /Aucune règle trouvée .* Voir toutes les règles/)
    const hostile = await navigateur.lire('/droit?q=%3Cscript%3Ealert(1)%3C%2Fscript%3E&etape=inconnue&etat=%22')
    assert.equal(hostile.statut, 200)
    assert.doesNotMatch(hostile.html, /<script>alert/)
  }))

test('[DOS-31] the page of a time limit tells its versions, its count, its doubts, its worked cases and where it serves', () =>
  avecNavigateur('pilote', async (navigateur) => {
    const { statut, texte, html } = await navigateur.lire('/droit/delais/commandement-de-payer.paiement')
    assert.equal(statut, 200)
    assert.match(html, /<svg class="axe axe--long"[^>]*role="img" aria-labelledby="axe-t axe-d"/)
    assert.match(texte, /Aujourd’hui : 20\/11\/2026/)
    assert.match(
      texte,
      /Du 08\/07\/1989 au 28\/07\/2023 2 mois Loi n° 89-462 du 6 juillet 1989, art\. 24 I \(rédaction antérieure/,
    )
    assert.match(texte, /Confirmée Jamais relue par un juriste/)
    assert.match(texte, /La version se choisit sur Date de conclusion du bail/)
    assert.match(texte, /Le délai part de Date du commandement de payer/)
    assert.match(texte, /2 mois : compté de date à date.* 6 semaines : compté en semaines entières/)
    assert.match(texte, /Deux lectures : le délai du bail d’origine/)
    assert.match(
      texte,
      /Bail conclu le 01\/09\/2023 ; commandement de payer du 20\/11\/2026\. 6 semaines \(bail conclu le 01\/09\/2023\), soit le 01\/01\/2027 \(férié\), reporté au lundi 04\/01\/2027\./,
    )
    assert.match(texte, /Deux lectures\. 2 mois .* Ou 6 semaines/)
    assert.match(texte, /Indéterminé : il manque la date de conclusion du bail\./)
    assert.match(html, /<a href="\/dossiers">Échéances et frise des dossiers<\/a>/)
    assert.match(html, /<a href="\/droit\/seuils\/commandement-de-payer\.signalement">/)
    assert.match(texte, /donnees\/droit\/delais\/commandement-de-payer\.paiement\.yaml/)
  }))

test('[DOS-31] values, thresholds, the truce and the limits of the charter have their page; what does not exist has none', () =>
  avecNavigateur('adil', async (navigateur) => {
    const plan = await navigateur.lire('/droit/valeurs/plan-apurement.defaut-mensualite')
    assert.match(plan.texte, /35 mensualités de 55,56 € et une de 55,40 €\./)
    assert.match(plan.texte, /Terme le 31 décembre 2026, aucune version suivante/)
    const jex = await navigateur.lire('/droit/valeurs/juge-execution.delais')
    assert.match(jex.texte, /Deux lectures : De 1 mois à 1 an ; ou de 3 mois à 3 ans\./)
    const appel = await navigateur.lire('/droit/delais/jugement.appel')
    assert.match(appel.texte, /15 jours .* Décision en référé .* 1 mois .* Décision au fond/)
    const seuil = await navigateur.lire('/droit/seuils/commandement-de-payer.signalement')
    assert.match(seuil.texte, /Rejeu en Saône-et-Loire.*Sous le seuil\..*3 fois le loyer hors charges, soit 1 500,00 €/)
    assert.match(
      seuil.texte,
      /Arrêtés du préfet .*Du 14\/02\/2020 au 14\/02\/2026 3 mois d’impayé, ou 3 fois le loyer hors charges .*71\.2020\.02\.14-004/,
    )
    assert.doesNotMatch(seuil.texte, /Modèle de département/)
    const treve = await navigateur.lire('/droit/calendrier/treve-hivernale')
    assert.match(treve.texte, /Du 01\/11\/2019 au 10\/07\/2020 Trêve 2019-2020/)
    assert.match(treve.texte, /Relogement des occupants assuré/)
    const charte = await navigateur.lire('/droit/delais/diagnostic')
    assert.match(charte.texte, /Charte de Saône-et-Loire 2021/)
    assert.match(charte.texte, /Avancé par Remise du diagnostic au juge/)
    for (const absente of ['/droit/delais/inconnu', '/droit/valeurs/dsf.remise', '/droit/autre/dsf.remise'])
      assert.equal((await navigateur.lire(absente)).statut, 404, absente)
  }))

test('on the day a rule changes the screen follows, and past its term there is no value, never the last one', () =>
  avecNavigateur(
    'secretariat',
    async (navigateur) => {
      const { texte } = await navigateur.lire('/droit?q=R.+824-16')
      assert.match(texte, /expirée le 31\/12\/2026 Aucune expirée le 31\/12\/2026/)
      const ccapex = await navigateur.lire('/droit?q=CCAPEX+aide')
      assert.match(ccapex.texte, /CCAPEX et aide au logement .{0,160}Décision depuis le 01\/01\/2027/)
    },
    '2027-01-01',
  ))
