import type { ReactElement } from 'react'
import { ecrireSource, FIABILITES } from '#procedure'
import { formatDate } from '#socle/typography'
import { Etiquette, Etiquettes, type PeriodeAxe } from '../composants/index.ts'
import { estDouteuse, type RegleMontree, type VersionMontree } from './lecture.ts'
import { majuscule } from './phrases.ts'

/** « du 29/07/2023 au 31/12/2026 », « depuis le … », « à partir du … ». */
export function ecrirePeriode({ du, jusquAu }: VersionMontree, jour: Temporal.PlainDate): string {
  if (jusquAu) return `du ${formatDate(du)} au ${formatDate(jusquAu)}`
  return Temporal.PlainDate.compare(du, jour) > 0 ? `à partir du ${formatDate(du)}` : `depuis le ${formatDate(du)}`
}

/** A value: short, it stands out; long, it is read. */
export function Texte({ version }: { version: VersionMontree }): ReactElement {
  const texte = majuscule(version.texte)
  return texte.length > LONG ? <span>{texte}</span> : <b>{texte}</b>
}
const LONG = 60

/** Versions as bars of a time axis. */
export function enPeriodes(versions: readonly VersionMontree[]): readonly PeriodeAxe[] {
  return versions.map((version) => ({
    du: version.du,
    au: version.jusquAu,
    libelle: [version.seconde ? `ou : ${version.texte}` : version.texte, version.pour]
      .filter((mot) => mot !== '')
      .join(', '),
    incertaine: estDouteuse(version),
  }))
}

interface MotEtat {
  readonly ton: 'reserve' | 'retard' | 'bientot'
  readonly texte: string
}

/** « à vérifier », « expirée le … », « change le … », « prend fin le … »: what to know before relying on a rule. */
function listerMots({ etats, versions, remarques }: RegleMontree, jour: Temporal.PlainDate): readonly MotEtat[] {
  const finies = versions.flatMap(({ jusquAu }) => jusquAu ?? [])
  const dernier = finies.findLast((le) => Temporal.PlainDate.compare(le, jour) < 0)
  const fin = finies.find((le) => Temporal.PlainDate.compare(le, jour) >= 0)
  const debut = versions.find(({ du }) => Temporal.PlainDate.compare(du, jour) > 0)?.du
  const change = remarques.some(({ genre }) => genre === 'change_bientot')
  return [
    ...(etats.has('a_verifier') ? [{ ton: 'reserve', texte: 'à vérifier' } as const] : []),
    ...(etats.has('expire') && dernier ? [{ ton: 'retard', texte: `expirée le ${formatDate(dernier)}` } as const] : []),
    ...(etats.has('bientot') && change && debut
      ? [{ ton: 'bientot', texte: `change le ${formatDate(debut)}` } as const]
      : []),
    ...(etats.has('bientot') && !change && fin
      ? [{ ton: 'bientot', texte: `prend fin le ${formatDate(fin)}` } as const]
      : []),
  ]
}

export function EtiquettesRegle({
  regle,
  jour,
}: {
  regle: RegleMontree
  jour: Temporal.PlainDate
}): ReactElement | null {
  const mots = listerMots(regle, jour)
  if (mots.length === 0 && !regle.locale) return null
  return (
    <Etiquettes>
      {mots.map(({ ton, texte }) => (
        <Etiquette ton={ton} key={texte}>
          {texte}
        </Etiquette>
      ))}
      {regle.locale && <Etiquette>charte du département</Etiquette>}
    </Etiquettes>
  )
}

/** How far a version may be relied upon, and who read it. */
export function Fiabilite({ version }: { version: VersionMontree }): ReactElement {
  const { fiabilite, verifieLe } = version
  return (
    <>
      {estDouteuse(version) ? (
        <Etiquette ton="reserve">à vérifier</Etiquette>
      ) : (
        <span>{fiabilite === 'defaut' ? 'À compléter' : FIABILITES[fiabilite]}</span>
      )}
      <small>{verifieLe ? `Relue le ${formatDate(verifieLe)}` : 'Jamais relue par un juriste'}</small>
    </>
  )
}

/** The text a value comes from, as a link when it is known where to read it. */
export function Source({ version }: { version: Pick<VersionMontree, 'source'> }): ReactElement {
  const { lien } = version.source
  return lien === undefined ? (
    <span>{ecrireSource(version.source)}</span>
  ) : (
    <a href={lien}>{ecrireSource(version.source)}</a>
  )
}
