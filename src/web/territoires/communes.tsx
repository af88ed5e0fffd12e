import type { ReactElement } from 'react'
import {
  type DepartementCharge,
  GENRES_LIEU,
  type Lieu,
  type LigneTerritoire,
  libelleTerritoire,
  listerSecretariats,
  STATUTS_COMMUNE,
  type StatutCommune,
  type Territoires,
} from '#referentiel'
import { Introuvable } from '#socle/errors'
import { type Cell, date, text } from '#socle/tableur'
import { normalizeForSearch } from '#socle/text'
import { formatDate, pluriel } from '#socle/typography'
import { Carte, Champ, Etiquette, Filtres, Selection, Tableau } from '../composants/index.ts'
import { BoutonsExport, enFichier, type FormatExport } from '../export.tsx'
import { lireDepartement } from '../regles/regles.tsx'
import { page, type Reponse, type Requete } from '../route.ts'
import { CarteLieux, GENRES, lieuxDe, nommerLieux } from './lieux.tsx'
import { lireRemarque } from './recherche.ts'
import { AdresseSecretariat, CadreTerritoires, SectionSources } from './territoires.tsx'

const CLES = ['q', 'territoire', 'statut'] as const
type Choix = Readonly<Partial<Record<(typeof CLES)[number], string>>>

function lireChoix(recherche: Requete['recherche'], territoires: Territoires): Choix {
  const admise = {
    q: (valeur: string) => valeur.length <= 120,
    territoire: (valeur: string) => territoires.territoires.some(({ id }) => id === valeur),
    statut: (valeur: string) => Object.hasOwn(STATUTS_COMMUNE, valeur),
  }
  return Object.fromEntries(
    CLES.map((cle) => [cle, recherche[cle]?.trim() ?? ''] as const).filter(
      ([cle, valeur]) => valeur !== '' && admise[cle](valeur),
    ),
  )
}

/** The names of the lists an address asks for, in alphabetical order. */
function chercher(territoires: Territoires, { q, territoire, statut }: Choix): readonly LigneTerritoire[] {
  const mots = normalizeForSearch(q ?? '').split(' ')
  const collation = new Intl.Collator('fr')
  return territoires.lignes
    .filter((ligne) => {
      if (territoire !== undefined && ligne.territoire !== territoire) return false
      if (statut !== undefined && ligne.statut !== statut) return false
      const texte = ` ${normalizeForSearch(`${ligne.nomListe} ${ligne.nomActuel ?? ''} ${ligne.codeInsee ?? ''}`)} `
      return mots.every((mot) => mot === '' || texte.includes(` ${mot}`))
    })
    .toSorted((a, b) => collation.compare(a.nomListe, b.nomListe))
}

const adresse = (choix: Choix, chemin = '/territoires/communes'): string => {
  const requete = new URLSearchParams(Object.entries(choix)).toString()
  return requete === '' ? chemin : `${chemin}?${requete}`
}

/** GET /territoires/communes: every name of the lists. */
export async function listerLesCommunes(requete: Requete): Promise<Reponse> {
  const { territoires } = lireDepartement(requete.session)
  const choix = lireChoix(requete.recherche, territoires)
  return page(<PageCommunes requete={requete} territoires={territoires} choix={choix} />)
}

/** GET /territoires/:id: one territory, its secretariats and its names. */
export async function montrerTerritoire(requete: Requete): Promise<Reponse> {
  const departement = lireDepartement(requete.session)
  const { territoires } = departement
  const id = requete.parametres.id ?? ''
  if (!territoires.territoires.some((un) => un.id === id)) throw new Introuvable()
  const choix: Choix = { ...lireChoix(requete.recherche, territoires), territoire: id }
  return page(
    <PageCommunes requete={requete} territoires={territoires} choix={choix} seul={id} departement={departement} />,
  )
}

function PageCommunes({
  requete,
  territoires,
  choix,
  seul,
  departement,
}: {
  requete: Requete
  territoires: Territoires
  choix: Choix
  /** The page is about this territory: it is not a filter. */
  seul?: string | undefined
  departement?: DepartementCharge | undefined
}): ReactElement {
  const lignes = chercher(territoires, choix)
  const chemin = seul === undefined ? '/territoires/communes' : `/territoires/${seul}`
  const nombre = pluriel(lignes.length, 'nom de commune', 'noms de communes')
  const libelle = seul === undefined ? '' : libelleTerritoire(territoires, seul)
  const secretariats = seul === undefined ? [] : listerSecretariats(territoires, seul)
  return (
    <CadreTerritoires
      requete={requete}
      titre={seul === undefined ? nombre : `${libelle} : ${nombre}`}
      fil={[{ libelle: 'Territoires', href: '/territoires' }, { libelle: seul === undefined ? 'Communes' : libelle }]}
      chapo="Les noms sont ceux des listes imprimées ; la commune d’aujourd’hui est celle du code officiel géographique."
      actions={
        lignes.length > 0 && (
          <BoutonsExport
            quoi={lignes.length === 1 ? 'ce nom' : `ces ${pluriel(lignes.length, 'nom', 'noms')}`}
            lien={(format) => adresse(choix, `/territoires/communes.${format}`)}
          />
        )
      }
    >
      {seul !== undefined && (
        <Carte
          titre={secretariats.length > 1 ? 'Secrétariats' : 'Secrétariat'}
          aside={
            secretariats.some(({ verifie_le }) => verifie_le === null) && (
              <Etiquette ton="reserve">à vérifier</Etiquette>
            )
          }
        >
          {secretariats.length === 0 ? (
            <p>Aucun secrétariat n’est connu pour ce territoire.</p>
          ) : (
            <ul className="liste-sobre">
              {secretariats.map((secretariat) => (
                <li key={secretariat.id}>
                  <p>
                    <AdresseSecretariat secretariat={secretariat} />
                    <small>
                      Source : {secretariat.source.titre}
                      {secretariat.territoires.length > 1 &&
                        `. Tient aussi ${secretariat.territoires
                          .filter((id) => id !== seul)
                          .map((id) => libelleTerritoire(territoires, id))
                          .join(', ')}`}
                      .
                    </small>
                  </p>
                </li>
              ))}
            </ul>
          )}
        </Carte>
      )}
      {seul !== undefined && departement && <CarteLieux departement={departement} territoire={seul} />}
      <div>
        <Filtres
          action={chemin}
          libelle="Filtrer les communes"
          resultat={nombre}
          actifs={CLES.flatMap((cle) => {
            const valeur = cle === 'territoire' && seul !== undefined ? undefined : choix[cle]
            if (valeur === undefined) return []
            const libelleFiltre =
              cle === 'q'
                ? `Recherche : ${valeur}`
                : cle === 'territoire'
                  ? `Territoire : ${libelleTerritoire(territoires, valeur)}`
                  : STATUTS_COMMUNE[valeur as StatutCommune]
            return [{ libelle: libelleFiltre, retirer: adresse(sansCle(choix, cle, seul), chemin) }]
          })}
          toutRetirer={chemin}
        >
          <Champ nom="q" genre="search" libelle="Nom ou code" libre valeur={choix.q} longueurMax={120} />
          {seul === undefined && (
            <Selection
              nom="territoire"
              libelle="Territoire"
              libre
              vide="Tous"
              valeur={choix.territoire}
              options={territoires.territoires.map(({ id, libelle: texte }) => ({ valeur: id, libelle: texte }))}
            />
          )}
          <Selection
            nom="statut"
            libelle="Statut"
            libre
            vide="Tous"
            valeur={choix.statut}
            options={Object.entries(STATUTS_COMMUNE)
              .filter(([statut]) => territoires.lignes.some((ligne) => ligne.statut === statut))
              .map(([valeur, texte]) => ({ valeur, libelle: texte }))}
          />
        </Filtres>
        <Tableau
          legende={`${nombre}, par ordre alphabétique`}
          dense
          lignes={lignes}
          cle={({ territoire, nomListe, du }) => `${territoire} ${nomListe} ${du}`}
          colonnes={[
            {
              cle: 'nom',
              titre: 'Nom dans la liste',
              principale: true,
              rendre: ({ nomListe }) => <b translate="no">{nomListe}</b>,
            },
            ...(seul === undefined
              ? [
                  {
                    cle: 'territoire',
                    titre: 'Territoire',
                    rendre: ({ territoire }: LigneTerritoire) => (
                      <a href={`/territoires/${territoire}`}>{libelleTerritoire(territoires, territoire)}</a>
                    ),
                  },
                ]
              : []),
            {
              cle: 'actuelle',
              titre: 'Commune d’aujourd’hui',
              rendre: ({ nomActuel, codeInsee }) =>
                nomActuel === null ? (
                  <Etiquette ton="reserve">à vérifier</Etiquette>
                ) : (
                  <>
                    <span translate="no">{nomActuel}</span> <span className="note">{codeInsee}</span>
                  </>
                ),
            },
            { cle: 'statut', titre: 'Statut', rendre: ({ statut }) => STATUTS_COMMUNE[statut] },
            { cle: 'du', titre: 'Depuis', rendre: ({ du }) => (du ? formatDate(du) : '') },
            { cle: 'jusqu', titre: 'Jusqu’au', rendre: ({ jusquAu }) => (jusquAu ? formatDate(jusquAu) : '') },
            {
              cle: 'remarque',
              titre: 'Remarque',
              large: true,
              rendre: ({ remarque }) => <span className="note">{lireRemarque(territoires, remarque)}</span>,
            },
          ]}
          vide="Aucun nom ne répond à ces filtres."
        />
      </div>
      <SectionSources territoires={territoires} />
    </CadreTerritoires>
  )
}

function sansCle(choix: Choix, cle: (typeof CLES)[number], seul: string | undefined): Choix {
  return Object.fromEntries(
    Object.entries(choix).filter(([nom]) => nom !== cle && !(seul !== undefined && nom === 'territoire')),
  )
}

const COLONNES: readonly {
  readonly titre: string
  readonly lire: (ligne: LigneTerritoire, territoires: Territoires, lieux: readonly Lieu[]) => Cell
}[] = [
  { titre: 'Territoire', lire: ({ territoire }, lieux) => text(libelleTerritoire(lieux, territoire)) },
  { titre: 'Nom dans la liste', lire: ({ nomListe }) => text(nomListe) },
  { titre: 'Commune d’aujourd’hui', lire: ({ nomActuel }) => text(nomActuel) },
  { titre: 'Code officiel', lire: ({ codeInsee }) => text(codeInsee) },
  { titre: 'Statut', lire: ({ statut }) => text(STATUTS_COMMUNE[statut]) },
  { titre: 'Depuis', lire: ({ du }) => date(du) },
  { titre: 'Jusqu’au', lire: ({ jusquAu }) => date(jusquAu) },
  ...GENRES.map((genre) => ({
    titre: GENRES_LIEU[genre],
    lire: (ligne: LigneTerritoire, _: Territoires, lieux: readonly Lieu[]) => text(nommerLieux(lieux, genre, ligne)),
  })),
  { titre: 'Remarque', lire: ({ remarque }, lieux) => text(lireRemarque(lieux, remarque)) },
]

/** GET /territoires/communes.<format>: the names the list shows under the same filters. */
export const exporterCommunes =
  (format: FormatExport) =>
  async (requete: Requete): Promise<Reponse> => {
    const departement = lireDepartement(requete.session)
    const { territoires } = departement
    const lieux = lieuxDe(departement)
    const lignes = chercher(territoires, lireChoix(requete.recherche, territoires))
    return enFichier(
      `communes-${requete.session.dept}`,
      {
        name: 'Communes',
        header: COLONNES.map(({ titre }) => titre),
        rows: lignes.map((ligne) => COLONNES.map(({ lire }) => lire(ligne, territoires, lieux))),
      },
      format,
    )
  }
