# Shared by the commands in this folder: Python, PostgreSQL, the private cluster. Sourced, never run.
set -Eeuo pipefail
trap 'printf "amlak: stopped at line %s of %s\n" "$LINENO" "${BASH_SOURCE[0]}" >&2' ERR

ROOT=$(cd "$(dirname "${BASH_SOURCE[0]}")/.." && pwd -P)
STATE=${AMLAK_STATE_DIR:-$ROOT/.local}
VENV=${AMLAK_VENV:-$ROOT/.venv}
APT_UPDATED=

say() { printf '%s\n' "$*"; }
die() { printf 'amlak: %s\n' "$*" >&2; exit 1; }
is_root() { [ "$(id -u)" = 0 ]; }

# install_debian PACKAGE… — as root with apt; else say in one line what an administrator has to type.
install_debian() {
  local missing=() package
  for package in "$@"; do dpkg-query -W -f '${Status}' "$package" 2>/dev/null | grep -q 'ok installed' || missing+=("$package"); done
  [ ${#missing[@]} -gt 0 ] || return 0
  command -v apt-get >/dev/null || die "missing: ${missing[*]} (this is not Debian: install them with your own package manager)"
  is_root || die "missing: ${missing[*]} — install with: sudo apt-get install --no-install-recommends ${missing[*]}"
  say "Installing ${missing[*]} …"
  if [ -z "$APT_UPDATED" ]; then apt-get update -qq >"$STATE/apt.log" 2>&1 || die "apt-get update failed; see $STATE/apt.log"; APT_UPDATED=1; fi
  # Debian's package must not start a cluster of its own: ours is private.
  if [ ! -e /etc/postgresql-common/createcluster.conf ]; then
    mkdir -p /etc/postgresql-common && echo 'create_main_cluster = false' >/etc/postgresql-common/createcluster.conf
  fi
  DEBIAN_FRONTEND=noninteractive apt-get install -y --no-install-recommends -o Dpkg::Options::=--force-confold "${missing[@]}" >>"$STATE/apt.log" 2>&1 \
    || die "could not install ${missing[*]}; see $STATE/apt.log"
}

# ---- Python ----------------------------------------------------------------------------------------------------------
find_python() {
  local candidate
  for candidate in "${PYTHON:-}" python3 python3.13 python3.12 python3.11; do
    [ -n "$candidate" ] && command -v "$candidate" >/dev/null || continue
    "$candidate" -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null && { printf '%s' "$candidate"; return; }
  done
  die "Python 3.11 or newer is missing — install with: sudo apt-get install python3 python3-venv"
}

# ensure_python [test] — a virtual environment with exactly the locked packages.
ensure_python() {
  local lock=$ROOT/requirements${1:+-$1}.lock stamp=$VENV/.locked${1:+-$1} python
  if [ -n "${CONDA_PREFIX:-}" ] && [ "${AMLAK_USE_CONDA:-1}" = 1 ] && "$CONDA_PREFIX/bin/python" -c 'import django, osgeo_utils' 2>/dev/null; then
    PY=$CONDA_PREFIX/bin/python; return
  fi
  PY=$VENV/bin/python
  [ -e "$stamp" ] && cmp -s "$lock" "$stamp" && return
  # what the checks need contains what the site needs
  [ -z "${1:-}" ] && cmp -s "$ROOT/requirements-test.lock" "$VENV/.locked-test" && return
  python=$(find_python)
  "$python" -c 'import ensurepip, venv' 2>/dev/null || install_debian "python$("$python" -c 'import sys; print("%d.%d" % sys.version_info[:2])')-venv"
  say "Preparing Python packages …"
  [ -x "$PY" ] || "$python" -m venv "$VENV" || die "could not make a virtual environment in $VENV"
  "$PY" -m pip install --quiet --disable-pip-version-check --require-hashes -r "$lock" >"$STATE/pip.log" 2>&1 || die "could not install the Python packages; see $STATE/pip.log"
  cp "$lock" "$stamp"
}

# ---- PostgreSQL ------------------------------------------------------------------------------------------------------
# pg_with_postgis — print the folder of binaries of the newest PostgreSQL ≥ 15 whose PostGIS is ≥ 3.3, or nothing.
pg_with_postgis() {
  local bin share control version
  for bin in "${PG_BINDIR:-}" "${CONDA_PREFIX:+$CONDA_PREFIX/bin}" $(ls -d /usr/lib/postgresql/*/bin 2>/dev/null | sort -rV || true); do
    [ -n "$bin" ] && [ -x "$bin/initdb" ] && [ -x "$bin/postgres" ] || continue
    version=$("$bin/postgres" --version | grep -oE '[0-9]+' | head -n 1)
    [ "$version" -ge 15 ] || continue
    case $bin in /usr/lib/postgresql/*) share=/usr/share/postgresql/$version ;; *) share=$(dirname "$bin")/share ;; esac
    for control in "$share/extension/postgis.control" "$share/postgresql/extension/postgis.control"; do
      [ -e "$control" ] || continue
      sed -n "s/default_version *= *'\([0-9.]*\).*/\1/p" "$control" | awk -F. '{exit !($1 > 3 || ($1 == 3 && $2 >= 3))}' && { printf '%s' "$bin"; return; }
    done
  done
  return 0
}

ensure_postgres() {
  BIN=$(pg_with_postgis)
  [ -z "$BIN" ] || return 0
  local version
  version=$(ls -d /usr/lib/postgresql/*/bin/postgres 2>/dev/null | grep -oE '[0-9]+' | sort -rn | head -n 1 || true)
  if [ -z "$version" ] || [ "$version" -lt 15 ]; then version=15; fi
  install_debian "postgresql-$version" "postgresql-$version-postgis-3"
  BIN=$(pg_with_postgis)
  [ -n "$BIN" ] || die "PostgreSQL 15 or newer with PostGIS 3.3 or newer was not found — install with: sudo apt-get install postgresql-15 postgresql-15-postgis-3"
}

# PostgreSQL refuses to run as root: there it runs as an ordinary account.
pg_account() { if id postgres >/dev/null 2>&1; then echo postgres; else echo nobody; fi; }
as_pg() { if is_root; then setpriv --reuid="$(pg_account)" --regid="$(id -gn "$(pg_account)")" --clear-groups "$@"; else "$@"; fi; }

cluster_paths() {
  local tag
  tag=$(printf '%s' "$STATE" | sha256sum | cut -c1-10)
  PGDATA=$STATE/pg
  # a clone under a closed folder cannot be reached by another account
  if is_root && ! as_pg test -x "$STATE"; then PGDATA=/var/lib/amlak-$tag/pg; fi
  # the path of a socket ends at 107 bytes: keep it short
  SOCKETS=/tmp/amlak-$tag
}

secret() { od -An -tx1 -N32 /dev/urandom | tr -d ' \n'; }

# ensure_secrets — one file, readable by its owner only, made once.
ensure_secrets() {
  if [ ! -e "$STATE/secrets" ]; then
    ( umask 077; for name in AMLAK_SECRET_KEY AMLAK_ID_KEY PG_ADMIN_PASSWORD PG_OWNER_PASSWORD PG_APP_PASSWORD; do echo "$name=$(secret)"; done >"$STATE/secrets.new" )
    mv "$STATE/secrets.new" "$STATE/secrets"
  fi
  set -a; . "$STATE/secrets"; set +a
}

psql_admin() { PGPASSWORD=$PG_ADMIN_PASSWORD "$BIN/psql" -h "$SOCKETS" -U amlak_admin -XqAt -v ON_ERROR_STOP=1 "$@"; }

cluster_running() { as_pg "$BIN/pg_ctl" -D "$PGDATA" status >/dev/null 2>&1; }

# settle_cluster — a cluster that is just stopping or starting is waited for.
settle_cluster() {
  local i
  for i in $(seq 1 120); do
    cluster_running || return 0
    psql_admin -d postgres -c 'SELECT 1' >/dev/null 2>&1 && return
    sleep 0.5
  done
}

# configure_cluster FOLDER — the settings of a private cluster, behind whatever stands there (the last word counts).
configure_cluster() {
  as_pg tee -a "$1/postgresql.conf" >/dev/null <<CONF
# Amlak: reachable through a socket only
listen_addresses = ''
unix_socket_directories = '$SOCKETS'
unix_socket_permissions = 0777
shared_buffers = 512MB
work_mem = 32MB
maintenance_work_mem = 256MB
effective_cache_size = 2GB
random_page_cost = 1.1
max_wal_size = 4GB
checkpoint_timeout = 15min
jit = off
client_connection_check_interval = 2s
max_slot_wal_keep_size = 20GB
max_connections = 120
CONF
}

init_cluster() {
  say "Making a private PostgreSQL cluster …"
  mkdir -p "$(dirname "$PGDATA")"
  rm -rf "$PGDATA.new"
  mkdir -m 700 "$PGDATA.new"
  if is_root; then chown "$(pg_account)" "$PGDATA.new"; fi
  local pwfile
  pwfile=$(mktemp /tmp/amlak-pw.XXXXXX); printf '%s' "$PG_ADMIN_PASSWORD" >"$pwfile"; if is_root; then chown "$(pg_account)" "$pwfile"; fi
  as_pg "$BIN/initdb" -D "$PGDATA.new" -U amlak_admin --pwfile="$pwfile" --auth=scram-sha-256 --encoding=UTF8 --locale=C.UTF-8 --data-checksums >"$STATE/initdb.log" 2>&1 \
    || { rm -f "$pwfile"; die "initdb failed; see $STATE/initdb.log"; }
  rm -f "$pwfile"
  configure_cluster "$PGDATA.new"
  as_pg mv "$PGDATA.new" "$PGDATA" 2>/dev/null || mv "$PGDATA.new" "$PGDATA"
}

start_cluster() {
  ensure_postgres; cluster_paths; ensure_secrets
  [ -e "$PGDATA/PG_VERSION" ] || init_cluster
  mkdir -p "$SOCKETS"; chmod 711 "$SOCKETS"; if is_root; then chown "$(pg_account)" "$SOCKETS"; fi
  STARTED_CLUSTER=
  settle_cluster
  if ! cluster_running; then
    as_pg "$BIN/pg_ctl" -D "$PGDATA" -w -t 60 -l "$PGDATA/server.log" start >/dev/null || die "PostgreSQL did not start; see $PGDATA/server.log"
    STARTED_CLUSTER=1
  fi
  prepare_roles
}

# prepare_roles — the owner migrates, the application's role runs; a template carries the extensions.
prepare_roles() {
  [ "$(psql_admin -d postgres -c "SELECT 1 FROM pg_database WHERE datname = 'amlak_template' AND datistemplate")" = 1 ] && return
  psql_admin -d postgres <<SQL
SELECT format('CREATE ROLE amlak_owner LOGIN CREATEDB PASSWORD %L', '$PG_OWNER_PASSWORD') WHERE NOT EXISTS (SELECT FROM pg_roles WHERE rolname = 'amlak_owner') \gexec
SELECT format('CREATE ROLE amlak_app LOGIN PASSWORD %L', '$PG_APP_PASSWORD') WHERE NOT EXISTS (SELECT FROM pg_roles WHERE rolname = 'amlak_app') \gexec
SELECT 'CREATE DATABASE amlak_template OWNER amlak_owner' WHERE NOT EXISTS (SELECT FROM pg_database WHERE datname = 'amlak_template') \gexec
SQL
  psql_admin -d amlak_template -c 'CREATE EXTENSION IF NOT EXISTS postgis' -c 'CREATE EXTENSION IF NOT EXISTS btree_gist' -c 'CREATE EXTENSION IF NOT EXISTS btree_gin' -c 'CREATE EXTENSION IF NOT EXISTS pg_trgm' 2>/dev/null
  psql_admin -d postgres -c 'ALTER DATABASE amlak_template IS_TEMPLATE true'
}

stop_cluster() { as_pg "$BIN/pg_ctl" -D "$PGDATA" -w -m fast stop >/dev/null 2>&1 || true; }

# use_database NAME — make it if needed and export the two connections.
use_database() {
  if [ -n "${DATABASE_URL:-}" ] && [ -z "${AMLAK_PRIVATE:-}" ]; then use_given_database; return; fi
  local name=$1
  [ "$(psql_admin -d postgres -c "SELECT 1 FROM pg_database WHERE datname = '$name'")" = 1 ] || psql_admin -d postgres -c "CREATE DATABASE $name OWNER amlak_owner TEMPLATE amlak_template"
  local host=${SOCKETS//\//%2F}
  export AMLAK_PRIVATE=1 AMLAK_DB_TEMPLATE=amlak_template
  export AMLAK_OWNER_DATABASE_URL="postgis://amlak_owner:$PG_OWNER_PASSWORD@$host/$name"
  export DATABASE_URL="postgis://amlak_app:$PG_APP_PASSWORD@$host/$name"
}

# use_given_database — DATABASE_URL owns the tables; the application's role is made beside it.
use_given_database() {
  ensure_secrets
  export AMLAK_OWNER_DATABASE_URL=${AMLAK_OWNER_DATABASE_URL:-$DATABASE_URL}
  [ "$AMLAK_OWNER_DATABASE_URL" != "$DATABASE_URL" ] && return
  local made
  made=$("$PY" "$ROOT/script/app_role.py" "$DATABASE_URL" "$PG_APP_PASSWORD") || die "$made"
  DATABASE_URL=$made; export DATABASE_URL
}

# ensure_sandbox — files from outside are opened only in a sandbox without network.
ensure_sandbox() {
  command -v bwrap >/dev/null && return
  unshare -rn true 2>/dev/null && command -v prlimit >/dev/null && return
  if is_root && command -v apt-get >/dev/null; then install_debian bubblewrap; else say "Uploads are refused: no sandbox works here — install with: sudo apt-get install bubblewrap"; fi
}

# ensure_pango — papers are laid out as PDF by the system's Pango; without it everything else works.
PANGO="libpango-1.0-0 libpangoft2-1.0-0 libharfbuzz-subset0"
ensure_pango() {
  local known; known=$(PATH="$PATH:/usr/sbin:/sbin" ldconfig -p 2>/dev/null || true)
  case $known in *libpangoft2-1.0.so.0*) case $known in *libharfbuzz-subset.so.0*) return ;; esac ;; esac
  # shellcheck disable=SC2086 - a list of packages
  if is_root && command -v apt-get >/dev/null; then install_debian $PANGO; else say "Papers cannot be printed as PDF here — install with: sudo apt-get install $PANGO"; fi
}

# ensure_ocr — the words of scanned papers are read by Tesseract, those of PDF by Poppler; without them all else works.
OCR="tesseract-ocr tesseract-ocr-ara poppler-utils"
ensure_ocr() {
  if command -v tesseract >/dev/null && command -v pdftotext >/dev/null; then case $(tesseract --list-langs 2>/dev/null || true) in *ara*) return ;; esac; fi
  # shellcheck disable=SC2086 - a list of packages
  if is_root && command -v apt-get >/dev/null; then install_debian $OCR; else say "The words of papers are not read here — install with: sudo apt-get install $OCR"; fi
}

# use_backup_connection — a role that may replicate and read everything, and where the documents lie.
use_backup_connection() {
  STORE=${AMLAK_DOCUMENT_STORE:-$STATE/documents}
  export PYTHONPATH=$ROOT/script:$ROOT
  [ -z "${AMLAK_BACKUP_DATABASE_URL:-}" ] || return 0
  [ -z "${DATABASE_URL:-}" ] || [ -n "${AMLAK_PRIVATE:-}" ] || die "AMLAK_BACKUP_DATABASE_URL is not set: a role with REPLICATION that may read all tables (docs/howto/backup.md)"
  cluster_paths; ensure_secrets
  cluster_running || die "the private cluster does not run; script/demo starts it"
  export AMLAK_BACKUP_DATABASE_URL="postgis://amlak_admin:$PG_ADMIN_PASSWORD@${SOCKETS//\//%2F}/${AMLAK_BACKUP_DATABASE:-amlak}"
}

prepare_state() {
  mkdir -p "$STATE/static"
  export AMLAK_STATE_DIR=$STATE
}

reset_database() {
  [ -z "${DATABASE_URL:-}" ] || [ -n "${AMLAK_PRIVATE:-}" ] || die "--reset empties only the private database; yours (DATABASE_URL) is left alone"
  psql_admin -d postgres -c "DROP DATABASE IF EXISTS $1 WITH (FORCE)"
  rm -rf "$STATE/documents" "$STATE/migrated"
}

# tables_stamp — changes with whatever makes the tables.
tables_stamp() {
  find "$ROOT" -path "$ROOT/.*" -prune -o \( -path '*/migrations/*.py' -o -name workflow.py -o -name grants.py -o -name declares.py \) -print0 | sort -z | xargs -0 cat | sha256sum | cut -c1-32
}

# prepare_test_template — the tables made once; test databases are copies of them, in a second instead of ten.
prepare_test_template() {
  [ -n "${AMLAK_PRIVATE:-}" ] || return 0
  local name old
  name=amlak_test_tables_$(tables_stamp | cut -c1-12)
  if [ "$(psql_admin -d postgres -c "SELECT 1 FROM pg_database WHERE datname = '$name'")" != 1 ]; then
    for old in $(psql_admin -d postgres -c "SELECT datname FROM pg_database WHERE datname LIKE 'amlak_test_tables_%'"); do psql_admin -d postgres -c "DROP DATABASE $old WITH (FORCE)"; done
    psql_admin -d postgres -c "CREATE DATABASE ${name}_new OWNER amlak_owner TEMPLATE amlak_template"
    AMLAK_DB_ROLE=owner AMLAK_OWNER_DATABASE_URL=${AMLAK_OWNER_DATABASE_URL%/*}/${name}_new "$PY" "$ROOT/manage.py" migrate --verbosity 0 || die "the tables of the tests could not be made"
    psql_admin -d postgres -c "ALTER DATABASE ${name}_new RENAME TO $name"
  fi
  export AMLAK_DB_TEMPLATE=$name
}

# migrate_if_needed — bring tables and catalogues up to date; does nothing when no migration changed.
migrate_if_needed() {
  local now
  now="$(tables_stamp) ${AMLAK_OWNER_DATABASE_URL##*@}"
  "$PY" "$ROOT/script/catalogues.py"
  if [ "$now" != "$(cat "$STATE/migrated" 2>/dev/null || true)" ]; then
    "$PY" "$ROOT/manage.py" migrate --verbosity 0 || die "the tables could not be brought up to date"
    "$PY" "$ROOT/manage.py" createcachetable --verbosity 0
    "$PY" "$ROOT/manage.py" grant_app_role
    printf '%s' "$now" >"$STATE/migrated"
  fi
}

# wait_for_site PORT PID — until the site answers and, for a little while, until all its parts are ready.
wait_for_site() {
  local i
  for i in $(seq 1 120); do
    "$PY" -c "import sys, urllib.request as u; u.urlopen('http://127.0.0.1:$1/healthz', timeout=2)" 2>/dev/null && { wait_for_parts "$1"; return; }
    kill -0 "$2" 2>/dev/null || die "the site did not start; see the lines above"
    sleep 0.25
  done
  die "the site does not answer on port $1"
}

# wait_for_parts PORT — up to 10 s; what is not ready then is named by /readyz and does not stop the demo.
wait_for_parts() {
  local i
  for i in $(seq 1 20); do
    "$PY" -c "import sys, urllib.request as u; u.urlopen('http://127.0.0.1:$1/readyz', timeout=2)" 2>/dev/null && return
    sleep 0.5
  done
  return 0
}
