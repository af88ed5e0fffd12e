import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { z } from 'zod'
import {
  type DocumentYaml,
  ErreurDonnees,
  fichierDonnees,
  lireTexteYaml,
  type Probleme,
  TYPES_ORGANISME,
  type TypeOrganisme,
  texteRempli,
} from '#referentiel'
import { definirColonne, NOMS_COLONNES, type NomColonne } from './colonnes.ts'
import { normaliserEntete } from './entete.ts'
import { lireDate } from './valeurs.ts'

const colonne = z.enum(NOMS_COLONNES as readonly [NomColonne, ...NomColonne[]])

const schema = fichierDonnees({
  libelle: texteRempli,
  organismes: z.array(z.enum(TYPES_ORGANISME)).min(1),
  constantes: z.partialRecord(colonne, texteRempli).default({}),
  colonnes: z.record(texteRempli, colonne),
  valeurs: z.partialRecord(colonne, z.record(texteRempli, z.string())).default({}),
})

type ModeleEcrit = z.output<typeof schema>

/** One type of source file of `donnees/imports/`: the names a partner's software gives to our columns and values. */
export interface ModeleImport {
  readonly id: string
  readonly libelle: string
  /** Types of organismes that send such files. */
  readonly organismes: readonly TypeOrganisme[]
  readonly constantes: Readonly<Partial<Record<NomColonne, string>>>
  /** Their name, passed through `normaliserEntete`, → ours. Several of their names may lead to one of ours. */
  readonly colonnes: Readonly<Record<string, NomColonne>>
  /** For a column of ours, their value, passed through `normaliserEntete`, → the value of the format. */
  readonly valeurs: Readonly<Partial<Record<NomColonne, Readonly<Record<string, string>>>>>
}

/**
 * Reads a mapping file given as text; `chemin` names it in messages and its base name is the id. Throws `ErreurDonnees` with every
 * problem: file, line, column, French sentence.
 */
export function lireModeleImport(texte: string, chemin: string): ModeleImport {
  const document = lireTexteYaml(texte, chemin, schema)
  const problemes = [...verifierNoms(document), ...verifierConstantes(document), ...verifierTraductions(document)]
  if (problemes.length > 0)
    throw new ErreurDonnees(problemes.sort((a, b) => a.ligne - b.ligne || a.colonne - b.colonne))
  const { libelle, organismes, constantes, colonnes, valeurs } = document.valeur
  const traductions = Object.entries(valeurs).map(([nom, table]) => [nom, normaliserCles(table ?? {})])
  return {
    id: chemin.replace(/^.*[\\/]/, '').replace(/\.ya?ml$/, ''),
    libelle,
    organismes,
    constantes,
    colonnes: normaliserCles(colonnes),
    valeurs: Object.fromEntries(traductions),
  }
}

/** Every mapping file of `donnees/imports/`, in the order of their names. Throws `ErreurDonnees`. */
export function chargerModelesImport(racineDonnees: string): readonly ModeleImport[] {
  const dossier = join(racineDonnees, 'imports')
  const fichiers = readdirSync(dossier).filter((nom) => nom.endsWith('.yaml'))
  return fichiers.sort().map((nom) => lireModeleImport(readFileSync(join(dossier, nom), 'utf8'), join(dossier, nom)))
}

function normaliserCles<Valeur>(table: Readonly<Record<string, Valeur>>): Record<string, Valeur> {
  return Object.fromEntries(Object.entries(table).map(([cle, valeur]) => [normaliserEntete(cle), valeur]))
}

function* verifierNoms(document: DocumentYaml<ModeleEcrit>): Generator<Probleme> {
  const vus = new Map<string, string>()
  for (const nom of Object.keys(document.valeur.colonnes)) {
    const normal = normaliserEntete(nom)
    const jumeau = vus.get(normal)
    if (jumeau !== undefined) {
      yield document.probleme(
        ['colonnes', nom],
        `« ${nom} » et « ${jumeau} » sont le même nom : la casse et les espaces de bord sont indifférents. Garder une seule ligne.`,
        { cle: true },
      )
    }
    vus.set(normal, nom)
  }
}

function* verifierConstantes(document: DocumentYaml<ModeleEcrit>): Generator<Probleme> {
  const nommees = new Set<NomColonne>(Object.values(document.valeur.colonnes))
  for (const [nom, valeur] of Object.entries(document.valeur.constantes) as [NomColonne, string][]) {
    const ou = ['constantes', nom]
    if (nommees.has(nom)) {
      const message = `« ${nom} » est déjà donnée par une colonne du fichier. Retirer la constante, ou le nom de colonne.`
      yield document.probleme(ou, message, { cle: true })
    }
    const phrase = refuserValeur(nom, valeur)
    if (phrase) yield document.probleme(ou, phrase)
  }
}

function* verifierTraductions(document: DocumentYaml<ModeleEcrit>): Generator<Probleme> {
  for (const [nom, table] of Object.entries(document.valeur.valeurs) as [NomColonne, Record<string, string>][]) {
    for (const [leur, notre] of Object.entries(table)) {
      const phrase = notre === '' ? null : refuserValeur(nom, notre)
      if (phrase) yield document.probleme(['valeurs', nom, leur], phrase)
    }
  }
}

/** Why a value cannot be given to a column, when the format lists the values it takes. */
function refuserValeur(nom: NomColonne, valeur: string): string | null {
  const { genre, valeurs } = definirColonne(nom)
  const admises = genre === 'booleen' ? ['oui', 'non'] : valeurs
  if (admises && !admises.includes(valeur)) {
    return `« ${valeur} » n’est pas une valeur de « ${nom} ». Valeurs admises : ${admises.join(', ')}.`
  }
  if (genre === 'date' && !('valeur' in lireDate(valeur))) return `« ${valeur} » n’est pas une date. Écrire AAAA-MM-JJ.`
  return null
}
