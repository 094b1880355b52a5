// SPDX-License-Identifier: Apache-2.0
#include "net/stages.hpp"

#include <algorithm>

#include <netdb.h>

namespace net {
namespace {

class TimedOutCategory final : public boost::system::error_category {
  public:
    const char* name() const noexcept override { return "timed out"; }
    std::string message(int value) const override {
        switch (static_cast<TimedOut>(value)) {
            case TimedOut::look_up:
                return "the name could not be looked up in time";
            case TimedOut::connect:
                return "no connection in time";
            case TimedOut::handshake:
                return "TLS handshake not done in time";
            case TimedOut::answer:
                return "connected, but no answer in time";
            case TimedOut::end:
                return "the answer did not end in time";
        }
        return "timed out";
    }
};

class SilenceCategory final : public boost::system::error_category {
  public:
    const char* name() const noexcept override { return "silence"; }
    std::string message(int value) const override {
        const bool short_time = value < 1000;
        return "the answer began, then the peer was silent for " +
               (short_time ? std::to_string(value) + " ms" : std::to_string(value / 1000) + " s");
    }
};

class LookUpCategory final : public boost::system::error_category {
  public:
    const char* name() const noexcept override { return "look-up"; }
    std::string message(int value) const override {
        return std::string{"the name could not be looked up: "} + ::gai_strerror(value);
    }
};

const boost::system::error_category& timed_out_category() {
    static const TimedOutCategory category;
    return category;
}

}  // namespace

Error make_error_code(TimedOut stage) {
    return {static_cast<int>(stage), timed_out_category()};
}

Error silent_for(std::chrono::milliseconds time) {
    constexpr std::chrono::milliseconds kLongest{std::chrono::hours{24}};
    return {static_cast<int>(std::min(time, kLongest).count()), silence_category()};
}

const boost::system::error_category& silence_category() {
    static const SilenceCategory category;
    return category;
}

const boost::system::error_category& look_up_category() {
    static const LookUpCategory category;
    return category;
}

bool is_timeout(const Error& error) {
    return error == make_error_code(Errc::timeout) || error.category() == timed_out_category() ||
           error.category() == silence_category();
}

std::string message_of(const Error& error, std::string_view host) {
    constexpr std::string_view kName = "the name ";
    std::string text = error.message();
    const bool is_look_up = error == TimedOut::look_up || error.category() == look_up_category();
    if (is_look_up && !host.empty()) text.insert(kName.size(), std::string{host} + " ");
    return text;
}

StageLimits StageLimits::or_else(const StageLimits& others) const {
    const auto one_of = [](std::chrono::milliseconds ours, std::chrono::milliseconds other) {
        return ours.count() != 0 ? ours : other;
    };
    return {one_of(look_up, others.look_up), one_of(connect, others.connect),
            one_of(handshake, others.handshake), one_of(answer, others.answer),
            one_of(silence, others.silence)};
}

Deadline within(Deadline deadline, std::chrono::milliseconds limit) {
    return limit.count() == 0 ? deadline : std::min(deadline, Clock::now() + limit);
}

Error of_stage(const Error& error, TimedOut stage) {
    return error == make_error_code(Errc::timeout) ? make_error_code(stage) : error;
}

}  // namespace net
