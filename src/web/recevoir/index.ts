import type { Route } from '../route.ts'
import { choisirColonnes, montrerColonnes } from './colonnes.tsx'
import { defaireUneSituation, montrerCommunes, proposerSituation, situer } from './communes.tsx'
import { joindreCopie, montrerCopies, retirerUneCopie, servirCopie } from './copies.tsx'
import { corriger, listerACorriger, montrerLigne, ouvrirPremiere } from './correction.tsx'
import { montrerDepots, recevoirFichiers } from './depot.tsx'
import { montrerLot } from './lot.tsx'
import { confirmerRetrait, retirer } from './retrait.tsx'
import { envoyerSignalement, proposerSignalement } from './signaler.tsx'
import { telechargerRejets, telechargerVerdictCsv, telechargerVerdictJson } from './telechargements.ts'

/** « Recevoir »: deposit files, follow them, say which column is which, correct lines, take a file back. */
export const routesRecevoir: readonly Route[] = [
  { methode: 'GET', chemin: '/recevoir', droit: 'lot.consulter', traiter: montrerDepots },
  { methode: 'POST', chemin: '/recevoir', droit: 'lot.deposer', traiter: recevoirFichiers },
  { methode: 'GET', chemin: '/recevoir/signaler', droit: 'signalement.saisir', traiter: proposerSignalement },
  { methode: 'POST', chemin: '/recevoir/signaler', droit: 'signalement.saisir', traiter: envoyerSignalement },
  { methode: 'GET', chemin: '/recevoir/a-corriger', droit: 'lot.corriger', traiter: listerACorriger },
  { methode: 'GET', chemin: '/recevoir/communes', droit: 'commune.situer', traiter: montrerCommunes },
  { methode: 'POST', chemin: '/recevoir/communes', droit: 'commune.situer', traiter: situer },
  { methode: 'GET', chemin: '/recevoir/communes/situer', droit: 'commune.situer', traiter: proposerSituation },
  { methode: 'POST', chemin: '/recevoir/communes/:id/defaire', droit: 'commune.situer', traiter: defaireUneSituation },
  { methode: 'GET', chemin: '/recevoir/:lot', droit: 'lot.consulter', traiter: montrerLot },
  {
    methode: 'GET',
    chemin: '/recevoir/:lot/verdict.csv',
    droit: 'lot.consulter',
    sortie: 'menages',
    traiter: telechargerVerdictCsv,
  },
  {
    methode: 'GET',
    chemin: '/recevoir/:lot/verdict.json',
    droit: 'lot.consulter',
    sortie: 'menages',
    traiter: telechargerVerdictJson,
  },
  {
    methode: 'GET',
    chemin: '/recevoir/:lot/lignes-a-corriger',
    droit: 'lot.consulter',
    sortie: 'menages',
    traiter: telechargerRejets,
  },
  { methode: 'GET', chemin: '/recevoir/:lot/colonnes', droit: 'lot.consulter', traiter: montrerColonnes },
  { methode: 'POST', chemin: '/recevoir/:lot/colonnes', droit: 'lot.deposer', traiter: choisirColonnes },
  { methode: 'GET', chemin: '/recevoir/:lot/lignes/premiere', droit: 'lot.consulter', traiter: ouvrirPremiere },
  { methode: 'GET', chemin: '/recevoir/:lot/lignes/:ligne', droit: 'lot.consulter', traiter: montrerLigne },
  { methode: 'POST', chemin: '/recevoir/:lot/lignes/:ligne', droit: 'lot.corriger', traiter: corriger },
  { methode: 'GET', chemin: '/recevoir/:lot/lignes/:ligne/copie', droit: 'lot.consulter', traiter: montrerCopies },
  { methode: 'POST', chemin: '/recevoir/:lot/lignes/:ligne/copie', droit: 'lot.deposer', traiter: joindreCopie },
  {
    methode: 'GET',
    chemin: '/recevoir/:lot/copies/:copie',
    droit: 'lot.consulter',
    sortie: 'piece',
    traiter: servirCopie,
  },
  {
    methode: 'POST',
    chemin: '/recevoir/:lot/lignes/:ligne/copie/:copie/retirer',
    droit: 'lot.deposer',
    traiter: retirerUneCopie,
  },
  { methode: 'GET', chemin: '/recevoir/:lot/retirer', droit: 'lot.retirer', traiter: confirmerRetrait },
  { methode: 'POST', chemin: '/recevoir/:lot/retirer', droit: 'lot.retirer', traiter: retirer },
]
