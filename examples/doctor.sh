#!/bin/sh
# Looks at a host on which phantun runs, or is to run, and says what keeps datagrams from getting through. Reads, changes nothing.
#
#   doctor.sh client|server [--tun NAME] [--wan INTERFACE] [--port PORT] [--tun-peer ADDRESS] [--tun-peer6 ADDRESS] [--ipv4-only]
#
# Give it --tun, --tun-peer, --tun-peer6 and --ipv4-only as phantun has them, none of its other options. --port is the server's TCP
# port, --wan the interface that leads out. Ends with 0 if it found nothing to mend, with 1 if it did, with 64 if it was called wrongly.
# Needs root, `ip`, `awk`, and the `nft` or `iptables` that the host's rules were made with.
set -u
export LC_ALL=C

usage() {
  sed -n '4s/^# *//p' "$0" >&2
  exit 64
}

mode=${1-} tun=tun0 wan='' port=4567 peer='' peer6='' ipv4_only=''
case $mode in
  client) peer=192.168.200.2 peer6=fcc8::2 ;;
  server) peer=192.168.201.2 peer6=fcc9::2 ;;
  *) usage ;;
esac
shift
while [ $# -gt 0 ]; do
  case $1 in
    -4 | --ipv4-only) ipv4_only=yes && shift && continue ;;
    --tun | --wan | --port | --tun-peer | --tun-peer6) [ $# -gt 1 ] || usage ;;
    *) usage ;;
  esac
  case $1 in
    --tun) tun=$2 ;;
    --wan) wan=$2 ;;
    --port) port=$2 ;;
    --tun-peer) peer=$2 ;;
    --tun-peer6) peer6=$2 ;;
  esac
  shift 2
done
[ "$(id -u)" = 0 ] || {
  echo >&2 "doctor.sh: only root may read the rules of a firewall: sudo $0 $mode ..."
  exit 64
}

findings=0
fine() { echo "ok    $1"; }
note() { echo "note  $1"; }
# what is wrong, what to do
mend() {
  findings=$((findings + 1))
  printf 'MEND  %s\n      do: %s\n' "$1" "$2"
}
setting() { cat "/proc/sys/net/$1" 2>/dev/null; }

device() {
  if [ ! -e /dev/net/tun ]; then
    mend 'there is no /dev/net/tun' 'modprobe tun; to have it at every start: echo tun > /etc/modules-load.d/tun.conf'
  elif [ ! -c /dev/net/tun ]; then
    mend '/dev/net/tun is not a device' 'rm -r /dev/net/tun && mknod /dev/net/tun c 10 200 && chmod 666 /dev/net/tun'
  elif ! (: < /dev/net/tun) 2>/dev/null; then
    mend '/dev/net/tun cannot be opened' 'modprobe tun; in a virtual server or container, ask its host for the TUN device'
  else
    fine '/dev/net/tun is there and opens'
  fi
}

# Processes of this network namespace that hold the device $1.
holders() {
  here=$(readlink /proc/self/ns/net)
  grep -lsx "iff:[[:space:]]*$1" /proc/[0-9]*/fdinfo/* | sed 's|/fdinfo/.*||' | sort -u | while read -r process; do
    [ "$(readlink "$process/ns/net")" = "$here" ] && echo "${process#/proc/}"
  done
}

interfaces() {
  [ -n "$wan" ] || wan=$(ip -4 route show default | sed -n 's/.* dev \([^ ]*\).*/\1/p' | head -n 1)
  [ -n "$wan" ] || wan=$(ip -6 route show default | sed -n 's/.* dev \([^ ]*\).*/\1/p' | head -n 1)
  if [ -z "$wan" ]; then
    mend 'there is no default route, so no way out is known' 'name the interface that leads to the other side: --wan eth0'
    wan=eth0
  elif ! ip link show dev "$wan" >/dev/null 2>&1; then
    mend "there is no interface $wan" "name one of these with --wan: $(ls -C -w 0 /sys/class/net 2>/dev/null)"
  fi

  if ! link=$(ip -d link show dev "$tun" 2>/dev/null); then
    note "there is no device $tun: phantun does not run, or uses another (give its name with --tun, here and to phantun)"
    return
  fi
  case $link in
    *'tun type tun'*) ;;
    *)
      mend "the name $tun is taken by something that is no TUN device" "give phantun another name: --tun phantun0"
      return
      ;;
  esac
  count=$(holders "$tun" | wc -l)
  if [ "$count" -gt 1 ]; then
    mend "$count programs share the device $tun, and take each other's packets: processes $(holders "$tun" | tr '\n' ' ')" \
      'give each phantun a name and addresses of its own: --tun, --tun-local, --tun-peer, --tun-local6, --tun-peer6'
  else
    fine "$tun is a TUN device of one program"
  fi
  case $link in *,UP,* | *'<UP'* | *',UP>'*) ;; *) mend "$tun is down" 'restart phantun: it sets its device up' ;; esac
  same=$(ip -o -4 addr show | grep -cF " peer $peer/")
  if [ "$same" -gt 1 ]; then
    mend "$same devices lead to $peer" 'give each phantun addresses of its own: --tun-local, --tun-peer'
  elif ! ip -o -4 addr show dev "$tun" | grep -qF " peer $peer/"; then
    mend "$tun does not lead to $peer" "give the --tun-peer of this phantun, as the rules need it too; $tun has: $(
      ip -o -4 addr show dev "$tun" | sed -n 's/.* peer \([^/ ]*\).*/\1/p'
    )"
  fi
}

forwarding() {
  if [ "$(setting ipv4/ip_forward)" = 1 ]; then
    fine 'IPv4 is forwarded'
  else
    mend 'IPv4 is not forwarded' 'sysctl -w net.ipv4.ip_forward=1; for good: examples/host/sysctl.d/90-phantun.conf'
  fi
  [ -z "$ipv4_only" ] || return 0
  if [ "$(setting ipv6/conf/all/forwarding)" != 1 ]; then
    mend 'IPv6 is not forwarded' \
      'sysctl -w net.ipv6.conf.all.forwarding=1; for good: examples/host/sysctl.d/90-phantun.conf; or use --ipv4-only'
    if ip -6 route show default | grep -q 'proto ra'; then
      note "the IPv6 default route comes from a router: set net.ipv6.conf.$wan.accept_ra=2 first, or it is lost"
    fi
  elif [ "$(setting "ipv6/conf/$wan/accept_ra")" = 1 ] && ip -6 addr show dev "$wan" 2>/dev/null | grep -q dynamic &&
    ! ip -6 route show default | grep -q .; then
    mend "IPv6 is forwarded, so $wan no longer listens to routers, and there is no IPv6 default route" \
      "sysctl -w net.ipv6.conf.$wan.accept_ra=2; for good: examples/host/sysctl.d/91-phantun-slaac.conf"
  else
    fine 'IPv6 is forwarded'
  fi
}

# Rules of one family (ip or ip6), one a line: TABLE CHAIN RULE, and `TABLE CHAIN policy drop` for a closed way through.
# Those of iptables are rewritten in the words of nft.
rules() {
  family=$1 tool=iptables covered=''
  [ "$family" = ip ] || tool=ip6tables
  for variant in "$tool" "$tool-legacy"; do
    saved=$({ "$variant-save" -t nat && "$variant-save" -t filter; } 2>/dev/null) || continue
    [ "$variant" = "$tool" ] && covered=yes
    printf '%s\n' "$saved" | awk -v variant="$variant" -v family="$family" "$FROM_IPTABLES"
  done
  nft list ruleset 2>/dev/null | awk -v family="$family" -v covered="$covered" "$FROM_NFT"
}

# shellcheck disable=SC2016 # these are programs of awk, whose variables are its own
FROM_IPTABLES='
function target(name) { return name ~ /^(MASQUERADE|SNAT|DNAT|ACCEPT|DROP|REJECT)$/ ? tolower(name) : "jump " name }
/^\*/ { table = variant "/" substr($1, 2) }
/^:FORWARD/ && $2 == "DROP" { print table, "FORWARD", "policy drop" }
/^-A/ {
  line = ""
  for (i = 3; i <= NF; i++) {
    if ($i == "!") not = "!= "
    else if ($i == "-s") { sub(/\/(32|128)$/, "", $(i + 1)); line = line " " family " saddr " not $++i }
    else if ($i == "-d") { sub(/\/(32|128)$/, "", $(i + 1)); line = line " " family " daddr " not $++i }
    else if ($i == "-i") line = line " iifname " not $++i
    else if ($i == "-o") line = line " oifname " not $++i
    else if ($i == "-p") line = line " meta l4proto " not $++i
    else if ($i == "--dport") line = line " tcp dport " not $++i
    else if ($i == "--ctstate" || $i == "--state") line = line " ct state " not tolower($++i)
    else if ($i == "-m" || $i == "--comment" || $i == "--reject-with") i++
    else if ($i == "--to-destination" || $i == "--to-source") line = line " to " $++i
    else if ($i == "-j" || $i == "-g") line = line " " target($++i)
    else line = line " " $i
    if ($i != "!") not = ""
  }
  print table, $2 line
}'

# shellcheck disable=SC2016
FROM_NFT='
$1 == "table" {
  table = $2 "/" $3
  other = $2 != "inet" && $2 != family
  if (covered != "" && $2 == family && $3 ~ /^(nat|filter|mangle|raw|security)$/) other = 1
}
$1 == "chain" { chain = $2 }
other { next }
/hook forward/ { forward[table, chain] = 1; if (/policy drop/) print table, chain, "policy drop"; next }
$1 ~ /^(table|chain|type|set|map|elements|flags|comment|}|#)/ || NF == 0 { next }
{
  gsub(/"/, ""); gsub(/counter packets [0-9]+ bytes [0-9]+/, ""); sub(/ comment .*/, ""); sub(/ # handle .*/, "")
  gsub(/, +/, ","); gsub(/\{ +/, "{"); gsub(/ +\}/, "}")
  $1 = $1
  print table, chain, $0
  if (forward[table, chain] && /^(drop|reject.*)$/) print table, chain, "policy drop"
}'

# Prints the rules on stdin that hold for a packet: v describes it. A condition that is not understood does not hold.
# shellcheck disable=SC2016
HOLDS='
function number(ip,  part) { split(ip, part, "."); return ((part[1] * 256 + part[2]) * 256 + part[3]) * 256 + part[4] }
function within(ip, net,  part, size) {
  if (net == ip) return 1
  if (split(net, part, "/") != 2 || net ~ /:/ || ip ~ /:/) return 0
  size = 2 ^ (32 - part[2])
  return int(number(ip) / size) == int(number(part[1]) / size)
}
function among(value, list,  part, count, i) {
  gsub(/[{}]/, "", list)
  count = split(list, part, ",")
  for (i = 1; i <= count; i++) if (part[i] == value || (part[i] ~ /[*+]$/ && index(value, substr(part[i], 1, length(part[i]) - 1)) == 1)) return 1
  return 0
}
{
  holds = 1
  for (i = 3; i <= NF && holds; i++) {
    not = 0
    word = $i
    if (word ~ /^(ip|ip6|tcp|th|meta|ct)$/) word = word " " $++i
    if (word ~ /^(masquerade|accept)$/) { if (word == verdict || verdict == "nat" && word == "masquerade") print; break }
    if (word ~ /^(snat|dnat)$/) { if (verdict == word || verdict == "nat" && word == "snat") print; break }
    if ($(i + 1) == "!=") { not = 1; i++ }
    value = $++i
    if (word == family " saddr") found = within(saddr, value)
    else if (word == family " daddr") found = within(daddr, value)
    else if (word ~ /^iif(name)?$/) found = among(iif, value)
    else if (word ~ /^oif(name)?$/) found = among(oif, value)
    else if (word ~ /^(tcp|th) dport$/) found = dport != "" && among(dport, value)
    else if (word == "meta l4proto") found = among("tcp", value) || among("6", value)
    else if (word == "meta nfproto") found = value == (family == "ip" ? "ipv4" : "ipv6")
    else if (word == "ct state") found = among(state, value)
    else { holds = 0; break }
    holds = not ? !found : found
  }
}'

# The rules of the family $1, read once.
known() { [ "$1" = ip ] && printf '%s\n' "$rules4" || printf '%s\n' "$rules6"; }

# Rules of the family $1 that a packet meets: $2 is the verdict asked for, the rest describes the packet, NAME=VALUE.
holding() {
  family=$1 verdict=$2
  shift 2
  for each; do set -- "$@" -v "$each" && shift; done
  awk -v family="$family" -v verdict="$verdict" "$@" "$HOLDS"
}

# $1 ip or ip6, $2 phantun's address in it
nat() {
  if [ "$mode" = client ]; then
    if known "$1" | holding "$1" nat saddr="$2" iif="$tun" oif="$wan" state=new | grep -q .; then
      fine "packets from $2 leave $wan with the host's address"
      return
    fi
    other=$(known "$1" | sed -n 's/.*iifname \([^ ]*\) .*masquerade.*/\1/p' | head -n 1)
    [ -z "$other" ] || [ "$other" = "$tun" ] || note "a masquerade rule asks for the device $other, and phantun's is $tun"
    mend "no rule gives packets from $2 that leave $wan the host's address" \
      'load examples/host/nftables/client.nft, or run examples/host/iptables/client.sh up'
    return
  fi
  own=$(ip -o addr show dev "$wan" 2>/dev/null | awk -v family="$1" '$3 == (family == "ip" ? "inet" : "inet6") { sub("/.*", "", $4); print $4; exit }')
  first=$(known "$1" | holding "$1" dnat daddr="$own" iif="$wan" dport="$port" state=new |
    if [ "$1" = ip ]; then grep -v 'dnat ip6'; else grep -v 'dnat ip '; fi | sed -n '1s/.* to //p')
  case $first in
    "$2" | "$2:$port" | "[$2]:$port") fine "TCP port $port of $wan leads to $2" ;;
    '') mend "no rule leads TCP port $port of $wan to $2" \
      'load examples/host/nftables/server.nft, or run examples/host/iptables/server.sh up' ;;
    *) mend "TCP port $port of $wan leads to $first, not to $2" \
      'remove that rule, or give phantun and its rules another port (--local)' ;;
  esac
}

# $1 ip or ip6, $2 phantun's address in it. What the filter must let through: the first packets one way, the answers the other.
passage() {
  going=new coming=established
  [ "$mode" = client ] || going=established coming=new
  all=$(known "$1")
  closed=$(printf '%s\n' "$all" | awk '$3 == "policy" && !seen[$1]++ { print $1 " " $2 }')
  [ -n "$closed" ] || {
    fine "no rule stops what is forwarded ($1)"
    return
  }
  while read -r table chain; do
    mine=$(printf '%s\n' "$all" | awk -v table="$table" '$1 == table && tolower($2) !~ /input|output|routing/ && $3 != "policy"')
    out=$(printf '%s\n' "$mine" | holding "$1" accept saddr="$2" iif="$tun" oif="$wan" state="$going")
    in=$(printf '%s\n' "$mine" | holding "$1" accept daddr="$2" iif="$wan" oif="$tun" state="$coming")
    if [ -n "$out" ] && [ -n "$in" ]; then
      fine "$table lets $tun through ($1)"
    elif printf '%s\n' "$mine" | awk '$2 == "DOCKER-USER" || / DOCKER-USER$/ { found = 1 } END { exit !found }'; then
      mend "Docker's FORWARD policy drops what $tun sends or gets ($1)" "TUN=$tun examples/host/docker-forward/iptables.sh up"
    else
      mend "chain $chain of $table drops what $tun sends or gets ($1)" \
        "accept both there: in from $tun and out to $tun; with UFW or firewalld see examples/host"
    fi
  done <<END
$closed
END
}

tracking() {
  count=$(setting netfilter/nf_conntrack_count)
  max=$(setting netfilter/nf_conntrack_max)
  if [ -z "$count" ] || [ -z "$max" ]; then
    note 'connections are not tracked yet; the first NAT rule starts that'
  elif [ "$((count * 10))" -ge "$((max * 9))" ]; then
    mend "the table of tracked connections is nearly full: $count of $max" \
      "sysctl -w net.netfilter.nf_conntrack_max=$((max * 2)), and find who opens so many: conntrack -L"
  else
    fine "$count of $max connections are tracked"
  fi
}

device
interfaces
forwarding
if command -v nft >/dev/null || command -v iptables >/dev/null; then
  rules4=$(rules ip)
  [ -n "$ipv4_only" ] || rules6=$(rules ip6)
  nat ip "$peer"
  [ -n "$ipv4_only" ] || nat ip6 "$peer6"
  passage ip "$peer"
  [ -n "$ipv4_only" ] || passage ip6 "$peer6"
else
  mend 'neither nft nor iptables is here, so no rule can be read or made' 'install nftables'
fi
tracking

[ "$findings" = 0 ] && echo "Nothing to mend." && exit 0
echo "$findings to mend."
exit 1
