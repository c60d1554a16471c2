/** The protocol's version, told in `initial_state.protocol`; it grows when an older client would misunderstand. */
export const PROTOCOL_VERSION = 1
