import type { ReactElement } from 'react'
import { monCourrielRefuse } from '#acces'
import {
  decrireGenre,
  estGenre,
  type FiltreNotifications,
  type GenreNotification,
  genres,
  listerNotifications,
  type Motif,
  marquerLues,
  type Notification,
  ouvrirNotification,
  remettreNonLues,
} from '#notifications'
import { Introuvable } from '#socle/errors'
import { parisDay } from '#socle/time'
import { accorder, formatDate, formatInstant, formatNombre } from '#socle/typography'
import { Cadre } from '../cadre.tsx'
import { Bouton, BoutonPost, EtatVide, Etiquette, Filtres, Message, Pile, Selection } from '../composants/index.ts'
import { champ, page, type Reponse, type Requete, redirection } from '../route.ts'

/** Where a reason leads. A dossier is named by its reference. */
function lienDe({ genre, objet }: Motif, reference: string | null, plusieurs = false): string {
  const dossier = `/dossiers/${reference}`
  // Several of a kind: the place where all of them are, not one of them as if it were alone.
  if (plusieurs && (genre === 'message' || genre === 'demande')) return `${dossier}/echanges`
  switch (genre) {
    case 'liste':
      return `/tableaux/${objet}`
    case 'renseignement':
      return `/renseignements/${objet}`
    case 'renseignement_recu':
      return `${dossier}/diagnostics#renseignements`
    case 'bordereau':
      return `/recus/${objet}`
    case 'sollicitation':
      return objet.startsWith('relance:') ? '/sollicitations' : `/sollicitations/${objet}`
    case 'requisition':
      return `${dossier}/force-publique`
    case 'taches':
      return '/engagements'
    case 'collecte':
      return `/charte/collecte/${objet}`
    case 'logement':
    case 'logement_recu':
      return `/logements/${objet}`
    case 'reseau':
      return `/reseaux/echanges/${objet}`
    case 'point_suivi':
      return reference ? `${dossier}/mesures` : '/mesures?etat=retard'
    case 'modele':
      return `/modeles/${objet}`
    case 'regle':
      return `/regles/versions/${objet}`
    case 'seance':
      return `/seances/${objet}`
    case 'suite':
      return '/suites'
    case 'releve':
      return `/seances/${objet}/releve`
    case 'engagement':
    case 'echeance':
      return reference ? `${dossier}/engagements` : '/engagements'
    case 'connaissance':
      return '/connus'
    case 'message':
      return `${dossier}/echanges/fils/${objet}`
    case 'demande':
      return `${dossier}/echanges/demandes/${objet}`
    case 'piece':
      return `${dossier}/echanges`
    case 'saisine':
      return `${dossier}/saisine`
    case 'fsl':
      return plusieurs ? `${dossier}/fsl` : `${dossier}/fsl/${objet}`
    case 'audience':
    case 'territoire':
      return `${dossier}/procedure`
    case 'invitation':
      return dossier
  }
}

interface Vue {
  readonly etat: FiltreNotifications['etat']
  readonly genre: GenreNotification | undefined
}

const adresseDe = ({ etat, genre }: Vue, suite: Readonly<Record<string, string>> = {}): string => {
  const params = new URLSearchParams({
    ...(etat === 'toutes' ? { etat } : {}),
    ...(genre ? { genre } : {}),
    ...suite,
  })
  return params.size === 0 ? '/notifications' : `/notifications?${params}`
}

function lireVue({ recherche }: Pick<Requete, 'recherche'>): Vue {
  return {
    etat: recherche.etat === 'toutes' ? 'toutes' : 'non_lues',
    genre: estGenre(recherche.genre) ? recherche.genre : undefined,
  }
}

/** A position in the list, as an address carries it; anything else is the first page. */
function lirePosition(texte: string | undefined): FiltreNotifications['apres'] {
  const [a = '', id = ''] = (texte ?? '').split('_')
  if (!/^[0-9a-f-]{36}$/.test(id)) return undefined
  try {
    return { a: Temporal.Instant.from(a), id }
  } catch {
    return undefined
  }
}

const nommer = ({ reference, titulaire, motifs }: Notification): string =>
  [titulaire, reference].filter((mot) => mot !== '').join(', ') ||
  (motifs[0] ? decrireGenre(motifs[0].genre).libelle : 'Dossier')

function UneNotification({ requete, ligne, vue }: { requete: Requete; ligne: Notification; vue: Vue }): ReactElement {
  const nom = nommer(ligne)
  const uniques = [...new Map(ligne.motifs.map((motif) => [motif.genre, motif])).values()]
  const nombre = (genre: GenreNotification) => ligne.motifs.filter((motif) => motif.genre === genre).length
  const proche =
    ligne.avant !== null && Temporal.PlainDate.compare(ligne.avant, requete.session.jour) >= 0 ? ligne.avant : null
  return (
    <li className={ligne.lue_a ? undefined : 'neuf'} id={`n-${ligne.id}`}>
      <div className="notif-t">
        <h2>{nom}</h2>
        {proche && <Etiquette ton="bientot">avant le {formatDate(proche)}</Etiquette>}
        <span className="note">
          {ligne.lue_a ? '' : 'Non lue, '}
          {formatInstant(ligne.modifiee_a)}
        </span>
      </div>
      <ul className="notif-motifs">
        {uniques.map(({ genre }) => {
          const n = nombre(genre)
          const [un, plusieurs] = decrireGenre(genre).compte
          return (
            <li key={genre}>
              <a href={`/notifications/${ligne.id}?quoi=${genre}`}>
                {n === 1 ? decrireGenre(genre).libelle : `${formatNombre(n)} ${accorder(n, un, plusieurs)}`}
                <span className="sr"> : {nom}</span>
              </a>
            </li>
          )
        })}
      </ul>
      <details className="plus">
        <summary>
          Pourquoi je reçois ceci<span className="sr"> : {nom}</span>
        </summary>
        {uniques.map(({ genre }) => (
          <p key={genre}>
            {uniques.length > 1 && `${decrireGenre(genre).libelle}. `}
            {decrireGenre(genre).pourquoi}{' '}
            <a href={`/compte/notifications#c-canal-${genre}`}>
              Changer<span className="sr"> pour « {decrireGenre(genre).libelle} »</span>
            </a>
          </p>
        ))}
      </details>
      <BoutonPost
        action={ligne.lue_a ? '/notifications/non-lues' : '/notifications/lues'}
        jeton={requete.connecte.jetonFormulaire}
        champs={{ id: ligne.id, retour: adresseDe(vue) }}
        petit
        libelleLu={`${ligne.lue_a ? 'Remettre en non lue' : 'Marquer comme lue'} : ${nom}`}
      >
        {ligne.lue_a ? 'Remettre en non lue' : 'Marquer comme lue'}
      </BoutonPost>
    </li>
  )
}

function PageNotifications({
  requete,
  vue,
  lignes,
  suite,
  refuse,
}: {
  requete: Requete
  vue: Vue
  lignes: readonly Notification[]
  suite: string | undefined
  /** Since when one's own address is refused. */
  refuse: Temporal.Instant | null
}): ReactElement {
  const { connecte, session } = requete
  const ici = `${lignes.length}${suite ? ' et plus' : ''}`
  return (
    <Cadre
      requete={requete}
      titre="Notifications"
      courante="notifications"
      chapo={
        <>
          Ce qui s’est passé sur ce qui vous concerne, une ligne par dossier et par jour. Une ligne disparaît quand son
          dossier n’est plus dans vos droits. <a href="/compte/notifications">Régler mes notifications</a>
        </>
      }
      vues={{
        libelle: 'Notifications lues ou non',
        onglets: [
          { href: adresseDe({ ...vue, etat: 'non_lues' }), libelle: 'Non lues', courant: vue.etat === 'non_lues' },
          { href: adresseDe({ ...vue, etat: 'toutes' }), libelle: 'Toutes', courant: vue.etat === 'toutes' },
        ],
      }}
    >
      <Pile>
        {refuse && (
          <Message ton="retard">
            Les courriels d’Amont ne vous arrivent plus depuis le {formatDate(parisDay(refuse))} : votre serveur de
            messagerie refuse votre adresse. Prévenir l’administrateur d’Amont ou le secrétariat. Ce qui vous attend
            reste visible ici.
          </Message>
        )}
        <Filtres
          action="/notifications"
          libelle="Filtrer les notifications"
          resultat={`${ici} ${accorder(lignes.length, 'notification', 'notifications')}`}
          champs={vue.etat === 'toutes' ? { etat: 'toutes' } : {}}
          actifs={
            vue.genre
              ? [{ libelle: decrireGenre(vue.genre).libelle, retirer: adresseDe({ ...vue, genre: undefined }) }]
              : []
          }
        >
          <Selection
            nom="genre"
            libelle="Sorte"
            vide="Toutes"
            valeur={vue.genre}
            libre
            options={genres.map((genre) => ({ valeur: genre, libelle: decrireGenre(genre).libelle }))}
          />
        </Filtres>
        {lignes.length === 0 ? (
          <EtatVide
            titre={vue.etat === 'non_lues' ? 'Tout est lu' : 'Aucune notification'}
            geste={
              vue.etat === 'non_lues'
                ? { href: adresseDe({ ...vue, etat: 'toutes' }), libelle: 'Voir toutes les notifications' }
                : undefined
            }
          >
            Ce qui arrive sur vos dossiers se verra ici, et dans un courriel par jour au plus.
          </EtatVide>
        ) : (
          <>
            {vue.etat === 'non_lues' && vue.genre === undefined && (
              <BoutonPost
                action="/notifications/lues"
                jeton={connecte.jetonFormulaire}
                champs={{ jusqua: session.maintenant.toString(), retour: adresseDe(vue) }}
                icone="ok"
              >
                Tout marquer comme lu
              </BoutonPost>
            )}
            <ul className="messages notifs" aria-label="Notifications">
              {lignes.map((ligne) => (
                <UneNotification key={ligne.id} requete={requete} ligne={ligne} vue={vue} />
              ))}
            </ul>
            {suite && (
              <p>
                <Bouton href={suite} iconeApres="fd">
                  Plus anciennes
                </Bouton>
              </p>
            )}
          </>
        )}
      </Pile>
    </Cadre>
  )
}

/** GET /notifications. */
export async function montrerNotifications(requete: Requete): Promise<Reponse> {
  const { session, recherche } = requete
  const vue = lireVue(requete)
  const { lignes, suite } = await listerNotifications(session, { ...vue, apres: lirePosition(recherche.apres) })
  const refuse = await monCourrielRefuse(session)
  const dossiers = lignes.flatMap(({ dossier }) => dossier ?? [])
  session.consigner({ action: 'notifications.lister', dossiers: [...new Set(dossiers)] })
  return page(
    <PageNotifications
      requete={requete}
      vue={vue}
      lignes={lignes}
      suite={suite ? adresseDe(vue, { apres: `${suite.a}_${suite.id}` }) : undefined}
      refuse={refuse}
    />,
  )
}

/** GET /notifications/:notification. Marks it read and leads to the thing. */
export async function ouvrir(requete: Requete): Promise<Reponse> {
  const { reference, motifs } = await ouvrirNotification(requete.session, requete.parametres.notification ?? '')
  const motif = motifs.findLast(({ genre }) => genre === requete.recherche.quoi) ?? motifs.at(-1)
  if (!motif) throw new Introuvable()
  const objets = new Set(motifs.filter(({ genre }) => genre === motif.genre).map(({ objet }) => objet))
  return redirection(lienDe(motif, reference, objets.size > 1))
}

/** Back to the list, as it was filtered: an address of this screen, or the screen. */
const retourDe = (requete: Requete): string => {
  const retour = champ(requete, 'retour')
  return /^\/notifications(\?[\w=&%.:-]*)?$/.test(retour) ? retour : '/notifications'
}

/** POST /notifications/lues: one, or all that the page showed. */
export async function marquer(requete: Requete): Promise<Reponse> {
  const id = champ(requete, 'id')
  let jusqua: Temporal.Instant | null = null
  if (id === '') {
    try {
      jusqua = Temporal.Instant.from(champ(requete, 'jusqua'))
    } catch {
      throw new Introuvable()
    }
  }
  const { lot, nombre } = await marquerLues(requete.session, jusqua ? { jusqua } : { ids: [id] })
  const retour = retourDe(requete)
  if (nombre === 0) return redirection(retour, { texte: 'Déjà marqué comme lu : rien n’a changé.', ton: 'info' })
  return redirection(retour, {
    texte:
      nombre === 1 ? 'Notification marquée comme lue.' : `${formatNombre(nombre)} notifications marquées comme lues.`,
    defaire: { action: '/notifications/non-lues', libelle: 'Remettre en non lues', champs: { lot, retour } },
  })
}

/** POST /notifications/non-lues: one, or those marked together. */
export async function remettre(requete: Requete): Promise<Reponse> {
  const lot = champ(requete, 'lot')
  const n = await remettreNonLues(requete.session, lot === '' ? { id: champ(requete, 'id') } : { lot })
  return redirection(retourDe(requete), {
    texte: n === 1 ? 'Notification remise en non lue.' : `${formatNombre(n)} notifications remises en non lues.`,
  })
}
