import { randomUUID } from 'node:crypto'
import { masqueDe, type Session } from '#acces'
import { type Dossier, MOTS_DE_SANTE, parcourirFaits } from '#dossiers'
import { ouvrirScellements, scellementDuDossier } from '#echanges'
import { abandonnerFormulaire, ouvrirFormulaire } from '#formulaires'
import { evaluerCriteres, parametre } from '#referentiel'
import type { Keyring } from '#socle/cipher'
import { Conflit, Introuvable, refus } from '#socle/errors'
import { isUuid } from '#socle/text'
import { reprisesDeSaisine } from './reprises.ts'
import { FORMULAIRE_SAISINE } from './saisines.ts'

/** A criterion of the charter as it was met, with what made it true. */
export interface CritereRetenu {
  readonly id: string
  readonly libelle: string
  readonly motif: string
  readonly source: string
  readonly reserve: string | null
  readonly valeurs: Readonly<Record<string, unknown>>
  /** Health-adjacent: shown only to those entitled. */
  readonly sante: boolean
}

/** What the secretariat decided of a proposal. Closed. */
export const etatsProposition = {
  proposee: 'À décider',
  reportee: 'Reportée',
  ecartee: 'Écartée',
  acceptee: 'Acceptée',
} as const
export type EtatProposition = keyof typeof etatsProposition

/** A dossier proposed to the commission. */
export interface Proposition {
  readonly id: string
  readonly dossier: string
  readonly reference: string
  readonly titulaire: string
  readonly commune: string
  readonly territoire: string | null
  readonly stade: string
  readonly proposee_le: Temporal.PlainDate
  readonly cql: boolean
  readonly criteres: readonly CritereRetenu[]
  readonly version_criteres: string | null
  readonly etat: EtatProposition
  readonly reportee_au: Temporal.PlainDate | null
  readonly motif: string | null
  readonly decidee_a: Temporal.Instant | null
  readonly decidee_nom: string | null
  readonly formulaire: string | null
  readonly version: number
}

const STADES_CQL = [
  'commandement_de_quitter_les_lieux',
  'requisition_force_publique',
  'concours_force_publique',
] as const
const PAR_LOT = 500

/** Which orders to leave are proposed for their stage alone, and the text that asks it. */
export interface RegleCql {
  readonly stades: readonly string[]
  /** Every one, or only those the commission has never examined. */
  readonly tous: boolean
  readonly source: string
  readonly reserve: string | null
}

/** The rule in force for orders to leave (AUT-09). A département whose data say nothing proposes none for its stage: null. */
export function regleCql({ referentiel, dept, jour }: Session): RegleCql | null {
  const departement = referentiel.departements.get(dept)
  const reponse = departement && parametre(departement, 'cql_auto_saisine', jour)
  if (reponse?.etat !== 'valeur') return null
  return {
    stades: STADES_CQL,
    tous: reponse.valeur === 'tous',
    source: [reponse.source.titre, reponse.source.reference].filter(Boolean).join(', '),
    reserve: reponse.reserve,
  }
}

interface Candidate {
  readonly dossier: string
  readonly cql: boolean
  readonly criteres: readonly CritereRetenu[]
  readonly version: string | null
}

/**
 * Pre-instruction of every open dossier against the criteria of self-referral in force (AUT-01 to AUT-09, AUT-11): what is met is recorded with the values read and the
 * version, and proposed to the secretariat. A dossier with a referral under way is left alone; what was set aside, or taken up and examined or closed since, comes back
 * only for something new; a postponed one comes back on its day. Nothing is decided here. Returns how many are proposed anew.
 */
export async function proposerAutoSaisines(session: Session): Promise<number> {
  const { dept, jour, sql } = session
  const departement = session.referentiel.departements.get(dept)
  if (!departement) return 0
  const regle = regleCql(session)
  let nouvelles = 0
  const revues: string[] = []
  // From tomorrow: the open dossiers alone.
  for await (const lot of parcourirFaits(session, jour.add({ days: 1 }))) {
    const ids = lot.map(({ id }) => id)
    const etats = await sql<{ id: string; stade: string; en_cours: boolean; examine: boolean }>`
      select d.id, d.stade,
        exists (select 1 from saisine s where s.dept = ${dept} and s.dossier = d.id and s.etat <> 'classee'
          and (s.seance_le is null or s.seance_le >= ${jour})) as en_cours,
        exists (select 1 from saisine s where s.dept = ${dept} and s.dossier = d.id and s.seance_le < ${jour}) as examine
      from dossier d where d.dept = ${dept} and d.id = any (${ids}::uuid[]) and d.clos_le is null`
    const parId = new Map(etats.map((etat) => [etat.id, etat]))
    const candidates = lot.flatMap(({ id, faits }): Candidate[] => {
      const etat = parId.get(id)
      if (!etat || etat.en_cours) return []
      const bilan = evaluerCriteres(departement, faits, jour)
      const criteres = bilan.constats
        .filter(({ groupe, etat: sien }) => groupe === 'auto_saisine' && sien === 'retenu')
        .map((constat): CritereRetenu => {
          // Near health, the criterion says itself; what made it true stays where it is.
          const sante = Object.keys(constat.valeurs).some((mot) => MOTS_DE_SANTE.includes(mot))
          return {
            id: constat.critere,
            libelle: constat.libelle,
            motif: sante ? '' : constat.motif,
            source: [constat.source.titre, constat.source.reference].filter(Boolean).join(', '),
            reserve: constat.reserve,
            valeurs: sante ? {} : constat.valeurs,
            sante,
          }
        })
      const cql = regle?.stades.includes(etat.stade) === true && (regle.tous || !etat.examine)
      return cql || criteres.length > 0 ? [{ dossier: id, cql, criteres, version: bilan.version }] : []
    })
    revues.push(...candidates.map(({ dossier }) => dossier))
    for (let i = 0; i < candidates.length; i += PAR_LOT)
      nouvelles += await retenir(session, candidates.slice(i, i + PAR_LOT))
  }
  await sql`update proposition_saisine set etat = 'caduque', version = version + 1
    where dept = ${dept} and etat = 'proposee' and not (dossier = any (${revues}::uuid[]))`
  session.consigner({ action: 'saisines.proposer', dossiers: [], details: { nombre: nouvelles } })
  return nouvelles
}

/** One statement for many dossiers: what is new is inserted, what waits is brought up to date, what was decided comes back only for a reason. */
async function retenir({ dept, jour, sql }: Session, candidates: readonly Candidate[]): Promise<number> {
  const lignes = await sql<{ neuve: boolean }>`
    insert into proposition_saisine as p (dept, dossier, proposee_le, cql, criteres, version_criteres, etat)
    select ${dept}, x.dossier, ${jour}, x.cql, x.criteres, x.version, 'proposee'
    from jsonb_to_recordset(${JSON.stringify(candidates)}::jsonb) as x(dossier uuid, cql boolean, criteres jsonb, version text)
    on conflict (dept, dossier) do update set
      proposee_le = case when p.etat = 'proposee' then p.proposee_le else excluded.proposee_le end,
      cql = excluded.cql, criteres = excluded.criteres, version_criteres = excluded.version_criteres, etat = 'proposee', formulaire = null, version = p.version + 1
    where p.etat = 'caduque'
      or (p.etat = 'proposee' and (p.criteres, p.cql) is distinct from (excluded.criteres, excluded.cql))
      or (p.etat = 'reportee' and p.reportee_au <= ${jour})
      or ((p.etat = 'ecartee' or (p.etat = 'acceptee' and exists (
          select 1 from saisine s where s.dept = ${dept} and s.dossier = p.dossier and s.deposee_a >= p.decidee_a)))
        and ((excluded.cql and not p.cql) or exists (
        select 1 from jsonb_array_elements(excluded.criteres) c
        where not exists (select 1 from jsonb_array_elements(p.criteres) a where a->>'id' = c->>'id'))))
    returning (p.proposee_le = ${jour}) as neuve`
  return lignes.filter(({ neuve }) => neuve).length
}

const place = (id: string) => ({ table: 'proposition_saisine', colonne: 'motif', id }) as const

/** Proposals on a page. */
export const PROPOSITIONS_PAR_PAGE = 40

/** Proposals of one page, and where the next begins. */
export interface PagePropositions {
  readonly propositions: readonly Proposition[]
  readonly suite: string | null
}

/** Proposals in one state, orders to leave first, then the oldest; with their household, for the secretariat. Reading them is journalled. */
export async function listerPropositions(
  session: Session,
  {
    etat,
    territoire,
    apres,
  }: { readonly etat: EtatProposition; readonly territoire?: string | undefined; readonly apres?: string | undefined },
): Promise<PagePropositions> {
  const { dept, sql } = session
  const [, rang = null, jour = null, id = null] = /^([01])_(\d{4}-\d\d-\d\d)_([0-9a-f-]{36})$/.exec(apres ?? '') ?? []
  const lignes = await sql<Proposition>`
    select p.id, p.dossier, d.reference, d.titulaire, d.commune, d.territoire, d.stade, p.proposee_le, p.cql, p.criteres, p.version_criteres, p.etat,
      p.reportee_au, p.motif, p.decidee_a, c.prenom || ' ' || c.nom as decidee_nom, p.formulaire, p.version
    from proposition_saisine p join dossier d on d.dept = ${dept} and d.id = p.dossier
    left join compte c on c.dept = ${dept} and c.id = p.decidee_par
    where p.dept = ${dept} and p.etat = ${etat} and (${territoire ?? null}::text is null or d.territoire = ${territoire ?? null})
      and (${id}::uuid is null or ((not p.cql)::int, p.proposee_le, p.id) > (${rang}::int, ${jour}::date, ${id}::uuid))
    order by (not p.cql)::int, p.proposee_le, p.id limit ${PROPOSITIONS_PAR_PAGE + 1}`
  const page = lignes.slice(0, PROPOSITIONS_PAR_PAGE)
  session.consigner({
    action: 'saisines.lister',
    dossiers: page.map(({ dossier }) => dossier),
    details: { liste: 'propositions', nombre: page.length },
  })
  const sante = masqueDe(session.acteur).voit('sante')
  const scellements = await ouvrirScellements(
    session,
    page.flatMap(({ dossier, motif }) => (motif === null ? [] : [dossier])),
  )
  const propositions = page.map((ligne) => ({
    ...ligne,
    motif: ligne.motif === null ? null : (scellements.get(ligne.dossier)?.ouvrir(ligne.motif, place(ligne.id)) ?? null),
    criteres: ligne.criteres.filter((critere) => sante || !critere.sante),
  }))
  const derniere = page.at(-1)
  const suite =
    lignes.length > page.length && derniere
      ? `${derniere.cql ? 0 : 1}_${derniere.proposee_le.toString()}_${derniere.id}`
      : null
  return { propositions, suite }
}

/** How many proposals there are in each state. */
export async function compterPropositions(
  session: Session,
  territoire?: string,
): Promise<Readonly<Record<EtatProposition, number>>> {
  const lignes = await session.sql<{ etat: EtatProposition; n: number }>`
    select p.etat, count(*)::int as n from proposition_saisine p join dossier d on d.dept = ${session.dept} and d.id = p.dossier
    where p.dept = ${session.dept} and (${territoire ?? null}::text is null or d.territoire = ${territoire ?? null}) group by p.etat`
  const parEtat = new Map(lignes.map(({ etat, n }) => [etat, n]))
  const compter = (etat: EtatProposition) => parEtat.get(etat) ?? 0
  return {
    proposee: compter('proposee'),
    reportee: compter('reportee'),
    ecartee: compter('ecartee'),
    acceptee: compter('acceptee'),
  }
}

interface Visee {
  readonly id: string
  readonly dossier: string
  readonly etat: EtatProposition
  readonly formulaire: string | null
  readonly version: number
}

async function viser(session: Session, id: string, vu: number | null): Promise<Visee> {
  const [ligne] = isUuid(id)
    ? await session.sql<Visee>`select id, dossier, etat, formulaire, version from proposition_saisine
        where dept = ${session.dept} and id = ${id} for update`
    : []
  if (!ligne) throw new Introuvable()
  if (vu !== null && ligne.version !== vu)
    throw new Conflit(
      'proposition.changee',
      'Cette proposition a changé depuis l’ouverture de la page : rien n’est décidé. La relire, puis choisir.',
    )
  return ligne
}

/** The dossier a proposal is about. */
export const lireDossierPropose = async (session: Session, id: string): Promise<string> =>
  (await viser(session, id, null)).dossier

async function decider(
  session: Session,
  cles: Keyring,
  visee: Visee,
  decision: {
    readonly etat: EtatProposition
    readonly motif?: string
    readonly au?: Temporal.PlainDate
    readonly formulaire?: string | null
  },
): Promise<void> {
  const { dept, maintenant, sql, acteur } = session
  const scelle = decision.motif
    ? (await scellementDuDossier(session, cles, visee.dossier)).sceller(decision.motif, place(visee.id))
    : null
  await sql`update proposition_saisine set etat = ${decision.etat}, motif = ${scelle}, reportee_au = ${decision.au ?? null},
      formulaire = ${decision.formulaire ?? null}, decidee_a = ${maintenant}, decidee_par = ${acteur.compte}, version = version + 1
    where dept = ${dept} and id = ${visee.id}`
  session.consigner({
    action: 'saisines.decider',
    objet: 'proposition',
    objetId: visee.id,
    dossiers: [visee.dossier],
    details: { decision: decision.etat },
  })
}

const LONGUEUR_MOTIF = 1000
function exigerMotif(motif: string): string {
  const ecrit = motif.trim()
  if (ecrit === '') throw refus('proposition.motif', 'Écrire le motif : il reste avec la proposition.')
  if (ecrit.length > LONGUEUR_MOTIF)
    throw refus('proposition.motif', `Raccourcir le motif à ${LONGUEUR_MOTIF} caractères.`)
  return ecrit
}

/** A decision about a proposal, from the page that showed it. */
export interface Decision {
  readonly id: string
  readonly vu: number
}

/** Takes the case up: opens a referral filled with what the dossier knows, for the secretariat to complete and file. Returns the id of the form. */
export async function accepterProposition(
  session: Session,
  cles: Keyring,
  dossier: Dossier,
  { id, vu }: Decision,
): Promise<string> {
  const visee = await viser(session, id, vu)
  if (visee.dossier !== dossier.id) throw new Introuvable()
  const formulaire = await ouvrirFormulaire(session, cles, dossier, {
    code: FORMULAIRE_SAISINE,
    lecteurs: [],
    reprises: await reprisesDeSaisine(session, cles, dossier),
  })
  await decider(session, cles, visee, { etat: 'acceptee', formulaire })
  return formulaire
}

/** Waits until a day, for a reason; the proposal comes back by itself. */
export async function reporterProposition(
  session: Session,
  cles: Keyring,
  { id, vu, motif, au }: Decision & { readonly motif: string; readonly au: Temporal.PlainDate | null },
): Promise<void> {
  const visee = await viser(session, id, vu)
  if (au === null || Temporal.PlainDate.compare(au, session.jour) <= 0)
    throw refus('proposition.date', 'Indiquer jusqu’à quand attendre : un jour à venir.')
  await decider(session, cles, visee, { etat: 'reportee', motif: exigerMotif(motif), au })
}

/** Sets a proposal aside, for a reason. It comes back only for something new. */
export async function ecarterProposition(
  session: Session,
  cles: Keyring,
  { id, vu, motif }: Decision & { readonly motif: string },
): Promise<void> {
  const visee = await viser(session, id, vu)
  await decider(session, cles, visee, { etat: 'ecartee', motif: exigerMotif(motif) })
}

/** Undoes a decision: the proposal waits again. An accepted one that was filed stays filed. */
export async function defaireDecision(session: Session, cles: Keyring, { id, vu }: Decision): Promise<void> {
  const visee = await viser(session, id, vu)
  if (visee.formulaire !== null) {
    const [depose] =
      await session.sql`select 1 from formulaire where dept = ${session.dept} and id = ${visee.formulaire} and etat = 'signe'`
    if (depose)
      throw refus(
        'proposition.deposee',
        'La saisine ouverte par cette décision est déjà déposée : elle se classe depuis le dossier.',
      )
    const [ouvert] =
      await session.sql`select 1 from formulaire where dept = ${session.dept} and id = ${visee.formulaire} and etat = 'brouillon'`
    if (ouvert) await abandonnerFormulaire(session, visee.dossier, visee.formulaire)
  }
  await decider(session, cles, visee, { etat: 'proposee' })
}

/** Gives up the draft of a referral. When a proposal had opened it, the proposal waits again: nobody referred the dossier. */
export async function abandonnerSaisine(
  session: Session,
  cles: Keyring,
  dossier: string,
  formulaire: string,
): Promise<void> {
  await abandonnerFormulaire(session, dossier, formulaire)
  const [visee] = await session.sql<Visee>`select id, dossier, etat, formulaire, version from proposition_saisine
    where dept = ${session.dept} and dossier = ${dossier} and formulaire = ${formulaire} and etat = 'acceptee' for update`
  if (visee) await decider(session, cles, visee, { etat: 'proposee' })
}

/** The secretariat takes a case up on its own judgment, with its reason (AUT-10). Returns the id of the form, the one already open if there is one. */
export async function autoSaisirLibrement(
  session: Session,
  cles: Keyring,
  dossier: Dossier,
  motif: string,
): Promise<string> {
  const { dept, jour, sql } = session
  const ecrit = exigerMotif(motif)
  const [ouverte] = await sql<{ formulaire: string }>`
    select f.id as formulaire from proposition_saisine p join formulaire f on f.dept = ${dept} and f.id = p.formulaire and f.etat = 'brouillon'
    where p.dept = ${dept} and p.dossier = ${dossier.id} and p.etat = 'acceptee'`
  if (ouverte) return ouverte.formulaire
  await sql`insert into proposition_saisine (dept, id, dossier, proposee_le, cql, criteres, etat)
    values (${dept}, ${randomUUID()}, ${dossier.id}, ${jour}, false, '[]'::jsonb, 'proposee') on conflict (dept, dossier) do nothing`
  const [visee] = await sql<Visee>`select id, dossier, etat, formulaire, version from proposition_saisine
    where dept = ${dept} and dossier = ${dossier.id} for update`
  if (!visee) throw new Introuvable()
  const formulaire = await ouvrirFormulaire(session, cles, dossier, {
    code: FORMULAIRE_SAISINE,
    lecteurs: [],
    reprises: {
      ...(await reprisesDeSaisine(session, cles, dossier)),
      complement: { valeur: ecrit, provenance: 'motif de l’auto-saisine' },
    },
  })
  await decider(session, cles, visee, { etat: 'acceptee', motif: ecrit, formulaire })
  return formulaire
}
