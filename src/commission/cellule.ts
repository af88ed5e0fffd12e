import { createHash, randomUUID } from 'node:crypto'
import { aLeDroit, listerOrganismes, type Organisme, type Session } from '#acces'
import { consignerFaits, type Dossier } from '#dossiers'
import { listerLecteursPossibles, listerPieces, montrerPieces, type Piece, scellementDuDossier } from '#echanges'
import {
  DUREE_MAX_PARTICIPATION,
  engagerPourLaCellule,
  estInvitable,
  peutTenirParticipations,
  reprendrePourLaCellule,
} from '#participations'
import type { TypeOrganisme } from '#referentiel'
import { Conflit, Introuvable, refus } from '#socle/errors'
import { parisDay } from '#socle/time'
import { listerComptes, listerLecteursConsultation, prevenirDeLaConsultation } from './cellule-avis.ts'
import type { QualiteMembre } from './cellule-lecture.ts'
import {
  AUTRE_OBJET,
  cadreDeLaCellule,
  echeanceDe,
  figerRegles,
  type ModeConsultation,
  type ReglesFigees,
} from './cellule-regles.ts'

export const LONGUEUR_QUESTION = 3000

/** Somebody who may be asked besides the permanent members. */
export interface InvitePossible {
  readonly id: string
  readonly nom: string
  /** Already takes part in the dossier. */
  readonly engage: boolean
  /** Reads the dossier while it is asked; otherwise, the consultation alone. */
  readonly litLeDossier: boolean
}

/** Who a consultation of this dossier may go to. */
export interface Interlocuteurs {
  readonly permanents: readonly Organisme[]
  readonly invites: readonly InvitePossible[]
  readonly secretariats: readonly Organisme[]
}

const duTerritoire = ({ territoires }: Organisme, territoire: string | null): boolean =>
  territoires === null || (territoire !== null && territoires.includes(territoire))

/** A body that works for some communes is asked for their inhabitants only: a mayor, a CCAS. */
const deLaCommune = ({ type, communes }: Organisme, { code_insee: code }: Dossier): boolean =>
  type === 'mairie' || communes !== null ? code !== null && (communes?.includes(code) ?? false) : true

/** Landlords that let this dwelling or reported this household, by their exact name or by what they sent. */
async function bailleursDuMenage(session: Session, dossier: Dossier): Promise<ReadonlySet<string>> {
  const { dept } = session
  const lignes = await session.sql<{ id: string }>`
    select o.id from organisme o where o.dept = ${dept} and o.actif and o.type = 'bailleur_social'
      and (lower(o.nom) = lower(${dossier.bail.bailleurNom ?? ''})
        or exists (select 1 from rattachement r join signalement s on s.dept = ${dept} and s.id = r.signalement
          where r.dept = ${dept} and r.dossier = ${dossier.id} and r.defait_a is null and s.retire_a is null and s.organisme = o.id))`
  return new Set(lignes.map(({ id }) => id))
}

/**
 * Who may be asked (CEL-02, CEL-03). The permanent members the charter names are always asked. Whoever consults may add those who already take part in the dossier;
 * the secretariat, the pilots and the service in charge may also bring in the others the charter lists, for this consultation. Without a text, nobody is permanent.
 */
export async function listerInterlocuteurs(session: Session, dossier: Dossier): Promise<Interlocuteurs> {
  const { cellule } = cadreDeLaCellule(session)
  const { acteur } = session
  const tous = await listerOrganismes(session)
  const types = new Set<string>(cellule?.permanents.flatMap((un) => un.types) ?? [])
  const permanents = tous.filter((un) => types.has(un.type) && duTerritoire(un, dossier.territoire))
  const secretariats = tous.filter(({ type }) => type === 'secretariat')
  const proches = secretariats.filter((un) => duTerritoire(un, dossier.territoire))
  const poses = new Set([...permanents, ...secretariats].map(({ id }) => id))
  const engages = (await listerLecteursPossibles(session, dossier, 3)).filter(
    ({ id }) => !poses.has(id) && id !== acteur.organisme,
  )
  const connus = new Set(engages.map(({ id }) => id))
  const peutInviter =
    dossier.clos_le === null && (aLeDroit(acteur, 'cellule.conclure') || peutTenirParticipations(session, dossier))
  const ouvrables = new Set<string>(cellule?.invites.flatMap((un) => un.types) ?? [])
  const bailleurs = peutInviter && ouvrables.has('bailleur_social') ? await bailleursDuMenage(session, dossier) : null
  const autres = peutInviter
    ? tous.filter(
        (un) =>
          ouvrables.has(un.type) &&
          !poses.has(un.id) &&
          !connus.has(un.id) &&
          un.id !== acteur.organisme &&
          duTerritoire(un, dossier.territoire) &&
          deLaCommune(un, dossier) &&
          (un.type !== 'bailleur_social' || bailleurs?.has(un.id)),
      )
    : []
  return {
    permanents,
    invites: [
      ...engages.map(({ id, nom }) => ({ id, nom, engage: true, litLeDossier: true })),
      ...autres.map(({ id, nom, type }) => ({ id, nom, engage: false, litLeDossier: estInvitable(type) })),
    ],
    secretariats: proches.length > 0 ? proches : secretariats,
  }
}

/** Documents of the dossier whoever consults may show: those of their own organisme, outside any thread or request. */
export async function listerPiecesAMontrer(session: Session, dossier: string): Promise<Piece[]> {
  return (await listerPieces(session, dossier)).filter(
    (piece) =>
      piece.organisme === session.acteur.organisme &&
      piece.retiree_a === null &&
      piece.fil === null &&
      piece.demande === null,
  )
}

/** A consultation about to be opened, as its form sends it. */
export interface DemandeConsultation {
  readonly objet: string
  readonly situations: readonly string[]
  readonly question: string
  readonly mode: string
  /** Code of an urgency of the charter; empty when the end is chosen by hand. */
  readonly urgence: string
  readonly echeance: Temporal.Instant | null
  readonly invites: readonly string[]
  readonly pieces: readonly string[]
  /** Kind of the landlord that asks for its tenant without reading the dossier: the permanent members alone are asked, for what the charter lets it ask. */
  readonly seul?: TypeOrganisme
}

/** A consultation read again before it leaves: who will read it, until when, under which rules. */
export interface ConsultationPrevue {
  readonly membres: readonly {
    readonly organisme: string
    readonly nom: string
    readonly qualite: QualiteMembre
    /** People who will read it, today. */
    readonly personnes: number
    /** The dossier opens to it for this consultation. */
    readonly ouvre: boolean
    readonly litLeDossier: boolean
  }[]
  readonly echeance: Temporal.Instant
  readonly regles: ReglesFigees
  readonly mode: ModeConsultation
  /** What the form carries back: what was read again is what leaves. */
  readonly marque: string
}

const propre = (texte: string): string => texte.replace(/\r\n/g, '\n').trim()

interface Preparee extends ConsultationPrevue {
  readonly question: string
  readonly situations: readonly { readonly libelle: string; readonly sante: boolean }[]
}

function exigerAuteur({ acteur }: Session): { compte: string; organisme: string } {
  if (!acteur.compte || !acteur.organisme || !aLeDroit(acteur, 'cellule.ouvrir')) throw new Introuvable()
  return { compte: acteur.compte, organisme: acteur.organisme }
}

async function preparer(session: Session, dossier: Dossier, demande: DemandeConsultation): Promise<Preparee> {
  const { organisme } = exigerAuteur(session)
  const seul = demande.seul ?? null
  if (dossier.clos_le !== null)
    throw refus('consultation.clos', 'Ce dossier est clos : la cellule n’y est plus consultée.')
  const { cellule } = cadreDeLaCellule(session)
  const objet = cellule?.objets.find(({ id }) => id === demande.objet)
  if (seul === null ? !objet && demande.objet !== AUTRE_OBJET : !objet?.bailleurs?.includes(seul))
    throw refus('consultation.objet', 'Choisir pourquoi la cellule est consultée.')
  const situations = (objet?.situations ?? [])
    .filter(({ id }) => demande.situations.includes(id))
    .map(({ libelle, sante }) => ({ libelle, sante: sante ?? false }))
  const question = propre(demande.question)
  if (question === '')
    throw refus('consultation.question', 'Écrire la question posée à la cellule, en quelques phrases.')
  if (question.length > LONGUEUR_QUESTION)
    throw refus('consultation.question', `Raccourcir à ${LONGUEUR_QUESTION} caractères : il y en a ${question.length}.`)
  const urgence = cellule?.urgences.find(({ id }) => id === demande.urgence)
  if (demande.urgence !== '' && !urgence) throw refus('consultation.urgence', 'Choisir le délai de réponse.')
  const echeance = urgence ? echeanceDe(urgence.delai, session) : demande.echeance
  if (echeance === null) throw refus('consultation.echeance', 'Indiquer jusqu’à quel jour et quelle heure répondre.')
  if (Temporal.Instant.compare(echeance, session.maintenant) <= 0)
    throw refus('consultation.echeance', 'Cette échéance est déjà passée : en donner une à venir.')
  // Guests read until then: never longer than a participation lasts.
  if (Temporal.PlainDate.compare(parisDay(echeance), session.jour.add(DUREE_MAX_PARTICIPATION)) > 0)
    throw refus(
      'consultation.echeance',
      'Une consultation prend fin dans un an au plus : donner une échéance plus proche.',
    )
  const { permanents, invites, secretariats } = await listerInterlocuteurs(session, dossier)
  const choisis = seul === null ? invites.filter(({ id }) => demande.invites.includes(id)) : []
  if (choisis.length !== new Set(demande.invites).size)
    throw refus('consultation.invites', 'Un organisme choisi ne peut plus être invité. Relire la liste.')
  if (permanents.filter(({ id }) => id !== organisme).length + choisis.length === 0)
    throw refus('consultation.invites', 'Personne ne serait consulté : choisir au moins un organisme.')
  const engages = new Set((await listerLecteursPossibles(session, dossier, 3)).map(({ id }) => id))
  const noms = new Map((await listerOrganismes(session)).map((un) => [un.id, un]))
  const qualites = new Map<string, QualiteMembre>([
    ...secretariats.map(({ id }) => [id, 'secretariat'] as const),
    [organisme, secretariats.some(({ id }) => id === organisme) ? 'secretariat' : 'auteur'] as const,
    ...choisis.map(({ id }) => [id, 'invite'] as const),
    ...permanents.map(({ id }) => [id, 'permanent'] as const),
  ])
  const seuls = [
    ...choisis.filter(({ litLeDossier }) => !litLeDossier).map(({ id }) => id),
    ...(seul === null ? [] : [organisme]),
  ]
  const personnes = await listerLecteursConsultation(session, { dossier: dossier.id, invites: seuls }, [
    ...qualites.keys(),
  ])
  // Those who read the whole département, or a territory, need nothing more.
  const aOuvrir = [...qualites.keys()].filter(
    (id) =>
      !seuls.includes(id) &&
      id !== organisme &&
      !engages.has(id) &&
      !['secretariat', 'prefecture', 'sous_prefecture'].includes(noms.get(id)?.type ?? ''),
  )
  personnes.push(...(await listerComptes(session, aOuvrir, 'cellule.consulter')))
  const membres = [...qualites].map(([id, qualite]) => {
    const un = noms.get(id)
    const litLeDossier = !seuls.includes(id)
    return {
      organisme: id,
      nom: un?.nom ?? '',
      qualite,
      personnes: new Set(personnes.filter((personne) => personne.organisme === id).map((personne) => personne.id)).size,
      ouvre: aOuvrir.includes(id),
      litLeDossier,
    }
  })
  const mode = demande.mode === 'reunion' ? 'reunion' : 'dematerialise'
  return {
    membres,
    echeance,
    regles: figerRegles(cellule, { objet: demande.objet, urgence: urgence?.id ?? null }),
    mode,
    question,
    situations,
    marque: createHash('sha256')
      .update(JSON.stringify([...membres.map(({ organisme: id, qualite, ouvre }) => [id, qualite, ouvre])].sort()))
      .digest('hex')
      .slice(0, 32),
  }
}

/** What would leave, and who would read it; refuses like the act. Writes nothing. */
export const prevoirConsultation = (
  session: Session,
  dossier: Dossier,
  demande: DemandeConsultation,
): Promise<ConsultationPrevue> => preparer(session, dossier, demande)

/**
 * Consults the cell (CEL-04, CEL-05). Those it asks and who do not take part yet read the dossier from now on: guests until the end of the consultation, permanent
 * members until the commission has regularised. The same form sent twice opens one.
 */
export async function ouvrirConsultation(
  session: Session,
  dossier: Dossier,
  demande: DemandeConsultation & { readonly envoi: string; readonly marque: string },
): Promise<string> {
  const { sql, dept, maintenant } = session
  const { compte, organisme } = exigerAuteur(session)
  if (!/^[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}$/.test(demande.envoi))
    throw refus('consultation.envoi', 'Ce formulaire est incomplet. Revenir au dossier et recommencer.')
  // One opening at a time for a person: the second of a double click finds the first.
  await sql`select pg_advisory_xact_lock(hashtextextended(${`consultation:${dept}:${compte}`}, 0))`
  const [deja] = await sql<{
    id: string
  }>`select id from consultation where dept = ${dept} and compte = ${compte} and envoi = ${demande.envoi}`
  if (deja) return deja.id
  const prevue = await preparer(session, dossier, demande)
  if (prevue.marque !== demande.marque)
    throw new Conflit(
      'consultation.lecteurs',
      'Qui lira cette consultation a changé depuis la page précédente : rien n’est parti. Relire, puis confirmer.',
    )
  const id = randomUUID()
  const scellement = await scellementDuDossier(session, session.cles(), dossier.id)
  const { question, situations } = prevue
  const contenu = scellement.sceller(JSON.stringify({ question, situations }), {
    table: 'consultation',
    colonne: 'contenu',
    id,
  })
  const lecteurs = prevue.membres.filter(({ litLeDossier }) => litLeDossier).map((un) => un.organisme)
  const invites = prevue.membres.filter(({ litLeDossier }) => !litLeDossier).map((un) => un.organisme)
  await sql`insert into consultation (dept, id, dossier, objet, mode, urgence, echeance_a, regles, contenu, etat, organisme, compte, ouverte_a, lecteurs, invites, envoi)
    values (${dept}, ${id}, ${dossier.id}, ${demande.objet}, ${prevue.mode}, ${demande.urgence || null}, ${prevue.echeance}, ${JSON.stringify(prevue.regles)}::jsonb,
      ${contenu}, 'ouverte', ${organisme}, ${compte}, ${maintenant}, ${lecteurs}::uuid[], ${invites}::uuid[], ${demande.envoi})`
  for (const membre of prevue.membres) {
    const acces = {
      organisme: membre.organisme,
      motif: 'Consulté par la cellule technique',
      jusquAu: membre.qualite === 'invite' ? parisDay(prevue.echeance) : null,
    }
    // Who reads the dossier through another consultation reads it until the last of the two.
    const participation = membre.ouvre
      ? await engagerPourLaCellule(session, dossier.id, acces)
      : membre.litLeDossier
        ? await reprendrePourLaCellule(session, dossier.id, acces)
        : null
    await sql`insert into consultation_membre (dept, consultation, organisme, qualite, participation)
      values (${dept}, ${id}, ${membre.organisme}, ${membre.qualite}, ${participation})`
  }
  await montrerPieces(
    session,
    dossier.id,
    demande.pieces,
    lecteurs.filter((un) => un !== organisme),
  )
  await consignerFaits(session, [{ dossier: dossier.id, type: 'consultation.ouverte', donnees: { consultation: id } }])
  session.consigner({
    action: 'consultation.ouvrir',
    objet: 'consultation',
    objetId: id,
    dossiers: [dossier.id],
    details: { objet: demande.objet, destinataires: prevue.membres.map((un) => un.organisme), pieces: demande.pieces },
  })
  await prevenirDeLaConsultation(
    session,
    { id, dossier: dossier.id, invites },
    prevue.membres.map((un) => un.organisme),
    'ouverte',
  )
  return id
}
