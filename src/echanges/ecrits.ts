import type { Session } from '#acces'
import type { Keyring } from '#socle/cipher'
import { sql } from '#socle/db'
import { Introuvable, refus } from '#socle/errors'
import { type Cercle, cercles, type Portee, peutLire } from './cercles.ts'
import { scellementDuDossier } from './cles.ts'

/** A writing as a dossier lists it to whoever may read it: never its text. */
export interface LigneEcrit {
  readonly id: string
  readonly dossier: string
  readonly cercle: Exclude<Cercle, 'synthese'>
  readonly nature: 'note' | 'page_reservee' | 'transmission' | 'reponse' | 'suivi'
  readonly auteur: string
  readonly auteur_id: string
  readonly organisme_nom: string
  readonly a: Temporal.Instant
}

/** A writing, opened. */
export interface Ecrit extends LigneEcrit {
  readonly texte: string
  readonly motif: string | null
  readonly portee: Portee
  /** Transmission: what it answers, and the note it was copied from when the reader holds it. */
  readonly repond_a: string | null
  readonly note: string | null
}

interface Ligne extends LigneEcrit {
  readonly texte: string
  readonly motif: string | null
  readonly organisme: string
  readonly equipe: readonly string[]
  readonly au_service: boolean
  readonly organismes: readonly string[]
  readonly comptes: readonly string[]
  readonly repond_a: string | null
  readonly note: string | null
}

/** The three tables under one form. What the session may not read is not there. */
const lignes = (dept: string, dossiers: readonly string[]) => sql`
  select x.*, c.prenom || ' ' || c.nom as auteur, o.nom as organisme_nom from (
    select id, dossier, 'note' as cercle, nature, auteur as auteur_id, organisme, a, texte, motif, equipe, au_service, '{}'::uuid[] as organismes,
      '{}'::uuid[] as comptes, null::uuid as repond_a, null::uuid as note
    from note_professionnelle where dept = ${dept} and dossier = any (${[...dossiers]}::uuid[])
    union all
    select t.id, dossier, 'transmission', case when repond_a is null then 'transmission' else 'reponse' end, auteur, organisme, a, texte, motif, '{}', false,
      organismes, comptes, repond_a, (select n.id from note_professionnelle n where n.dept = ${dept} and n.id = t.note)
    from transmission t where dept = ${dept} and dossier = any (${[...dossiers]}::uuid[])
    union all
    select id, dossier, 'suivi', 'suivi', auteur, organisme, a, texte, motif, '{}', false, '{}', '{}', null, null
    from suivi_partage where dept = ${dept} and dossier = any (${[...dossiers]}::uuid[])
  ) x
  join compte c on c.dept = ${dept} and c.id = x.auteur_id
  join organisme o on o.dept = ${dept} and o.id = x.organisme`

function porteeDe(ligne: Ligne): Portee {
  switch (ligne.cercle) {
    case 'note':
      return {
        cercle: 'note',
        auteur: ligne.auteur_id,
        organisme: ligne.organisme,
        equipe: ligne.equipe,
        au_service: ligne.au_service,
      }
    case 'transmission':
      return {
        cercle: 'transmission',
        auteur: ligne.auteur_id,
        organismes: ligne.organismes,
        comptes: ligne.comptes,
      }
    case 'suivi':
      return { cercle: 'suivi' }
  }
}

/** Writings of circles 1 to 3 this reader may open in these dossiers, newest first. Nothing tells of the others. */
export async function listerEcrits(session: Session, dossiers: readonly string[]): Promise<LigneEcrit[]> {
  const trouvees = await session.sql<Ligne>`${lignes(session.dept, dossiers)} order by x.a desc, x.id`
  return trouvees
    .filter((ligne) => peutLire(session.acteur, porteeDe(ligne)))
    .map(({ id, dossier, cercle, nature, auteur, auteur_id, organisme_nom, a }) => ({
      id,
      dossier,
      cercle,
      nature,
      auteur,
      auteur_id,
      organisme_nom,
      a,
    }))
}

const TABLES = { note: 'note_professionnelle', transmission: 'transmission', suivi: 'suivi_partage' } as const

/** Opens one writing and journals the reading. Not addressed to this reader, it does not exist. */
export async function lireEcrit(session: Session, cles: Keyring, dossier: string, id: string): Promise<Ecrit> {
  const [ligne] = await session.sql<Ligne>`${lignes(session.dept, [dossier])} where x.id = ${id}`
  if (!ligne) throw new Introuvable()
  const portee = porteeDe(ligne)
  if (!peutLire(session.acteur, portee)) throw new Introuvable()
  const scellement = await scellementDuDossier(session, cles, dossier)
  const table = TABLES[ligne.cercle]
  const { cercle, nature, auteur, auteur_id, organisme_nom, a, repond_a, note } = ligne
  const ecrit: Ecrit = {
    id,
    dossier,
    cercle,
    nature,
    auteur,
    auteur_id,
    organisme_nom,
    a,
    repond_a,
    note,
    portee,
    texte: scellement.ouvrir(ligne.texte, { table, colonne: 'texte', id }),
    motif: ligne.motif === null ? null : scellement.ouvrir(ligne.motif, { table, colonne: 'motif', id }),
  }
  session.consigner({
    action: `${cercle}.lire`,
    objet: 'ecrit',
    objetId: id,
    dossiers: [dossier],
    details: { cercle: cercles[cercle].rang },
  })
  return ecrit
}

/** Longest text of a writing, in characters: about five pages. */
export const LONGUEUR_ECRIT = 20_000
/** Longest reason. */
export const LONGUEUR_MOTIF = 500

/** Refuses a text that is empty or too long, and a reason that is missing where one is asked. */
export function verifierTexte(texte: string, motif: string, motifExige: boolean): void {
  if (texte.trim() === '') throw refus('ecrit.texte', 'Écrire le texte.')
  if (texte.length > LONGUEUR_ECRIT)
    throw refus('ecrit.texte', `Raccourcir le texte à ${LONGUEUR_ECRIT} caractères : il y en a ${texte.length}.`)
  if (motifExige && motif.trim() === '')
    throw refus('ecrit.motif', 'Dire pourquoi d’autres que vous doivent lire ce texte.')
  if (motif.length > LONGUEUR_MOTIF)
    throw refus('ecrit.motif', `Raccourcir le motif à ${LONGUEUR_MOTIF} caractères : il y en a ${motif.length}.`)
}

/** The person and the organisme that write, from the session and nowhere else. */
export function auteurDe({ acteur }: Session): { compte: string; organisme: string } {
  if (acteur.compte === null || acteur.organisme === null) throw new Introuvable()
  return { compte: acteur.compte, organisme: acteur.organisme }
}
