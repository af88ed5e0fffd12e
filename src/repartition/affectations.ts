import { randomUUID } from 'node:crypto'
import type { Session } from '#acces'
import { listerOrganismes, masqueDe, type PasDeScellement } from '#acces'
import {
  CHAMPS_DOSSIER,
  conditionsRemplies,
  consignerFaits,
  type DossierARepartir,
  type Echeance,
  lireDossiersARepartir,
  litLesEcritsDe,
  type NouveauFait,
  noterServices,
  ouvrirMots,
  type ServiceDuDossier,
  scellerMots,
  valeursLisibles,
} from '#dossiers'
import type { DejaSollicite, Faits, Service } from '#referentiel'
import { sql as fragment } from '#socle/db'
import { Conflit, refus } from '#socle/errors'
import { createPacer } from '#socle/pace'
import { enqueue } from '#socle/queue'
import { versionToken } from '#socle/version'
import { type OrganismeService, proposer } from './decision.ts'
import { diagnosticAvant, echeancesDuService } from './echeances.ts'

export interface Affectation {
  readonly id: string
  readonly dossier: string
  readonly service: string
  readonly organisme: string | null
  readonly organisme_nom: string | null
  readonly rang: number
  readonly stade: string
  readonly regle: string | null
  readonly libelle: string
  /** Words the rule read, as far as the session reads them. */
  readonly valeurs: Record<string, unknown>
  /** How many of those words are hidden. */
  readonly valeurs_reservees: number
  readonly source: { titre?: string; lien?: string; reserve?: string }
  readonly version_regles: string | null
  readonly origine: string
  readonly etat: string
  readonly depuis: Temporal.PlainDate
  readonly transmise_le: Temporal.PlainDate | null
  readonly repondre_avant: Temporal.PlainDate | null
  readonly prise_le: Temporal.PlainDate | null
  readonly diagnostic_avant: Temporal.PlainDate | null
  readonly diagnostic_fait_le: Temporal.PlainDate | null
  readonly issue: string | null
  readonly motif: string | null
  readonly a: Temporal.Instant
  readonly terminee_a: Temporal.Instant | null
}

/** Every affectation of a dossier the session may read, the live one first. */
export async function listerAffectations(session: Session, dossier: string): Promise<Affectation[]> {
  const lues = await session.sql<Affectation & { readonly remplies: readonly string[] }>`
    select a.*, o.nom as organisme_nom, ${conditionsRemplies(session, CHAMPS_DOSSIER)} as remplies
    from affectation a join dossier d on d.dept = ${session.dept} and d.id = a.dossier left join organisme o on o.dept = ${session.dept} and o.id = a.organisme
    where a.dept = ${session.dept} and a.dossier = ${dossier} order by a.terminee_a desc nulls first, a.a desc`
  const { voit } = masqueDe(session.acteur)
  const coffre = await session.coffre()
  return lues.flatMap(({ remplies, ...affectation }) => {
    if (!voit('service', remplies)) return []
    const lisibles = valeursLisibles(session, affectation.valeurs, remplies)
    // Opened once the words hidden to this reader are gone.
    const [valeurs, reservees] = [ouvrirMots(coffre, affectation.id, lisibles.valeurs), lisibles.reservees]
    const lue = { ...affectation, valeurs, valeurs_reservees: reservees }
    if (litLesEcritsDe(session, affectation.organisme)) return [lue]
    // The reason of a person's choice is its label; that of an answer, its motif.
    const libelle = affectation.origine === 'personne' ? 'choisi par une personne' : affectation.libelle
    return [{ ...lue, libelle, motif: null }]
  })
}

/** The affectation in force of a dossier, as dispatch reads it. */
export interface Vivante {
  readonly id: string
  readonly dossier: string
  readonly service: string
  readonly organisme: string | null
  readonly stade: string
  readonly rang: number
  readonly regle: string | null
  readonly origine: string
  readonly etat: string
  readonly depuis: Temporal.PlainDate
  readonly transmise_le: Temporal.PlainDate | null
  readonly repondre_avant: Temporal.PlainDate | null
  readonly prise_le: Temporal.PlainDate | null
  readonly diagnostic_avant: Temporal.PlainDate | null
  readonly diagnostic_fait_le: Temporal.PlainDate | null
}

interface Passee extends Vivante {
  readonly issue: string | null
  readonly prise: boolean
}

const VIVANTE = fragment`id, dossier, service, organisme, stade, rang, regle, origine, etat, depuis, transmise_le, repondre_avant, prise_le, diagnostic_avant, diagnostic_fait_le`

/** Stages between which a service in charge keeps the household: hearing and judgment belong to the summons. */
const ETAPE_DE_CASCADE: Readonly<Record<string, string>> = { audience: 'assignation', jugement: 'assignation' }
export const stadeDeCascade = (stade: string): string => ETAPE_DE_CASCADE[stade] ?? stade

const MOTS_CONNU = [
  'connu.departement',
  'connu.ccas',
  'connu.caf',
  'connu.adil',
] as const satisfies readonly (keyof Faits)[]

/** A social service knows the household: one took it, or a partner says that one follows it (RAP-07). */
export function estConnu(faits: Faits, prises: number): boolean {
  return prises > 0 || MOTS_CONNU.some((mot) => faits[mot] === true)
}

/**
 * The decision the step had when it was left: taken, sent or chosen by a person, then ended by another step alone. What led to that step was withdrawn, so that the
 * household is still with its service, with its dates. A step begun since, in a new procedure, starts afresh.
 */
function retrouver(dossier: DossierARepartir, stade: string, histoire: readonly Passee[]): Passee | undefined {
  const derniere = histoire.findLast((passee) => passee.stade === stade)
  if (derniere?.issue !== 'remplacee') return undefined
  if (derniere.etat !== 'prise' && derniere.etat !== 'transmise' && derniere.origine !== 'personne') return undefined
  const debut = stade === dossier.stade ? dossier.stade_le : (dossier.assignation_le ?? dossier.stade_le)
  return debut === null || Temporal.PlainDate.compare(debut, derniere.depuis) <= 0 ? derniere : undefined
}

function avecConnaissance(faits: Faits, passees: readonly Passee[]): Faits {
  const connus = [...new Set(passees.filter((passee) => passee.prise).map((passee) => passee.service))]
  const refuses = passees
    .filter((passee) => passee.issue === 'refusee' && !connus.includes(passee.service))
    .map((passee) => passee.service)
  return {
    ...faits,
    ...Object.fromEntries(refuses.map((service) => [`connu.${service}`, false])),
    ...Object.fromEntries(connus.map((service) => [`connu.${service}`, true])),
  }
}

interface NouvelleAffectation {
  readonly id: string
  readonly dossier: string
  readonly service: string
  readonly organisme: string | null
  readonly rang: number
  readonly stade: string
  readonly regle: string | null
  readonly libelle: string
  readonly valeurs: Readonly<Record<string, unknown>>
  readonly source: Readonly<Record<string, unknown>>
  readonly version_regles: string | null
  readonly origine: string
  readonly motif: string | null
  /** The decision this one replaces and may give back. */
  readonly remplace?: string | null
}

export async function terminer(session: Session, ids: readonly string[], issue: string): Promise<void> {
  if (ids.length === 0) return
  await session.sql`update affectation set terminee_a = ${session.maintenant}, issue = coalesce(issue, ${issue}) where dept = ${session.dept} and id = any (${ids}::uuid[])`
}

async function inserer(session: Session, nouvelles: readonly NouvelleAffectation[]): Promise<void> {
  if (nouvelles.length === 0) return
  const coffre = await session.coffre()
  const scellees = nouvelles.map((une) => ({ ...une, valeurs: scellerMots(coffre, une.id, une.valeurs) }))
  await session.sql`
    insert into affectation (dept, id, dossier, service, organisme, rang, stade, regle, libelle, valeurs, source, version_regles, origine, motif, remplace, depuis, a, par)
    select ${session.dept}, x.id, x.dossier, x.service, x.organisme, x.rang, x.stade, x.regle, x.libelle, x.valeurs, x.source, x.version_regles, x.origine,
      x.motif, x.remplace, ${session.jour}, ${session.maintenant}, ${session.acteur.compte}
    from json_to_recordset(${JSON.stringify(scellees)}::json) as x(id uuid, dossier uuid, service text, organisme uuid, rang int, stade text, regle text,
      libelle text, valeurs jsonb, source jsonb, version_regles text, origine text, motif text, remplace uuid)`
}

/** What dispatch decided of dossiers, not written yet. */
export interface PlanDeRepartition {
  /** What each dossier will show of its service; a closed one shows what it did. */
  readonly services: readonly ServiceDuDossier[]
  readonly changes: number
  /** Writes the affectations and the chronology. The dossiers themselves are written by the caller, before. */
  ecrire(): Promise<void>
}

/**
 * Decides, for many dossiers, which service must reach out, and what changes. A service in charge stays as long as the stage of the
 * cascade lasts; a person's choice stays until a new stage; a line already sent waits for its answer. At a new stage the cascade starts again, a stage come
 * back to has its decision again, and a service that took the household counts as knowing it. Live affectations are locked: what is decided stands until the transaction ends.
 */
export async function preparerRepartition(
  session: Session,
  dossiers: readonly DossierARepartir[],
): Promise<PlanDeRepartition> {
  const { sql, dept } = session
  const ids = dossiers.map(({ id }) => id)
  const vivantes = new Map(
    (
      await sql<Vivante>`select ${VIVANTE} from affectation
        where dept = ${dept} and dossier = any (${ids}::uuid[]) and terminee_a is null for update`
    ).map((ligne) => [ligne.dossier, ligne]),
  )
  const passees = Map.groupBy(
    await sql<Passee>`select ${VIVANTE}, issue, prise_le is not null as prise from affectation
      where dept = ${dept} and dossier = any (${ids}::uuid[]) order by a, id`,
    (ligne) => ligne.dossier,
  )
  const organismes: OrganismeService[] = await listerOrganismes(session)
  const noms = new Map(organismes.map(({ id, nom }) => [id, nom]))
  const fermees: string[] = []
  const nouvelles: NouvelleAffectation[] = []
  const services: ServiceDuDossier[] = []
  const faits: NouveauFait[] = []
  const avancees: { id: string; le: string }[] = []
  const reprises: string[] = []
  const souffler = createPacer()
  for (const dossier of dossiers) {
    const tour = souffler()
    if (tour) await tour
    const vivante = vivantes.get(dossier.id)
    const histoire = passees.get(dossier.id) ?? []
    const connu = estConnu(dossier.faits, histoire.filter((passee) => passee.prise).length)
    const stade = stadeDeCascade(dossier.stade)
    const memeStade = vivante?.stade === stade
    if (dossier.clos) {
      if (vivante) fermees.push(vivante.id)
      continue
    }
    if (
      vivante &&
      memeStade &&
      (vivante.etat === 'prise' || vivante.etat === 'transmise' || vivante.origine === 'personne')
    ) {
      const avant = diagnosticAvant(session, vivante, dossier.audience_le)
      if (avant && vivante.diagnostic_avant && !avant.equals(vivante.diagnostic_avant))
        avancees.push({ id: vivante.id, le: avant.toString() })
      services.push(enService(session, dossier, vivante, connu))
      continue
    }
    const retrouvee = retrouver(dossier, stade, histoire)
    if (retrouvee) {
      if (vivante) fermees.push(vivante.id)
      reprises.push(retrouvee.id)
      services.push(enService(session, dossier, retrouvee, connu))
      faits.push({
        dossier: dossier.id,
        type: 'dossier.service_retrouve',
        donnees: { organisme: retrouvee.organisme, organisme_nom: noms.get(retrouvee.organisme ?? '') ?? null, stade },
      })
      continue
    }
    const sollicites: DejaSollicite[] = histoire
      .filter(
        (passee) =>
          passee.stade === stade &&
          (passee.issue === 'refusee' || passee.issue === 'sans_reponse' || passee.issue === 'non_realise'),
      )
      .map((passee) => ({ service: passee.service as Service, ...(passee.regle ? { regle: passee.regle } : {}) }))
    const { proposition, organisme } = proposer(
      session,
      {
        faits: avecConnaissance(dossier.faits, histoire),
        codeInsee: dossier.code_insee,
        territoire: dossier.territoire,
      },
      organismes,
      sollicites,
    )
    if (!organisme || !proposition.rang?.service) {
      if (vivante) fermees.push(vivante.id)
      services.push({
        dossier: dossier.id,
        service: null,
        organisme: null,
        etat: proposition.genre === 'sans_objet' ? 'sans_objet' : 'sans_preneur',
        depuis: null,
        connu,
        habilites: [],
        echeances: [],
      })
      if (!vivante && histoire.length === 0) {
        faits.push({
          dossier: dossier.id,
          type: 'dossier.non_reparti',
          donnees: { motif: proposition.libelle, source: proposition.decision.source?.titre ?? null },
        })
      }
      continue
    }
    const { rang, decision } = { rang: proposition.rang, decision: proposition.decision }
    if (
      vivante &&
      memeStade &&
      vivante.etat === 'proposee' &&
      vivante.organisme === organisme.id &&
      vivante.regle === rang.regle
    ) {
      services.push(enService(session, dossier, vivante, connu))
      continue
    }
    if (vivante) fermees.push(vivante.id)
    const nouvelle: NouvelleAffectation = {
      id: randomUUID(),
      dossier: dossier.id,
      service: rang.service ?? '',
      organisme: organisme.id,
      rang: rang.rang,
      stade,
      regle: rang.regle,
      libelle: rang.libelle,
      valeurs: { ...rang.valeurs, ...(proposition.aVerifier.length > 0 ? { a_verifier: proposition.aVerifier } : {}) },
      source: { ...rang.source, ...(decision.reserve ? { reserve: decision.reserve } : {}) },
      version_regles: decision.version,
      origine: sollicites.length > 0 ? 'cascade' : 'regle',
      motif: null,
    }
    nouvelles.push(nouvelle)
    services.push(
      enService(
        session,
        dossier,
        {
          ...nouvelle,
          etat: 'proposee',
          depuis: session.jour,
          transmise_le: null,
          repondre_avant: null,
          prise_le: null,
          diagnostic_avant: null,
          diagnostic_fait_le: null,
        },
        connu,
      ),
    )
    faits.push({
      dossier: dossier.id,
      type: 'dossier.reparti',
      donnees: {
        organisme: organisme.id,
        organisme_nom: organisme.nom,
        rang: rang.rang,
        regle: rang.regle,
        libelle: rang.libelle,
        stade,
      },
    })
  }
  return {
    services,
    changes: nouvelles.length + fermees.length + reprises.length,
    ecrire: async () => {
      await terminer(session, fermees, 'remplacee')
      if (reprises.length > 0)
        await sql`update affectation set terminee_a = null, issue = null where dept = ${dept} and id = any (${reprises}::uuid[])`
      await inserer(session, nouvelles)
      if (avancees.length > 0) {
        await sql`update affectation a set diagnostic_avant = x.le from json_to_recordset(${JSON.stringify(avancees)}::json) as x(id uuid, le date)
          where a.dept = ${dept} and a.id = x.id`
      }
      await consignerFaits(session, faits)
    },
  }
}

/** Decides again, for many dossiers, which service must reach out, and writes only what changes. */
export async function repartirDossiers(session: Session, ids: readonly string[]): Promise<{ changes: number }> {
  if (ids.length === 0) return { changes: 0 }
  const plan = await preparerRepartition(session, await lireDossiersARepartir(session, ids))
  await noterServices(session, plan.services)
  await plan.ecrire()
  return { changes: plan.changes }
}

export function enService(
  session: Session,
  dossier: DossierARepartir,
  vivante: Omit<Vivante, 'id'>,
  connu: boolean,
): ServiceDuDossier {
  const echeances: Echeance[] = echeancesDuService(session, vivante, dossier.audience_le)
  return {
    dossier: dossier.id,
    service: vivante.service,
    organisme: vivante.organisme,
    etat: vivante.etat,
    depuis: (vivante.prise_le ?? vivante.depuis).toString(),
    connu: connu || vivante.etat === 'prise',
    habilites: vivante.organisme ? [vivante.organisme] : [],
    echeances,
  }
}

/** The decision in force for a dossier, as a form that replaces it shows it. `version` is the mark it carries back. */
export interface DecisionEnVigueur {
  readonly dossier: string
  readonly version: string
  readonly organisme_nom: string | null
  readonly etat: string | null
  readonly libelle: string | null
  readonly auteur: string | null
  readonly a: Temporal.Instant | null
}

/** Decisions in force for many dossiers; one that has none is there too, with nothing but its mark. */
export async function lireDecisions(
  session: Session,
  dossiers: readonly string[],
): Promise<ReadonlyMap<string, DecisionEnVigueur>> {
  const lignes = await session.sql<Omit<DecisionEnVigueur, 'version'> & { id: string }>`
    select a.id, a.dossier, o.nom as organisme_nom, a.etat, a.libelle, c.prenom || ' ' || c.nom as auteur, a.a
    from affectation a left join organisme o on o.dept = ${session.dept} and o.id = a.organisme
    left join compte c on c.dept = ${session.dept} and c.id = a.par
    where a.dept = ${session.dept} and a.dossier = any (${dossiers}::uuid[]) and a.terminee_a is null`
  const trouvees = new Map(
    lignes.map(({ id, ...ligne }) => [ligne.dossier, { ...ligne, version: versionDe({ id, etat: ligne.etat ?? '' }) }]),
  )
  return new Map(
    dossiers.map((dossier) => [
      dossier,
      trouvees.get(dossier) ?? {
        dossier,
        version: versionDe(undefined),
        organisme_nom: null,
        etat: null,
        libelle: null,
        auteur: null,
        a: null,
      },
    ]),
  )
}

const versionDe = (vivante: { readonly id: string; readonly etat: string } | undefined): string =>
  vivante === undefined ? versionToken() : versionToken(vivante.id, vivante.etat)

/**
 * Gives dossiers to an organisme by a person's decision, with a reason kept with it, and remembers what each had, for `defaireReaffectation`. `vus` holds the
 * mark of each decision as the person saw it: one that changed since stops everything, before anything is written (`Conflit`, its dossiers).
 */
export async function reaffecterDossiers(
  session: Session,
  demande: {
    dossiers: readonly string[]
    organisme: string
    motif: string
    vus?: ReadonlyMap<string, string> | undefined
  },
): Promise<{ dossiers: number }> {
  const { sql, dept } = session
  if (demande.motif.trim().length < 3)
    throw refus('affectation.motif', 'Écrire pourquoi ce service est choisi : le motif est gardé avec la décision.')
  const organisme = (await listerOrganismes(session)).find((un) => un.id === demande.organisme)
  if (!organisme) throw refus('organisme.inconnu', 'Choisir un service de la liste.')
  const dossiers = await lireDossiersARepartir(session, demande.dossiers)
  const vivantes = await sql<{ id: string; dossier: string; etat: string }>`select id, dossier, etat from affectation
    where dept = ${dept} and dossier = any (${dossiers.map((d) => d.id)}::uuid[]) and terminee_a is null order by id for update`
  const enVigueur = new Map(vivantes.map((vivante) => [vivante.dossier, vivante]))
  const depasses = dossiers.filter(({ id }) => {
    const vu = demande.vus?.get(id)
    return vu !== undefined && vu !== versionDe(enVigueur.get(id))
  })
  if (depasses.length > 0) {
    throw new Conflit(
      'affectation.conflit',
      'Le service de ce ménage a changé depuis que cette page est ouverte : comparer avant de décider.',
      depasses.map(({ id }) => id),
    )
  }
  const prises = Map.groupBy(
    await sql<{ dossier: string }>`select dossier from affectation
      where dept = ${dept} and dossier = any (${dossiers.map((d) => d.id)}::uuid[]) and prise_le is not null`,
    (ligne) => ligne.dossier,
  )
  await terminer(
    session,
    vivantes.map((vivante) => vivante.id),
    'reaffectee',
  )
  const nouvelles = dossiers.map((dossier) => ({
    id: randomUUID(),
    dossier: dossier.id,
    service: organisme.type,
    organisme: organisme.id,
    rang: 0,
    stade: stadeDeCascade(dossier.stade),
    regle: null,
    libelle: `Choisi par ${session.acteur.libelle} : ${demande.motif.trim()}`,
    valeurs: {},
    source: { titre: 'Décision d’une personne' },
    version_regles: null,
    origine: 'personne',
    motif: demande.motif.trim(),
    remplace: enVigueur.get(dossier.id)?.id ?? null,
  }))
  await inserer(session, nouvelles)
  const parDossier = new Map(nouvelles.map((nouvelle) => [nouvelle.dossier, nouvelle]))
  await noterServices(
    session,
    dossiers.flatMap((dossier) => {
      const nouvelle = parDossier.get(dossier.id)
      if (!nouvelle) return []
      const vivante = {
        ...nouvelle,
        etat: 'proposee',
        depuis: session.jour,
        transmise_le: null,
        repondre_avant: null,
        prise_le: null,
        diagnostic_avant: null,
        diagnostic_fait_le: null,
      }
      return [enService(session, dossier, vivante, estConnu(dossier.faits, prises.get(dossier.id)?.length ?? 0))]
    }),
  )
  await consignerFaits(
    session,
    dossiers.map((dossier) => ({
      dossier: dossier.id,
      type: 'dossier.reaffecte',
      donnees: { organisme: organisme.id, organisme_nom: organisme.nom, motif: demande.motif.trim() },
    })),
  )
  session.consigner({
    action: 'dossier.reaffecter',
    details: { ids: dossiers.map((d) => d.id), organisme: organisme.id },
  })
  return { dossiers: dossiers.length }
}

/**
 * Takes back a person's choice, as long as it has not left in a list: each dossier has again exactly the decision it had before, with its dates. Where there was none,
 * the rules decide. Those whose choice already left, or gave way to something else since, are returned and left as they are.
 */
export async function defaireReaffectation(
  session: Session,
  dossiers: readonly string[],
): Promise<{ defaits: string[]; restes: string[] }> {
  const { sql, dept } = session
  const choix = await sql<{
    id: string
    dossier: string
    remplace: string | null
  }>`select id, dossier, remplace from affectation
    where dept = ${dept} and dossier = any (${dossiers}::uuid[]) and terminee_a is null and origine = 'personne' and etat = 'proposee' order by id for update`
  if (choix.length === 0)
    throw refus(
      'affectation.deja-partie',
      'Cette décision ne se défait plus : elle est partie dans un tableau, ou une autre l’a remplacée depuis. Confier plutôt le ménage à un autre service.',
    )
  await terminer(
    session,
    choix.map(({ id }) => id),
    'defaite',
  )
  const revenues = await sql<Vivante>`
    update affectation set terminee_a = null, issue = nullif(issue, 'reaffectee')
    where dept = ${dept} and id = any (${choix.flatMap(({ remplace }) => remplace ?? [])}::uuid[]) and issue is not null
    returning ${VIVANTE}`
  await noterVivantes(session, revenues)
  const ids = choix.map(({ dossier }) => dossier)
  await consignerFaits(
    session,
    ids.map((dossier) => ({ dossier, type: 'dossier.reaffectation_defaite' })),
  )
  const avec = new Set(revenues.map(({ dossier }) => dossier))
  await repartirDossiers(
    session,
    ids.filter((id) => !avec.has(id)),
  )
  session.consigner({ action: 'dossier.defaire_reaffectation', details: { ids } })
  return { defaits: ids, restes: dossiers.filter((id) => !ids.includes(id)) }
}

/** Shows on their dossiers affectations that are in force again, as they are written. */
export async function noterVivantes(session: Session, vivantes: readonly Vivante[]): Promise<void> {
  if (vivantes.length === 0) return
  const ids = vivantes.map(({ dossier }) => dossier)
  const dossiers = new Map((await lireDossiersARepartir(session, ids)).map((dossier) => [dossier.id, dossier]))
  const prises = new Set(
    (
      await session.sql<{ dossier: string }>`select distinct dossier from affectation
        where dept = ${session.dept} and dossier = any (${ids}::uuid[]) and prise_le is not null`
    ).map(({ dossier }) => dossier),
  )
  await noterServices(
    session,
    vivantes.flatMap((vivante) => {
      const dossier = dossiers.get(vivante.dossier)
      return dossier
        ? [enService(session, dossier, vivante, estConnu(dossier.faits, prises.has(vivante.dossier) ? 1 : 0))]
        : []
    }),
  )
}

/** Wakes the background dispatch of dossiers, in the transaction that made it necessary. */
export async function demanderRepartition(session: Session, dossiers: readonly string[]): Promise<void> {
  if (dossiers.length > 0)
    await enqueue(session, 'repartir-dossiers', { dept: session.dept, dossiers: dossiers.join(',') })
}

/**
 * Moves on the households whose service did not answer in time: next rank of the cascade. At the last rank nobody is left to ask, and the line stays with its
 * service, overdue and shown as such (REP-10). Returns how many moved.
 */
export async function escaladerSansReponse(session: Session): Promise<{ passes: number; restes: number }> {
  const echues = await session.sql<{ id: string; dossier: string }>`select id, dossier from affectation
    where dept = ${session.dept} and terminee_a is null and etat = 'transmise' and repondre_avant < ${session.jour} order by repondre_avant limit 5000 for update skip locked`
  if (echues.length === 0) return { passes: 0, restes: 0 }
  // A savepoint per household would be slow: the cascade is tried first, and those with no next rank are given back.
  const ids = echues.map((echue) => echue.dossier)
  await session.sql`update affectation set etat = 'sans_reponse', issue = 'sans_reponse', terminee_a = ${session.maintenant}
    where dept = ${session.dept} and id = any (${echues.map((echue) => echue.id)}::uuid[])`
  await repartirDossiers(session, ids)
  const orphelins = await session.sql<{ id: string; dossier: string }>`
    select a.id, a.dossier from affectation a
    where a.dept = ${session.dept} and a.id = any (${echues.map((echue) => echue.id)}::uuid[])
      and not exists (select 1 from affectation v where v.dept = ${session.dept} and v.dossier = a.dossier and v.terminee_a is null)`
  if (orphelins.length > 0) {
    await session.sql`update affectation set etat = 'transmise', issue = null, terminee_a = null
      where dept = ${session.dept} and id = any (${orphelins.map((orphelin) => orphelin.id)}::uuid[])`
    await repartirDossiers(
      session,
      orphelins.map((orphelin) => orphelin.dossier),
    )
  }
  const restes = new Set(orphelins.map((orphelin) => orphelin.dossier))
  await consignerFaits(
    session,
    ids.filter((id) => !restes.has(id)).map((dossier) => ({ dossier, type: 'tableau.sans_reponse' })),
  )
  return { passes: ids.length - restes.size, restes: restes.size }
}

/** Seals, in the decisions taken before sealing, the words near health their rules read. From one on. */
export async function scellerDecisions(session: Session, apres: string, pas: number): Promise<PasDeScellement> {
  const { sql, dept } = session
  const lues = await sql<{ id: string; valeurs: Record<string, unknown> }>`select id, valeurs from affectation
    where dept = ${dept} and id > ${apres}::uuid order by id limit ${pas}`
  const coffre = await session.coffre()
  const refaites = lues.flatMap(({ id, valeurs }) => {
    const scellees = scellerMots(coffre, id, valeurs)
    return Object.keys(valeurs).some((mot) => scellees[mot] !== valeurs[mot]) ? [{ id, valeurs: scellees }] : []
  })
  await sql`update affectation a set valeurs = x.valeurs
    from json_to_recordset(${JSON.stringify(refaites)}::json) as x(id uuid, valeurs jsonb) where a.dept = ${dept} and a.id = x.id`
  return { scelles: refaites.length, suite: lues.length < pas ? null : (lues.at(-1)?.id ?? null) }
}
