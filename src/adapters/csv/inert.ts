/**
 * What makes a text inert in a spreadsheet: one that would be taken for a formula gets a quote before
 * it, and none can begin a row of its own, as an unquoted carriage return may.
 */
export const inert = { escape_formulas: true, quoted_string: true } as const
