import type { ReactElement } from 'react'
import { ETAPES_DROIT, type EtapeDroit } from '#procedure'
import { formatDate, formatNombre, pluriel } from '#socle/typography'
import { Cadre } from '../cadre.tsx'
import {
  AxePeriodesCourt,
  Bouton,
  Champ,
  EtatVide,
  type FiltreActif,
  Filtres,
  Message,
  Pile,
  Section,
  Selection,
  Tableau,
} from '../composants/index.ts'
import { page, type Reponse, type Requete } from '../route.ts'
import {
  ETATS,
  type EtatRegle,
  enVigueurLe,
  GENRES,
  type Genre,
  listerRegles,
  type RegleMontree,
  texteDe,
} from './lecture.ts'
import { EtiquettesRegle, ecrirePeriode, enPeriodes, Source, Texte } from './parties.tsx'
import { majuscule, nommerFaits } from './phrases.ts'

/** Years shown on each side of today: enough for the reform of 2014 and the next decrees. */
const AVANT = 14
const APRES = 2

interface Filtre {
  readonly q: string
  readonly etape: EtapeDroit | null
  readonly genre: Genre | null
  readonly etat: EtatRegle | null
}

/** GET /droit. */
export async function montrerDroit(requete: Requete): Promise<Reponse> {
  return page(<PageDroit requete={requete} filtre={lireFiltre(requete.recherche)} />)
}

function lireFiltre({ q = '', etape, genre, etat }: Requete['recherche']): Filtre {
  return {
    q: q.trim(),
    etape: choisir(ETAPES_DROIT, etape),
    genre: choisir(GENRES, genre),
    etat: choisir(ETATS, etat),
  }
}

function choisir<C extends string>(admis: Readonly<Record<C, string>>, lu: string | undefined): C | null {
  return (Object.keys(admis) as C[]).find((cle) => cle === lu) ?? null
}

/** Words compared without accents nor case; each one must be there. */
const normaliser = (texte: string): string =>
  texte
    .normalize('NFD')
    .replace(/\p{Mn}/gu, '')
    .replaceAll('’', "'")
    .toLowerCase()

function retenir(regles: readonly RegleMontree[], { q, etape, genre, etat }: Filtre): readonly RegleMontree[] {
  const mots = normaliser(q)
    .split(/\s+/)
    .filter((mot) => mot !== '')
  return regles.filter((regle) => {
    if (etape !== null && regle.etape !== etape) return false
    if (genre !== null && regle.genre !== genre) return false
    if (etat !== null && !regle.etats.has(etat)) return false
    if (mots.length === 0) return true
    const texte = normaliser(texteDe(regle))
    return mots.every((mot) => texte.includes(mot))
  })
}

const adresseDe = (filtre: Filtre): string => {
  const champs = Object.entries(filtre).filter((entree): entree is [string, string] => Boolean(entree[1]))
  return champs.length === 0 ? '/droit' : `/droit?${new URLSearchParams(champs)}`
}

function listerActifs(filtre: Filtre): readonly FiltreActif[] {
  const { q, etape, genre, etat } = filtre
  return [
    ...(q ? [{ libelle: `« ${q} »`, retirer: adresseDe({ ...filtre, q: '' }) }] : []),
    ...(etape ? [{ libelle: ETAPES_DROIT[etape], retirer: adresseDe({ ...filtre, etape: null }) }] : []),
    ...(genre ? [{ libelle: majuscule(GENRES[genre]), retirer: adresseDe({ ...filtre, genre: null }) }] : []),
    ...(etat ? [{ libelle: ETATS[etat], retirer: adresseDe({ ...filtre, etat: null }) }] : []),
  ]
}

function FiltresDroit({
  filtre,
  toutes,
  retenues,
}: {
  filtre: Filtre
  toutes: readonly RegleMontree[]
  retenues: number
}): ReactElement {
  const compter = (test: (regle: RegleMontree) => boolean) => formatNombre(toutes.filter(test).length)
  return (
    <Filtres
      action="/droit"
      libelle="Chercher une règle de droit"
      resultat={pluriel(retenues, 'règle', 'règles')}
      actifs={listerActifs(filtre)}
      toutRetirer="/droit"
    >
      <Champ nom="q" libelle="Mot, article, valeur" genre="search" libre valeur={filtre.q} />
      <Selection
        nom="etape"
        libelle="Étape"
        libre
        vide="Toutes"
        valeur={filtre.etape ?? ''}
        options={(Object.keys(ETAPES_DROIT) as EtapeDroit[])
          .filter((etape) => toutes.some((regle) => regle.etape === etape))
          .map((etape) => ({ valeur: etape, libelle: ETAPES_DROIT[etape] }))}
      />
      <Selection
        nom="genre"
        libelle="Genre"
        libre
        vide="Tous"
        valeur={filtre.genre ?? ''}
        options={(Object.keys(GENRES) as Genre[]).map((genre) => ({
          valeur: genre,
          libelle: `${majuscule(GENRES[genre])} (${compter((regle) => regle.genre === genre)})`,
        }))}
      />
      <Selection
        nom="etat"
        libelle="À regarder"
        libre
        vide="Toutes les règles"
        valeur={filtre.etat ?? ''}
        options={(Object.keys(ETATS) as EtatRegle[]).map((etat) => ({
          valeur: etat,
          libelle: `${ETATS[etat]} (${compter(({ etats }) => etats.has(etat))})`,
        }))}
      />
    </Filtres>
  )
}

/** The value for an act of the day, or when there was or will be one. */
function ValeurDuJour({ regle, jour }: { regle: RegleMontree; jour: Temporal.PlainDate }): ReactElement {
  const enCours = enVigueurLe(regle, jour)
  if (enCours.length === 0) {
    if (regle.genre === 'calendrier') return <>Aucune trêve ce jour</>
    const suivante = regle.versions.find(({ du }) => Temporal.PlainDate.compare(du, jour) > 0)
    const finie = regle.versions.findLast(({ jusquAu }) => jusquAu && Temporal.PlainDate.compare(jusquAu, jour) < 0)
    return (
      <>
        Aucune
        <small>
          {finie?.jusquAu
            ? `expirée le ${formatDate(finie.jusquAu)}`
            : suivante && `connue à partir du ${formatDate(suivante.du)}`}
        </small>
      </>
    )
  }
  return (
    <>
      {enCours.map((version) => (
        <div key={version.cle}>
          {version.seconde && 'ou : '}
          <Texte version={version} />
          <small>{[version.pour, ecrirePeriode(version, jour)].filter((mot) => mot !== '').join(', ')}</small>
        </div>
      ))}
    </>
  )
}

function TableauEtape({
  etape,
  regles,
  requete,
}: {
  etape: EtapeDroit
  regles: readonly RegleMontree[]
  requete: Requete
}): ReactElement {
  const { jour } = requete.session
  const debut = Temporal.PlainDate.from({ year: jour.year - AVANT, month: 1, day: 1 })
  const fin = Temporal.PlainDate.from({ year: jour.year + APRES, month: 12, day: 31 })
  return (
    <Section titre={ETAPES_DROIT[etape]} compte={pluriel(regles.length, 'règle', 'règles')} id={`etape-${etape}`}>
      <Tableau
        legende={`Règles de droit : ${ETAPES_DROIT[etape]}`}
        lignes={regles}
        cle={({ id }) => id}
        colonnes={[
          {
            cle: 'regle',
            titre: 'Règle',
            principale: true,
            rendre: (regle) => (
              <>
                <a href={regle.href}>{regle.court}</a>
                {regle.libelle !== regle.court && <small>{regle.libelle}</small>}
                <EtiquettesRegle regle={regle} jour={jour} />
              </>
            ),
          },
          {
            cle: 'valeur',
            titre: 'Pour un acte du jour',
            large: true,
            rendre: (regle) => <ValeurDuJour regle={regle} jour={jour} />,
          },
          {
            cle: 'axe',
            titre: 'Versions dans le temps',
            note: `de ${debut.year} à ${fin.year}, le trait est aujourd’hui`,
            rendre: (regle) => (
              <AxePeriodesCourt
                id={`axe-${regle.genre}-${regle.nom.replaceAll('.', '-')}`}
                titre={`Versions de « ${regle.court} »`}
                periodes={enPeriodes(regle.versions)}
                aujourdhui={jour}
                debut={debut}
                fin={fin}
              />
            ),
          },
          {
            cle: 'rattachement',
            titre: 'Date qui choisit la version',
            rendre: (regle) => <span className="note">{majuscule(nommerFaits(regle.rattachement))}</span>,
          },
          {
            cle: 'source',
            titre: 'Source',
            rendre: (regle) => {
              const version = enVigueurLe(regle, jour)[0] ?? regle.versions.at(-1)
              return <span className="note">{version && <Source version={version} />}</span>
            },
          },
        ]}
      />
    </Section>
  )
}

function PageDroit({ requete, filtre }: { requete: Requete; filtre: Filtre }): ReactElement {
  const toutes = listerRegles(requete.session)
  const retenues = retenir(toutes, filtre)
  const parEtape = Map.groupBy(retenues, ({ etape }) => etape)
  return (
    <Cadre
      requete={requete}
      titre="Délais, seuils et valeurs du droit"
      chapo="Chaque règle a ses versions, la date du dossier qui choisit la bonne, sa source et sa fiabilité. Ce n’est jamais la date du jour qui choisit."
      large
      actions={
        <Bouton href="/regles" petit icone="doc">
          Règles et critères du département
        </Bouton>
      }
    >
      <Pile>
        <Message ton="reserve" icone="doute">
          <p>
            <b>Aucune valeur n’a encore été relue par un juriste.</b> Celles dont la source n’est pas confirmée, ou que
            le droit laisse ouvertes, portent « à vérifier ». Amont ne rend pas d’avis juridique : lire l’acte, et
            demander à l’ADIL.
          </p>
        </Message>
        <div>
          <FiltresDroit filtre={filtre} toutes={toutes} retenues={retenues.length} />
        </div>
        {retenues.length === 0 && (
          <EtatVide titre="Aucune règle trouvée" geste={{ href: '/droit', libelle: 'Voir toutes les règles' }}>
            Essayer un autre mot : le nom d’un acte, un article, une durée.
          </EtatVide>
        )}
        {[...parEtape].map(([etape, regles]) => (
          <TableauEtape key={etape} etape={etape} regles={regles} requete={requete} />
        ))}
      </Pile>
    </Cadre>
  )
}
