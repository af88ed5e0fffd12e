import { randomUUID } from 'node:crypto'
import { aLeDroit } from '#acces'
import { lireOrientation } from '#commission'
import {
  demanderCourrier,
  ETATS_COURRIER,
  lireModele,
  listerCourriersAChoisir,
  listerCourriersDuDossier,
  nommerModele,
  saisiesDe,
} from '#courriers'
import type { Dossier } from '#dossiers'
import { STADES_REGLES } from '#referentiel'
import { isUuid } from '#socle/text'
import { formatDate } from '#socle/typography'
import { type Erreur, messageDe, tenter } from '../accompagner/saisie.ts'
import {
  Actions,
  Bouton,
  Carte,
  EtatVide,
  Etiquette,
  Formulaire,
  Pile,
  ResumeErreurs,
  Selection,
  Tableau,
} from '../composants/index.ts'
import { CadreDossier, ouvrirDossier } from '../espaces.tsx'
import { champ, page, type Reponse, type Requete, redirection } from '../route.ts'
import { adresseCourrier, TONS_COURRIER, trierModeles } from './libelles.ts'

/** GET /dossiers/:reference/courriers */
export async function montrerCourriersDuDossier(requete: Requete): Promise<Reponse> {
  return montrer(requete, await ouvrirDossier(requete))
}

async function montrer(requete: Requete, dossier: Dossier, erreurs: readonly Erreur[] = []): Promise<Reponse> {
  const { session, acteur } = requete
  const courriers = await listerCourriersDuDossier(session, dossier.id)
  const choix = aLeDroit(acteur, 'courrier.envoyer')
    ? trierModeles(await listerCourriersAChoisir(session, dossier), STADES_REGLES)
    : []
  return page(
    <CadreDossier requete={requete} dossier={dossier} espace="courriers" titre="Courriers">
      <Pile>
        <ResumeErreurs erreurs={erreurs} />
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
        {choix.length > 0 && (
          <Carte titre="Écrire un courrier">
            <Formulaire
              action={`/dossiers/${dossier.reference}/courriers`}
              jeton={requete.connecte.jetonFormulaire}
              libelle="Écrire un courrier"
              champs={{ demande: randomUUID() }}
            >
              <Selection
                nom="modele"
                libelle="Courrier"
                aide="Ceux de votre organisme pour cette étape. Il sera à relire avant de partir."
                vide="Choisir"
                options={choix.map(({ code, libelle }) => ({ valeur: code, libelle }))}
                erreur={messageDe(erreurs, 'modele')}
              />
              <Actions>
                <Bouton genre="principal">Préparer ce courrier</Bouton>
              </Actions>
            </Formulaire>
          </Carte>
        )}
      </Pile>
    </CadreDossier>,
    erreurs.length > 0 ? 422 : undefined,
  )
}

/** POST /dossiers/:reference/courriers: prepares the letter chosen. What the commission said is filled in, for a person to re-read. */
export async function choisirUnCourrier(requete: Requete): Promise<Reponse> {
  const { session } = requete
  const dossier = await ouvrirDossier(requete)
  const [modele, demande] = [champ(requete, 'modele'), champ(requete, 'demande')]
  if (modele === '' || !isUuid(demande))
    return montrer(requete, dossier, [{ nom: 'modele', message: 'Choisir le courrier à écrire.' }])
  const deLaCommission = saisiesDe(lireModele(session, modele)).some((nom) => nom.startsWith('commission.'))
  const precisions =
    deLaCommission && aLeDroit(requete.acteur, 'avis.consulter') ? await lireOrientation(session, dossier.id) : {}
  let id = ''
  const erreur = await tenter(
    session,
    'courrier.demander',
    () => 'modele',
    async () => {
      id = await demanderCourrier(session, dossier, modele, { demande, precisions })
    },
  )
  if (erreur) return montrer(requete, dossier, [erreur])
  return redirection(`/courriers/${id}`, { texte: 'Courrier préparé : le relire avant de le produire.' })
}
