import { createHash, randomUUID } from 'node:crypto'
import { join } from 'node:path'
import { type Application, accesDe, acteurSysteme, aLeDroit, ouvrirSession, type roles, type Session } from '#acces'
import { projectRoot } from '#socle/config'
import { Conflit, Introuvable, refus } from '#socle/errors'
import { renderPdf } from '#socle/pdf'
import { enqueue } from '#socle/queue'
import { parisDay } from '#socle/time'
import { formatDate, formatDateLongue, typo } from '#socle/typography'
import {
  attendreSeance,
  type Deliberation,
  lirePoste,
  listerPrononces,
  type MotifReport,
  motifsReport,
  type Poste,
  placeDeliberation,
  placePrononce,
  sensExpertise,
} from './deliberations.ts'
import {
  avisPossibles,
  echeanceDuRetour,
  estAdapte,
  type ReponseQuestion,
  reponsesPossibles,
  reponsesQuestion,
} from './reponses.ts'

/** Name of the job that tells what a session decided, once its statement is approved. */
export const TACHE_RELEVE = 'publier-releve'
/** Name of the job that tells a person, by mail, that a recommendation waits. */
export const TACHE_SUITE = 'avis-suite'

const MODELE = join(projectRoot, 'src/commission/releve.typ')
export const placeReleve = (id: string) => `releve|contenu|${id}`
export const placeDocument = (id: string) => `releve|document|${id}`

/** A dossier as the statement tells it. Words only: it is read years later, when lists may have changed. */
export interface LigneReleve {
  /** Id of the dossier, for the journal: whoever approves does not see the dossier itself. */
  readonly dossier?: string
  readonly rang: number
  readonly reference: string
  readonly menage: string
  readonly commune: string
  /** Null: it was decided. */
  readonly report: string | null
  /** Neither decided nor put off yet. */
  readonly attente?: boolean
  readonly questions: readonly (readonly [string, string])[]
  readonly discours: string
  readonly prononces: readonly {
    readonly quoi: string
    readonly texte: string
    readonly destinataire: string
    readonly avant: string
  }[]
}

export interface ContenuReleve {
  readonly commission: string
  readonly le: string
  readonly lieu: string
  readonly presents: readonly string[]
  readonly excuses: readonly string[]
  readonly lignes: readonly LigneReleve[]
}

export interface Releve {
  readonly id: string
  readonly seance: string
  readonly etat: 'a_approuver' | 'approuve'
  readonly contenu: ContenuReleve
  readonly empreinte: string
  readonly perime: boolean
  readonly etabli_a: Temporal.Instant
  readonly etat_a: Temporal.Instant | null
  readonly etat_nom: string | null
  readonly departement_a: Temporal.Instant | null
  readonly departement_nom: string | null
  readonly version: number
}

const LIBELLES_QUESTIONS = [
  ['maintien', 'Maintien possible'],
  ['adapte', 'Logement adapté'],
] as const

/** Words of something pronounced: what it is, its sense, what the law makes of it. */
export function ecrirePrononce(
  session: Session,
  le: Temporal.PlainDate,
  {
    genre,
    code,
    sens,
    pouvoir,
  }: Pick<Awaited<ReturnType<typeof listerPrononces>>[number], 'genre' | 'code' | 'sens' | 'pouvoir'>,
): string {
  if (genre === 'expertise')
    return `Expertise sur le concours de la force publique : ${sens === 'favorable' ? sensExpertise.favorable : sensExpertise.defavorable}. Un éclairage : le préfet décide.`
  if (genre === 'recommandation')
    return reponsesPossibles(session, le)?.recommandations.find(({ id }) => id === code)?.libelle ?? 'Recommandation'
  const possible = avisPossibles(session, le).find(({ id }) => id === code)
  const dit = possible?.sens.find(({ id }) => id === sens)?.libelle ?? sens ?? ''
  const quoi = possible?.aide
    ? pouvoir === 'decision'
      ? 'Décision'
      : pouvoir === 'avis'
        ? 'Avis'
        : 'Avis ou décision, selon la lecture du droit'
    : 'Avis'
  return `${quoi}, ${possible?.libelle ?? code ?? ''} : ${dit}`
}

const ecrireReponse = (reponse: ReponseQuestion | null): string =>
  reponse === null ? 'sans réponse' : reponsesQuestion[reponse].toLocaleLowerCase('fr')

interface Decidee {
  readonly id: string
  readonly inscription: string
  readonly dossier: string
  readonly etat: Deliberation['etat']
  readonly adapte_ressources: ReponseQuestion | null
  readonly adapte_taille: ReponseQuestion | null
  readonly maintien: ReponseQuestion | null
  readonly contenu: string
}

const lireDecidees = (session: Session, seance: string): Promise<Decidee[]> =>
  session.sql<Decidee>`select id, inscription, dossier, etat, adapte_ressources, adapte_taille, maintien, contenu from deliberation
    where dept = ${session.dept} and seance = ${seance}`

/** The statement as it stands: what is decided so far, dossier by dossier, in the order of the agenda (COM-15). */
export async function composerReleve(session: Session, poste: Poste): Promise<ContenuReleve> {
  const { sql, dept } = session
  const decidees = await lireDecidees(session, poste.id)
  const parInscription = new Map(decidees.map((une) => [une.inscription, une]))
  const prononces = Map.groupBy(
    await listerPrononces(
      session,
      decidees.map(({ id }) => id),
    ),
    ({ deliberation }) => deliberation,
  )
  const presences = await sql<{ nom: string; etat: string }>`
    select o.nom, p.etat from seance_presence p join organisme o on o.dept = ${dept} and o.id = p.organisme
    where p.dept = ${dept} and p.seance = ${poste.id} order by o.nom collate "fr-x-icu"`
  const communes = new Map(
    (
      await sql<{ id: string; commune: string }>`select id, commune from dossier where dept = ${dept}
        and id = any (${poste.lignes.map(({ dossier }) => dossier)}::uuid[])`
    ).map(({ id, commune }) => [id, commune]),
  )
  const coffre = await session.coffre()
  const nommer = (...etats: readonly string[]) => [
    ...new Set(presences.filter(({ etat }) => etats.includes(etat)).map(({ nom }) => nom)),
  ]
  return {
    commission: poste.nom,
    le: poste.le.toString(),
    lieu: poste.lieu,
    presents: nommer('titulaire', 'suppleant'),
    excuses: nommer('excuse', 'absent'),
    lignes: poste.lignes.map((ligne): LigneReleve => {
      const commun = {
        dossier: ligne.dossier,
        rang: ligne.rang,
        reference: ligne.reference ?? '',
        menage: ligne.titulaire ?? '',
        commune: communes.get(ligne.dossier) ?? '',
      }
      const decidee = parInscription.get(ligne.inscription)
      const rien = { ...commun, questions: [], discours: '', prononces: [] }
      if (!decidee || decidee.etat === 'ouverte') return { ...rien, report: 'Pas encore décidé', attente: true }
      const { discours, report } = coffre.ouvrir(decidee.contenu, placeDeliberation(decidee.id)) as Pick<
        Deliberation,
        'discours' | 'report'
      >
      if (decidee.etat === 'reportee')
        return {
          ...rien,
          report: [report ? motifsReport[report.motif] : 'Reporté', report?.precision ?? '']
            .filter(Boolean)
            .join(' : '),
        }
      const reponses = { maintien: decidee.maintien, adapte: estAdapte(decidee) }
      return {
        ...commun,
        report: null,
        questions: LIBELLES_QUESTIONS.map(([cle, libelle]) => [libelle, ecrireReponse(reponses[cle])] as const),
        discours,
        // Every co-chair reads the statement: of an expertise, only that it was rendered. Its sense and its reason are for the State.
        prononces: (prononces.get(decidee.id) ?? []).map((un) => ({
          quoi: un.genre === 'expertise' ? 'Expertise rendue' : ecrirePrononce(session, poste.le, un),
          texte: un.genre === 'expertise' ? '' : un.texte,
          destinataire: un.organisme_nom ?? (un.destinataire || 'destinataire à préciser'),
          avant: un.avant_choisi ? formatDate(un.avant_choisi) : '',
        })),
      }
    }),
  }
}

/** Why a dossier has no decision, in a sentence; empty when it has one. */
export const direReport = ({ report, attente }: Pick<LigneReleve, 'report' | 'attente'>): string =>
  report === null ? '' : attente ? `${report}.` : `Reporté. ${report}.`

/** The statement as a document (PDF/UA). Until both approved it says so; then, who did. */
export function imprimerReleve(
  contenu: ContenuReleve,
  { projet, approbations }: { readonly projet: boolean; readonly approbations: readonly string[] },
): Promise<Uint8Array> {
  const le = Temporal.PlainDate.from(contenu.le)
  const liste = (noms: readonly string[]) => (noms.length === 0 ? 'non renseigné' : noms.join(', '))
  return renderPdf(MODELE, {
    titre: typo(
      projet
        ? 'Projet de relevé de décisions'
        : approbations.length > 0
          ? 'Relevé de décisions'
          : 'Relevé de décisions, à l’approbation',
    ),
    sous_titre: typo(`${contenu.commission}, séance du ${formatDateLongue(le)}`),
    lignes: [
      ['Lieu', contenu.lieu || 'non renseigné'],
      ['Présents', liste(contenu.presents)],
      ['Excusés ou absents', liste(contenu.excuses)],
      [
        'Dossiers',
        `${contenu.lignes.filter(({ report }) => report === null).length} décidés, ${contenu.lignes.filter(({ report, attente }) => report !== null && !attente).length} reportés, ${contenu.lignes.filter(({ attente }) => attente).length} à décider`,
      ],
      ...approbations.map((une) => ['Approuvé', une]),
    ].map(([terme, valeur]) => ({ terme: typo(terme ?? ''), valeur: typo(valeur ?? '') })),
    dossiers: contenu.lignes.map((ligne) => ({
      titre: typo(`${ligne.rang}. ${ligne.menage}`),
      sous_titre: typo([`Dossier ${ligne.reference}`, ligne.commune].filter(Boolean).join(', ')),
      report: typo(direReport(ligne)),
      questions: ligne.questions.map(([terme, valeur]) => ({ terme: typo(terme), valeur: typo(valeur) })),
      discours: typo(ligne.discours),
      prononces: ligne.prononces.map(({ quoi, texte, destinataire, avant }) => ({
        quoi: typo([quoi, texte].filter(Boolean).join('. ')),
        destinataire: typo(destinataire),
        avant: typo(avant || 'délai de la charte'),
      })),
    })),
    pied: typo('Membres de la commission et services tenus au secret (loi du 31 mai 1990, art. 7-2).'),
  })
}

/** The statement of a session: undefined before it is closed, or for whoever may not read it. */
export async function lireReleve(session: Session, seance: string): Promise<Releve | undefined> {
  const { sql, dept } = session
  const [ligne] = await sql<Omit<Releve, 'contenu'> & { contenu: string }>`
    select r.id, r.seance, r.etat, r.contenu, r.empreinte, r.perime, r.etabli_a, r.etat_a, e.prenom || ' ' || e.nom as etat_nom, r.departement_a,
      d.prenom || ' ' || d.nom as departement_nom, r.version
    from releve r left join compte e on e.dept = ${dept} and e.id = r.etat_par left join compte d on d.dept = ${dept} and d.id = r.departement_par
    where r.dept = ${dept} and r.seance = ${seance}`
  if (!ligne) return undefined
  const contenu = (await session.coffre()).ouvrir(ligne.contenu, placeReleve(ligne.id)) as ContenuReleve
  return { ...ligne, contenu }
}

/** The document as it was drawn up: the same bytes each time. */
export async function lireDocument(session: Session, seance: string): Promise<Uint8Array> {
  const [ligne] = await session.sql<{ id: string; document: Buffer }>`
    select id, document from releve where dept = ${session.dept} and seance = ${seance}`
  if (!ligne) throw new Introuvable()
  return (await session.coffre()).ouvrirOctets(ligne.document, placeDocument(ligne.id))
}

async function ecrireReleve(session: Session, poste: Poste): Promise<void> {
  const { sql, dept, acteur, maintenant } = session
  const contenu = await composerReleve(session, poste)
  const octets = await imprimerReleve(contenu, { projet: false, approbations: [] })
  const [deja] = await sql<{ id: string }>`select id from releve where dept = ${dept} and seance = ${poste.id}`
  const id = deja?.id ?? randomUUID()
  const coffre = await session.coffre()
  const scelle = coffre.sceller(contenu, placeReleve(id))
  const document = coffre.scellerOctets(octets, placeDocument(id))
  const empreinte = createHash('sha256').update(octets).digest('hex')
  if (deja) {
    const [refait] =
      await sql`update releve set contenu = ${scelle}, document = ${document}, empreinte = ${empreinte}, perime = false,
      etabli_a = ${maintenant}, etabli_par = ${acteur.compte}, version = version + 1
      where dept = ${dept} and id = ${id} and etat_a is null and departement_a is null returning id`
    if (!refait) throw new Conflit('releve.approuve', 'Un coprésident a approuvé ce relevé : il ne se refait plus.')
  } else
    await sql`insert into releve (dept, id, seance, etat, contenu, document, empreinte, etabli_a, etabli_par)
      values (${dept}, ${id}, ${poste.id}, 'a_approuver', ${scelle}, ${document}, ${empreinte}, ${maintenant}, ${acteur.compte})`
  session.consigner({
    action: 'releve.etablir',
    objet: 'releve',
    objetId: id,
    dossiers: poste.lignes.map(({ dossier }) => dossier),
    details: { seance: poste.id, empreinte },
  })
}

/**
 * Closes a session and draws up its statement: dossiers nobody decided are put off « faute de temps ». `restants`: how many the person was shown; when the agenda
 * changed since, nothing is done.
 */
export async function cloreSeance(session: Session, seance: string, restants: number): Promise<void> {
  const { sql, dept, acteur, maintenant, jour } = session
  await attendreSeance(session, seance)
  const poste = await lirePoste(session, seance)
  if (poste.close_a !== null) throw new Conflit('seance.close', 'Cette séance est déjà close.')
  if (poste.etat === 'annulee') throw refus('seance.annulee', 'Cette séance est annulée.')
  if (Temporal.PlainDate.compare(jour, poste.le) < 0)
    throw refus('seance.a_venir', 'Cette séance n’a pas encore eu lieu : elle se clôt le jour venu.')
  const reste = poste.lignes.filter(({ etat }) => etat === 'inscrit')
  if (reste.length !== restants)
    throw new Conflit(
      'seance.restants',
      'L’ordre du jour a changé pendant que la page était ouverte : relire, puis clore.',
    )
  if (reste.some(({ reference }) => reference === null)) throw new Introuvable()
  const coffre = await session.coffre()
  const report = { motif: 'temps' satisfies MotifReport, precision: '' }
  const ids = reste.map(({ inscription }) => inscription)
  const ouvertes = await sql<{ id: string; contenu: string }>`
    select id, contenu from deliberation where dept = ${dept} and inscription = any (${ids}::uuid[]) and etat = 'ouverte'`
  const deja = ouvertes.map(({ id, contenu }) => ({
    id,
    contenu: coffre.sceller(
      { ...(coffre.ouvrir(contenu, placeDeliberation(id)) as object), report },
      placeDeliberation(id),
    ),
  }))
  await sql`update deliberation x set etat = 'reportee', contenu = n.contenu, adoptee_a = ${maintenant}, modifiee_a = ${maintenant}, modifiee_par = ${acteur.compte},
      version = x.version + 1
    from jsonb_to_recordset(${JSON.stringify(deja)}::jsonb) as n(id uuid, contenu text) where x.dept = ${dept} and x.id = n.id`
  const neuves = ids.map((inscription) => {
    const id = randomUUID()
    return { id, inscription, contenu: coffre.sceller({ discours: '', report }, placeDeliberation(id)) }
  })
  await sql`insert into deliberation (dept, id, inscription, seance, dossier, etat, contenu, stade, ouverte_a, modifiee_a, modifiee_par, adoptee_a)
    select ${dept}, n.id, i.id, i.seance_id, i.dossier_id, 'reportee', n.contenu, d.stade, ${maintenant}, ${maintenant}, ${acteur.compte}, ${maintenant}
    from jsonb_to_recordset(${JSON.stringify(neuves)}::jsonb) as n(id uuid, inscription uuid, contenu text)
    join inscription i on i.dept = ${dept} and i.id = n.inscription join dossier d on d.dept = ${dept} and d.id = i.dossier_id
    where not exists (select 1 from deliberation x where x.dept = ${dept} and x.inscription = i.id)`
  await sql`update inscription set etat = 'reporte', version = version + 1 where dept = ${dept} and id = any (${ids}::uuid[]) and etat = 'inscrit'`
  const [close] =
    await sql`update seance set etat = 'close', ouverte_a = coalesce(ouverte_a, ${maintenant}), close_a = ${maintenant}, version = version + 1
    where dept = ${dept} and id = ${seance} and close_a is null returning id`
  if (!close) throw new Introuvable()
  session.consigner({ action: 'seance.clore', objet: 'seance', objetId: seance, details: { reportes: ids.length } })
  await ecrireReleve(session, await lirePoste(session, seance))
}

/** Draws the statement up again, once a decision was corrected; refused once a co-chair approved it. */
export async function refaireReleve(session: Session, seance: string): Promise<void> {
  await attendreSeance(session, seance)
  const poste = await lirePoste(session, seance)
  if (poste.close_a === null) throw refus('seance.ouverte', 'Clore d’abord la séance.')
  await ecrireReleve(session, poste)
}

export type CotePresidence = 'etat' | 'departement'

/** The side this person chairs this session for; null for anybody else. A person named on both sides approves for one only, each needing its own organisme. */
export async function coteDePresidence(session: Session, seance: string): Promise<CotePresidence | null> {
  const { sql, dept, acteur, jour } = session
  if (!aLeDroit(acteur, 'releve.approuver') || acteur.compte === null) return null
  const [ligne] = await sql<{ qualite: string }>`
    select m.qualite from seance s join commission_membre m on m.dept = ${dept} and m.commission = s.commission
    where s.dept = ${dept} and s.id = ${seance} and m.qualite in ('copresident_etat', 'copresident_departement')
      and ${acteur.compte}::uuid in (m.titulaire, m.suppleant) and m.organisme = ${acteur.organisme}::uuid
      and m.du <= ${jour} and (m.jusqu_au is null or m.jusqu_au >= ${jour}) order by m.qualite limit 1`
  return ligne ? (ligne.qualite === 'copresident_etat' ? 'etat' : 'departement') : null
}

/** Statements that wait for the approval of this person: sessions their side chairs, and has not approved yet. */
export function listerRelevesAApprouver({
  sql,
  dept,
  acteur,
  jour,
}: Session): Promise<{ readonly seance: string; readonly le: Temporal.PlainDate; readonly nom: string }[]> {
  return sql`select distinct r.seance, s.le, c.nom from releve r join seance s on s.dept = ${dept} and s.id = r.seance
    join commission c on c.dept = ${dept} and c.id = s.commission join commission_membre m on m.dept = ${dept} and m.commission = c.id
    where r.dept = ${dept} and r.etat = 'a_approuver' and not r.perime and ${acteur.compte}::uuid in (m.titulaire, m.suppleant) and m.organisme = ${acteur.organisme}::uuid
      and m.du <= ${jour} and (m.jusqu_au is null or m.jusqu_au >= ${jour})
      and ((m.qualite = 'copresident_etat' and r.etat_a is null) or (m.qualite = 'copresident_departement' and r.departement_a is null)) order by s.le`
}

/**
 * A co-chair approves the statement as they read it (`vu`). The second approval freezes it; background work then tells each addressee its part. Returns whether both
 * approved.
 */
export async function approuverReleve(session: Session, seance: string, vu: number): Promise<boolean> {
  const { sql, dept, acteur, maintenant } = session
  await attendreSeance(session, seance)
  const releve = await lireReleve(session, seance)
  const cote = await coteDePresidence(session, seance)
  if (!releve || cote === null) throw new Introuvable()
  if (releve[`${cote}_a`] !== null) throw new Conflit('releve.deja', 'Votre côté a déjà approuvé ce relevé.')
  if (releve.version !== vu || releve.perime)
    throw new Conflit(
      'releve.change',
      'Ce relevé a changé pendant que la page était ouverte : le relire, puis approuver.',
    )
  const autre = cote === 'etat' ? releve.departement_a : releve.etat_a
  const etat = autre === null ? 'a_approuver' : 'approuve'
  const [fait] = await sql`update releve set etat = ${etat},
      etat_a = case when ${cote} = 'etat' then ${maintenant}::timestamptz else etat_a end, etat_par = case when ${cote} = 'etat' then ${acteur.compte}::uuid else etat_par end,
      departement_a = case when ${cote} = 'departement' then ${maintenant}::timestamptz else departement_a end,
      departement_par = case when ${cote} = 'departement' then ${acteur.compte}::uuid else departement_par end, version = version + 1
    where dept = ${dept} and id = ${releve.id} and etat = 'a_approuver' returning id`
  if (!fait) throw new Introuvable()
  session.consigner({
    action: 'releve.approuver',
    objet: 'releve',
    objetId: releve.id,
    details: { seance, cote, empreinte: releve.empreinte },
  })
  if (etat === 'approuve') await enqueue(session, TACHE_RELEVE, { dept, seance })
  return etat === 'approuve'
}

/** People of these bodies who may answer what is addressed to them, today. */
async function listerComptes(session: Session, organismes: readonly string[]): Promise<string[]> {
  const { dept, jour } = session
  const habilites = await session.sql<{ compte: string; type: string; role: (typeof roles)[number] }>`
    select distinct c.id as compte, o.type, h.role from habilitation h join compte c on c.dept = ${dept} and c.id = h.compte and c.ferme_a is null
    join organisme o on o.dept = ${dept} and o.id = h.organisme and o.actif
    where h.dept = ${dept} and h.organisme = any (${organismes}::uuid[]) and h.retiree_a is null and h.du <= ${jour}
      and (h.jusqu_au is null or h.jusqu_au >= ${jour})`
  return [
    ...new Set(
      habilites
        .filter(({ type, role }) =>
          aLeDroit({ acces: accesDe(session.referentiel.matrice, type, role) }, 'suite.repondre'),
        )
        .map(({ compte }) => compte),
    ),
  ]
}

/** Prepares the mail of the day of the people of these bodies: one each, that says that something waits, never what. Returns how many people it reaches. */
export async function preparerAvisSuite(session: Session, organismes: readonly string[]): Promise<number> {
  const { sql, dept, jour, maintenant } = session
  if (organismes.length === 0) return 0
  const comptes = await listerComptes(session, organismes)
  for (const compte of comptes) {
    await sql`insert into suite_avis (dept, compte, jour, cree_a) values (${dept}, ${compte}, ${jour}, ${maintenant}) on conflict do nothing`
    await enqueue(session, TACHE_SUITE, { dept, compte, jour: jour.toString() })
  }
  return comptes.length
}

/**
 * Job: tells what an approved statement decided (COM-15, COU-44). Each thing pronounced goes to its addressee with the household it is about and its date; the
 * orientation becomes the common position of the dossier. Twice is once.
 */
export async function publierReleve(application: Application, dept: string, seance: string): Promise<void> {
  await ouvrirSession(application, acteurSysteme(dept, 'releve'), 'releve.approuver', async (session) => {
    const { sql, maintenant } = session
    await attendreSeance(session, seance)
    const [approuve] = await sql<{ le: Temporal.PlainDate; nom: string }>`
      select s.le, c.nom from releve r join seance s on s.dept = ${dept} and s.id = r.seance join commission c on c.dept = ${dept} and c.id = s.commission
      where r.dept = ${dept} and r.seance = ${seance} and r.etat = 'approuve'`
    if (!approuve) return
    const decidees = await sql<Decidee & { titulaire: string; adresse: string; commune: string }>`
      select x.id, x.inscription, x.dossier, x.etat, x.adapte_ressources, x.adapte_taille, x.maintien, x.contenu, d.titulaire, d.adresse, d.commune
      from deliberation x join dossier d on d.dept = ${dept} and d.id = x.dossier
      where x.dept = ${dept} and x.seance = ${seance} and x.etat = 'adoptee' and x.publiee_a is null`
    if (decidees.length === 0) return
    const parId = new Map(decidees.map((une) => [une.id, une]))
    const coffre = await session.coffre()
    const jour = parisDay(maintenant)
    const prononces = (
      await listerPrononces(
        session,
        decidees.map(({ id }) => id),
      )
    ).filter(({ etat }) => etat === 'projet')
    const notifies = prononces.map((un) => {
      const de = parId.get(un.deliberation)
      const echeance = echeanceDuRetour(session, jour, un.avant_choisi)
      return {
        id: un.id,
        acte: randomUUID(),
        contenu: coffre.sceller(
          {
            texte: un.texte,
            destinataire: un.destinataire,
            commission: approuve.nom,
            seance_le: approuve.le.toString(),
            menage: de?.titulaire ?? '',
            adresse: [de?.adresse, de?.commune].filter(Boolean).join(', '),
          },
          placePrononce(un.id),
        ),
        // An expertise enlightens the préfet, who answers nobody for it.
        etat: un.genre === 'expertise' ? 'notifie' : 'attendu',
        retour: un.genre === 'expertise' ? null : (echeance?.le ?? null),
        echeance: un.genre === 'expertise' ? null : echeance,
      }
    })
    await sql`update prononce p set etat = n.etat, notifie_a = ${maintenant}, contenu = n.contenu, retour_avant = n.retour, echeance = n.echeance, version = p.version + 1
      from jsonb_to_recordset(${JSON.stringify(notifies)}::jsonb) as n(id uuid, etat text, contenu text, retour date, echeance jsonb) where p.dept = ${dept} and p.id = n.id`
    await sql`insert into prononce_acte (dept, id, prononce, acte, a)
      select ${dept}, n.acte, n.id, 'notifie', ${maintenant} from jsonb_to_recordset(${JSON.stringify(notifies)}::jsonb) as n(id uuid, acte uuid)`
    const positions = decidees
      .map((une) => ({
        ...une,
        adapte: estAdapte(une),
        discours: (coffre.ouvrir(une.contenu, placeDeliberation(une.id)) as { discours: string }).discours,
      }))
      .filter(({ maintien, adapte, discours }) => maintien !== null || adapte !== null || discours !== '')
      .map(({ id, dossier, maintien, adapte, discours }) => {
        const position = randomUUID()
        return {
          id: position,
          deliberation: id,
          dossier,
          maintien,
          adapte,
          discours: coffre.sceller(discours, placePosition(position)),
        }
      })
    const dossiers = positions.map(({ dossier }) => dossier)
    await sql`update position_commune set remplacee_a = ${maintenant} where dept = ${dept} and dossier = any (${dossiers}::uuid[]) and remplacee_a is null`
    await sql`insert into position_commune (dept, id, dossier, deliberation, seance, prise_le, publiee_a, maintien, adapte, discours)
      select ${dept}, n.id, n.dossier, n.deliberation, ${seance}, ${approuve.le}, ${maintenant}, n.maintien, n.adapte, n.discours
      from jsonb_to_recordset(${JSON.stringify(positions)}::jsonb) as n(id uuid, dossier uuid, deliberation uuid, maintien text, adapte text, discours text)`
    await sql`update deliberation set publiee_a = ${maintenant} where dept = ${dept} and id = any (${[...parId.keys()]}::uuid[])`
    await preparerAvisSuite(session, [...new Set(prononces.flatMap(({ organisme }) => organisme ?? []))])
    session.consigner({
      action: 'releve.notifier',
      objet: 'seance',
      objetId: seance,
      dossiers: decidees.map(({ dossier }) => dossier),
      details: { notifies: notifies.length },
    })
  })
}

export const placePosition = (id: string) => `position_commune|discours|${id}`

/** Job: tells a person, once a day, that something waits. Neither who, nor what, nor about which household. */
export async function envoyerAvisSuite(
  application: Application,
  dept: string,
  compte: string,
  jour: string,
): Promise<void> {
  const reglages = application.acces
  if (!reglages?.courrier.ready) return
  await ouvrirSession(application, acteurSysteme(dept, 'avis-suite'), 'suite.repondre', async (session) => {
    const [avis] = await session.sql<{ courriel: string }>`
      select c.courriel from suite_avis a join compte c on c.dept = ${dept} and c.id = a.compte and c.ferme_a is null
      where a.dept = ${dept} and a.compte = ${compte}::uuid and a.jour = ${jour}::date and a.envoye_a is null
        and exists (select 1 from habilitation h where h.dept = ${dept} and h.compte = c.id and h.retiree_a is null
          and h.du <= ${session.jour} and (h.jusqu_au is null or h.jusqu_au >= ${session.jour}))
      for update of a`
    if (!avis) return
    await session.sql`update suite_avis set envoye_a = ${session.maintenant} where dept = ${dept} and compte = ${compte}::uuid and jour = ${jour}::date`
    session.consigner({ action: 'avis.envoyer', objet: 'compte', objetId: compte })
    await reglages.courrier.send({
      to: avis.courriel,
      subject: 'Amont : une suite vous attend',
      text: `Bonjour,\n\nUne suite à donner vous attend dans Amont. Pour la lire :\n\n${reglages.adresse}/suites\n\nCe courriel ne dit rien de plus : ce qui est confidentiel reste dans Amont. Un seul part par jour.\n`,
    })
  })
}
