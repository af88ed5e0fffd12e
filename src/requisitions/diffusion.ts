import { createHash, randomUUID } from 'node:crypto'
import {
  type Application,
  accesDe,
  acteurSysteme,
  aLeDroit,
  expedier,
  type Organisme,
  ouvrirSession,
  roles,
  type Session,
} from '#acces'
import { consignerFaits, type Dossier } from '#dossiers'
import { listerLecteursPossibles } from '#echanges'
import { Introuvable } from '#socle/errors'
import { enqueue } from '#socle/queue'
import { diffuseEnTreve } from './echeances.ts'
import type { Requisition } from './types.ts'

/** Name of the job that tells a person, by mail, that something waits. */
export const TACHE_DIFFUSION = 'avis-requisition'

export type GenreDiffusion =
  | 'enquete'
  | 'relance'
  | 'decision'
  | 'date'
  | 'treve'
  | 'departs'
  | 'reprise'
  | 'concertation'
  | 'rapport'

/** What somebody outside the dossier reads: the household, its address, and a few lines. Frozen as it was told. */
export interface ContenuDiffuse {
  readonly menage: string
  readonly adresse: string
  readonly lignes: readonly (readonly [string, string])[]
}

export interface Destinataire extends Pick<Organisme, 'id' | 'nom' | 'type'> {
  readonly pourquoi: string
  /** Ticked unless the person unticks it. */
  readonly propose: boolean
  readonly personnes: number
}

export interface Diffusion {
  readonly id: string
  readonly acte: string | null
  readonly genre: GenreDiffusion
  readonly organisme: string
  readonly organisme_nom: string
  readonly pourquoi: string
  readonly auteur: string
  readonly a: Temporal.Instant
  /** Mails prepared, and those that left. */
  readonly avis: number
  readonly envoyes: number
}

const DROITS_DU_DESTINATAIRE = ['requisition.recevoir', 'requisition.instruire'] as const

/** Whether the access matrix lets somebody of this kind of body receive what is told of a request. */
const peutRecevoir = ({ referentiel }: Pick<Session, 'referentiel'>, type: string): boolean =>
  roles.some((role) => {
    const acces = accesDe(referentiel.matrice, type, role)
    return DROITS_DU_DESTINATAIRE.some((droit) => aLeDroit({ acces }, droit))
  })

/** People of these bodies who may read it today, by body. */
async function listerComptes(session: Session, organismes: readonly string[]): Promise<ReadonlyMap<string, string[]>> {
  const { dept, jour } = session
  const habilites = await session.sql<{
    compte: string
    organisme: string
    type: string
    role: (typeof roles)[number]
  }>`
    select distinct c.id as compte, h.organisme, o.type, h.role
    from habilitation h join compte c on c.dept = ${dept} and c.id = h.compte and c.ferme_a is null
    join organisme o on o.dept = ${dept} and o.id = h.organisme and o.actif
    where h.dept = ${dept} and h.organisme = any (${organismes}::uuid[]) and h.retiree_a is null and h.du <= ${jour}
      and (h.jusqu_au is null or h.jusqu_au >= ${jour})`
  const recoivent = habilites.filter(({ type, role }) => {
    const acces = accesDe(session.referentiel.matrice, type, role)
    return DROITS_DU_DESTINATAIRE.some((droit) => aLeDroit({ acces }, droit))
  })
  const parOrganisme = new Map<string, string[]>()
  for (const { compte, organisme } of recoivent)
    parOrganisme.set(organisme, [...(parOrganisme.get(organisme) ?? []), compte])
  return parOrganisme
}

async function avecPersonnes(
  session: Session,
  trouves: readonly Omit<Destinataire, 'personnes'>[],
): Promise<Destinataire[]> {
  const vus = new Set<string>([session.acteur.organisme ?? ''])
  const uniques = trouves.filter(({ id, type }) => peutRecevoir(session, type) && !vus.has(id) && vus.add(id))
  const comptes = await listerComptes(
    session,
    uniques.map(({ id }) => id),
  )
  return uniques.map((un) => ({ ...un, personnes: comptes.get(un.id)?.length ?? 0 }))
}

const nommer = (organismes: readonly Organisme[], pourquoi: string, propose = true) =>
  organismes.map(({ id, nom, type }) => ({ id, nom, type, pourquoi, propose }))

const deType = (session: Session, types: readonly string[]): Promise<Organisme[]> =>
  session.sql<Organisme>`select id, code, nom, type, territoires, communes from organisme
    where dept = ${session.dept} and actif and type = any (${types}::text[]) order by nom collate "fr-x-icu"`

/** Bodies of these kinds that sent something still attached to the dossier, or let the dwelling under their exact name. */
async function concernes(session: Session, dossier: Dossier, types: readonly string[]): Promise<ReadonlySet<string>> {
  const { dept } = session
  const lignes = await session.sql<{ id: string }>`
    select o.id from organisme o where o.dept = ${dept} and o.actif and o.type = any (${types}::text[])
      and (lower(o.nom) = lower(${dossier.bail.bailleurNom ?? ''})
        or exists (select 1 from rattachement r join signalement s on s.dept = ${dept} and s.id = r.signalement
          where r.dept = ${dept} and r.dossier = ${dossier.id} and r.defait_a is null and s.retire_a is null and s.organisme = o.id))`
  return new Set(lignes.map(({ id }) => id))
}

/** Who may answer an inquiry of a kind on this dossier: the mayor of its commune, its own landlord first. */
export async function listerInterroges(
  session: Session,
  dossier: Dossier,
  types: readonly string[],
): Promise<readonly Destinataire[]> {
  if (types.length === 0) return []
  const siens = await concernes(session, dossier, types)
  const possibles = (await deType(session, types)).filter(
    ({ type, communes, territoires }) =>
      (type !== 'mairie' || (dossier.code_insee !== null && communes?.includes(dossier.code_insee))) &&
      (territoires === null || dossier.territoire === null || territoires.includes(dossier.territoire)),
  )
  const landlords = types.includes('bailleur_social')
  return avecPersonnes(
    session,
    possibles.map(({ id, nom, type }) => ({
      id,
      nom,
      type,
      pourquoi: siens.has(id) ? 'a signalé ce ménage, ou loue ce logement' : 'peut être interrogé',
      propose: landlords ? siens.has(id) : true,
    })),
  )
}

/**
 * Who is told of a grant and of its date (RFP-20): the SIAO, the social service of the Département, and those engaged on the dossier; and, when the charter says so on
 * the day of the grant, the bailiffs and the social landlords concerned (RFP-21). The access matrix has the last word: a body it gives nothing receives nothing.
 */
export async function listerDestinataires(
  session: Session,
  dossier: Dossier,
  accordeLe: Temporal.PlainDate | null,
): Promise<readonly Destinataire[]> {
  const engages = await listerLecteursPossibles(session, dossier, 3)
  const treve = accordeLe && diffuseEnTreve(session, accordeLe)
  const types = ['commissaires_de_justice', 'bailleur_social']
  const siens = treve?.oui ? await concernes(session, dossier, types) : new Set<string>()
  const enTreve = treve?.oui ? await deType(session, types) : []
  return avecPersonnes(session, [
    ...nommer(await deType(session, ['siao']), 'SIAO : prépare l’hébergement'),
    ...nommer(await deType(session, ['departement']), 'Service social du Département'),
    ...nommer(engages, 'accompagne ce ménage'),
    ...nommer(
      enTreve.filter(({ id }) => siens.has(id)),
      'concours accordé à l’approche de la trêve ou pendant elle',
    ),
    ...nommer(
      enTreve.filter(({ id, type }) => !siens.has(id) && type === 'commissaires_de_justice'),
      'concours accordé à l’approche de la trêve ou pendant elle ; à cocher si cet office est concerné',
      false,
    ),
  ])
}

/** The State's services that instruct this dossier. */
export async function listerInstructeurs(session: Session, dossier: Pick<Dossier, 'territoire'>) {
  const etat = (await deType(session, ['prefecture', 'sous_prefecture'])).filter(
    ({ type, territoires }) =>
      type === 'prefecture' || (dossier.territoire !== null && territoires?.includes(dossier.territoire)),
  )
  return avecPersonnes(session, nommer(etat, 'instruit la réquisition'))
}

/** Everybody who was asked or told something of a request, and the State: those to tell that it stops, or starts again. */
export async function listerMobilises(
  session: Session,
  dossier: Dossier,
  requisition: Pick<Requisition, 'id'>,
): Promise<readonly Destinataire[]> {
  const { dept } = session
  const mobilises = await session.sql<Organisme>`
    select o.id, o.code, o.nom, o.type, o.territoires, o.communes from organisme o where o.dept = ${dept} and o.actif and (
      exists (select 1 from enquete e where e.dept = ${dept} and e.requisition = ${requisition.id} and e.organisme = o.id)
      or exists (select 1 from diffusion x where x.dept = ${dept} and x.requisition = ${requisition.id} and x.organisme = o.id))
    order by o.nom collate "fr-x-icu"`
  return [
    ...(await avecPersonnes(session, nommer(mobilises, 'mobilisé pour cette réquisition'))),
    ...(await listerInstructeurs(session, dossier)),
  ].filter(({ id }, rang, tous) => tous.findIndex((un) => un.id === id) === rang)
}

/** One thing told to one body by one form: always the same. */
function marquer(envoi: string, organisme: string): string {
  const empreinte = createHash('sha256').update(`${envoi} ${organisme}`).digest('hex')
  return empreinte.slice(0, 32).replace(/^(.{8})(.{4})(.{4})(.{4})(.{12})$/, '$1-$2-$3-$4-$5')
}

/**
 * Tells these bodies something of a request: what they read is kept as it was told, and a mail without content leaves for each of their people. With the mark of
 * its form, sending it twice tells once.
 */
export async function diffuser(
  session: Session,
  requisition: Pick<Requisition, 'id' | 'dossier'>,
  quoi: {
    readonly genre: GenreDiffusion
    readonly contenu: ContenuDiffuse
    readonly destinataires: readonly Pick<Destinataire, 'id' | 'pourquoi'>[]
    readonly acte?: string | null
    readonly enquete?: string | null
    readonly envoi?: string
  },
): Promise<number> {
  const { sql, dept, acteur, maintenant } = session
  if (!acteur.compte) throw new Introuvable()
  const { destinataires } = quoi
  if (destinataires.length === 0) return 0
  const comptes = await listerComptes(
    session,
    destinataires.map(({ id }) => id),
  )
  const nouveaux: string[] = []
  for (const { id: organisme, pourquoi } of destinataires) {
    const id = quoi.envoi === undefined ? randomUUID() : marquer(quoi.envoi, organisme)
    const [ecrite] = await sql<{
      id: string
    }>`insert into diffusion (dept, id, requisition, dossier, acte, enquete, genre, organisme, pourquoi, contenu, par, a)
      values (${dept}, ${id}, ${requisition.id}, ${requisition.dossier}, ${quoi.acte ?? null}, ${quoi.enquete ?? null}, ${quoi.genre}, ${organisme},
        ${pourquoi}, ${JSON.stringify(quoi.contenu)}::jsonb, ${acteur.compte}, ${maintenant})
      on conflict (dept, id) do nothing returning id`
    if (!ecrite) continue
    nouveaux.push(organisme)
    for (const compte of new Set(comptes.get(organisme) ?? [])) {
      await sql`insert into diffusion_avis (dept, diffusion, compte, cree_a) values (${dept}, ${id}, ${compte}, ${maintenant})`
      await enqueue(session, TACHE_DIFFUSION, { dept, diffusion: id, compte })
    }
  }
  if (nouveaux.length > 0 && (quoi.genre === 'decision' || quoi.genre === 'date')) {
    const types = await sql<{
      type: string
    }>`select distinct type from organisme where dept = ${dept} and id = any (${nouveaux}::uuid[]) order by type`
    await consignerFaits(session, [
      {
        dossier: requisition.dossier,
        type: 'concours.diffuse',
        donnees: { acte: quoi.acte ?? null, vers: types.map(({ type }) => type) },
      },
    ])
  }
  session.consigner({
    action: 'requisition.diffuser',
    objet: 'requisition',
    objetId: requisition.id,
    dossiers: [requisition.dossier],
    details: { genre: quoi.genre, destinataires: destinataires.map(({ id }) => id) },
  })
  return destinataires.length
}

/** What was told of a request, newest first, with the mails that left. */
export function listerDiffusions(session: Session, requisition: string): Promise<Diffusion[]> {
  const { dept } = session
  return session.sql<Diffusion>`
    select x.id, x.acte, x.genre, x.organisme, o.nom as organisme_nom, x.pourquoi, c.prenom || ' ' || c.nom as auteur, x.a,
      (select count(*)::int from diffusion_avis v where v.dept = ${dept} and v.diffusion = x.id) as avis,
      (select count(*)::int from diffusion_avis v where v.dept = ${dept} and v.diffusion = x.id and v.envoye_a is not null) as envoyes
    from diffusion x join organisme o on o.dept = ${dept} and o.id = x.organisme join compte c on c.dept = ${dept} and c.id = x.par
    where x.dept = ${dept} and x.requisition = ${requisition} order by x.a desc, o.nom collate "fr-x-icu"`
}

/** Sends again what never left to a person, their address being mended. Returns how many. */
export async function reprendreAvisRequisition(session: Session, compte: string): Promise<number> {
  const { sql, dept } = session
  const restes = await sql<{ diffusion: string }>`
    select diffusion from diffusion_avis where dept = ${dept} and compte = ${compte}::uuid and envoye_a is null order by cree_a`
  for (const { diffusion } of restes) await enqueue(session, TACHE_DIFFUSION, { dept, diffusion, compte })
  return restes.length
}

/** Job: tells a person, once, that something waits. Neither who, nor what, nor about which household. */
export async function envoyerAvisRequisition(
  application: Application,
  dept: string,
  diffusion: string,
  compte: string,
): Promise<void> {
  const reglages = application.acces
  if (!reglages?.courrier.ready) return
  await ouvrirSession(application, acteurSysteme(dept, 'avis-requisition'), 'requisition.recevoir', async (session) => {
    const [avis] = await session.sql<{ courriel: string; type: string }>`
      select c.courriel, o.type from diffusion_avis a join diffusion x on x.dept = ${dept} and x.id = a.diffusion
      join organisme o on o.dept = ${dept} and o.id = x.organisme
      join compte c on c.dept = ${dept} and c.id = a.compte and c.ferme_a is null
      where a.dept = ${dept} and a.diffusion = ${diffusion}::uuid and a.compte = ${compte}::uuid and a.envoye_a is null
        and exists (select 1 from habilitation h where h.dept = ${dept} and h.compte = c.id and h.organisme = x.organisme and h.retiree_a is null
          and h.du <= ${session.jour} and (h.jusqu_au is null or h.jusqu_au >= ${session.jour}))
      for update of a`
    if (!avis) return
    const page = ['prefecture', 'sous_prefecture'].includes(avis.type) ? 'requisitions' : 'sollicitations'
    const mail = {
      subject: 'Amont : une information vous attend',
      text: `Bonjour,\n\nUne demande ou une information vous attend dans Amont. Pour la lire :\n\n${reglages.adresse}/${page}\n\nCe courriel ne dit rien de plus : ce qui est confidentiel reste dans Amont.\n`,
    }
    // An address refused for good is shown to whoever can mend it; nothing says here that the mail left.
    const destinataire = { dept, compte, courriel: avis.courriel }
    if (!(await expedier(session, reglages.courrier, destinataire, mail, session.maintenant))) return
    await session.sql`update diffusion_avis set envoye_a = ${session.maintenant}
      where dept = ${dept} and diffusion = ${diffusion}::uuid and compte = ${compte}::uuid`
    session.consigner({ action: 'avis.envoyer', objet: 'compte', objetId: compte })
  })
}
