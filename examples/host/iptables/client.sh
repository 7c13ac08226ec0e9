#!/bin/sh
# Lets one phantun client reach its server: what leaves its TUN device gets the host's address.
#
#   install or repeat   ./client.sh up
#   remove              ./client.sh down
#
# A reboot forgets the rules: see ../../systemd. What differs on your host goes in front: WAN=ens3 ./client.sh up
# A second client on the host gets a chain and addresses of its own.
set -eu

CHAIN=${CHAIN:-PHANTUN-CLIENT}
WAN=${WAN:-eth0}
PEER=${PEER:-192.168.200.2} # phantun's --tun-peer
PEER6=${PEER6-fcc8::2} # phantun's --tun-peer6; empty with --ipv4-only

up() {
  "$1" -w -t nat -N "$CHAIN" 2>/dev/null || "$1" -w -t nat -F "$CHAIN"
  "$1" -w -t nat -A "$CHAIN" -s "$2" -o "$WAN" -j MASQUERADE
  "$1" -w -t nat -C POSTROUTING -j "$CHAIN" 2>/dev/null || "$1" -w -t nat -A POSTROUTING -j "$CHAIN"
}

down() {
  "$1" -w -t nat -n -L "$CHAIN" >/dev/null 2>&1 || return 0
  while "$1" -w -t nat -D POSTROUTING -j "$CHAIN" 2>/dev/null; do :; done
  "$1" -w -t nat -F "$CHAIN"
  "$1" -w -t nat -X "$CHAIN"
}

case ${1-} in
  up | down) ;;
  *)
    echo >&2 "usage: [WAN=eth0] [PEER=$PEER] [PEER6=$PEER6] [CHAIN=$CHAIN] $0 up|down"
    exit 64
    ;;
esac
"$1" iptables "$PEER"
[ -z "$PEER6" ] || "$1" ip6tables "$PEER6"
