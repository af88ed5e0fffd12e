import assert from 'node:assert/strict'
import { execFileSync } from 'node:child_process'
import { cpSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { test } from 'node:test'
import {
  chargerTerritoires,
  libelleTerritoire,
  listerSecretariats,
  normaliserCommune,
  proposerCommunes,
  trouverCommune,
} from './territoires.ts'
import { ErreurDonnees } from './yaml.ts'

const donnees = join(import.meta.dirname, '../../../donnees')
const t71 = chargerTerritoires(donnees, '71')
const jour = Temporal.PlainDate.from('2026-11-20')
const territoire = (nom: string) => trouverCommune(t71, nom, jour)?.territoire

/** Every writing of a commune found in the public sample files. */
const ECRITURES = `
ALLEREY SUR SAÔNE CEDEX|AUTUN|Allerey sur Saône|Autun|Autun CEDEX|Aze|BLANZY|BOURBON LANCY|BOURBON-LANCY|Blanzy
Bourbon Lancy|Branges|CHAGNY|CHALON S/SAÔNE|CHALON SUR SAONE|CHALON SUR SAÔNE|CHALON-SUR-SAONE|CHALON-SUR-SAÔNE
CHALON-SUR-SAÔNE CEDEX|CHAMPFORGEUIL|CHARNAY LÈS MÂCON|CHARNAY LÈS MÂCON CEDEX|CHAROLLES|CHATENOY-LE-ROYAL
CHÂTENOY LE ROYAL|CIRY-LE-NOBLE|CRECHES-SUR-SAONE|CUISEAUX|Chagny|Chalon s/Saone|Chalon s/Saone CEDEX
Chalon s/Saône|Chalon sur Saone|Chalon sur Saône|Chalon sur Saône CEDEX|Chalon-sur-Saone|Chalon-sur-Saone CEDEX
Chalon-sur-Saône|Champforgeuil|Champforgeuil CEDEX|Charnay lès Mâcon|Charnay-les-Macon CEDEX|Charnay-lès-Mâcon
Charolles|Chatenoy le Royal|Chatenoy le Royal CEDEX|Châtenoy le Royal|Ciry le Noble|Ciry-le-Noble|Cluny
Cuiseaux|Cuisery|DIGOIN|Demigny|Digoin|EPINAC|ETANG-SUR-ARROUX|Epinac|Etang-sur-Arroux|FONTAINES|Fontaines
GIVRY|GUEUGNON|Gergy|Givry|Gueugnon|Gueugnon CEDEX|GÉNELARD|Génelard|LA CHAPELLE DE GUINCHAY|LA ROCHE VINEUSE
LA ROCHE-VINEUSE|LE BREUIL|LE BREUIL CEDEX|LE CREUSOT|LOUHANS|La Chapelle de Guinchay
La Chapelle de Guinchay CEDEX|La Clayette|La Clayette CEDEX|La Roche-Vineuse|Le Creusot|Louhans|Lugny|MACON
MARCIGNY|MATOUR|MELAY|MERVANS|MONTCEAU LES MINES|MONTCEAU LES MINES CEDEX|MONTCEAU-LES-MINES
MONTCEAU-LES-MINES CEDEX|MONTCHANIN|MONTCHANIN CEDEX|Macon|Macon CEDEX|Marmagne|Melay|Mervans
Montceau les Mines|Montceau-les-Mines|Montceau-les-Mines CEDEX|Montcenis|Montchanin|Montchanin CEDEX|MÂCON
MÂCON CEDEX|Mâcon|Mâcon CEDEX|Oslon|Ouroux-sur-Saône|PARAY LE MONIAL|PARAY-LE-MONIAL|PRISSE|PRISSÉ|Palinges
Paray le Monial|Paray-le-Monial|Perrecy les Forges|Perrecy les Forges CEDEX|Pierre-de-Bresse|Prisse|Prissé
RULLY CEDEX|Rully|SAINT GERMAIN DU BOIS|SAINT LAURENT D'ANDENAY|SAINT MARCEL|SAINT MARCEL CEDEX
SAINT-GERMAIN-DU-BOIS CEDEX|SAINT-MARCEL|SAINT-RÉMY|SAINT-VALLIER|SANCÉ|SANVIGNES LES MINES|SANVIGNES-LES-MINES
SENNECEY LE GRAND|SIMANDRE|SORNAY|ST MARCEL|ST VALLIER|ST-GERMAIN-DU-PLAIN|ST-VALLIER|Saint Marcel|Saint Remy
Saint Rémy|Saint Vallier|Saint Yan|Saint-Eusebe|Saint-Marcel|Saint-Vallier|Saint-Yan|Sance|Sancé
Sanvignes les Mines|Sanvignes-les-Mines|Semur en Brionnais|Sennecey le Grand|Sennecey-le-Grand|Sevrey|Simandre
Simandre CEDEX|Sornay|St Marcel|St Rémy|St Vallier|St Yan|St-Vallier|TOULON-SUR-ARROUX|TOURNUS|Torcy
Torcy CEDEX|Toulon sur Arroux|Tournus|VARENNES LE GRAND|Varennes le Grand|Varennes le Grand CEDEX
Varennes-le-Grand|Vitry-en-Charollais
`

test('names are compared without accents, case, hyphens, abbreviations nor CEDEX', () => {
  for (const [ecrit, attendu] of [
    ['Châtenoy-le-Royal', 'CHATENOY LE ROYAL'],
    ['chalon s/Saône', 'CHALON SUR SAONE'],
    ['CHALON S/ SAONE CEDEX', 'CHALON SUR SAONE'],
    ['St-Vallier', 'SAINT VALLIER'],
    ['STE CROIX', 'SAINTE CROIX'],
    ['ESTRY', 'ESTRY'],
    ['Mâcon CEDEX 9', 'MACON'],
    ['L’Hôpital - le\u00a0Mercier', 'L HOPITAL LE MERCIER'],
    ["Saint-Laurent-d'Andenay ", 'SAINT LAURENT D ANDENAY'],
    ['Sacy-lès-Œufs', 'SACY LES OEUFS'],
  ] as const) {
    assert.equal(normaliserCommune(ecrit), attendu)
  }
})

test('[TER-01] [TER-02] the six territories keep the counts of the printed lists', () => {
  const comptes = Object.entries(Object.groupBy(t71.lignes, (ligne) => ligne.territoire))
  assert.deepEqual(
    comptes.map(([id, lignes]) => [libelleTerritoire(t71, id), lignes?.length]),
    [
      ['Autun', 78],
      ['Chalon-sur-Saône', 149],
      ['Charolles', 130],
      ['Louhans', 88],
      ['Mâcon', 131],
      ['Montceau-les-Mines', 13],
    ],
  )
  assert.equal(t71.communes.length, 563)
})

test('every commune of the sample files is found with its territory', () => {
  const ecritures = ECRITURES.trim().split(/[|\n]/)
  assert.ok(ecritures.length > 150)
  assert.deepEqual(
    ecritures.filter((nom) => territoire(nom) == null),
    [],
  )
  assert.equal(territoire('Le Creusot'), 'autun')
  assert.equal(territoire('ST-VALLIER'), 'montceau-les-mines')
})

test('[TER-03] names cut on two lines, printed twice or with a lost space are one commune', () => {
  assert.equal(trouverCommune(t71, 'Saint-Romain-sous-Gourdon')?.codeInsee, '71477')
  assert.equal(trouverCommune(t71, 'Saint Romain sous'), null)
  assert.equal(trouverCommune(t71, 'Gourdon')?.codeInsee, '71222')
  assert.equal(t71.lignes.filter((ligne) => ligne.nomListe === 'Frontenard').length, 1)
  assert.equal(t71.lignes.filter((ligne) => ligne.nomListe === 'Montagny sur Grosne').length, 1)
  assert.deepEqual(
    ['Bourg-le-Comte', 'BOURG LECOMTE'].map((nom) => trouverCommune(t71, nom)?.codeInsee),
    ['71048', '71048'],
  )
})

test('[TER-03] [TER-04] a vanished commune keeps the territory of its list and leads to the commune of today', () => {
  assert.deepEqual(
    ['Géanges', 'La Loyère', 'Clux', 'Terrans', 'Clermain'].map((nom) => {
      const trouvee = trouverCommune(t71, nom, jour)
      return [trouvee?.statut, trouvee?.nomActuel, trouvee?.territoire]
    }),
    [
      ['fusionnee', 'Saint-Loup-Géanges', 'chalon-sur-saone'],
      ['fusionnee', 'Fragnes-La Loyère', 'chalon-sur-saone'],
      ['fusionnee', 'Clux-Villeneuve', 'chalon-sur-saone'],
      ['fusionnee', 'Pierre-de-Bresse', 'chalon-sur-saone'],
      ['deleguee', 'Navour-sur-Grosne', 'macon'],
    ],
  )
  assert.equal(territoire('Navour-sur-Grosne'), 'macon')
  assert.equal(territoire('Louhans-Châteaurenaud'), 'louhans')
  assert.equal(territoire('Pierre-de-Bresse'), 'louhans')
})

test('[TER-03] a hamlet and an unidentified name keep the territory of their list, without a code', () => {
  const gautherets = trouverCommune(t71, 'LES GAUTHERETS')
  assert.deepEqual(
    [gautherets?.territoire, gautherets?.codeInsee, gautherets?.statut],
    ['chalon-sur-saone', null, 'hameau'],
  )
  const germolles = trouverCommune(t71, 'Germolles')
  assert.deepEqual([germolles?.territoire, germolles?.codeInsee, germolles?.statut], ['macon', null, 'inconnue'])
  assert.equal(territoire('Germolles-sur-Grosne'), 'charolles')
})

test('[TER-04] a known commune without one single list is left to a person', () => {
  const frontenaud = trouverCommune(t71, 'Frontenaud', jour)
  assert.deepEqual(
    [frontenaud?.territoire, frontenaud?.territoiresPossibles, frontenaud?.codeInsee],
    [null, [], '71209'],
  )
  const charette = trouverCommune(t71, 'Charette-Varennes', jour)
  assert.equal(charette?.territoire, null)
  assert.deepEqual(charette?.territoiresPossibles.toSorted(), ['chalon-sur-saone', 'louhans'])
  assert.equal(libelleTerritoire(t71, null), 'Territoire à déterminer')
})

test('[TER-04] a commune elsewhere, a resemblance and an empty text are not found, only proposed', () => {
  for (const nom of ['Dijon', 'Beaune', 'Macn', 'Chalonsursaone', 'Sens', ''])
    assert.equal(trouverCommune(t71, nom), null)
  assert.equal(proposerCommunes(t71, 'Macn')[0]?.commune.territoire, 'macon')
  assert.equal(proposerCommunes(t71, 'Chalonsursaone')[0]?.nom, 'Chalon-sur-Saône')
  assert.equal(proposerCommunes(t71, 'Champlieu')[0]?.commune.nomActuel, 'Étrigny')
  assert.deepEqual(proposerCommunes(t71, ''), [])
  assert.ok(proposerCommunes(t71, 'Saint-Martin', 2).length <= 2)
})

test('[TER-02] rows count only on the days they are in force', () => {
  assert.equal(trouverCommune(t71, 'Autun', Temporal.PlainDate.from('2020-02-13'))?.territoire, null)
  assert.equal(trouverCommune(t71, 'Autun', Temporal.PlainDate.from('2020-02-14'))?.territoire, 'autun')
})

test('[TER-02] a commune that changes territory at a date is read at the day asked', () => {
  const copie = copier()
  const chemin = join(copie, 'departements/71-saone-et-loire/territoires.csv')
  const texte = readFileSync(chemin, 'utf8').replace(
    /^autun;Couches;Couches;71149;actuelle;2020-02-14;;$/m,
    'autun;Couches;Couches;71149;actuelle;2020-02-14;2026-12-31;\nmontceau-les-mines;Couches;Couches;71149;actuelle;2027-01-01;;',
  )
  writeFileSync(chemin, texte)
  const charge = chargerTerritoires(copie, '71')
  const lire = (le: string) => trouverCommune(charge, 'Couches', Temporal.PlainDate.from(le))?.territoire
  assert.deepEqual([lire('2026-12-31'), lire('2027-01-01')], ['autun', 'montceau-les-mines'])
  assert.equal(trouverCommune(charge, 'Couches')?.territoire, null)
  rmSync(copie, { recursive: true })
})

test('[TER-05] [TER-06] one secretariat serves two territories, each territory has one', () => {
  assert.deepEqual(
    t71.territoires.map(({ id }) => listerSecretariats(t71, id).map((secretariat) => secretariat.id)),
    [['autun-montceau'], ['chalon-sur-saone'], ['charolles'], ['louhans'], ['macon'], ['autun-montceau']],
  )
  assert.ok(t71.secretariats.every(({ adresse, verifie_le }) => adresse.length > 0 && verifie_le === null))
})

test('[TER-09] a commune carries its official arrondissement, distinct from its territory', () => {
  const montceau = trouverCommune(t71, 'Montceau-les-Mines')
  assert.deepEqual([montceau?.territoire, montceau?.arrondissement], ['montceau-les-mines', 'Autun'])
})

test('[TER-12] the model département has its own invented communes', () => {
  const modele = chargerTerritoires(donnees, 'modele-pdalhpd')
  assert.ok(modele.lignes.every(({ statut, codeInsee }) => statut === 'fictive' && codeInsee?.startsWith('99')))
  assert.equal(trouverCommune(modele, 'MALVAUX EN BRIERE')?.territoire, 'sud')
  assert.equal(trouverCommune(modele, 'Autun'), null)
  assert.deepEqual(
    listerSecretariats(modele, 'nord').map(({ id }) => id),
    ['unique'],
  )
})

test('a faulty list says the file, the line and what is admitted', () => {
  const copie = copier()
  const chemin = join(copie, 'departements/71-saone-et-loire/territoires.csv')
  const lignes = readFileSync(chemin, 'utf8').split('\n')
  lignes[2] = 'autunn;Antully;Antully;71010;actuel;2020-02-30;;'
  lignes[3] = lignes[1] ?? ''
  writeFileSync(chemin, lignes.join('\n'))
  assert.throws(
    () => chargerTerritoires(copie, '71'),
    (erreur) => {
      assert.ok(erreur instanceof ErreurDonnees)
      assert.deepEqual(
        erreur.problemes.map(({ ligne, message }) => `${ligne} ${message.slice(0, 34)}`),
        [
          '3 Statut inconnu « actuel ». Statuts',
          '3 Territoire inconnu « autunn » : il',
          '3 « 2020-02-30 » n’est pas une date ',
          '4 « Anost » figure deux fois pour ce',
        ],
      )
      return true
    },
  )
  assert.throws(() => chargerTerritoires(copie, '21'), /Aucun dossier de département/)
  rmSync(copie, { recursive: true })
})

test('the generated lists are what their sources give', () => {
  const script = join(import.meta.dirname, '../../../scripts/nomenclatures.mjs')
  execFileSync(process.execPath, [script, '--verifier'], { stdio: 'inherit' })
})

function copier(): string {
  const dossier = mkdtempSync(join(tmpdir(), 'amont-territoires-'))
  for (const partie of ['departements/71-saone-et-loire', 'nomenclatures']) {
    cpSync(join(donnees, partie), join(dossier, partie), { recursive: true })
  }
  return dossier
}
