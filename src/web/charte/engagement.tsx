import type { ReactElement } from 'react'
import {
  AUTOMATISMES,
  type Charte,
  type Engagement,
  type EngagementGeneral,
  type EtatEngagement,
  MODES_ENGAGEMENT,
  PORTAGES_AMONT,
} from '#referentiel'
import { Introuvable } from '#socle/errors'
import { pluriel } from '#socle/typography'
import {
  Bouton,
  Carte,
  Colonnes,
  Etiquette,
  ListeDefinition,
  ListeSobre,
  Pile,
  Plus,
  type Ton,
} from '../composants/index.ts'
import { ecrireCondition } from '../regles/phrase.ts'
import { EnPhrases, lireurDeParametres, majuscule } from '../regles/regles.tsx'
import { page, type Reponse, type Requete } from '../route.ts'
import { lireCarteActions } from './actions-menees.tsx'
import { CadreCharte } from './cadre-charte.tsx'
import { type LectureCharte, lireCharte } from './lecture.ts'
import { cheminEngagement, ecrirePublics, MODES_COURTS, nommerEngagement, nommerEtape } from './libelles.ts'
import { ecrirePreuve } from './liste.tsx'
import { CarteProvenance } from './preuve.tsx'
import { trouverProches } from './proches.ts'
import { decrireSituation, situationEnChamps } from './situation-ecrite.ts'
import { lireCarteTenue } from './tenue.tsx'
import { ecrireTerme, Terme } from './terme.tsx'

type Lu = Engagement | EngagementGeneral

/** One engagement among those of its partner or group. */
interface FicheEngagement {
  readonly engagement: Lu
  /** « Engagement 8 du Département ». */
  readonly nom: string
  readonly qui: string
  readonly complement: string
  readonly stade: Engagement['stade'] | null
  readonly freres: readonly Lu[]
  /** Address of all the engagements of the same holder. */
  readonly tous: string
}

function trouver(
  charte: Charte,
  { partenaire, groupe, numero }: Readonly<Record<string, string>>,
): FicheEngagement | null {
  if (groupe !== undefined) {
    const trouve = charte.generaux.find(({ id }) => id === groupe)
    const engagement = trouve?.engagements.find((un) => String(un.numero) === numero)
    if (!trouve || !engagement) return null
    return {
      engagement,
      nom: nommerEngagement(engagement.numero, trouve),
      qui: trouve.libelle,
      complement: trouve.complement,
      stade: null,
      freres: trouve.engagements,
      tous: '/charte#generaux',
    }
  }
  const trouve = charte.partenaires.find(({ id }) => id === partenaire)
  const freres = charte.engagements.filter((un) => un.partenaire === partenaire)
  const engagement = freres.find((un) => String(un.numero) === numero)
  if (!trouve || !engagement) return null
  return {
    engagement,
    nom: nommerEngagement(engagement.numero, trouve),
    qui: trouve.nom,
    complement: trouve.complement,
    stade: engagement.stade,
    freres,
    tous: '/charte/engagements',
  }
}

/** GET /charte/engagements/:partenaire/:numero, and /charte/engagements/generaux/:groupe/:numero. */
export async function montrerEngagement(requete: Requete): Promise<Reponse> {
  const lecture = lireCharte(requete)
  const fiche = trouver(lecture.charte, requete.parametres)
  if (!fiche) throw new Introuvable()
  const tenue = await lireCarteTenue(requete, lecture, fiche.engagement)
  const menees = await lireCarteActions(requete, lecture, fiche.engagement)
  return page(<PageEngagement requete={requete} lecture={lecture} fiche={fiche} tenue={tenue} menees={menees} />)
}

/** When it applies: the condition in French, as the data writes it, and what only a person can appreciate. */
function CarteCondition({ requete, fiche }: { requete: Requete; fiche: FicheEngagement }): ReactElement {
  const { engagement, stade } = fiche
  const lire = lireurDeParametres(requete.session)
  return (
    <Carte titre="Quand il s’applique">
      <div className="texte">
        {engagement.si ? (
          <>
            <p>
              {stade === null
                ? 'À toute étape, seulement quand :'
                : `À l’étape « ${nommerEtape(stade)} », seulement quand :`}
            </p>
            <div>
              <EnPhrases phrase={ecrireCondition(engagement.si.texte, lire)} />
            </div>
            <p className="note">Une donnée absente se vérifie : elle ne vaut jamais « non ».</p>
            <Plus libelle="Écriture exacte de la condition">
              <code>{engagement.si.texte}</code>
            </Plus>
          </>
        ) : (
          <p>
            {stade === null
              ? 'À toute étape de la procédure.'
              : `Pour tout ménage à l’étape « ${nommerEtape(stade)} ».`}
          </p>
        )}
      </div>
      <div className="mt2">
        <ListeDefinition
          lignes={[
            {
              terme: 'À apprécier',
              valeur: engagement.appreciation ?? null,
              note: engagement.appreciation === undefined ? undefined : 'Une personne le dit : Amont ne le déduit pas.',
            },
            { terme: 'Limite', valeur: engagement.limite ?? null },
            {
              terme: 'Pour qui',
              valeur: engagement.en_charge ? 'Seulement le service qui a pris le ménage en charge.' : null,
            },
            {
              terme: 'Facultatif',
              valeur: engagement.facultatif ? 'Dans la mesure du possible : jamais compté comme un manquement.' : null,
            },
          ]}
        />
      </div>
    </Carte>
  )
}

function CartePortage({
  requete,
  lecture,
  fiche,
}: {
  requete: Requete
  lecture: LectureCharte
  fiche: FicheEngagement
}): ReactElement {
  const { engagement } = fiche
  return (
    <Carte titre="Comment il est porté">
      <ListeDefinition
        lignes={[
          {
            terme: 'Portage prévu',
            valeur: majuscule(MODES_ENGAGEMENT[engagement.mode]),
            note: engagement.automatisme === undefined ? undefined : majuscule(AUTOMATISMES[engagement.automatisme]),
          },
          {
            terme: 'Aujourd’hui',
            valeur:
              engagement.mode !== 'automatique'
                ? null
                : engagement.amont
                  ? `${PORTAGES_AMONT[engagement.amont]}.`
                  : 'Amont ne l’envoie pas encore : l’organisme le fait, et le dit dans le dossier.',
          },
          {
            terme: 'Terme',
            valeur:
              engagement.echeance === undefined ? null : (
                <Terme delais={requete.session.delais} engagement={engagement} jour={lecture.jourUtile} />
              ),
          },
          { terme: 'Preuve', valeur: ecrirePreuve(engagement) || null },
        ]}
      />
    </Carte>
  )
}

const ETATS = {
  applicable: { ton: 'tenu', libelle: 'applicable' },
  a_verifier: { ton: 'reserve', libelle: 'à vérifier' },
  hors_champ: { ton: 'neutre', libelle: 'hors champ' },
  autre_etape: { ton: 'neutre', libelle: 'autre étape' },
} as const satisfies Record<EtatEngagement, { ton: Ton; libelle: string }>

const EXEMPLES_MONTRES = 3

/** Situations of the data that say what must follow for this engagement: they are run at each check of the data. */
function CarteExemples({ lecture, engagement }: { lecture: LectureCharte; engagement: Lu }): ReactElement | null {
  const exemples = (lecture.charte.exemples?.exemples ?? [])
    .filter(({ situation }) => situation['procedure.stade'] !== undefined)
    .flatMap((exemple) =>
      Object.entries(exemple.attendu).flatMap(([etat, ids]) =>
        ids?.includes(engagement.id) ? [{ exemple, etat: etat as EtatEngagement }] : [],
      ),
    )
  if (exemples.length === 0) return null
  // One of each answer first: what shows best where the condition turns.
  const premiers = [...new Map(exemples.toReversed().map((un) => [un.etat, un])).values()]
    .toSorted((a, b) => Object.keys(ETATS).indexOf(a.etat) - Object.keys(ETATS).indexOf(b.etat))
    .slice(0, EXEMPLES_MONTRES)
  const autres = exemples.filter((un) => !premiers.includes(un))
  const enLigne = ({ exemple, etat }: (typeof exemples)[number]) => ({
    cle: exemple.cas,
    titre: <a href={lecture.lien('/charte/situation', situationEnChamps(exemple.situation))}>{exemple.cas}</a>,
    note: decrireSituation(exemple.situation)
      .map(({ texte }) => texte)
      .join(' ; '),
    droite: <Etiquette ton={ETATS[etat].ton}>{ETATS[etat].libelle}</Etiquette>,
  })
  return (
    <Carte titre="Exemples" aside="vérifiés avec les données">
      <ListeSobre lignes={premiers.map(enLigne)} />
      {autres.length > 0 && (
        <Plus libelle={pluriel(autres.length, 'autre exemple', 'autres exemples')}>
          <ListeSobre lignes={autres.map(enLigne)} />
        </Plus>
      )}
    </Carte>
  )
}

function CarteProches({ lecture, engagement }: { lecture: LectureCharte; engagement: Engagement }): ReactElement {
  const { charte, lien } = lecture
  const proches = trouverProches(charte, engagement)
  const memeEtape = charte.engagements.filter(({ stade }) => stade === engagement.stade).length
  const partenaires = new Map(charte.partenaires.map((partenaire) => [partenaire.id, partenaire]))
  return (
    <Carte titre="À la même étape">
      {proches.length === 0 ? (
        <p className="note">Aucun engagement d’un autre partenaire n’est écrit en des mots proches.</p>
      ) : (
        <ListeSobre
          lignes={proches.map((proche) => ({
            cle: proche.id,
            titre: <a href={lien(cheminEngagement(proche))}>{proche.libelle}</a>,
            note: `${partenaires.get(proche.partenaire)?.nom ?? proche.partenaire}, engagement ${proche.numero}`,
          }))}
        />
      )}
      <p className="mt2">
        <a href={lien('/charte/engagements', { stade: engagement.stade })}>
          {`Les ${pluriel(memeEtape, 'engagement', 'engagements')} de l’étape « ${nommerEtape(engagement.stade)} »`}
        </a>
      </p>
    </Carte>
  )
}

function Voisins({ lecture, fiche }: { lecture: LectureCharte; fiche: FicheEngagement }): ReactElement {
  const rang = fiche.freres.indexOf(fiche.engagement)
  const avant = fiche.freres[rang - 1]
  const apres = fiche.freres[rang + 1]
  const lire = (mot: string, { numero, libelle }: Lu) => `${mot} : engagement ${numero}, ${libelle}`
  return (
    <nav className="pages" aria-label="Engagements voisins">
      <span className="note">
        Engagement {rang + 1} sur {fiche.freres.length} {fiche.complement}
      </span>
      <span className="ets">
        {avant && (
          <Bouton petit icone="fg" href={lecture.lien(cheminEngagement(avant))} libelleLu={lire('Précédent', avant)}>
            Précédent : engagement {avant.numero}
          </Bouton>
        )}
        {apres && (
          <Bouton petit iconeApres="fd" href={lecture.lien(cheminEngagement(apres))} libelleLu={lire('Suivant', apres)}>
            Suivant : engagement {apres.numero}
          </Bouton>
        )}
      </span>
    </nav>
  )
}

function PageEngagement({
  requete,
  lecture,
  fiche,
  tenue,
  menees,
}: {
  requete: Requete
  lecture: LectureCharte
  fiche: FicheEngagement
  tenue: ReactElement | null
  menees: ReactElement | null
}): ReactElement {
  const { engagement, stade } = fiche
  const terme = ecrireTerme(requete.session.delais, engagement, lecture.jourUtile)
  const partenaire = 'partenaire' in engagement ? engagement.partenaire : undefined
  return (
    <CadreCharte
      requete={requete}
      lecture={lecture}
      partie="engagements"
      titre={engagement.libelle}
      fil={[
        { libelle: 'Engagements', href: lecture.lien('/charte/engagements') },
        { libelle: fiche.qui, href: lecture.lien(fiche.tous, { partenaire }) },
        { libelle: `Engagement ${engagement.numero}` },
      ]}
      chapo={fiche.nom}
      cles={[
        { terme: 'Qui', valeur: fiche.qui },
        { terme: 'Étape', valeur: stade === null ? 'Toutes' : nommerEtape(stade) },
        { terme: 'Pour qui', valeur: ecrirePublics(engagement.publics) },
        { terme: 'Portage prévu', valeur: MODES_COURTS[engagement.mode] },
        ...(terme === '' ? [] : [{ terme: 'Terme', valeur: terme.split(' : ')[0] ?? terme }]),
      ]}
    >
      <Colonnes genre="dossier">
        <Pile>
          <CarteCondition requete={requete} fiche={fiche} />
          <CartePortage requete={requete} lecture={lecture} fiche={fiche} />
          {tenue}
          {menees}
          <CarteExemples lecture={lecture} engagement={engagement} />
        </Pile>
        <Pile>
          <CarteProvenance provenance={engagement} />
          {'stade' in engagement && <CarteProches lecture={lecture} engagement={engagement} />}
        </Pile>
      </Colonnes>
      <Voisins lecture={lecture} fiche={fiche} />
    </CadreCharte>
  )
}
