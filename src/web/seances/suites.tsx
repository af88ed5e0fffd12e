import type { ReactElement } from 'react'
import { aLeDroit } from '#acces'
import {
  compterSuites,
  ecrirePrononce,
  etatsPrononce,
  type FiltreSuites,
  lireSuite,
  listerSuites,
  peutRepondre,
  type ReponseSuite,
  relancerSuite,
  repondreSuite,
  reponsesSuite,
  SUITES_PAR_PAGE,
  type Suite,
} from '#commission'
import { Conflit } from '#socle/errors'
import { date, text } from '#socle/tableur'
import { parisDay } from '#socle/time'
import { formatDate, formatInstant, formatNombre, pluriel } from '#socle/typography'
import { lireJourSaisi, tenter } from '../accompagner/saisie.ts'
import { Cadre } from '../cadre.tsx'
import {
  Actions,
  Bouton,
  BoutonPost,
  BoutonsRadio,
  Carte,
  Champ,
  ChampDate,
  EtatVide,
  Etiquette,
  Formulaire,
  ListeDefinition,
  ListeSobre,
  Message,
  Onglets,
  Pagination,
  PiedCadre,
  Pile,
  PuceEcheance,
  ResumeErreurs,
  Selection,
  Tableau,
  type Ton,
} from '../composants/index.ts'
import { ouConflit, pageConflit } from '../conflit.tsx'
import { BoutonsExport, direDemande, ecrireFichier, type FormatExport, marquer, sortir } from '../export.tsx'
import { champ, page, type Reponse, type Requete, redirection } from '../route.ts'

const LISTE = '/suites'
const LIMITE_EXPORT = 5000
const TONS: Readonly<Record<Suite['etat'], Ton>> = {
  projet: 'neutre',
  notifie: 'info',
  attendu: 'bientot',
  suivi: 'tenu',
  partiel: 'info',
  non_suivi: 'retard',
  remplace: 'neutre',
}

/** What was said, in a sentence. */
export const ecrireQuoi = (requete: Requete, suite: Suite): string =>
  [
    suite.genre === 'recommandation' && suite.code === null
      ? ''
      : ecrirePrononce(requete.session, suite.seance_le, suite),
    suite.texte,
  ]
    .filter(Boolean)
    .join('. ')

/** Where a return stands. */
export function EtatSuite({ suite, jour }: { suite: Suite; jour: Temporal.PlainDate }): ReactElement {
  if (suite.etat === 'attendu' && suite.echeance)
    return <PuceEcheance aujourdhui={jour} echeance={{ ...suite.echeance, genre: 'tache' }} />
  return (
    <Etiquette ton={TONS[suite.etat]} icone={suite.etat === 'suivi' ? 'ok' : undefined}>
      {etatsPrononce[suite.etat]}
      {suite.repondu_a ? `, ${formatInstant(suite.repondu_a)}` : suite.etat === 'attendu' ? ', sans date' : ''}
    </Etiquette>
  )
}

function lireVue({ recherche, acteur }: Requete) {
  const suit = aLeDroit(acteur, 'suite.suivre')
  const vue: FiltreSuites['vue'] = suit && recherche.vue !== 'recues' ? 'toutes' : 'recues'
  const etat = (['attendu', 'sans_retour', 'injoignable', 'repondu'] as const).find((un) => un === recherche.etat)
  const numero = Math.max(1, Math.trunc(Number(recherche.page)) || 1)
  const adresse = (changements: Readonly<Record<string, string | undefined>> = {}, chemin = LISTE): string => {
    const params = new URLSearchParams()
    for (const [cle, valeur] of Object.entries({ vue: suit ? vue : undefined, etat, ...changements }))
      if (valeur !== undefined) params.set(cle, valeur)
    return params.size === 0 ? chemin : `${chemin}?${params}`
  }
  return { suit, filtre: { vue, etat } satisfies FiltreSuites, numero, adresse }
}

/** GET /suites: what the commission addresses to the reader's organisme; for the secretariat, all the returns, the unanswered first. */
export async function montrerSuites(requete: Requete): Promise<Reponse> {
  const { session } = requete
  const { suit, filtre, numero, adresse } = lireVue(requete)
  const { suites, total } = await listerSuites(session, filtre, { page: numero })
  const { attendues, retard, injoignables } = await compterSuites(session, filtre.vue)
  const pages = Math.max(1, Math.ceil(total / SUITES_PAR_PAGE))
  const onglet = (etat: string | undefined, libelle: string, compte?: number) => ({
    href: adresse({ etat, page: undefined }),
    libelle,
    courant: filtre.etat === etat,
    ...(compte === undefined ? {} : { compte: formatNombre(compte) }),
  })
  return page(
    <Cadre
      requete={requete}
      titre={
        attendues === 0
          ? 'Suites de la commission'
          : `Suites de la commission : ${pluriel(attendues, 'retour attendu', 'retours attendus')}`
      }
      courante="suites"
      chapo={
        filtre.vue === 'toutes'
          ? 'Ce que les commissions ont adressé, et les retours qui en sont revenus.'
          : 'Les avis et recommandations adressés à votre organisme. Vous lisez ce qui vous est adressé, rien d’autre du dossier.'
      }
      large
      {...(suit ? { actions: <Bouton href={`${LISTE}/activite`}>Activité de l’année</Bouton> } : {})}
    >
      <Onglets
        libelle="État des retours"
        onglets={[
          onglet(undefined, 'Tout'),
          onglet('attendu', 'Retour attendu', attendues),
          onglet('sans_retour', 'En retard', retard),
          ...(suit ? [onglet('injoignable', 'Sans personne à joindre', injoignables)] : []),
          onglet('repondu', 'Répondus'),
        ]}
      />
      {suit && injoignables > 0 && filtre.etat !== 'injoignable' && (
        <Message ton="bientot">
          <p>
            {injoignables === 1
              ? 'La dernière relance d’un destinataire n’a joint personne dans Amont'
              : `La dernière relance de ${formatNombre(injoignables)} destinataires n’a joint personne dans Amont`}{' '}
            : <a href={adresse({ etat: 'injoignable', page: undefined })}>à transmettre à la main</a>.
          </p>
        </Message>
      )}
      {suites.length === 0 ? (
        <EtatVide titre="Rien ici">
          Un avis ou une recommandation paraît ici quand le relevé de la séance est approuvé par les deux coprésidents.
        </EtatVide>
      ) : (
        <Tableau
          legende="Avis et recommandations"
          largeur="moyen"
          lignes={suites}
          cle={({ id }) => id}
          colonnes={[
            {
              cle: 'menage',
              titre: 'Ménage',
              principale: true,
              rendre: (suite) => (
                <>
                  <a href={`${LISTE}/${suite.id}`}>{suite.menage || 'Nom inconnu'}</a>
                  <small> {suite.adresse}</small>
                </>
              ),
            },
            { cle: 'quoi', titre: 'Avis ou recommandation', rendre: (suite) => ecrireQuoi(requete, suite) },
            ...(filtre.vue === 'toutes'
              ? [
                  {
                    cle: 'qui',
                    titre: 'Destinataire',
                    rendre: (suite: Suite) => suite.organisme_nom ?? suite.destinataire,
                  },
                ]
              : []),
            { cle: 'seance', titre: 'Séance', rendre: ({ seance_le }) => formatDate(seance_le) },
            {
              cle: 'etat',
              titre: 'Retour',
              rendre: (suite) => (
                <>
                  <EtatSuite suite={suite} jour={session.jour} />
                  {suit && suite.injoignable && <small>Relancé sans joindre personne : à transmettre à la main</small>}
                </>
              ),
            },
          ]}
          apres={
            pages > 1 ? (
              <Pagination
                libelle="Pages des suites"
                position={`Page ${numero} sur ${pages}`}
                {...(numero > 1 ? { precedents: adresse({ page: String(numero - 1) }) } : {})}
                {...(numero < pages ? { suivants: adresse({ page: String(numero + 1) }) } : {})}
              />
            ) : undefined
          }
        />
      )}
      {suit && suites.length > 0 && (
        <PiedCadre note="L’export contient la liste filtrée, sans les réponses en clair.">
          <BoutonsExport
            quoi={total === 1 ? 'cette suite' : `ces ${formatNombre(total)} suites`}
            lien={(format) => adresse({ page: undefined }, `${LISTE}/export.${format}`)}
          />
        </PiedCadre>
      )}
    </Cadre>,
  )
}

interface SaisieReponse {
  readonly reponse: string
  readonly texte: string
  /** What the return of some recommendations also says, as typed. */
  readonly precisions: Readonly<Record<string, string>>
  readonly vu: string
  readonly erreur?: string | undefined
}

interface Precision {
  readonly nom: string
  readonly libelle: string
  readonly options?: Readonly<Record<string, string>>
  readonly jour?: true
}

/** A measure of contact says who paid, who ran it and what came of it (COM-13); the fund's commission, when it sat and what it decided (COM-18). */
const PRECISIONS: Readonly<Record<'avdl' | 'cud', readonly Precision[]>> = {
  avdl: [
    {
      nom: 'financement',
      libelle: 'Financement',
      options: { accorde: 'accordé', refuse: 'refusé', attente: 'en attente' },
    },
    { nom: 'operateur', libelle: 'Opérateur' },
    { nom: 'effet', libelle: 'Effet de la mesure' },
  ],
  cud: [
    { nom: 'cud_le', libelle: 'Date de la CUD', jour: true },
    {
      nom: 'cud_decision',
      libelle: 'Décision de la CUD',
      options: { accord: 'accord', refus: 'refus', ajournement: 'ajournement' },
    },
  ],
}

const precisionsDe = ({ suivi }: Pick<Suite, 'suivi'>): readonly Precision[] =>
  suivi === null ? [] : PRECISIONS[suivi]

/** The return in one text: what was asked apart, then the words. */
function composerRetour(suite: Suite, { precisions, texte }: SaisieReponse): string {
  const dits = precisionsDe(suite).flatMap(({ nom, libelle, options, jour }) => {
    const typee = precisions[nom] ?? ''
    const le = jour ? lireJourSaisi(typee) : null
    const valeur = options ? (options[typee] ?? '') : le ? formatDate(le) : typee
    return valeur === '' ? [] : [`${libelle} : ${valeur}`]
  })
  return [dits.join(' ; '), texte].filter(Boolean).join('. ')
}

const LIBELLES_ACTES = {
  notifie: 'Notifié',
  relance: 'Relance',
  reponse: 'Retour',
  remplace: 'Remplacé par un relevé rectifié',
} as const

async function PageSuite(requete: Requete, saisie: SaisieReponse | null): Promise<ReactElement> {
  const { session, connecte, acteur } = requete
  const { suite, actes } = await lireSuite(session, requete.parametres.suite ?? '')
  const adresse = `${LISTE}/${suite.id}`
  const jeton = connecte.jetonFormulaire
  const enNom = suite.organisme !== acteur.organisme
  return (
    <Cadre
      requete={requete}
      titre={suite.menage || 'Suite de la commission'}
      courante="suites"
      chapo={ecrireQuoi(requete, suite)}
      fil={[{ libelle: 'Suites de la commission', href: LISTE }, { libelle: suite.menage || 'Suite' }]}
      erreur={saisie?.erreur !== undefined}
    >
      <Pile>
        {saisie?.erreur !== undefined && (
          <ResumeErreurs
            titre="Le retour n’a pas été enregistré"
            erreurs={[{ nom: 'texte', message: saisie.erreur }]}
          />
        )}
        <ListeDefinition
          lignes={[
            { terme: 'Adresse', valeur: suite.adresse || null },
            { terme: 'Destinataire', valeur: suite.organisme_nom ?? suite.destinataire },
            { terme: 'Commission', valeur: `${suite.commission}, ${formatDate(suite.seance_le)}` },
            { terme: 'Notifié', valeur: formatInstant(suite.notifie_a) },
            { terme: 'Retour', valeur: <EtatSuite suite={suite} jour={session.jour} /> },
            {
              terme: 'Dossier',
              valeur: suite.reference ? <a href={`/dossiers/${suite.reference}`}>{suite.reference}</a> : null,
            },
          ]}
        />
        {suite.genre === 'expertise' && (
          <Message>
            <p>
              Une expertise est un éclairage : la décision sur le concours reste au préfet, qui ne doit pas de retour.
            </p>
          </Message>
        )}
        {peutRepondre(session, suite) && (
          <Carte titre={suite.etat === 'attendu' ? 'Donner le retour' : 'Corriger le retour'} id="retour">
            {enNom && <p className="note">Au nom de {suite.organisme_nom ?? suite.destinataire}.</p>}
            <Formulaire
              action={`${adresse}/repondre`}
              jeton={jeton}
              champs={{ vu: saisie?.vu ?? String(suite.version) }}
            >
              <BoutonsRadio
                nom="reponse"
                libelle="Ce qui a été fait"
                options={Object.entries(reponsesSuite).map(([valeur, libelle]) => ({ valeur, libelle }))}
                valeur={saisie?.reponse ?? ''}
              />
              {precisionsDe(suite).map(({ nom, libelle, options, jour }) =>
                options ? (
                  <Selection
                    key={nom}
                    nom={nom}
                    libelle={libelle}
                    libre
                    vide="Pas encore connu"
                    valeur={saisie?.precisions[nom] || undefined}
                    options={Object.entries(options).map(([valeur, dit]) => ({ valeur, libelle: dit }))}
                  />
                ) : jour ? (
                  <ChampDate
                    key={nom}
                    nom={nom}
                    libelle={libelle}
                    facultatif
                    valeur={saisie?.precisions[nom] || undefined}
                  />
                ) : (
                  <Champ
                    key={nom}
                    nom={nom}
                    libelle={libelle}
                    facultatif
                    longueurMax={200}
                    valeur={saisie?.precisions[nom]}
                  />
                ),
              )}
              <Champ
                nom="texte"
                libelle="Précision, et pourquoi si ce n’est pas suivi"
                lignes={3}
                longueurMax={1000}
                valeur={saisie?.texte ?? ''}
                erreur={saisie?.erreur}
                facultatif
                aide="Lue par le secrétariat de la commission. Pas de donnée de santé."
              />
              <Actions>
                <Bouton genre="principal">Enregistrer le retour</Bouton>
              </Actions>
            </Formulaire>
          </Carte>
        )}
        {aLeDroit(acteur, 'suite.suivre') && suite.etat === 'attendu' && suite.organisme !== null && (
          <BoutonPost action={`${adresse}/relancer`} jeton={jeton} icone="envoi">
            Relancer le destinataire
          </BoutonPost>
        )}
        <Carte titre="Ce qui s’est passé" id="histoire">
          <ListeSobre
            lignes={actes.map(({ id, acte, etat, texte, auteur, a, joints }) => ({
              cle: id,
              titre: [LIBELLES_ACTES[acte], etat ? etatsPrononce[etat].toLocaleLowerCase('fr') : '']
                .filter(Boolean)
                .join(' : '),
              note: [
                `${auteur}, ${formatInstant(a)}`,
                joints === 0 ? 'Personne n’est joignable dans Amont : à transmettre à la main' : '',
                texte,
              ]
                .filter(Boolean)
                .join('. '),
            }))}
          />
        </Carte>
      </Pile>
    </Cadre>
  )
}

/** GET /suites/:suite. */
export const montrerSuite = async (requete: Requete): Promise<Reponse> => page(await PageSuite(requete, null))

/** POST /suites/:suite/repondre. */
export async function repondre(requete: Requete): Promise<Reponse> {
  const { session } = requete
  const { suite } = await lireSuite(session, requete.parametres.suite ?? '')
  const saisie: SaisieReponse = {
    reponse: champ(requete, 'reponse'),
    texte: champ(requete, 'texte'),
    precisions: Object.fromEntries(precisionsDe(suite).map(({ nom }) => [nom, champ(requete, nom)])),
    vu: champ(requete, 'vu'),
  }
  const revenir = async (erreur: string) => page(await PageSuite(requete, { ...saisie, erreur }), 422)
  if (!Object.hasOwn(reponsesSuite, saisie.reponse)) return revenir('Dire si c’est suivi, en partie, ou non.')
  const texte = composerRetour(suite, saisie)
  const resultat = await ouConflit(requete, 'suite.repondre', () =>
    tenter(
      session,
      'suite.repondre',
      () => 'texte',
      () =>
        repondreSuite(session, {
          id: suite.id,
          reponse: saisie.reponse as ReponseSuite,
          texte,
          vu: Number(saisie.vu) || 0,
        }),
    ),
  )
  if (resultat instanceof Error) return montrerConflit(requete, saisie, texte, resultat.message)
  if (resultat) return revenir(resultat.message)
  return redirection(`${LISTE}/${suite.id}`, { texte: 'Retour enregistré. Le secrétariat le lit.' })
}

async function montrerConflit(
  requete: Requete,
  { reponse, texte: seul, precisions }: SaisieReponse,
  texte: string,
  message: string,
): Promise<Reponse> {
  const { suite, actes } = await lireSuite(requete.session, requete.parametres.suite ?? '')
  const dernier = actes.findLast(({ acte }) => acte === 'reponse')
  const mot = (dite: string) => (reponsesSuite as Readonly<Record<string, string>>)[dite] ?? etatsPrononce[suite.etat]
  const adresse = `${LISTE}/${suite.id}`
  return pageConflit(requete, {
    message,
    quoi: `Retour sur ${suite.menage}`,
    courante: 'suites',
    fil: [{ libelle: 'Suites de la commission', href: LISTE }, { libelle: 'Deux versions' }],
    versions: [
      {
        cle: 'reponse',
        libelle: 'Retour',
        saisie: mot(reponse),
        enregistree: mot(suite.etat),
        qui: dernier?.auteur,
      },
      { cle: 'texte', libelle: 'Précision', saisie: texte || null, enregistree: dernier?.texte || null },
    ],
    conseil: 'Le retour enregistré reste lisible dans l’histoire de cette suite, quel que soit le choix.',
    garder: { libelle: 'Garder ce qui est enregistré', href: adresse },
    remplacer: peutRepondre(requete.session, suite)
      ? {
          libelle: 'Remplacer par ma saisie',
          action: `${adresse}/repondre`,
          champs: { reponse, texte: seul, ...precisions, vu: String(suite.version) },
        }
      : null,
  })
}

/** POST /suites/:suite/relancer. */
export async function relancer(requete: Requete): Promise<Reponse> {
  const id = requete.parametres.suite ?? ''
  try {
    const joints = await relancerSuite(requete.session, id)
    return redirection(
      `${LISTE}/${id}`,
      joints > 0
        ? { texte: 'Destinataire relancé : un courriel sans contenu part aujourd’hui.' }
        : {
            texte: 'Relance notée, mais personne n’est joignable dans Amont : à transmettre à la main.',
            ton: 'bientot',
          },
    )
  } catch (erreur) {
    if (!(erreur instanceof Conflit)) throw erreur
    return redirection(`${LISTE}/${id}`, { texte: erreur.message, ton: 'bientot' })
  }
}

/** GET /suites/export.xlsx, .ods, .csv. */
export const exporterSuites =
  (format: FormatExport) =>
  async (requete: Requete): Promise<Reponse> => {
    const { session } = requete
    const { filtre } = lireVue(requete)
    const { suites } = await listerSuites(session, filtre, { limite: LIMITE_EXPORT })
    session.consigner({
      action: 'suites.exporter',
      dossiers: [...new Set(suites.map(({ dossier }) => dossier))],
      details: { format, nombre: suites.length },
    })
    return sortir(requete, {
      nombre: suites.length,
      filtre: direDemande(requete.recherche),
      construire: (marque) =>
        ecrireFichier(
          'suites-commission',
          {
            name: 'Suites',
            mark: marquer(marque),
            header: [
              'Dossier',
              'Ménage',
              'Avis ou recommandation',
              'Destinataire',
              'Séance',
              'Notifié',
              'Retour attendu',
              'État',
              'Répondu',
              'Relances',
            ],
            rows: suites.map((suite) => [
              text(suite.reference ?? ''),
              text(suite.menage),
              text(ecrireQuoi(requete, suite)),
              text(suite.organisme_nom ?? suite.destinataire),
              date(suite.seance_le),
              date(parisDay(suite.notifie_a)),
              suite.retour_avant ? date(suite.retour_avant) : text(''),
              text(etatsPrononce[suite.etat]),
              suite.repondu_a ? date(parisDay(suite.repondu_a)) : text(''),
              text(String(suite.relances)),
            ]),
          },
          format,
        ),
    })
  }
