import assert from 'node:assert/strict'
import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import test from 'node:test'
import { listerAffectations } from '#repartition'
import { projectRoot } from '#socle/config'
import {
  applicationLe,
  avecBase,
  creerDossiers,
  enSysteme,
  menageAssigne,
  menageInconnu,
  type Navigateur,
  naviguer,
} from '../tableaux/fabrique-essai.ts'
import { routesRegles } from './index.ts'

const LUNDI = '2026-11-16'
const REGLES = join(projectRoot, 'donnees/departements/71-saone-et-loire/charte-2020/repartition.yaml')

async function avecNavigateur(
  application: ReturnType<typeof applicationLe>,
  nom: string,
  travail: (navigateur: Navigateur) => Promise<void>,
): Promise<void> {
  const navigateur = await naviguer(application, nom, routesRegles)
  try {
    await travail(navigateur)
  } finally {
    await navigateur.fermer()
  }
}

test('[REP-26] every partner reads the rules in force in French, each with its source, and what is still to be given', () =>
  avecBase(async (base) => {
    for (const nom of ['caf', 'prefecture', 'secretariat']) {
      await avecNavigateur(applicationLe(base, LUNDI), nom, async (navigateur) => {
        const { statut, texte } = await navigateur.lire('/regles')
        assert.equal(statut, 200, nom)
        assert.match(texte, /Du 25 janvier 2021 au 25 janvier 2027/)
        assert.match(texte, /Assignation, tout ménage/)
        assert.match(
          texte,
          /Service social de la CAF le connaît déjà Le ménage est déjà accompagné par le service social de la CAF/,
        )
        assert.match(texte, /§ 3\.2, engagement 28 de la CAF/)
        assert.match(texte, /Sans condition : personne n’est oublié/)
        assert.match(texte, /à vérifier par un juriste/)
        assert.match(texte, /Dette à partir de laquelle elle est dite élevée à compléter/)
        assert.match(texte, /Plafond de mobilisation du FSL 2 000,00 € à vérifier/)
        assert.match(
          texte,
          /dette locative, à sa dernière date connue : plus de 2 000,00 € \(plafond de mobilisation du FSL\)/,
        )
        assert.match(texte, /Mois du courrier annuel de la CAF aux bailleurs juillet/)
      })
    }
  }))

test('[REP-01] a document about to end is announced; past its term the page says that nobody can be named', () =>
  avecBase(async (base) => {
    const lire = async (jour: string) => {
      let texte = ''
      await avecNavigateur(applicationLe(base, jour), 'pilote', async (navigateur) => {
        texte = (await navigateur.lire('/regles')).texte
      })
      return texte
    }
    assert.match(await lire(LUNDI), /Ce document prend fin le 25 janvier 2027\. Aucune version suivante n’est écrite/)
    assert.match(await lire('2027-02-01'), /Aucune règle en vigueur/)
  }))

test('[REP-01] the rules in force are downloaded as the département keeps them: the start of a simulation', () =>
  avecBase(async (base) => {
    await avecNavigateur(applicationLe(base, LUNDI), 'pilote', async (navigateur) => {
      const fichier = await navigateur.lire('/regles/repartition.yaml')
      assert.deepEqual(fichier.octets, await readFile(REGLES))
      const page = await navigateur.lire('/regles/simuler')
      assert.match(page.html, /<textarea[^>]*>\s*schema: 1/)
    })
  }))

test('[REP-01] [AUT-12] a change is simulated before it is made: how many, from whom to whom, per service and month, and nothing is written', () =>
  avecBase(async (base) => {
    const application = applicationLe(base, LUNDI)
    const dossiers = await creerDossiers(application, [
      menageAssigne('Lacombe'),
      menageAssigne('Vernache'),
      menageInconnu('Quillet'),
    ])
    const texte = (await readFile(REGLES, 'utf8')).replace(
      /(id: assignation-connu-de-la-caf[\s\S]*?service: )caf/,
      (_tout, debut: string) => `${debut}adil`,
    )
    await avecNavigateur(application, 'pilote', async (navigateur) => {
      const resultat = await navigateur.envoyer('/regles/simuler', { regles: texte.replaceAll('\n', '\r\n') })
      assert.equal(resultat.statut, 200)
      assert.match(resultat.texte, /Simulation : 2 ménages changent de service/)
      assert.match(resultat.texte, /CAF de Saône-et-Loire ADIL de Saône-et-Loire 2/)
      assert.match(resultat.texte, /CAF de Saône-et-Loire : 2 avant, 0 après \(−2\) .*novembre 2026 2 0 −2/)
      assert.match(resultat.texte, /ADIL de Saône-et-Loire : 0 avant, 2 après \(\+2\) .*novembre 2026 0 2 \+2/)
      assert.match(resultat.texte, /Service social départemental : 1 avant, 1 après \(inchangé\)/)
      assert.match(resultat.html, /<svg[^>]*role="img"[^>]*aria-label="ADIL de Saône-et-Loire\u00a0: 0 avant, 2 après"/)
      for (const { reference } of dossiers.slice(0, 2))
        assert.ok(resultat.html.includes(`href="/dossiers/${reference}"`))
      assert.ok(!resultat.html.includes(`href="/dossiers/${dossiers[2]?.reference}"`))
      const memes = await navigateur.envoyer('/regles/simuler', { regles: await readFile(REGLES, 'utf8') })
      assert.match(memes.texte, /aucun des 3 ménages ne change de service/)
      const parFichier = await navigateur.deposer('/regles/simuler', 'regles.yaml', Buffer.from(texte))
      assert.match(parFichier.texte, /Simulation : 2 ménages changent de service/)
    })
    const [affectation, ...autres] = await enSysteme(application, 'dossier.consulter', (session) =>
      listerAffectations(session, dossiers[0]?.id ?? ''),
    )
    assert.deepEqual(
      [affectation?.organisme_nom, affectation?.etat, autres.length],
      ['CAF de Saône-et-Loire', 'proposee', 0],
    )
  }))

test('rules that cannot be read are shown with the line and the column of each problem, and the text is kept', () =>
  avecBase(async (base) => {
    const faux = (await readFile(REGLES, 'utf8'))
      .replace('si: connu.caf\n', 'si: connu.cafe\n')
      .replace('service: adil\n', 'service: adill\n')
    const ligne = faux.split('\n').findIndex((texte) => texte.includes('connu.cafe')) + 1
    await avecNavigateur(applicationLe(base, LUNDI), 'pilote', async (navigateur) => {
      const page = await navigateur.envoyer('/regles/simuler', { regles: faux })
      assert.equal(page.statut, 422)
      assert.match(page.texte, /Ces règles ne peuvent pas être lues : 2 problèmes/)
      assert.match(
        page.texte,
        new RegExp(`Ligne ${ligne}, colonne 13 : Mot inconnu « connu\\.cafe »\\. Vouliez-vous écrire « connu\\.caf »`),
      )
      assert.match(page.texte, /Valeur inconnue « adill »/)
      assert.match(page.html, new RegExp(`&gt; +${ligne} \\|         si: connu\\.cafe\\n *\\^`))
      assert.match(page.html, /<textarea[^>]*aria-invalid="true"[^>]*>[\s\S]*connu\.cafe/)
      const vide = await navigateur.envoyer('/regles/simuler', { regles: '   ' })
      assert.equal(vide.statut, 422)
      assert.match(vide.texte, /Écrire les règles à simuler, ou choisir un fichier/)
      const hostile = await navigateur.envoyer('/regles/simuler', { regles: 'schema: <script>alert(1)</script>' })
      assert.equal(hostile.statut, 422)
      assert.doesNotMatch(hostile.html, /<script>alert/)
    })
  }))

test('simulating belongs to the secretariat and the pilots', () =>
  avecBase(async (base) => {
    for (const [nom, statut] of [
      ['pilote', 200],
      ['secretariat', 200],
      ['caf', 403],
      ['prefecture', 403],
    ] as const) {
      await avecNavigateur(applicationLe(base, LUNDI), nom, async (navigateur) => {
        assert.equal((await navigateur.lire('/regles/simuler')).statut, statut, nom)
        assert.equal(/Simuler un changement/.test((await navigateur.lire('/regles')).texte), statut === 200, nom)
      })
    }
  }))
