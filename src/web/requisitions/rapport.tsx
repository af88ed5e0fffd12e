import type { ReactElement } from 'react'
import { aLeDroit } from '#acces'
import type { Dossier } from '#dossiers'
import { exigerCles } from '#echanges'
import { completudeDe, type Formulaire, type LigneFormulaire, lireFormulaire } from '#formulaires'
import {
  commencerRapport,
  enteteRapport,
  FORMULAIRE_PAGE,
  FORMULAIRE_RAPPORT,
  faireFranchir,
  lireRequisition,
  listerDuDossier,
  listerRapports,
  marquesRapport,
  NIVEAU_REMISE,
  PASSAGES,
  type Passage,
  type Rapports,
  type Requisition,
  remettreRapport,
  rouvrirRapport,
} from '#requisitions'
import { Conflit } from '#socle/errors'
import { formatInstant } from '#socle/typography'
import { type Erreur, tenter } from '../accompagner/saisie.ts'
import {
  Actions,
  Bouton,
  BoutonPost,
  Carte,
  Colonnes,
  Etiquette,
  Formulaire as FormulaireHtml,
  ListeSobre,
  Message,
  Pile,
  ResumeErreurs,
} from '../composants/index.ts'
import { Cases } from '../echanges/commun.tsx'
import { CadreDossier, ouvrirDossier } from '../espaces.tsx'
import type { EcranFormulaire } from '../formulaires/ecran.ts'
import { champ, page, type Reponse, type Requete, redirection } from '../route.ts'
import { adresseDe, ESPACE, identifiant, marqueEnvoi } from './commun.tsx'

/** The request a report is written for: the newest of the dossier. */
async function requisitionCourante(requete: Requete, dossier: Dossier): Promise<Requisition | undefined> {
  return (await listerDuDossier(requete.session, dossier.id))[0]
}

/** Both documents in the place of the force request; who reads each is the form's own. */
export const ecranRapport: EcranFormulaire = {
  espace: ESPACE,
  codes: [FORMULAIRE_RAPPORT, FORMULAIRE_PAGE],
  droits: { lire: 'requisition.consulter', ecrire: 'rapport_social.tenir' },
  niveau: NIVEAU_REMISE,
  chapo: 'Enregistré au fil de la saisie. Rien n’est remis tant que vous ne l’avez pas relu.',
  entete: enteteRapport,
  suite: async (requete, dossier, formulaire) => {
    if (!aLeDroit(requete.acteur, 'rapport_social.tenir')) return null
    const requisition = await requisitionCourante(requete, dossier)
    if (!requisition) return null
    return (
      <Carte titre={formulaire.code === FORMULAIRE_PAGE ? 'Page réservée à votre service' : 'Rapport remis au préfet'}>
        <p>
          {formulaire.code === FORMULAIRE_PAGE
            ? 'Ni la préfecture, ni le secrétariat, ni aucun autre organisme ne la lit, et rien ne leur dit qu’elle existe.'
            : 'Remis, il est lu par les services de l’État qui instruisent, et par votre service.'}
        </p>
        <Actions>
          <Bouton href={adresseDe(dossier, `/${requisition.id}/rapport`)}>Revenir aux deux documents</Bouton>
        </Actions>
      </Carte>
    )
  },
}

interface Lus extends Rapports {
  readonly dossier: Dossier
  readonly requisition: Requisition
  readonly brouillon: Formulaire | null
}

async function lire(requete: Requete): Promise<Lus> {
  const { session, application } = requete
  const dossier = await ouvrirDossier(requete)
  const requisition = await lireRequisition(session, dossier.id, identifiant(requete, 'requisition'))
  const rapports = await listerRapports(session, dossier.id)
  return {
    dossier,
    requisition,
    ...rapports,
    brouillon:
      rapports.rapport?.etat === 'brouillon'
        ? await lireFormulaire(session, exigerCles(application), dossier, rapports.rapport.id)
        : null,
  }
}

function Document({
  dossier,
  formulaire,
  titre,
  qui,
}: {
  dossier: Dossier
  formulaire: LigneFormulaire
  titre: string
  qui: string
}): ReactElement {
  const adresse = adresseDe(dossier, `/${formulaire.id}`)
  const brouillon = formulaire.etat === 'brouillon'
  return (
    <Carte
      titre={titre}
      aside={brouillon ? <Etiquette ton="info">Brouillon</Etiquette> : <Etiquette ton="tenu">Signé</Etiquette>}
    >
      <p>{qui}</p>
      <p className="note">
        Commencé par {formulaire.auteur_nom}, le {formatInstant(formulaire.cree_a)}.
      </p>
      <Actions>
        <Bouton {...(brouillon ? { genre: 'principal' as const } : {})} href={adresse}>
          {brouillon ? 'Remplir' : 'Lire'}
        </Bouton>
        <Bouton fichier href={`${adresse}/pdf`} libelleLu={`PDF : ${titre}`}>
          PDF
        </Bouton>
      </Actions>
    </Carte>
  )
}

function PageRapport({
  requete,
  lus,
  erreurs,
}: {
  requete: Requete
  lus: Lus
  erreurs: readonly Erreur[]
}): ReactElement {
  const { dossier, requisition, rapport, page: reservee, brouillon, remis } = lus
  const action = adresseDe(dossier, `/${requisition.id}/rapport`)
  const jeton = requete.connecte.jetonFormulaire
  const manque = brouillon ? completudeDe(brouillon, NIVEAU_REMISE).manque : []
  const marques = marquesRapport()
  return (
    <CadreDossier
      requete={requete}
      dossier={dossier}
      espace={ESPACE}
      titre="Rapport social"
      acte="Rapport social"
      large
      chapo="Deux documents : le rapport remis au préfet, et la page réservée qui reste à votre service. Ce qui passe de l’une à l’autre, c’est vous qui le choisissez."
    >
      <ResumeErreurs erreurs={erreurs} titre="Rien n’a été remis" />
      {!rapport ? (
        <Carte titre="Commencer">
          <p>Le rapport reprend ce que le dossier sait déjà : identité, adresse, dette, bailleur.</p>
          <Actions>
            <BoutonPost
              genre="principal"
              action={action}
              jeton={jeton}
              champs={{ acte: 'commencer', rapport: marques.rapport, page: marques.page }}
            >
              Commencer les deux documents
            </BoutonPost>
          </Actions>
        </Carte>
      ) : (
        <Colonnes genre="moities">
          <Pile>
            <Document
              dossier={dossier}
              formulaire={rapport}
              titre="Le rapport remis au préfet"
              qui="Lu par votre service tant qu’il est en brouillon ; remis, par les services de l’État qui instruisent aussi."
            />
            {brouillon && (
              <Carte titre="Remettre au préfet">
                {manque.length > 0 && (
                  <Message ton="bientot">
                    <p>
                      Il manque : {manque.map(({ libelle }) => libelle.toLocaleLowerCase('fr')).join(' ; ')}. Le rapport
                      peut partir quand même, sauf sans avis motivé.
                    </p>
                  </Message>
                )}
                <p>
                  Le relire d’abord : <a href={adresseDe(dossier, `/${brouillon.id}?groupe=tout`)}>tout le rapport</a>.
                  Remis, il ne change plus ; une copie permet de le compléter.
                </p>
                <Actions>
                  <BoutonPost
                    genre="principal"
                    icone="envoi"
                    action={action}
                    jeton={jeton}
                    champs={{ acte: 'remettre', vu: String(brouillon.version), envoi: marqueEnvoi() }}
                  >
                    Remettre le rapport au préfet
                  </BoutonPost>
                </Actions>
              </Carte>
            )}
            {remis.length > 0 && (
              <Carte titre="Rapports remis">
                <ListeSobre
                  lignes={remis.map((un) => ({
                    cle: un.id,
                    titre: <a href={adresseDe(dossier, `/${un.id}`)}>Rapport de {un.organisme_nom}</a>,
                    note: `${un.auteur_nom}, ${formatInstant(un.cree_a)}`,
                  }))}
                />
                {rapport.etat === 'signe' && (
                  <Actions>
                    <BoutonPost action={action} jeton={jeton} champs={{ acte: 'rouvrir' }}>
                      Compléter ou corriger
                    </BoutonPost>
                  </Actions>
                )}
              </Carte>
            )}
          </Pile>
          <Pile>
            {reservee && (
              <Document
                dossier={dossier}
                formulaire={reservee}
                titre="La page réservée"
                qui="Lue par votre service social, et par lui seul. Couverte par le secret professionnel."
              />
            )}
            {brouillon && reservee && (
              <Carte titre="Faire passer de la page réservée au rapport">
                <FormulaireHtml action={action} jeton={jeton} champs={{ acte: 'passer' }} libelle="Faire passer">
                  <Cases
                    nom="passages"
                    legende="Ce qui passe"
                    erreurs={erreurs}
                    choisies={[]}
                    options={Object.entries(PASSAGES).map(([valeur, { libelle }]) => ({ valeur, libelle }))}
                  />
                  <p className="note">
                    Une copie entre dans le rapport, à relire et à raccourcir avant de remettre. La page réservée ne
                    bouge pas.
                  </p>
                  <Actions>
                    <Bouton>Copier dans le rapport</Bouton>
                  </Actions>
                </FormulaireHtml>
              </Carte>
            )}
          </Pile>
        </Colonnes>
      )}
    </CadreDossier>
  )
}

/** GET /dossiers/:reference/force-publique/:requisition/rapport (RFP-03 to RFP-10). */
export async function montrerRapport(requete: Requete): Promise<Reponse> {
  return page(<PageRapport requete={requete} lus={await lire(requete)} erreurs={[]} />)
}

const estPassage = (texte: string): texte is Passage => Object.hasOwn(PASSAGES, texte)

/** POST, same address: begins, copies what the author chose, hands over, opens again. */
export async function agirSurRapport(requete: Requete): Promise<Reponse> {
  const { session, application } = requete
  const lus = await lire(requete)
  const { dossier, requisition } = lus
  const cles = exigerCles(application)
  const adresse = adresseDe(dossier, `/${requisition.id}/rapport`)
  switch (champ(requete, 'acte')) {
    case 'commencer':
      await commencerRapport(session, cles, dossier, {
        rapport: champ(requete, 'rapport'),
        page: champ(requete, 'page'),
      })
      return redirection(adresse, { texte: 'Les deux documents sont commencés.' })
    case 'rouvrir':
      await rouvrirRapport(session, cles, dossier)
      return redirection(adresse, {
        texte: 'Des copies sont ouvertes. Ce qui a été remis reste tel quel.',
        ton: 'info',
      })
    case 'passer': {
      const choisis = (requete.champs.passages ?? []).filter(estPassage)
      let rapport = ''
      const refusee = await tenter(
        session,
        'rapport_social.tenir',
        () => 'passages',
        async () => {
          rapport = await faireFranchir(session, cles, dossier, choisis)
        },
      )
      if (refusee) return page(<PageRapport requete={requete} lus={lus} erreurs={[refusee]} />, 422)
      return redirection(adresseDe(dossier, `/${rapport}?groupe=transmis`), {
        texte: 'Copié dans le rapport : relire, et raccourcir ce qui doit l’être.',
      })
    }
    default: {
      try {
        const refusee = await tenter(
          session,
          'rapport_social.remettre',
          () => 'passages',
          () =>
            remettreRapport(session, cles, dossier, requisition.id, {
              vu: Number(champ(requete, 'vu')) || 0,
              envoi: marqueEnvoi(champ(requete, 'envoi')),
            }),
        )
        if (refusee) return page(<PageRapport requete={requete} lus={lus} erreurs={[refusee]} />, 422)
      } catch (erreur) {
        if (!(erreur instanceof Conflit)) throw erreur
        session.consigner({ action: 'rapport_social.remettre', resultat: 'refuse', details: { code: erreur.code } })
        return page(
          <PageRapport requete={requete} lus={lus} erreurs={[{ nom: 'passages', message: erreur.message }]} />,
          409,
        )
      }
      return redirection(adresseDe(dossier), {
        texte: 'Rapport remis aux services de l’État. La page réservée reste à votre service.',
      })
    }
  }
}
