import assert from 'node:assert/strict'
import { after, before, test } from 'node:test'
import { acteurSysteme, ouvrirSession, type Session } from '#acces'
import { type Essai, ecrireCsv, lireTexte, ouvrirEssai } from './fabrique-essai.ts'

const DEPT = '71'
const systeme = acteurSysteme(DEPT, 'essai')
let ouvert: Essai | undefined
before(async () => {
  ouvert = await ouvrirEssai()
})
after(() => ouvert?.fermer())
function essai(): Essai {
  if (!ouvert) throw new Error('not open')
  return ouvert
}
const enBase = <T>(travail: (session: Session) => Promise<T>): Promise<T> =>
  ouvrirSession(essai().application, systeme, 'doute.trancher', travail)

let rang = 0
function ligne(commune: string, de: Readonly<Record<string, string>> = {}): Record<string, string> {
  rang += 1
  return {
    type: 'impaye_caf',
    reference_source: `COM-${rang}`,
    date_signalement: '13/11/2026',
    nom_usage: `Ménage${String.fromCharCode(65 + rang)}lin`,
    prenom: 'Claude',
    date_naissance: `${String(1 + (rang % 27)).padStart(2, '0')}/03/19${50 + rang}`,
    adresse: `${rang} rue du Puits`,
    code_postal: '',
    commune,
    montant_dette: '1250,50',
    ...de,
  }
}

interface Place {
  readonly territoire: string | null
  readonly commune: string
  readonly code_insee: string | null
  readonly organisme_nom: string | null
}
/** Where the dossier of a line is, and who was asked. */
async function placeDe(une: Record<string, string>): Promise<Place | undefined> {
  const [lu] = await enBase(
    (
      session,
    ) => session.sql<Place>`select d.territoire, d.commune, d.code_insee, o.nom as organisme_nom from signalement s
      join rattachement r on r.dept = ${DEPT} and r.signalement = s.id and r.defait_a is null
      join dossier d on d.dept = ${DEPT} and d.id = r.dossier left join organisme o on o.dept = ${DEPT} and o.id = d.organisme
      where s.dept = ${DEPT} and s.reference_source = ${une.reference_source ?? ''}`,
  )
  return lu
}
const verdictDe = async (lot: string): Promise<string[]> =>
  (
    await enBase(
      (session) =>
        session.sql<{
          verdict: string
        }>`select verdict from ligne_lot where dept = ${DEPT} and lot = ${lot} order by ligne`,
    )
  ).map(({ verdict }) => verdict)

test('[TER-04] an unknown commune is placed once by a person: its dossiers get a territory, the next files need nobody', async () => {
  const page = await essai().seConnecter('secretariat')
  const [une, deux, autre] = [ligne('LE CREUZOT'), ligne('le creuzot'), ligne('Autun')]
  const lot = await page.recevoir('CAF71', ecrireCsv('communes.csv', [une, deux, autre]))
  assert.deepEqual(await verdictDe(lot), ['avertissement', 'avertissement', 'acceptee'], 'never a rejection')
  assert.deepEqual((await placeDe(une))?.territoire, null)
  const depot = await page.get(`/recevoir/${lot}`)
  assert.match(
    lireTexte(depot),
    /1 commune inconnue des listes du département\. 2 signaux sont gardés, territoire à déterminer/,
  )
  assert.match(depot.texte, /href="\/recevoir\/communes"/)
  const liste = await page.get('/recevoir/communes')
  assert.match(lireTexte(liste), /1 commune à situer/)
  assert.match(
    lireTexte(liste),
    /LE CREUZOT sans code postal, aussi écrite le creuzot C’est Le Creusot \(Autun\) Autre choix 2 2 20\/11\/2026/,
  )
  const choix = await page.get('/recevoir/communes/situer?nom=LE+CREUZOT')
  assert.match(lireTexte(choix), /Le Creusot \(Autun\) Une autre commune, à choisir dessous/)
  assert.match(lireTexte(choix), /Dossiers concernés/)
  const faite = await page.poster('/recevoir/communes', {
    nom: 'LE CREUZOT',
    code_postal: '',
    lieu: 'commune:Le Creusot',
  })
  assert.deepEqual([faite.statut, faite.vers], [303, '/recevoir/communes'])
  for (const placee of [une, deux]) {
    const place = await placeDe(placee)
    assert.deepEqual([place?.territoire, place?.commune, place?.code_insee], ['autun', 'Le Creusot', '71153'])
    assert.ok(place?.organisme_nom, 'a service was decided again')
  }
  const apres = lireTexte(await page.get('/recevoir/communes'))
  assert.match(
    apres,
    /LE CREUZOT est située : Le Creusot\. 2 dossiers revus ; retenu pour les prochains fichiers\. Défaire/,
  )
  assert.match(apres, /Toutes les communes sont situées/)
  assert.match(apres, /Déjà situées .*LE CREUZOT Le Creusot 2 Camille SECRETARIAT/)
  const suivante = ligne('Le Creuzot')
  assert.deepEqual(await verdictDe(await page.recevoir('CAF71', ecrireCsv('suite.csv', [suivante]))), ['acceptee'])
  assert.equal((await placeDe(suivante))?.territoire, 'autun')
})

test('[TER-04] what a person said of a commune is taken back: its dossiers have again the place the lists give', async () => {
  const page = await essai().seConnecter('secretariat')
  const une = ligne('MACONN')
  await page.recevoir('CAF71', ecrireCsv('macon.csv', [une]))
  await page.poster('/recevoir/communes', { nom: 'MACONN', code_postal: '', lieu: 'territoire', territoire: 'macon' })
  assert.equal((await placeDe(une))?.territoire, 'macon')
  const situees = await page.get('/recevoir/communes')
  assert.match(lireTexte(situees), /MACONN Territoire : Mâcon 1 Camille SECRETARIAT/)
  const defaire = [...situees.texte.matchAll(/action="(\/recevoir\/communes\/[0-9a-f-]{36}\/defaire)"/g)].map(
    ([, adresse]) => adresse ?? '',
  )
  await page.poster(defaire[0] ?? '')
  assert.equal((await placeDe(une))?.territoire, null)
  assert.match(lireTexte(await page.get('/recevoir/communes')), /1 commune à situer/)
  assert.equal((await page.poster(defaire[0] ?? '')).statut, 404, 'already undone')
  const [gardees] = await enBase(
    (session) =>
      session.sql<{
        n: number
      }>`select count(*)::int as n from alias_commune where dept = ${DEPT} and nom = 'MACONN' and defait_a is not null and defait_par is not null`,
  )
  assert.equal(gardees?.n, 1, 'ended, not erased')
  await page.poster('/recevoir/communes', { nom: 'MACONN', code_postal: '', lieu: 'hors' })
  assert.equal((await placeDe(une))?.territoire, null)
  assert.doesNotMatch(lireTexte(await page.get('/recevoir/communes')), /à situer MACONN/)
})

test('[TER-04] a true commune that no list places is offered territories, not a look-alike; two postal codes are two questions', async () => {
  const page = await essai().seConnecter('secretariat')
  const [vraie, ici, la] = [
    ligne('Frontenaud', { code_postal: '71580' }),
    ligne('Les Bruyeres', { code_postal: '71160' }),
    ligne('Les Bruyères', { code_postal: '71370' }),
  ]
  await page.recevoir('CAF71', ecrireCsv('vraie.csv', [vraie, ici, la]))
  const texte = lireTexte(await page.get('/recevoir/communes'))
  assert.match(texte, /Frontenaud 71580 Territoire : Louhans .*? 1 1 20\/11\/2026/)
  assert.doesNotMatch(texte, /Frontenard/, 'a near name is another commune')
  await page.poster('/recevoir/communes', {
    nom: 'Les Bruyeres',
    code_postal: '71160',
    lieu: 'territoire',
    territoire: 'charolles',
  })
  assert.equal((await placeDe(ici))?.territoire, 'charolles')
  assert.equal((await placeDe(la))?.territoire, null, 'the other one is elsewhere')
})

test('[TER-04] a wrong answer keeps what was typed; only the secrétariat places a commune', async () => {
  const page = await essai().seConnecter('secretariat')
  await page.recevoir('CAF71', ecrireCsv('vide.csv', [ligne('Trifouilly')]))
  for (const champs of [
    {},
    { lieu: 'commune' },
    { lieu: 'territoire', territoire: 'nulle-part' },
    { lieu: 'commune:Frontenaud' },
  ]) {
    const refusee = await page.poster('/recevoir/communes', { nom: 'Trifouilly', code_postal: '', ...champs })
    assert.equal(refusee.statut, 422, JSON.stringify(champs))
    assert.match(lireTexte(refusee), /Le formulaire n’a pas été enregistré/)
  }
  assert.match(lireTexte(await page.get('/recevoir/communes/situer?nom=Inconnue')), /^.*$/s)
  assert.equal((await page.get('/recevoir/communes/situer?nom=Inconnue')).vers, '/recevoir/communes')
  for (const compte of ['prefecture', 'opac', 'social'] as const) {
    const autre = await essai().seConnecter(compte)
    assert.equal((await autre.get('/recevoir/communes')).statut, 403, compte)
    assert.equal((await autre.poster('/recevoir/communes', { nom: 'Trifouilly', lieu: 'hors' })).statut, 403, compte)
  }
})
