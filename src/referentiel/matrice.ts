import { existsSync, readFileSync } from 'node:fs'
import { parse } from 'csv-parse/sync'
import {
  CONDITIONS_ACCES,
  type ConditionAcces,
  DROITS_DU_SYSTEME,
  type Droit,
  droits,
  GROUPES_CHAMPS,
  type GroupeChamps,
  type Role,
  roles,
} from './droits.ts'
import { TYPES_ORGANISME, type TypeOrganisme } from './organismes.ts'
import { ErreurDonnees, type Probleme } from './yaml.ts'

/** Its place under `donnees/`. */
export const FICHIER_MATRICE = 'acces/matrice.csv'

const COLONNES = ['types', 'roles', 'ressource', 'groupes', 'actions', 'conditions', 'source', 'note'] as const
/** Reading fields of dossiers: the only action that names groups. */
const LIRE = 'dossier.lire'
const TOUS = '*'
/** Acts that reach households: how far they reach must be said. */
const BORNES: readonly Droit[] = ['dossier.consulter', 'lot.consulter']

/** One line of the access matrix: who, what, when, by virtue of what. Only what a line says is allowed. */
export interface LigneMatrice {
  readonly ligne: number
  readonly types: readonly TypeOrganisme[]
  readonly roles: readonly Role[]
  readonly droits: readonly Droit[]
  /** Groups of fields read; empty when the line grants acts. */
  readonly groupes: readonly GroupeChamps[]
  /** All must hold; empty: always. */
  readonly conditions: readonly ConditionAcces[]
  readonly source: string
  readonly note: string
}

/** The access matrix, as reviewed. */
export type Matrice = readonly LigneMatrice[]

interface Faute {
  readonly ligne: number
  readonly message: string
}

/** Reads the access matrix or refuses it, with every problem and its line. */
export function lireMatrice(chemin: string, nom = chemin): Matrice {
  const refuser = (fautes: readonly Faute[]) =>
    new ErreurDonnees(fautes.map(({ ligne, message }): Probleme => ({ chemin: nom, ligne, colonne: 1, message })))
  if (!existsSync(chemin)) throw refuser([{ ligne: 1, message: 'Ce fichier est absent ou illisible.' }])
  const [entete = [], ...lignes] = lireCellules(readFileSync(chemin, 'utf8'))
  const titres = entete.map(({ texte }) => texte).join(';')
  if (titres !== COLONNES.join(';')) {
    throw refuser([{ ligne: 1, message: `En-tête attendu : ${COLONNES.join(';')}.` }])
  }
  const fautes: Faute[] = []
  const lues = lignes.map((cellules) => lireUneLigne(cellules, fautes))
  fautes.push(...controler(lues))
  if (fautes.length > 0) throw refuser(fautes.toSorted((a, b) => a.ligne - b.ligne))
  return Object.freeze(lues)
}

interface Cellule {
  readonly texte: string
  readonly ligne: number
}

function lireCellules(texte: string): Cellule[][] {
  const lues = parse(texte, {
    bom: true,
    delimiter: ';',
    info: true,
    relax_column_count: true,
    skip_empty_lines: true,
  }) as unknown as readonly { record: string[]; info: { lines: number } }[]
  return lues.map(({ record, info }) => record.map((cellule) => ({ texte: cellule.trim(), ligne: info.lines })))
}

const mots = (texte: string): string[] => texte.split(/\s+/).filter((mot) => mot !== '')

function lireUneLigne(cellules: readonly Cellule[], fautes: Faute[]): LigneMatrice {
  const ligne = cellules[0]?.ligne ?? 1
  const signaler = (message: string) => fautes.push({ ligne, message })
  if (cellules.length !== COLONNES.length) {
    signaler(`Cette ligne a ${cellules.length} cellules ; ${COLONNES.length} sont attendues : ${COLONNES.join(', ')}.`)
  }
  const cellule = (nom: (typeof COLONNES)[number]) => cellules[COLONNES.indexOf(nom)]?.texte ?? ''
  /** Words of a cell that are of a closed list; the others are problems. */
  const choisir = <T extends string>(nom: (typeof COLONNES)[number], connus: readonly T[], quoi: string): T[] =>
    mots(cellule(nom)).flatMap((mot) => {
      const connu = connus.find((un) => un === mot)
      if (connu === undefined) signaler(`${quoi} « ${mot} ». Valeurs admises : ${connus.join(', ')}.`)
      return connu ?? []
    })
  const personnes = roles.filter((role) => role !== 'systeme')
  const types =
    cellule('types') === TOUS ? TYPES_ORGANISME : choisir('types', TYPES_ORGANISME, 'Type d’organisme inconnu')
  const siens = cellule('roles') === TOUS ? personnes : choisir('roles', personnes, 'Rôle inconnu')
  const groupes = choisir('groupes', Object.keys(GROUPES_CHAMPS) as GroupeChamps[], 'Groupe de champs inconnu')
  const conditions = choisir('conditions', Object.keys(CONDITIONS_ACCES) as ConditionAcces[], 'Condition inconnue')
  const actions = mots(cellule('actions')).map((action) => `${cellule('ressource')}.${action}`)
  const accordes: Droit[] = []
  for (const action of actions) {
    const connu = droits.find((droit) => droit === action)
    if (connu) accordes.push(connu)
    else if (action !== LIRE) signaler(`Droit inconnu « ${action} ». Droits admis : ${[...droits, LIRE].join(', ')}.`)
  }
  if (types.length === 0 && cellule('types') === '') signaler('La colonne types est vide : « * » les nomme tous.')
  if (siens.length === 0 && cellule('roles') === '') signaler('La colonne roles est vide : « * » les nomme tous.')
  if (actions.length === 0) signaler('La colonne actions est vide : cette ligne ne donne rien.')
  if (actions.includes(LIRE) && groupes.length === 0)
    signaler('Lire un dossier se donne par groupes de champs : la colonne groupes est vide.')
  if (groupes.length > 0 && actions.some((action) => action !== LIRE))
    signaler(`Des groupes de champs ne se donnent qu’avec « ${LIRE} » : écrire les autres actions sur une autre ligne.`)
  if (cellule('source') === '') signaler('La colonne source est vide : dire d’où vient cet accès.')
  const sansBorne = accordes.filter((droit) => BORNES.includes(droit))
  if (conditions.length === 0 && sansBorne.length > 0)
    signaler(`« ${sansBorne.join(', ')} » atteint des ménages : dire jusqu’où dans la colonne conditions.`)
  return {
    ligne,
    types,
    roles: siens,
    droits: accordes,
    groupes,
    conditions,
    source: cellule('source'),
    note: cellule('note'),
  }
}

/** What only the whole file tells: the same thing given twice, fields nobody could reach, rights nobody has. */
function controler(lignes: Matrice): Faute[] {
  const fautes: Faute[] = []
  const vues = new Map<string, number>()
  for (const { ligne, types, roles: siens, droits: accordes, groupes, conditions } of lignes) {
    const objets = [...accordes, ...groupes.map((groupe) => `${LIRE} ${groupe}`)]
    for (const cle of types.flatMap((type) =>
      siens.flatMap((role) => objets.map((objet) => `${type} ${role} ${objet} ${conditions.toSorted().join('+')}`)),
    )) {
      const deja = vues.get(cle)
      if (deja !== undefined) {
        const [type, role, ...objet] = cle.split(' ')
        fautes.push({
          ligne,
          message: `La ligne ${deja} donne déjà « ${objet.slice(0, -1).join(' ')} » au rôle « ${role} » du type « ${type} ».`,
        })
        break
      }
      vues.set(cle, ligne)
    }
  }
  const accorde = new Set(lignes.flatMap((une) => une.droits))
  for (const droit of droits) {
    if (!accorde.has(droit) && !DROITS_DU_SYSTEME.includes(droit))
      fautes.push({
        ligne: 1,
        message: `Aucune ligne ne donne le droit « ${droit} » : personne ne pourrait l’exercer.`,
      })
  }
  const atteints = new Set(
    lignes.flatMap((une) =>
      une.droits.some(
        (droit) => BORNES.includes(droit) || droit === 'liste.consulter' || droit === 'bordereau.recevoir',
      )
        ? une.types.flatMap((type) => une.roles.map((role) => `${type} ${role}`))
        : [],
    ),
  )
  for (const { ligne, types, roles: siens, groupes } of lignes) {
    if (groupes.length === 0) continue
    const perdu = types.flatMap((type) => siens.map((role) => `${type} ${role}`)).find((cle) => !atteints.has(cle))
    if (perdu === undefined) continue
    const [type, role] = perdu.split(' ')
    fautes.push({
      ligne,
      message: `Le rôle « ${role} » du type « ${type} » lirait des champs sans pouvoir ouvrir ni dossier, ni tableau, ni dépôt, ni bordereau.`,
    })
  }
  return fautes
}

/** Kinds of bodies and roles to whom the matrix gives something of their own, in the order of the lists. A line for everybody makes nobody a user. */
export function listerUtilisateurs(matrice: Matrice): { readonly type: TypeOrganisme; readonly role: Role }[] {
  const propres = new Set(
    matrice
      .filter(({ types }) => types.length < TYPES_ORGANISME.length)
      .flatMap((une) => une.types.flatMap((type) => une.roles.map((role) => `${type} ${role}`))),
  )
  return TYPES_ORGANISME.flatMap((type) =>
    roles.flatMap((role) => (propres.has(`${type} ${role}`) ? [{ type, role }] : [])),
  )
}

/** Lines that speak of a role in a kind of body. */
export const lignesDe = (matrice: Matrice, type: string, role: Role): readonly LigneMatrice[] =>
  matrice.filter((une) => (une.types as readonly string[]).includes(type) && une.roles.includes(role))
