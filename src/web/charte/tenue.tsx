import type { ReactElement } from 'react'
import { lireTenue, type Mesure, type Tenue } from '#engagements'
import { type Engagement, libelleTerritoire } from '#referentiel'
import { formatDate, formatNombre, pluriel } from '#socle/typography'
import {
  Bouton,
  Carte,
  type Colonne,
  EtatVide,
  Filtres,
  Message,
  Plus,
  Section,
  Selection,
  Tableau,
} from '../composants/index.ts'
import { page, type Reponse, type Requete } from '../route.ts'
import { CadreCharte } from './cadre-charte.tsx'
import { type LectureCharte, lireCharte } from './lecture.ts'
import { cheminEngagement } from './libelles.ts'

interface Rang extends Mesure {
  readonly cle: string
  readonly titre: string
  readonly href?: string | undefined
}

/** « 83,3 % », or why there is no rate. */
function ecrireTaux({ taux, echus, decimales }: Mesure): string {
  if (taux === null) return echus === 0 ? 'rien à rendre' : 'trop peu pour un taux'
  return `${formatNombre(taux, decimales)} %`
}

/** Why figures are round, for those who do not read every dossier. */
const Arrondi = ({ pas }: { pas: number | null }): ReactElement | null =>
  pas === null ? null : (
    <p className="note">
      Nombres arrondis à {pas} près, sans taux en dessous de {2 * pas} : un petit nombre désignerait un ménage.
    </p>
  )

const nombre = (titre: string, cle: keyof Tenue): Colonne<Rang> => ({
  cle,
  titre,
  numerique: true,
  rendre: (rang) => formatNombre(rang[cle]),
})

const COLONNES: readonly Colonne<Rang>[] = [
  {
    cle: 'taux',
    titre: 'Tenus à temps',
    numerique: true,
    rendre: (rang) => (
      <>
        {ecrireTaux(rang)}
        {rang.echus > 0 && <small> sur {formatNombre(rang.echus)}</small>}
      </>
    ),
  },
  nombre('À temps', 'tenus'),
  nombre('Après terme', 'tenus_apres'),
  nombre('En retard', 'en_retard'),
  nombre('En cours', 'en_cours'),
  nombre('Empêchés', 'empeches'),
  nombre('Sans objet', 'sans_objet'),
  nombre('À vérifier', 'a_verifier'),
]

function TableauTenue({
  legende,
  quoi,
  rangs,
}: {
  legende: string
  quoi: string
  rangs: readonly Rang[]
}): ReactElement {
  return (
    <Tableau<Rang>
      legende={legende}
      lignes={rangs}
      cle={({ cle }) => cle}
      defilant
      colonnes={[
        {
          cle: 'quoi',
          titre: quoi,
          principale: true,
          large: true,
          rendre: ({ titre, href }) => (href === undefined ? titre : <a href={href}>{titre}</a>),
        },
        ...COLONNES,
      ]}
    />
  )
}

/** What the rate counts, said each time: who and what is in it, and what is not. */
const Denominateur = (): ReactElement => (
  <p className="note">
    Le taux divise ce qui a été tenu à temps par ce qui a été tenu, à temps ou non, et ce qui est en retard. Ni ce qui
    est en cours, ni les empêchements dits avec leur motif, ni ce qui est devenu sans objet n’y entrent. Les organismes
    qui ne lisent pas les dossiers dans Amont ne sont pas comptés.
  </p>
)

/** The card of one engagement: how it is kept, by year and by territory, non-signatories apart (ENG-08, ENG-11). */
export async function lireCarteTenue(
  requete: Requete,
  { charte, departement }: LectureCharte,
  engagement: Pick<Engagement, 'id' | 'mode'>,
): Promise<ReactElement | null> {
  if (engagement.mode !== 'tache' && engagement.mode !== 'automatique') return null
  const { session } = requete
  const filtre = { charte: charte.id, engagement: engagement.id }
  const parAnnee = await lireTenue(session, 'annee', filtre)
  const parTerritoire = await lireTenue(session, 'territoire', filtre)
  const signes = parAnnee.lignes.filter(({ signataire }) => signataire)
  const { signataires: total, autres, pas } = parAnnee
  return (
    <Carte titre="Comment il est tenu" {...(parAnnee.le ? { aside: `au ${formatDate(parAnnee.le)}` } : {})}>
      {parAnnee.lignes.length === 0 ? (
        <p className="note">
          {pas === null
            ? 'Aucun dossier n’a encore appelé cet engagement, ou il n’a pas encore été compté : Amont compte chaque matin.'
            : 'Trop peu de dossiers ont appelé cet engagement pour en publier la tenue.'}
        </p>
      ) : (
        <>
          <p>
            <b>{ecrireTaux(total)}</b>
            {total.echus > 0 && ` tenus à temps, sur ${formatNombre(total.echus)} échus ou faits`}
          </p>
          <TableauTenue
            legende="Tenue de cet engagement par année"
            quoi="Année"
            rangs={signes.map((ligne) => ({ ...ligne, titre: ligne.cle }))}
          />
          <Plus libelle="Par territoire">
            <TableauTenue
              legende="Tenue de cet engagement par territoire"
              quoi="Territoire"
              rangs={parTerritoire.lignes
                .filter(({ signataire }) => signataire)
                .map((ligne) => ({ ...ligne, titre: libelleTerritoire(departement.territoires, ligne.cle || null) }))}
            />
          </Plus>
          <Denominateur />
          <Arrondi pas={pas} />
          {autres.tenus + autres.tenus_apres > 0 && (
            <p className="note">
              À part : {pluriel(autres.tenus + autres.tenus_apres, 'fois tenu', 'fois tenus')} par des organismes non
              signataires, à qui il est seulement proposé.
            </p>
          )}
        </>
      )}
    </Carte>
  )
}

/** GET /charte/tenue: how engagements are kept, by group then by engagement, over a year and where (ENG-09, ENG-11). */
export async function montrerTenue(requete: Requete): Promise<Reponse> {
  const { session, recherche } = requete
  const lecture = lireCharte(requete)
  const { charte, departement, lien } = lecture
  const generaux = charte.generaux.map(({ id, libelle, engagements }) => ({
    id: `generaux/${id}`,
    nom: `${libelle} : engagements généraux`,
    engagements,
  }))
  const partenaire = [...charte.partenaires, ...generaux].find(({ id }) => id === recherche.partenaire)
  const territoire = departement.territoires.territoires.find(({ id }) => id === recherche.territoire)?.id
  const annees = (await lireTenue(session, 'annee', { charte: charte.id })).lignes.map(({ cle }) => cle)
  const annee = annees.find((une) => une === recherche.annee)
  const filtre = {
    charte: charte.id,
    partenaire: partenaire?.id,
    territoire,
    annee: annee === undefined ? undefined : Number(annee),
  }
  const {
    le,
    lignes,
    pas,
    signataires: total,
  } = await lireTenue(session, partenaire ? 'engagement' : 'partenaire', filtre)
  const catalogue = new Map(
    [...charte.engagements, ...generaux.flatMap(({ engagements }) => engagements)].map((un) => [un.id, un]),
  )
  const groupes = new Map([...charte.partenaires, ...generaux].map((un) => [un.id, un]))
  const garder = { annee, territoire }
  const rangs = (signataire: boolean): Rang[] =>
    lignes
      .filter((ligne) => ligne.signataire === signataire)
      .map((ligne): Rang => {
        const engagement = catalogue.get(ligne.cle)
        if (partenaire)
          return {
            ...ligne,
            titre: engagement ? `${engagement.numero}. ${engagement.libelle}` : ligne.cle,
            href: engagement && lien(cheminEngagement(engagement)),
          }
        return {
          ...ligne,
          titre: groupes.get(ligne.cle)?.nom ?? ligne.cle,
          href: lien('/charte/tenue', { partenaire: ligne.cle, ...garder }),
        }
      })
      .toSorted(
        (a, b) =>
          (catalogue.get(a.cle)?.numero ?? 0) - (catalogue.get(b.cle)?.numero ?? 0) ||
          a.titre.localeCompare(b.titre, 'fr'),
      )
  const signes = rangs(true)
  const autres = rangs(false)
  return page(
    <CadreCharte
      requete={requete}
      lecture={lecture}
      partie="engagements"
      titre={
        signes.length === 0
          ? 'Comment les engagements sont tenus'
          : `Comment les engagements sont tenus : ${ecrireTaux(total)}${total.echus > 0 ? ` à temps, sur ${formatNombre(total.echus)}` : ''}`
      }
      fil={[
        { libelle: 'Engagements', href: lien('/charte/engagements') },
        ...(partenaire
          ? [{ libelle: 'Tenue', href: lien('/charte/tenue', garder) }, { libelle: partenaire.nom }]
          : [{ libelle: 'Tenue' }]),
      ]}
      chapo={partenaire?.nom ?? 'Par groupe de partenaires ; ouvrir un groupe pour voir ses engagements.'}
    >
      <Filtres
        action="/charte/tenue"
        libelle="Filtrer la tenue"
        resultat={pluriel(signes.length, partenaire ? 'engagement' : 'groupe', partenaire ? 'engagements' : 'groupes')}
        champs={partenaire ? { partenaire: partenaire.id } : {}}
      >
        <Selection
          nom="annee"
          libelle="Année"
          libre
          vide="Toutes"
          valeur={annee}
          options={[...new Set(annees)].map((valeur) => ({ valeur, libelle: valeur }))}
        />
        <Selection
          nom="territoire"
          libelle="Territoire"
          libre
          vide="Tous"
          valeur={territoire}
          options={departement.territoires.territoires.map(({ id, libelle }) => ({ valeur: id, libelle }))}
        />
      </Filtres>
      {lignes.length === 0 ? (
        <EtatVide titre="Rien n’est encore compté">
          Amont compte chaque matin ce qui est tenu, une fois que des dossiers appellent des engagements
          {pas === null ? '' : ' en assez grand nombre pour être publiés'}.
        </EtatVide>
      ) : (
        <>
          {signes.length > 0 && (
            <TableauTenue
              legende={`Tenue des engagements signés${le ? `, comptée le ${formatDate(le)}` : ''}`}
              quoi={partenaire ? 'Engagement' : 'Groupe'}
              rangs={signes}
            />
          )}
          <Denominateur />
          <Arrondi pas={pas} />
          {autres.length > 0 && (
            <Section titre="Proposés à des organismes non signataires">
              <Message>
                <p>
                  Ces organismes n’ont pas signé : ce qu’ils font compte ici, ce qu’ils ne font pas n’est pas un
                  manquement.
                </p>
              </Message>
              <TableauTenue
                legende="Engagements proposés à des organismes non signataires"
                quoi={partenaire ? 'Engagement' : 'Groupe'}
                rangs={autres}
              />
            </Section>
          )}
          {le !== null && <p className="note">Compté le {formatDate(le)}.</p>}
        </>
      )}
    </CadreCharte>,
  )
}

/** The way in, from the catalogue of engagements. */
export const LienTenue = ({ lecture }: { lecture: LectureCharte }): ReactElement => (
  <Bouton petit href={lecture.lien('/charte/tenue')}>
    Comment ils sont tenus
  </Bouton>
)
