// SPDX-License-Identifier: Apache-2.0
#include "topd/top/client/curve.hpp"

namespace topd::top {
namespace {

constexpr std::string_view kLetters = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";
constexpr double kHighest = 63;

}  // namespace

Curve read_curve(std::string_view letters, double scale) {
    Curve curve;
    curve.reserve(letters.size());
    for (const char letter : letters) {
        const auto level = kLetters.find(letter);
        if (level == kLetters.npos)
            curve.emplace_back();
        else
            curve.emplace_back(static_cast<double>(level) / kHighest * scale);
    }
    return curve;
}

}  // namespace topd::top
