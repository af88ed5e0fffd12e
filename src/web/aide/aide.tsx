import type { ReactElement } from 'react'
import { Cadre } from '../cadre.tsx'
import { BasculeRaccourcis, Carte, Pile, Tableau } from '../composants/index.ts'
import type { Requete } from '../route.ts'

interface Raccourci {
  readonly touche: string
  readonly ou: string
  readonly effet: string
}

const RACCOURCIS: readonly Raccourci[] = [
  { touche: '/', ou: 'Partout', effet: 'Va à la recherche.' },
  { touche: 'Tab puis Entrée', ou: 'Partout', effet: 'Le premier lien mène droit au contenu de la page.' },
  { touche: 'Espace', ou: 'Listes', effet: 'Coche la ligne. Maj et clic cochent toutes les lignes entre deux.' },
  { touche: 'Entrée', ou: 'Échéances', effet: 'Ouvre la source d’une date ; Échap la referme.' },
  { touche: 'M', ou: 'Reconnaître', effet: 'C’est le même ménage.' },
  { touche: 'N', ou: 'Reconnaître', effet: 'Ce n’est pas le même ménage.' },
  { touche: 'D', ou: 'Reconnaître', effet: 'Demander, et garder le doute pour plus tard.' },
]

/** GET /aide. */
export function pageAide(requete: Requete): ReactElement {
  return (
    <Cadre requete={requete} titre="Aide et raccourcis">
      <Pile>
        <Carte titre="De la réception du fichier au service qui tend la main">
          <ol>
            {[
              [
                'Recevoir',
                'Déposer le fichier d’un partenaire. Amont dit ligne par ligne ce qu’il accepte, et pourquoi il refuse.',
              ],
              ['Reconnaître', 'Répondre aux doutes : même ménage, ou non. Chaque réponse peut être défaite.'],
              ['Répartir', 'Figer les tableaux de la semaine. Chaque ligne dit la règle qui a choisi le service.'],
              ['Répondre', 'Le service dit ligne par ligne : connu, pris à son tour, ou pas pour lui, avec un motif.'],
              ['Accompagner', 'Suivre le dossier : noter les contacts, tenir les échéances, clore le diagnostic.'],
              ['Mesurer', 'Lire la charte : qui s’engage à quoi, les fiches, les indicateurs, les territoires.'],
            ].map(([verbe, texte], rang) => (
              <li key={verbe} className="mt2">
                <b>
                  {rang + 1}. {verbe}.
                </b>{' '}
                {texte}
              </li>
            ))}
          </ol>
          <p className="note mt2">
            Importer un acte dans Amont ne vaut pas saisine de la commission : le canal légal reste EXPLOC.
          </p>
        </Carte>
        <Carte titre="Clavier" id="clavier" aside={<BasculeRaccourcis />}>
          <Tableau
            legende="Raccourcis du clavier"
            largeur="etroit"
            colonnes={[
              {
                cle: 'touche',
                titre: 'Touche',
                principale: true,
                rendre: ({ touche }) => <kbd className="touche">{touche}</kbd>,
              },
              { cle: 'ou', titre: 'Où', rendre: ({ ou }) => ou },
              { cle: 'effet', titre: 'Effet', rendre: ({ effet }) => effet },
            ]}
            lignes={RACCOURCIS}
            cle={({ touche, ou }) => `${touche} ${ou}`}
          />
          <p className="note mt2">
            Les lettres ne font rien pendant la saisie d’un champ. Sans JavaScript, tout reste possible par les liens et
            les boutons.
          </p>
        </Carte>
        <Carte titre="Accessibilité : non évaluée" id="accessibilite">
          <div className="texte">
            <p>
              Aucun audit de conformité au RGAA n’a été mené : Amont ne déclare donc aucun niveau de conformité. Les
              pages passent des contrôles automatiques, qui ne voient qu’une partie des défauts. Aucun essai n’a encore
              été fait avec un lecteur d’écran, ni avec des personnes concernées.
            </p>
            <p>
              Ce qui est prévu : toutes les actions au clavier et sans JavaScript, zoom à 400 %, contrastes renforcés,
              et chaque dessin doublé d’une liste. Une difficulté se signale au secrétariat de la CCAPEX ; sans réponse,
              au Défenseur des droits.
            </p>
          </div>
        </Carte>
        <Carte titre="Données personnelles" id="donnees">
          <div className="texte">
            <ul>
              <li>
                Amont sert à prévenir les expulsions locatives, et à rien d’autre. Ni score ni classement des personnes.
              </li>
              <li>Chacun voit les dossiers de son périmètre : son territoire, ou les ménages confiés à son service.</li>
              <li>Ce qui touche à la santé n’est montré qu’aux services sociaux.</li>
              <li>Chaque lecture de dossier, chaque recherche et chaque export est inscrit dans un journal.</li>
              <li>Un export sort les données d’Amont : n’exporter que le nécessaire, et effacer le fichier ensuite.</li>
              <li>
                Un ménage qui veut consulter ou corriger ses données s’adresse au secrétariat de la CCAPEX, qui transmet
                au délégué à la protection des données.
              </li>
            </ul>
          </div>
        </Carte>
      </Pile>
    </Cadre>
  )
}
