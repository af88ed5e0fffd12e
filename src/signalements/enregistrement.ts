import { randomUUID } from 'node:crypto'
import type { Session } from '#acces'
import { mapPaced } from '#socle/pace'
import type { Lieu } from './communes.ts'
import type { ContenuSignalement, Effet, Motif, Verdict } from './format/index.ts'
import { ordonnerMotifs } from './format/motifs.ts'
import { scellerBrut, scellerChamps, scellerContenu, taireMotifs } from './scellement.ts'

/** A line verified, ready to be written. */
export interface LigneVerifiee {
  readonly ligne: number
  readonly reference: string
  readonly verdict: Verdict
  readonly motifs: readonly Motif[]
  readonly contenu: ContenuSignalement | null
  readonly empreinte: string
  readonly octets: Uint8Array
  readonly champs: Readonly<Record<string, string>>
  readonly lieu: Lieu | null
  /** True when the same content was already met higher in the same file. */
  readonly repetee: boolean
}

interface Connu {
  readonly id: string
  readonly reference_source: string
  readonly empreinte: string
  readonly version: number
  readonly retire_a: Temporal.Instant | null
}

export interface EffetLigne {
  readonly ligne: LigneVerifiee
  readonly effet: Effet
  readonly signalement: string | null
  readonly version: number
}

/** What each line would do or did, compared with the signalements already known of this organisme. Reads only. */
export async function calculerEffets(
  session: Session,
  organisme: string,
  lignes: readonly LigneVerifiee[],
): Promise<EffetLigne[]> {
  const references = lignes.filter((ligne) => ligne.contenu).map((ligne) => ligne.reference)
  const connus = new Map(
    // Versions of a withdrawn import stay in the history: their numbers are not given again.
    (
      await session.sql<Connu>`select s.id, s.reference_source, s.empreinte, s.retire_a,
          (select max(v.version) from signalement_version v where v.dept = ${session.dept} and v.signalement = s.id) as version
        from signalement s where s.dept = ${session.dept} and s.organisme = ${organisme} and s.reference_source = any (${references})`
    ).map((connu) => [connu.reference_source, connu]),
  )
  const coffre = await session.coffre()
  const dansLeLot = new Map<string, string>()
  const effets = lignes.map((ligne): EffetLigne => {
    if (!ligne.contenu) return { ligne, effet: 'aucun' as const, signalement: null, version: 0 }
    const connu = connus.get(ligne.reference)
    const deja = dansLeLot.get(ligne.reference)
    if (deja !== undefined || ligne.repetee)
      return {
        ligne,
        effet: 'deja_connu' as const,
        signalement: deja ?? connu?.id ?? null,
        version: connu?.version ?? 1,
      }
    const id = connu?.id ?? randomUUID()
    dansLeLot.set(ligne.reference, id)
    if (!connu) return { ligne, effet: 'cree' as const, signalement: id, version: 1 }
    if (connu.retire_a) return { ligne, effet: 'cree' as const, signalement: id, version: connu.version + 1 }
    // Fingerprints taken before sealing have no key.
    if (connu.empreinte === coffre.empreinte(ligne.empreinte) || connu.empreinte === ligne.empreinte)
      return { ligne, effet: 'deja_connu' as const, signalement: id, version: connu.version }
    return { ligne, effet: 'mis_a_jour' as const, signalement: id, version: connu.version + 1 }
  })
  return refuserDoublesRenvoyes(session, organisme, effets)
}

/**
 * A line rejected because another signalement of its file has its reference, and sent again as it was, still speaks of somebody else: alone in its file this time, it
 * would replace that signalement. It is rejected again until it has a reference of its own.
 */
async function refuserDoublesRenvoyes(
  session: Session,
  organisme: string,
  effets: readonly EffetLigne[],
): Promise<EffetLigne[]> {
  const { dept } = session
  const references = effets.filter(({ effet }) => effet === 'mis_a_jour').map(({ ligne }) => ligne.reference)
  if (references.length === 0) return [...effets]
  const doubles = new Set(
    (
      await session.sql<{ empreinte_brut: string }>`
        select a.empreinte_brut from ligne_lot a join lot t on t.dept = ${dept} and t.id = a.lot and t.organisme = ${organisme} and t.retire_a is null
        where a.dept = ${dept} and a.verdict = 'rejetee' and a.corrigee_a is null and a.reference_source = any (${references})
          and a.empreinte_brut is not null and a.motifs @> '[{"code": "reference_en_double"}]'`
    ).map(({ empreinte_brut: empreinte }) => empreinte),
  )
  if (doubles.size === 0) return [...effets]
  const coffre = await session.coffre()
  return effets.map((effet) => {
    const { ligne } = effet
    if (effet.effet !== 'mis_a_jour' || !doubles.has(coffre.empreinte(ligne.octets))) return effet
    const motif: Motif = {
      code: 'reference_en_double',
      colonne: 'reference_source',
      valeur: ligne.reference,
      message:
        'Cette ligne a déjà été rejetée : sa référence est celle d’un autre signalement du même fichier. Lui donner sa propre référence.',
    }
    const rejetee: LigneVerifiee = {
      ...ligne,
      verdict: 'rejetee',
      motifs: ordonnerMotifs([...ligne.motifs, motif]),
      contenu: null,
    }
    return { ligne: rejetee, effet: 'aucun', signalement: null, version: 0 }
  })
}

/**
 * Writes a batch of lines: signalements created or updated, each version kept, each line as received. In bulk, in the caller's transaction.
 */
export async function ecrireLignes(
  session: Session,
  lot: { id: string; organisme: string; recuLe: Temporal.PlainDate },
  effets: readonly EffetLigne[],
  options: { sansLignes?: boolean } = {},
): Promise<void> {
  const { sql, dept } = session
  const coffre = await session.coffre()
  const nouveaux = effets.filter(({ effet }) => effet === 'cree' || effet === 'mis_a_jour')
  if (nouveaux.length > 0) {
    const lignes = await mapPaced(nouveaux, ({ ligne, signalement, version }) => ({
      id: signalement,
      reference: ligne.reference,
      type: ligne.contenu?.type,
      date_signalement: ligne.contenu?.date_signalement,
      date_acte: ligne.contenu?.date_acte ?? null,
      contenu: ligne.contenu && signalement ? scellerContenu(coffre, signalement, ligne.contenu) : null,
      empreinte: coffre.empreinte(ligne.empreinte),
      version,
      ligne: ligne.ligne,
      code_insee: ligne.lieu?.codeInsee ?? null,
      commune: ligne.lieu?.nomActuel ?? ligne.contenu?.commune ?? '',
      territoire: ligne.lieu?.territoire ?? null,
      alias: ligne.lieu?.alias ?? null,
    }))
    await sql`
      with lignes as (
        select * from json_to_recordset(${JSON.stringify(lignes)}::json) as x(id uuid, reference text, type text, date_signalement date, date_acte date,
          contenu jsonb, empreinte text, version int, ligne int, code_insee text, commune text, territoire text, alias uuid)
      ), ecrits as (
        insert into signalement (dept, id, organisme, reference_source, type, date_signalement, date_acte, contenu, empreinte, version, lot, ligne, recu_le,
          recu_a, code_insee, commune, territoire, alias_commune)
        select ${dept}, id, ${lot.organisme}, reference, type, date_signalement, date_acte, contenu, empreinte, version, ${lot.id}, ligne, ${lot.recuLe},
          ${session.maintenant}, code_insee, commune, territoire, alias
        from lignes
        on conflict (dept, organisme, reference_source) do update set type = excluded.type, date_signalement = excluded.date_signalement,
          date_acte = excluded.date_acte, contenu = excluded.contenu, empreinte = excluded.empreinte, version = excluded.version, lot = excluded.lot,
          ligne = excluded.ligne, recu_le = excluded.recu_le, recu_a = excluded.recu_a, code_insee = excluded.code_insee, commune = excluded.commune,
          territoire = excluded.territoire, alias_commune = excluded.alias_commune, retire_a = null
        returning id, ligne
      ), a_faire as (
        insert into a_reconnaitre (dept, lot, ligne, signalement) select ${dept}, ${lot.id}, ligne, id from ecrits on conflict do nothing
      )
      insert into signalement_version (dept, signalement, version, contenu, empreinte, lot, ligne, recu_a)
      select ${dept}, l.id, l.version, l.contenu, l.empreinte, ${lot.id}, l.ligne, ${session.maintenant} from lignes l join ecrits e on e.id = l.id
      order by l.ligne`
  }
  if (options.sansLignes) return
  const recues = await mapPaced(effets, ({ ligne, effet, signalement }) => {
    const place = { lot: lot.id, ligne: ligne.ligne }
    return {
      ligne: ligne.ligne,
      reference_source: ligne.reference,
      brut: scellerBrut(coffre, place, ligne.octets).toString('base64'),
      empreinte_brut: ligne.verdict === 'rejetee' ? coffre.empreinte(ligne.octets) : null,
      champs: scellerChamps(
        coffre,
        place,
        'champs',
        ligne.champs,
        ligne.motifs.some(({ colonne }) => colonne === ''),
      ),
      verdict: ligne.verdict,
      effet,
      motifs: taireMotifs(ligne.motifs),
      signalement,
    }
  })
  await sql`
    insert into ligne_lot (dept, lot, ligne, reference_source, brut, empreinte_brut, champs, verdict, effet, motifs, signalement)
    select ${dept}, ${lot.id}, x.ligne, x.reference_source, decode(x.brut, 'base64'), x.empreinte_brut, x.champs, x.verdict, x.effet, x.motifs, x.signalement
    from json_to_recordset(${JSON.stringify(recues)}::json) as x(ligne int, reference_source text, brut text, empreinte_brut text, champs jsonb, verdict text, effet text,
      motifs jsonb, signalement uuid)`
}
