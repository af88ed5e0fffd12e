import { compterDossiers, type FiltreDossiers, type LigneDossier, parcourirDossiers } from '#dossiers'
import { type GroupeChamps, libelleTerritoire } from '#referentiel'
import { boolean, type Cell, cents, date, text } from '#socle/tableur'
import { direDemande, ecrireFichier, type FormatExport, type Marque, marquer, sortir } from '../export.tsx'
import type { Reponse, Requete } from '../route.ts'
import { lireChoix, lireOffre, lireOrdre, type Offre, SENS_NATUREL, versFiltre } from './filtre.ts'
import { ecrireCode, etapeLongue, libellesEtatService, libellesParc } from './libelles.ts'
import { avecTerritoire } from './liste.tsx'

const COLONNES: readonly {
  readonly titre: string
  readonly groupe: GroupeChamps
  readonly lire: (ligne: LigneDossier, offre: Offre) => Cell
}[] = [
  { titre: 'Référence', groupe: 'reperes', lire: (ligne) => text(ligne.reference) },
  { titre: 'Ménage', groupe: 'identite', lire: (ligne) => text(ligne.titulaire) },
  { titre: 'Commune', groupe: 'identite', lire: (ligne) => text(ligne.commune) },
  {
    titre: 'Territoire',
    groupe: 'reperes',
    lire: (ligne, offre) => text(libelleTerritoire(offre.territoires, ligne.territoire)),
  },
  { titre: 'Étape', groupe: 'procedure', lire: (ligne) => text(etapeLongue(ligne.stade)) },
  { titre: 'Dette', groupe: 'dette', lire: (ligne) => cents(ligne.dette) },
  { titre: 'Parc', groupe: 'bailleur', lire: (ligne) => text(ecrireCode(libellesParc, ligne.parc)) },
  { titre: 'Prochaine échéance', groupe: 'procedure', lire: (ligne) => date(ligne.echeance_le) },
  { titre: 'Objet de l’échéance', groupe: 'procedure', lire: (ligne) => text(ligne.echeance_libelle) },
  { titre: 'Qui accompagne', groupe: 'service', lire: (ligne) => text(ligne.organisme_nom) },
  {
    titre: 'Prise en charge',
    groupe: 'service',
    lire: (ligne) => text(ecrireCode(libellesEtatService, ligne.etat_service)),
  },
  {
    titre: 'Critères',
    groupe: 'criteres',
    // Ids the reader may not see have no label here: they are left out.
    lire: (ligne, offre) =>
      text([...new Set(ligne.criteres.flatMap((id) => offre.criteres.get(id)?.libelle ?? []))].join(', ')),
  },
  { titre: 'Signaux en série', groupe: 'signaux', lire: (ligne) => boolean(ligne.en_serie) },
  { titre: 'Dernier signal', groupe: 'signaux', lire: (ligne) => date(ligne.dernier_signal_le) },
]

/** Every row the list shows under the same address, in the same order. The journal keeps the filters and the number of rows, never the text looked for. */
async function exporter(requete: Requete, format: FormatExport): Promise<Reponse> {
  const { session } = requete
  const offre = await lireOffre(session)
  const recherche = avecTerritoire(requete.recherche, requete.acteur)
  const choix = lireChoix(recherche, offre)
  const { tri, sens } = lireOrdre({ ...recherche, q: choix.q ?? '' }, offre.tris)
  const colonnes = COLONNES.filter(({ groupe }) => offre.voit?.(groupe) ?? true)
  const filtre: FiltreDossiers = versFiltre(choix, offre)
  let nombre = 0
  async function* lignes(): AsyncGenerator<readonly Cell[]> {
    for await (const lot of parcourirDossiers(session, filtre, tri, sens !== SENS_NATUREL[tri])) {
      nombre += lot.length
      for (const ligne of lot) yield colonnes.map(({ lire }) => lire(ligne, offre))
    }
  }
  const construire = async (marque: Marque | null) => {
    const header = colonnes.map(({ titre }) => titre)
    const feuille = { name: 'Dossiers', header, rows: lignes(), mark: marquer(marque) }
    const fichier = await ecrireFichier(`dossiers-${session.jour}`, feuille, format)
    const { q, ...filtres } = choix
    session.consigner({
      action: 'dossiers.exporter',
      details: { format, nombre, filtres: { ...filtres, ...(q === undefined ? {} : { texte: true }) } },
    })
    return fichier
  }
  const total = await compterDossiers(session, filtre)
  return sortir(requete, { nombre: total, filtre: direDemande(recherche), construire })
}

/** GET /dossiers/export.xlsx, .ods, .csv. */
export const exporterEn =
  (format: FormatExport) =>
  (requete: Requete): Promise<Reponse> =>
    exporter(requete, format)
