// SPDX-License-Identifier: Apache-2.0
#include "sink/http/http_receiver.hpp"

#include "files/read.hpp"
#include "net/stages.hpp"
#include "telemetry/log.hpp"
#include "text/printable.hpp"
#include "version/version.hpp"

#include <algorithm>

#include <fmt/format.h>
#include <openssl/evp.h>

namespace sink {
namespace {

constexpr std::size_t kKeptAnswer = 16 * 1024;
constexpr std::uint64_t kLongestAnswer = 4 * 1024 * 1024;
// Questions before the first batch.
constexpr int kMostQuestions = 8;

constexpr net::StageLimits kStages{
    .look_up = std::chrono::seconds{5},
    .connect = std::chrono::seconds{10},
    .handshake = std::chrono::seconds{10},
    .answer = std::chrono::seconds{0},
    .silence = std::chrono::seconds{10},
};

// Keeps the beginning, and reads over the rest.
class Beginning final : public net::BodySink {
  public:
    explicit Beginning(std::string& text) : text_{text} {}
    net::Result<> body(std::string_view piece) override {
        text_ += piece.substr(0, kKeptAnswer - std::min(text_.size(), kKeptAnswer));
        return {};
    }

  private:
    std::string& text_;
};

std::string base64(std::string_view text) {
    std::string out(4 * ((text.size() + 2) / 3) + 1, '\0');
    const int written =
        EVP_EncodeBlock(reinterpret_cast<unsigned char*>(out.data()),
                        reinterpret_cast<const unsigned char*>(text.data()), static_cast<int>(text.size()));
    out.resize(static_cast<std::size_t>(written));
    return out;
}

std::string read_file(const std::string& path, std::string_view option) {
    if (path.empty()) return {};
    const auto text = files::read(path);
    if (!text) throw AddressError{fmt::format("option {}: {}: {}", option, path, text.error().message())};
    return *text;
}

net::TlsClient make_tls(const HttpOptions& options) {
    net::TlsClient::Options tls;
    tls.ca_pem = read_file(options.ca_file, "ca_file");
    tls.insecure = options.insecure;
    if (!options.cert_file.empty())
        tls.certificate =
            net::KeyPair{read_file(options.cert_file, "cert_file"), read_file(options.key_file, "key_file")};
    const auto made = net::TlsClient::make(tls);
    if (!made)
        throw AddressError{fmt::format("the certificates of {} are of no use: {}",
                                       options.cert_file.empty() ? options.ca_file : options.cert_file,
                                       made.error().message())};
    return *made;
}

net::Origin origin_of(const Address& address, const std::optional<net::TlsClient>& tls) {
    net::Origin origin;
    origin.host = address.host;
    origin.port = address.port;
    origin.tls = tls;
    return origin;
}

Verdict later(std::string reason, std::string said) {
    Verdict verdict;
    verdict.reason = std::move(reason);
    verdict.said = std::move(said);
    return verdict;
}

}  // namespace

HttpReceiver::HttpReceiver(net::Executor executor, const Address& address, HttpOptions options,
                           std::unique_ptr<Protocol> protocol)
    : options_{std::move(options)},
      host_{address.host},
      protocol_{std::move(protocol)},
      tls_{address.tls ? std::optional{make_tls(options_)} : std::nullopt},
      http_{std::move(executor), origin_of(address, tls_)} {
    if (!address.tls && !(options_.ca_file + options_.cert_file).empty())
        throw AddressError{"options ca_file and cert_file are for https URLs"};
}

std::string HttpReceiver::authorize(net::Request& request) const {
    const Secret& secret = options_.username.empty() ? options_.token : options_.password;
    if (secret.empty()) return {};
    const auto value = secret.value();
    if (!value) return fmt::format("{} cannot be read, or holds nothing of use", secret.file());
    request.headers.set("Authorization", options_.username.empty()
                                             ? options_.token_scheme + " " + *value
                                             : "Basic " + base64(options_.username + ":" + *value));
    return {};
}

void HttpReceiver::follow_files() {
    if (!tls_) return;
    std::string texts;
    for (const std::string& path : {options_.ca_file, options_.cert_file, options_.key_file}) {
        if (path.empty()) continue;
        const auto text = files::read(path);
        // While it is being replaced.
        if (!text) return;
        texts += *text;
    }
    if (texts == tls_texts_) return;
    const bool first = std::exchange(tls_texts_, std::move(texts)).empty();
    if (first) return;
    try {
        tls_->replace(make_tls(options_));
    } catch (const AddressError& error) {
        telemetry::warning("The new certificates of a sink are not used", {{"reason", error.what()}});
    }
}

net::Task<HttpReceiver::Exchange> HttpReceiver::exchange(net::Request request) {
    Exchange done;
    done.failure = authorize(request);
    if (!done.failure.empty()) co_return done;
    request.headers.set("User-Agent", version::product());
    for (const auto& [name, value] : options_.headers) request.headers.set(name, value);
    net::ExchangeLimits limits;
    limits.deadline = net::Clock::now() + options_.timeout;
    limits.stages = kStages;
    limits.body_bytes = kLongestAnswer;
    Beginning body{done.answer.body};
    const auto head = co_await http_.exchange(request, body, limits);
    if (!head) {
        done.failure = text::printable(net::message_of(head.error(), host_));
        co_return done;
    }
    done.answer.status = head->status;
    done.answer.headers = head->headers;
    co_return done;
}

net::Task<std::optional<Verdict>> HttpReceiver::prepare() {
    std::string problem;
    Exchange done;
    std::optional<net::Request> question = protocol_->prepare(nullptr, problem);
    for (int asked = 0; question && asked < kMostQuestions; ++asked) {
        net::Request request = std::move(*question);
        done = co_await exchange(std::move(request));
        if (!done.failure.empty()) co_return later("unreachable", done.failure);
        question = protocol_->prepare(&done.answer, problem);
    }
    if (!problem.empty()) {
        Verdict verdict = later("unprepared", problem);
        const unsigned status = done.answer.status;
        if (status == 401 || status == 403) verdict.fate = Verdict::Fate::denied;
        co_return verdict;
    }
    prepared_ = true;
    co_return std::nullopt;
}

net::Task<Verdict> HttpReceiver::deliver(const Batch& batch, bool repeated) {
    follow_files();
    if (!prepared_) {
        std::optional<Verdict> problem = co_await prepare();
        if (problem) co_return *problem;
    }
    net::Request request = protocol_->request(batch);
    const Exchange done = co_await exchange(std::move(request));
    if (!done.failure.empty()) co_return later("unreachable", done.failure);
    Verdict verdict = protocol_->judge(done.answer, batch, repeated);
    if (verdict.fate == Verdict::Fate::unprepared) prepared_ = false;
    co_return verdict;
}

}  // namespace sink
