import type { ReactElement, ReactNode } from 'react'
import { accorder, pluriel } from '#socle/typography'
import { Bouton, BoutonPost, ChampsCaches } from '../composants/bouton.tsx'
import { Icone, type NomIcone } from '../composants/icone.tsx'
import { type Onglet, Onglets } from '../composants/liste.tsx'
import { classes } from '../composants/texte.ts'
import type { Message } from '../route.ts'
import { cheminActif } from '../statique/index.ts'

/** One verb of the banner, and under it the name or the figure useful today. */
export interface EntreeNavigation {
  readonly cle: string
  readonly libelle: string
  readonly sous: string
  readonly href: string
}

/** Whoever is signed in. `liens` are the entries of the menu under the name. */
export interface CompteAffiche {
  readonly nom: string
  readonly fonction: string
  readonly liens?: readonly { readonly libelle: string; readonly href: string }[] | undefined
  /** Where « Se déconnecter » posts. */
  readonly deconnexion?: string | undefined
  /** Notifications not read; absent, no way to them is shown. From 100 on, « 99+ ». */
  readonly nonLues?: number | undefined
}

/** One figure of the head of a dossier. */
export interface Cle {
  readonly terme: string
  readonly valeur: ReactNode
  readonly note?: ReactNode
}

/** The links at the bottom of every page. */
export interface Pied {
  readonly texte?: string | undefined
  readonly liens?: readonly { readonly libelle: string; readonly href: string }[] | undefined
  /** On the right: version, demonstration. */
  readonly mention?: string | undefined
}

export interface ProprietesPage {
  /** Says the task, with its number when it is a list. Title of the tab and of the page. */
  readonly titre: string
  /** Under the title: one or two sentences, links allowed. */
  readonly chapo?: ReactNode
  readonly navigation: readonly EntreeNavigation[]
  /** Key of the current verb. */
  readonly courante?: string | undefined
  readonly compte: CompteAffiche | null
  /** Token of the session, for every form of the page. */
  readonly jeton: string
  /** Said once after an act. */
  readonly message?: Message | null | undefined
  /** Where one is, from the second level on; the last entry has no `href`. */
  readonly fil?: readonly { readonly libelle: string; readonly href?: string | undefined }[] | undefined
  /** Buttons on the right of the title. */
  readonly actions?: ReactNode
  /** Full width, up to 1 680 px, for lists and dossiers; otherwise a readable column. */
  readonly large?: boolean | undefined
  /** Kinds or saved views, under the title. */
  readonly vues?: { readonly libelle: string; readonly onglets: readonly Onglet[] } | undefined
  /** Figures of a dossier: the head becomes a white band. */
  readonly cles?: readonly Cle[] | undefined
  /** Parts of a dossier, at the bottom of the white band. */
  readonly onglets?: { readonly libelle: string; readonly onglets: readonly Onglet[] } | undefined
  /** The page shows what is wrong: its tab says so first. */
  readonly erreur?: boolean | undefined
  /** Seconds between two refreshes of the live zones; without scripts the page reloads. */
  readonly rafraichir?: number | undefined
  /** Said when refreshing stops because the server does not answer. */
  readonly interrompu?: string | undefined
  /** How the page leaves on paper: upright, or not at all, with the sentence printed instead. Landscape otherwise, for lists. */
  readonly papier?: 'portrait' | { readonly ailleurs: string } | undefined
  readonly recherche?: { readonly action: string; readonly valeur?: string | undefined } | null | undefined
  readonly pied?: Pied | undefined
  readonly children?: ReactNode
}

function Tete({ titre, rafraichir }: { titre: string; rafraichir?: number | undefined }): ReactElement {
  return (
    <head>
      <meta charSet="utf-8" />
      <meta name="viewport" content="width=device-width, initial-scale=1" />
      <meta name="robots" content="noindex" />
      <title>{titre}</title>
      <link
        rel="preload"
        href={cheminActif('polices/atkinson-hyperlegible-next-latin-wght-normal.woff2')}
        as="font"
        type="font/woff2"
        crossOrigin="anonymous"
      />
      <link rel="stylesheet" href={cheminActif('amont.css')} />
      <link rel="icon" href={cheminActif('icone.svg')} type="image/svg+xml" />
      <script type="module" src={cheminActif('amont.js')} />
      {rafraichir !== undefined && (
        <noscript>
          <meta httpEquiv="refresh" content={String(rafraichir)} />
        </noscript>
      )}
    </head>
  )
}

/** Tributaries joining one course: the mark of Amont. */
function Marque({ href, children }: { href: string; children: ReactNode }): ReactElement {
  return (
    <a className="marque" href={href}>
      <svg viewBox="0 0 32 32" aria-hidden="true">
        <path d="M3 6c8 0 9 10 17 10M3 26c8 0 9-10 17-10M3 16h10" />
        <path className="aval" d="M18 16h11" />
      </svg>
      {children}
    </a>
  )
}

/** The way to one's notifications, and how many are not read. */
function Cloche({ nonLues, ici }: { nonLues: number; ici: boolean }): ReactElement {
  const nombre = nonLues > 99 ? '99+' : String(nonLues)
  return (
    <a className="cloche" href="/notifications" aria-current={ici ? 'page' : undefined}>
      <Icone nom="cloche" />
      <span className="sr">
        Notifications{nonLues > 0 ? ` : ${nombre} ${accorder(nonLues, 'non lue', 'non lues')}` : ', toutes lues'}
      </span>
      {nonLues > 0 && (
        <b className="num" aria-hidden="true">
          {nombre}
        </b>
      )}
    </a>
  )
}

function MenuCompte({ compte, jeton }: { compte: CompteAffiche; jeton: string }): ReactElement {
  return (
    <details className="compte">
      <summary>
        <Icone nom="personne" />
        <span>
          <span className="sr">Menu du compte : </span>
          <b>{compte.nom}</b>
          <span className="fonction">{compte.fonction}</span>
        </span>
      </summary>
      <div className="compte-menu">
        <p>
          {compte.nom}, {compte.fonction}
        </p>
        {compte.liens && compte.liens.length > 0 && (
          <ul>
            {compte.liens.map(({ libelle, href }) => (
              <li key={href}>
                <a href={href}>{libelle}</a>
              </li>
            ))}
          </ul>
        )}
        <form method="post" action={compte.deconnexion ?? '/deconnexion'}>
          <ChampsCaches jeton={jeton} />
          <Bouton icone="sortie">Se déconnecter</Bouton>
        </form>
      </div>
    </details>
  )
}

/** Verbs shown in the banner of a wide screen; beyond, the others wait behind « Plus ». */
const VERBES_MONTRES = 7

/** The verbs in their order. Where the reader is always shows: it takes the last visible place when it would be hidden. */
function repartirVerbes(page: ProprietesPage): readonly [readonly EntreeNavigation[], readonly EntreeNavigation[]] {
  const { navigation, courante } = page
  if (navigation.length <= VERBES_MONTRES) return [navigation, []]
  const premiers = navigation.slice(0, VERBES_MONTRES - 1)
  const ici = navigation.find(({ cle }) => cle === courante)
  const montres = ici && !premiers.includes(ici) ? [...premiers.slice(0, -1), ici] : premiers
  return [montres, navigation.filter((entree) => !montres.includes(entree))]
}

function Verbes({ page }: { page: ProprietesPage }): ReactElement {
  const [montres, autres] = repartirVerbes(page)
  const lien = ({ cle, libelle, sous, href }: EntreeNavigation) => (
    <li key={cle}>
      <a href={href} aria-current={cle === page.courante ? (page.fil ? 'true' : 'page') : undefined}>
        <b>{libelle}</b> <span>{sous}</span>
      </a>
    </li>
  )
  return (
    <nav aria-label="Navigation principale">
      <ul className="menu">
        {montres.map(lien)}
        {autres.length > 0 && (
          <li>
            <details className="menu-plus">
              <summary>
                <b>Plus</b> <span>{pluriel(autres.length, 'autre', 'autres')}</span>
              </summary>
              <ul>{autres.map(lien)}</ul>
            </details>
          </li>
        )}
      </ul>
    </nav>
  )
}

function Bandeau({ page }: { page: ProprietesPage }): ReactElement {
  const { recherche = { action: '/dossiers' } } = page
  return (
    <header className="bandeau">
      <div className="bandeau-in">
        <Marque href="/">
          <span>Amont</span>
        </Marque>
        <Verbes page={page} />
        {page.compte && recherche && (
          <search className="recherche">
            <form className="cherche" action={recherche.action}>
              <label className="sr" htmlFor="recherche">
                Chercher un ménage, une adresse ou une référence
              </label>
              <input
                id="recherche"
                type="search"
                name="q"
                placeholder="Nom, adresse…"
                defaultValue={recherche.valeur}
                aria-keyshortcuts="/"
              />
              <button type="submit" aria-label="Chercher">
                <Icone nom="loupe" />
              </button>
            </form>
          </search>
        )}
        {page.compte?.nonLues !== undefined && (
          <Cloche nonLues={page.compte.nonLues} ici={page.courante === 'notifications'} />
        )}
        {page.compte && <MenuCompte compte={page.compte} jeton={page.jeton} />}
      </div>
    </header>
  )
}

function Fil({ fil }: { fil: NonNullable<ProprietesPage['fil']> }): ReactElement {
  return (
    <nav className="fil" aria-label="Vous êtes ici">
      <ol>
        {fil.map(({ libelle, href }) =>
          href === undefined ? (
            <li key={libelle} aria-current="page">
              {libelle}
            </li>
          ) : (
            <li key={href}>
              <a href={href}>{libelle}</a>
            </li>
          ),
        )}
      </ol>
    </nav>
  )
}

const ICONES_FLASH = { tenu: 'ok', info: 'info', bientot: 'horloge', retard: 'retard' } as const satisfies Record<
  NonNullable<Message['ton']>,
  NomIcone
>

/** What the previous act did, and the way back. With a way back it takes the focus: « Défaire » is one key away. */
function Flash({ message, jeton }: { message: Message; jeton: string }): ReactElement {
  const ton = message.ton ?? 'tenu'
  const defaire = message.defaire
  return (
    <div
      className={classes('message', 'flash', ton !== 'info' && `message--${ton}`)}
      role="status"
      tabIndex={defaire ? -1 : undefined}
      // biome-ignore lint/a11y/noAutofocus: after an answer, the focus goes to the message that offers to undo it
      autoFocus={defaire !== undefined}
      data-redire={defaire ? undefined : ''}
    >
      <Icone nom={ICONES_FLASH[ton]} />
      <div>
        <p>{message.texte}</p>
      </div>
      {defaire && (
        <BoutonPost action={defaire.action} jeton={jeton} champs={defaire.champs} petit icone="annuler">
          {defaire.libelle}
        </BoutonPost>
      )}
    </div>
  )
}

function EnTete({ page }: { page: ProprietesPage }): ReactElement {
  return (
    <>
      {page.fil && <Fil fil={page.fil} />}
      <div className="entete">
        <div>
          <h1>{page.titre}</h1>
          {page.chapo !== undefined && <p>{page.chapo}</p>}
        </div>
        {page.actions !== undefined && <div className="entete-actions">{page.actions}</div>}
      </div>
    </>
  )
}

function PiedDePage({ pied = {} }: { pied?: Pied | undefined }): ReactElement {
  return (
    <footer className="pied">
      <span>{pied.texte ?? 'Amont, prévention des expulsions'}</span>
      {pied.liens?.map(({ libelle, href }) => (
        <a href={href} key={href}>
          {libelle}
        </a>
      ))}
      {pied.mention !== undefined && <span className="fin">{pied.mention}</span>}
    </footer>
  )
}

/** A page of an agent. */
export function Page(page: ProprietesPage): ReactElement {
  const bandeBlanche = page.cles !== undefined || page.onglets !== undefined
  const flash = page.message ? <Flash message={page.message} jeton={page.jeton} /> : null
  const corps = (
    <>
      {page.vues && <Onglets {...page.vues} />}
      {page.children}
    </>
  )
  const { papier } = page
  const repere = {
    id: 'contenu',
    tabIndex: -1,
    'data-papier': papier === undefined ? undefined : papier === 'portrait' ? papier : 'ailleurs',
    'data-rafraichir': page.rafraichir,
    'data-interrompu':
      page.rafraichir === undefined
        ? undefined
        : (page.interrompu ?? 'La mise à jour est interrompue. Recharger la page.'),
  }
  return (
    <html lang="fr">
      <Tete titre={`${page.erreur ? 'Erreur : ' : ''}${page.titre} - Amont`} rafraichir={page.rafraichir} />
      <body>
        <a className="evitement" href="#contenu">
          Aller au contenu
        </a>
        <Bandeau page={page} />
        {bandeBlanche ? (
          <main {...repere}>
            {typeof papier === 'object' && <p className="papier-ailleurs">{papier.ailleurs}</p>}
            <div className="dossier-t">
              <div className="in">
                <EnTete page={page} />
                {page.cles && (
                  <dl className="cles">
                    {page.cles.map(({ terme, valeur, note }) => (
                      <div key={terme}>
                        <dt>{terme}</dt>
                        <dd>
                          {valeur}
                          {note !== undefined && <small>{note}</small>}
                        </dd>
                      </div>
                    ))}
                  </dl>
                )}
                {page.onglets && (
                  <nav aria-label={page.onglets.libelle}>
                    <ul className="onglets">
                      {page.onglets.onglets.map(({ href, libelle, compte, courant }) => (
                        <li key={href}>
                          <a href={href} aria-current={courant ? 'page' : undefined}>
                            {libelle}
                            {compte !== undefined && ` (${compte})`}
                          </a>
                        </li>
                      ))}
                    </ul>
                  </nav>
                )}
              </div>
            </div>
            <div className="page">
              {flash}
              {corps}
            </div>
          </main>
        ) : (
          <main {...repere} className={classes('page', !page.large && 'page--etroite')}>
            {flash}
            <EnTete page={page} />
            {corps}
          </main>
        )}
        <PiedDePage pied={page.pied} />
        <div id="annonces" className="sr" role="status" />
      </body>
    </html>
  )
}

/** A screen that fills the window, projected or shared: its own banner, no menu. `children` is the form, or the columns. */
export interface ProprietesPagePoste {
  readonly titre: string
  readonly jeton: string
  readonly message?: Message | null | undefined
  readonly erreur?: boolean | undefined
  readonly rafraichir?: number | undefined
  readonly children: ReactNode
}

/** The band of such a screen: what it is, the way out, and what goes on. */
export function BandeauPoste({
  titre,
  retour,
  children,
}: {
  titre: string
  retour: { readonly href: string; readonly libelle: string }
  children?: ReactNode
}): ReactElement {
  return (
    <header className="bandeau">
      <div className="bandeau-in">
        <Marque href="/">
          <span>Amont</span>
        </Marque>
        <p>
          <b>{titre}</b> <a href={retour.href}>{retour.libelle}</a>
        </p>
        <div className="etat">{children}</div>
      </div>
    </header>
  )
}

export function PagePoste(page: ProprietesPagePoste): ReactElement {
  return (
    <html lang="fr">
      <Tete titre={`${page.erreur ? 'Erreur : ' : ''}${page.titre} - Amont`} rafraichir={page.rafraichir} />
      <body className="seance">
        <a className="evitement" href="#contenu">
          Aller au contenu
        </a>
        {page.message && (
          <div className="s-flash">
            <Flash message={page.message} jeton={page.jeton} />
          </div>
        )}
        {page.children}
        <div id="annonces" className="sr" role="status" />
      </body>
    </html>
  )
}

export interface ProprietesPagePublique {
  readonly titre: string
  /** Under the name in the banner. */
  readonly sousTitre?: string | undefined
  readonly chapo?: ReactNode
  readonly accueil?: string | undefined
  /** On the right of the banner. */
  readonly action?: ReactNode
  readonly erreur?: boolean | undefined
  readonly pied?: Pied | undefined
  readonly children?: ReactNode
}

/** A page for whoever has no session, or none to show: signing in, errors. One column, larger letters. */
export function PagePublique(page: ProprietesPagePublique): ReactElement {
  return (
    <html lang="fr">
      <Tete titre={`${page.erreur ? 'Erreur : ' : ''}${page.titre} - Amont`} />
      <body className="public">
        <a className="evitement" href="#contenu">
          Aller au contenu
        </a>
        <header className="tete">
          <div className="in">
            <Marque href={page.accueil ?? '/'}>
              <span>
                Amont
                {page.sousTitre !== undefined && <small>{page.sousTitre}</small>}
              </span>
            </Marque>
            {page.action}
          </div>
        </header>
        <main id="contenu" tabIndex={-1}>
          <h1>{page.titre}</h1>
          {page.chapo !== undefined && <p className="chapo">{page.chapo}</p>}
          {page.children}
        </main>
        <PiedDePage pied={page.pied} />
      </body>
    </html>
  )
}

/** A framed part of a public page: the form to fill. */
export function Boite({ children }: { children: ReactNode }): ReactElement {
  return <div className="boite">{children}</div>
}
