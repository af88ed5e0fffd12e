import type { ReactElement } from 'react'
import type { Dossier } from '#dossiers'
import { moyensAccord, type Participation } from '#participations'
import { formatDate, formatInstant, pluriel } from '#socle/typography'
import { ecrireCode, libellesEtatService } from '../accompagner/libelles.ts'
import { Bouton, BoutonPost, Carte, Etiquette, ListeSobre, Message, Plus } from '../composants/index.ts'
import type { Requete } from '../route.ts'
import { attendAccord, type EtatAccord, type Partage } from './lecture.ts'
import { adresseDe, etatEnMots, raconterAccord } from './libelles.ts'

interface Proprietes {
  readonly requete: Requete
  readonly dossier: Dossier
  readonly partage: Partage
}

/** Said first while the reader is here by exception only: until when, and how to end it. */
export function BandeauExceptionnel({ requete, dossier, partage }: Proprietes): ReactElement | null {
  const { sien } = partage
  if (sien === null) return null
  return (
    <Message ton="reserve">
      <p>
        <b>Accès exceptionnel jusqu’au {formatInstant(sien.expire_a)}.</b> Chaque lecture est notée, et le délégué à la
        protection des données est prévenu. Motif écrit : {sien.motif}
      </p>
      <p>
        Ce dossier se lit, rien ne s’y écrit : pour y agir, votre organisme y est invité par le secrétariat ou par le
        service en charge.
      </p>
      <div className="actions mt2">
        <BoutonPost petit action={`${adresseDe(dossier)}/exceptionnel/clore`} jeton={requete.connecte.jetonFormulaire}>
          Terminer cet accès
        </BoutonPost>
      </div>
    </Message>
  )
}

function finDe(une: Participation): string {
  if (une.retiree_a) return `du ${formatDate(une.du)}, retirée le ${formatInstant(une.retiree_a)}`
  return une.jusqu_au ? `du ${formatDate(une.du)} au ${formatDate(une.jusqu_au)}` : `depuis le ${formatDate(une.du)}`
}

/** Reasons are written for those who keep the dossier; the others read who and until when. */
const motifDe = (une: Participation, peutTenir: boolean): string =>
  peutTenir ? `. Motif : ${une.motif}${une.retiree_motif === null ? '' : `. Arrêt : ${une.retiree_motif}`}` : ''

function CarteQuiVoit({ requete, dossier, partage }: Proprietes): ReactElement {
  const { participations, exceptionnels, accords, peutTenir } = partage
  const presents = participations.filter(({ en_cours }) => en_cours)
  const passes = participations.filter(({ en_cours }) => !en_cours)
  const passesExceptionnels = exceptionnels.filter(({ en_cours }) => !en_cours)
  return (
    <Carte titre="Qui voit ce dossier" id="partage">
      <ListeSobre
        lignes={[
          {
            cle: 'secretariat',
            titre: 'Secrétariats de la CCAPEX, préfecture et pilotes de la charte',
            note: 'Ils lisent, dans tout le département, ce que la matrice d’accès leur ouvre.',
          },
          ...(dossier.organisme_nom === null
            ? []
            : [
                {
                  cle: 'service',
                  titre: dossier.organisme_nom,
                  note: `Service du dossier, ${ecrireCode(libellesEtatService, dossier.etat_service)}${dossier.service_depuis ? ` depuis le ${formatDate(dossier.service_depuis)}` : ''}. Les services consultés avant lui gardent leur lecture.`,
                },
              ]),
          ...presents.map((une) => ({
            cle: une.id,
            titre: une.organisme_nom,
            note: `Invité ${finDe(une)}${motifDe(une, peutTenir)}`,
            droite: (
              <>
                {attendAccord(une, accords, requete.session.jour) && (
                  <Etiquette ton="reserve">Ne lit pas : accord du ménage</Etiquette>
                )}
                {peutTenir && (
                  <Bouton
                    petit
                    genre="tertiaire"
                    href={`${adresseDe(dossier)}/partage/${une.id}/retirer`}
                    libelleLu={`Retirer ${une.organisme_nom}`}
                  >
                    Retirer
                  </Bouton>
                )}
              </>
            ),
          })),
          ...exceptionnels
            .filter(({ en_cours }) => en_cours)
            .map((acces) => ({
              cle: acces.id,
              titre: `${acces.auteur}, ${acces.organisme_nom}`,
              note: `Accès exceptionnel jusqu’au ${formatInstant(acces.expire_a)}${peutTenir ? `. Motif : ${acces.motif}` : ''}`,
              droite: <Etiquette ton="reserve">Exceptionnel</Etiquette>,
            })),
        ]}
      />
      <p className="note mt2">Le bailleur, le juge et le commissaire de justice ne lisent jamais ce dossier.</p>
      {peutTenir && dossier.clos_le === null && (
        <div className="actions mt2">
          <Bouton petit href={`${adresseDe(dossier)}/partage`}>
            Inviter un organisme
          </Bouton>
        </div>
      )}
      {passes.length + passesExceptionnels.length > 0 && (
        <div className="mt2">
          <Plus
            libelle={`Avant : ${pluriel(passes.length + passesExceptionnels.length, 'autre accès', 'autres accès')}`}
          >
            <ListeSobre
              lignes={[
                ...passes.map((une) => ({
                  cle: une.id,
                  titre: une.organisme_nom,
                  note: `Participation ${finDe(une)}${motifDe(une, peutTenir)}`,
                })),
                ...passesExceptionnels.map((acces) => ({
                  cle: acces.id,
                  titre: `${acces.auteur}, ${acces.organisme_nom}`,
                  note: `Accès exceptionnel le ${formatInstant(acces.ouvert_a)}, ${acces.clos_a ? `terminé le ${formatInstant(acces.clos_a)}` : 'arrivé à son terme'}${peutTenir ? `. Motif : ${acces.motif}` : ''}`,
                })),
              ]}
            />
          </Plus>
        </div>
      )}
    </Carte>
  )
}

const nomsPortees = ({ objet }: EtatAccord): ReadonlyMap<string, string> =>
  new Map((objet.portees ?? []).map(({ code, libelle }) => [code, libelle]))

/** What each objet stands at; those nobody noted are folded away. */
export function ListeAccords({ accords }: { accords: readonly EtatAccord[] }): ReactElement {
  return (
    <ListeSobre
      lignes={accords.map((etat) => {
        const { mot, ton } = etatEnMots(etat)
        const { derniere, objet } = etat
        return {
          cle: objet.code,
          titre: objet.libelle,
          note:
            derniere === null ? objet.effet : raconterAccord(derniere, moyensAccord[derniere.moyen], nomsPortees(etat)),
          droite: <Etiquette ton={ton}>{mot}</Etiquette>,
        }
      })}
    />
  )
}

/** Every line noted, the newest first: a refusal and a withdrawal stay in sight. */
export function HistoriqueAccords({ accords }: { accords: readonly EtatAccord[] }): ReactElement {
  return (
    <ListeSobre
      lignes={accords.flatMap((etat) =>
        [...(etat.derniere ? [etat.derniere] : []), ...etat.avant].map((ligne) => ({
          cle: ligne.id,
          titre: etat.objet.libelle,
          note: raconterAccord(ligne, moyensAccord[ligne.moyen], nomsPortees(etat)),
        })),
      )}
    />
  )
}

function CarteAccords({ dossier, partage }: Omit<Proprietes, 'requete'>): ReactElement {
  const { accords, peutNoter, peutRemettre } = partage
  const notes = accords.filter(({ derniere, objet }) => derniere !== null || objet.genre === 'information')
  const mandataire = accords.find(({ objet, vaut }) => objet.portees !== undefined && vaut)
  return (
    <Carte titre="Accords et information du ménage" id="accords">
      {mandataire?.derniere && (
        <Message ton="reserve">
          <p>
            <b>Mandataire.</b> Sa mesure lui permet de dire :{' '}
            {mandataire.derniere.portees.map((code) => nomsPortees(mandataire).get(code) ?? code).join(', ')}. Ne lui
            demander rien d’autre.
          </p>
        </Message>
      )}
      <div className={mandataire?.derniere ? 'mt4' : undefined}>
        <ListeAccords accords={notes} />
      </div>
      <div className="actions mt2">
        <Bouton petit href={`${adresseDe(dossier)}/accords`}>
          {peutNoter ? 'Noter une réponse du ménage' : 'Voir tous les accords'}
        </Bouton>
        {peutNoter && (
          <Bouton petit href={`${adresseDe(dossier)}/notice`}>
            Notice d’information
          </Bouton>
        )}
        {peutRemettre && (
          <Bouton petit href={`${adresseDe(dossier)}/droit-acces`}>
            Remettre son dossier au ménage
          </Bouton>
        )}
      </div>
    </Carte>
  )
}

/** Who reads this dossier, and what the household was told and answered. */
export function CartesPartage({ requete, dossier, partage }: Proprietes): ReactElement {
  return (
    <>
      <CarteQuiVoit requete={requete} dossier={dossier} partage={partage} />
      <CarteAccords dossier={dossier} partage={partage} />
    </>
  )
}
