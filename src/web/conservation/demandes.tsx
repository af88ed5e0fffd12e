import { randomUUID } from 'node:crypto'
import {
  CANAUX_DEMANDE,
  type DemandeMenage,
  DROITS_MENAGE,
  LONGUEUR_DEMANDE,
  listerDemandesMenage,
  noterDemandeMenage,
  REPONSES_DEMANDE,
  repondreDemandeMenage,
} from '#conservation'
import { type Dossier, lireDossier } from '#dossiers'
import { formatDate } from '#socle/typography'
import { type Erreur, lireJourSaisi, messageDe, tenter } from '../accompagner/saisie.ts'
import { Cadre } from '../cadre.tsx'
import {
  Actions,
  Bouton,
  BoutonsRadio,
  Carte,
  Champ,
  ChampDate,
  Formulaire,
  ListeDefinition,
  Message,
  Pile,
  ResumeErreurs,
  Selection,
} from '../composants/index.ts'
import { fil } from '../partage/libelles.ts'
import { champ, page, type Reponse, type Requete, redirection } from '../route.ts'

interface Saisie {
  readonly droit: string
  readonly canal: string
  readonly recue_le: string
  readonly objet: string
  readonly envoi: string
}
/** An answer refused, with what was typed. */
interface ReponseSaisie {
  readonly demande: string
  readonly reponse: string
  readonly texte: string
}
const options = (codes: Readonly<Record<string, string>>) =>
  Object.entries(codes).map(([valeur, libelle]) => ({ valeur, libelle }))
const adresse = ({ reference }: Pick<Dossier, 'reference'>) => `/dossiers/${reference}/demandes-menage`

async function montrer(
  requete: Requete,
  dossier: Dossier,
  { saisie, reponse, erreurs = [] }: { saisie?: Saisie; reponse?: ReponseSaisie; erreurs?: readonly Erreur[] } = {},
): Promise<Reponse> {
  const { session, connecte } = requete
  const demandes = await listerDemandesMenage(session, dossier.id)
  session.consigner({ action: 'demandes_menage.lister', objet: 'dossier', objetId: dossier.id, dossiers: [dossier.id] })
  const { jetonFormulaire: jeton } = connecte
  const montrerUne = (demande: DemandeMenage) => {
    const sienne = reponse?.demande === demande.id ? reponse : undefined
    return (
      <Carte titre={`${DROITS_MENAGE[demande.droit]}, demande du ${formatDate(demande.recue_le)}`} key={demande.id}>
        <ListeDefinition
          lignes={[
            { terme: 'Demandé', valeur: demande.objet, note: CANAUX_DEMANDE[demande.canal] },
            { terme: 'Notée par', valeur: demande.organisme_nom },
            {
              terme: 'Réponse',
              valeur:
                demande.reponse !== null && demande.repondue_le !== null
                  ? `${REPONSES_DEMANDE[demande.reponse]} le ${formatDate(demande.repondue_le)}`
                  : `due le ${formatDate(demande.repondre_avant)} au plus tard`,
              note: demande.reponse_texte || undefined,
            },
          ]}
        />
        {demande.reponse === null && (
          <Formulaire action={`${adresse(dossier)}/${demande.id}`} jeton={jeton}>
            <BoutonsRadio
              nom={`reponse`}
              libelle="Réponse"
              valeur={sienne?.reponse ?? ''}
              erreur={sienne && messageDe(erreurs, 'reponse')}
              options={options(REPONSES_DEMANDE)}
            />
            <Champ
              nom="texte"
              libelle="Ce qui est répondu au ménage"
              lignes={3}
              longueurMax={LONGUEUR_DEMANDE}
              aide="Ce qui a été corrigé et dans quel fichier, ou pourquoi cela ne l’est pas."
              valeur={sienne?.texte ?? ''}
              erreur={sienne && messageDe(erreurs, 'texte')}
            />
            <Actions>
              <Bouton genre="principal">Enregistrer la réponse</Bouton>
            </Actions>
          </Formulaire>
        )}
      </Carte>
    )
  }
  return page(
    <Cadre
      requete={requete}
      courante="accompagner"
      titre="Ce que le ménage demande sur ses données"
      chapo="Rectification, accès, effacement, opposition : la demande, la réponse et leur trace. Réponse due dans le mois."
      erreur={erreurs.length > 0}
      fil={fil(dossier, 'Demandes du ménage')}
    >
      <ResumeErreurs erreurs={erreurs} titre="Rien n’a été enregistré" />
      <Pile>
        {demandes.map(montrerUne)}
        <Carte titre="Noter une demande">
          <Formulaire action={adresse(dossier)} jeton={jeton} champs={{ envoi: saisie?.envoi || randomUUID() }}>
            <Selection
              nom="droit"
              libelle="Ce que le ménage demande"
              vide="Choisir"
              valeur={saisie?.droit ?? ''}
              erreur={reponse ? undefined : messageDe(erreurs, 'droit')}
              options={options(DROITS_MENAGE)}
            />
            <Selection
              nom="canal"
              libelle="Comment"
              vide="Choisir"
              valeur={saisie?.canal ?? ''}
              erreur={reponse ? undefined : messageDe(erreurs, 'canal')}
              options={options(CANAUX_DEMANDE)}
            />
            <ChampDate
              nom="recue_le"
              libelle="Demande reçue le"
              max={session.jour}
              valeur={saisie?.recue_le ?? ''}
              erreur={reponse ? undefined : messageDe(erreurs, 'recue_le')}
            />
            <Champ
              nom="objet"
              libelle="La donnée, et ce qu’elle devrait être"
              lignes={3}
              longueurMax={LONGUEUR_DEMANDE}
              valeur={saisie?.objet ?? ''}
              erreur={reponse ? undefined : messageDe(erreurs, 'objet')}
            />
            <Message>
              <p>
                Une donnée d’Amont vient d’un fichier reçu ou d’un acte saisi : corriger la ligne du fichier, ou l’acte.
                La correction refait le dossier, et l’ancienne valeur reste dans l’histoire. Tant que la demande attend,
                rien du dossier ne s’efface.
              </p>
            </Message>
            <Actions>
              <Bouton genre="principal">Noter la demande</Bouton>
              <Bouton genre="secondaire" href={`/dossiers/${dossier.reference}/droit-acces`}>
                Remettre son dossier au ménage
              </Bouton>
              <Bouton genre="tertiaire" href={`/dossiers/${dossier.reference}`}>
                Revenir au dossier
              </Bouton>
            </Actions>
          </Formulaire>
        </Carte>
      </Pile>
    </Cadre>,
    erreurs.length > 0 ? 422 : undefined,
  )
}

const ouvrir = ({ session, parametres }: Requete): Promise<Dossier> => lireDossier(session, parametres.reference ?? '')

/** GET /dossiers/:reference/demandes-menage (ACC-14). */
export async function montrerDemandesMenage(requete: Requete): Promise<Reponse> {
  return montrer(requete, await ouvrir(requete))
}

/** POST /dossiers/:reference/demandes-menage. */
export async function noterUneDemande(requete: Requete): Promise<Reponse> {
  const { session } = requete
  const dossier = await ouvrir(requete)
  const saisie = {
    droit: champ(requete, 'droit'),
    canal: champ(requete, 'canal'),
    recue_le: champ(requete, 'recue_le'),
    objet: champ(requete, 'objet'),
    envoi: /^[0-9a-f-]{36}$/.test(champ(requete, 'envoi')) ? champ(requete, 'envoi') : randomUUID(),
  }
  const erreur = await tenter(
    session,
    'demande_menage.noter',
    (code) => code.replace('demande-menage.', '').replace('-', '_'),
    () => noterDemandeMenage(session, { ...saisie, dossier: dossier.id, recueLe: lireJourSaisi(saisie.recue_le) }),
  )
  if (erreur) return montrer(requete, dossier, { saisie, erreurs: [erreur] })
  return redirection(adresse(dossier), { texte: 'Demande notée. La réponse au ménage est due dans le mois.' })
}

/** POST /dossiers/:reference/demandes-menage/:demande. */
export async function repondreAUneDemande(requete: Requete): Promise<Reponse> {
  const { session, parametres } = requete
  const dossier = await ouvrir(requete)
  const reponse = {
    demande: parametres.demande ?? '',
    reponse: champ(requete, 'reponse'),
    texte: champ(requete, 'texte'),
  }
  const erreur = await tenter(
    session,
    'demande_menage.repondre',
    (code) => code.replace('demande-menage.', ''),
    () => repondreDemandeMenage(session, { ...reponse, dossier: dossier.id }),
  )
  if (erreur) return montrer(requete, dossier, { reponse, erreurs: [erreur] })
  return redirection(adresse(dossier), { texte: 'Réponse enregistrée.' })
}
