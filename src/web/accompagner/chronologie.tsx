import type { ReactElement, ReactNode } from 'react'
import type { Fait } from '#dossiers'
import { libellesReponse, motifsNonRealise } from '#repartition'
import { libellesTypes } from '#signalements'
import { formatDate, pluriel } from '#socle/typography'
import { BoutonPost, Carte, Etiquette, ListeSobre, Plus } from '../composants/index.ts'
import type { DossierLu } from './lecture.ts'
import { ecrireCode, libellesCanal, libellesDemiJournee } from './libelles.ts'

/** Everything that may happen to a dossier, as the modules write it in its chronology. */
export const TYPES_FAIT = [
  'dossier.ouvert',
  'signalement.rattache',
  'signalement.mis_a_jour',
  'signalement.detache',
  'signalement.retire',
  'dossier.reparti',
  'dossier.non_reparti',
  'dossier.reaffecte',
  'dossier.reaffectation_defaite',
  'tableau.transmis',
  'tableau.refuse',
  'tableau.sans_reponse',
  'menage.pris_en_charge',
  'contact.abouti',
  'contact.tente',
  'diagnostic.transmis',
  'diagnostic.non_realise',
  'dossiers.reunis',
  'dossiers.separes',
] as const
type TypeFait = (typeof TYPES_FAIT)[number]

interface Recit {
  readonly titre: string
  readonly detail?: ReactNode
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
  'dossier.reparti': (donnees, lu) => ({
    titre: `Service proposé : ${lu.nomOrganisme(donnees.organisme) ?? texte(donnees, 'organisme_nom') ?? 'inconnu'}`,
    detail: texte(donnees, 'libelle') ?? undefined,
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
  'dossier.reaffectation_defaite': () => ({ titre: 'Choix d’une personne défait : la règle décide à nouveau' }),
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
  'contact.abouti': (donnees) => ({
    titre: `Contact abouti : ${ecrireCode(libellesCanal, texte(donnees, 'canal')).toLowerCase()}`,
  }),
  'contact.tente': (donnees) => ({
    titre: `Contact sans suite : ${ecrireCode(libellesCanal, texte(donnees, 'canal')).toLowerCase()}`,
  }),
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
  'dossiers.separes': () => ({ titre: 'Réunion défaite : les deux dossiers sont revenus comme avant' }),
} as const satisfies Record<TypeFait, (donnees: Donnees, lu: DossierLu) => Recit>

const estTypeFait = (type: string): type is TypeFait => Object.hasOwn(RECITS, type)

/** A fait in words. One that this screen does not know is shown under its own name rather than hidden. */
function raconterFait(fait: Pick<Fait, 'type' | 'donnees'>, lu: DossierLu): Recit {
  return estTypeFait(fait.type) ? RECITS[fait.type](fait.donnees, lu) : { titre: fait.type.replaceAll(/[._]/g, ' ') }
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
}: {
  lu: DossierLu
  jeton: string
  peutReunir: boolean
}): ReactElement {
  const { faits, dossier } = lu
  const defaisables = peutReunir ? reunionsDefaisables(faits) : new Set<string>()
  const lignes = faits.map((fait) => {
    const { titre, detail } = raconterFait(fait, lu)
    const operation = texte(fait.donnees, 'operation')
    return {
      cle: fait.id,
      titre,
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
      <ListeSobre lignes={lignes.slice(0, MONTRES)} />
      {lignes.length > MONTRES && (
        <Plus libelle={`Montrer les ${lignes.length - MONTRES} événements plus anciens`}>
          <ListeSobre lignes={lignes.slice(MONTRES)} />
        </Plus>
      )}
    </Carte>
  )
}

/** Attempts to reach the household. What another service wrote of them stays between that service and the secretariat. */
export function Contacts({ lu, noter }: { lu: DossierLu; noter: string | null }): ReactElement {
  return (
    <Carte titre="Contacts" id="contacts" aside={noter === null ? undefined : <a href={noter}>Noter un contact</a>}>
      {lu.contacts.length === 0 ? (
        <p>Personne n’a encore noté de contact avec ce ménage.</p>
      ) : (
        <ListeSobre
          lignes={lu.contacts.map((contact) => {
            const demi = ecrireCode(libellesDemiJournee, contact.demi_journee)
            return {
              cle: contact.id,
              titre: `${ecrireCode(libellesCanal, contact.canal)} du ${formatDate(contact.le)}${demi === '' ? '' : `, ${demi}`}`,
              note: (
                <>
                  {[contact.auteur, contact.organisme_nom].filter((un) => un !== null).join(', ')}.{' '}
                  {lu.peutLireTexteDe(contact.organisme_nom)
                    ? contact.issue
                    : 'Le détail est réservé à ce service et au secrétariat.'}
                </>
              ),
              droite: contact.aboutie ? (
                <Etiquette ton="tenu">Abouti</Etiquette>
              ) : (
                <Etiquette ton="neutre">Sans suite</Etiquette>
              ),
            }
          })}
        />
      )}
    </Carte>
  )
}
