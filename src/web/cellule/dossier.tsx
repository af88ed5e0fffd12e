import { aLeDroit } from '#acces'
import { listerConsultations } from '#commission'
import { formatInstant, pluriel } from '#socle/typography'
import { Actions, Bouton, Carte, Colonnes, EtatVide, ListeSobre, Pile } from '../composants/index.ts'
import { CadreDossier, ouvrirDossier } from '../espaces.tsx'
import { page, type Reponse, type Requete } from '../route.ts'
import { adresseConsultation, adresseDe, CarteCharte, ESPACE, EtatDeConsultation } from './commun.tsx'

/** GET /dossiers/:reference/cellule: the consultations of a dossier, and what the charter says of the cell. */
export async function montrerCellule(requete: Requete): Promise<Reponse> {
  const dossier = await ouvrirDossier(requete)
  const { consultations } = await listerConsultations(requete.session, { dossier: dossier.id })
  const ouvre = aLeDroit(requete.acteur, 'cellule.ouvrir') && dossier.clos_le === null
  return page(
    <CadreDossier
      requete={requete}
      dossier={dossier}
      espace={ESPACE}
      titre="Cellule technique"
      chapo="Une question urgente entre deux commissions. Sont montrées les consultations où votre organisme est nommé."
      large
    >
      <Colonnes genre="dossier">
        <Pile>
          {ouvre && (
            <Actions>
              <Bouton genre="principal" href={adresseDe(dossier, '/nouvelle')}>
                Consulter la cellule
              </Bouton>
            </Actions>
          )}
          {consultations.length === 0 ? (
            <EtatVide titre="Aucune consultation">
              {ouvre
                ? 'Consulter la cellule avant de signer un second protocole, pour un rappel d’aide en une fois, ou pour une situation complexe et urgente.'
                : 'Aucune consultation de ce dossier n’est adressée à votre organisme.'}
            </EtatVide>
          ) : (
            <Carte titre={pluriel(consultations.length, 'consultation', 'consultations')} id="consultations">
              <ListeSobre
                lignes={consultations.map((consultation) => ({
                  cle: consultation.id,
                  titre: (
                    <a href={adresseConsultation(dossier, consultation.id)}>{consultation.regles.objet.libelle}</a>
                  ),
                  note: `${consultation.organisme_nom}, ${formatInstant(consultation.ouverte_a)} ; ${pluriel(consultation.repondus, 'réponse', 'réponses')} sur ${consultation.attendus} ; répondre avant : ${formatInstant(consultation.echeance_a)}`,
                  droite: <EtatDeConsultation {...consultation} />,
                }))}
              />
            </Carte>
          )}
        </Pile>
        <CarteCharte requete={requete} />
      </Colonnes>
    </CadreDossier>,
  )
}
