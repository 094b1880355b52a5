// SPDX-License-Identifier: Apache-2.0
// Arguments as people write and paste them, and what is said of them.
#include "topd/flags/flags.hpp"

#include <catch2/catch.hpp>

using namespace topd;

namespace {

using Arguments = std::vector<std::string>;

const std::string kInsecure = "did you mean --kubelet-insecure-tls?";

// The doubts, or the refusal.
std::string said(const Arguments& arguments) {
    std::string text;
    try {
        for (const std::string& sentence : parse_flags(arguments).doubts)
            text += (text.empty() ? "" : "\n") + sentence;
    } catch (const FlagError& error) {
        return error.what();
    }
    return text;
}

}  // namespace

TEST_CASE("an argument that is not a flag is ignored as the peer does and said with what was meant") {
    struct Case {
        const char* argument;
        // As Go quotes it.
        const char* quoted;
        std::string advice;
    };
    const Case cases[] = {
        {"kubelet-insecure-tls=true", "kubelet-insecure-tls=true", kInsecure},
        {"kubelet-insecure-tls", "kubelet-insecure-tls", kInsecure},
        {"kubelet_insecure_tls", "kubelet_insecure_tls", kInsecure},
        {"Kubelet-Insecure-TLS", "Kubelet-Insecure-TLS", kInsecure},
        {"kubelet-insecure-tls: true", "kubelet-insecure-tls: true", kInsecure},
        {"kubelet-insecure-tsl", "kubelet-insecure-tsl", kInsecure},
        {"\u2014kubelet-insecure-tls", "\u2014kubelet-insecure-tls", kInsecure},
        {"\u2013\u2013kubelet\u2013insecure\u2013tls", "\u2013\u2013kubelet\u2013insecure\u2013tls",
         kInsecure},
        {"\u2212kubelet-insecure-tls", "\u2212kubelet-insecure-tls", kInsecure},
        {"\uff0d\uff0dkubelet-insecure-tls", "\uff0d\uff0dkubelet-insecure-tls", kInsecure},
        {"\"--kubelet-insecure-tls\"", R"(\"--kubelet-insecure-tls\")", kInsecure},
        {"'--kubelet-insecure-tls'", "'--kubelet-insecure-tls'", kInsecure},
        {"\u201c--kubelet-insecure-tls\u201d", "\u201c--kubelet-insecure-tls\u201d", kInsecure},
        {" --kubelet-insecure-tls", " --kubelet-insecure-tls", kInsecure},
        {"\u00a0--kubelet-insecure-tls", R"(\u00a0--kubelet-insecure-tls)", kInsecure},
        {"\ufeff--kubelet-insecure-tls", R"(\ufeff--kubelet-insecure-tls)", kInsecure},
        {"\t--kubelet-insecure-tls\r", R"(\t--kubelet-insecure-tls\r)", kInsecure},
        {" --kubelet-insecure-tls --secure-port=1", " --kubelet-insecure-tls --secure-port=1",
         "did you mean --kubelet-insecure-tls and --secure-port, each an argument of its own?"},
        {"metric-resolution 15s", "metric-resolution 15s", "did you mean --metric-resolution=15s?"},
        {"help", "help", "did you mean --help?"},
        {"metrics-server", "metrics-server", ""},
        {"InternalIP", "InternalIP", ""},
        {"", "", ""},
        {"\u2014", "\u2014", ""},
        {"--", "--", ""},
    };
    for (const Case& c : cases) DYNAMIC_SECTION(c.argument) {
            const std::string sentence = std::string{"argument \""} + c.quoted +
                                         "\" is not a flag and was ignored" +
                                         (c.advice.empty() ? "" : "; " + c.advice);
            const bool ends_flags = std::string{c.argument} == "--";
            CHECK(said({c.argument}) == (ends_flags ? "" : sentence));
        }
    CHECK(said({std::string(100'000, 'k')}).size() < 200'000);
}

TEST_CASE("a flag that cannot be read is refused with what was meant") {
    struct Case {
        Arguments arguments;
        std::string expected;
    };
    const std::string in_brackets = " (" + kInsecure + ")";
    const Case cases[] = {
        {{"-kubelet-insecure-tls"}, "unknown shorthand flag: 'k' in -kubelet-insecure-tls" + in_brackets},
        {{"-\u2013kubelet-insecure-tls"},
         "unknown shorthand flag: '\\xe2' in \"-\u2013kubelet-insecure-tls\"" + in_brackets},
        {{"---kubelet-insecure-tls"}, "bad flag syntax: ---kubelet-insecure-tls" + in_brackets},
        {{"--Kubelet_Insecure_TLS"}, "unknown flag: --Kubelet_Insecure_TLS" + in_brackets},
        {{"--kubelet\u2011insecure\u2011tls"},
         "unknown flag: \"--kubelet\u2011insecure\u2011tls\"" + in_brackets},
        {{"--kubelet-insecure-tls "}, "unknown flag: \"--kubelet-insecure-tls \"" + in_brackets},
        {{"--kubelet-insecure-tls\r"}, R"(unknown flag: "--kubelet-insecure-tls\r")" + in_brackets},
        {{"--kubelet-insecure-tls\u00a0=true"},
         R"(unknown flag: "--kubelet-insecure-tls\u00a0")" + in_brackets},
        {{"--kubelet-insecure-tls\u200b"}, R"(unknown flag: "--kubelet-insecure-tls\u200b")" + in_brackets},
        {{"--kubelet-insecure-tls --secure-port=1"},
         "unknown flag: \"--kubelet-insecure-tls --secure-port\" (did you mean --kubelet-insecure-tls and "
         "--secure-port, each an argument of its own?)"},
        {{"--metric-resolution 15s"},
         "unknown flag: \"--metric-resolution 15s\" (did you mean --metric-resolution=15s?)"},
        {{"--metric-resolution:15s"},
         "unknown flag: --metric-resolution:15s (did you mean --metric-resolution?)"},
        {{"-version"},
         R"(invalid argument "ersion" for "-v, --v" flag: strconv.ParseInt: parsing "ersion": invalid syntax)"
         " (did you mean --version?)"},
        {{"-help"}, "unknown shorthand flag: 'e' in -help (did you mean --help?)"},
        {{"--secure_port=443 --v=1"},
         R"(invalid argument "443 --v=1" for "--secure_port" flag: strconv.ParseInt: parsing "443 --v=1": )"
         "invalid syntax (did you mean --v as an argument of its own?)"},
        {{"--metric-resolution=\"15s\""},
         R"(invalid argument "\"15s\"" for "--metric-resolution" flag: time: invalid duration "\"15s\"")"
         " (the quotes are taken as a part of it)"},
        {{"--metric-resolution=15s\r"},
         R"(invalid argument "15s\r" for "--metric-resolution" flag: time: unknown unit "s\x0d" in duration )"
         R"("15s\x0d" (blanks and odd characters are taken as a part of it))"},
    };
    for (const Case& c : cases) DYNAMIC_SECTION(c.arguments[0]) {
            CHECK(said(c.arguments) == c.expected);
        }
}

TEST_CASE("a text with blanks or quotes or another flag in it is taken and doubted") {
    struct Case {
        const char* argument;
        const char* expected;
    };
    const Case cases[] = {
        {"--kubelet-preferred-address-types=InternalIP\r",
         R"(--kubelet-preferred-address-types is "InternalIP\r": blanks and odd characters are taken as a part of it)"},
        {"--kubeconfig=/a ", R"(--kubeconfig is "/a ": blanks and odd characters are taken as a part of it)"},
        {"--kubeconfig=\u200b/a",
         R"(--kubeconfig is "\u200b/a": blanks and odd characters are taken as a part of it)"},
        {"--kubeconfig='/a'", R"(--kubeconfig is "'/a'": the quotes are taken as a part of it)"},
        {"--cert_dir=/tmp --kubelet-insecure-tls",
         R"(--cert_dir is "/tmp --kubelet-insecure-tls": did you mean --kubelet-insecure-tls as an argument of its own?)"},
        {"--kubeconfig=--kubelet-insecure-tls",
         R"(--kubeconfig is "--kubelet-insecure-tls": did you mean --kubelet-insecure-tls as an argument of its own?)"},
        {"--node-selector=a=b, c=d", ""},
        {"--tls-cipher-suites=\"TLS_AES_128_GCM_SHA256\"", ""},
        {"--audit-log-path= x", ""},
        {"--kubeconfig=", ""},
        {"--kubeconfig=/h\u00e9", ""},
    };
    for (const Case& c : cases) DYNAMIC_SECTION(c.argument) {
            CHECK(said({c.argument}) == c.expected);
        }
}

TEST_CASE("the value of a switch that stands apart from it is named") {
    CHECK(said({"--kubelet-insecure-tls", "false"}) ==
          "argument \"false\" is not a flag and was ignored; did you mean --kubelet-insecure-tls=false?");
    CHECK(said({"--kubelet-insecure-tls", "secure-port"}) ==
          "argument \"secure-port\" is not a flag and was ignored; did you mean --secure-port?");
    CHECK(said({"--kubelet-insecure-tls=true", "false"}) ==
          "argument \"false\" is not a flag and was ignored");
}

TEST_CASE("a flag without effect is named as it was written") {
    CHECK(parse_flags({"--audit_log_path=a", "--audit-log-path=b"}).without_effect ==
          Arguments{"--audit_log_path"});
}
