// SPDX-License-Identifier: Apache-2.0
#include "topd/flags.hpp"

#include <algorithm>
#include <functional>
#include <sstream>

#include <catch2/catch.hpp>

using namespace topd;
using namespace std::chrono_literals;

namespace {

using Arguments = std::vector<std::string>;
using List = std::vector<std::string>;

std::string refusal(const std::function<void()>& work) {
    try {
        work();
    } catch (const FlagError& error) {
        return error.what();
    }
    return "accepted";
}

std::string parse_refusal(const Arguments& arguments) {
    return refusal([&] { parse_flags(arguments); });
}

std::string check_refusal(const Arguments& arguments) {
    return refusal([&] { validate(parse_flags(arguments)); });
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
        {"after --",
         {"--", "--version"},
         [](auto& f) { return !f.version && f.without_effect == List{"--version"}; }},
        {"a stray argument",
         {"--kubelet-insecure-tls", "false"},
         [](auto& f) { return f.kubelet_insecure_tls && f.without_effect == List{"false"}; }},
        {"a lone dash", {"-"}, [](auto& f) { return f.without_effect == List{"-"}; }},
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
        {{"--zzzzzzzz"}, "unknown flag: --zzzzzzzz"},
        {{"-x"}, "unknown shorthand flag: 'x' in -x"},
        {{"-hx=1"}, "unknown shorthand flag: 'x' in -hx=1"},
        {{"--=x"}, "bad flag syntax: --=x"},
        {{"---v=1"}, "bad flag syntax: ---v=1"},
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
         R"(invalid argument ""a" for "--tls-cipher-suites" flag: extraneous or missing " in quoted-field)"},
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

TEST_CASE("validate refuses in metrics-server's words") {
    const std::string plain = "--deprecated-kubelet-completely-insecure";
    struct Case {
        Arguments arguments;
        std::string expected;
    };
    const Case cases[] = {
        {{"--kubelet-certificate-authority=a", "--kubelet-insecure-tls"},
         "cannot use both --kubelet-certificate-authority and --kubelet-insecure-tls"},
        {{"--kubelet-client-key=a"}, "need both --kubelet-client-key and --kubelet-client-certificate"},
        {{"--kubelet-client-certificate=a"},
         "need both --kubelet-client-key and --kubelet-client-certificate"},
        {{"--kubelet-client-key=a", "--kubelet-client-certificate=b", plain},
         "cannot use both --kubelet-client-key and " + plain},
        {{"--kubelet-insecure-tls", plain}, "cannot use both --kubelet-insecure-tls and " + plain},
        {{"--kubelet-certificate-authority=a", plain},
         "cannot use both --kubelet-certificate-authority and " + plain},
        {{"--kubelet-request-timeout=0s"}, "kubelet-request-timeout should be positive"},
        {{"--metric-resolution=9s", "--kubelet-request-timeout=1s"},
         "metric-resolution should be a time duration at least 10s, but value 9s provided"},
        {{"--metric-resolution=10s"},
         "metric-resolution should be larger than kubelet-request-timeout, but metric-resolution value 10s "
         "kubelet-request-timeout value 10s provided"},
        {{"--metric-resolution=10s", "--kubelet-request-timeout=9s"}, "accepted"},
        {{"--metric-resolution=2000000h"}, "accepted"},
        {{"--logging-format=xml"}, "format: Invalid value: \"xml\": Unsupported log format"},
        {{"--secure-port=65536"},
         "--secure-port 65536 must be between 0 and 65535, inclusive. 0 for turning off secure port"},
        {{"--kubelet-port=0"}, "--kubelet-port 0 must be between 1 and 65535, inclusive"},
        {{"--bind-address=localhost"},
         R"(invalid argument "localhost" for "--bind-address" flag: failed to parse IP: "localhost")"},
        {{"--bind-address=::"}, "accepted"},
        {{"--bind-address="}, "accepted"},
        {{"--tls-cert-file=a"}, "need both --tls-cert-file and --tls-private-key-file"},
        {{"--tls-min-version=VersionTLS12"}, "accepted"},
        {{"--tls-min-version=1.2"}, "unknown tls version \"1.2\""},
        {{"--kubelet-preferred-address-types="}, "need at least one of --kubelet-preferred-address-types"},
        {{"--kubelet-pin-certificates", "--kubelet-insecure-tls"},
         "cannot use both --kubelet-pin-certificates and --kubelet-insecure-tls"},
        {{"--kubelet-pin-certificates", plain}, "cannot use both --kubelet-pin-certificates and " + plain},
        {{"--kubelet-pin-file=a"}, "need --kubelet-pin-certificates for --kubelet-pin-file"},
        {{"--kubelet-pin-file=a", "--kubelet-pin-certificates"}, "accepted"},
        {{"--kubelet-certificate-names=address"}, "accepted"},
        {{"--kubelet-certificate-names=any"}, "--kubelet-certificate-names \"any\" must be node or address"},
        {{"--max-requests-inflight=-1"}, "--max-requests-inflight can not be negative value"},
        {{"--max-mutating-requests-inflight=-1"},
         "--max-mutating-requests-inflight can not be negative value"},
        {{"--max-requests-inflight=0", "--max-mutating-requests-inflight=0"}, "accepted"},
        {{"--request-timeout=-1s"}, "--request-timeout can not be negative value"},
        {{"--request-timeout=0"}, "--request-timeout should be positive"},
        {{"--shutdown-delay-duration=-1s"}, "--shutdown-delay-duration can not be negative value"},
        {{"--strict-transport-security-directives=max-age=31536000,includeSubDomains,preload"}, "accepted"},
        {{"--strict-transport-security-directives=preload, "},
         "empty value in strict-transport-security-directives"},
        {{"--strict-transport-security-directives=max-age"},
         "--strict-transport-security-directives invalid, allowed values: max-age=expireTime, "
         "includeSubDomains, preload. see https://tools.ietf.org/html/rfc6797#section-6.1 for more "
         "information"},
        {{"--strict-transport-security-directives=max-age=1=2"},
         "--strict-transport-security-directives invalid, allowed values: max-age=expireTime, "
         "includeSubDomains, preload. see https://tools.ietf.org/html/rfc6797#section-6.1 for more "
         "information"},
    };
    for (const Case& c : cases) DYNAMIC_SECTION(c.expected + c.arguments[0]) {
            CHECK(check_refusal(c.arguments) == c.expected);
        }
}

TEST_CASE("of several errors the first by metrics-server's order is said") {
    CHECK(check_refusal({"--metric-resolution=1s", "--logging-format=x", "--kubelet-request-timeout=-1s"}) ==
          "kubelet-request-timeout should be positive");
    CHECK(check_refusal({"--metric-resolution=1s", "--logging-format=x", "--kubelet-request-timeout=10s"}) ==
          "metric-resolution should be a time duration at least 10s, but value 1s provided");
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
    CHECK(holds("  -l, --node-selector string"));
    CHECK(holds("  -v, --v int"));
    CHECK(holds("      --kubelet-insecure-tls"));
    CHECK(holds("      --cert-dir string (default \"apiserver.local.config/certificates\")"));
    CHECK(holds("      --authorization-always-allow-paths strings (default [/healthz,/readyz,/livez])"));
    const std::size_t unused = help.find("Flags that are accepted and change nothing");
    REQUIRE(unused != std::string::npos);
    CHECK(help.find("--audit-log-path,") > unused);
    CHECK(help.find("--secure-port") < unused);
    for (const std::string& line : lines)
        if (line.find(" (default ") == std::string::npos) {
            CAPTURE(line);
            CHECK(line.size() <= 80);
        }
}
