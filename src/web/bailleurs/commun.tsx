import type { ReactElement, ReactNode } from 'react'
import { NATURES_BAILLEUR } from '#procedure'
import type { Bailleur } from '#rapprochement'
import { formatDate, pluriel } from '#socle/typography'
import { Cadre } from '../cadre.tsx'
import { Pile } from '../composants/index.ts'
import type { Requete } from '../route.ts'

export const adresseBailleur = (id: string, suite = ''): string => `/bailleurs/${id}${suite}`

/** « SCI familiale, gère pour d’autres ». */
export const decrireBailleur = ({ nature, gestionnaire }: Pick<Bailleur, 'nature' | 'gestionnaire'>): string =>
  [nature === null ? 'Nature non précisée' : NATURES_BAILLEUR[nature], gestionnaire ? 'gère pour d’autres' : null]
    .filter((un) => un !== null)
    .join(', ')

export const direAnah = ({
  conventionne_anah,
  conventionne_anah_le,
}: Pick<Bailleur, 'conventionne_anah' | 'conventionne_anah_le'>): string =>
  conventionne_anah ? `Oui${conventionne_anah_le ? `, depuis le ${formatDate(conventionne_anah_le)}` : ''}` : 'Non'

export const compterLogements = ({ logements, dossiers }: Pick<Bailleur, 'logements' | 'dossiers'>): string =>
  `${pluriel(logements, 'logement', 'logements')}, ${pluriel(dossiers, 'dossier', 'dossiers')}`

/** A page of the register. */
export function CadreBailleurs({
  requete,
  titre,
  fil,
  chapo,
  actions,
  erreur = false,
  large = false,
  children,
}: {
  requete: Requete
  titre: string
  fil: readonly { readonly libelle: string; readonly href?: string }[]
  chapo?: ReactNode
  actions?: ReactNode
  erreur?: boolean
  large?: boolean
  children: ReactNode
}): ReactElement {
  return (
    <Cadre
      requete={requete}
      titre={titre}
      courante="accompagner"
      large={large}
      chapo={chapo}
      actions={actions}
      erreur={erreur}
      fil={[{ libelle: 'Dossiers', href: '/dossiers' }, ...fil]}
    >
      <Pile>{children}</Pile>
    </Cadre>
  )
}
