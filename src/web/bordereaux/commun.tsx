import type { ReactElement } from 'react'
import { aLeDroit } from '#acces'
import type { LignePrevue, SyntheseJointe, ValeurBordereau } from '#bordereaux'
import type { Onglet } from '../composants/index.ts'
import { type Colonne, ListeDefinition, Plus } from '../composants/index.ts'
import type { Requete } from '../route.ts'

export const TRANSMETTRE = '/transmettre'
export const REGISTRE = `${TRANSMETTRE}/registre`
export const RECUS = '/recus'
export const adresseGenre = (code: string, suite = ''): string => `${TRANSMETTRE}/${code}${suite}`
export const adresseEnvoye = (id: string, suite = ''): string => `${REGISTRE}/${id}${suite}`
export const adresseRecu = (id: string, suite = ''): string => `${RECUS}/${id}${suite}`

type Vue = 'a-transmettre' | 'registre' | 'recus'

/** The three views of what passes between organismes, for those who have them. */
export function ongletsDe({ acteur }: Pick<Requete, 'acteur'>, courante: Vue): { libelle: string; onglets: Onglet[] } {
  const envoie = aLeDroit(acteur, 'bordereau.envoyer')
  return {
    libelle: 'Bordereaux',
    onglets: [
      ...(envoie
        ? [
            { href: TRANSMETTRE, libelle: 'À transmettre', courant: courante === 'a-transmettre' },
            { href: REGISTRE, libelle: 'Registre des envois', courant: courante === 'registre' },
          ]
        : []),
      ...(aLeDroit(acteur, 'bordereau.recevoir')
        ? [{ href: RECUS, libelle: 'Reçu', courant: courante === 'recus' }]
        : []),
    ],
  }
}

interface Ligne {
  readonly champs: readonly ValeurBordereau[]
  readonly synthese: SyntheseJointe | null
  readonly mot: string | null
}

/** Columns of a slip: the fields its lines hold, the household first, the synthèse and the word last. */
export function colonnesDe<L extends Ligne>(
  lignes: readonly L[],
  lien: (ligne: L) => string | null,
): readonly Colonne<L>[] {
  const champs = [...new Map(lignes.flatMap((ligne) => ligne.champs.map((un) => [un.champ, un.libelle] as const)))]
  const valeur = (ligne: L, champ: string) => ligne.champs.find((un) => un.champ === champ)?.valeur ?? ''
  const [principal = 'menage'] = ['menage', 'reference'].filter((champ) => champs.some(([un]) => un === champ))
  const ordonnes = champs.toSorted(([a], [b]) => Number(b === principal) - Number(a === principal))
  return [
    ...ordonnes.map(([champ, libelle]): Colonne<L> => {
      const principale = champ === principal
      return {
        cle: champ,
        titre: libelle,
        principale,
        rendre: (ligne) => {
          const adresse = principale ? lien(ligne) : null
          const texte = valeur(ligne, champ) || (principale ? 'Nom inconnu' : '')
          return adresse === null ? texte : <a href={adresse}>{texte}</a>
        },
      }
    }),
    ...(lignes.some(({ synthese }) => synthese !== null)
      ? [
          {
            cle: 'synthese',
            titre: 'Synthèse jointe',
            large: true,
            rendre: (ligne: L) => <Synthese ligne={ligne} nom={valeur(ligne, 'menage')} />,
          },
        ]
      : []),
    ...(lignes.some(({ mot }) => mot !== null)
      ? [{ cle: 'mot', titre: 'Mot de l’expéditeur', large: true, rendre: ({ mot }: L) => mot }]
      : []),
  ]
}

function Synthese({ ligne: { synthese }, nom }: { ligne: Ligne; nom: string }): ReactElement | null {
  if (synthese === null) return null
  return (
    <Plus libelle={`Version ${synthese.version}${nom === '' ? '' : `, ${nom}`}`}>
      <ListeDefinition lignes={synthese.champs.map(({ libelle, valeur }) => ({ terme: libelle, valeur }))} />
    </Plus>
  )
}

export const lienDossier = ({ reference }: Pick<LignePrevue, 'reference'>): string | null =>
  reference === '' ? null : `/dossiers/${reference}`
