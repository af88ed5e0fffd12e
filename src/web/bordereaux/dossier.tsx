import type { ReactElement } from 'react'
import {
  cleDestinataire,
  type DestinataireBordereau,
  envoyerBordereaux,
  type GenreBordereau,
  genreDe,
  genresPour,
  LONGUEUR_MOT,
  type Preparation,
  prevoirPourDossier,
  proposerPourDossier,
} from '#bordereaux'
import type { Dossier } from '#dossiers'
import { ecrireSourcePartagee } from '#referentiel'
import { Introuvable } from '#socle/errors'
import { type Erreur, messageDe, tenter } from '../accompagner/saisie.ts'
import {
  Actions,
  Bouton,
  Carte,
  Champ,
  ChampsCaches,
  EtatVide,
  Formulaire,
  ListeSobre,
  Message,
  Pile,
  ResumeErreurs,
} from '../composants/index.ts'
import { ouConflit } from '../conflit.tsx'
import { Cases } from '../echanges/commun.tsx'
import { adresseDossier, CadreDossier, ouvrirDossier } from '../espaces.tsx'
import { marqueEnvoi } from '../requisitions/commun.tsx'
import { champ, page, type Reponse, type Requete, redirection } from '../route.ts'
import { CarteEnvoi, vers } from './genre.tsx'

export const ESPACE = 'transmettre'
const adresseDe = (dossier: Dossier, suite = ''): string => `${adresseDossier(dossier)}/${ESPACE}${suite}`

/** GET /dossiers/:reference/transmettre: what this organisme may hand over about this household. */
export async function montrerDuDossier(requete: Requete): Promise<Reponse> {
  const dossier = await ouvrirDossier(requete)
  const genres = genresPour(requete.session).filter(({ lignes }) => lignes === 'dossier')
  return page(
    <CadreDossier requete={requete} dossier={dossier} espace={ESPACE} titre="Transmettre">
      {genres.length === 0 ? (
        <EtatVide
          titre="Rien à transmettre sur demande"
          geste={{ href: '/transmettre', libelle: 'Voir ce qui est à transmettre' }}
        >
          Ce que votre organisme doit remettre se prépare tout seul, dans « À transmettre ».
        </EtatVide>
      ) : (
        <Carte titre="Que transmettre ?">
          <ListeSobre
            lignes={genres.map(({ code, libelle, sens }) => ({
              cle: code,
              titre: <a href={adresseDe(dossier, `/${code}`)}>{libelle}</a>,
              note: sens,
            }))}
          />
        </Carte>
      )}
    </CadreDossier>,
  )
}

interface Saisie {
  readonly destinataires: readonly string[]
  readonly mot: string
  readonly envoi: string
}

function PageDemande({
  requete,
  dossier,
  genre,
  possibles,
  sansAccord,
  saisie,
  preparation,
  erreurs = [],
  change = null,
}: {
  requete: Requete
  dossier: Dossier
  genre: GenreBordereau
  possibles: readonly DestinataireBordereau[]
  sansAccord: boolean
  saisie: Saisie
  preparation: Preparation | null
  erreurs?: readonly Erreur[]
  change?: string | null
}): ReactElement {
  const jeton = requete.connecte.jetonFormulaire
  const action = adresseDe(dossier, `/${genre.code}`)
  return (
    <CadreDossier requete={requete} dossier={dossier} espace={ESPACE} titre={genre.libelle} acte={genre.libelle}>
      <Pile>
        <ResumeErreurs erreurs={erreurs} titre="Rien n’est parti" />
        {change !== null && (
          <Message ton="retard">
            <p>{change}</p>
          </Message>
        )}
        {sansAccord ? (
          <Message
            ton="bientot"
            action={<Bouton href={`${adresseDossier(dossier)}#accords`}>Noter l’accord du ménage</Bouton>}
          >
            <p>L’accord du ménage n’est pas noté. Sans lui, rien ne part.</p>
          </Message>
        ) : (
          <Carte titre="À qui, et pourquoi">
            <p className="note">
              {genre.sens} Source : {ecrireSourcePartagee(genre.source, requete.session.dept)}
              {genre.verifie_le === null ? ' (à vérifier)' : ''}.
            </p>
            <Formulaire action={action} jeton={jeton} libelle={genre.libelle} champs={{ envoi: saisie.envoi }}>
              <Cases
                nom="destinataires"
                legende="Destinataires"
                erreurs={erreurs}
                choisies={saisie.destinataires}
                options={possibles.map((un) => ({
                  valeur: cleDestinataire(un),
                  libelle: un.nom,
                  aide: un.id === null ? `${un.regle.pourquoi} : à imprimer et à remettre` : un.regle.pourquoi,
                }))}
              />
              {genre.mot !== undefined && (
                <Champ
                  nom="mot"
                  libelle="Mot au destinataire"
                  aide={`${genre.mot} Ni santé, ni vie privée : le destinataire le lit tel quel.`}
                  valeur={saisie.mot}
                  lignes={6}
                  longueurMax={LONGUEUR_MOT}
                  erreur={messageDe(erreurs, 'mot')}
                />
              )}
              <Actions>
                <Bouton genre={preparation ? 'secondaire' : 'principal'}>
                  {preparation ? 'Relire de nouveau' : 'Relire avant d’envoyer'}
                </Bouton>
                <Bouton genre="tertiaire" href={adresseDe(dossier)}>
                  Revenir
                </Bouton>
              </Actions>
            </Formulaire>
          </Carte>
        )}
        {preparation && (
          <>
            {preparation.envois.map((envoi) => (
              <CarteEnvoi key={envoi.destinataire ?? envoi.nom} envoi={envoi} />
            ))}
            <form method="post" action={action} aria-label="Envoyer">
              <ChampsCaches
                jeton={jeton}
                champs={{ envoi: saisie.envoi, mot: saisie.mot, empreinte: preparation.empreinte, etape: 'envoyer' }}
              />
              {saisie.destinataires.map((un) => (
                <input key={un} type="hidden" name="destinataires" value={un} />
              ))}
              <Message
                action={
                  <Bouton genre="principal" icone="envoi">
                    Envoyer
                  </Bouton>
                }
              >
                <p>Chaque destinataire lit ce qui est écrit ci-dessus, et rien d’autre.</p>
              </Message>
            </form>
          </>
        )}
      </Pile>
    </CadreDossier>
  )
}

async function preparer(requete: Requete) {
  const { session, parametres } = requete
  const dossier = await ouvrirDossier(requete)
  const genre = genreDe(session, parametres.genre ?? '')
  if (genre.lignes !== 'dossier') throw new Introuvable()
  const { possibles, sansAccord } = await proposerPourDossier(session, genre, dossier.id)
  return { dossier, genre, possibles, sansAccord }
}

/** GET /dossiers/:reference/transmettre/:genre. */
export async function proposerDemande(requete: Requete): Promise<Reponse> {
  const prete = await preparer(requete)
  const dedans = prete.possibles.filter(({ id }) => id !== null)
  const [seul] = dedans.length === 1 ? dedans : []
  const saisie = { destinataires: seul ? [cleDestinataire(seul)] : [], mot: '', envoi: marqueEnvoi() }
  return page(<PageDemande requete={requete} {...prete} saisie={saisie} preparation={null} />)
}

/** POST, same address: shows what would leave; re-read, sends it. */
export async function envoyerDemande(requete: Requete): Promise<Reponse> {
  const { session, champs } = requete
  const prete = await preparer(requete)
  const { dossier, genre } = prete
  const saisie: Saisie = {
    destinataires: champs.destinataires ?? [],
    mot: champ(requete, 'mot'),
    envoi: marqueEnvoi(champ(requete, 'envoi')),
  }
  let preparation: Preparation | null = null
  const erreur = await tenter(
    session,
    'bordereau.envoyer',
    (code) => (code === 'bordereau.mot' ? 'mot' : 'destinataires'),
    async () => {
      preparation = await prevoirPourDossier(session, genre, dossier.id, saisie)
    },
  )
  const lue = preparation as Preparation | null
  if (erreur || lue === null)
    return page(
      <PageDemande requete={requete} {...prete} saisie={saisie} preparation={null} erreurs={erreur ? [erreur] : []} />,
      422,
    )
  const relue = <PageDemande requete={requete} {...prete} saisie={saisie} preparation={lue} />
  if (champ(requete, 'etape') !== 'envoyer') return page(relue)
  const relu = { empreinte: champ(requete, 'empreinte'), envoi: saisie.envoi }
  const parti = await ouConflit(requete, 'bordereau.envoyer', () => envoyerBordereaux(session, lue, relu))
  if (parti instanceof Error)
    return page(
      <PageDemande requete={requete} {...prete} saisie={saisie} preparation={lue} change={parti.message} />,
      409,
    )
  return redirection(vers(parti.bordereaux), {
    texte: parti.deja ? 'Cet envoi était déjà parti : rien n’est parti deux fois.' : 'Bordereau envoyé.',
    ton: parti.deja ? 'info' : 'tenu',
  })
}
