// SPDX-License-Identifier: Apache-2.0
// Where this checkout lies. One source is compiled with its path and no other, so that a compiler cache
// serves the tests of each checkout with what another compiled.
#pragma once

#include <filesystem>

namespace checkout {

std::filesystem::path fixtures();  // what real kubelets and pods said
std::filesystem::path chains();    // certificates, and what Go says of them
std::filesystem::path docs();

}  // namespace checkout
