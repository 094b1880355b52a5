// SPDX-License-Identifier: Apache-2.0

package main

import (
	"encoding/asn1"
	"math/big"
	"net"
	"strconv"
	"strings"
	"time"
)

func must(err error) {
	if err != nil {
		panic(err)
	}
}

func der(value any) []byte {
	out, err := asn1.Marshal(value)
	must(err)
	return out
}

func raw(value any) asn1.RawValue { return asn1.RawValue{FullBytes: der(value)} }

func tagged(class, tag int, compound bool, content []byte) asn1.RawValue {
	return raw(asn1.RawValue{Class: class, Tag: tag, IsCompound: compound, Bytes: content})
}

func join(values ...asn1.RawValue) (content []byte) {
	for _, v := range values {
		content = append(content, v.FullBytes...)
	}
	return content
}

func sequence(values ...asn1.RawValue) asn1.RawValue { return tagged(0, 16, true, join(values...)) }
func octets(content []byte) asn1.RawValue            { return tagged(0, 4, false, content) }
func bits(content []byte) asn1.RawValue {
	return raw(asn1.BitString{Bytes: content, BitLength: 8 * len(content)})
}
func integer(n *big.Int) asn1.RawValue { return raw(n) }

func oidOf(text string) (oid asn1.ObjectIdentifier) {
	for _, part := range strings.Split(text, ".") {
		number, err := strconv.Atoi(part)
		must(err)
		oid = append(oid, number)
	}
	return oid
}

type extension struct {
	oid      string
	critical bool
	value    []byte
}

type certificate struct {
	label           string
	subject, issuer []byte
	key, signer     string
	digest          string
	version         int
	serial          int64
	from, to        time.Time
	extensions      []extension
	der             []byte
}

type change func(*certificate)

// A distinguished name of one common name; "utf8:" and "printable:" choose its string type.
func name(common string) []byte {
	tag := 19
	if text, utf8 := strings.CutPrefix(common, "utf8:"); utf8 {
		tag, common = 12, text
	}
	value := tagged(0, tag, false, []byte(common))
	return der(sequence(tagged(0, 17, true, join(sequence(raw(oidOf("2.5.4.3")), value)))))
}

func (c *certificate) set(oid string, critical bool, value []byte) {
	c.drop(oid)
	c.extensions = append(c.extensions, extension{oid, critical, value})
}

func (c *certificate) drop(oid string) {
	kept := []extension{}
	for _, e := range c.extensions {
		if e.oid != oid {
			kept = append(kept, e)
		}
	}
	c.extensions = kept
}

func (c *certificate) value(oid string) []byte {
	for _, e := range c.extensions {
		if e.oid == oid {
			return e.value
		}
	}
	return nil
}

func (c *certificate) make() {
	signer := keyOf(c.signer)
	inner, _ := signer.sign(c.digest, nil)
	parts := []asn1.RawValue{}
	if c.version > 1 {
		parts = append(parts, tagged(2, 0, true, der(c.version-1)))
	}
	parts = append(parts, integer(big.NewInt(c.serial)), inner, asn1.RawValue{FullBytes: c.issuer},
		sequence(raw(c.from), raw(c.to)), asn1.RawValue{FullBytes: c.subject}, publicKey(keyOf(c.key)))
	list := []asn1.RawValue{}
	for _, e := range c.extensions {
		one := []asn1.RawValue{raw(oidOf(e.oid))}
		if e.critical {
			one = append(one, raw(true))
		}
		list = append(list, sequence(append(one, octets(e.value))...))
	}
	if len(list) > 0 {
		parts = append(parts, tagged(2, 3, true, der(sequence(list...))))
	}
	tbs := der(sequence(parts...))
	outer, signature := signer.sign(c.digest, tbs)
	c.der = der(sequence(asn1.RawValue{FullBytes: tbs}, outer, bits(signature)))
}

const (
	oidSkid    = "2.5.29.14"
	oidUsage   = "2.5.29.15"
	oidNames   = "2.5.29.17"
	oidBasic   = "2.5.29.19"
	oidSubtree = "2.5.29.30"
	oidPolicy  = "2.5.29.32"
	oidAkid    = "2.5.29.35"
	oidPolicyC = "2.5.29.36"
	oidPurpose = "2.5.29.37"

	serverAuth = "1.3.6.1.5.5.7.3.1"
	clientAuth = "1.3.6.1.5.5.7.3.2"
	anyPurpose = "2.5.29.37.0"
)

func without(oid string) change { return func(c *certificate) { c.drop(oid) } }

func basic(ca bool, pathLength int) change {
	return func(c *certificate) {
		parts := []asn1.RawValue{}
		if ca {
			parts = append(parts, raw(true))
		}
		if pathLength >= 0 {
			parts = append(parts, raw(pathLength))
		}
		c.set(oidBasic, true, der(sequence(parts...)))
	}
}

// Bits of keyUsage as RFC 5280 counts them: 0 digitalSignature, 2 keyEncipherment, 5 keyCertSign, 6 cRLSign.
func usage(which ...int) change {
	return func(c *certificate) {
		value := asn1.BitString{Bytes: []byte{0}}
		for _, bit := range which {
			value.Bytes[0] |= 0x80 >> bit
			value.BitLength = max(value.BitLength, bit+1)
		}
		c.set(oidUsage, true, der(value))
	}
}

func purposes(oids ...string) change {
	return func(c *certificate) {
		parts := []asn1.RawValue{}
		for _, oid := range oids {
			parts = append(parts, raw(oidOf(oid)))
		}
		c.set(oidPurpose, false, der(sequence(parts...)))
	}
}

func skid(id string) change {
	return func(c *certificate) { c.set(oidSkid, false, der([]byte(id))) }
}

func akid(id string) change {
	return func(c *certificate) { c.set(oidAkid, false, der(sequence(tagged(2, 0, false, []byte(id))))) }
}

// "dns:a", "ip:10.0.0.1", "net:10.0.0.0/8", "mail:a@b", "uri:spiffe://x", "dir:" and "len:8" (an address of so many bytes).
func general(text string) asn1.RawValue {
	kind, value, _ := strings.Cut(text, ":")
	switch kind {
	case "dns":
		return tagged(2, 2, false, []byte(value))
	case "mail":
		return tagged(2, 1, false, []byte(value))
	case "uri":
		return tagged(2, 6, false, []byte(value))
	case "dir":
		return tagged(2, 4, true, name("somebody"))
	case "len":
		size, err := strconv.Atoi(value)
		must(err)
		return tagged(2, 7, false, make([]byte, size))
	case "net":
		_, network, err := net.ParseCIDR(value)
		must(err)
		return tagged(2, 7, false, append(append([]byte{}, network.IP...), network.Mask...))
	}
	address := net.ParseIP(value)
	if v4 := address.To4(); v4 != nil {
		address = v4
	}
	return tagged(2, 7, false, address)
}

func names(list ...string) change {
	return func(c *certificate) {
		parts := []asn1.RawValue{}
		for _, one := range list {
			parts = append(parts, general(one))
		}
		c.set(oidNames, false, der(sequence(parts...)))
	}
}

func constraints(permitted, excluded []string) change {
	return func(c *certificate) {
		parts := []asn1.RawValue{}
		for tag, list := range [][]string{permitted, excluded} {
			subtrees := []asn1.RawValue{}
			for _, one := range list {
				subtrees = append(subtrees, sequence(general(one)))
			}
			if len(list) > 0 {
				parts = append(parts, tagged(2, tag, true, join(subtrees...)))
			}
		}
		c.set(oidSubtree, true, der(sequence(parts...)))
	}
}
