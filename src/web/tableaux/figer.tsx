import type { ReactElement } from 'react'
import type { Session } from '#acces'
import { figerListes, type ListePrevue, prevoirListes } from '#repartition'
import { formatDate, formatDateLongue, formatNombre, pluriel } from '#socle/typography'
import { Cadre } from '../cadre.tsx'
import { Actions, Bouton, EtatVide, Formulaire, Message, Pile, Tableau } from '../composants/index.ts'
import { page, type Reponse, type Requete, redirection } from '../route.ts'
import { etapeCourte, jourDesTableaux, lireDelaiReponse } from './libelles.ts'

/** Rows of a list to come: households, whatever brings them. */
export const compterLignes = (prevues: readonly ListePrevue[]): number =>
  prevues.reduce((somme, { nouveaux, changes, sans_reponse }) => somme + nouveaux + changes + sans_reponse, 0)

/** What freezing now would send, service by service. */
export function TableauPrevu({ prevues, legende }: { prevues: readonly ListePrevue[]; legende: string }): ReactElement {
  const somme = (cle: 'nouveaux' | 'changes' | 'sans_reponse') =>
    formatNombre(prevues.reduce((total, prevue) => total + prevue[cle], 0))
  return (
    <Tableau
      legende={legende}
      largeur="moyen"
      lignes={prevues}
      cle={({ organisme, stade }) => `${organisme} ${stade}`}
      vide="Aucun ménage n’attend d’être transmis."
      colonnes={[
        {
          cle: 'service',
          titre: 'Service',
          principale: true,
          rendre: ({ organisme_nom }) => organisme_nom,
          pied: 'Total',
        },
        { cle: 'etape', titre: 'Étape', rendre: ({ stade }) => etapeCourte(stade) },
        {
          cle: 'nouveaux',
          titre: 'Nouveaux',
          numerique: true,
          rendre: ({ nouveaux }) => formatNombre(nouveaux),
          pied: somme('nouveaux'),
        },
        {
          cle: 'changes',
          titre: 'Changés',
          numerique: true,
          rendre: ({ changes }) => formatNombre(changes),
          pied: somme('changes'),
        },
        {
          cle: 'sans_reponse',
          titre: 'Sans réponse',
          note: 'depuis un tableau précédent',
          numerique: true,
          rendre: ({ sans_reponse }) => formatNombre(sans_reponse),
          pied: somme('sans_reponse'),
        },
        {
          cle: 'total',
          titre: 'Ménages',
          numerique: true,
          rendre: (prevue) => formatNombre(compterLignes([prevue])),
          pied: formatNombre(compterLignes(prevues)),
        },
      ]}
    />
  )
}

/** Delay to answer, in a sentence, with its doubt. */
export function ecrireDelai(session: Session): { readonly texte: string; readonly aVerifier: string | null } {
  const delai = lireDelaiReponse(session, session.jour)
  if (delai.etat !== 'valeur')
    return {
      texte: 'Aucun délai de réponse n’est réglé : personne ne passera au rang suivant faute de réponse.',
      aVerifier: delai.motif,
    }
  const avant = session.jour.add({ days: delai.valeur })
  return {
    texte: `Chaque service aura ${pluriel(delai.valeur, 'jour', 'jours')} pour répondre, jusqu’au ${formatDateLongue(avant)}. Sans réponse, un ménage passe au rang suivant.`,
    aVerifier: delai.reserve === null ? null : `Délai de réponse : ${delai.reserve}.`,
  }
}

/** GET /tableaux/figer: what will be frozen, before it is. */
export async function relireFiger(requete: Requete): Promise<Reponse> {
  const prevues = await prevoirListes(requete.session, { date: requete.session.jour })
  return page(<PageFiger requete={requete} prevues={prevues} />)
}

/** POST /tableaux/figer. Twice the same day, the second time freezes only what was not. */
export async function figerLesListes(requete: Requete): Promise<Reponse> {
  const { session } = requete
  const delai = lireDelaiReponse(session, session.jour)
  const figees = await figerListes(session, {
    date: session.jour,
    delaiReponse: delai.etat === 'valeur' ? Temporal.Duration.from({ days: delai.valeur }) : null,
  })
  if (figees.length === 0)
    return redirection('/tableaux', {
      texte: 'Rien de nouveau à figer : les tableaux de ce jour le sont déjà.',
      ton: 'info',
    })
  const menages = figees.reduce((somme, { lignes }) => somme + lignes, 0)
  return redirection('/tableaux', {
    texte: `${pluriel(figees.length, 'tableau figé', 'tableaux figés')} le ${formatDate(session.jour)}, ${pluriel(menages, 'ménage transmis', 'ménages transmis')} aux services.`,
  })
}

function PageFiger({ requete, prevues }: { requete: Requete; prevues: readonly ListePrevue[] }): ReactElement {
  const { session } = requete
  const delai = ecrireDelai(session)
  const menages = compterLignes(prevues)
  const services = new Set(prevues.map(({ organisme }) => organisme)).size
  return (
    <Cadre
      requete={requete}
      titre="Figer les tableaux de la semaine ?"
      chapo={`Le ${formatDateLongue(session.jour)}. Un tableau figé ne change plus : il est numéroté, et c’est sa date qui fait courir les délais.`}
      courante="repartir"
      large
      fil={[{ libelle: 'Tableaux hebdomadaires', href: '/tableaux' }, { libelle: 'Figer' }]}
    >
      {prevues.length === 0 ? (
        <EtatVide titre="Rien à figer aujourd’hui" geste={{ href: '/tableaux', libelle: 'Revenir aux tableaux' }}>
          Aucun ménage n’attend d’être transmis, ou les tableaux de ce jour sont déjà figés : un service n’en reçoit
          qu’un par étape et par jour. Ils se figent d’eux-mêmes chaque {jourDesTableaux(session)} matin.
        </EtatVide>
      ) : (
        <Pile>
          <Message>
            <p>
              <b>
                {pluriel(menages, 'ménage partira', 'ménages partiront')} vers{' '}
                {pluriel(services, 'service', 'services')}, en {pluriel(prevues.length, 'tableau', 'tableaux')}.
              </b>{' '}
              {delai.texte}
            </p>
            {delai.aVerifier !== null && <p className="note">{delai.aVerifier}</p>}
          </Message>
          <TableauPrevu prevues={prevues} legende="Ce qui sera transmis, par service et par étape" />
          <Formulaire action="/tableaux/figer" jeton={requete.connecte.jetonFormulaire} libelle="Figer les tableaux">
            <Actions>
              <Bouton genre="principal" icone="envoi">
                {prevues.length === 1
                  ? 'Figer et transmettre le tableau'
                  : `Figer et transmettre les ${formatNombre(prevues.length)} tableaux`}
              </Bouton>
              <Bouton href="/tableaux">Ne rien figer</Bouton>
            </Actions>
          </Formulaire>
        </Pile>
      )}
    </Cadre>
  )
}
