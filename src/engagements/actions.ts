import { randomUUID } from 'node:crypto'
import type { Session } from '#acces'
import type { Charte } from '#referentiel'
import { Introuvable, refus } from '#socle/errors'
import { bearsHouseholdNumber, NUMBER_REFUSED } from '#socle/text'
import { type EngagementTenu, engagementsGeneraux } from './composer.ts'

/** Something done of an engagement that no dossier carries (mode O, ENG-14): when, what, what shows it, whom it reached. */
export interface ActionMenee {
  readonly id: string
  readonly engagement: string
  readonly organisme: string
  readonly organisme_nom: string
  readonly le: Temporal.PlainDate
  readonly quoi: string
  readonly preuve: string
  readonly public_touche: string
  readonly nombre: number | null
  readonly auteur: string
  readonly a: Temporal.Instant
}

/** Longest texts. Nobody's name belongs in them: they are read by whoever follows the charter. */
export const LONGUEURS_ACTION = { quoi: 500, preuve: 300, public: 200 } as const

const MAX = 500

/** Actions not withdrawn, newest first: those of one's own organisme, and of all for those who follow the whole département. */
export function listerActionsMenees(
  session: Session,
  {
    charte,
    engagement,
    organisme,
  }: { readonly charte: string; readonly engagement?: string; readonly organisme?: string },
): Promise<ActionMenee[]> {
  const { sql, dept } = session
  return sql<ActionMenee>`
    select m.id, m.engagement, m.organisme, o.nom as organisme_nom, m.le, m.quoi, m.preuve, m.public_touche, m.nombre, c.prenom || ' ' || c.nom as auteur, m.a
    from engagement_action m join organisme o on o.dept = ${dept} and o.id = m.organisme join compte c on c.dept = ${dept} and c.id = m.par
    where m.dept = ${dept} and m.charte = ${charte} and m.retiree_a is null and (${engagement ?? null}::text is null or m.engagement = ${engagement ?? null})
      and (${organisme ?? null}::uuid is null or m.organisme = ${organisme ?? null}::uuid)
    order by m.le desc, m.a desc, m.id limit ${MAX}`
}

/** The engagements outside any dossier that an organisme of this kind holds: those of its group, and what every signatory or member promises. */
export const engagementsHorsDossier = (charte: Charte, type: string | null): readonly EngagementTenu[] => {
  const siens = new Set(
    charte.partenaires.filter(({ types }) => (types as readonly (string | null)[]).includes(type)).map(({ id }) => id),
  )
  return [
    ...charte.engagements.filter(({ partenaire }) => siens.has(partenaire)),
    ...engagementsGeneraux(charte).filter(
      ({ partenaire }) => partenaire !== 'generaux/secretariat' || type === 'secretariat',
    ),
  ].filter(({ mode }) => mode === 'organisation')
}

/** What a person typed. */
export interface SaisieAction {
  readonly engagement: string
  readonly le: Temporal.PlainDate | null
  readonly quoi: string
  readonly preuve: string
  readonly publicTouche: string
  /** As typed. */
  readonly nombre: string
}

/** What is wrong, by field. */
export function verifierAction(session: Session, charte: Charte, saisie: SaisieAction): Record<string, string> {
  const { engagement, le, quoi, preuve, publicTouche, nombre } = saisie
  const trop = (texte: string, max: number) =>
    texte.length > max && `${max} caractères au plus, il y en a ${texte.length}.`
  const nomme = (texte: string) => bearsHouseholdNumber(texte) && NUMBER_REFUSED
  const erreurs: Record<string, string | false> = {
    engagement:
      !engagementsHorsDossier(charte, session.acteur.organismeType).some(({ id }) => id === engagement) &&
      'Choisir un engagement de votre organisme.',
    le:
      le === null
        ? 'Donner le jour de l’action.'
        : Temporal.PlainDate.compare(le, session.jour) > 0 && 'Ce jour n’est pas encore venu.',
    quoi: quoi === '' ? 'Dire ce qui a été fait.' : trop(quoi, LONGUEURS_ACTION.quoi) || nomme(quoi),
    preuve:
      preuve === ''
        ? 'Dire ce qui le montre : compte rendu, dépliant, page, liste envoyée…'
        : trop(preuve, LONGUEURS_ACTION.preuve) || nomme(preuve),
    public: trop(publicTouche, LONGUEURS_ACTION.public) || nomme(publicTouche),
    nombre: nombre !== '' && !/^\d{1,6}$/.test(nombre) && 'Un nombre entier, ou rien.',
  }
  return Object.fromEntries(Object.entries(erreurs).filter((un): un is [string, string] => typeof un[1] === 'string'))
}

/** Notes an action of one's own organisme. The same form sent twice writes once. */
export async function noterAction(
  session: Session,
  charte: Charte,
  saisie: SaisieAction,
  envoi: string,
): Promise<void> {
  const { sql, dept, acteur, maintenant } = session
  if (!acteur.organisme || !acteur.compte) throw new Introuvable()
  const [erreur] = Object.values(verifierAction(session, charte, saisie))
  if (erreur !== undefined || saisie.le === null) throw refus('action.saisie', erreur ?? 'Donner le jour de l’action.')
  const engagement = engagementsHorsDossier(charte, acteur.organismeType).find(({ id }) => id === saisie.engagement)
  const id = randomUUID()
  const [ecrite] = await sql`
    insert into engagement_action (dept, id, charte, engagement, partenaire, organisme, le, quoi, preuve, public_touche, nombre, par, a, envoi)
    values (${dept}, ${id}, ${charte.id}, ${saisie.engagement}, ${engagement?.partenaire ?? ''}, ${acteur.organisme}, ${saisie.le}, ${saisie.quoi}, ${saisie.preuve},
      ${saisie.publicTouche}, ${saisie.nombre === '' ? null : Number(saisie.nombre)}, ${acteur.compte}, ${maintenant}, ${envoi}::uuid)
    on conflict (dept, par, envoi) do nothing returning id`
  if (ecrite) session.consigner({ action: 'action_charte.noter', objet: 'engagement_action', objetId: id })
}

/** Withdraws an action of one's own organisme: it is shown no more, and stays in the database with who withdrew it. */
export async function retirerAction(session: Session, id: string): Promise<void> {
  const { sql, dept, acteur, maintenant } = session
  const [retiree] = await sql`update engagement_action set retiree_a = ${maintenant}, retiree_par = ${acteur.compte}
    where dept = ${dept} and id = ${id}::uuid and organisme = ${acteur.organisme}::uuid and retiree_a is null returning id`
  if (!retiree) throw new Introuvable()
  session.consigner({ action: 'action_charte.retirer', objet: 'engagement_action', objetId: id })
}
