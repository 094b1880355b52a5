// SPDX-License-Identifier: Apache-2.0
#include "test/sim/kubelet/faults.hpp"

#include "test/sim/cluster/seed.hpp"

#include <array>
#include <utility>

namespace sim {

std::optional<Fault::Kind> Fault::kind_of(std::string_view name) {
    using Named = std::pair<std::string_view, Kind>;
    static constexpr std::array<Named, 10> kKinds{{{"slow", Kind::slow},
                                                   {"hang", Kind::hang},
                                                   {"status", Kind::status},
                                                   {"404", Kind::status},
                                                   {"malformed", Kind::malformed},
                                                   {"truncated", Kind::truncated},
                                                   {"reset", Kind::reset},
                                                   {"endless", Kind::endless},
                                                   {"close", Kind::close},
                                                   {"garbage", Kind::garbage}}};
    for (const auto& [known, kind] : kKinds)
        if (known == name) return kind;
    return std::nullopt;
}

void Faults::set(const std::string& node, const Fault& fault) {
    faults_[node] = fault;
}

void Faults::clear(const std::string& node) {
    faults_.erase(node);
}

std::optional<Fault> Faults::take(const std::string& node, Nanos now) {
    if (!active(node, now)) {
        faults_.erase(node);
        return std::nullopt;
    }
    Fault& fault = faults_.at(node);
    const Fault taken = fault;
    if (fault.requests == 1)
        faults_.erase(node);
    else if (fault.requests > 1)
        --fault.requests;
    return taken;
}

bool Faults::active(const std::string& node, Nanos now) const {
    const auto it = faults_.find(node);
    return it != faults_.end() && now < it->second.until;
}

std::string with_malformed_lines(std::string_view page) {
    std::string result;
    result.reserve(page.size() + 1024);
    std::size_t samples = 0;
    while (!page.empty()) {
        const std::size_t end = page.find('\n') + 1;
        std::string line{page.substr(0, end == 0 ? page.size() : end)};
        page.remove_prefix(line.size());
        if (!line.starts_with('#') && ++samples % 5 == 0) {
            const std::size_t brace = line.find('}');
            const std::size_t space = line.find(' ');
            switch (samples / 5 % 6) {
                case 0:
                    line.insert(space + 1, "not-a-number ");
                    break;
                case 1:
                    line = line.substr(0, space) + "\n";
                    break;
                case 2:
                    line.erase(brace == std::string::npos ? 0 : brace, 1);
                    break;
                case 3:
                    line.insert(line.size() - 1, " 12 trailing");
                    break;
                case 4:
                    line.insert(0, std::string("\0\xff\xfe", 3));
                    break;
                case 5:
                    line = "}{\"\\ = = ,,\n";
                    break;
            }
        }
        result += line;
    }
    return result;
}

std::string garbage_bytes(std::size_t size, std::uint64_t seed) {
    std::string bytes;
    bytes.reserve(size);
    for (std::size_t i = 0; i < size; ++i) bytes += static_cast<char>(mix(seed, i) & 0xff);
    return bytes;
}

}  // namespace sim
