import { aLeDroit } from '#acces'
import {
  apercevoirCourrier,
  CANAUX_COURRIER,
  type Courrier,
  corrigerCourrier,
  defaireMessage,
  direMessageEnvoye,
  ETATS_COURRIER,
  ecarterCourrier,
  ecrireMessage,
  lireCourrier,
  lirePdfCourrier,
  longueurSaisie,
  nommerModele,
  noterRetour,
  type Precisions,
  peutAgirSur,
  renvoyerCourrier,
  retablirCourrier,
  saisiesDe,
  tientUneEntete,
  type Variante,
} from '#courriers'
import { conditionDe, saisieDe as decrireSaisie, VARIABLES_COURRIER, VARIABLES_SAISIES } from '#referentiel'
import { Conflit, Introuvable } from '#socle/errors'
import { formatDate } from '#socle/typography'
import { type Erreur, lireJourSaisi, messageDe, tenter } from '../accompagner/saisie.ts'
import { Cadre } from '../cadre.tsx'
import { nommerFait } from '../charte/situation-ecrite.ts'
import {
  Actions,
  Bouton,
  BoutonPost,
  Carte,
  CaseACocher,
  Champ,
  ChampDate,
  Colonnes,
  Etiquette,
  Formulaire,
  ListeDefinition,
  Message,
  Pile,
  ResumeErreurs,
  Selection,
} from '../composants/index.ts'
import { ouConflit, pageConflit } from '../conflit.tsx'
import { champ, page, type Reponse, type Requete, redirection } from '../route.ts'
import { avecNavigation } from '../tableaux/lecture.ts'
import { direCondition } from './condition.ts'
import { actesDepart, CartesDepart, lireDepart } from './depart.tsx'
import { Lettre } from './lettre.tsx'
import { adresseCourrier, adresseLot, adresseModele, TONS_COURRIER, VARIANTES } from './libelles.ts'

interface Saisie {
  readonly nom: string
  readonly adresse: string
  readonly variante: string
  readonly verifie: boolean
  readonly motif: string
  readonly precisions: Precisions
  readonly erreurs: readonly Erreur[]
}

const saisieDe = ({ nom, adresse, variante, precisions }: Courrier): Saisie => ({
  precisions,
  nom,
  adresse: adresse.join('\n'),
  variante,
  verifie: false,
  motif: '',
  erreurs: [],
})

async function montrer(requete: Requete, saisie?: Saisie): Promise<Reponse> {
  const { session, connecte, acteur } = requete
  const courrier = await lireCourrier(session, requete.parametres.id ?? '')
  // A kind of letter that left the data keeps the letters it made.
  const modele = session.referentiel.courriers.get(courrier.modele)
  const libelle = nommerModele(session, courrier.modele)
  const apercu = await apercevoirCourrier(session, courrier)
  const depart = await lireDepart(requete, courrier)
  const { nom, adresse, variante, verifie, motif, precisions, erreurs } = saisie ?? saisieDe(courrier)
  const message = modele?.forme === 'message'
  const ici = adresseCourrier(courrier)
  const jeton = connecte.jetonFormulaire
  const agir = aLeDroit(acteur, 'courrier.envoyer') && peutAgirSur(session, courrier)
  const vus = { version: String(courrier.version) }
  return page(
    <Cadre
      requete={requete}
      titre={courrier.nom === '' ? libelle : `${libelle}, ${courrier.nom}`}
      courante="courriers"
      large
      erreur={erreurs.length > 0}
      fil={[
        { libelle: 'Courriers', href: '/courriers' },
        { libelle, href: adresseModele(courrier.modele, courrier.etat) },
        { libelle: courrier.nom === '' ? 'Sans nom' : courrier.nom },
      ]}
      actions={
        <>
          {message ? null : courrier.etat === 'propose' ? (
            <Bouton petit href={`${ici}/apercu.pdf`} fichier icone="impr">
              Voir le PDF
            </Bouton>
          ) : (
            // Changed in a word processor, its document stands in its card: the composed bytes are not those that leave.
            !depart.modifie &&
            ['produit', 'envoye', 'revenu'].includes(courrier.etat) && (
              <Bouton petit href={`${ici}/courrier.pdf`} fichier icone="impr">
                {courrier.etat === 'produit' ? 'Télécharger le PDF à envoyer' : 'Télécharger le PDF envoyé'}
              </Bouton>
            )
          )}
          {courrier.reference !== '' && (
            <Bouton petit href={`/dossiers/${courrier.reference}`}>
              Ouvrir le dossier
            </Bouton>
          )}
        </>
      }
    >
      <Pile>
        <ResumeErreurs erreurs={erreurs} />
        <Colonnes genre="dossier">
          <Carte
            titre={message ? 'Texte à copier' : 'Le courrier'}
            aside={courrier.etat === 'propose' ? 'Tel qu’il partirait aujourd’hui' : undefined}
          >
            {apercu && message ? (
              <>
                <pre className="texte-modele">{ecrireMessage(apercu.lettre)}</pre>
                <Message ton="neutre">
                  <p>
                    <b>Amont n’envoie pas ce message.</b> Le copier dans un SMS ou un courriel, l’envoyer de votre
                    messagerie, puis le dire ici.
                  </p>
                </Message>
              </>
            ) : apercu ? (
              <Lettre lettre={apercu.lettre} />
            ) : (
              <Message
                ton="bientot"
                action={
                  agir &&
                  tientUneEntete(session) && (
                    <Bouton petit href="/courriers/en-tete">
                      Écrire l’en-tête
                    </Bouton>
                  )
                }
              >
                <p>
                  <b>Ce courrier ne peut pas être composé.</b> L’organisme qui l’envoie n’a pas d’adresse à imprimer en
                  tête.
                </p>
              </Message>
            )}
          </Carte>
          <Pile>
            <EtatDuCourrier courrier={courrier} />
            {agir && courrier.etat === 'propose' && (
              <Carte titre="Destinataire">
                <Formulaire action={`${ici}/corriger`} jeton={jeton} champs={vus} libelle="Destinataire">
                  <Champ nom="nom" libelle="Nom" valeur={nom} erreur={messageDe(erreurs, 'nom')} />
                  {!message && (
                    <Champ
                      nom="adresse"
                      libelle="Adresse"
                      aide="Une ligne par ligne de l’enveloppe. La dernière : code postal et commune."
                      lignes={4}
                      valeur={adresse}
                      erreur={messageDe(erreurs, 'adresse')}
                    />
                  )}
                  {(modele ? saisiesDe(modele) : []).map((un) => {
                    const saisie = decrireSaisie(un)
                    return (
                      <Champ
                        key={un}
                        nom={un}
                        libelle={VARIABLES_COURRIER[un].libelle}
                        aide={saisie?.aide}
                        {...(saisie && saisie.lignes > 1 ? { lignes: saisie.lignes } : {})}
                        longueurMax={longueurSaisie(un)}
                        valeur={precisions[un] ?? ''}
                        erreur={messageDe(erreurs, un)}
                      />
                    )
                  })}
                  {modele?.facile && (
                    <Selection
                      nom="variante"
                      libelle="Version"
                      valeur={variante}
                      options={(Object.keys(VARIANTES) as Variante[]).map((valeur) => ({
                        valeur,
                        libelle: VARIANTES[valeur],
                      }))}
                      erreur={messageDe(erreurs, 'variante')}
                    />
                  )}
                  {courrier.a_verifier.length > 0 && (
                    <CaseACocher
                      nom="verifie"
                      libelle="La condition de ce courrier est remplie"
                      aide={`Information absente du dossier : ${courrier.a_verifier.map(nommerFait).join(', ')}. Condition du modèle : ${direCondition(session, modele && conditionDe(modele)?.texte)}`}
                      cochee={verifie}
                    />
                  )}
                  <Actions>
                    <Bouton genre="principal">Enregistrer</Bouton>
                  </Actions>
                </Formulaire>
              </Carte>
            )}
            <CartesDepart requete={requete} courrier={courrier} depart={depart} agir={agir} erreurs={erreurs} />
            {agir && ['propose', 'produit'].includes(courrier.etat) && (
              <Carte titre="Ne pas l’envoyer">
                <Formulaire action={`${ici}/ecarter`} jeton={jeton} champs={vus} libelle="Écarter ce courrier">
                  <Champ
                    nom="motif"
                    libelle="Pourquoi"
                    valeur={motif}
                    longueurMax={200}
                    erreur={messageDe(erreurs, 'motif')}
                  />
                  <Actions>
                    <Bouton>Écarter ce courrier</Bouton>
                  </Actions>
                </Formulaire>
              </Carte>
            )}
            {agir && courrier.etat === 'ecarte' && (
              <BoutonPost action={`${ici}/retablir`} jeton={jeton} champs={vus} icone="annuler">
                Remettre à relire
              </BoutonPost>
            )}
            {agir && message && courrier.etat === 'propose' && (
              <Carte titre="Dire que le message est parti">
                <Formulaire action={`${ici}/message`} jeton={jeton} champs={vus} libelle="Message envoyé">
                  <ChampDate
                    nom="le"
                    libelle="Envoyé le"
                    valeur={session.jour}
                    max={session.jour}
                    erreur={messageDe(erreurs, 'le')}
                  />
                  <Actions>
                    <Bouton genre="principal">Je l’ai envoyé moi-même</Bouton>
                  </Actions>
                </Formulaire>
              </Carte>
            )}
            {agir && courrier.etat === 'envoye' && courrier.canal !== 'message' && (
              <Carte titre="Revenu ?">
                <Formulaire action={`${ici}/retour`} jeton={jeton} champs={vus} libelle="Courrier revenu">
                  <ChampDate
                    nom="le"
                    libelle="Revenu le"
                    valeur={session.jour}
                    max={session.jour}
                    erreur={messageDe(erreurs, 'le')}
                  />
                  <Actions>
                    <Bouton>Noter le retour</Bouton>
                  </Actions>
                </Formulaire>
              </Carte>
            )}
            {agir && courrier.etat === 'revenu' && (
              <BoutonPost action={`${ici}/renvoyer`} jeton={jeton} genre="principal">
                Renvoyer à une autre adresse
              </BoutonPost>
            )}
          </Pile>
        </Colonnes>
      </Pile>
    </Cadre>,
    erreurs.length > 0 ? 422 : undefined,
  )
}

function EtatDuCourrier({ courrier }: { courrier: Courrier }) {
  return (
    <Carte titre="Où il en est">
      <ListeDefinition
        lignes={[
          {
            terme: 'État',
            valeur: <Etiquette ton={TONS_COURRIER[courrier.etat]}>{ETATS_COURRIER[courrier.etat]}</Etiquette>,
            note: courrier.motif ?? undefined,
          },
          { terme: 'Étape depuis le', valeur: formatDate(courrier.stade_le) },
          {
            terme: 'Lot',
            valeur: courrier.lot ? <a href={adresseLot(courrier.lot)}>Voir le lot</a> : null,
          },
          {
            terme: 'Envoyé le',
            valeur: courrier.envoye_le ? formatDate(courrier.envoye_le) : null,
            note: courrier.canal ? CANAUX_COURRIER[courrier.canal].toLowerCase() : undefined,
          },
          { terme: 'Revenu le', valeur: courrier.revenu_le ? formatDate(courrier.revenu_le) : null },
          {
            terme: 'Envoi précédent',
            valeur: courrier.renvoie ? <a href={`/courriers/${courrier.renvoie}`}>Revenu à l’envoyeur</a> : null,
          },
        ]}
      />
    </Carte>
  )
}

/** GET /courriers/:id */
export const montrerCourrier = (requete: Requete): Promise<Reponse> => montrer(requete)

/** Acts on how it leaves: a refusal shows this page. */
export const { choisir, deposer, recomposer } = actesDepart(async (requete, erreur) => {
  const courrier = await lireCourrier(requete.session, requete.parametres.id ?? '')
  return montrer(await avecNavigation(requete), { ...saisieDe(courrier), erreurs: [erreur] })
})

const CHAMPS: Readonly<Record<string, string>> = {
  'courrier.nom': 'nom',
  'courrier.adresse': 'adresse',
  'courrier.variante': 'variante',
  'courrier.motif': 'motif',
  'courrier.date': 'le',
  'courrier.message': 'le',
  'courrier.entete': 'le',
  ...Object.fromEntries(VARIABLES_SAISIES.map((nom) => [`courrier.${nom}`, nom])),
}

const vise = (requete: Requete) => ({
  id: requete.parametres.id ?? '',
  version: Number(champ(requete, 'version')) || 0,
})

async function agir(
  requete: Requete,
  action: string,
  acte: () => Promise<unknown>,
  fait: (courrier: Courrier) => Reponse,
): Promise<Reponse> {
  const avant = await lireCourrier(requete.session, requete.parametres.id ?? '')
  const garder = (reste: Partial<Saisie>): Saisie => ({
    ...saisieDe(avant),
    ...(requete.champs.nom
      ? {
          precisions: lirePrecisions(requete),
          nom: champ(requete, 'nom'),
          adresse: champ(requete, 'adresse'),
          verifie: champ(requete, 'verifie') !== '',
        }
      : {}),
    ...(requete.champs.variante ? { variante: champ(requete, 'variante') } : {}),
    motif: champ(requete, 'motif'),
    erreurs: [],
    ...reste,
  })
  let erreur: Erreur | null = null
  const conflit = await ouConflit(requete, action, async () => {
    erreur = await tenter(requete.session, action, (code) => CHAMPS[code] ?? 'nom', acte)
  })
  if (conflit instanceof Conflit) {
    const maintenant = await lireCourrier(requete.session, avant.id)
    const saisie = garder({})
    const ici = adresseCourrier(avant)
    const corrigeable = action === 'courrier.corriger' && maintenant.etat === 'propose'
    return pageConflit(requete, {
      message: conflit.message,
      quoi: `Courrier à ${maintenant.nom}`,
      courante: 'courriers',
      fil: [
        { libelle: 'Courriers', href: '/courriers' },
        { libelle: maintenant.nom, href: ici },
      ],
      versions: [
        { cle: 'nom', libelle: 'Nom', saisie: saisie.nom, enregistree: maintenant.nom },
        { cle: 'adresse', libelle: 'Adresse', saisie: saisie.adresse, enregistree: maintenant.adresse.join('\n') },
      ],
      conseil: 'Garder ce qui est enregistré, ou remplacer le destinataire par votre saisie.',
      garder: { libelle: 'Garder ce qui est enregistré', href: ici },
      remplacer: corrigeable
        ? {
            libelle: 'Remplacer par ma saisie',
            action: `${ici}/corriger`,
            champs: {
              version: String(maintenant.version),
              nom: saisie.nom,
              adresse: saisie.adresse,
              variante: saisie.variante,
              ...saisie.precisions,
              ...(saisie.verifie ? { verifie: 'oui' } : {}),
            },
          }
        : null,
    })
  }
  if (erreur !== null) return montrer(requete, garder({ erreurs: [erreur] }))
  return fait(avant)
}

const lirePrecisions = (requete: Requete): Precisions =>
  Object.fromEntries(VARIABLES_SAISIES.map((nom) => [nom, champ(requete, nom)]))

/** POST /courriers/:id/corriger */
export function corriger(requete: Requete): Promise<Reponse> {
  return agir(
    requete,
    'courrier.corriger',
    () =>
      corrigerCourrier(requete.session, vise(requete), {
        nom: champ(requete, 'nom'),
        adresse: champ(requete, 'adresse').split(/\r?\n/),
        variante: champ(requete, 'variante') === 'facile' ? 'facile' : 'courant',
        verifie: champ(requete, 'verifie') !== '',
        precisions: lirePrecisions(requete),
      }),
    (courrier) => redirection(adresseCourrier(courrier), { texte: 'Courrier enregistré.', ton: 'tenu' }),
  )
}

/** POST /courriers/:id/ecarter */
export function ecarter(requete: Requete): Promise<Reponse> {
  return agir(
    requete,
    'courrier.ecarter',
    () => ecarterCourrier(requete.session, vise(requete), champ(requete, 'motif')),
    (courrier) =>
      redirection(adresseModele(courrier.modele), {
        texte: `Courrier à ${courrier.nom} écarté.`,
        defaire: {
          action: `${adresseCourrier(courrier)}/retablir`,
          libelle: 'Le remettre à relire',
          champs: { version: String(courrier.version + 1) },
        },
      }),
  )
}

/** POST /courriers/:id/retablir */
export function retablir(requete: Requete): Promise<Reponse> {
  return agir(
    requete,
    'courrier.retablir',
    () => retablirCourrier(requete.session, vise(requete)),
    (courrier) => redirection(adresseCourrier(courrier), { texte: 'Courrier remis à relire.', ton: 'tenu' }),
  )
}

/** POST /courriers/:id/retour */
export async function noterUnRetour(requete: Requete): Promise<Reponse> {
  const le = lireJourSaisi(champ(requete, 'le'))
  if (le === null) {
    const courrier = await lireCourrier(requete.session, requete.parametres.id ?? '')
    return montrer(requete, { ...saisieDe(courrier), erreurs: [{ nom: 'le', message: 'Écrire la date du retour.' }] })
  }
  return agir(
    requete,
    'courrier.retour',
    () => noterRetour(requete.session, vise(requete), le),
    (courrier) =>
      redirection(adresseCourrier(courrier), {
        texte: 'Retour noté. Le courrier peut être renvoyé à une autre adresse.',
        ton: 'tenu',
      }),
  )
}

/** POST /courriers/:id/message: a person says that they sent it, from their own telephone or mail. */
export async function noterMessage(requete: Requete): Promise<Reponse> {
  const le = lireJourSaisi(champ(requete, 'le'))
  if (le === null) {
    const courrier = await lireCourrier(requete.session, requete.parametres.id ?? '')
    return montrer(requete, { ...saisieDe(courrier), erreurs: [{ nom: 'le', message: 'Écrire la date d’envoi.' }] })
  }
  return agir(
    requete,
    'courrier.message',
    () => direMessageEnvoye(requete.session, vise(requete), le),
    (courrier) =>
      redirection(adresseCourrier(courrier), {
        texte: 'Envoi noté : la chronologie du dossier le dit.',
        ton: 'tenu',
        defaire: {
          action: `${adresseCourrier(courrier)}/message/defaire`,
          libelle: 'Ce message n’est pas parti',
          champs: { version: String(courrier.version + 1) },
        },
      }),
  )
}

/** POST /courriers/:id/message/defaire */
export function defaireUnMessage(requete: Requete): Promise<Reponse> {
  return agir(
    requete,
    'courriers.reprendre',
    () => defaireMessage(requete.session, vise(requete)),
    (courrier) => redirection(adresseCourrier(courrier), { texte: 'Message remis à envoyer.', ton: 'tenu' }),
  )
}

/** POST /courriers/:id/renvoyer */
export async function renvoyer(requete: Requete): Promise<Reponse> {
  const id = await renvoyerCourrier(requete.session, requete.parametres.id ?? '')
  return redirection(`/courriers/${id}`, { texte: 'Courrier proposé de nouveau : écrire la nouvelle adresse.' })
}

const nommer = ({ modele, reference, id }: Courrier): string =>
  `${modele}-${reference === '' ? id.slice(0, 8) : reference}.pdf`

/** GET /courriers/:id/apercu.pdf: what would be printed today. */
export async function telechargerApercu(requete: Requete): Promise<Reponse> {
  const courrier = await lireCourrier(requete.session, requete.parametres.id ?? '')
  const apercu = await apercevoirCourrier(requete.session, courrier)
  if (!apercu) throw new Introuvable()
  requete.session.consigner({
    action: 'courrier.telecharger',
    objet: 'courrier',
    objetId: courrier.id,
    dossiers: [courrier.dossier],
  })
  return { genre: 'fichier', nom: `apercu-${nommer(courrier)}`, type: 'application/pdf', octets: await apercu.pdf() }
}

/** GET /courriers/:id/courrier.pdf: the bytes that left. */
export async function telecharger(requete: Requete): Promise<Reponse> {
  const { octets, courrier } = await lirePdfCourrier(requete.session, requete.parametres.id ?? '')
  return { genre: 'fichier', nom: nommer(courrier), type: 'application/pdf', octets }
}
