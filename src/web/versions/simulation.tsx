import type { ReactElement } from 'react'
import type { CompteSimule, SimulationCriteres, SimulationGardee } from '#charte'
import { libelleTerritoire, type Territoires } from '#referentiel'
import { formatDate, formatNombre, pluriel } from '#socle/typography'
import { Compteurs, Plus, Section, Tableau } from '../composants/index.ts'
import { BilanRepartition, ecrireEcart, ecrireMois } from '../regles/simulation.tsx'

interface Somme {
  readonly cle: string
  readonly libelle: string
  readonly autoAvant: number
  readonly autoApres: number
  readonly vulnAvant: number
  readonly vulnApres: number
}

function sommer(
  lieux: SimulationCriteres['lieux'],
  cleDe: (lieu: SimulationCriteres['lieux'][number]) => string,
  nommer: (cle: string) => string,
): Somme[] {
  return [...Map.groupBy(lieux, cleDe)].map(([cle, groupe]) => ({
    cle,
    libelle: nommer(cle),
    autoAvant: groupe.reduce((s, { autoAvant }) => s + autoAvant, 0),
    autoApres: groupe.reduce((s, { autoApres }) => s + autoApres, 0),
    vulnAvant: groupe.reduce((s, { vulnAvant }) => s + vulnAvant, 0),
    vulnApres: groupe.reduce((s, { vulnApres }) => s + vulnApres, 0),
  }))
}

const passage = (avant: number, apres: number) => (
  <>
    {formatNombre(avant)} → <b>{formatNombre(apres)}</b>
    <small>{ecrireEcart(apres - avant)}</small>
  </>
)

function TableauSommes({ legende, titre, sommes }: { legende: string; titre: string; sommes: readonly Somme[] }) {
  return (
    <Tableau
      legende={legende}
      largeur="etroit"
      lignes={sommes}
      cle={({ cle }) => cle}
      colonnes={[
        { cle: 'libelle', titre, principale: true, rendre: ({ libelle }) => libelle },
        {
          cle: 'auto',
          titre: 'Auto-saisines',
          numerique: true,
          rendre: ({ autoAvant, autoApres }) => passage(autoAvant, autoApres),
        },
        {
          cle: 'vuln',
          titre: 'Ménages vulnérables',
          numerique: true,
          rendre: ({ vulnAvant, vulnApres }) => passage(vulnAvant, vulnApres),
        },
      ]}
    />
  )
}

const compteur = (cle: string, libelle: string, { avant, apres, gagnent, perdent }: CompteSimule) => ({
  cle,
  nombre: formatNombre(apres),
  libelle,
  note: `${formatNombre(avant)} avant ; ${formatNombre(gagnent)} en plus, ${formatNombre(perdent)} en moins`,
})

function BilanCriteres({ bilan, territoires }: { bilan: SimulationCriteres; territoires: Territoires }): ReactElement {
  const nommerLieu = (cle: string) => libelleTerritoire(territoires, cle === '' ? null : cle)
  const parTerritoire = sommer(bilan.lieux, ({ territoire }) => territoire ?? '', nommerLieu)
  const parMois = sommer(bilan.lieux, ({ mois }) => mois, ecrireMois).sort((a, b) => a.cle.localeCompare(b.cle))
  const changes = bilan.criteres.filter(({ gagnent, perdent }) => gagnent + perdent > 0)
  return (
    <>
      <Compteurs
        libelle="Critères, avant et après"
        compteurs={[
          {
            cle: 'dossiers',
            nombre: formatNombre(bilan.dossiers),
            libelle: 'Dossiers relus',
            note: 'ouverts, ou signalés depuis un an',
          },
          compteur('auto', 'Auto-saisines', bilan.autoSaisine),
          compteur('vuln', 'Ménages vulnérables', bilan.vulnerabilite),
        ]}
      />
      <Section
        titre="Critère par critère"
        compte={pluriel(changes.length, 'critère change de ménages', 'critères changent de ménages')}
      >
        <Tableau
          legende="Ménages par critère, avant et après"
          largeur="moyen"
          lignes={bilan.criteres.toSorted((a, b) => b.gagnent + b.perdent - (a.gagnent + a.perdent))}
          cle={({ critere }) => critere}
          colonnes={[
            {
              cle: 'libelle',
              titre: 'Critère',
              principale: true,
              rendre: ({ libelle, groupe }) => (
                <>
                  {libelle}
                  <small>{groupe}</small>
                </>
              ),
            },
            {
              cle: 'retenus',
              titre: 'Retenu pour',
              numerique: true,
              rendre: ({ avant, apres }) => passage(avant, apres),
            },
            { cle: 'gagnent', titre: 'En plus', numerique: true, rendre: ({ gagnent }) => formatNombre(gagnent) },
            { cle: 'perdent', titre: 'En moins', numerique: true, rendre: ({ perdent }) => formatNombre(perdent) },
            {
              cle: 'verifier',
              titre: 'À vérifier',
              note: 'il manque une information',
              numerique: true,
              rendre: ({ aVerifierAvant, aVerifierApres }) => passage(aVerifierAvant, aVerifierApres),
            },
          ]}
        />
      </Section>
      {bilan.lieux.length > 0 && (
        <Section titre="Par territoire et par mois" compte="Mois du premier signalement">
          <TableauSommes legende="Par territoire, avant et après" titre="Territoire" sommes={parTerritoire} />
          <Plus libelle="Par mois">
            <TableauSommes legende="Par mois, avant et après" titre="Mois" sommes={parMois} />
          </Plus>
          {parTerritoire.map(({ cle, libelle }) => (
            <Plus key={cle} libelle={`${libelle}, par mois`}>
              <TableauSommes
                legende={`${libelle}, par mois, avant et après`}
                titre="Mois"
                sommes={sommer(
                  bilan.lieux.filter(({ territoire }) => (territoire ?? '') === cle),
                  ({ mois }) => mois,
                  ecrireMois,
                )}
              />
            </Plus>
          ))}
        </Section>
      )}
      {bilan.exemples.length > 0 && (
        <Section titre="Ménages dont les critères changent" compte="quelques-uns">
          <Tableau
            legende="Exemples de ménages dont les critères changeraient"
            largeur="moyen"
            lignes={bilan.exemples}
            cle={({ reference }) => reference}
            colonnes={[
              {
                cle: 'reference',
                titre: 'Dossier',
                principale: true,
                rendre: ({ reference }) => <a href={`/dossiers/${reference}`}>{reference}</a>,
              },
              { cle: 'gagne', titre: 'En plus', large: true, rendre: ({ gagne }) => gagne.join(' ; ') || '—' },
              { cle: 'perd', titre: 'En moins', large: true, rendre: ({ perd }) => perd.join(' ; ') || '—' },
            ]}
          />
        </Section>
      )}
    </>
  )
}

/** A simulation as it was kept: criteria first when they are touched, then the dispatch. */
export function SimulationMontree({
  simulation,
  territoires,
}: {
  simulation: SimulationGardee
  territoires: Territoires
}): ReactElement {
  return (
    <>
      <p className="note">
        Faite le {formatDate(simulation.jour)} : mêmes ménages, mêmes informations, comme si cette version s’appliquait
        ce jour-là, tout le reste inchangé. Rien n’a été modifié.
      </p>
      {simulation.criteres && (
        <>
          <h2>Effet sur les critères</h2>
          <BilanCriteres bilan={simulation.criteres} territoires={territoires} />
        </>
      )}
      {simulation.repartition && (
        <>
          <h2>Effet sur les services sollicités</h2>
          <BilanRepartition bilan={simulation.repartition} />
        </>
      )}
    </>
  )
}
