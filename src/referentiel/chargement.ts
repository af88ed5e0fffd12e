import { existsSync } from 'node:fs'
import { basename, join } from 'node:path'
import { chargerContenu } from './contenu-charte.ts'
import { type ContactLocal, chargerContacts, chargerCourriers, type ModeleCourrier } from './courriers.ts'
import { type Criteres, schemaCriteres, verifierCriteres } from './criteres.ts'
import { type Charte, type Departement, schemaCharte, schemaDepartement } from './departement.ts'
import { type Indicateur, schemaIndicateur, verifierIndicateur } from './indicateurs.ts'
import { idDe, type Lecteur, ouvrirLecteur } from './lecteur.ts'
import { chargerLieux, type Lieu } from './lieux.ts'
import { FICHIER_MATRICE, lireMatrice, type Matrice } from './matrice.ts'
import { lireOrganismesLivres, type OrganismeLivre } from './organismes.ts'
import { type FichierParametres, schemaParametres, verifierParametres } from './parametres-dates.ts'
import { type Repartition, schemaRepartition, verifierRepartition } from './repartition.ts'
import {
  type ArreteSeuil,
  SEUIL_COMMANDEMENT,
  SEUIL_IMPAYE_AIDE,
  type Seuil,
  schemaArrete,
  schemaSeuil,
  verifierSeuil,
} from './seuils.ts'
import { chargerTerritoires, type Territoires } from './territoires.ts'
import type { DocumentYaml } from './yaml.ts'

/** Law and charters as reviewed data. Immutable: the only thing an application node may keep in memory. */
export interface Referentiel {
  /** Folder it was read from. */
  readonly racine: string
  /** National thresholds, by id (path without `.yaml`). */
  readonly seuils: ReadonlyMap<string, Seuil>
  /** The catalogue of indicators, by id (name of the file). */
  readonly indicateurs: ReadonlyMap<string, Indicateur>
  /** Letters of the charter, by code. */
  readonly courriers: ReadonlyMap<string, ModeleCourrier>
  /** Départements, by code. */
  readonly departements: ReadonlyMap<string, DepartementCharge>
  /** Who may do and read what: the source of every right. */
  readonly matrice: Matrice
  /** The data shipped, when versions approved by a département were added to them. */
  readonly livre?: Referentiel
}

/** A département with its bodies and its territories. */
export interface DepartementCharge extends Departement {
  readonly organismes: readonly OrganismeLivre[]
  readonly territoires: Territoires
  /** Contacts its letters print. */
  readonly contacts: readonly ContactLocal[]
  /** Courts, legal access points, social houses and desks, by commune or territory. */
  readonly lieux: readonly Lieu[]
}

/**
 * Reads everything under `donnees/` that this module knows, or refuses: throws `ErreurDonnees` with every problem of every file,
 * never only the first. `racineDonnees` is the folder `donnees` itself.
 */
export function chargerReferentiel(racineDonnees: string): Referentiel {
  const lecteur = ouvrirLecteur(racineDonnees)
  const seuils = new Map<string, Seuil>()
  for (const nom of lecteur.lister('droit/seuils')) {
    const document = lecteur.lire(nom, schemaSeuil, verifierSeuil)
    if (document) seuils.set(idDe(nom), { ...document.valeur, id: idDe(nom) })
  }
  for (const id of [SEUIL_COMMANDEMENT, SEUIL_IMPAYE_AIDE]) {
    if (!existsSync(join(racineDonnees, `${id}.yaml`)))
      lecteur.signaler(`${id}.yaml`, 'Ce fichier est absent ou illisible.')
  }
  const indicateurs = new Map<string, Indicateur>()
  for (const nom of lecteur.lister('indicateurs')) {
    const document = lecteur.lire(nom, schemaIndicateur, verifierIndicateur)
    const id = basename(idDe(nom))
    if (document) indicateurs.set(id, { ...document.valeur, id })
  }
  const courriers = chargerCourriers(lecteur)
  const departements = new Map<string, DepartementCharge>()
  for (const dossier of lecteur.listerDossiers('departements')) {
    const departement = chargerDepartement(lecteur, dossier, seuils, indicateurs)
    if (!departement) continue
    if (departements.has(departement.code)) {
      const message = `Le code « ${departement.code} » est déjà celui d’un autre département.`
      lecteur.signaler(`departements/${dossier}/departement.yaml`, message)
    }
    departements.set(departement.code, departement)
  }
  const matrice =
    lecteur.essayer(() =>
      lireMatrice(join(racineDonnees, FICHIER_MATRICE), `${basename(racineDonnees)}/${FICHIER_MATRICE}`),
    ) ?? []
  lecteur.conclure()
  return geler({ racine: racineDonnees, seuils, indicateurs, courriers, departements, matrice })
}

/** A département by its code or the name of its folder, or nothing. */
export function trouverDepartement(referentiel: Referentiel, code: string): DepartementCharge | undefined {
  const exact = referentiel.departements.get(code)
  if (exact) return exact
  return [...referentiel.departements.values()].find(
    ({ dossier }) => dossier === code || dossier.startsWith(`${code.toLowerCase()}-`),
  )
}

function chargerDepartement(
  lecteur: Lecteur,
  dossier: string,
  seuils: ReadonlyMap<string, Seuil>,
  indicateurs: ReadonlyMap<string, Indicateur>,
): DepartementCharge | null {
  const racine = `departements/${dossier}`
  const identite = lecteur.lire(`${racine}/departement.yaml`, schemaDepartement)
  const parametres = lecteur.lire(`${racine}/parametres.yaml`, schemaParametres, verifierParametres)
  const chartes: Charte[] = []
  const repartitions: { valeur: Repartition; document: DocumentYaml<unknown> }[] = []
  const criteres: { valeur: Criteres; document: DocumentYaml<unknown> }[] = []
  for (const document of lecteur.listerDossiers(racine)) {
    const lieu = `${racine}/${document}`
    if (!lecteur.lister(lieu).includes(`${lieu}/charte.yaml`)) continue
    const charte = lecteur.lire(`${lieu}/charte.yaml`, schemaCharte)
    if (charte) chartes.push({ ...charte.valeur, id: lieu, ...chargerContenu(lecteur, lieu, indicateurs) })
    for (const nom of lecteur.lister(lieu)) {
      if (/^repartition[^/]*$/.test(basename(nom))) {
        const lu = lecteur.lire(nom, schemaRepartition, verifierRepartition)
        if (lu) repartitions.push({ valeur: { ...lu.valeur, id: idDe(nom) }, document: lu })
      }
      if (/^criteres[^/]*$/.test(basename(nom))) {
        const lu = lecteur.lire(nom, schemaCriteres, verifierCriteres)
        if (lu) criteres.push({ valeur: { ...lu.valeur, id: idDe(nom) }, document: lu })
      }
    }
    for (const attendu of ['repartition', 'criteres']) {
      if (lecteur.lister(lieu).some((nom) => basename(nom).startsWith(attendu))) continue
      lecteur.signaler(`${lieu}/${attendu}.yaml`, 'Ce fichier est absent ou illisible.')
    }
  }
  if (chartes.length === 0 && !lecteur.aDesProblemes()) {
    lecteur.signaler(
      `${racine}/departement.yaml`,
      'Aucun dossier de ce département ne contient de fichier « charte.yaml ».',
    )
  }
  const arretes: { valeur: ArreteSeuil; document: DocumentYaml<unknown> }[] = []
  for (const nom of lecteur.lister(`${racine}/arretes`)) {
    const lu = lecteur.lire(nom, schemaArrete, (document) =>
      document.valeur.precise === SEUIL_COMMANDEMENT || !seuils.has(SEUIL_COMMANDEMENT)
        ? []
        : [document.probleme(['precise'], `Seul « ${SEUIL_COMMANDEMENT} » peut être précisé par un arrêté.`)],
    )
    if (lu) arretes.push({ valeur: { ...lu.valeur, id: idDe(nom) }, document: lu })
  }
  const organismes = lecteur.essayer(() => lireOrganismesLivres(join(lecteur.racine, racine, 'organismes.yaml')))
  const territoires = lecteur.essayer(() => chargerTerritoires(lecteur.racine, dossier))
  const lieux = chargerLieux(lecteur, dossier, territoires)
  if (!identite || !parametres || !organismes || !territoires) return null
  return {
    code: identite.valeur.code,
    nom: identite.valeur.nom,
    remarque: identite.valeur.remarque ?? null,
    dossier,
    chartes: chartes.sort((a, b) => Temporal.PlainDate.compare(a.du, b.du)),
    repartitions: lecteur.suivre(repartitions),
    criteres: lecteur.suivre(criteres),
    arretes: lecteur.suivre(arretes),
    parametres: (parametres.valeur as FichierParametres).parametres,
    organismes,
    territoires,
    contacts: chargerContacts(lecteur, dossier),
    lieux,
  }
}

function geler(referentiel: Referentiel): Referentiel {
  for (const departement of referentiel.departements.values()) Object.freeze(departement)
  return Object.freeze(referentiel)
}
