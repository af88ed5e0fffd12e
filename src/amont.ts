import { executerCommande } from '#commandes'

const majeure = Number(process.versions.node.split('.')[0])
if (majeure < 24 || typeof Temporal === 'undefined') {
  process.stderr.write(
    `Amont tourne sur Node 26 (ici ${process.versions.node}). Lancer ./amont, qui emploie la version du projet.\n`,
  )
  process.exit(1)
}

// A reader that stops early (« | head ») ends the command without noise.
process.stdout.on('error', (erreur: NodeJS.ErrnoException) => {
  if (erreur.code === 'EPIPE') process.exit(0)
  throw erreur
})

process.exitCode = await executerCommande(process.argv.slice(2))
