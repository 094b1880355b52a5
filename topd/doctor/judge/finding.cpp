// SPDX-License-Identifier: Apache-2.0
#include "topd/doctor/judge/finding.hpp"

#include "text/printable.hpp"

#include <algorithm>
#include <tuple>

#include <fmt/chrono.h>

namespace topd::doctor {
namespace {

constexpr std::size_t kNamesShown = 5;

bool is_error(const Finding& finding) {
    return finding.severity == Severity::error;
}

auto same_fault(const Finding& finding) {
    return std::tie(finding.severity, finding.id, finding.what, finding.mend);
}

std::string_view head_of(const Check& check) {
    if (check.has_error()) return "ERROR";
    if (!check.findings.empty()) return "WARN";
    return check.well.empty() ? "?" : "ok";
}

std::string counted(std::size_t count, std::string_view what) {
    return fmt::format("{} {}{}", count, what, count == 1 ? "" : "s");
}

std::string render_one(const Check& check) {
    std::string text = fmt::format("{:<6}{}", head_of(check), check.title);
    if (!check.well.empty() && check.findings.empty()) text += ": " + check.well;
    text += '\n';
    for (const Finding& finding : check.findings) {
        text += fmt::format("      [{}] {}\n", finding.id, finding.where);
        text += fmt::format("          {}\n", finding.what);
        if (!finding.mend.empty()) text += fmt::format("          Mend: {}\n", finding.mend);
    }
    for (const std::string& note : check.notes) text += fmt::format("      note: {}\n", note);
    return text;
}

}  // namespace

bool Check::has_error() const {
    return std::any_of(findings.begin(), findings.end(), is_error);
}

bool Check::has(std::string_view id) const {
    return std::any_of(findings.begin(), findings.end(), [id](const Finding& f) { return f.id == id; });
}

Findings merged(Findings findings) {
    Findings result;
    for (Finding& finding : findings) {
        const auto same = std::find_if(result.begin(), result.end(), [&](const Finding& other) {
            return same_fault(other) == same_fault(finding);
        });
        if (same == result.end())
            result.push_back(std::move(finding));
        else if ((", " + same->where + ", ").find(", " + finding.where + ", ") == std::string::npos)
            same->where += ", " + finding.where;
    }
    return result;
}

std::string one_line(std::string_view text, std::size_t most) {
    std::string line{text.substr(0, most)};
    std::replace_if(
        line.begin(), line.end(), [](char c) { return c == '\n' || c == '\r' || c == '\t'; }, ' ');
    line = text::printable(line);
    while (!line.empty() && line.back() == ' ') line.pop_back();
    return line;
}

std::string few_of(const std::vector<std::string>& names) {
    std::string text;
    const std::size_t shown = std::min(names.size(), kNamesShown);
    for (std::size_t i = 0; i < shown; ++i) text += (i == 0 ? "" : ", ") + one_line(names[i], 253);
    if (names.size() > shown) text += fmt::format(" and {} more", names.size() - shown);
    return text;
}

std::string date(std::chrono::system_clock::time_point when) {
    return fmt::format("{:%Y-%m-%d}", fmt::gmtime(std::chrono::system_clock::to_time_t(when)));
}

std::string render(const std::vector<Check>& checks) {
    std::string text;
    std::size_t errors = 0;
    std::size_t warnings = 0;
    for (const Check& check : checks) {
        text += render_one(check);
        for (const Finding& finding : check.findings) ++(is_error(finding) ? errors : warnings);
    }
    return text + counted(errors, "error") + ", " + counted(warnings, "warning") + '\n';
}

int exit_code(const std::vector<Check>& checks) {
    return std::any_of(checks.begin(), checks.end(), [](const Check& c) { return c.has_error(); }) ? 1 : 0;
}

}  // namespace topd::doctor
