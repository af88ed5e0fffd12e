import type { ReactElement } from 'react'
import { type CompteHabilite, listerComptesHabilites } from '#acces'
import { nommerDossiers } from '#dossiers'
import { listerAccesExceptionnels } from '#participations'
import { parisDay } from '#socle/time'
import { formatDate, formatInstant, formatNombre, pluriel } from '#socle/typography'
import {
  type Alerte,
  type EtatAlerte,
  etatsAlerte,
  lireAlerte,
  listerAlertes,
  type RegleAcces,
  traiterAlerte,
} from '#vigilance'
import { type Erreur, messageDe, tenter } from '../accompagner/saisie.ts'
import { Cadre } from '../cadre.tsx'
import {
  Actions,
  Bouton,
  Carte,
  Champ,
  type Colonne,
  EtatVide,
  Etiquette,
  Filtres,
  Formulaire,
  ListeDefinition,
  Message,
  type Onglet,
  Pagination,
  Pile,
  ResumeErreurs,
  Selection,
  Tableau,
} from '../composants/index.ts'
import { champ, page, type Reponse, type Requete, redirection } from '../route.ts'
import { avecNavigation } from '../tableaux/lecture.ts'
import { adresseJournal, nommer } from './filtre.ts'
import { decrireAlerte, libellesEtat, libellesRegle } from './libelles.ts'

interface Contexte {
  readonly comptes: ReadonlyMap<string, CompteHabilite>
  readonly references: ReadonlyMap<string, string>
  /** Reasons written for exceptional accesses, on the page of one alert. */
  readonly motifs?: readonly string[]
}

async function lireContexte({ session }: Requete, alertes: readonly Alerte[]): Promise<Contexte> {
  const dossiers = alertes.flatMap(({ dossier, mesure }) => [...(dossier ? [dossier] : []), ...(mesure.dossiers ?? [])])
  return {
    comptes: new Map((await listerComptesHabilites(session)).map((compte) => [compte.id, compte])),
    references: await nommerDossiers(session, dossiers),
  }
}

const estEtat = (texte: string | undefined): texte is EtatAlerte =>
  (etatsAlerte as readonly string[]).includes(texte ?? '')
const estRegle = (texte: string | undefined): texte is RegleAcces => texte !== undefined && texte in libellesRegle

function lireSuite(texte: string | undefined): { jour: string; id: string } | null {
  const [, jour = '', id = ''] = /^(\d{4}-\d{2}-\d{2})_([0-9a-f-]{36})$/.exec(texte ?? '') ?? []
  return id === '' ? null : { jour, id }
}

/** GET /alertes: those nobody has looked at first; the others by what was made of them. */
export async function listerLesAlertes(requete: Requete): Promise<Reponse> {
  const { session, recherche } = requete
  const etat = recherche.etat === 'toutes' ? undefined : estEtat(recherche.etat) ? recherche.etat : 'nouvelle'
  const regle = estRegle(recherche.regle) ? recherche.regle : undefined
  const resultats = await listerAlertes(session, { etat, regle }, { apres: lireSuite(recherche.apres) })
  const contexte = await lireContexte(requete, resultats.alertes)
  return page(<PageAlertes requete={requete} etat={etat} regle={regle} resultats={resultats} contexte={contexte} />)
}

const adresse = (etat: EtatAlerte | undefined, regle: RegleAcces | undefined, apres?: string): string =>
  `/alertes?${new URLSearchParams({ etat: etat ?? 'toutes', ...(regle ? { regle } : {}), ...(apres ? { apres } : {}) })}`

function colonnes({ comptes, references }: Contexte): readonly Colonne<Alerte>[] {
  return [
    {
      cle: 'quoi',
      titre: 'Alerte',
      principale: true,
      rendre: (alerte) => (
        <>
          <a href={`/alertes/${alerte.id}`}>{libellesRegle[alerte.regle]}</a>
          <small>{decrireAlerte(alerte)}</small>
        </>
      ),
    },
    { cle: 'jour', titre: 'Jour', rendre: ({ jour }) => formatDate(jour) },
    {
      cle: 'qui',
      titre: 'Compte',
      rendre: ({ compte }) => {
        const connu = comptes.get(compte ?? '')
        return (
          connu && (
            <>
              <span translate="no">{nommer(connu)}</span>
              <small>{connu.organismeNom}</small>
            </>
          )
        )
      },
    },
    { cle: 'dossier', titre: 'Dossier', rendre: ({ dossier }) => references.get(dossier ?? '') ?? '' },
    {
      cle: 'etat',
      titre: 'État',
      rendre: ({ etat }) => <Etiquette ton={libellesEtat[etat].ton}>{libellesEtat[etat].libelle}</Etiquette>,
    },
  ]
}

function PageAlertes({
  requete,
  etat,
  regle,
  resultats,
  contexte,
}: {
  requete: Requete
  etat: EtatAlerte | undefined
  regle: RegleAcces | undefined
  resultats: Awaited<ReturnType<typeof listerAlertes>>
  contexte: Contexte
}): ReactElement {
  const aExaminer = requete.navigation.alertes
  const { alertes, total, suite } = resultats
  const onglets: Onglet[] = [
    ...etatsAlerte.map((un) => ({
      href: adresse(un, regle),
      libelle: libellesEtat[un].libelle,
      courant: un === etat,
      ...(un === 'nouvelle' ? { compte: formatNombre(aExaminer) } : {}),
    })),
    { href: adresse(undefined, regle), libelle: 'Toutes', courant: etat === undefined },
  ]
  return (
    <Cadre
      requete={requete}
      courante="alertes"
      titre={aExaminer === 0 ? 'Aucune alerte à examiner' : `${pluriel(aExaminer, 'alerte', 'alertes')} à examiner`}
      chapo="Des consultations qui appellent un regard. Une alerte n’accuse personne : elle se justifie en une phrase, ou elle a une suite."
      large
      vues={{ libelle: 'États', onglets }}
    >
      <Filtres
        action="/alertes"
        libelle="Filtrer les alertes"
        resultat={pluriel(total, 'alerte', 'alertes')}
        champs={{ etat: etat ?? 'toutes' }}
        actifs={regle ? [{ libelle: libellesRegle[regle], retirer: adresse(etat, undefined) }] : []}
      >
        <Selection
          nom="regle"
          libelle="Genre"
          libre
          vide="Tous les genres"
          valeur={regle}
          options={Object.entries(libellesRegle).map(([valeur, libelle]) => ({ valeur, libelle }))}
        />
      </Filtres>
      {alertes.length === 0 ? (
        <EtatVide titre="Rien ici">
          {etat === 'nouvelle'
            ? 'Les consultations de la veille et du jour sont observées chaque heure.'
            : 'Aucune alerte n’est dans cet état.'}
        </EtatVide>
      ) : (
        <Tableau<Alerte>
          legende="Alertes, la plus récente d’abord"
          colonnes={colonnes(contexte)}
          lignes={alertes}
          cle={({ id }) => id}
          apres={
            (suite || requete.recherche.apres !== undefined) && (
              <Pagination
                libelle="Pages des alertes"
                position={`${formatNombre(alertes.length)} sur ${formatNombre(total)}`}
                precedents={requete.recherche.apres === undefined ? undefined : adresse(etat, regle)}
                suivants={suite ? adresse(etat, regle, `${suite.jour}_${suite.id}`) : undefined}
              />
            )
          }
        />
      )}
    </Cadre>
  )
}

interface Saisie {
  readonly motif: string
  readonly erreurs: readonly Erreur[]
}

/** GET /alertes/:alerte. */
export async function montrerAlerte(requete: Requete): Promise<Reponse> {
  const alerte = await lireAlerte(requete.session, requete.parametres.alerte ?? '')
  const contexte = await lireContexte(requete, [alerte])
  const saisie = { motif: alerte.motif ?? '', erreurs: [] }
  const motifs = await lireMotifs(requete, alerte)
  return page(<PageAlerte requete={requete} alerte={alerte} contexte={{ ...contexte, motifs }} saisie={saisie} />)
}

/** What the person wrote when they opened this dossier by exception, on the day of the alert. */
async function lireMotifs({ session }: Requete, { regle, dossier, compte, jour }: Alerte): Promise<string[]> {
  if (regle !== 'exceptionnel' || dossier === null) return []
  const acces = await listerAccesExceptionnels(session, dossier)
  return acces
    .filter((un) => un.compte === compte && parisDay(un.ouvert_a).equals(jour))
    .map(({ motif, ouvert_a }) => `${formatInstant(ouvert_a)} : ${motif}`)
}

function Situation({ alerte, contexte }: { alerte: Alerte; contexte: Contexte }): ReactElement {
  const { comptes, references } = contexte
  const { mesure } = alerte
  const compte = comptes.get(alerte.compte ?? '')
  const par = comptes.get(alerte.examinee_par ?? '')
  const dossiers = [...(alerte.dossier ? [alerte.dossier] : []), ...(mesure.dossiers ?? [])].flatMap(
    (id) => references.get(id) ?? [],
  )
  const jour = alerte.jour.toString()
  return (
    <ListeDefinition
      lignes={[
        { terme: 'Ce qui a été vu', valeur: decrireAlerte(alerte) },
        { terme: 'Jour', valeur: formatDate(alerte.jour) },
        {
          terme: 'Compte',
          valeur: compte && (
            <a href={adresseJournal({ compte: compte.id, du: jour, au: jour })} translate="no">
              {nommer(compte)}
            </a>
          ),
          note: compte && `${compte.organismeNom}. Le lien montre tout ce que ce compte a fait ce jour-là.`,
        },
        {
          terme: dossiers.length > 1 ? 'Dossiers' : 'Dossier',
          valeur:
            dossiers.length === 0
              ? null
              : dossiers.map((reference, rang) => (
                  <span key={reference}>
                    {rang > 0 && ', '}
                    <a className="nb" href={`/journal/dossiers/${reference}`}>
                      {reference}
                    </a>
                  </span>
                )),
          note: 'Qui a consulté ce dossier, sans son contenu.',
        },
        {
          terme: 'Seuil',
          valeur: mesure.seuil === undefined ? null : `au-delà de ${formatNombre(mesure.seuil)}`,
          note:
            mesure.seuil_du &&
            `Réglage du ${formatDate(mesure.seuil_du)}, dans donnees/acces/${alerte.regle === 'quota' || alerte.regle === 'export' ? 'limites' : 'alertes'}.yaml.`,
        },
        {
          terme: 'État',
          valeur: <Etiquette ton={libellesEtat[alerte.etat].ton}>{libellesEtat[alerte.etat].libelle}</Etiquette>,
          note:
            alerte.examinee_a &&
            `Par ${par ? nommer(par) : 'un compte inconnu'}, le ${formatInstant(alerte.examinee_a)}.`,
        },
        {
          terme: 'Écrit par la personne',
          valeur: contexte.motifs && contexte.motifs.length > 0 ? contexte.motifs.join(' ; ') : null,
        },
        { terme: 'Motif', valeur: alerte.motif },
      ]}
    />
  )
}

function PageAlerte({
  requete,
  alerte,
  contexte,
  saisie,
}: {
  requete: Requete
  alerte: Alerte
  contexte: Contexte
  saisie: Saisie
}): ReactElement {
  const { erreurs } = saisie
  return (
    <Cadre
      requete={requete}
      courante="alertes"
      titre={libellesRegle[alerte.regle]}
      erreur={erreurs.length > 0}
      fil={[{ libelle: 'Alertes', href: '/alertes' }, { libelle: libellesRegle[alerte.regle] }]}
    >
      <ResumeErreurs erreurs={erreurs} titre="L’alerte n’a pas changé" />
      <Pile>
        {alerte.regle === 'integrite' && (
          <Message ton="retard">
            <p>
              <b>Le journal ne se vérifie plus.</b> Prévenir qui exploite la base, et ne rien y changer avant d’en avoir
              une copie. La commande « amont journal verifier » donne le détail.
            </p>
            {alerte.mesure.fautes && (
              <ul>
                {alerte.mesure.fautes.map((faute) => (
                  <li key={faute}>{faute}</li>
                ))}
              </ul>
            )}
          </Message>
        )}
        {alerte.regle === 'quota' && alerte.etat !== 'justifiee' && (
          <Message>
            <p>
              Cette personne ne peut plus consulter d’autres dossiers jusqu’à minuit.{' '}
              <b>Justifier l’alerte lève la limite</b> pour elle, pour cette journée seulement.
            </p>
          </Message>
        )}
        <Carte titre="Ce que montre le journal">
          <Situation alerte={alerte} contexte={contexte} />
        </Carte>
        <Carte titre="Ce que vous en faites">
          <Formulaire action={`/alertes/${alerte.id}`} jeton={requete.connecte.jetonFormulaire}>
            <Champ
              nom="motif"
              libelle="Motif"
              lignes={3}
              longueurMax={500}
              facultatif
              aide="Demandé pour justifier ou donner une suite : ce qui explique la consultation, ou ce qui est fait. Ne rien écrire du ménage."
              valeur={saisie.motif}
              erreur={messageDe(erreurs, 'motif')}
            />
            <Actions>
              <Bouton genre="principal" nom="etat" valeur="justifiee">
                Justifier
              </Bouton>
              <Bouton nom="etat" valeur="retenue">
                Donner une suite
              </Bouton>
              {alerte.etat === 'nouvelle' && (
                <Bouton nom="etat" valeur="vue">
                  Marquer comme vue
                </Bouton>
              )}
              <Bouton genre="tertiaire" href="/alertes">
                Revenir aux alertes
              </Bouton>
            </Actions>
          </Formulaire>
        </Carte>
      </Pile>
    </Cadre>
  )
}

const FAIT = {
  nouvelle: 'Alerte remise à examiner.',
  vue: 'Alerte marquée comme vue.',
  justifiee: 'Alerte justifiée.',
  retenue: 'Suite enregistrée.',
} as const satisfies Record<EtatAlerte, string>

/** POST /alertes/:alerte. */
export async function examinerAlerte(requete: Requete): Promise<Reponse> {
  const { session } = requete
  const id = requete.parametres.alerte ?? ''
  const avant = await lireAlerte(session, id)
  const motif = champ(requete, 'motif')
  const voulu = champ(requete, 'etat')
  const etat = estEtat(voulu) ? voulu : 'vue'
  const erreur = await tenter(
    session,
    'alerte.traiter',
    () => 'motif',
    () => traiterAlerte(session, id, etat, motif),
  )
  if (erreur) {
    const contexte = await lireContexte(requete, [avant])
    const saisie = { motif, erreurs: [erreur] }
    const connecte = await avecNavigation(requete)
    const motifs = await lireMotifs(requete, avant)
    return page(
      <PageAlerte requete={connecte} alerte={avant} contexte={{ ...contexte, motifs }} saisie={saisie} />,
      422,
    )
  }
  return redirection('/alertes', {
    texte: FAIT[etat],
    defaire: {
      action: `/alertes/${id}`,
      libelle: 'Défaire',
      champs: { etat: avant.etat, motif: avant.motif ?? '' },
    },
  })
}
