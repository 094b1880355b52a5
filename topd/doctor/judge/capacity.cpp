// SPDX-License-Identifier: Apache-2.0
#include "topd/doctor/judge/capacity.hpp"

#include "kube/json/members.hpp"
#include "topd/limits/memory_plan.hpp"

#include <optional>

#include <fmt/format.h>

namespace topd::doctor {
namespace {

std::optional<std::size_t> count(const Answer& pods) {
    if (!pods) return std::nullopt;
    const auto list = nlohmann::json::parse(*pods, nullptr, false);
    const nlohmann::json& items = kube::member(list, "items");
    if (!items.is_array()) return std::nullopt;
    const nlohmann::json& more = kube::member(kube::member(list, "metadata"), "remainingItemCount");
    return items.size() + (more.is_number_unsigned() ? more.get<std::size_t>() : 0);
}

}  // namespace

Check judge_capacity(std::size_t nodes, const Answer& pods, std::size_t history_bytes,
                     const CgroupLimits& limits) {
    Check check;
    check.title = "Memory";
    const std::optional<std::size_t> known = count(pods);
    if (!known) {
        check.notes.push_back("not looked at: " + (pods ? std::string{"the list of pods is none"}
                                                        : one_line(pods.error().text(), 200)));
        return check;
    }
    const std::uint64_t needed = needed_bytes({nodes, *known, *known, history_bytes});
    const std::string work =
        fmt::format("{} nodes and {} pods{} need {}", nodes, *known,
                    history_bytes == 0 ? "" : fmt::format(" with {} of history", mebibytes(history_bytes)),
                    mebibytes(needed));
    const std::string limit = limits.memory_bytes ? mebibytes(*limits.memory_bytes) : "none";
    if (limits.memory_bytes && needed > *limits.memory_bytes)
        check.findings.push_back(
            {Severity::error, "memory-limit", "the container's memory limit",
             fmt::format("{}, the limit is {}: topd will be killed", work, limit),
             fmt::format("set resources.limits.memory to {} or more", mebibytes(needed))});
    check.well = fmt::format("{}, the limit is {}", work, limit);
    return check;
}

}  // namespace topd::doctor
