import type { Session } from '#acces'
import type { Dossier } from '#dossiers'
import { Conflit, Introuvable, refus } from '#socle/errors'
import { isUuid } from '#socle/text'

/** What a service answers, alone. */
export const REPONSES_CONNAISSANCE = {
  connu: 'Connu',
  non_connu: 'Non connu',
  accompagne: 'Déjà accompagné',
} as const
export type ReponseConnaissance = keyof typeof REPONSES_CONNAISSANCE
export const estReponseConnaissance = (code: string): code is ReponseConnaissance =>
  Object.hasOwn(REPONSES_CONNAISSANCE, code)

/** Steps at which the charter asks it. */
const STADES: readonly string[] = ['commandement_de_payer', 'assignation', 'commandement_de_quitter_les_lieux']
export const demandeAuStade = ({ stade, clos_le }: Pick<Dossier, 'stade' | 'clos_le'>): boolean =>
  clos_le === null && STADES.includes(stade)

/** Kinds of services asked, whole département; a CCAS only for its communes. */
const TYPES = ['departement', 'caf', 'adil']

/** One service asked about a dossier, as who asks reads it. */
export interface Connaissance {
  readonly organisme_nom: string
  readonly stade: string
  readonly a: Temporal.Instant
  readonly reponse: ReponseConnaissance | null
  readonly repondu_a: Temporal.Instant | null
}

/** Answers to a dossier, newest step first: for who sees the whole département. */
export function listerConnaissances({ sql, dept }: Session, dossier: string): Promise<Connaissance[]> {
  return sql<Connaissance>`select o.nom as organisme_nom, k.stade, k.a, k.reponse, k.repondu_a from connaissance k
    join organisme o on o.dept = ${dept} and o.id = k.destinataire
    where k.dept = ${dept} and k.dossier = ${dossier}::uuid order by k.a desc, o.nom collate "fr-x-icu"`
}

/** Asks the services of the place whether they know a household at its step of today. Asked twice, asked once. Returns those newly asked. */
export async function demanderConnaissance(
  session: Session,
  dossier: Pick<Dossier, 'id' | 'stade' | 'clos_le' | 'code_insee'>,
): Promise<readonly { readonly organisme: string; readonly objet: string }[]> {
  const { sql, dept, maintenant, acteur } = session
  if (!demandeAuStade(dossier))
    throw refus(
      'connaissance.stade',
      'Cette question se pose au commandement de payer, à l’assignation et au commandement de quitter les lieux.',
    )
  const demandes = await sql<{ organisme: string; objet: string }>`
    insert into connaissance (dept, dossier, destinataire, stade, a, par)
    select ${dept}, ${dossier.id}, o.id, ${dossier.stade}, ${maintenant}, ${acteur.compte} from organisme o
    where o.dept = ${dept} and o.actif and (o.type = any (${TYPES}::text[]) or (o.type = 'ccas' and ${dossier.code_insee}::text = any (o.communes)))
    on conflict do nothing returning destinataire as organisme, id as objet`
  session.consigner({ action: 'connaissance.demander', dossiers: [dossier.id], details: { nombre: demandes.length } })
  return demandes
}

/** What a service reads to answer: who the household is and where it lives, its own answer; nothing else of the dossier. */
export interface DemandeConnaissance {
  readonly id: string
  readonly dossier: string
  readonly titulaire: string
  readonly naissance: string | null
  readonly adresse: string
  readonly commune: string
  readonly stade: string
  readonly a: Temporal.Instant
  readonly reponse: ReponseConnaissance | null
}

/** With the whole département, in the name of the person: only what is addressed to its organisme, for dossiers still at the step asked. */
export async function listerDemandesConnaissance(large: Session): Promise<DemandeConnaissance[]> {
  const { sql, dept, acteur } = large
  const lues = await sql<DemandeConnaissance>`
    select k.id, k.dossier, d.titulaire, d.menage->'titulaire'->>'dateNaissance' as naissance, d.adresse, d.commune, k.stade, k.a, k.reponse
    from connaissance k join dossier d on d.dept = ${dept} and d.id = k.dossier and d.clos_le is null and d.archive_le is null and d.stade = k.stade
    where k.dept = ${dept} and k.destinataire = ${acteur.organisme}::uuid order by k.reponse is not null, k.a, k.id limit 200`
  large.consigner({ action: 'connaissances.lister', dossiers: lues.map(({ dossier }) => dossier) })
  return lues
}

/** Answers, or changes one’s own answer while the question stands. */
export async function repondreConnaissance(large: Session, id: string, reponse: string): Promise<void> {
  const { sql, dept, acteur, maintenant } = large
  if (!estReponseConnaissance(reponse))
    throw refus('connaissance.reponse', 'Choisir : connu, non connu ou déjà accompagné.')
  const [lue] = isUuid(id)
    ? await sql<{
        dossier: string
        tient: boolean
      }>`select k.dossier, d.clos_le is null and d.archive_le is null and d.stade = k.stade as tient
        from connaissance k join dossier d on d.dept = ${dept} and d.id = k.dossier
        where k.dept = ${dept} and k.id = ${id}::uuid and k.destinataire = ${acteur.organisme}::uuid`
    : []
  if (!lue) throw new Introuvable()
  if (!lue.tient)
    throw new Conflit('connaissance.close', 'Ce dossier n’est plus à cette étape : la réponse n’est plus attendue.')
  await sql`update connaissance set reponse = ${reponse}, repondu_a = ${maintenant}, repondu_par = ${acteur.compte}
    where dept = ${dept} and id = ${id}::uuid and destinataire = ${acteur.organisme}::uuid`
  large.consigner({ action: 'connaissance.repondre', objet: 'connaissance', objetId: id, dossiers: [lue.dossier] })
}
