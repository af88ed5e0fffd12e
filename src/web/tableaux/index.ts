import type { Route } from '../route.ts'
import { exporterListe } from './exports.ts'
import { figerLesListes, relireFiger } from './figer.tsx'
import { lireFichierReponses, repondre } from './reponses.tsx'
import { reprendre } from './reprendre.tsx'
import { montrerTableau } from './tableau.tsx'
import { montrerTableaux } from './tableaux.tsx'

/** « Répartir » and « Répondre »: the weekly lists, frozen for each service, and its answers. */
export const routesTableaux: readonly Route[] = [
  { methode: 'GET', chemin: '/tableaux', droit: 'liste.consulter', traiter: montrerTableaux },
  { methode: 'GET', chemin: '/tableaux/figer', droit: 'liste.figer', traiter: relireFiger },
  { methode: 'POST', chemin: '/tableaux/figer', droit: 'liste.figer', traiter: figerLesListes },
  { methode: 'GET', chemin: '/tableaux/:id', droit: 'liste.consulter', traiter: montrerTableau },
  { methode: 'POST', chemin: '/tableaux/:id/reponses', droit: 'liste.repondre', traiter: repondre },
  { methode: 'POST', chemin: '/tableaux/:id/reprendre', droit: 'liste.repondre', traiter: reprendre },
  { methode: 'POST', chemin: '/tableaux/:id/fichier', droit: 'liste.repondre', traiter: lireFichierReponses },
  {
    methode: 'GET',
    chemin: '/tableaux/:id/tableau.xlsx',
    droit: 'liste.consulter',
    sortie: 'menages',
    traiter: exporterListe('xlsx'),
  },
  {
    methode: 'GET',
    chemin: '/tableaux/:id/tableau.ods',
    droit: 'liste.consulter',
    sortie: 'menages',
    traiter: exporterListe('ods'),
  },
  {
    methode: 'GET',
    chemin: '/tableaux/:id/tableau.csv',
    droit: 'liste.consulter',
    sortie: 'menages',
    traiter: exporterListe('csv'),
  },
  {
    methode: 'GET',
    chemin: '/tableaux/:id/tableau.pdf',
    droit: 'liste.consulter',
    sortie: 'menages',
    traiter: exporterListe('pdf'),
  },
]
