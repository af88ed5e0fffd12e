import type { ReactElement } from 'react'
import { confirmerIdentite, lireMonCompte, type MonCompte } from '#acces'
import { Refus } from '#socle/errors'
import { Cadre } from '../cadre.tsx'
import { Actions, Bouton, Carte, Champ, Formulaire, ResumeErreurs } from '../composants/index.ts'
import { page, type Reponse, type Requete, redirection } from '../route.ts'
import { avecNavigation } from '../tableaux/lecture.ts'
import { cheminLocal } from './publique.tsx'

function PageConfirmer({
  requete,
  compte,
  vers,
  erreur,
}: {
  requete: Requete
  compte: MonCompte
  vers: string
  erreur?: string | undefined
}): ReactElement {
  const calendrier = vers.startsWith('/compte/calendrier')
  const renoncer = calendrier ? 'Ne pas créer d’adresse' : 'Ne pas télécharger'
  const parCode = compte.secondFacteurDepuis !== null
  const libelle = parCode ? 'Mot de passe, ou code à six chiffres' : 'Mot de passe'
  const suite = new URLSearchParams({ vers, dept: requete.session.dept, confirmer: 'oui' })
  return (
    <Cadre
      requete={requete}
      titre="Confirmer qui vous êtes"
      erreur={erreur !== undefined}
      chapo={`${calendrier ? 'Une adresse de calendrier se lit sans mot de passe. Avant d’en créer une' : 'Ce fichier contient beaucoup de ménages. Avant qu’il sorte'}, Amont vérifie que c’est bien vous : un poste laissé ouvert ne doit pas suffire.`}
    >
      {erreur && (
        <ResumeErreurs
          titre={calendrier ? 'Rien n’est créé' : 'Rien n’est sorti'}
          erreurs={[{ nom: 'saisie', message: erreur }]}
        />
      )}
      <Carte titre="Pour continuer">
        {compte.motDePasse ? (
          <Formulaire action="/compte/confirmer" jeton={requete.connecte.jetonFormulaire} champs={{ vers }}>
            <Champ nom="saisie" libelle={libelle} genre="password" completion="current-password" erreur={erreur} />
            <Actions>
              <Bouton genre="principal">{calendrier ? 'Confirmer et continuer' : 'Confirmer et télécharger'}</Bouton>
              <Bouton genre="tertiaire" href="/">
                {renoncer}
              </Bouton>
            </Actions>
          </Formulaire>
        ) : (
          <Actions>
            <Bouton genre="principal" href={`/connexion/proconnect?${suite}`}>
              S’identifier de nouveau avec ProConnect
            </Bouton>
            <Bouton genre="tertiaire" href="/">
              {renoncer}
            </Bouton>
          </Actions>
        )}
        <p className="note mt2">
          {calendrier
            ? 'Revenir ensuite à « Mon calendrier » : rien n’est redemandé pendant dix minutes. Un courriel vous prévient de chaque adresse créée.'
            : 'Le téléchargement part aussitôt, puis rien n’est redemandé pendant dix minutes. La copie porte un numéro, votre nom et l’heure ; elle est inscrite au journal.'}
        </p>
      </Carte>
    </Cadre>
  )
}

/** GET /compte/confirmer: asked before a large export, or the address of a calendar. `vers` is the address to go on to. */
export async function demanderConfirmation(requete: Requete): Promise<Reponse> {
  const vers = cheminLocal(requete.recherche.vers ?? '')
  return page(<PageConfirmer requete={requete} compte={await lireMonCompte(requete.session)} vers={vers} />)
}

/** POST /compte/confirmer. */
export async function confirmer(requete: Requete): Promise<Reponse> {
  const vers = cheminLocal(requete.champs.vers?.[0] ?? '')
  try {
    await confirmerIdentite(requete.application, requete.session, requete.connecte, requete.champs.saisie?.[0] ?? '')
  } catch (erreur) {
    if (!(erreur instanceof Refus)) throw erreur
    const compte = await lireMonCompte(requete.session)
    const connue = await avecNavigation(requete)
    return page(<PageConfirmer requete={connue} compte={compte} vers={vers} erreur={erreur.message} />, 422)
  }
  return redirection(vers)
}
