import { FORMATS_EXPORT } from '../export.tsx'
import type { Route } from '../route.ts'
import { proposerListeAnah, recevoirAnah } from './anah.tsx'
import { proposerPourDossier, rattacherCeDossier } from './dossier.tsx'
import { montrerBailleur } from './fiche.tsx'
import {
  creerUnBailleur,
  detacherUnDossier,
  modifierUnBailleur,
  noterGerant,
  proposerBailleur,
  proposerModification,
  rattacherDesDossiers,
  remettreUnBailleur,
  retirerUnBailleur,
} from './formulaire.tsx'
import { defaireUneFusion, fusionner, proposerFusion } from './fusion.tsx'
import { exporterBailleurs, montrerBailleurs } from './liste.tsx'

const FICHE = '/bailleurs/:bailleur'
const lire = (chemin: string, traiter: Route['traiter']): Route => ({
  methode: 'GET',
  chemin,
  droit: 'bailleur.tenir',
  traiter,
})
const ecrire = (chemin: string, traiter: Route['traiter']): Route => ({
  methode: 'POST',
  chemin,
  droit: 'bailleur.tenir',
  traiter,
})

/** The register of landlords: one sheet each, its dwellings and their managers; the sheet of a dossier. */
export const routesBailleurs: readonly Route[] = [
  { methode: 'GET', chemin: '/bailleurs', droit: 'bailleur.consulter', traiter: montrerBailleurs },
  ...FORMATS_EXPORT.map(
    (format): Route => ({
      methode: 'GET',
      chemin: `/bailleurs/export.${format}`,
      droit: 'bailleur.consulter',
      sortie: 'menages',
      traiter: exporterBailleurs(format),
    }),
  ),
  lire('/bailleurs/anah', proposerListeAnah),
  ecrire('/bailleurs/anah', recevoirAnah),
  lire('/bailleurs/ajouter', proposerBailleur),
  ecrire('/bailleurs/ajouter', creerUnBailleur),
  ecrire('/bailleurs/fusions/:fusion/defaire', defaireUneFusion),
  { methode: 'GET', chemin: FICHE, droit: 'bailleur.consulter', traiter: montrerBailleur },
  lire(`${FICHE}/modifier`, proposerModification),
  ecrire(`${FICHE}/modifier`, modifierUnBailleur),
  ecrire(`${FICHE}/retirer`, retirerUnBailleur),
  ecrire(`${FICHE}/remettre`, remettreUnBailleur),
  ecrire(`${FICHE}/rattacher`, rattacherDesDossiers),
  ecrire(`${FICHE}/detacher`, detacherUnDossier),
  ecrire(`${FICHE}/gerant`, noterGerant),
  lire(`${FICHE}/reunir`, proposerFusion),
  ecrire(`${FICHE}/reunir`, fusionner),
  lire('/dossiers/:reference/bailleur', proposerPourDossier),
  ecrire('/dossiers/:reference/bailleur', rattacherCeDossier),
]
