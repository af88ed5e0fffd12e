import type { ReactElement } from 'react'
import {
  type Bailleur,
  defaireFusion,
  fusionnerBailleurs,
  lireBailleur,
  listerBailleurs,
  listerDoublons,
} from '#rapprochement'
import { Conflit } from '#socle/errors'
import { type Erreur, tenter } from '../accompagner/saisie.ts'
import {
  Actions,
  Bouton,
  Carte,
  Champ,
  Filtres,
  Formulaire,
  ListeSobre,
  Message,
  ResumeErreurs,
  Tableau,
} from '../composants/index.ts'
import { ouConflit } from '../conflit.tsx'
import { champ, page, type Reponse, type Requete, redirection } from '../route.ts'
import { adresseBailleur, CadreBailleurs, compterLogements, decrireBailleur, direAnah } from './commun.tsx'
import { ouvrirFiche } from './fiche.tsx'

const LIGNES: readonly { readonly terme: string; readonly lire: (un: Bailleur) => string }[] = [
  { terme: 'Nom', lire: ({ nom }) => nom },
  { terme: 'Nature', lire: decrireBailleur },
  { terme: 'SIRET', lire: ({ siret }) => siret ?? '' },
  { terme: 'Adresse', lire: ({ adresse }) => adresse },
  { terme: 'Téléphone', lire: ({ telephone }) => telephone },
  { terme: 'Courriel', lire: ({ courriel }) => courriel },
  { terme: 'ANAH', lire: direAnah },
  { terme: 'Ce qui en dépend', lire: compterLogements },
]

function PageFusion({
  requete,
  fiche,
  autre,
  trouvees,
  texte,
  erreurs = [],
}: {
  requete: Requete
  fiche: Bailleur
  autre: Bailleur | null
  trouvees: readonly Bailleur[]
  texte: string
  erreurs?: readonly Erreur[]
}): ReactElement {
  return (
    <CadreBailleurs
      requete={requete}
      titre={autre ? `Réunir ${autre.nom} à ${fiche.nom} ?` : `Réunir ${fiche.nom} à une autre fiche`}
      erreur={erreurs.length > 0}
      fil={[
        { libelle: 'Bailleurs', href: '/bailleurs' },
        { libelle: fiche.nom, href: adresseBailleur(fiche.id) },
        { libelle: 'Réunir' },
      ]}
    >
      <ResumeErreurs erreurs={erreurs} />
      {autre ? (
        <>
          <Carte titre="Comparer les deux fiches" id="fusion">
            <Tableau
              legende="Les deux fiches, ligne à ligne"
              largeur="etroit"
              lignes={LIGNES}
              cle={({ terme }) => terme}
              colonnes={[
                { cle: 'terme', titre: 'Ce qui est connu', principale: true, rendre: ({ terme }) => terme },
                { cle: 'garde', titre: 'Fiche gardée', rendre: ({ lire }) => lire(fiche) || 'Non connu' },
                { cle: 'absorbe', titre: 'Fiche réunie', rendre: ({ lire }) => lire(autre) || 'Non connu' },
              ]}
            />
          </Carte>
          <Message ton="info">
            <p>
              Les logements et les dossiers de {autre.nom} passent à {fiche.nom}, qui complète ce qui lui manque. La
              réunion se défait depuis la fiche gardée.
            </p>
          </Message>
          <Formulaire
            action={adresseBailleur(fiche.id, '/reunir')}
            jeton={requete.connecte.jetonFormulaire}
            champs={{ avec: autre.id, version: String(fiche.version), version_avec: String(autre.version) }}
          >
            <Actions>
              <Bouton genre="principal">Réunir les deux fiches</Bouton>
              <Bouton href={adresseBailleur(autre.id, `/reunir?avec=${fiche.id}`)}>Garder plutôt {autre.nom}</Bouton>
              <Bouton genre="tertiaire" href={adresseBailleur(fiche.id)}>
                Renoncer
              </Bouton>
            </Actions>
          </Formulaire>
        </>
      ) : (
        <>
          <Filtres
            action={adresseBailleur(fiche.id, '/reunir')}
            libelle="Chercher l’autre fiche"
            bouton="Chercher"
            resultat={trouvees.length === 0 ? 'Aucune fiche' : `${trouvees.length} à comparer`}
          >
            <Champ nom="q" libelle="Nom, SIRET ou adresse" genre="search" libre valeur={texte} longueurMax={120} />
          </Filtres>
          {trouvees.length > 0 && (
            <Carte titre={texte === '' ? 'Fiches qui lui ressemblent' : 'Fiches trouvées'}>
              <ListeSobre
                lignes={trouvees.map((un) => ({
                  cle: un.id,
                  titre: <a href={adresseBailleur(fiche.id, `/reunir?avec=${un.id}`)}>{un.nom}</a>,
                  note: `${decrireBailleur(un)}, ${compterLogements(un)}`,
                }))}
              />
            </Carte>
          )}
        </>
      )}
    </CadreBailleurs>
  )
}

/** GET /bailleurs/:bailleur/reunir: look for the other sheet, then compare both. */
export async function proposerFusion(requete: Requete): Promise<Reponse> {
  const { session, recherche } = requete
  const fiche = await ouvrirFiche(requete)
  const texte = (recherche.q ?? '').trim().slice(0, 120)
  const autre =
    recherche.avec === undefined || recherche.avec === fiche.id ? null : await lireBailleur(session, recherche.avec)
  const trouvees = autre
    ? []
    : texte === ''
      ? await listerDoublons(session, fiche.id)
      : (await listerBailleurs(session, { texte }, { taille: 21 })).lignes.filter(({ id }) => id !== fiche.id)
  session.consigner({ action: 'bailleur.lire', objet: 'bailleur', objetId: fiche.id })
  return page(<PageFusion requete={requete} fiche={fiche} autre={autre} trouvees={trouvees} texte={texte} />)
}

/** POST /bailleurs/:bailleur/reunir. */
export async function fusionner(requete: Requete): Promise<Reponse> {
  const { session } = requete
  const fiche = await ouvrirFiche(requete)
  const autre = await lireBailleur(session, champ(requete, 'avec'))
  let fusion = ''
  const issue = await ouConflit(requete, 'bailleur.fusionner', () =>
    tenter(
      session,
      'bailleur.fusionner',
      () => 'fusion',
      async () => {
        fusion = await fusionnerBailleurs(
          session,
          { id: fiche.id, version: Number(champ(requete, 'version')) || 0 },
          { id: autre.id, version: Number(champ(requete, 'version_avec')) || 0 },
        )
      },
    ),
  )
  if (issue !== null)
    return page(
      <PageFusion
        requete={requete}
        fiche={fiche}
        autre={autre}
        trouvees={[]}
        texte=""
        erreurs={[
          issue instanceof Conflit
            ? { nom: 'fusion', message: `${issue.message} Relire les deux fiches ci-dessous avant de les réunir.` }
            : issue,
        ]}
      />,
      issue instanceof Conflit ? 409 : 422,
    )
  return redirection(adresseBailleur(fiche.id), {
    texte: `${autre.nom} est réuni à cette fiche.`,
    defaire: { action: `/bailleurs/fusions/${fusion}/defaire`, libelle: 'Annuler' },
  })
}

/** POST /bailleurs/fusions/:fusion/defaire. */
export async function defaireUneFusion(requete: Requete): Promise<Reponse> {
  const { garde, absorbe } = await defaireFusion(requete.session, requete.parametres.fusion ?? '')
  const rendue = await lireBailleur(requete.session, absorbe)
  return redirection(adresseBailleur(garde), { texte: `La fiche de ${rendue.nom} est rendue, avec ses logements.` })
}
