// SPDX-License-Identifier: Apache-2.0
// The certificate that we serve with (k8s.io/apiserver, pkg/server/options/serving.go:
// MaybeDefaultWithSelfSignedCerts).
#include "kube/config_values.hpp"
#include "net/task_group.hpp"
#include "net/tls.hpp"
#include "topd/settings.hpp"
#include "topd/tls_choice.hpp"
#include "topd/watched_files.hpp"

#include <cerrno>
#include <filesystem>
#include <stdexcept>
#include <system_error>

#include <fmt/format.h>

#include <fcntl.h>
#include <unistd.h>

namespace topd {
namespace {

namespace fs = std::filesystem;

constexpr mode_t kPublic = 0644;
constexpr mode_t kPrivate = 0600;
// How soon a replaced certificate is noticed.
constexpr std::chrono::seconds kLookAgain{5};

[[noreturn]] void give_up(const fs::path& path, int error) {
    throw std::runtime_error{fmt::format("error creating self-signed certificates: {}: {}", path.string(),
                                         std::generic_category().message(error))};
}

// Whole or not at all: a crash in between must not leave half a key behind.
void write_file(const fs::path& path, std::string_view text, mode_t mode) {
    const fs::path fresh = path.string() + ".new";
    const int file = ::open(fresh.c_str(), O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, mode);
    if (file < 0) give_up(fresh, errno);
    const bool written = ::write(file, text.data(), text.size()) == static_cast<ssize_t>(text.size());
    const int error = written ? 0 : errno;
    ::fchmod(file, mode);
    ::close(file);
    if (!written) give_up(fresh, error);
    if (::rename(fresh.c_str(), path.c_str()) != 0) give_up(path, errno);
}

struct ServingFiles {
    std::string certificate;
    std::string key;
};

ServingFiles serving_files(const Flags& flags) {
    if (!flags.tls_cert_file.empty()) return {flags.tls_cert_file, flags.tls_private_key_file};
    const fs::path folder = flags.cert_dir;
    return {folder / "apiserver.crt", folder / "apiserver.key"};
}

net::TlsServer::Options tls_options(const Flags& flags) {
    net::TlsServer::Options options;
    // The names of the authorities whose certificates we would accept, for clients that have several.
    if (const auto hint = kube::read_file(flags.requestheader_client_ca_file))
        options.client_ca_hint_pem = *hint;
    TlsChoice choice = tls_choice(flags);
    options.cipher_suites = std::move(choice.cipher_suites);
    options.groups = std::move(choice.groups);
    options.min_version = choice.min_version;
    return options;
}

net::Result<net::TlsServer> load(const Flags& flags) {
    const auto [certificate, key] = serving_files(flags);
    const auto certificate_pem = kube::read_file(certificate);
    if (!certificate_pem) return certificate_pem.error();
    const auto key_pem = kube::read_file(key);
    if (!key_pem) return key_pem.error();
    net::TlsServer::Options options = tls_options(flags);
    options.certificate = {*certificate_pem, *key_pem};
    return net::TlsServer::make(options);
}

void make_pair(const Flags& flags) {
    const auto [certificate, key] = serving_files(flags);
    const net::KeyPair pair = net::make_self_signed({});
    std::error_code error;
    fs::create_directories(flags.cert_dir, error);
    if (error) give_up(flags.cert_dir, error.value());
    write_file(key, pair.key_pem, kPrivate);
    write_file(certificate, pair.certificate_pem, kPublic);
    telemetry::info("Generated self-signed cert", {{"certFile", certificate}, {"keyFile", key}});
}

}  // namespace

net::TlsServer serving_tls(const Flags& flags) {
    const auto [certificate, key] = serving_files(flags);
    const bool given = !flags.tls_cert_file.empty();
    auto tls = load(flags);
    const bool other_pair = !tls && tls.error() != net::Errc::unknown_suite;
    if (other_pair && !given) {
        make_pair(flags);
        tls = load(flags);
    }
    if (tls) return std::move(*tls);
    if (tls.error() == net::Errc::unknown_suite)
        throw std::runtime_error{"--tls-cipher-suites, --tls-curve-preferences: " + tls.error().message()};
    throw std::runtime_error{fmt::format("{}{}, {}{}: {}", given ? "--tls-cert-file " : "", certificate,
                                         given ? "--tls-private-key-file " : "", key, tls.error().message())};
}

net::Task<> follow_serving_certificate(Flags flags, net::HttpServer& server) {
    const ServingFiles files = serving_files(flags);
    WatchedFiles watched{{files.certificate, files.key}};
    for (;;) {
        co_await net::sleep_until(net::Clock::now() + kLookAgain);
        if (!watched.changed()) continue;
        auto tls = load(flags);
        if (tls) {
            server.replace_tls(std::move(*tls));
            telemetry::info("Reloaded the serving certificate", {{"certFile", files.certificate}});
        } else {
            telemetry::error(
                "Failed to reload the serving certificate, keeping the last one",
                {{"err", tls.error().message()}, {"certFile", files.certificate}, {"keyFile", files.key}});
        }
    }
}

}  // namespace topd
