import { randomUUID } from 'node:crypto'
import { type Database, dansContexte } from '#socle/db'
import { refus } from '#socle/errors'
import type { Session } from './session.ts'

/** A body that sends signalements or follows households. */
export interface Organisme {
  readonly id: string
  readonly code: string
  readonly nom: string
  readonly type: string
  readonly territoires: string[] | null
  readonly communes: string[] | null
}

/** Active organismes of the département, by name. */
export function listerOrganismes(session: Session): Promise<Organisme[]> {
  return session.sql<Organisme>`select id, code, nom, type, territoires, communes from organisme
    where dept = ${session.dept} and actif order by nom collate "fr-x-icu"`
}

/** Reads one by its code; an unknown code is refused with the list of known ones. */
export async function lireOrganisme(session: Session, code: string): Promise<Organisme> {
  const tous = await listerOrganismes(session)
  const trouve = tous.find((organisme) => organisme.code.toLowerCase() === code.trim().toLowerCase())
  if (trouve) return trouve
  throw refus(
    'organisme.inconnu',
    `L’organisme « ${code} » n’existe pas dans ce département. Codes connus : ${tous.map((organisme) => organisme.code).join(', ')}.`,
  )
}

/** Creates or updates the organismes a département ships as data. Idempotent; those that people changed or closed on screen stay as they left them. */
export async function installerOrganismes(
  base: Database,
  dept: string,
  organismes: readonly {
    code: string
    nom: string
    type: string
    territoires?: readonly string[] | undefined
    communes?: readonly string[] | undefined
  }[],
): Promise<void> {
  await dansContexte(base, { dept, portee: 'connexion' }, async ({ sql }) => {
    for (const organisme of organismes) {
      await sql`insert into organisme (dept, id, code, nom, type, territoires, communes)
        values (${dept}, ${randomUUID()}, ${organisme.code}, ${organisme.nom}, ${organisme.type}, ${organisme.territoires ?? null}, ${organisme.communes ?? null})
        on conflict (dept, code) do update set nom = excluded.nom, type = excluded.type, territoires = excluded.territoires, communes = excluded.communes
          where organisme.tenu_a is null`
    }
  })
}

/** Creates a local account with one habilitation, or refreshes both and opens it again. Used by `amont comptes creer` and the demonstration. */
export async function installerCompte(
  base: Database,
  demande: {
    dept: string
    courriel: string
    prenom: string
    nom: string
    motDePasse: string
    organisme: string
    role: string
    territoires?: readonly string[] | undefined
    du: Temporal.PlainDate
    motif: string
    a: Temporal.Instant
  },
): Promise<void> {
  await dansContexte(base, { dept: demande.dept, portee: 'connexion' }, async ({ sql }) => {
    const [organisme] = await sql<{
      id: string
    }>`select id from organisme where dept = ${demande.dept} and code = ${demande.organisme}`
    if (!organisme)
      throw refus(
        'organisme.inconnu',
        `L’organisme « ${demande.organisme} » n’existe pas dans le département ${demande.dept}.`,
      )
    const [compte] = await sql<{ id: string }>`
      insert into compte (dept, courriel, nom, prenom, mot_de_passe, cree_a)
      values (${demande.dept}, ${demande.courriel.toLowerCase()}, ${demande.nom}, ${demande.prenom}, ${demande.motDePasse}, ${demande.a})
      on conflict (dept, courriel) do update set nom = excluded.nom, prenom = excluded.prenom, mot_de_passe = excluded.mot_de_passe,
        ferme_a = null, ferme_motif = null
      returning id`
    await sql`insert into habilitation (dept, compte, organisme, role, territoires, du, motif)
      select ${demande.dept}, ${compte?.id}, ${organisme.id}, ${demande.role}, ${demande.territoires ?? null}, ${demande.du}, ${demande.motif}
      where not exists (select 1 from habilitation where dept = ${demande.dept} and compte = ${compte?.id} and organisme = ${organisme.id} and role = ${demande.role}
        and retiree_a is null)`
  })
}
