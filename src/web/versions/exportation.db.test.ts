import assert from 'node:assert/strict'
import { execFile } from 'node:child_process'
import { cp, mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import test from 'node:test'
import { promisify } from 'node:util'
import {
  CLES_PARAMETRES,
  chargerReferentiel,
  ecrireProbleme,
  evaluerCriteres,
  evaluerRepartition,
  parametre,
  type Referentiel,
  verifierExemples,
} from '#referentiel'
import { projectRoot } from '#socle/config'
import {
  approuver,
  CADRE,
  type EssaiVersions,
  enSysteme,
  modifier,
  ouvrirEssaiVersions,
  preparer,
  relue,
  sansLaCaf,
  soumettre,
} from './fabrique-essai.ts'

const VENDREDI = '2026-11-20'
const amont = promisify(execFile)

async function avecDossier(travail: (dossier: string) => Promise<void>): Promise<void> {
  const dossier = await mkdtemp(join(tmpdir(), 'amont-export-'))
  try {
    await travail(dossier)
  } finally {
    await rm(dossier, { recursive: true, force: true })
  }
}

async function soumettreReglages(essai: EssaiVersions, champs: Readonly<Record<string, string>>): Promise<string> {
  const pilote = await essai.ouvrir('pilote', VENDREDI)
  const adresse = await preparer(pilote, 'parametres')
  await modifier(pilote, adresse, { ...CADRE, titre: 'Bilan 2026', ...champs })
  await pilote.envoyer(`${adresse}/simuler`)
  await pilote.envoyer(`${adresse}/soumettre`, { revision: relue((await pilote.lire(adresse)).html).revision })
  return adresse
}

/** What the rules of a département answer on a day, whatever the names of their versions. */
function repondre(referentiel: Referentiel, jour: Temporal.PlainDate) {
  const departement = referentiel.departements.get('71')
  if (!departement) throw new Error('no département 71')
  const faits = {
    'procedure.stade': 'assignation',
    'connu.departement': false,
    'connu.ccas': false,
    'connu.caf': true,
    'dette.montant': 230_000,
    'menage.age_titulaire': 22,
  } as const
  const { rang, resultat } = evaluerRepartition(departement, faits, jour)
  return {
    service: rang?.service ?? resultat,
    criteres: evaluerCriteres(departement, faits, jour).constats.map(({ critere, etat }) => `${critere} ${etat}`),
    reglages: CLES_PARAMETRES.map((cle) => parametre(departement, cle, jour).valeur),
  }
}

test('approved versions are exported as files: put among the data, they give the same answers on every day, and start', async () => {
  const essai = await ouvrirEssaiVersions()
  try {
    const copilote = await essai.ouvrir('copilote', VENDREDI)
    const pilote = await essai.ouvrir('pilote', VENDREDI)
    const adresses = [
      await soumettre(pilote, 'repartition', { du: '2026-12-01', jusqu_au: '' }, sansLaCaf),
      await soumettre(pilote, 'criteres', { du: '2026-12-15' }, (texte) =>
        texte
          .replace(
            'si: menage.age_titulaire < parametre.age_jeune || menage.cotitulaire && menage.age_cotitulaire < parametre.age_jeune',
            'si: menage.age_titulaire < 26',
          )
          .replace('cas: Titulaire de 20 ans, seul titulaire', 'cas: Titulaire de 26 ans')
          .replace(
            '{ menage.age_titulaire: 20, menage.cotitulaire: false }',
            '{ menage.age_titulaire: 26, menage.cotitulaire: false }',
          ),
      ),
      await soumettreReglages(essai, {
        du: '2027-01-01',
        'valeur-plafond_fsl': '2500',
        'valeur-rapprochement_confirmation': 'oui',
      }),
      await soumettreReglages(essai, {
        du: '2027-03-01',
        'valeur-plafond_fsl': '2600',
        'valeur-age_jeune': '',
        jusqu_au: '2027-06-30',
      }),
    ]
    for (const adresse of adresses) assert.equal((await approuver(copilote, adresse)).statut, 303)
    await avecDossier(async (dossier) => {
      const donnees = join(dossier, 'donnees')
      await cp(join(projectRoot, 'donnees'), donnees, { recursive: true })
      // In their order of effect, as one would file them.
      for (const adresse of adresses) {
        const page = await pilote.lire(adresse)
        const chemins = [...page.html.matchAll(/<code>donnees\/([^<]+)<\/code>/g)].map(([, chemin = '']) => chemin)
        assert.ok(chemins.length > 0)
        for (const [n, chemin] of chemins.entries()) {
          const fichier = await pilote.lire(`${adresse}/fichier?n=${n}`)
          await mkdir(dirname(join(donnees, chemin)), { recursive: true })
          await writeFile(join(donnees, chemin), fichier.octets)
        }
      }
      const range = chargerReferentiel(donnees)
      assert.deepEqual(verifierExemples(donnees).problemes.map(ecrireProbleme), [])
      const compose = await enSysteme(
        essai.premier.le(VENDREDI),
        'regle.consulter',
        async (session) => session.referentiel,
      )
      const avant = chargerReferentiel(join(projectRoot, 'donnees'))
      for (const texte of [
        '2021-02-01',
        VENDREDI,
        '2026-12-01',
        '2026-12-15',
        '2027-01-01',
        '2027-01-26',
        '2027-03-01',
        '2027-07-01',
      ]) {
        const jour = Temporal.PlainDate.from(texte)
        assert.deepEqual(repondre(range, jour), repondre(compose, jour), texte)
        if (texte >= '2026-12-01') assert.notDeepEqual(repondre(range, jour), repondre(avant, jour), texte)
      }
    })
  } finally {
    await essai.fermer()
  }
})

test('the command line lists the versions and writes their files', async () => {
  const essai = await ouvrirEssaiVersions()
  try {
    const adresse = await soumettre(
      await essai.ouvrir('pilote', VENDREDI),
      'repartition',
      { du: '2026-12-01', jusqu_au: '' },
      sansLaCaf,
    )
    await approuver(await essai.ouvrir('copilote', VENDREDI), adresse)
    const { host, port, user, password, database } = essai.base.settings
    const url = new URL(`postgres://essai/${database}`)
    url.username = user ?? ''
    url.password = password ?? ''
    url.port = String(port ?? '')
    url.searchParams.set('host', host ?? '')
    const lancer = (...args: string[]) =>
      amont(process.execPath, [join(projectRoot, 'dist/src/amont.js'), 'referentiel', ...args], {
        env: { ...process.env, NODE_ENV: 'test', DATABASE_URL: url.href, AMONT_HORLOGE: '2026-11-20T08:00:00Z' },
      })
    const liste = JSON.parse((await lancer('versions', '--format', 'json')).stdout) as {
      version: string
      etat: string
    }[]
    assert.deepEqual(
      liste.map(({ version, etat }) => [version, etat]),
      [['local/71/repartition/1', 'a_venir']],
    )
    await avecDossier(async (dossier) => {
      const { stdout } = await lancer('exporter-version', 'local/71/repartition/1', '--vers', dossier)
      assert.deepEqual(
        stdout
          .trim()
          .split('\n')
          .map((ligne) => ligne.slice(dossier.length + 1)),
        [
          'departements/71-saone-et-loire/charte-2020/repartition-2026-12-01.yaml',
          'departements/71-saone-et-loire/charte-2020/repartition.yaml',
        ],
      )
    })
    await assert.rejects(
      lancer('exporter-version', 'local/71/repartition/9'),
      (erreur: { code?: number; stderr?: string }) => {
        assert.equal(erreur.code, 1)
        assert.match(erreur.stderr ?? '', /La version « local\/71\/repartition\/9 » n’existe pas dans ce département/)
        return true
      },
    )
  } finally {
    await essai.fermer()
  }
})
