import type { Route } from '../route.ts'
import { decider, relireDecision } from './decider.tsx'
import { lireVersionEnClair, noterLEnvoi, telechargerTexte } from './lire.tsx'
import { montrerVersions } from './liste.tsx'
import { enregistrer, modifierVersion } from './modifier.tsx'
import { ouvrirVersion, proposerVersion } from './nouvelle.tsx'
import {
  defaire,
  montrerVersion,
  reprendre,
  retirer,
  simulerLaVersion,
  soumettre,
  telechargerFichier,
} from './version.tsx'

/** « Versions »: how the rules of a département change, by whom, from when; and what applied before. */
export const routesVersions: readonly Route[] = [
  { methode: 'GET', chemin: '/regles/versions', droit: 'regle.consulter', traiter: montrerVersions },
  { methode: 'GET', chemin: '/regles/versions/lire', droit: 'regle.consulter', traiter: lireVersionEnClair },
  {
    methode: 'GET',
    chemin: '/regles/versions/texte',
    droit: 'regle.consulter',
    sortie: 'neutre',
    traiter: telechargerTexte,
  },
  { methode: 'POST', chemin: '/regles/versions/envoi', droit: 'version.preparer', traiter: noterLEnvoi },
  { methode: 'GET', chemin: '/regles/versions/nouvelle', droit: 'version.preparer', traiter: proposerVersion },
  { methode: 'POST', chemin: '/regles/versions/nouvelle', droit: 'version.preparer', traiter: ouvrirVersion },
  { methode: 'GET', chemin: '/regles/versions/:id', droit: 'version.preparer', traiter: montrerVersion },
  {
    methode: 'GET',
    chemin: '/regles/versions/:id/fichier',
    droit: 'version.preparer',
    sortie: 'neutre',
    traiter: telechargerFichier,
  },
  { methode: 'GET', chemin: '/regles/versions/:id/modifier', droit: 'version.preparer', traiter: modifierVersion },
  { methode: 'POST', chemin: '/regles/versions/:id/modifier', droit: 'version.preparer', traiter: enregistrer },
  { methode: 'POST', chemin: '/regles/versions/:id/simuler', droit: 'version.preparer', traiter: simulerLaVersion },
  { methode: 'POST', chemin: '/regles/versions/:id/soumettre', droit: 'version.preparer', traiter: soumettre },
  { methode: 'POST', chemin: '/regles/versions/:id/reprendre', droit: 'version.preparer', traiter: reprendre },
  { methode: 'POST', chemin: '/regles/versions/:id/retirer', droit: 'version.preparer', traiter: retirer },
  { methode: 'GET', chemin: '/regles/versions/:id/decider', droit: 'version.approuver', traiter: relireDecision },
  { methode: 'POST', chemin: '/regles/versions/:id/decider', droit: 'version.approuver', traiter: decider },
  { methode: 'POST', chemin: '/regles/versions/:id/defaire', droit: 'version.approuver', traiter: defaire },
]
