// SPDX-License-Identifier: Apache-2.0

package main

import (
	"strings"
	"time"
)

var (
	born = time.Date(2026, 1, 1, 0, 0, 0, 0, time.UTC)
	dies = time.Date(2036, 1, 1, 0, 0, 0, 0, time.UTC)
	noon = time.Date(2030, 1, 1, 12, 0, 0, 0, time.UTC)
)

type builder struct {
	rows  []row
	order []*certificate
	known certificates
}

func table() ([]row, []*certificate, certificates) {
	t := &builder{known: certificates{}}
	for _, group := range []func(*builder){sameSubject, crossed, weak, purposesAndUsages, lengths, roots, constrained, odd, hosts, times, found} {
		group(t)
	}
	return t.rows, t.order, t.known
}

func (t *builder) keep(c *certificate, changes []change) *certificate {
	for _, apply := range changes {
		apply(c)
	}
	c.make()
	c.label = strings.ReplaceAll(strings.TrimSpace(c.label), " ", "-")
	if t.known[c.label] != nil {
		panic("twice: " + c.label)
	}
	t.known[c.label] = c.der
	t.order = append(t.order, c)
	return c
}

func plain(label, subject string) *certificate {
	return &certificate{label: label, subject: name(subject), key: "p256 " + label, version: 3, serial: 7, from: born, to: dies}
}

// Signed by itself.
func (t *builder) root(label, subject string, changes ...change) *certificate {
	c := plain(label, subject)
	c.issuer, c.signer = c.subject, c.key
	basic(true, -1)(c)
	usage(5, 6)(c)
	skid(label)(c)
	return t.keep(c, append(changes, func(c *certificate) {
		if c.signer == "p256 "+label {
			c.signer = c.key
		}
	}))
}

func (t *builder) by(issuer *certificate, label, subject string, changes ...change) *certificate {
	c := plain(label, subject)
	c.issuer, c.signer = issuer.subject, issuer.key
	if id := issuer.value(oidSkid); id != nil {
		akid(string(id[2:]))(c)
	}
	return t.keep(c, changes)
}

func (t *builder) authority(issuer *certificate, label, subject string, changes ...change) *certificate {
	return t.by(issuer, label, subject, append([]change{basic(true, -1), usage(5, 6), skid(label)}, changes...)...)
}

func (t *builder) leaf(issuer *certificate, label string, changes ...change) *certificate {
	return t.by(issuer, label, "system:node:n1", append([]change{usage(0), purposes(serverAuth, clientAuth),
		names("dns:n1.example.org", "ip:127.0.0.9")}, changes...)...)
}

func list(certificates []*certificate) (labels []string) {
	for _, c := range certificates {
		labels = append(labels, c.label)
	}
	return labels
}

type chain []*certificate

// One row: for a server that is called by its address.
func (t *builder) row(name string, leaf *certificate, roots, shown chain, more ...func(*row)) {
	r := row{name: name, leaf: leaf.label, roots: list(roots), shown: list(shown), host: "127.0.0.9", at: noon}
	for _, apply := range more {
		apply(&r)
	}
	t.rows = append(t.rows, r)
}

func forClient(r *row) { r.client, r.host = true, "" }
func at(when time.Time) func(*row) {
	return func(r *row) { r.at = when }
}
func host(called string) func(*row) {
	return func(r *row) { r.host = called }
}

func key_(kind string) change {
	return func(c *certificate) { c.key = kind + strings.TrimPrefix(c.key, "p256") }
}
func signedBy(signer string) change { return func(c *certificate) { c.signer = signer } }
func digest(which string) change    { return func(c *certificate) { c.digest = which } }
func version(number int) change     { return func(c *certificate) { c.version = number } }
func valid(from, to time.Time) change {
	return func(c *certificate) { c.from, c.to = from, to }
}
func issuedTo(issuer []byte) change { return func(c *certificate) { c.issuer = issuer } }
func called(subject []byte) change  { return func(c *certificate) { c.subject = subject } }
func sameKey(as *certificate) change {
	return func(c *certificate) { c.key = as.key }
}
func more(oid string, critical bool, value []byte) change {
	return func(c *certificate) { c.extensions = append(c.extensions, extension{oid, critical, value}) }
}
