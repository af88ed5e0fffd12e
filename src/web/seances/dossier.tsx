import type { ReactElement } from 'react'
import { listerSuites, peutRepondre, type Suite } from '#commission'
import { formatDate, pluriel } from '#socle/typography'
import { Bouton, Carte, EtatVide, Pagination, Pile, Tableau } from '../composants/index.ts'
import { adresseDossier, CadreDossier, ouvrirDossier } from '../espaces.tsx'
import { page, type Reponse, type Requete } from '../route.ts'
import { CartePosition, lirePositionDuDossier } from './position.tsx'
import { EtatSuite, ecrireQuoi } from './suites.tsx'

const PAR_PAGE = 20

function Avis({ requete, suites }: { requete: Requete; suites: readonly Suite[] }): ReactElement {
  const { session } = requete
  return (
    <Tableau
      legende="Avis et recommandations sur ce dossier"
      largeur="moyen"
      lignes={suites}
      cle={({ id }) => id}
      colonnes={[
        {
          cle: 'quoi',
          titre: 'Avis ou recommandation',
          principale: true,
          rendre: (suite) =>
            // Read one by one by whoever it is addressed to, and by whoever follows the returns.
            peutRepondre(session, suite) || suite.organisme === requete.acteur.organisme ? (
              <a href={`/suites/${suite.id}`}>{ecrireQuoi(requete, suite)}</a>
            ) : (
              ecrireQuoi(requete, suite)
            ),
        },
        { cle: 'qui', titre: 'Destinataire', rendre: (suite) => suite.organisme_nom ?? suite.destinataire },
        {
          cle: 'seance',
          titre: 'Séance',
          rendre: ({ seance_le, commission }) => `${formatDate(seance_le)}, ${commission}`,
        },
        { cle: 'etat', titre: 'Retour', rendre: (suite) => <EtatSuite suite={suite} jour={session.jour} /> },
        {
          cle: 'agir',
          titre: 'Agir',
          rendre: (suite) =>
            peutRepondre(session, suite) && suite.etat === 'attendu' ? (
              <Bouton petit href={`/suites/${suite.id}`} libelleLu={`Donner le retour : ${ecrireQuoi(requete, suite)}`}>
                Donner le retour
              </Bouton>
            ) : (
              ''
            ),
        },
      ]}
    />
  )
}

/** GET /dossiers/:reference/commission: what the commission said of this dossier, to whom, and what came of it (COM-15, COM-16). */
export async function montrerCommissionDuDossier(requete: Requete): Promise<Reponse> {
  const dossier = await ouvrirDossier(requete)
  const numero = Math.max(1, Math.trunc(Number(requete.recherche.page)) || 1)
  const { suites, total } = await listerSuites(
    requete.session,
    { vue: 'dossier', dossier: dossier.id },
    { page: numero, limite: PAR_PAGE },
  )
  const position = await lirePositionDuDossier(requete, dossier)
  const pages = Math.ceil(total / PAR_PAGE)
  const vers = (autre: number) => `${adresseDossier(dossier)}/commission?page=${autre}`
  return page(
    <CadreDossier
      requete={requete}
      dossier={dossier}
      espace="commission"
      titre="Ce que la commission a dit"
      chapo={`${pluriel(total, 'avis ou recommandation notifié', 'avis et recommandations notifiés')}. L’expertise sur le concours n’est lue que par l’État et le secrétariat.`}
      large
    >
      <Pile>
        <CartePosition requete={requete} dossier={dossier} lue={position} />
        <Carte titre="Avis et recommandations" id="avis">
          {total === 0 ? (
            <EtatVide titre="Rien n’a encore été notifié" niveau={3}>
              Un avis paraît ici quand le relevé de la séance est approuvé par les deux coprésidents.
            </EtatVide>
          ) : (
            <Avis requete={requete} suites={suites} />
          )}
          {pages > 1 && (
            <Pagination
              libelle="Pages des avis"
              position={`Page ${numero} sur ${pages}`}
              {...(numero > 1 ? { precedents: vers(numero - 1) } : {})}
              {...(numero < pages ? { suivants: vers(numero + 1) } : {})}
            />
          )}
        </Carte>
      </Pile>
    </CadreDossier>,
  )
}
