import type { ReactElement } from 'react'
import { lireDossier } from '#dossiers'
import { cloreAccesExceptionnel, demanderAccesExceptionnel } from '#participations'
import { type Erreur, messageDe } from '../accompagner/saisie.ts'
import { Cadre } from '../cadre.tsx'
import { Actions, Bouton, Carte, Champ, Formulaire, Message, ResumeErreurs } from '../composants/index.ts'
import { champ, page, type Reponse, type Requete, redirection } from '../route.ts'

function PageDemande({
  requete,
  reference,
  motif,
  erreurs,
}: {
  requete: Requete
  reference: string
  motif: string
  erreurs: readonly Erreur[]
}): ReactElement {
  return (
    <Cadre
      requete={requete}
      titre="Ouvrir un dossier par exception"
      chapo="Pour une urgence, quand ce dossier n’est pas suivi par votre organisme. L’accès dure vingt-quatre heures."
      courante="accompagner"
      erreur={erreurs.length > 0}
      fil={[{ libelle: 'Dossiers', href: '/dossiers' }, { libelle: 'Accès exceptionnel' }]}
    >
      <ResumeErreurs erreurs={erreurs} />
      <Carte titre="Le dossier et l’urgence">
        <Formulaire action="/dossiers/exceptionnel" jeton={requete.connecte.jetonFormulaire}>
          <Champ
            nom="reference"
            libelle="Référence exacte du dossier"
            aide="Par exemple 71-2026-00412. Le nom du ménage ne suffit pas."
            valeur={reference}
            longueurMax={30}
            court
            erreur={messageDe(erreurs, 'reference')}
          />
          <Champ
            nom="motif"
            libelle="Ce qui presse, et pourquoi ce dossier"
            lignes={3}
            longueurMax={500}
            aide="Lu par le délégué à la protection des données et par le secrétariat. Ni santé, ni violences, ni enfance."
            valeur={motif}
            erreur={messageDe(erreurs, 'motif')}
          />
          <Message ton="reserve">
            <p>
              <b>Chaque demande est notée avec votre nom</b>, même si aucun dossier ne porte cette référence. Le délégué
              à la protection des données est prévenu par courriel. Cinq demandes par jour au plus.
            </p>
          </Message>
          <Actions>
            <Bouton genre="principal">Ouvrir pour vingt-quatre heures</Bouton>
            <Bouton genre="tertiaire" href="/dossiers">
              Revenir aux dossiers
            </Bouton>
          </Actions>
        </Formulaire>
      </Carte>
    </Cadre>
  )
}

/** GET /dossiers/exceptionnel: the same page whatever the reference, and whether it exists or not. */
export async function proposerExceptionnel(requete: Requete): Promise<Reponse> {
  const reference = requete.recherche.reference?.slice(0, 30) ?? ''
  return page(<PageDemande requete={requete} reference={reference} motif="" erreurs={[]} />)
}

/**
 * POST /dossiers/exceptionnel. Nothing is looked up before both fields are filled; then an unknown reference is said, at the price of a real demand. The answer is a
 * page, not an error: what was counted and journalled must be kept.
 */
export async function ouvrirExceptionnel(requete: Requete): Promise<Reponse> {
  const reference = champ(requete, 'reference').slice(0, 30)
  const motif = champ(requete, 'motif')
  const erreurs: Erreur[] = []
  if (reference === '') erreurs.push({ nom: 'reference', message: 'Écrire la référence exacte du dossier.' })
  if (motif.length < 20)
    erreurs.push({ nom: 'motif', message: 'Écrire en une phrase ce qui presse, et pourquoi ce dossier.' })
  if (erreurs.length === 0) {
    const fait = await demanderAccesExceptionnel(requete.session, { reference, motif })
    if (fait.etat === 'ouvert')
      return redirection(`/dossiers/${fait.reference}`, {
        texte: 'Dossier ouvert par exception : le délégué à la protection des données est prévenu.',
        ton: 'bientot',
      })
    if (fait.etat === 'deja_lisible')
      return redirection(`/dossiers/${fait.reference}`, {
        texte: 'Ce dossier est déjà dans votre périmètre : aucun accès exceptionnel n’a été ouvert.',
        ton: 'info',
      })
    erreurs.push({
      nom: 'reference',
      message:
        fait.etat === 'inconnu'
          ? 'Aucun dossier ne porte cette référence. Cette demande est notée et compte dans celles du jour.'
          : 'Cinq demandes sont déjà faites depuis vingt-quatre heures. Appeler le secrétariat de la CCAPEX.',
    })
  }
  return page(<PageDemande requete={requete} reference={reference} motif={motif} erreurs={erreurs} />, 422)
}

/** POST /dossiers/:reference/exceptionnel/clore. */
export async function cloreExceptionnel(requete: Requete): Promise<Reponse> {
  const dossier = await lireDossier(requete.session, requete.parametres.reference ?? '')
  await cloreAccesExceptionnel(requete.session, dossier.id)
  const reste = requete.acteur.acces.portee === 'departement'
  return redirection(reste ? `/dossiers/${dossier.reference}` : '/dossiers', { texte: 'Accès exceptionnel terminé.' })
}
