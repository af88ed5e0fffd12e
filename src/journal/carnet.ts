import { sql as fragment, type Transaction } from '#socle/db'
import { isUuid } from '#socle/text'

/** One line of the journal: identifiers, never contents. */
export interface Entree {
  readonly action: string
  readonly objet?: string
  readonly objetId?: string
  /** Dossiers whose data the act shows, sends or changes. */
  readonly dossiers?: readonly string[]
  readonly resultat?: 'fait' | 'refuse'
  /** Ids, counts and codes. Never a name, an address, or the text of a search. */
  readonly details?: Readonly<Record<string, unknown>>
}

/** Who acts, as the journal writes it: no name. */
export interface Auteur {
  readonly dept: string
  readonly compte: string | null
  readonly organisme: string | null
  readonly libelle: string
}

/** The address an act came through. */
export interface Acte {
  /** Method and pattern: `GET /dossiers/:reference`. */
  readonly route: string
  /** Values of the pattern, and right it asks for: what is left when no module says more. */
  readonly parametres?: Readonly<Record<string, string>>
  /** The answer shows nobody's data: it leaves no entry unless a module writes one. */
  readonly neutre?: boolean
}

/** What one act leaves in the journal: gathered while it runs, written at its end by one statement of its own transaction. */
export interface Carnet {
  consigner(entree: Entree): void
  /** Writes what was gathered, and returns it. Through an address, an act that nobody described leaves its own entry. */
  ecrire(
    trx: Transaction,
    auteur: Auteur,
    a: Temporal.Instant,
    acte?: Acte & { readonly droit: string },
  ): Promise<readonly Entree[]>
}

const reference = /^[\w-]{1,12}-\d{4}-\d{1,9}$/

/** The first value of an address that is an identifier. Anything else may be typed text, which the journal does not keep. */
export function objetDe(parametres: Readonly<Record<string, string>> = {}): Pick<Entree, 'objet' | 'objetId'> {
  const trouve = Object.entries(parametres).find(([, valeur]) => isUuid(valeur) || reference.test(valeur))
  return trouve ? { objet: trouve[0], objetId: trouve[1] } : {}
}

const unir = (avant: readonly unknown[] = [], apres: readonly unknown[] = []) => [...new Set([...avant, ...apres])]

function fondre(avant: Entree | undefined, entree: Entree): Entree {
  if (!avant) return entree
  const details: Record<string, unknown> = { ...avant.details }
  for (const [cle, valeur] of Object.entries(entree.details ?? {})) {
    const connue = details[cle]
    details[cle] = Array.isArray(connue) && Array.isArray(valeur) ? unir(connue, valeur) : valeur
  }
  return { ...avant, dossiers: unir(avant.dossiers, entree.dossiers) as string[], details }
}

/** A notebook for one act. Reads of the same kind on the same object make one entry, with the dossiers of all. */
export function ouvrirCarnet(): Carnet {
  const entrees = new Map<string, Entree>()
  return {
    consigner(entree) {
      const { action, objet = '', objetId = '', resultat = 'fait' } = entree
      const cle = `${action} ${objet} ${objetId} ${resultat}`
      entrees.set(cle, fondre(entrees.get(cle), entree))
    },
    async ecrire(trx, auteur, a, acte) {
      const lignes = [...entrees.values()]
      if (acte && !acte.neutre && lignes.length === 0) {
        const action = acte.route.startsWith('GET ') ? 'page.lire' : 'formulaire.envoyer'
        lignes.push({ action, ...objetDe(acte.parametres), details: { droit: acte.droit } })
      }
      await consigner(trx, auteur, a, lignes, acte?.route)
      return lignes
    },
  }
}

/** Writes in the transaction of the act it records: if the journal cannot be written, the act does not happen. */
export async function consigner(
  trx: Transaction,
  auteur: Auteur,
  a: Temporal.Instant,
  entrees: readonly Entree[],
  route?: string,
): Promise<void> {
  if (entrees.length === 0) return
  const lignes = entrees.map(
    (
      entree,
    ) => fragment`(${auteur.dept}, ${a.toString()}::timestamptz, ${auteur.compte}::uuid, ${auteur.organisme}::uuid, ${auteur.libelle},
      ${entree.action}, ${entree.objet ?? null}, ${entree.objetId ?? null}, ${entree.resultat ?? 'fait'}, ${route ?? null},
      ${entree.dossiers ?? []}::uuid[], ${JSON.stringify(entree.details ?? {})}::jsonb)`,
  )
  trx.note`insert into journal (dept, a, compte, organisme, acteur, action, objet, objet_id, resultat, route, dossiers, details)
    values ${fragment.join(lignes)}`
}
