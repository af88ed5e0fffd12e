import {
  proposerCommunes,
  type Territoires,
  TYPES_ORGANISME,
  type TypeOrganisme,
  trouverCommune,
  trouverDepartement,
} from '#referentiel'
import { Conflit, Introuvable, refus } from '#socle/errors'
import { normalizeForSearch } from '#socle/text'
import type { Organisme } from './organismes.ts'
import type { Session } from './session.ts'

/** An organisme as the administrator keeps it. */
export interface OrganismeTenu extends Organisme {
  readonly actif: boolean
  readonly version: number
  readonly ferme_a: Temporal.Instant | null
  readonly ferme_motif: string | null
  /** Accounts that enter for it today. */
  readonly comptes: number
}

/** What somebody writes of an organisme: texts as typed. */
export interface SaisieOrganisme {
  readonly nom: string
  readonly type: string
  /** Capitals, digits and hyphens: what files and the command line name it by. Empty: made from the name. */
  readonly code: string
  /** None: the whole département. */
  readonly territoires: readonly string[]
  /** Names or INSEE codes, separated by commas or line breaks. */
  readonly communes: string
}

/** Kinds that act for their communes alone: without one, they would be asked about nobody. */
const COMMUNAUX: readonly TypeOrganisme[] = ['ccas', 'mairie']
/** Kinds without which households reach nobody: the last of each is not closed. */
const INDISPENSABLES: readonly TypeOrganisme[] = ['secretariat', 'departement', 'prefecture']

const estType = (type: string): type is TypeOrganisme => (TYPES_ORGANISME as readonly string[]).includes(type)

function territoiresDe({ referentiel, dept }: Session): Territoires {
  const departement = trouverDepartement(referentiel, dept)
  if (!departement) throw new Error(`département ${dept} absent from the data`)
  return departement.territoires
}

/** Organismes of the département, closed ones included, by name. */
export async function listerOrganismesTenus(
  session: Session,
  filtre: { readonly texte?: string | undefined; readonly type?: string | undefined; readonly fermes?: boolean } = {},
): Promise<OrganismeTenu[]> {
  const { sql, dept, jour } = session
  const tous = await sql<OrganismeTenu>`
    select o.id, o.code, o.nom, o.type, o.territoires, o.communes, o.actif, o.version, o.ferme_a, o.ferme_motif,
      (select count(distinct h.compte)::int from habilitation h join compte c on c.dept = ${dept} and c.id = h.compte and c.ferme_a is null
        where h.dept = ${dept} and h.organisme = o.id and h.retiree_a is null and h.du <= ${jour} and (h.jusqu_au is null or h.jusqu_au >= ${jour})) as comptes
    from organisme o where o.dept = ${dept} order by o.nom collate "fr-x-icu", o.code`
  const mots = normalizeForSearch(filtre.texte ?? '').split(' ')
  return tous.filter(
    ({ nom, code, type, actif }) =>
      (filtre.type === undefined || type === filtre.type) &&
      (filtre.fermes === undefined || filtre.fermes !== actif) &&
      mots.every((mot) => normalizeForSearch(`${nom} ${code}`).includes(mot)),
  )
}

/** One of them. */
export async function lireOrganismeTenu(session: Session, id: string): Promise<OrganismeTenu> {
  const trouve = (await listerOrganismesTenus(session)).find((organisme) => organisme.id === id)
  if (!trouve) throw new Introuvable()
  return trouve
}

/** INSEE codes of the communes typed, in their order, each once. */
function lireCommunes(territoires: Territoires, texte: string): string[] {
  const noms = texte
    .split(/[,;\n]/)
    .map((nom) => nom.trim())
    .filter((nom) => nom !== '')
  const codes = noms.map((nom) => {
    const code = territoires.index.communesParCode.has(nom) ? nom : trouverCommune(territoires, nom)?.codeInsee
    if (code) return code
    const [proche] = proposerCommunes(territoires, nom, 1)
    throw refus(
      'organisme.communes',
      `« ${nom} » n’est pas une commune du département.${proche ? ` Peut-être ${proche.commune.nomActuel} ?` : ' L’écrire en entier, ou donner son code INSEE.'}`,
    )
  })
  return [...new Set(codes)]
}

interface Verifie {
  readonly nom: string
  readonly territoires: readonly string[] | null
  readonly communes: readonly string[] | null
}

/** Checks what two forms share. `id` is the organisme itself, when it exists already. */
async function verifier(session: Session, saisie: SaisieOrganisme, type: TypeOrganisme, id: string): Promise<Verifie> {
  const nom = saisie.nom.trim().replace(/\s+/g, ' ')
  if (nom === '' || nom.length > 120)
    throw refus('organisme.nom', 'Écrire le nom de l’organisme, en 120 caractères au plus.')
  const territoires = territoiresDe(session)
  const inconnu = saisie.territoires.find((un) => !territoires.territoires.some((connu) => connu.id === un))
  if (inconnu !== undefined) throw refus('organisme.territoire', 'Choisir les territoires dans la liste.')
  const communes = lireCommunes(territoires, saisie.communes)
  if (communes.length === 0 && COMMUNAUX.includes(type))
    throw refus('organisme.communes', 'Un CCAS ou une mairie agit pour ses communes : en écrire une au moins.')
  const cle = normalizeForSearch(nom)
  const memeNom = (await listerOrganismesTenus(session)).find(
    (autre) => autre.id !== id && autre.type === type && normalizeForSearch(autre.nom) === cle,
  )
  if (memeNom)
    throw refus(
      'organisme.nom',
      !memeNom.actif
        ? `« ${memeNom.nom} » (${memeNom.code}) existe et est fermé. Le rouvrir, ou donner un autre nom.`
        : `« ${memeNom.nom} » (${memeNom.code}) existe déjà. Ouvrir sa fiche, ou donner un autre nom.`,
    )
  return {
    nom,
    territoires: saisie.territoires.length === 0 ? null : [...new Set(saisie.territoires)],
    communes: communes.length === 0 ? null : communes,
  }
}

const LONGUEUR_CODE = 40

/** The first free code made from a name: `CCAS-DE-GUEUGNON`, then `CCAS-DE-GUEUGNON-2`. */
async function proposerCode({ sql, dept }: Session, nom: string): Promise<string> {
  const debut =
    normalizeForSearch(nom)
      .toUpperCase()
      .replace(/[^A-Z0-9]+/g, '-')
      .replace(/^-|-$/g, '')
      .slice(0, LONGUEUR_CODE - 4) || 'ORGANISME'
  const pris = new Set(
    (await sql<{ code: string }>`select code from organisme where dept = ${dept}`).map(({ code }) => code),
  )
  let code = debut
  for (let rang = 2; pris.has(code); rang += 1) code = `${debut}-${rang}`
  return code
}

/**
 * Opens an organisme. It gives no access by itself: accounts do. `id` comes with the form, so that one sent twice opens one. Its kind is not changed afterwards: rights
 * and rules of dispatch hang on it.
 */
export async function creerOrganisme(session: Session, id: string, saisie: SaisieOrganisme): Promise<void> {
  const { sql, dept, maintenant } = session
  if (!estType(saisie.type)) throw refus('organisme.type', 'Choisir ce qu’est cet organisme.')
  const verifie = await verifier(session, saisie, saisie.type, id)
  const code = saisie.code.trim().toUpperCase() || (await proposerCode(session, verifie.nom))
  if (!/^[A-Z0-9-]+$/.test(code) || code.length > LONGUEUR_CODE)
    throw refus('organisme.code', 'Écrire le code en capitales, chiffres et tirets, sans espace ni accent.')
  const [cree] = await sql<{ id: string }>`
    insert into organisme (dept, id, code, nom, type, territoires, communes, tenu_a)
    values (${dept}, ${id}::uuid, ${code}, ${verifie.nom}, ${saisie.type}, ${verifie.territoires}, ${verifie.communes}, ${maintenant})
    on conflict do nothing returning id`
  if (!cree) {
    const [deja] = await sql`select 1 from organisme where dept = ${dept} and id = ${id}::uuid`
    if (deja) return
    throw refus('organisme.code', `Le code « ${code} » est celui d’un autre organisme. En choisir un autre.`)
  }
  session.consigner({
    action: 'organisme.creer',
    objet: 'organisme',
    objetId: id,
    details: { type: saisie.type, code },
  })
}

/**
 * Changes the name and the places of an organisme. Its places are those of its accounts: nobody changes those of their own. Throws `Conflit` when somebody changed it
 * since it was read.
 */
export async function modifierOrganisme(
  session: Session,
  id: string,
  version: number,
  saisie: Omit<SaisieOrganisme, 'type' | 'code'>,
): Promise<void> {
  const { sql, dept, maintenant } = session
  const actuel = await lireOrganismeTenu(session, id)
  if (!estType(actuel.type)) throw new Error(`unknown kind of organisme ${actuel.type}`)
  const verifie = await verifier(session, { ...saisie, type: actuel.type, code: actuel.code }, actuel.type, id)
  const change = (['nom', 'territoires', 'communes'] as const).filter(
    (champ) => JSON.stringify(verifie[champ]) !== JSON.stringify(actuel[champ]),
  )
  if (id === session.acteur.organisme && change.some((champ) => champ !== 'nom'))
    throw refus(
      'organisme.territoire',
      'C’est votre organisme : l’administrateur d’un autre en change les lieux, qui sont ceux de vos droits.',
    )
  const [modifie] =
    await sql`update organisme set nom = ${verifie.nom}, territoires = ${verifie.territoires}, communes = ${verifie.communes},
      tenu_a = ${maintenant}, version = version + 1
    where dept = ${dept} and id = ${id}::uuid and version = ${version} returning id`
  if (!modifie)
    throw new Conflit('organisme.modifie', 'Quelqu’un a modifié cet organisme depuis que cette page est ouverte.', [id])
  session.consigner({ action: 'organisme.modifier', objet: 'organisme', objetId: id, details: { champs: change } })
}

/**
 * Closes an organisme at once: nobody enters for it any more, nothing is sent to it nor asked of it. What it did stays. `suivis` is the number of households that rest on it
 * now: as long as there are some, it is not closed.
 */
export async function fermerOrganisme(session: Session, id: string, motif: string, suivis: number): Promise<void> {
  const { sql, dept, maintenant, acteur } = session
  const { type } = await lireOrganismeTenu(session, id)
  if (motif.trim() === '') throw refus('organisme.motif', 'Dire pourquoi cet organisme ferme.')
  if (id === acteur.organisme)
    throw refus('organisme.motif', 'C’est votre organisme : l’administrateur d’un autre peut le fermer.')
  if (suivis > 0)
    throw refus(
      'organisme.motif',
      `${suivis === 1 ? 'Un ménage repose' : `${suivis} ménages reposent`} sur cet organisme. Le secrétariat les confie d’abord à un autre service.`,
    )
  if ((INDISPENSABLES as readonly string[]).includes(type)) {
    const [autre] =
      await sql`select 1 from organisme where dept = ${dept} and type = ${type} and actif and id <> ${id}::uuid limit 1`
    if (!autre)
      throw refus(
        'organisme.motif',
        'C’est le dernier de sa sorte, et les règles en ont besoin. En ouvrir un autre d’abord.',
      )
  }
  const [ferme] =
    await sql`update organisme set actif = false, ferme_a = ${maintenant}, ferme_motif = ${motif.trim()}, tenu_a = ${maintenant}, version = version + 1
    where dept = ${dept} and id = ${id}::uuid and actif returning id`
  if (!ferme) throw new Introuvable()
  session.consigner({ action: 'organisme.fermer', objet: 'organisme', objetId: id })
}

/** Opens a closed organisme again: the accounts it had enter again, unless their habilitations ended meanwhile. */
export async function rouvrirOrganisme(session: Session, id: string): Promise<void> {
  const { sql, dept, maintenant } = session
  const [ouvert] =
    await sql`update organisme set actif = true, ferme_a = null, ferme_motif = null, tenu_a = ${maintenant}, version = version + 1
    where dept = ${dept} and id = ${id}::uuid and not actif returning id`
  if (!ouvert) throw new Introuvable()
  session.consigner({ action: 'organisme.rouvrir', objet: 'organisme', objetId: id })
}
