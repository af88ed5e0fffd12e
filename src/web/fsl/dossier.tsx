import { randomUUID } from 'node:crypto'
import type { ReactElement } from 'react'
import { aLeDroit } from '#acces'
import { FORMULAIRE_FSL, lirePlafondFsl, NIVEAU_FSL, remettreAuFsl, reprisesDuFsl } from '#commission'
import type { Dossier } from '#dossiers'
import { exigerCles } from '#echanges'
import {
  abandonnerFormulaire,
  completudeDe,
  type Formulaire,
  type LigneFormulaire,
  lireFormulaire,
  listerFormulaires,
  ouvrirFormulaire,
  rouvrirFormulaire,
} from '#formulaires'
import { Conflit, Introuvable } from '#socle/errors'
import { formatInstant, formatMontant } from '#socle/typography'
import { type Erreur, tenter } from '../accompagner/saisie.ts'
import {
  Actions,
  Bouton,
  BoutonPost,
  Carte,
  EtatVide,
  Etiquette,
  Formulaire as FormulaireHtml,
  ListeSobre,
  Pile,
  ResumeErreurs,
} from '../composants/index.ts'
import { ouConflit } from '../conflit.tsx'
import { adresseDossier, CadreDossier, ouvrirDossier } from '../espaces.tsx'
import type { EcranFormulaire } from '../formulaires/ecran.ts'
import { champ, page, type Reponse, type Requete, redirection } from '../route.ts'

const ESPACE = 'fsl'
const adresseFsl = (dossier: Dossier, suite = ''): string => `${adresseDossier(dossier)}/${ESPACE}${suite}`

/** The file is its organisme's until it is handed over; a copy, of whoever opens it. */
const remplit = ({ acteur }: Requete, { organisme }: Pick<LigneFormulaire, 'organisme'>): boolean =>
  acteur.organisme === organisme

const enteteFsl = (dossier: Dossier) => [
  { libelle: 'Dossier', valeur: dossier.reference },
  { libelle: 'Ménage', valeur: dossier.titulaire },
]

/** The ceiling the département set, or that it set none: never a figure of ours (DOS-14). */
function direPlafond(requete: Requete): string {
  const plafond = lirePlafondFsl(requete.session)
  if (plafond.etat !== 'valeur')
    return 'Plafond annuel d’aide du fonds : non renseigné ici, le lire dans le règlement intérieur du fonds.'
  const source = [plafond.source.titre, plafond.source.reference].filter(Boolean).join(', ')
  return `Plafond annuel d’aide du fonds : ${formatMontant(plafond.valeur)}. ${source}${plafond.reserve ? ` (${plafond.reserve})` : ''}.`
}

/** The file, on the engine of long forms. */
export const ecranFsl: EcranFormulaire = {
  espace: ESPACE,
  codes: [FORMULAIRE_FSL],
  droits: { lire: 'fsl.consulter', ecrire: 'fsl.remplir' },
  niveau: NIVEAU_FSL,
  chapo: 'Ce que le dossier et le diagnostic savent est déjà rempli. Relire, corriger, ajouter la demande.',
  remplit,
  entete: enteteFsl,
  suite: (requete, dossier, formulaire, marque) => {
    const adresse = adresseFsl(dossier, `/${formulaire.id}`)
    const { manque } = completudeDe(formulaire, NIVEAU_FSL)
    const jeton = requete.connecte.jetonFormulaire
    return (
      <Carte titre="Remettre au fonds" id="remettre">
        <p>{direPlafond(requete)}</p>
        {formulaire.etat === 'signe' ? (
          <>
            <p>Remis : il ne change plus, le fonds le lit. Une correction en ouvre une copie.</p>
            <Actions>
              {aLeDroit(requete.acteur, 'acte.consigner') && (
                <Bouton href={`${adresseDossier(dossier)}/procedure/saisir?genre=fsl_demande`}>
                  Noter la demande dans le dossier
                </Bouton>
              )}
              {aLeDroit(requete.acteur, 'fsl.remplir') && (
                <BoutonPost action={`${adresse}/rouvrir`} jeton={jeton}>
                  Compléter ou corriger
                </BoutonPost>
              )}
            </Actions>
          </>
        ) : remplit(requete, formulaire) && aLeDroit(requete.acteur, 'fsl.remplir') ? (
          <>
            <FormulaireHtml
              action={`${adresse}/remettre`}
              jeton={jeton}
              champs={{ vu: String(formulaire.version), marque }}
              libelle="Remettre au fonds"
            >
              <p>
                {manque.length === 0
                  ? 'Remise, la demande est figée ; le fonds est prévenu, la lit, et lit du dossier ce qu’il faut pour l’instruire, un an au plus. Le document se télécharge pour être signé par le ménage.'
                  : `Il manque encore : ${manque.map(({ libelle }) => libelle).join(' ; ')}.`}
              </p>
              <Actions>
                <Bouton>Remettre au fonds</Bouton>
              </Actions>
            </FormulaireHtml>
            <Actions>
              <BoutonPost petit action={`${adresse}/abandonner`} jeton={jeton}>
                Abandonner ce brouillon
              </BoutonPost>
            </Actions>
          </>
        ) : (
          <p>Cette demande est remplie par {formulaire.organisme_nom}.</p>
        )}
        <p className="mt2">
          <a href={adresseFsl(dossier)}>Toutes les demandes de ce dossier</a>
        </p>
      </Carte>
    )
  },
}

function PageFsl({
  requete,
  dossier,
  demandes,
  erreurs,
}: {
  requete: Requete
  dossier: Dossier
  demandes: readonly LigneFormulaire[]
  erreurs: readonly Erreur[]
}): ReactElement {
  return (
    <CadreDossier
      requete={requete}
      dossier={dossier}
      espace={ESPACE}
      titre="Dossier FSL"
      chapo="La demande au fonds de solidarité pour le logement, remplie avec ce qui est déjà connu : rien n’est demandé deux fois."
    >
      <ResumeErreurs erreurs={erreurs} titre="Rien n’a été remis" />
      <Pile>
        <Carte titre="Les demandes">
          <p>{direPlafond(requete)}</p>
          {demandes.length === 0 ? (
            <EtatVide titre="Aucune demande">
              <p>Rien n’est commencé pour ce ménage.</p>
            </EtatVide>
          ) : (
            <ListeSobre
              lignes={demandes.map((demande) => ({
                cle: demande.id,
                titre: (
                  <a href={adresseFsl(dossier, `/${demande.id}`)}>
                    Demande du {formatInstant(demande.signe_a ?? demande.cree_a)}
                  </a>
                ),
                note: demande.organisme_nom,
                droite:
                  demande.etat === 'signe' ? (
                    <Etiquette ton="tenu">Remise</Etiquette>
                  ) : (
                    <Etiquette ton="info">Brouillon</Etiquette>
                  ),
              }))}
            />
          )}
        </Carte>
        {aLeDroit(requete.acteur, 'fsl.remplir') && dossier.clos_le === null && (
          <Carte titre="Commencer une demande">
            <p>Elle reprend le dossier et, s’il est terminé, le diagnostic, avec la provenance de chaque réponse.</p>
            <Actions>
              <BoutonPost
                genre="principal"
                action={adresseFsl(dossier)}
                jeton={requete.connecte.jetonFormulaire}
                champs={{ envoi: randomUUID() }}
              >
                Commencer une demande au FSL
              </BoutonPost>
            </Actions>
          </Carte>
        )}
      </Pile>
    </CadreDossier>
  )
}

async function montrer(requete: Requete, dossier: Dossier, erreurs: readonly Erreur[] = [], statut?: number) {
  const demandes = await listerFormulaires(requete.session, dossier.id, [FORMULAIRE_FSL])
  return page(<PageFsl requete={requete} dossier={dossier} demandes={demandes} erreurs={erreurs} />, statut)
}

/** GET /dossiers/:reference/fsl. */
export async function montrerFsl(requete: Requete): Promise<Reponse> {
  return montrer(requete, await ouvrirDossier(requete))
}

/** POST /dossiers/:reference/fsl: begins a file, filled with what is known. */
export async function commencerFsl(requete: Requete): Promise<Reponse> {
  const { session, application } = requete
  const dossier = await ouvrirDossier(requete)
  const cles = exigerCles(application)
  const id = await ouvrirFormulaire(session, cles, dossier, {
    code: FORMULAIRE_FSL,
    lecteurs: [],
    reprises: await reprisesDuFsl(session, cles, dossier),
    envoi: champ(requete, 'envoi'),
  })
  return redirection(adresseFsl(dossier, `/${id}`))
}

async function lireUne(requete: Requete): Promise<{ dossier: Dossier; formulaire: Formulaire }> {
  const dossier = await ouvrirDossier(requete)
  const formulaire = await lireFormulaire(
    requete.session,
    exigerCles(requete.application),
    dossier,
    requete.parametres.formulaire ?? '',
  )
  if (formulaire.code !== FORMULAIRE_FSL) throw new Introuvable()
  return { dossier, formulaire }
}

/** POST …/remettre. */
export async function remettreFsl(requete: Requete): Promise<Reponse> {
  const { session, application } = requete
  const { dossier, formulaire } = await lireUne(requete)
  if (!remplit(requete, formulaire)) throw new Introuvable()
  const resultat = await ouConflit(requete, 'formulaire.signer', () =>
    tenter(
      session,
      'formulaire.signer',
      () => '',
      () =>
        remettreAuFsl(session, exigerCles(application), dossier, {
          id: formulaire.id,
          vu: Number(champ(requete, 'vu')) || 0,
          marque: champ(requete, 'marque'),
          manque: completudeDe(formulaire, NIVEAU_FSL).manque.map(({ libelle }) => libelle),
          entete: enteteFsl(dossier),
        }),
    ),
  )
  if (resultat instanceof Conflit) return montrer(requete, dossier, [{ nom: '', message: resultat.message }], 409)
  if (resultat !== null) return montrer(requete, dossier, [resultat], 422)
  return redirection(adresseFsl(dossier, `/${formulaire.id}`), {
    texte: 'Demande remise au fonds, qui est prévenu.',
    ton: 'tenu',
  })
}

/** POST …/rouvrir: a copy to correct. */
export async function rouvrirFsl(requete: Requete): Promise<Reponse> {
  const { session, application } = requete
  const { dossier, formulaire } = await lireUne(requete)
  const cles = exigerCles(application)
  const id = await rouvrirFormulaire(session, cles, dossier, formulaire.id, { lecteurs: [] })
  return redirection(adresseFsl(dossier, `/${id}`))
}

/** POST …/abandonner: the draft is shown nowhere any more. */
export async function abandonnerFsl(requete: Requete): Promise<Reponse> {
  const { dossier, formulaire } = await lireUne(requete)
  if (!remplit(requete, formulaire)) throw new Introuvable()
  await abandonnerFormulaire(requete.session, dossier.id, formulaire.id)
  return redirection(adresseFsl(dossier), { texte: 'Brouillon abandonné.' })
}
