import type { Session } from '#acces'
import {
  CLES_PARAMETRES,
  type CleParametre,
  type Criteres,
  type DepartementCharge,
  definitionParametre,
  type EssaiVersion,
  ecrireJour,
  essayerVersion,
  type GenreVersion,
  lireVersion,
  type Probleme,
  parametre,
  type Repartition,
  superposerVersions,
  type VersionLue,
} from '#referentiel'
import { type Changement, comparerCriteres, comparerReglages, comparerRepartitions } from './difference.ts'
import { essayerLecture, listerTextesApprouves, listerVersions } from './lecture.ts'
import { nommerVersion } from './noms.ts'
import { cleLocale, lireDepartement } from './texte.ts'
import type { VersionLocale } from './types.ts'

/** Why a version cannot be submitted or approved. `code` is stable, `message` says what to do. */
export interface Blocage {
  readonly code: string
  readonly message: string
}

/** Everything there is to know of a version before deciding: what it says, what it changes, what stops it, what to think about. */
export interface Controle {
  readonly lue: VersionLue | null
  readonly problemes: readonly Probleme[]
  readonly essai: EssaiVersion | null
  /** Name of the version it takes the place of; null when none has begun by then, and for settings, which follow one another one by one. */
  readonly precedente: string | null
  readonly changements: readonly Changement[]
  readonly blocages: readonly Blocage[]
  readonly avertissements: readonly string[]
}

const avant = (a: Temporal.PlainDate, b: Temporal.PlainDate): boolean => Temporal.PlainDate.compare(a, b) < 0

/** The rules of the département without one version, even approved: what it is compared with. */
export async function lireReglesSans(session: Session, version: VersionLocale): Promise<DepartementCharge> {
  if (version.etat !== 'approuvee') return lireDepartement(session)
  const livre = session.referentiel.livre ?? session.referentiel
  const cle = cleLocale(session.dept, version.genre, version.numero)
  const autres = (await listerTextesApprouves(session, session.dept))
    .filter((une) => une.cle !== cle)
    .map(({ genre, texte, cle: id }) => lireVersion(genre, texte, id))
  return lireDepartement({ dept: session.dept, referentiel: superposerVersions(livre, session.dept, autres) })
}

type Datee = Repartition | Criteres

function suiteDe(departement: DepartementCharge, genre: 'repartition' | 'criteres'): readonly Datee[] {
  return genre === 'repartition' ? departement.repartitions : departement.criteres
}

function precedenteDe(
  sans: DepartementCharge,
  genre: 'repartition' | 'criteres',
  du: Temporal.PlainDate,
): Datee | null {
  return suiteDe(sans, genre).findLast((une) => !avant(du, une.du)) ?? null
}

function comparer(sans: DepartementCharge, lue: VersionLue, du: Temporal.PlainDate): Changement[] {
  switch (lue.genre) {
    case 'repartition':
      return comparerRepartitions(precedenteDe(sans, 'repartition', du) as Repartition | null, lue.valeur)
    case 'criteres':
      return comparerCriteres(precedenteDe(sans, 'criteres', du) as Criteres | null, lue.valeur)
    case 'parametres': {
      const reglages = Object.fromEntries(
        CLES_PARAMETRES.flatMap((cle) => {
          const en = sans.parametres[cle]?.versions.findLast((une) => !avant(du, une.du))
          return en ? [[cle, en]] : []
        }),
      )
      return comparerReglages(reglages, lue.valeur.reglages)
    }
  }
}

/** The first day after `du` on which an approved or shipped version of the same matter begins, and its name. */
function suivanteDe(
  sans: DepartementCharge,
  lue: VersionLue,
  du: Temporal.PlainDate,
): { du: Temporal.PlainDate; nom: string } | null {
  if (lue.genre !== 'parametres') {
    const suivante = suiteDe(sans, lue.genre).find((une) => avant(du, une.du))
    return suivante ? { du: suivante.du, nom: nommerVersion(suivante.id, suivante.du) } : null
  }
  const suites = (Object.keys(lue.valeur.reglages) as CleParametre[]).flatMap((cle) => {
    const suivante = sans.parametres[cle]?.versions.find((une) => avant(du, une.du))
    return suivante
      ? [{ du: suivante.du, nom: `une autre valeur (${definitionParametre(cle).sens}) du ${ecrireJour(suivante.du)}` }]
      : []
  })
  return suites.sort((a, b) => Temporal.PlainDate.compare(a.du, b.du))[0] ?? null
}

/** What is not known on a day: criteria, dispatch rules, settings whose document has ended. */
function listerManques(sans: DepartementCharge, genre: GenreVersion, du: Temporal.PlainDate): string[] {
  const manques: string[] = []
  const connue = (suite: readonly Datee[]) =>
    suite.some((une) => !avant(du, une.du) && !(une.jusqu_au && avant(une.jusqu_au, du)))
  if (genre !== 'repartition' && !connue(sans.repartitions)) manques.push('aucune règle de répartition')
  if (genre !== 'criteres' && !connue(sans.criteres)) manques.push('aucun critère')
  if (genre !== 'parametres') {
    const finies = CLES_PARAMETRES.filter(
      (cle) => sans.parametres[cle] && parametre(sans, cle, du).etat === 'aucune_version',
    ).length
    if (finies > 0)
      manques.push(`${finies} valeur${finies > 1 ? 's' : ''} réglée${finies > 1 ? 's' : ''} dont la période est finie`)
  }
  return manques
}

/** Versions of the rules in force on the day of the session: what a simulation is compared with. */
export function listerEnVigueur(departement: DepartementCharge, jour: Temporal.PlainDate): string[] {
  const en = (suite: readonly Datee[]): string =>
    suite.findLast((une) => !avant(jour, une.du) && !(une.jusqu_au && avant(une.jusqu_au, jour)))?.id ?? 'aucune'
  const reglages = CLES_PARAMETRES.map((cle) => {
    const { valeur } = parametre(departement, cle, jour)
    return `${cle}=${valeur ?? ''}`
  })
  return [en(departement.repartitions), en(departement.criteres), reglages.join(';')]
}

function verifierExemplesEcrits({ essais, sansExemple }: EssaiVersion, genre: GenreVersion): Blocage[] {
  if (genre === 'parametres') return []
  const rates = essais.filter(({ differences }) => differences.length > 0)
  return [
    ...(essais.length === 0
      ? [
          {
            code: 'version.sans-exemple',
            message: 'Cette version n’a aucun exemple : en écrire sous la clé « exemples ».',
          },
        ]
      : []),
    ...rates.map(({ cas }) => ({
      code: 'version.exemple-faux',
      message: `L’exemple « ${cas} » ne donne pas le résultat attendu : corriger la règle, ou l’exemple.`,
    })),
    ...(essais.length > 0
      ? sansExemple.map((id) => ({
          code: 'version.sans-exemple',
          message: `Aucun exemple ne montre « ${id} » : en écrire un, avec le résultat attendu.`,
        }))
      : []),
  ]
}

function verifierDates(
  version: VersionLocale,
  sans: DepartementCharge,
  lue: VersionLue | null,
  jour: Temporal.PlainDate,
): Blocage[] {
  const { du, jusqu_au } = version
  const blocages: Blocage[] = []
  if (avant(du, jour)) {
    blocages.push({
      code: 'version.date-passee',
      message: `La date d’effet, le ${ecrireJour(du)}, est passée : une règle ne vaut pas pour des décisions déjà prises. Choisir aujourd’hui ou un jour à venir.`,
    })
  }
  if (jusqu_au && avant(jusqu_au, du))
    blocages.push({ code: 'version.fin-avant-debut', message: 'La date de fin précède la date d’effet.' })
  if (!lue) return blocages
  if (lue.genre !== 'parametres') {
    const memeJour = suiteDe(sans, lue.genre).find((une) => une.du.equals(du) && une.id.startsWith('local/'))
    if (memeJour) {
      blocages.push({
        code: 'version.meme-jour',
        message: `${majuscule(nommerVersion(memeJour.id, memeJour.du))} prend déjà effet ce jour : choisir une autre date.`,
      })
    }
  }
  const suivante = suivanteDe(sans, lue, du)
  if (suivante && jusqu_au && !avant(jusqu_au, suivante.du)) {
    blocages.push({
      code: 'version.chevauchement',
      message: `La date de fin va au-delà du ${ecrireJour(suivante.du)}, où commence ${suivante.nom} : finir au plus tard le ${ecrireJour(suivante.du.subtract({ days: 1 }))}, ou ne pas donner de fin.`,
    })
  }
  return blocages
}

const majuscule = (texte: string): string => `${texte.charAt(0).toUpperCase()}${texte.slice(1)}`

function avertir(
  session: Session,
  version: VersionLocale,
  sans: DepartementCharge,
  lue: VersionLue,
  autres: readonly VersionLocale[],
): string[] {
  const { du, jusqu_au, genre } = version
  const avertissements: string[] = []
  if (lue.genre !== 'parametres') {
    const precedente = precedenteDe(sans, lue.genre, du)
    if (precedente && version.depart !== null && precedente.id !== version.depart) {
      avertissements.push(
        `Ce texte est parti de ${nommerVersion(version.depart)}, mais ${nommerVersion(precedente.id, precedente.du)} le précédera : relire la différence, elle défait peut-être ce que celle-ci a changé.`,
      )
    }
    if (precedente && JSON.stringify(precedente.source) === JSON.stringify(lue.valeur.source)) {
      avertissements.push(
        `La source écrite dans le texte est celle de la version précédente (« ${lue.valeur.source.titre} ») : c’est elle que montreront les réponses. La changer si un autre document fonde ces règles.`,
      )
    }
    if (precedente?.jusqu_au && avant(precedente.jusqu_au.add({ days: 1 }), du)) {
      avertissements.push(
        `Rien ne vaut entre le ${ecrireJour(precedente.jusqu_au)}, fin de la version précédente, et le ${ecrireJour(du)}.`,
      )
    }
  }
  for (const autre of autres) {
    const etat = autre.etat === 'brouillon' ? 'en préparation' : 'soumise à approbation'
    avertissements.push(
      `Une autre version est ${etat} : la n° ${autre.numero}, pour le ${ecrireJour(autre.du)}. La seconde approuvée doit reprendre ce que la première change.`,
    )
  }
  const suivante = suivanteDe(sans, lue, du)
  if (suivante) {
    avertissements.push(
      `${majuscule(suivante.nom)} prendra la suite : celle-ci vaudra jusqu’au ${ecrireJour(suivante.du.subtract({ days: 1 }))}.`,
    )
  } else if (jusqu_au) {
    avertissements.push(
      `Après le ${ecrireJour(jusqu_au)}, aucune version n’est prête : passé ce jour, la réponse sera qu’aucune ne s’applique.`,
    )
  }
  const manques = listerManques(sans, genre, du)
  if (manques.length > 0)
    avertissements.push(`À la date d’effet, il y aura ${manques.join(', ')} : préparer aussi ces versions.`)
  const simulation = version.simulation
  const aDecider = version.etat === 'brouillon' || version.etat === 'soumise'
  if (
    aDecider &&
    simulation &&
    simulation.contre.join('|') !== listerEnVigueur(lireDepartement(session), session.jour).join('|')
  )
    avertissements.push('Les règles en vigueur ont changé depuis la simulation : la refaire.')
  return avertissements
}

/** Reads, tries and compares a version on the day of the session. Nothing is written. */
export async function controlerVersion(session: Session, version: VersionLocale): Promise<Controle> {
  const cle = cleLocale(session.dept, version.genre, version.numero)
  const { lue, problemes } = essayerLecture(version.genre, version.texte, cle)
  const sans = await lireReglesSans(session, version)
  const essai = lue ? essayerVersion(sans, lue) : null
  const changements = lue ? comparer(sans, lue, version.du) : []
  const autres = (await listerVersions(session)).filter(
    (autre) =>
      autre.id !== version.id &&
      autre.genre === version.genre &&
      (autre.etat === 'brouillon' || autre.etat === 'soumise'),
  )
  const blocages: Blocage[] = [
    ...(problemes.length > 0
      ? [
          {
            code: 'version.illisible',
            message: 'Le texte a des fautes : les corriger, chacune est montrée à sa place.',
          },
        ]
      : []),
    ...(essai ? verifierExemplesEcrits(essai, version.genre) : []),
    ...(lue && changements.length === 0
      ? [{ code: 'version.identique', message: 'Cette version ne change rien à celle qui la précède.' }]
      : []),
    ...verifierDates(version, sans, lue, session.jour),
    ...(version.motif.trim() === ''
      ? [{ code: 'version.motif', message: 'Écrire pourquoi les règles changent.' }]
      : []),
    ...(version.reference.trim() === ''
      ? [
          {
            code: 'version.reference',
            message: 'Écrire où le changement a été validé : comité responsable du plan, commission, document.',
          },
        ]
      : []),
    ...(version.reference_le && avant(session.jour, version.reference_le)
      ? [
          {
            code: 'version.reference-a-venir',
            message: `La validation est datée du ${ecrireJour(version.reference_le)}, un jour à venir : écrire le jour où le changement a été validé.`,
          },
        ]
      : []),
    ...(version.simulation?.empreinte === version.empreinte
      ? []
      : [
          {
            code: 'version.simulation',
            message: version.simulation
              ? 'Le texte a changé depuis la simulation : la refaire.'
              : 'Simuler cette version avant de la soumettre.',
          },
        ]),
  ]
  return {
    lue,
    problemes,
    essai,
    precedente: lue && lue.genre !== 'parametres' ? (precedenteDe(sans, lue.genre, version.du)?.id ?? null) : null,
    changements,
    blocages,
    avertissements: lue && version.etat !== 'retiree' ? avertir(session, version, sans, lue, autres) : [],
  }
}
