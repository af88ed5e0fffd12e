import { randomUUID } from 'node:crypto'
import type { ReactElement } from 'react'
import { type Dossier, lireDossier } from '#dossiers'
import { type Interlocuteur, listerInterlocuteurs, type Personne } from '#echanges'
import { accorder, formatNombre, pluriel } from '#socle/typography'
import { nommerDossier } from '../accompagner/menage.ts'
import { type Erreur, messageDe } from '../accompagner/saisie.ts'
import { Icone, Message } from '../composants/index.ts'
import type { Requete } from '../route.ts'

/** Page of the exchanges of a dossier, and of what hangs below it. */
export const adresseDe = ({ reference }: Pick<Dossier, 'reference'>, suite = ''): string =>
  `/dossiers/${reference}/echanges${suite}`

export const ouvrirDossier = (requete: Requete): Promise<Dossier> =>
  lireDossier(requete.session, requete.parametres.reference ?? '')

export const ariane = (dossier: Dossier, acte?: string) => [
  { libelle: 'Dossiers', href: '/dossiers' },
  { libelle: nommerDossier(dossier), href: `/dossiers/${dossier.reference}` },
  acte === undefined ? { libelle: 'Échanges' } : { libelle: 'Échanges', href: adresseDe(dossier) },
  ...(acte === undefined ? [] : [{ libelle: acte }]),
]

/** The mark of a form: kept when the form comes back, drawn when it is new. */
export const marqueEnvoi = (recue = ''): string => (recue === '' ? randomUUID() : recue)

interface Organisme {
  readonly id: string
  readonly nom: string
}

/** People of the directory to talk to about a dossier, by organisme. */
export async function lireContacts(
  requete: Requete,
  dossier: Dossier,
): Promise<ReadonlyMap<string, readonly Interlocuteur[]>> {
  const tous = await listerInterlocuteurs(
    requete.session,
    dossier.territoire === null ? {} : { territoire: dossier.territoire },
  )
  return Map.groupBy(tous, ({ organisme }) => organisme)
}

/** « Mme Perrin (impayés), suppléante : Mme Colin ». */
export function decrireContacts(contacts: readonly Interlocuteur[] | undefined): string | undefined {
  if (!contacts || contacts.length === 0) return undefined
  return contacts
    .slice(0, 3)
    .map(
      ({ nom, fonction, suppleant_nom }) =>
        `${nom} (${fonction})${suppleant_nom === null ? '' : `, suppléance : ${suppleant_nom}`}`,
    )
    .join(' ; ')
}

/** Boxes to tick: organismes or people. The first carries the name of the field, so that the summary of errors leads to it. */
export function Cases({
  nom,
  legende,
  options,
  choisies,
  erreurs = [],
  facultatif,
}: {
  nom: string
  legende: string
  options: readonly { readonly valeur: string; readonly libelle: string; readonly aide?: string | undefined }[]
  choisies: readonly string[]
  erreurs?: readonly Erreur[]
  facultatif?: boolean
}): ReactElement {
  const erreur = messageDe(erreurs, nom)
  return (
    <fieldset className="champ" aria-describedby={erreur === undefined ? undefined : `c-${nom}-erreur`}>
      <legend>
        {legende}
        {facultatif && <span className="facultatif"> (facultatif)</span>}
      </legend>
      <div className="choix-liste">
        {options.map(({ valeur, libelle, aide }, rang) => (
          <label className="choix" key={valeur}>
            <input
              id={rang === 0 ? `c-${nom}` : `c-${nom}-${rang}`}
              type="checkbox"
              name={nom}
              value={valeur}
              defaultChecked={choisies.includes(valeur)}
            />
            <span>
              {libelle}
              {aide !== undefined && <small>{aide}</small>}
            </span>
          </label>
        ))}
      </div>
      {erreur !== undefined && (
        <p className="erreur" id={`c-${nom}-erreur`}>
          <Icone nom="retard" />
          <span>{erreur}</span>
        </p>
      )}
    </fieldset>
  )
}

const compter = (personnes: readonly Personne[], organisme: string): string => {
  const nombre = personnes.filter((personne) => personne.organisme === organisme).length
  return nombre === 0 ? 'personne n’y a encore d’accès' : pluriel(nombre, 'personne', 'personnes')
}

/** « CAF de Saône-et-Loire (3 personnes), ADIL (1 personne) ». */
const ecrireLecteurs = (lecteurs: readonly Organisme[], personnes: readonly Personne[]): string =>
  lecteurs.map(({ id, nom }) => `${nom} (${compter(personnes, id)})`).join(', ')

/** In words, before anything is sent: who will read it, and that nobody else will. */
export function QuiLira({
  requete,
  lecteurs,
  personnes,
}: {
  requete: Requete
  lecteurs: readonly Organisme[]
  personnes: readonly Personne[]
}): ReactElement {
  const { organisme, organismeNom } = requete.acteur
  const nombre = new Set(personnes.map(({ id }) => id)).size
  return (
    <Message ton="reserve">
      <p>
        <b>Qui lira ceci ?</b> {formatNombre(nombre)} {accorder(nombre, 'personne', 'personnes')} : votre organisme,{' '}
        {organismeNom} ({compter(personnes, organisme ?? '')}), et {ecrireLecteurs(lecteurs, personnes)}. Aucun autre
        organisme ne le lira ni ne saura que cela existe. Qui perd l’accès au dossier ne le lit plus.
      </p>
    </Message>
  )
}

export const RAPPEL = 'Ni santé, ni violences, ni enfance : seulement ce qui sert à agir pour ce ménage.'
