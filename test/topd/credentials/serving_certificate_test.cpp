// SPDX-License-Identifier: Apache-2.0
#include "topd/credentials/serving_certificate.hpp"

#include "net/tls/certificate.hpp"
#include "test/net/server_lab.hpp"
#include "test/topd/captured_log.hpp"
#include "test/topd/file_tree.hpp"

#include <string>
#include <vector>

#include <boost/asio/io_context.hpp>
#include <catch2/catch.hpp>

TEST_CASE("a serving pair that is replaced is taken once, and one that is broken is not") {
    test::FileTree files;
    const auto replace = [&](const net::KeyPair& pair) {
        files.write("apiserver.crt", pair.certificate_pem);
        files.write("apiserver.key", pair.key_pem);
    };
    replace(net::make_self_signed({}));
    topd::Flags flags;
    flags.cert_dir = files.root();
    boost::asio::io_context loop{1};
    test::Echo echo;
    net::HttpServer server{loop.get_executor(), {}, topd::serving_tls(flags), echo};
    topd::ServingCertificate serving{flags, server};
    test::CapturedLog log;
    // And again, as the daemon does every some seconds.
    const auto read_again = [&] {
        serving.read_again();
        serving.read_again();
    };
    read_again();
    replace(net::make_self_signed({}));
    read_again();
    files.write("apiserver.key", "half a fi");
    read_again();

    const std::vector<std::string>& lines = log.lines();
    const std::string pair = "certFile=\"" + files.root() + "/apiserver.crt\"";
    REQUIRE(lines.size() == 2);
    CHECK(lines[0] == "\"Reloaded the serving certificate\" " + pair);
    CHECK_THAT(lines[1],
               Catch::StartsWith("\"Failed to reload the serving certificate, keeping the last one\" err=") &&
                   Catch::Contains(" " + pair + " keyFile="));
}
