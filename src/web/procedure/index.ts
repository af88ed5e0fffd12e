import { demanderSiConnu, direConnu, montrerConnus } from '../reconnaitre/connus.tsx'
import type { Route } from '../route.ts'
import { direAntecedent } from './antecedents.tsx'
import { cloreUnDossier, proposerCloture, rouvrirUnDossier } from './cloture.tsx'
import {
  corrigerUnActe,
  montrerActe,
  proposerRetrait,
  retablirUnActe,
  retirerUnActe,
  revenirSurUnActe,
  tenirPieces,
} from './corriger.tsx'
import { noterObjectif } from './objectifs.tsx'
import { montrerProcedure } from './procedure.tsx'
import { proposerSaisie, saisirActe } from './saisir.tsx'
import { changerTerritoire, defaireTerritoire, proposerTerritoire, reprendreDossier } from './territoire.tsx'

const racine = '/dossiers/:reference/procedure'
const acte = `${racine}/actes/:acte`
const lire = (chemin: string, traiter: Route['traiter']): Route => ({
  methode: 'GET',
  chemin,
  droit: 'acte.consigner',
  traiter,
})
const ecrire = (chemin: string, traiter: Route['traiter']): Route => ({
  methode: 'POST',
  chemin,
  droit: 'acte.consigner',
  traiter,
})

/** The procedure of a dossier: its acts and situation, entered, corrected, withdrawn; its closing. */
export const routesProcedure: readonly Route[] = [
  { methode: 'GET', chemin: racine, droit: 'dossier.consulter', traiter: montrerProcedure },
  lire(`${racine}/saisir`, proposerSaisie),
  ecrire(`${racine}/saisir`, saisirActe),
  ecrire(`${racine}/objectifs`, noterObjectif),
  { methode: 'GET', chemin: `${racine}/clore`, droit: 'dossier.clore', traiter: proposerCloture },
  { methode: 'POST', chemin: `${racine}/clore`, droit: 'dossier.clore', traiter: cloreUnDossier },
  { methode: 'POST', chemin: `${racine}/rouvrir`, droit: 'dossier.clore', traiter: rouvrirUnDossier },
  { methode: 'POST', chemin: `${racine}/antecedents`, droit: 'doute.trancher', traiter: direAntecedent },
  { methode: 'POST', chemin: `${racine}/connu`, droit: 'connaissance.demander', traiter: demanderSiConnu },
  { methode: 'GET', chemin: '/connus', droit: 'connaissance.repondre', traiter: montrerConnus },
  { methode: 'POST', chemin: '/connus/:demande', droit: 'connaissance.repondre', traiter: direConnu },
  { methode: 'GET', chemin: `${racine}/territoire`, droit: 'dossier.reaffecter', traiter: proposerTerritoire },
  { methode: 'POST', chemin: `${racine}/territoire`, droit: 'dossier.reaffecter', traiter: changerTerritoire },
  { methode: 'POST', chemin: `${racine}/territoire/defaire`, droit: 'dossier.reaffecter', traiter: defaireTerritoire },
  { methode: 'POST', chemin: `${racine}/territoire/reprendre`, droit: 'dossier.reaffecter', traiter: reprendreDossier },
  lire(acte, montrerActe),
  ecrire(acte, corrigerUnActe),
  lire(`${acte}/retirer`, proposerRetrait),
  ecrire(`${acte}/retirer`, retirerUnActe),
  ecrire(`${acte}/retablir`, retablirUnActe),
  ecrire(`${acte}/revenir`, revenirSurUnActe),
  ecrire(`${acte}/pieces`, tenirPieces),
]
