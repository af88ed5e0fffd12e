import { globSync, mkdirSync, writeFileSync } from 'node:fs'
import { join, matchesGlob } from 'node:path'
import { parseArgs } from 'node:util'
import { chargerLimites, inventorierLimites } from '#acces'
import { inventorierBordereaux } from '#bordereaux'
import {
  chargerComptages,
  chargerOrientation,
  inventorierComptages,
  inventorierOrientation,
  inventorierSaisineBailleur,
} from '#commission'
import { chargerDurees, inventorierDurees } from '#conservation'
import { inventorierReferents, inventorierRenseignements } from '#diagnostics'
import { inventorierComplexes } from '#dossiers'
import {
  chargerListeSynthese,
  chargerRetours,
  inventorierListeSynthese,
  inventorierRelais,
  inventorierRetours,
} from '#echanges'
import { inventorierPreuves } from '#engagements'
import { chargerFormulaires, inventorierFormulaires } from '#formulaires'
import { chargerAccords, inventorierAccords } from '#participations'
import {
  chargerDelaisDe,
  type ExempleFaux,
  FAITS_DATES,
  inventorierDroit,
  MESURES,
  SITUATIONS,
  verifierExemples as verifierExemplesDelai,
  verifierExemplesValeur,
} from '#procedure'
import {
  chargerReferentiel,
  type DepartementCharge,
  type EntreeVocabulaire,
  ErreurDonnees,
  ecrireMatrice,
  ecrireProbleme,
  inventorier,
  lireJour,
  type Probleme,
  type Remarque,
  type Unite,
  VOCABULAIRE,
  verifierExemples,
} from '#referentiel'
import { chargerIssues, inventorierIssues } from '#repartition'
import { chargerJourJ, inventorierJourJ } from '#requisitions'
import { readConfig } from '#socle/config'
import { refus } from '#socle/errors'
import { parisDay, systemClock } from '#socle/time'
import { chargerSeuilsAcces, inventorierSeuilsAcces } from '#vigilance'
import { ecrireSchemas, exporterReferentiel, FORMES } from './referentiel-export.ts'
import type { Commande } from './types.ts'
import { exporterUneVersion, listerLesVersions } from './versions.ts'

/** Shows and checks the reviewed data, without a database; lists and exports the versions kept in one. */
export const referentiel: Commande = {
  nom: 'referentiel',
  resume: 'vérifie les données (droit, chartes), les exporte et montre le vocabulaire des règles',
  aide: `Usage : ./amont referentiel verifier [--jour AAAA-MM-JJ] [--format json|texte] [--details]
        ./amont referentiel vocabulaire [--format json|texte]
        ./amont referentiel exporter [--departement CODE] [--format json]
        ./amont referentiel schemas --dossier DOSSIER
        ./amont referentiel acces
        ./amont referentiel versions [--departement CODE] [--format json|texte]
        ./amont referentiel exporter-version VERSION [--vers DOSSIER] [--departement CODE]

verifier     lit tous les fichiers de donnees/ et leurs exemples. Chaque faute est montrée avec son fichier, sa ligne et sa colonne ; liste
             aussi ce qui n’a pas été relu, ce qui est à compléter, et ce qui a pris fin ou va changer. Code de sortie 1 s’il y a une faute.
vocabulaire  les mots que les conditions des règles peuvent employer (type, unité, sens, valeurs admises, colonnes d’import), puis ceux de
             « ./amont essayer delais » : faits datés, situations, montants.
exporter     tout ce qui vaut dans un département : charte, partenaires, engagements et leur portage, indicateurs, critères, répartition,
             paramètres, communes et territoires, délais, seuils, avec leurs sources et leurs réserves.
schemas      écrit dans DOSSIER le schéma JSON de chaque sorte de fichier, pour que les éditeurs complètent et signalent.
acces        la matrice d’accès (donnees/acces/matrice.csv) en mots : le texte de docs/acces.md.
versions     les versions de règles écrites dans l’application, avec leur état et leur date d’effet (ouvre la base).
exporter-version  une de ces versions (« local/71/repartition/1 ») en fichiers, dans la disposition de donnees/ ; sans --vers, son texte est
             écrit sur la sortie (ouvre la base).

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
        vers: { type: 'string' },
      },
    })
    if (values.format !== 'json' && values.format !== 'texte') {
      process.stderr.write(`Format inconnu « ${values.format} » : json ou texte.\n`)
      return 2
    }
    const [quoi, version] = positionals
    if (quoi === 'versions' && version === undefined)
      return listerLesVersions(values.departement, values.format === 'json')
    if (quoi === 'exporter-version' && version !== undefined)
      return exporterUneVersion(values.departement, version, values.vers)
    const jour = values.jour === undefined ? parisDay(systemClock.now()) : lireJour(values.jour)
    const enJson = values.format === 'json'
    const config = readConfig()
    if (positionals.length !== 1 || !jour) {
      process.stderr.write(`${this.aide}\n`)
      return 2
    }
    switch (positionals[0]) {
      case 'vocabulaire':
        process.stdout.write(
          enJson
            ? `${JSON.stringify([...VOCABULAIRE, ...VOCABULAIRE_DROIT], null, 2)}\n`
            : `${ecrireVocabulaire()}\n${ecrireVocabulaireDroit()}\n`,
        )
        return 0
      case 'verifier':
        return verifier(config.referentiel, jour, { enJson, details: values.details })
      case 'acces':
        process.stdout.write(ecrireMatrice(chargerReferentiel(config.referentiel).matrice))
        return 0
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
  const departements: DepartementCharge[] = []
  recueillir(problemes, racine, () => {
    const lu = chargerReferentiel(racine)
    departements.push(...lu.departements.values())
    remarques.push(...inventorier(lu, jour))
    const bilan = verifierExemples(racine)
    exemples += bilan.executes
    problemes.push(...bilan.problemes)
  })
  recueillir(problemes, racine, () => {
    const { national, parDept } = chargerDelaisDe(racine, departements)
    const vus = new Set<string>()
    for (const droit of [national, ...parDept.values()]) {
      const nouveau = (id: string) => !vus.has(id)
      const [delais, valeurs] = [
        droit.liste.filter(({ id }) => nouveau(id)),
        droit.valeurs.filter(({ id }) => nouveau(id)),
      ]
      exemples += [...delais, ...valeurs].reduce((somme, regle) => somme + regle.exemples.length, 0)
      remarques.push(...inventorierDroit(droit, jour, nouveau))
      problemes.push(
        ...delais.flatMap((delai) => verifierExemplesDelai(delai, droit.calendrier)).map(situerExemple),
        ...valeurs.flatMap(verifierExemplesValeur).map(situerExemple),
      )
      for (const { id } of [...delais, ...valeurs]) vus.add(id)
      vus.add('droit/calendrier/treve-hivernale')
    }
  })
  recueillir(problemes, racine, () => {
    remarques.push(...inventorierLimites(chargerLimites(racine)))
    remarques.push(...inventorierSeuilsAcces(chargerSeuilsAcces(racine)))
    remarques.push(...inventorierDurees(chargerDurees(racine)))
  })
  recueillir(problemes, racine, () => {
    remarques.push(...inventorierAccords(chargerAccords(racine)))
    remarques.push(...inventorierJourJ(chargerJourJ(racine)))
    remarques.push(...inventorierBordereaux(racine))
    remarques.push(...inventorierListeSynthese(chargerListeSynthese(racine)))
    remarques.push(...inventorierIssues(chargerIssues(racine)), ...inventorierRenseignements(racine))
    remarques.push(...inventorierComplexes(racine), ...inventorierRelais(racine), ...inventorierReferents(racine))
  })
  recueillir(problemes, racine, () => {
    remarques.push(...inventorierFormulaires(chargerFormulaires(racine)))
    remarques.push(...inventorierOrientation(chargerOrientation(racine)), ...inventorierSaisineBailleur(racine))
    remarques.push(...inventorierComptages(chargerComptages(racine)))
  })
  recueillir(problemes, racine, () => {
    remarques.push(...inventorierRetours(chargerRetours(racine)))
  })
  recueillir(problemes, racine, () => {
    remarques.push(...inventorierPreuves(racine))
  })
  problemes.push(...listerFichiersInconnus(racine))
  return { problemes, exemples, remarques }
}

/** A file under a name that nothing reads would be ignored without a word: a folder misspelt, a leftover. */
function listerFichiersInconnus(racine: string): Probleme[] {
  return globSync(
    [
      'droit/**/*.y*ml',
      'departements/**/*.y*ml',
      'indicateurs/**/*.y*ml',
      'acces/**/*.y*ml',
      'formulaires/**/*.y*ml',
      'contacts/**/*.y*ml',
      'commission/**/*.y*ml',
      'engagements/**/*.y*ml',
    ],
    {
      cwd: racine,
    },
  )
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

/** A wrong example, where it is written. */
function situerExemple({ id, rang, lieu, ecarts }: ExempleFaux): Probleme {
  const message = `Exemple n° ${rang} : ${ecarts.join(' ')} Corriger la règle, ou ce que l’exemple attend.`
  return { chemin: `donnees/${id}.yaml`, ...lieu, message }
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
  demandes: 'nombre de demandes',
  mois: 'en mois',
  pour_cent: 'en pour cent',
  centiemes: 'en centièmes',
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

/** Words of `essayer delais`, in the shape of those of the conditions. */
interface MotDuDroit extends Omit<EntreeVocabulaire, 'genre' | 'type' | 'unite'> {
  readonly genre: 'date' | 'situation' | 'montant'
  readonly type: 'date' | 'bool' | 'int'
  readonly unite: 'centimes' | null
  readonly commande: 'essayer delais'
}

function motDuDroit(nom: string, manque: string, lu: Pick<MotDuDroit, 'genre' | 'type' | 'unite'>): MotDuDroit {
  // « la date de l’audience » is how a missing fact is asked for: the vocabulary names it.
  const sens = manque.replace(/^(?:la|le|les) |^l’/, '')
  return { nom, ...lu, sens, valeurs: null, compagnon: null, colonnes: [], calcule: false, commande: 'essayer delais' }
}

const VOCABULAIRE_DROIT: readonly MotDuDroit[] = [
  ...Object.entries(FAITS_DATES).map(([nom, { manque }]) =>
    motDuDroit(nom, manque, { genre: 'date', type: 'date', unite: null }),
  ),
  ...Object.entries(SITUATIONS).map(([nom, { oui }]) =>
    motDuDroit(nom, oui, { genre: 'situation', type: 'bool', unite: null }),
  ),
  ...Object.entries(MESURES).map(([nom, manque]) =>
    motDuDroit(nom, manque, { genre: 'montant', type: 'int', unite: 'centimes' }),
  ),
]

function ecrireVocabulaireDroit(): string {
  const genres = {
    date: ['Faits datés de « essayer delais »', 'date'],
    situation: ['Situations de « essayer delais »', 'oui ou non'],
    montant: ['Montants de « essayer delais »', 'en euros, ou en centimes avec la fin « _centimes »'],
  } as const
  return Object.entries(genres)
    .flatMap(([genre, [titre, type]]) => [
      '',
      titre,
      ...VOCABULAIRE_DROIT.filter((mot) => mot.genre === genre).map(({ nom, sens }) => `${nom} (${type})\n  ${sens}`),
    ])
    .join('\n')
}
