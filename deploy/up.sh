#!/bin/sh
# Brings the house of compose.yaml up: sh deploy/up.sh [the address that people see]
# Makes .env with new secrets where there is none. Keep that file: with another AUTH_SECRET everybody has to sign in
# again, and without POSTGRES_PASSWORD nobody gets at the database.
set -eu
cd "$(dirname "$0")/.."

secret() {
  head -c 32 /dev/urandom | od -An -tx1 | tr -d ' \n'
}

if [ -e .env ]; then
  if [ $# -gt 0 ] && ! grep -qxF "PUBLIC_URL=$1" .env; then
    echo "There is an .env already, with another address: change PUBLIC_URL in it, and run this without one." >&2
    exit 1
  fi
else
  # A file that only its owner reads, whole or not there.
  (
    umask 077
    cat >.env.new <<ENV
PUBLIC_URL=${1:-http://localhost:8080}
AUTH_SECRET=$(secret)
METRICS_TOKEN=$(secret)
POSTGRES_PASSWORD=$(secret)
VALKEY_PASSWORD=$(secret)
ENV
    mv .env.new .env
  )
  echo "Made .env with new secrets: keep a copy of it where you keep backups."
fi

docker compose build image
docker compose up --detach --wait
docker compose logs --no-log-prefix node1 | grep -E '^(This house|StoryWeave is at)' | tail -n 2
