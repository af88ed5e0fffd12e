import { randomUUID } from 'node:crypto'
import type { ReactElement } from 'react'
import { aLeDroit } from '#acces'
import {
  genresChangement,
  lirePosition,
  listerChangements,
  type PositionCommune,
  reponsesQuestion,
  signalerChangement,
} from '#commission'
import type { Dossier } from '#dossiers'
import { Refus } from '#socle/errors'
import { formatDate, formatInstant } from '#socle/typography'
import { nommerDossier } from '../accompagner/menage.ts'
import { Cadre } from '../cadre.tsx'
import {
  Actions,
  Bouton,
  Carte,
  Champ,
  Formulaire,
  ListeDefinition,
  Message,
  Pile,
  ResumeErreurs,
  Selection,
} from '../composants/index.ts'
import { adresseDossier, ouvrirDossier } from '../espaces.tsx'
import { champ, page, type Reponse, type Requete, redirection } from '../route.ts'

/** What the page of the dossier shows of the common position. Null: this reader has no right to it. */
export interface PositionLue {
  readonly position: PositionCommune | null
  readonly signale: Temporal.Instant | null
}

/** Reads the common position for the page of a dossier. */
export async function lirePositionDuDossier(
  { session, acteur }: Pick<Requete, 'session' | 'acteur'>,
  dossier: Pick<Dossier, 'id'>,
): Promise<PositionLue | null> {
  if (!aLeDroit(acteur, 'orientation.consulter')) return null
  const position = await lirePosition(session, dossier.id)
  const [dernier] = await listerChangements(session, dossier.id)
  return position === null && dernier === undefined ? null : { position, signale: dernier?.a ?? null }
}

/** « Position commune »: what every partner holds to, until a new fact. */
export function CartePosition({
  requete,
  dossier,
  lue,
}: {
  requete: Requete
  dossier: Dossier
  lue: PositionLue | null
}): ReactElement | null {
  const peutSignaler = aLeDroit(requete.acteur, 'orientation.signaler') && dossier.clos_le === null
  if (lue === null && !peutSignaler) return null
  const { position = null, signale = null } = lue ?? {}
  return (
    <Carte titre="Position commune" id="position-commune">
      {position === null ? (
        <p className="note">La commission n’a pas pris d’orientation sur ce dossier.</p>
      ) : (
        <>
          {position.discours !== '' && <p>{position.discours}</p>}
          <ListeDefinition
            lignes={[
              { terme: 'Maintien', valeur: position.maintien ? reponsesQuestion[position.maintien] : null },
              { terme: 'Logement adapté', valeur: position.adapte ? reponsesQuestion[position.adapte] : null },
              { terme: 'Prise le', valeur: `${formatDate(position.prise_le)}, ${position.commission}` },
            ]}
          />
        </>
      )}
      {signale && <p className="note">Fait nouveau signalé le {formatInstant(signale)} : à revoir en commission.</p>}
      {peutSignaler && (
        <Actions>
          <Bouton petit href={`${adresseDossier(dossier)}/position/signaler`}>
            Signaler un changement
          </Bouton>
        </Actions>
      )}
    </Carte>
  )
}

interface Saisie {
  readonly genre: string
  readonly precision: string
  readonly envoi: string
  readonly erreur?: string
}

function Signaler({ requete, dossier, saisie }: { requete: Requete; dossier: Dossier; saisie: Saisie }): ReactElement {
  return (
    <Cadre
      requete={requete}
      titre="Signaler un changement de situation"
      courante="accompagner"
      chapo={`${nommerDossier(dossier)}. Le dossier est proposé au prochain ordre du jour ; la position commune est rouverte.`}
      fil={[
        { libelle: 'Dossiers', href: '/dossiers' },
        { libelle: nommerDossier(dossier), href: adresseDossier(dossier) },
        { libelle: 'Signaler un changement' },
      ]}
      erreur={saisie.erreur !== undefined}
    >
      <Pile>
        {saisie.erreur !== undefined && <ResumeErreurs erreurs={[{ nom: 'genre', message: saisie.erreur }]} />}
        <Message>
          <p>Ne rien écrire ici de la santé des personnes : ce qui en relève se transmet aux services instructeurs.</p>
        </Message>
        <Formulaire
          action={`${adresseDossier(dossier)}/position/signaler`}
          jeton={requete.connecte.jetonFormulaire}
          champs={{ envoi: saisie.envoi }}
        >
          <Selection
            nom="genre"
            libelle="Ce qui a changé"
            vide="Choisir"
            options={Object.entries(genresChangement).map(([valeur, libelle]) => ({ valeur, libelle }))}
            valeur={saisie.genre}
            erreur={saisie.erreur}
          />
          <Champ
            nom="precision"
            libelle="En quelques mots"
            lignes={2}
            longueurMax={600}
            valeur={saisie.precision}
            facultatif
          />
          <Actions>
            <Bouton genre="principal">Signaler</Bouton>
            <Bouton href={adresseDossier(dossier)}>Revenir au dossier</Bouton>
          </Actions>
        </Formulaire>
      </Pile>
    </Cadre>
  )
}

/** GET /dossiers/:reference/position/signaler. */
export async function demanderChangement(requete: Requete): Promise<Reponse> {
  const dossier = await ouvrirDossier(requete)
  const saisie = { genre: '', precision: '', envoi: randomUUID() }
  return page(<Signaler requete={requete} dossier={dossier} saisie={saisie} />)
}

/** POST /dossiers/:reference/position/signaler. */
export async function signaler(requete: Requete): Promise<Reponse> {
  const dossier = await ouvrirDossier(requete)
  const saisie = {
    genre: champ(requete, 'genre'),
    precision: champ(requete, 'precision'),
    envoi: champ(requete, 'envoi'),
  }
  try {
    await signalerChangement(requete.session, dossier, saisie)
    return redirection(adresseDossier(dossier), {
      texte: 'Changement signalé : le dossier est proposé au prochain ordre du jour.',
    })
  } catch (erreur) {
    if (!(erreur instanceof Refus)) throw erreur
    requete.session.consigner({
      action: 'changement.signaler',
      resultat: 'refuse',
      objet: 'dossier',
      objetId: dossier.id,
      details: { code: erreur.code },
    })
    return page(
      <Signaler requete={requete} dossier={dossier} saisie={{ ...saisie, erreur: erreur.message }} />,
      erreur.statut,
    )
  }
}
