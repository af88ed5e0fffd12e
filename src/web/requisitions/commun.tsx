import { randomUUID } from 'node:crypto'
import type { ReactElement, ReactNode } from 'react'
import type { Dossier } from '#dossiers'
import {
  type ActeRequisition,
  decrireGenre,
  type EcheanceExpliquee,
  type Enquete,
  ETATS,
  estDemande,
  genresEnquete,
  type Requisition,
  trouverIssue,
} from '#requisitions'
import { Introuvable } from '#socle/errors'
import { formatDate, formatHeure } from '#socle/typography'
import { Etiquette, PuceEcheance, type Ton } from '../composants/index.ts'
import { adresseDossier } from '../espaces.tsx'
import type { Requete } from '../route.ts'

export const ESPACE = 'force-publique'

/** Page of the force request of a dossier, and of what hangs below it. */
export const adresseDe = (dossier: Pick<Dossier, 'reference'>, suite = ''): string =>
  `${adresseDossier(dossier)}/${ESPACE}${suite}`

/** The mark of a form: kept when the form comes back, drawn when it is new. */
export const marqueEnvoi = (recue = ''): string => (recue === '' ? randomUUID() : recue)

/** An identifier of the address; anything else does not exist. */
export function identifiant(requete: Pick<Requete, 'parametres'>, nom: string): string {
  const valeur = requete.parametres[nom] ?? ''
  if (!/^[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}$/.test(valeur)) throw new Introuvable()
  return valeur
}

const TONS: Readonly<Record<Requisition['etat'], Ton>> = {
  instruction: 'info',
  sursis: 'bientot',
  refusee: 'neutre',
  accordee: 'bientot',
  annulee: 'neutre',
  executee: 'neutre',
}

export const EtatRequisition = ({ etat }: Pick<Requisition, 'etat'>): ReactElement => (
  <Etiquette ton={TONS[etat]}>{ETATS[etat]}</Etiquette>
)

/** A date with its source. `genre`: a task stays due once past, a term is only passed. */
export const Puce = ({
  echeance,
  jour,
  genre = 'tache',
  tenueLe,
}: {
  echeance: EcheanceExpliquee
  jour: Temporal.PlainDate
  genre?: 'tache' | 'terme'
  tenueLe?: Temporal.PlainDate | undefined
}): ReactElement => (
  <PuceEcheance aujourdhui={jour} echeance={{ ...echeance, genre, ...(tenueLe ? { tenueLe } : {}) }} />
)

/** Where an inquiry stands: its answer, its reason for not being done, or its date. */
export function EtatEnquete({
  enquete,
  vivants,
  jour,
}: {
  enquete: Enquete
  vivants: readonly ActeRequisition[]
  jour: Temporal.PlainDate
}): ReactElement {
  const issue = trouverIssue(vivants, enquete)
  if (issue?.genre === 'enquete_non_realisee')
    return <Etiquette ton="bientot">Non réalisée, {formatDate(issue.le)}</Etiquette>
  if (issue)
    return (
      <Etiquette ton="tenu" icone="ok">
        Répondue le {formatDate(issue.le)}
      </Etiquette>
    )
  if (enquete.echeance) return <Puce echeance={enquete.echeance} jour={jour} />
  return <Etiquette ton="info">Attendue</Etiquette>
}

export const nommerEnquete = (enquete: Pick<Enquete, 'genre' | 'aupres'>): string =>
  `${genresEnquete[enquete.genre].libelle}, ${enquete.aupres}`

/** What a fact says, line by line: the answers of its form in words, sealed ones when the reader's circle opens them. */
export function lignesActe(
  acte: ActeRequisition,
  textes: ReadonlyMap<string, Readonly<Record<string, string>>>,
): readonly { readonly terme: string; readonly valeur: ReactNode }[] {
  const valeurs: Readonly<Record<string, string>> = { ...acte.donnees, ...textes.get(acte.id) }
  return decrireGenre(acte.genre).champs.flatMap((champ) => {
    const valeur = valeurs[champ.nom] ?? ''
    if (valeur === '' || !estDemande(champ, valeurs)) return []
    const ecrit =
      champ.genre === 'choix' ? (
        (champ.options?.[valeur] ?? valeur)
      ) : champ.genre === 'date' ? (
        formatDate(valeur)
      ) : champ.genre === 'heure' ? (
        formatHeure(valeur)
      ) : champ.genre === 'texte' ? (
        <span key={champ.nom} className="texte-libre">
          {valeur}
        </span>
      ) : (
        valeur
      )
    return [{ terme: champ.libelle, valeur: ecrit }]
  })
}
