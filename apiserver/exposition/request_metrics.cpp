// SPDX-License-Identifier: Apache-2.0
#include "apiserver/exposition/request_metrics.hpp"

#include <algorithm>
#include <memory>
#include <string>

namespace apiserver {
namespace {

// A streamed body that tells its request when it ends.
class MeasuredBody final : public net::BodySource {
  public:
    MeasuredBody(RequestMetrics::Measure measure, const net::Response& response,
                 std::unique_ptr<net::BodySource> body)
        : measure_{std::move(measure)},
          status_{response.status},
          bytes_{response.body.size()},
          body_{std::move(body)} {}
    ~MeasuredBody() override { measure_.end(status_, bytes_); }

    net::Task<net::Result<net::Piece>> next(std::string& out) override {
        const std::size_t from = out.size();
        net::Result<net::Piece> piece = co_await body_->next(out);
        bytes_ += out.size() - from;
        co_return piece;
    }

  private:
    RequestMetrics::Measure measure_;
    unsigned status_;
    std::uint64_t bytes_;
    std::unique_ptr<net::BodySource> body_;
};

std::size_t user_class(std::string_view name) {
    if (name.find('@') != std::string_view::npos) name = "email_id";
    const auto known = std::find(kUserClasses.begin(), kUserClasses.end() - 1, name);
    return static_cast<std::size_t>(known - kUserClasses.begin());
}

}  // namespace

RequestMetrics::Measure::Measure(Measure&& other) noexcept
    : metrics_{other.metrics_},
      begun_{other.begun_},
      lap_{other.lap_},
      key_{other.key_},
      in_flight_{std::exchange(other.in_flight_, nullptr)} {}

RequestMetrics::Measure::~Measure() {
    if (in_flight_ != nullptr) in_flight_->end(metrics_->clock_());
}

void RequestMetrics::Measure::about(std::string_view method, const RequestInfo& info) {
    key_ = metrics_->subjects_.key(method, info);
    lap_ = metrics_->clock_();
    if (info.verb == "watch") return;
    const bool reads = info.verb == "get" || info.verb == "list" || info.verb == "head";
    in_flight_ = reads ? &metrics_->reading_ : &metrics_->mutating_;
    in_flight_->begin(lap_);
}

std::chrono::nanoseconds RequestMetrics::Measure::lap() {
    const Time last = std::exchange(lap_, metrics_->clock_());
    return lap_ - last;
}

void RequestMetrics::Measure::authenticated(const AuthResult& identity) {
    const bool known = identity.verdict == AuthResult::Verdict::accepted;
    metrics_->authentication_[known ? 2 : 0].observe(lap());
    if (known) ++metrics_->users_[user_class(identity.user.name)];
}

void RequestMetrics::Measure::authorized(const Decision& decision) {
    const auto verdict = static_cast<std::size_t>(decision.verdict);
    const auto failed = static_cast<std::size_t>(Decision::Verdict::failed);
    metrics_->authorization_[std::min(verdict, failed)].observe(lap());
}

void RequestMetrics::Measure::answered(Measure measure, net::Response& response) {
    if (!response.source) {
        measure.end(response.status, response.body.size());
        return;
    }
    std::unique_ptr<net::BodySource> body = std::move(response.source);
    response.source = std::make_unique<MeasuredBody>(std::move(measure), response, std::move(body));
}

void RequestMetrics::Measure::end(unsigned status, std::uint64_t body_bytes) {
    Requests& requests = metrics_->requests_[key_];
    const auto is_status = [&](const auto& entry) { return entry.first == status; };
    const auto at = std::find_if(requests.statuses.begin(), requests.statuses.end(), is_status);
    if (at == requests.statuses.end())
        requests.statuses.emplace_back(status, 1);
    else
        ++at->second;
    requests.durations.observe(metrics_->clock_() - begun_);
    requests.sizes.observe(static_cast<double>(body_bytes));
}

}  // namespace apiserver
