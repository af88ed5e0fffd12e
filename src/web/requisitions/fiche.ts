import { imprimerFiche, lireRequisition } from '#requisitions'
import { ouvrirDossier } from '../espaces.tsx'
import type { Reponse, Requete } from '../route.ts'
import { identifiant } from './commun.tsx'

/** GET /dossiers/:reference/force-publique/:requisition/fiche.pdf (RFP-28). */
export async function telechargerFiche(requete: Requete): Promise<Reponse> {
  const { session } = requete
  const dossier = await ouvrirDossier(requete)
  const requisition = await lireRequisition(session, dossier.id, identifiant(requete, 'requisition'))
  return {
    genre: 'fichier',
    nom: `jour-j-${dossier.reference}.pdf`,
    type: 'application/pdf',
    octets: await imprimerFiche(session, dossier, requisition),
  }
}
