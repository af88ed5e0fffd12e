import type { ReactElement } from 'react'
import { direAppuis, prevoirRetrait, type RetraitPrevu, retirerLot } from '#rapprochement'
import { type Lot, lireLot } from '#signalements'
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

function PageRetrait({
  requete,
  lot,
  prevu: { partis, revenus },
  refus,
  tente,
}: {
  requete: Requete
  lot: Lot
  prevu: RetraitPrevu
  refus: string | null
  /** Somebody asked for it: the page answers that it was not done. */
  tente: boolean
}): ReactElement {
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
      erreur={tente}
    >
      <Pile>
        {refus !== null && (
          <Message ton={tente ? 'retard' : 'bientot'}>
            <p>
              {tente && <b>Le dépôt n’a pas été retiré. </b>}
              {refus}
            </p>
          </Message>
        )}
        <Carte titre="Ce qui va changer">
          <div className="texte">
            <ul>
              {partis > 0 && (
                <li>
                  {pluriel(
                    partis,
                    'signalement créé par ce fichier quitte',
                    'signalements créés par ce fichier quittent',
                  )}{' '}
                  les dossiers. Un dossier qui n’a plus de signalement est clos.
                </li>
              )}
              {revenus > 0 && (
                <li>
                  {pluriel(revenus, 'signalement mis à jour revient', 'signalements mis à jour reviennent')} à{' '}
                  {revenus < 2 ? 'sa' : 'leur'} valeur d’avant.
                </li>
              )}
              {partis + revenus === 0 && <li>Aucun signalement : ce fichier n’en a créé ni mis à jour aucun.</li>}
              <li>Le fichier, ses lignes et ses verdicts restent consultables. Il pourra être déposé à nouveau.</li>
            </ul>
          </div>
        </Carte>
        <p>
          Un dépôt ne se retire plus dès que quelqu’un s’est appuyé dessus : décision sur un ménage, tableau envoyé,
          acte ou somme ajoutés, fichier plus récent.
        </p>
        <Actions>
          {!estEnCours(lot) && lot.etat !== 'retire' && refus === null && (
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

/** What withdrawing would do, and why it may not be done, in the words this reader may read; null when it may. */
async function prevoir(requete: Requete, lot: Lot): Promise<{ prevu: RetraitPrevu; refus: string | null }> {
  const prevu = await avecToutLeDepartement(requete, 'lot.retirer', (session) => prevoirRetrait(session, lot), {
    archive: true,
  })
  if (prevu.raisons.length === 0) return { prevu, refus: null }
  return { prevu, refus: peutLireDossiers(requete.acteur) ? direAppuis(prevu.raisons) : APPUI_SANS_DETAIL }
}

/** GET /recevoir/:lot/retirer: what withdrawing changes, or why it is too late, before anything is done. */
export async function confirmerRetrait(requete: Requete): Promise<Reponse> {
  const lot = await lireLot(requete.session, requete.parametres.lot ?? '')
  if (lot.etat === 'retire') return redirection(adresseLot(lot.id))
  return page(<PageRetrait requete={requete} lot={lot} {...(await prevoir(requete, lot))} tente={false} />)
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
    const { prevu, refus } = await prevoir(requete, lot)
    const page422 = (
      <PageRetrait
        requete={await avecNavigation(requete)}
        lot={lot}
        prevu={prevu}
        refus={refus ?? fait.message}
        tente
      />
    )
    return page(page422, fait.statut)
  }
  return redirection(adresseLot(lot.id), {
    texte:
      fait.signalements === 0
        ? 'Dépôt retiré.'
        : `Dépôt retiré : ${pluriel(fait.signalements, 'signalement n’est plus compté', 'signalements ne sont plus comptés')}.`,
  })
}
