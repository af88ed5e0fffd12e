import type { Session } from '#acces'
import { refus } from '#socle/errors'
import { isUuid } from '#socle/text'
import { estSitue, ouvrirChercheur } from './communes.ts'
import { ecrireEnregistrement } from './format/csv.ts'
import { type Motif, NOMS_COLONNES, type NomColonne, verifierLigne } from './format/index.ts'
import type { Lot } from './lots.ts'
import { lireLot } from './lots.ts'
import { deposerFichier } from './reception.ts'

export type ChampsSaisis = Readonly<Partial<Record<NomColonne, string>>>

/** Reasons that a person who types one line may leave as they are: the rest is still read. */
const TOLERES: ReadonlySet<string> = new Set(['prenom_absent', 'decision_absente', 'formule_neutralisee'])
/** Reasons to look at before it is kept: a person who confirms keeps the line. */
const A_CONFIRMER: ReadonlySet<string> = new Set(['commune_inconnue', 'date_incoherente', 'nir_ecarte'])

/** What is wrong in one typed line. In a file an unreadable value is set aside; the person who types it is still there to correct it. */
export async function verifierSaisie(
  session: Session,
  champs: ChampsSaisis,
): Promise<{
  readonly erreurs: readonly Motif[]
  readonly aConfirmer: readonly Motif[]
  /** The day of the signalement is to come. */
  readonly aVenir: boolean
}> {
  const chercher = await ouvrirChercheur(session)
  const { motifs, contenu } = verifierLigne(
    { champs },
    { vues: new Map(), communeConnue: (commune, codePostal) => estSitue(chercher(commune, codePostal)) },
  )
  const reste = motifs.filter(
    ({ code, colonne }) =>
      !TOLERES.has(code) &&
      colonne !== 'reference_source' &&
      !(code === 'date_absente' && colonne === 'date_audience' && champs.type === 'assignation'),
  )
  return {
    erreurs: reste.filter(({ code }) => !A_CONFIRMER.has(code)),
    aConfirmer: reste.filter(({ code }) => A_CONFIRMER.has(code)),
    aVenir: contenu !== null && contenu.date_signalement > session.jour.toString(),
  }
}

/**
 * One signalement typed on screen (SIG-18): a file of one line, which goes where every file goes. Its reference is drawn with the form: sent twice, it is one deposit.
 */
export async function deposerSaisie(
  session: Session,
  { organisme, champs, envoi }: { readonly organisme: string; readonly champs: ChampsSaisis; readonly envoi: string },
): Promise<Lot> {
  if (!isUuid(envoi)) throw refus('signalement.envoi', 'Ce formulaire est incomplet. Revenir et recommencer.')
  const nom = `saisie-${envoi}.csv`
  // Two clicks at the same time make one.
  await session.sql`select pg_advisory_xact_lock(hashtextextended(${`${session.dept} ${nom}`}, 0))`
  const [deja] = await session.sql<{ id: string }>`
    select id from lot where dept = ${session.dept} and organisme = ${organisme} and nom = ${nom} limit 1`
  if (deja) return lireLot(session, deja.id)
  const ligne: Record<string, string> = {
    ...Object.fromEntries(Object.entries(champs).filter(([, valeur]) => valeur !== '')),
    reference_source: champs.reference_source || `SAISIE-${envoi}`,
  }
  const colonnes = NOMS_COLONNES.filter((colonne) => ligne[colonne] !== undefined || colonne === 'nom_usage')
  const octets = Buffer.from(
    [colonnes, colonnes.map((colonne) => ligne[colonne] ?? '')]
      .map((valeurs) => `${ecrireEnregistrement(valeurs)}\r\n`)
      .join(''),
  )
  return deposerFichier(session, { organisme, nom, octets, recuLe: session.jour })
}
