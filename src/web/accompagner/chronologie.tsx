import type { ReactElement, ReactNode } from 'react'
import { type Fait, MOTIFS_REOUVERTURE } from '#dossiers'
import { decrireGenre, estGenreActe, ISSUES } from '#procedure'
import { libellesReponse, motifsNonRealise, type TentativeContact } from '#repartition'
import { decrireGenre as decrireFait, estGenreRequisition, libellesConcours } from '#requisitions'
import { libellesTypes } from '#signalements'
import { formatDate, formatInstant, formatMontant, pluriel } from '#socle/typography'
import { Bouton, BoutonPost, Carte, Etiquette, Etiquettes, ListeSobre, Plus } from '../composants/index.ts'
import type { DossierLu } from './lecture.ts'
import {
  ecrireCode,
  libellesCanal,
  libellesDemiJournee,
  libellesDestinataire,
  libellesFinDePlan,
  libellesQuoi,
  libellesReprise,
} from './libelles.ts'
import { Reserve } from './parties.tsx'

/** Everything that may happen to a dossier, as the modules write it in its chronology. */
export const TYPES_FAIT = [
  'dossier.ouvert',
  'signalement.rattache',
  'signalement.mis_a_jour',
  'signalement.detache',
  'signalement.retire',
  'dossier.situe',
  'dossier.situation_defaite',
  'dossier.reparti',
  'dossier.service_retrouve',
  'dossier.non_reparti',
  'dossier.reaffecte',
  'dossier.reaffectation_defaite',
  'tableau.transmis',
  'tableau.refuse',
  'tableau.sans_reponse',
  'tableau.reponse_reprise',
  'menage.pris_en_charge',
  'contact.abouti',
  'contact.tente',
  'contact.retire',
  'contact.retabli',
  'bailleur.contacte',
  'bailleur.retire',
  'loyer.verifie',
  'diagnostic.demande',
  'diagnostic.entretien_propose',
  'diagnostic.valide',
  'diagnostic.remis',
  'diagnostic.impossible',
  'diagnostic.transmis',
  'diagnostic.non_realise',
  'diagnostic.rouvert',
  'renseignement.donne',
  'dossiers.reunis',
  'dossiers.separes',
  'participation.ouverte',
  'participation.retiree',
  'accord.note',
  'consultation.ouverte',
  'consultation.conclue',
  'consultation.retiree',
  'consultation.regularisee',
  'mesure.suivie',
  'mesure.point',
  'mesure.terminee',
  'complexite.marquee',
  'complexite.levee',
  'dossier.clos',
  'dossier.rouvert',
  'courrier.envoye',
  'bordereau.envoye',
  'bordereau.retire',
  'courrier.revenu',
  'courrier.envoi_annule',
  'dette.saisie',
  'dette.corrigee',
  'plan.conclu',
  'plan.clos',
  'requisition.recue',
  'requisition.annulee',
  'enquete.demandee',
  'enquete.remise',
  'enquete.non_realisee',
  'concours.decide',
  'concours.diffuse',
  'saisine.deposee',
  'concertation.tenue',
  'requisition.retiree',
  'depart.signale',
  'expulsion.rendue_compte',
] as const
type TypeFait = (typeof TYPES_FAIT)[number]

interface Recit {
  readonly titre: string
  readonly detail?: ReactNode
  /** Withdrawn since: shown, struck through. */
  readonly retire?: boolean | undefined
}
type Donnees = Readonly<Record<string, unknown>>

const texte = (donnees: Donnees, cle: string): string | null => {
  const valeur = donnees[cle]
  return typeof valeur === 'string' && valeur !== '' ? valeur : null
}

/** What a signalement of this fait reports, in words. */
function signal(donnees: Donnees, lu: DossierLu): string {
  const type = texte(donnees, 'type') ?? lu.signaux.find(({ id }) => id === donnees.signalement)?.type
  const libelle = type === undefined || type === null ? 'Signal' : ecrireCode(libellesTypes, type)
  const organisme = lu.nomOrganisme(donnees.organisme)
  return organisme === null ? libelle : `${libelle}, ${organisme}`
}

const motif = (donnees: Donnees, visible: boolean): string | undefined => {
  const ecrit = texte(donnees, 'motif')
  return ecrit !== null && visible ? `Motif : ${ecrit}` : undefined
}

const lien = (id: string | null, mot: string): ReactNode => (id === null ? null : <a href={`/dossiers/${id}`}>{mot}</a>)

const canal = (donnees: Donnees): string => ecrireCode(libellesCanal, texte(donnees, 'canal')).toLowerCase()

/** The contact a fait tells of was withdrawn since. Before faits carried its id, its instant and its channel tell which one it is. */
function estRetire(donnees: Donnees, lu: DossierLu, a: Temporal.Instant): boolean {
  const id = texte(donnees, 'contact')
  const contact = lu.contacts.find((un) =>
    id === null ? un.canal === donnees.canal && Temporal.Instant.compare(un.a, a) === 0 : un.id === id,
  )
  return contact !== undefined && contact.retiree_a !== null
}

/** One sentence per kind of fait. `detail` holds free texts, left out when the reader may not have them. */
const RECITS = {
  'dossier.ouvert': (donnees, lu) => {
    const depuis = texte(donnees, 'depuis')
    return {
      titre: depuis === null ? 'Dossier ouvert' : 'Dossier ouvert après séparation',
      detail: (
        <>
          {signal(donnees, lu)}
          {depuis !== null && <>. Venu {lien(depuis, 'd’un autre dossier')}</>}
        </>
      ),
    }
  },
  'signalement.rattache': (donnees, lu) => ({
    titre: texte(donnees, 'doute') === null ? 'Signal rattaché' : 'Signal rattaché par une personne, après un doute',
    detail: signal(donnees, lu),
  }),
  'signalement.mis_a_jour': (donnees, lu) => ({
    titre: 'Signal mis à jour par son émetteur',
    detail: signal(donnees, lu),
  }),
  'signalement.detache': (donnees, lu) => ({
    titre: 'Signal séparé : ce n’était pas le même ménage',
    detail: (
      <>
        {signal(donnees, lu)}
        {texte(donnees, 'vers') !== null && <>. {lien(texte(donnees, 'vers'), 'Voir son dossier')}</>}
        {motif(donnees, lu.peutLireTexteDe(null)) !== undefined && `. ${motif(donnees, lu.peutLireTexteDe(null))}`}
      </>
    ),
  }),
  'signalement.retire': () => ({ titre: 'Signal retiré avec le fichier qui l’avait apporté' }),
  'dossier.situe': () => ({ titre: 'Commune située par une personne : le territoire est revu' }),
  'dossier.situation_defaite': () => ({ titre: 'Commune de nouveau à situer' }),
  'dossier.reparti': (donnees, lu) => ({
    titre: `Service proposé : ${lu.nomOrganisme(donnees.organisme) ?? texte(donnees, 'organisme_nom') ?? 'inconnu'}`,
    detail: texte(donnees, 'libelle') ?? undefined,
  }),
  'dossier.service_retrouve': (donnees, lu) => ({
    titre: `L’étape d’avant est revenue, avec son service : ${lu.nomOrganisme(donnees.organisme) ?? texte(donnees, 'organisme_nom') ?? 'inconnu'}`,
  }),
  'dossier.non_reparti': (donnees) => ({
    titre: 'Aucun service désigné par la règle',
    detail: texte(donnees, 'motif') ?? undefined,
  }),
  'dossier.reaffecte': (donnees, lu) => {
    const nom = lu.nomOrganisme(donnees.organisme)
    return {
      titre: `Confié par une personne : ${nom ?? texte(donnees, 'organisme_nom') ?? 'autre service'}`,
      detail: motif(donnees, lu.peutLireTexteDe(nom)),
    }
  },
  'dossier.reaffectation_defaite': () => ({ titre: 'Choix d’une personne défait : la décision d’avant est revenue' }),
  'tableau.transmis': (donnees, lu) => {
    const nom = lu.nomOrganisme(donnees.organisme)
    const liste = texte(donnees, 'liste')
    return {
      titre: `Transmis dans le tableau n° ${donnees.numero ?? '?'}`,
      detail: (
        <>
          {nom}
          {liste !== null && lu.peutLireTableauDe(nom) && (
            <>
              . <a href={`/tableaux/${liste}`}>Voir ce tableau</a>
            </>
          )}
        </>
      ),
    }
  },
  'tableau.refuse': (donnees, lu) => {
    const nom = lu.nomOrganisme(donnees.organisme)
    return { titre: `Pas pour ${nom ?? 'ce service'}`, detail: motif(donnees, lu.peutLireTexteDe(nom)) }
  },
  'tableau.sans_reponse': () => ({ titre: 'Sans réponse dans le délai : service suivant de la cascade' }),
  'menage.pris_en_charge': (donnees, lu) => ({
    titre: `Pris en charge : ${lu.nomOrganisme(donnees.organisme) ?? 'service'}`,
    detail: ecrireCode(libellesReponse, texte(donnees, 'reponse')) || undefined,
  }),
  'contact.abouti': (donnees, lu, a) => ({
    titre: `Contact abouti : ${canal(donnees)}`,
    retire: estRetire(donnees, lu, a),
  }),
  'contact.tente': (donnees, lu, a) => ({
    titre: `Contact sans suite : ${canal(donnees)}`,
    retire: estRetire(donnees, lu, a),
  }),
  'contact.retire': (donnees) => ({
    titre: `Contact retiré : ${canal(donnees)}${texte(donnees, 'du') === null ? '' : ` du ${formatDate(texte(donnees, 'du') ?? '')}`}`,
    detail: 'Noté par erreur, il ne compte plus',
  }),
  'contact.retabli': (donnees) => ({
    titre: `Contact rétabli : ${canal(donnees)}${texte(donnees, 'du') === null ? '' : ` du ${formatDate(texte(donnees, 'du') ?? '')}`}`,
  }),
  'bailleur.contacte': (donnees, lu) => ({
    titre: `Échange avec le bailleur : ${canal(donnees)}`,
    detail: [donnees.joint === true ? 'Joint' : 'Pas joint', lu.nomOrganisme(donnees.organisme)]
      .filter((un) => un !== null)
      .join(', '),
  }),
  'bailleur.retire': () => ({ titre: 'Échange avec le bailleur retiré : noté par erreur' }),
  'loyer.verifie': (donnees) => ({
    titre: `Loyer courant : ${ecrireCode(libellesReprise, texte(donnees, 'reponse')).toLowerCase()}`,
    detail: texte(donnees, 'depuis') === null ? undefined : `Depuis le ${formatDate(texte(donnees, 'depuis') ?? '')}`,
  }),
  'diagnostic.demande': (donnees, lu) => ({
    titre: `Diagnostic demandé à ${lu.nomOrganisme(donnees.organisme) ?? 'un service'}`,
  }),
  'renseignement.donne': (donnees, lu) => ({
    titre: `Renseignements donnés pour le diagnostic par ${lu.nomOrganisme(donnees.organisme) ?? 'un organisme'}`,
  }),
  'diagnostic.entretien_propose': () => ({ titre: 'Entretien proposé au ménage pour le diagnostic' }),
  'diagnostic.valide': (donnees) => ({
    titre: donnees.forme === 'menage_absent' ? 'Diagnostic validé : le ménage n’est pas venu' : 'Diagnostic validé',
  }),
  'diagnostic.remis': (donnees) => ({
    titre: `Remis : ${ecrireCode(libellesQuoi, texte(donnees, 'quoi')).toLowerCase()}, ${ecrireCode(libellesDestinataire, texte(donnees, 'destinataire'))}`,
  }),
  'diagnostic.impossible': (donnees) => ({
    titre: 'Diagnostic impossible',
    detail: ecrireCode(motifsNonRealise, texte(donnees, 'raison')) || undefined,
  }),
  'diagnostic.rouvert': (donnees, lu) => ({
    titre: 'Diagnostic rouvert',
    detail: lu.nomOrganisme(donnees.organisme) ?? undefined,
  }),
  'tableau.reponse_reprise': (donnees, lu) => {
    const nom = lu.nomOrganisme(donnees.organisme)
    return {
      titre: `Réponse reprise : ${nom ?? 'le service'} doit répondre à nouveau`,
      detail: lu.peutLireTexteDe(nom) ? ecrireCode(libellesReponse, texte(donnees, 'reponse')) || undefined : undefined,
    }
  },
  'diagnostic.transmis': (donnees, lu) => ({
    titre: 'Diagnostic transmis',
    detail: lu.nomOrganisme(donnees.organisme) ?? undefined,
  }),
  'diagnostic.non_realise': (donnees, lu) => ({
    titre: 'Diagnostic non réalisé',
    detail: [lu.nomOrganisme(donnees.organisme), ecrireCode(motifsNonRealise, texte(donnees, 'motif'))]
      .filter((un) => un !== null && un !== '')
      .join(', '),
  }),
  'dossiers.reunis': (donnees, lu) => ({
    titre: texte(donnees, 'dans') === null ? 'Un autre dossier a été réuni à celui-ci' : 'Réuni avec un autre dossier',
    detail: (
      <>
        {lien(texte(donnees, 'avec') ?? texte(donnees, 'dans'), 'Voir l’autre dossier')}
        {motif(donnees, lu.peutLireTexteDe(null)) !== undefined && `. ${motif(donnees, lu.peutLireTexteDe(null))}`}
      </>
    ),
  }),
  'participation.ouverte': (donnees, lu) => ({
    titre: `Invité sur ce dossier : ${lu.nomOrganisme(donnees.invite) ?? 'un organisme'}`,
  }),
  'participation.retiree': (donnees, lu) => ({
    titre: `Participation retirée : ${lu.nomOrganisme(donnees.invite) ?? 'un organisme'}`,
  }),
  'consultation.ouverte': () => ({ titre: 'Cellule technique consultée' }),
  'consultation.conclue': () => ({
    titre: 'La cellule technique a conclu : décision provisoire jusqu’à la commission',
  }),
  'consultation.retiree': () => ({ titre: 'Consultation de la cellule technique retirée' }),
  'consultation.regularisee': () => ({
    titre: 'La commission s’est prononcée sur la décision de la cellule technique',
  }),
  'accord.note': () => ({ titre: 'Réponse du ménage notée', detail: <a href="#accords">Voir ses accords</a> }),
  'mesure.suivie': () => ({ titre: 'Mesure d’accompagnement suivie après le jugement' }),
  'mesure.point': () => ({ titre: 'Point de suivi d’une mesure d’accompagnement' }),
  'mesure.terminee': () => ({ titre: 'Mesure d’accompagnement terminée' }),
  'complexite.marquee': (donnees) => ({
    titre: `Situation marquée complexe, à examiner ${texte(donnees, 'examen') === 'cellule' ? 'en cellule technique' : 'à la commission'}`,
    detail: <a href="#complexe">Voir pourquoi</a>,
  }),
  'complexite.levee': () => ({ titre: 'Marque « situation complexe » levée' }),
  'dossier.clos': (donnees) => ({
    titre: `Dossier clos : ${ecrireCode(ISSUES, texte(donnees, 'issue')).toLowerCase()}`,
  }),
  'courrier.envoye': () => ({ titre: 'Courrier envoyé' }),
  'bordereau.envoye': (donnees) => ({ titre: `Transmis par bordereau à ${texte(donnees, 'vers')}` }),
  'bordereau.retire': (donnees) => ({ titre: `Bordereau retiré : ${texte(donnees, 'vers')} ne le lit plus` }),
  'courrier.envoi_annule': () => ({ titre: 'Envoi de courrier défait : il n’était pas parti' }),
  'courrier.revenu': () => ({ titre: 'Courrier revenu : l’adresse est à corriger' }),
  'dossier.rouvert': (donnees) => ({
    titre: 'Dossier rouvert',
    detail: ecrireCode(MOTIFS_REOUVERTURE, texte(donnees, 'raison')) || undefined,
  }),
  'dette.saisie': (donnees) => ({
    titre: `Dette : ${pluriel(Number(donnees.lignes ?? 1), 'ligne saisie', 'lignes saisies')}`,
  }),
  'dette.corrigee': (donnees) => ({
    titre: donnees.annulee ? 'Dette : une ligne annulée' : 'Dette : une ligne corrigée',
  }),
  'plan.conclu': (donnees) => ({
    titre: `Plan d’apurement conclu : ${pluriel(Number(donnees.nombre ?? 0), 'mensualité', 'mensualités')} de ${formatMontant(Number(donnees.mensualite ?? 0))}`,
  }),
  'plan.clos': (donnees) => ({
    titre: `Plan d’apurement terminé : ${ecrireCode(libellesFinDePlan, texte(donnees, 'issue')).toLowerCase()}`,
  }),
  'requisition.recue': () => ({ titre: 'Réquisition de la force publique enregistrée : l’instruction est ouverte' }),
  'requisition.annulee': () => ({ titre: 'Enquêtes, forces et concours annulés : le ménage est parti' }),
  'enquete.demandee': () => ({ titre: 'Enquêtes demandées sur la réquisition' }),
  'enquete.remise': () => ({ titre: 'Réponse à une enquête sur la réquisition' }),
  'enquete.non_realisee': () => ({ titre: 'Enquête sur la réquisition non réalisée' }),
  'concours.decide': (donnees) => ({
    titre: `Décision sur le concours : ${ecrireCode(libellesConcours, texte(donnees, 'sens')).toLowerCase()}`,
  }),
  'concours.diffuse': () => ({ titre: 'Octroi du concours communiqué' }),
  'saisine.deposee': () => ({ titre: 'Commission saisie' }),
  'concertation.tenue': () => ({ titre: 'Concertation tenue pour préparer le jour de l’expulsion' }),
  'requisition.retiree': (donnees) => ({
    titre: `Réquisition, retiré ou corrigé : ${nommerFait(texte(donnees, 'quoi'))}`,
  }),
  'depart.signale': () => ({ titre: 'Départ du ménage signalé' }),
  'expulsion.rendue_compte': () => ({ titre: 'Compte rendu du jour de l’expulsion' }),
  'dossiers.separes': () => ({ titre: 'Réunion défaite : les deux dossiers sont revenus comme avant' }),
} as const satisfies Record<TypeFait, (donnees: Donnees, lu: DossierLu, a: Temporal.Instant) => Recit>

/** The kind of a fact of a force request, as a person names it. */
const nommerFait = (quoi: string | null): string =>
  quoi !== null && estGenreRequisition(quoi) ? decrireFait(quoi).libelle.toLowerCase() : 'un fait'

const estTypeFait = (type: string): type is TypeFait => Object.hasOwn(RECITS, type)

const GESTES_ACTE: Readonly<Record<string, string>> = {
  consigne: '',
  corrige: ', corrigé',
  annule: ', retiré',
  retabli: ', rétabli',
}

/** An act or a situation entered by hand: its kind, and what was done to it. */
function raconterActe({ type, donnees }: Pick<Fait, 'type' | 'donnees'>): Recit | null {
  const [famille = '', geste = ''] = type.split('.')
  const genre = texte(donnees, 'genre')
  if (!famille.startsWith('acte') || !Object.hasOwn(GESTES_ACTE, geste) || genre === null || !estGenreActe(genre))
    return null
  const du = texte(donnees, 'du')
  return {
    titre: `${decrireGenre(genre).libelle}${GESTES_ACTE[geste]}`,
    detail: du === null ? undefined : `Daté du ${formatDate(du)}`,
  }
}

/** A fait in words. One that this screen does not know is shown under its own name rather than hidden. */
function raconterFait(fait: Pick<Fait, 'type' | 'donnees' | 'a'>, lu: DossierLu): Recit {
  return estTypeFait(fait.type)
    ? RECITS[fait.type](fait.donnees, lu, fait.a)
    : (raconterActe(fait) ?? { titre: fait.type.replaceAll(/[._]/g, ' ') })
}

/** Reunions that were not undone since: each offers its way back, from the dossier that was kept. */
function reunionsDefaisables(faits: readonly Fait[]): ReadonlySet<string> {
  const defaites = new Set(
    faits.filter(({ type }) => type === 'dossiers.separes').map(({ donnees }) => donnees.operation),
  )
  return new Set(
    faits.flatMap(({ type, donnees }) => {
      const operation = texte(donnees, 'operation')
      const gardee = type === 'dossiers.reunis' && operation !== null && texte(donnees, 'avec') !== null
      return gardee && !defaites.has(operation) ? [operation] : []
    }),
  )
}

const MONTRES = 12

/** What happened to the dossier, newest first, with who did it. */
export function Chronologie({
  lu,
  jeton,
  peutReunir,
  tout,
}: {
  lu: DossierLu
  jeton: string
  peutReunir: boolean
  /** Every event at once: on paper. */
  tout?: boolean
}): ReactElement {
  const { faits, dossier } = lu
  const defaisables = peutReunir ? reunionsDefaisables(faits) : new Set<string>()
  const lignes = faits.map((fait) => {
    const { titre, detail, retire } = raconterFait(fait, lu)
    const operation = texte(fait.donnees, 'operation')
    return {
      cle: fait.id,
      titre: retire ? <Barre>{titre}</Barre> : titre,
      note: (
        <>
          {formatDate(fait.le)}, {fait.auteur ?? 'Amont'}
          {fait.organisme_nom !== null && `, ${fait.organisme_nom}`}
          {detail !== undefined && <>. {detail}</>}
        </>
      ),
      droite:
        operation !== null && fait.type === 'dossiers.reunis' && defaisables.has(operation) ? (
          <BoutonPost
            petit
            icone="annuler"
            action="/dossiers/reunions/defaire"
            jeton={jeton}
            champs={{ operation, retour: `/dossiers/${dossier.reference}` }}
          >
            Défaire cette réunion
          </BoutonPost>
        ) : undefined,
    }
  })
  return (
    <Carte titre="Chronologie" id="chronologie" aside={pluriel(faits.length, 'événement', 'événements')}>
      <ListeSobre lignes={tout ? lignes : lignes.slice(0, MONTRES)} />
      {!tout && lignes.length > MONTRES && (
        <Plus
          libelle={
            lignes.length === MONTRES + 1
              ? 'Montrer l’événement plus ancien'
              : `Montrer les ${lignes.length - MONTRES} événements plus anciens`
          }
        >
          <ListeSobre lignes={lignes.slice(MONTRES)} />
        </Plus>
      )}
    </Carte>
  )
}

/** Struck through for the eye, and said for the ear. */
const Barre = ({ children }: { children: ReactNode }): ReactElement => (
  <>
    <span className="sr">Retiré : </span>
    <s>{children}</s>
  </>
)

/** What came of a contact: the outcome of the list, then what its author added. */
const direIssue = ({ resultat, issue }: TentativeContact, lu: DossierLu): string =>
  [resultat === null ? '' : majuscule(lu.nomIssue(resultat)), issue].filter((part) => part !== '').join('. ')

const majuscule = (texte: string): string => texte.charAt(0).toLocaleUpperCase('fr') + texte.slice(1)

/** « 3 tentatives, 1 aboutie »: those that count. */
function compterTentatives(contacts: readonly TentativeContact[]): string {
  const valides = contacts.filter(({ retiree_a }) => retiree_a === null)
  const abouties = valides.filter(({ aboutie }) => aboutie).length
  return `${pluriel(valides.length, 'tentative', 'tentatives')}, ${abouties === 0 ? 'aucune aboutie' : pluriel(abouties, 'aboutie', 'abouties')}`
}

/** Attempts to reach the household. What another service wrote of them stays between that service and the secretariat. */
export function Contacts({ lu, noter, jeton }: { lu: DossierLu; noter: string | null; jeton: string }): ReactElement {
  const adresse = `/dossiers/${lu.dossier.reference}/contacts`
  if (lu.dossier.masques.includes('contacts')) return <Reserve titre="Contacts" id="contacts" />
  return (
    <Carte
      titre="Contacts"
      id="contacts"
      aside={
        <>
          {compterTentatives(lu.contacts)}
          {noter !== null && (
            <>
              {'. '}
              <a href={noter}>Noter un contact</a>
            </>
          )}
        </>
      }
    >
      {noter !== null && lu.tentative && (
        <p className="note">
          <b>Prochaine tentative conseillée : {lu.tentative.libelle}.</b> {lu.tentative.raison}
        </p>
      )}
      {lu.contacts.length === 0 ? (
        <p>Personne n’a encore noté de contact avec ce ménage.</p>
      ) : (
        <ListeSobre
          lignes={lu.contacts.map((contact) => {
            const demi = ecrireCode(libellesDemiJournee, contact.demi_journee)
            const retire = contact.retiree_a !== null
            const nom = `${ecrireCode(libellesCanal, contact.canal)} du ${formatDate(contact.le)}${demi === '' ? '' : `, ${demi}`}`
            const lisible = lu.peutLireTexteDe(contact.organisme_nom)
            return {
              cle: contact.id,
              titre: retire ? <Barre>{nom}</Barre> : nom,
              note: (
                <>
                  {[contact.auteur, contact.organisme_nom].filter((un) => un !== null).join(', ')}.{' '}
                  {lisible ? direIssue(contact, lu) : 'Le détail est réservé à ce service et au secrétariat.'}
                  {contact.retiree_a !== null && (
                    <>
                      <br />
                      Retiré le {formatInstant(contact.retiree_a)}
                      {contact.retiree_auteur !== null && `, ${contact.retiree_auteur}`}
                      {lisible && contact.retiree_motif !== null && `. Motif : ${contact.retiree_motif}`}. Il ne compte
                      plus.
                    </>
                  )}
                </>
              ),
              droite: (
                <Etiquettes>
                  {retire ? (
                    <Etiquette ton="neutre" icone="annuler">
                      Retiré
                    </Etiquette>
                  ) : contact.aboutie ? (
                    <Etiquette ton="tenu">Abouti</Etiquette>
                  ) : (
                    <Etiquette ton="neutre">Sans suite</Etiquette>
                  )}
                  {!contact.ailleurs &&
                    lu.peutRetirer(contact.organisme) &&
                    (retire ? (
                      <BoutonPost
                        petit
                        genre="tertiaire"
                        action={`${adresse}/${contact.id}/retablir`}
                        jeton={jeton}
                        libelleLu={`Rétablir le contact : ${nom}`}
                      >
                        Rétablir
                      </BoutonPost>
                    ) : (
                      <Bouton
                        petit
                        genre="tertiaire"
                        href={`${adresse}/${contact.id}/retirer`}
                        libelleLu={`Retirer le contact : ${nom}`}
                      >
                        Retirer
                      </Bouton>
                    ))}
                </Etiquettes>
              ),
            }
          })}
        />
      )}
    </Carte>
  )
}
