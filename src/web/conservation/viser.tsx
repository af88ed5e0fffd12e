import { aLeDroit } from '#acces'
import {
  type DossierConserve,
  ETATS_CONSERVATION,
  LONGUEUR_MOTIF,
  lireBordereau,
  listerConserves,
  retirerVisa,
  viserElimination,
} from '#conservation'
import { Introuvable } from '#socle/errors'
import { formatDate, formatInstant, formatNombre, pluriel } from '#socle/typography'
import { type Erreur, lireJourSaisi, messageDe, tenter } from '../accompagner/saisie.ts'
import { Cadre } from '../cadre.tsx'
import {
  Actions,
  Bouton,
  BoutonImprimer,
  BoutonPost,
  Carte,
  Champ,
  ChampDate,
  type Colonne,
  Formulaire,
  ListeDefinition,
  Message,
  Pile,
  ResumeErreurs,
  Tableau,
} from '../composants/index.ts'
import { champ, page, type Reponse, type Requete, redirection } from '../route.ts'
import { direBordereau, direRetenue, dossiersChoisis } from './liste.tsx'

const FIL = { libelle: 'Conservation', href: '/conservation' }

const colonnes: readonly Colonne<DossierConserve>[] = [
  { cle: 'reference', titre: 'Dossier', principale: true, rendre: ({ reference }) => reference },
  { cle: 'clos', titre: 'Clos le', rendre: ({ clos_le }) => formatDate(clos_le) },
  { cle: 'contact', titre: 'Dernier contact', rendre: ({ dernier_contact_le }) => formatDate(dernier_contact_le) },
  {
    cle: 'archive',
    titre: 'En archive du',
    rendre: ({ archive_le, eliminable_le }) =>
      `${archive_le ? formatDate(archive_le) : ''}${eliminable_le ? ` au ${formatDate(eliminable_le)}` : ''}`,
  },
  { cle: 'etat', titre: 'État', rendre: (dossier) => direRetenue(dossier) || ETATS_CONSERVATION[dossier.etat] },
]

const CHAMPS: Readonly<Record<string, string>> = {
  'visa.motif': 'motif',
  'visa.archives': 'visa_archives',
  'visa.archives-le': 'visa_archives_le',
}

/** POST /conservation/viser: what was ticked, to be read again; then the visa, with its reason and that of the Archives départementales. */
export async function viser(requete: Requete): Promise<Reponse> {
  const { session, connecte } = requete
  const choisis = new Set(dossiersChoisis(requete))
  const retour = '/conservation?etat=a_eliminer'
  if (choisis.size === 0) return redirection(retour, { texte: 'Aucun dossier n’était coché.', ton: 'bientot' })
  const saisie = {
    motif: champ(requete, 'motif'),
    visa_archives: champ(requete, 'visa_archives'),
    visa_archives_le: champ(requete, 'visa_archives_le'),
  }
  const signe = champ(requete, 'etape') === 'signer'
  let erreur: Erreur | null = null
  if (signe) {
    let numero = 0
    erreur = await tenter(
      session,
      'elimination.viser',
      (code) => CHAMPS[code] ?? 'motif',
      async () => {
        ;({ numero } = await viserElimination(session, {
          dossiers: [...choisis],
          motif: saisie.motif,
          visaArchives: saisie.visa_archives,
          visaArchivesLe: lireJourSaisi(saisie.visa_archives_le),
        }))
      },
    )
    if (!erreur)
      return redirection(`/conservation/bordereaux/${numero}`, {
        texte: `${pluriel(choisis.size, 'élimination visée', 'éliminations visées')}.`,
        defaire: { action: `/conservation/bordereaux/${numero}/retirer`, libelle: 'Retirer le visa' },
      })
  }
  const siennes = await listerConserves(session, [...choisis], 'a_eliminer')
  if (siennes.length === 0)
    return redirection(retour, { texte: 'Ces dossiers ne sont plus à éliminer.', ton: 'bientot' })
  const erreurs = erreur ? [erreur] : []
  session.consigner({
    action: 'conservation.lister',
    dossiers: siennes.map(({ dossier }) => dossier),
    details: { etat: 'a_eliminer' },
  })
  const titre = `Viser l’élimination de ${pluriel(siennes.length, 'dossier', 'dossiers')}`
  return page(
    <Cadre
      requete={requete}
      courante="conservation"
      titre={titre}
      chapo="L’effacement ne se défait pas. Le visa, si, jusqu’au jour où il s’exécute."
      erreur={erreurs.length > 0}
      fil={[FIL, { libelle: 'Viser' }]}
    >
      <ResumeErreurs erreurs={erreurs} titre="Rien n’a été visé" />
      <Pile>
        <Tableau<DossierConserve>
          legende="Dossiers à effacer"
          largeur="moyen"
          colonnes={colonnes}
          lignes={siennes}
          cle={({ dossier }) => dossier}
        />
        <Carte titre="Le visa">
          <Formulaire action="/conservation/viser" jeton={connecte.jetonFormulaire} champs={{ etape: 'signer' }}>
            {siennes.map(({ dossier }) => (
              <input type="hidden" name="dossier" value={dossier} key={dossier} />
            ))}
            <Champ
              nom="motif"
              libelle="Pourquoi ces dossiers peuvent être détruits"
              lignes={3}
              longueurMax={LONGUEUR_MOTIF}
              aide="Ce texte reste comme preuve. Ne nommer personne."
              valeur={saisie.motif}
              erreur={messageDe(erreurs, 'motif')}
            />
            <Champ
              nom="visa_archives"
              libelle="Référence du visa des Archives départementales"
              longueurMax={200}
              aide="Le bordereau d’élimination signé par elles. Sans lui, rien ne se détruit."
              valeur={saisie.visa_archives}
              erreur={messageDe(erreurs, 'visa_archives')}
            />
            <ChampDate
              nom="visa_archives_le"
              libelle="Date de ce visa"
              max={session.jour}
              valeur={saisie.visa_archives_le}
              erreur={messageDe(erreurs, 'visa_archives_le')}
            />
            <Message ton="reserve">
              <p>
                La clé de chaque dossier, ses textes, ses pièces, ses courriers, ses fiches et ses signaux sont détruits
                ensemble. Restent une référence, des dates et des nombres.
              </p>
            </Message>
            <Actions>
              <Bouton genre="destructeur">Viser l’élimination</Bouton>
              <Bouton genre="tertiaire" href={retour}>
                Revenir à la liste
              </Bouton>
            </Actions>
          </Formulaire>
        </Carte>
      </Pile>
    </Cadre>,
    erreurs.length > 0 ? 422 : undefined,
  )
}

const numeroDe = ({ parametres }: Requete): number => {
  if (!/^\d{1,9}$/.test(parametres.numero ?? '')) throw new Introuvable()
  return Number(parametres.numero)
}

/** GET /conservation/bordereaux/:numero: the signed list, which prints. */
export async function montrerBordereau(requete: Requete): Promise<Reponse> {
  const { session, acteur, connecte } = requete
  const bordereau = await lireBordereau(session, numeroDe(requete))
  const { lignes, numero } = bordereau
  session.consigner({
    action: 'conservation.lister',
    objet: 'bordereau',
    objetId: bordereau.id,
    dossiers: lignes.map(({ dossier }) => dossier),
  })
  const retirable =
    aLeDroit(acteur, 'elimination.viser') &&
    bordereau.retire_a === null &&
    !lignes.some(({ etat }) => etat === 'efface')
  return page(
    <Cadre
      requete={requete}
      courante="conservation"
      titre={`Liste d’élimination n° ${numero}`}
      fil={[FIL, { libelle: `Liste n° ${numero}` }]}
    >
      <Pile>
        <Carte titre="Visas">
          <ListeDefinition
            lignes={[
              { terme: 'État', valeur: direBordereau(bordereau) },
              { terme: 'Visée par', valeur: bordereau.vise_par, note: formatInstant(bordereau.vise_a) },
              { terme: 'Motif', valeur: bordereau.motif },
              {
                terme: 'Archives départementales',
                valeur: bordereau.visa_archives,
                note: formatDate(bordereau.visa_archives_le),
              },
              {
                terme: 'Effacement',
                valeur:
                  bordereau.execute_a === null
                    ? `à partir du ${formatDate(bordereau.executable_le)}`
                    : formatInstant(bordereau.execute_a),
              },
            ]}
          />
          <Actions>
            {retirable && (
              <BoutonPost
                action={`/conservation/bordereaux/${numero}/retirer`}
                jeton={connecte.jetonFormulaire}
                genre="secondaire"
              >
                Retirer le visa
              </BoutonPost>
            )}
            <BoutonImprimer />
          </Actions>
        </Carte>
        <Tableau<DossierConserve>
          legende="Dossiers de la liste"
          largeur="moyen"
          colonnes={[
            ...colonnes,
            {
              cle: 'rangees',
              titre: 'Effacé',
              numerique: true,
              rendre: ({ rangees }) =>
                rangees === null
                  ? ''
                  : `${formatNombre(Object.values(rangees).reduce((somme, n) => somme + n, 0))} lignes`,
            },
          ]}
          lignes={lignes}
          cle={({ dossier }) => dossier}
          vide="Aucun dossier : le visa a été retiré, ou les dossiers ont été repris."
        />
      </Pile>
    </Cadre>,
  )
}

/** POST /conservation/bordereaux/:numero/retirer. */
export async function retirerLeVisa(requete: Requete): Promise<Reponse> {
  await retirerVisa(requete.session, numeroDe(requete))
  return redirection('/conservation?etat=a_eliminer', {
    texte: 'Visa retiré : ces dossiers sont de nouveau à éliminer.',
  })
}
