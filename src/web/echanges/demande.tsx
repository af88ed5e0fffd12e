import type { ReactElement } from 'react'
import { accesDe, aLeDroit, masqueDe, type Organisme } from '#acces'
import type { Dossier } from '#dossiers'
import {
  type ActeDemande,
  accuserReception,
  type Demande,
  envoyerDemande,
  estEnRetard,
  type GenreDemande,
  genresDemande,
  genresLibres,
  lireDemande,
  listerInvitablesParDemande,
  listerPersonnes,
  listerPieces,
  listerSollicitables,
  nommerRelais,
  nommerSuite,
  type Personne,
  type Piece,
  refuserDemande,
  relancerDemande,
  repondreDemande,
  retirerDemande,
  suitesRelais,
} from '#echanges'
import { objetsAccord } from '#participations'
import { GROUPES_CHAMPS, type GroupeChamps, listerUtilisateurs } from '#referentiel'
import { Conflit } from '#socle/errors'
import { formatDate, formatInstant, pluriel } from '#socle/typography'
import { nommerDossier } from '../accompagner/menage.ts'
import { type Erreur, lireJourSaisi, messageDe, tenter } from '../accompagner/saisie.ts'
import { Cadre } from '../cadre.tsx'
import {
  Actions,
  Bouton,
  BoutonPost,
  Carte,
  Champ,
  ChampDate,
  EtatVide,
  Etiquette,
  Formulaire,
  ListeDefinition,
  ListeSobre,
  Message,
  Pile,
  PuceEcheance,
  ResumeErreurs,
  Selection,
  type Ton,
} from '../composants/index.ts'
import { ouConflit, pageConflit } from '../conflit.tsx'
import { champ, page, type Reponse, type Requete, redirection } from '../route.ts'
import {
  adresseDe,
  ariane,
  decrireContacts,
  lireContacts,
  marqueEnvoi,
  ouvrirDossier,
  QuiLira,
  RAPPEL,
} from './commun.tsx'
import { ListePieces } from './pieces-liste.tsx'

interface SaisieDemande {
  readonly destinataire: string
  readonly genre: string
  readonly texte: string
  readonly avant: string
  readonly envoi: string
  /** For an organisme not engaged yet. */
  readonly motif: string
  readonly jusqu_au: string
  readonly erreurs: readonly Erreur[]
}

const CHAMPS: Readonly<Record<string, string>> = {
  'demande.genre': 'genre',
  'demande.texte': 'texte',
  'demande.avant': 'avant',
  'demande.destinataire': 'destinataire',
  'participation.motif': 'motif',
  'participation.fin': 'jusqu_au',
}

/** Groups of fields the matrix opens, always, to those of a kind of organisme who read dossiers, whatever their role there, and those it does not. */
function groupesOuverts(
  { referentiel: { matrice } }: Requete['session'],
  type: string,
): { readonly ouverts: string[]; readonly fermes: string[] } {
  const lecteurs = listerUtilisateurs(matrice)
    .filter((un) => un.type === type)
    .map(({ role }) => accesDe(matrice, type, role))
    .filter((acces) => aLeDroit({ acces }, 'dossier.consulter'))
  const dits = (Object.keys(GROUPES_CHAMPS) as GroupeChamps[]).map((groupe) => ({
    libelle: GROUPES_CHAMPS[groupe].libelle.toLowerCase(),
    lu: lecteurs.some((acces) => masqueDe({ acces }).voit(groupe, ['engage'])),
  }))
  return {
    ouverts: dits.filter(({ lu }) => lu).map(({ libelle }) => libelle),
    fermes: dits.filter(({ lu }) => !lu).map(({ libelle }) => libelle),
  }
}

async function montrerFormulaire(requete: Requete, dossier: Dossier, saisie: SaisieDemande): Promise<Reponse> {
  const { session } = requete
  const engages = await listerSollicitables(session, dossier)
  const invitables = await listerInvitablesParDemande(session, dossier)
  const possibles = [...engages, ...invitables]
  const contacts = await lireContacts(requete, dossier)
  const { erreurs } = saisie
  return page(
    <Cadre
      requete={requete}
      titre={`Demander quelque chose au sujet de ${nommerDossier(dossier)}`}
      courante="echanges"
      erreur={erreurs.length > 0}
      fil={ariane(dossier, 'Nouvelle demande')}
    >
      <ResumeErreurs erreurs={erreurs} titre="La demande n’est pas partie" />
      <Carte titre="La demande">
        {possibles.length === 0 ? (
          <EtatVide titre="Personne à qui demander" niveau={3}>
            Aucun autre organisme n’est engagé sur ce dossier. Passer par le secrétariat.
          </EtatVide>
        ) : (
          <Formulaire
            action={adresseDe(dossier, '/demande')}
            jeton={requete.connecte.jetonFormulaire}
            champs={{ envoi: saisie.envoi }}
          >
            <div className="champs">
              <Selection
                nom="destinataire"
                libelle="À qui"
                vide="Choisir un organisme"
                valeur={saisie.destinataire}
                erreur={messageDe(erreurs, 'destinataire')}
                aide={
                  invitables.length > 0
                    ? 'Un organisme « à inviter » ne voit pas encore ce dossier : la page suivante dira ce que la demande lui ouvre, avant tout envoi.'
                    : 'Les organismes engagés sur ce dossier et le secrétariat.'
                }
                options={[
                  ...engages.map(({ id, nom }) => ({ valeur: id, libelle: nom })),
                  ...invitables.map(({ id, nom }) => ({ valeur: id, libelle: `${nom} (à inviter)` })),
                ]}
              />
              <Selection
                nom="genre"
                libelle="Quoi"
                vide="Choisir"
                valeur={saisie.genre}
                erreur={messageDe(erreurs, 'genre')}
                options={Object.entries(genresLibres).map(([valeur, libelle]) => ({ valeur, libelle }))}
              />
              <ChampDate
                nom="avant"
                libelle="Réponse attendue avant le"
                valeur={saisie.avant || undefined}
                min={session.jour}
                erreur={messageDe(erreurs, 'avant')}
              />
            </div>
            <Champ
              nom="texte"
              libelle="Demande"
              lignes={4}
              longueurMax={2000}
              aide={`Par exemple : Pouvez-vous confirmer les versements depuis septembre ? ${RAPPEL}`}
              valeur={saisie.texte}
              erreur={messageDe(erreurs, 'texte')}
            />
            {possibles.some(({ id }) => contacts.has(id)) && (
              <p className="note">
                Interlocuteurs :{' '}
                {possibles
                  .filter(({ id }) => contacts.has(id))
                  .map(({ id, nom }) => `${nom}, ${decrireContacts(contacts.get(id))}`)
                  .join('. ')}
                .
              </p>
            )}
            <Message ton="reserve">
              <p>
                <b>Qui lira ceci ?</b> Votre organisme et celui à qui la demande est faite, personne d’autre. La réponse
                et les pièces jointes auront les mêmes lecteurs.
              </p>
            </Message>
            <Actions>
              <Bouton genre="principal" icone="envoi">
                Envoyer la demande
              </Bouton>
              <Bouton genre="tertiaire" href={adresseDe(dossier)}>
                Revenir aux échanges
              </Bouton>
            </Actions>
          </Formulaire>
        )}
      </Carte>
    </Cadre>,
    erreurs.length > 0 ? 422 : undefined,
  )
}

/** Before anything is sent to an organisme that does not see the dossier: what the request opens to it, why, until when. */
function montrerInvitation(requete: Requete, dossier: Dossier, organisme: Organisme, saisie: SaisieDemande): Reponse {
  const { session } = requete
  const { erreurs } = saisie
  const { ouverts, fermes } = groupesOuverts(session, organisme.type)
  const conditions = objetsAccord(session).filter(({ lecture_participant }) =>
    (lecture_participant as readonly string[] | undefined)?.includes(organisme.type),
  )
  return page(
    <Cadre
      requete={requete}
      titre={`Inviter ${organisme.nom} et lui envoyer la demande`}
      courante="echanges"
      erreur={erreurs.length > 0}
      fil={ariane(dossier, 'Nouvelle demande')}
    >
      <ResumeErreurs erreurs={erreurs} titre="La demande n’est pas partie" />
      <Carte titre="Ce que la demande lui ouvre">
        <Formulaire
          action={adresseDe(dossier, '/demande')}
          jeton={requete.connecte.jetonFormulaire}
          champs={{
            envoi: saisie.envoi,
            etape: 'inviter',
            destinataire: saisie.destinataire,
            genre: saisie.genre,
            texte: saisie.texte,
            avant: saisie.avant,
          }}
        >
          <p>
            {organisme.nom} ne voit pas ce dossier. Pour répondre, il le lira jusqu’au jour choisi ci-dessous, comme
            tout organisme invité.
          </p>
          <ListeDefinition
            lignes={[
              { terme: 'Il lira', valeur: ouverts.length === 0 ? 'la demande seulement' : ouverts.join(', ') },
              { terme: 'Il ne lira pas', valeur: fermes.join(', ') },
              { terme: 'La demande', valeur: saisie.texte },
            ]}
          />
          {conditions.map(({ code, libelle, effet }) => (
            <Message ton="reserve" key={code}>
              <p>
                <b>{libelle}.</b> {effet}
              </p>
            </Message>
          ))}
          <Champ
            nom="motif"
            libelle="Pourquoi cet organisme a besoin de ce dossier"
            lignes={2}
            longueurMax={400}
            aide="Ni santé, ni violences, ni enfance. Ce motif reste avec l’invitation."
            valeur={saisie.motif}
            erreur={messageDe(erreurs, 'motif')}
          />
          <ChampDate
            nom="jusqu_au"
            libelle="Dernier jour"
            aide="Un an au plus. Le lendemain, l’organisme ne trouve plus le dossier."
            valeur={saisie.jusqu_au || undefined}
            min={session.jour}
            max={session.jour.add({ years: 1 })}
            erreur={messageDe(erreurs, 'jusqu_au')}
          />
          <Actions>
            <Bouton genre="principal" icone="envoi">
              Inviter et envoyer la demande
            </Bouton>
            <Bouton genre="tertiaire" href={adresseDe(dossier)}>
              Revenir aux échanges sans rien envoyer
            </Bouton>
          </Actions>
        </Formulaire>
      </Carte>
    </Cadre>,
    erreurs.length > 0 ? 422 : undefined,
  )
}

/** GET /dossiers/:reference/echanges/demande. */
export async function proposerDemande(requete: Requete): Promise<Reponse> {
  const dossier = await ouvrirDossier(requete)
  return montrerFormulaire(requete, dossier, {
    destinataire: '',
    genre: '',
    texte: '',
    avant: '',
    envoi: marqueEnvoi(),
    motif: '',
    jusqu_au: '',
    erreurs: [],
  })
}

const estGenre = (texte: string): texte is GenreDemande => Object.hasOwn(genresLibres, texte)

/** POST /dossiers/:reference/echanges/demande (ESP-05). */
export async function envoyerUneDemande(requete: Requete): Promise<Reponse> {
  const { session } = requete
  const dossier = await ouvrirDossier(requete)
  const saisie = {
    destinataire: champ(requete, 'destinataire'),
    genre: champ(requete, 'genre'),
    texte: champ(requete, 'texte'),
    avant: champ(requete, 'avant'),
    envoi: champ(requete, 'envoi'),
    motif: champ(requete, 'motif'),
    jusqu_au: champ(requete, 'jusqu_au'),
  }
  const avant = lireJourSaisi(saisie.avant)
  const { genre } = saisie
  const erreurs: Erreur[] = []
  if (saisie.destinataire === '') erreurs.push({ nom: 'destinataire', message: 'Choisir l’organisme à qui demander.' })
  if (!estGenre(genre)) erreurs.push({ nom: 'genre', message: 'Choisir ce qui est demandé.' })
  if (avant === null)
    erreurs.push({
      nom: 'avant',
      message: 'Donner la date avant laquelle la réponse est attendue, par exemple 30/11/2026.',
    })
  if (saisie.texte === '') erreurs.push({ nom: 'texte', message: 'Écrire la demande, en une ou deux phrases.' })
  const aInviter = (await listerInvitablesParDemande(session, dossier)).find(({ id }) => id === saisie.destinataire)
  if (erreurs.length === 0 && aInviter && avant !== null && champ(requete, 'etape') !== 'inviter')
    return montrerInvitation(requete, dossier, aInviter, {
      ...saisie,
      jusqu_au: avant.add({ days: 30 }).toString(),
      erreurs: [],
    })
  const jusquAu = lireJourSaisi(saisie.jusqu_au)
  if (erreurs.length === 0 && aInviter && jusquAu === null)
    return montrerInvitation(requete, dossier, aInviter, {
      ...saisie,
      erreurs: [{ nom: 'jusqu_au', message: 'Donner le dernier jour où cet organisme lira le dossier.' }],
    })
  if (erreurs.length === 0 && avant !== null && estGenre(genre)) {
    let envoyee = ''
    const refusee = await tenter(
      session,
      'demande.envoyer',
      (code) => CHAMPS[code] ?? 'texte',
      async () => {
        const invitation = aInviter && jusquAu ? { motif: saisie.motif, jusquAu } : undefined
        envoyee = (await envoyerDemande(session, { ...saisie, genre, avant, dossier: dossier.id, invitation })).demande
      },
    )
    if (!refusee)
      return redirection(adresseDe(dossier, `/demandes/${envoyee}`), {
        texte: `${aInviter && jusquAu ? `${aInviter.nom} est invité jusqu’au ${formatDate(jusquAu)}. ` : ''}Demande envoyée, attendue avant le ${formatDate(avant)}.`,
      })
    erreurs.push(refusee)
    if (aInviter && ['motif', 'jusqu_au'].includes(refusee.nom))
      return montrerInvitation(requete, dossier, aInviter, { ...saisie, erreurs })
  }
  return montrerFormulaire(requete, dossier, { ...saisie, erreurs })
}

const LIBELLES_ACTE: Readonly<Record<ActeDemande['genre'], string>> = {
  repondue: 'Réponse',
  refusee: 'Refus',
  retiree: 'Demande retirée',
  relancee: 'Relance',
  lue: 'Lue',
  recue: 'Bien reçu',
}

/** State of a request, as a label. */
export function EtatDeDemande({ demande, jour }: { demande: Demande; jour: Temporal.PlainDate }): ReactElement {
  const [ton, texte]: readonly [Ton, string] = estEnRetard(demande, jour)
    ? ['retard', 'en retard']
    : (
        {
          ouverte: ['info', 'attendue'],
          repondue: ['tenu', 'répondue'],
          refusee: ['bientot', 'refusée'],
          retiree: ['neutre', 'retirée'],
        } as const
      )[demande.etat]
  return <Etiquette ton={ton}>{texte}</Etiquette>
}

/** When an answer is expected, as every date of the application. */
export function EcheanceDeDemande({ demande, jour }: { demande: Demande; jour: Temporal.PlainDate }): ReactElement {
  return (
    <PuceEcheance
      aujourdhui={jour}
      echeance={{
        libelle: `Réponse de ${demande.destinataire_nom}`,
        le: demande.avant,
        genre: 'tache',
        depart: `Demande de ${demande.organisme_nom} du ${formatInstant(demande.a)}`,
        calcul: 'Date choisie par l’organisme qui demande',
      }}
    />
  )
}

interface Saisie {
  readonly acte: string
  readonly reponse: string
  readonly suite: string
  readonly refus: string
  readonly retrait: string
  readonly erreurs: readonly Erreur[]
}

interface Montree {
  readonly demande: Demande
  readonly actes: readonly ActeDemande[]
  readonly pieces: readonly Piece[]
  readonly personnes: readonly Personne[]
}

async function lireTout(requete: Requete, dossier: Dossier): Promise<Montree> {
  const { session } = requete
  const { demande, actes } = await lireDemande(session, dossier.id, requete.parametres.demande ?? '')
  const pieces = (await listerPieces(session, dossier.id)).filter((piece) => piece.demande === demande.id)
  const personnes = await listerPersonnes(session, dossier, [demande.organisme, demande.destinataire])
  return { demande, actes, pieces, personnes }
}

function FormulairesDuDestinataire({
  requete,
  dossier,
  montree,
  saisie,
}: {
  requete: Requete
  dossier: Dossier
  montree: Montree
  saisie: Saisie
}): ReactElement {
  const { demande, personnes } = montree
  const action = adresseDe(dossier, `/demandes/${demande.id}`)
  const jeton = requete.connecte.jetonFormulaire
  const relais = demande.relais !== null
  return (
    <>
      {relais && !montree.actes.some(({ genre }) => genre === 'recue') && (
        <Carte titre="Accuser réception">
          <p>Dire que le relais est reçu, avant de savoir ce qu’il donnera : {demande.organisme_nom} en est prévenu.</p>
          <Actions>
            <BoutonPost action={action} jeton={jeton} champs={{ acte: 'accuser' }}>
              Bien reçu
            </BoutonPost>
          </Actions>
        </Carte>
      )}
      <Carte titre={relais ? 'Dire ce que le relais a donné' : 'Répondre'}>
        <Formulaire action={action} jeton={jeton} champs={{ acte: 'repondre' }} libelle="Répondre à la demande">
          {relais && (
            <Selection
              nom="suite"
              libelle="Suite donnée"
              vide="Choisir"
              valeur={saisie.suite}
              erreur={messageDe(saisie.erreurs, 'suite')}
              options={suitesRelais(requete.session).map(({ code, libelle }) => ({ valeur: code, libelle }))}
            />
          )}
          <Champ
            nom="reponse"
            libelle={relais ? 'Précision' : 'Réponse'}
            facultatif={relais}
            lignes={4}
            longueurMax={2000}
            aide={RAPPEL}
            valeur={saisie.reponse}
            erreur={messageDe(saisie.erreurs, 'reponse')}
          />
          <QuiLira
            requete={requete}
            lecteurs={[{ id: demande.organisme, nom: demande.organisme_nom }]}
            personnes={personnes}
          />
          <Actions>
            <Bouton genre="principal" icone="envoi">
              Envoyer la réponse
            </Bouton>
            <Bouton href={adresseDe(dossier, `/piece?demande=${demande.id}`)} icone="deposer">
              Joindre d’abord une pièce
            </Bouton>
          </Actions>
        </Formulaire>
      </Carte>
      <Carte titre="Ne pas donner suite">
        <Formulaire action={action} jeton={jeton} champs={{ acte: 'refuser' }} libelle="Refuser la demande">
          <Champ
            nom="refus"
            libelle="Pourquoi"
            lignes={2}
            longueurMax={500}
            aide="Lu par l’organisme qui demande."
            valeur={saisie.refus}
            erreur={messageDe(saisie.erreurs, 'refus')}
          />
          <Actions>
            <Bouton>Refuser la demande</Bouton>
          </Actions>
        </Formulaire>
      </Carte>
    </>
  )
}

function FormulairesDeLAuteur({
  requete,
  dossier,
  demande,
  saisie,
}: {
  requete: Requete
  dossier: Dossier
  demande: Demande
  saisie: Saisie
}): ReactElement {
  const action = adresseDe(dossier, `/demandes/${demande.id}`)
  const jeton = requete.connecte.jetonFormulaire
  return (
    <Carte titre="En attente de réponse">
      <Actions>
        <BoutonPost action={action} jeton={jeton} champs={{ acte: 'relancer' }} icone="horloge">
          Relancer {demande.destinataire_nom}
        </BoutonPost>
        <Bouton href={adresseDe(dossier, `/piece?demande=${demande.id}`)} icone="deposer">
          Joindre une pièce
        </Bouton>
      </Actions>
      <Formulaire action={action} jeton={jeton} champs={{ acte: 'retirer' }} libelle="Retirer la demande">
        <Champ
          nom="retrait"
          libelle="Retirer la demande : pourquoi"
          lignes={2}
          longueurMax={500}
          valeur={saisie.retrait}
          erreur={messageDe(saisie.erreurs, 'retrait')}
        />
        <Actions>
          <Bouton>Retirer la demande</Bouton>
        </Actions>
      </Formulaire>
    </Carte>
  )
}

function PageDemande({
  requete,
  dossier,
  montree,
  saisie,
}: {
  requete: Requete
  dossier: Dossier
  montree: Montree
  saisie: Saisie
}): ReactElement {
  const { demande, actes, pieces } = montree
  const jour = requete.session.jour
  const ouverte = demande.etat === 'ouverte'
  const pourMoi = demande.destinataire === requete.acteur.organisme
  const { session } = requete
  return (
    <Cadre
      requete={requete}
      titre={`${genresDemande[demande.genre]} : ${nommerDossier(dossier)}`}
      chapo={
        <>
          {demande.organisme_nom} demande à {demande.destinataire_nom}. Lu par ces deux organismes seulement.
        </>
      }
      courante="echanges"
      erreur={saisie.erreurs.length > 0}
      fil={ariane(dossier, genresDemande[demande.genre])}
    >
      <ResumeErreurs erreurs={saisie.erreurs} titre="Rien n’a été changé" />
      <Pile>
        <Carte titre="La demande" aside={<EtatDeDemande demande={demande} jour={jour} />}>
          <p className="texte-libre">{demande.texte}</p>
          <ListeDefinition
            lignes={[
              { terme: 'Relais', valeur: demande.relais && nommerRelais(session, demande.relais) },
              { terme: 'Suite donnée', valeur: demande.suite && nommerSuite(session, demande.suite) },
              {
                terme: 'Demandée par',
                valeur: `${demande.auteur}, ${demande.organisme_nom}`,
                note: `le ${formatInstant(demande.a)}`,
              },
              {
                terme: 'Attendue avant le',
                valeur: ouverte ? <EcheanceDeDemande demande={demande} jour={jour} /> : formatDate(demande.avant),
              },
              {
                terme: 'Relances',
                valeur: demande.relances === 0 ? null : pluriel(demande.relances, 'relance', 'relances'),
              },
            ]}
          />
        </Carte>
        {actes.length > 0 && (
          <Carte titre="Suites">
            <ListeSobre
              lignes={actes.map((acte) => ({
                cle: `${acte.genre}${acte.a.toString()}${acte.auteur}`,
                titre: LIBELLES_ACTE[acte.genre],
                note: (
                  <>
                    {acte.auteur}, {acte.organisme_nom}, le {formatInstant(acte.a)}
                    {acte.texte !== '' && (
                      <>
                        {' : '}
                        <span className="texte-libre">{acte.texte}</span>
                      </>
                    )}
                  </>
                ),
              }))}
            />
          </Carte>
        )}
        {pieces.length > 0 && (
          <Carte titre="Pièces de cette demande">
            <ListePieces requete={requete} dossier={dossier} pieces={pieces} />
          </Carte>
        )}
        {ouverte &&
          (pourMoi ? (
            <FormulairesDuDestinataire requete={requete} dossier={dossier} montree={montree} saisie={saisie} />
          ) : (
            <FormulairesDeLAuteur requete={requete} dossier={dossier} demande={demande} saisie={saisie} />
          ))}
      </Pile>
    </Cadre>
  )
}

const VIDE: Saisie = { acte: '', reponse: '', suite: '', refus: '', retrait: '', erreurs: [] }

/** GET /dossiers/:reference/echanges/demandes/:demande. */
export async function montrerDemande(requete: Requete): Promise<Reponse> {
  const dossier = await ouvrirDossier(requete)
  const montree = await lireTout(requete, dossier)
  return page(<PageDemande requete={requete} dossier={dossier} montree={montree} saisie={VIDE} />)
}

/** What each button does, the field of its words, and what is said after. */
const ACTES = {
  accuser: { action: 'demande.accuser', champ: 'accuse', fait: 'Accusé de réception envoyé.' },
  repondre: { action: 'demande.repondre', champ: 'reponse', fait: 'Réponse envoyée.' },
  refuser: { action: 'demande.refuser', champ: 'refus', fait: 'Demande refusée : l’organisme en lira le motif.' },
  retirer: { action: 'demande.retirer', champ: 'retrait', fait: 'Demande retirée : plus rien n’est attendu.' },
  relancer: { action: 'demande.relancer', champ: 'relance', fait: 'Relance notée.' },
} as const
type ActeFormulaire = keyof typeof ACTES

function agir(requete: Requete, dossier: Dossier, acte: ActeFormulaire): Promise<void> {
  const { session, parametres } = requete
  const cle = { dossier: dossier.id, demande: parametres.demande ?? '' }
  const mots = champ(requete, ACTES[acte].champ)
  switch (acte) {
    case 'accuser':
      return accuserReception(session, cle)
    case 'repondre':
      return repondreDemande(session, {
        ...cle,
        texte: mots,
        suite: champ(requete, 'suite'),
        suites: suitesRelais(session).map(({ code }) => code),
      })
    case 'refuser':
      return refuserDemande(session, { ...cle, motif: mots })
    case 'retirer':
      return retirerDemande(session, { ...cle, motif: mots })
    case 'relancer':
      return relancerDemande(session, cle)
  }
}

/** POST /dossiers/:reference/echanges/demandes/:demande: answer, refuse, take back or remind, by the button pressed. */
export async function agirSurDemande(requete: Requete): Promise<Reponse> {
  const { session } = requete
  const dossier = await ouvrirDossier(requete)
  const choisi = champ(requete, 'acte')
  const acte: ActeFormulaire = Object.hasOwn(ACTES, choisi) ? (choisi as ActeFormulaire) : 'repondre'
  const { action, fait } = ACTES[acte]
  const adresse = adresseDe(dossier, `/demandes/${requete.parametres.demande}`)
  const issue = await ouConflit(requete, action, () =>
    tenter(
      session,
      action,
      (code) => (code === 'demande.suite' ? 'suite' : ACTES[acte].champ),
      () => agir(requete, dossier, acte),
    ),
  )
  if (issue === null) return redirection(adresse, { texte: fait })
  const montree = await lireTout(requete, dossier)
  const saisie: Saisie = {
    acte,
    reponse: champ(requete, 'reponse'),
    suite: champ(requete, 'suite'),
    refus: champ(requete, 'refus'),
    retrait: champ(requete, 'retrait'),
    erreurs: issue instanceof Conflit ? [] : [issue],
  }
  if (!(issue instanceof Conflit))
    return page(<PageDemande requete={requete} dossier={dossier} montree={montree} saisie={saisie} />, 422)
  const suite = montree.actes.findLast(({ genre }) => genre !== 'lue' && genre !== 'relancee')
  return pageConflit(requete, {
    message: issue.message,
    quoi: genresDemande[montree.demande.genre],
    courante: 'echanges',
    fil: ariane(dossier, genresDemande[montree.demande.genre]),
    versions: [
      {
        cle: 'texte',
        libelle: suite ? LIBELLES_ACTE[suite.genre] : 'Suite',
        saisie: champ(requete, ACTES[acte].champ) || null,
        enregistree: suite?.texte ?? null,
        qui: suite && `${suite.auteur}, ${suite.organisme_nom}, le ${formatInstant(suite.a)}`,
      },
    ],
    conseil:
      'Une demande close ne reçoit plus de suite. Copier votre texte dans un nouveau fil s’il ajoute quelque chose.',
    garder: { libelle: 'Revenir à la demande', href: adresse },
    remplacer: null,
  })
}
