// SPDX-License-Identifier: Apache-2.0

package main

func constrained(t *builder) {
	for _, c := range []struct {
		name                string
		permitted, excluded []string
		has                 []string
	}{
		{"permitted DNS", []string{"dns:example.org"}, nil, []string{"dns:n1.example.org", "ip:127.0.0.9"}},
		{"permitted DNS, the domain itself", []string{"dns:example.org"}, nil, []string{"dns:EXAMPLE.org", "ip:127.0.0.9"}},
		{"permitted DNS, another", []string{"dns:example.org"}, nil, []string{"dns:n1.example.com", "ip:127.0.0.9"}},
		{"permitted DNS, no label boundary", []string{"dns:example.org"}, nil, []string{"dns:badexample.org", "ip:127.0.0.9"}},
		{"permitted DNS with a dot, below", []string{"dns:.example.org"}, nil, []string{"dns:n1.example.org", "ip:127.0.0.9"}},
		{"permitted DNS with a dot, the domain itself", []string{"dns:.example.org"}, nil, []string{"dns:example.org", "ip:127.0.0.9"}},
		{"permitted DNS, a wildcard", []string{"dns:example.org"}, nil, []string{"dns:*.example.org", "ip:127.0.0.9"}},
		{"permitted DNS of two", []string{"dns:example.com", "dns:example.org"}, nil, []string{"dns:n1.example.org", "ip:127.0.0.9"}},
		{"permitted DNS, everything", []string{"dns:"}, nil, []string{"dns:n1.example.org", "ip:127.0.0.9"}},
		{"excluded DNS", nil, []string{"dns:example.org"}, []string{"dns:n1.example.org", "ip:127.0.0.9"}},
		{"excluded DNS, another", nil, []string{"dns:example.org"}, []string{"dns:n1.example.com", "ip:127.0.0.9"}},
		{"excluded DNS, a wildcard over it", nil, []string{"dns:n1.example.org"}, []string{"dns:*.example.org", "ip:127.0.0.9"}},
		{"excluded within permitted", []string{"dns:example.org"}, []string{"dns:n1.example.org"}, []string{"dns:n1.example.org", "ip:127.0.0.9"}},
		{"permitted address", []string{"net:127.0.0.0/8"}, nil, []string{"ip:127.0.0.9"}},
		{"permitted address, another", []string{"net:10.0.0.0/8"}, nil, []string{"ip:127.0.0.9"}},
		{"permitted address of version 6 only", []string{"net:fd00::/8"}, nil, []string{"ip:127.0.0.9"}},
		{"permitted address, one of two is outside", []string{"net:127.0.0.0/8"}, nil, []string{"ip:127.0.0.9", "ip:10.0.0.1"}},
		{"excluded address", nil, []string{"net:127.0.0.0/29", "net:127.0.0.8/29"}, []string{"ip:127.0.0.9"}},
		{"excluded address of version 6", nil, []string{"net:fd00::/8"}, []string{"ip:fd00::1", "ip:127.0.0.9"}},
		{"permitted DNS, no DNS name", []string{"dns:example.org"}, nil, []string{"ip:127.0.0.9"}},
		{"permitted mail", []string{"mail:example.org"}, nil, []string{"mail:a@example.org", "ip:127.0.0.9"}},
		{"permitted mail, another", []string{"mail:b@example.org"}, nil, []string{"mail:a@example.org", "ip:127.0.0.9"}},
		{"excluded mail", nil, []string{"mail:a@example.org"}, []string{"mail:a@EXAMPLE.org", "ip:127.0.0.9"}},
		{"permitted URI", []string{"uri:example.org"}, nil, []string{"uri:spiffe://example.org/ns/a", "ip:127.0.0.9"}},
		{"permitted URI, another", []string{"uri:.example.org"}, nil, []string{"uri:https://example.com:443/a", "ip:127.0.0.9"}},
		{"a URI without host", []string{"uri:example.org"}, nil, []string{"uri:urn:a:b", "ip:127.0.0.9"}},
		{"a name that ends in a dot", []string{"dns:example.org"}, nil, []string{"dns:n1.example.org.", "ip:127.0.0.9"}},
		{"constraints of a directory name", []string{"dir:"}, nil, []string{"ip:127.0.0.9"}},
		{"an empty constraint", nil, nil, []string{"ip:127.0.0.9"}},
		{"an odd address in a constraint", []string{"len:7"}, nil, []string{"ip:127.0.0.9"}},
	} {
		ca := t.root("nc: "+c.name, "nc: "+c.name, constraints(c.permitted, c.excluded))
		t.row("constraints: "+c.name, t.leaf(ca, "below nc: "+c.name, names(c.has...)), chain{ca}, nil)
	}
	top := t.root("nc-top", "nc-top")
	between := t.authority(top, "nc-between", "nc-between", constraints([]string{"dns:example.org"}, nil))
	last := t.authority(between, "nc-last", "nc-last", names("dns:elsewhere.net"))
	t.row("constraints of an intermediate", t.leaf(between, "nc-leaf"), chain{top}, chain{between})
	t.row("constraints and an intermediate's name", t.leaf(last, "nc-leaf-2"), chain{top}, chain{between, last})
	t.row("constraints, another chain holds", t.leaf(between, "nc-leaf-3", names("dns:other.net", "ip:127.0.0.9")), chain{top},
		chain{between, t.authority(top, "nc-free", "nc-between", sameKey(between), skid("nc-between"))})
}

func hosts(t *builder) {
	ca := t.root("hosts", "hosts")
	for _, h := range []struct {
		has   []string
		calls []string
	}{
		{[]string{"dns:n1.example.org"}, []string{"n1.example.org", "N1.Example.ORG", "n1.example.org.", "example.org", "a.n1.example.org", "127.0.0.9"}},
		{[]string{"dns:N1.EXAMPLE.ORG"}, []string{"n1.example.org"}},
		{[]string{"dns:*.example.org"}, []string{"n1.example.org", "a.n1.example.org", "example.org", ".example.org", "*.example.org"}},
		{[]string{"dns:n*.example.org", "dns:a.*.org"}, []string{"n1.example.org", "a.b.org", "n*.example.org"}},
		{[]string{"dns:*.local", "dns:*"}, []string{"n1.local", "local", "n1"}},
		{[]string{"dns:n1.example.org."}, []string{"n1.example.org", "n1.example.org."}},
		{[]string{"dns:127.0.0.9"}, []string{"127.0.0.9"}},
		{[]string{"ip:127.0.0.9", "ip:fd00::1"}, []string{"127.0.0.9", "127.0.0.1", "fd00::1", "[fd00::1]", "[127.0.0.9]", "::ffff:127.0.0.9", "fd00:0::1"}},
		{[]string{"dns:a_b.example.org", "dns:-a.example.org", "dns:a b", "dns:"}, []string{"a_b.example.org", "-a.example.org", "a b", "A B"}},
		{[]string{"mail:a@b"}, []string{"n1", "127.0.0.9"}},
		{nil, []string{"n1", "127.0.0.9", "system:node:n1"}},
	} {
		label := "for "
		for _, one := range h.has {
			label += one + " "
		}
		leaf := t.leaf(ca, label, names(h.has...))
		for _, call := range h.calls {
			t.row("host "+call+" "+label, leaf, chain{ca}, nil, host(call))
		}
	}
	common := t.leaf(ca, "localhost-by-subject", without(oidNames), called(name("localhost")))
	t.row("the name in the subject alone", common, chain{ca}, nil, host("localhost"))
	t.row("the name in the subject, another as alternative", t.leaf(ca, "localhost-beside", called(name("localhost"))), chain{ca}, nil, host("localhost"))
	t.row("an address in the subject alone", t.leaf(ca, "address-by-subject", without(oidNames), called(name("127.0.0.9"))), chain{ca}, nil)
}
