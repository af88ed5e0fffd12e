import type { ReactElement } from 'react'
import { aLeDroit } from '#acces'
import { lirePosition, type PositionCommune } from '#commission'
import type { Dossier } from '#dossiers'
import { listerPieces, type Piece } from '#echanges'
import {
  type ActeTache,
  type Cloture,
  chargerPreuves,
  cloreTaches,
  confirmerTaches,
  LIEUX_DE_REPONSE,
  LONGUEUR_PREUVE,
  lireTache,
  rouvrirTache,
  type Tache,
  trouverSollicitation,
  verifierCloture,
} from '#engagements'
import { type Charte, ecrireMots, ecrireValeur, VOCABULAIRE } from '#referentiel'
import { Conflit, Introuvable } from '#socle/errors'
import { formatDate, formatInstant } from '#socle/typography'
import { type Erreur, lireJourSaisi, messageDe } from '../accompagner/saisie.ts'
import {
  Actions,
  Bouton,
  BoutonPost,
  BoutonsRadio,
  Carte,
  Champ,
  ChampDate,
  Colonnes,
  Formulaire,
  ListeDefinition,
  ListeSobre,
  Message,
  Pile,
  ResumeErreurs,
  Selection,
} from '../composants/index.ts'
import { ouConflit, pageConflit } from '../conflit.tsx'
import { adresseDossier, CadreDossier, ouvrirDossier } from '../espaces.tsx'
import { majuscule } from '../regles/regles.tsx'
import { champ, page, type Reponse, type Requete, redirection } from '../route.ts'
import {
  direFait,
  direPortage,
  direPreuve,
  EcheanceEngagement,
  EtatEngagement,
  estId,
  lireEnvoi,
  nommerEtape,
  nommerTache,
  nouvelEnvoi,
  peutTenir,
} from './commun.tsx'

/** What a person may say of a task, as typed. */
interface Saisie {
  readonly genre: Cloture['genre']
  readonly le: string
  readonly motif: string
  readonly texte: string
  readonly piece: string
  readonly envoi: string
  readonly vu: number
}

const GENRES = {
  faite: 'C’est fait : en donner la preuve',
  empechee: 'Il n’a pas pu être tenu : dire ce qui l’a empêché',
  sans_objet: 'Il ne s’applique pas à ce ménage : dire pourquoi',
} as const satisfies Record<Cloture['genre'], string>

const ACTES = {
  faite: 'Fait',
  empechee: 'Empêché',
  sans_objet: 'Dit sans objet',
  confirmee: 'Dit applicable',
  attribuee: 'Attribué',
  defaite: 'Défait ou rouvert',
} as const satisfies Record<ActeTache['genre'], string>

const FAITS = new Map(VOCABULAIRE.filter(({ genre }) => genre === 'fait').map(({ nom, sens }) => [nom, sens]))

type Lue = Awaited<ReturnType<typeof lireTache>>

function CartePourquoi({ lue }: { lue: Lue }): ReactElement {
  const { tache, charte, valeurs, reservees } = lue
  const { lu } = tache
  const connues = Object.entries(valeurs).filter(([mot, valeur]) => valeur !== null && FAITS.has(mot)) as [
    string,
    boolean | number | string,
  ][]
  return (
    <Carte titre="Pourquoi il est ici">
      <ListeDefinition
        lignes={[
          { terme: 'Étape', valeur: nommerEtape(tache.stade), note: `Depuis le ${formatDate(tache.entree_le)}` },
          {
            terme: 'Ce qui le fait valoir',
            valeur:
              connues.length === 0
                ? reservees === 0 && tache.manquants.length === 0
                  ? 'Il vaut pour tout ménage à cette étape.'
                  : null
                : connues.map(([mot, valeur]) => (
                    <p key={mot}>
                      {majuscule(FAITS.get(mot) ?? mot)} : {ecrireValeur(mot, valeur)}
                    </p>
                  )),
          },
          {
            terme: 'Données réservées',
            valeur: reservees > 0 ? 'D’autres données ont compté : elles ne sont pas ouvertes à votre rôle.' : null,
          },
          { terme: 'À vérifier', valeur: tache.manquants.length > 0 ? ecrireMots(tache.manquants) : null },
          {
            terme: 'À apprécier',
            valeur: lu?.appreciation ?? null,
            note: tache.confirmee
              ? 'Une personne a dit qu’il s’applique.'
              : 'Une personne le dit : Amont ne le déduit pas.',
          },
          { terme: 'Limite écrite', valeur: lu?.limite ?? null },
          {
            terme: 'Portée',
            valeur: !tache.signataire
              ? 'Proposé : cet organisme n’a pas signé la charte, rien ne lui est compté.'
              : tache.facultatif
                ? 'Dans la mesure du possible : jamais compté comme un manquement.'
                : null,
          },
          {
            terme: 'Accès',
            valeur: tache.acces ? null : 'Cet organisme ne lit pas ce dossier : le secrétariat note ce qu’il en sait.',
          },
          {
            terme: 'Dans la charte',
            valeur: <a href={`/charte/engagements/${tache.engagement}`}>{nommerTache(tache, charte)}</a>,
            note: charte?.titre,
          },
        ]}
      />
    </Carte>
  )
}

const REPONSES_POSITION = { oui: 'oui', non: 'non', a_voir: 'à voir' } as const

/** Before any contact: the words of the charter, said by everybody alike (ENG-15). */
function CarteAvantContact({
  tache,
  charte,
  position,
  adresse,
}: {
  tache: Tache
  charte: Charte | null
  position: PositionCommune | null
  adresse: string
}): ReactElement | null {
  const preuve = tache.lu?.preuve
  if (preuve !== 'contact' && preuve !== 'courrier' && preuve !== 'rendez_vous' && preuve !== 'visite') return null
  const communs = (charte?.generaux ?? [])
    .flatMap(({ engagements }) => engagements)
    .filter(({ mode, publics }) => mode === 'information' && publics.includes('menage'))
  if (communs.length === 0 && position === null) return null
  return (
    <Carte titre="Avant de joindre le ménage">
      {position !== null && (
        <>
          <p>
            <b>Orientation de la commission du {formatDate(position.prise_le)}</b> :{' '}
            {[
              position.maintien && `maintien dans le logement, ${REPONSES_POSITION[position.maintien]}`,
              position.adapte && `logement adapté, ${REPONSES_POSITION[position.adapte]}`,
            ]
              .filter(Boolean)
              .join(' ; ') || 'voir le dossier'}
            .
          </p>
          {position.discours !== '' && <p className="texte">{position.discours}</p>}
          <p className="note">
            {position.rouverte_a === null
              ? 'Chacun s’y tient devant le ménage.'
              : 'Un changement a été signalé depuis : elle attend d’être réexaminée.'}{' '}
            <a href={adresse}>Voir le dossier</a>
          </p>
        </>
      )}
      <p className="note">
        Ce que tous disent au ménage, d’après la charte
        {position === null
          ? '. Aucune orientation de la commission n’est publiée sur ce dossier, ou votre rôle ne la lit pas.'
          : '.'}
      </p>
      <ListeSobre
        lignes={communs.map((un) => ({
          cle: un.id,
          titre: un.libelle,
        }))}
      />
    </Carte>
  )
}

function CarteHistoire({
  requete: { session },
  tache,
  actes,
}: {
  requete: Pick<Requete, 'session'>
  tache: Tache
  actes: readonly ActeTache[]
}): ReactElement | null {
  const parAmont =
    tache.cause === 'fait'
      ? 'Clos par un fait noté dans le dossier.'
      : tache.cause === 'amont'
        ? trouverSollicitation(session, tache.engagement)
          ? 'Clos par la réponse enregistrée dans Amont.'
          : 'Fait par Amont.'
        : tache.cause === 'etape'
          ? 'L’étape est passée : sans objet, sans manquement.'
          : tache.cause === 'cloture'
            ? 'Le dossier est clos : sans objet, sans manquement.'
            : tache.cause === 'condition'
              ? 'Sa condition n’est plus remplie : sans objet.'
              : null
  if (actes.length === 0 && parAmont === null) return null
  return (
    <Carte titre="Ce qui a été dit">
      {parAmont !== null && <p>{parAmont}</p>}
      <ListeSobre
        lignes={actes.map((acte) => ({
          cle: acte.id,
          titre: (
            <>
              {ACTES[acte.genre]}
              {acte.genre === 'attribuee' && ` à ${acte.agent_nom ?? 'l’organisme'}`}
              {acte.texte !== null && ` : ${acte.texte}`}
              {acte.reserve && ' : texte réservé à l’organisme qui l’a écrit et au secrétariat'}
            </>
          ),
          note: [
            `${acte.auteur}, ${acte.organisme_nom}, ${formatInstant(acte.a)}`,
            ...(acte.genre === 'attribuee' || acte.genre === 'defaite' ? [] : [`fait le ${formatDate(acte.le)}`]),
            ...(acte.piece_nom === null ? [] : [`pièce : ${acte.piece_nom}`]),
          ].join('. '),
        }))}
      />
    </Carte>
  )
}

function CarteClore({
  requete,
  dossier,
  tache,
  pieces,
  saisie,
  erreurs,
}: {
  requete: Requete
  dossier: Dossier
  tache: Tache
  pieces: readonly Piece[]
  saisie: Saisie
  erreurs: readonly Erreur[]
}): ReactElement {
  const { empechements } = chargerPreuves(requete.session.referentiel.racine)
  const adresse = `${adresseDossier(dossier)}/engagements/${tache.id}`
  const preuve = direPreuve(tache)
  return (
    <Carte titre="Clore cet engagement" id="clore">
      <Formulaire
        action={adresse}
        jeton={requete.connecte.jetonFormulaire}
        champs={{ envoi: saisie.envoi, vu: String(saisie.vu) }}
        libelle="Clore cet engagement"
      >
        <BoutonsRadio
          nom="genre"
          libelle="Que s’est-il passé ?"
          valeur={saisie.genre}
          options={Object.entries(GENRES).map(([valeur, libelle]) => ({ valeur, libelle }))}
        />
        <ChampDate
          nom="le"
          libelle="Le"
          valeur={lireJourSaisi(saisie.le) ?? requete.session.jour}
          max={requete.session.jour}
          erreur={messageDe(erreurs, 'le')}
        />
        <Selection
          nom="motif"
          libelle="Ce qui l’a empêché"
          facultatif
          vide="Aucun empêchement"
          valeur={saisie.motif}
          aide="Seulement s’il n’a pas pu être tenu."
          options={empechements.map(({ id, libelle }) => ({ valeur: id, libelle }))}
          erreur={messageDe(erreurs, 'motif')}
        />
        <Champ
          nom="texte"
          libelle="En quelques mots"
          lignes={3}
          longueurMax={LONGUEUR_PREUVE}
          facultatif
          valeur={saisie.texte}
          aide={`${preuve === null ? '' : `Preuve attendue : ${preuve}. `}Lu par votre organisme et le secrétariat. Les faits, pas la vie du ménage.`}
          erreur={messageDe(erreurs, 'texte')}
        />
        {pieces.length > 0 && (
          <Selection
            nom="piece"
            libelle="Pièce du dossier"
            facultatif
            vide="Aucune"
            valeur={saisie.piece}
            options={pieces.map(({ id, nom }) => ({ valeur: id, libelle: nom }))}
          />
        )}
        <Actions>
          <Bouton genre="principal">Clore l’engagement</Bouton>
          {aLeDroit(requete.acteur, 'echange.ecrire') && (
            <a href={`${adresseDossier(dossier)}/echanges/piece`}>Déposer d’abord une pièce</a>
          )}
        </Actions>
      </Formulaire>
    </Carte>
  )
}

/** The ways to do what is prepared here: where one goes, never a promise. */
function gesteDe(
  { session, acteur }: Pick<Requete, 'session' | 'acteur'>,
  dossier: Dossier,
  tache: Tache,
): { href: string; libelle: string } | null {
  const adresse = adresseDossier(dossier)
  const appel = trouverSollicitation(session, tache.engagement)
  if (appel) {
    const hrefs = {
      echanges: `${adresse}/echanges`,
      suites: '/suites',
      seances: '/commissions',
      saisine: `${adresse}/saisine`,
      procedure: `${adresse}/procedure`,
    } as const
    return { href: hrefs[appel.vers], libelle: LIEUX_DE_REPONSE[appel.vers] }
  }
  if (tache.lu?.amont === 'synthese')
    return { href: `${adresse}/syntheses/nouvelle`, libelle: 'Relire et produire la synthèse' }
  const preuve = tache.lu?.preuve
  if (preuve === 'saisine' && aLeDroit(acteur, 'saisine.deposer'))
    return {
      href: `${adresse}/saisine`,
      libelle: 'Saisir la commission : le formulaire est déjà rempli de ce que le dossier sait',
    }
  if (preuve === 'contact' || preuve === 'visite' || preuve === 'rendez_vous')
    return { href: `${adresse}/contact`, libelle: 'Noter un contact : il clôt cet engagement' }
  return null
}

async function pageTache(requete: Requete, saisieRecue: Saisie | null, erreurs: readonly Erreur[]): Promise<Reponse> {
  const { session, application, parametres } = requete
  const dossier = await ouvrirDossier(requete)
  if (!estId(parametres.tache)) throw new Introuvable()
  const lue = await lireTache(session, application.acces?.cles ?? null, dossier, parametres.tache)
  const { tache, actes, charte } = lue
  const adresse = `${adresseDossier(dossier)}/engagements`
  const tenir = peutTenir(requete, tache)
  const ouverte =
    tache.etat === 'a_faire' || tache.cause === 'etape' || tache.cause === 'cloture' || tache.cause === 'condition'
  const pieces =
    tenir && ouverte && aLeDroit(requete.acteur, 'echange.lire')
      ? (await listerPieces(session, dossier.id)).filter(({ retiree_a }) => retiree_a === null)
      : []
  const saisie = saisieRecue ?? {
    genre: 'faite',
    le: session.jour.toString(),
    motif: '',
    texte: '',
    piece: '',
    envoi: nouvelEnvoi(),
    vu: tache.version,
  }
  const geste = tenir && tache.etat === 'a_faire' ? gesteDe(requete, dossier, tache) : null
  const portage = direPortage(tache)
  const jeton = requete.connecte.jetonFormulaire
  return page(
    <CadreDossier
      requete={requete}
      dossier={dossier}
      espace="engagements"
      titre={tache.libelle}
      acte={nommerTache(tache, charte)}
      chapo={`${tache.organisme_nom}${tache.agent_nom === null ? '' : `, ${tache.agent_nom}`}`}
    >
      <ResumeErreurs titre="L’engagement n’est pas clos" erreurs={erreurs} />
      <Colonnes genre="dossier">
        <Pile>
          <Carte titre="Où il en est">
            <ListeDefinition
              lignes={[
                {
                  terme: 'État',
                  valeur: <EtatEngagement etat={tache.etat_montre} />,
                  note: tache.fait_le === null ? undefined : `le ${formatDate(tache.fait_le)}`,
                },
                { terme: 'Avant', valeur: <EcheanceEngagement tache={tache} jour={session.jour} /> },
                { terme: 'Preuve attendue', valeur: direPreuve(tache) },
                { terme: 'Portage', valeur: portage },
              ]}
            />
            {geste !== null && (
              <Actions>
                <Bouton href={geste.href} icone="fd">
                  {geste.libelle}
                </Bouton>
              </Actions>
            )}
            {tenir && tache.etat === 'a_faire' && tache.certitude !== 'applicable' && (
              <Actions>
                <BoutonPost
                  action={`${adresse}/${tache.id}/confirmer`}
                  champs={{ envoi: nouvelEnvoi() }}
                  jeton={jeton}
                  icone="ok"
                >
                  Il s’applique à ce ménage
                </BoutonPost>
              </Actions>
            )}
            {tenir && tache.cause === 'personne' && (
              <Actions>
                <BoutonPost
                  action={`${adresse}/${tache.id}/rouvrir`}
                  champs={{ envoi: nouvelEnvoi() }}
                  jeton={jeton}
                  icone="annuler"
                >
                  Rouvrir l’engagement
                </BoutonPost>
              </Actions>
            )}
          </Carte>
          {tenir && ouverte && (
            <CarteClore
              requete={requete}
              dossier={dossier}
              tache={tache}
              pieces={pieces}
              saisie={saisie}
              erreurs={erreurs}
            />
          )}
          {!tenir && ouverte && (
            <Message>
              <p>
                Cet engagement est celui de {tache.organisme_nom} : à lui, ou au secrétariat, de dire ce qui a été fait.
              </p>
            </Message>
          )}
          <CarteHistoire requete={requete} tache={tache} actes={actes} />
        </Pile>
        <Pile>
          <CartePourquoi lue={lue} />
          <CarteAvantContact
            tache={tache}
            charte={charte}
            position={await lirePosition(session, dossier.id)}
            adresse={adresseDossier(dossier)}
          />
        </Pile>
      </Colonnes>
    </CadreDossier>,
    erreurs.length > 0 ? 422 : undefined,
  )
}

/** GET /dossiers/:reference/engagements/:tache. */
export const montrerTache = (requete: Requete): Promise<Reponse> => pageTache(requete, null, [])

const estGenre = (texte: string): texte is Cloture['genre'] => Object.hasOwn(GENRES, texte)

function lireSaisie(requete: Requete): Saisie {
  const genre = champ(requete, 'genre')
  return {
    genre: estGenre(genre) ? genre : 'faite',
    le: champ(requete, 'le'),
    motif: champ(requete, 'motif'),
    texte: champ(requete, 'texte'),
    piece: champ(requete, 'piece'),
    envoi: lireEnvoi(requete),
    vu: Number(champ(requete, 'vu')) || 0,
  }
}

/** POST /dossiers/:reference/engagements/:tache: closes it with its proof, its impediment, or as without object (ENG-06). */
export async function cloreUneTache(requete: Requete): Promise<Reponse> {
  const { session, application, parametres } = requete
  const dossier = await ouvrirDossier(requete)
  const { tache } = parametres
  if (!estId(tache)) throw new Introuvable()
  const saisie = lireSaisie(requete)
  const le = lireJourSaisi(saisie.le)
  const piece = estId(saisie.piece) ? saisie.piece : undefined
  const fautes = verifierCloture(session, { ...saisie, le, piece })
  const erreurs = Object.entries(fautes).map(([nom, message]) => ({ nom, message }))
  if (erreurs.length > 0 || le === null) return pageTache(requete, saisie, erreurs)
  const fait = await ouConflit(requete, 'engagement.clore', () =>
    cloreTaches(session, application.acces?.cles ?? null, {
      taches: [tache],
      genre: saisie.genre,
      le,
      motif: saisie.genre === 'empechee' ? saisie.motif : undefined,
      texte: saisie.texte,
      piece,
      envoi: saisie.envoi,
      vu: saisie.vu,
    }),
  )
  const adresse = `${adresseDossier(dossier)}/engagements`
  if (fait instanceof Conflit) {
    const { tache: presente, actes } = await lireTache(session, application.acces?.cles ?? null, dossier, tache)
    return pageConflit(requete, {
      message: fait.message,
      quoi: presente.libelle,
      courante: 'accompagner',
      fil: [
        { libelle: 'Dossiers', href: '/dossiers' },
        { libelle: 'Engagements', href: adresse },
        { libelle: 'Conflit' },
      ],
      versions: [
        {
          cle: 'etat',
          libelle: 'Ce qui est dit',
          saisie: `${GENRES[saisie.genre].split(' :')[0]}, le ${formatDate(le)}. ${saisie.texte}`,
          enregistree: `${ACTES[actes[0]?.genre ?? 'defaite']}${presente.fait_le ? `, le ${formatDate(presente.fait_le)}` : ''}. ${actes[0]?.texte ?? ''}`,
          qui: actes[0] && `${actes[0].auteur}, ${actes[0].organisme_nom}`,
        },
      ],
      conseil: 'Garder ce qui est enregistré, ou rouvrir l’engagement pour le clore autrement.',
      garder: { libelle: 'Garder ce qui est enregistré', href: `${adresse}/${tache}` },
      remplacer:
        presente.etat === 'a_faire'
          ? {
              libelle: 'Clore avec ma saisie',
              action: `${adresse}/${tache}`,
              champs: { ...saisie, vu: String(presente.version), envoi: nouvelEnvoi() },
            }
          : null,
    })
  }
  return redirection(adresse, direFait(fait, ['clos', 'clos'], adresse))
}

/** POST …/:tache/confirmer: a person says that it applies. */
export async function confirmerUneTache(requete: Requete): Promise<Reponse> {
  const dossier = await ouvrirDossier(requete)
  const { tache } = requete.parametres
  if (!estId(tache)) throw new Introuvable()
  const fait = await confirmerTaches(requete.session, [tache], lireEnvoi(requete))
  const retour = `${adresseDossier(dossier)}/engagements/${tache}`
  return redirection(retour, direFait(fait, ['dit applicable', 'dits applicables'], retour))
}

/** POST …/:tache/rouvrir. */
export async function rouvrirUneTache(requete: Requete): Promise<Reponse> {
  const dossier = await ouvrirDossier(requete)
  const { tache } = requete.parametres
  if (!estId(tache)) throw new Introuvable()
  await rouvrirTache(requete.session, tache, lireEnvoi(requete))
  return redirection(`${adresseDossier(dossier)}/engagements/${tache}`, { texte: 'Engagement rouvert.', ton: 'tenu' })
}
