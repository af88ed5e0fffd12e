import type { ReactElement } from 'react'
import { aLeDroit } from '#acces'
import {
  type ActeLogement,
  cloreDemandeLogement,
  type DemandeLogement,
  demanderLogement,
  etatsSollicitation,
  LONGUEURS_LOGEMENT,
  lireDemandeLogement,
  listerAgences,
  listerCommunesLogement,
  listerDemandesLogement,
  nommerLieu,
  noterActeLogement,
  relancerAgences,
  type Sollicitation,
  secteursLogement,
} from '#echanges'
import { libelleTerritoire } from '#referentiel'
import { Conflit, Introuvable } from '#socle/errors'
import { cents, date, number, text } from '#socle/tableur'
import { parisDay } from '#socle/time'
import { formatDate, formatInstant, formatMontant, pluriel } from '#socle/typography'
import { type Erreur, lireJourSaisi, messageDe, tenter } from '../accompagner/saisie.ts'
import { lireEntierSaisi, lireMontantSaisi } from '../argent/commun.tsx'
import {
  Actions,
  Bouton,
  BoutonPost,
  BoutonsRadio,
  Carte,
  CaseACocher,
  Champ,
  ChampDate,
  ChampMontant,
  EtatVide,
  Etiquette,
  Etiquettes,
  Filtres,
  Formulaire,
  ListeDefinition,
  Message,
  PiedCadre,
  Pile,
  Plus,
  PuceEcheance,
  ResumeErreurs,
  Selection,
  Tableau,
  type Ton,
} from '../composants/index.ts'
import { ouConflit } from '../conflit.tsx'
import { Cases, marqueEnvoi } from '../echanges/commun.tsx'
import { BoutonsExport, enFichier, type FormatExport } from '../export.tsx'
import { champ, page, type Reponse, type Requete, redirection } from '../route.ts'
import { AucunMenage, CadrePartager } from './cadre-partager.tsx'

export const LOGEMENTS = '/logements'
const adresseDe = ({ id }: Pick<DemandeLogement, 'id'>, suite = ''): string => `${LOGEMENTS}/${id}${suite}`

const TAILLES = [1, 2, 3, 4, 5, 6].map((pieces) => ({
  valeur: String(pieces),
  libelle: pieces === 6 ? 'T6 ou plus' : pieces === 1 ? 'T1, studio' : `T${pieces}`,
}))
const nommerTaille = (pieces: number | null): string =>
  TAILLES.find(({ valeur }) => valeur === String(pieces))?.libelle ?? ''

const demande = ({ acteur }: Requete): boolean => aLeDroit(acteur, 'logement.demander')
const repond = ({ acteur }: Requete): boolean => aLeDroit(acteur, 'logement.repondre')

const TONS: Readonly<Record<Sollicitation['etat'], Ton>> = {
  attendue: 'bientot',
  offre: 'tenu',
  rien: 'neutre',
  question: 'info',
}

/** « T2 dans le secteur rural, Charolles ». */
const resumer = (requete: Requete, une: DemandeLogement): string =>
  `${nommerTaille(une.pieces)}, ${nommerLieu(requete.session, une)}`

function EtatDemande({ une, requete }: { une: DemandeLogement; requete: Requete }): ReactElement {
  if (une.issue === 'bail') return <Etiquette ton="tenu">Bail signé</Etiquette>
  if (une.issue === 'aucune') return <Etiquette>Close sans bail</Etiquette>
  const siennes = repond(requete)
    ? une.sollicitations.filter(({ agence }) => agence === requete.acteur.organisme)
    : une.sollicitations
  const nombre = (etat: Sollicitation['etat']) => siennes.filter((s) => s.etat === etat).length
  const retard = Temporal.PlainDate.compare(une.avant, requete.session.jour) < 0 && nombre('attendue') > 0
  return (
    <Etiquettes>
      {retard && <Etiquette ton="retard">En retard</Etiquette>}
      {(['offre', 'question', 'attendue', 'rien'] as const)
        .filter((etat) => nombre(etat) > 0)
        .map((etat) => (
          <Etiquette key={etat} ton={TONS[etat]}>
            {etatsSollicitation[etat]}
            {siennes.length > 1 ? ` : ${nombre(etat)}` : ''}
          </Etiquette>
        ))}
    </Etiquettes>
  )
}

const ETATS = { en_cours: 'En cours', closes: 'Closes', toutes: 'Toutes' } as const
type Etat = keyof typeof ETATS

async function lireListe(requete: Requete) {
  const { etat: demandee, secteur: voulu } = requete.recherche
  const etat: Etat = demandee === 'closes' || demandee === 'toutes' ? demandee : 'en_cours'
  const secteur = voulu !== undefined && Object.hasOwn(secteursLogement, voulu) ? voulu : undefined
  const toutes = (await listerDemandesLogement(requete.session)).filter(
    (une) => secteur === undefined || une.secteur === secteur,
  )
  return {
    etat,
    secteur,
    demandes: toutes.filter((une) => etat === 'toutes' || (une.issue === null) === (etat === 'en_cours')),
  }
}

const adresseListe = (etat: Etat, secteur: string | undefined, chemin = LOGEMENTS): string =>
  `${chemin}?${new URLSearchParams({ etat, ...(secteur ? { secteur } : {}) })}`

/** GET /logements (ESP-12): what one's own side asked, or is asked. */
export async function montrerLogements(requete: Requete): Promise<Reponse> {
  const { session } = requete
  const { etat, secteur, demandes } = await lireListe(requete)
  session.consigner({ action: 'logements.lister', details: { nombre: demandes.length } })
  return page(
    <CadrePartager
      requete={requete}
      partie="logements"
      titre="Logements privés"
      large
      chapo={
        repond(requete)
          ? 'Des travailleurs sociaux cherchent un logement. Vous répondez : une offre, rien pour l’instant, ou une question.'
          : 'Demander un logement aux agences et gestionnaires qui ont accepté d’être sollicités. Le besoin est dit sans le ménage.'
      }
      actions={
        <>
          {demande(requete) && (
            <Bouton href={`${LOGEMENTS}/demander`} petit genre="principal" icone="plus">
              Chercher un logement
            </Bouton>
          )}
          <Bouton href={`${LOGEMENTS}/agences`} petit icone="gens">
            {repond(requete) ? 'Ce que mon agence propose' : 'Agences du réseau'}
          </Bouton>
        </>
      }
    >
      <Filtres
        action={LOGEMENTS}
        libelle="Filtrer les recherches"
        resultat={pluriel(demandes.length, 'recherche', 'recherches')}
        actifs={
          secteur === undefined
            ? []
            : [
                {
                  libelle: Object.entries(secteursLogement).find(([cle]) => cle === secteur)?.[1] ?? '',
                  retirer: adresseListe(etat, undefined),
                },
              ]
        }
      >
        <Selection
          nom="etat"
          libelle="État"
          libre
          valeur={etat}
          options={Object.entries(ETATS).map(([valeur, libelle]) => ({ valeur, libelle }))}
        />
        <Selection
          nom="secteur"
          libelle="Sorte"
          libre
          vide="Toutes"
          valeur={secteur}
          options={Object.entries(secteursLogement).map(([valeur, libelle]) => ({ valeur, libelle }))}
        />
      </Filtres>
      {demandes.length === 0 ? (
        <EtatVide
          titre="Aucune recherche"
          geste={demande(requete) ? { href: `${LOGEMENTS}/demander`, libelle: 'Chercher un logement' } : undefined}
        >
          {repond(requete)
            ? 'Quand un travailleur social cherchera un logement dans votre secteur, vous serez prévenu et sa demande paraîtra ici.'
            : 'Rien n’est cherché avec ces critères.'}
        </EtatVide>
      ) : (
        <>
          <Tableau
            legende="Recherches de logement"
            lignes={demandes}
            cle={({ id }) => id}
            colonnes={[
              {
                cle: 'besoin',
                titre: 'Logement cherché',
                principale: true,
                large: true,
                rendre: (une) => (
                  <>
                    <a href={adresseDe(une)}>{resumer(requete, une)}</a>
                    <small>
                      {secteursLogement[une.secteur]}
                      {une.accessible ? ', accessible' : ''}
                      {une.dossier ? `. Pour ${une.dossier.titulaire}, ${une.dossier.reference}` : ''}
                    </small>
                  </>
                ),
              },
              {
                cle: 'loyer',
                titre: 'Loyer maximum',
                numerique: true,
                rendre: ({ loyer_max }) => formatMontant(loyer_max),
              },
              { cle: 'qui', titre: 'Demandé par', rendre: ({ organisme_nom }) => organisme_nom },
              { cle: 'voulu', titre: 'Voulu le', rendre: ({ voulu_le }) => formatDate(voulu_le) },
              {
                cle: 'avant',
                titre: 'Répondre avant le',
                rendre: (une) =>
                  une.issue === null && une.sollicitations.some((s) => s.etat === 'attendue') ? (
                    <PuceEcheance
                      echeance={{ le: une.avant, libelle: 'Répondre', genre: 'tache' }}
                      aujourdhui={session.jour}
                    />
                  ) : (
                    formatDate(une.avant)
                  ),
              },
              { cle: 'etat', titre: 'État', rendre: (une) => <EtatDemande une={une} requete={requete} /> },
            ]}
          />
          <PiedCadre note="L’export contient ce qui est affiché, sans les dossiers.">
            <BoutonsExport
              quoi="ces recherches"
              lien={(format) => adresseListe(etat, secteur, `${LOGEMENTS}/export.${format}`)}
            />
          </PiedCadre>
        </>
      )}
    </CadrePartager>,
  )
}

/** GET /logements/export.<format>: the list on screen, without dossiers: nobody's data. */
export const exporterLogements =
  (format: FormatExport) =>
  async (requete: Requete): Promise<Reponse> => {
    const { demandes } = await lireListe(requete)
    requete.session.consigner({ action: 'logements.lister', details: { nombre: demandes.length, format } })
    return enFichier(
      'logements-prives',
      {
        name: 'Recherches',
        header: [
          'Taille',
          'Où',
          'Sorte',
          'Accessible',
          'Loyer maximum',
          'Voulu le',
          'Demandé par',
          'Le',
          'Avant le',
          'Agences',
          'Offres',
          'Issue',
          'Issue le',
        ],
        rows: demandes.map((une) => [
          text(nommerTaille(une.pieces)),
          text(nommerLieu(requete.session, une)),
          text(secteursLogement[une.secteur]),
          text(une.accessible ? 'oui' : 'non'),
          cents(une.loyer_max),
          date(une.voulu_le),
          text(une.organisme_nom),
          date(parisDay(une.a)),
          date(une.avant),
          number(une.sollicitations.length),
          number(une.sollicitations.filter(({ etat }) => etat === 'offre').length),
          text(une.issue === 'bail' ? 'bail signé' : une.issue === 'aucune' ? 'aucune' : ''),
          date(une.issue_le),
        ]),
      },
      format,
    )
  }

interface SaisieBesoin {
  readonly secteur: string
  readonly territoire: string
  readonly commune: string
  readonly pieces: string
  readonly loyer: string
  readonly accessible: boolean
  readonly voulu: string
  readonly avant: string
  readonly agences: readonly string[]
  readonly reference: string
  readonly envoi: string
}

async function pageDemander(requete: Requete, saisie: SaisieBesoin, erreurs: readonly Erreur[] = []): Promise<Reponse> {
  const { session, connecte } = requete
  const agences = await listerAgences(session)
  const territoires = session.referentiel.departements.get(session.dept)?.territoires
  const nommer = (id: string) => (territoires ? libelleTerritoire(territoires, id) : id)
  return page(
    <CadrePartager
      requete={requete}
      partie="logements"
      titre="Chercher un logement privé"
      fil={[{ libelle: 'Chercher' }]}
      erreur={erreurs.length > 0}
    >
      <ResumeErreurs erreurs={erreurs} titre="La demande n’est pas partie" />
      <Carte titre="Le logement cherché">
        {agences.length === 0 ? (
          <EtatVide
            titre="Aucune agence dans le réseau"
            niveau={3}
            geste={{ href: `${LOGEMENTS}/agences`, libelle: 'Voir le réseau' }}
          >
            Le secrétariat et les pilotes y inscrivent les agences qui acceptent d’être sollicitées.
          </EtatVide>
        ) : (
          <Formulaire
            action={`${LOGEMENTS}/demander`}
            jeton={connecte.jetonFormulaire}
            champs={{ envoi: saisie.envoi }}
          >
            <AucunMenage>Les agences reçoivent ce qui suit, et le nom de votre organisme.</AucunMenage>
            <BoutonsRadio
              nom="secteur"
              libelle="Sorte de logement"
              valeur={saisie.secteur}
              erreur={messageDe(erreurs, 'secteur')}
              options={Object.entries(secteursLogement).map(([valeur, libelle]) => ({ valeur, libelle }))}
            />
            <div className="champs">
              <Selection
                nom="territoire"
                libelle="Territoire"
                facultatif
                vide="Choisir"
                aide="Ou une commune."
                valeur={saisie.territoire}
                erreur={messageDe(erreurs, 'territoire')}
                options={(territoires?.territoires ?? []).map(({ id }) => ({ valeur: id, libelle: nommer(id) }))}
              />
              <Selection
                nom="commune"
                libelle="Commune"
                facultatif
                vide="Tout le territoire"
                valeur={saisie.commune}
                erreur={messageDe(erreurs, 'commune')}
                options={listerCommunesLogement(session).map(({ code, nom }) => ({ valeur: code, libelle: nom }))}
              />
              <Selection
                nom="pieces"
                libelle="Taille minimum"
                vide="Choisir"
                valeur={saisie.pieces}
                erreur={messageDe(erreurs, 'pieces')}
                options={TAILLES}
              />
              <ChampMontant
                nom="loyer"
                libelle="Loyer maximum, charges comprises"
                valeur={saisie.loyer}
                erreur={messageDe(erreurs, 'loyer')}
              />
              <ChampDate
                nom="voulu"
                libelle="Voulu le"
                valeur={lireJourSaisi(saisie.voulu) ?? undefined}
                min={session.jour}
                erreur={messageDe(erreurs, 'voulu')}
              />
              <ChampDate
                nom="avant"
                libelle="Répondre avant le"
                valeur={lireJourSaisi(saisie.avant) ?? undefined}
                min={session.jour.add({ days: 1 })}
                erreur={messageDe(erreurs, 'avant')}
              />
            </div>
            <CaseACocher
              nom="accessible"
              libelle="Logement accessible"
              aide="Rez-de-chaussée ou ascenseur, circulation en fauteuil."
              cochee={saisie.accessible}
            />
            <Cases
              nom="agences"
              legende="Agences sollicitées"
              choisies={saisie.agences}
              erreurs={erreurs}
              options={agences.map((agence) => ({
                valeur: agence.organisme,
                libelle: agence.nom,
                aide: `${agence.secteurs.map((un) => secteursLogement[un]).join(', ')} ; ${agence.territoires.length === 0 ? 'tout le département' : agence.territoires.map(nommer).join(', ')}`,
              }))}
            />
            <Champ
              nom="reference"
              libelle="Référence du dossier"
              facultatif
              court
              longueurMax={40}
              aide="Pour vous y retrouver : votre organisme seul la lit, les agences ne sauront jamais de quel dossier il s’agit."
              valeur={saisie.reference}
              erreur={messageDe(erreurs, 'reference')}
            />
            <Actions>
              <Bouton genre="principal">Envoyer cette demande</Bouton>
              <Bouton genre="tertiaire" href={LOGEMENTS}>
                Revenir
              </Bouton>
            </Actions>
          </Formulaire>
        )}
      </Carte>
    </CadrePartager>,
    erreurs.length > 0 ? 422 : undefined,
  )
}

/** GET /logements/demander; `dossier` is the reference of the dossier it is for. */
export async function proposerLogement(requete: Requete): Promise<Reponse> {
  const agences = await listerAgences(requete.session)
  return pageDemander(requete, {
    secteur: '',
    territoire: '',
    commune: '',
    pieces: '',
    loyer: '',
    accessible: false,
    voulu: '',
    avant: requete.session.jour.add({ days: 15 }).toString(),
    agences: agences.map(({ organisme }) => organisme),
    reference: requete.recherche.dossier ?? '',
    envoi: marqueEnvoi(),
  })
}

const CHAMPS: Readonly<Record<string, string>> = {
  'logement.issue-agence': 'issue_agence',
  'logement.issue-le': 'issue_le',
  'logement.genre': 'genre',
}
const champDe = (code: string): string =>
  CHAMPS[code] ?? (code.startsWith('logement.') ? code.slice('logement.'.length) : 'texte')

/** POST /logements/demander. */
export async function demanderUnLogement(requete: Requete): Promise<Reponse> {
  const { session } = requete
  const saisie: SaisieBesoin = {
    secteur: champ(requete, 'secteur'),
    territoire: champ(requete, 'territoire'),
    commune: champ(requete, 'commune'),
    pieces: champ(requete, 'pieces'),
    loyer: champ(requete, 'loyer'),
    accessible: champ(requete, 'accessible') === 'oui',
    voulu: champ(requete, 'voulu'),
    avant: champ(requete, 'avant'),
    agences: requete.champs.agences ?? [],
    reference: champ(requete, 'reference'),
    envoi: champ(requete, 'envoi'),
  }
  let id = ''
  const refusee = await tenter(session, 'logement.demander', champDe, async () => {
    id = await demanderLogement(session, {
      ...saisie,
      pieces: lireEntierSaisi(saisie.pieces) ?? 0,
      loyerMax: lireMontantSaisi(saisie.loyer),
      vouluLe: lireJourSaisi(saisie.voulu),
      avant: lireJourSaisi(saisie.avant),
    })
  })
  if (refusee) return pageDemander(requete, { ...saisie, envoi: marqueEnvoi(saisie.envoi) }, [refusee])
  return redirection(adresseDe({ id }), { texte: 'Demande envoyée : chaque agence est prévenue.', ton: 'tenu' })
}

const GENRES_ACTE: Readonly<Record<ActeLogement['genre'], string>> = {
  offre: 'Offre',
  rien: 'Rien pour l’instant',
  question: 'Question',
  precision: 'Précision',
  visite: 'Visite',
}

function UnActe({ acte, une }: { acte: ActeLogement; une: DemandeLogement }): ReactElement {
  const nom = une.sollicitations.find(({ agence }) => agence === acte.agence)?.agence_nom ?? ''
  const entendu = acte.organisme !== acte.agence && acte.genre !== 'precision' && acte.genre !== 'visite'
  return (
    <li>
      <h3>{GENRES_ACTE[acte.genre]}</h3>
      <p className="note">
        {acte.organisme === acte.agence ? nom : une.organisme_nom}, {acte.auteur}, {formatInstant(acte.a)}
        {entendu ? ', reçu par un autre moyen' : ''}
      </p>
      {acte.genre === 'offre' && (
        <p>
          {nommerTaille(acte.pieces)}, {formatMontant(acte.loyer ?? 0)} charges comprises
          {acte.le ? `, libre le ${formatDate(acte.le)}` : ''}
        </p>
      )}
      {acte.genre === 'visite' && acte.le && <p>Le {formatDate(acte.le)}</p>}
      {acte.texte !== '' && <p className="texte-libre">{acte.texte}</p>}
    </li>
  )
}

interface SaisieActe {
  readonly agence: string
  readonly genre: string
  readonly texte: string
  readonly loyer: string
  readonly pieces: string
  readonly le: string
  readonly envoi: string
  readonly erreurs: readonly Erreur[]
}

const ACTE_VIDE: Omit<SaisieActe, 'envoi'> = {
  agence: '',
  genre: '',
  texte: '',
  loyer: '',
  pieces: '',
  le: '',
  erreurs: [],
}

/** What one side may write to, or about, one agency. */
function FormulaireActe({
  requete,
  une,
  sollicitation,
  saisie,
}: {
  requete: Requete
  une: DemandeLogement
  sollicitation: Sollicitation
  saisie: SaisieActe
}): ReactElement {
  const { erreurs } = saisie
  const agence = sollicitation.agence === requete.acteur.organisme
  const id = (nom: string) => `c-${nom}-${sollicitation.agence.slice(0, 8)}`
  const champs = (
    <Formulaire
      action={adresseDe(une, '/acte')}
      jeton={requete.connecte.jetonFormulaire}
      libelle={agence ? 'Répondre' : `Noter la suite avec ${sollicitation.agence_nom}`}
      champs={{ agence: sollicitation.agence, version: String(sollicitation.version), envoi: saisie.envoi }}
    >
      {agence ? null : <AucunMenage>Une précision est lue par l’agence.</AucunMenage>}
      <BoutonsRadio
        nom="genre"
        id={id('genre')}
        libelle={agence ? 'Votre réponse' : 'Ce qui est noté'}
        valeur={saisie.genre}
        erreur={messageDe(erreurs, 'genre')}
        options={[
          ...(agence
            ? [
                { valeur: 'offre', libelle: 'Une offre', aide: 'Taille, loyer et jour où le logement est libre.' },
                { valeur: 'rien', libelle: 'Rien pour l’instant' },
                { valeur: 'question', libelle: 'Une question', aide: 'L’écrire ci-dessous.' },
              ]
            : [
                { valeur: 'precision', libelle: 'Répondre à l’agence', aide: 'L’agence le lit.' },
                { valeur: 'visite', libelle: 'Une visite', aide: 'Son jour, ci-dessous.' },
                { valeur: 'offre', libelle: 'Une offre reçue par un autre moyen' },
                { valeur: 'rien', libelle: 'Rien pour l’instant, dit par un autre moyen' },
              ]),
        ]}
      />
      <div className="champs">
        <Selection
          nom="pieces"
          id={id('pieces')}
          libelle="Taille proposée"
          facultatif
          vide="Pour une offre"
          valeur={saisie.pieces}
          erreur={messageDe(erreurs, 'pieces')}
          options={TAILLES}
        />
        <ChampMontant
          nom="loyer"
          id={id('loyer')}
          libelle="Loyer proposé, charges comprises"
          facultatif
          valeur={saisie.loyer}
          erreur={messageDe(erreurs, 'loyer')}
        />
        <ChampDate
          nom="le"
          id={id('le')}
          libelle={agence ? 'Libre le' : 'Libre le, ou jour de la visite'}
          facultatif
          valeur={lireJourSaisi(saisie.le) ?? undefined}
          erreur={messageDe(erreurs, 'le')}
        />
      </div>
      <Champ
        nom="texte"
        id={id('texte')}
        libelle={agence ? 'Question ou précision' : 'Texte'}
        facultatif
        lignes={3}
        longueurMax={LONGUEURS_LOGEMENT.texte}
        valeur={saisie.texte}
        erreur={messageDe(erreurs, 'texte')}
      />
      <Actions>
        <Bouton genre={agence ? 'principal' : 'secondaire'}>{agence ? 'Envoyer cette réponse' : 'Noter'}</Bouton>
      </Actions>
    </Formulaire>
  )
  return agence ? (
    champs
  ) : (
    <Plus libelle={`Noter la suite avec ${sollicitation.agence_nom}`} ouvert={saisie.agence === sollicitation.agence}>
      {champs}
    </Plus>
  )
}

interface SaisieIssue {
  readonly issue: string
  readonly agence: string
  readonly le: string
  readonly erreurs: readonly Erreur[]
}

function CarteIssue({
  requete,
  une,
  saisie,
}: {
  requete: Requete
  une: DemandeLogement
  saisie: SaisieIssue
}): ReactElement {
  return (
    <Carte titre="Issue de la recherche">
      <Formulaire
        action={adresseDe(une, '/issue')}
        jeton={requete.connecte.jetonFormulaire}
        libelle="Issue de la recherche"
        champs={{ version: String(une.version) }}
      >
        <p className="note">Close, la recherche n’attend plus de réponse : les agences le voient.</p>
        <BoutonsRadio
          nom="issue"
          libelle="Issue"
          valeur={saisie.issue}
          erreur={messageDe(saisie.erreurs, 'issue')}
          options={[
            { valeur: 'bail', libelle: 'Bail signé' },
            { valeur: 'aucune', libelle: 'Aucune : le logement n’a pas été trouvé ici' },
          ]}
        />
        <div className="champs">
          <Selection
            nom="issue_agence"
            libelle="Bail signé avec"
            facultatif
            vide="Choisir"
            valeur={saisie.agence}
            erreur={messageDe(saisie.erreurs, 'issue_agence')}
            options={une.sollicitations.map(({ agence, agence_nom }) => ({ valeur: agence, libelle: agence_nom }))}
          />
          <ChampDate
            nom="issue_le"
            libelle="Le"
            valeur={lireJourSaisi(saisie.le) ?? undefined}
            max={requete.session.jour}
            erreur={messageDe(saisie.erreurs, 'issue_le')}
          />
        </div>
        <Actions>
          <Bouton>Clore cette recherche</Bouton>
        </Actions>
      </Formulaire>
    </Carte>
  )
}

async function pageDemande(
  requete: Requete,
  {
    acte = { ...ACTE_VIDE, envoi: marqueEnvoi() },
    issue,
    statut,
  }: { acte?: SaisieActe; issue?: SaisieIssue; statut?: number } = {},
): Promise<Reponse> {
  const { session, acteur, connecte } = requete
  const une = await lireDemandeLogement(session, requete.parametres.demande ?? '')
  session.consigner({ action: 'logement.lire', objet: 'logement_demande', objetId: une.id })
  const sienne = demande(requete) && une.organisme === acteur.organisme
  const recue = repond(requete) ? une.sollicitations.find(({ agence }) => agence === acteur.organisme) : undefined
  const saisieIssue = issue ?? { issue: '', agence: '', le: session.jour.toString(), erreurs: [] }
  const erreurs = [...acte.erreurs, ...saisieIssue.erreurs]
  const attendues = une.sollicitations.filter(({ etat }) => etat === 'attendue').length
  const actes = Map.groupBy(une.actes, ({ agence }) => agence)
  const prefixe = acte.agence === '' ? '' : `-${acte.agence.slice(0, 8)}`
  return page(
    <CadrePartager
      requete={requete}
      partie="logements"
      titre={`Logement cherché : ${resumer(requete, une)}`}
      fil={[{ libelle: resumer(requete, une) }]}
      erreur={erreurs.length > 0}
      actions={
        sienne &&
        une.issue === null &&
        attendues > 0 && (
          <BoutonPost action={adresseDe(une, '/relancer')} jeton={connecte.jetonFormulaire} petit>
            Relancer les agences sans réponse
          </BoutonPost>
        )
      }
    >
      <ResumeErreurs
        erreurs={erreurs.map(({ nom, message }) =>
          nom === '' ? { message } : acte.erreurs.length > 0 ? { id: `c-${nom}${prefixe}`, message } : { nom, message },
        )}
        titre="Rien n’a été enregistré"
      />
      <Pile>
        {une.issue && (
          <Message ton={une.issue === 'bail' ? 'tenu' : 'neutre'}>
            <p>
              {une.issue === 'bail'
                ? `Bail signé le ${une.issue_le ? formatDate(une.issue_le) : ''}${une.issue_agence ? ` avec ${une.sollicitations.find(({ agence }) => agence === une.issue_agence)?.agence_nom ?? 'une autre agence'}` : ''}. La recherche est close.`
                : `Recherche close sans bail le ${une.issue_le ? formatDate(une.issue_le) : ''}.`}
            </p>
          </Message>
        )}
        <Carte titre="Le besoin" aside={`demandé le ${formatDate(parisDay(une.a))}`}>
          <ListeDefinition
            lignes={[
              { terme: 'Sorte', valeur: secteursLogement[une.secteur] },
              { terme: 'Où', valeur: nommerLieu(session, une) },
              { terme: 'Taille minimum', valeur: nommerTaille(une.pieces) },
              { terme: 'Loyer maximum', valeur: `${formatMontant(une.loyer_max)} charges comprises` },
              { terme: 'Accessible', valeur: une.accessible ? 'oui' : 'pas nécessaire' },
              { terme: 'Voulu le', valeur: formatDate(une.voulu_le) },
              { terme: 'Répondre avant le', valeur: formatDate(une.avant) },
              { terme: 'Demandé par', valeur: `${une.organisme_nom}, ${une.auteur}` },
              {
                terme: 'Dossier',
                valeur: une.dossier ? (
                  <a href={`/dossiers/${une.dossier.reference}`}>
                    {une.dossier.titulaire}, {une.dossier.reference}
                  </a>
                ) : null,
                note: 'Lu par votre organisme seul',
              },
            ]}
          />
        </Carte>
        {une.sollicitations.map((sollicitation) => (
          <Carte
            key={sollicitation.agence}
            titre={recue ? 'Vos réponses' : sollicitation.agence_nom}
            id={`agence-${sollicitation.agence.slice(0, 8)}`}
            aside={
              <Etiquettes>
                <Etiquette ton={TONS[sollicitation.etat]}>{etatsSollicitation[sollicitation.etat]}</Etiquette>
                {sollicitation.relances > 0 && (
                  <Etiquette>{pluriel(sollicitation.relances, 'relance', 'relances')}</Etiquette>
                )}
              </Etiquettes>
            }
          >
            <Pile>
              {(actes.get(sollicitation.agence) ?? []).length > 0 ? (
                <ol className="messages" aria-label={`Suite avec ${sollicitation.agence_nom}`}>
                  {(actes.get(sollicitation.agence) ?? []).map((un) => (
                    <UnActe key={un.id} acte={un} une={une} />
                  ))}
                </ol>
              ) : (
                <p className="note">Rien n’a encore été répondu.</p>
              )}
              {une.issue === null && (sienne || recue) && (
                <FormulaireActe
                  requete={requete}
                  une={une}
                  sollicitation={sollicitation}
                  saisie={acte.agence === sollicitation.agence ? acte : { ...ACTE_VIDE, envoi: marqueEnvoi() }}
                />
              )}
            </Pile>
          </Carte>
        ))}
        {sienne && une.issue === null && <CarteIssue requete={requete} une={une} saisie={saisieIssue} />}
      </Pile>
    </CadrePartager>,
    statut ?? (erreurs.length > 0 ? 422 : undefined),
  )
}

/** GET /logements/:demande. */
export const montrerLogement = (requete: Requete): Promise<Reponse> => pageDemande(requete)

/** POST /logements/:demande/acte: the agency's answer, or what whoever asked notes. */
export async function noterUnActe(requete: Requete): Promise<Reponse> {
  const { session } = requete
  const id = requete.parametres.demande ?? ''
  const saisie: SaisieActe = {
    agence: champ(requete, 'agence'),
    genre: champ(requete, 'genre'),
    texte: champ(requete, 'texte'),
    loyer: champ(requete, 'loyer'),
    pieces: champ(requete, 'pieces'),
    le: champ(requete, 'le'),
    envoi: champ(requete, 'envoi'),
    erreurs: [],
  }
  const issue = await ouConflit(requete, 'logement.noter', () =>
    tenter(session, 'logement.noter', champDe, () =>
      noterActeLogement(session, id, {
        ...saisie,
        loyer: lireMontantSaisi(saisie.loyer),
        pieces: lireEntierSaisi(saisie.pieces),
        le: lireJourSaisi(saisie.le),
        version: Number(champ(requete, 'version')) || 0,
      }),
    ),
  )
  if (issue instanceof Conflit)
    return pageDemande(requete, { acte: { ...saisie, erreurs: [{ nom: '', message: issue.message }] }, statut: 409 })
  if (issue) return pageDemande(requete, { acte: { ...saisie, envoi: marqueEnvoi(saisie.envoi), erreurs: [issue] } })
  return redirection(adresseDe({ id }), { texte: repond(requete) ? 'Réponse envoyée.' : 'Noté.', ton: 'tenu' })
}

/** POST /logements/:demande/issue. */
export async function cloreUnLogement(requete: Requete): Promise<Reponse> {
  const { session } = requete
  const id = requete.parametres.demande ?? ''
  const saisie = {
    issue: champ(requete, 'issue'),
    agence: champ(requete, 'issue_agence'),
    le: champ(requete, 'issue_le'),
  }
  const issue = await ouConflit(requete, 'logement.clore', () =>
    tenter(session, 'logement.clore', champDe, () =>
      cloreDemandeLogement(session, id, {
        ...saisie,
        le: lireJourSaisi(saisie.le),
        version: Number(champ(requete, 'version')) || 0,
      }),
    ),
  )
  if (issue instanceof Conflit)
    return pageDemande(requete, { issue: { ...saisie, erreurs: [{ nom: '', message: issue.message }] }, statut: 409 })
  if (issue) return pageDemande(requete, { issue: { ...saisie, erreurs: [issue] } })
  return redirection(adresseDe({ id }), { texte: 'Recherche close.', ton: 'tenu' })
}

/** POST /logements/:demande/relancer. */
export async function relancerDesAgences(requete: Requete): Promise<Reponse> {
  const id = requete.parametres.demande ?? ''
  const n = await relancerAgences(requete.session, id)
  return redirection(adresseDe({ id }), {
    texte: n === 0 ? 'Déjà relancées aujourd’hui.' : `${pluriel(n, 'agence relancée', 'agences relancées')}.`,
  })
}

/** An agency says what it proposes for itself alone; elsewhere the network is kept by who has the right. */
export function exigerTenue(requete: Requete, organisme: string): void {
  if (!aLeDroit(requete.acteur, 'logement.tenir') && !(repond(requete) && organisme === requete.acteur.organisme))
    throw new Introuvable()
}
