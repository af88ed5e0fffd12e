import { type Acces, accesDe, type Session } from '#acces'
import { EXPEDITEURS_COURRIER, type ExpediteurCourrier, expediteurDuType, type ModeleCourrier } from '#referentiel'
import { Conflit, refus } from '#socle/errors'
import { trouverExpediteur } from './faits.ts'

/** The kind of sender a session writes as; null for who writes no letter. */
export const expediteurDe = ({ acteur }: Pick<Session, 'acteur'>): ExpediteurCourrier | null =>
  expediteurDuType(acteur.organismeType)

/** Letters the organisme of a session sends; all of them for background work. */
export function modelesDe(session: Pick<Session, 'acteur' | 'referentiel'>): readonly ModeleCourrier[] {
  const expediteur = expediteurDe(session)
  return [...session.referentiel.courriers.values()].filter(
    (modele) => session.acteur.organismeType === null || modele.expediteur === expediteur,
  )
}

/** What the matrix lets the people of a kind of organisme read when they re-read its letters. */
export function accesDuType(session: Pick<Session, 'referentiel'>, type: string): Acces | null {
  const expediteur = expediteurDuType(type)
  return expediteur && accesDe(session.referentiel.matrice, type, EXPEDITEURS_COURRIER[expediteur].role)
}

/** What an organisme prints at the head of its letters, and under them. */
export interface Entete {
  readonly nom: string
  /** Service, street, postcode and town. */
  readonly lignes: readonly string[]
  readonly telephone: string | null
  readonly courriel: string | null
  /** A function, never a person. */
  readonly signature: string | null
}

/** An organisme that sends, with the head its people wrote. */
interface Envoyeur {
  readonly id: string
  readonly nom: string
  readonly type: string
  readonly entete: (Entete & { readonly version: number }) | null
}

/** Senders by id, in one reading. */
export async function lireEnvoyeurs(
  session: Session,
  organismes: readonly string[],
): Promise<ReadonlyMap<string, Envoyeur>> {
  const lus = await session.sql<
    Omit<Envoyeur, 'entete'> & {
      entete_nom: string | null
      lignes: string[]
      telephone: string | null
      courriel: string | null
      signature: string | null
      version: number
    }
  >`select o.id, o.nom, o.type, e.nom as entete_nom, e.lignes, e.telephone, e.courriel, e.signature, e.version
    from organisme o left join entete_courrier e on e.dept = o.dept and e.organisme = o.id
    where o.dept = ${session.dept} and o.id = any (${organismes}::uuid[])`
  return new Map(
    lus.map(({ id, nom, type, entete_nom, ...entete }) => [
      id,
      { id, nom, type, entete: entete_nom === null ? null : { nom: entete_nom, ...entete } },
    ]),
  )
}

/** A head as it is printed. */
interface TeteImprimee {
  readonly nom: string
  readonly lignes: readonly string[]
  readonly signature: string | null
  /** The secretariat it is, when it is one. */
  readonly secretariat?: string | undefined
}

/** The head printed for a dossier of a territory: what the data say of a secretariat, what its people wrote for anybody else. Null: nothing can be printed. */
export function trouverTete(
  session: Pick<Session, 'referentiel' | 'dept'>,
  { type, entete }: Envoyeur,
  territoire: string | null,
): TeteImprimee | null {
  if (type === 'secretariat') {
    const trouve = trouverExpediteur(session, territoire)
    return trouve && { ...trouve, signature: null }
  }
  if (!entete) return null
  const { nom, lignes, telephone, courriel, signature } = entete
  return { nom, lignes: [...lignes, telephone, courriel].filter((ligne) => ligne !== null), signature }
}

/** Whether the people of this session keep the head of their letters: those of a secretariat are in the data of the département. */
export const tientUneEntete = ({ acteur }: Pick<Session, 'acteur'>): boolean =>
  acteur.organisme !== null && acteur.organismeType !== 'secretariat'

/** The head its people wrote for the organisme of this session, with its version; null while there is none. */
export async function lireEntete(session: Session): Promise<Envoyeur['entete']> {
  const { organisme } = session.acteur
  return organisme === null ? null : ((await lireEnvoyeurs(session, [organisme])).get(organisme)?.entete ?? null)
}

const LIGNES_MAX = 4
const COURRIEL = /^[^\s@]+@[^\s@]+\.[^\s@]+$/

/** Writes the head of the organisme of this session: what its next letters print. Those that left keep theirs. */
export async function ecrireEntete(
  session: Session,
  saisie: { readonly [C in keyof Entete]: Exclude<Entete[C], null> } & { readonly version: number },
): Promise<void> {
  const { dept, acteur, maintenant } = session
  const { compte, organisme } = acteur
  if (compte === null || organisme === null || !tientUneEntete(session))
    throw refus('courrier.auteur', 'L’en-tête est tenu par une personne de l’organisme.')
  const nom = saisie.nom.trim()
  const lignes = saisie.lignes.map((ligne) => ligne.trim()).filter((ligne) => ligne !== '')
  const [telephone, courriel, signature] = [saisie.telephone, saisie.courriel, saisie.signature].map((texte) =>
    texte.trim() === '' ? null : texte.trim(),
  )
  if (nom === '') throw refus('entete.nom', 'Écrire le nom qui paraît en tête.')
  if (lignes.length === 0 || !/^\d{5} \S/.test(lignes.at(-1) ?? ''))
    throw refus(
      'entete.lignes',
      'Écrire l’adresse : la dernière ligne est le code postal suivi de la commune, par exemple « 71400 AUTUN ».',
    )
  if (lignes.length > LIGNES_MAX)
    throw refus(
      'entete.lignes',
      `${LIGNES_MAX} lignes d’adresse au plus : l’en-tête doit tenir au-dessus de la fenêtre.`,
    )
  if (courriel && !COURRIEL.test(courriel)) throw refus('entete.courriel', 'Écrire une adresse de courriel complète.')
  const [ecrit] = await session.sql`
    insert into entete_courrier (dept, organisme, nom, lignes, telephone, courriel, signature, a, par)
    select ${dept}, ${organisme}, ${nom}, ${lignes}, ${telephone ?? null}, ${courriel ?? null}, ${signature ?? null}, ${maintenant}, ${compte}
    on conflict (dept, organisme) do update set nom = excluded.nom, lignes = excluded.lignes, telephone = excluded.telephone,
      courriel = excluded.courriel, signature = excluded.signature, a = excluded.a, par = excluded.par, version = entete_courrier.version + 1
      where entete_courrier.version = ${saisie.version} returning version`
  if (!ecrit)
    throw new Conflit(
      'entete.change',
      'Un collègue a changé l’en-tête depuis que la page a été ouverte. Le relire avant de recommencer.',
      [organisme],
    )
  session.consigner({ action: 'courriers.entete', objet: 'organisme', objetId: organisme })
}
