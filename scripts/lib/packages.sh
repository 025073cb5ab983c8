# shellcheck shell=sh
# Installs what a script needs from Debian's packages. Sourced.

missing_packages=

# need PACKAGE COMMAND...: notes the package where one of the commands is missing
need() {
    package=$1
    shift
    for command in "$@"; do
        if ! PATH="$PATH:/usr/sbin:/sbin" command -v "$command" > /dev/null 2>&1; then
            missing_packages="$missing_packages $package"
            return
        fi
    done
}

# need_file PACKAGE FILE: notes the package where the file is missing
need_file() {
    if [ ! -e "$2" ]; then
        missing_packages="$missing_packages $1"
    fi
}

# need_jdk: a compiler of Java 17 or newer
need_jdk() {
    version=$(javac -version 2>&1 | sed -n 's/^javac \([0-9]*\).*/\1/p')
    if [ "${version:-0}" -lt 17 ]; then
        missing_packages="$missing_packages openjdk-17-jdk-headless"
    fi
}

# need_postgresql: a server of any version; its programs are not on the PATH
need_postgresql() {
    for server in /usr/lib/postgresql/*/bin/postgres; do
        if [ -x "$server" ]; then
            return
        fi
    done
    missing_packages="$missing_packages postgresql"
}

# install_missing: says what it would install, asks on a terminal, installs as root or through sudo
install_missing() {
    if [ -z "$missing_packages" ]; then
        return
    fi
    echo "missing, to be installed from the system's packages:$missing_packages"
    if [ -t 0 ]; then
        printf 'install them now? [Y/n] '
        read -r answer
        case $answer in
            '' | [Yy]*) ;;
            *)
                echo "install them yourself, then run this again: apt-get install$missing_packages"
                exit 1
                ;;
        esac
    fi
    as_root=
    if [ "$(id -u)" -ne 0 ]; then
        if ! command -v sudo > /dev/null 2>&1; then
            echo "not root and no sudo; let root run: apt-get install$missing_packages"
            exit 1
        fi
        as_root=sudo
    fi
    # a package must not start a service: the tests start servers of their own
    $as_root apt-get update -qq
    # shellcheck disable=SC2086
    $as_root env DEBIAN_FRONTEND=noninteractive RUNLEVEL=1 apt-get install -y -qq --no-install-recommends $missing_packages
    missing_packages=
}
