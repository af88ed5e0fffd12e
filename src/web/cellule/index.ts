import { FORMATS_EXPORT } from '../export.tsx'
import { routesFormulaire } from '../formulaires/routes.tsx'
import type { Route } from '../route.ts'
import { exporterBilan, montrerBilan } from './bilan.tsx'
import {
  commencerFiche,
  conclure,
  donnerPosition,
  enregistrerRegularisation,
  fixerReunion,
  montrerConsultation,
  retirer,
  retirerSaPosition,
  telechargerReunion,
} from './consultation.tsx'
import { montrerCellule } from './dossier.tsx'
import { ecranFiche, signerFiche } from './fiche.tsx'
import { montrerListe } from './liste.tsx'
import { envoyerConsultation, proposerConsultation } from './ouvrir.tsx'
import {
  joindrePiece,
  montrerRecue,
  montrerRecues,
  repondreRecue,
  retirerPositionRecue,
  retirerRecue,
  solliciter,
  telechargerReunionRecue,
} from './recues.tsx'

const DOSSIER = '/dossiers/:reference/cellule'
const UNE = `${DOSSIER}/consultations/:consultation`
const RECUE = '/cellule/recues/:consultation'
const LOCATAIRE = '/locataires/:locataire/cellule'

/** The technical cell: consultations between two commissions. */
export const routesCellule: readonly Route[] = [
  { methode: 'GET', chemin: '/cellule', droit: 'cellule.consulter', traiter: montrerListe },
  { methode: 'GET', chemin: '/cellule/bilan', droit: 'cellule.mesurer', traiter: montrerBilan },
  ...FORMATS_EXPORT.map(
    (format): Route => ({
      methode: 'GET',
      chemin: `/cellule/bilan.${format}`,
      droit: 'cellule.mesurer',
      sortie: 'neutre',
      traiter: exporterBilan(format),
    }),
  ),
  {
    methode: 'GET',
    chemin: '/cellule/consultations/:consultation/reunion.ics',
    droit: 'cellule.consulter',
    sortie: 'neutre',
    traiter: telechargerReunion,
  },
  { methode: 'GET', chemin: '/cellule/recues', droit: 'cellule.recevoir', traiter: montrerRecues },
  { methode: 'GET', chemin: RECUE, droit: 'cellule.recevoir', traiter: montrerRecue },
  {
    methode: 'GET',
    chemin: `${RECUE}/reunion.ics`,
    droit: 'cellule.recevoir',
    sortie: 'neutre',
    traiter: telechargerReunionRecue,
  },
  { methode: 'POST', chemin: `${RECUE}/position`, droit: 'cellule.recevoir', traiter: repondreRecue },
  { methode: 'POST', chemin: `${RECUE}/position/retirer`, droit: 'cellule.recevoir', traiter: retirerPositionRecue },
  { methode: 'POST', chemin: `${RECUE}/piece`, droit: 'cellule.recevoir', traiter: joindrePiece },
  { methode: 'POST', chemin: `${RECUE}/retirer`, droit: 'cellule.solliciter', traiter: retirerRecue },
  { methode: 'GET', chemin: LOCATAIRE, droit: 'cellule.solliciter', traiter: solliciter },
  { methode: 'POST', chemin: LOCATAIRE, droit: 'cellule.solliciter', traiter: solliciter },
  { methode: 'GET', chemin: DOSSIER, droit: 'cellule.consulter', traiter: montrerCellule },
  { methode: 'GET', chemin: `${DOSSIER}/nouvelle`, droit: 'cellule.ouvrir', traiter: proposerConsultation },
  { methode: 'POST', chemin: `${DOSSIER}/nouvelle`, droit: 'cellule.ouvrir', traiter: envoyerConsultation },
  { methode: 'GET', chemin: UNE, droit: 'cellule.consulter', traiter: montrerConsultation },
  { methode: 'POST', chemin: `${UNE}/position`, droit: 'cellule.repondre', traiter: donnerPosition },
  { methode: 'POST', chemin: `${UNE}/position/retirer`, droit: 'cellule.repondre', traiter: retirerSaPosition },
  { methode: 'POST', chemin: `${UNE}/reunion`, droit: 'cellule.consulter', traiter: fixerReunion },
  { methode: 'POST', chemin: `${UNE}/conclure`, droit: 'cellule.conclure', traiter: conclure },
  { methode: 'POST', chemin: `${UNE}/retirer`, droit: 'cellule.consulter', traiter: retirer },
  { methode: 'POST', chemin: `${UNE}/regulariser`, droit: 'cellule.conclure', traiter: enregistrerRegularisation },
  { methode: 'POST', chemin: `${UNE}/fiche`, droit: 'cellule.consulter', traiter: commencerFiche },
  ...routesFormulaire(ecranFiche),
  { methode: 'POST', chemin: `${DOSSIER}/:formulaire/signer`, droit: 'cellule.repondre', traiter: signerFiche },
]
