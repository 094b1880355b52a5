// SPDX-License-Identifier: Apache-2.0
#include "topd/credentials/serving_certificate.hpp"

#include "files/read.hpp"
#include "files/replace.hpp"
#include "net/tls/pem_fault.hpp"
#include "telemetry/log.hpp"
#include "topd/flags/tls_choice.hpp"

#include <filesystem>
#include <optional>
#include <stdexcept>
#include <system_error>
#include <utility>

#include <fmt/format.h>

namespace topd {
namespace {

namespace fs = std::filesystem;

constexpr mode_t kPublic = 0644;
constexpr mode_t kPrivate = 0600;

[[noreturn]] void give_up(const std::string& path, std::error_code error) {
    throw std::runtime_error{
        fmt::format("error creating self-signed certificates: {}: {}", path, error.message())};
}

void write_file(const std::string& path, std::string_view text, mode_t mode) {
    if (const std::error_code error = files::replace(path, text, mode)) give_up(path, error);
}

std::string named(const char* flag, const std::string& path, bool given) {
    return given ? fmt::format("{} {}", flag, path) : path;
}

struct Loaded {
    std::optional<net::TlsServer> tls;
    // Why there is none, with the file or the flags.
    std::string fault;
    // It is not for the pair.
    bool by_flags = false;
};

Loaded failed(std::string fault) {
    return {{}, std::move(fault), false};
}

Loaded load(const Flags& flags) {
    const ServingFiles files = serving_files(flags);
    const bool given = !flags.tls_cert_file.empty();
    const std::string certificate = named("--tls-cert-file", files.certificate, given);
    const std::string key = named("--tls-private-key-file", files.key, given);
    const auto certificate_pem = files::read(files.certificate);
    if (!certificate_pem) return failed(certificate + ": " + certificate_pem.error().message());
    const auto key_pem = files::read(files.key);
    if (!key_pem) return failed(key + ": " + key_pem.error().message());

    TlsChoice choice = tls_choice(flags);
    net::TlsServer::Options options;
    options.certificate = {*certificate_pem, *key_pem};
    options.cipher_suites = std::move(choice.cipher_suites);
    options.groups = std::move(choice.groups);
    options.min_version = choice.min_version;
    auto tls = net::TlsServer::make(options);
    if (tls) return {std::move(*tls), {}, false};
    if (tls.error() == net::Errc::unknown_suite)
        return {{}, "--tls-cipher-suites, --tls-curve-preferences: " + tls.error().message(), true};
    std::string fault = net::pair_fault(options.certificate, certificate, key);
    if (fault.empty()) fault = certificate + ", " + key + ": " + tls.error().message();
    return failed(std::move(fault));
}

// As k8s.io/apiserver does it (pkg/server/options/serving.go: MaybeDefaultWithSelfSignedCerts).
void make_pair(const Flags& flags) {
    const auto [certificate, key] = serving_files(flags);
    const net::KeyPair pair = net::make_self_signed({});
    std::error_code error;
    fs::create_directories(flags.cert_dir, error);
    if (error) give_up(flags.cert_dir, error);
    write_file(key, pair.key_pem, kPrivate);
    write_file(certificate, pair.certificate_pem, kPublic);
    telemetry::info("Generated self-signed cert", {{"certFile", certificate}, {"keyFile", key}});
}

}  // namespace

ServingFiles serving_files(const Flags& flags) {
    if (!flags.tls_cert_file.empty()) return {flags.tls_cert_file, flags.tls_private_key_file};
    const fs::path folder = flags.cert_dir;
    return {folder / "apiserver.crt", folder / "apiserver.key"};
}

net::TlsServer serving_tls(const Flags& flags) {
    Loaded loaded = load(flags);
    if (!loaded.tls && !loaded.by_flags && flags.tls_cert_file.empty()) {
        make_pair(flags);
        loaded = load(flags);
    }
    if (!loaded.tls) throw std::runtime_error{loaded.fault};
    return std::move(*loaded.tls);
}

ServingCertificate::ServingCertificate(const Flags& flags, net::HttpServer& server)
    : flags_{flags}, server_{server}, files_{{serving_files(flags).certificate, serving_files(flags).key}} {}

void ServingCertificate::read_again() {
    if (!files_.changed()) return;
    const ServingFiles files = serving_files(flags_);
    Loaded loaded = load(flags_);
    if (loaded.tls) {
        server_.replace_tls(std::move(*loaded.tls));
        telemetry::info("Reloaded the serving certificate", {{"certFile", files.certificate}});
    } else {
        telemetry::error("Failed to reload the serving certificate, keeping the last one",
                         {{"err", loaded.fault}, {"certFile", files.certificate}, {"keyFile", files.key}});
    }
}

}  // namespace topd
