import { ouvrirConnexionExterne } from '#acces'
import { Bouton } from '../composants/index.ts'
import { Boite, PagePublique } from '../mise-en-page/index.tsx'
import type { ClientProconnect, EtatProconnect } from './client-proconnect.ts'
import {
  cheminLocal,
  dansAdresse,
  type Entree,
  envoyerPage,
  lireAppareil,
  lireDept,
  options,
  suite,
} from './publique.tsx'

const COOKIE = 'amont_proconnect'

const lireEtat = (brut: string | undefined): EtatProconnect | null => {
  try {
    const etat = JSON.parse(Buffer.from(brut ?? '', 'base64url').toString()) as EtatProconnect
    return typeof etat.state === 'string' && typeof etat.nonce === 'string' && typeof etat.verifier === 'string'
      ? etat
      : null
  } catch {
    return null
  }
}

function PageEchec({ titre, children }: { titre: string; children: string }) {
  return (
    <PagePublique titre={titre}>
      <Boite>
        <p>{children}</p>
        <p>
          <Bouton genre="principal" href="/connexion">
            Revenir à la connexion
          </Bouton>
        </p>
      </Boite>
    </PagePublique>
  )
}

/** Leaving for ProConnect and coming back. Registered only when it is set up. */
export function routesProconnect(entree: Entree, proconnect: ClientProconnect): void {
  const { serveur, application } = entree
  const cookie = entree.securise ? `__Host-${COOKIE}` : COOKIE

  serveur.get('/connexion/proconnect', async (request, reply) => {
    const dept = lireDept(entree, dansAdresse(request, 'dept'))
    try {
      const { adresse, etat } = await proconnect.commencer({
        dept,
        vers: cheminLocal(dansAdresse(request, 'vers')),
        confirmer: dansAdresse(request, 'confirmer') === 'oui',
      })
      return reply
        .setCookie(cookie, Buffer.from(JSON.stringify(etat)).toString('base64url'), { ...options(entree), maxAge: 600 })
        .header('cache-control', 'no-store')
        .redirect(adresse, 303)
    } catch {
      return envoyerPage(
        reply,
        <PageEchec titre="ProConnect ne répond pas">
          Réessayer dans quelques minutes, ou entrer avec son adresse et son mot de passe.
        </PageEchec>,
        503,
      )
    }
  })

  serveur.get('/connexion/proconnect/retour', async (request, reply) => {
    const etat = lireEtat(request.cookies[cookie])
    reply.clearCookie(cookie, options(entree))
    const identite = etat ? await proconnect.terminer(request.url, etat).catch(() => null) : null
    if (!etat || !identite) {
      return envoyerPage(
        reply,
        <PageEchec titre="La connexion n’a pas abouti">
          La réponse de ProConnect n’a pas pu être vérifiée, ou la demande était trop ancienne. Recommencer depuis la
          page de connexion.
        </PageEchec>,
        422,
      )
    }
    const connexion = await ouvrirConnexionExterne(application, {
      dept: lireDept(entree, etat.dept),
      identite,
      appareil: lireAppareil(request),
      niveaux: proconnect.niveaux,
    })
    if (connexion === 'niveau') {
      return envoyerPage(
        reply,
        <PageEchec titre="ProConnect n’a pas assez vérifié l’identité">
          Ce département demande une connexion plus sûre, par exemple avec un second facteur. L’activer auprès du
          service informatique de votre organisme, ou de votre fournisseur d’identité, puis recommencer. En cas de
          doute, demander à l’administrateur d’Amont du département.
        </PageEchec>,
        403,
      )
    }
    const vers = connexion !== 'inconnu' ? await suite(entree, connexion.jeton, cheminLocal(etat.vers)) : null
    if (connexion === 'inconnu' || vers === null) {
      return envoyerPage(
        reply,
        <PageEchec titre="Pas d’accès à Amont pour cette identité">
          {`ProConnect vous a bien reconnu (${identite.courriel}), mais aucun accès en cours ne porte cette adresse. Demander une invitation à l’administrateur d’Amont de votre département, ou au secrétariat de la CCAPEX, en donnant cette adresse.`}
        </PageEchec>,
        403,
      )
    }
    return reply.setCookie(entree.cookie, connexion.jeton, options(entree)).redirect(vers, 303)
  })
}
