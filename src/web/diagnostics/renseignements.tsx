import type { ReactElement } from 'react'
import {
  type AccordPersonne,
  accordsPersonne,
  type Diagnostic,
  demanderRenseignements,
  LONGUEUR_RENSEIGNEMENT,
  lireDiagnostic,
  lireRenseignementRecu,
  listerInterrogeables,
  listerRenseignementsRecus,
  type QuestionRenseignement,
  questionsPour,
  type Renseignement,
  type RenseignementRecu,
  type Reponses,
  refuserRenseignement,
  repondreRenseignement,
  retirerRenseignement,
} from '#diagnostics'
import type { Dossier } from '#dossiers'
import { exigerCles } from '#echanges'
import { Conflit } from '#socle/errors'
import { formatDate, formatInstant, formatMontant, pluriel } from '#socle/typography'
import { type Erreur, lireJourSaisi, messageDe, tenter } from '../accompagner/saisie.ts'
import { lireMontantSaisi } from '../argent/commun.tsx'
import { Cadre } from '../cadre.tsx'
import {
  Actions,
  Bouton,
  BoutonPost,
  BoutonsRadio,
  Carte,
  CaseACocher,
  Champ,
  ChampDate,
  ChampMontant,
  EtatVide,
  Etiquette,
  Formulaire,
  ListeDefinition,
  ListeSobre,
  Message,
  Pile,
  PuceEcheance,
  ResumeErreurs,
  Selection,
  Tableau,
} from '../composants/index.ts'
import { ouConflit, pageConflit } from '../conflit.tsx'
import { adresseDossier, CadreDossier, ouvrirDossier } from '../espaces.tsx'
import { avecToutLeDepartement } from '../perimetre.ts'
import { champ, page, type Reponse, type Requete, redirection } from '../route.ts'
import { cleDe, lireEnvoi, options } from './saisie.ts'

const OUI_NON = [
  { valeur: 'oui', libelle: 'Oui' },
  { valeur: 'non', libelle: 'Non' },
]
const ETATS = { ouverte: 'Attendue', repondue: 'Répondue', refusee: 'Sans réponse', retiree: 'Retirée' } as const
/** To whoever is asked, a request taken back or overtaken by the end of the diagnosis or of the dossier is the same. */
const ETATS_RECU = { ...ETATS, retiree: 'Plus attendue' } as const
const TONS = { ouverte: 'bientot', repondue: 'tenu', refusee: 'neutre', retiree: 'neutre' } as const

/** An answer as it is kept, in words. */
function ecrire({ genre }: QuestionRenseignement, valeur: string): string {
  if (genre === 'montant') return formatMontant(Number(valeur))
  if (genre === 'date') return formatDate(Temporal.PlainDate.from(valeur))
  if (genre === 'oui_non') return valeur === 'oui' ? 'Oui' : 'Non'
  return valeur
}

function ReponsesLues({
  questions,
  reponses: { valeurs, mesure, accord, motif },
}: {
  questions: readonly QuestionRenseignement[]
  reponses: Reponses
}): ReactElement {
  return motif !== undefined ? (
    <p className="texte-libre">Aucune réponse : {motif}</p>
  ) : (
    <ListeDefinition
      lignes={[
        ...questions.map((question) => ({
          terme: question.libelle,
          valeur: valeurs[question.code] ? (
            <span className="texte-libre">{ecrire(question, valeurs[question.code] ?? '')}</span>
          ) : (
            'Sans réponse'
          ),
        })),
        { terme: 'La mesure l’autorise', valeur: mesure === undefined ? null : mesure ? 'Oui' : 'Non' },
        { terme: 'Accord de la personne', valeur: accord ? accordsPersonne[accord] : null },
      ]}
    />
  )
}

/** What others were asked for a diagnosis, and what they answered. */
export function CarteRenseignements({
  requete,
  dossier,
  diagnostic,
  renseignements,
  demande,
}: {
  requete: Requete
  dossier: Dossier
  diagnostic: Diagnostic
  renseignements: readonly Renseignement[]
  /** This service may ask. */
  demande: boolean
}): ReactElement | null {
  if (renseignements.length === 0 && !demande) return null
  const adresse = `${adresseDossier(dossier)}/diagnostics/${diagnostic.id}/renseignements`
  return (
    <Carte titre="Renseignements demandés" id="renseignements" aside="Au bailleur, au mandataire, à l’association.">
      {renseignements.length === 0 && <p>Rien n’est encore demandé à ceux qui connaissent le ménage autrement.</p>}
      {renseignements.map((un) => (
        <div key={un.id} className="mt2">
          <p>
            <b>{un.destinataire_nom}</b> <Etiquette ton={TONS[un.etat]}>{ETATS[un.etat]}</Etiquette>{' '}
            <small>
              demandé le {formatInstant(un.a)} par {un.auteur}, avant le {formatDate(un.avant)}
              {un.repondu_a && `, répondu le ${formatInstant(un.repondu_a)} par ${un.repondu_nom ?? ''}`}
            </small>
          </p>
          {un.reponses ? (
            <ReponsesLues questions={un.questions} reponses={un.reponses} />
          ) : (
            <p className="note">{un.questions.map(({ libelle }) => libelle).join(' ; ')}</p>
          )}
          {un.etat === 'ouverte' && demande && un.organisme === requete.acteur.organisme && (
            <Actions>
              <BoutonPost
                petit
                action={`${adresse}/${un.id}/retirer`}
                jeton={requete.connecte.jetonFormulaire}
                libelleLu={`Retirer la demande à ${un.destinataire_nom}`}
              >
                Retirer la demande
              </BoutonPost>
            </Actions>
          )}
        </div>
      ))}
      {demande && (
        <Actions>
          <Bouton petit href={adresse}>
            Demander des renseignements
          </Bouton>
        </Actions>
      )}
    </Carte>
  )
}

interface Demande {
  readonly questions: readonly string[]
  readonly avant: string
  readonly envoi: string
  readonly erreurs: readonly Erreur[]
}

async function montrerDemande(
  requete: Requete,
  dossier: Dossier,
  diagnostic: Diagnostic,
  saisie: Demande,
): Promise<Reponse> {
  const { session, recherche } = requete
  const possibles = await listerInterrogeables(session, dossier)
  const demande = champ(requete, 'a') || recherche.a
  const choisi = possibles.length === 1 ? possibles[0] : possibles.find(({ id }) => id === demande)
  const adresse = `${adresseDossier(dossier)}/diagnostics/${diagnostic.id}/renseignements`
  const questions = choisi ? questionsPour(session, choisi.type) : []
  return page(
    <CadreDossier
      requete={requete}
      dossier={dossier}
      espace="diagnostics"
      titre={choisi ? `Demander des renseignements à ${choisi.nom}` : 'Demander des renseignements'}
      acte="Renseignements"
      chapo="Des questions d’une liste fermée. Celui qui répond lit le nom, l’adresse et les questions cochées, rien d’autre du dossier."
    >
      <Pile>
        <ResumeErreurs erreurs={saisie.erreurs} titre="La demande n’est pas partie" />
        {possibles.length === 0 ? (
          <EtatVide titre="Personne à interroger">
            Ni le bailleur de ce ménage, ni un mandataire, ni une association engagés sur ce dossier n’a de place dans
            Amont.
          </EtatVide>
        ) : (
          <Carte titre="À qui">
            <ListeSobre
              lignes={possibles.map(({ id, nom }) => ({
                cle: id,
                titre: nom,
                droite:
                  id === choisi?.id ? (
                    <Etiquette ton="tenu">Choisi</Etiquette>
                  ) : (
                    <Bouton petit href={`${adresse}?a=${id}`} libelleLu={`Choisir ${nom}`}>
                      Choisir
                    </Bouton>
                  ),
              }))}
            />
          </Carte>
        )}
        {choisi && (
          <Carte titre="Quoi, et pour quand">
            <Formulaire
              action={adresse}
              jeton={requete.connecte.jetonFormulaire}
              champs={{ envoi: saisie.envoi, a: choisi.id }}
              libelle={`Demander à ${choisi.nom}`}
            >
              <fieldset className="champ" id="c-questions">
                <legend>Questions</legend>
                {messageDe(saisie.erreurs, 'questions') && (
                  <p className="erreur">{messageDe(saisie.erreurs, 'questions')}</p>
                )}
                {questions.map(({ code, libelle, protege }) => (
                  <CaseACocher
                    key={code}
                    nom="questions"
                    id={`c-question-${code}`}
                    valeur={code}
                    libelle={libelle}
                    aide={protege ? 'Selon ce que la mesure permet, l’accord de la personne recherché.' : undefined}
                    cochee={saisie.questions.includes(code)}
                  />
                ))}
              </fieldset>
              <ChampDate
                nom="avant"
                libelle="Réponse attendue avant le"
                min={session.jour}
                valeur={saisie.avant || undefined}
                erreur={messageDe(saisie.erreurs, 'avant')}
              />
              <Actions>
                <Bouton genre="principal" icone="envoi">
                  Envoyer la demande
                </Bouton>
                <Bouton genre="tertiaire" href={`${adresseDossier(dossier)}/diagnostics#renseignements`}>
                  Revenir au diagnostic
                </Bouton>
              </Actions>
            </Formulaire>
          </Carte>
        )}
      </Pile>
    </CadreDossier>,
    saisie.erreurs.length > 0 ? 422 : undefined,
  )
}

async function ouvrirUn(requete: Requete): Promise<{ dossier: Dossier; diagnostic: Diagnostic }> {
  const dossier = await ouvrirDossier(requete)
  return {
    dossier,
    diagnostic: await lireDiagnostic(requete.session, dossier.id, requete.parametres.diagnostic ?? ''),
  }
}

/** GET …/:diagnostic/renseignements. */
export async function proposerRenseignements(requete: Requete): Promise<Reponse> {
  const { dossier, diagnostic } = await ouvrirUn(requete)
  const envoi = lireEnvoi(requete)
  return montrerDemande(requete, dossier, diagnostic, { questions: [], avant: '', envoi, erreurs: [] })
}

const CHAMPS: Readonly<Record<string, string>> = { 'renseignement.avant': 'avant' }

/** POST …/:diagnostic/renseignements (DSF-06). */
export async function demanderDesRenseignements(requete: Requete): Promise<Reponse> {
  const { session } = requete
  const { dossier, diagnostic } = await ouvrirUn(requete)
  const questions = requete.champs.questions ?? []
  const avant = lireJourSaisi(champ(requete, 'avant'))
  const saisie = { questions, avant: champ(requete, 'avant'), envoi: lireEnvoi(requete) }
  const erreurs: Erreur[] = []
  if (questions.length === 0) erreurs.push({ nom: 'questions', message: 'Cocher au moins une question.' })
  if (avant === null) erreurs.push({ nom: 'avant', message: 'Donner la date avant laquelle la réponse est attendue.' })
  if (erreurs.length === 0 && avant !== null) {
    const refusee = await tenter(
      session,
      'renseignement.demander',
      (code) => CHAMPS[code] ?? 'questions',
      () =>
        demanderRenseignements(session, dossier, diagnostic, {
          destinataire: champ(requete, 'a'),
          questions,
          avant,
          envoi: saisie.envoi,
        }),
    )
    if (!refusee)
      return redirection(`${adresseDossier(dossier)}/diagnostics#renseignements`, {
        texte: `Demande envoyée, attendue avant le ${formatDate(avant)}.`,
      })
    erreurs.push(refusee)
  }
  return montrerDemande(requete, dossier, diagnostic, { ...saisie, erreurs })
}

/** POST …/:diagnostic/renseignements/:renseignement/retirer. */
export async function retirerUnRenseignement(requete: Requete): Promise<Reponse> {
  const { dossier, diagnostic } = await ouvrirUn(requete)
  const vers = `${adresseDossier(dossier)}/diagnostics#renseignements`
  const issue = await ouConflit(requete, 'renseignement.retirer', () =>
    retirerRenseignement(requete.session, diagnostic, requete.parametres.renseignement ?? ''),
  )
  return issue instanceof Conflit
    ? redirection(vers, { texte: issue.message, ton: 'bientot' })
    : redirection(vers, { texte: 'Demande retirée : plus rien n’est attendu.' })
}

const CHAPO =
  'Ce que les services qui font un diagnostic vous demandent au sujet d’un ménage que vous connaissez. Vous lisez ce qui vous est demandé, rien d’autre du dossier.'

/** GET /renseignements: what is asked of the reader's organisme. */
export async function montrerRenseignements(requete: Requete): Promise<Reponse> {
  const recus = await avecToutLeDepartement(requete, 'renseignement.repondre', (large) =>
    listerRenseignementsRecus(large),
  )
  const attendus = recus.filter(({ etat }) => etat === 'ouverte').length
  return page(
    <Cadre
      requete={requete}
      titre={
        attendus === 0 ? 'Renseigner' : `Renseigner : ${pluriel(attendus, 'réponse attendue', 'réponses attendues')}`
      }
      courante="renseigner"
      chapo={CHAPO}
    >
      {recus.length === 0 ? (
        <EtatVide titre="Rien ne vous est demandé">
          Une demande paraît ici quand un service a besoin de ce que vous savez pour son diagnostic.
        </EtatVide>
      ) : (
        <Tableau
          legende="Ce qui est demandé à votre organisme"
          largeur="moyen"
          lignes={recus}
          cle={({ id }) => id}
          colonnes={[
            {
              cle: 'menage',
              titre: 'Ménage',
              principale: true,
              rendre: (recu) => (
                <>
                  <a href={`/renseignements/${recu.id}`}>{recu.menage}</a>
                  <small>{recu.adresse}</small>
                </>
              ),
            },
            { cle: 'par', titre: 'Demandé par', rendre: ({ demandeur }) => demandeur },
            {
              cle: 'quoi',
              titre: 'Quoi',
              rendre: ({ questions }) => pluriel(questions.length, 'question', 'questions'),
            },
            { cle: 'etat', titre: 'Attendu', rendre: (recu) => <Etat recu={recu} requete={requete} /> },
          ]}
        />
      )}
    </Cadre>,
  )
}

function Etat({ recu, requete }: { recu: RenseignementRecu; requete: Requete }): ReactElement {
  if (recu.etat !== 'ouverte') return <Etiquette ton={TONS[recu.etat]}>{ETATS_RECU[recu.etat]}</Etiquette>
  return (
    <PuceEcheance
      aujourdhui={requete.session.jour}
      echeance={{
        libelle: 'Réponse attendue',
        le: recu.avant,
        genre: 'tache',
        depart: `Demande de ${recu.demandeur} du ${formatInstant(recu.a)}`,
        calcul: 'Date choisie par le service qui demande',
      }}
    />
  )
}

interface Saisie {
  readonly valeurs: Readonly<Record<string, string>>
  readonly mesure: string
  readonly accord: string
  readonly motif: string
  readonly erreurs: readonly Erreur[]
}
const VIDE: Saisie = { valeurs: {}, mesure: '', accord: '', motif: '', erreurs: [] }
/** What a page about a request is called: taken back, it names nobody. */
const nommer = ({ menage }: RenseignementRecu): string =>
  menage === null ? 'Renseignements demandés' : `Renseignements sur ${menage}`
const nomDe = ({ code }: QuestionRenseignement): string => `q-${code}`

function Question({ question, saisie }: { question: QuestionRenseignement; saisie: Saisie }): ReactElement {
  const nom = nomDe(question)
  const commun = {
    nom,
    libelle: question.libelle,
    facultatif: true,
    valeur: saisie.valeurs[question.code] ?? '',
    erreur: messageDe(saisie.erreurs, nom),
  }
  switch (question.genre) {
    case 'montant':
      return <ChampMontant {...commun} />
    case 'date':
      return <ChampDate {...commun} valeur={commun.valeur || undefined} />
    case 'oui_non':
      return <Selection {...commun} vide="On ne sait pas" options={OUI_NON} />
    case 'texte':
      return (
        <Champ {...commun} lignes={3} longueurMax={LONGUEUR_RENSEIGNEMENT} aide="Ni santé, ni violences, ni enfance." />
      )
  }
}

function PageRenseignement({
  requete,
  recu,
  saisie,
}: {
  requete: Requete
  recu: RenseignementRecu
  saisie: Saisie
}): ReactElement {
  const action = `/renseignements/${recu.id}`
  const jeton = requete.connecte.jetonFormulaire
  const protege = recu.questions.some((question) => question.protege)
  return (
    <Cadre
      requete={requete}
      titre={nommer(recu)}
      courante="renseigner"
      erreur={saisie.erreurs.length > 0}
      fil={[{ libelle: 'Renseigner', href: '/renseignements' }, { libelle: recu.menage ?? 'Demande' }]}
    >
      <ResumeErreurs erreurs={saisie.erreurs} titre="La réponse n’est pas partie" />
      <Pile>
        <Carte titre="La demande" aside={<Etat recu={recu} requete={requete} />}>
          <ListeDefinition
            lignes={[
              { terme: 'Ménage', valeur: recu.menage, note: recu.adresse ?? undefined },
              { terme: 'Demandé par', valeur: recu.demandeur, note: `le ${formatInstant(recu.a)}` },
              { terme: 'Avant le', valeur: formatDate(recu.avant) },
            ]}
          />
        </Carte>
        {recu.etat === 'ouverte' ? (
          <>
            <Carte titre="Répondre">
              <Formulaire action={action} jeton={jeton} champs={{ acte: 'repondre' }} libelle="Répondre">
                <p>Laisser vide ce qui n’est pas su. La réponse est donnée une fois.</p>
                {protege && (
                  <>
                    <BoutonsRadio
                      nom="mesure"
                      libelle="La mesure vous autorise-t-elle à dire ce que le budget permet ?"
                      valeur={saisie.mesure}
                      erreur={messageDe(saisie.erreurs, 'mesure')}
                      options={OUI_NON}
                    />
                    <BoutonsRadio
                      nom="accord"
                      libelle="L’accord de la personne"
                      valeur={saisie.accord}
                      erreur={messageDe(saisie.erreurs, 'accord')}
                      options={options(accordsPersonne)}
                    />
                  </>
                )}
                {recu.questions.map((question) => (
                  <Question key={question.code} question={question} saisie={saisie} />
                ))}
                <Message ton="reserve">
                  <p>
                    <b>Qui lira ceci ?</b> Les services qui remplissent ce diagnostic et le secrétariat de la CCAPEX,
                    personne d’autre.
                  </p>
                </Message>
                <Actions>
                  <Bouton genre="principal" icone="envoi">
                    Envoyer la réponse
                  </Bouton>
                </Actions>
              </Formulaire>
            </Carte>
            <Carte titre="Ne pas répondre">
              <Formulaire action={action} jeton={jeton} champs={{ acte: 'refuser' }} libelle="Ne pas répondre">
                <Champ
                  nom="motif"
                  libelle="Pourquoi"
                  lignes={2}
                  longueurMax={LONGUEUR_RENSEIGNEMENT}
                  aide="Lu par le service qui demande."
                  valeur={saisie.motif}
                  erreur={messageDe(saisie.erreurs, 'motif')}
                />
                <Actions>
                  <Bouton>Dire qu’aucune réponse n’est donnée</Bouton>
                </Actions>
              </Formulaire>
            </Carte>
          </>
        ) : (
          <Carte titre={ETATS_RECU[recu.etat]} aside={recu.repondu_a ? formatInstant(recu.repondu_a) : undefined}>
            {recu.reponses ? (
              <ReponsesLues questions={recu.questions} reponses={recu.reponses} />
            ) : (
              <p>Cette demande n’attend plus de réponse : rien n’est à faire.</p>
            )}
          </Carte>
        )}
      </Pile>
    </Cadre>
  )
}

/** GET /renseignements/:renseignement. */
export async function montrerRenseignement(requete: Requete): Promise<Reponse> {
  const recu = await avecToutLeDepartement(requete, 'renseignement.repondre', (large) =>
    lireRenseignementRecu(large, exigerCles(requete.application), requete.parametres.renseignement ?? ''),
  )
  return page(<PageRenseignement requete={requete} recu={recu} saisie={VIDE} />)
}

/** What was typed, as it is kept: cents, an ISO day, « oui » or « non ». Null: it cannot be read. */
function lireReponse({ genre }: QuestionRenseignement, texte: string): string | null {
  if (texte === '') return ''
  if (genre === 'montant') return lireMontantSaisi(texte)?.toString() ?? null
  if (genre === 'date') return lireJourSaisi(texte)?.toString() ?? null
  if (genre === 'oui_non') return texte === 'oui' || texte === 'non' ? texte : null
  return texte.length <= LONGUEUR_RENSEIGNEMENT ? texte : null
}

const ILLISIBLES = {
  montant: 'Écrire un montant, par exemple 45,50.',
  date: 'Écrire une date, par exemple 20/11/2026.',
  oui_non: 'Choisir oui ou non, ou laisser vide.',
  texte: `Raccourcir à ${LONGUEUR_RENSEIGNEMENT} caractères.`,
} as const

/** POST, same address: answers, or says that nothing is answered (DSF-06, DSF-07). */
export async function repondreUnRenseignement(requete: Requete): Promise<Reponse> {
  const { session, application } = requete
  const cles = exigerCles(application)
  const refuse = champ(requete, 'acte') === 'refuser'
  const large = <T,>(travail: Parameters<typeof avecToutLeDepartement<T>>[2]) =>
    avecToutLeDepartement(requete, 'renseignement.repondre', travail)
  const recu = await large((lu) => lireRenseignementRecu(lu, cles, requete.parametres.renseignement ?? ''))
  const lues = recu.questions.map((question) => {
    const texte = champ(requete, nomDe(question)).replace(/\r\n/g, '\n')
    return { question, texte, valeur: lireReponse(question, texte) }
  })
  const saisie = {
    valeurs: Object.fromEntries(lues.map(({ question, texte }) => [question.code, texte])),
    mesure: champ(requete, 'mesure'),
    accord: champ(requete, 'accord'),
    motif: champ(requete, 'motif'),
  }
  // What is expected no more meets the page of a conflict, with what was typed.
  const erreurs: Erreur[] =
    refuse || recu.etat !== 'ouverte'
      ? []
      : lues.flatMap(({ question, valeur }) =>
          valeur === null ? [{ nom: nomDe(question), message: ILLISIBLES[question.genre] }] : [],
        )
  if (erreurs.length === 0) {
    const accord: AccordPersonne | null = cleDe(accordsPersonne, saisie.accord)
    const issue = await ouConflit(requete, 'renseignement.repondre', () =>
      tenter(
        session,
        'renseignement.repondre',
        (code) =>
          refuse
            ? 'motif'
            : code === 'renseignement.mesure'
              ? 'mesure'
              : code === 'renseignement.accord'
                ? 'accord'
                : nomDe(recu.questions[0] ?? ({ code: '' } as QuestionRenseignement)),
        () =>
          large((lu) =>
            refuse
              ? refuserRenseignement(lu, cles, recu, saisie.motif)
              : repondreRenseignement(lu, cles, recu, {
                  valeurs: Object.fromEntries(lues.map(({ question, valeur }) => [question.code, valeur ?? ''])),
                  ...(saisie.mesure === '' ? {} : { mesure: saisie.mesure === 'oui' }),
                  ...(accord === null ? {} : { accord }),
                }),
          ),
      ),
    )
    if (issue === null)
      return redirection('/renseignements', { texte: 'Réponse envoyée au service qui fait le diagnostic.' })
    if (issue instanceof Conflit)
      return pageConflit(requete, {
        message: issue.message,
        quoi: nommer(recu),
        courante: 'renseigner',
        fil: [{ libelle: 'Renseigner', href: '/renseignements' }, { libelle: recu.menage ?? 'Demande' }],
        versions: lues.map(({ question, texte }) => ({
          cle: question.code,
          libelle: question.libelle,
          saisie: texte || null,
          enregistree: recu.reponses?.valeurs[question.code]
            ? ecrire(question, recu.reponses.valeurs[question.code] ?? '')
            : null,
        })),
        conseil: 'Une demande close ne reçoit plus de réponse.',
        garder: { libelle: 'Revenir à la demande', href: `/renseignements/${recu.id}` },
        remplacer: null,
      })
    erreurs.push(issue)
  }
  return page(<PageRenseignement requete={requete} recu={recu} saisie={{ ...saisie, erreurs }} />, 422)
}
