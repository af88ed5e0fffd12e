import { CANAUX_COURRIER, listerRegistre, nommerModele } from '#courriers'
import { isUuid } from '#socle/text'
import { formatDate } from '#socle/typography'
import { lireJourSaisi } from '../accompagner/saisie.ts'
import { Cadre } from '../cadre.tsx'
import { Actions, Bouton, Etiquette, Pile, Tableau } from '../composants/index.ts'
import { page, type Reponse, type Requete } from '../route.ts'
import { adresseCourrier } from './libelles.ts'

/** GET /courriers/registre: what the organisme sent, when, by whom, by which channel, and what came back. */
export async function montrerRegistre(requete: Requete): Promise<Reponse> {
  const { session, recherche } = requete
  const le = lireJourSaisi(recherche.le ?? '')
  const { lignes, suite } = await listerRegistre(
    session,
    le && isUuid(recherche.apres ?? '') ? { le, id: recherche.apres ?? '' } : undefined,
  )
  return page(
    <Cadre
      requete={requete}
      titre="Registre des envois"
      courante="courriers"
      large
      chapo="Les courriers que votre organisme a envoyés, du plus récent au plus ancien. Les octets exacts de chacun sont gardés."
      fil={[{ libelle: 'Courriers', href: '/courriers' }, { libelle: 'Registre' }]}
    >
      <Pile>
        <Tableau
          legende="Courriers envoyés"
          largeur="moyen"
          lignes={lignes}
          cle={({ id }) => id}
          vide="Aucun courrier n’a encore été noté comme envoyé."
          colonnes={[
            {
              cle: 'nom',
              titre: 'Destinataire',
              principale: true,
              rendre: (ligne) => <a href={adresseCourrier(ligne)}>{ligne.nom}</a>,
            },
            {
              cle: 'modele',
              titre: 'Courrier',
              large: true,
              rendre: ({ modele }) => nommerModele(session, modele),
            },
            {
              cle: 'dossier',
              titre: 'Dossier',
              rendre: ({ reference }) => (reference === '' ? '' : <a href={`/dossiers/${reference}`}>{reference}</a>),
            },
            { cle: 'le', titre: 'Envoyé le', rendre: ({ envoye_le }) => formatDate(envoye_le) },
            {
              cle: 'canal',
              titre: 'Comment',
              rendre: ({ canal }) => (canal ? CANAUX_COURRIER[canal] : ''),
            },
            { cle: 'par', titre: 'Noté par', rendre: ({ auteur }) => auteur ?? '' },
            {
              cle: 'retour',
              titre: 'Retour',
              rendre: ({ revenu_le, renvoye }) =>
                revenu_le ? (
                  <Etiquette ton={renvoye ? 'neutre' : 'retard'}>
                    {`revenu le ${formatDate(revenu_le)}${renvoye ? ', renvoyé' : ''}`}
                  </Etiquette>
                ) : (
                  ''
                ),
            },
          ]}
        />
        {suite && (
          <Actions>
            <Bouton
              petit
              href={`/courriers/registre?${new URLSearchParams({ le: suite.envoye_le.toString(), apres: suite.id })}`}
            >
              Suivants
            </Bouton>
          </Actions>
        )}
      </Pile>
    </Cadre>,
  )
}
