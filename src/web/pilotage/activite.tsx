import type { ReactElement, ReactNode } from 'react'
import { etatsPrononce, motifsAnnulation, ouvreUneListe, reponsesQuestion } from '#commission'
import {
  type Activite,
  type DelaiActivite,
  type DelaiMontre,
  type GroupeActivite,
  groupesActivite,
  type LigneActivite,
  mesurerActivite,
} from '#indicateurs'
import { type Cell, number, text } from '#socle/tableur'
import { formatNombre, pluriel } from '#socle/typography'
import { ecrireNombre, NON_MONTRE } from '../annees.ts'
import { BoutonImprimer, type Colonne, Message, PiedCadre, Pile, Section, Tableau } from '../composants/index.ts'
import { BoutonsExport, ecrireFichier, type FormatExport, marquer, sortir } from '../export.tsx'
import { page, type Reponse, type Requete } from '../route.ts'
import {
  CadrePilotage,
  CommentCestCompte,
  direVue,
  ecrireMethode,
  lireVue,
  nommerEtape,
  nommerReponse,
  PILOTAGE,
  type Vue,
} from './commun.tsx'

const CHIFFRES: Readonly<Record<string, string>> = {
  tenue: 'Séances tenues',
  prevue: 'Séances prévues, pas encore tenues',
  annulee: 'Séances annulées',
  examen: 'Dossiers examinés',
  dossier: 'dont dossiers différents',
  report: 'Dossiers reportés à une autre séance',
  avis: 'Avis notifiés',
  recommandation: 'Recommandations notifiées',
  avdl: 'dont mesures AVDL de contact',
  'avdl-suivie': 'Mesures AVDL suivies d’effet',
  cud: 'Dossiers recommandés à la CUD',
  prononce: 'Avis et recommandations notifiés',
  // Of the view that compares.
  maintien: 'Maintien dans le logement',
}
const RETOURS: Readonly<Record<string, string>> = {
  ...etatsPrononce,
  sans_reponse: 'Sans réponse, date passée',
  attendu: 'En attente, dans le délai',
}

/** Name of a line. */
export function nommerLigne(
  requete: Requete,
  annee: number,
  { cle, detail, part }: Pick<LigneActivite, 'cle' | 'detail' | 'part'>,
): string {
  if (!part) return CHIFFRES[cle] ?? cle
  if (cle === 'examen' || cle === 'saisine') return nommerEtape(detail)
  if (cle === 'maintien') return reponsesQuestion[detail as keyof typeof reponsesQuestion] ?? detail
  if (cle === 'avis') return nommerReponse(requete, annee, detail)
  if (cle === 'annulee') return motifsAnnulation[detail as keyof typeof motifsAnnulation] ?? detail
  return RETOURS[detail] ?? detail
}

const DELAIS = {
  seance: 'De la saisine à la séance',
  notification: 'De la séance à la notification',
  retour: 'De la notification au retour',
} as const

/** What changed since the year before, in words; nothing when either is not shown. */
function ecrireEvolution(valeur: number | null | undefined, avant: number | null | undefined): string {
  if (valeur === null || avant === null) return ''
  const ecart = (valeur ?? 0) - (avant ?? 0)
  if (ecart === 0) return 'égal'
  const part =
    avant && avant >= 20
      ? ` (${ecart > 0 ? '+' : '−'}${formatNombre(Math.abs(Math.round((ecart / avant) * 100)))} %)`
      : ''
  return `${ecart > 0 ? '+' : '−'}${formatNombre(Math.abs(ecart))}${part}`
}

/** Where the list behind a figure is; nothing when there is none to open, or when the page is to be published. */
function lienDe(vue: Vue, { cle, detail, part }: LigneActivite, commission: string): string | null {
  if (['tenue', 'prevue', 'annulee'].includes(cle))
    return vue.adresse(`${PILOTAGE}/seances`, { etat: cle, commission: commission || null, version: null })
  const ouverte = cle === 'dossier' ? 'examen' : cle === 'prononce' ? 'retour' : cle
  if (vue.diffusion || !ouvreUneListe(ouverte)) return null
  return vue.adresse(`${PILOTAGE}/dossiers`, {
    chiffre: ouverte,
    // What is not known splits too: the dash is an empty detail.
    detail: part ? detail || '-' : null,
    commission: commission || null,
  })
}

function Chiffre({ vue, ligne, commission }: { vue: Vue; ligne: LigneActivite; commission: string }): ReactNode {
  const valeur = ligne.valeurs.get(commission)
  const lien = valeur ? lienDe(vue, ligne, commission) : null
  const ecrit = ecrireNombre(valeur)
  return lien === null ? ecrit : <a href={lien}>{ecrit}</a>
}

/** Columns of figures: the commission chosen or all together, the year before, what changed, then each commission by its name. */
function colonnesDe(
  vue: Vue,
): readonly { readonly cle: string; readonly titre: string; readonly commission: string }[] {
  return vue.commission || vue.commissions.length < 2
    ? []
    : vue.commissions.map(({ id, nom }) => ({ cle: id, titre: nom, commission: id }))
}

/** What tells a commission from the others at the head of a column: « Commission territoriale : Autun » is « Autun ». */
const nomCourt = (nom: string): string => {
  const court = nom.replace(/^.*\s:\s/, '').replace(/^Commission\s+(?:d[eu]\s+|d[’'])?/i, '')
  return court.charAt(0).toUpperCase() + court.slice(1)
}

const principale = (vue: Vue): { readonly titre: string; readonly commission: string } =>
  vue.commission
    ? { titre: vue.commission.nom, commission: vue.commission.id }
    : { titre: vue.commissions.length === 1 ? (vue.commissions[0]?.nom ?? '') : 'Ensemble', commission: '' }

const ecrireDelai = (mesure: DelaiMontre | null | undefined): string =>
  mesure === null ? NON_MONTRE : mesure === undefined ? 'sans objet' : `${formatNombre(Math.round(mesure.mediane))} j`

function TableauActivite({
  requete,
  vue,
  activite,
  groupe,
}: {
  requete: Requete
  vue: Vue
  activite: Activite
  groupe: GroupeActivite
}): ReactElement | null {
  const lignes = activite.lignes.filter((une) => une.groupe === groupe)
  if (lignes.length === 0) return null
  const premiere = principale(vue)
  let methode = ''
  const nouvelles = new Set(
    lignes.flatMap((ligne) => {
      const neuve = ligne.methode !== methode
      methode = ligne.methode
      return neuve ? [ligne] : []
    }),
  )
  const colonnes: Colonne<LigneActivite>[] = [
    {
      cle: 'chiffre',
      titre: 'Chiffre',
      principale: true,
      rendre: (ligne) => (
        <span className={ligne.part ? 'pilotage-part' : undefined}>{nommerLigne(requete, vue.annee, ligne)}</span>
      ),
    },
    {
      cle: 'ensemble',
      titre: premiere.titre,
      note: String(vue.annee),
      numerique: true,
      rendre: (ligne) => (
        <b>
          <Chiffre vue={vue} ligne={ligne} commission={premiere.commission} />
        </b>
      ),
    },
    {
      cle: 'avant',
      titre: String(vue.annee - 1),
      numerique: true,
      rendre: (ligne) => ecrireNombre(ligne.avant.get(premiere.commission)),
    },
    {
      cle: 'evolution',
      titre: 'Évolution',
      numerique: true,
      rendre: (ligne) => ecrireEvolution(ligne.valeurs.get(premiere.commission), ligne.avant.get(premiere.commission)),
    },
    ...colonnesDe(vue).map(
      ({ cle, titre, commission }): Colonne<LigneActivite> => ({
        cle,
        titre: nomCourt(titre),
        numerique: true,
        rendre: (ligne) => <Chiffre vue={vue} ligne={ligne} commission={commission} />,
      }),
    ),
    {
      cle: 'methode',
      titre: 'Comptage',
      rendre: (ligne) => nouvelles.has(ligne) && <CommentCestCompte requete={requete} methode={ligne.methode} />,
    },
  ]
  return (
    <Section titre={groupesActivite[groupe]} id={groupe}>
      <Tableau
        legende={`${groupesActivite[groupe]}, ${vue.annee}`}
        largeur={colonnes.length > 6 ? undefined : 'moyen'}
        defilant={colonnes.length > 9}
        lignes={lignes}
        cle={({ cle, detail, part }) => `${cle}|${detail}|${part}`}
        colonnes={colonnes}
      />
    </Section>
  )
}

function TableauDelais({ requete, vue, activite }: { requete: Requete; vue: Vue; activite: Activite }): ReactElement {
  const premiere = principale(vue)
  const noter = (mesure: DelaiMontre | null | undefined): ReactNode =>
    mesure ? (
      <small>
        {' '}
        la moitié entre {formatNombre(Math.round(mesure.q1))} et {formatNombre(Math.round(mesure.q3))} j
        {mesure.n === null ? '' : `, sur ${formatNombre(mesure.n)}`}
      </small>
    ) : null
  const colonnes: Colonne<DelaiActivite>[] = [
    {
      cle: 'delai',
      titre: 'Délai',
      principale: true,
      rendre: ({ cle }) => DELAIS[cle],
    },
    {
      cle: 'mediane',
      titre: premiere.titre,
      note: `médiane ${vue.annee}`,
      numerique: true,
      rendre: ({ valeurs }) => (
        <>
          <b>{ecrireDelai(valeurs.get(premiere.commission))}</b>
          {noter(valeurs.get(premiere.commission))}
        </>
      ),
    },
    {
      cle: 'avant',
      titre: String(vue.annee - 1),
      numerique: true,
      rendre: ({ avant }) => ecrireDelai(avant.get(premiere.commission)),
    },
    {
      cle: 'evolution',
      titre: 'Évolution',
      numerique: true,
      rendre: ({ valeurs, avant }) => {
        const [ici, alors] = [valeurs.get(premiere.commission), avant.get(premiere.commission)]
        return ici && alors ? ecrireEvolution(Math.round(ici.mediane), Math.round(alors.mediane)) : ''
      },
    },
    ...colonnesDe(vue).map(
      ({ cle, titre, commission }): Colonne<DelaiActivite> => ({
        cle,
        titre: nomCourt(titre),
        numerique: true,
        rendre: ({ valeurs }) => ecrireDelai(valeurs.get(commission)),
      }),
    ),
    {
      cle: 'methode',
      titre: 'Comptage',
      rendre: ({ methode }) => <CommentCestCompte requete={requete} methode={methode} />,
    },
  ]
  return (
    <Section titre="Délais" id="delais">
      <Tableau
        legende={`Délais médians, ${vue.annee}`}
        largeur={colonnes.length > 6 ? undefined : 'moyen'}
        defilant={colonnes.length > 9}
        lignes={activite.delais}
        cle={({ cle }) => cle}
        colonnes={colonnes}
      />
    </Section>
  )
}

/** GET /pilotage: a year of the commissions (COM-23, COM-25, IND-14 to IND-20). */
export async function montrerActivite(requete: Requete): Promise<Reponse> {
  const { session } = requete
  const vue = await lireVue(requete)
  const activite = await mesurerActivite(session, vue.annee, vue.diffusion)
  session.consigner({ action: 'pilotage.consulter', details: { annee: vue.annee, diffusion: vue.diffusion } })
  const { commission } = principale(vue)
  const valeur = (cle: string) =>
    activite.lignes.find((une) => une.cle === cle && !une.part)?.valeurs.get(commission) ?? 0
  const tenues = valeur('tenue')
  return page(
    <CadrePilotage
      requete={requete}
      vue={vue}
      suite=""
      titre={`Activité des commissions en ${vue.annee}`}
      chapo={`${tenues === 0 ? 'Aucune séance close pour l’instant.' : `${pluriel(tenues, 'séance tenue', 'séances tenues')}.`} Séances closes, décisions notifiées, retours reçus à ce jour.${vue.diffusion ? ' Un nombre de ménages trop petit n’est pas montré, ni celui qui le ferait retrouver.' : ' Chaque nombre ouvre sa liste.'}`}
      versions
    >
      <Pile>
        {vue.diffusion && !vue.ouvre && (
          <Message ton="info">
            <p>Vous lisez des nombres, pas des dossiers : les petits sont masqués.</p>
          </Message>
        )}
        <div className="pilotage pile">
          {(Object.keys(groupesActivite) as GroupeActivite[]).map((groupe) => (
            <TableauActivite key={groupe} requete={requete} vue={vue} activite={activite} groupe={groupe} />
          ))}
          <TableauDelais requete={requete} vue={vue} activite={activite} />
        </div>
        <PiedCadre note="L’export contient ces chiffres, ni plus ni moins, avec la façon de les compter.">
          <BoutonImprimer />
          <BoutonsExport quoi="ces chiffres" lien={(format) => vue.adresse(`${PILOTAGE}/activite.${format}`)} />
        </PiedCadre>
      </Pile>
    </CadrePilotage>,
  )
}

const enCellule = (n: number | null | undefined): Cell => (n === null ? text(NON_MONTRE) : number(n ?? 0))

/** GET /pilotage/activite.xlsx, .ods, .csv: exactly what is on screen. */
export const exporterActivite =
  (format: FormatExport) =>
  async (requete: Requete): Promise<Reponse> => {
    const { session } = requete
    const vue = await lireVue(requete)
    const activite = await mesurerActivite(session, vue.annee, vue.diffusion)
    const premiere = principale(vue)
    const autres = colonnesDe(vue)
    const jours = (mesure: DelaiMontre | null | undefined): Cell =>
      mesure ? number(Math.round(mesure.mediane)) : text(mesure === null ? NON_MONTRE : '')
    const lignes: readonly (readonly Cell[])[] = [
      ...activite.lignes.map((ligne) => [
        text(groupesActivite[ligne.groupe]),
        text(nommerLigne(requete, vue.annee, ligne)),
        enCellule(ligne.valeurs.get(premiere.commission)),
        enCellule(ligne.avant.get(premiere.commission)),
        ...autres.map(({ commission }) => enCellule(ligne.valeurs.get(commission))),
        text(ecrireMethode(requete, ligne.methode)),
      ]),
      ...activite.delais.map((delai) => [
        text('Délais, médiane en jours'),
        text(DELAIS[delai.cle]),
        jours(delai.valeurs.get(premiere.commission)),
        jours(delai.avant.get(premiere.commission)),
        ...autres.map(({ commission }) => jours(delai.valeurs.get(commission))),
        text(ecrireMethode(requete, delai.methode)),
      ]),
    ]
    session.consigner({
      action: 'pilotage.exporter',
      details: { format, quoi: 'activite', annee: vue.annee, diffusion: vue.diffusion },
    })
    return sortir(requete, {
      nombre: lignes.length,
      filtre: direVue(vue, true),
      construire: (marque) =>
        ecrireFichier(
          `activite-commissions-${vue.annee}`,
          {
            name: `Activité ${vue.annee}`,
            mark: marquer(marque),
            header: [
              'Rubrique',
              'Chiffre',
              `${premiere.titre}, ${vue.annee}`,
              `${premiere.titre}, ${vue.annee - 1}`,
              ...autres.map(({ titre }) => titre),
              'Comment c’est compté',
            ],
            rows: lignes,
          },
          format,
        ),
    })
  }
