import type { ReactElement } from 'react'
import { fermerConnexion, lireConnexion, lireJetonIdentite, lireSession, ouvrirConnexion } from '#acces'
import { Interdit, Refus } from '#socle/errors'
import { Bouton, Champ, ResumeErreurs, Selection } from '../composants/index.ts'
import { Boite, PagePublique } from '../mise-en-page/index.tsx'
import { accueilDe } from '../navigation.ts'
import { routesEtapes } from './etapes.tsx'
import { routesMotDePasse } from './mot-de-passe.tsx'
import { routesProconnect } from './proconnect.tsx'
import {
  champ,
  cheminLocal,
  dansAdresse,
  type Entree,
  envoyerPage,
  lireAppareil,
  lireDept,
  options,
  origineEtrangere,
  suite,
} from './publique.tsx'

interface Saisie {
  readonly courriel?: string | undefined
  readonly dept: string
  readonly vers: string
  readonly erreur?: string | undefined
}

function PageConnexion({
  saisie,
  departements,
  proconnect,
}: {
  saisie: Saisie
  departements: readonly { code: string; nom: string }[]
  proconnect: boolean
}): ReactElement {
  const recherche = new URLSearchParams({ dept: saisie.dept, vers: saisie.vers })
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
        {proconnect && (
          <>
            <p>
              <Bouton genre="principal" href={`/connexion/proconnect?${recherche}`}>
                S’identifier avec ProConnect
              </Bouton>
            </p>
            <p className="note mt2">Pour les agents publics. Sinon, avec le mot de passe d’Amont :</p>
          </>
        )}
        <div className="mt2">
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
            <Bouton genre={proconnect ? 'secondaire' : 'principal'}>Se connecter</Bouton>
          </form>
        </div>
        <p className="note mt2">
          <a href={`/mot-de-passe/oublie?dept=${encodeURIComponent(saisie.dept)}`}>Mot de passe oublié</a>
        </p>
      </Boite>
    </PagePublique>
  )
}

function PageDehors({ adresse }: { adresse: string }): ReactElement {
  return (
    <PagePublique titre="Vous êtes déconnecté d’Amont">
      <Boite>
        <p>La session de ProConnect reste à fermer, pour que personne d’autre n’entre depuis ce poste.</p>
        <p>
          <Bouton genre="principal" href={adresse}>
            Fermer aussi la session ProConnect
          </Bouton>
        </p>
      </Boite>
    </PagePublique>
  )
}

/** Sign-in with its steps, sign-out, forgotten password, and the door at `/`: the only routes without a complete session. */
export function routesConnexion(entree: Entree): void {
  const { serveur, application } = entree
  const departements = [...application.referentiel.departements.values()].map(({ code, nom }) => ({ code, nom }))
  const montrer = (saisie: Saisie) => (
    <PageConnexion saisie={saisie} departements={departements} proconnect={entree.proconnect !== undefined} />
  )

  serveur.get('/connexion', async (request, reply) => {
    const vers = cheminLocal(dansAdresse(request, 'vers'))
    const jeton = request.cookies[entree.cookie]
    const session = jeton ? await lireSession(application, jeton) : null
    // A sign-in that is not finished goes on; a finished one may start another.
    if (session && session.etape !== null) return reply.redirect((await suite(entree, jeton, vers)) ?? '/', 303)
    return envoyerPage(reply, montrer({ dept: lireDept(entree, dansAdresse(request, 'dept')), vers }))
  })

  serveur.post('/connexion', async (request, reply) => {
    if (origineEtrangere(request))
      throw new Interdit('Ce formulaire vient d’un autre site : il n’a pas été pris en compte.')
    const courriel = champ(request.body, 'courriel')
    const dept = lireDept(entree, champ(request.body, 'dept'))
    const vers = cheminLocal(champ(request.body, 'vers'))
    const refuser = (erreur: string) => envoyerPage(reply, montrer({ courriel, dept, vers, erreur }), 422)
    try {
      const connexion = await ouvrirConnexion(application, {
        dept,
        courriel,
        motDePasse: champ(request.body, 'mot_de_passe'),
        adresse: request.ip,
        appareil: lireAppareil(request),
      })
      const ancien = request.cookies[entree.cookie]
      if (ancien) await fermerConnexion(application, ancien)
      const prochaine = await suite(entree, connexion.jeton, vers)
      if (prochaine === null)
        return refuser('Ce compte n’a pas d’accès en cours. Demander à l’administrateur d’Amont du département.')
      return reply.setCookie(entree.cookie, connexion.jeton, options(entree)).redirect(prochaine, 303)
    } catch (erreur) {
      if (!(erreur instanceof Refus)) throw erreur
      return refuser(erreur.message)
    }
  })

  serveur.post('/deconnexion', async (request, reply) => {
    const jeton = request.cookies[entree.cookie]
    const session = jeton ? await lireSession(application, jeton) : null
    let ailleurs: string | null = null
    // A forged sign-out is only a nuisance, but it is refused like any other forged form.
    if (session && (origineEtrangere(request) || champ(request.body, '_jeton') !== session.connecte.jetonFormulaire))
      throw new Interdit(
        'Ce formulaire est périmé, ou vient d’un autre site. Revenir à la page, la recharger, puis recommencer.',
      )
    if (jeton && session) {
      const identite = await fermerConnexion(application, jeton)
      if (identite && entree.proconnect) {
        const clair = lireJetonIdentite(application, session.connecte.acteur.dept, identite)
        ailleurs = await entree.proconnect.finir(clair).catch(() => null)
      }
    }
    reply.clearCookie(entree.cookie, options(entree))
    // A form may not lead to another site (form-action): the browser goes there by itself, or by the link.
    return ailleurs
      ? envoyerPage(reply.header('refresh', `0; url=${ailleurs}`), <PageDehors adresse={ailleurs} />)
      : reply.redirect('/connexion', 303)
  })

  serveur.get('/', async (request, reply) => {
    const jeton = request.cookies[entree.cookie]
    const connecte = jeton ? await lireConnexion(application, jeton) : null
    return reply.redirect(connecte ? accueilDe(connecte.acteur) : '/connexion', 303)
  })

  routesEtapes(entree)
  routesMotDePasse(entree)
  if (entree.proconnect) routesProconnect(entree, entree.proconnect)
}
