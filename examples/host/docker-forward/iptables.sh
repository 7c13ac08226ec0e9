#!/bin/sh
# Lets phantun's packets pass a host whose Docker engine sets the FORWARD policy to DROP, which is its usual way.
# An accept in a table of nftables does not help there: a packet must be accepted by every table, and Docker's drops it.
#
#   install or repeat   ./iptables.sh up
#   remove              ./iptables.sh down
#
# TUN is the device of one phantun: name it yourself with --tun, as the kernel's tun0 may be another program's tomorrow.
# Docker keeps these rules over its own restarts; a reboot forgets them, so a unit of systemd calls this (see ../../systemd).
set -eu

TUN=${TUN:-tun0}

up() {
  for side in -i -o; do
    "$1" -w -C DOCKER-USER "$side" "$TUN" -j ACCEPT 2>/dev/null || "$1" -w -I DOCKER-USER "$side" "$TUN" -j ACCEPT
  done
}

down() {
  for side in -i -o; do
    while "$1" -w -D DOCKER-USER "$side" "$TUN" -j ACCEPT 2>/dev/null; do :; done
  done
}

case ${1-} in
  up | down) ;;
  *)
    echo >&2 "usage: [TUN=$TUN] $0 up|down"
    exit 64
    ;;
esac
for tool in iptables ip6tables; do
  if "$tool" -w -n -L DOCKER-USER >/dev/null 2>&1; then
    "$1" "$tool"
  else
    echo "$tool has no chain DOCKER-USER: Docker does not filter there, or filters with nftables (see docs/host-setup.md)"
  fi
done
