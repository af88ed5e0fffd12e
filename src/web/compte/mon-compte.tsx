import type { ReactElement } from 'react'
import {
  changerMotDePasse,
  confirmerMotDePasse,
  lireMonCompte,
  type MonCompte,
  nouveauxCodesSecours,
  recommencerEnrolement,
  revoquerSession,
  revoquerSessions,
} from '#acces'
import { Refus, refus } from '#socle/errors'
import { parisDay } from '#socle/time'
import { formatDate, formatInstant } from '#socle/typography'
import { Cadre } from '../cadre.tsx'
import {
  Actions,
  Bouton,
  BoutonPost,
  Carte,
  Champ,
  Formulaire,
  ListeDefinition,
  Message,
  Pile,
  ResumeErreurs,
  Tableau,
} from '../composants/index.ts'
import { page, type Reponse, type Requete, redirection } from '../route.ts'
import { ListeCodes } from './etapes.tsx'

interface Faute {
  readonly id: string
  readonly message: string
}

const jourDe = (instant: Temporal.Instant): string => formatDate(parisDay(instant))

const METHODES: Readonly<Record<string, string>> = { mot_de_passe: 'Mot de passe', proconnect: 'ProConnect' }

function Actuel({ id, faute }: { id: string; faute: Faute | undefined }): ReactElement {
  return (
    <Champ
      nom="actuel"
      id={id}
      libelle="Mot de passe actuel"
      genre="password"
      completion="current-password"
      erreur={faute?.id === id ? faute.message : undefined}
    />
  )
}

function PageMonCompte({
  requete,
  compte,
  faute,
}: {
  requete: Requete
  compte: MonCompte
  faute?: Faute | undefined
}): ReactElement {
  const jeton = requete.connecte.jetonFormulaire
  return (
    <Cadre requete={requete} titre="Mon compte" erreur={faute !== undefined}>
      <Pile>
        {faute && <ResumeErreurs erreurs={[faute]} titre="Rien n’a été changé" />}
        <Carte titre="Qui je suis ici">
          <ListeDefinition
            lignes={[
              { terme: 'Nom', valeur: requete.connecte.nom },
              { terme: 'Adresse', valeur: compte.courriel },
              { terme: 'Organisme', valeur: requete.connecte.fonction },
              {
                terme: 'Engagement de confidentialité',
                valeur: compte.engagementLe ? `accepté le ${jourDe(compte.engagementLe)}` : 'non demandé à ce compte',
              },
            ]}
          />
          <p className="note">Une erreur se corrige auprès de l’administrateur d’Amont du département.</p>
        </Carte>
        <Carte titre="Mes notifications">
          <p>
            Ce qui vous est signalé dans Amont et par courriel, vos jours et vos heures, et votre calendrier dans un
            autre logiciel.
          </p>
          <p className="mt2">
            <Bouton href="/compte/notifications">Régler mes notifications</Bouton>
          </p>
        </Carte>
        <Carte titre="Sessions ouvertes">
          <Tableau
            legende="Sessions ouvertes de ce compte"
            largeur="etroit"
            colonnes={[
              {
                cle: 'appareil',
                titre: 'Appareil',
                principale: true,
                rendre: ({ id, appareil }) => (
                  <>
                    {appareil || 'Appareil inconnu'}
                    {id === requete.connecte.session && <small> (celle-ci)</small>}
                  </>
                ),
              },
              { cle: 'methode', titre: 'Entrée', rendre: ({ methode }) => METHODES[methode] ?? methode },
              { cle: 'vue', titre: 'Dernière activité', rendre: ({ vue_a }) => formatInstant(vue_a) },
              {
                cle: 'fermer',
                titre: 'Fermer',
                rendre: ({ id, appareil }) => (
                  <BoutonPost
                    action={`/compte/sessions/${id}`}
                    jeton={jeton}
                    petit
                    libelleLu={`Fermer la session ${appareil || 'Appareil inconnu'}`}
                  >
                    Fermer
                  </BoutonPost>
                ),
              },
            ]}
            lignes={compte.sessions}
            cle={({ id }) => id}
          />
          <Actions>
            <BoutonPost action="/compte/sessions" jeton={jeton} genre="destructeur">
              Fermer toutes les sessions
            </BoutonPost>
          </Actions>
          <p className="note">Un appareil inconnu dans cette liste : tout fermer, puis changer le mot de passe.</p>
        </Carte>
        {compte.motDePasse ? (
          <>
            <Carte titre="Changer le mot de passe">
              <Formulaire action="/compte/mot-de-passe" jeton={jeton} libelle="Changer le mot de passe">
                <Actuel id="c-actuel" faute={faute} />
                <Champ
                  nom="nouveau"
                  libelle="Nouveau mot de passe"
                  genre="password"
                  completion="new-password"
                  aide="12 caractères au moins. Une phrase de quatre ou cinq mots convient."
                  erreur={faute?.id === 'c-nouveau' ? faute.message : undefined}
                />
                <Champ
                  nom="confirmation"
                  libelle="Le même, une seconde fois"
                  genre="password"
                  completion="new-password"
                  erreur={faute?.id === 'c-confirmation' ? faute.message : undefined}
                />
                <Bouton genre="principal">Changer</Bouton>
              </Formulaire>
              <p className="note">Les autres sessions de ce compte seront fermées.</p>
            </Carte>
            <Carte titre="Code à usage unique">
              <p>
                {compte.secondFacteurDepuis
                  ? `Demandé à chaque connexion depuis le ${jourDe(compte.secondFacteurDepuis)}. ${compte.codesSecours === 0 ? 'Aucun code de secours ne reste.' : `Codes de secours restants : ${compte.codesSecours}.`}`
                  : 'Ce compte n’a pas de code : il est réservé à la démonstration.'}
              </p>
              <div className="mt2">
                <Formulaire action="/compte/second-facteur" jeton={jeton} libelle="Enrôler un téléphone">
                  <Actuel id="c-actuel-telephone" faute={faute} />
                  <Bouton>{compte.secondFacteurDepuis ? 'Changer de téléphone' : 'Activer le code'}</Bouton>
                </Formulaire>
              </div>
              {compte.secondFacteurDepuis && (
                <div className="mt2">
                  <Formulaire action="/compte/codes" jeton={jeton} libelle="Nouveaux codes de secours">
                    <Actuel id="c-actuel-codes" faute={faute} />
                    <Bouton>Recevoir dix nouveaux codes de secours</Bouton>
                  </Formulaire>
                </div>
              )}
            </Carte>
          </>
        ) : (
          <Message>
            Ce compte entre par ProConnect : mot de passe et second facteur se règlent auprès du fournisseur d’identité.
          </Message>
        )}
      </Pile>
    </Cadre>
  )
}

/** GET /compte. */
export async function montrerMonCompte(requete: Requete): Promise<Reponse> {
  return page(<PageMonCompte requete={requete} compte={await lireMonCompte(requete.session)} />)
}

/** Runs an act of the page; a refusal comes back on the page, beside its field. */
async function tenter(
  requete: Requete,
  id: string,
  acte: () => Promise<Reponse>,
  ailleurs: Readonly<Record<string, string>> = {},
): Promise<Reponse> {
  try {
    return await acte()
  } catch (erreur) {
    if (!(erreur instanceof Refus)) throw erreur
    const faute = { id: ailleurs[erreur.code] ?? id, message: erreur.message }
    const compte = await lireMonCompte(requete.session)
    return page(<PageMonCompte requete={requete} compte={compte} faute={faute} />, 422)
  }
}

/** POST /compte/mot-de-passe. */
export function changerMonMotDePasse(requete: Requete): Promise<Reponse> {
  return tenter(
    requete,
    'c-actuel',
    async () => {
      const nouveau = requete.champs.nouveau?.[0] ?? ''
      if (nouveau !== (requete.champs.confirmation?.[0] ?? ''))
        throw refus('compte.confirmation-differente', 'Les deux saisies ne sont pas les mêmes.')
      await confirmerMotDePasse(requete.application, requete.session, requete.champs.actuel?.[0] ?? '')
      await changerMotDePasse(requete.session, requete.connecte.session, nouveau)
      return redirection('/compte', { texte: 'Mot de passe changé. Les autres sessions sont fermées.' })
    },
    {
      'compte.confirmation-differente': 'c-confirmation',
      'compte.mot-de-passe': 'c-nouveau',
      'compte.mot-de-passe-courant': 'c-nouveau',
    },
  )
}

/** POST /compte/second-facteur. */
export function recommencerMonEnrolement(requete: Requete): Promise<Reponse> {
  return tenter(requete, 'c-actuel-telephone', async () => {
    await confirmerMotDePasse(requete.application, requete.session, requete.champs.actuel?.[0] ?? '')
    await recommencerEnrolement(requete.session, requete.application.acces)
    return redirection('/connexion/enrolement')
  })
}

/** POST /compte/codes. The answer shows them once; no other page has them. */
export function renouvelerMesCodes(requete: Requete): Promise<Reponse> {
  return tenter(requete, 'c-actuel-codes', async () => {
    await confirmerMotDePasse(requete.application, requete.session, requete.champs.actuel?.[0] ?? '')
    const codes = await nouveauxCodesSecours(requete.session)
    return page(
      <Cadre
        requete={requete}
        titre="Codes de secours"
        chapo="Garder ces dix codes hors de l’ordinateur : chacun remplace une fois le téléphone. Les précédents ne valent plus rien, et ceux-ci ne seront plus montrés."
        fil={[{ libelle: 'Mon compte', href: '/compte' }, { libelle: 'Codes de secours' }]}
      >
        <Carte titre="Dix codes">
          <ListeCodes codes={codes} />
        </Carte>
      </Cadre>,
    )
  })
}

/** POST /compte/sessions/:id. */
export async function fermerUneSession(requete: Requete): Promise<Reponse> {
  const id = requete.parametres.id ?? ''
  await revoquerSession(requete.session, id)
  return id === requete.connecte.session
    ? redirection('/connexion')
    : redirection('/compte', { texte: 'Session fermée.' })
}

/** POST /compte/sessions. */
export async function fermerPartout(requete: Requete): Promise<Reponse> {
  await revoquerSessions(requete.session)
  return redirection('/connexion')
}
