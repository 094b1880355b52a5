// SPDX-License-Identifier: Apache-2.0
#include "topd/flags/flags.hpp"

#include "topd/flags/flag_table.hpp"

#include <algorithm>
#include <functional>
#include <sstream>

#include <catch2/catch.hpp>

using namespace topd;
using namespace std::chrono_literals;

namespace {

using Arguments = std::vector<std::string>;
using List = std::vector<std::string>;

std::string parse_refusal(const Arguments& arguments) {
    try {
        parse_flags(arguments);
    } catch (const FlagError& error) {
        return error.what();
    }
    return "accepted";
}

}  // namespace

TEST_CASE("every spelling of a scalar gives its value") {
    struct Case {
        const char* name;
        Arguments arguments;
        std::function<bool(const Flags&)> holds;
    };
    const Case cases[] = {
        {"text with =", {"--kubeconfig=/a"}, [](auto& f) { return f.kubeconfig == "/a"; }},
        {"text apart", {"--kubeconfig", "/a"}, [](auto& f) { return f.kubeconfig == "/a"; }},
        {"text that looks like a flag",
         {"--kubeconfig", "--help"},
         [](auto& f) { return f.kubeconfig == "--help" && !f.help; }},
        {"text with = inside", {"--kubeconfig=a=b"}, [](auto& f) { return f.kubeconfig == "a=b"; }},
        {"empty with =", {"--cert-dir="}, [](auto& f) { return f.cert_dir.empty(); }},
        {"empty apart", {"--cert-dir", ""}, [](auto& f) { return f.cert_dir.empty(); }},
        {"the last counts", {"--cert-dir=a", "--cert-dir=b"}, [](auto& f) { return f.cert_dir == "b"; }},
        {"underscores", {"--cert_dir=a"}, [](auto& f) { return f.cert_dir == "a"; }},
        {"bool alone", {"--kubelet-insecure-tls"}, [](auto& f) { return f.kubelet_insecure_tls; }},
        {"bool true", {"--kubelet-insecure-tls=true"}, [](auto& f) { return f.kubelet_insecure_tls; }},
        {"bool false",
         {"--kubelet-insecure-tls", "--kubelet-insecure-tls=false"},
         [](auto& f) { return !f.kubelet_insecure_tls; }},
        {"int", {"--secure-port=10250"}, [](auto& f) { return f.secure_port == 10250; }},
        {"int apart", {"--secure-port", "0"}, [](auto& f) { return f.secure_port == 0; }},
        {"duration", {"--metric-resolution=1m30s"}, [](auto& f) { return f.metric_resolution == 90s; }},
        {"--v=4", {"--v=4"}, [](auto& f) { return f.v == 4; }},
        {"--v 4", {"--v", "4"}, [](auto& f) { return f.v == 4; }},
        {"-v=4", {"-v=4"}, [](auto& f) { return f.v == 4; }},
        {"-v4", {"-v4"}, [](auto& f) { return f.v == 4; }},
        {"-v 4", {"-v", "4"}, [](auto& f) { return f.v == 4; }},
        {"-l a=b", {"-l", "a=b"}, [](auto& f) { return f.node_selector == "a=b"; }},
        {"-l=a=b", {"-l=a=b"}, [](auto& f) { return f.node_selector == "a=b"; }},
        {"-la=b", {"-la=b"}, [](auto& f) { return f.node_selector == "a=b"; }},
        {"-l=", {"-l="}, [](auto& f) { return f.node_selector.empty(); }},
        {"--node-selector a,b!=c",
         {"--node-selector", "a,b!=c"},
         [](auto& f) { return f.node_selector == "a,b!=c"; }},
        {"-h", {"-h"}, [](auto& f) { return f.help; }},
        {"letters together", {"-hv3"}, [](auto& f) { return f.help && f.v == 3; }},
        {"--version", {"--version"}, [](auto& f) { return f.version; }},
        {"after --", {"--", "--version"}, [](auto& f) { return !f.version && f.doubts.size() == 1; }},
        {"a stray argument",
         {"--kubelet-insecure-tls", "false"},
         [](auto& f) { return f.kubelet_insecure_tls && f.doubts.size() == 1; }},
        {"a lone dash", {"-"}, [](auto& f) { return f.doubts.size() == 1; }},
    };
    for (const Case& c : cases) DYNAMIC_SECTION(c.name) {
            CHECK(c.holds(parse_flags(c.arguments)));
        }
}

TEST_CASE("lists replace the default and then add up") {
    struct Case {
        const char* name;
        Arguments arguments;
        List expected;
    };
    const Case cases[] = {
        {"default", {}, {"/healthz", "/readyz", "/livez"}},
        {"commas", {"--authorization-always-allow-paths=/a,/b"}, {"/a", "/b"}},
        {"apart", {"--authorization-always-allow-paths", "/a,/b"}, {"/a", "/b"}},
        {"repeated",
         {"--authorization-always-allow-paths=/a", "--authorization-always-allow-paths=/b,/c"},
         {"/a", "/b", "/c"}},
        {"empty", {"--authorization-always-allow-paths="}, {}},
        {"empty then one",
         {"--authorization-always-allow-paths=", "--authorization-always-allow-paths=/a"},
         {"/a"}},
    };
    for (const Case& c : cases) DYNAMIC_SECTION(c.name) {
            CHECK(parse_flags(c.arguments).authorization_always_allow_paths == c.expected);
        }
}

TEST_CASE("defaults are those of metrics-server") {
    const Flags f = parse_flags({});
    CHECK(f.metric_resolution == 60s);
    CHECK(f.kubelet_request_timeout == 10s);
    CHECK(f.kubelet_port == 10250);
    CHECK(f.secure_port == 443);
    CHECK(f.bind_address == "0.0.0.0");
    CHECK(f.cert_dir == "apiserver.local.config/certificates");
    CHECK(f.kubelet_preferred_address_types ==
          List{"Hostname", "InternalDNS", "InternalIP", "ExternalDNS", "ExternalIP"});
    CHECK(f.requestheader_username_headers == List{"x-remote-user"});
    CHECK(f.requestheader_group_headers == List{"x-remote-group"});
    CHECK(f.requestheader_extra_headers_prefix == List{"x-remote-extra-"});
    CHECK(f.requestheader_uid_headers.empty());
    CHECK(f.requestheader_allowed_names.empty());
    CHECK(f.authorization_webhook_cache_authorized_ttl == 10s);
    CHECK(f.logging_format == "text");
    CHECK_NOTHROW(validate(f));
}

TEST_CASE("the arguments of the standard manifests are accepted") {
    const Flags f = parse_flags({"--cert-dir=/tmp", "--secure-port=10250",
                                 "--kubelet-preferred-address-types=InternalIP,ExternalIP,Hostname",
                                 "--kubelet-use-node-status-port", "--metric-resolution=15s"});
    CHECK_NOTHROW(validate(f));
    CHECK(f.without_effect.empty());
    CHECK(f.doubts.empty());
    CHECK(f.kubelet_use_node_status_port);
    CHECK(f.metric_resolution == 15s);
}

TEST_CASE("a command line that cannot be read is refused in pflag's words") {
    struct Case {
        Arguments arguments;
        const char* expected;
    };
    const Case cases[] = {
        {{"--metric-resolutoin=15s"},
         "unknown flag: --metric-resolutoin (did you mean --metric-resolution?)"},
        {{"--kubelet-insecure"}, "unknown flag: --kubelet-insecure (did you mean --kubelet-insecure-tls?)"},
        {{"--secure-port-tls=1"}, "unknown flag: --secure-port-tls (did you mean --secure-port?)"},
        {{"--zzzz_zzzz"}, "unknown flag: --zzzz_zzzz"},
        {{"-x"}, "unknown shorthand flag: 'x' in -x"},
        {{"-hx=1"}, "unknown shorthand flag: 'x' in -hx=1"},
        {{"--=x"}, "bad flag syntax: --=x"},
        {{"---v=1"}, "bad flag syntax: ---v=1 (did you mean --v?)"},
        {{"--kubeconfig"}, "flag needs an argument: --kubeconfig"},
        {{"-v"}, "flag needs an argument: 'v' in -v"},
        {{"-v=x"},
         R"(invalid argument "x" for "-v, --v" flag: strconv.ParseInt: parsing "x": invalid syntax)"},
        {{"--v="}, R"(invalid argument "" for "-v, --v" flag: strconv.ParseInt: parsing "": invalid syntax)"},
        {{"--secure-port=443x"},
         R"(invalid argument "443x" for "--secure-port" flag: strconv.ParseInt: parsing "443x": invalid syntax)"},
        {{"--metric-resolution=15"},
         R"(invalid argument "15" for "--metric-resolution" flag: time: missing unit in duration "15")"},
        {{"--version=maybe"},
         R"(invalid argument "maybe" for "--version" flag: strconv.ParseBool: parsing "maybe": invalid syntax)"},
        {{"--tls-cipher-suites=\"a"},
         R"(invalid argument "\"a" for "--tls-cipher-suites" flag: extraneous or missing " in quoted-field)"},
    };
    for (const Case& c : cases) DYNAMIC_SECTION(c.expected) {
            CHECK(parse_refusal(c.arguments) == c.expected);
        }
}

TEST_CASE("flags without effect are taken with their values and named once") {
    const Flags f =
        parse_flags({"--goaway-chance", "0.01", "--audit-log-path=-", "--goaway-chance=0",
                     "--contention-profiling", "--logtostderr", "--profiling=false", "--stderrthreshold", "2",
                     "--log_dir=/x", "--disable-http2-serving", "--client-ca-file=/ca"});
    CHECK(f.without_effect == List{"--goaway-chance", "--audit-log-path", "--contention-profiling"});
    CHECK(f.client_ca_file == "/ca");
}

TEST_CASE("the help names each flag with its kind and default, in 80 columns") {
    const std::string help = help_text();
    std::vector<std::string> lines;
    std::istringstream text{help};
    for (std::string line; std::getline(text, line);) lines.push_back(line);
    const auto holds = [&](const std::string& line) {
        return std::find(lines.begin(), lines.end(), line) != lines.end();
    };
    CHECK(holds("  topd doctor [flags]   Says what is wrong around it, and how to mend it."));
    CHECK(holds("Kubelet client flags:"));
    CHECK(holds("      --metric-resolution duration (default 1m0s)"));
    CHECK(holds("            Time between two scrapes of a kubelet, at least 10s."));
    CHECK(holds("            Keep a node's figures when a scrape fails; the next rate is over the"));
    CHECK(holds("            longer time."));
    CHECK(holds("  -l, --node-selector string"));
    CHECK(holds("  -v, --v int"));
    CHECK(holds("      --kubelet-insecure-tls"));
    CHECK(holds("      --cert-dir string (default \"apiserver.local.config/certificates\")"));
    CHECK(holds("      --authorization-always-allow-paths strings (default [/healthz,/readyz,/livez])"));
    const std::size_t unused = help.find("Flags that are accepted and change nothing");
    REQUIRE(unused != std::string::npos);
    CHECK(help.find("--audit-log-path") > unused);
    CHECK(help.rfind("--secure-port") < unused);
    CHECK(holds("      --cors-allowed-origins, --tls-sni-cert-key"));
    for (const std::string& line : lines)
        if (line.find(" (default ") == std::string::npos) {
            CAPTURE(line);
            CHECK(line.size() <= 80);
        }
}
