# Read by the launchers, with $home and $main set: finds a Java 25 or newer and starts $main with it.

# Prints the major version of the Java in folder $1, or nothing. The release file is read first: it costs no start.
major() {
  version=
  if [ -r "$1/release" ]; then
    version=$(sed -n 's/^JAVA_VERSION="\([^"]*\)".*/\1/p' "$1/release")
  fi
  if [ -z "$version" ] && [ -x "$1/bin/java" ]; then
    version=$("$1/bin/java" -version 2>&1 | sed -n 's/.* version "\([^"]*\)".*/\1/p' | head -n 1)
  fi
  version=${version#1.}
  printf '%s' "${version%%[!0-9]*}"
}

fits() {
  [ -x "$1/bin/java" ] || return 1
  found=$(major "$1")
  [ -n "$found" ] && [ "$found" -ge 25 ]
}

# The folder of the Java that the PATH leads to.
on_path() {
  command -v java >/dev/null 2>&1 || return 1
  java=$(command -v java)
  while [ -L "$java" ]; do
    target=$(readlink "$java")
    case $target in
      /*) java=$target ;;
      *) java=$(dirname -- "$java")/$target ;;
    esac
  done
  CDPATH= cd -- "$(dirname -- "$java")/.." && pwd -P
}

choose() {
  for folder in "${JAVA25_HOME:-}" "$home/runtime" "${JAVA_HOME:-}" "$(on_path)" \
    /usr/lib/jvm/* /opt/java/* /opt/jdk* "${HOME:-/nonexistent}"/.sdkman/candidates/java/* "${HOME:-/nonexistent}"/.jdks/* \
    /Library/Java/JavaVirtualMachines/*/Contents/Home "${HOME:-/nonexistent}"/Library/Java/JavaVirtualMachines/*/Contents/Home \
    /opt/homebrew/opt/openjdk*/libexec/openjdk.jdk/Contents/Home; do
    if [ -n "$folder" ] && fits "$folder"; then
      printf '%s' "$folder"
      return 0
    fi
  done
  return 1
}

jdk=$(choose) || {
  echo "$(basename -- "$0"): no Java 25 or newer was found." >&2
  echo "Install one, for example from https://adoptium.net, or set JAVA25_HOME to the folder it is in." >&2
  echo "Looked at JAVA25_HOME, JAVA_HOME, the PATH, /usr/lib/jvm and the usual folders beside it." >&2
  exit 1
}

# add-opens: without it an interrupt during a durable write would break the store.
# SerialGC: a small heap, and the quickest to start.
exec "$jdk/bin/java" \
  --add-opens=java.base/sun.nio.ch=ALL-UNNAMED --enable-native-access=ALL-UNNAMED \
  -XX:+UseSerialGC -Xshare:auto \
  ${NEXUS_JAVA_OPTS:-} -classpath "$home/lib/*" "$main" "$@"
