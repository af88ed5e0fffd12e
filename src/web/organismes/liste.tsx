import { listerOrganismesTenus, type OrganismeTenu } from '#acces'
import type { Territoires } from '#referentiel'
import { number, text } from '#socle/tableur'
import { pluriel } from '#socle/typography'
import { Cadre } from '../cadre.tsx'
import { Bouton, Champ, Etiquette, Filtres, Selection, Tableau } from '../composants/index.ts'
import { BoutonsExport, enFichier, type FormatExport } from '../export.tsx'
import { lireDepartement } from '../regles/regles.tsx'
import { page, type Reponse, type Requete } from '../route.ts'
import { direLieux, nommerType, typesChoix } from './commun.tsx'

const ETATS = { ouverts: 'ouverts', fermes: 'fermés' } as const
type Etat = keyof typeof ETATS

interface Lue {
  readonly q: string
  readonly type: string | undefined
  readonly etat: Etat | undefined
  readonly organismes: readonly OrganismeTenu[]
  readonly lieux: Territoires
}

async function lireListe({ session, recherche }: Requete): Promise<Lue> {
  const q = (recherche.q ?? '').trim().slice(0, 120)
  const type = typesChoix.find(({ valeur }) => valeur === recherche.type)?.valeur
  const etat = Object.hasOwn(ETATS, recherche.etat ?? '') ? (recherche.etat as Etat) : undefined
  const organismes = await listerOrganismesTenus(session, {
    texte: q,
    type,
    ...(etat ? { fermes: etat === 'fermes' } : {}),
  })
  return { q, type, etat, organismes, lieux: lireDepartement(session).territoires }
}

/** GET /organismes. */
export async function listerLesOrganismes(requete: Requete): Promise<Reponse> {
  const { q, type, etat, organismes, lieux } = await lireListe(requete)
  const choix = { ...(q ? { q } : {}), ...(type ? { type } : {}), ...(etat ? { etat } : {}) }
  const sans = (cle: keyof typeof choix) => {
    const { [cle]: _, ...reste } = choix
    return `/organismes?${new URLSearchParams(reste)}`
  }
  return page(
    <Cadre
      requete={requete}
      titre="Organismes"
      courante="comptes"
      large
      fil={[{ libelle: 'Comptes', href: '/comptes' }, { libelle: 'Organismes' }]}
      chapo="Qui envoie des signalements, accompagne les ménages ou reçoit ce qu’on lui transmet. Un organisme n’ouvre aucun accès par lui-même : ce sont ses comptes."
      actions={
        <>
          {organismes.length > 0 && (
            <BoutonsExport
              quoi={
                organismes.length === 1
                  ? 'cet organisme'
                  : `ces ${pluriel(organismes.length, 'organisme', 'organismes')}`
              }
              lien={(format) => `/organismes.${format}?${new URLSearchParams(choix)}`}
            />
          )}
          <Bouton genre="principal" icone="plus" href="/organismes/nouveau">
            Ajouter un organisme
          </Bouton>
        </>
      }
    >
      <Filtres
        action="/organismes"
        libelle="Filtrer les organismes"
        resultat={pluriel(organismes.length, 'organisme', 'organismes')}
        actifs={[
          ...(q ? [{ libelle: q, retirer: sans('q') }] : []),
          ...(type ? [{ libelle: nommerType(type), retirer: sans('type') }] : []),
          ...(etat ? [{ libelle: ETATS[etat], retirer: sans('etat') }] : []),
        ]}
        toutRetirer="/organismes"
      >
        <Champ nom="q" libelle="Nom ou code" genre="search" valeur={q} libre longueurMax={120} />
        <Selection nom="type" libelle="Sorte" vide="Toutes" valeur={type} libre options={typesChoix} />
        <Selection
          nom="etat"
          libelle="État"
          vide="Tous"
          valeur={etat}
          libre
          options={Object.entries(ETATS).map(([valeur, libelle]) => ({ valeur, libelle }))}
        />
      </Filtres>
      <Tableau
        legende="Organismes du département"
        vide="Aucun organisme ne répond à ces filtres."
        colonnes={[
          {
            cle: 'nom',
            titre: 'Organisme',
            principale: true,
            rendre: (organisme) => (
              <>
                <a href={`/organismes/${organisme.id}`}>{organisme.nom}</a>
                <small translate="no">{organisme.code}</small>
              </>
            ),
          },
          { cle: 'type', titre: 'Sorte', rendre: (organisme) => nommerType(organisme.type) },
          { cle: 'lieux', titre: 'Agit pour', large: true, rendre: (organisme) => direLieux(organisme, lieux) },
          {
            cle: 'comptes',
            titre: 'Comptes',
            numerique: true,
            rendre: ({ comptes, nom }) =>
              comptes === 0 ? (
                '0'
              ) : (
                <a href={`/comptes?${new URLSearchParams({ q: nom })}`}>
                  {comptes}
                  <span className="sr"> : les comptes de {nom}</span>
                </a>
              ),
          },
          {
            cle: 'etat',
            titre: 'État',
            rendre: ({ actif }) => <Etiquette ton={actif ? 'tenu' : 'neutre'}>{actif ? 'ouvert' : 'fermé'}</Etiquette>,
          },
        ]}
        lignes={organismes}
        cle={({ id }) => id}
      />
    </Cadre>,
  )
}

/** GET /organismes.<format>: what the list shows. */
export const exporterOrganismes =
  (format: FormatExport) =>
  async (requete: Requete): Promise<Reponse> => {
    const { organismes, lieux } = await lireListe(requete)
    return enFichier(
      `organismes-${requete.session.dept}`,
      {
        name: 'Organismes',
        header: ['Organisme', 'Code', 'Sorte', 'Agit pour', 'Comptes', 'État'],
        rows: organismes.map((organisme) => [
          text(organisme.nom),
          text(organisme.code),
          text(nommerType(organisme.type)),
          text(direLieux(organisme, lieux)),
          number(organisme.comptes),
          text(organisme.actif ? 'ouvert' : 'fermé'),
        ]),
      },
      format,
    )
  }
