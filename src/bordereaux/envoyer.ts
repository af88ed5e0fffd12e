import { createHash, randomUUID } from 'node:crypto'
import { join } from 'node:path'
import type { Session } from '#acces'
import { consignerFaits } from '#dossiers'
import { listerDestinataires, noter } from '#notifications'
import { ecrireSourcePartagee } from '#referentiel'
import { projectRoot } from '#socle/config'
import { Conflit, Introuvable, refus } from '#socle/errors'
import { renderPdfs } from '#socle/pdf'
import { formatDateLongue, pluriel, typo } from '#socle/typography'
import type { GenreBordereau } from './catalogue.ts'
import { composerChamps, groupesDuType, type ValeurBordereau } from './champs.ts'
import { type DestinataireBordereau, type LigneDue, listerDus, proposerPourDossier, verrouillerEnvois } from './dus.ts'

const MODELE = join(projectRoot, 'src/bordereaux/bordereau.typ')
/** One slip holds no more: what is left stays owed, for the next one. */
export const LIGNES_MAX = 200
export const LONGUEUR_MOT = 1500

/** A synthèse as it goes with a line: the fields it was made of, and its print. */
export interface SyntheseJointe {
  readonly version: number
  readonly empreinte: string
  readonly champs: readonly { readonly libelle: string; readonly valeur: string }[]
}

/** What a line says, as it leaves. */
export interface ContenuLigne {
  readonly champs: readonly ValeurBordereau[]
  readonly synthese: SyntheseJointe | null
  /** A word from the sender. */
  readonly mot: string | null
}

export interface LignePrevue extends ContenuLigne {
  readonly dossier: string
  readonly reference: string
  readonly menage: string
  readonly cle: string
  readonly retenu: string | null
}

/** What one recipient would read. */
export interface EnvoiPrevu {
  readonly destinataire: string | null
  readonly nom: string
  readonly type: string | null
  readonly pourquoi: string
  readonly lignes: readonly LignePrevue[]
  readonly retenues: readonly LignePrevue[]
  /** Owed beyond what one slip holds. */
  readonly suite: number
  /** People of it who may open the slip today; null for somebody who has no place here. */
  readonly personnes: number | null
}

/** Everything that would leave, and the print that says nothing changed since it was re-read. */
export interface Preparation {
  readonly genre: GenreBordereau
  readonly envois: readonly EnvoiPrevu[]
  readonly empreinte: string
}

async function lireSyntheses(session: Session, ids: readonly string[]): Promise<ReadonlyMap<string, SyntheseJointe>> {
  const lues = await session.sql<SyntheseJointe & { readonly id: string }>`
    select id, version, empreinte, champs from synthese where dept = ${session.dept} and id = any (${ids}::uuid[])`
  return new Map(
    lues.map(({ id, version, empreinte, champs }) => [
      id,
      { version, empreinte, champs: champs.map(({ libelle, valeur }) => ({ libelle, valeur })) },
    ]),
  )
}

const vide = (ligne: ContenuLigne) => ligne.champs.length === 0 && ligne.synthese === null

async function preparer(
  session: Session,
  genre: GenreBordereau,
  dus: readonly LigneDue[],
  mot: string | null,
): Promise<Preparation> {
  const parDestinataire = [...Map.groupBy(dus, ({ vers }) => `${vers.id ?? vers.nom} ${vers.regle.lesquels}`).values()]
  const gardees = parDestinataire.map((siennes) => siennes.filter(({ retenu }) => retenu === null).slice(0, LIGNES_MAX))
  const jointes = await lireSyntheses(
    session,
    gardees.flatMap((lignes) => lignes.flatMap(({ synthese }) => synthese?.id ?? [])),
  )
  const organismes = parDestinataire.flatMap(([premiere]) => premiere?.vers.id ?? [])
  const personnes = await listerDestinataires(session, organismes, 'bordereau.recevoir')
  const envois = parDestinataire.flatMap((siennes): EnvoiPrevu[] => {
    const vers = siennes[0]?.vers
    if (!vers) return []
    const groupes = vers.type === null ? null : groupesDuType(session, vers.type)
    const composer = ({ du, cle, synthese, retenu, vers: { regle } }: LigneDue): LignePrevue => ({
      dossier: du.dossier,
      reference: du.reference,
      menage: du.titulaire,
      cle,
      retenu,
      champs: composerChamps(du, regle.champs, groupes),
      synthese: (synthese && jointes.get(synthese.id)) ?? null,
      mot,
    })
    const pretes = siennes.filter(({ retenu }) => retenu === null)
    return [
      {
        destinataire: vers.id,
        nom: vers.nom,
        type: vers.type,
        pourquoi: vers.regle.pourquoi,
        lignes: pretes
          .slice(0, LIGNES_MAX)
          .map(composer)
          .filter((ligne) => !vide(ligne)),
        retenues: siennes.filter(({ retenu }) => retenu !== null).map(composer),
        suite: Math.max(0, pretes.length - LIGNES_MAX),
        personnes: vers.id === null ? null : personnes.filter(({ organisme }) => organisme === vers.id).length,
      },
    ]
  })
  const empreinte = createHash('sha256')
    .update(JSON.stringify(envois.map(({ destinataire, nom, lignes }) => [destinataire, nom, lignes])))
    .digest('hex')
  const dossiers = [
    ...new Set(envois.flatMap(({ lignes, retenues }) => [...lignes, ...retenues].map((une) => une.dossier))),
  ]
  session.consigner({ action: 'bordereau.prevoir', dossiers, details: { genre: genre.code, lignes: dossiers.length } })
  return { genre, envois, empreinte }
}

/** What a kind owes today, exactly as each recipient would read it. Journalled: it shows households. */
export const prevoirEnvois = async (session: Session, genre: GenreBordereau): Promise<Preparation> =>
  preparer(session, genre, await listerDus(session, genre), null)

/** A word written with a slip, trimmed; refused when missing or too long. */
function verifierMot(genre: GenreBordereau, mot: string): string | null {
  if (genre.mot === undefined) return null
  const net = mot.replace(/\r\n/g, '\n').trim()
  if (net === '') throw refus('bordereau.mot', 'Écrire en quelques lignes ce que le destinataire doit savoir.')
  if (net.length > LONGUEUR_MOT)
    throw refus('bordereau.mot', `Raccourcir à ${LONGUEUR_MOT} caractères : il y en a ${net.length}.`)
  return net
}

/** Name of a recipient in a form: its id, or the name of somebody who has no place here. */
export const cleDestinataire = ({ id, nom }: Pick<DestinataireBordereau, 'id' | 'nom'>): string => id ?? nom

/** What would leave of one dossier, on request, for the recipients chosen. */
export async function prevoirPourDossier(
  session: Session,
  genre: GenreBordereau,
  dossier: string,
  demande: { readonly destinataires: readonly string[]; readonly mot: string; readonly envoi: string },
): Promise<Preparation> {
  const { du, possibles, sansAccord } = await proposerPourDossier(session, genre, dossier)
  if (sansAccord)
    throw refus(
      'bordereau.accord',
      'L’accord du ménage n’est pas noté : sans lui, rien ne part. Le noter d’abord dans « Accords du ménage ».',
    )
  const choisis = possibles.filter((un) => demande.destinataires.includes(cleDestinataire(un)))
  if (choisis.length === 0) throw refus('bordereau.destinataires', 'Choisir au moins un destinataire.')
  const mot = verifierMot(genre, demande.mot)
  const lignes = choisis.map(
    (vers): LigneDue => ({ du, vers, cle: `demande:${demande.envoi}`, synthese: null, retenu: null }),
  )
  return preparer(session, genre, lignes, mot)
}

/** Where what a line says is sealed. */
export const placeLigne = (bordereau: string, rang: number): string => `bordereau_ligne|contenu|${bordereau}|${rang}`
export const placeOctets = (bordereau: string): string => `bordereau_contenu|octets|${bordereau}`

interface Entete {
  readonly id: string
  readonly numero: number
  readonly envoi: EnvoiPrevu
}

/** What the slip prints: what the recipient reads, nothing of the day of printing but the day it leaves. */
function donneesPdf(session: Session, genre: GenreBordereau, { numero, envoi }: Entete): Record<string, unknown> {
  const { lignes, nom, pourquoi } = envoi
  const nombre = pluriel(lignes.length, 'ménage', 'ménages')
  const ecrire = ({ libelle, valeur }: { libelle: string; valeur: string }) => ({
    libelle: typo(libelle),
    valeur: typo(valeur),
  })
  return {
    titre: typo(`Bordereau n° ${session.jour.year}-${numero} : ${genre.libelle}`),
    de: typo(`De : ${session.acteur.organismeNom}`),
    vers: typo(`À : ${nom} (${pourquoi})`),
    date: typo(`Remis le ${formatDateLongue(session.jour)}. ${nombre}.`),
    source: typo(ecrireSourcePartagee(genre.source, session.dept)),
    mention: typo(
      'Données personnelles, pour le seul destinataire et pour l’usage indiqué. Ne rien reproduire ni transmettre à un tiers.',
    ),
    pied: typo(`Bordereau n° ${session.jour.year}-${numero}, ${session.acteur.organismeNom}`),
    recu: envoi.destinataire === null ? typo('Reçu le                         Signature :') : '',
    lignes: lignes.map(({ champs, synthese, mot }, rang) => ({
      rang: String(rang + 1),
      champs: champs.map(ecrire),
      mot: mot === null ? '' : typo(mot),
      jointe: synthese === null ? '' : typo(`Synthèse jointe, version ${synthese.version}, page suivante`),
    })),
    syntheses: lignes.flatMap(({ synthese }, rang) =>
      synthese === null
        ? []
        : [
            {
              titre: typo(`Synthèse jointe à la ligne ${rang + 1}`),
              sous_titre: typo(`Version ${synthese.version}. Empreinte ${synthese.empreinte.slice(0, 16)}`),
              champs: synthese.champs.map(ecrire),
            },
          ],
    ),
  }
}

/** The recipients’ part in what the engagements read: « prefet », « juge », « bailleur », or the kind of body. */
const roleDuDestinataire = ({ type }: EnvoiPrevu, genre: GenreBordereau): string =>
  genre.code === 'tribunal' && type === null
    ? 'juge'
    : type === 'prefecture' && genre.lignes === 'synthese'
      ? 'prefet'
      : type === 'bailleur_social'
        ? 'bailleur'
        : (type ?? 'dehors')

/** Sends what a kind owes, if it is what was re-read: two people who re-read the same thing send it once. */
export async function envoyerDus(
  session: Session,
  genre: GenreBordereau,
  relu: { readonly empreinte: string; readonly envoi: string },
): ReturnType<typeof envoyerBordereaux> {
  await verrouillerEnvois(session, genre)
  return envoyerBordereaux(session, await prevoirEnvois(session, genre), relu)
}

/**
 * Sends what was re-read: one numbered slip for each recipient, its lines and bytes kept as they leave, its people told, the chronology and the engagements with it.
 * `empreinte` is that of the page the person re-read: when something changed since, nothing leaves. With the mark of its form, sending it twice sends once.
 */
export async function envoyerBordereaux(
  session: Session,
  { genre, envois, empreinte }: Preparation,
  relu: { readonly empreinte: string; readonly envoi: string },
): Promise<{ readonly bordereaux: readonly string[]; readonly lignes: number; readonly deja: boolean }> {
  const { sql, dept, acteur, jour } = session
  if (!acteur.compte || !acteur.organisme) throw new Introuvable()
  // One sending at a time for an organisme: numbers follow one another, and a form sent twice finds what it sent.
  await sql`select pg_advisory_xact_lock(hashtextextended(${`bordereaux:${dept}:${acteur.organisme}`}, 0))`
  const deja = await sql<{ id: string; lignes: number }>`
    select id, lignes from bordereau where dept = ${dept} and envoi = ${relu.envoi}::uuid and expediteur = ${acteur.organisme} order by numero`
  if (deja.length > 0)
    return { bordereaux: deja.map(({ id }) => id), lignes: deja.reduce((n, { lignes }) => n + lignes, 0), deja: true }
  const partants = envois.filter(({ lignes }) => lignes.length > 0)
  if (relu.empreinte !== empreinte || partants.length === 0)
    throw new Conflit(
      'bordereau.change',
      'Ce qui est à transmettre a changé depuis votre relecture : rien n’est parti. Relire ce qui partirait maintenant.',
    )
  const [dernier] = await sql<{ n: number }>`
    select coalesce(max(numero), 0)::int as n from bordereau where dept = ${dept} and expediteur = ${acteur.organisme} and annee = ${jour.year}`
  const entetes = partants.map(
    (envoi, rang): Entete => ({ id: randomUUID(), numero: (dernier?.n ?? 0) + rang + 1, envoi }),
  )
  const coffre = await session.coffre()
  const rendus = renderPdfs(
    MODELE,
    entetes.map((entete) => ({ data: donneesPdf(session, genre, entete) })),
  )
  let rang = 0
  for await (const octets of rendus) {
    const entete = entetes[rang++]
    if (entete) await ecrire(session, genre, entete, octets, relu.envoi, coffre)
  }
  const recoivent = await listerDestinataires(
    session,
    partants.flatMap(({ destinataire }) => destinataire ?? []),
    'bordereau.recevoir',
  )
  await noter(
    session,
    entetes.map(({ id, envoi }) => ({
      genre: 'bordereau' as const,
      destinataires: recoivent.filter(({ organisme }) => organisme === envoi.destinataire),
      dossier: null,
      objet: id,
    })),
  )
  await consignerFaits(
    session,
    entetes.flatMap(({ id, envoi }) =>
      envoi.lignes.map(({ dossier }) => ({
        dossier,
        type: 'bordereau.envoye',
        donnees: { bordereau: id, genre: genre.code, destinataire: roleDuDestinataire(envoi, genre), vers: envoi.nom },
      })),
    ),
  )
  for (const { id, envoi } of entetes)
    session.consigner({
      action: 'bordereau.envoyer',
      objet: 'bordereau',
      objetId: id,
      dossiers: envoi.lignes.map(({ dossier }) => dossier),
      details: {
        genre: genre.code,
        lignes: envoi.lignes.length,
        ...(envoi.destinataire === null ? {} : { destinataires: [envoi.destinataire] }),
      },
    })
  return {
    bordereaux: entetes.map(({ id }) => id),
    lignes: partants.reduce((n, { lignes }) => n + lignes.length, 0),
    deja: false,
  }
}

async function ecrire(
  session: Session,
  genre: GenreBordereau,
  { id, numero, envoi }: Entete,
  octets: Uint8Array,
  marque: string,
  coffre: Awaited<ReturnType<Session['coffre']>>,
): Promise<void> {
  const { sql, dept, acteur, maintenant, jour } = session
  const { destinataire, nom, pourquoi, lignes } = envoi
  await sql`insert into bordereau (dept, id, annee, numero, genre, expediteur, destinataire, destinataire_nom, pourquoi, canal, lignes, empreinte, rappel_jours,
      envoi, par, a)
    values (${dept}, ${id}, ${jour.year}, ${numero}, ${genre.code}, ${acteur.organisme}, ${destinataire}, ${nom}, ${pourquoi},
      ${destinataire === null ? 'remise' : 'amont'}, ${lignes.length}, ${createHash('sha256').update(octets).digest('hex')}, ${genre.rappel_jours},
      ${marque}, ${acteur.compte}, ${maintenant})`
  const scellees = lignes.map(({ dossier, cle, champs, synthese, mot }, rang) => ({
    rang,
    dossier,
    cle,
    contenu: coffre.sceller({ champs, synthese, mot } satisfies ContenuLigne, placeLigne(id, rang)),
  }))
  await sql`insert into bordereau_ligne (dept, bordereau, rang, dossier, cle, contenu)
    select ${dept}, ${id}, x.rang, x.dossier, x.cle, x.contenu
    from jsonb_to_recordset(${JSON.stringify(scellees)}::jsonb) as x(rang smallint, dossier uuid, cle text, contenu text)`
  await sql`insert into bordereau_contenu (dept, bordereau, octets) values (${dept}, ${id}, ${coffre.scellerOctets(octets, placeOctets(id))})`
}
