import type { Session } from '#acces'
import { consignerFaits } from '#dossiers'
import type { ModeleCourrier } from '#referentiel'
import { sql } from '#socle/db'
import { Conflit, Introuvable, refus } from '#socle/errors'
import { enqueue } from '#socle/queue'
import { parisDay } from '#socle/time'
import { composerLettre, type LettreComposee, type Variante } from './composer.ts'
import { accesDuType, lireEntete, lireEnvoyeurs, tientUneEntete, trouverTete } from './expediteurs.ts'
import {
  type CiteCourrier,
  colonnesCourrier,
  exigerPrecisions,
  garderPrecisions,
  lireFaits,
  type Precisions,
  type SourceCourrier,
} from './faits.ts'
import { lireModelesAppliques } from './modeles.ts'
import { presenterExpediteur } from './presentation.ts'

/** Where a letter stands, and the word for it. */
export const ETATS_COURRIER = {
  propose: 'À relire',
  ecarte: 'Écarté',
  a_produire: 'En production',
  produit: 'Prêt à envoyer',
  envoye: 'Envoyé',
  revenu: 'Revenu',
} as const
export type EtatCourrier = keyof typeof ETATS_COURRIER

export const CANAUX_COURRIER = {
  courrier: 'Par courrier',
  main_propre: 'Remis en main propre',
  courriel: 'Par courriel',
  message: 'Par message, hors d’Amont',
} as const
export type CanalCourrier = keyof typeof CANAUX_COURRIER

/** Channels of a letter on paper. */
export const CANAUX_LETTRE = ['courrier', 'main_propre'] as const satisfies readonly CanalCourrier[]

/** Job that renders a batch. */
export const TACHE_LOT_COURRIER = 'produire-courriers'

export interface Courrier {
  readonly id: string
  readonly dossier: string
  /** The organisme that sends it. */
  readonly organisme: string
  /** Empty for who sends letters about a dossier without reading it. */
  readonly reference: string
  readonly titulaire: string
  readonly modele: string
  readonly variante: Variante
  readonly stade: string
  readonly stade_le: Temporal.PlainDate
  readonly nom: string
  readonly adresse: readonly string[]
  readonly adresse_corrigee: boolean
  readonly a_verifier: readonly string[]
  readonly etat: EtatCourrier
  readonly motif: string | null
  readonly version: number
  readonly propose_a: Temporal.Instant
  readonly lot: string | null
  readonly envoye_le: Temporal.PlainDate | null
  readonly canal: CanalCourrier | null
  /** Where it leaves by mail; null: on paper. */
  readonly courriel: string | null
  readonly revenu_le: Temporal.PlainDate | null
  readonly renvoie: string | null
  /** The mark of the form by which somebody asked for it, or of what happened that it tells; null when a step proposed it. */
  readonly demande: string | null
  readonly precisions: Precisions
  /** What it cites, for a sender that does not read the dossier. */
  readonly cite: CiteCourrier | null
}

/** What left by no channel of Amont is a message somebody sent themselves. */
const CANAL = sql`coalesce(c.canal, case when c.envoye_le is not null then 'message' end)`

export const COLONNES_COURRIER = sql`c.id, c.dossier, c.organisme, coalesce(d.reference, '') as reference, coalesce(d.titulaire, c.nom) as titulaire, c.modele, c.variante,
  c.stade, c.stade_le, c.nom, c.adresse, c.adresse_corrigee, c.a_verifier, c.etat, c.motif, c.version, c.propose_a, c.lot, c.envoye_le, ${CANAL} as canal, c.courriel, c.revenu_le,
  c.renvoie, c.demande, c.precisions, c.cite`

/** A landlord has letters about dossiers it does not read. */
export const DE_COURRIER = sql`from courrier c left join dossier d on d.dept = c.dept and d.id = c.dossier`

/** An organisme works on its own letters; background work on all of them. */
const siens = ({ acteur }: Session, colonne = sql`organisme`) =>
  acteur.organisme !== null ? sql`${colonne} = ${acteur.organisme}::uuid` : sql`true`

/** Whether this session may act on a letter: an organisme on its own. */
export const peutAgirSur = ({ acteur }: Session, { organisme }: Pick<Courrier, 'organisme'>): boolean =>
  acteur.organisme === null || acteur.organisme === organisme

/** The name of a kind of letter; its code once it is no longer in the data. */
export const nommerModele = (session: Pick<Session, 'referentiel'>, code: string): string =>
  session.referentiel.courriers.get(code)?.libelle ?? code

/** The letter a code names; one that is no longer in the data keeps its rows, and cannot be written again. */
export function lireModele(session: Pick<Session, 'referentiel'>, code: string): ModeleCourrier {
  const modele = session.referentiel.courriers.get(code)
  if (!modele) throw new Introuvable()
  return modele
}

/** A letter that waits for a person: no address, or an unknown word in the condition of its trigger. */
const INCOMPLET = sql`(adresse = '{}' or a_verifier <> '{}')`

/** How many letters of each kind stand in each state, for those who send them. */
export function compterCourriers(
  session: Session,
): Promise<readonly { modele: string; etat: EtatCourrier; n: number; incomplets: number }[]> {
  return session.sql`
    select modele, etat, count(*)::int as n, (count(*) filter (where ${INCOMPLET}))::int as incomplets
    from courrier where dept = ${session.dept} and ${siens(session)} group by modele, etat`
}

const TAILLE_PAGE = 100

/** Letters of a kind in a state, by name; a page of a hundred after `apres`. Journalled with the dossiers shown. */
export async function listerCourriers(
  session: Session,
  filtre: {
    readonly modele: string
    readonly etat: EtatCourrier
    readonly apres?: { readonly nom: string; readonly id: string } | undefined
  },
): Promise<{
  readonly courriers: readonly Courrier[]
  readonly suite: { readonly nom: string; readonly id: string } | null
}> {
  const { dept } = session
  const { apres } = filtre
  const lus = await session.sql<Courrier>`
    select ${COLONNES_COURRIER} ${DE_COURRIER}
    where c.dept = ${dept} and ${siens(session, sql`c.organisme`)} and c.modele = ${filtre.modele} and c.etat = ${filtre.etat}
      and ${apres ? sql`(c.nom, c.id) > (${apres.nom}, ${apres.id}::uuid)` : sql`true`}
    order by c.nom, c.id limit ${TAILLE_PAGE + 1}`
  const courriers = lus.slice(0, TAILLE_PAGE)
  const dernier = courriers.at(-1)
  session.consigner({
    action: 'courriers.lister',
    dossiers: [...new Set(courriers.map(({ dossier }) => dossier))],
    details: { modele: filtre.modele, etat: filtre.etat },
  })
  return { courriers, suite: lus.length > TAILLE_PAGE && dernier ? { nom: dernier.nom, id: dernier.id } : null }
}

/** A letter that left, as the register tells it. */
export interface LigneRegistre
  extends Pick<Courrier, 'id' | 'reference' | 'modele' | 'nom' | 'envoye_le' | 'canal' | 'revenu_le' | 'dossier'> {
  readonly envoye_le: Temporal.PlainDate
  readonly auteur: string | null
  /** Sent again since it came back. */
  readonly renvoye: boolean
}

/** The register of what the organisme of this session sent, newest first; a page of a hundred after `apres`. Journalled with the dossiers shown. */
export async function listerRegistre(
  session: Session,
  apres?: { readonly le: Temporal.PlainDate; readonly id: string } | undefined,
): Promise<{ readonly lignes: readonly LigneRegistre[]; readonly suite: LigneRegistre | null }> {
  const lus = await session.sql<LigneRegistre>`
    select c.id, c.dossier, coalesce(d.reference, '') as reference, c.modele, c.nom, c.envoye_le, ${CANAL} as canal, c.revenu_le, p.prenom || ' ' || p.nom as auteur,
      exists (select 1 from courrier r where r.dept = c.dept and r.renvoie = c.id) as renvoye
    ${DE_COURRIER} left join compte p on p.dept = c.dept and p.id = c.envoye_par
    where c.dept = ${session.dept} and c.envoye_le is not null and ${siens(session, sql`c.organisme`)}
      and ${apres ? sql`(c.envoye_le, c.id) < (${apres.le}, ${apres.id}::uuid)` : sql`true`}
    order by c.envoye_le desc, c.id desc limit ${TAILLE_PAGE + 1}`
  const lignes = lus.slice(0, TAILLE_PAGE)
  session.consigner({
    action: 'courriers.lister',
    dossiers: [...new Set(lignes.map(({ dossier }) => dossier))],
    details: { registre: true },
  })
  return { lignes, suite: lus.length > TAILLE_PAGE ? (lignes.at(-1) ?? null) : null }
}

/** Letters of one dossier, newest first. */
export function listerCourriersDuDossier(session: Session, dossier: string): Promise<readonly Courrier[]> {
  return session.sql<Courrier>`
    select ${COLONNES_COURRIER} ${DE_COURRIER}
    where c.dept = ${session.dept} and c.dossier = ${dossier} order by c.propose_a desc, c.id`
}

/** One letter, whoever sends it: acting on it is for the organisme that sends it. */
export async function lireCourrier(session: Session, id: string): Promise<Courrier> {
  const [lu] = await session.sql<Courrier>`
    select ${COLONNES_COURRIER} ${DE_COURRIER}
    where c.dept = ${session.dept} and c.id = ${id}`
  if (!lu) throw new Introuvable()
  session.consigner({ action: 'courrier.lire', objet: 'courrier', objetId: id, dossiers: [lu.dossier] })
  return lu
}

/** A letter as it would leave today: what is printed, and nothing else. */
export interface LettrePrete extends LettreComposee {
  readonly expediteur: { readonly nom: string; readonly lignes: readonly string[] }
  readonly adresse: readonly string[]
}

/** All that a document is made of: one letter, or those of a batch, which are of one kind. */
export interface ContenuCourrier {
  readonly titre: string
  readonly pied: string
  readonly lettres: readonly (LettrePrete & { readonly date: string })[]
}

/**
 * Composes letters from their dossiers of today, each with the head and the signature of who sends it; one whose dossier is out of sight and that cites it, or whose
 * sender has no head to print, is left out.
 */
export async function composerLettres(
  session: Session,
  courriers: readonly Courrier[],
): Promise<ReadonlyMap<string, LettrePrete>> {
  const { dept } = session
  const appliques = await lireModelesAppliques(session)
  const envoyeurs = await lireEnvoyeurs(session, [...new Set(courriers.map(({ organisme }) => organisme))])
  const sources = new Map(
    (
      await session.sql<SourceCourrier & { dossier: string }>`
        select d.id as dossier, d.stade, d.stade_le, ${colonnesCourrier(dept)} from dossier d
        where d.dept = ${dept} and d.id = any (${courriers.map(({ dossier }) => dossier)}::uuid[])`
    ).map((source) => [source.dossier, source]),
  )
  return new Map(
    courriers.flatMap((courrier) => {
      const source = sources.get(courrier.dossier)
      const envoyeur = envoyeurs.get(courrier.organisme)
      if (!envoyeur) return []
      // A letter keeps the text and the presentation that applied when it was prepared.
      const modele = appliques.modele(lireModele(session, courrier.modele), courrier.propose_a)
      const presentation = appliques.presentation(courrier.propose_a)
      const tete = trouverTete(session, envoyeur, source?.territoire ?? courrier.cite?.lieu.territoire ?? null)
      // A message bears no head.
      if (!tete && modele.forme === 'lettre') return []
      const telephone = envoyeur.entete?.telephone ?? null
      const cite = source
        ? lireFaits(
            session,
            { ...source, stade: courrier.stade, stade_le: courrier.stade_le },
            envoyeur.type === 'secretariat'
              ? undefined
              : { nom: envoyeur.nom, telephone, acces: accesDuType(session, envoyeur.type) },
            courrier.precisions,
          )
        : courrier.cite && {
            ...courrier.cite,
            faits: { ...courrier.cite.faits, 'expediteur.telephone': telephone },
          }
      if (!cite) return []
      return [
        [
          courrier.id,
          {
            ...composerLettre(modele, courrier.variante, cite.faits, presentation.contacts, cite.lieu),
            ...presenterExpediteur(presentation, tete ?? { nom: envoyeur.nom, lignes: [], signature: null }),
            adresse: [courrier.nom, ...courrier.adresse],
          },
        ] as const,
      ]
    }),
  )
}

/** Changes one letter of the organisme of this session, if it is still as it was shown. */
export async function changer(
  session: Session,
  { id, version }: { readonly id: string; readonly version: number },
  de: readonly EtatCourrier[],
  valeurs: ReturnType<typeof sql>,
  action: string,
): Promise<Courrier> {
  const courrier = await lireCourrier(session, id)
  const [ecrit] = await session.sql`
    update courrier set ${valeurs}, version = version + 1
    where dept = ${session.dept} and id = ${id} and ${siens(session)} and version = ${version} and etat = any (${de}) returning id`
  if (!ecrit)
    throw new Conflit(
      'courrier.change',
      `Ce courrier a changé depuis que la page a été ouverte : il est maintenant « ${ETATS_COURRIER[courrier.etat].toLowerCase()} ». Le relire avant de recommencer.`,
      [id],
    )
  session.consigner({ action, objet: 'courrier', objetId: id, dossiers: [courrier.dossier] })
  return courrier
}

type Vise = { readonly id: string; readonly version: number }

/** Leaves a letter out, with a reason. It can be put back. */
export async function ecarterCourrier(session: Session, vise: Vise, motif: string): Promise<Courrier> {
  if (motif.trim() === '') throw refus('courrier.motif', 'Écrire pourquoi ce courrier n’est pas envoyé.')
  const courrier = await changer(
    session,
    vise,
    ['propose', 'produit'],
    sql`etat = 'ecarte', motif = ${motif.trim()}`,
    'courrier.ecarter',
  )
  if (courrier.etat === 'produit' && courrier.lot !== null) await relancerLot(session, courrier.lot)
  return courrier
}

/** The document of a batch is made again, of the letters that are still in it. */
export async function relancerLot(session: Session, lot: string): Promise<void> {
  const { dept } = session
  await session.sql`update lot_courrier set etat = 'en_cours', pdf = null, empreinte = null where dept = ${dept} and id = ${lot}`
  await enqueue(session, TACHE_LOT_COURRIER, { dept, lot }, `courriers:${lot}`)
}

/** Batches that a stop left under way: their production is asked for again. Returns how many. */
export async function reprendreLotsCourriers(session: Session): Promise<number> {
  const { dept, maintenant } = session
  const arretes = await session.sql<{ id: string }>`
    select id from lot_courrier where dept = ${dept} and etat = 'en_cours' and a < ${maintenant.subtract({ minutes: 15 })}`
  for (const { id } of arretes) await enqueue(session, TACHE_LOT_COURRIER, { dept, lot: id }, `courriers:${id}`)
  return arretes.length
}

/** Puts back a letter left out: it is composed anew, whatever was made of it before. */
export async function retablirCourrier(session: Session, vise: Vise): Promise<Courrier> {
  const courrier = await changer(
    session,
    vise,
    ['ecarte'],
    sql`etat = 'propose', motif = null, lot = null, pdf = null, empreinte = null, contenu = null`,
    'courrier.retablir',
  )
  await session.sql`delete from courrier_modifie where dept = ${session.dept} and courrier = ${vise.id}`
  return courrier
}

/** What a person may change of a proposed letter: name, address, variant; and that what was unknown was looked at. */
export async function corrigerCourrier(
  session: Session,
  vise: Vise,
  saisie: {
    readonly nom: string
    readonly adresse: readonly string[]
    readonly variante: Variante
    readonly verifie: boolean
    readonly precisions: Precisions
  },
): Promise<Courrier> {
  const nom = saisie.nom.trim()
  const adresse = saisie.adresse.map((ligne) => ligne.trim()).filter((ligne) => ligne !== '')
  if (nom === '') throw refus('courrier.nom', 'Écrire le nom du destinataire.')
  const avant = await lireCourrier(session, vise.id)
  const modele = lireModele(session, avant.modele)
  if (modele.forme === 'lettre') exigerAdresse(adresse)
  if (saisie.variante === 'facile' && modele.facile === null)
    throw refus('courrier.variante', 'Ce courrier n’existe pas en version facile à lire.')
  const precisions = garderPrecisions(modele, saisie.precisions)
  exigerPrecisions(precisions)
  const changee = avant.nom !== nom || avant.adresse.join('\n') !== adresse.join('\n')
  return changer(
    session,
    vise,
    ['propose'],
    sql`nom = ${nom}, adresse = ${adresse}, variante = ${saisie.variante}, adresse_corrigee = adresse_corrigee or ${changee},
      a_verifier = ${saisie.verifie ? [] : avant.a_verifier}, precisions = ${JSON.stringify(precisions)}::jsonb`,
    'courrier.corriger',
  )
}

/** Refuses an address that an envelope could not bear. */
function exigerAdresse(adresse: readonly string[]): void {
  if (adresse.length === 0) throw refus('courrier.adresse', 'Écrire l’adresse : rue, puis code postal et commune.')
  if (adresse.length > 5)
    throw refus(
      'courrier.adresse',
      'Cinq lignes d’adresse au plus : elles doivent tenir dans la fenêtre de l’enveloppe.',
    )
  if (!/^\d{5} \S/.test(adresse.at(-1) ?? ''))
    throw refus(
      'courrier.adresse',
      'La dernière ligne de l’adresse est le code postal suivi de la commune, par exemple « 71400 AUTUN ».',
    )
}

/** A batch in production or ready. */
export interface LotCourrier {
  readonly id: string
  readonly modele: string
  readonly a: Temporal.Instant
  readonly total: number
  readonly faits: number
  readonly etat: 'en_cours' | 'pret'
  readonly ecartes: number
  /** Letters the document holds. */
  readonly produits: number
  /** Letters produced that have not left. */
  readonly restants: number
  /** The last day a letter of it left. */
  readonly envoye_le: Temporal.PlainDate | null
  readonly empreinte: string | null
}

/** The most letters of one batch: what one printed document may hold. */
const PLUS_GRAND_LOT = 2000

/**
 * Sends to production every letter of a kind that is complete and was on the page (`avant`: when it was shown). The same form sent twice produces once. Returns the
 * batch.
 */
export async function lancerProduction(
  session: Session,
  modele: string,
  { envoi, avant }: { readonly envoi: string; readonly avant: Temporal.Instant },
): Promise<string> {
  const { dept, acteur } = session
  if (lireModele(session, modele).forme === 'message')
    throw refus(
      'courrier.message',
      'Un message se copie : ouvrir chacun, l’envoyer de sa propre messagerie, puis le dire.',
    )
  const { compte, organisme } = acteur
  if (compte === null || organisme === null)
    throw refus('courrier.auteur', 'Un lot de courriers est lancé par une personne.')
  if (tientUneEntete(session) && (await lireEntete(session)) === null)
    throw refus(
      'courrier.entete',
      'Écrire d’abord l’en-tête des courriers de votre organisme : nom, adresse, téléphone.',
    )
  const [deja] = await session.sql<{ id: string }>`
    select id from lot_courrier where dept = ${dept} and par = ${compte} and envoi = ${envoi}`
  if (deja) return deja.id
  const [lot] = await session.sql<{ id: string }>`
    insert into lot_courrier (dept, organisme, modele, par, a, total, envoi) values (${dept}, ${organisme}, ${modele}, ${compte}, ${session.maintenant}, 0, ${envoi})
    returning id`
  if (!lot) throw new Error('a batch was not written')
  const pris = await session.sql<{ dossier: string }>`
    update courrier c set etat = 'a_produire', lot = ${lot.id}, version = version + 1
    where c.dept = ${dept} and c.id in (
      select id from courrier where dept = ${dept} and ${siens(session)} and modele = ${modele} and etat = 'propose' and not ${INCOMPLET} and propose_a <= ${avant}
      order by nom, id limit ${PLUS_GRAND_LOT} for update)
    returning c.dossier`
  if (pris.length === 0)
    throw refus(
      'courrier.aucun',
      'Aucun courrier de ce modèle n’est prêt : compléter les adresses et vérifier ceux qui attendent.',
    )
  await session.sql`update lot_courrier set total = ${pris.length} where dept = ${dept} and id = ${lot.id}`
  await enqueue(session, TACHE_LOT_COURRIER, { dept, lot: lot.id }, `courriers:${lot.id}`)
  session.consigner({
    action: 'courriers.produire',
    objet: 'lot_courrier',
    objetId: lot.id,
    dossiers: pris.map(({ dossier }) => dossier),
    details: { modele, courriers: pris.length },
  })
  return lot.id
}

const colonnesLot = sql`l.id, l.modele, l.a, l.total, l.faits, l.etat, l.empreinte,
  (select count(*)::int from courrier c where c.dept = l.dept and c.lot = l.id and c.etat = 'ecarte') as ecartes,
  (select count(*)::int from courrier c where c.dept = l.dept and c.lot = l.id and c.etat in ('produit', 'envoye', 'revenu')) as produits,
  (select count(*)::int from courrier c where c.dept = l.dept and c.lot = l.id and c.etat = 'produit') as restants,
  (select max(c.envoye_le) from courrier c where c.dept = l.dept and c.lot = l.id) as envoye_le`

/** The last batches, newest first. */
export function listerLots(session: Session): Promise<readonly LotCourrier[]> {
  return session.sql<LotCourrier>`select ${colonnesLot} from lot_courrier l where l.dept = ${session.dept} and ${siens(session)} order by l.a desc, l.id limit 20`
}

/** One batch; another secretariat's does not exist. */
export async function lireLot(session: Session, id: string): Promise<LotCourrier> {
  const [lot] =
    await session.sql<LotCourrier>`select ${colonnesLot} from lot_courrier l where l.dept = ${session.dept} and l.id = ${id} and ${siens(session)}`
  if (!lot) throw new Introuvable()
  return lot
}

/** How the letters of a batch left on paper: each day and channel, with how many letters, and how many of those can be taken back. */
export function listerEnvois(
  { sql, dept }: Session,
  lot: string,
): Promise<
  readonly {
    readonly le: Temporal.PlainDate
    readonly canal: CanalCourrier
    readonly n: number
    readonly repris: number
  }[]
> {
  return sql`
    select envoye_le as le, canal, count(*)::int as n, (count(*) filter (where etat = 'envoye'))::int as repris
    from courrier where dept = ${dept} and lot = ${lot} and canal = any (${CANAUX_LETTRE}::text[]) group by envoye_le, canal order by envoye_le, canal`
}

/** The document to print: every letter of the batch, by postcode then name. Journalled as an export. */
export async function lirePdfLot(
  session: Session,
  id: string,
): Promise<{ readonly octets: Buffer; readonly dossiers: readonly string[]; readonly lot: LotCourrier }> {
  const lot = await lireLot(session, id)
  const [lu] = await session.sql<{
    pdf: Buffer | null
  }>`select pdf from lot_courrier where dept = ${session.dept} and id = ${id}`
  if (!lu?.pdf) throw refus('courrier.lot_en_cours', 'Ce lot n’est pas encore prêt : attendre la fin de la production.')
  const dossiers = await session.sql<{ dossier: string }>`
    select distinct dossier from courrier where dept = ${session.dept} and lot = ${id} and etat <> 'ecarte'`
  return { octets: lu.pdf, dossiers: dossiers.map(({ dossier }) => dossier), lot }
}

/** What a letter was made of when it was produced; null before. */
export async function lireContenu(session: Session, id: string): Promise<ContenuCourrier | null> {
  const [lu] = await session.sql<{
    contenu: ContenuCourrier | null
  }>`select contenu from courrier where dept = ${session.dept} and id = ${id}`
  return lu?.contenu ?? null
}

/** The exact bytes of one letter. */
export async function lirePdfCourrier(
  session: Session,
  id: string,
): Promise<{ readonly octets: Buffer; readonly courrier: Courrier }> {
  const courrier = await lireCourrier(session, id)
  const [lu] = await session.sql<{
    pdf: Buffer | null
  }>`select pdf from courrier where dept = ${session.dept} and id = ${id}`
  if (!lu?.pdf) throw refus('courrier.pas_produit', 'Ce courrier n’a pas encore été produit.')
  session.consigner({ action: 'courrier.telecharger', objet: 'courrier', objetId: id, dossiers: [courrier.dossier] })
  return { octets: lu.pdf, courrier }
}

/** Says that a batch left: day and channel. Each letter enters the chronology of its dossier. Saying it twice writes once. */
export async function noterEnvoi(
  session: Session,
  lot: string,
  { le, canal }: { readonly le: Temporal.PlainDate; readonly canal: (typeof CANAUX_LETTRE)[number] },
): Promise<number> {
  if (Temporal.PlainDate.compare(le, session.jour) > 0)
    throw refus('courrier.date', 'La date d’envoi ne peut pas être à venir.')
  const { modele, a, etat } = await lireLot(session, lot)
  if (etat !== 'pret')
    throw refus('courrier.lot_en_cours', 'Ce lot n’est pas encore prêt : attendre la fin de la production.')
  if (Temporal.PlainDate.compare(le, parisDay(a)) < 0)
    throw refus('courrier.date', 'La date d’envoi ne peut pas précéder la production du lot.')
  const partis = await session.sql<{ id: string; dossier: string; organisme: string }>`
    update courrier set etat = 'envoye', envoye_le = ${le}, envoye_par = ${session.acteur.compte}, canal = ${canal}, version = version + 1
    where dept = ${session.dept} and lot = ${lot} and etat = 'produit' and courriel is null returning id, dossier, organisme`
  await consignerFaits(
    session,
    partis.map(({ id, dossier, organisme }) => ({
      dossier,
      type: 'courrier.envoye',
      le,
      donnees: { courrier: id, modele, canal, organisme },
    })),
  )
  if (partis.length > 0)
    session.consigner({
      action: 'courriers.envoyer',
      objet: 'lot_courrier',
      objetId: lot,
      dossiers: partis.map(({ dossier }) => dossier),
      details: { canal, courriers: partis.length },
    })
  return partis.length
}

/**
 * Takes back that a batch left, when it was said by mistake. What left by mail did leave, and so did what came back since: those letters stay as they are. Each
 * dossier keeps the trace of both.
 */
export async function defaireEnvoi(session: Session, lot: string): Promise<number> {
  const { modele } = await lireLot(session, lot)
  const repris = await session.sql<{ id: string; dossier: string; organisme: string }>`
    update courrier set etat = 'produit', envoye_le = null, envoye_par = null, canal = null, version = version + 1
    where dept = ${session.dept} and lot = ${lot} and etat = 'envoye' and canal <> 'courriel' returning id, dossier, organisme`
  await consignerFaits(
    session,
    repris.map(({ id, dossier, organisme }) => ({
      dossier,
      type: 'courrier.envoi_annule',
      donnees: { courrier: id, modele, organisme },
    })),
  )
  if (repris.length > 0)
    session.consigner({
      action: 'courriers.reprendre',
      objet: 'lot_courrier',
      objetId: lot,
      dossiers: repris.map(({ dossier }) => dossier),
      details: { courriers: repris.length },
    })
  return repris.length
}

/** A letter came back: « n’habite pas à l’adresse ». It shows in the dossier, and can be sent again to another address. */
export async function noterRetour(session: Session, vise: Vise, le: Temporal.PlainDate): Promise<Courrier> {
  if (Temporal.PlainDate.compare(le, session.jour) > 0)
    throw refus('courrier.date', 'La date de retour ne peut pas être à venir.')
  const { envoye_le, canal } = await lireCourrier(session, vise.id)
  if (canal === 'message') throw refus('courrier.date', 'Un message ne revient pas par la poste.')
  if (envoye_le && Temporal.PlainDate.compare(le, envoye_le) < 0)
    throw refus('courrier.date', 'Un courrier ne revient pas avant d’être parti.')
  const courrier = await changer(session, vise, ['envoye'], sql`etat = 'revenu', revenu_le = ${le}`, 'courrier.retour')
  await consignerFaits(session, [
    {
      dossier: courrier.dossier,
      type: 'courrier.revenu',
      le,
      donnees: { courrier: courrier.id, modele: courrier.modele },
    },
  ])
  return courrier
}

/** Proposes again a letter that came back, its address to be corrected. Once for each. */
export async function renvoyerCourrier(session: Session, id: string): Promise<string> {
  const courrier = await lireCourrier(session, id)
  if (courrier.etat !== 'revenu') throw refus('courrier.pas_revenu', 'Seul un courrier revenu se renvoie.')
  const [ecrit] = await session.sql<{ id: string }>`
    insert into courrier (dept, dossier, organisme, modele, variante, stade, stade_le, nom, adresse, propose_a, renvoie, precisions, cite)
    select dept, dossier, organisme, modele, variante, stade, stade_le, nom, '{}', ${session.maintenant}, id, precisions, cite from courrier
    where dept = ${session.dept} and id = ${id}
    on conflict (dept, renvoie) where renvoie is not null do update set renvoie = excluded.renvoie returning id`
  if (!ecrit) throw new Introuvable()
  session.consigner({ action: 'courrier.renvoyer', objet: 'courrier', objetId: ecrit.id, dossiers: [courrier.dossier] })
  return ecrit.id
}
