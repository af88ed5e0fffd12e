import type { ReactElement } from 'react'
import type { Connecte } from '#acces'
import type { Refus } from '#socle/errors'
import { Bouton } from './composants/index.ts'
import { Boite, PagePublique } from './mise-en-page/index.tsx'

/** A page that says what did not work and what to do next. Never a detail of the inside. */
export function pageErreur(titre: string, texte: string, connecte: Connecte | null): ReactElement {
  return (
    <PagePublique titre={titre}>
      <Boite>
        <p>{texte}</p>
        <p>
          <Bouton genre="principal" href="/">
            {connecte ? 'Revenir à l’accueil' : 'Se connecter'}
          </Bouton>
        </p>
      </Boite>
    </PagePublique>
  )
}

/** A rule said no: its sentence, its source, and the way back. */
export function pageRefus(refus: Refus, connecte: Connecte | null): ReactElement {
  return pageErreur(
    'Ce n’est pas possible',
    refus.source ? `${refus.message} Source : ${refus.source.titre}.` : refus.message,
    connecte,
  )
}
