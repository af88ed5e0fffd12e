import type { ReactElement } from 'react'
import { retirerLot } from '#rapprochement'
import { compterLignes, type Lot, lireLot } from '#signalements'
import { Refus } from '#socle/errors'
import { formatInstant, pluriel } from '#socle/typography'
import { Cadre } from '../cadre.tsx'
import { Actions, Bouton, BoutonPost, Carte, Message, Pile } from '../composants/index.ts'
import { avecToutLeDepartement } from '../perimetre.ts'
import { page, type Reponse, type Requete, redirection } from '../route.ts'
import { adresseLot, estEnCours } from './libelles.ts'
import { avecNavigation, ouRefus, peutLireDossiers } from './perimetre.ts'

/** For a sender: that a service met one of its households is not its to know. */
const APPUI_SANS_DETAIL =
  'Ce fichier ne peut plus être retiré : un service, ou un fichier plus récent, s’est déjà appuyé dessus. Corriger plutôt les lignes concernées, puis déposer le fichier corrigé.'

interface Changements {
  readonly crees: number
  readonly misAJour: number
}

function PageRetrait({
  requete,
  lot,
  changements,
  refus,
}: {
  requete: Requete
  lot: Lot
  changements: Changements
  refus?: string
}): ReactElement {
  const { crees, misAJour } = changements
  return (
    <Cadre
      requete={requete}
      courante="recevoir"
      titre="Retirer ce dépôt"
      chapo={
        <>
          <span translate="no">{lot.nom}</span>, {lot.organisme_nom}, déposé le {formatInstant(lot.depose_a)}.
        </>
      }
      fil={[
        { libelle: 'Fichiers reçus', href: '/recevoir' },
        { libelle: lot.nom, href: adresseLot(lot.id) },
        { libelle: 'Retirer' },
      ]}
      erreur={refus !== undefined}
    >
      <Pile>
        {refus !== undefined && (
          <Message ton="retard">
            <p>
              <b>Le dépôt n’a pas été retiré.</b> {refus}
            </p>
          </Message>
        )}
        <Carte titre="Ce qui va changer">
          <div className="texte">
            <ul>
              {crees > 0 && (
                <li>
                  {pluriel(
                    crees,
                    'signalement créé par ce fichier quitte',
                    'signalements créés par ce fichier quittent',
                  )}{' '}
                  les dossiers. Un dossier qui n’a plus de signalement est clos.
                </li>
              )}
              {misAJour > 0 && (
                <li>
                  {pluriel(misAJour, 'signalement mis à jour revient', 'signalements mis à jour reviennent')} à{' '}
                  {misAJour < 2 ? 'sa' : 'leur'} valeur d’avant.
                </li>
              )}
              {crees + misAJour === 0 && <li>Aucun signalement : ce fichier n’en a créé ni mis à jour aucun.</li>}
              <li>Le fichier, ses lignes et ses verdicts restent consultables. Il pourra être déposé à nouveau.</li>
            </ul>
          </div>
        </Carte>
        <p>
          Un dépôt ne se retire plus dès que quelqu’un s’est appuyé dessus : décision sur un ménage, tableau envoyé,
          fichier plus récent.
        </p>
        <Actions>
          {!estEnCours(lot) && lot.etat !== 'retire' && (
            <BoutonPost
              action={adresseLot(lot.id, '/retirer')}
              jeton={requete.connecte.jetonFormulaire}
              genre="destructeur"
              icone="annuler"
            >
              Retirer ce dépôt
            </BoutonPost>
          )}
          <Bouton href={adresseLot(lot.id)}>Le garder</Bouton>
        </Actions>
      </Pile>
    </Cadre>
  )
}

async function lireChangements(requete: Requete, lot: Lot): Promise<Changements> {
  const comptes = await compterLignes(requete.session, lot.id)
  const compter = (cherche: string) =>
    comptes.filter(({ effet }) => effet === cherche).reduce((somme, { n }) => somme + n, 0)
  return { crees: compter('cree'), misAJour: compter('mis_a_jour') }
}

/** GET /recevoir/:lot/retirer: what withdrawing changes, before anything is done. */
export async function confirmerRetrait(requete: Requete): Promise<Reponse> {
  const lot = await lireLot(requete.session, requete.parametres.lot ?? '')
  if (lot.etat === 'retire') return redirection(adresseLot(lot.id))
  return page(<PageRetrait requete={requete} lot={lot} changements={await lireChangements(requete, lot)} />)
}

/** POST /recevoir/:lot/retirer. When somebody has built on it, the page says who and how, and nothing changes. */
export async function retirer(requete: Requete): Promise<Reponse> {
  const lot = await lireLot(requete.session, requete.parametres.lot ?? '')
  const fait = await ouRefus(() =>
    avecToutLeDepartement(requete, 'lot.retirer', (session) => retirerLot(session, lot.id), { archive: true }),
  )
  if (fait instanceof Refus) {
    requete.session.consigner({
      action: 'lot.retirer',
      objet: 'lot',
      objetId: lot.id,
      resultat: 'refuse',
      details: { code: fait.code },
    })
    const complete = await avecNavigation(requete)
    const message = peutLireDossiers(requete.acteur) || fait.code !== 'lot.appui' ? fait.message : APPUI_SANS_DETAIL
    const changements = await lireChangements(requete, lot)
    return page(<PageRetrait requete={complete} lot={lot} changements={changements} refus={message} />, fait.statut)
  }
  return redirection(adresseLot(lot.id), {
    texte:
      fait.signalements === 0
        ? 'Dépôt retiré.'
        : `Dépôt retiré : ${pluriel(fait.signalements, 'signalement n’est plus compté', 'signalements ne sont plus comptés')}.`,
  })
}
