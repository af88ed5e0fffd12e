import type { ReactElement } from 'react'
import {
  type EtatPresence,
  etatsPresence,
  lireQuorum,
  listerPresences,
  noterPresences,
  type Presence,
  presencesPossibles,
  type Quorum,
  qualitesMembre,
} from '#commission'
import { formatInstant, pluriel } from '#socle/typography'
import {
  Barre,
  Bouton,
  Carte,
  EtatVide,
  Etiquette,
  Message,
  ResumeErreurs,
  Selection,
  Tableau,
} from '../composants/index.ts'
import { champsVus, lireVu } from '../conflit.tsx'
import { champ, page, type Reponse, type Requete, redirection } from '../route.ts'
import { agirSurSeance, dejaTyper, resumer, type Typee } from './acte.tsx'
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
export const montrerPresence = (requete: Requete): Promise<Reponse> => pagePresence(requete, null)

async function pagePresence(requete: Requete, typee: Typee | null): Promise<Reponse> {
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
      erreur={typee !== null}
      chapo="Qui siège, qui vient, et qui a lu le rappel de confidentialité."
    >
      {typee && <ResumeErreurs titre="Rien n’a été enregistré" erreurs={resumer(typee)} />}
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
                    champs: {
                      ...champsVus(
                        presences.map(({ membre, version }) => [
                          membre.id,
                          (typee && lireVu(requete, membre.id)) || String(version),
                        ]),
                      ),
                      ...Object.fromEntries(presences.map(({ membre, etat }) => [`etait-${membre.id}`, etat])),
                    },
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
                      nom={nomDe(membre)}
                      libelle={`Présence de ${membre.organisme_nom}`}
                      libelleMuet
                      libre
                      valeur={dejaTyper(typee, 'presence', nomDe(membre)) ?? etat}
                      options={(Object.keys(etatsPresence) as EtatPresence[])
                        .filter((valeur) => valeur === etat || presencesPossibles(membre).includes(valeur))
                        .map((valeur) => ({ valeur, libelle: etatsPresence[valeur] }))}
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
    typee === null ? undefined : 422,
  )
}

const nomDe = ({ id }: Presence['membre']): string => `presence-${id}`

/** POST /seances/:seance/presence: two people at the door each see what the other noted. */
export async function enregistrerPresence(requete: Requete): Promise<Reponse> {
  const { session } = requete
  const seance = await laSeance(requete)
  const adresse = `${adresseSeance(seance.id)}/presence`
  const presences = await listerPresences(session, seance)
  const notes = presences.flatMap(({ membre }) => {
    const etat = champ(requete, nomDe(membre))
    // A line left as it was shown says nothing: what a colleague noted meanwhile stays.
    return etat in etatsPresence && etat !== champ(requete, `etait-${membre.id}`)
      ? [{ membre: membre.id, etat: etat as EtatPresence, vu: Number(lireVu(requete, membre.id) ?? -1) }]
      : []
  })
  const saisies = new Map(notes.map(({ membre, etat }) => [membre, etat]))
  let nombre = 0
  const arrete = await agirSurSeance(
    requete,
    {
      seance: seance.id,
      formulaire: 'presence',
      vers: adresse,
      refuser: (typee) => pagePresence(requete, typee),
      champs: champsVus(presences.map(({ membre, version }) => [membre.id, String(version)])),
      versions: () =>
        presences.flatMap(({ membre, etat }) => {
          const saisie = saisies.get(membre.id)
          return saisie === undefined || saisie === etat
            ? []
            : [
                {
                  cle: membre.id,
                  libelle: membre.organisme_nom,
                  saisie: etatsPresence[saisie],
                  enregistree: etatsPresence[etat],
                },
              ]
        }),
    },
    async () => {
      nombre = await noterPresences(session, seance.id, notes)
    },
  )
  if (arrete) return arrete
  return redirection(adresse, {
    ton: 'tenu',
    texte: nombre === 0 ? 'Rien n’a changé.' : `${pluriel(nombre, 'présence notée', 'présences notées')}.`,
  })
}
