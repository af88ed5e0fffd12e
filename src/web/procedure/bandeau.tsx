import type { ReactElement } from 'react'
import type { Dossier } from '#dossiers'
import { MOTIFS_DE_SUSPENSION } from '#procedure'
import { formatDate, pluriel } from '#socle/typography'
import { Message } from '../composants/index.ts'
import type { Requete } from '../route.ts'
import { adresseProcedure } from './formulaire.tsx'
import { lireSuspensions } from './situation.tsx'

/** On the page of the dossier: what holds the procedure, and that an act is to be checked; nothing when there is nothing to say. */
export function BandeauProcedure({ requete, dossier }: { requete: Requete; dossier: Dossier }): ReactElement | null {
  const avertissements = dossier.situation?.avertissements.length ?? 0
  // The truce alone is known to all: it is on the drawing.
  const vives = lireSuspensions(requete, dossier).vives.filter(({ motif }) => motif !== 'treve')
  if (dossier.clos_le !== null || dossier.masques.includes('procedure') || (avertissements === 0 && vives.length === 0))
    return null
  const suspendue = vives
    .map(({ motif, jusquAu }) =>
      [MOTIFS_DE_SUSPENSION[motif].toLowerCase(), jusquAu === null ? null : `jusqu’au ${formatDate(jusquAu)}`]
        .filter((un) => un !== null)
        .join(' '),
    )
    .join(', ')
  return (
    <Message ton={avertissements > 0 ? 'bientot' : 'info'}>
      <p>
        {suspendue !== '' && (
          <>
            <b>En vigueur : {suspendue}.</b>{' '}
          </>
        )}
        {avertissements > 0 && `${pluriel(avertissements, 'point à vérifier', 'points à vérifier')} dans les actes. `}
        <a href={adresseProcedure(dossier)}>Voir la procédure</a>
      </p>
    </Message>
  )
}
