import type { ReactElement } from 'react'
import { aLeDroit } from '#acces'
import {
  compterPropositions,
  compterSaisines,
  type EtatSaisine,
  etatsSaisine,
  type FiltreSaisines,
  type LigneSaisine,
  listerSaisines,
  type OrigineSaisine,
  originesSaisine,
  sensDuTri,
  type TriSaisines,
  trisSaisines,
} from '#commission'
import { libelleTerritoire } from '#referentiel'
import { date, text } from '#socle/tableur'
import { parisDay } from '#socle/time'
import { accorder, formatDate, formatInstant, formatNombre } from '#socle/typography'
import { etapeCourte } from '../accompagner/libelles.ts'
import { Cadre } from '../cadre.tsx'
import {
  Bouton,
  Champ,
  EtatVide,
  Etiquette,
  Filtres,
  Onglets,
  Pagination,
  PiedCadre,
  Selection,
  Tableau,
} from '../composants/index.ts'
import { BoutonsExport, direDemande, ecrireFichier, type FormatExport, marquer, sortir } from '../export.tsx'
import { page, type Reponse, type Requete } from '../route.ts'
import { TONS } from './commun.tsx'

const LISTE = '/saisines'
const ETATS = Object.keys(etatsSaisine) as EtatSaisine[]

interface Vue {
  readonly filtre: FiltreSaisines
  readonly tri: TriSaisines
  readonly adresse: (changements?: Readonly<Record<string, string | null>>) => string
}

/** What the address asks for; unknown values are left out. */
function lireVue({ recherche }: Requete): Vue {
  const connu = <T extends string>(texte: string | undefined, admis: readonly T[]): T | undefined =>
    admis.find((un) => un === texte)
  const filtre: FiltreSaisines = {
    etat: connu(recherche.etat, ETATS),
    territoire: recherche.territoire || undefined,
    origine: connu(recherche.origine, Object.keys(originesSaisine) as OrigineSaisine[]),
    q: recherche.q?.trim() || undefined,
  }
  const tri = connu(recherche.tri, trisSaisines) ?? 'depot'
  const adresse: Vue['adresse'] = (changements = {}) => {
    const params = new URLSearchParams()
    const voulu = { ...filtre, tri: tri === 'depot' ? undefined : tri, ...changements }
    for (const [cle, valeur] of Object.entries(voulu)) if (valeur) params.set(cle, valeur)
    return params.size === 0 ? LISTE : `${LISTE}?${params}`
  }
  return { filtre, tri, adresse }
}

/** « Saisines » and « Propositions »: the two lists of the secretariat. */
export function OngletsSaisines({
  courant,
  propositions,
}: {
  courant: 'saisines' | 'propositions'
  propositions: number
}): ReactElement {
  return (
    <Onglets
      libelle="Saisines de la commission"
      onglets={[
        { href: LISTE, libelle: 'Saisines', courant: courant === 'saisines' },
        {
          href: `${LISTE}/propositions`,
          libelle: 'Auto-saisines proposées',
          compte: formatNombre(propositions),
          courant: courant === 'propositions',
        },
        { href: '/commissions', libelle: 'Commissions et séances' },
      ]}
    />
  )
}

const nommeur = ({ session }: Requete) => {
  const departement = session.referentiel.departements.get(session.dept)
  return (territoire: string | null): string =>
    departement ? libelleTerritoire(departement.territoires, territoire) : (territoire ?? '')
}

/** Territories of the département, as a filter offers them. */
export function optionsTerritoires({ session }: Requete) {
  const territoires = session.referentiel.departements.get(session.dept)?.territoires
  const codes = [...new Set(territoires?.lignes.map(({ territoire }) => territoire) ?? [])]
  return codes
    .map((valeur) => ({ valeur, libelle: territoires ? libelleTerritoire(territoires, valeur) : valeur }))
    .sort((a, b) => a.libelle.localeCompare(b.libelle, 'fr'))
}

/** GET /saisines. */
export async function montrerListe(requete: Requete): Promise<Reponse> {
  const { session, acteur } = requete
  const vue = lireVue(requete)
  const { lignes, suite } = await listerSaisines(session, vue.filtre, { tri: vue.tri, apres: requete.recherche.apres })
  const comptes = await compterSaisines(session, vue.filtre)
  const instruit = aLeDroit(acteur, 'saisine.instruire')
  const propositions = instruit ? (await compterPropositions(session)).proposee : 0
  session.consigner({
    action: 'saisines.lister',
    dossiers: [...new Set(lignes.map(({ dossier }) => dossier))],
    details: { nombre: lignes.length },
  })
  const total = Object.values(comptes).reduce((somme, n) => somme + n, 0)
  const nombre = vue.filtre.etat ? comptes[vue.filtre.etat] : total
  const nommer = nommeur(requete)
  const { etat, territoire, origine, q } = vue.filtre
  const actifs = [
    ...(etat ? [{ libelle: etatsSaisine[etat], retirer: vue.adresse({ etat: null }) }] : []),
    ...(territoire ? [{ libelle: nommer(territoire), retirer: vue.adresse({ territoire: null }) }] : []),
    ...(origine ? [{ libelle: originesSaisine[origine], retirer: vue.adresse({ origine: null }) }] : []),
    ...(q ? [{ libelle: `« ${q} »`, retirer: vue.adresse({ q: null }) }] : []),
  ]
  const attend = comptes.recue
  return page(
    <Cadre
      requete={requete}
      titre={
        instruit
          ? attend === 0
            ? 'Saisines : aucune à instruire'
            : `Saisines : ${formatNombre(attend)} à instruire`
          : `Saisines de la CCAPEX : ${formatNombre(total)}`
      }
      chapo={
        instruit
          ? 'Toute saisine d’un partenaire passe en séance, ou se classe avec un motif.'
          : 'Celles de votre organisme, et celles qui lui sont adressées. Une saisine se commence depuis un dossier.'
      }
      courante="reunir"
      large
    >
      {instruit && <OngletsSaisines courant="saisines" propositions={propositions} />}
      <Filtres
        action={LISTE}
        libelle="Filtrer les saisines"
        resultat={`${formatNombre(nombre)} ${accorder(nombre, 'saisine', 'saisines')}`}
        champs={vue.tri === 'depot' ? {} : { tri: vue.tri }}
        actifs={actifs}
        toutRetirer={LISTE}
      >
        <Champ nom="q" libelle="Ménage ou référence" genre="search" libre valeur={q} />
        <Selection
          nom="etat"
          libelle="État"
          libre
          vide="Tous"
          valeur={etat}
          options={ETATS.map((valeur) => ({
            valeur,
            libelle: `${etatsSaisine[valeur]} (${formatNombre(comptes[valeur])})`,
          }))}
        />
        <Selection
          nom="origine"
          libelle="Origine"
          libre
          vide="Toutes"
          valeur={origine}
          options={Object.entries(originesSaisine).map(([valeur, libelle]) => ({ valeur, libelle }))}
        />
        <Selection
          nom="territoire"
          libelle="Territoire"
          libre
          vide="Tous"
          valeur={territoire}
          options={optionsTerritoires(requete)}
        />
      </Filtres>
      {lignes.length === 0 ? (
        <EtatVide titre="Aucune saisine">
          {actifs.length > 0 ? 'Rien ne répond à ces filtres : en retirer un.' : 'Aucune saisine n’est encore déposée.'}
        </EtatVide>
      ) : (
        <Tableau
          legende="Saisines de la commission"
          dense
          lignes={lignes}
          cle={({ id }) => id}
          tri={{ cle: vue.tri, sens: sensDuTri(vue.tri), lien: (cle) => vue.adresse({ tri: cle }) }}
          colonnes={[
            {
              cle: 'menage',
              titre: 'Ménage',
              principale: true,
              triable: true,
              rendre: (ligne) => (
                <>
                  <a href={`/dossiers/${ligne.reference}/saisine#s-${ligne.id}`}>{ligne.titulaire}</a>
                  <small> {ligne.reference}</small>
                </>
              ),
            },
            { cle: 'commune', titre: 'Commune', rendre: ({ commune }) => commune },
            { cle: 'territoire', titre: 'Territoire', rendre: (ligne) => nommer(ligne.territoire) },
            { cle: 'stade', titre: 'Étape', rendre: ({ stade }) => etapeCourte(stade) },
            { cle: 'qui', titre: 'Saisie par', rendre: (ligne) => ligne.organisme_nom, note: 'organisme' },
            { cle: 'depot', titre: 'Déposée', triable: true, rendre: ({ deposee_a: a }) => formatInstant(a) },
            {
              cle: 'etat',
              titre: 'État',
              rendre: (ligne) => <Etiquette ton={TONS[ligne.etat]}>{etatsSaisine[ligne.etat]}</Etiquette>,
            },
            {
              cle: 'seance',
              titre: 'Séance',
              triable: true,
              rendre: ({ seance_le: seance }) => (seance === null ? 'à fixer' : formatDate(seance)),
            },
          ]}
          apres={
            suite === null && requete.recherche.apres === undefined ? undefined : (
              <Pagination
                libelle="Pages de la liste"
                position={`${formatNombre(lignes.length)} sur ${formatNombre(nombre)}`}
                precedents={requete.recherche.apres === undefined ? undefined : vue.adresse()}
                suivants={suite === null ? undefined : vue.adresse({ apres: suite })}
              />
            )
          }
        />
      )}
      {lignes.length > 0 && (
        <PiedCadre note="L’export contient la liste filtrée, sans les réponses des formulaires.">
          <BoutonsExport
            quoi={nombre === 1 ? 'cette saisine' : `ces ${formatNombre(nombre)} saisines`}
            lien={(format) => vue.adresse().replace(LISTE, `${LISTE}/export.${format}`)}
          />
        </PiedCadre>
      )}
      {instruit && (
        <p className="note mt2">
          <Bouton genre="tertiaire" petit href={`${LISTE}/propositions`}>
            Examiner les auto-saisines proposées
          </Bouton>
        </p>
      )}
    </Cadre>,
  )
}

/** Most lines of an export: beyond, the filters are there to narrow. */
const LIMITE_EXPORT = 5000

/** GET /saisines/export.xlsx, .ods, .csv: the list on screen, with its filters. */
export const exporterListe =
  (format: FormatExport) =>
  async (requete: Requete): Promise<Reponse> => {
    const { session } = requete
    const vue = lireVue(requete)
    const { lignes } = await listerSaisines(session, vue.filtre, { tri: vue.tri, limite: LIMITE_EXPORT })
    const nommer = nommeur(requete)
    session.consigner({
      action: 'saisines.exporter',
      dossiers: [...new Set(lignes.map(({ dossier }) => dossier))],
      details: { format, nombre: lignes.length },
    })
    const vide = text('')
    const enLigne = (ligne: LigneSaisine) => [
      text(ligne.reference),
      text(ligne.titulaire),
      text(ligne.commune),
      text(nommer(ligne.territoire)),
      text(etapeCourte(ligne.stade)),
      text(originesSaisine[ligne.origine]),
      text(ligne.organisme_nom),
      date(parisDay(ligne.deposee_a)),
      text(etatsSaisine[ligne.etat]),
      ligne.seance_le === null ? vide : date(ligne.seance_le),
    ]
    return sortir(requete, {
      nombre: lignes.length,
      filtre: direDemande(requete.recherche),
      construire: (marque) =>
        ecrireFichier(
          `saisines-${session.jour}`,
          {
            name: 'Saisines',
            header: [
              'Référence',
              'Ménage',
              'Commune',
              'Territoire',
              'Étape',
              'Origine',
              'Saisie par',
              'Déposée le',
              'État',
              'Séance',
            ],
            rows: lignes.map(enLigne),
            mark: marquer(marque),
          },
          format,
        ),
    })
  }
