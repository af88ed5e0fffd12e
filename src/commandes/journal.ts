import { existsSync } from 'node:fs'
import { resolve } from 'node:path'
import { parseArgs } from 'node:util'
import { acteurSysteme, ouvrirSession } from '#acces'
import { ancrerLeJournal, scellerLeJournal, verifierLeJournal } from '#jobs'
import { type BilanJournal, purgerJournal } from '#journal'
import { readConfig } from '#socle/config'
import { refus } from '#socle/errors'
import { parisDay } from '#socle/time'
import { formatInstant, formatNombre, pluriel } from '#socle/typography'
import { chargerSeuilsAcces, conservationAu } from '#vigilance'
import { type ApplicationOuverte, avecApplication } from './application.ts'
import type { Commande } from './types.ts'

export const journal: Commande = {
  nom: 'journal',
  resume: 'vérifie la chaîne du journal, l’ancre hors de la base, détruit les mois échus',
  aide: `Usage : ./amont journal verifier [--ancres DOSSIER] [--departement CODE] [--format texte|json]
        ./amont journal ancrer [--ancres DOSSIER] [--departement CODE]
        ./amont journal purger --avant AAAA-MM [--departement CODE]

verifier  relit toute la chaîne et la compare aux ancres : une entrée modifiée, supprimée, déplacée, ajoutée ou antidatée, une fin coupée. Dit
          combien d’entrées ont été essayées, et à part celles qui ne sont pas encore scellées. Code de sortie 1 s’il y a une faute.
ancrer    scelle ce qui peut l’être, puis ajoute au fichier d’ancres où en est la chaîne (numéro, empreinte, instant).
purger    détruit les entrées des mois clos avant AAAA-MM, si leur durée de conservation (donnees/acces/alertes.yaml) est passée. L’empreinte
          de chaque mois reste : la chaîne se vérifie toujours. Ne se défait pas.

Sans --departement, verifier et ancrer portent sur tous les départements installés. Le dossier des ancres est AMONT_ANCRES.`,
  async executer(args) {
    const { values, positionals } = parseArgs({
      args: [...args],
      allowPositionals: true,
      options: {
        ancres: { type: 'string' },
        departement: { type: 'string' },
        format: { type: 'string', default: 'texte' },
        avant: { type: 'string' },
      },
    })
    const [quoi, ...reste] = positionals
    const enJson = values.format === 'json'
    if (
      reste.length > 0 ||
      !['verifier', 'ancrer', 'purger'].includes(quoi ?? '') ||
      (quoi === 'purger') !== (values.avant !== undefined) ||
      (!enJson && values.format !== 'texte')
    ) {
      process.stderr.write(`${this.aide}\n`)
      return 2
    }
    const ancres = values.ancres === undefined ? readConfig().ancres : resolve(values.ancres)
    if (quoi === 'verifier' && values.ancres !== undefined && !existsSync(ancres))
      throw refus('journal.ancres', `Le dossier d’ancres « ${values.ancres} » n’existe pas.`)
    return avecApplication('journal', values.departement, async (application) => {
      const depts =
        values.departement === undefined ? [...application.referentiel.departements.keys()] : [application.departement]
      if (quoi === 'purger') return purger(application, values.avant ?? '')
      if (quoi === 'ancrer') return ancrer(application, depts, ancres)
      return verifier(application, depts, ancres, enJson)
    })
  },
}

async function verifier(
  application: ApplicationOuverte,
  depts: readonly string[],
  ancres: string,
  enJson: boolean,
): Promise<number> {
  const seuils = chargerSeuilsAcces(application.referentiel.racine)
  const bilans: BilanJournal[] = []
  for (const dept of depts) bilans.push(await verifierLeJournal(application, dept, ancres, seuils))
  process.stdout.write(enJson ? `${JSON.stringify(bilans, null, 2)}\n` : bilans.map(ecrireBilan).join('\n'))
  return bilans.some(({ fautes }) => fautes.length > 0) ? 1 : 0
}

/** Figures in words. A check that had nothing to try does not say that all is well. */
function ecrireBilan({ dept, scellees, attente, mois, ancres, fautes }: BilanJournal): string {
  const ligne = (titre: string, valeur: string) => `  ${titre.padEnd(22)}${valeur}`
  const rien = scellees.essayees + scellees.detruites === 0
  const derniere = ancres.derniere
  return `${[
    `Département ${dept}`,
    ligne(
      'Entrées scellées',
      `${formatNombre(scellees.essayees)} essayées, ${formatNombre(scellees.enFaute)} en faute`,
    ),
    ligne(
      'Pas encore scellées',
      attente.nombre === 0
        ? '0'
        : `${formatNombre(attente.nombre)}, la plus ancienne du ${attente.plusAncienne ? formatInstant(attente.plusAncienne) : '?'}`,
    ),
    ligne(
      'Mois clos',
      `${formatNombre(mois.clos)}, dont ${pluriel(mois.detruits, 'détruit', 'détruits')} à son terme (${pluriel(scellees.detruites, 'entrée', 'entrées')})`,
    ),
    ligne(
      'Ancres',
      ancres.essayees === 0
        ? '? : aucune, une fin coupée avec sa tête ne se verrait pas'
        : `${formatNombre(ancres.essayees)} essayées, ${formatNombre(ancres.enFaute)} en faute, ${formatNombre(ancres.horsPortee)} dans un mois détruit` +
            (derniere ? ` ; la dernière : n° ${formatNombre(derniere.numero)}, ${formatInstant(derniere.a)}` : ''),
    ),
    ...fautes.map(({ message }) => `  FAUTE  ${message}`),
    fautes.length > 0
      ? `  ${pluriel(fautes.length, 'faute', 'fautes')} : prévenir le délégué à la protection des données, ne rien changer à la base avant d’en avoir une copie.`
      : rien
        ? '  Rien à vérifier : aucune entrée n’est encore scellée.'
        : '  La chaîne tient.',
  ].join('\n')}\n`
}

async function ancrer(application: ApplicationOuverte, depts: readonly string[], ancres: string): Promise<number> {
  for (const dept of depts) {
    await scellerLeJournal(application, dept, ancres)
    const ancre = await ancrerLeJournal(application, dept, ancres)
    process.stdout.write(
      ancre
        ? `Département ${dept} : n° ${ancre.numero} ancré.\n`
        : `Département ${dept} : rien de nouveau depuis la dernière ancre.\n`,
    )
  }
  return 0
}

async function purger(application: ApplicationOuverte, avant: string): Promise<number> {
  if (!/^\d{4}-(0[1-9]|1[0-2])$/.test(avant))
    throw refus('journal.mois', `« ${avant} » n’est pas un mois. L’écrire AAAA-MM.`)
  const dept = application.departement
  const maintenant = application.horloge.now()
  const jour = parisDay(maintenant)
  const conservation = conservationAu(chargerSeuilsAcces(application.referentiel.racine), jour)
  if (conservation === null)
    throw refus(
      'journal.conservation',
      'Aucune durée de conservation ne vaut aujourd’hui : la donner dans donnees/acces/alertes.yaml.',
    )
  const plusRecent = jour.toPlainYearMonth().subtract({ months: conservation })
  if (Temporal.PlainYearMonth.compare(Temporal.PlainYearMonth.from(avant), plusRecent) > 0)
    throw refus(
      'journal.trop-tot',
      `Les entrées se gardent ${conservation} mois après la fin de leur mois : le plus récent qui puisse être donné est ${plusRecent.toString()}.`,
    )
  // Written and committed first: a destruction without its trace would be a fault, a trace without its destruction is an intention.
  await ouvrirSession(application, acteurSysteme(dept, 'journal'), 'journal.sceller', async (session) =>
    session.consigner({ action: 'journal.purger', details: { avant } }),
  )
  const detruits = await purgerJournal(application.base, dept, avant, maintenant)
  for (const { mois, entrees } of detruits)
    process.stdout.write(
      `Mois ${mois} : ${pluriel(entrees, 'entrée détruite', 'entrées détruites')}, empreinte gardée.\n`,
    )
  if (detruits.length === 0) process.stdout.write(`Aucun mois clos avant ${avant} à détruire.\n`)
  return 0
}
