#!/bin/sh
# Lets one phantun client reach its server on a host with firewalld: its TUN device gets a zone, and a policy lets the zone out
# under the host's address.
#
#   install or repeat   ./client.sh up
#   remove              ./client.sh down
#
# Both end with `firewall-cmd --reload`, which forgets what was ever set without --permanent: keep that first, if you need it.
# What differs on your host goes in front: WAN_ZONE=external ./client.sh up
# WAN_ZONE is what `firewall-cmd --get-zone-of-interface=eth0` says. TUN is the device: name it yourself with --tun. The rules are
# for all that comes from it, so of PEER6 it only matters whether it is empty: then there is no rule for IPv6.
set -eu

ZONE=${ZONE:-phantun-client} # at most 17 letters, as firewalld wants it
POLICY=${POLICY:-phantun-out}
TUN=${TUN:-tun0}
WAN_ZONE=${WAN_ZONE:-public}
PEER6=${PEER6-fcc8::2} # phantun's --tun-peer6; empty with --ipv4-only

permanent() { firewall-cmd -q --permanent "$@"; }
exists() { firewall-cmd --permanent "--get-$1" | tr ' ' '\n' | grep -qx "$2"; }

case ${1-} in
  up)
    # firewalld leaves a policy out whose zones have no interface, as they do where no NetworkManager assigns them
    firewall-cmd --get-active-zones | grep -qw "^$WAN_ZONE" || {
      echo >&2 "zone $WAN_ZONE has no interface: firewall-cmd --permanent --zone=$WAN_ZONE --add-interface=eth0 && firewall-cmd --reload"
      exit 1
    }
    exists zones "$ZONE" || permanent --new-zone="$ZONE"
    permanent --zone="$ZONE" --add-interface="$TUN"
    exists policies "$POLICY" || permanent --new-policy="$POLICY"
    permanent --policy="$POLICY" --add-ingress-zone="$ZONE"
    permanent --policy="$POLICY" --add-egress-zone="$WAN_ZONE"
    permanent --policy="$POLICY" --set-target=ACCEPT
    permanent --policy="$POLICY" --add-masquerade # of IPv4 only
    [ -z "$PEER6" ] || permanent --policy="$POLICY" --add-rich-rule='rule family="ipv6" masquerade'
    ;;
  down)
    ! exists policies "$POLICY" || permanent --delete-policy="$POLICY"
    ! exists zones "$ZONE" || permanent --delete-zone="$ZONE"
    ;;
  *)
    echo >&2 "usage: [ZONE=$ZONE] [POLICY=$POLICY] [TUN=$TUN] [WAN_ZONE=$WAN_ZONE] [PEER6=$PEER6] $0 up|down"
    exit 64
    ;;
esac
firewall-cmd -q --reload
