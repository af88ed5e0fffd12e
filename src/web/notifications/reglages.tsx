import { randomUUID } from 'node:crypto'
import type { ReactElement } from 'react'
import { aLeDroit } from '#acces'
import {
  type AdresseCalendrier,
  CANAUX,
  type Canal,
  canauxPossibles,
  decrireGenre,
  type GenreNotification,
  genres,
  type Horaires,
  lireAdresseCalendrier,
  lireReglage,
  lireReglagesLocaux,
  type ReglageNotifications,
  reglerNotifications,
  verifierReglage,
} from '#notifications'
import { Conflit } from '#socle/errors'
import { formatInstant, pluriel } from '#socle/typography'
import { Cadre } from '../cadre.tsx'
import {
  Actions,
  Bouton,
  BoutonPost,
  BoutonsRadio,
  Carte,
  CaseACocher,
  Formulaire,
  Pile,
  ResumeErreurs,
  Selection,
} from '../composants/index.ts'
import { lireVu, ouConflit, pageConflit } from '../conflit.tsx'
import { champ, page, type Reponse, type Requete, redirection } from '../route.ts'

const JOURS = ['lundi', 'mardi', 'mercredi', 'jeudi', 'vendredi', 'samedi', 'dimanche'] as const
const HEURES = Array.from({ length: 24 }, (_, heure) => ({ valeur: String(heure), libelle: `${heure} h` }))
const FINS = Array.from({ length: 24 }, (_, rang) => ({ valeur: String(rang + 1), libelle: `${rang + 1} h` }))

const direJours = (jours: readonly number[]): string => {
  const noms = jours.toSorted().map((jour) => JOURS[jour - 1] ?? '')
  return noms.length < 2 ? noms.join('') : `${noms.slice(0, -1).join(', ')} et ${noms.at(-1)}`
}

/** Days and hours in words, or what is missing. */
function direHoraires({ jours, heure, de, a }: Horaires): string {
  if (jours === null || heure === null)
    return 'Le département n’a pas réglé les jours et l’heure : sans choix de votre part, aucun courriel ne part.'
  const pressants =
    de === null || a === null ? 'aucun courriel pressant' : `un courriel pressant seulement entre ${de} h et ${a} h`
  return `${direJours(jours)}, courriel du jour à ${heure} h, ${pressants}, jamais un jour férié.`
}

interface Saisie extends Omit<ReglageNotifications, 'version'> {
  readonly horaires: 'departement' | 'choisis'
}

const saisieDe = (reglage: ReglageNotifications): Saisie => ({
  ...reglage,
  horaires:
    reglage.jours || reglage.heure !== null || reglage.de !== null || reglage.a !== null ? 'choisis' : 'departement',
})

function PageReglages({
  requete,
  saisie,
  version,
  locaux,
  calendrier,
  fautes = {},
}: {
  requete: Requete
  saisie: Saisie
  version: number
  locaux: ReturnType<typeof lireReglagesLocaux>
  calendrier: AdresseCalendrier | null
  fautes?: Readonly<Record<string, string>>
}): ReactElement {
  const jeton = requete.connecte.jetonFormulaire
  const { pressante, annonce } = locaux
  const siens = genres.filter((genre) => aLeDroit(requete.acteur, decrireGenre(genre).droit))
  const erreurs = Object.entries(fautes).map(([nom, message]) => ({ nom, message }))
  const heure = (valeur: number | null) => (valeur === null ? undefined : String(valeur))
  return (
    <Cadre
      requete={requete}
      titre="Mes notifications"
      erreur={erreurs.length > 0}
      fil={[{ libelle: 'Mon compte', href: '/compte' }, { libelle: 'Mes notifications' }]}
      chapo={
        <>
          Ce qui vous parvient, quand et comment. Tout se lit dans <a href="/notifications">Notifications</a> ; le
          courriel ne dit que des nombres, jamais un nom ni un dossier.
        </>
      }
    >
      <Pile>
        <ResumeErreurs erreurs={erreurs} />
        <Formulaire
          action="/compte/notifications"
          jeton={jeton}
          libelle="Mes notifications"
          champs={{ 'vu-reglage': String(version) }}
        >
          <Carte titre="Courriel">
            <CaseACocher
              nom="courriel"
              libelle="Recevoir un courriel par jour quand quelque chose m’attend"
              aide={
                pressante === null
                  ? undefined
                  : `Un courriel part sans attendre quand une date est à ${pluriel(pressante, 'jour', 'jours')} ou moins.`
              }
              cochee={saisie.courriel}
            />
            <BoutonsRadio
              nom="horaires"
              libelle="Mes jours et mes heures"
              valeur={saisie.horaires}
              options={[
                { valeur: 'departement', libelle: 'Ceux du département', aide: direHoraires(locaux) },
                { valeur: 'choisis', libelle: 'Les miens, choisis ci-dessous' },
              ]}
            />
            <fieldset className="champ" aria-describedby={fautes.jours ? 'c-jours-erreur' : undefined}>
              <legend>Mes jours de travail</legend>
              <div className="notif-jours">
                {JOURS.map((nom, rang) => (
                  <label className="choix" key={nom}>
                    <input
                      id={rang === 0 ? 'c-jours' : `c-jours-${rang}`}
                      type="checkbox"
                      name="jours"
                      value={rang + 1}
                      defaultChecked={(saisie.jours ?? locaux.jours ?? []).includes(rang + 1)}
                    />
                    <span>{nom}</span>
                  </label>
                ))}
              </div>
              {fautes.jours && (
                <p className="erreur" id="c-jours-erreur">
                  {fautes.jours}
                </p>
              )}
            </fieldset>
            <div className="champs">
              <Selection
                nom="heure"
                libelle="Courriel du jour à partir de"
                libre
                vide="Comme le département"
                options={HEURES}
                valeur={heure(saisie.heure)}
                erreur={fautes.heure}
              />
              <Selection
                nom="de"
                libelle="Courriels pressants : de"
                libre
                vide="Comme le département"
                options={HEURES}
                valeur={heure(saisie.de)}
                erreur={fautes.de}
              />
              <Selection
                nom="a"
                libelle="Courriels pressants : à"
                libre
                vide="Comme le département"
                options={FINS}
                valeur={heure(saisie.a)}
                erreur={fautes.a}
              />
            </div>
          </Carte>
          <Carte titre="Sortes de notifications">
            {annonce !== null && (
              <p className="note">
                Une audience ou une échéance est annoncée {pluriel(annonce, 'jour', 'jours')} avant, une fois.
              </p>
            )}
            <div className="champs">
              {siens.map((genre) => (
                <Selection
                  key={genre}
                  nom={`canal-${genre}`}
                  libelle={decrireGenre(genre).libelle}
                  aide={decrireGenre(genre).pourquoi}
                  libre
                  options={canauxPossibles(genre).map((canal) => ({ valeur: canal, libelle: CANAUX[canal] }))}
                  valeur={saisie.canaux[genre]}
                />
              ))}
            </div>
            {siens.length === 0 && <p>Votre rôle ne reçoit aucune notification : il ne lit aucun dossier.</p>}
          </Carte>
          <Actions>
            <Bouton genre="principal">Enregistrer</Bouton>
          </Actions>
        </Formulaire>
        <CarteCalendrier jeton={jeton} calendrier={calendrier} />
      </Pile>
    </Cadre>
  )
}

/** The subscription of one's calendar. */
function CarteCalendrier({ jeton, calendrier }: { jeton: string; calendrier: AdresseCalendrier | null }): ReactElement {
  const action = '/compte/calendrier'
  return (
    <Carte titre="Mon calendrier dans un autre logiciel" id="calendrier">
      <p>
        Une adresse secrète permet à votre agenda (Outlook, Thunderbird, téléphone…) de montrer les audiences, les
        échéances, les rendez-vous, les demandes et les tâches qui vous reviennent. Un titre ne dit qu’une sorte et la
        référence du dossier.
      </p>
      {calendrier === null ? (
        <div className="mt2">
          <BoutonPost
            action={action}
            jeton={jeton}
            champs={{ acte: 'creer', vue: '', envoi: randomUUID() }}
            icone="agenda"
          >
            Créer mon adresse de calendrier
          </BoutonPost>
        </div>
      ) : (
        <>
          <p className="note mt2">
            Adresse créée le {formatInstant(calendrier.cree_a)},{' '}
            {calendrier.lue_a ? `lue la dernière fois le ${formatInstant(calendrier.lue_a)}` : 'jamais lue'}. Elle n’a
            été montrée qu’une fois : perdue ou confiée à quelqu’un, la renouveler.
          </p>
          <details className="plus">
            <summary>Renouveler ou retirer l’adresse</summary>
            <p>L’adresse actuelle ne vaudra plus rien : les agendas qui la lisent ne se mettront plus à jour.</p>
            <Actions>
              <BoutonPost
                action={action}
                jeton={jeton}
                champs={{ acte: 'creer', vue: calendrier.id, envoi: randomUUID() }}
                icone="maj"
              >
                Renouveler l’adresse
              </BoutonPost>
              <BoutonPost
                action={action}
                jeton={jeton}
                champs={{ acte: 'retirer', vue: calendrier.id }}
                genre="destructeur"
              >
                Retirer l’adresse
              </BoutonPost>
            </Actions>
          </details>
        </>
      )}
    </Carte>
  )
}

/** GET /compte/notifications. */
export async function montrerReglages(requete: Requete): Promise<Reponse> {
  const { session } = requete
  const reglage = await lireReglage(session)
  return page(
    <PageReglages
      requete={requete}
      saisie={saisieDe(reglage)}
      version={reglage.version}
      locaux={lireReglagesLocaux(session)}
      calendrier={await lireAdresseCalendrier(session)}
    />,
  )
}

const estCanal = (texte: string): texte is Canal => Object.hasOwn(CANAUX, texte)

function lireSaisie(requete: Requete): Saisie {
  const nombre = (nom: string) => {
    const texte = champ(requete, nom)
    return texte === '' ? null : Number(texte)
  }
  const horaires = champ(requete, 'horaires') === 'choisis' ? 'choisis' : 'departement'
  const siens = horaires === 'choisis'
  const canaux = Object.fromEntries(
    genres.map((genre): [GenreNotification, Canal] => {
      const lu = champ(requete, `canal-${genre}`)
      return [genre, estCanal(lu) && canauxPossibles(genre).includes(lu) ? lu : 'courriel']
    }),
  ) as Record<GenreNotification, Canal>
  return {
    courriel: champ(requete, 'courriel') === 'oui',
    horaires,
    jours: siens ? (requete.champs.jours ?? []).map(Number) : null,
    heure: siens ? nombre('heure') : null,
    de: siens ? nombre('de') : null,
    a: siens ? nombre('a') : null,
    canaux,
  }
}

/** Choices in words, as a conflict shows them side by side: what differs must be seen. */
const resumer = (saisie: Omit<ReglageNotifications, 'version'>): string =>
  [
    saisie.courriel ? 'avec courriel' : 'sans courriel',
    saisie.jours ? direJours(saisie.jours) : 'jours du département',
    saisie.heure === null ? 'courriel du jour à l’heure du département' : `courriel du jour à ${saisie.heure} h`,
    saisie.de === null && saisie.a === null
      ? 'courriels pressants aux heures du département'
      : `courriels pressants ${saisie.de === null ? 'depuis l’heure du département' : `de ${saisie.de} h`} ${saisie.a === null ? 'jusqu’à celle du département' : `à ${saisie.a} h`}`,
    ...genres
      .filter((genre) => saisie.canaux[genre] !== 'courriel')
      .map((genre) => `${decrireGenre(genre).libelle} : ${CANAUX[saisie.canaux[genre]].toLowerCase()}`),
  ].join(' ; ')

/** POST /compte/notifications. */
export async function enregistrerReglages(requete: Requete): Promise<Reponse> {
  const { session } = requete
  const saisie = lireSaisie(requete)
  const version = Number(lireVu(requete, 'reglage') ?? '0')
  const fautes = verifierReglage(saisie, lireReglagesLocaux(session))
  if (Object.keys(fautes).length > 0)
    return page(
      <PageReglages
        requete={requete}
        saisie={saisie}
        version={version}
        locaux={lireReglagesLocaux(session)}
        calendrier={await lireAdresseCalendrier(session)}
        fautes={fautes}
      />,
      422,
    )
  const fait = await ouConflit(requete, 'notification.regler', () => reglerNotifications(session, saisie, version))
  if (!(fait instanceof Conflit))
    return redirection('/compte/notifications', { texte: 'Vos notifications sont réglées.' })
  const la = await lireReglage(session)
  const { _jeton, ...champs } = requete.champs
  return pageConflit(requete, {
    message: fait.message,
    quoi: 'Vos notifications',
    courante: 'compte',
    fil: [{ libelle: 'Mon compte', href: '/compte' }, { libelle: 'Mes notifications' }],
    versions: [{ cle: 'reglage', libelle: 'Réglages', saisie: resumer(saisie), enregistree: resumer(la) }],
    conseil: 'Garder ce qui est enregistré, ou le remplacer par ce que vous venez de choisir.',
    garder: { libelle: 'Garder ce qui est enregistré', href: '/compte/notifications' },
    remplacer: {
      libelle: 'Enregistrer mes choix',
      action: '/compte/notifications',
      champs: { ...champs, 'vu-reglage': String(la.version) },
    },
  })
}
