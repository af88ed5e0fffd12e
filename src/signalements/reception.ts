import { randomUUID } from 'node:crypto'
import { type Application, acteurSysteme, ouvrirSession, type Session } from '#acces'
import { Conflit, Introuvable, refus } from '#socle/errors'
import { enqueue } from '#socle/queue'
import { versionToken } from '#socle/version'
import { colonnesLisibles, masquerMotifs } from './colonnes-lisibles.ts'
import { estSitue, ouvrirChercheur } from './communes.ts'
import { calculerEffets, type EffetLigne, ecrireLignes, type LigneVerifiee } from './enregistrement.ts'
import {
  type Correspondance,
  type CorrespondanceProposee,
  chargerModelesImport,
  type DescriptionVerdict,
  decrireVerdict,
  ecrireLignesRejetees,
  ecrireVerdictCsv,
  type FichierEcrit,
  type FichierLu,
  type FichierRefuse,
  fichierAConserver,
  type LigneDeVerdict,
  lireFichier,
  type ModeleImport,
  type Motif,
  normaliserEntete,
  proposerCorrespondance,
  type Verdict,
  verdictJson,
  verifierLigne,
} from './format/index.ts'
import { oublierPerimes } from './lecture.ts'
import { type EtatLot, type Lot, lireLot, reprendreRejets, versionLigneLot } from './lots.ts'
import { ouvrirBrut, ouvrirChamps, ouvrirFichier, ouvrirLigne, scellerChamps, scellerFichier } from './scellement.ts'

const TAILLE = 500

export interface Depot {
  /** Id of the organisme that sends the file. */
  readonly organisme: string
  readonly nom: string
  readonly octets: Uint8Array
  readonly recuLe: Temporal.PlainDate
}

const modeles = new Map<string, readonly ModeleImport[]>()

function lireModeles(session: Session): readonly ModeleImport[] {
  const { racine } = session.referentiel
  const connus = modeles.get(racine)
  if (connus) return connus
  const lus = chargerModelesImport(racine)
  modeles.set(racine, lus)
  return lus
}

/** Headers in a fixed form: the same columns in another order are the same file type. */
function signer(entete: readonly string[]): string {
  return entete.map(normaliserEntete).sort().join('\u0001')
}

async function typeOrganisme(session: Session, organisme: string): Promise<string> {
  const [ligne] = await session.sql<{
    type: string
  }>`select type from organisme where dept = ${session.dept} and id = ${organisme} and actif`
  if (!ligne) throw new Introuvable()
  return ligne.type
}

/** The mapping of a header for an organisme: the one it confirmed before, otherwise exact names and shipped synonyms. */
async function choisirCorrespondance(
  session: Session,
  organisme: string,
  entete: readonly string[],
): Promise<Correspondance> {
  const memorisee = await lireMemorisee(session, organisme, entete)
  if (memorisee) return memorisee.colonnes
  return proposerCorrespondance(entete, lireModeles(session), await typeOrganisme(session, organisme)).correspondance
}

interface Lecture {
  readonly lecture: FichierLu | FichierRefuse
  readonly correspondance: Correspondance | null
}

/** Reads the file once for its header, then with the mapping of this organisme. */
async function lireAvecCorrespondance(
  session: Session,
  organisme: string,
  octets: Uint8Array,
  nom: string,
): Promise<Lecture> {
  const premiere = await lireFichier(octets, nom)
  if (premiere.entete === null) return { lecture: premiere, correspondance: null }
  const correspondance = await choisirCorrespondance(session, organisme, premiere.entete)
  return { lecture: await lireFichier(octets, nom, { correspondance }), correspondance }
}

const NOMS_MINIMUM = 4
const DONNEE = /^[\d\s.,/:€+-]+$/

/** A first row of names, not of data: enough of them, each once, none a number nor a date. A person can then say which is which. */
function estUneEntete(noms: readonly string[] | null): boolean {
  const remplis = (noms ?? []).map(normaliserEntete).filter((nom) => nom !== '')
  return (
    remplis.length >= NOMS_MINIMUM &&
    new Set(remplis).size === remplis.length &&
    !remplis.some((nom) => DONNEE.test(nom))
  )
}

function etatDe(lecture: FichierLu | FichierRefuse): EtatLot {
  if (lecture.refus === null) return 'recu'
  const aIndiquer =
    lecture.refus === 'colonne_de_base_absente' || (lecture.refus === 'entete_absente' && estUneEntete(lecture.entete))
  return aIndiquer ? 'a_correspondre' : 'refuse'
}

/**
 * Receives a file: kept as received (recognised social-security numbers masked), read, and queued when it can be treated. A file whose columns are not recognised waits
 * for a person to say which is which; one that cannot be read is kept with its reason.
 */
export async function deposerFichier(session: Session, depot: Depot): Promise<Lot> {
  const { sql, dept } = session
  const { lecture, correspondance } = await lireAvecCorrespondance(session, depot.organisme, depot.octets, depot.nom)
  const garde: FichierEcrit =
    lecture.refus === null ? await fichierAConserver(depot.octets, lecture) : { genre: 'csv', octets: depot.octets }
  const [fichier, lot] = [randomUUID(), randomUUID()]
  const coffre = await session.coffre()
  await sql`insert into fichier (dept, id, nom, genre, taille, empreinte, octets, cree_a)
    values (${dept}, ${fichier}, ${depot.nom}, ${garde.genre}, ${garde.octets.byteLength}, ${lecture.empreinteSha256}, ${scellerFichier(coffre, fichier, garde.octets)}, ${session.maintenant})`
  await sql`insert into lot (dept, id, organisme, fichier, nom, empreinte, encodage, etat, motif_fichier, motif_detail, entete, correspondance, colonnes_inconnues, autres_feuilles, recu_le,
      depose_a, depose_par, lignes_total, lignes_vides)
    values (${dept}, ${lot}, ${depot.organisme}, ${fichier}, ${depot.nom}, ${lecture.empreinteSha256}, ${lecture.encodage}, ${etatDe(lecture)}, ${lecture.refus},
      ${lecture.refus === null ? null : lecture.message}, ${JSON.stringify(lecture.entete ?? [])}::jsonb, ${JSON.stringify(correspondance ?? {})}::jsonb,
      ${JSON.stringify(lecture.refus === null ? lecture.colonnesInconnues : [])}::jsonb, ${JSON.stringify(lecture.autresFeuilles)}::jsonb, ${depot.recuLe}, ${session.maintenant}, ${session.acteur.compte},
      ${lecture.refus === null ? lecture.lignes : null}, ${lecture.refus === null ? lecture.lignesVides : 0})`
  session.consigner({
    action: 'lot.deposer',
    objet: 'lot',
    objetId: lot,
    details: { organisme: depot.organisme, octets: depot.octets.byteLength },
  })
  if (lecture.refus === null) await enqueue(session, 'traiter-lot', { dept, lot }, `lot:${lot}`)
  return lireLot(session, lot)
}

async function lireOctets(session: Session, lot: Lot): Promise<Uint8Array> {
  const [fichier] = await session.sql<{
    octets: Buffer
  }>`select octets from fichier where dept = ${session.dept} and id = ${lot.fichier}`
  if (!fichier) throw new Introuvable()
  if (fichier.octets.length === 0)
    throw refus('fichier.efface', 'Ce fichier a été effacé au terme de sa conservation : le déposer de nouveau.')
  return ouvrirFichier(await session.coffre(), lot.fichier, fichier.octets)
}

/** The mapping an organisme uses for the columns of a file, and who confirmed it last. */
export interface CorrespondanceMemorisee {
  readonly colonnes: Correspondance
  readonly memorisee_a: Temporal.Instant
  readonly auteur: string | null
}

async function lireMemorisee(
  session: Session,
  organisme: string,
  entete: readonly string[],
): Promise<CorrespondanceMemorisee | null> {
  const [memorisee] = await session.sql<CorrespondanceMemorisee>`
    select m.colonnes, m.memorisee_a, c.prenom || ' ' || c.nom as auteur
    from correspondance m left join compte c on c.dept = ${session.dept} and c.id = m.par
    where m.dept = ${session.dept} and m.organisme = ${organisme} and m.signature = ${signer(entete)}`
  return memorisee ?? null
}

/** Mark of the columns of a file: it changes once somebody says which is which, for this file or for another with the same header. */
function versionColonnes(lot: Lot, memorisee: CorrespondanceMemorisee | null): string {
  return versionToken(lot.etat === 'a_correspondre', memorisee?.memorisee_a, memorisee?.colonnes)
}

/** What a person needs to say which column is which: the proposal, the first lines of the file, what was last confirmed and its mark. */
export async function lireProposition(
  session: Session,
  id: string,
): Promise<{
  lot: Lot
  proposition: CorrespondanceProposee
  apercu: readonly (readonly string[])[]
  memorisee: CorrespondanceMemorisee | null
  version: string
}> {
  const lot = await lireLot(session, id)
  const lecture = await lireFichier(await lireOctets(session, lot), lot.nom)
  const entete = lecture.entete ?? []
  session.consigner({ action: 'lot.lire', objet: 'lot', objetId: id, details: { apercu: lecture.apercu.length } })
  const memorisee = await lireMemorisee(session, lot.organisme, entete)
  return {
    lot,
    proposition: proposerCorrespondance(entete, lireModeles(session), await typeOrganisme(session, lot.organisme)),
    apercu: lecture.apercu,
    memorisee,
    version: versionColonnes(lot, memorisee),
  }
}

/** Stops the act when somebody said which column is which since the person looked (`Conflit`). The lot is locked by the caller. */
async function verifierVue(session: Session, lot: Lot, vu: string | undefined): Promise<void> {
  if (vu === undefined) return
  const memorisee = await lireMemorisee(session, lot.organisme, lot.entete)
  if (vu !== versionColonnes(lot, memorisee))
    throw new Conflit(
      'correspondance.conflit',
      'Quelqu’un a dit quelles sont les colonnes de ce fichier depuis que la page est ouverte.',
    )
}

/** Our column for each header of a file, or null to keep it as unknown. */
type ColonnesChoisies = Readonly<Record<string, string | null>>

/** Checks that the file can be read with the columns a person chose, and remembers them for the organisme. */
async function memoriserCorrespondance(
  session: Session,
  lot: Lot,
  octets: Uint8Array,
  colonnes: ColonnesChoisies,
  constantes: Correspondance['constantes'],
): Promise<{ correspondance: Correspondance; lecture: FichierLu }> {
  const { proposition } = await lireProposition(session, lot.id)
  const donnees = new Set(Object.values(colonnes))
  const correspondance: Correspondance = {
    ...proposition.correspondance,
    colonnes: Object.fromEntries(
      Object.entries(colonnes).map(([entete, colonne]) => [normaliserEntete(entete), colonne]),
    ) as Correspondance['colonnes'],
    // A column of the file is worth more than one value for all.
    constantes: Object.fromEntries(
      Object.entries({ ...proposition.correspondance.constantes, ...constantes }).filter(
        ([colonne]) => !donnees.has(colonne),
      ),
    ),
  }
  const lecture = await lireFichier(octets, lot.nom, { correspondance })
  if (lecture.refus !== null) throw refus(`correspondance.${lecture.refus}`, lecture.message)
  await session.sql`insert into correspondance (dept, organisme, signature, colonnes, memorisee_a, par)
    values (${session.dept}, ${lot.organisme}, ${signer(lecture.entete)}, ${JSON.stringify(correspondance)}::jsonb, ${session.maintenant}, ${session.acteur.compte})
    on conflict (dept, organisme, signature) do update set colonnes = excluded.colonnes, memorisee_a = excluded.memorisee_a, par = excluded.par`
  session.consigner({ action: 'lot.correspondre', objet: 'lot', objetId: lot.id })
  return { correspondance, lecture }
}

/**
 * Applies the columns a person chose, remembers them for this organisme, and starts the treatment. `colonnes` gives our column for each header of the file; a header
 * without one is kept as unknown. `constantes` gives one value for all lines to a column the file does not have.
 */
export async function confirmerCorrespondance(
  session: Session,
  id: string,
  colonnes: ColonnesChoisies,
  constantes: Correspondance['constantes'] = {},
  vu?: string | undefined,
): Promise<Lot> {
  const { sql, dept } = session
  const lot = await lireLot(session, id, true)
  await verifierVue(session, lot, vu)
  if (lot.etat !== 'a_correspondre') throw refus('lot.deja-lu', 'Les colonnes de ce fichier sont déjà reconnues.')
  const octets = await lireOctets(session, lot)
  const { correspondance, lecture } = await memoriserCorrespondance(session, lot, octets, colonnes, constantes)
  const garde = await fichierAConserver(octets, lecture)
  const fichier = randomUUID()
  await sql`insert into fichier (dept, id, nom, genre, taille, empreinte, octets, cree_a)
    values (${dept}, ${fichier}, ${lot.nom}, ${garde.genre}, ${garde.octets.byteLength}, ${lot.empreinte}, ${scellerFichier(await session.coffre(), fichier, garde.octets)}, ${session.maintenant})`
  await sql`update lot set etat = 'recu', fichier = ${fichier}, motif_fichier = null, motif_detail = null, encodage = ${lecture.encodage}, lignes_total = ${lecture.lignes},
    lignes_vides = ${lecture.lignesVides}, correspondance = ${JSON.stringify(correspondance)}::jsonb, colonnes_inconnues = ${JSON.stringify(lecture.colonnesInconnues)}::jsonb
    where dept = ${dept} and id = ${id}`
  // The file as first received may hold social-security numbers nobody could see yet.
  await sql`delete from fichier where dept = ${dept} and id = ${lot.fichier}`
  await enqueue(session, 'traiter-lot', { dept, lot: id }, `lot:${id}`)
  return lireLot(session, id)
}

/**
 * Reads again, with other columns, a file already treated: the choice is remembered, and the kept file is deposited anew, so that its lines update what they had
 * created. Returns the new deposit; the verdict of the first stays as it was given.
 */
export async function relireAvecColonnes(
  session: Session,
  id: string,
  colonnes: ColonnesChoisies,
  constantes: Correspondance['constantes'] = {},
  vu?: string | undefined,
): Promise<Lot> {
  const lot = await lireLot(session, id, true)
  await verifierVue(session, lot, vu)
  if (lot.etat !== 'traite')
    throw refus(
      'lot.pas-traite',
      'Les colonnes se changent une fois le fichier traité. Attendre la fin, puis recommencer.',
    )
  const octets = await lireOctets(session, lot)
  await memoriserCorrespondance(session, lot, octets, colonnes, constantes)
  return deposerFichier(session, { organisme: lot.organisme, nom: lot.nom, octets, recuLe: lot.recu_le })
}

interface Lecteur {
  /** Verified lines, in the order of the file. */
  lignes(): AsyncGenerator<LigneVerifiee>
}

type Chercheur = Awaited<ReturnType<typeof ouvrirChercheur>>

function ouvrirLecteur(lecture: FichierLu, chercher: Chercheur): Lecteur {
  const vues = new Map<string, string>()
  const contexte = {
    vues,
    communeConnue: (commune: string, codePostal: string) => estSitue(chercher(commune, codePostal)),
  }
  return {
    async *lignes() {
      for await (const enregistrement of lecture.enregistrements()) {
        const verdict = verifierLigne(enregistrement, contexte)
        yield {
          ligne: enregistrement.ligne,
          reference: verdict.referenceSource,
          verdict: verdict.verdict,
          motifs: verdict.motifs,
          contenu: verdict.contenu,
          empreinte: verdict.empreinte,
          octets: verdict.octets,
          champs: verdict.champs,
          lieu: verdict.contenu ? chercher(verdict.contenu.commune, verdict.contenu.code_postal ?? '') : null,
          repetee: verdict.motifs.some((motif) => motif.code === 'doublon_identique'),
        }
      }
    },
  }
}

/** Verdict of a file in the forms §7 of the exchange format defines, and its reading for people. */
export interface VerdictFichier {
  readonly description: DescriptionVerdict
  readonly lignes: readonly LigneDeVerdict[]
  readonly json: string
  readonly csv: Uint8Array
  /** Why the whole file is refused, and what to do. */
  readonly explication: string | null
}

function composerVerdict(
  description: DescriptionVerdict,
  lignes: readonly LigneDeVerdict[],
  explication: string | null,
): VerdictFichier {
  return { description, lignes, explication, json: verdictJson(description, lignes), csv: ecrireVerdictCsv(lignes) }
}

const enVerdict = ({ ligne, effet }: EffetLigne): LigneDeVerdict => ({
  ligne: ligne.ligne,
  referenceSource: ligne.reference,
  verdict: ligne.verdict,
  effet,
  motifs: ligne.motifs,
})

/** What importing a file would do, line by line. Reads the base to tell effects; writes nothing. */
export async function simulerFichier(session: Session, depot: Omit<Depot, 'recuLe'>): Promise<VerdictFichier> {
  const { lecture } = await lireAvecCorrespondance(session, depot.organisme, depot.octets, depot.nom)
  const [organisme] = await session.sql<{
    code: string
  }>`select code from organisme where dept = ${session.dept} and id = ${depot.organisme}`
  const description = decrireVerdict(lecture, organisme?.code ?? '')
  if (lecture.refus !== null) return composerVerdict(description, [], lecture.message)
  const verdicts: LigneDeVerdict[] = []
  let lot: LigneVerifiee[] = []
  const vider = async () => {
    verdicts.push(...(await calculerEffets(session, depot.organisme, lot)).map(enVerdict))
    lot = []
  }
  for await (const ligne of ouvrirLecteur(lecture, await ouvrirChercheur(session)).lignes()) {
    lot.push(ligne)
    if (lot.length >= TAILLE) await vider()
  }
  await vider()
  return composerVerdict(description, verdicts, null)
}

/** The verdict of a lot as it was given. */
export async function lireVerdict(session: Session, id: string): Promise<VerdictFichier> {
  const lot = await lireLot(session, id)
  const lignes = await session.sql<{
    ligne: number
    reference_source: string
    verdict: Verdict
    effet: LigneDeVerdict['effet']
    champs: Readonly<Record<string, string>>
    motifs: Motif[]
  }>`
    select ligne, reference_source, verdict, effet, champs, motifs from ligne_lot where dept = ${session.dept} and lot = ${id} order by ligne`
  session.consigner({
    action: 'lot.exporter_verdict',
    objet: 'lot',
    objetId: id,
    details: { lignes: lignes.length },
  })
  const lisible = colonnesLisibles(session, lot.organisme)
  const coffre = await session.coffre()
  const description: DescriptionVerdict = {
    fichier: lot.nom,
    empreinteSha256: lot.empreinte,
    organisme: lot.organisme_code,
    encodage: lot.encodage as DescriptionVerdict['encodage'],
    motifFichier: lot.motif_fichier as DescriptionVerdict['motifFichier'],
    lignesVides: lot.lignes_vides,
    colonnesInconnues: lot.colonnes_inconnues,
    autresFeuilles: lot.autres_feuilles,
  }
  return composerVerdict(
    description,
    lignes.map((ligne) => ({
      ligne: ligne.ligne,
      referenceSource: ligne.reference_source,
      verdict: ligne.verdict,
      effet: ligne.effet,
      motifs: masquerMotifs(ouvrirLigne(coffre, id, ligne).motifs, lisible),
    })),
    lot.motif_detail,
  )
}

/** Rejected lines of a lot, in the form of the file they came from. */
export async function exporterRejets(session: Session, id: string): Promise<FichierEcrit & { nom: string }> {
  const lot = await lireLot(session, id)
  const correspondance = lot.correspondance as unknown as Correspondance
  const lisible = colonnesLisibles(session, lot.organisme)
  const coffre = await session.coffre()
  const lignes = await session.sql<{ ligne: number; brut: Buffer; champs: Readonly<Record<string, string>> }>`
    select ligne, brut, champs from ligne_lot
    where dept = ${session.dept} and lot = ${id} and verdict = 'rejetee' and corrigee_a is null order by ligne`
  const reservees = lignes.some(({ ligne, champs }) =>
    Object.entries(ouvrirChamps(coffre, { lot: id, ligne }, 'champs', champs)).some(
      ([colonne, valeur]) => valeur !== '' && !lisible(colonne),
    ),
  )
  // The lines leave as they came, byte for byte: nothing can be taken out of them.
  if (reservees)
    throw refus(
      'lot.colonnes-reservees',
      'Ces lignes portent des données qui ne sont pas ouvertes à ce rôle : le fichier ne se télécharge que par son émetteur. Les corriger à l’écran.',
    )
  const lecture = await lireFichier(await lireOctets(session, lot), lot.nom, { correspondance })
  if (lecture.refus !== null) throw refus('lot.refuse', lecture.message)
  const ecrit = await ecrireLignesRejetees(
    lecture.presentation,
    lignes.map(({ ligne, brut }) => ouvrirBrut(coffre, { lot: id, ligne }, brut)),
  )
  session.consigner({
    action: 'lot.exporter_rejets',
    objet: 'lot',
    objetId: id,
    details: { lignes: lignes.length },
  })
  return { ...ecrit, nom: `${lot.nom.replace(/\.[^.]+$/, '')}-a-corriger.${ecrit.genre}` }
}

interface LigneACorriger {
  readonly champs: Readonly<Record<string, string>>
  readonly corrigee_a: Temporal.Instant | null
  readonly correction: Readonly<Record<string, string>> | null
  readonly corrigee_lot: string | null
  readonly signalement: string | null
}

/** A line may be corrected again as long as its signalement still comes from it: same reference, and nothing newer received. */
async function verifierNouvelleCorrection(
  session: Session,
  lot: string,
  ligne: LigneACorriger,
  { vu, reference }: { vu: string | undefined; reference: string | undefined },
): Promise<void> {
  if (vu === undefined || ligne.corrigee_lot !== null || ligne.signalement === null)
    throw refus('ligne.corrigee', 'Cette ligne a déjà été corrigée.')
  const [signalement] = await session.sql<{
    reference_source: string
    lot: string
  }>`select reference_source, lot from signalement
    where dept = ${session.dept} and id = ${ligne.signalement} and retire_a is null`
  if (signalement?.lot !== lot)
    throw refus('ligne.suivie', 'Un fichier plus récent a mis à jour ce signalement : c’est lui qui compte désormais.')
  if (reference !== undefined && reference.trim() !== signalement.reference_source)
    throw refus(
      'ligne.reference',
      `La référence d’une ligne déjà corrigée ne change plus : garder ${signalement.reference_source}, ou déposer la ligne dans un fichier.`,
    )
}

/**
 * Corrects one rejected line on screen: the corrected fields go through the same checks as a file. Accepted, the signalement is created and waits for recognition;
 * still rejected, nothing is written and the reasons come back. A line already corrected on screen may be corrected again: its signalement is updated.
 * `vu` is the mark of the line as the person saw it: when somebody corrected it since, nothing is done (`Conflit`).
 */
export async function corrigerLigne(
  session: Session,
  id: string,
  rang: number,
  champs: Readonly<Record<string, string>>,
  vu?: string | undefined,
): Promise<{ verdict: Verdict; motifs: readonly Motif[] }> {
  const { sql, dept } = session
  const lot = await lireLot(session, id, true)
  if (lot.retire_a) throw refus('lot.retire', 'Ce fichier a été retiré : ses lignes ne se corrigent plus.')
  const [gardee] = await sql<LigneACorriger>`
    select champs, corrigee_a, correction, corrigee_lot, signalement from ligne_lot where dept = ${dept} and lot = ${id} and ligne = ${rang} and verdict = 'rejetee' for update`
  if (!gardee) throw new Introuvable()
  const coffre = await session.coffre()
  const place = { lot: id, ligne: rang }
  const ligne: LigneACorriger = {
    ...gardee,
    champs: ouvrirChamps(coffre, place, 'champs', gardee.champs),
    correction: ouvrirChamps(coffre, place, 'correction', gardee.correction),
  }
  if (vu !== undefined && vu !== versionLigneLot(ligne))
    throw new Conflit('ligne.conflit', 'Quelqu’un a corrigé cette ligne depuis que la page est ouverte.', [
      String(rang),
    ])
  const recus = { ...ligne.champs, ...ligne.correction }
  if (ligne.corrigee_a) await verifierNouvelleCorrection(session, id, ligne, { vu, reference: champs.reference_source })
  const chercher = await ouvrirChercheur(session)
  const reference = (champs.reference_source ?? recus.reference_source ?? '').trim()
  const autres = await sql<{ reference_source: string }>`
    select s.reference_source from ligne_lot l join signalement s on s.dept = ${dept} and s.id = l.signalement
    where l.dept = ${dept} and l.lot = ${id} and l.ligne <> ${rang} and s.reference_source = ${reference} limit 1`
  const verdict = verifierLigne(
    { champs: { ...recus, ...champs } },
    // A reference another line of the file already carries cannot be given to this one.
    {
      vues: new Map(autres.map((autre) => [autre.reference_source, ''])),
      communeConnue: (commune, codePostal) => estSitue(chercher(commune, codePostal)),
    },
  )
  if (!verdict.contenu) return { verdict: verdict.verdict, motifs: verdict.motifs }
  const [effet] = await calculerEffets(session, lot.organisme, [
    {
      ligne: rang,
      reference: verdict.referenceSource,
      verdict: verdict.verdict,
      motifs: verdict.motifs,
      contenu: verdict.contenu,
      empreinte: verdict.empreinte,
      octets: verdict.octets,
      champs: verdict.champs,
      lieu: chercher(verdict.contenu.commune, verdict.contenu.code_postal ?? ''),
      repetee: false,
    },
  ])
  if (effet)
    await ecrireLignes(session, { id, organisme: lot.organisme, recuLe: lot.recu_le }, [effet], { sansLignes: true })
  // What was typed, as the checks read it: a social-security number is masked there too.
  const correction = Object.fromEntries(
    Object.keys({ ...ligne.correction, ...champs }).map((nom) => [nom, verdict.champs[nom] ?? '']),
  )
  await sql`update ligne_lot set corrigee_a = ${session.maintenant}, corrigee_par = ${session.acteur.compte}, signalement = ${effet?.signalement ?? null},
      correction = ${JSON.stringify(scellerChamps(coffre, place, 'correction', correction))}::jsonb
    where dept = ${dept} and lot = ${id} and ligne = ${rang}`
  await sql`update lot set etat = 'rapprochement' where dept = ${dept} and id = ${id} and etat = 'traite'`
  await enqueue(session, 'traiter-lot', { dept, lot: id }, `lot:${id}`)
  session.consigner({ action: 'lot.corriger', objet: 'lot', objetId: id, details: { ligne: rang } })
  return { verdict: verdict.verdict, motifs: verdict.motifs }
}

/**
 * Writes the lines of a lot, batch after batch. Each batch and its progress mark are one transaction; lines already written are verified again, so that
 * references seen earlier in the file are known, and skipped. `ecrite` is told after each batch. Returns the state of the lot.
 */
export async function traiterLignes(
  application: Application,
  dept: string,
  id: string,
  ecrite: () => void = () => {},
): Promise<EtatLot> {
  const acteur = acteurSysteme(dept, 'traiter-lot')
  const ouvert = await ouvrirSession(application, acteur, 'lot.deposer', async (session) => {
    const lot = await lireLot(session, id)
    if (lot.etat !== 'recu' && lot.etat !== 'lecture') return { lot, octets: null, chercher: null }
    return { lot, octets: await lireOctets(session, lot), chercher: await ouvrirChercheur(session) }
  })
  const { lot, octets, chercher } = ouvert
  if (!octets || !chercher) return lot.etat
  const lecture = await lireFichier(octets, lot.nom, {
    correspondance: lot.correspondance as unknown as Correspondance,
  })
  if (lecture.refus !== null) throw new Error(`lot ${id}: the kept file is refused (${lecture.refus})`)
  let depuis = lot.dernier_rang
  let attente: LigneVerifiee[] = []
  const ecrire = async (derniere: boolean) => {
    const lignes = attente
    attente = []
    if (lignes.length === 0 && !derniere) return
    await ouvrirSession(application, acteur, 'lot.deposer', async (session) => {
      const present = await lireLot(session, id, true)
      // Another worker went further meanwhile: what it wrote stands.
      const restantes = lignes.filter((ligne) => ligne.ligne > present.dernier_rang)
      const effets = await calculerEffets(session, lot.organisme, restantes)
      if (effets.length > 0) await ecrireLignes(session, { id, organisme: lot.organisme, recuLe: lot.recu_le }, effets)
      const compter = (verdict: Verdict) => effets.filter((effet) => effet.ligne.verdict === verdict).length
      const rang = lignes.at(-1)?.ligne ?? present.dernier_rang
      await session.sql`update lot set etat = ${derniere ? 'rapprochement' : 'lecture'}, dernier_rang = greatest(dernier_rang, ${rang}), lignes_lues = lignes_lues + ${effets.length},
        acceptees = acceptees + ${compter('acceptee')}, avertissements = avertissements + ${compter('avertissement')}, rejetees = rejetees + ${compter('rejetee')},
        a_rapprocher = a_rapprocher + ${effets.filter((effet) => effet.effet === 'cree' || effet.effet === 'mis_a_jour').length}
        where dept = ${dept} and id = ${id}`
      if (derniere) await reprendreRejets(session, id)
      depuis = Math.max(depuis, rang)
    })
    ecrite()
  }
  // The next lines are read while PostgreSQL writes these: never more than one writing at a time, in the order of the file.
  let ecriture = Promise.resolve()
  for await (const ligne of ouvrirLecteur(lecture, chercher).lignes()) {
    if (ligne.ligne <= depuis) continue
    attente.push(ligne)
    if (attente.length >= TAILLE) {
      await ecriture
      ecriture = ecrire(false)
      // Its failure is met at the next turn, not as a rejection nobody waits for.
      ecriture.catch(() => {})
    }
  }
  await ecriture
  await ecrire(true)
  return 'rapprochement'
}

/**
 * Asks PostgreSQL for new statistics when a lot weighs on the whole base: first imports would otherwise run on plans made for empty tables. Called as the lot goes:
 * each time what it brought outgrows what the statistics know, so a handful of times on an empty base and never on a large one.
 */
export async function actualiserStatistiques(session: Session, id: string): Promise<void> {
  const [poids] = await session.sql<{ lues: number; recues: number; reconnues: number; rattachees: number }>`
    select lignes_lues as lues, rapprochees as reconnues,
      (select greatest(reltuples, 0)::int from pg_class where oid = 'public.signalement'::regclass) as recues,
      (select greatest(reltuples, 0)::int from pg_class where oid = 'public.rattachement'::regclass) as rattachees
    from lot where dept = ${session.dept} and id = ${id}`
  if (!poids || poids.lues < 50) return
  if (poids.recues < poids.lues / 2 || poids.rattachees < poids.reconnues / 2)
    await session.sql`select public.actualiser_statistiques()`
}

/** Closes a lot whose households are recognised and dispatched. One put before recognition again meanwhile stays open for the job that follows. */
export async function terminerLot(application: Application, dept: string, id: string): Promise<void> {
  await ouvrirSession(application, acteurSysteme(dept, 'traiter-lot'), 'lot.deposer', async (session) => {
    await oublierPerimes(session, id)
    await session.sql`update lot set etat = 'traite', termine_a = coalesce(termine_a, ${session.maintenant}) where dept = ${dept} and id = ${id} and etat = 'rapprochement'
      and not exists (select 1 from a_reconnaitre a where a.dept = ${dept} and a.lot = ${id})`
  })
}
