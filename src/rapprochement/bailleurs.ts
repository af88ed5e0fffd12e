import { randomUUID } from 'node:crypto'
import { masqueDe, type Session } from '#acces'
import { chercher } from '#dossiers'
import { NATURES_BAILLEUR } from '#procedure'
import { type Fragment, sql as fragment } from '#socle/db'
import { Conflit, Introuvable, refus } from '#socle/errors'
import { isUuid, normalizeForSearch } from '#socle/text'

export type NatureBailleur = keyof typeof NATURES_BAILLEUR
export const estNatureBailleur = (code: string): code is NatureBailleur => Object.hasOwn(NATURES_BAILLEUR, code)

/** What a form of the register gives. */
export interface SaisieBailleur {
  readonly nom: string
  readonly nature: NatureBailleur | null
  /** Manages dwellings for others: an agency, a property manager. */
  readonly gestionnaire: boolean
  readonly siret: string
  readonly adresse: string
  readonly telephone: string
  readonly courriel: string
  readonly conventionneAnah: boolean
  readonly conventionneAnahLe: Temporal.PlainDate | null
}

/** One sheet of the register, and how much hangs from it. */
export interface Bailleur {
  readonly id: string
  readonly nom: string
  readonly nature: NatureBailleur | null
  readonly gestionnaire: boolean
  readonly siret: string | null
  readonly adresse: string
  readonly telephone: string
  readonly courriel: string
  readonly conventionne_anah: boolean
  readonly conventionne_anah_le: Temporal.PlainDate | null
  readonly version: number
  readonly modifie_a: Temporal.Instant
  readonly logements: number
  readonly dossiers: number
  readonly geres: number
}

export interface FiltreBailleurs {
  readonly texte?: string | undefined
  readonly nature?: NatureBailleur | undefined
  readonly genre?: 'anah' | 'gerant' | undefined
}

const VIVANT = fragment`b.fusion is null and b.retire_a is null`

const lire = ({ dept }: Pick<Session, 'dept'>): Fragment => fragment`
  b.id, b.nom, b.nature, b.gestionnaire, b.siret, b.adresse, b.telephone, b.courriel, b.conventionne_anah, b.conventionne_anah_le, b.version, b.modifie_a,
  (select count(*)::int from bailleur_logement l where l.dept = ${dept} and l.bailleur = b.id and l.retire_a is null) as logements,
  (select count(*)::int from bailleur_logement l where l.dept = ${dept} and l.gerant = b.id and l.retire_a is null) as geres,
  (select count(*)::int from bailleur_logement l join bailleur_dossier r on r.dept = ${dept} and r.logement = l.id and r.defait_a is null
    where l.dept = ${dept} and l.bailleur = b.id) as dossiers`

/** The register by name. Every word is looked for in the name, the SIRET, the address and the mail, whatever the accents. */
export async function listerBailleurs(
  session: Session,
  filtre: FiltreBailleurs,
  { debut = 0, taille = 50 }: { debut?: number; taille?: number } = {},
): Promise<{ readonly lignes: readonly Bailleur[]; readonly total: number }> {
  const { sql, dept } = session
  const mots = normalizeForSearch(filtre.texte ?? '')
    .split(' ')
    .filter((mot) => mot !== '')
    .map((mot) => `%${mot.replaceAll(/[\\%_]/g, '\\$&')}%`)
  const lues = await sql<Bailleur & { total: number }>`
    select ${lire(session)}, count(*) over ()::int as total from bailleur b
    where b.dept = ${dept} and ${VIVANT} and b.recherche like all (${mots}::text[])
      and (${filtre.nature ?? null}::text is null or b.nature = ${filtre.nature ?? null}::text)
      and (${filtre.genre ?? ''}::text <> 'anah' or b.conventionne_anah) and (${filtre.genre ?? ''}::text <> 'gerant' or b.gestionnaire)
    order by b.nom collate "fr-x-icu", b.id limit ${taille} offset ${debut}`
  return { lignes: lues.map(({ total: _, ...ligne }) => ligne), total: lues[0]?.total ?? 0 }
}

/** A dossier attached to a dwelling, as much as the session may read of it. */
export interface DossierDuBailleur {
  readonly lien: string
  readonly logement: string
  readonly id: string
  readonly reference: string
  readonly titulaire: string
  readonly stade: string
  readonly clos_le: Temporal.PlainDate | null
}

export interface LogementDuBailleur {
  readonly id: string
  readonly adresse: string
  readonly commune: string
  readonly bailleur: string
  readonly bailleur_nom: string
  readonly gerant: string | null
  readonly gerant_nom: string | null
  readonly dossiers: readonly DossierDuBailleur[]
}

/** Sheets made one: which one was put aside, when, by whom. */
export interface FusionBailleurs {
  readonly id: string
  readonly absorbe: string
  readonly absorbe_nom: string
  readonly a: Temporal.Instant
  readonly auteur: string | null
}

/** A sheet of the register. One put aside by a merge is no longer there: `dans` says which one holds it. */
export async function lireBailleur(session: Session, id: string): Promise<Bailleur> {
  const [lu] = isUuid(id)
    ? await session.sql<Bailleur>`select ${lire(session)} from bailleur b where b.dept = ${session.dept} and b.id = ${id}::uuid and ${VIVANT}`
    : []
  if (!lu) throw new Introuvable()
  return lu
}

/** The sheet another was merged into; null when it is not one put aside. */
export async function trouverFusionnee(session: Session, id: string): Promise<string | null> {
  const [lue] = isUuid(id)
    ? await session.sql<{
        garde: string
      }>`select f.garde from bailleur b join bailleur_fusion f on f.dept = ${session.dept} and f.id = b.fusion
        where b.dept = ${session.dept} and b.id = ${id}::uuid`
    : []
  return lue?.garde ?? null
}

/** The dwellings of a landlord and those it manages, with their dossiers, open ones first. */
export async function lireLogements(session: Session, id: string): Promise<readonly LogementDuBailleur[]> {
  const { sql, dept } = session
  const logements = await sql<Omit<LogementDuBailleur, 'dossiers'>>`
    select l.id, l.adresse, l.commune, l.bailleur, b.nom as bailleur_nom, l.gerant, g.nom as gerant_nom
    from bailleur_logement l join bailleur b on b.dept = ${dept} and b.id = l.bailleur left join bailleur g on g.dept = ${dept} and g.id = l.gerant
    where l.dept = ${dept} and l.retire_a is null and (l.bailleur = ${id}::uuid or l.gerant = ${id}::uuid)
    order by l.commune collate "fr-x-icu", l.adresse collate "fr-x-icu", l.id`
  const dossiers = await sql<DossierDuBailleur>`
    select r.id as lien, r.logement, d.id, d.reference, d.titulaire, d.stade, d.clos_le
    from bailleur_dossier r join dossier d on d.dept = ${dept} and d.id = r.dossier
    where r.dept = ${dept} and r.defait_a is null and r.logement = any (${logements.map((un) => un.id)}::uuid[])
    order by d.clos_le is not null, d.reference`
  const { voit } = masqueDe(session.acteur)
  const lus = dossiers.map((un) => ({
    ...un,
    titulaire: voit('identite', []) ? un.titulaire : '',
    stade: voit('procedure', []) ? un.stade : '',
  }))
  const parLogement = Map.groupBy(lus, ({ logement }) => logement)
  session.consigner({ action: 'bailleur.lire', objet: 'bailleur', objetId: id, dossiers: lus.map((un) => un.id) })
  return logements.map((un) => ({ ...un, dossiers: parLogement.get(un.id) ?? [] }))
}

/** What was merged into a sheet and may still be given back, newest first. */
export function listerFusions(session: Session, id: string): Promise<FusionBailleurs[]> {
  const { sql, dept } = session
  return sql<FusionBailleurs>`
    select f.id, f.absorbe, b.nom as absorbe_nom, f.a, c.prenom || ' ' || c.nom as auteur
    from bailleur_fusion f join bailleur b on b.dept = ${dept} and b.id = f.absorbe left join compte c on c.dept = ${dept} and c.id = f.par
    where f.dept = ${dept} and f.garde = ${id}::uuid and f.defait_a is null order by f.a desc, f.id`
}

/** Sheets that may be the same landlord: same SIRET, or same name whatever the accents. */
export async function listerDoublons(session: Session, id: string): Promise<Bailleur[]> {
  return session.sql<Bailleur>`
    select ${lire(session)} from bailleur b join bailleur m on m.dept = ${session.dept} and m.id = ${id}::uuid
    where b.dept = ${session.dept} and b.id <> m.id and ${VIVANT} and (b.cle = m.cle or b.siret = m.siret)
    order by b.nom collate "fr-x-icu", b.id limit 20`
}

const refuser = (champ: string, phrase: string) => refus(`bailleur.${champ}`, phrase)

/** A sheet as it is kept, or why it cannot be: the code of the refusal names the field. */
export function nettoyerBailleur({ jour }: Pick<Session, 'jour'>, saisie: SaisieBailleur) {
  const nom = saisie.nom.replaceAll(/\s+/g, ' ').trim()
  if (nom === '' || nom.length > 120) throw refuser('nom', 'Donner le nom du bailleur, en 120 caractères au plus.')
  const siret = saisie.siret.replaceAll(/\s/g, '')
  if (siret !== '' && !/^\d{14}$/.test(siret))
    throw refuser('siret', 'Le SIRET a 14 chiffres. Le laisser vide s’il n’est pas connu.')
  const telephone = saisie.telephone.trim()
  if (telephone !== '' && !/^\+?[\d .-]{8,20}$/.test(telephone))
    throw refuser('telephone', 'Écrire le téléphone en chiffres, par exemple 03 85 00 00 00.')
  const courriel = saisie.courriel.trim().toLowerCase()
  if (courriel !== '' && !/^[^\s@<>]+@[^\s@<>]+\.[^\s@<>]+$/.test(courriel))
    throw refuser('courriel', 'Cette adresse n’est pas complète, par exemple contact@agence.fr.')
  const adresse = saisie.adresse.replaceAll(/\s+/g, ' ').trim().slice(0, 240)
  const { conventionneAnahLe: le, conventionneAnah } = saisie
  if (le && !conventionneAnah)
    throw refuser('conventionne_anah_le', 'Cocher « conventionné avec l’ANAH », ou effacer la date de la convention.')
  if (le && Temporal.PlainDate.compare(le, jour) > 0)
    throw refuser('conventionne_anah_le', 'La convention est signée : sa date ne peut pas être à venir.')
  return {
    ...{ nom, telephone, courriel, adresse, siret: siret === '' ? null : siret },
    nature: saisie.nature,
    gestionnaire: saisie.gestionnaire,
    anah: conventionneAnah,
    anahLe: le,
    cle: normalizeForSearch(nom),
    recherche: normalizeForSearch([nom, siret, adresse, courriel].join(' ')),
  }
}

async function verifier(session: Session, saisie: SaisieBailleur, soi: string | null) {
  const net = nettoyerBailleur(session, saisie)
  if (net.siret !== null) {
    const [autre] = await session.sql<{ nom: string }>`
      select b.nom from bailleur b where b.dept = ${session.dept} and b.siret = ${net.siret} and ${VIVANT} and b.id is distinct from ${soi}::uuid`
    if (autre) throw refuser('siret', `${autre.nom} a déjà ce SIRET : ouvrir sa fiche, ou réunir les deux fiches.`)
  }
  return net
}

/** Opens a sheet. Sent twice with the same mark, it opens one. */
export async function creerBailleur(session: Session, saisie: SaisieBailleur, envoi: string): Promise<string> {
  if (!isUuid(envoi)) throw refuser('envoi', 'Ce formulaire est incomplet. Revenir à la liste et recommencer.')
  const { sql, dept, maintenant } = session
  const [deja] = await sql<{ id: string }>`select id from bailleur where dept = ${dept} and envoi = ${envoi}::uuid`
  if (deja) return deja.id
  const net = await verifier(session, saisie, null)
  const { compte } = session.acteur
  const id = randomUUID()
  await sql`insert into bailleur (dept, id, nom, cle, recherche, nature, gestionnaire, siret, adresse, telephone, courriel, conventionne_anah, conventionne_anah_le,
      cree_a, cree_par, modifie_a, modifie_par, envoi)
    values (${dept}, ${id}, ${net.nom}, ${net.cle}, ${net.recherche}, ${net.nature}, ${net.gestionnaire}, ${net.siret}, ${net.adresse}, ${net.telephone},
      ${net.courriel}, ${net.anah}, ${net.anahLe}, ${maintenant}, ${compte}, ${maintenant}, ${compte}, ${envoi})`
  session.consigner({ action: 'bailleur.tenir', objet: 'bailleur', objetId: id, details: { acte: 'creer' } })
  return id
}

const conflit = (id: string) =>
  new Conflit('bailleur.conflit', 'Quelqu’un a modifié cette fiche depuis que vous l’avez ouverte.', [id])

/** Changes a sheet. `version` is the one the form showed: somebody else’s change is not overwritten. */
export async function modifierBailleur(
  session: Session,
  id: string,
  version: number,
  saisie: SaisieBailleur,
): Promise<void> {
  const { sql, dept, maintenant } = session
  await lireBailleur(session, id)
  const net = await verifier(session, saisie, id)
  const [modifie] =
    await sql`update bailleur set nom = ${net.nom}, cle = ${net.cle}, recherche = ${net.recherche}, nature = ${net.nature},
      gestionnaire = ${net.gestionnaire}, siret = ${net.siret}, adresse = ${net.adresse}, telephone = ${net.telephone}, courriel = ${net.courriel},
      conventionne_anah = ${net.anah}, conventionne_anah_le = ${net.anahLe}, version = version + 1, modifie_a = ${maintenant},
      modifie_par = ${session.acteur.compte}
    where dept = ${dept} and id = ${id}::uuid and version = ${version} and fusion is null and retire_a is null returning id`
  if (!modifie) throw conflit(id)
  session.consigner({ action: 'bailleur.tenir', objet: 'bailleur', objetId: id, details: { acte: 'modifier' } })
}

/** Takes out a sheet nothing hangs from, or puts it back. */
export async function retirerBailleur(session: Session, id: string, retirer: boolean): Promise<void> {
  const { sql, dept, maintenant } = session
  if (retirer) {
    const { logements, geres } = await lireBailleur(session, id)
    if (logements > 0 || geres > 0)
      throw refuser('retrait', 'Des logements tiennent à cette fiche : les détacher, ou la réunir à une autre.')
  }
  await sql`update bailleur set retire_a = ${retirer ? maintenant : null}, version = version + 1, modifie_a = ${maintenant},
      modifie_par = ${session.acteur.compte}
    where dept = ${dept} and id = ${id}::uuid and fusion is null and (retire_a is null) = ${retirer}`
  session.consigner({
    action: 'bailleur.tenir',
    objet: 'bailleur',
    objetId: id,
    details: { acte: retirer ? 'retirer' : 'remettre' },
  })
}

/** A dossier without a sheet, with what its signalements say of its landlord. */
export interface DossierSansFiche {
  readonly id: string
  readonly reference: string
  readonly titulaire: string
  readonly adresse: string
  readonly commune: string
  readonly bailleur: string
  readonly meme_siret: boolean
}

/** Open dossiers without a sheet: those whose signalements name this landlord (same SIRET or same name), or those a search finds by the name of theirs. */
export async function listerSansFiche(
  session: Session,
  { nom, siret }: Pick<Bailleur, 'nom' | 'siret'>,
  texte = '',
): Promise<DossierSansFiche[]> {
  const { sql, dept } = session
  const cherche = normalizeForSearch(texte)
  const cle = normalizeForSearch(nom)
  const { trouves } = await chercher(session, texte === '' ? nom : texte)
  // The name is compared by the module, as it was written: the database keeps what was received.
  const candidats = await sql<DossierSansFiche & { siret: string | null }>`
    select d.id, d.reference, d.titulaire, d.adresse, d.commune, d.bail->>'bailleurNom' as bailleur, d.bail->>'bailleurSiret' as siret
    from dossier d where d.dept = ${dept} and d.clos_le is null and coalesce(d.bail->>'bailleurNom', '') <> ''
      and d.id in (select unnest(${trouves.map(({ id }) => id)}::uuid[])
        union all select x.id from dossier x where x.dept = ${dept} and x.bail->>'bailleurSiret' = ${texte === '' ? siret : texte.replaceAll(/\s/g, '')})
      and not exists (select 1 from bailleur_dossier r where r.dept = ${dept} and r.dossier = d.id and r.defait_a is null)
    order by d.reference`
  const { voit } = masqueDe(session.acteur)
  const retenus = candidats
    .filter((un) =>
      cherche === ''
        ? (siret !== null && un.siret === siret) || normalizeForSearch(un.bailleur) === cle
        : normalizeForSearch(`${un.bailleur} ${un.siret ?? ''} ${un.reference}`).includes(cherche),
    )
    .slice(0, 100)
    .map(({ siret: lu, ...un }) => ({
      ...un,
      titulaire: voit('identite', []) ? un.titulaire : '',
      meme_siret: siret !== null && lu === siret,
    }))
  session.consigner({ action: 'bailleurs.lister', dossiers: retenus.map(({ id }) => id) })
  return retenus
}

/** Sheets to propose for a dossier: same SIRET first, then same name. */
export async function proposerFiches(
  session: Session,
  { nom, siret }: { readonly nom: string; readonly siret: string | null },
): Promise<Bailleur[]> {
  return session.sql<Bailleur>`
    select ${lire(session)} from bailleur b where b.dept = ${session.dept} and ${VIVANT}
      and (b.cle = ${normalizeForSearch(nom)} or b.siret = ${siret})
    order by b.siret is not distinct from ${siret}::text desc, b.nom collate "fr-x-icu", b.id limit 20`
}

/** The sheet of a dossier, its dwelling and who manages it; null without any. */
export async function lireFicheDuDossier(
  session: Session,
  dossier: string,
): Promise<
  (Bailleur & { readonly lien: string; readonly gerant: string | null; readonly gerant_nom: string | null }) | null
> {
  const { sql, dept } = session
  const [lue] = await sql<Bailleur & { lien: string; gerant: string | null; gerant_nom: string | null }>`
    select ${lire(session)}, r.id as lien, l.gerant, g.nom as gerant_nom
    from bailleur_dossier r join bailleur_logement l on l.dept = ${dept} and l.id = r.logement join bailleur b on b.dept = ${dept} and b.id = l.bailleur
    left join bailleur g on g.dept = ${dept} and g.id = l.gerant
    where r.dept = ${dept} and r.dossier = ${dossier}::uuid and r.defait_a is null`
  return lue ?? null
}

/**
 * Attaches dossiers to a landlord: one dwelling for each address, the one already known when it is. A dossier already attached is left where it is. Returns how
 * many were attached.
 */
export async function rattacherAuBailleur(session: Session, id: string, dossiers: readonly string[]): Promise<number> {
  const { sql, dept, maintenant } = session
  await lireBailleur(session, id)
  const demandes = dossiers.filter(isUuid)
  if (demandes.length === 0) throw refuser('dossiers', 'Cocher au moins un dossier à rattacher.')
  const lus = await sql<{ id: string; adresse: string; commune: string }>`
    select d.id, d.adresse, d.commune from dossier d where d.dept = ${dept} and d.id = any (${demandes}::uuid[])
      and not exists (select 1 from bailleur_dossier r where r.dept = ${dept} and r.dossier = d.id and r.defait_a is null)
    order by d.reference for update of d`
  const connus = await sql<{ id: string; cle: string }>`
    select id, cle from bailleur_logement where dept = ${dept} and bailleur = ${id}::uuid and retire_a is null`
  const parCle = new Map(connus.map((un) => [un.cle, un.id]))
  for (const { id: dossier, adresse, commune } of lus) {
    const cle = normalizeForSearch(`${adresse} ${commune}`)
    const logement = parCle.get(cle) ?? randomUUID()
    if (!parCle.has(cle)) {
      await sql`insert into bailleur_logement (dept, id, bailleur, adresse, commune, cle) values (${dept}, ${logement}, ${id}, ${adresse}, ${commune}, ${cle})`
      parCle.set(cle, logement)
    }
    await sql`insert into bailleur_dossier (dept, id, dossier, logement, a, par)
      values (${dept}, ${randomUUID()}, ${dossier}, ${logement}, ${maintenant}, ${session.acteur.compte})`
  }
  session.consigner({
    action: 'bailleur.rattacher',
    objet: 'bailleur',
    objetId: id,
    dossiers: lus.map((un) => un.id),
    details: { acte: 'rattacher' },
  })
  return lus.length
}

/** Ends the link of a dossier with its dwelling; a dwelling left without any dossier leaves with it. Returns the dossier, to attach it again. */
export async function detacherDuBailleur(session: Session, id: string, lien: string): Promise<{ dossier: string }> {
  const { sql, dept, maintenant } = session
  const [fini] = isUuid(lien)
    ? await sql<{ dossier: string; logement: string }>`
        update bailleur_dossier r set defait_a = ${maintenant}, defait_par = ${session.acteur.compte} from bailleur_logement l
        where r.dept = ${dept} and r.id = ${lien}::uuid and r.defait_a is null and l.dept = ${dept} and l.id = r.logement and l.bailleur = ${id}::uuid
        returning r.dossier, r.logement`
    : []
  if (!fini) throw new Introuvable()
  await sql`update bailleur_logement l set retire_a = ${maintenant} where l.dept = ${dept} and l.id = ${fini.logement} and l.gerant is null
    and not exists (select 1 from bailleur_dossier r where r.dept = ${dept} and r.logement = l.id and r.defait_a is null)`
  session.consigner({
    action: 'bailleur.rattacher',
    objet: 'bailleur',
    objetId: id,
    dossiers: [fini.dossier],
    details: { acte: 'detacher' },
  })
  return { dossier: fini.dossier }
}

/** Says who manages a dwelling, or that its landlord does. */
export async function nommerGerant(
  session: Session,
  id: string,
  logement: string,
  gerant: string | null,
): Promise<void> {
  const { sql, dept } = session
  if (gerant !== null) {
    const [lu] = isUuid(gerant)
      ? await sql`select 1 from bailleur b where b.dept = ${dept} and b.id = ${gerant}::uuid and b.id <> ${id}::uuid and b.gestionnaire and ${VIVANT}`
      : []
    if (!lu) throw refuser('gerant', 'Choisir un gérant de la liste : une fiche cochée « gère pour d’autres ».')
  }
  const [modifie] = isUuid(logement)
    ? await sql`update bailleur_logement set gerant = ${gerant}::uuid where dept = ${dept} and id = ${logement}::uuid and bailleur = ${id}::uuid and retire_a is null returning id`
    : []
  if (!modifie) throw new Introuvable()
  session.consigner({ action: 'bailleur.tenir', objet: 'bailleur', objetId: id, details: { acte: 'gerant' } })
}

/** Sheets that manage for others, to choose from. */
export function listerGerants(session: Session): Promise<{ id: string; nom: string }[]> {
  const { sql, dept } = session
  return sql<{ id: string; nom: string }>`
    select b.id, b.nom from bailleur b where b.dept = ${dept} and b.gestionnaire and ${VIVANT} order by b.nom collate "fr-x-icu", b.id`
}

/** What the kept sheet takes from the other, where it says nothing itself. */
const COMPLETES = ['nature', 'siret', 'adresse', 'telephone', 'courriel'] as const
type Complete = (typeof COMPLETES)[number]

interface Deplaces {
  readonly logements: readonly { readonly id: string; readonly bailleur: string; readonly gerant: string | null }[]
  readonly completes: readonly Complete[]
  readonly gestionnaire: boolean
  readonly anah: boolean
}

/**
 * Makes two sheets one: dwellings and management move to the kept one, which takes what it lacked. Versions are those the person compared. Undone by
 * `defaireFusion`.
 */
export async function fusionnerBailleurs(
  session: Session,
  garde: { readonly id: string; readonly version: number },
  absorbe: { readonly id: string; readonly version: number },
): Promise<string> {
  const { sql, dept, maintenant } = session
  if (garde.id === absorbe.id) throw refuser('fusion', 'Choisir deux fiches différentes.')
  const [g, x] = [await lireBailleur(session, garde.id), await lireBailleur(session, absorbe.id)]
  await sql`select 1 from bailleur where dept = ${dept} and id = any (${[g.id, x.id]}::uuid[]) order by id for update`
  const [actuelG, actuelX] = [await lireBailleur(session, g.id), await lireBailleur(session, x.id)]
  if (actuelG.version !== garde.version || actuelX.version !== absorbe.version) throw conflit(garde.id)
  if (g.siret !== null && x.siret !== null && g.siret !== x.siret)
    throw refuser(
      'fusion',
      'Ces deux fiches ont un SIRET différent : ce sont deux bailleurs. Corriger un SIRET s’il est faux.',
    )
  const logements = await sql<{ id: string; bailleur: string; gerant: string | null }>`
    select id, bailleur, gerant from bailleur_logement where dept = ${dept} and retire_a is null and (bailleur = ${x.id}::uuid or gerant = ${x.id}::uuid)`
  const deplaces: Deplaces = {
    logements,
    completes: COMPLETES.filter((un) => (g[un] ?? '') === '' && (x[un] ?? '') !== ''),
    gestionnaire: x.gestionnaire && !g.gestionnaire,
    anah: x.conventionne_anah && !g.conventionne_anah,
  }
  const id = randomUUID()
  await sql`insert into bailleur_fusion (dept, id, garde, absorbe, deplaces, a, par)
    values (${dept}, ${id}, ${g.id}, ${x.id}, ${JSON.stringify(deplaces)}::jsonb, ${maintenant}, ${session.acteur.compte})`
  await sql`update bailleur set fusion = ${id}, version = version + 1, modifie_a = ${maintenant}, modifie_par = ${session.acteur.compte}
    where dept = ${dept} and id = ${x.id}::uuid`
  // A landlord merged with its manager manages its own dwellings.
  await sql`update bailleur_logement set
      bailleur = case when bailleur = ${x.id}::uuid then ${g.id}::uuid else bailleur end,
      gerant = nullif(case when gerant = ${x.id}::uuid then ${g.id}::uuid else gerant end, case when bailleur = ${x.id}::uuid then ${g.id}::uuid else bailleur end)
    where dept = ${dept} and retire_a is null and (bailleur = ${x.id}::uuid or gerant = ${x.id}::uuid)`
  const pris = (un: Complete) => (deplaces.completes.includes(un) ? x[un] : g[un])
  await sql`update bailleur set nature = ${pris('nature')}, siret = ${pris('siret')}, adresse = ${pris('adresse') ?? ''}, telephone = ${pris('telephone') ?? ''},
      courriel = ${pris('courriel') ?? ''}, gestionnaire = ${g.gestionnaire || x.gestionnaire}, conventionne_anah = ${g.conventionne_anah || x.conventionne_anah},
      conventionne_anah_le = ${deplaces.anah ? x.conventionne_anah_le : g.conventionne_anah_le},
      recherche = ${normalizeForSearch([g.nom, pris('siret') ?? '', pris('adresse') ?? '', pris('courriel') ?? ''].join(' '))},
      version = version + 1, modifie_a = ${maintenant}, modifie_par = ${session.acteur.compte}
    where dept = ${dept} and id = ${g.id}::uuid`
  session.consigner({
    action: 'bailleur.fusionner',
    objet: 'bailleur',
    objetId: g.id,
    details: { acte: 'fusionner', absorbe: x.id },
  })
  return id
}

/** Gives a sheet back as it was before the merge: its dwellings, and what the kept one had taken from it and not changed since. */
export async function defaireFusion(session: Session, id: string): Promise<{ garde: string; absorbe: string }> {
  const { sql, dept, maintenant } = session
  const [fusion] = isUuid(id)
    ? await sql<{ garde: string; absorbe: string; deplaces: Deplaces }>`
        select garde, absorbe, deplaces from bailleur_fusion where dept = ${dept} and id = ${id}::uuid and defait_a is null for update`
    : []
  if (!fusion) throw new Introuvable()
  const { garde, absorbe, deplaces } = fusion
  const lues = await sql<Bailleur & { fusion: string | null }>`
    select ${lire(session)}, b.fusion from bailleur b where b.dept = ${dept} and b.id = any (${[garde, absorbe]}::uuid[])`
  const [g, x] = [lues.find((un) => un.id === garde), lues.find((un) => un.id === absorbe)]
  if (!g || !x) throw new Introuvable()
  if (g.fusion !== null)
    throw refuser(
      'fusion',
      'Cette fiche est elle-même réunie à une autre depuis : défaire d’abord cette autre réunion.',
    )
  const rendre = (un: Complete) =>
    deplaces.completes.includes(un) && g[un] === x[un] ? (un === 'nature' || un === 'siret' ? null : '') : g[un]
  if (x.siret !== null) {
    const pris = await sql<{
      id: string
      nom: string
    }>`select b.id, b.nom from bailleur b where b.dept = ${dept} and b.siret = ${x.siret} and ${VIVANT}`
    const reste = pris.find((un) => un.id !== garde || rendre('siret') !== null)
    if (reste)
      throw refuser(
        'fusion',
        `${reste.nom} porte maintenant le SIRET de ${x.nom} : le retirer de cette fiche avant de défaire.`,
      )
  }
  const anah = deplaces.anah ? false : g.conventionne_anah
  await sql`update bailleur set nature = ${rendre('nature')}, siret = ${rendre('siret')}, adresse = ${rendre('adresse') ?? ''},
      telephone = ${rendre('telephone') ?? ''}, courriel = ${rendre('courriel') ?? ''}, gestionnaire = ${deplaces.gestionnaire ? false : g.gestionnaire},
      conventionne_anah = ${anah}, conventionne_anah_le = ${anah ? g.conventionne_anah_le : null},
      recherche = ${normalizeForSearch([g.nom, rendre('siret') ?? '', rendre('adresse') ?? '', rendre('courriel') ?? ''].join(' '))},
      version = version + 1, modifie_a = ${maintenant}, modifie_par = ${session.acteur.compte}
    where dept = ${dept} and id = ${garde}::uuid`
  await sql`update bailleur set fusion = null, version = version + 1, modifie_a = ${maintenant}, modifie_par = ${session.acteur.compte}
    where dept = ${dept} and id = ${absorbe}::uuid`
  for (const { id: logement, bailleur, gerant } of deplaces.logements) {
    await sql`update bailleur_logement set bailleur = ${bailleur}::uuid, gerant = ${gerant}::uuid where dept = ${dept} and id = ${logement}::uuid
      and (bailleur = ${garde}::uuid or gerant = ${garde}::uuid)`
  }
  await sql`update bailleur_fusion set defait_a = ${maintenant}, defait_par = ${session.acteur.compte} where dept = ${dept} and id = ${id}::uuid`
  session.consigner({
    action: 'bailleur.fusionner',
    objet: 'bailleur',
    objetId: garde,
    details: { acte: 'defaire', absorbe },
  })
  return { garde, absorbe }
}
