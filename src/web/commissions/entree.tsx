import { aLeDroit } from '#acces'
import { formatDate } from '#socle/typography'
import { Cadre } from '../cadre.tsx'
import { page, type Reponse, type Requete } from '../route.ts'
import { adresseCommission, COMMISSIONS, direQuand, EtatDeSeance } from './commun.tsx'
import { montrerOrdreDuMembre } from './membre.tsx'
import { laSeance, montrerPreparation } from './seance.tsx'

/** GET /seances/:seance: the preparation for the secretariat, the agenda sent for a member, the date for anybody else. */
export async function montrerSeance(requete: Requete): Promise<Reponse> {
  const { acteur } = requete
  if (aLeDroit(acteur, 'seance.preparer')) return montrerPreparation(requete, null)
  const seance = await laSeance(requete)
  if (aLeDroit(acteur, 'seance.participer')) return montrerOrdreDuMembre(requete, seance)
  requete.session.consigner({ action: 'seances.lister', objet: 'seance', objetId: seance.id })
  return page(
    <Cadre
      requete={requete}
      titre={`Séance du ${direQuand(seance)}`}
      chapo={`${seance.commission_nom}${seance.lieu ? `, ${seance.lieu}` : ''}.`}
      courante="reunir"
      fil={[
        { libelle: 'Commissions', href: COMMISSIONS },
        { libelle: seance.commission_nom, href: adresseCommission(seance.commission) },
        { libelle: `Séance du ${formatDate(seance.le)}` },
      ]}
    >
      <EtatDeSeance seance={seance} />
    </Cadre>,
  )
}
