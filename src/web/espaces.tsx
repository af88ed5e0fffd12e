import type { ReactElement, ReactNode } from 'react'
import { type Acteur, aLeDroit, type Droit } from '#acces'
import { type Dossier, lireDossier } from '#dossiers'
import { nommerDossier } from './accompagner/menage.ts'
import { Cadre } from './cadre.tsx'
import { Carte, ListeSobre, type Onglet } from './composants/index.ts'
import type { Requete } from './route.ts'

/** A place of work inside a dossier, at `/dossiers/<reference>/<chemin>`. Shown to those who have its right. */
interface Espace {
  readonly chemin: string
  readonly libelle: string
  /** What one does there, in a few words. */
  readonly sens: string
  readonly droit: Droit
}

/** Every place of work of a dossier, in the order people meet them. One line here, and its routes in its own folder. */
const espaces: readonly Espace[] = [
  {
    chemin: 'procedure',
    libelle: 'Procédure',
    sens: 'Actes, suspensions, dates ; situation du ménage ; clôture',
    droit: 'dossier.consulter',
  },
  {
    chemin: 'argent',
    libelle: 'Dette et plans',
    sens: 'Ce qui est dû et versé, le loyer courant repris ou non, les plans et leur suivi',
    droit: 'argent.consulter',
  },
  {
    chemin: 'diagnostics',
    libelle: 'Diagnostic',
    sens: 'Entretiens, volets, remise au juge ; le loyer courant, les échanges avec le bailleur',
    droit: 'diagnostic.consulter',
  },
  {
    chemin: 'fsl',
    libelle: 'Dossier FSL',
    sens: 'La demande au fonds de solidarité, remplie avec ce qui est connu',
    droit: 'fsl.consulter',
  },
  {
    chemin: 'mesures',
    libelle: 'Suivi après jugement',
    sens: 'Les mesures d’accompagnement, leurs points de suivi, le prochain attendu',
    droit: 'mesure.consulter',
  },
  {
    chemin: 'saisine',
    libelle: 'Saisir la CCAPEX',
    sens: 'Remplir le formulaire de saisine, suivre son instruction',
    droit: 'saisine.consulter',
  },
  {
    chemin: 'cellule',
    libelle: 'Cellule technique',
    sens: 'Poser une question urgente entre deux commissions, y répondre',
    droit: 'cellule.consulter',
  },
  {
    chemin: 'commission',
    libelle: 'Commission',
    sens: 'Avis et recommandations rendus, retours donnés, position commune',
    droit: 'avis.consulter',
  },
  {
    chemin: 'force-publique',
    libelle: 'Force publique',
    sens: 'Réquisition, enquêtes, décision, préparation du jour',
    droit: 'requisition.consulter',
  },
  {
    chemin: 'engagements',
    libelle: 'Engagements',
    sens: 'ce que la charte attend de chacun à cette étape, tenu ou non',
    droit: 'engagement.consulter',
  },
  { chemin: 'courriers', libelle: 'Courriers', sens: 'proposés, envoyés, revenus', droit: 'courrier.consulter' },
  {
    chemin: 'transmettre',
    libelle: 'Transmettre',
    sens: 'Remettre à un autre organisme ce qu’il doit savoir, avec sa preuve',
    droit: 'bordereau.envoyer',
  },
]

export const adresseDossier = ({ reference }: Pick<Dossier, 'reference'>): string => `/dossiers/${reference}`

/** The dossier an address names; outside the reader's perimeter it does not exist. */
export const ouvrirDossier = (requete: Requete): Promise<Dossier> =>
  lireDossier(requete.session, requete.parametres.reference ?? '')

/** Places of work this person may enter. */
export const espacesDe = (acteur: Acteur): readonly Espace[] => espaces.filter(({ droit }) => aLeDroit(acteur, droit))

/** « Travailler ce dossier »: the way in from the page of the dossier. */
export function CarteEspaces({ acteur, dossier }: { acteur: Acteur; dossier: Dossier }): ReactElement | null {
  const ouverts = espacesDe(acteur)
  if (ouverts.length === 0) return null
  return (
    <Carte titre="Travailler ce dossier" id="travail">
      <ListeSobre
        lignes={ouverts.map(({ chemin, libelle, sens }) => ({
          cle: chemin,
          titre: <a href={`${adresseDossier(dossier)}/${chemin}`}>{libelle}</a>,
          note: sens,
        }))}
      />
    </Carte>
  )
}

/** A page of one place of work: same tabs on each, the way back to the dossier, the name of the household. */
export function CadreDossier({
  requete,
  dossier,
  espace,
  titre,
  acte,
  chapo,
  actions,
  large = false,
  children,
}: {
  readonly requete: Requete
  readonly dossier: Dossier
  /** `chemin` of the place. */
  readonly espace: string
  readonly titre: string
  /** A page under the place: its name, last in the trail. */
  readonly acte?: string | undefined
  readonly chapo?: ReactNode
  readonly actions?: ReactNode
  readonly large?: boolean | undefined
  readonly children: ReactNode
}): ReactElement {
  const adresse = adresseDossier(dossier)
  const courant = espaces.find(({ chemin }) => chemin === espace)
  const onglets: readonly Onglet[] = [
    { href: adresse, libelle: 'Vue d’ensemble' },
    ...espacesDe(requete.acteur).map(({ chemin, libelle }) => ({
      href: `${adresse}/${chemin}`,
      libelle,
      courant: chemin === espace,
    })),
  ]
  return (
    <Cadre
      requete={requete}
      titre={titre}
      courante="accompagner"
      large={large}
      {...(chapo === undefined ? {} : { chapo })}
      {...(actions === undefined ? {} : { actions })}
      fil={[
        { libelle: 'Dossiers', href: '/dossiers' },
        { libelle: nommerDossier(dossier), href: adresse },
        ...(acte === undefined
          ? [{ libelle: courant?.libelle ?? titre }]
          : [{ libelle: courant?.libelle ?? espace, href: `${adresse}/${espace}` }, { libelle: acte }]),
      ]}
      onglets={{ libelle: 'Travailler ce dossier', onglets }}
    >
      {children}
    </Cadre>
  )
}
