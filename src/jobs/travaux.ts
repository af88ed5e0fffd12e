import {
  type Application,
  acteurSysteme,
  envoyerAvisCompte,
  envoyerLien,
  ouvrirSession,
  TACHE_AVIS_COMPTE,
  TACHE_COURRIEL,
} from '#acces'
import { rappelerBordereaux } from '#bordereaux'
import { rappelerCollectes } from '#charte'
import {
  detruireFichesPassees,
  envoyerAvisConsultation,
  envoyerConvocation,
  noterChangementsRecus,
  publierReleve,
  relancerApports,
  relancerLesRetards,
  TACHE_CONSULTATION,
  TACHE_CONVOCATION,
  TACHE_RELEVE,
} from '#commission'
import { TACHE_COURRIER_COURRIEL, TACHE_LOT_COURRIER } from '#courriers'
import { TACHE_FAITS } from '#dossiers'
import { annoncerPoints, rappelerLogements, tenirLocataires } from '#echanges'
import { envoyerNotifications, purgerNotifications, TACHE_NOTIFICATIONS } from '#notifications'
import { TACHE_EXCEPTIONNEL } from '#participations'
import { repartirDossiers } from '#repartition'
import { noterExpertisesRendues } from '#requisitions'
import { listerLotsInacheves } from '#signalements'
import { parseCronItems, startWorker, type TaskList } from '#socle/queue'
import { parisDay } from '#socle/time'
import { chargerSeuilsAcces, envoyerAvisAlerte, signalerAccesExceptionnel } from '#vigilance'
import { echoirCellules } from './cellule.ts'
import { conserver } from './conservation.ts'
import {
  envoyerCourriersParCourriel,
  preparerCourriers,
  produireLotCourriers,
  reprendreCourriers,
} from './courriers.ts'
import { preparerEngagements, suivreEngagements } from './engagements.ts'
import { ancrerLeJournal, controlerLeJournal, scellerLeJournal, surveillerLesConsultations } from './journal.ts'
import { appliquerRegles, preparerLeJour } from './matin.ts'
import { proposerSaisines } from './saisines.ts'
import { scellerDonnees } from './sceller.ts'
import { estJourDesTableaux, figerTableaux } from './tableaux.ts'
import { TACHE_LOCATAIRES, traiterImport } from './traiter-import.ts'

interface Charge {
  readonly dept: string
  readonly lot?: string
  readonly dossiers?: string
  readonly lien?: string
  readonly delegue?: string
  readonly alerte?: string
  readonly acces?: string
  readonly compte?: string
  readonly jour?: string
  readonly quoi?: string
  readonly consultation?: string
  readonly seance?: string
  readonly membre?: string
  readonly personne?: string
  readonly sequence?: string
}

const lire = (charge: unknown): Charge => charge as Charge

/** What the background work needs besides the application. */
export interface ReglagesTravaux {
  /** Folder of the anchors of the journal. */
  readonly ancres: string
}

function taches(application: Application, { ancres }: ReglagesTravaux): TaskList {
  const depts = [...application.referentiel.departements.keys()]
  const seuils = chargerSeuilsAcces(application.referentiel.racine)
  return {
    'traiter-lot': async (charge) => {
      const { dept, lot } = lire(charge)
      if (lot) await traiterImport(application, dept, lot)
    },
    'repartir-dossiers': async (charge) => {
      const { dept, dossiers } = lire(charge)
      await ouvrirSession(application, acteurSysteme(dept, 'repartir'), 'dossier.reaffecter', (session) =>
        repartirDossiers(session, dossiers?.split(',') ?? []),
      )
      // A doubt was settled, an attachment undone, a deposit withdrawn: what they said of a change comes or goes with them.
      await ouvrirSession(
        application,
        acteurSysteme(dept, 'noter-changements'),
        'orientation.signaler',
        noterChangementsRecus,
      )
    },
    // Rules approved with effect the same day: what is derived from them does not wait for the morning.
    'appliquer-regles': async (charge) => {
      await appliquerRegles(application, lire(charge).dept)
    },
    'preparer-courriers': async () => {
      for (const dept of depts) await preparerCourriers(application, dept)
    },
    [TACHE_LOT_COURRIER]: async (charge) => {
      const { dept, lot } = lire(charge)
      if (lot) await produireLotCourriers(application, dept, lot)
    },
    [TACHE_COURRIER_COURRIEL]: async (charge) => {
      const { dept, lot } = lire(charge)
      if (lot) await envoyerCourriersParCourriel(application, dept, lot)
    },
    [TACHE_COURRIEL]: async (charge) => {
      const { dept, lien, delegue, alerte } = lire(charge)
      if (lien) await envoyerLien(application, dept, lien)
      if (delegue && alerte) await envoyerAvisAlerte(application, dept, { delegue, alerte })
    },
    [TACHE_EXCEPTIONNEL]: async (charge) => {
      const { dept, acces, compte, jour: le } = lire(charge)
      if (acces) await signalerAccesExceptionnel(application, dept, { acces }, seuils)
      else if (compte && le)
        await signalerAccesExceptionnel(application, dept, { compte, jour: Temporal.PlainDate.from(le) }, seuils)
    },
    // Asked for by an act when a date is near; otherwise by the schedule, for everybody.
    [TACHE_NOTIFICATIONS]: async (charge) => {
      const { dept } = lire(charge)
      for (const un of dept ? [dept] : depts) await envoyerNotifications(application, un)
    },
    [TACHE_CONVOCATION]: async (charge) => {
      const { dept, seance, membre, personne, sequence } = lire(charge)
      if (seance && membre && personne && sequence)
        await envoyerConvocation(application, dept, { seance, membre, personne, sequence })
    },
    [TACHE_CONSULTATION]: async (charge) => {
      const { dept, consultation, compte, quoi } = lire(charge)
      if (consultation && compte && quoi)
        await envoyerAvisConsultation(application, dept, { consultation, compte, quoi })
    },
    'echoir-consultations': async () => {
      for (const dept of depts) await echoirCellules(application, dept)
    },
    [TACHE_RELEVE]: async (charge) => {
      const { dept, seance } = lire(charge)
      if (!seance) return
      await publierReleve(application, dept, seance)
      await noterExpertisesRendues(application, dept)
    },
    // Mails of an earlier version, which notifications tell now: what still waited in the queue leaves it.
    'avis-seance': async () => {},
    'avis-suite': async () => {},
    [TACHE_AVIS_COMPTE]: async (charge) => {
      const { dept, compte, quoi } = lire(charge)
      if (compte && quoi) await envoyerAvisCompte(application, dept, compte, quoi)
    },
    // Each morning: derived values that depend on the day, answers that did not come, then the lists and the self-referrals proposed when it is their day.
    'chaque-matin': async () => {
      const jour = parisDay(application.horloge.now())
      for (const dept of depts) {
        await preparerLeJour(application, dept)
        await ouvrirSession(
          application,
          acteurSysteme(dept, 'purger-notifications'),
          'compte.tenir',
          purgerNotifications,
        )
        await ouvrirSession(application, acteurSysteme(dept, 'relancer-apports'), 'seance.preparer', (session) =>
          relancerApports(session, null),
        )
        await ouvrirSession(
          application,
          acteurSysteme(dept, 'detruire-fiches'),
          'seance.preparer',
          detruireFichesPassees,
        )
        await ouvrirSession(
          application,
          acteurSysteme(dept, 'rappeler-bordereaux'),
          'bordereau.envoyer',
          rappelerBordereaux,
        )
        await ouvrirSession(
          application,
          acteurSysteme(dept, 'rappeler-collectes'),
          'collecte.conduire',
          rappelerCollectes,
        )
        await ouvrirSession(application, acteurSysteme(dept, 'rappeler-logements'), 'logement.tenir', rappelerLogements)
        await ouvrirSession(application, acteurSysteme(dept, 'annoncer-points'), 'mesure.tenir', annoncerPoints)
        await ouvrirSession(application, acteurSysteme(dept, 'relancer-suites'), 'suite.suivre', relancerLesRetards)
        await ouvrirSession(
          application,
          acteurSysteme(dept, 'noter-changements'),
          'orientation.signaler',
          noterChangementsRecus,
        )
        await noterExpertisesRendues(application, dept)
        const jourDesTableaux = await ouvrirSession(
          application,
          acteurSysteme(dept, 'figer-tableaux'),
          'liste.figer',
          async (session) => estJourDesTableaux(session, jour),
        )
        if (jourDesTableaux) {
          await figerTableaux(application, dept, jour)
          await proposerSaisines(application, dept)
        }
        // Last: a list of the day proves engagements.
        await preparerEngagements(application, dept)
      }
    },
    // Those who follow the chronology pull what they have not seen: a lost wake-up costs a minute, not a fait.
    [TACHE_FAITS]: async () => {
      for (const dept of depts) await suivreEngagements(application, dept)
    },
    // What landlords see follows what people did since: contacts, answers, attachments undone.
    [TACHE_LOCATAIRES]: async () => {
      for (const dept of depts)
        await ouvrirSession(application, acteurSysteme(dept, 'tenir-locataires'), 'dossier.consulter', (session) =>
          tenirLocataires(session),
        )
    },
    'reprendre-lots': async () => {
      for (const dept of depts) {
        const lots = await ouvrirSession(
          application,
          acteurSysteme(dept, 'reprendre-lots'),
          'lot.consulter',
          (session) => listerLotsInacheves(session),
        )
        for (const lot of lots) await traiterImport(application, dept, lot)
        await reprendreCourriers(application, dept)
      }
    },
    // What was kept in clear before sealing existed. Nothing is left after the first time.
    'sceller-donnees': async () => {
      for (const dept of depts) await scellerDonnees(application, dept)
    },
    'sceller-journal': async () => {
      for (const dept of depts) await scellerLeJournal(application, dept, ancres)
    },
    'ancrer-journal': async () => {
      for (const dept of depts) await ancrerLeJournal(application, dept, ancres)
    },
    conserver: async () => {
      for (const dept of depts) await conserver(application, dept)
    },
    'controler-journal': async () => {
      for (const dept of depts) await controlerLeJournal(application, dept, ancres, seuils)
    },
    'surveiller-consultations': async () => {
      for (const dept of depts) await surveillerLesConsultations(application, dept, seuils)
    },
  }
}

/** Starts the background worker of this process: queue, schedule, and the resumption of what a stop interrupted. */
export async function lancerTravaux(
  application: Application,
  reglages: ReglagesTravaux,
): Promise<{ stop(): Promise<void> }> {
  const travaux = await startWorker(
    application.base,
    taches(application, reglages),
    parseCronItems([
      // 03:30 UTC is before working hours in Paris all year round; a missed morning is made up for within a day.
      { task: 'chaque-matin', match: '30 3 * * *', options: { backfillPeriod: 86_400_000, maxAttempts: 5 } },
      { task: TACHE_FAITS, match: '* * * * *', options: { maxAttempts: 1 } },
      // After the lists of the day: letters never keep them waiting.
      { task: 'preparer-courriers', match: '50 3 * * *', options: { backfillPeriod: 86_400_000, maxAttempts: 5 } },
      { task: TACHE_LOCATAIRES, match: '*/15 * * * *', options: { maxAttempts: 1 } },
      { task: 'reprendre-lots', match: '*/5 * * * *', options: { maxAttempts: 1 } },
      // Delays of the technical cell run in hours.
      { task: 'echoir-consultations', match: '*/5 * * * *', options: { maxAttempts: 1 } },
      // Each person has an hour; what a run could not send, the next one tries again.
      { task: TACHE_NOTIFICATIONS, match: '*/5 * * * *', options: { maxAttempts: 1 } },
      // The schedule counts in minutes; while there is something to seal, the task asks for itself again a few seconds later.
      { task: 'sceller-journal', match: '* * * * *', options: { maxAttempts: 1 } },
      { task: 'ancrer-journal', match: '7 * * * *', options: { maxAttempts: 3 } },
      {
        task: 'surveiller-consultations',
        match: '20 * * * *',
        options: { backfillPeriod: 86_400_000, maxAttempts: 3 },
      },
      // Away from the morning's lists: erasing never keeps them waiting.
      { task: 'conserver', match: '30 4 * * *', options: { backfillPeriod: 86_400_000, maxAttempts: 3 } },
      { task: 'controler-journal', match: '10 4 * * *', options: { backfillPeriod: 86_400_000, maxAttempts: 3 } },
    ]),
  )
  await travaux.addJob('sceller-donnees', {}, { jobKey: 'sceller-donnees-au-depart' })
  await travaux.addJob('reprendre-lots', {}, { jobKey: 'reprendre-lots-au-depart' })
  return { stop: () => travaux.stop() }
}
