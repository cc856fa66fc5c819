/**
 * Tags by which feeds say that an address is an exit of the Tor network. The list itself is a feed like any other: the Tor
 * Project's bulk exit list, imported with one of these tags and level info.
 */
export const torTags: readonly string[] = ['tor-exit', 'tor', 'tor:exit-node']
