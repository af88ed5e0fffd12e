import { existsSync, readdirSync } from 'node:fs'
import { basename, join } from 'node:path'
import { z } from 'zod'
import {
  type DocumentYaml,
  droits,
  ErreurDonnees,
  type Forme,
  fichierDonnees,
  GROUPES_CHAMPS,
  type GroupeChamps,
  lireDocumentYaml,
  type Probleme,
  type Provenance,
  periode,
  provenance,
  type Remarque,
  suggerer,
  texteRempli,
} from '#referentiel'
import { FONCTIONS } from './calcul.ts'

const DOSSIER = 'formulaires'

/** Codes of groups, fields, columns, rows and answers: they are names of form fields, hence words of letters, digits and underscores. */
const code = z.string().regex(/^[a-z][a-z0-9_]*$/, {
  error: 'Code attendu : lettres minuscules sans accent, chiffres et tirets bas.',
})

const groupesChamps = Object.keys(GROUPES_CHAMPS) as [GroupeChamps, ...GroupeChamps[]]

/** Who reads and writes a group or a field, beyond who reads the form. */
const acces = {
  /** Right without which it does not exist: neither shown nor written. */
  droit: z.enum(droits).optional(),
  /** Group of fields of the access matrix that opens it to read; the organisme that wrote the form reads it anyway. */
  lecture: z.enum(groupesChamps).optional(),
  /** Health-adjacent: short for `lecture: sante`. */
  sante: z.boolean().optional(),
}

/** Applies when a field of the form before it holds one of these answers (`parmi`), or none of these (`sauf`): not answered, it applies still. */
const condition = z.strictObject({
  champ: code,
  parmi: z.array(z.string()).min(1).optional(),
  sauf: z.array(z.string()).min(1).optional(),
})

const option = z.strictObject({
  code,
  libelle: texteRempli,
  aide: texteRempli.optional(),
  /** Right without which the answer is neither offered nor shown. */
  droit: z.enum(droits).optional(),
  /** Health-adjacent: offered and shown only to whoever reads that group. */
  sante: z.boolean().optional(),
  /** Départements it is offered in; absent: everywhere. */
  departements: z.array(z.string()).min(1).optional(),
})

const GENRES_SIMPLES = [
  'texte',
  'texte_long',
  'entier',
  'montant',
  'date',
  'mois',
  'annee',
  'oui_non',
  'choix',
  'choix_multiple',
] as const
const GENRES = [...GENRES_SIMPLES, 'lignes', 'tableau', 'calcul'] as const
export type GenreChamp = (typeof GENRES)[number]

const base = { code, libelle: texteRempli, aide: texteRempli.optional() }
const bornes = {
  options: z.array(option).min(1).optional(),
  longueur: z.number().int().min(1).max(20_000).optional(),
  min: z.number().int().optional(),
  max: z.number().int().optional(),
  /** A date of something that happened: not one to come. */
  passe: z.literal(true).optional(),
}
/** A column of a table, or of a repeated line. */
const colonne = z.strictObject({ ...base, genre: z.enum(GENRES_SIMPLES), ...bornes })
export type Colonne = z.output<typeof colonne>

const champ = z.strictObject({
  ...base,
  genre: z.enum(GENRES),
  ...bornes,
  ...acces,
  si: condition.optional(),
  /** Levels of completeness that ask for it: never needed to keep a draft. */
  requis_pour: z.array(code).optional(),
  /** Fields that do as well: one filled is enough. */
  ou: z.array(code).min(1).optional(),
  /** Columns of `lignes` and of `tableau`. */
  colonnes: z.array(colonne).min(1).optional(),
  /** Fixed rows of `tableau`. */
  rangs: z
    .array(
      z.strictObject({
        code,
        libelle: texteRempli,
        aide: texteRempli.optional(),
        /** Near health: for who does not read it, its amounts are in the row named by `fondu_dans`, so that totals hold and nothing is had by subtraction. */
        sante: z.literal(true).optional(),
        fondu_dans: code.optional(),
      }),
    )
    .min(1)
    .optional(),
  /** Most lines of `lignes`. */
  lignes_max: z.number().int().min(1).max(40).optional(),
  /** `calcul`: what is computed, of what, and how it is written. */
  fonction: z.enum(Object.keys(FONCTIONS) as [keyof typeof FONCTIONS, ...(keyof typeof FONCTIONS)[]]).optional(),
  de: z
    .array(
      z
        .string()
        .regex(/^[a-z][a-z0-9_]*(?:\.[a-z][a-z0-9_]*)?$/, { error: 'Nom de champ attendu, ou « champ.colonne ».' }),
    )
    .min(1)
    .optional(),
  unite: z.enum(['euros', 'pour_cent', 'nombre']).optional(),
  /** Formula in words, written under the result and on paper. */
  formule: texteRempli.optional(),
})
/** One field of a form. */
export type Champ = z.output<typeof champ>

const groupe = z.strictObject({
  code,
  titre: texteRempli,
  aide: texteRempli.optional(),
  ...acces,
  si: condition.optional(),
  champs: z.array(champ).min(1),
})
/** A group of fields: one page, one heading. */
export type Groupe = z.output<typeof groupe>

const schema = fichierDonnees({
  code: z
    .string()
    .regex(/^[a-z][a-z0-9-]*$/, { error: 'Code attendu : lettres minuscules sans accent, chiffres et tirets.' }),
  version: z.number().int().min(1),
  titre: texteRempli,
  introduction: texteRempli.optional(),
  ...periode,
  ...provenance,
  /** Départements it is for; absent: all those that have none of their own under the same code. */
  departements: z.array(z.string()).min(1).optional(),
  /** Levels of completeness, in words: what « requis_pour » names. */
  niveaux: z.array(z.strictObject({ code, libelle: texteRempli })).optional(),
  /** Last lines of the printed form: where people sign. */
  signatures: z.array(texteRempli).optional(),
  /** Said at the top and at the foot of the printed form. */
  mention: texteRempli.optional(),
  groupes: z.array(groupe).min(1),
})

/** A long form, as data: what is asked, in which order, of whom. */
export type Modele = z.output<typeof schema> & Provenance

/** The kind of data file this module reads. */
export const FORMES_FORMULAIRES: readonly Forme[] = [
  { nom: 'formulaire', titre: 'Formulaire long : groupes, champs, calculs', chemins: [`${DOSSIER}/*.yaml`], schema },
]

/** Links inside a form that its shape does not hold. */
function verifier(document: DocumentYaml<Modele>): Probleme[] {
  const { groupes, niveaux = [] } = document.valeur
  const champs = new Map(groupes.flatMap(({ champs: siens }) => siens.map((un) => [un.code, un] as const)))
  const problemes: Probleme[] = []
  const signaler = (chemin: readonly (string | number)[], message: string) =>
    problemes.push(document.probleme(chemin, message))
  const inconnu = (nom: string) => `Champ inconnu « ${nom} ».${suggerer(nom, [...champs.keys()])}`
  const vus = new Set<string>()
  const verifierSi = (si: Champ['si'], chemin: (string | number)[]) => {
    if (!si) return
    const cible = champs.get(si.champ)
    if (!cible) return signaler([...chemin, 'si', 'champ'], inconnu(si.champ))
    if (!vus.has(si.champ)) signaler([...chemin, 'si', 'champ'], 'Une condition porte sur un champ qui la précède.')
    if ((si.parmi === undefined) === (si.sauf === undefined))
      signaler([...chemin, 'si'], 'Une condition dit « parmi » ou « sauf », l’un des deux.')
    const admis = cible.genre === 'oui_non' ? ['oui', 'non'] : cible.options?.map((une) => une.code)
    if (!admis)
      return signaler([...chemin, 'si', 'champ'], 'Une condition porte sur une question oui ou non, ou sur un choix.')
    for (const cle of ['parmi', 'sauf'] as const)
      for (const [i, reponse] of (si[cle] ?? []).entries())
        if (!admis.includes(reponse))
          signaler(
            [...chemin, 'si', cle, i],
            `Réponse inconnue « ${reponse} ». Réponses de ce champ : ${admis.join(', ')}.`,
          )
  }
  for (const [g, unGroupe] of groupes.entries()) {
    const lieu = ['groupes', g]
    verifierSi(unGroupe.si, lieu)
    for (const [c, un] of unGroupe.champs.entries()) {
      const ici = [...lieu, 'champs', c]
      if (vus.has(un.code)) signaler([...ici, 'code'], `Le champ « ${un.code} » est écrit deux fois.`)
      vus.add(un.code)
      verifierSi(un.si, ici)
      for (const niveau of un.requis_pour ?? [])
        if (!niveaux.some((connu) => connu.code === niveau))
          signaler([...ici, 'requis_pour'], `Niveau inconnu « ${niveau} » : l’ajouter à « niveaux ».`)
      for (const autre of un.ou ?? []) if (!champs.has(autre)) signaler([...ici, 'ou'], inconnu(autre))
      const choix = un.genre === 'choix' || un.genre === 'choix_multiple'
      if (choix !== (un.options !== undefined)) signaler(ici, 'Les choix, et eux seuls, ont des « options ».')
      const tableau = un.genre === 'lignes' || un.genre === 'tableau'
      if (tableau !== (un.colonnes !== undefined))
        signaler(ici, 'Les lignes et les tableaux, et eux seuls, ont des « colonnes ».')
      if ((un.genre === 'tableau') !== (un.rangs !== undefined))
        signaler(ici, 'Les tableaux, et eux seuls, ont des « rangs ».')
      for (const [r, rang] of (un.rangs ?? []).entries()) {
        const vers = un.rangs?.find((autre) => autre.code === rang.fondu_dans)
        if ((rang.sante === true) !== (vers !== undefined && vers.sante === undefined))
          signaler(
            [...ici, 'rangs', r],
            'Un rang « sante » dit dans quel autre rang il se fond (« fondu_dans »), et lui seul.',
          )
      }
      for (const [vise, lieuVise] of [
        [un, ici] as const,
        ...(un.colonnes ?? []).map((une, k) => [une, [...ici, 'colonnes', k]] as const),
      ])
        if (vise.passe && vise.genre !== 'date' && vise.genre !== 'mois')
          signaler(lieuVise, 'Les dates et les mois, et eux seuls, peuvent être « passe ».')
      if ((un.genre === 'calcul') !== (un.fonction !== undefined && un.de !== undefined))
        signaler(ici, 'Un calcul, et lui seul, a une « fonction » et dit « de » quoi.')
      for (const [i, nom] of (un.de ?? []).entries()) {
        const [source = '', col] = nom.split('.')
        const cible = champs.get(source)
        if (!cible) signaler([...ici, 'de', i], inconnu(source))
        else if (!vus.has(source)) signaler([...ici, 'de', i], 'Un calcul se fait sur des champs qui le précèdent.')
        else if (col !== undefined && !cible.colonnes?.some((une) => une.code === col))
          signaler([...ici, 'de', i], `« ${source} » n’a pas de colonne « ${col} ».`)
      }
      for (const [k, col] of (un.colonnes ?? []).entries()) {
        const aOptions = col.genre === 'choix' || col.genre === 'choix_multiple'
        if (aOptions !== (col.options !== undefined))
          signaler([...ici, 'colonnes', k], 'Les choix, et eux seuls, ont des « options ».')
      }
    }
  }
  return problemes
}

/** Every form of the data, by code, oldest version first. */
export type Formulaires = ReadonlyMap<string, readonly Modele[]>

/** Reads `donnees/formulaires/`, or refuses with every problem of every file. */
export function chargerFormulaires(racine: string): Formulaires {
  const dossier = join(racine, DOSSIER)
  const problemes: Probleme[] = []
  const lus: Modele[] = []
  const noms = existsSync(dossier) ? readdirSync(dossier).filter((nom) => nom.endsWith('.yaml')) : []
  for (const nom of noms.sort()) {
    const lieu = `${basename(racine)}/${DOSSIER}/${nom}`
    try {
      const document = lireDocumentYaml(join(dossier, nom), schema, lieu)
      const { valeur } = document
      if (!nom.startsWith(valeur.code))
        problemes.push(document.probleme(['code'], 'Le nom du fichier commence par le code du formulaire.'))
      if (lus.some((un) => un.code === valeur.code && un.version === valeur.version))
        problemes.push(document.probleme(['version'], 'Cette version du formulaire est déjà dans un autre fichier.'))
      problemes.push(...verifier(document))
      lus.push(valeur)
    } catch (erreur) {
      if (!(erreur instanceof ErreurDonnees)) throw erreur
      problemes.push(...erreur.problemes)
    }
  }
  if (problemes.length > 0) throw new ErreurDonnees(problemes)
  return new Map(
    [...Map.groupBy(lus, ({ code: leur }) => leur)].map(([leur, versions]) => [
      leur,
      versions.toSorted((a, b) => a.version - b.version),
    ]),
  )
}

const connus = new Map<string, Formulaires>()
/** The forms of a data folder, read once. */
function formulairesDe(racine: string): Formulaires {
  const lus = connus.get(racine) ?? chargerFormulaires(racine)
  connus.set(racine, lus)
  return lus
}

/** What a model is chosen by: a session has it all. */
export interface Lieu {
  readonly referentiel: { readonly racine: string }
  readonly dept: string
  readonly jour: Temporal.PlainDate
}

/** A form as a département uses it: answers of other départements are not offered. */
function adapter(modele: Modele, dept: string): Modele {
  const garder = <C extends Champ | Colonne>(champ: C): C =>
    champ.options?.some(({ departements }) => departements !== undefined)
      ? { ...champ, options: champ.options.filter(({ departements }) => departements?.includes(dept) ?? true) }
      : champ
  return {
    ...modele,
    groupes: modele.groupes.map((un) => ({
      ...un,
      champs: un.champs.map((unChamp) => ({
        ...garder(unChamp),
        ...(unChamp.colonnes ? { colonnes: unChamp.colonnes.map(garder) } : {}),
      })),
    })),
  }
}

/** The version of a form in force on the day of the session, for its département; undefined when there is none. */
export function trouverModele({ referentiel, dept, jour }: Lieu, codeDuModele: string): Modele | undefined {
  const versions = formulairesDe(referentiel.racine).get(codeDuModele) ?? []
  const enVigueur = versions.filter(
    ({ du, jusqu_au }) =>
      Temporal.PlainDate.compare(du, jour) <= 0 && (!jusqu_au || Temporal.PlainDate.compare(jour, jusqu_au) <= 0),
  )
  const modele =
    enVigueur.findLast(({ departements }) => departements?.includes(dept)) ??
    enVigueur.findLast(({ departements }) => departements === undefined)
  return modele && adapter(modele, dept)
}

/** As `trouverModele`, for a form that must exist. */
export function lireModele(lieu: Lieu, codeDuModele: string): Modele {
  const modele = trouverModele(lieu, codeDuModele)
  if (!modele) throw new Error(`no form ${codeDuModele} in force on ${lieu.jour.toString()}`)
  return modele
}

/** The very version an instance was begun with. */
export function lireModeleDe(
  { referentiel, dept }: Pick<Lieu, 'referentiel' | 'dept'>,
  codeDuModele: string,
  version: number,
): Modele {
  const modele = formulairesDe(referentiel.racine)
    .get(codeDuModele)
    ?.find((un) => un.version === version)
  if (!modele) throw new Error(`form ${codeDuModele}, version ${version}, is no longer in the data`)
  return adapter(modele, dept)
}

/** What nobody has reviewed yet in the forms. */
export function inventorierFormulaires(formulaires: Formulaires): Remarque[] {
  return [...formulaires.values()]
    .flat()
    .flatMap(({ code: leur, titre, fiabilite, source, verifie_le }): Remarque[] => {
      const lieu = { chemin: `donnees/${DOSSIER}/${leur}.yaml`, libelle: `Formulaire : ${titre}` }
      return [
        ...(fiabilite === 'defaut'
          ? [{ ...lieu, genre: 'a_completer', detail: 'valeur par défaut d’Amont' } as const]
          : []),
        ...(fiabilite === 'C2' || fiabilite === 'NC'
          ? [{ ...lieu, genre: 'a_verifier', detail: `source non confirmée : ${source.titre}` } as const]
          : []),
        ...(verifie_le === null
          ? [{ ...lieu, genre: 'non_verifie', detail: 'jamais relu par un juriste' } as const]
          : []),
      ]
    })
}
