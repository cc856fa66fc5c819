/** Clients ask the servers they were given; a host that asks more of them resolves names itself, for itself or for others. */
export const serversOfAClient = 8
