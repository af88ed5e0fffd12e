import { randomUUID } from 'node:crypto'
import type { ReactElement } from 'react'
import { aLeDroit } from '#acces'
import {
  type DestinataireEnvoi,
  destinatairesEnvoi,
  destinatairesPour,
  etatsVisite,
  issuesEntretien,
  LONGUEUR_OBSERVATION,
  lieuxEntretien,
  modesEnvoi,
  motifsVisite,
} from '#diagnostics'
import type { Dossier } from '#dossiers'
import { canaux, motifsNonRealise } from '#repartition'
import { enPhrase, formatDate } from '#socle/typography'
import { messageDe } from '../accompagner/saisie.ts'
import {
  Actions,
  Bouton,
  BoutonsRadio,
  Carte,
  CaseACocher,
  Champ,
  ChampDate,
  ChampsCaches,
  Etiquette,
  Formulaire,
  ListeSobre,
  Message,
  Plus,
  Selection,
} from '../composants/index.ts'
import { Texte } from '../ecrits/commun.tsx'
import { adresseDossier } from '../espaces.tsx'
import type { Requete } from '../route.ts'
import type { DiagnosticLu, PlaceLue } from './lecture.ts'
import { demiJournees, etatDeForme, options, type Saisie } from './saisie.ts'

interface Proprietes {
  readonly requete: Requete
  readonly dossier: Dossier
  readonly lu: DiagnosticLu
  readonly saisie: Saisie | null
}

const adresseDe = (dossier: Dossier, { diagnostic }: DiagnosticLu): string =>
  `${adresseDossier(dossier)}/diagnostics/${diagnostic.id}`

/** Interviews proposed, and what became of each. */
export function CarteEntretiens({ requete, dossier, lu, saisie }: Proprietes): ReactElement | null {
  const { valeur, erreur, ouverte, envoi } = etatDeForme(saisie, 'entretien')
  const issue = etatDeForme(saisie, 'issue')
  const jeton = requete.connecte.jetonFormulaire
  const { jour } = requete.session
  const adresse = `${adresseDe(dossier, lu)}/entretiens`
  if (lu.entretiens.length === 0 && !lu.mene) return null
  return (
    <Carte titre="Entretiens" id="entretiens">
      {lu.entretiens.length === 0 ? (
        <p>Aucun entretien n’est encore proposé.</p>
      ) : (
        <ListeSobre
          lignes={lu.entretiens.map((entretien) => ({
            cle: entretien.id,
            titre: `${formatDate(entretien.pour_le)}${entretien.demi_journee === 'matin' ? ', matin' : entretien.demi_journee === 'apres_midi' ? ', après-midi' : ''}, ${lieuxEntretien[entretien.lieu].toLowerCase()}`,
            note: (
              <>
                Proposé le {formatDate(entretien.propose_le)}{' '}
                {entretien.issue !== null || !lu.mene ? (
                  <Etiquette ton={entretien.issue === 'honore' ? 'tenu' : entretien.issue === null ? 'info' : 'neutre'}>
                    {entretien.issue === null ? 'À venir' : issuesEntretien[entretien.issue]}
                  </Etiquette>
                ) : null}
              </>
            ),
            // What was noted by mistake is noted again: « honoré » would keep a household that never came from being said absent.
            droite: lu.mene ? (
              <form className="en-ligne" method="post" action={`${adresse}/${entretien.id}`}>
                <ChampsCaches jeton={jeton} />
                <Selection
                  nom="issue"
                  id={`c-issue-${entretien.id}`}
                  libelle={`Issue de l’entretien du ${formatDate(entretien.pour_le)}`}
                  libelleMuet
                  vide="Qu’a-t-il donné ?"
                  valeur={issue.valeur(`issue-${entretien.id}`, entretien.issue ?? '')}
                  erreur={issue.erreur(`issue-${entretien.id}`)}
                  options={options(issuesEntretien)}
                />
                <Bouton petit>{entretien.issue === null ? 'Noter' : 'Corriger'}</Bouton>
              </form>
            ) : undefined,
          }))}
        />
      )}
      {lu.mene && (
        <Plus libelle="Proposer un entretien" ouvert={ouverte || lu.entretiens.length === 0}>
          <Formulaire action={adresse} jeton={jeton} champs={{ envoi }} libelle="Proposer un entretien">
            <div className="champs">
              <ChampDate
                nom="propose_le"
                libelle="Proposé le"
                max={jour}
                valeur={valeur('propose_le', jour.toString())}
                erreur={erreur('propose_le')}
              />
              <Selection
                nom="canal"
                libelle="Par"
                vide="Choisir"
                valeur={valeur('canal')}
                erreur={erreur('canal')}
                options={options(canaux)}
              />
              <ChampDate
                nom="pour_le"
                libelle="Pour le"
                valeur={valeur('pour_le') || undefined}
                erreur={erreur('pour_le')}
              />
              <Selection
                nom="demi_journee"
                libelle="Demi-journée"
                facultatif
                vide="Non précisée"
                valeur={valeur('demi_journee')}
                options={options(demiJournees)}
              />
              <Selection
                nom="lieu"
                libelle="Où"
                vide="Choisir"
                valeur={valeur('lieu')}
                erreur={erreur('lieu')}
                options={options(lieuxEntretien)}
              />
            </div>
            <Actions>
              <Bouton>Proposer cet entretien</Bouton>
            </Actions>
          </Formulaire>
        </Plus>
      )}
    </Carte>
  )
}

/** What the household and the landlord say of it. */
export function CarteObservations({ requete, dossier, lu, saisie }: Proprietes): ReactElement | null {
  const { observations, diagnostic } = lu
  if (observations === null) return null
  const { valeur, erreur, ouverte, envoi } = etatDeForme(saisie, 'observation')
  const ouvert = ['demande', 'en_cours', 'relu'].includes(diagnostic.etat)
  const peut = ouvert && aLeDroit(requete.acteur, 'diagnostic.remplir')
  if (observations.length === 0 && !peut) return null
  return (
    <Carte titre="Observations du ménage et du bailleur" id="observations">
      {observations.length === 0 && <p>Chacun peut présenter ses observations : aucune n’est encore recueillie.</p>}
      {observations.map(({ id, de, le, texte, organisme_nom }) => (
        <div key={id} className="mt2">
          <p>
            <b>{de === 'menage' ? 'Le ménage' : 'Le bailleur'}</b>, le {formatDate(le)}{' '}
            <small>recueillies par {organisme_nom}</small>
          </p>
          <Texte texte={texte} />
        </div>
      ))}
      {peut && (
        <Plus libelle="Recueillir des observations" ouvert={ouverte}>
          <Formulaire
            action={`${adresseDe(dossier, lu)}/observations`}
            jeton={requete.connecte.jetonFormulaire}
            champs={{ envoi }}
            libelle="Recueillir des observations"
          >
            <BoutonsRadio
              nom="de"
              libelle="De qui ?"
              valeur={valeur('de')}
              erreur={erreur('de')}
              options={[
                { valeur: 'menage', libelle: 'Du ménage' },
                { valeur: 'bailleur', libelle: 'Du bailleur' },
              ]}
            />
            <ChampDate
              nom="observe_le"
              libelle="Recueillies le"
              max={requete.session.jour}
              valeur={valeur('observe_le', requete.session.jour.toString())}
              erreur={erreur('observe_le')}
            />
            <Champ
              nom="texte"
              libelle="Dans ses mots"
              lignes={4}
              longueurMax={LONGUEUR_OBSERVATION}
              valeur={valeur('texte')}
              erreur={erreur('texte')}
              aide="Elles figurent au diagnostic. Ni santé, ni violences, ni enfance."
            />
            <Actions>
              <Bouton>Ajouter ces observations</Bouton>
            </Actions>
          </Formulaire>
        </Plus>
      )}
    </Carte>
  )
}

/** Visit at home, reference person, who fills the legal part. */
export function CarteReglages({
  requete,
  place,
  lu,
  saisie,
}: Omit<Proprietes, 'dossier'> & { place: PlaceLue }): ReactElement | null {
  const { diagnostic, volets, mene, referents } = lu
  const { dossier } = place
  const { valeur, erreur, ouverte } = etatDeForme(saisie, 'reglages')
  const juridique = volets.find(({ volet }) => volet === 'juridique')
  const visite = diagnostic.visite
    ? [
        etatsVisite[diagnostic.visite],
        diagnostic.visite_le && `le ${formatDate(diagnostic.visite_le)}`,
        diagnostic.visite_motif && motifsVisite[diagnostic.visite_motif].toLowerCase(),
      ]
        .filter(Boolean)
        .join(', ')
    : 'pas encore proposée'
  return (
    <Carte titre="Visite, référent" id="reglages">
      <p>
        Visite à domicile : {visite}.<br />
        Référent du ménage : {diagnostic.referent_nom ?? 'personne n’est désigné'}.<br />
        Volet juridique : {juridique?.organisme_nom ?? 'aucun service'}.
      </p>
      {mene && (
        <Plus libelle="Changer" ouvert={ouverte}>
          <Formulaire
            action={`${adresseDe(dossier, lu)}/reglages`}
            jeton={requete.connecte.jetonFormulaire}
            champs={{ vue: String(diagnostic.version) }}
            libelle="Visite, référent, volet juridique"
          >
            <Selection
              nom="visite"
              libelle="Visite à domicile"
              facultatif
              vide="Pas encore proposée"
              valeur={valeur('visite', diagnostic.visite ?? '')}
              erreur={erreur('visite')}
              options={options(etatsVisite)}
            />
            <Selection
              nom="visite_motif"
              libelle="Pourquoi une visite"
              facultatif
              vide="Sans motif particulier"
              valeur={valeur('visite_motif', diagnostic.visite_motif ?? '')}
              options={options(motifsVisite)}
            />
            <ChampDate
              nom="visite_le"
              libelle="Date de la visite"
              facultatif
              valeur={valeur('visite_le', diagnostic.visite_le?.toString() ?? '') || undefined}
              erreur={erreur('visite_le')}
            />
            <Selection
              nom="referent"
              libelle="Référent du ménage"
              facultatif
              vide="Personne pour l’instant"
              valeur={valeur('referent', diagnostic.referent ?? '')}
              erreur={erreur('referent')}
              aide="Proposé au ménage ; son accord se note dans « Accords du ménage »."
              options={referents.map(({ id, nom }) => ({ valeur: id, libelle: nom }))}
            />
            <Selection
              nom="juridique"
              libelle="Service du volet juridique"
              valeur={valeur('juridique', juridique?.organisme ?? '')}
              erreur={erreur('juridique')}
              options={choixJuridique(place, lu)}
            />
            <Actions>
              <Bouton>Enregistrer</Bouton>
            </Actions>
          </Formulaire>
        </Plus>
      )}
    </Carte>
  )
}

/** Services engaged on the dossier, and the one that has the part now. */
function choixJuridique({ services }: PlaceLue, { volets, diagnostic }: DiagnosticLu) {
  const tous = new Map(services.map(({ id, nom }) => [id, nom]))
  for (const { organisme, organisme_nom: nom } of volets) tous.set(organisme, nom)
  tous.set(diagnostic.organisme, diagnostic.organisme_nom)
  return [...tous].map(([id, libelle]) => ({ valeur: id, libelle }))
}

/** Re-read, validate, « did not come », impossible. */
export function CarteFinir({ requete, dossier, lu, saisie }: Proprietes): ReactElement | null {
  const { diagnostic, mene, volets } = lu
  const { valeur, erreur, ouverte } = etatDeForme(saisie, 'impossible')
  if (!mene) return null
  const jeton = requete.connecte.jetonFormulaire
  const adresse = adresseDe(dossier, lu)
  const vue = { vue: String(diagnostic.version) }
  const restent = volets.filter(
    ({ volet, formulaire, termine_a: termine }) => !termine && (formulaire || volet !== 'juridique'),
  )
  return (
    <Carte titre="Relire et valider" id="valider">
      {diagnostic.etat === 'relu' ? (
        <Formulaire action={`${adresse}/valider`} jeton={jeton} champs={{ ...vue, forme: 'complet' }} libelle="Valider">
          <p>Relu. Validé, il est signé de votre nom et figé : il ne changera plus.</p>
          <Actions>
            <Bouton genre="principal">Valider et figer le diagnostic</Bouton>
          </Actions>
        </Formulaire>
      ) : (
        <Formulaire action={`${adresse}/relire`} jeton={jeton} champs={vue} libelle="Relire">
          <p>
            {restent.length === 0
              ? 'Les volets sont terminés. Le relire en entier, puis le dire ici.'
              : 'Les volets social et financier se terminent avant la validation ; le juridique s’il est commencé.'}
          </p>
          <Actions>
            <Bouton {...(restent.length === 0 ? { genre: 'principal' } : {})}>Je l’ai relu en entier</Bouton>
          </Actions>
        </Formulaire>
      )}
      <Plus libelle="Le ménage n’est pas venu, ou le diagnostic est impossible" ouvert={ouverte}>
        <Formulaire
          action={`${adresse}/valider`}
          jeton={jeton}
          champs={{ ...vue, forme: 'menage_absent' }}
          libelle="Le ménage n’est pas venu"
        >
          <p>
            <b>Le ménage n’est pas venu.</b> Une fiche part quand même au juge : elle dit ce qui a été tenté, et rien
            d’autre.
          </p>
          <Actions>
            <Bouton>Valider la fiche « le ménage n’est pas venu »</Bouton>
          </Actions>
        </Formulaire>
        <Formulaire action={`${adresse}/impossible`} jeton={jeton} champs={vue} libelle="Diagnostic impossible">
          <Selection
            nom="motif"
            libelle="Impossible : pourquoi"
            vide="Choisir un motif"
            valeur={valeur('motif')}
            erreur={erreur('motif')}
            aide="Le secrétariat le voit aussitôt. Rien ne part au juge."
            options={options(motifsNonRealise)}
          />
          <Actions>
            <Bouton genre="destructeur">Dire ce diagnostic impossible</Bouton>
          </Actions>
        </Formulaire>
      </Plus>
    </Carte>
  )
}

/** To whom it was handed, how, when, with its receipt. */
export function CarteRemises({
  requete,
  place,
  lu,
  saisie,
}: Omit<Proprietes, 'dossier'> & { place: PlaceLue }): ReactElement | null {
  const { diagnostic, envois, attendAccord } = lu
  const { dossier, syntheses } = place
  const { valeur, erreur, ouverte, envoi } = etatDeForme(saisie, 'remise')
  const recu = etatDeForme(saisie, 'recu')
  const pret = diagnostic.etat === 'valide' || diagnostic.etat === 'transmis'
  const peut = pret && aLeDroit(requete.acteur, 'diagnostic.transmettre')
  if (!peut && envois.length === 0) return null
  const jeton = requete.connecte.jetonFormulaire
  const jour = requete.session.jour
  const adresse = `${adresseDe(dossier, lu)}/remises`
  const siens: readonly DestinataireEnvoi[] = destinatairesPour(requete.session)
  const simultane =
    dossier.logement.parc === 'public' &&
    siens.includes('juge') &&
    siens.includes('bailleur') &&
    !envois.some(({ destinataire }) => destinataire === 'bailleur')
  return (
    <Carte titre="Remises" id="remises" aside="Le diagnostic va au secrétariat ; la seule synthèse, aux autres.">
      {attendAccord && pret && (
        <Message ton="bientot">
          <p>
            <b>L’autorisation du ménage n’est pas notée.</b> Ce que l’ADIL a écrit ne part pas sans elle.{' '}
            <a href={`${adresseDossier(dossier)}#accords`}>La noter</a>
          </p>
        </Message>
      )}
      {envois.length === 0 ? (
        <p>Rien n’est encore parti.</p>
      ) : (
        <ListeSobre
          lignes={envois.map((un) => ({
            cle: un.id,
            titre: `${un.quoi === 'diagnostic' ? 'Diagnostic' : 'Synthèse'} : ${enPhrase(destinatairesEnvoi[un.destinataire])}, le ${formatDate(un.le)}`,
            note: `${modesEnvoi[un.mode]}. ${un.auteur}, ${un.organisme_nom}`,
            droite:
              un.recu_le !== null ? (
                <Etiquette ton="tenu">Reçu le {formatDate(un.recu_le)}</Etiquette>
              ) : aLeDroit(requete.acteur, 'diagnostic.transmettre') ? (
                <form className="en-ligne" method="post" action={`${adresse}/${un.id}/recu`}>
                  <ChampsCaches jeton={jeton} />
                  <ChampDate
                    nom="recu_le"
                    id={`c-recu-${un.id}`}
                    libelle={`Accusé de réception : ${destinatairesEnvoi[un.destinataire]}`}
                    libelleMuet
                    max={jour}
                    valeur={recu.valeur(`recu-${un.id}`, jour.toString()) || undefined}
                    erreur={recu.erreur(`recu-${un.id}`)}
                  />
                  <Bouton petit>Accusé reçu</Bouton>
                </form>
              ) : undefined,
          }))}
        />
      )}
      {syntheses.length > 0 && (
        <p className="note mt2">
          Synthèses en vigueur :{' '}
          {syntheses
            .filter(({ remplacee }) => !remplacee)
            .map(({ id, destinataire }, rang) => (
              <span key={id}>
                {rang > 0 && ', '}
                <a href={`${adresseDossier(dossier)}/diagnostics/syntheses/${id}`}>
                  pour {{ juge: 'le juge', bailleur: 'le bailleur', menage: 'le ménage' }[destinataire]} (PDF)
                </a>
              </span>
            ))}
        </p>
      )}
      {peut && aLeDroit(requete.acteur, 'synthese.produire') && (
        <Actions>
          <Bouton petit href={`${adresseDossier(dossier)}/syntheses/nouvelle`}>
            Produire une synthèse
          </Bouton>
        </Actions>
      )}
      {peut && siens.length > 0 && (
        <Formulaire action={adresse} jeton={jeton} champs={{ envoi }} libelle="Noter une remise">
          <div className="champs">
            <Selection
              nom="destinataire"
              libelle="Remis à"
              vide="Choisir"
              valeur={valeur('destinataire')}
              erreur={erreur('destinataire')}
              options={siens.map((code) => ({ valeur: code, libelle: destinatairesEnvoi[code] }))}
            />
            <Selection
              nom="mode"
              libelle="Comment"
              vide="Choisir"
              valeur={valeur('mode')}
              erreur={erreur('mode')}
              options={options(modesEnvoi)}
            />
            <ChampDate
              nom="remis_le"
              libelle="Le"
              max={jour}
              valeur={valeur('remis_le', jour.toString())}
              erreur={erreur('remis_le')}
            />
          </div>
          {simultane && (
            <CaseACocher
              nom="aussi_bailleur"
              valeur="oui"
              libelle="Remis en même temps au bailleur social, par sa propre synthèse"
              aide="Avec la remise au juge : même jour, même moyen. Décocher si le bailleur l’a déjà reçue."
              cochee={!ouverte || valeur('aussi_bailleur') === 'oui'}
            />
          )}
          <Actions>
            <Bouton genre="principal">Noter cette remise</Bouton>
          </Actions>
        </Formulaire>
      )}
    </Carte>
  )
}

/** The author of a validated diagnosis, offered as the referent for the procedure; nothing when nobody is to be named. */
export function CarteReferent({
  requete,
  dossier,
  lu,
  saisie,
}: {
  requete: Requete
  dossier: Dossier
  lu: DiagnosticLu
  saisie: Saisie | null
}): ReactElement | null {
  const { propose } = lu
  if (!propose) return null
  const ici = saisie?.forme === 'referent' ? saisie : null
  return (
    <Carte titre="Référent pour la procédure" id="referent">
      <p>
        {propose.regle === true
          ? `La charte fait de l’auteur du diagnostic, ${propose.nom}, le référent du ménage pour la procédure.`
          : `Proposer au ménage que l’auteur du diagnostic, ${propose.nom}, devienne son référent pour la procédure.`}
        {propose.regle === null &&
          ' Pour un bénéficiaire du RSA, sa désignation est la règle : demander si le ménage le perçoit.'}
      </p>
      <Formulaire
        action={`${adresseDe(dossier, lu)}/referent`}
        jeton={requete.connecte.jetonFormulaire}
        champs={{ envoi: ici?.champs.envoi || randomUUID() }}
        libelle="Désigner le référent"
      >
        <BoutonsRadio
          nom="accord"
          libelle="Le ménage est-il d’accord ?"
          valeur={ici?.champs.accord}
          erreur={ici ? messageDe(ici.erreurs, 'accord') : undefined}
          options={[
            { valeur: 'oui', libelle: 'Oui' },
            { valeur: 'non', libelle: 'Non' },
          ]}
        />
        <p className="note">Source : {propose.source}.</p>
        <Actions>
          <Bouton genre="principal">Désigner {propose.nom}</Bouton>
        </Actions>
      </Formulaire>
    </Carte>
  )
}
