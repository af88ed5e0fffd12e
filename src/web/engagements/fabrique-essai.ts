import { randomBytes } from 'node:crypto'
import { acteurSysteme, ouvrirSession } from '#acces'
import { suivreFaits, tenirEngagements } from '#engagements'
import { figerListes, listerListes, repondreListe } from '#repartition'
import { parseKeyring } from '#socle/cipher'
import type { Database } from '#socle/db'
import { noMailer } from '#socle/mail'
import { frozenClock } from '#socle/time'
import {
  creerDossiers,
  DEPT,
  type DossierCree,
  type Essai,
  type MenageEssai,
  ouvrirEssai,
} from '../accompagner/fabrique-essai.ts'
import { routesCharte } from '../charte/index.ts'
import { routesEcrits } from '../ecrits/index.ts'
import type { Route } from '../route.ts'
import { routesEngagements } from './index.ts'

/** What the tests of this face share: households at the commandement de payer, one of them taken by the CAF two months ago and more. Synthetic names only. */
export interface EssaiEngagements extends Essai {
  readonly base: Database
  readonly dossier: DossierCree
  readonly autre: DossierCree
  readonly adresse: string
  /** Brings the engagements to the day, or to another, as the job does. */
  tenir(jour?: string): Promise<void>
  tache(dossier: DossierCree, engagement: string): Promise<LigneEssai>
}

export interface LigneEssai {
  readonly id: string
  readonly etat: string
  readonly cause: string | null
  readonly certitude: string
  readonly signataire: boolean
  readonly acces: boolean
  readonly agent: string | null
  readonly echeance_le: string | null
  readonly fait_le: string | null
}

const connu = (nom: string, prenom: string): MenageEssai => ({
  nom,
  prenom,
  type: 'commandement_de_payer',
  le: '2026-09-07',
  retoucher: (derive) => ({
    ...derive,
    vulnerable: true,
    faits: {
      ...derive.faits,
      'connu.caf': true,
      'menage.vulnerable': true,
      'menage.rsa': true,
      'menage.enfants_a_charge': 2,
      'menage.handicap': false,
      'aide_logement.percue': true,
      'aide_logement.organisme': 'caf',
      'bailleur.nature': 'personne_physique',
    },
  }),
})

export async function ouvrirEssaiEngagements(base: Database, autres: readonly Route[] = []): Promise<EssaiEngagements> {
  const essai = await ouvrirEssai(base, [...routesEngagements, ...routesEcrits, ...routesCharte, ...autres])
  Object.assign(essai.application, {
    acces: {
      cles: parseKeyring(randomBytes(32).toString('base64')),
      courrier: noMailer,
      adresse: 'http://localhost',
      demonstration: true,
    },
  })
  const [dossier, autre] = await creerDossiers(essai, [connu('Valmonte', 'Ysaline'), connu('Brissard', 'Odelin')])
  if (!dossier || !autre) throw new Error('two dossiers are expected')
  await essai.enSysteme('liste.figer', (session) =>
    figerListes(session, { date: Temporal.PlainDate.from('2026-09-14'), delaiReponse: null, organisme: undefined }),
  )
  await essai.enSysteme('liste.repondre', async (session) => {
    for (const { id, lignes } of await listerListes(session, { limite: 50 }))
      await repondreListe(
        session,
        id,
        Array.from({ length: lignes }, (_, rang) => ({ rang: rang + 1, reponse: 'connu' as const })),
      )
  })
  const tenir = async (jour?: string) => {
    const application = jour ? { ...essai.application, horloge: frozenClock(`${jour}T08:00:00Z`) } : essai.application
    const acteur = acteurSysteme(DEPT, 'essai')
    while ((await ouvrirSession(application, acteur, 'engagement.tenir', suivreFaits)) !== null);
    await ouvrirSession(application, acteur, 'engagement.tenir', (session) =>
      tenirEngagements(session, [dossier.id, autre.id]),
    )
  }
  // The morning after the list, then today.
  await tenir('2026-09-15')
  await tenir()
  return {
    ...essai,
    base,
    dossier,
    autre,
    adresse: `/dossiers/${dossier.reference}/engagements`,
    tenir,
    async tache(un, engagement) {
      const { rows } = await base.pool.query(
        `select id, etat, cause, certitude, signataire, acces, agent, echeance_le::text, fait_le::text from engagement_tache where dossier = $1 and engagement = $2`,
        [un.id, engagement],
      )
      const [ligne] = rows as LigneEssai[]
      if (!ligne) throw new Error(`${engagement} is no task of ${un.reference}`)
      return ligne
    },
  }
}
