import { randomUUID } from 'node:crypto'
import type { Coffre, Session } from '#acces'
import { sql } from '#socle/db'
import { mapPaced } from '#socle/pace'
import type { DossierDerive } from './derivation.ts'
import { motsDeRecherche } from './menage.ts'
import { corrigerRecherche, inscrireRecherche } from './recherche.ts'
import { criteresDeSante, separerSante } from './scellement.ts'
import { choisirProchaine, prochaineEcheance, type ServiceDuDossier } from './services.ts'

/** A dossier that has its number and nothing else yet. */
export interface DossierOuvert {
  readonly id: string
  readonly reference: string
  readonly numero: number
  readonly annee: number
}

/** Gives dossiers, in this order, numbers that follow one another within the year. They are lost with the transaction, as the dossiers are. */
export async function numeroterDossiers(session: Session, ids: readonly string[]): Promise<DossierOuvert[]> {
  if (ids.length === 0) return []
  const annee = session.jour.year
  const [compteur] = await session.sql<{ valeur: number }>`
    insert into compteur (dept, cle, valeur) values (${session.dept}, ${`dossier:${annee}`}, ${ids.length})
    on conflict (dept, cle) do update set valeur = compteur.valeur + excluded.valeur returning valeur`
  const dernier = compteur?.valeur ?? ids.length
  return ids.map((id, rang) => {
    const numero = dernier - ids.length + 1 + rang
    return { id, numero, annee, reference: `${session.dept}-${annee}-${String(numero).padStart(5, '0')}` }
  })
}

/** Opens dossiers before anything is attached to them. They are derived next, in the same transaction. */
export async function ouvrirDossiers(session: Session, nombre: number): Promise<DossierOuvert[]> {
  const ouverts = await numeroterDossiers(
    session,
    Array.from({ length: nombre }, () => randomUUID()),
  )
  if (ouverts.length === 0) return []
  await session.sql`insert into dossier (dept, id, reference, numero, annee, ouvert_le)
    select ${session.dept}, o.id, o.reference, o.numero, o.annee, ${session.jour}
    from json_to_recordset(${JSON.stringify(ouverts)}::json) as o(id uuid, reference text, numero int, annee int)`
  await inscrireRecherche(
    session,
    ouverts.map(({ id }) => ({ dossier: id, noms: '', recherche: '' })),
  )
  return ouverts
}

const types = {
  text: sql`text`,
  texts: sql`text[]`,
  uuid: sql`uuid`,
  uuids: sql`uuid[]`,
  date: sql`date`,
  smallint: sql`smallint`,
  int: sql`int`,
  bigint: sql`bigint`,
  boolean: sql`boolean`,
  jsonb: sql`jsonb`,
}
type Colonnes = Readonly<Record<string, keyof typeof types>>

const DERIVEES = {
  titulaire: 'text',
  nom_tri: 'text',
  adresse: 'text',
  commune: 'text',
  code_insee: 'text',
  territoire: 'text',
  parc: 'text',
  bailleur: 'text',
  stade: 'text',
  stade_rang: 'smallint',
  stade_le: 'date',
  phase: 'text',
  audience_le: 'date',
  dette: 'bigint',
  dette_le: 'date',
  dette_en_hausse: 'boolean',
  premier_signal_le: 'date',
  dernier_signal_le: 'date',
  signaux: 'int',
  sources_6_mois: 'int',
  en_serie: 'boolean',
  recurrence: 'boolean',
  criteres: 'texts',
  criteres_detail: 'jsonb',
  vulnerable: 'boolean',
  seuil: 'jsonb',
  menage: 'jsonb',
  logement: 'jsonb',
  bail: 'jsonb',
  actes: 'jsonb',
  situation: 'jsonb',
  signale: 'jsonb',
  echeances: 'jsonb',
  faits: 'jsonb',
  scelle: 'text',
} as const satisfies Colonnes

const DU_SERVICE = {
  service: 'text',
  organisme: 'uuid',
  etat_service: 'text',
  service_depuis: 'date',
  connu_service: 'boolean',
  organismes_habilites: 'uuids',
  echeances_service: 'jsonb',
  echeance_le: 'date',
  echeance_cle: 'text',
  echeance_libelle: 'text',
} as const satisfies Colonnes

const OUVERTURE = { id: 'uuid', reference: 'text', numero: 'int', annee: 'int' } as const satisfies Colonnes

const declarer = (colonnes: Colonnes) =>
  sql.join(Object.entries(colonnes).map(([nom, type]) => sql`${sql.ref(nom)} ${types[type]}`))
const nommer = (colonnes: Colonnes) => sql.join(Object.keys(colonnes).map((nom) => sql.ref(nom)))
const lire = (colonnes: Colonnes) => sql.join(Object.keys(colonnes).map((nom) => sql.ref(`x.${nom}`)))
const remplacer = (colonnes: Colonnes) =>
  sql.join(Object.keys(colonnes).map((nom) => sql`${sql.ref(nom)} = ${sql.ref(`x.${nom}`)}`))

interface Scelleur {
  readonly coffre: Coffre
  readonly deSante: ReadonlySet<string>
}
const ouvrirScelleur = async (session: Session): Promise<Scelleur> => ({
  coffre: await session.coffre(),
  deSante: criteresDeSante(session),
})

/** Derived values as columns; those near health are sealed apart. */
function enColonnes(derive: DossierDerive, { coffre, deSante }: Scelleur) {
  const { titulaire, nomTri, noms, recherche } = motsDeRecherche(
    derive.menage,
    derive.logement,
    derive.bail,
    derive.reference,
  )
  return {
    recherche: { dossier: derive.dossier, noms, recherche },
    colonnes: separerSante(coffre, deSante, {
      dossier: derive.dossier,
      titulaire,
      nom_tri: nomTri,
      adresse: derive.logement.adresse ?? '',
      commune: derive.commune,
      code_insee: derive.codeInsee,
      territoire: derive.territoire,
      parc: derive.logement.parc ?? null,
      bailleur: derive.bail.bailleurNom ?? '',
      stade: derive.stade,
      stade_rang: derive.stadeRang,
      stade_le: derive.stadeLe,
      phase: derive.phase,
      audience_le: derive.audienceLe,
      dette: derive.dette,
      dette_le: derive.detteLe,
      dette_en_hausse: derive.detteEnHausse,
      premier_signal_le: derive.premierSignalLe,
      dernier_signal_le: derive.dernierSignalLe,
      signaux: derive.signaux,
      sources_6_mois: derive.sources,
      en_serie: derive.enSerie,
      recurrence: derive.recurrence,
      criteres: derive.criteres.map((critere) => critere.id),
      criteres_detail: derive.criteres,
      vulnerable: derive.vulnerable,
      seuil: derive.seuil,
      menage: derive.menage,
      logement: derive.logement,
      bail: derive.bail,
      actes: derive.actes,
      situation: derive.situation,
      signale: derive.signale,
      echeances: derive.echeances,
      faits: derive.faits,
    }) satisfies Record<keyof typeof DERIVEES, unknown>,
  }
}

function serviceEnColonnes(derive: DossierDerive, service: ServiceDuDossier, jour: Temporal.PlainDate) {
  const prochaine = choisirProchaine([...derive.echeances, ...service.echeances], jour)
  return {
    service: service.service,
    organisme: service.organisme,
    etat_service: service.etat,
    service_depuis: service.depuis,
    connu_service: service.connu,
    organismes_habilites: [...new Set(service.habilites)],
    echeances_service: service.echeances,
    echeance_le: prochaine?.le ?? null,
    echeance_cle: prochaine?.cle ?? null,
    echeance_libelle: prochaine?.libelle ?? null,
  } satisfies Record<keyof typeof DU_SERVICE, unknown>
}

/** A dossier known in full before it is written. */
export interface DossierComplet {
  readonly ouvert: DossierOuvert
  readonly derive: DossierDerive
  readonly service: ServiceDuDossier
}

/**
 * Writes dossiers opened, derived and dispatched in one go: one row each, written once. Opening, then deriving, then dispatching would write it three times, with
 * every index each time.
 */
export async function creerDossiers(session: Session, complets: readonly DossierComplet[]): Promise<void> {
  if (complets.length === 0) return
  const scelleur = await ouvrirScelleur(session)
  const lignes = await mapPaced(complets, ({ ouvert, derive, service }) => ({
    ouvert,
    service,
    derive,
    ...enColonnes(derive, scelleur),
  }))
  const toutes = { ...OUVERTURE, ...DERIVEES, ...DU_SERVICE }
  await session.sql`
    insert into dossier (dept, ouvert_le, change_le, derive_a, ${nommer(toutes)})
    select ${session.dept}, ${session.jour}, ${session.jour}, ${session.maintenant}, ${lire(toutes)}
    from json_to_recordset(${JSON.stringify(
      lignes.map(({ ouvert, derive, service, colonnes }) => ({
        ...ouvert,
        ...colonnes,
        ...serviceEnColonnes(derive, service, session.jour),
      })),
    )}::json) as x(${declarer(toutes)})`
  await inscrireRecherche(
    session,
    lignes.map(({ recherche }) => recherche),
  )
}

/**
 * Holds the rows of dossiers until the end, before what they are derived from is read: what somebody else writes meanwhile would be derived over. Always in the same
 * order, so that two of them wait for one another rather than for ever.
 */
export async function tenirDossiers(
  { sql, dept }: Pick<Session, 'sql' | 'dept'>,
  ids: readonly string[],
): Promise<void> {
  await sql`select 1 from dossier where dept = ${dept} and id = any (${ids}::uuid[]) order by id for no key update`
}

/**
 * Writes what many dossiers derive to, in one statement; `services`, when known at the same moment, goes with it. Dossiers left without any signalement are closed,
 * a coded outcome stays; those closed only for that are opened again when one comes back. `change_le` moves only when something a service must know changed.
 */
export async function ecrireDerives(
  session: Session,
  derives: readonly DossierDerive[],
  services: ReadonlyMap<string, ServiceDuDossier> = new Map(),
): Promise<void> {
  const scelleur = await ouvrirScelleur(session)
  const lignes = await mapPaced(derives, (derive) => ({ derive, ...enColonnes(derive, scelleur) }))
  const derivees = sql`${remplacer(DERIVEES)}, version = d.version + 1, derive_a = ${session.maintenant},
    change_le = case when (d.stade, d.dette, d.adresse, d.titulaire, d.audience_le, d.signaux)
        is distinct from (x.stade, x.dette, x.adresse, x.titulaire, x.audience_le, x.signaux) then ${session.jour} else d.change_le end,
    clos_le = case when x.signaux = 0 then coalesce(d.clos_le, ${session.jour}) when d.motif_cloture = 'sans_signalement' then null else d.clos_le end,
    signal_depuis_cloture = case when d.clos_le is not null and d.motif_cloture <> 'sans_signalement' and x.signaux > d.signaux
      then coalesce(d.signal_depuis_cloture, ${session.jour}) else d.signal_depuis_cloture end,
    motif_cloture = case when x.signaux = 0 then coalesce(d.motif_cloture, 'sans_signalement') when d.motif_cloture = 'sans_signalement' then null else d.motif_cloture end`
  const avec = lignes.flatMap(({ derive, colonnes }) => {
    const service = services.get(derive.dossier)
    return service ? [{ id: derive.dossier, ...colonnes, ...serviceEnColonnes(derive, service, session.jour) }] : []
  })
  if (avec.length > 0) {
    await session.sql`
      update dossier d set ${derivees}, ${remplacer(DU_SERVICE)}
      from json_to_recordset(${JSON.stringify(avec)}::json) as x(id uuid, ${declarer({ ...DERIVEES, ...DU_SERVICE })})
      where d.dept = ${session.dept} and d.id = x.id`
  }
  const sans = lignes.flatMap(({ derive, colonnes }) =>
    services.has(derive.dossier) ? [] : [{ id: derive.dossier, ...colonnes }],
  )
  if (sans.length > 0) {
    await session.sql`
      update dossier d set ${derivees}, echeance_le = (p.e->>'le')::date, echeance_cle = p.e->>'cle', echeance_libelle = p.e->>'libelle'
      from json_to_recordset(${JSON.stringify(sans)}::json) as x(id uuid, ${declarer(DERIVEES)}),
        dossier d2 cross join lateral (select ${prochaineEcheance(sql`x.echeances || d2.echeances_service`, session.jour)} as e) p
      where d.dept = ${session.dept} and d.id = x.id and d2.dept = ${session.dept} and d2.id = x.id`
  }
  await corrigerRecherche(
    session,
    lignes.map(({ recherche }) => recherche),
  )
}
