import { globSync, readFileSync } from 'node:fs'
import { mkdir, open } from 'node:fs/promises'
import { join } from 'node:path'
import { refus } from '#socle/errors'
import { type Lecteur, lireTete, type Tete } from './chaine.ts'

/** Where the chain stood at a time, written where whoever holds the database does not write. */
export interface Ancre extends Tete {
  readonly a: Temporal.Instant
}

const LIGNE = /^(\d+) ([0-9a-f]{64}) (\S+)$/

const nomDe = (dept: string): string => `journal-${dept}.txt`

function lireLigne(ligne: string): Ancre | null {
  const [, numero = '', empreinte = '', a = ''] = LIGNE.exec(ligne) ?? []
  if (numero === '') return null
  try {
    return { numero: Number(numero), empreinte, a: Temporal.Instant.from(a) }
  } catch {
    return null
  }
}

/**
 * Anchors of a département: every file of the folder whose name starts with `journal-<dept>`, so that copies kept apart may be put together.
 * A line that cannot be read is reported, never skipped in silence.
 */
export function lireAncres(dossier: string, dept: string): { ancres: Ancre[]; illisibles: string[] } {
  const ancres: Ancre[] = []
  const illisibles: string[] = []
  for (const nom of globSync([nomDe(dept), `journal-${dept}[.-]*.txt`], { cwd: dossier })) {
    for (const [rang, ligne] of readFileSync(join(dossier, nom), 'utf8').split('\n').entries()) {
      if (ligne === '') continue
      const ancre = lireLigne(ligne)
      if (ancre) ancres.push(ancre)
      else illisibles.push(`${nom}, ligne ${rang + 1}`)
    }
  }
  return { ancres, illisibles }
}

/** The chain no longer agrees with what was anchored: said, never written over. */
function refuserContredite(ancre: Ancre): never {
  throw refus(
    'journal.ancre-contredite',
    `Le journal ne prolonge plus l’ancre du ${ancre.a.toString()} (entrée n° ${ancre.numero}) : sa fin a été coupée ou récrite, ou une sauvegarde plus ancienne a été restaurée. Lancer « amont journal verifier », et ranger à part ce fichier d’ancres avant d’en commencer un autre.`,
  )
}

/**
 * Adds where the chain stands to the file of the département, flushed to the disk; nothing when it has not moved since the last line. Refuses when the
 * chain contradicts the last line. Returns the anchor written.
 */
export async function ancrerJournal(lecteur: Lecteur, dossier: string, a: Temporal.Instant): Promise<Ancre | null> {
  const tete = await lireTete(lecteur)
  await mkdir(dossier, { recursive: true, mode: 0o700 })
  const derniere = lireAncres(dossier, lecteur.dept)
    .ancres.sort((x, y) => x.numero - y.numero)
    .at(-1)
  if (derniere) {
    if (!tete || tete.numero < derniere.numero) refuserContredite(derniere)
    const [maillon] = await lecteur.sql<{
      empreinte: string
    }>`select encode(empreinte, 'hex') as empreinte from journal_sceau
      where dept = ${lecteur.dept} and numero = ${derniere.numero}`
    if (maillon && maillon.empreinte !== derniere.empreinte) refuserContredite(derniere)
    if (tete.numero === derniere.numero) return null
  }
  if (!tete) return null
  const fichier = await open(join(dossier, nomDe(lecteur.dept)), 'a', 0o600)
  try {
    await fichier.appendFile(`${tete.numero} ${tete.empreinte} ${a.toString()}\n`)
    await fichier.sync()
  } finally {
    await fichier.close()
  }
  return { ...tete, a }
}
