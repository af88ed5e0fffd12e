import {
  type Application,
  accesDe,
  acteurSysteme,
  aLeDroit,
  type Droit,
  expedier,
  listerLecteurs,
  ouvrirSession,
  type Session,
} from '#acces'
import type { Role } from '#referentiel'
import { enqueue } from '#socle/queue'

/** Name of the job that sends one mail of the cell to one person. */
export const TACHE_CONSULTATION = 'avis-consultation'

/** What of a consultation tells who is told. */
interface ConsultationVisee {
  readonly id: string
  readonly dossier: string
  readonly invites: readonly string[]
}

/** A person who reads a consultation today. */
export interface LecteurConsultation {
  readonly id: string
  readonly organisme: string
}

interface Habilite {
  readonly id: string
  readonly organisme: string
  readonly type: string
  readonly role: Role
}

/** People of these organismes who read a consultation today: with the dossier, or alone when their organisme is a guest without it. */
export async function listerLecteursConsultation(
  session: Session,
  { dossier, invites }: Pick<ConsultationVisee, 'dossier' | 'invites'>,
  organismes: readonly string[],
): Promise<LecteurConsultation[]> {
  const avec = (await listerLecteurs(session, dossier))
    .filter((un) => organismes.includes(un.organisme) && !invites.includes(un.organisme))
    .filter((un) => aLeDroit(un, 'cellule.consulter'))
    .map(({ compte, organisme }) => ({ id: compte, organisme }))
  const seuls = organismes.filter((id) => invites.includes(id))
  return [...avec, ...(await listerComptes(session, seuls, 'cellule.recevoir'))]
}

/** People of these organismes who have a right today, whatever they read. */
export async function listerComptes(
  session: Session,
  organismes: readonly string[],
  droit: Droit,
): Promise<LecteurConsultation[]> {
  const { dept, jour, referentiel } = session
  if (organismes.length === 0) return []
  const habilites = await session.sql<Habilite>`
    select c.id, h.organisme, o.type, h.role from compte c
    cross join lateral (select h.organisme, h.role from habilitation h where h.dept = ${dept} and h.compte = c.id and h.retiree_a is null
      and h.du <= ${jour} and (h.jusqu_au is null or h.jusqu_au >= ${jour}) order by h.du desc, h.id limit 1) h
    join organisme o on o.dept = ${dept} and o.id = h.organisme and o.actif
    where c.dept = ${dept} and c.ferme_a is null and h.organisme = any (${organismes}::uuid[])`
  return habilites
    .filter(({ type, role }) => aLeDroit({ acces: accesDe(referentiel.matrice, type, role) }, droit))
    .map(({ id, organisme }) => ({ id, organisme }))
}

/** Prepares, in the transaction of the act, one mail for each person of these organismes, never its author. Whoever turned mails off is known when it leaves. */
export async function prevenirDeLaConsultation(
  session: Session,
  consultation: ConsultationVisee,
  organismes: readonly string[],
  quoi: string,
): Promise<void> {
  const { sql, dept, maintenant, acteur } = session
  const personnes = (await listerLecteursConsultation(session, consultation, organismes)).filter(
    ({ id }) => id !== acteur.compte,
  )
  const neufs = await sql<{ compte: string }>`
    insert into consultation_avis (dept, consultation, compte, quoi, organisme, cree_a)
    select distinct on (x.id) ${dept}, ${consultation.id}::uuid, x.id, ${quoi}, x.organisme, ${maintenant}::timestamptz
    from json_to_recordset(${JSON.stringify(personnes)}::json) as x(id uuid, organisme uuid)
    on conflict do nothing returning compte`
  for (const { compte } of neufs)
    await enqueue(session, TACHE_CONSULTATION, { dept, consultation: consultation.id, compte, quoi })
}

/** Job: tells a person, once, that something waits. Neither who, nor what, nor about which household. */
export async function envoyerAvisConsultation(
  application: Application,
  dept: string,
  { consultation, compte, quoi }: { readonly consultation: string; readonly compte: string; readonly quoi: string },
): Promise<void> {
  const reglages = application.acces
  if (!reglages?.courrier.ready) return
  await ouvrirSession(application, acteurSysteme(dept, 'avis-consultation'), 'cellule.consulter', async (session) => {
    const [avis] = await session.sql<{ courriel: string; seul: boolean }>`
      select c.courriel, a.organisme = any (x.invites) as seul
      from consultation_avis a join consultation x on x.dept = ${dept} and x.id = a.consultation
      join compte c on c.dept = ${dept} and c.id = a.compte and c.ferme_a is null
      where a.dept = ${dept} and a.consultation = ${consultation}::uuid and a.compte = ${compte}::uuid and a.quoi = ${quoi} and a.envoye_a is null
        and not exists (select 1 from notification_reglage r where r.dept = ${dept} and r.compte = a.compte and not r.courriel)
        and exists (select 1 from habilitation h where h.dept = ${dept} and h.compte = c.id and h.organisme = a.organisme and h.retiree_a is null
          and h.du <= ${session.jour} and (h.jusqu_au is null or h.jusqu_au >= ${session.jour}))
      for update of a`
    if (!avis) return
    const mail = {
      subject: 'Amont : une consultation vous attend',
      text: `Bonjour,\n\nUne consultation, ou sa suite, vous attend dans Amont. Pour la lire :\n\n${reglages.adresse}/cellule${avis.seul ? '/recues' : ''}\n\nCe courriel ne dit rien de plus : ce qui est confidentiel reste dans Amont. Pour ne plus le recevoir : ${reglages.adresse}/compte/notifications\n`,
    }
    const { sql, maintenant } = session
    const destinataire = { dept, compte, courriel: avis.courriel }
    if (!(await expedier({ sql }, reglages.courrier, destinataire, mail, maintenant))) return
    await sql`update consultation_avis set envoye_a = ${maintenant}
      where dept = ${dept} and consultation = ${consultation}::uuid and compte = ${compte}::uuid and quoi = ${quoi}`
    session.consigner({ action: 'avis.envoyer', objet: 'compte', objetId: compte })
  })
}
