import type { ReactElement } from 'react'
import { aLeDroit } from '#acces'
import { FORMULAIRE_PREORIENTATION, NIVEAU_SAISINE, trouverSaisineDe } from '#commission'
import type { Dossier } from '#dossiers'
import { completudeDe, type Formulaire } from '#formulaires'
import { Actions, Bouton, BoutonPost, Carte, Message, Plus } from '../composants/index.ts'
import { adresseDossier } from '../espaces.tsx'
import type { Requete } from '../route.ts'

/** What follows a form of this place: file it, sign it, reopen it, or go to the referral it was filed for. */
export async function suiteDuFormulaire(
  requete: Requete,
  dossier: Dossier,
  formulaire: Formulaire,
): Promise<ReactElement | null> {
  const adresse = `${adresseDossier(dossier)}/saisine/${formulaire.id}`
  const jeton = requete.connecte.jetonFormulaire
  const preorientation = formulaire.code === FORMULAIRE_PREORIENTATION
  if (formulaire.etat === 'brouillon') {
    if (!aLeDroit(requete.acteur, preorientation ? 'saisine.preorienter' : 'saisine.deposer')) return null
    const { manque } = completudeDe(formulaire, NIVEAU_SAISINE)
    return (
      <Carte titre={preorientation ? 'Signer la pré-orientation' : 'Saisir la commission'} id="deposer">
        <p>
          {preorientation
            ? 'Signée, elle accompagne la saisine jusqu’à la séance et ne change plus.'
            : manque.length === 0
              ? 'L’indispensable y est. La saisine part au secrétariat et aux services de l’État qui l’instruisent.'
              : 'Il manque de l’indispensable. La saisine peut partir quand même : le secrétariat dira ce qui manque.'}
        </p>
        <Actions>
          <Bouton genre="principal" href={`${adresse}/deposer`}>
            {preorientation ? 'Relire avant de signer' : 'Relire avant de saisir'}
          </Bouton>
        </Actions>
        {!preorientation && (
          <Plus libelle="Abandonner ce brouillon">
            <p>Ce qui y est écrit ne se retrouve plus. Une saisine déposée, elle, reste.</p>
            <Actions>
              <BoutonPost genre="destructeur" action={`${adresse}/abandonner`} jeton={jeton}>
                Abandonner ce brouillon
              </BoutonPost>
            </Actions>
          </Plus>
        )}
      </Carte>
    )
  }
  if (preorientation) return null
  const saisine = await trouverSaisineDe(requete.session, formulaire.id)
  if (!saisine) return null
  const remplacee = saisine.formulaire !== formulaire.id
  return (
    <Carte titre="Cette saisine" id="deposer">
      {remplacee && (
        <Message ton="bientot">
          <p>
            Une version plus récente de ce formulaire a été déposée :{' '}
            <a href={`${adresseDossier(dossier)}/saisine/${saisine.formulaire}`}>la lire</a>.
          </p>
        </Message>
      )}
      <Actions>
        <Bouton href={`${adresseDossier(dossier)}/saisine#s-${saisine.id}`}>Suivre l’instruction</Bouton>
        {!remplacee && saisine.etat !== 'classee' && aLeDroit(requete.acteur, 'saisine.deposer') && (
          <BoutonPost action={`${adresse}/rouvrir`} jeton={jeton}>
            Compléter ou corriger
          </BoutonPost>
        )}
      </Actions>
      {!remplacee && (
        <p className="note mt2">Compléter ouvre une copie. Ce formulaire-ci reste tel qu’il a été déposé.</p>
      )}
    </Carte>
  )
}
