import { readFileSync } from 'node:fs'
import { parseArgs } from 'node:util'
import { chargerDelais, type Delais } from '#procedure'
import {
  chargerReferentiel,
  type DepartementCharge,
  ErreurDonnees,
  evaluerCriteres,
  evaluerImpayeCaf,
  evaluerRepartition,
  evaluerSeuilCommandement,
  lireJour,
  lireRepartition,
  type Referentiel,
  type Repartition,
  suggerer,
  trouverDepartement,
} from '#referentiel'
import { readConfig } from '#socle/config'
import { type Clock, parisDay, systemClock } from '#socle/time'
import { essayerCalcul } from './essayer-calculs.ts'
import { lireCasCalculs } from './essayer-calculs-lecture.ts'
import { essayerDroit } from './essayer-delais.ts'
import { lireSituationsDroit } from './essayer-delais-lecture.ts'
import {
  decouperSituations,
  ErreurSituations,
  lireSituationsFaits,
  lireSituationsSeuils,
  type SituationFaits,
} from './essayer-lecture.ts'
import { type Entete, type Essai, montrerCriteres, montrerRepartition, montrerSeuil } from './essayer-sortie.ts'
import type { Commande } from './types.ts'

const GENRES = ['repartition', 'criteres', 'seuils', 'delais', 'calculs'] as const
type Genre = (typeof GENRES)[number]

/** Evaluates rules on situations given as JSON: no database, nothing written. */
export const essayer: Commande = {
  nom: 'essayer',
  resume:
    'applique les règles de répartition, les critères, les seuils, les délais ou les calculs à des situations données en JSON',
  aide: `Usage : ./amont essayer repartition|criteres|seuils|delais|calculs FICHIER.json [--departement CODE] [--jour AAAA-MM-JJ]
                       [--regles REGLES.yaml] [--tout] [--format json|texte]

Évalue et montre, pour chaque situation, le résultat, le motif, les valeurs lues et la source. Aucune base n’est ouverte, rien n’est écrit.
FICHIER.json contient une situation, une liste, ou {"situations": [...]} ; « - » lit l’entrée standard.

repartition, criteres : les mots de « ./amont referentiel vocabulaire », pointés ("menage.rsa": true) ou imbriqués ("menage": {"rsa": true}).
  Un mot absent ou null n’est pas connu, ce qui n’est pas « non ». Les montants sont en centimes entiers.
  Autres clés : id, jour, deja_sollicites (["ccas"] ou [{"service": "ccas", "regle": "…"}]).
  Le jour choisit la version des règles ; sans lui, celui d’aujourd’hui à Paris est pris et signalé.
  --regles essaie d’autres règles de répartition à la place de celles en vigueur.

seuils : {"type": "commandement_de_payer", "date_acte", "montant_dette", "loyer", "dette_depuis" ou "mois_d_impaye", "bailleur_nature"}
  ou {"type": "impaye_caf" (ou "impaye_msa"), "date_constitution", "jour", "montant_dette", "loyer", "charges", "montant_aide",
  "tiers_payant", "premier_defaut", "termes_impayes"}.
  Les montants sont en euros ("1 400,00" ou 1400.5) ; avec la fin « _centimes » ("loyer_centimes": 50000), en centimes entiers.
  La version se choisit sur la date de l’acte ou de constitution, jamais sur la date du jour.

delais : les faits datés de « ./amont referentiel vocabulaire », pointés ("audience.prevue": "2027-01-14") ou imbriqués
  ("audience": {"prevue": "14/01/2027"}), sous « faits » ou à côté de « id » ; les situations ("caution": true) ; les montants en euros
  ("dette": 2000, "rappel_aide", "loyer", "charges", "aide") ou en centimes ("dette_centimes": 200000) ; pour les seuils, comme ci-dessus.
  Pour chaque délai, valeur, seuil et jour de trêve concerné : valeur et unité, date brute et date reportée, les deux lectures quand le
  droit en laisse deux, effet différé, source et article, réserve, version ; ou ce qui manque, ou pourquoi aucune règle ne vaut.
  « jour », ou --jour, est le jour de l’événement examiné (séance, exécution) : il ne remplace aucune date du dossier.
  Un délai dont le point de départ n’est pas donné n’est pas montré ; --tout les montre tous, avec ce qui leur manque.

calculs : une liste de cas, chacun avec « calcul » : budget, reste_pour_vivre, adaptation, imputation, plan, apurement_supportable,
  suivi, avis_echeance. Les montants sont en euros, ou en centimes entiers avec la fin « _centimes ». Pour chaque cas : le résultat au
  centime, les motifs, les réserves et les sources. Clés et exemples : docs/formats/calculs.md.
  Par exemple : {"calcul": "plan", "dette": "2 000,00", "nombre": 36, "premiere": "2026-12-05", "origine": "caf"}

Code de sortie : 0 si tout est évalué ; 1 si une situation ou une règle est fautive, et alors rien n’est évalué ; 2 si la commande est mal écrite.`,
  async executer(args) {
    const { values, positionals } = parseArgs({
      args: [...args],
      allowPositionals: true,
      options: {
        departement: { type: 'string' },
        jour: { type: 'string' },
        regles: { type: 'string' },
        tout: { type: 'boolean', default: false },
        format: { type: 'string', default: 'texte' },
      },
    })
    const [genre, fichier] = positionals
    const jour = values.jour === undefined ? undefined : lireJour(values.jour)
    const malEcrite =
      genre !== undefined && !estGenre(genre)
        ? `« ${genre} » ne s’essaie pas : ${GENRES.join(', ')}.${suggerer(genre, GENRES)}`
        : genre === undefined || fichier === undefined || positionals.length > 2
          ? 'Il faut dire quoi essayer, et sur un seul fichier.'
          : values.jour !== undefined && !jour
            ? `« ${values.jour} » n’est pas une date AAAA-MM-JJ existante.`
            : values.format !== 'json' && values.format !== 'texte'
              ? `Format inconnu « ${values.format} » : json ou texte.`
              : values.regles !== undefined && genre !== 'repartition'
                ? '--regles ne vaut que pour « essayer repartition ».'
                : values.tout && genre !== 'delais'
                  ? '--tout ne vaut que pour « essayer delais ».'
                  : null
    if (malEcrite !== null || !estGenre(genre) || fichier === undefined) {
      process.stderr.write(`${malEcrite}\n\n${this.aide}\n`)
      return 2
    }
    try {
      const essais = essayerSituations({
        referentiel: chargerReferentiel(readConfig().referentiel),
        genre,
        texte: lireTexte(fichier),
        fichier,
        departement: values.departement ?? readConfig().departement,
        jour: jour ?? null,
        regles: values.regles === undefined ? null : lireRepartition(lireTexte(values.regles), values.regles),
        tout: values.tout,
        horloge: systemClock,
      })
      process.stdout.write(
        values.format === 'json'
          ? `${JSON.stringify(
              essais.map(({ json }) => json),
              null,
              2,
            )}\n`
          : `${essais.map(({ lignes }) => lignes.join('\n')).join('\n\n')}\n`,
      )
      if (essais.some(({ json }) => json.jour_suppose === true)) {
        process.stderr.write('Des situations ne disent pas leur jour : celui d’aujourd’hui à Paris a été pris.\n')
      }
      return 0
    } catch (erreur) {
      if (!(erreur instanceof ErreurSituations || erreur instanceof ErreurDonnees)) throw erreur
      process.stderr.write(`${erreur.message}\n`)
      return 1
    }
  },
}

/** The situations of a text, all read before the first is evaluated. Throws `ErreurSituations`. */
export function essayerSituations(demande: {
  readonly referentiel: Referentiel
  readonly genre: Genre
  readonly texte: string
  /** How messages name the text. */
  readonly fichier?: string
  readonly departement: string
  readonly jour: Temporal.PlainDate | null
  readonly regles: Repartition | null
  /** For `delais`: also the rules that the situation does not concern yet. */
  readonly tout?: boolean
  /** For `delais`: the law of the département, when it is already read. */
  readonly droit?: Delais
  readonly horloge: Clock
}): readonly Essai[] {
  const { referentiel, genre } = demande
  const departement = trouverDepartement(referentiel, demande.departement)
  if (!departement) {
    const connus = [...referentiel.departements.values()].map(({ code, nom }) => `${code} (${nom})`).join(', ')
    throw new ErreurSituations([
      `Le département « ${demande.departement} » n’est pas dans les données. Départements connus : ${connus}.`,
    ])
  }
  if (genre === 'calculs') {
    const droit = demande.droit ?? chargerDelais(referentiel.racine, departement.dossier)
    return lireCasCalculs(demande.texte, demande.fichier ?? 'cas').map((cas, i) =>
      essayerCalcul({ departement, droit, racine: referentiel.racine }, cas, i + 1),
    )
  }
  const situations = decouperSituations(demande.texte)
  if (genre === 'seuils') {
    return lireSituationsSeuils(situations).map((situation, i) => {
      const decision =
        situation.type === 'commandement_de_payer'
          ? evaluerSeuilCommandement(referentiel, departement.code, situation.acte)
          : evaluerImpayeCaf(referentiel, situation.impaye)
      return montrerSeuil({ id: situation.id, rang: i + 1 }, situation.type, decision)
    })
  }
  if (genre === 'delais') {
    const droit = demande.droit ?? chargerDelais(referentiel.racine, departement.dossier)
    const contexte = { referentiel, droit, departement: departement.code, tout: demande.tout ?? false }
    return lireSituationsDroit(situations, demande.jour).map((situation, i) => essayerDroit(contexte, situation, i + 1))
  }
  const aujourdHui = parisDay(demande.horloge.now())
  return lireSituationsFaits(situations).map((situation, i) => {
    const jour = situation.jour ?? demande.jour
    const entete: Entete = {
      id: situation.id,
      rang: i + 1,
      departement: departement.code,
      jour: jour ?? aujourdHui,
      jourSuppose: jour === null,
    }
    return genre === 'criteres'
      ? montrerCriteres(entete, evaluerCriteres(departement, situation.faits, entete.jour))
      : montrerRepartition(entete, repartir(departement, situation, entete.jour, demande.regles))
  })
}

function repartir(
  departement: DepartementCharge,
  { faits, dejaSollicites }: SituationFaits,
  jour: Temporal.PlainDate,
  regles: Repartition | null,
) {
  return evaluerRepartition(departement, faits, jour, { dejaSollicites, ...(regles ? { regles } : {}) })
}

function lireTexte(fichier: string): string {
  try {
    return readFileSync(fichier === '-' ? 0 : fichier, 'utf8')
  } catch {
    throw new ErreurSituations([`Le fichier « ${fichier} » est absent ou illisible.`])
  }
}

function estGenre(mot: string | undefined): mot is Genre {
  return GENRES.some((genre) => genre === mot)
}
