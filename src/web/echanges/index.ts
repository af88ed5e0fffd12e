import type { Route } from '../route.ts'
import {
  ajouterUnInterlocuteur,
  modifierUnInterlocuteur,
  montrerAnnuaire,
  montrerInterlocuteur,
  proposerInterlocuteur,
} from './annuaire.tsx'
import { exporterBoite, montrerBoite } from './boite.tsx'
import { agirSurDemande, envoyerUneDemande, montrerDemande, proposerDemande } from './demande.tsx'
import {
  ajouterUnDispositif,
  exporterDispositifs,
  modifierUnDispositif,
  montrerDispositif,
  montrerDispositifs,
  proposerDispositif,
  retirerUnDispositif,
} from './dispositifs.tsx'
import { montrerEchanges } from './dossier.tsx'
import {
  ajouterUnLecteur,
  envoyerFil,
  montrerFil,
  proposerFil,
  proposerLecteur,
  proposerRetraitMessage,
  repondreAuFil,
  retirerUnMessage,
} from './fil.tsx'
import { deposerUnePiece, proposerPiece, proposerRetraitPiece, retirerUnePiece, servirPiece } from './piece.tsx'
import { passerUnRelais, proposerRelais } from './relais.tsx'

const DOSSIER = '/dossiers/:reference/echanges'
const RETRAIT_MESSAGE = `${DOSSIER}/fils/:fil/messages/:message/retirer`

/** « Échanger »: the work box of an organisme, what is exchanged about a dossier, the directory. */
export const routesEchanges: readonly Route[] = [
  { methode: 'GET', chemin: '/echanges', droit: 'echange.lire', traiter: montrerBoite },
  {
    methode: 'GET',
    chemin: '/echanges/export.xlsx',
    droit: 'dossier.exporter',
    sortie: 'menages',
    traiter: exporterBoite('xlsx'),
  },
  {
    methode: 'GET',
    chemin: '/echanges/export.ods',
    droit: 'dossier.exporter',
    sortie: 'menages',
    traiter: exporterBoite('ods'),
  },
  {
    methode: 'GET',
    chemin: '/echanges/export.csv',
    droit: 'dossier.exporter',
    sortie: 'menages',
    traiter: exporterBoite('csv'),
  },
  { methode: 'GET', chemin: DOSSIER, droit: 'echange.lire', traiter: montrerEchanges },
  { methode: 'GET', chemin: `${DOSSIER}/fil`, droit: 'echange.ecrire', traiter: proposerFil },
  { methode: 'POST', chemin: `${DOSSIER}/fil`, droit: 'echange.ecrire', traiter: envoyerFil },
  { methode: 'GET', chemin: `${DOSSIER}/fils/:fil`, droit: 'echange.lire', traiter: montrerFil },
  { methode: 'POST', chemin: `${DOSSIER}/fils/:fil`, droit: 'echange.ecrire', traiter: repondreAuFil },
  { methode: 'GET', chemin: `${DOSSIER}/fils/:fil/lecteurs`, droit: 'echange.ecrire', traiter: proposerLecteur },
  { methode: 'POST', chemin: `${DOSSIER}/fils/:fil/lecteurs`, droit: 'echange.ecrire', traiter: ajouterUnLecteur },
  { methode: 'GET', chemin: RETRAIT_MESSAGE, droit: 'echange.ecrire', traiter: proposerRetraitMessage },
  { methode: 'POST', chemin: RETRAIT_MESSAGE, droit: 'echange.ecrire', traiter: retirerUnMessage },
  { methode: 'GET', chemin: `${DOSSIER}/demande`, droit: 'echange.ecrire', traiter: proposerDemande },
  { methode: 'POST', chemin: `${DOSSIER}/demande`, droit: 'echange.ecrire', traiter: envoyerUneDemande },
  { methode: 'GET', chemin: `${DOSSIER}/demandes/:demande`, droit: 'echange.lire', traiter: montrerDemande },
  { methode: 'POST', chemin: `${DOSSIER}/demandes/:demande`, droit: 'echange.ecrire', traiter: agirSurDemande },
  { methode: 'GET', chemin: `${DOSSIER}/relais`, droit: 'echange.ecrire', traiter: proposerRelais },
  { methode: 'POST', chemin: `${DOSSIER}/relais`, droit: 'echange.ecrire', traiter: passerUnRelais },
  { methode: 'GET', chemin: `${DOSSIER}/piece`, droit: 'echange.ecrire', traiter: proposerPiece },
  { methode: 'POST', chemin: `${DOSSIER}/piece`, droit: 'echange.ecrire', traiter: deposerUnePiece },
  { methode: 'GET', chemin: `${DOSSIER}/pieces/:piece`, droit: 'echange.lire', sortie: 'piece', traiter: servirPiece },
  {
    methode: 'GET',
    chemin: `${DOSSIER}/pieces/:piece/retirer`,
    droit: 'echange.ecrire',
    traiter: proposerRetraitPiece,
  },
  { methode: 'POST', chemin: `${DOSSIER}/pieces/:piece/retirer`, droit: 'echange.ecrire', traiter: retirerUnePiece },
  { methode: 'GET', chemin: '/annuaire', droit: 'echange.lire', traiter: montrerAnnuaire },
  {
    methode: 'GET',
    chemin: '/annuaire/ajouter',
    droit: 'echange.ecrire',
    neutre: true,
    traiter: proposerInterlocuteur,
  },
  { methode: 'POST', chemin: '/annuaire/ajouter', droit: 'echange.ecrire', traiter: ajouterUnInterlocuteur },
  { methode: 'GET', chemin: '/annuaire/:interlocuteur', droit: 'echange.ecrire', traiter: montrerInterlocuteur },
  { methode: 'POST', chemin: '/annuaire/:interlocuteur', droit: 'echange.ecrire', traiter: modifierUnInterlocuteur },
  { methode: 'GET', chemin: '/dispositifs', droit: 'dispositif.consulter', traiter: montrerDispositifs },
  ...(['xlsx', 'ods', 'csv'] as const).map(
    (format): Route => ({
      methode: 'GET',
      chemin: `/dispositifs/export.${format}`,
      droit: 'dispositif.consulter',
      sortie: 'neutre',
      traiter: exporterDispositifs(format),
    }),
  ),
  { methode: 'GET', chemin: '/dispositifs/ajouter', droit: 'dispositif.tenir', traiter: proposerDispositif },
  { methode: 'POST', chemin: '/dispositifs/ajouter', droit: 'dispositif.tenir', traiter: ajouterUnDispositif },
  { methode: 'GET', chemin: '/dispositifs/:dispositif', droit: 'dispositif.tenir', traiter: montrerDispositif },
  { methode: 'POST', chemin: '/dispositifs/:dispositif', droit: 'dispositif.tenir', traiter: modifierUnDispositif },
  {
    methode: 'POST',
    chemin: '/dispositifs/:dispositif/retirer',
    droit: 'dispositif.tenir',
    traiter: retirerUnDispositif,
  },
]
