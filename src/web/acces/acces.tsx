import type { ReactElement } from 'react'
import { aLeDroit } from '#acces'
import {
  type AccesEnMots,
  decrireRole,
  GROUPES_CHAMPS,
  LIBELLES_ROLES,
  LIBELLES_TYPES_ORGANISME,
  listerUtilisateurs,
  nommerRole,
  type Role,
  type TypeOrganisme,
} from '#referentiel'
import { pluriel } from '#socle/typography'
import { Cadre } from '../cadre.tsx'
import { Carte, Filtres, Pile, Selection, Tableau } from '../composants/index.ts'
import { page, type Reponse, type Requete } from '../route.ts'
import { adresseAcces } from './adresse.ts'

interface Qui {
  readonly type: TypeOrganisme
  readonly role: Role
}

/** Inside a sentence; acronyms keep their capitals. */
const minuscule = (texte: string): string => texte.charAt(0).toLocaleLowerCase('fr') + texte.slice(1)
const nommer = ({ type, role }: Qui): string => `${LIBELLES_TYPES_ORGANISME[type]}, ${minuscule(nommerRole(role))}`
const cleDe = ({ type, role }: Qui): string => `${type}.${role}`

const groupesEnMots = (groupes: readonly (keyof typeof GROUPES_CHAMPS)[]): string =>
  groupes.map((groupe) => GROUPES_CHAMPS[groupe].libelle.toLowerCase()).join(', ')

function TableauAcces({
  legende,
  lignes,
  vide,
}: {
  legende: string
  lignes: readonly AccesEnMots[]
  vide: string
}): ReactElement {
  return (
    <Tableau
      legende={legende}
      largeur="moyen"
      vide={vide}
      lignes={lignes}
      cle={({ cle }) => cle}
      colonnes={[
        {
          cle: 'quoi',
          titre: 'Quoi',
          principale: true,
          rendre: ({ quoi, precision }) => (
            <>
              {quoi}
              {precision !== null && <small>{precision}</small>}
            </>
          ),
        },
        { cle: 'quand', titre: 'Quand', rendre: ({ quand }) => quand },
        {
          cle: 'source',
          titre: 'Source',
          rendre: ({ source, note }) => (
            <>
              {source}
              {note !== '' && <small>{note}</small>}
            </>
          ),
        },
      ]}
    />
  )
}

function PageAcces({ requete, choisi, tous }: { requete: Requete; choisi: Qui | null; tous: readonly Qui[] }) {
  const { matrice } = requete.session.referentiel
  const lu = choisi && decrireRole(matrice, choisi.type, choisi.role)
  return (
    <Cadre
      requete={requete}
      titre={choisi ? nommer(choisi) : 'Ce que voit chaque rôle'}
      courante="comptes"
      large
      chapo={
        choisi
          ? `${LIBELLES_ROLES[choisi.role]}. Ce qui n’est pas écrit ici est refusé.`
          : 'La matrice d’accès, en mots. Ce qu’elle ne donne pas est refusé. Un organisme absent de cette liste n’a pas de compte.'
      }
      fil={[
        ...(aLeDroit(requete.acteur, 'compte.gerer') ? [{ libelle: 'Comptes', href: '/comptes' }] : []),
        choisi ? { libelle: 'Ce que voit chaque rôle', href: '/acces' } : { libelle: 'Ce que voit chaque rôle' },
        ...(choisi ? [{ libelle: nommer(choisi) }] : []),
      ]}
    >
      <Pile>
        <Filtres
          action="/acces"
          libelle="Choisir un organisme et un rôle"
          resultat={pluriel(tous.length, 'rôle dans un type d’organisme', 'rôles dans un type d’organisme')}
          actifs={choisi ? [{ libelle: nommer(choisi), retirer: '/acces' }] : []}
          toutRetirer="/acces"
        >
          <Selection
            nom="qui"
            libelle="Organisme et rôle"
            vide="Tous"
            libre
            valeur={choisi ? cleDe(choisi) : ''}
            options={tous.map((un) => ({ valeur: cleDe(un), libelle: nommer(un) }))}
          />
        </Filtres>
        {lu ? (
          <>
            <Carte titre="Ce qu’il lit d’un dossier">
              <TableauAcces
                legende="Groupes de champs lus, avec leur condition et leur source"
                lignes={lu.lectures}
                vide="Rien : ce rôle ne lit aucune donnée des ménages."
              />
              {lu.lectures.length > 0 && lu.caches.length > 0 && (
                <p className="mt2">
                  <b>Ne lit jamais :</b> {groupesEnMots(lu.caches)}.
                </p>
              )}
            </Carte>
            <Carte titre="Ce qu’il peut faire">
              <TableauAcces legende="Actes permis, avec leur condition et leur source" lignes={lu.actes} vide="Rien." />
            </Carte>
          </>
        ) : (
          <Tableau
            legende="Organismes et rôles, avec ce qu’ils lisent d’un dossier"
            largeur="moyen"
            lignes={tous}
            cle={cleDe}
            colonnes={[
              {
                cle: 'qui',
                titre: 'Organisme et rôle',
                principale: true,
                rendre: (un) => <a href={adresseAcces(un.type, un.role)}>{nommer(un)}</a>,
              },
              {
                cle: 'lit',
                titre: 'Lit d’un dossier',
                large: true,
                rendre: ({ type, role }) => {
                  const { lectures } = decrireRole(matrice, type, role)
                  const libelles = [...new Set(lectures.map(({ quoi }) => quoi.toLowerCase()))]
                  return libelles.length === 0 ? 'Rien' : libelles.join(', ')
                },
              },
              {
                cle: 'jamais',
                titre: 'Ne lit jamais',
                large: true,
                rendre: ({ type, role }) => {
                  const { lectures, caches } = decrireRole(matrice, type, role)
                  return lectures.length === 0 ? '–' : groupesEnMots(caches) || 'aucun groupe fermé'
                },
              },
            ]}
          />
        )}
      </Pile>
    </Cadre>
  )
}

/** GET /acces: every kind of body and role; `qui` opens one of them. */
export async function montrerAcces(requete: Requete): Promise<Reponse> {
  const tous = listerUtilisateurs(requete.session.referentiel.matrice)
  const choisi = tous.find((un) => cleDe(un) === requete.recherche.qui) ?? null
  return page(<PageAcces requete={requete} choisi={choisi} tous={tous} />)
}
