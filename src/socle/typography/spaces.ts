/** No-break space: before `:` and `€`, inside « », between a number and its unit. */
export const NO_BREAK = '\u00a0'
/** Narrow no-break space: before `; ! ? %` and between thousands. */
export const NARROW = '\u202f'
