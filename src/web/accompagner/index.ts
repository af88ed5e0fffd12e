import type { Route } from '../route.ts'
import { leverUneMarque, marquerUneSituation, proposerComplexe } from './complexe.tsx'
import { choisirDossiers, confierDossiers, defaireConfier, relireConfier } from './confier.tsx'
import { montrerDossier } from './dossier.tsx'
import { exporterEn } from './export.ts'
import { imprimerDossier } from './impression.tsx'
import { listerLesDossiers } from './liste.tsx'
import { defaireReunion, proposerReunion, proposerSeparation, reunirDeuxDossiers, separerUnSignal } from './reunion.tsx'
import {
  cloreUnDiagnostic,
  noterUnContact,
  proposerContact,
  proposerDiagnostic,
  proposerRetraitContact,
  retablirUnContact,
  retirerUnContact,
  rouvrirUnDiagnostic,
} from './suivi.tsx'
import { garderVue, oublierUneVue, proposerVue } from './vues.tsx'

/** « Accompagner »: the list of dossiers, one dossier, and what a person does with it. */
export const routesAccompagner: readonly Route[] = [
  { methode: 'GET', chemin: '/dossiers', droit: 'dossier.consulter', traiter: listerLesDossiers },
  {
    methode: 'GET',
    chemin: '/dossiers/export.xlsx',
    droit: 'dossier.exporter',
    sortie: 'menages',
    traiter: exporterEn('xlsx'),
  },
  {
    methode: 'GET',
    chemin: '/dossiers/export.ods',
    droit: 'dossier.exporter',
    sortie: 'menages',
    traiter: exporterEn('ods'),
  },
  {
    methode: 'GET',
    chemin: '/dossiers/export.csv',
    droit: 'dossier.exporter',
    sortie: 'menages',
    traiter: exporterEn('csv'),
  },
  { methode: 'GET', chemin: '/dossiers/vues', droit: 'dossier.consulter', traiter: proposerVue },
  { methode: 'POST', chemin: '/dossiers/vues', droit: 'dossier.consulter', traiter: garderVue },
  { methode: 'POST', chemin: '/dossiers/vues/oublier', droit: 'dossier.consulter', traiter: oublierUneVue },
  { methode: 'POST', chemin: '/dossiers/choisis', droit: 'dossier.reaffecter', traiter: choisirDossiers },
  { methode: 'GET', chemin: '/dossiers/confier', droit: 'dossier.reaffecter', traiter: relireConfier },
  { methode: 'POST', chemin: '/dossiers/confier', droit: 'dossier.reaffecter', traiter: confierDossiers },
  { methode: 'POST', chemin: '/dossiers/confier/defaire', droit: 'dossier.reaffecter', traiter: defaireConfier },
  { methode: 'POST', chemin: '/dossiers/reunions/defaire', droit: 'doute.trancher', traiter: defaireReunion },
  { methode: 'GET', chemin: '/dossiers/:reference', droit: 'dossier.consulter', traiter: montrerDossier },
  { methode: 'GET', chemin: '/dossiers/:reference/imprimer', droit: 'dossier.consulter', traiter: imprimerDossier },
  { methode: 'GET', chemin: '/dossiers/:reference/complexe', droit: 'complexe.marquer', traiter: proposerComplexe },
  { methode: 'POST', chemin: '/dossiers/:reference/complexe', droit: 'complexe.marquer', traiter: marquerUneSituation },
  {
    methode: 'POST',
    chemin: '/dossiers/:reference/complexe/lever',
    droit: 'complexe.marquer',
    traiter: leverUneMarque,
  },
  { methode: 'GET', chemin: '/dossiers/:reference/contact', droit: 'contact.noter', traiter: proposerContact },
  { methode: 'POST', chemin: '/dossiers/:reference/contact', droit: 'contact.noter', traiter: noterUnContact },
  {
    methode: 'GET',
    chemin: '/dossiers/:reference/contacts/:contact/retirer',
    droit: 'contact.noter',
    traiter: proposerRetraitContact,
  },
  {
    methode: 'POST',
    chemin: '/dossiers/:reference/contacts/:contact/retirer',
    droit: 'contact.noter',
    traiter: retirerUnContact,
  },
  {
    methode: 'POST',
    chemin: '/dossiers/:reference/contacts/:contact/retablir',
    droit: 'contact.noter',
    traiter: retablirUnContact,
  },
  { methode: 'GET', chemin: '/dossiers/:reference/diagnostic', droit: 'contact.noter', traiter: proposerDiagnostic },
  { methode: 'POST', chemin: '/dossiers/:reference/diagnostic', droit: 'contact.noter', traiter: cloreUnDiagnostic },
  {
    methode: 'POST',
    chemin: '/dossiers/:reference/diagnostic/rouvrir',
    droit: 'contact.noter',
    traiter: rouvrirUnDiagnostic,
  },
  { methode: 'GET', chemin: '/dossiers/:reference/reunir', droit: 'doute.trancher', traiter: proposerReunion },
  { methode: 'POST', chemin: '/dossiers/:reference/reunir', droit: 'doute.trancher', traiter: reunirDeuxDossiers },
  {
    methode: 'GET',
    chemin: '/dossiers/:reference/signaux/:signalement/separer',
    droit: 'rattachement.defaire',
    traiter: proposerSeparation,
  },
  {
    methode: 'POST',
    chemin: '/dossiers/:reference/signaux/:signalement/separer',
    droit: 'rattachement.defaire',
    traiter: separerUnSignal,
  },
]
