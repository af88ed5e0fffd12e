import type { ReactElement } from 'react'
import { aLeDroit } from '#acces'
import { type EtatSeance, etatsSeance, type Seance } from '#commission'
import { libelleTerritoire } from '#referentiel'
import { formatDateLongue, formatHeure } from '#socle/typography'
import { Etiquette, Onglets, type Ton } from '../composants/index.ts'
import type { Requete } from '../route.ts'

export const COMMISSIONS = '/commissions'
export const adresseCommission = (id: string): string => `${COMMISSIONS}/${id}`
export const adresseSeance = (id: string): string => `/seances/${id}`

const TONS: Readonly<Record<EtatSeance, Ton>> = { prevue: 'info', ouverte: 'bientot', close: 'tenu', annulee: 'neutre' }

/** State of a session, in a word. */
export const EtatDeSeance = ({ seance }: { seance: Pick<Seance, 'etat'> }): ReactElement => (
  <Etiquette ton={TONS[seance.etat]}>{etatsSeance[seance.etat]}</Etiquette>
)

/** « jeudi 4 mars 2027, 9 h 00 à 12 h 00 ». */
export const direQuand = ({ le, debut, fin }: Pick<Seance, 'le' | 'debut' | 'fin'>): string =>
  `${formatDateLongue(le)}, ${formatHeure(debut)} à ${formatHeure(fin)}`

/** Name of a territory in this département. */
export function nommerTerritoire({ session }: Requete, territoire: string): string {
  const departement = session.referentiel.departements.get(session.dept)
  return departement ? libelleTerritoire(departement.territoires, territoire) : territoire
}

/** Referrals and sessions: the two halves of « Réunir », for those who have both. */
export function OngletsReunir({ requete }: { requete: Requete }): ReactElement | null {
  if (!aLeDroit(requete.acteur, 'saisine.consulter')) return null
  return (
    <Onglets
      libelle="Réunir la commission"
      onglets={[
        { href: '/saisines', libelle: 'Saisines' },
        { href: COMMISSIONS, libelle: 'Commissions et séances', courant: true },
      ]}
    />
  )
}
