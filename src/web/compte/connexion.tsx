import type { FastifyInstance } from 'fastify'
import type { ReactElement } from 'react'
import { type Application, fermerConnexion, lireConnexion, ouvrirConnexion } from '#acces'
import { Refus } from '#socle/errors'
import { Bouton, Champ, ResumeErreurs, Selection } from '../composants/index.ts'
import { Boite, PagePublique, rendre } from '../mise-en-page/index.tsx'
import { accueilDe } from '../navigation.ts'

export interface ReglagesConnexion {
  readonly cookie: string
  readonly securise: boolean
  readonly departement: string
}

interface Saisie {
  readonly courriel?: string | undefined
  readonly dept: string
  readonly vers: string
  readonly erreur?: string | undefined
}

function PageConnexion({
  saisie,
  departements,
}: {
  saisie: Saisie
  departements: readonly { code: string; nom: string }[]
}): ReactElement {
  return (
    <PagePublique
      titre="Se connecter"
      erreur={saisie.erreur !== undefined}
      chapo="Prévention des expulsions locatives : un dossier par ménage, un service qui tend la main, une date."
    >
      <Boite>
        {saisie.erreur && (
          <ResumeErreurs titre="La connexion n’a pas abouti" erreurs={[{ nom: 'courriel', message: saisie.erreur }]} />
        )}
        <form method="post" action="/connexion" className="formulaire" noValidate>
          <input type="hidden" name="vers" value={saisie.vers} />
          {departements.length > 1 ? (
            <Selection
              nom="dept"
              libelle="Département"
              valeur={saisie.dept}
              options={departements.map(({ code, nom }) => ({ valeur: code, libelle: nom }))}
            />
          ) : (
            <input type="hidden" name="dept" value={saisie.dept} />
          )}
          <Champ
            nom="courriel"
            libelle="Adresse électronique"
            genre="email"
            valeur={saisie.courriel}
            completion="username"
          />
          <Champ nom="mot_de_passe" libelle="Mot de passe" genre="password" completion="current-password" />
          <Bouton genre="principal">Se connecter</Bouton>
        </form>
      </Boite>
    </PagePublique>
  )
}

/** Only a path of this site may follow a sign-in. */
function cheminLocal(vers: string | undefined): string {
  return vers && /^\/(?![/\\])/.test(vers) && !vers.startsWith('/connexion') ? vers : '/'
}

const champ = (corps: unknown, nom: string): string => {
  const valeur = (corps as Record<string, unknown> | undefined)?.[nom]
  return typeof valeur === 'string' ? valeur : ''
}

/** Sign-in, sign-out, and the door at `/`: the only routes without a session. */
export function routesConnexion(serveur: FastifyInstance, application: Application, reglages: ReglagesConnexion): void {
  const departements = [...application.referentiel.departements.values()].map(({ code, nom }) => ({ code, nom }))
  const montrer = (saisie: Saisie) => rendre(<PageConnexion saisie={saisie} departements={departements} />)
  const options = { path: '/', httpOnly: true, sameSite: 'lax' as const, secure: reglages.securise }

  serveur.get('/connexion', (request, reply) => {
    const recherche = request.query as Record<string, string | undefined>
    return reply
      .header('cache-control', 'no-store')
      .type('text/html; charset=utf-8')
      .send(montrer({ dept: recherche.dept ?? reglages.departement, vers: cheminLocal(recherche.vers) }))
  })

  serveur.post('/connexion', async (request, reply) => {
    const origine = request.headers.origin
    if (origine && origine !== 'null' && new URL(origine).host !== request.headers.host)
      return reply.code(403).type('text/plain; charset=utf-8').send('Formulaire refusé.')
    const courriel = champ(request.body, 'courriel')
    const dept = champ(request.body, 'dept') || reglages.departement
    const vers = cheminLocal(champ(request.body, 'vers'))
    try {
      const connexion = await ouvrirConnexion(application, {
        dept,
        courriel,
        motDePasse: champ(request.body, 'mot_de_passe'),
        adresse: request.ip,
      })
      return reply.setCookie(reglages.cookie, connexion.jeton, options).redirect(vers, 303)
    } catch (erreur) {
      if (!(erreur instanceof Refus)) throw erreur
      return reply
        .code(422)
        .header('cache-control', 'no-store')
        .type('text/html; charset=utf-8')
        .send(montrer({ courriel, dept, vers, erreur: erreur.message }))
    }
  })

  serveur.post('/deconnexion', async (request, reply) => {
    const jeton = request.cookies[reglages.cookie]
    const connecte = jeton ? await lireConnexion(application, jeton) : null
    // A forged sign-out is only a nuisance, but it is refused like any other forged form.
    if (jeton && connecte && champ(request.body, '_jeton') === connecte.jetonFormulaire)
      await fermerConnexion(application, jeton)
    return reply.clearCookie(reglages.cookie, options).redirect('/connexion', 303)
  })

  serveur.get('/', async (request, reply) => {
    const jeton = request.cookies[reglages.cookie]
    const connecte = jeton ? await lireConnexion(application, jeton) : null
    return reply.redirect(connecte ? accueilDe(connecte.acteur) : '/connexion', 303)
  })
}
