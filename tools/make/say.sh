# Sourced by the scripts beside it: one voice for progress and for what is missing.

say() {
    printf '==> %s\n' "$*"
}

# The first argument says what is wrong, each further one is a line about what to do next.
fail() {
    printf '\nerror: %s\n' "$1" >&2
    shift
    for line in "$@"; do
        printf '       %s\n' "$line" >&2
    done
    exit 1
}

# The command that installs Debian packages here, for messages.
apt_install() {
    if [ "$(id -u)" = 0 ]; then
        printf 'apt-get install -y %s' "$*"
    else
        printf 'sudo apt-get install -y %s' "$*"
    fi
}
