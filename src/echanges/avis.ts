import { type Application, acteurSysteme, ouvrirSession, type Session } from '#acces'
import { enqueue } from '#socle/queue'
import { listerPersonnes } from './lecteurs.ts'

/** Name of the job that sends the mail of a day to a person. */
export const TACHE_AVIS = 'avis-echange'

/**
 * Prepares, in the transaction that writes to them, the mail of the day of each person concerned: those of these organismes who may read the dossier, never the author,
 * never whoever turned it off. The second thing written to them the same day adds nothing.
 */
export async function preparerAvis(
  session: Session,
  dossier: { readonly id: string; readonly territoire: string | null },
  organismes: readonly string[],
): Promise<void> {
  const { sql, dept, jour, maintenant, acteur } = session
  const personnes = await listerPersonnes(session, dossier, organismes)
  const comptes = [...new Set(personnes.map(({ id }) => id))].filter((id) => id !== acteur.compte)
  const neufs = await sql<{ compte: string }>`
    insert into avis_echange (dept, compte, jour, cree_a)
    select ${dept}, c.id, ${jour}, ${maintenant} from compte c
    where c.dept = ${dept} and c.id = any (${comptes}::uuid[])
      and not exists (select 1 from avis_refuse r where r.dept = ${dept} and r.compte = c.id)
    on conflict do nothing returning compte`
  for (const { compte } of neufs) await enqueue(session, TACHE_AVIS, { dept, compte, jour: jour.toString() })
}

/** Job: sends the mail of a day to a person, once. It says that something waits and where, never what, from whom, or about which household. */
export async function envoyerAvis(application: Application, dept: string, compte: string, jour: string): Promise<void> {
  const reglages = application.acces
  if (!reglages?.courrier.ready) return
  await ouvrirSession(application, acteurSysteme(dept, 'avis-echange'), 'echange.lire', async (session) => {
    const [avis] = await session.sql<{ courriel: string }>`
      select c.courriel from avis_echange a join compte c on c.dept = ${dept} and c.id = a.compte and c.ferme_a is null
      where a.dept = ${dept} and a.compte = ${compte}::uuid and a.jour = ${jour}::date and a.envoye_a is null
        and not exists (select 1 from avis_refuse r where r.dept = ${dept} and r.compte = a.compte)
        and exists (select 1 from habilitation h where h.dept = ${dept} and h.compte = c.id and h.retiree_a is null
          and h.du <= ${session.jour} and (h.jusqu_au is null or h.jusqu_au >= ${session.jour}))
      for update of a`
    if (!avis) return
    await session.sql`update avis_echange set envoye_a = ${session.maintenant}
      where dept = ${dept} and compte = ${compte}::uuid and jour = ${jour}::date`
    session.consigner({ action: 'avis.envoyer', objet: 'compte', objetId: compte })
    await reglages.courrier.send({
      to: avis.courriel,
      subject: 'Amont : du nouveau vous attend',
      text: `Bonjour,\n\nUn message, une demande ou la suite d’une saisine vous attend dans Amont. Pour les lire :\n\n${reglages.adresse}/echanges\n${reglages.adresse}/saisines\n\nCe courriel ne dit rien de plus : ce qui est confidentiel reste dans Amont. Un seul part par jour. Pour ne plus le recevoir : ${reglages.adresse}/compte\n`,
    })
  })
}

/** Says whether the person signed in receives these mails. */
export async function recoitAvis(session: Session): Promise<boolean> {
  const [refuse] =
    await session.sql`select 1 from avis_refuse where dept = ${session.dept} and compte = ${session.acteur.compte}`
  return refuse === undefined
}

/** Turns these mails on or off, for oneself. */
export async function reglerAvis(session: Session, recevoir: boolean): Promise<void> {
  const { sql, dept, maintenant, acteur } = session
  if (recevoir) await sql`delete from avis_refuse where dept = ${dept} and compte = ${acteur.compte}`
  else
    await sql`insert into avis_refuse (dept, compte, a) values (${dept}, ${acteur.compte}, ${maintenant}) on conflict do nothing`
  session.consigner({ action: 'avis.regler', details: { recevoir } })
}
