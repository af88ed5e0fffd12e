import type { ReactNode } from 'react'
import { aLeDroit } from '#acces'
import {
  ETATS_VERSION_COURRIER,
  enVigueur,
  listerVersionsCourrier,
  livreAChange,
  ouvrirVersionCourrier,
  trouverObstacle,
  type VersionCourrier,
} from '#courriers'
import { Refus } from '#socle/errors'
import { formatDate } from '#socle/typography'
import { Cadre } from '../cadre.tsx'
import { Bouton, BoutonPost, Etiquette, Message, Pile, Tableau } from '../composants/index.ts'
import { champ, page, type Reponse, type Requete, redirection } from '../route.ts'
import { adresseVersion, sujetDe, TONS_VERSION } from './libelles.ts'

interface Ligne {
  readonly genre: VersionCourrier['genre']
  readonly modele: string
  readonly titre: string
  readonly actuelle: VersionCourrier | null
  readonly avenir: readonly VersionCourrier[]
  readonly ouverte: VersionCourrier | null
  readonly anciennes: readonly VersionCourrier[]
}

function lignes({ session }: Requete, versions: readonly VersionCourrier[]): Ligne[] {
  const sujets = [
    { genre: 'presentation' as const, modele: '' },
    ...[...session.referentiel.courriers.keys()].map((modele) => ({ genre: 'texte' as const, modele })),
  ]
  return sujets.map((sujet) => {
    const siennes = versions.filter(({ genre, modele }) => genre === sujet.genre && modele === sujet.modele)
    const actuelle = enVigueur(siennes, sujet, session.maintenant)
    const avenir = siennes.filter(
      ({ etat, du }) => etat === 'approuvee' && Temporal.PlainDate.compare(du, session.jour) > 0,
    )
    const ouverte = siennes.find(({ etat }) => etat === 'brouillon' || etat === 'soumise') ?? null
    const vues = new Set([actuelle, ouverte, ...avenir].map((une) => une?.id))
    return {
      ...sujet,
      titre: sujetDe(session, sujet),
      actuelle,
      avenir,
      ouverte,
      anciennes: siennes.filter(({ id }) => !vues.has(id)),
    }
  })
}

/** What applies today, and what a release did to it. */
function direActuelle(requete: Requete, { actuelle }: Ligne): ReactNode {
  if (!actuelle) return 'Livré avec Amont'
  const lien = <a href={adresseVersion(actuelle)}>Version {actuelle.numero}</a>
  const obstacle = trouverObstacle(requete.session, actuelle)
  return (
    <>
      {lien} {'livre' in actuelle.contenu ? '(retour au texte livré)' : ''}
      <small>depuis le {formatDate(actuelle.du)}</small>
      {obstacle !== null ? (
        <Etiquette ton="retard">Ne s’applique plus</Etiquette>
      ) : (
        !('livre' in actuelle.contenu) &&
        livreAChange(requete.session, actuelle) && <Etiquette ton="bientot">Le texte livré a changé</Etiquette>
      )}
    </>
  )
}

/** GET /modeles: every letter with what applies, what will, and what is being written. */
export async function montrerModeles(requete: Requete): Promise<Reponse> {
  const { session, acteur, connecte } = requete
  const versions = await listerVersionsCourrier(session)
  const adapter = aLeDroit(acteur, 'modele.adapter')
  const approuver = aLeDroit(acteur, 'modele.approuver')
  const aDecider = versions.filter(({ etat }) => etat === 'soumise')
  return page(
    <Cadre
      requete={requete}
      titre="Adapter les courriers"
      courante="courriers"
      large
      chapo="Contacts, en-têtes, logo, signatures et textes, dans les mots du département. Rien ne s’applique sans l’accord d’un pilote de l’État ou du Département."
      fil={
        aLeDroit(acteur, 'courrier.consulter')
          ? [{ libelle: 'Courriers', href: '/courriers' }, { libelle: 'Adapter' }]
          : [{ libelle: 'Versions', href: '/regles/versions' }, { libelle: 'Courriers' }]
      }
    >
      <Pile>
        {approuver && aDecider.length > 0 && (
          <Message ton="bientot">
            <p>
              <b>À décider :</b>{' '}
              {aDecider.map((version, rang) => (
                <span key={version.id}>
                  {rang > 0 && ' ; '}
                  <a href={adresseVersion(version)}>
                    {sujetDe(session, version)}, version {version.numero}
                  </a>
                </span>
              ))}
            </p>
          </Message>
        )}
        <Tableau
          legende="Courriers et leurs versions"
          largeur="moyen"
          lignes={lignes(requete, versions)}
          cle={({ genre, modele }) => `${genre} ${modele}`}
          colonnes={[
            { cle: 'titre', titre: 'Courrier', principale: true, large: true, rendre: ({ titre }) => titre },
            { cle: 'actuelle', titre: 'S’applique', rendre: (ligne) => direActuelle(requete, ligne) },
            {
              cle: 'avenir',
              titre: 'Ensuite',
              rendre: ({ avenir, ouverte }) => (
                <>
                  {avenir.map((version) => (
                    <span key={version.id}>
                      <a href={adresseVersion(version)}>Version {version.numero}</a>{' '}
                      <small>à partir du {formatDate(version.du)}</small>
                    </span>
                  ))}
                  {ouverte && (
                    <>
                      <a href={adresseVersion(ouverte)}>Version {ouverte.numero}</a>{' '}
                      <Etiquette ton={TONS_VERSION[ouverte.etat]}>{ETATS_VERSION_COURRIER[ouverte.etat]}</Etiquette>
                    </>
                  )}
                </>
              ),
            },
            {
              cle: 'anciennes',
              titre: 'Avant',
              rendre: ({ anciennes }) =>
                anciennes.map((version, rang) => (
                  <span key={version.id}>
                    {rang > 0 && ', '}
                    <a href={adresseVersion(version)}>{version.numero}</a>
                  </span>
                )),
            },
            {
              cle: 'acte',
              titre: 'Changer',
              rendre: ({ genre, modele, ouverte, titre }) =>
                adapter &&
                (ouverte ? (
                  <Bouton petit href={adresseVersion(ouverte)} libelleLu={`Ouvrir : ${titre}`}>
                    Ouvrir
                  </Bouton>
                ) : (
                  <BoutonPost
                    petit
                    action="/modeles/ouvrir"
                    jeton={connecte.jetonFormulaire}
                    champs={{ genre, modele }}
                    libelleLu={`Changer : ${titre}`}
                  >
                    Changer
                  </BoutonPost>
                )),
            },
          ]}
        />
        <Message>
          <p>
            Un courrier déjà préparé garde le texte du jour où il l’a été. Les mentions obligatoires, le pied de page et
            l’information sur les données personnelles ne se retirent pas.
          </p>
        </Message>
      </Pile>
    </Cadre>,
  )
}

/** POST /modeles/ouvrir: a draft of what applies, or the way back to what is shipped. The one already open is shown. */
export async function ouvrir(requete: Requete): Promise<Reponse> {
  const genre = champ(requete, 'genre') === 'presentation' ? 'presentation' : 'texte'
  const retour = champ(requete, 'retour') !== ''
  try {
    const id = await ouvrirVersionCourrier(
      requete.session,
      { genre, modele: genre === 'texte' ? champ(requete, 'modele') : '' },
      { retour },
    )
    return redirection(adresseVersion({ id }, '/modifier'))
  } catch (erreur) {
    if (!(erreur instanceof Refus)) throw erreur
    requete.session.consigner({ action: 'modele.ouvrir', resultat: 'refuse', details: { code: erreur.code } })
    return redirection('/modeles', { texte: erreur.message, ton: 'bientot' })
  }
}
