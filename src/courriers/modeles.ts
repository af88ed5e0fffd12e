import type { Session } from '#acces'
import {
  type CorpsCourrier,
  type DepartementCharge,
  ErreurCorps,
  ecrireReferencePartagee,
  lireCorps,
  type ModeleCourrier,
  mentionsPerdues,
} from '#referentiel'
import { type Fragment, sql } from '#socle/db'
import { Introuvable, Refus } from '#socle/errors'
import { parisDay } from '#socle/time'
import { type Presentation, presentationLivree, verifierPresentation } from './presentation.ts'

/** What was decided of a version. Whether an approved one applies is a matter of dates. */
export const ETATS_VERSION_COURRIER = {
  brouillon: 'Brouillon',
  soumise: 'À décider',
  approuvee: 'Approuvée',
  refusee: 'Refusée',
  retiree: 'Abandonnée',
} as const
export type EtatVersionCourrier = keyof typeof ETATS_VERSION_COURRIER

/** The texts of a kind of letter. */
export interface TexteModele {
  readonly corps: string
  readonly facile: string | null
}

/** What a version holds; `livre` goes back to what is shipped, whatever later releases ship. */
export type ContenuVersion =
  | { readonly livre: true }
  | { readonly texte: TexteModele }
  | { readonly presentation: Presentation }

/** A version of a letter, or of what all letters print, written by a département. */
export interface VersionCourrier {
  readonly id: string
  readonly genre: 'texte' | 'presentation'
  /** Code of the kind of letter; empty for what all print. */
  readonly modele: string
  readonly numero: number
  readonly etat: EtatVersionCourrier
  readonly revision: number
  readonly contenu: ContenuVersion
  /** What was shipped when it was written. */
  readonly livre: ContenuVersion
  readonly du: Temporal.PlainDate
  readonly motif: string
  readonly cree_par: string
  readonly cree_par_nom: string
  readonly cree_a: Temporal.Instant
  readonly modifie_par: string
  readonly modifie_par_nom: string
  readonly modifie_a: Temporal.Instant
  readonly soumis_par: string | null
  readonly decide_par_nom: string | null
  readonly decide_a: Temporal.Instant | null
  readonly decide_motif: string | null
}

const COLONNES = sql`v.id, v.genre, v.modele, v.numero, v.etat, v.revision, v.contenu, v.livre, v.du, v.motif, v.cree_par, v.cree_a, v.modifie_par, v.modifie_a,
  v.soumis_par, v.decide_a, v.decide_motif, cp.prenom || ' ' || cp.nom as cree_par_nom, mp.prenom || ' ' || mp.nom as modifie_par_nom,
  dp.prenom || ' ' || dp.nom as decide_par_nom`

const lire = (session: Session, condition: Fragment): Promise<VersionCourrier[]> => session.sql<VersionCourrier>`
  select ${COLONNES} from version_courrier v
  left join compte cp on cp.dept = v.dept and cp.id = v.cree_par
  left join compte mp on mp.dept = v.dept and mp.id = v.modifie_par
  left join compte dp on dp.dept = v.dept and dp.id = v.decide_par
  where v.dept = ${session.dept} and ${condition} order by v.genre, v.modele, v.numero desc`

/** Versions a département wrote, the newest of each kind of letter first. */
export const listerVersionsCourrier = (session: Session): Promise<VersionCourrier[]> => lire(session, sql`true`)

/** One of them; another département's does not exist. */
export async function lireVersionCourrier(session: Session, id: string): Promise<VersionCourrier> {
  const [version] = await lire(session, sql`v.id::text = ${id}`)
  if (!version) throw new Introuvable()
  return version
}

/** The shipped content that a version changes. Null when its kind of letter left the data. */
export function contenuLivre(
  session: Pick<Session, 'referentiel' | 'dept'>,
  { genre, modele }: Pick<VersionCourrier, 'genre' | 'modele'>,
): ContenuVersion | null {
  if (genre === 'texte') {
    const livre = session.referentiel.courriers.get(modele)
    return livre
      ? { texte: { corps: livre.textes.corps.trimEnd(), facile: livre.textes.facile?.trimEnd() ?? null } }
      : null
  }
  const departement = session.referentiel.departements.get(session.dept)
  return departement ? { presentation: presentationLivree(departement) } : null
}

/** A fault of a text: where, what, and the law that stands in the way when it is one. */
export interface FauteTexte {
  readonly variante: 'corps' | 'facile'
  readonly ligne: number | null
  readonly colonne: number | null
  readonly message: string
}

/** More conditions than that in one text are cases nobody can re-read. */
const CONDITIONS_MAX = 10
const LONGUEUR_MAX = 20_000

/** Every reason why these texts cannot be those of a letter: words unknown, holes, mandatory statements lost. Empty when they can. */
export function verifierTexte(
  modele: ModeleCourrier,
  { corps, facile }: TexteModele,
  dept: string,
): readonly FauteTexte[] {
  const fautes: FauteTexte[] = []
  const verifier = (variante: 'corps' | 'facile', texte: string, livre: CorpsCourrier) => {
    const faute = (message: string) => fautes.push({ variante, ligne: null, colonne: null, message })
    if (texte.length > LONGUEUR_MAX) return faute('Ce texte est trop long : une lettre tient sur deux pages.')
    if ((texte.match(/\{si /g) ?? []).length > CONDITIONS_MAX)
      return faute(`${CONDITIONS_MAX} conditions au plus : au-delà, personne ne relit tous les cas.`)
    try {
      for (const perdue of mentionsPerdues(lireCorps(texte), livre, modele.mentions))
        faute(
          `Mention obligatoire : « ${perdue.texte} » doit rester, dans tous les cas où le texte livré la dit. Source : ${ecrireReferencePartagee(perdue, dept)}.`,
        )
    } catch (erreur) {
      if (!(erreur instanceof ErreurCorps)) throw erreur
      const { ligne, colonne, message } = erreur
      fautes.push({ variante, ligne, colonne, message })
    }
  }
  verifier('corps', corps, modele.corps)
  if (modele.facile && facile !== null) verifier('facile', facile, modele.facile)
  if ((modele.facile === null) !== (facile === null))
    fautes.push({
      variante: 'facile',
      ligne: null,
      colonne: null,
      message: 'La version facile à lire existe si le texte livré en a une : elle ne s’ajoute ni ne se retire.',
    })
  return fautes
}

/** Why a version cannot be printed by this release; null when it can. */
export function trouverObstacle(
  session: Pick<Session, 'referentiel' | 'dept'>,
  version: VersionCourrier,
): string | null {
  const { contenu } = version
  if ('texte' in contenu) {
    const modele = session.referentiel.courriers.get(version.modele)
    if (!modele) return 'Ce modèle n’est plus livré.'
    const [faute] = verifierTexte(modele, contenu.texte, session.dept)
    return faute
      ? `${faute.ligne === null ? '' : `Ligne ${faute.ligne}, colonne ${faute.colonne} : `}${faute.message}`
      : null
  }
  if ('presentation' in contenu) {
    const departement = session.referentiel.departements.get(session.dept)
    if (!departement) return 'Ce département n’est plus livré.'
    try {
      verifierPresentation(contenu.presentation, departement)
    } catch (erreur) {
      if (!(erreur instanceof Refus)) throw erreur
      return erreur.message
    }
  }
  return null
}

/** True when a release changed what this version was written from. */
export function livreAChange(session: Pick<Session, 'referentiel' | 'dept'>, version: VersionCourrier): boolean {
  const maintenant = contenuLivre(session, version)
  return maintenant !== null && empreinte(maintenant) !== empreinte(version.livre)
}

/** Keys in one order: the database keeps its own. */
function empreinte(valeur: unknown): string {
  return JSON.stringify(valeur, (_cle, une: unknown) =>
    une !== null && typeof une === 'object' && !Array.isArray(une)
      ? Object.fromEntries(Object.entries(une).sort(([a], [b]) => (a < b ? -1 : 1)))
      : une,
  )
}

/** Whether two contents say the same. */
export const memeContenu = (un: ContenuVersion, autre: ContenuVersion): boolean => empreinte(un) === empreinte(autre)

/**
 * The version that applies to a letter prepared at an instant: the last begun on that day among those already approved then. A letter keeps it, whatever is approved
 * later.
 */
export function enVigueur(
  versions: readonly VersionCourrier[],
  { genre, modele }: Pick<VersionCourrier, 'genre' | 'modele'>,
  quand: Temporal.Instant,
): VersionCourrier | null {
  const jour = parisDay(quand)
  return versions
    .filter(
      (une) =>
        une.genre === genre &&
        une.modele === modele &&
        une.etat === 'approuvee' &&
        une.decide_a !== null &&
        Temporal.Instant.compare(une.decide_a, quand) <= 0 &&
        Temporal.PlainDate.compare(une.du, jour) <= 0,
    )
    .reduce<VersionCourrier | null>(
      (derniere, une) => (derniere && Temporal.PlainDate.compare(derniere.du, une.du) > 0 ? derniere : une),
      null,
    )
}

/** What letters are written with, by kind and by the instant they were prepared. */
export interface ModelesAppliques {
  readonly modele: (livre: ModeleCourrier, quand: Temporal.Instant) => ModeleCourrier
  readonly presentation: (quand: Temporal.Instant) => Presentation
}

/** A shipped letter with the texts of a version. */
export function avecTexte(livre: ModeleCourrier, texte: TexteModele): ModeleCourrier {
  return {
    ...livre,
    textes: texte,
    corps: lireCorps(texte.corps),
    facile: texte.facile === null ? null : lireCorps(texte.facile),
  }
}

/**
 * Reads what a département changed of its letters. A version that this release can no longer print, because a word left or a statement became mandatory, is not
 * applied: the shipped text is, and the screens say so.
 */
export async function lireModelesAppliques(session: Session): Promise<ModelesAppliques> {
  const versions = await lire(session, sql`v.etat = 'approuvee'`)
  const departement = session.referentiel.departements.get(session.dept)
  const lus = new Map<string, ModeleCourrier>()
  const saines = new Set(versions.filter((version) => trouverObstacle(session, version) === null))
  // What an earlier version said was replaced: it never comes back in place of one that cannot be printed.
  const applicable = (sujet: Pick<VersionCourrier, 'genre' | 'modele'>, quand: Temporal.Instant) => {
    const version = enVigueur(versions, sujet, quand)
    return version && saines.has(version) ? version : null
  }
  return {
    modele: (livre, quand) => {
      const version = applicable({ genre: 'texte', modele: livre.code }, quand)
      if (!version || !('texte' in version.contenu)) return livre
      const lu = lus.get(version.id) ?? avecTexte(livre, version.contenu.texte)
      lus.set(version.id, lu)
      return lu
    },
    presentation: (quand) => {
      const version = applicable({ genre: 'presentation', modele: '' }, quand)
      if (version && 'presentation' in version.contenu) return version.contenu.presentation
      return departement ? presentationLivree(departement) : { contacts: [], expediteurs: [], logo: null }
    },
  }
}

/** The département whose letters a session changes. */
export function lireDepartementCourriers({
  referentiel,
  dept,
}: Pick<Session, 'referentiel' | 'dept'>): DepartementCharge {
  const departement = referentiel.departements.get(dept)
  if (!departement) throw new Introuvable()
  return departement
}
