import type { Route } from '../route.ts'
import { enregistrerEcrit, proposerEcrit } from './ecrire.tsx'
import { elargirUneNote, montrerEcrit, proposerElargissement } from './lire.tsx'
import { montrerLocataires, telechargerSyntheseLocataire } from './locataires.tsx'
import { produireUneSynthese, proposerSynthese, telechargerSynthese } from './synthese.tsx'

/** What is written in a dossier, in four circles; and what a social landlord sees of its tenants. */
export const routesEcrits: readonly Route[] = [
  { methode: 'GET', chemin: '/dossiers/:reference/ecrits/nouveau', droit: 'suivi.partager', traiter: proposerEcrit },
  { methode: 'POST', chemin: '/dossiers/:reference/ecrits', droit: 'suivi.partager', traiter: enregistrerEcrit },
  { methode: 'GET', chemin: '/dossiers/:reference/ecrits/:ecrit', droit: 'suivi.partager', traiter: montrerEcrit },
  {
    methode: 'GET',
    chemin: '/dossiers/:reference/ecrits/:ecrit/elargir',
    droit: 'note.tenir',
    traiter: proposerElargissement,
  },
  {
    methode: 'POST',
    chemin: '/dossiers/:reference/ecrits/:ecrit/elargir',
    droit: 'note.tenir',
    traiter: elargirUneNote,
  },
  {
    methode: 'GET',
    chemin: '/dossiers/:reference/syntheses/nouvelle',
    droit: 'synthese.produire',
    traiter: proposerSynthese,
  },
  {
    methode: 'POST',
    chemin: '/dossiers/:reference/syntheses',
    droit: 'synthese.produire',
    traiter: produireUneSynthese,
  },
  {
    methode: 'GET',
    chemin: '/dossiers/:reference/syntheses/:synthese',
    droit: 'synthese.produire',
    sortie: 'piece',
    traiter: telechargerSynthese,
  },
  { methode: 'GET', chemin: '/locataires', droit: 'locataire.consulter', traiter: montrerLocataires },
  {
    methode: 'GET',
    chemin: '/locataires/:locataire/synthese',
    droit: 'locataire.consulter',
    sortie: 'piece',
    traiter: telechargerSyntheseLocataire,
  },
]
