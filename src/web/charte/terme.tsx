import type { ReactElement } from 'react'
import { type Delai, type Delais, ecrireDuree, FAITS_DATES, trouverDelai, type VersionDelai } from '#procedure'
import type { Engagement } from '#referentiel'
import { formatDate } from '#socle/typography'
import { Etiquette } from '../composants/index.ts'
import { majuscule } from '../regles/regles.tsx'

type AvecTerme = Pick<Engagement, 'echeance' | 'mode'>

/** The time limit an engagement refers to, when it refers to one. */
export function delaiDe(delais: Delais, { echeance }: AvecTerme): Delai | undefined {
  return typeof echeance === 'object' ? trouverDelai(delais, echeance.delai) : undefined
}

/** Versions of a time limit that hold on a day. More than one: which one depends on the dossier. */
export function versionsAu({ versions }: Pick<Delai, 'versions'>, jour: Temporal.PlainDate): readonly VersionDelai[] {
  return versions.filter(
    ({ du, jusquAu }) =>
      Temporal.PlainDate.compare(du, jour) <= 0 && (!jusquAu || Temporal.PlainDate.compare(jour, jusquAu) <= 0),
  )
}

const DUREE_SEULE = (delai: Delai, jour: Temporal.PlainDate): string => {
  const durees = [...new Set(versionsAu(delai, jour).map(({ duree }) => ecrireDuree(duree)))]
  return durees.length === 0 ? 'aucune version à cette date' : durees.join(' ou ')
}

/** The term in a few words, for lists and exports: « 2 mois : diagnostic de la situation de logement ». Empty without one. */
export function ecrireTerme(delais: Delais, engagement: AvecTerme, jour: Temporal.PlainDate): string {
  const { echeance } = engagement
  if (echeance === undefined) return ''
  if (echeance === 'etape') return 'Avant l’étape suivante'
  if (echeance === 'sans_attendre') return 'Sans attendre'
  const delai = delaiDe(delais, engagement)
  if (!delai) return echeance.delai
  return `${majuscule(DUREE_SEULE(delai, jour))} : ${delai.libelleCourt.toLowerCase()}`
}

/** What the count starts from: « la date d’envoi du tableau hebdomadaire ou celle de … », whichever comes first. */
const ecrireDepart = ({ depart }: Pick<Delai, 'depart'>): string =>
  depart.map((fait) => FAITS_DATES[fait].manque).join(' ou ')

/** One version of a time limit: duration in words, what it counts from, its text, how far it may be relied upon. */
function VersionLue({ delai, version }: { delai: Delai; version: VersionDelai }): ReactElement {
  const { source, fiabilite, verifieLe, reserve, jusquAu } = version
  const sure = fiabilite !== 'NC' && fiabilite !== 'C2' && verifieLe !== null
  return (
    <>
      <b>{majuscule(ecrireDuree(version.duree))}</b>, compté depuis {ecrireDepart(delai)}.{' '}
      {!sure && <Etiquette ton="reserve">à vérifier</Etiquette>}
      <small>
        Source : {source.lien === undefined ? source.titre : <a href={source.lien}>{source.titre}</a>}. Version du{' '}
        {formatDate(version.du)}
        {jusquAu ? ` au ${formatDate(jusquAu)}` : ''}.{reserve !== null && ` ${majuscule(reserve)}.`}
      </small>
    </>
  )
}

/** Its page in « Le droit »: every version, the method of counting, worked examples. */
const LienDelai = ({ delai }: { delai: Delai }): ReactElement => (
  <a href={`/droit/delais/${delai.nom}`}>{delai.libelle}</a>
)

/** The term of an engagement, with the time limit it rests on and where that comes from. */
export function Terme({
  delais,
  engagement,
  jour,
}: {
  delais: Delais
  engagement: AvecTerme
  jour: Temporal.PlainDate
}): ReactElement {
  const delai = delaiDe(delais, engagement)
  if (!delai) return <>{ecrireTerme(delais, engagement, jour) || 'Sans terme'}</>
  const versions = versionsAu(delai, jour)
  if (versions.length === 0) {
    return (
      <>
        <LienDelai delai={delai} />
        <small>Aucune version de ce délai ne s’applique au {formatDate(jour)}.</small>
      </>
    )
  }
  return (
    <>
      <LienDelai delai={delai} />
      {versions.map((version) => (
        <p key={version.du.toString() + version.source.titre}>
          <VersionLue delai={delai} version={version} />
        </p>
      ))}
    </>
  )
}
