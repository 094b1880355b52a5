// SPDX-License-Identifier: Apache-2.0
#include "apiserver/debug/moments.hpp"

#include "text/go_time.hpp"

namespace apiserver {
namespace {

// The last second of the year 9999, which append_timestamp() takes at most.
constexpr std::int64_t kLastSecond = 253402300799;

template <class Unit>
std::string cut_to(std::chrono::nanoseconds duration) {
    std::string text;
    text::append_duration(text, std::chrono::duration_cast<Unit>(duration));
    return text;
}

}  // namespace

storage::Nanos Moments::wall_time(storage::Monotonic then) const {
    const std::chrono::nanoseconds now = wall.time_since_epoch();
    return (now - std::chrono::nanoseconds{monotonic - then}).count();
}

std::chrono::nanoseconds Moments::age(storage::Nanos sampled) const {
    return std::chrono::nanoseconds{wall.time_since_epoch()} - std::chrono::nanoseconds{sampled};
}

std::string time_text(storage::Nanos at) {
    // A kubelet may say anything.
    const std::int64_t milliseconds = at < 0 ? 0 : at / 1'000'000;
    const std::int64_t seconds = milliseconds / 1000;
    if (seconds > kLastSecond) return "after the year 9999";
    std::string text;
    text::append_timestamp(text, seconds);
    const std::string fraction = std::to_string(milliseconds % 1000);
    text.insert(text.size() - 1, "." + std::string(3 - fraction.size(), '0') + fraction);
    return text;
}

std::string seconds_text(std::chrono::nanoseconds duration) {
    return cut_to<std::chrono::seconds>(duration);
}

std::string milliseconds_text(std::chrono::nanoseconds duration) {
    return cut_to<std::chrono::milliseconds>(duration);
}

}  // namespace apiserver
