import { compterMisesADisposition, type MisesADisposition } from '#indicateurs'
import { type Cell, number, text } from '#socle/tableur'
import { ecrireNombre, NON_MONTRE } from '../annees.ts'
import { BoutonImprimer, type Colonne, EtatVide, PiedCadre, Pile, Tableau } from '../composants/index.ts'
import { BoutonsExport, ecrireFichier, type FormatExport, marquer, sortir } from '../export.tsx'
import { page, type Reponse, type Requete } from '../route.ts'
import {
  CadrePilotage,
  CommentCestCompte,
  direAnnee,
  ecrireMethode,
  lireVue,
  nommerEtape,
  PILOTAGE,
} from './commun.tsx'

/** Steps at which the charter counts them; the others stand together. */
const ETAPES = ['commandement_de_payer', 'assignation', 'commandement_de_quitter_les_lieux'] as const
const AUTRES = 'autres'
type Etape = (typeof ETAPES)[number] | typeof AUTRES
const etapes: readonly Etape[] = [...ETAPES, AUTRES]
const titrer = (etape: Etape): string => (etape === AUTRES ? 'Autres étapes' : nommerEtape(etape))

/** One organisme: letters of Amont and letters it noted, at each step. Null: too small to be shown. */
interface LigneMises {
  readonly organisme: string
  readonly nom: string
  readonly par: ReadonlyMap<Etape, { readonly courriers: number | null; readonly contacts: number | null }>
}

const additionner = (a: number | null, b: number | null): number | null => (a === null || b === null ? null : a + b)

function ranger(comptees: readonly MisesADisposition[]): LigneMises[] {
  return [...Map.groupBy(comptees, ({ organisme }) => organisme)].map(([organisme, siennes]) => ({
    organisme,
    nom: siennes[0]?.organisme_nom ?? '',
    par: new Map(
      etapes.map((etape) => {
        const ici = siennes.filter(({ stade }) => (ETAPES.find((une) => une === stade) ?? AUTRES) === etape)
        const somme = (lire: (une: MisesADisposition) => number | null) =>
          ici.map(lire).reduce<number | null>(additionner, 0)
        return [etape, { courriers: somme(({ courriers }) => courriers), contacts: somme(({ contacts }) => contacts) }]
      }),
    ),
  }))
}

async function lire(requete: Requete) {
  const vue = await lireVue(requete)
  return { vue, lignes: ranger(await compterMisesADisposition(requete.session, vue.annee, vue.diffusion)) }
}

/** GET /pilotage/mises-a-disposition: letters that offer to meet, by organisme and step (REP-20). */
export async function montrerMises(requete: Requete): Promise<Reponse> {
  const { vue, lignes } = await lire(requete)
  requete.session.consigner({ action: 'pilotage.consulter', details: { annee: vue.annee, vue: 'mises-a-disposition' } })
  const colonnes: Colonne<LigneMises>[] = [
    { cle: 'organisme', titre: 'Organisme', principale: true, rendre: ({ nom }) => nom },
    ...etapes.map(
      (etape): Colonne<LigneMises> => ({
        cle: etape,
        titre: titrer(etape),
        numerique: true,
        rendre: ({ par }) => {
          const { courriers = 0, contacts = 0 } = par.get(etape) ?? {}
          const toutes = additionner(courriers, contacts)
          return (
            <>
              {toutes === null ? NON_MONTRE : ecrireNombre(toutes)}
              {contacts !== 0 && toutes !== null && <small>dont {ecrireNombre(contacts)} hors d’Amont</small>}
            </>
          )
        },
      }),
    ),
  ]
  return page(
    <CadrePilotage
      requete={requete}
      vue={vue}
      suite="/mises-a-disposition"
      titre={`Offres de rencontre en ${vue.annee}`}
      chapo="Les lettres qui mettent un service à la disposition du ménage, par organisme et par étape. Elles se comptent en fin d’année."
      versions
      horsCommissions
    >
      <Pile>
        <CommentCestCompte requete={requete} methode="mises-a-disposition" />
        {lignes.length === 0 ? (
          <EtatVide titre={`Aucune offre de rencontre en ${vue.annee}`}>
            Une lettre envoyée depuis « Écrire », ou un contact par courrier noté « rendez-vous proposé », paraît ici.
          </EtatVide>
        ) : (
          <>
            <Tableau<LigneMises>
              legende={`Offres de rencontre par organisme et par étape, ${vue.annee}`}
              lignes={lignes}
              cle={({ organisme }) => organisme}
              colonnes={colonnes}
            />
            <PiedCadre note="L’export contient ces chiffres, ni plus ni moins, avec la façon de les compter.">
              <BoutonImprimer />
              <BoutonsExport
                quoi="ces chiffres"
                lien={(format) => vue.adresse(`${PILOTAGE}/mises-a-disposition.${format}`)}
              />
            </PiedCadre>
          </>
        )}
      </Pile>
    </CadrePilotage>,
  )
}

/** GET /pilotage/mises-a-disposition.xlsx, .ods, .csv: exactly what is on screen. */
export const exporterMises =
  (format: FormatExport) =>
  async (requete: Requete): Promise<Reponse> => {
    const { vue, lignes } = await lire(requete)
    const { annee, diffusion } = vue
    const enCellule = (n: number | null): Cell => (n === null ? text(NON_MONTRE) : number(n))
    requete.session.consigner({
      action: 'pilotage.exporter',
      details: { format, quoi: 'mises-a-disposition', annee, diffusion, nombre: lignes.length },
    })
    return sortir(requete, {
      nombre: lignes.length,
      filtre: direAnnee(vue),
      construire: (marque) =>
        ecrireFichier(
          `offres-de-rencontre-${annee}`,
          {
            name: `Offres ${annee}`,
            mark: marquer(marque) ?? {
              name: 'Méthode',
              lines: [`${direAnnee(vue)}.`, ecrireMethode(requete, 'mises-a-disposition')],
            },
            header: [
              'Organisme',
              ...etapes.flatMap((etape) => [titrer(etape), `${titrer(etape)}, dont notées hors d’Amont`]),
            ],
            rows: lignes.map(({ nom, par }) => [
              text(nom),
              ...etapes.flatMap((etape) => {
                const { courriers = 0, contacts = 0 } = par.get(etape) ?? {}
                const toutes = additionner(courriers, contacts)
                return [enCellule(toutes), enCellule(toutes === null ? null : contacts)]
              }),
            ]),
          },
          format,
        ),
    })
  }
