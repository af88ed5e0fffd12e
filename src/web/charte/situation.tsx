import type { ReactElement } from 'react'
import { type ConstatEngagement, evaluerEngagements, type Faits, type Partenaire } from '#referentiel'
import { formatDate, formatNombre, pluriel } from '#socle/typography'
import {
  Carte,
  Champ,
  ChampMontant,
  EtatVide,
  Etiquette,
  Filtres,
  ListeSobre,
  Message,
  Plus,
  Section,
  Selection,
} from '../composants/index.ts'
import { enVigueur } from '../regles/regles.tsx'
import { page, type Reponse, type Requete, redirection } from '../route.ts'
import { CadreCharte } from './cadre-charte.tsx'
import { type LectureCharte, lireCharte } from './lecture.ts'
import { cheminEngagement, nommerEtape } from './libelles.ts'
import {
  type ChampFait,
  champsSituation,
  decrireSituation,
  ecrireFait,
  lireSituation,
  nommerFait,
  type SituationLue,
  situationEnChamps,
} from './situation-ecrite.ts'

/** GET /charte/situation: facts in the address, what each partner owes in the page. Fields left empty are taken out of the address. */
export async function chercherParSituation(requete: Requete): Promise<Reponse> {
  const lecture = lireCharte(requete)
  const vides = Object.values(requete.recherche).some((valeur) => valeur === '')
  if (vides) return redirection(lecture.lien('/charte/situation', sansCharte(requete.recherche)))
  const criteres = enVigueur(lecture.departement.criteres, lecture.jourUtile)
  const champs = champsSituation(lecture.charte, criteres)
  const situation = lireSituation(requete.recherche, champs)
  return page(<PageSituation requete={requete} lecture={lecture} champs={champs} situation={situation} />)
}

function sansCharte({ charte: _, ...autres }: Readonly<Record<string, string>>): Readonly<Record<string, string>> {
  return autres
}

/** Identifier of the field of a fact: what is missing leads to it. */
const idFait = (mot: string): string => `fait-${mot.replace('.', '-')}`

function ChampDuFait({
  champ,
  requete,
  situation,
}: {
  champ: ChampFait
  requete: Requete
  situation: SituationLue
}): ReactElement {
  const { nom, libelle, options } = champ
  const valeur = situation.faits[nom]
  const commun = { nom, libelle, id: idFait(nom), libre: true, erreur: situation.erreurs.get(nom) }
  if (options) {
    return (
      <Selection
        {...commun}
        vide={nom === 'procedure.stade' ? 'Choisir une étape' : 'Non connu'}
        valeur={valeur === undefined ? '' : ecrireFait(nom, valeur)}
        options={options}
      />
    )
  }
  return champ.montant ? (
    <ChampMontant {...commun} valeur={requete.recherche[nom]} />
  ) : (
    <Champ {...commun} chiffres longueurMax={9} valeur={requete.recherche[nom]} />
  )
}

interface Reponses {
  readonly partenaire: Partenaire
  readonly applicables: readonly ConstatEngagement[]
  readonly aVerifier: readonly ConstatEngagement[]
  readonly horsChamp: readonly ConstatEngagement[]
}

function repartir(partenaires: readonly Partenaire[], constats: readonly ConstatEngagement[]): readonly Reponses[] {
  return partenaires.map((partenaire) => {
    const siens = constats.filter(({ engagement }) => engagement.partenaire === partenaire.id)
    const en = (etat: ConstatEngagement['etat']) => siens.filter((constat) => constat.etat === etat)
    return { partenaire, applicables: en('applicable'), aVerifier: en('a_verifier'), horsChamp: en('hors_champ') }
  })
}

/** What is missing, each leading to its field. */
function Manquants({ mots, champs }: { mots: readonly string[]; champs: readonly ChampFait[] }): ReactElement {
  return (
    <>
      Il manque :{' '}
      {mots.map((mot, rang) => (
        <span key={mot}>
          {rang > 0 && ', '}
          {champs.some(({ nom }) => nom === mot) ? <a href={`#${idFait(mot)}`}>{nommerFait(mot)}</a> : nommerFait(mot)}
        </span>
      ))}
      .
    </>
  )
}

function ligneConstat(
  { engagement, etat, motif, manquants }: ConstatEngagement,
  lecture: LectureCharte,
  champs: readonly ChampFait[],
) {
  const bornes = [
    engagement.appreciation && `À apprécier : ${engagement.appreciation}.`,
    engagement.limite && `Limite : ${engagement.limite}.`,
    engagement.facultatif && 'Facultatif.',
  ].filter((texte) => typeof texte === 'string')
  return {
    cle: engagement.id,
    titre: <a href={lecture.lien(cheminEngagement(engagement))}>{engagement.libelle}</a>,
    note: (
      <>
        N° {engagement.numero}. {etat === 'a_verifier' ? <Manquants mots={manquants} champs={champs} /> : motif}{' '}
        {bornes.join(' ')}
      </>
    ),
    droite:
      etat === 'applicable' ? (
        <Etiquette ton="tenu">s’applique</Etiquette>
      ) : etat === 'a_verifier' ? (
        <Etiquette ton="reserve">à vérifier</Etiquette>
      ) : (
        <Etiquette>hors champ</Etiquette>
      ),
  }
}

function CartePartenaire({
  reponses,
  lecture,
  champs,
}: {
  reponses: Reponses
  lecture: LectureCharte
  champs: readonly ChampFait[]
}): ReactElement {
  const { partenaire, applicables, aVerifier, horsChamp } = reponses
  return (
    <Carte
      titre={partenaire.nom}
      niveau={3}
      id={`partenaire-${partenaire.id}`}
      aside={[
        applicables.length > 0 && pluriel(applicables.length, 's’applique', 's’appliquent'),
        aVerifier.length > 0 && `${formatNombre(aVerifier.length)} à vérifier`,
      ]
        .filter((texte) => typeof texte === 'string')
        .join(', ')}
    >
      {applicables.length + aVerifier.length > 0 && (
        <ListeSobre lignes={[...applicables, ...aVerifier].map((constat) => ligneConstat(constat, lecture, champs))} />
      )}
      {horsChamp.length > 0 && (
        <Plus libelle={`${pluriel(horsChamp.length, 'engagement', 'engagements')} hors champ`}>
          <ListeSobre lignes={horsChamp.map((constat) => ligneConstat(constat, lecture, champs))} />
        </Plus>
      )}
    </Carte>
  )
}

function Resultats({
  lecture,
  faits,
  champs,
  constats,
}: {
  lecture: LectureCharte
  faits: Faits
  champs: readonly ChampFait[]
  constats: readonly ConstatEngagement[]
}): ReactElement {
  const stade = faits['procedure.stade']
  if (stade === undefined) {
    return (
      <EtatVide titre="Choisir d’abord une étape">
        Les engagements dépendent de l’étape de la procédure. Les autres faits sont facultatifs : ce qui n’est pas connu
        donne « à vérifier », jamais « non ».
      </EtatVide>
    )
  }
  const { partenaires } = lecture.charte
  const parPartenaire = repartir(partenaires, constats)
  const concernes = parPartenaire.filter(
    ({ applicables, aVerifier, horsChamp }) => applicables.length + aVerifier.length + horsChamp.length > 0,
  )
  const autres = parPartenaire.filter((reponses) => !concernes.includes(reponses))
  const generaux = lecture.charte.generaux.reduce((somme, { engagements }) => somme + engagements.length, 0)
  return (
    <Section
      titre={`À l’étape « ${nommerEtape(stade)} »`}
      compte={pluriel(concernes.length, 'partenaire', 'partenaires')}
      id="reponses"
    >
      <div className="colonnes-cartes">
        {concernes.map((reponses) => (
          <CartePartenaire key={reponses.partenaire.id} reponses={reponses} lecture={lecture} champs={champs} />
        ))}
      </div>
      {autres.length > 0 && (
        <p className="note mt4">
          Sans engagement à cette étape : {autres.map(({ partenaire }) => partenaire.court).join(', ')}.
        </p>
      )}
      {generaux > 0 && (
        <p className="mt2">
          S’y ajoutent, à toute étape,{' '}
          <a href={lecture.lien('/charte#generaux')}>
            {pluriel(generaux, 'engagement général', 'engagements généraux')}
          </a>
          .
        </p>
      )}
    </Section>
  )
}

const compter = (constats: readonly ConstatEngagement[], etat: ConstatEngagement['etat']): number =>
  constats.filter((constat) => constat.etat === etat).length

function PageSituation({
  requete,
  lecture,
  champs,
  situation,
}: {
  requete: Requete
  lecture: LectureCharte
  champs: readonly ChampFait[]
  situation: SituationLue
}): ReactElement {
  const { charte, departement, lien, jour, jourUtile } = lecture
  const { faits } = situation
  const titre = 'Quels engagements pour cette situation ?'
  if (charte.engagements.length === 0) {
    return (
      <CadreCharte
        requete={requete}
        lecture={lecture}
        partie="situation"
        titre={titre}
        fil={[{ libelle: 'Une situation' }]}
      >
        <EtatVide
          titre="Pas d’engagement numéroté"
          geste={charte.fiches.length > 0 ? { href: lien('/charte/fiches'), libelle: 'Lire les fiches' } : undefined}
        >
          « {charte.titre} » ne donne pas d’engagement par partenaire : il n’y a rien à chercher ici.
        </EtatVide>
      </CadreCharte>
    )
  }
  const constats =
    faits['procedure.stade'] === undefined
      ? []
      : evaluerEngagements({ ...departement, chartes: [charte] }, faits, jourUtile)
  const [applicables, aVerifier] = [compter(constats, 'applicable'), compter(constats, 'a_verifier')]
  const champsAdresse = situationEnChamps(faits)
  const cleCharte = requete.recherche.charte
  return (
    <CadreCharte
      requete={requete}
      lecture={lecture}
      partie="situation"
      titre={titre}
      fil={[{ libelle: 'Une situation' }]}
      chapo="Dire ce qui est connu d’une situation, sans nommer personne. L’adresse de la page garde les réponses : elle peut s’envoyer."
    >
      <div>
        <Filtres
          action="/charte/situation"
          libelle="Décrire la situation"
          bouton="Chercher"
          champs={cleCharte ? { charte: cleCharte } : undefined}
          resultat={
            faits['procedure.stade'] === undefined
              ? 'Aucune étape choisie'
              : `${pluriel(applicables, 'engagement s’applique', 'engagements s’appliquent')}, ${formatNombre(aVerifier)} à vérifier`
          }
          actifs={decrireSituation(faits).map(({ mot, texte }) => {
            const { [mot]: _, ...reste } = champsAdresse
            return { libelle: texte, retirer: lien('/charte/situation#resultats', reste) }
          })}
          toutRetirer={lien('/charte/situation')}
          plus={champs
            .filter(({ premier }) => !premier)
            .map((champ) => <ChampDuFait key={champ.nom} champ={champ} requete={requete} situation={situation} />)}
        >
          {champs
            .filter(({ premier }) => premier)
            .map((champ) => (
              <ChampDuFait key={champ.nom} champ={champ} requete={requete} situation={situation} />
            ))}
        </Filtres>
        {!jourUtile.equals(jour) && (
          <Message ton="bientot">
            <p>
              Réponse au {formatDate(jourUtile)}, {lecture.etat === 'expiree' ? 'dernier jour' : 'premier jour'} de ce
              document : il ne s’applique pas au {formatDate(jour)}.
            </p>
          </Message>
        )}
      </div>
      <Resultats lecture={lecture} faits={faits} champs={champs} constats={constats} />
    </CadreCharte>
  )
}
