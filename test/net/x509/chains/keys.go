// SPDX-License-Identifier: Apache-2.0

package main

import (
	"crypto"
	"crypto/ecdsa"
	"crypto/ed25519"
	"crypto/elliptic"
	"crypto/md5"
	"crypto/sha1"
	"crypto/sha256"
	"crypto/x509"
	"encoding/asn1"
	"fmt"
	"math/big"
	"strconv"
	"strings"
)

// A key that follows from its name, "rsa1024 n1" or "p256 ca", so that the table can be made again. RSA is done by
// hand: the standard library refuses to sign with the keys and digests that are to be refused here.
type key struct {
	public any
	sign   func(digest string, tbs []byte) (algorithm asn1.RawValue, signature []byte)
}

var keys = map[string]key{}

func keyOf(name string) key {
	if k, known := keys[name]; known {
		return k
	}
	kind := strings.Fields(name)[0]
	var k key
	switch {
	case kind == "ed25519":
		k = ed25519Key(name)
	case strings.HasPrefix(kind, "rsa"):
		bits, err := strconv.Atoi(kind[3:])
		must(err)
		k = rsaKey(name, bits)
	default:
		k = ecKey(name, map[string]elliptic.Curve{"p224": elliptic.P224(), "p256": elliptic.P256(),
			"p384": elliptic.P384(), "p521": elliptic.P521()}[kind])
	}
	keys[name] = k
	return k
}

func stream(name string, size int) []byte {
	var out []byte
	for i := 0; len(out) < size; i++ {
		block := sha256.Sum256([]byte(fmt.Sprint(name, i)))
		out = append(out, block[:]...)
	}
	return out[:size]
}

func algorithm(oid string, null bool) asn1.RawValue {
	parts := []asn1.RawValue{raw(oidOf(oid))}
	if null {
		parts = append(parts, raw(asn1.NullRawValue))
	}
	return sequence(parts...)
}

func ed25519Key(name string) key {
	private := ed25519.NewKeyFromSeed(stream(name, 32))
	return key{private.Public(), func(_ string, tbs []byte) (asn1.RawValue, []byte) {
		return algorithm("1.3.101.112", false), ed25519.Sign(private, tbs)
	}}
}

func ecKey(name string, curve elliptic.Curve) key {
	size := (curve.Params().BitSize + 7) / 8
	scalar := stream(name, size)
	scalar[0] = 0
	private, err := ecdsa.ParseRawPrivateKey(curve, scalar)
	must(err)
	return key{&private.PublicKey, func(digest string, tbs []byte) (asn1.RawValue, []byte) {
		oid, hash, sum := "1.2.840.10045.4.3.2", crypto.SHA256, sha256.Sum256(tbs)
		digested := sum[:]
		if digest == "sha1" {
			weak := sha1.Sum(tbs)
			oid, hash, digested = "1.2.840.10045.4.1", crypto.SHA1, weak[:]
		}
		signature, err := private.Sign(nil, digested, hash)
		must(err)
		return algorithm(oid, false), signature
	}}
}

func prime(name string, bits int) *big.Int {
	one, e := big.NewInt(1), big.NewInt(65537)
	for p := new(big.Int).SetBytes(stream(name, bits/8)); ; p.Add(p, big.NewInt(2)) {
		p.SetBit(p, 0, 1).SetBit(p, bits-1, 1).SetBit(p, bits-2, 1)
		rest := new(big.Int).Mod(new(big.Int).Sub(p, one), e)
		if rest.Sign() != 0 && p.ProbablyPrime(20) {
			return p
		}
	}
}

func rsaKey(name string, bits int) key {
	p, q, one := prime(name+" p", bits/2), prime(name+" q", bits/2), big.NewInt(1)
	n := new(big.Int).Mul(p, q)
	phi := new(big.Int).Mul(new(big.Int).Sub(p, one), new(big.Int).Sub(q, one))
	d := new(big.Int).ModInverse(big.NewInt(65537), phi)
	return key{rsaPublic(n), func(digest string, tbs []byte) (asn1.RawValue, []byte) {
		oid, name, digested := "1.2.840.113549.1.1.11", "2.16.840.1.101.3.4.2.1", sum256(tbs)
		switch digest {
		case "md5":
			weak := md5.Sum(tbs)
			oid, name, digested = "1.2.840.113549.1.1.4", "1.2.840.113549.2.5", weak[:]
		case "sha1":
			weak := sha1.Sum(tbs)
			oid, name, digested = "1.2.840.113549.1.1.5", "1.3.14.3.2.26", weak[:]
		}
		info := der(sequence(algorithm(name, true), octets(digested)))
		padded := append([]byte{0, 1}, make([]byte, bits/8-len(info)-3)...)
		for i := 2; i < len(padded); i++ {
			padded[i] = 0xff
		}
		padded = append(append(padded, 0), info...)
		signature := new(big.Int).Exp(new(big.Int).SetBytes(padded), d, n)
		return algorithm(oid, true), signature.FillBytes(make([]byte, bits/8))
	}}
}

func sum256(data []byte) []byte {
	sum := sha256.Sum256(data)
	return sum[:]
}

func publicKey(k key) asn1.RawValue {
	if info, done := k.public.([]byte); done {
		return asn1.RawValue{FullBytes: info}
	}
	info, err := x509.MarshalPKIXPublicKey(k.public)
	must(err)
	return asn1.RawValue{FullBytes: info}
}

func rsaPublic(n *big.Int) []byte {
	return der(sequence(algorithm("1.2.840.113549.1.1.1", true), bits(der(sequence(integer(n), integer(big.NewInt(65537)))))))
}
