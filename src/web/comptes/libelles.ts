import type { EtatCompte, Role } from '#acces'
import type { OptionChoix, Ton } from '../composants/index.ts'

/** What each role is for, in one line, for whoever gives it. */
export const rolesChoix: readonly OptionChoix[] = [
  { valeur: 'secretariat', libelle: 'Secrétariat de la CCAPEX : reçoit, reconnaît, répartit' },
  { valeur: 'prefecture', libelle: 'Préfecture : dépose, lit les dossiers' },
  {
    valeur: 'service_social',
    libelle: 'Service social : répond aux tableaux, accompagne les ménages qui lui sont confiés',
  },
  { valeur: 'emetteur', libelle: 'Émetteur : dépose ses fichiers, rien d’autre' },
  { valeur: 'pilote', libelle: 'Pilote de la charte : règles, simulation, lecture' },
  { valeur: 'administrateur', libelle: 'Administrateur : comptes et journal, aucun dossier' },
]

export const nomRole = (role: Role): string =>
  rolesChoix.find(({ valeur }) => valeur === role)?.libelle.split(' : ')[0] ?? role

export const etats = {
  ouvert: { libelle: 'ouvert', ton: 'tenu' },
  invite: { libelle: 'invité', ton: 'info' },
  sans_habilitation: { libelle: 'sans habilitation', ton: 'bientot' },
  ferme: { libelle: 'fermé', ton: 'neutre' },
} as const satisfies Record<EtatCompte, { libelle: string; ton: Ton }>
