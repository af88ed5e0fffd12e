import { randomUUID } from 'node:crypto'
import type { ReactElement } from 'react'
import { creerOrganisme } from '#acces'
import { isUuid } from '#socle/text'
import { type Erreur, messageDe, tenter } from '../accompagner/saisie.ts'
import { Cadre } from '../cadre.tsx'
import { Actions, Bouton, Carte, Champ, Formulaire, ResumeErreurs, Selection } from '../composants/index.ts'
import { lireDepartement } from '../regles/regles.tsx'
import { champ, page, type Reponse, type Requete, redirection } from '../route.ts'
import { ChampsOrganisme, champDe, lireSaisie, typesChoix } from './commun.tsx'

function PageNouveau({
  requete,
  envoi,
  erreurs = [],
}: {
  requete: Requete
  envoi: string
  erreurs?: readonly Erreur[]
}): ReactElement {
  const saisie = lireSaisie(requete)
  return (
    <Cadre
      requete={requete}
      titre="Ajouter un organisme"
      courante="comptes"
      erreur={erreurs.length > 0}
      fil={[
        { libelle: 'Comptes', href: '/comptes' },
        { libelle: 'Organismes', href: '/organismes' },
        { libelle: 'Ajouter un organisme' },
      ]}
      chapo="Il existe aussitôt pour les règles de répartition, les courriers et les comptes. Ses agents entrent quand ils sont invités."
    >
      <ResumeErreurs erreurs={erreurs} titre="L’organisme n’est pas ajouté" />
      <Carte titre="L’organisme">
        <Formulaire action="/organismes/nouveau" jeton={requete.connecte.jetonFormulaire} champs={{ envoi }}>
          <ChampsOrganisme
            saisie={saisie}
            lieux={lireDepartement(requete.session).territoires}
            erreurs={erreurs}
            entre={
              <>
                <Selection
                  nom="type"
                  libelle="Sorte d’organisme"
                  aide="Elle décide de ce que ses comptes peuvent lire et de ce que la charte lui demande : elle ne se change plus ensuite. Un CCAS ajouté ici a des travailleurs sociaux : la répartition peut lui confier des ménages."
                  vide="Choisir"
                  valeur={saisie.type}
                  options={typesChoix}
                  erreur={messageDe(erreurs, 'type')}
                />
                <Champ
                  nom="code"
                  libelle="Code"
                  facultatif
                  aide="Nomme l’organisme dans les fichiers et en ligne de commande : capitales, chiffres et tirets. Laissé vide, il est tiré du nom."
                  valeur={saisie.code}
                  longueurMax={40}
                  erreur={messageDe(erreurs, 'code')}
                />
              </>
            }
          />
          <Actions>
            <Bouton genre="principal">Ajouter</Bouton>
            <Bouton href="/organismes">Annuler</Bouton>
          </Actions>
        </Formulaire>
      </Carte>
    </Cadre>
  )
}

/** GET /organismes/nouveau. */
export async function proposerOrganisme(requete: Requete): Promise<Reponse> {
  return page(<PageNouveau requete={requete} envoi={randomUUID()} />)
}

/** POST /organismes/nouveau. The form carries the id: sent twice, it adds one organisme. */
export async function ouvrirUnOrganisme(requete: Requete): Promise<Reponse> {
  const { session } = requete
  const envoye = champ(requete, 'envoi')
  const envoi = isUuid(envoye) ? envoye : randomUUID()
  const refusee = await tenter(session, 'organisme.creer', champDe, () =>
    creerOrganisme(session, envoi, lireSaisie(requete)),
  )
  return refusee
    ? page(<PageNouveau requete={requete} envoi={envoi} erreurs={[refusee]} />, 422)
    : redirection(`/organismes/${envoi}`, { texte: 'Organisme ajouté. Inviter maintenant ses agents.' })
}
