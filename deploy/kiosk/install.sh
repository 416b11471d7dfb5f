#!/bin/sh
# SPDX-License-Identifier: EUPL-1.2
#
# Makes a Debian 12 machine a screen of the office. As root:
#
#   ./install.sh http://avanti.lan:8080 /hall
#   ./install.sh http://avanti.lan:8080 '/enter?next=/kiosk#TOKEN'
set -eu

if [ $# != 2 ] || [ "$(id -u)" != 0 ]; then
	echo "usage, as root: $0 http://ADDRESS[:PORT] PAGE" >&2
	exit 2
fi
address=${1%/}
page=$2
case $address in
http://*/* | https://*/*) echo "install: $address: want an address without a path" >&2; exit 2 ;;
http://?* | https://?*) ;;
*) echo "install: $address: want http://ADDRESS[:PORT]" >&2; exit 2 ;;
esac
case $address$page in
*[\|\"\'\ ]*) echo "install: an address has no quotes, spaces or bars" >&2; exit 2 ;;
esac
here=$(cd "$(dirname "$0")" && pwd)

DEBIAN_FRONTEND=noninteractive apt-get install -y -q --no-install-recommends \
	cage chromium fonts-noto-core fonts-noto-ui-core libpam-systemd alsa-utils >/dev/null
id avanti-screen >/dev/null 2>&1 || useradd --system --create-home --home-dir /var/lib/avanti-screen --shell /usr/sbin/nologin avanti-screen

install -d /usr/local/lib/avanti /etc/avanti /etc/chromium/policies/managed
install -m 755 "$here/screen" /usr/local/lib/avanti/screen
install -m 644 "$here/flags" /usr/local/lib/avanti/flags
sed "s|http://avanti.lan|$address|g" "$here/policies/avanti.json" >/etc/chromium/policies/managed/avanti.json
# The page may carry a kiosk's token: only root and systemd read it.
(umask 077 && printf 'AVANTI_URL="%s"\n' "$address$page" >/etc/avanti/screen.conf)
install -m 644 "$here"/avanti-screen.service "$here"/avanti-screen-nightly.service "$here"/avanti-screen-nightly.timer /etc/systemd/system/
systemctl daemon-reload
systemctl enable avanti-screen.service avanti-screen-nightly.timer
echo "install: done; restart the machine, or: systemctl start avanti-screen avanti-screen-nightly.timer"
