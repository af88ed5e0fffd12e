import type { Session } from '#acces'
import { listerOrganismes } from '#acces'
import { ouvrirFaits } from '#dossiers'
import type { Faits, Referentiel, Repartition } from '#referentiel'
import { createPacer } from '#socle/pace'
import { type OrganismeService, proposer } from './decision.ts'

/** What a change of rules would do to the dossiers present. Nothing is written. */
export interface BilanSimulation {
  readonly version: string
  readonly dossiers: number
  readonly changent: number
  readonly passages: { readonly de: string; readonly vers: string; readonly dossiers: number }[]
  /** Households confided per service and month of their first signalement, under the rules in force and under the new ones. */
  readonly charge: { readonly mois: string; readonly service: string; readonly avant: number; readonly apres: number }[]
  readonly exemples: {
    readonly reference: string
    readonly de: string
    readonly vers: string
    readonly motif: string
  }[]
}

interface Ligne {
  readonly id: string
  readonly reference: string
  readonly faits: Faits
  readonly code_insee: string | null
  readonly territoire: string | null
  readonly mois: string
}

const PERSONNE = 'Aucun service'
const PAS = 2000

/** Open dossiers, by id. */
export async function listerIdsOuverts(session: Session): Promise<string[]> {
  const lignes = await session.sql<{
    id: string
  }>`select id from dossier where dept = ${session.dept} and clos_le is null order by id`
  return lignes.map((ligne) => ligne.id)
}

/**
 * Replays the dispatch of every open dossier under the rules in force and under the ones given, as if each were dispatched today for the first time: same
 * facts, same day, only the rules differ (REP-01, AUT-12).
 */
export function simulerRegles(session: Session, regles: Repartition): Promise<BilanSimulation> {
  return rejouer(session, regles.id, (dossier, organismes) => proposer(session, dossier, organismes, [], regles))
}

/** The same when anything of the référentiel may differ: criteria and settings feed the conditions of the dispatch rules. */
export function simulerReferentiel(
  session: Session,
  referentiel: Referentiel,
  version: string,
): Promise<BilanSimulation> {
  const autre = { dept: session.dept, jour: session.jour, referentiel }
  return rejouer(session, version, (dossier, organismes) => proposer(autre, dossier, organismes, []))
}

type Rejeu = (
  dossier: Parameters<typeof proposer>[1],
  organismes: readonly OrganismeService[],
) => ReturnType<typeof proposer>

async function rejouer(session: Session, version: string, autrement: Rejeu): Promise<BilanSimulation> {
  const organismes = await listerOrganismes(session)
  const passages = new Map<string, number>()
  const charge = new Map<string, { avant: number; apres: number }>()
  const exemples: BilanSimulation['exemples'] = []
  let dossiers = 0
  let changent = 0
  let dernier = '00000000-0000-0000-0000-000000000000'
  // Long replays leave room for other requests of the process.
  const souffler = createPacer()
  for (;;) {
    const lignes: Ligne[] = await ouvrirFaits(
      session,
      await session.sql<
        Ligne & { readonly scelle: string | null }
      >`select id, reference, faits, scelle, code_insee, territoire, to_char(coalesce(premier_signal_le, ouvert_le), 'YYYY-MM') as mois
      from dossier where dept = ${session.dept} and clos_le is null and id > ${dernier}::uuid order by id limit ${PAS}`,
    )
    for (const ligne of lignes) {
      const tour = souffler()
      if (tour) await tour
      const dossier = { faits: ligne.faits, codeInsee: ligne.code_insee, territoire: ligne.territoire }
      const avant = proposer(session, dossier, organismes, [])
      const apres = autrement(dossier, organismes)
      const de = avant.organisme?.nom ?? PERSONNE
      const vers = apres.organisme?.nom ?? PERSONNE
      dossiers += 1
      const compter = (service: string, cote: 'avant' | 'apres') => {
        const cle = `${ligne.mois}|${service}`
        const compte = charge.get(cle) ?? { avant: 0, apres: 0 }
        compte[cote] += 1
        charge.set(cle, compte)
      }
      compter(de, 'avant')
      compter(vers, 'apres')
      if (de === vers) continue
      changent += 1
      passages.set(`${de}|${vers}`, (passages.get(`${de}|${vers}`) ?? 0) + 1)
      if (exemples.length < 20) {
        exemples.push({ reference: ligne.reference, de, vers, motif: apres.proposition.libelle })
        session.consigner({ action: 'regles.simuler', dossiers: [ligne.id] })
      }
    }
    const fin = lignes.at(-1)
    if (!fin || lignes.length < PAS) break
    dernier = fin.id
  }
  const couper = (cle: string): [string, string] => {
    const i = cle.indexOf('|')
    return [cle.slice(0, i), cle.slice(i + 1)]
  }
  return {
    version,
    dossiers,
    changent,
    passages: [...passages]
      .map(([cle, n]) => ({ de: couper(cle)[0], vers: couper(cle)[1], dossiers: n }))
      .sort((a, b) => b.dossiers - a.dossiers || a.de.localeCompare(b.de)),
    charge: [...charge]
      .map(([cle, compte]) => ({ mois: couper(cle)[0], service: couper(cle)[1], ...compte }))
      .sort((a, b) => a.mois.localeCompare(b.mois) || a.service.localeCompare(b.service)),
    exemples,
  }
}
