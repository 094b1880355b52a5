// SPDX-License-Identifier: Apache-2.0
// What an API server answers, and what the doctor makes of it, in short.
#pragma once

#include "kube/failure.hpp"
#include "topd/doctor/ask/api_reader.hpp"
#include "topd/doctor/judge/finding.hpp"

#include <string>
#include <vector>

namespace test {

inline topd::doctor::Answer refused(int status, const std::string& message = "said") {
    return kube::Failure{make_error_code(kube::Errc::refused), status, message};
}

// "E id" for errors and "W id" for warnings.
inline std::vector<std::string> ids(const topd::doctor::Findings& findings) {
    std::vector<std::string> result;
    for (const topd::doctor::Finding& finding : findings)
        result.push_back((finding.severity == topd::doctor::Severity::error ? "E " : "W ") + finding.id);
    return result;
}
inline std::vector<std::string> ids(const topd::doctor::Check& check) {
    return ids(check.findings);
}

using Ids = std::vector<std::string>;

}  // namespace test
