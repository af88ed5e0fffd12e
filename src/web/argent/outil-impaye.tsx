import type { ReactElement } from 'react'
import { calculerEcheance, ecrireSource, type ResultatEcheance, trouverDelai } from '#procedure'
import { type DecisionSeuil, evaluerImpayeCaf } from '#referentiel'
import { formatDate, formatMontant } from '#socle/typography'
import { type Erreur, lireJourSaisi, messageDe } from '../accompagner/saisie.ts'
import {
  Actions,
  Bouton,
  BoutonsRadio,
  Carte,
  Champ,
  ChampDate,
  ChampMontant,
  Formulaire,
  ListeDefinition,
  Message,
  Pile,
} from '../composants/index.ts'
import { champ, page, type Reponse, type Requete } from '../route.ts'
import { lireEntierSaisi, lireMontantSaisi } from './commun.tsx'
import { CadreOutil, RIEN_DE_GARDE } from './outils.tsx'

const MONTANTS = {
  dette: ['Dette de loyer et de charges', 'Ce qui reste dû aujourd’hui, aide au logement déduite.'],
  loyer: ['Loyer mensuel hors charges', undefined],
  charges: ['Charges mensuelles', undefined],
  aide: ['Aide au logement mensuelle', 'Déduite du loyer quand elle est versée au bailleur.'],
} as const
type NomMontant = keyof typeof MONTANTS
const NOMS = Object.keys(MONTANTS) as NomMontant[]

interface Resultat {
  readonly decision: DecisionSeuil
  /** When the landlord must have told the paying body; null when the rule is not in the data. */
  readonly signalement: ResultatEcheance | null
}

function montrer(
  requete: Requete,
  lire: (nom: string) => string,
  erreurs: readonly Erreur[],
  resultat: Resultat | null,
): Reponse {
  return page(
    <CadreOutil
      requete={requete}
      titre="Savoir si l’impayé est constitué pour la caisse"
      chapo={`La définition est celle du jour où l’impayé s’est constitué : l’ancienne ou la nouvelle. ${RIEN_DE_GARDE}`}
      erreurs={erreurs}
    >
      <Formulaire action="/outils/impaye" jeton={requete.connecte.jetonFormulaire} libelle="Impayé constitué">
        <Pile>
          <Carte titre="L’impayé">
            <div className="champs">
              <ChampDate
                nom="constitue"
                libelle="Date à examiner"
                aide="Jour où l’impayé se serait constitué : il choisit la définition."
                valeur={lire('constitue') || undefined}
                erreur={messageDe(erreurs, 'constitue')}
              />
              <ChampDate
                nom="premier_defaut"
                libelle="Premier loyer resté impayé"
                facultatif
                aide="Échéance la plus ancienne, non régularisée."
                valeur={lire('premier_defaut') || undefined}
                erreur={messageDe(erreurs, 'premier_defaut')}
              />
              {NOMS.map((nom) => (
                <ChampMontant
                  key={nom}
                  nom={nom}
                  libelle={MONTANTS[nom][0]}
                  libre
                  aide={MONTANTS[nom][1]}
                  valeur={lire(nom)}
                  erreur={messageDe(erreurs, nom)}
                />
              ))}
              <Champ
                nom="termes"
                libelle="Loyers de suite restés impayés"
                libre
                chiffres
                court
                aide="Pour un impayé d’avant septembre 2016."
                valeur={lire('termes')}
                erreur={messageDe(erreurs, 'termes')}
              />
            </div>
            <BoutonsRadio
              nom="tiers_payant"
              libelle="À qui l’aide au logement est-elle versée ?"
              valeur={lire('tiers_payant') || 'inconnu'}
              options={[
                { valeur: 'oui', libelle: 'Au bailleur' },
                { valeur: 'non', libelle: 'Au locataire' },
                { valeur: 'inconnu', libelle: 'Je ne sais pas' },
              ]}
            />
          </Carte>
          <Actions>
            <Bouton genre="principal">Vérifier</Bouton>
          </Actions>
        </Pile>
      </Formulaire>
      {resultat && <CarteResultat {...resultat} jour={requete.session.jour} />}
    </CadreOutil>,
    erreurs.length > 0 ? 422 : undefined,
  )
}

const VERDICTS = {
  atteint: ['bientot', 'L’impayé est constitué au sens de la caisse.'],
  non_atteint: ['tenu', 'L’impayé n’est pas constitué au sens de la caisse.'],
  indetermine: ['reserve', 'On ne peut pas conclure : il manque une donnée.'],
  sans_objet: ['reserve', 'Cette définition ne s’applique pas.'],
} as const

function CarteResultat({ decision, signalement, jour }: Resultat & { jour: Temporal.PlainDate }): ReactElement {
  const [ton, phrase] = VERDICTS[decision.resultat]
  return (
    <>
      <Carte titre="Constitué, ou non" id="resultat">
        <Message ton={ton}>
          <p>
            <b>{phrase}</b> {decision.branches.length === 0 && decision.motif}
          </p>
        </Message>
        {decision.branches.length > 0 && (
          <ul>
            {decision.branches.map(({ branche, motif }) => (
              <li key={branche}>{motif}</li>
            ))}
          </ul>
        )}
        <ListeDefinition
          lignes={[
            {
              terme: 'Montant à partir duquel il l’est',
              valeur: decision.seuil === null ? null : formatMontant(decision.seuil),
            },
            {
              terme: 'Règle appliquée',
              valeur: decision.source
                ? [decision.source.titre, decision.source.reference].filter(Boolean).join(', ')
                : null,
              note: decision.du ? `en vigueur depuis le ${formatDate(decision.du)}` : undefined,
            },
            { terme: 'À savoir', valeur: decision.reserve },
          ]}
        />
      </Carte>
      <Carte titre="Ce que le bailleur doit faire" id="obligation">
        {decision.resultat === 'atteint' ? (
          <Obligation signalement={signalement} jour={jour} />
        ) : decision.resultat === 'indetermine' ? (
          <p>
            Dans le doute, interroger la caisse : c’est elle qui constate l’impayé. Un impayé constitué doit lui être
            signalé par le bailleur qui reçoit l’aide.
          </p>
        ) : (
          <p>
            Rien à signaler encore à la caisse. Proposer un plan d’apurement dès maintenant reste possible, et refaire
            ce test si la dette augmente.
          </p>
        )}
      </Carte>
    </>
  )
}

function Obligation({
  signalement,
  jour,
}: {
  signalement: ResultatEcheance | null
  jour: Temporal.PlainDate
}): ReactElement {
  if (signalement?.issue !== 'calculee')
    return (
      <p>
        Le bailleur doit signaler cet impayé à la CAF ou à la MSA. La date limite n’est pas connue :{' '}
        {signalement === null ? 'la règle n’est pas dans les données.' : direPourquoi(signalement)}
      </p>
    )
  return (
    <>
      {signalement.lectures.map(({ termeReporte, source, duree }) => (
        <p key={termeReporte.toString()}>
          Le bailleur signale cet impayé à la CAF ou à la MSA <b>au plus tard le {formatDate(termeReporte)}</b> (
          {duree.valeur} {duree.unite}, {ecrireSource(source)}).
          {Temporal.PlainDate.compare(termeReporte, jour) < 0 &&
            ' Cette date est passée : signaler aujourd’hui, et garder la preuve de l’envoi.'}
        </p>
      ))}
      <p>
        Le bailleur qui reçoit l’aide et ne signale pas s’expose à une pénalité :{' '}
        <a href="/droit/valeurs/bailleur.penalite">ce que l’on en connaît</a>.
      </p>
      {signalement.reserves.map((reserve) => (
        <p className="note" key={reserve}>
          {reserve}
        </p>
      ))}
    </>
  )
}

const direPourquoi = (resultat: Exclude<ResultatEcheance, { issue: 'calculee' }>): string =>
  resultat.issue === 'aucune' ? `${resultat.aucune}.` : resultat.texte

/** GET /outils/impaye. */
export async function proposerImpaye(requete: Requete): Promise<Reponse> {
  const { jour } = requete.session
  return montrer(requete, (nom) => (nom === 'constitue' ? jour.toString() : ''), [], null)
}

/** POST /outils/impaye (OUT-09): « constitué » for the paying body, and by when the landlord says so. Computes, keeps nothing. */
export async function evaluerImpaye(requete: Requete): Promise<Reponse> {
  const { session } = requete
  const lire = (nom: string) => champ(requete, nom)
  const erreurs: Erreur[] = []
  const constitue = lireJourSaisi(lire('constitue'))
  if (!constitue) erreurs.push({ nom: 'constitue', message: 'Donner la date à examiner, par exemple 15/12/2026.' })
  const premier = lireJourSaisi(lire('premier_defaut'))
  if (lire('premier_defaut') !== '' && !premier)
    erreurs.push({ nom: 'premier_defaut', message: 'Donner une date existante.' })
  if (premier && constitue && Temporal.PlainDate.compare(premier, constitue) > 0)
    erreurs.push({
      nom: 'premier_defaut',
      message: 'Le premier loyer impayé ne peut pas être après la date à examiner.',
    })
  const montants = Object.fromEntries(
    NOMS.map((nom) => {
      const lu = lireMontantSaisi(lire(nom))
      if (lire(nom) !== '' && lu === null)
        erreurs.push({ nom, message: `${MONTANTS[nom][0]} : donner un montant, par exemple 520,00.` })
      return [nom, lu ?? undefined]
    }),
  ) as Record<NomMontant, number | undefined>
  const termes = lireEntierSaisi(lire('termes'))
  if (lire('termes') !== '' && termes === null)
    erreurs.push({ nom: 'termes', message: 'Donner un nombre entier de loyers.' })
  if (montants.dette === undefined && messageDe(erreurs, 'dette') === undefined)
    erreurs.push({ nom: 'dette', message: 'Donner la dette, par exemple 1 240,00.' })
  if (erreurs.length > 0 || !constitue) return montrer(requete, lire, erreurs, null)
  const tiers = lire('tiers_payant')
  const decision = evaluerImpayeCaf(session.referentiel, {
    ...montants,
    date_constitution: constitue,
    jour: Temporal.PlainDate.compare(session.jour, constitue) > 0 ? session.jour : constitue,
    premier_defaut: premier ?? undefined,
    termes_impayes: termes ?? undefined,
    tiers_payant: tiers === 'oui' ? true : tiers === 'non' ? false : undefined,
  })
  const delai = trouverDelai(session.delais, 'impaye.signalement-bailleur')
  const signalement =
    decision.resultat === 'atteint' && delai
      ? calculerEcheance(delai, { 'impaye.constitue': constitue }, session.delais.calendrier)
      : null
  return montrer(requete, lire, [], { decision, signalement })
}
