import { Fragment, type ReactElement } from 'react'
import { aLeDroit } from '#acces'
import { libellesGenre, lireCote, listerADecider, type VersionLocale } from '#charte'
import { listerOrdresAEnvoyer, listerRelevesAApprouver, type OrdreAEnvoyer } from '#commission'
import { compterCourriers } from '#courriers'
import { compterDiagnosticsPressants, compterLoyersAVerifier } from '#diagnostics'
import { compterDossiers } from '#dossiers'
import { compterPointsDus } from '#echanges'
import {
  type ComptesVeille,
  compterVeille,
  type FileVeille,
  type LigneVeille,
  type Liste,
  listerListes,
  listerVeille,
} from '#repartition'
import { compterASituer, compterRejets, type ListeAttendue, listerListesAttendues } from '#signalements'
import { accorder, formatDate, formatDateLongue, formatMontant, formatNombre, pluriel } from '#socle/typography'
import { Cadre } from '../cadre.tsx'
import {
  Bouton,
  Carte,
  Colonnes,
  EtapeJauge,
  EtatVide,
  Etiquette,
  Etiquettes,
  ecrireDistance,
  FileTaches,
  Filtres,
  Pile,
  PuceEcheance,
  Section,
  Selection,
  Tableau,
  type Tache,
  Veille,
} from '../composants/index.ts'
import { page, type Reponse, type Requete } from '../route.ts'
import { echeanceReponse, etapeCourte } from '../tableaux/libelles.ts'
import { aNePasOublierPour, compterPressantes, descriptions, estFile, parEcheance } from './files.ts'
import { choisirLieux, type Lieux } from './territoire.ts'

const MONTREES = 5
/** Days ahead an agenda to send is shown. */
const ORDRES_SOUS = 15
const TOUTES = 500

/** GET /a-faire: the day, or one queue in full with `file`. */
export function montrerAFaire(requete: Requete): Promise<Reponse> {
  const { file } = requete.recherche
  return estFile(file) ? montrerFile(requete, file) : montrerJour(requete)
}

const adresse = (lieux: Lieux, file?: FileVeille): string =>
  `/a-faire?${new URLSearchParams({ ...(file ? { file } : {}), territoire: lieux.cle })}`

/** The same households in the list of dossiers, where they can be filtered further; null when that list cannot say it. */
function versDossiers(file: FileVeille, lieux: Lieux): string | null {
  const filtres: Partial<Record<FileVeille, Record<string, string>>> = {
    sans_preneur: { sans_preneur: 'oui' },
    inconnus: { inconnus: 'oui' },
    retard: { echeance: 'retard' },
  }
  const filtre = filtres[file]
  if (!filtre || (lieux.territoires?.length ?? 1) > 1) return null
  const [territoire] = lieux.territoires ?? []
  return `/dossiers?${new URLSearchParams({ ...(territoire ? { territoire } : {}), ...filtre })}`
}

interface Jour {
  readonly lieux: Lieux
  readonly options: ReturnType<typeof choisirLieux>['options']
  readonly comptes: ComptesVeille
  readonly files: ReadonlyMap<FileVeille, readonly LigneVeille[]>
  readonly aRepondre: readonly Liste[]
  /** Households of the next lists; null for whoever does not freeze them. */
  readonly aTransmettre: number | null
  /** Versions of the rules that wait for the reader's side. */
  readonly aDecider: readonly VersionLocale[]
  /** Communes the lists do not know; none for whoever does not place them. */
  readonly aSituer: { readonly communes: number; readonly signalements: number }
  /** Rejected lines that wait; none for whoever does not correct them. */
  readonly rejets: number
  /** Monthly lists that did not arrive; none for whoever does not watch them. */
  readonly listesQuiManquent: readonly ListeAttendue[]
  /** Households to ask whether the rent is paid again before their hearing; diagnoses whose legal date is late or near. */
  readonly loyers: number
  readonly diagnostics: number
  /** Points of follow-up of measures after a judgment: late, due within a week. */
  readonly points: { readonly retard: number; readonly semaine: number }
  /** Statements of sessions this person chairs and has not approved. */
  readonly releves: Awaited<ReturnType<typeof listerRelevesAApprouver>>
  /** Agendas to send within two weeks; letters to read again before they leave. */
  readonly ordres: readonly OrdreAEnvoyer[]
  readonly courriers: number
}

async function montrerJour(requete: Requete): Promise<Reponse> {
  const { session, acteur } = requete
  const { lieux, options } = choisirLieux(session, acteur, requete.recherche.territoire)
  const comptes = await compterVeille(session, lieux.territoires)
  const files = new Map<FileVeille, readonly LigneVeille[]>()
  for (const file of [...parEcheance, ...aNePasOublierPour(acteur)]) {
    files.set(file, comptes[file] === 0 ? [] : await listerVeille(session, file, lieux.territoires, MONTREES))
  }
  const organisme = aLeDroit(acteur, 'liste.repondre') ? acteur.organisme : null
  const listes = organisme === null ? [] : await listerListes(session, { organisme, limite: 60 })
  const aTransmettre = aLeDroit(acteur, 'liste.figer')
    ? await compterDossiers(session, { etatService: 'proposee' })
    : null
  const cote = aLeDroit(acteur, 'version.approuver') ? await lireCote(session) : null
  const aDecider = cote === null ? [] : await listerADecider(session, cote)
  const aSituer = aLeDroit(acteur, 'commune.situer') ? await compterASituer(session) : { communes: 0, signalements: 0 }
  const rejets = aLeDroit(acteur, 'lot.corriger') ? await compterRejets(session) : 0
  const listesQuiManquent = aLeDroit(acteur, 'lot.surveiller')
    ? (await listerListesAttendues(session)).filter(({ manque }) => manque)
    : []
  const suitLesDiagnostics = aLeDroit(acteur, 'diagnostic.consulter') && aLeDroit(acteur, 'contact.noter')
  const loyers = suitLesDiagnostics ? await compterLoyersAVerifier(session, lieux.territoires) : 0
  const diagnostics = suitLesDiagnostics ? await compterDiagnosticsPressants(session, lieux.territoires) : 0
  const jour: Jour = {
    lieux,
    options,
    comptes,
    files,
    aRepondre: choisirARepondre(listes),
    aTransmettre,
    aDecider,
    aSituer,
    rejets,
    listesQuiManquent,
    loyers,
    diagnostics,
    points: aLeDroit(acteur, 'mesure.consulter')
      ? await compterPointsDus(session, lieux.territoires)
      : { retard: 0, semaine: 0 },
    releves: aLeDroit(acteur, 'releve.approuver') ? await listerRelevesAApprouver(session) : [],
    ordres: aLeDroit(acteur, 'seance.preparer') ? await listerOrdresAEnvoyer(session, ORDRES_SOUS) : [],
    courriers: aLeDroit(acteur, 'courrier.envoyer')
      ? (await compterCourriers(session)).reduce((somme, { etat, n }) => somme + (etat === 'propose' ? n : 0), 0)
      : 0,
  }
  return page(<PageJour requete={requete} jour={jour} />)
}

/** The newest list of each step that still waits for an answer: older ones are taken up by it. */
function choisirARepondre(listes: readonly Liste[]): Liste[] {
  const vus = new Set<string>()
  return listes.filter((liste) => {
    const premiere = !vus.has(liste.stade)
    vus.add(liste.stade)
    return premiere && liste.en_attente > 0
  })
}

const minuscule = (texte: string): string => `${texte.charAt(0).toLowerCase()}${texte.slice(1)}`

const ecrireSourceCourte = ({ source }: ListeAttendue): string =>
  `Source : ${[source.titre, source.reference].filter((un) => un !== null && un !== undefined && un !== '').join(', ')}.`

const ICONES = { 'tableau.reponse': 'table', diagnostic: 'doc' } as const

/** One household of a queue as a task: what is due, for whom, and why it matters. */
function enTache(ligne: LigneVeille, { session, acteur }: Requete, file: FileVeille): Tache {
  const { echeance } = ligne
  const details = [
    ligne.commune,
    etapeCourte(ligne.stade),
    ligne.dette === null ? null : formatMontant(ligne.dette),
    ligne.organisme_nom === null
      ? 'aucun service'
      : [
          acteur.role === 'service_social' ? null : ligne.organisme_nom,
          ligne.etat_service === 'prise' ? 'pris en charge' : 'pas encore pris',
        ]
          .filter((part) => part !== null)
          .join(', '),
  ]
  const serie =
    ligne.sources_6_mois > 1 ? `${formatNombre(ligne.sources_6_mois)} sources en six mois` : 'dette qui croît'
  const parDate = (parEcheance as readonly FileVeille[]).includes(file)
  return {
    cle: ligne.id,
    icone: (echeance && ICONES[echeance.cle as keyof typeof ICONES]) ?? descriptions[file].icone,
    titre:
      parDate && ligne.echeance_libelle !== null
        ? `${ligne.titulaire} : ${minuscule(ligne.echeance_libelle)}`
        : ligne.titulaire,
    texte: (
      <>
        {details.filter((detail) => detail !== null && detail !== '').join(' · ')}
        {!parDate && ligne.depuis !== null && ` · depuis le ${formatDate(ligne.depuis)}`}
        {ligne.en_serie && (
          <>
            {' '}
            <Etiquette ton="bientot" icone="maj">
              Signaux en série, {serie}
            </Etiquette>
          </>
        )}
      </>
    ),
    echeance: echeance ? <PuceEcheance echeance={echeance} aujourdhui={session.jour} /> : undefined,
    geste: (
      <Bouton href={`/dossiers/${ligne.reference}`} petit libelleLu={`Ouvrir le dossier de ${ligne.titulaire}`}>
        Ouvrir le dossier
      </Bouton>
    ),
  }
}

function FileDuJour({ requete, jour, file }: { requete: Requete; jour: Jour; file: FileVeille }): ReactElement {
  const lignes = jour.files.get(file) ?? []
  const nombre = jour.comptes[file]
  return (
    <FileTaches
      retard={file === 'retard' && nombre > 0}
      taches={lignes.map((ligne) => enTache(ligne, requete, file))}
    />
  )
}

function SectionFile({ requete, jour, file }: { requete: Requete; jour: Jour; file: FileVeille }): ReactElement {
  const nombre = jour.comptes[file]
  const compte = (
    <>
      {nombre > MONTREES
        ? `${formatNombre(MONTREES)} sur ${formatNombre(nombre)}. `
        : `${pluriel(nombre, 'ménage', 'ménages')}. `}
      {nombre > 0 && <a href={adresse(jour.lieux, file)}>Tout voir</a>}
    </>
  )
  return (
    <Section
      titre={descriptions[file].titre}
      compte={nombre === 0 ? 'aucun ménage' : compte}
      id={`s-${file.replaceAll('_', '-')}`}
    >
      {nombre === 0 ? (
        <EtatVide titre="Aucun ménage" niveau={3}>
          {descriptions[file].vide}
        </EtatVide>
      ) : (
        <FileDuJour requete={requete} jour={jour} file={file} />
      )}
    </Section>
  )
}

/** What is to be done that is not a household: lists, doubts, rejected lines. */
function tachesDuRole(requete: Requete, jour: Jour): Tache[] {
  const { session, acteur, navigation } = requete
  const taches: Tache[] = jour.aRepondre.map((liste) => {
    const echeance = echeanceReponse(session, liste)
    return {
      cle: liste.id,
      icone: 'table',
      titre: `Répondre au tableau n° ${liste.numero}, ${etapeCourte(liste.stade)} : ${pluriel(liste.en_attente, 'ménage attend', 'ménages attendent')}`,
      texte: `Figé le ${formatDate(liste.date_liste)}. Sans réponse, un ménage passe au rang suivant.`,
      echeance: echeance ? <PuceEcheance echeance={echeance} aujourdhui={session.jour} /> : undefined,
      geste: (
        <Bouton href={`/tableaux/${liste.id}`} petit genre="principal">
          Répondre
        </Bouton>
      ),
    }
  })
  if (jour.aTransmettre !== null && jour.aTransmettre > 0) {
    taches.push({
      cle: 'figer',
      icone: 'envoi',
      titre: `Figer les tableaux : ${pluriel(jour.aTransmettre, 'nouveau ménage à transmettre', 'nouveaux ménages à transmettre')}`,
      texte: 'Dans tout le département. La date du tableau fait courir le délai de réponse, puis celui du diagnostic.',
      geste: (
        <Bouton href="/tableaux/figer" petit>
          Relire et figer
        </Bouton>
      ),
    })
  }
  for (const liste of jour.listesQuiManquent) {
    taches.push({
      cle: `liste ${liste.cle}`,
      icone: 'import',
      titre: `${liste.nom} : ${liste.derniereLe === null ? 'aucune n’est arrivée' : `celle du mois manque, la dernière est du ${formatDate(liste.derniereLe)}`}`,
      texte: `Attendue chaque mois, émetteur : ${liste.emetteur}${liste.avantLe === null ? '' : `, au plus tard le ${formatDate(liste.avantLe)}`}. Sans elle, des ménages en impayé restent inconnus. ${ecrireSourceCourte(liste)}`,
      geste: (
        <Bouton href="/recevoir" petit libelleLu={`Déposer : ${liste.nom}`}>
          Déposer
        </Bouton>
      ),
    })
  }
  for (const version of jour.aDecider) {
    taches.push({
      cle: version.id,
      icone: 'juge',
      titre: `Approuver ou refuser une version : ${libellesGenre[version.genre].toLowerCase()}, n° ${version.numero}`,
      texte: `Pour le ${formatDate(version.du)}. ${version.motif}`,
      geste: (
        <Bouton href={`/regles/versions/${version.id}/decider`} petit genre="principal">
          Relire
        </Bouton>
      ),
    })
  }
  if (aLeDroit(acteur, 'doute.trancher') && navigation.doutes > 0) {
    taches.push({
      cle: 'doutes',
      icone: 'doute',
      titre: `Dire si ${pluriel(navigation.doutes, 'signal concerne', 'signaux concernent')} un ménage déjà connu`,
      texte: 'Rien n’est rattaché en attendant.',
      geste: (
        <Bouton href="/reconnaitre" petit>
          Comparer
        </Bouton>
      ),
    })
  }
  if (jour.aSituer.communes > 0) {
    taches.push({
      cle: 'communes',
      icone: 'doute',
      titre: `Situer ${pluriel(jour.aSituer.communes, 'commune inconnue', 'communes inconnues')} des listes`,
      texte: `${pluriel(jour.aSituer.signalements, 'signal attend', 'signaux attendent')} un territoire : sans lui, le service de proximité ne peut pas être désigné.`,
      geste: (
        <Bouton href="/recevoir/communes" petit>
          Situer
        </Bouton>
      ),
    })
  }
  for (const { seance, commission_nom, le, avant } of jour.ordres) {
    const retard = Temporal.PlainDate.compare(avant, session.jour) < 0
    taches.push({
      cle: `ordre ${seance}`,
      icone: retard ? 'retard' : 'agenda',
      titre: `Envoyer un ordre du jour : ${commission_nom}, ${formatDate(le)}`,
      texte: `Le ${formatDate(avant)} au plus tard, selon le règlement intérieur.`,
      geste: (
        <Bouton href={`/seances/${seance}`} petit libelleLu={`Préparer l’ordre du jour de ${commission_nom}`}>
          Préparer
        </Bouton>
      ),
    })
  }
  if (jour.courriers > 0) {
    taches.push({
      cle: 'courriers',
      icone: 'lettre',
      titre: `Relire ${pluriel(jour.courriers, 'courrier proposé', 'courriers proposés')}`,
      texte: 'Rien ne part sans qu’une personne le produise.',
      geste: (
        <Bouton href="/courriers" petit>
          Relire
        </Bouton>
      ),
    })
  }
  for (const { seance, le, nom } of jour.releves) {
    taches.push({
      cle: `releve ${seance}`,
      icone: 'juge',
      titre: `Approuver un relevé de décisions : ${nom}, ${formatDate(le)}`,
      texte: 'Personne n’apprend ce qui le concerne avant l’approbation des deux coprésidents.',
      geste: (
        <Bouton href={`/seances/${seance}/releve`} petit genre="principal">
          Relire
        </Bouton>
      ),
    })
  }
  if (navigation.suites > 0) {
    taches.push({
      cle: 'suites',
      icone: 'envoi',
      titre: `Donner ${pluriel(navigation.suites, 'retour attendu', 'retours attendus')} par la commission`,
      texte: 'Avis et recommandations adressés à votre organisme : suivis, en partie, ou non et pourquoi.',
      geste: (
        <Bouton href="/suites?vue=recues&etat=attendu" petit>
          Répondre
        </Bouton>
      ),
    })
  }
  if (navigation.logements > 0) {
    taches.push({
      cle: 'logements',
      icone: 'lettre',
      titre: `Donner suite à ${pluriel(navigation.logements, 'réponse d’agence', 'réponses d’agences')}`,
      texte: 'Une offre de logement, ou une question : la recherche attend votre service.',
      geste: (
        <Bouton href="/logements" petit libelleLu="Voir les recherches de logement">
          Voir
        </Bouton>
      ),
    })
  }
  if (jour.loyers > 0) {
    taches.push({
      cle: 'loyers',
      icone: 'euro',
      titre: `Demander si le loyer courant est repris : ${pluriel(jour.loyers, 'ménage', 'ménages')} avant l’audience`,
      texte: 'Le juge ne peut accorder des délais que si le loyer courant est entièrement repris.',
      geste: (
        <Bouton href={`/diagnostics?territoire=${jour.lieux.cle}#loyers`} petit libelleLu="Voir les loyers à vérifier">
          Voir
        </Bouton>
      ),
    })
  }
  if (jour.diagnostics > 0) {
    taches.push({
      cle: 'diagnostics',
      icone: 'doc',
      titre: `Faire avancer ${pluriel(jour.diagnostics, 'diagnostic', 'diagnostics')} : entretien à proposer ou remise au juge`,
      texte: 'Date passée, ou dans les quinze jours.',
      geste: (
        <Bouton
          href={`/diagnostics?territoire=${jour.lieux.cle}#diagnostics`}
          petit
          libelleLu="Voir les diagnostics en cours"
        >
          Voir
        </Bouton>
      ),
    })
  }
  const { retard, semaine } = jour.points
  if (retard + semaine > 0) {
    taches.push({
      cle: 'mesures',
      icone: retard > 0 ? 'retard' : 'agenda',
      titre: `${acteur.role === 'secretariat' ? 'Recevoir' : 'Donner'} ${pluriel(retard + semaine, 'point de suivi', 'points de suivi')} de mesures après jugement${retard > 0 ? `, dont ${formatNombre(retard)} en retard` : ''}`,
      texte: 'Comment va la mesure, le loyer courant est-il payé : dus dans les sept jours, ou déjà passés.',
      geste: (
        <Bouton
          href={`/mesures?etat=bientot&territoire=${jour.lieux.cle}`}
          petit
          libelleLu="Voir les points de suivi attendus"
        >
          Voir
        </Bouton>
      ),
    })
  }
  if (jour.rejets > 0) {
    taches.push({
      cle: 'rejets',
      icone: 'import',
      titre: `Corriger ${pluriel(jour.rejets, 'ligne rejetée', 'lignes rejetées')}`,
      texte: 'Une ligne rejetée n’ouvre aucun dossier tant qu’elle n’est pas corrigée.',
      geste: (
        <Bouton href="/recevoir/a-corriger" petit>
          Corriger
        </Bouton>
      ),
    })
  }
  return taches
}

function FiltreTerritoire({ jour, file }: { jour: Pick<Jour, 'lieux' | 'options'>; file?: FileVeille }): ReactElement {
  return (
    <Filtres
      action="/a-faire"
      libelle="Choisir le territoire"
      resultat={jour.lieux.libelle}
      id="territoire-choisi"
      bouton="Voir"
      {...(file ? { champs: { file } } : {})}
    >
      <Selection nom="territoire" libelle="Territoire" libre valeur={jour.lieux.cle} options={jour.options} />
    </Filtres>
  )
}

function titrer(requete: Requete, comptes: ComptesVeille): string {
  const jour = formatDateLongue(requete.session.jour).replace(/ \d{4}$/, '')
  const debut = `${jour.charAt(0).toUpperCase()}${jour.slice(1)}`
  const nombre = compterPressantes(comptes)
  if (nombre === 0) return `${debut} : aucune échéance d’ici sept jours`
  return `${debut} : ${pluriel(nombre, 'échéance', 'échéances')} d’ici sept jours${comptes.retard > 0 ? `, dont ${formatNombre(comptes.retard)} en retard` : ''}`
}

/** Where one is, and the households no date would recall: on a phone they are far down the page. */
function Chapo({ requete, jour }: { requete: Requete; jour: Jour }): ReactElement {
  const { acteur } = requete
  const oublies = aNePasOublierPour(acteur).filter((file) => jour.comptes[file] > 0)
  return (
    <>
      {acteur.organismeNom}
      {acteur.role === 'service_social' ? ' : les ménages de vos tableaux et ceux que vous suivez' : ''}. La plus
      urgente d’abord.
      {oublies.length > 0 && ' À ne pas oublier : '}
      {oublies.map((file, rang) => (
        <Fragment key={file}>
          {rang > 0 && ', '}
          <a href={adresse(jour.lieux, file)}>
            {pluriel(jour.comptes[file], descriptions[file].libelle[0], descriptions[file].libelle[1])}
          </a>
        </Fragment>
      ))}
      {oublies.length > 0 && '.'}
    </>
  )
}

function PageJour({ requete, jour }: { requete: Requete; jour: Jour }): ReactElement {
  const { comptes, lieux, files } = jour
  const taches = tachesDuRole(requete, jour)
  const oublies = aNePasOublierPour(requete.acteur)
  const secretariat = jour.options.length > 1 && requete.acteur.role !== 'service_social'
  const plusAncien = files
    .get('sans_preneur')
    ?.map(({ depuis }) => depuis)
    .filter((depuis) => depuis !== null)
    .sort(Temporal.PlainDate.compare)[0]
  const notes: Partial<Record<FileVeille, string>> = {
    ...(plusAncien ? { sans_preneur: `Le plus ancien ${ecrireDistance(plusAncien, requete.session.jour)}` } : {}),
  }
  return (
    <Cadre
      requete={requete}
      titre={titrer(requete, comptes)}
      chapo={<Chapo requete={requete} jour={jour} />}
      courante="a-faire"
      large
    >
      {secretariat && <FiltreTerritoire jour={jour} />}
      <Colonnes genre="veille">
        <div>
          {taches.length > 0 && (
            <Section titre="Vos tâches" compte={pluriel(taches.length, 'action', 'actions')} id="s-taches">
              <FileTaches taches={taches} />
            </Section>
          )}
          {compterPressantes(comptes) + comptes['15_jours'] === 0 ? (
            <EtatVide titre="Aucune échéance dans les quinze jours">
              Ni tâche en retard, ni date qui approche pour les ménages de ce périmètre. Une échéance paraît ici dès
              qu’un acte ou un tableau la fait courir.
            </EtatVide>
          ) : (
            parEcheance
              .filter((file) => comptes[file] > 0)
              .map((file) => <SectionFile key={file} requete={requete} jour={jour} file={file} />)
          )}
          {oublies.map((file) => (
            <SectionFile key={file} requete={requete} jour={jour} file={file} />
          ))}
        </div>
        <Pile>
          <Carte titre="Personne n’est oublié">
            <Veille
              compteurs={[...oublies, ...parEcheance].map((file) => ({
                cle: file,
                nombre: formatNombre(comptes[file]),
                libelle: accorder(comptes[file], descriptions[file].libelle[0], descriptions[file].libelle[1]),
                note: notes[file] ?? descriptions[file].note,
                href: adresse(lieux, file),
              }))}
            />
          </Carte>
        </Pile>
      </Colonnes>
    </Cadre>
  )
}

async function montrerFile(requete: Requete, file: FileVeille): Promise<Reponse> {
  const { session, acteur } = requete
  const { lieux, options } = choisirLieux(session, acteur, requete.recherche.territoire)
  const comptes = await compterVeille(session, lieux.territoires)
  const lignes = await listerVeille(session, file, lieux.territoires, TOUTES)
  return page(<PageFile requete={requete} file={file} vue={{ lieux, options, nombre: comptes[file], lignes }} />)
}

interface VueFile {
  readonly lieux: Lieux
  readonly options: Jour['options']
  readonly nombre: number
  readonly lignes: readonly LigneVeille[]
}

/** One queue in full, in the order of `listerVeille`, which it says. */
function PageFile({ requete, file, vue }: { requete: Requete; file: FileVeille; vue: VueFile }): ReactElement {
  const { session } = requete
  const { lieux, nombre, lignes } = vue
  const { titre, vide, note } = descriptions[file]
  const dossiers = versDossiers(file, lieux)
  const ordre = (parEcheance as readonly FileVeille[]).includes(file)
    ? 'La date la plus ancienne d’abord, puis les signaux en série.'
    : 'Signaux en série d’abord, puis l’étape la plus avancée.'
  return (
    <Cadre
      requete={requete}
      titre={`${titre} : ${pluriel(nombre, 'ménage', 'ménages')}`}
      chapo={`${note}. ${ordre} Arrêté au ${formatDateLongue(session.jour)}.`}
      courante="a-faire"
      large
      fil={[{ libelle: 'À faire', href: adresse(lieux) }, { libelle: titre }]}
      actions={
        dossiers !== null &&
        nombre > 0 && (
          <Bouton href={dossiers} petit icone="filtre">
            Filtrer dans les dossiers
          </Bouton>
        )
      }
    >
      {requete.acteur.role !== 'service_social' && <FiltreTerritoire jour={vue} file={file} />}
      {nombre === 0 ? (
        <EtatVide titre="Aucun ménage" geste={{ href: adresse(lieux), libelle: 'Revenir à la journée' }}>
          {vide}
        </EtatVide>
      ) : (
        <Tableau
          legende={`${titre}, ${lieux.libelle}`}
          lignes={lignes}
          cle={({ id }) => id}
          colonnes={[
            {
              cle: 'menage',
              titre: 'Ménage',
              principale: true,
              rendre: (ligne) => (
                <>
                  <a href={`/dossiers/${ligne.reference}`}>{ligne.titulaire}</a>
                  <small>
                    {ligne.commune}, {ligne.reference}
                  </small>
                </>
              ),
            },
            {
              cle: 'serie',
              titre: 'Signaux',
              rendre: (ligne) => (
                <Etiquettes>
                  {ligne.en_serie && (
                    <Etiquette ton="bientot" icone="maj">
                      En série
                    </Etiquette>
                  )}
                  <span className="note">
                    {pluriel(ligne.sources_6_mois, 'source', 'sources')} en six mois
                    {ligne.dette_en_hausse ? ', dette qui croît' : ''}
                  </span>
                </Etiquettes>
              ),
            },
            {
              cle: 'etape',
              titre: 'Étape',
              rendre: (ligne) => <EtapeJauge rang={ligne.stade_rang} libelle={etapeCourte(ligne.stade)} />,
            },
            {
              cle: 'dette',
              titre: 'Dette',
              numerique: true,
              rendre: ({ dette }) => (dette === null ? 'non connue' : formatMontant(dette)),
            },
            {
              cle: 'service',
              titre: 'Service',
              rendre: ({ organisme_nom, etat_service }) =>
                organisme_nom === null
                  ? 'Aucun'
                  : `${organisme_nom}${etat_service === 'prise' ? '' : ', pas encore pris'}`,
            },
            {
              cle: 'depuis',
              titre: 'Depuis',
              numerique: true,
              rendre: ({ depuis }) => (depuis === null ? '' : formatDate(depuis)),
            },
            {
              cle: 'echeance',
              titre: 'Prochaine échéance',
              rendre: ({ echeance }) =>
                echeance ? (
                  <>
                    <small>{echeance.libelle}</small>
                    <PuceEcheance echeance={echeance} aujourdhui={session.jour} />
                  </>
                ) : (
                  <span className="note">aucune</span>
                ),
            },
          ]}
          apres={
            nombre > lignes.length && (
              <div className="pages">
                <span className="note">
                  {formatNombre(lignes.length)} premiers ménages sur {formatNombre(nombre)}. Choisir un territoire pour
                  voir les autres.
                </span>
              </div>
            )
          }
        />
      )}
    </Cadre>
  )
}
