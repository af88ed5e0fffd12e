import type { ReactElement, ReactNode } from 'react'
import { aLeDroit } from '#acces'
import { lireIndices, PRESENCES } from '#apurements'
import type { Dossier } from '#dossiers'
import { exigerCles } from '#echanges'
import type { Faits } from '#procedure'
import {
  type ActeRequisition,
  type DepartRecu,
  type Diffusion,
  datesDecisives,
  decrireGenre,
  type Enquete,
  ETATS,
  enVigueur,
  type GenreSaisi,
  genresEnquete,
  genresSaisis,
  lireTextes,
  listerActes,
  listerDepartsRecus,
  listerDiffusions,
  listerDuDossier,
  listerEnquetes,
  listerRapports,
  POINTS,
  peutNoter,
  peutReprendre,
  preparation,
  prochaineTreve,
  type Rapports,
  type Requisition,
  refusImplicite,
  requisitionsConnues,
  responsabilite,
} from '#requisitions'
import { Introuvable } from '#socle/errors'
import { formatDate, formatInstant, pluriel } from '#socle/typography'
import {
  Actions,
  Bouton,
  BoutonImprimer,
  BoutonPost,
  Carte,
  Colonnes,
  EtatVide,
  Etiquette,
  type LigneDefinition,
  ListeDefinition,
  ListeSobre,
  Message,
  Pile,
  Plus,
} from '../composants/index.ts'
import { CadreDossier, ouvrirDossier } from '../espaces.tsx'
import { page, type Reponse, type Requete } from '../route.ts'
import { adresseDe, ESPACE, EtatEnquete, EtatRequisition, lignesActe, marqueEnvoi, Puce } from './commun.tsx'

interface Lue {
  readonly dossier: Dossier
  readonly requisition: Requisition
  readonly actes: readonly ActeRequisition[]
  readonly vivants: readonly ActeRequisition[]
  readonly enquetes: readonly Enquete[]
  readonly textes: ReadonlyMap<string, Readonly<Record<string, string>>>
  readonly diffusions: readonly Diffusion[]
  readonly rapports: Rapports
  readonly departs: readonly DepartRecu[]
}

const dernier = ({ vivants }: Pick<Lue, 'vivants'>, genre: string): ActeRequisition | undefined =>
  vivants.findLast((acte) => acte.genre === genre)

/** Buttons at the foot of a card. */
const Gestes = ({ children }: { children: ReactNode }): ReactElement => (
  <div className="mt2">
    <Actions>{children}</Actions>
  </div>
)

/** Buttons to note a fact, for those who may. */
function Noter({
  requete,
  lue,
  genres,
  children,
}: {
  requete: Requete
  lue: Lue
  genres: readonly (readonly [GenreSaisi, string])[]
  /** A first button, when there is one. */
  children?: ReactNode
}): ReactElement | null {
  const permis = genres.filter(([genre]) => peutNoter(requete.session, genre))
  if (permis.length === 0 && !children) return null
  return (
    <Gestes>
      {children}
      {permis.map(([genre, libelle]) => (
        <Bouton key={genre} href={adresseDe(lue.dossier, `/${lue.requisition.id}/noter/${genre}`)}>
          {libelle}
        </Bouton>
      ))}
    </Gestes>
  )
}

/** What the truce changes for a grant: said, never in the way. */
function AlerteTreve({ lue, requete }: { lue: Lue; requete: Requete }): ReactElement | null {
  const { executoire_le, prevue_le, etat, sans_solution, decidee_le } = lue.requisition
  if (etat !== 'accordee') return null
  const treve = prochaineTreve(requete.session)
  if (!treve)
    return (
      <Message ton="bientot">
        <p>La table des trêves hivernales ne couvre pas cette date : vérifier que l’exécution est possible.</p>
      </Message>
    )
  const dans = (jour: Temporal.PlainDate | null) =>
    jour !== null &&
    Temporal.PlainDate.compare(treve.du, jour) <= 0 &&
    Temporal.PlainDate.compare(jour, treve.jusquAu) <= 0
  if (dans(prevue_le) || (prevue_le === null && dans(executoire_le)) || treve.enCours)
    return (
      <Message ton="bientot">
        <p>
          <b>
            Trêve hivernale du {formatDate(treve.du)} au {formatDate(treve.jusquAu)}.
          </b>{' '}
          L’expulsion ne peut pas être exécutée pendant cette période, sauf relogement assuré ou entrée par voie de
          fait. La procédure, elle, continue.
        </p>
      </Message>
    )
  const avant = executoire_le ?? decidee_le
  if (avant && Temporal.PlainDate.compare(avant, treve.du) < 0 && sans_solution)
    return (
      <Message ton="retard">
        <p>
          <b>Risque de rue.</b> Le concours peut être exécuté avant la trêve du {formatDate(treve.du)}, et aucune place
          ni aucun relogement n’est assuré pour ce ménage.
        </p>
      </Message>
    )
  return null
}

/** Periods that put the State's liability off, as the procedure of the dossier knows them. */
function periodesDe({ situation }: Dossier): Faits {
  const trouver = (motif: string) =>
    situation?.suspensions.findLast((une) => une.motif === motif && une.jusquAu !== null)
  const jour = (texte: string | null | undefined) => (texte ? Temporal.PlainDate.from(texte) : null)
  const [grace, protocole] = [trouver('delai_de_grace'), trouver('protocole')]
  return {
    'jex.decision': jour(grace?.du),
    'delai_de_grace.fin': jour(grace?.jusquAu),
    'protocole.signe': jour(protocole?.du),
    'protocole.fin': jour(protocole?.jusquAu),
  }
}

function OuEnEstOn({ requete, lue }: { requete: Requete; lue: Lue }): ReactElement {
  const { requisition, dossier, textes } = lue
  const { session } = requete
  const silence = refusImplicite(session, requisition.recue_le)
  const etat = responsabilite(session, datesDecisives(lue.vivants, requisition), periodesDe(dossier))
  const decision = dernier(lue, 'decision')
  const demandee = dernier(lue, 'expertise_demandee')
  const expertise = dernier(lue, 'expertise_rendue')
  const protocole = dernier(lue, 'protocole')
  const rendezVous = dernier(lue, 'rendez_vous')
  const lignes: LigneDefinition[] = [
    {
      terme: 'Réquisition reçue le',
      valeur: formatDate(requisition.recue_le),
      note: `Enregistrée par ${requisition.auteur}, ${requisition.organisme_nom}`,
    },
    {
      terme: 'Silence valant refus',
      valeur: !['instruction', 'sursis'].includes(requisition.etat) ? (
        `Sans objet : ${ETATS[requisition.etat].toLowerCase()}`
      ) : silence ? (
        <Puce echeance={silence} jour={session.jour} genre="terme" />
      ) : (
        'Non connu pour cette date'
      ),
      note: ['instruction', 'sursis'].includes(requisition.etat)
        ? 'Une date qui passe : personne ne décide ce jour-là, et Amont n’enregistre pas de refus.'
        : silence
          ? `Le silence aurait valu refus le ${formatDate(silence.le)}.`
          : undefined,
    },
    ...(etat
      ? [
          {
            terme: 'Indemnisation par l’État',
            valeur: etat.depart
              ? `À partir du ${formatDate(etat.depart.le)}${etat.fin ? `, jusqu’au ${formatDate(etat.fin.le)}` : ''}`
              : etat.regime === ''
                ? null
                : 'Rien ne l’a fait courir',
            note: [
              etat.depart ? `Départ : ${etat.depart.pourquoi}.` : '',
              etat.depart && etat.fin ? `Fin : ${etat.fin.pourquoi}.` : '',
              `${etat.source} (${etat.regime}).`,
              etat.aVerifier ? 'À vérifier.' : '',
              ...etat.reserves,
            ]
              .filter((une) => une !== '')
              .join(' '),
          },
        ]
      : []),
    ...(demandee
      ? [
          {
            terme: 'Expertise de la CCAPEX',
            valeur: expertise
              ? `${expertise.donnees.sens === 'favorable' ? 'Favorable' : 'Défavorable'} à l’octroi`
              : 'Demandée, pas encore rendue',
            note: expertise
              ? `Rendue le ${formatDate(expertise.le)}. Un éclairage : la décision reste au préfet.`
              : `Demandée par l’État le ${formatDate(demandee.le)}`,
          },
        ]
      : []),
    ...(rendezVous
      ? [
          {
            terme: 'Rendez-vous avec le ménage',
            valeur: lignesActe(rendezVous, textes)
              .map(({ valeur }) => valeur)
              .filter(Boolean)
              .join(', '),
            note: `Proposé le ${formatDate(rendezVous.le)}`,
          },
        ]
      : []),
    ...(protocole
      ? [
          {
            terme: 'Protocole avec le bailleur',
            valeur: lignesActe(protocole, textes)[0]?.valeur,
            note: `Question posée le ${formatDate(protocole.le)}`,
          },
        ]
      : []),
    ...(decision
      ? [
          {
            terme: 'Décision du préfet',
            valeur: lignesActe(decision, textes)[0]?.valeur,
            note: (
              <>
                Le {formatDate(decision.le)}
                {textes.get(decision.id)?.texte !== undefined && (
                  <>
                    {'. '}
                    <span className="texte-libre">{textes.get(decision.id)?.texte}</span>
                  </>
                )}
              </>
            ),
          },
          {
            terme: 'Exécutable à partir du',
            valeur: requisition.executoire_le ? formatDate(requisition.executoire_le) : null,
          },
          {
            terme: 'Mise en œuvre prévue',
            valeur: requisition.prevue_le
              ? formatDate(requisition.prevue_le)
              : requisition.etat === 'accordee'
                ? 'Pas encore fixée'
                : null,
          },
        ]
      : []),
  ]
  const instruit = aLeDroit(requete.acteur, 'requisition.instruire')
  return (
    <Carte titre="Où en est-on" aside={<EtatRequisition etat={requisition.etat} />}>
      <ListeDefinition lignes={lignes} />
      <Noter
        requete={requete}
        lue={lue}
        genres={[
          ...(['annulee', 'executee'].includes(requisition.etat)
            ? []
            : ([
                ['decision', 'Noter la décision'],
                ...(requisition.etat === 'accordee' ? ([['date_prevue', 'Fixer la date']] as const) : []),
                ...(demandee ? [] : ([['expertise_demandee', 'Demander l’expertise de la CCAPEX']] as const)),
                ...(demandee && !expertise ? ([['expertise_rendue', 'Noter l’expertise rendue']] as const) : []),
                ...(protocole ? [] : ([['protocole', 'Poser la question du protocole']] as const)),
                ['rendez_vous', 'Noter un rendez-vous proposé au ménage'],
                ['element', 'Noter un élément apporté'],
              ] as const)),
        ]}
      >
        {instruit && requisition.etat === 'accordee' && (
          <Bouton genre="principal" icone="envoi" href={adresseDe(dossier, `/${requisition.id}/diffuser`)}>
            Diffuser l’octroi et la date
          </Bouton>
        )}
      </Noter>
    </Carte>
  )
}

/** The bundle of clues of good faith, as the préfet reads it: what was noted, and nothing that counts or weighs it (RFP-15). */
function CarteBonneFoi({
  indices,
}: {
  indices: NonNullable<Awaited<ReturnType<typeof lireIndices>>>
}): ReactElement | null {
  const notes = indices.indices.flatMap(({ id, libelle, note }) => (note ? [{ id, libelle, note }] : []))
  if (notes.length === 0) return null
  return (
    <Carte titre="Indices de bonne foi" id="bonne-foi">
      <p className="note">
        Présentés après l’accord collégial enregistré dans le département, pour une appréciation humaine. Source :{' '}
        {indices.source}. {indices.reserve}
      </p>
      <ListeSobre
        lignes={notes.map(({ id, libelle, note }) => ({
          cle: id,
          titre: libelle,
          note: `${PRESENCES[note.presence]}, noté par ${note.auteur}, ${note.organisme_nom}, le ${formatInstant(note.a)}`,
        }))}
      />
    </Carte>
  )
}

function CarteEnquetes({ requete, lue }: { requete: Requete; lue: Lue }): ReactElement {
  const { dossier, requisition, enquetes, vivants } = lue
  const instruit = aLeDroit(requete.acteur, 'requisition.instruire')
  return (
    <Carte
      titre="Enquêtes"
      aside={requisition.enquetes_ouvertes > 0 ? `${requisition.enquetes_ouvertes} attendues` : undefined}
    >
      {enquetes.length === 0 ? (
        <EtatVide titre="Aucune enquête demandée" niveau={3}>
          Le Département, le maire, le bailleur et les forces de l’ordre éclairent la décision ; le SIAO dit s’il existe
          une demande d’hébergement.
        </EtatVide>
      ) : (
        <ListeSobre
          lignes={enquetes.map((enquete) => ({
            cle: enquete.id,
            titre: <a href={adresseDe(dossier, `/enquetes/${enquete.id}`)}>{genresEnquete[enquete.genre].libelle}</a>,
            note: `${enquete.aupres}, demandée le ${formatDate(enquete.demandee_le)}`,
            droite: <EtatEnquete enquete={enquete} vivants={vivants} jour={requete.session.jour} />,
          }))}
        />
      )}
      {lue.rapports.remis.length > 0 && (
        <>
          <h3>Rapport social remis</h3>
          <ListeSobre
            lignes={lue.rapports.remis.map((rapport) => ({
              cle: rapport.id,
              titre: <a href={adresseDe(dossier, `/${rapport.id}`)}>{rapport.organisme_nom}</a>,
              note: `Commencé le ${formatInstant(rapport.cree_a)} par ${rapport.auteur_nom}`,
            }))}
          />
        </>
      )}
      {aLeDroit(requete.acteur, 'rapport_social.tenir') && (
        <Gestes>
          <Bouton genre="principal" href={adresseDe(dossier, `/${requisition.id}/rapport`)}>
            {lue.rapports.rapport ? 'Reprendre le rapport social' : 'Rédiger le rapport social'}
          </Bouton>
        </Gestes>
      )}
      {instruit && !['annulee', 'executee'].includes(requisition.etat) && (
        <Gestes>
          <Bouton
            {...(enquetes.length === 0 ? { genre: 'principal' as const } : {})}
            icone="envoi"
            href={adresseDe(dossier, `/${requisition.id}/enquetes`)}
          >
            {enquetes.length === 0 ? 'Demander les enquêtes' : 'Demander une autre enquête'}
          </Bouton>
        </Gestes>
      )}
    </Carte>
  )
}

const ETATS_POINT: Readonly<Record<string, readonly ['tenu' | 'info' | 'bientot' | 'neutre', string]>> = {
  a_faire: ['bientot', 'À faire'],
  demande: ['info', 'Demandé'],
  assure: ['tenu', 'Assuré'],
  sans_objet: ['neutre', 'Sans objet'],
}

function CartePreparation({ requete, lue }: { requete: Requete; lue: Lue }): ReactElement {
  const { dossier, requisition, vivants, textes } = lue
  const points = preparation(vivants)
  const contribue = aLeDroit(requete.acteur, 'requisition.contribuer')
  const reunions = vivants.filter(({ genre }) => genre === 'concertation' || genre === 'concertation_tenue')
  return (
    <Carte titre="Préparer ce jour">
      <ListeSobre
        lignes={Object.entries(POINTS).map(([point, libelle]) => {
          const acte = points.get(point)
          const [ton, texte] = ETATS_POINT[acte?.donnees.etat ?? ''] ?? (['neutre', 'Pas encore vu'] as const)
          const precision = acte && textes.get(acte.id)?.texte
          return {
            cle: point,
            titre: contribue ? (
              <a href={adresseDe(dossier, `/${requisition.id}/noter/preparation?point=${point}`)}>{libelle}</a>
            ) : (
              libelle
            ),
            note: acte ? (
              <>
                {acte.donnees.qui ? `${acte.donnees.qui}, ` : ''}
                {formatDate(acte.le)}
                {precision && (
                  <>
                    {' : '}
                    <span className="texte-libre">{precision}</span>
                  </>
                )}
              </>
            ) : undefined,
            droite: <Etiquette ton={ton}>{texte}</Etiquette>,
          }
        })}
      />
      {reunions.length > 0 && (
        <>
          <h3>Concertations</h3>
          {reunions.map((acte) => (
            <section key={acte.id}>
              <p>
                <b>{decrireGenre(acte.genre).libelle}</b>, {formatDate(acte.le)}, {acte.organisme_nom}
              </p>
              <ListeDefinition lignes={lignesActe(acte, textes)} />
            </section>
          ))}
          {aLeDroit(requete.acteur, 'requisition.instruire') && (
            <p>
              <a href={adresseDe(dossier, `/${requisition.id}/diffuser?quoi=concertation`)}>
                {reunions.at(-1)?.genre === 'concertation' ? 'Convier à la concertation' : 'Dire qu’elle s’est tenue'}
              </a>
            </p>
          )}
        </>
      )}
      <Noter
        requete={requete}
        lue={lue}
        genres={[
          ['concertation', 'Organiser une concertation'],
          ['concertation_tenue', 'Noter une concertation tenue'],
        ]}
      />
    </Carte>
  )
}

function CarteJourJ({ requete, lue }: { requete: Requete; lue: Lue }): ReactElement | null {
  const { dossier, requisition, textes } = lue
  const intervention = dernier(lue, 'intervention')
  const suivi = dernier(lue, 'suivi')
  if (requisition.etat !== 'accordee' && !intervention) return null
  const retard =
    requisition.suivi_avant !== null &&
    Temporal.Instant.compare(requisition.suivi_avant, requete.session.maintenant) < 0
  return (
    <Carte
      titre="Le jour de l’expulsion"
      aside={
        requisition.suivi_avant ? (
          <Etiquette ton={retard ? 'retard' : 'bientot'} icone={retard ? 'retard' : 'horloge'}>
            Rencontre du ménage avant le {formatInstant(requisition.suivi_avant)}
          </Etiquette>
        ) : undefined
      }
    >
      {intervention ? (
        <ListeDefinition
          lignes={[{ terme: 'Jour', valeur: formatDate(intervention.le) }, ...lignesActe(intervention, textes)]}
        />
      ) : (
        <p className="note">
          La fiche du jour dit aux forces de l’ordre la marche à suivre et qui appeler. Rien d’autre de la situation du
          ménage n’y figure.
        </p>
      )}
      {suivi && (
        <>
          <h3>Suivi du {formatDate(suivi.le)}</h3>
          <ListeDefinition lignes={lignesActe(suivi, textes)} />
        </>
      )}
      {intervention?.donnees.resultat === 'expulsion' && !suivi && requisition.suivi_avant === null && (
        <p className="note">La charte ne fixe pas de délai de rencontre ici : la proposer sans attendre.</p>
      )}
      <Noter
        requete={requete}
        lue={lue}
        genres={[
          ['intervention', intervention ? 'Noter une autre intervention' : 'Noter ce qui s’est passé'],
          ...(intervention ? ([['suivi', 'Noter le suivi des 48 heures']] as const) : []),
        ]}
      >
        {aLeDroit(requete.acteur, 'requisition.instruire') && !intervention && (
          <Bouton fichier icone="impr" href={adresseDe(dossier, `/${requisition.id}/fiche.pdf`)}>
            Fiche du jour pour les forces de l’ordre (PDF)
          </Bouton>
        )}
      </Noter>
    </Carte>
  )
}

const GENRES_DIFFUSES: Readonly<Record<Diffusion['genre'], string>> = {
  enquete: 'Enquête demandée',
  relance: 'Enquête relancée',
  decision: 'Octroi du concours',
  date: 'Date de mise en œuvre',
  treve: 'Concours à l’approche de la trêve',
  departs: 'Départ du ménage',
  reprise: 'Reprise après annulation défaite',
  concertation: 'Concertation',
  rapport: 'Rapport social remis',
}

const CarteDiffusions = ({ diffusions }: { diffusions: readonly Diffusion[] }): ReactElement | null =>
  diffusions.length === 0 ? null : (
    <Carte titre="Qui a été prévenu">
      <ListeSobre
        lignes={diffusions.map((une) => ({
          cle: une.id,
          titre: `${GENRES_DIFFUSES[une.genre]} : ${une.organisme_nom}`,
          note: `${formatInstant(une.a)}, par ${une.auteur}. ${une.pourquoi}. ${
            une.avis === 0
              ? 'Aucun compte ouvert : à prévenir hors d’Amont'
              : une.ouvert_a
                ? `ouvert le ${formatInstant(une.ouvert_a)}`
                : `${pluriel(une.avis, 'personne prévenue', 'personnes prévenues')}, pas encore ouvert`
          }.`,
        }))}
      />
    </Carte>
  )

function CarteHistorique({ requete, lue }: { requete: Requete; lue: Lue }): ReactElement | null {
  const { actes, vivants, textes, dossier, requisition } = lue
  if (actes.length === 0) return null
  const comptent = new Set(vivants.map(({ id }) => id))
  // The gesture that cancels everything has its own way back, which tells those it had told.
  const corrigible = (acte: ActeRequisition) =>
    comptent.has(acte.id) &&
    acte.genre !== 'annulation' &&
    aLeDroit(requete.acteur, 'requisition.contribuer') &&
    peutReprendre(requete.session, acte)
  return (
    <Carte titre="Tout ce qui a été noté">
      <Plus libelle={pluriel(actes.length, 'fait', 'faits')}>
        <ListeSobre
          lignes={actes.toReversed().map((acte) => ({
            cle: acte.id,
            titre: `${decrireGenre(acte.genre).libelle}, ${formatDate(acte.le)}`,
            note: (
              <>
                {acte.auteur}, {acte.organisme_nom}, le {formatInstant(acte.a)}
                {lignesActe(acte, textes).map(({ terme, valeur }) => (
                  <span key={terme}>
                    {'. '}
                    {terme} : {valeur}
                  </span>
                ))}
              </>
            ),
            droite:
              acte.genre === 'retrait' ? undefined : !comptent.has(acte.id) ? (
                <Etiquette>Ne compte plus</Etiquette>
              ) : corrigible(acte) ? (
                <div className="ets">
                  {genresSaisis(acte.genre) && (
                    <a href={adresseDe(dossier, `/${requisition.id}/noter/${acte.genre}?corrige=${acte.id}`)}>
                      Corriger
                    </a>
                  )}
                  <a
                    href={adresseDe(dossier, `/${requisition.id}/retirer/${acte.id}`)}
                    aria-label={`Retirer : ${decrireGenre(acte.genre).libelle}, ${formatDate(acte.le)}`}
                  >
                    Retirer
                  </a>
                </div>
              ) : undefined,
          }))}
        />
      </Plus>
    </Carte>
  )
}

/** A departure somebody outside the request reported (SIG-16): the State checks it, then notes it. */
function DepartsRecus({ requete, lue }: { requete: Requete; lue: Lue }): ReactElement | null {
  const { dossier, requisition, departs } = lue
  const [recu] = departs
  if (!recu || !aLeDroit(requete.acteur, 'requisition.contribuer')) return null
  const cles = recu.cles === null ? '' : recu.cles ? ', clés remises' : ', sans les clés'
  const prefixe = new URLSearchParams({
    le: recu.le.toString(),
    source: recu.organisme,
    ...(recu.cles === null ? {} : { cles: recu.cles ? 'remises' : 'non' }),
  })
  return (
    <Message
      ton="bientot"
      action={
        <Bouton href={adresseDe(dossier, `/${requisition.id}/depart?${prefixe}`)}>Vérifier et noter ce départ</Bouton>
      }
    >
      <p>
        <b>
          {recu.organisme} signale un départ le {formatDate(recu.le)}
          {cles}.
        </b>{' '}
        Rien n’est annulé tant que ce départ n’est pas noté ici.
      </p>
    </Message>
  )
}

function AlerteDepart({ requete, lue }: { requete: Requete; lue: Lue }): ReactElement | null {
  const { dossier, requisition } = lue
  const depart = dernier(lue, 'depart_signale')
  const jeton = requete.connecte.jetonFormulaire
  const instruit = aLeDroit(requete.acteur, 'requisition.instruire')
  if (requisition.etat === 'annulee' && dernier(lue, 'annulation'))
    return (
      <Message
        ton="tenu"
        action={
          instruit ? (
            <BoutonPost
              action={adresseDe(dossier, `/${requisition.id}/defaire`)}
              jeton={jeton}
              champs={{ envoi: marqueEnvoi() }}
              icone="annuler"
            >
              Défaire l’annulation
            </BoutonPost>
          ) : undefined
        }
      >
        <p>
          <b>Le ménage est parti{depart ? ` le ${formatDate(depart.le)}` : ''}.</b> Enquêtes, forces et concours sont
          annulés, et tous ceux qui étaient mobilisés sont prévenus.
        </p>
      </Message>
    )
  if (requisition.etat === 'annulee' || requisition.etat === 'executee') return null
  if (!depart) return <DepartsRecus requete={requete} lue={lue} />
  return (
    <Message
      ton="bientot"
      action={
        instruit ? (
          <BoutonPost
            genre="principal"
            action={adresseDe(dossier, `/${requisition.id}/annuler`)}
            jeton={jeton}
            champs={{ envoi: marqueEnvoi() }}
          >
            Tout annuler et prévenir
          </BoutonPost>
        ) : undefined
      }
    >
      <p>
        <b>Départ signalé le {formatDate(depart.le)}</b> par {depart.organisme_nom}
        {depart.donnees.source ? ` (${depart.donnees.source})` : ''}.{' '}
        {depart.donnees.cles === 'remises' ? 'Les clés sont remises.' : 'Les clés ne sont pas remises.'}{' '}
        {instruit
          ? 'Un geste annule les enquêtes, les forces et le concours, et prévient tous ceux qui sont mobilisés. Il se défait.'
          : 'La préfecture décide d’annuler les enquêtes et le concours.'}
      </p>
    </Message>
  )
}

async function lire(requete: Requete, dossier: Dossier, requisition: Requisition): Promise<Lue> {
  const { session } = requete
  const actes = await listerActes(session, requisition.id)
  return {
    dossier,
    requisition,
    actes,
    vivants: enVigueur(actes),
    enquetes: await listerEnquetes(session, requisition.id),
    textes: await lireTextes(session, exigerCles(requete.application), requisition),
    diffusions: await listerDiffusions(session, requisition.id),
    rapports: await listerRapports(session, dossier.id),
    departs: await listerDepartsRecus(session, requisition),
  }
}

/** GET /dossiers/:reference/force-publique: where the force request of a dossier stands. */
export async function montrerForcePublique(requete: Requete): Promise<Reponse> {
  const { session, acteur } = requete
  const dossier = await ouvrirDossier(requete)
  const toutes = await listerDuDossier(session, dossier.id)
  const voulue = requete.recherche.requisition
  const choisie = voulue ? toutes.find(({ id }) => id === voulue) : toutes[0]
  if (voulue && !choisie) throw new Introuvable()
  const connues = requisitionsConnues(dossier, toutes)
  const instruit = aLeDroit(acteur, 'requisition.instruire')
  const lue = choisie ? await lire(requete, dossier, choisie) : null
  // Without a collegial agreement recorded for the département, there is nothing to show.
  const indices = instruit && lue ? await lireIndices(session, dossier) : null
  const recevoir = instruit && (
    <Bouton
      {...(choisie ? {} : { genre: 'principal' as const })}
      icone="deposer"
      href={adresseDe(dossier, '/recevoir')}
    >
      Enregistrer une réquisition
    </Bouton>
  )
  return page(
    <CadreDossier
      requete={requete}
      dossier={dossier}
      espace={ESPACE}
      titre="Force publique"
      large
      chapo="Ce que demande le commissaire de justice, ce que disent ceux qui sont interrogés, ce que décide le préfet, et comment ce jour se prépare."
      actions={
        <>
          {lue &&
            aLeDroit(acteur, 'requisition.contribuer') &&
            !['annulee', 'executee'].includes(lue.requisition.etat) && (
              <Bouton petit href={adresseDe(dossier, `/${lue.requisition.id}/depart`)}>
                Signaler un départ
              </Bouton>
            )}
          <BoutonImprimer />
        </>
      }
    >
      {connues.length > 0 && instruit && (
        <Message ton="info">
          <p>
            Une réquisition du {connues.map(({ le }) => formatDate(le)).join(', du ')} est connue et son instruction
            n’est pas ouverte.
          </p>
        </Message>
      )}
      {!lue ? (
        <EtatVide titre="Aucune réquisition en cours">
          {instruit
            ? 'Enregistrer la demande de concours ouvre les enquêtes et fait courir les délais.'
            : 'La préfecture n’a pas enregistré de demande de concours pour ce ménage.'}
        </EtatVide>
      ) : (
        <Pile>
          <AlerteDepart requete={requete} lue={lue} />
          <AlerteTreve requete={requete} lue={lue} />
          <Colonnes genre="dossier">
            <Pile>
              <OuEnEstOn requete={requete} lue={lue} />
              <CarteEnquetes requete={requete} lue={lue} />
              <CartePreparation requete={requete} lue={lue} />
              <CarteJourJ requete={requete} lue={lue} />
            </Pile>
            <Pile>
              <CarteDiffusions diffusions={lue.diffusions} />
              {indices && <CarteBonneFoi indices={indices} />}
              <CarteHistorique requete={requete} lue={lue} />
              {toutes.length > 1 && (
                <Carte titre="Autres réquisitions de ce dossier">
                  <ListeSobre
                    lignes={toutes
                      .filter(({ id }) => id !== lue.requisition.id)
                      .map((une) => ({
                        cle: une.id,
                        titre: (
                          <a href={adresseDe(dossier, `?requisition=${une.id}`)}>Reçue le {formatDate(une.recue_le)}</a>
                        ),
                        droite: <EtatRequisition etat={une.etat} />,
                      }))}
                  />
                </Carte>
              )}
            </Pile>
          </Colonnes>
        </Pile>
      )}
      {recevoir && <Gestes>{recevoir}</Gestes>}
    </CadreDossier>,
  )
}
