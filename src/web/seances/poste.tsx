import type { ReactElement, ReactNode } from 'react'
import {
  type AvisPossible,
  avisPossibles,
  type CercleNote,
  cerclesNote,
  chargerOrientation,
  delibererSurUnDossier,
  echeanceDuRetour,
  ecrirePrononce,
  type LignePoste,
  lirePoste,
  motifsReport,
  type Poste,
  type Prononce,
  proposerDiscours,
  QUESTIONS,
  reponsesPossibles,
  reponsesQuestion,
  sensExpertise,
} from '#commission'
import { Introuvable, Refus } from '#socle/errors'
import {
  accorder,
  formatDate,
  formatDateLongue,
  formatInstant,
  formatMontant,
  formatNombre,
  pluriel,
  typo,
} from '#socle/typography'
import { etapeCourte, libelleActe } from '../accompagner/libelles.ts'
import { decrireFoyer, nommer, nommerDossier } from '../accompagner/menage.ts'
import {
  BasculeRaccourcis,
  Bouton,
  ChampsCaches,
  EtatVide,
  ecrireDistance,
  Icone,
  Message,
  Plus,
  ResumeErreurs,
} from '../composants/index.ts'
import { ouConflit, pageConflit } from '../conflit.tsx'
import { BandeauPoste, PagePoste } from '../mise-en-page/index.tsx'
import { champ, page, type Reponse, type Requete, redirection } from '../route.ts'
import { type FichePoste, lireFichePoste } from './lecture.ts'
import {
  destinatairePropose,
  destinatairesPour,
  enAjouts,
  enSaisie,
  type Forme,
  formeDe,
  lireForme,
  lireGeste,
  organismesDuDossier,
} from './saisie.ts'

const adressePoste = (poste: Pick<Poste, 'id'>, inscription?: string): string =>
  `/seances/${poste.id}/poste${inscription === undefined ? '' : `/${inscription}`}`

const ETATS = {
  inscrit: null,
  examine: { icone: 'ok', libelle: 'décidé' },
  reporte: { icone: 'annuler', libelle: 'reporté' },
  absent: { icone: 'annuler', libelle: 'reporté, membre absent' },
} as const

/** Dossiers shown around the one in hand: the list stays readable at 60. */
const AVANT = 3
const APRES = 12

function OrdreDuJour({ poste, courante }: { poste: Poste; courante: string | null }): ReactElement {
  const decides = poste.lignes.filter(({ etat }) => etat !== 'inscrit').length
  const ici = Math.max(
    0,
    poste.lignes.findIndex(({ inscription }) => inscription === courante),
  )
  const du = Math.max(0, Math.min(ici - AVANT, poste.lignes.length - AVANT - APRES - 1))
  const montrees = poste.lignes.slice(du, du + AVANT + APRES + 1)
  const apres = poste.lignes.length - du - montrees.length
  return (
    <nav className="s-ordre" aria-label="Ordre du jour">
      <p className="s-titre">
        {formatNombre(decides)} {accorder(decides, 'décidé', 'décidés')} sur {formatNombre(poste.lignes.length)}
      </p>
      {du > 0 && <p className="s-plus">{pluriel(du, 'dossier avant', 'dossiers avant')}</p>}
      <ol>
        {montrees.map((ligne) => {
          const etat = ETATS[ligne.etat]
          return (
            <li key={ligne.inscription}>
              <a
                href={adressePoste(poste, ligne.inscription)}
                aria-current={ligne.inscription === courante ? 'true' : undefined}
              >
                <span>{ligne.rang}</span>
                <span>{ligne.titulaire ?? 'Dossier réservé'}</span>
                <span>
                  {etat && <Icone nom={etat.icone} />}
                  <span className="sr">{ligne.inscription === courante ? 'en cours' : (etat?.libelle ?? '')}</span>
                </span>
              </a>
            </li>
          )
        })}
      </ol>
      {apres > 0 && <p className="s-plus">{pluriel(apres, 'dossier après', 'dossiers après')}</p>}
    </nav>
  )
}

/** The acts of the procedure in order, today, and what comes. */
function FriseSeance({ fiche, jour }: { fiche: FichePoste; jour: Temporal.PlainDate }): ReactElement | null {
  const { dossier } = fiche
  const passes = dossier.actes
    .filter(({ le }) => le <= jour.toString())
    .toSorted((a, b) => a.le.localeCompare(b.le))
    .slice(-4)
    .map(({ type, le }, rang) => ({ cle: `${type} ${le} ${rang}`, libelle: libelleActe(type), le }))
  if (passes.length === 0 && dossier.audience_le === null) return null
  const audience =
    dossier.audience_le && Temporal.PlainDate.compare(dossier.audience_le, jour) > 0 ? dossier.audience_le : null
  return (
    <ol className="s-frise" aria-label="Procédure">
      {passes.map(({ cle, libelle, le }) => (
        <li key={cle}>
          {libelle}, {formatDate(Temporal.PlainDate.from(le))}
        </li>
      ))}
      <li className="s-jour">Aujourd’hui</li>
      {audience && <li className="s-futur">Audience, {formatDate(audience)}</li>}
    </ol>
  )
}

function Cles({ fiche, jour }: { fiche: FichePoste; jour: Temporal.PlainDate }): ReactElement {
  const { dossier } = fiche
  const { loyer } = dossier.bail
  const mois = dossier.dette !== null && loyer ? Math.round((dossier.dette / loyer) * 10) / 10 : null
  const cles: readonly (readonly [string, string, string])[] = [
    ['Étape', etapeCourte(dossier.stade), dossier.stade_le ? `depuis le ${formatDate(dossier.stade_le)}` : ''],
    [
      'Dette',
      dossier.dette === null ? 'Non connue' : formatMontant(dossier.dette),
      [
        dossier.dette_le ? `au ${formatDate(dossier.dette_le)}` : '',
        mois === null ? '' : `${formatNombre(mois, 1)} ${accorder(mois, 'loyer', 'loyers')}`,
      ]
        .filter(Boolean)
        .join(', '),
    ],
    ['Loyer', loyer === undefined ? 'Non connu' : formatMontant(loyer), dossier.bail.bailleurNom ?? ''],
    dossier.audience_le
      ? ['Audience', formatDate(dossier.audience_le), ecrireDistance(dossier.audience_le, jour)]
      : ['Accompagnement', dossier.organisme_nom ?? 'Personne', ''],
  ]
  return (
    <dl className="s-cles">
      {cles.map(([terme, valeur, note]) => (
        <div key={terme}>
          <dt>{terme}</dt>
          <dd>
            {valeur}
            {note !== '' && <small>{note}</small>}
          </dd>
        </div>
      ))}
    </dl>
  )
}

const TOUCHES = { adapte_ressources: 'A', adapte_taille: 'C', maintien: 'M' } as const

/** A key that turns a group of answers to the next; nothing without scripts, where the answers are clicked. */
const Cycle = ({ touche, groupe, libelle }: { touche: string; groupe: string; libelle: string }): ReactElement => (
  <button
    className="s-cycle avec-js"
    type="button"
    data-touche={touche.toLowerCase()}
    data-cycle={groupe}
    aria-label={`${touche}, réponse suivante : ${libelle}`}
  >
    <span className="touche">{touche}</span>
  </button>
)

function Questions({ fiche, forme, racine }: { fiche: FichePoste; forme: Forme; racine: string }): ReactElement {
  const { questions } = chargerOrientation(racine)
  return (
    <div className="s-q">
      {QUESTIONS.map((id) => {
        const libelle = questions.find((une) => une.id === id)?.libelle ?? id
        const avant = fiche.preorientation[id]
        return (
          <fieldset key={id}>
            <legend>
              <Cycle touche={TOUCHES[id]} groupe={`q-${id}`} libelle={libelle} />
              {libelle}
              {avant && <small>Pré-orientation des membres : {avant}</small>}
            </legend>
            <span className="rep">
              {Object.entries({ ...reponsesQuestion, '': 'Sans réponse' }).map(([valeur, texte]) => (
                <label key={valeur}>
                  <input type="radio" name={`q-${id}`} value={valeur} defaultChecked={forme.questions[id] === valeur} />
                  {texte}
                </label>
              ))}
            </span>
          </fieldset>
        )
      })}
    </div>
  )
}

/** An opinion of the closed list, its sense, who it is for, and for housing aid what the law makes of it. */
function Avis({
  possible,
  rang,
  fiche,
  forme,
}: {
  possible: AvisPossible
  rang: number
  fiche: FichePoste
  forme: Forme
}): ReactElement {
  const { id, libelle, sens, aide } = possible
  const typee = forme.avis[id]
  const candidats = destinatairesPour(fiche.organismes, possible.destinataires, fiche.dossier)
  const propose = destinatairePropose(fiche.organismes, possible.destinataires, fiche.dossier)
  const quoi = aide && fiche.pouvoir.pouvoir === 'decision' ? `Décision : ${libelle}` : libelle
  return (
    <fieldset>
      <legend>
        <Cycle touche={String(rang)} groupe={`avis-${id}`} libelle={libelle} />
        {quoi}
      </legend>
      <span className="rep">
        {[{ id: '', libelle: 'Aucun' }, ...sens].map((un) => (
          <label key={un.id}>
            <input type="radio" name={`avis-${id}`} value={un.id} defaultChecked={(typee?.sens ?? '') === un.id} />
            {un.libelle}
          </label>
        ))}
        {candidats.length > 1 && (
          <select
            name={`pour-${id}`}
            aria-label={`Destinataire : ${libelle}`}
            defaultValue={typee?.organisme || propose?.id || ''}
          >
            <option value="">Choisir le destinataire</option>
            {candidats.map((un) => (
              <option key={un.id} value={un.id}>
                {un.nom}
              </option>
            ))}
          </select>
        )}
        {aide && fiche.pouvoir.pouvoir === null && (
          <select
            name={`pouvoir-${id}`}
            aria-label={`Avis ou décision : ${libelle}`}
            defaultValue={typee?.pouvoir ?? ''}
          >
            <option value="">Avis ou décision ?</option>
            <option value="avis">Avis</option>
            <option value="decision">Décision</option>
          </select>
        )}
      </span>
      {candidats.length === 0 && (
        <p className="note">Aucun organisme de l’annuaire ne reçoit cet avis ici : le secrétariat le transmettra.</p>
      )}
    </fieldset>
  )
}

function Prononcees({
  prononces,
  requete,
  le,
  figees,
}: {
  prononces: readonly Prononce[]
  requete: Requete
  le: Temporal.PlainDate
  figees: boolean
}): ReactElement | null {
  const recommandations = prononces.filter(({ genre }) => genre === 'recommandation')
  if (recommandations.length === 0) return null
  const propose = echeanceDuRetour(requete.session, requete.session.jour, null)
  return (
    <ul className="s-rec">
      {recommandations.map((une) => (
        <li key={une.id}>
          <span>
            {[une.code === null ? '' : ecrirePrononce(requete.session, le, une), une.texte].filter(Boolean).join('. ')}
            <small>
              {une.organisme_nom ?? une.destinataire},{' '}
              {une.avant_choisi
                ? `retour le ${formatDate(une.avant_choisi)}`
                : propose
                  ? 'retour au délai de la charte, compté de la notification'
                  : 'sans date : la charte ne fixe pas de délai'}
            </small>
          </span>
          {!figees && (
            <Bouton petit nom="geste" valeur={`retirer:${une.id}`} libelleLu="Retirer cette recommandation">
              Retirer
            </Bouton>
          )}
        </li>
      ))}
    </ul>
  )
}

const LIENS = { bailleur: 'bailleur', payeur: 'organisme payeur', service: 'service en charge' } as const

const Etiquete = ({ pour, children }: { pour: string; children: ReactNode }): ReactElement => (
  <label htmlFor={pour}>{children}</label>
)

function NouvelleRecommandation({
  requete,
  fiche,
  forme,
  le,
}: {
  requete: Requete
  fiche: FichePoste
  forme: Forme
  le: Temporal.PlainDate
}): ReactElement {
  const possibles = reponsesPossibles(requete.session, le)?.recommandations ?? []
  const siens = organismesDuDossier(fiche.organismes, fiche.dossier)
  return (
    <div className="s-ajout" data-zone="rec">
      {possibles.length === 0 && (
        <p className="note">La charte en vigueur ne liste pas de recommandations : les écrire en clair.</p>
      )}
      {possibles.length > 0 && (
        <div className="champ">
          <label htmlFor="rec-code" data-touche="r">
            Recommander <span className="touche">R</span>
          </label>
          <select id="rec-code" name="rec-code" defaultValue={forme.rec.code}>
            <option value="">Choisir, ou écrire ci-dessous</option>
            {possibles.map(({ id, libelle }) => (
              <option key={id} value={id}>
                {libelle}
              </option>
            ))}
          </select>
        </div>
      )}
      <div className="champ">
        <Etiquete pour="rec-texte">Précision, ou autre recommandation</Etiquete>
        <input id="rec-texte" type="text" name="rec-texte" maxLength={600} defaultValue={forme.rec.texte} />
      </div>
      <div className="champ">
        <Etiquete pour="rec-organisme">Destinataire</Etiquete>
        <select id="rec-organisme" name="rec-organisme" defaultValue={forme.rec.organisme}>
          <option value="">
            {siens.length === 0
              ? 'Choisir le destinataire, ou le nommer ci-dessous'
              : 'Celui du dossier que vise la recommandation, ou choisir'}
          </option>
          {siens.length > 0 && (
            <optgroup label="De ce dossier">
              {siens.map(({ lien, organisme }) => (
                <option key={`${lien} ${organisme.id}`} value={organisme.id}>
                  {organisme.nom}, {LIENS[lien]}
                </option>
              ))}
            </optgroup>
          )}
          <optgroup label="Annuaire">
            {fiche.organismes.map((un) => (
              <option key={un.id} value={un.id}>
                {un.nom}
              </option>
            ))}
          </optgroup>
        </select>
      </div>
      <Plus libelle="Autre destinataire, autre date" ouvert={forme.rec.destinataire !== '' || forme.rec.avant !== ''}>
        <div className="champ">
          <Etiquete pour="rec-destinataire">Destinataire hors de l’annuaire</Etiquete>
          <input
            id="rec-destinataire"
            type="text"
            name="rec-destinataire"
            maxLength={200}
            defaultValue={forme.rec.destinataire}
          />
        </div>
        <div className="champ">
          <Etiquete pour="rec-avant">Retour attendu le, sinon le délai de la charte</Etiquete>
          <input id="rec-avant" type="date" name="rec-avant" defaultValue={forme.rec.avant} />
        </div>
      </Plus>
      <div>
        <Bouton petit icone="plus" nom="geste" valeur="recommander">
          Ajouter la recommandation
        </Bouton>
      </div>
    </div>
  )
}

function Notes({ fiche, forme, ouvert }: { fiche: FichePoste; forme: Forme; ouvert: boolean }): ReactElement {
  const { notes } = fiche.deliberation
  return (
    <>
      <h2>Notes du débat, non projetées</h2>
      <Plus libelle={notes.length === 0 ? 'Aucune note' : pluriel(notes.length, 'note', 'notes')}>
        {notes.length === 0 ? (
          <p className="note">Une note reste scellée ; son cercle dit qui la lit.</p>
        ) : (
          <ul className="s-rec">
            {notes.map((note) => (
              <li key={note.id}>
                <span>
                  {note.texte}
                  <small>
                    Lue par : {cerclesNote[note.cercle]}. {note.auteur}, {formatInstant(note.a)}
                  </small>
                </span>
                {ouvert && note.sienne && (
                  <Bouton petit nom="geste" valeur={`effacer:${note.id}`} libelleLu="Effacer cette note">
                    Effacer
                  </Bouton>
                )}
              </li>
            ))}
          </ul>
        )}
      </Plus>
      {ouvert && (
        <div className="s-ajout" data-zone="note">
          <div className="champ">
            <label htmlFor="note-texte" data-touche="n">
              Nouvelle note <span className="touche">N</span>
            </label>
            <textarea id="note-texte" name="note-texte" rows={2} maxLength={2000} defaultValue={forme.note.texte} />
          </div>
          <div className="champ">
            <Etiquete pour="note-cercle">Qui la lit</Etiquete>
            <select id="note-cercle" name="note-cercle" defaultValue={forme.note.cercle}>
              {(Object.keys(cerclesNote) as CercleNote[]).map((cercle) => (
                <option key={cercle} value={cercle}>
                  {cerclesNote[cercle]}
                </option>
              ))}
            </select>
          </div>
          <div>
            <Bouton petit icone="plus" nom="geste" valeur="noter">
              Ajouter la note
            </Bouton>
          </div>
        </div>
      )}
    </>
  )
}

function Expertise({ fiche, forme }: { fiche: FichePoste; forme: Forme }): ReactElement | null {
  if (!fiche.expertise) return null
  return (
    <div className="s-avis">
      <h2>Expertise demandée par l’État</h2>
      <fieldset>
        <legend>Sur l’octroi du concours de la force publique : un éclairage, le préfet décide</legend>
        <span className="rep">
          {Object.entries({ '': 'Sans expertise', ...sensExpertise }).map(([valeur, texte]) => (
            <label key={valeur}>
              <input type="radio" name="expertise" value={valeur} defaultChecked={forme.expertise.sens === valeur} />
              {texte}
            </label>
          ))}
        </span>
        <div className="champ">
          <Etiquete pour="expertise-motif">Motif, lu par les services de l’État</Etiquete>
          <input
            id="expertise-motif"
            type="text"
            name="expertise-motif"
            maxLength={600}
            defaultValue={forme.expertise.motif}
          />
        </div>
      </fieldset>
    </div>
  )
}

function Report({ forme, ouvert }: { forme: Forme; ouvert: boolean }): ReactElement {
  return (
    <Plus libelle="Reporter ce dossier" ouvert={ouvert || forme.report.motif !== ''}>
      <div className="s-ajout" data-zone="report">
        <div className="champ">
          <Etiquete pour="report-motif">Motif</Etiquete>
          <select id="report-motif" name="report-motif" defaultValue={forme.report.motif}>
            <option value="">Choisir</option>
            {Object.entries(motifsReport).map(([code, libelle]) => (
              <option key={code} value={code}>
                {libelle}
              </option>
            ))}
          </select>
        </div>
        <div className="champ">
          <Etiquete pour="report-precision">Précision</Etiquete>
          <input
            id="report-precision"
            type="text"
            name="report-precision"
            maxLength={600}
            defaultValue={forme.report.precision}
          />
        </div>
        <div>
          <Bouton petit nom="geste" valeur="reporter">
            Reporter, dossier suivant
          </Bouton>
        </div>
      </div>
    </Plus>
  )
}

function Decisions({
  requete,
  poste,
  fiche,
  forme,
}: {
  requete: Requete
  poste: Poste
  fiche: FichePoste
  forme: Forme
}): ReactElement {
  const { deliberation } = fiche
  const ouvert = fiche.ecrivable
  const possibles = avisPossibles(requete.session, poste.le)
  const sansListe = reponsesPossibles(requete.session, poste.le) === null
  return (
    <section className="s-dec" aria-label="Décisions">
      <h2>Avis de la commission</h2>
      {sansListe && (
        <p className="note">
          La charte en vigueur ne donne pas de liste d’avis : seul paraît celui que la loi confie à la commission.
        </p>
      )}
      <div className="s-avis">
        {possibles.map((possible, rang) => (
          <Avis key={possible.id} possible={possible} rang={rang + 1} fiche={fiche} forme={forme} />
        ))}
      </div>
      {possibles.some(({ aide }) => aide) && <p className="note">Aide au logement. {fiche.pouvoir.texte}</p>}
      <Expertise fiche={fiche} forme={forme} />
      <h2>Recommandations</h2>
      <Prononcees prononces={deliberation.prononces} requete={requete} le={poste.le} figees={!ouvert} />
      {ouvert && <NouvelleRecommandation requete={requete} fiche={fiche} forme={forme} le={poste.le} />}
      <h2>Orientation commune</h2>
      <Discours requete={requete} fiche={fiche} forme={forme} />
      <Notes fiche={fiche} forme={forme} ouvert={ouvert} />
      {ouvert && poste.close_a === null && <Report forme={forme} ouvert={champ(requete, 'geste') === 'reporter'} />}
    </section>
  )
}

function Discours({ requete, fiche, forme }: { requete: Requete; fiche: FichePoste; forme: Forme }): ReactElement {
  const modele = chargerOrientation(requete.session.referentiel.racine)
  const propose = proposerDiscours(modele, fiche.deliberation.reponses)
  return (
    <div className="champ">
      <label htmlFor="discours" data-touche="o">
        Discours à tenir au ménage, par tous <span className="touche">O</span>
      </label>
      <textarea id="discours" name="discours" rows={3} maxLength={1000} defaultValue={forme.discours} />
      {propose !== null && propose !== forme.discours && (
        <p className="note">
          Proposé selon les réponses : {propose}{' '}
          <Bouton petit nom="geste" valeur="proposer">
            Reprendre
          </Bouton>
        </p>
      )}
    </div>
  )
}

function FicheDuDossier({
  requete,
  fiche,
  forme,
}: {
  requete: Requete
  fiche: FichePoste
  forme: Forme
}): ReactElement {
  const { dossier, demande, apports, changements, position } = fiche
  const { jour, referentiel } = requete.session
  const dits = apports.filter(({ etat, texte }) => etat === 'apporte' && texte)
  const sans = apports.filter(({ etat }) => etat === 'demande')
  return (
    <div className="s-fiche">
      <h1>{nommer(dossier.menage.titulaire) === '' ? nommerDossier(dossier) : decrireFoyer(dossier.menage)}</h1>
      <p className="sous">
        <a href={`/dossiers/${dossier.reference}`}>Dossier {dossier.reference}</a>
        {dossier.commune && `, ${dossier.commune}`}
      </p>
      <Cles fiche={fiche} jour={jour} />
      <FriseSeance fiche={fiche} jour={jour} />
      {demande && (
        <p>
          <b>Demande de {demande.qui}</b>, {formatInstant(demande.le)}
          {demande.attentes.length === 0 ? '.' : ` : ${demande.attentes.join(' ; ')}.`}
        </p>
      )}
      {position && (
        <Message>
          <p>
            <b>Position commune du {formatDate(position.prise_le)}.</b> {position.discours}
            {position.rouverte_a && ' Rouverte par un fait nouveau.'}
          </p>
        </Message>
      )}
      <Questions fiche={fiche} forme={forme} racine={referentiel.racine} />
      {(dits.length > 0 || sans.length > 0 || changements.length > 0) && (
        <Plus
          libelle={`Éléments reçus, à ne pas projeter : ${pluriel(dits.length, 'apport', 'apports')}${sans.length > 0 ? `, ${pluriel(sans.length, 'organisme n’a', 'organismes n’ont')} rien dit` : ''}`}
        >
          <dl className="fiche s-dit">
            {dits.map(({ id, organisme_nom, texte }) => [
              <dt key={id}>{organisme_nom}</dt>,
              <dd key={`${id}-t`}>{texte}</dd>,
            ])}
            {changements.map(({ id, organisme_nom, precision, a }) => [
              <dt key={id}>{organisme_nom}</dt>,
              <dd key={`${id}-t`}>
                Fait nouveau du {formatInstant(a)}. {precision}
              </dd>,
            ])}
          </dl>
        </Plus>
      )}
    </div>
  )
}

/** When the dossier in hand was begun, for the timer: the decision before it, if it is of today's session. */
function debutDe(poste: Poste, maintenant: Temporal.Instant): number {
  const dernier = poste.lignes
    .flatMap(({ adoptee_a: a }) => (a ? [a.epochMilliseconds] : []))
    .filter((a) => maintenant.epochMilliseconds - a < 3_600_000)
    .toSorted((a, b) => b - a)[0]
  return Math.round((dernier ?? maintenant.epochMilliseconds) / 1000)
}

function voisins(poste: Poste, inscription: string) {
  const ici = poste.lignes.findIndex((ligne) => ligne.inscription === inscription)
  return { avant: poste.lignes[ici - 1], apres: poste.lignes[ici + 1] }
}

/** The next dossier nobody decided, after this one; otherwise the first left; null when all are. */
function suivantADecider(poste: Poste, inscription: string): LignePoste | null {
  const ici = poste.lignes.findIndex((ligne) => ligne.inscription === inscription)
  const tournees = [...poste.lignes.slice(ici + 1), ...poste.lignes.slice(0, ici)]
  return tournees.find(({ etat, reference }) => etat === 'inscrit' && reference !== null) ?? null
}

function Pied({ poste, ligne, fiche }: { poste: Poste; ligne: LignePoste; fiche: FichePoste }): ReactElement {
  const { avant, apres } = voisins(poste, ligne.inscription)
  const suivant = suivantADecider(poste, ligne.inscription)
  const { etat } = fiche.deliberation
  const lien = (vers: LignePoste | undefined, touche: string, mot: string) =>
    vers && (
      <a className="s-lien" href={adressePoste(poste, vers.inscription)} data-touche={touche.toLowerCase()}>
        <span className="touche">{touche}</span> {mot}
      </a>
    )
  return (
    <footer className="s-pied">
      {lien(avant, 'B', 'précédent')}
      {lien(apres, 'P', 'passer')}
      <span>
        <span className="touche">R</span> recommander
      </span>
      <span>
        <span className="touche">N</span> note
      </span>
      <BasculeRaccourcis />
      {poste.close_a === null && etat !== 'ouverte' && (
        <Bouton nom="geste" valeur="reprendre" touche="D">
          Reprendre la décision <span className="touche">D</span>
        </Bouton>
      )}
      {fiche.ecrivable && (
        <Bouton nom="geste" valeur="enregistrer" touche="E">
          Enregistrer <span className="touche">E</span>
        </Bouton>
      )}
      {fiche.ecrivable && poste.close_a === null && (
        <Bouton classe="s-adopter" nom="geste" valeur="adopter" touche="V">
          {suivant ? `Adopter, dossier ${suivant.rang}` : 'Adopter, fin de l’ordre du jour'}{' '}
          <span className="touche">V</span>
        </Bouton>
      )}
    </footer>
  )
}

/** Where the file in hand stands, and how what is decided may still change. */
function EtatDuDossier({
  poste,
  ligne,
  fiche,
}: {
  poste: Poste
  ligne: LignePoste
  fiche: FichePoste
}): ReactElement | null {
  const { deliberation, ecrivable } = fiche
  const close = poste.close_a !== null
  if (deliberation.etat === 'ouverte' && !close) return null
  const releve = `/seances/${poste.id}/releve`
  return (
    <div className="s-flash">
      <Message ton={deliberation.etat === 'reportee' || (close && ecrivable) ? 'bientot' : 'tenu'}>
        <p>
          {deliberation.etat === 'reportee'
            ? `Reporté : ${deliberation.report ? motifsReport[deliberation.report.motif] : ''}.`
            : !close
              ? 'Décision adoptée. La reprendre pour la changer.'
              : ecrivable
                ? `Correction ouverte : ${deliberation.correction}. L’enregistrer, puis établir le relevé : les deux coprésidents l’approuveront de nouveau.`
                : 'Décision adoptée, séance close : elle ne change que par une correction.'}{' '}
          {close && deliberation.etat === 'adoptee' && !ecrivable && (
            <a href={`${releve}/corriger/${ligne.inscription}`}>Corriger cette décision</a>
          )}
          {close && <a href={releve}>Relevé</a>}
        </p>
      </Message>
    </div>
  )
}

const titreDe = (poste: Poste): string => `${poste.nom}, ${formatDateLongue(poste.le)}`

function Ecran({
  requete,
  poste,
  ligne,
  fiche,
  forme,
  erreur,
}: {
  requete: Requete
  poste: Poste
  ligne: LignePoste
  fiche: FichePoste
  forme: Forme
  erreur?: string | undefined
}): ReactElement {
  const { session, connecte, navigation } = requete
  const { deliberation } = fiche
  const adresse = adressePoste(poste, ligne.inscription)
  return (
    <PagePoste
      titre={`${titreDe(poste)}, dossier ${ligne.rang}`}
      jeton={connecte.jetonFormulaire}
      message={navigation.message}
      erreur={erreur !== undefined}
    >
      {/* Once the session is closed, a correction is meant: nothing is kept but by its button. */}
      <form
        className="s-poste"
        method="post"
        action={adresse}
        data-formulaire={poste.close_a === null ? `${adresse}/auto` : undefined}
        noValidate
      >
        <ChampsCaches
          jeton={connecte.jetonFormulaire}
          champs={{
            vu: String(deliberation.version),
            'rec-envoi': forme.rec.envoi,
            'note-envoi': forme.note.envoi,
          }}
        />
        <BandeauPoste titre={titreDe(poste)} retour={{ href: `/seances/${poste.id}`, libelle: 'Préparation' }}>
          <p>
            <a href={`/seances/${poste.id}/releve`}>Relevé et clôture</a>
          </p>
          {/* Nothing is timed once the session is closed. */}
          {poste.close_a === null && (
            <p className="s-minuteur">
              <Icone nom="horloge" />
              <span
                className="avec-js"
                data-minuteur={debutDe(poste, session.maintenant)}
                data-prevu={ligne.duree_minutes ?? ''}
              />
              <span className="sans-js">
                {ligne.duree_minutes === null
                  ? 'durée libre'
                  : `${ligne.duree_minutes} min ${accorder(ligne.duree_minutes, 'prévue', 'prévues')}`}
              </span>
            </p>
          )}
          <p role="status" data-enregistre="">
            {deliberation.modifiee_a === null
              ? 'Rien d’enregistré'
              : `Enregistré le ${formatInstant(deliberation.modifiee_a)}`}
          </p>
        </BandeauPoste>
        <main className="s-grille" id="contenu" tabIndex={-1}>
          <button className="sr" type="submit" name="geste" value="enregistrer" tabIndex={-1}>
            Enregistrer
          </button>
          {erreur !== undefined && (
            <div className="s-flash">
              <ResumeErreurs titre="Rien n’a été enregistré, la saisie est gardée" erreurs={[{ message: erreur }]} />
            </div>
          )}
          <EtatDuDossier poste={poste} ligne={ligne} fiche={fiche} />
          <OrdreDuJour poste={poste} courante={ligne.inscription} />
          <FicheDuDossier requete={requete} fiche={fiche} forme={forme} />
          <Decisions requete={requete} poste={poste} fiche={fiche} forme={forme} />
        </main>
        <Pied poste={poste} ligne={ligne} fiche={fiche} />
      </form>
    </PagePoste>
  )
}

/** The dossier an address names, on the agenda as this session sees it. */
async function ouvrir(requete: Requete): Promise<{ poste: Poste; ligne: LignePoste }> {
  const poste = await lirePoste(requete.session, requete.parametres.seance ?? '')
  const ligne = poste.lignes.find(({ inscription }) => inscription === requete.parametres.inscription)
  if (!ligne) throw new Introuvable()
  return { poste, ligne }
}

/** GET /seances/:seance/poste: the first dossier left to decide, or the first. */
export async function ouvrirPoste(requete: Requete): Promise<Reponse> {
  const poste = await lirePoste(requete.session, requete.parametres.seance ?? '')
  const vus = poste.lignes.filter(({ reference }) => reference !== null)
  const ligne = vus.find(({ etat }) => etat === 'inscrit') ?? vus[0]
  if (ligne) return redirection(adressePoste(poste, ligne.inscription))
  return page(
    <PagePoste titre={titreDe(poste)} jeton={requete.connecte.jetonFormulaire}>
      <BandeauPoste titre={titreDe(poste)} retour={{ href: `/seances/${poste.id}`, libelle: 'Préparation' }} />
      <main className="page" id="contenu" tabIndex={-1}>
        <h1>Aucun dossier à l’ordre du jour</h1>
        <EtatVide
          titre="Rien à examiner"
          geste={{ href: `/seances/${poste.id}`, libelle: 'Composer l’ordre du jour' }}
        />
      </main>
    </PagePoste>,
  )
}

/** GET /seances/:seance/poste/:inscription. */
export async function montrerPoste(requete: Requete): Promise<Reponse> {
  const { poste, ligne } = await ouvrir(requete)
  const fiche = await lireFichePoste(requete, poste, ligne)
  return page(<Ecran requete={requete} poste={poste} ligne={ligne} fiche={fiche} forme={formeDe(fiche.deliberation)} />)
}

const contexteDe = (poste: Poste, { organismes, dossier, expertise }: FichePoste) => ({
  le: poste.le,
  organismes,
  dossier,
  expertise,
})

/** Everything a form says, in words: what is typed to be added too, so that nothing of it is out of sight when two versions meet. */
const ecrireForme = (requete: Requete, poste: Poste, fiche: FichePoste, forme: Forme) => {
  const { questions } = chargerOrientation(requete.session.referentiel.racine)
  const nom = (id: string) => fiche.organismes.find((un) => un.id === id)?.nom
  const mot = (mots: Readonly<Record<string, string>>, code: string) => mots[code] ?? ''
  const recommandations = reponsesPossibles(requete.session, poste.le)?.recommandations ?? []
  return [
    ...questions.map(({ id, libelle }) => ({
      cle: id,
      libelle,
      valeur: { ...reponsesQuestion, '': '' }[forme.questions[id]] || null,
    })),
    ...avisPossibles(requete.session, poste.le).map(({ id, libelle, sens }) => {
      const typee = forme.avis[id]
      const dit = sens.find((un) => un.id === typee?.sens)?.libelle
      const pouvoir = typee?.pouvoir === 'decision' ? 'décision' : typee?.pouvoir === 'avis' ? 'avis' : ''
      return {
        cle: id,
        libelle,
        valeur: dit ? [dit, pouvoir, nom(typee?.organisme ?? '')].filter(Boolean).join(', ') : null,
      }
    }),
    { cle: 'discours', libelle: 'Discours à tenir', valeur: forme.discours || null },
    ...(fiche.expertise
      ? [
          {
            cle: 'expertise',
            libelle: 'Expertise',
            valeur:
              [mot(sensExpertise, forme.expertise.sens), forme.expertise.motif].filter(Boolean).join(' : ') || null,
          },
        ]
      : []),
    {
      cle: 'recommandation',
      libelle: 'Recommandation à ajouter',
      valeur:
        [
          recommandations.find(({ id }) => id === forme.rec.code)?.libelle,
          forme.rec.texte,
          nom(forme.rec.organisme) ?? forme.rec.destinataire,
          forme.rec.avant && `retour le ${forme.rec.avant}`,
        ]
          .filter(Boolean)
          .join(', ') || null,
    },
    { cle: 'note', libelle: 'Note à ajouter', valeur: forme.note.texte || null },
    {
      cle: 'report',
      libelle: 'Report',
      valeur: [mot(motifsReport, forme.report.motif), forme.report.precision].filter(Boolean).join(' : ') || null,
    },
  ]
}

async function montrerConflit(
  requete: Requete,
  poste: Poste,
  ligne: LignePoste,
  forme: Forme,
  message: string,
): Promise<Reponse> {
  const fiche = await lireFichePoste(requete, poste, ligne)
  const mienne = ecrireForme(requete, poste, fiche, forme)
  const leur = ecrireForme(requete, poste, fiche, formeDe(fiche.deliberation))
  const adresse = adressePoste(poste, ligne.inscription)
  const { ecrivable } = fiche
  const champs = Object.fromEntries(
    Object.entries(requete.champs)
      .filter(([nom]) => !nom.startsWith('_') && nom !== 'vu')
      .map(([nom, valeurs]) => [nom, [...valeurs]]),
  )
  return pageConflit(requete, {
    message,
    quoi: `${nommerDossier(fiche.dossier)}, ${titreDe(poste)}`,
    courante: 'reunir',
    fil: [{ libelle: 'Poste de séance', href: adresse }, { libelle: 'Deux versions' }],
    versions: mienne.flatMap(({ cle, libelle, valeur }, rang) =>
      valeur === leur[rang]?.valeur
        ? []
        : [
            {
              cle,
              libelle,
              saisie: valeur,
              enregistree: leur[rang]?.valeur ?? null,
              qui: fiche.deliberation.modifiee_nom ?? undefined,
            },
          ],
    ),
    conseil: ecrivable
      ? 'Remplacer écrit votre saisie entière à la place de ce qui est enregistré.'
      : 'Ce dossier ne s’écrit plus ici : reprendre d’abord la décision, si la séance n’est pas close.',
    garder: { libelle: 'Garder ce qui est enregistré', href: adresse },
    remplacer: ecrivable
      ? {
          libelle: 'Remplacer par ma saisie',
          action: adresse,
          champs: { ...champs, geste: 'enregistrer', vu: String(fiche.deliberation.version) },
        }
      : null,
  })
}

/** POST /seances/:seance/poste/:inscription: keeps the form and does the gesture of its button. */
export async function recevoirPoste(requete: Requete): Promise<Reponse> {
  const { session } = requete
  const { poste, ligne } = await ouvrir(requete)
  const fiche = await lireFichePoste(requete, poste, ligne)
  const lue = lireForme(requete, avisPossibles(session, poste.le))
  const propose =
    champ(requete, 'geste') === 'proposer'
      ? proposerDiscours(chargerOrientation(session.referentiel.racine), fiche.deliberation.reponses)
      : null
  const forme = propose === null ? lue : { ...lue, discours: propose }
  const contexte = contexteDe(poste, fiche)
  try {
    const geste = lireGeste(requete, forme)
    const resultat = await ouConflit(requete, 'deliberation.enregistrer', () =>
      delibererSurUnDossier(session, {
        seance: poste.id,
        inscription: ligne.inscription,
        vu: Number(champ(requete, 'vu')) || 0,
        saisie: enSaisie(session, forme, contexte),
        ajouts: enAjouts(session, forme, contexte),
        geste,
      }),
    )
    if (resultat instanceof Error) return montrerConflit(requete, poste, ligne, forme, resultat.message)
    if (geste.genre === 'adopter' || geste.genre === 'reporter') {
      const suivant = suivantADecider(poste, ligne.inscription)
      const dit = geste.genre === 'adopter' ? 'adopté' : 'reporté'
      return redirection(suivant ? adressePoste(poste, suivant.inscription) : `/seances/${poste.id}/releve`, {
        texte: `Dossier ${ligne.rang} ${dit}.`,
      })
    }
    return redirection(adressePoste(poste, ligne.inscription))
  } catch (erreur) {
    if (!(erreur instanceof Refus)) throw erreur
    session.consigner({
      action: 'deliberation.enregistrer',
      resultat: 'refuse',
      objet: 'seance',
      objetId: poste.id,
      details: { code: erreur.code },
    })
    return page(
      <Ecran requete={requete} poste={poste} ligne={ligne} fiche={fiche} forme={forme} erreur={erreur.message} />,
      422,
    )
  }
}

/** POST …/auto: keeps what is answered as it is answered; what is being typed to be added waits for its button. */
export async function garderPoste(requete: Requete): Promise<Reponse> {
  const { session } = requete
  const { poste, ligne } = await ouvrir(requete)
  const fiche = await lireFichePoste(requete, poste, ligne)
  const forme = lireForme(requete, avisPossibles(session, poste.le))
  const saisie = enSaisie(session, forme, { ...contexteDe(poste, fiche), enCours: true })
  const gardes = saisie.avis.length === Object.values(forme.avis).filter(({ sens }) => sens !== '').length
  const resultat = await ouConflit(requete, 'deliberation.enregistrer', () =>
    delibererSurUnDossier(session, {
      seance: poste.id,
      inscription: ligne.inscription,
      vu: Number(champ(requete, 'vu')) || 0,
      saisie,
      geste: { genre: 'enregistrer' },
    }),
  )
  if (resultat instanceof Error) return { genre: 'json', valeur: { conflit: typo(resultat.message) } }
  return {
    genre: 'json',
    valeur: {
      version: resultat.version,
      enregistre: typo(
        `Enregistré le ${formatInstant(resultat.enregistre_a)}${gardes ? '' : ', sauf un avis dont le destinataire reste à choisir'}`,
      ),
      remplis: '',
      total: '',
      presents: '',
      groupes: {},
      calculs: {},
    },
  }
}
