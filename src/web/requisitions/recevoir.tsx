import type { ReactElement } from 'react'
import type { Dossier } from '#dossiers'
import {
  type Destinataire,
  demanderEnquetes,
  type EnqueteDemandee,
  enVigueur,
  GENRES_ENQUETE,
  type GenreEnquete,
  genresEnquete,
  lireJour,
  lireRequisition,
  listerActes,
  listerDuDossier,
  listerEnquetes,
  listerInterroges,
  type MoyenEnquete,
  moyensEnquete,
  type Requisition,
  type RequisitionConnue,
  recevoirRequisition,
  requisitionsConnues,
  trouverIssue,
} from '#requisitions'
import { formatDate, pluriel } from '#socle/typography'
import { type Erreur, messageDe, tenter } from '../accompagner/saisie.ts'
import {
  Actions,
  Bouton,
  BoutonsRadio,
  Carte,
  CaseACocher,
  Champ,
  ChampDate,
  Formulaire,
  Message,
  ResumeErreurs,
  Selection,
} from '../composants/index.ts'
import { CadreDossier, ouvrirDossier } from '../espaces.tsx'
import { champ, page, type Reponse, type Requete, redirection } from '../route.ts'
import { adresseDe, ESPACE, identifiant, marqueEnvoi } from './commun.tsx'

interface SaisieReception {
  readonly acte: string
  readonly acteLe: string
  readonly recueLe: string
  readonly envoi: string
  readonly erreurs: readonly Erreur[]
}

/** The force request is not known yet: entered by hand. */
const AUTRE = 'autre'

function PageRecevoir({
  requete,
  dossier,
  connues,
  saisie,
}: {
  requete: Requete
  dossier: Dossier
  connues: readonly RequisitionConnue[]
  saisie: SaisieReception
}): ReactElement {
  const { erreurs } = saisie
  return (
    <CadreDossier
      requete={requete}
      dossier={dossier}
      espace={ESPACE}
      titre="Enregistrer une réquisition"
      acte="Enregistrer une réquisition"
      chapo="La date de réception fait courir les deux mois au bout desquels le silence vaut refus. Les enquêtes se demandent ensuite."
    >
      <ResumeErreurs erreurs={erreurs} />
      <Carte titre="La demande de concours">
        <Formulaire
          action={adresseDe(dossier, '/recevoir')}
          jeton={requete.connecte.jetonFormulaire}
          champs={{ envoi: saisie.envoi }}
        >
          <BoutonsRadio
            nom="acte"
            libelle="Quelle demande"
            valeur={saisie.acte}
            erreur={messageDe(erreurs, 'acte')}
            options={[
              ...connues.map(({ acte, le, organisme }) => ({
                valeur: acte,
                libelle: `Réquisition du ${formatDate(le)}`,
                aide: organisme === '' ? undefined : `Déjà dans le dossier, reçue de ${organisme}`,
              })),
              { valeur: AUTRE, libelle: 'Une autre, arrivée autrement' },
            ]}
          />
          <ChampDate
            nom="acte_le"
            libelle="Date de cette autre demande"
            facultatif
            valeur={saisie.acteLe || undefined}
            max={requete.session.jour}
            erreur={messageDe(erreurs, 'acte_le')}
            aide="Celle que porte le papier du commissaire de justice."
          />
          <ChampDate
            nom="recue_le"
            libelle="Reçue en préfecture le"
            valeur={saisie.recueLe || undefined}
            max={requete.session.jour}
            erreur={messageDe(erreurs, 'recue_le')}
          />
          <Actions>
            <Bouton genre="principal">Enregistrer, puis demander les enquêtes</Bouton>
            <Bouton genre="tertiaire" href={adresseDe(dossier)}>
              Revenir
            </Bouton>
          </Actions>
        </Formulaire>
      </Carte>
    </CadreDossier>
  )
}

async function connuesDe(requete: Requete, dossier: Dossier): Promise<readonly RequisitionConnue[]> {
  return requisitionsConnues(dossier, await listerDuDossier(requete.session, dossier.id))
}

/** GET /dossiers/:reference/force-publique/recevoir (RFP-01). */
export async function proposerReception(requete: Requete): Promise<Reponse> {
  const dossier = await ouvrirDossier(requete)
  const connues = await connuesDe(requete, dossier)
  return page(
    <PageRecevoir
      requete={requete}
      dossier={dossier}
      connues={connues}
      saisie={{
        acte: connues[0]?.acte ?? AUTRE,
        acteLe: '',
        recueLe: requete.session.jour.toString(),
        envoi: marqueEnvoi(),
        erreurs: [],
      }}
    />,
  )
}

/** POST, same address. */
export async function recevoirUneRequisition(requete: Requete): Promise<Reponse> {
  const { session } = requete
  const dossier = await ouvrirDossier(requete)
  const connues = await connuesDe(requete, dossier)
  const saisie = {
    acte: champ(requete, 'acte'),
    acteLe: champ(requete, 'acte_le'),
    recueLe: champ(requete, 'recue_le'),
    envoi: marqueEnvoi(champ(requete, 'envoi')),
  }
  const recueLe = lireJour(saisie.recueLe)
  const connue = connues.find(({ acte }) => acte === saisie.acte) ?? null
  const acteLe = connue ? Temporal.PlainDate.from(connue.le) : lireJour(saisie.acteLe)
  const erreurs: Erreur[] = []
  if (saisie.acte !== AUTRE && connue === null) erreurs.push({ nom: 'acte', message: 'Choisir la demande reçue.' })
  if (saisie.acte === AUTRE && acteLe === null)
    erreurs.push({ nom: 'acte_le', message: 'Écrire la date que porte la demande, par exemple 10/11/2026.' })
  if (recueLe === null)
    erreurs.push({ nom: 'recue_le', message: 'Écrire le jour où la demande est arrivée, par exemple 16/11/2026.' })
  if (erreurs.length === 0 && recueLe !== null && acteLe !== null) {
    let recue = ''
    const refusee = await tenter(
      session,
      'requisition.recevoir',
      (code) => code.replace('requisition.', ''),
      async () => {
        recue = await recevoirRequisition(session, dossier, { connue, le: acteLe, recueLe, envoi: saisie.envoi })
      },
    )
    if (!refusee)
      return redirection(adresseDe(dossier, `/${recue}/enquetes`), {
        texte: 'Réquisition enregistrée. Reste à demander les enquêtes.',
      })
    erreurs.push(refusee)
  }
  return page(
    <PageRecevoir requete={requete} dossier={dossier} connues={connues} saisie={{ ...saisie, erreurs }} />,
    422,
  )
}

interface Proposee {
  readonly genre: GenreEnquete
  readonly possibles: readonly Destinataire[]
  readonly attendue: boolean
}

async function preparer(
  requete: Requete,
): Promise<{ dossier: Dossier; requisition: Requisition; proposees: readonly Proposee[] }> {
  const { session } = requete
  const dossier = await ouvrirDossier(requete)
  const requisition = await lireRequisition(session, dossier.id, identifiant(requete, 'requisition'))
  const vivants = enVigueur(await listerActes(session, requisition.id))
  const attendues = (await listerEnquetes(session, requisition.id)).filter((une) => !trouverIssue(vivants, une))
  const proposees: Proposee[] = []
  for (const genre of GENRES_ENQUETE)
    proposees.push({
      genre,
      possibles: await listerInterroges(session, dossier, genresEnquete[genre].types),
      attendue: attendues.some((une) => une.genre === genre),
    })
  return { dossier, requisition, proposees }
}

function FormulaireEnquete({
  requete,
  proposee: { genre, possibles, attendue },
  erreurs,
  premiere,
}: {
  requete: Requete
  proposee: Proposee
  erreurs: readonly Erreur[]
  premiere: boolean
}): ReactElement {
  const { libelle, aupres, attendu } = genresEnquete[genre]
  if (attendue)
    return (
      <Carte titre={libelle}>
        <p className="note">Déjà demandée : une réponse est attendue.</p>
      </Carte>
    )
  const saisi = (nom: string): string | undefined => (premiere ? undefined : champ(requete, `${nom}_${genre}`))
  const propose = possibles.find((un) => un.propose)
  return (
    <Carte titre={libelle}>
      <CaseACocher
        nom={`demander_${genre}`}
        libelle={`Interroger : ${aupres}`}
        aide={attendu}
        cochee={premiere ? true : saisi('demander') !== ''}
        erreur={messageDe(erreurs, `demander_${genre}`)}
      />
      <div className="champs">
        {possibles.length > 0 && (
          <Selection
            nom={`organisme_${genre}`}
            libelle={`${libelle} : à qui`}
            facultatif
            vide="Hors d’Amont"
            valeur={saisi('organisme') ?? propose?.id ?? ''}
            options={possibles.map(({ id, nom, personnes }) => ({
              valeur: id,
              libelle: `${nom} (${personnes === 0 ? 'aucun compte ouvert' : pluriel(personnes, 'compte', 'comptes')})`,
            }))}
          />
        )}
        <Champ
          nom={`aupres_${genre}`}
          libelle={`${libelle} : auprès de`}
          facultatif
          longueurMax={200}
          valeur={saisi('aupres') ?? (propose ? '' : aupres)}
          aide={possibles.length > 0 ? 'Pour qui n’a pas de compte ici.' : 'Le nom du service et de la ville.'}
        />
        <Selection
          nom={`moyen_${genre}`}
          libelle={`${libelle} : comment`}
          valeur={saisi('moyen') ?? (propose ? 'amont' : 'courriel')}
          options={Object.entries(moyensEnquete).map(([valeur, texte]) => ({ valeur, libelle: texte }))}
        />
      </div>
    </Carte>
  )
}

function PageEnquetes({
  requete,
  dossier,
  requisition,
  proposees,
  erreurs,
  premiere,
}: {
  requete: Requete
  dossier: Dossier
  requisition: Requisition
  proposees: readonly Proposee[]
  erreurs: readonly Erreur[]
  premiere: boolean
}): ReactElement {
  return (
    <CadreDossier
      requete={requete}
      dossier={dossier}
      espace={ESPACE}
      titre="Demander les enquêtes"
      acte="Demander les enquêtes"
      chapo="Chacun a jusqu’à sa date pour répondre. Les organismes qui ont un compte lisent la demande dans Amont ; pour les autres, dire comment elle est partie."
    >
      <ResumeErreurs erreurs={erreurs} titre="Rien n’est parti" />
      <Formulaire action={adresseDe(dossier, `/${requisition.id}/enquetes`)} jeton={requete.connecte.jetonFormulaire}>
        {proposees.map((proposee) => (
          <FormulaireEnquete
            key={proposee.genre}
            requete={requete}
            proposee={proposee}
            erreurs={erreurs}
            premiere={premiere}
          />
        ))}
        <Message ton="reserve">
          <p>
            <b>Qui lira quoi ?</b> Chacun lit le nom du ménage, son adresse, ce qui lui est demandé et sa date. Le
            service social du Département et le SIAO interrogés lisent aussi le dossier, selon leurs droits, pendant un
            an ; les autres, rien d’autre. Les réponses du maire, du bailleur et des forces de l’ordre sont lues par les
            services de l’État seuls.
          </p>
        </Message>
        <Actions>
          <Bouton genre="principal" icone="envoi">
            Envoyer les demandes cochées
          </Bouton>
          <Bouton genre="tertiaire" href={adresseDe(dossier)}>
            Plus tard
          </Bouton>
        </Actions>
      </Formulaire>
    </CadreDossier>
  )
}

/** GET /dossiers/:reference/force-publique/:requisition/enquetes (RFP-01, RFP-14). */
export async function proposerEnquetes(requete: Requete): Promise<Reponse> {
  const prepare = await preparer(requete)
  return page(<PageEnquetes requete={requete} {...prepare} erreurs={[]} premiere />)
}

const estMoyen = (texte: string): texte is MoyenEnquete => Object.hasOwn(moyensEnquete, texte)

/** POST, same address. */
export async function demanderDesEnquetes(requete: Requete): Promise<Reponse> {
  const { session } = requete
  const prepare = await preparer(requete)
  const { dossier, requisition } = prepare
  const demandees = GENRES_ENQUETE.filter((genre) => champ(requete, `demander_${genre}`) !== '').map(
    (genre): EnqueteDemandee => {
      const moyen = champ(requete, `moyen_${genre}`)
      return {
        genre,
        organisme: champ(requete, `organisme_${genre}`) || null,
        aupres: champ(requete, `aupres_${genre}`).slice(0, 200),
        moyen: estMoyen(moyen) ? moyen : 'courrier',
      }
    },
  )
  let nombre = 0
  const refusee = await tenter(
    session,
    'requisition.enqueter',
    (code) => (code === 'requisition.enquetes' ? 'demander_sociale' : code.replace('requisition.', 'demander_')),
    async () => {
      nombre = await demanderEnquetes(session, dossier, requisition.id, demandees)
    },
  )
  if (!refusee)
    return redirection(adresseDe(dossier), {
      texte:
        nombre === 0
          ? 'Ces enquêtes étaient déjà demandées.'
          : `${pluriel(nombre, 'enquête demandée', 'enquêtes demandées')}.`,
    })
  return page(<PageEnquetes requete={requete} {...prepare} erreurs={[refusee]} premiere={false} />, 422)
}
