import type { FastifyInstance } from 'fastify'
import { hacherMotDePasse, installerCompte, lireConnexion, ouvrirConnexion, type Role } from '#acces'
import { type ApplicationDEssai, ecrireCsv, importer, ligne, ouvrirApplicationDEssai } from '#tests/application'
import type { Route } from '../route.ts'
import { creerServeur } from '../serveur.ts'

/** What the tests of this face share: three people, a server, one household. Synthetic names only. */
const DEPT = '71'
const MOT_DE_PASSE = 'essai-du-journal'
const COMPTES = {
  secretariat: ['SEC71-AUTUN', 'secretariat', 'Marchenoir'],
  dpd: ['DEP71', 'dpd', 'Castagnol'],
  administrateur: ['DEP71', 'administrateur', 'Ostrelin'],
} as const satisfies Record<string, readonly [string, Role, string]>
export type Compte = keyof typeof COMPTES

export interface PageLue {
  readonly statut: number
  readonly vers: string
  readonly html: string
  readonly texte: string
}

export interface Essai {
  readonly application: ApplicationDEssai
  readonly serveur: FastifyInstance
  readonly comptes: ReadonlyMap<Compte, { readonly id: string; readonly jeton: string }>
  /** Reference and id of the one dossier. */
  readonly dossier: { readonly id: string; readonly reference: string }
  lire(compte: Compte, adresse: string): Promise<PageLue>
  poster(compte: Compte, adresse: string, champs: Readonly<Record<string, string>>): Promise<PageLue>
  fermer(): Promise<void>
}

const lisible = (html: string): string =>
  html
    .replace(/<script[\s\S]*?<\/script>/g, ' ')
    .replace(/<[^>]+>/g, ' ')
    .replace(/&#x27;/g, '’')
    .replace(/&amp;/g, '&')
    .replace(/\s+/g, ' ')

export async function ouvrirEssai(routes: readonly Route[]): Promise<Essai> {
  const application = await ouvrirApplicationDEssai()
  await importer(application, 'CAF71', 'caf.csv', ecrireCsv([ligne({})]))
  const { rows } = await application.base.pool.query('select id, reference from dossier')
  const motDePasse = await hacherMotDePasse(MOT_DE_PASSE)
  const comptes = new Map<Compte, { id: string; jeton: string; formulaire: string }>()
  for (const [nom, [organisme, role, famille]] of Object.entries(COMPTES) as [Compte, (typeof COMPTES)[Compte]][]) {
    const courriel = `${nom}@essai.example`
    await installerCompte(application.base, {
      dept: DEPT,
      courriel,
      prenom: 'Camille',
      nom: famille,
      motDePasse,
      organisme,
      role,
      du: Temporal.PlainDate.from('2026-01-01'),
      motif: 'essai',
      a: application.horloge.now(),
    })
    const { jeton } = await ouvrirConnexion(application, {
      dept: DEPT,
      courriel,
      motDePasse: MOT_DE_PASSE,
      adresse: '192.0.2.1',
    })
    const connecte = await lireConnexion(application, jeton)
    comptes.set(nom, { id: connecte?.acteur.compte ?? '', jeton, formulaire: connecte?.jetonFormulaire ?? '' })
  }
  const serveur = await creerServeur(application, routes, {
    securise: false,
    departement: DEPT,
    journalErreurs: (_reference, erreur) => {
      throw erreur
    },
  })
  const enPage = (reponse: Awaited<ReturnType<FastifyInstance['inject']>>): PageLue => ({
    statut: reponse.statusCode,
    vers: String(reponse.headers.location ?? ''),
    html: reponse.body.replace(/[\u00a0\u202f]/g, ' '),
    texte: lisible(reponse.body),
  })
  return {
    application,
    serveur,
    comptes,
    dossier: rows[0],
    async lire(compte, adresse) {
      return enPage(
        await serveur.inject({ url: adresse, cookies: { amont_session: comptes.get(compte)?.jeton ?? '' } }),
      )
    },
    async poster(compte, adresse, champs) {
      const { jeton = '', formulaire = '' } = comptes.get(compte) ?? {}
      return enPage(
        await serveur.inject({
          method: 'POST',
          url: adresse,
          cookies: { amont_session: jeton },
          headers: { 'content-type': 'application/x-www-form-urlencoded' },
          payload: new URLSearchParams({ _jeton: formulaire, ...champs }).toString(),
        }),
      )
    },
    async fermer() {
      await serveur.close()
      await application.fermer()
    },
  }
}
