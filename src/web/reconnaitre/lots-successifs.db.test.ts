import assert from 'node:assert/strict'
import { after, before, describe, test } from 'node:test'
import { acteurSysteme, ouvrirSession } from '#acces'
import { rapprocherLot } from '#rapprochement'
import { terminerLot, traiterLignes } from '#signalements'
import { type Essai, ecrireCsv, type Navigateur, ouvrirEssai } from '../recevoir/fabrique-essai.ts'

const DEPT = '71'
/** Lines are recognised four hundred at a time. */
const AVANT_LA_COUPURE = 400
const DEBUTS = [
  'Ba',
  'Cor',
  'Du',
  'Fé',
  'Gi',
  'Lo',
  'Mar',
  'Né',
  'Pi',
  'Ra',
  'Su',
  'Tré',
  'Va',
  'Zo',
  'Jan',
  'Hu',
  'Ko',
  'Bel',
  'Chi',
  'Dro',
]
const FINS = [
  'bert',
  'dalle',
  'gnon',
  'loup',
  'mont',
  'nier',
  'pard',
  'quet',
  'rival',
  'sset',
  'tier',
  'vigne',
  'zac',
  'cour',
  'fond',
  'heim',
  'jac',
  'kern',
  'melle',
  'paz',
]

type Ligne = Readonly<Record<string, string>>

/** A household known by its rank: nothing it says is said of another. */
const menage = (rang: number, de: Ligne = {}): Ligne => ({
  type: 'impaye_bailleur_social',
  reference_source: `SUITE-${rang}`,
  date_signalement: '13/11/2026',
  nom_usage: `${DEBUTS[rang % 20]}${FINS[Math.floor(rang / 20) % 20]}${rang >= 400 ? 'ou' : ''}`,
  prenom: ['Armand', 'Lucette', 'Octave', 'Irène', 'Ulysse', 'Basile', 'Fanchon'][rang % 7] ?? '',
  date_naissance: Temporal.PlainDate.from('1950-01-03')
    .add({ days: 41 * rang })
    .toString(),
  adresse: `${3 + rang} rue des Forges`,
  commune: ['Le Creusot', 'Autun', 'Mâcon', 'Digoin', 'Louhans'][rang % 5] ?? '',
  montant_dette: '1250,50',
  ...de,
})

/** Lines that fill a batch up to its last two. */
const remplissage = (serie: string): Ligne[] =>
  Array.from({ length: AVANT_LA_COUPURE - 2 }, (_, rang) => menage(rang, { reference_source: `${serie}-${rang}` }))

describe('a file recognised in several batches', () => {
  let ouvert: Essai | undefined
  let page: Navigateur
  before(async () => {
    ouvert = await ouvrirEssai()
    page = await ouvert.seConnecter('secretariat')
  })
  after(() => ouvert?.fermer())
  function essai(): Essai {
    if (!ouvert) throw new Error('not open')
    return ouvert
  }

  const lire =
    <T>(
      requete: (reference: string, sql: Parameters<Parameters<typeof ouvrirSession<T>>[3]>[0]['sql']) => Promise<T>,
    ) =>
    (reference: string): Promise<T> =>
      ouvrirSession(essai().application, acteurSysteme(DEPT, 'essai'), 'doute.trancher', ({ sql }) =>
        requete(reference, sql),
      )
  /** The live dossier of a line, and the name it bears. */
  const dossierDe = lire(async (reference, sql) => {
    const [lu] = await sql<{ id: string; titulaire: string }>`select d.id, d.titulaire from rattachement r
      join signalement s on s.dept = ${DEPT} and s.id = r.signalement join dossier d on d.dept = ${DEPT} and d.id = r.dossier
      where r.dept = ${DEPT} and r.defait_a is null and s.reference_source = ${reference}`
    return lu ?? null
  })
  /** The open doubt a line waits in, first or with others. */
  const douteDe = lire(async (reference, sql) => {
    const [lu] = await sql<{ id: string }>`select u.id from signalement s
      left join doute_signal g on g.dept = ${DEPT} and g.signalement = s.id and g.sorti_a is null
      join doute u on u.dept = ${DEPT} and u.reponse is null and (u.signalement = s.id or u.id = g.doute)
      where s.dept = ${DEPT} and s.reference_source = ${reference}`
    return lu?.id ?? null
  })

  /** Receives a file without treating it, and returns the id of its deposit. */
  async function deposer(nom: string, lignes: readonly Ligne[]): Promise<string> {
    const { vers } = await page.deposer('OPAC71', ecrireCsv(`${nom}.csv`, lignes))
    return vers?.split('/').at(-1) ?? ''
  }
  /** Treats it; `entre` runs once, between its first batch and the second, which is decided by then. */
  async function traiter(lot: string, entre: () => Promise<unknown>): Promise<void> {
    const { application } = essai()
    await traiterLignes(application, DEPT, lot)
    let fait = false
    await rapprocherLot(application, DEPT, lot, null, async () => {
      if (fait) return
      fait = true
      await entre()
    })
    await terminerLot(application, DEPT, lot)
    essai().avancer()
  }

  const aine = menage(450, { prenom: 'Séverine', reference_source: 'AINE' })
  const cadet = { ...aine, prenom: 'Bastien' }

  test('[RAP-01] [RAP-02] a household met at the end of a batch is met by the next one, in its dossier or in its doubt', async () => {
    await page.recevoir('OPAC71', ecrireCsv('aine.csv', [aine]))
    const nouveau = menage(460)
    const lot = await deposer('deux-lots', [
      ...remplissage('A'),
      { ...cadet, reference_source: 'CADET' },
      { ...nouveau, reference_source: 'NOUVEAU' },
      { ...cadet, reference_source: 'CADET-SUITE' },
      { ...nouveau, reference_source: 'NOUVEAU-SUITE' },
    ])
    await traiter(lot, async () => {})
    const dossier = await dossierDe('NOUVEAU')
    assert.ok(dossier)
    assert.deepEqual(await dossierDe('NOUVEAU-SUITE'), dossier)
    const doute = await douteDe('CADET')
    assert.ok(doute)
    assert.equal(await douteDe('CADET-SUITE'), doute)
    assert.equal(await dossierDe('CADET-SUITE'), null)
  })

  test('[RAP-02] what a person answers between two batches counts for the second', async () => {
    const lot = await deposer('reponse', [
      ...remplissage('B'),
      { ...menage(461), reference_source: 'B-A' },
      { ...menage(462), reference_source: 'B-B' },
      { ...cadet, reference_source: 'CADET-TARDIF' },
    ])
    const doute = await douteDe('CADET')
    await traiter(lot, () => page.poster(`/reconnaitre/${doute}`, { reponse: 'nouveau', lignes: 'proposees' }))
    const sien = await dossierDe('CADET')
    assert.ok(sien, 'the answer placed the line')
    assert.equal(await douteDe('CADET-TARDIF'), null, 'it does not wait in a doubt already answered')
    assert.deepEqual(await dossierDe('CADET-TARDIF'), sien)
  })

  test('[RAP-02] a line corrected between two batches is recognised as corrected', async () => {
    const lignes = (dernier: Ligne) => [
      ...remplissage('C'),
      { ...menage(463), reference_source: 'C-A' },
      { ...menage(464), reference_source: 'C-B' },
      { ...dernier, reference_source: 'CORRIGE' },
    ]
    const lot = await deposer('premier-envoi', lignes(menage(463)))
    let corrige = ''
    await traiter(lot, async () => {
      corrige = await deposer('second-envoi', [{ ...menage(470), reference_source: 'CORRIGE' }])
      await traiterLignes(essai().application, DEPT, corrige)
    })
    await essai().traiter(corrige)
    const [voisin, sien] = [await dossierDe('C-A'), await dossierDe('CORRIGE')]
    assert.ok(voisin && sien)
    assert.notEqual(sien.id, voisin.id)
    assert.match(sien.titulaire, new RegExp(menage(470).nom_usage ?? '', 'i'))
  })
})
