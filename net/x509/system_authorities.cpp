// SPDX-License-Identifier: Apache-2.0
#include "net/x509/bundle.hpp"

#include <algorithm>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <sstream>

namespace net::x509 {
namespace {

// crypto/x509/root_linux.go. The first that is there.
constexpr const char* kFiles[] = {"/etc/ssl/certs/ca-certificates.crt",
                                  "/etc/pki/tls/certs/ca-bundle.crt",
                                  "/etc/ssl/ca-bundle.pem",
                                  "/etc/pki/tls/cacert.pem",
                                  "/etc/pki/ca-trust/extracted/pem/tls-ca-bundle.pem",
                                  "/etc/ssl/cert.pem"};
// All of them.
constexpr const char* kFolders[] = {"/etc/ssl/certs", "/etc/pki/tls/certs"};

std::vector<std::string> named_or(const char* variable, char separator, std::vector<std::string> usual) {
    const char* value = std::getenv(variable);
    if (!value || !*value) return usual;
    std::vector<std::string> named;
    std::istringstream text{value};
    for (std::string one; std::getline(text, one, separator);) named.push_back(one);
    return named;
}

// Hashes that point to files of the same folder.
bool is_link_within(const std::filesystem::directory_entry& entry) {
    std::error_code none;
    return entry.is_symlink(none) && !std::filesystem::read_symlink(entry.path(), none).has_parent_path();
}

bool add_file(Bundle& to, const std::filesystem::path& path) {
    std::error_code none;
    if (!std::filesystem::is_regular_file(path, none)) return false;
    std::ifstream file{path, std::ios::binary};
    if (!file) return false;
    const std::string text{std::istreambuf_iterator<char>{file}, {}};
    for (X509Ptr& one : read_bundle(text).certificates) to.certificates.push_back(std::move(one));
    return true;
}

}  // namespace

Bundle system_authorities() {
    Bundle found;
    for (const std::string& file : named_or("SSL_CERT_FILE", '\0', {std::begin(kFiles), std::end(kFiles)}))
        if (add_file(found, file)) break;
    for (const std::string& folder :
         named_or("SSL_CERT_DIR", ':', {std::begin(kFolders), std::end(kFolders)})) {
        std::error_code none;
        for (const auto& entry : std::filesystem::directory_iterator{folder, none})
            if (!is_link_within(entry)) add_file(found, entry.path());
    }
    // Links and bundles hold each certificate several times.
    const auto before = [](const X509Ptr& a, const X509Ptr& b) { return X509_cmp(a.get(), b.get()) < 0; };
    const auto same = [](const X509Ptr& a, const X509Ptr& b) { return X509_cmp(a.get(), b.get()) == 0; };
    std::sort(found.certificates.begin(), found.certificates.end(), before);
    found.certificates.erase(std::unique(found.certificates.begin(), found.certificates.end(), same),
                             found.certificates.end());
    return found;
}

}  // namespace net::x509
