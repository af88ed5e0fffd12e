import type { ReactElement } from 'react'
import {
  acteurSysteme,
  fermerOrganisme,
  lireOrganismeTenu,
  modifierOrganisme,
  type OrganismeTenu,
  ouvrirSession,
  rouvrirOrganisme,
  type SaisieOrganisme,
} from '#acces'
import type { Territoires } from '#referentiel'
import { compterSuivis } from '#repartition'
import { Conflit } from '#socle/errors'
import { parisDay } from '#socle/time'
import { formatDate, pluriel } from '#socle/typography'
import { type Erreur, messageDe, tenter } from '../accompagner/saisie.ts'
import { Cadre } from '../cadre.tsx'
import {
  Actions,
  Bouton,
  BoutonPost,
  Carte,
  Champ,
  Etiquette,
  Formulaire,
  ListeDefinition,
  Pile,
  ResumeErreurs,
} from '../composants/index.ts'
import { ouConflit, pageConflit } from '../conflit.tsx'
import { lireDepartement } from '../regles/regles.tsx'
import { champ, page, type Reponse, type Requete, redirection } from '../route.ts'
import { ChampsOrganisme, champDe, direLieux, lireSaisie, nommerType, saisieDe } from './commun.tsx'

interface Vue {
  readonly organisme: OrganismeTenu
  readonly suivis: number
  readonly lieux: Territoires
}

const adresse = (requete: Requete): string => `/organismes/${requete.parametres.id ?? ''}`

/** How many households rest on an organisme: a number, read for the administrator, who opens no dossier. */
const lireSuivis = (requete: Requete): Promise<number> =>
  ouvrirSession(
    requete.application,
    acteurSysteme(requete.session.dept, 'organismes'),
    'dossier.consulter',
    (session) => compterSuivis(session, requete.parametres.id ?? ''),
  )

async function lireVue(requete: Requete): Promise<Vue> {
  const organisme = await lireOrganismeTenu(requete.session, requete.parametres.id ?? '')
  return { organisme, suivis: await lireSuivis(requete), lieux: lireDepartement(requete.session).territoires }
}

function PageFiche({
  requete,
  vue,
  saisie,
  erreurs = [],
}: {
  requete: Requete
  vue: Vue
  saisie?: SaisieOrganisme | undefined
  erreurs?: readonly Erreur[]
}): ReactElement {
  const { organisme, suivis, lieux } = vue
  const jeton = requete.connecte.jetonFormulaire
  const sien = organisme.id === requete.acteur.organisme
  return (
    <Cadre
      requete={requete}
      titre={organisme.nom}
      courante="comptes"
      erreur={erreurs.length > 0}
      fil={[
        { libelle: 'Comptes', href: '/comptes' },
        { libelle: 'Organismes', href: '/organismes' },
        { libelle: organisme.nom },
      ]}
    >
      <Pile>
        <ResumeErreurs erreurs={erreurs} titre="Rien n’a été changé" />
        <Carte
          titre="Organisme"
          aside={
            <Etiquette ton={organisme.actif ? 'tenu' : 'neutre'}>{organisme.actif ? 'ouvert' : 'fermé'}</Etiquette>
          }
        >
          <ListeDefinition
            lignes={[
              { terme: 'Sorte', valeur: nommerType(organisme.type) },
              { terme: 'Code', valeur: <span translate="no">{organisme.code}</span> },
              { terme: 'Agit pour', valeur: direLieux(organisme, lieux) },
              {
                terme: 'Comptes',
                valeur:
                  organisme.comptes === 0 ? (
                    'Personne n’entre encore pour lui.'
                  ) : (
                    <a href={`/comptes?${new URLSearchParams({ q: organisme.nom })}`}>
                      {pluriel(organisme.comptes, 'personne', 'personnes')}
                    </a>
                  ),
              },
              {
                terme: 'Ménages',
                valeur:
                  suivis === 0
                    ? 'Aucun ne repose sur lui.'
                    : pluriel(suivis, 'ménage suivi ou à suivre', 'ménages suivis ou à suivre'),
              },
              {
                terme: 'Fermé',
                valeur: organisme.ferme_a
                  ? `le ${formatDate(parisDay(organisme.ferme_a))} : ${organisme.ferme_motif ?? ''}`
                  : null,
              },
            ]}
          />
          {organisme.actif ? (
            <Actions>
              <Bouton href={`/comptes/nouveau?organisme=${organisme.code}`}>Inviter une personne</Bouton>
            </Actions>
          ) : (
            <BoutonPost action={`${adresse(requete)}/rouvrir`} jeton={jeton}>
              Rouvrir cet organisme
            </BoutonPost>
          )}
        </Carte>
        {organisme.actif && (
          <Carte titre="Modifier">
            <Formulaire action={adresse(requete)} jeton={jeton} champs={{ version: String(organisme.version) }}>
              <ChampsOrganisme saisie={saisie ?? saisieDe(organisme, lieux)} lieux={lieux} erreurs={erreurs} />
              <p className="note">
                Vaut pour les prochaines décisions : les ménages déjà confiés ne bougent pas, les courriers et tableaux
                déjà partis gardent l’ancien nom.
              </p>
              <Actions>
                <Bouton genre="principal">Enregistrer</Bouton>
              </Actions>
            </Formulaire>
          </Carte>
        )}
        {organisme.actif && !sien && (
          <Carte titre="Fermer cet organisme">
            <Formulaire action={`${adresse(requete)}/fermer`} jeton={jeton}>
              <p>
                {organisme.comptes === 0
                  ? 'Rien ne lui sera plus envoyé ni demandé.'
                  : `${pluriel(organisme.comptes, 'personne n’entrera', 'personnes n’entreront')} plus pour lui dès la prochaine page, et rien ne lui sera plus envoyé ni demandé.`}{' '}
                Ce qu’il a fait reste. Il peut être rouvert.
              </p>
              <Champ
                nom="motif"
                libelle="Motif"
                aide="Fusion, fin de convention, erreur de saisie."
                valeur={champ(requete, 'motif')}
                longueurMax={300}
                erreur={messageDe(erreurs, 'motif')}
              />
              <Actions>
                <Bouton genre="destructeur">Fermer cet organisme</Bouton>
              </Actions>
            </Formulaire>
          </Carte>
        )}
      </Pile>
    </Cadre>
  )
}

/** GET /organismes/:id. */
export async function montrerOrganisme(requete: Requete): Promise<Reponse> {
  return page(<PageFiche requete={requete} vue={await lireVue(requete)} />)
}

/** Both versions of an organisme that two people changed. */
async function montrerConflit(requete: Requete, conflit: Conflit, saisie: SaisieOrganisme): Promise<Reponse> {
  const { organisme, lieux } = await lireVue(requete)
  const nommer = (ids: readonly string[]) => direLieux({ territoires: [...ids], communes: null }, lieux)
  const actuelle = saisieDe(organisme, lieux)
  return pageConflit(requete, {
    message: conflit.message,
    quoi: `Fiche de « ${organisme.nom} »`,
    courante: 'comptes',
    fil: [{ libelle: 'Organismes', href: '/organismes' }, { libelle: organisme.nom }],
    versions: [
      { cle: 'nom', libelle: 'Nom', saisie: saisie.nom, enregistree: actuelle.nom },
      { cle: 'communes', libelle: 'Communes', saisie: saisie.communes, enregistree: actuelle.communes },
      {
        cle: 'territoires',
        libelle: 'Territoires',
        saisie: nommer(saisie.territoires),
        enregistree: nommer(actuelle.territoires),
      },
    ],
    conseil: 'Garder ce qui est enregistré, ou le remplacer par votre saisie, entière.',
    garder: { libelle: 'Garder ce qui est enregistré', href: adresse(requete) },
    remplacer: {
      libelle: 'Enregistrer ma saisie',
      action: adresse(requete),
      champs: {
        nom: saisie.nom,
        communes: saisie.communes,
        territoire: saisie.territoires,
        version: String(organisme.version),
      },
    },
  })
}

/** POST /organismes/:id. */
export async function enregistrerOrganisme(requete: Requete): Promise<Reponse> {
  const { session } = requete
  const saisie = lireSaisie(requete)
  const issue = await ouConflit(requete, 'organisme.modifier', () =>
    tenter(session, 'organisme.modifier', champDe, () =>
      modifierOrganisme(session, requete.parametres.id ?? '', Number(champ(requete, 'version')), saisie),
    ),
  )
  if (issue instanceof Conflit) return montrerConflit(requete, issue, saisie)
  return issue
    ? page(<PageFiche requete={requete} vue={await lireVue(requete)} saisie={saisie} erreurs={[issue]} />, 422)
    : redirection(adresse(requete), { texte: 'Organisme enregistré.' })
}

/** POST /organismes/:id/fermer. « Défaire » opens it again. */
export async function fermerUnOrganisme(requete: Requete): Promise<Reponse> {
  const { session } = requete
  const suivis = await lireSuivis(requete)
  const refusee = await tenter(session, 'organisme.fermer', champDe, () =>
    fermerOrganisme(session, requete.parametres.id ?? '', champ(requete, 'motif'), suivis),
  )
  return refusee
    ? page(<PageFiche requete={requete} vue={await lireVue(requete)} erreurs={[refusee]} />, 422)
    : redirection(adresse(requete), {
        texte: 'Organisme fermé.',
        defaire: { action: `${adresse(requete)}/rouvrir`, libelle: 'Rouvrir cet organisme' },
      })
}

/** POST /organismes/:id/rouvrir. */
export async function rouvrirUnOrganisme(requete: Requete): Promise<Reponse> {
  await rouvrirOrganisme(requete.session, requete.parametres.id ?? '')
  return redirection(adresse(requete), { texte: 'Organisme rouvert.' })
}
