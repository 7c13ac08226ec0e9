#!/bin/sh
# Looks at a host on which phantun runs, or is to run, and says what keeps datagrams from getting through. Reads, changes nothing.
#
#   doctor.sh client|server [--tun NAME] [--wan INTERFACE] [--port PORT] [--tun-peer ADDRESS] [--tun-peer6 ADDRESS] [--ipv4-only]
#
# Give it --tun, --tun-peer, --tun-peer6 and --ipv4-only as phantun has them, none of its other options. --port is the server's TCP
# port, --wan the interface that leads out. Ends with 0 if it found nothing to mend, with 1 if it did, with 64 if it could not look.
# Needs root, the `ip` of iproute2, `awk`, and the `nft` or `iptables` that the host's rules were made with.
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
ip -V 2>/dev/null | grep -q iproute2 || {
  echo >&2 'doctor.sh: needs the ip of iproute2, and there is none or another: apt-get install iproute2, or apk add iproute2'
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
  for process in /proc/[0-9]*; do
    [ "$(readlink "$process/ns/net")" = "$here" ] || continue
    # one process at a time: the files of all are more than a command line holds
    grep -qrsx "iff:[[:space:]]*$1" "$process/fdinfo" && echo "${process#/proc/}"
  done
}

# $1 4 or 6, $2 phantun's address in it, $3 phantun's options for addresses
addresses() {
  same=$(ip -o "-$1" addr show | grep -cF " peer $2/")
  own=$(ip -o "-$1" addr show dev "$tun" | sed -n 's/.* peer \([^/ ]*\).*/\1/p')
  if [ "$same" -gt 1 ]; then
    mend "$same devices lead to $2" "give each phantun addresses of its own: $3"
  elif [ "$own" != "$2" ] && [ "$1$own" != 6 ]; then # a client of an IPv4 server has no address of IPv6
    mend "$tun does not lead to $2" "give the ${3#*, } of this phantun, as the rules need it too; $tun has: $own"
  fi
}

interfaces() {
  [ -n "$wan" ] || wan=$(ip -4 route show default | sed -n 's/.* dev \([^ ]*\).*/\1/p' | head -n 1)
  [ -n "$wan" ] || wan=$(ip -6 route show default | sed -n 's/.* dev \([^ ]*\).*/\1/p' | head -n 1)
  if [ -z "$wan" ]; then
    mend 'there is no default route, so no way out is known' 'name the interface that leads to the other side: --wan eth0'
    wan=eth0
  elif ! ip link show dev "$wan" >/dev/null 2>&1; then
    mend "there is no interface $wan" "name one of these with --wan: $(cd /sys/class/net && echo *)"
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
  held=$(holders "$tun" | tr '\n' ' ')
  case $held in
    '') note "no program holds the device $tun: phantun does not run; where it ends at once, see: ip link delete $tun" ;;
    *' '?*)
      mend "$(echo "$held" | wc -w) programs share the device $tun, and take each other's packets: processes $held" \
        'give each phantun a name and addresses of its own: --tun, --tun-local, --tun-peer, --tun-local6, --tun-peer6'
      ;;
    *) fine "$tun is a TUN device of one program" ;;
  esac
  case $link in *,UP,* | *'<UP'* | *',UP>'*) ;; *) mend "$tun is down" 'restart phantun: it sets its device up' ;; esac
  addresses 4 "$peer" '--tun-local, --tun-peer'
  [ -n "$ipv4_only" ] || addresses 6 "$peer6" '--tun-local6, --tun-peer6'
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
    # where systemd-networkd or NetworkManager listens in the kernel's place, accept_ra is 0
    if [ "$(setting "ipv6/conf/$wan/accept_ra")" = 1 ] && ip -6 route show default | grep -q 'proto ra'; then
      note "the IPv6 default route comes from a router: load examples/host/sysctl.d/89-phantun-slaac.conf first, or it is lost"
    fi
  elif [ "$(setting "ipv6/conf/$wan/accept_ra")" = 1 ] && ip -6 addr show dev "$wan" 2>/dev/null | grep -q dynamic &&
    ! ip -6 route show default | grep -q .; then
    mend "IPv6 is forwarded, so $wan no longer listens to routers, and there is no IPv6 default route" \
      "sysctl -w net.ipv6.conf.$wan.accept_ra=2; for good: examples/host/sysctl.d/89-phantun-slaac.conf"
  else
    fine 'IPv6 is forwarded'
  fi
}

# Rules of one family (ip or ip6), one a line: TABLE CHAIN RULE, and `TABLE CHAIN base HOOK TYPE PRIORITY POLICY` for each chain that the
# kernel itself enters. Those of iptables are rewritten in the words of nft, a named set as what it holds, a vmap as the rules it stands for.
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
function target(name) { return name ~ /^(MASQUERADE|SNAT|DNAT|REDIRECT|ACCEPT|DROP|REJECT|RETURN)$/ ? tolower(name) : "jump " name }
{ gsub(/"[^"]*"/, "text") } # of comments and prefixes of a log, which may hold anything
/^\*/ { kind = substr($1, 2); table = variant "/" kind }
/^:(FORWARD|PREROUTING|POSTROUTING) / {
  chain = substr($1, 2)
  print table, chain, "base", tolower(chain), (kind == "nat" ? "nat" : "filter"), (chain == "PREROUTING" ? -100 : 100), tolower($2)
}
/^-A/ {
  line = ""
  for (i = 3; i <= NF; i++) {
    if ($i == "!") not = "!= "
    else if ($i == "-s") line = line " " family " saddr " not $++i
    else if ($i == "-d") line = line " " family " daddr " not $++i
    else if ($i == "-i") line = line " iifname " not $++i
    else if ($i == "-o") line = line " oifname " not $++i
    else if ($i == "-p") line = line " meta l4proto " not $++i
    else if ($i ~ /^--dports?$/) { gsub(":", "-", $(i + 1)); line = line " tcp dport " not $++i }
    else if ($i == "--dst-type") line = line " fib daddr type " not tolower($++i)
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
BEGIN { level["raw"] = -300; level["mangle"] = -150; level["dstnat"] = -100; level["security"] = 50; level["srcnat"] = 100 }
$1 == "table" {
  table = $2 "/" $3
  other = $2 != "inet" && $2 != family || $2 == family && index(covered, " " $3 " ")
}
other || NF == 0 || $1 ~ /^(#|comment)/ { next }
$1 == "}" { chain = ""; next }
$1 == "chain" { chain = $2; next }
$1 ~ /^(set|map)$/ && chain == "" { name = "@" $2; held[name] = "{}" }
$1 == "elements" && chain == "" { held[name] = ""; sub(/.*= /, ""); open = 1 }
open { held[name] = held[name] " " $0; open = !/}$/ }
chain == "" { next }
$1 == "type" && $3 == "hook" {
  gsub(";", "")
  print table, chain, "base", $4, $2, ($6 in level ? level[$6] : $6 + 0) + ($7 $8) , (/policy drop/ ? "drop" : "accept")
  next
}
{
  for (i = 1; i <= NF; i++) if ($i in held) $i = held[$i]
  sub(/[ \t]log( prefix "[^"]*")?( level [a-z]+)? /, " ")
  gsub(/"/, ""); gsub(/counter packets [0-9]+ bytes [0-9]+/, ""); sub(/ comment .*/, ""); sub(/ # handle .*/, "")
  gsub(/,[ \t]+/, ","); gsub(/\{ +/, "{"); gsub(/ +\}/, "}")
  $1 = $1
  if (!match($0, / vmap \{.*\}/)) { print table, chain, $0; next }
  condition = substr($0, 1, RSTART)
  count = split(substr($0, RSTART + 7, RLENGTH - 8), part, ",")
  for (i = 1; i <= count; i++) { sub(/ : /, " ", part[i]); print table, chain, condition part[i] }
}'

# What the rule $0 does with the packet that v describes: a word like accept or jump, nothing if a condition does not hold. One that is
# not understood does not. `to` is then where a jump or a DNAT leads.
# shellcheck disable=SC2016
DOES='
# An address of either family as its hexadecimal digits. `::` fills up to eight groups.
function digits(ip,  part, count, given, i, text) {
  count = split(tolower(ip), part, ip ~ /:/ ? ":" : ".")
  if (ip !~ /:/) return sprintf("%02x%02x%02x%02x", part[1], part[2], part[3], part[4])
  for (i = 1; i <= count; i++) given += part[i] != ""
  for (i = 1; i <= count; i++)
    if (part[i] != "") text = text substr("0000" part[i], length(part[i]) + 1)
    else for (; given < 8; given++) text = text "0000"
  return text
}
function nibble(text, at) { return index("0123456789abcdef", substr(text, at, 1)) - 1 }
# The address is this one, in this net NET/BITS, or in this range FIRST-LAST.
function within(ip, net,  part, whole, rest) {
  if (ip == "") return 0
  ip = digits(ip)
  if (split(net, part, "-") == 2) return digits(part[1]) <= ip && ip <= digits(part[2])
  if (split(net, part, "/") < 2) return ip == digits(net)
  net = digits(part[1])
  whole = int(part[2] / 4)
  rest = 2 ^ (4 - part[2] % 4)
  return substr(ip, 1, whole) == substr(net, 1, whole) && int(nibble(ip, whole + 1) / rest) == int(nibble(net, whole + 1) / rest)
}
function same(what, value, wanted,  end) {
  if (what == "address") return within(value, wanted)
  if (what == "port" && split(wanted, end, "-") == 2) return end[1] + 0 <= value + 0 && value + 0 <= end[2] + 0
  return wanted == value || wanted ~ /[*+]$/ && index(value, substr(wanted, 1, length(wanted) - 1)) == 1
}
function among(what, value, list,  part, count, i) {
  gsub(/[{}]/, "", list)
  count = split(list, part, ",")
  for (i = 1; i <= count; i++) if (same(what, value, part[i])) return 1
  return 0
}
function does(  i, word, not, value, found) {
  for (i = 3; i <= NF; i++) {
    word = $i
    if (word ~ /^(ip|ip6|tcp|th|meta|ct|fib)$/) word = word " " $++i
    if (word == "fib daddr" && $(i + 1) == "type") word = word " " $++i
    if (word ~ /^[sd]nat$/ && $(i + 1) ~ /^ip6?$/ && $++i != family) return ""
    if (word ~ /^(accept|drop|reject|return|jump|goto|masquerade|snat|dnat|redirect)$/) {
      to = $(i + 1) == "to" ? $(i + 2) : $(i + 1)
      return word
    }
    not = $(i + 1) == "!="
    if (not) i++
    value = $++i
    if (word == family " saddr") found = among("address", saddr, value)
    else if (word == family " daddr") found = among("address", daddr, value)
    else if (word == "fib daddr type") found = among("type", dtype, value)
    else if (word ~ /^iif(name)?$/) found = among("name", iif, value)
    else if (word ~ /^oif(name)?$/) found = among("name", oif, value)
    else if (word ~ /^(tcp|th) dport$/) found = dport != "" && among("port", dport, value)
    else if (word ~ /^(meta l4proto|ip protocol|ip6 nexthdr)$/) found = among("name", "tcp", value) || among("name", "6", value)
    else if (word == "meta nfproto") found = value == (family == "ip" ? "ipv4" : "ipv6")
    else if (word ~ /^ct stat(e|us)$/) found = among("name", state, value) || among("name", status, value)
    else return ""
    if (found == not) return ""
  }
}
'

# What becomes of the packet in each chain that the kernel enters at `hook`, one a line: PRIORITY TABLE CHAIN, the last word on it, and
# where that leads. Rules are followed as the kernel follows them.
# shellcheck disable=SC2016
WALK='
$3 == "base" && $4 == hook && $5 == kind { base[++bases] = $1 " " $2; priority[bases] = $6; policy[bases] = $7 }
{ rule[$1 " " $2, ++count[$1 " " $2]] = $0 }
function fate(chain,  i, word, found) {
  for (i = 1; i <= count[chain]; i++) {
    $0 = rule[chain, i]
    word = does()
    if (word == "return") return ""
    if (word !~ /^(jump|goto|)$/) return word
    if (word == "") continue
    found = fate($1 " " to)
    if (found != "" || word == "goto") return found
  }
}
END {
  for (each = 1; each <= bases; each++) {
    found = fate(base[each])
    print priority[each], base[each], (found == "" ? policy[each] : found), to
  }
}'

# The rules of the family $1, read once.
known() { [ "$1" = ip ] && printf '%s\n' "$rules4" || printf '%s\n' "$rules6"; }

# Asks the rules of the family $1 with the program $2 about a packet; the rest describes it, NAME=VALUE.
ask() {
  family=$1 program=$2
  shift 2
  for each; do set -- "$@" -v "$each" && shift; done
  known "$family" | awk -v family="$family" "$@" "$DOES$program"
}

# Of chains with NAT, what those say that come first and do not pass the packet on, as an accept there does: WORD WHERE. They are several
# where priorities are alike: which of them the kernel asks first, no listing tells.
deciding() { sort -n | awk '$4 != "accept" && (first == "" || $1 == first) { first = $1; print $4, $5 }' | sort -u; }

# The rest describes a packet to `ask`: names a rule that would have an effect like $2 on it, if there is one.
# shellcheck disable=SC2016
unreached() {
  family=$1 effect=$2
  shift 2
  where=$(ask "$family" 'does() ~ effect { print "chain " $2 " of " $1; exit }' "$@" effect="$effect")
  [ -z "$where" ] || note "$where has the rule, but no packet gets there: a jump is missing, or another rule comes first"
}

# $1 ip or ip6, $2 phantun's address in it
nat() {
  family=$1 address=$2
  if [ "$mode" = client ]; then
    set -- saddr="$address" iif="$tun" oif="$wan" state=new
    case $(ask "$family" "$WALK" hook=postrouting kind=nat "$@" | deciding) in
      masquerade* | snat*)
        fine "packets from $address leave $wan with the host's address"
        return
        ;;
    esac
    unreached "$family" 'masquerade|snat' "$@"
    other=$(known "$family" | sed -n 's/.*iifname \([^ ]*\) .*masquerade.*/\1/p' | head -n 1)
    [ -z "$other" ] || [ "$other" = "$tun" ] || note "a masquerade rule asks for the device $other, and phantun's is $tun"
    mend "no rule gives packets from $address that leave $wan the host's address" \
      'load examples/host/nftables/client.nft, or run examples/host/iptables/client.sh up'
    return
  fi
  own=$(ip -o -f "inet${family#ip}" addr show dev "$wan" 2>/dev/null | sed -n '1s/.* inet6* \([^/ ]*\).*/\1/p')
  set -- daddr="$own" dtype=local iif="$wan" dport="$port" state=new
  first=$(ask "$family" "$WALK" hook=prerouting kind=nat "$@" | deciding | awk '
    { where = where (NR > 1 ? " or " : "") ($1 != "dnat" ? "a rule that says " $1 : $2 ~ /[.:]/ ? $2 : "what a map says") }
    END { print where }')
  case $first in
    "$address" | "$address:$port" | "[$address]:$port") fine "TCP port $port of $wan leads to $address" ;;
    'what a map says') note "TCP port $port of $wan leads to what a map says: look whether it is $address" ;;
    '')
      unreached "$family" dnat "$@"
      mend "no rule leads TCP port $port of $wan to $address" \
        'load examples/host/nftables/server.nft, or run examples/host/iptables/server.sh up'
      ;;
    *) mend "TCP port $port of $wan leads to $first, not to $address" \
      'remove that rule, or give phantun and its rules another port (--local)' ;;
  esac
}

# $1 ip or ip6, $2 phantun's address in it. What each filter must let through: the first packets one way, the answers the other.
# Some filters go by a server's port, or by that its connections have been redirected.
passage() {
  going=new coming=established status='' to_port=''
  [ "$mode" = client ] || going=established coming=new status=dnat to_port=$port
  closed=$({
    ask "$1" "$WALK" hook=forward kind=filter saddr="$2" iif="$tun" oif="$wan" state="$going" status="$status"
    ask "$1" "$WALK" hook=forward kind=filter daddr="$2" iif="$wan" oif="$tun" state="$coming" status="$status" dport="$to_port"
  } | awk '$4 != "accept" && !told[$2, $3]++ { print $2, $3 }')
  [ -n "$closed" ] || fine "what $tun sends and gets is let through ($1)"
  while read -r table chain && [ -n "$chain" ]; do
    if known "$1" | grep -q "^$table .*DOCKER-USER"; then
      mend "Docker's FORWARD policy drops what $tun sends or gets ($1)" "TUN=$tun examples/host/docker-forward/iptables.sh up"
    else
      mend "chain $chain of $table drops what $tun sends or gets ($1)" \
        "accept both there, before any rule that drops: in from $tun and out to $tun; with UFW or firewalld see examples/host"
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
