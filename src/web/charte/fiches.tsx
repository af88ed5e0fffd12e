import type { ReactElement, ReactNode } from 'react'
import type { Fiche } from '#referentiel'
import { Introuvable } from '#socle/errors'
import { formatNombre, pluriel } from '#socle/typography'
import {
  Bouton,
  Carte,
  Colonnes,
  EtatVide,
  Etiquette,
  ListeSobre,
  Message,
  Pile,
  Tableau,
} from '../composants/index.ts'
import { page, type Reponse, type Requete } from '../route.ts'
import { CadreCharte } from './cadre-charte.tsx'
import { cheminIndicateur, trouverParId } from './catalogue-indicateurs.ts'
import { type LectureCharte, lireCharte } from './lecture.ts'
import { BilanPreuves, CarteProvenance } from './preuve.tsx'

/** Address of a sheet. */
export const cheminFiche = ({ numero }: Pick<Fiche, 'numero'>): string => `/charte/fiches/${encodeURIComponent(numero)}`

/** GET /charte/fiches. */
export async function listerLesFiches(requete: Requete): Promise<Reponse> {
  return page(<PageFiches requete={requete} lecture={lireCharte(requete)} />)
}

/** GET /charte/fiches/:numero. */
export async function montrerFiche(requete: Requete): Promise<Reponse> {
  const lecture = lireCharte(requete)
  const cherche = requete.parametres.numero?.toLowerCase()
  const fiche = lecture.charte.fiches.find(({ numero }) => numero.toLowerCase() === cherche)
  if (!fiche) throw new Introuvable()
  return page(<PageFiche requete={requete} lecture={lecture} fiche={fiche} />)
}

/** A sheet that others cite and that nobody gave: it waits for its pilots. */
const NonFournie = (): ReactElement => (
  <Etiquette ton="reserve" icone="doute">
    citée, non fournie
  </Etiquette>
)

/** Names one after the other; those that hold commas themselves are told apart by semicolons. */
const enumerer = (textes: readonly string[]): string =>
  textes.join(textes.some((texte) => texte.includes(',')) ? ' ; ' : ', ')

const genreFiche = ({ charte }: LectureCharte): { un: string; plusieurs: string } =>
  charte.nature === 'charte'
    ? { un: 'fiche engagement', plusieurs: 'fiches engagement' }
    : { un: 'fiche-action', plusieurs: 'fiches-actions' }

/** Other sheets, each leading to its own page when the document has it. */
function LiensFiches({ lecture, numeros }: { lecture: LectureCharte; numeros: readonly string[] }): ReactNode {
  return numeros.map((numero, rang) => {
    const fiche = lecture.charte.fiches.find((une) => une.numero === numero)
    return (
      <span key={numero}>
        {rang > 0 && ', '}
        {fiche ? (
          <a className="nb" href={lecture.lien(cheminFiche(fiche))} aria-label={`Fiche ${numero} : ${fiche.titre}`}>
            {numero}
          </a>
        ) : (
          numero
        )}
      </span>
    )
  })
}

function PageFiches({ requete, lecture }: { requete: Requete; lecture: LectureCharte }): ReactElement {
  const { charte, lien } = lecture
  const genre = genreFiche(lecture)
  return (
    <CadreCharte
      requete={requete}
      lecture={lecture}
      partie="fiches"
      titre={charte.fiches.length === 0 ? 'Aucune fiche' : pluriel(charte.fiches.length, genre.un, genre.plusieurs)}
      fil={[{ libelle: 'Fiches' }]}
      chapo={`${charte.titre}. Chaque fiche dit qui pilote quoi, avec qui, et comment on saura que c’est fait.`}
    >
      {charte.fiches.length === 0 ? (
        <EtatVide titre="Ce document n’en contient pas">
          Une fiche dit ce qui est prévu hors des dossiers : séances d’information, outils communs, rencontres.
        </EtatVide>
      ) : (
        <div>
          <BilanPreuves preuves={charte.fiches} singulier="fiche" auPluriel="fiches" feminin />
          <Tableau
            legende="Fiches du document"
            lignes={charte.fiches}
            cle={({ numero }) => numero}
            colonnes={[
              { cle: 'numero', titre: 'N°', rendre: ({ numero }) => <span className="nb">{numero}</span> },
              {
                cle: 'titre',
                titre: 'Fiche',
                principale: true,
                large: true,
                rendre: (fiche) => (
                  <>
                    <a href={lien(cheminFiche(fiche))}>{fiche.titre}</a> {!fiche.fournie && <NonFournie />}
                  </>
                ),
              },
              {
                cle: 'pilotes',
                titre: 'Pilotes',
                rendre: ({ pilotes }) =>
                  pilotes.length === 0 ? <span className="note">non connus</span> : enumerer(pilotes),
              },
              {
                cle: 'associes',
                titre: 'Partenaires associés',
                large: true,
                rendre: ({ associes = [] }) => enumerer(associes),
              },
              {
                cle: 'actions',
                titre: 'Actions',
                numerique: true,
                rendre: ({ actions = [] }) => formatNombre(actions.length),
              },
              ...(charte.fiches.some(({ delai }) => delai !== undefined)
                ? [{ cle: 'delai', titre: 'Délai', rendre: ({ delai }: Fiche) => delai }]
                : []),
              ...(charte.fiches.some(({ liens }) => liens !== undefined)
                ? [
                    {
                      cle: 'liens',
                      titre: 'Liée à',
                      rendre: ({ liens = [] }: Fiche) => <LiensFiches lecture={lecture} numeros={liens} />,
                    },
                  ]
                : []),
            ]}
          />
        </div>
      )}
    </CadreCharte>
  )
}

/** A list of short texts in a card; nothing when there is none. */
function CarteTextes({ titre, textes }: { titre: string; textes: readonly string[] | undefined }): ReactElement | null {
  if (textes === undefined || textes.length === 0) return null
  return (
    <Carte titre={titre}>
      <ul className="puces">
        {textes.map((texte) => (
          <li key={texte}>{texte}</li>
        ))}
      </ul>
    </Carte>
  )
}

function CarteActions({ fiche: { actions = [] } }: { fiche: Fiche }): ReactElement | null {
  if (actions.length === 0) return null
  return (
    <Carte titre="Ce qui est prévu" aside={pluriel(actions.length, 'action', 'actions')}>
      <Tableau
        legende="Actions prévues, avec leurs pilotes"
        largeur="moyen"
        lignes={actions}
        cle={({ id }) => id}
        colonnes={[
          {
            cle: 'libelle',
            titre: 'Action',
            principale: true,
            large: true,
            rendre: ({ libelle, publics = [] }) => (
              <>
                <b>{libelle}</b>
                {publics.length > 0 && <small>Pour : {enumerer(publics)}</small>}
              </>
            ),
          },
          { cle: 'pilotes', titre: 'Pilotes', rendre: ({ pilotes }) => enumerer(pilotes) },
          { cle: 'partenaires', titre: 'Avec', rendre: ({ partenaires = [] }) => enumerer(partenaires) },
          { cle: 'rythme', titre: 'Rythme', rendre: ({ rythme }) => rythme },
        ]}
      />
    </Carte>
  )
}

function CarteEvaluation({ lecture, fiche }: { lecture: LectureCharte; fiche: Fiche }): ReactElement | null {
  const { indicateurs = [] } = fiche
  if (indicateurs.length === 0) return null
  return (
    <Carte titre="Comment on saura">
      <ListeSobre
        lignes={indicateurs.flatMap((id) => {
          const trouve = trouverParId(lecture, id)
          return trouve
            ? [
                {
                  cle: id,
                  titre: <a href={lecture.lien(cheminIndicateur(trouve))}>{trouve.indicateur.libelle}</a>,
                  note: trouve.indicateur.question,
                },
              ]
            : []
        })}
      />
    </Carte>
  )
}

function ContenuFiche({ lecture, fiche }: { lecture: LectureCharte; fiche: Fiche }): ReactElement {
  return (
    <>
      {fiche.remarque !== undefined && (
        <Message>
          <p>{fiche.remarque}</p>
        </Message>
      )}
      <Colonnes genre="dossier">
        <Pile>
          <CarteTextes titre="Constats" textes={fiche.constats} />
          <CarteTextes titre="Objectifs" textes={fiche.objectifs} />
          <CarteActions fiche={fiche} />
          <CarteTextes titre="Points de vigilance" textes={fiche.vigilance} />
        </Pile>
        <Pile>
          <CarteTextes titre="Partenaires associés" textes={fiche.associes} />
          <CarteTextes titre="Pour qui" textes={fiche.publics} />
          <CarteTextes titre="Moyens" textes={fiche.moyens} />
          <CarteEvaluation lecture={lecture} fiche={fiche} />
          <CarteTextes titre="Cadre juridique" textes={fiche.cadre_juridique} />
          <CarteProvenance provenance={fiche} />
        </Pile>
      </Colonnes>
    </>
  )
}

function PageFiche({
  requete,
  lecture,
  fiche,
}: {
  requete: Requete
  lecture: LectureCharte
  fiche: Fiche
}): ReactElement {
  const { charte, lien } = lecture
  const rang = charte.fiches.indexOf(fiche)
  const avant = charte.fiches[rang - 1]
  const apres = charte.fiches[rang + 1]
  const citee = charte.fiches.filter(({ liens = [] }) => liens.includes(fiche.numero)).map(({ numero }) => numero)
  const { liens = [] } = fiche
  return (
    <CadreCharte
      requete={requete}
      lecture={lecture}
      partie="fiches"
      titre={`Fiche ${fiche.numero} : ${fiche.titre}`}
      fil={[{ libelle: 'Fiches', href: lien('/charte/fiches') }, { libelle: `Fiche ${fiche.numero}` }]}
      chapo={charte.titre}
      cles={[
        {
          terme: fiche.pilotes.length > 1 ? 'Pilotes' : 'Pilote',
          valeur: fiche.pilotes.length === 0 ? 'Non connu' : enumerer(fiche.pilotes),
        },
        ...(fiche.delai === undefined ? [] : [{ terme: 'Délai', valeur: fiche.delai }]),
        ...(fiche.actions ? [{ terme: 'Actions', valeur: formatNombre(fiche.actions.length) }] : []),
        ...(liens.length + citee.length > 0
          ? [
              {
                terme: 'Liée aux fiches',
                valeur: <LiensFiches lecture={lecture} numeros={[...new Set([...liens, ...citee])]} />,
              },
            ]
          : []),
      ]}
    >
      {fiche.fournie ? (
        <ContenuFiche lecture={lecture} fiche={fiche} />
      ) : (
        <>
          <Message ton="reserve" icone="doute">
            <p>
              <b>Fiche citée, non fournie.</b>{' '}
              {citee.length > 0 && (
                <>
                  Les fiches <LiensFiches lecture={lecture} numeros={citee} /> y renvoient, mais son texte n’a pas été
                  donné :{' '}
                </>
              )}
              ses pilotes la compléteront.
            </p>
          </Message>
          <CarteProvenance provenance={fiche} />
        </>
      )}
      <nav className="pages" aria-label="Fiches voisines">
        <span className="note">
          Fiche {rang + 1} sur {charte.fiches.length}
        </span>
        <span className="ets">
          {avant && (
            <Bouton
              petit
              icone="fg"
              href={lien(cheminFiche(avant))}
              libelleLu={`Précédente : fiche ${avant.numero}, ${avant.titre}`}
            >
              Fiche {avant.numero}
            </Bouton>
          )}
          {apres && (
            <Bouton
              petit
              iconeApres="fd"
              href={lien(cheminFiche(apres))}
              libelleLu={`Suivante : fiche ${apres.numero}, ${apres.titre}`}
            >
              Fiche {apres.numero}
            </Bouton>
          )}
        </span>
      </nav>
    </CadreCharte>
  )
}
