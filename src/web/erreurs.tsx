import { randomUUID } from 'node:crypto'
import type { ReactElement, ReactNode } from 'react'
import type { Connecte } from '#acces'
import { Interdit, Introuvable, Refus } from '#socle/errors'
import { Bouton, ChampsCaches } from './composants/index.ts'
import { Boite, PagePublique } from './mise-en-page/index.tsx'

/** The form of our own page, opened before this session: its token is another's. What was typed may be sent again. */
export class FormulairePerime extends Interdit {
  constructor() {
    super('La session a changé depuis l’ouverture de ce formulaire : rien n’a été enregistré.')
  }
}

/** What a form held, to be sent again as it is. */
export interface Renvoi {
  readonly adresse: string
  readonly champs: readonly (readonly [string, string])[]
  /** Who it will be sent as, maybe not who typed it; null while nobody is signed in. */
  readonly pour: { readonly jeton: string; readonly nom: string } | null
}

/** What somebody is told when a demand did not go through, and what the log keeps of it. */
export interface ErreurDite {
  readonly statut: number
  readonly titre: string
  readonly texte: string
  /** Null for what does not exist: « not yours » and « does not exist » are the same page, to the byte. */
  readonly reference: string | null
  /** A fault of ours: the log needs the place in the program. */
  readonly bogue: boolean
  /** Seconds before trying again. */
  readonly attendre?: number
}

/** Failures of PostgreSQL, or of the way to it, that pass by themselves. */
const BASE_ABSENTE =
  /^(?:ECONNREFUSED|ECONNRESET|ENOENT|EPIPE|ETIMEDOUT|EHOSTUNREACH|ENOTFOUND|EAI_AGAIN|57P0[1-4]|53\d{3}|08\w{3})$/
const COUPEE = /^Connection terminated|^Client has encountered a connection error|^Query read timeout|^timeout exceeded/
const TROP_GROS = new Set(['FST_REQ_FILE_TOO_LARGE', 'FST_ERR_CTP_BODY_TOO_LARGE'])
const TROP_NOMBREUX = new Set(['FST_FILES_LIMIT', 'FST_PARTS_LIMIT', 'FST_FIELDS_LIMIT'])

/** Turns any failure into a page: a sentence that says what to do, and a reference. Never a detail of the inside. */
export function direErreur(erreur: unknown): ErreurDite {
  const reference = randomUUID().slice(0, 8)
  const dire = (statut: number, titre: string, texte: string, plus: Partial<ErreurDite> = {}): ErreurDite => ({
    statut,
    titre,
    texte,
    reference,
    bogue: false,
    ...plus,
  })
  if (erreur instanceof Refus) {
    const texte = erreur.source ? `${erreur.message} Source : ${erreur.source.titre}.` : erreur.message
    return dire(erreur.statut, 'Ce n’est pas possible', texte)
  }
  if (erreur instanceof Introuvable) return dire(404, 'Page introuvable', erreur.message, { reference: null })
  if (erreur instanceof FormulairePerime) return dire(403, 'Formulaire périmé', erreur.message)
  if (erreur instanceof Interdit) return dire(403, 'Action réservée', erreur.message)
  const { code, message, statusCode } = (erreur ?? {}) as { code?: unknown; message?: unknown; statusCode?: unknown }
  const marque = typeof code === 'string' ? code : ''
  if (TROP_GROS.has(marque))
    return dire(413, 'Fichier trop gros', 'Ce fichier dépasse 60 Mo. Le découper, puis déposer chaque morceau.')
  if (TROP_NOMBREUX.has(marque))
    return dire(413, 'Trop de fichiers à la fois', 'Déposer dix fichiers au plus à chaque fois.')
  if (marque === '22P02') return dire(404, 'Page introuvable', new Introuvable().message, { reference: null })
  // A byte no text may hold: typed by a machine, never by a person.
  if (marque === '22021' || marque === '22P05')
    return dire(
      400,
      'Demande illisible',
      'Un caractère de cette demande ne peut pas être lu. Revenir à la page, puis recommencer.',
    )
  if (BASE_ABSENTE.test(marque) || COUPEE.test(String(message ?? '')))
    return dire(503, 'Base de données indisponible', 'Rien n’est perdu. Recharger cette page dans une minute.', {
      attendre: 60,
    })
  if (marque.startsWith('FST_') && typeof statusCode === 'number' && statusCode >= 400 && statusCode < 500)
    return dire(
      statusCode,
      'Demande illisible',
      'Cette demande n’a pas la forme attendue. Revenir à la page, la recharger, puis recommencer.',
    )
  return dire(500, 'Erreur d’Amont', 'L’action n’a pas été faite. Signaler la référence ci-dessous au support.', {
    bogue: true,
  })
}

/** Too many demands in a minute. */
export function direRythme(attendre: number): ErreurDite {
  return {
    statut: 429,
    titre: 'Trop de pages demandées',
    texte:
      'Plus de pages ont été demandées en une minute que personne n’en lit. Attendre quelques secondes, puis recharger.',
    reference: randomUUID().slice(0, 8),
    bogue: false,
    attendre,
  }
}

function FormulaireRenvoi({
  renvoi,
  genre,
  children,
}: {
  renvoi: Renvoi
  genre?: 'principal' | undefined
  children: ReactNode
}): ReactElement {
  return (
    <form method="post" action={renvoi.adresse} className="mt2" aria-label="Renvoyer ce qui était saisi">
      {renvoi.pour && <ChampsCaches jeton={renvoi.pour.jeton} />}
      {renvoi.champs.map(([nom, valeur]) => (
        <input type="hidden" name={nom} value={valeur} key={`${nom} ${valeur}`} />
      ))}
      {children}
      <p className="mt2">
        <Bouton genre={genre}>Envoyer à nouveau</Bouton>
      </p>
    </form>
  )
}

/** A form sent after the end of the session: sign in beside, then send again what this page keeps. */
export function pageSessionFinie(renvoi: Renvoi, connexion: string): ReactElement {
  return (
    <PagePublique titre="Session terminée">
      <Boite>
        <p>
          Votre session a pris fin avant l’envoi : rien n’est enregistré, et ce qui était saisi est gardé dans cette
          page.
        </p>
        <p className="mt2">Se connecter dans un autre onglet, puis revenir ici et envoyer à nouveau.</p>
        <p className="mt2">
          <Bouton genre="principal" href={connexion} nouvelOnglet>
            Se connecter dans un nouvel onglet
          </Bouton>
        </p>
        <FormulaireRenvoi renvoi={renvoi}>{null}</FormulaireRenvoi>
      </Boite>
    </PagePublique>
  )
}

/** The page of a failure. `renvoi`: what was typed is sent again from here. */
export function pageErreur(
  { titre, texte, reference }: ErreurDite,
  connecte: Connecte | null,
  renvoi: Renvoi | null = null,
): ReactElement {
  return (
    <PagePublique titre={titre}>
      <Boite>
        <p>{texte}</p>
        {reference !== null && (
          <p className="note mt2">
            Référence : <code>{reference}</code>
          </p>
        )}
        {renvoi?.pour && (
          <FormulaireRenvoi renvoi={renvoi} genre="principal">
            <p>Ce qui était saisi est gardé dans cette page. Il sera envoyé au nom de {renvoi.pour.nom}.</p>
          </FormulaireRenvoi>
        )}
        <p className="mt2">
          <Bouton genre={renvoi ? undefined : 'principal'} href="/">
            {connecte ? 'Revenir à l’accueil' : 'Se connecter'}
          </Bouton>
        </p>
      </Boite>
    </PagePublique>
  )
}

/**
 * What the log may say of a failure: its class, its code, the rule of the database, and the place in the program. The message is left out, all its lines: it may
 * quote what somebody typed, or a row.
 */
export function decrirePourLeJournal(reference: string, erreur: unknown): string {
  const { name, code, constraint, message, stack } = (erreur ?? {}) as Error & { code?: unknown; constraint?: unknown }
  const mots = [name, code, constraint].filter((mot) => typeof mot === 'string' && /^[\w.-]{1,80}$/.test(mot))
  // The stack begins with the message, which may look like anything.
  const suite = (stack ?? '').slice((stack ?? '').indexOf(message ?? '') + (message ?? '').length)
  const places = suite.split('\n').filter((ligne) => /^\s+at [^\n]{1,300}$/.test(ligne))
  return `${[reference, ...mots].join(' ')}\n${places.slice(0, 8).join('\n')}\n`
}
