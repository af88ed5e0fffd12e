import { z } from 'zod'
import { LETTRES_RESSOURCES, NATURES_DETTE, ORIGINES_PLAN, ORIGINES_VERSEMENT } from '#calculs'
import { DECISIONS } from '#procedure'
import { ErreurDonnees, lireJour, lireTexteYaml, texteRempli } from '#referentiel'
import { lireMontant } from './essayer-lecture.ts'

const PHRASE_MONTANT =
  'Montant en euros attendu, comme "1 400,00" ou 1400.5 ; en centimes, finir le nom par « _centimes ».'

/** A missing key keeps the sentence that names it. */
function siDonne(phrase: string) {
  return ({ input }: { readonly input?: unknown }): string | undefined => (input === undefined ? undefined : phrase)
}

/** Euros as written, or whole cents marked by `enCentimes`. Absent or null: not known. */
const montantDonne = z
  .union([z.number(), z.string(), z.object({ centimes: z.unknown() })], {
    error: siDonne(PHRASE_MONTANT),
  })
  .transform((brut, contexte): number => {
    const centimes =
      typeof brut !== 'object'
        ? lireMontant(brut)
        : typeof brut.centimes === 'number' && Number.isSafeInteger(brut.centimes) && brut.centimes >= 0
          ? brut.centimes
          : undefined
    if (centimes !== undefined) return centimes
    contexte.addIssue({ code: 'custom', message: PHRASE_MONTANT })
    return z.NEVER
  })
const montant = montantDonne.nullish().transform((lu) => lu ?? null)
const montantOuZero = montantDonne.nullish().transform((lu) => lu ?? 0)

/** `loyer_centimes: 50000` is `loyer`, in whole cents. */
function enCentimes(brut: unknown): unknown {
  if (typeof brut !== 'object' || brut === null || Array.isArray(brut)) return brut
  return Object.fromEntries(
    Object.entries(brut).map(([cle, valeur]) =>
      cle.endsWith('_centimes') && !(cle.slice(0, -'_centimes'.length) in brut)
        ? [cle.slice(0, -'_centimes'.length), valeur === null ? null : { centimes: valeur }]
        : [cle, valeur],
    ),
  )
}
function objet<F extends z.ZodRawShape>(forme: F) {
  return z.preprocess(enCentimes, z.strictObject(forme))
}

/** `2026-11-20` or `20/11/2026`. */
const jour = z
  .string({ error: siDonne('Date attendue, AAAA-MM-JJ ou JJ/MM/AAAA, entre guillemets.') })
  .transform((texte, contexte) => {
    const francais = /^(\d{2})\/(\d{2})\/(\d{4})$/.exec(texte)
    const lu = lireJour(francais ? `${francais[3]}-${francais[2]}-${francais[1]}` : texte)
    if (lu) return lu
    contexte.addIssue({
      code: 'custom',
      message: `« ${texte} » n’est pas une date existante, AAAA-MM-JJ ou JJ/MM/AAAA.`,
    })
    return z.NEVER
  })
const terme = z
  .string()
  .regex(/^\d{4}-(0[1-9]|1[0-2])$/, { error: 'Mois attendu, écrit AAAA-MM, par exemple "2026-11".' })
const entier = (minimum: number, maximum: number) =>
  z
    .int({ error: `Nombre entier attendu, de ${minimum} à ${maximum}.` })
    .min(minimum, { error: `Au moins ${minimum}.` })
    .max(maximum, { error: `Au plus ${maximum}.` })
const choix = <K extends string>(codes: Readonly<Record<K, unknown>>) =>
  z.enum(Object.keys(codes) as [K, ...K[]], { error: `Valeur attendue : ${Object.keys(codes).join(', ')}.` })
const oui = z.boolean({ error: 'true ou false attendu.' })

const id = z.union([z.string(), z.number()]).nullish()
const base = { id }

const champsBudget = {
  ressources: objet(Object.fromEntries(LETTRES_RESSOURCES.map((lettre) => [lettre, montant]))).optional(),
  loyer: montant,
  charges: montant,
  aide: montant,
  aide_suspendue: oui.nullish(),
  aide_versee: montantDonne.nullish(),
  autres_charges: montant,
  energie: montantDonne.nullish(),
  charges_hors_logement: montant,
  personnes: entier(1, 40).nullish(),
}

const echeance = objet({ le: jour, montant: montantDonne })
const cadre = {
  origine: choix(ORIGINES_PLAN).default('volontaire'),
  /** The date that selects the law: unpaid rent established, judgment given, protocol signed. */
  date_cadre: jour.nullish(),
  /** Protocols are the law of these landlords only. */
  bailleur_hlm_ou_sem: oui.nullish(),
  duree_max_mois: entier(1, 600).nullish(),
}
const champsPlan = {
  dette: montantDonne,
  premiere: jour,
  jour_du_mois: entier(1, 31).nullish(),
  arrondi: z.enum(['derniere', 'premiere'], { error: 'Valeur attendue : derniere, premiere.' }).default('derniere'),
  surendettement_recevable: jour.nullish(),
  ...cadre,
}

const FORMES = {
  budget: objet({ ...base, calcul: z.literal('budget'), ...champsBudget }),
  reste_pour_vivre: objet({
    ...base,
    calcul: z.literal('reste_pour_vivre'),
    jour,
    disponible: montantDonne,
    personnes: entier(1, 40).nullish(),
    jeunes_enfants: entier(0, 40).nullish(),
  }),
  adaptation: objet({
    ...base,
    calcul: z.literal('adaptation'),
    jour,
    jeunes_enfants: entier(0, 40).nullish(),
    pieces: entier(1, 40).nullish(),
    ...champsBudget,
  }),
  imputation: objet({
    ...base,
    calcul: z.literal('imputation'),
    jour,
    dettes: z.array(
      objet({
        id: texteRempli,
        libelle: texteRempli.optional(),
        nature: choix(NATURES_DETTE).default('loyer'),
        terme: terme.nullish(),
        echeance: jour,
        montant: montantDonne,
        interet: entier(0, 9).nullish(),
        motif_interet: texteRempli.nullish(),
      }),
    ),
    versements: z.array(
      objet({
        id: texteRempli.optional(),
        le: jour,
        montant: montantDonne,
        origine: choix(ORIGINES_VERSEMENT).default('menage'),
        terme: terme.nullish(),
        indique: z.array(texteRempli).optional(),
      }),
    ),
  }),
  plan: objet({
    ...base,
    calcul: z.literal('plan'),
    ...champsPlan,
    nombre: entier(1, 600).nullish(),
    mensualite: montantDonne.nullish(),
    disponible: montantDonne.nullish(),
  }),
  apurement_supportable: objet({
    ...base,
    calcul: z.literal('apurement_supportable'),
    ...champsPlan,
    disponible: montantDonne,
    a_garder: montantOuZero,
  }),
  suivi: objet({
    ...base,
    calcul: z.literal('suivi'),
    jour,
    echeances: z.array(echeance).min(1),
    paiements: z.array(objet({ le: jour, montant: montantDonne, rang: entier(1, 600).nullish() })),
  }),
  jugement: objet({
    ...base,
    calcul: z.literal('jugement'),
    decision: choix(DECISIONS),
    rendu: jour,
    signifie: jour.nullish(),
    refere: oui.nullish(),
    somme: montantDonne.nullish(),
    mensualite: montantDonne.nullish(),
    duree_mois: entier(1, 600).nullish(),
    premiere: jour.nullish(),
    partir_avant: jour.nullish(),
  }),
  avis_echeance: objet({
    ...base,
    calcul: z.literal('avis_echeance'),
    bail_resilie: oui.default(false),
    loyer: montantOuZero,
    charges: montantOuZero,
    aide_versee: montantOuZero,
    delai_juge: montantOuZero,
    surendettement: montantOuZero,
    delai_negocie: montantOuZero,
    frais: montantOuZero,
    autre: montantOuZero,
    dette: montant,
    paiements: objet({
      loyer: montantOuZero,
      indemnite: montantOuZero,
      charges: montantOuZero,
      delai_juge: montantOuZero,
      surendettement: montantOuZero,
      delai_negocie: montantOuZero,
      frais: montantOuZero,
      autre: montantOuZero,
      sans_precision: montantOuZero,
    }).optional(),
  }),
} as const

/** The names admitted in `calcul`. */
export const NOMS_CALCULS = Object.keys(FORMES) as (keyof typeof FORMES)[]
export type CasCalcul = { [N in keyof typeof FORMES]: z.output<(typeof FORMES)[N]> }[keyof typeof FORMES]

const genreDeCas = z.looseObject({
  calcul: z.enum(NOMS_CALCULS, { error: `« calcul » doit valoir ${NOMS_CALCULS.join(', ')}.` }),
})

/** How the cases lie in the file. Places in messages follow it. */
const DISPOSITIONS = {
  liste: { chemin: (rang: number) => [rang] },
  sous_cas: { chemin: (rang: number) => ['cas', rang] },
  seul: { chemin: () => [] },
} as const satisfies Record<string, { chemin: (rang: number) => readonly PropertyKey[] }>

/** The cases of a file: one, a list, or `{"cas": [...]}`. Throws `ErreurDonnees`, every fault with its line, its column and its remedy. */
export function lireCasCalculs(brut: string, nom: string): readonly CasCalcul[] {
  const texte = brut.replace(/^\ufeff/, '')
  const racine = lireTexteYaml(texte, nom, z.unknown()).valeur
  const disposition = Array.isArray(racine)
    ? 'liste'
    : typeof racine === 'object' && racine !== null && 'cas' in racine
      ? 'sous_cas'
      : 'seul'
  const lire = <S extends z.ZodType>(formes: readonly S[], toutes: z.ZodType<z.output<S>[]>) => {
    if (disposition === 'seul') {
      const [forme] = formes
      if (!forme) throw new Error('a single case has one shape')
      const { valeur, probleme } = lireTexteYaml(texte, nom, forme)
      return { valeur: [valeur], probleme }
    }
    if (disposition === 'liste') return lireTexteYaml(texte, nom, toutes)
    const { valeur, probleme } = lireTexteYaml(texte, nom, z.strictObject({ cas: toutes }))
    return { valeur: valeur.cas, probleme }
  }
  const genres = lire([genreDeCas], z.array(genreDeCas).min(1, { error: 'Aucun cas dans ce fichier.' })).valeur
  const formes = genres.map(({ calcul }): z.ZodType<CasCalcul> => FORMES[calcul])
  const { valeur, probleme } = lire(formes, z.tuple(formes as [z.ZodType<CasCalcul>]))
  const fautes = valeur.flatMap((un, rang) =>
    verifierCas(un).map(([chemin, message]) =>
      probleme([...DISPOSITIONS[disposition].chemin(rang), ...chemin], message),
    ),
  )
  if (fautes.length > 0) throw new ErreurDonnees(fautes)
  return valeur
}

/** What a shape alone does not see. */
function verifierCas(un: CasCalcul): readonly (readonly [readonly PropertyKey[], string])[] {
  if (un.calcul === 'plan' && un.nombre == null && un.mensualite == null)
    return [[['calcul'], 'Donner « nombre » (de mensualités) ou « mensualite » (montant).']]
  if (un.calcul !== 'imputation') return []
  const connues = un.dettes.map(({ id: nom }) => nom)
  return [
    ...un.dettes.flatMap(({ id: nom }, rang) =>
      connues.indexOf(nom) < rang ? [[['dettes', rang, 'id'], `La dette « ${nom} » est déjà donnée.`] as const] : [],
    ),
    ...un.versements.flatMap(({ indique, origine, terme: mois }, rang) => [
      ...(indique ?? []).flatMap((nom, place) =>
        connues.includes(nom)
          ? []
          : [
              [
                ['versements', rang, 'indique', place],
                `Aucune dette « ${nom} ». Dettes données : ${connues.join(', ')}.`,
              ] as const,
            ],
      ),
      ...((origine === 'aide' || origine === 'rls') && mois == null
        ? [
            [
              ['versements', rang],
              'Une aide éteint son propre terme : donner « terme », le mois qu’elle paie (AAAA-MM).',
            ] as const,
          ]
        : []),
    ]),
  ]
}
