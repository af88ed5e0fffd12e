import type { ReactElement } from 'react'
import { aLeDroit } from '#acces'
import { listerVersions, type SituationVersion, situer, type VersionLocale } from '#charte'
import { CLES_PARAMETRES, type DepartementCharge, ecrireJour, GENRES_VERSION, type GenreVersion } from '#referentiel'
import { formatDate } from '#socle/typography'
import { Cadre } from '../cadre.tsx'
import { Bouton, Etiquette, Message, Pile, Section, Tableau } from '../composants/index.ts'
import { lireDepartement, periode } from '../regles/regles.tsx'
import { page, type Reponse, type Requete } from '../route.ts'
import { ADRESSE, adresseLire, adresseVersion, cleDe, cotes, situations, titresGenre } from './libelles.ts'

/** One line of a kind: a version shipped, approved, or in preparation. */
interface LigneVersion {
  readonly cle: string
  readonly nom: string
  readonly origine: string
  readonly situation: SituationVersion
  readonly du: Temporal.PlainDate
  readonly fin: Temporal.PlainDate | null
  readonly href: string
}

/** GET /regles/versions. */
export async function montrerVersions(requete: Requete): Promise<Reponse> {
  const locales = await listerVersions(requete.session)
  return page(<PageVersions requete={requete} locales={locales} />)
}

const avant = (a: Temporal.PlainDate, b: Temporal.PlainDate): boolean => Temporal.PlainDate.compare(a, b) < 0

function lignesLivrees(requete: Requete, genre: GenreVersion): LigneVersion[] {
  const { referentiel, dept, jour } = requete.session
  const compose = lireDepartement(requete.session)
  const livre = referentiel.livre?.departements.get(dept) ?? compose
  if (genre === 'parametres') {
    const debuts = CLES_PARAMETRES.flatMap((cle) => livre.parametres[cle]?.versions.map(({ du }) => du) ?? [])
    const du = debuts.sort(Temporal.PlainDate.compare)[0]
    if (!du) return []
    return [
      {
        cle: 'livrees',
        nom: 'Valeurs livrées',
        origine: 'fichier du département',
        situation: 'en_vigueur',
        du,
        fin: null,
        href: `${ADRESSE}/lire?genre=parametres`,
      },
    ]
  }
  const suite = (departement: DepartementCharge) =>
    genre === 'repartition' ? departement.repartitions : departement.criteres
  return suite(livre).map(({ id, du, jusqu_au }) => {
    const present = suite(compose).find((une) => une.id === id)
    const fin = present ? (present.jusqu_au ?? null) : du.subtract({ days: 1 })
    return {
      cle: id,
      nom: `Version livrée du ${ecrireJour(du)}`,
      origine: 'fichier du département',
      situation: situer({ etat: 'approuvee', du, jusqu_au }, jour, fin),
      du,
      fin,
      href: adresseLire(id),
    }
  })
}

function raconterOrigine(version: VersionLocale): string {
  if (version.etat === 'approuvee')
    return `approuvée par ${version.approbations.map(({ cote }) => cotes[cote]).join(' et ')}`
  return `préparée par ${version.cree_par_nom ?? 'Amont'}`
}

function lignesDe(requete: Requete, genre: GenreVersion, locales: readonly VersionLocale[]): LigneVersion[] {
  const { jour, dept } = requete.session
  const compose = lireDepartement(requete.session)
  const prepare = aLeDroit(requete.acteur, 'version.preparer')
  const suite = genre === 'repartition' ? compose.repartitions : genre === 'criteres' ? compose.criteres : []
  const siennes = locales
    .filter((une) => une.genre === genre)
    .map((une): LigneVersion => {
      const cle = cleDe(dept, une)
      const fin = suite.find(({ id }) => id === cle)?.jusqu_au ?? une.jusqu_au
      return {
        cle,
        nom: `Version n° ${une.numero}`,
        origine: raconterOrigine(une),
        situation: situer(une, jour, fin),
        du: une.du,
        fin,
        href: prepare ? adresseVersion(une.id) : adresseLire(cle),
      }
    })
  return [...siennes, ...lignesLivrees(requete, genre)].sort((a, b) => Temporal.PlainDate.compare(b.du, a.du))
}

const LARGEUR = 600

/** The period of one version on the axis of its kind; today is the vertical line. */
function Periode({
  ligne,
  debut,
  fin,
  jour,
}: {
  ligne: LigneVersion
  debut: Temporal.PlainDate
  fin: Temporal.PlainDate
  jour: Temporal.PlainDate
}): ReactElement {
  const etendue = Math.max(1, debut.until(fin).days)
  const x = (le: Temporal.PlainDate) =>
    Math.round((Math.min(etendue, Math.max(0, debut.until(le).days)) / etendue) * LARGEUR)
  const [x1, x2] = [x(ligne.du), x(ligne.fin?.add({ days: 1 }) ?? fin)]
  const decidee = ligne.situation === 'en_vigueur' || ligne.situation === 'a_venir' || ligne.situation === 'passee'
  const classe = ligne.situation === 'passee' ? 'finie' : decidee ? 'dure' : 'projet'
  return (
    <svg
      className="periodes"
      viewBox={`0 0 ${LARGEUR} 22`}
      preserveAspectRatio="none"
      role="img"
      aria-label={`${ligne.nom} : ${periode({ du: ligne.du, jusqu_au: ligne.fin })}`}
    >
      <rect className={classe} x={x1} y="4" width={Math.max(3, x2 - x1)} height="14" />
      <path className="jour" d={`M${x(jour)} 0v22`} />
    </svg>
  )
}

function SectionGenre({
  requete,
  genre,
  locales,
}: {
  requete: Requete
  genre: GenreVersion
  locales: readonly VersionLocale[]
}): ReactElement {
  const { jour } = requete.session
  const lignes = lignesDe(requete, genre, locales)
  const jours = lignes.flatMap(({ du, fin }) => (fin ? [du, fin] : [du]))
  const debut = jours.reduce((a, b) => (avant(b, a) ? b : a), jour)
  const fin = jours.reduce((a, b) => (avant(a, b) ? b : a), jour.add({ years: 1 }))
  return (
    <Section titre={titresGenre[genre]} id={genre}>
      <Tableau
        legende={`${titresGenre[genre]} : versions, de la plus récente à la plus ancienne`}
        largeur="moyen"
        lignes={lignes}
        cle={({ cle }) => cle}
        vide="Aucune version."
        colonnes={[
          {
            cle: 'nom',
            titre: 'Version',
            principale: true,
            rendre: ({ nom, href, origine }) => (
              <>
                <a href={href}>{nom}</a>
                <small>{origine}</small>
              </>
            ),
          },
          {
            cle: 'situation',
            titre: 'État',
            rendre: ({ situation }) => (
              <Etiquette ton={situations[situation].ton}>{situations[situation].mot}</Etiquette>
            ),
          },
          {
            cle: 'effet',
            titre: 'Effet',
            rendre: ({ du, fin: derniere }) => (
              <>
                {formatDate(du)}
                <small>{derniere ? `jusqu’au ${formatDate(derniere)}` : 'sans fin'}</small>
              </>
            ),
          },
          {
            cle: 'periode',
            titre: `De ${debut.year} à ${fin.year}`,
            large: true,
            rendre: (ligne) => <Periode ligne={ligne} debut={debut} fin={fin} jour={jour} />,
          },
        ]}
        apres={
          aLeDroit(requete.acteur, 'version.preparer') && (
            <div className="pages">
              <span className="note">Le trait vertical est le jour présent.</span>
              <span className="ets">
                <Bouton href={`${ADRESSE}/nouvelle?genre=${genre}`} petit icone="plus">
                  Préparer une version
                </Bouton>
              </span>
            </div>
          )
        }
      />
    </Section>
  )
}

function PageVersions({ requete, locales }: { requete: Requete; locales: readonly VersionLocale[] }): ReactElement {
  const prepare = aLeDroit(requete.acteur, 'version.preparer')
  const attendent = locales.filter(({ etat }) => etat === 'soumise')
  return (
    <Cadre
      requete={requete}
      titre="Versions des règles"
      chapo={
        prepare
          ? 'Une version se prépare en brouillon, se simule, puis s’approuve à deux : un pilote de l’État et un pilote du Département. Elle s’applique à sa date d’effet ; les décisions déjà prises gardent la leur.'
          : 'Ce qui s’applique, depuis quand, et ce qui s’appliquait avant. Chaque décision garde la version sous laquelle elle a été prise.'
      }
      large
      fil={[{ libelle: 'Règles et critères', href: '/regles' }, { libelle: 'Versions' }]}
      actions={
        aLeDroit(requete.acteur, 'modele.consulter') && (
          <Bouton petit href="/modeles">
            Versions des courriers
          </Bouton>
        )
      }
      vues={{
        libelle: 'Sortes de règles',
        onglets: GENRES_VERSION.map((genre) => ({ href: `#${genre}`, libelle: titresGenre[genre] })),
      }}
    >
      <Pile>
        {attendent.map((une) => (
          <Message
            key={une.id}
            ton="bientot"
            action={
              <Bouton href={adresseVersion(une.id)} petit>
                La lire
              </Bouton>
            }
          >
            <p>
              <b>
                {titresGenre[une.genre]}, version n° {une.numero}, attend une décision.
              </b>{' '}
              Soumise par {une.approbations.map(({ cote }) => cotes[cote]).join(' et ')}, pour le {ecrireJour(une.du)}.
            </p>
          </Message>
        ))}
        {GENRES_VERSION.map((genre) => (
          <SectionGenre key={genre} requete={requete} genre={genre} locales={locales} />
        ))}
      </Pile>
    </Cadre>
  )
}
