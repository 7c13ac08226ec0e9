#!/bin/sh
# Hands what arrives at one phantun server's TCP port to its TUN device, on a host with firewalld, which lets through what it
# has redirected itself.
#
#   install or repeat   ./server.sh up
#   remove              ./server.sh down
#
# Both end with `firewall-cmd --reload`, which forgets what was ever set without --permanent: keep that first, if you need it.
# What differs on your host goes in front: WAN_ZONE=external PORT=443 ./server.sh up
# WAN_ZONE is what `firewall-cmd --get-zone-of-interface=eth0` says.
set -eu

WAN_ZONE=${WAN_ZONE:-public}
PORT=${PORT:-4567} # phantun's --local
PEER=${PEER:-192.168.201.2} # phantun's --tun-peer
PEER6=${PEER6-fcc9::2} # phantun's --tun-peer6; empty with --ipv4-only

# add or remove, family, address
forward() {
  rule="rule family=\"$2\" forward-port port=\"$PORT\" protocol=\"tcp\" to-port=\"$PORT\" to-addr=\"$3\""
  firewall-cmd -q --permanent --zone="$WAN_ZONE" "--$1-rich-rule=$rule"
}

case ${1-} in
  up) verb=add ;;
  down) verb=remove ;;
  *)
    echo >&2 "usage: [WAN_ZONE=$WAN_ZONE] [PORT=$PORT] [PEER=$PEER] [PEER6=$PEER6] $0 up|down"
    exit 64
    ;;
esac
forward "$verb" ipv4 "$PEER"
[ -z "$PEER6" ] || forward "$verb" ipv6 "$PEER6"
firewall-cmd -q --reload
