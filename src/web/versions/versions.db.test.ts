import assert from 'node:assert/strict'
import test from 'node:test'
import type { Application } from '#acces'
import { verifierReglesLocales } from '#charte'
import { lireDossier } from '#dossiers'
import { appliquerRegles, figerTableaux, preparerLeJour } from '#jobs'
import { listerDossiersDuLot } from '#rapprochement'
import { parametre } from '#referentiel'
import { listerAffectations, listerListes } from '#repartition'
import { ecrireCsv, importer, ligne } from '#tests/application'
import {
  approuver,
  CADRE,
  type EssaiVersions,
  enRole,
  enSysteme,
  lireChamps,
  MODELE,
  modifier,
  ouvrirEssaiVersions,
  preparer,
  relue,
  sansLaCaf,
  soumettre,
} from './fabrique-essai.ts'

const VENDREDI = '2026-11-20'
const EFFET = '2026-12-01'

/** Runs one test in a database of its own: approvals of one must not be the rules of another. */
async function avecEssai(travail: (essai: EssaiVersions) => Promise<void>): Promise<void> {
  const essai = await ouvrirEssaiVersions()
  try {
    await travail(essai)
  } finally {
    await essai.fermer()
  }
}

/** A summoned household that the CAF follows, received in a file like any other. */
async function creerAssigne(
  application: Application,
  nom: string,
  colonnes: Readonly<Record<string, string>> = {},
): Promise<{ id: string; reference: string }> {
  const signal = ligne({
    type: 'assignation',
    reference_source: `ASG-${nom}`,
    date_signalement: '2026-11-05',
    date_acte: '2026-11-03',
    nom_usage: nom,
    prenom: 'Camille',
    date_naissance: '1980-05-02',
    adresse: `12 rue ${nom}`,
    code_postal: '71400',
    commune: 'Autun',
    suivi_caf: 'oui',
    ...colonnes,
  })
  const lot = await importer(application, 'PREF71', `${nom}.csv`, ecrireCsv([signal]))
  return enSysteme(application, 'dossier.consulter', async (session) => {
    const [id = ''] = await listerDossiersDuLot(session, lot)
    return { id, reference: (await lireDossier(session, id)).reference }
  })
}

async function lireAffectation(application: Application, dossier: string) {
  const [vivante] = await enSysteme(application, 'dossier.consulter', (session) => listerAffectations(session, dossier))
  return { organisme: vivante?.organisme_nom, version: vivante?.version_regles }
}

test('[REP-01] [AUT-12] [CHA-09] a version is prepared by one side, approved by the other, applies from its date; past decisions keep theirs', () =>
  avecEssai(async (essai) => {
    const ancien = await creerAssigne(essai.premier.le(VENDREDI), 'Lacombe')
    const pilote = await essai.ouvrir('pilote', VENDREDI)
    const copilote = await essai.ouvrir('copilote', VENDREDI)
    const adresse = await soumettre(pilote, 'repartition', {}, sansLaCaf)

    const tache = await copilote.lire('/a-faire')
    assert.match(tache.texte, /Approuver ou refuser une version : règles de répartition, n° 1 Pour le 01\/12\/2026/)
    assert.doesNotMatch((await pilote.lire('/a-faire')).texte, /Approuver ou refuser une version/)

    const decision = await copilote.lire(`${adresse}/decider`)
    assert.match(decision.texte, /Soumise par Camille PILOTE, pour l’État/)
    assert.match(
      decision.texte,
      /changé Service sollicité, Assignation, tout ménage Le ménage est déjà accompagné par le service social de la CAF/,
    )
    assert.match(decision.texte, /Service Avant service social de la CAF Après ADIL/)
    assert.match(decision.texte, /CAF de Saône-et-Loire ADIL de Saône-et-Loire 1/)
    assert.match(decision.texte, /Approuver pour le 1er décembre 2026/)
    const approuvee = await approuver(copilote, adresse)
    assert.equal(approuvee.vers, adresse)
    assert.match(
      (await copilote.lire(adresse)).texte,
      /approuvée, à venir .*elle s’appliquera le 1er décembre 2026\. D’ici là, la version livrée du 25 janvier 2021 s’applique/,
    )

    // The day before, nothing has changed.
    const veille = await creerAssigne(essai.premier.le('2026-11-30'), 'Vernache')
    assert.deepEqual(await lireAffectation(essai.premier.le('2026-11-30'), veille.id), {
      organisme: 'CAF de Saône-et-Loire',
      version: 'departements/71-saone-et-loire/charte-2020/repartition',
    })
    // From its date, new households follow it; those already given to a service keep service and version.
    await figerTableaux(essai.premier.le('2026-11-30'), '71', Temporal.PlainDate.from('2026-11-30'))
    await preparerLeJour(essai.premier.le(EFFET), '71')
    const nouveau = await creerAssigne(essai.premier.le(EFFET), 'Quillet')
    assert.deepEqual(await lireAffectation(essai.premier.le(EFFET), nouveau.id), {
      organisme: 'ADIL de Saône-et-Loire',
      version: 'local/71/repartition/1',
    })
    for (const { id } of [ancien, veille]) {
      assert.deepEqual(await lireAffectation(essai.premier.le(EFFET), id), {
        organisme: 'CAF de Saône-et-Loire',
        version: 'departements/71-saone-et-loire/charte-2020/repartition',
      })
    }
    // Both texts remain readable, by the name each decision keeps.
    const caf = await essai.ouvrir('caf', EFFET)
    const local = await caf.lire('/regles/versions/lire?v=local%2F71%2Frepartition%2F1')
    assert.match(local.texte, /Règle de répartition : version n° 1 du 1er décembre 2026/)
    assert.match(
      local.texte,
      /Approuvée par l’État \(Préfecture de Saône-et-Loire\), le 20\/11\/2026 ; le Département \(Service social départemental\), le 20\/11\/2026/,
    )
    assert.match(local.texte, /3 ADIL Le ménage est déjà accompagné par le service social de la CAF/)
    const livree = await caf.lire(
      '/regles/versions/lire?v=departements%2F71-saone-et-loire%2Fcharte-2020%2Frepartition',
    )
    assert.match(livree.texte, /Du 25 janvier 2021 au 30 novembre 2026/)
    assert.match(
      livree.texte,
      /3 Service social de la CAF Le ménage est déjà accompagné par le service social de la CAF/,
    )
    // The page of the rules, its download and the simulation start from the version in force.
    assert.match((await caf.lire('/regles')).texte, /Du 1er décembre 2026 au 25 janvier 2027/)
    const telecharge = (await caf.lire('/regles/repartition.yaml')).octets.toString()
    assert.match(telecharge, /^du: 2026-12-01$/m)
    assert.match(telecharge, /id: assignation-connu-de-la-caf[\s\S]*?service: adil/)
  }))

test('a text with faults is kept as a draft, shown with line and column, and cannot be submitted nor approved', () =>
  avecEssai(async (essai) => {
    const pilote = await essai.ouvrir('pilote', VENDREDI)
    const adresse = await preparer(pilote, 'repartition')
    const faux = (texte: string) => texte.replace('si: connu.caf\n', 'si: connu.cafe\n')
    const enregistre = await modifier(pilote, adresse, CADRE, faux)
    assert.equal(enregistre.vers, `${adresse}/modifier`)
    const page = await pilote.lire(`${adresse}/modifier`)
    const ligne = (lireChamps(page.html).texte ?? '').split('\n').findIndex((une) => une.includes('connu.cafe')) + 1
    assert.ok(ligne > 1)
    assert.ok(
      page.texte.includes(`Ligne ${ligne}, colonne 13 : Mot inconnu « connu.cafe ». Vouliez-vous écrire « connu.caf »`),
    )
    assert.equal((await pilote.envoyer(`${adresse}/simuler`)).statut, 422)
    const { revision } = relue(page.html)
    const refus = await pilote.envoyer(`${adresse}/soumettre`, { revision })
    assert.equal(refus.statut, 422)
    assert.match(refus.texte, /L’action n’a pas été faite\. Le texte a des fautes/)
    assert.match((await pilote.lire(adresse)).texte, /brouillon Brouillon, prévu pour le 1er décembre 2026/)
  }))

test('[REP-01] a version whose examples fail or are missing, that is not simulated, not justified or changes nothing, cannot be submitted', () =>
  avecEssai(async (essai) => {
    const pilote = await essai.ouvrir('pilote', VENDREDI)
    const adresse = await preparer(pilote, 'repartition')
    const refuser = async (motif: RegExp) => {
      const page = await pilote.lire(adresse)
      assert.match(page.texte, motif)
      assert.ok(!page.html.includes(`action="${adresse}/soumettre"`))
      const { revision } = relue((await pilote.lire(`${adresse}/modifier`)).html)
      assert.equal((await pilote.envoyer(`${adresse}/soumettre`, { revision })).statut, 422)
    }
    await refuser(/Cette version ne change rien à celle qui la précède/)
    await refuser(/Écrire pourquoi les règles changent/)
    await refuser(/Écrire où le changement a été validé/)
    await modifier(pilote, adresse, CADRE, (texte) =>
      texte.replace(/(id: assignation-connu-de-la-caf[\s\S]*?service: )caf/, '$1adil'),
    )
    await refuser(
      /L’exemple « À l’assignation, tout ménage, parc social compris, et la CAF garde celui qu’elle accompagne » ne donne pas le résultat attendu/,
    )
    assert.match((await pilote.lire(adresse)).texte, /service vaut « adil » au lieu de « caf »/)
    await modifier(pilote, adresse, {}, (texte) =>
      sansLaCaf(texte).replace(/ {2}- cas: Concours accordé\n(?: {4}.*\n)+/, ''),
    )
    await refuser(/Aucun exemple ne montre « concours/)
    await modifier(pilote, adresse, {}, (texte) => `${texte.slice(0, texte.indexOf('\nexemples:'))}\nexemples: []\n`)
    await refuser(/Cette version n’a aucun exemple/)
    const autre = await preparer(pilote, 'repartition')
    await modifier(pilote, autre, CADRE, sansLaCaf)
    assert.match((await pilote.lire(autre)).texte, /Simuler cette version avant de la soumettre/)
    await pilote.envoyer(`${autre}/simuler`)
    await modifier(pilote, autre, { motif: 'Autre motif.' }, (texte) =>
      texte.replace('libelle: Qui est sollicité', 'libelle: Qui sera sollicité'),
    )
    assert.match((await pilote.lire(autre)).texte, /Le texte a changé depuis la simulation : la refaire/)
  }))

test('[CHA-09] the State and the Département both approve: nobody decides for the side that submitted, nor twice, nor without a side', () =>
  avecEssai(async (essai) => {
    const pilote = await essai.ouvrir('pilote', VENDREDI)
    const adresse = await soumettre(pilote, 'repartition', {}, sansLaCaf)
    const { revision, empreinte } = relue(
      (await (await essai.ouvrir('copilote', VENDREDI)).lire(`${adresse}/decider`)).html,
    )
    const champs = { revision, empreinte, decision: 'approuver' }
    for (const nom of ['pilote', 'collegue']) {
      const page = await essai.ouvrir(nom, VENDREDI)
      assert.equal((await page.lire(`${adresse}/decider`)).vers, adresse, nom)
      const refus = await page.envoyer(`${adresse}/decider`, champs)
      assert.equal(refus.statut, 422, nom)
      assert.match(refus.texte, /Votre côté a déjà donné son accord/, nom)
    }
    assert.equal((await (await essai.ouvrir('adil', VENDREDI)).envoyer(`${adresse}/decider`, champs)).statut, 403)
    for (const nom of ['secretariat', 'caf', 'bailleur']) {
      const page = await essai.ouvrir(nom, VENDREDI)
      assert.equal((await page.lire(adresse)).statut, 403, nom)
      assert.equal((await page.envoyer(`${adresse}/decider`, champs)).statut, 403, nom)
      assert.equal((await page.lire(`/regles/versions/lire?v=local%2F71%2Frepartition%2F1`)).statut, 404, nom)
    }
    // Somebody who submitted for the préfecture, then moved to the Département.
    const double = await essai.ouvrir('double', VENDREDI)
    const sienne = await soumettre(double, 'criteres', {}, (texte) =>
      texte.replace('Titulaire du bail très jeune', 'Titulaire du bail jeune'),
    )
    const passe = await essai.ouvrir('double', '2026-11-28')
    const lue = relue((await (await essai.ouvrir('copilote', '2026-11-28')).lire(`${sienne}/decider`)).html)
    const refus = await passe.envoyer(`${sienne}/decider`, { ...lue, decision: 'approuver' })
    assert.equal(refus.statut, 422)
    assert.match(refus.texte, /Une même personne ne décide pas pour les deux côtés/)
    // The access matrix gives pilots to the two sides only: elsewhere the role opens nothing.
    const adil = await essai.ouvrir('adil', VENDREDI)
    assert.equal((await adil.lire('/regles/versions/nouvelle')).statut, 403)
  }))

test('a refusal needs its reason, is kept with the version, and its text can start another', () =>
  avecEssai(async (essai) => {
    const copilote = await essai.ouvrir('copilote', VENDREDI)
    const pilote = await essai.ouvrir('pilote', VENDREDI)
    // This time the Département proposes.
    const adresse = await soumettre(copilote, 'repartition', {}, sansLaCaf)
    const lue = relue((await pilote.lire(`${adresse}/decider`)).html)
    const sans = await pilote.envoyer(`${adresse}/decider`, { ...lue, decision: 'refuser', motif: ' ' })
    assert.equal(sans.statut, 422)
    assert.match(sans.texte, /Écrire pourquoi la version est refusée/)
    const motif = 'L’ADIL n’a pas les effectifs.'
    assert.equal((await pilote.envoyer(`${adresse}/decider`, { ...lue, decision: 'refuser', motif })).vers, adresse)
    const page = await copilote.lire(adresse)
    assert.match(page.texte, /refusée Refusée : elle ne s’appliquera pas/)
    assert.match(page.texte, /L’ADIL n’a pas les effectifs\. \(Camille PILOTE, le 20\/11\/2026\)/)
    const encore = await pilote.envoyer(`${adresse}/decider`, { ...lue, decision: 'approuver' })
    assert.equal(encore.statut, 409)
    const reprise = await preparer(copilote, 'repartition', 'local/71/repartition/1')
    assert.match((await copilote.lire(`${reprise}/modifier`)).html, /assignation-connu-de-la-caf[\s\S]*?service: adil/)
    assert.match((await copilote.lire(reprise)).texte, /Règle de répartition, version n° 2/)
  }))

test('two people on one draft do not erase each other: the second sees both texts, and decides knowingly', () =>
  avecEssai(async (essai) => {
    const pilote = await essai.ouvrir('pilote', VENDREDI)
    const collegue = await essai.ouvrir('collegue', VENDREDI)
    const adresse = await preparer(pilote, 'repartition')
    const lu = lireChamps((await collegue.lire(`${adresse}/modifier`)).html)
    await modifier(pilote, adresse, CADRE, sansLaCaf)
    const conflit = await collegue.envoyer(`${adresse}/modifier`, { ...lu, motif: 'Ma version.' })
    assert.equal(conflit.statut, 409)
    assert.match(conflit.texte, /Ce brouillon a été enregistré par Camille PILOTE entre-temps/)
    assert.match(conflit.html, /<pre[^>]*>[\s\S]*service: adil[\s\S]*<\/pre>/)
    assert.match(conflit.html, /<textarea[^>]*name="motif"[^>]*>\s*Ma version\.<\/textarea>/)
    assert.equal((await collegue.envoyer(`${adresse}/modifier`, lireChamps(conflit.html))).vers, adresse)
    assert.match((await pilote.lire(adresse)).texte, /Pourquoi Ma version\./)
  }))

test('[REP-01] a text changed while the co-pilot was reading is not approved (409)', () =>
  avecEssai(async (essai) => {
    const pilote = await essai.ouvrir('pilote', VENDREDI)
    const copilote = await essai.ouvrir('copilote', VENDREDI)
    const adresse = await soumettre(pilote, 'repartition', {}, sansLaCaf)
    const lue = relue((await copilote.lire(`${adresse}/decider`)).html)
    await pilote.envoyer(`${adresse}/reprendre`)
    assert.equal((await copilote.envoyer(`${adresse}/decider`, { ...lue, decision: 'approuver' })).statut, 409)
    await modifier(pilote, adresse, {}, (texte) =>
      texte.replace('libelle: Qui est sollicité', 'libelle: Qui sera sollicité'),
    )
    await pilote.envoyer(`${adresse}/simuler`)
    await pilote.envoyer(`${adresse}/soumettre`, { revision: relue((await pilote.lire(adresse)).html).revision })
    const tard = await copilote.envoyer(`${adresse}/decider`, { ...lue, decision: 'approuver' })
    assert.equal(tard.statut, 409)
    assert.match(tard.texte, /Cette version a changé pendant que la page était ouverte/)
    assert.match(
      tard.texte,
      /Libellé Avant Qui est sollicité pour chaque ménage, dans quel ordre Après Qui sera sollicité/,
    )
    assert.equal((await approuver(copilote, adresse)).statut, 303)
  }))

test('[CHA-09] a validation is never dated after the day; once in force, a version does not ask to be simulated again', () =>
  avecEssai(async (essai) => {
    const pilote = await essai.ouvrir('pilote', VENDREDI)
    const copilote = await essai.ouvrir('copilote', VENDREDI)
    const adresse = await preparer(pilote, 'repartition')
    await modifier(pilote, adresse, { ...CADRE, du: VENDREDI, reference_le: '2026-11-21' }, sansLaCaf)
    await pilote.envoyer(`${adresse}/simuler`)
    assert.match(
      (await pilote.lire(adresse)).texte,
      /La validation est datée du 21 novembre 2026, un jour à venir : écrire le jour où le changement a été validé/,
    )
    const refusee = await pilote.envoyer(`${adresse}/soumettre`, {
      revision: relue((await pilote.lire(adresse)).html).revision,
    })
    assert.notEqual(refusee.statut, 303)
    await modifier(pilote, adresse, { reference_le: VENDREDI })
    const { revision } = relue((await pilote.lire(adresse)).html)
    assert.equal((await pilote.envoyer(`${adresse}/soumettre`, { revision })).statut, 303)
    await approuver(copilote, adresse)
    assert.doesNotMatch((await pilote.lire(adresse)).texte, /ont changé depuis la simulation/)
  }))

test('dates of effect: never past, never twice the same day, never across the next version', () =>
  avecEssai(async (essai) => {
    const pilote = await essai.ouvrir('pilote', VENDREDI)
    const copilote = await essai.ouvrir('copilote', VENDREDI)
    const passee = await preparer(pilote, 'repartition')
    await modifier(pilote, passee, { ...CADRE, du: '2026-11-19' }, sansLaCaf)
    assert.match((await pilote.lire(passee)).texte, /La date d’effet, le 19 novembre 2026, est passée/)
    const inversee = await modifier(pilote, passee, { du: '2026-12-10', jusqu_au: '2026-12-01' })
    assert.equal(inversee.statut, 422)
    assert.match(inversee.texte, /La date de fin précède la date d’effet/)

    const premiere = await soumettre(pilote, 'repartition', { du: EFFET, jusqu_au: '' }, sansLaCaf)
    assert.match(
      (await pilote.lire(passee)).texte,
      /Une autre version est soumise à approbation : la n° 2, pour le 1er décembre 2026/,
    )
    await approuver(copilote, premiere)
    const memeJour = await preparer(copilote, 'repartition')
    await modifier(copilote, memeJour, { ...CADRE, du: EFFET })
    assert.match(
      (await copilote.lire(memeJour)).texte,
      /La version n° 2 du 1er décembre 2026 prend déjà effet ce jour : choisir une autre date/,
    )
    await modifier(copilote, memeJour, { du: '2026-11-25', jusqu_au: '2026-12-24' })
    assert.match(
      (await copilote.lire(memeJour)).texte,
      /La date de fin va au-delà du 1er décembre 2026, où commence la version n° 2 du 1er décembre 2026 : finir au plus tard le 30 novembre 2026/,
    )
    await modifier(copilote, memeJour, { du: '2026-11-25', jusqu_au: '' })
    assert.match(
      (await copilote.lire(memeJour)).texte,
      /La version n° 2 du 1er décembre 2026 prendra la suite : celle-ci vaudra jusqu’au 30 novembre 2026/,
    )

    // Approved too late: the date has passed while it waited.
    const lente = await soumettre(pilote, 'criteres', { du: '2026-11-23' }, (texte) =>
      texte.replace('Titulaire du bail très jeune', 'Titulaire du bail jeune'),
    )
    const plusTard = await essai.ouvrir('copilote', '2026-11-24')
    const refus = await approuver(plusTard, lente)
    assert.equal(refus.statut, 422)
    assert.match(refus.texte, /La date d’effet, le 23 novembre 2026, est passée/)
  }))

test('an approval is undone until the version takes effect, not after; what one process approves or undoes, the others follow at once', () =>
  avecEssai(async (essai) => {
    const autre = essai.noeud()
    const regles = (jour: string) =>
      enSysteme(autre.le(jour), 'regle.consulter', async (session) =>
        session.referentiel.departements.get('71')?.repartitions.map(({ id }) => id.split('/').at(-1)),
      )
    assert.deepEqual(await regles(VENDREDI), ['repartition'])
    const pilote = await essai.ouvrir('pilote', VENDREDI)
    const copilote = await essai.ouvrir('copilote', VENDREDI)
    const adresse = await soumettre(pilote, 'repartition', {}, sansLaCaf)
    assert.deepEqual(await regles(VENDREDI), ['repartition'])
    await approuver(copilote, adresse)
    assert.deepEqual(await regles(VENDREDI), ['repartition', '1'])
    assert.equal((await pilote.envoyer(`${adresse}/defaire`)).vers, adresse)
    assert.deepEqual(await regles(VENDREDI), ['repartition'])
    // It waits again for the side that had approved last, and for it only.
    assert.match((await copilote.lire('/a-faire')).texte, /Approuver ou refuser une version/)
    assert.equal((await pilote.lire(`${adresse}/decider`)).vers, adresse)
    await approuver(copilote, adresse)
    assert.deepEqual(await regles(VENDREDI), ['repartition', '1'])
    const tard = await (await essai.ouvrir('copilote', EFFET)).envoyer(`${adresse}/defaire`)
    assert.equal(tard.statut, 422)
    assert.match(
      tard.texte,
      /Cette version s’applique depuis le 1er décembre 2026 : des décisions ont pu être prises avec elle/,
    )
    assert.deepEqual(await regles(EFFET), ['repartition', '1'])
    // The other département has seen nothing.
    const modele = await enSysteme(
      autre.le(EFFET),
      'regle.consulter',
      async (session) => session.referentiel.departements.get(MODELE)?.repartitions.map(({ id }) => id),
      'modele',
    )
    assert.ok(modele?.every((id) => !id.startsWith('local/')))
  }))

test('[AUT-12] criteria: the simulation counts who gains and loses, per criterion, territory and month; from its date the dossiers follow', () =>
  avecEssai(async (essai) => {
    const jeune = await creerAssigne(essai.premier.le(VENDREDI), 'Lacombe', { date_naissance: '2004-05-02' })
    await creerAssigne(essai.premier.le(VENDREDI), 'Vernache', { handicap: 'oui' })
    const pilote = await essai.ouvrir('pilote', VENDREDI)
    const copilote = await essai.ouvrir('copilote', VENDREDI)
    const texte = (avant: string) =>
      avant
        .replace(
          'si: menage.age_titulaire < parametre.age_jeune || menage.cotitulaire && menage.age_cotitulaire < parametre.age_jeune',
          'si: menage.age_titulaire < 26',
        )
        .replace('cas: Titulaire de 20 ans, seul titulaire', 'cas: Titulaire de 26 ans')
        .replace(
          '{ menage.age_titulaire: 20, menage.cotitulaire: false }',
          '{ menage.age_titulaire: 26, menage.cotitulaire: false }',
        )
        .replace(
          'si: menage.souffrance_psychique_reperee',
          'si: menage.souffrance_psychique_reperee || menage.handicap',
        )
    const adresse = await soumettre(pilote, 'criteres', { du: EFFET }, texte)
    const page = await pilote.lire(adresse)
    assert.match(
      page.texte,
      /changé Critère, Auto-saisine de la commission Titulaire du bail très jeune Quand Avant l’un de ces cas : âge du titulaire du bail : moins de 20 ans .* Après âge du titulaire du bail : moins de 26 ans/,
    )
    assert.match(page.texte, /Dossiers relus 2 .*Auto-saisines 2 0 avant ; 2 en plus, 0 en moins/)
    assert.match(page.texte, /Titulaire du bail très jeune Auto-saisine de la commission 0 → 1 \+1 1 0/)
    assert.match(page.texte, /Autun 0 → 2 \+2/)
    assert.match(page.texte, /Autun, par mois .*novembre 2026 0 → 2/)
    // A household is named with its age, never with what comes near health: that one is only counted.
    assert.match(page.texte, new RegExp(`${jeune.reference} Titulaire du bail très jeune —`))
    assert.match(
      page.texte,
      /Souffrance psychique repérée par un professionnel Auto-saisine de la commission 0 → 1 \+1/,
    )
    assert.doesNotMatch(page.texte, /71-2026-\d+ Souffrance psychique/)
    await approuver(copilote, adresse)

    const criteres = async (jour: string) =>
      enSysteme(
        essai.premier.le(jour),
        'dossier.consulter',
        async (session) => (await lireDossier(session, jeune.id)).criteres,
      )
    await preparerLeJour(essai.premier.le('2026-11-30'), '71')
    assert.deepEqual(await criteres('2026-11-30'), [])
    await preparerLeJour(essai.premier.le(EFFET), '71')
    assert.deepEqual(await criteres(EFFET), ['titulaire-jeune'])
  }))

test('with effect the same day, an approval applies at once: the open dossiers are brought under it in the background', () =>
  avecEssai(async (essai) => {
    const application = essai.premier.le(VENDREDI)
    const dossier = await creerAssigne(application, 'Lacombe')
    const prise = await creerAssigne(application, 'Vernache')
    await figerTableaux(application, '71', Temporal.PlainDate.from(VENDREDI))
    const propose = await creerAssigne(application, 'Quillet')
    const pilote = await essai.ouvrir('pilote', VENDREDI)
    const copilote = await essai.ouvrir('copilote', VENDREDI)
    const adresse = await soumettre(pilote, 'repartition', { du: VENDREDI }, sansLaCaf)
    assert.match(
      (await copilote.lire(`${adresse}/decider`)).texte,
      /Elle s’applique dès l’approbation, et ne pourra plus être défaite/,
    )
    await approuver(copilote, adresse)
    const { rows } = await essai.base.pool.query(
      "select payload from graphile_worker._private_jobs j join graphile_worker._private_tasks t on t.id = j.task_id where identifier = 'appliquer-regles'",
    )
    assert.deepEqual(
      rows.map(({ payload }) => payload),
      [{ dept: '71' }],
    )
    await appliquerRegles(application, '71')
    assert.equal((await lireAffectation(application, propose.id)).version, 'local/71/repartition/1')
    assert.equal((await lireAffectation(application, propose.id)).organisme, 'ADIL de Saône-et-Loire')
    for (const { id } of [dossier, prise])
      assert.equal((await lireAffectation(application, id)).organisme, 'CAF de Saône-et-Loire')
    assert.equal((await pilote.envoyer(`${adresse}/defaire`)).statut, 422)
  }))

test('[AUT-12] settings are a form: a value may be emptied, carried on, mistyped; what depends on them follows from the date', () =>
  avecEssai(async (essai) => {
    const dossier = await creerAssigne(essai.premier.le(VENDREDI), 'Lacombe', { montant_dette: '2300,00' })
    const pilote = await essai.ouvrir('pilote', VENDREDI)
    const copilote = await essai.ouvrir('copilote', VENDREDI)
    const adresse = await preparer(pilote, 'parametres')
    const page = await pilote.lire(`${adresse}/modifier`)
    assert.match(page.texte, /Plafond de mobilisation du FSL Jusqu’ici : 2 000,00 €, jusqu’au 25\/01\/2027/)
    const faute = await modifier(pilote, adresse, {
      ...CADRE,
      'valeur-plafond_fsl': 'beaucoup',
      'valeur-reponse_par_rang_delai': '10',
    })
    assert.equal(faute.statut, 422)
    assert.match(faute.texte, /Écrire un montant en euros/)
    assert.match(faute.texte, /Nommer le document qui fixe ces valeurs/)
    assert.match(faute.html, /name="valeur-plafond_fsl"[^>]*value="beaucoup"/)
    const saisie = {
      ...CADRE,
      du: EFFET,
      titre: 'Bilan 2026 de la charte',
      'valeur-plafond_fsl': '2 500,50',
      'valeur-reponse_par_rang_delai': '10',
      'valeur-age_avance': '',
      'reconduire-age_jeune': 'oui',
      'reference-plafond_fsl': 'p. 12',
    }
    assert.equal((await modifier(pilote, adresse, saisie)).vers, adresse)
    await pilote.envoyer(`${adresse}/simuler`)
    const lue = await pilote.lire(adresse)
    assert.match(lue.texte, /4 changements/)
    assert.match(
      lue.texte,
      /Plafond de mobilisation du FSL Valeur Avant 2 000,00 € Après 2 500,50 € Source Avant .* Après Bilan 2026 de la charte, p\. 12/,
    )
    assert.match(lue.texte, /Âge au-delà duquel un titulaire du bail est dit âgé Valeur Avant 70 ans Après à compléter/)
    assert.match(
      lue.texte,
      /Âge en dessous duquel un titulaire du bail est dit jeune Source Avant .* Dernier jour Avant 25 janvier 2027 Après sans fin/,
    )
    assert.match(
      lue.texte,
      /Dette supérieure au plafond de mobilisation du FSL Auto-saisine de la commission 1 → 0 −1 0 1/,
    )
    await pilote.envoyer(`${adresse}/soumettre`, { revision: relue(lue.html).revision })
    await approuver(copilote, adresse)

    const valeurs = (jour: string) =>
      enSysteme(essai.premier.le(jour), 'regle.consulter', async (session) => {
        const departement = session.referentiel.departements.get('71')
        if (!departement) throw new Error('no département')
        return (['plafond_fsl', 'age_avance', 'age_jeune', 'reponse_par_rang_delai'] as const).map(
          (cle) => parametre(departement, cle, session.jour).valeur,
        )
      })
    assert.deepEqual(await valeurs('2026-11-30'), [200_000, 70, 20, 7])
    assert.deepEqual(await valeurs(EFFET), [250_050, null, 20, 10])
    assert.deepEqual(await valeurs('2027-02-01'), [250_050, null, 20, 10])
    // The delay to answer is the one of the day the list is frozen, for the job as for the screens.
    await figerTableaux(essai.premier.le('2026-11-30'), '71', Temporal.PlainDate.from('2026-11-30'))
    await creerAssigne(essai.premier.le(EFFET), 'Vernache')
    await figerTableaux(essai.premier.le(EFFET), '71', Temporal.PlainDate.from(EFFET))
    const delais = await enSysteme(essai.premier.le(EFFET), 'liste.consulter', async (session) => {
      const listes = await listerListes(session, {})
      return listes
        .map(({ date_liste, repondre_avant }) => repondre_avant && date_liste.until(repondre_avant).days)
        .sort()
    })
    assert.deepEqual(delais, [10, 7])
    await preparerLeJour(essai.premier.le(EFFET), '71')
    const criteres = await enSysteme(
      essai.premier.le(EFFET),
      'dossier.consulter',
      async (session) => (await lireDossier(session, dossier.id)).criteres,
    )
    assert.ok(!criteres.includes('dette-au-dela-du-fsl'))
  }))

test('every known setting is carried on in one gesture, for the renewal of a charter', () =>
  avecEssai(async (essai) => {
    const pilote = await essai.ouvrir('pilote', VENDREDI)
    const adresse = await preparer(pilote, 'parametres')
    await modifier(pilote, adresse, {
      ...CADRE,
      du: '2027-01-26',
      titre: 'Charte de 2027',
      reconduire: 'oui',
      'valeur-plafond_fsl': '2600',
    })
    const champs = lireChamps((await pilote.lire(`${adresse}/modifier`)).html)
    assert.equal(champs['reconduire-age_jeune'], 'oui')
    assert.equal(champs['valeur-plafond_fsl'], '2 600,00'.replace(' ', '\u202f'))
    const page = await pilote.lire(adresse)
    assert.match(
      page.texte,
      /À la date d’effet, il y aura aucune règle de répartition, aucun critère : préparer aussi ces versions/,
    )
    assert.match(page.texte, /Source Avant .* Après Charte de 2027/)
  }))

test('[REP-26] the rule in force is read by every partner with its date, and the day it was sent is kept', () =>
  avecEssai(async (essai) => {
    const caf = await essai.ouvrir('caf', VENDREDI)
    const lue = await caf.lire('/regles/versions/lire?genre=repartition')
    assert.match(
      lue.texte,
      /Règle de répartition : version livrée du 25 janvier 2021 .* En vigueur Du 25 janvier 2021 au 25 janvier 2027/,
    )
    assert.match(lue.texte, /Quand : à la fois : stade le plus avancé de la procédure en cours : commandement de payer/)
    assert.doesNotMatch(lue.texte, /Noter l’envoi/)
    assert.match(
      (await caf.lire('/regles/versions/lire?genre=criteres')).texte,
      /Titulaire du bail très jeune l’un de ces cas/,
    )
    assert.match(
      (await caf.lire('/regles/versions/lire?genre=parametres')).texte,
      /Plafond de mobilisation du FSL 2 000,00 €/,
    )
    assert.equal((await caf.envoyer('/regles/versions/envoi', { v: 'x', le: VENDREDI, moyen: 'tous' })).statut, 403)
    const pilote = await essai.ouvrir('pilote', VENDREDI)
    const v = 'departements/71-saone-et-loire/charte-2020/repartition'
    assert.match(
      (await pilote.envoyer('/regles/versions/envoi', { v, le: '2026-11-21', moyen: 'Par courriel' })).texte,
      /La date d’envoi ne peut pas être à venir/,
    )
    assert.match(
      (await pilote.envoyer('/regles/versions/envoi', { v, le: '', moyen: 'Par courriel' })).texte,
      /Donner la date d’envoi/,
    )
    assert.equal(
      (
        await pilote.envoyer('/regles/versions/envoi', {
          v,
          le: '2026-11-18',
          moyen: 'Par courriel aux 14 partenaires',
        })
      ).statut,
      303,
    )
    assert.match(
      (await caf.lire('/regles/versions/lire?genre=repartition')).texte,
      /Envoyée le 18\/11\/2026 : Par courriel aux 14 partenaires/,
    )
    for (const cle of [
      '../../package',
      'departements/71-saone-et-loire/../../droit/seuils/x/repartition',
      `departements/modele-pdalhpd/fiches-actions-2018/repartition`,
      'local/99/repartition/1',
      'local/71/repartition/9',
    ])
      assert.equal((await pilote.lire(`/regles/versions/lire?${new URLSearchParams({ v: cle })}`)).statut, 404, cle)
  }))

test('a draft that cannot be used is given up, and taken back', () =>
  avecEssai(async (essai) => {
    const pilote = await essai.ouvrir('pilote', VENDREDI)
    const adresse = await preparer(pilote, 'criteres')
    await pilote.envoyer(`${adresse}/retirer`)
    assert.match((await pilote.lire('/regles/versions')).texte, /Version n° 1 préparée par Camille PILOTE abandonnée/)
    assert.equal((await pilote.lire(`${adresse}/modifier`)).vers, adresse)
    await pilote.envoyer(`${adresse}/reprendre`)
    assert.equal((await pilote.lire(`${adresse}/modifier`)).statut, 200)
  }))

test('the other département neither sees nor changes what is not its own; a draft is not in the reach of a service even by the database', () =>
  avecEssai(async (essai) => {
    const pilote = await essai.ouvrir('pilote', VENDREDI)
    const adresse = await soumettre(pilote, 'repartition', {}, sansLaCaf)
    const etranger = await essai.ouvrir('copilote', VENDREDI, { dept: 'modele' })
    assert.equal((await etranger.lire(adresse)).statut, 404)
    assert.equal((await etranger.lire(`${adresse}/decider`)).statut, 404)
    assert.equal(
      (await etranger.envoyer(`${adresse}/decider`, { revision: '2', empreinte: 'x', decision: 'approuver' })).statut,
      404,
    )
    assert.doesNotMatch((await etranger.lire('/regles/versions')).texte, /Version n° 1/)
    const compter = (session: { sql: EssaiSql }) =>
      session.sql<{ n: number }>`select count(*)::int as n from version_locale`
    type EssaiSql = Parameters<Parameters<typeof enSysteme>[2]>[0]['sql']
    const application = essai.premier.le(VENDREDI)
    assert.deepEqual(await enSysteme(application, 'regle.consulter', compter), [{ n: 1 }])
    assert.deepEqual(await enSysteme(application, 'regle.consulter', compter, 'modele'), [{ n: 0 }])
    assert.deepEqual(await enRole(application, 'service_social', 'regle.consulter', compter), [{ n: 0 }])
    await assert.rejects(
      enRole(
        application,
        'service_social',
        'regle.consulter',
        (session) => session.sql`insert into evenement_version (dept, version, type, regles, a)
        values ('71', 'local/71/repartition/1', 'approuver', true, ${session.maintenant})`,
      ),
      /row-level security/,
    )
    await approuver(await essai.ouvrir('copilote', VENDREDI), adresse)
    assert.deepEqual(await enRole(application, 'service_social', 'regle.consulter', compter), [{ n: 1 }])
  }))

test('the model département prepares its first criteria: both sides, its own pilots', () =>
  avecEssai(async (essai) => {
    const copilote = await essai.ouvrir('copilote', VENDREDI, { dept: 'modele' })
    const pilote = await essai.ouvrir('pilote', VENDREDI, { dept: 'modele' })
    const adresse = await soumettre(copilote, 'criteres', { du: EFFET }, (texte) =>
      texte
        .replace(/^remarque: .*\n/m, '')
        .replace(
          'groupes: []\n',
          [
            'groupes:',
            '  - id: auto_saisine',
            '    libelle: Auto-saisine',
            '    criteres:',
            '      - id: dette-forte',
            '        libelle: Dette de plus de 3 000 euros',
            '        si: dette.montant > 300000',
            '        reference: COREP 2026',
            '',
          ].join('\n'),
        )
        .replace('attendu: []', 'attendu: [{ critere: dette-forte, etat: retenu, reference: COREP 2026 }]'),
    )
    assert.match(
      (await pilote.lire(`${adresse}/decider`)).texte,
      /ajouté Critère, Auto-saisine Dette de plus de 3 000 euros Quand dette locative, à sa dernière date connue : plus de 3 000,00 €/,
    )
    assert.equal((await approuver(pilote, adresse)).statut, 303)
    const ids = await enSysteme(
      essai.premier.le(EFFET),
      'regle.consulter',
      async (session) => session.referentiel.departements.get(MODELE)?.criteres.map(({ id }) => id),
      'modele',
    )
    assert.equal(ids?.at(-1), `local/${MODELE}/criteres/1`)
  }))

test('a version that this release can no longer read stops the start, with its place', () =>
  avecEssai(async (essai) => {
    const adresse = await soumettre(await essai.ouvrir('pilote', VENDREDI), 'repartition', {}, sansLaCaf)
    await approuver(await essai.ouvrir('copilote', VENDREDI), adresse)
    await verifierReglesLocales(essai.premier.le(VENDREDI))
    await essai.base.pool.query("update version_locale set texte = replace(texte, 'connu.caf', 'connu.disparu')")
    await assert.rejects(
      verifierReglesLocales(essai.noeud().le(VENDREDI)),
      /local\/71\/repartition\/1:\d+:\d+\n {2}Mot inconnu « connu\.disparu »/,
    )
  }))
