import type { ReactElement, ReactNode } from 'react'
import { aLeDroit } from '#acces'
import { Cadre } from '../cadre.tsx'
import { Message } from '../composants/index.ts'
import type { Requete } from '../route.ts'

type Partie = 'documents' | 'logements' | 'reseaux'

const PARTIES = [
  { partie: 'documents', libelle: 'Documents communs', href: '/documents', droit: 'document.lire' },
  { partie: 'reseaux', libelle: 'Réseaux d’échange', href: '/reseaux', droit: 'reseau.lire' },
  { partie: 'logements', libelle: 'Logements privés', href: '/logements', droit: 'logement.consulter' },
] as const

/** What partners share outside any dossier: documents, networks, private dwellings. Each part is there for who has its right. */
export function CadrePartager({
  requete,
  partie,
  titre,
  chapo,
  fil = [],
  actions,
  erreur,
  large,
  children,
}: {
  requete: Requete
  partie: Partie
  titre: string
  chapo?: ReactNode
  /** Below the part: « Documents communs » comes first. */
  fil?: readonly { readonly libelle: string; readonly href?: string }[]
  actions?: ReactNode
  erreur?: boolean
  large?: boolean
  children: ReactNode
}): ReactElement {
  const siennes = PARTIES.filter(({ droit }) => aLeDroit(requete.acteur, droit))
  const ici = PARTIES.find((une) => une.partie === partie)
  return (
    <Cadre
      requete={requete}
      titre={titre}
      courante="partager"
      chapo={chapo}
      actions={actions}
      {...(erreur ? { erreur: true } : {})}
      {...(large ? { large: true } : {})}
      {...(fil.length > 0 && ici ? { fil: [{ libelle: ici.libelle, href: ici.href }, ...fil] } : {})}
      {...(fil.length === 0 && siennes.length > 1
        ? {
            vues: {
              libelle: 'Ce qui est partagé',
              onglets: siennes.map((une) => ({ href: une.href, libelle: une.libelle, courant: une.partie === partie })),
            },
          }
        : {})}
    >
      {children}
    </Cadre>
  )
}

/** Above everything that is written outside a dossier. */
export const AucunMenage = ({ children }: { children?: ReactNode }): ReactElement => (
  <Message ton="reserve">
    <p>
      <b>Aucun ménage n’est nommé ici.</b> Ni nom, ni adresse, ni numéro de dossier, ni détail qui le ferait
      reconnaître. Amont refuse les numéros ; il ne reconnaît pas les noms : relire avant d’envoyer. {children}
    </p>
  </Message>
)
