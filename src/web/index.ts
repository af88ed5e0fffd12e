import { routesAFaire } from './a-faire/index.ts'
import { routesAcces } from './acces/index.ts'
import { routesAccompagner } from './accompagner/index.ts'
import { routesAide } from './aide/index.ts'
import { routesArgent } from './argent/index.ts'
import { routesBailleurs } from './bailleurs/index.ts'
import { routesBordereaux } from './bordereaux/index.ts'
import { routesCellule } from './cellule/index.ts'
import { routesCharte } from './charte/index.ts'
import { routesCommissions } from './commissions/index.ts'
import { routesCompte } from './compte/index.ts'
import { routesComptes } from './comptes/index.ts'
import { routesConservation } from './conservation/index.ts'
import { routesCourriers } from './courriers/index.ts'
import { routesDiagnostics } from './diagnostics/index.ts'
import { routesDroit } from './droit/index.ts'
import { routesEchanges } from './echanges/index.ts'
import { routesEcrits } from './ecrits/index.ts'
import { routesEngagements } from './engagements/index.ts'
import { routesFsl } from './fsl/index.ts'
import { routesJournal } from './journal/index.ts'
import { routesMesures } from './mesures/index.ts'
import { routesModeles } from './modeles/index.ts'
import { routesNotifications } from './notifications/index.ts'
import { routesOrganismes } from './organismes/index.ts'
import { routesPartage } from './partage/index.ts'
import { routesPilotage } from './pilotage/index.ts'
import { routesProcedure } from './procedure/index.ts'
import { routesRecevoir } from './recevoir/index.ts'
import { routesReconnaitre } from './reconnaitre/index.ts'
import { routesRegles } from './regles/index.ts'
import { routesRequisitions } from './requisitions/index.ts'
import { routesReseaux } from './reseaux/index.ts'
import type { Route } from './route.ts'
import { routesSaisine } from './saisine/index.ts'
import { routesSuites } from './seances/index.ts'
import { routesTableaux } from './tableaux/index.ts'
import { routesTerritoires } from './territoires/index.ts'
import { routesVersions } from './versions/index.ts'

/** Every screen of the agents, one folder per verb. */
export const routes: readonly Route[] = [
  ...routesAFaire,
  ...routesRecevoir,
  ...routesReconnaitre,
  ...routesTableaux,
  ...routesAccompagner,
  ...routesBailleurs,
  ...routesPartage,
  ...routesEcrits,
  ...routesEchanges,
  ...routesReseaux,
  ...routesArgent,
  ...routesDiagnostics,
  ...routesFsl,
  ...routesMesures,
  ...routesRequisitions,
  ...routesSaisine,
  ...routesCellule,
  ...routesCommissions,
  ...routesSuites,
  ...routesPilotage,
  ...routesProcedure,
  ...routesEngagements,
  ...routesCourriers,
  ...routesModeles,
  ...routesBordereaux,
  ...routesCharte,
  ...routesTerritoires,
  ...routesRegles,
  ...routesDroit,
  ...routesVersions,
  ...routesConservation,
  ...routesJournal,
  ...routesAide,
  ...routesCompte,
  ...routesNotifications,
  ...routesComptes,
  ...routesOrganismes,
  ...routesAcces,
]

export { type ClientProconnect, creerProconnect } from './compte/client-proconnect.ts'
export { decrirePourLeJournal } from './erreurs.tsx'
export { creerServeur, listerAdresses, nomCookieSession, type ReglagesWeb } from './serveur.ts'
