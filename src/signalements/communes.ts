import { randomUUID } from 'node:crypto'
import type { Session } from '#acces'
import {
  type CommuneProposee,
  type CommuneTrouvee,
  normaliserCommune,
  proposerCommunes,
  type Territoires,
  trouverCommune,
} from '#referentiel'
import { Introuvable, refus } from '#socle/errors'

/** What a person says of a name the lists do not place. `vers` is the name of a commune of the lists, the id of a territory, or nothing. */
export type Situation =
  | { readonly genre: 'commune'; readonly vers: string }
  | { readonly genre: 'territoire'; readonly vers: string }
  | { readonly genre: 'hors'; readonly vers: '' }

interface Alias {
  readonly id: string
  readonly cle: string
  readonly code_postal: string
  readonly genre: Situation['genre']
  readonly vers: string
}

/** A commune as a line is placed by it, and by whose word when it is a person's. */
export interface Lieu extends CommuneTrouvee {
  readonly alias: string | null
}

/** The territories of the département, for a session. */
function territoiresDe(session: Pick<Session, 'referentiel' | 'dept'>): Territoires {
  const departement = session.referentiel.departements.get(session.dept)
  if (!departement) throw new Error(`département ${session.dept} absent from the référentiel`)
  return departement.territoires
}

const aUnTerritoire = (lieu: Lieu | null): boolean => lieu?.territoire != null

/** A line is settled once it has a territory, or somebody said that it has none here. */
export const estSitue = (lieu: Lieu | null): boolean => aUnTerritoire(lieu) || lieu?.alias != null

/**
 * A person's word about a name serves the same postal code. Where one of the two codes is missing it serves too, as long as nothing contradicts: the commune it names
 * has that code, or every word about that name says the same.
 */
function choisirAlias(territoires: Territoires, memes: readonly Alias[], codePostal: string): Alias | undefined {
  const exact = memes.find((alias) => alias.code_postal === codePostal)
  if (exact) return exact
  const [premier] = memes
  if (codePostal === '')
    return memes.every(({ genre, vers }) => genre === premier?.genre && vers === premier.vers) ? premier : undefined
  return memes.find(({ code_postal, genre, vers }) => {
    const code = genre === 'commune' ? trouverCommune(territoires, vers)?.codeInsee : null
    const commune = code ? territoires.index.communesParCode.get(code) : undefined
    return code_postal === '' && commune?.codesPostaux.includes(codePostal)
  })
}

/** Finds where communes are: the lists first, then what people said. Remembers names already looked up: a file repeats them. */
export async function ouvrirChercheur(session: Session): Promise<(commune: string, codePostal: string) => Lieu | null> {
  const territoires = territoiresDe(session)
  const { jour } = session
  const alias = Map.groupBy(
    await session.sql<Alias>`select id, cle, code_postal, genre, vers from alias_commune
      where dept = ${session.dept} and defait_a is null order by a desc`,
    ({ cle }) => cle,
  )
  const connues = new Map<string, Lieu | null>()
  const chercher = (commune: string, codePostal: string): Lieu | null => {
    const enListe = trouverCommune(territoires, commune, jour)
    if (enListe?.territoire != null) return { ...enListe, alias: null }
    const dit = choisirAlias(territoires, alias.get(normaliserCommune(commune)) ?? [], codePostal)
    if (!dit) return enListe ? { ...enListe, alias: null } : null
    const base: CommuneTrouvee = (dit.genre === 'commune' ? trouverCommune(territoires, dit.vers, jour) : enListe) ?? {
      territoire: null,
      territoiresPossibles: [],
      codeInsee: null,
      nomActuel: null,
      nomListe: null,
      statut: 'inconnue',
      arrondissement: null,
    }
    return { ...base, territoire: dit.genre === 'territoire' ? dit.vers : base.territoire, alias: dit.id }
  }
  return (commune, codePostal) => {
    const cle = `${commune}\u0001${codePostal}`
    const deja = connues.get(cle)
    if (deja !== undefined) return deja
    const trouvee = chercher(commune, codePostal)
    connues.set(cle, trouvee)
    return trouvee
  }
}

/** Finds again where signalements are, and writes it. Returns those whose place changed. */
export async function placerSignalements(
  session: Session,
  signalements: readonly { readonly id: string; readonly commune: string; readonly code_postal: string }[],
): Promise<string[]> {
  if (signalements.length === 0) return []
  const chercher = await ouvrirChercheur(session)
  const lieux = signalements.map(({ id, commune, code_postal }) => {
    const lieu = chercher(commune, code_postal)
    return {
      id,
      code_insee: lieu?.codeInsee ?? null,
      commune: lieu?.nomActuel ?? commune,
      territoire: lieu?.territoire ?? null,
      alias: lieu?.alias ?? null,
    }
  })
  const places = await session.sql<{ id: string }>`
    update signalement s set code_insee = x.code_insee, commune = x.commune, territoire = x.territoire, alias_commune = x.alias
    from jsonb_to_recordset(${JSON.stringify(lieux)}::jsonb) as x(id uuid, code_insee text, commune text, territoire text, alias uuid)
    where s.dept = ${session.dept} and s.id = x.id
      and (s.code_insee, s.commune, s.territoire, s.alias_commune) is distinct from (x.code_insee, x.commune, x.territoire, x.alias)
    returning s.id`
  return places.map(({ id }) => id)
}

/** A name nobody placed yet, and what it holds up. */
export interface CommuneASituer {
  readonly nom: string
  /** Other ways the files write it. */
  readonly ecritures: readonly string[]
  readonly codePostal: string
  readonly signalements: number
  /** Open dossiers that have no territory because of it. */
  readonly dossiers: number
  readonly dernierLe: Temporal.PlainDate
  /** The name is one of a commune of today, that no list places, or that several do. */
  readonly connue: boolean
  /** Territories that may be the one: those the lists give to that name, otherwise those of its neighbours. */
  readonly territoires: readonly string[]
  /** Communes whose name is near, when nobody knows this one: proposed, never applied alone. */
  readonly proches: readonly CommuneProposee[]
}

interface LigneASituer {
  readonly nom: string
  readonly code_postal: string
  readonly signalements: number
  readonly dossiers: number
  readonly dernier_le: Temporal.PlainDate
}

const PROCHES = 4

/** Territories of the communes of the same postal code, otherwise of the same arrondissement, the most frequent first. */
function voisins(territoires: Territoires, trouvee: CommuneTrouvee, codePostal: string): string[] {
  const compter = (memes: Territoires['communes']): string[] => {
    const places = memes.flatMap(({ nom }) => trouverCommune(territoires, nom)?.territoire ?? [])
    return [...Map.groupBy(places, (territoire) => territoire)]
      .sort(([, a], [, b]) => b.length - a.length)
      .map(([territoire]) => territoire)
  }
  const duCode = compter(territoires.communes.filter(({ codesPostaux }) => codesPostaux.includes(codePostal)))
  if (duCode.length > 0) return duCode
  return compter(territoires.communes.filter(({ arrondissement }) => arrondissement === trouvee.arrondissement))
}

function proposer(territoires: Territoires, nom: string, codePostal: string): CommuneProposee[] {
  const placees = proposerCommunes(territoires, nom, 8).filter(({ commune }) => commune.territoire !== null)
  // A near name of the same postal code is likelier than a nearer one elsewhere.
  const memeCode = ({ commune }: CommuneProposee): boolean =>
    codePostal !== '' &&
    commune.codeInsee !== null &&
    (territoires.index.communesParCode.get(commune.codeInsee)?.codesPostaux.includes(codePostal) ?? false)
  return placees
    .toSorted((a, b) => Number(memeCode(b)) - Number(memeCode(a)) || b.ressemblance - a.ressemblance)
    .slice(0, PROCHES)
}

/** Names the lines carry and nobody placed, those that hold up most dossiers first. */
export async function listerCommunesASituer(session: Session): Promise<CommuneASituer[]> {
  const { dept } = session
  const territoires = territoiresDe(session)
  const lignes = await session.sql<LigneASituer>`
    select s.contenu->>'commune' as nom, coalesce(s.contenu->>'code_postal', '') as code_postal, count(*)::int as signalements,
      count(distinct d.id)::int as dossiers, max(s.recu_le) as dernier_le
    from signalement s
    left join rattachement r on r.dept = ${dept} and r.signalement = s.id and r.defait_a is null
    left join dossier d on d.dept = ${dept} and d.id = r.dossier and d.territoire is null and d.clos_le is null
    where s.dept = ${dept} and s.territoire is null and s.alias_commune is null and s.retire_a is null
    group by 1, 2`
  const groupes = Map.groupBy(lignes, ({ nom, code_postal }) => `${normaliserCommune(nom)}\u0001${code_postal}`)
  return [...groupes.values()]
    .flatMap((memes): CommuneASituer[] => {
      const [premiere] = memes.toSorted((a, b) => b.signalements - a.signalements)
      if (!premiere) return []
      const { nom, code_postal } = premiere
      const trouvee = trouverCommune(territoires, nom, session.jour)
      const possibles = trouvee?.territoiresPossibles ?? []
      return [
        {
          nom,
          ecritures: memes.map((ligne) => ligne.nom).filter((autre) => autre !== nom),
          codePostal: code_postal,
          signalements: memes.reduce((somme, ligne) => somme + ligne.signalements, 0),
          dossiers: memes.reduce((somme, ligne) => somme + ligne.dossiers, 0),
          dernierLe:
            memes
              .map(({ dernier_le }) => dernier_le)
              .toSorted(Temporal.PlainDate.compare)
              .at(-1) ?? premiere.dernier_le,
          connue: trouvee !== null,
          territoires:
            trouvee === null || possibles.length > 0 ? possibles : voisins(territoires, trouvee, code_postal),
          proches: trouvee === null ? proposer(territoires, nom, code_postal) : [],
        },
      ]
    })
    .sort((a, b) => b.dossiers - a.dossiers || b.signalements - a.signalements || a.nom.localeCompare(b.nom, 'fr'))
}

/** How many names wait to be placed, and the lines they hold; of one lot only, when given. */
export async function compterASituer(
  session: Session,
  lot?: string,
): Promise<{ communes: number; signalements: number }> {
  const lignes = await session.sql<{ nom: string; n: number }>`
    select contenu->>'commune' as nom, count(*)::int as n from signalement
    where dept = ${session.dept} and territoire is null and alias_commune is null and retire_a is null
      and (${lot ?? null}::uuid is null or lot = ${lot ?? null}::uuid)
    group by 1`
  return {
    communes: new Set(lignes.map(({ nom }) => normaliserCommune(nom))).size,
    signalements: lignes.reduce((somme, { n }) => somme + n, 0),
  }
}

/** A dossier held up by a name, for a person to look at before placing it. */
export interface DossierASituer {
  readonly id: string
  readonly reference: string
  readonly titulaire: string
  readonly adresse: string
  readonly organisme_nom: string
}

/** The dossiers, or the lines still without one, that carry a name nobody placed. */
export async function listerDossiersASituer(
  session: Session,
  commune: Pick<CommuneASituer, 'nom' | 'ecritures' | 'codePostal'>,
  limite = 20,
): Promise<DossierASituer[]> {
  const { dept } = session
  return session.sql<DossierASituer>`
    select distinct on (d.reference) d.id, d.reference, d.titulaire, concat_ws(', ', nullif(d.adresse, ''), s.contenu->>'commune') as adresse, o.nom as organisme_nom
    from signalement s join organisme o on o.dept = ${dept} and o.id = s.organisme
    join rattachement r on r.dept = ${dept} and r.signalement = s.id and r.defait_a is null
    join dossier d on d.dept = ${dept} and d.id = r.dossier
    where s.dept = ${dept} and s.territoire is null and s.alias_commune is null and s.retire_a is null
      and s.contenu->>'commune' = any (${[commune.nom, ...commune.ecritures]}) and coalesce(s.contenu->>'code_postal', '') = ${commune.codePostal}
    order by d.reference limit ${limite}`
}

/** A name a person placed, with what it serves. */
export interface CommuneSituee {
  readonly id: string
  readonly nom: string
  readonly code_postal: string
  readonly genre: Situation['genre']
  readonly vers: string
  readonly a: Temporal.Instant
  readonly auteur: string | null
  readonly signalements: number
}

/** What people said of names, newest first. */
export function listerCommunesSituees(session: Session, limite = 200): Promise<CommuneSituee[]> {
  const { dept } = session
  return session.sql<CommuneSituee>`
    select a.id, a.nom, a.code_postal, a.genre, a.vers, a.a, c.prenom || ' ' || c.nom as auteur,
      (select count(*)::int from signalement s where s.dept = ${dept} and s.alias_commune = a.id and s.retire_a is null) as signalements
    from alias_commune a left join compte c on c.dept = ${dept} and c.id = a.par
    where a.dept = ${dept} and a.defait_a is null order by a.a desc, a.id limit ${limite}`
}

/** Checks that a place exists in the lists of today. */
function verifierSituation(session: Session, situation: Situation): void {
  const territoires = territoiresDe(session)
  if (situation.genre === 'territoire' && !territoires.territoires.some(({ id }) => id === situation.vers))
    throw refus('commune.territoire', 'Choisir un territoire de la liste.')
  if (situation.genre === 'commune' && !trouverCommune(territoires, situation.vers, session.jour)?.territoire)
    throw refus('commune.commune', 'Choisir une commune de la liste, rattachée à un territoire.')
}

/** Lines whose name, written one way or another, is this one and that no list places. */
async function listerPorteurs(
  session: Session,
  cle: string,
): Promise<{ id: string; commune: string; code_postal: string }[]> {
  const lignes = await session.sql<{ id: string; commune: string; code_postal: string }>`
    select id, contenu->>'commune' as commune, coalesce(contenu->>'code_postal', '') as code_postal from signalement
    where dept = ${session.dept} and retire_a is null and (alias_commune is not null or territoire is null)`
  return lignes.filter(({ commune }) => normaliserCommune(commune) === cle)
}

/**
 * Remembers where a name is, for the lines received and for the next ones, and places the former. What was said before of the same name and postal code ends. Returns the
 * signalements whose place changed: their dossiers are to be derived again.
 */
export async function memoriserSituation(
  session: Session,
  demande: { nom: string; codePostal: string; situation: Situation },
): Promise<{ alias: string; signalements: string[] }> {
  const { sql, dept } = session
  const { situation, codePostal } = demande
  const cle = normaliserCommune(demande.nom)
  if (cle === '') throw new Introuvable()
  verifierSituation(session, situation)
  const alias = randomUUID()
  await sql`select pg_advisory_xact_lock(hashtextextended(${`communes:${dept}`}, 0))`
  await sql`update alias_commune set defait_a = ${session.maintenant}, defait_par = ${session.acteur.compte}
    where dept = ${dept} and cle = ${cle} and code_postal = ${codePostal} and defait_a is null`
  await sql`insert into alias_commune (dept, id, nom, cle, code_postal, genre, vers, a, par)
    values (${dept}, ${alias}, ${demande.nom}, ${cle}, ${codePostal}, ${situation.genre}, ${situation.vers}, ${session.maintenant}, ${session.acteur.compte})`
  const signalements = await placerSignalements(session, await listerPorteurs(session, cle))
  session.consigner({
    action: 'commune.situer',
    objet: 'alias_commune',
    objetId: alias,
    details: { genre: situation.genre, signalements: signalements.length },
  })
  return { alias, signalements }
}

/** Takes back where a name is: its lines are placed as if nobody had said anything. Returns the signalements whose place changed. */
export async function oublierSituation(
  session: Session,
  alias: string,
): Promise<{ nom: string; signalements: string[] }> {
  const { sql, dept } = session
  await sql`select pg_advisory_xact_lock(hashtextextended(${`communes:${dept}`}, 0))`
  const [oublie] = await sql<{
    nom: string
    cle: string
  }>`update alias_commune set defait_a = ${session.maintenant}, defait_par = ${session.acteur.compte}
    where dept = ${dept} and id = ${alias} and defait_a is null returning nom, cle`
  if (!oublie) throw new Introuvable('Cette réponse a déjà été défaite ou remplacée.')
  const signalements = await placerSignalements(session, await listerPorteurs(session, oublie.cle))
  session.consigner({
    action: 'commune.oublier',
    objet: 'alias_commune',
    objetId: alias,
    details: { signalements: signalements.length },
  })
  return { nom: oublie.nom, signalements }
}
