import { type Application, acteurDuCompte, acteurSysteme, expedier, ouvrirSession, type Session } from '#acces'
import { failureOf } from '#socle/mail'
import { accorder } from '#socle/typography'
import { listerNotifications, type Motif, type Notification } from './boite.ts'
import { decrireGenre, estGenre, type GenreNotification, genres } from './genres.ts'
import { creneauDuJour, horairesDe, lireReglagesLocaux, peutPresser, type ReglagesLocaux } from './horaires.ts'
import type { LigneReglage } from './reglages.ts'

/** A notification nobody read for so long is not news any more: it stays in the inbox. */
const FRAICHEUR = { hours: 14 * 24 }
/** One mail says figures: beyond, « plus de ». */
const LUES_MAX = 500
/** A mail server that fails so many times in a row is down: the schedule tries again. */
const ECHECS_MAX = 3
/** One that refuses so many people in a row refuses something else than them: no more of them are held for wrong. */
const REFUS_MAX = 5
/** Accounts whose last mail failed, in this process: the others go first. */
const echoues = new Set<string>()

type Issue = 'parti' | 'refuse' | 'rien'

interface Attente extends LigneReglage {
  readonly compte: string
  readonly courriel_adresse: string
  /** The oldest waiting for the daily mail, and the newest pressing one not told yet. */
  readonly depuis: Temporal.Instant
  readonly pressante_a: Temporal.Instant | null
  readonly dernier_pressant: Temporal.Instant | null
  readonly deja: boolean
}

/** People for whom something waits to be told by a mail that may reach them, with what they chose. */
function listerAttentes({ sql, dept, jour, maintenant }: Session, { pressante }: ReglagesLocaux): Promise<Attente[]> {
  const limite = pressante === null ? null : jour.add({ days: pressante })
  return sql<Attente>`
    select x.compte, c.courriel as courriel_adresse, x.depuis, x.pressante_a, coalesce(r.courriel, true) as courriel, r.jours, r.heure, r.de, r.a,
      coalesce(r.sans, '{}') as sans, coalesce(r.sans_courriel, '{}') as sans_courriel, coalesce(r.version, 0) as version,
      exists (select 1 from notification_envoi e where e.dept = ${dept} and e.compte = x.compte and e.jour = ${jour} and not e.pressant) as deja,
      (select max(e.a) from notification_envoi e where e.dept = ${dept} and e.compte = x.compte and e.pressant and e.jour = ${jour}) as dernier_pressant
    from (
      select n.compte, min(n.modifiee_a) as depuis,
        max(n.modifiee_a) filter (where n.pressee_a is null and n.avant between ${jour} and ${limite}::date) as pressante_a
      from notification n where n.dept = ${dept} and n.dite_a is null and n.lue_a is null and n.modifiee_a > ${maintenant.subtract(FRAICHEUR)}
      group by n.compte) x
    join compte c on c.dept = ${dept} and c.id = x.compte and c.ferme_a is null
    left join notification_reglage r on r.dept = ${dept} and r.compte = x.compte
    where coalesce(r.courriel, true) and not exists (select 1 from courriel_refuse y
      where y.dept = ${dept} and y.compte = x.compte and y.courriel = c.courriel and y.repris_a is null)
    order by x.compte`
}

/** What a mail of notifications says: figures by kind, where to read, why, how to change. Nothing of anybody. */
function ecrire(
  adresse: string,
  lignes: readonly Notification[],
  suite: boolean,
  pressant: boolean,
  heure: number | null,
) {
  const motifs = lignes.flatMap((ligne) => ligne.motifs)
  const comptes = genres.flatMap((genre) => {
    const n = motifs.filter((motif: Motif) => motif.genre === genre).length
    const [un, plusieurs] = decrireGenre(genre).compte
    return n === 0 ? [] : [`- ${suite ? 'plus de ' : ''}${n} ${accorder(suite ? 2 : n, un, plusieurs)}`]
  })
  const pourquoi = pressant
    ? 'Ce courriel part sans attendre celui du jour parce qu’une date est proche. Il ne part que dans vos jours et heures de travail.'
    : `Ce courriel part une fois par jour au plus, vos jours de travail${heure === null ? '' : `, à partir de ${heure} h`}, quand quelque chose vous attend.`
  return {
    subject: pressant ? 'Amont : une date proche vous attend' : 'Amont : ce qui vous attend aujourd’hui',
    text: `Bonjour,\n\n${pressant ? 'Une date est proche. Ce qui vous attend dans Amont' : 'Ce qui vous attend dans Amont depuis le dernier courriel'} :\n\n${comptes.join('\n')}\n\nPour les lire :\n${adresse}/notifications\n\n${pourquoi} Chaque ligne dit dans Amont pourquoi vous la recevez. Pour changer l’heure, les jours ou les sortes, ou ne plus recevoir de courriel :\n${adresse}/compte/notifications\n\nCe courriel ne dit rien de plus : ce qui est confidentiel reste dans Amont.\n`,
  }
}

/**
 * Sends one mail to one person, under their own perimeter: what they may not read any more is neither counted nor told. The row that says it left is written first,
 * so that two workers send one; a server that does not answer takes it all back.
 */
async function envoyer(application: Application, attente: Attente, dept: string, pressant: boolean): Promise<Issue> {
  const reglages = application.acces
  const acteur = await acteurDuCompte(application, dept, attente.compte)
  if (!reglages || !acteur) return 'rien'
  return ouvrirSession(application, acteur, 'compte.tenir', async (session): Promise<Issue> => {
    const { sql, jour, maintenant } = session
    const locaux = lireReglagesLocaux(session)
    const sansCourriel = new Set([...attente.sans, ...attente.sans_courriel])
    const voulus = genres.filter((genre): genre is GenreNotification => estGenre(genre) && !sansCourriel.has(genre))
    const limite = locaux.pressante === null ? null : jour.add({ days: locaux.pressante })
    if (pressant && limite === null) return 'rien'
    const { lignes, suite } = await listerNotifications(
      session,
      { etat: 'non_lues', aDire: { genres: voulus, pressantJusquAu: pressant ? limite : null } },
      LUES_MAX,
    )
    const [envoi] = await sql<{ id: string }>`
      insert into notification_envoi (dept, compte, jour, pressant, nombre, a)
      values (${dept}, ${attente.compte}::uuid, ${jour}, ${pressant}, ${lignes.length}, ${maintenant})
      on conflict (dept, compte, jour) where not pressant do nothing returning id`
    if (!envoi) return 'rien'
    const ids = lignes.map(({ id }) => id)
    // The mail of the day tells near dates as well: they are not told again.
    const marquees = await sql<{ id: string }>`
      update notification set dite_a = ${maintenant}, pressee_a = case when avant <= ${limite}::date then ${maintenant} else pressee_a end
      where dept = ${dept} and id = any (${ids}::uuid[]) and dite_a is null and (not ${pressant} or pressee_a is null) returning id`
    if (marquees.length === 0) return 'rien'
    const destinataire = { dept, compte: attente.compte, courriel: attente.courriel_adresse }
    const horaires = horairesDe(attente, locaux)
    const mail = ecrire(reglages.adresse, lignes, suite !== null, pressant, horaires.heure)
    const parti = await expedier({ sql }, reglages.courrier, destinataire, mail, maintenant)
    if (!parti) {
      // Nothing was told: it waits for the day the address is mended.
      const reprises = marquees.map(({ id }) => id)
      await sql`update notification set dite_a = null, pressee_a = nullif(pressee_a, ${maintenant}) where dept = ${dept} and id = any (${reprises}::uuid[])`
      await sql`delete from notification_envoi where dept = ${dept} and id = ${envoi.id}`
    }
    session.consigner({
      action: 'avis.envoyer',
      objet: 'compte',
      objetId: attente.compte,
      details: { pressant, nombre: lignes.length, parti },
    })
    return parti ? 'parti' : 'refuse'
  })
}

/**
 * Job, often: sends to each person the mail of the day once its hour has come, and what is pressing without waiting for it, never outside their days and hours. Returns how
 * many left.
 */
export async function envoyerNotifications(application: Application, dept: string): Promise<number> {
  if (!application.acces?.courrier.ready) return 0
  const dues = await ouvrirSession(
    application,
    acteurSysteme(dept, 'notifications'),
    'compte.tenir',
    async (session) => {
      const locaux = lireReglagesLocaux(session)
      const { calendrier } = session.delais
      return (await listerAttentes(session, locaux)).flatMap((attente) => {
        const horaires = horairesDe(attente, locaux)
        const creneau = creneauDuJour(calendrier, horaires, session.maintenant)
        const duJour = creneau !== null && !attente.deja && Temporal.Instant.compare(attente.depuis, creneau) <= 0
        const { pressante_a, dernier_pressant } = attente
        const presse =
          pressante_a !== null &&
          (dernier_pressant === null || Temporal.Instant.compare(dernier_pressant, pressante_a) < 0) &&
          peutPresser(calendrier, horaires, session.maintenant)
        return duJour ? [{ attente, pressant: false }] : presse ? [{ attente, pressant: true }] : []
      })
    },
  )
  let partis = 0
  // One mailbox that says « later » does not keep the others waiting; it is tried again by the next run, which its failure asks for.
  const echecs: unknown[] = []
  let pannes = 0
  let refus = 0
  const cle = ({ attente }: (typeof dues)[number]) => `${dept} ${attente.compte}`
  for (const due of dues.toSorted((x, y) => Number(echoues.has(cle(x))) - Number(echoues.has(cle(y))))) {
    if (pannes >= ECHECS_MAX) break
    if (refus >= REFUS_MAX) {
      echecs.push(new Error(`the mail server refused ${refus} people in a row: nothing more is sent by this run`))
      break
    }
    try {
      const issue = await envoyer(application, due.attente, dept, due.pressant)
      echoues.delete(cle(due))
      if (issue === 'parti') partis += 1
      if (issue !== 'rien') pannes = 0
      refus = issue === 'refuse' ? refus + 1 : issue === 'parti' ? 0 : refus
    } catch (erreur) {
      echoues.add(cle(due))
      echecs.push(erreur)
      const echec = failureOf(erreur)
      if (echec === 'server') pannes += 1
      else pannes = 0
      if (echec === 'refused') refus += 1
    }
  }
  if (echecs.length > 0) throw echecs[0]
  return partis
}
