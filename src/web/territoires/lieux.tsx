import type { ReactElement, ReactNode } from 'react'
import { aLeDroit } from '#acces'
import { listerMairesVolontaires, type MaireVolontaire } from '#commission'
import {
  type DepartementCharge,
  GENRES_LIEU,
  type GenreLieu,
  type Lieu,
  listerLieuxDuTerritoire,
  trouverLieux,
} from '#referentiel'
import { formatDate } from '#socle/typography'
import { Carte, Etiquette, ListeDefinition } from '../composants/index.ts'
import type { Requete } from '../route.ts'

export const GENRES = Object.keys(GENRES_LIEU) as GenreLieu[]

/** Organismes that are places too: the CCAS and the social landlords the département declares. */
const DES_ORGANISMES: ReadonlySet<string> = new Set(['ccas', 'bailleur_social'])

/** Every place of a département: those of its file, and the CCAS and social landlords it declares. */
export function lieuxDe({ lieux, organismes }: Pick<DepartementCharge, 'lieux' | 'organismes'>): readonly Lieu[] {
  const declares = organismes
    .filter(({ type, nom }) => DES_ORGANISMES.has(type) && !lieux.some((un) => un.nom === nom))
    .map(
      ({ type, nom, communes, territoires }): Lieu => ({
        genre: type as GenreLieu,
        nom,
        adresse: [],
        telephone: null,
        communes,
        territoires,
        source: { titre: 'Organismes déclarés par le département', reference: null, lien: null },
        fiabilite: 'defaut',
        verifie_le: null,
      }),
    )
  return [...lieux, ...declares]
}

/** One place: how to reach it, and where that is known from. */
function UnLieu({ lieu }: { lieu: Lieu }): ReactElement {
  const { nom, adresse, telephone, horaires, source } = lieu
  const joindre = [adresse.join(', '), telephone ?? '', horaires ?? ''].filter((part) => part !== '')
  return (
    <span className="lieu">
      {nom}
      <small>{joindre.length === 0 ? 'Adresse et téléphone à compléter' : joindre.join('. ')}</small>
      <small>Source : {source.titre}.</small>
    </span>
  )
}

const ecrireLieux = (lieux: readonly Lieu[]): ReactNode =>
  lieux.length === 0
    ? 'Non renseigné : le département le complète'
    : lieux.map((lieu) => <UnLieu key={`${lieu.nom} ${lieu.communes?.join() ?? ''}`} lieu={lieu} />)

/** What serves a commune, kind by kind, in the rows of its card (TER-07). */
export const lignesDeLaCommune = (
  lieux: readonly Lieu[],
  ou: { readonly codeInsee: string | null; readonly territoire: string | null },
) => GENRES.map((genre) => ({ terme: GENRES_LIEU[genre], valeur: ecrireLieux(trouverLieux(lieux, genre, ou)) }))

/** The names a commune is sent to, for one kind, in one cell of an export. */
export const nommerLieux = (
  lieux: readonly Lieu[],
  genre: GenreLieu,
  ou: { readonly codeInsee: string | null; readonly territoire: string | null },
): string =>
  trouverLieux(lieux, genre, ou)
    .map(({ nom, telephone }) => (telephone === null ? nom : `${nom}, ${telephone}`))
    .join(' ; ')

/** What serves a territory and its communes (TER-08). */
export function CarteLieux({
  departement,
  territoire,
}: {
  departement: DepartementCharge
  territoire: string
}): ReactElement {
  const lieux = lieuxDe(departement)
  const siens = GENRES.map(
    (genre) => [genre, listerLieuxDuTerritoire(lieux, genre, departement.territoires, territoire)] as const,
  )
  const douteux = siens.some(([, un]) => un.some(({ verifie_le }) => verifie_le === null))
  return (
    <Carte titre="Qui travaille ici" id="lieux" aside={douteux && <Etiquette ton="reserve">à vérifier</Etiquette>}>
      <ListeDefinition
        lignes={siens.map(([genre, trouves]) => ({ terme: GENRES_LIEU[genre], valeur: ecrireLieux(trouves) }))}
      />
    </Carte>
  )
}

/** Mayors who sit for their residents; null for whoever does not read the commissions. */
export const lireMaires = async (requete: Requete): Promise<readonly MaireVolontaire[] | null> =>
  aLeDroit(requete.acteur, 'commission.consulter') ? listerMairesVolontaires(requete.session) : null

/** « Mairie du Creusot : Mme Roy, commission d’Autun, depuis le 01/01/2026 ». */
export function direMaire({ mairie, titulaire, suppleant, commission_nom, du, jusqu_au }: MaireVolontaire): string {
  return [
    titulaire === '' ? mairie : `${mairie} : ${titulaire}`,
    ...(suppleant === '' ? [] : [`suppléance : ${suppleant}`]),
    commission_nom,
    `depuis le ${formatDate(du)}${jusqu_au === null ? '' : `, jusqu’au ${formatDate(jusqu_au)}`}`,
  ].join(', ')
}
