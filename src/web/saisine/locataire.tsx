import { randomUUID } from 'node:crypto'
import type { ReactElement } from 'react'
import type { Session } from '#acces'
import {
  type BrouillonDuBailleur,
  commencerSaisineDuBailleur,
  deposerSaisineDuBailleur,
  enregistrerSaisineDuBailleur,
  etatsSaisine,
  lireBrouillonDuBailleur,
  lireSaisinesDuBailleur,
  NIVEAU_SAISINE,
  type SaisinesDuBailleur,
} from '#commission'
import { type Dossier, lireDossier } from '#dossiers'
import { exigerCles, lireChampsDuLocataire, trouverDossierDuLocataire } from '#echanges'
import { ConflitDeSaisie } from '#formulaires'
import { Conflit, Refus } from '#socle/errors'
import { enPhrase, formatDate, formatDateLongue, formatInstant } from '#socle/typography'
import type { Erreur } from '../accompagner/saisie.ts'
import { Cadre } from '../cadre.tsx'
import {
  Actions,
  Bouton,
  Carte,
  EtatVide,
  Etiquette,
  Formulaire,
  ListeSobre,
  Message,
  Pile,
  ResumeErreurs,
  Section,
} from '../composants/index.ts'
import { Question } from '../formulaires/champs.tsx'
import { avecToutLeDepartement } from '../perimetre.ts'
import { champ, page, type Reponse, type Requete, redirection } from '../route.ts'
import { TONS } from './commun.tsx'
import { LIBELLES_ACTES } from './libelles.ts'

/** The tenant as its landlord's list names it: nothing of it comes from the dossier. */
interface LocataireVu {
  readonly id: string
  readonly nom: string
  readonly adresse: string
  readonly lien: string
}

async function ouvrirLocataire(requete: Requete): Promise<LocataireVu & { readonly dossier: string }> {
  const { locataire = '' } = requete.parametres
  const dossier = await trouverDossierDuLocataire(requete.session, locataire)
  const champs = await lireChampsDuLocataire(requete.session, dossier)
  const valeur = (cle: string) => champs.find((un) => un.champ === cle)?.valeur ?? ''
  return {
    id: locataire,
    dossier,
    nom: valeur('menage.nom') || 'votre locataire',
    adresse: valeur('logement.adresse'),
    lien: `/locataires/${locataire}/saisine`,
  }
}

/** The act goes beyond what a landlord reads: it runs in its name over the whole département, and answers only what is its own. */
const enSonNom = <T,>(requete: Requete, id: string, travail: (large: Session, dossier: Dossier) => Promise<T>) =>
  avecToutLeDepartement(requete, 'locataire.saisir', async (large) => travail(large, await lireDossier(large, id)))

const FIL = [{ libelle: 'Mes locataires', href: '/locataires' }] as const

function PageSuivi({
  requete,
  locataire,
  lues: { brouillons, saisines },
}: {
  requete: Requete
  locataire: LocataireVu
  lues: SaisinesDuBailleur
}): ReactElement {
  return (
    <Cadre
      requete={requete}
      titre={`Saisir la CCAPEX : ${locataire.nom}`}
      courante="locataires"
      chapo="Ce que vous savez de votre locataire suffit : bail, dette, paiements, et ce que vous attendez de la commission. Le reste du dossier reste réservé aux services sociaux."
      fil={[...FIL, { libelle: 'Saisir la CCAPEX' }]}
    >
      <Pile>
        <Carte titre="Nouvelle saisine">
          <p>Ceci ne vaut pas saisine légale : EXPLOC reste la voie des transmissions obligatoires.</p>
          <Formulaire
            action={locataire.lien}
            jeton={requete.connecte.jetonFormulaire}
            libelle="Commencer une saisine"
            champs={{ envoi: randomUUID() }}
          >
            <Actions>
              <Bouton genre={brouillons.length === 0 ? 'principal' : undefined}>Commencer une saisine</Bouton>
            </Actions>
          </Formulaire>
        </Carte>
        {brouillons.length > 0 && (
          <Carte titre="Brouillons">
            <ListeSobre
              lignes={brouillons.map(({ id, modifie_a }) => ({
                cle: id,
                titre: <a href={`${locataire.lien}/${id}`}>Reprendre le brouillon</a>,
                note: `Modifié le ${formatInstant(modifie_a)}`,
              }))}
            />
          </Carte>
        )}
        {saisines.length === 0 ? (
          <EtatVide titre="Aucune saisine déposée">
            Une saisine déposée se suit ici : reçue, complète, inscrite à une séance.
          </EtatVide>
        ) : (
          saisines.map((saisine) => (
            <Carte
              key={saisine.id}
              titre={`Saisine du ${formatInstant(saisine.deposee_a)}`}
              aside={<Etiquette ton={TONS[saisine.etat]}>{etatsSaisine[saisine.etat]}</Etiquette>}
            >
              {saisine.seance_le !== null && <p>Séance du {formatDateLongue(saisine.seance_le)}.</p>}
              <ListeSobre
                lignes={saisine.actes.map(({ acte, motif, seance_le, a }, rang) => ({
                  cle: String(rang),
                  titre: LIBELLES_ACTES[acte] ?? acte,
                  note: [
                    formatInstant(a),
                    ...(seance_le === null ? [] : [`séance du ${formatDate(seance_le)}`]),
                    ...(motif === null ? [] : [motif]),
                  ].join('. '),
                }))}
              />
            </Carte>
          ))
        )}
      </Pile>
    </Cadre>
  )
}

/** GET /locataires/:locataire/saisine: what a landlord filed for its tenant, and what became of it. */
export async function suivreLocataire(requete: Requete): Promise<Reponse> {
  const locataire = await ouvrirLocataire(requete)
  return enSonNom(requete, locataire.dossier, async (large, dossier) =>
    page(
      <PageSuivi
        requete={requete}
        locataire={locataire}
        lues={await lireSaisinesDuBailleur(large, exigerCles(requete.application), dossier)}
      />,
    ),
  )
}

/** POST /locataires/:locataire/saisine: begins one. */
export async function commencerPourLocataire(requete: Requete): Promise<Reponse> {
  const locataire = await ouvrirLocataire(requete)
  return enSonNom(requete, locataire.dossier, async (large, dossier) => {
    const id = await commencerSaisineDuBailleur(large, exigerCles(requete.application), dossier, {
      menage: locataire.nom,
      adresse: locataire.adresse,
      demandeur: requete.acteur.libelle,
      envoi: champ(requete, 'envoi'),
    })
    return redirection(`${locataire.lien}/${id}`)
  })
}

function PageBrouillon({
  requete,
  locataire,
  lu: { formulaire, groupes, manque },
  erreurs,
}: {
  requete: Requete
  locataire: LocataireVu
  lu: BrouillonDuBailleur
  erreurs: readonly Erreur[]
}): ReactElement {
  const niveau = formulaire.modele.niveaux?.find(({ code }) => code === NIVEAU_SAISINE)
  const illisibles = Object.keys(formulaire.invalides).length
  return (
    <Cadre
      requete={requete}
      titre={`Saisir la CCAPEX : ${locataire.nom}`}
      courante="locataires"
      erreur={erreurs.length > 0}
      chapo="Un champ vide veut dire « pas su » : il n’empêche pas de saisir. N’écrire ni santé, ni violences, ni enfance."
      fil={[...FIL, { libelle: 'Saisir la CCAPEX', href: locataire.lien }, { libelle: 'Remplir' }]}
    >
      <ResumeErreurs titre="La saisine n’est pas partie" erreurs={erreurs} />
      <Formulaire
        action={`${locataire.lien}/${formulaire.id}`}
        jeton={requete.connecte.jetonFormulaire}
        libelle="Remplir la saisine"
        champs={{ vu: String(formulaire.version), marque: randomUUID() }}
      >
        <Pile>
          {groupes.map(({ code, titre, champs }) => (
            <Section key={code} titre={titre}>
              {champs.map((un) => (
                <Question key={un.code} champ={un} formulaire={formulaire} niveau={niveau} />
              ))}
            </Section>
          ))}
          {manque.length > 0 && (
            <Message ton="bientot">
              <p>
                Il manque : {manque.map(enPhrase).join(' ; ')}. La saisine part quand même si vous le décidez ; le
                secrétariat pourra demander le reste.
              </p>
            </Message>
          )}
          {illisibles > 0 && (
            <Message ton="retard">
              <p>Une réponse n’a pas pu être lue : elle est gardée telle quelle, avec son erreur.</p>
            </Message>
          )}
          <p>
            Elle sera lue par le secrétariat du territoire et les services de l’État qui l’instruisent. Déposée, elle ne
            change plus.
          </p>
          <Actions>
            <Bouton nom="geste" valeur="enregistrer">
              Enregistrer
            </Bouton>
            <Bouton genre="principal" nom="geste" valeur="deposer">
              Saisir la CCAPEX
            </Bouton>
          </Actions>
        </Pile>
      </Formulaire>
    </Cadre>
  )
}

/** GET /locataires/:locataire/saisine/:formulaire: fills one's own draft. */
export async function remplirPourLocataire(requete: Requete): Promise<Reponse> {
  const locataire = await ouvrirLocataire(requete)
  return enSonNom(requete, locataire.dossier, async (large, dossier) => {
    const lu = await lireBrouillonDuBailleur(
      large,
      exigerCles(requete.application),
      dossier,
      requete.parametres.formulaire ?? '',
    )
    return page(<PageBrouillon requete={requete} locataire={locataire} lu={lu} erreurs={[]} />)
  })
}

/** POST /locataires/:locataire/saisine/:formulaire: saves, and files when asked to. */
export async function enregistrerPourLocataire(requete: Requete): Promise<Reponse> {
  const locataire = await ouvrirLocataire(requete)
  const { formulaire: id = '' } = requete.parametres
  return enSonNom(requete, locataire.dossier, async (large, dossier) => {
    const cles = exigerCles(requete.application)
    const lu = await lireBrouillonDuBailleur(large, cles, dossier, id)
    const remontrer = async (message: string, statut: number) =>
      page(
        <PageBrouillon
          requete={requete}
          locataire={locataire}
          lu={await lireBrouillonDuBailleur(large, cles, dossier, id)}
          erreurs={[{ nom: 'motifs', message }]}
        />,
        statut,
      )
    try {
      const ecrit = await enregistrerSaisineDuBailleur(large, cles, dossier, lu, {
        vu: Number(champ(requete, 'vu')) || 0,
        champs: requete.champs,
        marque: champ(requete, 'marque') || undefined,
      })
      if (champ(requete, 'geste') !== 'deposer')
        return redirection(`${locataire.lien}/${id}`, { texte: 'Brouillon enregistré.', ton: 'tenu' })
      if (Object.keys(ecrit.invalides).length > 0)
        return await remontrer('Une réponse n’a pas pu être lue : la corriger avant de saisir.', 422)
      await deposerSaisineDuBailleur(large, cles, dossier, {
        formulaire: id,
        vu: ecrit.version,
        entete: [{ libelle: 'Ménage', valeur: locataire.nom }],
      })
    } catch (erreur) {
      if (erreur instanceof ConflitDeSaisie || erreur instanceof Conflit)
        return remontrer(
          'Un collègue a modifié ce brouillon depuis l’ouverture de la page. Sa version est affichée : y reporter votre saisie.',
          409,
        )
      if (erreur instanceof Refus) return remontrer(erreur.message, 422)
      throw erreur
    }
    return redirection(locataire.lien, {
      texte: 'Saisine reçue par le secrétariat. La séance prévue s’affichera ici dès qu’elle sera fixée.',
      ton: 'tenu',
    })
  })
}
