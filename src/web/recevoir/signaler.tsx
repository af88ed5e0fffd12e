import { randomUUID } from 'node:crypto'
import type { ReactElement } from 'react'
import { aLeDroit, listerOrganismes, type Organisme } from '#acces'
import { colonnesLisibles, deposerSaisie, type NomColonne, TYPES, verifierSaisie } from '#signalements'
import { refus } from '#socle/errors'
import { isUuid } from '#socle/text'
import { formatDate } from '#socle/typography'
import { Cadre } from '../cadre.tsx'
import {
  Actions,
  Bouton,
  Carte,
  Formulaire,
  Message,
  Pile,
  Plus,
  ResumeErreurs,
  Selection,
} from '../composants/index.ts'
import { champ, page, type Reponse, type Requete, redirection } from '../route.ts'
import { ChampColonne } from './champ-colonne.tsx'
import { adresseLot } from './libelles.ts'
import { avecNavigation } from './perimetre.ts'

/** The columns of the format, as a person fills them: what happened, the household, the dwelling, its landlord, the money. */
const PARTIES: readonly { readonly titre: string; readonly plie?: true; readonly colonnes: readonly NomColonne[] }[] = [
  {
    titre: 'Ce qui se passe',
    colonnes: ['type', 'date_signalement', 'date_acte', 'precision', 'cles_remises', 'perte_autonomie'],
  },
  {
    titre: 'Le ménage',
    colonnes: ['civilite', 'nom_usage', 'prenom', 'date_naissance', 'telephone', 'courriel'],
  },
  { titre: 'Le logement', colonnes: ['adresse', 'complement_adresse', 'code_postal', 'commune', 'parc'] },
  { titre: 'La dette', colonnes: ['montant_dette', 'dette_depuis', 'loyer', 'charges'] },
  {
    titre: 'Le bailleur et le bail',
    plie: true,
    colonnes: [
      'bailleur_nom',
      'bailleur_siret',
      'bailleur_nature',
      'bailleur_gestion_directe',
      'bailleur_annee_naissance',
      'bailleur_conventionne_anah',
      'date_bail',
    ],
  },
  {
    titre: 'La procédure',
    plie: true,
    colonnes: ['date_audience', 'tribunal', 'decision'],
  },
  {
    titre: 'Le foyer et ses droits',
    plie: true,
    colonnes: [
      'nom_naissance',
      'conjoint_nom',
      'conjoint_prenom',
      'conjoint_date_naissance',
      'situation_familiale',
      'enfants_a_charge',
      'annees_naissance_enfants',
      'numero_allocataire',
      'aide_logement',
      'montant_aide',
      'aide_versee_au_bailleur',
      'garantie_visale',
      'rsa',
      'handicap',
      'suivi_caf',
      'suivi_ccas',
      'suivi_departement',
      'suivi_adil',
    ],
  },
]
const COLONNES_SAISIES = PARTIES.flatMap(({ colonnes }) => colonnes)

/** Whoever follows the whole département writes down what others tell; the others speak for their own organisme. */
const peutChoisir = ({ acteur }: Pick<Requete, 'acteur'>): boolean =>
  acteur.role === 'secretariat' || acteur.role === 'prefecture'

interface Saisie {
  readonly organisme: string
  readonly envoi: string
  readonly valeurs: Readonly<Record<string, string>>
  readonly erreurs: readonly { readonly nom: string; readonly message: string }[]
  /** Only what may be kept as it is stands in the way. */
  readonly aConfirmer: boolean
}

function PageSignaler({
  requete,
  organismes,
  saisie,
}: {
  requete: Requete
  organismes: readonly Organisme[]
  saisie: Saisie
}): ReactElement {
  const { acteur, session } = requete
  const siens = peutChoisir(requete) ? null : acteur.organisme
  const lisible = colonnesLisibles(session, acteur.organisme ?? '')
  const rendre = (nom: NomColonne) =>
    // Who writes for its own organisme knows what it writes; who writes for another stays within what it may read.
    siens === null && !lisible(nom) ? null : (
      <ChampColonne
        key={nom}
        nom={nom}
        valeur={saisie.valeurs[nom] ?? ''}
        erreur={saisie.erreurs.find((une) => une.nom === nom)?.message}
      />
    )
  return (
    <Cadre
      requete={requete}
      courante={aLeDroit(acteur, 'lot.consulter') ? 'recevoir' : 'signaler'}
      titre="Signaler un ménage"
      chapo="Un impayé, une alerte, un départ, un changement, un ménage reçu en antenne : sans fichier, même si aucune procédure n’est engagée."
      {...(aLeDroit(acteur, 'lot.consulter')
        ? { fil: [{ libelle: 'Fichiers reçus', href: '/recevoir' }, { libelle: 'Signaler un ménage' }] }
        : {})}
      erreur={saisie.erreurs.length > 0}
    >
      <Pile>
        <ResumeErreurs
          titre={saisie.aConfirmer ? 'À relire avant d’envoyer' : 'Le signalement n’est pas envoyé'}
          erreurs={saisie.erreurs}
        />
        <Message ton="bientot" icone="retard">
          <p>
            <b>Signaler ici ne vaut pas saisine.</b> La transmission légale passe par la voie électronique nationale
            (EXPLOC).
          </p>
        </Message>
        <Formulaire
          action="/recevoir/signaler"
          jeton={requete.connecte.jetonFormulaire}
          champs={{ envoi: saisie.envoi, ...(saisie.aConfirmer ? { confirme: 'oui' } : {}) }}
          classe="pile"
        >
          {siens === null ? (
            <Carte titre="Qui signale">
              <Selection
                nom="organisme"
                libelle="Organisme qui signale"
                aide="Celui qui a appris la situation, par téléphone, courrier ou courriel."
                vide="Choisir"
                valeur={saisie.organisme}
                options={organismes.map(({ id, nom }) => ({ valeur: id, libelle: nom }))}
                erreur={saisie.erreurs.find(({ nom }) => nom === 'organisme')?.message}
              />
            </Carte>
          ) : (
            <p>
              Émetteur : <b>{acteur.organismeNom}</b>
            </p>
          )}
          {PARTIES.map(({ titre, plie, colonnes }) =>
            plie ? (
              <Plus
                key={titre}
                libelle={titre}
                ouvert={saisie.erreurs.some(({ nom }) => (colonnes as readonly string[]).includes(nom))}
              >
                <div className="champs mt2">{colonnes.map(rendre)}</div>
              </Plus>
            ) : (
              <Carte key={titre} titre={titre}>
                <div className="champs">{colonnes.map(rendre)}</div>
                {titre === 'Ce qui se passe' && (
                  <p className="note mt2">
                    Préciser les faits utiles, sans détail médical. Cette précision n’est lue que de votre organisme et
                    des secrétariats. La copie d’un acte se joint ensuite, à la ligne du dépôt. Pour une garantie
                    d’Action Logement, « Le foyer et ses droits » demande si c’est Visale.
                  </p>
                )}
              </Carte>
            ),
          )}
          <Actions>
            <Bouton genre="principal" icone="envoi">
              {saisie.aConfirmer ? 'Envoyer malgré tout' : 'Envoyer le signalement'}
            </Bouton>
          </Actions>
        </Formulaire>
      </Pile>
    </Cadre>
  )
}

async function pageSignaler(requete: Requete, saisie: Saisie, statut?: number): Promise<Reponse> {
  const organismes = peutChoisir(requete) ? await listerOrganismes(requete.session) : []
  return page(<PageSignaler requete={requete} organismes={organismes} saisie={saisie} />, statut)
}

/** GET /recevoir/signaler: one household, without a file (SIG-18). `type`, `nom_usage`…: what the page that leads here knows. */
export function proposerSignalement(requete: Requete): Promise<Reponse> {
  const { recherche, session } = requete
  const { type = '' } = recherche
  return pageSignaler(requete, {
    organisme: '',
    envoi: randomUUID(),
    valeurs: { date_signalement: formatDate(session.jour), type: Object.hasOwn(TYPES, type) ? type : '' },
    erreurs: [],
    aConfirmer: false,
  })
}

/** POST /recevoir/signaler. */
export async function envoyerSignalement(requete: Requete): Promise<Reponse> {
  const { session, acteur } = requete
  const valeurs = Object.fromEntries(COLONNES_SAISIES.map((nom) => [nom, champ(requete, nom).trim()]))
  const envoi = isUuid(champ(requete, 'envoi')) ? champ(requete, 'envoi') : randomUUID()
  const organismes = await listerOrganismes(session)
  const organisme = peutChoisir(requete) ? champ(requete, 'organisme') : (acteur.organisme ?? '')
  const connu = organismes.some(({ id }) => id === organisme)
  if (!connu && !peutChoisir(requete))
    throw refus('depot.organisme', 'Votre organisme n’est plus actif. Demander au secrétariat de la CCAPEX.')
  const { erreurs, aConfirmer, aVenir } = await verifierSaisie(session, {
    ...valeurs,
    reference_source: `SAISIE-${envoi}`,
  })
  const bloquantes = [
    ...(connu ? [] : [{ nom: 'organisme', message: 'Choisir l’organisme qui signale.' }]),
    ...(aVenir
      ? [{ nom: 'date_signalement', message: 'Cette date n’est pas encore passée. Écrire le jour du signalement.' }]
      : []),
    // The sentences of a file say what to write: here, the nature is chosen.
    ...erreurs.map(({ colonne, message }) => ({
      nom: colonne,
      message: colonne === 'type' ? 'Choisir la nature du signalement dans la liste.' : message,
    })),
  ]
  const confirme = champ(requete, 'confirme') === 'oui'
  const relues = confirme ? [] : aConfirmer.map(({ colonne, message }) => ({ nom: colonne, message }))
  if (bloquantes.length > 0 || relues.length > 0)
    return pageSignaler(
      await avecNavigation(requete),
      { organisme, envoi, valeurs, erreurs: [...bloquantes, ...relues], aConfirmer: bloquantes.length === 0 },
      422,
    )
  const lot = await deposerSaisie(session, { organisme, champs: valeurs, envoi })
  const texte = 'Signalement envoyé. Amont le rattache au dossier du ménage, ou en ouvre un ; le secrétariat le voit.'
  return redirection(aLeDroit(acteur, 'lot.consulter') ? adresseLot(lot.id) : '/recevoir/signaler', {
    texte,
    ton: 'tenu',
  })
}
