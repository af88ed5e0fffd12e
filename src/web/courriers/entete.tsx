import { ecrireEntete, lireEntete, tientUneEntete } from '#courriers'
import { Conflit, Introuvable } from '#socle/errors'
import { type Erreur, messageDe, tenter } from '../accompagner/saisie.ts'
import { Cadre } from '../cadre.tsx'
import { Actions, Bouton, Carte, Champ, Formulaire, Message, Pile, ResumeErreurs } from '../composants/index.ts'
import { ouConflit, pageConflit } from '../conflit.tsx'
import { champ, page, type Reponse, type Requete, redirection } from '../route.ts'

const ICI = '/courriers/en-tete'
const FIL = [{ libelle: 'Courriers', href: '/courriers' }, { libelle: 'En-tête' }]

interface Saisie {
  readonly nom: string
  readonly lignes: string
  readonly telephone: string
  readonly courriel: string
  readonly signature: string
  readonly version: number
}

async function lireActuelle(requete: Requete): Promise<Saisie> {
  const { session } = requete
  const tenue = await lireEntete(session)
  return {
    nom: tenue?.nom ?? session.acteur.organismeNom,
    lignes: (tenue?.lignes ?? []).join('\n'),
    telephone: tenue?.telephone ?? '',
    courriel: tenue?.courriel ?? '',
    signature: tenue?.signature ?? '',
    version: tenue?.version ?? 0,
  }
}

function montrer(requete: Requete, saisie: Saisie, erreurs: readonly Erreur[] = []): Reponse {
  return page(
    <Cadre
      requete={requete}
      titre="En-tête des courriers"
      courante="courriers"
      chapo="Ce que vos courriers impriment en haut à gauche, et sous le texte. Le destinataire doit pouvoir répondre à cette adresse."
      fil={FIL}
      erreur={erreurs.length > 0}
    >
      <Pile>
        <ResumeErreurs erreurs={erreurs} />
        <Carte titre="En-tête">
          <Formulaire
            action={ICI}
            jeton={requete.connecte.jetonFormulaire}
            libelle="En-tête des courriers"
            champs={{ version: String(saisie.version) }}
          >
            <Champ nom="nom" libelle="Nom" longueurMax={80} valeur={saisie.nom} erreur={messageDe(erreurs, 'nom')} />
            <Champ
              nom="lignes"
              libelle="Service et adresse"
              aide="Quatre lignes au plus. La dernière : code postal et commune."
              lignes={4}
              longueurMax={300}
              valeur={saisie.lignes}
              erreur={messageDe(erreurs, 'lignes')}
            />
            <Champ
              nom="telephone"
              libelle="Téléphone"
              aide="Celui auquel un ménage peut appeler. Il est aussi cité dans le texte."
              longueurMax={30}
              genre="tel"
              valeur={saisie.telephone}
            />
            <Champ
              nom="courriel"
              libelle="Courriel"
              longueurMax={120}
              genre="email"
              valeur={saisie.courriel}
              erreur={messageDe(erreurs, 'courriel')}
            />
            <Champ
              nom="signature"
              libelle="Signature"
              aide="Une fonction, par exemple « La responsable du service ». Vide : rien n’est imprimé sous le texte."
              longueurMax={120}
              valeur={saisie.signature}
            />
            <Actions>
              <Bouton genre="principal">Enregistrer</Bouton>
            </Actions>
          </Formulaire>
        </Carte>
        <Message ton="neutre">
          <p>Les courriers déjà produits gardent l’en-tête qu’ils avaient.</p>
        </Message>
      </Pile>
    </Cadre>,
    erreurs.length > 0 ? 422 : undefined,
  )
}

/** GET /courriers/en-tete. Secretariats have theirs in the data of the département. */
export async function montrerEntete(requete: Requete): Promise<Reponse> {
  if (!tientUneEntete(requete.session)) throw new Introuvable()
  return montrer(requete, await lireActuelle(requete))
}

const CHAMPS: Readonly<Record<string, string>> = {
  'entete.nom': 'nom',
  'entete.lignes': 'lignes',
  'entete.courriel': 'courriel',
}

/** POST /courriers/en-tete */
export async function ecrire(requete: Requete): Promise<Reponse> {
  const saisie: Saisie = {
    nom: champ(requete, 'nom'),
    lignes: champ(requete, 'lignes'),
    telephone: champ(requete, 'telephone'),
    courriel: champ(requete, 'courriel'),
    signature: champ(requete, 'signature'),
    version: Number(champ(requete, 'version')) || 0,
  }
  let erreur: Erreur | null = null
  const conflit = await ouConflit(requete, 'courriers.entete', async () => {
    erreur = await tenter(
      requete.session,
      'courriers.entete',
      (code) => CHAMPS[code] ?? 'nom',
      () => ecrireEntete(requete.session, { ...saisie, lignes: saisie.lignes.split(/\r?\n/) }),
    )
  })
  if (conflit instanceof Conflit) {
    const maintenant = await lireActuelle(requete)
    const { version: _, ...mienne } = saisie
    return pageConflit(requete, {
      message: conflit.message,
      quoi: 'En-tête des courriers',
      courante: 'courriers',
      fil: FIL,
      versions: (
        [
          ['nom', 'Nom'],
          ['lignes', 'Service et adresse'],
          ['telephone', 'Téléphone'],
          ['courriel', 'Courriel'],
          ['signature', 'Signature'],
        ] as const
      ).map(([cle, libelle]) => ({ cle, libelle, saisie: mienne[cle], enregistree: maintenant[cle] })),
      conseil: 'Garder ce que votre collègue a écrit, ou le remplacer par votre saisie.',
      garder: { libelle: 'Garder ce qui est enregistré', href: ICI },
      remplacer: {
        libelle: 'Remplacer par ma saisie',
        action: ICI,
        champs: { ...mienne, version: String(maintenant.version) },
      },
    })
  }
  if (erreur !== null) return montrer(requete, saisie, [erreur])
  return redirection('/courriers', { texte: 'En-tête enregistré : les prochains courriers l’impriment.', ton: 'tenu' })
}
