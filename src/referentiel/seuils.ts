import { z } from 'zod'
import {
  ecrireJour,
  ecrireReserve,
  type Fiabilite,
  periode,
  provenance,
  rangIncoherent,
  type SourceReglementaire,
  versionAu,
} from './source.ts'
import { ecrireEuros } from './vocabulaire.ts'
import { type DocumentYaml, fichierDonnees, identifiant, jourCivil, type Probleme, texteRempli } from './yaml.ts'

/** Ids (paths) of the two national thresholds the code knows how to compute. They are never mixed: one counts rent without charges. */
export const SEUIL_COMMANDEMENT = 'droit/seuils/commandement-de-payer.signalement'
export const SEUIL_IMPAYE_AIDE = 'droit/seuils/aide-au-logement.impaye'

/** Kinds of landlord for whom a commandement de payer must be reported. */
const BAILLEURS_CONCERNES = ['personne_physique', 'sci_familiale'] as const

const versionSeuil = z.discriminatedUnion('calcul', [
  z.strictObject({ calcul: z.literal('sans_obligation'), ...periode, ...provenance }),
  z.strictObject({ calcul: z.literal('arrete_prefectoral'), ...periode, ...provenance }),
  z.strictObject({
    calcul: z.literal('mois_ou_loyers_hors_charges'),
    mois: z.int().min(1),
    loyers: z.int().min(1),
    ...periode,
    ...provenance,
  }),
  z.strictObject({
    calcul: z.literal('termes_nets_ou_loyers_bruts'),
    termes: z.int().min(1),
    loyers: z.int().min(1),
    ...periode,
    ...provenance,
  }),
  z.strictObject({ calcul: z.literal('loyers_bruts_ou_nets'), loyers: z.int().min(1), ...periode, ...provenance }),
  z.strictObject({
    calcul: z.literal('mois_ou_montant'),
    mois: z.int().min(1),
    montant_centimes: z.int().min(1),
    ...periode,
    ...provenance,
  }),
])
type VersionSeuil = z.output<typeof versionSeuil>

const centimes = z.int().min(0)

/** The input of an example, as `amont essayer seuils` takes it; amounts in cents. */
const entreeExemple = z.strictObject({
  departement: texteRempli.optional(),
  date_acte: jourCivil.optional(),
  date_constitution: jourCivil.optional(),
  jour: jourCivil.optional(),
  bailleur_nature: texteRempli.optional(),
  dette: centimes.optional(),
  loyer: centimes.optional(),
  charges: centimes.optional(),
  aide: centimes.optional(),
  tiers_payant: z.boolean().optional(),
  dette_depuis: jourCivil.optional(),
  mois_d_impaye: z.int().min(0).optional(),
  premier_defaut: jourCivil.optional(),
  termes_impayes: z.int().min(0).optional(),
})

const RESULTATS_SEUIL = ['atteint', 'non_atteint', 'indetermine', 'sans_objet'] as const
/** `indetermine` when a fact or a version is missing; `sans_objet` when no rule asked anything at that date of that landlord. */
export type ResultatSeuil = (typeof RESULTATS_SEUIL)[number]

/** Shape of a file of `donnees/droit/seuils/`. */
export const schemaSeuil = fichierDonnees({
  libelle: texteRempli,
  /** The date that selects the version: never today's. */
  rattachement: z.enum(['commandement_de_payer.signifie', 'impaye.constitue']),
  versions: z.array(versionSeuil).min(1),
  exemples: z.array(
    z.strictObject({
      cas: texteRempli,
      entree: entreeExemple,
      attendu: z.strictObject({
        resultat: z.enum(RESULTATS_SEUIL),
        du: jourCivil.nullable(),
        source: texteRempli.nullable(),
        seuil: centimes.optional(),
        reserve: texteRempli.optional(),
      }),
    }),
  ),
})
export type FichierSeuil = z.output<typeof schemaSeuil>
export interface Seuil extends FichierSeuil {
  readonly id: string
}

/** Shape of a file of `arretes/`: what a prefect set where the law left it to him. It names the national threshold, it restates nothing. */
export const schemaArrete = fichierDonnees({
  precise: identifiant,
  libelle: texteRempli,
  signe_le: jourCivil,
  ...periode,
  /** null: the order is cited by another text, what it set is not known. */
  seuil: z.strictObject({ mois: z.int().min(1), loyers: z.int().min(1) }).nullable(),
  remarque: texteRempli.optional(),
  ...provenance,
})
export interface ArreteSeuil extends z.output<typeof schemaArrete> {
  readonly id: string
}

/** What the référentiel and a département must carry for thresholds to be evaluated. */
export interface AvecSeuils {
  readonly seuils: ReadonlyMap<string, Seuil>
}
export interface AvecArretes {
  readonly nom: string
  readonly arretes: readonly ArreteSeuil[]
}

/** One way of reaching a threshold, and where this case stands. */
export interface Branche {
  readonly branche: 'duree' | 'montant' | 'termes'
  readonly etat: 'atteinte' | 'non_atteinte' | 'inconnue'
  readonly motif: string
}

export interface DecisionSeuil {
  readonly resultat: ResultatSeuil
  readonly motif: string
  readonly branches: readonly Branche[]
  /** The amount from which the threshold is reached, in cents; null when it cannot be computed. */
  readonly seuil: number | null
  readonly valeurs: Readonly<Record<string, boolean | number | string | null>>
  /** First day of the version applied, and the id of its file; null when none is known. */
  readonly du: Temporal.PlainDate | null
  readonly version: string | null
  readonly source: SourceReglementaire | null
  readonly reserve: string | null
}

/** A commandement de payer as received. Amounts in cents; what is not known is absent. */
export interface CommandementDePayer {
  readonly date_acte?: Temporal.PlainDate | undefined
  readonly bailleur_nature?: string | undefined
  readonly dette?: number | undefined
  /** Monthly rent without charges. */
  readonly loyer?: number | undefined
  /** First unpaid term not regularised. */
  readonly dette_depuis?: Temporal.PlainDate | undefined
  /** Whole months of uninterrupted debt at the date of the act, when `dette_depuis` is not known. */
  readonly mois_d_impaye?: number | undefined
}

/** An unpaid rent seen by the body that pays the housing aid. Amounts in cents. */
export interface ImpayeAideLogement {
  readonly date_constitution?: Temporal.PlainDate | undefined
  /** Day the situation is looked at; the day of constitution when absent. */
  readonly jour?: Temporal.PlainDate | undefined
  readonly dette?: number | undefined
  readonly loyer?: number | undefined
  readonly charges?: number | undefined
  readonly aide?: number | undefined
  /** The aid is paid to the landlord. */
  readonly tiers_payant?: boolean | undefined
  readonly premier_defaut?: Temporal.PlainDate | undefined
  /** Consecutive net terms unpaid. */
  readonly termes_impayes?: number | undefined
}

/** Versions of a threshold follow one another and match what the code computes for it. */
export function verifierSeuil(document: DocumentYaml<FichierSeuil>): Probleme[] {
  const { versions, rattachement } = document.valeur
  const rang = rangIncoherent(versions)
  const ordre =
    rang < 0
      ? []
      : [
          document.probleme(
            ['versions', rang, 'du'],
            'Les versions se suivent par date croissante, sans se chevaucher.',
          ),
        ]
  const calculs: readonly VersionSeuil['calcul'][] = CALCULS[rattachement]
  const calcul = versions.flatMap((version, i) =>
    calculs.includes(version.calcul)
      ? []
      : [
          document.probleme(
            ['versions', i, 'calcul'],
            `Ce calcul ne convient pas à ce seuil. Calculs admis : ${calculs.join(', ')}.`,
          ),
        ],
  )
  return [...ordre, ...calcul]
}

const CALCULS = {
  'commandement_de_payer.signifie': ['sans_obligation', 'arrete_prefectoral', 'mois_ou_loyers_hors_charges'],
  'impaye.constitue': ['termes_nets_ou_loyers_bruts', 'loyers_bruts_ou_nets', 'mois_ou_montant'],
} as const satisfies Record<FichierSeuil['rattachement'], readonly VersionSeuil['calcul'][]>

/**
 * Does this commandement de payer reach the threshold from which it must be reported to the commission (SIG-23)? The date of the act
 * selects the version; before the national threshold, the order of the prefect of the département does. Reaching it by either branch is
 * enough; « non » needs both to be known. Rent is counted without charges.
 */
export function evaluerSeuilCommandement(
  referentiel: AvecSeuils & { readonly departements: ReadonlyMap<string, AvecArretes> },
  code: string,
  recu: CommandementDePayer,
): DecisionSeuil {
  const acte = sansLoyerNul(recu)
  const dept = referentiel.departements.get(code)
  if (!dept) throw new Error(`département ${code} absent from the référentiel`)
  const valeurs = {
    date_acte: acte.date_acte?.toString() ?? null,
    bailleur_nature: acte.bailleur_nature ?? null,
    dette_centimes: acte.dette ?? null,
    loyer_centimes: recu.loyer ?? null,
    dette_depuis: acte.dette_depuis?.toString() ?? null,
    mois_d_impaye: acte.mois_d_impaye ?? null,
  }
  const { date_acte: dateActe, bailleur_nature: nature } = acte
  if (dateActe === undefined) {
    return sansVersion(valeurs, 'Sans la date de l’acte, aucune version du seuil ne peut être choisie.')
  }
  const nationale = versionDe(referentiel, SEUIL_COMMANDEMENT, dateActe)
  if ('aucune' in nationale) return sansVersion(valeurs, `Seuil de signalement : ${nationale.aucune}.`)
  const { version, id } = nationale
  if (version.calcul === 'sans_obligation') {
    const motif = `Le ${ecrireJour(dateActe)}, aucun texte n’obligeait à signaler un commandement de payer.`
    return { ...decrire(version, id, valeurs), resultat: 'sans_objet', motif, branches: [], seuil: null }
  }
  if (nature !== undefined && !BAILLEURS_CONCERNES.some((concernee) => concernee === nature)) {
    const motif =
      'Le signalement n’est dû que pour un bailleur personne physique ou une société civile familiale : ce commandement est gardé, sans seuil.'
    return { ...decrire(version, id, valeurs), resultat: 'sans_objet', motif, branches: [], seuil: null }
  }
  if (version.calcul === 'mois_ou_loyers_hors_charges') {
    return comparerCommandement(acte, dateActe, version, decrire(version, id, valeurs))
  }
  const arrete = versionAu(
    dept.arretes.filter(({ precise }) => precise === SEUIL_COMMANDEMENT),
    dateActe,
  )
  if ('aucune' in arrete) {
    const motif = `Le ${ecrireJour(dateActe)}, un arrêté préfectoral fixait le seuil (${dept.nom}) : ${arrete.aucune}.`
    return sansVersion(valeurs, motif)
  }
  const commun = decrire(arrete, arrete.id, valeurs)
  if (arrete.seuil === null) {
    const motif = `Aucune version connue : les seuils de l’acte « ${arrete.source.titre} » ne sont pas dans les données.`
    return { ...commun, resultat: 'indetermine', motif, branches: [], seuil: null }
  }
  return comparerCommandement(acte, dateActe, arrete.seuil, commun)
}

/**
 * Is the unpaid rent « constitué » for the body that pays the housing aid? The day it was constituted selects the regime; rent is
 * counted with charges, net of the aid when it is paid to the landlord. An unpaid rent constituted under the old regime and still
 * open when the new one starts carries « régime à confirmer ».
 */
export function evaluerImpayeCaf(referentiel: AvecSeuils, recu: ImpayeAideLogement): DecisionSeuil {
  const impaye = sansLoyerNul(recu)
  const { date_constitution: dateConstitution } = impaye
  const valeurs = {
    date_constitution: dateConstitution?.toString() ?? null,
    jour: impaye.jour?.toString() ?? null,
    dette_centimes: impaye.dette ?? null,
    loyer_centimes: recu.loyer ?? null,
    charges_centimes: impaye.charges ?? null,
    aide_centimes: impaye.aide ?? null,
    tiers_payant: impaye.tiers_payant ?? null,
    premier_defaut: impaye.premier_defaut?.toString() ?? null,
    termes_impayes: impaye.termes_impayes ?? null,
  }
  if (dateConstitution === undefined) {
    return sansVersion(valeurs, 'Sans la date de constitution de l’impayé, aucun régime ne peut être choisi.')
  }
  const choix = versionDe(referentiel, SEUIL_IMPAYE_AIDE, dateConstitution)
  if ('aucune' in choix) return sansVersion(valeurs, `Définition de l’impayé : ${choix.aucune}.`)
  const { version, id } = choix
  const confirmer = regimeAConfirmer(referentiel, impaye, dateConstitution)
  const commun = decrire(version, id, valeurs, ...confirmer)
  switch (version.calcul) {
    case 'mois_ou_montant':
      return comparerMoisOuMontant(impaye, dateConstitution, version, commun)
    case 'loyers_bruts_ou_nets':
      return comparerLoyers(impaye, version.loyers, commun)
    case 'termes_nets_ou_loyers_bruts': {
      const brut = comparerLoyers({ ...impaye, tiers_payant: false }, version.loyers, commun)
      if (impaye.dette === 0) return brut
      const termes = comparerTermes(impaye.termes_impayes, version.termes)
      return conclure(commun, [termes, ...brut.branches], brut.seuil)
    }
    default:
      throw new Error(`${id}: ${version.calcul} is not a definition of unpaid rent`)
  }
}

/** A rent of zero is a rent nobody wrote: any debt would reach three times nothing. */
function sansLoyerNul<T extends { readonly loyer?: number | undefined }>(recu: T): T {
  return recu.loyer === 0 ? { ...recu, loyer: undefined } : recu
}

type Commun = Pick<DecisionSeuil, 'valeurs' | 'du' | 'version' | 'source' | 'reserve'>

function decrire(
  version: {
    du: Temporal.PlainDate
    source: SourceReglementaire
    fiabilite: Fiabilite
    verifie_le: Temporal.PlainDate | null
  },
  id: string,
  valeurs: DecisionSeuil['valeurs'],
  ...reserves: string[]
): Commun {
  return { valeurs, du: version.du, version: id, source: version.source, reserve: ecrireReserve(version, ...reserves) }
}

function sansVersion(valeurs: DecisionSeuil['valeurs'], motif: string): DecisionSeuil {
  return {
    resultat: 'indetermine',
    motif,
    branches: [],
    seuil: null,
    valeurs,
    du: null,
    version: null,
    source: null,
    reserve: null,
  }
}

function versionDe(
  referentiel: AvecSeuils,
  id: string,
  jour: Temporal.PlainDate,
): { version: VersionSeuil; id: string } | { aucune: string } {
  const version = versionAu(referentiel.seuils.get(id)?.versions ?? [], jour)
  return 'aucune' in version ? version : { version, id }
}

function comparerCommandement(
  acte: CommandementDePayer,
  dateActe: Temporal.PlainDate,
  { mois, loyers }: { readonly mois: number; readonly loyers: number },
  commun: Commun,
): DecisionSeuil {
  const seuil = acte.loyer === undefined ? null : loyers * acte.loyer
  if (acte.dette === 0) return constaterSoldee(commun, seuil)
  const duree =
    acte.dette_depuis !== undefined || acte.mois_d_impaye === undefined
      ? comparerDuree(acte.dette_depuis, dateActe, mois, 'à la date de l’acte')
      : comparerMois(acte.mois_d_impaye, mois)
  const montant = comparerMontant(acte.dette, seuil, `${loyers} fois le loyer hors charges`, 'le loyer hors charges')
  return conclure(commun, [duree, montant], seuil)
}

function comparerLoyers(impaye: ImpayeAideLogement, loyers: number, commun: Commun): DecisionSeuil {
  const { loyer, charges, aide, tiers_payant: tiersPayant } = impaye
  const manque =
    loyer === undefined || charges === undefined
      ? [...(loyer === undefined ? ['le loyer'] : []), ...(charges === undefined ? ['les charges'] : [])].join(' et ')
      : tiersPayant === undefined
        ? 'le destinataire de l’aide (bailleur ou locataire)'
        : tiersPayant && aide === undefined
          ? 'le montant de l’aide'
          : null
  const base = (loyer ?? 0) + (charges ?? 0) - (tiersPayant ? (aide ?? 0) : 0)
  const seuil = manque === null ? loyers * Math.max(0, base) : null
  if (impaye.dette === 0) return constaterSoldee(commun, seuil)
  if (seuil === null && loyer !== undefined && charges !== undefined) {
    // Whether the aid is deducted or not, the debt may be above both amounts, or below both.
    const brut = loyers * (loyer + charges)
    const net = aide === undefined ? 0 : loyers * Math.max(0, loyer + charges - aide)
    const certain = [
      { borne: brut, dit: 'même sans déduire l’aide', vaut: (impaye.dette ?? 0) >= brut },
      { borne: net, dit: 'même aide déduite', vaut: impaye.dette !== undefined && impaye.dette < net },
    ].find(({ vaut }) => vaut)
    if (certain) {
      const nom = `${loyers} fois le loyer charges comprises, ${certain.dit}`
      return conclure(commun, [comparerMontant(impaye.dette, certain.borne, nom, nom)], certain.borne)
    }
  }
  const nom = tiersPayant
    ? `${loyers} fois le loyer charges comprises, aide déduite`
    : `${loyers} fois le loyer charges comprises`
  return conclure(commun, [comparerMontant(impaye.dette, seuil, nom, manque ?? nom)], seuil)
}

function comparerMoisOuMontant(
  impaye: ImpayeAideLogement,
  dateConstitution: Temporal.PlainDate,
  { mois, montant_centimes: plafond }: { readonly mois: number; readonly montant_centimes: number },
  commun: Commun,
): DecisionSeuil {
  const { dette } = impaye
  if (dette === 0) return constaterSoldee(commun, plafond)
  const montant: Branche =
    dette === undefined
      ? { branche: 'montant', etat: 'inconnue', motif: 'Il manque le montant de la dette.' }
      : {
          branche: 'montant',
          etat: dette > plafond ? 'atteinte' : 'non_atteinte',
          motif: `Dette de ${ecrireEuros(dette)}, ${dette > plafond ? 'supérieure' : 'non supérieure'} à ${ecrireEuros(plafond)}.`,
        }
  const duree = comparerDuree(impaye.premier_defaut, impaye.jour ?? dateConstitution, mois, 'au jour examiné')
  return conclure(commun, [duree, montant], plafond)
}

/** Nothing is due: no amount is reached, however small, nor any duration. */
function constaterSoldee(commun: Commun, seuil: number | null): DecisionSeuil {
  return conclure(commun, [{ branche: 'montant', etat: 'non_atteinte', motif: 'La dette est soldée.' }], seuil)
}

function comparerDuree(
  depuis: Temporal.PlainDate | undefined,
  jusquA: Temporal.PlainDate,
  mois: number,
  moment: string,
): Branche {
  if (depuis === undefined) {
    return { branche: 'duree', etat: 'inconnue', motif: 'Il manque la date du premier impayé non régularisé.' }
  }
  const terme = depuis.add({ months: mois })
  const atteinte = Temporal.PlainDate.compare(terme, jusquA) <= 0
  return {
    branche: 'duree',
    etat: atteinte ? 'atteinte' : 'non_atteinte',
    motif: `Impayé depuis le ${ecrireJour(depuis)} : ${mois} mois ${atteinte ? 'écoulés' : 'non écoulés'} ${moment}, le ${ecrireJour(jusquA)}.`,
  }
}

function comparerMois(constates: number, mois: number): Branche {
  return {
    branche: 'duree',
    etat: constates >= mois ? 'atteinte' : 'non_atteinte',
    motif: `Impayé sans interruption depuis ${constates} mois, pour ${mois} mois requis.`,
  }
}

function comparerTermes(constates: number | undefined, termes: number): Branche {
  if (constates === undefined) {
    return { branche: 'termes', etat: 'inconnue', motif: 'Il manque le nombre de termes consécutifs impayés.' }
  }
  return {
    branche: 'termes',
    etat: constates >= termes ? 'atteinte' : 'non_atteinte',
    motif: `${constates} ${constates < 2 ? 'terme consécutif impayé' : 'termes consécutifs impayés'}, pour ${termes} requis.`,
  }
}

/** Reached from the amount itself: « supérieur ou égal ». */
function comparerMontant(dette: number | undefined, seuil: number | null, nom: string, manque: string): Branche {
  if (seuil === null) return { branche: 'montant', etat: 'inconnue', motif: `Il manque ${manque}.` }
  if (dette === undefined) return { branche: 'montant', etat: 'inconnue', motif: 'Il manque le montant de la dette.' }
  const atteinte = dette >= seuil
  return {
    branche: 'montant',
    etat: atteinte ? 'atteinte' : 'non_atteinte',
    motif: `Dette de ${ecrireEuros(dette)}, ${atteinte ? 'au moins égale' : 'inférieure'} à ${nom}, soit ${ecrireEuros(seuil)}.`,
  }
}

function conclure(commun: Commun, branches: readonly Branche[], seuil: number | null): DecisionSeuil {
  const resultat = branches.some(({ etat }) => etat === 'atteinte')
    ? 'atteint'
    : branches.some(({ etat }) => etat === 'inconnue')
      ? 'indetermine'
      : 'non_atteint'
  return { ...commun, resultat, motif: branches.map(({ motif }) => motif).join(' '), branches, seuil }
}

function regimeAConfirmer(
  referentiel: AvecSeuils,
  { jour, dette }: ImpayeAideLogement,
  dateConstitution: Temporal.PlainDate,
): string[] {
  const bascule = referentiel.seuils
    .get(SEUIL_IMPAYE_AIDE)
    ?.versions.find((version) => version.calcul === 'mois_ou_montant')?.du
  if (bascule === undefined || jour === undefined || dette === 0) return []
  const avant = Temporal.PlainDate.compare(dateConstitution, bascule) < 0
  const ouvert = Temporal.PlainDate.compare(jour, bascule) >= 0
  return avant && ouvert
    ? [`régime à confirmer : impayé constitué avant le ${ecrireJour(bascule)} et encore ouvert`]
    : []
}
