import type { ReactElement } from 'react'
import type { Dossier, HistoriqueActe } from '#dossiers'
import { type CodeGenre, decrireGenre, estGenreActe, GENRES_ACTE } from '#procedure'
import type { DemandesFsl } from '#rapprochement'
import { formatDate, pluriel } from '#socle/typography'
import { Bouton, Carte, Etiquette, ListeDefinition, Message } from '../composants/index.ts'
import { adresseProcedure } from './formulaire.tsx'
import { resumer } from './mots.ts'

/** What is attached to a dossier besides the procedure (RAP-09), each by the kinds of acts that tell of it. */
const DEMARCHES: readonly { readonly libelle: string; readonly genres: readonly CodeGenre[] }[] = [
  {
    libelle: 'Surendettement',
    genres: (Object.keys(GENRES_ACTE) as CodeGenre[]).filter((genre) => genre.startsWith('surendettement_')),
  },
  { libelle: 'FSL', genres: ['fsl_demande', 'fsl_decision', 'fsl_recurrence'] },
  { libelle: 'Demande de logement social', genres: ['logement_social_demande'] },
  { libelle: 'Contingent préfectoral', genres: ['contingent_prefectoral'] },
  { libelle: 'DALO', genres: ['dalo_saisi', 'dalo_decision'] },
  { libelle: 'SIAO', genres: ['siao_demande'] },
  { libelle: 'Mesure de protection', genres: ['mesure_protection'] },
  { libelle: 'ASLL', genres: ['asll'] },
  { libelle: 'AVDL', genres: ['avdl'] },
]

/** The latest act of each: its day, its state; the others are in the blocks below. What the reader may not read is not named. */
export function CarteDemarches({
  saisis,
  ouvert,
}: {
  saisis: readonly HistoriqueActe[]
  ouvert: (genre: CodeGenre) => boolean
}): ReactElement | null {
  const lignes = DEMARCHES.flatMap(({ libelle, genres }) => {
    if (!genres.some(ouvert)) return []
    const siens = saisis
      .filter(({ genre, retire }) => !retire && genres.includes(genre))
      .toSorted((a, b) => Temporal.PlainDate.compare(b.le, a.le))
    const [dernier] = siens
    if (!dernier || !estGenreActe(dernier.genre)) return [{ terme: libelle, valeur: 'Rien de connu' }]
    return [
      {
        terme: libelle,
        valeur: `${decrireGenre(dernier.genre).libelle}, ${formatDate(dernier.le)}`,
        note:
          [
            resumer(dernier.genre, dernier.contenu),
            siens.length > 1 ? pluriel(siens.length, 'étape notée', 'étapes notées') : '',
          ]
            .filter((part) => part !== '')
            .join('. ') || undefined,
      },
    ]
  })
  if (lignes.length === 0) return null
  return (
    <Carte titre="Démarches rattachées" id="demarches">
      <ListeDefinition lignes={lignes} />
    </Carte>
  )
}

/** Repeated FSL requests are a sign; a social evaluation confirms it or not (RAP-05). */
export function BandeauFsl({
  dossier,
  fsl,
  saisis,
  peut,
}: {
  dossier: Dossier
  fsl: DemandesFsl
  saisis: readonly HistoriqueActe[]
  peut: boolean
}): ReactElement | null {
  if (!fsl.repetees || fsl.seuil === null) return null
  const { demandes, mois, source, reserve } = fsl.seuil
  const derniere = fsl.le.at(-1)
  const evaluation = saisis
    .filter(({ genre, retire }) => !retire && genre === 'fsl_recurrence')
    .toSorted((a, b) => Temporal.PlainDate.compare(b.le, a.le))[0]
  // A request made after the evaluation asks for another one.
  const tient = evaluation && derniere && Temporal.PlainDate.compare(evaluation.le, derniere) >= 0 ? evaluation : null
  return (
    <Message
      ton={tient ? 'info' : 'bientot'}
      action={
        peut && !tient ? (
          <Bouton petit href={adresseProcedure(dossier, '/saisir?genre=fsl_recurrence')}>
            Noter l’évaluation sociale
          </Bouton>
        ) : undefined
      }
    >
      <p>
        <b>{pluriel(fsl.le.length, 'demande', 'demandes')} au FSL</b> en {mois} mois :{' '}
        {fsl.le.map((le) => formatDate(le)).join(', ')}.{' '}
        {tient
          ? `${tient.contenu.recurrence === 'confirmee' ? 'Récurrence confirmée' : 'Récurrence non confirmée'} par l’évaluation sociale du ${formatDate(tient.le)}.`
          : 'La récurrence reste à confirmer par une évaluation sociale.'}{' '}
        <small>
          Signalé à partir de {demandes} demandes. Source : {source}.
        </small>{' '}
        {reserve !== null && <Etiquette ton="reserve">à vérifier</Etiquette>}
      </p>
    </Message>
  )
}
