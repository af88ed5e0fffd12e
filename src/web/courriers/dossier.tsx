import { ETATS_COURRIER, listerCourriersDuDossier, nommerModele } from '#courriers'
import { formatDate } from '#socle/typography'
import { EtatVide, Etiquette, Tableau } from '../composants/index.ts'
import { CadreDossier, ouvrirDossier } from '../espaces.tsx'
import { page, type Reponse, type Requete } from '../route.ts'
import { adresseCourrier, TONS_COURRIER } from './libelles.ts'

/** GET /dossiers/:reference/courriers */
export async function montrerCourriersDuDossier(requete: Requete): Promise<Reponse> {
  const dossier = await ouvrirDossier(requete)
  const courriers = await listerCourriersDuDossier(requete.session, dossier.id)
  return page(
    <CadreDossier requete={requete} dossier={dossier} espace="courriers" titre="Courriers">
      {courriers.length === 0 ? (
        <EtatVide titre="Aucun courrier pour ce dossier">
          Un courrier est proposé quand le dossier entre dans une étape qui en prévoit un.
        </EtatVide>
      ) : (
        <Tableau
          legende="Courriers de ce dossier"
          largeur="moyen"
          lignes={courriers}
          cle={({ id }) => id}
          colonnes={[
            {
              cle: 'modele',
              titre: 'Courrier',
              principale: true,
              rendre: (courrier) => (
                <a href={adresseCourrier(courrier)}>{nommerModele(requete.session, courrier.modele)}</a>
              ),
            },
            { cle: 'nom', titre: 'Destinataire', rendre: ({ nom }) => nom },
            {
              cle: 'etat',
              titre: 'État',
              rendre: ({ etat }) => <Etiquette ton={TONS_COURRIER[etat]}>{ETATS_COURRIER[etat]}</Etiquette>,
            },
            {
              cle: 'suite',
              titre: 'Suite',
              rendre: ({ envoye_le, revenu_le, motif }) =>
                revenu_le
                  ? `revenu le ${formatDate(revenu_le)}`
                  : envoye_le
                    ? `envoyé le ${formatDate(envoye_le)}`
                    : (motif ?? ''),
            },
          ]}
        />
      )}
    </CadreDossier>,
  )
}
