import type { ReactElement } from 'react'
import { type CompteAdministre, type EtatCompte, inviterCompte, listerComptes, listerRevue } from '#acces'
import { parisDay } from '#socle/time'
import { formatDate, pluriel } from '#socle/typography'
import { Cadre } from '../cadre.tsx'
import {
  Actions,
  Bouton,
  Carte,
  Champ,
  Etiquette,
  Filtres,
  Formulaire,
  ResumeErreurs,
  Selection,
  Tableau,
} from '../composants/index.ts'
import { champ, page, type Reponse, type Requete, redirection } from '../route.ts'
import { ChampsHabilitation, type Faute, lireHabilitation, lireOffre, type Offre, tenter } from './formulaire.tsx'
import { etats, nomRole } from './libelles.ts'

const estEtat = (texte: string | undefined): texte is EtatCompte => texte !== undefined && Object.hasOwn(etats, texte)

/** The day somebody was last there, in words. */
export const derniereVisite = (compte: { readonly vu_a: Temporal.Instant | null }): string =>
  compte.vu_a ? formatDate(parisDay(compte.vu_a)) : 'jamais'

function PageListe({
  requete,
  comptes,
  aRevoir,
}: {
  requete: Requete
  comptes: readonly CompteAdministre[]
  aRevoir: number
}): ReactElement {
  const { q = '', etat = '' } = requete.recherche
  return (
    <Cadre
      requete={requete}
      titre="Comptes et habilitations"
      courante="comptes"
      large
      chapo={
        aRevoir === 0 ? (
          'Un compte est à une personne. Toutes les habilitations ont été confirmées depuis moins d’un an.'
        ) : (
          <>
            Un compte est à une personne.{' '}
            <a href="/comptes/revue">
              {pluriel(aRevoir, 'habilitation à confirmer ou à retirer', 'habilitations à confirmer ou à retirer')}
            </a>
          </>
        )
      }
      actions={
        <>
          <Bouton href="/organismes">Organismes</Bouton>
          <Bouton genre="principal" href="/comptes/nouveau">
            Inviter une personne
          </Bouton>
        </>
      }
    >
      <Filtres
        action="/comptes"
        libelle="Filtrer les comptes"
        resultat={pluriel(comptes.length, 'compte', 'comptes')}
        actifs={[
          ...(q ? [{ libelle: q, retirer: `/comptes?${new URLSearchParams({ etat })}` }] : []),
          ...(estEtat(etat)
            ? [{ libelle: etats[etat].libelle, retirer: `/comptes?${new URLSearchParams({ q })}` }]
            : []),
        ]}
        toutRetirer="/comptes"
      >
        <Champ nom="q" libelle="Nom, adresse ou organisme" genre="search" valeur={q} libre />
        <Selection
          nom="etat"
          libelle="État"
          vide="Tous"
          valeur={etat}
          libre
          options={Object.entries(etats).map(([valeur, { libelle }]) => ({ valeur, libelle }))}
        />
      </Filtres>
      <Tableau
        legende="Comptes du département"
        vide="Aucun compte ne répond à ces filtres."
        colonnes={[
          {
            cle: 'nom',
            titre: 'Personne',
            principale: true,
            rendre: (compte) => (
              <>
                <a href={`/comptes/${compte.id}`}>
                  {compte.nom} {compte.prenom}
                </a>
                <small>{compte.courriel}</small>
              </>
            ),
          },
          {
            cle: 'organismes',
            titre: 'Organisme',
            large: true,
            rendre: ({ organismes }) => organismes.join(', ') || '–',
          },
          { cle: 'roles', titre: 'Rôle', rendre: ({ roles }) => roles.map(nomRole).join(', ') || '–' },
          {
            cle: 'etat',
            titre: 'État',
            rendre: ({ etat: sien }) => <Etiquette ton={etats[sien].ton}>{etats[sien].libelle}</Etiquette>,
          },
          { cle: 'vu', titre: 'Dernière visite', rendre: derniereVisite },
        ]}
        lignes={comptes}
        cle={({ id }) => id}
      />
    </Cadre>
  )
}

/** GET /comptes. */
export async function listerLesComptes(requete: Requete): Promise<Reponse> {
  const { q, etat } = requete.recherche
  const comptes = await listerComptes(requete.session, { texte: q, etat: estEtat(etat) ? etat : undefined })
  const aRevoir = await listerRevue(requete.session)
  return page(<PageListe requete={requete} comptes={comptes} aRevoir={aRevoir.length} />)
}

function PageInvitation({
  requete,
  offre,
  faute,
}: {
  requete: Requete
  offre: Offre
  faute?: Faute | undefined
}): ReactElement {
  const erreur = (nom: string) => (faute?.nom === nom ? faute.message : undefined)
  return (
    <Cadre
      requete={requete}
      titre="Inviter une personne"
      courante="comptes"
      erreur={faute !== undefined}
      fil={[{ libelle: 'Comptes', href: '/comptes' }, { libelle: 'Inviter une personne' }]}
      chapo="Elle reçoit un lien valable sept jours, choisit son mot de passe, puis protège son compte par un code."
    >
      {faute && <ResumeErreurs erreurs={[faute]} titre="L’invitation n’est pas partie" />}
      <Carte titre="La personne et son accès">
        <Formulaire action="/comptes/nouveau" jeton={requete.connecte.jetonFormulaire}>
          <Champ nom="prenom" libelle="Prénom" valeur={champ(requete, 'prenom')} longueurMax={100} />
          <Champ nom="nom" libelle="Nom" valeur={champ(requete, 'nom')} longueurMax={100} erreur={erreur('nom')} />
          <Champ
            nom="courriel"
            libelle="Adresse électronique"
            genre="email"
            aide="La sienne, jamais la boîte d’un service. C’est aussi celle que ProConnect connaît."
            valeur={champ(requete, 'courriel')}
            longueurMax={200}
            erreur={erreur('courriel')}
          />
          <ChampsHabilitation requete={requete} offre={offre} faute={faute} />
          <Actions>
            <Bouton genre="principal">Envoyer l’invitation</Bouton>
          </Actions>
        </Formulaire>
      </Carte>
    </Cadre>
  )
}

/** GET /comptes/nouveau. */
export async function proposerInvitation(requete: Requete): Promise<Reponse> {
  return page(<PageInvitation requete={requete} offre={await lireOffre(requete)} />)
}

/** POST /comptes/nouveau. */
export function inviterUnePersonne(requete: Requete): Promise<Reponse> {
  return tenter(
    async () => {
      // Everything is checked before the account is written: a refusal shown on this page leaves nothing behind.
      const id = await inviterCompte(requete.session, requete.application.acces, {
        courriel: champ(requete, 'courriel'),
        prenom: champ(requete, 'prenom'),
        nom: champ(requete, 'nom'),
        habilitation: lireHabilitation(requete),
      })
      return redirection(`/comptes/${id}`, { texte: 'Invitation en route. Le lien est valable sept jours.' })
    },
    async (faute) => page(<PageInvitation requete={requete} offre={await lireOffre(requete)} faute={faute} />, 422),
  )
}
