import type { ReactElement } from 'react'
import {
  type EtatPresence,
  etatsPresence,
  lireQuorum,
  listerPresences,
  noterPresences,
  type Presence,
  type Quorum,
  qualitesMembre,
} from '#commission'
import { formatInstant, pluriel } from '#socle/typography'
import { Barre, Bouton, Carte, EtatVide, Etiquette, Message, Selection, Tableau } from '../composants/index.ts'
import { champsVus, lireVu } from '../conflit.tsx'
import { champ, page, type Reponse, type Requete, redirection } from '../route.ts'
import { adresseCommission, adresseSeance } from './commun.tsx'
import { CadreSeance, laSeance } from './seance.tsx'

function DireQuorum({ quorum: { etat, requis, presents, sansVoix } }: { quorum: Quorum }): ReactElement {
  if (etat === 'sans_objet')
    return (
      <Message>
        <p>Le règlement en vigueur ne fixe pas de quorum.</p>
      </Message>
    )
  const compte = `${pluriel(presents, 'voix délibérative présente', 'voix délibératives présentes')} sur ${requis} requises`
  return (
    <Message ton={etat === 'atteint' ? 'tenu' : 'bientot'}>
      <p>
        {etat === 'atteint' && `Quorum atteint : ${compte}.`}
        {etat === 'non_atteint' && `Quorum non atteint : ${compte}.`}
        {etat === 'indetermine' &&
          `Quorum à vérifier : ${compte}, et ${pluriel(sansVoix, 'présent dont la voix n’est pas dite', 'présents dont la voix n’est pas dite')}.`}
      </p>
    </Message>
  )
}

/** GET /seances/:seance/presence (COM-03, COM-27). */
export async function montrerPresence(requete: Requete): Promise<Reponse> {
  const { session } = requete
  const seance = await laSeance(requete)
  const presences = await listerPresences(session, seance)
  const quorum = await lireQuorum(session, seance, presences)
  session.consigner({ action: 'seances.lister', objet: 'seance', objetId: seance.id })
  const modifiable = seance.close_a === null && seance.etat !== 'annulee'
  return page(
    <CadreSeance
      requete={requete}
      seance={seance}
      courant="presence"
      chapo="Qui siège, qui vient, et qui a lu le rappel de confidentialité."
    >
      <Carte titre="Présence" id="presence">
        <DireQuorum quorum={quorum} />
        {presences.length === 0 ? (
          <EtatVide
            titre="Personne ne siège ce jour-là"
            niveau={3}
            geste={{ href: `${adresseCommission(seance.commission)}#membres`, libelle: 'Nommer les membres' }}
          />
        ) : (
          <Tableau
            legende="Membres de la séance"
            largeur="moyen"
            lignes={presences}
            cle={({ membre }) => membre.id}
            {...(modifiable
              ? {
                  formulaire: {
                    action: `${adresseSeance(seance.id)}/presence`,
                    jeton: requete.connecte.jetonFormulaire,
                    libelle: 'Noter la présence',
                    champs: champsVus(presences.map(({ membre, version }) => [membre.id, String(version)])),
                  },
                  apres: (
                    <Barre>
                      <Bouton genre="principal">Enregistrer la présence</Bouton>
                    </Barre>
                  ),
                }
              : {})}
            colonnes={[
              {
                cle: 'organisme',
                titre: 'Organisme',
                principale: true,
                rendre: ({ membre }: Presence) => (
                  <>
                    {membre.organisme_nom}
                    <small>{qualitesMembre[membre.qualite]}</small>
                  </>
                ),
              },
              {
                cle: 'qui',
                titre: 'Représenté par',
                rendre: ({ membre }: Presence) => (
                  <>
                    {membre.titulaire.nom || 'à nommer'}
                    {membre.suppleant.nom && <small>suppléant : {membre.suppleant.nom}</small>}
                  </>
                ),
              },
              {
                cle: 'etat',
                titre: 'Présence',
                rendre: ({ membre, etat }: Presence) =>
                  modifiable ? (
                    <Selection
                      nom={`presence-${membre.id}`}
                      libelle={`Présence de ${membre.organisme_nom}`}
                      libelleMuet
                      libre
                      valeur={etat}
                      options={Object.entries(etatsPresence).map(([valeur, libelle]) => ({ valeur, libelle }))}
                    />
                  ) : (
                    etatsPresence[etat]
                  ),
              },
              {
                cle: 'rappel',
                titre: 'Rappel de confidentialité',
                rendre: ({ rappel_lu_a: lu }: Presence) =>
                  lu === null ? <Etiquette ton="bientot">Pas encore lu</Etiquette> : `lu le ${formatInstant(lu)}`,
              },
            ]}
          />
        )}
      </Carte>
    </CadreSeance>,
  )
}

/** POST /seances/:seance/presence. */
export async function enregistrerPresence(requete: Requete): Promise<Reponse> {
  const { session } = requete
  const seance = await laSeance(requete)
  const notes = (await listerPresences(session, seance)).flatMap(({ membre }) => {
    const etat = champ(requete, `presence-${membre.id}`)
    return etat in etatsPresence
      ? [{ membre: membre.id, etat: etat as EtatPresence, vu: Number(lireVu(requete, membre.id) ?? -1) }]
      : []
  })
  const nombre = await noterPresences(session, seance.id, notes)
  return redirection(`${adresseSeance(seance.id)}/presence`, {
    ton: 'tenu',
    texte: nombre === 0 ? 'Rien n’a changé.' : `${pluriel(nombre, 'présence notée', 'présences notées')}.`,
  })
}
