import { type EffetAnah, type ListeAnahRecue, recevoirListeAnah, type SaisieBailleur } from '#rapprochement'
import { lireDate } from '#signalements'
import { refus } from '#socle/errors'
import { normalizeForSearch } from '#socle/text'
import { formatNombre, pluriel } from '#socle/typography'
import { type Erreur, messageDe, tenter } from '../accompagner/saisie.ts'
import {
  Actions,
  Bouton,
  Carte,
  ChampFichier,
  type Colonne,
  Formulaire,
  Message,
  ResumeErreurs,
  Section,
  Tableau,
} from '../composants/index.ts'
import { lireRangees } from '../rangees.ts'
import { page, type Reponse, type Requete } from '../route.ts'
import { adresseBailleur, CadreBailleurs } from './commun.tsx'

const LIGNES_MAX = 5000

/** Columns of the list, and the titles they are known by once accents and case are gone. */
const COLONNES = {
  nom: {
    libelle: 'Nom du bailleur',
    titres: ['nom', 'bailleur', 'nom du bailleur', 'raison sociale', 'proprietaire', 'nom prenom', 'nom et prenom'],
  },
  siret: { libelle: 'SIRET', titres: ['siret', 'n siret', 'numero siret'] },
  adresse: { libelle: 'Adresse', titres: ['adresse', 'adresse du bailleur', 'adresse postale'] },
  telephone: { libelle: 'Téléphone', titres: ['telephone', 'tel', 'numero de telephone'] },
  courriel: { libelle: 'Courriel', titres: ['courriel', 'mail', 'email', 'e mail', 'adresse mail'] },
  conventionne_anah_le: {
    libelle: 'Convention signée le',
    titres: [
      'convention signee le',
      'date de convention',
      'date de la convention',
      'conventionne le',
      'date de signature',
    ],
  },
} as const
type NomColonneAnah = keyof typeof COLONNES
const noms = Object.keys(COLONNES) as NomColonneAnah[]

/** Lines of the list, each with its rank in the file; those without anything are left out. */
async function lireListe(
  octets: Buffer,
): Promise<readonly { readonly ligne: number; readonly valeurs: Record<NomColonneAnah, string> }[]> {
  const [entete, ...rangees] = await lireRangees(octets, 'anah.format')
  const titres = (entete ?? []).map((titre) => normalizeForSearch(titre))
  const places = new Map(
    noms.map((nom) => [nom, titres.findIndex((titre) => (COLONNES[nom].titres as readonly string[]).includes(titre))]),
  )
  if ((places.get('nom') ?? -1) < 0)
    throw refus(
      'anah.colonnes',
      'La première ligne doit nommer une colonne « Nom » ; les autres colonnes reconnues sont listées plus bas.',
    )
  if (rangees.length > LIGNES_MAX)
    throw refus('anah.taille', `${formatNombre(LIGNES_MAX)} lignes au plus : couper la liste en deux.`)
  return rangees.flatMap((rangee, rang) => {
    const valeurs = Object.fromEntries(
      noms.map((nom) => [nom, (rangee[places.get(nom) ?? -1] ?? '').trim()]),
    ) as Record<NomColonneAnah, string>
    return Object.values(valeurs).every((valeur) => valeur === '') ? [] : [{ ligne: rang + 2, valeurs }]
  })
}

const enSaisie = (valeurs: Record<NomColonneAnah, string>, le: Temporal.PlainDate | null): SaisieBailleur => ({
  nom: valeurs.nom,
  nature: null,
  gestionnaire: false,
  siret: valeurs.siret,
  adresse: valeurs.adresse,
  telephone: valeurs.telephone,
  courriel: valeurs.courriel,
  conventionneAnah: true,
  conventionneAnahLe: le,
})

const fil = [{ libelle: 'Bailleurs', href: '/bailleurs' }, { libelle: 'Liste de l’ANAH' }]

function pageDepot(requete: Requete, erreurs: readonly Erreur[]): Reponse {
  return page(
    <CadreBailleurs
      requete={requete}
      titre="Recevoir la liste des bailleurs conventionnés"
      chapo="La direction départementale des territoires envoie les bailleurs privés qui ont signé une convention avec l’ANAH. Leurs fiches s’ouvrent ou se complètent ; rien de ce qu’elles disent déjà n’est remplacé."
      fil={fil}
      erreur={erreurs.length > 0}
    >
      <ResumeErreurs erreurs={erreurs} titre="La liste n’est pas prise" />
      <Carte titre="La liste">
        <Formulaire action="/bailleurs/anah" jeton={requete.connecte.jetonFormulaire} fichiers>
          <ChampFichier
            nom="fichier"
            libelle="Fichier"
            formats=".csv,.xlsx,.ods"
            aide="CSV, XLSX ou ODS. Envoyer deux fois la même liste ne change rien."
            erreur={messageDe(erreurs, 'fichier')}
          />
          <p className="note">
            Colonnes reconnues : {noms.map((nom) => COLONNES[nom].libelle).join(', ')}. Le nom suffit ; le SIRET et
            l’adresse évitent de confondre deux bailleurs.
          </p>
          <Actions>
            <Bouton genre="principal" icone="deposer">
              Prendre cette liste
            </Bouton>
            <Bouton href="/bailleurs">Revenir aux bailleurs</Bouton>
          </Actions>
        </Formulaire>
      </Carte>
    </CadreBailleurs>,
    erreurs.length > 0 ? 422 : undefined,
  )
}

/** GET /bailleurs/anah (SIG-19). */
export const proposerListeAnah = async (requete: Requete): Promise<Reponse> => pageDepot(requete, [])

const EFFETS: Readonly<Record<EffetAnah['effet'], readonly [string, string]>> = {
  creee: ['fiche ouverte', 'fiches ouvertes'],
  mise_a_jour: ['fiche complétée', 'fiches complétées'],
  inchangee: ['fiche inchangée', 'fiches inchangées'],
  rejetee: ['ligne à corriger', 'lignes à corriger'],
}

function pageRecue(requete: Requete, { effets, absents }: ListeAnahRecue): Reponse {
  const rejetees = effets.filter(({ effet }) => effet === 'rejetee')
  const colonnes: readonly Colonne<EffetAnah>[] = [
    { cle: 'ligne', titre: 'Ligne', numerique: true, rendre: ({ ligne }) => formatNombre(ligne) },
    {
      cle: 'nom',
      titre: 'Bailleur',
      principale: true,
      rendre: ({ nom }) => <span translate="no">{nom || '(sans nom)'}</span>,
    },
    { cle: 'champ', titre: 'Colonne', rendre: ({ champ }) => COLONNES[champ as NomColonneAnah]?.libelle ?? 'Ligne' },
    { cle: 'message', titre: 'Que faire', large: true, rendre: ({ message }) => message },
  ]
  return page(
    <CadreBailleurs
      requete={requete}
      titre="Liste de l’ANAH reçue"
      chapo={(Object.keys(EFFETS) as EffetAnah['effet'][])
        .map((effet) => pluriel(effets.filter((un) => un.effet === effet).length, ...EFFETS[effet]))
        .join(', ')}
      fil={fil}
      actions={
        <Bouton petit href="/bailleurs?genre=anah">
          Voir les bailleurs conventionnés
        </Bouton>
      }
    >
      {rejetees.length > 0 ? (
        <Section titre="Lignes à corriger">
          <p className="note">
            Corriger ces lignes dans le fichier, puis l’envoyer de nouveau : les autres ne changeront pas.
          </p>
          <Tableau<EffetAnah>
            legende="Lignes qui n’ont pas été prises, et que faire"
            colonnes={colonnes}
            lignes={rejetees}
            cle={({ ligne }) => String(ligne)}
          />
        </Section>
      ) : (
        <Message ton="tenu">
          <p>Toutes les lignes sont prises.</p>
        </Message>
      )}
      {absents.length > 0 && (
        <Section titre="Conventionnés absents de cette liste">
          <p className="note">
            Leur fiche dit encore qu’ils sont conventionnés. Si la convention a pris fin, ouvrir la fiche et le retirer.
          </p>
          <ul>
            {absents.map(({ id, nom }) => (
              <li key={id}>
                <a href={adresseBailleur(id)} translate="no">
                  {nom}
                </a>
              </li>
            ))}
          </ul>
        </Section>
      )}
    </CadreBailleurs>,
  )
}

/** POST /bailleurs/anah: what became of each line. Sent twice, it changes nothing. */
export async function recevoirAnah(requete: Requete): Promise<Reponse> {
  const { session, fichiers } = requete
  const [fichier, autre] = fichiers
  if (!fichier || autre)
    return pageDepot(requete, [
      { nom: 'fichier', message: fichier ? 'Une liste à la fois.' : 'Choisir le fichier de la liste.' },
    ])
  let recue: ListeAnahRecue | undefined
  const refusee = await tenter(
    session,
    'bailleur.tenir',
    () => 'fichier',
    async () => {
      const lues = (await lireListe(fichier.octets)).map(({ ligne, valeurs }) => ({
        ...{ ligne, valeurs },
        lu: valeurs.conventionne_anah_le === '' ? null : lireDate(valeurs.conventionne_anah_le),
      }))
      const prise = await recevoirListeAnah(
        session,
        lues.flatMap(({ ligne, valeurs, lu }) =>
          lu !== null && 'message' in lu
            ? []
            : [{ ligne, saisie: enSaisie(valeurs, lu && Temporal.PlainDate.from(lu.valeur)) }],
        ),
      )
      const rejets = lues.flatMap(({ ligne, valeurs, lu }): EffetAnah[] =>
        lu !== null && 'message' in lu
          ? [
              {
                ...{ ligne, nom: valeurs.nom, effet: 'rejetee', bailleur: null },
                champ: 'conventionne_anah_le',
                message: `« ${valeurs.conventionne_anah_le} » : ${lu.message}`,
              },
            ]
          : [],
      )
      recue = { ...prise, effets: [...prise.effets, ...rejets].sort((a, b) => a.ligne - b.ligne) }
    },
  )
  if (refusee || !recue) return pageDepot(requete, refusee ? [refusee] : [])
  return pageRecue(requete, recue)
}
