import assert from 'node:assert/strict'
import { createHash, randomUUID } from 'node:crypto'
import { test } from 'node:test'
import { preparerCourriers, produireLotCourriers } from '#jobs'
import type { Database } from '#socle/db'
import { lirePositionsPdf, lireTextePdf } from '#tests/pdf'
import {
  applicationLe,
  avecBase,
  creerDossiers,
  type MenageEssai,
  menageAssigne,
  type Navigateur,
  naviguer,
  recevoir,
} from '../tableaux/fabrique-essai.ts'
import { routesCourriers } from './index.ts'

const JOUR = '2026-11-16'

/** A household ordered to pay, whose address is whole. */
const commande = (nom: string, contenu: Readonly<Record<string, unknown>> = {}): MenageEssai => ({
  nom,
  signaux: [
    {
      type: 'commandement_de_payer',
      le: '2026-11-05',
      acteLe: '2026-11-03',
      contenu: { code_postal: '71400', commune: 'Autun', civilite: 'Mme', ...contenu },
    },
  ],
})

async function avecSecretariat(
  base: Database,
  menages: readonly MenageEssai[],
  travail: (
    n: Navigateur,
    application: ReturnType<typeof applicationLe>,
    dossiers: { id: string; reference: string }[],
  ) => Promise<void>,
  compte = 'secretariat',
): Promise<void> {
  const application = applicationLe(base, JOUR)
  const dossiers = await creerDossiers(application, menages)
  await preparerCourriers(application, '71')
  const navigateur = await naviguer(application, compte, routesCourriers)
  try {
    await travail(navigateur, application, dossiers)
  } finally {
    await navigateur.fermer()
  }
}

const lienDe = (html: string, nom: string): string =>
  new RegExp(`href="(/courriers/[0-9a-f-]{36})">${nom}`).exec(html)?.[1] ?? ''
const versionDe = (html: string): string => /name="version" value="(\d+)"/.exec(html)?.[1] ?? ''

test('[COU-06] [COU-08] a letter is proposed once when a dossier enters a step, to the household, and never twice', () =>
  avecBase((base) =>
    avecSecretariat(
      base,
      [commande('Morel'), menageAssigne('Vernache', { code_postal: '71400' })],
      async (n, application) => {
        const accueil = await n.lire('/courriers')
        assert.match(accueil.texte, /Au ménage : un commandement de payer a été reçu Ménage, étape : Commandement 1/)
        assert.match(accueil.texte, /Au ménage : une audience au tribunal Ménage, étape : Assignation 1/)
        assert.equal(await preparerCourriers(application, '71'), 0, 'the next morning proposes nothing again')
        const liste = await n.lire('/courriers/modeles/menage-commandement')
        const lettre = await n.lire(lienDe(liste.html, 'Madame Camille MOREL'))
        assert.match(
          lettre.texte,
          /Madame, Le mardi 3 novembre 2026, un commissaire de justice vous a remis un commandement de payer/,
        )
        assert.match(lettre.texte, /03 85 39 30 70/, 'the contact of the département')
      },
    ),
  ))

test('[COU-04] a letter whose address nobody knows waits for a person, and is not produced', () =>
  avecBase((base) =>
    avecSecretariat(base, [commande('Morel', { bailleur_nom: 'SCI du Vallon' })], async (n) => {
      const liste = await n.lire('/courriers/modeles/bailleur-commandement')
      assert.match(liste.texte, /SCI du Vallon .* adresse à compléter/)
      assert.doesNotMatch(liste.texte, /Produire les courriers complets/)
      const force = await n.envoyer('/courriers/modeles/bailleur-commandement/produire', { envoi: randomUUID() })
      assert.equal(force.statut, 422)
      assert.match(force.texte, /compléter les adresses/)
      const adresse = lienDe(liste.html, 'SCI du Vallon')
      const page = await n.lire(adresse)
      const faux = await n.envoyer(`${adresse}/corriger`, {
        version: versionDe(page.html),
        nom: 'SCI du Vallon',
        adresse: '3 place du Marché',
      })
      assert.equal(faux.statut, 422)
      assert.match(faux.texte, /code postal suivi de la commune/)
      assert.match(faux.html, /3 place du Marché/, 'what was typed is kept')
      const juste = { nom: 'SCI du Vallon', adresse: '3 place du Marché\n71400 AUTUN' }
      const bon = await n.envoyer(`${adresse}/corriger`, { version: versionDe(page.html), ...juste })
      assert.equal(bon.statut, 303)
      const second = await n.envoyer(`${adresse}/corriger`, { version: versionDe(page.html), ...juste })
      assert.equal(second.statut, 409, 'somebody who read the page before sees that it changed')
    }),
  ))

test('[COU-06] a batch is produced, printed by postcode, sent, one letter comes back and leaves again', () =>
  avecBase((base) =>
    avecSecretariat(
      base,
      [commande('Morel'), commande('Arnoux', { code_postal: '71100' }), commande('Zelter')],
      async (n, application, dossiers) => {
        const liste = await n.lire('/courriers/modeles/menage-commandement')
        const ecarte = await n.lire(lienDe(liste.html, 'Madame Camille ZELTER'))
        const chemin = lienDe(liste.html, 'Madame Camille ZELTER')
        const ecarter = await n.envoyer(`${chemin}/ecarter`, {
          version: versionDe(ecarte.html),
          motif: 'Déjà rencontrée hier.',
        })
        assert.ok(ecarter.message?.defaire, 'leaving a letter out can be undone')
        const envoi = randomUUID()
        const lance = await n.envoyer('/courriers/modeles/menage-commandement/produire', { envoi })
        const encore = await n.envoyer('/courriers/modeles/menage-commandement/produire', { envoi })
        assert.equal(encore.vers, lance.vers, 'the same form sent twice produces one batch')
        const lot = lance.vers.split('/').at(-1) ?? ''
        assert.match((await n.lire(lance.vers)).texte, /Production en cours/)
        await produireLotCourriers(application, '71', lot)
        const pdf = await n.lire(`${lance.vers}/lot.pdf`)
        assert.equal(pdf.statut, 200)
        const texte = lireTextePdf(pdf.octets)
        assert.ok(texte.indexOf('ARNOUX') < texte.indexOf('MOREL'), '71100 before 71400')
        assert.doesNotMatch(texte, /ZELTER/)
        const un = await n.lire(
          `${lienDe((await n.lire('/courriers/modeles/menage-commandement?etat=produit')).html, 'Madame Camille MOREL')}/courrier.pdf`,
        )
        const { rows } = await base.pool.query(
          "select empreinte from courrier where nom like '%MOREL' and modele = 'menage-commandement'",
        )
        assert.equal(
          createHash('sha256').update(un.octets).digest('hex'),
          rows[0]?.empreinte,
          'the exact bytes are kept',
        )

        const parti = await n.envoyer(`${lance.vers}/envoyer`, { le: JOUR, canal: 'courrier' })
        assert.equal(parti.message?.texte, '2 courriers notés envoyés.')
        assert.match(
          (await n.envoyer(`${lance.vers}/envoyer`, { le: JOUR, canal: 'courrier' })).message?.texte ?? '',
          /déjà noté/,
        )
        const dit = await n.lire(lance.vers)
        assert.match(dit.texte, /Envoyé le 16\/11\/2026 ?, par courrier : 2 courriers\. Ce lot n’est pas parti/)
        assert.doesNotMatch(dit.texte, /Dire que le lot est parti/)
        assert.match((await n.lire('/courriers')).texte, /Derniers lots.*Envoyé le 16\/11\/2026/)
        const envoyes = await n.lire('/courriers/modeles/menage-commandement?etat=envoye')
        const morel = lienDe(envoyes.html, 'Madame Camille MOREL')
        await n.envoyer(`${morel}/retour`, { version: versionDe((await n.lire(morel)).html), le: JOUR })
        const renvoi = await n.envoyer(`${morel}/renvoyer`, {})
        assert.equal((await n.envoyer(`${morel}/renvoyer`, {})).vers, renvoi.vers, 'sent again once')
        assert.match((await n.lire(renvoi.vers)).texte, /Adresse à compléter/)
        const reference = dossiers[0]?.reference ?? ''
        const dossier = await n.lire(`/dossiers/${reference}/courriers`)
        assert.match(dossier.texte, /Revenu revenu le 16\/11\/2026/)
        const faits = await base.pool.query('select type from fait where dossier = $1 order by rang', [dossiers[0]?.id])
        assert.deepEqual(
          faits.rows.map(({ type }) => type).filter((type: string) => type.startsWith('courrier')),
          ['courrier.envoye', 'courrier.revenu'],
        )
      },
    ),
  ))

test('[COU-06] the address stands in the window of the envelope', () =>
  avecBase((base) =>
    avecSecretariat(base, [commande('Morel')], async (n) => {
      const liste = await n.lire('/courriers/modeles/menage-commandement')
      const pdf = await n.lire(`${lienDe(liste.html, 'Madame Camille MOREL')}/apercu.pdf`)
      const lignes = lirePositionsPdf(pdf.octets).filter(({ texte }) =>
        /^(Madame Camille|12 rue des Forges|71400 )/.test(texte),
      )
      assert.equal(lignes.length, 3)
      for (const { x, y, texte } of lignes) {
        assert.ok(x >= 108 && x <= 115, `${texte}: ${x} mm from the left`)
        assert.ok(y >= 46 && y <= 84, `${texte}: ${y} mm from the top`)
      }
    }),
  ))

test('[COU-06] a household that moved on before production receives nothing, and the batch says so', () =>
  avecBase((base) =>
    avecSecretariat(base, [commande('Morel'), commande('Arnoux')], async (n, application, [morel]) => {
      const lance = await n.envoyer('/courriers/modeles/menage-commandement/produire', { envoi: randomUUID() })
      assert.ok(morel)
      await recevoir(application, morel, menageAssigne('Morel'))
      await produireLotCourriers(application, '71', lance.vers.split('/').at(-1) ?? '')
      const lot = await n.lire(lance.vers)
      assert.match(lot.texte, /Courriers 1 Écartés en route 1/)
    }),
  ))

test('[COU-06] a secretariat reads and prints its own letters, not those of another territory', () =>
  avecBase((base) =>
    avecSecretariat(
      base,
      [commande('Morel'), { ...commande('Vernache'), territoire: 'macon', commune: 'Mâcon', codeInsee: '71270' }],
      async (n) => {
        const liste = await n.lire('/courriers/modeles/menage-commandement')
        assert.match(liste.texte, /MOREL/)
        assert.doesNotMatch(liste.texte, /VERNACHE/)
        const lance = await n.envoyer('/courriers/modeles/menage-commandement/produire', { envoi: randomUUID() })
        assert.equal(lance.statut, 303)
        const { rows } = await base.pool.query(
          "select nom, etat from courrier where modele = 'menage-commandement' order by nom",
        )
        assert.deepEqual(
          rows.map(({ etat }) => etat),
          ['a_produire', 'propose'],
        )
      },
    ),
  ))

test('[COU-06] what is printed is made of what is kept: a dossier corrected in between changes neither', () =>
  avecBase((base) =>
    avecSecretariat(base, [commande('Morel')], async (n, application, [morel]) => {
      const lance = await n.envoyer('/courriers/modeles/menage-commandement/produire', { envoi: randomUUID() })
      const lot = lance.vers.split('/').at(-1) ?? ''
      await produireLotCourriers(application, '71', lot)
      // The job is run again after the dossier changed, as a stop in between would have it.
      assert.ok(morel)
      await recevoir(application, morel, commande('Morel', { adresse: '99 rue Neuve' }))
      await base.pool.query("update lot_courrier set etat = 'en_cours', pdf = null")
      await produireLotCourriers(application, '71', lot)
      const imprime = lireTextePdf((await n.lire(`${lance.vers}/lot.pdf`)).octets)
      assert.match(imprime, /12 rue des Forges/)
      assert.doesNotMatch(imprime, /99 rue Neuve/)
    }),
  ))

test('[COU-06] a date of the act corrected later brings no second letter; a dossier that moves on takes its proposal away', () =>
  avecBase((base) =>
    avecSecretariat(base, [commande('Morel')], async (n, application, [morel]) => {
      assert.ok(morel)
      const avancee = commande('Morel')
      await recevoir(application, morel, {
        ...avancee,
        signaux: avancee.signaux.map((signal) => ({ ...signal, acteLe: '2026-11-02' })),
      })
      await preparerCourriers(application, '71')
      const liste = await n.lire('/courriers/modeles/menage-commandement')
      assert.equal(liste.html.match(/href="\/courriers\/[0-9a-f-]{36}"/g)?.length, 1)
      assert.match(liste.texte, /02\/11\/2026/, 'the proposal follows the corrected date')
      await recevoir(application, morel, menageAssigne('Morel'))
      await preparerCourriers(application, '71')
      const ecartes = await n.lire('/courriers/modeles/menage-commandement?etat=ecarte')
      assert.match(ecartes.texte, /MOREL .*Le dossier a changé d’étape/)
    }),
  ))

test('[COU-06] a letter left out after production leaves the printed document too; saying that a batch left can be taken back', () =>
  avecBase((base) =>
    avecSecretariat(base, [commande('Morel'), commande('Arnoux')], async (n, application) => {
      const lance = await n.envoyer('/courriers/modeles/menage-commandement/produire', { envoi: randomUUID() })
      const lot = lance.vers.split('/').at(-1) ?? ''
      await produireLotCourriers(application, '71', lot)
      const prets = await n.lire('/courriers/modeles/menage-commandement?etat=produit')
      const arnoux = lienDe(prets.html, 'Madame Camille ARNOUX')
      await n.envoyer(`${arnoux}/ecarter`, {
        version: versionDe((await n.lire(arnoux)).html),
        motif: 'Déjà rencontrée.',
      })
      assert.equal(
        (await n.envoyer(`${lance.vers}/envoyer`, { le: JOUR, canal: 'courrier' })).statut,
        422,
        'not ready again yet',
      )
      await produireLotCourriers(application, '71', lot)
      const imprime = lireTextePdf((await n.lire(`${lance.vers}/lot.pdf`)).octets)
      assert.match(imprime, /MOREL/)
      assert.doesNotMatch(imprime, /ARNOUX/)
      const parti = await n.envoyer(`${lance.vers}/envoyer`, { le: JOUR, canal: 'courrier' })
      assert.equal(parti.message?.texte, '1 courrier noté envoyé.')
      const repris = await n.envoyer(`${lance.vers}/defaire`, {})
      assert.equal(repris.message?.texte, '1 courrier remis à envoyer.')
      assert.match((await n.lire(lance.vers)).texte, /Dire que le lot est parti/)
      assert.match((await n.lire('/courriers')).texte, /Derniers lots.*Prêt à envoyer/)
      assert.match((await n.lire('/courriers/modeles/menage-commandement?etat=produit')).texte, /MOREL/)
    }),
  ))

test('[ACC-01] a secretariat acts on its own letters only', () =>
  avecBase((base) =>
    avecSecretariat(
      base,
      [{ ...commande('Vernache'), territoire: 'macon', commune: 'Mâcon', codeInsee: '71270' }],
      async (n) => {
        const { rows } = await base.pool.query("select id from courrier where modele = 'menage-commandement'")
        const page = await n.lire(`/courriers/${rows[0].id}`)
        assert.equal(page.statut, 200)
        assert.doesNotMatch(page.texte, /Écarter ce courrier/)
        const force = await n.envoyer(`/courriers/${rows[0].id}/ecarter`, { version: '1', motif: 'Essai.' })
        assert.equal(force.statut, 409)
        assert.equal(
          (await base.pool.query('select count(*)::int as n from courrier where etat <> $1', ['propose'])).rows[0].n,
          0,
        )
      },
    ),
  ))

test('[ACC-01] letters do not exist for those who do not send them, even when they read every dossier', () =>
  avecBase(async (base) => {
    await avecSecretariat(base, [commande('Morel')], async () => {})
    const { rows } = await base.pool.query('select id from courrier limit 1')
    for (const compte of ['prefecture', 'pilote', 'caf']) {
      const n = await naviguer(applicationLe(base, JOUR), compte, routesCourriers)
      try {
        for (const chemin of ['/courriers', `/courriers/${rows[0].id}`, `/courriers/${rows[0].id}/apercu.pdf`]) {
          const lu = await n.lire(chemin)
          // The CAF sends letters of its own: of this one, it learns nothing.
          assert.equal(lu.statut, compte !== 'caf' ? 403 : chemin === '/courriers' ? 200 : 404, `${compte} ${chemin}`)
          assert.doesNotMatch(lu.texte, /MOREL/)
        }
      } finally {
        await n.fermer()
      }
    }
  }))
