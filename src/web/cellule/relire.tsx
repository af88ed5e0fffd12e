import type { ReactElement, ReactNode } from 'react'
import {
  Actions,
  Bouton,
  Carte,
  Formulaire,
  type LigneDefinition,
  ListeDefinition,
  Message,
  Pile,
} from '../composants/index.ts'
import type { Requete } from '../route.ts'

/** The two ways out of a page read again: do it, or go back to what was typed. */
export function Confirmer({
  action,
  jeton,
  champs,
  bouton,
  icone,
  destructeur = false,
}: {
  action: string
  jeton: string
  champs: Readonly<Record<string, string | readonly string[]>>
  bouton: string
  icone?: 'envoi'
  destructeur?: boolean
}): ReactElement {
  return (
    <Formulaire action={action} jeton={jeton} libelle="Envoyer ou corriger" champs={champs}>
      <Actions>
        <Bouton genre={destructeur ? 'destructeur' : 'principal'} icone={icone} nom="etape" valeur="confirmer">
          {bouton}
        </Bouton>
        <Bouton nom="etape" valeur="corriger">
          Corriger
        </Bouton>
      </Actions>
    </Formulaire>
  )
}

/** A consultation about to leave, read again: what it says, who will read it, the two ways out. */
export function RelireConsultation({
  recap,
  lecteurs,
  ...confirmer
}: {
  recap: ReactNode
  lecteurs: ReactNode
  action: string
  jeton: string
  champs: Readonly<Record<string, string | readonly string[]>>
}): ReactElement {
  return (
    <Pile>
      <Carte titre="La consultation">{recap}</Carte>
      <Carte titre="Qui la lira">
        {lecteurs}
        <Confirmer {...confirmer} bouton="Consulter la cellule" icone="envoi" />
      </Carte>
    </Pile>
  )
}

/** An act nobody undoes: what it is, what it does, the word on its button. */
export interface Relecture {
  readonly titre: string
  readonly avertissement: string
  readonly lignes: readonly LigneDefinition[]
  readonly bouton: string
  readonly destructeur?: boolean
}

/** What a form sent, to be sent again as it is: neither the token of the session nor the step. */
export const champsRecus = ({ champs }: Requete): Readonly<Record<string, string>> =>
  Object.fromEntries(
    ['envoi', 'vu', 'issue', 'motif', 'etat', 'seance'].flatMap((nom) => {
      const valeur = champs[nom]?.[0]
      return valeur === undefined ? [] : [[nom, valeur]]
    }),
  )

/** The page where such an act is read again. */
export function Relire({
  relecture: { avertissement, lignes, bouton, destructeur = false },
  ...formulaire
}: {
  relecture: Relecture
  action: string
  jeton: string
  champs: Readonly<Record<string, string | readonly string[]>>
}): ReactElement {
  return (
    <Carte titre="Ce qui sera enregistré">
      <Message ton="bientot">
        <p>{avertissement}</p>
      </Message>
      <ListeDefinition lignes={lignes} />
      <Confirmer {...formulaire} bouton={bouton} destructeur={destructeur} />
    </Carte>
  )
}
