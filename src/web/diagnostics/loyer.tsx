import type { ReactElement } from 'react'
import { aLeDroit } from '#acces'
import { lireSuiviLoyer, noterReprise, reponsesReprise, type SuiviLoyer, sourcesReprise } from '#diagnostics'
import type { Dossier } from '#dossiers'
import { formatDate } from '#socle/typography'
import { lireJourSaisi, tenter } from '../accompagner/saisie.ts'
import {
  Actions,
  Bouton,
  BoutonsRadio,
  Carte,
  ChampDate,
  Etiquette,
  Formulaire,
  ListeSobre,
  Message,
  Pile,
  PuceEcheance,
  ResumeErreurs,
  Selection,
} from '../composants/index.ts'
import { adresseDossier, CadreDossier, ouvrirDossier } from '../espaces.tsx'
import { page, type Reponse, type Requete, redirection } from '../route.ts'
import { cleDe, etatDeForme, lireChamps, lireEnvoi, options, type Saisie } from './saisie.ts'

const FORME = 'loyer'

/** « Le loyer courant est-il entièrement repris, depuis quand ? »: what is known, and the question when an alert waits. */
export function CarteLoyer({
  requete,
  dossier,
  suivi,
}: {
  requete: Requete
  dossier: Dossier
  suivi: SuiviLoyer | null
}): ReactElement | null {
  if (suivi === null) return null
  const [derniere, ...avant] = suivi.reprises
  const adresse = `${adresseDossier(dossier)}/diagnostics/loyer`
  return (
    <Carte titre="Le loyer courant est-il repris ?" id="loyer">
      {suivi.attente && (
        <Message ton="bientot">
          <p>
            <b>Réponse attendue avant l’audience.</b> {suivi.attente.source}
          </p>
        </Message>
      )}
      {derniere ? (
        <p className="mt2">
          <b>
            {reponsesReprise[derniere.reponse]}
            {derniere.depuis && `, depuis le ${formatDate(derniere.depuis)}`}
          </b>{' '}
          <small>
            Réponse du {formatDate(derniere.le)}, {sourcesReprise[derniere.dit_par].toLowerCase()}. Notée par{' '}
            {derniere.auteur}, {derniere.organisme_nom}.
          </small>
        </p>
      ) : (
        <p className="mt2">Personne ne l’a encore demandé.</p>
      )}
      {avant.length > 0 && (
        <ListeSobre
          lignes={avant.map(({ id, reponse, le, depuis }) => ({
            cle: id,
            titre: `${formatDate(le)} : ${reponsesReprise[reponse]}`,
            ...(depuis ? { note: `depuis le ${formatDate(depuis)}` } : {}),
          }))}
        />
      )}
      {suivi.alertes.length > 0 && (
        <ListeSobre
          lignes={suivi.alertes.map((alerte, rang) => ({
            cle: alerte.cle,
            titre: `Rappel ${rang + 1}`,
            droite: <PuceEcheance echeance={{ ...alerte, genre: 'terme' }} aujourdhui={requete.session.jour} />,
          }))}
        />
      )}
      {aLeDroit(requete.acteur, 'contact.noter') && dossier.clos_le === null && (
        <Actions>
          <Bouton petit {...(suivi.attente ? { genre: 'principal' } : {})} href={adresse}>
            Répondre
          </Bouton>
        </Actions>
      )}
    </Carte>
  )
}

function PageLoyer({
  requete,
  dossier,
  suivi,
  saisie,
}: {
  requete: Requete
  dossier: Dossier
  suivi: SuiviLoyer | null
  saisie: Saisie | null
}): ReactElement {
  const { valeur, erreur, envoi } = etatDeForme(saisie, FORME)
  const erreurs = saisie?.erreurs ?? []
  return (
    <CadreDossier
      requete={requete}
      dossier={dossier}
      espace="diagnostics"
      titre="Le loyer courant est-il entièrement repris ?"
      acte="Loyer courant"
      chapo={
        dossier.audience_le
          ? `Audience le ${formatDate(dossier.audience_le)}. Le juge ne peut accorder des délais que si le loyer courant est entièrement repris avant elle.`
          : 'Le juge ne peut accorder des délais que si le loyer courant est entièrement repris avant l’audience.'
      }
    >
      <Pile>
        <ResumeErreurs erreurs={erreurs} />
        <Carte titre="La réponse">
          <Formulaire
            action={`${adresseDossier(dossier)}/diagnostics/loyer`}
            jeton={requete.connecte.jetonFormulaire}
            champs={{ envoi }}
          >
            <BoutonsRadio
              nom="reponse"
              libelle="Loyer et charges du mois sont-ils payés en entier ?"
              valeur={valeur('reponse')}
              erreur={erreur('reponse')}
              options={options(reponsesReprise)}
            />
            <div className="champs">
              <ChampDate
                nom="depuis"
                libelle="Si oui, repris depuis le"
                facultatif
                max={requete.session.jour}
                valeur={valeur('depuis') || undefined}
                erreur={erreur('depuis')}
              />
              <Selection
                nom="dit_par"
                libelle="Qui l’a dit"
                vide="Choisir"
                valeur={valeur('dit_par')}
                erreur={erreur('dit_par')}
                options={options(sourcesReprise)}
              />
              <ChampDate
                nom="le"
                libelle="Réponse donnée le"
                max={requete.session.jour}
                valeur={valeur('le', requete.session.jour.toString())}
                erreur={erreur('le')}
              />
            </div>
            <Actions>
              <Bouton genre="principal">Noter cette réponse</Bouton>
              <Bouton genre="tertiaire" href={`${adresseDossier(dossier)}/diagnostics`}>
                Revenir au diagnostic
              </Bouton>
            </Actions>
          </Formulaire>
        </Carte>
        {suivi && suivi.reprises.length > 0 && (
          <Carte titre="Réponses déjà données">
            <ListeSobre
              lignes={suivi.reprises.map(({ id, reponse, depuis, le, dit_par, auteur, organisme_nom }) => ({
                cle: id,
                titre: `${formatDate(le)} : ${reponsesReprise[reponse]}${depuis ? `, depuis le ${formatDate(depuis)}` : ''}`,
                note: `${sourcesReprise[dit_par]}. Notée par ${auteur}, ${organisme_nom}.`,
                ...(reponse === 'entiere' ? { droite: <Etiquette ton="tenu">Repris</Etiquette> } : {}),
              }))}
            />
          </Carte>
        )}
      </Pile>
    </CadreDossier>
  )
}

/** GET /dossiers/:reference/diagnostics/loyer. */
export async function proposerLoyer(requete: Requete): Promise<Reponse> {
  const dossier = await ouvrirDossier(requete)
  const suivi = await lireSuiviLoyer(requete.session, dossier)
  return page(<PageLoyer requete={requete} dossier={dossier} suivi={suivi} saisie={null} />)
}

const CHAMPS: Readonly<Record<string, string>> = { 'loyer.le': 'le', 'loyer.depuis': 'depuis' }

/** POST /dossiers/:reference/diagnostics/loyer: the answer, with its date. */
export async function noterLoyer(requete: Requete): Promise<Reponse> {
  const { session } = requete
  const dossier = await ouvrirDossier(requete)
  const champs = lireChamps(requete, ['reponse', 'depuis', 'dit_par', 'le', 'envoi'])
  const [reponse, ditPar] = [cleDe(reponsesReprise, champs.reponse ?? ''), cleDe(sourcesReprise, champs.dit_par ?? '')]
  const [le, depuis] = [lireJourSaisi(champs.le ?? ''), lireJourSaisi(champs.depuis ?? '')]
  const erreurs = [
    ...(reponse === null ? [{ nom: 'reponse', message: 'Dire si le loyer courant est entièrement repris.' }] : []),
    ...(champs.depuis !== '' && depuis === null
      ? [{ nom: 'depuis', message: 'Écrire une date, par exemple 01/09/2026.' }]
      : []),
    ...(ditPar === null ? [{ nom: 'dit_par', message: 'Choisir qui l’a dit.' }] : []),
    ...(le === null ? [{ nom: 'le', message: 'Donner la date de la réponse.' }] : []),
  ]
  if (reponse !== null && ditPar !== null && le !== null && erreurs.length === 0) {
    const refusee = await tenter(
      session,
      'loyer.verifier',
      (code) => CHAMPS[code] ?? 'reponse',
      () => noterReprise(session, dossier, { reponse, depuis, le, ditPar, envoi: lireEnvoi(requete) }),
    )
    if (refusee === null)
      return redirection(`${adresseDossier(dossier)}/diagnostics#loyer`, { texte: 'Réponse notée, avec sa date.' })
    erreurs.push(refusee)
  }
  const suivi = await lireSuiviLoyer(session, dossier)
  return page(
    <PageLoyer requete={requete} dossier={dossier} suivi={suivi} saisie={{ forme: FORME, champs, erreurs }} />,
    422,
  )
}
