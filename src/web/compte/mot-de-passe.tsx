import type { ReactElement } from 'react'
import { choisirMotDePasse, demanderNouveauMotDePasse, lireLien } from '#acces'
import { Interdit, Refus, refus } from '#socle/errors'
import { Bouton, Champ, ChampsCaches, ResumeErreurs, Selection } from '../composants/index.ts'
import { Boite, PagePublique } from '../mise-en-page/index.tsx'
import { champ, dansAdresse, type Entree, envoyerPage, lireDept, origineEtrangere } from './publique.tsx'

function PageOublie({
  dept,
  departements,
  erreur,
}: {
  dept: string
  departements: readonly { code: string; nom: string }[]
  erreur?: string | undefined
}): ReactElement {
  return (
    <PagePublique
      titre="Mot de passe oublié"
      chapo="Un lien valable une heure part à l’adresse du compte."
      erreur={erreur !== undefined}
    >
      <Boite>
        {erreur !== undefined && (
          <ResumeErreurs titre="Aucun lien n’a été demandé" erreurs={[{ nom: 'courriel', message: erreur }]} />
        )}
        <form method="post" action="/mot-de-passe/oublie" className="formulaire" noValidate>
          {departements.length > 1 ? (
            <Selection
              nom="dept"
              libelle="Département"
              valeur={dept}
              options={departements.map(({ code, nom }) => ({ valeur: code, libelle: nom }))}
            />
          ) : (
            <ChampsCaches champs={{ dept }} />
          )}
          <Champ nom="courriel" libelle="Adresse électronique" genre="email" completion="username" erreur={erreur} />
          <Bouton genre="principal">Recevoir le lien</Bouton>
        </form>
        <p className="note mt2">
          <a href="/connexion">Revenir à la connexion</a>
        </p>
      </Boite>
    </PagePublique>
  )
}

/** The same page whoever asks: it never says whether an account has this address. */
function PagePartie(): ReactElement {
  return (
    <PagePublique titre="Demande enregistrée">
      <Boite>
        <p>
          Si un compte a cette adresse, un courriel vient de lui être adressé. Regarder aussi dans les indésirables.
          Sans rien reçu dans un quart d’heure, demander à l’administrateur d’Amont du département.
        </p>
        <p>
          <Bouton href="/connexion">Revenir à la connexion</Bouton>
        </p>
      </Boite>
    </PagePublique>
  )
}

function PageChoix({
  lien,
  genre,
  courriel,
  erreur,
}: {
  lien: string
  genre: 'invitation' | 'reinitialisation'
  courriel: string
  erreur?: { readonly nom: string; readonly message: string } | undefined
}): ReactElement {
  return (
    <PagePublique
      titre={genre === 'invitation' ? 'Bienvenue dans Amont' : 'Nouveau mot de passe'}
      erreur={erreur !== undefined}
      chapo={`Choisir le mot de passe de ${courriel}.`}
    >
      <Boite>
        {erreur && <ResumeErreurs titre="Le mot de passe n’a pas été enregistré" erreurs={[erreur]} />}
        <form method="post" action="/mot-de-passe" className="formulaire" noValidate>
          <ChampsCaches champs={{ lien, courriel }} />
          <Champ
            nom="nouveau"
            libelle="Mot de passe"
            genre="password"
            completion="new-password"
            aide="12 caractères au moins. Une phrase de quatre ou cinq mots convient ; chiffres et signes ne sont pas exigés."
            erreur={erreur?.nom === 'nouveau' ? erreur.message : undefined}
          />
          <Champ
            nom="confirmation"
            libelle="Le même, une seconde fois"
            genre="password"
            completion="new-password"
            erreur={erreur?.nom === 'confirmation' ? erreur.message : undefined}
          />
          <Bouton genre="principal">Enregistrer</Bouton>
        </form>
      </Boite>
    </PagePublique>
  )
}

function PageMessage({
  titre,
  children,
  href,
  libelle,
}: {
  titre: string
  children: string
  href: string
  libelle: string
}) {
  return (
    <PagePublique titre={titre}>
      <Boite>
        <p>{children}</p>
        <p>
          <Bouton genre="principal" href={href}>
            {libelle}
          </Bouton>
        </p>
      </Boite>
    </PagePublique>
  )
}

/** Asking for a new password, and choosing one by the link of a mail. */
export function routesMotDePasse(entree: Entree): void {
  const { serveur, application } = entree
  const departements = [...application.referentiel.departements.values()].map(({ code, nom }) => ({ code, nom }))
  const perdu = (
    <PageMessage titre="Ce lien n’est plus valable" href="/mot-de-passe/oublie" libelle="Demander un autre lien">
      Il a déjà servi, ou son délai est passé. Une invitation expirée se redemande à l’administrateur.
    </PageMessage>
  )

  serveur.get('/mot-de-passe/oublie', (request, reply) =>
    envoyerPage(
      reply,
      application.acces?.courrier.ready === false ? (
        <PageMessage titre="Mot de passe oublié" href="/connexion" libelle="Revenir à la connexion">
          Cette installation n’envoie pas de courriel. Demander un nouveau mot de passe à l’administrateur.
        </PageMessage>
      ) : (
        <PageOublie dept={lireDept(entree, dansAdresse(request, 'dept'))} departements={departements} />
      ),
    ),
  )
  serveur.post('/mot-de-passe/oublie', async (request, reply) => {
    if (origineEtrangere(request))
      throw new Interdit('Ce formulaire vient d’un autre site : il n’a pas été pris en compte.')
    const dept = lireDept(entree, champ(request.body, 'dept'))
    const courriel = champ(request.body, 'courriel')
    if (courriel.trim() === '')
      return envoyerPage(
        reply,
        <PageOublie dept={dept} departements={departements} erreur="Écrire l’adresse du compte." />,
        422,
      )
    await demanderNouveauMotDePasse(application, {
      dept,
      courriel,
      adresse: request.ip,
    })
    return envoyerPage(reply, <PagePartie />)
  })

  serveur.get('/mot-de-passe', async (request, reply) => {
    const lien = dansAdresse(request, 'lien')
    const lu = await lireLien(application, lien)
    // The token is in the address: it must leave with no link, not even inside the site.
    reply.header('referrer-policy', 'no-referrer')
    return lu ? envoyerPage(reply, <PageChoix lien={lien} {...lu} />) : envoyerPage(reply, perdu, 404)
  })
  serveur.post('/mot-de-passe', async (request, reply) => {
    if (origineEtrangere(request))
      throw new Interdit('Ce formulaire vient d’un autre site : il n’a pas été pris en compte.')
    const lien = champ(request.body, 'lien')
    const lu = await lireLien(application, lien)
    if (!lu) return envoyerPage(reply, perdu, 404)
    const nouveau = champ(request.body, 'nouveau')
    try {
      if (nouveau !== champ(request.body, 'confirmation'))
        throw refus('compte.confirmation-differente', 'Les deux saisies ne sont pas les mêmes.')
      await choisirMotDePasse(application, lien, nouveau)
    } catch (erreur) {
      if (!(erreur instanceof Refus)) throw erreur
      const nom = erreur.code === 'compte.confirmation-differente' ? 'confirmation' : 'nouveau'
      return envoyerPage(reply, <PageChoix lien={lien} {...lu} erreur={{ nom, message: erreur.message }} />, 422)
    }
    return envoyerPage(
      reply,
      <PageMessage titre="Mot de passe enregistré" href="/connexion" libelle="Se connecter">
        Les sessions ouvertes avec l’ancien mot de passe sont fermées.
      </PageMessage>,
    )
  })
}
