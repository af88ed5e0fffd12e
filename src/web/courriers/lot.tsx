import { aLeDroit } from '#acces'
import {
  CANAUX_COURRIER,
  CANAUX_LETTRE,
  compterCourriels,
  defaireEnvoi,
  demanderCourriels,
  lireLot,
  lirePdfLot,
  listerEnvois,
  listerModifies,
  nommerModele,
  noterEnvoi,
} from '#courriers'
import { formatDate, formatInstant, formatNombre, pluriel } from '#socle/typography'
import { type Erreur, lireJourSaisi, messageDe, tenter } from '../accompagner/saisie.ts'
import { Cadre } from '../cadre.tsx'
import {
  Actions,
  Bouton,
  BoutonPost,
  Carte,
  ChampDate,
  Formulaire,
  ListeDefinition,
  Message,
  Pile,
  Progression,
  ResumeErreurs,
  Selection,
} from '../composants/index.ts'
import { sortir } from '../export.tsx'
import { champ, page, type Reponse, type Requete, redirection } from '../route.ts'
import { adresseLot, adresseModele } from './libelles.ts'

async function montrer(requete: Requete, erreurs: readonly Erreur[] = []): Promise<Reponse> {
  const { session, connecte } = requete
  const lot = await lireLot(session, requete.parametres.lot ?? '')
  const libelle = nommerModele(session, lot.modele)
  const enCours = lot.etat === 'en_cours'
  const { produits } = lot
  const courriels = await compterCourriels(session, lot.id)
  const envois = await listerEnvois(session, lot.id)
  const envoyer = aLeDroit(requete.acteur, 'courrier.envoyer')
  const modifies = await listerModifies(session, lot.id)
  const { ready: serveurRegle = false } = requete.application.acces?.courrier ?? {}
  return page(
    <Cadre
      requete={requete}
      titre={`Lot du ${formatInstant(lot.a)}`}
      courante="courriers"
      chapo={libelle}
      erreur={erreurs.length > 0}
      fil={[
        { libelle: 'Courriers', href: '/courriers' },
        { libelle, href: adresseModele(lot.modele) },
        { libelle: 'Lot' },
      ]}
      rafraichir={enCours ? 3 : undefined}
      actions={
        lot.etat === 'pret' && lot.empreinte !== null ? (
          <Bouton href={`${adresseLot(lot.id)}/lot.pdf`} fichier icone="impr" genre="principal">
            Télécharger le document à imprimer
          </Bouton>
        ) : undefined
      }
    >
      <Pile>
        <ResumeErreurs erreurs={erreurs} />
        {enCours && (
          <Progression
            titre="Production en cours"
            faites={lot.faits}
            total={lot.total}
            annonce={`${lot.faits} sur ${lot.total}`}
            texte="La page se met à jour seule. On peut la quitter : la production continue."
            comptes={[]}
          />
        )}
        <Carte titre="Le lot">
          <ListeDefinition
            lignes={[
              { terme: 'Courriers', valeur: formatNombre(produits), numerique: true },
              {
                terme: 'Écartés en route',
                valeur:
                  lot.ecartes > 0 ? (
                    <a href={adresseModele(lot.modele, 'ecarte')}>{formatNombre(lot.ecartes)}</a>
                  ) : null,
                note: 'leur dossier a changé d’étape ou s’est clos',
              },
              { terme: 'Ordre d’impression', valeur: 'code postal, puis nom' },
              {
                terme: 'Empreinte du document',
                valeur: lot.empreinte ? <code>{lot.empreinte.slice(0, 16)}</code> : null,
              },
            ]}
          />
        </Carte>
        {modifies.length > 0 && (
          <Message ton="bientot">
            <p>
              <b>
                {pluriel(modifies.length, 'courrier modifié', 'courriers modifiés')} dans un traitement de texte, à
                imprimer à part.
              </b>{' '}
              Ouvrir chacun pour télécharger son document.
            </p>
            <ul>
              {modifies.map(({ id, nom }) => (
                <li key={id}>
                  <a href={`/courriers/${id}`}>{nom}</a>
                </li>
              ))}
            </ul>
          </Message>
        )}
        {envois.map(({ le, canal, n, repris }) => (
          <Message
            key={`${le} ${canal}`}
            ton="tenu"
            action={
              envoyer &&
              repris > 0 && (
                <BoutonPost petit action={`${adresseLot(lot.id)}/defaire`} jeton={connecte.jetonFormulaire}>
                  Ce lot n’est pas parti
                </BoutonPost>
              )
            }
          >
            <p>
              <b>Envoyé le {formatDate(le)}</b>, {CANAUX_COURRIER[canal].toLowerCase()} :{' '}
              {pluriel(n, 'courrier', 'courriers')}.
            </p>
          </Message>
        ))}
        {lot.etat === 'pret' && lot.restants > courriels.aEnvoyer && envoyer && (
          <Carte titre="Dire que le lot est parti">
            <Formulaire
              action={`${adresseLot(lot.id)}/envoyer`}
              jeton={connecte.jetonFormulaire}
              libelle="Envoi du lot"
            >
              <ChampDate
                nom="le"
                libelle="Envoyé le"
                valeur={session.jour}
                max={session.jour}
                erreur={messageDe(erreurs, 'le')}
              />
              <Selection
                nom="canal"
                libelle="Comment"
                options={CANAUX_LETTRE.map((valeur) => ({
                  valeur,
                  libelle: CANAUX_COURRIER[valeur],
                }))}
              />
              <Actions>
                <Bouton genre="principal">Noter l’envoi</Bouton>
              </Actions>
            </Formulaire>
          </Carte>
        )}
        {lot.etat === 'pret' && courriels.aEnvoyer > 0 && envoyer && (
          <Carte titre="Par courriel">
            <p>
              {pluriel(courriels.aEnvoyer, 'courrier part', 'courriers partent')} par courriel, avec l’accord du ménage.
              Ils ne sont pas dans le document à imprimer.
            </p>
            {serveurRegle ? (
              <BoutonPost
                action={`${adresseLot(lot.id)}/courriels`}
                jeton={connecte.jetonFormulaire}
                genre="principal"
                icone="envoi"
              >
                Envoyer les courriels
              </BoutonPost>
            ) : (
              <Message ton="bientot">
                <p>Aucun serveur de courriel n’est réglé : remettre ces courriers sur papier, un par un.</p>
              </Message>
            )}
          </Carte>
        )}
        {courriels.envoyes + courriels.revenus > 0 && (
          <Message ton={courriels.revenus > 0 ? 'bientot' : 'tenu'}>
            <p>
              {pluriel(courriels.envoyes, 'courrier parti', 'courriers partis')} par courriel
              {courriels.revenus > 0 && (
                <>
                  {' '}
                  ; <a href={adresseModele(lot.modele, 'revenu')}>{pluriel(courriels.revenus, 'refusé', 'refusés')}</a>{' '}
                  par le serveur du destinataire, à renvoyer sur papier
                </>
              )}
              .
            </p>
          </Message>
        )}
        {courriels.papier > 0 && (
          <Message ton="bientot">
            <p>
              {pluriel(courriels.papier, 'courrier remis', 'courriers remis')} sur papier : le courriel n’a pas pu
              partir. Le document à imprimer est refait avec.
            </p>
          </Message>
        )}
        <Message ton="neutre">
          <p>
            Les octets exacts de chaque courrier sont gardés. Noter l’envoi l’inscrit à la chronologie de chaque
            dossier.
          </p>
        </Message>
      </Pile>
    </Cadre>,
    erreurs.length > 0 ? 422 : undefined,
  )
}

/** GET /courriers/lots/:lot */
export const montrerLot = (requete: Requete): Promise<Reponse> => montrer(requete)

/** POST /courriers/lots/:lot/envoyer */
export async function envoyerLot(requete: Requete): Promise<Reponse> {
  const { session } = requete
  const id = requete.parametres.lot ?? ''
  const le = lireJourSaisi(champ(requete, 'le'))
  if (le === null) return montrer(requete, [{ nom: 'le', message: 'Écrire la date d’envoi.' }])
  const canal = champ(requete, 'canal') === 'main_propre' ? 'main_propre' : 'courrier'
  let partis = 0
  const erreur = await tenter(
    session,
    'courriers.envoyer',
    () => 'le',
    async () => {
      partis = await noterEnvoi(session, id, { le, canal })
    },
  )
  if (erreur) return montrer(requete, [erreur])
  return redirection(adresseLot(id), {
    texte:
      partis === 0
        ? 'Ce lot était déjà noté comme envoyé.'
        : `${pluriel(partis, 'courrier noté envoyé', 'courriers notés envoyés')}.`,
    ton: 'tenu',
    ...(partis === 0 ? {} : { defaire: { action: `${adresseLot(id)}/defaire`, libelle: 'Ce lot n’est pas parti' } }),
  })
}

/** POST /courriers/lots/:lot/courriels: the queue sends them, one by one. */
export async function envoyerLesCourriels(requete: Requete): Promise<Reponse> {
  const id = requete.parametres.lot ?? ''
  const demandes = await demanderCourriels(requete.session, id)
  return redirection(adresseLot(id), {
    texte:
      demandes === 0
        ? 'Aucun courriel à envoyer.'
        : `${pluriel(demandes, 'courriel part', 'courriels partent')} dans les minutes qui viennent.`,
    ton: 'tenu',
  })
}

/** POST /courriers/lots/:lot/defaire */
export async function defaireUnEnvoi(requete: Requete): Promise<Reponse> {
  const id = requete.parametres.lot ?? ''
  const repris = await defaireEnvoi(requete.session, id)
  return redirection(adresseLot(id), {
    texte: `${pluriel(repris, 'courrier remis', 'courriers remis')} à envoyer.`,
    ton: 'tenu',
  })
}

/** GET /courriers/lots/:lot/lot.pdf */
export async function telechargerLot(requete: Requete): Promise<Reponse> {
  const { octets, dossiers, lot } = await lirePdfLot(requete.session, requete.parametres.lot ?? '')
  return sortir(requete, {
    nombre: lot.produits,
    filtre: `courriers du lot ${lot.id}`,
    construire: async () => {
      requete.session.consigner({ action: 'courriers.imprimer', objet: 'lot_courrier', objetId: lot.id, dossiers })
      return { nom: `courriers-${lot.modele}-${lot.id.slice(0, 8)}.pdf`, type: 'application/pdf', octets }
    },
  })
}
