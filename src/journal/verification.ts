import type { Ancre } from './ancres.ts'
import { chainer, ecrireContenu, empreinteInitiale, type Lecteur } from './chaine.ts'

/** What is wrong, and where. */
export interface Faute {
  readonly genre:
    | 'modifiee'
    | 'deplacee'
    | 'supprimee'
    | 'inseree'
    | 'antidatee'
    | 'maillon'
    | 'mois'
    | 'fin_coupee'
    | 'ancre'
    | 'purge'
  /** Rank in the chain, when there is one. */
  readonly numero: number | null
  /** Id of the entry, when it is known. */
  readonly entree: number | null
  /** French sentence. */
  readonly message: string
}

/** Figures of a verification: a zero says nothing without what was tried. */
export interface BilanJournal {
  readonly dept: string
  readonly scellees: { readonly essayees: number; readonly enFaute: number; readonly detruites: number }
  readonly attente: { readonly nombre: number; readonly plusAncienne: Temporal.Instant | null }
  readonly mois: { readonly clos: number; readonly detruits: number }
  readonly ancres: {
    readonly essayees: number
    readonly enFaute: number
    /** Inside a month whose entries are destroyed: nothing is left to compare with. */
    readonly horsPortee: number
    readonly derniere: Ancre | null
  }
  readonly fautes: readonly Faute[]
}

interface Segment {
  readonly mois: string
  readonly premier: number
  readonly dernier: number | null
  readonly empreinte_avant: Buffer
  readonly empreinte: Buffer | null
  readonly clos_a: Temporal.Instant | null
  readonly purge_a: Temporal.Instant | null
}

interface Maillon {
  readonly numero: number
  readonly entree: number
  readonly empreinte: Buffer
  readonly present: boolean
  readonly a: Temporal.Instant | null
  readonly champs: readonly (string | null)[]
}

const TAILLE = 5000

/** Links of a stretch of the chain with the entries they cover, in order, by batches. */
async function* parcourir({ sql, dept }: Lecteur, premier: number, dernier: number | null): AsyncGenerator<Maillon> {
  let suivant = premier
  for (;;) {
    const lot = await sql<Maillon>`
      select c.numero, c.entree, c.empreinte, j.id is not null as present, j.a, array[
        j.dept, j.id::text, (extract(epoch from j.a) * 1000000)::bigint::text, j.compte::text, j.organisme::text, j.acteur, j.action, j.objet,
        j.objet_id, j.resultat, j.route, j.dossiers::text, j.details::text] as champs
      from (select * from journal_sceau where dept = ${dept} and numero >= ${suivant} and (${dernier}::bigint is null or numero <= ${dernier})
        order by numero limit ${TAILLE}) c
      left join journal j on j.dept = ${dept} and j.id = c.entree
      order by c.numero`
    yield* lot
    const fin = lot.at(-1)
    if (!fin || lot.length < TAILLE) return
    suivant = fin.numero + 1
  }
}

interface Suspect {
  readonly maillon: Maillon
  readonly avant: Buffer
}

/** Rank of the id among the fields of an entry. */
const ID = 1

/** Two entries that changed places explain each other: the content of one gives the hash of the other. */
function expliquer(suspects: readonly Suspect[]): Faute[] {
  return suspects.map(({ maillon, avant }) => {
    const { numero, entree, empreinte, champs } = maillon
    const autre = suspects.find(
      ({ maillon: candidat }) =>
        candidat !== maillon &&
        [candidat.champs, candidat.champs.map((champ, rang) => (rang === ID ? (champs[ID] ?? null) : champ))].some(
          (contenu) => chainer(avant, ecrireContenu(contenu)).equals(empreinte),
        ),
    )
    return autre
      ? {
          genre: 'deplacee' as const,
          numero,
          entree,
          message: `L’entrée n° ${numero} a changé de place avec l’entrée n° ${autre.maillon.numero}.`,
        }
      : {
          genre: 'modifiee' as const,
          numero,
          entree,
          message: `L’entrée n° ${numero} ne correspond plus à son empreinte : elle a été modifiée, ou la précédente l’a été avec son empreinte.`,
        }
  })
}

/** Longest an act may take between its date and its sealing: an entry dated before what was already anchored was not written then. */
const RETARD_ADMIS = Temporal.Duration.from({ hours: 24 })

/**
 * Reads the whole chain again and says what does not hold: an entry changed, removed, moved, added outside the chain or dated before what was
 * already anchored, a month that does not join the next, an end cut off. Only anchors kept outside the database see an end cut off with its head, or
 * a chain written again from some point. `conservation` is how many months entries must be kept: destroying them sooner is a fault.
 */
export async function verifierJournal(
  lecteur: Lecteur,
  ancres: readonly Ancre[],
  conservation: number | null,
): Promise<BilanJournal> {
  const { sql, dept } = lecteur
  const fautes: Faute[] = []
  const suspects: Suspect[] = []
  const noter = (genre: Faute['genre'], numero: number | null, entree: number | null, message: string) =>
    fautes.push({ genre, numero, entree, message })
  const suivi = suivreAncres(ancres, noter)
  const segments =
    await sql<Segment>`select mois, premier, dernier, empreinte_avant, empreinte, clos_a, purge_a from journal_segment
    where dept = ${dept} order by premier`
  let avant: Buffer = empreinteInitiale(dept)
  let attendu = 1
  let essayees = 0
  let detruites = 0
  for (const segment of segments) {
    if (segment.premier !== attendu || !segment.empreinte_avant.equals(avant))
      noter('mois', segment.premier, null, `Le mois ${segment.mois} ne prolonge pas ce qui le précède.`)
    avant = segment.empreinte_avant
    attendu = segment.premier
    if (segment.purge_a !== null && segment.dernier !== null && segment.empreinte) {
      detruites += segment.dernier - segment.premier + 1
      avant = segment.empreinte
      attendu = segment.dernier + 1
      suivi.detruire(segment.premier, segment.dernier, segment.empreinte)
      verifierTerme(segment, conservation, noter)
      continue
    }
    // After a missing link, the hash before the next one is not known: that one is not tried.
    let rompue = false
    for await (const maillon of parcourir(lecteur, segment.premier, segment.dernier)) {
      const { numero, entree, empreinte, present, champs, a } = maillon
      for (; attendu < numero; attendu++) {
        noter('supprimee', attendu, null, `L’entrée n° ${attendu} n’est plus dans la chaîne.`)
        rompue = true
      }
      if (!present) noter('supprimee', numero, entree, `L’entrée n° ${numero} a été supprimée du journal.`)
      else if (!rompue && !chainer(avant, ecrireContenu(champs)).equals(empreinte)) suspects.push({ maillon, avant })
      if (a) suivi.dater(numero, entree, a)
      suivi.comparer(numero, empreinte)
      rompue = false
      essayees += 1
      avant = empreinte
      attendu = numero + 1
    }
    if (segment.dernier !== null) {
      for (; attendu <= segment.dernier; attendu++)
        noter('supprimee', attendu, null, `L’entrée n° ${attendu} n’est plus dans la chaîne.`)
      if (segment.empreinte && !segment.empreinte.equals(avant))
        noter(
          'mois',
          segment.dernier,
          null,
          `La fin du mois ${segment.mois} n’a plus l’empreinte qu’elle avait à sa clôture.`,
        )
      avant = segment.empreinte ?? avant
    }
  }
  fautes.push(...expliquer(suspects))
  await verifierFin(lecteur, attendu - 1, avant, noter)
  suivi.terminer(attendu - 1)
  const attente = await verifierHorsChaine(lecteur, noter)
  const enFaute = new Set(
    fautes.filter(({ genre }) => genre !== 'ancre' && genre !== 'purge').map(({ numero }) => numero),
  )
  return {
    dept,
    scellees: { essayees, enFaute: enFaute.size, detruites },
    attente,
    mois: {
      clos: segments.filter(({ clos_a }) => clos_a !== null).length,
      detruits: segments.filter(({ purge_a }) => purge_a !== null).length,
    },
    ancres: suivi.bilan(),
    fautes: fautes.sort((a, b) => (a.numero ?? Number.MAX_SAFE_INTEGER) - (b.numero ?? Number.MAX_SAFE_INTEGER)),
  }
}

type Noter = (genre: Faute['genre'], numero: number | null, entree: number | null, message: string) => void

/** Months from « AAAA-MM » to an instant in Paris. */
const moisEcoules = (mois: string, a: Temporal.Instant): number => {
  const fin = Temporal.PlainYearMonth.from(mois)
  return fin.until(a.toZonedDateTimeISO('Europe/Paris').toPlainDate().toPlainYearMonth(), { largestUnit: 'months' })
    .months
}

function verifierTerme(segment: Segment, conservation: number | null, noter: Noter): void {
  if (conservation === null || segment.purge_a === null) return
  if (moisEcoules(segment.mois, segment.purge_a) <= conservation)
    noter(
      'purge',
      segment.premier,
      null,
      `Le mois ${segment.mois} a été détruit avant la fin de sa conservation (${conservation} mois).`,
    )
}

/** The head says how far the chain goes: what it names and is not there was cut off. */
async function verifierFin({ sql, dept }: Lecteur, dernier: number, empreinte: Buffer, noter: Noter): Promise<void> {
  const [tete] = await sql<{
    numero: number
    empreinte: Buffer
  }>`select numero, empreinte from journal_tete where dept = ${dept}`
  const numero = tete?.numero ?? 0
  if (numero > dernier)
    noter(
      'fin_coupee',
      dernier + 1,
      null,
      `La fin de la chaîne manque : ${numero - dernier} entrées après le n° ${dernier}.`,
    )
  else if (numero < dernier) noter('maillon', numero + 1, null, `La chaîne va plus loin que sa tête (n° ${numero}).`)
  else if (tete && numero > 0 && !tete.empreinte.equals(empreinte))
    noter('maillon', numero, null, `La tête de la chaîne n’a pas l’empreinte de l’entrée n° ${numero}.`)
}

/** Entries the chain does not hold: those that wait, and those nothing explains. */
async function verifierHorsChaine({ sql, dept }: Lecteur, noter: Noter): Promise<BilanJournal['attente']> {
  const intrus = await sql<{ id: number }>`select j.id from journal j where j.dept = ${dept}
    and not exists (select 1 from journal_sceau c where c.dept = ${dept} and c.entree = j.id)
    and not exists (select 1 from journal_attente t where t.dept = ${dept} and t.entree = j.id) order by j.id`
  for (const { id } of intrus)
    noter(
      'inseree',
      null,
      id,
      `L’entrée d’identifiant ${id} n’est ni scellée ni en attente de l’être : elle a été ajoutée hors de la chaîne.`,
    )
  const disparues = await sql<{ entree: number }>`select t.entree from journal_attente t where t.dept = ${dept}
    and not exists (select 1 from journal j where j.dept = ${dept} and j.id = t.entree) order by t.entree`
  for (const { entree } of disparues)
    noter('supprimee', null, entree, `L’entrée d’identifiant ${entree} a été supprimée avant d’être scellée.`)
  const [attente] = await sql<{ nombre: number; plus_ancienne: Temporal.Instant | null }>`
    select count(*)::int as nombre, min(j.a) as plus_ancienne from journal_attente t join journal j on j.dept = ${dept} and j.id = t.entree
    where t.dept = ${dept}`
  return { nombre: attente?.nombre ?? 0, plusAncienne: attente?.plus_ancienne ?? null }
}

/** Compares the chain with what was written outside the database, as the reading goes. */
function suivreAncres(ancres: readonly Ancre[], noter: Noter) {
  const parNumero = Map.groupBy(ancres, ({ numero }) => numero)
  const ordonnees = [...ancres].sort((a, b) => a.numero - b.numero)
  let rang = 0
  let plusTard: Temporal.Instant | null = null
  let enFaute = 0
  let horsPortee = 0
  let derniereBonne = 0
  const fauter = (ancre: Ancre, message: string) => {
    enFaute += 1
    noter('ancre', ancre.numero, null, message)
  }
  const comparer = (numero: number, empreinte: Buffer) => {
    for (const ancre of parNumero.get(numero) ?? []) {
      if (ancre.empreinte === empreinte.toString('hex')) derniereBonne = numero
      else
        fauter(
          ancre,
          `L’ancre du ${ancre.a.toString()} contredit l’entrée n° ${numero} : la chaîne a été récrite après le n° ${derniereBonne}.`,
        )
    }
  }
  return {
    comparer,
    detruire(premier: number, dernier: number, empreinte: Buffer) {
      horsPortee += ancres.filter(({ numero }) => numero >= premier && numero < dernier).length
      comparer(dernier, empreinte)
    },
    /** What is anchored was written: an entry after it may not be dated long before it. */
    dater(numero: number, entree: number, a: Temporal.Instant) {
      for (let ancre = ordonnees[rang]; ancre && ancre.numero < numero; ancre = ordonnees[++rang]) {
        if (plusTard === null || Temporal.Instant.compare(ancre.a, plusTard) > 0) plusTard = ancre.a
      }
      if (plusTard && Temporal.Instant.compare(a, plusTard.subtract(RETARD_ADMIS)) < 0)
        noter(
          'antidatee',
          numero,
          entree,
          `L’entrée n° ${numero} est datée du ${a.toString()}, alors qu’elle a été ajoutée après l’ancre du ${plusTard.toString()}.`,
        )
    },
    terminer(dernier: number) {
      for (const ancre of ancres.filter(({ numero }) => numero > dernier))
        fauter(
          ancre,
          `L’ancre du ${ancre.a.toString()} va jusqu’au n° ${ancre.numero} : la fin de la chaîne a été coupée après le n° ${dernier}.`,
        )
    },
    bilan: () => ({ essayees: ancres.length, enFaute, horsPortee, derniere: ordonnees.at(-1) ?? null }),
  }
}
