import { type Assiduite, anneeDe, mesurerAssiduite, type QualiteMembre, qualitesMembre } from '#commission'
import { number, text } from '#socle/tableur'
import { formatNombre } from '#socle/typography'
import { BoutonImprimer, type Colonne, EtatVide, PiedCadre, Pile, Section, Tableau } from '../composants/index.ts'
import { BoutonsExport, enFichier, type FormatExport } from '../export.tsx'
import { page, type Reponse, type Requete } from '../route.ts'
import { CadrePilotage, CommentCestCompte, direVue, ecrireMethode, lireVue, PILOTAGE, type Vue } from './commun.tsx'

const lire = ({ session }: Requete, { annee, commission }: Vue): Promise<Assiduite[]> =>
  mesurerAssiduite(session, anneeDe(annee), commission?.id ?? null)

const nommerQualite = (code: string): string => qualitesMembre[code as QualiteMembre] ?? code
const suppleant = ({ supplee }: Assiduite): string => (supplee ? 'oui' : 'non')

const NOMBRES = [
  ['attendus', 'Séances'],
  ['titulaires', 'Titulaire présent'],
  ['suppleants', 'Suppléant présent'],
  ['excuses', 'Excusé'],
  ['absents', 'Absent'],
  ['nonNotes', 'Non noté'],
] as const

/** GET /pilotage/assiduite: who came, organisme by organisme (COM-27). No person is counted. */
export async function montrerAssiduite(requete: Requete): Promise<Reponse> {
  const vue = await lireVue(requete)
  const lignes = await lire(requete, vue)
  requete.session.consigner({ action: 'pilotage.consulter', details: { annee: vue.annee, vue: 'assiduite' } })
  const colonnes: Colonne<Assiduite>[] = [
    { cle: 'organisme', titre: 'Organisme', principale: true, rendre: ({ organisme_nom }) => organisme_nom },
    { cle: 'qualite', titre: 'Qualité', rendre: ({ qualite }) => nommerQualite(qualite) },
    ...NOMBRES.map(
      ([cle, titre]): Colonne<Assiduite> => ({
        cle,
        titre,
        numerique: true,
        rendre: (ligne) => formatNombre(ligne[cle]),
      }),
    ),
    { cle: 'suppleant', titre: 'Suppléant désigné', rendre: suppleant },
  ]
  return page(
    <CadrePilotage
      requete={requete}
      vue={vue}
      suite="/assiduite"
      titre={`Présence des membres en ${vue.annee}`}
      chapo="Titulaires, suppléants et invités, organisme par organisme. La charte demande à chacun un représentant et un suppléant : ce sont des sièges qui sont comptés, jamais des personnes."
    >
      <Pile>
        <CommentCestCompte requete={requete} methode="assiduite" />
        {lignes.length === 0 ? (
          <EtatVide titre="Aucune présence à compter">
            La présence se note pendant la séance ; elle se compte une fois la séance close.
          </EtatVide>
        ) : (
          [...Map.groupBy(lignes, ({ commission }) => commission)].map(([commission, siennes]) => (
            <Section key={commission} titre={siennes[0]?.commission_nom ?? ''}>
              <Tableau
                legende={`Présence, ${siennes[0]?.commission_nom ?? ''}`}
                lignes={siennes}
                cle={({ organisme, qualite }) => `${organisme}|${qualite}`}
                colonnes={colonnes}
              />
            </Section>
          ))
        )}
        {lignes.length > 0 && (
          <PiedCadre note="L’export contient ces tableaux.">
            <BoutonImprimer />
            <BoutonsExport quoi="ces présences" lien={(format) => vue.adresse(`${PILOTAGE}/assiduite.${format}`)} />
          </PiedCadre>
        )}
      </Pile>
    </CadrePilotage>,
  )
}

/** GET /pilotage/assiduite.xlsx, .ods, .csv. */
export const exporterAssiduite =
  (format: FormatExport) =>
  async (requete: Requete): Promise<Reponse> => {
    const vue = await lireVue(requete)
    const lignes = await lire(requete, vue)
    requete.session.consigner({
      action: 'pilotage.exporter',
      details: { format, quoi: 'assiduite', annee: vue.annee, nombre: lignes.length },
    })
    return enFichier(
      `presence-commissions-${vue.annee}`,
      {
        name: `Présence ${vue.annee}`,
        mark: { name: 'Méthode', lines: [`${direVue(vue)}.`, ecrireMethode(requete, 'assiduite')] },
        header: ['Commission', 'Organisme', 'Qualité', ...NOMBRES.map(([, titre]) => titre), 'Suppléant désigné'],
        rows: lignes.map((une) => [
          text(une.commission_nom),
          text(une.organisme_nom),
          text(nommerQualite(une.qualite)),
          ...NOMBRES.map(([cle]) => number(une[cle])),
          text(suppleant(une)),
        ]),
      },
      format,
    )
  }
