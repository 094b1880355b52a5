// SPDX-License-Identifier: Apache-2.0

package main

import (
	"encoding/asn1"
	"encoding/pem"
	"math/big"
	"os"
	"time"
)

func serial(number int64) change { return func(c *certificate) { c.serial = number } }

func critical(oid string) change {
	return func(c *certificate) { c.set(oid, true, c.value(oid)) }
}

func odd(t *builder) {
	ca := t.root("odd", "odd")
	for _, o := range []struct {
		name    string
		changes []change
	}{
		{"a negative serial", []change{serial(-5)}},
		{"serial 0", []change{serial(0)}},
		{"an unknown extension", []change{more("1.2.3.4", false, []byte{5, 0})}},
		{"a critical unknown extension", []change{more("1.2.3.4", true, []byte{5, 0})}},
		{"a critical EKU", []change{critical(oidPurpose)}},
		{"critical names", []change{critical(oidNames)}},
		{"critical names of no known kind", []change{names("dir:"), critical(oidNames)}},
		{"a critical authority key id", []change{critical(oidAkid)}},
		{"a critical subject key id", []change{skid("x"), critical(oidSkid)}},
		{"an extension twice", []change{more(oidPurpose, false, der(sequence(raw(oidOf(serverAuth)))))}},
		{"an address of 8 bytes", []change{names("ip:127.0.0.9", "len:8")}},
		{"a name that is not ASCII", []change{names("ip:127.0.0.9", "dns:n\xc3\xa4")}},
		{"a broken EKU", []change{more(oidPurpose+".9", false, []byte{1}), func(c *certificate) { c.set(oidPurpose, false, []byte{1, 2, 3}) }}},
		{"broken basic constraints", []change{func(c *certificate) { c.set(oidBasic, true, []byte{4, 1, 0}) }}},
		{"no extension at all", []change{without(oidNames), without(oidUsage), without(oidPurpose), without(oidAkid)}},
		{"a path length without CA", []change{basic(false, 0)}},
		{"a huge RSA key", []change{func(c *certificate) { c.key = "huge" }}},
	} {
		leaf := t.leaf(ca, "odd: "+o.name, o.changes...)
		t.row("odd leaf: "+o.name, leaf, chain{ca}, nil)
		t.row("odd leaf shown by a good one: "+o.name, t.leaf(ca, "beside "+o.name), chain{ca}, chain{leaf})
	}
	for _, o := range []struct {
		name   string
		change change
	}{
		{"a negative serial", serial(-5)},
		{"a critical unknown extension", more("1.2.3.4", true, []byte{5, 0})},
		{"a critical subject key id", critical(oidSkid)},
	} {
		root := t.root("odd root "+o.name, "odd root "+o.name, o.change)
		t.row("odd root: "+o.name, t.leaf(root, "below odd root "+o.name), chain{root}, nil)
	}
	policies(t, ca)
}

func policies(t *builder, ca *certificate) {
	policy := func(oid string) change {
		return func(c *certificate) { c.set(oidPolicy, false, der(sequence(sequence(raw(oidOf(oid)))))) }
	}
	demanded := t.authority(ca, "policy-demanded", "policy-demanded", policy("1.2.3"),
		func(c *certificate) { c.set(oidPolicyC, true, der(sequence(tagged(2, 0, false, []byte{0})))) })
	t.row("a policy is demanded, the leaf has it", t.leaf(demanded, "policy-has", policy("1.2.3")), chain{ca}, chain{demanded})
	t.row("a policy is demanded, the leaf has another", t.leaf(demanded, "policy-other", policy("1.2.4")), chain{ca}, chain{demanded})
	t.row("a policy is demanded, the leaf has none", t.leaf(demanded, "policy-none"), chain{ca}, chain{demanded})
}

func times(t *builder) {
	ca := t.root("times", "times")
	leaf := t.leaf(ca, "times-leaf", valid(noon, noon.Add(time.Hour)))
	for _, w := range []struct {
		name string
		when time.Time
	}{
		{"before the first second", noon.Add(-time.Second)}, {"the first second", noon}, {"the last second", noon.Add(time.Hour)},
		{"after the last second", noon.Add(time.Hour + time.Second)}, {"the authority has expired", dies.AddDate(1, 0, 0)},
	} {
		t.row("time: "+w.name, leaf, chain{ca}, nil, at(w.when))
	}
	late := t.root("late", "late", valid(noon.Add(time.Hour), dies))
	t.row("time: the authority is not valid yet", t.leaf(late, "late-leaf"), chain{late}, nil)
	endless := t.leaf(ca, "endless", valid(born, time.Date(9999, 12, 31, 23, 59, 59, 0, time.UTC)))
	t.row("time: without end", endless, chain{ca}, nil)
}

// A key so large that only its certificate exists.
func init() {
	n := new(big.Int).Lsh(big.NewInt(1), 8207)
	keys["huge"] = key{public: rsaPublic(n.SetBit(n, 0, 1)), sign: func(string, []byte) (asn1.RawValue, []byte) { panic("it cannot sign") }}
}

// Those that were reported, kept in reported.pem: a bundle of two authorities and a leaf of the second; then three leaves
// and their authority.
func found(t *builder) {
	text, err := os.ReadFile("reported.pem")
	must(err)
	kept := chain{}
	for block, rest := pem.Decode(text); block != nil; block, rest = pem.Decode(rest) {
		c := &certificate{label: "reported-" + string('a'+rune(len(kept))), der: block.Bytes}
		t.known[c.label], kept, t.order = c.der, append(kept, c), append(t.order, c)
	}
	when := at(time.Date(2026, 11, 28, 0, 0, 0, 0, time.UTC))
	t.row("reported: one subject, in this order", kept[2], chain{kept[0], kept[1]}, nil, when)
	t.row("reported: one subject, the other way round", kept[2], chain{kept[1], kept[0]}, nil, when)
	for _, leaf := range kept[3:6] {
		t.row("reported: odd kubelet "+leaf.label, leaf, chain{kept[6]}, nil, when)
	}
}
