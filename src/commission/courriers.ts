import type { Session } from '#acces'
import { type Occurrence, proposerCourriers, proposerSurEvenement } from '#courriers'
import { type Fragment, sql as fragment } from '#socle/db'
import { parisDay } from '#socle/time'
import { formatDateLongue } from '#socle/typography'
import { reponsesPossibles } from './reponses.ts'

/** What sessions said of households, as a letter may say it: who was asked to do what, never why. */
interface Orientation {
  readonly dossier: string
  readonly seance: string
  readonly seance_le: Temporal.PlainDate
  /** Last told, or corrected. */
  readonly dite_a: Temporal.Instant
  readonly recommandations: readonly { readonly code: string | null; readonly organisme: string | null }[]
}

/** What was told and still stands: an expertise is for the State alone. */
const listerOrientations = ({ sql, dept }: Session, si: Fragment): Promise<Orientation[]> => sql<Orientation>`
  select p.dossier, p.seance, s.le as seance_le,
    max(greatest(p.notifie_a, (select max(a.a) from prononce_acte a where a.dept = ${dept} and a.prononce = p.id and a.acte in ('notifie', 'remplace')))) as dite_a,
    coalesce(jsonb_agg(jsonb_build_object('code', p.code, 'organisme', o.nom) order by p.rang) filter (where p.genre = 'recommandation' and p.etat <> 'remplace'), '[]') as recommandations
  from prononce p join seance s on s.dept = ${dept} and s.id = p.seance left join organisme o on o.dept = ${dept} and o.id = p.organisme
  where p.dept = ${dept} and p.notifie_a is not null and p.genre in ('avis', 'recommandation') and ${si}
  group by p.dossier, p.seance, s.le having bool_or(p.etat <> 'remplace') order by s.le desc, p.seance`

const minuscule = (texte: string): string => texte.charAt(0).toLocaleLowerCase('fr') + texte.slice(1)

function ecrire(session: Session, { seance_le, recommandations }: Orientation): Occurrence['precisions'] {
  const possibles = reponsesPossibles(session, seance_le)?.recommandations ?? []
  const retenues = recommandations.flatMap(({ code, organisme }) => {
    const quoi = possibles.find(({ id }) => id === code)?.libelle
    // A recommendation in free words is not copied: only whom it is addressed to.
    if (quoi === undefined) return organisme ? [`un échange avec ${organisme}`] : []
    return organisme ? [`${minuscule(quoi)} (${organisme})`] : [minuscule(quoi)]
  })
  return {
    'commission.seance': formatDateLongue(seance_le),
    ...(retenues.length > 0 ? { 'commission.orientation': [...new Set(retenues)].join(' ; ') } : {}),
  }
}

/** What the commission last retained for a household, in the words of its lists. Empty when nothing was said, or for whoever does not read its opinions. */
export async function lireOrientation(session: Session, dossier: string): Promise<Occurrence['precisions']> {
  const [derniere] = await listerOrientations(session, fragment`p.dossier = ${dossier}`)
  return derniere ? ecrire(session, derniere) : {}
}

const ANCIENNETE = { hours: 24 * 366 }

/** Proposes to the secretariat the letters that tell a household that the commission will look at its situation, then what it retained (COU-45). */
async function proposerCourriersDeCommission(session: Session): Promise<number> {
  const { sql, dept, jour, maintenant } = session
  const inscrites = await sql<{
    dossier: string
    saisine: string
    seance_le: Temporal.PlainDate
    depuis: Temporal.Instant
  }>`
    select distinct on (s.dossier) s.dossier, s.id as saisine, s.seance_le, min(s.deposee_a) over (partition by s.dossier) as depuis
    from saisine s where s.dept = ${dept} and s.etat = 'inscrite' and s.seance_le >= ${jour} order by s.dossier, s.seance_le, s.deposee_a`
  const annonces = await proposerSurEvenement(
    session,
    'saisine_inscrite',
    inscrites.map(({ dossier, saisine, seance_le, depuis }) => ({
      dossier,
      evenement: saisine,
      le: seance_le,
      depuis,
      redit: true,
      precisions: { 'commission.seance': formatDateLongue(seance_le) },
    })),
  )
  const orientations = await listerOrientations(session, fragment`p.notifie_a >= ${maintenant.subtract(ANCIENNETE)}`)
  const parDossier = new Map<string, Orientation>()
  for (const une of orientations) if (!parDossier.has(une.dossier)) parDossier.set(une.dossier, une)
  const suites = await proposerSurEvenement(
    session,
    'orientation_retenue',
    [...parDossier.values()].map((une) => ({
      dossier: une.dossier,
      evenement: une.seance,
      le: parisDay(une.dite_a),
      depuis: une.dite_a,
      precisions: ecrire(session, une),
    })),
  )
  return annonces + suites
}

/** Proposes the letters whose trigger has occurred: a step of the procedure, a referral put on a session, what the commission retained. Returns how many. */
export async function proposerCourriersDus(session: Session): Promise<number> {
  return (await proposerCourriers(session)) + (await proposerCourriersDeCommission(session))
}
