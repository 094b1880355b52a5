// SPDX-License-Identifier: Apache-2.0
// Any answer to a remote write has a meaning: the input is a status, Retry-After and Date, a line each, and
// the body.
#include "sink/http/retry_after.hpp"
#include "sink/remote_write/remote_write.hpp"
#include "test/fuzz/require.hpp"

#include <algorithm>
#include <array>
#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>

namespace {

using sink::Verdict;
using Fate = Verdict::Fate;

std::string_view line(std::string_view& text) {
    const std::string_view taken = text.substr(0, text.find('\n'));
    text.remove_prefix(std::min(taken.size() + 1, text.size()));
    return taken;
}

void check_fate(unsigned status, bool repeated, std::uint32_t points, const Verdict& verdict) {
    const bool is_success = status / 100 == 2;
    require((verdict.fate == Fate::taken) == is_success, "success, and nothing else, is taken");
    require(verdict.reason.empty() == is_success, "all else has a reason");
    require(verdict.refused == (verdict.fate == Fate::refused ? points : 0),
            "all points are refused or none");
    require(verdict.fate != Fate::halve || points > 1, "one point has no halves");
    require(verdict.fate != Fate::already_there || repeated, "what is new is not there already");
    if (status / 100 == 4)
        require((verdict.fate == Fate::again) == (status == 429), "of what was refused only 429 comes again");
    if (status / 100 == 5) require(verdict.fate == Fate::again, "a server's error is tried again");
    require(verdict.fate != Fate::unprepared, "there is nothing to prepare");
}

}  // namespace

// NOLINTNEXTLINE(readability-identifier-naming): libFuzzer's name
extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    std::string_view text = text_of(data, size);
    if (text.size() < 4) return 0;
    const auto byte = [&](std::size_t at) {
        return static_cast<unsigned>(static_cast<unsigned char>(text[at]));
    };
    sink::Answer answer;
    answer.status = 100 + (byte(0) << 8 | byte(1)) % 500;
    const bool repeated = byte(2) % 2 != 0;
    sink::Batch batch;
    batch.points = byte(3);
    text.remove_prefix(4);
    answer.headers.add("Retry-After", line(text));
    answer.headers.add("Date", line(text));
    answer.body = text;
    const Verdict verdict = sink::remote_write::RemoteWrite{"/"}.judge(answer, batch, repeated);
    check_fate(answer.status, repeated, batch.points, verdict);
    require(verdict.said.size() <= 256, "what was said is bounded");
    require(
        std::all_of(verdict.said.begin(), verdict.said.end(), [](char c) { return c >= 0x20 && c <= 0x7e; }),
        "what was said is printable");
    if (verdict.wait) {
        require(verdict.fate == Fate::again, "only what comes again waits");
        require(verdict.wait->count() >= 0 && *verdict.wait <= sink::kMostWait, "waits are bounded");
    }
    constexpr std::array<std::string_view, 13> kReasons{
        "",           "out_of_bounds", "out_of_order",      "duplicate", "too_far_in_the_future",
        "other",      "too_large",     "unauthorized",      "forbidden", "not_found",
        "redirected", "server_error",  "too_many_requests",
    };
    require(std::find(kReasons.begin(), kReasons.end(), verdict.reason) != kReasons.end(),
            "a reason is a known word");
    return 0;
}
