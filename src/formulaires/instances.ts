import { createHash, randomUUID } from 'node:crypto'
import type { Session } from '#acces'
import type { Dossier } from '#dossiers'
import { type Scellement, scellementDuDossier } from '#echanges'
import type { Keyring } from '#socle/cipher'
import { type Fragment, sql as fragment } from '#socle/db'
import { Conflit, Introuvable, refus } from '#socle/errors'
import { isUuid } from '#socle/text'
import { peutSeDire, restreindre, sansReserveVide } from './acces.ts'
import { type Completude, completude } from './completude.ts'
import { CONTENU_VIDE, type Contenu, changeAilleurs, copier, fusionner, type Reprises, reprendre } from './contenu.ts'
import { composerDocument, rendreDocument } from './document.ts'
import { type Champ, lireModele, lireModeleDe, type Modele } from './modele.ts'
import {
  type Calcul,
  type Champs,
  calculer,
  champsDe,
  direAVenir,
  type Invalides,
  type Ligne,
  lireSaisie,
  memeValeur,
  retenir,
  type Valeurs,
} from './valeurs.ts'

/** Who a form is for, besides the organisme that begins it: named organismes, or null for whoever sees the dossier. */
export type LecteursFormulaire = readonly string[] | null

/** A form of a dossier, without its contents. */
export interface LigneFormulaire {
  readonly id: string
  readonly code: string
  readonly modele: number
  readonly etat: 'brouillon' | 'signe' | 'abandonne'
  readonly version: number
  readonly auteur: string
  readonly auteur_nom: string
  readonly organisme: string
  readonly organisme_nom: string
  readonly lecteurs: LecteursFormulaire
  readonly copie_de: string | null
  readonly cree_a: Temporal.Instant
  readonly modifie_a: Temporal.Instant
  readonly modifie_nom: string
  readonly signe_a: Temporal.Instant | null
  readonly signe_nom: string | null
  /** SHA-256 of the exact bytes of the signed document. */
  readonly empreinte: string | null
  /** Organismes, besides the one that holds it, whose answers are in it: copied, or saved there. */
  readonly ecrit_aussi_par: readonly string[]
}

/** A form as one session reads it: groups, fields and answers that are not this reader's are nowhere in it. */
export interface Formulaire extends Omit<LigneFormulaire, 'modele' | 'ecrit_aussi_par'> {
  readonly dossier: string
  readonly modele: Modele
  readonly valeurs: Valeurs
  readonly invalides: Invalides
  /** Field → where it was taken from, when nobody corrected it. */
  readonly reprises: Readonly<Record<string, string>>
  readonly calculs: ReadonlyMap<string, Calcul>
  /** Some answers are hidden from this reader, and that may be said. */
  readonly partiel: boolean
  /** This reader has every answer: the document signed is for them as it is. */
  readonly integral: boolean
}

/** What a form is opened with: the dossier it belongs to, as this session reads it. */
export type DossierDuFormulaire = Pick<Dossier, 'id' | 'masques'>

interface Lue extends LigneFormulaire {
  readonly dossier: string
  readonly contenu: string
}

/** Where sealed things of a form belong. */
const place = (id: string) => ({ table: 'formulaire', colonne: 'contenu', id }) as const
const placeDocument = (id: string) => ({ table: 'formulaire', colonne: 'document', id }) as const

const ecrire = (scellement: Scellement, id: string, contenu: Contenu): string =>
  scellement.sceller(JSON.stringify(contenu), place(id))
const lire = (scellement: Scellement, { id, contenu }: Pick<Lue, 'id' | 'contenu'>): Contenu =>
  JSON.parse(scellement.ouvrir(contenu, place(id))) as Contenu

function auteurDe({ acteur }: Session): { compte: string; organisme: string } {
  if (acteur.compte === null || acteur.organisme === null) throw new Introuvable()
  return { compte: acteur.compte, organisme: acteur.organisme }
}

const autresQue = (organisme: string, mains: readonly string[]): string[] =>
  [...new Set(mains)].filter((une) => une !== organisme)

/** What lists and steps need of a form: neither its contents nor its document. */
const colonnes = (dept: string): Fragment => fragment`
  f.id, f.code, f.modele, f.etat, f.version, f.lecteurs, f.copie_de, f.auteur, ca.prenom || ' ' || ca.nom as auteur_nom, f.organisme, o.nom as organisme_nom,
  f.cree_a, f.modifie_a, cm.prenom || ' ' || cm.nom as modifie_nom, f.signe_a, f.empreinte, f.ecrit_aussi_par,
  (select cs.prenom || ' ' || cs.nom from compte cs where cs.dept = ${dept} and cs.id = f.signe_par) as signe_nom`
const jointures = (dept: string): Fragment => fragment`
  join compte ca on ca.dept = ${dept} and ca.id = f.auteur join compte cm on cm.dept = ${dept} and cm.id = f.modifie_par
  join organisme o on o.dept = ${dept} and o.id = f.organisme`

/** Forms of a dossier this session may read, newest first, without their contents. */
export function listerFormulaires(
  session: Session,
  dossier: string,
  codes: readonly string[],
): Promise<LigneFormulaire[]> {
  const { dept, sql } = session
  return sql<LigneFormulaire>`
    select ${colonnes(dept)} from formulaire f ${jointures(dept)}
    where f.dept = ${dept} and f.dossier = ${dossier} and f.code = any (${codes}::text[]) and f.etat <> 'abandonne'
    order by f.cree_a desc, f.id`
}

async function trouver(session: Session, dossier: string, id: string, verrou = false): Promise<Lue> {
  const { dept, sql } = session
  if (!isUuid(id)) throw new Introuvable()
  // Locked first: what is read next is what the lock protects.
  if (verrou)
    await sql`select 1 from formulaire where dept = ${dept} and id = ${id} and dossier = ${dossier} and etat = 'brouillon' for update`
  const [lue] = await sql<Lue>`
    select ${colonnes(dept)}, f.dossier, f.contenu from formulaire f ${jointures(dept)}
    where f.dept = ${dept} and f.dossier = ${dossier} and f.id = ${id}`
  if (!lue || lue.etat === 'abandonne') throw new Introuvable()
  return lue
}

const modeleEntier = (session: Session, { code, modele }: LigneFormulaire): Modele =>
  lireModeleDe(session, code, modele)

/** What an organisme alone wrote, it reads whole. What others wrote in it, or what was copied from theirs, is read as the matrix says. */
const modeleLu = (session: Session, dossier: DossierDuFormulaire, lue: LigneFormulaire): Modele =>
  restreindre(modeleEntier(session, lue), {
    acteur: session.acteur,
    masques: dossier.masques,
    auteur: lue.organisme === session.acteur.organisme && lue.ecrit_aussi_par.length === 0,
  })

/** What of the contents a reader has: fields of their model, and answers they may know of. */
function lisible(
  entier: Modele,
  modele: Modele,
  contenu: Contenu,
): Pick<Contenu, 'valeurs' | 'invalides' | 'reprises'> {
  const champs = new Map(champsDe(modele.groupes).map((champ) => [champ.code, champ]))
  const entiers = new Map(champsDe(entier.groupes).map((champ) => [champ.code, champ]))
  const garder = <T>(objet: Readonly<Record<string, T>>) =>
    Object.fromEntries(
      Object.entries(objet).filter(([nom]) => {
        const [code = '', rang] = nom.split('.')
        const champ = champs.get(code)
        return champ !== undefined && (rang === undefined || !champ.rangs || champ.rangs.some((un) => un.code === rang))
      }),
    )
  const valeurs = Object.entries(garder(contenu.valeurs)).flatMap(([code, valeur]) => {
    const champ = champs.get(code)
    const complet = entiers.get(code)
    if (champ?.genre === 'tableau' && complet) return [[code, fondre(complet, champ, valeur)] as const]
    if (champ?.genre !== 'choix_multiple') return [[code, valeur] as const]
    const lus = (valeur as readonly string[]).filter((un) => champ.options?.some((option) => option.code === un))
    // Ticked with nothing one may read: like not ticked.
    return lus.length === 0 ? [] : [[code, lus] as const]
  })
  return {
    valeurs: Object.fromEntries(valeurs) as Valeurs,
    invalides: garder(contenu.invalides),
    reprises: garder(contenu.reprises),
  }
}

/** A table without the rows one may not read: their amounts are in the rows the form names, nothing else of them is. */
function fondre(complet: Champ, lu: Champ, valeur: Valeurs[string]): Valeurs[string] {
  const caches = (complet.rangs ?? []).filter(({ code }) => !lu.rangs?.some((un) => un.code === code))
  if (caches.length === 0) return valeur
  const montants = (complet.colonnes ?? []).filter(({ genre }) => genre === 'montant').map(({ code }) => code)
  const lignes: Record<string, Ligne> = { ...(valeur as Readonly<Record<string, Ligne>>) }
  for (const { code, fondu_dans: vers } of caches) {
    const ligne = lignes[code]
    delete lignes[code]
    if (!ligne || vers === undefined) continue
    const cumul: Record<string, Ligne[string]> = { ...lignes[vers] }
    for (const colonne of montants)
      if (typeof ligne[colonne] === 'number') cumul[colonne] = Number(cumul[colonne] ?? 0) + ligne[colonne]
    if (Object.keys(cumul).length > 0) lignes[vers] = cumul
  }
  return lignes
}

function presenter(session: Session, dossier: DossierDuFormulaire, lue: Lue, contenu: Contenu): Formulaire {
  const entier = modeleEntier(session, lue)
  const modele = modeleLu(session, dossier, lue)
  const { contenu: _contenu, modele: _modele, ecrit_aussi_par: _mains, ...ligne } = lue
  // Of all the answers: a total does not change with who reads it; who may not read all its terms does not have it.
  const calculs = calculer(entier, contenu.valeurs)
  const lu = lisible(entier, modele, contenu)
  const lisibles = new Set(champsDe(modele.groupes).map(({ code }) => code))
  const caches = entier.groupes.flatMap((groupe) =>
    groupe.champs
      .filter(({ code }) =>
        lisibles.has(code)
          ? !memeValeur(lu.valeurs[code], contenu.valeurs[code])
          : contenu.valeurs[code] !== undefined || (calculs.get(code)?.valeur ?? null) !== null,
      )
      // What is hidden of a total is its terms: said of them, or not at all.
      .map((champ) => champ.genre !== 'calcul' && peutSeDire(groupe, champ) && !lisibles.has(champ.code)),
  )
  return {
    ...ligne,
    modele,
    ...lu,
    calculs: new Map([...calculs].filter(([code]) => lisibles.has(code))),
    partiel: caches.includes(true),
    integral: caches.length === 0,
  }
}

/** Opens a form and journals the reading. Not for this reader, it does not exist. */
export async function lireFormulaire(
  session: Session,
  cles: Keyring,
  dossier: DossierDuFormulaire,
  id: string,
): Promise<Formulaire> {
  const lue = await trouver(session, dossier.id, id)
  const scellement = await scellementDuDossier(session, cles, dossier.id)
  session.consigner({
    action: 'formulaire.lire',
    objet: 'formulaire',
    objetId: id,
    dossiers: [dossier.id],
    details: { formulaire: lue.code },
  })
  return presenter(session, dossier, lue, lire(scellement, lue))
}

/** Every answer of a form to a question that applies, for the module that owns it (what a referral asks, which plan is proposed): never shown as such, the reader's view is `lireFormulaire`. */
export async function lireReponses(
  session: Session,
  cles: Keyring,
  dossier: string,
  id: string,
): Promise<Pick<Formulaire, 'modele' | 'valeurs' | 'calculs'>> {
  const lue = await trouver(session, dossier, id)
  const { valeurs } = lire(await scellementDuDossier(session, cles, dossier), lue)
  const modele = modeleEntier(session, lue)
  return { modele, valeurs: retenir(modele, valeurs), calculs: calculer(modele, valeurs) }
}

/** A form about to be begun. */
export interface NouveauFormulaire {
  readonly code: string
  readonly lecteurs: LecteursFormulaire
  readonly reprises?: Reprises
  /** Drawn with the button: sending it twice begins one form. */
  readonly envoi?: string
}

/** Begins a draft with the version of the form in force, filled with what is known elsewhere. Returns its id. */
export async function ouvrirFormulaire(
  session: Session,
  cles: Keyring,
  dossier: DossierDuFormulaire,
  { code, lecteurs, reprises = {}, envoi }: NouveauFormulaire,
): Promise<string> {
  const modele = lireModele(session, code)
  const contenu = reprendre(CONTENU_VIDE, champsDe(modele.groupes), reprises)
  return inserer(session, cles, dossier.id, {
    ...{ code, modele: modele.version, lecteurs, contenu, envoi },
    copieDe: null,
    mains: [],
  })
}

async function inserer(
  session: Session,
  cles: Keyring,
  dossier: string,
  neuf: {
    readonly code: string
    readonly modele: number
    readonly lecteurs: LecteursFormulaire
    readonly contenu: Contenu
    readonly copieDe: string | null
    readonly mains: readonly string[]
    readonly envoi?: string | undefined
  },
): Promise<string> {
  const { dept, maintenant, sql } = session
  const { compte, organisme } = auteurDe(session)
  const id = neuf.envoi !== undefined && isUuid(neuf.envoi) ? neuf.envoi : randomUUID()
  const scellement = await scellementDuDossier(session, cles, dossier)
  const ouverts = await sql`
    insert into formulaire (dept, id, dossier, code, modele, etat, version, contenu, lecteurs, copie_de, ecrit_aussi_par, auteur, organisme, cree_a, modifie_a,
      modifie_par)
    values (${dept}, ${id}, ${dossier}, ${neuf.code}, ${neuf.modele}, 'brouillon', 1, ${ecrire(scellement, id, neuf.contenu)}, ${neuf.lecteurs}::uuid[],
      ${neuf.copieDe}, ${autresQue(organisme, neuf.mains)}::uuid[], ${compte}, ${organisme}, ${maintenant}, ${maintenant}, ${compte})
    on conflict (dept, id) do nothing returning id`
  if (ouverts.length === 0) return id
  session.consigner({
    action: 'formulaire.ouvrir',
    objet: 'formulaire',
    objetId: id,
    dossiers: [dossier],
    details: { formulaire: neuf.code },
  })
  return id
}

/** Both changed the same fields (`cles`). `modifies`: every field this person changed, to send again what they choose. */
export class ConflitDeSaisie extends Conflit {
  readonly modifies: readonly string[]
  constructor(cles: readonly string[], modifies: readonly string[]) {
    super(
      'formulaire.conflit',
      cles.length === 1
        ? 'Quelqu’un d’autre a changé la même réponse depuis l’ouverture de cette page.'
        : `Quelqu’un d’autre a changé ${cles.length} des mêmes réponses depuis l’ouverture de cette page.`,
      cles,
    )
    this.modifies = modifies
  }
}

function exigerBrouillon({ etat }: Pick<LigneFormulaire, 'etat'>): void {
  if (etat !== 'brouillon')
    throw refus(
      'formulaire.signe',
      'Ce formulaire est signé : il ne change plus. Le rouvrir en fait une copie à modifier.',
    )
}

/** A saving of a draft. */
export interface Enregistrement {
  readonly id: string
  /** Version the person saw when the page was shown. */
  readonly vu: number
  /** Groups the page showed; only their fields are read. */
  readonly groupes: readonly string[]
  /** Only these fields, among them: what remains after a conflict. */
  readonly seuls?: readonly string[] | undefined
  readonly champs: Champs
  /** Mark drawn with the page, the same for all it saves. */
  readonly marque?: string | undefined
  /** Saved while typing: kept, without a line in the history each time. */
  readonly auto?: boolean | undefined
}

/** Fields of a saving this session may write. */
function champsEnvoyes(modele: Modele, { groupes, seuls }: Pick<Enregistrement, 'groupes' | 'seuls'>): Champ[] {
  const vises = champsDe(modele.groupes.filter(({ code }) => groupes.includes(code)))
  return seuls === undefined ? vises : vises.filter(({ code }) => seuls.includes(code))
}

/**
 * Saves what was typed in some groups of a draft. Nothing is refused for being wrong: what cannot be read is kept as typed, with its error. Two people on different
 * fields do not meet; on the same field, `ConflitDeSaisie` is thrown and nothing is written. Returns the form as saved.
 */
export async function enregistrerBrouillon(
  session: Session,
  cles: Keyring,
  dossier: DossierDuFormulaire,
  saisie: Enregistrement,
): Promise<Formulaire> {
  const { dept, maintenant, sql } = session
  const { compte, organisme } = auteurDe(session)
  const lue = await trouver(session, dossier.id, saisie.id, true)
  exigerBrouillon(lue)
  const scellement = await scellementDuDossier(session, cles, dossier.id)
  const present = lire(scellement, lue)
  const modele = modeleLu(session, dossier, lue)
  const champs = champsEnvoyes(modele, saisie)
  const lu = lireSaisie(champs, saisie.champs, session.jour)
  const version = lue.version + 1
  const { contenu, modifies, conflits } = fusionner(
    present,
    champs,
    {
      ...lu,
      valeurs: garderReserves(modeleEntier(session, lue), champs, present.valeurs, lu.valeurs, saisie.auto === true),
    },
    { vu: saisie.vu, version, par: saisie.marque ?? randomUUID() },
  )
  if (conflits.length > 0) throw new ConflitDeSaisie(conflits, modifies)
  if (modifies.length === 0) return presenter(session, dossier, lue, present)
  const mains = autresQue(lue.organisme, [...lue.ecrit_aussi_par, organisme])
  await sql`update formulaire set version = ${version}, contenu = ${ecrire(scellement, lue.id, contenu)}, ecrit_aussi_par = ${mains}::uuid[],
      modifie_a = ${maintenant}, modifie_par = ${compte}
    where dept = ${dept} and id = ${lue.id}`
  if (!saisie.auto) await garderVersion(session, scellement, { ...lue, version }, contenu)
  session.consigner({
    action: 'formulaire.enregistrer',
    objet: 'formulaire',
    objetId: lue.id,
    dossiers: [dossier.id],
    details: { formulaire: lue.code, version },
  })
  const moi = session.acteur.libelle
  return presenter(session, dossier, { ...lue, version, modifie_a: maintenant, modifie_nom: moi }, contenu)
}

/** Answers this person may not see stay where they are when they save the others. */
function garderReserves(
  entier: Modele,
  champs: readonly Champ[],
  presentes: Valeurs,
  lues: Valeurs,
  auto: boolean,
): Valeurs {
  const valeurs = { ...lues }
  const complets = new Map(champsDe(entier.groupes).map((champ) => [champ.code, champ]))
  for (const champ of champs) {
    const complet = complets.get(champ.code)
    if (champ.genre === 'tableau' && (complet?.rangs?.length ?? 0) > (champ.rangs?.length ?? 0) && complet) {
      const table = separer(complet, champ, presentes[champ.code], valeurs[champ.code], auto)
      if (Object.keys(table).length > 0) valeurs[champ.code] = table
      else delete valeurs[champ.code]
    }
    if (champ.genre !== 'choix_multiple') continue
    const caches = (complets.get(champ.code)?.options ?? []).filter(
      ({ code }) => !champ.options?.some((option) => option.code === code),
    )
    const gardes = ((presentes[champ.code] ?? []) as readonly string[]).filter((code) =>
      caches.some((un) => un.code === code),
    )
    if (gardes.length === 0) continue
    const choisis = new Set([...((valeurs[champ.code] ?? []) as readonly string[]), ...gardes])
    // In the order of the form, as a whole reader would send them.
    valeurs[champ.code] = (complets.get(champ.code)?.options ?? [])
      .map(({ code }) => code)
      .filter((code) => choisis.has(code))
  }
  return valeurs
}

/**
 * Undoes `fondre` on what was sent back: what is read of the row is always what was written there. Hidden rows stay, and the row they are in keeps what is left of the
 * amount, or what it held when nobody changed it. An amount that leaves nothing to them replaces them; while it is being typed, the row goes below zero and nothing is lost.
 */
function separer(
  complet: Champ,
  champ: Champ,
  present: Valeurs[string] | undefined,
  lue: Valeurs[string] | undefined,
  auto: boolean,
): Readonly<Record<string, Ligne>> {
  type Lignes = Readonly<Record<string, Ligne>>
  const avant = (present ?? {}) as Lignes
  const montre = fondre(complet, champ, avant) as Lignes
  const rangs = complet.rangs ?? []
  const colonnes = complet.colonnes ?? []
  const lignes: Record<string, Record<string, Ligne[string]>> = Object.fromEntries(
    Object.entries((lue ?? {}) as Lignes).map(([code, ligne]) => [code, { ...ligne }]),
  )
  const caches = rangs.filter(({ code }) => avant[code] && !champ.rangs?.some((un) => un.code === code))
  for (const { code } of caches) lignes[code] = { ...avant[code] }
  for (const vers of new Set(caches.map(({ fondu_dans }) => fondu_dans))) {
    if (vers === undefined) continue
    const fondus = caches.filter(({ fondu_dans }) => fondu_dans === vers)
    for (const { code: colonne, genre } of colonnes) {
      const montants = fondus.map(({ code }) => avant[code]?.[colonne]).filter((montant) => typeof montant === 'number')
      if (genre !== 'montant' || montants.length === 0) continue
      const ecrit = lignes[vers]?.[colonne]
      const reste =
        ecrit === montre[vers]?.[colonne]
          ? avant[vers]?.[colonne]
          : Number(ecrit ?? 0) - montants.reduce((somme, montant) => somme + montant, 0)
      const remplace = !auto && typeof reste === 'number' && reste < 0
      if (remplace) for (const { code } of fondus) delete lignes[code]?.[colonne]
      const garde = remplace ? ecrit : reste
      if (garde === undefined) delete lignes[vers]?.[colonne]
      else lignes[vers] = { ...lignes[vers], [colonne]: garde }
    }
  }
  // In the order of the form, as a whole reader would send them.
  return Object.fromEntries(
    rangs.flatMap(({ code }) => {
      const ligne = Object.fromEntries(
        colonnes.flatMap((colonne) => {
          const valeur = lignes[code]?.[colonne.code]
          return valeur === undefined ? [] : [[colonne.code, valeur] as const]
        }),
      )
      return Object.keys(ligne).length > 0 ? [[code, ligne] as const] : []
    }),
  )
}

/**
 * What a signature freezes of tables whose hidden rows are read in another one: saved while typing, that row may hold less than zero. The signer reads the sum and signs
 * it: it replaces what it leaves nothing to, as saving it would.
 */
function solder(entier: Modele, lu: Modele, valeurs: Valeurs): Valeurs {
  const complets = new Map(champsDe(entier.groupes).map((champ) => [champ.code, champ]))
  const soldees = champsDe(lu.groupes).flatMap((champ) => {
    const complet = complets.get(champ.code)
    if (champ.genre !== 'tableau' || !complet || (complet.rangs?.length ?? 0) <= (champ.rangs?.length ?? 0)) return []
    const presente = valeurs[champ.code]
    if (presente === undefined) return []
    return [[champ.code, separer(complet, champ, presente, fondre(complet, champ, presente), false)] as const]
  })
  return { ...valeurs, ...Object.fromEntries(soldees) }
}

/** Rows of tables that hold less than zero where no such amount can be typed. */
const rangsSousZero = (modele: Modele, valeurs: Valeurs): string[] =>
  champsDe(modele.groupes).flatMap((champ) => {
    if (champ.genre !== 'tableau') return []
    const lignes = (valeurs[champ.code] ?? {}) as Readonly<Record<string, Ligne>>
    return (champ.rangs ?? []).flatMap(({ code, libelle }) =>
      (champ.colonnes ?? []).some(({ code: colonne, genre, min }) => {
        const montant = lignes[code]?.[colonne]
        return genre === 'montant' && typeof montant === 'number' && montant < (min ?? 0)
      })
        ? [libelle]
        : [],
    )
  })

async function garderVersion(session: Session, scellement: Scellement, lue: Lue, contenu: Contenu): Promise<void> {
  const sujet = { table: 'formulaire_version', colonne: 'contenu', id: `${lue.id}.${lue.version}` } as const
  await session.sql`insert into formulaire_version (dept, formulaire, version, dossier, contenu, a, par)
    values (${session.dept}, ${lue.id}, ${lue.version}, ${lue.dossier}, ${scellement.sceller(JSON.stringify(contenu), sujet)}, ${session.maintenant},
      ${auteurDe(session).compte})
    on conflict (dept, formulaire, version) do nothing`
}

/** Says that this person has the draft open, and gives the names of those who had it open in the last minutes. */
export async function signalerPresence(session: Session, id: string): Promise<string[]> {
  const { dept, maintenant, sql } = session
  const { compte } = auteurDe(session)
  await sql`insert into formulaire_presence (dept, formulaire, compte, vu_a) values (${dept}, ${id}, ${compte}, ${maintenant})
    on conflict (dept, formulaire, compte) do update set vu_a = excluded.vu_a`
  const presents = await sql<{ nom: string }>`
    select c.prenom || ' ' || c.nom as nom from formulaire_presence p join compte c on c.dept = ${dept} and c.id = p.compte
    where p.dept = ${dept} and p.formulaire = ${id} and p.compte <> ${compte} and p.vu_a > ${maintenant.subtract({ minutes: 10 })}
    order by p.vu_a desc`
  return presents.map(({ nom }) => nom)
}

/** A signature. */
export interface Signature {
  readonly id: string
  /** Version re-read before signing. */
  readonly vu: number
  /** Mark of the page, when it signs what it has just saved: its own savings since `vu` were re-read there. */
  readonly marque?: string | undefined
  /** Who reads it from now on; absent: as before. */
  readonly lecteurs?: LecteursFormulaire | undefined
  /** Lines of the printed heading: reference, household, sender. */
  readonly entete?: readonly { readonly libelle: string; readonly valeur: string }[]
}

/**
 * Freezes a form: its answers never change again, the exact bytes of its document are kept with their SHA-256. What cannot be read must be mended before; what is
 * unknown never stops it. A level of completeness is the caller's to ask (`completude`).
 */
export async function signerFormulaire(
  session: Session,
  cles: Keyring,
  dossier: DossierDuFormulaire,
  { id, vu, marque = '', lecteurs, entete = [] }: Signature,
): Promise<void> {
  const { dept, maintenant, sql } = session
  const { compte } = auteurDe(session)
  const lue = await trouver(session, dossier.id, id, true)
  exigerBrouillon(lue)
  const scellement = await scellementDuDossier(session, cles, dossier.id)
  const garde = lire(scellement, lue)
  if (lue.version !== vu && (lue.version < vu || changeAilleurs(garde, { vu, par: marque })))
    throw new Conflit(
      'formulaire.change',
      `${lue.modifie_nom} a changé ce formulaire depuis votre relecture : rien n’est signé. Le relire, puis signer.`,
    )
  // What cannot be read stops whoever may mend it: not an answer they never see, nor one to a question that no longer applies, which the document leaves out.
  const lu = modeleLu(session, dossier, lue)
  if (completude(lu, garde).invalides > 0)
    throw refus(
      'formulaire.invalide',
      'Corriger d’abord les réponses signalées : ce qui y est écrit n’a pas pu être lu.',
    )
  const modele = modeleEntier(session, lue)
  const contenu: Contenu = { ...garde, valeurs: solder(modele, lu, garde.valeurs) }
  const aVenir = direAVenir(modele, contenu.valeurs, session.jour)
  if (aVenir !== undefined)
    throw refus(
      'formulaire.a-venir',
      `« ${aVenir} » est à venir, et dit ce qui a déjà eu lieu. Corriger cette date ou la vider, enregistrer, puis signer.`,
    )
  const [sousZero] = rangsSousZero(modele, contenu.valeurs)
  if (sousZero)
    throw refus(
      'formulaire.sous-zero',
      `« ${sousZero} » est sous zéro : une partie de ce montant est écrite à une autre ligne. Écrire à chaque ligne ce qu’elle vaut, enregistrer, puis signer.`,
    )
  const octets = await rendreDocument(
    composerDocument(sansReserveVide(modele, contenu.valeurs), {
      valeurs: contenu.valeurs,
      calculs: calculer(modele, contenu.valeurs),
      entete,
      signe: { par: session.acteur.libelle, organisme: session.acteur.organismeNom, a: maintenant },
    }),
  )
  const document = scellement.sceller(Buffer.from(octets).toString('base64'), placeDocument(id))
  await garderVersion(session, scellement, lue, contenu)
  await sql`update formulaire set etat = 'signe', contenu = ${ecrire(scellement, id, contenu)}, signe_a = ${maintenant}, signe_par = ${compte}, modifie_a = ${maintenant}, modifie_par = ${compte},
      lecteurs = ${lecteurs === undefined ? lue.lecteurs : lecteurs}::uuid[], document = ${document}, empreinte = ${empreinteDe(octets)}
    where dept = ${dept} and id = ${id}`
  session.consigner({
    action: 'formulaire.signer',
    objet: 'formulaire',
    objetId: id,
    dossiers: [dossier.id],
    details: { formulaire: lue.code, version: lue.version },
  })
}

const empreinteDe = (octets: Uint8Array): string => createHash('sha256').update(octets).digest('hex')

/** Gives a draft up. It stays in the database, and is shown nowhere. */
export async function abandonnerFormulaire(session: Session, dossier: string, id: string): Promise<void> {
  const lue = await trouver(session, dossier, id, true)
  exigerBrouillon(lue)
  await session.sql`update formulaire set etat = 'abandonne', modifie_a = ${session.maintenant}, modifie_par = ${auteurDe(session).compte}
    where dept = ${session.dept} and id = ${id}`
  session.consigner({
    action: 'formulaire.abandonner',
    objet: 'formulaire',
    objetId: id,
    dossiers: [dossier],
    details: { formulaire: lue.code },
  })
}

/**
 * Begins a copy of a signed form, to correct or complete it; the signed one stays as it is. A draft of the same copy already open is given back. A copy made by another
 * organisme shows to nobody more than the matrix does. Returns its id.
 */
export async function rouvrirFormulaire(
  session: Session,
  cles: Keyring,
  dossier: DossierDuFormulaire,
  id: string,
  { lecteurs, reprises = {} }: { readonly lecteurs?: LecteursFormulaire; readonly reprises?: Reprises } = {},
): Promise<string> {
  const lue = await trouver(session, dossier.id, id)
  if (lue.etat !== 'signe') return lue.id
  const { dept } = session
  // Asked twice at once, one copy is begun.
  await session.sql`select pg_advisory_xact_lock(hashtextextended(${`formulaire.rouvrir:${dept}:${id}`}, 0))`
  const [dejaOuvert] = await session.sql<{ id: string }>`select id from formulaire
    where dept = ${dept} and dossier = ${dossier.id} and copie_de = ${id} and etat = 'brouillon' and organisme = ${session.acteur.organisme}
    order by cree_a desc limit 1`
  if (dejaOuvert) return dejaOuvert.id
  const contenu = copier(lire(await scellementDuDossier(session, cles, dossier.id), lue))
  return inserer(session, cles, dossier.id, {
    code: lue.code,
    modele: lue.modele,
    lecteurs: lecteurs === undefined ? lue.lecteurs : lecteurs,
    contenu: reprendre(contenu, champsDe(modeleEntier(session, lue).groupes), reprises),
    copieDe: id,
    mains: [...lue.ecrit_aussi_par, lue.organisme],
  })
}

/** How far a form is filled, as its reader sees it. */
export const completudeDe = (
  { modele, valeurs, invalides }: Pick<Formulaire, 'modele' | 'valeurs' | 'invalides'>,
  niveau?: string,
): Completude => completude(modele, { valeurs, invalides }, niveau)

/**
 * The document of a form: the bytes as signed for whoever reads the whole form; composed from what this reader may see otherwise, and for a draft.
 */
export async function telechargerFormulaire(
  session: Session,
  cles: Keyring,
  dossier: DossierDuFormulaire,
  id: string,
  entete: Signature['entete'] = [],
): Promise<{ readonly octets: Uint8Array; readonly code: string; readonly exact: boolean }> {
  const lue = await trouver(session, dossier.id, id)
  const scellement = await scellementDuDossier(session, cles, dossier.id)
  const formulaire = presenter(session, dossier, lue, lire(scellement, lue))
  session.consigner({
    action: 'formulaire.telecharger',
    objet: 'formulaire',
    objetId: id,
    dossiers: [dossier.id],
    details: { formulaire: lue.code, version: lue.version },
  })
  if (lue.etat === 'signe' && formulaire.integral) {
    const [{ document = '' } = {}] = await session.sql<{ document: string }>`select document from formulaire
      where dept = ${session.dept} and id = ${id}`
    return {
      octets: Buffer.from(scellement.ouvrir(document, placeDocument(id)), 'base64'),
      code: lue.code,
      exact: true,
    }
  }
  const { modele, valeurs, calculs, signe_a: signeA, signe_nom: signeNom, organisme_nom: organisme } = formulaire
  const octets = await rendreDocument(
    composerDocument(modele, {
      valeurs,
      calculs,
      entete,
      partiel: formulaire.partiel,
      ...(signeA === null ? {} : { signe: { par: signeNom ?? '', organisme, a: signeA } }),
    }),
  )
  return { octets, code: lue.code, exact: false }
}
