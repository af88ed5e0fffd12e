/** Address of « Ce que voit ce rôle » for a role in a kind of body. */
export const adresseAcces = (type: string, role: string): string =>
  `/acces?${new URLSearchParams({ qui: `${type}.${role}` })}`
