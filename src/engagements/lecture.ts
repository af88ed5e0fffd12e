import { listerOrganismes, masqueDe, type Session } from '#acces'
import {
  CHAMPS_DOSSIER,
  conditionsRemplies,
  estDeSante,
  lireDossiersSuivis,
  litLesEcritsDe,
  valeursLisibles,
} from '#dossiers'
import { listerPieces, scellementDuDossier } from '#echanges'
import { type Charte, type ConstatEngagement, versionAu } from '#referentiel'
import type { Keyring } from '#socle/cipher'
import { type Fragment, sql as fragment } from '#socle/db'
import { Introuvable } from '#socle/errors'
import { lireAttaches, RIEN } from './attaches.ts'
import {
  type Certitude,
  cadreDe,
  ccasDuLieu,
  completerFaits,
  constater,
  constaterGeneraux,
  type EngagementTenu,
  engagementsGeneraux,
  type SourceEcheance,
} from './composer.ts'
import { type EtatTache, etatDe } from './etats.ts'
import { chargerPreuves, voieDe } from './preuves.ts'

/** One task as read, whoever reads it: what it holds of the household is in its dossier. */
export interface LigneTache {
  readonly id: string
  readonly dossier: string
  readonly engagement: string
  readonly partenaire: string
  readonly stade: string
  readonly mode: 'tache' | 'automatique'
  readonly organisme: string
  readonly organisme_nom: string
  readonly signataire: boolean
  readonly facultatif: boolean
  readonly acces: boolean
  readonly certitude: Certitude
  readonly confirmee: boolean
  readonly manquants: readonly string[]
  readonly echeance_le: Temporal.PlainDate | null
  readonly echeance: SourceEcheance | null
  readonly etat: 'a_faire' | 'faite' | 'empechee' | 'sans_objet'
  readonly cause: string | null
  readonly fait_le: Temporal.PlainDate | null
  readonly agent: string | null
  readonly agent_nom: string | null
  readonly version: number
  readonly charte: string
  readonly entree_le: Temporal.PlainDate
  readonly sortie_le: Temporal.PlainDate | null
}

export interface Tache extends LigneTache {
  readonly libelle: string
  readonly etat_montre: EtatTache
  readonly lu: EngagementTenu | null
  /** A fait of the chronology closes it by itself. */
  readonly prouvable: boolean
}

/** An engagement of the version of the charter a task was made under. */
export function trouverEngagement(
  session: Pick<Session, 'referentiel' | 'dept'>,
  charte: string,
  id: string,
): { readonly charte: Charte; readonly engagement: EngagementTenu } | null {
  const trouvee = session.referentiel.departements.get(session.dept)?.chartes.find((une) => une.id === charte)
  const engagement =
    trouvee?.engagements.find((un) => un.id === id) ??
    (trouvee && engagementsGeneraux(trouvee).find((un) => un.id === id))
  return trouvee && engagement ? { charte: trouvee, engagement } : null
}

/** A row with the words of its charter and the state it shows. */
export function enTache<L extends LigneTache>(
  session: Session,
  ligne: L,
): L & Pick<Tache, 'libelle' | 'etat_montre' | 'lu' | 'prouvable'> {
  const trouve = trouverEngagement(session, ligne.charte, ligne.engagement)
  return {
    ...ligne,
    libelle: trouve?.engagement.libelle ?? `Engagement ${ligne.engagement}`,
    etat_montre: etatDe(ligne, session.jour),
    lu: trouve?.engagement ?? null,
    prouvable: trouve !== null && voieDe(chargerPreuves(session.referentiel.racine), trouve.engagement) !== null,
  }
}

/** An engagement nobody here can hold yet, or an information to give, with why it is shown. */
export interface Offre {
  readonly engagement: EngagementTenu
  readonly partenaire: string
  readonly etat: ConstatEngagement['etat']
}

export interface EngagementsDuDossier {
  readonly taches: readonly Tache[]
  /** To say or to hand over at this step (mode I). */
  readonly informations: readonly Offre[]
  /** What may be owed besides: facts are missing, or nobody of the group is designated on this dossier. */
  readonly autres: readonly Offre[]
  /** Version of the charter they come from; null when none is in force. */
  readonly charte: Charte | null
}

/** Who reads the whole département reads who owes what; the others, what their own organisme owes. The database says it again of tasks. */
export const voitTousLesEngagements = ({ acteur }: Pick<Session, 'acteur'>): boolean =>
  acteur.acces.portee === 'departement'

/** Whether an engagement hangs on a word near health: that it applies would tell it. Being vulnerable says no reason, and lists are made of it. */
const estReserve = ({ si }: Pick<EngagementTenu, 'si'>): boolean =>
  si?.mots.some((mot) => mot !== 'menage.vulnerable' && estDeSante(mot)) === true

/** The engagements of another organisme this session is not told of, where it does not read what is near health. */
const engagementsReserves = ({ referentiel, dept }: Pick<Session, 'referentiel' | 'dept'>): readonly string[] => [
  ...new Set(
    (referentiel.departements.get(dept)?.chartes ?? []).flatMap((charte) =>
      [...charte.engagements, ...engagementsGeneraux(charte)].filter(estReserve).map(({ id }) => id),
    ),
  ),
]

/** Engagements whose group the reader may read: all of them, or those of its own kind of body. */
const constatsVisibles = (
  session: Session,
  charte: Charte | null,
  constats: readonly ConstatEngagement[],
): readonly ConstatEngagement[] => {
  if (voitTousLesEngagements(session)) return constats
  const siens = new Set(
    (charte?.partenaires ?? [])
      .filter(({ types }) => (types as readonly (string | null)[]).includes(session.acteur.organismeType))
      .map(({ id }) => id),
  )
  // What every signatory promises is everybody's.
  return constats.filter(
    ({ engagement }) => siens.has(engagement.partenaire) || engagement.partenaire === 'generaux/signataires',
  )
}

/** Tasks of the reader's own organisme, and those of the others that tell nothing near health unless the reader reads it. */
export const nonReserves = (session: Session, sante: boolean): Fragment =>
  sante
    ? fragment`true`
    : fragment`(t.organisme = ${session.acteur.organisme}::uuid or t.engagement <> all (${engagementsReserves(session)}::text[]))`

/** Whether this session reads what is near health in a dossier. */
async function litLaSante(session: Session, dossier: string): Promise<boolean> {
  const { voit } = masqueDe(session.acteur)
  if (voit('sante')) return true
  const [lu] = await session.sql<{ remplies: readonly string[] }>`
    select ${conditionsRemplies(session, CHAMPS_DOSSIER)} as remplies from dossier d where d.dept = ${session.dept} and d.id = ${dossier}::uuid`
  return lu !== undefined && voit('sante', lu.remplies)
}

/**
 * What is owed for a dossier already opened by its reader, by all or by its own organisme (ENG-10): its tasks, and what its step offers besides.
 */
export async function lireEngagements(
  session: Session,
  dossier: { readonly id: string },
): Promise<EngagementsDuDossier> {
  const { sql, dept } = session
  const sante = await litLaSante(session, dossier.id)
  const lignes = await sql<LigneTache>`
    select t.id, t.dossier, t.engagement, t.partenaire, t.stade, t.mode, t.organisme, o.nom as organisme_nom, t.signataire, t.facultatif, t.acces, t.certitude,
      t.confirmee, t.manquants, t.echeance_le, t.echeance, t.etat, t.cause, t.fait_le, t.agent, c.prenom || ' ' || c.nom as agent_nom, t.version,
      p.charte, p.entree_le, p.sortie_le
    from engagement_tache t
    join engagement_passage p on p.dept = ${dept} and p.id = t.passage
    join organisme o on o.dept = ${dept} and o.id = t.organisme
    left join compte c on c.dept = ${dept} and c.id = t.agent
    where t.dept = ${dept} and t.dossier = ${dossier.id} and ${nonReserves(session, sante)}
    order by p.sortie_le desc nulls first, p.entree_le desc, t.echeance_tri, o.nom collate "fr-x-icu", t.partenaire, t.engagement, t.id`
  session.consigner({ action: 'engagements.lire', objet: 'dossier', objetId: dossier.id, dossiers: [dossier.id] })
  const taches = lignes.map((ligne) => enTache(session, ligne))
  const vivantes = taches.filter(({ sortie_le }) => sortie_le === null)
  const { constats: tous, charte } = await constaterDossier(session, dossier.id, vivantes[0]?.charte)
  const constats = constatsVisibles(session, charte, tous).filter(({ engagement }) => sante || !estReserve(engagement))
  const tenus = new Set(vivantes.map(({ engagement }) => engagement))
  const offre = ({ engagement, etat }: ConstatEngagement): Offre => ({
    engagement,
    etat,
    partenaire:
      charte?.partenaires.find(({ id }) => id === engagement.partenaire)?.nom ??
      charte?.generaux.find(({ id }) => `generaux/${id}` === engagement.partenaire)?.libelle ??
      engagement.partenaire,
  })
  return {
    taches,
    charte,
    informations: constats.filter(({ engagement }) => engagement.mode === 'information').map(offre),
    autres: constats
      .filter(
        ({ engagement }) =>
          (engagement.mode === 'tache' || engagement.mode === 'automatique') &&
          // A general one waits to be solicited: nobody is missing.
          !engagement.id.startsWith('generaux/') &&
          !tenus.has(engagement.id),
      )
      .map(offre),
  }
}

/** The engagements of the present step of one dossier, evaluated now, under the version of the charter its tasks keep. */
async function constaterDossier(session: Session, id: string, gardee: string | undefined) {
  const departement = session.referentiel.departements.get(session.dept)
  const [dossier] = await lireDossiersSuivis(session, [id])
  const courante = departement ? versionAu(departement.chartes, session.jour) : null
  const charte =
    departement?.chartes.find((une) => une.id === gardee) ?? (courante && !('aucune' in courante) ? courante : null)
  if (!departement || !dossier || !charte || dossier.clos) return { constats: [], charte: charte ?? null }
  const organismes = await listerOrganismes(session)
  const attaches = (await lireAttaches(session, [id])).get(id)
  const cadre = cadreDe(departement, charte, session.jour)
  const liens = attaches ?? RIEN
  const faits = completerFaits(dossier, {
    services: liens.services,
    diagnostic: liens.diagnostic,
    faits: liens.faits,
    ccas: ccasDuLieu(
      dossier,
      organismes.filter(({ type }) => type === 'ccas'),
    ),
  })
  return { charte, constats: [...constater(cadre, faits), ...constaterGeneraux(cadre, faits)] }
}

/** What somebody did to a task. Its text is opened for the organisme that wrote it and for those who read every text. */
export interface ActeTache {
  readonly id: string
  readonly genre: 'faite' | 'empechee' | 'sans_objet' | 'confirmee' | 'attribuee' | 'defaite'
  readonly le: Temporal.PlainDate
  readonly motif: string | null
  readonly texte: string | null
  /** A text is there, for others. */
  readonly reserve: boolean
  readonly piece_nom: string | null
  readonly agent_nom: string | null
  readonly organisme: string
  readonly organisme_nom: string
  readonly auteur: string
  readonly a: Temporal.Instant
}

/** One task of a dossier already opened by its reader, with why it applies and what was done of it. */
export async function lireTache(
  session: Session,
  cles: Keyring | null,
  dossier: { readonly id: string },
  id: string,
): Promise<{
  readonly tache: Tache
  readonly actes: readonly ActeTache[]
  readonly charte: Charte | null
  readonly valeurs: Readonly<Record<string, unknown>>
  readonly reservees: number
}> {
  const { sql, dept } = session
  const [ligne] = await sql<LigneTache & { readonly remplies: readonly string[] }>`
    select t.id, t.dossier, t.engagement, t.partenaire, t.stade, t.mode, t.organisme, o.nom as organisme_nom, t.signataire, t.facultatif, t.acces, t.certitude,
      t.confirmee, t.manquants, t.echeance_le, t.echeance, t.etat, t.cause, t.fait_le, t.agent, c.prenom || ' ' || c.nom as agent_nom, t.version,
      p.charte, p.entree_le, p.sortie_le, ${conditionsRemplies(session, CHAMPS_DOSSIER)} as remplies
    from engagement_tache t
    join dossier d on d.dept = ${dept} and d.id = t.dossier
    join engagement_passage p on p.dept = ${dept} and p.id = t.passage
    join organisme o on o.dept = ${dept} and o.id = t.organisme
    left join compte c on c.dept = ${dept} and c.id = t.agent
    where t.dept = ${dept} and t.dossier = ${dossier.id} and t.id = ${id} and ${nonReserves(session, await litLaSante(session, dossier.id))}`
  if (!ligne) throw new Introuvable()
  const { remplies, ...lue } = ligne
  const bruts = await sql<Omit<ActeTache, 'reserve' | 'piece_nom'> & { readonly piece: string | null }>`
    select a.id, a.genre, a.le, a.motif, a.texte, a.piece, g.prenom || ' ' || g.nom as agent_nom, a.organisme, o.nom as organisme_nom,
      c.prenom || ' ' || c.nom as auteur, a.a
    from engagement_acte a
    join organisme o on o.dept = ${dept} and o.id = a.organisme
    join compte c on c.dept = ${dept} and c.id = a.par
    left join compte g on g.dept = ${dept} and g.id = a.agent
    where a.dept = ${dept} and a.tache = ${id} order by a.rang desc`
  const pieces = bruts.some(({ piece }) => piece !== null) ? await listerPieces(session, dossier.id) : []
  const noms = new Map(pieces.map((piece) => [piece.id, piece.nom]))
  const ouverts = bruts.filter(({ texte, organisme }) => texte !== null && litLesEcritsDe(session, organisme))
  const lisibles = new Set(ouverts.map(({ id: acte }) => acte))
  const scellement = ouverts.length > 0 && cles ? await scellementDuDossier(session, cles, dossier.id) : null
  session.consigner({ action: 'engagements.lire', objet: 'dossier', objetId: dossier.id, dossiers: [dossier.id] })
  const { constats, charte } = await constaterDossier(session, dossier.id, lue.charte)
  const constat = constats.find(({ engagement }) => engagement.id === lue.engagement)
  return {
    tache: enTache(session, lue),
    charte,
    actes: bruts.map(({ piece, ...acte }) => {
      const lisible = acte.texte !== null && scellement !== null && lisibles.has(acte.id)
      return {
        ...acte,
        piece_nom: piece === null ? null : (noms.get(piece) ?? null),
        texte:
          lisible && acte.texte !== null
            ? scellement.ouvrir(acte.texte, { table: 'engagement_acte', colonne: 'texte', id: acte.id })
            : null,
        reserve: acte.texte !== null && !lisible,
      }
    }),
    ...valeursLisibles(session, constat?.valeurs ?? {}, remplies),
  }
}
