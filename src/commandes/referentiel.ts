import { globSync, mkdirSync, writeFileSync } from 'node:fs'
import { join, matchesGlob } from 'node:path'
import { parseArgs } from 'node:util'
import { chargerDelais, type Delai, estAVerifier, verifierExemples as verifierExemplesDelai } from '#procedure'
import {
  chargerReferentiel,
  ErreurDonnees,
  ecrireProbleme,
  inventorier,
  lireJour,
  type Probleme,
  type Remarque,
  type Unite,
  VOCABULAIRE,
  verifierExemples,
} from '#referentiel'
import { readConfig } from '#socle/config'
import { refus } from '#socle/errors'
import { parisDay, systemClock } from '#socle/time'
import { ecrireSchemas, exporterReferentiel, FORMES } from './referentiel-export.ts'
import type { Commande } from './types.ts'

/** Shows and checks the reviewed data, without a database. */
export const referentiel: Commande = {
  nom: 'referentiel',
  resume: 'vérifie les données (droit, chartes), les exporte et montre le vocabulaire des règles',
  aide: `Usage : ./amont referentiel verifier [--jour AAAA-MM-JJ] [--format json|texte] [--details]
        ./amont referentiel vocabulaire [--format json|texte]
        ./amont referentiel exporter [--departement CODE] [--format json]
        ./amont referentiel schemas --dossier DOSSIER

verifier     lit tous les fichiers de donnees/ et leurs exemples. Chaque faute est montrée avec son fichier, sa ligne et sa colonne ; liste
             aussi ce qui n’a pas été relu, ce qui est à compléter, et ce qui a pris fin ou va changer. Code de sortie 1 s’il y a une faute.
vocabulaire  les mots que les conditions des règles peuvent employer : type, unité, sens, valeurs admises, colonnes d’import.
exporter     tout ce qui vaut dans un département : charte, partenaires, engagements et leur portage, indicateurs, critères, répartition,
             paramètres, communes et territoires, délais, seuils, avec leurs sources et leurs réserves.
schemas      écrit dans DOSSIER le schéma JSON de chaque sorte de fichier, pour que les éditeurs complètent et signalent.

Le dossier lu est « donnees », ou celui qu’indique AMONT_REFERENTIEL.`,
  async executer(args) {
    const { values, positionals } = parseArgs({
      args: [...args],
      allowPositionals: true,
      options: {
        jour: { type: 'string' },
        format: { type: 'string', default: 'texte' },
        details: { type: 'boolean', default: false },
        departement: { type: 'string' },
        dossier: { type: 'string' },
      },
    })
    const jour = values.jour === undefined ? parisDay(systemClock.now()) : lireJour(values.jour)
    const enJson = values.format === 'json'
    const config = readConfig()
    if (positionals.length !== 1 || !jour || (!enJson && values.format !== 'texte')) {
      process.stderr.write(`${this.aide}\n`)
      return 2
    }
    switch (positionals[0]) {
      case 'vocabulaire':
        process.stdout.write(enJson ? `${JSON.stringify(VOCABULAIRE, null, 2)}\n` : `${ecrireVocabulaire()}\n`)
        return 0
      case 'verifier':
        return verifier(config.referentiel, jour, { enJson, details: values.details })
      case 'exporter': {
        const code = values.departement ?? config.departement
        const exporte = exporterReferentiel(config.referentiel, code)
        process.stdout.write(`${JSON.stringify(exporte, null, 2)}\n`)
        return 0
      }
      case 'schemas': {
        const dossier = values.dossier
        if (dossier === undefined) {
          throw refus('schemas.dossier', 'Indiquer où écrire les schémas : --dossier DOSSIER.')
        }
        mkdirSync(dossier, { recursive: true })
        const fichiers = ecrireSchemas()
        for (const [nom, texte] of fichiers) writeFileSync(join(dossier, nom), texte)
        process.stdout.write(`${fichiers.size} schémas écrits dans ${dossier}.\n`)
        return 0
      }
      default:
        process.stderr.write(`${this.aide}\n`)
        return 2
    }
  },
}

/** Everything wrong and everything to look at in a data folder, on a day. Nothing is thrown for a fault of the data. */
export function controlerDonnees(
  racine: string,
  jour: Temporal.PlainDate,
): { problemes: readonly Probleme[]; exemples: number; remarques: readonly Remarque[] } {
  const problemes: Probleme[] = []
  let exemples = 0
  const remarques: Remarque[] = []
  const dossiers: string[] = []
  recueillir(problemes, racine, () => {
    const lu = chargerReferentiel(racine)
    dossiers.push(...[...lu.departements.values()].map(({ dossier }) => dossier))
    remarques.push(...inventorier(lu, jour))
    const bilan = verifierExemples(racine)
    exemples += bilan.executes
    problemes.push(...bilan.problemes)
  })
  recueillir(problemes, racine, () => {
    const vus = new Set<string>()
    for (const dossier of [undefined, ...dossiers]) {
      const { liste, calendrier } = chargerDelais(racine, dossier)
      for (const delai of liste.filter(({ id }) => !vus.has(id))) {
        vus.add(delai.id)
        exemples += delai.exemples.length
        remarques.push(...remarquerDelai(delai))
        for (const { rang, ecarts } of verifierExemplesDelai(delai, calendrier)) {
          const message = `Exemple n° ${rang} : ${ecarts.join(' ')}`
          problemes.push({ chemin: `donnees/${delai.id}.yaml`, ligne: 1, colonne: 1, message })
        }
      }
    }
  })
  problemes.push(...listerFichiersInconnus(racine))
  return { problemes, exemples, remarques }
}

/** A file under a name that nothing reads would be ignored without a word: a folder misspelt, a leftover. */
function listerFichiersInconnus(racine: string): Probleme[] {
  return globSync(['droit/**/*.y*ml', 'departements/**/*.y*ml', 'indicateurs/**/*.y*ml'], { cwd: racine })
    .map((chemin) => chemin.replaceAll('\\', '/'))
    .sort()
    .filter((chemin) => !FORMES.some(({ chemins }) => chemins.some((motif) => matchesGlob(chemin, motif))))
    .map((chemin) => ({
      chemin: `donnees/${chemin}`,
      ligne: 1,
      colonne: 1,
      message:
        'Ce fichier n’est lu par rien : ni son dossier ni son nom ne sont ceux d’une sorte de fichier connue. Le renommer, le déplacer ou le retirer.',
    }))
}

function remarquerDelai({ id, libelle, versions }: Delai): Remarque[] {
  const commun = { chemin: `donnees/${id}.yaml`, libelle }
  return versions.flatMap(({ du, fiabilite, source, verifieLe }): Remarque[] => [
    ...(estAVerifier(fiabilite)
      ? [{ ...commun, genre: 'a_verifier' as const, detail: `source non confirmée : ${source.titre}` }]
      : []),
    ...(verifieLe === null
      ? [
          {
            ...commun,
            genre: 'non_verifie' as const,
            detail: `version du ${du.toString()}, jamais relue par un juriste`,
          },
        ]
      : []),
  ])
}

function recueillir(problemes: Probleme[], racine: string, travail: () => void): void {
  try {
    travail()
  } catch (erreur) {
    if (!(erreur instanceof ErreurDonnees)) throw erreur
    for (const probleme of erreur.problemes) {
      const chemin = probleme.chemin.startsWith(racine)
        ? `donnees${probleme.chemin.slice(racine.length)}`
        : probleme.chemin
      problemes.push({ ...probleme, chemin })
    }
  }
}

function verifier(
  racine: string,
  jour: Temporal.PlainDate,
  { enJson, details }: { readonly enJson: boolean; readonly details: boolean },
): number {
  const controle = controlerDonnees(racine, jour)
  if (enJson) {
    process.stdout.write(`${JSON.stringify({ jour: jour.toString(), ...controle }, null, 2)}\n`)
  } else {
    process.stdout.write(`${ecrireControle(controle, jour, details)}\n`)
  }
  return controle.problemes.length > 0 ? 1 : 0
}

const GENRES = {
  expire: 'A pris fin',
  expire_bientot: 'Prend fin bientôt',
  change_bientot: 'Change bientôt',
  a_completer: 'À compléter',
  a_verifier: 'À vérifier',
  non_verifie: 'Jamais relu par un juriste',
} as const satisfies Record<Remarque['genre'], string>

function ecrireControle(
  { problemes, exemples, remarques }: ReturnType<typeof controlerDonnees>,
  jour: Temporal.PlainDate,
  details: boolean,
): string {
  const lignes = problemes.map(ecrireProbleme)
  for (const [genre, titre] of Object.entries(GENRES)) {
    const siennes = remarques.filter((remarque) => remarque.genre === genre)
    if (siennes.length === 0) continue
    const long = genre === 'non_verifie' && !details
    lignes.push(`${titre} (${siennes.length})${long ? ' : « --details » en donne la liste' : ''}`)
    if (long) continue
    for (const [chemin, groupe] of Map.groupBy(siennes, (remarque) => remarque.chemin)) {
      lignes.push(`  ${chemin}`, ...groupe.map(({ libelle, detail }) => `    ${libelle} : ${detail}`))
    }
  }
  const bilan =
    problemes.length === 0
      ? `Données lisibles au ${jour.toString()}, ${exemples} exemples conformes.`
      : `${problemes.length} faute(s) dans les données.`
  return [...lignes, bilan].join('\n')
}

const UNITES = {
  centimes: 'en centimes d’euro',
  annees: 'en années',
  jours: 'en jours',
  heures: 'en heures',
  enfants: 'nombre d’enfants',
  sources: 'nombre d’organismes',
  pour_cent: 'en pour cent',
  mois_jour: 'jour de l’année, MM-JJ',
  numero_de_mois: 'mois, de 1 à 12',
} as const satisfies Record<Unite, string>

function ecrireVocabulaire(): string {
  return VOCABULAIRE.filter(({ genre }) => genre !== 'compagnon')
    .map((mot) => {
      const type = { bool: 'oui ou non', int: 'entier', string: 'texte' }[mot.type]
      const unite = mot.unite ? `, ${UNITES[mot.unite]}` : ''
      const suite = [
        mot.valeurs ? `valeurs : ${mot.valeurs.join(', ')}` : null,
        mot.compagnon ? `connu ou non : ${mot.compagnon}` : null,
        mot.colonnes.length > 0 ? `colonnes : ${mot.colonnes.join(', ')}` : null,
      ].filter((ligne) => ligne !== null)
      return [`${mot.nom} (${type}${unite})`, `  ${mot.sens}`, ...suite.map((ligne) => `  ${ligne}`)].join('\n')
    })
    .join('\n')
}
