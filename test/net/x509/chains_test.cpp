// SPDX-License-Identifier: Apache-2.0
// Our verdict of each chain of chains.txt is Go's. The table is made by the program in chains/, and test/e2e
// asks Go again.
#include "net/tls/openssl.hpp"
#include "net/x509/bundle.hpp"
#include "net/x509/chain.hpp"
#include "net/x509/extensions.hpp"
#include "net/x509/host_name.hpp"
#include "test/checkout.hpp"

#include <ctime>
#include <fstream>
#include <iterator>
#include <map>
#include <sstream>

#include <catch2/catch.hpp>

namespace {

using Certificates = std::map<std::string, std::string>;

struct Row {
    std::string name;
    std::vector<std::string> roots;
    std::vector<std::string> shown;
    std::string leaf;
    std::string purpose;
    std::string host;
    std::string at;
    std::string expected;
};

std::vector<std::string> words(const std::string& text) {
    std::istringstream in{text};
    return {std::istream_iterator<std::string>{in}, {}};
}

void put(Row& row, const std::string& field, const std::string& value) {
    if (field == "roots") row.roots = words(value);
    if (field == "shown") row.shown = words(value);
    if (field == "leaf") row.leaf = value;
    if (field == "for") row.purpose = value;
    if (field == "host") row.host = value;
    if (field == "at") row.at = value;
    if (field == "expect") row.expected = value;
}

struct Table {
    Certificates certificates;
    std::vector<Row> rows;
};

Table read_table() {
    std::ifstream in{checkout::chains() / "chains.txt"};
    Table table;
    for (std::string line; std::getline(in, line);) {
        const std::size_t space = line.find(' ');
        const std::string field = line.substr(0, space);
        const std::string value = space == line.npos ? "" : line.substr(space + 1);
        const std::size_t second = value.find(' ');
        if (field == "certificate")
            table.certificates[value.substr(0, second)] = value.substr(second + 1);
        else if (field == "row")
            table.rows.emplace_back().name = value;
        else if (!table.rows.empty())
            put(table.rows.back(), field, value);
    }
    return table;
}

net::X509Ptr decoded(const std::string& base64) {
    std::string der(base64.size(), '\0');
    const int size = EVP_DecodeBlock(reinterpret_cast<unsigned char*>(der.data()),
                                     reinterpret_cast<const unsigned char*>(base64.data()),
                                     static_cast<int>(base64.size()));
    const auto* at = reinterpret_cast<const unsigned char*>(der.data());
    return net::X509Ptr{d2i_X509(nullptr, &at, size)};
}

std::chrono::system_clock::time_point time_of(const std::string& text) {
    std::tm when{};
    REQUIRE(strptime(text.c_str(), "%Y-%m-%dT%H:%M:%SZ", &when) != nullptr);
    return std::chrono::system_clock::from_time_t(timegm(&when));
}

std::string verdict(const Row& row, const Certificates& known) {
    std::string pem;
    for (const std::string& root : row.roots)
        pem += "-----BEGIN CERTIFICATE-----\n" + known.at(root) + "\n-----END CERTIFICATE-----\n";
    const net::x509::Bundle bundle = net::x509::read_bundle(pem);
    const net::X509Ptr leaf = decoded(known.at(row.leaf));
    if (!leaf) return "fail: OpenSSL does not parse it";
    std::vector<net::X509Ptr> shown;
    for (const std::string& one : row.shown) shown.push_back(decoded(known.at(one)));
    net::x509::Question question;
    question.leaf = leaf.get();
    for (const net::X509Ptr& one : shown) {
        if (!one) return "fail: OpenSSL does not parse what is shown";
        question.shown.push_back(one.get());
    }
    for (const net::X509Ptr& one : bundle.certificates) question.trusted.push_back(one.get());
    if (row.purpose == "client") question.purpose = net::x509::Purpose::client;
    question.now = time_of(row.at);
    if (const auto good = net::x509::verify(question); !good) return "fail " + good.error().message();
    if (row.host.empty()) return "ok";
    const int error = net::x509::check_host(leaf.get(), row.host);
    return error == X509_V_OK ? "ok" : "fail " + net::certificate_category().message(error);
}

}  // namespace

TEST_CASE("Chains are judged as Go judges them") {
    const Table table = read_table();
    REQUIRE(table.rows.size() >= 60);
    for (const Row& row : table.rows) {
        const std::string ours = verdict(row, table.certificates);
        INFO(row.name << "\n  Go:   " << row.expected << "\n  here: " << ours);
        CHECK(ours.substr(0, 2) == row.expected.substr(0, 2));
    }
}
