import { listerOrganismes, type Organisme, ouvrirSession, type Session } from '#acces'
import {
  ajouterMembre,
  creerCommission,
  creerSeance,
  ecrireReglement,
  inscrire,
  lireSeance,
  listerRepresentants,
  proposerOrdre,
  type QualiteMembre,
  type SaisieReglement,
  type VoixMembre,
} from '#commission'
import { exigerCles } from '#echanges'
import { libelleTerritoire } from '#referentiel'
import type { ApplicationOuverte } from '../application.ts'
import { trouverActeur } from './acteur.ts'

/** Who sits in every commission of the demonstration: kind of organisme, quality, voice. */
const SIEGENT: readonly (readonly [type: string, qualite: QualiteMembre, voix: VoixMembre])[] = [
  ['prefecture', 'copresident_etat', 'deliberative'],
  ['departement', 'copresident_departement', 'deliberative'],
  ['caf', 'droit', 'deliberative'],
  ['msa', 'droit', 'deliberative'],
  ['fsl', 'droit', 'consultative'],
  ['adil', 'invite', 'consultative'],
  ['siao', 'invite', 'consultative'],
  ['action_logement', 'invite', 'consultative'],
]

const SEANCES = 4
const DOSSIERS = 24

async function nommerMembres(
  session: Session,
  commission: string,
  organismes: readonly Organisme[],
  territoire: string | null,
): Promise<void> {
  const du = session.jour.subtract({ years: 1 })
  const sans = { compte: null, nom: '', courriel: '' }
  const voisins = new Set(
    session.referentiel.departements
      .get(session.dept)
      ?.territoires.lignes.filter((ligne) => ligne.territoire === territoire)
      .map(({ codeInsee }) => codeInsee),
  )
  const sieges = [
    ...organismes.flatMap((organisme) => {
      const siege = SIEGENT.find(([type]) => type === organisme.type)
      return siege ? [{ organisme, qualite: siege[1], voix: siege[2] as VoixMembre | null }] : []
    }),
    // A town hall sits where it has residents.
    ...organismes
      .filter(({ type, communes }) => type === 'mairie' && communes?.some((commune) => voisins.has(commune)))
      .map((organisme) => ({ organisme, qualite: 'maire' as const, voix: null })),
  ]
  for (const { organisme, qualite, voix } of sieges) {
    const [titulaire, suppleant] = await listerRepresentants(session, organisme.id)
    await ajouterMembre(session, commission, {
      organisme: organisme.id,
      qualite,
      voix,
      titulaire: titulaire ? { ...sans, compte: titulaire.id } : sans,
      suppleant: suppleant ? { ...sans, compte: suppleant.id } : sans,
      du,
      jusquAu: null,
    })
  }
}

/** The commissions of Saône-et-Loire (004 § 1.1): one per territory and the departmental one, their members, sessions to come, and an agenda begun. */
export async function installerCommissions(application: ApplicationOuverte, courriel: string): Promise<void> {
  const dept = application.departement
  const acteur = await trouverActeur(application, courriel)
  if (!acteur?.organisme) return
  const tenant = acteur.organisme
  await ouvrirSession(application, acteur, 'seance.preparer', async (session) => {
    const departement = session.referentiel.departements.get(dept)
    if (!departement) return
    const organismes = await listerOrganismes(session)
    const territoires = [...new Set(departement.territoires.lignes.map(({ territoire }) => territoire))].toSorted()
    const departementale = await creerCommission(
      session,
      {
        nom: 'Commission départementale',
        niveau: 'departementale',
        territoires,
        secretariat: tenant,
        lieu: 'Préfecture',
      },
      crypto.randomUUID(),
    )
    await nommerMembres(session, departementale, organismes, null)
    const reglement: SaisieReglement = {
      pourToutes: true,
      reference: 'Règlement intérieur d’essai de la démonstration : valeurs à remplacer par celles du département',
      du: session.jour.subtract({ years: 1 }),
      jusqu_au: null,
      capacite: 30,
      minutes_par_dossier: 6,
      quorum: null,
      jours_envoi: 10,
      jours_apports: 5,
      jours_relance: 3,
    }
    await ecrireReglement(session, departementale, reglement, crypto.randomUUID())
    let premiere: string | null = null
    for (const [rang, territoire] of territoires.entries()) {
      const tient = organismes.find(
        ({ type, territoires: siens }) => type === 'secretariat' && siens?.includes(territoire),
      )
      const commission = await creerCommission(
        session,
        {
          nom: `Commission territoriale : ${libelleTerritoire(departement.territoires, territoire)}`,
          niveau: 'territoriale',
          territoires: [territoire],
          secretariat: tient?.id ?? tenant,
          lieu: 'Sous-préfecture',
        },
        crypto.randomUUID(),
      )
      await nommerMembres(session, commission, organismes, territoire)
      for (let mois = 0; mois < SEANCES; mois++) {
        const jour = session.jour.add({ days: 14 + rang, months: mois })
        const le = jour.dayOfWeek > 5 ? jour.add({ days: 8 - jour.dayOfWeek }) : jour
        const seance = await creerSeance(
          session,
          commission,
          { le, debut: '09:00', fin: '12:30', lieu: 'Sous-préfecture' },
          crypto.randomUUID(),
        )
        premiere ??= seance
      }
    }
    if (premiere === null) return
    const { candidats } = await proposerOrdre(session, await lireSeance(session, premiere), { limite: DOSSIERS })
    await inscrire(session, exigerCles(application), premiere, candidats)
  })
}
