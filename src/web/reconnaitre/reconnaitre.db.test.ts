import assert from 'node:assert/strict'
import { after, before, test } from 'node:test'
import { acteurSysteme, ouvrirSession, type Session } from '#acces'
import { defaireRattachement } from '#rapprochement'
import { type Essai, ecrireCsv, lireTexte, type Navigateur, ouvrirEssai } from '../recevoir/fabrique-essai.ts'

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

const VOIES = [
  'rue des Forges',
  'avenue Jaurès',
  'place du Marché',
  'chemin de Halage',
  'impasse Colbert',
  'quai Nord',
  'allée des Tilleuls',
]
let rang = 0
const foyers: string[] = []
/** A line about a household told by its name alone: each has its own door and its own birthday. */
function ligne(nom: string, de: Readonly<Record<string, string>> = {}): Record<string, string> {
  rang += 1
  if (!foyers.includes(nom)) foyers.push(nom)
  const foyer = foyers.indexOf(nom)
  const naissance = Temporal.PlainDate.from('1971-01-07').add({ months: 11 * foyer, days: foyer })
  return {
    type: 'impaye_bailleur_social',
    reference_source: `DOUTE-${rang}`,
    date_signalement: '13/11/2026',
    nom_usage: nom,
    prenom: 'Séverine',
    date_naissance: naissance.toString(),
    adresse: `${12 + foyer} ${VOIES[foyer % VOIES.length]}`,
    commune: 'Le Creusot',
    montant_dette: '1250,50',
    telephone: '',
    annees_naissance_enfants: '',
    ...de,
  }
}

let fichiers = 0
const recevoir = (page: Navigateur, ...lignes: Record<string, string>[]): Promise<string> => {
  fichiers += 1
  return page.recevoir('OPAC71', ecrireCsv(`doutes-${fichiers}.csv`, lignes))
}

interface Doute {
  readonly id: string
  readonly dossiers: string[]
}

/** The doubt a line is in, with the dossiers it was compared to. */
async function douteDe(une: Record<string, string>): Promise<Doute | undefined> {
  const [doute] = await enBase(
    (session) => session.sql<Doute>`
    select u.id, array(select x->>'dossier' from jsonb_array_elements(u.candidats) x) as dossiers from doute u
    join signalement s on s.dept = ${DEPT} and s.id = u.signalement
    where u.dept = ${DEPT} and u.reponse is null and s.reference_source = ${une.reference_source ?? ''}`,
  )
  return doute
}

async function exigerDoute(une: Record<string, string>): Promise<Doute> {
  const doute = await douteDe(une)
  assert.ok(doute, 'this line should be in doubt')
  return doute
}

/** Live dossier of a line. */
async function dossierDe(une: Record<string, string>): Promise<string | null> {
  const [lien] = await enBase(
    (session) => session.sql<{ dossier: string }>`
    select r.dossier from rattachement r join signalement s on s.dept = ${DEPT} and s.id = r.signalement
    where r.dept = ${DEPT} and r.defait_a is null and s.reference_source = ${une.reference_source ?? ''}`,
  )
  return lien?.dossier ?? null
}

const referenceDe = async (dossier: string): Promise<string> => {
  const [lu] = await enBase(
    (session) =>
      session.sql<{ reference: string }>`select reference from dossier where dept = ${DEPT} and id = ${dossier}`,
  )
  return lu?.reference ?? ''
}

/** Twins: same name, same birthday, same door, another first name. Never attached without a person. */
async function recevoirJumeaux(
  page: Navigateur,
  nom: string,
): Promise<{ aine: Record<string, string>; cadet: Record<string, string>; doute: Doute }> {
  const aine = ligne(nom, { prenom: 'Séverine', telephone: `06 39 98 41 ${String(rang).padStart(2, '0')}` })
  const cadet = ligne(nom, { prenom: 'Bastien' })
  await recevoir(page, aine)
  await recevoir(page, cadet)
  return { aine, cadet, doute: await exigerDoute(cadet) }
}

test('[RAP-01] a doubt shows both records field by field, the score with its thresholds, and the reasons for and against', async () => {
  const page = await essai().seConnecter('secretariat')
  const { doute } = await recevoirJumeaux(page, 'Aubertin')
  const [dossier = ''] = doute.dossiers
  const rendue = await page.get(`/reconnaitre/${doute.id}`)
  const texte = lireTexte(rendue)
  assert.match(texte, /Est-ce le même ménage \?/)
  assert.match(texte, /Ressemblance : 0,\d\d/)
  assert.match(texte, /Sous 0,\d\d, le signal ouvre un nouveau dossier\. À partir de 0,\d\d, il est rattaché seul/)
  assert.match(texte, /Nom Aubertin Aubertin Identique \+\d/)
  assert.match(texte, /Prénom Bastien Séverine Différent −\d/)
  assert.match(texte, /Date de naissance (\d\d\/\d\d\/\d{4}) \1 Identique/)
  assert.match(texte, /Téléphone non fourni 06 39 98 41 \d\d Absent 0 ne compte pas/)
  assert.match(texte, /Ce qui s’oppose .*jumeaux/)
  assert.match(texte, /Total : \d+,\d pour la ressemblance, moins \d+,\d de départ/)
  assert.match(texte, new RegExp(`Dossier ${await referenceDe(dossier)} 1 signal réuni`))
  assert.match(texte, /M C’est le même ménage .* N Ce n’est pas le même .* D Je ne sais pas, demander/)
  for (const touche of ['m', 'n', 'd']) assert.match(rendue.texte, new RegExp(`data-touche="${touche}"`))
})

test('[RAP-01] a parent and a child of the same name are pointed out, never attached alone', async () => {
  const page = await essai().seConnecter('secretariat')
  const parent = ligne('Bourgeois', { date_naissance: '04/03/1958' })
  const enfant = ligne('Bourgeois', { date_naissance: '12/09/1986' })
  await recevoir(page, parent)
  await recevoir(page, enfant)
  assert.notEqual(await dossierDe(enfant), await dossierDe(parent))
  const doute = await exigerDoute(enfant)
  assert.match(lireTexte(await page.get(`/reconnaitre/${doute.id}`)), /28 ans d’écart : parent et enfant/)
})

test('[RAP-01] what another signal of the dossier contradicts is said, although the closest one agrees', async () => {
  const page = await essai().seConnecter('secretariat')
  await recevoir(page, ligne('Bricourt', { date_naissance: '' }))
  const parent = ligne('Bricourt', { date_naissance: '04/03/1958' })
  await recevoir(page, parent)
  const enfant = ligne('Bricourt', { date_naissance: '12/09/1986' })
  await recevoir(page, enfant)
  const texte = lireTexte(await page.get(`/reconnaitre/${(await exigerDoute(enfant)).id}`))
  assert.match(texte, /Date de naissance 12\/09\/1986 non fourni Absent/)
  assert.match(texte, /Ce qui s’oppose .*28 ans d’écart : parent et enfant/)
})

test('[RAP-01] « the same » attaches, goes to the next doubt, offers to undo; undone, everything is as before', async () => {
  const { compter, seConnecter } = essai()
  const page = await seConnecter('secretariat')
  const { cadet, doute } = await recevoirJumeaux(page, 'Cassagne')
  const suivant = await recevoirJumeaux(page, 'Castelain')
  const [dossier = ''] = doute.dossiers
  const avant = await compter()
  const reponse = await page.poster(`/reconnaitre/${doute.id}`, { reponse: 'meme', dossier, suivant: suivant.doute.id })
  assert.equal(reponse.vers, `/reconnaitre/${suivant.doute.id}`)
  assert.equal(await dossierDe(cadet), dossier)
  assert.deepEqual(await compter(), { ...avant, rattaches: avant.rattaches + 1, doutes: avant.doutes - 1 })
  const apres = await page.get(reponse.vers ?? '')
  assert.match(lireTexte(apres), new RegExp(`Signal rattaché au dossier ${await referenceDe(dossier)}\\.`))
  assert.match(apres.texte, new RegExp(`action="/reconnaitre/${doute.id}/defaire"`))
  assert.match(
    lireTexte(await page.get('/reconnaitre')),
    /Cassagne Bastien C’est le même ménage .* Camille SECRETARIAT Défaire/,
  )
  const defait = await page.poster(`/reconnaitre/${doute.id}/defaire`)
  assert.equal(defait.vers, `/reconnaitre/${doute.id}`)
  assert.deepEqual(await compter(), avant)
  assert.equal(await dossierDe(cadet), null)
  assert.equal((await exigerDoute(cadet)).id, doute.id)
  const [rattaches] = await enBase(
    (session) => session.sql<{ signaux: number }>`select signaux from dossier where dept = ${DEPT} and id = ${dossier}`,
  )
  assert.equal(rattaches?.signaux, 1)
})

test('[RAP-01] the service of the dossier is decided again at once after an answer', async () => {
  const { seConnecter } = essai()
  const page = await seConnecter('secretariat')
  const { cadet, doute } = await recevoirJumeaux(page, 'Chandelier')
  await page.poster(`/reconnaitre/${doute.id}`, { reponse: 'nouveau' })
  const [dossier] = await enBase(
    async (session) => session.sql<{ etat_service: string; affectations: number }>`
    select d.etat_service, (select count(*)::int from affectation a where a.dept = ${DEPT} and a.dossier = d.id) as affectations
    from dossier d where d.dept = ${DEPT} and d.id = ${await dossierDe(cadet)}`,
  )
  assert.equal(dossier?.affectations, 1)
})

test('[RAP-01] « not the same » opens a dossier and is remembered when the line comes again, changed', async () => {
  const { compter, seConnecter } = essai()
  const page = await seConnecter('secretariat')
  const { aine, cadet, doute } = await recevoirJumeaux(page, 'Desrosiers')
  const [dossier = ''] = doute.dossiers
  const avant = await compter()
  await page.poster(`/reconnaitre/${doute.id}`, { reponse: 'autre', dossier })
  const sien = await dossierDe(cadet)
  assert.notEqual(sien, null)
  assert.notEqual(sien, await dossierDe(aine))
  assert.deepEqual(await compter(), {
    ...avant,
    dossiers: avant.dossiers + 1,
    rattaches: avant.rattaches + 1,
    doutes: avant.doutes - 1,
  })
  await recevoir(page, { ...cadet, montant_dette: '1400' })
  assert.equal(await douteDe(cadet), undefined)
  assert.equal(await dossierDe(cadet), sien)
  // Undone after the update: the doubt is back with its dossier, and the opened one is closed.
  await page.poster(`/reconnaitre/${doute.id}/defaire`)
  assert.deepEqual((await exigerDoute(cadet)).dossiers, [dossier])
  assert.equal((await compter()).dossiers, avant.dossiers)
})

test('[RAP-01] a pair set aside before the line leaves the doubt is not proposed again with a new version of it', async () => {
  const page = await essai().seConnecter('secretariat')
  const { cadet, doute, jumeau } = await recevoirTroisieme(page, 'Estienne')
  const [premier = '', second = ''] = doute.dossiers
  await page.poster(`/reconnaitre/${doute.id}`, { reponse: 'autre', dossier: premier })
  await recevoir(page, { ...jumeau, montant_dette: '1400' })
  const encore = await douteDe(jumeau)
  assert.ok(!encore?.dossiers.includes(premier))
  assert.notEqual(await dossierDe(jumeau), premier)
  assert.ok(encore === undefined || encore.dossiers.includes(second))
  assert.notEqual(await dossierDe(cadet), null)
})

/** Two twins with a dossier each, then a signal without a first name: it may be either. */
async function recevoirTroisieme(page: Navigateur, nom: string) {
  const { aine, cadet, doute } = await recevoirJumeaux(page, nom)
  await page.poster(`/reconnaitre/${doute.id}`, { reponse: 'nouveau' })
  const jumeau = ligne(nom, { prenom: '' })
  await recevoir(page, jumeau)
  const trois = await exigerDoute(jumeau)
  assert.equal(trois.dossiers.length, 2)
  return { aine, cadet, jumeau, doute: trois }
}

test('[RAP-01] several dossiers are compared one by one; one is set aside, the other remains, and undoing brings both back', async () => {
  const { compter, seConnecter } = essai()
  const page = await seConnecter('secretariat')
  const { jumeau, doute } = await recevoirTroisieme(page, 'Fauconnier')
  const [premier = '', second = ''] = doute.dossiers
  const avant = await compter()
  const rendue = await page.get(`/reconnaitre/${doute.id}?dossier=${second}`)
  assert.match(lireTexte(rendue), new RegExp(`Signal reçu .* Dossier ${await referenceDe(second)} `))
  assert.match(lireTexte(rendue), /Nouveau ménage Aucun de ces dossiers/)
  assert.match(rendue.texte, new RegExp(`name="dossier" value="${second}"`))
  assert.equal((await page.get(`/reconnaitre/${doute.id}?dossier=${doute.id}`)).statut, 404)
  const ecarte = await page.poster(`/reconnaitre/${doute.id}`, { reponse: 'autre', dossier: premier })
  assert.equal(ecarte.vers, `/reconnaitre/${doute.id}`)
  const reste = await page.get(`/reconnaitre/${doute.id}`)
  assert.match(lireTexte(reste), /Dossier écarté : il ne sera plus proposé/)
  assert.doesNotMatch(lireTexte(reste), new RegExp(await referenceDe(premier)))
  assert.equal((await page.poster(`/reconnaitre/${doute.id}`, { reponse: 'meme', dossier: premier })).statut, 404)
  await page.poster(`/reconnaitre/${doute.id}/defaire`)
  assert.match(lireTexte(await page.get(`/reconnaitre/${doute.id}`)), new RegExp(await referenceDe(premier)))
  // Set aside then attached to the other: undone, both are proposed again.
  await page.poster(`/reconnaitre/${doute.id}`, { reponse: 'autre', dossier: premier })
  await page.poster(`/reconnaitre/${doute.id}`, { reponse: 'meme', dossier: second })
  assert.equal(await dossierDe(jumeau), second)
  await page.poster(`/reconnaitre/${doute.id}/defaire`)
  assert.deepEqual(await compter(), avant)
  const revenue = lireTexte(await page.get(`/reconnaitre/${doute.id}`))
  for (const dossier of [premier, second]) assert.match(revenue, new RegExp(await referenceDe(dossier)))
})

test('[RAP-01] « a new household » sets every dossier aside at once', async () => {
  const { compter, seConnecter } = essai()
  const page = await seConnecter('secretariat')
  const { jumeau, doute } = await recevoirTroisieme(page, 'Guillemin')
  const avant = await compter()
  await page.poster(`/reconnaitre/${doute.id}`, { reponse: 'nouveau' })
  const sien = await dossierDe(jumeau)
  assert.ok(sien !== null && !doute.dossiers.includes(sien))
  await page.poster(`/reconnaitre/${doute.id}/defaire`)
  assert.deepEqual(await compter(), avant)
})

test('[RAP-01] « ask » needs its question, keeps it, and sends the doubt to the end of the queue', async () => {
  const page = await essai().seConnecter('secretariat')
  const { doute } = await recevoirJumeaux(page, 'Herbelin')
  const sans = await page.poster(`/reconnaitre/${doute.id}`, { reponse: 'demander', question: ' ' })
  assert.equal(sans.statut, 422)
  assert.match(lireTexte(sans), /Rien n’a été mis de côté Écrire la question à poser/)
  const avec = await page.poster(`/reconnaitre/${doute.id}`, {
    reponse: 'demander',
    question: 'La date de naissance est-elle bonne ?',
  })
  assert.notEqual(avec.vers, `/reconnaitre/${doute.id}`)
  const file = lireTexte(await page.get('/reconnaitre'))
  assert.match(file, /Mis de côté, avec une question 1 .*Herbelin Bastien .*La date de naissance est-elle bonne \?/)
  assert.match(lireTexte(await page.get(`/reconnaitre/${doute.id}`)), /Mis de côté avec cette question : La date/)
  await page.poster(`/reconnaitre/${doute.id}`, { reponse: 'autre', dossier: doute.dossiers[0] ?? '' })
})

test('[RAP-01] two people who answer the same doubt see both answers, and what to do; nothing is written over', async () => {
  const { compter, seConnecter } = essai()
  const page = await seConnecter('secretariat')
  const { doute } = await recevoirJumeaux(page, 'Jacquemin')
  const avant = await compter()
  assert.equal((await page.poster(`/reconnaitre/${doute.id}`)).vers, `/reconnaitre/${doute.id}`)
  assert.deepEqual(await compter(), avant)
  const vu = /name="vu-doute" value="([^"]+)"/.exec((await page.get(`/reconnaitre/${doute.id}`)).texte)?.[1] ?? ''
  assert.notEqual(vu, '')
  await page.poster(`/reconnaitre/${doute.id}`, { reponse: 'nouveau', 'vu-doute': vu })
  const repondu = await compter()
  const [dossier = ''] = doute.dossiers
  const tard = await page.poster(`/reconnaitre/${doute.id}`, { reponse: 'meme', dossier, 'vu-doute': vu })
  assert.equal(tard.statut, 409)
  const texte = lireTexte(tard)
  assert.match(texte, /Réponse C’est le même ménage, dossier 71-[\d -]+ Nouveau ménage, dossier 71-/)
  assert.match(texte, /Camille SECRETARIAT, le 20\/11\/2026/)
  assert.match(texte, /Défaire la réponse enregistrée/)
  assert.deepEqual(await compter(), repondu)
  const question = await page.poster(`/reconnaitre/${doute.id}`, {
    reponse: 'demander',
    question: 'Est-ce son frère ?',
  })
  assert.equal(question.statut, 409)
  assert.match(lireTexte(question), /Demander : Est-ce son frère \?/, 'what was typed is not lost')
  const pareille = await page.poster(`/reconnaitre/${doute.id}`, { reponse: 'nouveau', 'vu-doute': vu })
  assert.equal(pareille.statut, 303)
  assert.match(lireTexte(await page.get('/reconnaitre')), /a déjà donné la même réponse/)
  const apres = await page.get(`/reconnaitre/${doute.id}`)
  assert.equal(apres.vers, '/reconnaitre')
  assert.match(
    lireTexte(await page.get('/reconnaitre')),
    /Ce doute a reçu une réponse le 20\/11\/2026.*de Camille SECRETARIAT/,
  )
  assert.equal((await page.get('/reconnaitre/nimporte')).statut, 404)
})

test('[RAP-01] an answer to a doubt that changed meanwhile stops: what was never seen is not set aside', async () => {
  const { compter, seConnecter } = essai()
  const page = await seConnecter('secretariat')
  const { cadet, doute } = await recevoirJumeaux(page, 'Verchère')
  const vu = /name="vu-doute" value="([^"]+)"/.exec((await page.get(`/reconnaitre/${doute.id}`)).texte)?.[1] ?? ''
  // The same household comes again from another sender, and waits with the first line.
  await page.recevoir(
    'CDJ71',
    ecrireCsv('suite.csv', [
      { ...cadet, reference_source: 'VERCHERE-2', type: 'commandement_de_payer', date_acte: '12/11/2026' },
    ]),
  )
  const avant = await compter()
  const tard = await page.poster(`/reconnaitre/${doute.id}`, { reponse: 'nouveau', 'vu-doute': vu })
  assert.equal(tard.statut, 409)
  assert.match(lireTexte(tard), /Toujours en doute : 2 signaux, à comparer avec 71-/)
  assert.deepEqual(await compter(), avant)
})

/** Ids of lines, by their reference. */
async function signalementDe(reference: string): Promise<string> {
  const [trouve] = await enBase(
    (session) =>
      session.sql<{ id: string }>`select id from signalement where dept = ${DEPT} and reference_source = ${reference}`,
  )
  return trouve?.id ?? ''
}

/** A later line about the household of a doubt: the same person and door, from a bailiff. */
const suiteDe = (une: Record<string, string>, reference: string, de: Readonly<Record<string, string>> = {}) => ({
  ...une,
  reference_source: reference,
  type: 'commandement_de_payer',
  date_acte: '12/11/2026',
  ...de,
})
const CDJ = (page: Navigateur, nom: string, ...lignes: Record<string, string>[]) =>
  page.recevoir('CDJ71', ecrireCsv(`${nom}.csv`, lignes))

/** Every line received is somewhere: attached, first of a doubt, or waiting with one. */
async function verifierAucunePerdue(): Promise<void> {
  const perdues = await enBase(
    (session) => session.sql<{ reference_source: string }>`select s.reference_source from signalement s
      where s.dept = ${DEPT} and s.retire_a is null
        and not exists (select 1 from a_reconnaitre a where a.dept = ${DEPT} and a.signalement = s.id)
        and not exists (select 1 from rattachement r where r.dept = ${DEPT} and r.signalement = s.id and r.defait_a is null)
        and not exists (select 1 from doute u where u.dept = ${DEPT} and u.signalement = s.id and u.reponse is null)
        and not exists (select 1 from doute_signal g join doute u on u.dept = ${DEPT} and u.id = g.doute and u.reponse is null
          where g.dept = ${DEPT} and g.signalement = s.id and g.sorti_a is null)`,
  )
  assert.deepEqual(perdues, [])
}

for (const memeFichier of [true, false]) {
  test(`[RAP-02] a second line about a household in doubt waits with the first, ${memeFichier ? 'in the same file' : 'from another file'}; one answer places both, and undoing brings both back`, async () => {
    const { compter, seConnecter } = essai()
    const page = await seConnecter('secretariat')
    const nom = memeFichier ? 'Marchandeau' : 'Noblot'
    const aine = ligne(nom, { prenom: 'Séverine' })
    const cadet = ligne(nom, { prenom: 'Bastien' })
    const suite = suiteDe(cadet, `${nom}-SUITE`)
    await recevoir(page, aine)
    if (memeFichier) await recevoir(page, cadet, { ...suite, type: 'impaye_bailleur_social', date_acte: '' })
    else {
      await recevoir(page, cadet)
      await CDJ(page, nom, suite)
    }
    const depart = await compter()
    const doute = await exigerDoute(cadet)
    assert.equal(await douteDe(suite), undefined, 'no doubt of its own')
    assert.equal(await dossierDe(suite), null, 'no dossier of its own')
    const texte = lireTexte(await page.get(`/reconnaitre/${doute.id}`))
    assert.match(texte, /2 signaux attendent ensemble : votre réponse les place tous/)
    assert.match(texte, /Même ménage que le premier signal, sans doute/)
    assert.match(
      lireTexte(await page.get('/reconnaitre')),
      new RegExp(`${nom} Bastien Le Creusot, et 1 autre signal du même ménage`),
    )
    const avec = { lignes: 'proposees', avec: await signalementDe(suite.reference_source) }
    const [dossier = ''] = doute.dossiers
    await page.poster(`/reconnaitre/${doute.id}`, { reponse: 'meme', dossier, ...avec })
    assert.deepEqual([await dossierDe(cadet), await dossierDe(suite)], [dossier, dossier])
    await page.poster(`/reconnaitre/${doute.id}/defaire`)
    assert.deepEqual(await compter(), depart)
    assert.match(lireTexte(await page.get(`/reconnaitre/${doute.id}`)), /2 signaux attendent ensemble/)
    await page.poster(`/reconnaitre/${doute.id}`, { reponse: 'nouveau', ...avec })
    const nouveau = await dossierDe(cadet)
    assert.notEqual(nouveau, dossier)
    assert.equal(await dossierDe(suite), nouveau, 'both open one dossier')
    assert.equal((await compter()).dossiers, depart.dossiers + 1)
    await verifierAucunePerdue()
  })
}

test('[RAP-02] a line set apart when answering is recognised anew, does not come back by itself, and is not lost', async () => {
  const { seConnecter, traiter } = essai()
  const page = await seConnecter('secretariat')
  const { cadet, doute } = await recevoirJumeaux(page, 'Ozanne')
  const suite = suiteDe(cadet, 'OZANNE-SUITE')
  const lot = await CDJ(page, 'ozanne', suite)
  const [dossier = ''] = doute.dossiers
  await page.poster(`/reconnaitre/${doute.id}`, { reponse: 'meme', dossier, lignes: 'proposees' })
  assert.equal(await dossierDe(cadet), dossier)
  assert.equal(await dossierDe(suite), null)
  await traiter(lot)
  assert.notEqual(await dossierDe(suite), dossier, 'a person said that it is not the same')
  await verifierAucunePerdue()
})

test('[RAP-02] a line that only resembles the waiting one is shown with it, not ticked, and recognised apart otherwise', async () => {
  const { seConnecter, traiter } = essai()
  const page = await seConnecter('secretariat')
  const { cadet, doute } = await recevoirJumeaux(page, 'Pautet')
  const proche = suiteDe(cadet, 'PAUTET-PROCHE', {
    prenom: 'Bastien',
    date_naissance: '',
    adresse: '',
  })
  const lot = await CDJ(page, 'pautet', proche)
  const montre = await page.get(`/reconnaitre/${doute.id}`)
  assert.match(lireTexte(montre), /Ressemble au premier signal \(0,\d\d\) sans certitude/)
  assert.doesNotMatch(montre.texte, /name="avec"[^>]*checked/)
  const [dossier = ''] = doute.dossiers
  await page.poster(`/reconnaitre/${doute.id}`, { reponse: 'meme', dossier, lignes: 'proposees' })
  await traiter(lot)
  await verifierAucunePerdue()
  const sien = await dossierDe(proche)
  const sonDoute = await douteDe(proche)
  assert.ok(
    sonDoute !== undefined || (sien !== null && sien !== dossier),
    'asked, or on its own: never attached by that answer',
  )
})

test('[RAP-02] when the first line leaves with its file, the one that waited with it is recognised anew', async () => {
  const { seConnecter, traiter } = essai()
  const page = await seConnecter('secretariat')
  const aine = ligne('Quartier', { prenom: 'Séverine' })
  const cadet = ligne('Quartier', { prenom: 'Bastien' })
  await recevoir(page, aine)
  const premier = await recevoir(page, cadet)
  const suite = suiteDe(cadet, 'QUARTIER-SUITE')
  const lot = await CDJ(page, 'quartier', suite)
  assert.equal(await douteDe(suite), undefined)
  assert.equal((await page.poster(`/recevoir/${premier}/retirer`)).statut, 303)
  await traiter(lot)
  assert.ok(await douteDe(suite), 'in doubt by itself, with the same dossier')
  await verifierAucunePerdue()
})

test('[RAP-02] a new version that settles the first line places the one that waited with it too', async () => {
  const { seConnecter, traiter } = essai()
  const page = await seConnecter('secretariat')
  const { aine, cadet, doute } = await recevoirJumeaux(page, 'Rabutin')
  const suite = suiteDe(cadet, 'RABUTIN-SUITE')
  const lot = await CDJ(page, 'rabutin', suite)
  // The first line was about the elder after all.
  await recevoir(page, { ...aine, reference_source: cadet.reference_source ?? '' })
  assert.equal(await dossierDe(cadet), doute.dossiers[0])
  await traiter(lot)
  await verifierAucunePerdue()
  assert.ok((await douteDe(suite)) !== undefined || (await dossierDe(suite)) !== null)
})

test('[RAP-01] a new version that leaves no doubt closes it', async () => {
  const page = await essai().seConnecter('secretariat')
  const { aine, cadet, doute } = await recevoirJumeaux(page, 'Kerleau')
  const { reference_source } = cadet
  await recevoir(page, { ...aine, reference_source: reference_source ?? '' })
  assert.equal(await dossierDe(cadet), doute.dossiers[0])
  assert.equal(await douteDe(cadet), undefined)
  assert.doesNotMatch(lireTexte(await page.get('/reconnaitre')), /Kerleau/)
})

test('[RAP-12] an answer is not undone over a later decision: it says what to undo first', async () => {
  const { compter, seConnecter } = essai()
  const page = await seConnecter('secretariat')
  const { cadet, doute } = await recevoirJumeaux(page, 'Lachenal')
  await page.poster(`/reconnaitre/${doute.id}`, { reponse: 'meme', dossier: doute.dossiers[0] ?? '' })
  await enBase(async (session) => {
    const [signalement] = await session.sql<{
      id: string
    }>`select id from signalement where dept = ${DEPT} and reference_source = ${cadet.reference_source ?? ''}`
    await defaireRattachement(session, signalement?.id ?? '', 'deux frères')
  })
  const avant = await compter()
  const defait = await page.poster(`/reconnaitre/${doute.id}/defaire`)
  assert.equal(defait.vers, '/reconnaitre')
  assert.match(lireTexte(await page.get('/reconnaitre')), /Depuis cette réponse, ce signal a été séparé ou réuni/)
  assert.deepEqual(await compter(), avant)
})

test('[RAP-12] a dossier emptied by a withdrawal no longer stands in the way: the doubt can only open its own', async () => {
  const { seConnecter } = essai()
  const page = await seConnecter('secretariat')
  const aine = ligne('Maillefaud')
  const lot = await recevoir(page, aine)
  const cadet = ligne('Maillefaud', { prenom: 'Bastien' })
  await recevoir(page, cadet)
  const doute = await exigerDoute(cadet)
  assert.equal((await page.poster(`/recevoir/${lot}/retirer`)).statut, 303)
  const texte = lireTexte(await page.get(`/reconnaitre/${doute.id}`))
  assert.match(texte, /Les dossiers qui ressemblaient à ce signal n’ont plus de signal/)
  assert.doesNotMatch(texte, /C’est le même ménage/)
  await page.poster(`/reconnaitre/${doute.id}`, { reponse: 'nouveau' })
  assert.notEqual(await dossierDe(cadet), null)
})

test('[RAP-01] the queue says how many wait, for how long, and what an empty one means', async () => {
  const { seConnecter } = essai()
  const page = await seConnecter('secretariat')
  const restants = await enBase(
    (session) => session.sql<{ id: string }>`select id from doute where dept = ${DEPT} and reponse is null`,
  )
  const file = await page.get('/reconnaitre')
  assert.match(lireTexte(file), new RegExp(`${restants.length} doutes à lever`))
  assert.match(lireTexte(file), /20\/11\/2026, aujourd’hui/)
  assert.match(file.texte, /href="\/reconnaitre\/[0-9a-f-]{36}">Ouvrir le premier/)
  for (const { id } of restants) await page.poster(`/reconnaitre/${id}`, { reponse: 'nouveau' })
  const vide = lireTexte(await page.get('/reconnaitre'))
  assert.match(vide, /Aucun doute à lever/)
  assert.match(vide, /Chaque signal a son ménage La dernière réponse date du 20\/11\/2026/)
})

test('only the secrétariat recognises households: nobody else reads a doubt', async () => {
  const { seConnecter } = essai()
  const page = await seConnecter('secretariat')
  const { doute } = await recevoirJumeaux(page, 'Navarin')
  for (const compte of ['opac', 'prefecture', 'social'] as const) {
    const autre = await seConnecter(compte)
    assert.equal((await autre.get('/reconnaitre')).statut, 403, compte)
    assert.equal((await autre.get(`/reconnaitre/${doute.id}`)).statut, 403, compte)
  }
  const opac = await seConnecter('opac')
  assert.equal((await opac.poster(`/reconnaitre/${doute.id}`, { reponse: 'nouveau' })).statut, 403)
  assert.equal((await opac.poster(`/reconnaitre/${doute.id}/defaire`)).statut, 403)
})
