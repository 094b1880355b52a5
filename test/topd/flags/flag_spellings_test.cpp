// SPDX-License-Identifier: Apache-2.0
// Every way in which pflag lets each kind of flag be written, and what comes of it.
#include "topd/flags/flags.hpp"

#include <functional>

#include <catch2/catch.hpp>

using namespace topd;

namespace {

using Arguments = std::vector<std::string>;

std::string joined(const std::vector<std::string>& list) {
    std::string text;
    for (const std::string& item : list) text += (text.empty() ? "" : " ") + item;
    return text;
}

std::string ignored(const std::string& argument, const std::string& advice = "") {
    return "+argument \"" + argument + "\" is not a flag and was ignored" + advice;
}

std::string seconds(std::chrono::nanoseconds time) {
    return std::to_string(time / std::chrono::seconds{1});
}

struct Case {
    Arguments arguments;
    // The flag's value, then "+" and each flag without effect and each doubt; or the refusal.
    std::string expected;
};

void check(const std::vector<Case>& cases, const std::function<std::string(const Flags&)>& value) {
    for (const Case& c : cases) {
        CAPTURE(joined(c.arguments));
        std::string outcome;
        try {
            const Flags flags = parse_flags(c.arguments);
            outcome = value(flags);
            for (const std::string& name : flags.without_effect) outcome += "+" + name;
            for (const std::string& sentence : flags.doubts) outcome += "+" + sentence;
        } catch (const FlagError& error) {
            outcome = error.what();
        }
        CHECK(outcome == c.expected);
    }
}

}  // namespace

TEST_CASE("a switch is written alone or with =") {
    check(
        {{{}, "false"},
         {{"--kubelet-insecure-tls"}, "true"},
         {{"--kubelet-insecure-tls=true"}, "true"},
         {{"--kubelet-insecure-tls=1"}, "true"},
         {{"--kubelet-insecure-tls=T"}, "true"},
         {{"--kubelet-insecure-tls", "--kubelet-insecure-tls=F"}, "false"},
         {{"--kubelet-insecure-tls", "false"},
          "true+argument \"false\" is not a flag and was ignored; did you mean "
          "--kubelet-insecure-tls=false?"},
         {{"--kubelet_insecure_tls"}, "true"},
         {{"--kubelet-insecure-tls="},
          R"(invalid argument "" for "--kubelet-insecure-tls" flag: strconv.ParseBool: parsing "": invalid syntax)"},
         {{"--kubelet-insecure-tls=yes"},
          R"(invalid argument "yes" for "--kubelet-insecure-tls" flag: strconv.ParseBool: parsing "yes": invalid syntax)"},
         {{"--no-kubelet-insecure-tls"},
          "unknown flag: --no-kubelet-insecure-tls (did you mean --kubelet-insecure-tls?)"},
         {{"-kubelet-insecure-tls"},
          "unknown shorthand flag: 'k' in -kubelet-insecure-tls (did you mean --kubelet-insecure-tls?)"},
         {{"--Kubelet-Insecure-TLS"},
          "unknown flag: --Kubelet-Insecure-TLS (did you mean --kubelet-insecure-tls?)"}},
        [](const Flags& f) { return f.kubelet_insecure_tls ? "true" : "false"; });
}

TEST_CASE("a switch that is on is turned off") {
    check({{{}, "true"},
           {{"--serve-swap=false"}, "false"},
           {{"--serve-swap=0"}, "false"},
           {{"--serve-swap"}, "true"}},
          [](const Flags& f) { return f.serve_swap ? "true" : "false"; });
}

TEST_CASE("a number is written with = or as the next word, in the bases of Go") {
    check(
        {{{}, "443"},
         {{"--secure-port=10250"}, "10250"},
         {{"--secure-port", "10250"}, "10250"},
         {{"--secure-port=1", "--secure-port=2"}, "2"},
         {{"--secure-port=+7"}, "7"},
         {{"--secure-port", "-1"}, "-1"},
         {{"--secure-port=0x28Ac"}, "10412"},
         {{"--secure-port=0o17"}, "15"},
         {{"--secure-port=017"}, "15"},
         {{"--secure-port=0b101"}, "5"},
         {{"--secure-port=0"}, "0"},
         {{"--secure-port"}, "flag needs an argument: --secure-port"},
         {{"--secure-port="},
          R"(invalid argument "" for "--secure-port" flag: strconv.ParseInt: parsing "": invalid syntax)"},
         {{"--secure-port=08"},
          R"(invalid argument "08" for "--secure-port" flag: strconv.ParseInt: parsing "08": invalid syntax)"},
         {{"--secure-port=0x"},
          R"(invalid argument "0x" for "--secure-port" flag: strconv.ParseInt: parsing "0x": invalid syntax)"},
         {{"--secure-port=4 3"},
          R"(invalid argument "4 3" for "--secure-port" flag: strconv.ParseInt: parsing "4 3": invalid syntax)"},
         {{"--secure-port=4294967296"},
          R"(invalid argument "4294967296" for "--secure-port" flag: strconv.ParseInt: parsing "4294967296": value out of range)"}},
        [](const Flags& f) { return std::to_string(f.secure_port); });
}

TEST_CASE("a shorthand's value follows it with =, at once or as the next word") {
    check({{{"-v=4"}, "4"},
           {{"-v4"}, "4"},
           {{"-v", "4"}, "4"},
           {{"--v=4"}, "4"},
           {{"--v", "4"}, "4"},
           {{"-v=4", "--v=2"}, "2"},
           {{"-hv4"}, "4"},
           {{"-hv=4"}, "4"},
           {{"-hv", "4"}, "4"},
           {{"-h=false", "-v1"}, "1"},
           {{"-v"}, "flag needs an argument: 'v' in -v"},
           {{"-hv"}, "flag needs an argument: 'v' in -hv"},
           {{"-vh"},
            R"(invalid argument "h" for "-v, --v" flag: strconv.ParseInt: parsing "h": invalid syntax)"},
           {{"-hx"}, "unknown shorthand flag: 'x' in -hx"}},
          [](const Flags& f) { return std::to_string(f.v); });
    check({{{"-l=a=b"}, "a=b"},
           {{"-la=b"}, "a=b"},
           {{"-l", "a=b,c!=d"}, "a=b,c!=d"},
           {{"--node-selector=a=b"}, "a=b"},
           {{"-l", "--"}, "--"},
           {{"-l", ""}, ""}},
          [](const Flags& f) { return f.node_selector; });
}

TEST_CASE("a text is taken as it is") {
    check({{{"--kubeconfig=/a b"}, "/a b"},
           {{"--kubeconfig", "-"}, "-"},
           {{"--kubeconfig", "--kubeconfig"},
            "--kubeconfig+--kubeconfig is \"--kubeconfig\": did you mean --kubeconfig as an argument of its "
            "own?"},
           {{"--kubeconfig=a=b=c"}, "a=b=c"},
           {{"--kubeconfig="}, ""},
           {{"--kubeconfig=\"quoted\""},
            R"("quoted"+--kubeconfig is "\"quoted\"": the quotes are taken as a part of it)"},
           {{"--kubeconfig=a", "--kubeconfig="}, ""},
           {{"--kubeconfig"}, "flag needs an argument: --kubeconfig"}},
          [](const Flags& f) { return f.kubeconfig; });
}

TEST_CASE("a duration has units") {
    check(
        {{{"--metric-resolution=15s"}, "15"},
         {{"--metric-resolution", "1m15s"}, "75"},
         {{"--metric-resolution=.5h"}, "1800"},
         {{"--metric-resolution=0"}, "0"},
         {{"--metric-resolution=-15s"}, "-15"},
         {{"--metric-resolution="},
          R"(invalid argument "" for "--metric-resolution" flag: time: invalid duration "")"},
         {{"--metric-resolution=15 s"},
          R"(invalid argument "15 s" for "--metric-resolution" flag: time: unknown unit " s" in duration "15 s")"}},
        [](const Flags& f) { return seconds(f.metric_resolution); });
}

TEST_CASE("a list replaces the default and then adds up") {
    check({{{}, "x-remote-user"},
           {{"--requestheader-username-headers=a,b"}, "a b"},
           {{"--requestheader-username-headers", "a,b", "--requestheader-username-headers=c"}, "a b c"},
           {{"--requestheader-username-headers="}, ""},
           {{"--requestheader-username-headers=a", "--requestheader-username-headers="}, "a"},
           {{"--requestheader-username-headers=\"a,b\",c"}, "a,b c"},
           {{"--requestheader-username-headers= a"},
            " a+--requestheader-username-headers is \" a\": blanks and odd characters are taken as a part of "
            "it"}},
          [](const Flags& f) { return joined(f.requestheader_username_headers); });
}

TEST_CASE("flags without effect take what they took, and each is named once") {
    const auto nothing = [](const Flags&) { return ""; };
    check({{{"--audit-log-path=-"}, "+--audit-log-path"},
           {{"--audit-log-path", "-"}, "+--audit-log-path"},
           {{"--audit-log-path="}, "+--audit-log-path"},
           {{"--audit-log-path=a", "--audit_log_path=b"}, "+--audit-log-path"},
           {{"--audit-log-path"}, "flag needs an argument: --audit-log-path"},
           {{"--audit-log-compress", "word"}, "+--audit-log-compress" + ignored("word")},
           {{"--audit-log-compress=false"}, "+--audit-log-compress"},
           {{"--vmodule=a=2,b=3"}, "+--vmodule"},
           {{"--vmodule", "a=2"}, "+--vmodule"},
           {{"--feature-gates=A=true", "--feature-gates", "B=false"}, "+--feature-gates"},
           {{"--tls-sni-cert-key=a.crt,a.key:*.foo.com"}, "+--tls-sni-cert-key"},
           // What klog and glog had before 1.26: silent.
           {{"--logtostderr", "--alsologtostderr=false", "--stderrthreshold=2", "--log_dir", "/tmp",
             "--log_file=/x", "--log_file_max_size=1800", "--log_backtrace_at=:0", "--skip_headers",
             "--skip_log_headers", "--add_dir_header", "--one_output", "--log-flush-frequency=5s"},
            ""},
           {{"--profiling=false", "--disable-http2-serving", "--permit-address-sharing"}, ""}},
          nothing);
}

TEST_CASE("words that are no flags have no effect") {
    const auto nothing = [](const Flags&) { return ""; };
    const std::string behind = "; it stands behind \"--\"";
    check({{{"metrics-server"}, ignored("metrics-server")},
           {{""}, ignored("")},
           {{"-"}, ignored("-")},
           {{"--", "--version", "-x"}, ignored("--version", behind) + ignored("-x", behind)},
           {{"--version", "--", "--version"}, ignored("--version", behind)},
           {{"a", "--version", "b"}, ignored("a") + ignored("b")},
           {{"---"}, "bad flag syntax: ---"},
           {{"--=1"}, "bad flag syntax: --=1"}},
          nothing);
}
