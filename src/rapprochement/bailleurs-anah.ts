import { randomUUID } from 'node:crypto'
import type { Session } from '#acces'
import { Refus } from '#socle/errors'
import { normalizeForSearch } from '#socle/text'
import { nettoyerBailleur, type SaisieBailleur } from './bailleurs.ts'

/** What became of a line of the list. */
export interface EffetAnah {
  readonly ligne: number
  readonly nom: string
  readonly effet: 'creee' | 'mise_a_jour' | 'inchangee' | 'rejetee'
  /** The sheet; null for a line rejected. */
  readonly bailleur: string | null
  /** Field at fault, and what to do; empty otherwise. */
  readonly champ: string
  readonly message: string
}

export interface ListeAnahRecue {
  readonly effets: readonly EffetAnah[]
  /** Sheets signed with the ANAH that this list does not name: a person says whether the agreement ended. */
  readonly absents: readonly { readonly id: string; readonly nom: string }[]
}

type Net = ReturnType<typeof nettoyerBailleur>

interface Fiche {
  readonly id: string
  readonly nom: string
  readonly cle: string
  readonly siret: string | null
  readonly adresse: string
  readonly telephone: string
  readonly courriel: string
  readonly anah: boolean
  readonly le: Temporal.PlainDate | null
}

const memeAdresse = (a: string, b: string): boolean =>
  a === '' || b === '' || normalizeForSearch(a) === normalizeForSearch(b)

/** The sheet a line is about; `null`: none yet; a text: why a person must say. */
function trouver(net: Net, fiches: readonly Fiche[]): Fiche | null | string {
  const parSiret = net.siret === null ? undefined : fiches.find(({ siret }) => siret === net.siret)
  if (parSiret) return parSiret
  const memeNom = fiches.filter(({ cle, siret }) => cle === net.cle && (siret === null || net.siret === null))
  const [une, autre] = memeNom
  if (autre) return 'Plusieurs fiches portent ce nom : donner le SIRET dans la liste, ou réunir ces fiches.'
  if (une && !memeAdresse(une.adresse, net.adresse))
    return 'Une fiche porte ce nom à une autre adresse : si c’est le même bailleur, corriger sa fiche ; sinon, l’ajouter à la main.'
  return une ?? null
}

/**
 * Takes the list of landlords who signed an agreement with the ANAH, sent by the State (SIG-19): opens their sheets or completes those known, by SIRET, otherwise by name
 * and address. What a sheet already says is never overwritten; the same list twice changes nothing. A line that cannot be taken says why, the others are kept.
 */
export async function recevoirListeAnah(
  session: Session,
  lignes: readonly { readonly ligne: number; readonly saisie: SaisieBailleur }[],
): Promise<ListeAnahRecue> {
  const { sql, dept, maintenant, acteur } = session
  await sql`select pg_advisory_xact_lock(hashtextextended(${`bailleurs:${dept}`}, 0))`
  const lues = lignes.map(({ ligne, saisie }): { ligne: number; nom: string; net: Net | Refus } => {
    try {
      return { ligne, nom: saisie.nom, net: nettoyerBailleur(session, { ...saisie, conventionneAnah: true }) }
    } catch (erreur) {
      if (!(erreur instanceof Refus)) throw erreur
      return { ligne, nom: saisie.nom, net: erreur }
    }
  })
  const nets = lues.flatMap(({ net }) => (net instanceof Refus ? [] : [net]))
  const fiches = await sql<Fiche>`
    select id, nom, cle, siret, adresse, telephone, courriel, conventionne_anah as anah, conventionne_anah_le as le from bailleur
    where dept = ${dept} and fusion is null and retire_a is null
      and (cle = any (${nets.map(({ cle }) => cle)}::text[]) or siret = any (${nets.flatMap(({ siret }) => siret ?? [])}::text[])) for update`
  const vues = new Map<string, number>()
  const creees: (Net & { readonly id: string })[] = []
  const changees: (Omit<Fiche, 'nom' | 'cle' | 'anah' | 'le'> & {
    readonly le: string | null
    readonly recherche: string
  })[] = []
  const rejeter = (ligne: number, nom: string, champ: string, message: string): EffetAnah => ({
    ...{ ligne, nom, champ, message },
    effet: 'rejetee',
    bailleur: null,
  })
  const effets = lues.map(({ ligne, nom, net }): EffetAnah => {
    if (net instanceof Refus) return rejeter(ligne, nom, net.code.replace('bailleur.', ''), net.message)
    const fiche = trouver(net, fiches)
    if (typeof fiche === 'string') return rejeter(ligne, nom, 'nom', fiche)
    // Two lines meet by their sheet or by their SIRET; those that have neither, by name and address.
    const siens = [fiche?.id, net.siret].filter((une) => une !== undefined && une !== null)
    const cles = siens.length > 0 ? siens : [`${net.cle}|${normalizeForSearch(net.adresse)}`]
    const deja = cles.map((une) => vues.get(une)).find((une) => une !== undefined)
    if (deja !== undefined)
      return rejeter(ligne, nom, 'nom', `Déjà à la ligne ${deja} de cette liste : retirer l’une des deux.`)
    for (const une of cles) vues.set(une, ligne)
    const fait = (effet: EffetAnah['effet'], bailleur: string): EffetAnah => ({
      ligne,
      nom,
      effet,
      bailleur,
      champ: '',
      message: '',
    })
    if (fiche === null) {
      const id = randomUUID()
      creees.push({ ...net, id })
      return fait('creee', id)
    }
    const siret = fiche.siret ?? net.siret
    const pris = {
      adresse: fiche.adresse || net.adresse,
      telephone: fiche.telephone || net.telephone,
      courriel: fiche.courriel || net.courriel,
    }
    const le = fiche.le ?? net.anahLe
    const inchangee =
      fiche.anah &&
      siret === fiche.siret &&
      pris.adresse === fiche.adresse &&
      pris.telephone === fiche.telephone &&
      pris.courriel === fiche.courriel &&
      (le === null) === (fiche.le === null)
    if (!inchangee)
      changees.push({
        ...pris,
        id: fiche.id,
        siret,
        le: le?.toString() ?? null,
        recherche: normalizeForSearch([fiche.nom, siret ?? '', pris.adresse, pris.courriel].join(' ')),
      })
    return fait(inchangee ? 'inchangee' : 'mise_a_jour', fiche.id)
  })
  if (creees.length > 0)
    await sql`insert into bailleur (dept, id, nom, cle, recherche, nature, gestionnaire, siret, adresse, telephone, courriel, conventionne_anah, conventionne_anah_le,
        cree_a, cree_par, modifie_a, modifie_par)
      select ${dept}, x.id, x.nom, x.cle, x.recherche, null, false, x.siret, x.adresse, x.telephone, x.courriel, true, x."anahLe", ${maintenant}, ${acteur.compte},
        ${maintenant}, ${acteur.compte}
      from json_to_recordset(${JSON.stringify(creees)}::json) as x(id uuid, nom text, cle text, recherche text, siret text, adresse text, telephone text, courriel text,
        "anahLe" date)`
  if (changees.length > 0)
    await sql`update bailleur b set siret = x.siret, adresse = x.adresse, telephone = x.telephone, courriel = x.courriel, recherche = x.recherche, conventionne_anah = true,
        conventionne_anah_le = x.le, version = b.version + 1, modifie_a = ${maintenant}, modifie_par = ${acteur.compte}
      from json_to_recordset(${JSON.stringify(changees)}::json) as x(id uuid, siret text, adresse text, telephone text, courriel text, recherche text, le date)
      where b.dept = ${dept} and b.id = x.id`
  const nommees = effets.flatMap(({ bailleur }) => bailleur ?? [])
  const absents =
    nommees.length === 0
      ? []
      : await sql<{ id: string; nom: string }>`
    select id, nom from bailleur where dept = ${dept} and conventionne_anah and fusion is null and retire_a is null and not (id = any (${nommees}::uuid[]))
    order by nom collate "fr-x-icu", id`
  session.consigner({
    action: 'bailleur.tenir',
    details: { acte: 'liste_anah', lignes: effets.length, creees: creees.length, changees: changees.length },
  })
  return { effets, absents }
}
