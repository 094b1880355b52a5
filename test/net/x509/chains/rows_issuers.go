// SPDX-License-Identifier: Apache-2.0

package main

import "fmt"

func sameSubject(t *builder) {
	before := t.root("old-without-skid", "ca", without(oidSkid))
	now := t.root("new-with-skid", "ca")
	third := t.root("third", "ca")
	byOld := t.leaf(before, "leaf-of-old")
	byNew := t.leaf(now, "leaf-of-new")
	bare := t.leaf(now, "leaf-of-new-without-akid", without(oidAkid))
	wrong := t.leaf(now, "leaf-of-new-with-akid-of-third", akid("third"))
	t.row("one subject, the second has signed", byNew, chain{before, now}, nil)
	t.row("one subject, the first has signed", byNew, chain{now, before}, nil)
	t.row("one subject, the old one has signed, first", byOld, chain{before, now}, nil)
	t.row("one subject, the old one has signed, last", byOld, chain{now, before}, nil)
	t.row("one subject, no key id in the leaf", bare, chain{before, third, now}, nil)
	t.row("one subject, the leaf names another's key id", wrong, chain{third, before, now}, nil)
	t.row("one subject, the signer is missing", byNew, chain{before, third}, nil)
	t.row("one subject, for a client", byNew, chain{before, now}, nil, forClient)
	expired := t.root("expired-twin", "ca", valid(born.AddDate(-5, 0, 0), born), sameKey(now), skid("new-with-skid"))
	t.row("an expired twin of the authority first", byNew, chain{expired, now}, nil)
	t.row("an expired twin of the authority alone", byNew, chain{expired}, nil)
	above := t.root("above", "above")
	one := t.authority(above, "intermediate-1", "between")
	two := t.authority(above, "intermediate-2", "between", without(oidSkid))
	leaf := t.leaf(two, "leaf-of-intermediate-2")
	t.row("intermediates of one subject, the second has signed", leaf, chain{above}, chain{one, two})
	t.row("intermediates of one subject, the first has signed", leaf, chain{above}, chain{two, one})
	t.row("an intermediate that is not shown", leaf, chain{above}, chain{one})
	printable := t.root("printable", "spelt")
	t.row("the issuer's name as another string type", t.leaf(printable, "leaf-utf8", issuedTo(name("utf8:spelt"))), chain{printable}, nil)
	upper := t.root("upper", "Spelt Name")
	t.row("the issuer's name in another case", t.leaf(upper, "leaf-lower", issuedTo(name("spelt name"))), chain{upper}, nil)
	many, most := chain{}, chain{}
	for i := range 101 {
		twin := t.root(fmt.Sprint("twin-", i), "many", without(oidSkid))
		if many = append(many, twin); i < 100 {
			most = append(most, twin)
		}
	}
	t.row("100 of one subject, the last has signed", t.leaf(most[99], "leaf-of-100th"), most, nil)
	t.row("101 of one subject, the last has signed", t.leaf(many[100], "leaf-of-101st"), many, nil)
	t.row("101 of one subject, the last has signed and is named", t.leaf(many[0], "leaf-of-first"), many, nil)
}

func crossed(t *builder) {
	a, b := t.root("cross-a", "cross-a"), t.root("cross-b", "cross-b")
	between := t.authority(a, "issuing-by-a", "issuing")
	other := t.authority(b, "issuing-by-b", "issuing", sameKey(between), skid("issuing-by-a"))
	leaf := t.leaf(between, "leaf-of-issuing")
	t.row("cross-signed, the way to the first", leaf, chain{a}, chain{other, between})
	t.row("cross-signed, the way to the second", leaf, chain{b}, chain{between, other})
	t.row("cross-signed, no way", leaf, chain{t.root("cross-c", "cross-c")}, chain{between, other})
	aByB := t.authority(b, "a-by-b", "cross-a", sameKey(a), skid("cross-a"))
	bByA := t.authority(a, "b-by-a", "cross-b", sameKey(b), skid("cross-b"))
	t.row("a circle of cross-signatures, no way out", leaf, chain{t.root("cross-d", "cross-d")}, chain{between, aByB, bByA})
	t.row("a circle of cross-signatures, a way out", leaf, chain{b}, chain{between, bByA, aByB})
	expired := t.authority(a, "issuing-expired", "issuing", sameKey(between), skid("issuing-by-a"), valid(born.AddDate(-2, 0, 0), born))
	t.row("an expired intermediate beside a good one", leaf, chain{a}, chain{expired, between})
	t.row("an expired intermediate alone", leaf, chain{a}, chain{expired})
	t.row("shown in the wrong order, with strangers", leaf, chain{b}, chain{b, t.root("stranger", "stranger"), other, leaf})
}

func weak(t *builder) {
	rsa := t.root("rsa-ca", "rsa-ca", key_("rsa2048"))
	t.row("RSA", t.leaf(rsa, "rsa-leaf", key_("rsa2048")), chain{rsa}, nil)
	for _, which := range []string{"md5", "sha1"} {
		t.row("signed with RSA and "+which, t.leaf(rsa, "rsa-"+which, digest(which)), chain{rsa}, nil)
		t.row("signed with RSA and "+which+", for a client", t.leaf(rsa, "rsa-client-"+which, digest(which)), chain{rsa}, nil, forClient)
		between := t.authority(rsa, "between-"+which, "between-"+which, digest(which))
		t.row("an intermediate signed with "+which, t.leaf(between, "below-"+which), chain{rsa}, chain{between})
		self := t.root("self-"+which, "self-"+which, key_("rsa2048"), digest(which))
		t.row("a root that signs itself with "+which, t.leaf(self, "below-self-"+which), chain{self}, nil)
	}
	ec := t.root("ec-ca", "ec-ca")
	t.row("signed with ECDSA and sha1", t.leaf(ec, "ec-sha1", digest("sha1")), chain{ec}, nil)
	for _, size := range []string{"512", "768", "1016", "1024"} {
		t.row("a leaf of RSA "+size, t.leaf(ec, "leaf-rsa"+size, key_("rsa"+size)), chain{ec}, nil)
		t.row("a leaf of RSA "+size+", for a client", t.leaf(ec, "client-rsa"+size, key_("rsa"+size)), chain{ec}, nil, forClient)
		ca := t.root("ca-rsa"+size, "ca-rsa"+size, key_("rsa"+size))
		t.row("an authority of RSA "+size, t.leaf(ca, "below-rsa"+size), chain{ca}, nil)
	}
	for _, kind := range []string{"p224", "p384", "p521", "ed25519"} {
		t.row("a leaf of "+kind, t.leaf(ec, "leaf-"+kind, key_(kind)), chain{ec}, nil)
		ca := t.root("ca-"+kind, "ca-"+kind, key_(kind))
		t.row("an authority of "+kind, t.leaf(ca, "below-"+kind), chain{ca}, nil)
	}
	t.row("a forged signature", t.leaf(ec, "forged", signedBy("p256 forger")), chain{ec}, nil)
	t.row("signed by a key of another kind", t.leaf(ec, "forged-rsa", signedBy("rsa1024 forger")), chain{ec}, nil)
}
