import type { Dossier } from '#dossiers'
import { listerRelaisPossibles, passerRelais, type RelaisPossible } from '#echanges'
import { formatDate } from '#socle/typography'
import { nommerDossier } from '../accompagner/menage.ts'
import { type Erreur, lireJourSaisi, messageDe, tenter } from '../accompagner/saisie.ts'
import { Cadre } from '../cadre.tsx'
import {
  Actions,
  Bouton,
  Carte,
  Champ,
  ChampDate,
  EtatVide,
  Etiquette,
  Formulaire,
  ListeSobre,
  Message,
  Pile,
  ResumeErreurs,
  Selection,
} from '../composants/index.ts'
import { champ, page, type Reponse, type Requete, redirection } from '../route.ts'
import { adresseDe, ariane, marqueEnvoi, ouvrirDossier, RAPPEL } from './commun.tsx'

interface Saisie {
  readonly destinataire: string
  readonly texte: string
  readonly avant: string
  readonly envoi: string
  readonly erreurs: readonly Erreur[]
}

const citer = ({ relais: { source } }: RelaisPossible): string =>
  [source.titre, source.reference].filter(Boolean).join(', ')

async function montrer(requete: Requete, dossier: Dossier, code: string, saisie: Saisie): Promise<Reponse> {
  const { session } = requete
  const possibles = await listerRelaisPossibles(session, dossier)
  const ouverts = possibles.filter(({ manque }) => manque === null)
  const choisi =
    ouverts.find(({ relais }) => relais.code === code) ??
    (code === '' && possibles.length === 1 ? ouverts[0] : undefined)
  const { erreurs } = saisie
  const action = adresseDe(dossier, '/relais')
  return page(
    <Cadre
      requete={requete}
      titre={`Passer le relais : ${nommerDossier(dossier)}`}
      chapo="Ce que la charte prévoit entre organismes, avec l’accord du ménage quand il le faut. Celui qui prend le relais accuse réception, puis dit ce qu’il a donné."
      courante="echanges"
      erreur={erreurs.length > 0}
      fil={ariane(dossier, 'Relais')}
    >
      <ResumeErreurs erreurs={erreurs} titre="Le relais n’est pas passé" />
      <Pile>
        {possibles.length === 0 ? (
          <EtatVide titre="Aucun relais">
            {dossier.clos_le === null
              ? 'La charte ne donne pas de relais à votre organisme. Une demande à un partenaire reste possible.'
              : 'Ce dossier est clos : personne n’y prend plus le relais.'}
          </EtatVide>
        ) : (
          <Carte titre="Quel relais">
            <ListeSobre
              lignes={possibles.map((un) => ({
                cle: un.relais.code,
                titre: un.relais.libelle,
                note: (
                  <>
                    {un.relais.quand}. {un.manque !== null && <b>{un.manque} </b>}
                    Source : {citer(un)}.
                    {un.accord !== null && un.manque !== null && (
                      <>
                        {' '}
                        <a href={`/dossiers/${dossier.reference}#accords`}>Accords du ménage</a>
                      </>
                    )}
                  </>
                ),
                droite:
                  un.manque !== null ? (
                    <Etiquette ton="bientot">pas encore</Etiquette>
                  ) : un.relais.code === choisi?.relais.code ? (
                    <Etiquette ton="tenu">Choisi</Etiquette>
                  ) : (
                    <Bouton
                      petit
                      href={`${action}?relais=${un.relais.code}`}
                      libelleLu={`Choisir : ${un.relais.libelle}`}
                    >
                      Choisir
                    </Bouton>
                  ),
              }))}
            />
          </Carte>
        )}
        {choisi && (
          <Carte titre={choisi.relais.libelle}>
            <Formulaire
              action={action}
              jeton={requete.connecte.jetonFormulaire}
              champs={{ envoi: saisie.envoi, relais: choisi.relais.code }}
              libelle="Passer le relais"
            >
              <div className="champs">
                <Selection
                  nom="destinataire"
                  libelle="À qui"
                  vide="Choisir un organisme"
                  valeur={saisie.destinataire || (choisi.vers.length === 1 ? choisi.vers[0]?.id : '')}
                  erreur={messageDe(erreurs, 'destinataire')}
                  options={choisi.vers.map(({ id, nom, engage }) => ({
                    valeur: id,
                    libelle: engage ? `${nom} (sur ce dossier)` : nom,
                  }))}
                />
                <ChampDate
                  nom="avant"
                  libelle="Réponse attendue avant le"
                  aide={`Proposé : ${choisi.relais.jours} jours.`}
                  min={session.jour}
                  valeur={saisie.avant || session.jour.add({ days: choisi.relais.jours }).toString()}
                  erreur={messageDe(erreurs, 'avant')}
                />
              </div>
              <Champ
                nom="texte"
                libelle="Ce que celui qui prend le relais doit savoir"
                lignes={4}
                longueurMax={2000}
                aide={RAPPEL}
                valeur={saisie.texte}
                erreur={messageDe(erreurs, 'texte')}
              />
              <Message ton="reserve">
                <p>
                  <b>Qui lira ceci ?</b> Votre organisme et celui qui prend le relais. S’il ne voyait pas ce dossier, il
                  le lira, dans les limites de son rôle, jusqu’à trois mois après la date ci-dessus.
                  {choisi.accord !== null && ` L’accord du ménage est noté : ${choisi.accord}.`}
                </p>
              </Message>
              <Actions>
                <Bouton genre="principal" icone="envoi">
                  Passer le relais
                </Bouton>
                <Bouton genre="tertiaire" href={adresseDe(dossier)}>
                  Revenir aux échanges
                </Bouton>
              </Actions>
            </Formulaire>
          </Carte>
        )}
      </Pile>
    </Cadre>,
    erreurs.length > 0 ? 422 : undefined,
  )
}

/** GET /dossiers/:reference/echanges/relais. */
export async function proposerRelais(requete: Requete): Promise<Reponse> {
  const dossier = await ouvrirDossier(requete)
  return montrer(requete, dossier, requete.recherche.relais ?? '', {
    destinataire: '',
    texte: '',
    avant: '',
    envoi: marqueEnvoi(),
    erreurs: [],
  })
}

const CHAMPS: Readonly<Record<string, string>> = {
  'demande.texte': 'texte',
  'demande.avant': 'avant',
  'participation.fin': 'avant',
}

/** POST /dossiers/:reference/echanges/relais (REP-21, REP-22). */
export async function passerUnRelais(requete: Requete): Promise<Reponse> {
  const { session } = requete
  const dossier = await ouvrirDossier(requete)
  const code = champ(requete, 'relais')
  const saisie = {
    destinataire: champ(requete, 'destinataire'),
    texte: champ(requete, 'texte'),
    avant: champ(requete, 'avant'),
    envoi: marqueEnvoi(champ(requete, 'envoi')),
  }
  const avant = lireJourSaisi(saisie.avant)
  if (avant === null)
    return montrer(requete, dossier, code, {
      ...saisie,
      erreurs: [{ nom: 'avant', message: 'Donner la date avant laquelle la réponse est attendue.' }],
    })
  let vers = ''
  const refusee = await tenter(
    session,
    'demande.envoyer',
    (quoi) => CHAMPS[quoi] ?? 'destinataire',
    async () => {
      vers = (await passerRelais(session, dossier, { ...saisie, avant, code })).demande
    },
  )
  if (refusee) return montrer(requete, dossier, code, { ...saisie, erreurs: [refusee] })
  return redirection(adresseDe(dossier, `/demandes/${vers}`), {
    texte: `Relais passé, réponse attendue avant le ${formatDate(avant)}.`,
  })
}
