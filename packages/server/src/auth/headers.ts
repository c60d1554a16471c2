/** Headers of our own at the door of `/api/auth`. */

/** Written by our own server from the connection; what a client sends under these names is thrown away. */
export const CLIENT_ADDRESS_HEADER = 'x-client-ip'
export const CLIENT_LOCAL_HEADER = 'x-client-local'

/** The set-up link's token, with the sign-up of the house's first person. */
export const SETUP_TOKEN_HEADER = 'x-setup-token'

/** An invitation's token, with a sign-up in a house that takes new people by invitation alone. */
export const INVITATION_TOKEN_HEADER = 'x-invitation-token'
