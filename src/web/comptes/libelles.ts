import { type EtatCompte, rolesPersonnes } from '#acces'
import { LIBELLES_ROLES, nommerRole } from '#referentiel'
import type { OptionChoix, Ton } from '../composants/index.ts'

/** Roles somebody may be given, each with what it is for. */
export const rolesChoix: readonly OptionChoix[] = rolesPersonnes.map((role) => ({
  valeur: role,
  libelle: LIBELLES_ROLES[role],
}))

export const nomRole = nommerRole

export const etats = {
  ouvert: { libelle: 'ouvert', ton: 'tenu' },
  invite: { libelle: 'invité', ton: 'info' },
  sans_habilitation: { libelle: 'sans habilitation', ton: 'bientot' },
  ferme: { libelle: 'fermé', ton: 'neutre' },
} as const satisfies Record<EtatCompte, { libelle: string; ton: Ton }>
