import { FORMES_ACCES } from '#acces'
import { FORMES_BORDEREAUX } from '#bordereaux'
import { FORMES_CALCULS } from '#calculs'
import { FORME_SAISINE_BAILLEUR, FORMES_COMMISSION, FORMES_COMPTAGES } from '#commission'
import { FORMES_CONSERVATION } from '#conservation'
import { FORMES_DIAGNOSTICS, FORMES_REFERENTS } from '#diagnostics'
import { FORMES_DOSSIERS } from '#dossiers'
import { FORME_RETOURS, FORMES_ECHANGES, FORMES_RELAIS } from '#echanges'
import { FORMES_ENGAGEMENTS } from '#engagements'
import { FORMES_FORMULAIRES } from '#formulaires'
import { FORMES_PARTICIPATIONS } from '#participations'
import { chargerDelais, estAVerifier, FIABILITES, FORMES_PROCEDURE, type VersionDroit } from '#procedure'
import {
  CLES_PARAMETRES,
  type ContenuCharte,
  chargerReferentiel,
  type DepartementCharge,
  definitionParametre,
  type Engagement,
  type EngagementGeneral,
  ecrireReserve,
  ecrireSchemaJson,
  FORMES_REFERENTIEL,
  type Forme,
  listerSecretariats,
  trouverDepartement,
} from '#referentiel'
import { FORMES_REPARTITION } from '#repartition'
import { FORMES_REQUISITIONS } from '#requisitions'
import { refus } from '#socle/errors'
import { FORMES_VIGILANCE } from '#vigilance'

/**
 * Everything that holds in a département, as JSON: charter and its engagements with the way each is carried, indicators, criteria,
 * dispatch, settings, communes with their territory, time limits and thresholds, each with its source and its reserve. Civil dates
 * are AAAA-MM-JJ, amounts integer cents, conditions their exact text. Throws `ErreurDonnees` when a file is faulty.
 */
export function exporterReferentiel(racine: string, code: string): Readonly<Record<string, unknown>> {
  const referentiel = chargerReferentiel(racine)
  const departement = trouverDepartement(referentiel, code)
  if (!departement) {
    const codes = [...referentiel.departements.keys()].join(', ')
    throw refus('departement.inconnu', `Le département « ${code} » n’est pas dans les données. Connus : ${codes}.`)
  }
  const { liste, valeurs, calendrier, suspensions } = chargerDelais(racine, departement.dossier)
  const derniere = departement.chartes.at(-1)
  return enJson({
    departement: { code: departement.code, nom: departement.nom, remarque: departement.remarque },
    chartes: departement.chartes.map(exporterIdentite),
    ...(derniere ? exporterContenu(derniere) : {}),
    criteres: departement.criteres.map(sansExemples),
    repartition: departement.repartitions.map(sansExemples),
    parametres: CLES_PARAMETRES.filter((cle) => cle in departement.parametres).map((cle) => ({
      cle,
      ...definitionParametre(cle),
      versions: departement.parametres[cle]?.versions.map(avecReserve),
    })),
    organismes: departement.organismes,
    ...exporterTerritoires(departement),
    delais: liste.map(exporterRegle),
    valeurs: valeurs.map(exporterRegle),
    calendrier,
    suspensions: suspensions.suspensions,
    seuils: [
      ...[...referentiel.seuils.values()].map(({ exemples, versions, ...seuil }) => ({
        ...seuil,
        versions: versions.map(avecReserve),
      })),
      ...departement.arretes.map(avecReserve),
    ],
  }) as Record<string, unknown>
}

/** A time limit or a value of the law, each version with what must be said beside it. */
function exporterRegle<
  R extends { readonly exemples: unknown; readonly lieuxExemples: unknown; readonly versions: readonly VersionDroit[] },
>({ exemples, lieuxExemples, ...regle }: R) {
  return {
    ...regle,
    versions: regle.versions.map((version) => ({
      ...version,
      a_verifier: estAVerifier(version.fiabilite) || version.verifieLe === null,
      fiabilite_en_mots: FIABILITES[version.fiabilite],
    })),
  }
}

type Charte = DepartementCharge['chartes'][number]

function exporterIdentite({ id, titre, nature, du, jusqu_au, duree, dates, stades, source, ...reste }: Charte) {
  const { fiabilite, verifie_le } = reste
  return avecReserve({ id, titre, nature, du, jusqu_au, duree, dates, stades, source, fiabilite, verifie_le })
}

function exporterContenu(charte: ContenuCharte) {
  return {
    partenaires: charte.partenaires,
    engagements: charte.engagements.map(exporterEngagement),
    engagements_generaux: charte.generaux.flatMap(({ engagements }) => engagements.map(exporterEngagement)),
    indicateurs: charte.indicateurs.map(({ indicateur, ...suivi }) => ({
      ...suivi,
      id: indicateur.id,
      libelle: indicateur.libelle,
      definition: indicateur,
    })),
    historique: charte.historique,
    cibles: charte.cibles?.cibles ?? [],
    avis: charte.avis?.avis ?? [],
    recommandations: charte.avis?.recommandations ?? [],
    cellule: charte.cellule,
    objectifs: charte.objectifs?.stades ?? [],
    fiches: charte.fiches,
    signataires: charte.signataires?.signataires ?? [],
    sigles: charte.sigles?.sigles ?? [],
  }
}

/** `portage` is the mode; what the mode asks for stands beside it. */
function exporterEngagement({ mode, si, ...engagement }: Engagement | EngagementGeneral) {
  return { ...engagement, portage: mode, condition: si?.texte ?? null }
}

/** Today's communes and every name of the lists, each with its territory. */
function exporterTerritoires({ territoires }: DepartementCharge) {
  const { territoires: liste, lignes, communes } = territoires
  return {
    territoires: liste.map((territoire) => ({
      ...territoire,
      secretariats: listerSecretariats(territoires, territoire.id).map(({ id }) => id),
    })),
    secretariats: territoires.secretariats,
    communes: lignes.map((ligne) => ({
      nom: ligne.nomActuel ?? ligne.nomListe,
      nom_liste: ligne.nomListe,
      code_insee: ligne.codeInsee,
      territoire: ligne.territoire,
      statut: ligne.statut,
      arrondissement: communes.find(({ codeInsee }) => codeInsee === ligne.codeInsee)?.arrondissement ?? null,
      du: ligne.du,
      jusqu_au: ligne.jusquAu,
      remarque: ligne.remarque === '' ? null : ligne.remarque,
    })),
    /** Communes of today that no list names: a person attaches them. */
    communes_hors_listes: communes
      .filter(({ codeInsee }) => !lignes.some((ligne) => ligne.codeInsee === codeInsee))
      .map(({ nom, codeInsee, arrondissement }) => ({ nom, code_insee: codeInsee, arrondissement })),
  }
}

function sansExemples<V extends { readonly exemples: unknown } & Parameters<typeof ecrireReserve>[0]>({
  exemples,
  ...version
}: V) {
  return { ...version, reserve: ecrireReserve(version) }
}

function avecReserve<V extends Parameters<typeof ecrireReserve>[0]>(version: V) {
  return { ...version, reserve: ecrireReserve(version) }
}

/** Conditions become their text; functions have no place in JSON. */
function enJson(valeur: unknown): unknown {
  return JSON.parse(
    JSON.stringify(valeur, (_cle, contenu: unknown) => {
      const condition = contenu as { readonly texte?: unknown; readonly evaluer?: unknown } | null
      return typeof condition === 'object' && typeof condition?.evaluer === 'function' ? condition.texte : contenu
    }),
  )
}

/** Every kind of YAML file of `donnees/` that law and charters are made of. */
export const FORMES: readonly Forme[] = [
  ...FORMES_REFERENTIEL,
  ...FORMES_PROCEDURE,
  ...FORMES_CALCULS,
  ...FORMES_ACCES,
  ...FORMES_VIGILANCE,
  ...FORMES_CONSERVATION,
  ...FORMES_DOSSIERS,
  ...FORMES_PARTICIPATIONS,
  ...FORMES_ECHANGES,
  ...FORMES_RELAIS,
  ...FORMES_REPARTITION,
  ...FORMES_DIAGNOSTICS,
  ...FORMES_REFERENTS,
  ...FORMES_REQUISITIONS,
  ...FORMES_BORDEREAUX,
  ...FORMES_FORMULAIRES,
  ...FORMES_COMMISSION,
  ...FORMES_COMPTAGES,
  FORME_SAISINE_BAILLEUR,
  FORME_RETOURS,
  ...FORMES_ENGAGEMENTS,
]

/** The JSON Schemas of every kind of data file, by file name. */
export function ecrireSchemas(): ReadonlyMap<string, string> {
  return new Map(
    FORMES.map((forme) => [`${forme.nom}.schema.json`, `${JSON.stringify(ecrireSchemaJson(forme), null, 2)}\n`]),
  )
}
