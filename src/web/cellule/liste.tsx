import { aLeDroit } from '#acces'
import {
  aRegulariser,
  CONSULTATIONS_PAR_PAGE,
  type EtatConsultation,
  etatsConsultation,
  issuesConsultation,
  listerConsultations,
} from '#commission'
import { libelleTerritoire } from '#referentiel'
import { accorder, formatDate, formatInstant, formatNombre, pluriel } from '#socle/typography'
import { Cadre } from '../cadre.tsx'
import {
  Actions,
  Bouton,
  Carte,
  EtatVide,
  Etiquette,
  Filtres,
  ListeSobre,
  Message,
  Pagination,
  Pile,
  Selection,
  Tableau,
} from '../composants/index.ts'
import { page, type Reponse, type Requete } from '../route.ts'
import { adresseConsultation, EtatDeConsultation } from './commun.tsx'

const ETATS = Object.keys(etatsConsultation) as EtatConsultation[]

/** GET /cellule: the consultations where the reader's organisme is named, and the decisions that wait for the commission. */
export async function montrerListe(requete: Requete): Promise<Reponse> {
  const { session, acteur, recherche } = requete
  const etat = ETATS.find((un) => un === recherche.etat)
  const numero = Math.max(1, Math.trunc(Number(recherche.page)) || 1)
  const { consultations, total } = await listerConsultations(session, { etat, page: numero })
  const attendues = aLeDroit(acteur, 'cellule.conclure') ? await aRegulariser(session) : []
  const aRepondre = consultations.filter((une) => une.a_repondre).length
  const departement = session.referentiel.departements.get(session.dept)
  const nommer = (territoire: string | null): string =>
    departement ? libelleTerritoire(departement.territoires, territoire) : (territoire ?? '')
  const adresse = (n: number) => `/cellule?${new URLSearchParams({ ...(etat ? { etat } : {}), page: String(n) })}`
  const pages = Math.max(1, Math.ceil(total / CONSULTATIONS_PAR_PAGE))
  return page(
    <Cadre
      requete={requete}
      titre={
        aRepondre > 0
          ? `Cellule technique : ${pluriel(aRepondre, 'position attendue', 'positions attendues')}`
          : 'Cellule technique'
      }
      chapo="Les questions urgentes posées entre deux commissions, où votre organisme est nommé. Une consultation s’ouvre depuis un dossier."
      courante="cellule"
      large
    >
      <Pile>
        {attendues.length > 0 && (
          <Carte
            titre={`À régulariser en commission : ${pluriel(attendues.length, 'décision', 'décisions')}`}
            id="regulariser"
          >
            <Message ton="bientot">
              <p>
                Chaque décision de la cellule est provisoire tant que la commission suivante ne s’est pas prononcée.
              </p>
            </Message>
            <ListeSobre
              lignes={attendues.map((une) => ({
                cle: une.consultation,
                titre: (
                  <a href={`${adresseConsultation(une, une.consultation)}#regularisation`}>
                    {une.titulaire}, {une.objet.toLowerCase()}
                  </a>
                ),
                note: `${une.reference}, ${nommer(une.territoire)} ; ${issuesConsultation[une.issue].toLowerCase()} le ${formatDate(une.conclue_le)}`,
                droite:
                  une.seance_passee === null ? (
                    <Etiquette ton="bientot">
                      {une.jours === 0 ? 'Depuis aujourd’hui' : `Depuis ${pluriel(une.jours, 'jour', 'jours')}`}
                    </Etiquette>
                  ) : (
                    <Etiquette ton="retard">Oubliée à la séance du {formatDate(une.seance_passee)}</Etiquette>
                  ),
              }))}
            />
          </Carte>
        )}
        <Filtres
          action="/cellule"
          libelle="Filtrer les consultations"
          resultat={`${formatNombre(total)} ${accorder(total, 'consultation', 'consultations')}`}
          actifs={etat ? [{ libelle: etatsConsultation[etat], retirer: '/cellule' }] : []}
          toutRetirer="/cellule"
        >
          <Selection
            nom="etat"
            libelle="État"
            libre
            vide="Tous"
            valeur={etat}
            options={ETATS.map((valeur) => ({ valeur, libelle: etatsConsultation[valeur] }))}
          />
        </Filtres>
        {consultations.length === 0 ? (
          <EtatVide titre="Aucune consultation">
            {etat
              ? 'Rien ne répond à ce filtre : le retirer.'
              : 'Aucune consultation n’est adressée à votre organisme.'}
          </EtatVide>
        ) : (
          <Tableau
            legende="Consultations de la cellule technique"
            largeur="moyen"
            lignes={consultations}
            cle={({ id }) => id}
            colonnes={[
              {
                cle: 'menage',
                titre: 'Ménage',
                principale: true,
                rendre: (ligne) => (
                  <>
                    <a href={adresseConsultation(ligne, ligne.id)}>{ligne.titulaire}</a>
                    <small> {ligne.reference}</small>
                  </>
                ),
              },
              { cle: 'territoire', titre: 'Territoire', rendre: (ligne) => nommer(ligne.territoire) },
              { cle: 'objet', titre: 'Pourquoi', rendre: (ligne) => ligne.regles.objet.libelle },
              { cle: 'qui', titre: 'Consultée par', rendre: (ligne) => ligne.organisme_nom },
              {
                cle: 'reponses',
                titre: 'Réponses',
                rendre: (ligne) => `${formatNombre(ligne.repondus)} sur ${formatNombre(ligne.attendus)}`,
              },
              { cle: 'echeance', titre: 'Répondre avant', rendre: (ligne) => formatInstant(ligne.echeance_a) },
              { cle: 'etat', titre: 'État', rendre: (ligne) => <EtatDeConsultation {...ligne} /> },
            ]}
            apres={
              pages > 1 ? (
                <Pagination
                  libelle="Pages des consultations"
                  position={`Page ${numero} sur ${pages}`}
                  {...(numero > 1 ? { precedents: adresse(numero - 1) } : {})}
                  {...(numero < pages ? { suivants: adresse(numero + 1) } : {})}
                />
              ) : undefined
            }
          />
        )}
        {aLeDroit(acteur, 'cellule.mesurer') && (
          <Actions>
            <Bouton genre="tertiaire" href="/cellule/bilan">
              Bilan annuel de la cellule
            </Bouton>
          </Actions>
        )}
      </Pile>
    </Cadre>,
  )
}
