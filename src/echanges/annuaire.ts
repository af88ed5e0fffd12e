import type { Session } from '#acces'
import { Conflit, Introuvable, refus } from '#socle/errors'
import { normalizeForSearch } from '#socle/text'
import { exigerAuteur, exigerTexte } from './lecteurs.ts'

/** Somebody to talk to in an organisme. */
export interface Interlocuteur {
  readonly id: string
  readonly organisme: string
  readonly organisme_nom: string
  readonly nom: string
  readonly fonction: string
  readonly territoires: readonly string[]
  readonly telephone: string
  readonly courriel: string
  readonly suppleant: string | null
  readonly suppleant_nom: string | null
  readonly version: number
  readonly modifie_a: Temporal.Instant
}

/** The directory: by organisme, then name. `texte` is looked for in names, roles and organismes, whatever the accents. */
export async function listerInterlocuteurs(
  session: Session,
  filtre: { readonly texte?: string; readonly territoire?: string; readonly organisme?: string } = {},
): Promise<Interlocuteur[]> {
  const { sql, dept } = session
  const tous = await sql<Interlocuteur>`
    select i.id, i.organisme, o.nom as organisme_nom, i.nom, i.fonction, i.territoires, i.telephone, i.courriel, i.suppleant, s.nom as suppleant_nom,
      i.version, i.modifie_a
    from interlocuteur i join organisme o on o.dept = ${dept} and o.id = i.organisme
    left join interlocuteur s on s.dept = ${dept} and s.id = i.suppleant and s.retire_a is null
    where i.dept = ${dept} and i.retire_a is null order by o.nom collate "fr-x-icu", i.nom collate "fr-x-icu", i.id`
  const mots = normalizeForSearch(filtre.texte ?? '')
    .split(' ')
    .filter((mot) => mot !== '')
  return tous.filter(
    (un) =>
      (filtre.organisme === undefined || un.organisme === filtre.organisme) &&
      // Without territories, somebody answers for all of them.
      (filtre.territoire === undefined || un.territoires.length === 0 || un.territoires.includes(filtre.territoire)) &&
      mots.every((mot) => normalizeForSearch(`${un.nom} ${un.fonction} ${un.organisme_nom}`).includes(mot)),
  )
}

/** Each organisme keeps its own people; the secretariat keeps everybody's. */
export const peutTenirAnnuaire = (session: Pick<Session, 'acteur'>, organisme: string): boolean =>
  session.acteur.role === 'secretariat' || session.acteur.organisme === organisme

/** What a form of the directory gives. */
export interface SaisieInterlocuteur {
  readonly organisme: string
  readonly nom: string
  readonly fonction: string
  readonly territoires: readonly string[]
  readonly telephone: string
  readonly courriel: string
  readonly suppleant: string | null
}

async function verifier(session: Session, saisie: SaisieInterlocuteur, soi: string | null) {
  const { sql, dept } = session
  const [organisme] =
    await sql`select 1 from organisme where dept = ${dept} and id = ${saisie.organisme || null}::uuid and actif`
  if (!organisme || !peutTenirAnnuaire(session, saisie.organisme))
    throw refus('annuaire.organisme', 'Choisir votre organisme. Le secrétariat tient les autres.')
  const nom = exigerTexte(saisie.nom, 100, 'annuaire.nom', 'Donner le nom de la personne.')
  const fonction = exigerTexte(saisie.fonction, 100, 'annuaire.fonction', 'Dire sur quoi elle répond.')
  const telephone = saisie.telephone.trim()
  if (telephone !== '' && !/^\+?[\d .-]{8,20}$/.test(telephone))
    throw refus('annuaire.telephone', 'Écrire le téléphone en chiffres, par exemple 03 85 00 00 00.')
  const courriel = saisie.courriel.trim().toLowerCase()
  if (courriel !== '' && !/^[^\s@<>]+@[^\s@<>]+\.[^\s@<>]+$/.test(courriel))
    throw refus('annuaire.courriel', 'Cette adresse n’est pas complète, par exemple prenom.nom@organisme.fr.')
  if (telephone === '' && courriel === '')
    throw refus('annuaire.telephone', 'Donner un téléphone ou une adresse : c’est pour joindre cette personne.')
  if (saisie.suppleant) {
    const [suppleant] =
      await sql`select 1 from interlocuteur where dept = ${dept} and id = ${saisie.suppleant}::uuid and organisme = ${saisie.organisme}
      and retire_a is null and (${soi}::uuid is null or id <> ${soi}::uuid)`
    if (!suppleant) throw refus('annuaire.suppleant', 'Choisir pour suppléant une autre personne du même organisme.')
  }
  return { ...saisie, nom, fonction, telephone, courriel }
}

/** Adds somebody to the directory. */
export async function ajouterInterlocuteur(session: Session, saisie: SaisieInterlocuteur): Promise<string> {
  const { sql, dept, maintenant } = session
  const { compte } = exigerAuteur(session)
  const net = await verifier(session, saisie, null)
  const [cree] = await sql<{
    id: string
  }>`insert into interlocuteur (dept, organisme, nom, fonction, territoires, telephone, courriel, suppleant, modifie_a, modifie_par)
    values (${dept}, ${net.organisme}, ${net.nom}, ${net.fonction}, ${net.territoires}::text[], ${net.telephone}, ${net.courriel}, ${net.suppleant}, ${maintenant},
      ${compte}) returning id`
  session.consigner({
    action: 'annuaire.tenir',
    objet: 'interlocuteur',
    objetId: cree?.id ?? '',
    details: { acte: 'ajouter' },
  })
  return cree?.id ?? ''
}

/** One person of the directory, whoever reads it. */
export async function lireInterlocuteur(session: Session, id: string): Promise<Interlocuteur> {
  const trouve = (await listerInterlocuteurs(session)).find((un) => un.id === id)
  if (!trouve) throw new Introuvable()
  return trouve
}

/** Changes or takes out somebody. `version` is the one the form showed: somebody else's change is not overwritten. */
export async function modifierInterlocuteur(
  session: Session,
  id: string,
  version: number,
  saisie: SaisieInterlocuteur | null,
): Promise<void> {
  const { sql, dept, maintenant } = session
  const { compte } = exigerAuteur(session)
  const actuel = await lireInterlocuteur(session, id)
  if (!peutTenirAnnuaire(session, actuel.organisme)) throw new Introuvable()
  const net = saisie === null ? null : await verifier(session, { ...saisie, organisme: actuel.organisme }, id)
  const [modifie] = net
    ? await sql`update interlocuteur set nom = ${net.nom}, fonction = ${net.fonction}, territoires = ${net.territoires}::text[], telephone = ${net.telephone},
        courriel = ${net.courriel}, suppleant = ${net.suppleant}, version = version + 1, modifie_a = ${maintenant}, modifie_par = ${compte}
        where dept = ${dept} and id = ${id}::uuid and version = ${version} and retire_a is null returning id`
    : await sql`update interlocuteur set retire_a = ${maintenant}, version = version + 1, modifie_a = ${maintenant}, modifie_par = ${compte}
        where dept = ${dept} and id = ${id}::uuid and version = ${version} and retire_a is null returning id`
  if (!modifie)
    throw new Conflit('annuaire.conflit', 'Quelqu’un a modifié cette personne depuis que vous l’avez ouverte.', [id])
  session.consigner({
    action: 'annuaire.tenir',
    objet: 'interlocuteur',
    objetId: id,
    details: { acte: net ? 'modifier' : 'retirer' },
  })
}
