import type { ReactElement } from 'react'
import { listerOrganismes, type Organisme } from '#acces'
import {
  ajouterInterlocuteur,
  type Interlocuteur,
  lireInterlocuteur,
  listerInterlocuteurs,
  modifierInterlocuteur,
  peutTenirAnnuaire,
  type SaisieInterlocuteur,
} from '#echanges'
import { libelleTerritoire } from '#referentiel'
import { Conflit, Introuvable } from '#socle/errors'
import { formatInstant, pluriel } from '#socle/typography'
import { type Erreur, messageDe, tenter } from '../accompagner/saisie.ts'
import { Cadre } from '../cadre.tsx'
import {
  Actions,
  Bouton,
  Carte,
  Champ,
  EtatVide,
  Filtres,
  Formulaire,
  ResumeErreurs,
  Selection,
  Tableau,
} from '../composants/index.ts'
import { ouConflit, pageConflit } from '../conflit.tsx'
import { champ, page, type Reponse, type Requete, redirection } from '../route.ts'
import { Cases } from './commun.tsx'

interface Lieu {
  readonly valeur: string
  readonly libelle: string
}

function lireLieux({ session }: Requete): Lieu[] {
  const territoires = session.referentiel.departements.get(session.dept)?.territoires
  if (!territoires) return []
  return territoires.territoires.map(({ id }) => ({ valeur: id, libelle: libelleTerritoire(territoires, id) }))
}

/** GET /annuaire (ESP-08). */
export async function montrerAnnuaire(requete: Requete): Promise<Reponse> {
  const { session, recherche, acteur } = requete
  const lieux = lireLieux(requete)
  const texte = recherche.texte ?? ''
  const organismes = await listerOrganismes(session)
  const territoire = lieux.some(({ valeur }) => valeur === recherche.territoire) ? recherche.territoire : undefined
  const organisme = organismes.some(({ id }) => id === recherche.organisme) ? recherche.organisme : undefined
  const trouves = await listerInterlocuteurs(session, {
    texte,
    ...(territoire ? { territoire } : {}),
    ...(organisme ? { organisme } : {}),
  })
  session.consigner({ action: 'annuaire.consulter', details: { nombre: trouves.length } })
  const nommer = (id: string) => lieux.find(({ valeur }) => valeur === id)?.libelle ?? id
  return page(
    <Cadre
      requete={requete}
      titre="Annuaire des interlocuteurs"
      chapo="Qui répond, sur quoi et où, avec les suppléants. Chaque organisme tient ses lignes ; le secrétariat les tient toutes."
      courante="echanges"
      large
      fil={[{ libelle: 'Échanger', href: '/echanges' }, { libelle: 'Annuaire' }]}
      actions={
        <Bouton petit icone="plus" href="/annuaire/ajouter">
          Ajouter une personne
        </Bouton>
      }
    >
      <Filtres
        action="/annuaire"
        libelle="Chercher dans l’annuaire"
        bouton="Chercher"
        resultat={pluriel(trouves.length, 'personne', 'personnes')}
      >
        <Champ nom="texte" libelle="Nom, rôle ou organisme" genre="search" libre valeur={texte} />
        <Selection nom="territoire" libelle="Territoire" libre vide="Tous" valeur={territoire} options={lieux} />
        <Selection
          nom="organisme"
          libelle="Organisme"
          libre
          vide="Tous"
          valeur={organisme}
          options={organismes.map(({ id, nom }) => ({ valeur: id, libelle: nom }))}
        />
      </Filtres>
      {trouves.length === 0 ? (
        <EtatVide
          titre="Personne n’est inscrit ici"
          geste={{ href: '/annuaire/ajouter', libelle: 'Ajouter une personne' }}
        >
          {texte === '' && !territoire && !organisme
            ? `L’annuaire est vide. ${acteur.organismeNom} peut y inscrire ses interlocuteurs.`
            : 'Aucune personne ne répond à cette recherche.'}
        </EtatVide>
      ) : (
        <Tableau
          legende="Interlocuteurs"
          largeur="moyen"
          lignes={trouves}
          cle={({ id }) => id}
          colonnes={[
            {
              cle: 'nom',
              titre: 'Personne',
              principale: true,
              rendre: (un) =>
                peutTenirAnnuaire(session, un.organisme) ? <a href={`/annuaire/${un.id}`}>{un.nom}</a> : un.nom,
            },
            { cle: 'organisme', titre: 'Organisme', rendre: ({ organisme_nom }) => organisme_nom },
            { cle: 'fonction', titre: 'Répond sur', large: true, rendre: ({ fonction }) => fonction },
            {
              cle: 'territoires',
              titre: 'Territoires',
              rendre: ({ territoires }) => (territoires.length === 0 ? 'Tous' : territoires.map(nommer).join(', ')),
            },
            {
              cle: 'joindre',
              titre: 'Joindre',
              rendre: ({ telephone, courriel }) => (
                <>
                  {telephone}
                  {courriel !== '' && <small> {courriel}</small>}
                </>
              ),
            },
            { cle: 'suppleant', titre: 'Suppléance', rendre: ({ suppleant_nom }) => suppleant_nom ?? 'Non indiquée' },
          ]}
        />
      )}
    </Cadre>,
  )
}

interface Saisie {
  readonly organisme: string
  readonly nom: string
  readonly fonction: string
  readonly territoires: readonly string[]
  readonly telephone: string
  readonly courriel: string
  readonly suppleant: string
}

const lireSaisie = (requete: Requete): Saisie => ({
  organisme: champ(requete, 'organisme'),
  nom: champ(requete, 'nom'),
  fonction: champ(requete, 'fonction'),
  territoires: requete.champs.territoires ?? [],
  telephone: champ(requete, 'telephone'),
  courriel: champ(requete, 'courriel'),
  suppleant: champ(requete, 'suppleant'),
})

function enDemande(requete: Requete, saisie: Saisie): SaisieInterlocuteur {
  const connus = new Set(lireLieux(requete).map(({ valeur }) => valeur))
  return {
    ...saisie,
    territoires: saisie.territoires.filter((un) => connus.has(un)),
    suppleant: saisie.suppleant === '' ? null : saisie.suppleant,
  }
}

const champDe = (code: string): string => code.replace('annuaire.', '')

function PageFormulaire({
  requete,
  actuel,
  organismes,
  suppleants,
  saisie,
  erreurs,
}: {
  requete: Requete
  actuel: Interlocuteur | null
  organismes: readonly Organisme[]
  suppleants: readonly Interlocuteur[]
  saisie: Saisie
  erreurs: readonly Erreur[]
}): ReactElement {
  const titre = actuel ? `Modifier ${actuel.nom}` : 'Ajouter une personne à l’annuaire'
  return (
    <Cadre
      requete={requete}
      titre={titre}
      courante="echanges"
      erreur={erreurs.length > 0}
      fil={[
        { libelle: 'Échanger', href: '/echanges' },
        { libelle: 'Annuaire', href: '/annuaire' },
        { libelle: actuel?.nom ?? 'Ajouter' },
      ]}
    >
      <ResumeErreurs erreurs={erreurs} />
      <Carte titre="La personne">
        <Formulaire
          action={actuel ? `/annuaire/${actuel.id}` : '/annuaire/ajouter'}
          jeton={requete.connecte.jetonFormulaire}
          champs={actuel ? { version: String(actuel.version), organisme: actuel.organisme } : {}}
        >
          <div className="champs">
            {actuel ? null : (
              <Selection
                nom="organisme"
                libelle="Organisme"
                valeur={saisie.organisme}
                erreur={messageDe(erreurs, 'organisme')}
                options={organismes.map(({ id, nom }) => ({ valeur: id, libelle: nom }))}
              />
            )}
            <Champ nom="nom" libelle="Nom" longueurMax={100} valeur={saisie.nom} erreur={messageDe(erreurs, 'nom')} />
            <Champ
              nom="fonction"
              libelle="Répond sur"
              longueurMax={100}
              aide="Par exemple : impayés de loyer, FSL maintien."
              valeur={saisie.fonction}
              erreur={messageDe(erreurs, 'fonction')}
            />
            <Champ
              nom="telephone"
              libelle="Téléphone"
              genre="tel"
              facultatif
              valeur={saisie.telephone}
              erreur={messageDe(erreurs, 'telephone')}
            />
            <Champ
              nom="courriel"
              libelle="Adresse électronique"
              genre="email"
              facultatif
              valeur={saisie.courriel}
              erreur={messageDe(erreurs, 'courriel')}
            />
            <Selection
              nom="suppleant"
              libelle="Suppléance"
              facultatif
              vide="Non indiquée"
              valeur={saisie.suppleant}
              erreur={messageDe(erreurs, 'suppleant')}
              options={suppleants.map(({ id, nom, organisme_nom }) => ({
                valeur: id,
                libelle: `${nom}, ${organisme_nom}`,
              }))}
            />
          </div>
          <Cases
            nom="territoires"
            legende="Territoires (aucun coché : tous)"
            facultatif
            options={lireLieux(requete)}
            choisies={saisie.territoires}
          />
          <Actions>
            <Bouton genre="principal" nom="acte" valeur="enregistrer">
              {actuel ? 'Enregistrer' : 'Ajouter à l’annuaire'}
            </Bouton>
            {actuel && (
              <Bouton nom="acte" valeur="retirer">
                Retirer de l’annuaire
              </Bouton>
            )}
            <Bouton genre="tertiaire" href="/annuaire">
              Revenir à l’annuaire
            </Bouton>
          </Actions>
        </Formulaire>
      </Carte>
    </Cadre>
  )
}

async function pageFormulaire(
  requete: Requete,
  actuel: Interlocuteur | null,
  saisie: Saisie,
  erreurs: readonly Erreur[] = [],
): Promise<Reponse> {
  const { session } = requete
  const organismes = (await listerOrganismes(session)).filter(({ id }) => peutTenirAnnuaire(session, id))
  const suppleants = (await listerInterlocuteurs(session)).filter(
    ({ id, organisme }) =>
      id !== actuel?.id && (actuel ? organisme === actuel.organisme : organismes.some((un) => un.id === organisme)),
  )
  return page(
    <PageFormulaire
      requete={requete}
      actuel={actuel}
      organismes={organismes}
      suppleants={suppleants}
      saisie={saisie}
      erreurs={erreurs}
    />,
    erreurs.length > 0 ? 422 : undefined,
  )
}

/** GET /annuaire/ajouter. */
export function proposerInterlocuteur(requete: Requete): Promise<Reponse> {
  return pageFormulaire(requete, null, {
    organisme: requete.acteur.organisme ?? '',
    nom: '',
    fonction: '',
    territoires: [],
    telephone: '',
    courriel: '',
    suppleant: '',
  })
}

/** POST /annuaire/ajouter. */
export async function ajouterUnInterlocuteur(requete: Requete): Promise<Reponse> {
  const saisie = lireSaisie(requete)
  const refusee = await tenter(requete.session, 'annuaire.tenir', champDe, () =>
    ajouterInterlocuteur(requete.session, enDemande(requete, saisie)),
  )
  if (refusee) return pageFormulaire(requete, null, saisie, [refusee])
  return redirection('/annuaire', { texte: `${saisie.nom} est dans l’annuaire.` })
}

async function ouvrir(requete: Requete): Promise<Interlocuteur> {
  const actuel = await lireInterlocuteur(requete.session, requete.parametres.interlocuteur ?? '')
  if (!peutTenirAnnuaire(requete.session, actuel.organisme)) throw new Introuvable()
  return actuel
}

/** GET /annuaire/:interlocuteur. */
export async function montrerInterlocuteur(requete: Requete): Promise<Reponse> {
  const actuel = await ouvrir(requete)
  requete.session.consigner({ action: 'annuaire.consulter', objet: 'interlocuteur', objetId: actuel.id })
  return pageFormulaire(requete, actuel, { ...actuel, suppleant: actuel.suppleant ?? '' })
}

/** POST /annuaire/:interlocuteur: change or take out, unless somebody did before. */
export async function modifierUnInterlocuteur(requete: Requete): Promise<Reponse> {
  const { session } = requete
  const actuel = await ouvrir(requete)
  const saisie = lireSaisie(requete)
  const retirer = champ(requete, 'acte') === 'retirer'
  const version = Number(champ(requete, 'version')) || 0
  const issue = await ouConflit(requete, 'annuaire.tenir', () =>
    tenter(session, 'annuaire.tenir', champDe, () =>
      modifierInterlocuteur(session, actuel.id, version, retirer ? null : enDemande(requete, saisie)),
    ),
  )
  if (issue === null)
    return redirection('/annuaire', {
      texte: retirer ? `${actuel.nom} n’est plus dans l’annuaire.` : 'Annuaire mis à jour.',
    })
  if (!(issue instanceof Conflit)) return pageFormulaire(requete, actuel, saisie, [issue])
  const decrire = (un: Pick<Saisie, 'nom' | 'fonction' | 'telephone' | 'courriel'>) =>
    [un.nom, un.fonction, un.telephone, un.courriel].filter((part) => part !== '').join(', ')
  return pageConflit(requete, {
    message: issue.message,
    quoi: `Annuaire, ${actuel.nom}`,
    courante: 'echanges',
    fil: [{ libelle: 'Annuaire', href: '/annuaire' }, { libelle: actuel.nom }],
    versions: [
      {
        cle: 'personne',
        libelle: 'Personne',
        saisie: retirer ? 'Retirer de l’annuaire' : decrire(saisie),
        enregistree: decrire(actuel),
        qui: `le ${formatInstant(actuel.modifie_a)}`,
      },
    ],
    conseil: 'Garder ce qui est enregistré, ou le remplacer par votre saisie.',
    garder: { libelle: 'Garder ce qui est enregistré', href: `/annuaire/${actuel.id}` },
    remplacer: {
      libelle: 'Remplacer par ma saisie',
      action: `/annuaire/${actuel.id}`,
      champs: { ...saisie, version: String(actuel.version), acte: retirer ? 'retirer' : 'enregistrer' },
    },
  })
}
