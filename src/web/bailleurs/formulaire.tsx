import { randomUUID } from 'node:crypto'
import type { ReactElement } from 'react'
import { lireDossier } from '#dossiers'
import { NATURES_BAILLEUR } from '#procedure'
import {
  type Bailleur,
  creerBailleur,
  detacherDuBailleur,
  estNatureBailleur,
  modifierBailleur,
  nommerGerant,
  rattacherAuBailleur,
  retirerBailleur,
  type SaisieBailleur,
} from '#rapprochement'
import { Conflit } from '#socle/errors'
import { formatInstant, pluriel } from '#socle/typography'
import { type Erreur, lireJourSaisi, messageDe, tenter } from '../accompagner/saisie.ts'
import {
  Actions,
  Bouton,
  Carte,
  CaseACocher,
  Champ,
  ChampDate,
  Formulaire,
  ResumeErreurs,
  Selection,
} from '../composants/index.ts'
import { ouConflit, pageConflit } from '../conflit.tsx'
import { champ, page, type Reponse, type Requete, redirection } from '../route.ts'
import { adresseBailleur, CadreBailleurs, decrireBailleur } from './commun.tsx'
import { ouvrirFiche } from './fiche.tsx'

/** The form as typed: everything is text. */
interface Saisie {
  readonly nom: string
  readonly nature: string
  readonly gestionnaire: string
  readonly siret: string
  readonly adresse: string
  readonly telephone: string
  readonly courriel: string
  readonly conventionne_anah: string
  readonly conventionne_anah_le: string
}

const lireSaisie = (requete: Requete): Saisie => ({
  nom: champ(requete, 'nom'),
  nature: champ(requete, 'nature'),
  gestionnaire: champ(requete, 'gestionnaire'),
  siret: champ(requete, 'siret'),
  adresse: champ(requete, 'adresse'),
  telephone: champ(requete, 'telephone'),
  courriel: champ(requete, 'courriel'),
  conventionne_anah: champ(requete, 'conventionne_anah'),
  conventionne_anah_le: champ(requete, 'conventionne_anah_le'),
})

const saisieDe = (un: Bailleur): Saisie => ({
  ...{ nom: un.nom, adresse: un.adresse, telephone: un.telephone, courriel: un.courriel },
  nature: un.nature ?? '',
  siret: un.siret ?? '',
  gestionnaire: un.gestionnaire ? 'oui' : '',
  conventionne_anah: un.conventionne_anah ? 'oui' : '',
  conventionne_anah_le: un.conventionne_anah_le?.toString() ?? '',
})

const enDemande = (saisie: Saisie): SaisieBailleur => ({
  ...{ nom: saisie.nom, siret: saisie.siret, adresse: saisie.adresse, telephone: saisie.telephone },
  courriel: saisie.courriel,
  nature: estNatureBailleur(saisie.nature) ? saisie.nature : null,
  gestionnaire: saisie.gestionnaire === 'oui',
  conventionneAnah: saisie.conventionne_anah === 'oui',
  conventionneAnahLe: lireJourSaisi(saisie.conventionne_anah_le),
})

/** A day no calendar has is told beside its field. */
const fauteDeDate = ({ conventionne_anah_le: le }: Saisie): Erreur | null =>
  le !== '' && lireJourSaisi(le) === null
    ? { nom: 'conventionne_anah_le', message: 'Écrire une date qui existe, par exemple 20/11/2026.' }
    : null

const champDe = (code: string): string => code.replace('bailleur.', '')

function PageFormulaire({
  requete,
  actuel,
  dossier,
  envoi,
  saisie,
  erreurs,
}: {
  requete: Requete
  actuel: Bailleur | null
  /** Reference of the dossier the sheet is opened for. */
  dossier: string
  envoi: string
  saisie: Saisie
  erreurs: readonly Erreur[]
}): ReactElement {
  const retour = actuel ? adresseBailleur(actuel.id) : dossier === '' ? '/bailleurs' : `/dossiers/${dossier}`
  return (
    <CadreBailleurs
      requete={requete}
      titre={actuel ? `Modifier ${actuel.nom}` : 'Ajouter un bailleur'}
      erreur={erreurs.length > 0}
      fil={[
        { libelle: 'Bailleurs', href: '/bailleurs' },
        ...(actuel ? [{ libelle: actuel.nom, href: retour }, { libelle: 'Modifier' }] : [{ libelle: 'Ajouter' }]),
      ]}
    >
      <ResumeErreurs erreurs={erreurs} />
      <Carte titre="La fiche">
        <Formulaire
          action={actuel ? adresseBailleur(actuel.id, '/modifier') : '/bailleurs/ajouter'}
          jeton={requete.connecte.jetonFormulaire}
          champs={actuel ? { version: String(actuel.version) } : { envoi, dossier }}
        >
          <div className="champs">
            <Champ nom="nom" libelle="Nom" longueurMax={120} valeur={saisie.nom} erreur={messageDe(erreurs, 'nom')} />
            <Selection
              nom="nature"
              libelle="Nature"
              facultatif
              vide="Non précisée"
              valeur={saisie.nature}
              options={Object.entries(NATURES_BAILLEUR).map(([valeur, libelle]) => ({ valeur, libelle }))}
            />
            <Champ
              nom="siret"
              libelle="SIRET"
              facultatif
              chiffres
              longueurMax={20}
              valeur={saisie.siret}
              erreur={messageDe(erreurs, 'siret')}
            />
            <Champ nom="adresse" libelle="Adresse" facultatif longueurMax={240} valeur={saisie.adresse} />
            <Champ
              nom="telephone"
              libelle="Téléphone"
              genre="tel"
              facultatif
              valeur={saisie.telephone}
              erreur={messageDe(erreurs, 'telephone')}
            />
            <Champ
              nom="courriel"
              libelle="Adresse électronique"
              genre="email"
              facultatif
              valeur={saisie.courriel}
              erreur={messageDe(erreurs, 'courriel')}
            />
          </div>
          <CaseACocher
            nom="gestionnaire"
            libelle="Gère des logements pour d’autres"
            aide="Agence, administrateur de biens : la fiche se choisit alors comme gérant d’un logement."
            cochee={saisie.gestionnaire === 'oui'}
          />
          <CaseACocher
            nom="conventionne_anah"
            libelle="Conventionné avec l’ANAH"
            cochee={saisie.conventionne_anah === 'oui'}
          />
          <ChampDate
            nom="conventionne_anah_le"
            libelle="Convention signée le"
            facultatif
            valeur={lireJourSaisi(saisie.conventionne_anah_le) ?? undefined}
            erreur={messageDe(erreurs, 'conventionne_anah_le')}
          />
          <Actions>
            <Bouton genre="principal">{actuel ? 'Enregistrer' : 'Ouvrir la fiche'}</Bouton>
            <Bouton genre="tertiaire" href={retour}>
              Renoncer
            </Bouton>
          </Actions>
        </Formulaire>
      </Carte>
    </CadreBailleurs>
  )
}

/** GET /bailleurs/ajouter: empty, or with what the signalements of a dossier say of its landlord. */
export async function proposerBailleur(requete: Requete): Promise<Reponse> {
  const reference = requete.recherche.dossier ?? ''
  const dossier = reference === '' ? null : await lireDossier(requete.session, reference)
  const saisie: Saisie = {
    nom: dossier?.bail.bailleurNom ?? '',
    nature: dossier?.bail.bailleurNature ?? '',
    siret: dossier?.bail.bailleurSiret ?? '',
    ...{ adresse: '', telephone: '', courriel: '', gestionnaire: '', conventionne_anah: '', conventionne_anah_le: '' },
  }
  return page(
    <PageFormulaire
      requete={requete}
      actuel={null}
      dossier={dossier?.reference ?? ''}
      envoi={randomUUID()}
      saisie={saisie}
      erreurs={[]}
    />,
  )
}

/** POST /bailleurs/ajouter. The dossier it was opened for is attached. */
export async function creerUnBailleur(requete: Requete): Promise<Reponse> {
  const { session } = requete
  const saisie = lireSaisie(requete)
  const envoi = champ(requete, 'envoi')
  const reference = champ(requete, 'dossier')
  const dossier = reference === '' ? null : await lireDossier(session, reference)
  let id = ''
  const refusee =
    fauteDeDate(saisie) ??
    (await tenter(session, 'bailleur.tenir', champDe, async () => {
      id = await creerBailleur(session, enDemande(saisie), envoi)
    }))
  if (refusee)
    return page(
      <PageFormulaire
        requete={requete}
        actuel={null}
        dossier={reference}
        envoi={envoi}
        saisie={saisie}
        erreurs={[refusee]}
      />,
      422,
    )
  if (dossier) await rattacherAuBailleur(session, id, [dossier.id])
  return redirection(adresseBailleur(id), { texte: `La fiche de ${saisie.nom} est ouverte.` })
}

/** GET /bailleurs/:bailleur/modifier. */
export async function proposerModification(requete: Requete): Promise<Reponse> {
  const actuel = await ouvrirFiche(requete)
  return page(
    <PageFormulaire requete={requete} actuel={actuel} dossier="" envoi="" saisie={saisieDe(actuel)} erreurs={[]} />,
  )
}

/** POST /bailleurs/:bailleur/modifier: unless somebody did before. */
export async function modifierUnBailleur(requete: Requete): Promise<Reponse> {
  const { session } = requete
  const actuel = await ouvrirFiche(requete)
  const saisie = lireSaisie(requete)
  const faute = fauteDeDate(saisie)
  const issue =
    faute ??
    (await ouConflit(requete, 'bailleur.tenir', () =>
      tenter(session, 'bailleur.tenir', champDe, () =>
        modifierBailleur(session, actuel.id, Number(champ(requete, 'version')) || 0, enDemande(saisie)),
      ),
    ))
  if (issue === null) return redirection(adresseBailleur(actuel.id), { texte: 'Fiche mise à jour.' })
  if (!(issue instanceof Conflit))
    return page(
      <PageFormulaire requete={requete} actuel={actuel} dossier="" envoi="" saisie={saisie} erreurs={[issue]} />,
      422,
    )
  const decrire = (un: Saisie) =>
    [
      un.nom,
      decrireBailleur({
        nature: estNatureBailleur(un.nature) ? un.nature : null,
        gestionnaire: un.gestionnaire === 'oui',
      }),
      ...[un.siret, un.adresse, un.telephone, un.courriel, un.conventionne_anah === 'oui' ? 'ANAH' : ''],
    ]
      .filter((part) => part !== '')
      .join(', ')
  return pageConflit(requete, {
    message: issue.message,
    quoi: `Fiche de ${actuel.nom}`,
    courante: 'accompagner',
    fil: [
      { libelle: 'Bailleurs', href: '/bailleurs' },
      { libelle: actuel.nom, href: adresseBailleur(actuel.id) },
      { libelle: 'Deux versions' },
    ],
    versions: [
      {
        cle: 'fiche',
        libelle: 'Fiche',
        saisie: decrire(saisie),
        enregistree: decrire(saisieDe(actuel)),
        qui: `le ${formatInstant(actuel.modifie_a)}`,
      },
    ],
    conseil: 'Garder ce qui est enregistré, ou le remplacer par votre saisie.',
    garder: { libelle: 'Garder ce qui est enregistré', href: adresseBailleur(actuel.id) },
    remplacer: {
      libelle: 'Remplacer par ma saisie',
      action: adresseBailleur(actuel.id, '/modifier'),
      champs: { ...saisie, version: String(actuel.version) },
    },
  })
}

/** POST /bailleurs/:bailleur/retirer. */
export async function retirerUnBailleur(requete: Requete): Promise<Reponse> {
  const { id, nom } = await ouvrirFiche(requete)
  await retirerBailleur(requete.session, id, true)
  return redirection('/bailleurs', {
    texte: `La fiche de ${nom} est retirée.`,
    defaire: { action: adresseBailleur(id, '/remettre'), libelle: 'Annuler' },
  })
}

/** POST /bailleurs/:bailleur/remettre. */
export async function remettreUnBailleur(requete: Requete): Promise<Reponse> {
  const id = requete.parametres.bailleur ?? ''
  await retirerBailleur(requete.session, id, false)
  return redirection(adresseBailleur(id), { texte: 'La fiche est remise.' })
}

/** POST /bailleurs/:bailleur/rattacher. */
export async function rattacherDesDossiers(requete: Requete): Promise<Reponse> {
  const { id } = await ouvrirFiche(requete)
  let nombre = 0
  const refusee = await tenter(requete.session, 'bailleur.rattacher', champDe, async () => {
    nombre = await rattacherAuBailleur(requete.session, id, requete.champs.dossiers ?? [])
  })
  return redirection(
    adresseBailleur(id),
    refusee
      ? { texte: refusee.message, ton: 'bientot' }
      : {
          texte:
            nombre === 0
              ? 'Ces dossiers ont déjà une fiche : rien n’a changé.'
              : `${pluriel(nombre, 'dossier rattaché', 'dossiers rattachés')} à cette fiche.`,
        },
  )
}

/** POST /bailleurs/:bailleur/detacher. */
export async function detacherUnDossier(requete: Requete): Promise<Reponse> {
  const { id } = await ouvrirFiche(requete)
  const { dossier } = await detacherDuBailleur(requete.session, id, champ(requete, 'lien'))
  return redirection(adresseBailleur(id), {
    texte: 'Dossier détaché de cette fiche.',
    defaire: { action: adresseBailleur(id, '/rattacher'), libelle: 'Annuler', champs: { dossiers: dossier } },
  })
}

/** POST /bailleurs/:bailleur/gerant. */
export async function noterGerant(requete: Requete): Promise<Reponse> {
  const { id } = await ouvrirFiche(requete)
  const gerant = champ(requete, 'gerant')
  const refusee = await tenter(requete.session, 'bailleur.tenir', champDe, () =>
    nommerGerant(requete.session, id, champ(requete, 'logement'), gerant === '' ? null : gerant),
  )
  return redirection(
    adresseBailleur(id),
    refusee
      ? { texte: refusee.message, ton: 'bientot' }
      : { texte: gerant === '' ? 'Le bailleur gère ce logement lui-même.' : 'Le gérant de ce logement est noté.' },
  )
}
