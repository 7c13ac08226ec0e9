#!/bin/sh
# Hands what arrives for the host at one phantun server's TCP port to its TUN device; what only passes through is left alone.
#
#   install or repeat   ./server.sh up
#   remove              ./server.sh down
#
# A reboot forgets the rules: see ../../systemd. What differs on your host goes in front: WAN=ens3 PORT=443 ./server.sh up
# A second server on the host gets a chain, a port and addresses of its own.
set -eu

CHAIN=${CHAIN:-PHANTUN-SERVER}
WAN=${WAN:-eth0}
PORT=${PORT:-4567} # phantun's --local
PEER=${PEER:-192.168.201.2} # phantun's --tun-peer
PEER6=${PEER6-fcc9::2} # phantun's --tun-peer6; empty with --ipv4-only

up() {
  "$1" -w -t nat -N "$CHAIN" 2>/dev/null || "$1" -w -t nat -F "$CHAIN"
  "$1" -w -t nat -A "$CHAIN" -i "$WAN" -m addrtype --dst-type LOCAL -p tcp --dport "$PORT" -j DNAT --to-destination "$2"
  "$1" -w -t nat -C PREROUTING -j "$CHAIN" 2>/dev/null || "$1" -w -t nat -A PREROUTING -j "$CHAIN"
}

down() {
  "$1" -w -t nat -n -L "$CHAIN" >/dev/null 2>&1 || return 0
  while "$1" -w -t nat -D PREROUTING -j "$CHAIN" 2>/dev/null; do :; done
  "$1" -w -t nat -F "$CHAIN"
  "$1" -w -t nat -X "$CHAIN"
}

case ${1-} in
  up | down) ;;
  *)
    echo >&2 "usage: [WAN=eth0] [PORT=$PORT] [PEER=$PEER] [PEER6=$PEER6] [CHAIN=$CHAIN] $0 up|down"
    exit 64
    ;;
esac
"$1" iptables "$PEER"
[ -z "$PEER6" ] || "$1" ip6tables "$PEER6"
