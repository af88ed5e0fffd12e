import { FORMATS_EXPORT } from '../export.tsx'
import type { Route } from '../route.ts'
import { montrerActions, noterUneAction, retirerUneAction } from './actions-menees.tsx'
import {
  cloreLaCollecte,
  exporterCollecte,
  montrerCollecte,
  montrerDemandeIndicateurs,
  ouvrirLaCollecte,
  relancerLaCollecte,
  repondreALaCollecte,
} from './collecte.tsx'
import { montrerDocument } from './document.tsx'
import { montrerEngagement } from './engagement.tsx'
import { montrerCharte } from './ensemble.tsx'
import { exporterEngagements } from './exports.ts'
import { listerLesFiches, montrerFiche } from './fiches.tsx'
import { montrerIndicateur } from './indicateur.tsx'
import { exporterHistorique, exporterIndicateurs, listerLesIndicateurs } from './indicateurs.tsx'
import { listerLesEngagements } from './liste.tsx'
import { chercherParSituation } from './situation.tsx'
import { montrerTenue } from './tenue.tsx'

const lire = (chemin: string, traiter: Route['traiter']): Route => ({
  methode: 'GET',
  chemin,
  droit: 'regle.consulter',
  traiter,
})
const sortir = (chemin: string, traiter: Route['traiter']): Route => ({ ...lire(chemin, traiter), sortie: 'neutre' })

/** « Mesurer », the charter: what each partner promises, the document, its sheets and its indicators. Public matter: every role reads it. */
export const routesCharte: readonly Route[] = [
  lire('/charte', montrerCharte),
  lire('/charte/engagements', listerLesEngagements),
  ...FORMATS_EXPORT.map((format) => sortir(`/charte/engagements/export.${format}`, exporterEngagements(format))),
  lire('/charte/engagements/:partenaire/:numero', montrerEngagement),
  lire('/charte/engagements/generaux/:groupe/:numero', montrerEngagement),
  lire('/charte/tenue', montrerTenue),
  { methode: 'GET', chemin: '/charte/actions', droit: 'action_charte.noter', traiter: montrerActions },
  { methode: 'POST', chemin: '/charte/actions', droit: 'action_charte.noter', traiter: noterUneAction },
  {
    methode: 'POST',
    chemin: '/charte/actions/:action/retirer',
    droit: 'action_charte.noter',
    traiter: retirerUneAction,
  },
  { methode: 'GET', chemin: '/charte/collecte', droit: 'collecte.repondre', traiter: montrerCollecte },
  ...FORMATS_EXPORT.map(
    (format): Route => ({
      methode: 'GET',
      chemin: `/charte/collecte/export.${format}`,
      droit: 'collecte.repondre',
      sortie: 'neutre',
      traiter: exporterCollecte(format),
    }),
  ),
  { methode: 'POST', chemin: '/charte/collecte', droit: 'collecte.conduire', traiter: ouvrirLaCollecte },
  { methode: 'POST', chemin: '/charte/collecte/relancer', droit: 'collecte.conduire', traiter: relancerLaCollecte },
  { methode: 'POST', chemin: '/charte/collecte/clore', droit: 'collecte.conduire', traiter: cloreLaCollecte },
  {
    methode: 'GET',
    chemin: '/charte/collecte/:demande',
    droit: 'collecte.repondre',
    traiter: montrerDemandeIndicateurs,
  },
  { methode: 'POST', chemin: '/charte/collecte/:demande', droit: 'collecte.repondre', traiter: repondreALaCollecte },
  lire('/charte/situation', chercherParSituation),
  lire('/charte/document', montrerDocument),
  lire('/charte/fiches', listerLesFiches),
  lire('/charte/fiches/:numero', montrerFiche),
  lire('/charte/indicateurs', listerLesIndicateurs),
  ...FORMATS_EXPORT.flatMap((format) => [
    sortir(`/charte/indicateurs/export.${format}`, exporterIndicateurs(format)),
    sortir(`/charte/indicateurs/historique.${format}`, exporterHistorique(format)),
  ]),
  lire('/charte/indicateurs/:cle', montrerIndicateur),
]
