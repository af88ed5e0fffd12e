import { randomUUID } from 'node:crypto'
import type { Session } from '#acces'
import { lireDossier } from '#dossiers'
import { scellementDuDossier } from '#echanges'
import { noter } from '#notifications'
import type { Keyring } from '#socle/cipher'
import { Conflit, Introuvable, refus } from '#socle/errors'
import { listerCollegues } from './absences.ts'
import { chargerPreuves } from './preuves.ts'

export const LONGUEUR_PREUVE = 500

/** A task somebody acts upon, locked. */
interface Verrouillee {
  readonly id: string
  readonly dossier: string
  readonly organisme: string
  readonly etat: string
  readonly cause: string | null
  readonly fait: string | null
  readonly fait_le: Temporal.PlainDate | null
  readonly certitude: string
  readonly confirmee: boolean
  readonly manquants: readonly string[]
  readonly agent: string | null
  readonly version: number
}

/** What an act wrote, and how to take it back. */
export interface Fait {
  readonly taches: number
  readonly envoi: string
  readonly dossiers: readonly string[]
}

/** The reader acts for the organisme that owes the engagement; the secretariat also notes what a partner did outside Amont. */
async function verrouiller(session: Session, ids: readonly string[]): Promise<Verrouillee[]> {
  const { sql, dept, acteur } = session
  const taches = await sql<Verrouillee>`
    select t.id, t.dossier, t.organisme, t.etat, t.cause, t.fait, t.fait_le, t.certitude, t.confirmee, t.manquants, t.agent, t.version
    from engagement_tache t join dossier d on d.dept = ${dept} and d.id = t.dossier
    where t.dept = ${dept} and t.id = any (${[...new Set(ids)]}::uuid[])
      and (t.organisme = ${acteur.organisme}::uuid or ${acteur.role === 'secretariat'}) order by t.id for update of t`
  if (taches.length === 0 || taches.length < new Set(ids).size) throw new Introuvable()
  return taches
}

const avantDe = ({ etat, cause, fait, fait_le, certitude, confirmee, manquants, agent, version }: Verrouillee) => ({
  etat,
  cause,
  fait,
  fait_le: fait_le?.toString() ?? null,
  certitude,
  confirmee,
  manquants,
  agent,
  // What this act leaves: undone only if nobody touched the task since.
  version: version + 1,
})

interface Acte {
  readonly genre: 'faite' | 'empechee' | 'sans_objet' | 'confirmee' | 'attribuee'
  readonly le?: Temporal.PlainDate
  readonly motif?: string | null
  readonly texte?: string
  readonly piece?: string | null
  readonly agent?: string | null
  readonly envoi: string
}

/** The same form sent twice wrote once. One that already served for something else, or was undone, wrote nothing of what it says now: it is refused. */
async function dejaEcrit(
  { sql, dept, acteur }: Session,
  { envoi, genre, taches }: { envoi: string; genre: Acte['genre'] | 'defaite'; taches: readonly string[] },
): Promise<Fait | null> {
  const lus = await sql<{ tache: string; dossier: string; genre: string }>`
    select tache, dossier, genre from engagement_acte where dept = ${dept} and par = ${acteur.compte} and envoi = ${envoi}::uuid`
  if (lus.length === 0) return null
  const voulues = new Set(taches)
  if (lus.length !== voulues.size || lus.some((un) => un.genre !== genre || !voulues.has(un.tache)))
    throw refus(
      'engagement.envoi',
      'Ce formulaire a déjà servi : rien n’a été écrit cette fois. Revenir à la liste, la recharger, et recommencer.',
    )
  return { taches: lus.length, envoi, dossiers: [...new Set(lus.map(({ dossier }) => dossier))] }
}

async function consignerActes(
  session: Session,
  cles: Keyring | null,
  taches: readonly Verrouillee[],
  acte: Acte,
): Promise<void> {
  const { sql, dept, acteur, maintenant, jour } = session
  const { organisme, compte } = acteur
  if (!organisme || !compte)
    throw refus('engagement.organisme', 'Un engagement est tenu par une personne d’un organisme.')
  const texte = acte.texte?.trim() ?? ''
  const lignes: Record<string, unknown>[] = []
  for (const [dossier, siennes] of Map.groupBy(taches, (tache) => tache.dossier)) {
    const scellement = texte !== '' && cles ? await scellementDuDossier(session, cles, dossier) : null
    for (const tache of siennes) {
      const id = randomUUID()
      lignes.push({
        id,
        tache: tache.id,
        dossier,
        avant: avantDe(tache),
        texte: scellement?.sceller(texte, { table: 'engagement_acte', colonne: 'texte', id }) ?? null,
      })
    }
  }
  await sql`insert into engagement_acte (dept, id, tache, dossier, genre, le, motif, texte, piece, agent, avant, envoi, organisme, par, a)
    select ${dept}, x.id, x.tache, x.dossier, ${acte.genre}, ${acte.le ?? jour}::date, ${acte.motif ?? null}::text, x.texte, ${acte.piece ?? null}::uuid,
      ${acte.agent ?? null}::uuid, x.avant, ${acte.envoi}::uuid, ${organisme}, ${compte}, ${maintenant}
    from json_to_recordset(${JSON.stringify(lignes)}::json) as x(id uuid, tache uuid, dossier uuid, texte text, avant jsonb)`
}

const idsDe = (taches: readonly Verrouillee[]): string[] => taches.map(({ id }) => id)
const dossiersDe = (taches: readonly Verrouillee[]): string[] => [...new Set(taches.map(({ dossier }) => dossier))]

/** What a person says to close tasks. */
export interface Cloture {
  readonly taches: readonly string[]
  readonly genre: 'faite' | 'empechee' | 'sans_objet'
  readonly le: Temporal.PlainDate
  /** Coded reason of an impediment. */
  readonly motif?: string | undefined
  readonly texte: string
  /** A document of the dossier, as proof. */
  readonly piece?: string | undefined
  readonly envoi: string
  /** Version of the only task, as the person saw it. */
  readonly vu?: number | undefined
}

/** Checks what closes a task before anything is written: field → sentence. */
export function verifierCloture(
  session: Pick<Session, 'jour' | 'referentiel'>,
  cloture: Omit<Cloture, 'taches' | 'envoi' | 'le'> & { readonly le: Temporal.PlainDate | null },
): Readonly<Record<string, string>> {
  const fautes: Record<string, string> = {}
  const { empechements } = chargerPreuves(session.referentiel.racine)
  const texte = cloture.texte.trim()
  if (cloture.le === null) fautes.le = 'Donner une date, par exemple 20/11/2026.'
  else if (Temporal.PlainDate.compare(cloture.le, session.jour) > 0)
    fautes.le = 'La date ne peut pas être à venir : dire ce qui a été fait.'
  if (texte.length > LONGUEUR_PREUVE) fautes.texte = `Écrire ${LONGUEUR_PREUVE} caractères au plus.`
  if (cloture.genre === 'faite' && texte.length < 3 && !cloture.piece)
    fautes.texte = 'Dire en quelques mots ce qui a été fait, ou choisir une pièce du dossier.'
  if (cloture.genre === 'empechee') {
    if (!empechements.some(({ id }) => id === cloture.motif)) fautes.motif = 'Choisir ce qui a empêché de le faire.'
    else if (cloture.motif === 'autre' && texte.length < 3) fautes.texte = 'Écrire le motif.'
  }
  if (cloture.genre === 'sans_objet' && texte.length < 3) fautes.texte = 'Dire pourquoi l’engagement ne s’applique pas.'
  return fautes
}

/** Closes tasks by hand: done with its proof, prevented with its reason, or not applicable (ENG-06). Sent twice, it writes once. */
export async function cloreTaches(session: Session, cles: Keyring | null, cloture: Cloture): Promise<Fait> {
  const { sql, dept } = session
  const [faute] = Object.values(verifierCloture(session, cloture))
  if (faute) throw refus('engagement.cloture', faute)
  const deja = await dejaEcrit(session, cloture)
  if (deja) return deja
  const taches = await verrouiller(session, cloture.taches)
  const [seule] = taches
  if (cloture.vu !== undefined && seule && seule.version !== cloture.vu)
    throw new Conflit(
      'engagement.change',
      'Cet engagement a changé depuis que vous l’avez ouvert : rien n’a été écrit.',
    )
  const closes = taches.filter(({ cause }) => cause === 'personne' || cause === 'fait' || cause === 'amont')
  if (closes.length > 0)
    throw refus(
      'engagement.clos',
      closes.length === 1 && taches.length === 1
        ? 'Cet engagement est déjà clos. Le défaire d’abord, depuis sa page.'
        : `${closes.length} des engagements choisis sont déjà clos : les retirer du choix.`,
    )
  if (cloture.piece) {
    const [piece] = await sql<{ dossier: string }>`
      select dossier from piece where dept = ${dept} and id = ${cloture.piece}::uuid and retiree_a is null`
    if (!piece || taches.some(({ dossier }) => dossier !== piece.dossier)) throw new Introuvable()
  }
  // Reading the dossier says that it was: an act on what one does not see is refused there.
  for (const dossier of dossiersDe(taches)) await lireDossier(session, dossier)
  await consignerActes(session, cles, taches, {
    ...cloture,
    motif: cloture.motif ?? null,
    piece: cloture.piece ?? null,
  })
  await sql`update engagement_tache set etat = ${cloture.genre}, cause = 'personne', fait = null, fait_le = ${cloture.le}, version = version + 1
    where dept = ${dept} and id = any (${idsDe(taches)}::uuid[])`
  session.consigner({
    action: 'engagement.clore',
    dossiers: dossiersDe(taches),
    details: { genre: cloture.genre, nombre: taches.length },
  })
  return { taches: taches.length, envoi: cloture.envoi, dossiers: dossiersDe(taches) }
}

/** A person says that an engagement applies: what was to appreciate or to verify is due from then on. */
export async function confirmerTaches(session: Session, ids: readonly string[], envoi: string): Promise<Fait> {
  const deja = await dejaEcrit(session, { envoi, genre: 'confirmee', taches: ids })
  if (deja) return deja
  const taches = await verrouiller(session, ids)
  if (taches.some(({ etat }) => etat !== 'a_faire'))
    throw refus('engagement.clos', 'Un des engagements choisis est déjà clos : rien n’a été écrit.')
  await consignerActes(session, null, taches, { genre: 'confirmee', envoi })
  await session.sql`update engagement_tache set certitude = 'applicable', confirmee = true, manquants = '{}', version = version + 1
    where dept = ${session.dept} and id = any (${idsDe(taches)}::uuid[])`
  session.consigner({
    action: 'engagement.confirmer',
    dossiers: dossiersDe(taches),
    details: { nombre: taches.length },
  })
  return { taches: taches.length, envoi, dossiers: dossiersDe(taches) }
}

/** Gives tasks to a colleague, to oneself, or back to the organisme (`null`). */
export async function attribuerTaches(
  session: Session,
  {
    taches: ids,
    agent,
    envoi,
  }: { readonly taches: readonly string[]; readonly agent: string | null; readonly envoi: string },
): Promise<Fait> {
  const deja = await dejaEcrit(session, { envoi, genre: 'attribuee', taches: ids })
  if (deja) return deja
  const taches = await verrouiller(session, ids)
  const { organisme, compte } = session.acteur
  if (taches.some((tache) => tache.organisme !== organisme))
    throw refus('engagement.autre-organisme', 'Chaque organisme répartit ses propres engagements.')
  if (agent !== null && agent !== compte && !(await listerCollegues(session)).some(({ id }) => id === agent))
    throw refus('engagement.collegue', 'Choisir une personne de votre organisme.')
  await consignerActes(session, null, taches, { genre: 'attribuee', agent, envoi })
  const donnees = await session.sql<{ id: string; dossier: string; echeance_le: Temporal.PlainDate | null }>`
    update engagement_tache set agent = ${agent}::uuid, version = version + 1
    where dept = ${session.dept} and id = any (${idsDe(taches)}::uuid[]) returning id, dossier, echeance_le`
  if (agent !== null && organisme !== null)
    await noter(
      session,
      donnees.map(({ id, dossier, echeance_le }) => ({
        genre: 'engagement' as const,
        destinataires: [{ compte: agent, organisme }],
        dossier,
        objet: id,
        avant: echeance_le,
      })),
    )
  session.consigner({
    action: 'engagement.attribuer',
    dossiers: dossiersDe(taches),
    details: { nombre: taches.length },
  })
  return { taches: taches.length, envoi, dossiers: dossiersDe(taches) }
}

/**
 * Takes back everything one form did: tasks are again what they were. One that moved since keeps what it became; when all did, nothing is undone and it is
 * said. The acts stay in the history.
 */
export async function defaireActes(session: Session, envoi: string): Promise<Fait> {
  const { sql, dept, acteur } = session
  const actes = await sql<{ tache: string; genre: string; avant: ReturnType<typeof avantDe> }>`
    select a.tache, a.genre, a.avant from engagement_acte a where a.dept = ${dept} and a.par = ${acteur.compte} and a.envoi = ${envoi}::uuid
      and a.genre <> 'defaite'
      and not exists (select 1 from engagement_acte u where u.dept = ${dept} and u.par = a.par and u.envoi = a.envoi and u.tache = a.tache and u.genre = 'defaite')`
  if (actes.length === 0) throw new Introuvable()
  const taches = await verrouiller(
    session,
    actes.map(({ tache }) => tache),
  )
  const parTache = new Map(actes.map((acte) => [acte.tache, acte]))
  const intactes = taches.filter(({ id, version }) => parTache.get(id)?.avant.version === version)
  if (intactes.length === 0)
    throw refus('engagement.change', 'Cet engagement a changé depuis : rien n’est défait. Le rouvrir depuis sa page.')
  await consignerDefaites(session, intactes, envoi)
  const avant = intactes.map(({ id }) => ({ id, ...parTache.get(id)?.avant }))
  await sql`update engagement_tache t set etat = x.etat, cause = x.cause, fait = x.fait, fait_le = x.fait_le, certitude = x.certitude, confirmee = x.confirmee,
      manquants = array(select json_array_elements_text(x.manquants)), agent = x.agent, version = t.version + 1
    from json_to_recordset(${JSON.stringify(avant)}::json) as x(id uuid, etat text, cause text, fait uuid, fait_le date, certitude text, confirmee boolean,
      manquants json, agent uuid) where t.dept = ${dept} and t.id = x.id`
  session.consigner({
    action: 'engagement.defaire',
    dossiers: dossiersDe(intactes),
    details: { nombre: intactes.length },
  })
  return { taches: intactes.length, envoi, dossiers: dossiersDe(intactes) }
}

async function consignerDefaites(session: Session, taches: readonly Verrouillee[], envoi: string): Promise<void> {
  const { sql, dept, acteur, jour, maintenant } = session
  const lignes = taches.map((tache) => ({
    id: randomUUID(),
    tache: tache.id,
    dossier: tache.dossier,
    avant: avantDe(tache),
  }))
  await sql`insert into engagement_acte (dept, id, tache, dossier, genre, le, avant, envoi, organisme, par, a)
    select ${dept}, x.id, x.tache, x.dossier, 'defaite', ${jour}, x.avant, ${envoi}::uuid, ${acteur.organisme}, ${acteur.compte}, ${maintenant}
    from json_to_recordset(${JSON.stringify(lignes)}::json) as x(id uuid, tache uuid, dossier uuid, avant jsonb)`
}

/** Opens again a task a person closed, whoever that was in the organisme: what a fait proves is proved again at once by the next reading of the chronology. */
export async function rouvrirTache(session: Session, id: string, envoi: string): Promise<Fait> {
  const deja = await dejaEcrit(session, { envoi, genre: 'defaite', taches: [id] })
  if (deja) return deja
  const taches = await verrouiller(session, [id])
  if (taches.some(({ cause }) => cause !== 'personne'))
    throw refus('engagement.pas-clos', 'Seul ce qu’une personne a clos se rouvre ici.')
  await consignerDefaites(session, taches, envoi)
  await session.sql`update engagement_tache set etat = 'a_faire', cause = null, fait = null, fait_le = null, version = version + 1,
      ouverte_le = case when fait_le > echeance_tri then ouverte_le else ${session.jour} end,
      echeance_le = case when fait_le > echeance_tri or echeance_le is null then echeance_le else greatest(echeance_le, ${session.jour}) end
    where dept = ${session.dept} and id = ${id}::uuid`
  session.consigner({ action: 'engagement.defaire', dossiers: dossiersDe(taches), details: { nombre: 1 } })
  return { taches: 1, envoi, dossiers: dossiersDe(taches) }
}
