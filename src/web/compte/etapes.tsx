import type { ReactElement } from 'react'
import {
  accepterEngagement,
  confirmerEnrolement,
  type Enrolement,
  passerSecondFacteur,
  preparerEnrolement,
  type SessionLue,
} from '#acces'
import { Refus } from '#socle/errors'
import { Actions, Bouton, BoutonPost, CaseACocher, Champ, Formulaire, ResumeErreurs } from '../composants/index.ts'
import { Boite, PagePublique } from '../mise-en-page/index.tsx'
import { aLEtape, champ, type Entree, envoyerPage, options, suite } from './publique.tsx'
import { CodeQr } from './qr.tsx'

interface ProprietesEtape {
  readonly session: SessionLue
  readonly vers: string
  readonly erreur?: string | undefined
}

const Sortie = ({ session }: { session: SessionLue }): ReactElement => (
  <BoutonPost action="/deconnexion" jeton={session.connecte.jetonFormulaire} genre="tertiaire">
    Se déconnecter
  </BoutonPost>
)

function ChampCode({ erreur, libelle }: { erreur?: string | undefined; libelle: string }): ReactElement {
  return <Champ nom="code" libelle={libelle} court longueurMax={24} completion="one-time-code" erreur={erreur} />
}

function PageCode({ session, vers, erreur }: ProprietesEtape): ReactElement {
  return (
    <PagePublique
      titre="Code à usage unique"
      erreur={erreur !== undefined}
      action={<Sortie session={session} />}
      chapo="Ouvrir l’application de codes du téléphone, et recopier les six chiffres d’Amont."
    >
      <Boite>
        {erreur && <ResumeErreurs titre="Le code n’a pas été accepté" erreurs={[{ nom: 'code', message: erreur }]} />}
        <Formulaire action="/connexion/code" jeton={session.connecte.jetonFormulaire} champs={{ vers }}>
          <ChampCode libelle="Code" erreur={erreur} />
          <Bouton genre="principal">Continuer</Bouton>
        </Formulaire>
        <p className="note mt2">
          Sans le téléphone : saisir ici un code de secours. Sans code de secours : l’administrateur peut permettre un
          nouvel enrôlement.
        </p>
      </Boite>
    </PagePublique>
  )
}

function PageEnrolement({
  session,
  vers,
  erreur,
  enrolement,
}: ProprietesEtape & { enrolement: Enrolement }): ReactElement {
  return (
    <PagePublique
      titre="Protéger ce compte par un code"
      erreur={erreur !== undefined}
      action={<Sortie session={session} />}
      chapo="Un mot de passe se devine ou se vole. Un code qui change toutes les trente secondes sera demandé à chaque connexion."
    >
      <Boite>
        {erreur && <ResumeErreurs titre="Le code n’a pas été accepté" erreurs={[{ nom: 'code', message: erreur }]} />}
        <ol>
          <li>
            <p>
              <b>1.</b> Installer sur son téléphone une application de codes à usage unique (TOTP), au choix du service.
            </p>
          </li>
          <li className="mt2">
            <p>
              <b>2.</b> Dans l’application, ajouter un compte en filmant ce dessin :
            </p>
            <CodeQr texte={enrolement.uri} libelle="Code QR à filmer ; la clé écrite dessous dit la même chose" />
            <p>
              ou en recopiant cette clé : <code>{enrolement.secret.replace(/(.{4})(?=.)/g, '$1 ')}</code>
            </p>
          </li>
          <li className="mt2">
            <p>
              <b>3.</b> Saisir les six chiffres qu’elle montre.
            </p>
          </li>
        </ol>
        <div className="mt2">
          <Formulaire action="/connexion/enrolement" jeton={session.connecte.jetonFormulaire} champs={{ vers }}>
            <ChampCode libelle="Premier code" erreur={erreur} />
            <Bouton genre="principal">Activer</Bouton>
          </Formulaire>
        </div>
      </Boite>
    </PagePublique>
  )
}

/** Codes shown once, as text to print or copy. */
export function ListeCodes({ codes }: { codes: readonly string[] }): ReactElement {
  return (
    <ul>
      {codes.map((code) => (
        <li key={code}>
          <code>{code}</code>
        </li>
      ))}
    </ul>
  )
}

function PageCodes({ codes, vers }: { codes: readonly string[]; vers: string }): ReactElement {
  return (
    <PagePublique
      titre="Codes de secours"
      chapo="Le compte est protégé. Garder ces dix codes hors de l’ordinateur : chacun remplace une fois le téléphone. Ils ne seront plus montrés."
    >
      <Boite>
        <ListeCodes codes={codes} />
        <p className="mt2">
          <Bouton genre="principal" href={vers}>
            Les codes sont notés, continuer
          </Bouton>
        </p>
      </Boite>
    </PagePublique>
  )
}

const ENGAGEMENTS = [
  'Je n’ouvre un dossier que si mon travail auprès de ce ménage le demande.',
  'J’écris le nécessaire, en mots neutres, sans jugement ni diagnostic médical.',
  'Je ne parle de ce que je lis ici qu’aux personnes qui agissent pour ce ménage. Le bailleur, le juge et le maire n’ont que ce qui leur est destiné.',
  'Mon compte est à moi seul : je ne prête ni mot de passe, ni code, ni session ouverte.',
  'Ce que j’imprime ou exporte, je le protège, et je le détruis quand il a servi.',
  'Je signale tout de suite au secrétariat de la CCAPEX une erreur, une indiscrétion ou une perte.',
] as const

function PageEngagement({ session, vers, erreur }: ProprietesEtape): ReactElement {
  return (
    <PagePublique
      titre="Engagement de confidentialité"
      erreur={erreur !== undefined}
      action={<Sortie session={session} />}
      chapo="À lire et accepter à la première connexion, puis chaque année. Rien d’autre ne s’ouvre avant."
    >
      <Boite>
        {erreur && (
          <ResumeErreurs titre="L’engagement n’est pas accepté" erreurs={[{ nom: 'accepte', message: erreur }]} />
        )}
        <ul>
          {ENGAGEMENTS.map((engagement) => (
            <li key={engagement} className="mt2">
              {engagement}
            </li>
          ))}
        </ul>
        <p className="note mt2">
          Les lectures, recherches et exports sont inscrits dans un journal. Le secret professionnel est protégé par
          l’article 226-13 du code pénal, les données des ménages par le règlement général sur la protection des données
          (articles 5 et 32).
        </p>
        <div className="mt2">
          <Formulaire action="/connexion/engagement" jeton={session.connecte.jetonFormulaire} champs={{ vers }}>
            <CaseACocher nom="accepte" libelle="J’ai lu cet engagement et je le tiendrai" exigee erreur={erreur} />
            <Actions>
              <Bouton genre="principal">Accepter et continuer</Bouton>
            </Actions>
          </Formulaire>
        </div>
      </Boite>
    </PagePublique>
  )
}

/** The steps between a password and a session that opens pages: code, enrolment, commitment. */
export function routesEtapes(entree: Entree): void {
  const { serveur, application } = entree

  serveur.get('/connexion/code', async (request, reply) => {
    const ici = await aLEtape(entree, request, reply, ['second_facteur'])
    return ici ? envoyerPage(reply, <PageCode {...ici} />) : reply
  })
  serveur.post('/connexion/code', async (request, reply) => {
    const ici = await aLEtape(entree, request, reply, ['second_facteur'])
    if (!ici) return reply
    try {
      const connexion = await passerSecondFacteur(application, ici.jeton, ici.session, {
        code: champ(request.body, 'code'),
        adresse: request.ip,
      })
      reply.setCookie(entree.cookie, connexion.jeton, options(entree))
      return reply.redirect((await suite(entree, connexion.jeton, ici.vers)) ?? '/connexion', 303)
    } catch (erreur) {
      if (!(erreur instanceof Refus)) throw erreur
      return envoyerPage(reply, <PageCode {...ici} erreur={erreur.message} />, 422)
    }
  })

  serveur.get('/connexion/enrolement', async (request, reply) => {
    const ici = await aLEtape(entree, request, reply, ['enrolement', null])
    if (!ici) return reply
    const enrolement = await preparerEnrolement(application, ici.session)
    if (!enrolement) return reply.redirect('/compte', 303)
    return envoyerPage(reply, <PageEnrolement {...ici} enrolement={enrolement} />)
  })
  serveur.post('/connexion/enrolement', async (request, reply) => {
    const ici = await aLEtape(entree, request, reply, ['enrolement', null])
    if (!ici) return reply
    const enrolement = await preparerEnrolement(application, ici.session)
    if (!enrolement) return reply.redirect('/compte', 303)
    try {
      const { codes, connexion } = await confirmerEnrolement(
        application,
        ici.jeton,
        ici.session,
        champ(request.body, 'code'),
      )
      reply.setCookie(entree.cookie, connexion.jeton, options(entree))
      const vers = ici.session.etape === null ? '/compte' : ici.vers
      return envoyerPage(reply, <PageCodes codes={codes} vers={vers} />)
    } catch (erreur) {
      if (!(erreur instanceof Refus)) throw erreur
      return envoyerPage(reply, <PageEnrolement {...ici} enrolement={enrolement} erreur={erreur.message} />, 422)
    }
  })

  serveur.get('/connexion/engagement', async (request, reply) => {
    const ici = await aLEtape(entree, request, reply, ['engagement'])
    return ici ? envoyerPage(reply, <PageEngagement {...ici} />) : reply
  })
  serveur.post('/connexion/engagement', async (request, reply) => {
    const ici = await aLEtape(entree, request, reply, ['engagement'])
    if (!ici) return reply
    if (champ(request.body, 'accepte') !== 'oui') {
      const erreur = 'Cocher la case pour continuer, ou se déconnecter.'
      return envoyerPage(reply, <PageEngagement {...ici} erreur={erreur} />, 422)
    }
    await accepterEngagement(application, ici.session)
    return reply.redirect((await suite(entree, ici.jeton, ici.vers)) ?? '/connexion', 303)
  })
}
