import type { Acte, ActeDeProcedure, Decision, Etape, MotifRetour, MotifSuspension } from './actes.ts'
import { type CodeGenre, decrireGenre, type FamilleActe, GENRES_ACTE, type IssueCodee } from './catalogue.ts'
import { type ContenuActe, lireJourIso } from './champs-acte.ts'
import type { Faits } from './faits.ts'
import type { Situation } from './situations.ts'

/** An act or a situation of the catalogue, whoever reported it: a person, or a signalement put in the words of the catalogue. */
export interface ActeConsigne {
  readonly id: string
  readonly genre: CodeGenre
  readonly le: Temporal.PlainDate
  readonly contenu: ContenuActe
}

const jourDe = ({ contenu }: ActeConsigne, champ: string): Temporal.PlainDate | null => {
  const valeur = contenu[champ]
  return typeof valeur === 'string' ? lireJourIso(valeur) : null
}

const RANGS: ReadonlyMap<string, number> = new Map(Object.keys(GENRES_ACTE).map((genre, rang) => [genre, rang]))
const rangDe = ({ genre }: ActeConsigne): number => RANGS.get(genre) ?? 0

/** Oldest first. Same day: the order of the catalogue, which is that of the procedure; then the order given. */
const trierConsignes = (actes: readonly ActeConsigne[]): readonly ActeConsigne[] =>
  actes.toSorted((a, b) => compare(a.le, b.le) || rangDe(a) - rangDe(b))

/** What an act of the catalogue is for the computation of the step: an act of procedure, a return, a suspension… or nothing. */
export function enActes(acte: ActeConsigne): readonly Acte[] {
  const { id, genre, le, contenu } = acte
  switch (genre) {
    case 'delais_respectes':
      return [{ id, le, type: 'retour', vers: 'impaye', motif: 'clause_reputee_non_jouee' }]
    case 'delais_non_respectes':
    case 'reprise':
      return [{ id, le, type: 'reprise' }]
    case 'nouveau_bail':
      return [{ id, le, type: 'retour', vers: 'prevention', motif: 'nouveau_bail' }]
    case 'suspension':
      return [{ id, le, type: 'suspension', motif: contenu.motif as MotifSuspension }]
    case 'retour':
      return [{ id, le, type: 'retour', vers: contenu.vers as Etape, motif: contenu.motif as MotifRetour }]
    default:
      return enActesDEtape(acte)
  }
}

function enActesDEtape(acte: ActeConsigne): readonly ActeDeProcedure[] {
  const { id, genre, le, contenu } = acte
  const { etape } = decrireGenre(genre)
  if (etape === undefined) return []
  const renvoi = genre === 'audience' ? jourDe(acte, 'renvoi_le') : null
  return [
    {
      id,
      le,
      type: etape,
      ...(genre === 'jugement' ? { decision: contenu.decision as Decision } : {}),
      ...(genre === 'assignation' ? { audienceLe: jourDe(acte, 'audience_le') } : {}),
      notifieAuPrefetLe: jourDe(acte, 'notifie_le'),
      termeImprimeLe: jourDe(acte, 'imprime'),
      recuLe: jourDe(acte, 'recue_le'),
    },
    ...(renvoi ? [{ id: `${id}:renvoi`, le: renvoi, type: etape }] : []),
  ]
}

/** Families whose facts belong to one procedure: a return to its start leaves them behind. */
const DU_CYCLE: ReadonlySet<FamilleActe> = new Set([
  'impaye',
  'commandement_de_payer',
  'assignation',
  'jugement',
  'commandement_de_quitter_les_lieux',
  'protocole',
  'force_publique',
])

/** Whether a kind belongs to one procedure, under one lease. */
export const estDUneProcedure = (genre: CodeGenre): boolean => DU_CYCLE.has(decrireGenre(genre).famille)

/** Whether the procedure starts again with an act: a new lease, a debt paid within the delays of the judge, a claim rejected or given up. */
export const recommence = ({ genre, contenu }: ActeConsigne): boolean =>
  genre === 'nouveau_bail' ||
  genre === 'delais_respectes' ||
  (genre === 'retour' && (contenu.vers === 'prevention' || contenu.vers === 'impaye')) ||
  (genre === 'jugement' && (contenu.decision === 'rejet' || contenu.decision === 'desistement'))

/** Acts known on a day, oldest first: those of procedures that ended too. */
export const listerConnus = (actes: readonly ActeConsigne[], jour: Temporal.PlainDate): readonly ActeConsigne[] =>
  trierConsignes(actes.filter(({ le, genre }) => decrireGenre(genre).futur || compare(le, jour) <= 0))

/** Acts of the procedure under way: those before it started again are left out, unless they tell of the household rather than of it. */
export function garderCycle(actes: readonly ActeConsigne[], jour: Temporal.PlainDate): readonly ActeConsigne[] {
  const connus = listerConnus(actes, jour)
  const depuis = connus.findLast(recommence)?.le
  if (depuis === undefined) return connus
  return connus.filter(({ genre, le }) => !estDUneProcedure(genre) || compare(le, depuis) >= 0)
}

/** The dated facts of the law that acts establish. The latest of a fact holds. */
export function etablirFaits(actes: readonly ActeConsigne[], jour: Temporal.PlainDate): Faits {
  const faits: Record<string, Temporal.PlainDate | null> = {}
  for (const acte of garderCycle(actes, jour)) {
    for (const [fait, champ] of decrireGenre(acte.genre).faits ?? []) {
      const le = champ === undefined ? acte.le : jourDe(acte, champ)
      if (le) faits[fait] = le
    }
    Object.assign(faits, faitsPropres(acte))
  }
  return faits
}

function faitsPropres(acte: ActeConsigne): Faits {
  const { genre, le, contenu } = acte
  switch (genre) {
    case 'notification_prefet':
      return contenu.acte === 'assignation'
        ? { 'assignation.notifiee_au_prefet': le }
        : { 'commandement_de_quitter_les_lieux.notifie_au_prefet': le }
    case 'jugement': {
      const fin = jourDe(acte, 'partir_avant')
      return fin ? { 'jex.decision': le, 'delai_de_grace.fin': fin } : {}
    }
    case 'jex_decision': {
      const fin = contenu.accord === 'accordes' ? jourDe(acte, 'jusqu_au') : null
      return fin ? { 'delai_de_grace.fin': fin } : {}
    }
    case 'protocole_denonce':
      return { 'protocole.fin': le }
    case 'protocole_renegocie': {
      const fin = jourDe(acte, 'jusqu_au')
      return fin ? { 'protocole.fin': fin } : {}
    }
    case 'protocole_respecte':
      return contenu.execute === true ? { 'protocole.execute': le } : {}
    case 'dalo_decision':
      return contenu.decision === 'reconnu' ? { 'dalo.reconnu': le } : {}
    default:
      return {}
  }
}

/** What acts tell of the conditions of the law. */
export function etablirSituation(actes: readonly ActeConsigne[], jour: Temporal.PlainDate): Situation {
  const situation: { decision_en_refere?: boolean; bail_resilie_sans_dette?: boolean } = {}
  for (const { genre, contenu } of garderCycle(actes, jour)) {
    if (genre === 'jugement' && contenu.refere !== undefined) situation.decision_en_refere = contenu.refere === 'refere'
    if (genre === 'protocole_elan') situation.bail_resilie_sans_dette = true
    if (genre === 'protocole_signe') situation.bail_resilie_sans_dette = false
  }
  return situation
}

/** The outcome an act suggests to close with, or null. */
export function proposerIssue({ genre, contenu }: Pick<ActeConsigne, 'genre' | 'contenu'>): IssueCodee | null {
  switch (genre) {
    case 'depart_volontaire':
      return contenu.cles === 'remises' ? 'depart_avec_cles' : 'depart_sans_cles'
    case 'jugement':
      return contenu.decision === 'desistement' ? 'desistement' : null
    case 'relogement':
      return contenu.type === 'mutation'
        ? 'mutation'
        : contenu.type === 'hebergement'
          ? 'hebergement'
          : contenu.type === 'intermediation'
            ? 'glissement_de_bail'
            : 'relogement'
    default:
      return decrireGenre(genre).issue ?? null
  }
}

function compare(a: Temporal.PlainDate, b: Temporal.PlainDate): number {
  return Temporal.PlainDate.compare(a, b)
}
