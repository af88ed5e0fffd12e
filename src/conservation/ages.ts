import { type Application, acteurSysteme, ouvrirSession } from '#acces'
import { parisDay } from '#socle/time'
import { dureeAu, dureesDe, type RegleDuree } from './durees.ts'
import { enEffacement, type Requete } from './role.ts'
import { chargerTables, conditionDe, ordonner } from './tables.ts'

/** What is erased by its age alone: a rule, and statements that each have `$1` the département and `$2` the last instant that goes. */
const PURGES: readonly (readonly [RegleDuree, string, string])[] = [
  [
    'connexion',
    'session_web',
    `delete from session_web where dept = $1 and coalesce(revoquee_a, expire_a) < $2 and vue_a < $2`,
  ],
  ['connexion', 'lien_compte', `delete from lien_compte where dept = $1 and expire_a < $2`],
  ['connexion', 'code_secours', `delete from code_secours where dept = $1 and coalesce(utilise_a, annule_a) < $2`],
  [
    'connexion',
    'consultation_comptee',
    `delete from consultation_comptee where dept = $1 and jour < ($2::timestamptz at time zone 'Europe/Paris')::date`,
  ],
  ['connexion', 'calendrier_adresse', `delete from calendrier_adresse where dept = $1 and revoquee_a < $2`],
  ['notification', 'notification', `delete from notification where dept = $1 and modifiee_a < $2`],
  ['notification', 'notification_envoi', `delete from notification_envoi where dept = $1 and a < $2`],
  ['notification', 'calendrier_evenement', `delete from calendrier_evenement where dept = $1 and a < $2`],
  ['alerte', 'alerte_acces', `delete from alerte_acces where dept = $1 and etat <> 'nouvelle' and examinee_a < $2`],
  [
    'recherche',
    'vue_enregistree',
    `delete from vue_enregistree v using compte c where v.dept = $1 and c.dept = $1 and c.id = v.compte and c.ferme_a <= $2`,
  ],
  [
    'fichier',
    'ligne_lot',
    `delete from ligne_lot l using lot t where l.dept = $1 and t.dept = $1 and t.id = l.lot and t.depose_a < $2 and l.signalement is null`,
  ],
  // The first row of a file nobody could read may hold people, not names of columns.
  [
    'fichier',
    'lot',
    `update lot set entete = '[]', autres_feuilles = '[]' where dept = $1 and depose_a < $2 and etat in ('refuse', 'a_correspondre') and (entete <> '[]' or autres_feuilles <> '[]')`,
  ],
  // Read to the end, refused or never completed: nobody needs its bytes any more.
  [
    'fichier',
    'fichier',
    `update fichier f set octets = ''::bytea, nom = 'fichier effacé' where f.dept = $1 and octet_length(f.octets) > 0
       and exists (select 1 from lot t where t.dept = $1 and t.fichier = f.id)
       and not exists (select 1 from lot t where t.dept = $1 and t.fichier = f.id and (t.depose_a >= $2 or t.etat in ('recu', 'lecture', 'rapprochement')))`,
  ],
]

/** Signals withdrawn long ago and attached to nothing any more, with what hangs from them. */
async function effacerSignauxRetires(requete: Requete, racine: string, dept: string, limite: string): Promise<number> {
  const ids = (
    await requete<{ id: string }>(
      `select s.id from signalement s where s.dept = $1 and s.retire_a < $2
         and not exists (select 1 from rattachement r where r.dept = $1 and r.signalement = s.id)`,
      [dept, limite],
    )
  ).map(({ id }) => id)
  if (ids.length === 0) return 0
  const tables = new Map(chargerTables(racine).map((ligne) => [ligne.table, ligne]))
  const liens = await requete<{ enfant: string; parent: string }>(
    `select e.relname as enfant, p.relname as parent from pg_constraint k join pg_class e on e.oid = k.conrelid join pg_class p on p.oid = k.confrelid
     where k.contype = 'f' and k.connamespace = 'public'::regnamespace`,
  )
  const siennes = [...tables.keys()].filter((table) => conditionDe(tables, table)?.includes('$3'))
  for (const table of ordonner(siennes, liens))
    await requete(
      `delete from public.${table} where dept = $1 and $2::uuid[] is not null and $3::uuid[] is not null and (${conditionDe(tables, table)})`,
      [dept, [], ids],
    )
  return ids.length
}

/**
 * Erases what has a time of its own: files received, sign-in records, notifications, saved searches, alerts (ACC-14). `simuler` counts and changes nothing.
 * Journalled by numbers.
 */
export async function purgerSelonAge(
  application: Application,
  dept: string,
  { simuler = false }: { readonly simuler?: boolean } = {},
): Promise<Readonly<Record<string, number>>> {
  const { base, horloge, referentiel } = application
  const maintenant = horloge.now()
  const jour = parisDay(maintenant)
  const durees = dureesDe(referentiel.racine)
  const limiteDe = (regle: RegleDuree): string | null => {
    const duree = dureeAu(durees, regle, jour)
    if (duree === null) return null
    if (duree.blank) return maintenant.toString()
    return jour.subtract(duree).toZonedDateTime('Europe/Paris').toInstant().toString()
  }
  const comptes = await enEffacement(
    { base, dept, jour },
    async (requete) => {
      const faits: Record<string, number> = {}
      const compter = (table: string, n: number) => {
        if (n > 0) faits[table] = (faits[table] ?? 0) + n
      }
      for (const [regle, table, texte] of PURGES) {
        const limite = limiteDe(regle)
        if (limite === null) continue
        const [compte] = await requete<{ n: number }>(
          `with efface as (${texte} returning 1) select count(*)::int as n from efface`,
          [dept, limite],
        )
        compter(table, compte?.n ?? 0)
      }
      const limite = limiteDe('fichier')
      if (limite !== null)
        compter('signalement', await effacerSignauxRetires(requete, referentiel.racine, dept, limite))
      return faits
    },
    simuler,
  )
  if (!simuler && Object.keys(comptes).length > 0)
    await ouvrirSession(application, acteurSysteme(dept, 'conservation'), 'elimination.viser', async (session) =>
      session.consigner({ action: 'conservation.purger', details: { rangees: comptes } }),
    )
  return comptes
}
