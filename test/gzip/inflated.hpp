// SPDX-License-Identifier: Apache-2.0
// Reads what gzip::Writer wrote, by zlib alone.
#pragma once

#include <string>

namespace test {

// The text of a gzip stream; the test fails where `packed` is not one, whole and with nothing behind it.
std::string inflated(std::string packed);

}  // namespace test
