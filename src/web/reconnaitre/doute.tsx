import type { ReactElement } from 'react'
import { type CandidatCompare, type DouteCompare, type LigneDuDoute, lireDoute, trouverReponse } from '#rapprochement'
import { libellesTypes, type Signalement } from '#signalements'
import { Introuvable } from '#socle/errors'
import { formatDate, formatInstant, formatNombre, pluriel } from '#socle/typography'
import { Cadre } from '../cadre.tsx'
import {
  BasculeRaccourcis,
  Bouton,
  CaseACocher,
  Champ,
  Comparaison,
  Decision,
  Etiquette,
  Etiquettes,
  Formulaire,
  JaugeScore,
  ListeDefinition,
  Message,
  Pile,
  ResumeErreurs,
} from '../composants/index.ts'
import { champsVus } from '../conflit.tsx'
import { page, type Reponse, type Requete, redirection } from '../route.ts'
import { comparerChamps, expliquerTotal, tronquer } from './rapport.ts'

const QUESTION_MAXIMUM = 300

export interface Saisie {
  readonly question: string
  readonly erreur?: string | undefined
}

const adresse = (doute: string, dossier?: string): string =>
  `/reconnaitre/${doute}${dossier === undefined ? '' : `?dossier=${dossier}`}`

const RIEN = <span>rien de net</span>

/** What brings the two together, side by side: short, and already in the table below. */
const Pour = ({ raisons }: { raisons: readonly string[] }): ReactElement =>
  raisons.length === 0 ? (
    RIEN
  ) : (
    <Etiquettes>
      {raisons.map((raison) => (
        <Etiquette key={raison} icone="plus">
          {raison}
        </Etiquette>
      ))}
    </Etiquettes>
  )

/** What stands against, a sentence each: the question to ask oneself. */
const Contre = ({ contraires }: { contraires: readonly string[] }): ReactElement =>
  contraires.length === 0 ? (
    RIEN
  ) : (
    <ul>
      {contraires.map((contraire) => (
        <li key={contraire}>{contraire}</li>
      ))}
    </ul>
  )

/** Why a person is asked although the score alone would decide, or what to look at before answering. */
function Poids({ doute, candidat }: { doute: DouteCompare; candidat: CandidatCompare }): ReactElement {
  const { suggerer, certain } = doute.seuils
  const { evaluation } = candidat
  const [bas, haut] = [formatNombre(suggerer, 2), formatNombre(certain, 2)]
  const pourquoi =
    evaluation.probabilite < certain
      ? ''
      : evaluation.contraires.length > 0
        ? ' Ici le score suffirait, mais quelque chose s’y oppose.'
        : doute.candidats.length > 1
          ? ' Ici le score suffirait, mais plusieurs dossiers sont possibles.'
          : ' Ici le score suffirait, mais une personne doit confirmer.'
  return (
    <section className="carte">
      <JaugeScore
        titre="Ressemblance"
        score={tronquer(evaluation.probabilite)}
        bas={suggerer}
        haut={certain}
        regle={`Sous ${bas}, le signal ouvre un nouveau dossier. À partir de ${haut}, il est rattaché seul si rien ne s’y oppose. Entre les deux, une personne décide.${pourquoi}`}
      />
      <div className="mt2">
        <ListeDefinition
          lignes={[
            { terme: 'Ce qui rapproche', valeur: <Pour raisons={evaluation.raisons} /> },
            { terme: 'Ce qui s’oppose', valeur: <Contre contraires={evaluation.contraires} /> },
          ]}
        />
      </div>
    </section>
  )
}

const nommerSignal = ({ type, organisme_nom, date_signalement, ligne }: Signalement): string =>
  `${libellesTypes[type as keyof typeof libellesTypes] ?? type}, ${organisme_nom}, ${formatDate(date_signalement)}, ligne ${formatNombre(ligne)}`

/** Who and where a line says, in short. */
function decrireLigne({ contenu, commune }: Signalement): string {
  const { nom_usage, nom_naissance, prenom, date_naissance, adresse } = contenu
  return [
    [nom_usage ?? nom_naissance, prenom].filter(Boolean).join(' '),
    date_naissance ? `naissance : ${formatDate(date_naissance)}` : '',
    [adresse, commune].filter(Boolean).join(', '),
  ]
    .filter((part) => part !== '')
    .join(' ; ')
}

/** How close a line is to the first, and what it rests on. */
function direProximite({ certain, probabilite, raisons, contraires }: LigneDuDoute): string {
  if (certain) return `Même ménage que le premier signal, sans doute : ${raisons.join(' ; ')}.`
  const contre = contraires.length > 0 ? ` Ce qui s’oppose : ${contraires.join(' ; ')}.` : ''
  return `Ressemble au premier signal (${formatNombre(tronquer(probabilite), 2)}) sans certitude.${contre} Non cochée, elle est reconnue à part.`
}

/** Lines about the same household, received after the first: one answer places those that are ticked. */
function LignesJointes({ doute }: { doute: DouteCompare }): ReactElement | null {
  if (doute.lignes.length === 0) return null
  return (
    <fieldset className="carte">
      <legend className="carte-t">
        <span className="h2">
          {pluriel(doute.lignes.length + 1, 'signal attend', 'signaux attendent')} ensemble : votre réponse les place
          tous
        </span>
      </legend>
      <p className="note">
        Le premier : {nommerSignal(doute.signalement)}. <span translate="no">{decrireLigne(doute.signalement)}</span>
      </p>
      {doute.lignes.map((ligne) => (
        <CaseACocher
          key={ligne.signalement}
          id={`ligne-${ligne.signalement}`}
          nom="avec"
          valeur={ligne.signalement}
          cochee={ligne.certain}
          libelle={`Aussi : ${nommerSignal(ligne.signal)}. ${decrireLigne(ligne.signal)}`}
          aide={direProximite(ligne)}
        />
      ))}
      <input type="hidden" name="lignes" value="proposees" />
    </fieldset>
  )
}

function Reponses({
  requete,
  doute,
  candidat,
  saisie,
}: {
  requete: Requete
  doute: DouteCompare
  candidat: CandidatCompare | undefined
  saisie: Saisie
}): ReactElement {
  const autres = doute.candidats.length - 1
  return (
    <Formulaire
      action={adresse(doute.id)}
      jeton={requete.connecte.jetonFormulaire}
      champs={{
        ...(candidat ? { dossier: candidat.dossier } : {}),
        ...(doute.suivant === null ? {} : { suivant: doute.suivant }),
        ...champsVus([['doute', doute.version]]),
      }}
      classe="pile"
    >
      <LignesJointes doute={doute} />
      <Decision
        legende="Votre réponse"
        nom="reponse"
        reponses={[
          ...(candidat
            ? [
                {
                  valeur: 'meme',
                  libelle: 'C’est le même ménage',
                  effet: `Le signal rejoint le dossier ${candidat.reference}. Le service à désigner est revu.`,
                  touche: 'M',
                  // Against a contrary sign, no answer is put forward.
                  principal: candidat.evaluation.contraires.length === 0,
                },
                {
                  valeur: 'autre',
                  libelle: 'Ce n’est pas le même',
                  effet:
                    autres > 0
                      ? `Ce dossier est écarté et ne sera plus proposé. Il en reste ${formatNombre(autres)} à comparer.`
                      : 'Le signal ouvre son dossier. Cette paire ne sera plus proposée.',
                  touche: 'N',
                },
              ]
            : []),
          ...(autres > 0 || !candidat
            ? [
                {
                  valeur: 'nouveau',
                  libelle: 'Nouveau ménage',
                  effet: candidat ? 'Aucun de ces dossiers : le signal ouvre le sien.' : 'Le signal ouvre son dossier.',
                  touche: 'V',
                },
              ]
            : []),
          {
            valeur: 'demander',
            libelle: 'Je ne sais pas, demander',
            effet: 'Mis de côté avec la question écrite dessous. Rien n’est rattaché.',
            touche: 'D',
          },
        ]}
      />
      <Champ
        nom="question"
        libelle="Question à poser, pour « demander »"
        aide="À l’émetteur ou au service social, sans montrer l’autre dossier."
        libre
        // Several lines: Entrée must not give the first answer.
        lignes={2}
        longueurMax={QUESTION_MAXIMUM}
        valeur={saisie.question}
        erreur={saisie.erreur}
      />
    </Formulaire>
  )
}

/** The screen of one doubt: both records field by field, the score and its thresholds, reasons for and against, the answers. */
export async function pageDoute(
  requete: Requete,
  id: string,
  choisi: string | undefined,
  saisie: Saisie,
  statut?: number,
): Promise<Reponse> {
  const doute = await lireDoute(requete.session, id)
  const { candidats } = doute
  const candidat = candidats.find(({ dossier }) => dossier === choisi) ?? candidats[0]
  if (choisi !== undefined && candidat?.dossier !== choisi) throw new Introuvable()
  return page(
    <Cadre
      requete={requete}
      courante="reconnaitre"
      titre="Est-ce le même ménage ?"
      chapo="Rien n’est rattaché tant que vous n’avez pas répondu. Votre réponse pourra être défaite, sans perte."
      fil={[
        { libelle: 'Doutes à lever', href: '/reconnaitre' },
        { libelle: doute.rang > 0 ? `${formatNombre(doute.rang)} sur ${formatNombre(doute.total)}` : 'Doute' },
      ]}
      actions={
        <>
          {doute.precedent !== null && (
            <Bouton href={adresse(doute.precedent)} petit icone="fg">
              Précédent
            </Bouton>
          )}{' '}
          {doute.suivant !== null && (
            <Bouton href={adresse(doute.suivant)} petit iconeApres="fd">
              Passer
            </Bouton>
          )}
        </>
      }
      vues={
        candidats.length > 1
          ? {
              libelle: 'Ménages proches',
              onglets: candidats.map(({ dossier, reference, evaluation }) => ({
                href: adresse(id, dossier),
                libelle: `Dossier ${reference}`,
                compte: formatNombre(tronquer(evaluation.probabilite), 2),
                courant: dossier === candidat?.dossier,
              })),
            }
          : undefined
      }
      large
      erreur={saisie.erreur !== undefined}
    >
      <Pile>
        {saisie.erreur !== undefined && (
          <ResumeErreurs titre="Rien n’a été mis de côté" erreurs={[{ nom: 'question', message: saisie.erreur }]} />
        )}
        {doute.question !== null && (
          <Message ton="reserve">
            <p>
              <b>Mis de côté avec cette question :</b> {doute.question}
            </p>
          </Message>
        )}
        {candidat ? (
          <>
            <Poids doute={doute} candidat={candidat} />
            <Comparaison
              legende="Comparaison champ par champ"
              gauche={{
                titre: 'Signal reçu',
                note: nommerSignal(candidat.signalement),
              }}
              droite={{
                titre: `Dossier ${candidat.reference}`,
                note: `${pluriel(candidat.signaux, 'signal réuni', 'signaux réunis')} ; le plus proche est montré`,
                href: `/dossiers/${candidat.reference}`,
              }}
              champs={comparerChamps(candidat.signalement, candidat)}
              total={expliquerTotal(candidat)}
            />
          </>
        ) : (
          <Message>
            <p>
              <b>Les dossiers qui ressemblaient à ce signal n’ont plus de signal.</b> Il ne reste qu’à ouvrir un
              dossier, ou à demander.
            </p>
          </Message>
        )}
        <Reponses requete={requete} doute={doute} candidat={candidat} saisie={saisie} />
        <div>
          <BasculeRaccourcis />
        </div>
      </Pile>
    </Cadre>,
    statut,
  )
}

/** GET /reconnaitre/:id. `dossier` says which candidate is compared. A doubt already answered sends back to the queue, where its answer is. */
export async function montrerDoute(requete: Requete): Promise<Reponse> {
  const id = requete.parametres.id ?? ''
  try {
    return await pageDoute(requete, id, requete.recherche.dossier, { question: '' })
  } catch (erreur) {
    const donnee = erreur instanceof Introuvable ? await trouverReponse(requete.session, id) : null
    if (!donnee) throw erreur
    return redirection('/reconnaitre', {
      texte: `Ce doute a reçu une réponse le ${formatInstant(donnee.repondu_a)}${donnee.auteur === null ? '' : `, de ${donnee.auteur}`} : elle est dans la liste, et peut être défaite.`,
      ton: 'info',
    })
  }
}
