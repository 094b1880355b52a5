// SPDX-License-Identifier: Apache-2.0
#include "kube/client.hpp"

#include "kube/client_metrics.hpp"
#include "version/version.hpp"

#include <charconv>
#include <functional>
#include <optional>

namespace kube {
namespace {

constexpr std::size_t kLongestErrorBody = 64 * 1024;
constexpr std::size_t kLongestReview = 1024 * 1024;

std::chrono::seconds parse_retry_after(const net::Headers& headers) {
    const auto value = headers.find("Retry-After");
    unsigned seconds = 0;
    if (value) std::from_chars(value->data(), value->data() + value->size(), seconds);
    return std::chrono::seconds{seconds};
}

// Lets the body of a good answer through and keeps the beginning of any other.
class AnswerSink final : public net::BodySink {
  public:
    // `answered`: is told when the head has come.
    AnswerSink(net::BodySink& inner, std::function<void(unsigned status)> answered)
        : inner_{inner}, answered_{std::move(answered)} {}

    net::Result<> head(const net::ResponseHead& head) override {
        status_ = static_cast<int>(head.status);
        answered_(head.status);
        if (good()) return inner_.head(head);
        content_type_ = head.headers.find("Content-Type").value_or("");
        retry_after_ = parse_retry_after(head.headers);
        return {};
    }

    net::Result<> body(std::string_view piece) override {
        if (good()) return inner_.body(piece);
        error_body_ += piece.substr(0, kLongestErrorBody - error_body_.size());
        if (error_body_.size() == kLongestErrorBody) return net::Errc::body_too_large;
        return {};
    }

    unsigned status() const { return static_cast<unsigned>(status_); }

    // What the server said against the request, if it did.
    std::optional<Failure> refusal() const {
        if (status_ == 0 || good()) return std::nullopt;
        Failure failure = failure_from_answer(status_, content_type_, error_body_);
        failure.retry_after = retry_after_;
        return failure;
    }

  private:
    bool good() const { return status_ >= 200 && status_ < 300; }

    net::BodySink& inner_;
    std::function<void(unsigned)> answered_;
    int status_ = 0;
    std::string content_type_;
    std::chrono::seconds retry_after_{0};
    std::string error_body_;
};

}  // namespace

Client::Client(net::Executor executor, const Config& config, const net::StageLimits& stages)
    : http_{std::move(executor), config.server},
      host_{config.server.host},
      path_prefix_{config.path_prefix},
      token_{config.token},
      stages_{stages},
      metrics_{config.metrics} {}

net::Request Client::request(const char* method, const std::string& path, const std::string& accept) const {
    net::Request request;
    request.method = method;
    request.target = path_prefix_ + path;
    request.headers.add("Accept", accept);
    request.headers.add("User-Agent", version::product());
    const std::string token = token_.value(net::Clock::now());
    if (!token.empty()) request.headers.add("Authorization", "Bearer " + token);
    return request;
}

Failure Client::failure_of(const net::Error& error) const {
    Failure failure{error};
    std::string text = net::message_of(error, host_);
    if (text != error.message()) failure.message = std::move(text);
    return failure;
}

net::Task<Outcome<>> Client::send(net::Request request, net::BodySink& sink, net::ExchangeLimits limits) {
    limits.stages = limits.stages.or_else(stages_);
    const auto started = net::Clock::now();
    std::function<void(unsigned)> answered = [this, &request, started](unsigned status) {
        if (metrics_ == nullptr) return;
        metrics_->answered(request.method, http_.authority(), status, net::Clock::now() - started);
    };
    AnswerSink answer{sink, answered};
    const auto head = co_await http_.exchange(request, answer, limits);
    last_status_ = answer.status();
    if (last_status_ == 0) answered(0);
    // The refusal is the better news even when its body was cut off.
    if (auto refusal = answer.refusal()) co_return std::move(*refusal);
    if (!head) co_return failure_of(head.error());
    co_return Outcome<>{};
}

net::Task<Outcome<>> Client::get(std::string path, std::string accept, net::BodySink& sink,
                                 net::ExchangeLimits limits) {
    net::Request get = request("GET", path, accept);
    co_return co_await send(std::move(get), sink, limits);
}

net::Task<Outcome<std::string>> Client::post_json(std::string path, std::string body,
                                                  net::Deadline deadline) {
    net::Request post = request("POST", path, "application/json");
    post.headers.add("Content-Type", "application/json");
    post.body = std::move(body);
    net::ExchangeLimits limits;
    limits.deadline = deadline;
    net::StringSink sink{kLongestReview};
    auto sent = co_await send(std::move(post), sink, limits);
    if (!sent) co_return sent.error();
    co_return std::move(sink.text());
}

}  // namespace kube
