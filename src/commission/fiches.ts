import { type Acces, type Acteur, accesDe, type Session } from '#acces'
import { noter } from '#notifications'
import { type ConditionAcces, type Droit, type GroupeChamps, listerUtilisateurs } from '#referentiel'
import { Introuvable, refus } from '#socle/errors'
import { isUuid } from '#socle/text'
import { listerMembres, reglementAu } from './commissions.ts'
import { listerInscriptions, type OrigineInscription } from './ordre-du-jour.ts'
import { aLuRappel } from './presences.ts'
import { lireSeance, type Seance, verrouillerSeance } from './seances.ts'

/** The sheet of a file, one page. A field that the reader may not know is not there. Amounts in cents, dates as ISO text. */
export interface Fiche {
  readonly reference: string
  readonly titulaire: string
  readonly adresse: string
  readonly commune: string
  readonly situation_familiale: string
  readonly enfants: number
  readonly origine: OrigineInscription
  readonly stade: string
  readonly stade_le: string
  readonly audience_le: string
  readonly echeance: string
  readonly echeance_le: string
  readonly dette: number
  readonly dette_le: string
  readonly loyer: number
  readonly parc: string
  readonly bailleur: string
  readonly service: string
}

/** Group of each field: none is near health nor about resources, whoever reads. */
const GROUPES: Readonly<Record<keyof Fiche, GroupeChamps>> = {
  reference: 'reperes',
  titulaire: 'identite',
  adresse: 'identite',
  commune: 'identite',
  situation_familiale: 'composition',
  enfants: 'composition',
  // Why it is there tells where the procedure stands.
  origine: 'procedure',
  stade: 'procedure',
  stade_le: 'procedure',
  audience_le: 'procedure',
  echeance: 'procedure',
  echeance_le: 'procedure',
  dette: 'dette',
  dette_le: 'dette',
  loyer: 'dette',
  parc: 'bailleur',
  bailleur: 'bailleur',
  service: 'service',
}

const lit = ({ groupes }: Acces, groupe: GroupeChamps, remplies: readonly string[]): boolean =>
  groupes.get(groupe)?.some((voie) => voie.every((condition) => remplies.includes(condition))) ?? false

/** Why a file is there, when the reason itself is reserved: the right that lets one know it. */
const MOTIFS_RESERVES: Readonly<Record<string, Droit>> = {
  expertise: 'requisition.consulter',
  cellule: 'cellule.consulter',
  reexamen: 'orientation.consulter',
  retour: 'orientation.consulter',
}

function saitPourquoi({ droits }: Acces, origine: unknown, remplies: readonly string[]): boolean {
  const droit = MOTIFS_RESERVES[String(origine)]
  return (
    droit === undefined ||
    (droits.get(droit)?.some((voie) => voie.every((condition) => remplies.includes(condition))) ?? false)
  )
}

/** What of a sheet an access reads, under the conditions fulfilled: null fields go too. */
function masquer(
  fiche: Partial<Record<keyof Fiche, unknown>>,
  acces: readonly Acces[],
  remplies: readonly string[],
): Partial<Fiche> {
  return Object.fromEntries(
    Object.entries(fiche).filter(
      ([champ, valeur]) =>
        valeur !== null &&
        valeur !== undefined &&
        valeur !== '' &&
        acces.some(
          (un) =>
            lit(un, GROUPES[champ as keyof Fiche], remplies) &&
            (champ !== 'origine' || saitPourquoi(un, valeur, remplies)),
        ),
    ),
  )
}

/** Accesses of the people of a kind of organisme who sit in commissions. */
function accesDuType({ referentiel }: Session, type: string): Acces[] {
  return listerUtilisateurs(referentiel.matrice)
    .filter((un) => un.type === type)
    .map(({ role }) => accesDe(referentiel.matrice, type, role))
    .filter(({ droits }) => droits.has('seance.participer'))
}

type LigneFiche = Record<keyof Fiche, unknown> & { inscription: string; dossier: string }

function lireContenus({ dept, sql }: Session, seance: string, une: string | null): Promise<LigneFiche[]> {
  return sql<LigneFiche>`
    select i.id as inscription, d.id as dossier, d.reference, d.titulaire, d.adresse, d.commune, d.menage->>'situationFamiliale' as situation_familiale,
      (d.menage->>'enfantsACharge')::int as enfants, i.origine, d.stade, d.stade_le::text as stade_le, d.audience_le::text as audience_le,
      (select e->>'libelle' from jsonb_array_elements(d.echeances) e where e->>'le' = d.echeance_le::text limit 1) as echeance, d.echeance_le::text as echeance_le,
      d.dette, d.dette_le::text as dette_le, (d.bail->>'loyer')::int as loyer, d.parc, d.bail->>'bailleurNom' as bailleur,
      case when d.etat_service = 'prise' then o.nom end as service
    from inscription i join dossier d on d.dept = ${dept} and d.id = i.dossier_id left join organisme o on o.dept = ${dept} and o.id = d.organisme
    where i.dept = ${dept} and i.seance_id = ${seance} and i.etat <> 'retire' and (${une}::uuid is null or i.id = ${une}::uuid)`
}

/** Conditions of the matrix each organisme fulfils on each file of the agenda, in one reading. */
function lireConditions({ dept, jour, sql }: Session, seance: string, organismes: readonly string[]) {
  return sql<{
    inscription: string
    organisme: string
    engage: boolean
    territoire: boolean
    commune: boolean
    accords: string[]
    jusqu_au: string | null
    code_insee: string | null
    lieu: string | null
  }>`
    select i.id as inscription, o.id as organisme, e.habilite or p.la as engage,
      coalesce(d.territoire = any (o.territoires), false) as territoire, coalesce(d.code_insee = any (o.communes), false) as commune,
      d.code_insee, d.territoire as lieu, v.accords, least(v.jusqu_au, case when not e.habilite then p.jusqu_au end)::text as jusqu_au
    from inscription i join dossier d on d.dept = ${dept} and d.id = i.dossier_id
    join organisme o on o.dept = ${dept} and o.id = any (${organismes}::uuid[])
    cross join lateral (select coalesce(o.id = any (d.organismes_habilites), false) as habilite) e
    cross join lateral (
      select count(*) > 0 as la, case when not bool_or(b.jusqu_au is null) then max(b.jusqu_au) end as jusqu_au from participation b
      where b.dept = ${dept} and b.dossier = d.id and b.organisme = o.id and b.origine <> 'seance' and b.accord is null and b.retiree_a is null and b.du <= ${jour}
        and (b.jusqu_au is null or b.jusqu_au >= ${jour})
    ) p
    cross join lateral (
      select coalesce(array_agg(a.objet), '{}') as accords, min(a.jusqu_au) as jusqu_au
      from (values ('transmission_adil'), ('action_logement_mds'), ('mandataire')) x(objet)
      cross join lateral (select b.objet, b.sens, b.jusqu_au from accord b
        where b.dept = ${dept} and b.dossier = d.id and b.objet = x.objet and (b.organisme is null or b.organisme = o.id)
        order by b.rang desc limit 1) a
      where a.sens = 'accord' and (a.jusqu_au is null or a.jusqu_au >= ${jour})
    ) v
    where i.dept = ${dept} and i.seance_id = ${seance} and i.etat = 'inscrit'`
}

const ACCORDS: Readonly<Record<string, ConditionAcces>> = {
  transmission_adil: 'accord_adil',
  action_logement_mds: 'accord_action_logement',
  mandataire: 'accord_mandataire',
}

const placeFiche = (inscription: string, organisme: string): string =>
  `fiche_seance|contenu|${inscription}|${organisme}`

/** What an agenda sent became. */
export interface Envoi {
  readonly numero: number
  readonly fiches: number
  /** Organismes that sit and have no sheet: nobody of theirs has an account, or the matrix gives them nothing. */
  readonly sans: readonly string[]
}

/**
 * Sends the agenda (COM-05, COM-06, COM-21): freezes its order, gives each member the sheets of what it may know (a mayor, its residents only), asks each what it holds,
 * and tells them that it waits. Sent again, it takes the place of what was sent; what was answered stays.
 */
export async function envoyerOrdre(session: Session, id: string, vu: number): Promise<Envoi> {
  const { dept, maintenant, acteur, sql } = session
  const seance = await verrouillerSeance(session, id, vu)
  if (seance.etat !== 'prevue') throw refus('seance.etat', 'L’ordre du jour s’envoie tant que la séance est prévue.')
  if (Temporal.PlainDate.compare(seance.le, session.jour) < 0)
    throw refus('seance.passee', 'Cette séance est passée : son ordre du jour ne s’envoie plus.')
  const lignes = await listerInscriptions(session, seance.id)
  if (lignes.length === 0) throw refus('seance.vide', 'Inscrire au moins un dossier avant d’envoyer l’ordre du jour.')
  const numero = (seance.odj_numero ?? 0) + 1
  const membres = await listerMembres(session, seance.commission, seance.le)
  const lecteursDe = new Map(
    membres.map((membre) => [
      membre.organisme,
      [membre.titulaire.compte, membre.suppleant.compte].filter((un) => un !== null),
    ]),
  )
  const contenus = new Map((await lireContenus(session, seance.id, null)).map((une) => [une.inscription, une]))
  const conditions = await lireConditions(session, seance.id, [...lecteursDe.keys()])
  const acces = new Map(
    membres.map(({ organisme, organisme_type }) => [organisme, accesDuType(session, organisme_type)]),
  )
  const mairies = new Set(membres.filter(({ qualite }) => qualite === 'maire').map(({ organisme }) => organisme))
  const coffre = await session.coffre()
  const fiches = conditions.flatMap(({ inscription, organisme, engage, territoire, commune, accords, ...bornes }) => {
    const brut = contenus.get(inscription)
    const siens = acces.get(organisme) ?? []
    const lecteurs = lecteursDe.get(organisme) ?? []
    if (!brut || lecteurs.length === 0 || (mairies.has(organisme) && !commune)) return []
    const remplies: ConditionAcces[] = [
      'seance',
      ...(siens.some(({ portee }) => portee === 'departement') ? (['departement'] as const) : []),
      ...(territoire ? (['territoire'] as const) : []),
      ...(engage ? (['engage'] as const) : []),
      ...(commune ? (['commune'] as const) : []),
      ...accords.flatMap((objet) => ACCORDS[objet] ?? []),
    ]
    const { inscription: _, dossier, ...champs } = brut
    const contenu = masquer(champs, siens, remplies)
    // Without who it is about, there is no sheet.
    if (contenu.titulaire === undefined) return []
    return [
      {
        inscription,
        organisme,
        dossier,
        lecteurs,
        conditions: remplies,
        ...bornes,
        contenu: coffre.sceller(contenu, placeFiche(inscription, organisme), 256),
      },
    ]
  })
  await sql`delete from fiche_seance where dept = ${dept} and seance = ${seance.id}`
  await sql`insert into fiche_seance (dept, inscription, organisme, seance, dossier, lecteurs, conditions, jusqu_au, code_insee, territoire, contenu, rang, heure,
      duree_minutes, tardive, a)
    select ${dept}, x.inscription, x.organisme, ${seance.id}, x.dossier, x.lecteurs, x.conditions, x.jusqu_au, x.code_insee, x.lieu, x.contenu, i.rang, i.heure,
      i.duree_minutes, i.tardive, ${maintenant}
    from jsonb_to_recordset(${JSON.stringify(fiches)}::jsonb) as x(inscription uuid, organisme uuid, dossier uuid, lecteurs uuid[], conditions text[], jusqu_au date,
      code_insee text, lieu text, contenu text)
    join inscription i on i.dept = ${dept} and i.id = x.inscription`
  const reglement = await reglementAu(session, seance.commission, seance.le)
  const jours = reglement?.jours_apports ?? null
  const attendu = jours === null ? null : seance.le.subtract({ days: jours })
  await sql`insert into apport (dept, id, inscription, organisme, etat, attendu_le, demande_a)
    select ${dept}, gen_random_uuid(), f.inscription, f.organisme, 'demande', ${attendu}, ${maintenant}
    from fiche_seance f where f.dept = ${dept} and f.seance = ${seance.id} and not (f.organisme = any (${[...mairies]}::uuid[]))
    on conflict (dept, inscription, organisme) do nothing`
  await sql`insert into ordre_envoye (dept, seance, numero, lignes, a, par)
    values (${dept}, ${seance.id}, ${numero}, ${JSON.stringify(lignes.map(({ id: une, rang, heure }) => ({ id: une, rang, heure })))}::jsonb, ${maintenant},
      ${acteur.compte})`
  await sql`update seance set odj_numero = ${numero}, odj_envoye_a = ${maintenant}, version = version + 1 where dept = ${dept} and id = ${seance.id}`
  await sql`insert into seance_acte (dept, seance, acte, a, par) values (${dept}, ${seance.id}, 'ordre_envoye', ${maintenant}, ${acteur.compte})`
  const servis = new Set(fiches.map(({ organisme }) => organisme))
  const destinataires = [...servis].flatMap((organisme) =>
    (lecteursDe.get(organisme) ?? []).map((compte) => ({ compte, organisme })),
  )
  await noter(session, [{ genre: 'seance', destinataires, dossier: null, objet: seance.id, avant: attendu }])
  session.consigner({
    action: 'seance.envoyer',
    objet: 'seance',
    objetId: seance.id,
    dossiers: lignes.map(({ dossier_id }) => dossier_id),
    details: { numero, fiches: fiches.length },
  })
  return {
    numero,
    fiches: fiches.length,
    sans: membres.filter(({ organisme }) => !servis.has(organisme)).map(({ organisme_nom }) => organisme_nom),
  }
}

/** Destroys the sheets of sessions that are over or will not be held: nobody may read them any more. */
export async function detruireFichesPassees({ dept, jour, sql }: Session): Promise<void> {
  await sql`delete from fiche_seance f using seance s
    where f.dept = ${dept} and s.dept = ${dept} and s.id = f.seance and (s.close_a is not null or s.etat = 'annulee' or s.le < ${jour})`
}

/** A sheet as its reader has it, with its place in the agenda. */
export interface FicheLue {
  readonly inscription: string
  readonly dossier: string
  readonly rang: number
  readonly heure: string | null
  readonly duree_minutes: number | null
  readonly tardive: boolean
  readonly contenu: Partial<Fiche>
}

/** Who reads: its access is asked again, so that a role taken away takes the sheets away. */
const relire = (acteur: Acteur, contenu: unknown, conditions: readonly string[]): Partial<Fiche> =>
  masquer(contenu as Partial<Record<keyof Fiche, unknown>>, [acteur.acces], conditions)

interface LigneLue extends Omit<FicheLue, 'contenu'> {
  readonly organisme: string
  readonly conditions: readonly string[]
  readonly contenu: string | null
}

/** Rows of the sheets sent to this person, with the contents of one of them, or of all. */
function lireLignes({ dept, acteur, sql }: Session, seance: string, une: string | null): Promise<LigneLue[]> {
  return sql<LigneLue>`
    select inscription, dossier, organisme, rang, heure, duree_minutes, tardive, conditions,
      case when ${une}::uuid is null or inscription = ${une}::uuid then contenu end as contenu
    from fiche_seance
    where dept = ${dept} and seance = ${seance} and organisme = ${acteur.organisme}::uuid and ${acteur.compte}::uuid = any (lecteurs)
    order by rang, inscription`
}

/** Sheets before and after one, by inscription. */
export interface Voisines {
  readonly avant: string | null
  readonly apres: string | null
}

async function ouvrirFiches(session: Session, seance: Seance, une: string | null, consigner = true) {
  const { acteur } = session
  const lignes = await lireLignes(session, seance.id, une)
  if (lignes.length === 0) throw new Introuvable()
  // Nobody reads before the reminder of confidentiality.
  if (!(await aLuRappel(session, seance.id)))
    throw refus('seance.rappel', 'Lire d’abord le rappel de confidentialité, sur la page de la séance.')
  const coffre = await session.coffre()
  const fiches = lignes.flatMap(({ contenu, conditions, organisme, ...ligne }): FicheLue[] =>
    contenu === null
      ? []
      : [
          {
            ...ligne,
            contenu: relire(acteur, coffre.ouvrir(contenu, placeFiche(ligne.inscription, organisme)), conditions),
          },
        ],
  )
  if (fiches.length === 0) throw new Introuvable()
  if (consigner)
    session.consigner({
      action: 'seance.lire',
      objet: 'seance',
      objetId: seance.id,
      dossiers: fiches.map(({ dossier }) => dossier),
      details: { fiches: fiches.length },
    })
  return { lignes, fiches }
}

/**
 * The sheets sent to this person for a session, in the order of the agenda as it left. Row-level security gives those addressed to them, from the sending to the end of
 * the session; nothing at all is the same as a session that does not exist.
 */
export async function lireFiches(
  session: Session,
  id: string,
): Promise<{ readonly seance: Seance; readonly fiches: readonly FicheLue[] }> {
  const seance = await lireSeance(session, id)
  return { seance, fiches: (await ouvrirFiches(session, seance, null)).fiches }
}

/** The same for a screen that reads them again every few seconds: it says itself what was read, once (`consignerSuivi`). */
export const suivreFiches = async (session: Session, id: string): Promise<readonly FicheLue[]> =>
  (await ouvrirFiches(session, await lireSeance(session, id), null, false)).fiches

const voisines = (lignes: readonly { readonly inscription: string }[], inscription: string): Voisines => {
  const rang = lignes.findIndex((une) => une.inscription === inscription)
  return { avant: lignes[rang - 1]?.inscription ?? null, apres: lignes[rang + 1]?.inscription ?? null }
}

/** One sheet sent to this person, and those beside it. */
export async function lireFiche(
  session: Session,
  seance: Seance,
  inscription: string,
): Promise<{ readonly fiche: FicheLue } & Voisines> {
  if (!isUuid(inscription)) throw new Introuvable()
  const { lignes, fiches } = await ouvrirFiches(session, seance, inscription)
  const [fiche] = fiches
  if (!fiche) throw new Introuvable()
  return { fiche, ...voisines(lignes, inscription) }
}

const remplit = ({ acteur }: Session): readonly string[] =>
  acteur.acces.portee === 'departement' ? ['departement'] : []

function composer(session: Session, brut: LigneFiche): Partial<Fiche> {
  const { inscription: _, dossier: __, ...champs } = brut
  return masquer(champs, [session.acteur.acces], remplit(session))
}

/**
 * The sheets of the whole agenda, as whoever prepares the session reads them: through its own access, on the dossiers it sees. Not journalled here: the caller says
 * whether they are read or printed.
 */
export async function composerFiches(session: Session, seance: Seance): Promise<FicheLue[]> {
  const contenus = new Map((await lireContenus(session, seance.id, null)).map((une) => [une.inscription, une]))
  return (await listerInscriptions(session, seance.id)).flatMap(
    ({ id, dossier_id, rang, heure, duree_minutes, tardive }) => {
      const brut = contenus.get(id)
      if (!brut) return []
      return [
        { inscription: id, dossier: dossier_id, rang, heure, duree_minutes, tardive, contenu: composer(session, brut) },
      ]
    },
  )
}

/** One of them. */
export async function composerFiche(
  session: Session,
  seance: Seance,
  inscription: string,
): Promise<{ readonly fiche: FicheLue } & Voisines> {
  const lignes = (await listerInscriptions(session, seance.id)).map((une) => ({ ...une, inscription: une.id }))
  const la = lignes.find(({ id }) => id === inscription)
  const [brut] = la ? await lireContenus(session, seance.id, la.id) : []
  if (!la || !brut) throw new Introuvable()
  const { dossier_id: dossier, rang, heure, duree_minutes, tardive } = la
  session.consigner({ action: 'seance.lire', objet: 'seance', objetId: seance.id, dossiers: [dossier] })
  return {
    fiche: { inscription, dossier, rang, heure, duree_minutes, tardive, contenu: composer(session, brut) },
    ...voisines(lignes, inscription),
  }
}

/** Sessions for which this person has sheets to read today. */
export async function listerSeancesDuMembre(
  session: Session,
): Promise<readonly { id: string; fiches: number; attendus: number }[]> {
  const { dept, acteur, sql } = session
  return sql<{ id: string; fiches: number; attendus: number }>`
    select f.seance as id, count(*)::int as fiches, count(a.id) filter (where a.etat = 'demande')::int as attendus
    from fiche_seance f left join apport a on a.dept = ${dept} and a.inscription = f.inscription and a.organisme = f.organisme
    where f.dept = ${dept} and f.organisme = ${acteur.organisme}::uuid and ${acteur.compte}::uuid = any (f.lecteurs) group by f.seance`
}
