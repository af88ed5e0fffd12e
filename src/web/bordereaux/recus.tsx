import { aLeDroit } from '#acces'
import { lireOctets, listerRecusBordereaux, nommerGenre, ouvrirRecu } from '#bordereaux'
import { formatInstant, formatNombre } from '#socle/typography'
import { Cadre } from '../cadre.tsx'
import {
  Bouton,
  Carte,
  EtatVide,
  Etiquette,
  ListeDefinition,
  Message,
  Pagination,
  Pile,
  Tableau,
} from '../composants/index.ts'
import { sortir } from '../export.tsx'
import { identifiant } from '../requisitions/commun.tsx'
import { page, type Reponse, type Requete } from '../route.ts'
import { adresseRecu, colonnesDe, ongletsDe, RECUS } from './commun.tsx'

/** Which entry of the banner leads here. */
const couranteDe = ({ acteur }: Pick<Requete, 'acteur'>) =>
  aLeDroit(acteur, 'bordereau.envoyer') ? 'transmettre' : 'recus'

/** GET /recus: what the others handed to the reader’s organisme. */
export async function montrerRecus(requete: Requete): Promise<Reponse> {
  const { session, acteur, recherche } = requete
  const numero = Math.max(1, Math.trunc(Number(recherche.page)) || 1)
  const { lignes, suite } = await listerRecusBordereaux(session, numero)
  const ailleurs = [
    ...(aLeDroit(acteur, 'liste.repondre') ? [{ href: '/tableaux', libelle: 'Tableaux hebdomadaires' }] : []),
    ...(aLeDroit(acteur, 'requisition.recevoir')
      ? [{ href: '/sollicitations', libelle: 'Sollicitations de l’État' }]
      : []),
  ]
  return page(
    <Cadre
      requete={requete}
      titre="Bordereaux reçus"
      courante={couranteDe(requete)}
      large
      chapo="Ce que les autres organismes vous remettent. Vous lisez ce qui vous est adressé, rien d’autre des dossiers."
      vues={ongletsDe(requete, 'recus')}
      actions={ailleurs.map(({ href, libelle }) => (
        <Bouton key={href} petit href={href}>
          {libelle}
        </Bouton>
      ))}
    >
      {lignes.length === 0 ? (
        <EtatVide titre="Rien n’a été remis à votre organisme">
          Un bordereau paraît ici dès qu’un autre organisme vous l’envoie ; un courriel par jour au plus vous prévient.
        </EtatVide>
      ) : (
        <Tableau
          legende="Bordereaux reçus, du plus récent au plus ancien"
          largeur="moyen"
          lignes={lignes}
          cle={({ id }) => id}
          colonnes={[
            {
              cle: 'quoi',
              titre: 'Quoi',
              principale: true,
              rendre: (un) => (
                <>
                  <a href={adresseRecu(un.id)}>{nommerGenre(session, un.genre)}</a>
                  <small>
                    n° {un.annee}-{un.numero}
                  </small>
                </>
              ),
            },
            { cle: 'de', titre: 'De', rendre: ({ expediteur_nom }) => expediteur_nom },
            { cle: 'lignes', titre: 'Ménages', numerique: true, rendre: ({ lignes: n }) => formatNombre(n) },
            { cle: 'a', titre: 'Reçu le', rendre: ({ a }) => formatInstant(a) },
            {
              cle: 'etat',
              titre: 'État',
              rendre: ({ retire_a, ouvert_a }) =>
                retire_a ? (
                  <Etiquette>Retiré par son expéditeur</Etiquette>
                ) : ouvert_a ? (
                  <Etiquette ton="tenu">Ouvert le {formatInstant(ouvert_a)}</Etiquette>
                ) : (
                  <Etiquette ton="bientot">À ouvrir</Etiquette>
                ),
            },
          ]}
          apres={
            suite || numero > 1 ? (
              <Pagination
                libelle="Pages des bordereaux reçus"
                position={`Page ${numero}`}
                {...(numero > 1 ? { precedents: `${RECUS}?page=${numero - 1}` } : {})}
                {...(suite ? { suivants: `${RECUS}?page=${numero + 1}` } : {})}
              />
            ) : undefined
          }
        />
      )}
    </Cadre>,
  )
}

/** GET /recus/:bordereau: opens it; the first opening of each person is kept for its sender. */
export async function montrerRecu(requete: Requete): Promise<Reponse> {
  const { session } = requete
  const { bordereau: un, lignes, entier } = await ouvrirRecu(session, identifiant(requete, 'bordereau'))
  return page(
    <Cadre
      requete={requete}
      titre={nommerGenre(session, un.genre)}
      courante={couranteDe(requete)}
      large
      fil={[{ libelle: 'Bordereaux reçus', href: RECUS }, { libelle: `n° ${un.annee}-${un.numero}` }]}
      actions={
        entier ? (
          <Bouton fichier icone="impr" href={adresseRecu(un.id, '/bordereau.pdf')}>
            Télécharger le bordereau
          </Bouton>
        ) : undefined
      }
    >
      <Pile>
        <Carte titre={`Bordereau n° ${un.annee}-${un.numero}`}>
          <ListeDefinition
            lignes={[
              { terme: 'De', valeur: un.expediteur_nom, note: un.auteur },
              { terme: 'Reçu le', valeur: formatInstant(un.a) },
              { terme: 'Pourquoi vous', valeur: un.pourquoi },
            ]}
          />
        </Carte>
        {un.retire_a ? (
          <Message ton="bientot">
            <p>
              Son expéditeur l’a retiré le {formatInstant(un.retire_a)} : il ne se lit plus. Détruire toute copie qui en
              aurait été faite.
            </p>
          </Message>
        ) : (
          <>
            {!entier && (
              <Message>
                <p>Une partie de ce bordereau n’est pas ouverte à votre rôle : elle ne s’affiche pas.</p>
              </Message>
            )}
            <Tableau
              legende="Lignes du bordereau"
              largeur="moyen"
              lignes={lignes}
              cle={({ dossier, lien }) => `${dossier} ${lien}`}
              colonnes={colonnesDe(lignes, ({ lien }) => (lien === null ? null : `/dossiers/${lien}`))}
            />
          </>
        )}
      </Pile>
    </Cadre>,
  )
}

/** GET /recus/:bordereau/bordereau.pdf: the exact bytes, as they left. */
export async function telechargerRecu(requete: Requete): Promise<Reponse> {
  const { bordereau: un, octets } = await lireOctets(requete.session, identifiant(requete, 'bordereau'), 'destinataire')
  return sortir(requete, {
    nombre: un.lignes,
    filtre: `bordereau n° ${un.annee}-${un.numero}`,
    construire: async () => ({ nom: `bordereau-${un.annee}-${un.numero}.pdf`, type: 'application/pdf', octets }),
  })
}
