import type { ReactElement } from 'react'
import { compterDossiers, enregistrerVue, listerVues, oublierVue, type VueEnregistree } from '#dossiers'
import { pluriel } from '#socle/typography'
import { Cadre } from '../cadre.tsx'
import {
  Actions,
  Bouton,
  BoutonPost,
  Carte,
  Champ,
  Formulaire,
  ListeSobre,
  Pile,
  ResumeErreurs,
} from '../composants/index.ts'
import { champ, page, type Reponse, type Requete, redirection } from '../route.ts'
import { decrireChoix, ecrireRequete, lireChoix, lireOffre, lireOrdre, versFiltre } from './filtre.ts'
import { type Erreur, messageDe, tenter } from './saisie.ts'

interface Saisie {
  readonly nom: string
  readonly erreurs: readonly Erreur[]
}

/** Only what the filters know is kept: a saved view never holds a text the list would not read. */
async function normaliser(requete: Requete, brute: string) {
  const offre = await lireOffre(requete.session)
  const recherche = Object.fromEntries(new URLSearchParams(brute))
  const choix = lireChoix(recherche, offre)
  return { offre, choix, adresse: ecrireRequete(choix, lireOrdre(recherche)) }
}

async function montrer(requete: Requete, brute: string, saisie: Saisie): Promise<Reponse> {
  const { offre, choix, adresse } = await normaliser(requete, brute)
  const compte = await compterDossiers(requete.session, versFiltre(choix, offre))
  const filtres = decrireChoix(choix, offre).map(({ libelle }) => libelle)
  const vues = await listerVues(requete.session)
  return page(
    <PageVues requete={requete} adresse={adresse} filtres={filtres} compte={compte} vues={vues} saisie={saisie} />,
    saisie.erreurs.length > 0 ? 422 : undefined,
  )
}

function PageVues({
  requete,
  adresse,
  filtres,
  compte,
  vues,
  saisie,
}: {
  requete: Requete
  adresse: string
  filtres: readonly string[]
  compte: number
  vues: readonly VueEnregistree[]
  saisie: Saisie
}): ReactElement {
  const jeton = requete.connecte.jetonFormulaire
  return (
    <Cadre
      requete={requete}
      titre="Enregistrer cette vue"
      courante="accompagner"
      erreur={saisie.erreurs.length > 0}
      fil={[{ libelle: 'Dossiers', href: `/dossiers?${adresse}` }, { libelle: 'Enregistrer cette vue' }]}
      chapo="Une vue garde des filtres sous un nom. Elle n’est qu’à vous, et son nombre de dossiers se recompte à chaque ouverture."
    >
      <ResumeErreurs erreurs={saisie.erreurs} />
      <Pile>
        <Carte titre="Cette vue">
          <p>
            {filtres.length === 0 ? 'Tous les dossiers ouverts' : filtres.join(' ; ')}.{' '}
            {pluriel(compte, 'dossier', 'dossiers')} aujourd’hui.
          </p>
          <Formulaire action="/dossiers/vues" jeton={jeton} champs={{ requete: adresse }} classe="formulaire mt4">
            <Champ
              nom="nom"
              libelle="Nom de la vue"
              aide="60 caractères au plus. Le même nom remplace la vue qui le porte."
              longueurMax={60}
              valeur={saisie.nom}
              erreur={messageDe(saisie.erreurs, 'nom')}
            />
            <Actions>
              <Bouton genre="principal">Enregistrer cette vue</Bouton>
              <Bouton genre="tertiaire" href={`/dossiers?${adresse}`}>
                Revenir à la liste
              </Bouton>
            </Actions>
          </Formulaire>
        </Carte>
        {vues.length > 0 && (
          <Carte titre="Vos vues enregistrées">
            <ListeSobre
              lignes={vues.map((vue) => ({
                cle: vue.id,
                titre: <a href={`/dossiers?${vue.requete}`}>{vue.nom}</a>,
                droite: (
                  <BoutonPost
                    petit
                    action="/dossiers/vues/oublier"
                    jeton={jeton}
                    champs={{ id: vue.id, nom: vue.nom, requete: vue.requete }}
                    libelleLu={`Oublier la vue ${vue.nom}`}
                  >
                    Oublier
                  </BoutonPost>
                ),
              }))}
            />
          </Carte>
        )}
      </Pile>
    </Cadre>
  )
}

/** GET /dossiers/vues: names the filters of the address. */
export function proposerVue(requete: Requete): Promise<Reponse> {
  return montrer(requete, requete.requete, { nom: '', erreurs: [] })
}

/** POST /dossiers/vues. */
export async function garderVue(requete: Requete): Promise<Reponse> {
  const nom = champ(requete, 'nom')
  const { adresse } = await normaliser(requete, champ(requete, 'requete'))
  let remplacee = false
  const erreur = await tenter(
    requete.session,
    'vue.enregistrer',
    () => 'nom',
    async () => {
      remplacee = await enregistrerVue(requete.session, nom, adresse)
    },
  )
  if (erreur) return montrer(requete, adresse, { nom, erreurs: [erreur] })
  return redirection(`/dossiers?${adresse}`, {
    texte: remplacee
      ? `Vue « ${nom} » enregistrée : elle remplace celle qui portait ce nom.`
      : `Vue « ${nom} » enregistrée.`,
  })
}

/** POST /dossiers/vues/oublier: the message offers to keep it after all. */
export async function oublierUneVue(requete: Requete): Promise<Reponse> {
  const nom = champ(requete, 'nom')
  const { adresse } = await normaliser(requete, champ(requete, 'requete'))
  await oublierVue(requete.session, champ(requete, 'id'))
  return redirection(`/dossiers?${adresse}`, {
    texte: `Vue « ${nom} » oubliée.`,
    defaire: { action: '/dossiers/vues', libelle: 'La garder', champs: { nom, requete: adresse } },
  })
}
