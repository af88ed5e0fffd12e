import type { ReactElement } from 'react'
import { avisPossibles, compterActivite } from '#commission'
import { formatNombre } from '#socle/typography'
import { etapeCourte } from '../accompagner/libelles.ts'
import { Cadre } from '../cadre.tsx'
import { Carte, ListeDefinition, Pagination, Pile } from '../composants/index.ts'
import { page, type Reponse, type Requete } from '../route.ts'

/** Below, a number of households could name one of them: it is not shown, and neither is what would give it by subtraction. */
const SEUIL_SECRET = 5

const masquer = (nombre: number): string =>
  nombre > 0 && nombre < SEUIL_SECRET ? `moins de ${SEUIL_SECRET}` : formatNombre(nombre)

/** The parts of a total. One small part hidden alone would be found by subtraction: the smallest of the others goes too. */
function masquerParts(parts: readonly (readonly [string, number])[]): (readonly [string, string])[] {
  const petites = parts.filter(([, n]) => n > 0 && n < SEUIL_SECRET)
  const seconde =
    petites.length === 1
      ? parts.filter(([, n]) => n >= SEUIL_SECRET).toSorted((a, b) => a[1] - b[1])[0]?.[0]
      : undefined
  return parts.map(([libelle, n]) => [libelle, libelle === seconde ? 'non montré' : masquer(n)] as const)
}

function Liste({ parts }: { parts: readonly (readonly [string, string])[] }): ReactElement {
  return <ListeDefinition lignes={parts.map(([terme, valeur]) => ({ terme, valeur, numerique: true }))} />
}

/** GET /suites/activite: what the commissions of a year did (COM-25). */
export async function montrerActivite(requete: Requete): Promise<Reponse> {
  const { session, recherche } = requete
  const demandee = Math.trunc(Number(recherche.annee))
  const annee = demandee >= 2015 && demandee <= session.jour.year ? demandee : session.jour.year
  const activite = await compterActivite(session, annee)
  const possibles = avisPossibles(session, session.jour)
  const nommer = (code: string, sens: string): string => {
    const possible = possibles.find(({ id }) => id === code)
    return `${possible?.libelle ?? code} : ${possible?.sens.find(({ id }) => id === sens)?.libelle ?? sens}`
  }
  const adresse = (an: number) => `/suites/activite?annee=${an}`
  return page(
    <Cadre
      requete={requete}
      titre={`Activité des commissions en ${annee}`}
      courante="suites"
      chapo={`Séances closes, décisions notifiées, retours. Un nombre de ménages entre 1 et ${SEUIL_SECRET - 1} n’est pas montré.`}
      fil={[{ libelle: 'Suites de la commission', href: '/suites' }, { libelle: `Activité ${annee}` }]}
      papier="portrait"
    >
      <Pile>
        <Carte titre="Réunions et dossiers" id="reunions">
          <Liste
            parts={[
              ['Réunions tenues', formatNombre(activite.seances)],
              ...masquerParts([
                ['Dossiers décidés', activite.examines],
                ['Dossiers reportés', activite.reportes],
              ]),
            ]}
          />
        </Carte>
        <Carte titre="Dossiers décidés, par étape" id="etapes">
          <Liste parts={masquerParts(activite.parStade.map(({ stade, n }) => [etapeCourte(stade), n]))} />
        </Carte>
        <Carte titre="Avis" id="avis">
          <Liste parts={activite.avis.map(({ code, sens, n }) => [nommer(code, sens), masquer(n)])} />
        </Carte>
        <Carte titre="Recommandations" id="recommandations">
          <Liste
            parts={[
              ['Recommandations', masquer(activite.recommandations)],
              ['Mesures AVDL demandées', masquer(activite.avdl)],
              ['Mesures AVDL suivies d’effet', masquer(activite.avdlSuivies)],
              ['Situations recommandées à la CUD', masquer(activite.cud)],
            ]}
          />
        </Carte>
        <Carte titre="Retours" id="retours">
          <Liste
            parts={[
              ...masquerParts([
                ['Suivis', activite.suivis],
                ['Suivis en partie', activite.partiels],
                ['Non suivis', activite.nonSuivis],
                ['Attendus', activite.attendus],
              ]),
              [
                'Délai médian du retour',
                activite.delaiMedian === null || activite.suivis + activite.partiels + activite.nonSuivis < SEUIL_SECRET
                  ? 'non montré'
                  : `${formatNombre(Math.round(activite.delaiMedian))} jours`,
              ],
            ]}
          />
        </Carte>
        <Pagination
          libelle="Années"
          position={String(annee)}
          precedents={adresse(annee - 1)}
          suivants={annee < session.jour.year ? adresse(annee + 1) : undefined}
        />
      </Pile>
    </Cadre>,
  )
}
