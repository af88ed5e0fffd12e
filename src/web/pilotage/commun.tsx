import type { ReactElement, ReactNode } from 'react'
import { aLeDroit, masqueDe } from '#acces'
import {
  avisPossibles,
  type CommissionPilotee,
  chargerComptages,
  listerCommissionsPilotees,
  type Methode,
} from '#commission'
import { libelleTerritoire } from '#referentiel'
import { formatDate } from '#socle/typography'
import { etapeCourte } from '../accompagner/libelles.ts'
import { lireAnnee, listerAnnees } from '../annees.ts'
import { Cadre } from '../cadre.tsx'
import { EtatVide, Filtres, Plus, Selection } from '../composants/index.ts'
import type { Requete } from '../route.ts'

export const PILOTAGE = '/pilotage'

/** What the address asks for: unknown values are left out. */
export interface Vue {
  readonly annee: number
  readonly commissions: readonly CommissionPilotee[]
  readonly commission: CommissionPilotee | null
  /** As it may be published; the only version for who may not open the files counted. */
  readonly diffusion: boolean
  /** May open the files counted. */
  readonly ouvre: boolean
  readonly adresse: (chemin: string, changements?: Readonly<Record<string, string | null>>) => string
}

export async function lireVue({ session, recherche, acteur }: Requete): Promise<Vue> {
  const commissions = await listerCommissionsPilotees(session)
  const { year } = session.jour
  const annee = lireAnnee({ session, recherche })
  const commission = commissions.find(({ id }) => id === recherche.commission) ?? null
  const ouvre = aLeDroit(acteur, 'dossier.consulter')
  const diffusion = !ouvre || recherche.version === 'diffusion'
  return {
    annee,
    commissions,
    commission,
    diffusion,
    ouvre,
    adresse: (chemin, changements = {}) => {
      const params = new URLSearchParams()
      const voulu = {
        annee: annee === year ? null : String(annee),
        commission: commission?.id ?? null,
        version: diffusion && ouvre ? 'diffusion' : null,
        ...changements,
      }
      for (const [cle, valeur] of Object.entries(voulu)) if (valeur) params.set(cle, valeur)
      return params.size === 0 ? chemin : `${chemin}?${params}`
    },
  }
}

const ONGLETS = [
  { suite: '', libelle: 'Activité' },
  { suite: '/harmonisation', libelle: 'Comparer les commissions' },
  { suite: '/revus', libelle: 'Dossiers revus' },
  { suite: '/assiduite', libelle: 'Présence des membres' },
  { suite: '/mises-a-disposition', libelle: 'Offres de rencontre' },
] as const

/** The year and the commission a screen is about, in a sentence for paper and files. */
export const direVue = ({ annee, commission, diffusion }: Vue, deDiffusion = false): string =>
  `Année ${annee}, ${commission?.nom ?? 'toutes les commissions pilotées'}${deDiffusion && diffusion ? ', version à diffuser : petits nombres masqués' : ''}`

/** The same for what no commission limits. */
export const direAnnee = ({ annee, diffusion }: Vue): string =>
  `Année ${annee}${diffusion ? ', version à diffuser : petits nombres masqués' : ''}`

/** A screen of the pilotage: its tabs, its filters, or why there is nothing to count. */
export function CadrePilotage({
  requete,
  vue,
  suite,
  titre,
  chapo,
  versions = false,
  sansCommission = false,
  horsCommissions = false,
  plus,
  champs,
  children,
}: {
  requete: Requete
  vue: Vue
  suite: (typeof ONGLETS)[number]['suite']
  titre: string
  chapo: ReactNode
  /** Offers the version that may be published. */
  versions?: boolean
  /** Compares them all: no commission to choose. */
  sansCommission?: boolean
  /** Counts what happens outside the commissions: shown even where none sits. */
  horsCommissions?: boolean
  plus?: ReactNode
  champs?: Readonly<Record<string, string>>
  children: ReactNode
}): ReactElement {
  const { commissions, commission, annee, diffusion, ouvre } = vue
  const chemin = `${PILOTAGE}${suite}`
  const departement = requete.session.referentiel.departements.get(requete.session.dept)
  const nommer = (code: string) => (departement ? libelleTerritoire(departement.territoires, code) : code)
  return (
    <Cadre
      requete={requete}
      titre={titre}
      courante="piloter"
      chapo={chapo}
      large
      vues={{
        libelle: 'Pilotage des commissions',
        onglets: ONGLETS.map((un) => ({
          href: vue.adresse(`${PILOTAGE}${un.suite}`),
          libelle: un.libelle,
          courant: un.suite === suite,
        })),
      }}
    >
      {commissions.length === 0 && !horsCommissions ? (
        <EtatVide
          titre="Aucune commission à piloter"
          {...(aLeDroit(requete.acteur, 'commission.tenir')
            ? { geste: { href: '/commissions', libelle: 'Créer la première commission' } }
            : {})}
        >
          Les chiffres paraissent ici dès qu’une commission tient sa première séance : rien n’est compté avant, et rien
          ne manque.
        </EtatVide>
      ) : (
        <>
          <Filtres
            action={chemin}
            libelle="Choisir ce qui est compté"
            resultat={
              horsCommissions ? direAnnee(vue) : direVue(sansCommission ? { ...vue, commission: null } : vue, versions)
            }
            bouton="Afficher"
            {...(champs ? { champs } : {})}
          >
            <Selection nom="annee" libelle="Année" libre valeur={String(annee)} options={listerAnnees(requete)} />
            {!sansCommission && !horsCommissions && (
              <Selection
                nom="commission"
                libelle="Commission et territoire"
                libre
                vide="Toutes"
                valeur={commission?.id ?? ''}
                options={commissions.map(({ id, nom, territoires }) => ({
                  valeur: id,
                  libelle: territoires.length === 0 ? nom : `${nom} (${territoires.map(nommer).join(', ')})`,
                }))}
              />
            )}
            {versions && ouvre && (
              <Selection
                nom="version"
                libelle="Version"
                libre
                valeur={diffusion ? 'diffusion' : ''}
                options={[
                  { valeur: '', libelle: 'De travail : chiffres exacts' },
                  { valeur: 'diffusion', libelle: 'À diffuser : petits nombres masqués' },
                ]}
              />
            )}
            {plus}
          </Filtres>
          {children}
        </>
      )}
    </Cadre>
  )
}

/** How a figure is counted, and since when the method holds. */
export function lireMethode({ session }: Requete, id: string): Methode {
  const methode = chargerComptages(session.referentiel.racine).methodes.find((une) => une.id === id)
  if (!methode) throw new Error(`no method « ${id} »`)
  return methode
}

/** In one sentence: for a file. */
export const ecrireMethode = (requete: Requete, id: string): string => {
  const { compte, depuis } = lireMethode(requete, id)
  return `${compte} Méthode du ${formatDate(depuis)}.`
}

/** « Comment c’est compté », beside a figure; names the indicator of the charter it gives. */
export function CommentCestCompte({ requete, methode }: { requete: Requete; methode: string }): ReactElement {
  const { compte, depuis, indicateur } = lireMethode(requete, methode)
  const donne = indicateur === undefined ? undefined : requete.session.referentiel.indicateurs.get(indicateur)
  return (
    <Plus libelle="Comment c’est compté">
      <p className="note">
        {compte} Méthode d’Amont, du {formatDate(depuis)}, à vérifier.
        {donne && ` Donne l’indicateur de la charte « ${donne.libelle} ».`}
      </p>
    </Plus>
  )
}

/** « Maintien ou suspension de l’aide : maintien », from « code:sens »; a code no longer listed is shown as it is. */
export function nommerReponse({ session }: Requete, annee: number, reponse: string): string {
  const [code = '', sens = ''] = reponse.split(':')
  if (code === 'maintien') return 'Maintien dans le logement jugé possible'
  const possible = avisPossibles(session, Temporal.PlainDate.from({ year: annee, month: 12, day: 31 })).find(
    ({ id }) => id === code,
  )
  return `${possible?.libelle ?? code} : ${(possible?.sens.find(({ id }) => id === sens)?.libelle ?? sens).toLocaleLowerCase('fr')}`
}

/** Step of a dossier, or that it is not known. */
export const nommerEtape = (stade: string): string => (stade === '' ? 'Non connue' : etapeCourte(stade))

export const libellesParcCompare: Readonly<Record<string, string>> = {
  public: 'parc public',
  prive: 'parc privé',
  inconnu: 'parc non connu',
}

/** The name of a household, for who reads identities. */
export const nommerMenage = ({ acteur }: Requete, titulaire: string): string =>
  masqueDe(acteur).voit('identite', masqueDe(acteur).utiles) ? titulaire : ''
