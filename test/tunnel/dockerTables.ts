/** A verdict map of Docker's, whose keys are its bridges. */
const jumps = (name: string, chain: string) =>
  `map ${name} { type ifname : verdict; elements = { "docker0" : jump ${chain}__docker0, "br-5f7a" : jump ${chain}__br-5f7a }; }`;

const perBridge = (bridge: string, net: string) => `
  chain in__${bridge} {
    ct state established,related counter accept
    iifname "${bridge}" counter accept comment "ICC"
    counter drop comment "UNPUBLISHED PORT DROP"
  }
  chain out__${bridge} { ct state established,related counter accept; counter accept comment "OUTGOING"; }
  chain nat-in__${bridge} { }
  chain nat-out__${bridge} { oifname != "${bridge}" ${net} counter masquerade; }`;

const table = (family: string, nets: readonly [string, string], policy: string, published: string) => `
table ${family} docker-bridges {
  ${perBridge('docker0', nets[0])}
  ${perBridge('br-5f7a', nets[1])}
  chain published {
    ${published}
  }
  ${jumps('forward-in', 'in')}
  ${jumps('forward-out', 'out')}
  ${jumps('nat-in', 'nat-in')}
  ${jumps('nat-out', 'nat-out')}
  chain filter-FORWARD {
    type filter hook forward priority filter; policy ${policy};
    oifname vmap @forward-in
    iifname vmap @forward-out
  }
  chain nat-POSTROUTING {
    type nat hook postrouting priority srcnat; policy accept;
    iifname vmap @nat-out
    oifname vmap @nat-in
  }
  chain nat-PREROUTING {
    type nat hook prerouting priority dstnat; policy accept;
    fib daddr type local counter jump published
  }
  chain raw-PREROUTING { type filter hook prerouting priority raw; policy accept; }
}`;

/**
 * What Docker's documents say that its nftables backend makes, for two bridges: Debian's engine is too old to have one. Packets to a
 * bridge are dropped unless its containers want them, those of others are left to the policy. `published` are rules for ports that
 * containers publish.
 */
export function dockerTables({ policy = 'accept', published = '' } = {}): string {
  const v4 = table('ip', ['ip saddr 172.17.0.0/16', 'ip saddr 172.18.0.0/16'], policy, published);
  return `${v4}\n${table('ip6', ['ip6 saddr fd17::/64', 'ip6 saddr fd18::/64'], policy, '')}\n`;
}
