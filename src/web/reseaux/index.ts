import { FORMATS_EXPORT } from '../export.tsx'
import type { Route } from '../route.ts'
import { montrerAgences, tenirUneAgence } from './agences.tsx'
import {
  agirSurDocument,
  exporterDocuments,
  montrerDocument,
  montrerDocuments,
  proposerActe,
  proposerDocument,
  publierUnDocument,
  remettreDocument,
  servirDocument,
} from './documents.tsx'
import {
  cloreUnLogement,
  demanderUnLogement,
  exporterLogements,
  montrerLogement,
  montrerLogements,
  noterUnActe,
  proposerLogement,
  relancerDesAgences,
} from './logements.tsx'
import {
  cloreUnEchange,
  montrerEchange,
  montrerReseau,
  montrerReseaux,
  ouvrirUnEchange,
  proposerReseau,
  proposerRetraitReseau,
  repondreUnEchange,
  retirerUnMessageReseau,
  tenirUnReseau,
} from './reseaux.tsx'

const get = (droit: Route['droit'], chemin: string, traiter: Route['traiter']): Route => ({
  methode: 'GET',
  chemin,
  droit,
  traiter,
})
const post = (droit: Route['droit'], chemin: string, traiter: Route['traiter']): Route => ({
  methode: 'POST',
  chemin,
  droit,
  traiter,
})
/** A file that holds nobody's data: a list, or a document common to all. */
const sortir = (droit: Route['droit'], chemin: string, traiter: Route['traiter']): Route => ({
  ...get(droit, chemin, traiter),
  sortie: 'neutre',
})

const ACTES = ['remplacer', 'classer', 'retirer'] as const
const RETRAIT = '/reseaux/echanges/:fil/messages/:message/retirer'

/** « Partager »: what partners share outside any dossier. No route here reads a dossier, but for the one a request for a dwelling is tied to. */
export const routesReseaux: readonly Route[] = [
  get('document.lire', '/documents', montrerDocuments),
  ...FORMATS_EXPORT.map((format) => sortir('document.lire', `/documents/export.${format}`, exporterDocuments(format))),
  get('document.publier', '/documents/publier', proposerDocument),
  post('document.publier', '/documents/publier', publierUnDocument),
  get('document.lire', '/documents/:document', montrerDocument),
  sortir('document.lire', '/documents/:document/versions/:numero', servirDocument),
  ...ACTES.flatMap((acte) => [
    get('document.publier', `/documents/:document/${acte}`, proposerActe(acte)),
    post('document.publier', `/documents/:document/${acte}`, agirSurDocument(acte)),
  ]),
  post('document.publier', '/documents/:document/remettre', remettreDocument),

  get('logement.consulter', '/logements', montrerLogements),
  ...FORMATS_EXPORT.map((format) =>
    sortir('logement.consulter', `/logements/export.${format}`, exporterLogements(format)),
  ),
  get('logement.demander', '/logements/demander', proposerLogement),
  post('logement.demander', '/logements/demander', demanderUnLogement),
  get('logement.consulter', '/logements/agences', montrerAgences),
  post('logement.consulter', '/logements/agences', tenirUneAgence),
  get('logement.consulter', '/logements/:demande', montrerLogement),
  post('logement.consulter', '/logements/:demande/acte', noterUnActe),
  post('logement.demander', '/logements/:demande/issue', cloreUnLogement),
  post('logement.demander', '/logements/:demande/relancer', relancerDesAgences),

  get('reseau.lire', '/reseaux', montrerReseaux),
  get('reseau.moderer', '/reseaux/nouveau', proposerReseau),
  post('reseau.moderer', '/reseaux/nouveau', tenirUnReseau),
  get('reseau.lire', '/reseaux/:reseau', montrerReseau),
  get('reseau.moderer', '/reseaux/:reseau/modifier', proposerReseau),
  post('reseau.moderer', '/reseaux/:reseau/modifier', tenirUnReseau),
  post('reseau.ecrire', '/reseaux/:reseau/echange', ouvrirUnEchange),
  get('reseau.lire', '/reseaux/echanges/:fil', montrerEchange),
  post('reseau.ecrire', '/reseaux/echanges/:fil', repondreUnEchange),
  post('reseau.moderer', '/reseaux/echanges/:fil/clore', cloreUnEchange),
  get('reseau.ecrire', RETRAIT, proposerRetraitReseau),
  post('reseau.ecrire', RETRAIT, retirerUnMessageReseau),
]
