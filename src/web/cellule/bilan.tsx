import { acteurSysteme, ouvrirSession } from '#acces'
import { type BilanCellule, mesurerCellule } from '#commission'
import { libelleTerritoire } from '#referentiel'
import { number, text } from '#socle/tableur'
import { formatNombre } from '#socle/typography'
import { ecrireNombre, lireAnnee, listerAnnees, NON_MONTRE } from '../annees.ts'
import { Cadre } from '../cadre.tsx'
import { Carte, EtatVide, Filtres, ListeDefinition, PiedCadre, Pile, Selection } from '../composants/index.ts'
import { BoutonsExport, enFichier, type FormatExport } from '../export.tsx'
import { page, type Reponse, type Requete } from '../route.ts'

/** Counted as background work: nobody reads every consultation, and numbers alone come back. */
function mesurer({ application, acteur, session }: Requete, annee: number): Promise<BilanCellule> {
  const departement = session.referentiel.departements.get(session.dept)
  const nommer = (territoire: string | null): string =>
    departement ? libelleTerritoire(departement.territoires, territoire) : (territoire ?? '')
  return ouvrirSession(application, acteurSysteme(acteur.dept, 'bilan-cellule'), 'cellule.mesurer', (large) =>
    mesurerCellule(large, annee, nommer),
  )
}

/** GET /cellule/bilan (CEL-10, CEL-12, IND-64). */
export async function montrerBilan(requete: Requete): Promise<Reponse> {
  const annee = lireAnnee(requete)
  const bilan = await mesurer(requete, annee)
  requete.session.consigner({ action: 'cellule.mesurer', details: { annee } })
  return page(
    <Cadre
      requete={requete}
      titre={`Bilan de la cellule technique, ${annee}`}
      chapo={`Consultations ouvertes dans l’année, sur tout le département. Les nombres de moins de ${bilan.seuil}, qui pourraient désigner un ménage, ne sont pas montrés, ni ceux qui les feraient retrouver par différence.`}
      courante="cellule"
      fil={[{ libelle: 'Cellule technique', href: '/cellule' }, { libelle: 'Bilan' }]}
    >
      <Pile>
        <Filtres
          action="/cellule/bilan"
          libelle="Choisir l’année"
          resultat={`Année ${annee}`}
          actifs={[]}
          toutRetirer="/cellule/bilan"
        >
          <Selection nom="annee" libelle="Année" libre valeur={String(annee)} options={listerAnnees(requete)} />
        </Filtres>
        {bilan.total === 0 ? (
          <EtatVide titre="Aucune consultation cette année">Rien à compter.</EtatVide>
        ) : (
          <>
            <Carte titre="Activité">
              <ListeDefinition
                lignes={[
                  { terme: 'Consultations', valeur: ecrireNombre(bilan.total) },
                  {
                    terme: 'De la question à la conclusion',
                    valeur:
                      bilan.heuresMedianes === null
                        ? 'Trop peu de consultations conclues pour le dire'
                        : `${formatNombre(bilan.heuresMedianes)} heures, médiane`,
                  },
                ]}
              />
            </Carte>
            {bilan.groupes
              .filter(({ lignes }) => lignes.length > 0)
              .map(({ titre, lignes }) => (
                <Carte titre={titre} key={titre}>
                  <ListeDefinition
                    lignes={lignes.map(({ libelle, nombre }) => ({ terme: libelle, valeur: ecrireNombre(nombre) }))}
                  />
                </Carte>
              ))}
            <PiedCadre note="L’export contient ces nombres, masqués de même.">
              <BoutonsExport quoi="ce bilan" lien={(format) => `/cellule/bilan.${format}?annee=${annee}`} />
            </PiedCadre>
          </>
        )}
      </Pile>
    </Cadre>,
  )
}

/** GET /cellule/bilan.csv, .xlsx, .ods. */
export const exporterBilan =
  (format: FormatExport) =>
  async (requete: Requete): Promise<Reponse> => {
    const annee = lireAnnee(requete)
    const bilan = await mesurer(requete, annee)
    requete.session.consigner({ action: 'cellule.mesurer', details: { annee, format } })
    const cellule = (nombre: number | null) => (nombre === null ? text(NON_MONTRE) : number(nombre))
    return enFichier(
      `cellule-technique-${annee}`,
      {
        name: `Cellule ${annee}`,
        header: ['Année', 'Rubrique', 'Ligne', 'Nombre'],
        rows: [
          [text(String(annee)), text('Activité'), text('Consultations'), cellule(bilan.total)],
          ...(bilan.heuresMedianes === null
            ? []
            : [[text(String(annee)), text('Activité'), text('Heures, médiane'), number(bilan.heuresMedianes)]]),
          ...bilan.groupes.flatMap(({ titre, lignes }) =>
            lignes.map(({ libelle, nombre }) => [text(String(annee)), text(titre), text(libelle), cellule(nombre)]),
          ),
        ],
      },
      format,
    )
  }
