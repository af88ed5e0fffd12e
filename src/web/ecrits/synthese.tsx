import type { ReactElement } from 'react'
import { lireExtraitValide } from '#diagnostics'
import type { Dossier } from '#dossiers'
import {
  type Destinataire,
  destinataires,
  type ExtraitDiagnostic,
  exigerCles,
  LONGUEUR_MOTIF,
  lireSynthese,
  prevoirSynthese,
  produireSynthese,
  type SynthesePrevue,
} from '#echanges'
import { Conflit, Introuvable } from '#socle/errors'
import { type Erreur, messageDe, tenter } from '../accompagner/saisie.ts'
import { Cadre } from '../cadre.tsx'
import {
  Actions,
  Bouton,
  Carte,
  Champ,
  Formulaire,
  ListeDefinition,
  ListeSobre,
  Pile,
  ResumeErreurs,
} from '../composants/index.ts'
import { champ, page, type Reponse, type Requete, redirection } from '../route.ts'
import { adresseDe, Cercle, ecritsDe, fil, ouvrir } from './commun.tsx'

const estDestinataire = (texte: string | undefined): texte is Destinataire =>
  (destinataires as readonly (string | undefined)[]).includes(texte)

const CHOIX: Readonly<Record<Destinataire, { libelle: string; note: string }>> = {
  bailleur: {
    libelle: 'Le bailleur',
    note: 'Étape, dates, dette, contact, loyer repris et plan. Ni ressources, ni santé, ni nom du service.',
  },
  juge: {
    libelle: 'Le juge',
    note: 'Les mêmes, avec le service qui accompagne et ce que le diagnostic validé permet de dire : foyer, loyer repris, plan, orientation.',
  },
  menage: { libelle: 'Le ménage', note: 'Ce qui est dit de lui aux deux autres.' },
}

function PageChoisir({
  requete,
  dossier,
  erreurs = [],
}: {
  requete: Requete
  dossier: Dossier
  erreurs?: readonly Erreur[]
}): ReactElement {
  return (
    <Cadre
      requete={requete}
      titre="À qui va la synthèse ?"
      courante="accompagner"
      chapo="Un document à part, fait d’une liste fermée de champs. Il ne contient aucun texte libre, et rien d’autre du dossier."
      erreur={erreurs.length > 0}
      fil={fil(dossier, 'Produire une synthèse')}
    >
      <ResumeErreurs erreurs={erreurs.map(({ message }) => ({ message }))} titre="Cette synthèse ne se fait pas ici" />
      <Carte titre="Destinataire" aside={<Cercle cercle="synthese" />}>
        <ListeSobre
          lignes={destinataires.map((destinataire) => ({
            cle: destinataire,
            titre: (
              <a href={`${adresseDe(dossier)}/syntheses/nouvelle?pour=${destinataire}`}>
                {CHOIX[destinataire].libelle}
              </a>
            ),
            note: CHOIX[destinataire].note,
          }))}
        />
      </Carte>
    </Cadre>
  )
}

function PageRelire({
  requete,
  dossier,
  prevue,
  motif,
  erreurs,
}: {
  requete: Requete
  dossier: Dossier
  prevue: SynthesePrevue
  motif: string
  erreurs: readonly Erreur[]
}): ReactElement {
  const { destinataire, organisme, nom, champs, version, empreinte } = prevue
  return (
    <Cadre
      requete={requete}
      titre="Relire la synthèse avant qu’elle parte"
      courante="accompagner"
      erreur={erreurs.length > 0}
      fil={fil(dossier, 'Produire une synthèse')}
    >
      <Pile>
        <ResumeErreurs erreurs={erreurs} titre="La synthèse n’est pas partie" />
        <Carte titre="Ce qui part" aside={<Cercle cercle="synthese" />}>
          <ListeDefinition lignes={champs.map(({ libelle, valeur }) => ({ terme: libelle, valeur }))} />
          <p className="note mt2">Rien d’autre : ni échanges, ni signaux, ni montant de ressources, ni santé.</p>
        </Carte>
        <Carte titre={`À qui : ${nom}`}>
          <p>
            {organisme === null
              ? 'Le document est gardé ici en PDF, à remettre ou à envoyer. Personne ne le lit dans Amont hors des services qui suivent ce dossier.'
              : `Les personnes habilitées de « ${nom} » le liront dans « Mes locataires », dès que vous l’aurez produit.`}
          </p>
          {version > 1 && (
            <p className="mt2">
              <b>
                Cette version {version} retire la version {version - 1}.
              </b>{' '}
              Les anciennes restent gardées.
            </p>
          )}
          <Formulaire
            action={`${adresseDe(dossier)}/syntheses`}
            jeton={requete.connecte.jetonFormulaire}
            champs={{ pour: destinataire, empreinte }}
          >
            <Champ
              nom="motif"
              libelle="Pourquoi cette synthèse part"
              lignes={2}
              longueurMax={LONGUEUR_MOTIF}
              valeur={motif}
              erreur={messageDe(erreurs, 'motif')}
              aide="Le destinataire ne lit pas ce motif."
            />
            <Actions>
              <Bouton genre="principal">Produire cette synthèse</Bouton>
              <Bouton genre="tertiaire" href={ecritsDe(dossier)}>
                Revenir au dossier
              </Bouton>
            </Actions>
          </Formulaire>
        </Carte>
      </Pile>
    </Cadre>
  )
}

/** What the validated diagnosis gives to it, for whoever reads one; what stops this person, when they do not and the judge would have it by this synthèse alone. */
async function lireExtrait({ session, application }: Requete, dossier: Dossier, pour: Destinataire) {
  let extrait = null as ExtraitDiagnostic | null
  const refusee = await tenter(
    session,
    'synthese.produire',
    () => 'pour',
    async () => {
      extrait = await lireExtraitValide(session, () => exigerCles(application), dossier.id, pour)
    },
  )
  return { extrait, refusee }
}

/** GET /dossiers/:reference/syntheses/nouvelle: the recipient, then what would leave. */
export async function proposerSynthese(requete: Requete): Promise<Reponse> {
  const dossier = await ouvrir(requete)
  const { pour } = requete.recherche
  if (!estDestinataire(pour)) return page(<PageChoisir requete={requete} dossier={dossier} />)
  const { extrait, refusee } = await lireExtrait(requete, dossier, pour)
  if (refusee) return page(<PageChoisir requete={requete} dossier={dossier} erreurs={[refusee]} />, 422)
  const prevue = await prevoirSynthese(requete.session, dossier.id, pour, extrait)
  return page(<PageRelire requete={requete} dossier={dossier} prevue={prevue} motif="" erreurs={[]} />)
}

/** POST /dossiers/:reference/syntheses (ACC-03). */
export async function produireUneSynthese(requete: Requete): Promise<Reponse> {
  const { session, application } = requete
  const dossier = await ouvrir(requete)
  const destinataire = champ(requete, 'pour')
  if (!estDestinataire(destinataire)) return page(<PageChoisir requete={requete} dossier={dossier} />, 422)
  const motif = champ(requete, 'motif')
  const { extrait, refusee: sansDiagnostic } = await lireExtrait(requete, dossier, destinataire)
  if (sansDiagnostic) return page(<PageChoisir requete={requete} dossier={dossier} erreurs={[sansDiagnostic]} />, 422)
  const relire = async (erreur: Erreur, statut: number) =>
    page(
      <PageRelire
        requete={requete}
        dossier={dossier}
        prevue={await prevoirSynthese(session, dossier.id, destinataire, extrait)}
        motif={motif}
        erreurs={[erreur]}
      />,
      statut,
    )
  try {
    const refusee = await tenter(
      session,
      'synthese.produire',
      () => 'motif',
      () =>
        produireSynthese(session, exigerCles(application), {
          dossier: dossier.id,
          destinataire,
          empreinte: champ(requete, 'empreinte'),
          motif,
          extrait,
        }),
    )
    if (refusee) return await relire(refusee, 422)
  } catch (erreur) {
    if (!(erreur instanceof Conflit)) throw erreur
    session.consigner({ action: 'synthese.produire', resultat: 'refuse', details: { code: erreur.code } })
    return relire({ nom: 'motif', message: erreur.message }, 409)
  }
  return redirection(ecritsDe(dossier), { texte: 'Synthèse produite et gardée telle qu’elle part.' })
}

/** The kept bytes, as a file. */
export async function repondreSynthese(requete: Requete, id: string, dossier?: string): Promise<Reponse> {
  const { octets, destinataire, version } = await lireSynthese(requete.session, id, dossier)
  return { genre: 'fichier', nom: `synthese-${destinataire}-v${version}.pdf`, type: 'application/pdf', octets }
}

/** GET /dossiers/:reference/syntheses/:synthese. */
export async function telechargerSynthese(requete: Requete): Promise<Reponse> {
  const dossier = await ouvrir(requete)
  const id = requete.parametres.synthese ?? ''
  if (!/^[0-9a-f-]{36}$/.test(id)) throw new Introuvable()
  return repondreSynthese(requete, id, dossier.id)
}
