import { cpSync, mkdirSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import type { FastifyInstance } from 'fastify'
import {
  type Application,
  hacherMotDePasse,
  installerCompte,
  installerOrganismes,
  ouvrirConnexion,
  type Role,
} from '#acces'
import { chargerDelais } from '#procedure'
import { chargerReferentiel, type TypeOrganisme } from '#referentiel'
import { projectRoot } from '#socle/config'
import type { Database } from '#socle/db'
import { frozenClock } from '#socle/time'
import { routesRegles } from '../regles/index.ts'
import { creerServeur } from '../serveur.ts'
import { routesTerritoires } from '../territoires/index.ts'
import { routesCharte } from './index.ts'

/** What the tests of the charter share: a small charter written for them, a server on a day, and one account per role. */
const LIVREES = join(projectRoot, 'donnees')
const MOT_DE_PASSE = 'essai-amont-2026'

const PROVENANCE = `source: { titre: "Charte d’essai, signée le 25 janvier 2021" }
fiabilite: S
verifie_le: null
`

/** Files of the small charter, by path under `donnees/`. What the shipped charter says of its rules and time limits is kept. */
const CHARTE = 'departements/71-saone-et-loire/charte-2020'
const FICHIERS: Readonly<Record<string, string>> = {
  [`${CHARTE}/partenaires.yaml`]: `partenaires:
  - { id: departement, nom: Département, court: Département, complement: du Département, types: [departement], engagements: 3 }
  - { id: adil, nom: Agence d’information sur le logement, court: ADIL, complement: de l’ADIL, types: [adil], engagements: 3 }
`,
  [`${CHARTE}/engagements/departement.yaml`]: `partenaire: departement
reference: § 3.2
engagements:
  - numero: 1
    stade: prevention
    libelle: Donner le dépliant du fonds de solidarité
    publics: [menage]
    mode: information
  - numero: 2
    stade: commandement_de_payer
    libelle: Proposer un rendez-vous au ménage vulnérable
    publics: [menage]
    mode: tache
    si: menage.vulnerable && connu.departement
    echeance: { delai: diagnostic }
    preuve: diagnostic
    limite: Dans la limite des moyens du service
  - numero: 3
    stade: audience
    libelle: Préparer l’audience avec le ménage
    publics: [menage]
    mode: tache
    echeance: etape
    preuve: contact
    facultatif: true
`,
  [`${CHARTE}/engagements/adil.yaml`]: `partenaire: adil
reference: § 3.2
engagements:
  - numero: 1
    stade: commandement_de_payer
    libelle: Rappeler ses droits au bailleur
    publics: [bailleur_prive]
    mode: information
    si: logement.parc_prive
  - numero: 2
    stade: commandement_de_payer
    libelle: Proposer un rendez-vous au ménage
    publics: [menage, bailleur_prive]
    mode: tache
    echeance: sans_attendre
    preuve: rendez_vous
    appreciation: Ménage d’accord
  - numero: 3
    stade: jugement
    libelle: Expliquer le jugement
    publics: [menage]
    mode: automatique
    automatisme: courrier
`,
  [`${CHARTE}/engagements-generaux.yaml`]: `groupes:
  - id: tous
    libelle: Tous les signataires
    complement: de tous les signataires
    reference: § 3.1
    engagements:
      - { numero: 1, libelle: Rechercher le contact avec le ménage, publics: [menage], mode: information }
      - { numero: 2, libelle: Rendre compte sous trois mois, publics: [menage], mode: tache, echeance: { delai: retour-avis }, preuve: reponse }
`,
  [`${CHARTE}/exemples.yaml`]: `exemples:
  - cas: Commandement dans le parc privé, vulnérabilité inconnue
    jour: 2026-11-20
    situation: { procedure.stade: commandement_de_payer, logement.parc_prive: true, connu.departement: true }
    attendu: { applicable: [adil/1, adil/2], a_verifier: [departement/2] }
`,
  [`${CHARTE}/objectifs.yaml`]: `stades:
  - { stade: prevention, reference: § 2.2, objectifs: [{ libelle: Choisir un logement adapté }] }
  - { stade: assignation, reference: § 2.2, objectifs: [{ libelle: Éviter le jugement, parc: prive }] }
`,
  [`${CHARTE}/avis.yaml`]: `avis:
  - { id: fsl, libelle: Avis sur une aide du fonds, sens: [{ id: favorable, libelle: Favorable }], destinataires: [fsl], reference: § 2.4 }
recommandations:
  - { id: dalo, libelle: Déposer un recours DALO, destinataires: [prefecture], reference: § 2.4 }
`,
  [`${CHARTE}/signataires.yaml`]: `signataires:
  - { organisme: Département de l’Essai, qualite: signataire, partenaire: departement }
  - { organisme: ADIL de l’Essai, qualite: engage, partenaire: adil, remarque: Aucune ligne de signature }
`,
  [`${CHARTE}/sigles.yaml`]: `sigles:
  - { sigle: FSL, sens: Fonds de solidarité pour le logement }
  - { sigle: ADIL, sens: Agence départementale d’information sur le logement }
`,
  [`${CHARTE}/fiches/f1.yaml`]: `numero: F1
titre: Informer et sensibiliser
fournie: true
pilotes: [État, Département]
associes: [ADIL]
objectifs: [Faire connaître la charte]
actions:
  - { id: seances, libelle: Réunir les propriétaires privés, pilotes: [Département], partenaires: [ADIL], rythme: une fois par an }
vigilance: [Tenir le rythme]
moyens: [Temps des agents]
delai: Durée de la charte
indicateurs: [assignations]
liens: [F2]
`,
  [`${CHARTE}/fiches/f2.yaml`]: `numero: F2
titre: Outils communs
fournie: false
pilotes: []
`,
  [`${CHARTE}/indicateurs.yaml`]: `indicateurs:
  - { numero: 2, indicateur: assignations, producteurs: [departement], ventilations: [parc, total], reference: "annexe 4, ligne 2" }
  - { numero: 47, indicateur: taux-de-presence, producteurs: [juge, adil], ventilations: [total], reference: "annexe 4, ligne 47" }
`,
  [`${CHARTE}/historique.yaml`]: `perimetre: Département entier
annees: [2017, 2018, 2019]
lignes:
  - { indicateur: assignations, valeurs: [946, 1097, 960] }
  - { indicateur: reunions-ccapex, valeurs: [NC, 0, 42] }
`,
  [`${CHARTE}/cibles.yaml`]: `cibles:
  - { id: par-an, libelle: Baisser de 5 % par an, indicateurs: [assignations], baisse_pour_cent: 5, rythme: annuel, base: 2019, reserve: Année de base non dite, reference: § 4.1 }
  - { id: en-tout, libelle: Baisser de 20 % en tout, indicateurs: [assignations], baisse_pour_cent: 20, rythme: duree_de_la_charte, base: 2019, reference: § 4.1 }
`,
  'indicateurs/assignations.yaml': `libelle: Assignations
question: Combien de ménages ont été assignés ?
theme: procedure
unite: nombre
numerateur: Assignations notifiées au préfet
production: dossiers
sens_vise: baisse
`,
  'indicateurs/taux-de-presence.yaml': `libelle: Présence à l’audience
question: Combien de locataires viennent à l’audience ?
theme: audience
unite: pour_cent
numerateur: Locataires présents
denominateur: Audiences tenues
production: saisie
reserve: Présent ou représenté, le document ne le dit pas
`,
  'indicateurs/reunions-ccapex.yaml': `libelle: Réunions de la commission
question: Combien de fois la commission s’est-elle réunie ?
theme: ccapex
unite: nombre
numerateur: Séances tenues
production: saisie
`,
}

/** Parts of the shipped charter that are rules, not contents: they stay. */
const GARDES = ['charte.yaml', 'repartition.yaml', 'criteres.yaml', 'delais']

/** A folder of data: what is shipped, with the contents of the charter of Saône-et-Loire replaced by the small one. */
export function ecrireDonneesEssai(): string {
  const racine = join(mkdtempSync(join(tmpdir(), 'amont-charte-')), 'donnees')
  for (const dossier of ['acces', 'departements', 'droit', 'nomenclatures']) {
    cpSync(join(LIVREES, dossier), join(racine, dossier), { recursive: true })
  }
  for (const nom of readdirSync(join(racine, CHARTE))) {
    if (!GARDES.includes(nom)) rmSync(join(racine, CHARTE, nom), { recursive: true })
  }
  // Sheets of the model cite the shipped catalogue of indicators, which this folder does not have.
  for (const nom of readdirSync(join(racine, 'departements/modele-pdalhpd/fiches-actions-2018'))) {
    if (!GARDES.includes(nom))
      rmSync(join(racine, 'departements/modele-pdalhpd/fiches-actions-2018', nom), { recursive: true })
  }
  for (const [chemin, texte] of Object.entries(FICHIERS)) {
    mkdirSync(dirname(join(racine, chemin)), { recursive: true })
    writeFileSync(join(racine, chemin), `schema: 1\n${chemin.endsWith('exemples.yaml') ? '' : PROVENANCE}${texte}`)
  }
  return racine
}

const ROLES = {
  secretariat: ['secretariat', 'secretariat'],
  prefecture: ['prefecture', 'prefecture'],
  service: ['caf', 'service_social'],
  bailleur: ['bailleur_social', 'emetteur'],
  pilote: ['prefecture', 'pilote'],
  administrateur: ['prefecture', 'administrateur'],
} as const satisfies Record<string, readonly [TypeOrganisme, Role]>
export type Compte = keyof typeof ROLES
export const COMPTES = Object.keys(ROLES) as Compte[]

/** An answer, with its text as a person reads it: tags removed, spaces plain. */
export interface PageLue {
  readonly statut: number
  readonly vers: string
  readonly html: string
  readonly texte: string
  readonly octets: Buffer
}

export interface EssaiCharte {
  readonly application: Application
  readonly serveur: FastifyInstance
  jeton(compte?: Compte): Promise<string>
  lire(adresse: string, compte?: Compte): Promise<PageLue>
  /** Closes the server; the database belongs to the caller. */
  fermer(): Promise<void>
}

const lisible = (html: string): string =>
  html
    .replace(/<(?:script|desc|title)[^>]*>[\s\S]*?<\/(?:script|desc|title)>/g, ' ')
    .replace(/<[^>]+>/g, ' ')
    .replace(/&#x27;|&#39;/g, '’')
    .replace(/&quot;/g, '"')
    .replace(/&amp;/g, '&')
    .replace(/\s+/g, ' ')
    .replace(/ ([,.])/g, '$1')

/** The screens of the charter of a département on a day, over a database of the test. Accounts are created once per database. */
export async function ouvrirEssaiCharte(
  base: Database,
  options: { readonly racine?: string; readonly dept?: string; readonly jour?: string } = {},
): Promise<EssaiCharte> {
  const { racine = LIVREES, dept = '71', jour = '2026-11-20' } = options
  const referentiel = chargerReferentiel(racine)
  const departement = referentiel.departements.get(dept)
  if (!departement) throw new Error(`no département ${dept}`)
  const application: Application = {
    base,
    referentiel,
    horloge: frozenClock(`${jour}T08:00:00Z`),
    delais: new Map([[dept, chargerDelais(racine, departement.dossier)]]),
  }
  await installer(application, dept)
  const serveur = await creerServeur(application, [...routesCharte, ...routesTerritoires, ...routesRegles], {
    securise: false,
    departement: dept,
    journalErreurs: (_reference, erreur) => {
      throw erreur
    },
  })
  const jetons = new Map<Compte, Promise<string>>()
  const jeton = (compte: Compte = 'secretariat'): Promise<string> => {
    const connu = jetons.get(compte)
    if (connu) return connu
    const demande = { dept, courriel: `${compte}@essai.example`, motDePasse: MOT_DE_PASSE, adresse: '127.0.0.1' }
    const ouvert = ouvrirConnexion(application, demande).then((connexion) => connexion.jeton)
    jetons.set(compte, ouvert)
    return ouvert
  }
  return {
    application,
    serveur,
    jeton,
    async lire(adresse, compte) {
      const reponse = await serveur.inject({ url: adresse, cookies: { amont_session: await jeton(compte) } })
      return {
        statut: reponse.statusCode,
        vers: String(reponse.headers.location ?? ''),
        html: reponse.body.replace(/[\u00a0\u202f]/g, ' '),
        texte: lisible(reponse.body.replace(/[\u00a0\u202f]/g, ' ')),
        octets: reponse.rawPayload,
      }
    },
    fermer: () => serveur.close(),
  }
}

/** Départements whose accounts a database already has. */
const installes = new WeakMap<Database, Set<string>>()

async function installer(application: Application, dept: string): Promise<void> {
  const { base, referentiel } = application
  const deja = installes.get(base) ?? new Set()
  if (deja.has(dept)) return
  installes.set(base, deja.add(dept))
  const organismes = referentiel.departements.get(dept)?.organismes ?? []
  await installerOrganismes(base, dept, organismes)
  const motDePasse = await hacherMotDePasse(MOT_DE_PASSE)
  for (const [compte, [type, role]] of Object.entries(ROLES)) {
    const organisme = organismes.find((un) => un.type === type)?.code
    if (organisme === undefined) throw new Error(`no organisme of type ${type} in ${dept}`)
    await installerCompte(base, {
      dept,
      courriel: `${compte}@essai.example`,
      prenom: 'Camille',
      nom: compte.toUpperCase(),
      motDePasse,
      organisme,
      role,
      du: Temporal.PlainDate.from('2018-01-01'),
      motif: 'Essai',
      a: application.horloge.now(),
    })
  }
}
