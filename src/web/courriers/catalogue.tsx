import type { ReactElement } from 'react'
import { listerOrganismes, type Session } from '#acces'
import { expediteurDe } from '#courriers'
import {
  conditionDe,
  type EvenementCourrier,
  EXPEDITEURS_COURRIER,
  type ExpediteurCourrier,
  ecrireMentions,
  ecrireSourcePartagee,
  type ModeleCourrier,
  STADES_REGLES,
} from '#referentiel'
import { formatDate } from '#socle/typography'
import { Cadre } from '../cadre.tsx'
import { Carte, Etiquette, ListeDefinition, ListeSobre, Message, Pile, Plus, Section } from '../composants/index.ts'
import { ecrireCondition } from '../regles/phrase.ts'
import { EnPhrases, lireurDeParametres } from '../regles/regles.tsx'
import { page, type Reponse, type Requete } from '../route.ts'
import { DESTINATAIRES, direEtapes, trierModeles } from './libelles.ts'

/** GET /courriers/catalogue: every letter by sender and step, with its trigger, its mandatory statements and their source, and its texts as written. */
export async function montrerCatalogue(requete: Requete): Promise<Reponse> {
  const { session } = requete
  const organismes = await listerOrganismes(session)
  const modeles = trierModeles(session.referentiel.courriers.values(), STADES_REGLES)
  const parExpediteur = Map.groupBy(modeles, ({ expediteur }) => expediteur)
  const mien = expediteurDe(session)
  /** Organismes of this département that send the letters of a sender. */
  const envoyeurs = (expediteur: ExpediteurCourrier): readonly string[] => {
    const types: readonly string[] = EXPEDITEURS_COURRIER[expediteur].types
    return organismes.filter(({ type }) => types.includes(type)).map(({ nom }) => nom)
  }
  return page(
    <Cadre
      requete={requete}
      titre="Modèles de courrier"
      courante="courriers"
      chapo="Ce que chaque courrier dit, de qui, à qui, quand, et d’où viennent ses mentions obligatoires."
      fil={[{ libelle: 'Courriers', href: '/courriers' }, { libelle: 'Modèles' }]}
    >
      <Pile>
        <Message ton="bientot">
          <p>
            <b>À vérifier.</b> Ces textes n’ont pas été relus par un juriste ni par un groupe de ménages.
          </p>
        </Message>
        <Carte titre="Qui écrit" aside={`${modeles.length} courriers`}>
          <ListeSobre
            lignes={[...parExpediteur].map(([expediteur, siens]) => ({
              cle: expediteur,
              titre: <a href={`#de-${expediteur}`}>{EXPEDITEURS_COURRIER[expediteur].libelle}</a>,
              note: `${siens.length === 1 ? '1 courrier' : `${siens.length} courriers`}${expediteur === mien ? ', le vôtre' : ''}`,
            }))}
          />
        </Carte>
        {[...parExpediteur].map(([expediteur, siens]) => {
          const noms = envoyeurs(expediteur)
          return (
            <Section
              key={expediteur}
              id={`de-${expediteur}`}
              titre={EXPEDITEURS_COURRIER[expediteur].libelle}
              compte={`${siens.length}`}
            >
              <Pile>
                <p className="note">
                  {noms.length > 0
                    ? `Dans ce département : ${noms.join(', ')}.`
                    : 'Aucun organisme de ce département n’envoie ces courriers : ils ne sont ni proposés, ni choisis.'}
                </p>
                {siens.map((modele) => (
                  <Fiche key={modele.code} modele={modele} session={session} />
                ))}
              </Pile>
            </Section>
          )
        })}
      </Pile>
    </Cadre>,
  )
}

const EVENEMENTS: Readonly<Record<EvenementCourrier, string>> = {
  saisine_inscrite: 'Proposé quand une saisine est inscrite à une séance à venir',
  orientation_retenue: 'Proposé quand le relevé de la séance est approuvé par les deux coprésidents',
}

function Fiche({ modele, session }: { modele: ModeleCourrier; session: Session }): ReactElement {
  const { declencheur } = modele
  const condition = conditionDe(modele)
  return (
    <div id={modele.code}>
      <Carte
        niveau={3}
        id={`t-${modele.code}`}
        titre={modele.libelle}
        aside={[modele.numero, ...(modele.aussi ?? [])].join(', ')}
      >
        <ListeDefinition
          lignes={[
            {
              terme: 'Destinataire',
              valeur: DESTINATAIRES[modele.destinataire],
              note: modele.forme === 'message' ? 'message à copier : Amont n’envoie rien' : undefined,
            },
            {
              terme: 'Quand',
              valeur:
                'evenement' in declencheur
                  ? EVENEMENTS[declencheur.evenement]
                  : 'a_la_demande' in declencheur
                    ? `Choisi depuis un dossier, étape : ${direEtapes(modele)}`
                    : `Proposé à l’étape « ${direEtapes(modele)} », depuis ${declencheur.dans_les_jours} jours au plus`,
              note:
                'evenement' in declencheur
                  ? `${declencheur.pendant_jours ? `Pendant ${declencheur.pendant_jours} jours. ` : ''}Se choisit aussi depuis un dossier.`
                  : 'a_la_demande' in declencheur
                    ? declencheur.a_la_demande
                    : declencheur.en_charge
                      ? 'pour les ménages que l’organisme a pris en charge'
                      : undefined,
            },
            {
              terme: 'Seulement si',
              valeur: condition && <EnPhrases phrase={ecrireCondition(condition.texte, lireurDeParametres(session))} />,
            },
            { terme: 'Source', valeur: ecrireSourcePartagee(modele.source, session.dept) },
            {
              terme: 'Relu par un juriste',
              valeur: modele.verifie_le ? (
                `le ${formatDate(modele.verifie_le)}`
              ) : (
                <Etiquette ton="bientot">Pas encore</Etiquette>
              ),
            },
            {
              terme: 'Mentions obligatoires',
              valeur: ecrireMentions(modele, session.dept),
            },
          ]}
        />
        <Plus libelle={modele.forme === 'message' ? 'Texte du message' : 'Texte courant'}>
          <pre className="texte-modele">{modele.textes.corps}</pre>
        </Plus>
        {modele.textes.facile !== null && (
          <Plus libelle="Texte facile à lire">
            <pre className="texte-modele">{modele.textes.facile}</pre>
          </Plus>
        )}
      </Carte>
    </div>
  )
}
