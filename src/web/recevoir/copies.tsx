import { randomUUID } from 'node:crypto'
import { aLeDroit } from '#acces'
import { examinerFichier, formats, nommerFichier } from '#echanges'
import {
  deposerCopie,
  type LigneLot,
  type Lot,
  lireCopie,
  lireLot,
  listerCopies,
  porteUnActe,
  retirerCopie,
} from '#signalements'
import { refus } from '#socle/errors'
import { formatInstant, formatNombre } from '#socle/typography'
import { type Erreur, messageDe, tenter } from '../accompagner/saisie.ts'
import { Cadre } from '../cadre.tsx'
import {
  Actions,
  Bouton,
  BoutonPost,
  Carte,
  ChampFichier,
  Formulaire,
  ListeSobre,
  Message,
  Pile,
  Plus,
  ResumeErreurs,
} from '../composants/index.ts'
import { champ, page, type Reponse, type Requete, redirection } from '../route.ts'
import { trouverLigne } from './correction.tsx'
import { adresseLot, nommerLigne } from './libelles.ts'

const adresseCopie = (lot: Pick<Lot, 'id'>, ligne: Pick<LigneLot, 'ligne'>): string =>
  adresseLot(lot.id, `/lignes/${ligne.ligne}/copie`)

const peutJoindre = (requete: Requete, lot: Lot, ligne: LigneLot): boolean =>
  porteUnActe(ligne.champs) && lot.etat !== 'retire' && lot.etat !== 'refuse' && aLeDroit(requete.acteur, 'lot.deposer')

async function montrer(requete: Requete, lot: Lot, ligne: LigneLot, erreurs: readonly Erreur[]): Promise<Reponse> {
  const copies = await listerCopies(requete.session, lot.id, ligne.ligne)
  const joindre = peutJoindre(requete, lot, ligne)
  return page(
    <Cadre
      requete={requete}
      courante="recevoir"
      titre="Copie de l’acte"
      chapo={
        <>
          Ligne {formatNombre(ligne.ligne)}, <span translate="no">{nommerLigne(ligne.champs) || '(sans nom)'}</span>,{' '}
          {lot.organisme_nom}. Lue par cet organisme, les secrétariats et la préfecture ; par aucun autre.
        </>
      }
      fil={[
        { libelle: 'Fichiers reçus', href: '/recevoir' },
        { libelle: lot.nom, href: adresseLot(lot.id) },
        { libelle: `Ligne ${formatNombre(ligne.ligne)}`, href: adresseLot(lot.id, `/lignes/${ligne.ligne}`) },
        { libelle: 'Copie de l’acte' },
      ]}
      erreur={erreurs.length > 0}
    >
      <Pile>
        <ResumeErreurs erreurs={erreurs} titre="La copie n’est pas jointe" />
        <Carte titre="Copies jointes">
          {copies.length === 0 ? (
            <p className="note">Aucune copie n’est jointe à cette ligne.</p>
          ) : (
            <ListeSobre
              lignes={copies.map(({ id, nom, taille, auteur, a }) => ({
                cle: id,
                titre: (
                  <a href={adresseLot(lot.id, `/copies/${id}`)} download translate="no">
                    {nom}
                  </a>
                ),
                note: `${formatNombre(Math.max(1, Math.round(taille / 1000)))} ko, jointe par ${auteur} le ${formatInstant(a)}.`,
                droite: aLeDroit(requete.acteur, 'lot.deposer') ? (
                  <Plus libelle="Retirer">
                    <p className="note">Le fichier est détruit tout de suite : ce geste ne se défait pas.</p>
                    <BoutonPost
                      petit
                      action={`${adresseCopie(lot, ligne)}/${id}/retirer`}
                      jeton={requete.connecte.jetonFormulaire}
                      libelleLu={`Détruire ${nom}`}
                    >
                      Détruire cette copie
                    </BoutonPost>
                  </Plus>
                ) : undefined,
              }))}
            />
          )}
        </Carte>
        {joindre ? (
          <Carte titre="Joindre une copie">
            <Formulaire
              action={adresseCopie(lot, ligne)}
              jeton={requete.connecte.jetonFormulaire}
              champs={{ envoi: randomUUID() }}
              fichiers
            >
              <ChampFichier
                nom="fichier"
                libelle="Copie de l’acte"
                formats=".pdf,.png,.jpg,.jpeg"
                aide="PDF ou image, 10 Mo au plus, sans mot de passe."
                erreur={messageDe(erreurs, 'fichier')}
              />
              <Message ton="reserve">
                <p>
                  <b>Joindre l’acte ici ne vaut pas transmission légale.</b> Celle-ci passe par la voie électronique
                  nationale (EXPLOC).
                </p>
              </Message>
              <Actions>
                <Bouton genre="principal" icone="deposer">
                  Joindre cette copie
                </Bouton>
                <Bouton href={adresseLot(lot.id)}>Revenir au dépôt</Bouton>
              </Actions>
            </Formulaire>
          </Carte>
        ) : (
          !porteUnActe(ligne.champs) && <p className="note">Cette ligne ne signale pas un acte.</p>
        )}
      </Pile>
    </Cadre>,
    erreurs.length > 0 ? 422 : undefined,
  )
}

/** GET /recevoir/:lot/lignes/:ligne/copie: the copy of the act that a line reports (SIG-03). */
export async function montrerCopies(requete: Requete): Promise<Reponse> {
  const lot = await lireLot(requete.session, requete.parametres.lot ?? '')
  return montrer(requete, lot, await trouverLigne(requete, lot), [])
}

/** POST of the same. */
export async function joindreCopie(requete: Requete): Promise<Reponse> {
  const { session } = requete
  const lot = await lireLot(session, requete.parametres.lot ?? '')
  const ligne = await trouverLigne(requete, lot)
  const [fichier, autre] = requete.fichiers
  if (!fichier || autre)
    return montrer(requete, lot, ligne, [
      { nom: 'fichier', message: fichier ? 'Joindre un fichier à la fois.' : 'Choisir le fichier de l’acte.' },
    ])
  const refusee = await tenter(
    session,
    'copie.deposer',
    () => 'fichier',
    async () => {
      const { format, octets } = await examinerFichier(fichier.nom, fichier.octets)
      if (format !== 'pdf' && format !== 'png' && format !== 'jpeg')
        throw refus(
          'copie.format',
          'La copie d’un acte est un PDF ou une image : l’enregistrer en PDF, puis la joindre.',
        )
      await deposerCopie(
        session,
        { lot: lot.id, ligne: ligne.ligne, envoi: champ(requete, 'envoi') },
        { nom: nommerFichier(fichier.nom, format), format, octets },
      )
    },
  )
  return refusee
    ? montrer(requete, lot, ligne, [refusee])
    : redirection(adresseCopie(lot, ligne), { texte: 'Copie de l’acte jointe.', ton: 'tenu' })
}

/** GET /recevoir/:lot/copies/:copie: always as an attachment. */
export async function servirCopie({ session, parametres }: Requete): Promise<Reponse> {
  const lot = await lireLot(session, parametres.lot ?? '')
  const { nom, format, octets } = await lireCopie(session, lot.id, parametres.copie ?? '')
  return { genre: 'fichier', nom, type: formats[format as keyof typeof formats].type, octets }
}

/** POST /recevoir/:lot/lignes/:ligne/copie/:copie/retirer. */
export async function retirerUneCopie(requete: Requete): Promise<Reponse> {
  const { session, parametres } = requete
  const lot = await lireLot(session, parametres.lot ?? '')
  const ligne = await trouverLigne(requete, lot)
  await retirerCopie(session, lot.id, parametres.copie ?? '')
  return redirection(adresseCopie(lot, ligne), { texte: 'Copie retirée : son fichier est détruit.' })
}
