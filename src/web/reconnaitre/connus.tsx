import type { ReactElement } from 'react'
import type { Dossier } from '#dossiers'
import { listerDestinataires, noter } from '#notifications'
import {
  type Connaissance,
  demandeAuStade,
  demanderConnaissance,
  listerDemandesConnaissance,
  REPONSES_CONNAISSANCE,
  repondreConnaissance,
} from '#rapprochement'
import { formatDate, formatInstant, pluriel } from '#socle/typography'
import { etapeCourte } from '../accompagner/libelles.ts'
import { Cadre } from '../cadre.tsx'
import { Bouton, BoutonPost, Carte, EtatVide, Formulaire, ListeSobre, Selection, Tableau } from '../composants/index.ts'
import { ouvrirDossier } from '../espaces.tsx'
import { avecToutLeDepartement } from '../perimetre.ts'
import { champ, page, type Reponse, type Requete, redirection } from '../route.ts'

const OPTIONS = Object.entries(REPONSES_CONNAISSANCE).map(([valeur, libelle]) => ({ valeur, libelle }))

/** GET /connus: the households a service is asked about, with its own answers only (RAP-06). */
export async function montrerConnus(requete: Requete): Promise<Reponse> {
  const demandes = await avecToutLeDepartement(requete, 'connaissance.repondre', listerDemandesConnaissance)
  const attendues = demandes.filter(({ reponse }) => reponse === null).length
  return page(
    <Cadre
      requete={requete}
      titre={
        attendues === 0
          ? 'Aucune réponse attendue'
          : pluriel(attendues, 'ménage à reconnaître', 'ménages à reconnaître')
      }
      courante="connus"
      large
      chapo="Votre service dit, seul, s’il connaît ces ménages. Il ne voit pas la réponse des autres, et les autres ne voient pas la sienne."
      fil={[{ libelle: 'Connus ou non' }]}
    >
      {demandes.length === 0 ? (
        <EtatVide titre="Rien n’est demandé à votre service">
          Le secrétariat demande ici si un ménage est connu, au commandement de payer, à l’assignation et au
          commandement de quitter les lieux.
        </EtatVide>
      ) : (
        <Tableau
          legende="Ménages sur lesquels votre service est interrogé"
          largeur="moyen"
          lignes={demandes}
          cle={({ id }) => id}
          colonnes={[
            {
              cle: 'menage',
              titre: 'Ménage',
              principale: true,
              rendre: ({ titulaire, naissance }) => (
                <>
                  {titulaire}
                  {naissance !== null && <small>né(e) le {formatDate(naissance)}</small>}
                </>
              ),
            },
            {
              cle: 'adresse',
              titre: 'Logement',
              large: true,
              rendre: ({ adresse, commune }) => `${adresse}, ${commune}`,
            },
            { cle: 'stade', titre: 'Étape', rendre: ({ stade }) => etapeCourte(stade) },
            {
              cle: 'reponse',
              titre: 'Votre réponse',
              rendre: ({ id, reponse, titulaire }) => (
                <Formulaire action={`/connus/${id}`} jeton={requete.connecte.jetonFormulaire}>
                  <Selection
                    nom="reponse"
                    id={`reponse-${id}`}
                    libelle={`Réponse pour ${titulaire}`}
                    libelleMuet
                    libre
                    vide="À dire"
                    valeur={reponse ?? ''}
                    options={OPTIONS}
                  />
                  <Bouton petit>
                    {reponse === null ? 'Répondre' : 'Corriger'}
                    <span className="sr"> pour {titulaire}</span>
                  </Bouton>
                </Formulaire>
              ),
            },
          ]}
        />
      )}
    </Cadre>,
  )
}

/** POST /connus/:demande. */
export async function direConnu(requete: Requete): Promise<Reponse> {
  await avecToutLeDepartement(requete, 'connaissance.repondre', (large) =>
    repondreConnaissance(large, requete.parametres.demande ?? '', champ(requete, 'reponse')),
  )
  return redirection('/connus', { texte: 'Réponse enregistrée. Seul le secrétariat la lit.' })
}

/** POST /dossiers/:reference/procedure/connu: asks the services of the place. */
export async function demanderSiConnu(requete: Requete): Promise<Reponse> {
  const { session } = requete
  const dossier = await ouvrirDossier(requete)
  const demandes = await demanderConnaissance(session, dossier)
  const destinataires = await listerDestinataires(
    session,
    demandes.map(({ organisme }) => organisme),
    'connaissance.repondre',
  )
  await noter(
    session,
    demandes.map(({ organisme, objet }) => ({
      genre: 'connaissance' as const,
      destinataires: destinataires.filter((un) => un.organisme === organisme),
      dossier: dossier.id,
      objet,
    })),
  )
  return redirection(`/dossiers/${dossier.reference}/procedure#connu`, {
    texte:
      demandes.length === 0
        ? 'La question est déjà posée à cette étape.'
        : `La question est posée à ${pluriel(demandes.length, 'service', 'services')}.`,
  })
}

/** Who knows the household, for who asks. */
export function CarteConnu({
  requete,
  dossier,
  connaissances,
  peut,
}: {
  requete: Requete
  dossier: Dossier
  connaissances: readonly Connaissance[]
  peut: boolean
}): ReactElement | null {
  if (connaissances.length === 0 && !demandeAuStade(dossier)) return null
  const pose = connaissances.some(({ stade }) => stade === dossier.stade)
  return (
    <Carte titre="Qui connaît ce ménage" id="connu">
      {connaissances.length === 0 ? (
        <p>La question n’est pas encore posée.</p>
      ) : (
        <ListeSobre
          lignes={connaissances.map(({ organisme_nom, stade, a, reponse, repondu_a }) => ({
            cle: `${organisme_nom} ${stade}`,
            titre: organisme_nom,
            note: `${etapeCourte(stade)}, ${repondu_a === null ? `demandé le ${formatInstant(a)}` : `répondu le ${formatInstant(repondu_a)}`}`,
            droite: <span className="note">{reponse === null ? 'Attendue' : REPONSES_CONNAISSANCE[reponse]}</span>,
          }))}
        />
      )}
      {peut && !pose && demandeAuStade(dossier) && (
        <BoutonPost
          petit
          action={`/dossiers/${dossier.reference}/procedure/connu`}
          jeton={requete.connecte.jetonFormulaire}
        >
          Demander aux services
        </BoutonPost>
      )}
    </Carte>
  )
}
