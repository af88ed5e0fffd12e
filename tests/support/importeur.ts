import { join } from 'node:path'
import { traiterImport } from '#jobs'
import { chargerDelais } from '#procedure'
import { chargerReferentiel } from '#referentiel'
import { projectRoot } from '#socle/config'
import { connect, type DatabaseSettings } from '#socle/db'
import { horlogeDu, JOUR } from './application.ts'
import { clesDEssai } from './base.ts'

/** A worker of its own, made to be killed: carries one lot to its end. Arguments: database settings, lot. */
const [reglages = '{}', lot = ''] = process.argv.slice(2)
const racine = join(projectRoot, 'donnees')
const referentiel = chargerReferentiel(racine)
const delais = new Map(
  [...referentiel.departements.values()].map((departement) => [
    departement.code,
    chargerDelais(racine, departement.dossier),
  ]),
)
const base = { ...connect(JSON.parse(reglages) as DatabaseSettings), keyring: clesDEssai }
process.stdout.write('pret\n')
await traiterImport({ base, horloge: horlogeDu(JOUR), referentiel, delais }, '71', lot)
await base.close()
