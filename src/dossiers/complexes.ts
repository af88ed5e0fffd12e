import { randomUUID } from 'node:crypto'
import { join } from 'node:path'
import { z } from 'zod'
import { masqueDe, type Session } from '#acces'
import {
  type Forme,
  fichierDonnees,
  identifiant,
  lireDocumentYaml,
  periode,
  provenance,
  type Remarque,
  texteRempli,
  versionAu,
} from '#referentiel'
import { Conflit, Introuvable, refus } from '#socle/errors'
import { isUuid } from '#socle/text'
import { dansLePerimetre } from './acces.ts'
import { exigerOuvert } from './cloture.ts'
import { consignerFaits } from './faits.ts'
import type { Dossier } from './types.ts'

const NOM = 'dossiers/situations-complexes.yaml'
const schema = fichierDonnees({
  listes: z
    .array(
      z.strictObject({
        departements: z.array(texteRempli).min(1).optional(),
        ...periode,
        criteres: z
          .array(z.strictObject({ code: identifiant, libelle: texteRempli, sante: z.boolean().optional() }))
          .min(1),
        ...provenance,
      }),
    )
    .min(1),
})
type Fichier = z.output<typeof schema>
type Liste = Fichier['listes'][number]

/** A criterion partners agreed upon. */
export type CritereComplexe = Liste['criteres'][number]

/** The kind of data file that says what makes a situation complex. */
export const FORMES_DOSSIERS: readonly Forme[] = [
  { nom: 'situations-complexes', titre: 'Critères des situations complexes', chemins: [NOM], schema },
]

const lues = new Map<string, Fichier>()
function charger(racine: string): Fichier {
  const lue = lues.get(racine) ?? lireDocumentYaml(join(racine, NOM), schema, `donnees/${NOM}`).valeur
  lues.set(racine, lue)
  return lue
}

/** What nobody has reviewed yet in it. */
export const inventorierComplexes = (racine: string): Remarque[] =>
  charger(racine).listes.flatMap(({ departements, fiabilite, verifie_le }) => {
    const lieu = {
      chemin: `donnees/${NOM}`,
      libelle: `Situations complexes, ${departements?.join(', ') ?? 'autres départements'}`,
    }
    return [
      ...(fiabilite === 'defaut'
        ? [{ ...lieu, genre: 'a_completer', detail: 'liste complétée par Amont' } as const]
        : []),
      ...(verifie_le === null
        ? [{ ...lieu, genre: 'non_verifie', detail: 'jamais relue par les pilotes' } as const]
        : []),
    ]
  })

/** The list in force for this département on this day, its own before the one that names nobody; null when none is. */
export function listeComplexes({
  referentiel,
  dept,
  jour,
}: Pick<Session, 'referentiel' | 'dept' | 'jour'>): Liste | null {
  const { listes } = charger(referentiel.racine)
  for (const siennes of [
    listes.filter(({ departements }) => departements?.includes(dept)),
    listes.filter(({ departements }) => departements === undefined),
  ]) {
    const version = versionAu(siennes, jour)
    if (!('aucune' in version)) return version
  }
  return null
}

/** Where a complex situation is to be looked at. */
export const examensComplexes = {
  commission: 'À la commission (CCAPEX)',
  cellule: 'En cellule technique, entre deux commissions',
} as const
export type ExamenComplexe = keyof typeof examensComplexes

/** A mark, as this session reads it. */
export interface SituationComplexe {
  readonly id: string
  readonly examen: ExamenComplexe
  /** In words; those near health are left out for whoever does not read that group, and nothing says so. */
  readonly criteres: readonly string[]
  readonly motif: string
  readonly organisme_nom: string
  readonly auteur: string
  readonly le: Temporal.PlainDate
  readonly a: Temporal.Instant
  readonly levee_a: Temporal.Instant | null
  readonly levee_auteur: string | null
  readonly levee_motif: string | null
}

interface Contenu {
  readonly criteres: readonly {
    readonly code: string
    readonly libelle: string
    readonly sante?: boolean | undefined
  }[]
  readonly motif: string
}
const place = (id: string, quoi: 'contenu' | 'levee_motif'): string => `situation_complexe|${quoi}|${id}`
const LONGUEUR = 600

const litLaSante = ({ acteur }: Pick<Session, 'acteur'>, { masques }: Pick<Dossier, 'masques'>): boolean =>
  masqueDe(acteur).voit('sante') ||
  (masqueDe(acteur).voit('sante', masqueDe(acteur).utiles) && !masques.includes('sante'))

/** Criteria this session may tick on this dossier. */
export const criteresProposes = (session: Session, dossier: Pick<Dossier, 'masques'>): readonly CritereComplexe[] => {
  const sante = litLaSante(session, dossier)
  return (listeComplexes(session)?.criteres ?? []).filter((critere) => sante || !critere.sante)
}

/** Marks of a dossier, the live one first; none for whoever does not read its criteria. */
export async function listerComplexites(
  session: Session,
  dossier: Pick<Dossier, 'id' | 'masques'>,
): Promise<SituationComplexe[]> {
  if (dossier.masques.includes('criteres')) return []
  const { dept } = session
  const marques = await session.sql<Omit<SituationComplexe, 'criteres' | 'motif'> & { contenu: string }>`
    select s.id, s.examen, s.contenu, o.nom as organisme_nom, c.prenom || ' ' || c.nom as auteur, s.le, s.a, s.levee_a,
      l.prenom || ' ' || l.nom as levee_auteur, s.levee_motif
    from situation_complexe s join organisme o on o.dept = ${dept} and o.id = s.organisme join compte c on c.dept = ${dept} and c.id = s.par
    left join compte l on l.dept = ${dept} and l.id = s.levee_par
    where s.dept = ${dept} and s.dossier = ${dossier.id} order by s.levee_a desc nulls first, s.a desc`
  if (marques.length === 0) return []
  const coffre = await session.coffre()
  const sante = litLaSante(session, dossier)
  return marques.map(({ contenu, ...marque }) => {
    const { criteres, motif } = coffre.ouvrir(contenu, place(marque.id, 'contenu')) as Contenu
    return {
      ...marque,
      criteres: criteres.filter((critere) => sante || !critere.sante).map(({ libelle }) => libelle),
      motif,
      levee_motif: marque.levee_motif && (coffre.ouvrir(marque.levee_motif, place(marque.id, 'levee_motif')) as string),
    }
  })
}

function exigerMotif(texte: string, code: string, phrase: string): string {
  const ecrit = texte.replace(/\r\n/g, '\n').trim()
  if (ecrit === '') throw refus(code, phrase)
  if (ecrit.length > LONGUEUR) throw refus(code, `Raccourcir à ${LONGUEUR} caractères.`)
  return ecrit
}

/** Marks a dossier as a complex situation, by the criteria in force that day and with a reason (DOS-27). */
export async function marquerComplexe(
  session: Session,
  dossier: Pick<Dossier, 'id' | 'masques'>,
  demande: { criteres: readonly string[]; motif: string; examen: ExamenComplexe; envoi: string },
): Promise<void> {
  const { dept, sql, acteur } = session
  if (!acteur.compte || !acteur.organisme)
    throw refus('complexe.organisme', 'Une situation est marquée par une personne d’un organisme.')
  if (!Object.hasOwn(examensComplexes, demande.examen)) throw refus('complexe.examen', 'Choisir où l’examiner.')
  const retenus = criteresProposes(session, dossier).filter(({ code }) => demande.criteres.includes(code))
  if (retenus.length === 0) throw refus('complexe.criteres', 'Cocher ce qui rend la situation complexe.')
  const motif = exigerMotif(
    demande.motif,
    'complexe.motif',
    'Écrire pourquoi, en une ou deux phrases : la commission ou la cellule le lira.',
  )
  const [deja] =
    await sql`select 1 from situation_complexe where dept = ${dept} and par = ${acteur.compte}::uuid and envoi = ${demande.envoi}::uuid`
  if (deja) return
  await exigerOuvert(session, dossier.id)
  const [vivante] = await sql<{
    id: string
  }>`select id from situation_complexe where dept = ${dept} and dossier = ${dossier.id} and levee_a is null`
  if (vivante)
    throw new Conflit(
      'complexe.deja',
      'Entre-temps, cette situation a été marquée complexe par une autre personne. La relire : rien n’est ajouté.',
      [vivante.id],
    )
  const id = randomUUID()
  const contenu = (await session.coffre()).sceller({ criteres: retenus, motif } satisfies Contenu, place(id, 'contenu'))
  await sql`insert into situation_complexe (dept, id, dossier, examen, contenu, organisme, par, a, le, envoi)
    values (${dept}, ${id}, ${dossier.id}, ${demande.examen}, ${contenu}, ${acteur.organisme}::uuid, ${acteur.compte}::uuid, ${session.maintenant},
      ${session.jour}, ${demande.envoi}::uuid)`
  await consignerFaits(session, [
    {
      dossier: dossier.id,
      type: 'complexite.marquee',
      donnees: { examen: demande.examen, organisme: acteur.organisme },
    },
  ])
  session.consigner({
    action: 'complexe.marquer',
    objet: 'dossier',
    objetId: dossier.id,
    dossiers: [dossier.id],
    details: { examen: demande.examen, acte: 'marquee' },
  })
}

/** The situation is no longer complex, or was not: said with its reason, kept. */
export async function leverComplexite(
  session: Session,
  dossier: Pick<Dossier, 'id'>,
  demande: { id: string; motif: string },
): Promise<void> {
  const { dept, sql, acteur } = session
  const motif = exigerMotif(demande.motif, 'complexe.levee', 'Écrire pourquoi la marque est levée.')
  const [marque] = isUuid(demande.id)
    ? await sql`select 1 from situation_complexe where dept = ${dept} and dossier = ${dossier.id} and id = ${demande.id}::uuid`
    : []
  if (!marque) throw new Introuvable()
  const scelle = (await session.coffre()).sceller(motif, place(demande.id, 'levee_motif'))
  const [levee] =
    await sql`update situation_complexe set levee_a = ${session.maintenant}, levee_par = ${acteur.compte}::uuid, levee_motif = ${scelle}
    where dept = ${dept} and id = ${demande.id}::uuid and levee_a is null returning id`
  if (!levee)
    throw new Conflit('complexe.levee', 'Entre-temps, cette marque a été levée : rien n’est changé.', [demande.id])
  await consignerFaits(session, [{ dossier: dossier.id, type: 'complexite.levee', donnees: {} }])
  session.consigner({
    action: 'complexe.marquer',
    objet: 'dossier',
    objetId: dossier.id,
    dossiers: [dossier.id],
    details: { acte: 'levee' },
  })
}

/** Open dossiers of these territories marked for the commission, since when. */
export function listerComplexesPourCommission(
  session: Session,
  territoires: readonly string[],
): Promise<{ dossier: string; marque: string; depuis: Temporal.PlainDate }[]> {
  const { dept, sql } = session
  return sql<{ dossier: string; marque: string; depuis: Temporal.PlainDate }>`
    select s.dossier, s.id as marque, s.le as depuis from situation_complexe s join dossier d on d.dept = ${dept} and d.id = s.dossier
    where s.dept = ${dept} and s.levee_a is null and s.examen = 'commission' and d.clos_le is null and d.territoire = any (${territoires}::text[])
      and ${dansLePerimetre(session)} order by s.le, s.id`
}
