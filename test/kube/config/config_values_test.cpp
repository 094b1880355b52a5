// SPDX-License-Identifier: Apache-2.0
#include "kube/config/config_values.hpp"

#include "files/read.hpp"
#include "test/kube/environment.hpp"
#include "test/kube/temporary_folder.hpp"

#include <catch2/catch.hpp>

using namespace kube;
using namespace kube::test;

TEST_CASE("decode_base64 reads what Go writes") {
    const auto [text, expected] = GENERATE(table<std::string, std::string>({
        {"", ""},
        {"Zg==", "f"},
        {"Zm8=", "fo"},
        {"Zm9v", "foo"},
        {"Zm9vYmFy", "foobar"},
        {"Zm9v\nYm\r\nFy\n", "foobar"},
        {"+/+/", "\xfb\xff\xbf"},
        {"AAECAwQ=", std::string("\0\1\2\3\4", 5)},
    }));
    CAPTURE(text);
    CHECK(decode_base64(text) == expected);
}

TEST_CASE("decode_base64 refuses") {
    const auto text = GENERATE(as<std::string>{}, "Z", "Zg", "Zg=", "Zg===", "Zm9v=", "Zm 9v", "Zm-v",
                               "=Zm9v", "Zg==Zg==", "-----BEGIN CERTIFICATE-----");
    CAPTURE(text);
    CHECK_FALSE(decode_base64(text));
}

TEST_CASE("clean_token trims space and refuses what cannot be sent") {
    CHECK(clean_token("  abc.def-_~+/=\r\n") == "abc.def-_~+/=");
    CHECK_FALSE(clean_token(""));
    CHECK_FALSE(clean_token(" \n\t"));
    CHECK_FALSE(clean_token("two words"));
    CHECK_FALSE(clean_token("a\r\nX-Remote-User: admin"));
    CHECK_FALSE(clean_token("caf\xc3\xa9"));
}

TEST_CASE("parse_server_url accepts") {
    struct Case {
        const char* url;
        ServerUrl expected;
    };
    const Case cases[] = {
        {"https://10.0.0.1:6443", {true, "10.0.0.1", 6443, ""}},
        {"https://api.example.com", {true, "api.example.com", 443, ""}},
        {"https://api.example.com/", {true, "api.example.com", 443, ""}},
        {"https://api.example.com/k8s/clusters/c-1/", {true, "api.example.com", 443, "/k8s/clusters/c-1"}},
        {"https://[fd00::1]:6443/x", {true, "fd00::1", 6443, "/x"}},
        {"https://[::1]", {true, "::1", 443, ""}},
        {"http://127.0.0.1:8080", {false, "127.0.0.1", 8080, ""}},
        {"http://localhost", {false, "localhost", 80, ""}},
    };
    for (const Case& c : cases) DYNAMIC_SECTION(c.url) {
            const auto url = parse_server_url(c.url);
            REQUIRE(url);
            CHECK(url->tls == c.expected.tls);
            CHECK(url->host == c.expected.host);
            CHECK(url->port == c.expected.port);
            CHECK(url->path_prefix == c.expected.path_prefix);
        }
}

TEST_CASE("parse_server_url refuses") {
    const auto url = GENERATE(as<std::string>{}, "", "10.0.0.1:6443", "ftp://host", "https://",
                              "https://:6443", "https://host:", "https://host:0", "https://host:65536",
                              "https://host:64a", "https://::1:6443", "https://[::1", "https://[::1]6443",
                              "https://user@host", "https://host?x=1", "https://host/a#b", "https://ho st");
    CAPTURE(url);
    CHECK_FALSE(parse_server_url(url));
}

TEST_CASE("no_proxy_covers follows Go") {
    struct Case {
        const char* list;
        const char* host;
        std::uint16_t port;
        bool covered;
    };
    const Case cases[] = {
        {"", "api.example.com", 443, false},
        {"*", "api.example.com", 443, true},
        {"example.com", "example.com", 443, true},
        {"example.com", "api.example.com", 443, true},
        {"example.com", "API.Example.COM", 443, true},
        {"example.com", "badexample.com", 443, false},
        {".example.com", "api.example.com", 443, true},
        {".example.com", "example.com", 443, false},
        {"*.example.com", "api.example.com", 443, true},
        {"other.org, example.com ,x", "example.com", 443, true},
        {"example.com:6443", "example.com", 6443, true},
        {"example.com:6443", "example.com", 443, false},
        {"10.0.0.1", "10.0.0.1", 443, true},
        {"10.0.0.1", "10.0.0.10", 443, false},
        {"10.0.0.1:443", "10.0.0.1", 443, true},
        {"10.0.0.1:443", "10.0.0.1", 6443, false},
        {"10.0.0.0/8", "10.200.3.4", 443, true},
        {"10.0.0.0/9", "10.200.3.4", 443, false},
        {"10.0.0.0/8", "fd00::1", 443, false},
        {"10.0.0.0/99", "10.0.0.1", 443, false},
        {"fd00::/8", "fd00::1", 443, true},
        {"fd00::/8", "fe00::1", 443, false},
        {"fd00::1", "fd00::1", 443, true},
        {"[fd00::1]:443", "fd00::1", 443, true},
        {"[fd00::1]", "fd00:0::1", 443, true},
        {"0.0.1", "10.0.0.1", 443, false},
        {",, ,", "10.0.0.1", 443, false},
    };
    for (const Case& c : cases) {
        CAPTURE(c.list, c.host, c.port);
        CHECK(no_proxy_covers(c.list, c.host, c.port) == c.covered);
    }
}

TEST_CASE("The environment's proxy applies by scheme and not to loopback") {
    const Variable upper{"HTTPS_PROXY", nullptr};
    const Variable lower{"https_proxy", "http://proxy:3128"};
    const Variable plain_upper{"HTTP_PROXY", nullptr};
    const Variable plain_lower{"http_proxy", nullptr};
    const Variable no_upper{"NO_PROXY", nullptr};
    const Variable no_lower{"no_proxy", nullptr};
    const ServerUrl server = *parse_server_url("https://10.0.0.1:6443");
    CHECK(proxy_of_environment(server) == "http://proxy:3128");
    CHECK(proxy_of_environment(*parse_server_url("http://10.0.0.1:8080")).empty());
    CHECK(proxy_of_environment(*parse_server_url("https://127.0.0.3:6443")).empty());
    CHECK(proxy_of_environment(*parse_server_url("https://localhost:6443")).empty());
    CHECK(proxy_of_environment(*parse_server_url("https://[::1]:6443")).empty());
    SECTION("nor to what NO_PROXY covers") {
        const Variable covered{"NO_PROXY", "10.0.0.0/8"};
        CHECK(proxy_of_environment(server).empty());
    }
    SECTION("and the upper-case name counts first") {
        const Variable first{"HTTPS_PROXY", "http://first:1"};
        CHECK(proxy_of_environment(server) == "http://first:1");
    }
}

TEST_CASE("read_file gives the system's reason") {
    const TemporaryFolder folder;
    CHECK(files::read(folder.write("a", "text\n")).value() == "text\n");
    CHECK(files::read(folder.path() + "/none").error() == boost::system::errc::no_such_file_or_directory);
    CHECK(files::read(folder.path()).error() == boost::system::errc::is_a_directory);
    CHECK(files::read(folder.write("big", std::string(5'000'000, 'x'))).error() ==
          boost::system::errc::file_too_large);
}
