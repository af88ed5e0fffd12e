import type { ReactElement, ReactNode } from 'react'
import { aLeDroit } from '#acces'
import {
  type Apport,
  annulerSeance,
  changementsDepuisEnvoi,
  convoquer,
  deplacerSeance,
  fichierDeSeance,
  type Inscription,
  lireOrdre,
  lireSeance,
  listerApports,
  listerConvoques,
  listerInjoignables,
  listerPoints,
  type MotifAnnulation,
  motifsAnnulation,
  originesInscription,
  PROPOSES_PAR_PAGE,
  peser,
  proposerOrdre,
  type Reglement,
  retablirSeance,
  type Seance,
} from '#commission'
import { refus } from '#socle/errors'
import { accorder, formatDate, formatHeure, formatInstant, formatMontant, pluriel } from '#socle/typography'
import { etapeCourte } from '../accompagner/libelles.ts'
import { messageDe } from '../accompagner/saisie.ts'
import { Cadre } from '../cadre.tsx'
import {
  Actions,
  Barre,
  Bouton,
  BoutonPost,
  Carte,
  Champ,
  ChampDate,
  Compteurs,
  EtatVide,
  Etiquette,
  Formulaire,
  Message,
  Pagination,
  Pile,
  Plus,
  ResumeErreurs,
  Selection,
  Tableau,
} from '../composants/index.ts'
import { champ, page, type Reponse, type Requete, redirection } from '../route.ts'
import { agirSurSeance, dejaTyper, direSeance, erreursDe, resumer, type Typee } from './acte.tsx'
import { attentesDeSeance } from './attentes.ts'
import { lireSaisieSeance } from './commission.tsx'
import { adresseCommission, adresseSeance, COMMISSIONS, direQuand, EtatDeSeance } from './commun.tsx'
import { CartePoints } from './points.tsx'

const direConvocation = ({ convoquee }: Pick<Seance, 'convoquee'>): string =>
  convoquee ? 'Renvoyer la convocation' : 'Convoquer les membres'

export const laSeance = ({ session, parametres }: Requete): Promise<Seance> =>
  lireSeance(session, parametres.seance ?? '')

/** The frame of the pages of a session, for whoever prepares it. */
export function CadreSeance({
  requete,
  seance,
  courant,
  chapo,
  erreur = false,
  children,
}: {
  requete: Requete
  seance: Seance
  courant: 'ordre' | 'presence'
  chapo: string
  erreur?: boolean
  children: ReactNode
}): ReactElement {
  const adresse = adresseSeance(seance.id)
  return (
    <Cadre
      requete={requete}
      titre={`Séance du ${direQuand(seance)}`}
      chapo={chapo}
      courante="reunir"
      large
      erreur={erreur}
      fil={[
        { libelle: 'Commissions', href: COMMISSIONS },
        { libelle: seance.commission_nom, href: adresseCommission(seance.commission) },
        { libelle: `Séance du ${formatDate(seance.le)}` },
      ]}
      onglets={{
        libelle: 'Séance',
        onglets: [
          { href: adresse, libelle: 'Ordre du jour', courant: courant === 'ordre' },
          { href: `${adresse}/presence`, libelle: 'Présence', courant: courant === 'presence' },
          ...(aLeDroit(requete.acteur, 'deliberation.tenir')
            ? [
                { href: `${adresse}/poste`, libelle: 'Tenir la séance' },
                { href: `${adresse}/releve`, libelle: 'Relevé' },
              ]
            : []),
        ],
      }}
      actions={<EtatDeSeance seance={seance} />}
    >
      {children}
    </Cadre>
  )
}

type Proposes = Awaited<ReturnType<typeof proposerOrdre>>

/** Page asked of what waits for the session. */
const pageProposee = ({ recherche }: Requete): number => Math.max(1, Math.trunc(Number(recherche.attente)) || 1)

interface Vue {
  readonly seance: Seance
  readonly lignes: readonly Inscription[]
  readonly reglement: Reglement | null
}

/** What the rules set before the session, as dates. */
function Echeances({ seance, reglement }: { seance: Seance; reglement: Reglement | null }): ReactElement {
  if (reglement === null)
    return (
      <Message ton="bientot">
        <p>
          Aucun règlement intérieur n’est en vigueur ce jour-là : ni durée, ni capacité, ni délai d’envoi ne
          s’appliquent. <a href={`${adresseCommission(seance.commission)}#reglement`}>L’écrire</a>.
        </p>
      </Message>
    )
  const avant = (jours: number | null) => (jours === null ? null : formatDate(seance.le.subtract({ days: jours })))
  const envoi = avant(reglement.jours_envoi)
  const apports = avant(reglement.jours_apports)
  return (
    <p className="note">
      {envoi ? `Ordre du jour à envoyer le ${envoi} au plus tard. ` : 'Le règlement ne fixe pas de délai d’envoi. '}
      {apports
        ? `Éléments des membres attendus le ${apports}. `
        : 'Le règlement ne fixe pas de date pour les éléments des membres. '}
      Source : {reglement.reference}.
    </p>
  )
}

function Charge({ seance, lignes, reglement }: Vue): ReactElement {
  const { dossiers, minutes, disponibles, capacite } = peser(seance, lignes, reglement)
  const trop = capacite !== null && dossiers > capacite
  const deborde = minutes !== null && minutes > disponibles
  return (
    <>
      <Compteurs
        libelle="Charge de la séance"
        compteurs={[
          {
            cle: 'dossiers',
            nombre: capacite === null ? String(dossiers) : `${dossiers} sur ${capacite}`,
            libelle: accorder(dossiers, 'dossier inscrit', 'dossiers inscrits'),
            note:
              capacite === null
                ? 'capacité non fixée'
                : trop
                  ? `${dossiers - capacite} de trop`
                  : pluriel(capacite - dossiers, 'place libre', 'places libres'),
          },
          {
            cle: 'minutes',
            nombre: minutes === null ? 'inconnue' : `${minutes} min`,
            libelle: 'durée prévue',
            note: minutes === null ? 'un dossier n’a pas de durée' : `${disponibles} min de séance`,
          },
        ]}
      />
      {(trop || deborde) && (
        <Message ton="bientot">
          <p>
            {trop &&
              `La capacité du règlement est dépassée de ${pluriel(dossiers - capacite, 'dossier', 'dossiers')}. `}
            {deborde && `La durée dépasse la séance de ${pluriel(minutes - disponibles, 'minute', 'minutes')}. `}
            Retirer des dossiers, ou ajouter une séance.
          </p>
        </Message>
      )}
    </>
  )
}

/** What each file waits from the members, in two figures. */
function compterApports(apports: readonly Apport[]): ReadonlyMap<string, { attendus: number; recus: number }> {
  const parFiche = Map.groupBy(apports, ({ inscription }) => inscription)
  return new Map(
    [...parFiche].map(([inscription, siens]) => [
      inscription,
      {
        attendus: siens.filter(({ etat }) => etat === 'demande').length,
        recus: siens.filter(({ etat }) => etat === 'apporte').length,
      },
    ]),
  )
}

function OrdreDuJour({
  requete,
  vue: { seance, lignes },
  apports,
  nouvelles,
  modifiable,
}: {
  requete: Requete
  vue: Vue
  apports: readonly Apport[]
  nouvelles: ReadonlySet<string>
  modifiable: boolean
}): ReactElement {
  const adresse = adresseSeance(seance.id)
  const jeton = requete.connecte.jetonFormulaire
  const comptes = compterApports(apports)
  const champs = (ligne: Inscription) => ({ vu: String(seance.version), inscription: ligne.id })
  return (
    <Tableau
      legende="Ordre du jour"
      dense
      lignes={lignes}
      cle={({ id }) => id}
      colonnes={[
        {
          cle: 'rang',
          titre: 'Rang',
          rendre: ({ rang, heure }) => (
            <>
              <b className="num">{rang}</b> <small>{heure === null ? 'sans heure' : formatHeure(heure)}</small>
            </>
          ),
        },
        {
          cle: 'menage',
          titre: 'Ménage',
          principale: true,
          rendre: (ligne) => (
            <>
              <a href={`${adresse}/dossiers/${ligne.id}`}>{ligne.titulaire}</a>
              <small> {ligne.commune}</small>
            </>
          ),
        },
        { cle: 'stade', titre: 'Étape', rendre: ({ stade }) => etapeCourte(stade) },
        {
          cle: 'dette',
          titre: 'Dette',
          numerique: true,
          rendre: ({ dette }) => (dette === null ? 'inconnue' : formatMontant(dette)),
        },
        {
          cle: 'pourquoi',
          titre: 'Pourquoi',
          large: true,
          rendre: (ligne) => (
            <>
              {originesInscription[ligne.origine]} {ligne.tardive && <Etiquette ton="bientot">Ajout tardif</Etiquette>}
              {nouvelles.has(ligne.id) && !ligne.tardive && <Etiquette ton="info">Pas encore envoyé</Etiquette>}
            </>
          ),
        },
        {
          cle: 'apports',
          titre: 'Éléments',
          rendre: ({ id }) => {
            const sien = comptes.get(id)
            return sien === undefined
              ? 'pas demandés'
              : `${pluriel(sien.recus, 'reçu', 'reçus')}, ${pluriel(sien.attendus, 'attendu', 'attendus')}`
          },
        },
        ...(modifiable
          ? [
              {
                cle: 'agir',
                titre: 'Ordre',
                rendre: (ligne: Inscription) => (
                  <div className="actions">
                    {ligne.rang > 1 && (
                      <BoutonPost
                        petit
                        icone="haut"
                        action={`${adresse}/ranger`}
                        jeton={jeton}
                        champs={{ ...champs(ligne), rang: String(ligne.rang - 1) }}
                        libelleLu={`Monter ${ligne.titulaire}`}
                      >
                        Monter
                      </BoutonPost>
                    )}
                    {ligne.rang < lignes.length && (
                      <BoutonPost
                        petit
                        icone="bas"
                        action={`${adresse}/ranger`}
                        jeton={jeton}
                        champs={{ ...champs(ligne), rang: String(ligne.rang + 1) }}
                        libelleLu={`Descendre ${ligne.titulaire}`}
                      >
                        Descendre
                      </BoutonPost>
                    )}
                  </div>
                ),
              },
            ]
          : []),
      ]}
    />
  )
}

function Propositions({
  requete,
  seance,
  proposes: { candidats, total },
  typee,
}: {
  requete: Requete
  seance: Seance
  proposes: Proposes
  typee: Typee | null
}): ReactElement {
  if (total === 0)
    return (
      <EtatVide titre="Rien n’attend cette séance" niveau={3}>
        Ni saisine complète, ni report, ni expertise demandée, ni commandement jamais examiné sur ces territoires.
      </EtatVide>
    )
  const adresse = adresseSeance(seance.id)
  const numero = pageProposee(requete)
  const pages = Math.ceil(total / PROPOSES_PAR_PAGE)
  const vers = (autre: number) => `${adresse}?attente=${autre}#propositions`
  return (
    <Tableau
      legende="Dossiers proposés"
      largeur="moyen"
      lignes={candidats}
      cle={({ dossier }) => dossier}
      selection={{
        nom: 'dossiers',
        valeur: ({ dossier }) => dossier,
        libelle: ({ titulaire }) => titulaire,
        choisies: new Set(typee?.formulaire === 'inscrire' ? typee.valeurs.dossiers : []),
      }}
      formulaire={{
        action: `${adresse}/inscrire`,
        jeton: requete.connecte.jetonFormulaire,
        libelle: 'Inscrire à l’ordre du jour',
      }}
      colonnes={[
        {
          cle: 'menage',
          titre: 'Ménage',
          principale: true,
          rendre: ({ reference, titulaire, commune }) => (
            <>
              <a href={`/dossiers/${reference}`}>{titulaire}</a>
              <small> {commune}</small>
            </>
          ),
        },
        { cle: 'stade', titre: 'Étape', rendre: ({ stade }) => etapeCourte(stade) },
        { cle: 'pourquoi', titre: 'Pourquoi', rendre: ({ origine }) => originesInscription[origine] },
        {
          cle: 'depuis',
          titre: 'Attend depuis',
          rendre: ({ depuis }) => (depuis === null ? 'date inconnue' : formatDate(depuis)),
        },
      ]}
      apres={
        <>
          <Barre>
            <Bouton genre="principal">Inscrire les dossiers choisis</Bouton>
          </Barre>
          {pages > 1 && (
            <Pagination
              libelle="Dossiers qui attendent"
              position={`Page ${numero} sur ${pages}`}
              {...(numero > 1 ? { precedents: vers(numero - 1) } : {})}
              {...(numero < pages ? { suivants: vers(numero + 1) } : {})}
            />
          )}
        </>
      }
    />
  )
}

function Calendrier({
  requete,
  seance,
  typee,
}: {
  requete: Requete
  seance: Seance
  typee: Typee | null
}): ReactElement {
  const adresse = adresseSeance(seance.id)
  const valeur = (nom: string) => dejaTyper(typee, 'deplacer', nom)
  const erreurs = erreursDe(typee, 'deplacer')
  const jeton = requete.connecte.jetonFormulaire
  const champs = { vu: String(seance.version) }
  return (
    <Carte titre="Date et convocation" id="calendrier">
      <p>
        {seance.convoquee
          ? 'Les membres ont été convoqués : tout changement leur est envoyé par courriel, dans leur agenda.'
          : 'Les membres ne sont pas encore convoqués.'}{' '}
        <a href={`${adresse}/seance.ics`} download="">
          Fichier pour un agenda
        </a>
      </p>
      {seance.etat === 'annulee' ? (
        <>
          <Message ton="bientot">
            <p>
              Séance annulée :{' '}
              {seance.annulee_motif === null ? 'motif inconnu' : motifsAnnulation[seance.annulee_motif].toLowerCase()}.
            </p>
          </Message>
          <BoutonPost action={`${adresse}/retablir`} jeton={jeton} champs={champs} icone="annuler">
            Rétablir la séance
          </BoutonPost>
        </>
      ) : (
        seance.etat === 'prevue' && (
          <>
            <Actions>
              <Bouton href={`${adresse}/convoquer`}>{direConvocation(seance)}</Bouton>
            </Actions>
            <Plus libelle="Déplacer la séance" ouvert={erreurs.length > 0}>
              <Formulaire action={`${adresse}/deplacer`} jeton={jeton} champs={champs} libelle="Déplacer la séance">
                <ChampDate
                  nom="le"
                  libelle="Jour"
                  valeur={valeur('le') || seance.le}
                  erreur={messageDe(erreurs, 'le')}
                />
                <Champ
                  nom="debut"
                  libelle="Début"
                  court
                  valeur={valeur('debut') ?? seance.debut}
                  erreur={messageDe(erreurs, 'debut')}
                />
                <Champ
                  nom="fin"
                  libelle="Fin"
                  court
                  valeur={valeur('fin') ?? seance.fin}
                  erreur={messageDe(erreurs, 'fin')}
                />
                <Champ
                  nom="lieu"
                  libelle="Lieu"
                  facultatif
                  valeur={valeur('lieu') ?? seance.lieu}
                  erreur={messageDe(erreurs, 'lieu')}
                />
                <Actions>
                  <Bouton genre="principal">Déplacer la séance</Bouton>
                </Actions>
              </Formulaire>
            </Plus>
            <Plus libelle="Annuler la séance" ouvert={typee?.formulaire === 'annuler'}>
              <Formulaire action={`${adresse}/annuler`} jeton={jeton} champs={champs} libelle="Annuler la séance">
                <Selection
                  nom="motif"
                  id="c-annuler-motif"
                  libelle="Pourquoi annuler"
                  vide="Choisir"
                  valeur={dejaTyper(typee, 'annuler', 'motif') || undefined}
                  erreur={messageDe(erreursDe(typee, 'annuler'), 'motif')}
                  options={Object.entries(motifsAnnulation).map(([valeur, libelle]) => ({ valeur, libelle }))}
                />
                <p className="note">
                  {seance.convoquee ? 'Les membres en sont avertis par courriel. ' : ''}Une annulation se défait.
                </p>
                <Actions>
                  <Bouton genre="destructeur">Annuler la séance</Bouton>
                </Actions>
              </Formulaire>
            </Plus>
          </>
        )
      )}
    </Carte>
  )
}

/** The page of a session, for whoever prepares it. `typee`: a form of it that was refused. */
export async function montrerPreparation(requete: Requete, typee: Typee | null): Promise<Reponse> {
  const { session } = requete
  const vue = await lireOrdre(session, requete.parametres.seance ?? '')
  const { seance, lignes } = vue
  const modifiable = (seance.etat === 'prevue' || seance.etat === 'ouverte') && seance.close_a === null
  const attentes = modifiable ? await attentesDeSeance(requete, seance) : []
  const proposes: Proposes = modifiable
    ? await proposerOrdre(session, seance, { attentes, page: pageProposee(requete) })
    : { candidats: [], total: 0 }
  const apports = await listerApports(session, seance.id)
  const points = await listerPoints(session, seance.id)
  const changements = await changementsDepuisEnvoi(session, seance)
  session.consigner({
    action: 'seance.lire',
    objet: 'seance',
    objetId: seance.id,
    dossiers: [
      ...new Set([...lignes.map(({ dossier_id }) => dossier_id), ...proposes.candidats.map(({ dossier }) => dossier)]),
    ],
  })
  const adresse = adresseSeance(seance.id)
  const jeton = requete.connecte.jetonFormulaire
  const champs = { vu: String(seance.version) }
  const change =
    changements !== null && changements.ajoutees.length + changements.retirees + changements.deplacees.length > 0
  const attendus = apports.filter(({ etat }) => etat === 'demande').length
  const injoignables = modifiable && attendus > 0 ? await listerInjoignables(session, seance) : []
  return page(
    <CadreSeance
      requete={requete}
      seance={seance}
      courant="ordre"
      erreur={typee !== null}
      chapo={`${seance.commission_nom}${seance.lieu ? `, ${seance.lieu}` : ''}. ${pluriel(lignes.length, 'dossier inscrit', 'dossiers inscrits')}.`}
    >
      {typee && <ResumeErreurs titre="Rien n’a été enregistré" erreurs={resumer(typee)} />}
      <Pile>
        <Carte titre="Dossiers inscrits" id="ordre">
          <Pile>
            <Echeances seance={seance} reglement={vue.reglement} />
            <Charge {...vue} />
            {change && (
              <Message ton="bientot">
                <p>
                  Depuis l’envoi du {seance.odj_envoye_a && formatInstant(seance.odj_envoye_a)} :{' '}
                  {pluriel(changements.ajoutees.length, 'dossier ajouté', 'dossiers ajoutés')},{' '}
                  {pluriel(changements.retirees, 'retiré', 'retirés')},{' '}
                  {pluriel(changements.deplacees.length, 'déplacé', 'déplacés')}. Les membres l’apprendront au prochain
                  envoi.
                </p>
              </Message>
            )}
            {lignes.length === 0 ? (
              <EtatVide titre="Aucun dossier n’est inscrit" niveau={3}>
                Choisir ci-dessous parmi ceux qui attendent.
              </EtatVide>
            ) : (
              <OrdreDuJour
                requete={requete}
                vue={vue}
                apports={apports}
                nouvelles={new Set(changements?.ajoutees)}
                modifiable={modifiable}
              />
            )}
            {seance.etat === 'prevue' && lignes.length > 0 && (
              <Actions>
                <Plus libelle={seance.odj_numero === null ? 'Envoyer aux membres' : 'Envoyer la nouvelle version'}>
                  <p>
                    Chaque membre lira les fiches de {pluriel(lignes.length, 'dossier', 'dossiers')}, limitées à ce que
                    son organisme peut savoir, et un courriel le lui dira. Un envoi ne se reprend pas ; un dossier
                    retiré se ferme aussitôt.
                  </p>
                  <BoutonPost genre="principal" action={`${adresse}/envoyer`} jeton={jeton} champs={champs}>
                    Envoyer l’ordre du jour et les fiches
                  </BoutonPost>
                </Plus>
                {attendus > 0 && (
                  <BoutonPost action={`${adresse}/relancer`} jeton={jeton}>
                    Relancer {accorder(attendus, 'la réponse attendue', `les ${attendus} réponses attendues`)}
                  </BoutonPost>
                )}
              </Actions>
            )}
            {injoignables.length > 0 && (
              <Message ton="bientot">
                <p>
                  Aucune relance n’atteint {accorder(injoignables.length, 'cet organisme', 'ces organismes')} :{' '}
                  {injoignables.join(', ')}. Personne ne {accorder(injoignables.length, 'le', 'les')} représente avec un
                  compte ouvert : appeler, ou nommer un titulaire.
                </p>
              </Message>
            )}
            <p className="note">
              {seance.odj_numero === null && seance.close_a !== null
                ? 'L’ordre du jour n’a pas été envoyé.'
                : seance.odj_numero === null
                  ? 'À l’envoi, chaque membre reçoit dans Amont les fiches de ce qu’il peut savoir, et la demande de ses éléments. Rien d’un ménage ne part par courriel.'
                  : `Version ${seance.odj_numero} envoyée le ${seance.odj_envoye_a ? formatInstant(seance.odj_envoye_a) : ''}.`}
            </p>
          </Pile>
        </Carte>
        {modifiable && (
          <Carte
            titre="Ce qui attend une séance"
            id="propositions"
            aside={pluriel(proposes.total, 'dossier', 'dossiers')}
          >
            <Propositions requete={requete} seance={seance} proposes={proposes} typee={typee} />
            <Plus libelle="Inscrire un autre dossier" ouvert={typee?.formulaire === 'ajouter'}>
              <Formulaire action={`${adresse}/ajouter`} jeton={jeton} libelle="Inscrire un autre dossier">
                <Champ
                  nom="reference"
                  libelle="Référence du dossier"
                  court
                  valeur={dejaTyper(typee, 'ajouter', 'reference')}
                  erreur={messageDe(erreursDe(typee, 'ajouter'), 'reference')}
                />
                <Champ
                  nom="motif"
                  libelle="Pourquoi"
                  aide="Lu par le secrétariat seul."
                  lignes={2}
                  longueurMax={500}
                  valeur={dejaTyper(typee, 'ajouter', 'motif')}
                  erreur={messageDe(erreursDe(typee, 'ajouter'), 'motif')}
                />
                <Actions>
                  <Bouton>Inscrire ce dossier</Bouton>
                </Actions>
              </Formulaire>
            </Plus>
          </Carte>
        )}
        <CartePoints requete={requete} seance={seance} points={points} modifiable={modifiable} typee={typee} />
        <Calendrier requete={requete} seance={seance} typee={typee} />
      </Pile>
    </CadreSeance>,
    typee === null ? undefined : 422,
  )
}

/** GET /seances/:seance/seance.ics: the event alone, no household. */
export async function telechargerEvenement(requete: Requete): Promise<Reponse> {
  const seance = await laSeance(requete)
  return {
    genre: 'fichier',
    nom: `seance-${seance.le}.ics`,
    type: 'text/calendar; charset=utf-8',
    octets: fichierDeSeance(requete.session, seance, requete.application.acces?.adresse ?? 'http://localhost'),
  }
}

const revenir = (
  requete: Requete,
  texte: string,
  defaire?: { readonly libelle: string; readonly vu: number },
): Reponse => {
  const adresse = adresseSeance(requete.parametres.seance ?? '')
  return redirection(adresse, {
    ton: 'tenu',
    texte,
    ...(defaire
      ? { defaire: { action: `${adresse}/retablir`, libelle: defaire.libelle, champs: { vu: String(defaire.vu) } } }
      : {}),
  })
}

const vuDe = (requete: Requete): number => Number(champ(requete, 'vu'))

/** Shows the page of the session again, with the form that was refused. */
export const surLaPage = (requete: Requete) => (typee: Typee) => montrerPreparation(requete, typee)

/** POST /seances/:seance/deplacer. */
export async function deplacer(requete: Requete): Promise<Reponse> {
  const { session } = requete
  const { id } = await laSeance(requete)
  const saisie = lireSaisieSeance(requete)
  const arrete = await agirSurSeance(
    requete,
    {
      seance: id,
      formulaire: 'deplacer',
      refuser: surLaPage(requete),
      versions: ({ le, debut, fin, lieu }) => [
        {
          cle: 'le',
          libelle: 'Jour',
          saisie: saisie.le ? formatDate(saisie.le) : champ(requete, 'le'),
          enregistree: formatDate(le),
        },
        { cle: 'debut', libelle: 'Début', saisie: saisie.debut, enregistree: debut },
        { cle: 'fin', libelle: 'Fin', saisie: saisie.fin, enregistree: fin },
        { cle: 'lieu', libelle: 'Lieu', saisie: saisie.lieu || null, enregistree: lieu || null },
      ],
    },
    () => deplacerSeance(session, id, vuDe(requete), saisie),
  )
  if (arrete) return arrete
  const seance = await lireSeance(session, id)
  return revenir(requete, `La séance est déplacée au ${direQuand(seance)}.`, {
    libelle: 'Remettre comme avant',
    vu: seance.version,
  })
}

/** POST /seances/:seance/annuler. */
export async function annuler(requete: Requete): Promise<Reponse> {
  const { session } = requete
  const { id } = await laSeance(requete)
  const motif = champ(requete, 'motif')
  const connu = Object.hasOwn(motifsAnnulation, motif)
  const arrete = await agirSurSeance(
    requete,
    {
      seance: id,
      formulaire: 'annuler',
      refuser: async ({ erreurs, ...typee }) =>
        montrerPreparation(requete, {
          ...typee,
          erreurs: erreurs.map((une) => (une.nom === 'motif' ? { ...une, id: 'c-annuler-motif' } : une)),
        }),
      versions: (seance) => [
        {
          cle: 'etat',
          libelle: 'Séance',
          saisie: `Annulée : ${connu ? motifsAnnulation[motif as MotifAnnulation].toLocaleLowerCase('fr') : 'sans motif'}`,
          enregistree: direSeance(seance),
        },
      ],
    },
    async () => {
      if (!connu) throw refus('seance.motif', 'Choisir pourquoi la séance est annulée.')
      await annulerSeance(session, id, vuDe(requete), motif as MotifAnnulation)
    },
  )
  if (arrete) return arrete
  const { version } = await lireSeance(session, id)
  return revenir(requete, 'La séance est annulée.', { libelle: 'Rétablir la séance', vu: version })
}

/** POST /seances/:seance/retablir: undoes the last move or cancellation. */
export async function retablir(requete: Requete): Promise<Reponse> {
  const { id } = await laSeance(requete)
  const arrete = await agirSurSeance(
    requete,
    {
      seance: id,
      formulaire: 'retablir',
      refuser: surLaPage(requete),
      versions: (seance) => [
        { cle: 'etat', libelle: 'Séance', saisie: 'Remise comme avant', enregistree: direSeance(seance) },
      ],
    },
    () => retablirSeance(requete.session, id, vuDe(requete)),
  )
  return arrete ?? revenir(requete, 'La séance est remise comme avant.')
}

/** GET /seances/:seance/convoquer: what would leave, and to whom, before anything does. */
export async function relireConvocation(requete: Requete): Promise<Reponse> {
  const { session } = requete
  const seance = await laSeance(requete)
  const convoques = await listerConvoques(session, seance)
  session.consigner({ action: 'seances.lister', objet: 'seance', objetId: seance.id })
  const adresse = adresseSeance(seance.id)
  return page(
    <CadreSeance requete={requete} seance={seance} courant="ordre" chapo="Rien n’est encore parti.">
      <Carte titre={direConvocation(seance)}>
        <Pile>
          {convoques.length === 0 ? (
            <p>Personne n’a de courriel dans cette commission : rien ne partirait.</p>
          ) : (
            <div className="texte">
              <p>
                Un courriel part à {pluriel(convoques.length, 'personne', 'personnes')}, avec la date, les heures et le
                lieu de la séance, et l’événement à ranger dans l’agenda. Il ne nomme aucun ménage. Un courriel parti ne
                se reprend pas.
              </p>
              <ul>
                {convoques.map(({ membre, personne, nom, organisme }) => (
                  <li key={`${membre} ${personne}`}>
                    {nom}, {organisme}
                  </li>
                ))}
              </ul>
            </div>
          )}
          <Actions>
            {convoques.length > 0 && (
              <BoutonPost
                genre="principal"
                icone="envoi"
                action={`${adresse}/convoquer`}
                jeton={requete.connecte.jetonFormulaire}
                champs={{ vu: String(seance.version) }}
              >
                Envoyer la convocation
              </BoutonPost>
            )}
            <Bouton href={adresse} genre="tertiaire">
              Revenir sans rien envoyer
            </Bouton>
          </Actions>
        </Pile>
      </Carte>
    </CadreSeance>,
  )
}

/** POST /seances/:seance/convoquer. */
export async function convoquerMembres(requete: Requete): Promise<Reponse> {
  const { session, application } = requete
  const { id } = await laSeance(requete)
  let personnes = 0
  const arrete = await agirSurSeance(
    requete,
    {
      seance: id,
      formulaire: 'convoquer',
      refuser: surLaPage(requete),
      versions: (seance) => [
        { cle: 'etat', libelle: 'Séance', saisie: 'Membres convoqués', enregistree: direSeance(seance) },
      ],
    },
    async () => {
      if (!application.acces?.courrier.ready)
        throw refus('seance.calendrier', 'Aucun serveur de courriel n’est réglé : personne ne serait convoqué.')
      personnes = await convoquer(session, id, vuDe(requete))
    },
  )
  if (arrete) return arrete
  return revenir(
    requete,
    personnes === 0
      ? 'Personne n’a de courriel dans cette commission : rien n’est parti.'
      : `La convocation part à ${pluriel(personnes, 'personne', 'personnes')}.`,
  )
}
