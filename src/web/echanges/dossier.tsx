import type { ReactElement } from 'react'
import { aLeDroit } from '#acces'
import { type Dossier, listerReunis } from '#dossiers'
import {
  cerclesEchange,
  type Demande,
  type Fil,
  genresDemande,
  listerDemandes,
  listerFils,
  listerPieces,
  type Piece,
  passeDesRelais,
} from '#echanges'
import { formatInstant, formatNombre, pluriel } from '#socle/typography'
import { nommerDossier } from '../accompagner/menage.ts'
import { Cadre } from '../cadre.tsx'
import {
  Actions,
  Bouton,
  Carte,
  EtatVide,
  Etiquette,
  Etiquettes,
  ListeSobre,
  Pile,
  PuceCercle,
} from '../composants/index.ts'
import { page, type Reponse, type Requete } from '../route.ts'
import { adresseDe, ariane, ouvrirDossier } from './commun.tsx'
import { EcheanceDeDemande, EtatDeDemande } from './demande.tsx'
import { ListePieces } from './pieces-liste.tsx'

/** What a person may see of the exchanges of one dossier. */
export interface EchangesDuDossier {
  /** References of dossiers joined to this one: what was exchanged there is read there, by the same readers. */
  readonly reunis: readonly string[]
  readonly fils: readonly Fil[]
  readonly demandes: readonly Demande[]
  readonly pieces: readonly Piece[]
}

/** Reads them, for whoever has the right; null otherwise: the card is then not there. */
export async function lireEchanges(requete: Requete, dossier: string): Promise<EchangesDuDossier | null> {
  const { session, acteur } = requete
  if (!aLeDroit(acteur, 'echange.lire')) return null
  const [fils, demandes, pieces, reunis] = await Promise.all([
    listerFils(session, { dossier }),
    listerDemandes(session, { dossier }),
    listerPieces(session, dossier),
    listerReunis(session, dossier),
  ])
  if (fils.length + demandes.length + pieces.length > 0)
    session.consigner({
      action: 'echanges.lister',
      objet: 'dossier',
      objetId: dossier,
      dossiers: [dossier],
      details: { fils: fils.length, demandes: demandes.length, pieces: pieces.length },
    })
  return { fils, demandes, pieces, reunis: reunis.map(({ reference }) => reference) }
}

function ListeFils({ dossier, fils }: { dossier: Dossier; fils: readonly Fil[] }): ReactElement {
  return (
    <ListeSobre
      lignes={fils.map((fil) => ({
        cle: fil.id,
        titre: <a href={adresseDe(dossier, `/fils/${fil.id}`)}>{fil.sujet}</a>,
        note: (
          <>
            {pluriel(fil.messages, 'message', 'messages')}, le dernier le {formatInstant(fil.dernier_a)}. Lu par{' '}
            {[fil.organisme_nom, ...fil.lecteurs].join(', ')}.
          </>
        ),
        droite: (
          <Etiquettes>
            {fil.pour_moi > 0 && (
              <Etiquette ton="bientot" icone="personne">
                à votre attention
              </Etiquette>
            )}
            {fil.non_lus > 0 && (
              <Etiquette ton="info" icone="lettre">
                {pluriel(fil.non_lus, 'non lu', 'non lus')}
              </Etiquette>
            )}
            <PuceCercle rang={fil.cercle} libelle={cerclesEchange[fil.cercle]} />
          </Etiquettes>
        ),
      }))}
    />
  )
}

function ListeDemandes({
  requete,
  dossier,
  demandes,
}: {
  requete: Requete
  dossier: Dossier
  demandes: readonly Demande[]
}): ReactElement {
  const jour = requete.session.jour
  return (
    <ListeSobre
      lignes={demandes.map((demande) => ({
        cle: demande.id,
        titre: <a href={adresseDe(dossier, `/demandes/${demande.id}`)}>{genresDemande[demande.genre]}</a>,
        note: `${demande.organisme_nom} à ${demande.destinataire_nom}, le ${formatInstant(demande.a)}`,
        droite: (
          <div className="ets">
            <EtatDeDemande demande={demande} jour={jour} />
            {demande.etat === 'ouverte' && <EcheanceDeDemande demande={demande} jour={jour} />}
          </div>
        ),
      }))}
    />
  )
}

function Boutons({ requete, dossier }: { requete: Requete; dossier: Dossier }): ReactElement {
  return (
    <>
      <Bouton petit icone="lettre" href={adresseDe(dossier, '/fil')}>
        Écrire à des partenaires
      </Bouton>
      <Bouton petit icone="doute" href={adresseDe(dossier, '/demande')}>
        Demander
      </Bouton>
      {aLeDroit(requete.acteur, 'echange.ecrire') && passeDesRelais(requete.session) && dossier.clos_le === null && (
        <Bouton petit icone="envoi" href={adresseDe(dossier, '/relais')}>
          Passer le relais
        </Bouton>
      )}
      <Bouton petit icone="deposer" href={adresseDe(dossier, '/piece')}>
        Déposer une pièce
      </Bouton>
    </>
  )
}

/** The card of a dossier's page: what waits first, and the way to the rest. */
export function CarteEchanges({
  requete,
  dossier,
  echanges,
}: {
  requete: Requete
  dossier: Dossier
  echanges: EchangesDuDossier
}): ReactElement {
  const { fils, demandes, pieces } = echanges
  const ouvertes = demandes.filter(({ etat }) => etat === 'ouverte')
  const servies = pieces.filter(({ retiree_a }) => retiree_a === null)
  return (
    <Carte
      titre="Échanges"
      id="echanges"
      aside={
        <a href={adresseDe(dossier)}>
          {pluriel(fils.length, 'fil', 'fils')}, {pluriel(demandes.length, 'demande', 'demandes')},{' '}
          {pluriel(servies.length, 'pièce', 'pièces')}
        </a>
      }
    >
      {fils.length + demandes.length + servies.length === 0 ? (
        <p className="note">Rien encore que votre organisme puisse lire.</p>
      ) : (
        <>
          {ouvertes.length > 0 && <ListeDemandes requete={requete} dossier={dossier} demandes={ouvertes.slice(0, 3)} />}
          {fils.length > 0 && <ListeFils dossier={dossier} fils={fils.slice(0, 3)} />}
        </>
      )}
      <Actions>
        <Boutons requete={requete} dossier={dossier} />
      </Actions>
    </Carte>
  )
}

/** GET /dossiers/:reference/echanges: threads, requests and documents this person may see. */
export async function montrerEchanges(requete: Requete): Promise<Reponse> {
  const dossier = await ouvrirDossier(requete)
  const { fils, demandes, pieces, reunis } = (await lireEchanges(requete, dossier.id)) ?? {
    fils: [],
    demandes: [],
    pieces: [],
    reunis: [],
  }
  return page(
    <Cadre
      requete={requete}
      titre={`Échanges au sujet de ${nommerDossier(dossier)}`}
      chapo="Ce que votre organisme a écrit, reçu ou déposé. Ce qui est écrit entre d’autres n’apparaît pas."
      courante="echanges"
      fil={ariane(dossier)}
      actions={<Boutons requete={requete} dossier={dossier} />}
    >
      <Pile>
        {reunis.length > 0 && (
          <Carte titre="Avant la réunion des dossiers">
            <ListeSobre
              lignes={reunis.map((reference) => ({
                cle: reference,
                titre: <a href={adresseDe({ reference })}>Échanges du dossier {reference}</a>,
                note: 'Réuni à celui-ci : ce qui y a été échangé garde ses lecteurs.',
              }))}
            />
          </Carte>
        )}
        <Carte titre="Demandes" aside={formatNombre(demandes.length)}>
          {demandes.length === 0 ? (
            <EtatVide titre="Aucune demande" niveau={3}>
              Une demande attend une réponse d’un partenaire avant une date.
            </EtatVide>
          ) : (
            <ListeDemandes requete={requete} dossier={dossier} demandes={demandes} />
          )}
        </Carte>
        <Carte titre="Fils" aside={formatNombre(fils.length)}>
          {fils.length === 0 ? (
            <EtatVide titre="Aucun fil" niveau={3}>
              Un fil est une conversation entre des organismes choisis.
            </EtatVide>
          ) : (
            <ListeFils dossier={dossier} fils={fils} />
          )}
        </Carte>
        <Carte titre="Pièces" id="pieces" aside={formatNombre(pieces.length)}>
          {pieces.length === 0 ? (
            <EtatVide titre="Aucune pièce" niveau={3}>
              Bail, décompte, plan d’apurement, notification : ce que les partenaires ont besoin de voir.
            </EtatVide>
          ) : (
            <ListePieces requete={requete} dossier={dossier} pieces={pieces} />
          )}
        </Carte>
      </Pile>
    </Cadre>,
  )
}
