import { randomUUID } from 'node:crypto'
import { listerOrganismes, type Session } from '#acces'
import { listerDestinataires, noter as notifier } from '#notifications'
import { Conflit, Interdit, Introuvable, Refus, refus } from '#socle/errors'
import {
  type ContenuVersion,
  contenuLivre,
  type EtatVersionCourrier,
  enVigueur,
  type FauteTexte,
  lireDepartementCourriers,
  lireVersionCourrier,
  listerVersionsCourrier,
  memeContenu,
  type TexteModele,
  trouverObstacle,
  type VersionCourrier,
  verifierTexte,
} from './modeles.ts'
import { type Presentation, verifierPresentation } from './presentation.ts'

/** A text that cannot be saved: every fault, with its place. */
export class TexteRefuse extends Refus {
  readonly fautes: readonly FauteTexte[]
  constructor(fautes: readonly FauteTexte[]) {
    super('modele.texte', fautes[0]?.message ?? 'Ce texte ne peut pas être enregistré.')
    this.fautes = fautes
  }
}

const MODIFIEE =
  'Cette version a changé pendant que la page était ouverte : la relire telle qu’elle est maintenant, puis recommencer.'

/** Two people acting on the letters of one département wait for each other: numbers and dates of effect cannot cross. */
async function verrouiller({ sql, dept }: Session): Promise<void> {
  await sql`select pg_advisory_xact_lock(hashtextextended(${`modeles:${dept}`}, 0))`
}

function noter(session: Session, { id, genre, modele, numero }: VersionCourrier | Nouvelle, acte: string): void {
  session.consigner({
    action: `modele.${acte}`,
    objet: 'version_courrier',
    objetId: id,
    details: { genre, modele, numero },
  })
}

/** Pilots to decide a version, or the people whose hands were in it once it was decided: in their inbox, and by the mail of their day. */
async function prevenir(session: Session, version: VersionCourrier, qui: 'pilotes' | 'auteurs'): Promise<void> {
  const mains = new Set([version.cree_par, version.modifie_par, version.soumis_par])
  const organismes = (await listerOrganismes(session)).map(({ id }) => id)
  const droit = qui === 'pilotes' ? 'modele.approuver' : 'modele.adapter'
  // Whoever wrote it may not decide it.
  const destinataires = (await listerDestinataires(session, organismes, droit)).filter(
    ({ compte }) => mains.has(compte) === (qui === 'auteurs'),
  )
  await notifier(session, [{ genre: 'modele', destinataires, dossier: null, objet: version.id }])
}

type Nouvelle = Pick<VersionCourrier, 'id' | 'genre' | 'modele' | 'numero'>
type Sujet = Pick<VersionCourrier, 'genre' | 'modele'>

async function prendre(
  session: Session,
  id: string,
  revision: number,
  ...etats: readonly EtatVersionCourrier[]
): Promise<VersionCourrier> {
  await verrouiller(session)
  const version = await lireVersionCourrier(session, id)
  if (version.revision !== revision || !etats.includes(version.etat)) throw new Conflit('modele.change', MODIFIEE, [id])
  return version
}

/**
 * Opens a draft: what applies today, or the way back to what is shipped (`retour`). One is written at a time for each kind of letter: the one already open is
 * returned.
 */
export async function ouvrirVersionCourrier(
  session: Session,
  sujet: Sujet,
  { retour = false }: { readonly retour?: boolean } = {},
): Promise<string> {
  const { dept, maintenant, jour } = session
  const livre = contenuLivre(session, sujet)
  const { compte } = session.acteur
  if (livre === null) throw new Introuvable()
  if (compte === null) throw new Interdit()
  await verrouiller(session)
  const toutes = await listerVersionsCourrier(session)
  const siennes = toutes.filter(({ genre, modele }) => genre === sujet.genre && modele === sujet.modele)
  const ouverte = siennes.find(({ etat }) => etat === 'brouillon' || etat === 'soumise')
  if (ouverte) return ouverte.id
  const actuelle = enVigueur(siennes, sujet, maintenant)
  if (retour && (actuelle === null || 'livre' in actuelle.contenu))
    throw refus('modele.livre', 'Le texte livré s’applique déjà.')
  const depart =
    actuelle && !('livre' in actuelle.contenu) && trouverObstacle(session, actuelle) === null ? actuelle.contenu : livre
  const nouvelle: Nouvelle = {
    ...sujet,
    id: randomUUID(),
    numero: Math.max(0, ...siennes.map(({ numero }) => numero)) + 1,
  }
  await session.sql`
    insert into version_courrier (dept, id, genre, modele, numero, contenu, livre, du, cree_par, cree_a, modifie_par, modifie_a)
    values (${dept}, ${nouvelle.id}, ${nouvelle.genre}, ${nouvelle.modele}, ${nouvelle.numero}, ${JSON.stringify(retour ? { livre: true } : depart)}::jsonb,
      ${JSON.stringify(livre)}::jsonb, ${jour.add({ days: 7 })}, ${compte}, ${maintenant}, ${compte}, ${maintenant})`
  noter(session, nouvelle, 'ouvrir')
  return nouvelle.id
}

/** What a person writes of a draft. `contenu` null: the content stays (the way back to what is shipped has none to write). */
export interface SaisieVersion {
  readonly revision: number
  readonly du: Temporal.PlainDate
  readonly motif: string
  readonly contenu: { readonly texte: TexteModele } | { readonly presentation: Presentation } | null
}

/** Saves a draft. A text that would print a hole, cite an unknown word or lose a mandatory statement is refused: `TexteRefuse`. */
export async function enregistrerVersionCourrier(session: Session, id: string, saisie: SaisieVersion): Promise<void> {
  const version = await prendre(session, id, saisie.revision, 'brouillon')
  const { contenu } = saisie
  const livre = contenuLivre(session, version)
  if (!livre) throw new Introuvable()
  if (contenu && 'texte' in contenu) verifierContenuTexte(session, version, contenu.texte)
  if (contenu && 'presentation' in contenu)
    verifierPresentation(contenu.presentation, lireDepartementCourriers(session))
  if (Temporal.PlainDate.compare(saisie.du, session.jour) < 0)
    throw refus(
      'modele.du',
      'La date d’effet est aujourd’hui ou plus tard : les courriers déjà préparés gardent leur texte.',
    )
  const motif = saisie.motif.trim()
  if (motif === '') throw refus('modele.motif', 'Écrire pourquoi ce changement : qui approuve le lit.')
  await session.sql`
    update version_courrier set revision = revision + 1, contenu = ${JSON.stringify(contenu ?? version.contenu)}::jsonb, livre = ${JSON.stringify(livre)}::jsonb,
      du = ${saisie.du}, motif = ${motif.slice(0, 500)}, modifie_par = ${session.acteur.compte}, modifie_a = ${session.maintenant}
    where dept = ${session.dept} and id = ${id}`
  noter(session, version, 'enregistrer')
}

function verifierContenuTexte(session: Session, { modele: code }: Sujet, texte: TexteModele): void {
  const modele = session.referentiel.courriers.get(code)
  if (!modele) throw new Introuvable()
  const fautes = verifierTexte(modele, texte, session.dept)
  if (fautes.length > 0) throw new TexteRefuse(fautes)
}

/** Proposes a draft to those who approve. It must change something, and still be printable by this release. */
export async function soumettreVersionCourrier(session: Session, id: string, revision: number): Promise<void> {
  const version = await prendre(session, id, revision, 'brouillon')
  if (version.motif === '')
    throw refus('modele.motif', 'Écrire pourquoi ce changement, puis enregistrer, avant de soumettre.')
  await exigerApplicable(session, version)
  const actuelle = enVigueur(await listerVersionsCourrier(session), version, session.maintenant)
  const contenuActuel: ContenuVersion | null = actuelle ? actuelle.contenu : contenuLivre(session, version)
  if (contenuActuel && memeContenu(contenuActuel, version.contenu))
    throw refus('modele.identique', 'Cette version ne change rien à ce qui s’applique aujourd’hui.')
  await session.sql`
    update version_courrier set etat = 'soumise', revision = revision + 1, soumis_par = ${session.acteur.compte}, soumis_a = ${session.maintenant}
    where dept = ${session.dept} and id = ${id}`
  noter(session, version, 'soumettre')
  await prevenir(session, { ...version, soumis_par: session.acteur.compte }, 'pilotes')
}

async function exigerApplicable(session: Session, version: VersionCourrier): Promise<void> {
  const obstacle = trouverObstacle(session, version)
  if (obstacle !== null) throw refus('modele.texte', obstacle)
  if (Temporal.PlainDate.compare(version.du, session.jour) < 0)
    throw refus('modele.du', 'La date d’effet est passée : la changer, puis soumettre de nouveau.')
}

/** Whether another version of the same letter is being written: there is one at a time. */
async function autreOuverte(session: Session, { id, genre, modele }: VersionCourrier): Promise<boolean> {
  return (await listerVersionsCourrier(session)).some(
    (autre) =>
      autre.id !== id &&
      autre.genre === genre &&
      autre.modele === modele &&
      (autre.etat === 'brouillon' || autre.etat === 'soumise'),
  )
}

/** Takes a version back to draft, or gives a draft up. It can be undone. */
export async function deplacerVersionCourrier(
  session: Session,
  id: string,
  revision: number,
  acte: 'reprendre' | 'retirer',
): Promise<void> {
  const version = await prendre(
    session,
    id,
    revision,
    ...(acte === 'retirer' ? (['brouillon'] as const) : (['soumise', 'retiree'] as const)),
  )
  if (acte === 'reprendre' && (await autreOuverte(session, version)))
    throw refus(
      'modele.ouverte',
      'Une autre version de ce modèle est en cours d’écriture : la finir ou l’abandonner d’abord.',
    )
  await session.sql`
    update version_courrier set etat = ${acte === 'retirer' ? 'retiree' : 'brouillon'}, revision = revision + 1, soumis_par = null, soumis_a = null
    where dept = ${session.dept} and id = ${id}`
  noter(session, version, acte)
}

/** Approves or refuses a version, by a person who neither wrote nor submitted it. Approved, it applies from its date to letters prepared from then on. */
export async function deciderVersionCourrier(
  session: Session,
  id: string,
  decision: { readonly revision: number; readonly accord: boolean; readonly motif: string },
): Promise<void> {
  const version = await prendre(session, id, decision.revision, 'soumise')
  const { compte } = session.acteur
  if (compte === null || [version.cree_par, version.modifie_par, version.soumis_par].includes(compte))
    throw refus('modele.meme-personne', 'Une version s’approuve par une autre personne que celle qui l’a écrite.')
  const motif = decision.motif.trim().slice(0, 500)
  if (decision.accord) {
    await exigerApplicable(session, version)
    const meme = (await listerVersionsCourrier(session)).some(
      ({ genre, modele, etat, du }) =>
        genre === version.genre && modele === version.modele && etat === 'approuvee' && du.equals(version.du),
    )
    if (meme) throw refus('modele.du', 'Une autre version approuvée commence ce jour-là : changer la date d’effet.')
  } else if (motif === '') throw refus('modele.refus', 'Écrire pourquoi cette version est refusée.')
  await session.sql`
    update version_courrier set etat = ${decision.accord ? 'approuvee' : 'refusee'}, revision = revision + 1, decide_par = ${compte},
      decide_a = ${session.maintenant}, decide_motif = ${motif === '' ? null : motif}
    where dept = ${session.dept} and id = ${id}`
  noter(session, version, decision.accord ? 'approuver' : 'refuser')
  await prevenir(session, version, 'auteurs')
}

/**
 * Undoes an approval before its date of effect; afterwards letters were prepared with it, and another version follows. It waits for a decision again, or is given up
 * when another is being written meanwhile: a wrong text is always stopped.
 */
export async function defaireDecisionCourrier(session: Session, id: string, revision: number): Promise<void> {
  const version = await prendre(session, id, revision, 'approuvee')
  if (Temporal.PlainDate.compare(version.du, session.jour) <= 0)
    throw refus('modele.effet', 'Cette version s’applique déjà : en écrire une autre, ou revenir au texte livré.')
  const etat: EtatVersionCourrier = (await autreOuverte(session, version)) ? 'retiree' : 'soumise'
  await session.sql`
    update version_courrier set etat = ${etat}, revision = revision + 1, decide_par = null, decide_a = null, decide_motif = null
    where dept = ${session.dept} and id = ${id}`
  noter(session, version, 'defaire')
  await prevenir(session, version, 'auteurs')
  await prevenir(session, version, 'pilotes')
}
