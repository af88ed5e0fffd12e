import { randomUUID } from 'node:crypto'
import { aLeDroit } from '#acces'
import {
  admetCourriel,
  type Courrier,
  choisirCourrielPourTous,
  compterCourriers,
  ETATS_COURRIER,
  type EtatCourrier,
  lancerProduction,
  lireModele,
  listerCourriers,
} from '#courriers'
import { ecrireSourcePartagee } from '#referentiel'
import { formatDate, formatNombre, pluriel } from '#socle/typography'
import { Cadre } from '../cadre.tsx'
import {
  Actions,
  Bouton,
  BoutonPost,
  Etiquette,
  Formulaire,
  Message,
  Onglets,
  Pile,
  Tableau,
} from '../composants/index.ts'
import { champ, page, type Reponse, type Requete, redirection } from '../route.ts'
import { adresseCourrier, adresseLot, adresseModele, DESTINATAIRES } from './libelles.ts'

const estEtat = (texte: string | undefined): texte is EtatCourrier =>
  texte !== undefined && Object.hasOwn(ETATS_COURRIER, texte)

const manques = (courrier: Courrier, forme: 'lettre' | 'message'): string[] => [
  ...(forme === 'lettre' && courrier.adresse.length === 0 ? ['adresse à compléter'] : []),
  ...(courrier.a_verifier.length > 0 ? ['condition à vérifier'] : []),
]

/** GET /courriers/modeles/:modele: the letters of one kind, by state. */
export async function montrerModele(requete: Requete): Promise<Reponse> {
  const { session, parametres, recherche, acteur } = requete
  const modele = lireModele(session, parametres.modele ?? '')
  const etat = estEtat(recherche.etat) ? recherche.etat : 'propose'
  const apres = recherche.nom && recherche.apres ? { nom: recherche.nom, id: recherche.apres } : undefined
  const [{ courriers, suite }, comptes] = await Promise.all([
    listerCourriers(session, { modele: modele.code, etat, apres }),
    compterCourriers(session),
  ])
  const siens = comptes.filter((compte) => compte.modele === modele.code)
  const compter = (un: EtatCourrier): number => siens.find((compte) => compte.etat === un)?.n ?? 0
  const proposes = siens.find((compte) => compte.etat === 'propose')
  const incomplets = proposes?.incomplets ?? 0
  const produire =
    aLeDroit(acteur, 'courrier.envoyer') &&
    acteur.organisme !== null &&
    modele.forme === 'lettre' &&
    etat === 'propose' &&
    compter('propose') > incomplets
  return page(
    <Cadre
      requete={requete}
      titre={modele.libelle}
      courante="courriers"
      large
      fil={[{ libelle: 'Courriers', href: '/courriers' }, { libelle: modele.libelle }]}
      chapo={`${DESTINATAIRES[modele.destinataire]}. Source : ${ecrireSourcePartagee(modele.source, session.dept)}.`}
      actions={
        <Bouton petit href={`/courriers/catalogue#${modele.code}`}>
          Lire le modèle
        </Bouton>
      }
    >
      <Pile>
        <Onglets
          libelle="États"
          onglets={(Object.keys(ETATS_COURRIER) as EtatCourrier[]).map((un) => ({
            href: adresseModele(modele.code, un),
            libelle: ETATS_COURRIER[un],
            compte: formatNombre(compter(un)),
            courant: un === etat,
          }))}
        />
        {produire && (
          <Formulaire
            action={`/courriers/modeles/${modele.code}/produire`}
            jeton={requete.connecte.jetonFormulaire}
            libelle="Produire les courriers complets"
            champs={{ envoi: randomUUID(), avant: session.maintenant.toString() }}
          >
            <Message
              action={
                <Bouton genre="principal" icone="impr">
                  Produire les courriers complets
                </Bouton>
              }
            >
              <p>
                <b>Relire quelques courriers avant de produire.</b> La production compose un PDF par destinataire et un
                document trié par code postal pour l’impression.
                {incomplets > 0 &&
                  ` ${pluriel(incomplets, 'courrier incomplet attendra', 'courriers incomplets attendront')}.`}
              </p>
            </Message>
          </Formulaire>
        )}
        {produire && admetCourriel(modele) && (
          <Actions>
            <BoutonPost
              petit
              action={`/courriers/modeles/${modele.code}/canal`}
              jeton={requete.connecte.jetonFormulaire}
              icone="envoi"
            >
              Par courriel pour ceux qui l’ont accepté
            </BoutonPost>
          </Actions>
        )}
        <Tableau
          legende={`Courriers : ${ETATS_COURRIER[etat].toLowerCase()}`}
          largeur="moyen"
          lignes={courriers}
          cle={({ id }) => id}
          vide="Aucun courrier dans cet état."
          colonnes={[
            {
              cle: 'nom',
              titre: 'Destinataire',
              principale: true,
              rendre: (courrier) => (
                <a href={adresseCourrier(courrier)}>{courrier.nom === '' ? 'Nom à compléter' : courrier.nom}</a>
              ),
            },
            {
              cle: 'dossier',
              titre: 'Dossier',
              rendre: ({ reference, titulaire }) => (
                <>
                  {reference !== '' && <a href={`/dossiers/${reference}`}>{reference}</a>}{' '}
                  <span className="note">{titulaire}</span>
                </>
              ),
            },
            {
              cle: 'adresse',
              titre: 'Adresse',
              large: true,
              rendre: (courrier) => {
                const absents = manques(courrier, modele.forme)
                return absents.length > 0 ? (
                  <Etiquette ton="bientot">{absents.join(', ')}</Etiquette>
                ) : (
                  <>
                    {courrier.adresse.join(', ')}
                    {courrier.courriel !== null && <small>par courriel</small>}
                  </>
                )
              },
            },
            { cle: 'etape', titre: 'Étape depuis le', rendre: ({ stade_le }) => formatDate(stade_le) },
            {
              cle: 'suite',
              titre: 'Suite',
              rendre: ({ envoye_le, revenu_le, motif }) =>
                revenu_le
                  ? `revenu le ${formatDate(revenu_le)}`
                  : envoye_le
                    ? `envoyé le ${formatDate(envoye_le)}`
                    : (motif ?? ''),
            },
          ]}
        />
        {suite && (
          <Actions>
            <Bouton
              petit
              href={`${adresseModele(modele.code)}?${new URLSearchParams({ etat, nom: suite.nom, apres: suite.id })}`}
            >
              Suivants
            </Bouton>
          </Actions>
        )}
      </Pile>
    </Cadre>,
  )
}

/** POST /courriers/modeles/:modele/produire */
export async function produire(requete: Requete): Promise<Reponse> {
  const { session, parametres } = requete
  const lot = await lancerProduction(session, parametres.modele ?? '', {
    envoi: champ(requete, 'envoi'),
    avant: lireInstant(champ(requete, 'avant')) ?? session.maintenant,
  })
  return redirection(adresseLot(lot))
}

/** POST /courriers/modeles/:modele/canal: by mail, for the households that agreed and whose one address is known. */
export async function choisirPourTous({ session, parametres }: Requete): Promise<Reponse> {
  const code = parametres.modele ?? ''
  const n = await choisirCourrielPourTous(session, code)
  return redirection(adresseModele(code), {
    texte:
      n === 0
        ? 'Aucun autre ménage n’a donné son accord avec une adresse de courriel connue.'
        : `${pluriel(n, 'courrier partira', 'courriers partiront')} par courriel.`,
    ton: n === 0 ? 'info' : 'tenu',
  })
}

function lireInstant(texte: string): Temporal.Instant | null {
  try {
    return Temporal.Instant.from(texte)
  } catch {
    return null
  }
}
