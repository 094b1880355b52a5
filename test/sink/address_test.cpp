// SPDX-License-Identifier: Apache-2.0
#include "sink/address.hpp"

#include "sink/http/http_options.hpp"
#include "sink/http/secret.hpp"

#include <chrono>
#include <cstdlib>
#include <fstream>
#include <string>

#include <catch2/catch.hpp>

#include <unistd.h>

namespace {

using namespace std::chrono_literals;
using sink::Address;
using sink::AddressError;
using sink::HttpOptions;
using sink::Secret;

std::string fault_of(const std::string& text) {
    try {
        Address address = sink::parse_address(text);
        HttpOptions::take(address.options);
        address.options.expect_none();
        return "none";
    } catch (const AddressError& error) {
        return error.what();
    }
}

TEST_CASE("where a sink writes to is read from its URL") {
    Address address =
        sink::parse_address("influxdb:http://influxdb.monitoring:8086/?db=k8s&cluster-name=a%20b");
    CHECK(address.key == "influxdb");
    CHECK_FALSE(address.tls);
    CHECK(address.host == "influxdb.monitoring");
    CHECK(address.port == 8086);
    CHECK(address.path == "/");
    CHECK(address.shown == "influxdb:http://influxdb.monitoring:8086/");
    CHECK(address.options.take("db") == "k8s");
    CHECK(address.options.take("cluster_name") == "a b");
    address.options.expect_none();

    address = sink::parse_address("remote-write:https://[::1]/api/v1/write");
    CHECK(address.tls);
    CHECK(address.host == "::1");
    CHECK(address.port == 443);
    CHECK(address.path == "/api/v1/write");

    address = sink::parse_address("stdout:");
    CHECK(address.shown == "stdout");
    CHECK(address.host.empty());
    CHECK(sink::parse_address("stdout").key == "stdout");
    CHECK(sink::parse_address("stdout:?interval=15s").options.take_seconds("interval", 1s) == 15s);
}

TEST_CASE("what is wrong with a sink is said without what its options hold") {
    struct Case {
        const char* text;
        const char* fault;
    };
    const Case cases[] = {
        {"", "it must begin with the kind of sink, as in influxdb:http://HOST:PORT"},
        {"http://host/", "the kind of sink must stand before the URL, as in influxdb:http://HOST:PORT"},
        {"influxdb:host:8086", "the URL must begin with http:// or https://"},
        {"influxdb:ftp://host/", "the URL must begin with http:// or https://"},
        {"influxdb:http://ho st/", "what follows the first colon is no URL"},
        {"influxdb:http://:8086/", "the URL has no host"},
        {"influxdb:http://host:0/", "the URL's port is none"},
        {"influxdb:http://host/#top", "a URL with a fragment (#) is no receiver's"},
        {"influxdb:http://user:geheim@host/",
         "a user or password in the URL could be read in the list of processes: use the options username and "
         "password_file"},
        {"influxdb:http://host/?pw=geheim",
         "option pw could be read in the list of processes: use password_file or password_env"},
        {"influxdb:http://host/?token=geheim",
         "option token could be read in the list of processes: use token_file or token_env"},
        {"influxdb:http://host/?user=root", "option username needs password_file or password_env"},
        {"influxdb:http://host/?password_file=/p", "option password_file or password_env needs username"},
        {"influxdb:http://host/?token_file=/p&username=u&password_file=/q",
         "options username and token_file or token_env exclude each other"},
        {"influxdb:http://host/?token_env=TOPD_NO_SUCH_VARIABLE",
         "the variable that option token_env names is not set"},
        {"influxdb:http://host/?insecure=yes", "option insecure must be true or false"},
        {"influxdb:http://host/?timeout=soon", "option timeout must be a duration such as 60s, 1h30m or 7d"},
        {"influxdb:http://host/?timeout=0s", "option timeout must be at least 1s"},
        {"influxdb:http://host/?header=X-Scope-OrgID", "option header must be Name:value"},
        {"influxdb:http://host/?header=authorization:geheim", "option header cannot set Authorization"},
        {"influxdb:http://host/?header=Cookie:geheim",
         "option header cannot set Cookie: it would show a secret"},
        {"influxdb:http://host/?header=x-api-key:geheim",
         "option header cannot set X-API-Key: it would show a secret"},
        {"influxdb:http://host/?header=X:a%0d%0ab", "option header must be Name:value"},
        {"influxdb:http://host/?cert_file=/c", "options cert_file and key_file go together"},
        {"influxdb:http://host/?databse=geheim", "there is no option databse"},
    };
    for (const Case& each : cases) {
        CAPTURE(each.text);
        const std::string fault = fault_of(each.text);
        CHECK(fault == each.fault);
        CHECK(fault.find("geheim") == std::string::npos);
    }
    CHECK(fault_of("remote-write:http://host/?header=X-Scope-OrgID:%20team&timeout=10s") == "none");
}

TEST_CASE("durations of options may be whole days") {
    sink::Options options{{{"a", "7d"}, {"b", "1h30m"}, {"c", "-1s"}, {"d", "99999999999d"}}};
    CHECK(options.take_seconds("a", 0s) == 168h);
    CHECK(options.take_seconds("b", 0s) == 90min);
    CHECK_THROWS_AS(options.take_seconds("c", 0s), AddressError);
    CHECK_THROWS_AS(options.take_seconds("d", 0s), AddressError);
    CHECK(options.take_seconds("e", 5s) == 5s);
}

TEST_CASE("a secret is read from its file each time, or from the environment") {
    const std::string path = "/tmp/topd-secret-" + std::to_string(::getpid());
    const auto write = [&](const char* text) { std::ofstream{path} << text; };
    write("first\n");
    sink::Options options{{{"token_file", path}}};
    const Secret secret = Secret::take(options, "token");
    CHECK(secret.value() == "first");
    write(" second one \n");
    CHECK(secret.value() == "second one");
    write("a\nb");
    CHECK(secret.value() == std::nullopt);
    ::unlink(path.c_str());
    CHECK(secret.value() == std::nullopt);

    ::setenv("TOPD_TEST_SECRET", "third", 1);
    sink::Options of_environment{{{"token_env", "TOPD_TEST_SECRET"}}};
    CHECK(Secret::take(of_environment, "token").value() == "third");
    sink::Options both{{{"token_env", "TOPD_TEST_SECRET"}, {"token_file", path}}};
    CHECK_THROWS_AS(Secret::take(both, "token"), AddressError);
    ::unsetenv("TOPD_TEST_SECRET");
}

}  // namespace
