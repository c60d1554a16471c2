#!/bin/sh
# Valkey (or Redis 7 and later) as the nodes need it: one user with the few rights of the bus, nothing kept on disk.
# Its settings come by standard input, so that the password stands in no list of processes.
set -eu
: "${VALKEY_PASSWORD:?}"

exec "${VALKEY_SERVER:-valkey-server}" - "$@" <<SETTINGS
save ""
appendonly no
user default off
user storyweave on >$VALKEY_PASSWORD +hello +ping +publish +subscribe +unsubscribe &{storyweave:*
SETTINGS
