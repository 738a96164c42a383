/** The zone of the sandbox is that of whoever looks at it, so that its times are theirs. */
export const zoneOfThisMachine = (): string => new Intl.DateTimeFormat().resolvedOptions().timeZone
