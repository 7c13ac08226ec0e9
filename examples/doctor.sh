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

# Rules of one family (ip or ip6), one a line: TABLE CHAIN RULE, and `TABLE CHAIN policy VERDICT` for each chain that what is forwarded
# has to pass. Those of iptables are rewritten in the words of nft, and a vmap as the rules it stands for.
rules() {
  family=$1 tool=iptables covered=''
  [ "$family" = ip ] || tool=ip6tables
  for variant in "$tool" "$tool-legacy"; do
    # without -t it tells the tables there are; asked for one, the legacy variant would make it
    saved=$("$variant-save" 2>/dev/null) || continue
    printf '%s\n' "$saved" | awk -v variant="$variant" -v family="$family" "$FROM_IPTABLES"
    case $("$variant" -V)$saved in
      *incompatible*) ;; # someone made chains with nft in one of these tables, and only nft tells them
      *nf_tables*) covered=" $(printf '%s\n' "$saved" | sed -n 's/^\*//p' | tr '\n' ' ')" ;;
      *) break ;; # the legacy variant under the plain name
    esac
  done
  nft list ruleset 2>/dev/null | awk -v family="$family" -v covered="$covered" "$FROM_NFT"
}

# shellcheck disable=SC2016 # these are programs of awk, whose variables are its own
FROM_IPTABLES='
function target(name) { return name ~ /^(MASQUERADE|SNAT|DNAT|ACCEPT|DROP|REJECT|RETURN)$/ ? tolower(name) : "jump " name }
{ gsub(/"[^"]*"/, "text") } # of comments and prefixes of a log, which may hold anything
/^\*/ { table = variant "/" substr($1, 2) }
/^:FORWARD/ { print table, "FORWARD", "policy", tolower($2) }
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
    else if ($i == "--ctstatus") line = line " ct status " not tolower($++i)
    else if ($i == "-m" || $i == "--comment" || $i == "--reject-with") i++
    else if ($i == "--to-destination" || $i == "--to-source") line = line " to " $++i
    else if ($i == "-j") line = line " " target($++i)
    else if ($i == "-g") line = line " goto " $++i
    else line = line " " $i
    if ($i != "!") not = ""
  }
  print table, $2 line
}'

# shellcheck disable=SC2016
FROM_NFT='
$1 == "table" {
  table = $2 "/" $3
  other = $2 != "inet" && $2 != family || $2 == family && index(covered, " " $3 " ")
}
$1 == "chain" { chain = $2 }
other { next }
/hook forward/ { print table, chain, "policy", (/policy drop/ ? "drop" : "accept") }
$1 ~ /^(table|chain|type|set|map|elements|flags|comment|}|#)/ || NF == 0 { next }
{
  sub(/[ \t]log( prefix "[^"]*")?( level [a-z]+)? /, " ")
  gsub(/"/, ""); gsub(/counter packets [0-9]+ bytes [0-9]+/, ""); sub(/ comment .*/, ""); sub(/ # handle .*/, "")
  gsub(/, +/, ","); gsub(/\{ +/, "{"); gsub(/ +\}/, "}")
  $1 = $1
  if (!match($0, / vmap \{.*\}/)) { print table, chain, $0; next }
  condition = substr($0, 1, RSTART)
  count = split(substr($0, RSTART + 7, RLENGTH - 8), part, ",")
  for (i = 1; i <= count; i++) { sub(/ : /, " ", part[i]); print table, chain, condition part[i] }
}'

# What the rule $0 does with the packet that v describes: a word like accept or jump, nothing if a condition does not hold. One that is
# not understood does not.
# shellcheck disable=SC2016
DOES='
function number(ip,  part) { split(ip, part, "."); return ((part[1] * 256 + part[2]) * 256 + part[3]) * 256 + part[4] }
function within(ip, net,  part, size) {
  if (net == ip) return 1
  if (split(net, part, "/") != 2 || net ~ /:/ || ip !~ /[.]/) return 0
  size = 2 ^ (32 - part[2])
  return int(number(ip) / size) == int(number(part[1]) / size)
}
function among(value, list,  part, count, i) {
  gsub(/[{}]/, "", list)
  count = split(list, part, ",")
  for (i = 1; i <= count; i++) if (part[i] == value || (part[i] ~ /[*+]$/ && index(value, substr(part[i], 1, length(part[i]) - 1)) == 1)) return 1
  return 0
}
function does(  i, word, not, value, found) {
  for (i = 3; i <= NF; i++) {
    word = $i
    if (word ~ /^(ip|ip6|tcp|th|meta|ct)$/) word = word " " $++i
    if (word ~ /^(accept|drop|reject|return|jump|goto|masquerade|snat|dnat)$/) { to = $(i + 1); return word }
    not = $(i + 1) == "!="
    if (not) i++
    value = $++i
    if (word == family " saddr") found = within(saddr, value)
    else if (word == family " daddr") found = within(daddr, value)
    else if (word ~ /^iif(name)?$/) found = among(iif, value)
    else if (word ~ /^oif(name)?$/) found = among(oif, value)
    else if (word ~ /^(tcp|th) dport$/) found = dport != "" && among(dport, value)
    else if (word == "meta l4proto") found = among("tcp", value) || among("6", value)
    else if (word == "meta nfproto") found = value == (family == "ip" ? "ipv4" : "ipv6")
    else if (word ~ /^ct stat(e|us)$/) found = among(state, value) || among(status, value)
    else return ""
    if (found == not) return ""
  }
}
'

# What becomes of the packet where it enters `table` by `chain`: accept, drop or reject. Rules are followed as the kernel follows them.
# shellcheck disable=SC2016
FATE='
$1 == table && $2 == chain && $3 == "policy" { policy = $4 }
$1 == table { rule[$2, ++count[$2]] = $0 }
function fate(chain,  i, word, found) {
  for (i = 1; i <= count[chain]; i++) {
    $0 = rule[chain, i]
    word = does()
    if (word ~ /^(accept|drop|reject)$/) return word
    if (word == "return") return ""
    if (word !~ /^(jump|goto)$/) continue
    found = fate(to)
    if (found != "" || word == "goto") return found
  }
}
END { found = fate(chain); print (found == "" ? policy : found) }'

# The rules of the family $1, read once.
known() { [ "$1" = ip ] && printf '%s\n' "$rules4" || printf '%s\n' "$rules6"; }

# Asks the rules of the family $1 with the program $2 about a packet; the rest describes it, NAME=VALUE.
ask() {
  family=$1 program=$2
  shift 2
  for each; do set -- "$@" -v "$each" && shift; done
  known "$family" | awk -v family="$family" "$@" "$DOES$program"
}

# $1 ip or ip6, $2 phantun's address in it
nat() {
  if [ "$mode" = client ]; then
    if ask "$1" 'does() ~ /^(masquerade|snat)$/' saddr="$2" iif="$tun" oif="$wan" state=new | grep -q .; then
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
  first=$(ask "$1" 'does() == "dnat"' daddr="$own" iif="$wan" dport="$port" state=new |
    if [ "$1" = ip ]; then grep -v 'dnat ip6'; else grep -v 'dnat ip '; fi | sed -n '1s/.* to //p')
  case $first in
    "$2" | "$2:$port" | "[$2]:$port") fine "TCP port $port of $wan leads to $2" ;;
    '') mend "no rule leads TCP port $port of $wan to $2" \
      'load examples/host/nftables/server.nft, or run examples/host/iptables/server.sh up' ;;
    *) mend "TCP port $port of $wan leads to $first, not to $2" \
      'remove that rule, or give phantun and its rules another port (--local)' ;;
  esac
}

# $1 ip or ip6, $2 phantun's address in it. What each filter must let through: the first packets one way, the answers the other.
# Some filters go by a server's port, or by that its connections have been redirected.
passage() {
  going=new coming=established status='' to_port='' closed=''
  [ "$mode" = client ] || going=established coming=new status=dnat to_port=$port
  while read -r table chain && [ -n "$chain" ]; do
    out=$(ask "$1" "$FATE" table="$table" chain="$chain" saddr="$2" iif="$tun" oif="$wan" state="$going" status="$status")
    in=$(ask "$1" "$FATE" table="$table" chain="$chain" daddr="$2" iif="$wan" oif="$tun" state="$coming" status="$status" dport="$to_port")
    [ "$out$in" != acceptaccept ] || continue
    closed=yes
    if known "$1" | grep -q "^$table .*DOCKER-USER"; then
      mend "Docker's FORWARD policy drops what $tun sends or gets ($1)" "TUN=$tun examples/host/docker-forward/iptables.sh up"
    else
      mend "chain $chain of $table drops what $tun sends or gets ($1)" \
        "accept both there, before any rule that drops: in from $tun and out to $tun; with UFW or firewalld see examples/host"
    fi
  done <<END
$(known "$1" | awk '$3 == "policy" { print $1 " " $2 }')
END
  [ -n "$closed" ] || fine "what $tun sends and gets is let through ($1)"
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
