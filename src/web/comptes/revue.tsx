import type { ReactElement } from 'react'
import { confirmerHabilitations, type LigneRevue, listerRevue } from '#acces'
import { formatDate, pluriel } from '#socle/typography'
import { Cadre } from '../cadre.tsx'
import { Bouton, PiedCadre, Tableau } from '../composants/index.ts'
import { page, type Reponse, type Requete, redirection } from '../route.ts'
import { nomRole } from './libelles.ts'
import { derniereVisite } from './liste.tsx'

function PageRevue({ requete, lignes }: { requete: Requete; lignes: readonly LigneRevue[] }): ReactElement {
  return (
    <Cadre
      requete={requete}
      titre={pluriel(lignes.length, 'habilitation à revoir', 'habilitations à revoir')}
      courante="comptes"
      large
      fil={[{ libelle: 'Comptes', href: '/comptes' }, { libelle: 'Revue annuelle' }]}
      chapo="Chaque habilitation est confirmée une fois par an. Cocher celles qui servent encore ; retirer les autres depuis le compte."
    >
      <Tableau
        legende="Habilitations à confirmer ou à retirer"
        vide="Toutes les habilitations ont été confirmées depuis moins d’un an."
        selection={
          lignes.length === 0
            ? undefined
            : {
                nom: 'habilitation',
                valeur: ({ id }) => id,
                libelle: (ligne) => `${ligne.prenom} ${ligne.nom}, ${ligne.organisme_nom}`,
              }
        }
        formulaire={
          lignes.length === 0
            ? undefined
            : {
                action: '/comptes/revue',
                jeton: requete.connecte.jetonFormulaire,
                libelle: 'Confirmer des habilitations',
              }
        }
        colonnes={[
          {
            cle: 'nom',
            titre: 'Personne',
            principale: true,
            rendre: (ligne) => (
              <>
                <a href={`/comptes/${ligne.compte}`}>
                  {ligne.nom} {ligne.prenom}
                </a>
                <small>{ligne.courriel}</small>
              </>
            ),
          },
          {
            cle: 'organisme',
            titre: 'Organisme et rôle',
            rendre: (ligne) => `${ligne.organisme_nom}, ${nomRole(ligne.role)}`,
          },
          { cle: 'motif', titre: 'Motif', large: true, rendre: ({ motif }) => motif },
          { cle: 'depuis', titre: 'Confirmée le', rendre: ({ revue_le, du }) => formatDate(revue_le ?? du) },
          { cle: 'vu', titre: 'Dernière visite', rendre: derniereVisite },
        ]}
        lignes={lignes}
        cle={({ id }) => id}
        apres={
          lignes.length > 0 && (
            <PiedCadre note="Ses propres habilitations se confirment par un autre administrateur.">
              <Bouton genre="principal" petit>
                Confirmer pour un an
              </Bouton>
            </PiedCadre>
          )
        }
      />
    </Cadre>
  )
}

/** GET /comptes/revue. */
export async function montrerRevue(requete: Requete): Promise<Reponse> {
  return page(<PageRevue requete={requete} lignes={await listerRevue(requete.session)} />)
}

/** POST /comptes/revue. */
export async function confirmerRevue(requete: Requete): Promise<Reponse> {
  const n = await confirmerHabilitations(requete.session, requete.champs.habilitation ?? [])
  return redirection(
    '/comptes/revue',
    n === 0
      ? { texte: 'Cocher d’abord les habilitations à confirmer.', ton: 'info' }
      : { texte: pluriel(n, 'habilitation confirmée pour un an.', 'habilitations confirmées pour un an.') },
  )
}
