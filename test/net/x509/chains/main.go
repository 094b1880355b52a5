// SPDX-License-Identifier: Apache-2.0

// Command chains makes the table of chains of certificates that topd's own verification is held against, with what
// Go's crypto/x509 says of each, and checks that a table still says what Go says.
//
//	go run . > chains.txt
//	go run . -check chains.txt
package main

import (
	"bufio"
	"crypto/rand"
	"crypto/rsa"
	"crypto/x509"
	"encoding/base64"
	"encoding/pem"
	"fmt"
	"io"
	"os"
	"strings"
	"time"
)

type row struct {
	name         string
	roots, shown []string
	leaf         string
	client       bool
	host         string
	at           time.Time
	expect       string
}

// The DER form of each certificate by its label.
type certificates map[string][]byte

// What a Go program says of a peer that shows this: ParseCertificate of each and Verify as crypto/tls calls it, and
// that a handshake is done with the key at all.
func verdict(r row, known certificates) string {
	leaf, err := x509.ParseCertificate(known[r.leaf])
	if err != nil {
		return "fail " + err.Error()
	}
	options := x509.VerifyOptions{Roots: x509.NewCertPool(), Intermediates: x509.NewCertPool(), CurrentTime: r.at, DNSName: r.host}
	for _, label := range r.roots {
		options.Roots.AppendCertsFromPEM(pem.EncodeToMemory(&pem.Block{Type: "CERTIFICATE", Bytes: known[label]}))
	}
	for _, label := range r.shown {
		intermediate, err := x509.ParseCertificate(known[label])
		if err != nil {
			return "fail " + err.Error()
		}
		options.Intermediates.AddCert(intermediate)
	}
	if r.client {
		options.KeyUsages = []x509.ExtKeyUsage{x509.ExtKeyUsageClientAuth}
	}
	if _, err := leaf.Verify(options); err != nil {
		return "fail " + strings.ReplaceAll(err.Error(), "\n", " ")
	}
	if public, is := leaf.PublicKey.(*rsa.PublicKey); is {
		if public.N.BitLen() > 8192 {
			return "fail tls: server sent certificate containing RSA key larger than 8192 bits"
		}
		if _, err := rsa.EncryptPKCS1v15(rand.Reader, public, []byte{1}); err != nil {
			return "fail " + err.Error()
		}
	}
	return "ok"
}

func write(out io.Writer, rows []row, order []*certificate, known certificates) {
	fmt.Fprint(out, "# Made by test/net/x509/chains (go run .): chains, and what Go's crypto/x509 says of them. Each row is judged\n"+
		"# for a server or a client, at a time, a server by the host that is called. Never edited by hand.\n")
	for _, c := range order {
		fmt.Fprintln(out, "certificate", c.label, base64.StdEncoding.EncodeToString(c.der))
	}
	for _, r := range rows {
		purpose := "server"
		if r.client {
			purpose = "client"
		}
		fmt.Fprintf(out, "\nrow %s\nroots %s\nshown %s\nleaf %s\nfor %s\nhost %s\nat %s\nexpect %s\n", r.name, strings.Join(r.roots, " "),
			strings.Join(r.shown, " "), r.leaf, purpose, r.host, r.at.Format(time.RFC3339), verdict(r, known))
	}
}

func read(file string) (rows []row, known certificates) {
	in, err := os.Open(file)
	must(err)
	defer in.Close()
	known = certificates{}
	lines := bufio.NewScanner(in)
	lines.Buffer(nil, 1<<20)
	for lines.Scan() {
		word, rest, _ := strings.Cut(lines.Text(), " ")
		if word == "row" {
			rows = append(rows, row{name: rest})
		}
		if word == "certificate" {
			label, text, _ := strings.Cut(rest, " ")
			known[label], err = base64.StdEncoding.DecodeString(text)
			must(err)
		}
		if len(rows) == 0 {
			continue
		}
		last := &rows[len(rows)-1]
		switch word {
		case "roots":
			last.roots = strings.Fields(rest)
		case "shown":
			last.shown = strings.Fields(rest)
		case "leaf":
			last.leaf = rest
		case "for":
			last.client = rest == "client"
		case "host":
			last.host = rest
		case "at":
			last.at, err = time.Parse(time.RFC3339, rest)
			must(err)
		case "expect":
			last.expect = rest
		}
	}
	must(lines.Err())
	return rows, known
}

func check(file string) (wrong int) {
	rows, known := read(file)
	for _, r := range rows {
		said, _, _ := strings.Cut(verdict(r, known), " ")
		if expected, _, _ := strings.Cut(r.expect, " "); said != expected {
			fmt.Printf("%s: the table says %s, Go says %s\n", r.name, r.expect, verdict(r, known))
			wrong++
		}
	}
	fmt.Printf("%d rows, %d wrong\n", len(rows), wrong)
	if len(rows) < 60 {
		wrong++
	}
	return wrong
}

func main() {
	if len(os.Args) == 3 && os.Args[1] == "-check" {
		os.Exit(min(check(os.Args[2]), 1))
	}
	rows, order, known := table()
	write(os.Stdout, rows, order, known)
}
