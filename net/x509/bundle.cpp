// SPDX-License-Identifier: Apache-2.0
#include "net/x509/bundle.hpp"

#include "net/x509/extensions.hpp"

#include <algorithm>
#include <optional>

#include <openssl/err.h>

namespace net::x509 {
namespace {

constexpr std::string_view kBegin = "-----BEGIN ";
constexpr std::string_view kEnd = "-----END ";
constexpr std::string_view kDashes = "-----";
// A bundle that is no bundle at all has no end of complaints.
constexpr std::size_t kComplaints = 20;

std::string_view trimmed(std::string_view line) {
    return line.substr(0, line.find_last_not_of(" \t\r") + 1);
}

std::optional<unsigned> sextet(char c) {
    if (c >= 'A' && c <= 'Z') return static_cast<unsigned>(c - 'A');
    if (c >= 'a' && c <= 'z') return static_cast<unsigned>(c - 'a' + 26);
    if (c >= '0' && c <= '9') return static_cast<unsigned>(c - '0' + 52);
    if (c == '+') return 62;
    if (c == '/') return 63;
    return std::nullopt;
}

// With its padding, and nothing else.
std::optional<std::string> from_base64(const std::string& text) {
    const std::size_t end = std::min(text.find('='), text.size());
    const std::size_t padding = text.size() - end;
    if (text.size() % 4 != 0 || padding > 2 || text.find_first_not_of('=', end) != text.npos)
        return std::nullopt;
    std::string bytes;
    unsigned bits = 0;
    for (std::size_t i = 0; i < end; ++i) {
        const auto value = sextet(text[i]);
        if (!value) return std::nullopt;
        bits = ((bits << 6) | *value) & 0xffffff;
        if (i % 4 != 0) bytes += static_cast<char>((bits >> (6 - 2 * (i % 4))) & 0xff);
    }
    return bytes;
}

class Reader {
  public:
    void line(std::string_view text) {
        ++line_;
        const std::string_view bare = trimmed(text);
        if (bare.starts_with(kBegin)) return begin(bare);
        if (bare.starts_with(kEnd)) return end(bare);
        if (inside_) return content(bare);
        if (bare.find(kBegin) != bare.npos) {
            // A block that is indented is not one.
            ++block_;
            started_ = line_;
            complain("a BEGIN that does not begin its line");
        }
    }

    Bundle finish() {
        if (inside_) complain("it has no END");
        if (left_out_ > 0) found_.complaints.push_back("and " + std::to_string(left_out_) + " more");
        return std::move(found_);
    }

  private:
    void begin(std::string_view text) {
        if (inside_) complain("it has no END");
        ++block_;
        started_ = line_;
        inside_ = true;
        headers_ = false;
        base64_.clear();
        type_ = text.substr(kBegin.size());
        broken_ = !type_.ends_with(kDashes);
        if (!broken_) type_.remove_suffix(kDashes.size());
    }

    void content(std::string_view text) {
        if (base64_.empty() && text.find(':') != text.npos) {
            headers_ = true;
            return;
        }
        for (const char c : text)
            if (c != ' ' && c != '\t' && c != '\r') base64_ += c;
    }

    void end(std::string_view text) {
        if (!inside_) {
            ++block_;
            started_ = line_;
            return complain("an END without its BEGIN");
        }
        inside_ = false;
        const std::string_view rest = text.substr(kEnd.size());
        if (broken_ || rest.size() != type_.size() + kDashes.size() || !rest.starts_with(type_) ||
            !rest.ends_with(kDashes))
            return complain("its BEGIN and END do not match");
        if (type_ != "CERTIFICATE") return complain(kind());
        if (headers_) return complain("it has headers");
        take();
    }

    std::string kind() const {
        static constexpr std::string_view kKnown[] = {
            "TRUSTED CERTIFICATE", "X509 CERTIFICATE", "CERTIFICATE REQUEST",   "X509 CRL",  "PRIVATE KEY",
            "RSA PRIVATE KEY",     "EC PRIVATE KEY",   "ENCRYPTED PRIVATE KEY", "PUBLIC KEY"};
        for (const std::string_view known : kKnown)
            if (type_ == known) return "of type " + std::string{known} + ", not CERTIFICATE";
        return "of another type than CERTIFICATE";
    }

    void take() {
        const auto der = from_base64(base64_);
        if (!der) return complain("not base64");
        const auto* at = reinterpret_cast<const unsigned char*>(der->data());
        const unsigned char* const last = at + der->size();
        X509Ptr certificate{d2i_X509(nullptr, &at, static_cast<long>(der->size()))};
        ERR_clear_error();
        if (!certificate) return complain("no X.509 certificate");
        if (at != last) return complain("there is more than a certificate in it");
        const std::string_view why = unreadable(certificate.get());
        ERR_clear_error();
        if (!why.empty()) return complain(std::string{why});
        const auto same = [&](const X509Ptr& one) { return X509_cmp(one.get(), certificate.get()) == 0; };
        if (std::none_of(found_.certificates.begin(), found_.certificates.end(), same))
            found_.certificates.push_back(std::move(certificate));
    }

    void complain(const std::string& why) {
        if (found_.complaints.size() >= kComplaints) {
            ++left_out_;
            return;
        }
        found_.complaints.push_back("block " + std::to_string(block_) + " (line " + std::to_string(started_) +
                                    "): " + why);
    }

    Bundle found_;
    std::size_t line_ = 0;
    std::size_t block_ = 0;
    std::size_t started_ = 0;
    std::size_t left_out_ = 0;
    bool inside_ = false;
    bool broken_ = false;
    bool headers_ = false;
    std::string_view type_;
    std::string base64_;
};

}  // namespace

Bundle read_bundle(std::string_view pem) {
    Reader reader;
    for (std::size_t at = 0; at < pem.size();) {
        const std::size_t end = std::min(pem.find('\n', at), pem.size());
        reader.line(pem.substr(at, end - at));
        at = end + 1;
    }
    return reader.finish();
}

}  // namespace net::x509
