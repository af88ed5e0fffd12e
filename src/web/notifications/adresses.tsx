import { aLeDroit, type CourrielRefuse, listerCourrielsRefuses, reprendreCourriel } from '#acces'
import { parisDay } from '#socle/time'
import { formatDate, pluriel } from '#socle/typography'
import { Cadre } from '../cadre.tsx'
import { BoutonPost, EtatVide, Message, Pile, Tableau } from '../composants/index.ts'
import { page, type Reponse, type Requete, redirection } from '../route.ts'

/** What the answer of a mail server means, in words, from its status when it gives one. */
function direRefus({ code, statut }: Pick<CourrielRefuse, 'code' | 'statut'>): string {
  const sens = statut?.startsWith('5.1.')
    ? 'cette adresse n’existe pas'
    : statut?.startsWith('5.2.')
      ? 'boîte pleine ou fermée'
      : statut?.startsWith('5.7.')
        ? 'refus de sécurité du serveur de l’organisme'
        : 'refusée par le serveur de l’organisme'
  return `${sens} (réponse ${code}${statut ? `, ${statut}` : ''})`
}

/** GET /notifications/adresses: accounts whom mails do not reach, and what to do. */
export async function listerAdressesRefusees(requete: Requete): Promise<Reponse> {
  const refusees = await listerCourrielsRefuses(requete.session)
  const administre = aLeDroit(requete.acteur, 'compte.gerer')
  return page(
    <Cadre
      requete={requete}
      titre="Adresses que les courriels n’atteignent pas"
      courante={administre ? 'comptes' : 'notifications'}
      large
      fil={[
        administre ? { libelle: 'Comptes', href: '/comptes' } : { libelle: 'Notifications', href: '/notifications' },
        { libelle: 'Adresses refusées' },
      ]}
      chapo={`${pluriel(refusees.length, 'adresse refusée', 'adresses refusées')} pour de bon par un serveur de messagerie. Plus aucun courriel n’y part : ce qui attend ces personnes reste visible dans Amont.`}
    >
      <Pile>
        <Message>
          Vérifier l’adresse avec la personne, ou avec son organisme. Juste et réparée de son côté : « Essayer de
          nouveau », le prochain courriel dira si elle répond. Fausse ou changée :{' '}
          {administre ? (
            <>
              fermer ce compte depuis sa page, puis <a href="/comptes/nouveau">inviter la personne</a> à sa bonne
              adresse.
            </>
          ) : (
            'le dire à l’administrateur d’Amont, qui ferme ce compte et invite la personne à sa bonne adresse.'
          )}
        </Message>
        {refusees.length === 0 ? (
          <EtatVide titre="Toutes les adresses répondent">
            Une adresse refusée se verrait ici dès le premier courriel.
          </EtatVide>
        ) : (
          <Tableau
            legende="Adresses refusées"
            lignes={refusees}
            cle={({ id }) => id}
            colonnes={[
              {
                cle: 'nom',
                titre: 'Personne',
                principale: true,
                rendre: ({ compte, nom, courriel }) => (
                  <>
                    {administre ? <a href={`/comptes/${compte}`}>{nom}</a> : nom}
                    <small>{courriel}</small>
                  </>
                ),
              },
              { cle: 'organisme', titre: 'Organisme', rendre: ({ organismes }) => organismes.join(', ') || '–' },
              { cle: 'depuis', titre: 'Depuis le', rendre: ({ a }) => formatDate(parisDay(a)) },
              { cle: 'pourquoi', titre: 'Réponse du serveur', large: true, rendre: direRefus },
              {
                cle: 'geste',
                titre: 'Remède',
                rendre: ({ id, nom }) => (
                  <BoutonPost
                    action={`/notifications/adresses/${id}/reprendre`}
                    jeton={requete.connecte.jetonFormulaire}
                    petit
                    libelleLu={`Essayer de nouveau l’adresse de ${nom}`}
                  >
                    Essayer de nouveau
                  </BoutonPost>
                ),
              },
            ]}
          />
        )}
      </Pile>
    </Cadre>,
  )
}

/** POST /notifications/adresses/:refuse/reprendre. */
export async function reprendreUneAdresse(requete: Requete): Promise<Reponse> {
  await reprendreCourriel(requete.session, requete.parametres.refuse ?? '')
  // What waits for this person is still due: the next run finds it.
  return redirection('/notifications/adresses', {
    texte: 'Les courriels repartiront vers cette adresse. Si elle est encore refusée, elle reviendra dans cette liste.',
  })
}
