import type { ReactElement } from 'react'
import { THEMES_INDICATEUR, UNITES_INDICATEUR, VENTILATIONS } from '#referentiel'
import { Introuvable } from '#socle/errors'
import { formatNombre } from '#socle/typography'
import {
  Bouton,
  Carte,
  Colonnes,
  Courbe,
  ListeDefinition,
  Message,
  Pile,
  Section,
  Selection,
  type SerieCourbe,
  Tableau,
} from '../composants/index.ts'
import { ecrireSource, majuscule } from '../regles/regles.tsx'
import { page, type Reponse, type Requete } from '../route.ts'
import { CadreCharte } from './cadre-charte.tsx'
import { cheminIndicateur, type IndicateurDuDocument, trouverIndicateur } from './catalogue-indicateurs.ts'
import { cheminFiche } from './fiches.tsx'
import { ecrireValeurHistorique, PRODUCTIONS } from './indicateurs.tsx'
import { type LectureCharte, lireCharte } from './lecture.ts'
import { ecrireProducteurs } from './libelles.ts'
import { CarteProvenance, LigneProvenance } from './preuve.tsx'
import {
  anneesConnues,
  dureeEnAnnees,
  type LectureCible,
  type Serie,
  serieDe,
  type Trajectoire,
  tracerCible,
} from './trajectoire.ts'

/** GET /charte/indicateurs/:cle: by number, or by id for one that is only cited. */
export async function montrerIndicateur(requete: Requete): Promise<Reponse> {
  const lecture = lireCharte(requete)
  const ligne = trouverIndicateur(lecture, requete.parametres.cle ?? '')
  if (!ligne) throw new Introuvable()
  return page(<PageIndicateur requete={requete} lecture={lecture} ligne={ligne} />)
}

const SENS = { baisse: 'La charte vise une baisse', hausse: 'La charte vise une hausse' } as const

/** Signed share, with one decimal: « −12,5 % ». */
function ecrireEvolution(de: number, a: number): string {
  if (de === 0) return ''
  const part = ((a - de) / de) * 100
  return `${part > 0 ? '+' : ''}${formatNombre(part, 1)} %`
}

/** What a series says in one sentence: the last known year, and how it stands to the first. */
function conclure(libelle: string, serie: Serie): string {
  const connues = anneesConnues(serie)
  const premiere = connues[0]
  const derniere = connues.at(-1)
  if (!premiere || !derniere) return `${libelle} : aucun chiffre connu`
  const debut = `${libelle} : ${formatNombre(derniere.valeur)} en ${derniere.annee}`
  return premiere === derniere
    ? debut
    : `${debut}, ${ecrireEvolution(premiere.valeur, derniere.valeur)} depuis ${premiere.annee}`
}

const LECTURES = {
  composee: 'chaque année sur la précédente',
  lineaire: 'chaque année sur la première',
  terme: 'sur toute la durée',
} as const satisfies Record<LectureCible, string>

const TRAITS = { composee: 'tirets', lineaire: 'points', terme: 'mixte' } as const satisfies Record<
  LectureCible,
  SerieCourbe['trait']
>

const nommerTrajectoire = ({ cible, lecture }: Trajectoire): string =>
  `−${cible.baisse_pour_cent} %${cible.rythme === 'annuel' ? ' par an' : ''}, ${LECTURES[lecture]}`

const courtTrajectoire = ({ cible, lecture }: Trajectoire): string =>
  `−${cible.baisse_pour_cent} %${lecture === 'terme' ? ' au total' : lecture === 'composee' ? ' par an, composé' : ' par an, linéaire'}`

interface Cibles {
  readonly base: { readonly annee: number; readonly valeur: number } | null
  /** Years that may be the first. */
  readonly possibles: readonly number[]
  readonly trajectoires: readonly Trajectoire[]
  readonly annees: number | null
}

/** The targets of an indicator, drawn from the year asked, or from the one the data proposes. */
function lireCibles(
  lecture: LectureCharte,
  ligne: IndicateurDuDocument,
  serie: Serie | null,
  demandee: string,
): Cibles {
  const cibles = (lecture.charte.cibles?.cibles ?? []).filter(({ indicateurs }) =>
    indicateurs.includes(ligne.indicateur.id),
  )
  const connues = serie ? anneesConnues(serie) : []
  const annee = connues.some((une) => String(une.annee) === demandee) ? Number(demandee) : cibles[0]?.base
  const base = connues.find((une) => une.annee === annee) ?? null
  const annees = dureeEnAnnees(lecture.charte)
  return {
    base,
    possibles: cibles.length > 0 ? connues.map((une) => une.annee) : [],
    trajectoires: base && annees !== null ? cibles.flatMap((cible) => tracerCible(cible, base, annees)) : [],
    annees,
  }
}

function SectionSerie({
  requete,
  lecture,
  ligne,
  serie,
}: {
  requete: Requete
  lecture: LectureCharte
  ligne: IndicateurDuDocument
  serie: Serie
}): ReactElement {
  const { historique } = lecture.charte
  const cibles = lireCibles(lecture, ligne, serie, requete.recherche.base ?? '')
  const { trajectoires, base, annees } = cibles
  const titre = conclure(ligne.indicateur.libelle, serie)
  const abscisses = [
    ...new Set([
      ...serie.points.map(({ annee }) => annee),
      ...trajectoires.flatMap(({ points }) => points.map(({ annee }) => annee)),
    ]),
  ].sort((a, b) => a - b)
  const inconnues = serie.points.filter(({ valeur }) => valeur === null).map(({ annee }) => annee)
  const series: readonly SerieCourbe[] = [
    {
      cle: 'reel',
      libelle: 'Réalisé',
      trait: 'plein',
      points: serie.points.map(({ annee, valeur }) => ({ x: annee, y: valeur })),
    },
    ...trajectoires.map((trajectoire) => ({
      cle: `${trajectoire.cible.id}-${trajectoire.lecture}`,
      libelle: courtTrajectoire(trajectoire),
      trait: TRAITS[trajectoire.lecture],
      points: trajectoire.points.map(({ annee, valeur }) => ({ x: annee, y: valeur })),
    })),
  ]
  return (
    <Section
      titre={trajectoires.length > 0 ? 'Le passé et les cibles' : 'Le passé'}
      compte={historique?.perimetre}
      id="historique"
    >
      <Colonnes genre="dossier">
        <Pile>
          <Carte titre={titre} niveau={3}>
            <Courbe
              titre={titre}
              description={`Une ligne par an de ${serie.points[0]?.annee} à ${serie.points.at(-1)?.annee}${inconnues.length > 0 ? `, sans valeur connue en ${inconnues.join(', ')}` : ''}${trajectoires.length > 0 ? `, puis les cibles jusqu’en ${abscisses.at(-1)}` : ''}. Les mêmes chiffres sont dans le tableau.`}
              abscisses={abscisses}
              series={series}
            />
          </Carte>
          {cibles.possibles.length > 0 && (
            <CartesCibles requete={requete} lecture={lecture} ligne={ligne} cibles={cibles} />
          )}
        </Pile>
        <Tableau
          legende={`${ligne.indicateur.libelle}, année par année`}
          largeur="etroit"
          lignes={abscisses}
          cle={String}
          colonnes={[
            { cle: 'annee', titre: 'Année', principale: true, rendre: (annee) => String(annee) },
            {
              cle: 'reel',
              titre: 'Réalisé',
              numerique: true,
              rendre: (annee) => {
                const point = serie.points.find((un) => un.annee === annee)
                return point ? <b>{ecrireValeurHistorique(point.valeur)}</b> : ''
              },
            },
            ...trajectoires.map((trajectoire) => ({
              cle: `${trajectoire.cible.id}-${trajectoire.lecture}`,
              titre: `−${trajectoire.cible.baisse_pour_cent} %`,
              note:
                trajectoire.lecture === 'terme'
                  ? 'au total'
                  : trajectoire.lecture === 'composee'
                    ? 'par an, composé'
                    : 'par an, linéaire',
              numerique: true,
              rendre: (annee: number) => {
                const point = trajectoire.points.find((un) => un.annee === annee)
                return point && point.annee !== base?.annee ? formatNombre(Math.round(point.valeur)) : ''
              },
            })),
          ]}
          apres={
            <div className="pages">
              <span className="note">
                NC : non connu, ce n’est pas zéro.{' '}
                {trajectoires.length > 0 && annees !== null && 'Cibles arrondies à l’unité.'}
              </span>
            </div>
          }
        />
      </Colonnes>
      {historique && <LigneProvenance provenance={historique} />}
    </Section>
  )
}

function CartesCibles({
  requete,
  lecture,
  ligne,
  cibles,
}: {
  requete: Requete
  lecture: LectureCharte
  ligne: IndicateurDuDocument
  cibles: Cibles
}): ReactElement {
  const { base, possibles, trajectoires, annees } = cibles
  const ecrites = (lecture.charte.cibles?.cibles ?? []).filter(({ indicateurs }) =>
    indicateurs.includes(ligne.indicateur.id),
  )
  const fin = base && annees !== null ? base.annee + annees : null
  return (
    <Carte titre="Ce que la charte vise" niveau={3}>
      <Pile>
        <ul className="puces">
          {ecrites.map((cible) => (
            <li key={cible.id}>
              {cible.libelle} <span className="note">({cible.reference})</span>
              {cible.reserve !== undefined && <p className="note">{cible.reserve}</p>}
            </li>
          ))}
        </ul>
        {trajectoires.length > 0 && base && fin !== null ? (
          <Tableau
            legende={`Où mènent les cibles en ${fin}, à partir de ${base.annee}`}
            legendeMontree
            largeur="etroit"
            lignes={trajectoires}
            cle={(trajectoire) => nommerTrajectoire(trajectoire)}
            colonnes={[
              { cle: 'lecture', titre: 'Lecture', principale: true, rendre: nommerTrajectoire },
              {
                cle: 'chute',
                titre: 'Baisse totale',
                numerique: true,
                rendre: ({ chute }) => `−${formatNombre(chute * 100, 1)} %`,
              },
              {
                cle: 'valeur',
                titre: `En ${fin}`,
                numerique: true,
                rendre: ({ points }) => formatNombre(Math.round(points.at(-1)?.valeur ?? 0)),
              },
            ]}
          />
        ) : (
          <Message ton="bientot">
            <p>
              {annees === null
                ? 'Le document ne dit pas combien d’années il dure : les cibles ne peuvent pas être tracées.'
                : 'Aucun chiffre n’est connu pour l’année de base : les cibles ne peuvent pas être tracées.'}
            </p>
          </Message>
        )}
        <form
          className="filtres compact"
          method="get"
          action={`${cheminIndicateur(ligne)}#historique`}
          aria-label="Choisir l’année de base"
        >
          {requete.recherche.charte && <input type="hidden" name="charte" value={requete.recherche.charte} />}
          <Selection
            nom="base"
            libelle="Année de base"
            libre
            valeur={base ? String(base.annee) : ''}
            vide={base ? undefined : 'Choisir'}
            options={possibles.map((annee) => ({ valeur: String(annee), libelle: String(annee) }))}
          />
          <Bouton petit>Tracer les cibles</Bouton>
        </form>
        {lecture.charte.cibles && <LigneProvenance provenance={lecture.charte.cibles} />}
      </Pile>
    </Carte>
  )
}

function PageIndicateur({
  requete,
  lecture,
  ligne,
}: {
  requete: Requete
  lecture: LectureCharte
  ligne: IndicateurDuDocument
}): ReactElement {
  const { charte, lien } = lecture
  const { numero, indicateur, producteurs, ventilations, suivi } = ligne
  const serie = serieDe(charte.historique, indicateur.id)
  const fiches = charte.fiches.filter(({ indicateurs = [] }) => indicateurs.includes(indicateur.id))
  return (
    <CadreCharte
      requete={requete}
      lecture={lecture}
      partie="indicateurs"
      titre={indicateur.libelle}
      fil={[
        { libelle: 'Indicateurs', href: lien('/charte/indicateurs') },
        { libelle: numero === null ? 'Indicateur cité' : `Indicateur ${numero}` },
      ]}
      chapo={indicateur.question}
      cles={[
        { terme: 'Thème', valeur: THEMES_INDICATEUR[indicateur.theme] },
        { terme: 'Unité', valeur: majuscule(UNITES_INDICATEUR[indicateur.unite]) },
        {
          terme: producteurs.length > 1 ? 'Producteurs' : 'Producteur',
          valeur: producteurs.length === 0 ? 'Non dit' : ecrireProducteurs(producteurs),
        },
        ...(indicateur.sens_vise ? [{ terme: 'Sens', valeur: SENS[indicateur.sens_vise] }] : []),
      ]}
    >
      <Colonnes genre="dossier">
        <Carte titre="Ce qui est compté">
          <ListeDefinition
            lignes={[
              { terme: 'Compté', valeur: indicateur.numerateur },
              { terme: 'Rapporté à', valeur: indicateur.denominateur ?? null },
              {
                terme: 'Lignes',
                valeur: indicateur.lignes ? (
                  <ul className="puces">
                    {indicateur.lignes.map((une) => (
                      <li key={une}>{une}</li>
                    ))}
                  </ul>
                ) : null,
              },
              ...(indicateur.mesures_associees ?? []).map((mesure) => ({
                terme: `${mesure.libelle}`,
                valeur: mesure.numerateur,
                note:
                  mesure.denominateur === undefined
                    ? `En ${UNITES_INDICATEUR[mesure.unite]}`
                    : `Rapporté à : ${mesure.denominateur}, en ${UNITES_INDICATEUR[mesure.unite]}`,
              })),
              {
                terme: 'Découpages',
                valeur:
                  ventilations.length === 0 ? null : majuscule(ventilations.map((une) => VENTILATIONS[une]).join(', ')),
              },
              { terme: 'D’où il vient', valeur: PRODUCTIONS[indicateur.production] },
              { terme: 'À savoir', valeur: indicateur.reserve ?? null },
              {
                terme: 'Cité par',
                valeur:
                  fiches.length === 0
                    ? null
                    : fiches.map((fiche, rang) => (
                        <span key={fiche.numero}>
                          {rang > 0 && ', '}
                          <a href={lien(cheminFiche(fiche))}>
                            fiche {fiche.numero}, {fiche.titre}
                          </a>
                        </span>
                      )),
              },
            ]}
          />
        </Carte>
        <CarteProvenance
          provenance={indicateur}
          lignes={
            suivi && ecrireSource(suivi.source) !== ecrireSource(indicateur.source)
              ? [{ terme: 'Suivi par', valeur: ecrireSource(suivi.source) }]
              : []
          }
        />
      </Colonnes>
      {serie && <SectionSerie requete={requete} lecture={lecture} ligne={ligne} serie={serie} />}
    </CadreCharte>
  )
}
