import assert from 'node:assert/strict'
import { randomUUID } from 'node:crypto'
import { after, before, test } from 'node:test'
import { acteurSysteme, ouvrirSession, type Session } from '#acces'
import { annulerActe, consignerActe } from '#dossiers'
import { figerListes } from '#repartition'
import { lireSignalements } from '#signalements'
import { text, writeOds, writeXlsx } from '#socle/tableur'
import { type Essai, ecrireCsv, type Fichier, lireExemple, lireTexte, ouvrirEssai } from './fabrique-essai.ts'

const DEPT = '71'

/** A base per group of tests: what one imports is not counted by another. */
function avecEssai(): () => Essai {
  let essai: Essai | undefined
  before(async () => {
    essai = await ouvrirEssai()
  })
  after(() => essai?.fermer())
  return () => {
    if (!essai) throw new Error('not open')
    return essai
  }
}
const essai = avecEssai()

const systeme = acteurSysteme(DEPT, 'essai')
const idDe = (vers: string | undefined): string => /[0-9a-f-]{36}/.exec(vers ?? '')?.[0] ?? ''

let rang = 0
const VOIES = ['rue des Forges', 'avenue Jaurès', 'place du Marché', 'chemin de Halage', 'impasse Colbert']
/** A line of the exchange format about a household of its own: its door and its birthday are nobody else's. */
function ligne(nom: string, de: Readonly<Record<string, string>> = {}): Record<string, string> {
  rang += 1
  return {
    type: 'impaye_bailleur_social',
    reference_source: `ESSAI-${rang}`,
    date_signalement: '13/11/2026',
    nom_usage: nom,
    prenom: 'Camille',
    date_naissance: Temporal.PlainDate.from('1951-02-03')
      .add({ days: 43 * rang })
      .toString(),
    adresse: `${rang} ${VOIES[rang % VOIES.length]}`,
    commune: 'Le Creusot',
    montant_dette: '1250,50',
    handicap: '',
    ...de,
  }
}

const lireVerdict = (csv: Buffer): Record<string, string>[] => {
  const [entete = '', ...lignes] = csv.toString().replace('\ufeff', '').trimEnd().split('\r\n')
  const colonnes = entete.split(';')
  return lignes.map((texte) => Object.fromEntries(texte.split(';').map((champ, i) => [colonnes[i] ?? '', champ])))
}

test('[SIG-29] importing the same file twice adds nothing, and its rejected lines wait once', async () => {
  const { compter, seConnecter } = essai()
  const page = await seConnecter('secretariat')
  const premier = await page.recevoir('CAF71', lireExemple('caf-2026-10.csv'))
  const apres = await compter()
  const file = lireTexte(await page.get('/recevoir/a-corriger'))
  assert.match(file, /4 lignes à corriger/)
  const second = await page.recevoir('CAF71', lireExemple('caf-2026-10.csv'))
  assert.deepEqual(await compter(), apres)
  assert.match(lireTexte(await page.get('/recevoir/a-corriger')), /4 lignes à corriger/)
  const effets = lireVerdict((await page.get(`/recevoir/${second}/verdict.csv`)).octets).map(({ effet }) => effet)
  assert.deepEqual(new Set(effets), new Set(['deja_connu', 'aucun']))
  const texte = lireTexte(await page.get(`/recevoir/${second}`))
  assert.match(texte, /Ce fichier est le même, octet pour octet/)
  assert.match(texte, /Signalements créés 0 Mises à jour 0 Déjà connues, inchangées 296 Sans signalement 4/)
  assert.match(lireTexte(await page.get(`/recevoir/${premier}?verdict=rejetee`)), /Reprise dans un autre dépôt/)
})

test('[SIG-29] the verdict of a sample file is the one expected of each line, reasons included', async () => {
  const page = await essai().seConnecter('secretariat')
  const lot = await page.recevoir('CDJ71', lireExemple('commandements-semaine-46.csv'))
  const verite = Buffer.from(lireExemple('verite.csv').octets)
    .toString()
    .replace(/\r/g, '')
    .split('\n')
    .slice(1)
    .map((texte) => texte.split(';'))
    .filter(([fichier]) => fichier === 'commandements-semaine-46.csv')
    .map(([, rangLigne, , reference, , verdict, motifs]) => [rangLigne, reference, verdict, motifs])
  const rendus = lireVerdict((await page.get(`/recevoir/${lot}/verdict.csv`)).octets)
  assert.deepEqual(
    rendus.map(({ ligne: rendue, reference_source, verdict, motifs }) => [rendue, reference_source, verdict, motifs]),
    verite,
  )
})

test('[SIG-29] the verdict file is downloaded in CSV and in JSON exactly as the format says', async () => {
  const page = await essai().seConnecter('secretariat')
  const fichier: Fichier = {
    nom: 'petit.csv',
    octets: Buffer.from(
      [
        'type;reference_source;date_signalement;nom_usage;prenom;date_naissance;commune;montant_dette',
        'impaye_bailleur_social;V-1;13/11/2026;Vautrelle;Rose;04/03/1984;Autun;320,00',
        '',
        'impaye_bailleur_social;V-2;13/11/2026;Lemarquis;Alain;31/02/1980;Autun;1.250,5O',
        'impaye_bailleur_social;V-3;2026-13-09;;Jean;;;',
        '',
      ].join('\n'),
    ),
  }
  const lot = await page.recevoir('OPAC71', fichier)
  const csv = await page.get(`/recevoir/${lot}/verdict.csv`)
  assert.equal(csv.type, 'text/csv; charset=utf-8')
  assert.equal(
    csv.octets.toString(),
    [
      '\ufeffligne;reference_source;verdict;effet;motifs',
      '2;V-1;acceptee;cree;',
      '4;V-2;avertissement;cree;date_invalide@date_naissance|montant_invalide@montant_dette',
      '5;V-3;rejetee;aucun;date_invalide@date_signalement|identite_absente@nom_usage|commune_absente@commune',
      '',
    ].join('\r\n'),
  )
  const json = JSON.parse((await page.get(`/recevoir/${lot}/verdict.json`)).octets.toString())
  assert.deepEqual(Object.keys(json), [
    'fichier',
    'empreinte_sha256',
    'organisme',
    'encodage',
    'statut',
    'motif_fichier',
    'lignes',
    'acceptees',
    'avertissements',
    'rejetees',
    'lignes_vides',
    'colonnes_inconnues',
    'verdicts',
  ])
  assert.deepEqual(
    [
      json.fichier,
      json.organisme,
      json.encodage,
      json.statut,
      json.motif_fichier,
      json.lignes,
      json.acceptees,
      json.avertissements,
      json.rejetees,
      json.lignes_vides,
    ],
    ['petit.csv', 'OPAC71', 'utf-8', 'traite', null, 3, 1, 1, 1, 1],
  )
  assert.deepEqual(json.verdicts[1].motifs[0], {
    code: 'date_invalide',
    colonne: 'date_naissance',
    valeur: '31/02/1980',
    message: json.verdicts[1].motifs[0].message,
  })
  assert.match(json.verdicts[1].motifs[0].message, /31 février 1980 n’existe pas/)
})

test('[SIG-29] each line shows its verdict, its effect, and for each reason the column, the value read and the remedy', async () => {
  const page = await essai().seConnecter('secretariat')
  const lot = await page.recevoir(
    'OPAC71',
    ecrireCsv('raisons.csv', [ligne('Vautrelle'), ligne('Astorg', { date_signalement: '2026-13-09' })]),
  )
  const defaut = lireTexte(await page.get(`/recevoir/${lot}`))
  assert.match(defaut, /Lignes qui demandent un regard 1 sur 2\. Tout afficher/)
  assert.match(
    defaut,
    /rejetée aucun signalement Astorg Camille ESSAI-\d+ Date du signalement 2026-13-09 Le mois 13 n’existe pas\. Écrire/,
  )
  assert.match(defaut, /Ligne 3 telle que reçue Nature du signalement impaye_bailleur_social/)
  const toutes = lireTexte(await page.get(`/recevoir/${lot}?voir=tout`))
  assert.match(toutes, /acceptée signalement créé Vautrelle Camille/)
  const creees = lireTexte(await page.get(`/recevoir/${lot}?effet=cree`))
  assert.match(creees, /Vautrelle Camille/)
  assert.doesNotMatch(creees, /Astorg Camille/)
})

test('[SIG-29] lines are paged by their rank, whatever the filter', async () => {
  const page = await essai().seConnecter('secretariat')
  const genre = (i: number) => (i % 3 === 0 ? { telephone: '12' } : i % 3 === 1 ? { commune: '' } : {})
  const lignes = Array.from({ length: 120 }, (_, i) => ligne(`Cordelet${i}`, { telephone: '', ...genre(i) }))
  const lot = await page.recevoir('OPAC71', ecrireCsv('pages.csv', lignes))
  const rangs = (texte: string) =>
    [...texte.matchAll(/Ligne (\d+) telle que reçue/g)].map((trouve) => Number(trouve[1]))
  const parcourir = async (depart: string): Promise<number[][]> => {
    const pages: number[][] = []
    let adresse: string | undefined = depart
    while (adresse !== undefined) {
      const rendue = await page.get(adresse)
      pages.push(rangs(lireTexte(rendue)))
      adresse = /href="([^"]+)"[^>]*>Lignes suivantes/.exec(rendue.texte)?.[1]?.replace(/&amp;/g, '&')
    }
    return pages
  }
  const tous = Array.from({ length: 120 }, (_, i) => i + 2)
  const attendus = {
    '': tous.filter((rangLigne) => (rangLigne - 2) % 3 !== 2),
    '?verdict=avertissement': tous.filter((rangLigne) => (rangLigne - 2) % 3 === 0),
    '?effet=aucun': tous.filter((rangLigne) => (rangLigne - 2) % 3 === 1),
    '?voir=tout': tous,
  }
  for (const [requete, rangsAttendus] of Object.entries(attendus)) {
    const pages = await parcourir(`/recevoir/${lot}${requete}`)
    assert.deepEqual(pages.flat(), rangsAttendus, requete)
    assert.equal(pages.length, Math.ceil(rangsAttendus.length / 50), requete)
  }
})

test('[SIG-29] while the worker reads, the page refreshes itself, can be stopped, and says where the reading stands', async () => {
  const { application, traiter, seConnecter } = essai()
  const page = await seConnecter('secretariat')
  const lot = idDe((await page.deposer('OPAC71', ecrireCsv('vif.csv', [ligne('Renardet')]))).vers)
  const attente = await page.get(`/recevoir/${lot}`)
  assert.match(attente.texte, /data-rafraichir="5"/)
  assert.match(attente.texte, /<noscript><meta http-equiv="refresh" content="5"/i)
  assert.match(lireTexte(attente), /En attente de lecture/)
  const arretee = await page.get(`/recevoir/${lot}?maj=non`)
  assert.doesNotMatch(arretee.texte, /data-rafraichir/)
  assert.match(lireTexte(arretee), /Reprendre la mise à jour/)
  await ouvrirSession(
    application,
    systeme,
    'lot.deposer',
    (session) => session.sql`
    update lot set etat = 'lecture', lignes_lues = 3412, lignes_total = 5000 where dept = ${DEPT} and id = ${lot}`,
  )
  const encours = await page.get(`/recevoir/${lot}`)
  assert.match(lireTexte(encours), /Lecture en cours : 3 412 lignes sur 5 000/)
  assert.match(encours.texte, /<progress max="5000" value="3412"/)
  assert.equal((await page.get(`/recevoir/${lot}/verdict.csv`)).statut, 422)
  await ouvrirSession(
    application,
    systeme,
    'lot.deposer',
    (session) => session.sql`
    update lot set etat = 'recu', lignes_lues = 0, lignes_total = 1 where dept = ${DEPT} and id = ${lot}`,
  )
  await traiter(lot)
  const finie = await page.get(`/recevoir/${lot}`)
  assert.doesNotMatch(finie.texte, /data-rafraichir/)
  assert.match(lireTexte(finie), /Lecture terminée : 1 ligne/)
})

test('[SIG-30] a corrected line creates its signalement and leaves the queue; a wrong correction keeps what was typed', async () => {
  const { compter, seConnecter, traiter } = essai()
  const page = await seConnecter('secretariat')
  const fichier = ecrireCsv('a-corriger.csv', [
    ligne('Granvaux', { date_signalement: 'hier' }),
    ligne('Zeroual', { commune: '' }),
  ])
  const lot = await page.recevoir('OPAC71', fichier)
  const avant = await compter()
  const premiere = await page.get(`/recevoir/${lot}/lignes/premiere`)
  assert.equal(premiere.vers, `/recevoir/${lot}/lignes/2`)
  const formulaire = await page.get(`/recevoir/${lot}/lignes/2`)
  assert.match(formulaire.texte, /value="hier"/)
  assert.match(formulaire.texte, /id="c-date_signalement-erreur"/)
  assert.ok(formulaire.texte.indexOf('c-date_signalement') < formulaire.texte.indexOf('Toute la ligne'))
  const refusee = await page.poster(`/recevoir/${lot}/lignes/2`, { date_signalement: '32/10/2026', prenom: 'Aline' })
  assert.equal(refusee.statut, 422)
  assert.match(refusee.texte, /<title>Erreur\s: /)
  assert.match(lireTexte(refusee), /La ligne est encore rejetée/)
  assert.match(refusee.texte, /value="32\/10\/2026"/)
  assert.match(refusee.texte, /value="Aline"/)
  assert.deepEqual(await compter(), avant)
  const acceptee = await page.poster(`/recevoir/${lot}/lignes/2`, { date_signalement: '12/11/2026', prenom: 'Aline' })
  assert.equal(acceptee.vers, `/recevoir/${lot}/lignes/3`)
  assert.match(
    lireTexte(await page.get(acceptee.vers ?? '')),
    /Ligne 2 corrigée : son signalement est enregistré\. Il en reste 1/,
  )
  await traiter(lot)
  const apres = await compter()
  assert.equal(apres.signalements, avant.signalements + 1)
  assert.equal(apres.rattaches, avant.rattaches + 1)
  const rejetees = lireTexte(await page.get(`/recevoir/${lot}?verdict=rejetee`))
  assert.match(rejetees, /Granvaux Camille ESSAI-\d+ Date du signalement hier .* Corrigée à l’écran/)
  assert.equal((await page.poster(`/recevoir/${lot}/lignes/2`, { date_signalement: '12/11/2026' })).statut, 303)
  assert.deepEqual(await compter(), apres)
  // The same file again: the line corrected on screen does not wait a second time.
  await page.recevoir('OPAC71', fichier)
  assert.deepEqual(await compter(), apres)
  assert.doesNotMatch(lireTexte(await page.get('/recevoir/a-corriger')), /Granvaux/)
})

test('[SIG-30] a correction cannot take the reference another line of the file already carries', async () => {
  const page = await essai().seConnecter('secretariat')
  const bonne = ligne('Orsetti')
  const lot = await page.recevoir(
    'OPAC71',
    ecrireCsv('references.csv', [bonne, ligne('Rinaudel', { reference_source: '' })]),
  )
  const refusee = await page.poster(`/recevoir/${lot}/lignes/3`, { reference_source: ` ${bonne.reference_source} ` })
  assert.equal(refusee.statut, 422)
  assert.match(lireTexte(refusee), /Cette référence est déjà plus haut dans le fichier/)
  assert.equal((await page.poster(`/recevoir/${lot}/lignes/3`, { reference_source: 'NEUVE-1' })).statut, 303)
})

test('[SIG-30] rejected lines are downloaded in the form of their file, corrected, sent again, and leave the queue', async () => {
  const { seConnecter } = essai()
  const page = await seConnecter('secretariat')
  const texte = [
    'type;reference_source;date_signalement;nom_usage;prenom;commune',
    'impaye_bailleur_social;R-1;13/11/2026;Béjart;Zoé;Épinac',
    'impaye_bailleur_social;R-2;hier;Lefèvre;André;Épinac',
  ].join('\r\n')
  const premier = await page.recevoir('OPAC71', { nom: 'latin.csv', octets: Buffer.from(`${texte}\r\n`, 'latin1') })
  const rejets = await page.get(`/recevoir/${premier}/lignes-a-corriger`)
  assert.equal(
    rejets.octets.toString('latin1'),
    'type;reference_source;date_signalement;nom_usage;prenom;commune\r\nimpaye_bailleur_social;R-2;hier;Lefèvre;André;Épinac\r\n',
  )
  const corrige = Buffer.from(rejets.octets.toString('latin1').replace('hier', '12/11/2026'), 'latin1')
  const second = await page.recevoir('OPAC71', { nom: 'latin-a-corriger.csv', octets: corrige })
  assert.equal(
    (await page.get(`/recevoir/${second}/verdict.csv`)).octets.toString().split('\r\n')[1],
    '2;R-2;acceptee;cree;',
  )
  assert.doesNotMatch(lireTexte(await page.get('/recevoir/a-corriger')), /Lefèvre/)
  // Taken back, the second file gives the line back to the queue.
  assert.equal((await page.poster(`/recevoir/${second}/retirer`)).statut, 303)
  assert.match(lireTexte(await page.get('/recevoir/a-corriger')), /Lefèvre André/)
})

test('[SIG-30] lines rejected for their reference leave the queue when they come back under another one, and never replace another signalement', async () => {
  const { seConnecter } = essai()
  const page = await seConnecter('secretariat')
  const entete = 'type;reference_source;date_signalement;nom_usage;prenom;commune;montant_dette'
  const dire = (reference: string, nom: string, dette: string) =>
    `impaye_bailleur_social;${reference};13/11/2026;${nom};Zoé;Épinac;${dette}`
  const deposer = (nom: string, ...lignes: string[]) =>
    page.recevoir('OPAC71', { nom, octets: Buffer.from(`${[entete, ...lignes].join('\r\n')}\r\n`) })
  await deposer(
    'references.csv',
    dire('', 'Sansref', '10,00'),
    dire('Q-1', 'Premier', '20,00'),
    dire('Q-1', 'Second', '30,00'),
    dire('W-1', 'Double', '40,00'),
    dire('W-1', 'Double', '40,01'),
    dire('', 'Attend', '50,00'),
  )
  const file = async () => lireTexte(await page.get('/recevoir/a-corriger'))
  assert.match(await file(), /Sansref.*Second.*Double.*Attend/)
  await deposer(
    'references-corrigees.csv',
    dire('Q-NEUVE', 'Sansref', '10,00'),
    dire('Q-2', 'Second', '30,00'),
    dire('W-1', 'Double', '40,01'),
    dire('Q-3', 'Attend', '51,00'),
  )
  const reste = await file()
  assert.doesNotMatch(reste, /Sansref|Second/)
  assert.match(reste, /Attend/, 'another amount is another line')
  // Sent back as it was, a line that bore the reference of another does not replace it.
  assert.match(reste, /Double Zoé.*sa référence est celle d’un autre signalement du même fichier/)
  assert.equal(reste.split('Double Zoé').length, 2, 'it waits once')
  const { rows } = await essai().application.base.pool.query(
    "select (contenu->>'montant_dette')::int as dette from signalement where dept = '71' and reference_source = 'W-1'",
  )
  assert.deepEqual(rows, [{ dette: 4000 }])
})

const AUTRES_NOMS = [
  {
    'Réf. bail': 'B-1',
    'Situation au': '13/11/2026',
    Occupant: 'Vassal',
    Prenom: 'Henri',
    Localité: 'Autun',
    'Reste dû': '845,10',
    Divers: 'x',
  },
  {
    'Réf. bail': 'B-2',
    'Situation au': '13/11/2026',
    Occupant: 'Ferrand',
    Prenom: 'Lise',
    Localité: 'Autun',
    'Reste dû': '120',
    Divers: '',
  },
]
const CHOIX = {
  'colonne-0': 'reference_source',
  'colonne-1': 'date_signalement',
  'colonne-2': 'nom_usage',
  'colonne-3': 'prenom',
  'colonne-4': 'commune',
  type_constant: 'impaye_bailleur_social',
}

test('[SIG-29] other column names go to the mapping screen, are read after confirmation, and are known the next time', async () => {
  const { compter, seConnecter, traiter } = essai()
  const page = await seConnecter('secretariat')
  const avant = await compter()
  const depot = await page.deposer('MH71', ecrireCsv('bailleur.csv', AUTRES_NOMS))
  const lot = idDe(depot.vers)
  assert.equal(depot.vers, `/recevoir/${lot}/colonnes`)
  assert.deepEqual(await compter(), avant)
  const ecran = lireTexte(await page.get(depot.vers ?? ''))
  assert.match(ecran, /Commune manque/)
  assert.match(ecran, /Occupant Vassal Ferrand inconnue/)
  const incomplete = await page.poster(`/recevoir/${lot}/colonnes`, {
    ...CHOIX,
    'colonne-4': '',
    'colonne-5': 'nom_usage',
  })
  assert.equal(incomplete.statut, 422)
  assert.match(lireTexte(incomplete), /« Nom d’usage » est choisie deux fois/)
  assert.match(lireTexte(incomplete), /Dire quelle colonne donne « Commune »/)
  assert.match(incomplete.texte, /<option value="reference_source" selected=""/)
  const confirmee = await page.poster(`/recevoir/${lot}/colonnes`, CHOIX)
  assert.equal(confirmee.vers, `/recevoir/${lot}`)
  await traiter(lot)
  assert.equal((await compter()).signalements, avant.signalements + 2)
  assert.match(lireTexte(await page.get(`/recevoir/${lot}`)), /2 colonnes inconnues, gardées avec chaque ligne/)
  // The same header in another order, from the same organisme: read at once.
  const inverses = AUTRES_NOMS.map((une) => Object.fromEntries(Object.entries(une).reverse()))
  const second = await page.recevoir('MH71', ecrireCsv('bailleur-decembre.csv', inverses))
  assert.match(lireTexte(await page.get(`/recevoir/${second}`)), /Déjà connues, inchangées 2/)
  // Another organisme has its own names.
  assert.match((await page.deposer('AL71', ecrireCsv('autre.csv', AUTRES_NOMS))).vers ?? '', /colonnes$/)
})

test('[SIG-29] a column left aside can be given a meaning later: the file is read again and updates what it had created', async () => {
  const { application, compter, seConnecter, traiter } = essai()
  const page = await seConnecter('secretariat')
  const lot = idDe((await page.deposer('SIAO71', ecrireCsv('reste.csv', AUTRES_NOMS))).vers)
  await page.poster(`/recevoir/${lot}/colonnes`, CHOIX)
  await traiter(lot)
  const avant = await compter()
  const relu = await page.poster(`/recevoir/${lot}/colonnes`, { ...CHOIX, 'colonne-5': 'montant_dette' })
  const nouveau = idDe(relu.vers)
  assert.notEqual(nouveau, lot)
  await traiter(nouveau)
  const apres = await compter()
  assert.equal(apres.signalements, avant.signalements)
  assert.equal(apres.versions, avant.versions + 2)
  const dettes = await ouvrirSession(
    application,
    systeme,
    'lot.consulter',
    (session) => session.sql<{ dette: number }>`
    select (contenu->>'montant_dette')::int as dette from signalement where dept = ${DEPT} and lot = ${nouveau} order by ligne`,
  )
  assert.deepEqual(dettes, [{ dette: 84510 }, { dette: 12000 }])
})

test('[SIG-29] withdrawing an import undoes everything it did, and the same file can be deposited again', async () => {
  const { compter, seConnecter } = essai()
  const page = await seConnecter('secretariat')
  const avant = await compter()
  const fichier = ecrireCsv('retrait.csv', [ligne('Astorgue'), ligne('Bellecour')])
  const lot = await page.recevoir('OPAC71', fichier)
  assert.equal((await compter()).signalements, avant.signalements + 2)
  assert.match(
    lireTexte(await page.get(`/recevoir/${lot}/retirer`)),
    /2 signalements créés par ce fichier quittent les dossiers/,
  )
  const retrait = await page.poster(`/recevoir/${lot}/retirer`)
  assert.equal(retrait.vers, `/recevoir/${lot}`)
  assert.deepEqual(await compter(), avant)
  assert.match(lireTexte(await page.get(`/recevoir/${lot}`)), /Ce dépôt a été retiré/)
  await page.recevoir('OPAC71', fichier)
  assert.equal((await compter()).signalements, avant.signalements + 2)
})

test('[SIG-29] withdrawing an update gives back the version before, place included, and later updates still pass', async () => {
  const { application, seConnecter } = essai()
  const page = await seConnecter('secretariat')
  const base = ligne('Chevallard')
  const lire = async () => {
    const lignes = await ouvrirSession(
      application,
      systeme,
      'lot.consulter',
      (session) => session.sql<{ dette: number; territoire: string | null; dossier_territoire: string | null }>`
      select (s.contenu->>'montant_dette')::int as dette, s.territoire, d.territoire as dossier_territoire from signalement s
      join rattachement r on r.dept = ${DEPT} and r.signalement = s.id and r.defait_a is null join dossier d on d.dept = ${DEPT} and d.id = r.dossier
      where s.dept = ${DEPT} and s.reference_source = ${base.reference_source ?? ''}`,
    )
    return lignes[0]
  }
  const premier = await page.recevoir('OPAC71', ecrireCsv('v1.csv', [base]))
  const avant = await lire()
  assert.equal(avant?.dette, 125050)
  const second = await page.recevoir(
    'OPAC71',
    ecrireCsv('v2.csv', [{ ...base, commune: 'Mâcon', montant_dette: '1400' }]),
  )
  assert.match(lireTexte(await page.get(`/recevoir/${second}?voir=tout`)), /mise à jour/)
  assert.equal((await lire())?.territoire, 'macon')
  const tropTot = await page.poster(`/recevoir/${premier}/retirer`)
  assert.equal(tropTot.statut, 422)
  assert.match(lireTexte(tropTot), /un signalement a été mis à jour par un fichier plus récent/)
  assert.equal((await page.poster(`/recevoir/${second}/retirer`)).statut, 303)
  assert.deepEqual(await lire(), avant)
  await essai().traiter(premier)
  assert.deepEqual(await lire(), avant)
  await page.recevoir('OPAC71', ecrireCsv('v3.csv', [{ ...base, montant_dette: '1500' }]))
  assert.equal((await lire())?.dette, 150000)
})

test('[SIG-29] an import somebody built on is not withdrawn, and the page says why', async () => {
  const { application, compter, seConnecter } = essai()
  const page = await seConnecter('secretariat')
  const premier = ligne('Dumoulard')
  const lot = await page.recevoir('OPAC71', ecrireCsv('appui.csv', [premier]))
  // The same name, day of birth and door, another first name: a person decides.
  const jumeau = { ...premier, prenom: 'Bastien', reference_source: 'JUMEAU-1' }
  const douteux = await page.recevoir('OPAC71', ecrireCsv('jumeaux.csv', [jumeau]))
  const [doute] = await ouvrirSession(
    application,
    systeme,
    'doute.consulter',
    (session) => session.sql<{ id: string; dossier: string }>`
    select u.id, u.candidats->0->>'dossier' as dossier from doute u join signalement s on s.dept = ${DEPT} and s.id = u.signalement
    where u.dept = ${DEPT} and s.lot = ${douteux} and u.reponse is null`,
  )
  assert.ok(doute)
  assert.equal((await page.poster(`/reconnaitre/${doute.id}`, { reponse: 'meme', dossier: doute.dossier })).statut, 303)
  const avant = await compter()
  const decide = await page.poster(`/recevoir/${douteux}/retirer`)
  assert.equal(decide.statut, 422)
  assert.match(lireTexte(decide), /Ce fichier ne peut plus être retiré : un rattachement a été décidé par une personne/)
  await ouvrirSession(application, systeme, 'liste.figer', (session) =>
    figerListes(session, { date: session.jour, delaiReponse: null }),
  )
  const envoye = await page.poster(`/recevoir/${lot}/retirer`)
  assert.equal(envoye.statut, 422)
  assert.match(lireTexte(envoye), /déjà partis? dans un tableau/)
  assert.deepEqual(await compter(), avant)
})

test('[SIG-29] an import is not withdrawn once somebody wrote in a dossier it alone opened, until what was written is withdrawn', async () => {
  const { application, seConnecter } = essai()
  const page = await seConnecter('secretariat')
  const sienne = ligne('Ventadour')
  const fichier = ecrireCsv('actes.csv', [sienne])
  const lot = await page.recevoir('OPAC71', fichier)
  const enSysteme = <T>(travail: (session: Session) => Promise<T>) =>
    ouvrirSession(application, systeme, 'dossier.reaffecter', travail)
  const [dossier] = await enSysteme(
    (session) => session.sql<{ id: string; reference: string }>`
      select d.id, d.reference from dossier d join rattachement r on r.dept = ${DEPT} and r.dossier = d.id and r.defait_a is null
      join signalement s on s.dept = ${DEPT} and s.id = r.signalement where d.dept = ${DEPT} and s.lot = ${lot}`,
  )
  assert.ok(dossier)
  assert.match(lireTexte(await page.get(`/recevoir/${lot}/retirer`)), /1 signalement créé par ce fichier quitte/)
  const [personne] = await enSysteme(
    (session) => session.sql<{ id: string }>`select id from compte where dept = ${DEPT} limit 1`,
  )
  const parUnePersonne = <T>(travail: (session: Session) => Promise<T>) =>
    ouvrirSession(application, { ...systeme, compte: personne?.id ?? null }, 'acte.consigner', travail)
  const ecrit = await parUnePersonne((session) =>
    consignerActe(session, {
      dossier: dossier.id,
      genre: 'assignation',
      le: Temporal.PlainDate.from('2026-11-10'),
      contenu: {},
      envoi: randomUUID(),
    }),
  )
  const raison = /dans un dossier que ce fichier a ouvert, une personne a ajouté un acte/
  const avant = lireTexte(await page.get(`/recevoir/${lot}/retirer`))
  assert.match(avant, raison)
  assert.doesNotMatch(avant, /Le dépôt n’a pas été retiré/)
  const refuse = await page.poster(`/recevoir/${lot}/retirer`)
  assert.deepEqual([refuse.statut, raison.test(lireTexte(refuse))], [422, true])
  await parUnePersonne((session) =>
    annulerActe(session, { dossier: dossier.id, acte: ecrit.acte, motif: 'erreur_de_saisie', envoi: randomUUID() }),
  )
  // The same file again, by mistake: it is the one to take back first.
  const double = await page.recevoir('OPAC71', ecrireCsv('encore.csv', [sienne]))
  assert.match(
    lireTexte(await page.get(`/recevoir/${lot}/retirer`)),
    /redonné à l’identique par un fichier plus récent/,
  )
  assert.equal((await page.poster(`/recevoir/${double}/retirer`)).statut, 303)
  assert.equal((await page.poster(`/recevoir/${lot}/retirer`)).statut, 303)
})

test('[SIG-29] an XLSX and an ODS of the same rows give the verdicts of the CSV', async () => {
  const { seConnecter } = essai()
  const page = await seConnecter('secretariat')
  const lignes = [
    ligne('Tableur'),
    ligne('Classeur', { date_naissance: '31/02/1980', telephone: '0385000000' }),
    ligne('Feuille', { commune: '' }),
  ]
  const entete = Object.keys(lignes[0] ?? {})
  const feuille = {
    name: 'Signalements',
    header: entete,
    rows: lignes.map((une) => entete.map((colonne) => text(une[colonne]))),
  }
  const verdict = async (organisme: string, fichier: Fichier) => {
    const lot = await page.recevoir(organisme, fichier)
    return lireVerdict((await page.get(`/recevoir/${lot}/verdict.csv`)).octets)
  }
  const csv = await verdict('OPAC71', ecrireCsv('rangees.csv', lignes))
  assert.deepEqual(
    csv.map(({ verdict: rendu }) => rendu),
    ['acceptee', 'avertissement', 'rejetee'],
  )
  assert.deepEqual(await verdict('MH71', { nom: 'rangees.xlsx', octets: await writeXlsx(feuille) }), csv)
  assert.deepEqual(await verdict('AL71', { nom: 'rangees.ods', octets: await writeOds(feuille) }), csv)
})

test('[SIG-29] hostile or unreadable files are kept with a clear refusal, and create nothing', async () => {
  const { compter, seConnecter } = essai()
  const page = await seConnecter('secretariat')
  const avant = await compter()
  const refuses: readonly [Fichier, RegExp][] = [
    [{ nom: 'vide.csv', octets: Buffer.alloc(0) }, /Fichier vide\. Ce fichier est vide/],
    [{ nom: 'photo.csv', octets: Buffer.from('89504e470d0a1a0a0000', 'hex') }, /ni un CSV, ni un classeur/],
    [
      { nom: 'page.csv', octets: Buffer.from('<!DOCTYPE html><html><body>x</body></html>') },
      /ni un CSV, ni un classeur/,
    ],
    [
      { nom: 'utf16.csv', octets: Buffer.from('\ufefftype;reference_source', 'utf16le') },
      /L’encodage de ce fichier n’est pas lu/,
    ],
    [
      {
        nom: 'guillemet.csv',
        octets: Buffer.from('type;reference_source;date_signalement;commune;nom_usage\nimpaye_caf;"A;;;\n'),
      },
      /n’est jamais fermé/,
    ],
    [{ nom: 'texte.csv', octets: Buffer.from('bonjour tout le monde\nrien à lire\n') }, /aucun nom de colonne connu/],
    [
      { nom: 'sans-entete.csv', octets: Buffer.from('impaye_caf;A-1;13/11/2026;Autun;Vassal\n') },
      /aucun nom de colonne connu/,
    ],
    [
      { nom: 'double.csv', octets: Buffer.from('type;type;reference_source;date_signalement;commune;nom_usage\n') },
      /présente deux fois/,
    ],
    [{ nom: 'bombe.xlsx', octets: Buffer.from('504b0304140000000800', 'hex') }, /Format non lu/],
  ]
  for (const [fichier, raison] of refuses) {
    const depot = await page.deposer('OPAC71', fichier)
    assert.equal(depot.statut, 303, fichier.nom)
    const texte = lireTexte(await page.get(depot.vers ?? ''))
    assert.match(texte, raison, fichier.nom)
    assert.match(texte, /Aucun signalement n’a été créé/, fichier.nom)
    const json = JSON.parse((await page.get(`${depot.vers}/verdict.json`)).octets.toString())
    assert.equal(json.statut, 'refuse')
  }
  assert.deepEqual(await compter(), avant)
  // Names that would break a header or a page are cleaned.
  const nom = await page.deposer('OPAC71', {
    nom: '../..\\<b>\u0007é😀.csv',
    octets: ecrireCsv('x', [ligne('Nommé')]).octets,
  })
  assert.match(lireTexte(await page.get(nom.vers ?? '')), /<b>é😀\.csv|&lt;b&gt;é😀\.csv/)
})

test('[SIG-29] several files are deposited at once, each with its own verdict', async () => {
  const { seConnecter } = essai()
  const page = await seConnecter('secretariat')
  const depot = await page.deposer('OPAC71', ecrireCsv('un.csv', [ligne('Premier')]), {
    nom: 'deux.csv',
    octets: Buffer.alloc(0),
  })
  assert.equal(depot.vers, '/recevoir')
  const texte = lireTexte(await page.get('/recevoir'))
  assert.match(texte, /2 fichiers déposés, reçus le 20\/11\/2026\. 1 fichier refusé : ouvrir le dépôt pour la raison\./)
  assert.match(texte, /un\.csv .*en attente de lecture/)
  assert.match(texte, /deux\.csv .*refusé/)
})

test('[SIG-29] every deposit stays within reach: found by file, sender and state, fifty a page; so do rejected lines', async () => {
  const { application, seConnecter, traiter } = essai()
  const page = await seConnecter('secretariat')
  const lots: string[] = []
  for (let rang = 1; rang <= 54; rang += 1) {
    const depot = await page.deposer('MH71', { nom: `page-${rang}.csv`, octets: Buffer.from(`vide${rang}\r\nx\r\n`) })
    lots.push(idDe(depot.vers))
  }
  const nommes = (texte: string) => [...texte.matchAll(/>(page-\d+\.csv)</g)].map(([, nom]) => nom)
  const adresse = (texte: string, libelle: string) =>
    new RegExp(`href="([^"#]+)[^>]*>(?:(?!</a>).)*${libelle}`).exec(texte)?.[1]?.replaceAll('&amp;', '&') ?? ''
  const premiere = await page.get('/recevoir?q=PAGE-')
  assert.match(lireTexte(premiere), /54 dépôts pour : Fichier : PAGE-/)
  assert.match(lireTexte(premiere), /1 à 50 sur 54/)
  assert.deepEqual(nommes(premiere.texte).slice(0, 2), ['page-54.csv', 'page-53.csv'])
  const seconde = await page.get(adresse(premiere.texte, 'Suivants'))
  assert.deepEqual(nommes(seconde.texte), ['page-4.csv', 'page-3.csv', 'page-2.csv', 'page-1.csv'])
  assert.match(lireTexte(seconde), /51 à 54 sur 54/)
  const retour = await page.get(adresse(seconde.texte, 'Précédents'))
  assert.deepEqual(nommes(retour.texte), nommes(premiere.texte))
  assert.match(
    lireTexte(await page.get('/recevoir?q=page-&etat=traite')),
    /0 dépôt .*Aucun fichier ne répond à ces filtres/,
  )
  assert.match(lireTexte(await page.get('/recevoir?etat=nimporte&avant=x_y')), /dépôts/)
  const opac = await essai().organisme('OPAC71')
  assert.deepEqual(nommes((await page.get(`/recevoir?emetteur=${opac}`)).texte), [])
  // A hundred rejected lines on a page, the others behind it.
  const lot = idDe(
    (
      await page.deposer(
        'OPAC71',
        ecrireCsv(
          'rejets.csv',
          Array.from({ length: 130 }, (_, n) => ligne(`Rejet${n + 1}`, { commune: '' })),
        ),
      )
    ).vers,
  )
  await traiter(lot)
  const vues = new Set<string>()
  for (let vers = '/recevoir/a-corriger', tour = 0; vers !== '' && tour < 9; tour += 1) {
    const lue = await page.get(vers)
    for (const [, nom] of lue.texte.matchAll(/>(Rejet\d+) Camille/g)) vues.add(nom ?? '')
    vers = adresse(lue.texte, 'Lignes suivantes')
  }
  assert.equal(vues.size, 130)
  assert.equal((await page.poster(`/recevoir/${lot}/retirer`)).statut, 303)
  await application.base.pool.query("delete from lot where dept = '71' and nom like 'page-%'")
})

test('[SIG-29] the deposit form says what is missing, and that importing is no referral to the court', async () => {
  const { seConnecter } = essai()
  const page = await seConnecter('secretariat')
  assert.match(lireTexte(await page.get('/recevoir')), /Importer ici ne vaut pas saisine/)
  const vide = await page.poster('/recevoir', { recu_le: '2026-12-24' })
  assert.equal(vide.statut, 422)
  const texte = lireTexte(vide)
  assert.match(
    texte,
    /Choisir l’organisme qui a produit le fichier\. .*Choisir au moins un fichier\. .*Cette date n’est pas encore passée/,
  )
})

test('[TER-04] an unknown commune never rejects a line: it is kept, its territory to be told', async () => {
  const { application, seConnecter } = essai()
  const page = await seConnecter('secretariat')
  const inconnue = ligne('Lointain', { commune: 'Trifouilly-les-Oies' })
  const lot = await page.recevoir(
    'OPAC71',
    ecrireCsv('communes.csv', [inconnue, ligne('Ancienne', { commune: 'Clux' })]),
  )
  const texte = lireTexte(await page.get(`/recevoir/${lot}?voir=tout`))
  assert.match(
    texte,
    /avertissement signalement créé Lointain Camille ESSAI-\d+ Commune Trifouilly-les-Oies Cette commune n’est pas dans la liste du territoire.*« ?Communes à situer/,
  )
  const lignes = await ouvrirSession(
    application,
    systeme,
    'lot.consulter',
    (session) => session.sql<{ commune: string; territoire: string | null }>`
    select commune, territoire from signalement where dept = ${DEPT} and lot = ${lot} order by ligne`,
  )
  assert.deepEqual(lignes[0], { commune: 'Trifouilly-les-Oies', territoire: null })
  assert.equal(lignes[1]?.commune, 'Clux-Villeneuve')
  assert.notEqual(lignes[1]?.territoire, null)
})

test('a sender sees its own deposits only, deposits in its own name, and never reads a dossier', async () => {
  const { application, compter, organisme, seConnecter, traiter } = essai()
  const [secretariat, opac, huissiers] = [
    await seConnecter('secretariat'),
    await seConnecter('opac'),
    await seConnecter('huissiers'),
  ]
  const avant = await compter()
  // The form says another organisme: the sender's own is kept.
  const depot = await opac.deposer(
    'CAF71',
    ecrireCsv('opac.csv', [ligne('Emetteur'), ligne('Sienne', { commune: '' })]),
  )
  const lot = idDe(depot.vers)
  const [ecrit] = await ouvrirSession(
    application,
    systeme,
    'lot.consulter',
    (session) => session.sql<{ organisme: string }>`
    select organisme from lot where dept = ${DEPT} and id = ${lot}`,
  )
  assert.equal(ecrit?.organisme, await organisme('OPAC71'))
  await traiter(lot)
  const sien = lireTexte(await opac.get(`/recevoir/${lot}?voir=tout`))
  assert.match(sien, /Emetteur Camille/)
  assert.doesNotMatch(sien, /71-2026-\d+|reconnaître/i)
  assert.match(lireTexte(await secretariat.get(`/recevoir/${lot}?voir=tout`)), /Dossier 71-2026-\d+/)
  assert.match(lireTexte(await opac.get('/recevoir/a-corriger')), /Sienne/)
  for (const adresse of [
    '',
    '/verdict.csv',
    '/verdict.json',
    '/lignes-a-corriger',
    '/colonnes',
    '/lignes/3',
    '/retirer',
  ]) {
    assert.equal((await huissiers.get(`/recevoir/${lot}${adresse}`)).statut, 404, adresse)
  }
  assert.equal((await huissiers.poster(`/recevoir/${lot}/retirer`)).statut, 404)
  assert.equal((await huissiers.poster(`/recevoir/${lot}/lignes/3`, { commune: 'Autun' })).statut, 404)
  assert.doesNotMatch(lireTexte(await huissiers.get('/recevoir')), /opac\.csv/)
  assert.doesNotMatch(lireTexte(await huissiers.get('/recevoir/a-corriger')), /Sienne/)
  // Its own correction and its own withdrawal reach what it cannot see.
  assert.equal((await opac.poster(`/recevoir/${lot}/lignes/3`, { commune: 'Autun' })).statut, 303)
  await traiter(lot)
  assert.equal((await compter()).rattaches, avant.rattaches + 2)
  assert.equal((await opac.poster(`/recevoir/${lot}/retirer`)).statut, 303)
  assert.deepEqual(await compter(), avant)
})

test('a sender whose file serves already learns that, not what was done of its households', async () => {
  const { application, seConnecter } = essai()
  const opac = await seConnecter('opac')
  const lot = await opac.recevoir('OPAC71', ecrireCsv('servi.csv', [ligne('Servi')]))
  await ouvrirSession(
    application,
    systeme,
    'dossier.reaffecter',
    (session) => session.sql`
    insert into fait (dept, id, dossier, type, le, a) select ${DEPT}, gen_random_uuid(), r.dossier, 'contact.abouti', ${session.jour}, ${session.maintenant}
    from rattachement r join signalement s on s.dept = ${DEPT} and s.id = r.signalement where r.dept = ${DEPT} and s.lot = ${lot}`,
  )
  const refus = await opac.poster(`/recevoir/${lot}/retirer`)
  assert.equal(refus.statut, 422)
  assert.match(lireTexte(refus), /un service, ou un fichier plus récent, s’est déjà appuyé dessus/)
  assert.doesNotMatch(lireTexte(refus), /contacté|confié/)
})

test('each role has its own gestures: the préfecture deposits and does not withdraw, a social service receives nothing', async () => {
  const { seConnecter } = essai()
  const prefecture = await seConnecter('prefecture')
  const lot = await prefecture.recevoir(
    'PREF71',
    ecrireCsv('prefecture.csv', [ligne('Préfet', { type: 'saisine_partenaire' })]),
  )
  assert.doesNotMatch(lireTexte(await prefecture.get(`/recevoir/${lot}`)), /Retirer ce dépôt/)
  assert.equal((await prefecture.poster(`/recevoir/${lot}/retirer`)).statut, 403)
  const social = await seConnecter('social')
  assert.equal((await social.get('/recevoir')).statut, 403)
  assert.equal((await social.get(`/recevoir/${lot}`)).statut, 403)
})

test('what comes near health is kept from whoever is not entitled, and survives a correction', async () => {
  const { application, seConnecter } = essai()
  const page = await seConnecter('secretariat')
  const lot = await page.recevoir(
    'OPAC71',
    ecrireCsv('sante.csv', [
      ligne('Réservé', { handicap: 'oui', commune: '' }),
      ligne('Curieux', { handicap: 'peut-être' }),
    ]),
  )
  const texte = lireTexte(await page.get(`/recevoir/${lot}`))
  assert.match(texte, /Situation de handicap réservé au service social/)
  assert.match(texte, /Situation de handicap \(réservé au service social\) Cette valeur n’est pas admise ici/)
  assert.doesNotMatch(texte, /peut-être/)
  assert.doesNotMatch((await page.get(`/recevoir/${lot}/lignes/2`)).texte, /name="handicap"/)
  assert.equal((await page.poster(`/recevoir/${lot}/lignes/2`, { commune: 'Autun' })).statut, 303)
  const [corrige] = await ouvrirSession(application, systeme, 'lot.consulter', async (session) => {
    const [{ id } = { id: '' }] = await session.sql<{ id: string }>`
      select id from signalement where dept = ${DEPT} and lot = ${lot} and ligne = 2`
    return lireSignalements(session, [id])
  })
  assert.equal(corrige?.contenu.handicap, true)
})

/** Marks of a form: what its reader saw. */
const marquesDe = (html: string): Record<string, string> =>
  Object.fromEntries(
    [...html.matchAll(/name="(vu-[^"]+)" value="([^"]+)"/g)].map(([, nom = '', valeur = '']) => [nom, valeur]),
  )
const champsDuFormulaire = (html: string, mot: string): Record<string, string> => {
  const formulaire = html.split('<form').find((un) => un.includes(mot)) ?? ''
  return Object.fromEntries(
    [...formulaire.matchAll(/name="([^"]+)" value="([^"]*)"/g)].map(([, nom = '', valeur = '']) => [nom, valeur]),
  )
}

test('[SIG-30] two people who correct the same line see both corrections where they differ; mine may replace theirs, as a new version', async () => {
  const { compter, seConnecter, traiter } = essai()
  const page = await seConnecter('secretariat')
  const lot = await page.recevoir(
    'OPAC71',
    ecrireCsv('deux-corrections.csv', [
      ligne('CONFLIT-1', { date_signalement: '13/13/2026', montant_dette: '100,00' }),
    ]),
  )
  const adresse = (await page.get(`/recevoir/${lot}/lignes/premiere`)).vers ?? ''
  const vus = marquesDe((await page.get(adresse)).texte)
  assert.equal(Object.keys(vus).length, 1)
  await page.poster(adresse, { ...vus, date_signalement: '12/11/2026', montant_dette: '100,00' })
  await traiter(lot)
  const avant = await compter()
  const tard = await page.poster(adresse, { ...vus, date_signalement: '11/11/2026', montant_dette: '100,00' })
  assert.equal(tard.statut, 409)
  assert.match(
    lireTexte(tard),
    /Date du signalement 11 ?\/11\/2026 12 ?\/11\/2026 Camille SECRETARIAT, le 20\/11\/2026/,
  )
  assert.doesNotMatch(lireTexte(tard), /100,00/, 'only what differs')
  assert.deepEqual(await compter(), avant)
  const remplacee = await page.poster(adresse, champsDuFormulaire(tard.texte, 'à la place'))
  assert.equal(remplacee.statut, 303)
  await traiter(lot)
  assert.deepEqual(await compter(), { ...avant, versions: avant.versions + 1 }, 'one signalement, one more version')
  const relue = lireTexte(await page.get(adresse))
  assert.match(relue, /corrigée à nouveau : son signalement est mis à jour/)
  assert.match(relue, /Correction à l’écran .* Date du signalement 11\/11\/2026/)
  // One may also correct again on purpose; the reference stays.
  const encore = await page.get(`${adresse}?corriger=encore`)
  assert.match(lireTexte(encore), /Déjà corrigée : la nouvelle correction met à jour son signalement/)
  const autre = await page.poster(adresse, { ...marquesDe(encore.texte), reference_source: 'AUTRE-1' })
  assert.match(lireTexte(await page.get(autre.vers ?? '')), /La référence d’une ligne déjà corrigée ne change plus/)
})

test('[SIG-29] two people who say which column is which see both mappings; the second may have its own read instead', async () => {
  const { seConnecter, traiter } = essai()
  const page = await seConnecter('secretariat')
  const fichier = ecrireCsv('deux-correspondances.csv', [
    {
      Réf: 'COL-1',
      Quoi: 'impaye_bailleur_social',
      Jour: '13/11/2026',
      Locataire: 'Vuillermoz',
      'Petit nom': 'Agathe',
      Ville: 'Autun',
      Lieu: '3 rue Neuve',
      Somme: '412,00',
    },
  ])
  const depot = await page.deposer('OPAC71', fichier)
  const lot = /^\/recevoir\/([0-9a-f-]{36})\/colonnes$/.exec(depot.vers ?? '')?.[1] ?? ''
  const adresse = `/recevoir/${lot}/colonnes`
  const vus = marquesDe((await page.get(adresse)).texte)
  const choix = {
    'colonne-0': 'reference_source',
    'colonne-1': 'type',
    'colonne-2': 'date_signalement',
    'colonne-3': 'nom_usage',
    'colonne-4': 'prenom',
    'colonne-5': 'commune',
    'colonne-6': 'adresse',
    'colonne-7': '',
  }
  assert.equal((await page.poster(adresse, { ...vus, ...choix })).statut, 303)
  // Read while the file is being read: the choices stay on the page.
  const enCours = await page.poster(adresse, {
    ...marquesDe((await page.get(adresse)).texte),
    ...choix,
    'colonne-7': 'montant_dette',
  })
  assert.equal(enCours.statut, 422)
  assert.match(lireTexte(enCours), /vos choix restent ici/)
  assert.match(enCours.texte, /<option value="montant_dette" selected="">|<option selected="" value="montant_dette">/)
  await traiter(lot)
  const tard = await page.poster(adresse, { ...vus, ...choix, 'colonne-7': 'montant_dette' })
  assert.equal(tard.statut, 409)
  assert.match(lireTexte(tard), /Somme Dette locative Gardée telle quelle Camille SECRETARIAT/)
  assert.doesNotMatch(lireTexte(tard), /Ville Commune/, 'only what differs')
  const mienne = await page.poster(adresse, champsDuFormulaire(tard.texte, 'Enregistrer mes colonnes'))
  assert.equal(mienne.statut, 303)
  assert.match(mienne.vers ?? '', /^\/recevoir\/[0-9a-f-]{36}$/)
  const pareille = await page.poster(adresse, { ...vus, ...choix, 'colonne-7': 'montant_dette' })
  assert.equal(pareille.statut, 303, 'the same choices are no conflict')
})
