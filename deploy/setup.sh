#!/bin/sh
# SPDX-License-Identifier: EUPL-1.2
#
# Installs what building (go) or testing (test) needs on Debian, or says what is missing.
set -eu

need=$1
missing=
packages=

want() { # command, Debian package
	command -v "$1" >/dev/null 2>&1 && return
	missing="$missing $1"
	packages="$packages $2"
}

if ! command -v go >/dev/null 2>&1; then
	echo "setup: Go 1.26 or newer is missing: install it from https://go.dev/dl/" >&2
	exit 1
fi
want cc gcc
if [ "$need" = test ]; then
	want promtool prometheus
	want arm-none-eabi-gcc gcc-arm-none-eabi
	want git git
	want node nodejs
	want npm npm
	PATH=$PATH:/usr/sbin want mosquitto mosquitto
	want chromium 'chromium fonts-noto-core'
	want Xvfb xvfb
	want espeak-ng espeak-ng
fi
[ -z "$missing" ] && exit 0

root=
[ "$(id -u)" = 0 ] || root=sudo
if command -v apt-get >/dev/null 2>&1 && { [ -z "$root" ] || command -v sudo >/dev/null 2>&1; }; then
	echo "setup: installing$packages"
	$root apt-get update -q >/dev/null
	# Only the programs are wanted: no service may be started on this machine.
	$root env DEBIAN_FRONTEND=noninteractive RUNLEVEL=1 apt-get install -y -q --no-install-recommends $packages >/dev/null
	exit 0
fi
echo "setup: missing:$missing (on Debian: apt-get install$packages)" >&2
exit 1
