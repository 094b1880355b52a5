// SPDX-License-Identifier: Apache-2.0
#include "kube/config/token.hpp"

#include "files/read.hpp"
#include "kube/config/config_values.hpp"
#include "telemetry/log.hpp"

namespace kube {
namespace {

constexpr std::chrono::seconds kRereadAfter{60};
constexpr std::chrono::seconds kRetryAfter{10};

}  // namespace

struct Token::State {
    std::string path;
    std::string value;
    net::Clock::time_point read_again = net::Clock::time_point::min();
    bool failing = false;

    void refresh(net::Clock::time_point now);
    void failed(net::Clock::time_point now, const std::string& why);
};

void Token::State::refresh(net::Clock::time_point now) {
    const auto text = files::read(path);
    if (!text) return failed(now, text.error().message());
    auto token = clean_token(*text);
    if (!token) return failed(now, "the file is empty or holds what a token cannot");
    if (failing) telemetry::info("Reading the token file works again", {{"path", path}});
    value = std::move(*token);
    read_again = now + kRereadAfter;
    failing = false;
}

void Token::State::failed(net::Clock::time_point now, const std::string& why) {
    if (!failing)
        telemetry::error("Failed to read the token file, keeping the last token",
                         {{"err", why}, {"path", path}});
    read_again = now + kRetryAfter;
    failing = true;
}

Token Token::fixed(std::string value) {
    Token token;
    token.state_ = std::make_shared<State>();
    token.state_->value = std::move(value);
    return token;
}

Token Token::file(std::string path) {
    Token token;
    token.state_ = std::make_shared<State>();
    token.state_->path = std::move(path);
    return token;
}

std::string Token::value(net::Clock::time_point now) const {
    if (!state_) return {};
    if (!state_->path.empty() && now >= state_->read_again) state_->refresh(now);
    return state_->value;
}

}  // namespace kube
