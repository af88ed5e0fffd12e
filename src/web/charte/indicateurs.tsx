import type { ReactElement } from 'react'
import {
  ecrireReserve,
  type Historique,
  type Producteur,
  THEMES_INDICATEUR,
  type ThemeIndicateur,
  UNITES_INDICATEUR,
  VENTILATIONS,
} from '#referentiel'
import { type Cell, number, text } from '#socle/tableur'
import { normalizeForSearch } from '#socle/text'
import { formatNombre, pluriel } from '#socle/typography'
import { Champ, EtatVide, Filtres, Section, Selection, Tableau } from '../composants/index.ts'
import { BoutonsExport, enFichier, type FormatExport } from '../export.tsx'
import { ecrireSource } from '../regles/regles.tsx'
import { page, type Reponse, type Requete } from '../route.ts'
import { CadreCharte } from './cadre-charte.tsx'
import {
  cheminIndicateur,
  type IndicateurDuDocument,
  listerIndicateurs,
  trouverParId,
} from './catalogue-indicateurs.ts'
import { cleCharte, type LectureCharte, lireCharte } from './lecture.ts'
import { ecrireProducteurs } from './libelles.ts'
import { BilanPreuves, LigneProvenance } from './preuve.tsx'

/** How a figure is obtained. */
export const PRODUCTIONS = {
  dossiers: 'Compté dans les dossiers',
  saisie: 'Donné chaque année par son producteur',
} as const

const CLES = ['q', 'theme', 'producteur', 'production'] as const
type Choix = Readonly<Partial<Record<(typeof CLES)[number], string>>>

const producteursDe = (lecture: LectureCharte): readonly Producteur[] => [
  ...new Set(listerIndicateurs(lecture).flatMap(({ producteurs }) => producteurs)),
]

function lireChoix(recherche: Requete['recherche'], lecture: LectureCharte): Choix {
  const admise = {
    q: (valeur: string) => valeur.length <= 120,
    theme: (valeur: string) => Object.hasOwn(THEMES_INDICATEUR, valeur),
    producteur: (valeur: string) => (producteursDe(lecture) as readonly string[]).includes(valeur),
    production: (valeur: string) => Object.hasOwn(PRODUCTIONS, valeur),
  }
  return Object.fromEntries(
    CLES.map((cle) => [cle, recherche[cle]?.trim() ?? ''] as const).filter(
      ([cle, valeur]) => valeur !== '' && admise[cle](valeur),
    ),
  )
}

function chercher(
  lecture: LectureCharte,
  { q, theme, producteur, production }: Choix,
): readonly IndicateurDuDocument[] {
  const mots = normalizeForSearch(q ?? '').split(' ')
  return listerIndicateurs(lecture).filter(({ numero, indicateur, producteurs }) => {
    if (theme !== undefined && indicateur.theme !== theme) return false
    if (producteur !== undefined && !(producteurs as readonly string[]).includes(producteur)) return false
    if (production !== undefined && indicateur.production !== production) return false
    const { libelle, question, numerateur, denominateur, lignes = [], mesures_associees = [] } = indicateur
    const texte = ` ${normalizeForSearch([numero, libelle, question, numerateur, denominateur, ...lignes, ...mesures_associees.map((une) => une.libelle)].join(' '))} `
    return mots.every((mot) => mot === '' || texte.includes(` ${mot.length > 3 ? mot.replace(/[sx]$/, '') : mot}`))
  })
}

function decrire(cle: (typeof CLES)[number], valeur: string): string {
  switch (cle) {
    case 'q':
      return `Recherche : ${valeur}`
    case 'theme':
      return THEMES_INDICATEUR[valeur as ThemeIndicateur]
    case 'producteur':
      return `Producteur : ${ecrireProducteurs([valeur as Producteur])}`
    case 'production':
      return PRODUCTIONS[valeur as keyof typeof PRODUCTIONS]
  }
}

/** GET /charte/indicateurs. */
export async function listerLesIndicateurs(requete: Requete): Promise<Reponse> {
  const lecture = lireCharte(requete)
  return page(<PageIndicateurs requete={requete} lecture={lecture} choix={lireChoix(requete.recherche, lecture)} />)
}

/** A past figure as it is printed: « NC » is « not known », never zero. */
export const ecrireValeurHistorique = (valeur: number | 'NC' | null | undefined): string =>
  typeof valeur === 'number' ? formatNombre(valeur) : 'NC'

/** The history as the document prints it, line by line. */
function SectionHistorique({ lecture, historique }: { lecture: LectureCharte; historique: Historique }): ReactElement {
  const { lien } = lecture
  return (
    <Section
      titre="Ce que la charte publie du passé"
      compte={`${historique.perimetre}, ${historique.annees[0]} à ${historique.annees.at(-1)}`}
      id="historique"
    >
      <Tableau
        legende={`Chiffres publiés, de ${historique.annees[0]} à ${historique.annees.at(-1)}. NC : non connu.`}
        lignes={historique.lignes}
        cle={({ indicateur }) => indicateur}
        colonnes={[
          {
            cle: 'indicateur',
            titre: 'Indicateur',
            principale: true,
            large: true,
            rendre: ({ indicateur }) => {
              const trouve = trouverParId(lecture, indicateur)
              return trouve ? (
                <a href={lien(`${cheminIndicateur(trouve)}#historique`)}>{trouve.indicateur.libelle}</a>
              ) : (
                indicateur
              )
            },
          },
          ...historique.annees.map((annee, rang) => ({
            cle: String(annee),
            titre: String(annee),
            numerique: true,
            rendre: ({ valeurs }: Historique['lignes'][number]) => {
              const valeur = valeurs[rang]
              return typeof valeur === 'number' ? (
                formatNombre(valeur)
              ) : (
                <abbr className="note" title="non connu">
                  NC
                </abbr>
              )
            },
          })),
        ]}
        apres={
          <div className="pages">
            <span className="note">NC : non connu. Ce n’est pas zéro.</span>
            <span className="ets">
              <BoutonsExport quoi="ces chiffres" lien={(format) => lien(`/charte/indicateurs/historique.${format}`)} />
            </span>
          </div>
        }
      />
      <LigneProvenance provenance={historique} />
    </Section>
  )
}

function PageIndicateurs({
  requete,
  lecture,
  choix,
}: {
  requete: Requete
  lecture: LectureCharte
  choix: Choix
}): ReactElement {
  const { charte, lien } = lecture
  const tous = listerIndicateurs(lecture)
  const lignes = chercher(lecture, choix)
  const cites = tous.filter(({ numero }) => numero === null).length
  const fil = [{ libelle: 'Indicateurs' }]
  if (tous.length === 0) {
    return (
      <CadreCharte requete={requete} lecture={lecture} partie="indicateurs" titre="Aucun indicateur" fil={fil}>
        <EtatVide titre="Ce document n’en suit pas">
          Aucun indicateur n’est écrit pour « {charte.titre} » : ni suivi, ni cité par une fiche.
        </EtatVide>
      </CadreCharte>
    )
  }
  return (
    <CadreCharte
      requete={requete}
      lecture={lecture}
      partie="indicateurs"
      titre={pluriel(lignes.length, 'indicateur', 'indicateurs')}
      fil={fil}
      chapo={
        <>
          Ce qui est compté, comment, par qui. {charte.historique && <a href="#historique">Les chiffres du passé</a>}
          {charte.historique && ' sont plus bas.'} Ceux que les partenaires donnent :{' '}
          <a href="/charte/collecte">chiffres de l’année</a>.
        </>
      }
      actions={
        lignes.length > 0 && (
          <BoutonsExport
            quoi={lignes.length === 1 ? 'cet indicateur' : `ces ${pluriel(lignes.length, 'indicateur', 'indicateurs')}`}
            lien={(format) => lien(`/charte/indicateurs/export.${format}`, choix)}
          />
        )
      }
    >
      <div>
        <Filtres
          action="/charte/indicateurs"
          libelle="Filtrer les indicateurs"
          resultat={pluriel(lignes.length, 'indicateur', 'indicateurs')}
          champs={requete.recherche.charte ? { charte: requete.recherche.charte } : undefined}
          actifs={CLES.flatMap((cle) => {
            const valeur = choix[cle]
            const { [cle]: _, ...reste } = choix
            return valeur === undefined
              ? []
              : [{ libelle: decrire(cle, valeur), retirer: lien('/charte/indicateurs', reste) }]
          })}
          toutRetirer={lien('/charte/indicateurs')}
        >
          <Champ nom="q" genre="search" libelle="Mots" libre valeur={choix.q} longueurMax={120} />
          <Selection
            nom="theme"
            libelle="Thème"
            libre
            vide="Tous"
            valeur={choix.theme}
            options={Object.entries(THEMES_INDICATEUR)
              .filter(([theme]) => tous.some(({ indicateur }) => indicateur.theme === theme))
              .map(([valeur, libelle]) => ({ valeur, libelle }))}
          />
          <Selection
            nom="producteur"
            libelle="Producteur"
            libre
            vide="Tous"
            valeur={choix.producteur}
            options={producteursDe(lecture).map((valeur) => ({ valeur, libelle: ecrireProducteurs([valeur]) }))}
          />
          <Selection
            nom="production"
            libelle="D’où vient le chiffre"
            libre
            vide="Tous"
            valeur={choix.production}
            options={Object.entries(PRODUCTIONS).map(([valeur, libelle]) => ({ valeur, libelle }))}
          />
        </Filtres>
        <BilanPreuves
          preuves={lignes.map(({ indicateur }) => indicateur)}
          singulier="définition"
          auPluriel="définitions"
          feminin
        />
        <Tableau
          legende="Indicateurs du document"
          lignes={lignes}
          cle={(ligne) => cheminIndicateur(ligne)}
          colonnes={[
            { cle: 'numero', titre: 'N°', numerique: true, rendre: ({ numero }) => numero ?? '' },
            {
              cle: 'libelle',
              titre: 'Indicateur',
              principale: true,
              large: true,
              rendre: (ligne) => (
                <>
                  <a href={lien(cheminIndicateur(ligne))}>{ligne.indicateur.libelle}</a>
                  <small>{ligne.indicateur.question}</small>
                </>
              ),
            },
            { cle: 'theme', titre: 'Thème', rendre: ({ indicateur }) => THEMES_INDICATEUR[indicateur.theme] },
            { cle: 'unite', titre: 'Unité', rendre: ({ indicateur }) => UNITES_INDICATEUR[indicateur.unite] },
            {
              cle: 'producteurs',
              titre: 'Producteurs',
              rendre: ({ producteurs }) =>
                producteurs.length === 0 ? (
                  <span className="note">cité, non suivi</span>
                ) : (
                  ecrireProducteurs(producteurs)
                ),
            },
            {
              cle: 'production',
              titre: 'D’où vient le chiffre',
              rendre: ({ indicateur }) => PRODUCTIONS[indicateur.production],
            },
          ]}
          vide="Aucun indicateur ne répond à ces filtres."
        />
        {cites > 0 && lignes.some(({ numero }) => numero === null) && (
          <p className="note mt2">
            {pluriel(cites, 'indicateur sans numéro est cité', 'indicateurs sans numéro sont cités')} par une fiche, par
            une cible ou par les chiffres du passé.
          </p>
        )}
      </div>
      {charte.historique && <SectionHistorique lecture={lecture} historique={charte.historique} />}
    </CadreCharte>
  )
}

type LireColonne = (ligne: IndicateurDuDocument, lecture: LectureCharte) => Cell
const COLONNES: readonly { readonly titre: string; readonly lire: LireColonne }[] = [
  { titre: 'N°', lire: ({ numero }) => number(numero) },
  { titre: 'Indicateur', lire: ({ indicateur }) => text(indicateur.libelle) },
  { titre: 'Question', lire: ({ indicateur }) => text(indicateur.question) },
  { titre: 'Thème', lire: ({ indicateur }) => text(THEMES_INDICATEUR[indicateur.theme]) },
  { titre: 'Unité', lire: ({ indicateur }) => text(UNITES_INDICATEUR[indicateur.unite]) },
  { titre: 'Compté', lire: ({ indicateur }) => text(indicateur.numerateur) },
  { titre: 'Rapporté à', lire: ({ indicateur }) => text(indicateur.denominateur) },
  {
    titre: 'Avec',
    lire: ({ indicateur }) => text(indicateur.mesures_associees?.map(({ libelle }) => libelle).join(' ; ')),
  },
  { titre: 'Lignes', lire: ({ indicateur }) => text(indicateur.lignes?.join(' ; ')) },
  { titre: 'Découpages', lire: ({ ventilations }) => text(ventilations.map((une) => VENTILATIONS[une]).join(', ')) },
  { titre: 'Producteurs', lire: ({ producteurs }) => text(ecrireProducteurs(producteurs)) },
  { titre: 'D’où vient le chiffre', lire: ({ indicateur }) => text(PRODUCTIONS[indicateur.production]) },
  { titre: 'Réserve de lecture', lire: ({ indicateur }) => text(indicateur.reserve) },
  { titre: 'Source', lire: ({ suivi, indicateur }) => text(ecrireSource((suivi ?? indicateur).source)) },
  { titre: 'Fiabilité', lire: ({ indicateur }) => text(ecrireReserve(indicateur)) },
]

/** GET /charte/indicateurs/export.<format>: the definitions the list shows under the same address. */
export const exporterIndicateurs =
  (format: FormatExport) =>
  async (requete: Requete): Promise<Reponse> => {
    const lecture = lireCharte(requete)
    const lignes = chercher(lecture, lireChoix(requete.recherche, lecture))
    return enFichier(
      `indicateurs-${cleCharte(lecture.charte)}`,
      {
        name: 'Indicateurs',
        header: COLONNES.map(({ titre }) => titre),
        rows: lignes.map((ligne) => COLONNES.map(({ lire }) => lire(ligne, lecture))),
      },
      format,
    )
  }

/** GET /charte/indicateurs/historique.<format>: past figures; « NC » stays a text, so that no spreadsheet counts it as zero. */
export const exporterHistorique =
  (format: FormatExport) =>
  async (requete: Requete): Promise<Reponse> => {
    const lecture = lireCharte(requete)
    const { historique } = lecture.charte
    return enFichier(
      `historique-${cleCharte(lecture.charte)}`,
      {
        name: 'Historique',
        header: ['Indicateur', ...(historique?.annees ?? []).map(String)],
        rows: (historique?.lignes ?? []).map(({ indicateur, valeurs }) => [
          text(lecture.catalogue.get(indicateur)?.libelle ?? indicateur),
          ...valeurs.map((valeur) => (typeof valeur === 'number' ? number(valeur) : text(valeur))),
        ]),
      },
      format,
    )
  }
