import type { ReactElement, ReactNode } from 'react'
import { formatMontant, formatNombre, pluriel } from '#socle/typography'
import { Boite, PagePublique } from '../mise-en-page/page.tsx'
import {
  AUJOURDHUI,
  axe,
  courbe,
  diagnostic,
  echeances,
  enquete,
  frise,
  friseDense,
  friseSerree,
  navigation,
  PageExemple,
} from './catalogue-exemples.tsx'
import {
  Actions,
  AxePeriodes,
  AxePeriodesCourt,
  Barre,
  BarreGroupee,
  BasculeRaccourcis,
  Bouton,
  BoutonPost,
  BoutonsRadio,
  Carte,
  CaseACocher,
  Champ,
  ChampDate,
  ChampFichier,
  ChampMontant,
  ChoixCercle,
  type Colonne,
  Colonnes,
  Comparaison,
  Compteurs,
  Courbe,
  Decision,
  DeuxVersions,
  EtapeJauge,
  EtatVide,
  Etiquette,
  Etiquettes,
  EtiquetteVerdict,
  FileTaches,
  Filtres,
  Formulaire,
  Frise,
  Icone,
  JaugeScore,
  ListeDefinition,
  ListeSobre,
  Message,
  Onglets,
  Pagination,
  PiedCadre,
  Pile,
  Plus,
  Progression,
  PuceCercle,
  PuceEcheance,
  Reponses,
  ResumeErreurs,
  Section,
  Selection,
  Tableau,
  Veille,
  type Verdict,
  verdicts,
} from './index.ts'

const JETON = 'jeton-d-exemple'

interface DossierExemple {
  readonly reference: string
  readonly nom: string
  readonly commune: string
  readonly rang: number
  readonly etape: string
  readonly dette: number
  readonly parc: string
  readonly jours: number
  readonly service: string | null
  readonly criteres: readonly string[]
}

const dossiers: readonly DossierExemple[] = [
  {
    reference: '26-0097',
    nom: 'ORSETTI Yanis',
    commune: 'Autun',
    rang: 6,
    etape: 'Concours',
    dette: 621490,
    parc: 'Public',
    jours: -3,
    service: 'Département',
    criteres: ['Santé signalée'],
  },
  {
    reference: '26-0388',
    nom: 'GRANVAUX Odile',
    commune: 'Épinac',
    rang: 5,
    etape: 'Quitter les lieux',
    dette: 387122,
    parc: 'Privé',
    jours: -2,
    service: null,
    criteres: ['Plus de 70 ans'],
  },
  {
    reference: '26-0215',
    nom: 'DELORMEAU Hugo',
    commune: 'Le Creusot',
    rang: 4,
    etape: 'Jugement',
    dette: 294000,
    parc: 'Public',
    jours: -1,
    service: 'CCAS d’Autun',
    criteres: [],
  },
  {
    reference: '26-0301',
    nom: 'TAVERNOT Lise',
    commune: 'Étang-sur-Arroux',
    rang: 3,
    etape: 'Assignation',
    dette: 118840,
    parc: 'Public',
    jours: 0,
    service: 'Service social, Autun',
    criteres: ['Famille'],
  },
  {
    reference: '26-0412',
    nom: 'LACOMBE Séverine',
    commune: 'Le Creusot',
    rang: 3,
    etape: 'Assignation',
    dette: 162000,
    parc: 'Privé',
    jours: 3,
    service: 'Service social, Creusot',
    criteres: ['Parent seul', 'Bailleur fragile'],
  },
  {
    reference: '26-0455',
    nom: 'BENALI-MERCIER Sofia',
    commune: 'Torcy',
    rang: 2,
    etape: 'Commandement',
    dette: 230575,
    parc: 'Public',
    jours: 4,
    service: 'CAF',
    criteres: ['Famille', 'En série'],
  },
  {
    reference: '26-0127',
    nom: 'ROUVERAY Michel',
    commune: 'Couches',
    rang: 5,
    etape: 'Quitter les lieux',
    dette: 441200,
    parc: 'Privé',
    jours: 5,
    service: 'Service social, Autun',
    criteres: ['Récurrence'],
  },
  {
    reference: '26-0977',
    nom: 'KOVAČEVIĆ Ana',
    commune: 'Le Creusot',
    rang: 3,
    etape: 'Assignation',
    dette: 98010,
    parc: 'Public',
    jours: 5,
    service: null,
    criteres: [],
  },
  {
    reference: '26-0981',
    nom: 'PEYRALDI Thomas',
    commune: 'Autun',
    rang: 6,
    etape: 'Concours',
    dette: 794055,
    parc: 'Privé',
    jours: 8,
    service: 'Département',
    criteres: ['DALO reconnu'],
  },
  {
    reference: '26-0619',
    nom: 'MONTAGNIER Louise',
    commune: 'Le Breuil',
    rang: 2,
    etape: 'Commandement',
    dette: 104430,
    parc: 'Privé',
    jours: 11,
    service: 'ADIL',
    criteres: ['Moins de 20 ans'],
  },
  {
    reference: '26-0622',
    nom: 'SISSOKO Aminata',
    commune: 'Le Creusot',
    rang: 3,
    etape: 'Assignation',
    dette: 173118,
    parc: 'Public',
    jours: 12,
    service: 'CAF',
    criteres: ['Famille'],
  },
  {
    reference: '26-0738',
    nom: 'TREMBLAT Kévin',
    commune: 'Le Creusot',
    rang: 1,
    etape: 'Impayé',
    dette: 90566,
    parc: 'Public',
    jours: 46,
    service: 'CAF',
    criteres: [],
  },
]

const colonnesDossiers: readonly Colonne<DossierExemple>[] = [
  {
    cle: 'menage',
    titre: 'Ménage',
    triable: true,
    principale: true,
    rendre: ({ nom, reference }) => (
      <>
        <a href={`/dossiers/${reference}`}>{nom}</a>
        <small>{reference}</small>
      </>
    ),
  },
  { cle: 'commune', titre: 'Commune', rendre: ({ commune }) => commune },
  {
    cle: 'etape',
    titre: 'Étape',
    triable: true,
    rendre: ({ rang, etape }) => <EtapeJauge rang={rang} libelle={etape} />,
  },
  { cle: 'dette', titre: 'Dette', triable: true, numerique: true, rendre: ({ dette }) => formatMontant(dette) },
  { cle: 'parc', titre: 'Parc', rendre: ({ parc }) => parc },
  {
    cle: 'echeance',
    titre: 'Prochaine échéance',
    triable: true,
    rendre: ({ jours }) => (
      <PuceEcheance
        echeance={{ ...diagnostic, le: Temporal.PlainDate.from(AUJOURDHUI).add({ days: jours }) }}
        aujourdhui={AUJOURDHUI}
      />
    ),
  },
  {
    cle: 'service',
    titre: 'Qui accompagne',
    rendre: ({ service }) =>
      service ?? (
        <Etiquette ton="retard" icone="retard">
          Pris par personne
        </Etiquette>
      ),
  },
  {
    cle: 'criteres',
    titre: 'Critères',
    rendre: ({ criteres }) => (
      <Etiquettes>
        {criteres.map((critere) => (
          <Etiquette key={critere}>{critere}</Etiquette>
        ))}
      </Etiquettes>
    ),
  },
]

/** A filtered list with bulk actions: the shape of « Dossiers à accompagner ». */
export function pageCatalogueListe(): ReactElement {
  return (
    <PageExemple
      titre="186 dossiers à accompagner"
      courante="accompagner"
      large
      actions={
        <>
          <Bouton petit href="/dossiers/vues/nouvelle">
            Enregistrer cette vue
          </Bouton>
          <Bouton petit icone="import" href="/dossiers/export.csv" fichier>
            Exporter ces 186 dossiers
          </Bouton>
        </>
      }
      vues={{
        libelle: 'Vues enregistrées',
        onglets: [
          { libelle: 'Procédure, Autun', href: '/dossiers?vue=1', compte: '186', courant: true },
          { libelle: 'Pris par personne', href: '/dossiers?vue=2', compte: '4' },
          { libelle: 'Audience sous 45 j', href: '/dossiers?vue=3', compte: '23' },
          { libelle: 'Signaux en série', href: '/dossiers?vue=4', compte: '6' },
          { libelle: 'Tous', href: '/dossiers', compte: formatNombre(1284) },
        ],
      }}
    >
      <Filtres
        action="/dossiers"
        libelle="Filtrer les dossiers"
        resultat="186 dossiers"
        champs={{ vue: '1' }}
        toutRetirer="/dossiers"
        actifs={[
          { libelle: 'Territoire : Autun', retirer: '/dossiers?dette=50000' },
          { libelle: 'Dette : 500 € et plus', retirer: '/dossiers?territoire=autun' },
        ]}
        plus={<ChampDate nom="audience" libelle="Audience avant le" libre />}
      >
        <Champ nom="q" libelle="Nom, adresse, référence" genre="search" libre />
        <Selection
          nom="territoire"
          libelle="Territoire"
          libre
          vide="Tous"
          valeur="autun"
          options={[{ valeur: 'autun', libelle: 'Autun' }]}
        />
        <Selection
          nom="etape"
          libelle="Étape"
          libre
          vide="Toutes"
          options={[{ valeur: 'impaye', libelle: 'Impayé' }]}
        />
        <Selection nom="parc" libelle="Parc" libre vide="Tous" options={[{ valeur: 'prive', libelle: 'Privé' }]} />
        <Selection nom="service" libelle="Service" libre vide="Tous" options={[{ valeur: 'caf', libelle: 'CAF' }]} />
        <Selection
          nom="echeance"
          libelle="Échéance"
          libre
          vide="Toutes"
          options={[{ valeur: 'depassee', libelle: 'Dépassée' }]}
        />
      </Filtres>
      <Tableau
        legende="Dossiers du territoire d’Autun, triés par échéance"
        dense
        colonnes={colonnesDossiers}
        lignes={dossiers}
        cle={({ reference }) => reference}
        tri={{ cle: 'echeance', sens: 'croissant', lien: (cle, sens) => `/dossiers?tri=${cle}&sens=${sens}` }}
        selection={{
          nom: 'dossier',
          valeur: ({ reference }) => reference,
          libelle: ({ nom }) => nom,
          choisies: new Set(['26-0388', '26-0412', '26-0977']),
        }}
        formulaire={{ action: '/dossiers/actions', jeton: JETON, libelle: 'Actions groupées' }}
        avant={
          <BarreGroupee
            choisies={3}
            singulier="dossier choisi"
            pluriel="dossiers choisis"
            aucune="Cocher des dossiers, puis choisir une action"
            libelleAction="Action sur les dossiers choisis"
            actions={[
              { valeur: 'confier', libelle: 'Confier à un service' },
              { valeur: 'courrier', libelle: 'Préparer un courrier' },
            ]}
            note="Vous verrez la liste et le texte avant d’envoyer. Chaque action groupée peut être annulée."
            aside="Trié par échéance"
          />
        }
        apres={<Pagination libelle="Pages de la liste" position="1 à 12 sur 186" suivants="/dossiers?apres=26-0738" />}
      />
    </PageExemple>
  )
}

/** Things to do: the shape of « À faire ». */
export function pageCatalogueTaches(): ReactElement {
  const echeance = (le: string) => <PuceEcheance echeance={{ ...enquete, le }} aujourdhui={AUJOURDHUI} />
  return (
    <PageExemple
      titre="Vendredi 20 novembre : 17 actions vous attendent"
      chapo="Commission territoriale d’Autun. Classées par échéance, la plus urgente d’abord."
      courante="a-faire"
      large
      actions={
        <>
          <Bouton icone="gens" href="/a-faire/passer">
            Passer la main
          </Bouton>
          <Bouton icone="deposer" href="/recevoir/deposer">
            Déposer un fichier
          </Bouton>
        </>
      }
      vues={{
        libelle: 'Trier mes actions par nature',
        onglets: [
          { libelle: 'Tout', href: '/a-faire', compte: '17', courant: true },
          { libelle: 'Relancer', href: '/a-faire?nature=relancer', compte: '6' },
          { libelle: 'Reconnaître', href: '/a-faire?nature=reconnaitre', compte: '7' },
        ],
      }}
    >
      <Colonnes genre="veille">
        <div>
          <Section titre="En retard" compte="2 actions">
            <FileTaches
              retard
              taches={[
                {
                  cle: '1',
                  icone: 'tel',
                  titre: 'Relancer l’enquête sociale de M. Yanis Orsetti',
                  texte:
                    'Demandée au Département le 17/09. Le délai de réponse du préfet s’achève le 28/11 et rien n’est su du ménage.',
                  echeance: echeance('2026-11-17'),
                  geste: (
                    <BoutonPost action="/a-faire/1/relancer" jeton={JETON} petit genre="principal">
                      Relancer le service
                    </BoutonPost>
                  ),
                },
                {
                  cle: '2',
                  icone: 'gens',
                  titre: 'Désigner qui contacte Mme Odile Granvaux',
                  texte:
                    'Trois services ont répondu « pas pour nous ». Dernier rang : le Département. Commandement de quitter les lieux reçu le 02/11.',
                  echeance: echeance('2026-11-18'),
                  geste: (
                    <Bouton href="/dossiers/26-0388" petit genre="principal">
                      Confier au Département
                    </Bouton>
                  ),
                },
              ]}
            />
          </Section>
          <Section titre="Aujourd’hui" compte="2 actions groupant 8 dossiers">
            <FileTaches
              taches={[
                {
                  cle: '3',
                  icone: 'import',
                  titre: 'Traiter le fichier des impayés CAF d’octobre',
                  texte: 'Lecture en cours, 3 412 lignes sur 5 000. 22 rejetées, 7 à vérifier.',
                  echeance: echeance('2026-11-20'),
                  geste: (
                    <Bouton href="/recevoir/1" petit>
                      Voir les lignes
                    </Bouton>
                  ),
                },
                {
                  cle: '4',
                  icone: 'doute',
                  titre: 'Dire si 7 signaux concernent un ménage déjà connu',
                  geste: (
                    <Bouton href="/reconnaitre" petit>
                      Comparer
                    </Bouton>
                  ),
                },
              ]}
            />
          </Section>
        </div>
        <Pile>
          <Carte titre="Personne n’est oublié">
            <Veille
              compteurs={[
                {
                  cle: 'a',
                  nombre: '4',
                  libelle: 'ménages pris par personne',
                  note: 'Le plus ancien depuis 11 jours',
                  href: '/dossiers?service=aucun',
                },
                {
                  cle: 'b',
                  nombre: '11',
                  libelle: 'en procédure judiciaire, inconnus de tout service',
                  note: '3 de moins que lundi',
                  href: '/dossiers?vue=2',
                },
                { cle: 'c', nombre: '0', libelle: 'signal en série' },
              ]}
            />
          </Carte>
          <Carte titre="Prochain tableau">
            <ListeDefinition
              lignes={[
                { terme: 'Arrêté', valeur: 'lundi 23 novembre, 7 h 00' },
                { terme: 'Dossiers', valeur: '54 proposés', note: 'dont 9 nouveaux' },
                { terme: 'Territoire', valeur: null },
              ]}
            />
          </Carte>
        </Pile>
      </Colonnes>
    </PageExemple>
  )
}

/** A dossier: white band, figures, parts, frise, money, échéances. */
export function pageCatalogueDossier(): ReactElement {
  const mois = [
    { mois: 'Août', loyer: 60500, aide: 23100, paye: 15000, etat: 'partiel', dette: 124600 },
    { mois: 'Septembre', loyer: 60500, aide: 23100, paye: 0, etat: 'impaye', dette: 162000 },
    { mois: 'Octobre', loyer: 60500, aide: 23100, paye: 37400, etat: 'paye', dette: 162000 },
  ] as const
  const etats = {
    partiel: (
      <Etiquette ton="bientot" icone="horloge">
        Payé en partie
      </Etiquette>
    ),
    impaye: <Etiquette ton="retard">Impayé</Etiquette>,
    paye: <Etiquette ton="tenu">Payé en entier</Etiquette>,
  }
  return (
    <PageExemple
      titre="Mme Séverine Lacombe et ses deux enfants"
      chapo={
        <>
          Dossier 26-0412, ouvert le 12/08/2026 sur signalement de la CAF. 4 signaux reçus.{' '}
          <a href="/dossiers/26-0412/signaux">Pourquoi ils sont réunis</a>
        </>
      }
      courante="accompagner"
      large
      fil={[
        { libelle: 'Dossiers', href: '/dossiers' },
        { libelle: 'Procédure, Autun', href: '/dossiers?vue=1' },
        { libelle: '26-0412' },
      ]}
      actions={
        <>
          <Bouton petit icone="tel" href="/dossiers/26-0412/contact">
            Noter un contact
          </Bouton>
          <Bouton petit genre="principal" href="/dossiers/26-0412/affecter">
            Confier à un service
          </Bouton>
        </>
      }
      cles={[
        { terme: 'Étape', valeur: 'Assignation', note: 'audience le 14/01/2027' },
        { terme: 'Dette', valeur: formatMontant(162000), note: '4,3 mois de reste à payer' },
        { terme: 'Loyer courant repris', valeur: 'Oui, depuis octobre', note: '2 mois payés en entier' },
        { terme: 'Qui accompagne', valeur: 'Nadia Ferhaoui', note: 'service social, Le Creusot' },
      ]}
      onglets={{
        libelle: 'Parties du dossier',
        onglets: [
          { libelle: 'Vue d’ensemble', href: '/dossiers/26-0412', courant: true },
          { libelle: 'Signaux', href: '/dossiers/26-0412/signaux', compte: '4' },
          { libelle: 'Procédure', href: '/dossiers/26-0412/procedure' },
          { libelle: 'Qui a lu', href: '/dossiers/26-0412/lectures' },
        ],
      }}
      message={{
        texte: 'Le dossier est confié au service social du Creusot.',
        defaire: { action: '/defaire', libelle: 'Défaire', champs: { affectation: '12' } },
      }}
    >
      <Pile>
        <Carte
          titre="Le cours du dossier"
          aside="Au-dessus, les actes de la procédure. Au-dessous, ce que les partenaires ont fait."
        >
          <Frise {...frise} />
        </Carte>
        <Colonnes genre="dossier">
          <Pile>
            <Carte titre="Argent" aside={<a href="/dossiers/26-0412/argent">Registre complet</a>}>
              <Tableau
                legende="Trois derniers mois, en euros"
                largeur="moyen"
                lignes={mois}
                cle={(ligne) => ligne.mois}
                colonnes={[
                  {
                    cle: 'mois',
                    titre: 'Mois 2026',
                    principale: true,
                    rendre: (ligne) => <b>{ligne.mois}</b>,
                    pied: 'Dette au 20 novembre 2026, frais exclus',
                  },
                  {
                    cle: 'loyer',
                    titre: 'Loyer et charges',
                    numerique: true,
                    rendre: ({ loyer }) => formatMontant(loyer),
                  },
                  {
                    cle: 'aide',
                    titre: 'Aide au logement',
                    numerique: true,
                    rendre: ({ aide }) => formatMontant(aide),
                  },
                  { cle: 'paye', titre: 'Payé', numerique: true, rendre: ({ paye }) => formatMontant(paye) },
                  { cle: 'etat', titre: 'Loyer du mois', rendre: ({ etat }) => etats[etat] },
                  {
                    cle: 'dette',
                    titre: 'Dette en fin de mois',
                    numerique: true,
                    rendre: ({ dette }) => formatMontant(dette),
                    pied: formatMontant(162000),
                  },
                ]}
              />
            </Carte>
            <Colonnes genre="moities">
              <Carte titre="Ménage">
                <ListeDefinition
                  lignes={[
                    { terme: 'Occupante', valeur: 'Mme Séverine Lacombe', note: 'née le 03/04/1984' },
                    { terme: 'Enfants', valeur: '2, nés en 2014 et 2019' },
                    { terme: 'Joindre', valeur: '06 39 98 41 07', numerique: true },
                  ]}
                />
              </Carte>
              <Carte titre="Logement et bailleur">
                <ListeDefinition
                  lignes={[
                    { terme: 'Adresse', valeur: '12 rue des Forges, 2e étage', note: '71200 Le Creusot' },
                    { terme: 'Logement', valeur: 'T4, 78 m², parc privé' },
                    { terme: 'Bail', valeur: '01/03/2024', note: 'clause résolutoire : 6 semaines', numerique: true },
                  ]}
                />
              </Carte>
            </Colonnes>
            <Carte titre="Échanges" aside={<PuceCercle rang={3} libelle="Suivi partagé" />}>
              <ChoixCercle
                nom="cercle"
                choisi={3}
                options={[
                  {
                    rang: 1,
                    libelle: 'Note professionnelle',
                    lecteurs: 'Vous et le service social du Creusot : 4 personnes',
                  },
                  { rang: 2, libelle: 'Transmission', lecteurs: 'Secrétariat et services instructeurs : 6 personnes' },
                  {
                    rang: 3,
                    libelle: 'Suivi partagé',
                    lecteurs: 'Partenaires habilités sur ce dossier : 11 personnes',
                  },
                  {
                    rang: 4,
                    libelle: 'Synthèse',
                    lecteurs: 'Ménage, bailleur, juge : texte repris d’une liste fermée',
                  },
                ]}
              />
            </Carte>
          </Pile>
          <Pile>
            <Carte titre="Échéances" aside="Touchez une date pour sa source">
              <ListeSobre
                lignes={echeances.map((echeance, rang) => ({
                  cle: `${echeance.libelle}${rang}`,
                  titre: echeance.libelle,
                  note: rang === 2 ? 'Service social du Creusot' : undefined,
                  droite: <PuceEcheance echeance={echeance} aujourdhui={AUJOURDHUI} ouverte={rang === 2} />,
                }))}
              />
            </Carte>
            <Message ton="bientot">
              <p>
                <b>Régime à confirmer.</b> Impayé constitué en juillet 2026 et toujours ouvert au 01/01/2027. Les deux
                lectures sont affichées dans « Argent ».
              </p>
            </Message>
          </Pile>
        </Colonnes>
      </Pile>
    </PageExemple>
  )
}

/** A file being read: the page refreshes itself. */
export function pageCatalogueImport(faites = 3412): ReactElement {
  const lignes: readonly {
    ligne: number
    verdict: Verdict
    menage: string
    colonne: string
    valeur: string
    raison: string
    remede: string
  }[] = [
    {
      ligne: 118,
      verdict: 'rejetee',
      menage: 'Mme R. Vautrelle',
      colonne: 'date_signalement',
      valeur: '2026-13-09',
      raison: 'Le mois 13 n’existe pas.',
      remede: 'Écrire le jour, le mois et l’année : 13/09/2026.',
    },
    {
      ligne: 377,
      verdict: 'rejetee',
      menage: 'M. A. Lemarquis',
      colonne: 'montant_dette',
      valeur: '1.250,5O',
      raison: 'La lettre O remplace un zéro.',
      remede: 'Écrire 1250,50.',
    },
    {
      ligne: 951,
      verdict: 'avertissement',
      menage: 'Mme J. Cordelet',
      colonne: 'montant_dette',
      valeur: '320,00',
      raison: 'Sous le seuil : 320,00 € pour 2 × 187,00 € de reste à payer, soit 374,00 €.',
      remede: 'Rien à faire. La ligne est gardée et marquée « sous le seuil ».',
    },
    {
      ligne: 1306,
      verdict: 'a_verifier',
      menage: 'Mme S. Lacombe',
      colonne: 'nom_usage',
      valeur: 'LACOMBE Séverine',
      raison: 'Ressemble au dossier 26-0412, nom identique, adresse voisine.',
      remede: 'Comparer les deux, puis répondre.',
    },
    {
      ligne: 2961,
      verdict: 'rejetee',
      menage: 'Mme N. Astorg',
      colonne: 'adresse',
      valeur: '=HYPERLINK(…)',
      raison: 'La cellule contient une formule. Elle n’a pas été lue.',
      remede: 'Remplacer la formule par son texte.',
    },
  ]
  const enCours = faites < 5000
  return (
    <PageExemple
      titre="Impayés signalés par la CAF, octobre 2026"
      chapo="CAF, déposé le 20/11 à 8 h 52 par Claire Dumontel. CSV, windows-1252, 5 000 lignes."
      courante="recevoir"
      large
      fil={[{ libelle: 'Fichiers reçus', href: '/recevoir' }, { libelle: 'caf-2026-10.csv' }]}
      rafraichir={enCours ? 5 : undefined}
      actions={
        <>
          <Bouton icone="import" href="/recevoir/1/verdicts.csv" fichier>
            Télécharger les verdicts
          </Bouton>
          <Bouton genre="destructeur" icone="annuler" href="/recevoir/1/retirer">
            Retirer ce dépôt
          </Bouton>
        </>
      }
    >
      <Pile>
        <Progression
          titre={enCours ? `Lecture en cours : ${formatNombre(faites)} lignes sur 5 000` : '5 000 lignes lues'}
          note={
            enCours ? 'Reste environ 2 min. Vous pouvez quitter cette page, la lecture continue.' : 'Terminé à 9 h 03.'
          }
          faites={faites}
          total={5000}
          annonce={`${formatNombre(Math.floor(faites / 50))} % lu, 22 lignes rejetées`}
          texte={
            enCours
              ? 'Cette page se met à jour toutes les 5 secondes. Une coupure ne fait rien perdre : la lecture reprend à la ligne suivante.'
              : undefined
          }
          arret={enCours ? { href: '/recevoir/1?arret=1', libelle: 'Arrêter la mise à jour' } : undefined}
          comptes={[
            { verdict: 'acceptee', nombre: 2871, href: '/recevoir/1?verdict=acceptee' },
            { verdict: 'inchangee', nombre: 214, href: '/recevoir/1?verdict=inchangee' },
            { verdict: 'mise_a_jour', nombre: 168, href: '/recevoir/1?verdict=mise_a_jour' },
            { verdict: 'avertissement', nombre: 130, href: '/recevoir/1?verdict=avertissement' },
            { verdict: 'a_verifier', nombre: 7, href: '/recevoir/1?verdict=a_verifier' },
            { verdict: 'rejetee', nombre: 22, href: '/recevoir/1?verdict=rejetee', courant: true },
          ]}
        />
        <Section
          titre="Lignes qui demandent un regard"
          compte={
            <>
              327 sur 3 412. Les lignes acceptées et inchangées sont masquées.{' '}
              <a href="/recevoir/1?tout=1">Tout afficher</a>
            </>
          }
        >
          <Tableau
            legende="Lignes du fichier avec leur verdict, la raison et le remède"
            lignes={lignes}
            cle={({ ligne }) => String(ligne)}
            colonnes={[
              { cle: 'ligne', titre: 'Ligne', numerique: true, rendre: ({ ligne }) => formatNombre(ligne) },
              { cle: 'verdict', titre: 'Verdict', rendre: ({ verdict }) => <EtiquetteVerdict verdict={verdict} /> },
              { cle: 'menage', titre: 'Ménage', principale: true, rendre: ({ menage }) => <b>{menage}</b> },
              { cle: 'colonne', titre: 'Colonne', rendre: ({ colonne }) => colonne },
              { cle: 'valeur', titre: 'Valeur lue', rendre: ({ valeur }) => <code>{valeur}</code> },
              { cle: 'raison', titre: 'Raison', large: true, rendre: ({ raison }) => raison },
              { cle: 'remede', titre: 'Que faire', large: true, rendre: ({ remede }) => remede },
            ]}
          />
        </Section>
        <Message
          action={
            <Bouton petit href="/recevoir/1/rejets.csv" fichier>
              Télécharger les 22 lignes
            </Bouton>
          }
        >
          <p>
            <b>Pour corriger :</b> téléchargez les 22 lignes rejetées dans le format d’origine, corrigez-les, déposez à
            nouveau. Les lignes déjà acceptées ne changeront pas.
          </p>
        </Message>
      </Pile>
    </PageExemple>
  )
}

/** Two records side by side and three answers. */
export function pageCatalogueComparaison(): ReactElement {
  return (
    <PageExemple
      titre="Est-ce le même ménage ?"
      chapo="Rien n’est rattaché tant que vous n’avez pas répondu. Votre réponse pourra être défaite, sans perte."
      courante="reconnaitre"
      large
      fil={[{ libelle: 'Doutes à lever', href: '/reconnaitre' }, { libelle: '2 sur 7' }]}
      actions={
        <>
          <Bouton petit icone="fg" href="/reconnaitre/1">
            Précédent
          </Bouton>
          <Bouton petit iconeApres="fd" href="/reconnaitre/3">
            Passer
          </Bouton>
        </>
      }
      message={{
        texte: 'Signal précédent rattaché au dossier 26-0119, M. Paul Rinaudel.',
        defaire: { action: '/reconnaitre/1/defaire', libelle: 'Défaire' },
      }}
    >
      <Pile>
        <div className="carte">
          <JaugeScore
            titre="Ressemblance"
            score={0.93}
            bas={0.4}
            haut={0.99}
            regle="Sous 0,40 le signal ouvre un nouveau dossier. À partir de 0,99 il est rattaché seul. Entre les deux, une personne décide."
          />
        </div>
        <Comparaison
          legende="Comparaison champ par champ"
          gauche={{ titre: 'Signal reçu', note: 'CAF, 20/11/2026, ligne 1 306' }}
          droite={{
            titre: 'Dossier 26-0412',
            note: 'ouvert le 12/08/2026, 4 signaux réunis',
            href: '/dossiers/26-0412',
          }}
          champs={[
            {
              libelle: 'Nom d’usage',
              gauche: 'LACOMBE',
              droite: 'LACOMBE',
              accord: 'identique',
              poids: 7.2,
              note: 'nom peu courant dans le département',
            },
            {
              libelle: 'Prénom',
              gauche: 'Sévrine',
              droite: 'Séverine',
              accord: 'proche',
              poids: 2.1,
              note: 'une lettre manque',
            },
            {
              libelle: 'Date de naissance',
              gauche: '04/03/1984',
              droite: '03/04/1984',
              accord: 'proche',
              poids: 4.3,
              note: 'jour et mois inversés',
            },
            {
              libelle: 'Adresse',
              gauche: '12 r. des Forges, apt 21',
              droite: '12 rue des Forges, 2e étage',
              accord: 'proche',
              poids: 5,
              note: 'même voie, complément différent',
            },
            {
              libelle: 'Commune',
              gauche: 'Le Creusot',
              droite: 'Le Creusot',
              accord: 'identique',
              poids: 1.1,
              note: 'fréquent, compte peu',
            },
            {
              libelle: 'Enfants',
              gauche: 'nés en 2014',
              droite: 'nés en 2014 et 2019',
              accord: 'proche',
              poids: 0.6,
              note: 'un enfant de plus au dossier',
            },
            {
              libelle: 'Bailleur',
              gauche: 'SCI des Tilleuls',
              droite: 'M. Henri Vassal',
              accord: 'different',
              poids: -1.8,
              note: 'M. Vassal gère la SCI, dossier 25-0190',
            },
            {
              libelle: 'Numéro d’allocataire',
              gauche: '0418723',
              droite: '0418273',
              accord: 'proche',
              poids: 1.8,
              note: 'deux chiffres inversés',
            },
            {
              libelle: 'Téléphone',
              gauche: null,
              droite: '06 39 98 41 07',
              accord: 'absent',
              poids: 0,
              note: 'ne compte pas',
            },
          ]}
          total={{
            formule: 'Total : 20,3 pour la ressemblance, moins 16,6 de départ (deux ménages pris au hasard)',
            resultat: '+3,7, soit 13 chances contre 1',
          }}
        />
        <DeuxVersions
          legende="Les deux versions"
          gauche={{ titre: 'Votre saisie' }}
          droite={{ titre: 'Enregistré maintenant' }}
          champs={[
            {
              cle: '3',
              libelle: 'Ligne 3, Lacombe Séverine',
              gauche: 'Pas pour nous : hors de notre secteur',
              droite: 'Connu, pris',
              note: 'Camille Roux, le 20/11/2026 à 9 h 12',
            },
            {
              cle: '4',
              libelle: 'Ligne 4, Vassal Henri',
              gauche: 'Pris à notre tour',
              droite: null,
              note: 'Le ménage n’est plus confié à votre service',
            },
          ]}
        />
        <Formulaire action="/reconnaitre/2" jeton={JETON}>
          <Decision
            legende="Votre décision"
            nom="reponse"
            reponses={[
              {
                valeur: 'meme',
                libelle: 'C’est le même ménage',
                effet: 'Le signal rejoint le dossier 26-0412. Le service social est prévenu.',
                touche: 'M',
                principal: true,
              },
              {
                valeur: 'autre',
                libelle: 'Ce n’est pas le même',
                effet: 'Nouveau dossier. Cette paire ne sera plus proposée.',
                touche: 'N',
              },
              {
                valeur: 'demander',
                libelle: 'Je ne sais pas, demander',
                effet: 'À la CAF ou au service social, sans montrer l’autre dossier.',
                touche: 'D',
              },
            ]}
          />
          <Champ nom="motif" libelle="Pourquoi" facultatif aide="Gardé avec la décision." />
        </Formulaire>
        <BasculeRaccourcis />
      </Pile>
    </PageExemple>
  )
}

/** A frozen weekly list, answered row by row. */
export function pageCatalogueReponses(): ReactElement {
  const options = [
    { valeur: 'connu', libelle: 'Connu, pris' },
    { valeur: 'tour', libelle: 'Pris à notre tour' },
    { valeur: 'non', libelle: 'Pas pour nous' },
  ]
  return (
    <PageExemple
      titre="Tableau n° 47 : qui va vers ces ménages ?"
      chapo={
        <>
          Pour le service social du Creusot. Arrêté le lundi 16 novembre 2026 à 7 h 00, il ne changera plus. Sans
          réponse le <b>mercredi 25 novembre</b>, un ménage passe au rang suivant.
        </>
      }
      courante="repartir"
      large
      fil={[{ libelle: 'Tableaux hebdomadaires', href: '/repartir' }, { libelle: '2026, n° 47' }]}
    >
      <Pile>
        <Message>
          <p>
            <b>4 réponses préparées sur 5.</b> Prendre un ménage ouvre deux mois pour le diagnostic, soit jusqu’au
            16/01/2027, reporté au lundi 18.
          </p>
        </Message>
        <Tableau
          legende="Ménages assignés, avec la réponse du service"
          lignes={dossiers.slice(4, 9)}
          cle={({ reference }) => reference}
          formulaire={{ action: '/repartir/47', jeton: JETON, libelle: 'Réponses au tableau' }}
          avant={
            <Barre>
              <b>Pour tous les ménages sans réponse</b>
              <Selection
                nom="tous"
                libelle="Réponse à donner à tous les ménages sans réponse"
                libelleMuet
                libre
                vide="Choisir"
                options={options}
              />
              <Bouton petit nom="geste" valeur="remplir">
                Remplir la ligne vide
              </Bouton>
              <span className="note">Rien ne part avant « Relire et envoyer ».</span>
            </Barre>
          }
          apres={
            <PiedCadre note="Après l’envoi, chaque réponse peut être changée jusqu’au 25 novembre.">
              <Bouton nom="geste" valeur="garder">
                Garder en brouillon
              </Bouton>
              <Bouton genre="principal" nom="geste" valeur="relire">
                Relire et envoyer 4 réponses
              </Bouton>
            </PiedCadre>
          }
          colonnes={[
            { cle: 'n', titre: 'N°', numerique: true, rendre: (ligne) => dossiers.indexOf(ligne) - 3 },
            {
              cle: 'depuis',
              titre: 'Depuis le n° 46',
              rendre: ({ service }) =>
                service ? (
                  <Etiquette ton="info" icone="plus">
                    Nouveau
                  </Etiquette>
                ) : (
                  <Etiquette ton="retard" icone="retard">
                    Sans réponse
                  </Etiquette>
                ),
            },
            {
              cle: 'menage',
              titre: 'Ménage',
              principale: true,
              rendre: ({ nom, commune, reference }) => (
                <>
                  <a href={`/dossiers/${reference}`}>{nom}</a>
                  <small>{commune}</small>
                </>
              ),
            },
            { cle: 'dette', titre: 'Dette', numerique: true, rendre: ({ dette }) => formatMontant(dette) },
            {
              cle: 'pourquoi',
              titre: 'Pourquoi vous',
              large: true,
              rendre: () => (
                <>
                  Famille, déjà suivie par un service social
                  <small>Rang 2 sur 4 de la cascade</small>
                </>
              ),
            },
            {
              cle: 'reponse',
              titre: 'Votre réponse',
              rendre: ({ nom, reference, service, jours }) => (
                <Reponses
                  nom={`reponse-${reference}`}
                  legende={`Réponse pour ${nom}`}
                  options={options}
                  choisie={service === null ? undefined : jours === 8 ? 'non' : 'connu'}
                  motif={
                    jours === 8
                      ? {
                          nom: `motif-${reference}`,
                          libelle: `Motif pour ${nom}`,
                          options: [{ valeur: 'secteur', libelle: 'Hors de notre secteur' }],
                          choisi: 'secteur',
                        }
                      : undefined
                  }
                />
              ),
            },
          ]}
        />
      </Pile>
    </PageExemple>
  )
}

/** Signing in, with an error. */
export function pageCataloguePublique(): ReactElement {
  return (
    <PagePublique
      titre="Se connecter"
      sousTitre="Prévention des expulsions"
      chapo="Un compte est ouvert par le secrétariat de votre commission."
      erreur
      pied={{ texte: 'Un service des partenaires de la charte de prévention des expulsions' }}
    >
      <ResumeErreurs titre="Connexion refusée" erreurs={[{ nom: 'code', message: 'Le code a six chiffres.' }]} />
      <Boite>
        <Formulaire action="/connexion" jeton={JETON}>
          <Champ
            nom="courriel"
            libelle="Adresse électronique"
            genre="email"
            completion="username"
            valeur="claire.dumontel@exemple.fr"
          />
          <Champ nom="secret" libelle="Mot de passe" genre="password" completion="current-password" />
          <Champ
            nom="code"
            libelle="Code à six chiffres"
            chiffres
            longueurMax={6}
            completion="one-time-code"
            court
            erreur="Le code a six chiffres."
            aide="Il est dans votre application de codes."
          />
          <Actions>
            <Bouton genre="principal">Se connecter</Bouton>
          </Actions>
        </Formulaire>
      </Boite>
    </PagePublique>
  )
}

function Rangee({ children }: { children: ReactNode }): ReactElement {
  return <div className="actions">{children}</div>
}

const ICONES = [
  'agenda',
  'annuler',
  'bas',
  'cle',
  'corbeille',
  'crayon',
  'deposer',
  'doc',
  'doute',
  'egal',
  'envoi',
  'euro',
  'filtre',
  'fd',
  'fg',
  'gens',
  'haut',
  'horloge',
  'import',
  'impr',
  'info',
  'juge',
  'lettre',
  'lien',
  'loupe',
  'maison',
  'maj',
  'non',
  'oeil',
  'ok',
  'personne',
  'plus',
  'reglages',
  'retard',
  'sortie',
  'table',
  'tel',
  'tri',
] as const

/** Every component in every state, on one page. */
export function pageCatalogue(): ReactElement {
  return (
    <PageExemple
      titre="Catalogue des composants"
      chapo={`Pour les développeurs d’Amont : chaque composant dans chacun de ses états. ${pluriel(navigation.length, 'entrée', 'entrées')} de navigation.`}
      fil={[{ libelle: 'Accueil', href: '/' }, { libelle: 'Catalogue' }]}
      courante="a-faire"
      large
      erreur
      message={{ texte: 'Deux fichiers sont retirés.', ton: 'info' }}
    >
      <Pile>
        <ResumeErreurs
          erreurs={[
            { nom: 'reference', message: 'Il manque la référence.' },
            { nom: 'montant', message: 'Écrire le montant avec des chiffres : 1250,50.' },
            { nom: 'issue', message: 'Choisir une issue.' },
          ]}
        />
        <Carte titre="Boutons" aside="Un seul principal par zone">
          <Pile>
            <Rangee>
              <Bouton genre="principal">Relire et envoyer</Bouton>
              <Bouton>Garder en brouillon</Bouton>
              <Bouton genre="tertiaire">Passer</Bouton>
              <Bouton genre="destructeur" icone="annuler">
                Retirer ce dépôt
              </Bouton>
              <Bouton href="/lien" icone="import">
                Télécharger
              </Bouton>
              <BoutonPost action="/defaire" jeton={JETON} champs={{ quoi: 'a', lignes: ['1', '2'] }} icone="annuler">
                Défaire
              </BoutonPost>
            </Rangee>
            <Rangee>
              <Bouton petit genre="principal">
                Comparer
              </Bouton>
              <Bouton petit>Voir les lignes</Bouton>
              <Bouton petit genre="destructeur">
                Écarter
              </Bouton>
              <Bouton petit iconeApres="fd" href="/suite">
                Suivants
              </Bouton>
            </Rangee>
          </Pile>
        </Carte>
        <Carte titre="Icônes">
          <Rangee>
            {ICONES.map((nom) => (
              <Etiquette key={nom} icone={nom}>
                {nom}
              </Etiquette>
            ))}
          </Rangee>
        </Carte>
        <Carte titre="Étiquettes, étapes, cercles">
          <Pile>
            <Etiquettes>
              {Object.keys(verdicts).map((verdict) => (
                <EtiquetteVerdict key={verdict} verdict={verdict as Verdict} />
              ))}
              <Etiquette>Parent seul</Etiquette>
              <Etiquette ton="info" icone="horloge">
                En cours
              </Etiquette>
              <Etiquette ton="neutre" icone="egal">
                Sans objet
              </Etiquette>
            </Etiquettes>
            <Rangee>
              {[1, 2, 3, 4, 5, 6, 7].map((rang) => (
                <EtapeJauge key={rang} rang={rang} libelle={`Étape ${rang}`} />
              ))}
            </Rangee>
            <Rangee>
              <PuceCercle rang={1} libelle="Note professionnelle" />
              <PuceCercle rang={2} libelle="Transmission" />
              <PuceCercle rang={3} libelle="Suivi partagé" />
              <PuceCercle rang={4} libelle="Synthèse" />
            </Rangee>
          </Pile>
        </Carte>
        <Carte titre="Échéances" aside="Touchez une date pour sa source">
          <Pile>
            <Rangee>
              {echeances.map((echeance) => (
                <PuceEcheance key={JSON.stringify(echeance)} echeance={echeance} aujourdhui={AUJOURDHUI} />
              ))}
            </Rangee>
            <div>
              <PuceEcheance echeance={echeances[7] ?? diagnostic} aujourdhui={AUJOURDHUI} enPlace ouverte />
            </div>
          </Pile>
        </Carte>
        <Carte titre="Formulaire" aside="Avec des erreurs">
          <Formulaire action="/exemple" jeton={JETON} fichiers>
            <div className="champs">
              <Champ
                nom="reference"
                libelle="Référence"
                erreur="Il manque la référence."
                aide="Elle est en haut du courrier."
              />
              <ChampMontant
                nom="montant"
                libelle="Montant de la dette"
                valeur="1.250,5O"
                erreur="Écrire le montant avec des chiffres : 1250,50."
              />
              <ChampMontant nom="loyer" libelle="Loyer" valeur={54000} facultatif />
              <ChampDate
                nom="date"
                libelle="Date de l’acte"
                valeur={AUJOURDHUI}
                max="2026-12-31"
                aide="Celle qui est écrite sur l’acte."
              />
              <Selection
                nom="service"
                libelle="Service"
                vide="Choisir"
                options={[
                  { valeur: 'caf', libelle: 'CAF' },
                  { valeur: 'dep', libelle: 'Département' },
                ]}
              />
              <ChampFichier
                nom="fichier"
                libelle="Fichier à déposer"
                formats=".csv,.xlsx,.ods"
                aide="CSV, XLSX ou ODS, 60 Mo au plus."
              />
            </div>
            <BoutonsRadio
              nom="issue"
              libelle="Issue du contact"
              erreur="Choisir une issue."
              options={[
                { valeur: 'joint', libelle: 'Ménage joint' },
                { valeur: 'absent', libelle: 'Ménage absent', aide: 'Un second passage sera proposé.' },
              ]}
            />
            <CaseACocher
              nom="prevenir"
              libelle="Prévenir le bailleur"
              aide="Seule la synthèse lui est montrée."
              cochee
            />
            <CaseACocher nom="relu" libelle="J’ai relu la liste" exigee erreur="Cocher après avoir relu." />
            <Champ nom="note" libelle="Note" lignes={3} facultatif />
            <Actions>
              <Bouton genre="principal">Enregistrer le contact</Bouton>
              <Bouton genre="tertiaire" href="/retour">
                Revenir à la liste
              </Bouton>
            </Actions>
          </Formulaire>
        </Carte>
        <Colonnes genre="moities">
          <Carte titre="Messages">
            <Pile>
              <Message>
                <p>La lecture continue si vous quittez cette page.</p>
              </Message>
              <Message ton="tenu">
                <p>
                  <b>Tout est transmis.</b> Accusé envoyé à 10 h 42.
                </p>
              </Message>
              <Message ton="bientot">
                <p>Le régime est à confirmer.</p>
              </Message>
              <Message
                ton="retard"
                action={
                  <Bouton petit href="/reprendre">
                    Reprendre
                  </Bouton>
                }
              >
                <p>La lecture s’est arrêtée à la ligne 3 412.</p>
              </Message>
              <Message ton="reserve">
                <p>
                  Un échange du 06/10, réservé au service social. <a href="/demander">Demander une transmission</a>,
                  avec un motif.
                </p>
              </Message>
            </Pile>
          </Carte>
          <Carte titre="Compteurs et état vide">
            <Pile>
              <Compteurs
                libelle="Où en est la semaine"
                compteurs={[
                  { cle: 'a', nombre: '9', libelle: 'ménages à prendre', href: '/repartir', courant: true },
                  { cle: 'b', nombre: formatNombre(1284), libelle: 'dossiers suivis', note: '12 de plus' },
                  { cle: 'c', nombre: '0', libelle: 'liste en retard', href: '/listes' },
                ]}
              />
              <EtatVide
                titre="Aucun ménage sans service"
                niveau={3}
                geste={{ href: '/dossiers', libelle: 'Voir tous les dossiers' }}
              >
                Le dernier a été pris lundi par le service social du Creusot.
              </EtatVide>
              <Plus libelle="Voir la règle">
                <p>Un ménage sans réponse le mercredi passe au rang suivant.</p>
              </Plus>
            </Pile>
          </Carte>
        </Colonnes>
        <Onglets
          libelle="Exemple d’onglets"
          onglets={[
            { libelle: 'Tout', href: '/o?1', compte: '17', courant: true },
            { libelle: 'Relancer', href: '/o?2', compte: '6' },
            { libelle: 'Mes notes', href: '/o?3' },
          ]}
        />
        <Tableau
          legende="Tableau sans ligne"
          legendeMontree
          largeur="etroit"
          colonnes={[
            { cle: 'a', titre: 'Fichier', principale: true, rendre: () => null },
            { cle: 'b', titre: 'Lignes', numerique: true, rendre: () => null },
          ]}
          lignes={[]}
          cle={String}
          vide="Aucun fichier reçu cette semaine."
        />
        <Progression
          titre="Lecture du fichier"
          faites={0}
          total={null}
          annonce="Lecture commencée"
          texte="Le nombre de lignes n’est pas encore connu."
          comptes={[{ verdict: 'acceptee', nombre: 0 }]}
        />
        <Carte titre="Frise dense">
          <Frise {...friseDense} />
        </Carte>
        <Carte titre="Frise d’une semaine">
          <Frise {...friseSerree} />
        </Carte>
        <Carte titre="Périodes" aside="Le tableau à côté dit la même chose.">
          <AxePeriodes id="axe-long" {...axe} />
        </Carte>
        <Tableau
          legende="Règles et leurs versions"
          largeur="etroit"
          lignes={[axe]}
          cle={({ titre }) => titre}
          colonnes={[
            { cle: 'regle', titre: 'Règle', principale: true, rendre: () => 'Délai pour payer' },
            { cle: 'axe', titre: 'Versions', rendre: (ligne) => <AxePeriodesCourt id="axe-court" {...ligne} /> },
          ]}
        />
        <Carte titre="Courbe, avec des années sans valeur et une cible">
          <Courbe {...courbe} />
        </Carte>
        <p className="note">
          <Icone nom="info" classe="ico-l" />
          Les écrans complets sont dans les autres pages du catalogue.
        </p>
      </Pile>
    </PageExemple>
  )
}
