import { parseArgs } from 'node:util'
import {
  compterCodesScelles,
  lireCleDuDepartement,
  ouvrirSession,
  type Session,
  tournerCleDuDepartement,
  tournerCodesScelles,
} from '#acces'
import { compterCles, exigerCles, tournerCles } from '#echanges'
import { scellerDonnees } from '#jobs'
import { refus } from '#socle/errors'
import { formatNombre, pluriel } from '#socle/typography'
import { avecApplication } from './application.ts'
import type { Commande } from './types.ts'

const dire = (phrase: string) => process.stdout.write(`${phrase}\n`)

export const cles: Commande = {
  nom: 'cles',
  resume: 'tourne la clé qui protège les écrits, ou dit quelles clés servent',
  aide: `Usage : ./amont cles etat [--departement CODE]
        ./amont cles tourner [--departement CODE]
        ./amont cles sceller [--departement CODE]

La clé est hors de la base (AMONT_CLE). Chaque dossier a la sienne, et le département une, protégées par elle.
etat     dit combien de clés de dossiers, et de codes à usage unique, chaque clé du fichier protège
tourner  protège de nouveau toutes ces clés par la première clé du fichier ; interrompu, il reprend où il en était. Les textes ne bougent pas.
sceller  scelle ce qui était en clair dans la base avant la version qui scelle ; le serveur le fait aussi de lui-même au démarrage

Changer de clé : écrire la nouvelle en première ligne du fichier, garder l’ancienne dessous, redémarrer Amont, tourner, puis, quand « etat » ne compte plus
rien sous l’ancienne, la retirer. Voir docs/exploitation.md.`,
  async executer(args) {
    const { values, positionals } = parseArgs({
      args: [...args],
      allowPositionals: true,
      options: { departement: { type: 'string' } },
    })
    const [acte] = positionals
    if (acte !== 'etat' && acte !== 'tourner' && acte !== 'sceller') {
      process.stderr.write(`${this.aide}\n`)
      return 2
    }
    return avecApplication('cles', values.departement, async (application, acteur) => {
      const trousseau = exigerCles(application)
      const courante = trousseau.keys[0]?.id ?? ''
      const ouvrir = <T>(travail: (session: Session) => Promise<T>): Promise<T> =>
        ouvrirSession(application, acteur, 'cle.tourner', travail)
      if (acte === 'sceller') {
        const total = await scellerDonnees(application, acteur.dept, ([un, plusieurs], n) => {
          if (n > 0) dire(pluriel(n, `${un} scellé`, `${plusieurs} scellés`))
        })
        if (total === 0) dire('Rien n’est en clair : il n’y avait rien à sceller.')
        return 0
      }
      if (acte === 'etat') {
        const [dossiers, codes, duDepartement] = await ouvrir(async (session) => [
          await compterCles(session),
          await compterCodesScelles(session),
          await lireCleDuDepartement(session),
        ])
        const connues = [...trousseau.keys.map(({ id }) => id), ...dossiers.keys(), ...codes.keys()]
        for (const id of new Set(duDepartement === null ? connues : [...connues, duDepartement])) {
          const role =
            id === courante
              ? 'courante'
              : trousseau.keys.some((une) => une.id === id)
                ? 'ancienne'
                : 'ABSENTE DU FICHIER'
          dire(
            `${id}  ${role} : ${pluriel(dossiers.get(id) ?? 0, 'dossier', 'dossiers')}, ${pluriel(codes.get(id) ?? 0, 'code à usage unique', 'codes à usage unique')}${id === duDepartement ? ', clé du département' : ''}`,
          )
        }
        return 0
      }
      const total = [...(await ouvrir(compterCles))].reduce(
        (somme, [id, n]) => (id === courante ? somme : somme + n),
        0,
      )
      dire(`Clé courante ${courante} : ${pluriel(total, 'clé de dossier à tourner', 'clés de dossiers à tourner')}.`)
      const duDepartement = await ouvrir(async (session) => {
        const tournee = await tournerCleDuDepartement(session, trousseau)
        if (tournee) session.consigner({ action: 'cles.tourner', details: { cle: courante, quoi: 'departement' } })
        return tournee
      })
      if (duDepartement) dire('Clé du département tournée.')
      let [faites, suite] = [0, undefined as string | undefined]
      const fermees: string[] = []
      for (;;) {
        const pas = await ouvrir((session) => tournerCles(session, trousseau, suite))
        faites += pas.tournees
        fermees.push(...pas.fermees)
        if (pas.tournees > 0) dire(`${formatNombre(faites)} sur ${formatNombre(total)}`)
        if (pas.suite === null) break
        suite = pas.suite
      }
      const codes = await ouvrir((session) => tournerCodesScelles(session, trousseau))
      dire(
        `${pluriel(faites, 'clé de dossier tournée', 'clés de dossiers tournées')}, ${pluriel(codes, 'code à usage unique tourné', 'codes à usage unique tournés')}.`,
      )
      if (fermees.length > 0)
        throw refus(
          'cles.absentes',
          `${pluriel(fermees.length, 'clé de dossier n’a pas pu être ouverte', 'clés de dossiers n’ont pas pu être ouvertes')} : leur clé manque au fichier. Remettre l’ancienne clé sous la nouvelle, puis relancer. Rien n’est perdu.`,
        )
      return 0
    })
  },
}
