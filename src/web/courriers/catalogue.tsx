import { formatDate } from '#socle/typography'
import { etapeCourte } from '../accompagner/libelles.ts'
import { Cadre } from '../cadre.tsx'
import { Carte, Etiquette, ListeDefinition, Message, Pile, Plus } from '../composants/index.ts'
import { page, type Reponse, type Requete } from '../route.ts'
import { direCondition } from './condition.ts'
import { DESTINATAIRES } from './libelles.ts'

/** GET /courriers/catalogue: every letter with its trigger, its mandatory statements and their source, and its texts as written. */
export async function montrerCatalogue(requete: Requete): Promise<Reponse> {
  const modeles = [...requete.session.referentiel.courriers.values()]
  return page(
    <Cadre
      requete={requete}
      titre="Modèles de courrier"
      courante="courriers"
      chapo="Ce que chaque courrier dit, à qui, quand, et d’où viennent ses mentions obligatoires."
      fil={[{ libelle: 'Courriers', href: '/courriers' }, { libelle: 'Modèles' }]}
    >
      <Pile>
        <Message ton="bientot">
          <p>
            <b>À vérifier.</b> Ces textes n’ont pas été relus par un juriste ni par un groupe de ménages.
          </p>
        </Message>
        {modeles.map((modele) => (
          <div key={modele.code} id={modele.code}>
            <Carte titre={modele.libelle} aside={modele.numero}>
              <ListeDefinition
                lignes={[
                  { terme: 'Destinataire', valeur: DESTINATAIRES[modele.destinataire] },
                  {
                    terme: 'Quand',
                    valeur: `Étape « ${etapeCourte(modele.declencheur.etape)} » depuis ${modele.declencheur.dans_les_jours} jours au plus`,
                    note: modele.declencheur.si
                      ? `seulement si : ${direCondition(modele.declencheur.si.texte)}`
                      : undefined,
                  },
                  { terme: 'Source', valeur: `${modele.source.titre}, ${modele.source.reference ?? ''}` },
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
                    valeur: modele.mentions.map(({ texte, reference }) => `« ${texte} » (${reference})`).join(' ; '),
                  },
                ]}
              />
              <Plus libelle="Texte courant">
                <pre className="texte-modele">{modele.textes.corps}</pre>
              </Plus>
              {modele.textes.facile !== null && (
                <Plus libelle="Texte facile à lire">
                  <pre className="texte-modele">{modele.textes.facile}</pre>
                </Plus>
              )}
            </Carte>
          </div>
        ))}
      </Pile>
    </Cadre>,
  )
}
