import type { ReactElement } from 'react'
import { type CommissionPilotee, loyers } from '#commission'
import {
  type CaseComparee,
  type DetailComparaison,
  detailsComparaison,
  mesurerHarmonisation,
  type Question,
  type Situation,
} from '#indicateurs'
import { text } from '#socle/tableur'
import { formatNombre, pluriel } from '#socle/typography'
import { NON_MONTRE } from '../annees.ts'
import {
  BoutonImprimer,
  Carte,
  EtatVide,
  ListeSobre,
  PiedCadre,
  Pile,
  Section,
  Selection,
  Tableau,
} from '../composants/index.ts'
import { BoutonsExport, enFichier, type FormatExport } from '../export.tsx'
import { page, type Reponse, type Requete } from '../route.ts'
import {
  CadrePilotage,
  CommentCestCompte,
  direVue,
  ecrireMethode,
  libellesParcCompare,
  lireVue,
  nommerEtape,
  nommerReponse,
  PILOTAGE,
  type Vue,
} from './commun.tsx'

const DETAILS = Object.keys(detailsComparaison) as DetailComparaison[]
const lireDetail = ({ recherche }: Requete): DetailComparaison =>
  DETAILS.find((un) => un === recherche.detail) ?? 'loyer'

const ecrirePart = (part: number): string => `${formatNombre(Math.round(part * 100))} %`

/** « Assignation, parc privé, loyer repris ». */
const nommerSituation = ({ stade, parc, loyer }: Situation): string =>
  [
    nommerEtape(stade),
    parc === null ? [] : (libellesParcCompare[parc] ?? parc),
    loyer === null ? [] : loyers[loyer].toLocaleLowerCase('fr'),
  ]
    .flat()
    .join(', ')

/** Where the files behind a cell are; nothing for who may not open them, or when nothing is shown. */
function lienDe(
  vue: Vue,
  { stade, parc, loyer }: Situation,
  reponse: string,
  id: string,
  une: CaseComparee | undefined,
): string | null {
  if (!vue.ouvre || !une?.n) return null
  const maintien = reponse.startsWith('maintien:')
  return vue.adresse(`${PILOTAGE}/dossiers`, {
    chiffre: maintien ? 'maintien' : 'avis',
    detail: maintien ? 'oui' : reponse,
    commission: id,
    stade,
    parc,
    loyer,
  })
}

const ecrireCase = (une: CaseComparee | undefined): string => {
  if (!une || une.sur === 0) return 'aucun dossier'
  if (une.n === null || une.sur === null) return NON_MONTRE
  return `${formatNombre(une.n)} sur ${formatNombre(une.sur)}${une.part === null ? '' : `, ${ecrirePart(une.part)}`}`
}

/** A difference asked as a question: the same situation, each share with its commission in the order of names, and what may explain it. */
function ecrireQuestion(
  requete: Requete,
  annee: number,
  { situation, reponse, commissions }: Question,
  noms: ReadonlyMap<string, string>,
): string {
  const parts = commissions.map(
    ({ id, part, sur }) => `${noms.get(id) ?? ''} ${ecrirePart(part)} (sur ${formatNombre(sur)})`,
  )
  return `« ${nommerReponse(requete, annee, reponse)} », ${nommerSituation(situation).toLocaleLowerCase('fr')} : ${parts.join(' ; ')}. Les situations sont-elles les mêmes ? La règle est-elle lue pareil ?`
}

function TableauSituation({
  requete,
  vue,
  situation,
  commissions,
}: {
  requete: Requete
  vue: Vue
  situation: Situation
  commissions: readonly CommissionPilotee[]
}): ReactElement {
  const nom = nommerSituation(situation)
  return (
    <Section titre={nom}>
      <Tableau
        legende={`${nom} : ce que chaque commission a répondu`}
        defilant={commissions.length > 5}
        lignes={situation.reponses}
        cle={({ reponse }) => reponse}
        colonnes={[
          {
            cle: 'reponse',
            titre: 'Réponse',
            principale: true,
            rendre: ({ reponse }) => nommerReponse(requete, vue.annee, reponse),
          },
          ...commissions.map(({ id, nom: titre }) => ({
            cle: id,
            titre,
            numerique: true,
            rendre: ({ reponse, cases }: Situation['reponses'][number]) => {
              const lien = lienDe(vue, situation, reponse, id, cases.get(id))
              const ecrit = ecrireCase(cases.get(id))
              return lien === null ? ecrit : <a href={lien}>{ecrit}</a>
            },
          })),
        ]}
      />
    </Section>
  )
}

/** GET /pilotage/harmonisation: the same situations, different answers? (COM-02, ACC-16). */
export async function montrerHarmonisation(requete: Requete): Promise<Reponse> {
  const { session } = requete
  const vue = await lireVue(requete)
  const detail = lireDetail(requete)
  const { commissions, situations, questions, reglages } = await mesurerHarmonisation(session, vue.annee, detail)
  const noms = new Map(commissions.map(({ id, nom }) => [id, nom]))
  session.consigner({ action: 'pilotage.consulter', details: { annee: vue.annee, vue: 'harmonisation', detail } })
  return page(
    <CadrePilotage
      requete={requete}
      vue={vue}
      suite="/harmonisation"
      titre={`Comparer les commissions en ${vue.annee}`}
      chapo="À situation semblable, répond-on de même partout ? Les commissions sont dans l’ordre des noms : un écart pose une question, il ne classe personne."
      sansCommission
      plus={
        <Selection
          nom="detail"
          libelle="Situations comparées"
          libre
          valeur={detail}
          options={DETAILS.map((valeur) => ({ valeur, libelle: detailsComparaison[valeur] }))}
        />
      }
    >
      <Pile>
        <Carte
          titre={
            questions.length === 0
              ? 'Aucun écart à regarder'
              : `${pluriel(questions.length, 'écart à regarder', 'écarts à regarder')} d’abord`
          }
          id="questions"
        >
          {questions.length === 0 ? (
            <p>
              Aucun écart d’au moins {reglages.points} points entre commissions ayant examiné au moins{' '}
              {reglages.effectif_min} dossiers semblables. Cela ne dit pas que les pratiques sont les mêmes : il faut
              assez de dossiers pour le voir. Comparer des situations moins détaillées en réunit davantage.
            </p>
          ) : (
            <ListeSobre
              lignes={questions.map((question) => ({
                cle: `${question.situation.cle}|${question.reponse}`,
                titre: `${formatNombre(question.points)} points d’écart`,
                note: ecrireQuestion(requete, vue.annee, question, noms),
              }))}
            />
          )}
          <CommentCestCompte requete={requete} methode="harmonisation" />
          <p className="note mt2">
            Part calculée à partir de {reglages.effectif_min} dossiers, écart signalé à partir de {reglages.points}{' '}
            points, nombres de moins de {reglages.seuil} ménages non montrés, ni ceux qui les feraient retrouver :
            valeurs d’Amont, à compléter par le département.
          </p>
        </Carte>
        {situations.length === 0 ? (
          <EtatVide titre="Rien à comparer cette année">
            Aucun dossier examiné dont l’avis ou l’orientation soit connu.
          </EtatVide>
        ) : (
          situations.map((situation) => (
            <TableauSituation
              key={situation.cle}
              requete={requete}
              vue={vue}
              situation={situation}
              commissions={commissions}
            />
          ))
        )}
        <PiedCadre note="L’export contient ces tableaux, masqués de même.">
          <BoutonImprimer />
          <BoutonsExport
            quoi="cette comparaison"
            lien={(format) => vue.adresse(`${PILOTAGE}/harmonisation.${format}`, { detail, commission: null })}
          />
        </PiedCadre>
      </Pile>
    </CadrePilotage>,
  )
}

/** GET /pilotage/harmonisation.xlsx, .ods, .csv. */
export const exporterHarmonisation =
  (format: FormatExport) =>
  async (requete: Requete): Promise<Reponse> => {
    const { session } = requete
    const vue = await lireVue(requete)
    const detail = lireDetail(requete)
    const { commissions, situations, questions } = await mesurerHarmonisation(session, vue.annee, detail)
    const points = new Map(
      questions.map(({ situation, reponse, points: ecart }) => [`${situation.cle}|${reponse}`, ecart]),
    )
    const lignes = situations.flatMap((situation) =>
      situation.reponses.map(({ reponse, cases }) => {
        const ecart = points.get(`${situation.cle}|${reponse}`)
        return [
          text(nommerSituation(situation)),
          text(nommerReponse(requete, vue.annee, reponse)),
          ...commissions.map(({ id }) => text(ecrireCase(cases.get(id)))),
          text(ecart === undefined ? '' : `${ecart} points, à regarder`),
        ]
      }),
    )
    session.consigner({
      action: 'pilotage.exporter',
      details: { format, quoi: 'harmonisation', annee: vue.annee, detail },
    })
    return enFichier(
      `comparaison-commissions-${vue.annee}`,
      {
        name: `Comparaison ${vue.annee}`,
        mark: {
          name: 'Méthode',
          lines: [
            `${direVue({ ...vue, commission: null })}. ${detailsComparaison[detail]}.`,
            ecrireMethode(requete, 'harmonisation'),
          ],
        },
        header: ['Situation', 'Réponse', ...commissions.map(({ nom }) => nom), 'Écart'],
        rows: lignes,
      },
      format,
    )
  }
