import { randomUUID } from 'node:crypto'
import type { ReactElement } from 'react'
import { type Dossier, verifierActe } from '#dossiers'
import { type ChampActe, type CodeGenre, type ContenuActe, champsDe, decrireGenre, lireSaisie } from '#procedure'
import { type Erreur, lireJourSaisi, messageDe } from '../accompagner/saisie.ts'
import { Champ, ChampDate, ChampMontant, Selection } from '../composants/index.ts'
import { adresseDossier } from '../espaces.tsx'
import { champ, type Requete } from '../route.ts'

/** Page of the procedure of a dossier, and of what hangs below it. */
export const adresseProcedure = (dossier: Pick<Dossier, 'reference'>, suite = ''): string =>
  `${adresseDossier(dossier)}/procedure${suite}`

/** The mark of a form: kept when the form comes back, drawn when it is new. */
export const marqueEnvoi = (recue = ''): string => (recue === '' ? randomUUID() : recue)

/** Name of a field of the catalogue in the form: no kind's field may take the place of the form's own. */
const nomDe = (nom: string): string => `f-${nom}`

/** Fields of a kind, less those hidden to the reader. */
const champsLus = (genre: CodeGenre, caches: readonly string[]): Readonly<Record<string, ChampActe>> =>
  Object.fromEntries(Object.entries(champsDe(genre)).filter(([nom]) => !caches.includes(nom)))

/** What a form holds, as typed. */
export interface SaisieFormulaire {
  readonly le: string
  /** Text of each field, as typed. */
  readonly champs: Readonly<Record<string, string>>
  readonly erreurs: readonly Erreur[]
}

/** Values already known, as the fields show them. */
export function enTextes(genre: CodeGenre, contenu: ContenuActe): Record<string, string> {
  return Object.fromEntries(
    Object.entries(champsDe(genre)).flatMap(([nom, { type }]) => {
      const valeur = contenu[nom]
      if (valeur === undefined) return []
      if (typeof valeur === 'boolean') return [[nom, valeur ? 'oui' : 'non']]
      if (type === 'montant') return [[nom, (Number(valeur) / 100).toFixed(2).replace('.', ',')]]
      return [[nom, String(valeur)]]
    }),
  )
}

/** What the address already says: the page that leads here knows the answer. */
export function lirePrefixe(genre: CodeGenre, recherche: Readonly<Record<string, string>>): Record<string, string> {
  return Object.fromEntries(
    Object.keys(champsDe(genre)).flatMap((nom) => {
      const valeur = recherche[nomDe(nom)]
      return valeur === undefined ? [] : [[nom, valeur]]
    }),
  )
}

/** Reads the form of a kind: typed values when nothing stops it, what was typed in any case. */
export function lireFormulaire(
  requete: Requete,
  genre: CodeGenre,
  caches: readonly string[],
): SaisieFormulaire & { readonly acte: { readonly le: Temporal.PlainDate; readonly contenu: ContenuActe } | null } {
  const champs = champsLus(genre, caches)
  const textes = Object.fromEntries(Object.keys(champs).map((nom) => [nom, champ(requete, nomDe(nom))]))
  const { contenu, erreurs: illisibles } = lireSaisie(champs, (nom) => textes[nom] ?? '')
  const saisi = champ(requete, 'le')
  const le = lireJourSaisi(saisi)
  const dejaDits = new Set(illisibles.map(({ champ: nom }) => nom))
  const erreurs: Erreur[] = [
    ...(le === null ? [{ nom: 'le', message: 'Donner la date, par exemple 20/11/2026.' }] : []),
    ...illisibles.map(({ champ: nom, message }) => ({ nom: nomDe(nom), message })),
    ...verifierActe(requete.session, { genre, le: le ?? requete.session.jour, contenu })
      .filter(({ champ: nom }) => !dejaDits.has(nom))
      .map(({ champ: nom, message }) => ({ nom: nom === 'le' ? 'le' : nomDe(nom), message })),
  ]
  return { le: saisi, champs: textes, erreurs, acte: le !== null && erreurs.length === 0 ? { le, contenu } : null }
}

/** The form again, as hidden fields: a person who confirms sends what they typed. */
export const enChampsCaches = ({ le, champs }: SaisieFormulaire): Record<string, string> => ({
  le,
  ...Object.fromEntries(Object.entries(champs).map(([nom, valeur]) => [nomDe(nom), valeur])),
})

function UnChamp({
  nom,
  decrit,
  valeur,
  erreur,
}: {
  nom: string
  decrit: ChampActe
  valeur: string
  erreur: string | undefined
}): ReactElement {
  const commun = { nom, libelle: decrit.libelle, aide: decrit.aide, erreur, facultatif: decrit.obligatoire !== true }
  switch (decrit.type) {
    case 'jour':
      return <ChampDate {...commun} valeur={valeur || undefined} />
    case 'montant':
      return <ChampMontant {...commun} valeur={valeur} />
    case 'entier':
    case 'annee':
      return <Champ {...commun} court chiffres valeur={valeur} />
    case 'texte':
      return <Champ {...commun} longueurMax={120} valeur={valeur} />
    case 'oui_non':
      return (
        <Selection
          {...commun}
          vide="Non renseigné"
          valeur={valeur}
          options={[
            { valeur: 'oui', libelle: 'Oui' },
            { valeur: 'non', libelle: 'Non' },
          ]}
        />
      )
    case 'choix':
      return (
        <Selection
          {...commun}
          vide={decrit.obligatoire ? 'Choisir' : 'Non renseigné'}
          valeur={valeur}
          options={Object.entries(decrit.choix ?? {}).map(([code, libelle]) => ({ valeur: code, libelle }))}
        />
      )
  }
}

/** The fields of a kind: its day, then what is known of it. */
export function ChampsDuGenre({
  genre,
  caches,
  saisie,
  jour,
}: {
  genre: CodeGenre
  caches: readonly string[]
  saisie: SaisieFormulaire
  jour: Temporal.PlainDate
}): ReactElement {
  const { le = 'Date de l’acte', futur, aide } = decrireGenre(genre)
  return (
    <>
      {aide && <p className="note">{aide}</p>}
      <div className="champs">
        <ChampDate
          nom="le"
          libelle={le}
          valeur={saisie.le || undefined}
          max={futur ? undefined : jour}
          erreur={messageDe(saisie.erreurs, 'le')}
        />
        {Object.entries(champsLus(genre, caches)).map(([nom, decrit]) => (
          <UnChamp
            key={nom}
            nom={nomDe(nom)}
            decrit={decrit}
            valeur={saisie.champs[nom] ?? ''}
            erreur={messageDe(saisie.erreurs, nomDe(nom))}
          />
        ))}
      </div>
      {caches.length > 0 && (
        <p className="note">Réservés à ceux qui lisent la dette, les montants de cet acte ne sont pas montrés ici.</p>
      )}
    </>
  )
}
