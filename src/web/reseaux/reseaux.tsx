import type { ReactElement } from 'react'
import { aLeDroit } from '#acces'
import {
  cloreFilReseau,
  LONGUEURS_RESEAU,
  lireFilReseau,
  lireReseau,
  listerFilsReseau,
  listerMembresPossibles,
  listerReseaux,
  type MessageReseau,
  ouvrirFilReseau,
  peutEcrireReseau,
  type Reseau,
  repondreFilReseau,
  retirerMessageReseau,
  tenirReseau,
} from '#echanges'
import { Conflit, Introuvable } from '#socle/errors'
import { formatInstant, pluriel } from '#socle/typography'
import { type Erreur, messageDe, tenter } from '../accompagner/saisie.ts'
import {
  Actions,
  Bouton,
  BoutonPost,
  Carte,
  CaseACocher,
  Champ,
  EtatVide,
  Etiquette,
  Formulaire,
  Message,
  Pile,
  Plus,
  ResumeErreurs,
  Tableau,
} from '../composants/index.ts'
import { ouConflit } from '../conflit.tsx'
import { Cases, marqueEnvoi } from '../echanges/commun.tsx'
import { champ, page, type Reponse, type Requete, redirection } from '../route.ts'
import { AucunMenage, CadrePartager } from './cadre-partager.tsx'

const RACINE = '/reseaux'
const modere = ({ acteur }: Requete): boolean => aLeDroit(acteur, 'reseau.moderer')

/** GET /reseaux (ESP-14). */
export async function montrerReseaux(requete: Requete): Promise<Reponse> {
  const reseaux = await listerReseaux(requete.session)
  requete.session.consigner({ action: 'reseau.lire', details: { nombre: reseaux.length } })
  return page(
    <CadrePartager
      requete={requete}
      partie="reseaux"
      titre="Réseaux d’échange"
      chapo="Entre professionnels, sur les pratiques et l’actualité, sans dossier. Les pilotes de la charte tiennent les membres et modèrent."
      actions={
        modere(requete) && (
          <Bouton href={`${RACINE}/nouveau`} petit genre="principal" icone="plus">
            Créer un réseau
          </Bouton>
        )
      }
    >
      <Pile>
        <AucunMenage>Pour un ménage, écrire depuis son dossier.</AucunMenage>
        {reseaux.length === 0 ? (
          <EtatVide
            titre="Aucun réseau"
            geste={modere(requete) ? { href: `${RACINE}/nouveau`, libelle: 'Créer un réseau' } : undefined}
          >
            {modere(requete)
              ? 'Réunir travailleurs sociaux et bailleurs, ou les travailleurs sociaux du personnel.'
              : 'Les pilotes de la charte n’en ont pas encore créé.'}
          </EtatVide>
        ) : (
          <Tableau
            legende="Réseaux d’échange"
            largeur="moyen"
            lignes={reseaux}
            cle={({ id }) => id}
            colonnes={[
              {
                cle: 'nom',
                titre: 'Réseau',
                principale: true,
                large: true,
                rendre: (un) => (
                  <>
                    {un.membre || modere(requete) ? <a href={`${RACINE}/${un.id}`}>{un.nom}</a> : un.nom}
                    <small>{un.objet}</small>
                  </>
                ),
              },
              {
                cle: 'membres',
                titre: 'Organismes',
                rendre: ({ membres }) => pluriel(membres.length, 'organisme', 'organismes'),
              },
              {
                cle: 'etat',
                titre: 'Pour vous',
                rendre: (un) =>
                  un.ferme_a ? (
                    <Etiquette>Fermé</Etiquette>
                  ) : un.non_lus > 0 ? (
                    <Etiquette ton="info" icone="lettre">
                      {pluriel(un.non_lus, 'échange à lire', 'échanges à lire')}
                    </Etiquette>
                  ) : un.membre ? (
                    'Tout est lu'
                  ) : modere(requete) ? (
                    'Modération'
                  ) : (
                    'Votre organisme n’en est pas membre'
                  ),
              },
            ]}
          />
        )}
      </Pile>
    </CadrePartager>,
  )
}

interface SaisieFil {
  readonly sujet: string
  readonly texte: string
  readonly envoi: string
}

async function pageReseau(requete: Requete, saisie: SaisieFil, erreurs: readonly Erreur[] = []): Promise<Reponse> {
  const { session, connecte } = requete
  const reseau = await lireReseau(session, requete.parametres.reseau ?? '')
  if (!reseau.membre && !modere(requete)) throw new Introuvable()
  const fils = await listerFilsReseau(session, reseau.id)
  session.consigner({ action: 'reseau.lire', objet: 'reseau', objetId: reseau.id })
  return page(
    <CadrePartager
      requete={requete}
      partie="reseaux"
      titre={reseau.nom}
      chapo={reseau.objet}
      fil={[{ libelle: reseau.nom }]}
      erreur={erreurs.length > 0}
      actions={
        modere(requete) && (
          <Bouton href={`${RACINE}/${reseau.id}/modifier`} petit>
            Modifier le réseau
          </Bouton>
        )
      }
    >
      <ResumeErreurs erreurs={erreurs} titre="L’échange n’a pas été ouvert" />
      <Pile>
        <AucunMenage>Pour un ménage, écrire depuis son dossier.</AucunMenage>
        <Plus
          libelle={`Qui lit : ${pluriel(reseau.membres.length, 'organisme', 'organismes')} et les pilotes de la charte`}
        >
          <ul>
            {reseau.membres.map(({ id, nom }) => (
              <li key={id}>{nom}</li>
            ))}
          </ul>
        </Plus>
        {fils.length === 0 ? (
          <EtatVide titre="Aucun échange">
            {reseau.ferme_a
              ? 'Ce réseau est fermé.'
              : 'Ouvrir le premier ci-dessous : une question, une pratique, une information.'}
          </EtatVide>
        ) : (
          <Tableau
            legende="Échanges du réseau"
            largeur="moyen"
            lignes={fils}
            cle={({ id }) => id}
            colonnes={[
              {
                cle: 'sujet',
                titre: 'Sujet',
                principale: true,
                large: true,
                rendre: (fil) => (
                  <>
                    <a href={`${RACINE}/echanges/${fil.id}`}>{fil.sujet}</a>
                    <small>
                      {fil.auteur}, {fil.organisme_nom}
                    </small>
                  </>
                ),
              },
              { cle: 'messages', titre: 'Messages', numerique: true, rendre: ({ messages }) => messages },
              { cle: 'dernier', titre: 'Dernier', rendre: ({ dernier_a }) => formatInstant(dernier_a) },
              {
                cle: 'etat',
                titre: 'État',
                rendre: ({ non_lus, clos_a }) =>
                  clos_a ? (
                    <Etiquette>Clos</Etiquette>
                  ) : non_lus > 0 ? (
                    <Etiquette ton="info" icone="lettre">
                      {pluriel(non_lus, 'non lu', 'non lus')}
                    </Etiquette>
                  ) : (
                    'Lu'
                  ),
              },
            ]}
          />
        )}
        {peutEcrireReseau(session, reseau) && (
          <Carte titre="Ouvrir un échange">
            <Formulaire
              action={`${RACINE}/${reseau.id}/echange`}
              jeton={connecte.jetonFormulaire}
              libelle="Ouvrir un échange"
              champs={{ envoi: saisie.envoi }}
            >
              <Champ
                nom="sujet"
                libelle="Sujet"
                longueurMax={LONGUEURS_RESEAU.sujet}
                valeur={saisie.sujet}
                erreur={messageDe(erreurs, 'sujet')}
              />
              <Champ
                nom="texte"
                libelle="Message"
                lignes={5}
                longueurMax={LONGUEURS_RESEAU.texte}
                aide="Aucun ménage n’est nommé, ni reconnaissable."
                valeur={saisie.texte}
                erreur={messageDe(erreurs, 'texte')}
              />
              <Actions>
                <Bouton genre="principal">Ouvrir cet échange</Bouton>
              </Actions>
            </Formulaire>
          </Carte>
        )}
      </Pile>
    </CadrePartager>,
    erreurs.length > 0 ? 422 : undefined,
  )
}

/** GET /reseaux/:reseau. */
export const montrerReseau = (requete: Requete): Promise<Reponse> =>
  pageReseau(requete, { sujet: '', texte: '', envoi: marqueEnvoi() })

const champDe = (code: string): string => (code.startsWith('reseau.') ? code.slice('reseau.'.length) : 'texte')

/** POST /reseaux/:reseau/echange. */
export async function ouvrirUnEchange(requete: Requete): Promise<Reponse> {
  const { session } = requete
  const saisie = { sujet: champ(requete, 'sujet'), texte: champ(requete, 'texte'), envoi: champ(requete, 'envoi') }
  let fil = ''
  const refusee = await tenter(session, 'reseau.ecrire', champDe, async () => {
    fil = await ouvrirFilReseau(session, requete.parametres.reseau ?? '', saisie)
  })
  if (refusee) return pageReseau(requete, saisie, [refusee])
  return redirection(`${RACINE}/echanges/${fil}`, { texte: 'Échange ouvert.', ton: 'tenu' })
}

function UnMessage({ requete, fil, message }: { requete: Requete; fil: string; message: MessageReseau }): ReactElement {
  const sien = message.par === requete.acteur.compte
  return (
    <li id={`m-${message.id}`}>
      <h2>
        {message.auteur}, {message.organisme_nom}
      </h2>
      <p className="note">{formatInstant(message.a)}</p>
      {message.retire_a ? (
        <p className="note">
          Message retiré le {formatInstant(message.retire_a)} par {message.retire_par_nom} : {message.retire_motif}
        </p>
      ) : (
        <p className="texte-libre">{message.texte}</p>
      )}
      {!message.retire_a && (sien || modere(requete)) && (
        <p>
          <a href={`${RACINE}/echanges/${fil}/messages/${message.id}/retirer`}>
            Retirer
            <span className="sr">
              {' '}
              le message de {message.auteur}, {formatInstant(message.a)}
            </span>
          </a>
        </p>
      )}
    </li>
  )
}

async function pageEchange(
  requete: Requete,
  texte: string,
  envoi: string,
  erreurs: readonly Erreur[] = [],
): Promise<Reponse> {
  const { session, connecte } = requete
  const { reseau, fil, messages } = await lireFilReseau(session, requete.parametres.fil ?? '')
  return page(
    <CadrePartager
      requete={requete}
      partie="reseaux"
      titre={fil.sujet}
      fil={[{ libelle: reseau.nom, href: `${RACINE}/${reseau.id}` }, { libelle: fil.sujet }]}
      erreur={erreurs.length > 0}
      actions={
        modere(requete) && (
          <BoutonPost
            action={`${RACINE}/echanges/${fil.id}/clore`}
            jeton={connecte.jetonFormulaire}
            champs={{ clos: fil.clos_a ? 'non' : 'oui' }}
            petit
          >
            {fil.clos_a ? 'Rouvrir cet échange' : 'Clore cet échange'}
          </BoutonPost>
        )
      }
    >
      <ResumeErreurs erreurs={erreurs} titre="Le message n’est pas parti" />
      <Pile>
        <AucunMenage>
          Lu par {pluriel(reseau.membres.length, 'organisme', 'organismes')} et par les pilotes, qui modèrent. Un nom a
          échappé à quelqu’un : retirer son propre message, ou prévenir un pilote, qui le retire.
        </AucunMenage>
        <ol className="messages" aria-label="Messages">
          {messages.map((message) => (
            <UnMessage key={message.id} requete={requete} fil={fil.id} message={message} />
          ))}
        </ol>
        {fil.clos_a ? (
          <Message>
            <p>Cet échange est clos depuis le {formatInstant(fil.clos_a)}.</p>
          </Message>
        ) : (
          peutEcrireReseau(session, reseau) && (
            <Carte titre="Répondre">
              <Formulaire
                action={`${RACINE}/echanges/${fil.id}`}
                jeton={connecte.jetonFormulaire}
                libelle="Répondre"
                champs={{ envoi }}
              >
                <Champ
                  nom="texte"
                  libelle="Message"
                  lignes={4}
                  longueurMax={LONGUEURS_RESEAU.texte}
                  aide="Aucun ménage n’est nommé, ni reconnaissable."
                  valeur={texte}
                  erreur={messageDe(erreurs, 'texte')}
                />
                <Actions>
                  <Bouton genre="principal">Envoyer</Bouton>
                </Actions>
              </Formulaire>
            </Carte>
          )
        )}
      </Pile>
    </CadrePartager>,
    erreurs.length > 0 ? 422 : undefined,
  )
}

/** GET /reseaux/echanges/:fil. */
export const montrerEchange = (requete: Requete): Promise<Reponse> => pageEchange(requete, '', marqueEnvoi())

/** POST /reseaux/echanges/:fil. */
export async function repondreUnEchange(requete: Requete): Promise<Reponse> {
  const { session } = requete
  const [texte, envoi] = [champ(requete, 'texte'), champ(requete, 'envoi')]
  const fil = requete.parametres.fil ?? ''
  const refusee = await tenter(
    session,
    'reseau.ecrire',
    () => 'texte',
    () => repondreFilReseau(session, fil, { texte, envoi }),
  )
  if (refusee) return pageEchange(requete, texte, marqueEnvoi(envoi), [refusee])
  return redirection(`${RACINE}/echanges/${fil}`, { texte: 'Message envoyé.', ton: 'tenu' })
}

/** POST /reseaux/echanges/:fil/clore. */
export async function cloreUnEchange(requete: Requete): Promise<Reponse> {
  const fil = requete.parametres.fil ?? ''
  const clos = champ(requete, 'clos') === 'oui'
  await cloreFilReseau(requete.session, fil, clos)
  return redirection(`${RACINE}/echanges/${fil}`, { texte: clos ? 'Échange clos.' : 'Échange rouvert.' })
}

async function pageRetrait(requete: Requete, motif: string, erreurs: readonly Erreur[] = []): Promise<Reponse> {
  const { reseau, fil, messages } = await lireFilReseau(requete.session, requete.parametres.fil ?? '')
  const message = messages.find(({ id }) => id === requete.parametres.message)
  if (!message || message.retire_a || !(modere(requete) || message.par === requete.acteur.compte))
    throw new Introuvable()
  const retour = `${RACINE}/echanges/${fil.id}`
  return page(
    <CadrePartager
      requete={requete}
      partie="reseaux"
      titre="Retirer un message"
      fil={[
        { libelle: reseau.nom, href: `${RACINE}/${reseau.id}` },
        { libelle: fil.sujet, href: retour },
        { libelle: 'Retirer' },
      ]}
      erreur={erreurs.length > 0}
    >
      <ResumeErreurs erreurs={erreurs} titre="Le message n’a pas été retiré" />
      <Carte titre={`Message de ${message.auteur}`}>
        <p className="texte-libre">{message.texte}</p>
        <Formulaire action={`${retour}/messages/${message.id}/retirer`} jeton={requete.connecte.jetonFormulaire}>
          <Message>
            <p>Le texte est détruit tout de suite : ce geste ne se défait pas. Une ligne reste, avec ce motif.</p>
          </Message>
          <Champ
            nom="motif"
            libelle="Pourquoi ce message est retiré"
            longueurMax={LONGUEURS_RESEAU.motif}
            aide="Sans répéter ce qui ne devait pas être écrit."
            valeur={motif}
            erreur={messageDe(erreurs, 'motif')}
          />
          <Actions>
            <Bouton genre="destructeur">Retirer ce message</Bouton>
            <Bouton genre="tertiaire" href={retour}>
              Revenir
            </Bouton>
          </Actions>
        </Formulaire>
      </Carte>
    </CadrePartager>,
    erreurs.length > 0 ? 422 : undefined,
  )
}

/** GET /reseaux/echanges/:fil/messages/:message/retirer. */
export const proposerRetraitReseau = (requete: Requete): Promise<Reponse> => pageRetrait(requete, '')

/** POST of the same. */
export async function retirerUnMessageReseau(requete: Requete): Promise<Reponse> {
  const { session, parametres } = requete
  const fil = parametres.fil ?? ''
  const motif = champ(requete, 'motif')
  const refusee = await tenter(
    session,
    'reseau.moderer',
    () => 'motif',
    () => retirerMessageReseau(session, fil, parametres.message ?? '', motif),
  )
  if (refusee) return pageRetrait(requete, motif, [refusee])
  return redirection(`${RACINE}/echanges/${fil}`, { texte: 'Message retiré.' })
}

interface SaisieReseau {
  readonly nom: string
  readonly objet: string
  readonly membres: readonly string[]
  readonly ferme: boolean
}

async function pageTenir(
  requete: Requete,
  reseau: Reseau | null,
  saisie: SaisieReseau,
  erreurs: readonly Erreur[] = [],
  statut?: number,
): Promise<Reponse> {
  const possibles = await listerMembresPossibles(requete.session)
  const titre = reseau ? `Modifier : ${reseau.nom}` : 'Créer un réseau'
  return page(
    <CadrePartager
      requete={requete}
      partie="reseaux"
      titre={titre}
      fil={
        reseau
          ? [{ libelle: reseau.nom, href: `${RACINE}/${reseau.id}` }, { libelle: 'Modifier' }]
          : [{ libelle: 'Créer' }]
      }
      erreur={erreurs.length > 0}
    >
      <ResumeErreurs erreurs={erreurs} />
      <Carte titre="Le réseau">
        <Formulaire
          action={reseau ? `${RACINE}/${reseau.id}/modifier` : `${RACINE}/nouveau`}
          jeton={requete.connecte.jetonFormulaire}
          champs={{ version: String(reseau?.version ?? 0) }}
        >
          <AucunMenage />
          <Champ
            nom="nom"
            libelle="Nom"
            longueurMax={LONGUEURS_RESEAU.nom}
            valeur={saisie.nom}
            erreur={messageDe(erreurs, 'nom')}
          />
          <Champ
            nom="objet"
            libelle="À quoi il sert"
            lignes={2}
            longueurMax={LONGUEURS_RESEAU.objet}
            valeur={saisie.objet}
            erreur={messageDe(erreurs, 'objet')}
          />
          <Cases
            nom="membres"
            legende="Organismes membres"
            options={possibles.map(({ id, nom }) => ({ valeur: id, libelle: nom }))}
            choisies={saisie.membres}
            erreurs={erreurs}
          />
          {reseau && (
            <CaseACocher
              nom="ferme"
              libelle="Fermer ce réseau"
              aide="Ses membres le lisent encore, plus personne n’y écrit."
              cochee={saisie.ferme}
            />
          )}
          <Actions>
            <Bouton genre="principal">{reseau ? 'Enregistrer' : 'Créer ce réseau'}</Bouton>
            <Bouton genre="tertiaire" href={reseau ? `${RACINE}/${reseau.id}` : RACINE}>
              Revenir
            </Bouton>
          </Actions>
        </Formulaire>
      </Carte>
    </CadrePartager>,
    statut ?? (erreurs.length > 0 ? 422 : undefined),
  )
}

/** GET /reseaux/nouveau, /reseaux/:reseau/modifier. */
export async function proposerReseau(requete: Requete): Promise<Reponse> {
  const { reseau: id } = requete.parametres
  const reseau = id === undefined ? null : await lireReseau(requete.session, id)
  return pageTenir(requete, reseau, {
    nom: reseau?.nom ?? '',
    objet: reseau?.objet ?? '',
    membres: reseau?.membres.map((un) => un.id) ?? [],
    ferme: reseau?.ferme_a != null,
  })
}

/** POST of the same. */
export async function tenirUnReseau(requete: Requete): Promise<Reponse> {
  const { session } = requete
  const { reseau: vise } = requete.parametres
  const saisie = {
    nom: champ(requete, 'nom'),
    objet: champ(requete, 'objet'),
    membres: requete.champs.membres ?? [],
    ferme: champ(requete, 'ferme') === 'oui',
  }
  const actuel = vise === undefined ? null : await lireReseau(session, vise)
  let id = ''
  const issue = await ouConflit(requete, 'reseau.tenir', () =>
    tenter(session, 'reseau.tenir', champDe, async () => {
      id = await tenirReseau(session, {
        ...saisie,
        id: actuel?.id ?? null,
        version: Number(champ(requete, 'version')) || 0,
      })
    }),
  )
  if (issue instanceof Conflit) return pageTenir(requete, actuel, saisie, [{ nom: 'nom', message: issue.message }], 409)
  if (issue) return pageTenir(requete, actuel, saisie, [issue])
  return redirection(`${RACINE}/${id}`, { texte: actuel ? 'Réseau enregistré.' : 'Réseau créé.', ton: 'tenu' })
}
