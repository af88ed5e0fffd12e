import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { parse } from 'csv-parse/sync'
import { distance } from 'fastest-levenshtein'
import { z } from 'zod'
import { stripAccents } from '#socle/text'
import { ErreurDonnees, fichierDonnees, identifiant, jourCivil, lireJour, lireYaml, texteRempli } from './yaml.ts'

/** What a name of the local list is today. `inconnue` and `hameau` keep the territory that the list gives them. */
export type StatutCommune = keyof typeof STATUTS_COMMUNE

export const STATUTS_COMMUNE = {
  actuelle: 'Commune actuelle',
  deleguee: 'Commune déléguée',
  associee: 'Commune associée',
  fusionnee: 'Ancienne commune',
  variante: 'Autre écriture d’une commune actuelle',
  hameau: 'Hameau',
  inconnue: 'Nom non identifié',
  fictive: 'Commune fictive',
} as const

/** One name of the département's lists, attached to a territory from `du` to `jusquAu`, both included. */
export interface LigneTerritoire {
  readonly territoire: string
  readonly nomListe: string
  readonly nomActuel: string | null
  readonly codeInsee: string | null
  readonly statut: StatutCommune
  readonly du: Temporal.PlainDate | null
  readonly jusquAu: Temporal.PlainDate | null
  readonly remarque: string
}

/** A commune of today, whether or not the lists name it. */
export interface Commune {
  readonly codeInsee: string
  readonly nom: string
  readonly codesPostaux: readonly string[]
  readonly arrondissement: string | null
}

/** The office that keeps the commission of one or several territories; a service, never a person. */
export type Secretariat = z.output<typeof schemaSecretariats>['secretariats'][number]

/** The territories of one département, as loaded from its folder. Immutable. */
export interface Territoires {
  /** Name of the folder under `donnees/departements/`. */
  readonly departement: string
  readonly territoires: readonly { readonly id: string; readonly libelle: string }[]
  readonly secretariats: readonly Secretariat[]
  readonly lignes: readonly LigneTerritoire[]
  readonly communes: readonly Commune[]
  /** Names that are no longer official, with the code of the commune of today: proposed, never applied alone. */
  readonly anciensNoms: readonly { readonly nom: string; readonly codeInsee: string }[]
  /** Where the lists and the official geography come from, and as of which day. */
  readonly sources: readonly SourceTerritoires[]
  readonly index: {
    readonly lignes: ReadonlyMap<string, readonly LigneTerritoire[]>
    readonly lignesParCode: ReadonlyMap<string, readonly LigneTerritoire[]>
    readonly communesParNom: ReadonlyMap<string, Commune>
    readonly communesParCode: ReadonlyMap<string, Commune>
  }
}

/** One file of `donnees/nomenclatures/`, with its origin and its vintage. */
export interface SourceTerritoires {
  readonly fichier: string
  readonly titre: string
  readonly origine: string
  readonly lien: string | null
  readonly etatAu: Temporal.PlainDate
  /** Texts that complete or correct it. */
  readonly complements: readonly string[]
}

/**
 * A commune recognised by its name. `territoire` is null when the name is known but no list, or more than one, attaches
 * it: the dossier is created with « territoire à déterminer » and a person chooses among `territoiresPossibles`.
 */
export interface CommuneTrouvee {
  readonly territoire: string | null
  readonly territoiresPossibles: readonly string[]
  readonly codeInsee: string | null
  readonly nomActuel: string | null
  readonly nomListe: string | null
  readonly statut: StatutCommune
  readonly arrondissement: string | null
}

/** A name that resembles the text, for a person to confirm. `ressemblance` goes from 0 to 1. */
export interface CommuneProposee {
  readonly nom: string
  readonly ressemblance: number
  readonly commune: CommuneTrouvee
}

export const schemaSecretariats = fichierDonnees({
  territoires: z.array(z.strictObject({ id: identifiant, libelle: texteRempli })).min(1),
  secretariats: z
    .array(
      z.strictObject({
        id: identifiant,
        territoires: z.array(identifiant).min(1),
        organisme: texteRempli,
        service: texteRempli,
        adresse: z.array(texteRempli).min(1),
        telephone: texteRempli.nullable(),
        courriel: texteRempli.nullable(),
        source: z.strictObject({ titre: texteRempli, lien: texteRempli.optional() }),
        verifie_le: jourCivil.nullable(),
      }),
    )
    .min(1),
})

const schemaProvenance = fichierDonnees({
  fichiers: z.array(
    z.strictObject({
      fichier: texteRempli,
      titre: texteRempli,
      origine: texteRempli,
      lien: texteRempli.optional(),
      licence: texteRempli,
      etat_au: jourCivil,
      sources: z.record(z.string(), texteRempli).optional(),
    }),
  ),
})

const COLONNES = ['territoire', 'nom_liste', 'nom_actuel', 'code_insee', 'statut', 'du', 'jusqu_au', 'remarque']

/**
 * The form under which two writings of a commune meet (formats/signalements.md §4): no accent, capitals, apostrophes and
 * hyphens as spaces, ST/STE and S/ in full, CEDEX and its number removed, single spaces.
 */
export function normaliserCommune(texte: string): string {
  return stripAccents(texte)
    .toUpperCase()
    .replace(/['’‘ʼ`´]|[-‐‑‒–—−]/gu, ' ')
    .replace(/(?<![A-Z0-9])S\/\s*/g, 'SUR ')
    .replace(/(?<![A-Z0-9])ST(E?)(?![A-Z0-9])/g, 'SAINT$1')
    .replace(/(?<![A-Z0-9])CEDEX(\s+\d+)?(?![A-Z0-9])/g, ' ')
    .replace(/\s+/g, ' ')
    .trim()
}

/**
 * Reads the territories of a département: its lists of communes, its secretariats, and the communes of today.
 * `dept` is the folder name or the number that begins it (« 71 »). Throws `ErreurDonnees` with every problem.
 */
export function chargerTerritoires(racineDonnees: string, dept: string): Territoires {
  const departement = dossierDepartement(racineDonnees, dept)
  const dossier = join(racineDonnees, 'departements', departement)
  const cheminSecretariats = join(dossier, 'secretariats.yaml')
  const { territoires, secretariats } = lireYaml(cheminSecretariats, schemaSecretariats)
  const ids = new Set(territoires.map(({ id }) => id))
  for (const { id, territoires: servis } of secretariats) {
    const inconnu = servis.find((territoire) => !ids.has(territoire))
    if (inconnu)
      throw unProbleme(cheminSecretariats, 1, `Le secrétariat « ${id} » sert un territoire inconnu : « ${inconnu} ».`)
  }

  const lignes = lireLignes(join(dossier, 'territoires.csv'), ids)
  const numero = /^\d[\dab]\d?(?=-)/i.exec(departement)?.[0]
  const nomenclatures = join(racineDonnees, 'nomenclatures')
  const communes = numero ? lireCommunes(join(nomenclatures, `communes-${numero}.csv`)) : []
  const anciensNoms = numero ? lireAnciensNoms(join(nomenclatures, `communes-anciens-noms-${numero}.csv`)) : []
  return {
    departement,
    territoires,
    secretariats,
    lignes,
    communes,
    anciensNoms,
    sources: numero ? lireSources(join(nomenclatures, 'provenance.yaml'), numero) : [],
    index: {
      lignes: Map.groupBy(lignes, ({ nomListe }) => normaliserCommune(nomListe)),
      lignesParCode: Map.groupBy(
        lignes.filter(({ codeInsee }) => codeInsee !== null),
        ({ codeInsee }) => codeInsee ?? '',
      ),
      communesParNom: new Map(communes.map((commune) => [normaliserCommune(commune.nom), commune])),
      communesParCode: new Map(communes.map((commune) => [commune.codeInsee, commune])),
    },
  }
}

/**
 * The commune that a text names exactly, once both are normalised, or null. A name of the lists wins; then the official
 * name of a commune of today, whose territory is the one its list names share. With `jour`, only the rows in force that
 * day count.
 */
export function trouverCommune(
  territoires: Territoires,
  texte: string,
  jour?: Temporal.PlainDate,
): CommuneTrouvee | null {
  const { index } = territoires
  const nom = normaliserCommune(texte)
  const enListe = index.lignes.get(nom) ?? []
  const commune = index.communesParNom.get(nom)
  const premiere = enListe[0]
  if (premiere) {
    const actuelle = premiere.codeInsee ? index.communesParCode.get(premiere.codeInsee) : undefined
    return {
      ...territoireDe(enListe, jour),
      codeInsee: premiere.codeInsee,
      nomActuel: premiere.nomActuel,
      nomListe: premiere.nomListe,
      statut: premiere.statut,
      arrondissement: actuelle?.arrondissement ?? null,
    }
  }
  if (!commune) return null
  return {
    ...territoireDe(index.lignesParCode.get(commune.codeInsee) ?? [], jour),
    codeInsee: commune.codeInsee,
    nomActuel: commune.nom,
    nomListe: null,
    statut: 'actuelle',
    arrondissement: commune.arrondissement,
  }
}

/**
 * Names near a text that `trouverCommune` does not recognise, nearest first, former official names included. A
 * resemblance is only ever proposed to a person.
 */
export function proposerCommunes(territoires: Territoires, texte: string, limite = 3): readonly CommuneProposee[] {
  const cherche = normaliserCommune(texte).replaceAll(' ', '')
  if (cherche === '') return []
  const candidats = new Map<string, CommuneProposee>()
  const proposer = (nom: string, commune: CommuneTrouvee | null) => {
    if (!commune) return
    const cle = normaliserCommune(nom).replaceAll(' ', '')
    const ressemblance = comparer(cherche, cle)
    if (ressemblance >= SEUIL_RESSEMBLANCE && !candidats.has(cle)) candidats.set(cle, { nom, ressemblance, commune })
  }
  for (const { nom } of territoires.communes) proposer(nom, trouverCommune(territoires, nom))
  for (const { nomListe } of territoires.lignes) proposer(nomListe, trouverCommune(territoires, nomListe))
  for (const { nom, codeInsee } of territoires.anciensNoms) {
    const actuelle = territoires.index.communesParCode.get(codeInsee)
    if (actuelle) proposer(nom, trouverCommune(territoires, nom) ?? trouverCommune(territoires, actuelle.nom))
  }
  return [...candidats.values()]
    .sort((a, b) => b.ressemblance - a.ressemblance || a.nom.localeCompare(b.nom, 'fr'))
    .slice(0, limite)
}

/** The secretariats that serve a territory: one office may serve several, and a territory may have several. */
export function listerSecretariats(territoires: Territoires, territoire: string): readonly Secretariat[] {
  return territoires.secretariats.filter((secretariat) => secretariat.territoires.includes(territoire))
}

/** The name of a territory as people write it; « Territoire à déterminer » when there is none. */
export function libelleTerritoire(territoires: Territoires, territoire: string | null): string {
  if (territoire === null) return 'Territoire à déterminer'
  return territoires.territoires.find(({ id }) => id === territoire)?.libelle ?? territoire
}

const SEUIL_RESSEMBLANCE = 0.75

function comparer(a: string, b: string): number {
  const [court, long] = a.length <= b.length ? [a, b] : [b, a]
  const debut = court.length >= 4 && long.startsWith(court) ? 0.8 : 0
  return Math.max(debut, 1 - distance(a, b) / long.length)
}

function territoireDe(lignes: readonly LigneTerritoire[], jour: Temporal.PlainDate | undefined) {
  const enVigueur = jour ? lignes.filter((ligne) => estEnVigueur(ligne, jour)) : lignes
  const territoiresPossibles = [...new Set(enVigueur.map(({ territoire }) => territoire))]
  return {
    territoire: territoiresPossibles.length === 1 ? (territoiresPossibles[0] ?? null) : null,
    territoiresPossibles,
  }
}

function estEnVigueur({ du, jusquAu }: LigneTerritoire, jour: Temporal.PlainDate): boolean {
  return (
    (du === null || Temporal.PlainDate.compare(du, jour) <= 0) &&
    (jusquAu === null || Temporal.PlainDate.compare(jour, jusquAu) <= 0)
  )
}

function dossierDepartement(racineDonnees: string, dept: string): string {
  const racine = join(racineDonnees, 'departements')
  const dossiers = existsSync(racine) ? readdirSync(racine, { withFileTypes: true }).filter((d) => d.isDirectory()) : []
  const trouve = dossiers.map(({ name }) => name).find((nom) => nom === dept || nom.startsWith(`${dept}-`))
  if (trouve) return trouve
  throw unProbleme(racine, 1, `Aucun dossier de département ne s’appelle « ${dept} ».`)
}

interface LigneCsv {
  readonly ligne: number
  readonly champs: Readonly<Record<string, string>>
}

function lireCsv(chemin: string, colonnes: readonly string[]): readonly LigneCsv[] {
  if (!existsSync(chemin)) throw unProbleme(chemin, 1, 'Ce fichier est absent ou illisible.')
  let enTete: readonly string[] = []
  const lues = parse(readFileSync(chemin, 'utf8'), {
    bom: true,
    delimiter: ';',
    info: true,
    relax_column_count: true,
    columns: (titres: readonly string[]) => {
      enTete = titres
      return [...titres]
    },
  }) as unknown as readonly { record: Record<string, string>; info: { lines: number } }[]
  if (enTete.join(';') !== colonnes.join(';')) {
    throw unProbleme(chemin, 1, `En-tête attendu : ${colonnes.join(';')}.`)
  }
  return lues.map(({ record, info }) => ({ ligne: info.lines, champs: record }))
}

function lireLignes(chemin: string, territoires: ReadonlySet<string>): readonly LigneTerritoire[] {
  const problemes: ErreurDonnees[] = []
  const vues = new Set<string>()
  const lignes = lireCsv(chemin, COLONNES).map(({ ligne, champs }): LigneTerritoire => {
    const signaler = (message: string) => problemes.push(unProbleme(chemin, ligne, message))
    const texte = (colonne: string) => champs[colonne] ?? ''
    const date = (colonne: string) => {
      const valeur = texte(colonne)
      const jour = valeur === '' ? null : lireJour(valeur)
      if (jour === undefined) signaler(`« ${valeur} » n’est pas une date AAAA-MM-JJ existante (colonne ${colonne}).`)
      return jour ?? null
    }
    const statut = texte('statut')
    if (!estStatut(statut))
      signaler(`Statut inconnu « ${statut} ». Statuts admis : ${Object.keys(STATUTS_COMMUNE).join(', ')}.`)
    const territoire = texte('territoire')
    if (!territoires.has(territoire))
      signaler(`Territoire inconnu « ${territoire} » : il manque dans secretariats.yaml.`)
    const nomListe = texte('nom_liste')
    if (nomListe === '') signaler('La colonne nom_liste est vide.')
    const cle = `${territoire} ${normaliserCommune(nomListe)} ${texte('du')}`
    if (vues.has(cle)) signaler(`« ${nomListe} » figure deux fois pour ce territoire.`)
    vues.add(cle)
    return {
      territoire,
      nomListe,
      nomActuel: texte('nom_actuel') || null,
      codeInsee: texte('code_insee') || null,
      statut: estStatut(statut) ? statut : 'inconnue',
      du: date('du'),
      jusquAu: date('jusqu_au'),
      remarque: texte('remarque'),
    }
  })
  if (problemes.length > 0) throw new ErreurDonnees(problemes.flatMap((erreur) => erreur.problemes))
  return lignes
}

function lireCommunes(chemin: string): readonly Commune[] {
  return lireCsv(chemin, ['code_insee', 'nom', 'codes_postaux', 'code_arrondissement', 'arrondissement']).map(
    ({ champs }) => ({
      codeInsee: champs.code_insee ?? '',
      nom: champs.nom ?? '',
      codesPostaux: (champs.codes_postaux ?? '').split(' ').filter((code) => code !== ''),
      arrondissement: champs.arrondissement || null,
    }),
  )
}

function lireAnciensNoms(chemin: string): Territoires['anciensNoms'] {
  const colonnes = ['code_insee_ancien', 'ancien_nom', 'jusqu_au', 'code_insee_actuel', 'nature', 'source']
  return lireCsv(chemin, colonnes).map(({ champs }) => ({
    nom: champs.ancien_nom ?? '',
    codeInsee: champs.code_insee_actuel ?? '',
  }))
}

function lireSources(chemin: string, numero: string): readonly SourceTerritoires[] {
  if (!existsSync(chemin)) return []
  return lireYaml(chemin, schemaProvenance)
    .fichiers.filter(({ fichier }) => fichier.endsWith(`-${numero}.csv`))
    .map(({ fichier, titre, origine, lien, etat_au, sources = {} }) => ({
      fichier,
      titre,
      origine,
      lien: lien ?? null,
      etatAu: etat_au,
      complements: Object.values(sources),
    }))
}

function estStatut(texte: string): texte is StatutCommune {
  return Object.hasOwn(STATUTS_COMMUNE, texte)
}

function unProbleme(chemin: string, ligne: number, message: string): ErreurDonnees {
  return new ErreurDonnees([{ chemin, ligne, colonne: 1, message }])
}
