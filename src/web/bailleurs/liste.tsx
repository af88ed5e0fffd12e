import { aLeDroit } from '#acces'
import { NATURES_BAILLEUR } from '#procedure'
import { type Bailleur, estNatureBailleur, type FiltreBailleurs, listerBailleurs } from '#rapprochement'
import { type Cell, date, number, text } from '#socle/tableur'
import { pluriel } from '#socle/typography'
import { Bouton, Champ, EtatVide, Filtres, Pagination, Selection, Tableau } from '../composants/index.ts'
import { BoutonsExport, direDemande, ecrireFichier, type FormatExport, marquer, sortir } from '../export.tsx'
import { page, type Reponse, type Requete } from '../route.ts'
import { adresseBailleur, CadreBailleurs, decrireBailleur, direAnah } from './commun.tsx'

const TAILLE = 50
const GENRES = { anah: 'Conventionnés avec l’ANAH', gerant: 'Gérants' } as const

interface Choix {
  readonly q: string
  readonly nature: string
  readonly genre: string
}

function lireChoix({ recherche }: Requete): Choix {
  const { q = '', nature = '', genre = '' } = recherche
  return {
    q: q.trim().slice(0, 120),
    nature: estNatureBailleur(nature) ? nature : '',
    genre: Object.hasOwn(GENRES, genre) ? genre : '',
  }
}

const enFiltre = ({ q, nature, genre }: Choix): FiltreBailleurs => ({
  texte: q,
  nature: estNatureBailleur(nature) ? nature : undefined,
  genre: genre === 'anah' || genre === 'gerant' ? genre : undefined,
})

const ecrire = (choix: Choix, suite: Readonly<Record<string, string>> = {}): string =>
  new URLSearchParams(Object.entries({ ...choix, ...suite }).filter(([, valeur]) => valeur !== '')).toString()

/** GET /bailleurs (RAP-10). */
export async function montrerBailleurs(requete: Requete): Promise<Reponse> {
  const { session, recherche } = requete
  const choix = lireChoix(requete)
  const debut = Math.max(0, Math.trunc(Number(recherche.depuis) || 0))
  const { lignes, total } = await listerBailleurs(session, enFiltre(choix), { debut, taille: TAILLE })
  session.consigner({ action: 'bailleurs.lister', details: { total } })
  const tient = aLeDroit(requete.acteur, 'bailleur.tenir')
  const seul = choix.q === '' && choix.nature === '' && choix.genre === ''
  const adresse = (suite: Readonly<Record<string, string>>) => `/bailleurs?${ecrire(choix, suite)}`
  return page(
    <CadreBailleurs
      requete={requete}
      titre="Bailleurs et gérants"
      large
      chapo="Une fiche par bailleur, quel que soit le nombre de ses logements."
      fil={[{ libelle: 'Bailleurs' }]}
      actions={
        <>
          {total > 0 && (
            <BoutonsExport
              quoi={total === 1 ? 'cette fiche' : `ces ${pluriel(total, 'fiche', 'fiches')}`}
              lien={(format) => `/bailleurs/export.${format}?${ecrire(choix)}`}
            />
          )}
          {tient && (
            <>
              <Bouton petit href="/bailleurs/anah">
                Recevoir la liste de l’ANAH
              </Bouton>
              <Bouton petit icone="plus" href="/bailleurs/ajouter">
                Ajouter un bailleur
              </Bouton>
            </>
          )}
        </>
      }
    >
      <Filtres
        action="/bailleurs"
        libelle="Chercher un bailleur"
        bouton="Chercher"
        resultat={pluriel(total, 'fiche', 'fiches')}
        {...(seul ? {} : { toutRetirer: '/bailleurs' })}
      >
        <Champ nom="q" libelle="Nom, SIRET ou adresse" genre="search" libre valeur={choix.q} longueurMax={120} />
        <Selection
          nom="nature"
          libelle="Nature"
          libre
          vide="Toutes"
          valeur={choix.nature}
          options={Object.entries(NATURES_BAILLEUR).map(([valeur, libelle]) => ({ valeur, libelle }))}
        />
        <Selection
          nom="genre"
          libelle="Seulement"
          libre
          vide="Toutes les fiches"
          valeur={choix.genre}
          options={Object.entries(GENRES).map(([valeur, libelle]) => ({ valeur, libelle }))}
        />
      </Filtres>
      {total === 0 && debut === 0 ? (
        <EtatVide
          titre={seul ? 'Le référentiel est vide' : 'Aucun bailleur ne répond à cette recherche'}
          {...(tient && seul ? { geste: { href: '/bailleurs/ajouter', libelle: 'Ajouter un bailleur' } } : {})}
        >
          {seul
            ? 'Une fiche s’ouvre ici, ou depuis un dossier, dans « Logement et bailleur ».'
            : 'Chercher avec moins de mots, ou retirer un filtre.'}
        </EtatVide>
      ) : (
        <Tableau<Bailleur>
          legende="Bailleurs et gérants, par ordre alphabétique"
          largeur="moyen"
          lignes={lignes}
          cle={({ id }) => id}
          colonnes={[
            {
              cle: 'nom',
              titre: 'Bailleur',
              principale: true,
              rendre: ({ id, nom, siret }) => (
                <>
                  <a href={adresseBailleur(id)}>{nom}</a>
                  {siret !== null && <small>SIRET {siret}</small>}
                </>
              ),
            },
            { cle: 'nature', titre: 'Nature', rendre: decrireBailleur },
            { cle: 'anah', titre: 'ANAH', rendre: direAnah },
            { cle: 'logements', titre: 'Logements', numerique: true, rendre: ({ logements }) => logements },
            { cle: 'dossiers', titre: 'Dossiers', numerique: true, rendre: ({ dossiers }) => dossiers },
            { cle: 'geres', titre: 'Gérés pour d’autres', numerique: true, rendre: ({ geres }) => geres },
          ]}
          apres={
            total > TAILLE ? (
              <Pagination
                libelle="Pages des bailleurs"
                position={`${debut + 1} à ${debut + lignes.length} sur ${total}`}
                precedents={debut > 0 ? adresse({ depuis: String(Math.max(0, debut - TAILLE)) }) : undefined}
                suivants={debut + TAILLE < total ? adresse({ depuis: String(debut + TAILLE) }) : undefined}
              />
            ) : undefined
          }
        />
      )}
    </CadreBailleurs>,
  )
}

const COLONNES: readonly { readonly titre: string; readonly lire: (un: Bailleur) => Cell }[] = [
  { titre: 'Bailleur', lire: ({ nom }) => text(nom) },
  { titre: 'SIRET', lire: ({ siret }) => text(siret) },
  { titre: 'Nature', lire: (un) => text(decrireBailleur(un)) },
  { titre: 'Adresse', lire: ({ adresse }) => text(adresse) },
  { titre: 'Téléphone', lire: ({ telephone }) => text(telephone) },
  { titre: 'Courriel', lire: ({ courriel }) => text(courriel) },
  { titre: 'Conventionné ANAH', lire: ({ conventionne_anah }) => text(conventionne_anah ? 'oui' : 'non') },
  { titre: 'Convention signée le', lire: ({ conventionne_anah_le: le }) => date(le) },
  { titre: 'Logements', lire: ({ logements }) => number(logements) },
  { titre: 'Dossiers', lire: ({ dossiers }) => number(dossiers) },
  { titre: 'Gérés pour d’autres', lire: ({ geres }) => number(geres) },
]

/** GET /bailleurs/export.<format>: the sheets the list shows under the same filters. */
export const exporterBailleurs =
  (format: FormatExport) =>
  async (requete: Requete): Promise<Reponse> => {
    const { session } = requete
    const { lignes, total } = await listerBailleurs(session, enFiltre(lireChoix(requete)), { taille: 100_000 })
    session.consigner({ action: 'bailleurs.exporter', details: { total } })
    return sortir(requete, {
      nombre: lignes.length,
      filtre: direDemande(requete.recherche),
      construire: (marque) =>
        ecrireFichier(
          `bailleurs-${session.jour}`,
          {
            name: 'Bailleurs',
            header: COLONNES.map(({ titre }) => titre),
            rows: lignes.map((ligne) => COLONNES.map(({ lire }) => lire(ligne))),
            mark: marquer(marque),
          },
          format,
        ),
    })
  }
