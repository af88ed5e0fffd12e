import { join } from 'node:path'
import { z } from 'zod'
import { chargerReferentiel, type Referentiel } from './chargement.ts'
import { type AvecCriteres, type Criteres, evaluerCriteres } from './criteres.ts'
import type { Departement } from './departement.ts'
import { evaluerEngagements } from './engagements.ts'
import { type AvecRegles, evaluerRepartition, type Repartition } from './repartition.ts'
import { type DecisionSeuil, evaluerImpayeCaf, evaluerSeuilCommandement, type FichierSeuil } from './seuils.ts'
import { lireDocumentYaml, type Probleme } from './yaml.ts'

/** What checking the examples of the data gives. */
export interface BilanExemples {
  /** How many examples were run. */
  readonly executes: number
  /** Those whose result or source is not the one written, each at its place. */
  readonly problemes: readonly Probleme[]
}

/**
 * Runs every `exemples:` of the files this module reads and compares the result and its source. A file of rules without example is
 * a problem too. Throws `ErreurDonnees` when the data cannot be loaded.
 */
export function verifierExemples(racineDonnees: string): BilanExemples {
  const referentiel = chargerReferentiel(racineDonnees)
  const essais = [...essaisSeuils(referentiel), ...[...referentiel.departements.values()].flatMap(essaisDepartement)]
  return {
    executes: essais.reduce((somme, { ecarts }) => somme + ecarts.length, 0),
    problemes: essais.flatMap((essai) => situer(racineDonnees, essai)),
  }
}

/** The examples of one file, in order: for each, its title and what differs. */
interface Essais {
  readonly id: string
  readonly ecarts: readonly Ecart[]
}

/** One example and what differs from what it expects; nothing when it conforms. */
export interface Ecart {
  readonly cas: string
  readonly differences: readonly string[]
}

function essaisSeuils(referentiel: Referentiel): Essais[] {
  return [...referentiel.seuils.values()].map((seuil) => ({
    id: seuil.id,
    ecarts: seuil.exemples.map((exemple) => {
      const decision = appliquer(referentiel, seuil, exemple.entree)
      const { resultat, du, source, seuil: montant, reserve } = exemple.attendu
      return {
        cas: exemple.cas,
        differences: [
          comparer('resultat', decision.resultat, resultat),
          comparer('du', decision.du?.toString() ?? null, du?.toString() ?? null),
          comparer('source', decision.source?.titre ?? null, source),
          montant === undefined ? null : comparer('seuil', decision.seuil, montant),
          reserve === undefined ? null : comparer('reserve', decision.reserve, reserve),
        ].filter((ecart) => ecart !== null),
      }
    }),
  }))
}

function appliquer(
  referentiel: Referentiel,
  seuil: FichierSeuil,
  entree: FichierSeuil['exemples'][number]['entree'],
): DecisionSeuil {
  if (seuil.rattachement === 'impaye.constitue') return evaluerImpayeCaf(referentiel, entree)
  const code = entree.departement ?? [...referentiel.departements.keys()][0] ?? ''
  return evaluerSeuilCommandement(referentiel, code, entree)
}

/** The examples of a list of criteria, against that list, in order. */
export function essayerCriteres(departement: AvecCriteres, liste: Criteres): Ecart[] {
  return liste.exemples.map((exemple) => {
    const { constats } = evaluerCriteres(departement, exemple.situation, exemple.jour, liste)
    return {
      cas: exemple.cas,
      differences: exemple.attendu.flatMap((attendu) => {
        const constat = constats.find(({ critere }) => critere === attendu.critere)
        return [
          comparer(`${attendu.critere}, etat`, constat?.etat ?? null, attendu.etat),
          comparer(`${attendu.critere}, reference`, constat?.source.reference ?? null, attendu.reference),
          attendu.manquants === undefined
            ? null
            : comparer(`${attendu.critere}, manquants`, trier(constat?.manquants), trier(attendu.manquants)),
        ].filter((ecart) => ecart !== null)
      }),
    }
  })
}

/** The examples of dispatch rules, against those rules, in order. */
export function essayerRepartition(departement: AvecRegles, regles: Repartition): Ecart[] {
  return regles.exemples.map((exemple) => {
    const decision = evaluerRepartition(departement, exemple.situation, exemple.jour, {
      regles,
      dejaSollicites: exemple.deja_sollicites ?? [],
    })
    const { attendu } = exemple
    const but = decision.rang ?? decision.recours
    return {
      cas: exemple.cas,
      differences: [
        comparer('resultat', decision.resultat, attendu.resultat),
        comparer('regle', decision.rang?.regle ?? null, attendu.regle),
        comparer('service', but?.service ?? null, attendu.service),
        comparer('reference', but?.source.reference ?? null, attendu.reference),
        attendu.manquants === undefined
          ? null
          : comparer('manquants', trier(decision.manquants), trier(attendu.manquants)),
        attendu.a_defaut === undefined ? null : comparer('a_defaut', decision.aDefaut?.regle ?? null, attendu.a_defaut),
        attendu.offres === undefined
          ? null
          : comparer(
              'offres',
              trier(decision.offres.filter(({ etat }) => etat === 'retenue').map(({ offre }) => offre)),
              trier(attendu.offres),
            ),
      ].filter((ecart) => ecart !== null),
    }
  })
}

function essaisDepartement(departement: Departement): Essais[] {
  return [
    ...departement.criteres.map((liste) => ({ id: liste.id, ecarts: essayerCriteres(departement, liste) })),
    ...departement.repartitions.map((regles) => ({ id: regles.id, ecarts: essayerRepartition(departement, regles) })),
    ...essaisEngagements(departement),
  ]
}

function essaisEngagements(departement: Departement): Essais[] {
  return departement.chartes.flatMap(({ id, exemples }) =>
    exemples === null
      ? []
      : [
          {
            id: `${id}/exemples`,
            ecarts: exemples.exemples.map(({ cas, jour, situation, attendu }) => {
              const constats = evaluerEngagements(departement, situation, jour)
              return {
                cas,
                differences: Object.entries(attendu).flatMap(([etat, ids = []]) =>
                  ids.flatMap((engagement) => {
                    const obtenu = constats.find((constat) => constat.engagement.id === engagement)?.etat ?? null
                    return comparer(engagement, obtenu, etat) ?? []
                  }),
                ),
              }
            }),
          },
        ],
  )
}

function situer(racine: string, { id, ecarts }: Essais): Probleme[] {
  if (ecarts.length > 0 && ecarts.every(({ differences }) => differences.length === 0)) return []
  const nom = `${id}.yaml`
  const document = lireDocumentYaml(join(racine, nom), z.unknown(), `donnees/${nom}`)
  if (ecarts.length === 0) return [document.probleme(['exemples'], 'Ce fichier n’a aucun exemple.', { cle: true })]
  return ecarts.flatMap(({ cas, differences }, rang) =>
    differences.map((difference) => document.probleme(['exemples', rang], `Exemple « ${cas} » : ${difference}`)),
  )
}

function comparer(quoi: string, obtenu: unknown, attendu: unknown): string | null {
  return obtenu === attendu ? null : `${quoi} vaut « ${obtenu} » au lieu de « ${attendu} ».`
}

function trier(mots: readonly string[] = []): string {
  return mots.toSorted().join(', ')
}
