import { aLeDroit } from '#acces'
import { listerMairesVolontaires, type MaireVolontaire } from '#commission'
import { libelleTerritoire, type Territoires } from '#referentiel'
import { date, text } from '#socle/tableur'
import { normalizeForSearch } from '#socle/text'
import { formatDate, pluriel } from '#socle/typography'
import { Bouton, Champ, EtatVide, Filtres, Selection, Tableau } from '../composants/index.ts'
import { BoutonsExport, enFichier, type FormatExport } from '../export.tsx'
import { lireDepartement } from '../regles/regles.tsx'
import { page, type Reponse, type Requete } from '../route.ts'
import { CadreTerritoires } from './territoires.tsx'

/** A mayor and a commune of theirs: several communes make several rows. */
interface Ligne extends MaireVolontaire {
  readonly commune: string
  readonly territoires: readonly string[]
}

async function lireLignes({ session, recherche }: Requete, territoires: Territoires) {
  const q = (recherche.q ?? '').trim().slice(0, 120)
  const territoire = territoires.territoires.some(({ id }) => id === recherche.territoire)
    ? recherche.territoire
    : undefined
  const mots = normalizeForSearch(q).split(' ')
  const lignes = (await listerMairesVolontaires(session))
    .flatMap((maire) =>
      maire.communes.map((code): Ligne => {
        const siennes = territoires.index.lignesParCode.get(code) ?? []
        return {
          ...maire,
          commune: territoires.index.communesParCode.get(code)?.nom ?? siennes[0]?.nomActuel ?? code,
          territoires: [...new Set(siennes.map((une) => une.territoire))],
        }
      }),
    )
    .filter(
      (une) =>
        (territoire === undefined || une.territoires.includes(territoire)) &&
        mots.every((mot) =>
          normalizeForSearch(`${une.commune} ${une.mairie} ${une.titulaire} ${une.suppleant}`).includes(mot),
        ),
    )
    .toSorted((a, b) => a.commune.localeCompare(b.commune, 'fr'))
  return { q, territoire, lignes }
}

/** GET /territoires/maires (TER-11). */
export async function montrerMaires(requete: Requete): Promise<Reponse> {
  const { territoires } = lireDepartement(requete.session)
  const { q, territoire, lignes } = await lireLignes(requete, territoires)
  const tient = aLeDroit(requete.acteur, 'commission.tenir')
  const parametres = new URLSearchParams({ ...(q ? { q } : {}), ...(territoire ? { territoire } : {}) })
  return page(
    <CadreTerritoires
      requete={requete}
      titre="Maires volontaires"
      fil={[{ libelle: 'Territoires', href: '/territoires' }, { libelle: 'Maires volontaires' }]}
      chapo="Les maires qui souhaitent participer à la commission, chacun pour ses seuls administrés."
      actions={
        <>
          {lignes.length > 0 && (
            <BoutonsExport
              quoi={lignes.length === 1 ? 'ce maire' : `ces ${pluriel(lignes.length, 'maire', 'maires')}`}
              lien={(format) => `/territoires/maires.${format}?${parametres}`}
            />
          )}
          {tient && (
            <Bouton petit icone="plus" href="/commissions">
              Inscrire un maire
            </Bouton>
          )}
        </>
      }
    >
      <Filtres
        action="/territoires/maires"
        libelle="Chercher un maire"
        bouton="Chercher"
        resultat={pluriel(lignes.length, 'commune', 'communes')}
        {...(q === '' && territoire === undefined ? {} : { toutRetirer: '/territoires/maires' })}
      >
        <Champ nom="q" libelle="Commune ou nom" genre="search" libre valeur={q} longueurMax={120} />
        <Selection
          nom="territoire"
          libelle="Territoire"
          libre
          vide="Tous"
          valeur={territoire}
          options={territoires.territoires.map(({ id, libelle }) => ({ valeur: id, libelle }))}
        />
      </Filtres>
      {lignes.length === 0 ? (
        <EtatVide
          titre={
            q === '' && territoire === undefined
              ? 'Aucun maire n’est inscrit'
              : 'Aucun maire ne répond à cette recherche'
          }
        >
          {tient
            ? 'Un maire volontaire s’inscrit comme membre de la commission de son territoire, depuis sa page.'
            : 'Le secrétariat inscrit les maires volontaires parmi les membres des commissions.'}
        </EtatVide>
      ) : (
        <Tableau<Ligne>
          legende="Maires volontaires, par commune"
          largeur="moyen"
          lignes={lignes}
          cle={({ id, commune }) => `${id} ${commune}`}
          colonnes={[
            { cle: 'commune', titre: 'Commune', principale: true, rendre: ({ commune }) => commune },
            {
              cle: 'territoire',
              titre: 'Territoire',
              rendre: ({ territoires: siens }) =>
                siens.length === 0 ? 'À déterminer' : siens.map((id) => libelleTerritoire(territoires, id)).join(', '),
            },
            {
              cle: 'maire',
              titre: 'Maire',
              rendre: ({ mairie, titulaire, suppleant }) => (
                <>
                  {titulaire === '' ? mairie : titulaire}
                  <small>{suppleant === '' ? mairie : `${mairie}, suppléance : ${suppleant}`}</small>
                </>
              ),
            },
            {
              cle: 'commission',
              titre: 'Commission',
              rendre: ({ commission, commission_nom }) => <a href={`/commissions/${commission}`}>{commission_nom}</a>,
            },
            {
              cle: 'du',
              titre: 'Depuis',
              rendre: ({ du, jusqu_au }) =>
                `${formatDate(du)}${jusqu_au === null ? '' : `, jusqu’au ${formatDate(jusqu_au)}`}`,
            },
          ]}
        />
      )}
    </CadreTerritoires>,
  )
}

/** GET /territoires/maires.<format>: what the list shows. Names of elected people, no household. */
export const exporterMaires =
  (format: FormatExport) =>
  async (requete: Requete): Promise<Reponse> => {
    const { territoires } = lireDepartement(requete.session)
    const { lignes } = await lireLignes(requete, territoires)
    return enFichier(
      `maires-volontaires-${requete.session.dept}`,
      {
        name: 'Maires volontaires',
        header: ['Commune', 'Territoire', 'Mairie', 'Maire', 'Suppléance', 'Commission', 'Depuis', 'Jusqu’au'],
        rows: lignes.map((une) => [
          text(une.commune),
          text(une.territoires.map((id) => libelleTerritoire(territoires, id)).join(', ')),
          text(une.mairie),
          text(une.titulaire),
          text(une.suppleant),
          text(une.commission_nom),
          date(une.du),
          date(une.jusqu_au),
        ]),
      },
      format,
    )
  }
