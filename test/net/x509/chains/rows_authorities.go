// SPDX-License-Identifier: Apache-2.0

package main

func purposesAndUsages(t *builder) {
	ca := t.root("uses", "uses")
	leafs := []struct {
		name    string
		changes []change
	}{
		{"keyCertSign alone", []change{usage(5)}},
		{"no key usage", []change{without(oidUsage)}},
		{"keyEncipherment alone", []change{usage(2)}},
		{"EKU any alone", []change{purposes(anyPurpose)}},
		{"EKU serverAuth alone", []change{purposes(serverAuth)}},
		{"EKU clientAuth alone", []change{purposes(clientAuth)}},
		{"no EKU", []change{without(oidPurpose)}},
		{"an empty EKU", []change{purposes()}},
		{"an EKU nobody knows", []change{purposes("1.2.3.4")}},
		{"an EKU nobody knows, and any", []change{purposes("1.2.3.4", anyPurpose)}},
		{"EKU code signing", []change{purposes("1.3.6.1.5.5.7.3.3")}},
		{"itself an authority", []change{basic(true, -1), usage(5)}},
	}
	for _, l := range leafs {
		leaf := t.leaf(ca, "leaf: "+l.name, l.changes...)
		t.row("leaf, server: "+l.name, leaf, chain{ca}, nil)
		t.row("leaf, client: "+l.name, leaf, chain{ca}, nil, forClient)
	}
	for _, u := range []struct {
		name    string
		changes []change
	}{
		{"without keyCertSign", []change{usage(6)}},
		{"with digitalSignature alone", []change{usage(0)}},
		{"without key usage", []change{without(oidUsage)}},
		{"with an empty key usage", []change{usage()}},
		{"with keyUsage and no basicConstraints", []change{without(oidBasic)}},
		{"with CA false", []change{basic(false, -1)}},
		{"without any extension", []change{without(oidBasic), without(oidUsage), without(oidSkid)}},
	} {
		root := t.root("root "+u.name, "root "+u.name, u.changes...)
		t.row("root "+u.name, t.leaf(root, "below root "+u.name), chain{root}, nil)
		between := t.authority(ca, "between "+u.name, "between "+u.name, u.changes...)
		t.row("intermediate "+u.name, t.leaf(between, "below between "+u.name), chain{ca}, chain{between})
	}
	nested(t, ca)
}

func nested(t *builder, ca *certificate) {
	servers := t.authority(ca, "for-servers", "for-servers", purposes(serverAuth))
	clients := t.authority(ca, "for-clients", "for-clients", purposes(clientAuth))
	anything := t.authority(ca, "for-anything", "for-anything", purposes(anyPurpose))
	for _, between := range []*certificate{servers, clients, anything} {
		leaf := t.leaf(between, "below "+between.label)
		t.row("EKU of the intermediate, server: "+between.label, leaf, chain{ca}, chain{between})
		t.row("EKU of the intermediate, client: "+between.label, leaf, chain{ca}, chain{between}, forClient)
	}
	root := t.root("root-for-clients", "root-for-clients", purposes(clientAuth))
	t.row("EKU of the root: clientAuth, server", t.leaf(root, "below root-for-clients"), chain{root}, nil)
	twin := t.authority(ca, "for-clients-twin", "for-clients", sameKey(clients), skid("for-clients"))
	t.row("EKU: another chain holds", t.leaf(clients, "below both"), chain{ca}, chain{clients, twin})
	t.row("EKU of the leaf: serverAuth, below clients", t.leaf(clients, "server below clients", purposes(serverAuth)), chain{ca}, chain{clients})
}

func lengths(t *builder) {
	zero := t.root("length-0", "length-0", basic(true, 0))
	t.row("path length 0, a leaf", t.leaf(zero, "leaf-length-0"), chain{zero}, nil)
	one := t.authority(zero, "below-0", "below-0")
	t.row("path length 0, an intermediate", t.leaf(one, "leaf-below-0"), chain{zero}, chain{one})
	root := t.root("length-1", "length-1", basic(true, 1))
	a := t.authority(root, "length-1-a", "length-1-a")
	b := t.authority(a, "length-1-b", "length-1-b")
	t.row("path length 1, one intermediate", t.leaf(a, "leaf-length-1-a"), chain{root}, chain{a})
	t.row("path length 1, two intermediates", t.leaf(b, "leaf-length-1-b"), chain{root}, chain{a, b})
	t.row("path length 1, two intermediates, the first is trusted too", t.leaf(b, "leaf-length-1-c"), chain{root, a}, chain{b, a})
	again := t.authority(zero, "length-0-again", "length-0", basic(true, 0))
	t.row("path length 0, self-issued", t.leaf(again, "leaf-length-0-again"), chain{zero}, chain{again})
	c := t.authority(a, "length-0-between", "length-0-between", basic(true, 0))
	d := t.authority(c, "length-0-under", "length-0-under")
	t.row("path length 0 of an intermediate", t.leaf(d, "leaf-length-0-under"), chain{root, t.root("long", "long")}, chain{a, c, d})
	long := t.root("deep", "deep")
	last, shown := long, chain{}
	for _, label := range []string{"d1", "d2", "d3", "d4", "d5", "d6", "d7", "d8", "d9", "d10", "d11"} {
		last = t.authority(last, label, label)
		shown = append(shown, last)
	}
	t.row("eleven intermediates", t.leaf(last, "leaf-deep"), chain{long}, shown)
}

func roots(t *builder) {
	old := t.root("v1", "v1", version(1), without(oidBasic), without(oidUsage), without(oidSkid))
	t.row("a root of version 1", t.leaf(old, "below-v1"), chain{old}, nil)
	odd := t.root("v1-extended", "v1-extended", version(1), basic(false, -1))
	t.row("a root of version 1 with extensions", t.leaf(odd, "below-v1-extended"), chain{odd}, nil)
	ca := t.root("top", "top")
	between := t.by(ca, "v1-between", "v1-between", version(1), without(oidAkid))
	t.row("an intermediate of version 1", t.leaf(between, "below-v1-between"), chain{ca}, chain{between})
	t.row("a leaf of version 1", t.by(ca, "v1-leaf", "v1-leaf", version(1), without(oidAkid)), chain{ca}, nil, forClient)
	issuing := t.authority(ca, "issuing-root", "issuing-root")
	leaf := t.leaf(issuing, "leaf-of-issuing-root")
	t.row("an intermediate as the root", leaf, chain{issuing}, nil)
	t.row("an intermediate as the root, shown too", leaf, chain{issuing}, chain{issuing, ca})
	t.row("the leaf as the root", leaf, chain{leaf}, nil)
	t.row("the leaf as the root, for another host", leaf, chain{leaf}, nil, host("127.0.0.8"))
	t.row("the leaf as the root, expired", leaf, chain{leaf}, nil, at(dies.AddDate(0, 0, 1)))
	pool := t.leaf(ca, "pooled-server", purposes(serverAuth))
	t.row("the leaf as the root, for servers only", pool, chain{pool}, nil, forClient)
	pooled := t.leaf(ca, "pooled-client", purposes(clientAuth))
	t.row("the leaf as the root, for clients only", pooled, chain{pooled}, nil)
	self := t.root("self", "self", names("ip:127.0.0.9"), without(oidBasic), without(oidUsage))
	t.row("self-signed, trusted", self, chain{self}, nil)
	t.row("self-signed, unknown", self, chain{ca}, nil)
	t.row("self-signed, shows itself", self, chain{ca}, chain{self})
	twin := t.root("self-twin", "self", names("ip:127.0.0.9"), sameKey(self), without(oidBasic), without(oidUsage))
	t.row("self-signed, another of the same key is trusted", self, chain{twin}, nil)
	t.row("a leaf that is no authority has signed", t.leaf(leaf, "below-leaf"), chain{issuing}, chain{leaf})
	t.row("a trusted leaf that is no authority has signed", t.leaf(leaf, "below-trusted-leaf"), chain{leaf}, nil)
	t.row("no root at all", leaf, nil, chain{issuing, ca})
	t.row("the root is shown and not trusted", leaf, chain{self}, chain{issuing, ca})
}
