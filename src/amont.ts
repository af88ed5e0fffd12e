import { executerCommande } from '#commandes'

const majeure = Number(process.versions.node.split('.')[0])
if (majeure < 24 || typeof Temporal === 'undefined') {
  process.stderr.write(
    `Amont tourne sur Node 26 (ici ${process.versions.node}). Lancer ./amont, qui emploie la version du projet.\n`,
  )
  process.exit(1)
}

// « | head » closes the pipe: what is left to say is for nobody, and the command still ends as it should.
process.stdout.on('error', (erreur: NodeJS.ErrnoException) => {
  if (erreur.code !== 'EPIPE') throw erreur
})

process.exitCode = await executerCommande(process.argv.slice(2))
