import { createHash, randomUUID } from 'node:crypto'
import { accesDe, aLeDroit, type Organisme, roles, type Session } from '#acces'
import { consignerFaits, type Dossier } from '#dossiers'
import { listerLecteursPossibles } from '#echanges'
import { type Evenement, listerDestinataires as listerPersonnesDe, noter } from '#notifications'
import { Introuvable } from '#socle/errors'
import { diffuseEnTreve } from './echeances.ts'
import type { Requisition } from './types.ts'

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
  readonly contenu: ContenuDiffuse
  readonly auteur: string
  readonly a: Temporal.Instant
  /** People told, and since when the first of them opened it; null: nobody did. */
  readonly avis: number
  readonly ouvert_a: Temporal.Instant | null
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
  const parDroit = await Promise.all(
    DROITS_DU_DESTINATAIRE.map((droit) => listerPersonnesDe(session, organismes, droit)),
  )
  const parOrganisme = new Map<string, string[]>()
  for (const { compte, organisme } of parDroit.flat())
    parOrganisme.set(organisme, [...new Set([...(parOrganisme.get(organisme) ?? []), compte])])
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

/** Who may be asked to a meeting on a request, or told of it: proposed, those engaged on the dossier. */
export async function listerConviables(
  session: Session,
  dossier: Dossier,
  requisition: Pick<Requisition, 'id' | 'decidee_le'>,
): Promise<readonly Destinataire[]> {
  const engages = new Set((await listerLecteursPossibles(session, dossier, 3)).map(({ id }) => id))
  return [
    ...(await listerDestinataires(session, dossier, requisition.decidee_le)),
    ...(await listerMobilises(session, dossier, requisition)),
  ]
    .filter(({ id }, rang, tous) => tous.findIndex((un) => un.id === id) === rang)
    .map((un) => ({ ...un, propose: engages.has(un.id) }))
}

/** One thing told to one body by one form: always the same. */
function marquer(envoi: string, organisme: string): string {
  const empreinte = createHash('sha256').update(`${envoi} ${organisme}`).digest('hex')
  return empreinte.slice(0, 32).replace(/^(.{8})(.{4})(.{4})(.{4})(.{12})$/, '$1-$2-$3-$4-$5')
}

/** Kinds that change what people are about to do: told without waiting, as far as their days and hours allow. */
const SANS_DELAI: readonly GenreDiffusion[] = ['departs', 'reprise']

/**
 * Tells these bodies something of a request: what they read is kept as it was told, and each of their people finds it in the notifications, by the same daily mail as
 * the rest. With the mark of its form, sending it twice tells once.
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
    /** Day by which something is expected. */
    readonly avant?: Temporal.PlainDate | null
    readonly envoi?: string
  },
): Promise<number> {
  const { sql, dept, acteur, maintenant, jour } = session
  if (!acteur.compte) throw new Introuvable()
  const { destinataires } = quoi
  if (destinataires.length === 0) return 0
  const comptes = await listerComptes(
    session,
    destinataires.map(({ id }) => id),
  )
  const nouveaux: string[] = []
  const evenements: Evenement[] = []
  const etat = new Set((await deType(session, ['prefecture', 'sous_prefecture'])).map((un) => un.id))
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
    const personnes = comptes.get(organisme) ?? []
    for (const compte of personnes)
      await sql`insert into diffusion_avis (dept, diffusion, compte, cree_a) values (${dept}, ${id}, ${compte}, ${maintenant})`
    // The State reads the dossier; the others what is addressed to them, where a reminder leads to what it reminds of.
    evenements.push({
      genre: etat.has(organisme) ? 'requisition' : 'sollicitation',
      destinataires: personnes.map((compte) => ({ compte, organisme })),
      dossier: etat.has(organisme) ? requisition.dossier : null,
      objet: etat.has(organisme) ? requisition.id : quoi.genre === 'relance' ? `relance:${id}` : id,
      avant: SANS_DELAI.includes(quoi.genre) ? jour : (quoi.avant ?? null),
    })
  }
  await noter(session, evenements)
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

/** What was told of a request, newest first, with who opened it. */
export function listerDiffusions(session: Session, requisition: string): Promise<Diffusion[]> {
  const { dept } = session
  return session.sql<Diffusion>`
    select x.id, x.acte, x.genre, x.organisme, o.nom as organisme_nom, x.pourquoi, x.contenu, c.prenom || ' ' || c.nom as auteur, x.a,
      (select count(*)::int from diffusion_avis v where v.dept = ${dept} and v.diffusion = x.id) as avis,
      (select min(u.a) from ouverture u where u.dept = ${dept} and u.quoi = 'diffusion' and u.objet = x.id) as ouvert_a
    from diffusion x join organisme o on o.dept = ${dept} and o.id = x.organisme join compte c on c.dept = ${dept} and c.id = x.par
    where x.dept = ${dept} and x.requisition = ${requisition} order by x.a desc, o.nom collate "fr-x-icu"`
}
