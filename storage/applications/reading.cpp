// SPDX-License-Identifier: Apache-2.0
#include "storage/applications/reading.hpp"

namespace storage::applications {

struct Reading::Impl {};

Reading::Reading() = default;
Reading::Reading(std::unique_ptr<Impl> impl) : impl_{std::move(impl)} {}
Reading::Reading(Reading&&) noexcept = default;
Reading& Reading::operator=(Reading&&) noexcept = default;
Reading::~Reading() = default;

bool Reading::wants(std::string_view) const {
    return false;
}
void Reading::family(std::string_view, Type) {}
void Reading::sample(const Sample&) {}

}  // namespace storage::applications
