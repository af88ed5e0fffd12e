import { z } from 'zod'
import { type Contexte, type Evaluation, preparerContexte, type ValeurMot } from './condition.ts'
import { conditionEcrite, refuserDoublons, situationEcrite } from './ecriture.ts'
import { ecrireDecisifs, ecrireMotif } from './motif.ts'
import { type AvecParametres, valeursParametres } from './parametres-dates.ts'
import { ecrireReserve, periode, preciserSource, provenance, type SourceReglementaire, versionAu } from './source.ts'
import { type Faits, type Mot, STADES_REGLES } from './vocabulaire.ts'
import { type DocumentYaml, fichierDonnees, identifiant, jourCivil, type Probleme, texteRempli } from './yaml.ts'

/** What a criterion is for: the commission takes the case up, the household is vulnerable, or a partner's request obliges. */
export const GROUPES_CRITERES = ['auto_saisine', 'vulnerabilite', 'inscription_obligatoire'] as const
export type GroupeCriteres = (typeof GROUPES_CRITERES)[number]

/**
 * `retenu` and `ecarte` are certain; `a_verifier` waits for missing facts and is never a « non »; `hors_champ` does not concern this
 * stage or parc; `appreciation` is left to the secretariat, the machine never proposes it.
 */
export type EtatCritere = 'retenu' | 'ecarte' | 'a_verifier' | 'hors_champ' | 'appreciation'
const ETATS = ['retenu', 'ecarte', 'a_verifier', 'hors_champ', 'appreciation'] as const

const critere = z.strictObject({
  id: identifiant,
  libelle: texteRempli,
  si: conditionEcrite.optional(),
  reference: texteRempli,
})

/** Shape of `criteres.yaml`. */
export const schemaCriteres = fichierDonnees({
  libelle: texteRempli,
  ...periode,
  ...provenance,
  remarque: texteRempli.optional(),
  /** How often the document asks for these criteria to be looked at again (AUT-12). */
  revision: z.enum(['annuelle']).optional(),
  groupes: z.array(
    z.strictObject({
      id: z.enum(GROUPES_CRITERES),
      libelle: texteRempli,
      champ: conditionEcrite.optional(),
      criteres: z.array(critere).min(1),
    }),
  ),
  exemples: z.array(
    z.strictObject({
      cas: texteRempli,
      jour: jourCivil,
      situation: situationEcrite,
      attendu: z.array(
        z.strictObject({
          critere: identifiant,
          etat: z.enum(ETATS),
          reference: texteRempli,
          manquants: z.array(texteRempli).optional(),
        }),
      ),
    }),
  ),
})
export type FichierCriteres = z.output<typeof schemaCriteres>

/** A dated list of criteria; `id` is the path of its file. */
export interface Criteres extends FichierCriteres {
  readonly id: string
}

/** What a département must carry for its criteria to be evaluated. */
export interface AvecCriteres extends AvecParametres {
  readonly criteres: readonly Criteres[]
}

/** One criterion on one situation, with its reason. */
export interface ConstatCritere {
  readonly critere: string
  readonly groupe: GroupeCriteres
  readonly libelle: string
  readonly etat: EtatCritere
  /** French sentence. */
  readonly motif: string
  readonly si: string | null
  readonly valeurs: Readonly<Record<Mot, ValeurMot | null>>
  readonly manquants: readonly Mot[]
  readonly source: SourceReglementaire
  readonly reserve: string | null
}

export interface BilanCriteres {
  /** The file applied; null when none applies on that day. */
  readonly version: string | null
  readonly motif: string | null
  readonly constats: readonly ConstatCritere[]
  /** True when one criterion at least is met, null when it depends on missing facts. */
  readonly autoSaisine: boolean | null
  readonly vulnerable: boolean | null
}

/** Links and conditions the schema cannot see. */
export function verifierCriteres(document: DocumentYaml<FichierCriteres>): Probleme[] {
  const lignes = document.valeur.groupes.flatMap((groupe, g) =>
    groupe.criteres.map((ligne, c) => ({ id: ligne.id, ou: ['groupes', g, 'criteres', c, 'id'] })),
  )
  const groupes = document.valeur.groupes.map((groupe, g) => ({ id: groupe.id, ou: ['groupes', g, 'id'] }))
  return [...refuserDoublons(document, lignes), ...refuserDoublons(document, groupes)]
}

/**
 * Every criterion of the département in force on `jour`, with its state, the values read and its source (AUT-01 to AUT-18).
 * Nothing is decided: the secretariat inscribes, waits or sets aside (AUT-11). `criteres` replaces the list in force, to simulate.
 */
export function evaluerCriteres(
  dept: AvecCriteres,
  faits: Faits,
  jour: Temporal.PlainDate,
  criteres?: Criteres,
): BilanCriteres {
  const version = criteres ?? versionAu(dept.criteres, jour)
  if ('aucune' in version) {
    const motif = `Critères de la commission : ${version.aucune}.`
    return { version: null, motif, constats: [], autoSaisine: null, vulnerable: null }
  }
  const contexte = preparerContexte(avecDeduits(faits), valeursParametres(dept, jour))
  const reserve = ecrireReserve(version)
  const constats = version.groupes.flatMap((groupe) =>
    groupe.criteres.map((ligne) => constater(version, reserve, groupe, ligne, contexte)),
  )
  return {
    version: version.id,
    motif: version.remarque ?? null,
    constats,
    autoSaisine: reunir(constats.filter((constat) => constat.groupe === 'auto_saisine').map((constat) => constat.etat)),
    vulnerable: vulnerabilite(version, contexte).valeur,
  }
}

/** A vulnerability answer and, when it is not certain, the words that would decide. */
export interface Vulnerabilite {
  readonly valeur: boolean | null
  readonly retenus: readonly string[]
  readonly manquants: readonly Mot[]
}

/**
 * Is the household vulnerable, whatever the stage? The criteria themselves decide, without the field of their group, because the
 * dispatch rules say where vulnerability counts.
 */
export function vulnerabilite(criteres: Criteres, contexte: Contexte): Vulnerabilite {
  const groupe = criteres.groupes.find(({ id }) => id === 'vulnerabilite')
  if (!groupe) return { valeur: null, retenus: [], manquants: [] }
  const reponses = groupe.criteres.flatMap((ligne) =>
    ligne.si ? [{ id: ligne.id, evaluation: ligne.si.evaluer(contexte) }] : [],
  )
  const retenus = reponses.filter(({ evaluation }) => evaluation.verite === 'vraie').map(({ id }) => id)
  if (retenus.length > 0) return { valeur: true, retenus, manquants: [] }
  const manquants = [...new Set(reponses.flatMap(({ evaluation }) => evaluation.manquants))]
  return { valeur: manquants.length > 0 ? null : false, retenus: [], manquants }
}

/** Adds what follows from other words when the caller did not give it: the phase from the stage, a guarantee of Action Logement from Visale, which is one. */
export function avecDeduits(faits: Faits): Faits {
  const stade = faits['procedure.stade']
  const phase =
    faits['procedure.phase_judiciaire'] ??
    (stade === undefined ? undefined : STADES_REGLES.indexOf(stade) >= STADES_REGLES.indexOf('assignation'))
  const garantie = faits['garantie.action_logement_activee'] ?? faits['garantie.visale_activee']
  return {
    ...faits,
    ...(phase === undefined ? {} : { 'procedure.phase_judiciaire': phase }),
    ...(garantie === undefined ? {} : { 'garantie.action_logement_activee': garantie }),
  }
}

function constater(
  version: Criteres,
  reserve: string | null,
  groupe: FichierCriteres['groupes'][number],
  ligne: FichierCriteres['groupes'][number]['criteres'][number],
  contexte: Contexte,
): ConstatCritere {
  const commun = {
    critere: ligne.id,
    groupe: groupe.id,
    libelle: ligne.libelle,
    si: ligne.si?.texte ?? null,
    source: preciserSource(version.source, ligne.reference),
    reserve,
  }
  if (!ligne.si) {
    const motif = 'Laissé à l’appréciation du secrétariat, qui en écrit le motif.'
    return { ...commun, etat: 'appreciation', motif, valeurs: {}, manquants: [] }
  }
  const champ = groupe.champ?.evaluer(contexte)
  if (champ?.verite === 'fausse') {
    const motif = `Ne concerne pas cette situation : ${ecrireDecisifs(champ)}.`
    return { ...commun, etat: 'hors_champ', motif, valeurs: champ.valeurs, manquants: [] }
  }
  const evaluation = ligne.si.evaluer(contexte)
  const reponse = joindre(champ, evaluation)
  return {
    ...commun,
    etat: ETAT_SELON[reponse.verite],
    motif: ecrireMotif(reponse),
    valeurs: evaluation.valeurs,
    manquants: reponse.manquants,
  }
}

const ETAT_SELON = { vraie: 'retenu', fausse: 'ecarte', indeterminee: 'a_verifier' } as const satisfies Record<
  Evaluation['verite'],
  EtatCritere
>

/** The field of the group counts only when the criterion itself is not certainly out. */
function joindre(champ: Evaluation | undefined, evaluation: Evaluation): Evaluation {
  if (!champ || champ.verite === 'vraie' || evaluation.verite === 'fausse') return evaluation
  const manquants = [...new Set([...champ.manquants, ...evaluation.manquants])]
  return { ...evaluation, verite: 'indeterminee', manquants }
}

function reunir(etats: readonly EtatCritere[]): boolean | null {
  if (etats.includes('retenu')) return true
  if (etats.includes('a_verifier')) return null
  return etats.includes('ecarte') ? false : null
}
