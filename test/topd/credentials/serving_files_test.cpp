// SPDX-License-Identifier: Apache-2.0
// The files of our own certificates: made where there are none, and refused by name where they are of no use.
#include "net/tls/pem_fault.hpp"
#include "test/topd/file_tree.hpp"
#include "topd/credentials/serving_certificate.hpp"
#include "topd/settings.hpp"

#include <filesystem>
#include <functional>
#include <sstream>

#include <catch2/catch.hpp>

#include <sys/stat.h>

using namespace topd;
namespace fs = std::filesystem;

namespace {

std::string text_of(const fs::path& path) {
    std::ostringstream text;
    text << std::ifstream{path}.rdbuf();
    return text.str();
}

std::string failure(const std::function<void()>& work) {
    try {
        work();
    } catch (const std::runtime_error& error) {
        return error.what();
    }
    return "none";
}

}  // namespace

TEST_CASE("an unknown cipher suite is refused and the kept pair stays") {
    const test::FileTree folder;
    const std::string cert_dir = folder.root() + "/pair";
    CHECK_NOTHROW(serving_tls(parse_flags({"--cert-dir", cert_dir})));
    const std::string first = text_of(folder.root() + "/pair/apiserver.crt");
    CHECK(failure([&] {
              serving_tls(parse_flags({"--cert-dir", cert_dir, "--tls-cipher-suites=TLS_NONE"}));
          }) == "--tls-cipher-suites: Cipher suite TLS_NONE not supported or doesn't exist");
    CHECK(text_of(folder.root() + "/pair/apiserver.crt") == first);
}

TEST_CASE("without certificate flags a pair is made once and kept") {
    const test::FileTree folder;
    const Flags flags = parse_flags({"--cert-dir", folder.root() + "/a/b"});
    CHECK_NOTHROW(serving_tls(flags));
    const fs::path certificate = folder.root() + "/a/b/apiserver.crt";
    const fs::path key = folder.root() + "/a/b/apiserver.key";
    const std::string first = text_of(certificate);
    CHECK(first.starts_with("-----BEGIN CERTIFICATE-----"));
    CHECK((fs::status(key).permissions() & fs::perms::all) ==
          (fs::perms::owner_read | fs::perms::owner_write));
    SECTION("a good pair stays") {
        CHECK_NOTHROW(serving_tls(flags));
        CHECK(text_of(certificate) == first);
    }
    SECTION("a certificate of another key is replaced") {
        folder.write("a/b/apiserver.crt", net::make_self_signed({}).certificate_pem);
        CHECK_NOTHROW(serving_tls(flags));
        CHECK(net::TlsServer::make({{text_of(certificate), text_of(key)}}).has_value());
    }
    SECTION("half a pair is replaced") {
        fs::remove(key);
        CHECK_NOTHROW(serving_tls(flags));
        CHECK(net::TlsServer::make({{text_of(certificate), text_of(key)}}).has_value());
    }
}

TEST_CASE("a file that somebody put beside a key to be made does not get it") {
    const test::FileTree folder;
    folder.write("victim", "theirs");
    for (const char* name : {"/apiserver.key.new", "/apiserver.crt.new"})
        fs::create_symlink(folder.root() + "/victim", folder.root() + name);
    CHECK_NOTHROW(serving_tls(parse_flags({"--cert-dir", folder.root()})));
    CHECK(text_of(folder.root() + "/victim") == "theirs");
    CHECK(fs::is_symlink(folder.root() + "/apiserver.key.new"));
    struct stat key {};
    REQUIRE(::lstat((folder.root() + "/apiserver.key").c_str(), &key) == 0);
    CHECK(S_ISREG(key.st_mode));
    CHECK((key.st_mode & 07777) == 0600);
}

namespace {

// One good pair and an authority, and what can be in their place.
struct Files {
    Files() {
        tree.write("tls.crt", pair.certificate_pem);
        tree.write("tls.key", pair.key_pem);
        tree.write("other.key", net::make_self_signed({}).key_pem);
        tree.write("text", "no PEM");
        tree.write("der", "\x30\x82\x01\x02");
        // Written even when there is nothing in it.
        std::ofstream{tree.root() + "/empty"};
        fs::create_directory(tree.root() + "/folder");
    }
    std::string operator/(const std::string& name) const { return tree.root() + "/" + name; }

    test::FileTree tree;
    net::KeyPair pair = net::make_self_signed({});
};

}  // namespace

TEST_CASE("of a certificate and its key the bad file is named, and what is wrong with it") {
    const Files files;
    struct Case {
        std::string certificate;
        std::string key;
        // The file's flag is named before it.
        bool key_is_bad;
        std::string fault;
    };
    const Case cases[] = {
        {"none", "tls.key", false, "No such file or directory"},
        {"tls.crt", "none", true, "No such file or directory"},
        {"tls.crt", "folder", true, "Is a directory"},
        {"empty", "tls.key", false, "is empty"},
        {"tls.crt", "empty", true, "is empty"},
        {"text", "tls.key", false, "holds no PEM block"},
        {"tls.crt", "text", true, "holds no PEM block"},
        {"der", "tls.key", false, "is in DER form"},
        {"tls.crt", "der", true, "is in DER form"},
        {"tls.crt", "tls.crt", true, "holds a certificate where a private key is expected"},
        {"tls.key", "tls.key", false, "holds a key where a certificate is expected"},
        {"tls.crt", "other.key", true, "the key does not belong to the certificate in "},
    };
    for (const Case& c : cases) DYNAMIC_SECTION(c.certificate << " with " << c.key) {
            const std::string certificate = files / c.certificate;
            const std::string key = files / c.key;
            CHECK_THAT(
                failure([&] {
                    serving_tls(parse_flags({"--tls-cert-file", certificate, "--tls-private-key-file", key}));
                }),
                Catch::StartsWith(
                    (c.key_is_bad ? "--tls-private-key-file " + key : "--tls-cert-file " + certificate) +
                    ": " + c.fault));
            CHECK_THAT(failure([&] {
                           kubelet_tls(parse_flags({"--kubelet-client-certificate", certificate,
                                                    "--kubelet-client-key", key}),
                                       {});
                       }),
                       Catch::StartsWith((c.key_is_bad ? "--kubelet-client-key: " + key
                                                       : "--kubelet-client-certificate: " + certificate) +
                                         ": " + c.fault));
        }
    CHECK_NOTHROW(serving_tls(
        parse_flags({"--tls-cert-file", files / "tls.crt", "--tls-private-key-file", files / "tls.key"})));
    CHECK_THAT(failure([&] {
                   serving_tls(parse_flags({"--cert-dir", files / "tls.crt/x"}));
               }),
               Catch::StartsWith("error creating self-signed certificates: " + files / "tls.crt"));
}

TEST_CASE("a bad file of authorities is named, and what is wrong with it") {
    const Files files;
    struct Case {
        std::string file;
        std::string fault;
    };
    const Case cases[] = {
        {"none", "No such file or directory"},
        {"folder", "Is a directory"},
        {"empty", "is empty"},
        {"text", "holds no PEM block"},
        {"der", "is in DER form"},
        {"tls.key", "holds a key where a certificate is expected"},
    };
    for (const Case& c : cases) DYNAMIC_SECTION(c.file) {
            const std::string file = files / c.file;
            const auto refusal = [&](const std::string& flag, const std::function<void(const Flags&)>& use) {
                CHECK_THAT(failure([&] {
                               use(parse_flags({flag, file}));
                           }),
                           Catch::StartsWith(flag + ": " + file + ": " + c.fault));
            };
            refusal("--client-ca-file", [](const Flags& flags) { client_authorities(flags); });
            refusal("--requestheader-client-ca-file", [](const Flags& flags) { front_proxy(flags); });
            refusal("--kubelet-certificate-authority", [](const Flags& flags) { kubelet_tls(flags, {}); });
        }
}
