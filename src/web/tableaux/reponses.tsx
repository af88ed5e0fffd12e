import type { ReactElement } from 'react'
import { type Application, acteurSysteme, ouvrirSession } from '#acces'
import {
  calculerDiagnostic,
  compterSansService,
  type LigneListe,
  type ReponseLigne,
  repartirDossiers,
  repondreListe,
  versionLigne,
} from '#repartition'
import { Conflit, Refus } from '#socle/errors'
import { formatInstant, formatNombre, pluriel } from '#socle/typography'
import { Cadre } from '../cadre.tsx'
import {
  Actions,
  Bouton,
  ChampsCaches,
  type Colonne,
  Compteurs,
  EtatVide,
  Message,
  Pile,
  PuceEcheance,
  ResumeErreurs,
  Section,
  Tableau,
} from '../composants/index.ts'
import { champsVus, lireVu, ouConflit, pageConflit } from '../conflit.tsx'
import { champ, page, type Reponse, type Requete, redirection } from '../route.ts'
import {
  type AEnvoyer,
  avecNavigation,
  avecVus,
  champsVusRecus,
  estAttendue,
  estRepondable,
  lireSaisie,
  lireTableau,
  listerAEnvoyer,
  type Saisie,
  saisieEnregistree,
  TAILLE_PAGE,
  type TableauLu,
} from './lecture.ts'
import { lireReponses } from './lecture-reponses.ts'
import { estReponse, etapeLongue, nommerListe, reponsesCourtes } from './libelles.ts'
import { ChampMotif, idMotif, MotifsCourants } from './lignes.tsx'
import { lireDebut, PageTableau } from './tableau.tsx'

/**
 * POST /tableaux/:id/reponses. The button says what comes: fill the empty lines, review, go back, or send. Only « envoyer » writes; everything typed is shown
 * again in every other case.
 */
export async function repondre(requete: Requete): Promise<Reponse> {
  const tableau = await lireTableau(requete)
  const { lignes } = tableau
  const debut = lireDebut(champ(requete, 'depuis'), lignes)
  const saisie = lireSaisie(requete, lignes)
  const vus = champsVusRecus(requete, lignes)
  const suite = champ(requete, 'suite')
  if (suite === 'remplir') return remplir(requete, tableau, saisie, debut)
  const aEnvoyer = avecVus(requete, listerAEnvoyer(lignes, saisie))
  if (suite === 'corriger')
    return page(<PageTableau requete={await avecNavigation(requete)} tableau={tableau} etat={{ saisie, debut, vus }} />)
  if (aEnvoyer.length === 0) {
    if (memesReponses(requete, lignes))
      return redirection(`/tableaux/${tableau.liste.id}`, {
        texte: 'Ces réponses sont déjà enregistrées : quelqu’un de votre service a répondu la même chose.',
        ton: 'info',
      })
    const refus = 'Aucune réponse nouvelle : choisir une réponse pour au moins un ménage.'
    return page(
      <PageTableau requete={await avecNavigation(requete)} tableau={tableau} etat={{ saisie, debut, refus, vus }} />,
      422,
    )
  }
  if (aEnvoyer.some(estDepassee)) return comparer(requete, tableau, { aEnvoyer, debut })
  if (suite !== 'envoyer')
    return page(
      <PageRelecture requete={await avecNavigation(requete)} tableau={tableau} relecture={{ aEnvoyer, debut }} />,
    )
  return envoyer(requete, tableau, { aEnvoyer, debut })
}

/** The line is no longer what its reader saw. */
const estDepassee = ({ ligne, vu }: AEnvoyer): boolean => vu !== versionLigne(ligne)

/** What was typed is what a colleague has just sent: there is nothing left to do. */
const memesReponses = (requete: Requete, lignes: readonly LigneListe[]): boolean =>
  lignes.some((ligne) => {
    const typed = champ(requete, `r-${ligne.rang}`)
    return typed !== '' && typed === ligne.reponse && lireVu(requete, String(ligne.rang)) !== undefined
      ? lireVu(requete, String(ligne.rang)) !== versionLigne(ligne)
      : false
  })

/** Answers as the fields of a form, with the marks they were read under. */
const enChamps = (aEnvoyer: readonly AEnvoyer[], debut: number): Record<string, string> => ({
  depuis: String(debut),
  ...Object.fromEntries(
    aEnvoyer.flatMap(({ ligne, reponse, motif }) => [
      [`r-${ligne.rang}`, reponse],
      ...(motif === '' ? [] : [[`m-${ligne.rang}`, motif]]),
    ]),
  ),
  ...champsVus(aEnvoyer.map(({ ligne, vu }) => [String(ligne.rang), vu])),
})

const ecrireReponse = (reponse: string, motif: string | null): string =>
  `${reponsesCourtes[reponse as ReponseLigne]}${motif && reponse === 'pas_pour_nous' ? ` : ${motif}` : ''}`

/** Two people of the service answered the same line: both answers, and which one stays. Answers to the other lines are kept either way. */
function comparer(requete: Requete, tableau: TableauLu, { aEnvoyer, debut }: Relecture): Promise<Reponse> {
  const { liste } = tableau
  const depassees = aEnvoyer.filter(estDepassee)
  const autres = aEnvoyer.filter((envoi) => !estDepassee(envoi))
  const remplacables = depassees.filter(({ ligne }) => estRepondable(ligne))
  const relire = { suite: 'relire' }
  const action = `/tableaux/${liste.id}/reponses`
  const seule = depassees.length === 1
  return pageConflit(requete, {
    message: seule
      ? 'Un ménage auquel vous répondez a changé depuis que la page est ouverte.'
      : `${formatNombre(depassees.length)} ménages auxquels vous répondez ont changé depuis que la page est ouverte.`,
    quoi: `${nommerListe(liste)}, étape « ${etapeLongue(liste.stade)} »`,
    courante: 'repondre',
    fil: [
      { libelle: 'Tableaux hebdomadaires', href: '/tableaux' },
      { libelle: nommerListe(liste), href: `/tableaux/${liste.id}` },
      { libelle: 'Deux réponses' },
    ],
    versions: depassees.map(({ ligne, reponse, motif }) => ({
      cle: String(ligne.rang),
      libelle: `Ligne ${ligne.rang}, ${ligne.instantane.titulaire}`,
      saisie: ecrireReponse(reponse, motif),
      enregistree:
        ligne.reponse !== null
          ? ecrireReponse(ligne.reponse, ligne.motif)
          : ligne.vivante
            ? 'Réponse attendue'
            : 'Plus confié à votre service',
      qui:
        ligne.reponse !== null && ligne.repondu_a !== null
          ? `${ligne.repondu_par ?? 'Votre service'}, le ${formatInstant(ligne.repondu_a)}`
          : undefined,
    })),
    conseil:
      remplacables.length === depassees.length
        ? 'Mettre votre réponse à la place remplace celle de votre collègue, après relecture. L’ancienne reste dans l’historique.'
        : 'Un ménage refusé est déjà passé au rang suivant. Pour le prendre, revenir au tableau et reprendre d’abord la réponse « Pas pour nous » : c’est possible tant que le service suivant n’a pas répondu.',
    garder:
      autres.length > 0
        ? {
            libelle: `Garder ce qui est enregistré, et relire ${autres.length === 1 ? 'l’autre réponse' : `les ${formatNombre(autres.length)} autres`}`,
            action,
            champs: { ...enChamps(autres, debut), ...relire },
          }
        : { libelle: 'Garder ce qui est enregistré', href: `/tableaux/${liste.id}` },
    remplacer:
      remplacables.length === 0
        ? null
        : {
            libelle: remplacables.length === 1 ? 'Mettre ma réponse à la place' : 'Mettre mes réponses à la place',
            action,
            champs: {
              ...enChamps(
                [...autres, ...remplacables.map((envoi) => ({ ...envoi, vu: versionLigne(envoi.ligne) }))],
                debut,
              ),
              ...relire,
            },
          },
  })
}

async function remplir(requete: Requete, tableau: TableauLu, saisie: Saisie, debut: number): Promise<Reponse> {
  const choisie = champ(requete, 'lot')
  const connecte = await avecNavigation(requete)
  const vus = champsVusRecus(requete, tableau.lignes)
  if (!estReponse(choisie)) {
    const refus = 'Choisir d’abord la réponse à mettre sur les lignes vides.'
    return page(<PageTableau requete={connecte} tableau={tableau} etat={{ saisie, debut, refus, vus }} />, 422)
  }
  const remplie = new Map(saisie)
  let nombre = 0
  for (const ligne of tableau.lignes.slice(debut - 1, debut - 1 + TAILLE_PAGE)) {
    const donnee = remplie.get(ligne.rang)
    if (!estAttendue(ligne) || donnee?.reponse) continue
    remplie.set(ligne.rang, { reponse: choisie, motif: donnee?.motif ?? '' })
    nombre += 1
  }
  const annonce = `${pluriel(nombre, 'ligne remplie', 'lignes remplies')} avec « ${reponsesCourtes[choisie]} ». Rien n’est encore parti.`
  return page(
    <PageTableau requete={connecte} tableau={tableau} etat={{ saisie: remplie, debut, annonce, lot: choisie, vus }} />,
  )
}

interface Relecture {
  readonly aEnvoyer: readonly AEnvoyer[]
  readonly debut: number
  readonly refus?: string | undefined
}

/** What the answers did; `seuls`: households refused that no other rank is left to be asked for. */
function ecrireEnvoi(
  {
    prises,
    refusees,
    confirmees,
  }: {
    prises: number
    refusees: number
    confirmees: number
  },
  seuls = 0,
): string {
  const passes = refusees - seuls
  const parts = [
    prises > 0 ? `${pluriel(prises, 'ménage pris', 'ménages pris')} en charge` : null,
    passes > 0 ? `${pluriel(passes, 'ménage passé', 'ménages passés')} au rang suivant` : null,
    confirmees > 0 ? `${pluriel(confirmees, 'réponse confirmée', 'réponses confirmées')}` : null,
    seuls > 0
      ? `${pluriel(seuls, 'ménage', 'ménages')} sans autre service à solliciter, que le secrétariat voit parmi ceux que personne n’a pris`
      : null,
  ].filter((part) => part !== null)
  return `Réponses envoyées : ${parts.join(', ')}.`
}

/**
 * Asks the next rank at once: another service's business, so the system does it, after the refusal is committed. A failure here is not the person's: the job queued
 * with the refusal does the same a moment later. Returns how many households have no service left.
 */
async function passerAuSuivant(application: Application, dept: string, dossiers: readonly string[]): Promise<number> {
  if (dossiers.length === 0) return 0
  return ouvrirSession(application, acteurSysteme(dept, 'repartir'), 'dossier.reaffecter', async (session) => {
    await repartirDossiers(session, dossiers)
    return compterSansService(session, dossiers)
  }).catch(() => 0)
}

async function envoyer(requete: Requete, tableau: TableauLu, relecture: Relecture): Promise<Reponse> {
  const { session, application } = requete
  const { liste } = tableau
  if (relecture.aEnvoyer.some(({ reponse, motif }) => reponse === 'pas_pour_nous' && motif === '')) {
    return page(
      <PageRelecture requete={await avecNavigation(requete)} tableau={tableau} relecture={relecture} exiger />,
      422,
    )
  }
  try {
    const bilan = await ouConflit(requete, 'liste.repondre', () =>
      repondreListe(
        session,
        liste.id,
        relecture.aEnvoyer.map(({ ligne, reponse, motif, vu }) => ({
          rang: ligne.rang,
          reponse,
          vu,
          ...(motif === '' ? {} : { motif }),
        })),
      ),
    )
    if (bilan instanceof Conflit) {
      // Between the reading of this very request and the lock somebody answered: read again, then compare.
      const relu = await lireTableau(requete)
      const parRang = new Map(relu.lignes.map((ligne) => [ligne.rang, ligne]))
      const aEnvoyer = relecture.aEnvoyer.map((envoi) => ({
        ...envoi,
        ligne: parRang.get(envoi.ligne.rang) ?? envoi.ligne,
      }))
      return comparer(requete, relu, { ...relecture, aEnvoyer })
    }
    const message = {
      texte: ecrireEnvoi(bilan),
      defaire: {
        action: `/tableaux/${liste.id}/reprendre`,
        libelle: relecture.aEnvoyer.length === 1 ? 'Reprendre cette réponse' : 'Reprendre ces réponses',
        champs: { envoi: bilan.envoi },
      },
    }
    return {
      genre: 'redirection',
      vers: relecture.debut > 1 ? `/tableaux/${liste.id}?depuis=${relecture.debut}` : `/tableaux/${liste.id}`,
      message,
      // Said once the next rank is asked: only then is it known whether one was left.
      apres: async () => {
        message.texte = ecrireEnvoi(bilan, await passerAuSuivant(application, session.dept, bilan.dossiersRefuses))
      },
    }
  } catch (erreur) {
    if (!(erreur instanceof Refus)) throw erreur
    return page(
      <PageRelecture
        requete={await avecNavigation(requete)}
        tableau={tableau}
        relecture={{ ...relecture, refus: erreur.message }}
      />,
      erreur.statut,
    )
  }
}

/** POST /tableaux/:id/fichier: answers typed in the exported spreadsheet, to review (INT-12). */
export async function lireFichierReponses(requete: Requete): Promise<Reponse> {
  const tableau = await lireTableau(requete)
  const connecte = await avecNavigation(requete)
  const fichier = requete.fichiers[0]
  const refuser = (refus: string) =>
    page(
      <PageTableau
        requete={connecte}
        tableau={tableau}
        etat={{ saisie: saisieEnregistree(tableau.lignes), debut: 1, refus }}
      />,
      422,
    )
  if (!fichier || fichier.octets.length === 0) return refuser('Choisir le fichier à lire.')
  try {
    const { saisie, ignorees } = await lireReponses(fichier.octets, tableau.lignes)
    const aEnvoyer = avecVus(requete, listerAEnvoyer(tableau.lignes, saisie))
    if (aEnvoyer.length === 0) return refuser('Ce fichier ne contient aucune réponse nouvelle pour ce tableau.')
    return page(
      <PageRelecture requete={connecte} tableau={tableau} relecture={{ aEnvoyer, debut: 1 }} ignorees={ignorees} />,
    )
  } catch (erreur) {
    if (!(erreur instanceof Refus)) throw erreur
    return refuser(erreur.message)
  }
}

function colonnesPrises(requete: Requete, tableau: TableauLu): readonly Colonne<AEnvoyer>[] {
  const { session } = requete
  const audience = (ligne: LigneListe) =>
    ligne.instantane.audience_le === null ? null : Temporal.PlainDate.from(ligne.instantane.audience_le)
  return [
    { cle: 'n', titre: 'N°', numerique: true, rendre: ({ ligne }) => formatNombre(ligne.rang) },
    {
      cle: 'menage',
      titre: 'Ménage',
      principale: true,
      rendre: ({ ligne }) => (
        <>
          <b>{ligne.instantane.titulaire}</b>
          <small>{ligne.instantane.commune}</small>
        </>
      ),
    },
    {
      cle: 'reponse',
      titre: 'Votre réponse',
      rendre: ({ ligne, reponse }) => (ligne.etat === 'prise' ? 'Nous continuons' : reponsesCourtes[reponse]),
    },
    {
      cle: 'diagnostic',
      titre: 'Diagnostic à rendre',
      rendre: ({ ligne }) => {
        if (ligne.etat === 'prise') return ligne.diagnostic_avant ? 'Date inchangée' : ''
        const calcule = calculerDiagnostic(session, ligne.transmise_le ?? tableau.liste.date_liste, audience(ligne))
        return calcule ? (
          <PuceEcheance
            echeance={{ libelle: 'Rendre le diagnostic', genre: 'tache', ...calcule }}
            aujourdhui={session.jour}
          />
        ) : (
          'Dans deux mois'
        )
      },
    },
  ]
}

/** What will leave, before it leaves: counts, who goes to the next rank and why, what is due for the others. */
function PageRelecture({
  requete,
  tableau,
  relecture,
  exiger,
  ignorees = [],
}: {
  requete: Requete
  tableau: TableauLu
  relecture: Relecture
  exiger?: boolean
  ignorees?: readonly string[]
}): ReactElement {
  const { liste, lignes } = tableau
  const { aEnvoyer, debut } = relecture
  const refusees = aEnvoyer.filter(({ reponse }) => reponse === 'pas_pour_nous')
  const prises = aEnvoyer.filter(({ reponse }) => reponse !== 'pas_pour_nous')
  const manque = (envoi: AEnvoyer) =>
    exiger && envoi.motif === '' ? 'Dire pourquoi ce ménage n’est pas pour vous.' : undefined
  const erreurs = [
    ...(relecture.refus === undefined ? [] : [{ message: relecture.refus }]),
    ...refusees.flatMap((envoi) => {
      return manque(envoi) !== undefined
        ? [
            {
              id: idMotif(envoi.ligne.rang),
              message: `Ligne ${envoi.ligne.rang}, ${envoi.ligne.instantane.titulaire} : dire pourquoi ce ménage n’est pas pour vous.`,
            },
          ]
        : []
    }),
  ]
  const envoyes = new Set(aEnvoyer.map(({ ligne }) => ligne.rang))
  const restent = lignes.filter((ligne) => estAttendue(ligne) && !envoyes.has(ligne.rang)).length
  return (
    <Cadre
      requete={requete}
      titre={`Relire avant d’envoyer : ${pluriel(aEnvoyer.length, 'réponse', 'réponses')}`}
      chapo={`${nommerListe(liste)}, ${liste.organisme_nom}, étape « ${etapeLongue(liste.stade)} ». Rien n’est encore parti.`}
      courante="repondre"
      erreur={erreurs.length > 0}
      large
      fil={[
        { libelle: 'Tableaux hebdomadaires', href: '/tableaux' },
        { libelle: nommerListe(liste), href: `/tableaux/${liste.id}` },
        { libelle: 'Relire' },
      ]}
    >
      <ResumeErreurs erreurs={erreurs} titre="Rien n’est parti : à corriger d’abord" />
      <Compteurs
        libelle="Réponses prêtes à partir"
        compteurs={[
          {
            cle: 'connu',
            nombre: formatNombre(prises.filter(({ reponse }) => reponse === 'connu').length),
            libelle: 'Connus, pris',
          },
          {
            cle: 'tour',
            nombre: formatNombre(prises.filter(({ reponse }) => reponse === 'a_son_tour').length),
            libelle: 'Pris à notre tour',
          },
          {
            cle: 'non',
            nombre: formatNombre(refusees.length),
            libelle: 'Pas pour nous',
            note: 'Passent au rang suivant, s’il en reste un',
          },
          { cle: 'reste', nombre: formatNombre(restent), libelle: 'Restent sans réponse' },
        ]}
      />
      {ignorees.length > 0 && (
        <div className="mt4">
          <Message ton="bientot">
            <p>
              {pluriel(ignorees.length, 'ligne du fichier n’est pas reprise', 'lignes du fichier ne sont pas reprises')}{' '}
              :
            </p>
            <ul>
              {ignorees.map((texte) => (
                <li key={texte}>{texte}</li>
              ))}
            </ul>
          </Message>
        </div>
      )}
      <form
        className="mt4"
        method="post"
        action={`/tableaux/${liste.id}/reponses`}
        aria-label="Réponses à envoyer"
        noValidate
      >
        <ChampsCaches
          jeton={requete.connecte.jetonFormulaire}
          champs={{
            depuis: String(debut),
            ...Object.fromEntries(aEnvoyer.map(({ ligne, reponse }) => [`r-${ligne.rang}`, reponse])),
            ...champsVus(aEnvoyer.map(({ ligne, vu }) => [String(ligne.rang), vu])),
          }}
        />
        <Pile>
          {refusees.length > 0 && (
            <Section titre="Pas pour nous" compte="Le motif est lu par le secrétariat et gardé avec la décision">
              <Tableau
                legende="Ménages que vous ne prenez pas, et pourquoi"
                lignes={refusees}
                cle={({ ligne }) => String(ligne.rang)}
                largeur="etroit"
                colonnes={[
                  { cle: 'n', titre: 'N°', numerique: true, rendre: ({ ligne }) => formatNombre(ligne.rang) },
                  {
                    cle: 'menage',
                    titre: 'Ménage',
                    principale: true,
                    rendre: ({ ligne }) => (
                      <>
                        <b>{ligne.instantane.titulaire}</b>
                        <small>{ligne.instantane.commune}</small>
                      </>
                    ),
                  },
                  {
                    cle: 'motif',
                    titre: 'Motif',
                    rendre: (envoi) => <ChampMotif ligne={envoi.ligne} valeur={envoi.motif} erreur={manque(envoi)} />,
                  },
                ]}
              />
              <MotifsCourants />
            </Section>
          )}
          {prises.length > 0 && (
            <Section titre="Pris en charge" compte={pluriel(prises.length, 'ménage', 'ménages')}>
              <Tableau
                legende="Ménages que vous prenez, et la date du diagnostic"
                lignes={prises}
                cle={({ ligne }) => String(ligne.rang)}
                largeur="moyen"
                colonnes={colonnesPrises(requete, tableau)}
              />
            </Section>
          )}
          {aEnvoyer.length === 0 && (
            <EtatVide titre="Rien à envoyer">Choisir une réponse pour au moins un ménage.</EtatVide>
          )}
          <Actions>
            <Bouton genre="principal" icone="envoi" nom="suite" valeur="envoyer">
              {`Envoyer ${pluriel(aEnvoyer.length, 'réponse', 'réponses')}`}
            </Bouton>
            <Bouton nom="suite" valeur="corriger">
              Revenir au tableau
            </Bouton>
          </Actions>
        </Pile>
      </form>
    </Cadre>
  )
}
