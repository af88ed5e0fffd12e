import {
  deduireSituation,
  type Faits,
  type Montants,
  NOMS_FAITS_DATES,
  NOMS_MESURES,
  NOMS_SITUATIONS,
  type Situation,
} from '#procedure'
import { type CommandementDePayer, type ImpayeAideLogement, suggerer } from '#referentiel'
import { chacune, type Genre, lireChamps, lireId, type Objet, type Signaler } from './essayer-lecture.ts'

/** What is known of a case, for the law: dated facts, conditions, amounts. What is absent is unknown. */
export interface SituationDroit {
  readonly id: string | null
  readonly faits: Faits
  readonly situation: Situation
  readonly montants: Montants
  /** For the thresholds: what they take besides a date. */
  readonly acte: CommandementDePayer
  readonly impaye: ImpayeAideLogement
}

/** Groups of the file: their keys are also admitted beside `id`. */
const GROUPES = ['faits', 'situation', 'montants'] as const

const MOTS = {
  ...Object.fromEntries(NOMS_FAITS_DATES.map((nom) => [nom, ['date', `fait ${nom}`]] as const)),
  ...Object.fromEntries(NOMS_SITUATIONS.map((nom) => [nom, ['booleen', `situation ${nom}`]] as const)),
  ...Object.fromEntries(NOMS_MESURES.map((nom) => [nom, ['montant', `montant ${nom}`]] as const)),
  jour: ['date', 'fait evenement.examine'],
  montant_dette: ['montant', 'montant dette'],
  loyer: ['montant', 'loyer'],
  charges: ['montant', 'charges'],
  aide: ['montant', 'aide'],
  montant_aide: ['montant', 'aide'],
  tiers_payant: ['booleen', 'tiers_payant'],
  aide_versee_au_bailleur: ['booleen', 'tiers_payant'],
  premier_defaut: ['date', 'premier_defaut'],
  dette_depuis: ['date', 'premier_defaut'],
  mois_d_impaye: ['entier', 'mois_d_impaye'],
  termes_impayes: ['entier', 'termes_impayes'],
  bailleur_nature: ['texte', 'bailleur_nature'],
} as const satisfies Record<string, readonly [Genre, string]>

/**
 * Facts of each situation, dotted or nested; `jour` is the day of the event examined where the file gives none. Throws `ErreurSituations` with
 * every fault of every situation.
 */
export function lireSituationsDroit(
  situations: readonly Objet[],
  jour: Temporal.PlainDate | null,
): readonly SituationDroit[] {
  return chacune(situations, ({ id, ...reste }, signaler) => {
    const lu: Readonly<Record<string, unknown>> = lireChamps(garderConnus(aplatir(reste), signaler), MOTS, signaler)
    const choisir = (genre: string) =>
      Object.fromEntries(
        Object.entries(lu).flatMap(([cle, valeur]) =>
          cle.startsWith(`${genre} `) ? [[cle.slice(genre.length + 1), valeur]] : [],
        ),
      )
    const { loyer, charges, aide, tiers_payant, premier_defaut, mois_d_impaye, termes_impayes, bailleur_nature } =
      lu as Omit<ImpayeAideLogement & CommandementDePayer, 'dette' | 'date_acte' | 'date_constitution'>
    const donnes = choisir('fait') as Faits
    const faits = { ...donnes, 'evenement.examine': donnes['evenement.examine'] ?? jour }
    const montants = choisir('montant') as Montants
    const dette = montants.dette ?? undefined
    return {
      id: lireId(id, signaler),
      faits,
      situation: { ...deduireSituation(bailleur_nature), ...(choisir('situation') as Situation) },
      montants,
      acte: {
        date_acte: faits['commandement_de_payer.signifie'] ?? undefined,
        dette,
        loyer,
        bailleur_nature,
        dette_depuis: premier_defaut,
        mois_d_impaye,
      },
      impaye: {
        date_constitution: faits['impaye.constitue'] ?? undefined,
        jour: faits['evenement.examine'] ?? undefined,
        dette,
        loyer,
        charges,
        aide,
        tiers_payant,
        premier_defaut,
        termes_impayes,
      },
    }
  })
}

/** `{"audience": {"prevue": …}}` → `{"audience.prevue": …}`; the groups are opened without a prefix. */
function aplatir(objet: Objet, prefixe = ''): Record<string, unknown> {
  return Object.fromEntries(
    Object.entries(objet).flatMap(([cle, valeur]): [string, unknown][] => {
      const nom = prefixe + cle
      if (typeof valeur !== 'object' || valeur === null || Array.isArray(valeur)) return [[nom, valeur]]
      const groupe = prefixe === '' && GROUPES.some((connu) => connu === cle)
      return Object.entries(aplatir(valeur as Objet, groupe ? '' : `${nom}.`))
    }),
  )
}

function garderConnus(champs: Objet, signaler: Signaler): Objet {
  const admis = Object.keys(MOTS)
  return Object.fromEntries(
    Object.entries(champs).filter(([cle]) => {
      if (admis.includes(cle) || admis.includes(cle.replace(/_centimes$/, ''))) return true
      const remede = ' « ./amont referentiel vocabulaire » donne les faits datés, les situations et les montants.'
      signaler(`Mot inconnu « ${cle} ».${suggerer(cle, admis)}${remede}`)
      return false
    }),
  )
}
