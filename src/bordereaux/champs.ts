import { accesDe, aLeDroit, roles, type Session } from '#acces'
import type { ChampsDe } from '#dossiers'
import {
  type CodeGenre,
  champsDe,
  decrireEtape,
  decrireGenre,
  ETAPES,
  ETATS_SURENDETTEMENT,
  type Etape,
  estGenreActe,
  ordreEtape,
  TYPES_ACTE,
} from '#procedure'
import type { GroupeChamps } from '#referentiel'
import { formatDate, formatMontant, formatNombre } from '#socle/typography'

/** What a slip reads of a dossier: no free text, no resources but the act its sender noted, no health. */
export interface SourceBordereau {
  readonly reference: string
  readonly titulaire: string
  readonly adresse: string
  readonly commune: string
  readonly telephones: readonly string[]
  readonly enfants: number | null
  readonly stade: string
  readonly stade_le: Temporal.PlainDate | null
  readonly audience_le: Temporal.PlainDate | null
  readonly dette: number | null
  readonly dette_le: Temporal.PlainDate | null
  readonly bailleur: string
  readonly service: string | null
  readonly actes: readonly { readonly type: string; readonly le: string; readonly tribunal?: string }[]
  /** Former procedures in other dossiers, that a person said to be of the same household. */
  readonly antecedents: readonly { readonly commune: string; readonly actes: SourceBordereau['actes'] }[]
  readonly surendettement: { readonly etat: string; readonly le: string } | null
  /** The act its sender noted, for the slips made of acts. */
  readonly acte: {
    readonly genre: string
    readonly le: string
    readonly contenu: Readonly<Record<string, unknown>>
  } | null
  readonly plan: { readonly conclu_le: string; readonly mensualite: number; readonly nombre: number } | null
}

/** The group of the access matrix of each value read: hidden to the sender, it leaves for nobody. */
export const CHAMPS_SOURCE = {
  reference: ['reperes', ''],
  titulaire: ['identite', ''],
  adresse: ['identite', ''],
  commune: ['identite', ''],
  telephones: ['coordonnees', []],
  enfants: ['composition', null],
  stade: ['procedure', ''],
  stade_le: ['procedure', null],
  audience_le: ['procedure', null],
  dette: ['dette', null],
  dette_le: ['dette', null],
  bailleur: ['bailleur', ''],
  service: ['service', null],
  actes: ['procedure', []],
  antecedents: ['procedure', []],
  surendettement: ['dette', null],
  // What one’s own organisme noted: asked of the database by organisme, whoever else may read it.
  acte: ['reperes', null],
  plan: ['dette', null],
} as const satisfies ChampsDe<SourceBordereau>

const estEtape = (code: string): code is Etape => (ETAPES as readonly string[]).includes(code)
const jour = (le: Temporal.PlainDate | null): string | null => (le === null ? null : formatDate(le))

/** The court of the hearing: what the last act that names one says. */
export const tribunalDe = ({ actes }: Pick<SourceBordereau, 'actes'>): string | null =>
  actes.toSorted((a, b) => a.le.localeCompare(b.le)).findLast(({ tribunal }) => tribunal)?.tribunal ?? null

/** Judicial acts older than the summons of the present procedure. */
const judiciairesDe = (actes: SourceBordereau['actes']) =>
  actes
    .filter(({ type }) => estEtape(type) && ordreEtape(type) >= ordreEtape('assignation') && type !== 'audience')
    .toSorted((a, b) => a.le.localeCompare(b.le))

const direJudiciaires = (actes: SourceBordereau['actes']): string =>
  actes.map(({ type, le }) => `${TYPES_ACTE[type as keyof typeof TYPES_ACTE]} du ${formatDate(le)}`).join(' ; ')

function anciennes({ actes, antecedents }: SourceBordereau): string | null {
  const judiciaires = judiciairesDe(actes)
  const actuelle = judiciaires
    .filter(({ type }) => type === 'assignation')
    .map(({ le }) => le)
    .toSorted()
    .at(-1)
  if (actuelle === undefined) return null
  const dites = [
    direJudiciaires(judiciaires.filter(({ le }) => le < actuelle)),
    ...antecedents.map(({ commune, actes: autres }) => {
      const dits = direJudiciaires(judiciairesDe(autres))
      return dits === '' ? '' : `autre logement (${commune}) : ${dits}`
    }),
  ].filter((part) => part !== '')
  return dites.length === 0 ? 'Aucune connue' : dites.join(' ; ')
}

/** An act in words: its kind, its day, the values of closed lists and amounts. Never a text somebody typed. */
function direActe({ acte }: SourceBordereau): string | null {
  if (!acte || !estGenreActe(acte.genre)) return null
  const genre: CodeGenre = acte.genre
  const valeurs = Object.entries(champsDe(genre)).flatMap(([nom, { type, libelle, choix }]) => {
    const valeur = acte.contenu[nom]
    if (type === 'choix' && typeof valeur === 'string') return [`${libelle} : ${choix?.[valeur] ?? valeur}`]
    if (type === 'montant' && typeof valeur === 'number') return [`${libelle} : ${formatMontant(valeur)}`]
    return []
  })
  return [`${decrireGenre(genre).libelle}, ${formatDate(acte.le)}`, ...valeurs].join('. ')
}

/** Every field a slip may hold: its group, its name, how it is written. One the catalogue does not name never leaves. */
export const CHAMPS_BORDEREAU = {
  reference: ['reperes', 'Dossier', ({ reference }) => reference || null],
  menage: ['identite', 'Ménage', ({ titulaire }) => titulaire || null],
  adresse: [
    'identite',
    'Adresse',
    ({ adresse, commune }) => [adresse, commune].filter((part) => part !== '').join(', ') || null,
  ],
  telephones: ['coordonnees', 'Téléphones', ({ telephones }) => telephones.join(', ') || null],
  enfants: ['composition', 'Enfants à charge', ({ enfants }) => (enfants === null ? null : formatNombre(enfants))],
  etape: ['procedure', 'Étape', ({ stade }) => (estEtape(stade) ? decrireEtape(stade).libelle : stade || null)],
  etape_le: ['procedure', 'Depuis le', ({ stade_le }) => jour(stade_le)],
  audience: ['procedure', 'Audience', ({ audience_le }) => jour(audience_le)],
  tribunal: ['procedure', 'Tribunal', tribunalDe],
  dette: [
    'dette',
    'Dette connue',
    ({ dette, dette_le }) =>
      dette === null ? null : `${formatMontant(dette)}${dette_le === null ? '' : ` au ${formatDate(dette_le)}`}`,
  ],
  bailleur: ['bailleur', 'Bailleur', ({ bailleur }) => bailleur || null],
  service: ['service', 'Service en charge', ({ service }) => service],
  surendettement: [
    'dette',
    'Surendettement',
    ({ surendettement }) =>
      surendettement === null
        ? 'Aucun dossier connu'
        : `${ETATS_SURENDETTEMENT[surendettement.etat as keyof typeof ETATS_SURENDETTEMENT] ?? surendettement.etat}, ${formatDate(surendettement.le)}`,
  ],
  anciennes_procedures: ['procedure', 'Anciennes procédures', anciennes],
  acte: ['ressources', 'Ce qui est signalé', direActe],
  plan: [
    'dette',
    'Plan signé',
    ({ plan }) =>
      plan === null
        ? null
        : `le ${formatDate(plan.conclu_le)}, ${formatNombre(plan.nombre)} mensualités, la première de ${formatMontant(plan.mensualite)}`,
  ],
} as const satisfies Record<string, readonly [GroupeChamps, string, (source: SourceBordereau) => string | null]>
export type ChampBordereau = keyof typeof CHAMPS_BORDEREAU
const estChamp = (champ: string): champ is ChampBordereau => Object.hasOwn(CHAMPS_BORDEREAU, champ)

/** A field of a line, as it leaves. */
export interface ValeurBordereau {
  readonly champ: ChampBordereau
  readonly libelle: string
  readonly valeur: string
}

/** Groups the matrix gives to somebody in what is addressed to them by slip: only the lines that say so count. */
const groupesPour = (
  { referentiel }: Pick<Session, 'referentiel'>,
  type: string,
  role: (typeof roles)[number],
): readonly GroupeChamps[] => {
  const acces = accesDe(referentiel.matrice, type, role)
  if (!aLeDroit({ acces }, 'bordereau.recevoir')) return []
  return [...acces.groupes].flatMap(([groupe, voies]) =>
    voies.some((voie) => voie.length > 0 && voie.every((condition) => condition === 'bordereau')) ? [groupe] : [],
  )
}

/** Groups a kind of body may receive at all. */
export const groupesDuType = (session: Pick<Session, 'referentiel'>, type: string): ReadonlySet<GroupeChamps> =>
  new Set(roles.flatMap((role) => groupesPour(session, type, role)))

/** Whether the matrix lets somebody of this kind of body receive slips. */
export const peutRecevoir = ({ referentiel }: Pick<Session, 'referentiel'>, type: string): boolean =>
  roles.some((role) => aLeDroit({ acces: accesDe(referentiel.matrice, type, role) }, 'bordereau.recevoir'))

/** What leaves of a dossier for somebody: the fields of the rule, less those the matrix does not give. Null groups: somebody who has no place here. */
export function composerChamps(
  source: SourceBordereau,
  champs: readonly ChampBordereau[],
  groupes: ReadonlySet<GroupeChamps> | null,
): ValeurBordereau[] {
  return champs.flatMap((champ) => {
    const [groupe, libelle, ecrire] = CHAMPS_BORDEREAU[champ]
    if (groupes && !groupes.has(groupe)) return []
    const valeur = ecrire(source)
    return valeur === null ? [] : [{ champ, libelle, valeur }]
  })
}

/** What the reader of a slip may still read of it: the matrix of today, for their role. */
export function champsLisibles(session: Pick<Session, 'acteur' | 'referentiel'>, valeurs: readonly ValeurBordereau[]) {
  const { organismeType, role } = session.acteur
  const groupes = new Set(groupesPour(session, organismeType ?? '', role))
  return valeurs.filter(({ champ }) => estChamp(champ) && groupes.has(CHAMPS_BORDEREAU[champ][0]))
}
