// SPDX-License-Identifier: Apache-2.0
// What `topd doctor` has to say, as values.
#pragma once

#include <chrono>
#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

namespace topd::doctor {

// A warning is for what works now and may not for long; an error for what does not work.
enum class Severity { warning, error };

struct Finding {
    Severity severity = Severity::error;
    // Stable: what scripts look for. Lower case with dashes.
    std::string id;
    // The object, file, flag or nodes.
    std::string where;
    std::string what;
    std::string mend;
};
using Findings = std::vector<Finding>;

// One subject of the examination.
struct Check {
    std::string title;
    // What was seen to be well: half a line.
    std::string well;
    Findings findings;
    // What could not be looked at, and why.
    std::vector<std::string> notes;

    bool has_error() const;
    bool has(std::string_view id) const;
};

// Findings that differ in `where` only become one.
Findings merged(Findings findings);

// Foreign text: printable ASCII on one line, other bytes as '?', at most that many bytes.
std::string one_line(std::string_view text, std::size_t most = 400);

// Names, at most five of them: "n1, n2, n3, n4, n5 and 7 more".
std::string few_of(const std::vector<std::string>& names);

// 2027-01-31
std::string date(std::chrono::system_clock::time_point when);

// For people, on as many lines as needed. The last one counts errors and warnings.
std::string render(const std::vector<Check>& checks);

// 1 when there is an error, else 0.
int exit_code(const std::vector<Check>& checks);

}  // namespace topd::doctor
